/** Several platforms for one pipeline, and what is said for all of them. */
import { choosePlatform, type PlatformOptions, takes, UnknownPlatform } from './choice.ts';

/**
 * Each with what it can have of what is said for all; what none can have is left to the first, which says so.
 * @param names as in `PlatformOptions`
 * @param routes of the first: `CALLS=PLATFORM`, such as `CELLPOSE|withLabel:gpu=slurm:2x32,128GB`
 * @throws UnknownPlatform
 */
export function severalPlatforms(
  names: readonly string[],
  shared: Omit<PlatformOptions, 'name' | 'routes'>,
  routes: readonly string[] = [],
): PlatformOptions[] {
  const read = routes.map(routeIn);
  const all = fitted([...names, ...read.map(({ name }) => name)], shared);
  const [first, ...others] = all.slice(0, names.length);
  if (first === undefined) return [];
  const told = read.map(({ calls }, at) => ({ calls, to: all[names.length + at] as PlatformOptions }));
  return [told.length === 0 ? first : { ...first, routes: told }, ...others];
}

function fitted(names: readonly string[], shared: Omit<PlatformOptions, 'name' | 'routes'>): PlatformOptions[] {
  const { prices, ...said } = shared;
  const can = names.map((name) => takes({ ...shared, name }));
  const some = names.map((name, at): PlatformOptions => {
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

function routeIn(text: string): { readonly calls: string; readonly name: string } {
  const equals = text.lastIndexOf('=');
  const [calls, name] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1).trim()];
  if (calls === '' || name === '')
    throw new UnknownPlatform(`--route ${text}: which calls run where?`, 'such as --route "CELLPOSE|withLabel:gpu=slurm:2x32,128GB"');
  return { calls, name };
}
