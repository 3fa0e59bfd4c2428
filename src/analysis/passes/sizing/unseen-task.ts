/**
 * What was not seen. Of n tasks the next one needs more than the highest with probability 1/(n + 1), whatever their distribution; by how much more
 * is taken to fall off exponentially in the logarithm (a Pareto tail), with the spread of the tasks seen as its scale. So is what a task needed that ran out of memory.
 */
import type { Needs } from './memory-ladder.ts';

/** Parts of equal probability that a task is cut into. */
const PARTS = 16;
/**
 * Of the natural logarithm: what is believed of a process of which nothing is seen, with the weight of so many tasks. Few tasks
 * that happen to be alike do not make a process that never varies.
 */
const USUAL_SPREAD = 0.1;
const USUAL_WEIGHT = 3;
/** A thousandfold between the highest and the last part of the tail: more is no spread of one process. */
const MOST_SPREAD = 2;

/**
 * The tasks and one more, which weighs as much as the others do on the average; each of `starved` is a task that needs more than that, and weighs as much.
 * There is at least one task.
 */
export function withUnseen({ needs, weights, counts }: Needs, starved: readonly number[] = []): Needs {
  const spread = spreadOf(needs);
  const sum = (values: Float64Array): number => values.reduce((total, one) => total + one, 0);
  const weight = sum(weights) / sum(counts);
  const highest = needs.reduce((most, need) => Math.max(most, need), 0);
  const tail = [...starved, Math.max(highest, ...starved)].flatMap((from) =>
    Array.from({ length: PARTS }, (_, at) => from * (1 - (at + 0.5) / PARTS) ** -spread),
  );
  return {
    needs: joined(needs, tail),
    weights: joined(
      weights,
      tail.map(() => weight / PARTS),
    ),
    counts: joined(
      counts,
      tail.map(() => 1 / PARTS),
    ),
  };
}

function spreadOf(needs: Float64Array): number {
  const logs = needs.map(Math.log);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const squares = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0);
  return Math.min(MOST_SPREAD, Math.sqrt((squares + USUAL_WEIGHT * USUAL_SPREAD ** 2) / (logs.length - 1 + USUAL_WEIGHT)));
}

function joined(some: Float64Array, others: readonly number[]): Float64Array {
  const all = new Float64Array(some.length + others.length);
  all.set(some);
  all.set(others, some.length);
  return all;
}
