/** What platforms do of their own accord: machines that come and go, gaps that are filled, luck. */
import { describe, expect, test } from 'vitest';
import { awsBatch } from '../../../src/analysis/simulate/platforms/aws-batch.ts';
import { azureBatch } from '../../../src/analysis/simulate/platforms/azure-batch.ts';
import { googleBatch } from '../../../src/analysis/simulate/platforms/google-batch.ts';
import { kubernetes } from '../../../src/analysis/simulate/platforms/kubernetes.ts';
import { local } from '../../../src/analysis/simulate/platforms/local.ts';
import type { Executor, Platform, Request } from '../../../src/analysis/simulate/platforms/platform.ts';
import { slurm } from '../../../src/analysis/simulate/platforms/slurm.ts';
import { Random } from '../../../src/analysis/simulate/random.ts';
import { type CallSettings, type Simulation, simulate } from '../../../src/analysis/simulate/simulate.ts';
import type { TaskLinks } from '../../../src/analysis/simulate/task-graph.ts';
import { drawnDurations, durationsOn, simulateWorlds, tellingWorlds } from '../../../src/analysis/simulate/worlds.ts';

const MINUTE = 60_000;
const GIB = 2 ** 30;
/** Nothing that Nextflow itself does takes time. */
const AT_ONCE: Executor = { queueSize: 0, pollMs: 0, submitsPerSecond: Number.POSITIVE_INFINITY, submitMs: 0, reportMs: 0, collectMs: 0 };
const exactly = (ms: number) => ({ median: ms, p90: ms });

/** Tasks that wait for nobody: each a call of its own. */
function lone(count: number): TaskLinks {
  return { groups: Array.from({ length: count }, (_, first) => ({ size: 1, first, waits: [], gates: [] })), tasks: count };
}

function run(platform: Platform, all: readonly (Request & { ms: number })[], call: Partial<CallSettings> = {}, seed = 0): Simulation {
  const calls = all.map(({ ms: _, ...request }) => ({
    ladders: [[request]],
    maxForks: 0,
    errorStrategy: 'terminate' as const,
    maxRetries: 3,
    ...call,
  }));
  const places = Int32Array.from(all.keys());
  return simulate(lone(all.length), { calls, durationsMs: Float64Array.from(all, ({ ms }) => ms) }, platform, { seed, places });
}

const same = (count: number, task: Request & { ms: number }) => new Array(count).fill(task);

describe('kubernetes', () => {
  test('pods go where least is in use', () => {
    const platform = kubernetes({
      nodes: [{ count: 2, cpus: 4, memoryBytes: 4 }],
      executor: AT_ONCE,
      turnaround: { inLineMs: 10, ownMs: exactly(0), clearMs: 0 },
    });
    // One on each node, then a second one on each, behind the first in its node's line.
    expect([...run(platform, same(4, { cpus: 1, memoryBytes: 1, ms: 100 })).starts]).toEqual([10, 10, 20, 20]);
  });

  test('a pod that was refused is put off, and one that is new overtakes it', () => {
    const platform = kubernetes({
      nodes: [{ count: 1, cpus: 2, memoryBytes: 8 }],
      executor: AT_ONCE,
      turnaround: { inLineMs: 0, ownMs: exactly(0), clearMs: 0 },
      backoff: { firstMs: 1000, mostMs: 10_000 },
    });
    const { starts } = run(platform, same(2, { cpus: 2, memoryBytes: 1, ms: 300 }));
    // There is room at 300; the second is looked at 1000 after it was refused.
    expect([...starts]).toEqual([0, 1000]);
  });
});

describe('slurm', () => {
  const platform = slurm({ nodes: [{ count: 1, cpus: 4, memoryBytes: 100 }], executor: AT_ONCE, startMs: exactly(0) });

  test('a gap is filled by what does not put off the first', () => {
    const tasks = [
      { cpus: 3, memoryBytes: 1, timeMs: 100, ms: 100 },
      { cpus: 4, memoryBytes: 1, timeMs: 100, ms: 100 },
      { cpus: 1, memoryBytes: 1, timeMs: 200, ms: 50 },
      { cpus: 1, memoryBytes: 1, timeMs: 90, ms: 90 },
    ];
    // The third might take until 200, and the second is to have all cpus at 100.
    expect([...run(platform, tasks).starts]).toEqual([0, 100, 200, 0]);
  });

  test('without a time that it asks for nothing is let into a gap that somebody waits for', () => {
    const tasks = [3, 4, 1].map((cpus) => ({ cpus, memoryBytes: 1, ms: 100 }));
    expect([...run(platform, tasks).starts]).toEqual([0, 100, 200]);
  });
});

