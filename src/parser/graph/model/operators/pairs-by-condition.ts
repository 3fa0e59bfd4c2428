/** Pairs that a condition behind `combine` chooses: what it asks to be equal is as good as a key. */
import { normalizeBlanks } from '../../../../source/source-file.ts';
import { ClosureValue, type Value } from '../../../evaluate/value.ts';
import type { Expression, Statement } from '../../../syntax/nodes.ts';
import { resultOf } from '../../expressions.ts';
import type { OperatorNode } from '../../process-graph.ts';
import type { ChannelModel } from '../channel-model.ts';
import { retied } from '../dependences.ts';
import type { Dimension } from '../dimensions.ts';
import { type KeyFacts, keyFactsOf, type Mark, marksOf, remarked } from '../item-value.ts';
import type { Summand } from '../shapes.ts';
import { labelled, withBody } from './item-by-item.ts';
import { bothKnow, MANY_LABELS, moved, plainSignature } from './pairs.ts';
import { evaluated, type Step, selected } from './step.ts';

/** The conditions of a closure that say that two parts of its item are equal. */
function equalities(closure: ClosureValue): readonly (readonly [Expression, Expression])[] {
  const found: [Expression, Expression][] = [];
  const add = (expression: Expression | undefined): void => {
    if (expression?.kind !== 'BinaryExpression') return;
    if (expression.operator === '&&') {
      add(expression.left);
      add(expression.right);
    } else if (expression.operator === '==') found.push([expression.left, expression.right]);
  };
  add(conditionOf(closure));
  return found;
}

/** What has to hold for an item to stay: the result of a filter; of a `map` what stands before `? [..] : null` or in its `if`. */
function conditionOf(closure: ClosureValue): Expression | undefined {
  const last = closure.node.body.at(-1);
  if (last?.kind === 'IfStatement') return last.elseBranch === null ? last.condition : undefined;
  const result = resultOf(closure.node);
  if (result?.kind !== 'TernaryExpression') return result;
  return result.whenFalse.kind === 'ConstantExpression' && result.whenFalse.value === null ? result.condition : undefined;
}

/** The parts of items that the condition of a `filter` is made of, or those of a `branch`. */
export function conditionMarks(model: ChannelModel, node: OperatorNode): readonly Mark[] | undefined {
  const source = node.inputs[0] === undefined ? undefined : model.flowOf(node.inputs[0]);
  const code = node.args.positional.find((value) => value instanceof ClosureValue);
  if (source === undefined || code === undefined || source.summands.length === 0) return undefined;
  const { before, conditions } = conditionsOf(node, code);
  if (conditions === undefined) return undefined;
  const step: Step = { model, node, port: undefined, source, others: [], code };
  const marks = new Set<Mark>();
  // Comparisons do not carry what they compare: each operand by itself.
  const operands: Expression[] = [];
  const add = (expression: Expression): void => {
    if (expression.kind === 'BinaryExpression') {
      add(expression.left);
      add(expression.right);
    } else if (expression.kind === 'UnaryExpression') add(expression.operand);
    else operands.push(expression);
  };
  for (const condition of conditions) add(condition);
  for (const summand of source.summands)
    for (const [at, operand] of operands.entries()) marksOf(sideOf(step, code, operand, summand, at, before), marks);
  return [...marks];
}

interface Conditions {
  /** What is done before one is looked at. */
  readonly before: readonly Statement[];
  readonly conditions: readonly Expression[] | undefined;
}

function conditionsOf({ name }: OperatorNode, code: ClosureValue): Conditions {
  if (name !== 'branch') {
    const result = resultOf(code.node);
    return { before: code.node.body.slice(0, -1), conditions: result === undefined ? undefined : [result] };
  }
  const { before, labels } = labelled(code);
  const conditions = labels.flatMap(({ first }) => (first.kind === 'ExpressionStatement' ? [first.expression] : []));
  return { before, conditions: conditions.length < labels.length ? undefined : conditions };
}

