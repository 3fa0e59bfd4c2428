/** When each task starts and ends if there is room for all that could run: no machine, no queue, only who waits for whom, and `maxForks`. */
import type { Gate, LinkedTasks, TaskLinks } from './task-graph.ts';

export interface Schedule {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Seconds, from the first start to the last end. */
  readonly span: number;
  /** Seconds, of all tasks together. */
  readonly work: number;
  /** Of a task that came later than it could since only so many of its call run at a time, the one in whose place it ran; else -1. */
  readonly behind?: Int32Array;
}

/** @param seconds of each task, by its number. */
export function schedule(graph: TaskLinks, seconds: Float64Array): Schedule {
  return new Scheduler(graph).run(seconds);
}

/** A group of tasks, as it is come to. */
interface Step {
  /** Of the group in the graph. */
  readonly number: number;
  readonly tasks: LinkedTasks;
  /** From which task on each gate is waited for, and where the times begin at which it opens. */
  readonly waits: readonly { readonly first: number; readonly gateOf: Int32Array; readonly opens: number }[];
}

/** The same tasks with other durations, again and again. */
export class Scheduler {
  readonly #graph: TaskLinks;
  /** Groups that have tasks, in their order. */
  readonly #steps: readonly Step[];
  /** When gates open, those of each group behind those of the groups before. */
  readonly #opens: Float64Array;
  readonly #forks: readonly number[];
  readonly #isLimited: boolean;

  /** @param forks by group: how many of its tasks may run at a time; 0: all */
  constructor(graph: TaskLinks, forks: readonly number[] = []) {
    this.#graph = graph;
    this.#forks = forks;
    this.#isLimited = graph.groups.some(({ size }, group) => isLimited(size, forks[group]));
    const places = new Map<Gate, number>();
    let size = 0;
    const withTasks = graph.groups.flatMap((tasks, number) => (tasks.size > 0 ? [{ number, tasks }] : []));
    for (const { tasks } of withTasks)
      for (const gate of tasks.gates) {
        places.set(gate, size);
        size += gate.count;
      }
    this.#opens = new Float64Array(size);
    this.#steps = withTasks.map(({ number, tasks }) => ({
      number,
      tasks,
      waits: tasks.waits.map(({ from, gate, gateOf }) => ({ first: tasks.first + from, gateOf, opens: places.get(gate) as number })),
    }));
  }

  run(seconds: Float64Array): Schedule {
    const ends = new Float64Array(this.#graph.tasks);
    if (this.#isLimited) return this.#inTurn(seconds, ends);
    let [span, work] = [0, 0];
    const starts = this.#through(ends, ({ first, size }, _, released) => {
      for (let task = first; task < first + size; task += 1) {
        const lasts = seconds[task] as number;
        const end = (released[task] as number) + lasts;
        ends[task] = end;
        work += lasts;
        if (end > span) span = end;
      }
    });
    return { starts, ends, span, work };
  }

  /** Of some groups only so many tasks at a time. */
  #inTurn(seconds: Float64Array, ends: Float64Array): Schedule {
    const starts = new Float64Array(this.#graph.tasks);
    const behind = new Int32Array(this.#graph.tasks).fill(-1);
    let [span, work] = [0, 0];
    const free = (before: number): number => (before === -1 ? 0 : (ends[before] as number));
    this.#through(ends, ({ first, size }, group, released) => {
      const forks = this.#forks[group];
      /** The last task in each place. */
      const places = isLimited(size, forks) ? new Array<number>(forks as number).fill(-1) : undefined;
      const start = (task: number): void => {
        const place = places?.reduce((best, before, at, all) => (free(before) < free(all[best] as number) ? at : best), 0) ?? 0;
        const before = places?.[place] ?? -1;
        const ready = released[task] as number;
        const begins = Math.max(ready, free(before));
        if (begins > ready) behind[task] = before;
        if (places !== undefined) places[place] = task;
        starts[task] = begins;
        const lasts = seconds[task] as number;
        ends[task] = begins + lasts;
        work += lasts;
        if (begins + lasts > span) span = begins + lasts;
      };
      // Who is ready first goes first.
      if (places !== undefined) inOrder(first, size, released).forEach(start);
      else for (let task = first; task < first + size; task += 1) start(task);
    });
    return { starts, ends, span, work, behind };
  }

  /** As the function of that name. */
  releases(doneAt: (task: number, released: number) => number): Float64Array {
    const done = new Float64Array(this.#graph.tasks);
    return this.#through(done, ({ first, size }, _, released) => {
      for (let task = first; task < first + size; task += 1) done[task] = doneAt(task, released[task] as number);
    });
  }

  /**
   * One group after another. @param finish writes into `done` when the tasks of a group are done, once it is known when all is there that they wait for
   * @returns when that is
   */
  #through(done: Float64Array, finish: (tasks: LinkedTasks, group: number, released: Float64Array) => void): Float64Array {
    const released = new Float64Array(this.#graph.tasks);
    const opens = this.#opens;
    let place = 0;
    for (const { number, tasks, waits } of this.#steps) {
      const { size, first, gates } = tasks;
      for (const wait of waits) {
        const { gateOf } = wait;
        for (let task = 0, mine = wait.first; task < gateOf.length; task += 1, mine += 1) {
          const at = opens[wait.opens + (gateOf[task] as number)] as number;
          if (at > (released[mine] as number) && at !== Number.POSITIVE_INFINITY) released[mine] = at;
        }
      }
      finish(tasks, number, released);
      for (const { any, count, gateOf } of gates) {
        opens.fill(any ? Number.POSITIVE_INFINITY : 0, place, place + count);
        for (let task = 0; task < size; task += 1) {
          const number = place + (gateOf[task] as number);
          const at = done[first + task] as number;
          if (any ? at < (opens[number] as number) : at > (opens[number] as number)) opens[number] = at;
        }
        place += count;
      }
    }
    return released;
  }
}

