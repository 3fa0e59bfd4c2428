/** How often tasks failed and the run went on, as runs tell it. */
import { NO_EXIT } from '../estimate/evidence.ts';
import type { CallSettings } from '../simulate/simulate.ts';
import type { Attempt } from './attempts.ts';

/**
 * Shares of a call's tasks, 0 to 1: at index k of those of which more than k attempts failed. Nothing, where the settings would end a run that way. Only attempts with an exit of
 * their own count: what has none mostly went with its machine, which a platform has its own luck for.
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
        one.number === number &&
        one.end !== 'completed' &&
        endedByItself(one) &&
        (one.retried || errorStrategy === 'ignore') &&
        counts(one),
    );
    if (failed.length === 0) break;
    shares.push(Math.min(failed.length / tasks, shares.at(-1) ?? 1));
  }
  return shares;
}

/** SIGTERM: what a machine that is taken away ends its tasks with, where they are told of it. */
const TERMINATED = 143;

function endedByItself({ exit }: Attempt): boolean {
  return !Number.isNaN(exit) && exit !== NO_EXIT && exit !== TERMINATED;
}
