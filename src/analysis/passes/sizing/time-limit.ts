/** What limit of time to ask for, of schedulers that end a task which is over it and let short ones go first. */

const LATE = 2;
const LATEST = 1.5;
const MINUTE = 60;

/** Seconds, in steps that people write: twice what 99 in 100 tasks took, at least half more than the longest. Of one task or more. */
export function timeLimit(seconds: Float64Array): number {
  const sorted = seconds.toSorted();
  const late = sorted[Math.ceil(0.99 * sorted.length) - 1] as number;
  const latest = sorted.at(-1) as number;
  const limit = Math.max(LATE * late, LATEST * latest);
  const step = limit <= 60 * MINUTE ? 5 * MINUTE : limit <= 12 * 60 * MINUTE ? 30 * MINUTE : 120 * MINUTE;
  return Math.ceil(limit / step) * step;
}
