/** The symbolic channel model against nf-mini. `npm run nf-mini -- --runs 10000` looks further, and makes small what it finds. */
import { describe, expect, it } from 'vitest';
import { taskCases } from './fixtures.ts';
import { generate } from './generate.ts';
import { Models, type Verdict } from './judge.ts';
import { REFUTED, WORLD } from './refuted.ts';
import { RunError } from './values.ts';
import type { World } from './world.ts';

const PIPELINES = 300;
const SEEDS = 12;

/** undefined: Nextflow would end with an error, a closure that is given what it does not take. */
function verdictOf(models: Models, world: World, seed: number): Verdict | undefined {
  try {
    return models.judge(world, seed);
  } catch (error) {
    if (error instanceof RunError) return undefined;
    throw error;
  }
}

describe('the channel model', () => {
  it(`is not refuted by ${PIPELINES} generated pipelines`, () => {
    const violations: string[] = [];
    const seen = { exact: 0, atMost: 0, tasks: 0 };
    for (let seed = 0; seed < PIPELINES; seed++) {
      const { files, worlds } = generate(seed);
      const models = new Models(files);
      for (const [at, world] of worlds.entries()) {
        const verdict = verdictOf(models, world, seed * worlds.length + at);
        if (verdict === undefined) continue;
        seen.exact += verdict.exact;
        seen.atMost += verdict.atMost;
        seen.tasks += verdict.tasks;
        for (const { claim, call, message } of verdict.violations) violations.push(`${seed}/${at} ${claim}: ${call} ${message}`);
      }
    }
    expect(violations).toEqual([]);
    // So that the test is not green because nothing was looked at.
    expect(seen.exact).toBeGreaterThan(PIPELINES);
    expect(seen.tasks).toBeGreaterThan(10 * PIPELINES);
  });
});

describe('is no longer refuted by', () => {
  for (const { name, script, world = WORLD } of REFUTED)
    it(name, () => {
      const models = new Models({ 'main.nf': script });
      const claims = Array.from({ length: SEEDS }, (_, seed) => models.judge(world, seed)).flatMap(({ violations, overstated }) =>
        [...violations, ...overstated].map(({ claim, call, message }) => `${claim}: ${call} ${message}`),
      );
      expect(claims).toEqual([]);
    });

  for (const { name, files, world } of taskCases())
    it(`the case ${name}`, () => {
      const models = new Models(Object.fromEntries(Object.entries(files).filter(([path]) => /\.(nf|config)$/.test(path))));
      const violations = Array.from({ length: SEEDS }, (_, seed) => models.judge(world, seed).violations).flat();
      expect(violations).toEqual([]);
    });
});
