/** One pipeline on several platforms: which is the fastest, which the cheapest, and whether that can be told. */
import type { PriceBook } from '../../cost/price-book.ts';
import type { ChosenPlatform } from '../../simulate/platforms/choice.ts';
import { nameOf, Random } from '../../simulate/random.ts';
import { type Range, rangeOf } from '../../simulate/worlds.ts';
import { isWhollyPriced } from './platform-cost.ts';
import { type PlatformParts, type PlatformTimes, type TimeOnPlatform, type TimesBeside, timesBeside } from './platform-times.ts';

export interface SideBySide {
  /** That of the report, then the others in the order in which they were named. */
  readonly rows: readonly BesideRow[];
  /** By their indices: where half of the runs are over first, and where half of them cost least. Absent where fewer than two have a time, or a cost, or the least is without a part of it. */
  readonly fastest?: number;
  readonly cheapest?: number;
  /** By which costs are worked out. Absent where none is. */
  readonly prices?: PriceBook;
}

export interface BesideRow extends TimesBeside {
  /** Than the fastest, in seconds; than the cheapest, in money. World by world: less than 0 to more than 0 is no difference that can be told. */
  readonly slower?: Range;
  readonly dearer?: Range;
}

/** @throws UnknownPlatform */
export function sideBySide(
  first: PlatformTimes,
  others: readonly PlatformParts['options'][],
  parts: Omit<PlatformParts, 'options' | 'assumptions'> & { readonly assumptions: Set<string> },
): SideBySide {
  const { assumptions } = parts;
  const prices = others.find((one) => one.prices)?.prices;
  const beside = others.map((options, at) => {
    const own = new Set<string>();
    const times = timesBeside({ ...parts, options, assumptions: own });
    for (const one of own) if (!assumptions.has(one)) assumptions.add(`on platform ${at + 2} of those side by side: ${one}`);
    return times;
  });
  const { chosen, transfer, stuck, missing, withoutGpus, times } = first;
  const { now, rightSized } = times ?? {};
  const rows: TimesBeside[] = [
    {
      chosen,
      ...(transfer && { transfer }),
      ...(stuck !== undefined && { stuck }),
      ...(missing && { missing }),
      ...(withoutGpus && { withoutGpus }),
      ...(now && { now }),
      ...(rightSized && { rightSized }),
    },
    ...beside,
  ];
  // Of what is not whole more is to come: it may be the least only as long as nobody knows how much.
  const timeOf = ({ wallClock }: TimeOnPlatform): number => wallClock.expected;
  const costOf = ({ money }: TimeOnPlatform): number | undefined => money?.cost.expected;
  const fastest = leastOf(rows, timeOf, costOf, isWholeTime);
  const cheapest = leastOf(rows, costOf, timeOf, (row) => isWholeCost(row) && (prices === undefined || isWhollyPriced(row.chosen, prices)));
  const against = (
    best: number | undefined,
    at: number,
    of: (time: TimeOnPlatform) => readonly number[] | undefined,
  ): Range | undefined => {
    if (best === undefined || at === best) return undefined;
    const [one, other] = [rows[at] as TimesBeside, rows[best] as TimesBeside];
    return difference(one.now && of(one.now), other.now && of(other.now), unsharedSpread(one.chosen, other.chosen));
  };
  return {
    rows: rows.map((row, at) => {
      const slower = against(fastest, at, ({ byWorld }) => [...byWorld.seconds]);
      const dearer = against(cheapest, at, ({ byWorld }) => byWorld.cost?.flat());
      return { ...row, ...(slower && { slower }), ...(dearer && { dearer }) };
    }),
    ...(fastest !== undefined && { fastest }),
    ...(cheapest !== undefined && { cheapest }),
    ...(prices && rows.some(({ now }) => now?.money) && { prices }),
  };
}

/** What it takes to bring files from one part to another is in no time, nor what it takes to do without GPUs. */
function isWholeTime({ transfer, withoutGpus }: TimesBeside): boolean {
  return withoutGpus === undefined && (transfer === undefined || transfer.crossings.length === 0);
}

/** What it costs to get them out of a cloud may not be known. */
function isWholeCost({ transfer, withoutGpus }: TimesBeside): boolean {
  return withoutGpus === undefined && (transfer === undefined || transfer.unpaid.length === 0);
}

/** What differs by less, as a share, is one. */
const TELLING = 0.02;

/** That with the least, and of several with about as little that with the least of the other; undefined where it is not whole, or there is nothing to compare it with. */
function leastOf(
  rows: readonly TimesBeside[],
  of: (time: TimeOnPlatform) => number | undefined,
  otherOf: (time: TimeOnPlatform) => number | undefined,
  isWhole: (row: TimesBeside) => boolean,
): number | undefined {
  const values = rows.flatMap(({ now }, at) => {
    const value = now && of(now);
    return value === undefined ? [] : [{ at, value, other: (now && otherOf(now)) ?? Number.POSITIVE_INFINITY }];
  });
  const [least] = values.sort((one, two) => one.value - two.value || one.at - two.at);
  if (values.length < 2 || least === undefined || !isWhole(rows[least.at] as TimesBeside)) return undefined;
  const alike = values.filter(({ at, value }) => value <= (1 + TELLING) * least.value && isWhole(rows[at] as TimesBeside));
  return alike.sort((one, two) => one.other - two.other || one.value - two.value || one.at - two.at)[0]?.at;
}

/** @param spread of the natural logarithm: what differs beside what the worlds have in common */
function difference(one: readonly number[] | undefined, other: readonly number[] | undefined, spread: number): Range | undefined {
  if (one === undefined || other === undefined) return undefined;
  const differences = Float64Array.from(one, (value, at) => {
    const own = spread === 0 ? 1 : Math.exp(spread * new Random(at).normal(OWNERS, 0));
    return value * own - (other[at] as number);
  }).filter((each) => !Number.isNaN(each));
  // In no world does the run come to its end on both.
  return differences.length === 0 ? undefined : rangeOf(differences);
}

/**
 * One luck says in each world how fast machines are, here and there. Of machines of several owners it has no reason to be one: a spread of s here and t there, as
 * they are drawn, lacks 2·s·t of the variance that their difference would have.
 */
function unsharedSpread(one: ChosenPlatform, other: ChosenPlatform): number {
  if (ownerOf(one) === ownerOf(other)) return 0;
  return Math.sqrt(2 * (one.platform.speedSpread ?? 0) * (other.platform.speedSpread ?? 0));
}

function ownerOf({ provider, name }: ChosenPlatform): string {
  return provider ?? `own ${name}`;
}

const OWNERS = nameOf('how fast machines of one owner are, beside those of another');
