/**
 * Holds what the symbolic channel model says of a pipeline against what nf-mini saw in one world: kinds, counts, data and waits. A difference
 * is a sentence; none means that nothing the model claims was refuted.
 */
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { placeOfName } from '../../src/parser/graph/channels.ts';
import { ChannelModel } from '../../src/parser/graph/model/channel-model.ts';
import { type Atom, type Count, formulaOf, numberFor } from '../../src/parser/graph/model/count.ts';
import type { Dimension } from '../../src/parser/graph/model/dimensions.ts';
import type { Dependence, Dependences, Summand } from '../../src/parser/graph/model/shapes.ts';
import type { ChannelNode, ProcessCall, ProcessGraph } from '../../src/parser/graph/process-graph.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { type Bits, members } from './engine.ts';
import { run, type Task, type WorldRun } from './run.ts';
import type { World } from './world.ts';

/** `overstated`: a wait for all tasks of a call that a run did without. That is no violation: the model may say too much, not too little. */
export type Claim = 'kind' | 'count' | 'data' | 'waits' | 'never runs' | 'overstated';

export interface Violation {
  readonly claim: Claim;
  readonly call: string;
  readonly message: string;
}

export interface Verdict {
  readonly violations: readonly Violation[];
  /** Calls whose number of tasks was held to be exactly what the formula says, at most that, or to nothing at all. */
  readonly exact: number;
  readonly atMost: number;
  readonly uncounted: number;
  /** Tasks whose data and waits were looked at. */
  readonly tasks: number;
  /** Pairs of calls of which the second is said to wait for all of the first, and those that did not in this run. */
  readonly barriers: number;
  readonly overstated: readonly Violation[];
}

export function modelOf(files: Readonly<Record<string, string>>, world: World): ChannelModel {
  // The world's own files are not shown: the model has to say how it would be with any.
  const pipeline = loadPipeline(memoryTree(files), 'main.nf', { fileParams: { ...world.params } });
  return new ChannelModel(buildProcessGraph(pipeline));
}

/** A pipeline and its models, one for each set of params. */
export class Models {
  readonly #files: Readonly<Record<string, string>>;
  readonly #known = new Map<string, ChannelModel>();
  constructor(files: Readonly<Record<string, string>>) {
    this.#files = files;
  }

