/** Programs that a pipeline brings with it, as commands call them: read when asked for, and what they do to the files of the call. */
import { type FileTree, folderOf, resolvePath } from '../../../parser/pipeline/file-tree.ts';
import { type FileUse, opaqueReading, type ProgramReading } from '../../../parser/programs/program-reading.ts';
import { languageOf, type ProgramLanguage, readProgram, withHoles } from '../../../parser/programs/read-program.ts';
import type { Command, FileName } from '../../../parser/shell/script-reading.ts';
import { namesOf, toldWords } from '../../../parser/shell/told-words.ts';
import { mayBeNamedLike } from './file-names.ts';
import { leavesGiven, leavesInputs, makesNoNames, mayOpen, staysAtHome } from './own-code.ts';

/** A program that the pipeline brings with it. */
export interface Program {
  /** `bin/curate.py`; undefined for code that stands in a script. */
  readonly path: string | undefined;
  readonly code: string;
  readonly reading: ProgramReading;
}

export class OwnPrograms {
  readonly #tree: FileTree;
  readonly #programs = new Map<string, Program>();

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** What a command runs, where the pipeline brings that with it: a program in `bin/` or named by its place, or what it is given in a word or behind it. */
  programOf({ name, range }: Command): Program | undefined {
    const text = range.file.slice(range);
    const interpreter = name === undefined ? undefined : /^(python|Rscript)/.exec(name)?.[1];
    if (interpreter === undefined) return name !== undefined && /^[\w.+-]+$/.test(name) ? this.#programAt(`bin/${name}`) : undefined;
    const path = /\$\{?(?:workflow\.)?(?:projectDir|baseDir)\}?\/([\w./+-]+\.(?:py|R|r))(?=\s|$)/.exec(text)?.[1];
    const inWord = /^\S+\s(?:--?[\w-]+\s+)*?-[ec]\s+(['"])([\s\S]*)\1/.exec(text)?.[2];
    // The text of a here-document stands behind the command.
    const here = HERE_DOCUMENT.exec(range.file.text.slice(range.start, range.end + LONGEST_HERE))?.[2];
    const written = inWord ?? here;
    if (written === undefined) return path === undefined || path.includes('..') ? undefined : this.#programAt(path);
    const language = interpreter === 'python' ? 'python' : 'r';
    return this.#read(undefined, written, withHoles(written, language), language, 'bin');
  }

  #programAt(path: string): Program | undefined {
    const tree = this.#tree;
    const text = tree.stat(path) === 'file' ? tree.read(path) : undefined;
    const language = text === undefined ? undefined : languageOf(path, text);
    if (text === undefined) return undefined;
    if (language === undefined) return { path, code: text, reading: opaqueReading('it is written in another language than Python or R') };
    return this.#read(path, text, text, language, folderOf(path));
  }

  #read(path: string | undefined, code: string, text: string, language: ProgramLanguage, folder: string): Program | undefined {
    const key = path ?? `${language} ${code}`;
    let known = this.#programs.get(key);
    if (known === undefined) {
      const tree = this.#tree;
      const beside = (name: string): string | undefined => {
        const path = resolvePath(folder, name);
        return tree.stat(path) === 'file' ? tree.read(path) : undefined;
      };
      known = { path, code, reading: readProgram(text, language, beside) };
      this.#programs.set(key, known);
    }
    return known;
  }

  /** What it runs is known, and changes no file that it is given: none of the inputs that are paths. */
  leavesInputs(command: Command, inputs: readonly string[]): boolean {
    const program = this.programOf(command);
    if (program === undefined) return false;
    const { words, range } = command;
    const { reading } = program;
    const told = words === undefined ? undefined : toldWords(reading, words);
    const isInput = ({ input, text }: FileName): boolean => (input !== undefined && inputs.includes(input)) || LIES_OUTSIDE.test(text);
    const names = (use: FileUse): readonly FileName[] | undefined => namesOf(use, told, range);
    // By its text alone it writes where it is told, or under a name of its own: it may be told one that it is given.
    if (leavesInputs(reading)) return !reading.files.some((use) => use.how === 'write' && names(use)?.some(isInput) === true);
    const mayBeInput = (name: FileName): boolean =>
      isInput(name) || NAMED_AFTER_SOMETHING.test(name.text) || inputs.some((input) => mayBeNamedLike(input, name));
    return told !== undefined && leavesGiven(reading, names, mayBeInput);
  }

  /** What it runs is known, and opens nothing that could be called so but what it is told. */
  opensNone(command: Command, file: string): boolean {
    const program = this.programOf(command);
    return program !== undefined && !mayOpen(program.reading, file);
  }

  /** Files that it writes to, by what its text tells and the words that it is called with; those of which the names are not told are left out. */
  writesOf(command: Command): readonly FileName[] {
    const reading = this.programOf(command)?.reading;
    const changes = reading?.files.filter(({ how }) => how === 'change' || how === 'write' || how === 'over') ?? [];
    if (reading === undefined || changes.length === 0) return [];
    const { words, range } = command;
    const told = words === undefined ? undefined : toldWords(reading, words);
    return changes.flatMap((use) => namesOf(use, told, range) ?? []);
  }

  /** What it runs is known, and may put names of files together. */
  mayMakeNames(command: Command): boolean {
    const program = this.programOf(command);
    return program !== undefined && !makesNoNames(program.reading);
  }

  /** What it runs is known, and does nothing but to files that it is told. */
  staysAtHome(command: Command, inputs: readonly string[]): boolean {
    const program = this.programOf(command);
    return program !== undefined && staysAtHome(program.reading, this.leavesInputs(command, inputs));
  }
}

/** Not in the task's folder. */
const LIES_OUTSIDE = /^(\/(?!(dev|tmp)\/)|~|\.\.(\/|$))/;

/** `${cases.baseName}.csv`: an input may be called so. */
const NAMED_AFTER_SOMETHING = /^(\.\/)?\u0000(\.\w+)?(\.gz)?$/;

/** Characters. */
const LONGEST_HERE = 20_000;
const HERE_DOCUMENT = /^(?:Rscript|python[\d.]*)\b[^\n]*<<-?\s*['"](\w+)['"]\s*\n([\s\S]*?)\n[ \t]*\1[ \t]*(?:\n|$)/;
