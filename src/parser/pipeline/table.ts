/** Tables as people hand them to a pipeline: CSV and its kin, rows of JSON or YAML. The one importer of `csv-parse`. */
import { CsvError, parse } from 'csv-parse/sync';

export interface Table {
  /** For people: the file's name. */
  readonly name: string;
  /** The first is mostly a header; whether it is one, who reads the table says. */
  readonly rows: readonly (readonly string[])[];
}

export interface TableForm {
  /** Found out when absent. */
  readonly separator?: string;
  /** Lines before the table. */
  readonly skip?: number;
}

/** The text is no table. The message has the line. */
export class UnreadableTable extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnreadableTable';
    this.hint = hint;
  }
}

/** A sheet of a hundred thousand samples with fifty columns; a file can be made of commas alone. */
const MOST_CELLS = 5_000_000;
/** UTF-16 units in a row: a quote that nobody closes takes in all that follows. */
const LONGEST_ROW = 1_000_000;
const SEPARATORS = ['\t', ';', ','] as const;

/** @throws UnreadableTable */
export function tableOf(text: string, name: string, form: TableForm = {}): Table {
  const skip = Math.max(0, form.skip ?? 0);
  let cells = 0;
  try {
    const rows: string[][] = parse(text, {
      bom: true,
      delimiter: form.separator ?? separatorOf(text),
      from_line: skip + 1,
      // Nextflow takes rows that are too short or too long, and a quote within a word.
      relax_column_count: true,
      relax_quotes: true,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      trim: true,
      max_record_size: LONGEST_ROW,
      on_record(row: string[], { lines }: { lines: number }) {
        cells += row.length;
        if (cells > MOST_CELLS) {
          throw new UnreadableTable(
            `${name}: line ${lines}: more than ${MOST_CELLS / 1e6} million cells, which is more than pipeopt reads`,
            'a sheet has a row for a sample or a lane',
          );
        }
        return row;
      },
    });
    return { name, rows };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines } = error as CsvError & { readonly lines?: number };
    throw new UnreadableTable(`${name}: ${lines === undefined ? '' : `line ${lines}: `}${problemOf(error)}`, HINT);
  }
}

const HINT = 'a table has a row in each line and its cells separated by commas, tabs or semicolons';

function problemOf({ code }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quote is opened in this row and never closed';
  if (code === 'CSV_MAX_RECORD_SIZE') return 'this row is longer than a million characters; perhaps a quote is opened and never closed';
  return `this is no row of a table (${code})`;
}

/** What the first line has most of. */
function separatorOf(text: string): string {
  const start = /^\ufeff?\s*/.exec(text)?.[0].length ?? 0;
  const line = text.slice(start, start + LONGEST_ROW).split(/[\r\n]/, 1)[0] as string;
  const times = SEPARATORS.map((separator) => line.split(separator).length);
  const most = Math.max(...times);
  return most === 1 ? ',' : (SEPARATORS[times.indexOf(most)] as string);
}

/** Rows that are maps, as JSON and YAML have them; their names are the header. @throws UnreadableTable */
export function tableOfRows(value: unknown, name: string): Table {
  if (!Array.isArray(value))
    throw new UnreadableTable(`${name}: a list of rows was expected`, 'write it like [{"sample": "a"}, {"sample": "b"}]');
  const columns: string[] = [];
  const known = new Set<string>();
  value.forEach((row: unknown, at) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw new UnreadableTable(
        `${name}: row ${at + 1}: names and values were expected`,
        'write it like [{"sample": "a"}, {"sample": "b"}]',
      );
    for (const column of Object.keys(row)) {
      if (known.has(column)) continue;
      known.add(column);
      columns.push(column);
    }
    if (columns.length * value.length > MOST_CELLS)
      throw new UnreadableTable(`${name}: row ${at + 1}: so many names in so many rows are more than pipeopt reads`, HINT);
  });
  const textOf = (cell: unknown): string =>
    cell === undefined || cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell);
  const rows = value.map((row: Readonly<Record<string, unknown>>) =>
    columns.map((column) => (Object.hasOwn(row, column) ? textOf(row[column]) : '')),
  );
  return { name, rows: [columns, ...rows] };
}
