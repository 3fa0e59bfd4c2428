/** Which calls and operators a workflow's statements hold, by name alone (docs: oracle.md section 4). */
import type { MethodCallExpression, Node, Statement, VariableExpression } from '../../src/parser/syntax/nodes.ts';
import { childrenOf } from '../../src/parser/syntax/walk.ts';
import { nameOf } from './names.ts';
import type { SourceText } from './source-text.ts';

const OPERATORS: ReadonlySet<string> = new Set(
  `branch buffer chain collate collect collectFile combine concat count countFasta countFastq countJson countLines cross distinct dump
  filter first flatMap flatten groupTuple ifEmpty join last map max mean merge min mix multiMap randomSample reduce set splitCsv splitFasta
  splitFastq splitJson splitText subscribe sum take tap toDouble toFloat toInteger toList toLong toSortedList transpose unique until view`.split(
    /\s+/,
  ),
);

interface CallFact {
  readonly name: string;
  readonly argsText: string;
  readonly line: number;
  readonly column: number;
}
interface OperatorFact {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** Where in a pipe a node stands: what it starts with, or right of a `|`. There bare names are calls. */
type InPipe = 'no' | 'head' | 'behind';

export function callsIn(
  statements: readonly Statement[],
  declared: ReadonlySet<string>,
  text: SourceText,
): { calls: CallFact[]; operators: OperatorFact[]; ifCount: number } {
  const calls: (CallFact & { at: number })[] = [];
  const operators: (OperatorFact & { at: number })[] = [];
  let ifCount = 0;
  const isCallable = (name: string): boolean => declared.has(name) || /^\p{Lu}/u.test(name);

  function bareName({ name, start }: VariableExpression, pipe: InPipe): void {
    if (declared.has(name) || (pipe === 'behind' && isCallable(name))) {
      calls.push({ name, argsText: '', ...text.placeOf(start), at: start });
    } else if (pipe === 'behind' && OPERATORS.has(name)) operators.push({ name, ...text.placeOf(start), at: start });
  }

  function call(node: MethodCallExpression, pipe: InPipe): void {
    const name = nameOf(node);
    if (name === undefined) return;
    const { start } = node.method;
    if (node.object === null && isCallable(name)) {
      calls.push({ name, argsText: text.argumentsOf(node.method.end, node.end), ...text.placeOf(start), at: start });
    }
    if ((node.object !== null || pipe === 'behind') && OPERATORS.has(name)) operators.push({ name, ...text.placeOf(start), at: start });
  }

  const open: [node: Node, pipe: InPipe][] = statements.map((statement) => [statement, 'no']);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, pipe] = next;
    switch (node.kind) {
      case 'BinaryExpression':
        if (node.operator === '|') open.push([node.left, 'head'], [node.right, 'behind']);
        else for (const operand of [node.left, node.right]) open.push([operand, node.operator === '&' ? pipe : 'no']);
        continue;
      case 'TernaryExpression':
        open.push([node.condition, 'no'], [node.whenTrue, pipe], [node.whenFalse, pipe]);
        continue;
      case 'VariableExpression':
        if (pipe !== 'no') bareName(node, pipe);
        continue;
      case 'MethodCallExpression':
        call(node, pipe);
        break;
      case 'IfStatement':
        ifCount++;
        break;
    }
    for (const child of childrenOf(node)) open.push([child, 'no']);
  }
  return { calls: inOrder(calls), operators: inOrder(operators), ifCount };
}

function inOrder<Fact extends { at: number }>(facts: Fact[]): Omit<Fact, 'at'>[] {
  return facts.sort((one, two) => one.at - two.at).map(({ at: _, ...fact }) => fact);
}
