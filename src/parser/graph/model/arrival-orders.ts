/**
 * In which order items arrive on a channel, compared: two channels with the same order are in step, item by item, so that
 * taking the first of each, the second of each … pairs what belongs together. Anything that an input closure could do
 * counts as doing it; two operators written with the same text after channels in step are in step too.
 */

import { normalizeBlanks } from '../../../source/source-file.ts';
import { givenTo } from '../channels.ts';
import { isConstantForRun, leadingName, namedArgument, nodeAt, resultOf } from '../expressions.ts';
import type { CallNode, ChannelNode, ChannelRef, OperatorNode, ProcessGraph, SourceNode } from '../process-graph.ts';
import { outputNumber, signatureOf, verbs } from '../process-io.ts';
import type { ItemCounts } from './item-counts.ts';

export interface ArrivalOrder {
  /** Equal for channels in step. */
  readonly id: number;
  /** The same in every run: as written, not as files are listed or tasks end. */
  readonly settled: boolean;
  /** An operator that is not known stands in between: nothing can be said. */
  readonly opaque: boolean;
}

/** One item out for one in, in order. A `map` that gives null drops the item; that is rare and not looked for. */
const ONE_TO_ONE = new Set('map multiMap view dump tap set into toInteger toLong toFloat toDouble ifEmpty'.split(' '));
/** What comes out follows from what goes in and in which order. */
const DETERMINED = new Set(
  'filter unique distinct until take branch flatMap flatten transpose buffer collate groupTuple groupBy splitCsv splitFasta splitFastq splitJson splitText'.split(
    ' ',
  ),
);
const SETTLED_FACTORIES = new Set(['of', 'from', 'fromList', 'value', 'empty', 'fromSamplesheet']);
const UNSETTLED_OPERATORS = new Set(['mix', 'join', 'cross', 'combine', 'merge', 'collectFile', 'randomSample', 'separate', 'choice']);

export class ArrivalOrders {
  readonly #graph: ProcessGraph;
  readonly #counts: ItemCounts;
  readonly #terms = new Map<string, number>();
  readonly #known = new Map<ChannelNode, Map<string | number | undefined, ArrivalOrder>>();

  constructor(graph: ProcessGraph, counts: ItemCounts) {
    this.#graph = graph;
    this.#counts = counts;
  }

