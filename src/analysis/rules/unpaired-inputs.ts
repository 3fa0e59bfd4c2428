import { kindOf } from '../../parser/graph/channel-graph.ts';
import { outputAsWritten } from '../../parser/graph/channels.ts';
import { leadingName } from '../../parser/graph/expressions.ts';
import type { ArrivalOrder } from '../../parser/graph/model/arrival-orders.ts';
import { keyFactsOf } from '../../parser/graph/model/item-value.ts';
import type { Summand } from '../../parser/graph/model/shapes.ts';
import type { CallSiteInfo, ChannelRef, ProcessCall } from '../../parser/graph/process-graph.ts';
import { normalizeBlanks } from '../../source/source-file.ts';
import type { Confidence } from '../finding.ts';
import { evidenceOfSeveral } from '../passes/several.ts';
import { calledName } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { counted, listOf } from '../words.ts';

export const unpairedInputs = defineRule({
  id: 'unpaired-inputs',
  title: 'Inputs of a process are paired by order of arrival',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  unsaved: 'which items meet is not known, nor how many tasks that makes',
  docs: `
**What it finds**

A call that is given two or more queue channels whose items arrive in orders that have nothing to do with each other.

\`\`\`nextflow
SORT(ch_samples)
COVERAGE(ch_samples)
REPORT(SORT.out.bam, COVERAGE.out.tsv)      // the first BAM that is done, with the first table that is done
\`\`\`

Not reported, since the channels are in step, item by item: outputs of one call, labels of one \`multiMap\`, and whatever came from
one channel by operators that keep the order, such as \`map\`. Nor are values, \`each\` inputs, channels that carry one item (a
reference) or the same one over and over (a database that was combined with each sample), channels whose order was written down, such as two
\`channel.of(…)\`, and pipelines in which nothing says that either channel has several items: a run is for one genome.

**Why it costs you**

Nextflow takes the first item of each channel for the first task, the second of each for the second, and so on. Tasks end in
another order in each run, so one day a sample's BAM is reported with the coverage of another one. No error is raised. When the
channels differ in length, the surplus is dropped, without a word too. And a resumed run makes other pairs, so its cache is lost.

**How to fix**

Let each item carry its key, and pair by it:

\`\`\`nextflow
REPORT(SORT.out.bam.join(COVERAGE.out.tsv))     // input: tuple val(id), path(bam), path(tsv)
\`\`\`

Two channels that a later operator made of one can be made by one \`multiMap\` instead.

**Fix safety**

Not fixed automatically: the process's input declaration changes with the call, and tasks run anew.

**When to ignore it**

When any item may go with any other one.

**References**

- Nextflow: [Multiple input channels](https://www.nextflow.io/docs/latest/process.html#multiple-input-channels)
- Nextflow: [join](https://www.nextflow.io/docs/latest/reference/operator.html#join), [multiMap](https://www.nextflow.io/docs/latest/reference/operator.html#multimap)
`,
  *check(context) {
    const told = new Set<string>();
    for (const call of context.graph.calls) {
      if (call.active === false) continue;
      for (const site of call.sites) {
        if (site.active === false) continue;
        const found = atSite(context, call, site);
        if (found === undefined) continue;
        // A subworkflow that is called twice has the same line twice.
        const key = `${found.place.file.path} ${found.place.start}`;
        if (!told.has(key)) yield found;
        told.add(key);
      }
    }
  },
});

interface GivenInput {
  readonly number: number;
  readonly ref: ChannelRef;
  readonly order: ArrivalOrder;
}

