/** Operators that make of each item one or none: `map`, `filter`, `branch`, `multiMap`. */
import { normalizeBlanks } from '../../../../source/source-file.ts';
import { ClosureValue, ListValue, OptionalValue, type Truth, truthOf, type Value } from '../../../evaluate/value.ts';
import type { Expression, Statement } from '../../../syntax/nodes.ts';
import { resultOf } from '../../expressions.ts';
import type { OperatorNode } from '../../process-graph.ts';
import type { ChannelModel } from '../channel-model.ts';
import { marksOf, originOf, settled } from '../item-value.ts';
import type { Summand } from '../shapes.ts';
import { paired, untangled } from './pairs-by-condition.ts';
import { evaluated, fewer, type Step, selected, withItem } from './step.ts';

export function mapped(step: Step): readonly Summand[] {
  const { code } = step;
  if (code === undefined) return step.source.summands;
  return step.source.summands.flatMap((summand) => {
    // Groovy's null drops the item.
    const item = evaluated(step, code, summand.item);
    if (!(item instanceof OptionalValue)) return kept(summand, item);
    const matched = untangled(step, summand);
    if (matched === undefined) return [paired(step, withItem(summand, item.value)) ?? withItem(fewer(summand), item.value)];
    const own = evaluated(step, code, matched.item);
    return own === null ? [] : [withItem(matched, own instanceof OptionalValue ? own.value : own)];
  });
}

/** null is no item. */
export function kept(summand: Summand, item: Value): readonly Summand[] {
  if (item === null) return [];
  return [item instanceof OptionalValue ? withItem(fewer(summand), item.value) : withItem(summand, item)];
}

export function filtered(step: Step): readonly Summand[] {
  const { code } = step;
  let counterpart: Complement | null | undefined;
  return step.source.summands.flatMap((summand) => {
    const matched = untangled(step, summand);
    if (matched !== undefined) return [matched];
    const truth: Truth = code === undefined ? 'unknown' : truthOf(evaluated(step, code, summand.item));
    if (truth === false) return [];
    if (truth === true) return [summand];
    const other = counterpart ?? complementOf(step);
    counterpart = other;
    if (other === null) return [paired(step, summand) ?? fewer(summand)];
    return [selected(summand, { node: other.first, label: other.label, of: 2, exhaustive: true })];
  });
}

/** Whether a filter lets some items go on and others not, as far as can be told. */
export function dropsSome(model: ChannelModel, node: OperatorNode): boolean {
  const [ref] = node.inputs;
  const source = ref === undefined ? undefined : model.flowOf(ref);
  const code = node.args.positional.find((value) => value instanceof ClosureValue);
  if (source === undefined || code === undefined) return false;
  const step: Step = { model, node, port: undefined, source, others: [], code };
  if (complementOf(step) !== null) return false;
  return source.summands.some(
    (summand) => untangled(step, summand) === undefined && truthOf(evaluated(step, code, summand.item)) === 'unknown',
  );
}

/** `filter { a }` and `filter { !a }` of one channel share its items out. */
interface Complement {
  readonly first: OperatorNode;
  readonly label: string;
}

function complementOf({ model, node }: Step): Complement | null {
  const mine = conditionText(node);
  const [input] = node.inputs;
  if (mine === undefined || input === undefined) return null;
  for (const other of model.filtersOf(input)) {
    if (other === node || other.inputs[0]?.port !== input.port) continue;
    const text = conditionText(other);
    if (text === undefined || (text !== negated(mine) && negated(text) !== mine)) continue;
    return { first: other.index < node.index ? other : node, label: mine };
  }
  return null;
}

/** What a filter asks, with its parameter called `it`. */
function conditionText(node: OperatorNode): string | undefined {
  const code = node.args.positional.find((value) => value instanceof ClosureValue);
  const result = code === undefined ? undefined : resultOf(code.node);
  if (code === undefined || result === undefined || code.node.body.length !== 1) return undefined;
  const text = normalizeBlanks(code.frame.file.slice(result));
  const [only] = code.node.parameters ?? [];
  return code.node.parameters?.length === 1 && only !== undefined
    ? text.replaceAll(new RegExp(`\\b${only.name.name}\\b`, 'g'), 'it')
    : text;
}

