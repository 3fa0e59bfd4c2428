/**
 * Every folder fixtures/true-faults/<rule>--<spelling> is a pipeline with one true fault, written in a way that is easily overlooked. Its `// must:`
 * line names the rule that has to report it; `a|b` means that either will do. Written without knowledge of how the rules find what they find.
 * A rule that does not exist yet is not held to it: the assertion wakes up by itself when `RULES` has all the rules that the line names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openFolder } from '../../src/parser/pipeline/disk.ts';
import { analyzeTree, loadShell, RULES } from '../../src/run.ts';

const shell = await loadShell();
const root = fileURLToPath(new URL('../../fixtures/true-faults/', import.meta.url));
const names = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .sort();
const known = new Set(RULES.map((rule) => rule.id));

describe.each(names)('%s', (name) => {
  const folder = `${root}${name}`;
  const either = (/^\/\/ must: (\S+)$/m.exec(readFileSync(`${folder}/main.nf`, 'utf8'))?.[1] ?? '').split('|');

  test('is read whole', () => {
    expect(either).toContain(name.split('--')[0]);
    const report = analyzeTree(openFolder(folder), undefined, { shell });
    expect(report.coverage.diagnostics.map((diagnostic) => diagnostic.message)).toEqual([]);
    expect(report.coverage.unresolvedIncludes).toEqual([]);
  });

  test('is found out, by a rule that is there', () => {
    const found = new Set(analyzeTree(openFolder(folder), undefined, { shell }).findings.map((finding) => finding.ruleId));
    const missed = either.every((id) => known.has(id)) && !either.some((id) => found.has(id)) ? either : [];
    expect(missed).toEqual([]);
  });
});
