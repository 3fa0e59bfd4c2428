import { placeOfName } from '../../parser/graph/channels.ts';
import { namedArgument } from '../../parser/graph/expressions.ts';
import type { ChannelNode, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf, namesApart } from '../words.ts';

export const orderedConcat = defineRule({
  id: 'ordered-concat',
  title: 'concat holds a channel back until the one before it has ended',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

A \`concat\` of what processes give, in front of a process that works item by item.

\`\`\`nextflow
SORT(FAST.out.bam.concat(SLOW.out.bam))            // written the other way round it would do the same, but later
\`\`\`

Not reported: where the order counts behind it (\`first\`, \`take\`, \`buffer\`, \`collate\`, \`merge\`, an unsorted \`collectFile\` …), where the
first channel has ended before any task runs, and where all is gathered anyway.

**Why it costs you**

\`concat\` lets an item of its second channel pass only when the first one has closed, that is when the last task that feeds it has ended.

**How to fix**

\`mix\` gives the same items as they come.

**Fix safety**

The order of the items changes, which Nextflow does not promise between tasks anyway.

**When to ignore it**

When something outside of the pipeline counts on the order in which tasks are started.

**References**

- Nextflow: [concat](https://www.nextflow.io/docs/latest/reference/operator.html#concat), [mix](https://www.nextflow.io/docs/latest/reference/operator.html#mix)
`,
  *check(context) {
    const { graph, waits } = context;
    const nodes = [...new Set(waits.all.map(({ by }) => by))].filter((node) => node.name === 'concat' && !orderMatters(context, node));
    for (const same of byPlace(nodes, placeOfName)) {
      const here = same.flatMap((one) => waits.by(one));
      const inOrder = (some: (call: ProcessCall) => boolean): ProcessCall[] => graph.calls.filter(some);
      const upstream = inOrder((call) => here.some(({ on }) => on === call));
      const downstream = inOrder((call) => here.some((wait) => wait.call === call));
      const [before, after] = namesApart(
        upstream.map(({ id }) => id),
        downstream.map(({ id }) => id),
      );
      yield {
        message: `concat holds items for ${listOf(after)} back until all tasks of ${listOf(before)} have ended`,
        reason: 'an item of a later channel passes only when the channels before it have closed, and nothing behind needs that order',
        advice: 'use mix: the same items, as they come',
        confidence: here.every(({ unsure }) => unsure) ? 'low' : 'medium',
        place: placeOfName(same[0] as OperatorNode),
        related: [
          ...placesOfCalls(upstream, (name) => `waits for the last task of ${name}`),
          ...placesOfCalls(downstream, (name) => `${name} gets the items only then`),
        ],
        calls: [...upstream, ...downstream].map(({ id }) => id),
        change: { kind: 'waits-gone', by: same },
      };
    }
  },
});

const BY_ORDER: ReadonlySet<string> = new Set([
  'first',
  'last',
  'take',
  'until',
  'buffer',
  'collate',
  'merge',
  'distinct',
  'reduce',
  'scan',
  'toList',
  'collect',
  'unique',
]);

/** Something before the next process depends on which item comes first. */
function orderMatters({ channels, graph }: RuleContext, node: OperatorNode): boolean {
  const seen = new Set<ChannelNode>([node]);
  const waiting: ChannelNode[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const taker of channels.takersOf(next)) {
      if (taker.type === 'call') {
        // Two queues are paired by their order.
        if (taker.call.inputs.filter((input) => input.kind === 'queue').length > 1) return true;
        continue;
      }
      const { node: by } = taker;
      if (by.type === 'operator') {
        if (BY_ORDER.has(by.name)) return true;
        if (by.name === 'collectFile' && by.node !== undefined && namedArgument(by.node, 'sort') !== undefined) return true;
      }
      if (!seen.has(by)) {
        seen.add(by);
        waiting.push(by);
      }
    }
  // An order that is published is an order.
  return graph.outputs.some(({ ref }) => seen.has(ref.node));
}
