/**
 * DSL1: a `process` block is definition and call in one, statements run from top to bottom, and channels are variables of
 * the script (language.md 3). What `from` and `into` say is read here; the rest is the same walk as for DSL2.
 */
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import { ClosureValue, HostValue, isUnknown, ListValue, type Value } from '../evaluate/value.ts';
import type { Argument, Expression, MethodCallExpression, ProcessNode, Statement } from '../syntax/nodes.ts';
import { setPortKind } from './channel-graph.ts';
import { ChannelValue } from './channel-values.ts';
import type { Flow } from './flow.ts';
import type { ChannelRef } from './process-graph.ts';
import { keyOf, qualifierCall, signatureOf } from './process-io.ts';
import type { Walker } from './walker.ts';

/** Channels that are there before somebody writes to them: `Channel.create()`. */
export const OPEN_CHANNEL = 'create';

/** Calls a process where it is defined, and binds the channels that it writes to. */
export function callWhereDefined(walker: Walker, node: ProcessNode, frame: Frame): void {
  const { interpreter } = walker;
  const site = interpreter.site(node.name, frame);
  const inputs = signatureOf(node).inputs.map(({ statement }) => sourceOf(walker, statement, frame));
  const call = walker.callDefined(
    node,
    frame,
    inputs.map((value) => asChannel(walker, value, frame, node)),
    site,
  );
  if (call === undefined) return;
  for (const { statement } of signatureOf(node).outputs) {
    const { targets, flattened } = targetsOf(statement, frame, walker);
    for (const target of targets) {
      if (flattened) setPortKind(call.node, target, 'queue');
      give(walker.flow, interpreter, target, { node: call.node, port: target }, frame);
    }
  }
}

/** What an input reads: the argument of `from`, or the channel or variable that is called like the input. */
function sourceOf(walker: Walker, statement: Statement, frame: Frame): Value {
  const { interpreter } = walker;
  if (statement.kind !== 'ExpressionStatement') return null;
  const from = linkOf(statement.expression, 'from') ?? linkOf(statement.expression, 'using');
  if (from !== undefined) {
    const values = interpreter.arguments(from.arguments, frame).positional;
    const value = values.length === 1 ? (values[0] as Value) : new ListValue([...values]);
    return value instanceof ClosureValue ? interpreter.callClosure(value, []) : value;
  }
  const name = variableOf(qualifierCall(statement.expression)?.arguments ?? []);
  return name === undefined
    ? null
    : interpreter.evaluate({ kind: 'VariableExpression', start: statement.start, end: statement.end, name }, frame);
}

/** A collection becomes a queue of its elements, any other plain value a value. */
function asChannel(walker: Walker, value: Value, frame: Frame, node: ProcessNode): Value {
  if (value instanceof HostValue && value.flows) return value;
  const site = walker.interpreter.site(node.name, frame);
  if (value instanceof ListValue && value.items.every((item) => !(item instanceof HostValue)))
    return walker.flow.source('from', 'a list', 'queue', site, { positional: [value], named: null });
  return isUnknown(value) && value.carries.length === 0 ? walker.flow.source('value', value.reason, 'unknown', site) : value;
}

/** The names behind `into`; without one, a channel called like the output. */
function targetsOf(statement: Statement, frame: Frame, walker: Walker): { targets: string[]; flattened: boolean } {
  if (statement.kind !== 'ExpressionStatement') return { targets: [], flattened: false };
  const { expression } = statement;
  const into = linkOf(expression, 'into');
  const mode = linkOf(expression, 'mode')?.arguments[0]?.value;
  const flattened = mode?.kind === 'VariableExpression' && mode.name === 'flatten';
  if (into === undefined) {
    const name = variableOf(qualifierCall(expression)?.arguments ?? []);
    return { targets: name === undefined ? [] : [name], flattened };
  }
  const targets = into.arguments.filter((argument) => argument.key === null).flatMap(({ value }) => namesOf(value, frame, walker));
  return { targets, flattened };
}

function namesOf(value: Expression, frame: Frame, walker: Walker): string[] {
  if (value.kind === 'VariableExpression') return [value.name];
  if (value.kind === 'ListExpression' || value.kind === 'TupleExpression')
    return value.elements.flatMap((element) => namesOf(element, frame, walker));
  const text = walker.interpreter.evaluate(value, frame);
  return typeof text === 'string' ? [text] : [];
}

/** Binds a channel to a name; an open channel that has the name already is written to, so that earlier readers are fed too. */
export function give(flow: Flow, interpreter: Interpreter, name: string, ref: ChannelRef, frame: Frame): void {
  const before = frame.scope.holder(name)?.get(name);
  if (before instanceof ChannelValue) flow.feed(before, [ref]);
  interpreter.assignName(name, new ChannelValue(ref, flow), frame);
}

/** The link of a command chain with that name: `val(x).from(ch)` has `from`. */
function linkOf(expression: Expression, name: string): MethodCallExpression | undefined {
  for (let at: Expression | null = expression; at !== null && at.kind === 'MethodCallExpression'; at = at.object) {
    if (!('kind' in at.method) && at.method.name === name && at.object !== null) return at;
  }
  return undefined;
}

/** `val x`, `file x`, `file(x)`, `each x`: the variable's name; none for patterns and tuples. */
function variableOf(args: readonly Argument[]): string | undefined {
  const [first, ...rest] = args.filter((argument) => keyOf(argument) === undefined);
  if (first === undefined || rest.length > 0) return undefined;
  if (first.value.kind === 'VariableExpression') return first.value.name;
  if (first.value.kind === 'MethodCallExpression' && first.value.object === null) return variableOf(first.value.arguments);
  return undefined;
}
