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
  const routed = read.map(({ name }, at): Named => ({ name, route: routes[at] as string }));
  const all = fitted([...names.map((name): Named => ({ name })), ...routed], shared);
  const [first, ...others] = all.slice(0, names.length);
  if (first === undefined) return [];
  const told = read.map(({ calls }, at) => ({ calls, to: all[names.length + at] as PlatformOptions }));
  return [told.length === 0 ? first : { ...first, routes: told }, ...others];
}

interface Named {
  readonly name: string;
  /** As typed, where the platform is that of a route. */
  readonly route?: string;
}

function fitted(names: readonly Named[], shared: Omit<PlatformOptions, 'name' | 'routes'>): PlatformOptions[] {
  const { prices, ...said } = shared;
  const can = names.map((one) => told(one, () => takes({ ...shared, name: one.name })));
  return names.map((one, at): PlatformOptions => {
    const kept = Object.entries(said).filter(([key]) => {
      const option = key as keyof typeof said;
      return can[at]?.[option] === true || (at === 0 && can.every((each) => !each[option]));
    });
    const options = { name: one.name, ...Object.fromEntries(kept), ...(prices && { prices }) };
    // What does not fit is said before anything is read.
    told(one, () => choosePlatform(options, { executor: {}, mostCpus: 0, mostMemory: 0 }));
    return options;
  });
}

/** What is wrong with where calls go is said of the route. */
function told<Result>({ route }: Named, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (route === undefined || !(error instanceof UnknownPlatform)) throw error;
    throw new UnknownPlatform(`--route ${route}: ${error.message.replace(/^--platform /, '')}`, error.hint);
  }
}

function routeIn(text: string): { readonly calls: string; readonly name: string } {
  const equals = text.lastIndexOf('=');
  const [calls, name] = [text.slice(0, Math.max(0, equals)).trim(), text.slice(equals + 1).trim()];
  if (calls === '' || name === '')
    throw new UnknownPlatform(`--route ${text}: which calls run where?`, 'such as --route "CELLPOSE|withLabel:gpu=slurm:2x32,128GB"');
  return { calls, name };
}
