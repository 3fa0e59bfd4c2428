/** What each finding's change saves: simulated with room for every task or, where one is named, on a platform, there also in money. */
import type { Change } from '../change.ts';
import type { Basis, Estimate } from '../estimate/estimate.ts';
import { Random } from '../simulate/random.ts';
import { type CallSettings, type Simulation, simulate } from '../simulate/simulate.ts';
import { type DurationSpread, drawnFailures, durationsOn, rangeOf, simulateWorlds, typicalMs } from '../simulate/worlds.ts';
import { type ChangedTasks, changedDurations, changedTasks, type Origin } from './changed-tasks.ts';
import { gainsOf, needsPlatform } from './gains.ts';
import { firstOf } from './platform/asked-requests.ts';
import { isStuck, unfinishedOf, unfinishedText } from './platform/no-room.ts';
import { PlatformBills } from './platform/platform-cost.ts';
import type { PlatformSetting } from './platform/platform-times.ts';
import { askingFor } from './platform/right-sized-run.ts';
import type { SaidRoom } from './platform/said-room.ts';
import { withCpus } from './sizing/cpu-law.ts';
import type { Times } from './times.ts';

/** Less than nothing: it costs. */
export interface Savings {
  readonly wallClock: Estimate;
  /** In the currency of the prices. */
  readonly cost?: Estimate;
  /** What the settings say there is, after "with". Absent where there is room for all, or a platform. */
  readonly room?: string;
  /** What nobody has measured of the change, after "if". */
  readonly assuming?: string;
}

/** By change; one with which the run does not come to its end has none, but a clause that says why. */
export type AllSavings = ReadonlyMap<Change, Savings | string>;

/** @param roomOf what the settings say there is: what lets more tasks run at a time lets no more than those */
export function freeSavings(times: Times, changes: readonly Change[], roomOf: () => SaidRoom | undefined): AllSavings {
  const limited = changes.filter((change) => change.kind === 'limits-gone' && !needsPlatform(change));
  const room = limited.length === 0 || times.tasks * (limited.length + 1) * FEWEST_OF_MANY > MOST_EFFORT ? undefined : roomOf();
  const within = room === undefined ? [] : roomSavings(times, limited, room);
  const some = changes.filter((change) => !needsPlatform(change));
  const { gains } = gainsOf({ ...times, now: times.views.now }, some, times.worlds);
  return new Map([
    ...some.map((change, at): [Change, Savings | string] => {
      const wallClock = estimateOf(gains[at] as Float64Array, times, change);
      return [change, { wallClock, ...assumedOf(change) }];
    }),
    ...within,
  ]);
}

/** With no more than the settings say there is, before and after. */
function roomSavings(times: Times, changes: readonly Change[], { assuming, text, ...room }: SaidRoom): [Change, Savings | string][] {
  const { now } = times.views;
  const worlds = worldsOf(times, changes);
  const runs = (change: Change | undefined): Float64Array | undefined => {
    const calls = room.calls.map((settings, at) => {
      const isFree = change?.kind === 'limits-gone' && change.calls.includes((now.groups[at] as (typeof now.groups)[number]).call);
      return isFree ? { ...settings, maxForks: 0 } : settings;
    });
    const { makespansMs, unfinished } = simulateWorlds(now, { calls }, times.spreads, room.platform, { worlds });
    return unfinished === undefined ? makespansMs : undefined;
  };
  const standing = runs(undefined);
  return changes.flatMap((change): [Change, Savings | string][] => {
    const after = standing && runs(change);
    if (standing === undefined || after === undefined) return [];
    const gains = standing.map((ms, world) => (ms - (after[world] as number)) / 1000);
    return [[change, { wallClock: estimateOf(gains, times, change), room: text, ...(assuming !== undefined && { assuming }) }]];
  });
}