function atSite(context: RuleContext, call: ProcessCall, site: CallSiteInfo): FoundHere | undefined {
  const given: GivenInput[] = [];
  for (const [index, input] of call.inputs.entries()) {
    if (input.declaration !== undefined && leadingName(input.declaration) === 'each') continue;
    const ref = input.channels.find((channel) => channel.site === site);
    if (ref === undefined || kindOf(ref) !== 'queue') continue;
    // One item beside the samples is a reference, or a queue where a value was meant: another matter. And of
    // `channel.fromPath(params.fasta)` nobody knows before the run whether it is one.
    if (context.counts.of(ref) !== 'many') continue;
    if (isAtMostOne(context, ref)) continue;
    const order = context.orders.of(ref);
    if (!order.opaque) given.push({ number: index + 1, ref, order });
  }
  const pair = firstPair(context, given);
  if (pair === undefined || !pair.some(({ ref }) => mayBeSeveral(context, ref))) return undefined;
  const [left, right] = pair;

  const names = [left, right].map(({ ref }) => sourceName(context, ref)) as [string, string];
  const others = new Set(given.map(({ order }) => order.id)).size - 2;
  return {
    message:
      names[0] === names[1]
        ? `${call.name} pairs two channels of ${names[0].replace(/^what comes/, 'items that come')} by order of arrival`
        : `${call.name} pairs ${names[0]} with ${names[1]} by order of arrival`,
    reason: `inputs ${left.number} and ${right.number}${others > 0 ? ` (and ${counted(others, 'more')})` : ''} are queues that ${whyApart(context, left, right)}; the n-th item of one goes with the n-th of the other, whatever sample they are from, and a surplus is dropped without a word`,
    advice: adviceFor(context, left.ref, right.ref),
    confidence: confidenceOf(context, call, left, right),
    place: calledName(call, site.place),
    related: [left, right].map(({ ref, number }) => ({ message: `input ${number} comes from here`, place: ref.node.place })),
    calls: [call.id],
  };
}

/** Two inputs out of step, of which at least one has no order of its own. */
function firstPair(context: RuleContext, given: readonly GivenInput[]): [GivenInput, GivenInput] | undefined {
  for (const [at, left] of given.entries()) {
    for (const right of given.slice(at + 1)) {
      if (left.order.id === right.order.id || (left.order.settled && right.order.settled)) continue;
      if (carriesTheSame(context, left.ref, right.ref) || carriesTheSame(context, right.ref, left.ref)) continue;
      if (!areFilteredAlike(context, left.ref, right.ref)) return [left, right];
    }
  }
  return undefined;
}

/** All items of the one are equal, and there are at least as many as of the other: it is all the same which pairs are made. */
function carriesTheSame({ model, channels }: RuleContext, one: ChannelRef, other: ChannelRef): boolean {
  const [mine, theirs] = [model.flowOf(one), model.flowOf(other)];
  if (mine.opaque !== undefined || theirs.opaque !== undefined) return false;
  const [summand, partner] = [mine.summands[0], theirs.summands[0]];
  if (summand === undefined || partner === undefined || mine.summands.length > 1 || theirs.summands.length > 1) return false;
  if (summand.unsure || summand.exactness !== 'exact' || !partner.index.every((each) => model.dimensions.implies(summand.index, each)))
    return false;
  const { dimensions, vague } = keyFactsOf(summand.item);
  if (vague || dimensions.size > 0) return false;
  // What was dropped before both were made is missing in both.
  const isWhole = !summand.fewer && summand.selections.length === 0;
  return isWhole || [...channels.above([other], () => true)].includes(one.node);
}

/** Of a run for one genome every queue has an item. */
function mayBeSeveral(context: RuleContext, ref: ChannelRef): boolean {
  const flow = context.model.flowOf(ref);
  return flow.opaque !== undefined || flow.summands.length === 0 || evidenceOfSeveral(context, flow) !== undefined;
}

/** One item, or one that a `branch` gives one label or another. */
function isAtMostOne(context: RuleContext, ref: ChannelRef): boolean {
  const { node } = ref;
  // An item in the place of none.
  if (node.type === 'operator' && node.name === 'ifEmpty' && node.inputs[0] !== undefined) return isAtMostOne(context, node.inputs[0]);
  const { opaque, summands } = context.model.flowOf(ref);
  if (opaque !== undefined) return false;
  const exclude = (one: Summand, other: Summand): boolean =>
    one.selections.some(({ node, label }) => other.selections.some((two) => two.node === node && two.label !== label));
  return summands.every((one, at) => one.index.length === 0 && summands.slice(at + 1).every((other) => exclude(one, other)));
}

