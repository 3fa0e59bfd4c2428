/** Which call decides what another one has tasks for: items that it leaves out, that find no partner, that a condition looks at. */
import { type Channels, inputsOf } from '../../../parser/graph/channels.ts';
import { someNode } from '../../../parser/graph/expressions.ts';
import type { ChannelModel } from '../../../parser/graph/model/channel-model.ts';
import { type MadeBy, Mark, madeBy } from '../../../parser/graph/model/item-value.ts';
import { keyIndices, keyOf } from '../../../parser/graph/model/operators/keys.ts';
import type { ChannelNode, ChannelRef, OperatorNode, ProcessCall } from '../../../parser/graph/process-graph.ts';
import { outputNumber, signatureOf } from '../../../parser/graph/process-io.ts';
import type { ClosureExpression, ElvisExpression, Node } from '../../../parser/syntax/nodes.ts';
import { walk } from '../../../parser/syntax/walk.ts';
import type { Origins } from './origins.ts';
import { channelsInto } from './waits.ts';

export class LeftOut {
  readonly #model: ChannelModel;
  readonly #channels: Channels;
  readonly #origins: Origins;

  constructor(model: ChannelModel, channels: Channels, origins: Origins) {
    this.#model = model;
    this.#channels = channels;
    this.#origins = origins;
  }

