/** Which words of a command a program of the pipeline's own takes for which of its arguments, and so which files it is told. */
import { type FileUse, type Piece, type ProgramOption, type ProgramReading, SUBCOMMAND } from '../programs/program-reading.ts';
import { behind, headOf, literalOf, type Name, nameOf, type Part, type Word } from './names.ts';
import { isLoose } from './tool-use.ts';

/** By argument, as pieces of names call them. undefined: a word may be several, or none that the program says it takes. */
export type ToldWords = ReadonlyMap<string, readonly Word[]> | undefined;

export function toldWords({ options }: ProgramReading, words: readonly Word[]): ToldWords {
  // `${paired ? '--mate' : ''}` may be a word or none, `*.csv` several.
  const isOpen = (word: Word): boolean => isLoose(word) || word.parts.some(({ type }) => type === 'choice' || type === 'glob');
  if (words.some(isOpen) || options.some(({ by }) => by === SUBCOMMAND)) return undefined;
  const told = new Map<string, Word[]>(options.map(({ by }) => [by, []]));
  const put = (by: string, word: Word): void => {
    told.set(by, [...(told.get(by) ?? []), word]);
  };
  words.forEach((word, at) => {
    put(`#${at + 1}`, word);
    put('#*', word);
    put('*', word);
  });
  const places = options.filter(({ flags }) => flags.length === 0);
  const positional: Word[] = [];
  let isOption = true;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const head = headOf(word);
    if (!isOption || !/^-[^\d]/.test(head)) {
      positional.push(word);
      continue;
    }
    if (literalOf(word) === '--') {
      isOption = false;
      continue;
    }
    const equals = /^(--?[\w-]+)=/.exec(head);
    const written = equals?.[1] ?? literalOf(word) ?? head;
    const option = optionFor(written, options);
    if (option !== undefined && equals !== null) put(option.by, behind(word, equals[0].length));
    else if (option?.words === 0) continue;
    else if (option?.words === 1) {
      at += 1;
      if (words[at] !== undefined) put(option.by, words[at] as Word);
    } else if (option !== undefined) {
      // As many as stand there: where places follow, which is whose is not told.
      if (places.length > 0) return undefined;
      for (; words[at + 1] !== undefined && !/^-[^\d]/.test(headOf(words[at + 1] as Word)); at += 1) put(option.by, words[at + 1] as Word);
    } else {
      // `-ocases.tsv`: of an option of one letter.
      const short = /^-[^-]./.test(head) ? optionFor(head.slice(0, 2), options) : undefined;
      if (short?.words !== 1) return undefined;
      put(short.by, behind(word, 2));
    }
  }
  for (const [at, { by, words: count }] of places.entries()) {
    if (count !== 1 && at < places.length - 1) return undefined;
    for (const word of count === 1 ? positional.slice(at, at + 1) : positional.slice(at)) put(by, word);
  }
  return told;
}

/** By the flag, or by how it begins (argparse's `allow_abbrev`). */
function optionFor(flag: string, options: readonly ProgramOption[]): ProgramOption | undefined {
  const exact = options.filter(({ flags }) => flags.includes(flag));
  if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
  const begun = flag.startsWith('--') ? options.filter(({ flags }) => flags.some((one) => one.startsWith(flag))) : [];
  return begun.length === 1 ? begun[0] : undefined;
}

/** The names that a file may have, as the command is called; none where the argument is not given; undefined where that is not told. */
export function namesOf({ name }: Pick<FileUse, 'name'>, told: ToldWords, place: Word['place']): readonly Name[] | undefined {
  let rows: (readonly Part[])[] = [[]];
  for (const piece of name) {
    const found = partsOf(piece, told);
    if (found === undefined) return undefined;
    rows = rows.flatMap((before) => found.map((parts) => [...before, ...parts]));
    if (rows.length > MOST_NAMES) return undefined;
  }
  return rows.flatMap((parts) => nameOf({ parts, place }) ?? []);
}

const MOST_NAMES = 50;

function partsOf(piece: Piece, told: ToldWords): readonly (readonly Part[])[] | undefined {
  if (piece.type === 'text') return [[{ type: 'text', text: piece.text, quoted: true }]];
  if (piece.type !== 'told' || told === undefined) return undefined;
  // What is told by a place that has no word is not told; an argument that the program does not speak of is not known.
  return (told.get(piece.by) ?? (piece.by.startsWith('#') ? [] : undefined))?.map(({ parts }) => parts);
}
