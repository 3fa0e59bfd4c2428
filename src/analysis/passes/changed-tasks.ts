/** The tasks of a pipeline with a change made: who then waits for whom, which tasks there are, and what becomes of their durations. */
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { closureOf, type Dimension } from '../../parser/graph/model/dimensions.ts';
import type { Dependence, Summand } from '../../parser/graph/model/shapes.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { Change } from '../change.ts';
import { nameOf, type Random } from '../simulate/random.ts';
import { type Gate, type PlacedTasks, type TaskGraph, type TaskGroup, taskGraph, type View, type Wait } from '../simulate/task-graph.ts';

export interface ChangedTasks {
  readonly graph: TaskGraph;
  /** By group of `graph`. */
  readonly origins: readonly Origin[];
}

/** Of which tasks, as the pipeline stands, those of a group are made. */
export interface Origin {
  /** By its number among the groups of the pipeline as it stands. */
  readonly group: number;
  /**
   * `all`: the same tasks; `parts`: each in so many parts, even or not; `once`: what they do alike, as one task; `rest`: what is left of each then;
   * `first`: one in place of all; `batches`: one for each so many of them.
   */
  readonly as: 'all' | 'parts' | 'once' | 'rest' | 'first' | 'batches';
  readonly parts: number;
  readonly uneven: boolean;
}

/** @param now the tasks as they stand */
export function changedTasks(now: TaskGraph, placed: PlacedTasks, change: Change): ChangedTasks {
  const groups = new Map(now.groups.map(({ call }, group) => [call, group]));
  const graph = taskGraph(
    placed,
    orderWith(
      now.groups.map(({ call }) => call),
      change,
    ),
    viewWith(change, placed.model),
  );
  const origins = graph.groups.map(({ call }): Origin => ({ group: groups.get(call) as number, as: 'all', parts: 1, uneven: false }));
  if (change.kind === 'split') {
    const { parts, uneven } = change;
    return rebuilt(graph, (group, at) => {
      const origin = origins[at] as Origin;
      return change.calls.includes(group.call) ? [{ ...origin, as: 'parts', parts, uneven }] : [origin];
    });
  }
  if (change.kind === 'batched') {
    const isBatched = graph.groups.map(({ call, size }) => change.calls.includes(call) && size > 1);
    return {
      graph: graph.groups.reduce((tasks, _, at) => (isBatched[at] ? inBatches(tasks, at, change.size) : tasks), graph),
      origins: origins.map((origin, at) => (isBatched[at] ? { ...origin, as: 'batches', parts: change.size } : origin)),
    };
  }
  if (change.kind === 'made-once')
    return rebuilt(graph, (group, at) => {
      const origin = origins[at] as Origin;
      if (!change.calls.includes(group.call) || group.size < 2) return [origin];
      return change.whole
        ? [{ ...origin, as: 'first' }]
        : [
            { ...origin, as: 'once' },
            { ...origin, as: 'rest' },
          ];
    });
  return { graph, origins };
}

/** Those that wait by links that are gone wait for who made what is handed on. */
export function viewWith(change: Change, model: ChannelModel): View {
  switch (change.kind) {
    case 'links-gone':
      return (call, summand) => {
        const gone = change.links.filter(({ to }) => to === call);
        if (gone.length === 0) return summand.waits;
        const left = new Map(summand.waits);
        for (const { from, instead } of gone) {
          left.delete(from);
          for (const maker of instead) if (!left.has(maker)) left.set(maker, { tied: sharedWith(summand, maker, model) });
        }
        return left;
      };
    case 'waits-gone':
      return (_, { waits, data }) => {
        const left = new Map<ProcessCall, Dependence>();
        for (const [on, wait] of waits) {
          const needed = wait.by?.type === 'operator' && change.by.includes(wait.by) ? data.get(on) : wait;
          if (needed !== undefined) left.set(on, needed);
        }
        return left;
      };
    case 'calls-gone': {
      const gone = new Map(change.calls.map(({ call, instead }) => [call, instead]));
      return (_, { waits }) => {
        if (![...waits.keys()].some((on) => gone.has(on))) return waits;
        const left = new Map([...waits].filter(([on]) => !gone.has(on)));
        for (const [on, wait] of waits) {
          const instead = gone.get(on);
          if (instead !== undefined && !left.has(instead)) left.set(instead, wait);
        }
        return left;
      };
    }
    default:
      return (_, { waits }) => waits;
  }
}

