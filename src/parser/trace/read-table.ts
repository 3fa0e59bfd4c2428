/**
 * `trace.txt` and tables made of it. Nextflow writes cells one beside the other and quotes nothing (nextflow.trace.TraceFileObserver), so a tag can hold the separator
 * and a script whole lines with it. Such rows are put together from both ends: what lies between is read where only one way fits.
 */
import { fieldNamed, PLATFORM_NAMES } from './columns.ts';
import { isMissing } from './quantities.ts';
import { RowReader, type Sink } from './rows.ts';
import { quoted, RunBuilder } from './run-builder.ts';
import { type TraceRun, UnreadableTrace } from './trace-run.ts';

const SEPARATORS = ['\t', ',', ';', '|'];
/** May hold the separator. */
const FREE = /^(tag|name)$/i;
/** May go over lines. */
const LONG = /^(script|env)$/i;
const LINE_HINT =
  'nextflow run -with-trace writes it: a table whose first line names columns such as name, status, exit and realtime; report.html, timeline.html and .nextflow.log are read, too';

/** @throws UnreadableTrace */
export function readTable(text: string, name: string): TraceRun[] {
  const separator = separatorOf(text);
  const firstLine = text.slice(0, (text.indexOf('\n') + 1 || text.length + 1) - 1);
  // Nextflow quotes nothing; who has made commas of its tabs does, and who has quoted the header has quoted the rest.
  const read = (): RowReader => new RowReader(text, separator, separator === ',' || firstLine.includes('"'));
  const reader = read();
  if (!reader.next()) throw new UnreadableTrace(`${name}: the file is empty`, LINE_HINT);
  const header = Array.from({ length: reader.count }, (_, index) => reader.cell(index));
  const fields = header.map(fieldNamed);
  if (!(['process', 'name', 'task'] as const).some((field) => fields.includes(field))) {
    throw new UnreadableTrace(
      `${name}: read as Nextflow’s trace, but line ${reader.line}, “${quoted(firstLine.trim())}”, has no column name and none called process`,
      /\bsample/i.test(firstLine) ? `a sheet of samples is given with --samplesheet; ${LINE_HINT}` : LINE_HINT,
    );
  }
  if (fields.filter((field) => field !== undefined).length < 2) {
    throw new UnreadableTrace(
      `${name}: line ${reader.line}: of the columns of a trace there is only ${header.find((_, at) => fields[at] !== undefined)}`,
      LINE_HINT,
    );
  }
  const runsBy = (numbering?: Numbering, mixed?: string): TraceRun[] => {
    const [rows, table] = [read(), new Table(name, header, numbering)];
    rows.next();
    while (rows.next()) table.add(rows);
    return table.finish(mixed);
  };
  const runs = runsBy();
  if (!runs.some(hasNumberTwice)) return runs;
  const numbering = new Numbering(header);
  const divided = runsBy(numbering);
  if (numbering.isResumed) return runs;
  return numbering.isMixed ? runsBy(undefined, numbering.repeated) : divided;
}

/** Two folders are of one number. */
function hasNumberTwice({ rows, taskId, hash }: TraceRun): boolean {
  const first = new Map<number, number>();
  for (let row = 0; row < rows; row += 1) {
    const id = taskId[row] as number;
    if (Number.isNaN(id) || hash.at(row) === undefined) continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, row);
    else if (hash.at(row) !== hash.at(before)) return true;
  }
  return false;
}

/**
 * Where one run ends and the next begins, in a file that has several, one behind the other without a header between. Nextflow numbers the tasks of a run
 * (nextflow.processor.TaskId) and gives each attempt a folder, so a number that comes again with another folder is of another run; not so in a run that was resumed, which has
 * folders of the first again.
 */
class Numbering {
  readonly #idAt: number;
  readonly #hashAt: number;
  readonly #columns: number;
  readonly #folders = new Set<string>();
  /** By number: the last of the runs that has it, and how many folders have it. */
  readonly #tasks = new Map<string, { last: number; folders: number }>();
  #runs = 1;
  #most = 1;
  isResumed = false;
  /** The first number that came again. */
  repeated: string | undefined;

  constructor(header: readonly string[]) {
    const fields = header.map(fieldNamed);
    this.#idAt = fields.indexOf('taskId');
    this.#hashAt = fields.indexOf('hash');
    this.#columns = header.length;
  }

  /** Runs were not one behind the other: more would have begun than have any number. */
  get isMixed(): boolean {
    return this.#runs > this.#most;
  }