  /**
   * A task of it may end without giving anything on, and with it what would have been done with that item: an output that is optional, a
   * `when:` of which nobody knows what it says, a failure that is ignored.
   */
  mayLeaveOut(from: ProcessCall, to: ProcessCall): boolean {
    const inputs = channelsInto(to);
    const { outputs } = signatureOf(from.process);
    const isOptional = ({ node, port }: ChannelRef): boolean =>
      node.type === 'call' && node.call === from && outputs[outputNumber(from.process, port)]?.optional === true;
    if (inputs.some(isOptional)) return true;
    // Of nothing too `toList` makes a list.
    const gives = (node: ChannelNode): boolean => node.type === 'operator' && ALWAYS_GIVES.test(node.name);
    for (const node of this.#channels.above(inputs, (above) => above.type !== 'call' && !gives(above)))
      if (node.type !== 'call' && !gives(node) && inputsOf(node).some(isOptional)) return true;
    return this.#mayEndWithout(from);
  }

  /** A `when:` of which nobody knows what it says, or a failure that is ignored. */
  #mayEndWithout(call: ProcessCall): boolean {
    const settings = this.#model.graph.directivesOf(call);
    const when = settings.get('when');
    const strategy = settings.get('errorStrategy');
    // `params.on_error` and functions may say it, too.
    const mayIgnore =
      strategy !== undefined &&
      (/\b(ignore|params)\b/.test(strategy.text) ||
        strategy.value === 'ignore' ||
        (typeof strategy.value !== 'string' && /(?<![.\w])(?!if\b|in\b|return\b)\w+\s*\(/.test(strategy.text)));
    return (when !== undefined && when.value === undefined) || mayIgnore;
  }

  /** What is in that which it makes decides which items are given to the call. */
  decidesByContent(from: ProcessCall, to: ProcessCall): boolean {
    return this.#decides(from, to, BY_CONTENT, false);
  }

  /** So may whatever comes from it, be it made by it or handed on, and whatever is in it. */
  decides(from: ProcessCall, to: ProcessCall): boolean {
    return this.#decides(from, to, BY_ANY, true);
  }

  /** Something that it makes may decide on the way which items are given to the call: a filter, a branch, a condition in a closure. */
  #decides(from: ProcessCall, to: ProcessCall, operators: RegExp, handedOnToo: boolean): boolean {
    const inputs = channelsInto(to);
    for (const node of this.#channels.above(inputs, (above) => above.type !== 'call')) {
      if (node.type !== 'operator') continue;
      if ((isByKey(node) || node.name === 'groupTuple') && this.#hasKeysOf(node, from)) return true;
      if (changesOthers(node) && this.#isGiven(node, from)) return true;
      if (!(operators.test(node.name) || hasCondition(node)) || isAnyOne(node)) continue;
      const [source] = node.inputs;
      const asked = /^(filter|branch)$/.test(node.name) ? this.#model.conditionOf(node) : undefined;
      const items = asked ?? (source === undefined ? [] : this.#model.flowOf(source).summands.map(({ item }) => item));
      for (const { outputs, vague } of items.map((item) => (item instanceof Mark ? markMade(item) : madeBy(item))))
        if (vague || outputs.some((output) => output.call === from && (handedOnToo || this.#origins.isOwn(output)))) return true;
    }
    return false;
  }

  /** There is a task for each pair of which one side came of it: without it there would be fewer, unless equal ones are taken once. */
  multiplies(from: ProcessCall, to: ProcessCall): boolean {
    const inputs = channelsInto(to);
    return [...this.#channels.above(inputs, (above) => above.type !== 'call' && !isOnceEach(above))].some(
      (node) =>
        node.type === 'operator' &&
        node.name === 'combine' &&
        node.args.named?.get('by') === undefined &&
        node.inputs.some((ref) => this.#model.flowOf(ref).summands.some(({ waits, index }) => waits.has(from) && index.length > 0)) &&
        node.inputs.every((ref) => this.#model.flowOf(ref).summands.some(({ index }) => index.length > 0)),
    );
  }

  /** Items that come of it go through the operator. */
  #isGiven(node: OperatorNode, from: ProcessCall): boolean {
    return node.inputs.some((ref) => this.#model.flowOf(ref).summands.some(({ waits }) => waits.has(from)));
  }

  /** It made the keys: items are left out that find no partner among them, or go together that have equal ones. */
  #hasKeysOf(node: OperatorNode, from: ProcessCall): boolean {
    const indices = keyIndices(node, [0]);
    const keys = node.inputs.flatMap((ref) => this.#model.flowOf(ref).summands.map(({ item }) => madeBy(keyOf(item, indices))));
    return keys.some(({ outputs }) => outputs.some((output) => output.call === from && this.#origins.isOwn(output)));
  }

  /** Perhaps it has no tasks, and who waits for it has none then either. */
  mayBeAbsent(call: ProcessCall): boolean {
    return (
      signatureOf(call.process).outputs.some(({ optional }) => optional) ||
      this.#model.tasksOf(call).summands.every(({ fewer, selections }) => fewer || selections.length > 0)
    );
  }

  /** Whatever leaves items out of what it is given leaves them out of what the other is given by other ways too. */
  isAbsentAnyway(from: ProcessCall, call: ProcessCall): boolean {
    if (signatureOf(from.process).outputs.some(({ optional }) => optional)) return false;
    const queues = channelsInto(call).filter((ref) => this.#model.flowOf(ref).kind === 'queue');
    const [lost, left] = [this.#selectorsAbove(channelsInto(from)), this.#selectorsAbove(queues, from)];
    return lost !== undefined && left !== undefined && [...lost].every((one) => left.has(one));
  }

  /**
   * Channels on the way of the items, one by one, at which some may be left out; undefined where items are put together or parted. What
   * comes by way of `except` is not looked at.
   */
  #selectorsAbove(refs: readonly ChannelRef[], except?: ProcessCall): ReadonlySet<string> | undefined {
    const found = new Set<string>();
    const seen = new Set<string>();
    const waiting = [...refs];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      const { node, port } = ref;
      const key = `${node.index} ${port}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (node.type === 'call') {
        if (node.call === except) continue;
        if (this.#mayEndWithout(node.call)) found.add(node.call.id);
        if (signatureOf(node.call.process).outputs[outputNumber(node.call.process, port)]?.optional === true) found.add(key);
        // What is one for all tasks says nothing of the items.
        waiting.push(...channelsInto(node.call).filter((one) => except === undefined || this.#model.flowOf(one).kind === 'queue'));
        continue;
      }
      if (node.type === 'alternatives' || node.type === 'topic') return undefined;
      if (node.type === 'operator') {
        if (PUTS_TOGETHER.test(node.name) || node.args.named?.has('remainder') === true) return undefined;
        if (except !== undefined && GATHERS.test(node.name)) continue;
        // The join with what the call itself made is what is asked about; one of as many with the same keys leaves out what is lost above it.
        const parts = isByKey(node) && !this.#comesFrom(node, except) && !this.#matchesAll(ref);
        // `first()` gives nothing only where there is nothing.
        if (((BY_ANY.test(node.name) || BY_CONTENT.test(node.name)) && !isAnyOne(node)) || hasCondition(node) || parts) found.add(key);
      }
      const each = (one: ChannelRef): boolean => this.#model.flowOf(one).summands.some(({ index }) => index.length > 0);
      waiting.push(
        ...inputsOf(node).filter((one) => except === undefined || node.type !== 'operator' || node.name !== 'combine' || each(one)),
      );
    }
    return found;
  }

  /** Each item finds the one partner that has its key, unless that was lost on its way. */
  #matchesAll(ref: ChannelRef): boolean {
    return this.#model.flowOf(ref).summands.every(({ exactness }) => exactness === 'exact');
  }

  #comesFrom(node: OperatorNode, call: ProcessCall | undefined): boolean {
    return [...this.#channels.above(node.inputs, (above) => above.type !== 'call')].some(
      (above) => above.type === 'call' && above.call === call,
    );
  }
}

/** Operators that let items pass for what they are; and those that let one pass for another reason too. */
const BY_CONTENT =
  /^(filter|branch|until|subscribe|first|take|randomSample|unique|distinct|max|min|toSortedList|sort|flatMap|transpose|split\w*)$/;
const BY_ANY = /^(filter|branch|until|subscribe|unique|distinct|first|take|randomSample|ifEmpty|buffer)$/;

/** Items of several channels come by them, each by one of several ways. */
const PUTS_TOGETHER = /^(mix|concat|ifEmpty|merge)$/;
/** One item, also where nothing comes. */
const ALWAYS_GIVES = /^(toList|toSortedList|count)$/;
/** One item for many. */
const GATHERS = /^(collect|collectFile|toList|toSortedList|groupTuple|buffer|collate|reduce|count|min|max|sum|first|last)$/;

/** Items go on that have a partner. */
function isByKey({ name, args }: OperatorNode): boolean {
  return (
    name === 'cross' ||
    (name === 'combine' ? args.named?.get('by') !== undefined : name === 'join' && args.named?.get('remainder') !== true)
  );
}

/** `first()` lets one item pass, whatever is in it. */
function isAnyOne({ name, node }: OperatorNode): boolean {
  return name === 'first' && node?.arguments.length === 0;
}

/** `unique()`: of equal items one, with nothing asked of them. */
function isOnceEach(above: ChannelNode): boolean {
  return above.type === 'operator' && above.name === 'unique' && above.node?.arguments.length === 0;
}

const CONDITIONS: ReadonlySet<string> = new Set([
  'IfStatement',
  'TernaryExpression',
  'ElvisExpression',
  'SwitchStatement',
  'AssertStatement',
  'ThrowStatement',
]);

/** Its closure does one thing or another. */
function hasCondition(node: OperatorNode): boolean {
  return (
    node.node !== undefined &&
    someNode(
      node.node.arguments,
      (one) => (CONDITIONS.has(one.kind) && !(one.kind === 'ElvisExpression' && isFilledIn(one))) || isChoice(one),
    )
  );
}

/** A closure that puts something where others find it: `DEPTH[id] = table.text`, `seen << id`. */
function changesOthers({ node }: OperatorNode): boolean {
  return (
    node?.arguments.some(({ value }) => {
      if (value.kind !== 'ClosureExpression') return false;
      const own = namesIn(value);
      return someNode(value.body, (one) => {
        const base = baseOf(changedBy(one));
        return base !== undefined && !own.has(base);
      });
    }) === true
  );
}

/** What a statement changes without giving it another name. */
function changedBy(one: Node): Node | undefined {
  if (one.kind === 'AssignmentExpression') return one.target.kind === 'VariableExpression' ? undefined : one.target;
  if (one.kind === 'BinaryExpression') return one.operator === '<<' ? one.left : undefined;
  if (one.kind !== 'MethodCallExpression' || one.object === null || 'kind' in one.method) return undefined;
  return /^(put(All|IfAbsent)?|add(All)?|push|setProperty|increment\w*|addAndGet|append)$/.test(one.method.name) ? one.object : undefined;
}

function baseOf(changed: Node | undefined): string | undefined {
  if (changed === undefined) return undefined;
  if (changed.kind === 'VariableExpression') return changed.name;
  return changed.kind === 'PropertyExpression' || changed.kind === 'IndexExpression' ? baseOf(changed.object) : undefined;
}

/** Parameters and variables of the closure, those of closures in it, and `it`. */
function namesIn(closure: ClosureExpression): ReadonlySet<string> {
  const names = new Set(['it']);
  walk(closure, (one) => {
    if (one.kind === 'ClosureExpression') for (const { name } of one.parameters ?? []) names.add(name.name);
    else if (one.kind === 'DeclarationStatement') for (const { name } of one.declarations) names.add(name.name);
    else if (one.kind === 'AssignmentExpression' && one.target.kind === 'VariableExpression') names.add(one.target.name);
  });
  return names;
}

/** `rows.find { … }`, `rows[count.text as int]`, `choose(reads, count)`: a function of the pipeline's own may say anything. */
function isChoice(one: Node): boolean {
  if (one.kind === 'IndexExpression') return someNode(one.index, ({ kind }) => kind === 'MethodCallExpression');
  if (one.kind !== 'MethodCallExpression') return false;
  const name = 'name' in one.method ? one.method.name : undefined;
  if (one.object === null) return typeof name === 'string' && !GIVES_VALUES.test(name);
  return (
    typeof name === 'string' &&
    CHOOSES.test(name) &&
    one.arguments.some((argument) => someNode(argument, ({ kind }) => kind === 'ClosureExpression'))
  );
}

const CHOOSES = /^(find|findAll|findResults?|grep|min|max|minBy|maxBy|takeWhile|dropWhile)$/;
/** Functions of Nextflow and Groovy that make of what they are given one thing. */
const GIVES_VALUES = /^(file|files|groupKey|tuple|print|printf|println|sprintf|env|sleep)$/;

/** `stats ?: []`: something in the place of nothing, and of nothing else. */
function isFilledIn({ value, whenFalse }: ElvisExpression): boolean {
  const isPlain =
    (whenFalse.kind === 'ConstantExpression' && whenFalse.value !== null) ||
    (whenFalse.kind === 'ListExpression' && whenFalse.elements.length === 0) ||
    (whenFalse.kind === 'MapExpression' && whenFalse.entries.length === 0);
  return value.kind === 'VariableExpression' && isPlain;
}

function markMade({ made }: Mark): { readonly outputs: readonly MadeBy[]; readonly vague: boolean } {
  return { outputs: made ?? [], vague: made === undefined };
}
