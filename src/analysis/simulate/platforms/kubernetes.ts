/** Pods on the nodes of a cluster: each goes where the smallest part is in use (the scheduler's default, NodeResourcesFit with LeastAllocated). */
import type { Random, Spread } from '../random.ts';
import { FixedFleet, type Nodes } from './fixed-fleet.ts';
import type { Executor, Platform } from './platform.ts';

export interface KubernetesOptions {
  readonly nodes: readonly Nodes[];
  readonly executor?: Partial<Executor>;
  /** Of a pod, once it has a node. */
  readonly startMs?: Spread;
}

/** queueSize, pollInterval: Nextflow's reference of scope `executor`. The rest: medians over 20 runs, see docs/model.md. */
const DEFAULTS: Executor = { queueSize: 100, pollMs: 5000, submitMs: 23, collectMs: 0 };

export function kubernetes({ nodes, executor, startMs = { median: 4000, p90: 8000 } }: KubernetesOptions): Platform {
  return {
    name: 'kubernetes',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: 0,
    open: (random: Random) => new FixedFleet(nodes, 'least used', startMs, random),
  };
}
