import { falseLinkFindings } from '../false-link-findings.ts';
import { defineRule } from '../rule.ts';

export const passThroughLink = defineRule({
  id: 'pass-through-link',
  title: 'A process takes from another one what that one only handed on',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

A process that emits an input unchanged, also under another name (\`cp\`, \`mv\`, \`ln -s\`), and another one that takes it from there.

\`\`\`nextflow
// VEP:  output:  tuple path(vcf), path(tbi), emit: checked
VEP(filtered)
SNPEFF(VEP.out.checked)                            // the same file as filtered, an hour later
\`\`\`

Not reported: where the process changes the file in place, where its other outputs are needed anyway, where what it finds decides which items go
on, where it only checks the file, where giving files their names is all that it does, and where renamed files are gathered.

**Why it costs you**

The second process waits for all that the first one does, for a file that was there before. The two could run at the same time.

**How to fix**

Take the file from where it was made: \`SNPEFF(filtered)\`. With several samples, join by their key what belongs together. Where the new name
matters, stage the file under it: \`path(vcf, stageAs: 'calls.vcf.gz')\`.

**Fix safety**

Safe for the results: it is the same file. Where the first process was to fail for a bad file before the second one starts, that order is gone.

**When to ignore it**

When the first process is a check that has to pass before anything else is done.

**References**

- Nextflow: [path outputs](https://www.nextflow.io/docs/latest/process.html#output-files-path)
`,
  check: (context) => falseLinkFindings(context, ['pass-through']),
});
