/** Programs that a pipeline brings with it, in `bin/`: read where they are shell, known to be there where they are not. */
import { SourceFile, type SourceRange } from '../../source/source-file.ts';
import { type FileTree, folderOf, resolvePath } from '../pipeline/file-tree.ts';
import type { BashParser } from './bash.ts';
import type { OwnProgram } from './builtins.ts';
import { threadsOfProgram } from './program-threads.ts';

const programCache = new WeakMap<FileTree, Map<string, OwnProgram | undefined>>();

/** Programs in `bin/` of the pipeline, or of the module. */
export function ownPrograms(tree: FileTree, file: SourceFile, bash: BashParser): (name: string) => OwnProgram | undefined {
  const cache = programCache.get(tree) ?? new Map<string, OwnProgram | undefined>();
  programCache.set(tree, cache);
  const folder = folderOf(file.path);
  return (name) => {
    if (!/^[\w.+-]+$/.test(name)) return undefined;
    for (const path of [
      resolvePath('', `bin/${name}`),
      resolvePath(folder, `resources/usr/bin/${name}`),
      resolvePath(folder, `bin/${name}`),
    ]) {
      if (cache.has(path)) {
        const known = cache.get(path);
        if (known !== undefined) return known;
        continue;
      }
      const text = tree.stat(path) === 'file' ? tree.read(path) : undefined;
      const program = text === undefined ? undefined : ownProgram(path, text, bash);
      cache.set(path, program);
      if (program !== undefined) return program;
    }
    return undefined;
  };
}

function ownProgram(path: string, text: string, bash: BashParser): OwnProgram {
  const file = new SourceFile(path, text);
  const first = text.slice(0, Math.max(0, text.indexOf('\n')));
  const isShell = /^#!.*\b(ba|da|z|k)?sh\b/.test(first) || (!first.startsWith('#!') && /\.sh$/.test(path));
  const script = { text, stands: [], placeOf: (start: number, end: number): SourceRange => ({ file, start, end }) };
  if (!isShell) {
    const language =
      /(python|perl|Rscript|ruby|node|awk|julia|php)/.exec(first)?.[1] ??
      /\.(py|R|r|pl|rb|jl|awk|js)$/.exec(path)?.[1] ??
      'another language';
    return { script, tree: undefined, language, threads: threadsOfProgram(language, text) };
  }
  const tree = bash.parse(text);
  return { script, tree: tree.root === undefined ? undefined : tree, language: 'a shell that cannot be parsed', threads: undefined };
}
