/**
 * How many items a channel can carry, as far as the wiring tells: none, one, or possibly many. It is what tells a reference
 * from the samples. Sources are read as they are written; a glob counts as many even if one file should match.
 */

import { PathValue } from '../../evaluate/value.ts';
import type { Expression } from '../../syntax/nodes.ts';
import { givenTo, inputsOf } from '../channels.ts';
import { leadingName, namedArgument, nodeAt, positionalArguments } from '../expressions.ts';
import type { CallNode, ChannelNode, ChannelRef, OperatorNode, ProcessGraph, SourceNode } from '../process-graph.ts';

export type ItemCount = 'none' | 'one' | 'many' | 'unknown';

const AS_MANY_AS_COME = new Set(
  'map filter unique distinct until multiMap view dump tap set into separate toInteger toLong toFloat toDouble ifEmpty take randomSample groupTuple groupBy'.split(
    ' ',
  ),
);
const ONE = new Set(
  'first last collect toList toSortedList reduce count sum mean min max countLines countFasta countFastq countJson'.split(' '),
);
const MANY_OF_ONE = new Set('flatMap transpose splitCsv splitFasta splitFastq splitJson splitText'.split(' '));
const PAIRED = new Set(['join', 'cross', 'merge']);

export class ItemCounts {
  readonly #graph: ProcessGraph;
  readonly #known = new Map<ChannelNode, ItemCount>();

  constructor(graph: ProcessGraph) {
    this.#graph = graph;
  }

  of(ref: ChannelRef): ItemCount {
    return this.#ofNode(ref.node);
  }

  #ofNode(node: ChannelNode): ItemCount {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    this.#known.set(node, 'unknown'); // for what stands on a loop
    const count = this.#compute(node);
    this.#known.set(node, count);
    return count;
  }

  #compute(node: ChannelNode): ItemCount {
    switch (node.type) {
      case 'source':
        return this.#ofSource(node);
      case 'operator':
        return this.#ofOperator(node);
      case 'call':
        return this.#ofCall(node);
      case 'alternatives':
        return oneOf(inputsOf(node).map((ref) => this.of(ref)));
      case 'topic':
        return 'many';
    }
  }

  #ofOperator(node: OperatorNode): ItemCount {
    const counts = node.inputs.map((ref) => this.of(ref));
    const first = counts[0] ?? 'unknown';
    if (ONE.has(node.name)) return 'one';
    if (first === 'none' && node.name === 'ifEmpty') return 'one';
    if (AS_MANY_AS_COME.has(node.name)) return first;
    if (MANY_OF_ONE.has(node.name)) return first === 'none' ? 'none' : 'many';
    // Several in one list: `concat(fasta, index) | buffer(size: 2)` is one reference.
    if (node.name === 'buffer' || node.name === 'collate') return first === 'many' ? 'unknown' : first;
    // Each label may get it or not: `zipped` and `unzipped`, mixed again, are one still.
    if (node.name === 'branch') return first === 'one' ? 'unknown' : first;
    // Often no more than the unwrapping of a list with one element.
    if (node.name === 'flatten') return first === 'one' ? 'unknown' : first;
    if (PAIRED.has(node.name)) return atMost(counts);
    if (node.name === 'mix' || node.name === 'concat') return sum(counts);
    if (node.name === 'collectFile') return node.node !== undefined && namedArgument(node.node, 'name') !== undefined ? 'one' : first;
    if (node.name === 'combine') {
      // A list that is given as it stands is combined element by element.
      const list = node.inputs.slice(1).some((ref) => ref.node.type === 'source' && ref.node.text.startsWith('['));
      return list && first !== 'none' ? 'many' : product(counts);
    }
    return 'unknown';
  }

  #ofCall(node: CallNode): ItemCount {
    const counts: ItemCount[] = [];
    let each = false;
    for (const input of node.call.inputs) {
      const given = givenTo(input);
      if (input.declaration !== undefined && leadingName(input.declaration) === 'each') each = true;
      else if (input.kind !== 'value') counts.push(given.length === 0 ? 'unknown' : oneOf(given.map((ref) => this.of(ref))));
    }
    const tasks = counts.length === 0 ? 'one' : atMost(counts);
    return each && tasks === 'one' ? 'many' : tasks;
  }

  #ofSource(node: SourceNode): ItemCount {
    if (node.factory === 'value') return 'one';
    if (node.factory === 'empty') return 'none';
    const script = this.#graph.pipeline.scripts.get(node.place.file.path);
    const written = script === undefined ? undefined : nodeAt(script, node.place);
    const args = written?.kind === 'MethodCallExpression' ? positionalArguments(written) : undefined;
    switch (node.factory) {
      case 'of':
      case 'from':
        return args === undefined ? 'unknown' : countOfArguments(args, node.factory === 'from');
      case 'fromList':
        return args?.[0]?.kind === 'ListExpression' ? countOfElements(args[0].elements) : 'many';
      case 'fromPath':
        return this.#ofPath(args?.[0]);
      case 'fromFilePairs': {
        const path = this.#ofPath(args?.[0]);
        return path === 'one' ? 'one' : 'many';
      }
      case 'fromSRA':
      case 'fromSamplesheet':
      case 'fromLineage':
      case 'fromQuery':
      case 'watchPath':
      case 'interval':
        return 'many';
      default:
        return 'unknown';
    }
  }

  #ofPath(path: Expression | undefined): ItemCount {
    if (path === undefined) return 'unknown';
    if (path.kind === 'ConstantExpression') return typeof path.value === 'string' ? countOfGlob(path.value) : 'unknown';
    if (path.kind === 'ListExpression') return countOfElements(path.elements);
    if (path.kind === 'GStringExpression') {
      return path.parts.some((part) => part.kind === 'GStringText' && countOfGlob(part.value) === 'many') ? 'many' : 'unknown';
    }
    if (path.kind === 'PropertyExpression' && path.object.kind === 'VariableExpression' && path.object.name === 'params') {
      const value = 'kind' in path.property ? undefined : this.#graph.pipeline.params.get(path.property.name)?.value;
      if (typeof value === 'string') return countOfGlob(value);
      if (value instanceof PathValue) return countOfGlob(value.path);
    }
    return 'unknown';
  }
}

