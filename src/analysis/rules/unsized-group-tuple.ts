import { placeOfName } from '../../parser/graph/channels.ts';
import type { KeyParts } from '../../parser/graph/model/dimensions.ts';
import { groupSizeAt, keyIndices } from '../../parser/graph/model/operators/keys.ts';
import type { OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { countedAt } from '../passes/group-sizes.ts';
import { isOfOne } from '../passes/several.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { counted, listOf, namesApart, shortNames } from '../words.ts';

export const unsizedGroupTuple = defineRule({
  id: 'unsized-group-tuple',
  title: 'groupTuple holds every group back until all upstream tasks have ended',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

A \`groupTuple\` behind a process that runs many tasks, and in front of another process, that does not know how many items a group
has.

\`\`\`nextflow
ALIGN(ch_lanes)                                    // tuple val(sample), path(bam), one task for each lane
MERGE(ALIGN.out.bam.groupTuple())                  // no sample is merged before the last lane of the last one is aligned
\`\`\`

Not reported: a group size by \`size:\`, or by a key made with \`groupKey\`, however many processes ago; groups of rows that are known
before any task runs, such as a samplesheet's; one group of everything (a constant key, a flag, or where nothing shows that there is more than one sample); groups that a \`collect\` swallows, or whose
process waits for all of the same tasks anyway. A key that is rebuilt
after \`groupKey\` has lost its size: that is \`lost-group-key\`.

**Why it costs you**

Without a size, \`groupTuple\` can only know that a group is full when its input closes. So every group waits for the slowest task of all
of them. It costs time to the first result above all. How much of the whole run it costs depends on how uneven the tasks are, and is
little where the slowest sample decides anyway.

**How to fix**

Give the key its size as soon as the size is known, which is where the items are split or read:

\`\`\`nextflow
ch_lanes
    .map { sample, lanes, reads -> [ groupKey(sample, lanes.size()), reads ] }
\`\`\`

or \`groupTuple(size: 2)\` when it is the same for all keys. A group that never gets its number of items is dropped (with
\`remainder: true\`: held until the end), so count what really arrives: after filters, and without optional outputs that may be missing.

**Fix safety**

Unsafe: a wrong size drops or splits groups without an error. Not fixed automatically.

**When to ignore it**

When the size depends on the data, and is not known before the last item is there.

**References**

- Nextflow: [groupTuple](https://www.nextflow.io/docs/latest/reference/operator.html#grouptuple)
- Made by maintainers: nf-core/mag 496a0a6c, nf-core/coproid a103542, PGScatalog/pgsc_calc 50d8144; a lost size: nf-core/sarek 98e56d2c5
`,
  *check(context) {
    const waits = context.graph.nodes.flatMap((node) =>
      node.type === 'operator' && node.name === 'groupTuple' && node.active !== false ? (waitAt(context, node) ?? []) : [],
    );
    for (const same of byPlace(waits, ({ node }) => placeOfName(node))) yield describe(context, same);
  },
});

interface Wait {
  readonly node: OperatorNode;
  readonly size: 'none' | 'several indices';
  /** Calls whose last task it waits for. */
  readonly upstream: readonly ProcessCall[];
  /** True when it is not certain that there is something to wait for. */
  readonly unsure: boolean;
  /** Calls that start only then. */
  readonly downstream: readonly ProcessCall[];
}

function waitAt(context: RuleContext, node: OperatorNode): Wait | undefined {
  const size = groupSizeAt(context.model, node);
  // A size that was lost is a rule of its own.
  if (size === 'known' || size === 'lost') return undefined;
  const waits = context.waits.by(node);
  if (waits.length === 0 || isOneGroup(context, node)) return undefined;
  const { calls } = context.graph;
  return {
    node,
    size,
    upstream: calls.filter((call) => waits.some(({ on }) => on === call)),
    downstream: calls.filter((call) => waits.some((wait) => wait.call === call)),
    unsure: waits.every(({ unsure }) => unsure),
  };
}

/** Nothing that it is made of shows a sign of several: of a run for one sample, its group is all that comes. Nor does a flag tell more than two. */
function isOneGroup(context: RuleContext, node: OperatorNode): boolean {
  const { opaque, summands } = context.model.flowOf({ node, port: undefined });
  if (opaque !== undefined || summands.length === 0) return false;
  return summands.every((summand) => isOfOne(context, summand) || summand.index.every(({ key }) => key !== undefined && isFlag(key)));
}

function isFlag({ shown }: KeyParts): boolean {
  return shown.split('+').every((part) => /(^|[._])(single_?end|paired_?end|(is|has)_\w+)$/i.test(part));
}

function describe(context: RuleContext, waits: readonly Wait[]): FoundHere {
  const first = waits[0] as Wait;
  const upstream = [...new Set(waits.flatMap((wait) => wait.upstream))];
  const downstream = [...new Set(waits.flatMap((wait) => wait.downstream))];
  const [before, after] = namesApart(
    upstream.map(({ id }) => id),
    downstream.map(({ id }) => id),
  );
  const behind = context.channels.callsBehind(downstream.map((call) => call.id)).size;
  const later = behind === 0 ? '' : `, with ${counted(behind, 'call')} behind ${downstream.length === 1 ? 'it' : 'them'},`;
  const why = {
    none: 'without a size, no group leaves before its input closes',
    'several indices': 'groupKey counts only where one index is grouped by, so no group leaves before its input closes',
  }[first.size];
  return {
    message: `groupTuple waits for all tasks of ${listOf(before)} before ${listOf(after)} ${after.length === 1 ? 'starts' : 'start'}`,
    reason: `${why}; ${listOf(after)}${later} could start for one key as soon as the key’s own items are there`,
    advice: adviceFor(context, first),
    confidence: waits.every((wait) => wait.unsure) || waits.every((wait) => wait.node.active === 'unknown') ? 'low' : 'medium',
    place: placeOfName(first.node),
    related: [
      ...placesOfCalls(upstream, (name) => `waits for the last task of ${name}`),
      ...placesOfCalls(downstream, (name) => `${name} starts only then`),
    ],
    calls: [...upstream, ...downstream].map((call) => call.id),
    change: { kind: 'waits-gone', by: waits.map(({ node }) => node) },
  };
}

const DROPS = new Set(['filter', 'branch', 'unique', 'distinct', 'until', 'take', 'join']);
/** Where the size may come from. */
function adviceFor({ channels, model }: RuleContext, { node, size, upstream }: Wait): string {
  if (size === 'several indices') return 'group by one index (put the parts into one key and give that to groupKey), or pass size:';
  const start = node.inputs.slice(0, 1);
  const between = [...channels.above(start, (above) => above.type !== 'call')];
  const drops = between.find((each) => each.type === 'operator' && DROPS.has(each.name)) as OperatorNode | undefined;
  const all = [...channels.above(start, (above) => !(above.type === 'operator' && channels.isBarrier(above)))];
  const counted = countedAt(model, node, all);
  let from = `n may be known where the items for ${listOf(shortNames(upstream.map(({ id }) => id)), 2)} are made`;
  if (counted !== undefined) {
    const { file, start: at } = placeOfName(counted.node);
    const place = `${file.path}:${file.positionAt(at).line}`;
    from = counted.byKey
      ? `n may be known where ${counted.node.name} makes the items (${place}): count those of each key`
      : `n may be known where ${counted.node.name} makes several items of one (${place})`;
  }
  const count =
    drops === undefined
      ? ''
      : `; count only what ${drops.name} lets through, or let it come after groupTuple if only results tell what that is`;
  // groupKey counts only where one index is grouped by.
  const key =
    keyIndices(node, [0]).length > 1
      ? 'put the parts of the key into one and make that with groupKey(key, n)'
      : 'make the key with groupKey(key, n)';
  return `${key}, or pass size: n if it is the same for all; ${from}${count}`;
}
