/** Words of which a condition that is not known decides what they are. */
import type { Part, Word } from './names.ts';
import type { Piece } from './pieces.ts';

/**
 * The ways in which the choices among words can come out. What a command does is the union of what each does: of many choices it is enough
 * that each side of each is seen.
 */
export function alternativesOf(words: readonly Word[]): readonly (readonly Word[])[] {
  if (!words.some((word) => word.parts.some((part) => part.type === 'choice'))) return [words];
  const depths = new Map<string, number>();
  const gather = (pieces: readonly Piece[], depth: number): void => {
    for (const piece of pieces) {
      if (piece.type !== 'choice') continue;
      if (!depths.has(piece.condition)) depths.set(piece.condition, depth);
      gather(piece.whenTrue, depth + 1);
      gather(piece.whenFalse, depth + 1);
    }
  };
  for (const word of words) for (const part of word.parts) if (part.type === 'choice') gather([part.choice], 0);
  const ways: ((depth: number, index: number) => boolean)[] = [() => true, () => false];
  if (depths.size === 2 || Math.max(...depths.values()) > 0)
    ways.push(
      (depth, index) => (depth + index) % 2 === 0,
      (depth, index) => (depth + index) % 2 === 1,
    );
  return ways.map((way) => {
    const decided = new Map([...depths].map(([condition, depth], index) => [condition, way(depth, index)]));
    return words.flatMap((word) => decide(word, decided));
  });
}

/** A word with one side of each choice put in: several words where the text has blanks outside quotes, none where it is empty. */
function decide(word: Word, decided: ReadonlyMap<string, boolean>): Word[] {
  if (!word.parts.some((part) => part.type === 'choice')) return [word];
  const words: Part[][] = [[]];
  const place = word.place;
  let quote = '';
  const put = (part: Part): void => {
    words.at(-1)?.push(part);
  };
  const pieces = (list: readonly Piece[], quoted: boolean): void => {
    for (const piece of list) {
      if (piece.type === 'choice') pieces(decided.get(piece.condition) === true ? piece.whenTrue : piece.whenFalse, quoted);
      else if (piece.type === 'hole') put({ type: 'hole', hole: piece, quoted: quoted || quote !== '' });
      else if (quoted) put({ type: 'text', text: piece.text, quoted });
      else
        for (const match of piece.text.matchAll(/\s+|['"]|[*?]|[^\s'"*?]+/g)) {
          const [text] = match;
          if (quote === '' && /^\s/.test(text)) words.push([]);
          else if (text === quote) quote = '';
          else if (quote === '' && (text === "'" || text === '"')) quote = text;
          else if (quote === '' && (text === '*' || text === '?')) put({ type: 'glob', text });
          else put({ type: 'text', text, quoted: quote !== '' });
        }
    }
  };
  for (const part of word.parts) {
    if (part.type === 'choice') pieces([part.choice], part.quoted);
    else put(part);
  }
  return words.filter((parts) => parts.length > 0).map((parts) => ({ parts, place }));
}
