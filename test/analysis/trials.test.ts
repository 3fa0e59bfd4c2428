import { describe, expect, test } from 'vitest';
import { IN_CPU_HOURS, lawOf, resultOf, secondsWith, type Trial, trialsIn } from '../../src/analysis/passes/sizing/trials.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';

const GB = 2 ** 30;
const AMDAHL = { one: 3600, serial: 0.1, crosstalk: 0 };
const USL = { one: 3600, serial: 0.05, crosstalk: 0.01 };

function timesBy(law: typeof AMDAHL, cpus: readonly number[]) {
  return cpus.map((count) => ({ cpus: count, seconds: secondsWith(law, count) }));
}

describe('the law of a tool', () => {
  test('Amdahl’s, by two numbers of cpus: what crosstalk there may be is not told', () => {
    expect(lawOf(timesBy(AMDAHL, [2, 8]))).toMatchObject({
      one: expect.closeTo(3600, 6),
      serial: expect.closeTo(0.1, 9),
      crosstalk: 0,
      settings: 2,
    });
    expect(lawOf(timesBy(USL, [2, 8]))?.crosstalk).toBe(0);
  });
  test('Gunther’s, by three and more', () => {
    const law = lawOf(timesBy(USL, [1, 4, 16]));
    expect(law).toMatchObject({
      one: expect.closeTo(3600, 3),
      serial: expect.closeTo(0.05, 6),
      crosstalk: expect.closeTo(0.01, 6),
      settings: 3,
    });
    expect(law?.off).toBeLessThan(1e-6);
  });
  test('is none of one number alone', () => expect(lawOf(timesBy(AMDAHL, [4]))).toBeUndefined());
  test('is far off where times jump about', () => {
    const jumping = [
      { cpus: 1, seconds: 100 },
      { cpus: 2, seconds: 300 },
      { cpus: 4, seconds: 100 },
    ];
    expect(lawOf(jumping)?.off).toBeGreaterThan(0.2);
  });
});

function trial(cpus: number, given: Partial<Trial> = {}): Trial {
  return {
    task: 'kidney',
    cpus,
    memory: 8 * GB,
    queue: '',
    seconds: secondsWith(AMDAHL, cpus),
    peak: 2 * GB,
    busyCores: cpus,
    end: 'through',
    ...given,
  };
}

