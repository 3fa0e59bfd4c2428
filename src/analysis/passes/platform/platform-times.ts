/** The tasks of a pipeline on a platform with the room that it has: as they are, without avoidable waits, and with only what is read. */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { Pipeline } from '../../../parser/pipeline/pipeline.ts';
import type { MissingPrice } from '../../cost/money.ts';
import type { PriceBook } from '../../cost/price-book.ts';
import type { Estimate } from '../../estimate/estimate.ts';
import type { Evidence } from '../../estimate/evidence.ts';
import {
  type ChosenPlatform,
  choosePlatform,
  type PlatformNeeds,
  type PlatformOptions,
  plainOptions,
  type Route,
} from '../../simulate/platforms/choice.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import { partsOf, splitOf } from '../../simulate/platforms/split.ts';
import { Random } from '../../simulate/random.ts';
import { Scheduler } from '../../simulate/schedule.ts';
import type { CallSettings, Simulation } from '../../simulate/simulate.ts';
import type { TaskGraph } from '../../simulate/task-graph.ts';
import { CAUSES, type Cause } from '../../simulate/waits.ts';
import { type DurationSpread, durationsOn, rangeOf, simulateWorlds, tellingWorlds, type WorldsOptions } from '../../simulate/worlds.ts';
import { firstEndOf, publishingCalls } from '../publishing.ts';
import type { CpuLaw } from '../sizing/cpu-law.ts';
import { expectedFailing, failsAfter } from '../sizing/failing-attempts.ts';
import type { RightSizing, RunFigures } from '../sizing/right-sizing.ts';
import type { Sizing } from '../sizing/sizing.ts';
import type { Times, Untimed } from '../times.ts';
import { askedBy, asksForGpus, firstOf, placedAt, withoutGpus } from './asked-requests.ts';
import { executorSettings } from './executor-settings.ts';
import { type FullerMachines, fullerMachines } from './fuller-machines.ts';
import { type HeldHours, HeldHoursByWorld } from './held-hours.ts';
import { isStuck, type Unfinished, unfinishedOf, unfinishedText } from './no-room.ts';
import { hasPrice, PlatformBills, type PlatformCost } from './platform-cost.ts';
import { type RightSizedCall, type RightSizedRun, rightSizedRun } from './right-sized-run.ts';
import { type RoutedCalls, routedCalls } from './routes.ts';
import { type Transfer, transferAssumptions, transferOf } from './transfer.ts';

export interface TimeOnPlatform {
  readonly wallClock: Estimate;
  /** When the first task that publishes something has ended. Absent where none does. */
  readonly firstResult?: Estimate;
  /** Seconds that all tasks together waited, by cause, in the world with the middle time. */
  readonly waits: ReadonlyMap<Cause, number>;
  /** Those for tasks that give them nothing, by the call whose tasks wait; in the same world. */
  readonly avoidable: ReadonlyMap<ProcessCall, number>;
  /** By all attempts, in the worlds of the times. */
  readonly held: HeldHours;
  /** Absent where nobody gave prices, or one is missing. */
  readonly money?: PlatformCost;
  /** Seconds and, with `money`, what it costs, with its prices drawn several times: what is at one place has met the same luck on all platforms. */
  readonly byWorld: {
    readonly numbers: readonly number[];
    readonly seconds: Float64Array;
    readonly cost?: readonly (readonly number[])[];
  };
  /** Runs that do not come to their end, where they are few: they are in no figure, and NaN in `byWorld`. */
  readonly unfinished?: Unfinished;
}

