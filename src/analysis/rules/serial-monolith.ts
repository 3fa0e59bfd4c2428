import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { Command, ScriptStep } from '../../parser/shell/script-reading.ts';
import { normalizeBlanks, type SourceRange } from '../../source/source-file.ts';
import { isTool, isWork, startsSeveral, toolOf } from '../passes/commands.ts';
import { toolsRunIn } from '../passes/needs/script-text.ts';
import { byPlace } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, listOf } from '../words.ts';

export const serialMonolith = defineRule({
  id: 'serial-monolith',
  title: 'Commands that need nothing of one another run one after another in one script',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A script with groups of commands between which no file passes, at least two of them with work of minutes or more. Each group could be a process of its own.

\`\`\`nextflow
script:
"""
read_distribution.py -i $bam -r $genes > distribution.txt
inner_distance.py -i $bam -r $genes -o inner       // reads nothing that the first one wrote
"""
\`\`\`

A finding needs that every command is in the catalogue with what it reads and writes. Not reported: groups of light commands; commands in one pipe or in the
background; scripts with \`cd\`, sourced files, or variables that one command sets and another one uses.

**Why it costs you**

The task takes as long as all groups together, in place of the longest one. What waits for one group waits for all, and a failure of one repeats all.

**How to fix**

Make each group a process, with the inputs that it reads and the outputs that it writes.

**Fix safety**

The files are the same. All tasks of the process run anew. Short groups may cost more in the starting of tasks than they gain.

**When to ignore it**

When staging the input for each part takes longer than the part, or the parts are short on your data.

**References**

- Made by maintainers: nf-core/rnaseq, whose RSeQC programs are processes of their own since version 3.0
`,
  *check(context) {
    const found = context.graph.calls.flatMap((call) => {
      const groups = groupsOf(context, call);
      return groups === undefined ? [] : [{ call, groups, place: nameOf(call) }];
    });
    for (const same of byPlace(found, ({ place }) => place)) {
      const [{ call, groups, place }] = same as [(typeof found)[number]];
      const shown = namesOf(groups);
      const long = groups.filter(isLong).length;
      yield {
        message: `${call.process.name.name} runs ${counted(groups.length, 'group')} of commands one after another that need nothing of one another`,
        reason: `no file passes between ${listOf(shown, 6)}`,
        advice: `make a process of each; what each of them gives is there as soon as it has ended`,
        // Beside one that takes minutes, one of seconds is soon done.
        severity: long > 1 ? 'warning' : 'info',
        confidence: 'medium',
        place,
        related: groups.map((group, at) => ({ message: `${shown[at]} begins here`, place: (group[0] as ScriptStep).range })),
        calls: same.map(({ call: one }) => one.id),
        ...(long > 1 && { change: { kind: 'split', calls: same.map(({ call: one }) => one), parts: long, uneven: true } }),
      };
    }
  },
});

function nameOf(call: ProcessCall): SourceRange {
  return { file: call.script.file, start: call.process.name.start, end: call.process.name.end };
}

function toolsOf(steps: readonly ScriptStep[]): string[] {
  return [...new Set(steps.flatMap(({ commands }) => commands.filter(isTool).map(toolOf)))];
}

/** The later one has the word that stands behind an option for an output of the earlier one: `O=t.interval_list`, `--out t.txt`. */
function isNamedIn(earlier: ScriptStep, later: ScriptStep): boolean {
  const text = later.range.file.slice(later.range);
  const made = earlier.range.file.slice(earlier.range).matchAll(/(?:\b(?:O|OUTPUT|out\w*)=|\s--?(?:o|O|out\w*)[ =])\s*([\w.-]+\.\w+)/gi);
  return [...made].some(([, name]) => text.includes(name as string));
}

/** The tools of each group; where those are the same, the command. */
function namesOf(groups: readonly (readonly ScriptStep[])[]): string[] {
  const names = groups.map((group) => {
    const [first, ...rest] = toolsOf(group);
    return rest.length === 0 ? (first ?? '') : `${first} (with ${listOf(rest)})`;
  });
  return groups.map((group, at) => {
    const name = names[at] as string;
    const command = group.flatMap(({ commands }) => commands).find(isTool);
    if (command === undefined || names.filter((other) => other === name).length === 1) return name;
    const text = normalizeBlanks(command.range.file.slice(command.range));
    return `“${text.length > 48 ? `${text.slice(0, 47)}…` : text}”`;
  });
}

/** Of what it does to files all is named, or what is not does not matter: it makes folders, prints, tidies up. */
function isSetUp({ trivial, commands }: ScriptStep): boolean {
  return (
    trivial &&
    commands.length > 0 &&
    commands.every(({ name }) => name !== undefined && /^(mkdir|touch|echo|printf|rm|rmdir|chmod|set|date|hostname)$/.test(name))
  );
}

/** It writes `newdb` and the other one reads `newdb.dmnd`, or `gendb://newdb`: many tools add something to a name by themselves. */
function mayBuildFor({ writes }: ScriptStep, { reads }: ScriptStep): boolean {
  return writes.some(({ text, input }) => {
    if (input !== undefined || text.replaceAll('\0', '').length < 2) return false;
    const within = text.length > 3 && !text.includes('\0');
    return reads.some((read) => read.text.startsWith(text) || (within && read.text.includes(text)));
  });
}

