/**
 * A queue that is scanned whole, in order of arrival, and lets through whoever can go: what Nextflow and schedulers behind it do. Tasks of one line
 * (one call, one request) are alike: when the first of them is refused, so are the others. A refused line stays closed until somebody opens it,
 * so that a scan costs as much as there are lines, and not as there are tasks.
 */
import type { Cause } from './waits.ts';

export interface Line {
  readonly tasks: number[];
  head: number;
  /** Why the first was refused; undefined: not refused since it was opened. */
  closed: Cause | undefined;
  /** The last reason, and when it went away. */
  cause: Cause | undefined;
  openedAt: number;
}

export function emptyLine(): Line {
  return { tasks: [], head: 0, closed: undefined, cause: undefined, openedAt: 0 };
}

export class Fifo<L extends Line> {
  readonly #lines: L[] = [];
  readonly #places: Float64Array;
  #next = 0;
  waiting = 0;
  /** Lines in which somebody waits and nobody was refused. */
  #open = 0;
  #closed = 0;

  /** @param tasks how many there are in all: a task is its number. */
  constructor(tasks: number) {
    this.#places = new Float64Array(tasks);
  }

  get lines(): readonly L[] {
    return this.#lines;
  }

  /** Whether any line is closed. */
  get refuses(): boolean {
    return this.#closed > 0;
  }

  addLine(line: L): void {
    this.#lines.push(line);
  }

  /** At the tail. */
  add(line: L, task: number): void {
    if (line.tasks.length === 0 && line.closed === undefined) this.#open += 1;
    this.#places[task] = this.#next;
    this.#next += 1;
    line.tasks.push(task);
    this.waiting += 1;
  }

  open(line: L, now: number, cause = line.closed): void {
    if (line.closed === undefined) return;
    line.closed = undefined;
    this.#closed -= 1;
    if (line.tasks.length > 0) this.#open += 1;
    line.cause = cause;
    line.openedAt = now;
  }

  /**
   * One scan. @param offer lets a task go, or says why not; `first` when nobody who came earlier stays behind.
   */
  scan(offer: (task: number, line: L, first: boolean) => Cause | undefined): void {
    if (this.#open === 0) return;
    let firstBehind = Number.POSITIVE_INFINITY;
    const open: L[] = [];
    for (const line of this.#lines) {
      if (line.tasks.length === 0) continue;
      if (line.closed === undefined) open.push(line);
      else firstBehind = Math.min(firstBehind, this.#placeOfFirst(line));
    }
    while (open.length > 0) {
      let [at, earliest, second] = [0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
      for (let index = 0; index < open.length; index += 1) {
        const place = this.#placeOfFirst(open[index] as L);
        if (place < earliest) [at, earliest, second] = [index, place, earliest];
        else if (place < second) second = place;
      }
      const next = open[at] as L;
      // As long as its tasks come before those of all others.
      while (earliest < second && next.closed === undefined) {
        const refused = offer(next.tasks[next.head] as number, next, earliest < firstBehind);
        if (refused === undefined) earliest = this.#shift(next);
        else {
          next.closed = refused;
          this.#open -= 1;
          this.#closed += 1;
          firstBehind = Math.min(firstBehind, earliest);
        }
      }
      if (next.closed !== undefined || next.tasks.length === 0) {
        open[at] = open[open.length - 1] as L;
        open.pop();
      }
    }
  }

  /** How many that are still waiting came before a task. */
  ahead(task: number): number {
    const place = this.#places[task] as number;
    let count = 0;
    for (const { tasks, head } of this.#lines) {
      let [low, high] = [head, tasks.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((this.#places[tasks[middle] as number] as number) < place) low = middle + 1;
        else high = middle;
      }
      count += low - head;
    }
    return count;
  }

  clear(): void {
    for (const line of this.#lines) {
      line.tasks.length = 0;
      line.head = 0;
    }
    this.waiting = 0;
    this.#open = 0;
  }

  #placeOfFirst(line: L): number {
    return this.#places[line.tasks[line.head] as number] as number;
  }

  /** @returns the place of the one behind; Infinity where there is none. */
  #shift(line: L): number {
    line.head += 1;
    this.waiting -= 1;
    if (line.head < line.tasks.length) return this.#placeOfFirst(line);
    line.tasks.length = 0;
    line.head = 0;
    this.#open -= 1;
    return Number.POSITIVE_INFINITY;
  }
}
