/** Why tasks waited, and how long for each reason. */
import type { Gate, TaskLinks } from './task-graph.ts';

/**
 * `data`: what the task is given was not there yet. `avoidable`: it was there, and the task waited for others that give it nothing. `poll`: what it waited
 * for had ended, and Nextflow had not seen it. Then, in Nextflow's queue: `submit-rate`, `max-forks`, `queue-size`; and on the platform: `cpus`,
 * `memory`, `accelerators`, `quota` (no more machines are to be had), `boot` (a machine or a container is coming up).
 */
export type Cause = (typeof CAUSES)[number];

export const CAUSES = [
  'data',
  'avoidable',
  'poll',
  'submit-rate',
  'max-forks',
  'queue-size',
  'cpus',
  'memory',
  'accelerators',
  'quota',
  'boot',
] as const;

/** Ms by cause. */
export type Waits = Readonly<Record<Cause, number>>;

const NUMBER_OF = new Map(CAUSES.map((cause, number) => [cause, number]));

/** Sums by group of tasks. */
export class WaitSums {
  readonly #sums: Float64Array;

  constructor(groups: number) {
    this.#sums = new Float64Array(groups * CAUSES.length);
  }

  add(group: number, cause: Cause, ms: number): void {
    if (ms === 0) return;
    const at = group * CAUSES.length + (NUMBER_OF.get(cause) as number);
    this.#sums[at] = (this.#sums[at] as number) + ms;
  }

  of(group: number): Waits {
    return Object.fromEntries(CAUSES.map((cause, number) => [cause, this.#sums[group * CAUSES.length + number] as number])) as Waits;
  }
}

/** When all was there that each task waits for, if tasks are done at these times; tasks that never were (NaN) are not waited for. */
export function releasesOf(graph: TaskLinks, done: Float64Array): Float64Array {
  const released = new Float64Array(graph.tasks);
  const opened = new Map<Gate, Float64Array>();
  for (const { size, first, waits, gates } of graph.groups) {
    for (const { gate, from, gateOf } of waits) {
      const open = opened.get(gate) as Float64Array;
      for (let task = 0; task < gateOf.length; task += 1) {
        const at = open[gateOf[task] as number] as number;
        const mine = first + from + task;
        if (at > (released[mine] as number) && at !== Number.POSITIVE_INFINITY) released[mine] = at;
      }
    }
    for (const gate of gates) {
      const open = new Float64Array(gate.count).fill(gate.any ? Number.POSITIVE_INFINITY : 0);
      for (let task = 0; task < size; task += 1) {
        const number = gate.gateOf[task] as number;
        const at = done[first + task] as number;
        if (gate.any ? at < (open[number] as number) : at > (open[number] as number)) open[number] = at;
      }
      opened.set(gate, open);
    }
  }
  return released;
}
