import { defineRule, type Rule } from '../rule.ts';

/** The ids are asked for late: this rule is one of those that it knows. */
export const unusedSuppression = (ruleIds: () => readonly string[]): Rule =>
  defineRule({
    id: 'unused-suppression',
    title: 'A suppression comment suppresses nothing',
    severity: 'info',
    fixable: false,
    requires: [],
    unsaved: 'a comment takes no time',
    last: true,
    docs: `
**What it finds**

A comment \`// pipeopt: ignore[rule-id] reason\` for a rule that finds nothing on the line (or in the file) that the comment
speaks about. Rules that were not run (\`--select\`, \`--ignore\`) do not count.

**Why it costs you**

It hides the next finding of that rule at the same place, one that nobody has looked at.

**How to fix**

Drop the comment, or the id from its brackets.

**Fix safety**

Not fixed automatically.

**When to ignore it**

When the finding depends on params or profiles, and the comment is meant for a run with others.

**References**

- pipeopt: \`pipeopt explain unknown-suppression\` shows how suppressions are written
`,
    *check({ suppressions }) {
      const ids = ruleIds();
      for (const { trouble, used, ruleId, place, line } of suppressions) {
        // Its own kind is decided while it runs; unknown ids have a rule of their own.
        if (trouble !== undefined || used > 0 || !ids.includes(ruleId)) continue;
        if (ruleId === 'unused-suppression' || ruleId === 'unknown-suppression') continue;
        yield {
          message: `nothing to ignore: ${ruleId} finds nothing ${line === 'file' ? 'in this file' : 'here'}`,
          reason: 'a comment that is left behind hides the next finding, which nobody has looked at',
          advice: 'drop the comment, or the id from its brackets',
          confidence: 'high',
          place,
        };
      }
    },
  });
