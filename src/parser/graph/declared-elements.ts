/** The names and patterns inside one input or output declaration, in every dialect. */
import type { Argument, Expression, Statement } from '../syntax/nodes.ts';
import { keyOf, qualifierCall, verbs } from './process-io.ts';

export type Qualifier = 'val' | 'path' | 'env' | 'stdin' | 'stdout' | 'eval' | 'each' | 'other';

/** One element: `val(meta)`, `path("*.bam")`. */
export interface DeclaredElement {
  readonly qualifier: Qualifier;
  /** A name's variable, a pattern's text, an expression. */
  readonly expression: Expression;
  readonly options: readonly Argument[];
}

export interface DeclaredElements {
  /** One item with several parts. */
  readonly tuple: boolean;
  readonly elements: readonly DeclaredElement[];
  /** `each`: once for each element of what is given. */
  readonly each: boolean;
}

const known = new WeakMap<Statement, DeclaredElements>();

export function declaredElements(statement: Statement): DeclaredElements {
  let found = known.get(statement);
  if (found === undefined) known.set(statement, (found = read(statement)));
  return found;
}

function read(statement: Statement): DeclaredElements {
  if (statement.kind === 'LabeledStatement') {
    const { label } = statement;
    const expression: Expression = { kind: 'VariableExpression', start: label.start, end: label.end, name: label.name };
    return { tuple: false, elements: [{ qualifier: 'other', expression, options: [] }], each: false };
  }
  if (statement.kind !== 'ExpressionStatement') return { tuple: false, elements: [], each: false };
  const call = qualifierCall(statement.expression);
  if (call === undefined || 'kind' in call.method) {
    // `stdin` alone.
    const { expression } = statement;
    return { tuple: false, elements: [{ qualifier: qualifierOf(expression), expression, options: [] }], each: false };
  }
  const { name } = call.method;
  const each = name === 'each';
  if (name === 'tuple' || name === 'set' || (each && verbs(statement).length > 0 && isTuple(call.arguments))) {
    const inner = each ? tupleArguments(call.arguments) : call.arguments;
    return { tuple: true, elements: inner.filter((argument) => keyOf(argument) === undefined).map(({ value }) => elementOf(value)), each };
  }
  const [first] = call.arguments.filter((argument) => keyOf(argument) === undefined);
  if (first === undefined) return { tuple: false, elements: [], each };
  const options = call.arguments.filter((argument) => keyOf(argument) !== undefined);
  if (each) return { tuple: false, elements: [{ ...elementOf(first.value), qualifier: 'each' }], each };
  return { tuple: false, elements: [{ qualifier: NAMES[name] ?? 'other', expression: first.value, options }], each };
}

const NAMES: Readonly<Record<string, Qualifier>> = {
  val: 'val',
  path: 'path',
  file: 'path',
  env: 'env',
  stdin: 'stdin',
  stdout: 'stdout',
  eval: 'eval',
};

function isTuple(args: readonly Argument[]): boolean {
  const value = args[0]?.value;
  return value?.kind === 'MethodCallExpression' && value.object === null && !('kind' in value.method) && value.method.name === 'tuple';
}

function tupleArguments(args: readonly Argument[]): readonly Argument[] {
  const value = args[0]?.value;
  return value?.kind === 'MethodCallExpression' ? value.arguments : [];
}

function elementOf(expression: Expression): DeclaredElement {
  if (expression.kind === 'MethodCallExpression' && expression.object === null && !('kind' in expression.method)) {
    const { name } = expression.method;
    const [first] = expression.arguments.filter((argument) => keyOf(argument) === undefined);
    const options = expression.arguments.filter((argument) => keyOf(argument) !== undefined);
    if (Object.hasOwn(NAMES, name)) return { qualifier: NAMES[name] as Qualifier, expression: first?.value ?? expression, options };
  }
  return { qualifier: qualifierOf(expression), expression, options: [] };
}

/** In an old tuple a bare name is a value, a text a file. */
function qualifierOf(expression: Expression): Qualifier {
  if (expression.kind === 'VariableExpression')
    return Object.hasOwn(NAMES, expression.name) ? (NAMES[expression.name] as Qualifier) : 'val';
  if (expression.kind === 'ConstantExpression' && expression.value === '-') return 'stdin';
  return expression.kind === 'ConstantExpression' || expression.kind === 'GStringExpression' ? 'path' : 'other';
}

/** A pattern that can match several files, or one whose number an `arity` says. */
export function mayBeSeveral(element: DeclaredElement): boolean {
  if (element.qualifier !== 'path') return false;
  const arity = element.options.find((option) => keyOf(option) === 'arity')?.value;
  if (arity?.kind === 'ConstantExpression') return arity.value !== '1' && arity.value !== '0..1';
  const { expression } = element;
  if (expression.kind === 'ConstantExpression') return /[*?{[]/.test(String(expression.value));
  if (expression.kind === 'GStringExpression')
    return expression.parts.some((part) => part.kind === 'GStringText' && /[*?{[]/.test(part.value));
  return true;
}
