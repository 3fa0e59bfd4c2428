/**
 * Times of one row that no one task can have: `duration` is `complete` − `submit` (nextflow.trace.TraceRecord), a command runs between its start and its end, and nothing takes
 * years. Nextflow tells times of day by its clock or that of a scheduler, the task `realtime` by that of its machine: where they differ, the fewest are left out.
 */
import { nextflowName } from './columns.ts';
import type { Columns, FoundInRow } from './run-checks.ts';
import type { NumberField } from './trace-run.ts';

/** Milliseconds: executors round to seconds. */
const ROUNDING = 1000;
/** Milliseconds: a scheduler may tell of a start and an end a little late. */
const LATE = 10_000;
/** No task and no run takes a year. */
export const MOST_LENGTH = 366 * 86_400_000;
/** What files take to come and go: of 60,588 tasks of real runs the longest took 1.2 hours. */
const MOST_STAGING = 86_400_000;

const CELLS = ['submitMs', 'startMs', 'completeMs', 'durationMs', 'realtimeMs'] as const;
const [COMPLETE, DURATION] = [CELLS.indexOf('completeMs'), CELLS.indexOf('durationMs')];
/** One row's, in that order. NaN: not known. */
type Times = readonly [number, number, number, number, number];

interface Misfit {
  readonly key: string;
  readonly what: string;
  /** What is not used, where that is not found out by what fits without it. */
  readonly doubtful?: readonly number[];
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

function lie(from: string, to: string, ms: number): string {
  return `between ${from} and ${to} lie ${seconds(ms)}`;
}

function before(one: string, other: string, ms: number): Misfit {
  return { key: `${one} ${other}`, what: `${one} is ${Math.round(ms / 100) / 10} s before ${other}` };
}

/** Why no one task can have these times; undefined: one can. */
function misfitOf([submit, start, complete, duration, realtime]: Times): Misfit | undefined {
  // Of submit, complete and duration two tell the third. What is not known makes what is worked out with it unknown, and such comparisons false.
  const slack = LATE + 0.01 * duration;
  const [from, early] = Number.isNaN(submit) ? [complete - duration, slack] : [submit, ROUNDING];
  const [to, late] = Number.isNaN(complete) ? [submit + duration, slack] : [complete, ROUNDING];
  const span = to - from;
  if (start < from - early)
    return Number.isNaN(submit)
      ? { key: 'start duration', what: `${lie('start', 'complete', complete - start)}, and duration is ${seconds(duration)}` }
      : before('start', 'submit', submit - start);
  if (start > to + late)
    return Number.isNaN(complete)
      ? { key: 'submit duration', what: `${lie('submit', 'start', start - submit)}, and duration is ${seconds(duration)}` }
      : before('complete', 'start', start - complete);
  if (span < -ROUNDING) return before('complete', 'submit', -span);
  if (Math.abs(span - duration) > LATE + 0.01 * span)
    return { key: 'duration', what: `duration is ${seconds(duration)}, and ${lie('submit', 'complete', span)}` };
  const [begin, held] = Number.isNaN(start) ? ['submit', span] : ['start', to - start];
  const most = Number.isNaN(held) ? duration : held;
  if (realtime > LATE + 1.01 * most) {
    const room = Number.isNaN(held) ? `duration is ${seconds(duration)}` : lie(begin, 'complete', held);
    return { key: 'realtime', what: `realtime is ${seconds(realtime)}, and ${room}` };
  }
  const years = [span, held, duration, realtime].find((ms) => ms > MOST_LENGTH);
  if (years !== undefined) return { key: 'year', what: `a task cannot have taken ${Math.floor(years / 86_400_000)} days` };
  // Its end was seen long after it, or by a clock that had been set.
  if (realtime > 0 && to - start - realtime > MOST_STAGING)
    return {
      key: 'staging',
      what: `realtime is ${seconds(realtime)}, and ${lie('start', 'complete', held)}`,
      doubtful: [COMPLETE, DURATION],
    };
  return undefined;
}

/**
 * How much it takes to doubt each. The task itself measured `realtime`, by one clock; Nextflow knows when it submitted; `duration` was worked out from others; of start and
 * complete it hears late, and perhaps by another clock.
 */
const TRUST: Times = [1.3, 1.1, 1, 1.2, 1.4];

/** The fewest without which one task can have the rest; of as many, what is doubted first. */
function doubtfulIn(times: Times): readonly number[] {
  let [least, doubtful]: [number, readonly number[]] = [Number.POSITIVE_INFINITY, []];
  for (let mask = 1; mask < 1 << CELLS.length; mask += 1) {
    const some = [...CELLS.keys()].filter((cell) => (mask >> cell) & 1);
    const doubt = some.reduce((sum, cell) => sum + (TRUST[cell] as number), 0);
    if (doubt >= least) continue;
    const rest = times.map((time, cell) => (some.includes(cell) ? Number.NaN : time)) as unknown as Times;
    if (misfitOf(rest) === undefined) [least, doubtful] = [doubt, some];
  }
  return doubtful;
}

/** Row by row, also with units: what one task cannot have. */
export function* checkTimes(columns: Columns, rows: number): Iterable<FoundInRow> {
  const some = CELLS.map((field) => columns.get(field));
  for (let row = 0; row < rows; row += 1) {
    const times = some.map((column) => column?.at(row) ?? Number.NaN) as unknown as Times;
    const misfit = misfitOf(times);
    if (misfit === undefined) continue;
    const doubtful = (misfit.doubtful ?? doubtfulIn(times)).filter((cell) => !Number.isNaN(times[cell]));
    for (const cell of doubtful) some[cell]?.clear(row);
    yield {
      kind: 'clock',
      key: `${misfit.key} ${doubtful.join(' ')}`,
      row,
      what: misfit.what,
      used: doubtful.map((cell) => nextflowName(CELLS[cell] as NumberField)),
      hint: 'was a clock set, or is it in another unit? The least is left out without which the rest fits',
    };
  }
}

/** Of submit, complete and duration two tell the third. */
export function completeTimes({ submitMs, completeMs, durationMs }: Record<NumberField, Float64Array>): void {
  for (const [row, duration] of durationMs.entries()) {
    const [submit, complete] = [submitMs[row] as number, completeMs[row] as number];
    if (Number.isNaN(duration)) durationMs[row] = Math.max(0, complete - submit);
    else if (Number.isNaN(submit)) submitMs[row] = complete - duration;
    else if (Number.isNaN(complete)) completeMs[row] = submit + duration;
  }
}
