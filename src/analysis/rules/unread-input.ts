import { declaredElements } from '../../parser/graph/declared-elements.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { signatureOf } from '../../parser/graph/process-io.ts';
import type { InputUse } from '../../parser/shell/script-reading.ts';
import { falseLinkFindings } from '../false-link-findings.ts';
import { LIES_BESIDE } from '../passes/needs/file-names.ts';
import { textUses } from '../passes/needs/script-text.ts';
import type { Scripts } from '../passes/needs/scripts.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const unreadInput = defineRule({
  id: 'unread-input',
  title: 'A file is staged and never opened',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A \`path\` input that comes from another process, and that no command of the script opens.

\`\`\`nextflow
process COVERAGE {
    input:
    path bams
    path roh                                       // staged for each task, and named nowhere

    script:
    "bedtools multicov -bams $bams -bed regions.bed"
}
\`\`\`

A finding needs that every command is known to the catalogue, or opens only what it is told. Not reported: indexes and other files that a tool
opens beside the one that it is given; what a glob, a folder or a tool that lists its folder may find; inputs that a template, a program of the pipeline's own that may put names together,
\`ext.args\`, \`publishDir\` or another directive may use; a file whose staged name,
or the folder that it was, stands in the script or behind an option; what is called like an index or a checkpoint rather than like data, a table or
a report; and what comes of a process that may leave items out (an optional output, \`when:\`, a failure that is ignored).

**Why it costs you**

No task of this process starts before the file is there. When nothing else of that process is needed, the two could run at the same time. And
the file is copied or linked to each task.

**How to fix**

Take the input out of the process and out of its calls.

**Fix safety**

Safe for the results as long as nothing reads the file by a way that is not seen, such as its name inside another file. The tasks run anew, since
their inputs change.

**When to ignore it**

When the file has to be there for a reason that is not in the script.

**References**

- Nextflow: [path inputs](https://www.nextflow.io/docs/latest/process.html#input-files-path)
- Made by maintainers: PGScatalog/pgsc_calc 085c8b0
`,
  *check(context) {
    yield* falseLinkFindings(context, ['unread-input']);
    const { graph, needs, scripts } = context;
    const linked = new Set(graph.calls.flatMap((call) => needs.linksInto(call).map(({ input }) => input)));
    // What comes from no process costs the staging, and `each` a task for each of its items.
    const unread = graph.calls.flatMap((call) =>
      call.active === false || noFileLeft(call) || !scripts.isDocumented(call) || isThereForWhatItDoes(scripts, call)
        ? []
        : scripts
            .of(call)
            .inputs.flatMap((use) =>
              (use.use === 'unread' || use.use === 'listing') &&
              needs.isUnread(call, use) &&
              isFile(use) &&
              !mayComeForTheWait(context, call, use) &&
              use.name !== '' &&
              !linked.has(use) &&
              (use.qualifier === 'each' || opensOnlyWhatItNames(scripts, call))
                ? [{ call, use }]
                : [],
            ),
    );
    for (const [one] of byPlace(unread, ({ use }) => use.declared)) {
      if (one === undefined) continue;
      const { call, use } = one;
      const { declaration } = call.inputs[use.input] ?? {};
      const each = declaration !== undefined && declaredElements(declaration).each;
      const name = call.process.name.name;
      yield {
        message: `${name} never opens ${use.name}`,
        reason: `${each ? 'because of `each` there is a task for every file of it' : 'it is staged for every task'}, and no command, directive or output of ${name} uses it`,
        advice: `take the input ${use.name} out of ${name}`,
        severity: each ? 'warning' : 'info',
        confidence: use.use === 'unread' ? 'high' : 'medium',
        place: use.declared,
        related: placesOfCalls([call], (short) => `${short} is given it here`),
        calls: [call.id],
      };
    }
  },
});

/** By its text the script names each file that it is given. */
function noFileLeft(call: ProcessCall): boolean {
  const found = textUses(call.process, call.script.file);
  return found !== undefined && ![...found.unnamed].some(isFile);
}

/** It makes no file, or leaves one elsewhere: a file that it is given and does not open may say when. */
function isThereForWhatItDoes(scripts: Scripts, call: ProcessCall): boolean {
  return signatureOf(call.process).outputs.length === 0 || scripts.writesOutside(call);
}

/**
 * Whoever makes it does something else too, such as to bring a database up to date, and the file may be there to say that it has; or by it
 * is decided which tasks there are.
 */
function mayComeForTheWait({ channels, needs }: RuleContext, call: ProcessCall, { input }: InputUse): boolean {
  const makers = (call.inputs[input]?.channels ?? []).flatMap((ref) => channels.producersOf(ref));
  const needed = new Set([...needs.decidersOf(call), ...needs.preparersOf(call)]);
  return makers.some((node) => node.type === 'call' && needed.has(node.call));
}

/** All that its commands open is known: none opens what lies beside a file or is named in one. */
function opensOnlyWhatItNames(scripts: Scripts, call: ProcessCall): boolean {
  return (
    !scripts.mayNameOthers(call, undefined) &&
    scripts.commandsOf(call).every(({ spec }) => Object.keys(spec?.companions ?? {}).length === 0)
  );
}

/** A file, and by its name none that tools open because of another one. */
function isFile({ qualifier, name }: InputUse): boolean {
  return (qualifier === 'path' || qualifier === 'each') && !LIES_BESIDE.test(`.${name.replace(/^.*_/, '')}`);
}
