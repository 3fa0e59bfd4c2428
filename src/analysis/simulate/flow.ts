/** A graph of tasks laid out for counting down: how many gates each task waits for, and who waits for a gate. */
import type { Gate, TaskLinks } from './task-graph.ts';

export interface Flow {
  readonly groupOf: Int32Array;
  /** Gates that have to open before a task; those that nobody opens are not counted. */
  readonly needs: Int32Array;
  /** Tasks that a gate opens by. */
  readonly openers: Int32Array;
  /** The number of a gate's first opening among all. */
  readonly baseOf: ReadonlyMap<Gate, number>;
  /** Who waits for gate g: `waiting[from[g]]` to before `waiting[from[g + 1]]`. */
  readonly from: Int32Array;
  readonly waiting: Int32Array;
}

const known = new WeakMap<TaskLinks, Flow>();

/** Worked out once for each graph. */
export function flowOf(graph: TaskLinks): Flow {
  let flow = known.get(graph);
  if (flow === undefined) known.set(graph, (flow = laidOut(graph)));
  return flow;
}

function laidOut({ groups, tasks }: TaskLinks): Flow {
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
  const openers = new Int32Array(count);
  for (const { gates } of groups)
    for (const gate of gates) {
      const base = baseOf.get(gate) as number;
      for (const number of gate.gateOf) openers[base + number] = (openers[base + number] as number) + 1;
    }
  const needs = new Int32Array(tasks);
  const from = new Int32Array(count + 1);
  const each = (visit: (gate: number, task: number) => void): void => {
    for (const { first, waits } of groups)
      for (const { gate, from: offset, gateOf } of waits) {
        const base = baseOf.get(gate) as number;
        for (let index = 0; index < gateOf.length; index += 1) {
          const number = base + (gateOf[index] as number);
          if ((openers[number] as number) > 0) visit(number, first + offset + index);
        }
      }
  };
  each((gate, task) => {
    from[gate + 1] = (from[gate + 1] as number) + 1;
    needs[task] = (needs[task] as number) + 1;
  });
  for (let gate = 0; gate < count; gate += 1) from[gate + 1] = (from[gate + 1] as number) + (from[gate] as number);
  const waiting = new Int32Array(from[count] as number);
  const next = from.slice();
  each((gate, task) => {
    const at = next[gate] as number;
    waiting[at] = task;
    next[gate] = at + 1;
  });
  return { groupOf, needs, openers, baseOf, from, waiting };
}