function isLimited(size: number, forks = 0): boolean {
  return forks > 0 && forks < size;
}

function inOrder(first: number, size: number, by: Float64Array): Int32Array {
  return Int32Array.from({ length: size }, (_, task) => first + task).sort(
    (one, two) => (by[one] as number) - (by[two] as number) || one - two,
  );
}

/**
 * When all is there that each task waits for.
 * @param doneAt when a task is done that was released at a time; it is asked in the order of the tasks. NaN: never, and nobody waits for it
 */
export function releasesOf(graph: TaskLinks, doneAt: (task: number, released: number) => number): Float64Array {
  return new Scheduler(graph).releases(doneAt);
}

/** How much later each task could end without the whole ending later, in seconds. */
export function slackOf(graph: TaskLinks, { ends, starts, span, behind }: Schedule): Float64Array {
  const latest = new Float64Array(graph.tasks).fill(span);
  const needed = new Map<object, Float64Array>();
  for (const { size, first, waits, gates } of [...graph.groups].reverse()) {
    for (const gate of gates) {
      const by = needed.get(gate);
      if (by === undefined) continue;
      const opening = gate.any ? openersOf(gate, ends, first, size) : undefined;
      for (let task = 0; task < size; task += 1) {
        const number = gate.gateOf[task] as number;
        if (opening !== undefined && opening[number] !== task) continue;
        const limit = by[number] as number;
        if (limit < (latest[first + task] as number)) latest[first + task] = limit;
      }
    }
    if (behind !== undefined)
      for (const task of inOrder(first, size, starts).reverse()) {
        const before = behind[task] as number;
        const begin = (latest[task] as number) - ((ends[task] as number) - (starts[task] as number));
        if (before !== -1 && begin < (latest[before] as number)) latest[before] = begin;
      }
    for (const { gate, from, gateOf } of waits) {
      let by = needed.get(gate);
      if (by === undefined) needed.set(gate, (by = new Float64Array(gate.count).fill(span)));
      for (let index = 0; index < gateOf.length; index += 1) {
        const number = gateOf[index] as number;
        const task = from + index;
        const begin = (latest[first + task] as number) - ((ends[first + task] as number) - (starts[first + task] as number));
        if (begin < (by[number] as number)) by[number] = begin;
      }
    }
  }
  return latest.map((limit, task) => Math.max(0, limit - (ends[task] as number)));
}

