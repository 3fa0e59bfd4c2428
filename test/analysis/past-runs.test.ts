/** What a past run took, and how far the model comes from it. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { analyzeTree, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const COLUMNS = ['task_id', 'hash', 'process', 'tag', 'status', 'exit', 'submit', 'start', 'complete', 'realtime', 'cpus', 'executor'];
const BEGIN = 1_700_000_000_000;

/** Four tasks of 10 minutes, each alone on a machine of two cpus. */
function rows(): Record<string, string | number>[] {
  return [0, 1, 2, 3].map((task) => {
    const start = BEGIN + task * 601_000;
    return {
      ...{ task_id: task, hash: `aa/00000${task}`, process: 'ALIGN', tag: task, status: 'COMPLETED', exit: 0 },
      ...{ submit: BEGIN, start, complete: start + 600_000, realtime: 600_000, cpus: 2 },
    };
  });
}

function reportOf(some = rows(), { platform = 'local:2,8GB' } = {}): Report {
  const text = [COLUMNS.join('\t'), ...some.map((row) => COLUMNS.map((column) => row[column] ?? '-').join('\t')), ''].join('\n');
  const main = `process ALIGN {\n  cpus 2\n  input:\n  val x\n  script:\n  "align $x"\n}\nworkflow { ALIGN(channel.of(1, 2, 3, 4)) }\n`;
  const on = platform === 'none' ? {} : { platform: { name: platform, prices } };
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { traces: [{ path: 'trace.txt', text }], shell, ...on });
}

test('what the run took, beside what the same tasks are expected to take', () => {
  const { accuracy, inputs, estimates } = reportOf();
  expect(inputs.traces?.[0]?.took).toBe(2400);
  expect(accuracy).toMatchObject({ trace: 'trace.txt', took: 2400, simulated: estimates?.now.wallClock.expected });
  expect(Math.abs(accuracy?.replayError as number)).toBeLessThan(0.1);
});

test('a machine of twice the size is told to be faster than the run: its replay error says so', () => {
  expect(reportOf(rows(), { platform: 'local:4,8GB' }).accuracy?.replayError).toBeLessThan(-0.4);
});

test.each([
  ['without a platform', rows(), { platform: 'none' }],
  ['of which a task came from a cache', rows().map((row, at) => (at === 0 ? { ...row, status: 'CACHED' } : row)), {}],
  ['that ended before its time', rows().map((row, at) => (at === 3 ? { ...row, status: 'FAILED', exit: 1 } : row)), {}],
  ['with rows of another pipeline', rows().map((row, at) => (at === 3 ? { ...row, process: 'SORT' } : row)), {}],
] as const)('a run %s is not held against it', (_, some, more) => {
  expect(reportOf([...some], more).accuracy).toBeUndefined();
});

test('no order of the same tasks is faster than the bound', () => {
  const { estimates } = reportOf();
  expect(estimates?.bounds.wallClock.expected).toBeLessThanOrEqual(estimates?.ideal.wallClock.expected as number);
});

test.each([
  ['local:2,8GB', 'local', ', if its machines were as many and as large'],
  ['aws-batch', 'AWSBATCH', ''],
  ['aws-batch', undefined, ', if it ran on such a platform'],
])('on %s, with a trace that says it ran by %s: “told …%s”', (platform, executor, hedge) => {
  const some = rows().map((row) => (executor === undefined ? row : { ...row, executor }));
  const report = reportOf(some, { platform });
  const page = renderText({ schemaVersion: '1.0', tool: { name: 'pipeopt', version: '0' }, reports: [report] }, PAGE);
  const told =
    /told (?:right|\d+ % too (?:slow|fast))(, if[a-z ]*?)?(?= {2,}| tasks wait| costs| emits| right-sized| no limits| not in it|$)/.exec(
      page.replace(/\s+/g, ' '),
    );
  expect(told?.[1] ?? '').toBe(hedge);
});
const PAGE = { width: 300, color: false, unicode: true, verbose: false };
