/** Makes a failing pipeline small: steps are dropped, with all that needs them, as long as it goes on failing in the same way. */
import { render, type Step, without } from './generate.ts';

export interface Failing<T> {
  readonly steps: readonly Step[];
  readonly files: Readonly<Record<string, string>>;
  readonly failure: T;
}

/** `fails` says how the files fail; undefined when they do not, or in another way. */
export function shrink<T>(start: Failing<T>, fails: (files: Readonly<Record<string, string>>) => T | undefined): Failing<T> {
  let best = start;
  for (let at = best.steps.length - 1; at >= 0; at--) {
    const step = best.steps[at];
    if (step === undefined) continue;
    const steps = without(best.steps, step);
    const files = render(steps);
    const failure = fails(files);
    if (failure !== undefined) {
      best = { steps, files, failure };
      at = Math.min(at, steps.length);
    }
  }
  return best;
}
