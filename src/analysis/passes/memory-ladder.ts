/**
 * How much memory to ask for at each attempt, so that the least is wasted: the first request holds for most tasks, and the few that
 * need more ask for more when they are tried again. Optimal by dynamic programming over the tasks that were seen
 * (the cost of Witt et al. 2019, "Feedback-based resource allocation for batch scheduling of scientific workflows", with rungs free).
 */

/** What tasks need and how much it weighs, side by side. */
export interface Needs {
  /** What an allocation must reach for the task not to fail: bytes, or a ratio to what a model foresees. Above 0. */
  readonly needs: Float64Array;
  /** What one unit of allocation costs while the task runs: seconds, times what the model foresees. */
  readonly weights: Float64Array;
  /** How many tasks each stands for: a part of one that was not seen yet, more than one where they were thinned. */
  readonly counts: Float64Array;
}

export interface LadderOptions {
  /** Rungs at most, 1 or more. */
  readonly rungs: number;
  /** Share of tasks that may fail at the first rung, 0 to 1. */
  readonly mostFailing?: number;
  /** How much of its time a task has run when it fails for want of memory; 1, all of it, is the pessimist's. */
  readonly failureTime?: number;
  /** What a failed attempt costs besides, in needs times weights. */
  readonly failureCost?: number;
  /** The last rung is not below: what was needed by a task that was really seen, or failed with an allocation. */
  readonly least?: number;
  /** No rung is above, but for what `least` needs. */
  readonly most?: number;
  /** Up to what can be asked for. */
  readonly roundUp?: (need: number) => number;
}

/** More values than these are thinned by quantiles: the optimum moves by less than the margins. */
const MOST_CANDIDATES = 60;
/** Behind the last rung each attempt asks for so many times what the one before asked for. */
const GROWTH = 2;

/** The rungs, rising. Empty when there are no tasks. Of equals the ladder with fewer rungs, then with the higher ones. */
export function optimalLadder(tasks: Needs, options: LadderOptions): readonly number[] {
  const {
    rungs,
    mostFailing = 1,
    failureTime = 1,
    failureCost = 0,
    least = 0,
    most = Number.POSITIVE_INFINITY,
    roundUp = (need) => need,
  } = options;
  const { needs, weights, counts } = tasks;
  if (needs.length === 0) return [];
  const order = Float64Array.from(needs.keys()).sort((one, other) => (needs[one] as number) - (needs[other] as number));
  const rounded = [...new Set(Array.from(order, (at) => roundUp(Math.min(needs[at] as number, most))))];
  const candidates = candidatesOf(rounded, roundUp(least));
  const last = candidates.length - 1;
  // Behind each candidate: the weight and the number of the tasks that need more, and what they cost when they go on from it by doubling.
  const above = new Float64Array(candidates.length);
  const failing = new Float64Array(candidates.length);
  const beyond = new Float64Array(candidates.length);
  for (let [at, next, weight, count] = [last, order.length - 1, 0, 0]; at >= 0; at--) {
    const rung = candidates[at] as number;
    for (; next >= 0 && (needs[order[next] as number] as number) > rung; next--) {
      weight += weights[order[next] as number] as number;
      count += counts[order[next] as number] as number;
    }
    above[at] = weight;
    failing[at] = count;
    if (rung < least) continue;
    for (let task = order.length - 1; task > next; task--) {
      const one = order[task] as number;
      let allocation = rung * GROWTH;
      let spent = 0;
      for (; allocation < (needs[one] as number); allocation *= GROWTH)
        spent += failureTime * (weights[one] as number) * allocation + failureCost * (counts[one] as number);
      beyond[at] = (beyond[at] as number) + spent + (weights[one] as number) * allocation;
    }
  }
  const sum = (values: Float64Array): number => values.reduce((total, one) => total + one, 0);
  const [all, total] = [sum(weights), sum(counts)];
  /** Of a rung for the tasks that need more than the rung before: those it holds for have it all the time, the others until they fail. */
  const cost = (at: number, reaching: number): number =>
    (candidates[at] as number) * (reaching - (1 - failureTime) * (above[at] as number)) + failureCost * (failing[at] as number);
  // Where `most` lets too many fail, the highest is as few as can be.
  const lowest = failing.findIndex((count, at) => at === last || count <= mostFailing * total);
  const holding = candidates.findIndex((candidate) => candidate >= least);

  let costs = Float64Array.from(candidates, (_, at) => (at < lowest ? Number.POSITIVE_INFINITY : cost(at, all)));
  const before: Int32Array[] = [];
  let best = { cost: Number.POSITIVE_INFINITY, rung: 0, at: last };
  for (let rung = 1; ; rung++) {
    for (let at = last; at >= Math.max(lowest, holding); at--) {
      const whole = (costs[at] as number) + (beyond[at] as number);
      if (whole < best.cost) best = { cost: whole, rung, at };
    }
    if (rung >= Math.min(rungs, candidates.length)) break;
    const longer = new Float64Array(candidates.length).fill(Number.POSITIVE_INFINITY);
    const from = new Int32Array(candidates.length).fill(-1);
    for (let at = lowest + 1; at <= last; at++) {
      for (let lower = at - 1; lower >= lowest; lower--) {
        const reached = (costs[lower] as number) + cost(at, above[lower] as number);
        if (reached < (longer[at] as number)) [longer[at], from[at]] = [reached, lower];
      }
    }
    costs = longer;
    before.push(from);
  }
  const ladder: number[] = [];
  for (let [rung, at] = [best.rung, best.at]; rung >= 1; rung--) {
    ladder.unshift(candidates[at] as number);
    at = before[rung - 2]?.[at] as number;
  }
  return ladder;
}

/** Rising, the highest always among them, and what the last rung must hold. */
function candidatesOf(values: readonly number[], least: number): readonly number[] {
  const share = Math.max(1, values.length / MOST_CANDIDATES);
  const thinned = Array.from(
    { length: Math.min(values.length, MOST_CANDIDATES) },
    (_, at) => values[Math.ceil((at + 1) * share) - 1] as number,
  );
  return [...new Set([...thinned, ...(least > 0 ? [least] : [])])].sort((one, other) => one - other);
}

/** What a ladder wastes on tasks, and how often one fails. */
export interface LadderPrice {
  /** Allocated and not used, failed attempts whole: needs times weights. */
  readonly waste: number;
  readonly failures: number;
  /** Tasks that fail at the first rung. */
  readonly failing: number;
}

/** Behind the last rung each attempt asks for twice as much. */
export function ladderPrice(ladder: readonly number[], { needs, weights, counts }: Needs, failureTime = 1): LadderPrice {
  let [waste, failures, failing] = [0, 0, 0];
  needs.forEach((need, task) => {
    const count = counts[task] as number;
    let [attempt, spent] = [0, 0];
    for (; rungOf(ladder, attempt) < need; attempt++) spent += failureTime * rungOf(ladder, attempt);
    failures += count * attempt;
    if (attempt > 0) failing += count;
    waste += (weights[task] as number) * (spent + rungOf(ladder, attempt) - need);
  });
  return { waste, failures, failing };
}

/** What the attempt asks for, counted from 0. */
export function rungOf(ladder: readonly number[], attempt: number): number {
  return ladder[attempt] ?? (ladder.at(-1) as number) * GROWTH ** (attempt - ladder.length + 1);
}
