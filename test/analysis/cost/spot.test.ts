import { describe, expect, test } from 'vitest';
import { Chance } from '../../../bench/mutants/chance.ts';
import { loadPrices } from '../../../src/analysis/cost/catalogue.ts';
import { cheaperMarket, costOn } from '../../../src/analysis/cost/market.ts';
import { expectedOnSpot, HAZARD_PER_HOUR_BY_BAND, redoneFactor, switchPoint } from '../../../src/analysis/cost/spot.ts';

describe('where spot stops being cheaper', () => {
  test.each([
    [0.5, 1.26],
    [0.6, 1.62],
    [0.65, 1.83],
    [0.7, 2.07],
    [0.8, 2.66],
    [0.9, 3.62],
  ])('%f off: %f interruptions expected', (saving, x) => {
    expect(Math.abs(switchPoint(saving) - x)).toBeLessThan(0.01);
  });
  test('on either side of the point the one or the other is cheaper', () => {
    for (const saving of [0.1, 0.35, 0.65, 0.95]) {
      const x = switchPoint(saving);
      expect((1 - saving) * redoneFactor(x * 0.99)).toBeLessThan(1);
      expect((1 - saving) * redoneFactor(x * 1.01)).toBeGreaterThan(1);
    }
    expect(switchPoint(0)).toBe(0);
  });
});

describe('what a task on spot is expected to cost', () => {
  test('without interruptions its hours', () => {
    expect(expectedOnSpot({ hours: 3, hazard: 0 })).toEqual({ spotHours: 3, onDemandHours: 0, elapsedHours: 3 });
    expect(expectedOnSpot({ hours: 3, hazard: 0, attempts: 2 })).toEqual({ spotHours: 3, onDemandHours: 0, elapsedHours: 3 });
  });
  test('begun anew until it is done: (e^λt − 1)/λ hours', () => {
    // λ 0.1, t 5: (e^0.5 − 1)/0.1 = 6.487; each of e^0.5 − 1 losses costs half an hour more
    expect(expectedOnSpot({ hours: 5, hazard: 0.1, requeueHours: 0.5 })).toEqual({
      spotHours: expect.closeTo(6.4872, 4),
      onDemandHours: 0,
      elapsedHours: expect.closeTo(6.4872 + 0.3244, 3),
    });
  });
  test('on demand after so many tries, as a simulation has it', () => {
    const dice = new Chance(7);
    const random = (): number => dice.below(2 ** 32) / 2 ** 32;
    const [hours, hazard, attempts, requeueHours] = [6, 0.15, 3, 0.25];
    const runs = 100_000;
    const sum = { spot: 0, onDemand: 0, elapsed: 0 };
    for (let run = 0; run < runs; run += 1) {
      let done = false;
      for (let attempt = 0; attempt < attempts && !done; attempt += 1) {
        const lost = -Math.log(1 - random()) / hazard;
        done = lost >= hours;
        sum.spot += Math.min(lost, hours);
        sum.elapsed += Math.min(lost, hours) + (done ? 0 : requeueHours);
      }
      if (!done) {
        sum.onDemand += hours;
        sum.elapsed += hours;
      }
    }
    const { spotHours, onDemandHours, elapsedHours } = expectedOnSpot({ hours, hazard, attempts, requeueHours });
    expect(sum.spot / runs / spotHours).toBeCloseTo(1, 2);
    expect(sum.onDemand / runs / onDemandHours).toBeCloseTo(1, 1);
    expect(sum.elapsed / runs / elapsedHours).toBeCloseTo(1, 2);
  });
  test('laws: more hours, more hazard are never cheaper; many tries come to no end of tries', () => {
    let before = 0;
    for (const hours of [0.1, 1, 5, 20, 50]) {
      const { spotHours } = expectedOnSpot({ hours, hazard: 0.05 });
      expect(spotHours).toBeGreaterThanOrEqual(hours);
      expect(spotHours).toBeGreaterThan(before);
      before = spotHours;
      expect(expectedOnSpot({ hours, hazard: 0.1 }).spotHours).toBeGreaterThan(spotHours);
      expect(expectedOnSpot({ hours, hazard: 0.05, attempts: 2000 }).spotHours).toBeCloseTo(spotHours, 6);
    }
  });
  test('hazards widen from band to band', () => {
    for (const { low, expected, high } of HAZARD_PER_HOUR_BY_BAND) {
      expect(low).toBeLessThan(expected);
      expect(expected).toBeLessThanOrEqual(high);
    }
    // 20 % in a month: −ln 0.8 / 730 h and / 4 h
    expect(HAZARD_PER_HOUR_BY_BAND[3]).toEqual({ low: expect.closeTo(0.000306, 6), expected: 0.03, high: expect.closeTo(0.0558, 4) });
  });
});

describe('on demand or on spot', () => {
  test('by the hours of the task: c4.2xlarge in eu-west-2 saves 62 %, with 0.03 interruptions an hour', async () => {
    const prices = await loadPrices();
    const placement = { type: 'c4.2xlarge', region: 'eu-west-2' };
    // (e^x − 1)/x = 1/0.38 at x = 1.707, so 56.9 hours
    const hours = switchPoint(0.62) / 0.03;
    expect(hours).toBeCloseTo(56.9, 0);
    expect(cheaperMarket(prices, { ...placement, hours: hours - 1 })).toBe('spot');
    expect(cheaperMarket(prices, { ...placement, hours: hours + 1 })).toBe('on-demand');
    expect(cheaperMarket(prices, { ...placement, hours: 1, hazard: 5 })).toBe('on-demand');
  });
  test('costs its hours times its share of the machine', async () => {
    const prices = await loadPrices();
    const { cost, elapsedHours } = costOn('on-demand', prices, { type: 'm5.xlarge', region: 'us-east-1', hours: 10, share: 0.25 });
    expect(cost.priced).toBeCloseTo(0.48, 12);
    expect(elapsedHours).toBe(10);
  });
  test('is not told where a price or the interruptions are not known', async () => {
    const prices = await loadPrices();
    expect(cheaperMarket(prices, { type: 'm9g.large', region: 'us-east-1', hours: 1 })).toBeUndefined();
    expect(costOn('spot', prices, { type: 'n2-standard-4', region: 'us-central1', hours: 1 }).cost.missing).toMatchObject([
      { missing: 'interruptions of n2-standard-4 in us-central1' },
    ]);
    expect(cheaperMarket(prices, { type: 'n2-standard-4', region: 'us-central1', hours: 1, hazard: 0.02 })).toBe('spot');
  });
});
