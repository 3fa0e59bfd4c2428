import type { Rule } from './rule.ts';

/** A rule's page in docs/rules, as Markdown; also what `pipeopt explain` shows. */
export function rulePage(rule: Rule): string {
  const facts = `\`${rule.id}\` · ${rule.severity} · ${rule.fixable ? 'can be fixed automatically' : 'no automatic fix'}`;
  return `# ${rule.title}\n\n${facts}\n\n${rule.docs.trim()}\n`;
}

/** docs/rules/README.md: all rules in a table. */
export function ruleList(rules: readonly Rule[]): string {
  const rows = rules.map((rule) => `| [\`${rule.id}\`](${rule.id}.md) | ${rule.severity} | ${rule.title} |`);
  const end = 'A finding is silenced where it stands by `// pipeopt: ignore[rule-id] reason`, on its line or alone on the line before.';
  return `# Rules\n\n| Rule | Severity | Finds |\n|---|---|---|\n${rows.join('\n')}\n\n${end}\n`;
}
