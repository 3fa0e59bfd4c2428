/** What a process declares. */
import type { Argument, Expression, MethodCallExpression, ProcessNode, Statement } from '../../src/parser/syntax/nodes.ts';
import { directiveOf, nameOf } from './names.ts';
import type { SourceText } from './source-text.ts';

const OUTPUT_OPTIONS = ['emit', 'topic', 'optional', 'arity'];

export function processFacts(node: ProcessNode, text: SourceText): Record<string, unknown> {
  const statements = node.script?.statements ?? [];
  const first = statements[0];
  const last = statements.at(-1);
  return {
    name: node.name.name,
    line: text.lineOf(node.start),
    endLine: text.lineOf(node.end),
    directives: node.directives.map((statement) => directiveOf(statement, text)),
    inputs: node.inputs.map((statement) => channelFacts(statement, text)),
    outputs: node.outputs.map((statement) => ({ ...channelFacts(statement, text), ...optionsOf(statement, text) })),
    ...(node.when !== null && { when: text.ofWhole(node.when) }),
    scriptKind: node.script?.section ?? 'script',
    script:
      first === undefined || last === undefined
        ? null
        : {
            line: text.lineOf(first.start),
            endLine: text.lineOf(last.end),
            text: text.of({ start: first.start, end: last.end }),
          },
    stub: node.stub !== null,
  };
}

/** An input or an output. */
function channelFacts(statement: Statement, text: SourceText): Record<string, unknown> {
  const call = callOf(statement);
  const qualifier = call === undefined ? bareName(statement) : (nameOf(call) ?? null);
  const elements =
    qualifier === 'tuple' || qualifier === 'each'
      ? call?.arguments.filter(({ key }) => key === null).map((one) => element(one, text))
      : undefined;
  return { qualifier, text: text.of(statement), line: text.lineOf(statement.start), ...(elements && { elements }) };
}

function element(argument: Argument, text: SourceText): Record<string, unknown> {
  const { value } = argument;
  const qualifier = value.kind === 'MethodCallExpression' && value.object === null ? nameOf(value) : undefined;
  return { qualifier: qualifier ?? null, text: text.of(argument) };
}

function optionsOf(statement: Statement, text: SourceText): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const { key, value } of callOf(statement)?.arguments ?? []) {
    const name = key?.kind === 'ConstantExpression' ? String(key.value) : '';
    if (OUTPUT_OPTIONS.includes(name)) options[name] = optionValue(value, text);
  }
  return options;
}

function optionValue(value: Expression, text: SourceText): unknown {
  if (value.kind === 'VariableExpression') return value.name;
  return value.kind === 'ConstantExpression' ? value.value : text.ofWhole(value);
}

/** The call that a statement is; of a DSL1 chain, `val(x).from(ch)`, the innermost. */
function callOf(statement: Statement): MethodCallExpression | undefined {
  let at = statement.kind === 'ExpressionStatement' ? statement.expression : undefined;
  while (at?.kind === 'MethodCallExpression' && at.object !== null) at = at.object;
  return at?.kind === 'MethodCallExpression' ? at : undefined;
}

function bareName(statement: Statement): string | null {
  return statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression' ? statement.expression.name : null;
}
