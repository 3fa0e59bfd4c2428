// The traces that the harness knows, each run as a list of tasks: { process, tag, id, submitMs?, startMs?, completeMs?, cpus?, memoryBytes?, parents? };
// the last two are what it asked for, where they are written as plain numbers.
// Only tasks that completed; a retried task counts once, from its first submit. Formats (Nextflow's trace, Seqera's task
// table, WfFormat): see README.md beside the traces.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const textOf = (path) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : readFileSync(path, 'utf8'));

/** Rows of a separated file, quotes as in RFC 4180. */
function rowsOf(text, separator) {
  const rows = [];
  let row = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') cell += char;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"' && cell === '') quoted = true;
    else if (char === separator) {
      row.push(cell);
      cell = '';
    } else if (char === '\n') {
      row.push(cell.replace(/\r$/, ''));
      rows.push(row);
      row = [];
      cell = '';
    } else cell += char;
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell]);
  const [header, ...body] = rows.filter((one) => one.length > 1);
  return body.map((one) => Object.fromEntries(header.map((name, index) => [name, one[index]])));
}

/** "1h 2m 3.5s", "54ms" in ms. */
function durationMs(text) {
  const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };
  return [...text.matchAll(/([\d.]+)\s*(ms|[dhms])/g)].reduce((sum, [, number, unit]) => sum + Number(number) * UNITS[unit], 0);
}

/** ms since the epoch, or a date; in UTC, since only differences count. */
function timeMs(text) {
  if (text === undefined || text === '' || text === '-') return undefined;
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text.includes('T') ? text : `${text.replace(' ', 'T')}Z`);
}

function tasksOfRows(rows) {
  const first = new Map();
  for (const row of rows) {
    const named = /^(\S+)(?: \((.*)\))?$/.exec(row.name ?? '');
    const process = row.process ?? named?.[1];
    const tag = row.tag === undefined || row.tag === '-' ? (named?.[2] ?? '') : row.tag;
    const key = row.name ?? `${process} ${row.task_id}`;
    const submitMs = timeMs(row.submit);
    const known = first.get(key);
    // Two tasks may have one name (a tag that is not unique): only a failed attempt before it is the same task.
    const retried = known !== undefined && known.status !== 'COMPLETED' && known.status !== 'CACHED';
    const completeMs = timeMs(row.complete) ?? (submitMs === undefined ? undefined : submitMs + durationMs(row.duration ?? ''));
    const task = {
      process,
      tag,
      status: row.status,
      submitMs: retried && known.submitMs !== undefined ? Math.min(known.submitMs, submitMs) : submitMs,
      startMs: timeMs(row.start),
      completeMs,
      id: row.task_id ?? row.taskId,
      cpus: Number(row.cpus),
      memoryBytes: Number(row.memory),
    };
    if (known === undefined || retried) first.set(key, task);
    else first.set(`${key} ${first.size}`, task);
  }
  return [...first.values()].filter(({ status }) => status === 'COMPLETED' || status === 'CACHED');
}

/** Task ids and names of WfFormat have dots for colons; parents are by id, or by name where a process has one task. */
function tasksOfWfFormat(text) {
  const { tasks } = JSON.parse(text).workflow.specification;
  return tasks.map(({ id, name, parents }) => ({
    process: name.replaceAll('.', ':'),
    tag: '',
    id,
    parents: parents ?? [],
    status: 'COMPLETED',
  }));
}

export function tasksOf(path) {
  const text = textOf(path);
  if (path.endsWith('.json')) return tasksOfWfFormat(text);
  const header = text.slice(0, text.indexOf('\n'));
  const separator = ['\t', ';', ','].find((one) => header.includes(one));
  return tasksOfRows(rowsOf(text, separator));
}
