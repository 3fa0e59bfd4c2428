/**
 * What no plan beats, with room for all tasks. Twice: exactly, as if each task could be given something else (crashing); and by lines, where all tasks of a
 * call are given the same, which costs more. The higher of the two holds.
 *
 * A line: for what an hour is worth, cost + worth · time is the least over plans of the most over paths. Any share of the worth among paths gives a bound: calls then
 * choose each for itself. Shares are found by playing: the plan that is best against them, the path that is longest in it, again and again, shares the average
 * so far; that comes to the value of the game (Robinson, An iterative method of solving a game, 1951).
 */
import type { TaskLinks } from '../simulate/task-graph.ts';
import { corners, leastCost } from './crashing.ts';
import type { TimeCost } from './pareto.ts';
import { type Choices, type Plan, Prices } from './prices.ts';

export class LowerBound {
  readonly #prices: Prices;
  readonly #lines: { readonly perMs: number; readonly least: number }[] = [];
  /** Of crashing, from the cheapest to the fastest. */
  readonly corners: readonly TimeCost[];
  /** Plans that it points at. */
  readonly plans: Plan[] = [];

  /** @param effort so often a task may be looked at; crashing is not counted */
  constructor(choices: Choices, effort: number) {
    const graph = withoutFirsts(choices.graph);
    const prices = new Prices({ ...choices, graph }, effort);
    const tasks = Array.from({ length: graph.tasks }, (_, task) => task);
    this.#prices = prices;
    this.corners = [
      ...map(
        corners(graph, (task) => prices.optionsOfTask(task)),
        ({ ms, cost, perMs, worthOf }) => {
          const worth = prices.sumOf(tasks, (task) => worthOf(task) * (choices.durationsMs[task] as number));
          if (perMs !== Number.POSITIVE_INFINITY) this.plans.push(prices.answerTo(worth).plan);
          return { ms, cost };
        },
      ),
    ];
  }

  /** No run is faster. */
  get fastestMs(): number {
    return this.corners.at(-1)?.ms ?? 0;
  }

  /** No run of that time, or a shorter one, costs less. */
  costAt(ms: number): number {
    return this.#lines.reduce((most, { perMs, least }) => Math.max(most, least - perMs * ms), leastCost(this.corners, ms));
  }

  /** Adds the line for a worth of time. */
  add(perMs: number): void {
    const prices = this.#prices;
    const worth = new Float64Array(prices.choices.graph.groups.length);
    let most = Number.NEGATIVE_INFINITY;
    for (let round = 1; round <= ROUNDS && !prices.isSpent; round += 1) {
      const { plan, sum } = prices.answerTo(worth);
      most = Math.max(most, sum);
      this.plans.push(plan);
      const path = prices.pathOf(plan);
      for (let group = 0; group < worth.length; group += 1)
        worth[group] = (worth[group] as number) + (perMs * (path[group] as number) - (worth[group] as number)) / round;
    }
    this.#lines.push({ perMs, least: most });
  }
}

const ROUNDS = 300;

function* map<T, U>(some: Iterable<T>, of: (one: T) => U): Generator<U> {
  for (const one of some) yield of(one);
}

/** Whoever waits for the first of several is taken to wait for none: which is the first depends on what they are given. */
function withoutFirsts({ groups, tasks }: TaskLinks): TaskLinks {
  return {
    tasks,
    groups: groups.map((group) => ({
      ...group,
      waits: group.waits.filter(({ gate }) => !gate.any),
      gates: group.gates.filter(({ any }) => !any),
    })),
  };
}
