/** Rows come in cell by cell and a TraceRun comes out. What a cell cannot be is left out and counted; nothing is put in its place. */
import { type ColumnName, fieldNamed, isNumberField, NumberColumn, nextflowName, OwnTexts, Texts } from './columns.ts';
import { isMissing, isNoNumber } from './quantities.ts';
import type { Sink } from './rows.ts';
import { checkUnits, type Found } from './run-checks.ts';
import { linkRepeats, linkRetries } from './task-links.ts';
import { checkTimes, completeTimes } from './task-times.ts';
import {
  NUMBER_FIELDS,
  type NumberField,
  STATUSES,
  TEXT_FIELDS,
  type TextField,
  type TraceField,
  type TraceFormat,
  type TraceProblem,
  type TraceRun,
} from './trace-run.ts';

const UNSTATED = STATUSES.indexOf('UNSTATED');
const CACHED = STATUSES.indexOf('CACHED');
const UNFINISHED: ReadonlySet<string> = new Set(['NEW', 'PENDING', 'SUBMITTED', 'RUNNING']);
const PROCESS = /^[^\s()]+$/;
/** Of an older run, where the row was taken from a cache. */
const TIMES: readonly NumberField[] = ['submitMs', 'startMs', 'completeMs', 'durationMs'];
const LONGEST_QUOTE = 40;

export interface RunForm {
  readonly name: string;
  readonly format: TraceFormat;
  /** What places in messages count: lines of a table, or tasks of a list. */
  readonly places: 'line' | 'task';
}

export class RunBuilder {
  readonly #form: RunForm;
  readonly #numbers = new Map<NumberField, NumberColumn>();
  readonly #tags = new Texts();
  readonly #texts = new Map<TextField, Texts | OwnTexts>([['tag', this.#tags]]);
  readonly #found = new Map<string, Found & { count: number }>();
  readonly #processes: string[] = [];
  readonly #processNumbers = new Map<string, number>();
  readonly #process: number[] = [];
  readonly #status: number[] = [];
  /** What tells tasks of a process apart: what the name has in parentheses (perhaps nothing), or the tag. */
  readonly #labels: (string | undefined)[] = [];
  /** Of each row: the line or the number of the task in its file. */
  readonly #places: number[] = [];
  #rows = 0;
  #place = 0;
  #named: string | undefined;
  #tagged: string | undefined;
  #processed: string | undefined;
  /** The column `Task` of tables made of traces: it may hold numbers, where there is something better. */
  #tasked: string | undefined;
  #stated: string | undefined;
  readonly #taken = new Set<ColumnName>();

  constructor(form: RunForm) {
    this.#form = form;
  }

  /** Asked once for each column. Of two columns of one name the first counts, unless they differ. */
  sink(header: string): Sink | undefined {
    const field = fieldNamed(header);
    if (field === undefined) return undefined;
    const twin = this.#taken.has(field);
    this.#taken.add(field);
    if (isNumberField(field)) {
      let column = this.#numbers.get(field);
      if (column === undefined) this.#numbers.set(field, (column = new NumberColumn(field, header)));
      return twin ? this.#twinSink(column, header) : this.#numberSink(column);
    }
    if (twin) return undefined;
    const set = this.#textSetter(field);
    return (text, start, end) => set(text.slice(start, end));
  }

  begin(place: number): void {
    this.#place = place;
    this.#named = this.#processed = this.#tasked = this.#tagged = this.#stated = undefined;
  }

  /** The row is there, or is dropped with the reason. */
  end(): void {
    const name = this.#named === undefined || isMissing(this.#named) ? undefined : partsOf(this.#named);
    const process = this.#processed === undefined || isMissing(this.#processed) ? (name?.process ?? this.#tasked) : this.#processed;
    const status = statusOf(this.#stated);
    if (status === undefined) {
      const hint =
        'Nextflow writes COMPLETED, FAILED, CACHED or ABORTED; perhaps a cell holds the separator of the table, or a decimal comma';
      this.drop({ kind: 'row', key: 'status', what: `"${quoted(this.#stated ?? '')}" is no status that Nextflow writes` }, hint);
    } else if (name === null) {
      const hint = 'a task is called PROCESS or PROCESS (tag)';
      this.drop({ kind: 'row', key: 'name', what: `"${quoted(this.#named ?? '')}" is no name of a task` }, hint);
    } else if (process === undefined) {
      this.drop({ kind: 'row', key: 'process', what: 'there is no name of a process' }, 'trace.fields must have name or process');
    } else {
      const number = this.#numberOf(process);
      if (number !== -1) this.#take(number, status, name?.label);
      else this.drop({ kind: 'row', key: 'process', what: `"${quoted(process)}" is no name of a process` }, 'is it a trace?');
    }
  }

  /** -1: it is no name. */
  #numberOf(process: string): number {
    const known = this.#processNumbers.get(process);
    if (known !== undefined) return known;
    if (!PROCESS.test(process)) return -1;
    const number = this.#processes.push(process) - 1;
    this.#processNumbers.set(process, number);
    return number;
  }

