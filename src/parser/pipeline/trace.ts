/** The trace that a run wrote (`nextflow run -with-trace`): how many tasks of each process came to an end, and how long they took. */
import { tableOf, UnreadableTable } from './table.ts';

export interface Trace {
  /** For people: the file's name. */
  readonly name: string;
  /** By the process's full name. A task that was tried again counts once. */
  readonly tasks: ReadonlyMap<string, number>;
  /** By the process's full name: seconds of its tasks that ran to their end, without those taken from a cache. */
  readonly seconds: ReadonlyMap<string, readonly number[]>;
}

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'CACHED']);
const HINT = 'nextflow run -with-trace writes it: a table with columns such as name, status and exit';

/** @throws UnreadableTable */
export function traceOf(text: string, name: string): Trace {
  // Nextflow quotes nothing; who has made commas of its tabs does.
  const { rows } = tableOf(text, name, { unquoted: /^[^\n]*\t/.test(text) });
  const [header = [], ...body] = rows;
  const columnOf = (column: string): number => header.indexOf(column);
  const [process, task, status, exit, hash, id] = ['process', 'name', 'status', 'exit', 'hash', 'task_id'].map(columnOf) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (process === -1 && task === -1) throw new UnreadableTable(`${name}: line 1: there is no column process and none called name`, HINT);
  const counts = new Map<string, number>();
  // What the task's own work took, or with its start and its files where that is not there.
  const took = ['realtime', 'duration'].map(columnOf).find((column) => column !== -1);
  const seconds = new Map<string, number[]>();
  const seen = new Set<string>();
  body.forEach((row, number) => {
    const ended = status !== -1 ? ENDED.has(row[status] ?? '') : exit === -1 || row[exit] === '0';
    if (!ended) return;
    const of = row[process] ?? /^\S+/.exec(row[task] ?? '')?.[0];
    if (of === undefined || of === '') return;
    // A run that was resumed into the same file has a task twice: done, then cached, with one hash.
    const key =
      hash !== -1 ? `hash ${row[hash]}` : id !== -1 ? `id ${row[id]}` : status === -1 && task !== -1 ? `name ${row[task]}` : `${number}`;
    if (seen.has(key)) return;
    seen.add(key);
    counts.set(of, (counts.get(of) ?? 0) + 1);
    const time = took === undefined || row[status] === 'CACHED' ? undefined : secondsIn(row[took] ?? '');
    if (time === undefined) return;
    const others = seconds.get(of);
    if (others === undefined) seconds.set(of, [time]);
    else others.push(time);
  });
  return { name, tasks: counts, seconds };
}

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** `1h 3m 20s` as Nextflow writes it, or milliseconds (`trace.raw`). undefined: neither, or nothing. */
function secondsIn(text: string): number | undefined {
  if (/^\d+$/.test(text)) return text === '0' ? undefined : Number(text) / 1000;
  if (!/^(\d+(\.\d+)?(ms|s|m|h|d)\s*)+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, number, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g))
    seconds += Number(number) * (UNITS[unit as string] as number);
  return seconds > 0 ? seconds : undefined;
}
