/** What mending saves of tasks that fail, wait for files, are tiny or come in the wrong order, against what can be reckoned by hand; and why nothing is said where nothing can be. */
import { expect, test } from 'vitest';
import { allRules } from '../../src/analysis/rules/index.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Finding, Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const GB = 2 ** 30;

interface Given {
  readonly main: string;
  readonly rows: readonly Record<string, unknown>[];
  readonly platform?: string;
}

function run({ main, rows, platform }: Given): Report {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const text = `${[columns.join('\t'), ...rows.map((row) => columns.map((column) => row[column] ?? '-').join('\t'))].join('\n')}\n`;
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', {
    ...{ shell, traces: [{ path: 'trace.txt', text }] },
    ...(platform !== undefined && { platform: { name: platform } }),
  });
}
const of = (report: Report, rule: string): Finding | undefined => report.findings.find(({ ruleId }) => ruleId === rule);

/** @param more of the row @param task counted from 0 */
function row(
  process: string,
  task: number,
  seconds: number,
  more: Record<string, unknown> = {},
  staging = 0,
  waited = 0,
): Record<string, unknown> {
  const submit = 1_700_000_000_000 + task;
  const [start, complete] = [submit + 1000 * waited, submit + 1000 * (waited + seconds + staging)];
  return {
    ...{ task_id: task, hash: `${process.slice(0, 1)}a/${100 + task}`, process, tag: `s${task % 1000}`, status: 'COMPLETED', exit: 0 },
    ...{ submit, start, complete, realtime: 1000 * seconds, cpus: 1, memory: 4 * GB, peak_rss: GB, attempt: 1, ...more },
  };
}

const one = (directives: string, tasks = 8): string =>
  `process ASSEMBLE {\n  cpus 1\n  memory { 4.GB * task.attempt }\n  ${directives}\n  publishDir 'x'\n  input:\n  val x\n  output:\n  path 'a'\n  script:\n  "assemble $x > a"\n}\nworkflow { ASSEMBLE(channel.of(1..${tasks})) }\n`;
const RETRY = "errorStrategy 'retry'\n  maxRetries 2";

test('half of the first attempts killed for their memory: their hour is saved, where tasks run side by side', () => {
  const rows = Array.from({ length: 40 }, (_, task) =>
    task % 2 === 0
      ? [row('ASSEMBLE', task, 3600, { peak_rss: 3.75 * GB })]
      : [
          row('ASSEMBLE', task, 3600, { status: 'FAILED', exit: 137 }),
          row('ASSEMBLE', task, 3600, { attempt: 2, hash: `b/${100 + task}`, memory: 8 * GB, peak_rss: 4.25 * GB, task_id: 100 + task }),
        ],
  ).flat();
  const report = run({ main: one(RETRY, 40), rows, platform: 'local:64,1024GB' });
  const finding = of(report, 'under-requested-memory');
  // With a full hour for the one that failed, and one for the next attempt: of two hours one is left, but for the few that still fail.
  expect((report.estimates?.now.wallClock.expected ?? 0) / 7200).toBeCloseTo(1, 0);
  expect((finding?.savings?.wallClock.expected ?? 0) / 3600).toBeCloseTo(1, 0);
  // retry-waste is about the same attempts.
  expect((of(report, 'retry-waste')?.savings?.wallClock.expected ?? 0) / 3600).toBeCloseTo(1, 0);
  expect(of(report, 'retry-waste')?.savings?.assuming).toBe('no attempt fails any more');
});

test('where the run with what is proposed does not come to its end, it is said which attempt has no room, and what to do', () => {
  const grown = Array.from({ length: 40 }, (_, task) =>
    task % 5 === 0
      ? [
          row('ASSEMBLE', task, 3600, { status: 'FAILED', exit: 137 }),
          row('ASSEMBLE', task, 3600, { attempt: 2, hash: `b/${100 + task}`, memory: 8 * GB, peak_rss: 7.5 * GB, task_id: 100 + task }),
        ]
      : [row('ASSEMBLE', task, 3600, { peak_rss: 3.75 * GB })],
  ).flat();
  expect(of(run({ main: one(RETRY, 40), rows: grown, platform: 'slurm:4x16,9GB' }), 'under-requested-memory')?.unsaved).toMatch(
    /no machine has room for ASSEMBLE \(1 cpu, 9\.5 GB.*\); name larger machines in --platform$/,
  );
});

