/** Every attempt at a task of a call that runs tell of: for how long it held what, what it used of it, and how it ended. */
import { DurationValue, MapValue, MemoryValue, type Value } from '../../../parser/evaluate/value.ts';
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../../parser/pipeline/pipeline.ts';
import { isBeyondRequest, MOST_OF_REQUEST } from '../../../parser/trace/run-checks.ts';
import { hasRun, STATUSES, type TraceRun } from '../../../parser/trace/trace-run.ts';
import { memoryText } from '../../amounts.ts';
import type { CallEvidence, Evidence } from '../../estimate/evidence.ts';
import { counted } from '../../words.ts';

/** Numbers are NaN where the trace does not say. */
export interface Attempt {
  /** Counted from 1. */
  readonly number: number;
  /** Seconds for which what was asked for was held: from start to end, staging too, or where that is not there the command alone. */
  readonly held: number;
  /** Seconds of the command. */
  readonly running: number;
  /** Bytes, cpus and seconds that were asked for: by the trace, else by the settings for that attempt. */
  readonly memory: number;
  readonly cpus: number;
  readonly limit: number;
  /** Bytes. NaN also where the task was too short to be looked at, or cannot have used so much of what it asked for. */
  readonly peak: number;
  readonly busyCores: number;
  /** Bytes. */
  readonly read: number;
  /** `starved`: killed, and not seen to come through with no more memory. */
  readonly end: 'completed' | 'starved' | 'failed';
  readonly exit: number;
  /** The most memory, in bytes, with which an earlier attempt at the same task was starved; 0 where none was. */
  readonly starvedWith: number;
  /** The task was tried again. */
  readonly retried: boolean;
  /** The trace does not say what memory it had, and by the settings it would have been enough: it had no more than this. */
  readonly atMost: boolean;
  /** Milliseconds since 1970, to put tasks in their order. */
  readonly submitted: number;
}

/** SIGKILL: what the kernel, Slurm, AWS Batch and Kubernetes end a task with that is over its memory. */
const KILLED = 137;
const CACHED = STATUSES.indexOf('CACHED');
/** Nextflow looks at a task's memory when it has run for a second (command-trace.txt). */
const SEEN_AFTER_SECONDS = 2;

/** In the order of their submission, without those of which no time is known; those taken from a cache only where none ran. */
export function attemptsOf(graph: ProcessGraph, { call, rows, completed }: CallEvidence): readonly Attempt[] {
  const asked = settingsAsked(graph, call);
  const hasEnded = completed === 0 ? isCached : hasRun;
  return rows
    .flatMap(({ run, rows: own }) => attemptsIn(run, own, asked, hasEnded))
    .sort((one, other) => one.submitted - other.submitted || 0);
}

export type Asked = (directive: 'memory' | 'cpus' | 'time', attempt: number) => number;

function isCached({ status }: TraceRun, row: number): boolean {
  return status[row] === CACHED;
}

