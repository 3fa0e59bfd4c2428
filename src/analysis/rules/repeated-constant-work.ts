import { isUnknown, PathValue } from '../../parser/evaluate/value.ts';
import { placeOfCall } from '../../parser/graph/channels.ts';
import { type ChannelModel, placeIn } from '../../parser/graph/model/channel-model.ts';
import { keyFactsOf, marksOf } from '../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { declaresPlainly } from '../../parser/graph/process-io.ts';
import type { Command, InputUse, ScriptStep } from '../../parser/shell/script-reading.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { isTool, isWork, toolOf } from '../passes/commands.ts';
import { textUses, toolNamesIn } from '../passes/needs/script-text.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf } from '../words.ts';

export const repeatedConstantWork = defineRule({
  id: 'repeated-constant-work',
  title: 'Every task does again what is the same for all',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

Commands with work of minutes or more, in a process that runs for each sample, that read only what every task is given alike: an index that is built, or a
database that is unpacked, in each task. And calls that have a task for each sample of which nothing that they are given differs: the genome, once for each sample.

\`\`\`nextflow
input:
tuple val(sample), path(reads)
path transcripts                                   // the same file for all

script:
"""
kallisto index -i index $transcripts               // once for each sample
kallisto quant -i index -o $sample $reads
"""
\`\`\`

A finding needs that it is known of each input whether it is the same for all tasks, and of each command what it reads. The index of a FASTA file, which takes less, is reported at a lower
severity, and so is what takes seconds: a file that is converted, sorted or unpacked. Not reported: links and copies; a look at a file of which none is made;
commands whose options or file names differ by sample; processes with \`storeDir\`.

**Why it costs you**

With n samples the work is done n times, and each sample waits for it.

**How to fix**

Make the commands a process of their own, which runs once, and give its output to this one.

**Fix safety**

The files are the same. The tasks run anew, since the process changes.

**When to ignore it**

When what is made is larger than what it is made of, and moving it to each task takes longer than making it.

**References**

- Nextflow: [value channels](https://www.nextflow.io/docs/latest/channel.html#value-channels)
`,
  *check(context) {
    const found = context.graph.calls.flatMap((call) => {
      const steps = constantOf(context, call);
      return steps.length === 0 ? [] : [{ call, steps }];
    });
    for (const same of byPlace(found, ({ steps }) => (steps[0] as ScriptStep).range)) {
      const [{ call, steps }] = same as [(typeof found)[number]];
      const tools = [...new Set(steps.flatMap(({ commands }) => commands.filter(isWorth).map(toolOf)))];
      const names = [...new Set(context.model.tasksOf(call).summands.flatMap(({ index }) => index.map(({ atom }) => atom.name)))];
      yield {
        message: `every task of ${call.process.name.name} runs ${listOf(tools)} on the same files`,
        reason: `it has a task for each of its ${listOf(names, 2)}, and ${listOf(tools)} ${tools.length === 1 ? 'reads' : 'read'} nothing that differs between them`,
        advice: `move ${listOf(tools)} into a process that runs once, and give its output to ${call.process.name.name}`,
        severity: steps.some(({ commands }) => commands.some(isLong)) ? 'warning' : 'info',
        confidence: 'high',
        place: (steps[0] as ScriptStep).range,
        related: placesOfCalls(
          same.map((one) => one.call),
          (name) => `${name} is called here`,
        ),
        calls: same.map((one) => one.call.id),
        change: { kind: 'made-once', calls: same.map((one) => one.call), whole: false },
      };
    }
    const whole = context.graph.calls.filter((call) => isWhollyConstant(context, call));
    for (const same of byPlace(whole, (call) => placeOfCall(call) as SourceRange)) {
      const [call] = same as [ProcessCall];
      const names = [...new Set(context.model.tasksOf(call).summands.flatMap(({ index }) => index.map(({ atom }) => atom.name)))];
      yield {
        message: `every task of ${call.name} does the same`,
        reason: `it has a task for each of its ${listOf(names, 2)}, and nothing that it is given differs between them`,
        advice: `give it its inputs once, as values (first(), or the file itself), and its output to all of them`,
        severity: 'warning',
        confidence: 'high',
        place: placeOfCall(call) as SourceRange,
        calls: same.map(({ id }) => id),
        change: { kind: 'made-once', calls: same, whole: true },
      };
    }
  },
});

