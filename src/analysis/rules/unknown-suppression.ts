import { nearest } from '../../source/nearest.ts';
import { defineRule, type Rule } from '../rule.ts';

/** The ids are asked for late: this rule is one of those that it knows. */
export const unknownSuppression = (ruleIds: () => readonly string[]): Rule =>
  defineRule({
    id: 'unknown-suppression',
    title: 'A suppression comment names no rule',
    severity: 'info',
    fixable: false,
    requires: [],
    unsaved: 'a comment takes no time',
    last: true,
    docs: `
**What it finds**

A comment \`// pipeopt: ignore[…]\` that names a rule which does not exist, or that is not written as a suppression should be:

\`\`\`nextflow
// pipeopt: ignore[unsized-group-tuple] lanes of a sample end within a minute of each other
// pipeopt: ignore-file[dead-selector] shared by three pipelines
\`\`\`

The first one speaks about its own line, or, alone on its line, about the line of code directly below; other comment lines may
stand between, blank lines may not. The second one stands in the comments at the top of a file and speaks about all of it.

**Why it costs you**

The comment looks as if a finding had been dealt with, and does nothing.

**How to fix**

Correct the id (\`pipeopt rules\` lists them), or drop the comment.

**Fix safety**

Not fixed automatically.

**When to ignore it**

While a newer version of pipeopt, which has the rule, is used elsewhere.

**References**

- pipeopt: \`pipeopt rules\`
`,
    *check({ suppressions }) {
      const ids = ruleIds();
      for (const { trouble, ruleId, place } of suppressions) {
        if (trouble !== undefined) {
          const reason = 'the comment suppresses nothing as it stands';
          yield { message: trouble, reason, advice: 'correct the comment, or drop it', confidence: 'high', place };
        } else if (!ids.includes(ruleId)) {
          const [near] = nearest(ruleId, ids);
          yield {
            message: `there is no rule ${ruleId} to ignore`,
            reason: 'the comment suppresses nothing as it stands',
            advice: near === undefined ? 'correct the id: pipeopt rules lists them' : `did you mean ${near}?`,
            confidence: 'high',
            place,
          };
        }
      }
    },
  });
