/**
 * The channel model: for every channel of the graph what flows on it, and for every call its tasks. Worked out when asked for; each
 * node once. What an operator does is in `transfer.ts`, what a source gives in `sources.ts`, what a process makes in `outputs.ts`.
 */
import type { Value } from '../../evaluate/value.ts';
import { ListValue } from '../../evaluate/value.ts';
import { kindOf } from '../channel-graph.ts';
import { activityOf, givenTo } from '../channels.ts';
import { declaredElements } from '../declared-elements.ts';
import { someNode } from '../expressions.ts';
import type { CallNode, ChannelNode, ChannelRef, OperatorNode, ProcessCall, ProcessGraph } from '../process-graph.ts';
import { ArrivalOrders } from './arrival-orders.ts';
import { type Count, sum } from './count.ts';
import { allOf, anyOf, isAll, NOT_OPTIONAL, NOTHING, oneOf, perhaps, union, unionOf, worst } from './dependences.ts';
import { type Dimension, Dimensions, type Index, idsOf } from './dimensions.ts';
import { ItemCounts } from './item-counts.ts';
import { GatheredValue, generalOf, ItemValue, Mark, originOf } from './item-value.ts';
import { independent } from './operators/pairs.ts';
import { conditionMarks } from './operators/pairs-by-condition.ts';
import { outputFlow } from './outputs.ts';
import type { Flow, Selection, Summand, Tasks } from './shapes.ts';
import type { Sheet } from './sheets.ts';
import { sourceFlow } from './sources.ts';
import { operatorFlow } from './transfer.ts';
import { namedAfter, whenceOf } from './whence.ts';

/** More are merged into one of which nothing is told apart. */
export const MOST_SUMMANDS = 256;
/** Of all channels; once there are more, each further one has few. Of public pipelines sarek and mag have the most, 20,000. */
const MOST_SUMMANDS_TOGETHER = 25_000;
const FEW_SUMMANDS = 16;
/** What an item is told apart by, and parts of one. */
const MOST_DIMENSIONS = 16;
const MOST_PARTS = 200;

export class ChannelModel {
  readonly graph: ProcessGraph;
  readonly dimensions = new Dimensions();
  /** What rows are of, by the dimension that they are. */
  readonly sheets = new Map<Dimension, Sheet>();
  /** What was taken for granted, once each. */
  readonly assumptions = new Set<string>();
  /** Where there was more to tell apart than is followed. */
  readonly merged = new Set<ChannelNode>();
  #summands = 0;
  readonly #flows = new Map<ChannelNode, Map<string | number | undefined, Flow>>();
  readonly #tasks = new Map<ProcessCall, Tasks>();
  readonly #orders: ArrivalOrders;
  #eithers = 0;
  #filters: Map<ChannelNode, OperatorNode[]> | undefined;

  constructor(graph: ProcessGraph) {
    this.graph = graph;
    this.#orders = new ArrivalOrders(graph, new ItemCounts(graph));
  }

  flowOf(ref: ChannelRef): Flow {
    let ports = this.#flows.get(ref.node);
    if (ports === undefined) this.#flows.set(ref.node, (ports = new Map()));
    let flow = ports.get(ref.port);
    if (flow === undefined) {
      // For what stands on a loop.
      ports.set(ref.port, { kind: kindOf(ref), summands: [], closes: new Set(), opaque: 'it feeds itself' });
      const most = this.#summands < MOST_SUMMANDS_TOGETHER ? MOST_SUMMANDS : FEW_SUMMANDS;
      flow = this.#narrowed(this.capped(this.#folded(this.#compute(ref)), ref.node, most), ref.node);
      this.#summands += flow.summands.length;
      ports.set(ref.port, flow);
    }
    return flow;
  }

