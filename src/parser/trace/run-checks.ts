/**
 * What no trace of Nextflow's can have: lengths and sizes in other units, moments before there was Nextflow. Each check rests on something that Nextflow itself keeps
 * (nextflow.trace.TraceRecord): all numbers are raw or none is; the resident set is counted in KB; `duration` is `complete` − `submit`. What breaks it is left out.
 */
import type { NumberColumn } from './columns.ts';
import type { NumberField, TraceProblem } from './trace-run.ts';

export interface Found {
  readonly kind: TraceProblem['kind'];
  /** Found with one key are counted together. */
  readonly key: string;
  readonly place: number;
  readonly what: string;
  /** What is not used because of it; several: these cells of the row. */
  readonly used: 'cell' | 'row' | 'column' | 'file' | 'all' | readonly string[];
  readonly hint?: string;
}
export type FoundInRow = Omit<Found, 'place'> & { readonly row: number };

export type Columns = ReadonlyMap<NumberField, NumberColumn>;

const RAW_HINT = 'Nextflow writes milliseconds and bytes (trace.raw = true), or units with every number';
/** In milliseconds 1973, in seconds the year 5138. */
const LEAST_MOMENT = 1e11;
/** Nobody asks for less: a MB, a second. */
const LEAST_REQUEST: Readonly<Partial<Record<NumberField, number>>> = { memoryBytes: 1_000_000, diskBytes: 1_000_000, timeMs: 1000 };
/** Bytes: no machine has so much. */
const MOST_MEMORY = 2 ** 47;
/** Times what a task asked for: of 10,682 tasks of real runs none had five times as much. Less than so many bytes is nothing to doubt. */
export const MOST_OF_REQUEST = 20;
const LEAST_DOUBTED = 2 ** 30;
/** Cores, and of one in percent: no machine has more. */
const MOST_CORES = 4096;
/** What takes this long has a measurable share of it to do. */
const LONG_TASK = 10_000;

const MEMORY: ReadonlySet<NumberField> = new Set(['memoryBytes', 'rssBytes', 'peakRssBytes']);

/** @param isAnyones a table, which other programs make, too: what a number without a unit is depends on who wrote it */
export function* checkUnits(columns: Columns, rows: number, isAnyones: boolean): Iterable<FoundInRow> {
  const all = [...columns.values()];
  yield* checkSigns(all, rows);
  const amounts = all.filter(({ form }) => form.kind === 'length' || form.kind === 'size');
  const united = amounts.find((column) => column.united > 0);
  for (const column of amounts)
    if (united !== undefined)
      yield* clearBare(column, rows, () => true, `has no unit, and ${united === column ? 'others' : united.header} have one`);
  let [moments, wrongMoments] = [0, 0];
  /** Most of what it has is in another unit. */
  let foreign: NumberColumn | undefined;
  for (const column of all) {
    const { kind } = column.form;
    const least = kind === 'moment' ? LEAST_MOMENT : (LEAST_REQUEST[column.field] ?? Number.NEGATIVE_INFINITY);
    const some = countBare(column, rows, () => true);
    const wrong = column.least < least ? countBare(column, rows, (value) => value < least) : 0;
    if (kind === 'moment') {
      moments += some;
      wrongMoments += wrong;
    } else if (kind === 'size' && 2 * wrong > some) foreign ??= column;
    if (wrong > 0)
      yield* clearBare(column, rows, (value) => value < least, `can be no number of ${kind === 'size' ? 'bytes' : 'milliseconds'}`);
    if (MEMORY.has(column.field))
      yield* clearMemory(
        column,
        rows,
        (value) => value > MOST_MEMORY,
        () => 'is more than any machine has',
      );
    if (kind === 'size' && column.least < 0) yield* clearBare(column, rows, (value) => value < 0, 'is below zero');
  }
  const memory = columns.get('memoryBytes');
  for (const field of ['peakRssBytes', 'rssBytes'] as const) {
    yield* checkPages(columns.get(field), rows);
    yield* checkPeaks(columns.get(field), memory, rows);
  }
  const lengths = amounts.filter(({ form }) => form.kind === 'length');
  const isDated = hasTimesOfDay(columns, rows);
  // Who writes times of day in seconds writes lengths in seconds, or does not: nobody can tell. So it is with sizes, where no times of day show what lengths are.
  const doubt =
    2 * wrongMoments > moments
      ? 'the times of day beside it are none'
      : foreign !== undefined && !isDated
        ? `${foreign.header} beside it is no number of bytes`
        : undefined;
  if (doubt !== undefined)
    for (const column of lengths) yield* clearBare(column, rows, () => true, `may be no number of milliseconds: ${doubt}`);
  yield* checkCores(columns, rows);
  yield* checkPercent(columns, rows);
  yield* checkLengths(columns, rows);
  yield* checkSeconds(columns, rows);
  if (isAnyones && !isDated) yield* unconfirmed(columns, rows);
}

