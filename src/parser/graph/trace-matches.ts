/** Which rows of a run are tasks of which call. */
import { countsAsTask, STATUSES, type TraceRun } from '../trace/trace-run.ts';
import type { ProcessCall } from './process-graph.ts';

export interface TraceMatch {
  readonly run: TraceRun;
  /** Numbers of rows, in the order of the file. Calls without any are not there. */
  readonly rowsOf: ReadonlyMap<ProcessCall, Int32Array>;
  readonly unmatched: readonly Unmatched[];
}

/** `no call`: nothing here is called so; `several calls`: its name is short and can mean more than one; `off`: the call is one that these params switch off. */
export interface Unmatched {
  readonly process: string;
  readonly rows: number;
  readonly why: 'no call' | 'several calls' | 'off';
}

/**
 * By the full name. A trace of before DSL2, or of another entry, has shorter names: they are taken where one call alone can be meant, and none of the run's names is a
 * full one of several parts.
 */
export function matchRun(calls: readonly ProcessCall[], run: TraceRun): TraceMatch {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const isFull = run.processes.some((process) => process.includes(':') && byId.has(process));
  const named = isFull ? byId : callsByName(calls);
  const found = run.processes.map((process) => {
    const call: ProcessCall | Unmatched['why'] = named.get(process) ?? 'no call';
    return typeof call === 'string' || call.active !== false ? call : 'off';
  });
  const counts = new Int32Array(run.processes.length);
  for (const process of run.process) counts[process] = (counts[process] as number) + 1;
  const rowsOf = new Map<ProcessCall, Int32Array>();
  const filled = new Map<ProcessCall, number>();
  found.forEach((call, index) => {
    if (typeof call === 'string') return;
    rowsOf.set(call, new Int32Array((rowsOf.get(call)?.length ?? 0) + (counts[index] as number)));
  });
  for (let row = 0; row < run.rows; row += 1) {
    const call = found[run.process[row] as number];
    if (call === undefined || typeof call === 'string') continue;
    const at = filled.get(call) ?? 0;
    (rowsOf.get(call) as Int32Array)[at] = row;
    filled.set(call, at + 1);
  }
  const unmatched = run.processes.flatMap((process, index): Unmatched[] => {
    const why = found[index] as ProcessCall | Unmatched['why'];
    return typeof why === 'string' ? [{ process, rows: counts[index] as number, why }] : [];
  });
  return { run, rowsOf, unmatched };
}

/** By full names, and by their ends where one call alone has them. */
function callsByName(calls: readonly ProcessCall[]): ReadonlyMap<string, ProcessCall | 'several calls'> {
  const named = new Map<string, ProcessCall | 'several calls'>();
  for (const call of calls) {
    for (let colon = call.id.indexOf(':'); colon !== -1; colon = call.id.indexOf(':', colon + 1)) {
      const end = call.id.slice(colon + 1);
      named.set(end, named.has(end) ? 'several calls' : call);
    }
  }
  for (const call of calls) named.set(call.id, call);
  return named;
}

/** Tasks that came to an end, each once, however often it was tried. */
export function taskCountsOf({ run, rowsOf }: TraceMatch): [ProcessCall, number][] {
  return [...rowsOf].map(([call, rows]): [ProcessCall, number] => [call, rows.filter((row) => countsAsTask(run, row)).length]);
}

/** Tasks of which no attempt came to an end with success, and none followed. */
export function lostCountsOf({ run, rowsOf }: TraceMatch): ReadonlyMap<ProcessCall, number> {
  const retried = new Set(run.retryOf);
  const isLost = (row: number): boolean => run.status[row] === FAILED && !retried.has(row) && (run.repeats[row] as number) < 0;
  const counts = [...rowsOf].map(([call, rows]): [ProcessCall, number] => [call, rows.filter(isLost).length]);
  return new Map(counts.filter(([, count]) => count > 0));
}

const FAILED = STATUSES.indexOf('FAILED');
