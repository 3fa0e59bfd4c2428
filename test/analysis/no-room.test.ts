/** What is said where tasks ask for more than a machine of the platform has: which, and what to do. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const GB = 2 ** 30;
const TASKS = 12;

/** @param retried the attempt that came through, where the first was killed @param peak bytes */
function run(platform: string, { asks, peak, retried }: { asks: string; peak: number; retried?: number }): Report {
  const main = `process ALIGN {\n  cpus 4\n  memory { ${asks} }\n  errorStrategy 'retry'\n  maxRetries 2\n  publishDir 'x'\n  input:\n  val x\n  output:\n  path 'a'\n  script:\n  "align $x > a"\n}\nworkflow { ALIGN(channel.of(1..${TASKS})) }\n`;
  const columns = 'task_id hash process tag status exit attempt submit start complete realtime cpus memory peak_rss'.split(' ');
  const line = (task: number, attempt: number, isDone: boolean, memory: number): string =>
    [
      ...[attempt * 100 + task, `a${attempt}/${100 + task}`, 'ALIGN', `s${task}`, isDone ? 'COMPLETED' : 'FAILED', isDone ? 0 : 137],
      ...[attempt, 1_700_000_000_000 + attempt * 700_000, 1_700_000_001_000 + attempt * 700_000, 1_700_000_601_000 + attempt * 700_000],
      ...[600_000, 4, memory, isDone ? peak : 0],
    ].join('\t');
  const rows = Array.from({ length: TASKS }, (_, task) =>
    retried === undefined ? [line(task, 1, true, 40 * GB)] : [line(task, 1, false, 8 * GB), line(task, 2, true, retried)],
  ).flat();
  const text = `${[columns.join('\t'), ...rows].join('\n')}\n`;
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', {
    shell,
    traces: [{ path: 'trace.txt', text }],
    platform: { name: platform },
  });
}

const noteOf = (report: Report, part: string) => report.coverage.notes.find(({ message }) => message.includes(part));

describe('a request that no machine has room for', () => {
  test('as it is: each finding says which, and a config that keeps requests within a machine is named', () => {
    const report = run('slurm:2x16,32GB', { asks: '40.GB', peak: 5 * GB });
    expect(report.estimates).toBeUndefined();
    const why = 'no machine has room for ALIGN (4 cpus, 40 GB)';
    expect(report.findings.find(({ ruleId }) => ruleId === 'over-requested-memory')?.unsaved).toBe(
      `as it is the run does not come to its end there: ${why}`,
    );
    const note = noteOf(report, 'does not come to its end');
    expect(note?.message).toBe(`on 2 nodes of 16 cpus and 32 GB under Slurm the run does not come to its end: ${why}`);
    expect(note?.hint).toContain('process.resourceLimits = [cpus: 16, memory: 32.GB]');
  });

  test('what tasks need: the saving says so, and so does a note in place of the proposed run', () => {
    const report = run('local:8,10GB', { asks: '8.GB', peak: 14 * GB, retried: 16 * GB });
    const finding = report.findings.find(({ ruleId }) => ruleId === 'under-requested-memory');
    expect(finding?.savings).toBeUndefined();
    expect(finding?.unsaved).toMatch(
      /^with it the run does not come to its end there: no machine has room for ALIGN \(4 cpus, 1\d(\.\d+)? GB\)/,
    );
    expect(report.estimates?.proposed).toBeUndefined();
    expect(noteOf(report, 'what runs say is enough is not compared')?.message).toContain('no machine has room for ALIGN');
  });

  test('one that has room says nothing of it', () => {
    const report = run('slurm:2x16,64GB', { asks: '40.GB', peak: 5 * GB });
    expect(report.findings.find(({ ruleId }) => ruleId === 'over-requested-memory')?.savings).toBeDefined();
    expect(noteOf(report, 'does not come to its end')).toBeUndefined();
  });
});

describe('a run that does not come to its end in some worlds alone', () => {
  /** One of 40 tasks failed once, and came through with what the next attempt asks for. Of twelve so many fail in three of ten runs. */
  function seldom(samples: number): Report {
    const main = `process ALIGN {\n  cpus 4\n  memory { 20.GB * task.attempt }\n  errorStrategy 'retry'\n  maxRetries 2\n  publishDir 'x'\n  input:\n  tuple val(id), path(x)\n  output:\n  path 'a'\n  script:\n  "align $x > a"\n}\nworkflow { ALIGN(channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }) }\n`;
    const columns = 'task_id hash process tag status exit attempt submit start complete realtime cpus memory'.split(' ');
    const line = (task: number, attempt: number, exit: number): string => {
      const at = 1_700_000_000_000 + attempt * 700_000;
      const ended = exit === 0 ? 'COMPLETED' : 'FAILED';
      return [
        attempt * 100 + task,
        `a${attempt}/${100 + task}`,
        'ALIGN',
        `s${task}`,
        ended,
        exit,
        attempt,
        at,
        at + 1000,
        at + 601_000,
        600_000,
        4,
        20 * GB * attempt,
      ].join('\t');
    };
    const rows = Array.from({ length: 40 }, (_, task) => (task === 0 ? [line(task, 1, 1), line(task, 2, 0)] : [line(task, 1, 0)])).flat();
    return analyzeTree(memoryTree({ 'main.nf': main, 'nextflow.config': "params.input = 'samples.csv'" }), 'main.nf', {
      shell,
      sizes: { samples },
      traces: [{ path: 'trace.txt', text: `${[columns.join('\t'), ...rows].join('\n')}\n` }],
      platform: { name: 'slurm:4x16,32GB' },
    });
  }

  test('is timed by the others, and it is said in how many and why', () => {
    const report = seldom(12);
    const note = noteOf(report, 'simulated runs');
    const [, runs, of] = /^in (\d+) of (\d+) simulated runs on 4 nodes/.exec(note?.message ?? '') ?? [];
    expect(Number(of)).toBe(64);
    expect(Number(runs) / 64).toBeGreaterThan(0.15);
    expect(Number(runs) / 64).toBeLessThan(0.45);
    expect(note?.message).toContain('does not come to its end: no machine has room for ALIGN (4 cpus, 20 GB; tried again 4 cpus, 40 GB');
    expect(note?.message).toContain('times and costs are of the others');
    // Four nodes, one task on each: three rounds of ten minutes.
    expect(report.estimates?.now.wallClock.low).toBeGreaterThan(1800 * 0.9);
  });

  test('in half of them or more: nothing is timed, and it is said in how many', () => {
    const report = seldom(24);
    expect(report.estimates).toBeUndefined();
    expect(noteOf(report, 'does not come to its end')?.message).toMatch(/no machine has room for ALIGN .*, in \d+ of 64 simulated runs$/);
  });
});
