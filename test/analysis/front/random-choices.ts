/** Small pipelines whose calls have a choice: random, and in all ways of choosing. */
import type { TimeCost } from '../../../src/analysis/front/pareto.ts';
import { schedule } from '../../../src/analysis/simulate/schedule.ts';
import type { Gate, LinkedTasks, TaskLinks, Wait } from '../../../src/analysis/simulate/task-graph.ts';
import { lehmer } from '../simulate/random-worlds.ts';

export interface Choices {
  readonly graph: TaskLinks;
  /** By group: of each of its tasks. */
  readonly options: readonly (readonly TimeCost[])[];
}

export interface Kind {
  /** In series and side by side alone, or any graph without loops. */
  readonly shape: 'series-parallel' | 'general';
  /** Options a ms apart whose savings cost more and more: nothing between two of them, and no mixture, is better. */
  readonly convex: boolean;
  /** Tasks of a call, at most. */
  readonly tasks: number;
}

export function randomChoices(seed: number, { shape, convex, tasks }: Kind): Choices {
  const next = lehmer(seed + 1);
  for (let skip = 0; skip < 5; skip += 1) next();
  const below = (count: number): number => Math.floor(next() * count);
  const count = 2 + below(5);
  const edges = shape === 'general' ? anyEdges(count, () => next() < 0.45) : seriesParallel(count, () => next() < 0.5);
  const groups: (LinkedTasks & { waits: Wait[]; gates: Gate[] })[] = [];
  let first = 0;
  for (let group = 0; group < count; group += 1) {
    const size = 1 + below(tasks);
    const waits: Wait[] = [];
    for (const [on, to] of edges) {
      if (to !== group) continue;
      const above = groups[on] as (typeof groups)[number];
      const keys = next() < 0.5 ? 1 : Math.min(above.size, size);
      const gate: Gate = { count: keys, any: false, gateOf: Int32Array.from({ length: above.size }, (_, task) => task % keys) };
      above.gates.push(gate);
      waits.push({ on, gate, from: 0, gateOf: Int32Array.from({ length: size }, (_, task) => task % keys) });
    }
    groups.push({ size, first, waits, gates: [] });
    first += size;
  }
  const options = groups.map((): TimeCost[] => {
    const slowest = 4 + below(12);
    const steps = [1 + below(9), 1 + below(9)].sort((one, two) => one - two);
    const base = below(20);
    if (convex) {
      const [small = 0, large = 0] = steps;
      return [
        { ms: slowest, cost: base },
        { ms: slowest - 1, cost: base + small },
        { ms: slowest - 2, cost: base + small + large },
      ];
    }
    return [0, 1, 2].map(() => ({ ms: 1 + below(15), cost: below(30) }));
  });
  return { graph: { groups, tasks: first }, options };
}

function anyEdges(count: number, is: () => boolean): [number, number][] {
  return Array.from({ length: count }, (_, to) => to).flatMap((to) =>
    Array.from({ length: to }, (_, on) => on).flatMap((on): [number, number][] => (is() ? [[on, to]] : [])),
  );
}

/** Some calls in series with the others, or side by side with them. */
function seriesParallel(count: number, inSeries: () => boolean, first = 0): [number, number][] {
  if (count < 2) return [];
  const half = Math.ceil(count / 2);
  const [left, right] = [seriesParallel(half, inSeries, first), seriesParallel(count - half, inSeries, first + half)];
  if (!inSeries()) return [...left, ...right];
  const ends = range(first, half).filter((one) => left.every(([on]) => on !== one));
  const begins = range(first + half, count - half).filter((one) => right.every(([, to]) => to !== one));
  return [...left, ...right, ...ends.flatMap((on) => begins.map((to): [number, number] => [on, to]))];
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => from + index);
}

export function priceOf({ graph, options }: Choices, plan: readonly number[]): TimeCost {
  const durations = new Float64Array(graph.tasks);
  let cost = 0;
  for (const [group, { first, size }] of graph.groups.entries()) {
    const option = options[group]?.[plan[group] as number] as TimeCost;
    durations.fill(option.ms, first, first + size);
    cost += size * option.cost;
  }
  return { ms: schedule(graph, durations).span, cost };
}

/** All ways of choosing. */
export function everyPlan({ options }: Choices): number[][] {
  return options.reduce<number[][]>((plans, some) => plans.flatMap((plan) => some.map((_, at) => [...plan, at])), [[]]);
}
