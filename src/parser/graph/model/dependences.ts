/** Who waits for what, put together and handed on. */
import type { ChannelNode, ProcessCall } from '../process-graph.ts';
import { type Dimension, type Dimensions, type Index, implies } from './dimensions.ts';
import type { Dependence, Dependences, Exactness, OptionalOutputs } from './shapes.ts';

export const NOTHING: Dependences = new Map();
export const NO_CALLS: ReadonlySet<ProcessCall> = new Set();
export const NOT_OPTIONAL: OptionalOutputs = new Map();
const NOT_TIED: ReadonlySet<Dimension> = new Set();

/** Both: of a call that stands in both, what is tied in both; its own task and some one more are not all of them. */
export function union(one: Dependences, two: Dependences): Dependences {
  if (one.size === 0 || one === two) return two;
  if (two.size === 0) return one;
  const all = new Map(one);
  for (const [call, dependence] of two) {
    const before = all.get(call);
    all.set(call, before === undefined ? dependence : weaker(before, dependence));
  }
  return all;
}

export function unionOf(all: readonly Dependences[]): Dependences {
  return all.reduce(union, NOTHING);
}

/** What both allow for. Two that are tied by different things are some of the tasks, not all of them. */
function weaker(one: Dependence, two: Dependence): Dependence {
  if (one === two) return one;
  const tied = new Set([...one.tied, ...two.tied].filter((dimension) => implies(one.tied, dimension) && implies(two.tied, dimension)));
  const by = one.tied.size <= two.tied.size ? (one.by ?? two.by) : (two.by ?? one.by);
  const whole = [one, two].some(
    (each) => each.any !== true && each.partly !== true && [...each.tied].every((dimension) => implies(tied, dimension)),
  );
  return {
    tied,
    ...(one.any && two.any ? { any: true as const } : whole ? {} : { partly: true as const }),
    ...(by === undefined ? {} : { by }),
  };
}

/** All tasks of the call. */
export function isAll({ tied, any, partly }: Dependence): boolean {
  return tied.size === 0 && any !== true && partly !== true;
}

/** As they are for an item of another index, each of whose items is made of those that agree with it. */
export function tiedTo(all: Dependences, index: Index, dimensions: Dimensions, by?: ChannelNode): Dependences {
  if (all.size === 0) return all;
  return new Map(
    [...all].map(([call, dependence]) => {
      const tied = index.filter((one) => dependence.tied.has(one) || dimensions.implies(dependence.tied, one));
      const same = tied.length === dependence.tied.size && tied.every((one) => dependence.tied.has(one));
      if (same) return [call, dependence];
      return [call, { ...dependence, tied: new Set(tied), ...(by === undefined ? {} : { by }) }];
    }),
  );
}

/** All tasks of these calls. */
export function allOf(calls: Iterable<ProcessCall>, by: ChannelNode): Dependences {
  return new Map([...calls].map((call) => [call, { tied: NOT_TIED, by }]));
}

/** Some one task of each; where it is all tasks, whoever it is has waited for all. */
export function anyOf(all: Dependences): Dependences {
  return new Map([...all].map(([call, dependence]) => [call, isAll(dependence) ? dependence : someOf(dependence)]));
}

/** Those of one of them, which is not known. */
export function oneOf(all: readonly Dependences[]): Dependences {
  const [first] = all;
  if (first === undefined) return NOTHING;
  const made = new Map<ProcessCall, Dependence>();
  for (const [call, dependence] of unionOf(all))
    made.set(call, all.every((one) => one.has(call) && isAll(one.get(call) as Dependence)) ? dependence : someOf(dependence));
  return made;
}

function someOf({ by }: Dependence): Dependence {
  return { tied: NOT_TIED, any: true, ...(by === undefined ? {} : { by }) };
}

/** Perhaps some of these, and perhaps all. */
export function perhaps(calls: Iterable<ProcessCall>): Dependences {
  return new Map([...calls].map((call) => [call, { tied: NOT_TIED, any: true as const }]));
}

/** Tied by other dimensions. */
export function retied(all: Dependences, change: (dimension: Dimension) => Dimension): Dependences {
  return new Map([...all].map(([call, dependence]) => [call, { ...dependence, tied: new Set([...dependence.tied].map(change)) }]));
}

export function worst(all: readonly { readonly exactness: Exactness }[]): Exactness {
  return (['about', 'at most'] as const).find((one) => all.some(({ exactness }) => exactness === one)) ?? 'exact';
}

/** No surer than this. */
export function limited<T extends { readonly exactness: Exactness }>(one: T, exactness: Exactness): T {
  return { ...one, exactness: worst([one, { exactness }]) };
}
