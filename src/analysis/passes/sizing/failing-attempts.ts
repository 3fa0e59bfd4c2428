/** How often tasks failed and the run went on, as runs tell it. */
import { NO_EXIT } from '../../estimate/evidence.ts';
import type { CallSettings } from '../../simulate/simulate.ts';
import type { Attempt } from './attempts.ts';
import { starvingShares } from './memory-sizing.ts';
import type { CallSizing } from './sizing.ts';

/**
 * Shares of a call's tasks as `failingShares` has them. Where tasks ask for the memory that they had in the runs it is what was seen; where they ask for other, as many fail for want of it
 * as a plan with such requests foresees.
 */
export function expectedFailing(
  { attempts, before, memoryUse }: CallSizing,
  settings: CallSettings,
  other = before.memory !== undefined,
): readonly number[] {
  if (!other || memoryUse === undefined) return failingShares(attempts, settings);
  const others = failingShares(attempts, settings, ({ end }) => end !== 'starved');
  const asked = (settings.ladders[0] ?? []).map(({ memoryBytes }) => memoryBytes || Number.POSITIVE_INFINITY);
  const starving = starvingShares(memoryUse, asked).slice(0, mostFailed(settings));
  return Array.from({ length: Math.max(others.length, starving.length) }, (_, at) =>
    Math.min(1, (others[at] ?? 0) + (starving[at] ?? 0)),
  ).filter((share) => share > 0);
}

/**
 * Of attempts that ended with an exit: what has none mostly went with its machine, which a platform has its own luck for. Shares of a call's tasks, 0 to 1: at index k of those of which more than k attempts failed. Nothing, where the settings would end a run that way.
 * @param counts which failed attempts are meant
 */
export function failingShares(
  attempts: readonly Attempt[],
  settings: CallSettings,
  counts: (attempt: Attempt) => boolean = () => true,
): readonly number[] {
  const { errorStrategy } = settings;
  const tasks = attempts.filter(({ number }) => number === 1).length;
  const most = mostFailed(settings);
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

/** Share of the time that a task takes after which attempts at it failed, 0 to 1: in the middle of those that failed and of those that came through; 1 where none failed. */
export function failsAfter({ attempts }: Pick<CallSizing, 'attempts'>): number {
  const middle = (some: readonly Attempt[]): number =>
    some.map(({ held }) => held).sort((one, two) => one - two)[(some.length - 1) >> 1] ?? Number.NaN;
  const share =
    middle(attempts.filter((one) => one.end !== 'completed' && hasExit(one))) / middle(attempts.filter(({ end }) => end === 'completed'));
  return Number.isNaN(share) ? 1 : Math.min(1, share);
}

/** Attempts at one task that may fail without the run ending. */
function mostFailed({ errorStrategy, maxRetries }: CallSettings): number {
  return errorStrategy === 'retry' ? maxRetries : errorStrategy === 'ignore' ? 1 : 0;
}

function hasExit({ exit }: Attempt): boolean {
  return !Number.isNaN(exit) && exit !== NO_EXIT;
}