test('a run that ended with the killed task leaves nothing to compare with', () => {
  const rows = Array.from({ length: 8 }, (_, task) => row('ASSEMBLE', task, 3600, task === 7 ? { status: 'FAILED', exit: 137 } : {}));
  const finding = of(run({ main: one(''), rows, platform: 'local:16,256GB' }), 'under-requested-memory');
  expect(finding?.savings).toBeUndefined();
  expect(finding?.unsaved).toBe('a task that was killed was not tried again: what is saved is the run');
});

test('files that take longer to come than the command takes', () => {
  const rows = Array.from({ length: 8 }, (_, task) => row('ASSEMBLE', task, 600, {}, 1200));
  // One at a time: eight times twenty minutes.
  const finding = of(run({ main: one(''), rows, platform: 'local:1,64GB' }), 'slow-staging');
  expect(finding?.savings?.wallClock.expected).toBeCloseTo(8 * 1200, -3);
  expect(finding?.savings?.assuming).toContain('files are there at once');
});

test('tiny tasks, each of which brings the same files again: one for several', () => {
  const main = `process CLASSIFY {\n  cpus 1\n  input:\n  val x\n  output:\n  tuple val(x), path('a')\n  script:\n  "classify $x > a"\n}\nprocess REPORT {\n  cpus 1\n  publishDir 'x'\n  input:\n  tuple val(x), path(a)\n  output:\n  path 'b'\n  script:\n  "report $a > b"\n}\nworkflow { CLASSIFY(channel.of(1..40)) | REPORT }\n`;
  const rows = Array.from({ length: 40 }, (_, task) => [row('CLASSIFY', task, 5, {}, 30), row('REPORT', 1000 + task, 5)]).flat();
  const report = run({ main, rows, platform: 'local:1,64GB' });
  const finding = of(report, 'tiny-tasks');
  // Ten items to one task: of forty times 35 s there are left forty times 5 s and four times 30 s.
  expect(finding?.advice).toContain('buffer(size: 10');
  expect(finding?.savings?.wallClock.expected).toBeCloseTo(40 * 35 - (40 * 5 + 4 * 30), -2);
});

test('the biggest last: it ends alone', () => {
  const main = `process ALIGN {\n  cpus 1\n  publishDir 'x'\n  input:\n  path x\n  output:\n  path 'a'\n  script:\n  "align $x > a"\n}\nworkflow { ALIGN(channel.fromPath('*.fq').toSortedList { it.size() }.flatMap()) }\n`;
  const rows = Array.from({ length: 40 }, (_, task) => row('ALIGN', task, task === 39 ? 4000 : 500));
  const report = run({ main, rows, platform: 'local:2,64GB' });
  // On two cpus: 39 tasks of 500 s take 9750 s, and 4000 s come behind that; with these first, 11,750 s in all.
  const saved = of(report, 'reordered-source')?.savings;
  expect(saved?.wallClock.expected).toBeGreaterThan(300);
  expect(saved?.assuming).toBe('the larger an item is, the longer its task takes');
});

test('what only a platform tells says so without one', () => {
  const rows = Array.from({ length: 8 }, (_, task) => row('ASSEMBLE', task, 600, {}, 1200));
  expect(of(run({ main: one(''), rows }), 'slow-staging')?.unsaved).toContain('--platform says where the run is');
});

test('each rule says what its findings would change, or why nothing can be simulated of it', () => {
  // Rules that always name a change.
  const changing = new Set(allRules.filter(({ unsaved }) => unsaved === undefined).map(({ id }) => id));
  for (const id of ['call-arity-mismatch', 'unused-gpu', 'dead-selector']) expect(changing.has(id)).toBe(false);
  for (const id of ['retry-waste', 'slow-staging', 'tiny-tasks', 'reordered-source']) expect(changing.has(id)).toBe(true);
});
