/** What a config declares. */
import type { Expression, MethodCallExpression, ScriptNode, Statement } from '../../src/parser/syntax/nodes.ts';
import { nameOf, pathOf } from './names.ts';
import type { SourceText } from './source-text.ts';

export function configFacts(tree: ScriptNode, text: SourceText): Record<string, unknown> {
  const assignments: unknown[] = [];
  const includes: unknown[] = [];
  const plugins: string[] = [];
  const applied: unknown[] = [];

  function read(statements: readonly Statement[], block: readonly string[]): void {
    for (const statement of statements) {
      const line = text.lineOf(statement.start);
      let at = statement;
      let selector = '';
      if (at.kind === 'LabeledStatement') {
        selector = `${at.label.name}:`;
        at = at.statement;
      }
      const expression = at.kind === 'ExpressionStatement' ? at.expression : undefined;
      if (expression?.kind === 'AssignmentExpression') {
        const path = pathOf(expression.target) ?? [text.of(expression.target)];
        assignments.push({ path: [...block, ...path].join('.'), valueText: text.ofWhole(expression.value), line });
      } else if (expression?.kind === 'MethodCallExpression' && expression.object === null) {
        const name = `${selector}${nameOf(expression) ?? text.of(expression.method)}`;
        const body = bodyOf(expression);
        if (body !== undefined) read(body, [...block, name]);
        else call(expression, name, block, line);
      }
    }
  }

  function call(expression: MethodCallExpression, name: string, block: readonly string[], line: number): void {
    const argsText = text.argumentsOf(expression.method.end, expression.end);
    const [only] = expression.arguments;
    if (name === 'includeConfig') includes.push({ sourceText: sourceText(expression, text), line, block: block.join('.') });
    else if (block.join('.') === 'plugins' && name === 'id' && expression.arguments.length === 1 && isPlain(only?.value)) {
      plugins.push(only.value.value as string);
    } else applied.push({ path: [...block, name].join('.'), argsText, line });
  }

  read(tree.statements, []);
  return { assignments, includes, plugins, ...(applied.length > 0 && { applied }) };
}

/** The statements of `name { … }`. */
function bodyOf({ arguments: given }: MethodCallExpression): readonly Statement[] | undefined {
  const value = given.length === 1 ? given[0]!.value : undefined;
  return value?.kind === 'ClosureExpression' && value.parameters === null ? value.body : undefined;
}

/** `includeConfig` takes an expression, so parentheses around all of it belong to that. */
function sourceText(call: MethodCallExpression, text: SourceText): string {
  const argument = call.arguments[0];
  return argument === undefined ? '' : text.ofWhole(argument.value);
}

function isPlain(value: Expression | undefined): value is Expression & { kind: 'ConstantExpression' } {
  return value?.kind === 'ConstantExpression' && typeof value.value === 'string';
}
