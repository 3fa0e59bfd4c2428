/** Several files of one run: people give all that it left. Its tasks are to be counted once. */
import { STATUSES, type TraceRun } from './trace-run.ts';

export interface SameRun {
  readonly run: TraceRun;
  /** The one that is used instead. */
  readonly as: TraceRun;
}

const CACHED = STATUSES.indexOf('CACHED');
/** Milliseconds. Traces for people are in the zone of who ran them, reports in UTC: zones differ by quarters of an hour. */
const QUARTER = 900_000;
/** Of the smaller one's tasks. A millisecond of the quarter may be the same by chance, in a run of few tasks. */
const SHARE = { hash: 0.5, submitMs: 0.9 };

/** Runs, each once: of files of one run that which tells most, in the place of the first. */
export function distinctRuns(runs: readonly TraceRun[]): { readonly runs: readonly TraceRun[]; readonly doubles: readonly SameRun[] } {
  const kept: TraceRun[] = [];
  const doubles: { run: TraceRun; as: TraceRun }[] = [];
  for (const run of runs) {
    const index = kept.findIndex((other) => isSame(run, other));
    const other = kept[index];
    if (other === undefined) {
      kept.push(run);
      continue;
    }
    const better = tellsMore(run, other) ? run : other;
    kept[index] = better;
    for (const double of doubles) if (double.as === other) double.as = better;
    doubles.push({ run: better === run ? other : run, as: better });
  }
  return { runs: kept, doubles };
}

function tellsMore(one: TraceRun, other: TraceRun): boolean {
  return one.fields.size !== other.fields.size ? one.fields.size > other.fields.size : one.rows > other.rows;
}

function isSame(one: TraceRun, two: TraceRun): boolean {
  const [less, more] = one.rows <= two.rows ? [one, two] : [two, one];
  const by = less.fields.has('hash') && more.fields.has('hash') ? 'hash' : 'submitMs';
  const there = new Set(keysOf(more, by));
  const keys = [...keysOf(less, by)];
  return keys.length > 0 && keys.filter((key) => there.has(key)).length >= SHARE[by] * keys.length;
}

/** By what every file of a run has its tasks. Those from a cache are of an older run, which may be given, too. */
function* keysOf(run: TraceRun, by: keyof typeof SHARE): Iterable<string> {
  for (let row = 0; row < run.rows; row += 1) {
    if (run.status[row] === CACHED) continue;
    const mark = by === 'hash' ? run.hash.at(row) : (run.submitMs[row] as number) % QUARTER;
    if (mark !== undefined && !Number.isNaN(mark)) yield `${mark} ${run.processes[run.process[row] as number]}`;
  }
}
