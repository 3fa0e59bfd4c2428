/** How channels flow: factories, operators, pipes, and what becomes of a channel that comes from one branch or another. */
import { rangeIn, type SourceRange } from '../../source/source-file.ts';
import type { Alternative } from '../evaluate/branches.ts';
import { textOf } from '../evaluate/conversions.ts';
import { conjunction } from '../evaluate/guard.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import {
  type CallArguments,
  type CallSite,
  ClassValue,
  ClosureValue,
  flowing,
  HostValue,
  isUnknown,
  ListValue,
  NO_ARGUMENTS,
  orUnknown,
  PathValue,
  UnknownValue,
  unknownFrom,
  type Value,
} from '../evaluate/value.ts';
import type { BinaryExpression, Expression, Statement } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import type { ChannelGraph, Circumstances } from './channel-graph.ts';
import { ChannelValue, ComponentValue, GroupValue, ResultValue, spreadResults } from './channel-values.ts';
import { give, OPEN_CHANNEL } from './dsl1.ts';
import { isOperator, isSink } from './operators.ts';
import type { AlternativesNode, ChannelNode, ChannelRef } from './process-graph.ts';
import type { WalkContext } from './walker.ts';

/** DSL1's operators whose arguments are the channels that they write to. */
const WRITERS: ReadonlySet<string> = new Set(['choice', 'separate', 'into', 'route', 'tap']);

export class Flow {
  readonly #graph: ChannelGraph;
  readonly #interpreter: Interpreter;
  /** The process or workflow that a name stands for at some place. */
  readonly #componentOf: (name: string, frame: Frame) => ComponentValue | undefined;

  constructor(graph: ChannelGraph, interpreter: Interpreter, componentOf: (name: string, frame: Frame) => ComponentValue | undefined) {
    this.#graph = graph;
    this.#interpreter = interpreter;
    this.#componentOf = componentOf;
  }

