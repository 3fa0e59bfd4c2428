import { expect, test } from 'vitest';
import { HAZARD_PER_HOUR_BY_BAND } from '../../../src/analysis/cost/spot.ts';

test('hazards widen from band to band', () => {
  for (const { low, expected, high } of HAZARD_PER_HOUR_BY_BAND) {
    expect(low).toBeLessThan(expected);
    expect(expected).toBeLessThanOrEqual(high);
  }
  // 20 % in a month: −ln 0.8 / 730 h and / 4 h
  expect(HAZARD_PER_HOUR_BY_BAND[3]).toEqual({ low: expect.closeTo(0.000306, 6), expected: 0.03, high: expect.closeTo(0.0558, 4) });
});
