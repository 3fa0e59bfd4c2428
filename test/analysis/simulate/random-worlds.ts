/** Small random runs: who waits for whom, how long tasks take, what fails, and where they run. */
import { kubernetes } from '../../../src/analysis/simulate/platforms/kubernetes.ts';
import { local } from '../../../src/analysis/simulate/platforms/local.ts';
import type { Executor, Platform, Request } from '../../../src/analysis/simulate/platforms/platform.ts';
import type { CallSettings, Tasks } from '../../../src/analysis/simulate/simulate.ts';
import type { Gate, LinkedTasks, TaskLinks, Wait } from '../../../src/analysis/simulate/task-graph.ts';

export interface World {
  readonly graph: TaskLinks;
  readonly tasks: Tasks;
  readonly platform: Platform;
  /** The platform in plain figures, for those that know no platforms. */
  readonly nodes: readonly { cpus: number; memoryBytes: number }[];
  readonly executor: Executor;
  readonly startMs: number;
}

/** Even in [0, 1), by Lehmer's rule. */
export function lehmer(seed: number): () => number {
  let state = (seed * 2 + 1) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export function randomWorld(seed: number): World {
  const next = lehmer(seed + 1);
  for (let skip = 0; skip < 5; skip += 1) next();
  const below = (count: number): number => Math.floor(next() * count);
  const oneOf = <T>(...all: readonly T[]): T => all[below(all.length)] as T;

  const groups: (LinkedTasks & { waits: Wait[]; gates: Gate[] })[] = [];
  const calls: CallSettings[] = [];
  let count = 0;
  for (let group = 0, of = 1 + below(7); group < of; group += 1) {
    const size = 1 + below(7);
    const waits: Wait[] = [];
    for (let on = 0; on < group; on += 1) {
      if (next() < 0.6) continue;
      const above = groups[on] as (typeof groups)[number];
      const keys = oneOf(1, 2, 3, above.size);
      const any = next() < 0.1;
      let gate = next() < 0.5 ? above.gates.find((one) => one.count === keys && one.any === any) : undefined;
      if (gate === undefined) {
        gate = { count: keys, any, gateOf: Int32Array.from({ length: above.size }, (_, task) => task % keys) };
        above.gates.push(gate);
      }
      const from = next() < 0.8 ? 0 : below(size);
      waits.push({ on, gate, from, gateOf: Int32Array.from({ length: size - from }, (_, task) => task % keys) });
    }
    groups.push({ size, first: count, waits, gates: [] });
    count += size;
    const ladder = (): Request[] => [request(), request()];
    const request = (): Request => ({ cpus: oneOf(1, 1, 2, 4), memoryBytes: oneOf(1, 2, 4, 8) });
    calls.push({
      ladders: [ladder(), ladder()],
      maxForks: oneOf(0, 0, 0, 1, 2),
      errorStrategy: oneOf('retry', 'retry', 'retry', 'ignore', 'finish', 'terminate'),
      maxRetries: below(3),
      ...(oneOf(true, false) && { failsAfter: below(11) / 10 }),
    });
  }
  const flaky = next() < 0.4;
  const tasks: Tasks = {
    calls,
    durationsMs: Float64Array.from({ length: count }, () => oneOf(0, below(10), below(40), below(100))),
    ladderOf: Uint16Array.from({ length: count }, () => below(2)),
    ...(flaky ? { failures: Uint8Array.from({ length: count }, () => oneOf(0, 0, 0, 0, 0, 1, 2)) } : {}),
    ...(next() < 0.2 ? { peakMemory: Float64Array.from({ length: count }, () => oneOf(0, 0, 0, 2, 4)) } : {}),
  };
  const rate = oneOf(0, 0, 100, 200, 500);
  const executor: Executor = {
    queueSize: oneOf(0, 1, 2, 5, 20),
    pollMs: oneOf(0, 5, 10, 25),
    ...(rate === 0 ? {} : { submitsPerSecond: rate }),
    submitMs: oneOf(0, 0, 1, 3),
    reportMs: oneOf(0, 0, 3),
    collectMs: oneOf(0, 0, 1, 4),
  };
  if (next() < 0.5) {
    const node = { cpus: oneOf(4, 8, 16), memoryBytes: oneOf(8, 16) };
    return {
      graph: { groups, tasks: count },
      tasks,
      executor,
      nodes: [node],
      startMs: 0,
      platform: local({ ...node, queueSize: executor.queueSize, executor }),
    };
  }
  const startMs = oneOf(0, 2, 7);
  // A quarter are clusters of many nodes of all sizes. Powers of two: shares of them are exact, whoever computes them.
  const nodes =
    next() < 0.75
      ? Array.from({ length: 1 + below(3) }, () => ({ cpus: oneOf(4, 8), memoryBytes: oneOf(8, 16) }))
      : Array.from({ length: 4 + below(60) }, () => ({ cpus: oneOf(1, 2, 4, 8, 16), memoryBytes: oneOf(1, 2, 4, 8, 16, 32) }));
  const platform = kubernetes({
    nodes: nodes.map((node) => ({ ...node, count: 1 })),
    executor,
    turnaround: { inLineMs: 0, ownMs: { median: startMs, p90: startMs }, clearMs: 0 },
    backoff: 'none',
  });
  return { graph: { groups, tasks: count }, tasks, executor, nodes, startMs, platform };
}