/** Tasks run in all simulations together; and the fewest worlds that come of it. */
const EFFORT = 150_000;
const FEWEST_WORLDS = 8;
/** More tasks than that are run in no case: in fewer worlds first, and in so few not at all. */
const MOST_EFFORT = 450_000;
const FEWEST_OF_MANY = 3;

/** undefined: with so many tasks it would take too long. */
export function platformSavings(times: Times, setting: PlatformSetting, changes: readonly Change[]): AllSavings | undefined {
  if (times.tasks * (changes.length + 1) * FEWEST_OF_MANY > MOST_EFFORT) return undefined;
  const worlds = worldsOf(times, changes);
  const asItIs = runsOf(times, setting, undefined, worlds);
  return new Map(
    changes.map((change): [Change, Savings | string] => {
      if (typeof asItIs === 'string') return [change, asItIs];
      const changed = runsOf(times, setting, change, worlds);
      // Who comes first is drawn; where it is known to be the shortest, that is how it stands.
      const standing = change.kind === 'longest-first' ? runsOf(times, setting, change, worlds, 'shortest') : asItIs;
      if (typeof changed === 'string') return [change, changed];
      if (typeof standing === 'string') return [change, standing];
      const less = (one: Float64Array, other: Float64Array): Float64Array =>
        one.map((value, world) => value - (other[world] as number)).filter((value) => !Number.isNaN(value));
      const wallClock = estimateOf(less(standing.seconds, changed.seconds), times, change);
      if (standing.cost === undefined || changed.cost === undefined || setting.prices === undefined)
        return [change, { wallClock, ...assumedOf(change) }];
      const cost = { ...estimateOf(less(standing.cost, changed.cost), times, change), unit: setting.prices.currency };
      return [change, { wallClock, cost: { ...cost, source: `${setting.prices.id}; durations ${cost.source}` }, ...assumedOf(change) }];
    }),
  );
}

function worldsOf({ tasks, worlds }: Times, changes: readonly Change[]): number {
  const effort = tasks * (changes.length + 1);
  const fewest = Math.min(FEWEST_WORLDS, Math.floor(MOST_EFFORT / effort));
  return Math.max(fewest, Math.min(worlds, Math.floor(EFFORT / effort)));
}

