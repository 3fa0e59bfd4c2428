/** What the splitting operators make of a file of the world, or of one that a task wrote, whose text nobody knows. */
import { display, MapValue, PathValue, RunError, type Value } from './values.ts';

/** A file that a task wrote is taken to have this many records. */
const RECORDS_OF_UNKNOWN = 2;

export function splitFile(
  name: string,
  file: Value,
  options: MapValue | undefined,
  textOf: (path: PathValue) => string | undefined,
): Value[] {
  const by = Number(options?.get('by') ?? 1);
  const text = file instanceof PathValue ? textOf(file) : display(file);
  if (text === undefined) {
    if (name === 'splitCsv') throw new RunError(`the rows of ${display(file)} are not known`);
    return Array.from({ length: RECORDS_OF_UNKNOWN }, (_, at) => chunk(file, at, `record ${at}`, options));
  }
  if (name === 'splitCsv') return csv(text, options);
  const records =
    name === 'splitFasta'
      ? text.split(/^(?=>)/m).filter((record) => record.startsWith('>'))
      : name === 'splitFastq'
        ? grouped(lines(text), 4).map((four) => four.join('\n'))
        : lines(text).map((line) => `${line}\n`);
  return grouped(records, by).map((group, at) => chunk(file, at, group.join(''), options));
}

function chunk(file: Value, at: number, text: string, options: MapValue | undefined): Value {
  if (options?.get('file') !== true || !(file instanceof PathValue)) return text;
  const [stem, ...rest] = file.name.split('.');
  return new PathValue(`${file.identity}#${at}`, [stem, `${at + 1}`, ...rest].join('.'), `${file.term}#${at}`);
}

function csv(text: string, options: MapValue | undefined): Value[] {
  const separator = display(options?.get('sep') ?? ',');
  const header = options?.get('header') ?? null;
  const skipped = Number(options?.get('skip') ?? 0);
  const rows = lines(text)
    .slice(skipped)
    .map((line) => line.split(separator).map((cell): Value => (cell === '' ? null : cell.replace(/^"(.*)"$/, '$1'))));
  const names = header === true ? (rows.shift() ?? []).map(display) : Array.isArray(header) ? header.map(display) : undefined;
  if (names === undefined) return rows;
  return rows.map((row) => new MapValue(names.map((column, at) => [column, row[at] ?? null] as const)));
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

function grouped<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
