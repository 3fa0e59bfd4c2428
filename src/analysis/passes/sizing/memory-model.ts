/**
 * What a task's memory can be foreseen from: nothing (each task is like the others), or the size of its input, where that is known when
 * the task is submitted. A ladder then stands on the ratio of what was needed to what was foreseen.
 */

export type MemoryModel =
  | { readonly kind: 'constant' }
  /** `base` and `least` are bytes, `slope` is bytes per unit of size, above 0. */
  | { readonly kind: 'linear'; readonly base: number; readonly slope: number; readonly least: number };

export const CONSTANT: MemoryModel = { kind: 'constant' };

/** Above 0; 1 where nothing is foreseen, so that ratios are bytes. */
export function foreseen(model: MemoryModel, size: number): number {
  return model.kind === 'constant' ? 1 : Math.max(model.least, model.base + model.slope * size);
}

/** Least squares; undefined where memory does not grow with size. */
export function fitLinear(sizes: Float64Array, peaks: Float64Array): MemoryModel | undefined {
  const count = sizes.length;
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / count;
  const [meanSize, meanPeak] = [mean(sizes), mean(peaks)];
  let [together, spread] = [0, 0];
  for (let at = 0; at < count; at++) {
    const off = (sizes[at] as number) - meanSize;
    together += off * ((peaks[at] as number) - meanPeak);
    spread += off * off;
  }
  const slope = spread > 0 ? together / spread : 0;
  if (!(slope > 0)) return undefined;
  return { kind: 'linear', base: meanPeak - slope * meanSize, slope, least: peaks.reduce((least, peak) => Math.min(least, peak)) };
}
