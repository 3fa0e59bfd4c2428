import { textOf } from '../../parser/evaluate/conversions.ts';
import { ListValue, PathValue } from '../../parser/evaluate/value.ts';
import { kindOf } from '../../parser/graph/channel-graph.ts';
import { givenTo, outputAsWritten } from '../../parser/graph/channels.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import type { Flow } from '../../parser/graph/model/shapes.ts';
import type { ChannelNode, ChannelRef, ProcessCall, SourceNode } from '../../parser/graph/process-graph.ts';
import { evidenceOfSeveral, type Several } from '../passes/several.ts';
import { calledName } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { listOf, shortName } from '../words.ts';

export const queueWhereValueMeant = defineRule({
  id: 'queue-where-value-meant',
  title: 'A queue with one item limits a process to one task',
  severity: 'error',
  fixable: false,
  requires: ['calls'],
  unsaved: 'it is about results that are missing: mended, more tasks run',
  docs: `
**What it finds**

A call with two queue channels, of which one brings a single item (a reference) and the other many.

\`\`\`nextflow
genome = channel.fromPath(params.fasta)
ALIGN(ch_reads, genome)                            // one sample is aligned; the others are dropped without a word
\`\`\`

Not reported: value channels, \`each\` inputs, references that were combined with the samples, and calls of which no input shows a sign of several
items: no sheet, no pattern, no operator that makes several of one.

**Why it costs you**

A process takes one item of each queue for each task. When the reference has been taken, nothing is left to go with the second
sample. No error is raised: the run ends well, with one sample.

**How to fix**

Make it a value, which can be read any number of times:

\`\`\`nextflow
genome = channel.value(file(params.fasta))         // or  file(params.fasta)  as it is, or  ch_genome.first()
\`\`\`

**Fix safety**

Unsafe in the sense that more tasks run than before, which was the point.

**When to ignore it**

When there is only one sample, ever.

**References**

- Nextflow: [Multiple input channels](https://www.nextflow.io/docs/latest/process.html#multiple-input-channels)
- Made by maintainers: nf-core/sarek 020b33a9f, nf-core/viralrecon 44680bae, nf-core/rnaseq 92dde770, nf-core/smrnaseq b357dda
`,
  *check(context) {
    const held = new Map<ProcessCall, Several>();
    const told = new Set<string>();
    // One held to a task holds those behind it too, so each is looked at again until no more are found.
    for (let before = -1; before < held.size; ) {
      before = held.size;
      for (const call of context.graph.calls) {
        if (held.has(call) || call.active === false || context.model.tasksOf(call).opaque !== undefined) continue;
        for (const site of call.sites) {
          const found = site.active === false ? undefined : atSite(context, call, site, held);
          if (found === undefined) continue;
          held.set(call, found.evidence);
          const key = `${found.finding.place.file.path} ${found.finding.place.start}`;
          if (!told.has(key)) yield found.finding;
          told.add(key);
        }
      }
    }
  },
});

interface Queue {
  /** From 1. */
  readonly number: number;
  readonly ref: ChannelRef;
  readonly flow: Flow;
}

function atSite(
  context: RuleContext,
  call: ProcessCall,
  site: ProcessCall['sites'][number],
  held: ReadonlyMap<ProcessCall, Several>,
): { readonly finding: FoundHere; readonly evidence: Several } | undefined {
  const { model } = context;
  const queues = call.inputs.flatMap((input, at): Queue[] => {
    if (input.declaration !== undefined && declaredElements(input.declaration).each) return [];
    const ref = input.channels.find((channel) => channel.site === site);
    return ref === undefined || kindOf(ref) !== 'queue' ? [] : [{ number: at + 1, ref, flow: model.flowOf(ref) }];
  });
  if (queues.some(({ flow }) => flow.opaque !== undefined || flow.summands.length === 0)) return undefined;
  const best = (wanted: Several): Queue | undefined => queues.find((queue) => evidenceOfSeveral(context, queue.flow) === wanted);
  const behind = queues.find((queue) => heldBy(queue, held) !== undefined);
  const samples = best('certain') ?? best('likely') ?? behind;
  const single = queues.filter(
    (queue) =>
      queue.flow.summands.length === 1 &&
      queue.flow.summands.every(({ index, unsure }) => index.length === 0 && !unsure) &&
      heldBy(queue, held) === undefined,
  );
  const [one] = single;
  if (one === undefined || samples === undefined) return undefined;
  const name = nameOf(context, one.ref);
  const earlier = heldBy(samples, held);
  const evidence = earlier === undefined ? evidenceOfSeveral(context, samples.flow) : (held.get(earlier) ?? 'likely');
  const certain = evidence === 'certain' && isWritten(context, one.ref) && site.active === true;
  const source = nameOf(context, samples.ref);
  const finding: FoundHere = {
    message: `${call.name} runs one task only: ${name} is a queue with one item`,
    reason:
      earlier === undefined
        ? `the first task uses up input ${one.number}, so only one item of input ${samples.number} (${source}) is taken, and the others are dropped without a word`
        : `${earlier.name} runs one task only for the same reason; were that mended, the first task would use up input ${one.number}, and the other items of input ${samples.number} (${source}) be dropped without a word`,
    advice: `make it a value: ${adviceFor(one.ref)}`,
    severity: certain ? 'error' : 'warning',
    confidence: certain ? 'high' : 'medium',
    place: calledName(call, site.place),
    related: [
      ...single.flatMap((queue) =>
        originsOf(queue.ref).map(({ place }) => ({ message: `input ${queue.number}, a queue with one item, comes from here`, place })),
      ),
      { message: `input ${samples.number} comes from here`, place: samples.ref.node.place },
    ],
    calls: [call.id],
  };
  return { finding, evidence: certain ? 'certain' : 'likely' };
}

