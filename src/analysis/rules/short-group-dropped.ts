import { placeOfName } from '../../parser/graph/channels.ts';
import { GroupKeyValue, marksOf } from '../../parser/graph/model/item-value.ts';
import { dropsSome } from '../../parser/graph/model/operators/item-by-item.ts';
import { groupSizeAt, keyIndices, keyOf } from '../../parser/graph/model/operators/keys.ts';
import type { Summand } from '../../parser/graph/model/shapes.ts';
import type { ChannelNode, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { type OutputDeclaration, outputNumber, signatureOf } from '../../parser/graph/process-io.ts';
import { askedTooMany, countedDimension } from '../passes/group-sizes.ts';
import { byPlace } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';

export const shortGroupDropped = defineRule({
  id: 'short-group-dropped',
  title: 'A group that does not get its number of items is dropped',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  unsaved: 'it is about results that are missing: mended, more tasks run',
  docs: `
**What it finds**

A \`groupTuple\` with a size that a group may not reach: fewer items come for each key than the size says, or something between the place
where the size is known and the grouping can drop single items of a group.

\`\`\`nextflow
CALL(ch_intervals)                                 // vcf is an optional output: some intervals have none
CALL.out.vcf
    .map { meta, vcf -> [ groupKey(meta, meta.n_intervals), vcf ] }
    .groupTuple()                                  // a sample with an empty interval never comes out
\`\`\`

Not reported: with \`remainder: true\`; where what is dropped is a whole group, such as by a filter on the sample; optional outputs that \`ext.args\` ask
for by name, or whose absence ends the run (\`join(…, failOnMismatch: true)\`); workflows of a library, of which nobody knows what they are given.

**Why it costs you**

A group that is short of its size when the channel closes is thrown away without a word: the sample is missing in all that follows. Of a
group that gets more items than its size, the rest comes out as a second group.

**How to fix**

Count what really arrives: after the filter, from outputs that are always there. Or add \`remainder: true\`: short groups then come out at the
end.

**Fix safety**

With \`remainder: true\` groups appear that were lost before.

**When to ignore it**

When short groups are to be lost.

**References**

- Nextflow: [groupTuple](https://www.nextflow.io/docs/latest/reference/operator.html#grouptuple)
`,
  *check(context) {
    const nodes = context.graph.nodes.filter(
      (node): node is OperatorNode =>
        node.type === 'operator' &&
        node.name === 'groupTuple' &&
        node.active !== false &&
        groupSizeAt(context.model, node) === 'known' &&
        node.args.named?.get('remainder') !== true,
    );
    for (const same of byPlace(nodes, placeOfName)) {
      const found = same.map((node) => at(context, node)).find((one) => one !== undefined);
      if (found !== undefined) yield found;
    }
  },
});

function at(context: RuleContext, node: OperatorNode): FoundHere | undefined {
  const { model, channels } = context;
  const [ref] = node.inputs;
  if (ref === undefined) return undefined;
  const flow = model.flowOf(ref);
  if (flow.opaque !== undefined || flow.summands.length === 0) return undefined;
  const calls = [...channels.callsBehindNode(node)].map(({ id }) => id);
  const base = { place: placeOfName(node), calls };
  const short = askedTooMany(model, node);
  if (short !== undefined)
    return {
      ...base,
      message: `groupTuple waits for ${short.asked} in each group, and ${short.come}`,
      reason: 'a group that is short of its size when the channel closes is dropped without a word: nothing behind runs',
      advice: 'ask for as many as come, or mix in what is missing',
      confidence: short.certain ? 'high' : 'medium',
      severity: short.certain ? 'error' : 'warning',
    };
  // Of a library nobody knows how many items of a key its workflows are given, nor what a config has their processes make.
  const dropping = context.pipeline.kind === 'library' ? [] : droppers(context, node);
  const [first] = dropping;
  if (first === undefined) return undefined;
  return {
    ...base,
    message: `a group is dropped when ${first.how}`,
    reason:
      'the size counts items that may not arrive here; a group that is short of it when the channel closes is thrown away without a word',
    advice: 'count what arrives here, or add remainder: true: short groups then leave when the channel closes',
    confidence: 'medium',
    related: [{ message: first.what, place: first.place }],
  };
}

const GATHERS: ReadonlySet<string> = new Set(['groupTuple', 'collect', 'toList', 'toSortedList', 'collectFile', 'groupBy']);

interface Dropper {
  readonly how: string;
  readonly what: string;
  readonly place: ChannelNode['place'];
}

/** What may drop single items of a group after its size was worked out. */
function droppers({ model, channels, graph }: RuleContext, node: OperatorNode): readonly Dropper[] {
  const [ref] = node.inputs;
  if (ref === undefined) return [];
  const groups = certain(model.flowOf({ node, port: undefined }).summands);
  const inputs = certain(model.flowOf(ref).summands);
  const apart = inputs
    .flatMap(({ index }) => index)
    .filter(
      (one) =>
        !groups.some(
          ({ index }) =>
            model.dimensions.implies(index, one) ||
            // Groups of groups by a key of which not all is known are mostly the same groups again.
            (one.key !== undefined && index.some(({ quotientOf }) => quotientOf.includes(one))),
        ),
    );
  // Where the size counts one thing, the key tells all else: what goes with all of it leaves no group short.
  const gathered = countedDimension(model, node, apart);
  const over = new Set(gathered === undefined ? apart : [gathered]);
  if (over.size === 0) return [];
  const counted = lastCounted(node, inputs);
  const keys = inputs.map(({ item }) => new Set([...marksOf(keyOf(item, keyIndices(node, [0])))].map(({ id }) => id)));
  // What stands in the key of each item is the same for all items of a group.
  const ofKey = new Set([...(keys[0] ?? [])].filter((id) => keys.every((one) => one.has(id))));
  const found: Dropper[] = [];
  // Without its partner the run ends: nothing is dropped without a word.
  const failsWithout = [...channels.above([ref], (one) => one.type !== 'call')].some(
    (one) => one.type === 'operator' && one.name === 'join' && one.args.named?.get('failOnMismatch') === true,
  );
  // What is gone before another operator gathers the same items is gone from that group.
  const dimensionsOf = (one: OperatorNode['inputs'][number]): Set<unknown> =>
    new Set(model.flowOf(one).summands.flatMap(({ index }) => index.filter((dimension) => over.has(dimension))));
  const isApart = (one: ChannelNode): boolean => {
    const [input] = one.type === 'operator' && GATHERS.has(one.name) ? one.inputs : [];
    if (input === undefined) return true;
    const left = dimensionsOf({ node: one, port: undefined });
    return [...dimensionsOf(input)].every((dimension) => left.has(dimension));
  };
  for (const above of channels.above([ref], (one) => (one.index > counted || one.type === 'call') && isApart(one))) {
    if (above.type === 'operator' && above.name === 'filter' && above.index > counted) {
      const flow = above.inputs[0] === undefined ? undefined : model.flowOf(above.inputs[0]);
      const partial = certain(flow?.summands ?? []).some(({ index }) => index.some((one) => over.has(one)));
      if (partial && dropsSome(model, above) && !isOfTheGroup(model, above, over, ofKey))
        found.push({ how: 'filter takes out one of its items', what: 'single items of a group may end here', place: above.place });
    }
    if (above.type !== 'call') continue;
    const tasks = model.tasksOf(above.call);
    if (!tasks.summands.some(({ index }) => index.some((one) => over.has(one)))) continue;
    const strategy = graph.directivesOf(above.call).get('errorStrategy');
    if (strategy?.byAttempt.includes('ignore'))
      found.push({ how: `a task of ${above.call.name} fails and is ignored`, what: 'errorStrategy is ignore', place: strategy.place });
    const taken = inputsFrom(channels, ref, above);
    for (const port of taken) {
      const { outputs } = signatureOf(above.call.process);
      const output = outputs[outputNumber(above.call.process, port)];
      // Of several optional outputs a task makes one or the other.
      if (
        !failsWithout &&
        output?.optional === true &&
        outputs.filter(({ optional }) => optional).length === 1 &&
        !isAskedFor(graph, above.call, output)
      )
        found.push({
          how: `a task of ${above.call.name} does not make its optional output`,
          what: 'this output is optional',
          place: { file: above.call.script.file, start: output.statement.start, end: output.statement.end },
        });
    }
  }
  return found;
}

/** By its settings every task of the call makes the output, or none does: `ext.args = '--f1r2-tar-gz x.f1r2.tar.gz'`. */
function isAskedFor(graph: RuleContext['graph'], call: ProcessCall, { statement }: OutputDeclaration): boolean {
  const ending = /([\w.-]{4,})["']/.exec(call.script.file.slice(statement))?.[1];
  return ending !== undefined && [...graph.directivesOf(call)].some(([name, { text }]) => name.startsWith('ext.') && text.includes(ending));
}

/** What is there only under params that nobody knows speaks where nothing else does. */
function certain(summands: readonly Summand[]): readonly Summand[] {
  const sure = summands.filter(({ unsure }) => !unsure);
  return sure.length === 0 ? summands : sure;
}

/** Ports of a call that reach a channel through operators alone. */
function inputsFrom(
  channels: RuleContext['channels'],
  ref: OperatorNode['inputs'][number],
  call: ChannelNode,
): (string | number | undefined)[] {
  if (ref.node === call) return [ref.port];
  const ports = new Set<string | number | undefined>();
  for (const node of channels.above([ref], (one) => one.type !== 'call'))
    if (node.type === 'operator') for (const input of node.inputs) if (input.node === call) ports.add(input.port);
  return [...ports];
}

/** The place, in the order of the walk, at which the size of a group was known. */
function lastCounted(node: OperatorNode, inputs: readonly { readonly item: Parameters<typeof keyOf>[0] }[]): number {
  let last = -1;
  for (const { item } of inputs) {
    const key = keyOf(item, keyIndices(node, [0]));
    if (!(key instanceof GroupKeyValue)) continue;
    for (const mark of marksOf(key.size)) {
      const at = /^op(\d+)/.exec(mark.id)?.[1];
      if (at !== undefined) last = Math.max(last, Number(at));
    }
  }
  return last;
}

/** What a filter asks is the same for all items of a group: all of them go, or none. */
function isOfTheGroup(model: RuleContext['model'], filter: OperatorNode, over: ReadonlySet<unknown>, ofKey: ReadonlySet<string>): boolean {
  const marks = model.conditionOf(filter);
  return marks !== undefined && marks.length > 0 && marks.every(({ id, index }) => ofKey.has(id) || index.every((one) => !over.has(one)));
}
