/** What is known of executors by their names. */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';

/** They plan by the limits of time that tasks state (Nextflow's grid executors). */
const PLANNING = /^(slurm|sge|uge|lsf|pbs|pbspro|moab|oge|oar|bridge|crg|flux|condor|nqsii|nesh|hq)$/i;

/** Those that are called otherwise than the platform. */
const NAMED_OTHERWISE: Readonly<Record<string, string>> = { 'aws-batch': 'awsbatch', 'azure-batch': 'azurebatch', kubernetes: 'k8s' };

/** Nextflow's executor for a kind of platform, as configs and traces have it, in small letters. */
export function executorOf(platform: string): string {
  return NAMED_OTHERWISE[platform] ?? platform;
}

export function plansByTime(graph: ProcessGraph, call: ProcessCall): boolean {
  const executor = graph.directivesOf(call).get('executor')?.value;
  return typeof executor === 'string' && isPlanning(executor);
}

export function isPlanning(executor: string): boolean {
  return PLANNING.test(executor);
}
