/** Makes a failing pipeline and its world small: what is dropped takes along all that needs it, as long as it goes on failing in the same way. */
import { render, type Step, without } from './generate.ts';
import type { World } from './world.ts';

export interface Failing<T> {
  readonly steps: readonly Step[];
  readonly files: Readonly<Record<string, string>>;
  readonly world: World;
  readonly failure: T;
}

/** `fails` says how the files fail; undefined when they do not, or in another way. */
export function shrink<T>(start: Failing<T>, fails: (files: Readonly<Record<string, string>>, world: World) => T | undefined): Failing<T> {
  let best = start;
  const attempt = (steps: readonly Step[], world: World): boolean => {
    const files = render(steps);
    const failure = fails(files, world);
    if (failure === undefined) return false;
    best = { steps, files, world, failure };
    return true;
  };
  for (let better = true; better; ) {
    better = false;
    for (let at = best.steps.length - 1; at >= 0; at--) {
      const step = best.steps[at];
      if (step === undefined) continue;
      if (attempt(without(best.steps, step), best.world)) better = true;
      else if (shrinkInner(step)) better = true;
    }
    for (const world of smallerWorlds(best.world)) if (attempt(best.steps, world)) better = true;
  }
  return best;

  function shrinkInner(step: Step): boolean {
    let better = false;
    for (let at = (step.inner?.steps.length ?? 0) - 1; at >= 0; at--) {
      const inner = best.steps.find((one) => one.inner?.name === step.inner?.name)?.inner;
      const dropped = inner?.steps[at];
      if (inner === undefined || dropped === undefined) continue;
      const steps = without(inner.steps, dropped);
      const gone = new Set(inner.steps.filter((one) => !steps.includes(one)).flatMap(({ defines }) => defines));
      if (inner.emits.some((name) => gone.has(name))) continue;
      const smaller = { ...inner.write(steps), inner: { ...inner, steps } };
      if (
        attempt(
          best.steps.map((one) => (one.inner?.name === inner.name ? { ...one, ...smaller } : one)),
          best.world,
        )
      )
        better = true;
    }
    return better;
  }
}

/** The world with one file, one row or one set of counts less. */
function* smallerWorlds(world: World): Generator<World> {
  const { files = {}, fileCounts = {} } = world;
  for (const [path, text] of Object.entries(files)) {
    if (path !== 'samples.csv') {
      const { [path]: _, ...rest } = files;
      yield { ...world, files: rest };
      continue;
    }
    const lines = text.trimEnd().split('\n');
    for (let at = 1; at < lines.length; at++) yield { ...world, files: { ...files, [path]: `${lines.toSpliced(at, 1).join('\n')}\n` } };
  }
  for (const output of Object.keys(fileCounts)) {
    const { [output]: _, ...rest } = fileCounts;
    yield { ...world, fileCounts: rest };
  }
}
