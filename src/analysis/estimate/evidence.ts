/** What runs tell about the tasks of each call: measured, with how many tasks that rests on and how far they spread. */
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { TraceRun } from '../../parser/trace/trace-run.ts';

/** Of the values of `n` tasks; quantiles are values that occurred. */
export interface Spread {
  readonly n: number;
  readonly least: number;
  /** A tenth is below, a tenth above. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly most: number;
}

/** Rows of one run that are attempts at tasks of the call. */
export interface RunRows {
  readonly run: TraceRun;
  readonly rows: Int32Array;
}

/**
 * Of one call, over all runs. Spreads are over tasks that ran to their end (COMPLETED; where the trace has no status, exit 0 or no exit); a measure is absent where no
 * row has it. `peakMemoryBytes` leaves out zeros, which Nextflow writes for tasks too short to be looked at.
 */
export interface CallEvidence {
  readonly call: ProcessCall;
  /** Every row of the call, failed and cached ones too, for whoever needs single tasks. */
  readonly rows: readonly RunRows[];
  /** Tasks that came to an end, a retried or repeated one once; those taken from a cache too. */
  readonly tasks: number;
  /** Rows that ran to their end. */
  readonly completed: number;
  readonly cached: number;
  readonly failed: number;
  readonly aborted: number;
  /** Failed rows that were tried again. */
  readonly retried: number;
  /** Failed rows, of those that completed or failed; undefined where none did. */
  readonly failureShare: number | undefined;
  /** Milliseconds. From submission to the end; the command alone; from submission to start; from start to end beyond the command. */
  readonly duration?: Spread;
  readonly realtime?: Spread;
  readonly wait?: Spread;
  readonly staging?: Spread;
  /** Cores kept busy. */
  readonly busyCores?: Spread;
  /** Bytes. */
  readonly peakMemory?: Spread;
  readonly read?: Spread;
  readonly written?: Spread;
  /** What the tasks asked for. */
  readonly requested: { readonly cpus?: Spread; readonly memory?: Spread; readonly time?: Spread; readonly disk?: Spread };
}
