/** Several platforms for one pipeline, and what is said for all of them. */
import { choosePlatform, type PlatformOptions, type Route, takes, UnknownPlatform } from './choice.ts';

/**
 * Each with what it can have of what is said for all; what none can have is left to the first, which says so.
 * @param names as in `PlatformOptions`
 * @throws UnknownPlatform
 */
export function severalPlatforms(names: readonly string[], shared: Omit<PlatformOptions, 'name' | 'routes'>): PlatformOptions[] {
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

/**
 * Where calls run that do not run with the rest.
 * @param given `CALLS=PLATFORM`, such as `CELLPOSE|withLabel:gpu=slurm:2x32,128GB`
 * @param shared as for several platforms
 * @throws UnknownPlatform
 */
export function routesTo(given: readonly string[], shared: Omit<PlatformOptions, 'name' | 'routes'>): Route[] {
  return given.map((text): Route => {
    const equals = text.lastIndexOf('=');
    const [calls, name] = [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
    if (equals < 1 || calls === '' || name === '')
      throw new UnknownPlatform(`--route ${text}: which calls run where?`, 'such as --route "CELLPOSE|withLabel:gpu=slurm:2x32,128GB"');
    const { prices } = shared;
    const can = takes({ ...shared, name });
    const kept = Object.entries(shared).filter(([key]) => can[key as keyof typeof can]);
    const to: PlatformOptions = { name, ...Object.fromEntries(kept), ...(prices && { prices }) };
    choosePlatform(to, { executor: {}, mostCpus: 0, mostMemory: 0 });
    return { calls, to };
  });
}
