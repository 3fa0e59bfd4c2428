import { falseLinkFindings } from '../false-link-findings.ts';
import { byPlace, placesOfCalls } from '../places.ts';
import { defineRule } from '../rule.ts';
import { listOf } from '../words.ts';

export const overWideDirectory = defineRule({
  id: 'over-wide-directory',
  title: 'A folder is handed on of which only something older is read',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A process that is given a whole folder of another one, and opens a file of it that the other one only copied there; or anything of a folder
that holds nothing but copies.

\`\`\`nextflow
// CLINVAR:  cp $vcf callset/filtered.vcf.gz  …  and its own result beside it
GNOMAD(CLINVAR.out.callset)                        // opens callset/filtered.vcf.gz, nothing else
\`\`\`

Not reported: a file that the other process made itself; folders of which a tool reads all, such as an index or a database.

**Why it costs you**

The second process waits for all that the first one does, and needs a file that was there before. The two could run at the same time.

**How to fix**

Give the second process the file itself, from where it was made.

**Fix safety**

Safe for the results: the copy is the file. The tasks run anew, since their inputs change.

**When to ignore it**

When the folder is part of what others call your process with.

**References**

- Nextflow: [path inputs](https://www.nextflow.io/docs/latest/process.html#input-files-path)
`,
  *check(context) {
    yield* falseLinkFindings(context, ['over-wide-directory']);
    const { graph, needs } = context;
    const told = new Set(graph.calls.flatMap((call) => needs.linksInto(call).map(({ input }) => input)));
    const wide = graph.calls.flatMap((call) =>
      call.active === false
        ? []
        : needs
            .foldersOf(call)
            .flatMap(({ from, use }) => (told.has(use) || !use.parts.every((part) => ENDS.test(part)) ? [] : [{ call, from, use }])),
    );
    for (const [one] of byPlace(wide, ({ use }) => use.declared)) {
      if (one === undefined) continue;
      const { call, from, use } = one;
      const parts = listOf(use.parts);
      yield {
        message: `${call.name} is given a whole folder of ${from.name} and opens ${parts}`,
        reason: `all of ${use.name} is staged for every task, which runs anew when anything in it has changed`,
        advice: `let ${from.name} emit ${parts} as an output of its own, and give ${call.name} that`,
        severity: 'info',
        confidence: 'medium',
        place: use.declared,
        related: placesOfCalls([call], (name) => `${name} is given it here`),
        calls: [from.id, call.id],
      };
    }
  },
});

/** `--model $folder/pileup` may be how several files begin: a checkpoint, an index. */
const ENDS = /\.[A-Za-z]\w*$/;
