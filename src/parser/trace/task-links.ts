/** Which rows are attempts at the same task. */
import { STATUSES, type TextColumn } from './trace-run.ts';

export interface TaskRows {
  readonly rows: number;
  readonly process: Int32Array;
  readonly status: Uint8Array;
  /** What tells tasks of a process apart; undefined where nothing does. */
  readonly labels: readonly (string | undefined)[];
  readonly hash: TextColumn;
  readonly taskId: Float64Array;
  readonly attempt: Float64Array;
  readonly submitMs: Float64Array;
  readonly completeMs: Float64Array;
}

const FAILED = STATUSES.indexOf('FAILED');
const UNSTATED = STATUSES.indexOf('UNSTATED');
/** Milliseconds: executors round to seconds. */
const ROUNDING = 1000;

/** A failed row is tried again by the next row of its name, with the next attempt where the trace numbers them. -1: by none before. */
export function linkRetries(tasks: TaskRows): Int32Array {
  const { rows, status, labels } = tasks;
  const retryOf = new Int32Array(rows).fill(-1);
  const groups = new Map<string, number[]>();
  for (let row = 0; row < rows; row += 1) if (status[row] === FAILED && labels[row] !== undefined) groups.set(nameOf(tasks, row), []);
  if (groups.size === 0) return retryOf;
  for (let row = 0; row < rows; row += 1) groups.get(nameOf(tasks, row))?.push(row);
  const inOrder = orderOf(tasks);
  for (const group of groups.values()) {
    const open: number[] = [];
    for (const row of group.sort(inOrder)) {
      const index = open.findIndex((failed) => canFollow(tasks, failed, row));
      if (index !== -1) retryOf[row] = open.splice(index, 1)[0] as number;
      if (status[row] === FAILED) open.push(row);
    }
  }
  return retryOf;
}

function nameOf({ process, labels }: TaskRows, row: number): string {
  return `${process[row]} ${labels[row] ?? ''}`;
}

/** Attempts are numbered, and tasks as they are made; rows are written as they end. */
function orderOf({ attempt, taskId, submitMs }: TaskRows): (one: number, two: number) => number {
  const isWhole = (column: Float64Array): boolean => !column.some(Number.isNaN);
  const numbers = [...[attempt].filter(isWhole), ...[taskId, submitMs].filter(isWhole).slice(0, 1)];
  return (one, two) => numbers.reduce((order, column) => order || (column[one] as number) - (column[two] as number), 0) || one - two;
}

function canFollow({ attempt, submitMs, completeMs }: TaskRows, failed: number, row: number): boolean {
  const [first, next] = [attempt[failed] as number, attempt[row] as number];
  if (!Number.isNaN(first) && !Number.isNaN(next)) return next === first + 1;
  return !((submitMs[row] as number) < (completeMs[failed] as number) - ROUNDING);
}

/**
 * A run that was resumed into the same file has a task twice: done, then cached, under one hash. Without hashes the task's number tells, and where nothing says how a
 * task ended, its name: then a second attempt looks like a second task.
 */
export function linkRepeats(tasks: TaskRows): Int32Array {
  const { rows, process, status, labels, hash, taskId } = tasks;
  const repeats = new Int32Array(rows).fill(-1);
  const first = new Map<string | number, number>();
  for (let row = 0; row < rows; row += 1) {
    const number = taskId[row] as number;
    const id =
      hash.at(row) ??
      (!Number.isNaN(number) ? number : status[row] !== UNSTATED || labels[row] === undefined ? undefined : nameOf(tasks, row));
    if (id === undefined) continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, row);
    // Hashes are written short: two of a hundred thousand are alike by chance.
    else if (process[before] === process[row] && labels[before] === labels[row]) repeats[row] = before;
  }
  return repeats;
}