  /** The task with which another run begins. */
  beginsWith(reader: RowReader): string | undefined {
    if (this.#idAt === -1 || this.#hashAt === -1 || reader.count !== this.#columns) return undefined;
    const [id, folder] = [reader.cell(this.#idAt), reader.cell(this.#hashAt)];
    if (isMissing(id) || isMissing(folder)) return undefined;
    this.isResumed ||= this.#folders.has(folder);
    this.#folders.add(folder);
    const known = this.#tasks.get(id);
    if (known !== undefined) this.repeated ??= id;
    const isNew = known?.last === this.#runs;
    if (isNew) this.#runs += 1;
    const folders = 1 + (known?.folders ?? 0);
    this.#tasks.set(id, { last: this.#runs, folders });
    this.#most = Math.max(this.#most, folders);
    return isNew ? id : undefined;
  }
}

/** The one that parts the first line into the most names of columns. */
function separatorOf(text: string): string {
  const line = text.slice(0, 10_000).trimStart().split(/\r?\n/, 1)[0] as string;
  const known = (separator: string): number =>
    line.split(separator).filter((cell) => fieldNamed(cell.trim().replace(/^"|"$/g, '')) !== undefined).length;
  return SEPARATORS.reduce((best, separator) => (known(separator) > known(best) ? separator : best));
}

/** Columns by their place: those before all that may hold anything, and those behind it. */
interface Layout {
  readonly columns: number;
  /** First and last column that may hold a separator; beyond the columns where there is none. */
  readonly firstFree: number;
  readonly lastFree: number;
  /** The same of those that may go over lines; undefined where there is none. */
  readonly firstLong: number | undefined;
  readonly lastLong: number;
}

function layoutOf(header: readonly string[]): Layout {
  const find = (pattern: RegExp): number[] => header.flatMap((name, index) => (pattern.test(name) ? [index] : []));
  const free = [...find(FREE), ...find(LONG)].sort((one, two) => one - two);
  const long = find(LONG);
  return {
    columns: header.length,
    firstFree: free[0] ?? header.length,
    lastFree: free.at(-1) ?? header.length,
    firstLong: long[0],
    lastLong: long.at(-1) ?? -1,
  };
}

class Table {
  readonly #name: string;
  readonly #header: readonly string[];
  readonly #layout: Layout;
  readonly #runs: TraceRun[] = [];
  #builder: RunBuilder;
  #sinks: readonly (Sink | undefined)[];
  /** Of a row over several lines: its beginning, and the line that may be its last. */
  #open: { readonly line: number; readonly head: readonly string[]; tail: readonly string[]; lines: number } | undefined;

  readonly #numbering: Numbering | undefined;

  constructor(name: string, header: readonly string[], numbering?: Numbering) {
    this.#name = name;
    this.#numbering = numbering;
    this.#header = header;
    this.#layout = layoutOf(header);
    [this.#builder, this.#sinks] = this.#begin();
  }

  add(reader: RowReader): void {
    if (this.#isHeader(reader)) {
      // Traces of several runs, one behind the other.
      this.#nextRun();
      return;
    }
    const first = this.#numbering?.beginsWith(reader);
    if (first !== undefined) {
      this.#nextRun();
      const what = `here another run begins: task ${first} was there already, in another folder (hash)`;
      this.#builder.report({ kind: 'several', key: '', place: reader.line, what, used: 'all', hint: 'give each run in a file of its own' });
    }
    if (this.#layout.firstLong === undefined) this.#addRow(reader);
    else this.#addLine(reader, this.#layout.firstLong);
  }

  #nextRun(): void {
    this.#close(false);
    this.#runs.push(this.#builder.finish());
    [this.#builder, this.#sinks] = this.#begin();
  }

  /** @param mixed a task that several runs have, which cannot be parted */
  finish(mixed?: string): TraceRun[] {
    this.#close(true);
    if (mixed !== undefined) {
      const what = `tasks of several runs are mixed in it (task ${mixed} is there in several folders): they are read as one run`;
      this.#builder.report({ kind: 'several', key: '', place: 0, what, used: 'all', hint: 'give each run in a file of its own' });
    }
    return [...this.#runs, this.#builder.finish()];
  }

  #begin(): [RunBuilder, (Sink | undefined)[]] {
    const name = this.#runs.length === 0 ? this.#name : `${this.#name} (run ${this.#runs.length + 1})`;
    const format = this.#header.some((column) => PLATFORM_NAMES.has(column)) ? 'platform' : 'trace';
    const builder = new RunBuilder({ name, format, places: 'line' });
    return [builder, this.#header.map((column) => builder.sink(column))];
  }

  #isHeader(reader: RowReader): boolean {
    return reader.count === this.#header.length && this.#header.every((name, index) => reader.cell(index) === name);
  }

  #addRow(reader: RowReader): void {
    const { columns, firstFree, lastFree } = this.#layout;
    const { count, line, unended } = reader;
    this.#builder.begin(line);
    if (count < columns) {
      this.#tooShort(count, unended);
      return;
    }
    const excess = count - columns;
    // The text ends in the last cell: nobody knows whether that is all of it.
    const whole = unended && this.#sinks[columns - 1] !== undefined ? columns - 1 : columns;
    if (excess === 0) for (let index = 0; index < whole; index += 1) this.#give(reader, index, index);
    else {
      for (let index = 0; index < firstFree; index += 1) this.#give(reader, index, index);
      for (let index = lastFree + 1; index < whole; index += 1) this.#give(reader, index + excess, index);
      this.#realign(reader, excess);
    }
    if (whole < columns) {
      const what = `the file ends in this row, without a line end: its last cell, ${this.#header[whole]} "${quoted(reader.cell(count - 1))}", may be cut`;
      this.#builder.report({ kind: 'cut', key: 'cell', place: line, what, used: 'cell' });
    }
    this.#builder.end();
  }

  #give(reader: RowReader, cell: number, column: number): void {
    const sink = this.#sinks[column];
    if (sink !== undefined) reader.give(cell, sink);
  }

  #put(column: number, cell: string): void {
    this.#sinks[column]?.(cell, 0, cell.length);
  }

  /** So many cells more than columns: they belong to the tag, to the name, or some to each. The name repeats the tag, which shows how. */
  #realign(reader: RowReader, excess: number): void {
    const { firstFree, lastFree } = this.#layout;
    if (firstFree === lastFree) {
      this.#put(firstFree, reader.cells(firstFree, firstFree + excess + 1));
      return;
    }
    const [first, last] = [this.#header[firstFree] as string, this.#header[lastFree] as string];
    const between = lastFree - firstFree;
    const ways = Array.from({ length: excess + 1 }, (_, more) => ({
      more,
      one: reader.cells(firstFree, firstFree + more + 1),
      two: reader.cells(firstFree + more + between, firstFree + between + excess + 1),
    })).filter(({ one, two }) => (/^tag$/i.test(first) ? two.endsWith(` (${one})`) : one.endsWith(` (${two})`)));
    const [way, ...others] = ways;
    if (way !== undefined && others.length === 0 && FREE.test(first) && FREE.test(last)) {
      this.#put(firstFree, way.one);
      for (let index = 1; index < between; index += 1) this.#give(reader, firstFree + index + way.more, firstFree + index);
      this.#put(lastFree, way.two);
      return;
    }
    const what = `${excess} cells more than the header has, in ${first} or ${last}`;
    this.#builder.report({ kind: 'row', key: 'more cells', place: reader.line, what: `${what}; these are not used`, used: 'all' });
  }

  /** A line of a table with scripts in it: it begins a row if what stands before the script looks like it. */
  #addLine(reader: RowReader, firstLong: number): void {
    const { columns, lastLong } = this.#layout;
    if (this.#beginsRow(reader, firstLong)) {
      this.#close(false);
      if (reader.count === columns) {
        // All on one line, or cut so that nobody can tell: the row that follows decides nothing about it.
        this.#addRow(reader);
        return;
      }
      this.#open = { line: reader.line, head: cellsOf(reader, 0, firstLong), tail: [], lines: 1 };
    }
    if (this.#open === undefined) {
      this.#builder.begin(reader.line);
      this.#builder.drop({ kind: 'row', key: 'no row', what: 'this line begins no row' }, LONG_HINT);
      return;
    }
    this.#open.lines += 1;
    const wanted = columns - 1 - lastLong;
    // A line of a script may have tabs of its own, so the last line of all counts.
    this.#open.tail = reader.count > wanted || wanted === 0 ? cellsOf(reader, reader.count - wanted, reader.count) : [];
  }

  #beginsRow(reader: RowReader, firstLong: number): boolean {
    if (reader.count <= firstLong) return false;
    let checked = false;
    for (let index = 0; index < firstLong; index += 1) {
      const field = fieldNamed(this.#header[index] as string);
      const looks = field === undefined ? undefined : LOOKS[field];
      if (looks === undefined) continue;
      if (!looks.test(reader.cell(index))) return false;
      checked = true;
    }
    return checked || reader.count === this.#layout.columns;
  }

  /** The row over several lines that is open has come to its end. */
  #close(atEnd: boolean): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { columns, lastLong } = this.#layout;
    this.#builder.begin(open.line);
    if (open.tail.length < columns - 1 - lastLong) {
      this.#tooShort(open.head.length, atEnd);
      return;
    }
    open.head.forEach((cell, index) => {
      this.#put(index, cell);
    });
    open.tail.forEach((cell, index) => {
      this.#put(lastLong + 1 + index, cell);
    });
    this.#builder.end();
  }

  #tooShort(count: number, atEnd: boolean): void {
    const { columns } = this.#layout;
    const [found, hint] = atEnd
      ? ([{ kind: 'cut', key: 'row', what: `the file ends within this row, after ${count} of ${columns} cells` }, CUT_HINT] as const)
      : ([{ kind: 'row', key: 'fewer cells', what: `${count} cells, where the header has ${columns}` }, ROW_HINT] as const);
    this.#builder.drop(found, hint);
  }
}

const ROW_HINT = 'is it the trace as Nextflow wrote it?';
const LONG_HINT = 'script and env go over lines: leave them out of trace.fields';
const CUT_HINT = 'the run was still going on, or a copy broke off';

/** Of cells that stand before a script. */
const LOOKS: Readonly<Record<string, RegExp>> = {
  taskId: /^\d+$/,
  hash: /^[0-9a-f]{2}\/[0-9a-f]{6,}$/,
  status: /^(COMPLETED|FAILED|CACHED|ABORTED|-)$/,
};

function cellsOf(reader: RowReader, from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => reader.cell(from + index));
}
