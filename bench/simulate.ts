// `npm run bench:simulate [-- NAME]`: what a simulated run costs, in ms of processor time. Pipelines of ten calls over n/10 samples, with a call that waits for all in the middle.
import { awsBatch } from '../src/analysis/simulate/platforms/aws-batch.ts';
import { azureBatch } from '../src/analysis/simulate/platforms/azure-batch.ts';
import { googleBatch } from '../src/analysis/simulate/platforms/google-batch.ts';
import { kubernetes } from '../src/analysis/simulate/platforms/kubernetes.ts';
import { local } from '../src/analysis/simulate/platforms/local.ts';
import type { Platform, Request } from '../src/analysis/simulate/platforms/platform.ts';
import { slurm } from '../src/analysis/simulate/platforms/slurm.ts';
import { simulate, type Tasks } from '../src/analysis/simulate/simulate.ts';
import type { Gate, LinkedTasks, TaskLinks } from '../src/analysis/simulate/task-graph.ts';

const CALLS = 10;
const BARRIER = 5;
const GIB = 2 ** 30;
const RUNS = 3;
const SIZES = [10_000, 100_000, 1_000_000];

function pipeline(count: number): { graph: TaskLinks; tasks: Tasks } {
  const samples = Math.round(count / CALLS);
  const own = Int32Array.from({ length: samples }, (_, sample) => sample);
  const one = new Int32Array(samples);
  const groups: LinkedTasks[] = [];
  let before: Gate | undefined;
  for (let call = 0; call < CALLS; call += 1) {
    const gateOf = call === BARRIER - 1 ? one : own;
    const gate: Gate = { gateOf, count: call === BARRIER - 1 ? 1 : samples, any: false };
    groups.push({
      size: samples,
      first: call * samples,
      waits: before === undefined ? [] : [{ on: call - 1, gate: before, from: 0, gateOf: before.gateOf }],
      gates: [gate],
    });
    before = gate;
  }
  const requests: Request[] = groups.map((_, call) => ({
    cpus: 1 + (call % 4),
    memoryBytes: (2 + 3 * (call % 3)) * GIB,
    timeMs: 3_600_000,
  }));
  return {
    graph: { groups, tasks: samples * CALLS },
    tasks: {
      calls: requests.map((request) => ({ ladders: [[request]], maxForks: 0, errorStrategy: 'terminate', maxRetries: 1 })),
      durationsMs: Float64Array.from({ length: samples * CALLS }, (_, task) => 1000 + ((task * 7919) % 600_000)),
    },
  };
}

const node = { cpus: 32, memoryBytes: 128 * GIB };
const machine = { name: 'm', cpus: 32, memoryBytes: 120 * GIB, usdPerHour: 1.5 };
const PLATFORMS: readonly [string, Platform][] = [
  ['local, 64 cpus', local({ cpus: 64, memoryBytes: 512 * GIB })],
  ['kubernetes, 20 nodes', kubernetes({ nodes: [{ ...node, count: 20 }] })],
  ['kubernetes, 200 nodes, queueSize 5000', kubernetes({ nodes: [{ ...node, count: 200 }], executor: { queueSize: 5000 } })],
  ['slurm, 20 nodes', slurm({ nodes: [{ ...node, count: 20 }] })],
  ['slurm, 200 nodes, queueSize 5000', slurm({ nodes: [{ ...node, count: 200 }], executor: { queueSize: 5000 } })],
  [
    'kubernetes, 2000 nodes, queueSize 50000',
    kubernetes({ nodes: [{ ...node, count: 2000 }], executor: { queueSize: 50_000, submitMs: 0 } }),
  ],
  ['slurm, 2000 nodes, queueSize 50000', slurm({ nodes: [{ ...node, count: 2000 }], executor: { queueSize: 50_000, submitMs: 0 } })],
  [
    'aws-batch, 2000 small machines',
    awsBatch({ types: [{ ...machine, cpus: 8, memoryBytes: 30 * GIB }], maxVcpus: 16_000, executor: { queueSize: 50_000, submitMs: 0 } }),
  ],
  ['aws-batch, 4096 cpus', awsBatch({ types: [machine], maxVcpus: 4096, executor: { queueSize: 5000 } })],
  ['google-batch, 4096 cpus', googleBatch({ types: [machine], quotaVcpus: 4096, executor: { queueSize: 5000 } })],
  ['azure-batch, 4096 cpus', azureBatch({ vmType: machine, vmCount: 1, maxVmCount: 128, executor: { queueSize: 5000 } })],
];

const [only = ''] = process.argv.slice(2);
for (const [name, platform] of PLATFORMS.filter(([one]) => one.includes(only))) {
  let before: { tasks: number; ms: number } | undefined;
  for (const size of SIZES) {
    const { graph, tasks } = pipeline(size);
    let ms = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS; run += 1) {
      const start = process.cpuUsage();
      // A graph of its own each time: its layout counts.
      simulate({ ...graph }, tasks, platform);
      const { user, system } = process.cpuUsage(start);
      ms = Math.min(ms, (user + system) / 1000);
    }
    const growth = before === undefined ? '' : `  n^${(Math.log(ms / before.ms) / Math.log(graph.tasks / before.tasks)).toFixed(2)}`;
    console.log(`${name.padEnd(38)} ${String(graph.tasks).padStart(8)} tasks  ${ms.toFixed(0).padStart(6)} ms${growth}`);
    before = { tasks: graph.tasks, ms };
  }
}