/** The same condition, written alike, on two channels that are in step: labels of one multiMap. */
function areFilteredAlike(context: RuleContext, { node: left }: ChannelRef, { node: right }: ChannelRef): boolean {
  if (left.type !== 'operator' || right.type !== 'operator' || left.name !== 'filter' || right.name !== 'filter') return false;
  const [one, two] = [left, right].map(({ node, place }) =>
    node === undefined ? undefined : normalizeBlanks(node.arguments.map((argument) => place.file.slice(argument)).join()),
  );
  const [before, other] = [left.inputs[0], right.inputs[0]];
  if (one === undefined || one.replaceAll(' ', '') !== two?.replaceAll(' ', '') || before === undefined || other === undefined)
    return false;
  return context.orders.of(before).id === context.orders.of(other).id;
}

function confidenceOf(context: RuleContext, call: ProcessCall, left: GivenInput, right: GivenInput): Confidence {
  if (call.active === 'unknown') return 'medium';
  const [a, b] = [left, right].map(({ ref }) => context.channels.producersOf(ref).filter((node) => node.type === 'call'));
  if (a === undefined || b === undefined || (a.length === 0 && b.length === 0)) return 'medium';
  return a.some((node) => b.includes(node)) ? 'medium' : 'high';
}

function whyApart(context: RuleContext, left: GivenInput, right: GivenInput): string {
  const [a, b] = [left, right].map(({ ref }) => producingCalls(context, ref)) as [string[], string[]];
  const all = [...new Set([...a, ...b])];
  if (all.length === 0) return 'list their files each in its own order';
  if (all.length > a.length || all.length > b.length) return `fill up as tasks of ${listOf(all)} end, in no fixed order`;
  for (const { ref } of [left, right]) {
    const { port } = ref;
    if (ref.node.type === 'call' && context.orders.isOptionalOutput(ref.node, port))
      return `do not both get an item from every task, since ${outputAsWritten(ref)} is optional`;
  }
  return 'have been changed differently on the way, so that they are no longer in step';
}

function producingCalls({ channels }: RuleContext, ref: ChannelRef): string[] {
  return [...new Set(channels.producersOf(ref).flatMap((node) => (node.type === 'call' ? [node.call.name] : [])))];
}

function adviceFor({ channels }: RuleContext, left: ChannelRef, right: ChannelRef): string {
  if (
    left.node.type === 'source' &&
    right.node.type === 'source' &&
    left.node.factory === 'fromPath' &&
    right.node.factory === 'fromPath'
  ) {
    return 'list the files that belong together with one channel.fromFilePairs, or give both a key and join them';
  }
  const join = 'carry the sample’s key in both and join them into one tuple input';
  const outputs = [left, right].map(outputAsWritten);
  if (!outputs.includes(undefined)) return `${join}: ${outputs[0]}.join(${outputs[1]})`;
  const [a, b] = [left, right].map((ref) => channels.producersOf(ref));
  return a?.some((node) => b?.includes(node)) ? `${join}, or make both by one multiMap` : join;
}

/** Who fills a channel, for people: `ALIGN.out.bam`, `channel.fromPath('…')`; with the operator that put it out of step. */
function sourceName(context: RuleContext, ref: ChannelRef): string {
  let operator = '';
  let at = ref;
  for (let depth = 0; at.node.type === 'operator' && at.node.inputs.length === 1 && depth < 100; depth++) {
    if (context.orders.of(at.node.inputs[0] as ChannelRef).id !== context.orders.of(at).id) operator ||= ` after ${at.node.name}`;
    at = at.node.inputs[0] as ChannelRef;
  }
  const output = outputAsWritten(at);
  if (output !== undefined) return output + operator;
  if (at.node.type === 'source') return shorten(at.node.text) + operator;
  const calls = producingCalls(context, ref);
  if (calls.length > 0) return `what comes from ${listOf(calls, 2)}`;
  const sources = context.channels.producersOf(ref).flatMap((node) => (node.type === 'source' ? [shorten(node.text)] : []));
  return sources.length === 0 ? 'one channel' : listOf([...new Set(sources)], 2);
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 44 ? `${line.slice(0, 43)}…` : line;
}