export interface PlatformTimes {
  /** By which costs are worked out. */
  readonly prices?: PriceBook;
  /** Because of which there is no cost. */
  readonly missing?: MissingPrice;
  readonly chosen: ChosenPlatform;
  /** Where `chosen` is made of several: what goes from one to another. */
  readonly transfer?: Transfer;
  /** Routes by which no call goes. */
  readonly idleRoutes: RoutedCalls['idle'];
  /** Why the run does not come to its end. */
  readonly stuck?: string;
  /** The same of the run with the requests that are proposed. */
  readonly stuckRightSized?: string;
  /** Calls whose tasks run as if they asked for no GPUs: what they take there nobody knows. */
  readonly withoutGpus?: readonly string[];
  /** Which requests are proposed, and which would make the run worse. Absent where nothing is timed. */
  readonly rightSizing?: RightSizing;
  /** Of what the runs are made. Absent where nothing is timed. */
  readonly setup?: PlatformSetup;
  /** Absent where it does not, or where nothing is timed. */
  readonly setting?: PlatformSetting;
  readonly times?: {
    readonly now: TimeOnPlatform;
    readonly lossless: TimeOnPlatform;
    readonly ideal: TimeOnPlatform;
    /** As it is now, with the requests that runs say are enough. Absent where those stay. */
    readonly rightSized?: TimeOnPlatform;
    /** `now` and `ideal` with room for every task, on machines as fast as there and with files that take as long: no run there takes less. */
    readonly withRoom: Readonly<Record<'now' | 'ideal', Estimate>>;
    /** As it is now, with as many cpus at once as tasks use. Absent where that saves nothing, or takes longer. */
    readonly fuller?: FullerMachines;
  };
}

/** By group of the tasks as they are now. */
export interface PlatformSetup {
  readonly needs: PlatformNeeds;
  readonly calls: readonly CallSettings[];
  /** With what files take. */
  readonly spreads: readonly DurationSpread[];
  /** As many attempts as failed in runs. */
  readonly failing: NonNullable<WorldsOptions['failing']>;
  /** With what runs say is enough; undefined where today's requests stay. */
  readonly rightSized: readonly (RightSizedCall | undefined)[];
}

/** What it takes to run the tasks there once more. */
export interface PlatformSetting extends PlatformSetup {
  readonly chosen: ChosenPlatform;
  readonly options: PlatformOptions;
  /** Shares of the tasks of a call that fail, as in `failing`, if they ask for other memory. */
  failingWith(call: ProcessCall, settings: CallSettings): readonly number[];
  /** What tasks of a call take with other cpus. Undefined where that cannot be told. */
  lawOf(call: ProcessCall): CpuLaw | undefined;
  /** The same platform without a limit of how many tasks are submitted. */
  withoutQueue(): ChosenPlatform;
  /** Absent where nobody gave prices, or one is missing. */
  readonly prices?: PriceBook;
}

export interface PlatformParts {
  readonly pipeline: Pipeline;
  readonly graph: ProcessGraph;
  readonly evidence: Evidence;
  readonly sizing: Sizing;
  readonly times: Times | Untimed;
  readonly options: PlatformOptions;
  readonly figures?: PlatformNeeds['figures'];
  /** Where all worlds of the times are too much: those that are looked at, by their numbers. */
  readonly worlds?: readonly number[];
  readonly assumptions: Set<string>;
}

/** @throws UnknownPlatform */
export function platformTimes(parts: PlatformParts): PlatformTimes {
  const { times, options } = parts;
  if ('untimed' in times) return untimedOn(parts);
  const { views } = times;
  const runs = runsOn(parts, times);
  const { chosen, asIs, on, onNow, transfer, idleRoutes, withoutQueue } = runs;
  const { withoutGpus } = runs;
  const place = { chosen, idleRoutes, ...(transfer && { transfer }), ...(withoutGpus.length > 0 && { withoutGpus }) };
  const now = onNow({ ...asIs, data: views.lossless });
  if (typeof now === 'string') return { ...place, stuck: now };
  const lossless = views.lossless === views.now ? now : on(views.lossless, asIs);
  if (typeof lossless === 'string') return { ...place, stuck: lossless };
  const ideal = views.ideal === views.lossless ? lossless : on(views.ideal, asIs);
  if (typeof ideal === 'string') return { ...place, stuck: ideal };
  const { rightSizing, sized, times: rightSized, stuck } = runs.rightSized();
  const withRoomNow = runs.withRoom(views.now);
  const withRoom = { now: withRoomNow, ideal: views.ideal === views.now ? withRoomNow : runs.withRoom(views.ideal) };
  const fuller = fullerMachines({ options, chosen, graph: views.now }, runs.setup, now, (rental) => on(views.now, asIs, rental));
  const setup = { ...runs.setup, rightSized: sized };
  const failingWith = (call: ProcessCall, settings: CallSettings): readonly number[] => {
    const measured = parts.sizing.of(call);
    return measured === undefined ? [] : expectedFailing(measured, settings, true);
  };
  const lawOf = (call: ProcessCall): CpuLaw | undefined => parts.sizing.of(call)?.law;
  const { missing } = runs;
  const prices = now.money && options.prices;
  return {
    ...place,
    setup,
    rightSizing,
    ...(stuck !== undefined && { stuckRightSized: stuck }),
    times: { now, lossless, ideal, ...(rightSized && { rightSized }), ...(fuller && { fuller }), withRoom },
    setting: { ...setup, chosen, options: plainOptions(options), withoutQueue, failingWith, lawOf, ...(prices && { prices }) },
    ...(missing && { missing }),
    ...(prices && { prices }),
  };
}

