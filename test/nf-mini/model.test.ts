/** The symbolic channel model against nf-mini. `npm run nf-mini -- --runs 10000` looks further, and makes small what it finds. */
import { describe, expect, it } from 'vitest';
import { generate } from './generate.ts';
import { Models } from './judge.ts';
import { LEFT_OUT, REFUTED, WORLD } from './refuted.ts';

const PIPELINES = 300;
const SEEDS = 12;

describe('the channel model', () => {
  it(`is not refuted by ${PIPELINES} generated pipelines`, () => {
    const violations: string[] = [];
    const seen = { exact: 0, atMost: 0, tasks: 0 };
    for (let seed = 0; seed < PIPELINES; seed++) {
      const { files, worlds } = generate(seed, LEFT_OUT);
      const models = new Models(files);
      for (const [at, world] of worlds.entries()) {
        const verdict = models.judge(world, seed * worlds.length + at);
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

describe('known to be wrong about', () => {
  for (const { name, claim, script, world = WORLD } of REFUTED)
    it(name, () => {
      const models = new Models({ 'main.nf': script });
      const claims = Array.from({ length: SEEDS }, (_, seed) => models.judge(world, seed)).flatMap(({ violations, overstated }) =>
        [...violations, ...overstated].map((one) => one.claim),
      );
      expect(claims, 'no longer refuted: take it out of refuted.ts').toContain(claim);
    });
});
