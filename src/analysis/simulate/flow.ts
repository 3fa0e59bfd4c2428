/** Who of the tasks can go, once others are done: their gates, counted down. */
import type { Gate, TaskLinks } from './task-graph.ts';

/** A graph of tasks laid out for counting down. All gates of all groups are numbered. */
interface Layout {
  readonly groupOf: Int32Array;
  /** Gates that have to open before a task; those that nobody opens are not counted. */
  readonly needs: Int32Array;
  /** Tasks that a gate opens by, and whether the first of them is enough. */
  readonly openers: Int32Array;
  readonly any: Uint8Array;
  /** Gates that open by a task, tasks that wait for a gate. */
  readonly opens: Links;
  readonly waiting: Links;
}

/** What belongs to number n: `to[from[n]]` to before `to[from[n + 1]]`. */
interface Links {
  readonly from: Int32Array;
  readonly to: Int32Array;
}

const known = new WeakMap<TaskLinks, Layout>();

export class Flow {
  readonly groupOf: Int32Array;
  /** When the last that a task waits for ended. */
  readonly readyAt: Float64Array;
  readonly #layout: Layout;
  /** Gates that are still shut; NEVER: the task is not made. */
  readonly #needs: Int32Array;
  /** Tasks that have yet to be over. */
  readonly #openers: Int32Array;
  /** Whether something came through a gate, and when the last that opened it ended. */
  readonly #brought: Uint8Array;
  readonly #endedAt: Float64Array;
  /** The tasks that are over with the one that is being settled: one list, used again. */
  readonly #over: number[] = [];

  constructor(graph: TaskLinks) {
    // Laid out once for each graph.
    let layout = known.get(graph);
    if (layout === undefined) known.set(graph, (layout = laidOut(graph)));
    this.#layout = layout;
    this.groupOf = layout.groupOf;
    this.#needs = layout.needs.slice();
    this.#openers = layout.openers.slice();
    this.#brought = new Uint8Array(layout.openers.length);
    this.#endedAt = new Float64Array(layout.openers.length);
    this.readyAt = new Float64Array(graph.tasks);
  }

  /** Tasks that wait for nobody. */
  first(): readonly number[] {
    const first: number[] = [];
    for (let task = 0; task < this.#needs.length; task += 1) if (this.#needs[task] === 0) first.push(task);
    return first;
  }

  /**
   * A task is over: gates open, and who waits only for what it did not bring is never made, which may open further gates.
   * @param ready gets the tasks that can go now, by their numbers. @returns how many are over, with those that are never made
   */
  settle(task: number, endedAt: number, brings: boolean, ready: number[]): number {
    const { from, to } = this.#layout.opens;
    const over = this.#over;
    over.length = 0;
    this.#openBy(task, from, to, endedAt, brings, ready);
    for (let next = 0; next < over.length; next += 1) this.#openBy(over[next] as number, from, to, 0, false, ready);
    if (ready.length > 1) ready.sort((one, two) => one - two);
    return 1 + over.length;
  }

  #openBy(task: number, from: Int32Array, to: Int32Array, endedAt: number, brings: boolean, ready: number[]): void {
    const until = from[task + 1] as number;
    for (let at = from[task] as number; at < until; at += 1) this.#pass(to[at] as number, endedAt, brings, ready);
  }

  #pass(gate: number, endedAt: number, brings: boolean, ready: number[]): void {
    const any = this.#layout.any[gate] === 1;
    const left = (this.#openers[gate] as number) - 1;
    this.#openers[gate] = left;
    if (any && this.#brought[gate] === 1) return;
    if (brings) this.#brought[gate] = 1;
    if (endedAt > (this.#endedAt[gate] as number)) this.#endedAt[gate] = endedAt;
    if (left > 0 && !(any && brings)) return;
    const opensAt = this.#endedAt[gate] as number;
    const made = this.#brought[gate] === 1;
    const { from, to } = this.#layout.waiting;
    const until = from[gate + 1] as number;
    for (let at = from[gate] as number; at < until; at += 1) {
      const task = to[at] as number;
      const needs = (this.#needs[task] as number) - 1;
      if (needs < 0) continue;
      this.#needs[task] = made ? needs : NEVER;
      if (opensAt > (this.readyAt[task] as number)) this.readyAt[task] = opensAt;
      if (!made) this.#over.push(task);
      else if (needs === 0) ready.push(task);
    }
  }
}

/** Needs of a task that is never made. */
const NEVER = -1;

function laidOut({ groups, tasks }: TaskLinks): Layout {
  const groupOf = new Int32Array(tasks);
  const baseOf = new Map<Gate, number>();
  let count = 0;
  for (const [number, { first, size, gates }] of groups.entries()) {
    groupOf.fill(number, first, first + size);
    for (const gate of gates) {
      baseOf.set(gate, count);
      count += gate.count;
    }
  }
  const any = new Uint8Array(count);
  for (const [gate, base] of baseOf) if (gate.any) any.fill(1, base, base + gate.count);
  const openers = new Int32Array(count);
  const opens = linksOf(tasks, (link) => {
    for (const { first, gates } of groups)
      for (const gate of gates) {
        const base = baseOf.get(gate) as number;
        for (let task = 0; task < gate.gateOf.length; task += 1) link(first + task, base + (gate.gateOf[task] as number));
      }
  });
  for (const gate of opens.to) openers[gate] = (openers[gate] as number) + 1;
  const needs = new Int32Array(tasks);
  const waiting = linksOf(count, (link) => {
    for (const { first, waits } of groups)
      for (const { gate, from, gateOf } of waits) {
        const base = baseOf.get(gate) as number;
        for (let task = 0; task < gateOf.length; task += 1) {
          const number = base + (gateOf[task] as number);
          if ((openers[number] as number) > 0) link(number, first + from + task);
        }
      }
  });
  for (const task of waiting.to) needs[task] = (needs[task] as number) + 1;
  return { groupOf, needs, openers, any, opens, waiting };
}

/** @param each says all links, the same ones each time it is asked */
function linksOf(count: number, each: (link: (one: number, other: number) => void) => void): Links {
  const from = new Int32Array(count + 1);
  each((one) => {
    from[one + 1] = (from[one + 1] as number) + 1;
  });
  for (let one = 0; one < count; one += 1) from[one + 1] = (from[one + 1] as number) + (from[one] as number);
  const to = new Int32Array(from[count] as number);
  const next = from.slice();
  each((one, other) => {
    const at = next[one] as number;
    to[at] = other;
    next[one] = at + 1;
  });
  return { from, to };
}