function untimedOn({ graph, options }: PlatformParts): Pick<PlatformTimes, 'chosen' | 'idleRoutes'> {
  const { idle } = routedCalls(graph, options.routes ?? [], () => true);
  return { chosen: choosePlatform(options, { executor: {}, mostCpus: 0, mostMemory: 0 }), idleRoutes: idle };
}

/** The tasks as they are, on a platform that is compared with another. */
export interface TimesBeside extends Pick<PlatformTimes, 'chosen' | 'transfer' | 'stuck' | 'missing' | 'withoutGpus'> {
  readonly now?: TimeOnPlatform;
  readonly rightSized?: TimeOnPlatform;
  /** Worlds of the times that stand for all of them there, by their numbers. */
  telling?(): readonly number[];
}

/** @param nowAlone without right-sized requests @throws UnknownPlatform */
export function timesBeside(parts: PlatformParts, nowAlone = false): TimesBeside {
  const { times } = parts;
  if ('untimed' in times) return untimedOn(parts);
  const runs = runsOn(parts, times);
  const { chosen, asIs, onNow } = runs;
  const now = onNow({ ...asIs, data: times.views.lossless });
  if (typeof now === 'string') return { chosen, stuck: now };
  // Of each platform all requests together, or none.
  const rightSized = nowAlone ? undefined : runs.rightSized(1).times;
  const { missing } = runs;
  const gpuless = runs.withoutGpus.length > 0 && { withoutGpus: runs.withoutGpus };
  return { chosen, now, telling: runs.telling, ...(rightSized && { rightSized }), ...(missing && { missing }), ...gpuless };
}

/** On which part of a platform the tasks of each group run. */
interface Placed {
  readonly chosen: ChosenPlatform;
  /** By group of the tasks; all 0 where there is one part. */
  readonly on: readonly number[];
  /** Of the first part. */
  readonly needs: PlatformNeeds;
  readonly idleRoutes: RoutedCalls['idle'];
  withoutQueue(): ChosenPlatform;
}

/** @param first what tasks ask for in their first attempt, by group */
function placedOn({ pipeline, graph, options, figures }: PlatformParts, groups: TaskGraph['groups'], first: readonly Request[]): Placed {
  const { routes = [], ...rest } = options;
  const running = new Set(groups.flatMap(({ call, size }) => (size > 0 ? [call] : [])));
  const { routeOf, idle } = routedCalls(graph, routes, (call) => running.has(call));
  // Whoever is routed to the same platform shares it, also with the rest.
  const different = new Map<string, PlatformOptions>();
  const keyOf = (one: PlatformOptions): string => {
    const { prices: _, ...said } = plainOptions(one);
    return JSON.stringify(said, Object.keys(said).sort());
  };
  const wanted = groups.map(({ call, size }): string | undefined => {
    const route = routeOf.get(call);
    const one = route === undefined ? rest : (routes[route] as Route).to;
    if (size > 0) different.set(keyOf(one), different.get(keyOf(one)) ?? one);
    return size > 0 ? keyOf(one) : undefined;
  });
  // The rest comes first, then in the order of the routes.
  const order = [rest, ...routes.map(({ to }) => to)].map(keyOf);
  const keys = [...different.keys()].sort((one, two) => order.indexOf(one) - order.indexOf(two));
  const used = keys.length === 0 ? [rest] : keys.map((key) => different.get(key) as PlatformOptions);
  const on = wanted.map((key) => (key === undefined ? 0 : keys.indexOf(key)));
  const needsOf = (part: number): PlatformNeeds => {
    const own = first.filter((_, group) => on[group] === part && (groups[group] as (typeof groups)[number]).size > 0);
    return {
      ...executorSettings(pipeline, (used[part] as PlatformOptions).name),
      mostCpus: Math.max(0, ...own.map(({ cpus }) => cpus)),
      mostMemory: Math.max(0, ...own.map(({ memoryBytes }) => memoryBytes)),
      mostAccelerators: Math.max(0, ...own.map(({ accelerators = 0 }) => accelerators)),
      ...(figures && { figures }),
    };
  };
  const choose = (change: (needs: PlatformNeeds) => PlatformNeeds): ChosenPlatform => {
    const [base, ...others] = used.map((one, part) => choosePlatform(one, change(needsOf(part)))) as [ChosenPlatform, ...ChosenPlatform[]];
    if (others.length === 0) return base;
    const named = (part: number): string[] => [
      ...new Set(groups.flatMap(({ call, size }, at) => (size > 0 && on[at] === part ? [call.name] : []))),
    ];
    return splitOf(
      base,
      others.map((chosen, index) => ({ chosen, calls: named(index + 1) })),
    );
  };
  return {
    chosen: choose((needs) => needs),
    on,
    needs: needsOf(0),
    idleRoutes: idle,
    withoutQueue: () =>
      choose((needs) => {
        const { queueSize: _, ...executor } = needs.executor;
        return { ...needs, executor };
      }),
  };
}

