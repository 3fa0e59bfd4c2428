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
  return one === other || (one.length === other.length && one.every((value, at) => value === other[at]));
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

/** All tasks of a call: those of one summand after those of another. */
interface Placed {
  readonly size: number;
  readonly parts: readonly PlacedPart[];
}

/** The tasks of a summand. */
interface PlacedPart {
  readonly summand: Summand;
  /** The number of the first among the tasks of the call, and that behind the last. */
  readonly from: number;
  readonly to: number;
  /** By dimension, the place of each task on it; undefined: they have none. Those that follow from others are added when asked for. */
  readonly places: Map<Dimension, Int32Array | undefined>;
}

/** Where the tasks of the calls stand; the same for all views of a pipeline. */
export class PlacedTasks {
  readonly model: ChannelModel;
  readonly #binding: Binding;
  readonly #most: number;
  readonly #shares: ReadonlyMap<ProcessCall, number>;
  readonly #placed = new Map<ProcessCall, Placed>();
  readonly #labels = new Map<unknown, string[]>();
  readonly #numbers = new Map<PlacedPart, Map<string, Int32Array>>();

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
      const parts: PlacedPart[] = [];
      let size = 0;
      for (const summand of this.#summandsOf(call)) {
        const { count, places } = this.#assignments(call, summand);
        parts.push({ summand, from: size, to: size + count, places });
        size += count;
      }
      placed = { size, parts };
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
  #assignments(call: ProcessCall, summand: Summand): { readonly count: number; readonly places: Map<Dimension, Int32Array> } {
    const dimensions = this.model.dimensions.freeOf(summand.index);
    const size = this.sizeOf(dimensions);
    const { first, count, step } = this.#ran(call, summand, size);
    const places = new Map<Dimension, Int32Array>();
    let within = 1;
    for (const dimension of dimensions.toReversed()) {
      const of = this.numberOf(dimension);
      const column = new Int32Array(count);
      for (let at = 0; at < count; at += 1) column[at] = Math.floor(Math.min(size - 1, Math.floor(first + at * step)) / within) % of;
      places.set(dimension, column);
      within *= of;
    }
    return { count, places };
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
    const said = this.#binding.countOf(this.model.dimensions.countSelected(index, selections));
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
  haveAll({ parts }: Placed, dimension: Dimension): boolean {
    return parts.every((part) => part.from === part.to || this.placesOn(part, dimension) !== undefined);
  }

  /** The places of the tasks on a dimension; undefined where they have none: tasks of one summand have the same dimensions. */
  placesOn(part: PlacedPart, dimension: Dimension): Int32Array | undefined {
    const { places } = part;
    if (!places.has(dimension)) places.set(dimension, this.#gatheredOn(part, dimension));
    return places.get(dimension);
  }

  /** On a dimension that follows from others. */
  #gatheredOn(part: PlacedPart, dimension: Dimension): Int32Array | undefined {
    if (dimension.copyOf !== undefined || dimension.quotientOf.length === 0) return undefined;
    const bases = [...closureOf(dimension.quotientOf)];
    const columns: Int32Array[] = [];
    for (const base of bases) {
      const column = this.placesOn(part, base);
      if (column === undefined) return undefined;
      columns.push(column);
    }
    const [size, number] = [this.sizeOf(bases), this.numberOf(dimension)];
    // In turn, with the first dimension the slowest: a sample's rows stand together.
    return Int32Array.from(this.#counted(columns, bases, part.to - part.from), (place) => Math.floor((place * number) / Math.max(1, size)));
  }

  /** One number for each combination of places on the dimensions, by task; 0 on those that they have not. */
  numbersOn(part: PlacedPart, dimensions: readonly Dimension[]): Int32Array {
    let known = this.#numbers.get(part);
    if (known === undefined) this.#numbers.set(part, (known = new Map()));
    const key = dimensions.map(({ id }) => id).join();
    let numbers = known.get(key);
    if (numbers === undefined) {
      const columns = dimensions.map((one) => this.placesOn(part, one));
      known.set(key, (numbers = Int32Array.from(this.#counted(columns, dimensions, part.to - part.from))));
    }
    return numbers;
  }

  #counted(columns: readonly (Int32Array | undefined)[], dimensions: readonly Dimension[], count: number): Float64Array {
    const numbers = new Float64Array(count);
    for (const [at, dimension] of dimensions.entries()) {
      const [of, column] = [this.numberOf(dimension), columns[at]];
      for (let task = 0; task < count; task += 1) numbers[task] = (numbers[task] as number) * of + (column?.[task] ?? 0);
    }
    return numbers;
  }
}

/** @param calls each behind those that it waits for. */
export function taskGraph(placed: PlacedTasks, calls: readonly ProcessCall[], view: View): TaskGraph {
  const groups: { call: ProcessCall; size: number; first: number; waits: Wait[]; gates: Gate[] }[] = [];
  const at = new Map<ProcessCall, number>();
  const gates = new Map<string, Gate>();
  let tasks = 0;
  for (const call of calls) {
    const { size, parts } = placed.of(call);
    const waits: Wait[] = [];
    for (const part of parts) {
      for (const [on, { tied, any }] of view(call, part.summand)) {
        const group = at.get(on);
        const above = group === undefined ? undefined : groups[group];
        if (group === undefined || above === undefined || above.size === 0) continue;
        const upstream = placed.of(on);
        const dimensions = [...tied].filter(
          (one) => placed.haveAll(upstream, one) && part.from < part.to && placed.placesOn(part, one) !== undefined,
        );
        const key = `${group} ${any === true} ${dimensions.map(({ id }) => id).join()}`;
        let gate = gates.get(key);
        if (gate === undefined) {
          gate = {
            gateOf: joined(upstream.parts.map((one) => placed.numbersOn(one, dimensions))),
            count: placed.sizeOf(dimensions),
            any: any === true,
          };
          gates.set(key, gate);
          above.gates.push(gate);
        }
        waits.push({ on: group, gate, from: part.from, gateOf: placed.numbersOn(part, dimensions) });
      }
    }
    at.set(call, groups.length);
    groups.push({ call, size, first: tasks, waits, gates: [] });
    tasks += size;
  }
  return { groups, tasks };
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const all = new Int32Array(parts.reduce((length, one) => length + one.length, 0));
  let from = 0;
  for (const one of parts) {
    all.set(one, from);
    from += one.length;
  }
  return all;
}
