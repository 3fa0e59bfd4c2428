/**
 * What `.nextflow.log` tells of tasks: when each was submitted, when Nextflow saw that it had ended, and how. It is there after every run, with or without a trace. Not
 * in it: what tasks asked for and used and, but for tasks on the machine of Nextflow itself and those of grid schedulers, when they began.
 */
import { RunBuilder } from './run-builder.ts';
import { type TraceRun, UnreadableTrace } from './trace-run.ts';

/** `Jun-25 11:42:34.005 [main] DEBUG …` */
const STAMP = /^([A-Z][a-z]{2})-(\d{2}) (\d{2}):(\d{2}):(\d{2})\.(\d{3}) \[/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** The log names no year. A leap year, so that every day of one is there. */
const SOME_YEAR = 2000;
const LONGEST_LINE = 8000;
/** `[b6/d95b32] Submitted process > TRIM (H3K27me3)`, Nextflow 22 to 25 (nextflow.Session). */
const TASK = /\[([0-9a-f]{2}\/[0-9a-f]{6})\] (Submitted|Re-submitted|Cached) process > (\S.*)$/;
const ENDED = 'Task completed > TaskHandler[';
const LOCAL = "Creating local task monitor for executor 'local'";
const ABORTED = 'Session aborted';
const OVER = 'Execution complete -- Goodbye';
const HINT = 'is it the log of the run itself (.nextflow.log), and of the pod where one ran Nextflow?';

export function isLog(text: string, start: number): boolean {
  return STAMP.test(text.slice(start, start + 80));
}

interface LoggedTask {
  readonly line: number;
  readonly hash: string;
  readonly name: string;
  readonly submitMs: number | undefined;
  attempt: number;
  status: string;
  id?: string;
  exit?: string;
  completeMs?: number;
  realtimeMs?: number;
}

/** @throws UnreadableTrace where it tells of no task */
export function readLog(text: string, name: string): TraceRun {
  const tasks: LoggedTask[] = [];
  const open = new Map<string, LoggedTask>();
  const attempts = new Map<string, number>();
  const clock = new Clock();
  let [isLocal, isAborted, isOther, isOver] = [false, false, false, false];
  let number = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, Math.min(end === -1 ? text.length : end, at + LONGEST_LINE)).trimEnd();
    at = end === -1 ? text.length : end + 1;
    number += 1;
    const now = clock.at(line);
    // What stands on a line of its own is part of a message.
    if (now === undefined) continue;
    if (line.includes(LOCAL)) isLocal = true;
    else if (line.includes('Creating task monitor for executor ')) isOther = true;
    else if (line.includes(ABORTED)) isAborted = true;
    else if (line.includes(OVER)) isOver = true;
    else if (line.includes(ENDED)) {
      const ended = endedTask(line);
      const task = ended && open.get(hashOf(ended.folder));
      // One that was not submitted is not of this log.
      if (ended === undefined || task === undefined || task.name !== ended.name) continue;
      open.delete(task.hash);
      const { id, exit, error, realtimeMs } = ended;
      Object.assign(task, { id, completeMs: now, status: exit === '0' && error === '-' ? 'COMPLETED' : 'FAILED' });
      if (exit !== '-') task.exit = exit;
      if (realtimeMs !== undefined) task.realtimeMs = realtimeMs;
    } else {
      const [, hash, what, named] = TASK.exec(line) ?? [];
      if (hash === undefined || named === undefined) continue;
      const attempt = what === 'Re-submitted' ? (attempts.get(named) ?? 1) + 1 : 1;
      attempts.set(named, attempt);
      const isCached = what === 'Cached';
      const task: LoggedTask = {
        ...{ line: number, hash, name: named, attempt, submitMs: isCached ? undefined : now },
        status: isCached ? 'CACHED' : 'SUBMITTED',
      };
      tasks.push(task);
      if (!isCached) open.set(hash, task);
    }
  }
  if (tasks.length === 0) throw new UnreadableTrace(`${name}: a log of Nextflow in which no task is submitted`, HINT);
  for (const task of open.values()) if (isAborted) task.status = 'ABORTED';
  return runOf(tasks, name, { isLocal: isLocal && !isOther, isWhole: isOver });
}

/**
 * @param how `isLocal`: tasks begin when they are submitted: Nextflow itself waits until there is room for them; `isWhole`: the log says that the run came to its end
 */
