/**
 * Memory that a task needs beside its command: on clouds its files come and go in the container that is held to what the task asks for, or on a machine that is
 * chosen by it. Nextflow measures the command alone, so no trace shows it.
 */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { TraceMatch } from '../../../parser/graph/trace-matches.ts';
import type { Pipeline } from '../../../parser/pipeline/pipeline.ts';
import { executorOf } from '../executors.ts';

export interface StagingMemory {
  /** A task is not asked to do with less. */
  readonly bytes: number;
  /** After "since". */
  readonly because: string;
}

const MIB = 2 ** 20;
/**
 * What Nextflow itself has AWS Batch and Google Batch give to a task that asks for nothing (AwsBatchTaskHandler, GoogleBatchTaskHandler), and the least with which any task of the
 * runs at hand came through there (docs/model.md, "Memory to bring files"). What Fusion and azcopy take is not published: no less is gone by for them.
 */
const LEAST = 1024 * MIB;
/**
 * For one `aws s3 cp`: it takes 63 MB at once and 132 MB when a gigabyte comes (measured with aws-cli 1.46; its own bound is ten threads with parts of 8 MB and half as much
 * again, aws/aws-cli#386), and what is written and not yet on the disk counts for the container, too.
 */
const OF_TRANSFER = 256 * MIB;
/** Files at once (CloudTransferOptions of Nextflow); in a container `nproc` counts the cpus of the machine. */
const USUAL_TRANSFERS = 4;

/**
 * By call; undefined where files are linked or nobody knows where tasks run.
 * @param platform on which the tasks are to run, as the user names it: there as well as where they ran
 */
export function stagingMemoryOf(
  pipeline: Pipeline,
  graph: ProcessGraph,
  matches: readonly TraceMatch[],
  platform: string | undefined,
): (call: ProcessCall) => StagingMemory | undefined {
  const named = platform?.replace(/:.*/s, '');
  return (call) => {
    const ran = matches.map(({ run, rowsOf }) => {
      const [row] = rowsOf.get(call) ?? [];
      return row === undefined ? undefined : run.executor.at(row);
    });
    const set = graph.directivesOf(call).get('executor')?.value;
    const executors = [named === undefined ? undefined : executorOf(named), ...ran, typeof set === 'string' ? set : undefined];
    const needs = executors.flatMap((executor) => (executor === undefined ? [] : (stagingMemory(pipeline, executor.toLowerCase()) ?? [])));
    return needs.sort((one, other) => other.bytes - one.bytes)[0];
  };
}

function stagingMemory({ config }: Pipeline, executor: string): StagingMemory | undefined {
  const isCloud = executor === 'awsbatch' || executor === 'azurebatch' || executor === 'google-batch';
  if (config.entries.get('fusion.enabled')?.value === true && (isCloud || executor === 'k8s'))
    return { bytes: LEAST, because: 'Fusion runs in the task’s own container, and what it takes is not measured' };
  if (executor === 'awsbatch') {
    const transfers = config.entries.get('aws.batch.maxParallelTransfers')?.value;
    return {
      bytes: Math.max(LEAST, OF_TRANSFER * (typeof transfers === 'number' ? transfers : USUAL_TRANSFERS)),
      because: 'aws s3 cp brings its files in the task’s own container, and what it takes is not measured',
    };
  }
  if (executor === 'azurebatch')
    return { bytes: LEAST, because: 'azcopy brings its files in the task’s own container, and what it takes is not measured' };
  return executor === 'google-batch'
    ? { bytes: LEAST, because: 'the machine is chosen by it and has to hold its system and the mounted bucket too' }
    : undefined;
}