  #compute(ref: ChannelRef): Flow {
    const { node } = ref;
    if (activityOf(node) === false) return { kind: kindOf(ref), summands: [], closes: new Set(), opaque: undefined };
    switch (node.type) {
      case 'source':
        return sourceFlow(this, node);
      case 'operator':
        return operatorFlow(this, node, ref.port);
      case 'call':
        return outputFlow(this, node, ref.port);
      case 'topic':
        return this.#mixed(ref, node.senders);
      case 'alternatives': {
        const open = node.inputs.filter((input) => input.active !== false);
        const [only] = open;
        if (open.length === 1 && only !== undefined) return this.flowOf(only.ref);
        const flows = open.map((input) => this.flowOf(input.ref));
        return {
          kind: kindOf(ref),
          summands: this.oneOf(flows),
          closes: new Set(flows.flatMap((flow) => [...flow.closes])),
          opaque: flows.find((flow) => flow.opaque !== undefined)?.opaque,
        };
      }
    }
  }

  #mixed(ref: ChannelRef, refs: readonly ChannelRef[]): Flow {
    const flows = refs.map((one) => this.flowOf(one));
    return {
      kind: kindOf(ref),
      summands: flows.flatMap((flow) => flow.summands),
      closes: new Set(flows.flatMap((flow) => [...flow.closes])),
      opaque: flows.find((flow) => flow.opaque !== undefined)?.opaque,
    };
  }

  /** Exactly one of them is the channel: what is alike in all of them is there whichever it is. */
  oneOf(flows: readonly Flow[]): readonly Summand[] {
    const alike = new Map<string, { summands: Summand[]; flows: number }>();
    for (const flow of flows) {
      const times = new Map<string, number>();
      for (const summand of flow.summands) {
        const shape = shapeOf(summand);
        const time = (times.get(shape) ?? 0) + 1;
        times.set(shape, time);
        const key = `${shape} ${time}`;
        const same = alike.get(key);
        if (same === undefined) alike.set(key, { summands: [summand], flows: 1 });
        else {
          if (!same.summands.includes(summand)) same.summands.push(summand);
          same.flows += 1;
        }
      }
    }
    return [...alike.values()].map(({ summands: some, flows: times }): Summand => {
      const [first] = some as [Summand];
      const unsure = times < flows.length || some.some((summand) => summand.unsure);
      if (some.length === 1) return unsure === first.unsure ? first : { ...first, unsure };
      return this.either(some, unsure);
    });
  }

  /** What is only there under unknown conditions is told apart no further than by its index. */
  #folded(flow: Flow): Flow {
    if (flow.summands.filter((summand) => summand.unsure).length < 2) return flow;
    const byShape = new Map<string, Summand[]>();
    const summands: Summand[] = [];
    for (const summand of flow.summands) {
      if (!summand.unsure) {
        summands.push(summand);
        continue;
      }
      const shape = shapeOf(summand);
      const same = byShape.get(shape);
      if (same === undefined) byShape.set(shape, [summand]);
      else same.push(summand);
    }
    for (const some of byShape.values()) summands.push(some.length === 1 ? (some[0] as Summand) : this.either(some, true));
    return { ...flow, summands };
  }

  /** One of several that are alike: which one is not known. */
  either(some: readonly Summand[], unsure = some.every((summand) => summand.unsure)): Summand {
    const [first] = some as [Summand];
    return {
      ...first,
      unsure,
      fewer: some.some((summand) => summand.fewer),
      exactness: worst(some),
      item: generalOf(
        some.map(({ item }) => item),
        new Mark(`either${(this.#eithers += 1)}`, first.index, '', false, false, originOf(some.map(({ item }) => item))),
      ),
      data: unionOf(some.map(({ data }) => data)),
      waits: unionOf(some.map(({ waits }) => waits)),
    };
  }

  /** Pairs of pairs of pairs: beyond some depth nobody tells apart what an item is made of, and it would double each time. */
  #narrowed(flow: Flow, node: ChannelNode): Flow {
    const isWide = ({ index, item }: Summand): boolean =>
      index.length > MOST_DIMENSIONS || (item instanceof ListValue && item.items.length > MOST_PARTS);
    if (!flow.summands.some(isWide)) return flow;
    this.merged.add(node);
    const index = [this.dimensions.element(node, [], namedAfter('items together', whenceOf(node)), undefined, 'wide')];
    return {
      ...flow,
      summands: flow.summands.map((summand, at) =>
        isWide(summand)
          ? {
              ...summand,
              index,
              exactness: 'about' as const,
              item: ItemValue.of(`wide${node.index}.${at}`, index, '', false, false, originOf([summand.item])),
              data: anyOf(summand.data),
              waits: anyOf(summand.waits),
            }
          : summand,
      ),
    };
  }

  /** With so many kinds of items at most: the last of them stands for all that are more. */
  capped(flow: Flow, node: ChannelNode, most: number, port: string | number = ''): Flow {
    if (flow.summands.length <= most) return flow;
    this.merged.add(node);
    const index = [this.dimensions.element(node, [], namedAfter('items together', whenceOf(node)), undefined, port)];
    const kept = flow.summands.slice(0, most - 1);
    const rest = flow.summands.slice(most - 1);
    const items = rest.map(({ item }) => item);
    const one: Summand = {
      index,
      selections: [],
      fewer: true,
      exactness: 'about',
      optional: NOT_OPTIONAL,
      unsure: true,
      // Of whatever kind it is, it is made of what they are made of.
      item: generalOf(items, new Mark(`merged${node.index}${port}`, index, '', false, false, originOf(items))),
      data: anyOf(unionOf(rest.map(({ data }) => data))),
      waits: anyOf(unionOf(rest.map(({ waits }) => waits))),
    };
    return { ...flow, summands: [...kept, one] };
  }

  /** These calls, and those that have ended when they have. */
  upstreamOf(calls: Iterable<ProcessCall>): ReadonlySet<ProcessCall> {
    const found = new Set<ProcessCall>();
    const visit = (call: ProcessCall): void => {
      if (found.has(call)) return;
      found.add(call);
      for (const input of call.inputs) for (const ref of givenTo(input)) this.flowOf(ref).closes.forEach(visit);
    };
    for (const call of calls) visit(call);
    return found;
  }

  /** What an item waits for that is of one of these: perhaps for the end of what only some of them wait for. */
  waitsOfOne(summands: readonly Summand[]): Summand['waits'] {
    const one = oneOf(summands.map(({ waits }) => waits));
    const ends = summands.flatMap(({ waits }) => [...waits].filter(([call, dependence]) => isAll(dependence) && one.get(call)?.any));
    return ends.length === 0 ? one : union(one, perhaps(this.upstreamOf(ends.map(([call]) => call))));
  }

  /** Whether the outputs of a call's tasks leave in the order in which the tasks were begun. */
  isFair(node: CallNode): boolean {
    return this.#orders.isFair(node);
  }

  /** The filters of a node's channels. */
  filtersOf({ node }: ChannelRef): readonly OperatorNode[] {
    if (this.#filters === undefined) {
      this.#filters = new Map();
      for (const one of this.graph.nodes) {
        const above = one.type === 'operator' && one.name === 'filter' && one.active !== false ? one.inputs[0]?.node : undefined;
        if (above === undefined) continue;
        const same = this.#filters.get(above);
        if (same === undefined) this.#filters.set(above, [one as OperatorNode]);
        else same.push(one as OperatorNode);
      }
    }
    return this.#filters.get(node) ?? [];
  }

  /** What the condition of a `filter` depends on, or those of a `branch`; undefined where that cannot be told. */
  conditionOf(node: OperatorNode): readonly Mark[] | undefined {
    return conditionMarks(this, node);
  }

  tasksOf(call: ProcessCall): Tasks {
    let tasks = this.#tasks.get(call);
    if (tasks === undefined) {
      this.#tasks.set(call, { ...NO_TASKS, opaque: 'it feeds itself' });
      tasks = this.#tasksOf(call);
      this.#tasks.set(call, tasks);
    }
    return tasks;
  }

  #tasksOf(call: ProcessCall): Tasks {
    if (call.active === false || this.graph.directivesOf(call).get('when')?.value === false) return NO_TASKS;
    const unsure = call.active === 'unknown';
    // A call stands mostly at one site; at several its inputs are those of all of them.
    const inputs = call.inputs.map((input) => {
      const given = givenTo(input);
      const each = input.declaration !== undefined && declaredElements(input.declaration).each;
      const [only] = given;
      return {
        input,
        each,
        ref: given.length === 1 ? only : undefined,
        flow: given.length === 1 && only !== undefined ? this.flowOf(only) : this.#several(given),
      };
    });
    const opaque = inputs.find(({ flow }) => flow.opaque !== undefined)?.flow.opaque;
    // A value that is never bound, or a queue without items: nothing runs.
    if (inputs.some(({ flow }) => flow.summands.length === 0)) return { ...NO_TASKS, opaque };

    const queues = inputs.filter(({ flow, each }) => !each && flow.kind !== 'value');
    const values = inputs.filter(({ flow, each }) => !each && flow.kind === 'value');
    const fromValues = (pick: (summand: Summand) => Summand['data']): Summand['data'] =>
      unionOf(values.flatMap(({ flow }) => flow.summands.map(pick)));
    const valueData = fromValues(({ data }) => data);
    const valueWaits = fromValues(({ waits }) => waits);
    const fewerValues = values.some(({ flow }) => flow.summands.every((summand) => summand.fewer || summand.selections.length > 0));
    const unsureValues = values.some(({ flow }) => flow.summands.every((summand) => summand.unsure));

    const { rows, unpaired } = this.#rows(
      call,
      queues.map(({ flow, ref }) => ({ flow, ref })),
    );
    const asks = this.#asksItsInputs(call);
    const summands: Summand[] = [];
    const bindings: Map<string, Value>[] = [];
    const each = inputs.filter((input) => input.each);
    const eachFlows = each.flatMap(({ flow }) => flow.summands);
    // A queue is made a list first: that takes until it ends.
    const ended = each.flatMap(({ flow }) => (flow.kind === 'value' ? [] : [...flow.closes]));
    const eachWaits = union(unionOf(eachFlows.map(({ waits }) => waits)), allOf(ended, this.#nodeOf(call)));
    const choices = combinations(each.map(({ flow }) => (flow.kind === 'queue' ? flow.summands : flow.summands.slice(0, 1))));
    for (const { row, chosen } of rows.flatMap((one) => choices.map((some) => ({ row: one, chosen: some })))) {
      let { index } = row;
      const items = new Map(queues.map(({ input }, at) => [input, row.items[at] as Value]));
      for (const { input, flow } of values) items.set(input, flow.summands[0]?.item as Value);
      for (const [at, { input, flow }] of each.entries()) {
        const { index: more, item } = this.#repeated(call, flow, chosen[at] as Summand, call.inputs.indexOf(input), index);
        index = this.dimensions.reduced([...index, ...more]);
        items.set(input, item);
      }
      summands.push({
        index,
        selections: row.selections,
        fewer: row.fewer || fewerValues || asks || chosen.some((one) => one.fewer || one.selections.length > 0),
        exactness: worst([row, ...chosen]),
        optional: row.optional,
        unsure: row.unsure || unsure || unsureValues || chosen.some((one) => one.unsure),
        item: null,
        data: union(union(row.data, valueData), unionOf(eachFlows.map(({ data }) => data))),
        waits: union(union(row.waits, valueWaits), eachWaits),
      });
      bindings.push(bindingsOf(call, items));
    }
    const atMost = summands.some(({ fewer, exactness }) => fewer || exactness === 'at most');
    const about = summands.some(({ exactness }) => exactness === 'about');
    return { summands, count: this.countOf(summands), atMost, about, opaque, bindings, unpaired };
  }

  /** Whether its `when:` looks at what a task is given. */
  #asksItsInputs(call: ProcessCall): boolean {
    const when = this.graph.directivesOf(call).get('when');
    if (when === undefined || when.value !== undefined || when.setBy !== 'process' || call.process.when === null) return false;
    const names = new Set(
      call.inputs.flatMap(({ declaration }) =>
        declaration === undefined
          ? []
          : declaredElements(declaration).elements.map(({ expression }) =>
              expression.kind === 'VariableExpression' ? expression.name : '',
            ),
      ),
    );
    return someNode(call.process.when, (node) => node.kind === 'VariableExpression' && names.has(node.name));
  }

  #several(refs: readonly ChannelRef[]): Flow {
    const flows = refs.map((ref) => this.flowOf(ref));
    const kinds = new Set(flows.map(({ kind }) => kind));
    return {
      kind: kinds.has('queue') ? 'queue' : kinds.size === 1 ? ([...kinds][0] as Flow['kind']) : 'unknown',
      summands: flows.flatMap((flow) => flow.summands),
      closes: new Set(flows.flatMap((flow) => [...flow.closes])),
      opaque: refs.length === 0 ? 'nothing is given to an input' : flows.find((flow) => flow.opaque !== undefined)?.opaque,
    };
  }

  /** The n-th item of each queue together: in step where their orders agree, else whatever comes first. */
  #rows(
    call: ProcessCall,
    queues: readonly { flow: Flow; ref: ChannelRef | undefined }[],
  ): { rows: (Summand & { items: Value[] })[]; unpaired: boolean } {
    const [first, ...others] = queues;
    if (first === undefined)
      return {
        rows: [
          {
            index: [],
            selections: [],
            fewer: false,
            exactness: 'exact',
            optional: NOT_OPTIONAL,
            unsure: false,
            item: null,
            data: NOTHING,
            waits: NOTHING,
            items: [],
          },
        ],
        unpaired: false,
      };
    if (others.length === 0)
      return { rows: first.flow.summands.map((summand) => ({ ...summand, items: [summand.item] })), unpaired: false };
    const length = first.flow.summands.length;
    const order = first.ref === undefined ? undefined : this.#orders.of(first.ref).id;
    const inStep = order !== undefined && others.every(({ ref }) => ref !== undefined && this.#orders.of(ref).id === order);
    const alike = others.every(
      ({ flow }) =>
        flow.summands.length === length &&
        flow.summands.every(
          (summand, at) =>
            sameIndex(summand.index, (first.flow.summands[at] as Summand).index) &&
            sameSelections(summand, first.flow.summands[at] as Summand),
        ),
    );
    if (inStep && alike) {
      const rows = first.flow.summands.map((summand, at) => {
        const row = [summand, ...others.map(({ flow }) => flow.summands[at] as Summand)];
        return {
          ...summand,
          data: unionOf(row.map(({ data }) => data)),
          waits: unionOf(row.map(({ waits }) => waits)),
          exactness: worst(row),
          items: row.map(({ item }) => item),
        };
      });
      return { rows, unpaired: false };
    }
    // Whoever comes first goes with whoever comes first; as many tasks as the shortest has items.
    const single = queues.filter(({ flow }) => flow.summands.every(({ index }) => index.length === 0));
    const all = queues.map(({ flow }) => flow.summands);
    const data = unionOf(all.map((some) => oneOf(some.map((summand) => summand.data))));
    const waits = unionOf(all.map((some) => this.waitsOfOne(some)));
    // Any of them may be the first.
    const items = all.map((some) => (some.length === 1 ? (some[0] as Summand) : this.either(some)).item);
    const unsure = all.some((some) => some.every((summand) => summand.unsure));
    const base = {
      optional: NOT_OPTIONAL,
      selections: [] as readonly Selection[],
      fewer: all.some((some) => some.every((summand) => summand.fewer)),
      exactness: worst([...all.flat(), { exactness: all.flat().some(isPartial) ? ('at most' as const) : ('exact' as const) }]),
      unsure,
      item: null,
      data,
      waits,
      items,
    };
    if (single.length > 0) {
      const least = Math.min(...single.map(({ flow }) => flow.summands.length));
      return { rows: Array.from({ length: least }, () => ({ ...base, index: [] as Index })), unpaired: single.length < queues.length };
    }
    if (alike)
      return {
        rows: first.flow.summands.map((summand) => ({
          ...summand,
          ...base,
          unsure: summand.unsure,
          selections: summand.selections,
          index: summand.index,
        })),
        unpaired: true,
      };
    const counts = all.map((some) => this.countOf(some));
    const pairs = this.dimensions.derived(this.#nodeOf(call), counts, `pairs for ${call.name}`, (numbers) => Math.min(...numbers), 'pairs');
    return { rows: [{ ...base, index: [pairs] }], unpaired: true };
  }

  #nodeOf(call: ProcessCall): ChannelNode {
    return (this.graph.nodes.find((node) => node.type === 'call' && node.call === call) ?? this.graph.nodes[0]) as ChannelNode;
  }

  /** `each`: one task more for each element. */
  #repeated(call: ProcessCall, flow: Flow, one: Summand, input: number, row: Index): { index: Index; item: Value } {
    const node = this.#nodeOf(call);
    // Those that the other input comes from too: each with each.
    const summand = independent({ model: this, node }, row, one);
    const { item } = summand;
    if (flow.kind === 'queue') return { index: summand.index, item };
    if (item instanceof GatheredValue) return { index: this.dimensions.reduced([...summand.index, ...item.over]), item: item.element };
    if (item instanceof ListValue && !item.open) {
      if (item.items.length === 1) return { index: [], item: item.items[0] as Value };
      const each = this.dimensions.element(node, [], `choices of ${call.name}`, item.items.length, input);
      return { index: [each], item: ItemValue.of(`${call.id}#each${input}`, [each], '', false, false, originOf([item])) };
    }
    if (item instanceof ItemValue) {
      const each = this.dimensions.element(node, [], `choices of ${call.name}`, undefined, input);
      return { index: [each], item: ItemValue.of(`${call.id}#each${input}`, [each], '', false, false, originOf([item])) };
    }
    return { index: [], item };
  }

  /** How many items or tasks, those that are only there under unknown params left out. */
  countOf(summands: readonly Summand[]): Count {
    const sure = summands.filter(({ unsure }) => !unsure);
    return sum(
      (sure.length === 0 ? summands.slice(0, 1) : sure).map(({ index, selections }) => this.dimensions.countSelected(index, selections)),
    );
  }
}