/** A process that is given items for each of the samples, of which nothing tells that sample from another. */
function isWhollyConstant({ graph, model }: RuleContext, call: ProcessCall): boolean {
  if (call.active !== true || !declaresPlainly(call.process) || placeOfCall(call) === undefined || graph.directivesOf(call).has('storeDir'))
    return false;
  const tasks = model.tasksOf(call);
  if (tasks.opaque !== undefined || tasks.unpaired || tasks.summands.length === 0) return false;
  if (!tasks.summands.every(({ index, unsure }) => index.length > 0 && !unsure)) return false;
  let files = false;
  for (const bound of tasks.bindings)
    for (const value of bound.values()) {
      const { dimensions, vague } = keyFactsOf(value);
      const marks = [...marksOf(value)];
      // A part of something, or what the pipeline is given: it may be another one in each task.
      if (vague || dimensions.size > 0 || marks.some(({ made, identifies }) => !identifies || made === undefined || made.length === 0))
        return false;
      if (isUnknown(value) && marks.length === 0) return false;
      if (value instanceof PathValue || marks.length > 0) files = true;
    }
  return files;
}

/** Steps with work whose inputs are the same in every task. */
function constantOf({ graph, model, scripts }: RuleContext, call: ProcessCall): readonly ScriptStep[] {
  if (call.active === false || !declaresPlainly(call.process) || graph.directivesOf(call).has('storeDir')) return [];
  const tasks = model.tasksOf(call);
  if (tasks.opaque !== undefined) return [];
  if (!tasks.summands.some(({ index, unsure }) => index.length > 0 && !unsure)) return [];
  const { file } = call.script;
  // One for what is done alike, and it takes another command to make the tasks differ.
  if (toolNamesIn(call.process, file)?.length === 0) return [];
  if (textUses(call.process, file)?.inputs.some((use) => use.qualifier === 'path' && isConstant(model, call, use)) === false) return [];
  const { opaque, steps, inputs, variants } = scripts.of(call);
  if (opaque !== undefined || variants !== 1) return [];
  const varying = inputs.filter((use) => !isConstant(model, call, use));
  // A process that reads nothing of its items is another matter.
  if (!varying.some(({ steps: using }) => using.length > 0)) return [];
  const constant = new Set<number>();
  const names = new Set(varying.map(({ name }) => name));
  for (const [index, step] of steps.entries()) {
    if (varying.some(({ steps: using }) => using.includes(index))) continue;
    if (!step.after.every((earlier) => constant.has(earlier))) continue;
    if (!step.commands.every(({ spec, name }) => spec !== undefined && spec.evidence !== 'knowledge' && name !== undefined)) continue;
    const made = [...constant].flatMap((earlier) => (steps[earlier] as ScriptStep).writes.map(({ text }) => text));
    if (
      !step.reads.every(({ text, kind, input }) =>
        // What a hole stands for is made of constant inputs, since the step uses no others: `$fasta.fai`.
        input === undefined
          ? kind !== 'anything' && kind !== 'pattern' && (text.startsWith('\0') || made.some((one) => text.startsWith(one)))
          : !names.has(input),
      )
    )
      continue;
    constant.add(index);
  }
  return [...constant]
    .map((index) => steps[index] as ScriptStep)
    .filter(
      ({ commands, reads, writes }) =>
        reads.some(({ input }) => input !== undefined) &&
        (commands.some(isHeavy) || (commands.some(isWorth) && writes.some(({ input }) => input === undefined))),
    );
}

/** Work, an index, or the unpacking of a folder: what is worth a task of its own. */
function isHeavy(command: Command): boolean {
  const { spec, name, range } = command;
  if (name === 'tar') return /\btar\s+(-\S*\s+)*-?\w*x|--extract/.test(range.file.slice(range));
  return name === 'unzip' || (isTool(command) && (spec?.builds !== undefined || spec?.weight !== 'light'));
}

/** The whole of a file goes through it. */
function isWorth(command: Command): boolean {
  return (
    isHeavy(command) ||
    isTool(command) ||
    /^(sort|b?gzip|gunzip|zcat|bzip2|bunzip2|xz|unxz|zstd|unzstd|pigz|unpigz)$/.test(command.name ?? '')
  );
}

function isLong(command: Command): boolean {
  return command.name === 'tar' || isWork(command);
}

function isConstant(model: ChannelModel, call: ProcessCall, use: InputUse): boolean {
  return model.tasksOf(call).bindings.every((bound) => {
    const value = bound.get(placeIn(use.input, use.element));
    if (value === undefined) return false;
    const { dimensions, vague } = keyFactsOf(value);
    return !vague && dimensions.size === 0;
  });
}
