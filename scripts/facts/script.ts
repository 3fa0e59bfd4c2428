/** What a script declares. */
import type { Expression, FunctionNode, IncludeNode, ScriptNode, Statement, WorkflowNode } from '../../src/parser/syntax/nodes.ts';
import { callsIn } from './calls.ts';
import { directiveOf, pathOf } from './names.ts';
import { processFacts } from './process.ts';
import type { SourceText } from './source-text.ts';

export function scriptFacts(tree: ScriptNode, text: SourceText): Record<string, unknown> {
  const featureFlags: unknown[] = [];
  const includes: unknown[] = [];
  const params: string[] = [];
  const processes: unknown[] = [];
  const workflowNodes: WorkflowNode[] = [];
  const functions: unknown[] = [];
  const enums: string[] = [];
  const loose: Statement[] = [];
  const declared = new Set<string>();
  let output: unknown[] | undefined;
  let classes = 0;

  for (const statement of tree.statements) {
    switch (statement.kind) {
      case 'IncludeNode':
        includes.push(includeFacts(statement, text));
        for (const { name, alias } of statement.entries ?? []) declared.add((alias ?? name).name);
        break;
      case 'ProcessNode':
        declared.add(statement.name.name);
        processes.push(processFacts(statement, text));
        break;
      case 'WorkflowNode':
        if (statement.name !== null) declared.add(statement.name.name);
        workflowNodes.push(statement);
        break;
      case 'FunctionNode':
        functions.push(functionFacts(statement, text));
        break;
      case 'EnumNode':
        enums.push(statement.name.name);
        classes++;
        break;
      case 'ClassNode':
      case 'RecordNode':
        classes++;
        break;
      case 'ParamBlockNode':
        params.push(...statement.params.map(({ name }) => name.name));
        break;
      case 'OutputBlockNode':
        output = statement.outputs.map(({ name, body }) => ({ name: name.name, directives: body.map((one) => directiveOf(one, text)) }));
        break;
      case 'ImportStatement':
        break;
      default: {
        const setting = settingOf(statement);
        if (setting === undefined) loose.push(statement);
        else if (setting.path[0] === 'params') params.push(setting.path.slice(1).join('.'));
        else
          featureFlags.push({ name: setting.path.join('.'), valueText: text.ofWhole(setting.value), line: text.lineOf(statement.start) });
      }
    }
  }

  const workflows = workflowNodes.map((node) => workflowFacts(node, declared, text));
  if (loose.length > 0) workflows.push(implicitWorkflow(loose, declared, text));
  return {
    ...(tree.shebang !== null && { shebang: text.of(tree.shebang).split(/\r?\n/)[0] }),
    featureFlags,
    includes,
    params,
    processes,
    workflows: workflows.sort((one, two) => one.line - two.line),
    functions,
    ...(output !== undefined && { output }),
    classes,
    enums,
    topLevelStatements: loose.length,
  };
}

/** `params.a.b = …` and `nextflow.enable.dsl = …`: declarations, unlike other assignments. */
function settingOf(statement: Statement): { path: string[]; value: Expression } | undefined {
  if (statement.kind !== 'ExpressionStatement' || statement.expression.kind !== 'AssignmentExpression') return undefined;
  const { operator, target, value } = statement.expression;
  if (operator !== '=' || target.kind !== 'PropertyExpression') return undefined;
  const path = pathOf(target);
  return path !== undefined && (path[0] === 'params' || path[0] === 'nextflow') ? { path, value } : undefined;
}

function includeFacts({ source, entries, start }: IncludeNode, text: SourceText): unknown {
  return {
    source: source.kind === 'ConstantExpression' ? source.value : text.ofWhole(source),
    names: (entries ?? []).map(({ name, alias }) => ({ name: name.name, alias: alias?.name ?? null })),
    line: text.lineOf(start),
  };
}

function functionFacts({ name, parameters, start, end }: FunctionNode, text: SourceText): unknown {
  return { name: name.name, line: text.lineOf(start), endLine: text.lineOf(end), params: parameters.map((one) => one.name.name) };
}

interface WorkflowFacts {
  readonly name: string | null;
  readonly line: number;
  readonly [field: string]: unknown;
}

function workflowFacts(node: WorkflowNode, declared: ReadonlySet<string>, text: SourceText): WorkflowFacts {
  return {
    name: node.name?.name ?? null,
    line: text.lineOf(node.start),
    endLine: text.lineOf(node.end),
    takes: node.takes.map((statement) => takeName(statement, text)),
    emits: node.emits.map((statement) => resultFacts(statement, text)),
    publishers: node.publishers.map((statement) => resultFacts(statement, text)),
    ...callsIn([...node.main, ...node.emits, ...node.publishers], declared, text),
  };
}

function implicitWorkflow(statements: readonly Statement[], declared: ReadonlySet<string>, text: SourceText): WorkflowFacts {
  return {
    name: null,
    implicit: true,
    line: text.lineOf(statements[0]!.start),
    endLine: text.lineOf(statements.at(-1)!.end),
    takes: [],
    emits: [],
    publishers: [],
    ...callsIn(statements, declared, text),
  };
}

function takeName(statement: Statement, text: SourceText): string {
  if (statement.kind === 'LabeledStatement') return statement.label.name;
  return text.of(statement);
}

/** An emit or a published output. */
function resultFacts(statement: Statement, text: SourceText): unknown {
  const line = text.lineOf(statement.start);
  if (statement.kind === 'DeclarationStatement') {
    const [only] = statement.declarations;
    return { name: only?.name.name ?? null, text: only?.value ? text.ofWhole(only.value) : text.of(statement), line };
  }
  if (statement.kind === 'LabeledStatement') return { name: statement.label.name, text: statement.label.name, line };
  const expression = statement.kind === 'ExpressionStatement' ? statement.expression : undefined;
  if (expression?.kind === 'VariableExpression') return { name: expression.name, text: expression.name, line };
  if (expression?.kind === 'AssignmentExpression' && expression.target.kind === 'VariableExpression') {
    return { name: expression.target.name, text: text.ofWhole(expression.value), line };
  }
  return { name: null, text: text.of(statement), line };
}
