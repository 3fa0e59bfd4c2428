import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { rowsOf } from '../../parser/shell/catalogue.ts';
import type { Command } from '../../parser/shell/script-reading.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { type ReservedCpus, reservedCpus, toolOf, whoSets } from '../passes/commands.ts';
import { commandsSpeakOf, toolsRunIn } from '../passes/needs/script-text.ts';
import { byPlace } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted } from '../words.ts';

export const oversubscribedThreads = defineRule({
  id: 'oversubscribed-threads',
  title: 'A command starts more threads than cpus are reserved',
  severity: 'warning',
  fixable: false,
  unsaved: 'how much threads that share a cpu slow each other down was not measured',
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A number of threads written into a command, or into its \`ext.args\`, that is greater than the cpus that the process reserves; a multiple of \`task.cpus\`; also when \`xargs -P\` or
\`parallel -j\` starts so many of them that together they are more; and tools that start eight threads or more without being told.

\`\`\`nextflow
process KRAKEN2 {
    cpus 4

    script:
    "kraken2 --threads 16 --db $db $reads"         // sixteen threads on four cpus
}
\`\`\`

Not reported: \`task.cpus\` given to each member of a pipe, which is usual practice; helper threads beside the main one (\`samtools -@\`); options of the same
letter that mean something else; processes whose cpus are asked for by \`clusterOptions\`, or not known before the run.

**Why it costs you**

On a shared machine the threads take the cpus of other tasks. Where a container or cluster holds the task to its cpus, the threads take turns: slower than
as many threads as cpus. And nobody who changes \`cpus\` changes the speed.

**How to fix**

Write \`\${task.cpus}\` in place of the number, and reserve as many cpus as the tool is to have.

**Fix safety**

The results of most tools do not depend on the number of threads; the tool's manual tells.

**When to ignore it**

When the threads wait for disks or the network most of the time.

**References**

- Nextflow: [cpus](https://www.nextflow.io/docs/latest/reference/process.html#cpus)
`,
  *check(context) {
    const found = context.graph.calls.flatMap((call) => excessOf(context, call));
    for (const same of byPlace(found, ({ place }) => place)) {
      const [first] = same.toSorted((one, other) => one.reserved.cpus - other.reserved.cpus) as [Excess];
      const { call, command, threads, how, reserved, place } = first;
      const { cpus, setting } = reserved;
      const name = call.process.name.name;
      yield {
        message: `${toolOf(command)} starts ${threads} threads and ${name} reserves ${counted(cpus, 'cpu')}`,
        reason: `${how}; ${setting === undefined ? 'nothing asks for cpus, so Nextflow reserves one' : `${counted(cpus, 'cpu')} by ${whoSets(setting)}`}`,
        advice: `write \${task.cpus} in place of the number, and reserve the cpus that ${toolOf(command)} is to have`,
        severity: threads >= 2 * cpus && threads - cpus > 1 ? 'warning' : 'info',
        confidence: 'high',
        place,
        related: setting === undefined ? [] : [{ message: `${counted(cpus, 'cpu')} here`, place: setting.place }],
        calls: same.map(({ call: one }) => one.id),
      };
    }
  },
});

interface Excess {
  readonly call: ProcessCall;
  readonly command: Command;
  readonly threads: number;
  readonly how: string;
  readonly reserved: ReservedCpus;
  readonly place: SourceRange;
}

/** Fewer by default are nobody's concern. */
const LEAST_DEFAULT = 8;

