/**
 * Few tasks of a call may be those of the smallest inputs: these are there first. Where what they needed follows what they read, the next one may read more, and need more, than any of them. How much a task
 * will read nobody knows beforehand, but how far inputs differ those that were seen tell.
 */
import { fitLinear, foreseen } from './memory-model.ts';

/** By the number of values, 5 to 9: a correlation that chance alone reaches in one case of twenty, and Student's t that two in a hundred exceed (n − 2 and n − 1 degrees of freedom). */
const BY_CHANCE: Readonly<Record<number, number>> = { 5: 0.8783, 6: 0.8114, 7: 0.7545, 8: 0.7067, 9: 0.6664 };
const T_98: Readonly<Record<number, number>> = { 5: 2.999, 6: 2.757, 7: 2.612, 8: 2.517, 9: 2.449 };

/**
 * Bytes that the next task needs unless it is of the two in a hundred that read most (the prediction bound of a ln-normal); 0 where needs do not follow what was read, or the later tasks read less than the earlier ones.
 * @param peaks of 5 to 9 tasks, bytes, in the order of their submission @param read bytes, side by side
 */
export function needOfLarger(peaks: Float64Array, read: Float64Array): number {
  const count = peaks.length;
  const [byChance, t] = [BY_CHANCE[count], T_98[count]];
  if (byChance === undefined || t === undefined || read.some((bytes) => !(bytes > 0))) return 0;
  if (!(correlation(read, peaks) >= byChance) || correlation(read, Float64Array.from(read.keys())) < 0) return 0;
  const model = fitLinear(read, peaks);
  if (model === undefined) return 0;
  const logs = read.map(Math.log);
  const mean = meanOf(logs);
  const spread = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (count - 1));
  return foreseen(model, Math.exp(mean + t * spread * Math.sqrt(1 + 1 / count)));
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function correlation(one: Float64Array, other: Float64Array): number {
  const [first, second] = [meanOf(one), meanOf(other)];
  let [together, square, across] = [0, 0, 0];
  one.forEach((value, at) => {
    const [a, b] = [value - first, (other[at] as number) - second];
    together += a * b;
    square += a * a;
    across += b * b;
  });
  return together / Math.sqrt(square * across);
}