/** One makes an index of what another one reads, and of a tool in that it is not known whether it opens one. */
function mayFindIndex(groups: readonly (readonly ScriptStep[])[]): boolean {
  return groups.some((group) => {
    const indexed = group.flatMap(({ writes }) => writes.flatMap(({ text }) => (INDEX.test(text) ? [text.replace(INDEX, '')] : [])));
    return (
      indexed.length > 0 &&
      groups.some(
        (other) =>
          other !== group &&
          other.some(
            ({ commands, reads }) =>
              commands.some(mayOpenIndex) &&
              reads.some(({ text }) => indexed.includes(text) || indexed.includes(text.replace(/\.\w+$/, ''))),
          ),
      )
    );
  });
}

const INDEX = /\.(bai|csi|tbi|crai|fai|dict|gzi)$/;

/** What no command is seen to write, and is no input by its name: a command may have made it that is only half known. The first one reads what is staged. */
function readsUnexplained(steps: readonly ScriptStep[], work: readonly number[]): boolean {
  const staged = new Set((steps[work[0] ?? 0] as ScriptStep).reads.map(({ text }) => text));
  const written: string[] = [];
  return steps.some(({ reads, writes, range }) => {
    const command = range.file.slice(range);
    // A name that is a variable alone says nothing of `${sample}.unclassified.fq`, but of what a tool opens beside it.
    const explains = (name: string, text: string): boolean =>
      text.startsWith(name) && (/\w/.test(name) || !command.includes(text.slice(name.length)));
    const unexplained = reads.some(
      ({ text, kind, input }) =>
        input === undefined &&
        kind === 'literal' &&
        /[.\0]/.test(text) &&
        !/^\/|^[\d.]+$/.test(text) &&
        !staged.has(text) &&
        ![...staged, ...written].some((one) => explains(one, text)),
    );
    written.push(...writes.map((name) => name.text));
    return unexplained;
  });
}

function mayOpenIndex(command: Command): boolean {
  return isTool(command) && command.spec?.companions === undefined && command.spec?.indexFor?.length !== 0;
}

function hasWork(steps: readonly ScriptStep[]): boolean {
  return steps.some(({ commands }) => commands.some(isWork));
}

/** Not known to take only seconds. */
function isLong(steps: readonly ScriptStep[]): boolean {
  return steps.some(({ commands }) => commands.some((command) => isTool(command) && command.spec?.weight !== 'light'));
}

/** A look at whether the file is whole is there to stop what follows. */
function hasTool(steps: readonly ScriptStep[]): boolean {
  return steps.some(({ commands }) => commands.some((command) => isTool(command) && !/quickcheck|valid|check$/i.test(toolOf(command))));
}

/** Groups with work that no file passes between; undefined for fewer than two, and where something is not known. */
function groupsOf({ scripts }: RuleContext, call: ProcessCall): readonly (readonly ScriptStep[])[] | undefined {
  if (call.active === false || call.process.script === null) return undefined;
  if ((toolsRunIn(call.process, call.script.file)?.length ?? 2) < 2) return undefined;
  const { opaque, steps } = scripts.of(call);
  if (opaque !== undefined || steps.some((step) => !step.known && !isSetUp(step))) return undefined;
  if (startsSeveral(call.script.file.slice(call.process.script)) || scripts.sideEffectsOf(call)) return undefined;
  const work = steps.flatMap(({ trivial }, index) => (trivial ? [] : [index]));
  if (work.length < 2) return undefined;
  if (readsUnexplained(steps, work)) return undefined;
  // A folder that both write to is made twice; a file that one moves and the other one reads joins them.
  const group = new Map(work.map((index) => [index, index]));
  const rootOf = (index: number): number => (group.get(index) === index ? index : rootOf(group.get(index) as number));
  const above = (index: number, seen: Set<number>): number[] =>
    (steps[index] as ScriptStep).after.flatMap((earlier) => {
      if (seen.has(earlier)) return [];
      seen.add(earlier);
      return group.has(earlier) ? [earlier] : above(earlier, seen);
    });
  for (const index of work) for (const earlier of above(index, new Set())) group.set(rootOf(index), rootOf(earlier));
  for (const index of work)
    for (const earlier of work)
      if (
        earlier < index &&
        (mayBuildFor(steps[earlier] as ScriptStep, steps[index] as ScriptStep) ||
          isNamedIn(steps[earlier] as ScriptStep, steps[index] as ScriptStep))
      )
        group.set(rootOf(index), rootOf(earlier));
  const groups = new Map<number, ScriptStep[]>();
  for (const index of work) {
    const root = rootOf(index);
    groups.set(root, [...(groups.get(root) ?? []), steps[index] as ScriptStep]);
  }
  const all = [...groups.values()].filter(hasTool);
  return all.length < 2 || !all.some(hasWork) || mayFindIndex(all) ? undefined : all;
}
