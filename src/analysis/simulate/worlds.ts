/** What is not known about a run, drawn many times: how long tasks take, and what platforms leave to chance. */
import type { Platform } from './platforms/platform.ts';
import { nameOf, Random } from './random.ts';
import { type Simulation, simulate, type Tasks } from './simulate.ts';
import type { LinkedTasks, TaskLinks } from './task-graph.ts';

/** Durations of a call's tasks: what was seen, or one median, times factors that are ln-normal: one of the run, one of the call, one of each task. */
export interface DurationSpread {
  /** By which draws are told apart: the same name and number give the same luck in all variants. */
  readonly name: string;
  /** By task of the call, or one for all; ms. */
  readonly medianMs: number | Float64Array;
  /** Ms, the shortest first, in place of a median: each is drawn as often as the others, as far as the number of tasks allows. */
  readonly seenMs?: Float64Array;
  /** Of `seenMs`: spreads with the same `order` are of the same items, of which each task has the same in each world; `places` says where in `seenMs` those of each item are. */
  readonly items?: { readonly order: string; readonly places: Int32Array };
  /** Of the natural logarithm: what tasks of all calls share, and of this one. */
  readonly runSpread?: number;
  readonly sharedSpread: number;
  readonly ownSpread: number;
  /** Ms; no task takes longer. */
  readonly mostMs: number;
  /** In place of the platform's `speedSpread`, where its machines are not all of one kind. */
  readonly speedSpread?: number;
  /** What all of this is multiplied with, since tasks have other cpus than those that were seen. */
  readonly reckoned?: Reckoned;
  /** Ms that a task takes beside, whatever cpus it has. */
  readonly besideMs?: number;
}

/** A factor that nobody has seen: that of a tool which makes nothing of cpus, the likeliest, and that of one which makes all of them. In half of the worlds it lies on the one side, in half on the other. */
export interface Reckoned {
  readonly none: number;
  readonly expected: number;
  readonly all: number;
}

export const AS_SEEN: Reckoned = { none: 1, expected: 1, all: 1 };

/** Whole ms by task. @param spreads by group of the graph */
export function drawnDurations(graph: TaskLinks, spreads: readonly DurationSpread[], random: Random): Float64Array {
  return durationsOn({}, graph, spreads, random);
}

/** The same in many worlds, by their numbers: kept for whoever asks again, as far as that is not too much. */
export class DrawnWorlds {
  readonly #graph: TaskLinks;
  readonly #spreads: readonly DurationSpread[];
  readonly #kept = new Map<number, Float64Array>();

  /** @param spreads by group of the graph */
  constructor(graph: TaskLinks, spreads: readonly DurationSpread[]) {
    this.#graph = graph;
    this.#spreads = spreads;
  }