  judge(world: World, seed: number): Verdict {
    const params = JSON.stringify(world.params ?? {});
    let model = this.#known.get(params);
    if (model === undefined) this.#known.set(params, (model = modelOf(this.#files, world)));
    return new Judge(model, run(this.#files, 'main.nf', world, seed), world).verdict();
  }
}

export function judge(files: Readonly<Record<string, string>>, world: World, seed: number): Verdict {
  return new Models(files).judge(world, seed);
}

class Judge {
  readonly #model: ChannelModel;
  readonly #graph: ProcessGraph;
  readonly #seen: WorldRun;
  readonly #honest: boolean;
  /** nf-mini's number for a node of the graph. */
  readonly #nodes = new Map<ChannelNode, number>();
  readonly #elements = new Map<string, { readonly element: string; readonly bit: number }[]>();
  readonly #masks = new Map<Dimension, Bits>();
  readonly #numbers = new Map<Atom, { readonly number: number; readonly ragged: boolean } | undefined>();
  readonly #upstream = new Map<ProcessCall, ReadonlySet<string>>();
  readonly #violations: Violation[] = [];

  constructor(model: ChannelModel, seen: WorldRun, world: World) {
    this.#model = model;
    this.#graph = model.graph;
    this.#seen = seen;
    this.#honest = world.honest !== false;
    this.#matchNodes();
    seen.lineages.forEach(({ place, node, element }, at) => {
      const key = `${place} ${node}`;
      const list = this.#elements.get(key);
      if (list === undefined) this.#elements.set(key, [{ element, bit: at }]);
      else list.push({ element, bit: at });
    });
  }

  verdict(): Verdict {
    this.#judgeKinds();
    const counted = { exact: 0, atMost: 0, uncounted: 0 };
    for (const call of this.#graph.calls) counted[this.#judgeCount(call)]++;
    const byCall = new Map(this.#graph.calls.map((call) => [call.id, call] as const));
    for (const task of this.#seen.tasks) {
      const call = byCall.get(task.call);
      if (call === undefined) this.#violations.push({ claim: 'never runs', call: task.call, message: 'is not in the graph' });
      else if (!task.skipped) this.#judgeTask(call, task);
    }
    return { ...counted, ...this.#judgeBarriers(), violations: this.#violations, tasks: this.#seen.tasks.length };
  }

  // -------------------------------------------------------------------------------------------------- places

  /** What is expanded twice stands twice at its place, in the same order on both sides. */
  #matchNodes(): void {
    const theirs = new Map<string, ChannelNode[]>();
    for (const node of this.#graph.nodes) {
      if (node.active === false) continue;
      const place = placeOf(node);
      theirs.set(place, [...(theirs.get(place) ?? []), node]);
    }
    const ours = new Map<string, Set<number>>();
    for (const { place, node } of this.#seen.channels) ours.set(place, (ours.get(place) ?? new Set()).add(node));
    for (const [place, nodes] of theirs) {
      const numbers = [...(ours.get(place) ?? [])].sort((one, two) => one - two);
      const real = nodes.filter(({ type }) => type !== 'alternatives');
      if (numbers.length === real.length) for (const [at, node] of real.entries()) this.#nodes.set(node, numbers[at]!);
    }
  }

  #elementsAt(node: ChannelNode): readonly { readonly element: string; readonly bit: number }[] {
    return this.#elements.get(`${placeOf(node)} ${this.#nodes.get(node) ?? -1}`) ?? [];
  }

  // -------------------------------------------------------------------------------------------------- kinds

  #judgeKinds(): void {
    for (const node of this.#graph.nodes) {
      const number = this.#nodes.get(node);
      if (number === undefined || node.kind === 'unknown') continue;
      for (const record of this.#seen.channels) {
        if (record.node !== number || record.place !== placeOf(node)) continue;
        if (record.channel.kind !== node.kind)
          this.#violations.push({
            claim: 'kind',
            call: record.name,
            message: `at ${record.place} is said to be a ${node.kind}, and is a ${record.channel.kind}`,
          });
      }
    }
  }

  // -------------------------------------------------------------------------------------------------- counts

  #judgeCount(call: ProcessCall): 'exact' | 'atMost' | 'uncounted' {
    const ran = this.#seen.counts.get(call.id) ?? 0;
    const tasks = this.#model.tasksOf(call);
    if (tasks.opaque !== undefined || tasks.about) return 'uncounted';
    if (tasks.summands.length === 0) {
      if (ran > 0) this.#violations.push({ claim: 'never runs', call: call.id, message: `is said to have no tasks, and ran ${ran}` });
      return 'exact';
    }
    let most = 0;
    let exact = true;
    for (const summand of tasks.summands) {
      const bound = this.#numberOf(this.#model.dimensions.countOf(summand.index));
      if (bound === undefined || !this.#honest) return 'uncounted';
      most += bound.number;
      if (bound.ragged || summand.fewer || summand.exactness !== 'exact' || summand.unsure || summand.selections.length > 0) exact = false;
    }
    most = Math.round(most * 1e6) / 1e6;
    const formula = `${formulaOf(tasks.count)}, here ${most}`;
    if (ran > most) this.#violations.push({ claim: 'count', call: call.id, message: `ran ${ran} tasks, more than ${formula}` });
    // Where nothing came somewhere, lists of nothing and what waits for them are missing: the formulas are of worlds where there is something.
    const nothing = this.#seen.channels.some(({ channel }) => channel.items.length === 0);
    if (!exact || nothing) return 'atMost';
    if (ran < most) this.#violations.push({ claim: 'count', call: call.id, message: `ran ${ran} tasks, fewer than ${formula}` });
    return 'exact';
  }

  #numberOf(count: Count): { number: number; ragged: boolean } | undefined {
    let ragged = false;
    const number = numberFor(count, (atom) => {
      const bound = this.#bind(atom);
      if (bound?.ragged === true) ragged = true;
      return bound?.number;
    });
    return number === undefined ? undefined : { number, ragged };
  }

  #bind(atom: Atom): { readonly number: number; readonly ragged: boolean } | undefined {
    if (this.#numbers.has(atom)) return this.#numbers.get(atom);
    this.#numbers.set(atom, undefined);
    const dimension = this.#model.dimensions.all.find((one) => one.atom === atom);
    const bound = dimension === undefined ? undefined : this.#bindDimension(dimension);
    this.#numbers.set(atom, bound);
    return bound;
  }

