import { placeOfName } from '../../parser/graph/channels.ts';
import { namedArgument } from '../../parser/graph/expressions.ts';
import { sameKeyConditions } from '../../parser/graph/model/operators/pairs-by-condition.ts';
import type { OperatorNode } from '../../parser/graph/process-graph.ts';
import type { Expression } from '../../parser/syntax/nodes.ts';
import { byPlace } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';

export const crossThenFilter = defineRule({
  id: 'cross-then-filter',
  title: 'All pairs are made, and those of equal keys kept',
  severity: 'warning',
  fixable: false,
  unsaved: 'what is filtered away are items, no tasks: what Nextflow itself takes for them is not modelled',
  requires: ['calls'],
  docs: `
**What it finds**

A \`combine\` without \`by:\` whose pairs are filtered by the equality of a key of both sides.

\`\`\`nextflow
ch_bam.combine(ch_counts)
    .filter { meta, bam, meta2, n -> meta.sample == meta2.sample }
\`\`\`

**Why it costs you**

For n samples n² pairs are made and n are kept, all in Nextflow's own process, which does nothing else meanwhile: with 1,000 samples a million
pairs. Each pair that is kept still waits for its partner only, but the head job's memory and time grow with the square.

**How to fix**

Put the key first on both sides and combine by it:

\`\`\`nextflow
ch_bam.map { meta, bam -> [ meta.sample, meta, bam ] }
    .combine(ch_counts.map { meta, n -> [ meta.sample, n ] }, by: 0)
\`\`\`

or \`join\`, where each key comes once on both sides.

**Fix safety**

The same pairs, when the filter asks for nothing else.

**When to ignore it**

When there are never more than a few dozen items.

**References**

- Nextflow: [combine](https://www.nextflow.io/docs/latest/reference/operator.html#combine)
`,
  *check(context) {
    const filters = context.graph.nodes.filter(
      (node): node is OperatorNode => node.type === 'operator' && node.name === 'filter' && node.active !== false,
    );
    for (const same of byPlace(filters, placeOfName)) {
      const found = same.map((node) => at(context, node)).find((one) => one !== undefined);
      if (found !== undefined) yield found;
    }
  },
});

function at({ model, channels }: RuleContext, filter: OperatorNode): FoundHere | undefined {
  const combine = crossAbove(filter);
  if (combine === undefined) return undefined;
  const [left, right] = combine.inputs;
  if (left === undefined || right === undefined) return undefined;
  // With one item on a side there is nothing to multiply.
  const many = [left, right].every((ref) => model.flowOf(ref).summands.some(({ index }) => index.length > 0));
  const [equality] = sameKeyConditions(model, filter, combine);
  const condition = equality === undefined ? undefined : written(filter, equality);
  if (!many || condition === undefined) return undefined;
  const behind = [...channels.callsBehindNode(filter)].map(({ id }) => id);
  return {
    message: `combine makes every pair, and filter keeps those with ${condition}`,
    reason: 'n items on both sides make n² pairs in Nextflow’s own process, of which n are kept',
    advice: 'put the key first on both sides and use combine(…, by: 0), or join where each key comes once',
    confidence: 'high',
    place: placeOfName(combine),
    related: [{ message: 'kept by this condition', place: filter.place }],
    calls: behind,
  };
}

function written({ place: { file } }: OperatorNode, [one, two]: readonly [Expression, Expression]): string {
  return [one, two].map((side) => file.slice(side).replace(/\s+/g, ' ')).join(' == ');
}

/** The combine whose pairs a filter sees, as they are. */
function crossAbove(filter: OperatorNode): OperatorNode | undefined {
  for (let node = filter.inputs[0]?.node; node?.type === 'operator'; node = node.inputs[0]?.node) {
    if (node.name === 'combine') return node.node !== undefined && namedArgument(node.node, 'by') !== undefined ? undefined : node;
    if (!['view', 'dump', 'filter', 'tap', 'map'].includes(node.name)) return undefined;
  }
  return undefined;
}