/** Of a filter's equalities those of which one side is of the left items of a combine and the other of the right ones. */
export function sameKeyConditions(
  model: ChannelModel,
  filter: OperatorNode,
  combine: OperatorNode,
): readonly (readonly [Expression, Expression])[] {
  const source = filter.inputs[0] === undefined ? undefined : model.flowOf(filter.inputs[0]);
  const code = filter.args.positional.find((value) => value instanceof ClosureValue);
  if (source === undefined || code === undefined) return [];
  const [left, right] = combine.inputs.map((ref) => {
    const ids = new Set<string>();
    for (const { item } of model.flowOf(ref).summands) for (const mark of marksOf(item)) ids.add(mark.id);
    return ids;
  }) as [Set<string>, Set<string>];
  const step: Step = { model, node: filter, port: undefined, source, others: [], code };
  const isOf = (ids: ReadonlySet<string>, key: KeyFacts): boolean =>
    key.all.size > 0 && [...key.all].every((id) => [...ids].some((one) => one === plainId(id) || plainId(id).startsWith(`${one}.`)));
  return equalities(code).flatMap(([one, two]) => {
    const [summand] = source.summands;
    if (summand === undefined) return [];
    const [a, b] = [one, two].map((side, at) => keyFactsOf(sideOf(step, code, side, summand, at))) as [KeyFacts, KeyFacts];
    if (a.vague || b.vague || a.signature === b.signature) return [];
    return (isOf(left, a) && isOf(right, b)) || (isOf(left, b) && isOf(right, a)) ? [[one, two] as const] : [];
  });
}

export function plainId(id: string): string {
  return id.replace(/@\d+/g, '');
}

/** What one side of a comparison is for an item, after what is done before it. */
function sideOf(
  step: Step,
  code: ClosureValue,
  side: Expression,
  summand: Summand,
  at: number,
  before: readonly Statement[] = code.node.body.slice(0, -1),
): Value {
  const statement: Statement = { kind: 'ExpressionStatement', start: side.start, end: side.end, expression: side };
  return evaluated(step, withBody(code, [...before, statement]), summand.item, `side${at}`);
}

/** `combine(b).filter { a, b -> a.id == b.id }`: each item has met all of its own kind, and those that it belongs to are left. */
export function untangled(step: Step, summand: Summand): Summand | undefined {
  const { code, model } = step;
  if (!(code instanceof ClosureValue) || !summand.index.some((dimension) => dimension.copyOf !== undefined)) return undefined;
  for (const [left, right] of equalities(code)) {
    const [one, two] = [left, right].map((side, at) => keyFactsOf(sideOf(step, code, side, summand, at))) as [KeyFacts, KeyFacts];
    if (one.vague || two.vague || one.signature === two.signature || plainSignature(one) !== plainSignature(two)) continue;
    const copies = summand.index.filter(
      (dimension) =>
        dimension.copyOf !== undefined &&
        (one.dimensions.has(dimension) || two.dimensions.has(dimension) || bothKnow(model, dimension, one, two)),
    );
    if (copies.length === 0) continue;
    const original = (dimension: Dimension): Dimension => (copies.includes(dimension) ? (dimension.copyOf as Dimension) : dimension);
    const item = remarked(summand.item, (mark) => moved(mark, plainId(mark.id), original), original);
    return {
      ...summand,
      index: model.dimensions.reduced(summand.index.map(original)),
      item,
      data: retied(summand.data, original),
      waits: retied(summand.waits, original),
    };
  }
  return undefined;
}

/** `a.control == b.id` of items that all met all of their own kind: how many such pairs there are is a count of its own. */
export function paired(step: Step, summand: Summand): Summand | undefined {
  const { code, node } = step;
  if (!(code instanceof ClosureValue) || !summand.index.some((dimension) => dimension.copyOf !== undefined)) return undefined;
  const input = step.source.summands.find(({ index }) => index === summand.index) ?? summand;
  for (const [left, right] of equalities(code)) {
    const [one, two] = [left, right].map((side, at) => keyFactsOf(sideOf(step, code, side, input, at))) as [KeyFacts, KeyFacts];
    const across = summand.index.some((copy) => {
      if (copy.copyOf === undefined) return false;
      const [here, there] = [one, two].map(({ all }) => [...all].filter((id) => id.endsWith(`@${copy.origin.index}`)).length);
      return (here === 0) !== (there === 0);
    });
    if (one.vague || two.vague || !across) continue;
    const label = normalizeBlanks(`${code.frame.file.slice(left)} == ${code.frame.file.slice(right)}`);
    return selected(summand, { node, label, of: MANY_LABELS, exhaustive: false });
  }
  return undefined;
}
