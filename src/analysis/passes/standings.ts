/**
 * Which finding to mend first where nobody has measured how long tasks take: by what the change gains in many worlds, not by one guess of
 * durations. Ranked is what is gained in three of four worlds at least; and said is what would tell more (docs/model.md, "Which first").
 */
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { type Change, onlyTakesAway } from '../change.ts';
import type { Confidence } from '../finding.ts';
import { Random } from '../simulate/random.ts';
import { type PlacedTasks, taskGraph } from '../simulate/task-graph.ts';
import { DrawnWorlds, type DurationSpread, sharedLuck } from '../simulate/worlds.ts';
import { gainsOf, needsPlatform, type StandingTasks } from './gains.ts';
import type { IndependentSet } from './parallelism.ts';
import type { Times } from './times.ts';

/**
 * `certain-direction`: by its form the change can only gain (with room for every task), and in most worlds it does; `robust`: there is a gain in nine of ten
 * worlds; `depends`: in some, by how long tasks of calls take; `noise`: in fewer than one of ten worlds more than can be told.
 */
export type StandingClass = 'certain-direction' | 'robust' | 'depends' | 'noise';

export interface Standing {
  /** 1 is to be mended first; none for noise. */
  readonly rank?: number;
  readonly class: StandingClass;
  /** Shares of the worlds, 0 to 1: with any gain, and with one of a twentieth of the whole time or more. */
  readonly anyGain: number;
  readonly muchGain: number;
  /** The calls that most decide whether there is a gain, where that is not known for nine in ten worlds: `longer`: there is one where the call takes long. */
  readonly dependsOn?: readonly { readonly call: ProcessCall; readonly longer: boolean }[];
  /** It stands with the others of its set: mended together. */
  readonly set?: IndependentSet;
}

export interface Candidate {
  readonly change: Change;
  readonly confidence: Confidence;
}

export interface Standings {
  readonly of: ReadonlyMap<Candidate, Standing>;
  /** The call whose duration, once it is known, would help most to choose. */
  readonly timeFirst?: { readonly call: ProcessCall; readonly decides: 'which' | 'how much' };
}

const MOST_WORLDS = 500;
const FEWEST_WORLDS = 100;
const FEWEST_OF_MANY = 20;
/** Tasks run in all worlds of all changes together. */
const EFFORT = 1_500_000;
/** More are thinned out: of each dimension so many at first, then fewer. */
const MOST_TASKS = 1000;
const MOST_OF_DIMENSION = 48;
/** Of the whole time: a gain of less is within what the figures can tell; from so much on it is much. */
const TELLING = 0.005;
const MUCH = 0.05;
const MOST = 0.5;
const ROBUST = 0.9;
/** Of the natural logarithm: a call that is known so well is not to be timed. */
const KNOWN_WELL = 0.25;

/** A change, or all those of a set together. */
interface Opportunity {
  readonly change: Change;
  readonly gains: Float64Array;
  /** By world, of the whole time. */
  readonly shares: Float64Array;
  readonly cautious: number;
}

