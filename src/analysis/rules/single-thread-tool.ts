import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { Command, ScriptStep } from '../../parser/shell/script-reading.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { busyThreads, isProgram, isWork, type ReservedCpus, reservedCpus, startsSeveral, toolOf, whoSets } from '../passes/commands.ts';
import { speaksOf } from '../passes/needs/script-text.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, listOf, shortNames } from '../words.ts';

export const singleThreadTool = defineRule({
  id: 'single-thread-tool',
  title: 'Cpus are reserved that no command uses',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A process that reserves several cpus, by itself, its label or the config, and whose commands leave at least half of them idle: \`task.cpus\` reaches none
of them, and none takes more than is given to it.

\`\`\`nextflow
process SORT {
    cpus 8

    script:
    "samtools sort -o sorted.bam $bam"             // one thread: -@ is not given
}
\`\`\`

A finding needs that every command is in the catalogue with what is known of its threads, or is a Python or Perl program of the pipeline's \`bin/\` that imports
nothing by which it could start a thread or another program. Beside a command that takes hours, those that take seconds do not count. Not reported: tools that take all cpus by themselves; pipes of as
many busy programs as there are cpus; commands in the background, behind \`xargs -P\` or \`parallel\`; scripts that name threads by a way that is not followed.

**Why it costs you**

The cpus are paid for, or kept from other tasks, for as long as the task runs. Where the tool could use them, it takes several times as long as it has to.

**How to fix**

Pass \`task.cpus\` by the tool's option, which the finding names. Where the tool has none, reserve what it uses.

**Fix safety**

Reserving less changes no result. More threads change none of most tools; the tool's manual tells. Some clusters give memory by the cpu: set \`memory\` then.

**When to ignore it**

When the cpus are reserved for the memory that comes with them, or to have a machine alone.

**References**

- Nextflow: [cpus](https://www.nextflow.io/docs/latest/reference/process.html#cpus)
- Made by maintainers: nf-core/sarek 440d2f93b (FreeBayes), sanger-tol/treeval 9ae5660d, SciLifeLab/Sarek 4bb50ad
`,
  *check(context) {
    const idle = context.graph.calls.flatMap((call) => {
      const found = idleOf(context, call);
      return found === undefined ? [] : [found];
    });
    for (const same of byPlace(idle, ({ place }) => place)) {
      const [first] = same.toSorted((one, other) => other.reserved.cpus - one.reserved.cpus) as [Idle];
      const { call, reserved, busy, tools, place } = first;
      const names = [...new Set(tools.map(toolOf))];
      const { setting, cpus } = reserved;
      const able = tools.filter(({ spec }) => (spec?.threads?.flags.length ?? 0) > 0);
      const own = [...new Set(tools.filter(({ ownThreads }) => ownThreads !== undefined).map(toolOf))];
      // A label is not for this process alone.
      const ofLabel = setting !== undefined && whoSets(setting).startsWith('withLabel');
      const fewer = `reserve ${counted(busy, 'cpu')}${ofLabel ? ` for it alone: withName: '${call.process.name.name}' { cpus = ${busy} }` : ''}`;
      const unable = names.filter((name) => !own.includes(name) && !able.some((command) => toolOf(command) === name));
      yield {
        message: `${call.process.name.name} reserves ${counted(cpus, 'cpu')} and ${listOf(names)} ${names.length === 1 ? 'keeps' : 'keep'} ${busy === 1 ? 'one' : `at most ${busy}`} busy`,
        reason: [
          'nothing passes task.cpus on',
          ...(able.length === 0 ? [] : [`${listOf([...new Set(able.map(toolOf))])} would take it by ${optionsOf(able)}`]),
          ...(own.length === 0
            ? []
            : [`${listOf(own)}, by ${own.length === 1 ? 'its' : 'their'} text, ${own.length === 1 ? 'starts' : 'start'} no threads`]),
          ...(unable.length === 0 ? [] : [`${listOf(unable)} ${unable.length === 1 ? 'has' : 'have'} no option for it`]),
        ].join('; '),
        // More threads for what is short beside the rest are of no use.
        advice:
          able.length > 0 && (unable.length + own.length === 0 || able.some(isWork))
            ? `${able.length === 1 ? `write ${able.map(toolOf)} ${optionsOf(able)} \${task.cpus}` : `pass \${task.cpus} by ${optionsOf(able)}`}, or ${fewer}`
            : fewer,
        severity: cpus - busy > 1 && tools.some(isProgram) ? 'warning' : 'info',
        confidence: tools.every(({ spec }) => spec?.evidence === 'documented') ? 'high' : 'medium',
        place,
        related: [
          ...(setting === undefined ? [] : [{ message: `${counted(cpus, 'cpu')} by ${whoSets(setting)}`, place: setting.place }]),
          ...able
            .filter(isWork)
            .map((command) => ({ message: `${toolOf(command)} runs here without ${optionsOf([command])}`, place: command.range })),
        ],
        calls: same.map(({ call: one }) => one.id),
        change: { kind: 'requests', calls: same.map((one) => ({ call: one.call, cpus: one.busy })) },
        names: shortNames([call.process.name.name]),
      };
    }
  },
});

