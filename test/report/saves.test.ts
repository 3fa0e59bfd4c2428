/** How what a finding saves reads, where it saves nothing. */
import { expect, test } from 'vitest';
import { UNICODE } from '../../src/report/layout.ts';
import { savesSpans } from '../../src/report/page/saves.ts';
import type { Estimate, Finding, Report } from '../../src/report/report.ts';

const page = { width: 80, glyphs: UNICODE, verbose: false };
const estimate = (low: number, expected: number, high: number, unit = 's'): Estimate => ({
  low,
  expected,
  high,
  unit,
  basis: 'assumed',
  source: 'a test',
});
const report = {
  inputs: { platform: { name: 'google-batch', text: 'google-batch' } },
  estimates: { now: { wallClock: estimate(36_000, 36_000, 36_000) } },
} as unknown as Report;

function told(wallClock: Estimate, cost?: Estimate, dependsOn: readonly string[] = []): string {
  const standing = { class: 'certain-direction', anyGain: 1, dependsOn: dependsOn.map((call) => ({ call, share: 0.5 })) };
  const finding = { savings: { wallClock, ...(cost && { cost }) }, standing } as unknown as Finding;
  return savesSpans(finding, report, page)
    .map(({ text }) => text)
    .join('')
    .replaceAll('\u00a0', ' ');
}

test('what takes longer and costs more saves nothing, and how sure it is elsewhere is no praise', () => {
  const worse = told(estimate(-14_400, -13_800, -13_200), estimate(-48, -48, -47, 'USD'));
  expect(worse).toBe('nothing here: it takes 3 h 50 m (3 h 40 m to 4 h) longer and costs $48 ($47 to $48) more a run');
});

test('what takes longer and costs less may be worth it', () => {
  expect(told(estimate(-14_400, -13_800, -13_200), estimate(4, 5, 6, 'USD'))).toMatch(
    /^no time: it takes 3 h 50 m \(.*\) longer; \$5\.0 \(\$4\.0 to \$6\.0\) a run · certain direction/,
  );
});

test('what is too little to be told is no loss of time', () => {
  expect(told(estimate(-90, -60, -30), estimate(-3, -2, -1, 'USD'))).toBe(
    'no time while others take as long; costs $2.0 ($1.0 to $3.0) more a run',
  );
});

test.each([
  [-3240, 0, 'no time (54 m longer at worst)'],
  [0, 3240, 'no time (54 m saved at best)'],
  [-3240, 600, 'no time (54 m longer at worst, 10 m saved at best)'],
])('no time, from %d to %d s: no sign is to be read', (low, high, text) => {
  expect(told(estimate(low, 0, high))).toContain(text);
});

test('several calls on which it depends are named as in a sentence', () => {
  const time = estimate(3000, 3600, 4200);
  expect(told(time, undefined, ['W:ALIGN'])).toContain('by how long ALIGN takes');
  expect(told(time, undefined, ['W:ALIGN', 'W:SORT'])).toContain('by how long ALIGN and SORT take');
  expect(told(time, undefined, ['A', 'B', 'C'])).toContain('by how long A, B and C take');
});
