/** Pods on the nodes of a cluster: each goes where the smallest part is in use (the scheduler's default, NodeResourcesFit with LeastAllocated). */
import type { Random } from '../random.ts';
import { FixedFleet, type Nodes, type Turnaround } from './fixed-fleet.ts';
import type { Backoff, Executor, Platform } from './platform.ts';

export interface KubernetesOptions {
  readonly nodes: readonly Nodes[];
  readonly executor?: Partial<Executor>;
  /** Of a pod, once it has a node. Kubelet asks for one image after another (`serializeImagePulls`), also for those that are there. */
  readonly turnaround?: Turnaround;
  /** Of a pod for which there was no room; `none`: it is looked at whenever there is some. */
  readonly backoff?: Backoff | 'none';
}

/** queueSize, pollInterval: Nextflow's reference of scope `executor`. The rest: medians over 20 runs, see docs/model.md. */
const DEFAULTS: Executor = { queueSize: 100, pollMs: 5000, submitMs: 23, reportMs: 1000, collectMs: 100 };

const TURNAROUND: Turnaround = { inLineMs: 3400, ownMs: { median: 700, p90: 2000 }, clearMs: 3000 };

/** podInitialBackoffSeconds and podMaxBackoffSeconds of kube-scheduler. */
const BACKOFF: Backoff = { firstMs: 1000, mostMs: 10_000 };

export function kubernetes({ nodes, executor, turnaround = TURNAROUND, backoff = BACKOFF }: KubernetesOptions): Platform {
  return {
    name: 'kubernetes',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: 0,
    open: (random: Random) => new FixedFleet(nodes, 'least used', turnaround, random, backoff === 'none' ? undefined : backoff),
  };
}