describe('aws-batch', () => {
  const types = [
    { name: 'm.large', cpus: 2, memoryBytes: 8 * GIB, usdPerHour: 0.1 },
    { name: 'm.4xlarge', cpus: 16, memoryBytes: 64 * GIB, usdPerHour: 0.8 },
  ];
  const options = {
    types,
    maxVcpus: 32,
    gatherMs: 0,
    bootMs: exactly(2 * MINUTE),
    startMs: exactly(5000),
    imageMs: 10_000,
    idleMs: 5 * MINUTE,
    pace: exactly(1),
    executor: AT_ONCE,
  };

  test('many tasks share a machine, which boots, fetches its image, and stands idle behind them', () => {
    const { starts, machines, waits } = run(awsBatch(options), same(16, { cpus: 1, memoryBytes: 4 * GIB, ms: 10 * MINUTE }));
    expect(machines).toEqual([
      { kind: 'm.4xlarge', spot: false, fromMs: 0, toMs: 2 * MINUTE + 15_000 + 15 * MINUTE, busyCpuMs: expect.any(Number) },
    ]);
    expect(starts[0]).toBe(2 * MINUTE + 15_000);
    expect(starts[1]).toBe(2 * MINUTE + 5000);
    expect(waits[0]).toMatchObject({ boot: 2 * MINUTE + 15_000, quota: 0 });
  });

  test('a machine twice as large as what waits can use is not asked for', () => {
    const kinds = (count: number): string[] =>
      run(awsBatch(options), same(count, { cpus: 1, memoryBytes: 4 * GIB, ms: MINUTE })).machines.map(({ kind }) => kind);
    expect(kinds(2)).toEqual(['m.large']);
    expect(kinds(12)).toEqual(['m.4xlarge']);
  });

  test('of what holds much memory the machines that have it, though a cpu of others costs less', () => {
    const types = [
      { name: 'c.4xlarge', cpus: 16, memoryBytes: 32 * GIB, usdPerHour: 0.7 },
      { name: 'r.2xlarge', cpus: 8, memoryBytes: 64 * GIB, usdPerHour: 0.5 },
    ];
    const { machines } = run(awsBatch({ ...options, types }), same(2, { cpus: 2, memoryBytes: 30 * GIB, ms: MINUTE }));
    expect(machines.map(({ kind }) => kind)).toEqual(['r.2xlarge']);
  });

  test('beyond maxVcpus tasks wait for the quota', () => {
    const { machines, waits } = run(awsBatch({ ...options, maxVcpus: 16 }), same(20, { cpus: 1, memoryBytes: GIB, ms: MINUTE }));
    expect(machines).toHaveLength(1);
    expect(waits[19]?.quota).toBeGreaterThan(0);
  });

  test('what fits on no machine that can be had is said to be stuck', () => {
    const { outcome, stuck } = run(awsBatch(options), [
      ...same(1, { cpus: 1, memoryBytes: GIB, ms: MINUTE }),
      { cpus: 64, memoryBytes: GIB, ms: 1 },
    ]);
    expect(outcome).toBe('stuck');
    expect(stuck).toEqual([1]);
  });

  test('a machine that is taken back takes all its tasks with it', () => {
    const spot = { ...options, spot: true, types: types.map((type) => ({ ...type, hazardPerHour: 2 })) };
    const tasks = same(16, { cpus: 1, memoryBytes: 4 * GIB, ms: 60 * MINUTE });
    const begun = run(awsBatch({ ...spot, maxSpotAttempts: 50 }), tasks);
    // Batch begins anew by itself: Nextflow sees one attempt.
    expect(begun.outcome).toBe('completed');
    expect([...begun.attempts]).toEqual(new Array(16).fill(1));
    expect(begun.machines.length).toBeGreaterThan(1);
    expect(begun.makespanMs).toBeGreaterThan(62 * MINUTE + 15_000);
    expect(run(awsBatch(spot), tasks, { errorStrategy: 'terminate' }).outcome).toBe('terminated');
  });
});

test('google-batch: a machine for each task, for as long as it runs', () => {
  const types = [{ name: 'n2-standard-4', cpus: 4, memoryBytes: 16 * GIB, usdPerHour: 0.2 }];
  const platform = googleBatch({ types, quotaVcpus: 8, bootMs: exactly(MINUTE), executor: AT_ONCE });
  const { machines, starts, waits } = run(platform, same(3, { cpus: 2, memoryBytes: GIB, ms: 4 * MINUTE }));
  expect([...starts]).toEqual([MINUTE, MINUTE, 6 * MINUTE]);
  expect(machines.map(({ fromMs, toMs }) => toMs - fromMs)).toEqual([5 * MINUTE, 5 * MINUTE, 5 * MINUTE]);
  expect(waits[2]).toMatchObject({ quota: 5 * MINUTE, boot: MINUTE });
});

