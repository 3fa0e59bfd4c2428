/**
 * One run of a pipeline as its trace tells it: a row for each attempt at a task, in columns. What is not there or could not be read is NaN (a number) or
 * undefined (a text), never zero; what was wrong with the file is in `problems`.
 */

/** What the file was: the trace, the report's or the timeline's data, a run's tasks as Seqera Platform exports them, Nextflow's log. */
export type TraceFormat = 'trace' | 'report' | 'timeline' | 'platform' | 'log';

/** `UNFINISHED`: submitted or running when the file was written. `UNSTATED`: the trace does not say. */
export const STATUSES = ['UNSTATED', 'COMPLETED', 'FAILED', 'CACHED', 'ABORTED', 'UNFINISHED'] as const;
export type TaskStatus = (typeof STATUSES)[number];

/**
 * Columns of numbers. Times of day are milliseconds since 1970 (in the zone in which the trace was written, where it names none); lengths are
 * milliseconds; sizes are bytes; `cpuPercent` is of one core (`%cpu`: 250 is two and a half busy cores); `costUsd` is what the platform estimated.
 */
export const NUMBER_FIELDS = [
  'taskId',
  'exit',
  'attempt',
  'submitMs',
  'startMs',
  'completeMs',
  'durationMs',
  'realtimeMs',
  'timeMs',
  'cpus',
  'cpuPercent',
  'memoryBytes',
  'diskBytes',
  'rssBytes',
  'peakRssBytes',
  'readCharBytes',
  'writeCharBytes',
  'readBytes',
  'writeBytes',
  'costUsd',
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

/** `tag`: the task's tag or, where the trace has no column tag, what its name has in parentheses (a running number where the process sets no tag). */
export const TEXT_FIELDS = [
  'tag',
  'hash',
  'nativeId',
  'queue',
  'hostname',
  'container',
  'executor',
  'machineType',
  'zone',
  'priceModel',
  'cpuModel',
  'accelerator',
  'acceleratorType',
  'errorAction',
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export type TraceField = NumberField | TextField | 'process' | 'status';

/** What is wrong with a file, said once for all rows that have it. */
export interface TraceProblem {
  readonly kind: 'cut' | 'row' | 'value' | 'unit' | 'clock' | 'locale' | 'column' | 'repeated' | 'empty' | 'unconfirmed' | 'several';
  /** Where it is first: the line of a table, the number of the task in a report; 0: the file as a whole. */
  readonly place: number;
  /** So many rows (or single values) have it. */
  readonly rows: number;
  /** A sentence that names file and place, what is wrong, and what is not used because of it. */
  readonly message: string;
  readonly hint?: string;
}

/** The same text in many rows is kept once. */
export interface TextColumn {
  at(row: number): string | undefined;
}

export type NumberColumns = Readonly<Record<NumberField, Float64Array>>;
export type TextColumns = Readonly<Record<TextField, TextColumn>>;

/**
 * Rows are as in the file, numbered from 0. Invariants: all columns are `rows` long; a CACHED row has no times of day and no
 * duration (they are those of an older run, `realtimeMs` and what was used too); `retryOf[row] < 0` or it is a FAILED row of the same process and tag.
 */
export interface TraceRun extends NumberColumns, TextColumns {
  /** For people: the file's name. */
  readonly name: string;
  readonly format: TraceFormat;
  /** Attempts at tasks; a row that could not be read is not among them. */
  readonly rows: number;
  /** Names of the processes, as the trace has them, in order of appearance. */
  readonly processes: readonly string[];
  /** Index into `processes`. */
  readonly process: Int32Array;
  /** Index into STATUSES. */
  readonly status: Uint8Array;
  /** The row of the attempt before this one; -1 where there is none. */
  readonly retryOf: Int32Array;
  /** The row of the same task (the same hash) that came before, as where a resumed run writes into the same file; -1 where there is none. */
  readonly repeats: Int32Array;
  /** Fields for which the file has a column, and those of which at least one row has a value that is used. */
  readonly columns: ReadonlySet<TraceField>;
  readonly fields: ReadonlySet<TraceField>;
  readonly problems: readonly TraceProblem[];
}

/** The text is no trace. The message has the file's name and, where there is one, the row. */
export class UnreadableTrace extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnreadableTrace';
    this.hint = hint;
  }
}

const [UNSTATED, COMPLETED, , CACHED] = STATUSES.map((_, index) => index) as [number, number, number, number];

/** The task ran to its end. Where the trace has no status, its exit says so; where it has none either, every task is taken for one. */
export function hasRun({ status, exit, fields }: TraceRun, row: number): boolean {
  if (status[row] !== UNSTATED) return status[row] === COMPLETED;
  return !fields.has('exit') || exit[row] === 0;
}

/**
 * Milliseconds: how long the command took, and where nobody measured that, from start to completion, as Nextflow itself has it then
 * (nextflow.processor.TaskHandler), or from submission. NaN: not known.
 */
export function lengthMs({ realtimeMs, startMs, completeMs, durationMs }: TraceRun, row: number): number {
  const realtime = realtimeMs[row] as number;
  if (!Number.isNaN(realtime)) return realtime;
  const held = Math.max(0, (completeMs[row] as number) - (startMs[row] as number));
  return Number.isNaN(held) ? (durationMs[row] as number) : held;
}

/** The task gave what it was made for, now or in an older run. Of a task that a resumed run wrote again only the first row counts. */
export function countsAsTask(run: TraceRun, row: number): boolean {
  if (!hasRun(run, row) && run.status[row] !== CACHED) return false;
  const before = run.repeats[row] as number;
  return before === -1 || !countsAsTask(run, before);
}
