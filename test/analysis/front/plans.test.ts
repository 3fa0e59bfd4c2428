/** Plans that are found, against all that there are. */
import { describe, expect, test } from 'vitest';
import { frontOf, type TimeCost } from '../../../src/analysis/front/pareto.ts';
import { searchedPlans } from '../../../src/analysis/front/plans.ts';
import type { Choices } from '../../../src/analysis/front/prices.ts';
import { everyPlan, type Kind, priceOf, randomChoices } from './random-choices.ts';

/** Options as factors of a task of 100 ms. */
function choicesOf({ graph, options }: ReturnType<typeof randomChoices>): Choices {
  return {
    graph,
    durationsMs: new Float64Array(graph.tasks).fill(100),
    options: options.map((some) => frontOf(some).map(({ ms, cost }) => ({ factor: ms / 100, rate: cost / ms }))),
  };
}

/** Rounding apart: sums of fractions differ in their last place, and of two equal plans one stays. */
function shown(all: readonly TimeCost[]): string[] {
  return frontOf(all.map(({ ms, cost }) => ({ ms: Number(ms.toFixed(6)), cost: Number(cost.toFixed(6)) }))).map(
    ({ ms, cost }) => `${ms} ${cost}`,
  );
}

const SHAPES = ['series-parallel', 'general'] as const;

describe.each(SHAPES)('%s', (shape) => {
  test.each([1, 4])(
    'up to 6 calls of up to %i tasks with 3 options: the front is that of all plans, and none is below the bound',
    (tasks) => {
      const kind: Kind = { shape, convex: false, tasks };
      for (let seed = 0; seed < 200; seed += 1) {
        const random = randomChoices(seed, kind);
        const { front, bound } = searchedPlans(choicesOf(random), { effort: 20_000 });
        const all = everyPlan(random).map((plan) => priceOf(random, plan));
        expect(shown(front), `${seed}`).toEqual(shown(all));
        expect(Math.min(...all.map(({ ms, cost }) => cost - bound.costAt(ms))), `${seed}`).toBeGreaterThanOrEqual(-1e-6);
      }
    },
  );

  test('where not all are tried, nearly all of the front is found, and what is found lies on it', () => {
    let [found, there] = [0, 0];
    for (let seed = 0; seed < 60; seed += 1) {
      const random = randomChoices(seed, { shape, convex: false, tasks: 3 });
      const { front } = searchedPlans(choicesOf(random), { effort: 20_000, allOf: 0 });
      const best = shown(everyPlan(random).map((plan) => priceOf(random, plan)));
      there += best.length;
      found += shown(front).filter((one) => best.includes(one)).length;
    }
    expect(found / there).toBeGreaterThan(0.99);
  });
});

test('nothing to choose, nothing to run', () => {
  const gate = { gateOf: Int32Array.of(0), count: 1, any: false };
  const one = { groups: [{ first: 0, size: 1, waits: [], gates: [gate] }], tasks: 1 };
  const { front, bound } = searchedPlans({ graph: one, durationsMs: Float64Array.of(10), options: [[{ factor: 1, rate: 2 }]] });
  expect(front).toEqual([{ plan: [0], ms: 10, cost: 20 }]);
  expect([bound.fastestMs, bound.costAt(10), bound.costAt(9)]).toEqual([10, 20, Number.POSITIVE_INFINITY]);
  const none = searchedPlans({ graph: { groups: [], tasks: 0 }, durationsMs: new Float64Array(0), options: [] });
  expect(none.front).toEqual([{ plan: [], ms: 0, cost: 0 }]);
});
