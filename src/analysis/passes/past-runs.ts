/** How long past runs took, and how far from that the model comes for the same tasks: what a sceptic asks first. */
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { lostCountsOf, type TraceMatch, taskCountsOf } from '../../parser/graph/trace-matches.ts';
import type { CoverageNote } from '../../parser/pipeline/pipeline.ts';
import { MOST_LENGTH } from '../../parser/trace/task-times.ts';
import { STATUSES, type TraceRun } from '../../parser/trace/trace-run.ts';
import type { TaskGraph } from '../simulate/task-graph.ts';
import { counted } from '../words.ts';
import { executorOf } from './executors.ts';

const CACHED = STATUSES.indexOf('CACHED');
const UNFINISHED = STATUSES.indexOf('UNFINISHED');
/** Of the tasks of the run: with more of them missing, or too many, it is another run. */
const SAME_TASKS = 0.01;

/**
 * Seconds from the first submission (or start, where that alone is told) to the last end, of what was not taken from a cache. undefined: the
 * trace does not tell the time of day of every task.
 */
export function lengthOf(run: TraceRun): number | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < run.rows; row += 1) {
    if (run.status[row] === CACHED) continue;
    const [submitted, started, ended] = [run.submitMs[row] as number, run.startMs[row] as number, run.completeMs[row] as number];
    const from = Number.isNaN(submitted) ? started : submitted;
    // What never started has no end, and what came to nothing need not have one.
    if (Number.isNaN(from) && Number.isNaN(ended)) continue;
    if (Number.isNaN(from) || Number.isNaN(ended)) return undefined;
    first = Math.min(first, from);
    last = Math.max(last, ended);
  }
  const seconds = (last - first) / 1000;
  return seconds > 0 && seconds <= MOST_LENGTH / 1000 ? seconds : undefined;
}

/** Calls of which runs have tasks and which have none here; undefined where there are none. */
export function untimedNote(matches: readonly TraceMatch[], now: TaskGraph): CoverageNote | undefined {
  const here = new Map<ProcessCall, number>();
  for (const { call, size } of now.groups) here.set(call, size + (here.get(call) ?? 0));
  const ran = new Map<ProcessCall, number>();
  for (const match of matches)
    for (const [call, tasks] of taskCountsOf(match)) if (tasks > 0 && here.get(call) === 0) ran.set(call, tasks + (ran.get(call) ?? 0));
  if (ran.size === 0) return undefined;
  const tasks = [...ran.values()].reduce((sum, one) => sum + one, 0);
  const [first, ...others] = [...ran].sort(([, one], [, two]) => two - one).map(([call, count]) => `${call.name} ${count}`);
  return {
    message: `${counted(ran.size, 'call')} with ${counted(tasks, 'task')} in the runs ${ran.size === 1 ? 'has' : 'have'} none here (${[first, ...others.slice(0, 2)].join(', ')}${others.length > 2 ? ', …' : ''}): as the pipeline is read, nothing comes to them, and no time or cost told here has them in it`,
    hint: 'give what that run was given: --params-file, --profile, --samplesheet',
  };
}

export interface Replay {
  readonly run: TraceRun;
  /** Seconds: what the run took, and what it is expected to take where it is now simulated. */
  readonly took: number;
  readonly simulated: number;
  /** Of what it took, above 0: told too slow. */
  readonly error: number;
  /** The trace says that it ran by the platform's executor. */
  readonly isThere: boolean;
}

/**
 * The run of which the durations are, simulated with the tasks that it had: only where it came to its end, nothing came from a cache or was lost, each row is of
 * a call and each call has rows, there are as many tasks now as then, and it did not run elsewhere as far as the trace tells.
 * @param platform its kind: `aws-batch`
 */
export function replayOf(matches: readonly TraceMatch[], now: TaskGraph, simulated: number, platform: string): Replay | undefined {
  const [match, ...others] = matches;
  if (match === undefined || others.length > 0 || match.unmatched.length > 0 || lostCountsOf(match).size > 0) return undefined;
  const { run } = match;
  if (run.status.some((status) => status === CACHED || status === UNFINISHED)) return undefined;
  if (run.problems.some(({ kind }) => kind === 'cut')) return undefined;
  const executor = run.rows === 0 ? undefined : run.executor.at(0);
  if (executor !== undefined && executor.toLowerCase() !== executorOf(platform)) return undefined;
  const took = lengthOf(run);
  if (took === undefined) return undefined;
  const ran = new Map<ProcessCall, number>(taskCountsOf(match));
  let [tasks, apart] = [0, 0];
  for (const { call, size } of now.groups) {
    const counted = ran.get(call) ?? 0;
    // A call without rows is one that a cut trace does not have.
    if (counted === 0 && size > 0) return undefined;
    tasks += counted;
    apart += Math.abs(size - counted);
  }
  return apart > SAME_TASKS * tasks ? undefined : { run, took, simulated, error: simulated / took - 1, isThere: executor !== undefined };
}
