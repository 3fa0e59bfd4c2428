/**
 * From runs on parts of the input to the whole of it. A task takes a + b·x, x being the share of the input, neither part negative, relative errors weighed alike: of what was tried on down-sampled
 * inputs this foretells the whole best (bench/scaling). What a task reads would be a finer x, but `rchar` is not known of a task that has not run.
 */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { STATUSES, type TraceRun } from '../../parser/trace/trace-run.ts';
import { Evidence } from './evidence.ts';
import { nonNegativeFit } from './least-squares.ts';

/** A run on a part of the input: 0.01 of it, or 2 for twice as much. Positive, and not 1. */
export interface ScaledRun {
  readonly run: TraceRun;
  readonly scale: number;
}

export interface TimeAtScale {
  readonly scale: number;
  readonly seconds: number;
}

/** Of tasks on the whole input. Seconds; spreads are of the natural logarithm. */
export interface ScaledTime {
  readonly median: number;
  /** What it may be off by. */
  readonly sharedSpread: number;
  readonly ownSpread: number;
  readonly tasks: number;
  /** Names of the runs that it rests on. */
  readonly runs: readonly string[];
  /** By which shares of the input it is told, the least first. */
  readonly scales: readonly number[];
  /** Told by one share alone: that it grows with the input, or does not, is assumed. */
  readonly guessed: boolean;
}

/** Of the natural logarithm, for each e-fold from the largest part that was run to the whole: ranges as wide hold the truth in 8 of 10 cases (bench/scaling). */
const OFF_BY_REACH = 0.2;
/** Two runs of the same differ by as much. */
const LEAST_OFF = 0.1;
/** Half the width of a range that holds 8 of 10, in standard deviations. */
const EIGHT_OF_TEN = 1.2816;

/** @param times of tasks, at least one; with one scale alone the middle between "grows with the input" and "does not" */
export function timeOfWhole(times: readonly TimeAtScale[]): Pick<ScaledTime, 'median' | 'sharedSpread' | 'ownSpread' | 'guessed'> {
  const scales = [...new Set(times.map(({ scale }) => scale))];
  const own = ownSpread(times);
  const [only] = scales;
  if (scales.length === 1 && only !== undefined) {
    const level = Math.exp(mean(times.map(({ seconds }) => Math.log(seconds))));
    const [same, grown] = [level, level / only].sort((one, other) => one - other) as [number, number];
    return {
      median: Math.sqrt(same * grown),
      sharedSpread: Math.max(LEAST_OFF, Math.log(grown / same) / (2 * EIGHT_OF_TEN)),
      ownSpread: own,
      guessed: true,
    };
  }
  const fit = linearFit(times);
  const sharedSpread = Math.max(LEAST_OFF, OFF_BY_REACH * Math.log(1 / Math.max(...scales)));
  return { median: fit.fixed + fit.growing, sharedSpread, ownSpread: own, guessed: false };
}

/** Seconds: whatever the input, and for the whole of it. */
export function linearFit(times: readonly TimeAtScale[]): { readonly fixed: number; readonly growing: number } {
  const [fixed = 0, growing = 0] = nonNegativeFit(
    times.map(({ scale }) => [1, scale]),
    times.map(({ seconds }) => seconds),
    times.map(({ seconds }) => 1 / seconds),
  );
  return { fixed, growing };
}

/** From task to task, at the scales that have several. */
function ownSpread(times: readonly TimeAtScale[]): number {
  let squares = 0;
  let free = 0;
  for (const scale of new Set(times.map((one) => one.scale))) {
    const logs = times.filter((one) => one.scale === scale).map(({ seconds }) => Math.log(seconds));
    const level = mean(logs);
    squares += logs.reduce((total, log) => total + (log - level) ** 2, 0);
    free += logs.length - 1;
  }
  return free === 0 ? 0 : Math.sqrt(squares / free);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

const CACHED = STATUSES.indexOf('CACHED');

/** What runs on parts of the input tell of each call. */
export class ScaledRuns {
  readonly #runs: readonly (ScaledRun & { readonly evidence: Evidence })[];

  constructor(graph: ProcessGraph, runs: readonly ScaledRun[]) {
    this.#runs = runs.map((one) => ({ ...one, evidence: new Evidence(graph, [one.run]) }));
  }

  get all(): readonly (ScaledRun & { readonly evidence: Evidence })[] {
    return this.#runs;
  }

  /** undefined: no such run has a task of it that took time. */
  of(call: ProcessCall): ScaledTime | undefined {
    const times: TimeAtScale[] = [];
    const runs: string[] = [];
    let cached = false;
    for (const { run, scale, evidence } of this.#runs) {
      const found = evidence.of(call);
      if (found === undefined) continue;
      const own = found.completed === 0 ? [] : [...found.times()].filter((ms) => ms > 0);
      for (const ms of own) times.push({ scale, seconds: ms / 1000 });
      if (own.length > 0) runs.push(run.name);
      else cached ||= found.rows.some(({ rows }) => rows.some((row) => run.status[row] === CACHED));
    }
    if (times.length === 0) return undefined;
    const scales = [...new Set(times.map(({ scale }) => scale))].sort((one, other) => one - other);
    // A run on another part of the input took it from the cache: what it is given is no part of that.
    const fixed = cached && scales.length === 1;
    const whole = timeOfWhole(fixed ? [...times, ...times.map(({ seconds }) => ({ scale: 1, seconds }))] : times);
    return { ...whole, tasks: times.length, runs, scales };
  }
}
