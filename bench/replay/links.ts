// Who waits for whom among the tasks of a trace: which calls wait for which, and whether for all or for some of their tasks, is what pipeopt reads from the
// pipeline's source; which those some are, the tags say. No time of the trace is looked at.
import type { Gate, LinkedTasks, TaskLinks, Wait } from '../../src/analysis/simulate/task-graph.ts';
import type { CallWait, ModelCall } from './model.ts';

export interface TraceTask {
  readonly process: string;
  readonly tag: string;
  readonly id: number;
  readonly submitMs: number;
  readonly startMs: number;
  readonly completeMs: number;
  readonly cpus: number;
  readonly memoryBytes: number;
}

export interface Linked {
  readonly graph: TaskLinks;
  /** By task of the graph. */
  readonly tasks: readonly TraceTask[];
  /** Names of the groups. */
  readonly names: readonly string[];
  /** Tasks of processes that the source does not show, which wait for nothing here. */
  readonly unknown: number;
  /** Tasks whose tags say nothing about whom they wait for: linked by their order. */
  readonly byOrder: number;
}

export function linked(model: readonly ModelCall[], trace: readonly TraceTask[], view: (call: ModelCall) => readonly CallWait[]): Linked {
  const inOrder = [...trace].sort((one, two) => one.id - two.id);
  const rowsOf = new Map<string, TraceTask[]>();
  for (const task of inOrder) rowsOf.set(task.process, [...(rowsOf.get(task.process) ?? []), task]);
  const groups: (LinkedTasks & { waits: Wait[]; gates: Gate[] })[] = [];
  const tasks: TraceTask[] = [];
  const at = new Map<string, number>();
  let byOrder = 0;
  for (const call of model) {
    const rows = rowsOf.get(call.id) ?? [];
    at.set(call.id, groups.length);
    const waits: Wait[] = [];
    for (const { on, some, any } of view(call)) {
      const above = groups[at.get(on) ?? -1];
      if (above === undefined || above.size === 0 || rows.length === 0) continue;
      const ties = some ? tiesOf(tasks.slice(above.first, above.first + above.size), rows) : allOf(above.size, rows.length);
      byOrder += ties.byOrder;
      const gate: Gate = { gateOf: Int32Array.from(ties.makers), count: ties.count, any };
      above.gates.push(gate);
      waits.push({ on: at.get(on) as number, gate, from: 0, gateOf: Int32Array.from(ties.waiters) });
    }
    groups.push({ size: rows.length, first: tasks.length, waits, gates: [] });
    tasks.push(...rows);
  }
  const names = model.map(({ id }) => id);
  let unknown = 0;
  for (const [process, rows] of rowsOf) {
    if (at.has(process)) continue;
    groups.push({ size: rows.length, first: tasks.length, waits: [], gates: [] });
    tasks.push(...rows);
    names.push(process);
    unknown += rows.length;
  }
  return { graph: { groups, tasks: tasks.length }, tasks, names, unknown, byOrder };
}

interface Ties {
  readonly makers: readonly number[];
  readonly waiters: readonly number[];
  readonly count: number;
  readonly byOrder: number;
}

function allOf(makers: number, waiters: number): Ties {
  return { makers: new Array(makers).fill(0), waiters: new Array(waiters).fill(0), count: 1, byOrder: 0 };
}

/** A number for each key by which tasks of two calls belong together. */
function tiesOf(makers: readonly TraceTask[], waiters: readonly TraceTask[]): Ties {
  const [above, below] = [new Set(makers.map(({ tag }) => tag)), new Set(waiters.map(({ tag }) => tag))];
  const numbers = new Map<string, number>();
  const numberOf = (key: string): number => {
    if (!numbers.has(key)) numbers.set(key, numbers.size);
    return numbers.get(key) as number;
  };
  // The same tag, or one that begins with the other: a library is its sample's.
  const keyIn = (tag: string, others: ReadonlySet<string>): string => (others.has(tag) ? tag : (beginningOf(tag, others) ?? tag));
  const made = makers.map(({ tag }) => numberOf(keyIn(tag, below)));
  const known = numbers.size;
  let byOrder = 0;
  const waiting = waiters.map(({ tag }, index) => {
    const key = keyIn(tag, above);
    const number = numbers.get(key);
    // A tag that many share, such as none at all, tells nobody apart.
    if (number !== undefined && number < known && (known > 1 || makers.length === 1)) return number;
    byOrder += 1;
    return made[Math.min(made.length - 1, Math.floor((index * made.length) / waiters.length))] as number;
  });
  if (known > 1 || makers.length === 1) return { makers: made, waiters: waiting, count: numbers.size, byOrder };
  const count = Math.min(makers.length, waiters.length);
  const inOrder = (rows: readonly TraceTask[]): number[] => rows.map((_, index) => Math.floor((index * count) / rows.length));
  return { makers: inOrder(makers), waiters: inOrder(waiters), count, byOrder: waiters.length };
}

function beginningOf(tag: string, others: ReadonlySet<string>): string | undefined {
  for (let end = tag.length - 1; end > 0; end -= 1) {
    if (/[A-Za-z0-9]/.test(tag[end] as string) && /[A-Za-z0-9]/.test(tag[end - 1] as string)) continue;
    const start = tag.slice(0, end);
    if (others.has(start)) return start;
  }
  return undefined;
}
