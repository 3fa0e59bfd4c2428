import { textOf } from '../../parser/evaluate/conversions.ts';
import { ListValue, PathValue } from '../../parser/evaluate/value.ts';
import { kindOf } from '../../parser/graph/channel-graph.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import type { ChannelRef, ProcessCall, SourceNode } from '../../parser/graph/process-graph.ts';
import { calledName } from '../places.ts';
import { defineRule, type FoundHere, type RuleContext } from '../rule.ts';
import { listOf, shortName } from '../words.ts';

export const queueWhereValueMeant = defineRule({
  id: 'queue-where-value-meant',
  title: 'A queue with one item limits a process to one task',
  severity: 'error',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

A call with two queue channels, of which one brings a single item (a reference) and the other many.

\`\`\`nextflow
genome = channel.fromPath(params.fasta)
ALIGN(ch_reads, genome)                            // one sample is aligned; the others are dropped without a word
\`\`\`

Not reported: value channels, \`each\` inputs, and references that were combined with the samples.

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
    const told = new Set<string>();
    for (const call of context.graph.calls) {
      if (call.active === false || context.model.tasksOf(call).opaque !== undefined) continue;
      for (const site of call.sites) {
        if (site.active === false) continue;
        const found = atSite(context, call, site);
        const key = found === undefined ? '' : `${found.place.file.path} ${found.place.start}`;
        if (found !== undefined && !told.has(key)) yield found;
        told.add(key);
      }
    }
  },
});

function atSite(context: RuleContext, call: ProcessCall, site: ProcessCall['sites'][number]): FoundHere | undefined {
  const { model } = context;
  const queues = call.inputs.flatMap((input, at) => {
    if (input.declaration !== undefined && declaredElements(input.declaration).each) return [];
    const ref = input.channels.find((channel) => channel.site === site);
    return ref === undefined || kindOf(ref) !== 'queue' ? [] : [{ number: at + 1, ref, flow: model.flowOf(ref) }];
  });
  if (queues.some(({ flow }) => flow.opaque !== undefined || flow.summands.length === 0)) return undefined;
  const single = queues.filter(
    ({ flow }) => flow.summands.length === 1 && flow.summands.every(({ index, unsure }) => index.length === 0 && !unsure),
  );
  const many = queues.filter(({ flow }) => flow.summands.some(({ index, unsure }) => index.length > 0 && !unsure));
  const [one, samples] = [single[0], many[0]];
  if (one === undefined || samples === undefined) return undefined;
  const certain = isWritten(context, one.ref) && site.active === true;
  const name = nameOf(context, one.ref);
  return {
    message: `${call.name} runs one task only: ${name} is a queue with one item`,
    reason: `the first task uses up input ${one.number}, so only one item of input ${samples.number} (${nameOf(context, samples.ref)}) is taken, and the others are dropped without a word`,
    advice: `make it a value: ${adviceFor(context, one.ref)}`,
    severity: certain ? 'error' : 'warning',
    confidence: certain ? 'high' : 'medium',
    place: calledName(call, site.place),
    related: [one, samples].map(({ ref, number }) => ({ message: `input ${number} comes from here`, place: ref.node.place })),
    calls: [call.id],
  };
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
    .map((node) => (node.type === 'call' ? `${shortName(node.call.id)}.out` : node.type === 'source' ? shorten(node.text) : ''));
  return (
    listOf(
      [...new Set(names)].filter((name) => name !== ''),
      2,
    ) || 'it'
  );
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  // `channel.fromFilePairs(…)` where the arguments are long.
  if (line.length <= 44) return line;
  const head = /^[\w.]+\(/.exec(line)?.[0];
  return head === undefined || head.length > 40 ? `${line.slice(0, 43)}…` : `${head}…)`;
}

function adviceFor(_context: RuleContext, ref: ChannelRef): string {
  if (ref.node.type === 'source' && ref.node.factory === 'fromPath') return 'channel.value(file(…)), or the file itself';
  return 'put first() at its end, or collect() where it has several files';
}
