/** The ladder against all ladders that there are, and what has to hold of it whatever the tasks. */
import { describe, expect, test } from 'vitest';
import {
  type LadderChoice,
  type LadderFacts,
  ladderPrice,
  type Needs,
  optimalLadder,
  rungOf,
} from '../../src/analysis/passes/sizing/memory-ladder.ts';
import { fitLinear, foreseen } from '../../src/analysis/passes/sizing/memory-model.ts';
import { type MemoryUse, planMemory, roundUpMemory } from '../../src/analysis/passes/sizing/memory-sizing.ts';
import { withUnseen } from '../../src/analysis/passes/sizing/unseen-task.ts';

const GIB = 2 ** 30;
type LadderOptions = LadderFacts & LadderChoice;

/** mulberry32: the same numbers from the same seed. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function someTasks(next: () => number, most = 8): Needs {
  const count = 1 + Math.floor(next() * most);
  return {
    needs: Float64Array.from({ length: count }, () => 1 + Math.floor(next() * 12) * (next() < 0.2 ? 4 : 1)),
    weights: Float64Array.from({ length: count }, () => 1 + Math.floor(next() * 20)),
    counts: Float64Array.from({ length: count }, () => (next() < 0.3 ? 1 / 16 : 1)),
  };
}

const whole = (ladder: readonly number[], tasks: Needs, { failureTime = 1, failureCost = 0 }: LadderOptions): number => {
  const { waste, failures } = ladderPrice(ladder, tasks, failureTime);
  return waste + failureCost * failures;
};

/** Every rising choice of at most `rungs` needs. */
function* everyLadder(tasks: Needs, options: LadderOptions): Iterable<readonly number[]> {
  const { roundUp = (need: number) => need, least = 0, mostFailing = 1, rungs } = options;
  const values = [...new Set([...tasks.needs].map(roundUp)), ...(least > 0 ? [roundUp(least)] : [])].sort((one, other) => one - other);
  const total = tasks.counts.reduce((sum, one) => sum + one, 0);
  for (let chosen = 1; chosen < 2 ** values.length; chosen++) {
    const ladder = [...new Set(values.filter((_, at) => ((chosen >> at) & 1) === 1))];
    if (ladder.length > rungs || (ladder.at(-1) as number) < least) continue;
    if (ladderPrice(ladder, tasks).failing <= mostFailing * total) yield ladder;
  }
}

function someOptions(next: () => number, tasks: Needs): LadderOptions {
  return {
    rungs: 1 + Math.floor(next() * 3),
    mostFailing: [1, 0.5, 0.2, 0.02][Math.floor(next() * 4)] as number,
    failureTime: [1, 0.5][Math.floor(next() * 2)] as number,
    failureCost: [0, 3, 40][Math.floor(next() * 3)] as number,
    least: next() < 0.5 ? Math.max(...tasks.needs) : (tasks.needs[0] as number),
    ...(next() < 0.3 ? { roundUp: (need: number) => Math.ceil(need / 4) * 4 } : {}),
  };
}

