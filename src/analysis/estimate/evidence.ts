/** What runs tell about the tasks of each call: measured, with how many tasks that rests on and how far they spread. */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { matchRun, type TraceMatch } from '../../parser/graph/trace-matches.ts';
import { distinctRuns, type SameRun } from '../../parser/trace/same-run.ts';
import {
  countsAsTask,
  hasRun,
  lengthMs,
  type NumberField,
  STATUSES,
  type TaskStatus,
  type TraceRun,
} from '../../parser/trace/trace-run.ts';

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
 * Of one call, over all runs. Spreads are over tasks that ran to their end (`hasRun`), or where none did over those from a cache; a measure is absent where no row has it.
 * Numbers are as the trace has them: milliseconds, bytes, cores.
 */
export interface CallEvidence {
  readonly call: ProcessCall;
  /** Every row of the call, failed and cached ones too, for whoever needs single tasks. */
  readonly rows: readonly RunRows[];
  /** Tasks that came to an end, one that was tried again or repeated once; those from a cache too. */
  readonly tasks: number;
  /** Rows by how they ended. */
  readonly completed: number;
  readonly cached: number;
  readonly failed: number;
  readonly aborted: number;
  /** Failed rows that were tried again. */
  readonly retried: number;
  /** Of rows that completed or failed; absent where none did. */
  readonly failureShare?: number;
  /** Of failed rows, how often each exit; undefined: none is known (a lost machine, a limit). The most frequent first. */
  readonly failedExits: readonly { readonly exit: number | undefined; readonly rows: number }[];
  /** From submission to the end. */
  readonly duration?: Spread;
  /** The command alone. */
  readonly realtime?: Spread;
  /** From submission to start. */
  readonly wait?: Spread;
  /** From start to end beyond the command: files brought and taken away, a container that starts. */
  readonly staging?: Spread;
  readonly busyCores?: Spread;
  /** `peak_rss`, without zeros: Nextflow writes them for tasks too short to be looked at. */
  readonly peakMemory?: Spread;
  /** All that was read and written (`rchar`, `wchar`), and what of it went to a disk. */
  readonly read?: Spread;
  readonly written?: Spread;
  readonly readFromDisk?: Spread;
  readonly writtenToDisk?: Spread;
  /** What the tasks asked for. */
  readonly requested: { readonly cpus?: Spread; readonly memory?: Spread; readonly time?: Spread; readonly disk?: Spread };
  /** Milliseconds of each task (`lengthMs`). */
  times(): Float64Array;
  /** What each of these tasks is called beside its process, in the same order, with its run. */
  tags(): readonly string[];
}

export class Evidence {
  readonly matches: readonly TraceMatch[];
  /** Files of a run of which another file tells more. */
  readonly doubles: readonly SameRun[];
  readonly #known = new Map<ProcessCall, CallEvidence | undefined>();

  constructor(graph: ProcessGraph, runs: readonly TraceRun[]) {
    const distinct = distinctRuns(runs);
    this.matches = distinct.runs.map((run) => matchRun(graph.calls, run));
    this.doubles = distinct.doubles;
  }

  /** undefined: no run has a row of it. */
  of(call: ProcessCall): CallEvidence | undefined {
    if (!this.#known.has(call)) {
      const rows = this.matches.flatMap(({ run, rowsOf }): RunRows[] => {
        const own = rowsOf.get(call);
        return own === undefined ? [] : [{ run, rows: own }];
      });
      this.#known.set(call, rows.length === 0 ? undefined : evidenceOf(call, rows));
    }
    return this.#known.get(call);
  }
}

/** Of one run, what it is for each row; NaN: not known. */
type Measure = (run: TraceRun) => (row: number) => number;

function field(name: NumberField, of: (value: number) => number = (value) => value): Measure {
  return ({ [name]: column }) =>
    (row) =>
      of(column[row] as number);
}

/** Executors round to seconds, so a task may seem to start before it was submitted. */
function between(from: NumberField, to: NumberField, less?: NumberField): Measure {
  return (run) => {
    const [first, last, minus] = [run[from], run[to], less === undefined ? undefined : run[less]];
    return (row) => Math.max(0, (last[row] as number) - (first[row] as number) - (minus === undefined ? 0 : (minus[row] as number)));
  };
}

const MEASURES = {
  duration: field('durationMs'),
  realtime: field('realtimeMs'),
  wait: between('submitMs', 'startMs'),
  staging: between('startMs', 'completeMs', 'realtimeMs'),
  busyCores: field('cpuPercent', (percent) => percent / 100),
  peakMemory: field('peakRssBytes', (bytes) => (bytes === 0 ? Number.NaN : bytes)),
  read: field('readCharBytes'),
  written: field('writeCharBytes'),
  readFromDisk: field('readBytes'),
  writtenToDisk: field('writeBytes'),
} satisfies Record<string, Measure>;
const REQUESTS = {
  cpus: field('cpus'),
  memory: field('memoryBytes'),
  time: field('timeMs'),
  disk: field('diskBytes'),
} satisfies Record<string, Measure>;