/** What runs on a platform are made of, and how they are made there. */
interface RunsOn extends Omit<Placed, 'on' | 'needs'> {
  /** Worlds of the times that stand for all of them here, by their numbers. */
  telling(): readonly number[];
  readonly transfer: Transfer | undefined;
  readonly setup: Omit<PlatformSetup, 'rightSized'>;
  readonly asIs: Variant;
  /** @returns why it does not come to its end, where it does not */
  on(view: TaskGraph, variant: Variant, rental?: ChosenPlatform): TimeOnPlatform | string;
  /** The same of the tasks as they are linked now: once for what asks for the same and fails as often. */
  onNow(variant: Variant): TimeOnPlatform | string;
  /** In the same worlds with the same durations, as if there were no end of machines. */
  withRoom(view: TaskGraph): Estimate;
  /**
   * With the requests that runs say are enough, as far as the run is no worse for them. No times: those of today stay, or larger ones of a later attempt fit nowhere.
   * @param most runs that are simulated to see that; as many as seem right if not given
   */
  rightSized(most?: number): Pick<RightSizedRun, 'rightSizing' | 'sized'> & { readonly times?: TimeOnPlatform; readonly stuck?: string };
  /** Because of which there is no cost, as far as runs have shown. */
  readonly missing: MissingPrice | undefined;
  /** Calls whose tasks run without the GPUs that they ask for. */
  readonly withoutGpus: readonly string[];
}