function countBare(column: NumberColumn, rows: number, isCounted: (value: number) => boolean): number {
  let count = 0;
  for (let row = 0; row < rows; row += 1) if (column.isBare(row) && isCounted(column.at(row))) count += 1;
  return count;
}

/** No task ran in 1970, which is what a zero says (`LEAST_MOMENT` in milliseconds), and nothing lasts less than no time. */
function* checkSigns(all: readonly NumberColumn[], rows: number): Iterable<FoundInRow> {
  for (const column of all) {
    const { kind } = column.form;
    if (kind !== 'moment' && kind !== 'length') continue;
    for (let row = 0; row < rows; row += 1) {
      const value = column.at(row);
      const isWrong = kind === 'length' ? value < 0 : value < LEAST_MOMENT && !column.isBare(row);
      if (!isWrong) continue;
      const what = kind === 'length' ? `${column.header} ${value} is below zero` : `${column.header} is before 1973, and no task ran then`;
      column.clear(row);
      yield { kind: 'clock', key: `${column.field} sign`, row, what, used: 'cell' };
    }
  }
}

function hasTimesOfDay(columns: Columns, rows: number): boolean {
  for (let row = 0; row < rows; row += 1) if (!Number.isNaN(heldFor(columns, row))) return true;
  return false;
}

/** From start, or where that is not known from submission, to completion. */
function heldFor(columns: Columns, row: number): number {
  const at = (field: NumberField): number => columns.get(field)?.at(row) ?? Number.NaN;
  const start = at('startMs');
  return at('completeMs') - (Number.isNaN(start) ? at('submitMs') : start);
}

/** Whole cpus, one at least, and no more of them busy than a machine has. */
function* checkCores(columns: Columns, rows: number): Iterable<FoundInRow> {
  const [cpus, busy] = [columns.get('cpus'), columns.get('cpuPercent')];
  if (cpus !== undefined)
    yield* clearWhere(cpus, rows, (value) => !(Number.isInteger(value) && value >= 1 && value <= MOST_CORES), 'can be no number of cpus');
  if (busy !== undefined)
    yield* clearWhere(
      busy,
      rows,
      (value) => !(value >= 0 && value <= 100 * MOST_CORES),
      `can be no share of a core in percent: no machine has ${MOST_CORES} cores`,
    );
}

/** Percent of each cpu. No task has more in none of 82 public runs, and in 77 of them if their figures are divided by 100. */
const LEAST_PERCENT = 2;
const FEWEST_TASKS = 5;

/** Where no task of a run kept more than a fiftieth of its cpus busy, its figures are cores, or shares of 1. */
function* checkPercent(columns: Columns, rows: number): Iterable<FoundInRow> {
  const [cpus, busy] = [columns.get('cpus'), columns.get('cpuPercent')];
  const lasted = columns.get('realtimeMs') ?? columns.get('durationMs');
  if (cpus === undefined || busy === undefined || lasted === undefined) return;
  let [long, most] = [0, -1];
  for (let row = 0; row < rows; row += 1) {
    const value = busy.at(row);
    if (!(cpus.at(row) >= 1) || Number.isNaN(value)) continue;
    if (!busy.isBare(row) || value > LEAST_PERCENT * cpus.at(row)) return;
    if (lasted.at(row) >= LONG_TASK) long += 1;
    if (value > 0 && !(most !== -1 && value <= busy.at(most))) most = row;
  }
  if (long < FEWEST_TASKS || most === -1) return;
  const what = `${busy.header} ${busy.at(most)} of ${cpus.at(most)} cpus is the most that a task has, too little for percent`;
  for (let row = 0; row < rows; row += 1) busy.clear(row);
  yield {
    kind: 'unit',
    key: busy.field,
    row: most,
    what,
    used: 'column',
    hint: 'are they cores, or shares of 1? Nextflow writes 100 for one core that is busy all the time',
  };
}