describe('the optimal ladder', () => {
  test('is the best of all ladders of at most eight tasks', () => {
    const next = numbersFrom(1);
    for (let round = 0; round < 1500; round++) {
      const tasks = someTasks(next);
      const options = someOptions(next, tasks);
      const ladder = optimalLadder(tasks, options);
      const best = Math.min(...[...everyLadder(tasks, options)].map((one) => whole(one, tasks, options)));
      expect(whole(ladder, tasks, options)).toBeCloseTo(best, 6);
      expect([...everyLadder(tasks, options)]).toContainEqual(ladder);
    }
  });

  test('starts no lower when fewer tasks may fail, and wastes no less', () => {
    const next = numbersFrom(2);
    for (let round = 0; round < 500; round++) {
      const tasks = someTasks(next, 30);
      let [first, waste] = [0, 0];
      for (const mostFailing of [1, 0.3, 0.1, 0.02, 0]) {
        const ladder = optimalLadder(tasks, { rungs: 3, mostFailing });
        expect(ladder[0]).toBeGreaterThanOrEqual(first);
        expect(ladderPrice(ladder, tasks).waste).toBeGreaterThanOrEqual(waste - 1e-9);
        [first, waste] = [ladder[0] as number, ladderPrice(ladder, tasks).waste];
      }
    }
  });

  test('fails no more often when a failure costs more', () => {
    const next = numbersFrom(3);
    for (let round = 0; round < 500; round++) {
      const tasks = someTasks(next, 30);
      let failures = Number.POSITIVE_INFINITY;
      for (const failureCost of [0, 1, 5, 20, 100, 1e6]) {
        const found = ladderPrice(optimalLadder(tasks, { rungs: 3, failureCost }), tasks).failures;
        expect(found).toBeLessThanOrEqual(failures + 1e-9);
        failures = found;
      }
    }
  });

  test('grows with the needs', () => {
    const next = numbersFrom(4);
    for (let round = 0; round < 500; round++) {
      const tasks = someTasks(next, 30);
      const options = { rungs: 3, mostFailing: 0.1, failureCost: 2, least: Math.max(...tasks.needs) };
      const scaled = optimalLadder(
        { ...tasks, needs: tasks.needs.map((need) => need * 1024) },
        { ...options, failureCost: 2 * 1024, least: options.least * 1024 },
      );
      expect(scaled).toEqual(optimalLadder(tasks, options).map((rung) => rung * 1024));
    }
  });

  test('of no tasks is none', () => {
    const none = new Float64Array();
    expect(optimalLadder({ needs: none, weights: none, counts: none }, { rungs: 3 })).toEqual([]);
  });

  test('is doubled behind its last rung', () => {
    expect([0, 1, 2, 3].map((attempt) => rungOf([3, 5], attempt))).toEqual([3, 5, 10, 20]);
  });
});

describe('the unseen task', () => {
  test('needs more than the highest with probability 1/(n + 1)', () => {
    const seen: Needs = { needs: Float64Array.of(2, 3, 4), weights: Float64Array.of(1, 1, 4), counts: Float64Array.of(1, 1, 1) };
    const all = withUnseen(seen);
    const beyond = [...all.needs.keys()].filter((at) => (all.needs[at] as number) > 4);
    expect(beyond.reduce((sum, at) => sum + (all.counts[at] as number), 0)).toBeCloseTo(1, 12);
    // As heavy as the others on the average: (1 + 1 + 4) / 3.
    expect(beyond.reduce((sum, at) => sum + (all.weights[at] as number), 0)).toBeCloseTo(2, 12);
  });
});