/** Of each gate that one task opens, that task. */
function openersOf(gate: Gate, ends: Float64Array, first: number, size: number): Int32Array {
  const openers = new Int32Array(gate.count).fill(-1);
  for (let task = 0; task < size; task += 1) {
    const number = gate.gateOf[task] as number;
    const before = openers[number] as number;
    if (before === -1 || (ends[first + task] as number) < (ends[first + before] as number)) openers[number] = task;
  }
  return openers;
}

/** The tasks that the whole takes as long as it does because of, the first one first, by their numbers. */
export function criticalPath(graph: TaskLinks, { starts, ends, span, behind }: Schedule): readonly number[] {
  const groupOf = (task: number): LinkedTasks | undefined => graph.groups.find(({ first, size }) => task >= first && task < first + size);
  let task = ends.indexOf(span);
  const path: number[] = [];
  while (task !== -1) {
    path.unshift(task);
    const group = groupOf(task);
    const start = starts[task] as number;
    let next = behind?.[task] ?? -1;
    if (group === undefined || start === 0) break;
    for (const { on, gate, from, gateOf } of group.waits) {
      const number = gateOf[task - group.first - from];
      if (number === undefined || next !== -1) continue;
      const above = graph.groups[on] as LinkedTasks;
      for (let index = 0; index < above.size && next === -1; index += 1)
        if (gate.gateOf[index] === number && ends[above.first + index] === start) next = above.first + index;
    }
    task = next;
  }
  return path;
}

export interface Alive {
  /** The most tasks that run at once, and when. */
  readonly most: number;
  readonly at: number;
  /** Share of the span in which one task runs alone. */
  readonly alone: number;
}

export function aliveIn({ starts, ends, span }: Schedule): Alive {
  const begins = starts.slice().sort();
  const stops = ends.slice().sort();
  let [begin, stop, alive, most, at, alone, before] = [0, 0, 0, 0, 0, 0, 0];
  while (stop < stops.length) {
    const nextBegin = begins[begin] ?? Number.POSITIVE_INFINITY;
    const nextStop = stops[stop] as number;
    const now = Math.min(nextBegin, nextStop);
    if (alive === 1) alone += now - before;
    before = now;
    // What ends makes room before what starts.
    if (nextStop <= nextBegin) {
      alive -= 1;
      stop += 1;
    } else {
      alive += 1;
      begin += 1;
      if (alive > most) [most, at] = [alive, now];
    }
  }
  return { most, at, alone: span === 0 ? 0 : alone / span };
}

/** Of all that is used, what may be used while more is than is told of. */
const ABOVE = 0.05;

/**
 * By group, how many of its tasks run at once, when all have most of something: but for moments in which little of it is used.
 * @param has what a task of a group has of it
 */
export function mostAtOnce({ groups, tasks }: TaskLinks, { starts, ends }: Schedule, has: (group: number) => number): number[] {
  const each = new Float64Array(tasks);
  for (const [group, { first, size }] of groups.entries()) each.fill(has(group), first, first + size);
  const [begins, stops] = [inOrder(0, tasks, starts), inOrder(0, tasks, ends)];
  const moments: { from: number; has: number; used: number }[] = [];
  let [begin, stop, now, used] = [0, 0, 0, 0];
  while (stop < tasks) {
    const nextBegin = begin < tasks ? (starts[begins[begin] as number] as number) : Number.POSITIVE_INFINITY;
    const from = Math.min(nextBegin, ends[stops[stop] as number] as number);
    const last = moments.at(-1);
    if (last !== undefined) used += last.used = last.has * (from - last.from);
    if (from === nextBegin) now += each[begins[begin++] as number] as number;
    else now -= each[stops[stop++] as number] as number;
    moments.push({ from, has: now, used: 0 });
  }
  let above = 0;
  const most = moments
    .filter((one) => one.used > 0)
    .sort((one, two) => two.has - one.has)
    .find((one) => (above += one.used) > ABOVE * used);
  if (most === undefined) return groups.map(() => 0);
  return groups.map(({ first, size }) => {
    let count = 0;
    for (let task = first; task < first + size; task += 1)
      if ((starts[task] as number) <= most.from && (ends[task] as number) > most.from) count += 1;
    return count;
  });
}
