/** Several platforms for one pipeline, and what is said for all of them. */
import { choosePlatform, type PlatformOptions, takes } from './choice.ts';

/**
 * Each with what it can have of what is said for all; what none can have is left to the first, which says so.
 * @param names as in `PlatformOptions`
 * @throws UnknownPlatform
 */
export function severalPlatforms(names: readonly string[], shared: Omit<PlatformOptions, 'name'>): PlatformOptions[] {
  const { prices, ...said } = shared;
  const bare = names.map((name): PlatformOptions => ({ ...shared, name }));
  const can = bare.map(takes);
  const some = bare.map(({ name }, at): PlatformOptions => {
    const kept = Object.entries(said).filter(([key]) => {
      const option = key as keyof typeof said;
      return can[at]?.[option] === true || (at === 0 && can.every((one) => !one[option]));
    });
    return { name, ...Object.fromEntries(kept), ...(prices && { prices }) };
  });
  // What does not fit is said before anything is read.
  for (const one of some) choosePlatform(one, { executor: {}, mostCpus: 0, mostMemory: 0 });
  return some;
}