interface Idle {
  readonly call: ProcessCall;
  readonly reserved: ReservedCpus;
  readonly busy: number;
  /** What it is there for: the tools, or all commands where there are none. */
  readonly tools: readonly Command[];
  readonly place: SourceRange;
}

function idleOf({ graph, scripts }: RuleContext, call: ProcessCall): Idle | undefined {
  if (call.active === false || call.process.script === null) return undefined;
  const reserved = reservedCpus(graph, call);
  if (reserved === undefined || reserved.cpus < 2) return undefined;
  if (speaksOf(call.process, call.script.file, /\btask\.cpus\b/) === true) return undefined;
  const { opaque, passesThreads, steps } = scripts.of(call);
  if (opaque !== undefined || passesThreads !== 'no') return undefined;
  const work = steps.filter(({ trivial }) => !trivial);
  const commands = work.flatMap((step) => step.commands);
  const text = call.script.file.slice(call.process.script);
  if (commands.length === 0 || startsSeveral(text)) return undefined;
  if (SPEAKS_OF_THREADS.test(text) && !commands.some(({ threads }) => threads !== undefined)) return undefined;
  if (SPEAKS_OF_THREADS.test(graph.directivesOf(call).get('beforeScript')?.text ?? '')) return undefined;
  // Somebody has thought of a number: `bismark --parallel 4` is twenty programs.
  if (commands.some(hasNumber)) return undefined;
  // What takes seconds beside what takes hours may have its threads.
  const long = work.some(isLong) ? work.filter((step) => !isShort(step)) : work;
  let busy = 1;
  for (const step of long) {
    const threads = busyThreads(step);
    if (threads === undefined || threads === 'all') return undefined;
    busy = Math.max(busy, threads);
  }
  if (busy * 2 > reserved.cpus) return undefined;
  const kept = long.flatMap((step) => step.commands);
  const tools = kept.filter(isProgram);
  return { call, reserved, busy, tools: tools.length > 0 ? tools : kept, place: nameOf(call) };
}

function isLong({ commands }: ScriptStep): boolean {
  return commands.some(({ spec }) => spec?.weight === 'heavy');
}

function isShort({ commands }: ScriptStep): boolean {
  return commands.every(({ spec, repeated }) => spec?.weight === 'light' && repeated !== true);
}

/** Helpers beside the main thread of what sorts or packs at the end of a pipe are no number for the rest of it. */
function hasNumber({ threads, pipeline }: Command): boolean {
  return typeof threads?.value === 'number' && threads.value > 1 && !(threads.flag === '-@' && pipeline !== undefined);
}

/** The number may be passed by a way that is not followed. */
const SPEAKS_OF_THREADS = /threads?\b|\bcpus?\b|\bcores?\b|\bnproc\b|\bworkers?\b|THREADS|\bn_?jobs\b|\bncpus?\b/i;

/** `-@`, or `-@ and --threads` where they differ. */
function optionsOf(tools: readonly Command[]): string {
  return listOf([...new Set(tools.flatMap(({ spec }) => spec?.threads?.flags.slice(0, 1) ?? []))]);
}
