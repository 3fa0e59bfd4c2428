/**
 * The shape of the active process graph: which calls could run side by side, and which must wait for one another.
 * Unknown activity counts as active. Everything here is about the calls, not their tasks: a call with 96 tasks is one.
 */
import type { ProcessCall, ProcessEdge, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { topologyOf } from '../../parser/graph/topology.ts';

export interface Shape {
  /** Ids, level by level: a call's level is one more than the highest of those it needs. */
  readonly levels: readonly (readonly string[])[];
  /** The most calls of which none needs another. */
  readonly width: number;
  /** 'at least' where the graph was too large for the exact number: then it is the size of the largest level. */
  readonly widthIs: 'exact' | 'at least';
  readonly longestChain: readonly string[];
  /** Calls that start only after the last of several tasks of another call. */
  readonly waitForAll: readonly string[];
  /** The calls of one feedback loop, in order, when loops had to be cut. */
  readonly cycle: readonly string[] | undefined;
}

/** An edge between vertices that are numbered from 0. */
export type Edge = readonly [from: number, to: number];

export interface NumberedShape {
  readonly levels: readonly (readonly number[])[];
  readonly width: number;
  readonly widthIs: 'exact' | 'at least';
  readonly longestChain: readonly number[];
  readonly cycle: readonly number[] | undefined;
}

/** The exact width needs the transitive closure, n² bits: half a megabyte at this size, and well below a second. */
const MOST_CALLS_FOR_EXACT_WIDTH = 2_000;

export function shapeOf(graph: ProcessGraph): Shape {
  const topology = topologyOf(graph);
  const active = topology.calls;
  const numbers = new Map(active.map((call, number) => [call.id, number]));
  const edges: Edge[] = active.flatMap((call, from) =>
    topology.successorsOf(call).map((fed): Edge => [from, numbers.get(fed.id) as number]),
  );
  const shape = shapeOfNumbers(active.length, edges);
  const ids = (some: readonly number[]): string[] => some.map((number) => active[number]?.id as string);
  return {
    levels: shape.levels.map(ids),
    width: shape.width,
    widthIs: shape.widthIs,
    longestChain: ids(shape.longestChain),
    waitForAll: waitForAll(graph, active),
    cycle: shape.cycle === undefined ? undefined : ids(shape.cycle),
  };
}

/** Gathering what one task gives costs nothing; gathering what many tasks give waits for the last of them. In the order of those waited for. */
function waitForAll(graph: ProcessGraph, active: readonly ProcessCall[]): string[] {
  const runs = new Set<ProcessEdge['from']>(active);
  const waits = graph.openEdges.flatMap(({ from, to, barrier }) =>
    barrier && 'id' in from && from.kind === 'queue' && runs.has(from) && runs.has(to) ? [{ from: from.id, to: to.id }] : [],
  );
  waits.sort((one, two) => compare(one.from, two.from) || compare(one.to, two.to));
  return [...new Set(waits.map(({ to }) => to))];
}

/** By code units: the same in every locale. */
function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** The shape of any graph. Loops are cut at the edges that lead back in a depth-first walk from the lowest number on. */
export function shapeOfNumbers(count: number, edges: readonly Edge[], mostForExactWidth = MOST_CALLS_FOR_EXACT_WIDTH): NumberedShape {
  const successors = successorLists(count, edges);
  const { order, cycle } = cutAndOrder(count, successors);

  const level = new Int32Array(count);
  const chainFrom = new Int32Array(count).fill(-1);
  for (const from of order) {
    for (const to of successors[from] as number[]) {
      const better = (level[from] as number) + 1;
      // Of equally long chains the one through the lower number, so that the same graph gives the same chain.
      if (better > (level[to] as number) || (better === level[to] && from < (chainFrom[to] as number))) {
        level[to] = better;
        chainFrom[to] = from;
      }
    }
  }
  const levels: number[][] = [];
  for (let vertex = 0; vertex < count; vertex++) {
    const at = level[vertex] as number;
    while (levels.length <= at) levels.push([]);
    (levels[at] as number[]).push(vertex);
  }
  const longestChain: number[] = [];
  for (let vertex = levels.at(-1)?.[0] ?? -1; vertex !== -1; vertex = chainFrom[vertex] as number) longestChain.push(vertex);
  longestChain.reverse();

  const exact = count <= mostForExactWidth;
  const width = exact ? maximumAntichain(count, successors, order) : levels.reduce((most, some) => Math.max(most, some.length), 0);
  return { levels, width, widthIs: exact ? 'exact' : 'at least', longestChain, cycle };
}

function successorLists(count: number, edges: readonly Edge[]): number[][] {
  const sets = Array.from({ length: count }, () => new Set<number>());
  for (const [from, to] of edges) sets[from]?.add(to);
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

/** Removes the edges that lead back and gives an order in which each vertex comes before those that need it. */
function cutAndOrder(count: number, successors: number[][]): { order: number[]; cycle: number[] | undefined } {
  const UNSEEN = 0;
  const OPEN = 1;
  const DONE = 2;
  const state = new Uint8Array(count);
  const next = new Int32Array(count);
  const finished: number[] = [];
  let cycle: number[] | undefined;
  for (let root = 0; root < count; root++) {
    if (state[root] !== UNSEEN) continue;
    const path = [root];
    state[root] = OPEN;
    while (path.length > 0) {
      const vertex = path.at(-1) as number;
      const list = successors[vertex] as number[];
      const to = list[next[vertex] as number];
      if (to === undefined) {
        state[vertex] = DONE;
        finished.push(vertex);
        path.pop();
      } else if (state[to] === OPEN) {
        cycle ??= path.slice(path.indexOf(to));
        list.splice(next[vertex] as number, 1);
      } else {
        next[vertex] = (next[vertex] as number) + 1;
        if (state[to] === UNSEEN) {
          state[to] = OPEN;
          path.push(to);
        }
      }
    }
  }
  return { order: finished.reverse(), cycle };
}

/**
 * Dilworth: the largest set of vertices of which none reaches another has as many members as the fewest chains that
 * cover all vertices, and those are n minus a maximum matching of "reaches" seen as a bipartite graph (Fulkerson).
 * Hopcroft and Karp find the matching; the closure is kept as rows of bits, so a round looks at 32 vertices at a time.
 */
function maximumAntichain(count: number, successors: readonly number[][], order: readonly number[]): number {
  const words = (count + 31) >>> 5;
  const reaches = new Uint32Array(count * words);
  for (let at = order.length - 1; at >= 0; at--) {
    const from = order[at] as number;
    for (const to of successors[from] as number[]) {
      for (let word = 0; word < words; word++) {
        reaches[from * words + word] = (reaches[from * words + word] as number) | (reaches[to * words + word] as number);
      }
      reaches[from * words + (to >>> 5)] = (reaches[from * words + (to >>> 5)] as number) | (1 << (to & 31));
    }
  }

  const partnerOfLeft = new Int32Array(count).fill(-1);
  const partnerOfRight = new Int32Array(count).fill(-1);
  const distance = new Int32Array(count);
  let matched = 0;
  for (;;) {
    // Breadth first from the free left vertices; a right vertex is met once, in the layer nearest to a free left one.
    const unmet = new Uint32Array(words).fill(0xffffffff);
    const rightLayer = new Int32Array(count).fill(-1);
    distance.fill(-1);
    let frontier: number[] = [];
    for (let left = 0; left < count; left++) {
      if (partnerOfLeft[left] === -1) {
        distance[left] = 0;
        frontier.push(left);
      }
    }
    let freeFound = false;
    for (let layer = 0; frontier.length > 0 && !freeFound; layer++) {
      const following: number[] = [];
      for (const left of frontier) {
        for (let word = 0; word < words; word++) {
          let bits = (reaches[left * words + word] as number) & (unmet[word] as number);
          unmet[word] = (unmet[word] as number) & ~bits;
          while (bits !== 0) {
            const right = (word << 5) + 31 - Math.clz32(bits & -bits);
            bits &= bits - 1;
            rightLayer[right] = layer;
            const owner = partnerOfRight[right] as number;
            if (owner === -1) freeFound = true;
            else {
              distance[owner] = layer + 1;
              following.push(owner);
            }
          }
        }
      }
      frontier = following;
    }
    if (!freeFound) return count - matched;
    for (let left = 0; left < count; left++) {
      if (partnerOfLeft[left] === -1 && augment(left)) matched++;
    }

    /** Depth first along the layers, without recursion: paths may be as long as the graph. */
    function augment(start: number): boolean {
      const path: { left: number; right: number; word: number; bits: number }[] = [{ left: start, right: -1, word: -1, bits: 0 }];
      while (path.length > 0) {
        const top = path.at(-1) as (typeof path)[number];
        if (top.bits === 0) {
          top.word++;
          if (top.word >= words) {
            path.pop();
            continue;
          }
          top.bits = reaches[top.left * words + top.word] as number;
          continue;
        }
        const right = (top.word << 5) + 31 - Math.clz32(top.bits & -top.bits);
        top.bits &= top.bits - 1;
        if (rightLayer[right] !== distance[top.left]) continue;
        rightLayer[right] = -1; // spent in this round
        top.right = right;
        const owner = partnerOfRight[right] as number;
        if (owner !== -1) {
          path.push({ left: owner, right: -1, word: -1, bits: 0 });
          continue;
        }
        for (const step of path) {
          partnerOfLeft[step.left] = step.right;
          partnerOfRight[step.right] = step.left;
        }
        return true;
      }
      return false;
    }
  }
}
