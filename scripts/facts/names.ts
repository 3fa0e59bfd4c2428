/** What expressions are called, as far as facts name them. */
import type { Expression, MethodCallExpression, Statement } from '../../src/parser/syntax/nodes.ts';
import type { SourceText } from './source-text.ts';

/** The name of what is called, if it is written down. */
export function nameOf({ method }: MethodCallExpression): string | undefined {
  if (!('kind' in method)) return method.name;
  return method.kind === 'ConstantExpression' && typeof method.value === 'string' ? method.value : undefined;
}

/** `a.b.'c'` as its parts; undefined when it is anything else. */
export function pathOf(expression: Expression): string[] | undefined {
  if (expression.kind === 'VariableExpression') return [expression.name];
  if (expression.kind === 'ConstantExpression') return typeof expression.value === 'string' ? [expression.value] : undefined;
  if (expression.kind !== 'PropertyExpression') return undefined;
  const { object, property } = expression;
  const head = pathOf(object);
  if (head === undefined) return undefined;
  if (!('kind' in property)) return [...head, property.name];
  return property.kind === 'ConstantExpression' && typeof property.value === 'string' ? [...head, property.value] : undefined;
}

export interface DirectiveFact {
  readonly name: string;
  readonly argsText: string;
  readonly line: number;
}

/** What is written like a directive; of any other statement the whole text, without a name. */
export function directiveOf(statement: Statement, text: SourceText): DirectiveFact {
  const line = text.lineOf(statement.start);
  const expression = statement.kind === 'ExpressionStatement' ? statement.expression : undefined;
  if (expression?.kind === 'VariableExpression') return { name: expression.name, argsText: '', line };
  const name = expression?.kind === 'MethodCallExpression' && expression.object === null ? nameOf(expression) : undefined;
  if (expression?.kind !== 'MethodCallExpression' || name === undefined) return { name: '', argsText: text.of(statement), line };
  return { name, argsText: text.argumentsOf(expression.method.end, statement.end), line };
}
