/** nf-mini against what real Nextflow 25.04 did with the cases of fixtures/tasks (`npm run conformance -- --record --only tasks`). */
import { describe, expect, it } from 'vitest';
import { bit } from './engine.ts';
import { taskCases } from './fixtures.ts';
import { run, type WorldRun } from './run.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);
const cases = taskCases();
const DEPENDS_ON_ORDER = new Set(['group-key-meets-plain-key']);
const byName = ([one]: readonly [string, number], [other]: readonly [string, number]): number => (one < other ? -1 : 1);

/** Pairs of calls [A, B] of which each task of B had to wait for all of A. */
function barriers(result: WorldRun): Set<string> {
  const ran = result.tasks.filter(({ skipped }) => !skipped);
  const calls = [...new Set(ran.map(({ call }) => call))];
  const all = new Map(
    calls.map((call) => [call, ran.filter((task) => task.call === call).reduce((bits, { index }) => bits | bit(index), 0n)]),
  );
  const found = new Set<string>();
  for (const one of calls)
    for (const other of calls) {
      const bits = all.get(one)!;
      if (one !== other && ran.every(({ call, index }) => call !== other || (result.waits[index]! & bits) === bits))
        found.add(`${one} -> ${other}`);
    }
  return found;
}

describe('nf-mini and real Nextflow', () => {
  it('knows at least thirty cases', () => expect(cases.length).toBeGreaterThanOrEqual(30));

  for (const { name, files, world, expected } of cases) {
    it(name, () => {
      expect(expected, 'nothing is recorded').toBeDefined();
      const runs = SEEDS.map((seed) => run(files, 'main.nf', world, seed));
      const outcomes = new Set(runs.map(({ counts }) => JSON.stringify([...counts].filter(([, count]) => count > 0).sort(byName))));
      expect(outcomes).toContain(JSON.stringify(Object.entries(expected!.tasks).sort(byName)));
      // Real Nextflow has been asked twice: what depends on who comes first is expected where it is meant, and nowhere else.
      if (!DEPENDS_ON_ORDER.has(name)) expect([...outcomes]).toHaveLength(1);
      // What always waits here waited there; so what began before, there, need not wait here.
      const before = expected!.before.map((pair) => pair.join(' -> '));
      const [first, ...rest] = runs.map(barriers);
      const always = [...first!].filter((pair) => rest.every((one) => one.has(pair)));
      expect(always.filter((pair) => !before.includes(pair))).toEqual([]);
    });
  }
});
