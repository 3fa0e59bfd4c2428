/**
 * What the waits cost: the pipeline's tasks as they are (now), without avoidable waits (lossless), and with only what is read (ideal), each
 * run with room for all tasks at once in many worlds that share their draws. In a world each call takes what its evidence allows.
 */
import type { Binding } from '../../parser/graph/model/binding.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import type { Atom } from '../../parser/graph/model/count.ts';
import type { Dimension } from '../../parser/graph/model/dimensions.ts';
import type { Dependence, Dependences, Summand } from '../../parser/graph/model/shapes.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { TraceMatch } from '../../parser/graph/trace-matches.ts';
import type { Durations, TaskDuration } from '../estimate/durations.ts';
import { type Basis, type Estimate, weakest } from '../estimate/estimate.ts';
import { nameOf } from '../simulate/random.ts';
import { aliveIn, criticalPath, type Schedule, Scheduler, slackOf } from '../simulate/schedule.ts';
import { isSame, PlacedTasks, type TaskGraph, taskGraph } from '../simulate/task-graph.ts';
import { DrawnWorlds, type DurationSpread } from '../simulate/worlds.ts';
import { sharedWith, viewWith } from './changed-tasks.ts';
import type { Needs } from './needs/needs.ts';
import type { IndependentSet, Parallelism } from './parallelism.ts';
import { firstEndOf, publishingCalls } from './publishing.ts';
import { countsOfRun, ranShares } from './ran-shares.ts';
import { OTHER_CPUS } from './sizing/cpu-law.ts';

/** What is not given is taken as so many, so that there is something to wait for; the fewer where that makes too many tasks. */
const ASSUMED_NUMBERS = [4, 2] as const;
/** More are not timed unless it is asked for. */
const MOST_TASKS = 200_000;
/** Where counts are taken for a few: more tasks of nobody's numbers tell nothing. */
const MOST_ASSUMED_TASKS = 8_000;
/** Tasks run in all worlds together, and the fewest and most worlds that come of it. */
const EFFORT = 200_000;
const FEWEST_WORLDS = 16;
const MOST_WORLDS = 64;

export interface Times {
  readonly now: Estimate;
  /** The same in each world, and all tasks one after another: seconds. */
  readonly byWorld: { readonly numbers: readonly number[]; readonly spans: Float64Array; readonly work: Float64Array };
  readonly lossless: Estimate;
  readonly ideal: Estimate;
  /** When the first task that publishes something has ended. Absent where none does. */
  readonly firstResults: Readonly<Partial<Record<'now' | 'lossless' | 'ideal', Estimate>>>;
  /** All tasks one after another. */
  readonly work: Estimate;
  /** Work over span: so many machines would be busy all the time. */
  readonly averageWidth: number;
  /** The most tasks at once, and the calls whose tasks those are. */
  readonly width: { readonly count: number; readonly calls: readonly ProcessCall[]; readonly assumed: boolean };
  /** Share of the time in which one task runs alone, 0 to 1. */
  readonly serialShare: number;
  readonly path: readonly ProcessCall[];
  /** Seconds by which the call that is latest could be later. */
  readonly slack: ReadonlyMap<ProcessCall, number>;
  /** Until all tasks of the call have ended. */
  readonly ends: ReadonlyMap<ProcessCall, Estimate>;
  /** What comes of it if the false links of a set are gone, in seconds. */
  readonly savings: ReadonlyMap<IndependentSet, Estimate>;
  readonly tasks: number;
  /** Where most calls have nothing to do, as when an input is not given: how many have, of how many. */
  readonly partial?: { readonly calls: number; readonly of: number };
  /** The tasks as they are linked in each of the three, with the same groups. */
  readonly views: { readonly now: TaskGraph; readonly lossless: TaskGraph; readonly ideal: TaskGraph };
  /** By group: what is drawn in each of so many worlds. */
  readonly spreads: readonly DurationSpread[];
  readonly draws: DrawnWorlds;
  /** By group: how many tasks may run at a time, 0: all. */
  readonly forks: readonly number[];
  /** Where the tasks stand. */
  readonly placed: PlacedTasks;
  /** By group: how that is known. */
  readonly bases: readonly Basis[];
  readonly worlds: number;
  /** How durations are known. */
  readonly evidence: { readonly basis: Basis; readonly source: string };
}

export interface Untimed {
  /** Why; undefined where there is nothing to time. */
  readonly untimed: string | undefined;
}

