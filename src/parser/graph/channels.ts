/** Queries on the channel graph: who gives to a channel, who takes from it, and what waits where. */

import { rangeIn, type SourceRange } from '../../source/source-file.ts';
import type { Expression, MethodCallExpression } from '../syntax/nodes.ts';
import { methodName, namedArgument, resultOf, someNode, tupleElements } from './expressions.ts';
import { isBarrier as holdsBack } from './operators.ts';
import type { Activity, CallInput, ChannelNode, ChannelRef, OperatorNode, ProcessCall, ProcessGraph } from './process-graph.ts';

export type Taker =
  | { readonly type: 'node'; readonly node: ChannelNode; readonly ref: ChannelRef }
  | { readonly type: 'call'; readonly call: ProcessCall; readonly input: CallInput; readonly ref: ChannelRef };

/** What the queries need of a graph; edges only where calls are asked for by way of their edges. */
export type ChannelSource = Pick<ProcessGraph, 'pipeline' | 'calls' | 'nodes' | 'openEdges'>;

export class Channels {
  readonly #graph: ChannelSource;
  #takers: ReadonlyMap<ChannelNode, readonly Taker[]> | undefined;
  readonly #sized = new Map<ChannelNode, boolean>();
  readonly #makesGroupKey = new Map<MethodCallExpression, boolean>();
  /** For each call those that it feeds, and whether on the way something waits for its last task. */
  #takersOfCall: Map<string, Map<string, boolean>> | undefined;

  constructor(graph: ChannelSource) {
    this.#graph = graph;
  }

  #takersOf(id: string): ReadonlyMap<string, boolean> {
    if (this.#takersOfCall === undefined) {
      this.#takersOfCall = new Map();
      for (const { from, to, barrier } of this.#graph.openEdges) {
        if ('type' in from) continue;
        const takers = this.#takersOfCall.get(from.id) ?? new Map<string, boolean>();
        takers.set(to.id, barrier || takers.get(to.id) === true);
        this.#takersOfCall.set(from.id, takers);
      }
    }
    return this.#takersOfCall.get(id) ?? new Map();
  }

  takersOf(node: ChannelNode): readonly Taker[] {
    this.#takers ??= this.#everyTaker();
    return this.#takers.get(node) ?? [];
  }

  #everyTaker(): ReadonlyMap<ChannelNode, readonly Taker[]> {
    const { nodes, calls } = this.#graph;
    const every = new Map<ChannelNode, Taker[]>();
    const put = (taker: Taker): void => {
      const takers = every.get(taker.ref.node);
      if (takers === undefined) every.set(taker.ref.node, [taker]);
      else takers.push(taker);
    };
    for (const node of nodes) for (const ref of inputsOf(node)) put({ type: 'node', node, ref });
    for (const call of calls) for (const input of call.inputs) for (const ref of givenTo(input)) put({ type: 'call', call, input, ref });
    return every;
  }

  /**
   * Nodes at or above a channel, nearest first, of a run with the given params. `enter` says whether to go on above a
   * node; calls are gone through only when it says so for them.
   */
  *above(refs: readonly ChannelRef[], enter: (node: ChannelNode) => boolean): Generator<ChannelNode> {
    const seen = new Set<ChannelNode>();
    const waiting = refs.map((ref) => ref.node);
    for (let at = 0; at < waiting.length; at++) {
      const node = waiting[at] as ChannelNode;
      if (seen.has(node) || activityOf(node) === false) continue;
      seen.add(node);
      yield node;
      if (!enter(node)) continue;
      if (node.type === 'call') waiting.push(...node.call.inputs.flatMap(givenTo).map((ref) => ref.node));
      else waiting.push(...inputsOf(node).map((ref) => ref.node));
    }
  }

  /** The calls and sources that feed a channel, through operators. */
  producersOf(ref: ChannelRef): ChannelNode[] {
    return [...this.above([ref], (node) => node.type !== 'call')].filter((node) => node.type === 'call' || node.type === 'source');
  }

  /** Ids of the calls that need something of these calls, directly or not, and can have it item by item. */
  callsBehind(ids: readonly string[]): Set<string> {
    const behind = new Set<string>();
    const waiting = [...ids];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      for (const [to, waitsForAll] of this.#takersOf(id)) {
        if (waitsForAll || behind.has(to)) continue;
        behind.add(to);
        waiting.push(to);
      }
    }
    for (const id of ids) behind.delete(id);
    return behind;
  }

  /** The calls that something of a node reaches through operators. */
  callsBehindNode(node: ChannelNode): Set<ProcessCall> {
    const calls = new Set<ProcessCall>();
    const seen = new Set<ChannelNode>([node]);
    const waiting: ChannelNode[] = [node];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      for (const taker of this.takersOf(next)) {
        if (taker.type === 'call') {
          if (taker.call.active !== false) calls.add(taker.call);
        } else if (!seen.has(taker.node)) {
          seen.add(taker.node);
          waiting.push(taker.node);
        }
      }
    return calls;
  }

  /** True for an operator that emits nothing before its input has closed. */
  isBarrier(node: ChannelNode): boolean {
    if (node.type !== 'operator') return false;
    return holdsBack(node.name) && !(node.name === 'groupTuple' && this.isSizedGroup(node));
  }

  /** A `groupTuple` whose groups leave as soon as they are full. */
  isSizedGroup(node: OperatorNode): boolean {
    let sized = this.#sized.get(node);
    if (sized === undefined) {
      this.#sized.set(node, true); // for what stands on a loop
      sized = this.groupSizeOf(node) === 'known';
      this.#sized.set(node, sized);
    }
    return sized;
  }

  /**
   * Whether a `groupTuple` knows how many items a group has: by `size:`, or by a key that `groupKey` made, however many
   * processes ago (corpus.md 7.1). 'lost': a key made by groupKey was rebuilt on the way by `+` or `-`, which gives a plain map.
   */
  groupSizeOf(node: OperatorNode): 'known' | 'none' | 'lost' | 'several indices' {
    const call = node.node;
    if (call !== undefined) {
      const size = namedArgument(call, 'size');
      if (size !== undefined && !this.#isNothing(size)) return 'known';
    }
    const start = node.inputs[0];
    if (start === undefined) return 'known';
    const all = [...this.above([start], (entered) => !(entered.type === 'operator' && entered.name === 'groupTuple'))];
    const found = all.some((each) => each.type === 'operator' && this.makesGroupKey(each));
    if (!found) return 'none';
    const by = call === undefined ? undefined : namedArgument(call, 'by');
    if (by?.kind === 'ListExpression' && by.elements.length > 1) return 'several indices';
    return this.#losesGroupKey(start) ? 'lost' : 'known';
  }

  /** Only told on a way without forks, where each item that arrives has come along all of it. */
  #losesGroupKey(start: ChannelRef): boolean {
    let rebuilt = false;
    const seen = new Set<ChannelNode>();
    for (let node: ChannelNode | undefined = start.node; node !== undefined && !seen.has(node); ) {
      seen.add(node);
      let refs: readonly ChannelRef[];
      if (node.type === 'operator') {
        if (this.makesGroupKey(node)) return rebuilt;
        if (node.name === 'groupTuple') return false;
        if (node.name === 'map' && rebuildsKey(node)) rebuilt = true;
        refs = node.inputs;
      } else if (node.type === 'call') {
        refs = node.call.inputs.filter((input) => input.kind !== 'value').flatMap(givenTo);
      } else return false;
      node = refs.length === 1 ? refs[0]?.node : undefined;
    }
    return false;
  }

  /** `null`, `0`, or a param that is one of these: groupTuple takes them for no size at all. */
  #isNothing(size: Expression): boolean {
    if (size.kind === 'ConstantExpression') return size.value === null || size.value === 0;
    if (size.kind === 'PropertyExpression' && size.object.kind === 'VariableExpression' && size.object.name === 'params') {
      if ('kind' in size.property) return false;
      const value = this.#graph.pipeline.params.get(size.property.name)?.value;
      return value === null || value === 0;
    }
    return false;
  }

  /** The operator's closure calls `groupKey`, itself or in a function of the pipeline. */
  makesGroupKey({ node }: OperatorNode): boolean {
    if (node === undefined) return false;
    let makes = this.#makesGroupKey.get(node);
    if (makes === undefined) {
      makes = this.#callsGroupKey(node.arguments, new Set());
      this.#makesGroupKey.set(node, makes);
    }
    return makes;
  }

  #callsGroupKey(root: object, seen: Set<string>): boolean {
    return someNode(root, (node) => {
      const name = node.kind === 'MethodCallExpression' ? methodName(node) : undefined;
      if (name === 'groupKey') return true;
      if (name === undefined || node.kind !== 'MethodCallExpression' || node.object !== null || seen.has(name)) return false;
      seen.add(name);
      for (const script of this.#graph.pipeline.scripts.values()) {
        for (const definition of script.functions.get(name) ?? []) if (this.#callsGroupKey(definition.body, seen)) return true;
      }
      return false;
    });
  }
}

