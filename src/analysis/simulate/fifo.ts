/**
 * A queue that is scanned whole, in order of arrival, and lets through whoever can go: what Nextflow and schedulers behind it do. Tasks of one line
 * (one call, one request) are alike: when the first of them is refused, so are the others. A refused line stays closed until somebody opens it,
 * so that a scan costs as much as there are lines that are open, and not as there are tasks.
 */
import { Queue } from './event-queue.ts';
import type { Cause } from './waits.ts';

export class Line {
  /** By their places in the whole queue. */
  readonly tasks = new Queue();
  /** Why the first was refused; undefined: not refused since it was opened. */
  closed: Cause | undefined;
  /** The last reason, and when it went away. */
  cause: Cause | undefined;
  openedAt = -1;
}

export class Fifo<L extends Line> {
  readonly lines: L[] = [];
  waiting = 0;
  #next = 0;
  /** Lines in which somebody waits and nobody was refused. */
  readonly #open: L[] = [];

  /** Whether a scan might let somebody go. */
  get open(): boolean {
    return this.#open.length > 0;
  }

  /** At the tail. */
  add(line: L, task: number): void {
    if (line.tasks.size === 0) this.#open.push(line);
    line.tasks.push(this.#next, task);
    this.#next += 1;
    this.waiting += 1;
  }

  /** @param cause what is to be said of the wait that is over */
  reopen(line: L, now: number, cause = line.closed): void {
    if (line.closed === undefined) return;
    this.#open.push(line);
    line.closed = undefined;
    line.cause = cause;
    line.openedAt = now;
  }

  /** One scan. @param offer lets a task go, or says why not @returns how many went, `most` at most */
  scan(most: number, offer: (task: number, line: L) => Cause | undefined): number {
    const open = this.#open;
    let went = 0;
    while (open.length > 0 && went < most) {
      let [first, earliest, second] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      const count = open.length;
      for (let index = 0; index < count; index += 1) {
        const { at } = (open[index] as L).tasks;
        if (at < earliest) [first, earliest, second] = [index, at, earliest];
        else if (at < second) second = at;
      }
      const line = open[first] as L;
      const { tasks } = line;
      // As long as its tasks come before those of all others; an offer may open more lines.
      while (tasks.at < second && went < most && open.length === count && line.closed === undefined) {
        line.closed = offer(tasks.subject, line);
        if (line.closed !== undefined) continue;
        tasks.shift();
        this.waiting -= 1;
        went += 1;
      }
      if (line.closed === undefined && tasks.size > 0) continue;
      open[first] = open[open.length - 1] as L;
      open.pop();
    }
    return went;
  }

  /** How many that were refused came before the first of a line that is being offered. */
  refusedBefore({ tasks: { at } }: L): number {
    let count = 0;
    for (const { closed, tasks } of this.lines) if (closed !== undefined) count += tasks.below(at);
    return count;
  }
}
