/** What was meant by a word that is none of those there are. */
import { nearest } from '../source/nearest.ts';

export function meant(word: string, candidates: readonly string[]): string | undefined {
  const [near] = nearest(word, candidates);
  // `warn` for `warning`, `tuple` for `unsized-group-tuple`.
  return near ?? (word.length >= 4 ? candidates.find((candidate) => candidate.includes(word.toLowerCase())) : undefined);
}

export function didYouMean(word: string, candidates: readonly string[]): string {
  const match = meant(word, candidates);
  return match === undefined ? '' : `; did you mean ${match}?`;
}
