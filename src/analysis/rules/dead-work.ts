import { placeOfCall } from '../../parser/graph/channels.ts';
import type { ChannelNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { signatureOf, verbs } from '../../parser/graph/process-io.ts';
import { keepsFiles } from '../passes/publishing.ts';
import { placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf } from '../words.ts';

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

Where a process would read it, or a \`publishDir\` keep it, under other params, that is said, and it is a note.

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
      if (call.active !== true || place === undefined) continue;
      const uses = usesOf(context, call);
      if (uses === 'used') continue;
      const related = [
        { message: 'the process', place: { file: call.script.file, start: call.process.name.start, end: call.process.name.end } },
      ];
      const change = { kind: 'calls-gone' as const, calls: [{ call }] };
      const found = { confidence: 'medium' as const, place, calls: [call.id], change };
      const enabled = PUBLISHED_WHERE.exec(context.graph.directivesOf(call).get('publishDir')?.text ?? '')?.[1]?.trim();
      if (uses.length === 0 && enabled !== undefined) {
        yield {
          ...found,
          severity: 'info',
          message: `with these params nothing reads or publishes what ${call.name} makes`,
          reason: `its outputs feed no other process, and they are published only where ${enabled}`,
          advice: `call ${call.name} only where what it makes is published`,
          related,
        };
        continue;
      }
      if (uses.length === 0) {
        yield {
          ...found,
          message: `nothing reads or publishes what ${call.name} makes`,
          reason: 'its outputs feed no other process, and no publishDir, storeDir or output block keeps them',
          advice: 'publish what it makes, or take the call out',
          related,
        };
        continue;
      }
      // Other params turn on a reader: the call is not for nothing, but it is in these runs.
      const conditions = [...new Set(uses.flatMap(unmetBy))];
      if (conditions.length === 0) continue;
      const readers = listOf([...new Set(uses.map(({ name }) => name))]);
      yield {
        ...found,
        severity: 'info',
        message: `with these params nothing reads or publishes what ${call.name} makes`,
        reason: `only ${readers} would read it, and these params do not meet ${listOf(conditions)}; no publishDir, storeDir or output block keeps it`,
        advice: `call ${call.name} only where ${uses.length === 1 ? readers : 'one of them'} is called`,
        related: [...related, ...placesOfCalls(uses, (name) => `${name} would read it`)],
      };
    }
  },
});

/** `enabled: params.save_reference`: others want it. */
const PUBLISHED_WHERE = /\benabled\s*:\s*([^,\]\n]*\bparams\.[^,\]\n]*)/;

/** The conditions for a call that these params do not meet. */
function unmetBy({ sites }: ProcessCall): string[] {
  return (sites[0]?.guard ?? []).flatMap(({ active, text }) => (active === false ? [text] : []));
}

/** Calls that would read something of it with other params; "used" when it is not there for nothing. */
function usesOf(context: RuleContext, call: ProcessCall): 'used' | readonly ProcessCall[] {
  const { graph, channels, model, scripts } = context;
  const { outputs, topics } = signatureOf(call.process);
  if (outputs.length === 0 || topics.length > 0) return 'used';
  const settings = graph.directivesOf(call);
  if (keepsFiles(settings)) return 'used';
  // In old scripts a directive may stand among the declarations, behind `output:`.
  if ([...call.process.inputs, ...call.process.outputs].some((one) => /^(publishDir|storeDir)$/.test(verbs(one)[0] ?? ''))) return 'used';
  if (settings.get('debug')?.value === true || settings.get('echo')?.value === true) return 'used';
  if (settings.get('when')?.value === false || model.tasksOf(call).count.terms.length === 0) return 'used';
  const node = graph.nodes.find((one) => one.type === 'call' && one.call === call);
  const published = graph.outputs.map(({ ref }) => ref.node);
  const readers = node === undefined ? 'used' : readersOf(context, node, published, channels);
  if (readers === 'used') return readers;
  return scripts.serves(call) || scripts.sideEffectsOf(call) || scripts.writesOutside(call) || scripts.isCheck(call) ? 'used' : readers;
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

function readersOf(
  context: RuleContext,
  start: ChannelNode,
  published: readonly ChannelNode[],
  channels: RuleContext['channels'],
): 'used' | readonly ProcessCall[] {
  const seen = new Set<ChannelNode>([start]);
  const waiting: ChannelNode[] = [start];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (published.includes(node)) return 'used';
    for (const taker of channels.takersOf(node)) {
      if (taker.type === 'call') {
        if (taker.call.active !== false) return 'used';
        continue;
      }
      // Whatever else does something with it: shows it, writes it, counts it.
      if (taker.node.type === 'operator' && !LETS_GO.has(taker.node.name)) return 'used';
      if (taker.node.type === 'topic') return 'used';
      if (!seen.has(taker.node)) {
        seen.add(taker.node);
        waiting.push(taker.node);
      }
    }
  }
  const readers = context.graph.calls.filter(
    ({ active, inputs }) => active === false && inputs.some(({ channels: given }) => given.some((ref) => seen.has(ref.node))),
  );
  if (start.type !== 'call') return readers;
  // An output of a topic is read by whoever asks for the topic.
  const { outputs } = signatureOf(start.call.process);
  const asked = outputs.some(
    ({ topic }) => topic !== undefined && context.graph.nodes.some((node) => node.type === 'topic' && node.topic === topic),
  );
  return asked && outputs.every(({ topic }) => topic !== undefined) ? 'used' : readers;
}
