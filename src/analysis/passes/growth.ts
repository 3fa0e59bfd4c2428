/**
 * How a run grows with its samples: for each number of samples that is asked for, the tasks that it makes, simulated. Nothing is drawn out from one number to
 * another; what is too much to simulate has no figures.
 */
import type { Estimate } from '../estimate/estimate.ts';
import type { Cause } from '../simulate/waits.ts';
import { type Range, rangeOf, tellingWorlds } from '../simulate/worlds.ts';
import { type PlatformParts, type TimeOnPlatform, timesBeside } from './platform/platform-times.ts';
import { type TimeParts, type Times, timesOf } from './times.ts';

export interface GrowthRow {
  readonly samples: number;
  /** Why there are no figures. */
  readonly untold?: string;
  readonly run?: GrownRun;
}

export interface GrownRun {
  readonly tasks: number;
  /** Of the platform where one is named, else with room for every task. */
  readonly worlds: number;
  readonly wallClock: Estimate;
  /** Absent without prices. */
  readonly cost?: Estimate;
  /** What one more adds, in seconds and money: as many again, `samples`, were simulated with the same luck, and the difference shared out among them. */
  readonly further?: { readonly samples: number; readonly wallClock: Estimate; readonly cost?: Estimate };
  /** The most tasks at once with room for all, and the share of that time in which one runs alone, 0 to 1. */
  readonly width: number;
  readonly serialShare: number;
  /** On a platform: what tasks wait for most of all that is its own, and for how many seconds together. */
  readonly heldBy?: { readonly cause: Cause; readonly seconds: number };
}

/** More tasks are simulated in no case. */
const MOST_TASKS = 1_200_000;
const PILOT_SAMPLES = 10;
/**
 * Up to so many a second run, with twice as many samples, tells what one more adds. With a few more it would not: where machines come whole, in sizes that double,
 * those few only fill up what is rented already, or are the first on another one.
 */
const MOST_TWICE = 50_000;

/** @param platform where it runs; undefined: with room for every task */
export function growthOf(
  numbers: readonly number[],
  parts: TimeParts,
  platform: Omit<PlatformParts, 'times' | 'assumptions'> | undefined,
): GrowthRow[] {
  // Sets of calls that could run side by side are not timed here. What is assumed is what is assumed of the run as it is.
  const plain = { ...parts, sets: [], most: MOST_TASKS };
  // Where few worlds can be looked at, they are those that tell most of fewer samples: a luck that is rare is no growth.
  let worldsOfMany: readonly number[] = [0, 1, 2];
  const runWith = (samples: number, like?: Ran): Ran | string => {
    const times = timesOf({ ...plain, worldsOfMany, binding: parts.binding.giving('samples', samples), assumptions: new Set() });
    if ('untimed' in times) return times.untimed ?? 'there is nothing to run';
    if (platform === undefined) return { times };
    const few = like?.now?.byWorld.numbers ?? (times.worlds === worldsOfMany.length ? worldsOfMany : undefined);
    const { now, stuck, telling } = timesBeside({ ...platform, ...(few && { worlds: few }), times, assumptions: new Set() }, true);
    return now === undefined ? `the run does not come to its end: ${stuck}` : { times, now, ...(telling && { telling }) };
  };
  const tellingOf = ({ times, telling }: Ran): readonly number[] => telling?.() ?? tellingWorlds(times.byWorld.work);
  const inOrder = [...new Set(numbers)].sort((one, two) => one - two);
  const pilot = runWith(Math.min(PILOT_SAMPLES, inOrder[0] as number));
  if (typeof pilot !== 'string') worldsOfMany = tellingOf(pilot);
  return inOrder.map((samples): GrowthRow => {
    const ran = runWith(samples);
    if (typeof ran === 'string') return { samples, untold: ran };
    if (ran.times.worlds > worldsOfMany.length) worldsOfMany = tellingOf(ran);
    const beyond = ran.times.tasks > MOST_TWICE ? undefined : runWith(2 * samples, ran);
    return { samples, run: grown(ran, beyond === undefined || typeof beyond === 'string' ? undefined : { ...beyond, more: samples }) };
  });
}

interface Ran {
  readonly times: Times;
  readonly telling?: () => readonly number[];
  readonly now?: TimeOnPlatform;
}

function grown(ran: Ran, beyond: (Ran & { readonly more: number }) | undefined): GrownRun {
  const { times, now } = ran;
  const { tasks, width, serialShare } = times;
  const [held] = [...(now?.waits ?? [])].filter(([cause]) => !OWN_TO_PIPELINES.has(cause)).sort(([, one], [, two]) => two - one);
  return {
    tasks,
    worlds: numbersOf(ran).length,
    wallClock: wallClockOf(ran),
    ...(now?.money && { cost: now.money.cost }),
    ...(beyond && { further: furtherOf(ran, beyond) }),
    width: width.count,
    serialShare,
    ...(held && { heldBy: { cause: held[0], seconds: held[1] } }),
  };
}

/** Waits that there are with room for every task. */
const OWN_TO_PIPELINES: ReadonlySet<Cause> = new Set(['data', 'avoidable']);

function furtherOf(ran: Ran, beyond: Ran & { readonly more: number }): NonNullable<GrownRun['further']> {
  const [numbers, later] = [numbersOf(ran), numbersOf(beyond)];
  /** World by world, and draw by draw, for each of the samples that came in addition; what is expected is the difference of what is expected, as a reader of both works it out. */
  const eachOf = (more: readonly ArrayLike<number>[], less: readonly ArrayLike<number>[], dearer: Estimate, plain: Estimate): Range => {
    const expected = (dearer.expected - plain.expected) / beyond.more;
    const each = numbers.flatMap((number, at) => {
      const beside = more[later.indexOf(number)];
      if (beside === undefined) return [];
      const each = Array.from(less[at] as ArrayLike<number>, (one, draw) => ((beside[draw] as number) - one) / beyond.more);
      return each.filter((one) => !Number.isNaN(one));
    });
    const { low, high } = rangeOf(Float64Array.from(each));
    return { low: Math.min(low, expected), expected, high: Math.max(high, expected) };
  };
  const { basis, source } = ran.times.evidence;
  const [cost, dearer] = [ran.now, beyond.now].map(
    (now) => now?.money && now.byWorld.cost && { drawn: now.byWorld.cost, all: now.money.cost },
  );
  return {
    samples: beyond.more,
    wallClock: { ...eachOf(secondsOf(beyond), secondsOf(ran), wallClockOf(beyond), wallClockOf(ran)), unit: 's', basis, source },
    ...(cost && dearer && { cost: { ...cost.all, ...eachOf(dearer.drawn, cost.drawn, dearer.all, cost.all) } }),
  };
}

function wallClockOf({ times, now }: Ran): Estimate {
  return now?.wallClock ?? times.now;
}

function numbersOf({ times, now }: Ran): readonly number[] {
  return (now ?? times).byWorld.numbers;
}

/** One of each world. */
function secondsOf({ times, now }: Ran): number[][] {
  return Array.from(now?.byWorld.seconds ?? times.byWorld.spans, (seconds) => [seconds]);
}
