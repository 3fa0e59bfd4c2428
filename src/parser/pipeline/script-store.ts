/** Scripts, configs and classes of a pipeline: read when first asked for, and once. */
import type { Diagnostic } from '../../source/diagnostic.ts';
import { SourceFile } from '../../source/source-file.ts';
import type { ScriptNode } from '../syntax/nodes.ts';
import { parse } from '../syntax/parser.ts';
import { type FileTree, resolvePath } from './file-tree.ts';
import type { ScriptFile } from './pipeline.ts';
import { describeScript } from './script-file.ts';

export class ScriptStore {
  readonly tree: FileTree;
  readonly scripts = new Map<string, ScriptFile>();
  readonly #configs = new Map<string, { readonly file: SourceFile; readonly tree: ScriptNode }>();
  readonly diagnostics: Diagnostic[] = [];
  opaqueNodes = 0;
  #classes: Map<string, ScriptFile> | undefined;
  readonly #groovy = new Map<string, ScriptFile>();

  constructor(tree: FileTree) {
    this.tree = tree;
  }

  script(path: string): ScriptFile | undefined {
    const known = this.scripts.get(path);
    if (known !== undefined) return known;
    const text = this.tree.read(path);
    if (text === undefined) return undefined;
    const script = this.#describe(path, text, 'script');
    this.scripts.set(path, script);
    return script;
  }

  /** Files of the configuration, in the order in which they were read. */
  get configFiles(): SourceFile[] {
    return [...this.#configs.values()].map(({ file }) => file);
  }

  config(path: string, given?: { readonly text: string; readonly key: string }): { file: SourceFile; tree: ScriptNode } | undefined {
    // A file that the user gives may be called like one of the pipeline's.
    const key = given === undefined ? path : `-c ${given.key}`;
    const known = this.#configs.get(key);
    if (known !== undefined) return known;
    const text = given?.text ?? this.tree.read(path);
    if (text === undefined) return undefined;
    const file = new SourceFile(path, text);
    const result = parse(file, 'config');
    this.diagnostics.push(...result.diagnostics);
    this.opaqueNodes += result.opaqueCount;
    const config = { file, tree: result.tree };
    this.#configs.set(key, config);
    return config;
  }

  /** Of `lib/`: what is there and could not be read. */
  readonly unreadLibraries: { readonly path: string; readonly trouble: string }[] = [];

  /** A class of `lib/*.groovy`, by its simple name: files are named after the class in them. */
  libraryClass(name: string): ScriptFile | undefined {
    this.#classes ??= this.#indexLibrary('lib', 0, new Map());
    return this.#classes.get(name);
  }

  #indexLibrary(folder: string, depth: number, into: Map<string, ScriptFile>): Map<string, ScriptFile> {
    if (this.tree.stat(folder) !== 'folder') this.#noteUnread(folder);
    if (depth > 4 || this.tree.stat(folder) !== 'folder') return into;
    for (const name of this.tree.list(folder)) {
      const path = resolvePath(folder, name);
      if (name.endsWith('.groovy')) {
        const known = this.#groovy.get(path);
        const text = known === undefined ? this.tree.read(path) : undefined;
        const script = known ?? (text === undefined ? undefined : this.#describe(path, text, 'groovy'));
        if (script === undefined) {
          this.#noteUnread(path);
          continue;
        }
        this.#groovy.set(path, script);
        for (const one of script.classes.keys()) if (!into.has(one)) into.set(one, script);
      } else if (!name.includes('.')) this.#indexLibrary(path, depth + 1, into);
    }
    return into;
  }

  #noteUnread(path: string): void {
    const trouble = this.tree.trouble(path);
    if (trouble !== undefined) this.unreadLibraries.push({ path, trouble });
  }

  #describe(path: string, text: string, kind: 'script' | 'groovy'): ScriptFile {
    const file = new SourceFile(path, text);
    const result = parse(file, kind);
    this.diagnostics.push(...result.diagnostics);
    this.opaqueNodes += result.opaqueCount;
    return describeScript(file, result.tree);
  }
}
