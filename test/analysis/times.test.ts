/** The engine against what can be reckoned by hand. Durations are given, so that nothing is drawn. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { type AnalyzeOptions, analyze, analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

const STEP = (name: string, inputs: string) =>
  `process ${name} {\n  input:\n${inputs}\n  output:\n  tuple val(id), path('${name}.txt')\n  script:\n  "cat *.in > ${name}.txt"\n}\n`;
const ONE = "  tuple val(id), path(x, name: 'x.in')";

function times(
  workflow: string,
  steps: readonly string[],
  seconds: Record<string, number | [number, number]>,
  samples: number,
  trace?: NonNullable<AnalyzeOptions['traces']>[number],
): Report {
  const main = `${steps.join('')}workflow {\n  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }\n${workflow}\n}\n`;
  const durations = Object.fromEntries(
    Object.entries(seconds).map(([name, given]) => {
      const [low, high] = typeof given === 'number' ? [given, given] : given;
      return [name, { low, high, source: 'the test' }];
    }),
  );
  const options: AnalyzeOptions = { durations, sizes: { samples }, shell, ...(trace === undefined ? {} : { traces: [trace] }) };
  return analyzeTree(memoryTree({ 'main.nf': main, 'nextflow.config': "params.input = 'samples.csv'" }), 'main.nf', options);
}

describe('closed forms', () => {
  test('a chain: the sum of its links; work is that for each sample', () => {
    const report = times(
      '  A(reads)\n  B(A.out)\n  C(B.out)',
      ['A', 'B', 'C'].map((name) => STEP(name, ONE)),
      { A: 10, B: 20, C: 30 },
      4,
    );
    expect(report.estimates?.now.wallClock).toMatchObject({ low: 60, expected: 60, high: 60, basis: 'declared' });
    expect(report.parallelism).toMatchObject({
      work: { expected: 240 },
      averageWidth: 4,
      width: { formula: 'samples', count: 4 },
      serialShare: 0,
    });
    expect(report.criticalPath).toMatchObject({ calls: ['A', 'B', 'C'], slackByCall: { A: 0, B: 0, C: 0 } });
  });

  test('a fork: the longer branch, and the other has slack', () => {
    const both = `${ONE}\n  tuple val(other), path(y, name: 'y.in')`;
    const report = times(
      '  A(reads)\n  B(A.out)\n  C(A.out)\n  D(B.out.first(), C.out.first())',
      [...['A', 'B', 'C'].map((name) => STEP(name, ONE)), STEP('D', both)],
      { A: 10, B: 20, C: 50, D: 5 },
      1,
    );
    expect(report.estimates?.now.wallClock.expected).toBe(65);
    expect(report.criticalPath).toMatchObject({ calls: ['A', 'C', 'D'], slackByCall: { A: 0, B: 30, C: 0, D: 0 } });
    // A and D run alone, and C after B has ended.
    expect(report.parallelism?.serialShare).toBeCloseTo(45 / 65, 2);
  });

  test('a wait for all costs nothing while all take the same, and something where they differ', () => {
    const steps = [STEP('A', ONE), STEP('B', "  tuple val(id), path(x, name: '?.in')"), STEP('C', ONE)];
    const flow = '  A(reads)\n  B(A.out.groupTuple())\n  C(B.out)';
    const same = times(flow, steps, { A: 10, B: 10, C: 10 }, 8).estimates;
    expect(same?.now.wallClock.expected).toBe(same?.lossless.wallClock.expected);
    const varied = times(flow, steps, { A: [10, 100], B: [10, 100], C: 10 }, 8).estimates;
    expect(varied?.lossless.wallClock.expected).toBeLessThan((varied?.now.wallClock.expected ?? 0) * 0.95);
    expect(varied?.ideal.wallClock.expected).toBe(varied?.lossless.wallClock.expected);
  });
});

test('a trace: durations are measured, those of its cached tasks left out', () => {
  const rows = ['A (1)\tCOMPLETED\t10s', 'A (2)\tCOMPLETED\t10s', 'B (1)\tCOMPLETED\t1m 20s', 'B (2)\tCACHED\t0ms', 'C (1)\tFAILED\t5h'];
  const text = `name\tstatus\trealtime\n${rows.join('\n')}\n`;
  const report = times(
    '  A(reads)\n  B(A.out)',
    ['A', 'B'].map((name) => STEP(name, ONE)),
    {},
    2,
    { path: 'trace.txt', text },
  );
  const wallClock = report.estimates?.now.wallClock;
  expect(wallClock).toMatchObject({ basis: 'measured', source: 'measured for all calls' });
  const { low, expected, high } = wallClock ?? { low: 0, expected: 0, high: 0 };
  // Another run of the same is not the same to the second.
  expect([low < 90, Math.abs(expected - 90) < 6, high > 90, high < 110]).toEqual([true, true, true, true]);
});

test('what is still to be timed is named, and no call that a run measured', () => {
  const steps = ['A', 'B'].map((name) => STEP(name, ONE));
  const trace = { path: 'trace.txt', text: 'name\tstatus\trealtime\nA (1)\tCOMPLETED\t10s\nA (2)\tCOMPLETED\t10s\n' };
  const report = times('  A(reads)\n  B(A.out)', steps, {}, 2, trace);
  expect(report.estimates?.assumedFor).toEqual(['B']);
  const page = renderText({ ...report, reports: [report] }, { color: false, width: 200, unicode: true, verbose: false });
  expect(page.replace(/\s+/g, ' ')).toContain('--duration B=30m gives yours');
  expect(times('  A(reads)\n  B(A.out)', steps, { B: 10 }, 2, trace).estimates).not.toHaveProperty('assumedFor');
});

test('nothing comes to most calls: it is said of which the times are', () => {
  const process = (name: string, input: string): string =>
    `process ${name} {\n  input:\n  ${input}\n  output:\n  path 'x'\n  script:\n  'x'\n}\n`;
  const steps = `${process('ALIGN', 'path x')}${process('SORT', 'path x')}${process('REPORT', 'path xs')}`;
  const flow =
    'reads = params.input ? channel.fromPath(params.input) : channel.empty()\n  SORT(ALIGN(reads))\n  REPORT(SORT.out.collect().ifEmpty([]))';
  const of = (input: string): string =>
    analyzeTree(memoryTree({ 'main.nf': `params.input = ${input}\n${steps}workflow {\n  ${flow}\n}\n` }), 'main.nf').assumptions.join();
  expect(of('null')).toContain(
    'times are of 1 of 3 calls alone: under these params nothing comes to the others (ALIGN, SORT), as where an input is not given',
  );
  expect(of("'reads/*.fq'")).not.toContain('nothing comes to');
});

test('the forty-two steps, each as long as its README says: what the false links cost', async () => {
  const folder = fileURLToPath(new URL('../../fixtures/pipelines/forty-two/', import.meta.url));
  const rows = readFileSync(`${folder}durations.csv`, 'utf8').trim().split('\n').slice(1);
  const seconds = new Map(rows.map((row) => [row.slice(0, row.indexOf(',')), Number(row.slice(row.indexOf(',') + 1))]));
  const durations = Object.fromEntries([...seconds].map(([name, each]) => [name, { low: each, high: each, source: 'durations.csv' }]));
  const { estimates, parallelism, criticalPath } = await analyze(folder, { durations, sizes: { samples: 2, rows: 4 } });
  const all = [...seconds.values()].reduce((sum, each) => sum + each, 0);
  expect(estimates?.now.wallClock.expected).toBeCloseTo(all, -3);
  const [set] = parallelism?.independentSets ?? [];
  const some = (set?.calls ?? []).map((id) => seconds.get(id.slice(id.lastIndexOf(':') + 1)) as number);
  const saved = some.reduce((sum, each) => sum + each, 0) - Math.max(...some);
  expect(set?.savings?.wallClock.expected).toBeCloseTo(saved, -3);
  expect(criticalPath?.calls).toHaveLength(42);
});

test('laws: what is left out takes no longer, nor does all together take less than the longest way', () => {
  const steps = ['A', 'B', 'C', 'D'].map((name) => STEP(name, ONE));
  const report = times(
    '  A(reads)\n  B(A.out)\n  C(reads.concat(B.out))\n  D(C.out.groupTuple())',
    steps,
    { A: [1, 60], B: [1, 60], C: [1, 60], D: 9 },
    5,
  );
  const { now, lossless, ideal } = report.estimates as NonNullable<Report['estimates']>;
  for (const key of ['low', 'expected', 'high'] as const) {
    expect(lossless.wallClock[key]).toBeLessThanOrEqual(now.wallClock[key]);
    expect(ideal.wallClock[key]).toBeLessThanOrEqual(lossless.wallClock[key]);
    expect(now.wallClock[key]).toBeLessThanOrEqual(report.parallelism?.work?.[key] ?? 0);
  }
});
