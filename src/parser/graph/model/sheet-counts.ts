/** How many rows a sheet has, and how many groups its rows make, by the columns that a key is made of. */
import type { Table } from '../../pipeline/table.ts';
import type { Basis, Known } from './binding.ts';
import type { Atom } from './count.ts';
import type { Dimension, Dimensions } from './dimensions.ts';
import type { Sheet } from './sheets.ts';

const MOST_SHOWN = 3;

interface Records {
  readonly columns: readonly string[];
  readonly rows: Table['rows'];
}

/**
 * @param dimensions of the model that the sheet is of
 * @param schema text of the sheet's schema, where it has one
 */
export function sheetCounts(dimensions: Dimensions, sheet: Sheet, table: Table, schema: string | undefined): Map<Atom, Known> {
  const found = new Map<Atom, Known>();
  const { rows, columns } = recordsOf(sheet, table);
  const checked = sheet.checkedBy === undefined ? '' : `, as ${sheet.checkedBy} is given it`;
  const items = Math.ceil(Math.min(rows.length, sheet.limit) / sheet.by);
  const basis: Basis = sheet.checkedBy === undefined ? 'measured' : 'assumed';
  found.set(sheet.rows.atom, {
    number: items,
    basis,
    from: `${sheet.by === 1 ? 'rows' : `chunks of ${sheet.by} rows`} of ${table.name}${checked}`,
  });
  if (sheet.by !== 1) return found;
  const used = rows.slice(0, Math.min(rows.length, sheet.limit));
  const cells = sheet.bySchema ? cellsBySchema(columns, schema) : undefined;
  for (const quotient of quotientsOf(dimensions, sheet.rows)) {
    const key = keyColumns(sheet, quotient, columns, cells);
    const samples = /^samples( \d+)?$/.test(quotient.atom.name);
    if (key === undefined && !samples) continue;
    const { at, exact } = key ?? { at: [0], exact: false };
    const number = new Set(used.map((row) => JSON.stringify(at.map((column) => row[column] ?? '')))).size;
    const shown =
      at.length > MOST_SHOWN ? `${at.length} columns` : at.map((column) => columns[column] ?? `column ${column + 1}`).join(' and ');
    found.set(quotient.atom, {
      number,
      basis: exact ? basis : 'assumed',
      from: `rows of ${table.name} by ${shown}${checked}`,
    });
  }
  return found;
}

/** What rows of a sheet are gathered to. */
export function quotientsOf(dimensions: Dimensions, rows: Dimension): readonly Dimension[] {
  return dimensions.all.filter(({ key, quotientOf }) => key !== undefined && quotientOf.length === 1 && quotientOf[0] === rows);
}

function recordsOf({ header }: Sheet, { rows }: Table): Records {
  if (header === 'first') return { columns: rows[0] ?? [], rows: rows.slice(1) };
  return { columns: header === 'none' ? (rows[0] ?? []).map((_cell, at) => String(at)) : header, rows };
}

interface KeyColumns {
  readonly at: readonly number[];
  /** The key has the cells as they are: as many keys as there are different ones. */
  readonly exact: boolean;
}

function keyColumns(
  sheet: Sheet,
  { key }: Dimension,
  columns: readonly string[],
  cells: ReadonlyMap<string, readonly number[]> | undefined,
): KeyColumns | undefined {
  const at = new Set<number>();
  let exact = true;
  for (const id of key?.all ?? []) {
    if (id !== sheet.id && !id.startsWith(`${sheet.id}.`)) return undefined;
    const part = id.slice(sheet.id.length + 1);
    const cell = part === '' ? { at: columns.map((_name, column) => column), exact: true } : cellOf(part, columns, cells);
    if (cell === undefined) return undefined;
    for (const column of cell.at) at.add(column);
    exact &&= cell.exact && key?.plain.has(id) === true;
  }
  return at.size === 0 ? undefined : { at: [...at].sort((one, two) => one - two), exact };
}

/** `sample` and `sample.baseName` are of the column sample. */
function cellOf(
  part: string,
  columns: readonly string[],
  cells: ReadonlyMap<string, readonly number[]> | undefined,
): KeyColumns | undefined {
  for (let name = part; ; name = name.slice(0, name.lastIndexOf('.'))) {
    const at = cells === undefined ? columns.flatMap((column, number) => (column === name ? [number] : [])) : cells.get(name);
    if (at !== undefined && at.length > 0) return { at, exact: name === part };
    if (!name.includes('.')) return undefined;
  }
}

/** Parts of what nf-schema makes of a row: `0` is the meta map, with what the schema puts there; behind it the other columns, in its order. */
function cellsBySchema(columns: readonly string[], schema: string | undefined): ReadonlyMap<string, readonly number[]> {
  const cells = new Map<string, readonly number[]>();
  const meta: number[] = [];
  const others: string[] = [];
  for (const [name, facts] of propertiesOf(schema)) {
    const at = columns.indexOf(name);
    const names = metaNames(facts);
    if (names.length === 0) others.push(name);
    else if (at !== -1) meta.push(at);
    for (const one of names) if (at !== -1) cells.set(`0.${one}`, [at]);
  }
  if (meta.length > 0) cells.set('0', meta);
  others.forEach((name, number) => {
    const at = columns.indexOf(name);
    if (at !== -1) cells.set(String(meta.length > 0 ? number + 1 : number), [at]);
  });
  return cells;
}

/** `items.properties` of a JSON schema; nothing where it is none. */
function propertiesOf(schema: string | undefined): [string, unknown][] {
  if (schema === undefined) return [];
  let at: unknown;
  try {
    at = JSON.parse(schema);
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
  for (const name of ['items', 'properties']) at = isRecord(at) && Object.hasOwn(at, name) ? at[name] : undefined;
  return isRecord(at) ? Object.entries(at) : [];
}

function metaNames(facts: unknown): string[] {
  const names = isRecord(facts) && Object.hasOwn(facts, 'meta') ? facts.meta : undefined;
  return (Array.isArray(names) ? names : [names]).filter((name): name is string => typeof name === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