function attemptsIn(run: TraceRun, rows: Int32Array, asked: Asked, hasEnded: typeof hasRun): Attempt[] {
  const retry = new Map<number, number>();
  for (const row of rows) if ((run.retryOf[row] as number) >= 0) retry.set(run.retryOf[row] as number, row);
  // Where the trace does not say, by how many came before it.
  const places = new Map<number, number>();
  const number = (row: number): number => (run.attempt[row] as number) || places.get(row) || 1;
  const or = (value: number, directive: Parameters<Asked>[0], row: number): number =>
    Number.isNaN(value) ? asked(directive, number(row)) : value;
  /** Bytes that killed attempts had at most, of which the trace says nothing: what they came through with in the end, if settings that are read now are more than that. */
  const bounds = new Map<number, number>();
  const memoryOf = (row: number): number => bounds.get(row) ?? or(run.memoryBytes[row] as number, 'memory', row);
  const starved = new Set<number>();
  const starvedBefore = new Map<number, number>();
  for (const first of rows) {
    if ((run.retryOf[first] as number) >= 0) continue;
    if (run.exit[first] !== KILLED && !retry.has(first)) continue;
    const chain = [first];
    for (let next = retry.get(first); next !== undefined; next = retry.get(next)) chain.push(next);
    for (const [at, row] of chain.entries()) if (at > 0) places.set(row, at + 1);
    const last = chain.at(-1) as number;
    const needed = hasRun(run, last) ? (run.peakRssBytes[last] as number) || (run.rssBytes[last] as number) : Number.NaN;
    for (const row of chain)
      if (row !== last && run.exit[row] === KILLED && Number.isNaN(run.memoryBytes[row]) && needed > 0 && memoryOf(row) > needed)
        bounds.set(row, needed);
    // With how much memory the task came through in the end.
    const sufficed = hasRun(run, last) ? memoryOf(last) : Number.POSITIVE_INFINITY;
    let most = 0;
    for (const row of chain) {
      starvedBefore.set(row, most);
      if (run.exit[row] !== KILLED || sufficed <= memoryOf(row)) continue;
      starved.add(row);
      most = Math.max(most, memoryOf(row) || 0);
    }
  }
  const failed = STATUSES.indexOf('FAILED');
  const attempts: Attempt[] = [];
  for (const row of rows) {
    const completed = hasEnded(run, row);
    if ((!completed && run.status[row] !== failed) || (run.repeats[row] as number) >= 0) continue;
    const running = (run.realtimeMs[row] as number) / 1000;
    const between = ((run.completeMs[row] as number) - (run.startMs[row] as number)) / 1000;
    const told = Number.isNaN(running) ? (run.durationMs[row] as number) / 1000 : running;
    const held = Number.isNaN(between) ? told : between;
    if (!(held >= 0)) continue;
    const used = (run.peakRssBytes[row] as number) || (run.rssBytes[row] as number);
    const peak = isBeyondRequest(used, memoryOf(row)) ? Number.NaN : used;
    attempts.push({
      number: number(row),
      held: Math.max(held, running || 0),
      running,
      memory: memoryOf(row),
      cpus: or(run.cpus[row] as number, 'cpus', row),
      limit: or((run.timeMs[row] as number) / 1000, 'time', row),
      peak: peak > 0 && !(running < SEEN_AFTER_SECONDS) ? peak : Number.NaN,
      busyCores: (run.cpuPercent[row] as number) / 100,
      read: run.readCharBytes[row] as number,
      end: completed ? 'completed' : starved.has(row) ? 'starved' : 'failed',
      exit: run.exit[row] as number,
      starvedWith: starvedBefore.get(row) ?? 0,
      retried: retry.has(row),
      atMost: bounds.has(row),
      submitted: (run.submitMs[row] as number) || 0,
    });
  }
  return attempts;
}

/** Bytes, a number and seconds by attempt; NaN where that is not known. Traces with Nextflow's usual columns do not say what a task asked for. */
export function settingsAsked(graph: ProcessGraph, call: ProcessCall): Asked {
  const settings = graph.directivesOf(call);
  const known = new Map<string, number>();
  return (directive, attempt) => {
    const key = `${directive} ${attempt}`;
    let amount = known.get(key);
    if (amount === undefined) {
      const setting = settings.get(directive);
      amount = setting !== undefined ? amountOf(setting.atAttempt(attempt)) : directive === 'cpus' ? 1 : Number.NaN;
      known.set(key, amount);
    }
    return amount;
  };
}

/** Of each call with tasks whose peak is not believed by what the settings say that they asked for. What the trace itself says of that was seen when it was read. */
export function* doubtedPeaks(graph: ProcessGraph, evidence: Evidence): Iterable<{ readonly message: string; readonly hint: string }> {
  for (const call of graph.calls) {
    const measured = evidence.of(call);
    if (measured === undefined) continue;
    const asked = settingsAsked(graph, call);
    const doubted = measured.rows.flatMap(({ run, rows }) =>
      [...rows].flatMap((row) => {
        const [peak, memory] = [run.peakRssBytes[row] as number, asked('memory', (run.attempt[row] as number) || 1)];
        return Number.isNaN(run.memoryBytes[row]) && isBeyondRequest(peak, memory) ? [{ run, row, peak, memory }] : [];
      }),
    );
    const [first] = doubted;
    if (first === undefined) continue;
    const tag = first.run.tag.at(first.row);
    const more = doubted.length === 1 ? '' : ` and ${counted(doubted.length - 1, 'more task')}`;
    yield {
      message: `${first.run.name}: ${call.name}${tag === undefined ? '' : ` (${tag})`}${more}: peak_rss ${memoryText(first.peak)} is more than ${MOST_OF_REQUEST} times the ${memoryText(first.memory)} that the task asks for; what it should ask for is worked out without it`,
      hint: 'is it in another unit?',
    };
  }
}

/** Bytes that Nextflow gives at most, whatever a task asks for; NaN where there is no such limit. */
export function memoryLimitOf(resourceLimits: DirectiveSetting | undefined): number {
  const { value } = resourceLimits ?? {};
  return amountOf(value instanceof MapValue ? value.get('memory') : undefined);
}

/** Bytes, seconds or a number. */
export function amountOf(value: Value | undefined): number {
  if (value instanceof MemoryValue) return value.bytes;
  if (value instanceof DurationValue) return value.ms / 1000;
  return typeof value === 'number' ? value : Number.NaN;
}
