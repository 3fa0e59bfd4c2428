/** `.nextflow.log`: what it tells of tasks, and what it does not. The form of lines is that of real runs of 22.10 and 25.04. */
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../../src/parser/trace/read-trace.ts';
import { STATUSES, type TraceRun } from '../../../src/parser/trace/trace-run.ts';

const HEAD = 'Jun-25 11:42:34.005 [main] DEBUG nextflow.cli.Launcher - $> nextflow run main.nf -resume';
const LOCAL =
  "Jun-25 11:42:35.073 [main] DEBUG n.processor.LocalPollingMonitor - Creating local task monitor for executor 'local' > cpus=8; memory=12 GB; capacity=8";
const SLURM =
  "Jun-25 11:42:35.073 [main] DEBUG n.processor.TaskPollingMonitor - Creating task monitor for executor 'slurm' > capacity: 100; pollInterval: 5s";

function submitted(at: string, hash: string, name: string, what = 'Submitted'): string {
  return `${at} [Task submitter] INFO  nextflow.Session - [${hash}] ${what} process > ${name}`;
}

function ended(at: string, hash: string, name: string, { id = 1, exit = '0', error = '-', more = '' } = {}): string {
  const folder = `/scratch/work/${hash}0ea70a345d84900982e393dd`;
  return `${at} [Task monitor] DEBUG n.processor.TaskPollingMonitor - Task completed > TaskHandler[${more === '' ? '' : 'jobId: 77; '}id: ${id}; name: ${name}; status: COMPLETED; exit: ${exit}; error: ${error}; workDir: ${folder}${more}]`;
}

const GOODBYE = 'Jun-25 12:00:00.000 [main] DEBUG nextflow.script.ScriptRunner - > Execution complete -- Goodbye';

function read(...lines: string[]): TraceRun {
  const [run] = readTrace(`${[...lines, GOODBYE].join('\n')}\n`, '.nextflow.log');
  return run as TraceRun;
}

function statuses({ status }: TraceRun): string[] {
  return [...status].map((one) => STATUSES[one] as string);
}

describe('on the machine of Nextflow itself', () => {
  const run = read(
    HEAD,
    LOCAL,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'NF:TRIM (A)'),
    submitted('Jun-25 11:42:36.500', '29/316008', 'NF:TRIM (B)'),
    ended('Jun-25 11:42:46.000', 'b6/d95b32', 'NF:TRIM (A)', { id: 3 }),
    submitted('Jun-25 11:42:46.100', '04/662062', 'NF:INDEX'),
    '  a message of several lines has lines like this one',
    ended('Jun-25 11:42:56.500', '29/316008', 'NF:TRIM (B)', { id: 4 }),
  );
  test('tasks begin when they are submitted, and end when Nextflow says so', () => {
    expect(run.format).toBe('log');
    expect(run.rows).toBe(3);
    expect(run.processes).toEqual(['NF:TRIM', 'NF:INDEX']);
    expect([run.tag.at(0), run.tag.at(1), run.tag.at(2)]).toEqual(['A', 'B', undefined]);
    expect([...run.completeMs].map((ms, row) => ms - (run.startMs[row] as number))).toEqual([10_000, 20_000, Number.NaN]);
    expect([...run.submitMs]).toEqual([...run.startMs]);
    expect(run.problems).toEqual([]);
  });
  test('what has no end was still running', () => {
    expect(statuses(run)).toEqual(['COMPLETED', 'COMPLETED', 'UNFINISHED']);
  });
  test('nothing is told of what tasks asked for', () => {
    expect(run.fields).not.toContain('cpus');
    expect(run.fields).not.toContain('peakRssBytes');
  });
});

test('under a scheduler it is not told when tasks began, but how long it was until they ended', () => {
  const run = read(
    HEAD,
    SLURM,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'TRIM (A)'),
    ended('Jun-25 11:52:36.000', 'b6/d95b32', 'TRIM (A)'),
  );
  expect([run.startMs[0], run.durationMs[0]]).toEqual([Number.NaN, 600_000]);
  expect(run.problems).toEqual([]);
});