  of(ref: ChannelRef): ArrivalOrder {
    const ports = this.#known.get(ref.node) ?? new Map<string | number | undefined, ArrivalOrder>();
    this.#known.set(ref.node, ports);
    const known = ports.get(ref.port);
    if (known !== undefined) return known;
    ports.set(ref.port, { id: this.#term(`loop ${ref.node.index}`), settled: false, opaque: true });
    const order = this.#compute(ref);
    ports.set(ref.port, order);
    return order;
  }

  #compute(ref: ChannelRef): ArrivalOrder {
    const { node } = ref;
    switch (node.type) {
      case 'source':
        return this.#ofSource(node);
      case 'operator':
        return this.#ofOperator(node, ref.port);
      case 'call':
        return this.#ofCall(node, ref.port);
      case 'topic':
        return this.#unsettled(`topic ${node.topic}`);
      case 'alternatives': {
        const taken = node.inputs.filter((input) => input.active !== false && this.#counts.of(input.ref) !== 'none');
        const orders = taken.map((input) => this.of(input.ref));
        const [first] = orders;
        if (first !== undefined && orders.every((order) => order.id === first.id)) return first;
        // The condition's text names the branch: channels that were set in the same branches are in step.
        const parts = taken.map((input, at) => `${input.guard.map((literal) => literal.text).join(' && ')}: ${orders[at]?.id}`);
        return {
          id: this.#term(`alternatives ${parts.join(' | ')}`),
          settled: orders.every((order) => order.settled),
          opaque: orders.some((order) => order.opaque),
        };
      }
    }
  }

  #ofSource(node: SourceNode): ArrivalOrder {
    // The same factory written twice lists the same files in the same way.
    const script = this.#graph.pipeline.scripts.get(node.place.file.path);
    const written = script === undefined ? undefined : nodeAt(script, node.place);
    const same = written?.kind === 'MethodCallExpression' && written.arguments.every((each) => isConstantForRun(each.value));
    const text = same ? normalizeBlanks(node.text) : String(node.index);
    const settled = SETTLED_FACTORIES.has(node.factory) || this.#counts.of({ node, port: undefined }) === 'one';
    return { id: this.#term(`source ${text}`), settled, opaque: false };
  }

  #ofOperator(node: OperatorNode, port: string | number | undefined): ArrivalOrder {
    const [first, ...others] = node.inputs;
    if (first === undefined) return this.#unsettled(`operator ${node.index}`, true);
    const order = this.of(first);
    if (ONE_TO_ONE.has(node.name) || letsAllOrNoneGo(node)) return order;
    const text = node.node === undefined ? '' : normalizeBlanks(node.node.arguments.map((each) => node.place.file.slice(each)).join(', '));
    if (DETERMINED.has(node.name)) {
      const id = this.#term(`${node.name}(${text}) ${port ?? ''} ${order.id}`);
      return { id, settled: order.settled || this.#counts.of(first) === 'one', opaque: order.opaque };
    }
    if (node.name === 'mix' || node.name === 'concat') {
      const some = node.inputs.filter((ref) => this.#counts.of(ref) !== 'none').map((ref) => this.of(ref));
      if (some.length === 1) return some[0] as ArrivalOrder;
      if (node.name === 'concat') {
        const id = this.#term(`concat ${some.map((each) => each.id).join(' ')}`);
        return { id, settled: some.every((each) => each.settled), opaque: some.some((each) => each.opaque) };
      }
    }
    // One item beside the samples, such as a reference: the samples keep their order.
    if (node.name === 'combine' && (node.node === undefined || namedArgument(node.node, 'by') === undefined)) {
      const many = node.inputs.filter((ref) => this.#counts.of(ref) !== 'one');
      if (many.length === 1 && many[0] !== undefined && !many[0].node.place.file.slice(many[0].node.place).startsWith('[')) {
        return this.of(many[0]);
      }
    }
    // Both sides of a pair come at the same time when they are in step.
    if ((node.name === 'join' || node.name === 'merge') && others.every((other) => this.of(other).id === order.id)) return order;
    const opaque = !UNSETTLED_OPERATORS.has(node.name) || node.inputs.some((ref) => this.of(ref).opaque);
    return this.#unsettled(`operator ${node.index} ${port ?? ''}`, opaque);
  }

  #ofCall(node: CallNode, port: string | number | undefined): ArrivalOrder {
    const { call } = node;
    const optional = this.isOptionalOutput(node, port) ? ` optional ${port ?? 0}` : '';
    if (this.isFair(node)) {
      const queues = call.inputs.filter((input) => input.kind !== 'value');
      const orders = queues.map((input) => (givenTo(input).length === 1 ? this.of(givenTo(input)[0] as ChannelRef) : undefined));
      const [first] = orders;
      const each = call.inputs.some((input) => input.declaration !== undefined && leadingName(input.declaration) === 'each');
      if (!each && first !== undefined && orders.every((order) => order?.id === first.id)) {
        return optional === '' ? first : { ...first, id: this.#term(`fair ${call.id}${optional}`) };
      }
    }
    const settled = this.#counts.of({ node, port }) === 'one';
    return { id: this.#term(`call ${call.id}${optional}`), settled, opaque: false };
  }

  /** An output that a task may lack: then the channel has gaps that its neighbours do not have. */
  isOptionalOutput(node: CallNode, port: string | number | undefined): boolean {
    const output = signatureOf(node.call.process).outputs[outputNumber(node.call.process, port)];
    // `optional true` as a command behind the output, as DSL1 has it.
    return output !== undefined && (output.optional || verbs(output.statement).includes('optional'));
  }

  /** `fair true` lets tasks' outputs leave in the order of the inputs. */
  isFair(node: CallNode): boolean {
    const written = node.call.process.directives.some((each) => leadingName(each) === 'fair' && !/\bfalse\b/.test(textOf(node, each)));
    if (written) return true;
    const { config } = this.#graph.pipeline;
    return config.process.get('fair')?.value === true;
  }

  #unsettled(term: string, opaque = false): ArrivalOrder {
    return { id: this.#term(term), settled: false, opaque };
  }

  #term(text: string): number {
    const id = this.#terms.get(text) ?? this.#terms.size;
    this.#terms.set(text, id);
    return id;
  }
}

/** A filter that asks what is fixed for the run. */
function letsAllOrNoneGo({ name, node }: OperatorNode): boolean {
  const closure = name === 'filter' ? node?.arguments.find(({ value }) => value.kind === 'ClosureExpression')?.value : undefined;
  const condition = closure?.kind === 'ClosureExpression' && closure.body.length === 1 ? resultOf(closure) : undefined;
  return condition !== undefined && isConstantForRun(condition);
}

function textOf(node: CallNode, range: { start: number; end: number }): string {
  return node.call.script.file.slice(range);
}