  #bindDimension(dimension: Dimension): { number: number; ragged: boolean } | undefined {
    const { atom, within, origin } = dimension;
    if (atom.derived !== undefined) {
      const from = atom.derived.from.map((count) => this.#numberOf(count));
      if (from.includes(undefined)) return undefined;
      return {
        number: Math.max(0, atom.derived.of(from.map((one) => one!.number))),
        ragged: from.some((one) => one!.ragged),
      };
    }
    if (atom.known !== undefined) return { number: atom.known, ragged: false };
    if (dimension.key !== undefined) {
      const numbers = this.#nodesWith(dimension).map((node) => groupsAmong(this.#elementsAt(node)));
      // There are no more keys than items that have them: who has more tells apart by more.
      const base = this.#numberOf(this.#model.dimensions.countOf(dimension.quotientOf))?.number ?? 0;
      const others = this.#uniquesOf(dimension).map((node) => groupsAmong(this.#elementsAt(node)));
      const all = [...numbers, ...others.filter((number) => number <= base)];
      return all.length === 0 ? undefined : { number: Math.max(...all), ragged: false };
    }
    if (this.#nodes.get(origin) === undefined) return undefined;
    const elements = this.#elementsAt(origin);
    if (within.length === 0) return { number: elements.length, ragged: false };
    const parents = this.#numberOf(this.#model.dimensions.countOf(within));
    if (parents === undefined) return undefined;
    if (parents.number === 0) return { number: 0, ragged: false };
    const perParent = new Map<string, number>();
    for (const { element } of elements) {
      const parent = element.slice(0, element.lastIndexOf('/'));
      perParent.set(parent, (perParent.get(parent) ?? 0) + 1);
    }
    const most = Math.max(0, ...perParent.values());
    const even = perParent.size === parents.number && [...perParent.values()].every((count) => count === most);
    // Uneven ones have no one number that fits: then what is most for each is most for all.
    return { number: most, ragged: !even || parents.ragged };
  }

  #uniquesOf(dimension: Dimension): ChannelNode[] {
    return this.#graph.nodes.filter(
      (node) =>
        node.type === 'operator' &&
        (node.name === 'unique' || node.name === 'distinct') &&
        node.active !== false &&
        this.#model
          .flowOf({ node, port: undefined })
          .summands.every(({ index }, _, all) => all.length === 1 && index.length === 1 && index[0] === dimension),
    );
  }

  /** Operators that tell items apart by these keys. */
  #nodesWith(dimension: Dimension): ChannelNode[] {
    return this.#graph.nodes.filter((node) => {
      if (node === dimension.origin) return true;
      // groupTuple, and the same operator expanded once more, where it tells apart by nothing else.
      if (node.type !== 'operator' || node.active === false) return false;
      if (node.name !== 'groupTuple' && placeOf(node) !== placeOf(dimension.origin)) return false;
      return this.#model
        .flowOf({ node, port: undefined })
        .summands.every(({ index }, _, all) => all.length === 1 && index.length === 1 && index[0] === dimension);
    });
  }

  // -------------------------------------------------------------------------------------------------- barriers

  #judgeBarriers(): { barriers: number; overstated: Violation[] } {
    const overstated: Violation[] = [];
    let barriers = 0;
    const tasksOf = new Map<string, Task[]>();
    for (const task of this.#seen.tasks) if (!task.skipped) tasksOf.set(task.call, [...(tasksOf.get(task.call) ?? []), task]);
    for (const call of this.#graph.calls) {
      const { summands, opaque } = this.#model.tasksOf(call);
      const waiting = tasksOf.get(call.id) ?? [];
      const [first] = summands;
      if (first === undefined || opaque !== undefined || waiting.length === 0) continue;
      for (const other of first.waits.keys()) {
        const awaited = tasksOf.get(other.id) ?? [];
        const all = summands.every(({ waits }) => isAll(waits.get(other)));
        // One task is all of its call, whatever ties it.
        if (!all || awaited.length < 2) continue;
        barriers++;
        const bits = awaited.reduce((sofar, { index }) => sofar | (1n << BigInt(index)), 0n);
        const free = waiting.find(({ index }) => (this.#seen.waits[index]! & bits) !== bits);
        if (free !== undefined)
          overstated.push({ claim: 'overstated', call: call.id, message: `#${free.index} did not wait for all tasks of ${other.id}` });
      }
    }
    return { barriers, overstated };
  }

  // -------------------------------------------------------------------------------------------------- data and waits

  #judgeTask(call: ProcessCall, task: Task): void {
    const { summands, opaque } = this.#model.tasksOf(call);
    if (opaque !== undefined) return;
    const data = members(task.data);
    const waits = members(task.waitsDirectly);
    const fits = (summand: Summand, exactly: boolean): string | undefined =>
      this.#outside('data', data, task, summand.data, exactly) ?? this.#outside('waits', waits, task, summand.waits, exactly);
    const excuses = summands.map((summand) => fits(summand, this.#honest));
    if (excuses.length === 0 || excuses.includes(undefined)) return;
    const [first] = excuses;
    const claim = excuses.some((one) => one!.startsWith('waits')) ? 'waits' : 'data';
    this.#violations.push({ claim, call: call.id, message: `#${task.index}: ${first}` });
  }

  /** The first task that the dependences do not allow for. `exactly`: the very tasks; else their calls alone. */
  #outside(what: 'data' | 'waits', tasks: readonly number[], task: Task, allowed: Dependences, exactly: boolean): string | undefined {
    for (const index of tasks) {
      const other = this.#seen.tasks[index]!;
      const [call, dependence] = [...allowed].find(([one]) => one.id === other.call) ?? [];
      if (call !== undefined && dependence !== undefined && (!exactly || this.#agree(task, other, dependence))) continue;
      // Who waits for the end of a call's channel waits for whatever that end waits for.
      if (what === 'waits' && this.#closesAfter(other.call, allowed)) continue;
      const said =
        dependence === undefined
          ? `only ${[...allowed].map(([one]) => one.id).join(', ') || 'nothing'}`
          : `those that agree on ${[...dependence.tied].map(({ atom }) => atom.name).join(', ')}`;
      return `${what} of ${other.call} #${index}; the model says ${said}`;
    }
    return undefined;
  }

  #closesAfter(call: string, allowed: Dependences): boolean {
    return [...allowed].some(([one, dependence]) => isAll(dependence) && this.#upstreamOf(one).has(call));
  }

  #upstreamOf(call: ProcessCall): ReadonlySet<string> {
    const known = this.#upstream.get(call);
    if (known !== undefined) return known;
    const found = new Set<string>();
    const visit = (one: ProcessCall): void => {
      for (const { from, to } of this.#graph.edges)
        if (to === one && !('type' in from) && !found.has(from.id)) {
          found.add(from.id);
          visit(from);
        }
    };
    visit(call);
    this.#upstream.set(call, found);
    return found;
  }

  #agree(task: Task, other: Task, { tied, any }: Dependence): boolean {
    if (any === true) return true;
    return [...tied].every((dimension) => this.#agreeOn(dimension, task, other));
  }

  #agreeOn(dimension: Dimension, task: Task, other: Task): boolean {
    const original = dimension.copyOf ?? dimension;
    const mask = this.#maskOf(original);
    const [one, two] = [task.lineage & mask, other.lineage & mask];
    if (one !== 0n && two !== 0n) return (one & two) !== 0n;
    // Not told apart there: what the groups are made of has to agree.
    return original.quotientOf.every((base) => this.#agreeOn(base, task, other));
  }

  #maskOf(dimension: Dimension): Bits {
    let mask = this.#masks.get(dimension);
    if (mask === undefined) {
      mask = 0n;
      const nodes = dimension.key === undefined ? [dimension.origin] : this.#nodesWith(dimension);
      // Several operators that group by the same key have elements of their own: only one of them can be compared.
      for (const { bit } of this.#elementsAt(nodes.length === 1 ? nodes[0]! : dimension.origin)) mask |= 1n << BigInt(bit);
      this.#masks.set(dimension, mask);
    }
    return mask;
  }
}

/** All tasks of a call. */
function isAll(dependence: Dependence | undefined): boolean {
  return dependence?.tied.size === 0 && dependence.any !== true && dependence.partly !== true;
}

/** A group that is given out twice is one key all the same. */
function groupsAmong(elements: readonly { readonly element: string }[]): number {
  return new Set(elements.map(({ element }) => element.replace(/~\d+$/, ''))).size;
}

function placeOf(node: ChannelNode): string {
  if (node.type === 'call') return `call ${node.call.id}`;
  const range = node.type === 'operator' ? placeOfName(node) : node.place;
  const { line, column } = range.file.positionAt(range.start);
  return `${range.file.path}:${line}:${column}`;
}
