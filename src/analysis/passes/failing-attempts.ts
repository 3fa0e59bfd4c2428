/** How often tasks failed and the run went on, as runs tell it. */
import { NO_EXIT } from '../estimate/evidence.ts';
import type { CallSettings } from '../simulate/simulate.ts';
import type { Attempt } from './attempts.ts';

/**
 * Of attempts that ended with an exit: what has none mostly went with its machine, which a platform has its own luck for. Shares of a call's tasks, 0 to 1: at index k of those of which more than k attempts failed. Nothing, where the settings would end a run that way.
 * @param counts which failed attempts are meant
 */
export function failingShares(
  attempts: readonly Attempt[],
  { errorStrategy, maxRetries }: CallSettings,
  counts: (attempt: Attempt) => boolean = () => true,
): readonly number[] {
  const tasks = attempts.filter(({ number }) => number === 1).length;
  const most = errorStrategy === 'retry' ? maxRetries : errorStrategy === 'ignore' ? 1 : 0;
  const shares: number[] = [];
  for (let number = 1; number <= most && tasks > 0; number += 1) {
    const failed = attempts.filter(
      (one) =>
        one.number === number && one.end !== 'completed' && hasExit(one) && (one.retried || errorStrategy === 'ignore') && counts(one),
    );
    if (failed.length === 0) break;
    shares.push(Math.min(failed.length / tasks, shares.at(-1) ?? 1));
  }
  return shares;
}

function hasExit({ exit }: Attempt): boolean {
  return !Number.isNaN(exit) && exit !== NO_EXIT;
}