function negated(text: string): string {
  if (/^!\s*[\w.[\]]+(\([^()]*\))?$/.test(text)) return text.replace(/^!\s*/, '');
  if (/^!\s*\([^()]*\)$/.test(text)) return text.replace(/^!\s*\(/, '').slice(0, -1);
  for (const [one, other] of [
    ['==', '!='],
    ['!=', '=='],
    ['<=', '>'],
    ['>=', '<'],
  ] as const)
    if (text.split(one).length === 2) return text.replace(one, other);
  return /^[\w.[\]]+(\([^()]*\))?$/.test(text) ? `!${text}` : `!(${text})`;
}

interface Label {
  readonly name: string;
  /** The statement behind the label: a condition, or the item. */
  readonly first: Statement;
  readonly rest: readonly Statement[];
}

/** The statements before the first label, and each label with what follows it. */
export function labelled(closure: ClosureValue): { before: readonly Statement[]; labels: readonly Label[] } {
  const before: Statement[] = [];
  const labels: { name: string; first: Statement; rest: Statement[] }[] = [];
  for (const statement of closure.node.body) {
    if (statement.kind === 'LabeledStatement') {
      let inner: Statement = statement.statement;
      labels.push({ name: statement.label.name, first: inner, rest: [] });
      // `a: b: e` gives one item to two labels.
      while (inner.kind === 'LabeledStatement') {
        const { label } = inner;
        inner = inner.statement;
        labels.push({ name: label.name, first: inner, rest: [] });
      }
      const last = labels.at(-1) as { first: Statement };
      for (const one of labels) if (one.first.kind === 'LabeledStatement') one.first = last.first;
    } else if (labels.length === 0) before.push(statement);
    else (labels.at(-1) as { rest: Statement[] }).rest.push(statement);
  }
  return { before, labels };
}

export function withBody(closure: ClosureValue, body: readonly Statement[]): ClosureValue {
  return new ClosureValue({ ...closure.node, body }, closure.frame, closure.delegate);
}

export function branched(step: Step): readonly Summand[] {
  const { code, node, port } = step;
  if (!(code instanceof ClosureValue)) return step.source.summands.map((summand) => fewer(summand));
  const { before, labels } = labelled(code);
  const at = labels.findIndex(({ name }) => name === port);
  const label = labels[at];
  if (label === undefined) return [];
  // A last label that takes all makes them share the items out.
  const exhaustive = ((): boolean => {
    const last = labels.at(-1)?.first;
    return last?.kind === 'ExpressionStatement' && last.expression.kind === 'ConstantExpression' && last.expression.value === true;
  })();
  return step.source.summands.flatMap((summand) => {
    let open = false;
    for (const [number, { first }] of labels.slice(0, at + 1).entries()) {
      const truth = truthOf(evaluated(step, withBody(code, [...before, first]), summand.item, `if${number}`));
      if (number < at && truth === true) return [];
      if (number === at && truth === false) return [];
      if (truth === 'unknown') open = true;
    }
    const item = label.rest.length === 0 ? summand.item : evaluated(step, withBody(code, [...before, ...label.rest]), summand.item);
    const made = withItem(summand, item);
    if (!open) return [made];
    // Where no other label is open, it is a filter.
    const others = labels.some(
      ({ first }, number) =>
        number !== at && truthOf(evaluated(step, withBody(code, [...before, first]), summand.item, `if${number}`)) !== false,
    );
    return [others ? selected(made, { node, label: String(port), of: labels.length, exhaustive }) : fewer(made)];
  });
}

export function multiMapped(step: Step): readonly Summand[] {
  const { code, port } = step;
  if (!(code instanceof ClosureValue)) return step.source.summands;
  const { before, labels } = labelled(code);
  const label = labels.find(({ name }) => name === port);
  if (label === undefined) return step.source.summands;
  const last = label.rest.at(-1) ?? label.first;
  return step.source.summands.map((summand) => {
    const item = evaluated(step, withBody(code, [...before, label.first, ...label.rest]), summand.item, '', (value) =>
      label.rest.length === 0 ? sharedParts(step, before, last, value, summand.item) : value,
    );
    return withItem(summand, item);
  });
}

/** Variables that are set before the first label are the same for all labels, also where nothing is known of them. */
function sharedParts({ node }: Step, before: readonly Statement[], last: Statement, value: Value, item: Value): Value {
  const expression = last.kind === 'ExpressionStatement' ? last.expression : undefined;
  const names = expression?.kind === 'ListExpression' ? expression.elements : expression === undefined ? [] : [expression];
  const set = new Set(
    before.flatMap((statement) => (statement.kind === 'DeclarationStatement' ? statement.declarations.map(({ name }) => name.name) : [])),
  );
  const index = [...new Set([...marksOf(item)].flatMap((mark) => mark.index))];
  const shared = (part: Value, name: Expression | undefined): Value =>
    name?.kind === 'VariableExpression' && set.has(name.name)
      ? settled(part, `op${node.index}$${name.name}`, index, originOf([item]))
      : part;
  if (expression?.kind !== 'ListExpression') return shared(value, expression);
  if (!(value instanceof ListValue) || value.open || value.items.length !== names.length) return value;
  return new ListValue(value.items.map((part, at) => shared(part, names[at])));
}
