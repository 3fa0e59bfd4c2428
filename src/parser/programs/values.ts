/** What an expression of a program may come to: a set of things, of which names of files are told apart by where they come from. */
import type { Piece } from './program-reading.ts';

export type Atom =
  /** A text, or a path. */
  | { readonly type: 'name'; readonly pieces: readonly Piece[] }
  /** What a file holds, and what is made of that: no name that stands in the program or is told to it. */
  | { readonly type: 'content' }
  /** Numbers, switches, nothing: no name at all. */
  | { readonly type: 'plain' }
  /** A file that is open. */
  | { readonly type: 'stream' }
  /** What a parser of arguments gives; the words of the command, from one on. */
  | { readonly type: 'arguments' }
  | { readonly type: 'words'; readonly from: number }
  /** A list, table or set, by where it is made. */
  | { readonly type: 'many'; readonly site: string }
  /** A package, or something in it. */
  | { readonly type: 'member'; readonly path: string }
  /** Of the program. `self`: the object that it is called on; `skip`: so many parameters are given already; `loose`: any of them may be. */
  | { readonly type: 'function'; readonly id: string; readonly self?: string; readonly skip?: number; readonly loose?: true }
  | { readonly type: 'class'; readonly id: string }
  | { readonly type: 'object'; readonly id: string }
  /** Anything. */
  | { readonly type: 'unknown' };

export type Value = ReadonlyMap<string, Atom>;

/** Of one value; more than that is anything. */
const MOST_ATOMS = 40;
const MOST_PIECES = 8;
/** Longer texts are no names of files (PATH_MAX is larger; nobody writes one down). */
const LONGEST_NAME = 400;

const ANY_NAME = keyOf({ type: 'name', pieces: [{ type: 'unknown' }] });

export const NOTHING: Value = new Map();
export const PLAIN = oneOf({ type: 'plain' });
export const CONTENT = oneOf({ type: 'content' });
export const STREAM = oneOf({ type: 'stream' });
export const UNKNOWN = oneOf({ type: 'unknown' });
export const ARGUMENTS = oneOf({ type: 'arguments' });

export function oneOf(...atoms: readonly Atom[]): Value {
  return new Map(atoms.map((atom) => [keyOf(atom), atom]));
}

export function textValue(text: string): Value {
  return text.length > LONGEST_NAME ? PLAIN : nameValue({ type: 'text', text });
}

export function nameValue(...pieces: readonly Piece[]): Value {
  return oneOf({ type: 'name', pieces });
}

export function told(by: string): Value {
  return nameValue({ type: 'told', by });
}

export function member(path: string): Value {
  return oneOf({ type: 'member', path });
}

function keyOf(atom: Atom): string {
  switch (atom.type) {
    case 'name':
      return `name ${JSON.stringify(atom.pieces)}`;
    case 'words':
      return `words ${atom.from}`;
    case 'many':
      return `many ${atom.site}`;
    case 'member':
      return `member ${atom.path}`;
    case 'function':
      return `function ${atom.id} ${atom.self ?? ''} ${atom.skip ?? 0} ${atom.loose === true}`;
    case 'class':
    case 'object':
      return `${atom.type} ${atom.id}`;
    default:
      return atom.type;
  }
}

export function union(...values: readonly Value[]): Value {
  const [first = NOTHING, ...others] = values.filter(({ size }) => size > 0);
  if (others.length === 0) return first;
  const all = new Map(first);
  for (const value of others) for (const [key, atom] of value) all.set(key, atom);
  if (all.size > 2 * MOST_ATOMS) return UNKNOWN;
  // What may have any name need not be told with others, too; what is no name stays, such as a function that is called.
  if (all.has('unknown') || all.size > MOST_ATOMS) return withoutNames(all, UNKNOWN);
  return all.has(ANY_NAME) ? withoutNames(all, nameValue({ type: 'unknown' })) : all;
}

function withoutNames(value: Value, instead: Value): Value {
  return new Map([...[...value].filter(([, { type }]) => type !== 'name'), ...instead]);
}

export function atomsOf(value: Value): readonly Atom[] {
  return [...value.values()];
}

/** The texts that it may be, where it is nothing else. */
export function textsOf(value: Value): readonly string[] | undefined {
  const texts: string[] = [];
  for (const atom of value.values()) {
    const [only, more] = atom.type === 'name' ? atom.pieces : [];
    if (only?.type !== 'text' || more !== undefined) return undefined;
    texts.push(only.text);
  }
  return texts.length === 0 ? undefined : texts;
}

function piecesOf(atom: Atom): readonly Piece[] {
  switch (atom.type) {
    case 'name':
      return atom.pieces;
    case 'content':
    case 'plain':
    case 'stream':
      return [{ type: 'content' }];
    default:
      return [{ type: 'unknown' }];
  }
}

/** Texts one behind the other. */
export function joined(...values: readonly Value[]): Value {
  let all: (readonly Piece[])[] = [[]];
  let isName = false;
  for (const value of values) {
    if (value.size === 0) return NOTHING;
    isName ||= atomsOf(value).some(({ type }) => type !== 'content' && type !== 'plain');
    all = all.flatMap((before) => atomsOf(value).map((atom) => [...before, ...piecesOf(atom)]));
    if (all.length > MOST_ATOMS) return UNKNOWN;
  }
  // Of numbers and what files hold no name is made that could be told.
  if (!isName) return values.every((value) => atomsOf(value).every(({ type }) => type === 'plain')) ? PLAIN : CONTENT;
  return oneOf(...all.map((pieces): Atom => ({ type: 'name', pieces: shortened(pieces) })));
}

function shortened(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (piece.type === 'text' && piece.text === '') continue;
    if (piece.type === 'text' && last?.type === 'text') merged.splice(-1, 1, { type: 'text', text: last.text + piece.text });
    else if (piece.type !== 'unknown' || last?.type !== 'unknown') merged.push(piece);
  }
  if (merged.length === 0) return [{ type: 'text', text: '' }];
  const isLong = merged.length > MOST_PIECES || merged.some((piece) => piece.type === 'text' && piece.text.length > LONGEST_NAME);
  return isLong ? [{ type: 'unknown' }] : merged;
}

/** A name that is cut or changed in a way that is not followed, with an ending that it may be given. */
export function partOf(value: Value, ending?: string): Value {
  const atoms = atomsOf(value).map((atom): Atom => {
    if (atom.type !== 'name') return atom.type === 'words' || atom.type === 'arguments' ? { type: 'unknown' } : atom;
    const by = atom.pieces.find((piece) => piece.type === 'told' || piece.type === 'part');
    const isOutside = atom.pieces[0]?.type === 'temporary';
    const part: Piece = isOutside
      ? { type: 'temporary' }
      : { type: 'part', by: by?.type === 'told' || by?.type === 'part' ? by.by : undefined };
    return { type: 'name', pieces: ending === undefined ? [part] : [part, { type: 'text', text: ending }] };
  });
  return oneOf(...atoms);
}

/** What is still new after many rounds is put together in a loop, and may come to anything. */
export function widened(value: Value, before: Value = NOTHING): Value {
  return oneOf(
    ...[...value].map(([key, atom]): Atom => {
      const isTold = atom.type !== 'name' || (atom.pieces.length === 1 && atom.pieces[0]?.type === 'told');
      return isTold || before.has(key) ? atom : { type: 'name', pieces: [{ type: 'unknown' }] };
    }),
  );
}
