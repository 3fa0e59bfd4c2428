/**
 * The least that a run can cost for each time that it takes, whatever each of its tasks is given, with room for all of them: crashing, exactly. A task may also
 * take a mixture of two of its options, so that no choice can be better than this.
 *
 * Kelley 1961; Fulkerson, A network flow computation for project cost curves, 1961; by cuts: Phillips and Dessouky 1977. The dual is a flow: through a task
 * whose options take t₀ > t₁ > … and save time at s₁ < s₂ < … each, s₁ units flow at the length t₀, s₂ − s₁ at t₁, …, any number at the last. Flow is
 * sent along the longest ways first; when so much flows that no way longer than T has room, that much is what a unit of time costs at T.
 */
import { EventQueue } from '../simulate/event-queue.ts';
import type { Gate, TaskLinks } from '../simulate/task-graph.ts';
import { hullOf, type TimeCost } from './pareto.ts';

/** A corner of the frontier: from here on to less time, a ms costs `perMs`. */
export interface Corner extends TimeCost {
  readonly perMs: number;
  /** What a ms less of each task would be worth here. */
  readonly worthOf: (task: number) => number;
}

/** Flow that is less than this share of the largest step, or time than this share of it, is nothing but rounding. */
const ROUNDING = 1e-9;

/**
 * From the cheapest to the fastest; time in ms, cost in the options' unit. The function of a corner speaks of it only until the next is asked for.
 * @param graph in which nobody waits for the first of several
 * @param optionsOf of a task, at least one
 */
export function* corners(graph: TaskLinks, optionsOf: (task: number) => readonly TimeCost[]): Generator<Corner> {
  const network = new Network();
  // A run of no tasks.
  network.arc(SOURCE, SINK, 0, Number.POSITIVE_INFINITY);
  let cost = 0;
  let steepest = 0;
  const arcsOf: { readonly first: number; readonly count: number }[] = [];
  const gateNodes = new Map<Gate, number>();
  let nodes = SINK + 1 + 2 * graph.tasks;
  // Two nodes for each task, then one for each gate.
  const enter = (task: number): number => SINK + 1 + 2 * task;
  const leave = (task: number): number => enter(task) + 1;
  for (const { first, size, gates, waits } of graph.groups) {
    for (let task = first; task < first + size; task += 1) {
      network.arc(SOURCE, enter(task), 0, Number.POSITIVE_INFINITY);
      const hull = hullOf(optionsOf(task)).reverse();
      cost += (hull[0] as TimeCost).cost;
      arcsOf.push({ first: network.arcs, count: hull.length });
      let before = 0;
      for (const [at, { ms, cost: price }] of hull.entries()) {
        const next = hull[at + 1];
        const slope = next === undefined ? Number.POSITIVE_INFINITY : (next.cost - price) / (ms - next.ms);
        network.arc(enter(task), leave(task), ms, slope - before);
        if (next !== undefined) steepest = Math.max(steepest, slope);
        before = slope;
      }
      network.arc(leave(task), SINK, 0, Number.POSITIVE_INFINITY);
    }
    for (const gate of gates) {
      for (let task = 0; task < size; task += 1)
        network.arc(leave(first + task), nodes + (gate.gateOf[task] as number), 0, Number.POSITIVE_INFINITY);
      // Also one that nobody opens is reached: nobody waits for it.
      for (let number = 0; number < gate.count; number += 1) network.arc(SOURCE, nodes + number, 0, Number.POSITIVE_INFINITY);
      gateNodes.set(gate, nodes);
      nodes += gate.count;
    }
    for (const { gate, from, gateOf } of waits)
      for (const [index, number] of gateOf.entries())
        network.arc((gateNodes.get(gate) as number) + number, enter(first + from + index), 0, Number.POSITIVE_INFINITY);
  }
  const flow = new LongestFirst(network, steepest * ROUNDING);
  const worthOf = (task: number): number => {
    const { first, count } = arcsOf[task] as { first: number; count: number };
    let worth = 0;
    for (let at = first; at < first + count; at += 1) worth += flow.on(at);
    return worth;
  };
  let ms = flow.length;
  for (;;) {
    const perMs = flow.fill();
    yield { ms, cost, perMs, worthOf };
    if (perMs === Number.POSITIVE_INFINITY) return;
    const next = flow.shorten();
    cost += perMs * (ms - next);
    ms = next;
  }
}

/** Of the frontier, the least cost of a run that takes no longer; Infinity where none can. @param points from the cheapest to the fastest */
export function leastCost(points: readonly TimeCost[], ms: number): number {
  const [cheapest] = points;
  const most = ms * (1 + ROUNDING);
  if (cheapest === undefined || most >= cheapest.ms) return cheapest?.cost ?? 0;
  const at = points.findIndex((point) => point.ms <= most);
  if (at === -1) return Number.POSITIVE_INFINITY;
  const [slow, fast] = [points[at - 1] as TimeCost, points[at] as TimeCost];
  return fast.cost + ((slow.cost - fast.cost) * Math.max(0, ms - fast.ms)) / (slow.ms - fast.ms);
}