export function standingsOf(times: Times, sets: readonly IndependentSet[], all: readonly Candidate[]): Standings {
  const candidates = all.filter(({ change }) => !needsPlatform(change));
  if (candidates.length === 0) return { of: new Map() };
  const tasks = thinned(times);
  const setOf = new Map(
    candidates.map(({ change }) => [
      change,
      change.kind === 'links-gone' ? sets.find(({ links }) => links.some((link) => change.links.includes(link))) : undefined,
    ]),
  );
  const together = new Map(
    [...new Set(setOf.values())].flatMap((set): [IndependentSet, Change][] =>
      set === undefined ? [] : [[set, { kind: 'links-gone', links: set.links }]],
    ),
  );
  const changes = [...new Set([...setOf.keys(), ...together.values()])];
  const fewest = Math.max(FEWEST_OF_MANY, Math.min(FEWEST_WORLDS, worldsFor(tasks, changes)));
  const first = opportunitiesOf(tasks, changes, fewest);
  // What gains nothing in any of so many worlds holds nothing up.
  const telling = changes.filter((change) => first.get(change)?.shares.some((share) => Math.abs(share) >= TELLING));
  const worlds = Math.max(fewest, Math.min(MOST_WORLDS, worldsFor(tasks, telling)));
  const known = new Map([...first, ...(telling.length === 0 || worlds === fewest ? [] : opportunitiesOf(tasks, telling, worlds))]);
  const lucks = lucksOf(tasks, worlds);
  const standing = candidates.map((candidate) => {
    const set = setOf.get(candidate.change);
    const own = known.get(candidate.change) as Opportunity;
    const shared = set === undefined ? undefined : known.get(together.get(set) as Change);
    const counts = shared ?? own;
    return { candidate, own, counts, set, ...classOf(counts) };
  });
  const ranked = standing
    .filter((one) => one.class !== 'noise')
    .sort(
      (one, two) =>
        two.counts.cautious - one.counts.cautious ||
        // What gains nothing in three of four worlds may in the fourth.
        mean(two.counts.shares) - mean(one.counts.shares) ||
        two.own.cautious - one.own.cautious ||
        CONFIDENCES.indexOf(one.candidate.confidence) - CONFIDENCES.indexOf(two.candidate.confidence),
    );
  const of = new Map(
    standing.map((one): [Candidate, Standing] => {
      const rank = ranked.indexOf(one);
      return [
        one.candidate,
        {
          ...(rank === -1 ? {} : { rank: rank + 1 }),
          class: one.class,
          anyGain: one.anyGain,
          muchGain: one.muchGain,
          ...(one.class !== 'noise' && one.anyGain < ROBUST ? { dependsOn: deciding(one.counts, lucks) } : {}),
          ...(one.set === undefined ? {} : { set: one.set }),
        },
      ];
    }),
  );
  const timeFirst = mostTelling([...new Set(ranked.map(({ counts }) => counts))], lucks);
  return { of, ...(timeFirst && { timeFirst }) };
}

function worldsFor({ now }: StandingTasks, changes: readonly Change[]): number {
  return Math.floor(EFFORT / (now.tasks * (changes.length + 1)));
}

const CONFIDENCES: readonly Confidence[] = ['high', 'medium', 'low'];

/** Fewer of what there are many of: which call holds others up is much the same, and 500 worlds are run. */
function thinned({ views, placed, spreads, draws, forks }: Times): StandingTasks {
  // One after another, few tell nothing of how long many take.
  if (views.now.tasks <= MOST_TASKS || forks.some((limit, group) => limit > 0 && limit < (views.now.groups[group]?.size ?? 0)))
    return { now: views.now, placed, spreads, draws, forks };
  const calls = views.now.groups.map(({ call }) => call);
  const fewer: PlacedTasks = placed.thinned(calls, MOST_TASKS, MOST_OF_DIMENSION);
  const now = taskGraph(fewer, calls, (_, { waits }) => waits);
  return { now, placed: fewer, spreads, draws: new DrawnWorlds(now, spreads), forks };
}

function opportunitiesOf(tasks: StandingTasks, changes: readonly Change[], worlds: number): Map<Change, Opportunity> {
  const { spans, gains: all } = gainsOf(tasks, changes, worlds);
  return new Map(
    changes.map((change, at) => {
      const gains = all[at] as Float64Array;
      const sorted = gains.slice().sort();
      const shares = gains.map((gain, world) => gain / ((spans[world] as number) || 1));
      return [change, { change, gains, shares, cautious: sorted[Math.floor(0.25 * (sorted.length - 1))] as number }];
    }),
  );
}

function classOf({ change, gains, shares }: Opportunity): Pick<Standing, 'class' | 'anyGain' | 'muchGain'> {
  const share = (holds: (world: number) => boolean): number =>
    gains.reduce((sum, _, world) => sum + (holds(world) ? 1 : 0), 0) / gains.length;
  const anyGain = share((world) => (gains[world] as number) > 0);
  const muchGain = share((world) => (shares[world] as number) >= MUCH);
  const told = share((world) => (shares[world] as number) >= TELLING);
  const never = gains.every((gain) => gain >= 0);
  const is: StandingClass =
    told < 1 - ROBUST
      ? 'noise'
      : anyGain >= MOST && never && onlyTakesAway(change)
        ? 'certain-direction'
        : anyGain >= ROBUST
          ? 'robust'
          : 'depends';
  return { class: is, anyGain, muchGain };
}

