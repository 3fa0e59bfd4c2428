/**
 * The tasks of a pipeline and who of them waits for whom: the channel model with numbers put in. Tasks that wait for the same tasks of a
 * call share one gate, so that n tasks that wait for n others are n + n links and not n × n.
 */
import type { Binding } from '../../parser/graph/model/binding.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { closureOf, type Dimension } from '../../parser/graph/model/dimensions.ts';
import type { Dependences, Selection, Summand } from '../../parser/graph/model/shapes.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';

/** A dimension of which there are many is still one of which there are several. */
const FEWEST_OF_MANY = 6;

/** What the tasks of a summand of a call wait for. */
export type View = (call: ProcessCall, summand: Summand) => Dependences;

/** Who waits for whom. One group after another: those that stand later may wait for those that stand earlier. */
export interface TaskLinks {
  readonly groups: readonly LinkedTasks[];
  readonly tasks: number;
}

/** Whether the same tasks wait for the same ones, gate by gate. */
export function isSame(one: TaskLinks, other: TaskLinks): boolean {
  const sameGates = (a: Gate, b: Gate): boolean => a.count === b.count && a.any === b.any && sameNumbers(a.gateOf, b.gateOf);
  return (
    one.tasks === other.tasks &&
    one.groups.length === other.groups.length &&
    one.groups.every(({ size, waits }, group) => {
      const beside = other.groups[group] as LinkedTasks;
      return (
        size === beside.size &&
        waits.length === beside.waits.length &&
        waits.every(({ on, from, gate, gateOf }, at) => {
          const wait = beside.waits[at] as Wait;
          return on === wait.on && from === wait.from && sameNumbers(gateOf, wait.gateOf) && sameGates(gate, wait.gate);
        })
      );
    })
  );
}

function sameNumbers(one: Int32Array, other: Int32Array): boolean {
  return one.length === other.length && one.every((value, at) => value === other[at]);
}

/** Tasks that are alike. */
export interface LinkedTasks {
  readonly size: number;
  /** Number of its first task among all tasks. */
  readonly first: number;
  readonly waits: readonly Wait[];
  /** Gates that open by its tasks. */
  readonly gates: readonly Gate[];
}

/** The tasks of a pipeline. */
export interface TaskGraph extends TaskLinks {
  readonly groups: readonly TaskGroup[];
}

/** All tasks of a call. */
export interface TaskGroup extends LinkedTasks {
  readonly call: ProcessCall;
}

/** Opens when all tasks with its number have ended (or the first of them, for `any`). */
export interface Gate {
  /** For each task of the group its gate. */
  readonly gateOf: Int32Array;
  readonly count: number;
  readonly any: boolean;
}

export interface Wait {
  readonly on: number;
  readonly gate: Gate;
  /** The first task, within the group, of those that wait; for each from there on its gate. */
  readonly from: number;
  readonly gateOf: Int32Array;
}

/** A task's place on each dimension that it has. */
type Coordinates = ReadonlyMap<Dimension, number>;

interface Placed {
  readonly coordinates: readonly Coordinates[];
  /** By summand: where its tasks begin. */
  readonly starts: readonly number[];
  readonly summands: readonly Summand[];
}

/** Where the tasks of the calls stand; the same for all views of a pipeline. */
export class PlacedTasks {
  readonly model: ChannelModel;
  readonly #binding: Binding;
  readonly #most: number;
  readonly #shares: ReadonlyMap<ProcessCall, number>;
  readonly #placed = new Map<ProcessCall, Placed>();
  readonly #labels = new Map<unknown, string[]>();
  readonly #complete = new Map<Placed, Map<Dimension, boolean>>();

  /**
   * @param most of each dimension, where the tasks are to be a small picture of all
   * @param shares by call: what the number of its tasks is to be multiplied with, as a run showed
   */
  constructor(
    model: ChannelModel,
    binding: Binding,
    shares: ReadonlyMap<ProcessCall, number> = new Map(),
    most: number = Number.POSITIVE_INFINITY,
  ) {
    this.model = model;
    this.#binding = binding;
    this.#shares = shares;
    this.#most = most;
  }