function runOf(tasks: readonly LoggedTask[], name: string, { isLocal, isWhole }: { isLocal: boolean; isWhole: boolean }): TraceRun {
  const builder = new RunBuilder({ name, format: 'log', places: 'line' });
  const sinks = Object.fromEntries(
    ['task_id', 'hash', 'name', 'status', 'exit', 'attempt', 'submit', 'start', 'complete', 'realtime'].map((column) => [
      column,
      // Nothing tells when they began: there is no such column.
      column === 'start' && !isLocal ? undefined : builder.sink(column),
    ]),
  );
  for (const task of tasks) {
    builder.begin(task.line);
    const cells: Record<string, string | number | undefined> = {
      ...{ task_id: task.id, hash: task.hash, name: task.name, status: task.status, exit: task.exit, attempt: task.attempt },
      ...{ submit: task.submitMs, start: task.submitMs, complete: task.completeMs },
      realtime: task.realtimeMs === undefined ? undefined : `${task.realtimeMs}ms`,
    };
    for (const [column, cell] of Object.entries(cells)) {
      const shown = cell === undefined ? undefined : String(cell);
      if (shown !== undefined) sinks[column]?.(shown, 0, shown.length);
    }
    builder.end();
  }
  if (!isWhole)
    builder.report({
      kind: 'cut',
      key: 'no end',
      place: tasks.at(-1)?.line ?? 0,
      what: 'the log ends before the run does: what came after this task is not known, and there may be more tasks than are counted',
      used: 'all',
      hint: 'the run was still going on, or was killed, or a copy broke off',
    });
  return builder.finish();
}

interface EndedTask {
  readonly id: string;
  readonly name: string;
  /** `-`: none is known. */
  readonly exit: string;
  /** `-`: none. */
  readonly error: string;
  readonly folder: string;
  readonly realtimeMs?: number;
}

/**
 * `TaskHandler[id: 4; name: TRIM (H3K4me3); status: COMPLETED; exit: 0; error: -; workDir: /x/work/29/3160…]`; of a grid scheduler it also has `started: 1750851754005; exited:
 * 2025-06-25T11:44:10Z; ` (TaskHandler, GridTaskHandler).
 */
function endedTask(line: string): EndedTask | undefined {
  const idAt = line.indexOf('id: ', line.indexOf(ENDED));
  let from = idAt;
  const upTo = (key: string, last = false): string | undefined => {
    const to = last ? line.lastIndexOf(key) : line.indexOf(key, from);
    if (from === -1 || to < from) return undefined;
    const text = line.slice(from, to);
    from = to + key.length;
    return text;
  };
  from += 'id: '.length;
  const [id, name, status, exit] = [upTo('; name: '), upTo('; status: '), upTo('; exit: '), upTo('; error: ')];
  const error = upTo('; workDir: ', true);
  if (idAt === -1 || id === undefined || name === undefined || status === undefined || exit === undefined || error === undefined)
    return undefined;
  const [folder = '', ...more] = line.slice(from).replace(/\]$/, '').split(/;? +/);
  const after = (key: string): string | undefined => more[more.indexOf(key) + 1]?.replace(/;$/, '');
  const ms = Date.parse(after('exited:') ?? '-') - Number(after('started:'));
  return { id, name, exit, error, folder, ...(ms >= 0 && { realtimeMs: ms }) };
}

/** The log's hash of `/x/work/29/3160089ea70a`: `29/316008`. */
function hashOf(folder: string): string {
  const [above = '', own = ''] = folder.replace(/\/+$/, '').split('/').slice(-2);
  return `${above}/${own.slice(0, 6)}`;
}

class Clock {
  #year = SOME_YEAR;
  #month = 0;

  /** Milliseconds; undefined: the line has no time. */
  at(line: string): number | undefined {
    const [, name = '', ...numbers] = STAMP.exec(line) ?? [];
    const month = MONTHS.indexOf(name);
    if (month === -1) return undefined;
    // From December to January.
    if (month < this.#month - MONTHS.length / 2) this.#year += 1;
    this.#month = month;
    const [day = 1, hours = 0, minutes = 0, seconds = 0, ms = 0] = numbers.map(Number);
    return Date.UTC(this.#year, month, day, hours, minutes, seconds, ms);
  }
}