/** The call that gives this queue its items, where that is held to one task and nothing gathers in between. */
function heldBy({ flow }: Queue, held: ReadonlyMap<ProcessCall, Several>): ProcessCall | undefined {
  const [summand] = flow.summands;
  if (summand === undefined || summand.index.length > 0) return undefined;
  return [...held.keys()].find((call) => summand.data.has(call) && summand.waits.get(call)?.by === undefined);
}

/** Where the queue is written down, and what makes that a queue in turn: a process has as many outputs as it is given items. */
function originsOf(ref: ChannelRef): readonly ChannelNode[] {
  const found: ChannelNode[] = [];
  const add = ({ node }: ChannelRef, depth: number): void => {
    if (found.includes(node) || depth > 3) return;
    if (node.type === 'alternatives') {
      for (const input of node.inputs) if (input.active !== false) add(input.ref, depth);
      return;
    }
    found.push(node);
    let at: ChannelNode = node;
    while (at.type === 'operator' && at.inputs.length === 1) at = (at.inputs[0] as ChannelRef).node;
    if (at.type !== 'call') return;
    for (const input of at.call.inputs) for (const given of givenTo(input)) if (kindOf(given) === 'queue') add(given, depth + 1);
  };
  add(ref, 0);
  return found;
}

/** All that it comes from is one item by what is written, not by a param that nobody knows. */
function isWritten({ channels }: RuleContext, ref: ChannelRef): boolean {
  return [...channels.above([ref], () => true)].every((node) => node.type !== 'source' || node.factory !== 'fromPath' || isPlainPath(node));
}

function isPlainPath({ args }: SourceNode): boolean {
  const [first = null] = args.positional;
  const paths = first instanceof ListValue ? first.items : [first];
  return paths.every((path) => path instanceof PathValue || (typeof path === 'string' && textOf(path) !== ''));
}

function nameOf({ channels }: RuleContext, ref: ChannelRef): string {
  const names = channels
    .producersOf(ref)
    .flatMap((node) =>
      node.type === 'call'
        ? `${shortName(node.call.id)}.out`
        : node.type === 'source' && node.factory !== 'empty'
          ? shorten(node.text)
          : [],
    );
  if (names.length > 0) return listOf([...new Set(names)], 2);
  const isDefault = (node: ChannelNode): boolean => node.type === 'operator' && node.name === 'ifEmpty';
  return [...channels.above([ref], () => true)].some(isDefault) ? 'what ifEmpty gives' : 'it';
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  // `channel.fromFilePairs(…)` where the arguments are long.
  if (line.length <= 44) return line;
  const head = /^[\w.]+\(/.exec(line)?.[0];
  return head === undefined || head.length > 40 ? `${line.slice(0, 43)}…` : `${head}…)`;
}

function adviceFor(ref: ChannelRef): string {
  if (ref.node.type === 'source' && ref.node.factory === 'fromPath') return 'channel.value(file(…)), or the file itself';
  const output = outputAsWritten(ref);
  return output === undefined
    ? 'put first() at its end, or collect() where it has several files'
    : `${output}.first(), or ${output}.collect() where it gives several files`;
}
