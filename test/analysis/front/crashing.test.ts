/** The frontier that nothing beats, against all ways of choosing. */
import { describe, expect, test } from 'vitest';
import { corners, leastCost } from '../../../src/analysis/front/crashing.ts';
import { frontOf, type TimeCost } from '../../../src/analysis/front/pareto.ts';
import { type Choices, everyPlan, type Kind, priceOf, randomChoices } from './random-choices.ts';

function frontier({ graph, options }: Choices): TimeCost[] {
  const groupOf = new Int32Array(graph.tasks);
  for (const [group, { first, size }] of graph.groups.entries()) groupOf.fill(group, first, first + size);
  return [...corners(graph, (task) => options[groupOf[task] as number] as readonly TimeCost[])].map(({ ms, cost }) => ({ ms, cost }));
}

const SHAPES = ['series-parallel', 'general'] as const;

describe.each(SHAPES)('%s', (shape) => {
  test('is that of all ways of choosing, where options a ms apart save ever more dearly: 300 pipelines, each time in ms', () => {
    // Durations in whole ms: some choice in whole ms is then as cheap as any mixture (the network's matrix is totally unimodular).
    for (let seed = 0; seed < 300; seed += 1) {
      const choices = randomChoices(seed, { shape, convex: true, tasks: 1 });
      const found = frontier(choices);
      const all = frontOf(everyPlan(choices).map((plan) => priceOf(choices, plan)));
      expect(found.at(-1)?.ms, `${seed}`).toBeCloseTo(all[0]?.ms as number, 6);
      for (let ms = all[0]?.ms as number; ms <= (all.at(-1) as TimeCost).ms + 1; ms += 1) {
        const least = Math.min(...all.filter((one) => one.ms <= ms).map(({ cost }) => cost));
        expect(leastCost(found, ms), `${seed} at ${ms}`).toBeCloseTo(least, 6);
      }
    }
  });

  test.each([1, 4])('is beaten by no way of choosing, whatever the options: 300 pipelines of up to %i tasks a call', (tasks) => {
    const kind: Kind = { shape, convex: false, tasks };
    for (let seed = 0; seed < 300; seed += 1) {
      const choices = randomChoices(seed, kind);
      const found = frontier(choices);
      const all = everyPlan(choices).map((plan) => priceOf(choices, plan));
      expect(Math.min(...all.map(({ ms, cost }) => cost - leastCost(found, ms))), `${seed}`).toBeGreaterThanOrEqual(-1e-6);
      // Its ends are choices: all as fast as can be, all as cheap.
      expect(found.at(-1)?.ms).toBeCloseTo(Math.min(...all.map(({ ms }) => ms)), 6);
      expect(found[0]?.cost).toBeCloseTo(Math.min(...all.map(({ cost }) => cost)), 6);
    }
  });
});

test('by hand: A then B, A from 10 to 4 ms at 2 a ms, B from 6 to 3 at 5', () => {
  const gate = { gateOf: Int32Array.of(0), count: 1, any: false };
  const groups = [
    { first: 0, size: 1, waits: [], gates: [gate] },
    { first: 1, size: 1, waits: [{ on: 0, gate, from: 0, gateOf: Int32Array.of(0) }], gates: [] },
  ];
  const options = [
    [
      { ms: 10, cost: 1 },
      { ms: 4, cost: 13 },
    ],
    [
      { ms: 6, cost: 1 },
      { ms: 3, cost: 16 },
    ],
  ];
  expect(frontier({ graph: { groups, tasks: 2 }, options })).toEqual([
    { ms: 16, cost: 2 },
    { ms: 10, cost: 14 },
    { ms: 7, cost: 29 },
  ]);
});