function* clearWhere(column: NumberColumn, rows: number, isWrong: (value: number) => boolean, what: string): Iterable<FoundInRow> {
  for (let row = 0; row < rows; row += 1) {
    const value = column.at(row);
    if (Number.isNaN(value) || !isWrong(value)) continue;
    column.clear(row);
    yield { kind: 'value', key: `${column.field} ${what}`, row, what: `${column.header} ${value} ${what}`, used: 'cell' };
  }
}

/** What a task used cannot be far above what it was given, not even where nobody held it to that. */
function* checkPeaks(column: NumberColumn | undefined, memory: NumberColumn | undefined, rows: number): Iterable<FoundInRow> {
  if (column === undefined || memory === undefined) return;
  const what = (row: number): string => `is more than ${MOST_OF_REQUEST} times the ${sizeText(memory.at(row))} that the task asked for`;
  yield* clearMemory(column, rows, (value, row) => isBeyondRequest(value, memory.at(row)), what, 'beyond the request');
}

/** Whether a task cannot have used so much: bytes. NaN where either is not known: then nobody can tell. */
export function isBeyondRequest(peak: number, requested: number): boolean {
  return peak > LEAST_DOUBTED && requested > 0 && peak > MOST_OF_REQUEST * requested;
}

function* clearMemory(
  column: NumberColumn,
  rows: number,
  isWrong: (value: number, row: number) => boolean,
  whatOf: (row: number) => string,
  key = 'beyond any machine',
): Iterable<FoundInRow> {
  for (let row = 0; row < rows; row += 1) {
    const value = column.at(row);
    if (!isWrong(value, row)) continue;
    const what = `${column.header} ${sizeText(value)} ${whatOf(row)}`;
    column.clear(row);
    yield { kind: 'value', key: `${column.field} ${key}`, row, what, used: 'cell', hint: 'is it in another unit?' };
  }
}

/** Nextflow's GB. */
function sizeText(bytes: number): string {
  return bytes < 2 ** 30 ? `${Math.round(bytes / 2 ** 20)} MB` : `${Math.round((10 * bytes) / 2 ** 30) / 10} GB`;
}

function* clearBare(column: NumberColumn, rows: number, isWrong: (value: number) => boolean, what: string): Iterable<FoundInRow> {
  for (let row = 0; row < rows; row += 1) {
    if (!column.isBare(row) || !isWrong(column.at(row))) continue;
    const text = `${column.header} ${column.at(row)} ${what}`;
    column.clear(row);
    yield { kind: 'unit', key: `${column.field} ${what}`, row, what: text, used: 'cell', hint: RAW_HINT };
  }
}

/** Bytes of a resident set are whole KB: the kernel counts so. */
function* checkPages(column: NumberColumn | undefined, rows: number): Iterable<FoundInRow> {
  if (column === undefined) return;
  const isOdd = (value: number): boolean => value % 1024 !== 0;
  let some = 0;
  let odd = 0;
  let first = -1;
  for (let row = 0; row < rows; row += 1) {
    if (!column.isBare(row)) continue;
    some += 1;
    if (!isOdd(column.at(row))) continue;
    odd += 1;
    if (first === -1) first = row;
  }
  if (2 * odd < some || odd === 0) return yield* clearBare(column, rows, isOdd, 'is no whole number of KB, as bytes in memory are');
  const what = `${column.header} ${column.at(first)} is not in bytes, which come in whole KB`;
  for (let row = 0; row < rows; row += 1) column.clear(row);
  yield { kind: 'unit', key: column.field, row: first, what, used: 'column', hint: RAW_HINT };
}

/** Times: units are a thousand apart, or more, and not every value is exact. */
const UNLIKE = 900;