/** Of threads, perhaps: a number behind an option, a variable that is set to one, a multiple of the cpus. */
const A_NUMBER = /(?<![\w.])--?[\w@-]+[\s=]*["']?\d|=\s*\d|\d["']?\s*$|task\.cpus\s*\*|\bxargs\b|\bparallel\b/m;

function excessOf({ graph, scripts, pipeline }: RuleContext, call: ProcessCall): Excess[] {
  if (call.active === false || call.process.script === null || pipeline.kind === 'library') return [];
  const settings = graph.directivesOf(call);
  if (settings.has('clusterOptions')) return [];
  const reserved = reservedCpus(graph, call);
  if (reserved === undefined) return [];
  // Who runs it with a profile may get cpus from there.
  if (reserved.setting === undefined && pipeline.configFiles.some(({ text }) => /\bcpus\s*=|clusterOptions\s*=/.test(text))) return [];
  const { file } = call.script;
  const settled = [...settings].map(([name, { text }]) => (name.startsWith('ext.') ? text : '')).join(' ');
  const usual = toolsRunIn(call.process, file)?.some((name) =>
    rowsOf(name).some(({ threads }) => Number(threads?.default) >= LEAST_DEFAULT),
  );
  if (usual === false && commandsSpeakOf(call.process, file, A_NUMBER) === false && !A_NUMBER.test(settled)) return [];
  const { opaque, passesThreads } = scripts.of(call);
  if (opaque !== undefined) return [];
  return scripts.commandsOf(call).flatMap((command): Excess[] => {
    const { threads, spec, range } = command;
    if (spec?.evidence === 'knowledge') return [];
    if (threads === undefined) {
      const usual = spec?.threads?.default;
      if (passesThreads !== 'no' || typeof usual !== 'number' || usual < LEAST_DEFAULT || usual <= reserved.cpus) return [];
      const how = `${toolOf(command)} starts ${usual} where ${spec?.threads?.flags[0]} is not given`;
      return [{ call, command, threads: usual, how, reserved, place: range }];
    }
    if (!isThreadOption(command, threads.flag)) return [];
    const factor = threads.value === 'task.cpus' ? Number(/^\s*task\.cpus\s*\*\s*(\d+)\s*$/.exec(threads.written ?? '')?.[1] ?? 1) : 1;
    if (factor > 1) {
      const how = `${threads.flag} is given ${threads.written?.trim()}`;
      return [{ call, command, threads: factor * reserved.cpus, how, reserved, place: threads.range }];
    }
    if (typeof threads.value !== 'number' || !isWritten(threads.value, threads.range, call)) return [];
    const times = command.repeated === true ? timesOf(range.file.slice(range), reserved.cpus) : 1;
    const all = threads.value * times;
    if (all <= reserved.cpus) return [];
    const how = `${threads.flag} ${threads.value} is written there${times === 1 ? '' : `, ${times} at a time`}`;
    return [{ call, command, threads: all, how, reserved, place: threads.range }];
  });
}

/** There, or in a variable that is set once: one that is set again under conditions is another number in another run. */
function isWritten(number: number, place: SourceRange, { process, script }: ProcessCall): boolean {
  const text = place.file.slice(place);
  if (text.includes(String(number))) return true;
  const [, name] = /\$\{?(\w+)\}?\s*$/.exec(text) ?? [];
  if (name === undefined || process.script === null) return false;
  return script.file.slice(process.script).match(new RegExp(`(?<![\\w.])${name}\\s*=[^=]`, 'g'))?.length === 1;
}

/** By the catalogue, or of a command that is in none an option that can be nothing else. */
function isThreadOption({ spec }: Command, flag: string): boolean {
  if (spec === undefined) return /^--?(threads|num[-_]threads|nthreads)$/.test(flag);
  // `--max-num-intervals-to-import-in-parallel` is for what waits for the disk.
  if (!/^-[\w@]$|thread|cpu|core|proc|job|worker|parallel$|multicore/i.test(flag) || /interval/.test(flag)) return false;
  return spec.threads?.flags.some((one) => one === flag || one === `${flag}=`) === true;
}

/** How many at a time `xargs -P 4` or `parallel -j 4` starts. */
function timesOf(text: string, cpus: number): number {
  const match = /\b(?:xargs|parallel)\b[^|]*?\s(?:-P|-j|--max-procs|--jobs)[\s=]*(\d+|\$\{?task\.cpus\}?|!\{task\.cpus\})/.exec(text);
  if (match === null) return 1;
  return /^\d/.test(match[1] as string) ? Number(match[1]) : cpus;
}