export interface TimeParts {
  readonly graph: ProcessGraph;
  readonly model: ChannelModel;
  readonly binding: Binding;
  readonly needs: Needs;
  readonly parallelism: Parallelism;
  readonly durations: Durations;
  readonly assumptions: Set<string>;
  /** Calls that do the same as another one: each task takes as long as that one's. */
  readonly twins?: ReadonlyMap<ProcessCall, ProcessCall>;
  /** The run that shows how many tasks there are. */
  readonly run?: TraceMatch | undefined;
  /** With more tasks nothing is timed. */
  readonly most?: number;
  /** Of more tasks than are timed unasked: the worlds that are looked at, by their numbers. */
  readonly worldsOfMany?: readonly number[];
  /** Of which it is told what they save; those of `parallelism` where it is not there. */
  readonly sets?: readonly IndependentSet[];
}

function isCopy({ copyOf }: Dimension): boolean {
  return copyOf !== undefined;
}

export function timesOf(parts: TimeParts): Times | Untimed {
  const { model, needs, parallelism, durations } = parts;
  const calls = parallelism.inOrder.filter((call) => call.active !== false);
  // All dimensions are there once all tasks have been worked out.
  for (const call of calls) model.tasksOf(call);
  const { run } = parts;
  const { placed, expected, missing, assumed } = countedTasks(parts, calls);
  const most = missing.length === 0 ? (parts.most ?? MOST_TASKS) : MOST_ASSUMED_TASKS;
  if (expected > most) {
    const loose = model.merged.size > 0 || calls.some((call) => model.tasksOf(call).summands.some(({ index }) => index.some(isCopy)));
    return {
      untimed: loose
        ? `where items cannot be told apart each is counted with each, and that makes more than ${most} tasks`
        : missing.length === 0
          ? `with such counts there are more than ${most} tasks`
          : `with ${assumed} each of ${placesOf(missing, model)} there are more than ${most} tasks; ${whoSays(missing)}`,
    };
  }
  // What a run does not tell is taken for the same then and now, and so comes to nothing.
  if (run === undefined && missing.length > 0)
    parts.assumptions.add(`times are for ${assumed} each of ${placesOf(missing, model)}; ${whoSays(missing)}`);
  const opaque = calls.filter((call) => model.tasksOf(call).opaque !== undefined);
  const now = taskGraph(placed, calls, (_, summand) => summand.waits);
  if (now.tasks === 0) return { untimed: undefined };
  const idle = now.groups.filter(({ size }) => size === 0);
  // Some calls have nothing to do in many runs; where it is most, an input is missing.
  const isPartial = run === undefined && 2 * idle.length > now.groups.length;
  if (isPartial)
    parts.assumptions.add(
      `times are of ${now.groups.length - idle.length} of ${now.groups.length} calls alone: under these params nothing comes to the others (${shown([...new Set(idle.map(({ call }) => call.name))])}), as where an input is not given`,
    );
  // Where nothing is waited for in vain they are one graph, and run once.
  const unlessSame = (other: TaskGraph, graph: TaskGraph): TaskGraph => (isSame(other, graph) ? graph : other);
  const lossless = unlessSame(
    taskGraph(placed, calls, (_, summand) => summand.data),
    now,
  );
  const ideal = unlessSame(
    taskGraph(placed, calls, (call, summand) => onlyReal(summand, needs.realOf(call), needs.waitsOf(call), model)),
    lossless,
  );

  // A power of two: so many are as fast as they are slow on any platform, whatever their number (`evenNormal`).
  const several = 2 ** Math.floor(Math.log2(Math.max(FEWEST_WORLDS, Math.min(MOST_WORLDS, EFFORT / now.tasks))));
  const all = Array.from({ length: several }, (_, world) => world);
  const worlds = now.tasks > MOST_TASKS ? (parts.worldsOfMany ?? all) : all;
  const each = now.groups.map(({ call }) => durations.of(call));
  const spreads = now.groups.map(({ call }, at): DurationSpread => {
    const { median, seen, items, reckoned, runSpread, sharedSpread, ownSpread, most } = each[at] as TaskDuration;
    const seenMs = seen?.map((seconds) => seconds * 1000);
    return {
      name: (parts.twins?.get(call) ?? call).id,
      medianMs: median * 1000,
      ...(seenMs && { seenMs }),
      ...(items && { items: { order: String(nameOf(items.key)), places: items.places } }),
      ...(reckoned && { reckoned }),
      runSpread,
      sharedSpread,
      ownSpread,
      mostMs: most * 1000,
    };
  });
  if (spreads.some(({ reckoned }) => reckoned !== undefined)) parts.assumptions.add(OTHER_CPUS);
  const draws = new DrawnWorlds(now, spreads);
  const forks = now.groups.map(({ call }) => forksOf(parts.graph, call));
  const sets = (parts.sets ?? parallelism.sets).map((set) => ({
    set,
    scheduler: new Scheduler(taskGraph(placed, calls, viewWith({ kind: 'links-gone', links: set.links }, model)), forks),
  }));
  const schedulers = { now: new Scheduler(now, forks), lossless: new Scheduler(lossless, forks), ideal: new Scheduler(ideal, forks) };
  const spans = { now: [] as number[], lossless: [] as number[], ideal: [] as number[], work: [] as number[] };
  const saved = new Map(sets.map(({ set }) => [set, [] as number[]]));
  const ended = now.groups.map(() => [] as number[]);
  const publishing = publishingCalls(parts.graph);
  const firsts = { now: [] as number[], lossless: [] as number[], ideal: [] as number[] };
  for (const world of worlds) {
    const seconds = secondsIn(draws, world);
    const standing = schedulers.now.run(seconds);
    spans.now.push(standing.span);
    spans.work.push(standing.work);
    const withoutWaits = lossless === now ? standing : schedulers.lossless.run(seconds);
    const withReads = ideal === lossless ? withoutWaits : schedulers.ideal.run(seconds);
    spans.lossless.push(withoutWaits.span);
    spans.ideal.push(withReads.span);
    for (const [view, { ends }] of [
      ['now', standing],
      ['lossless', withoutWaits],
      ['ideal', withReads],
    ] as const)
      firsts[view].push(firstEndOf(now.groups, ends, publishing));
    for (const { set, scheduler } of sets) saved.get(set)?.push(standing.span - scheduler.run(seconds).span);
    for (const [index, { first, size }] of now.groups.entries()) ended[index]?.push(latest(standing, first, size));
  }
  const evidence = { basis: basisOf(now, each), source: sourceOf(now, each) };
  if (opaque.length > 0)
    parts.assumptions.add(`calls of which the tasks cannot be told are left out of times: ${opaque.map(({ name }) => name).join(', ')}`);

  // One world stands for all where one answer is asked for: that with the median time.
  const middle = secondsIn(draws, worlds[worldOfMedian(spans.now)] as number);
  const typical = schedulers.now.run(middle);
  const alive = aliveIn(typical);
  const slack = slackOf(now, typical);
  const callOf = (task: number): ProcessCall =>
    (now.groups.find(({ first, size }) => task >= first && task < first + size) as TaskGraph['groups'][number]).call;
  return {
    now: estimateOf(spans.now, evidence),
    byWorld: { numbers: worlds, spans: Float64Array.from(spans.now), work: Float64Array.from(spans.work) },
    lossless: estimateOf(spans.lossless, evidence),
    ideal: estimateOf(spans.ideal, evidence),
    firstResults: firsts.now.some(Number.isNaN)
      ? {}
      : {
          now: estimateOf(firsts.now, evidence),
          lossless: estimateOf(firsts.lossless, evidence),
          ideal: estimateOf(firsts.ideal, evidence),
        },
    work: estimateOf(spans.work, evidence),
    averageWidth: typical.span === 0 ? 0 : typical.work / typical.span,
    width: {
      count: alive.most,
      calls: now.groups.filter((group) => isAlive(typical, group, alive.at)).map(({ call }) => call),
      assumed: missing.length > 0,
    },
    serialShare: alive.alone,
    path: criticalPath(now, typical).map(callOf),
    slack: new Map(
      now.groups.map(({ call, first, size }) => [
        call,
        size === 0 ? 0 : slack.subarray(first, first + size).reduce((one, two) => Math.min(one, two)),
      ]),
    ),
    ends: new Map(now.groups.map(({ call }, index) => [call, estimateOf(ended[index] as number[], evidence)])),
    savings: new Map([...saved].map(([set, gains]) => [set, estimateOf(gains, evidence)])),
    tasks: now.tasks,
    ...(isPartial && { partial: { calls: now.groups.length - idle.length, of: now.groups.length } }),
    views: { now, lossless, ideal },
    spreads,
    draws,
    forks,
    placed,
    bases: each.map(({ basis }) => basis),
    worlds: worlds.length,
    evidence,
  };
}

