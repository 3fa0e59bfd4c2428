/** The columns that traces, reports and exports have, by whatever name, and how each is read. */
import { type ReadQuantity, readDecimal, readLength, readMoment, readPercent, readSize, readWhole } from './quantities.ts';
import type { NumberField, TraceField } from './trace-run.ts';

export interface NumberForm {
  readonly kind: 'count' | 'percent' | 'length' | 'size' | 'moment' | 'money';
  readonly read: ReadQuantity;
  /** "… is no length of time" */
  readonly noun: string;
  /** As Nextflow writes it. */
  readonly such?: string;
  /** A raw one may have a point in it. */
  readonly fractions?: true;
}

const COUNT: NumberForm = { kind: 'count', read: readWhole, noun: 'whole number' };
const DECIMAL: NumberForm = { ...COUNT, read: readDecimal, noun: 'number', fractions: true };
const PERCENT: NumberForm = { kind: 'percent', read: readPercent, noun: 'percentage', fractions: true, such: '97.2% of a core, raw 97.2' };
const LENGTH: NumberForm = { kind: 'length', read: readLength, noun: 'length of time', such: '1h 3m 20s, raw whole milliseconds' };
const SIZE: NumberForm = {
  kind: 'size',
  read: readSize,
  noun: 'size in bytes, KB, MB …',
  such: '815.2 MB, raw whole bytes; nobody can tell whether a comma parts thousands or decimals',
};
const MOMENT: NumberForm = {
  kind: 'moment',
  read: readMoment,
  noun: 'date and time that is the same in every country',
  such: '2025-01-31 10:00:00.000, raw milliseconds since 1970',
};
const MONEY: NumberForm = { ...DECIMAL, kind: 'money' };

const NUMBER_FORMS: Readonly<Record<NumberField, NumberForm>> = {
  taskId: COUNT,
  exit: COUNT,
  attempt: COUNT,
  submitMs: MOMENT,
  startMs: MOMENT,
  completeMs: MOMENT,
  durationMs: LENGTH,
  realtimeMs: LENGTH,
  timeMs: LENGTH,
  cpus: DECIMAL,
  cpuPercent: PERCENT,
  memoryBytes: SIZE,
  diskBytes: SIZE,
  rssBytes: SIZE,
  peakRssBytes: SIZE,
  readCharBytes: SIZE,
  writeCharBytes: SIZE,
  readBytes: SIZE,
  writeBytes: SIZE,
  costUsd: MONEY,
};

/** What a column can be: a field, or what a field is taken from. */
export type ColumnName = TraceField | 'name' | 'task';

/** Nextflow's own name of a field (nextflow.trace.TraceRecord) first, then those of other versions, of Seqera Platform and of tables made of traces. */
const NAMES: Readonly<Record<ColumnName, readonly string[]>> = {
  taskId: ['task_id', 'taskId'],
  hash: ['hash'],
  nativeId: ['native_id', 'nativeId'],
  process: ['process'],
  task: ['Task'],
  tag: ['tag'],
  name: ['name'],
  status: ['status'],
  exit: ['exit', 'exitStatus', 'exit_status'],
  attempt: ['attempt'],
  submitMs: ['submit'],
  startMs: ['start'],
  completeMs: ['complete'],
  durationMs: ['duration'],
  realtimeMs: ['realtime'],
  timeMs: ['time'],
  cpus: ['cpus'],
  cpuPercent: ['%cpu', 'pct_cpu', 'pcpu'],
  memoryBytes: ['memory'],
  diskBytes: ['disk'],
  rssBytes: ['rss'],
  peakRssBytes: ['peak_rss', 'peakRss'],
  readCharBytes: ['rchar'],
  writeCharBytes: ['wchar'],
  readBytes: ['read_bytes', 'readBytes'],
  writeBytes: ['write_bytes', 'writeBytes'],
  queue: ['queue'],
  hostname: ['hostname'],
  container: ['container'],
  executor: ['executor'],
  machineType: ['machineType', 'machine_type'],
  zone: ['cloudZone', 'cloud_zone'],
  priceModel: ['priceModel', 'price_model'],
  cpuModel: ['cpu_model', 'cpuModel'],
  accelerator: ['accelerator'],
  acceleratorType: ['accelerator_type', 'acceleratorType'],
  errorAction: ['error_action', 'errorAction'],
  costUsd: ['cost'],
};

