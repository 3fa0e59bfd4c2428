import { placeOfCall } from '../../parser/graph/channels.ts';
import type { ChannelNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { signatureOf, verbs } from '../../parser/graph/process-io.ts';
import { keepsFiles } from '../passes/publishing.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const deadWork = defineRule({
  id: 'dead-work',
  title: 'Nobody reads or publishes what a process makes',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

A call whose outputs go nowhere: no process takes them, nothing publishes them, no operator shows or saves them.

\`\`\`nextflow
COVERAGE(ALIGN.out.bam)                            // and that is the last that is seen of it
\`\`\`

Not reported: where \`publishDir\`, \`storeDir\` or the workflow's \`output\` block keeps something of it, also by config; outputs of a
topic; processes without outputs; scripts that hand something on by another way, such as an upload, or that serve others.

**Why it costs you**

Its tasks run in every run, and what they made lies in the work directory until that is cleaned.

**How to fix**

Publish it, or take the call out.

**Fix safety**

Taking it out changes no output. Somebody may read the work directory by hand.

**When to ignore it**

When the task is there for what it checks: it fails where something is wrong.

**References**

- Nextflow: [publishDir](https://www.nextflow.io/docs/latest/reference/process.html#publishdir)
`,
  *check(context) {
    if (context.pipeline.kind === 'library') return;
    for (const call of context.graph.calls) {
      const place = placeOfCall(call);
      if (call.active !== true || place === undefined || isUsed(context, call)) continue;
      yield {
        message: `nothing reads or publishes what ${call.name} makes`,
        reason: 'its outputs feed no other process, and no publishDir, storeDir or output block keeps them',
        advice: 'publish what it makes, or take the call out',
        confidence: 'medium',
        place,
        related: [
          { message: 'the process', place: { file: call.script.file, start: call.process.name.start, end: call.process.name.end } },
        ],
        calls: [call.id],
      };
    }
  },
});

function isUsed(context: RuleContext, call: ProcessCall): boolean {
  const { graph, channels, model } = context;
  const { outputs, topics } = signatureOf(call.process);
  if (outputs.length === 0 || topics.length > 0) return true;
  const settings = graph.directivesOf(call);
  if (keepsFiles(settings)) return true;
  // In old scripts a directive may stand among the declarations, behind `output:`.
  if ([...call.process.inputs, ...call.process.outputs].some((one) => /^(publishDir|storeDir)$/.test(verbs(one)[0] ?? ''))) return true;
  if (settings.get('debug')?.value === true || settings.get('echo')?.value === true) return true;
  if (settings.get('when')?.value === false || model.tasksOf(call).count.terms.length === 0) return true;
  const node = graph.nodes.find((one) => one.type === 'call' && one.call === call);
  const published = graph.outputs.map(({ ref }) => ref.node);
  if (node === undefined || isTaken(context, node, published, channels)) return true;
  const { scripts } = context;
  return scripts.serves(call) || scripts.sideEffectsOf(call) || scripts.writesOutside(call) || scripts.isCheck(call);
}

const LETS_GO: ReadonlySet<string> = new Set([
  'map',
  'filter',
  'mix',
  'flatten',
  'flatMap',
  'collect',
  'first',
  'join',
  'combine',
  'groupTuple',
  'unique',
  'ifEmpty',
  'toList',
  'branch',
  'multiMap',
  'set',
  'transpose',
  'concat',
  'expression',
]);

function isTaken(context: RuleContext, start: ChannelNode, published: readonly ChannelNode[], channels: RuleContext['channels']): boolean {
  const seen = new Set<ChannelNode>([start]);
  const waiting: ChannelNode[] = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (published.includes(node)) return true;
    for (const taker of channels.takersOf(node)) {
      if (taker.type === 'call') {
        if (taker.call.active !== false) return true;
        continue;
      }
      // Whatever else does something with it: shows it, writes it, counts it.
      if (taker.node.type === 'operator' && !LETS_GO.has(taker.node.name)) return true;
      if (taker.node.type === 'topic') return true;
      if (!seen.has(taker.node)) {
        seen.add(taker.node);
        waiting.push(taker.node);
      }
    }
  }
  // An output of a topic is read by whoever asks for the topic.
  return (
    start.type === 'call' &&
    signatureOf(start.call.process).outputs.some(
      ({ topic }) => topic !== undefined && context.graph.nodes.some((node) => node.type === 'topic' && node.topic === topic),
    ) &&
    signatureOf(start.call.process).outputs.every(({ topic }) => topic !== undefined)
  );
}
