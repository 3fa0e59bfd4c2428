/** What one script declares, by name. */
import type { SourceFile } from '../../source/source-file.ts';
import type { ClassNode, FunctionNode, IncludeNode, ProcessNode, ScriptNode, Statement, WorkflowNode } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import type { ScriptFile } from './pipeline.ts';

/** Not at the start of a line. */
const NESTED_PROCESS = /[^\n]process[ \t]+\w+[ \t\n]*\{/;

export function describeScript(file: SourceFile, tree: ScriptNode): ScriptFile {
  const processes = new Map<string, ProcessNode>();
  const workflows = new Map<string, WorkflowNode>();
  const functions = new Map<string, FunctionNode[]>();
  const classes = new Map<string, ClassNode>();
  const includes: IncludeNode[] = [];
  let typed = false;
  let dsl2 = false;
  const visit = (statement: Statement): void => {
    switch (statement.kind) {
      case 'ProcessNode':
        if (!processes.has(statement.name.name)) processes.set(statement.name.name, statement);
        break;
      case 'WorkflowNode':
        if (!workflows.has(statement.name?.name ?? '')) workflows.set(statement.name?.name ?? '', statement);
        break;
      case 'FunctionNode': {
        const overloads = functions.get(statement.name.name);
        if (overloads === undefined) functions.set(statement.name.name, [statement]);
        else overloads.push(statement);
        break;
      }
      case 'ClassNode':
        classes.set(statement.name.name, statement);
        break;
      case 'IncludeNode':
        includes.push(statement);
        break;
      case 'IfStatement':
        visit(statement.thenBranch);
        if (statement.elseBranch !== null) visit(statement.elseBranch);
        break;
      case 'BlockStatement':
        statement.statements.forEach(visit);
        break;
      case 'ExpressionStatement': {
        const { expression } = statement;
        if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'PropertyExpression') {
          const flag = file.slice(expression.target).replace(/\s/g, '');
          const value = file.slice(expression.value).trim();
          if ((flag === 'nextflow.enable.types' || flag === 'nextflow.preview.types') && value === 'true') typed = true;
          if ((flag === 'nextflow.enable.dsl' || flag === 'nextflow.preview.dsl') && value === '2') dsl2 = true;
        }
        break;
      }
    }
  };
  tree.statements.forEach(visit);
  // DSL1 defines processes wherever a statement may stand; nobody else does, and most files need no look below their statements.
  if (!dsl2 && workflows.size === 0 && includes.length === 0 && NESTED_PROCESS.test(file.text))
    for (const statement of tree.statements) {
      walk(statement, (node) => {
        if (node.kind === 'ProcessNode' && !processes.has(node.name.name)) processes.set(node.name.name, node);
      });
    }
  const dsl1 = !dsl2 && workflows.size === 0 && includes.length === 0 && [...processes.values()].some(usesChannelsDirectly);
  return { file, tree, processes, workflows, functions, classes, includes, dsl1, typed };
}

/** DSL1's `from` and `into`. */
function usesChannelsDirectly(process: ProcessNode): boolean {
  return [...process.inputs, ...process.outputs].some((statement) => {
    if (statement.kind !== 'ExpressionStatement') return false;
    for (let at = statement.expression; at.kind === 'MethodCallExpression' && at.object !== null; at = at.object) {
      if (!('kind' in at.method) && (at.method.name === 'from' || at.method.name === 'into')) return true;
    }
    return false;
  });
}
