/** What is known of executors by their names. */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';

/** They plan by the limits of time that tasks state (Nextflow's grid executors). */
const PLANNING = /^(slurm|sge|uge|lsf|pbs|pbspro|moab|oge|oar|bridge|crg|flux|condor|nqsii|nesh|hq)$/i;

export function plansByTime(graph: ProcessGraph, call: ProcessCall): boolean {
  const executor = graph.directivesOf(call).get('executor')?.value;
  return typeof executor === 'string' && PLANNING.test(executor);
}
