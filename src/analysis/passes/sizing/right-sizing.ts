/**
 * Which of the requests that runs say are enough are proposed. Enough is not yet good: with fewer cpus tasks take longer, and others packed differently. So the run is simulated with
 * them, and what makes it slower or dearer than now is left out, request by request.
 */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import { percent } from '../../amounts.ts';
import { rangeOf } from '../../simulate/worlds.ts';
import { MEMORY_TO_CPU } from './cpu-sizing.ts';
import { type BetterRequests, betterRequests, type Sizing } from './sizing.ts';

export type RequestKind = keyof BetterRequests;

/** One directive of one call. */
export interface RequestChange {
  readonly call: ProcessCall;
  readonly kind: RequestKind;
  /** Asks for more, since tasks were seen to need it: that is no matter of what it costs. */
  readonly needed: boolean;
  /** What is held less with it by all tasks, in any unit: of these the greatest come first. */
  readonly frees: number;
}

/** By world; worlds of two runs share their luck. */
export interface RunFigures {
  readonly seconds: Float64Array;
  /** Absent where there is no price. */
  readonly cost?: Float64Array | undefined;
  /** Runs that do not come to their end: NaN among the seconds. */
  readonly unfinished?: { readonly runs: number; readonly of: number; readonly why: string } | undefined;
}

/** How much slower and dearer on the average of the worlds, of what it is now; less than 0 is better. */
export interface Harm {
  readonly slower: number;
  readonly dearer: number;
  /** Why a run does not come to its end that did so before, with how many of how many. */
  readonly ends?: string;
}

export interface LeftAsItIs extends Harm {
  readonly call: ProcessCall;
  readonly kind: RequestKind;
  /** Nobody looked: there are too many tasks to simulate them for each. */
  readonly unseen?: true;
  /** With all others that are left out for this. */
  readonly together?: true;
}

export interface RightSizing {
  /** Of calls that should ask for something else. */
  readonly better: ReadonlyMap<ProcessCall, BetterRequests>;
  readonly leftOut: readonly LeftAsItIs[];
}

/** Of the whole: less is within what simulations of the same run differ by. */
export const NOISE = 0.01;

/** Requests that are looked at by themselves once more. */
const MOST_LOOKED_AT = 12;

/** Worse than anything. */
function noEnd(ends: string): Harm {
  return { slower: Number.POSITIVE_INFINITY, dearer: 0, ends };
}

/** Loses more of the one than it gains of the other, each as a share of the whole. */
export function isWorse({ slower, dearer }: Harm): boolean {
  return slower + dearer > NOISE;
}

/** World by world, on the average: an attempt that fails in few of them is late in those. */
function harmOf(now: RunFigures, then: RunFigures | string): Harm {
  if (typeof then === 'string') return noEnd(`does not come to its end: ${then}`);
  const { unfinished } = then;
  if (unfinished !== undefined && unfinished.runs > (now.unfinished?.runs ?? 0))
    return noEnd(
      `does not come to its end in ${unfinished.runs} of ${unfinished.of} simulated runs${now.unfinished === undefined ? '' : `, ${now.unfinished.runs} as it is`}: ${unfinished.why}`,
    );
  const both = [...now.seconds.keys()].filter((world) => !Number.isNaN(now.seconds[world]) && !Number.isNaN(then.seconds[world]));
  const more = (was: Float64Array, is: Float64Array): number => {
    const whole = rangeOf(Float64Array.from(both, (world) => was[world] as number)).expected;
    const sum = both.reduce((total, world) => total + (is[world] as number) - (was[world] as number), 0);
    return whole > 0 ? sum / both.length / whole : 0;
  };
  return {
    slower: more(now.seconds, then.seconds),
    dearer: now.cost === undefined || then.cost === undefined ? 0 : more(now.cost, then.cost),
  };
}

/**
 * All of them where the run is no worse for that; else as many as go together, by halves, those that free most first.
 * @param run simulates the run with these changes; a clause where it does not come to its end
 * @param most runs that may be simulated
 * @param thorough the same in more worlds, asked of what is kept in the end
 */