  /** Whole ms by task. Whoever changes them makes a copy. */
  of(world: number): Float64Array {
    const known = this.#kept.get(world);
    if (known !== undefined) return known;
    const durations = drawnDurations(this.#graph, this.#spreads, new Random(world));
    if ((this.#kept.size + 1) * durations.length <= MOST_DRAWN) this.#kept.set(world, durations);
    return durations;
  }
}

/** The same on a platform, whose machines are not as fast in each run. */
export function durationsOn(
  { speedSpread = 0 }: Pick<Platform, 'speedSpread'>,
  graph: TaskLinks,
  spreads: readonly DurationSpread[],
  random: Random,
): Float64Array {
  const durations = new Float64Array(graph.tasks);
  for (const [group, tasks] of graph.groups.entries()) {
    if (tasks.size === 0) continue;
    const spread = spreads[group] as DurationSpread;
    drawGroup(durations, tasks, spread, random, random, Math.exp((spread.speedSpread ?? speedSpread) * random.evenNormal));
  }
  return durations;
}

/** What half of the tasks take at most where nothing is drawn; of a spread with one median for all. */
export function typicalMs({ medianMs, seenMs, reckoned, besideMs = 0 }: DurationSpread): number {
  const median = seenMs === undefined ? (medianMs as number) : (seenMs[(seenMs.length - 1) >> 1] as number);
  return median * (reckoned?.expected ?? 1) + besideMs;
}

/**
 * Writes whole ms for the tasks of one group.
 * @param common from which comes what all of them share; from another world, the tasks differ from those of this one by that alone
 * @param slow what all of them are multiplied with
 */
export function drawGroup(
  durations: Float64Array,
  { first, size }: Pick<LinkedTasks, 'first' | 'size'>,
  { name, medianMs, seenMs, items, runSpread = 0, sharedSpread, ownSpread, mostMs, reckoned, besideMs = 0 }: DurationSpread,
  random: Random,
  common = random,
  slow = 1,
): void {
  const called = nameOf(name);
  const ofRun = runSpread === 0 ? slow : slow * Math.exp(runSpread * common.normal(RUN, 0));
  const order = items === undefined ? called : nameOf(items.order);
  const shares = seenMs === undefined ? undefined : random.evenly(order, size);
  const shared = sharedSpread === 0 ? 1 : Math.exp(sharedSpread * common.normal(SHARED, called));
  const cpus = reckoned === undefined ? 1 : sidedFactor(reckoned, common.uniform(CPUS, called));
  for (let task = 0; task < size; task += 1) {
    const median =
      seenMs !== undefined && shares !== undefined
        ? valueAt(seenMs, items?.places, shares[task] as number)
        : typeof medianMs === 'number'
          ? medianMs
          : (medianMs[task] as number);
    const own = ownSpread === 0 ? 1 : Math.exp(ownSpread * random.normal(called, task));
    durations[first + task] = Math.round(Math.min(mostMs, (median * cpus + besideMs) * ofRun * shared * own));
  }
}

/** Half of the lucks lie on each side of what is expected, and what is farther off is rarer: a triangle in logarithms on each side, up to the end. @param luck 0 to 1 */
export function sidedFactor({ none, expected, all }: Reckoned, luck: number): number {
  const [end, far] = luck < 0.5 ? [none, 1 - Math.sqrt(2 * luck)] : [all, 1 - Math.sqrt(2 - 2 * luck)];
  return expected * (end / expected) ** far;
}

/** Of a call's tasks together, in deviations: what a world holds for how long the call takes. */
export function sharedLuck(random: Random, name: string): number {
  return random.normal(SHARED, nameOf(name));
}

/** @param sorted some values @param order in which they stand; rising if not given @param share of them that are before, 0 to 1 */
function valueAt(sorted: Float64Array, order: Int32Array | undefined, share: number): number {
  const at = Math.min(sorted.length - 1, Math.floor(share * sorted.length));
  return sorted[order === undefined ? at : (order[at] as number)] as number;
}

const RUN = nameOf('what all tasks of a run share');
const SHARED = nameOf('what all tasks of a call share');
const CPUS = nameOf('how well a call uses cpus');

/** How many attempts at each task fail: so many tasks of a group as the shares say, and chance says which. @param failing as in `WorldsOptions` */
export function drawnFailures(
  graph: TaskLinks,
  spreads: readonly DurationSpread[],
  failing: readonly (readonly number[])[],
  random: Random,
): Uint8Array {
  const failures = new Uint8Array(graph.tasks);
  for (const [group, { first, size }] of graph.groups.entries()) {
    const shares = failing[group] as readonly number[];
    if (shares.length === 0) continue;
    const called = nameOf(`a failure of ${(spreads[group] as DurationSpread).name}`);
    const drawn = Float64Array.from({ length: size }, (_, task) => random.uniform(called, task));
    const sorted = drawn.toSorted();
    const offset = random.uniform(called, size);
    for (const share of shares) {
      let count = 0;
      while (count < size && count + offset < share * size) count += 1;
      if (count === 0) continue;
      // The tasks with the lowest draws, and of those that drew the last of these alike the first.
      const last = sorted[count - 1] as number;
      let alike = count - sorted.indexOf(last);
      for (let task = 0; task < size; task += 1) {
        const draw = drawn[task] as number;
        if (draw > last || (draw === last && (alike -= 1) < 0)) continue;
        failures[first + task] = (failures[first + task] as number) + 1;
      }
    }
  }
  return failures;
}

/** Holds the truth in 8 of 10 cases, as far as what was drawn goes. Ms. */
export interface Range {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface Worlds {
  /** Of the runs that come to their end; of all where none does. */
  readonly makespanMs: Range;
  /** By world, and the number of each; NaN where the run does not come to its end. */
  readonly makespansMs: Float64Array;
  readonly numbers: readonly number[];
  /** The run in the world with the middle makespan; where all runs are too much to keep, it is simulated anew when asked for. */
  readonly middle: Simulation;
  /** How many runs do not come to their end, and the first of them; undefined where all do. */
  readonly unfinished: { readonly runs: number; readonly first: Simulation } | undefined;
}

export interface WorldsOptions {
  readonly seed?: number;
  /** How many, or the numbers of those that are to be looked at. */
  readonly worlds: number | readonly number[];
  readonly data?: TaskLinks;
  /** By group of the graph, shares of its tasks, 0 to 1: at index k of those of which more than k attempts fail. */
  readonly failing?: readonly (readonly number[])[];
  /** Is shown the run of each world. */
  readonly each?: (run: Simulation) => void;
}

/** Two calls with one seed meet the same luck, world by world: the difference of their makespans is that of what was changed. */
export function simulateWorlds(
  graph: TaskLinks,
  tasks: Omit<Tasks, 'durationsMs'>,
  spreads: readonly DurationSpread[],
  platform: Platform,
  { seed = 0, worlds, data, failing, each }: WorldsOptions,
): Worlds {
  const numbers = typeof worlds === 'number' ? Array.from({ length: worlds }, (_, world) => world) : worlds;
  const [makespansMs, ended] = [new Float64Array(numbers.length), new Float64Array(numbers.length)];
  const run = (world: number): Simulation => {
    const luck = seed * FAR + world;
    const random = new Random(luck);
    const durationsMs = durationsOn(platform, graph, spreads, random);
    const failures = failing === undefined ? {} : { failures: drawnFailures(graph, spreads, failing, random) };
    return simulate(graph, { ...tasks, durationsMs, ...failures }, platform, { seed: luck, ...(data === undefined ? {} : { data }) });
  };
  const kept: Simulation[] = [];
  let unfinished: Worlds['unfinished'];
  for (const [at, world] of numbers.entries()) {
    const simulated = run(world);
    const isDone = simulated.outcome === 'completed';
    makespansMs[at] = simulated.makespanMs;
    ended[at] = isDone ? simulated.makespanMs : Number.NaN;
    if (!isDone) unfinished = { runs: (unfinished?.runs ?? 0) + 1, first: unfinished?.first ?? simulated };
    if (numbers.length * graph.tasks <= MOST_KEPT) kept.push(simulated);
    each?.(simulated);
  }
  const isNone = unfinished?.runs === numbers.length;
  const makespanMs = rangeOf(isNone ? makespansMs : ended.filter((ms) => !Number.isNaN(ms)));
  return {
    makespanMs,
    makespansMs: ended,
    numbers,
    get middle() {
      const at = (isNone ? makespansMs : ended).indexOf(makespanMs.expected);
      return kept[at] ?? run(numbers[at] as number);
    },
    unfinished,
  };
}

/** Durations of tasks, of 8 bytes each. */
const MOST_DRAWN = 2_000_000;

/** Tasks of runs, of 30 bytes each. */
const MOST_KEPT = 400_000;

/** Seeds next to each other have no world in common. */
const FAR = 65_537;

/**
 * Of many worlds three that stand for all, by their places: at the bounds and in the middle of a range over what is told of each. Each counting as much as the others they
 * are spread as all are: three lucks of −1.28, 0 and 1.28 deviations have a variance of 1.09.
 */
export function tellingWorlds(values: Float64Array): readonly [number, number, number] {
  const sorted = [...values.keys()].sort((one, two) => (values[one] as number) - (values[two] as number) || one - two);
  return SHARES.map((share) => sorted[placeOf(share, sorted.length)]) as [number, number, number];
}

export function rangeOf(values: Float64Array): Range {
  const sorted = values.slice().sort();
  const [low, expected, high] = SHARES.map((share) => sorted[placeOf(share, sorted.length)]) as [number, number, number];
  return { low, expected, high };
}

const SHARES = [0.1, 0.5, 0.9];

function placeOf(share: number, count: number): number {
  return Math.round(share * (count - 1));
}
