import { placeOfName } from '../../parser/graph/channels.ts';
import { groupSizeAt } from '../../parser/graph/model/operators/keys.ts';
import type { OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule } from '../rule.ts';
import { counted, listOf, namesApart } from '../words.ts';

export const lostGroupKey = defineRule({
  id: 'lost-group-key',
  title: 'A group key loses its size before groupTuple',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

A \`groupTuple\` whose key was made with \`groupKey\`, and rebuilt on the way.

\`\`\`nextflow
CALL.out.vcf
    .map { meta, vcf -> [ groupKey(meta, meta.n_intervals), vcf ] }
    .map { meta, vcf -> [ meta - meta.subMap('interval'), vcf ] }      // a plain map: the size is gone
    .groupTuple()
\`\`\`

**Why it costs you**

\`groupKey\` gives a key that knows how many items belong to it. Adding to it, taking from it, or calling any method of it gives what that
gives for the plain key. \`groupTuple\` then waits until its input closes, as if no size had ever been given: every group waits for the
slowest task of all. The code looks right, so nobody looks again; in nf-core/sarek it stood for three years.

**How to fix**

Make the key last:

\`\`\`nextflow
    .map { meta, vcf -> [ groupKey(meta - meta.subMap('interval'), meta.n_intervals), vcf ] }
    .groupTuple()
\`\`\`

**Fix safety**

Unsafe: once the size counts, a group that does not get its number of items is dropped. Check that the number is right.

**When to ignore it**

Never knowingly: take the \`groupKey\` away instead.

**References**

- Nextflow: [groupTuple](https://www.nextflow.io/docs/latest/reference/operator.html#grouptuple)
- Made by maintainers: nf-core/sarek 98e56d2c5
`,
  *check({ graph, model, waits, channels }) {
    const lost = graph.nodes.filter(
      (node): node is OperatorNode =>
        node.type === 'operator' && node.name === 'groupTuple' && node.active !== false && groupSizeAt(model, node) === 'lost',
    );
    for (const same of byPlace(lost, placeOfName)) {
      const here = same.flatMap((node) => waits.by(node));
      if (here.length === 0) continue;
      const inOrder = (some: (call: ProcessCall) => boolean): ProcessCall[] => graph.calls.filter(some);
      const upstream = inOrder((call) => here.some(({ on }) => on === call));
      const downstream = inOrder((call) => here.some((wait) => wait.call === call));
      const behind = channels.callsBehind(downstream.map(({ id }) => id)).size;
      const [before, after] = namesApart(
        upstream.map(({ id }) => id),
        downstream.map(({ id }) => id),
      );
      yield {
        message: `groupTuple waits for all tasks of ${listOf(before)}: its key has lost the size that groupKey gave it`,
        reason: `what +, - or a method makes of a group key is a plain value; ${listOf(after)}${behind === 0 ? '' : ` and ${counted(behind, 'call')} behind`} could start for one key as soon as its own items are there`,
        advice: 'change the key first, and call groupKey on what it is then: groupKey(meta - meta.subMap(…), n)',
        confidence: here.every(({ unsure }) => unsure) ? 'medium' : 'high',
        place: placeOfName(same[0] as OperatorNode),
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
