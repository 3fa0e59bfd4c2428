import { placeOfName } from '../../parser/graph/channels.ts';
import { methodName, positionalArguments, resultOf, someNode } from '../../parser/graph/expressions.ts';
import type { OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import type { Expression, MethodCallExpression, Node } from '../../parser/syntax/nodes.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf, shortNames } from '../words.ts';

export const reorderedSource = defineRule({
  id: 'reordered-source',
  title: 'Items are sorted so that the biggest comes last',
  severity: 'info',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

Items that are gathered, sorted by their size with the smallest first, and handed on one by one to tasks.

\`\`\`nextflow
reads
    .toSortedList { it.size() }                    // the biggest is started last
    .flatMap()
    | ASSEMBLE
\`\`\`

Only an order that is written by a size is looked at: \`size()\`, \`length()\`, or a column named after one. Not reported: the biggest first; an order by something
else; an order of which the first few are taken; lists that go into one task. That the sorting waits for all tasks before it is
the matter of \`collect-between-per-item-steps\`.

**Why it costs you**

Nextflow starts tasks in the order in which their items come. Where not all run at once, the longest task begins when the others have ended, and at the end of the
run it is alone.

**How to fix**

Sort the other way around: \`.toSortedList { a, b -> b.size() <=> a.size() }\`.

**Fix safety**

The results are the same, unless something takes the first few of them.

**When to ignore it**

When all tasks run at once, or the small ones are wanted early.

**References**

- Graham, R. L. (1969): Bounds on multiprocessing timing anomalies. SIAM Journal on Applied Mathematics 17
`,
  *check(context) {
    const nodes = context.graph.nodes.filter(
      (node): node is OperatorNode => node.type === 'operator' && node.active !== false && sortsAscending(node),
    );
    for (const [node] of byPlace(nodes, placeOfName)) {
      if (node === undefined) continue;
      const calls = callsOneByOne(context, node);
      if (calls.length === 0) continue;
      yield {
        message: `${node.name} hands the smallest items on first, and the biggest last, to ${listOf(shortNames(calls.map(({ id }) => id)))}`,
        reason: 'tasks are started in the order of their items: where not all run at once, the longest one begins last and ends alone',
        advice: 'sort the biggest first',
        confidence: 'medium',
        place: placeOfName(node),
        related: placesOfCalls(calls, (name) => `${name} takes them one by one`),
        calls: calls.map(({ id }) => id),
        change: { kind: 'longest-first', calls },
      };
    }
  },
});

const GATHERS: ReadonlySet<string> = new Set(['toList', 'toSortedList', 'collect']);
const KEEPS_ORDER: ReadonlySet<string> = new Set(['map', 'filter', 'view', 'set', 'combine', 'tap', 'multiMap', 'branch', 'dump']);

/** `toSortedList { it.size() }`, or `flatMap { list -> list.sort { it.size() } }` behind what gathers. */
function sortsAscending({ name, node, inputs }: OperatorNode): boolean {
  if (node === undefined) return false;
  if (name === 'toSortedList') return positionalArguments(node).some(isAscending);
  const [above] = inputs;
  if (name !== 'flatMap' || above?.node.type !== 'operator' || !GATHERS.has(above.node.name)) return false;
  return positionalArguments(node).some(
    (closure) =>
      closure.kind === 'ClosureExpression' &&
      someNode(closure, (one) => isCall(one, /^(sort|toSorted)$/) && positionalArguments(one).some((by) => isAscending(by))) &&
      !someNode(closure, (one) => isCall(one, /^(reverse|take|first|last|head)$/)),
  );
}

function isCall(node: Node, name: RegExp): node is MethodCallExpression {
  return node.kind === 'MethodCallExpression' && name.test(methodName(node) ?? '');
}

/** `{ it.size() }`, `{ a, b -> a.size() <=> b.size() }`. */
function isAscending(closure: Expression): boolean {
  if (closure.kind !== 'ClosureExpression') return false;
  const result = resultOf(closure);
  if (result === undefined || closure.body.length !== 1) return false;
  if (result.kind !== 'BinaryExpression') return closure.parameters === null || closure.parameters.length === 1 ? isSize(result) : false;
  const [first, second] = closure.parameters ?? [];
  if (result.operator !== '<=>' || first === undefined || second === undefined) return false;
  return isSize(result.left) && isSize(result.right) && speaksOf(result.left, first.name.name) && speaksOf(result.right, second.name.name);
}

/** Turned into a number it is still that size. */
const AS_NUMBER = /^(toLong|toInteger|toBigInteger|toDouble|longValue|intValue)$/;

function isSize(expression: Expression): boolean {
  if (expression.kind === 'CastExpression') return isSize(expression.expression);
  if (expression.kind === 'PropertyExpression')
    return typeof expression.property === 'object' && 'name' in expression.property && NAMES_SIZE.test(expression.property.name);
  if (expression.kind !== 'MethodCallExpression') return false;
  const name = methodName(expression);
  if (name === undefined || expression.object === null) return false;
  return AS_NUMBER.test(name) ? isSize(expression.object) : /^(size|length)$/.test(name);
}

const NAMES_SIZE = /^(file_?)?size$|bytes$|^(n_?|num_?)?(reads|bases)(_?count)?$|^read_?count$|^read_?pairs$/i;

function speaksOf(expression: Expression, name: string): boolean {
  return someNode(expression, (one) => one.kind === 'VariableExpression' && one.name === name);
}

/** Calls that get the items one at a time, in the order in which they were sorted; none where the first few are chosen. */
function callsOneByOne({ channels, model }: RuleContext, node: OperatorNode): readonly ProcessCall[] {
  const calls = new Set<ProcessCall>();
  const waiting: { readonly node: OperatorNode; readonly apart: boolean }[] = [{ node, apart: node.name === 'flatMap' }];
  const seen = new Set<OperatorNode>();
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (seen.has(next.node)) continue;
    seen.add(next.node);
    for (const taker of channels.takersOf(next.node)) {
      if (taker.type === 'call') {
        const { summands, opaque } = model.tasksOf(taker.call);
        if (next.apart && taker.call.active !== false && opaque === undefined && summands.some(({ index }) => index.length > 0))
          calls.add(taker.call);
        continue;
      }
      if (taker.node.type !== 'operator') continue;
      const parts = taker.node.name === 'flatMap' || taker.node.name === 'flatten';
      if (/^(take|first|last|until|buffer|collate|randomSample|window)$/.test(taker.node.name)) return [];
      if (parts || KEEPS_ORDER.has(taker.node.name)) waiting.push({ node: taker.node, apart: next.apart || parts });
    }
  }
  return [...calls];
}
