/** How often attempts fail, as a run tells it, and what comes of it on a platform. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

/** Four tasks of 100 s one after another; each row: the task, its attempt and its exit. */
function run(settings: string, rows: readonly (readonly [number, number, number | '-'])[]): Report {
  const text = `process ASSEMBLE {
  ${settings}
  input:
  val sample
  output:
  path 'x.fa'
  script:
  "assemble $sample > x.fa"
}
process ANNOTATE {
  input:
  path x
  script:
  "annotate $x"
}
workflow {
  ASSEMBLE(channel.of('S1', 'S2', 'S3', 'S4'))
  ANNOTATE(ASSEMBLE.out)
}
`;
  const head = 'name\tprocess\ttag\tstatus\texit\tattempt\tsubmit\tstart\tcomplete\tduration\trealtime\tcpus\tmemory';
  const lines = rows.map(([task, attempt, exit], at) => {
    const from = 1_700_000_000_000 + at * 200_000;
    const status = exit === 0 ? 'COMPLETED' : 'FAILED';
    return ['ASSEMBLE', 'ASSEMBLE', `S${task}`, status, exit, attempt, from, from, from + 100_000, 100_000, 100_000, 1, 2 ** 30].join('\t');
  });
  const traces = [{ path: 'trace.txt', text: `${head}\n${lines.join('\n')}\n` }];
  const durations = Object.fromEntries(['ASSEMBLE', 'ANNOTATE'].map((name) => [name, { low: 100, high: 100, source: 'the test' }]));
  return analyzeTree(memoryTree({ 'main.nf': text }), 'main.nf', { traces, durations, shell, platform: { name: 'local:1,64GB' } });
}
/** How many times 100 s the run takes. */
const tasks = (report: Report): number => Math.round((report.estimates?.now?.wallClock.expected ?? Number.NaN) / 100);
const RETRY = "errorStrategy 'retry'\n  maxRetries 2\n  memory '1 GB'";

describe('on one cpu', () => {
  test('nothing failed: eight tasks', () => {
    const report = run(
      RETRY,
      [1, 2, 3, 4].map((task) => [task, 1, 0] as const),
    );
    expect(tasks(report)).toBe(8);
    expect(report.assumptions.join()).not.toContain('attempts fail');
  });

  test('as many are tried again as in the run, also twice', () => {
    const report = run(RETRY, [
      [1, 1, 1],
      [1, 2, 1],
      [1, 3, 0],
      [2, 1, 1],
      [2, 2, 0],
      [3, 1, 0],
      [4, 1, 0],
    ]);
    expect(tasks(report)).toBe(8 + 3);
    expect(report.assumptions.join()).toContain('as many attempts fail as in the runs');
  });

  test('what is ignored gives nothing to who waits for it', () => {
    const report = run("errorStrategy 'ignore'\n  memory '1 GB'", [
      [1, 1, 1],
      [2, 1, 0],
      [3, 1, 0],
      [4, 1, 0],
    ]);
    expect(tasks(report)).toBe(8 - 1);
  });

  test('what ended the run, or went with its machine, does not fail again', () => {
    const lost = [[1, 1, '-'], [1, 2, 0], ...[2, 3, 4].map((task) => [task, 1, 0] as const)] as const;
    expect(tasks(run(RETRY, lost))).toBe(8);
    const ended = [[1, 1, 1], ...[2, 3, 4].map((task) => [task, 1, 0] as const)] as const;
    expect(tasks(run("errorStrategy 'terminate'\n  memory '1 GB'", ended))).toBe(8);
    expect(tasks(run(RETRY, ended))).toBe(8);
  });
});
