/** The programs that a pipeline brings with it, read by their syntax: what they do to files. */
import { grammar } from '../grammar/grammar.ts';
import { opaqueReading, type ProgramReading } from './program-reading.ts';
import { readPython } from './python/read-python.ts';
import { readR } from './r/read-r.ts';

export type ProgramLanguage = 'python' | 'r';

/** By its first line or, without one, by its name; undefined for other languages. */
export function languageOf(path: string, text: string): ProgramLanguage | undefined {
  const first = /^#!.*/.exec(text)?.[0];
  if (first !== undefined) return /\bpython[\d.]*\b|\buv run\b/.test(first) ? 'python' : /\b(Rscript|R)\b/.test(first) ? 'r' : undefined;
  return /\.py$/.test(path) ? 'python' : /\.[rR]$/.test(path) ? 'r' : undefined;
}

/** `beside`: the text of a file in the folder of the program. */
export function readProgram(text: string, language: ProgramLanguage, beside: (name: string) => string | undefined): ProgramReading {
  const known = grammar(language);
  if (known === undefined) return opaqueReading('no grammar is loaded');
  return language === 'python' ? readPython(text, known, (name) => beside(`${name}.py`)) : readR(text, known);
}

/** Code that stands in a script: what Nextflow or the shell puts into it (`$cases`, `${params.week}`) is told to it. Behind a word, `$` is R's own. */
export function withHoles(code: string, language: ProgramLanguage): string {
  const hole = (word: string): string => `pipeoptHole_${word.replace(/\W+/g, '_')}_eloH`;
  const plain = language === 'r' ? /(?<![\\\w)\]`.])\$(\w+(?:\.\w+)*)/g : /(?<!\\)\$(\w+(?:\.\w+)*)/g;
  return code
    .replace(/(?<!\\)\$\{([^{}]*)\}/g, (_, word: string) => hole(word))
    .replace(plain, (_, word: string) => hole(word))
    .replaceAll('\\$', '$');
}