test('a grid scheduler’s tasks say how long they took', () => {
  const more = ' started: 1750851754005; exited: 2025-06-25T11:47:34.005Z; ';
  const run = read(
    HEAD,
    SLURM,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'TRIM (A)'),
    ended('Jun-25 11:52:36.000', 'b6/d95b32', 'TRIM (A)', { more }),
  );
  expect(run.realtimeMs[0]).toBe(Date.UTC(2025, 5, 25, 11, 47, 34, 5) - 1750851754005);
  expect(run.problems).toEqual([]);
});

test('a log that ends before its run does says so', () => {
  const [run] = readTrace([HEAD, LOCAL, submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'TRIM (A)')].join('\n'), 'cut.log');
  expect(run?.problems.map(({ message }) => message)).toEqual([
    'cut.log: line 3: the log ends before the run does: what came after this task is not known, and there may be more tasks than are counted',
  ]);
});

test('a failed task and the one that follows are attempts at the same', () => {
  const run = read(
    HEAD,
    LOCAL,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'SORT (A)'),
    ended('Jun-25 11:42:46.000', 'b6/d95b32', 'SORT (A)', { exit: '137' }),
    submitted('Jun-25 11:42:47.000', '29/316008', 'SORT (A)', 'Re-submitted'),
    ended('Jun-25 11:43:47.000', '29/316008', 'SORT (A)', { id: 2 }),
  );
  expect(statuses(run)).toEqual(['FAILED', 'COMPLETED']);
  expect([...run.exit]).toEqual([137, 0]);
  expect([...run.attempt]).toEqual([1, 2]);
  expect([...run.retryOf]).toEqual([-1, 0]);
});

test('what comes from a cache, has an error, or was running when the run was given up', () => {
  const run = read(
    HEAD,
    LOCAL,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'TRIM (A)', 'Cached'),
    submitted('Jun-25 11:42:36.000', '29/316008', 'TRIM (B)'),
    submitted('Jun-25 11:42:36.000', '04/662062', 'TRIM (C)'),
    ended('Jun-25 11:42:46.000', '29/316008', 'TRIM (B)', { exit: '-', error: 'java.io.IOException: gone; workDir: none' }),
    'Jun-25 11:42:46.100 [TaskFinalizer-1] DEBUG nextflow.Session - Session aborted -- Cause: gone',
  );
  expect(statuses(run)).toEqual(['CACHED', 'FAILED', 'ABORTED']);
  expect(run.submitMs[0]).toBeNaN();
});

test('a run over the end of the year, or of February', () => {
  const lengths = (from: string, to: string): number => {
    const run = read(HEAD, submitted(from, 'b6/d95b32', 'TRIM (A)'), ended(to, 'b6/d95b32', 'TRIM (A)'));
    return (run.completeMs[0] as number) - (run.submitMs[0] as number);
  };
  expect(lengths('Dec-31 23:59:00.000', 'Jan-01 00:01:00.000')).toBe(120_000);
  expect(lengths('Feb-29 23:59:00.000', 'Mar-01 00:01:00.000')).toBe(120_000);
});

test('names with what stands between names', () => {
  const name = 'TRIM (a; status: b)';
  const run = read(HEAD, LOCAL, submitted('Jun-25 11:42:36.000', 'b6/d95b32', name), ended('Jun-25 11:42:46.000', 'b6/d95b32', name));
  // Nobody can say where it ends: the task is there, and its end is not told.
  expect(statuses(run)).toEqual(['UNFINISHED']);
});

test('without tasks: a sentence that says so, and what to give', () => {
  expect(() => read(HEAD)).toThrow('.nextflow.log: a log of Nextflow in which no task is submitted');
});

test('cut anywhere it is read as far as it goes, and no line of it takes long', () => {
  const text = [
    HEAD,
    LOCAL,
    submitted('Jun-25 11:42:36.000', 'b6/d95b32', 'TRIM (A)'),
    ended('Jun-25 11:42:46.000', 'b6/d95b32', 'TRIM (A)'),
  ].join('\n');
  for (let end = text.indexOf('TRIM') + 10; end < text.length; end += 1) expect(readTrace(text.slice(0, end), 'x')[0]?.rows).toBe(1);
  const long = `Jun-25 11:42:46.000 [x] Task completed > TaskHandler[id: 1; name: ${'; workDir: '.repeat(100_000)}`;
  expect(read(...text.split('\n'), ...Array<string>(50).fill(long)).rows).toBe(1);
});