  /** The circumstances of a call: its place, and the conditions around it. */
  where(site: CallSite, place: SourceRange = rangeIn(site.frame.file, site.node)): Circumstances {
    return { guard: this.#interpreter.guard, activity: this.#interpreter.activity, place };
  }

  /** Writes to a channel that was opened before anybody wrote to it. */
  feed(channel: ChannelValue, refs: readonly ChannelRef[]): void {
    const { node } = channel.ref;
    if (node.type === 'operator' && node.name === OPEN_CHANNEL)
      (node.inputs as ChannelRef[]).push(...refs.filter((ref) => ref.node !== node));
  }

  source(
    factory: string,
    text: string,
    kind: 'queue' | 'value' | 'unknown',
    site: CallSite,
    args: CallArguments = NO_ARGUMENTS,
  ): ChannelValue {
    return new ChannelValue({ node: this.#graph.source(factory, text, kind, this.where(site), args, site.frame), port: undefined }, this);
  }

  factory(name: string, args: CallArguments, site: CallSite): Value {
    const flows = flowing(new ListValue([...args.positional]));
    if (name === 'topic') {
      const topic = textOf(args.positional[0] ?? null);
      return topic === undefined
        ? this.source('topic', '', 'queue', site)
        : new ChannelValue({ node: this.#graph.topic(topic, this.where(site)), port: undefined }, this);
    }
    const text = site.frame.file.slice(site.node);
    if (name === OPEN_CHANNEL)
      return new ChannelValue({ node: this.#graph.operator(name, [], undefined, this.where(site)), port: undefined }, this);
    if (flows.length > 0)
      return new ChannelValue(
        {
          node: this.#graph.operator(name, this.#refs(flows, this.where(site)), undefined, this.where(site), false, args),
          port: undefined,
        },
        this,
      );
    return this.source(name, text, name === 'value' ? 'value' : 'queue', site, args);
  }

  /** The channel that a value is where one is wanted. */
  toRef(value: Value, where: Circumstances): ChannelRef {
    if (value instanceof ChannelValue) return value.ref;
    if (value instanceof ResultValue && value.items.length === 1) return this.toRef(value.items[0] as Value, where);
    const flows = flowing(value);
    if (flows.length > 0) {
      const args: CallArguments = { positional: [value], named: null };
      return { node: this.#graph.operator('expression', this.#refs(flows, where), undefined, where, false, args), port: undefined };
    }
    const text = textOf(value) ?? '';
    return {
      node: this.#graph.source('value', text.slice(0, 200), isUnknown(value) && !value.plain ? 'unknown' : 'value', where, {
        positional: [value],
        named: null,
      }),
      port: undefined,
    };
  }

  #refs(values: readonly HostValue[], where: Circumstances): ChannelRef[] {
    return values.flatMap((value) => {
      if (value instanceof ChannelValue) return [value.ref];
      if (value instanceof ResultValue) return value.items.map((item) => this.toRef(item, where));
      return [];
    });
  }

  /** An operator on a channel; on several, the first is the source and the others are arguments. */
  operator(name: string, receivers: readonly Value[], args: CallArguments, site: CallSite): Value | undefined {
    const [receiver] = receivers;
    if (receiver === undefined) return undefined;
    const node = site.node as Expression;
    const written = node.kind === 'MethodCallExpression' ? node : undefined;
    const closure = args.positional.find((value) => value instanceof ClosureValue) as ClosureValue | undefined;
    if (name === 'getAt' && receiver instanceof ChannelValue) {
      return args.positional[0] === 0 ? receiver : undefined;
    }
    const inputs = receivers.length === 1 || args.positional.length > 0 ? [receiver] : receivers;
    const place =
      written === undefined
        ? rangeIn(site.frame.file, site.node)
        : rangeIn(site.frame.file, { start: written.method.start, end: written.end });
    const here = this.where(site);
    const refs = inputs.map((input) => this.toRef(input, here));
    // These write to the channels that they are given; the others read them.
    const writes = WRITERS.has(name);
    if (!writes)
      for (const argument of [...args.positional, ...(args.named?.values() ?? [])]) refs.push(...this.#refs(flowing(argument), here));
    const typed = (site.frame.context as Partial<WalkContext>).instance?.script.typed === true;
    const made = this.#graph.operator(name, refs, written, this.where(site, place), typed, args, site.frame);
    for (const argument of [...args.positional, ...(args.named?.values() ?? [])])
      if (argument instanceof ClosureValue) this.#feedFrom(argument, made);
    if (writes)
      for (const target of flowing(new ListValue([...args.positional, ...(args.named?.values() ?? [])])))
        if (target instanceof ChannelValue) this.feed(target, [{ node: made, port: undefined }]);
    if (isSink(name)) return null;
    const labels = labelsOf(name, closure);
    if (labels !== undefined) {
      const names = new Map<string, Value>(labels.map((label) => [label, new ChannelValue({ node: made, port: label }, this)]));
      if (name === 'into')
        for (const label of labels)
          give(this, this.#interpreter, label, { node: made, port: label }, closure === undefined ? site.frame : closure.frame);
      return new ResultValue(name, names, [...names.values()], this, undefined);
    }
    const channel = new ChannelValue({ node: made, port: undefined }, this);
    if ((name === 'into' || name === 'separate') && typeof args.positional[0] === 'number') {
      return new ListValue(Array.from({ length: Math.min(args.positional[0], 100) }, () => channel));
    }
    if (name === 'tap') for (const label of namesIn(closure)) this.#interpreter.assignName(label, channel, site.frame);
    return channel;
  }

  /** DSL1: a closure that writes `x << item` or `x.bind(item)` feeds the open channel `x` from what the closure is given. */
  #feedFrom(closure: ClosureValue, made: ChannelNode): void {
    if ((closure.frame.context as Partial<WalkContext>).instance?.script.dsl1 !== true) return;
    for (const statement of closure.node.body)
      walk(statement, (node) => {
        const target =
          node.kind === 'BinaryExpression' && node.operator === '<<'
            ? node.left
            : node.kind === 'MethodCallExpression' && !('kind' in node.method) && node.method.name === 'bind'
              ? node.object
              : null;
        if (target?.kind !== 'VariableExpression') return;
        const channel = closure.frame.scope.holder(target.name)?.get(target.name);
        if (channel instanceof ChannelValue) this.feed(channel, [{ node: made, port: undefined }]);
      });
  }

  /** GPars: `operator(inputs: [a, b], outputs: [c]) { … }` reads some channels and writes to others. */
  dataflowOperator(args: CallArguments, site: CallSite): Value {
    const here = this.where(site);
    const channels = (key: string): HostValue[] => flowing(args.named?.get(key) ?? null);
    const made = this.#graph.operator('operator', this.#refs(channels('inputs'), here), undefined, here);
    for (const output of channels('outputs')) if (output instanceof ChannelValue) this.feed(output, [{ node: made, port: undefined }]);
    return null;
  }

  /** Groovy's own `with`: the closure is called now, with the value. */
  with(value: Value, args: CallArguments, site: CallSite): Value {
    const [closure] = args.positional;
    return closure instanceof ClosureValue ? site.interpreter.callClosure(closure, [value]) : unknownFrom('with', value);
  }

  /** `.set { x }` is an assignment; of a result several names take its outputs in order. */
  set(value: Value, args: CallArguments, site: CallSite): Value {
    const [closure] = args.positional;
    const names = closure instanceof ClosureValue ? namesIn(closure) : [];
    names.forEach((name, index) => {
      const part = names.length > 1 && value instanceof ResultValue ? orUnknown(value.items[index], name) : value;
      this.#interpreter.assignName(name, part, site.frame);
    });
    return null;
  }

  /** A method of a plain or unknown value: it may stand for a channel. */
  method(receiver: Value, name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'set' && args.positional[0] instanceof ClosureValue && !(receiver instanceof ClassValue))
      return this.set(receiver, args, site);
    if (receiver instanceof UnknownValue && (isOperator(name) || flowing(new ListValue([...args.positional])).length > 0)) {
      const carried = flowing(receiver);
      const flows = [...carried, ...flowing(new ListValue([...args.positional]))];
      if (flows.length > 0) return this.operator(name, [new ChannelValue(this.toRef(receiver, this.where(site)), this)], args, site);
    }
    return undefined;
  }

  // ------------------------------------------------------------------------------------------------ pipes

  pipe(left: Value, node: BinaryExpression, frame: Frame): Value | undefined {
    const { right, operator } = node;
    if (operator === '&') {
      if (!(left instanceof ComponentValue) && !(left instanceof GroupValue) && !(left instanceof HostValue && left.flows))
        return undefined;
      const member = this.#pipeTarget(right, frame);
      return new GroupValue([...(left instanceof GroupValue ? left.members : [left]), member]);
    }
    let source = left;
    if (left instanceof ComponentValue && left.definition.type !== 'function')
      source = left.call({ positional: [], named: null }, this.#interpreter.site(node.left, frame));
    const target = this.#isTarget(right, frame);
    if (!target && !(source instanceof HostValue && source.flows)) return undefined;
    return this.#pipeInto(source, right, frame);
  }

  #isTarget(node: Expression, frame: Frame): boolean {
    if (node.kind === 'VariableExpression') return this.#componentOf(node.name, frame) !== undefined;
    return (
      node.kind === 'MethodCallExpression' &&
      node.object === null &&
      !('kind' in node.method) &&
      isOperator(node.method.name) &&
      this.#componentOf(node.method.name, frame) === undefined
    );
  }

  #pipeTarget(node: Expression, frame: Frame): Value {
    if (node.kind === 'VariableExpression') return this.#componentOf(node.name, frame) ?? new UnknownValue(node.name);
    return this.#interpreter.evaluate(node, frame);
  }

  #pipeInto(source: Value, node: Expression, frame: Frame): Value {
    const site = this.#interpreter.site(node, frame);
    const positional = [source];
    if (node.kind === 'VariableExpression') {
      const component = this.#componentOf(node.name, frame);
      if (component !== undefined) return component.call({ positional, named: null }, site);
      if (source instanceof HostValue) return orUnknown(source.method(node.name, { positional: [], named: null }, site), node.name, source);
      return this.#interpreter.callMethodOn(source, node.name, { positional: [], named: null }, site);
    }
    if (node.kind === 'MethodCallExpression' && node.object === null && !('kind' in node.method)) {
      const args = this.#interpreter.arguments(node.arguments, frame);
      const component = this.#componentOf(node.method.name, frame);
      if (component !== undefined) return component.call({ positional: [source, ...args.positional], named: args.named }, site);
      if (source instanceof HostValue) return orUnknown(source.method(node.method.name, args, site), node.method.name, source);
      return this.#interpreter.callMethodOn(new ChannelValue(this.toRef(source, this.where(site)), this), node.method.name, args, site);
    }
    if (node.kind === 'BinaryExpression' && node.operator === '&') {
      const members = leavesOf(node);
      const results = members.map((member) => this.#pipeInto(source, member, frame));
      const items = spreadResults(results);
      return new ResultValue('a group of calls', new Map(), items, this);
    }
    const value = this.#interpreter.evaluate(node, frame);
    if (value instanceof ComponentValue) return value.call({ positional, named: null }, site);
    if (value instanceof ClosureValue) return this.#interpreter.callClosure(value, positional);
    return unknownFrom('a pipe into something unknown', source, value);
  }

  // ------------------------------------------------------------------------------------------------ alternatives

  join(alternatives: readonly Alternative[], place: SourceRange): Value {
    const where: Circumstances = { guard: this.#interpreter.guard, activity: this.#interpreter.activity, place };
    const results = alternatives.filter((one) => one.value instanceof ResultValue);
    if (results.length > 0) {
      const named = results.map((one) => one.value as ResultValue);
      if (named.every((one) => one.names.size === 0 && one.items.length === 1)) {
        return this.join(
          alternatives.map((one) => (one.value instanceof ResultValue ? { ...one, value: one.value.items[0] as Value } : one)),
          place,
        );
      }
      // What is a single channel under the given params is one, whatever the branch that is off would have left.
      const taken = alternatives.filter(({ literal }) => literal.active !== false);
      if (taken.length > 0 && taken.every(({ value }) => value instanceof ChannelValue)) {
        const firsts = alternatives.flatMap((one) => {
          const value = one.value instanceof ResultValue ? one.value.items[0] : one.value;
          return value === undefined ? [] : [{ ...one, value }];
        });
        return firsts.length === 1 ? (firsts[0]?.value as Value) : this.join(firsts, place);
      }
      return this.#joinResults(alternatives, named, place);
    }
    if (!alternatives.every(({ value }) => isChannelLike(value)))
      return unknownFrom('depends on a condition', ...alternatives.map((one) => one.value));
    const inputs: AlternativesNode['inputs'] = alternatives.map(({ value, literal }) => ({
      ref: this.toRef(value, where),
      guard: [literal],
      active: conjunction(this.#interpreter.activity, literal.active),
    }));
    return new ChannelValue({ node: this.#graph.alternatives(inputs, where), port: undefined }, this);
  }

  #joinResults(alternatives: readonly Alternative[], results: readonly ResultValue[], place: SourceRange): Value {
    const names = new Map<string, Value>();
    for (const name of new Set(results.flatMap((one) => [...one.names.keys()]))) {
      const parts = alternatives.flatMap(({ value, literal }) => {
        const part = value instanceof ResultValue ? value.names.get(name) : undefined;
        return part === undefined ? [] : [{ value: part, literal }];
      });
      names.set(name, parts.length === 1 ? (parts[0]?.value as Value) : this.join(parts, place));
    }
    const widthOf = (value: Value): number => (value instanceof ResultValue ? value.items.length : 1);
    const widths = alternatives.flatMap(({ value, literal }) => (literal.active === false ? [] : [widthOf(value)]));
    const [first, ...others] = widths;
    const widthIsKnown = first !== undefined && others.every((one) => one === first);
    const width = widthIsKnown ? first : Math.max(...results.map((one) => one.items.length));
    const items = Array.from({ length: width }, (_, index) => {
      const parts = alternatives.flatMap(({ value, literal }) => {
        const part = value instanceof ResultValue ? value.items[index] : index === 0 && value instanceof ChannelValue ? value : undefined;
        return part === undefined ? [] : [{ value: part, literal }];
      });
      return parts.length === 1 ? (parts[0]?.value as Value) : this.join(parts, place);
    });
    return new ResultValue(results[0]?.typeName ?? 'a call', names, items, this, undefined, widthIsKnown);
  }
}

/** null and empty lists stand for "nothing" where a channel is one alternative. */
function isChannelLike(value: Value): boolean {
  return (
    value instanceof ChannelValue ||
    value === null ||
    isUnknown(value) ||
    typeof value !== 'object' ||
    value instanceof ListValue ||
    value instanceof PathValue
  );
}

function leavesOf(node: Expression): Expression[] {
  if (node.kind === 'BinaryExpression' && node.operator === '&') return [...leavesOf(node.left), ...leavesOf(node.right)];
  return [node];
}

/** The names in `{ a; b }`. */
function namesIn(closure: ClosureValue | undefined): string[] {
  return (closure?.node.body ?? []).flatMap((statement) =>
    statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression' ? [statement.expression.name] : [],
  );
}

/** Labels of `branch` and `multiMap`; names in DSL1's `into { a; b }`. */
function labelsOf(name: string, closure: ClosureValue | undefined): string[] | undefined {
  if (name === 'branch' || name === 'multiMap' || name === 'fork') {
    if (closure === undefined) return undefined;
    const labels: string[] = [];
    const visit = (statement: Statement): void => {
      if (statement.kind === 'LabeledStatement') {
        if (!labels.includes(statement.label.name)) labels.push(statement.label.name);
        visit(statement.statement);
      } else if (statement.kind === 'BlockStatement') statement.statements.forEach(visit);
      else if (statement.kind === 'IfStatement') {
        visit(statement.thenBranch);
        if (statement.elseBranch !== null) visit(statement.elseBranch);
      }
    };
    closure.node.body.forEach(visit);
    return labels;
  }
  if (name === 'into') {
    const names = namesIn(closure);
    return names.length === 0 ? undefined : names;
  }
  return undefined;
}