/** Seconds and, where there are prices, money by world; a text: why the run does not come to its end. */
function runsOf(
  times: Times,
  setting: PlatformSetting,
  change: Change | undefined,
  worlds: number,
  first: 'longest' | 'shortest' = 'longest',
): { readonly seconds: Float64Array; readonly cost: Float64Array | undefined } | string {
  const { now } = times.views;
  const changed: ChangedTasks =
    change === undefined
      ? { graph: now, origins: now.groups.map((_, group): Origin => ({ group, as: 'all', parts: 1, uneven: false })) }
      : changedTasks(now, times.placed, change);
  const news = new Map(change?.kind === 'requests' ? change.calls.map((one) => [one.call, one]) : []);
  const free = change?.kind === 'limits-gone' ? change.calls : [];
  const calls = changed.graph.groups.map(({ call }, at): CallSettings => {
    const settings = setting.calls[(changed.origins[at] as Origin).group] as CallSettings;
    const asked = news.get(call);
    return { ...(asked === undefined ? settings : askingFor(settings, asked)), ...(free.includes(call) && { maxForks: 0 }) };
  });
  const { platform } = change?.kind === 'limits-gone' && change.queue ? setting.withoutQueue() : setting.chosen;
  const failing = changed.graph.groups.map(({ call }, at): readonly number[] => {
    const { group } = changed.origins[at] as Origin;
    if (change?.kind === 'failures-gone' && change.calls.includes(call)) return [];
    return news.get(call)?.memory === undefined ? (setting.failing[group] ?? []) : setting.failingWith(call, calls[at] as CallSettings);
  });
  const spreads = changed.origins.map(({ group }) => setting.spreads[group] as DurationSpread);
  const isWithoutFiles = now.groups.map(
    ({ call }) => (change?.kind === 'staging-gone' || change?.kind === 'batched') && change.calls.includes(call),
  );
  const own = setting.spreads.map((spread, group) => {
    const { call } = now.groups[group] as (typeof now.groups)[number];
    const { cpus } = news.get(call) ?? {};
    const asked =
      cpus === undefined ? spread : withCpus(spread, setting.lawOf(call), firstOf(setting.calls[group] as CallSettings).cpus, cpus);
    return isWithoutFiles[group] ? { ...asked, besideMs: 0 } : asked;
  });
  const requests = calls.map(firstOf);
  const bills = setting.prices === undefined ? undefined : new PlatformBills(setting.prices, setting.chosen);
  const seconds = new Float64Array(worlds);
  let unfinished: { readonly runs: number; readonly first: Simulation } | undefined;
  for (let world = 0; world < worlds; world += 1) {
    const luck = new Random(world);
    const durationsMs = changedDurations(changed, now, durationsOn(platform, now, own, luck), luck);
    for (const [at, { call, first: from, size }] of changed.graph.groups.entries()) {
      const { group, as } = changed.origins[at] as Origin;
      // What several tasks did apart is done once: the files come and go.
      if (as === 'batches')
        addTo(durationsMs.subarray(from, from + size), typicalMs(spreads[at] as DurationSpread) - typicalMs(own[group] as DurationSpread));
      if (change?.kind === 'longest-first' && change.calls.includes(call)) {
        durationsMs.subarray(from, from + size).sort();
        if (first === 'longest') durationsMs.subarray(from, from + size).reverse();
      }
    }
    const failures = drawnFailures(changed.graph, spreads, failing, luck);
    const run = simulate(changed.graph, { calls, durationsMs, failures }, platform, { seed: world });
    const isDone = run.outcome === 'completed';
    if (!isDone) unfinished = { runs: (unfinished?.runs ?? 0) + 1, first: unfinished?.first ?? run };
    seconds[world] = isDone ? run.makespanMs / 1000 : Number.NaN;
    bills?.add(run, changed.graph, requests);
  }
  const numbers = [...seconds.keys()];
  const isTried = (group: number): boolean => failing[group]?.some((share) => share > 0) ?? false;
  const few = unfinishedOf({ unfinished, numbers }, changed.graph.groups, calls, setting.chosen, isTried);
  if (few !== undefined && isStuck(few)) return unfinishedText(few);
  const cost =
    bills === undefined || bills.expected.length < worlds
      ? undefined
      : Float64Array.from(bills.expected, (money, world) => (Number.isNaN(seconds[world]) ? Number.NaN : money));
  return { seconds, cost };
}

function addTo(values: Float64Array, ms: number): void {
  for (let at = 0; at < values.length; at += 1) values[at] = Math.round((values[at] as number) + ms);
}

function assumedOf(change: Change): { readonly assuming?: string } {
  if (change.kind === 'split')
    return {
      assuming: change.uneven ? 'each group of commands may take any share of its time' : `it is cut into ${change.parts} even parts`,
    };
  if (change.kind === 'made-once') return change.whole ? {} : { assuming: 'what is done alike may take any share of its time' };
  const assuming = ASSUMED[change.kind];
  return assuming === undefined ? {} : { assuming };
}

const ASSUMED: Readonly<Partial<Record<Change['kind'], string>>> = {
  'failures-gone': 'no attempt fails any more',
  'staging-gone': 'files are there at once; to read them where they are takes time of its own',
  batched: 'one task does for its items what several did, one after another',
  'longest-first': 'the larger an item is, the longer its task takes',
};

function estimateOf(values: Float64Array, { evidence }: Times, change: Change): Estimate {
  const basis: Basis = assumedOf(change).assuming === undefined ? evidence.basis : 'assumed';
  return { ...rangeOf(values), unit: 's', basis, source: evidence.source };
}
