// Runs that say what machines they had, and what of those is known. `capacity` is from the data set's README.
import { awsBatch } from '../../src/analysis/simulate/platforms/aws-batch.ts';
import { type KubernetesOptions, kubernetes } from '../../src/analysis/simulate/platforms/kubernetes.ts';
import type { InstanceType } from '../../src/analysis/simulate/platforms/packing.ts';
import type { Platform } from '../../src/analysis/simulate/platforms/platform.ts';

export interface RunSet {
  /** Of bench/traces/cases.json. */
  readonly case: string;
  /** The first is the one that others are predicted from. */
  readonly runs: readonly ReplayRun[];
}

export interface ReplayRun {
  readonly name: string;
  readonly trace: string;
  readonly platform: Platform;
  /** What is known of a miss. */
  readonly known?: string;
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

const GIB = 2 ** 30;
/** Of nominal memory, what ECS registers on machines of 64 GiB and more (EC2 measurements of vantage-sh/ec2instances.info). */
const REGISTERED = 0.965;

/**
 * Name, cpus, GiB, us-east-1 on demand: those that the run used. How many cpus it might have had at once is not said: no limit.
 * @param bootS as of runs of the other pipelines (`npm run bench:ranges -- --figures` has that of all)
 */
const BATCH = (bootS: number, ...types: readonly (readonly [string, number, number, number])[]): Platform =>
  awsBatch({
    bootMs: { median: 1000 * bootS, p90: 2600 * bootS },
    types: types.map(([name, cpus, gib, usdPerHour]): InstanceType => ({ name, cpus, memoryBytes: gib * GIB * REGISTERED, usdPerHour })),
    maxVcpus: Number.POSITIVE_INFINITY,
    spot: true,
  });

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
    case: 'seqera-rnaseq',
    runs: [
      {
        name: 'AWS, plain S3',
        trace: 'seqera-awsbatch/rnaseq__plainS3__5yJURpCMUNmfri.tasks.csv',
        platform: BATCH(
          92,
          ['m6i.16xlarge', 64, 256, 3.072],
          ['m6i.4xlarge', 16, 64, 0.768],
          ['c6i.32xlarge', 128, 256, 5.44],
          ['c6i.12xlarge', 48, 96, 2.04],
        ),
      },
      {
        name: 'AWS, Fusion',
        known: 'sibling: with Fusion nothing is copied before and after a task',
        trace: 'seqera-awsbatch/rnaseq__Fusion__10Sj9ejvKktHWg.tasks.csv',
        platform: BATCH(
          92,
          ['r6id.24xlarge', 96, 768, 7.2576],
          ['c6id.32xlarge', 128, 256, 6.4512],
          ['m6id.24xlarge', 96, 384, 5.6952],
          ['r6id.4xlarge', 16, 128, 1.2096],
        ),
      },
    ],
  },
  {
    case: 'seqera-sarek',
    runs: [
      {
        name: 'AWS, sarek',
        trace: 'seqera-awsbatch/sarek__cpu__5ymDk0hmgqv4L4.tasks.csv',
        platform: BATCH(102, ['c6id.4xlarge', 16, 32, 0.8064], ['c6id.32xlarge', 128, 256, 6.4512], ['r6id.32xlarge', 128, 1024, 9.6768]),
      },
    ],
  },
  {
    case: 'seqera-hello-genomics',
    runs: ['2VeeQznQdp3rxo', '3qLktusgg2GQxJ'].map((id, at) => ({
      name: `AWS, hello ${at + 1}`,
      known: 'the 8 cpus of one task were there after 30 to 40 s',
      trace: `seqera-awsbatch/nf-hello-genomics__hello__${id}.tasks.csv`,
      platform: BATCH(
        125,
        ['c6id.large', 2, 4, 0.1008],
        ['m6id.large', 2, 8, 0.1187],
        ['r6id.large', 2, 16, 0.1512],
        ['r6id.4xlarge', 16, 128, 1.2096],
      ),
    })),
  },
  {
    case: 'force-rangeland',
    runs: [1, 3, 5].map((nodes) => ({
      name: `force, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
      known: 'node size is inferred',
      trace: `force-rangeland/traces/nodes${nodes}__run1.trace.csv.gz`,
      platform: FORCE(nodes),
    })),
  },
];
