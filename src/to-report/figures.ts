/** Figures no finer than they can be told. */
import { type Estimate as FoundEstimate, significant } from '../analysis/estimate/estimate.ts';
import type { Estimate } from '../report/report.ts';

export { significant };

export function shownEstimate({ low, expected, high, ...rest }: FoundEstimate): Estimate {
  return { low: significant(low), expected: significant(expected), high: significant(high), ...rest };
}

export function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

export function byName([one]: readonly [string, unknown], [two]: readonly [string, unknown]): number {
  return compare(one, two);
}
