/** Pods on the nodes of a cluster: each goes where the smallest part is in use (the scheduler's default, NodeResourcesFit with LeastAllocated). */
import type { Random } from '../random.ts';
import { FixedFleet, type Nodes, type Turnaround } from './fixed-fleet.ts';
import { type Backoff, type Executor, OWN_SPEEDS, type Platform } from './platform.ts';

export interface KubernetesOptions {
  readonly nodes: readonly Nodes[];
  readonly executor?: Partial<Executor>;
  /** How often Nextflow waits for an answer that does not come. */
  readonly pausesPerHour?: number;
  /** Of a pod, once it has a node. Kubelet asks for one image after another (`serializeImagePulls`), also for those that are there. */
  readonly turnaround?: Turnaround;
  /** Of a pod for which there was no room; `none`: it is looked at whenever there is some. */
  readonly backoff?: Backoff | 'none';
}

/** queueSize, pollInterval: Nextflow's reference of scope `executor`. The rest: medians over 20 runs, see docs/model.md. */
const DEFAULTS: Executor = { queueSize: 100, pollMs: 5000, submitMs: 23, reportMs: 1000, collectMs: 100 };

/**
 * Nextflow stands still for about a minute, as if it waited for an answer that does not come (probably its `k8s.httpReadTimeout`, pull requests 3128 and 3208 of
 * nextflow-io/nextflow; no log says so). In 25 runs of five pipelines (cws-nfcore9) that was seen 18 times in 5.6 hours, from 0 to 4 times a run.
 */
const TIMEOUT_MS = 60_000;
const PAUSES_PER_HOUR = 3.2;

/** The pace is that between runs on one cluster; how far another cluster is off nobody has measured. */
const TURNAROUND: Turnaround = { inLineMs: 3400, ownMs: { median: 700, p90: 2000 }, clearMs: 3000, pace: { median: 1, p90: 1.2 } };

/** podInitialBackoffSeconds and podMaxBackoffSeconds of kube-scheduler. */
const BACKOFF: Backoff = { firstMs: 1000, mostMs: 10_000 };

export function kubernetes({
  nodes,
  executor,
  pausesPerHour = PAUSES_PER_HOUR,
  turnaround = TURNAROUND,
  backoff = BACKOFF,
}: KubernetesOptions): Platform {
  return {
    name: 'kubernetes',
    executor: { ...DEFAULTS, pauses: { perHour: pausesPerHour, ms: TIMEOUT_MS }, ...executor },
    direct: false,
    renewals: 0,
    speedSpread: OWN_SPEEDS,
    open: (random: Random) => new FixedFleet(nodes, 'least used', turnaround, random, backoff === 'none' ? undefined : backoff),
  };
}