/** What came by way of another belongs to the same sample. */
export function sharedWith(summand: Summand, call: ProcessCall, model: ChannelModel): ReadonlySet<Dimension> {
  const { summands } = model.tasksOf(call);
  let others = dimensionsOf.get(summands);
  if (others === undefined) dimensionsOf.set(summands, (others = new Set(summands.flatMap(({ index }) => [...closureOf(index)]))));
  return new Set([...closureOf(summand.index)].filter((one) => others.has(one)));
}

const dimensionsOf = new WeakMap<readonly Summand[], ReadonlySet<Dimension>>();

/** Each behind those that it waits for: of two calls that do the same with the same, the one that stays takes the place of the earlier one. */
function orderWith(calls: readonly ProcessCall[], change: Change): readonly ProcessCall[] {
  if (change.kind !== 'calls-gone') return calls;
  let order = [...calls];
  for (const { call, instead } of change.calls) {
    const at = order.indexOf(call);
    if (instead !== undefined && at !== -1 && at < order.indexOf(instead)) {
      order = order.filter((one) => one !== instead);
      order[order.indexOf(call)] = instead;
    } else order = order.filter((one) => one !== call);
  }
  return order;
}

/** The same graph with some groups made of other tasks. Of several pieces the last one is what others wait for, and waits for those before it. */
function rebuilt(graph: TaskGraph, piecesOf: (group: TaskGroup, at: number) => readonly Origin[]): ChangedTasks {
  const groups: (TaskGroup & { readonly gates: Gate[] })[] = [];
  const origins: Origin[] = [];
  /** What has become of gates, and of the groups that they are opened by. */
  const gates = new Map<Gate, Gate>();
  const placeOf: number[] = [];
  let tasks = 0;
  for (const [at, group] of graph.groups.entries()) {
    let before: Wait[] = [];
    for (const origin of piecesOf(group, at)) {
      const { as, parts } = origin;
      const single = as === 'first' || as === 'once';
      const size = single ? 1 : group.size * parts;
      const mine = (gateOf: Int32Array): Int32Array =>
        single
          ? gateOf.slice(0, 1)
          : parts === 1
            ? gateOf
            : Int32Array.from({ length: gateOf.length * parts }, (_, task) => gateOf[Math.floor(task / parts)] as number);
      const waits = group.waits.flatMap(({ on, gate, from, gateOf }): Wait[] => {
        if (single && from > 0) return [];
        const now = gates.get(gate) as Gate;
        // One task opens it for all.
        const open = now.count === 1 && gate.count > 1 ? new Int32Array(gateOf.length) : gateOf;
        return [{ on: placeOf[on] as number, gate: now, from: from * parts, gateOf: mine(open) }];
      });
      const opened: Gate[] = [];
      groups.push({ call: group.call, size, first: tasks, waits: [...waits, ...before], gates: opened });
      origins.push(origin);
      placeOf[at] = groups.length - 1;
      tasks += size;
      if (as === 'once') {
        const gate: Gate = { gateOf: Int32Array.of(0), count: 1, any: false };
        opened.push(gate);
        before = [{ on: groups.length - 1, gate, from: 0, gateOf: new Int32Array(group.size) }];
        continue;
      }
      for (const gate of group.gates) {
        const now: Gate = as === 'first' ? { gateOf: Int32Array.of(0), count: 1, any: gate.any } : { ...gate, gateOf: mine(gate.gateOf) };
        gates.set(gate, now);
        opened.push(now);
      }
    }
  }
  return { graph: { groups, tasks }, origins };
}

