// Runs that say what machines they had, with the flags by which a user would say so. Sizes are those of bench/traces/cases.json.
import type { PlatformOptions } from '../../src/analysis/simulate/platforms/choice.ts';

export interface JudgedRun {
  readonly name: string;
  readonly trace: string;
  readonly platform: Omit<PlatformOptions, 'prices'>;
  /** AWS's split cost rows. */
  readonly bill?: string;
}

export interface JudgedCase {
  /** Of bench/traces/cases.json. */
  readonly case: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly config?: string;
  readonly runs: readonly JudgedRun[];
}

const cws = (pipeline: string): JudgedCase => ({
  case: `cws-${pipeline}`,
  params: { max_cpus: 6, max_memory: '50.GB' },
  config: 'executor.queueSize = 300',
  runs: [1, 2, 3, 4, 5].map((run) => ({
    name: `${pipeline} ${run}`,
    trace: `cws-nfcore9/traces/${pipeline}__original__${run}.trace.csv.gz`,
    // 134.5e9 bytes on each of four nodes with 32 cpus.
    platform: { name: 'kubernetes:4x32,125GB' },
  })),
});

const BATCH = { name: 'aws-batch', region: 'eu-west-1', maxCpus: 1000 };

export const JUDGED: readonly JudgedCase[] = [
  ...['rnaseq', 'chipseq', 'atacseq', 'eager', 'viralrecon'].map(cws),
  {
    case: 'seqera-rnaseq',
    runs: [
      ['plainS3', '5yJURpCMUNmfri'],
      ['Fusion', '10Sj9ejvKktHWg'],
    ].map(([group, id]) => ({
      name: `AWS, ${group}`,
      trace: `seqera-awsbatch/rnaseq__${group}__${id}.tasks.csv`,
      bill: `seqera-awsbatch/rnaseq__${group}__${id}.cur.csv`,
      platform: { ...BATCH, spot: true },
    })),
  },
  {
    case: 'seqera-sarek',
    runs: [{ name: 'AWS, sarek', trace: 'seqera-awsbatch/sarek__cpu__5ymDk0hmgqv4L4.tasks.csv', platform: BATCH }],
  },
  {
    case: 'seqera-hello-genomics',
    runs: ['2VeeQznQdp3rxo', '3qLktusgg2GQxJ'].map((id, at) => ({
      name: `AWS, hello ${at + 1}`,
      trace: `seqera-awsbatch/nf-hello-genomics__hello__${id}.tasks.csv`,
      platform: { ...BATCH, spot: true },
    })),
  },
  {
    case: 'force-rangeland',
    runs: [1, 3, 5].map((nodes) => ({
      name: `force, ${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
      trace: `force-rangeland/traces/nodes${nodes}__run1.trace.csv.gz`,
      platform: { name: `kubernetes:${nodes}x8,16GB` },
    })),
  },
];