describe('what came of an experiment', () => {
  test('a task that is larger, and was tried with one setting more, distorts nothing', () => {
    const large = (cpus: number) => trial(cpus, { task: 'lung', seconds: 3 * secondsWith(AMDAHL, cpus) });
    const { laws, settings, tasks } = resultOf([trial(1), trial(4), trial(8), large(2), large(4), large(8)], IN_CPU_HOURS);
    expect(tasks).toBe(2);
    expect(laws).toHaveLength(1);
    expect(laws[0]?.law.serial).toBeCloseTo(0.1, 3);
    // Of two tasks the smaller stands for most.
    expect(settings.map(({ seconds }) => Math.round(seconds as number))).toEqual(
      [3600, 1980, 1170, 765].map((one) => expect.closeTo(one, -1)),
    );
  });
  test('the cheapest is by the law, between what was tried, and where cost is about the same the fastest', () => {
    // c* = √(0.9 · 0.1098 · 8 / 0.1) = 2.81; of 2 and 4: 2 · 0.55 + 0.878 · 0.55 = 1.583 and 4 · 0.325 + 0.878 · 0.325 = 1.585 cpu hours.
    const { cheapest, fastest, best } = resultOf([trial(1), trial(2), trial(4), trial(8)], IN_CPU_HOURS);
    expect(best).toBeCloseTo(2.81, 2);
    expect(cheapest).toMatchObject({ cpus: 4, tried: true, cost: expect.closeTo(1.585, 2) });
    expect(fastest).toMatchObject({ cpus: 8 });
    // With 64 GB √(0.9 · 0.1098 · 64 / 0.1) = 7.95.
    const wide = [2, 16].map((cpus) => trial(cpus, { memory: 64 * GB }));
    expect(resultOf(wide, IN_CPU_HOURS).cheapest).toMatchObject({ cpus: 8, tried: false });
  });
  test('what was measured is not overruled by what a law says of it', () => {
    // Two cpus were the best of all, and no law of threads says so.
    const seconds = (cpus: number): number => ({ 1: 900, 2: 500, 4: 450, 8: 480 })[cpus] as number;
    const { cheapest, fastest, laws } = resultOf(
      [1, 2, 4, 8].map((cpus) => trial(cpus, { seconds: seconds(cpus) })),
      IN_CPU_HOURS,
    );
    expect(laws[0]?.law.off).toBeGreaterThan(0.01);
    expect(cheapest).toMatchObject({ cpus: 2, tried: true, seconds: expect.closeTo(500, 6) });
    expect(fastest).toMatchObject({ cpus: 4, tried: true, seconds: expect.closeTo(450, 6) });
  });
  test('nor by one that is better within the noise of repeats', () => {
    // 64 GB: by the law eight cpus are 11 % cheaper than sixteen; repeats differ by more.
    const noisy = [2, 16].flatMap((cpus) =>
      [0.9, 1.1].map((off) => trial(cpus, { memory: 64 * GB, seconds: off * secondsWith(AMDAHL, cpus) })),
    );
    expect(resultOf(noisy, IN_CPU_HOURS).cheapest).toMatchObject({ cpus: 16, tried: true });
  });
  test('a setting with which one was killed is not proposed, and its memory is too little', () => {
    const killed = trial(4, { memory: 2 * GB, end: 'killed', seconds: 5 });
    const less = trial(2, { memory: 2 * GB, peak: 1.9 * GB });
    const { memoryFloor, killedWith, cheapest, ladder } = resultOf([killed, less, trial(2), trial(4)], IN_CPU_HOURS);
    expect({ memoryFloor, killedWith }).toEqual({ memoryFloor: 8 * GB, killedWith: 2 * GB });
    // With two cpus no attempt was killed.
    expect(cheapest).toMatchObject({ cpus: 2, memory: 2 * GB });
    expect(ladder).toEqual([2 * GB]);
  });
  test('a peak that grows with the threads is said', () => {
    const growing = [1, 2, 4, 8].map((cpus) => trial(cpus, { peak: (1 + cpus / 2) * GB }));
    expect(resultOf(growing, IN_CPU_HOURS).memoryGrows).toEqual({ from: 1.5 * GB, to: 5 * GB, fewest: 1, most: 8 });
    expect(resultOf([trial(1), trial(8)], IN_CPU_HOURS).memoryGrows).toBeUndefined();
  });
  test('nothing came through, or the trace knows little: nothing is proposed, and nothing breaks', () => {
    const failed = [trial(2, { end: 'failed' }), trial(4, { end: 'killed' })];
    expect(resultOf(failed, IN_CPU_HOURS)).toMatchObject({ laws: [], settings: [{ through: 0 }, { through: 0 }] });
    expect(resultOf(failed, IN_CPU_HOURS).cheapest).toBeUndefined();
    const bare = [1, 2].map((cpus) => trial(cpus, { memory: Number.NaN, peak: Number.NaN, busyCores: Number.NaN }));
    const { cheapest, ladder, laws } = resultOf(bare, IN_CPU_HOURS);
    expect(cheapest).toMatchObject({ cpus: 1, memory: Number.NaN });
    expect(ladder).toBeUndefined();
    expect(laws).toHaveLength(1);
  });
});

test('an attempt that exits with 222 came through; with 137 it was killed; one from the cache is none', () => {
  const text = [
    'process\ttag\tstatus\texit\trealtime\tcpus\tmemory',
    'SORT\ta\tFAILED\t222\t5000\t4\t8589934592',
    'SORT\ta\tFAILED\t137\t900\t2\t1073741824',
    'SORT\ta\tFAILED\t1\t900\t2\t1073741824',
    'SORT\ta\tCOMPLETED\t0\t5100\t4\t8589934592',
    'SORT\tb\tCACHED\t0\t5100\t4\t8589934592',
    '',
  ].join('\n');
  const [run] = readTrace(text, 'trace.txt');
  expect(trialsIn(run!, Int32Array.of(0, 1, 2, 3, 4)).map(({ cpus, seconds, end }) => `${cpus} ${seconds} ${end}`)).toEqual([
    '4 5 through',
    '2 0.9 killed',
    '2 0.9 failed',
    '4 5.1 through',
  ]);
});