/** Exactly one of several: what they agree on; an empty one beside others does not count, since then nothing runs. */
function oneOf(counts: readonly ItemCount[]): ItemCount {
  const some = counts.filter((count) => count !== 'none');
  if (some.length === 0) return counts.length === 0 ? 'unknown' : 'none';
  return some.every((count) => count === some[0]) ? (some[0] as ItemCount) : 'unknown';
}

function atMost(counts: readonly ItemCount[]): ItemCount {
  for (const count of ['none', 'one', 'unknown'] as const) if (counts.includes(count)) return count;
  return counts.length === 0 ? 'unknown' : 'many';
}

function sum(counts: readonly ItemCount[]): ItemCount {
  const some = counts.filter((count) => count !== 'none');
  if (some.length === 0) return 'none';
  if (some.length === 1) return some[0] as ItemCount;
  return some.includes('unknown') && !some.includes('many') ? 'unknown' : 'many';
}

function product(counts: readonly ItemCount[]): ItemCount {
  for (const count of ['none', 'many', 'unknown'] as const) if (counts.includes(count)) return count;
  return 'one';
}

function countOfElements(elements: readonly Expression[]): ItemCount {
  if (elements.some((element) => element.kind === 'SpreadExpression')) return 'unknown';
  return elements.length === 0 ? 'none' : elements.length === 1 ? 'one' : 'many';
}

/** `of` spreads a range and nothing else; `from` spreads a single collection too. */
function countOfArguments(args: readonly Expression[], spreads: boolean): ItemCount {
  const [only] = args;
  if (args.length === 1 && only !== undefined) {
    if (only.kind === 'BinaryExpression' && only.operator.startsWith('..')) return 'many';
    if (spreads && only.kind === 'ListExpression') return countOfElements(only.elements);
    if (spreads && only.kind !== 'ConstantExpression') return 'unknown';
  }
  return countOfElements(args);
}

function countOfGlob(path: string): ItemCount {
  return /[*?{[]/.test(path) ? 'many' : 'one';
}
