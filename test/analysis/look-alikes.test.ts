/**
 * Every folder fixtures/look-alikes/<rule>--<what makes it matter> is a pipeline in which something looks like a fault and is none.
 * Its `// must-not:` line names the rules that may not report there, not even where a comment would hush them; and nothing in it may be called
 * removable. Written without knowledge of how the rules find what they find.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../src/parser/pipeline/disk.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const root = fileURLToPath(new URL('../../fixtures/look-alikes/', import.meta.url));
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();

/** The `parallelism.independentSets` of a report, whatever each holds; none in a report that does not speak of parallelism. */
function independentSets(report: object): readonly unknown[] {
  const { parallelism } = report as { readonly parallelism?: { readonly independentSets?: readonly unknown[] } };
  return parallelism?.independentSets ?? [];
}

describe.each(names)('%s', (name) => {
  const folder = `${root}${name}`;
  const script = readFileSync(`${folder}/main.nf`, 'utf8');
  const mustNot = (/^\/\/ must-not: (.+)$/m.exec(script)?.[1] ?? '').split(', ').filter((id) => id !== '');

  test('says what it looks like and why it matters', () => {
    expect(script).toMatch(/^\/\/ Looks like [a-z-]+\. It matters because .+/);
    expect(mustNot).toContain(name.split('--')[0]);
    expect(script).toContain(`// Looks like ${name.split('--')[0]}.`);
  });

  test('is read whole, and nothing in it is called removable', () => {
    const report = analyzeTree(openFolder(folder), undefined, { shell });
    expect(report.coverage.diagnostics.map((diagnostic) => diagnostic.message)).toEqual([]);
    expect(report.coverage.unresolvedIncludes).toEqual([]);
    expect(report.graph.calls.length).toBeGreaterThan(0);
    const wrong = report.findings.filter((finding) => mustNot.includes(finding.ruleId));
    expect(wrong.map((finding) => `${finding.ruleId}: ${finding.message} (line ${finding.location.startLine})`)).toEqual([]);
    expect(independentSets(report)).toEqual([]);
  });
});

test('the table lists them all', () => {
  expect(existsSync(`${root}README.md`)).toBe(true);
  const listed = [...readFileSync(`${root}README.md`, 'utf8').matchAll(/^\| `([a-z0-9-]+--[a-z0-9-]+)` \|/gm)].map((match) => match[1]);
  expect(listed).toEqual(names);
});