function runsOn(parts: PlatformParts, times: Times): RunsOn {
  const { graph, evidence, sizing, options, assumptions } = parts;
  const { views, evidence: known } = times;
  const isTooMuch = times.worlds * times.tasks > EFFORT;
  const { groups } = views.now;
  const publishing = publishingCalls(graph);
  // What was measured is the command alone: a machine is held while files come and go, too.
  const staging = groups.map(({ call }, at) => (times.bases[at] === 'measured' ? (evidence.of(call)?.staging?.median ?? 0) : 0));
  // As much as half of the tasks took for it: on machines that are taken back some hold that of an earlier try, too.
  const held = times.spreads.map((spread, at): DurationSpread => ({ ...spread, besideMs: Math.max(0, staging[at] as number) }));
  if (staging.some((ms) => ms >= TELLING_MS))
    assumptions.add(
      'on the platform tasks take as long to get and to put their files as they did in the runs; the longest path, and what is saved with room for every task, are without that',
    );
  const asked = groups.map(({ call }) => askedBy(graph, evidence, call));
  const place = placedOn(
    parts,
    groups,
    asked.map(({ settings }) => firstOf(settings)),
  );
  const { chosen, needs, idleRoutes, withoutQueue } = place;
  const pieces = partsOf(chosen);
  const isSplit = pieces.length > 1;
  const spreads = isSplit
    ? held.map((spread, at) => ({ ...spread, speedSpread: (pieces[place.on[at] as number] as ChosenPlatform).platform.speedSpread ?? 0 }))
    : held;
  for (const assumption of chosen.assumptions) assumptions.add(assumption);
  // Many tasks wait for machines, so that it is the cpu hours that tell, on machines as slow as in that world.
  const cpuTimeIn = (world: number): number => {
    const durations = durationsOn(chosen.platform, views.now, spreads, new Random(world));
    return groups.reduce((sum, { first, size }, at) => {
      let ms = 0;
      for (let task = first; task < first + size; task += 1) ms += durations[task] as number;
      return sum + ms * firstOf((asked[at] as (typeof asked)[number]).settings).cpus;
    }, 0);
  };
  const telling = (): readonly number[] => {
    const { numbers } = times.byWorld;
    return tellingWorlds(Float64Array.from(numbers, cpuTimeIn)).map((at) => numbers[at] as number);
  };
  const worlds = isTooMuch ? (parts.worlds ?? telling()) : times.worlds;
  if (isTooMuch)
    assumptions.add(
      `with ${times.tasks} tasks the platform is simulated three times: where tasks, and machines of that speed, make as many cpu hours as in the middle and at the ends of their range`,
    );
  const unknown = groups.flatMap(({ call, size }, at) => (size > 0 && asked[at]?.guessed === true ? [call.name] : []));
  if (unknown.length > 0)
    assumptions.add(
      `what cannot be told of what calls ask for is taken for 1 cpu, no memory and no GPU: ${[...new Set(unknown)].join(', ')}`,
    );
  // What has no GPUs runs tasks as if they asked for none.
  const lacksGpus = (at: number): boolean =>
    asksForGpus((asked[at] as (typeof asked)[number]).settings) && (pieces[place.on[at] as number] as ChosenPlatform).countsGpus !== true;
  const calls = asked.map(({ settings }, at) => {
    const sized = sizing.of((groups[at] as (typeof groups)[number]).call);
    const failing = sized === undefined ? settings : { ...settings, failsAfter: failsAfter(sized) };
    const own = lacksGpus(at) ? withoutGpus(failing) : failing;
    return isSplit ? placedAt(own, place.on[at] as number) : own;
  });
  const placed = new Map<ProcessCall, { on: number; tasks: number }>();
  for (const [at, { call, size }] of groups.entries())
    if (size > 0) placed.set(call, { on: place.on[at] as number, tasks: size + (placed.get(call)?.tasks ?? 0) });
  const transfer = isSplit ? transferOf({ graph, evidence, placed, parts: pieces, prices: options.prices }) : undefined;
  for (const assumption of transfer === undefined ? [] : transferAssumptions(transfer)) assumptions.add(assumption);
  const isRentedAt = (at: number): boolean => {
    const { region, alwaysOn } = pieces[place.on[at] as number] as ChosenPlatform;
    return (region ?? alwaysOn) !== undefined;
  };
  const namesOf = (holds: (at: number) => boolean): string[] => [
    ...new Set(groups.flatMap(({ call, size }, at) => (size > 0 && holds(at) ? [call.name] : []))),
  ];
  const accelerated = namesOf(lacksGpus);
  if (accelerated.length > 0) assumptions.add(`GPUs are not looked at: tasks of ${accelerated.join(', ')} run as if they asked for none`);
  const rentedGpus = namesOf((at) => lacksGpus(at) && isRentedAt(at));
  let missing: MissingPrice | undefined =
    rentedGpus.length > 0
      ? {
          missing: `machines with GPUs (${rentedGpus.join(', ')})`,
          hint: 'what the run costs without them would be too little; --platform aws-batch looks at GPUs',
        }
      : transfer?.missing;
  const on = (view: TaskGraph, { calls, spreads, ...more }: Variant, rental = chosen): TimeOnPlatform | string => {
    const bills =
      missing === undefined && options.prices !== undefined && hasPrice(rental, options.prices)
        ? new PlatformBills(options.prices, rental, transfer?.cost)
        : undefined;
    const requests = calls.map(firstOf);
    const hours = new HeldHoursByWorld();
    const firsts: number[] = [];
    const each = (run: Simulation): void => {
      bills?.add(run, view, requests);
      if (run.outcome !== 'completed') return;
      firsts.push(firstEndOf(view.groups, run.ends, publishing) / 1000);
      hours.add(view, calls, run);
    };
    const all = simulateWorlds(view, { calls }, spreads, rental.platform, { worlds, each, ...more });
    const { makespanMs, makespansMs, numbers, middle } = all;
    missing ??= bills?.missing;
    const money = bills?.cost(known);
    for (const covered of money === undefined ? [] : (bills?.covers ?? [])) assumptions.add(covered);
    const unfinished = unfinishedOf(all, groups, calls, rental, (group) => (more.failing?.[group]?.length ?? 0) > 0);
    if (unfinished !== undefined && isStuck(unfinished)) return unfinishedText(unfinished);
    const waits = new Map<Cause, number>();
    for (const cause of CAUSES) {
      const ms = middle.waits.reduce((sum, one) => sum + one[cause], 0);
      if (ms > 0) waits.set(cause, ms / 1000);
    }
    const avoidable = new Map(middle.waits.map((one, group) => [(groups[group] as (typeof groups)[number]).call, one.avoidable / 1000]));
    const [low, expected, high] = [makespanMs.low / 1000, makespanMs.expected / 1000, makespanMs.high / 1000];
    return {
      wallClock: { low, expected, high, unit: 's', ...known },
      ...(!firsts.some(Number.isNaN) && { firstResult: { ...rangeOf(Float64Array.from(firsts)), unit: 's', ...known } }),
      waits,
      avoidable,
      held: hours.estimate(known),
      ...(money && { money }),
      byWorld: { numbers, seconds: makespansMs.map((ms) => ms / 1000), ...(money && bills && { cost: bills.drawn }) },
      ...(unfinished && { unfinished }),
    };
  };
  const runsNow = new Map<string, TimeOnPlatform | string>();
  const onNow = (variant: Variant): TimeOnPlatform | string => {
    const key = JSON.stringify([variant.calls, variant.failing]);
    const run = runsNow.get(key) ?? on(views.now, variant);
    runsNow.set(key, run);
    return run;
  };
  const failing = groups.map(({ call }, at): readonly number[] => {
    const sized = sizing.of(call);
    return sized === undefined ? [] : expectedFailing(sized, calls[at] as CallSettings);
  });
  if (failing.some(({ length }) => length > 0))
    assumptions.add(
      'on the platform as many attempts fail as in the runs, or as runs say with the memory that is asked for now, each after as much of its time as there',
    );
  const asIs = { calls, spreads, failing };
  return {
    ...{ chosen, idleRoutes, withoutQueue, transfer, telling },
    setup: { needs, calls, spreads, failing },
    asIs,
    on,
    onNow,
    withRoom(view) {
      const scheduler = new Scheduler(view, times.forks);
      const numbers = typeof worlds === 'number' ? times.byWorld.numbers : worlds;
      const spans = Float64Array.from(numbers, (world) => {
        const ms = durationsOn(chosen.platform, view, spreads, new Random(world));
        return scheduler.run(ms.map((one) => one / 1000)).span;
      });
      return { ...rangeOf(spans), unit: 's', ...known };
    },
    rightSized(most) {
      const prices = missing === undefined && options.prices !== undefined && hasPrice(chosen, options.prices) ? options.prices : undefined;
      const { rightSizing, sized, variant } = rightSizedRun({
        ...{ graph, sizing, times, calls, spreads, failing, chosen, most },
        bills: () => (prices === undefined ? undefined : new PlatformBills(prices, chosen, transfer?.cost)),
        // With so many tasks by the runs that are shown, and no others.
        ...(isTooMuch && { shown: (one) => figuresOf(onNow(one)) }),
      });
      const run = variant === undefined ? undefined : onNow(variant);
      return { rightSizing, sized, ...(typeof run === 'string' ? { stuck: run } : run && { times: run }) };
    },
    withoutGpus: accelerated,
    get missing() {
      return missing;
    },
  };
}

function figuresOf(run: TimeOnPlatform | string): RunFigures | string {
  if (typeof run === 'string') return run;
  const { seconds, cost } = run.byWorld;
  return {
    seconds,
    ...(cost && { cost: Float64Array.from(cost, ([first]) => first as number) }),
    ...(run.unfinished && { unfinished: run.unfinished }),
  };
}

/** What differs between two runs on the same platform. */
interface Variant extends Pick<WorldsOptions, 'data' | 'failing'> {
  readonly calls: readonly CallSettings[];
  readonly spreads: readonly DurationSpread[];
}

/** Tasks run in all worlds of one variant together; where they are more, three worlds stand for all. */
const EFFORT = 300_000;
/** Nextflow sees starts and ends a few seconds late. */
const TELLING_MS = 15_000;
