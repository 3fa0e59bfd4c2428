import { BuiltinValue, ClosureValue } from '../../parser/evaluate/value.ts';
import { type Channels, placeOfName } from '../../parser/graph/channels.ts';
import { methodName, resultOf, someNode } from '../../parser/graph/expressions.ts';
import type { OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import type { ClosureExpression, Expression } from '../../parser/syntax/nodes.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule } from '../rule.ts';
import { counted, listOf, namesApart } from '../words.ts';

const GATHERS: ReadonlySet<string> = new Set(['collect', 'toList', 'toSortedList', 'collectFile', 'groupBy']);

export const collectBetweenPerItemSteps = defineRule({
  id: 'collect-between-per-item-steps',
  title: 'All items are gathered and taken apart again between two steps that work item by item',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

\`collect\`, \`toList\` or \`toSortedList\` between two processes, and behind it an operator that makes single items of the list again.

\`\`\`nextflow
TRIM(ch_reads)
ALIGN(TRIM.out.reads.collect().flatten())          // the first sample is aligned when the last one is trimmed
\`\`\`

Not reported: where a process works on the whole list in between, such as a normalisation over the cohort; where a closure counts
the list, asks for some of it or gives it to a function, which may decide over all; and where the second process needs all of the first one's results by another way.

**Why it costs you**

Every item waits for the slowest one. All tasks of the second step start at once, too, so the machines stand idle first and are short after.

**How to fix**

Leave the gathering out. When it was there to sort, sort the source, where nothing has to be waited for. When it was there to count, count
what is known before the tasks run. When it was there to make a value of a queue, use \`first()\`.

**Fix safety**

The items arrive in another order. That matters only to what depends on the order, such as \`first\`, \`take\`, \`buffer\`.

**When to ignore it**

When the second step must not start before all of the first has succeeded.

**References**

- Nextflow: [collect](https://www.nextflow.io/docs/latest/reference/operator.html#collect), [flatten](https://www.nextflow.io/docs/latest/reference/operator.html#flatten)
`,
  *check({ graph, waits, channels }) {
    const nodes = [...new Set(waits.all.map(({ by }) => by))].filter(
      (node) => GATHERS.has(node.name) && !mergesAll(node) && !isLookedAt(channels, node),
    );
    for (const same of byPlace(nodes, placeOfName)) {
      const node = same[0] as OperatorNode;
      const here = same.flatMap((one) => waits.by(one));
      const inOrder = (some: (call: ProcessCall) => boolean): ProcessCall[] => graph.calls.filter(some);
      const upstream = inOrder((call) => here.some(({ on }) => on === call));
      const downstream = inOrder((call) => here.some((wait) => wait.call === call));
      const [before, after] = namesApart(
        upstream.map(({ id }) => id),
        downstream.map(({ id }) => id),
      );
      const behind = channels.callsBehind(downstream.map(({ id }) => id)).size;
      yield {
        message: `${node.name} makes every task of ${listOf(after)} wait for the last one of ${listOf(before)}`,
        reason: `the items are gathered and taken apart again: each task of ${listOf(after)} gets what one task of ${listOf(before)} made${behind === 0 ? '' : `; ${counted(behind, 'call')} behind could start earlier too`}`,
        advice: `hand the items on as they come, without ${node.name}${node.name === 'toSortedList' ? '; if an order is wanted, sort where the items are read' : ''}`,
        confidence: here.every(({ unsure }) => unsure) ? 'low' : 'medium',
        place: placeOfName(node),
        related: [
          ...placesOfCalls(upstream, (name) => `waits for the last task of ${name}`),
          ...placesOfCalls(downstream, (name) => `${name} starts only then`),
        ],
        calls: [...upstream, ...downstream].map(({ id }) => id),
        change: { kind: 'waits-gone', by: same },
      };
    }
  },
});

/** `collectFile` makes one file of all items, unless a closure says the name of each. */
function mergesAll({ name, args }: OperatorNode): boolean {
  return name === 'collectFile' && !args.positional.some((value) => value instanceof ClosureValue);
}

/** A closure on the way to single items does more with the list than go through it: counts it, asks for some of it, gives it to a function. */
function isLookedAt(channels: Channels, node: OperatorNode): boolean {
  const seen = new Set<OperatorNode>([node]);
  const waiting = [node];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop())
    for (const taker of channels.takersOf(at)) {
      if (taker.type !== 'node' || taker.node.type !== 'operator' || seen.has(taker.node)) continue;
      const { name, args } = taker.node;
      const code = args.positional.find((value) => value instanceof ClosureValue || value instanceof BuiltinValue);
      if (code !== undefined && !SHOWS.has(name) && !(code instanceof ClosureValue && onlyPasses(code.node))) return true;
      if (!KEEPS_LISTS.has(name)) continue;
      seen.add(taker.node);
      waiting.push(taker.node);
    }
  return false;
}

const SHOWS: ReadonlySet<string> = new Set(['view', 'dump', 'subscribe', 'set', 'tap']);
const KEEPS_LISTS: ReadonlySet<string> = new Set([...SHOWS, 'map', 'filter', 'branch', 'multiMap', 'ifEmpty', 'first']);

/** Methods that make of each element one, none or several, whatever the others are; and orders, which a source can have too. */
const GOES_THROUGH = /^(collect|collectMany|each|flatten|toList|asList|sort|toSorted|reverse|unique|findAll|grep|iterator)$/;

/** `{ list -> list.sort().collect { … } }`, `{ list -> [ 'all', list ] }`: nothing is asked of the list as a whole. */
function onlyPasses(closure: ClosureExpression): boolean {
  const names = closure.parameters === null ? ['it'] : closure.parameters.map(({ name }) => name.name);
  const speaksOf = (node: object): boolean => someNode(node, (one) => one.kind === 'VariableExpression' && names.includes(one.name));
  const passes = (expression: Expression): boolean => {
    if (!speaksOf(expression) || expression.kind === 'VariableExpression') return true;
    if (expression.kind === 'ListExpression') return expression.elements.every(passes);
    if (expression.kind === 'PropertyExpression') return expression.spread && passes(expression.object);
    if (expression.kind !== 'MethodCallExpression' || expression.object === null || !passes(expression.object)) return false;
    const steps = expression.spread || GOES_THROUGH.test(methodName(expression) ?? '');
    // `it` within another closure is that closure's own.
    return (
      steps &&
      expression.arguments.every(({ value }) => (closure.parameters === null && value.kind === 'ClosureExpression') || !speaksOf(value))
    );
  };
  const result = resultOf(closure);
  return closure.body.length === 1 && result !== undefined && passes(result);
}
