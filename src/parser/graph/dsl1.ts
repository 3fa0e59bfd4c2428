/**
 * DSL1: a `process` block is definition and call in one, statements run from top to bottom, and channels are variables of
 * the script (language.md 3). What `from` and `into` say is read here; the rest is the same walk as for DSL2.
 */
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import { ClosureValue, HostValue, isUnknown, ListValue, type Value } from '../evaluate/value.ts';
import type { ProcessNode, Statement } from '../syntax/nodes.ts';
import { setPortKind } from './channel-graph.ts';
import { ChannelValue } from './channel-values.ts';
import type { Flow } from './flow.ts';
import type { ChannelRef } from './process-graph.ts';
import { linkOf, qualifierCall, signatureOf, variableOf } from './process-io.ts';
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
  for (const { into, flattened } of signatureOf(node).outputs) {
    for (const target of into) {
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

/** Binds a channel to a name; an open channel that has the name already is written to, so that earlier readers are fed too. */
export function give(flow: Flow, interpreter: Interpreter, name: string, ref: ChannelRef, frame: Frame): void {
  const before = frame.scope.holder(name)?.get(name);
  if (before instanceof ChannelValue) flow.feed(before, [ref]);
  interpreter.assignName(name, new ChannelValue(ref, flow), frame);
}