const NO_TASKS: Tasks = {
  summands: [],
  count: { terms: [] },
  atMost: false,
  about: false,
  opaque: undefined,
  bindings: [],
  unpaired: false,
};

/** Summands of one shape differ in what an item is made of alone. */
export function shapeOf({ index, selections }: Summand): string {
  return `${idsOf(index)} ${selections.map(({ node, label }) => `${node.index}.${label}`).join()}`;
}

/** One of each, in all ways. */
function combinations<T>(lists: readonly (readonly T[])[]): readonly (readonly T[])[] {
  return lists.reduce<readonly (readonly T[])[]>((sofar, list) => sofar.flatMap((some) => list.map((one) => [...some, one])), [[]]);
}

/** Some of those that its index tells may be missing. */
function isPartial({ fewer, unsure, selections }: Summand): boolean {
  return fewer || unsure || selections.length > 0;
}

/** They count the same. */
export function sameIndex(one: Index, two: Index): boolean {
  return one.length === two.length && one.every((dimension) => two.includes(dimension));
}

function sameSelections(one: Summand, two: Summand): boolean {
  return (
    one.selections.length === two.selections.length &&
    one.selections.every((each, at) => each.node === two.selections[at]?.node && each.label === two.selections[at]?.label)
  );
}

/** The variables that the inputs of a process are bound to, and each part of an input by its place. */
function bindingsOf(call: ProcessCall, items: ReadonlyMap<ProcessCall['inputs'][number], Value>): Map<string, Value> {
  const bound = new Map<string, Value>();
  for (const [number, input] of call.inputs.entries()) {
    if (input.declaration === undefined) continue;
    const item = items.get(input) ?? null;
    const { tuple, elements } = declaredElements(input.declaration);
    for (const [at, { expression }] of elements.entries()) {
      const value = tuple ? partOf(item, at) : item;
      bound.set(placeIn(number, at), value);
      if (expression.kind === 'VariableExpression') bound.set(expression.name, value);
    }
  }
  return bound;
}

/** The key of a binding for a part of an input, be it named or not. */
export function placeIn(input: number, element: number): string {
  return `#${input}.${element}`;
}

export function partOf(item: Value, at: number): Value {
  if (item instanceof ListValue) return item.items[at] ?? null;
  if (item instanceof ItemValue || item instanceof GatheredValue) return item.part(at);
  return at === 0 ? item : null;
}