  #take(process: number, status: number, label: string | undefined): void {
    const given = this.#tagged ?? label;
    const tag = given === undefined || isMissing(given) ? undefined : this.#tags.set(this.#rows, given);
    this.#process.push(process);
    this.#status.push(status);
    // Nearly always they are the same: then it is kept once.
    this.#labels.push(label === undefined || label === tag ? tag : label);
    this.#places.push(this.#place);
    this.#rows += 1;
  }

  /** The row that has begun is not taken. */
  drop(found: Omit<Found, 'place' | 'used'>, hint: string): void {
    for (const column of this.#numbers.values()) column.clear(this.#rows);
    for (const texts of this.#texts.values()) texts.clear(this.#rows);
    this.report({ ...found, place: this.#place, used: 'row', hint });
  }

  /** Said once for each key, with the first place. */
  report(found: Found): void {
    const known = this.#found.get(`${found.kind} ${found.key}`);
    if (known === undefined) this.#found.set(`${found.kind} ${found.key}`, { ...found, count: 1 });
    else known.count += 1;
  }

  finish(): TraceRun {
    const rows = this.#rows;
    const placeOf = (row: number): number => this.#places[row] as number;
    for (const row of cachedRows(this.#status)) for (const field of TIMES) this.#numbers.get(field)?.clear(row);
    for (const found of checkUnits(this.#numbers, rows, this.#form.format === 'trace'))
      this.report({ ...found, place: placeOf(found.row) });
    for (const found of checkTimes(this.#numbers, rows)) this.report({ ...found, place: placeOf(found.row) });
    if (rows === 0 && this.#found.size === 0) {
      this.report({ kind: 'empty', key: '', place: 0, what: 'there are no tasks in it', used: 'file', hint: 'did the run start any?' });
    }
    const process = Int32Array.from(this.#process);
    const status = Uint8Array.from(this.#status);
    const unknown = (): Float64Array => new Float64Array(rows).fill(Number.NaN);
    const absent = unknown();
    const columnOf = (field: NumberField): Float64Array =>
      this.#numbers.get(field)?.finished(rows) ?? (TIMES.includes(field) ? unknown() : absent);
    const nothing = new Texts();
    const numbers = Object.fromEntries(NUMBER_FIELDS.map((field) => [field, columnOf(field)])) as Record<NumberField, Float64Array>;
    completeTimes(numbers);
    const texts = Object.fromEntries(TEXT_FIELDS.map((field) => [field, this.#texts.get(field) ?? nothing])) as Record<
      TextField,
      Texts | OwnTexts
    >;
    const fields = new Set<TraceField>(this.#processes.length === 0 ? [] : ['process']);
    if (status.some((one) => one !== UNSTATED)) fields.add('status');
    for (const field of NUMBER_FIELDS) if (numbers[field].some((value) => !Number.isNaN(value))) fields.add(field);
    for (const [field, column] of this.#texts) if (!column.isEmpty) fields.add(field);
    const tasks = { rows, process, status, labels: this.#labels, ...numbers, hash: texts.hash };
    const repeats = linkRepeats(tasks);
    for (const [row, before] of repeats.entries())
      if (before >= 0 && status[row] === COMPLETED && status[before] === COMPLETED)
        this.report({
          kind: 'repeated',
          key: '',
          place: placeOf(row),
          what: `the task is there already, on ${this.#form.places} ${placeOf(before)}`,
          used: 'row',
        });
    return {
      name: this.#form.name,
      format: this.#form.format,
      rows,
      processes: this.#processes,
      process,
      status,
      ...numbers,
      ...texts,
      retryOf: linkRetries(tasks),
      repeats,
      columns: this.#columns(),
      fields,
      problems: [...this.#found.values()].map((found) => this.#problemOf(found)),
    };
  }

  /** A name has the process and, in its parentheses, the tag. */
  #columns(): ReadonlySet<TraceField> {
    const columns = new Set<TraceField>();
    for (const field of this.#taken) {
      if (field === 'name') columns.add('process').add('tag');
      else columns.add(field === 'task' ? 'process' : field);
    }
    return columns;
  }

  #textSetter(field: Exclude<ColumnName, NumberField>): (text: string) => void {
    if (field === 'name') return (text) => (this.#named = text);
    if (field === 'task') return (text) => (this.#tasked = text);
    if (field === 'process') return (text) => (this.#processed = text);
    if (field === 'tag') return (text) => (this.#tagged = text);
    if (field === 'status') return (text) => (this.#stated = text);
    const texts = field === 'hash' || field === 'nativeId' ? new OwnTexts() : new Texts();
    this.#texts.set(field, texts);
    return (text) => {
      if (!isMissing(text)) texts.set(this.#rows, text);
    };
  }

  #numberSink(column: NumberColumn): Sink {
    return (whole, start, end) => {
      const plain = plainNumber(whole, start, end, column.form.fractions === true);
      if (plain !== -1) {
        column.set(this.#rows, plain, true);
        return;
      }
      const text = whole.slice(start, end);
      if (isNoNumber(text)) return;
      const quantity = column.form.read(text);
      if (quantity === undefined) {
        this.#refuse(column, text);
        return;
      }
      column.set(this.#rows, quantity.value, quantity.bare);
      if (!quantity.comma) return;
      this.report({
        kind: 'locale',
        key: '',
        place: this.#place,
        what: `${column.header} "${quoted(text)}" has a decimal comma; it and others like it are read as ${text.replaceAll(',', '.')}`,
        used: 'all',
      });
    };
  }

  #refuse(column: NumberColumn, text: string): void {
    this.report({
      kind: 'value',
      key: column.field,
      place: this.#place,
      what: `${column.header} "${quoted(text)}" is no ${column.form.noun}`,
      used: 'cell',
      ...(column.form.such !== undefined && { hint: `Nextflow writes ${column.form.such}` }),
    });
  }

  #twinSink(column: NumberColumn, header: string): Sink {
    return (whole, start, end) => {
      const text = whole.slice(start, end);
      const value = column.form.read(text)?.value;
      const first = column.at(this.#rows);
      if (value === undefined || value === first || Number.isNaN(first)) return;
      column.clear(this.#rows);
      this.report({
        kind: 'column',
        key: column.field,
        place: this.#place,
        what: `there are two columns ${header}, and they differ`,
        used: 'cell',
        hint: `name ${nextflowName(column.field)} once in trace.fields`,
      });
    };
  }

  #problemOf({ kind, what, used, place, count, hint }: Found & { count: number }): TraceProblem {
    const { name, places } = this.#form;
    const these = (one: string): string => (count === 1 ? `this ${one}` : `this and ${count - 1} more such ${one}s`);
    const are = count === 1 ? 'is' : 'are';
    const listed = typeof used === 'string' ? '' : [used.slice(0, -1).join(', '), used.at(-1)].filter(Boolean).join(' and ');
    const then =
      typeof used !== 'string'
        ? `; ${listed} of ${these('row')} ${used.length + count === 2 ? 'is' : 'are'} not used`
        : {
            cell: `; ${these('value')} ${are} not used`,
            row: `; ${these('row')} ${are} not used`,
            column: '; the column is not used',
            file: '; nothing of it is used',
            all: '',
          }[used];
    return {
      kind,
      place,
      rows: count,
      message: `${name}: ${place === 0 ? '' : `${places} ${place}: `}${what}${then}`,
      ...(hint === undefined ? {} : { hint }),
    };
  }
}

const COMPLETED = STATUSES.indexOf('COMPLETED');
/** More digits than these are not exact; with so few, so is a division by a power of ten. */
const MOST_DIGITS = 15;

/** Nearly all numbers of a raw trace are digits, perhaps with a point in them: they are read where they stand. -1: something else. */
function plainNumber(text: string, start: number, end: number, fractions: boolean): number {
  if (end === start || end - start > MOST_DIGITS) return -1;
  let value = 0;
  let point = -1;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) value = 10 * value + code - 0x30;
    else if (code === 0x2e && fractions && point === -1 && at > start && at < end - 1) point = at;
    else return -1;
  }
  return point === -1 ? value : value / 10 ** (end - 1 - point);
}

/** `PROCESS` or `PROCESS (label)`; null: neither. */
function partsOf(name: string): { process: string; label: string } | null {
  const space = name.indexOf(' ');
  if (space === -1) return { process: name, label: '' };
  return name[space + 1] === '(' && name.endsWith(')') ? { process: name.slice(0, space), label: name.slice(space + 2, -1) } : null;
}

/** undefined: none that Nextflow or Seqera Platform writes. */
function statusOf(stated = ''): number | undefined {
  if (isMissing(stated)) return UNSTATED;
  const word = stated.toUpperCase();
  const status = (STATUSES as readonly string[]).indexOf(UNFINISHED.has(word) ? 'UNFINISHED' : word);
  return status === -1 || status === UNSTATED ? undefined : status;
}

function* cachedRows(status: readonly number[]): Iterable<number> {
  for (let row = 0; row < status.length; row += 1) if (status[row] === CACHED) yield row;
}

/** As much of a cell as a message bears. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE)}…`;
}