describe('a memory plan', () => {
  const use = (peaks: readonly number[], more: Partial<MemoryUse> = {}): MemoryUse => ({
    peaks: Float64Array.from(peaks, (gib) => gib * GIB),
    seconds: Float64Array.from(peaks, () => 600),
    ...more,
  });

  test('never has a rung for a task that ran out of memory with as much', () => {
    const next = numbersFrom(5);
    for (let round = 0; round < 100; round++) {
      const peaks = Array.from({ length: 5 + Math.floor(next() * 40) }, () => 0.5 + next() * 8);
      const starved = Array.from({ length: 1 + Math.floor(next() * 4) }, () => (1 + Math.floor(next() * 16)) * GIB);
      const [plan] = planMemory([use(peaks, { starved, requested: 16 * GIB })]);
      const ladder = plan?.ladder as readonly number[];
      expect(ladder.at(-1)).toBeGreaterThan(Math.max(...starved));
      // One task in ten may fail at the first rung; where more ran out of memory, it is above what they had.
      if (starved.length > 0.1 * (peaks.length + starved.length + 1)) expect(ladder[0]).toBeGreaterThan(Math.min(...starved));
    }
  });

  test('holds for all tasks seen, with the margin, at the last rung at the latest', () => {
    const next = numbersFrom(6);
    for (let round = 0; round < 100; round++) {
      const peaks = Array.from({ length: 5 + Math.floor(next() * 60) }, () => 0.1 + next() ** 3 * 20);
      const [plan] = planMemory([use(peaks)]);
      expect(plan?.ladder.at(-1)).toBeGreaterThanOrEqual(Math.max(...peaks) * 1.05 * GIB);
      expect(plan?.ladder).toEqual([...new Set(plan?.ladder)].sort((one, other) => one - other));
    }
  });

  test('spends the failures that are allowed where they save most', () => {
    // One task in twenty of the aligner needs 30 GB, the others 10; so with the indexer, far below.
    const aligner = use(Array.from({ length: 40 }, (_, at) => (at % 20 === 7 ? 30 : 10)));
    const indexer = use(Array.from({ length: 1600 }, (_, at) => (at % 20 === 7 ? 0.8 : 0.3)));
    const [large, small] = planMemory([aligner, indexer]);
    // 10 GB and 5 % are 10.5.
    expect(large?.ladder[0]).toBe(10.5 * GIB);
    expect(large?.ladder.at(-1)).toBeGreaterThanOrEqual(31.5 * GIB);
    expect(small?.ladder[0]).toBeGreaterThanOrEqual(0.8 * 1.05 * GIB);
  });

  test('asks for no more than what was always enough, and no less than what is written into the script', () => {
    const peaks = [3.9, 3.9, 3.9, 3.9, 3.9, 3.9];
    expect(planMemory([use(peaks, { requested: 4 * GIB })])[0]?.ladder).toEqual([4 * GIB]);
    expect(planMemory([use(peaks, { requested: 64 * GIB, least: 16 * GIB })])[0]?.ladder).toEqual([16 * GIB]);
  });

  test('is finite whatever the trace says', () => {
    const [plan] = planMemory([use([1e-9, 1e-9, 1e6, 1e-6, 3, 1e9])]);
    expect(plan?.ladder.every((bytes) => bytes > 0 && Number.isFinite(bytes))).toBe(true);
    expect(plan?.ladder.length).toBeGreaterThan(0);
  });

  test('of four tasks is twice their most, or what was asked for', () => {
    expect(planMemory([use([1, 1, 3, 1])])[0]?.ladder).toEqual([6 * GIB]);
    expect(planMemory([use([1, 1, 3, 1], { requested: 4 * GIB })])[0]?.ladder).toEqual([4 * GIB]);
    expect(planMemory([use([1, 1, 3, 1], { starved: [4 * GIB] })])[0]?.ladder.at(-1)).toBeGreaterThan(4 * GIB);
    expect(planMemory([use([1], { starved: [4 * GIB] }), use([])])).toEqual([undefined, undefined]);
  });

  test('follows the size of the input where that foresees much better', () => {
    const sizes = Float64Array.from({ length: 60 }, (_, at) => ((at * 7) % 20) + 1);
    const grown = use(
      [...sizes].map((size) => 1 + 2 * size),
      { sizes },
    );
    expect(planMemory([grown])[0]?.model.kind).toBe('linear');
    const level = use(
      [...sizes].map((size, at) => 10 + 0.01 * size + ((at * 13) % 11)),
      { sizes },
    );
    expect(planMemory([level])[0]?.model.kind).toBe('constant');
  });

  test('asks for steps that people write', () => {
    expect([0.01, 0.126, 1.01, 7.9, 8.1, 38.2].map((gib) => roundUpMemory(gib * GIB) / GIB)).toEqual([0.125, 0.25, 1.25, 8, 8.5, 38.5]);
  });
});

test('a line through memory by size is none where memory does not grow', () => {
  expect(fitLinear(Float64Array.of(1, 2, 3), Float64Array.of(3, 2, 1))).toBeUndefined();
  const line = fitLinear(Float64Array.of(1, 2, 3), Float64Array.of(3, 5, 7));
  expect(line && [foreseen(line, 0), foreseen(line, 10)]).toEqual([3, 21]);
});
