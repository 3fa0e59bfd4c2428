import { describe, expect, test } from 'vitest';
import { ratioWith } from '../../src/analysis/passes/sizing/cpu-law.ts';
import { planCpus } from '../../src/analysis/passes/sizing/cpu-sizing.ts';
import { timeLimit } from '../../src/analysis/passes/sizing/time-limit.ts';

const GB = 1e9;

function plan(reserved: number, busyCores: readonly number[], memoryBytes = 0) {
  return planCpus(
    {
      reserved: Float64Array.from(busyCores, () => reserved),
      busyCores: Float64Array.from(busyCores),
      seconds: Float64Array.from(busyCores, () => 3600),
    },
    { memoryBytes },
  );
}

describe('how many cpus to reserve', () => {
  test('is one where one is busy', () => {
    const found = plan(12, [1, 1, 1, 1, 1]);
    expect(found).toMatchObject({ cpus: 1, busyMost: 1, parallelShare: 0, slowdown: 1 });
    // Five tasks of an hour: 12 − 1 cpus idle in each.
    expect(found?.idleSeconds).toBe(5 * 11 * 3600);
    expect(found?.plannedIdleSeconds).toBe(0);
  });

  test('is never below what nine tasks in ten kept busy', () => {
    for (const busy of [0.5, 1.2, 2.7, 5, 7.9, 12]) {
      const found = plan(16, [busy, busy, busy, busy, busy, busy, busy, busy, busy, busy / 2]);
      expect(found?.cpus).toBeGreaterThanOrEqual(Math.ceil(busy));
      expect(found?.cpus).toBeLessThanOrEqual(16);
    }
  });

  test('follows Amdahl’s law', () => {
    // 4 of 8 busy: f = (1 − 1/4)/(1 − 1/8) = 6/7. With 4: 1/7 + 6/28 = 10/28; with 8: 1/7 + 6/56 = 14/56; so 10/7 times as long.
    const found = plan(8, [4, 4, 4, 4, 4]);
    expect(found?.parallelShare).toBeCloseTo(6 / 7, 12);
    expect(found?.cpus).toBe(4);
    expect(found?.slowdown).toBeCloseTo(10 / 7, 12);
  });

  test('is higher where much memory waits beside them', () => {
    // c = √(f·m/(1 − f)) with f = 6/7 and m = 0.1098 · 100 GB = 10.98 cpus: √(6 · 10.98) = 8.1.
    expect(plan(16, [4, 4, 4, 4, 4], 100 * GB)?.cpus).toBeGreaterThan(plan(16, [4, 4, 4, 4, 4])?.cpus as number);
  });

  test('cannot be told from one cpu, from different ones, or from tasks that were never busy', () => {
    expect(plan(1, [1, 1, 1, 1, 1])).toBeUndefined();
    expect(plan(8, [0, 0, 0, 0, 0])).toBeUndefined();
    expect(planCpus({ reserved: Float64Array.of(2, 4), busyCores: Float64Array.of(1, 1), seconds: Float64Array.of(9, 9) })).toBeUndefined();
  });
});

describe('what tasks take with other cpus than they had', () => {
  const law = { had: 8, busy: 4, takesAll: true };

  test('is as long where there are as many, or nobody knows', () => {
    for (const [one, cpus] of [[law, 8] as const, [undefined, 2] as const, [law, Number.NaN] as const])
      expect(ratioWith(one, cpus)).toEqual({ none: 1, expected: 1, all: 1 });
  });

  test('is Amdahl’s figure between what was seen and one cpu, on which it takes as long as all cores were busy', () => {
    expect(ratioWith(law, 4).expected).toBeCloseTo(10 / 7, 12);
    expect(ratioWith(law, 1).expected).toBeCloseTo(4, 12);
    for (const cpus of [1, 2, 4, 6]) expect(new Set(Object.values(ratioWith(law, cpus))).size).toBe(1);
  });

  test('is a range beyond, from no gain to all of it, with Amdahl’s figure in the middle if tools are told of all cpus', () => {
    // 1/7 + 6/(7·16) = 22/112 against 28/112.
    expect(ratioWith(law, 16)).toEqual({ none: 1, expected: expect.closeTo(22 / 28, 12), all: 0.5 });
    expect(ratioWith({ ...law, takesAll: false }, 16)).toEqual({ none: 1, expected: 1, all: 0.5 });
  });

  test('where nobody saw how busy they were, is anything', () => {
    expect(ratioWith({ ...law, busy: Number.NaN }, 2)).toEqual({ none: 1, expected: 2, all: 4 });
    expect(ratioWith({ had: 8, busy: Number.NaN, takesAll: false }, 2)).toEqual({ none: 1, expected: 1, all: 4 });
  });
});

describe('the limit of time', () => {
  test('is twice what 99 in 100 tasks took, and half more than the longest', () => {
    // 2 · 600 s are 20 minutes; 1.5 · 3000 s are 75, in steps of half an hour 90.
    expect(timeLimit(Float64Array.of(600))).toBe(20 * 60);
    expect(timeLimit(Float64Array.from({ length: 200 }, (_, at) => (at === 0 ? 3000 : 600)))).toBe(90 * 60);
  });
});
