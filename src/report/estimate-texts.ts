/** Estimates as people read them: about what is expected, and between what it is in 8 of 10 cases. */
import { glued } from './layout.ts';
import { durationText } from './quantities.ts';
import type { Estimate } from './report.ts';

/** `5 h 45 m (2 h 45 m to 13 h 50 m)`. */
export function rangeText({ low, expected, high }: Pick<Estimate, 'low' | 'expected' | 'high'>): string {
  const [from, to] = [durationOf(low), durationOf(high)];
  return glued(from === to ? durationOf(expected) : `${durationOf(expected)} (${from} to ${to})`);
}

/** No finer than the figures can tell. @param finer so many steps more */
export function durationOf(seconds: number, finer = 0): string {
  if (Math.round(seconds) === 0) return '0 s';
  if (seconds < 0) return `−${durationOf(-seconds, finer)}`;
  const at = STEPS.findIndex(([least]) => seconds >= least);
  const [, step] = (at === -1 ? undefined : STEPS[at + finer]) ?? [0, 1];
  return durationText(Math.round(seconds / step) * step * 1000);
}

/** From so many seconds on, in steps of so many, the coarsest first. */
const STEPS: readonly (readonly [number, number])[] = [
  [36_000, 3600],
  [3600, 600],
  [600, 60],
  [60, 10],
];

/** Less than this share of the whole is within what the figures can tell. */
export const MEASURABLE = 0.005;