const lengths: Measure = (run) => (row) => lengthMs(run, row);

function evidenceOf(call: ProcessCall, rows: readonly RunRows[]): CallEvidence {
  const ran = rows.map(({ run, rows: own }): RunRows => ({ run, rows: own.filter((row) => hasRun(run, row) && !isRepeated(run, row)) }));
  const withStatus = (status: TaskStatus): RunRows[] =>
    rows.map(({ run, rows: own }) => ({ run, rows: own.filter((row) => run.status[row] === STATUSES.indexOf(status)) }));
  const failed = withStatus('FAILED');
  const [completed, failures] = [sizeOf(ran), sizeOf(failed)];
  const cached = withStatus('CACHED');
  // Where none ran, those from a cache tell what the run that made them measured.
  const told = completed === 0 ? cached : ran;
  const facts = {
    call,
    rows,
    tasks: sizeOf(rows.map(({ run, rows: own }) => ({ run, rows: own.filter((row) => countsAsTask(run, row)) }))),
    completed,
    cached: sizeOf(cached),
    failed: failures,
    aborted: sizeOf(withStatus('ABORTED')),
    retried: rows.reduce((sum, { run, rows: own }) => sum + own.filter((row) => (run.retryOf[row] as number) !== -1).length, 0),
    ...(completed + failures === 0 ? {} : { failureShare: failures / (completed + failures) }),
    failedExits: exitsOf(failed),
    requested: withSpreads({}, REQUESTS, told),
    times: () => valuesOf(lengths, told),
    tags: () =>
      told.flatMap(({ run, rows: own }) => {
        const length = lengths(run);
        return Array.from(
          own.filter((row) => !Number.isNaN(length(row))),
          (row) => `${run.name} ${run.tag.at(row) ?? row}`,
        );
      }),
  };
  return withSpreads(facts, MEASURES, told);
}

/** The same task came to its end in an earlier row, too: the file has it twice. */
function isRepeated(run: TraceRun, row: number): boolean {
  const before = run.repeats[row] as number;
  return before >= 0 && hasRun(run, before);
}

function sizeOf(some: readonly RunRows[]): number {
  return some.reduce((sum, { rows }) => sum + rows.length, 0);
}

function exitsOf(failed: readonly RunRows[]): CallEvidence['failedExits'] {
  const counts = new Map<number | undefined, number>();
  for (const { run, rows } of failed) {
    for (const row of rows) {
      const exit = Number.isNaN(run.exit[row]) || run.exit[row] === NO_EXIT ? undefined : run.exit[row];
      counts.set(exit, (counts.get(exit) ?? 0) + 1);
    }
  }
  return [...counts].map(([exit, rows]) => ({ exit, rows })).sort((one, two) => two.rows - one.rows || (one.exit ?? -1) - (two.exit ?? -1));
}

/** Java's largest integer, which Nextflow takes for "there is none"; exports of Seqera Platform have it as it is. */
export const NO_EXIT = 2_147_483_647;

/** Each is worked out when it is first asked for: of a hundred thousand rows that is felt, and most reports show few of them. */
function withSpreads<Facts extends object, Name extends string>(
  facts: Facts,
  measures: Readonly<Record<Name, Measure>>,
  some: readonly RunRows[],
): Facts & { readonly [Each in Name]?: Spread } {
  for (const [name, measure] of Object.entries<Measure>(measures)) {
    let known: { readonly spread: Spread | undefined } | undefined;
    const get = (): Spread | undefined => (known ??= { spread: spreadOf(valuesOf(measure, some)) }).spread;
    Object.defineProperty(facts, name, { enumerable: true, get });
  }
  return facts;
}

/** Those that are known. */
function valuesOf(measure: Measure, some: readonly RunRows[]): Float64Array {
  const values = new Float64Array(sizeOf(some));
  let n = 0;
  for (const { run, rows } of some) {
    const valueAt = measure(run);
    for (const row of rows) {
      const value = valueAt(row);
      if (!Number.isNaN(value)) values[n++] = value;
    }
  }
  return values.subarray(0, n);
}

/** Sorts the values. undefined: there are none. Few values give a wide spread. */
export function spreadOf(values: Float64Array): Spread | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  values.sort();
  const at = (index: number): number => values[index] as number;
  return {
    n,
    least: at(0),
    low: at(Math.floor(0.1 * (n - 1))),
    median: at((n - 1) >> 1),
    high: at(Math.ceil(0.9 * (n - 1))),
    most: at(n - 1),
  };
}