// ------------------------------------------------------------------------------------------------ what is not known

/** How much longer or shorter than thought all tasks of a call take, by world, in deviations. */
interface Luck {
  readonly call: ProcessCall;
  readonly deviations: Float64Array;
}

/** Of calls that nobody has timed. */
function lucksOf({ now, spreads }: StandingTasks, worlds: number): readonly Luck[] {
  const randoms = Array.from({ length: worlds }, (_, world) => new Random(world));
  return now.groups.flatMap(({ call, size }, at): Luck[] => {
    const { name, sharedSpread } = spreads[at] as DurationSpread;
    return size === 0 || sharedSpread < KNOWN_WELL
      ? []
      : [{ call, deviations: Float64Array.from(randoms, (random) => sharedLuck(random, name)) }];
  });
}

/** The two by whose durations it most turns whether there is a gain: what is drawn for one call knows nothing of another, so each is looked at alone. */
function deciding({ gains }: Opportunity, lucks: readonly Luck[]): NonNullable<Standing['dependsOn']> {
  const gained = Float64Array.from(gains, (gain) => (gain > 0 ? 1 : 0));
  return lucks
    .map(({ call, deviations }) => ({ call, together: correlation(gained, deviations) }))
    .sort((one, two) => Math.abs(two.together) - Math.abs(one.together))
    .slice(0, 2)
    .filter(({ together }) => Math.abs(together) >= LEAST_CORRELATION)
    .map(({ call, together }) => ({ call, longer: together > 0 }));
}

/** Of so many worlds chance alone gives half as much in one of a hundred calls. */
const LEAST_CORRELATION = 0.2;

function mean(values: Float64Array): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

function correlation(one: Float64Array, two: Float64Array): number {
  const [first, second] = [mean(one), mean(two)];
  let [product, square, other] = [0, 0, 0];
  for (let at = 0; at < one.length; at += 1) {
    const [a, b] = [(one[at] as number) - first, (two[at] as number) - second];
    product += a * b;
    square += a * a;
    other += b * b;
  }
  return square === 0 || other === 0 ? 0 : product / Math.sqrt(square * other);
}

/** By its duration, known to a fifth of all that it may be. */
const BINS = 5;

/**
 * What is gained by who knows one call's duration before choosing, over who does not: the mean over its fifths of the best change in each, less the best over all
 * (expected value of partial perfect information). Where the choice is the same in all, the call by which most of its gain is explained.
 */
function mostTelling(opportunities: readonly Opportunity[], lucks: readonly Luck[]): Standings['timeFirst'] {
  const means = opportunities.map(({ shares }) => mean(shares));
  const best = Math.max(...means);
  const first = opportunities[means.indexOf(best)];
  if (first === undefined) return undefined;
  const told = lucks.map(({ call, deviations }) => {
    const order = Int32Array.from(deviations.keys()).sort((one, two) => (deviations[one] as number) - (deviations[two] as number));
    const bins = Array.from({ length: BINS }, (_, bin) =>
      order.subarray(Math.floor((bin * order.length) / BINS), Math.floor(((bin + 1) * order.length) / BINS)),
    );
    const inBin = (shares: Float64Array, bin: Int32Array): number =>
      bin.reduce((sum, world) => sum + (shares[world] as number), 0) / bin.length;
    const chosen = bins.reduce((sum, bin) => sum + Math.max(...opportunities.map(({ shares }) => inBin(shares, bin))), 0) / BINS;
    const explained = bins.reduce((sum, bin) => sum + (inBin(first.shares, bin) - best) ** 2, 0) / BINS;
    return { call, which: chosen - best, explained };
  });
  const most = (value: (one: (typeof told)[number]) => number): (typeof told)[number] | undefined =>
    told.reduce<(typeof told)[number] | undefined>((one, two) => (one === undefined || value(two) > value(one) ? two : one), undefined);
  const [which, howMuch] = [most((one) => one.which), most((one) => one.explained)];
  if (which !== undefined && which.which >= TELLING) return { call: which.call, decides: 'which' };
  return howMuch !== undefined && howMuch.explained >= TELLING ** 2 ? { call: howMuch.call, decides: 'how much' } : undefined;
}