test('azure-batch: the pool grows when it is looked at, and a task takes as many slots as its memory is worth', () => {
  const vmType = { name: 'Standard_D4_v3', cpus: 4, memoryBytes: 16 * GIB };
  const platform = azureBatch({
    vmType,
    vmCount: 1,
    maxVmCount: 3,
    bootMs: exactly(MINUTE),
    startMs: exactly(0),
    imageMs: 0,
    pace: exactly(1),
    executor: AT_ONCE,
  });
  // 1 cpu and 8 GiB are two slots of four: two of them on a machine.
  const { starts } = run(platform, same(4, { cpus: 1, memoryBytes: 8 * GIB, ms: 60 * MINUTE }));
  expect([...starts]).toEqual([MINUTE, MINUTE, 11 * MINUTE, 11 * MINUTE]);
});

test('local: a request above the machine is stuck, and the call is named', () => {
  expect(run(local({ cpus: 2, memoryBytes: 8 }), [{ cpus: 4, memoryBytes: 1, ms: 1 }])).toMatchObject({ outcome: 'stuck', stuck: [0] });
});

describe('worlds', () => {
  const spreads = (name: string) => [{ name, medianMs: 1000, sharedSpread: 0.5, ownSpread: 0.3, mostMs: Number.POSITIVE_INFINITY }];
  const graph: TaskLinks = { groups: [{ size: 50, first: 0, waits: [], gates: [] }], tasks: 50 };

  test('the same seed, name and number give the same luck', () => {
    const draw = (seed: number, name: string) => drawnDurations(graph, spreads(name), new Random(seed));
    expect(draw(1, 'ALIGN')).toEqual(draw(1, 'ALIGN'));
    expect(draw(1, 'ALIGN')).not.toEqual(draw(2, 'ALIGN'));
    expect(draw(1, 'ALIGN')).not.toEqual(draw(1, 'SORT'));
    const fewer = { groups: [{ size: 20, first: 0, waits: [], gates: [] }], tasks: 20 };
    expect(drawnDurations(fewer, spreads('ALIGN'), new Random(1))).toEqual(draw(1, 'ALIGN').slice(0, 20));
  });

  test('draws are as spread as was asked for', () => {
    const logs: number[] = [];
    for (let seed = 0; seed < 400; seed += 1)
      for (const ms of drawnDurations(graph, spreads('ALIGN'), new Random(seed))) logs.push(Math.log(ms / 1000));
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const deviation = Math.sqrt(logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / logs.length);
    expect(Math.abs(mean)).toBeLessThan(0.08);
    // The root of 0.5² + 0.3².
    expect(deviation).toBeGreaterThan(0.53);
    expect(deviation).toBeLessThan(0.64);
  });

  test('two variants meet the same luck: what both share does not show in their difference', () => {
    const settings = {
      calls: [{ ladders: [[{ cpus: 1, memoryBytes: 1 }]], maxForks: 0, errorStrategy: 'terminate' as const, maxRetries: 0 }],
    };
    const of = (cpus: number) => simulateWorlds(graph, settings, spreads('ALIGN'), local({ cpus, memoryBytes: 1000 }), { worlds: 64 });
    const [few, many] = [of(5), of(10)];
    expect(few.makespanMs.low).toBeLessThan(few.makespanMs.expected);
    expect(few.makespanMs.expected).toBeLessThan(few.makespanMs.high);
    expect(few.middle.makespanMs).toBe(few.makespanMs.expected);
    for (const [world, ms] of many.makespansMs.entries()) expect(ms).toBeLessThan(few.makespansMs[world] as number);
  });
});

test('of the first worlds, a power of two of them, as many have faster machines as slower ones', () => {
  const spread = { name: 'ALIGN', medianMs: 100_000, sharedSpread: 0, ownSpread: 0, mostMs: Number.POSITIVE_INFINITY };
  for (const count of [2, 4, 8, 16, 64]) {
    const lasts = Array.from({ length: count }, (_, world) =>
      Number(durationsOn({ speedSpread: 0.15 }, lone(1), [spread], new Random(world))[0]),
    );
    expect(lasts.filter((ms) => ms < 100_000)).toHaveLength(count / 2);
    expect(lasts[0]).toBe(100_000);
    const logs = lasts.map((ms) => Math.log(ms / 100_000) / 0.15);
    expect(logs.reduce((sum, one) => sum + one, 0) / count).toBeCloseTo(0, count > 16 ? 1 : -1);
  }
});

test('worlds that are to stand for all are three, also where nothing tells them apart', () => {
  expect(tellingWorlds(Float64Array.from([5, 1, 4, 2, 3]))).toEqual([1, 4, 0]);
  expect(new Set(tellingWorlds(new Float64Array(16))).size).toBe(3);
});