  /** The same with fewer: halved from `most` on until there are so many tasks or less, as far as that goes. */
  thinned(calls: readonly ProcessCall[], tasks: number, most: number): PlacedTasks {
    const fewer = new PlacedTasks(this.model, this.#binding, this.#shares, most);
    return most < FEWEST_OF_MANY || fewer.count(calls) <= tasks ? fewer : this.thinned(calls, tasks, most / 2);
  }

  /** How many there would be; before any of them is made. */
  count(calls: readonly ProcessCall[]): number {
    let total = 0;
    for (const call of calls)
      for (const summand of this.#summandsOf(call))
        total += this.#ran(call, summand, this.sizeOf(this.model.dimensions.freeOf(summand.index))).count;
    return total;
  }

  of(call: ProcessCall): Placed {
    let placed = this.#placed.get(call);
    if (placed === undefined) {
      const summands = this.#summandsOf(call);
      const starts: number[] = [];
      const coordinates: Coordinates[] = [];
      for (const summand of summands) {
        starts.push(coordinates.length);
        for (const one of this.#assignments(call, summand)) coordinates.push(one);
      }
      placed = { coordinates, starts, summands };
      this.#placed.set(call, placed);
    }
    return placed;
  }

  /** Those that are only there under params that nobody knows are counted where there are no others. */
  #summandsOf(call: ProcessCall): readonly Summand[] {
    const { summands } = this.model.tasksOf(call);
    const sure = summands.filter(({ unsure }) => !unsure);
    return sure.length === 0 ? summands.slice(0, 1) : sure;
  }

  sizeOf(dimensions: readonly Dimension[]): number {
    return dimensions.reduce((size, one) => size * this.numberOf(one), 1);
  }

  numberOf(dimension: Dimension): number {
    return Math.min(Math.round(this.#most), this.#inFull(dimension));
  }

  #inFull(dimension: Dimension): number {
    return Math.max(0, Math.round(this.#binding.numberOf(dimension.atom) ?? 1));
  }

  /** The first dimension is the slowest: what belongs to one sample stands together. */
  #assignments(call: ProcessCall, summand: Summand): readonly Coordinates[] {
    const dimensions = this.model.dimensions.freeOf(summand.index);
    const size = this.sizeOf(dimensions);
    const { first, count, step } = this.#ran(call, summand, size);
    return Array.from({ length: count }, (_, at) => {
      const place = new Map<Dimension, number>();
      let rest = Math.min(size - 1, Math.floor(first + at * step));
      for (const dimension of dimensions.toReversed()) {
        const of = this.numberOf(dimension);
        place.set(dimension, rest % of);
        rest = Math.floor(rest / of);
      }
      return place;
    });
  }

  /** Of the assignments that are chosen, as many as the share says: some from everywhere, or several at one place. */
  #ran(call: ProcessCall, summand: Summand, size: number): { first: number; count: number; step: number } {
    const chosen = this.#chosen(summand, size);
    const share = this.#shares.get(call);
    if (share === undefined) return chosen;
    const count = Math.round(chosen.count * share);
    return { first: chosen.first, count, step: (chosen.count * chosen.step) / Math.max(1, count) };
  }

  /**
   * Which of `size` assignments the items of a summand are: as many as the binding says, else an even share for each label of a branch. Labels of one branch
   * get items one behind the other, so that no item has two of them as far as their numbers allow; of all pairs it is some from everywhere.
   */
  #chosen({ index, selections }: Summand, size: number): { first: number; count: number; step: number } {
    if (selections.length === 0 || size === 0) return { first: 0, count: size, step: 1 };
    const labels = selections.map(({ label }) => label);
    const said = this.#binding.countOf(this.model.dimensions.countSelected(index, labels));
    const full = this.model.dimensions.freeOf(index).reduce((product, one) => product * this.#inFull(one), 1);
    const number = said === undefined ? undefined : Math.ceil((Math.round(said) * size) / full);
    // Of what the number is not known: several stand at one place.
    if (number !== undefined && number > size) return { first: 0, count: number, step: size / number };
    if (selections.some(({ of }) => !Number.isFinite(of))) {
      const count = number ?? Math.min(size, Math.max(1, Math.round(Math.sqrt(size))));
      return { first: 0, count, step: size / Math.max(1, count) };
    }
    let [first, length] = [0, size];
    for (const [at, { node, label, of }] of selections.entries()) {
      const within = at === selections.length - 1 && number !== undefined ? number : length / Math.max(1, of);
      if (of > 1) first += (Math.min(this.#placeOf(node, label), of - 1) / (of - 1)) * (length - within);
      length = within;
    }
    const from = Math.max(0, Math.min(Math.round(first), size - (number ?? 0)));
    return { first: from, count: number ?? Math.round(first + length) - from, step: 1 };
  }

  /** Of a label among those of its branch, as they were met. */
  #placeOf(node: Selection['node'], label: string): number {
    let labels = this.#labels.get(node);
    if (labels === undefined) this.#labels.set(node, (labels = []));
    if (!labels.includes(label)) labels.push(label);
    return labels.indexOf(label);
  }

  /** Whether each task of a call has a place on the dimension. */
  haveAll(call: ProcessCall, dimension: Dimension): boolean {
    const placed = this.of(call);
    let known = this.#complete.get(placed);
    if (known === undefined) this.#complete.set(placed, (known = new Map()));
    let answer = known.get(dimension);
    if (answer === undefined) {
      answer = placed.starts.every((start, at) => {
        const first = start < (placed.starts[at + 1] ?? placed.coordinates.length) ? placed.coordinates[start] : undefined;
        return first === undefined || this.placeOn(first, dimension) !== undefined;
      });
      known.set(dimension, answer);
    }
    return answer;
  }

  /** The place of a task on a dimension; undefined where it has none. */
  placeOn(coordinates: Coordinates, dimension: Dimension): number | undefined {
    const direct = coordinates.get(dimension);
    if (direct !== undefined) return direct;
    if (dimension.copyOf !== undefined || dimension.quotientOf.length === 0) return undefined;
    let number = 0;
    let size = 1;
    for (const base of closureOf(dimension.quotientOf)) {
      const place = this.placeOn(coordinates, base);
      if (place === undefined) return undefined;
      const of = this.numberOf(base);
      // In turn, with the first dimension the slowest: a sample's rows stand together.
      number = number * of + place;
      size *= of;
    }
    return Math.floor((number * this.numberOf(dimension)) / Math.max(1, size));
  }
}

/** @param calls each behind those that it waits for. */
export function taskGraph(placed: PlacedTasks, calls: readonly ProcessCall[], view: View): TaskGraph {
  const groups: { call: ProcessCall; size: number; first: number; waits: Wait[]; gates: Gate[] }[] = [];
  const at = new Map<ProcessCall, number>();
  const gates = new Map<string, Gate>();
  let tasks = 0;
  for (const call of calls) {
    const { coordinates, starts, summands } = placed.of(call);
    const waits: Wait[] = [];
    for (const [index, summand] of summands.entries()) {
      const from = starts[index] as number;
      const to = starts[index + 1] ?? coordinates.length;
      for (const [on, { tied, any }] of view(call, summand)) {
        const group = at.get(on);
        const above = group === undefined ? undefined : groups[group];
        if (group === undefined || above === undefined || above.size === 0) continue;
        const upstream = placed.of(on).coordinates;
        const mine = coordinates[from];
        const dimensions = [...tied].filter(
          // Tasks of one summand have the same dimensions.
          (one) => placed.haveAll(on, one) && mine !== undefined && placed.placeOn(mine, one) !== undefined,
        );
        const key = `${group} ${any === true} ${dimensions.map(({ id }) => id).join()}`;
        let gate = gates.get(key);
        if (gate === undefined) {
          gate = {
            gateOf: Int32Array.from(upstream, (place) => numberOn(placed, place, dimensions)),
            count: placed.sizeOf(dimensions),
            any: any === true,
          };
          gates.set(key, gate);
          above.gates.push(gate);
        }
        const gateOf = Int32Array.from(range(from, to), (task) => numberOn(placed, coordinates[task] as Coordinates, dimensions));
        waits.push({ on: group, gate, from, gateOf });
      }
    }
    at.set(call, groups.length);
    groups.push({ call, size: coordinates.length, first: tasks, waits, gates: [] });
    tasks += coordinates.length;
  }
  return { groups, tasks };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function numberOn(placed: PlacedTasks, coordinates: Coordinates, dimensions: readonly Dimension[]): number {
  return dimensions.reduce((number, one) => number * placed.numberOf(one) + (placed.placeOn(coordinates, one) ?? 0), 0);
}