/** Whole columns in another unit: `duration` against submit and complete; `realtime`, which the task itself measured, against start and complete. */
function* checkLengths(columns: Columns, rows: number): Iterable<FoundInRow> {
  const [duration, realtime] = [columns.get('durationMs'), columns.get('realtimeMs')];
  const wrong = (column: NumberColumn | undefined, from: NumberField): number => {
    let first = -1;
    let off = 0;
    let some = 0;
    for (let row = 0; row < rows; row += 1) {
      const between = (columns.get('completeMs')?.at(row) ?? Number.NaN) - (columns.get(from)?.at(row) ?? Number.NaN);
      const length = column?.at(row) ?? Number.NaN;
      if (!(between >= LONG_TASK) || Number.isNaN(length)) continue;
      some += 1;
      if (length * UNLIKE >= between && length <= UNLIKE * between) continue;
      off += 1;
      if (first === -1) first = row;
    }
    return 2 * off > some ? first : -1;
  };
  const drop = function* (column: NumberColumn, row: number, what: string): Iterable<FoundInRow> {
    const text = `${column.header} ${column.at(row)} ${what}`;
    for (let each = 0; each < rows; each += 1) column.clear(each);
    yield { kind: 'unit', key: column.field, row, what: text, used: 'column', hint: RAW_HINT };
  };
  const [ofDuration, ofRealtime] = [wrong(duration, 'submitMs'), wrong(realtime, 'startMs')];
  const isRaw = realtime?.united === 0;
  if (realtime !== undefined && isRaw && (ofRealtime !== -1 || ofDuration !== -1)) {
    const row = ofRealtime === -1 ? ofDuration : ofRealtime;
    yield* drop(
      realtime,
      row,
      ofRealtime === -1 ? 'is in the unit of duration, which is not known' : 'is not in milliseconds, as start and complete show',
    );
  }
  if (duration !== undefined && ofDuration !== -1) yield* drop(duration, ofDuration, 'is not what lies between submit and complete');
}

/** `realtime` of single rows in seconds: a thousand of it are what the task was held for. In 60,588 rows of real runs this does not come about by chance. */
function* checkSeconds(columns: Columns, rows: number): Iterable<FoundInRow> {
  const [realtime, duration] = [columns.get('realtimeMs'), columns.get('durationMs')];
  if (realtime === undefined) return;
  for (let row = 0; row < rows; row += 1) {
    const length = realtime.at(row);
    const between = heldFor(columns, row);
    const held = Number.isNaN(between) ? (duration?.at(row) ?? Number.NaN) : between;
    if (!realtime.isBare(row) || !(held >= LONG_TASK && 1000 * length > 0.9 * held && 1000 * length < 1.02 * held)) continue;
    realtime.clear(row);
    const what = `${realtime.header} ${length} is in seconds: for ${Math.round(held / 1000)} s the task was held`;
    yield { kind: 'unit', key: 'realtime in seconds', row, what, used: 'cell', hint: RAW_HINT };
  }
}

/** Milliseconds: 30 days, which no task takes. */
const MONTH = 30 * 86_400_000;

/** Lengths without a unit that nothing else confirms, and short enough to be seconds. */
function* unconfirmed(columns: Columns, rows: number): Iterable<FoundInRow> {
  const column = (['realtimeMs', 'durationMs'] as const)
    .flatMap((field) => columns.get(field) ?? [])
    .find((one) => countBare(one, rows, () => true) > 0);
  if (column === undefined) return;
  let most = 0;
  for (let row = 1; row < rows; row += 1) if (column.at(row) > column.at(most) || Number.isNaN(column.at(most))) most = row;
  const length = column.at(most);
  if (length * 1000 > MONTH) return;
  yield {
    kind: 'unconfirmed',
    key: column.field,
    row: most,
    what: `${column.header} ${length} has no unit, and no time of day beside it shows one: it and all others are read as milliseconds, which is what Nextflow writes, so that no task took longer than ${length / 1000} s`,
    used: 'all',
    hint: `are they seconds? Write ${length}s for ${length}; next time have submit, start and complete in trace.fields`,
  };
}