/** `maxForks`: so many tasks of a call may run at a time; 0: all. */
export function forksOf(graph: ProcessGraph, call: ProcessCall): number {
  const forks = graph.directivesOf(call).get('maxForks')?.value;
  return typeof forks === 'number' && forks > 0 ? forks : 0;
}

/** More calls or counts than these are not named. */
const MOST_NAMED = 5;

function shown(names: readonly string[]): string {
  return names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : '');
}

interface CountedTasks {
  readonly placed: PlacedTasks;
  readonly expected: number;
  /** What nothing gives: `assumed` of each. */
  readonly missing: readonly Atom[];
  readonly assumed: number;
}

function countedTasks({ model, binding, run }: TimeParts, calls: readonly ProcessCall[]): CountedTasks {
  const missing = missingOf(model, binding);
  const ranBinding = run === undefined ? undefined : countsOfRun(model, binding, run);
  const countedWith = (assumed: number): CountedTasks => {
    const shares =
      run === undefined || ranBinding === undefined
        ? undefined
        : ranShares(model, ranBinding.assuming(missingOf(model, ranBinding), assumed), run, calls);
    const placed = new PlacedTasks(model, binding.assuming(missing, assumed), shares);
    return { placed, expected: placed.count(calls), missing, assumed };
  };
  const [several, few] = ASSUMED_NUMBERS;
  const first = countedWith(several);
  return missing.length === 0 || first.expected <= MOST_ASSUMED_TASKS ? first : countedWith(few);
}

