import { givenTo, keyOfMap, placeOfCall, placeOfName } from '../../parser/graph/channels.ts';
import { isConstantForRun, namedArgument } from '../../parser/graph/expressions.ts';
import type { CallNode, ChannelNode, ChannelRef, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { counted, listOf, shortNames } from '../words.ts';

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
before any task runs, such as a samplesheet's; one group of everything (a constant key); groups that a \`collect\` swallows, or whose
process waits for all of the same tasks anyway. A key that is rebuilt by \`+\` or \`-\` after \`groupKey\` has lost its size: that is reported.

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
    // A subworkflow that is called twice has the same line twice: one finding.
    const byPlace = new Map<string, Wait[]>();
    for (const wait of waits) {
      const key = `${wait.node.place.file.path} ${placeOfName(wait.node).start}`;
      byPlace.set(key, [...(byPlace.get(key) ?? []), wait]);
    }
    for (const same of byPlace.values()) yield describe(context, same);
  },
});

interface Wait {
  readonly node: OperatorNode;
  readonly size: 'none' | 'lost' | 'several indices';
  /** Calls whose last task it waits for. */
  readonly upstream: readonly CallNode[];
  /** True when it is not certain that they run several tasks. */
  readonly unsure: boolean;
  /** Calls that start only then. */
  readonly downstream: readonly ProcessCall[];
}

function waitAt(context: RuleContext, node: OperatorNode): Wait | undefined {
  const size = context.channels.groupSizeOf(node);
  const start = node.inputs[0];
  if (size === 'known' || start === undefined || hasConstantKey(start, keyIndices(node), 0)) return undefined;
  const upstream = callsWaitedFor(context, start);
  if (upstream.length === 0) return undefined;
  const downstream = callsHeldBack(context, node, upstream);
  if (downstream.length === 0) return undefined;
  const unsure = upstream.every((call) => context.counts.of({ node: call, port: undefined }) === 'unknown');
  return { node, size, upstream, unsure, downstream };
}

/** Calls with many tasks that feed the operator, but for those behind a barrier that has made everybody wait already. */
function callsWaitedFor({ channels, counts }: RuleContext, start: ChannelRef): CallNode[] {
  const calls: CallNode[] = [];
  const split = new Set<ChannelNode>();
  for (const node of channels.above([start], (above) => above.type !== 'call' && !isFirst(above) && !channels.isBarrier(above))) {
    // What stands above a splitter has been marked by the time it is met: nearer nodes come first.
    if (node.type === 'operator' && (/^split[CFJT]/.test(node.name) || split.has(node)))
      for (const { node: above } of node.inputs) split.add(above);
    if (node.type !== 'call') continue;
    const count = counts.of({ node, port: undefined });
    // A sheet that one task has checked and that is then read row by row is all there as soon as that task has ended.
    if (count === 'many' || (count === 'unknown' && !split.has(node))) calls.push(node);
  }
  return calls;
}

/** Calls fed by the operator that could start earlier if it did not wait. */
function callsHeldBack(context: RuleContext, node: OperatorNode, upstream: readonly CallNode[]): ProcessCall[] {
  const { channels } = context;
  const held = new Set<ProcessCall>();
  const seen = new Set<ChannelNode>([node]);
  const waiting: ChannelNode[] = [node];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const taker of channels.takersOf(next)) {
      if (taker.type === 'call') {
        if (taker.call.active !== false && !waitsAnyway(context, taker.call, node, upstream)) held.add(taker.call);
      } else if (taker.node.active !== false && !seen.has(taker.node) && !swallows(context, taker.node)) {
        seen.add(taker.node);
        waiting.push(taker.node);
      }
    }
  }
  return context.graph.calls.filter((call) => held.has(call));
}

/** `collect` needs everything anyway. A second groupTuple does not: it may be given a size as well. */
function swallows({ channels }: RuleContext, node: ChannelNode): boolean {
  return channels.isBarrier(node) && !(node.type === 'operator' && node.name === 'groupTuple');
}

/** Another of the call's inputs gathers all of the same tasks: `MULTIQC(groups, ALIGN.out.log.collect())`. */
function waitsAnyway({ channels }: RuleContext, call: ProcessCall, group: OperatorNode, upstream: readonly CallNode[]): boolean {
  const inputs = call.inputs.flatMap(givenTo);
  for (const node of channels.above(inputs, (above) => above.type !== 'call')) {
    if (node === group || node.type !== 'operator' || node.name === 'groupTuple' || !channels.isBarrier(node)) continue;
    const gathered = new Set(channels.above(node.inputs, (above) => above.type !== 'call'));
    if (upstream.every((wanted) => gathered.has(wanted))) return true;
  }
  return false;
}

function keyIndices(node: OperatorNode): number[] {
  const by = node.node === undefined ? undefined : namedArgument(node.node, 'by');
  const elements = by === undefined ? [] : by.kind === 'ListExpression' ? by.elements : [by];
  const indices = elements.flatMap((element) =>
    element.kind === 'ConstantExpression' && typeof element.value === 'number' ? [element.value] : [],
  );
  return by === undefined ? [0] : indices;
}

/** One group of everything was meant: `.map { file -> ['all', file] }.groupTuple()`. */
function hasConstantKey(ref: ChannelRef, indices: readonly number[], depth: number): boolean {
  const { node } = ref;
  if (node.type !== 'operator' || depth > 50 || indices.length === 0) return false;
  if (node.name === 'map') {
    return indices.every((index) => {
      const key = keyOfMap(node, index);
      return key !== undefined && isConstantForRun(key);
    });
  }
  if (node.name === 'mix' || node.name === 'concat') return node.inputs.every((input) => hasConstantKey(input, indices, depth + 1));
  const passes = ['filter', 'unique', 'distinct', 'view', 'dump', 'tap', 'take', 'ifEmpty'].includes(node.name);
  return passes && node.inputs[0] !== undefined && hasConstantKey(node.inputs[0], indices, depth + 1);
}

function describe(context: RuleContext, waits: readonly Wait[]): FoundHere {
  const first = waits[0] as Wait;
  const upstream = [...new Set(waits.flatMap((wait) => wait.upstream.map(({ call }) => call)))];
  const downstream = [...new Set(waits.flatMap((wait) => wait.downstream))];
  const before = shortNames(upstream.map((call) => call.id));
  const after = shortNames(downstream.map((call) => call.id));
  const behind = context.channels.callsBehind(downstream.map((call) => call.id)).size;
  const later = behind === 0 ? '' : ` and ${counted(behind, 'call')} behind ${downstream.length === 1 ? 'it' : 'them'}`;
  const why = {
    none: 'without a size, no group leaves before its input closes',
    lost: 'the key was made by groupKey, but + or - on it gives a plain map without the size, so no group leaves before its input closes',
    'several indices': 'groupKey counts only where one index is grouped by, so no group leaves before its input closes',
  }[first.size];
  return {
    message: `groupTuple waits for all tasks of ${listOf(before)} before ${listOf(after)} ${after.length === 1 ? 'starts' : 'start'}`,
    reason: `${why}; ${listOf(after)}${later} could start for one key as soon as the key’s own items are there`,
    advice: adviceFor(context, first),
    confidence: waits.every((wait) => wait.unsure) || waits.every((wait) => wait.node.active === 'unknown') ? 'low' : 'medium',
    place: placeOfName(first.node),
    related: [
      ...relatedPlaces(upstream, (name) => `waits for the last task of ${name}`),
      ...relatedPlaces(downstream, (name) => `${name} starts only then`),
    ],
    calls: [...upstream, ...downstream].map((call) => call.id),
  };
}

function relatedPlaces(calls: readonly ProcessCall[], say: (name: string) => string): NonNullable<FoundHere['related']>[number][] {
  const told = new Set<string>();
  return calls.flatMap((call) => {
    const place = placeOfCall(call);
    const key = `${place?.file.path} ${place?.start}`;
    if (place === undefined || told.has(key)) return [];
    told.add(key);
    return [{ message: say(call.name), place }];
  });
}

const DROPS = new Set(['filter', 'branch', 'unique', 'distinct', 'until', 'take', 'join']);
const SPLITS = /^(flatMap|flatten|transpose|split[A-Z]\w*)$/;
const CROSSES = /^(combine|cross)$/;

/** Where the size may come from: the operator that makes many items of one, further up, processes included. */
function adviceFor({ channels, counts }: RuleContext, { node, size, upstream }: Wait): string {
  if (size === 'lost') return 'keep the key as groupKey made it, or make it anew after the change: groupKey(meta, n)';
  if (size === 'several indices') return 'group by one index (put the parts into one key and give that to groupKey), or pass size:';
  const start = node.inputs.slice(0, 1);
  const between = [...channels.above(start, (above) => above.type !== 'call')];
  const drops = between.find((each) => each.type === 'operator' && DROPS.has(each.name)) as OperatorNode | undefined;
  const all = [...channels.above(start, (above) => !(above.type === 'operator' && channels.isBarrier(above)))];
  const scatter = all.find(
    (each) =>
      each.type === 'operator' &&
      // With one reference, `combine` makes one of one.
      (SPLITS.test(each.name) || (CROSSES.test(each.name) && each.inputs.slice(1).some((ref) => counts.of(ref) === 'many'))),
  ) as OperatorNode | undefined;
  let from = `n may be known where the items for ${listOf(shortNames(upstream.map(({ call }) => call.id)), 2)} are made`;
  if (scatter !== undefined) {
    const { line } = placeOfName(scatter).file.positionAt(placeOfName(scatter).start);
    from = `n may be known where ${scatter.name} makes several items of one (${placeOfName(scatter).file.path}:${line})`;
  }
  const count = drops === undefined ? '' : `; count only what ${drops.name} lets through`;
  // groupKey counts only where one index is grouped by.
  const key =
    keyIndices(node).length > 1
      ? 'put the parts of the key into one and make that with groupKey(key, n)'
      : 'make the key with groupKey(key, n)';
  return `${key}, or pass size: n if it is the same for all; ${from}${count}`;
}

/** `first` lets go at its first item: nobody waits for the rest. */
function isFirst(node: ChannelNode): boolean {
  return node.type === 'operator' && node.name === 'first';
}
