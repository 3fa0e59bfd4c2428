// `npm run bench:read-traces -- DIR [-v]`: every file below a folder that holds traces is read as `--trace` reads it. How many tasks each has is
// known from a plain reading, or from DIR/INDEX.tsv (columns path and tasks), where that is there. Nothing of theirs is kept here.
//   exact      files with as many rows read as they have tasks
//   off        files with another number, and those of which a sum differs from that of a plain reading (csv-parse, JSON.parse): something was guessed or lost
//   refused    files that are no trace, with what is said of them
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { readTrace } from '../src/parser/trace/read-trace.ts';
import { type TraceRun, UnreadableTrace } from '../src/parser/trace/trace-run.ts';

/** Raw columns, by the names that they have in different tables, and ours. */
const SUMS = [
  [['realtime', 'Realtime'], 'realtimeMs'],
  [['peak_rss', 'peakRss'], 'peakRssBytes'],
  [['rchar'], 'readCharBytes'],
  [['cpus'], 'cpus'],
] as const;

type Row = Readonly<Record<string, unknown>>;

/** Its tasks, read in the plainest way; undefined where that is not plain. */
function plainRows(text: string, path: string): readonly Row[] | undefined {
  if (path.endsWith('.json')) return (JSON.parse(text) as { trace?: Row[] }).trace;
  const header = text.slice(0, text.indexOf('\n'));
  const delimiter = ['\t', ';', ','].find((one) => header.includes(one)) as string;
  const columns = header.split(delimiter);
  if (new Set(columns).size < columns.length || columns.includes('script')) return undefined;
  return parse(text, {
    delimiter,
    columns: true,
    quote: delimiter === ',' ? '"' : false,
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** How many there are, where rows go over lines: each begins with its number and its hash. */
function begunRows(text: string): number | undefined {
  return /^[^\n]*\tscript\t/.test(text) ? (text.match(/^\d+\t[0-9a-f]{2}\/[0-9a-f]{6}\t/gm)?.length ?? 0) : undefined;
}

/** What differs between the sums of both readings; only of raw numbers. */
function differing(run: TraceRun, rows: readonly Row[]): string[] {
  return SUMS.flatMap(([names, field]) => {
    const name = names.find((one) => rows[0] !== undefined && one in rows[0]);
    if (name === undefined) return [];
    // Times of rows from a cache are left out on purpose.
    const texts = rows.map((row) => String(row[name] ?? ''));
    if (texts.some((text) => !/^(-?\d+(\.\d+)?|-|null|)$/.test(text))) return [];
    const theirs = texts.reduce((sum, text) => sum + (/\d/.test(text) ? Number(text) : 0), 0);
    const ours = run[field].reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0);
    return theirs === ours ? [] : [`${name}: ${ours} read, ${theirs} there`];
  });
}

function main(args: readonly string[]): number {
  const [folder] = args.filter((arg) => !arg.startsWith('-'));
  if (folder === undefined) {
    console.error('usage: npm run bench:read-traces -- DIR [-v]');
    return 2;
  }
  const index = join(folder, 'INDEX.tsv');
  const listed = existsSync(index) ? (parse(readFileSync(index, 'utf8'), { delimiter: '\t', columns: true, quote: false }) as Row[]) : [];
  const tasksOf = new Map(listed.filter(({ tasks }) => tasks !== '').map((row) => [String(row.path), Number(row.tasks)]));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
  const off: string[] = [];
  const refused: string[] = [];
  const problems: string[] = [];
  let exact = 0;
  let rows = 0;
  let compared = 0;
  for (const path of paths) {
    const bytes = readFileSync(join(folder, path));
    const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
    try {
      const runs = readTrace(text, path);
      const read = runs.reduce((sum, run) => sum + run.rows, 0);
      const plain = runs.length === 1 ? plainRows(text, path) : undefined;
      const tasks = plain?.length ?? begunRows(text) ?? tasksOf.get(path);
      const differs = plain === undefined ? [] : differing(runs[0] as TraceRun, plain);
      if (plain !== undefined) compared += 1;
      rows += read;
      if (tasks !== undefined && read !== tasks) off.push(`${path}: ${read} rows read, ${tasks} tasks`);
      else if (differs.length > 0) off.push(`${path}: ${differs.join('; ')}`);
      else exact += 1;
      problems.push(...runs.flatMap((run) => run.problems.map(({ message }) => message)));
    } catch (error) {
      if (!(error instanceof UnreadableTrace)) throw error;
      refused.push(error.message);
    }
  }
  for (const message of [...off, ...(args.includes('-v') ? [...problems, ...refused] : [])]) console.log(`      ${message}`);
  console.log(
    `${paths.length} files: ${exact} read, with ${rows} rows; ${off.length} off; ${refused.length} refused. ${compared} were compared, sums and all, with a plain reading. ${problems.length} problems said.`,
  );
  return off.length === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