function missingOf(model: ChannelModel, binding: Binding): Atom[] {
  return model.dimensions.all
    .filter(
      ({ atom, quotientOf, copyOf }) =>
        quotientOf.length === 0 && copyOf === undefined && atom.derived === undefined && binding.numberOf(atom) === undefined,
    )
    .map(({ atom }) => atom);
}

/** Where each count comes from: its name alone tells nobody what it is. */
function placesOf(atoms: readonly Atom[], { dimensions }: ChannelModel): string {
  return shown(
    atoms.map((atom) => {
      const dimension = dimensions.all.find((one) => one.atom === atom);
      if (dimension === undefined) return atom.name;
      const { file, start } = dimension.origin.place;
      const within = dimension.within.map((one) => one.atom.name).join(' and ');
      return `${atom.name}${within === '' ? '' : ` in each of ${within}`} (${file.path}:${file.positionAt(start).line})`;
    }),
  );
}

/** The flags as they are typed. */
function whoSays(atoms: readonly Atom[]): string {
  const flags = atoms.map(({ name }) =>
    name === 'samples' ? '--samples N' : `--set-size ${/^\w+$/.test(name) ? `${name}=N` : `"${name}=N"`}`,
  );
  return `${shown(flags)} ${flags.length === 1 ? 'says' : 'say'} how many`;
}

/** Only calls that made something of what is read, also those whose files came by way of another. */
function onlyReal(summand: Summand, real: ReadonlySet<ProcessCall>, waits: ReadonlySet<ProcessCall>, model: ChannelModel): Dependences {
  const left = new Map<ProcessCall, Dependence>();
  for (const call of real) {
    const given = summand.data.get(call);
    if (given !== undefined) left.set(call, given);
    // What is waited for and gives nothing is not read; what is not waited for gave it to whoever handed it on.
    else if (!waits.has(call)) left.set(call, { tied: sharedWith(summand, call, model) });
  }
  return left;
}

/** By task: in the world of that number, on whatever platform. */
function secondsIn(draws: DrawnWorlds, world: number): Float64Array {
  return draws.of(world).map((ms) => ms / 1000);
}

function latest({ ends }: Schedule, first: number, size: number): number {
  let last = 0;
  for (let task = first; task < first + size; task += 1) last = Math.max(last, ends[task] as number);
  return last;
}

function isAlive({ starts, ends }: Schedule, { first, size }: { first: number; size: number }, at: number): boolean {
  for (let task = first; task < first + size; task += 1) if ((starts[task] as number) <= at && (ends[task] as number) > at) return true;
  return false;
}

function estimateOf(values: readonly number[], evidence: { basis: Basis; source: string }): Estimate {
  const sorted = Float64Array.from(values).sort();
  const quantile = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  return { low: quantile(0.1), expected: quantile(0.5), high: quantile(0.9), unit: 's', ...evidence };
}

function worldOfMedian(spans: readonly number[]): number {
  const order = spans.map((span, world) => ({ span, world })).sort((one, two) => one.span - two.span);
  return (order[Math.round(0.5 * (order.length - 1))] as { world: number }).world;
}

function basisOf(graph: TaskGraph, each: readonly TaskDuration[]): Basis {
  return weakest(graph.groups.flatMap(({ size }, index) => (size === 0 ? [] : [(each[index] as TaskDuration).basis])));
}

function sourceOf(graph: TaskGraph, each: readonly TaskDuration[]): string {
  const run = graph.groups.flatMap(({ size }, index) => (size === 0 ? [] : [each[index] as TaskDuration]));
  const of = (basis: Basis): number => run.filter((one) => one.basis === basis).length;
  const [measured, declared, assumed] = [of('measured'), of('declared'), of('assumed')];
  const some = (number: number): string => (number === run.length ? 'all calls' : `${number} of ${run.length} calls`);
  return [
    ...(measured > 0 ? [`measured for ${some(measured)}`] : []),
    ...(declared > 0 ? [`given for ${some(declared)}`] : []),
    ...(assumed > 0 ? [`${assumed === run.length ? '' : 'for the others '}what tasks with such labels take`] : []),
  ].join(', ');
}
