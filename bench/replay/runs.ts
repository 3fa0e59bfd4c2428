// Runs that say what machines they had, and what of those is known. `capacity` is from the data set's README.
import { type KubernetesOptions, kubernetes } from '../../src/analysis/simulate/platforms/kubernetes.ts';
import type { Platform } from '../../src/analysis/simulate/platforms/platform.ts';

export interface RunSet {
  /** Of bench/traces/cases.json. */
  readonly case: string;
  /** The first is the one that others are predicted from. */
  readonly runs: readonly { readonly name: string; readonly trace: string; readonly platform: Platform }[];
}

/**
 * Pauses of 60 s: in runs 1 and 2 of the five pipelines Nextflow stood still for 370 of 7964 s (run.mjs), as long as the volume did not answer.
 * Four nodes of 31.9 cpus and 134.5e9 bytes; executor.queueSize 300.
 */
const CWS: KubernetesOptions = {
  nodes: [{ count: 4, cpus: 31.9, memoryBytes: 134.5e9 }],
  executor: { queueSize: 300, pauses: { perHour: 2.8, ms: 60_000 } },
};

/** Observed peaks of 7 cpus and 13.7 GiB on a node, 3 tasks of 2 cpus and 4.39 GiB: 8 cpus, 16 GB. queueSize 100. */
const FORCE = (count: number): Platform => kubernetes({ nodes: [{ count, cpus: 8, memoryBytes: 16e9 }], executor: { queueSize: 100 } });

const cws = (pipeline: string): RunSet => ({
  case: `cws-${pipeline}`,
  runs: [1, 2, 3, 4, 5].map((run) => ({
    name: `${pipeline} ${run}`,
    trace: `cws-nfcore9/traces/${pipeline}__original__${run}.trace.csv.gz`,
    platform: kubernetes(CWS),
  })),
});

export const RUN_SETS: readonly RunSet[] = [
  ...['rnaseq', 'chipseq', 'atacseq', 'eager', 'viralrecon'].map(cws),
  {
    case: 'force-rangeland',
    runs: [1, 3, 5].map((nodes) => ({
      name: `force, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
      trace: `force-rangeland/traces/nodes${nodes}__run1.trace.csv.gz`,
      platform: FORCE(nodes),
    })),
  },
];