/** What is given to an input in a run with the given params. */
export function givenTo(input: CallInput): readonly ChannelRef[] {
  return input.channels.filter((channel) => channel.site.active !== false);
}

/** A call's node is as active as all of its sites together. */
export function activityOf(node: ChannelNode): Activity {
  return node.type === 'call' ? node.call.active : node.active;
}

export function inputsOf(node: ChannelNode): readonly ChannelRef[] {
  switch (node.type) {
    case 'operator':
      return node.inputs;
    case 'alternatives':
      return node.inputs.filter((input) => input.active !== false).map((input) => input.ref);
    case 'topic':
      return node.senders;
    case 'call':
    case 'source':
      return [];
  }
}

/** `.map { meta, x -> [ meta - meta.subMap('n'), x ] }` */
function rebuildsKey(node: OperatorNode): boolean {
  const key = keyOfMap(node, 0);
  return key?.kind === 'BinaryExpression' && (key.operator === '+' || key.operator === '-');
}

/** The expression that a `map` puts at an index of its tuple. */
function keyOfMap(node: OperatorNode, index: number): Expression | undefined {
  const closure = node.node?.arguments.at(-1)?.value;
  if (closure?.kind !== 'ClosureExpression') return undefined;
  return tupleElements(resultOf(closure))?.[index];
}

/** The operator's name where it is written, for a finding to point at. */
export function placeOfName(node: OperatorNode): SourceRange {
  const method = node.node?.method;
  if (method !== undefined && !('kind' in method) && method.end > method.start) return rangeIn(node.place.file, method);
  return node.place;
}

/** How a script speaks of an output of a call: `SORT.out.bam`; undefined for what is no output itself. */
export function outputAsWritten({ node, port }: ChannelRef): string | undefined {
  if (node.type !== 'call') return undefined;
  const { name, process } = node.call;
  if (typeof port === 'string') return `${name}.out.${port}`;
  return port === undefined || process.outputs.length === 1 ? `${name}.out` : `${name}.out[${port}]`;
}

/** The called name at a call's site, where it stands first; else the whole call. */
export function placeOfCall(call: ProcessCall): SourceRange | undefined {
  const place = (call.sites.find((site) => site.active !== false) ?? call.sites[0])?.place;
  if (place === undefined) return undefined;
  return place.file.text.startsWith(call.name, place.start) && place.end > place.start + call.name.length
    ? { file: place.file, start: place.start, end: place.start + call.name.length }
    : place;
}