/** What only exports of Seqera Platform have. */
export const PLATFORM_NAMES: ReadonlySet<string> = new Set(['taskId', 'nativeId', 'peakRss', 'machineType', 'cloudZone', 'priceModel']);

const BY_NAME: ReadonlyMap<string, ColumnName> = new Map(
  (Object.entries(NAMES) as [ColumnName, readonly string[]][]).flatMap(([field, names]) =>
    names.map((name): [string, ColumnName] => [name.toLowerCase(), field]),
  ),
);

export function fieldNamed(header: string): ColumnName | undefined {
  return BY_NAME.get(header.toLowerCase());
}

/** As `trace.fields` has it. */
export function nextflowName(field: TraceField): string {
  return NAMES[field][0] as string;
}

export function isNumberField(field: string): field is NumberField {
  return Object.hasOwn(NUMBER_FORMS, field);
}

const SMALLEST = 1024;

/** One column of numbers while rows come in; it grows as they do. */
export class NumberColumn {
  readonly field: NumberField;
  readonly form: NumberForm;
  /** As the file calls it. */
  readonly header: string;
  values = new Float64Array(SMALLEST).fill(Number.NaN);
  /** 1: a number without a unit, and not 0. */
  #bare = new Uint8Array(SMALLEST);
  /** Cells with a unit. */
  united = 0;
  /** Of those without, the least number that is not 0. */
  least = Number.POSITIVE_INFINITY;

  constructor(field: NumberField, header: string) {
    this.field = field;
    this.form = NUMBER_FORMS[field];
    this.header = header;
  }
  set(row: number, value: number, bare: boolean): void {
    if (row >= this.values.length) {
      const values = new Float64Array(2 * row).fill(Number.NaN);
      values.set(this.values);
      this.values = values;
      const flags = new Uint8Array(2 * row);
      flags.set(this.#bare);
      this.#bare = flags;
    }
    this.values[row] = value;
    if (!bare) this.united += 1;
    else if (value !== 0) {
      this.#bare[row] = 1;
      if (value < this.least) this.least = value;
    }
  }
  isBare(row: number): boolean {
    return this.#bare[row] === 1;
  }
  /** NaN where no row has come. */
  at(row: number): number {
    return row < this.values.length ? (this.values[row] as number) : Number.NaN;
  }
  clear(row: number): void {
    if (row >= this.values.length) return;
    this.values[row] = Number.NaN;
    this.#bare[row] = 0;
  }
  finished(rows: number): Float64Array {
    if (rows <= this.values.length) return this.values.slice(0, rows);
    const values = new Float64Array(rows).fill(Number.NaN);
    values.set(this.values);
    return values;
  }
}

/** One column of texts: each text once, and which it is for each row. */
export class Texts {
  readonly #values: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** 0: nothing; otherwise one more than the place among the values. */
  #rows = new Int32Array(SMALLEST);

  /** @returns the text that stands for all that are like it */
  set(row: number, text: string): string {
    if (row >= this.#rows.length) {
      const rows = new Int32Array(2 * row);
      rows.set(this.#rows);
      this.#rows = rows;
    }
    let number = this.#numbers.get(text);
    if (number === undefined) this.#numbers.set(text, (number = this.#values.push(text)));
    this.#rows[row] = number;
    return this.#values[number - 1] as string;
  }
  at(row: number): string | undefined {
    const number = row < this.#rows.length ? (this.#rows[row] as number) : 0;
    return number === 0 ? undefined : this.#values[number - 1];
  }
  clear(row: number): void {
    if (row < this.#rows.length) this.#rows[row] = 0;
  }
  get isEmpty(): boolean {
    return this.#values.length === 0;
  }
}

/** One column of texts that differ from row to row. */
export class OwnTexts {
  readonly #values: (string | undefined)[] = [];

  set(row: number, text: string): void {
    while (this.#values.length < row) this.#values.push(undefined);
    this.#values[row] = text;
  }
  at(row: number): string | undefined {
    return this.#values[row];
  }
  clear(row: number): void {
    if (row < this.#values.length) this.#values[row] = undefined;
  }
  get isEmpty(): boolean {
    return this.#values.every((value) => value === undefined);
  }
}
