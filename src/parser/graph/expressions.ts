/** Questions about the syntax of one expression. */

import type { TextRange } from '../../source/source-file.ts';
import type { ScriptFile } from '../pipeline/pipeline.ts';
import type {
  Argument,
  ClosureExpression,
  Expression,
  MethodCallExpression,
  Node,
  PropertyExpression,
  Statement,
} from '../syntax/nodes.ts';

/** True when the test holds for a node at or below this one. Nodes are plain objects: whatever has a `kind` is one. */
export function someNode(root: object, test: (node: Node) => boolean): boolean {
  if ('kind' in root && test(root as Node)) return true;
  for (const key in root) {
    const child = (root as Record<string, unknown>)[key];
    if (typeof child === 'object' && child !== null && someNode(child, test)) return true;
  }
  return false;
}

/** The outermost node with exactly this range. */
export function nodeAt(script: ScriptFile, range: TextRange): Node | undefined {
  let within: object = script.tree;
  search: for (;;) {
    for (const child of Object.values(within).flat(1)) {
      if (typeof child !== 'object' || child === null) continue;
      const { start, end } = child as Partial<TextRange>;
      if (start === undefined || end === undefined || start > range.start || end < range.end) continue;
      if (start === range.start && end === range.end && 'kind' in child) return child as Node;
      within = child;
      continue search;
    }
    return undefined;
  }
}

/** The name of a called method, when it is written plainly. */
export function methodName(call: MethodCallExpression): string | undefined {
  return 'kind' in call.method ? undefined : call.method.name;
}

export function namedArgument(call: MethodCallExpression, name: string): Expression | undefined {
  return call.arguments.find((argument) => isKey(argument, name))?.value;
}

function isKey(argument: Argument, name: string): boolean {
  const key = argument.key;
  if (key === null) return false;
  return (key.kind === 'ConstantExpression' && key.value === name) || (key.kind === 'VariableExpression' && key.name === name);
}

export function positionalArguments(call: MethodCallExpression): Expression[] {
  return call.arguments.filter((argument) => argument.key === null).map((argument) => argument.value);
}

/** What a closure gives back, when its last statement says so plainly. */
export function resultOf(closure: ClosureExpression): Expression | undefined {
  const last = closure.body.at(-1);
  if (last?.kind === 'ExpressionStatement') return last.expression;
  if (last?.kind === 'ReturnStatement') return last.value ?? undefined;
  return undefined;
}

/** The elements of `[a, b]` or `tuple(a, b)`. */
export function tupleElements(expression: Expression | undefined): readonly Expression[] | undefined {
  if (expression?.kind === 'ListExpression') return expression.elements;
  if (expression?.kind === 'MethodCallExpression' && expression.object === null && methodName(expression) === 'tuple') {
    return positionalArguments(expression);
  }
  return undefined;
}

/** True when nothing in the expression depends on an item: literals, params and what is fixed for a run. */
export function isConstantForRun(expression: Expression): boolean {
  return !someNode(
    expression,
    (node) =>
      (node.kind === 'VariableExpression' && !['params', 'workflow', 'projectDir', 'launchDir', 'baseDir'].includes(node.name)) ||
      node.kind === 'OpaqueNode' ||
      node.kind === 'IncompleteNode',
  );
}

/** The qualifier or directive that a statement begins with: `each` in `each mode`, `val` in DSL1's `val x from ch`. */
export function leadingName(statement: Statement): string | undefined {
  if (statement.kind !== 'ExpressionStatement') return undefined;
  let expression: Expression = statement.expression;
  while (expression.kind === 'MethodCallExpression' && expression.object !== null) expression = expression.object;
  if (expression.kind === 'MethodCallExpression') return methodName(expression);
  return expression.kind === 'VariableExpression' ? expression.name : undefined;
}

const besideOutputs = new WeakMap<object, ReadonlySet<string>>();

/** All names and texts in a tree but those that stand only before `.out`. */
export function namesBesideOutputs(root: object): ReadonlySet<string> {
  let names = besideOutputs.get(root);
  if (names === undefined) {
    const found = new Set<string>();
    const add = (node: object): void => {
      const { kind, name, value } = node as { kind?: string; name?: unknown; value?: unknown };
      if (typeof name === 'string') found.add(name);
      if (typeof value === 'string') found.add(value);
      for (const [key, child] of Object.entries(node)) {
        const isCallee =
          kind === 'PropertyExpression' && key === 'object' && (node as PropertyExpression).object.kind === 'VariableExpression';
        const { property } = node as Partial<PropertyExpression>;
        if (isCallee && property !== undefined && !('kind' in property) && property.name === 'out') continue;
        if (typeof child === 'object' && child !== null) add(child);
      }
    };
    add(root);
    besideOutputs.set(root, (names = found));
  }
  return names;
}
