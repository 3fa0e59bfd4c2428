/**
 * Every folder fixtures/rules/<rule>/<case> is a pipeline: in `bad-*` the rule finds something, rendered in `expected.txt`;
 * in `good-*` it finds nothing. A `trace.txt` beside it is of a run of it. UPDATE_EXPECTED=1 writes the renderings anew, to be reviewed like code.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/analysis/analyse.ts';
import type { Finding } from '../../src/analysis/finding.ts';
import { DOC_HEADINGS } from '../../src/analysis/rule.ts';
import { ruleList, rulePage } from '../../src/analysis/rule-page.ts';
import { allRules } from '../../src/analysis/rules/index.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { openFolder } from '../../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { loadBash } from '../../src/parser/shell/bash.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';
import type { SourceRange } from '../../src/source/source-file.ts';

const bash = await loadBash();
const root = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url));
const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

const needsTrace = (id: string): boolean => allRules.some((rule) => rule.id === id && rule.requires.includes('trace'));

function at({ file, start }: SourceRange): string {
  const { line, column } = file.positionAt(start);
  return `${file.path}:${line}:${column}`;
}

function render(finding: Finding): string {
  return [
    `${finding.severity}[${finding.ruleId}] ${finding.message}`,
    `  at      ${at(finding.place)}  ${JSON.stringify(finding.place.file.slice(finding.place))}`,
    `  why     ${finding.reason}`,
    `  fix     ${finding.advice}`,
    `  sure    ${finding.confidence}`,
    ...finding.related.map((related) => `  see     ${at(related.place)} ${related.message}`),
    ...(finding.calls.length > 0 ? [`  calls   ${finding.calls.join(', ')}`] : []),
    ...(finding.suppressed === undefined ? [] : [`  ignored ${finding.suppressed.reason}`]),
    '',
  ].join('\n');
}

describe.each(foldersIn(root))('%s', (ruleId) => {
  test.each(foldersIn(`${root}${ruleId}`))('%s', (name) => {
    const folder = `${root}${ruleId}/${name}`;
    const pipeline = loadPipeline(openFolder(folder), undefined);
    const graph = buildProcessGraph(pipeline);
    const trace = `${folder}/trace.txt`;
    const runs = existsSync(trace) ? readTrace(readFileSync(trace, 'utf8'), 'trace.txt') : [];
    const analysis = analyse(pipeline, graph, { bash, runs });
    expect(analysis.notes.filter(({ ruleIds }) => runs.length > 0 || !ruleIds.every(needsTrace))).toEqual([]);
    // What a fixture is not about must not be wrong with it either.
    expect(pipeline.diagnostics.map((diagnostic) => diagnostic.message)).toEqual([]);
    const found = analysis.findings.filter((finding) => finding.ruleId === ruleId);
    const text = found.map(render).join('\n');
    if (name.startsWith('good-')) {
      expect(graph.calls.length).toBeGreaterThan(0);
      expect(text).toBe('');
      return;
    }
    expect(found.length).toBeGreaterThan(0);
    const expected = `${folder}/expected.txt`;
    if (process.env.UPDATE_EXPECTED || !existsSync(expected)) writeFileSync(expected, text);
    expect(text).toBe(readFileSync(expected, 'utf8'));
  });
});

const page = (name: string): string => readFileSync(fileURLToPath(new URL(`../../docs/rules/${name}`, import.meta.url)), 'utf8');

describe('every rule', () => {
  test.each(allRules.map((rule) => [rule.id, rule] as const))('%s is complete', (id, rule) => {
    const cases = foldersIn(`${root}${id}`);
    expect(cases.some((name) => name.startsWith('bad-'))).toBe(true);
    expect(cases.some((name) => name.startsWith('good-'))).toBe(true);
    expect([...rule.docs.matchAll(/^\*\*(.+)\*\*$/gm)].map((heading) => heading[1])).toEqual([...DOC_HEADINGS]);
    expect(existsSync(fileURLToPath(new URL(`../../src/analysis/rules/${id}.ts`, import.meta.url)))).toBe(true);
    expect(page(`${id}.md`), 'run node scripts/rule-docs.mjs').toBe(rulePage(rule));
  });

  test('is on the list of rules', () => {
    expect(page('README.md'), 'run node scripts/rule-docs.mjs').toBe(ruleList(allRules));
  });

  test('has a fixture folder, and every folder a rule', () => {
    expect(foldersIn(root)).toEqual(allRules.map((rule) => rule.id).sort());
  });
});