/** The same graph, in which each `parts` tasks of a group are one: it waits for all that they wait for, and who waits for one of them waits for it. */
function inBatches({ groups }: TaskGraph, at: number, parts: number): TaskGraph {
  const group = groups[at] as TaskGroup;
  const size = Math.ceil(group.size / parts);
  const batchOf = (task: number): number => Math.floor(task / parts);
  const made: (TaskGroup & { readonly gates: Gate[] })[] = groups.map((one) => ({ ...one, gates: [...one.gates] }));
  const waits = group.waits.map(({ on, gate, from, gateOf }): Wait => {
    // Gates that members of one batch wait for open together.
    const { numberOf, count } = together(gate.count, size, (join) => {
      for (const [member, number] of gateOf.entries()) join(batchOf(from + member), number);
    });
    const open: Gate = { gateOf: gate.gateOf.map(numberOf), count, any: gate.any };
    made[on]?.gates.push(open);
    const first = batchOf(from);
    const firstOf = (batch: number): number => Math.max(0, batch * parts - from);
    return {
      on,
      gate: open,
      from: first,
      gateOf: Int32Array.from({ length: size - first }, (_, batch) => numberOf(gateOf[firstOf(first + batch)] as number)),
    };
  });
  const gates = new Map<Gate, { readonly gate: Gate; readonly numberOf: (gate: number) => number }>();
  for (const gate of group.gates) {
    const { numberOf, count } = together(gate.count, size, (join) => {
      for (const [task, number] of gate.gateOf.entries()) join(batchOf(task), number);
    });
    const gateOf = Int32Array.from({ length: size }, (_, batch) => numberOf(gate.gateOf[batch * parts] as number));
    gates.set(gate, { gate: { gateOf, count, any: gate.any }, numberOf });
  }
  let tasks = 0;
  const placed = made.map((one, number): TaskGroup => {
    const own = number === at ? { size, waits, gates: [...gates.values()].map(({ gate }) => gate) } : { waits: one.waits.map(moved) };
    const now = { ...one, ...own, first: tasks };
    tasks += now.size;
    return now;
  });
  return { groups: placed, tasks };

  function moved(wait: Wait): Wait {
    const found = wait.on === at ? gates.get(wait.gate) : undefined;
    return found === undefined ? wait : { ...wait, gate: found.gate, gateOf: wait.gateOf.map(found.numberOf) };
  }
}

/** Numbers of gates anew, those that batches have in common as one. @param each calls back with a batch and a gate that it has to do with */
function together(
  count: number,
  batches: number,
  each: (join: (batch: number, gate: number) => void) => void,
): { readonly numberOf: (gate: number) => number; readonly count: number } {
  const above = Int32Array.from({ length: count }, (_, gate) => gate);
  const rootOf = (gate: number): number => {
    let root = gate;
    while (above[root] !== root) root = above[root] = above[above[root] as number] as number;
    return root;
  };
  const firstOf = new Int32Array(batches).fill(-1);
  each((batch, gate) => {
    if (firstOf[batch] === -1) firstOf[batch] = gate;
    else above[rootOf(gate)] = rootOf(firstOf[batch] as number);
  });
  const numbers = new Map<number, number>();
  for (let gate = 0; gate < count; gate += 1) if (!numbers.has(rootOf(gate))) numbers.set(rootOf(gate), numbers.size);
  return { numberOf: (gate) => numbers.get(rootOf(gate)) as number, count: numbers.size };
}

/**
 * Of the changed tasks in a world, in whole ms.
 * @param durations in the same world, of the tasks as they stand
 * @param luck that world's: by it the parts of tasks are shared out of which nobody knows how long each takes
 */
export function changedDurations({ graph, origins }: ChangedTasks, now: TaskGraph, durations: Float64Array, luck: Random): Float64Array {
  if (origins.length === now.groups.length && origins.every(({ group, as }, at) => group === at && as === 'all')) return durations;
  const changed = new Float64Array(graph.tasks);
  for (const [at, { first, size, call }] of graph.groups.entries()) {
    const { group, as, parts, uneven } = origins[at] as Origin;
    const standing = now.groups[group] as TaskGroup;
    const own = durations.subarray(standing.first, standing.first + standing.size);
    if (as === 'all') changed.set(own, first);
    else if (as === 'batches')
      for (let task = 0; task < size; task += 1)
        changed[first + task] = own.subarray(task * parts, (task + 1) * parts).reduce((sum, ms) => sum + ms, 0);
    else if (as === 'first') changed[first] = own[0] ?? 0;
    else if (as === 'parts') {
      const shares = uneven ? sharesOf(luck, call, parts) : new Array<number>(parts).fill(1 / parts);
      for (let task = 0; task < size; task += 1)
        changed[first + task] = Math.round((own[Math.floor(task / parts)] as number) * (shares[task % parts] as number));
    } else {
      const [share = 0] = sharesOf(luck, call, 2);
      if (as === 'once') changed[first] = Math.round((own[0] ?? 0) * share);
      else for (let task = 0; task < size; task += 1) changed[first + task] = Math.round((own[task] as number) * (1 - share));
    }
  }
  return changed;
}

/** In so many parts, each way to do so as likely as any other: evenly spread over the simplex. */
function sharesOf(luck: Random, { id }: ProcessCall, parts: number): number[] {
  const name = nameOf(`what of ${id} is done apart`);
  const lengths = Array.from({ length: parts }, (_, part) => -Math.log(luck.uniform(name, part)));
  const sum = lengths.reduce((total, one) => total + one, 0);
  return lengths.map((one) => one / sum);
}
