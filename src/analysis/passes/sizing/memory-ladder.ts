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

export interface LadderFacts {
  /** How much of its time a task has run when it fails for want of memory; 1, all of it, is the pessimist's. */
  readonly failureTime?: number;
  /** The last rung is not below: what was needed by a task that was really seen, or failed with an allocation. */
  readonly least?: number;
  /** No rung is above, but for what `least` needs. */
  readonly most?: number;
  /** Up to what can be asked for. */
  readonly roundUp?: (need: number) => number;
}

export interface LadderChoice {
  /** Rungs at most, 1 or more. */
  readonly rungs: number;
  /** Share of tasks that may fail at the first rung, 0 to 1; where no rung holds for enough, the highest is as near as can be. */
  readonly mostFailing?: number;
  /** What a failed attempt costs besides, in needs times weights. */
  readonly failureCost?: number;
}

export interface Ladder {
  /** Rising. */
  readonly rungs: readonly number[];
  /** Failed attempts at the tasks, those behind the last rung too. */
  readonly failures: number;
}

/** More values than these are thinned by quantiles: the optimum moves by less than the margins. */
const MOST_CANDIDATES = 60;
/** Behind the last rung each attempt asks for so many times what the one before asked for. */
export const GROWTH = 2;

/** The rungs, rising. Empty when there are no tasks. */
export function optimalLadder(tasks: Needs, options: LadderFacts & LadderChoice): readonly number[] {
  return tasks.needs.length === 0 ? [] : new Ladders(tasks, options).best(options).rungs;
}

/** All ladders for some tasks, one or more, so that the best is soon found for any cost of a failure. */
export class Ladders {
  readonly #candidates: readonly number[];
  /** Behind each candidate: the weight and the number of the tasks that need more. */
  readonly #above: Float64Array;
  readonly #failing: Float64Array;
  /** What those cost, and how often they fail, when they go on from it by doubling. */
  readonly #beyondCost: Float64Array;
  readonly #beyondFailures: Float64Array;
  readonly #weight: number;
  readonly #count: number;
  /** The first candidate that may be the last rung. */
  readonly #holding: number;
  readonly #failureTime: number;

  constructor({ needs, weights, counts }: Needs, facts: LadderFacts = {}) {
    const { failureTime = 1, least = 0, most = Number.POSITIVE_INFINITY, roundUp = (need) => need } = facts;
    const order = Float64Array.from(needs.keys()).sort((one, other) => (needs[one] as number) - (needs[other] as number));
    const rounded = new Set(Array.from(order, (at) => roundUp(Math.min(needs[at] as number, most))));
    const candidates = candidatesOf([...rounded], roundUp(least));
    const column = (): Float64Array => new Float64Array(candidates.length);
    const [above, failing, beyondCost, beyondFailures] = [column(), column(), column(), column()];
    this.#holding = candidates.findIndex((candidate) => candidate >= roundUp(least));
    for (let [at, next, weight, count] = [candidates.length - 1, order.length - 1, 0, 0]; at >= 0; at--) {
      const rung = candidates[at] as number;
      for (; next >= 0 && (needs[order[next] as number] as number) > rung; next--) {
        weight += weights[order[next] as number] as number;
        count += counts[order[next] as number] as number;
      }
      above[at] = weight;
      failing[at] = count;
      for (let task = order.length - 1; at >= this.#holding && task > next; task--) {
        const one = order[task] as number;
        let [allocation, spent, failures] = [rung * GROWTH, 0, 0];
        for (; allocation < (needs[one] as number); allocation *= GROWTH) {
          spent += failureTime * allocation;
          failures += counts[one] as number;
        }
        beyondCost[at] = (beyondCost[at] as number) + (weights[one] as number) * (spent + allocation);
        beyondFailures[at] = (beyondFailures[at] as number) + failures;
      }
    }
    const sum = (values: Float64Array): number => values.reduce((total, one) => total + one, 0);
    [this.#weight, this.#count] = [sum(weights), sum(counts)];
    this.#candidates = candidates;
    [this.#above, this.#failing, this.#beyondCost, this.#beyondFailures] = [above, failing, beyondCost, beyondFailures];
    this.#failureTime = failureTime;
  }

  /** Failed attempts that no ladder avoids. */
  get leastFailures(): number {
    return (this.#failing.at(-1) as number) + (this.#beyondFailures.at(-1) as number);
  }

  /** Of equals the ladder with fewer rungs, then with the higher ones. */
  best({ rungs, mostFailing = 1, failureCost = 0 }: LadderChoice): Ladder {
    const last = this.#candidates.length - 1;
    const lowest = this.#failing.findIndex((count, at) => at === last || count <= mostFailing * this.#count);
    let costs = Float64Array.from(this.#candidates, (_, at) =>
      at < lowest ? Number.POSITIVE_INFINITY : this.#cost(at, this.#weight, failureCost),
    );
    const before: Int32Array[] = [];
    let best = { cost: Number.POSITIVE_INFINITY, rung: 0, at: last };
    for (let rung = 1; ; rung++) {
      for (let at = last; at >= Math.max(lowest, this.#holding); at--) {
        const beyond = (this.#beyondCost[at] as number) + failureCost * (this.#beyondFailures[at] as number);
        const whole = (costs[at] as number) + beyond;
        if (whole < best.cost) best = { cost: whole, rung, at };
      }
      if (rung >= Math.min(rungs, this.#candidates.length)) break;
      const longer = new Float64Array(last + 1).fill(Number.POSITIVE_INFINITY);
      const from = new Int32Array(last + 1).fill(-1);
      for (let at = lowest + 1; at <= last; at++) {
        for (let lower = at - 1; lower >= lowest; lower--) {
          const reached = (costs[lower] as number) + this.#cost(at, this.#above[lower] as number, failureCost);
          if (reached < (longer[at] as number)) [longer[at], from[at]] = [reached, lower];
        }
      }
      costs = longer;
      before.push(from);
    }
    const ladder: number[] = [];
    let failures = this.#beyondFailures[best.at] as number;
    for (let [rung, at] = [best.rung, best.at]; rung >= 1; rung--) {
      ladder.unshift(this.#candidates[at] as number);
      failures += this.#failing[at] as number;
      at = before[rung - 2]?.[at] as number;
    }
    return { rungs: ladder, failures };
  }

  /** Of a rung for the tasks that need more than the rung before: those it holds for have it all the time, the others until they fail. */
  #cost(at: number, reaching: number, failureCost: number): number {
    const held = reaching - (1 - this.#failureTime) * (this.#above[at] as number);
    return (this.#candidates[at] as number) * held + failureCost * (this.#failing[at] as number);
  }
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

/** What the attempt asks for, counted from 0: whatever is priced, simulated or written into a config (`ladderClosure`) asks for this. */
export function rungOf(ladder: readonly number[], attempt: number): number {
  return ladder[attempt] ?? (ladder.at(-1) as number) * GROWTH ** (attempt - ladder.length + 1);
}