export function changesThatPay(
  changes: readonly RequestChange[],
  run: (kept: readonly RequestChange[]) => RunFigures | string,
  most: number,
  thorough = run,
): { readonly kept: readonly RequestChange[]; readonly leftOut: readonly LeftAsItIs[] } {
  const needed = changes.filter((one) => one.needed);
  const others = changes.filter((one) => !one.needed).sort((one, two) => two.frees - one.frees);
  const now = run(needed);
  if (typeof now === 'string' || others.length === 0) return { kept: changes, leftOut: [] };
  const leftOut: LeftAsItIs[] = [];
  let left = most - 1;
  /** Of the run with what is kept so far; undefined: nothing is. */
  let figures: RunFigures | undefined;
  const extend = (kept: readonly RequestChange[], some: readonly RequestChange[]): readonly RequestChange[] => {
    const [first] = some;
    if (first === undefined) return kept;
    if (left <= 0) {
      leftOut.push(...some.map(({ call, kind }) => ({ call, kind, slower: 0, dearer: 0, unseen: true as const })));
      return kept;
    }
    left -= 1;
    const then = run([...kept, ...some]);
    const harm = harmOf(now, then);
    if (typeof then !== 'string' && !isWorse(harm)) {
      figures = then;
      return [...kept, ...some];
    }
    if (some.length === 1) {
      leftOut.push({ call: first.call, kind: first.kind, ...harm });
      return kept;
    }
    const middle = some.length >> 1;
    return extend(extend(kept, some.slice(0, middle)), some.slice(middle));
  };
  let kept = extend(needed, others);
  // What does harm among others that do more good: of those that free most, one by one.
  for (const one of kept.slice(needed.length, needed.length + MOST_LOOKED_AT)) {
    if (figures === undefined || left <= 0) break;
    left -= 1;
    const without = kept.filter((other) => other !== one);
    const then = run(without);
    const harm = typeof then === 'string' ? undefined : harmOf(then, figures);
    if (typeof then === 'string' || harm === undefined || !isWorse(harm)) continue;
    leftOut.push({ call: one.call, kind: one.kind, ...harm });
    [kept, figures] = [without, then];
  }
  const before = thorough === run || kept.length === needed.length ? undefined : thorough(needed);
  const after = before === undefined || typeof before === 'string' ? undefined : thorough(kept);
  if (before === undefined || typeof before === 'string' || after === undefined) return { kept, leftOut };
  const harm = harmOf(before, after);
  if (!isWorse(harm)) return { kept, leftOut };
  const all = kept.slice(needed.length).map(({ call, kind }) => ({ call, kind, ...harm, together: true as const }));
  return { kept: needed, leftOut: [...leftOut, ...all] };
}

/** A clause: "with fewer cpus the run takes 12 % longer". */
export function harmText({ kind, slower, dearer, ends, unseen, together }: LeftAsItIs): string {
  if (unseen) return 'with it and others the run is worse; which of them are harmless was not looked at';
  const harms = [
    ...(ends !== undefined ? [ends] : slower > NOISE ? [`takes ${percent(slower)} longer`] : []),
    ...(dearer > NOISE ? [`costs ${percent(dearer)} more`] : []),
  ];
  // Neither is much by itself.
  if (harms.length === 0) harms.push(`loses ${percent(slower + dearer)} of time and money together`);
  return `${together ? 'with all smaller requests at once' : WITH[kind]} the run ${harms.join(' and ')}`;
}

/** Whether it was refused with others, of which none is known to do harm by itself: the same is said of all. */
export function isRefusedWithOthers({ unseen, together }: LeftAsItIs): boolean {
  return (unseen ?? together) === true;
}

const WITH: Readonly<Record<RequestKind, string>> = { cpus: 'with fewer cpus', memory: 'with less memory', limit: 'with a shorter limit' };

/** @param calls of which tasks run, and as in `changesThatPay` @param isLarge a look in more worlds would take too long */
export function rightSizingOf(
  graph: ProcessGraph,
  sizing: Sizing,
  calls: readonly ProcessCall[],
  run: (better: ReadonlyMap<ProcessCall, BetterRequests>, isThorough: boolean) => RunFigures | string,
  most: number,
  isLarge = false,
): RightSizing {
  const better = sizedRequests(graph, sizing);
  const changes = calls.flatMap((call): RequestChange[] => {
    const sized = sizing.of(call);
    const requests = better.get(call);
    if (sized === undefined || requests === undefined) return [];
    const { memory, cpus, lost } = sized;
    return KINDS.filter((kind) => requests[kind] !== undefined).map((kind) => ({
      call,
      kind,
      needed: kind === 'memory' && memory !== undefined && (lost.starved > 0 || memory.most > memory.requested),
      frees:
        kind === 'cpus'
          ? (cpus?.idleSeconds ?? 0) - (cpus?.plannedIdleSeconds ?? 0)
          : kind === 'memory'
            ? (((memory?.wasted ?? 0) - (memory?.plannedWaste ?? 0)) / BYTES_PER_GB) * MEMORY_TO_CPU
            : 0,
    }));
  });
  // What has no task here has nothing that a run could tell.
  const alone = [...better].filter(([call]) => !calls.includes(call));
  const quick = (some: readonly RequestChange[]): RunFigures | string => run(requestsOf(some, better), false);
  const { kept, leftOut } = changesThatPay(changes, quick, most, isLarge ? quick : (some) => run(requestsOf(some, better), true));
  return { better: new Map([...alone, ...requestsOf(kept, better)]), leftOut };
}

const KINDS: readonly RequestKind[] = ['cpus', 'memory', 'limit'];
const BYTES_PER_GB = 1e9;

/** All that runs say is enough, unchecked. */
export function sizedRequests(graph: ProcessGraph, sizing: Sizing): ReadonlyMap<ProcessCall, BetterRequests> {
  return new Map(
    sizing.all.flatMap((sized): [ProcessCall, BetterRequests][] => {
      const better = betterRequests(graph, sized);
      return Object.keys(better).length === 0 ? [] : [[sized.call, better]];
    }),
  );
}

function requestsOf(
  changes: readonly RequestChange[],
  all: ReadonlyMap<ProcessCall, BetterRequests>,
): ReadonlyMap<ProcessCall, BetterRequests> {
  const some = new Map<ProcessCall, BetterRequests>();
  for (const { call, kind } of changes) some.set(call, { ...some.get(call), [kind]: all.get(call)?.[kind] });
  return some;
}