const SOURCE = 0;
const SINK = 1;

/** Arcs stand in pairs: behind each its way back, which has room for what flows. */
class Network {
  readonly to: number[] = [];
  readonly room: number[] = [];
  readonly length: number[] = [];
  readonly out: number[][] = [[], []];

  /** Of arcs, ways back not counted. */
  get arcs(): number {
    return this.to.length / 2;
  }

  arc(from: number, to: number, length: number, room: number): void {
    while (this.out.length <= Math.max(from, to)) this.out.push([]);
    (this.out[from] as number[]).push(this.to.length);
    this.to.push(to);
    this.length.push(length);
    this.room.push(room);
    (this.out[to] as number[]).push(this.to.length);
    this.to.push(from);
    this.length.push(-length);
    this.room.push(0);
  }
}

/** A flow that takes the longest ways first. No arc with room leads further than the label of its end. */
class LongestFirst {
  readonly #network: Network;
  readonly #labels: Float64Array;
  readonly #least: number;
  #flow = 0;

  constructor(network: Network, least: number) {
    this.#network = network;
    this.#least = least;
    this.#labels = longest(network);
  }

  /** Of the longest way with room. */
  get length(): number {
    return this.#labels[SINK] as number;
  }

  on(arc: number): number {
    return this.#network.room[2 * arc + 1] as number;
  }

  /** Fills the ways of this length. @returns what flows then; Infinity where one of them has room for all */
  fill(): number {
    const { to, room, length, out } = this.#network;
    const labels = this.#labels;
    const by = new Int32Array(labels.length);
    for (;;) {
      by.fill(-1);
      const reached = [SOURCE];
      for (let next = 0; next < reached.length && by[SINK] === -1; next += 1) {
        const node = reached[next] as number;
        for (const arc of out[node] as number[]) {
          const end = to[arc] as number;
          if (by[end] !== -1 || end === SOURCE || (room[arc] as number) <= this.#least) continue;
          if ((labels[end] as number) - (labels[node] as number) > (length[arc] as number) + MS) continue;
          by[end] = arc;
          reached.push(end);
        }
      }
      if (by[SINK] === -1) return this.#flow;
      let most = Number.POSITIVE_INFINITY;
      for (let node = SINK; node !== SOURCE; node = to[(by[node] as number) ^ 1] as number)
        most = Math.min(most, room[by[node] as number] as number);
      if (most === Number.POSITIVE_INFINITY) return most;
      for (let node = SINK; node !== SOURCE; node = to[(by[node] as number) ^ 1] as number) {
        const arc = by[node] as number;
        room[arc] = (room[arc] as number) - most;
        room[arc ^ 1] = (room[arc ^ 1] as number) + most;
      }
      this.#flow += most;
    }
  }

  /** Lowers labels until another way has room. @returns its length */
  shorten(): number {
    const { to, room, length, out } = this.#network;
    const labels = this.#labels;
    const lower = new Float64Array(labels.length).fill(Number.POSITIVE_INFINITY);
    const queue = new EventQueue();
    lower[SOURCE] = 0;
    queue.push(0, 0, SOURCE);
    for (let at = queue.at; at < (lower[SINK] as number); at = queue.at) {
      const node = queue.subject;
      queue.pop();
      if (at > (lower[node] as number)) continue;
      for (const arc of out[node] as number[]) {
        if ((room[arc] as number) <= this.#least) continue;
        const end = to[arc] as number;
        const below = at + Math.max(0, (labels[end] as number) - (labels[node] as number) - (length[arc] as number));
        if (below >= (lower[end] as number)) continue;
        lower[end] = below;
        queue.push(below, 0, end);
      }
    }
    const by = lower[SINK] as number;
    for (let node = 0; node < labels.length; node += 1) labels[node] = (labels[node] as number) - Math.min(by, lower[node] as number);
    return this.length;
  }
}

/** Labels are ms that differ by less for rounding. */
const MS = 1e-6;

/** The longest way from the source to each node: nothing flows yet, and there are no loops. */
function longest({ to, room, length, out }: Network): Float64Array {
  const labels = new Float64Array(out.length);
  const open = new Int32Array(out.length);
  for (let arc = 0; arc < to.length; arc += 1)
    if ((room[arc] as number) > 0) open[to[arc] as number] = (open[to[arc] as number] as number) + 1;
  const ready = [SOURCE];
  for (let node = ready.pop(); node !== undefined; node = ready.pop())
    for (const arc of out[node] as number[]) {
      if ((room[arc] as number) <= 0) continue;
      const end = to[arc] as number;
      labels[end] = Math.max(labels[end] as number, (labels[node] as number) + (length[arc] as number));
      open[end] = (open[end] as number) - 1;
      if (open[end] === 0) ready.push(end);
    }
  return labels;
}
