/**
 * Plans worth taking, with room for all tasks. Where there are few plans, all are priced; else those that the lower bound points at, what comes of hastening the
 * cheapest and of relaxing the fastest, and random steps from the best of these.
 */
import { Random } from '../simulate/random.ts';
import { LowerBound } from './lower-bound.ts';
import { frontOf, hullOf, thinned } from './pareto.ts';
import { type Choices, type Plan, type Priced, Prices } from './prices.ts';

export interface SearchOptions {
  /** So often a task may be looked at: 20 million take about 3 s. */
  readonly effort?: number;
  /** Where there are no more plans, all are priced. */
  readonly allOf?: number;
}

export interface PlanSearch {
  /** The best that were found, the fastest first. */
  readonly front: readonly Priced[];
  readonly bound: LowerBound;
}

/** Tries of random steps. */
const STEPS = 2000;
/** Worths of an hour for which there is a line. */
const LINES = 24;

export function searchedPlans(choices: Choices, { effort = 20_000_000, allOf = 4096 }: SearchOptions = {}): PlanSearch {
  const prices = new Prices(choices, effort);
  const bound = new LowerBound(choices, effort);
  const ways = choices.options.reduce((product, some) => product * some.length, 1);
  if (ways <= allOf) {
    const front = frontOf(everyPlan(choices).map((plan) => prices.of(plan)));
    addLines(bound, front);
    return { front, bound };
  }
  const pointedAt = bound.plans.map((plan) => prices.of(plan));
  const first = stepped(prices, frontOf([...pointedAt, ...hastened(prices), ...relaxed(prices)]), 0);
  const answers = addLines(bound, first).map((plan) => prices.of(plan));
  return { front: stepped(prices, frontOf([...first, ...answers]), 1), bound };
}

/** Where the front is steep and where it is flat. @returns plans that were met on the way */
function addLines(bound: LowerBound, front: readonly Priced[]): readonly Plan[] {
  const hull = thinned(hullOf(front), LINES);
  const before = bound.plans.length;
  for (const [at, one] of hull.entries()) {
    const next = hull[at + 1];
    if (next !== undefined) bound.add((one.cost - next.cost) / (next.ms - one.ms));
  }
  return bound.plans.slice(before);
}

function everyPlan({ options }: Choices): Plan[] {
  return options.reduce<number[][]>((plans, some) => plans.flatMap((plan) => some.map((_, at) => [...plan, at])), [[]]);
}

type Step = readonly [group: number, to: number];

function changed(plan: Plan, ...steps: readonly Step[]): Plan {
  const next = [...plan];
  for (const [group, to] of steps) next[group] = to;
  return next;
}

/** From the cheapest: the step on a longest path that saves most time for its price, again and again; two at once where several paths are as long. */
function* hastened(prices: Prices): Generator<Priced> {
  const { graph } = prices.choices;
  let now = prices.of(prices.answerTo(new Float64Array(graph.groups.length)).plan);
  while (!prices.isSpent) {
    yield now;
    const { plan, ms } = now;
    const critical = prices.slackOf(plan).flatMap((slack, group) => (slack <= ROUNDING * ms ? [group] : []));
    const single = critical.flatMap((group) => Array.from({ length: plan[group] as number }, (_, to): Step[] => [[group, to]]));
    const next = critical.flatMap((group): Step[] => ((plan[group] as number) > 0 ? [[group, (plan[group] as number) - 1]] : []));
    const best = fastestFor(prices, now, single) ?? fastestFor(prices, now, pairsOf(next));
    if (best === undefined) return;
    now = best;
  }
}

function pairsOf<T>(some: readonly T[]): T[][] {
  return some.flatMap((one, index) => some.slice(index + 1).map((other) => [one, other]));
}

/** Times that differ by this share are the same. */
const ROUNDING = 1e-9;

function fastestFor(prices: Prices, now: Priced, ways: readonly (readonly Step[])[]): Priced | undefined {
  let [most, best]: [number, Priced | undefined] = [0, undefined];
  for (const steps of ways) {
    if (prices.isSpent) break;
    const then = prices.of(changed(now.plan, ...steps));
    const gain = now.ms - then.ms;
    if (gain <= ROUNDING * now.ms) continue;
    const worth = then.cost <= now.cost ? Number.POSITIVE_INFINITY : gain / (then.cost - now.cost);
    if (worth > most) [most, best] = [worth, then];
  }
  return best;
}

/** From the fastest: first what slack gives for nothing, then the step that saves most for its time, again and again. */
function* relaxed(prices: Prices): Generator<Priced> {
  let now = prices.of(prices.choices.options.map(() => 0));
  while (!prices.isSpent) {
    now = prices.of(withinSlack(prices, now.plan));
    yield now;
    const { plan, ms, cost } = now;
    let [most, best]: [number, Priced | undefined] = [0, undefined];
    for (const [group, at] of plan.entries()) {
      if (at === prices.optionsOf(group).length - 1) continue;
      const then = prices.of(changed(plan, [group, at + 1]));
      const worth = (cost - then.cost) / Math.max(ROUNDING * ms, then.ms - ms);
      if (worth > most) [most, best] = [worth, then];
    }
    if (best === undefined) return;
    now = best;
  }
}

/** Each call in turn, those that save most first, as slow as its slack allows. */
function withinSlack(prices: Prices, plan: Plan): Plan {
  const savings = plan.map((at, group) => prices.costOf(group, at) - prices.costOf(group, prices.optionsOf(group).length - 1));
  const groups = [...plan.keys()].filter((group) => (savings[group] as number) > 0);
  let left = plan;
  for (const group of groups.sort((one, two) => (savings[two] as number) - (savings[one] as number))) {
    if (prices.isSpent) break;
    const longest = prices.longestOf(group);
    let at = left[group] as number;
    const limit = longest * prices.option(group, at).factor + (prices.slackOf(left)[group] as number);
    while (at + 1 < prices.optionsOf(group).length && longest * prices.option(group, at + 1).factor <= limit) at += 1;
    left = changed(left, [group, at]);
  }
  return left;
}

/** One random step at a time from a random one of the best. */
function stepped(prices: Prices, start: readonly Priced[], seed: number): readonly Priced[] {
  const free = prices.choices.options.flatMap((some, group) => (some.length > 1 ? [group] : []));
  const random = new Random(seed);
  let front = start;
  for (let step = 0; step < STEPS && !prices.isSpent && free.length > 0; step += 1) {
    const draw = (name: number, count: number): number => Math.floor(random.uniform(name, step) * count);
    const { plan } = front[draw(0, front.length)] as Priced;
    const group = free[draw(1, free.length)] as number;
    const then = prices.of(changed(plan, [group, draw(2, prices.optionsOf(group).length)]));
    if (!front.some(({ ms, cost }) => ms <= then.ms && cost <= then.cost)) front = frontOf([...front, then]);
  }
  return front;
}
