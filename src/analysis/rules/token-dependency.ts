import { falseLinkFindings } from '../false-link-findings.ts';
import { defineRule } from '../rule.ts';

export const tokenDependency = defineRule({
  id: 'token-dependency',
  title: 'A process waits for another one and gets nothing of it',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

An input that only says that another process has ended: a \`val\` that is used nowhere but in a \`tag\`, or a channel that was combined with another one of
which nothing is left.

\`\`\`nextflow
ANNOTATE(vcf)
COVERAGE(bam, ANNOTATE.out.done)                   // val ready: used nowhere
\`\`\`

Not reported: where something may pass between the two that no channel shows. That is so when a command of the first is not known or talks to
something outside (a database, a server, a licence, the network, shared memory), when the process makes no files, when it only checks files (lint, validation),
when the second reads a file by its path or from a folder that others publish to, and when the first may leave items out (an optional output,
\`when:\`, a failure that is ignored) or is one side of pairs without which there would be fewer tasks.

**Why it costs you**

The two run one after the other and could run at the same time. All that comes behind waits as well.

**How to fix**

Take the input out. If there is a file that the second process reads by its path, pass that file instead of the word.

**Fix safety**

Safe for the results as long as nothing passes between the two outside of channels. Check that first: such words are often there because something
does.

**When to ignore it**

When the order matters for a reason that is not in the scripts: say so in a comment.

**References**

- Nextflow: [Understand how channels drive the order](https://www.nextflow.io/docs/latest/process.html#inputs)
`,
  check: (context) => falseLinkFindings(context, ['token', 'barrier']),
});
