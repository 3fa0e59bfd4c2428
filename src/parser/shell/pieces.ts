/**
 * Text of a script before it is run: what is known, holes for what is not, and choices where a condition decides. Every piece
 * remembers where it was written.
 */
import type { SourceFile, SourceRange } from '../../source/source-file.ts';

export type Piece = TextPiece | Hole | Choice;

/** `at`: where the piece is put into the text that it is now part of, if that is not where it was written. */
interface Placed {
  readonly place: SourceRange;
  readonly at?: SourceRange;
}

export interface TextPiece extends Placed {
  readonly type: 'text';
  readonly text: string;
  /** The text is what the file has at `place`, letter by letter. */
  readonly exact: boolean;
}

/** What text depends on: names of the process's inputs, and whether `task.cpus` has to do with it. */
export interface Sources {
  readonly inputs: ReadonlySet<string>;
  readonly cpus: boolean;
}

export interface Hole extends Placed {
  readonly type: 'hole';
  /** Two holes of one rendering with the same key are worth the same. */
  readonly key: string;
  /** `word`: one word without blanks · `words`: none, one or many · `fragment`: it may hold operators or whole commands. */
  readonly sort: 'word' | 'words' | 'fragment';
  readonly sources: Sources;
  /** Path inputs of which the names of the files stand in it. */
  readonly names: ReadonlySet<string>;
  /** It is the input's name, or names, and nothing else. */
  readonly is: string | undefined;
  /** Its text when that is known after all: `task.cpus` is a marked hole with a number. */
  readonly text: string | undefined;
  /** The shell makes it: a line that is read, what a command prints, one of what is found. */
  readonly isMade?: true;
  /** An `ext` setting that nothing sets here, in a library of which the user's config is not known. */
  readonly unset: boolean;
  /** As written. */
  readonly written: string;
}

/** One of two texts; where the same condition stands elsewhere in the text it is decided the same way. */
export interface Choice extends Placed {
  readonly type: 'choice';
  readonly condition: string;
  readonly sources: Sources;
  readonly whenTrue: readonly Piece[];
  readonly whenFalse: readonly Piece[];
}

export const NO_NAMES: ReadonlySet<string> = new Set();
export const NO_SOURCES: Sources = { inputs: NO_NAMES, cpus: false };

export function unite(one: Sources, two: Sources): Sources {
  if (one === two || two === NO_SOURCES) return one;
  if (one === NO_SOURCES) return two;
  return { inputs: new Set([...one.inputs, ...two.inputs]), cpus: one.cpus || two.cpus };
}

function sourcesOf(pieces: readonly Piece[]): Sources {
  let united = NO_SOURCES;
  for (const piece of pieces) {
    if (piece.type === 'hole') united = unite(united, piece.sources);
    else if (piece.type === 'choice') {
      united = unite(united, piece.sources);
      united = unite(united, sourcesOf(piece.whenTrue));
      united = unite(united, sourcesOf(piece.whenFalse));
    }
  }
  return united;
}

export function namesOf(pieces: readonly Piece[], into: Set<string> = new Set()): Set<string> {
  for (const piece of pieces) {
    if (piece.type === 'hole') for (const name of piece.names) into.add(name);
    else if (piece.type === 'choice') namesOf(piece.whenFalse, namesOf(piece.whenTrue, into));
  }
  return into;
}

/** The text when no hole and no choice is in it, or only holes of which the text is known. */
export function plainText(pieces: readonly Piece[]): string | undefined {
  let text = '';
  for (const piece of pieces) {
    const part = piece.type === 'choice' ? undefined : piece.text;
    if (part === undefined) return undefined;
    text += part;
  }
  return text;
}

/** Pieces of one text, those within choices counted. */
const MOST_PIECES = 300;

/**
 * What both sides begin and end with stands outside the choice: `if (a) x += ' -a'` again and again gives a row of choices, not a tree of them.
 */
export function choose(
  condition: string,
  sources: Sources,
  whenTrue: readonly Piece[],
  whenFalse: readonly Piece[],
  place: SourceRange,
): readonly Piece[] {
  let head = 0;
  const shorter = Math.min(whenTrue.length, whenFalse.length);
  while (head < shorter && isSame(whenTrue[head] as Piece, whenFalse[head] as Piece)) head += 1;
  if (head === whenTrue.length && head === whenFalse.length) return whenTrue;
  let tail = 0;
  while (tail < shorter - head && isSame(whenTrue.at(-1 - tail) as Piece, whenFalse.at(-1 - tail) as Piece)) tail += 1;
  const one = whenTrue.slice(head, whenTrue.length - tail);
  const two = whenFalse.slice(head, whenFalse.length - tail);
  const negated = /^!\s*([\w.]+)$/.exec(condition);
  const middle: Choice =
    negated === null
      ? { type: 'choice', condition, sources, whenTrue: one, whenFalse: two, place }
      : { type: 'choice', condition: negated[1] as string, sources, whenTrue: two, whenFalse: one, place };
  return [
    ...whenTrue.slice(0, head),
    weightOf([middle]) > MOST_PIECES ? blurred(middle) : middle,
    ...whenTrue.slice(whenTrue.length - tail),
  ];
}

function isSame(one: Piece, two: Piece): boolean {
  if (one === two) return true;
  if (one.type === 'text') return two.type === 'text' && one.text === two.text;
  return one.type === 'hole' && two.type === 'hole' && one.key === two.key;
}

function weightOf(pieces: readonly Piece[]): number {
  let weight = pieces.length;
  for (const piece of pieces) if (piece.type === 'choice') weight += weightOf(piece.whenTrue) + weightOf(piece.whenFalse);
  return weight;
}

/** A choice too large to follow: one hole. */
function blurred(choice: Choice): Hole {
  const pieces: Piece[] = [choice];
  const written = choice.condition;
  return {
    type: 'hole',
    key: `${choice.place.start}?${choice.condition}`,
    sort: mayEndCommand(pieces) ? 'fragment' : 'words',
    sources: sourcesOf(pieces),
    names: namesOf(pieces),
    is: undefined,
    text: undefined,
    unset: false,
    written,
    place: choice.place,
  };
}

function mayEndCommand(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) =>
    piece.type === 'text'
      ? /[|;&<>\n`]/.test(piece.text)
      : piece.type === 'hole'
        ? piece.sort === 'fragment'
        : mayEndCommand(piece.whenTrue) || mayEndCommand(piece.whenFalse),
  );
}

/** The same for pieces of the same text. */
export function keyOf(pieces: readonly Piece[]): string {
  let key = '';
  for (const piece of pieces) {
    if (piece.type === 'text') key += piece.text;
    else if (piece.type === 'hole') key += `\0${piece.key}\0`;
    else key += `\x01${piece.condition}\x02${keyOf(piece.whenTrue)}\x02${keyOf(piece.whenFalse)}\x01`;
  }
  return key;
}

export function textPiece(text: string, place: SourceRange, exact = false): TextPiece {
  return { type: 'text', text, place, exact };
}

/** A part of a text piece. */
export function cut(piece: TextPiece, from: number, to: number): TextPiece {
  const text = piece.text.slice(from, to);
  return piece.exact
    ? { ...piece, text, place: rangeFrom(piece.place.file, piece.place.start + from, piece.place.start + to) }
    : { ...piece, text };
}

function rangeFrom(file: SourceFile, start: number, end: number): SourceRange {
  return { file, start, end };
}
