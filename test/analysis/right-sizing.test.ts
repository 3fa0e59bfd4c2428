/** What is enough is proposed only where the run gets no worse by it. */
import { describe, expect, test } from 'vitest';
import { changesThatPay, harmText, type RequestChange } from '../../src/analysis/passes/sizing/right-sizing.ts';
import type { ProcessCall } from '../../src/parser/graph/process-graph.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

/** Eight tasks each of FIT, which keeps 1.2 of 8 cpus busy (with 2 it takes 9 % longer), and of INDEX, with 1 of 16 GB used. */
function run(platform: string): Report {
  const main = [
    'process FIT {\n  cpus 8\n  memory 4.GB\n  input:\n  val x\n  output:\n  val x\n  script:\n  "fit -t ${task.cpus} $x"\n}',
    'process INDEX {\n  memory 16.GB\n  input:\n  val x\n  script:\n  "index $x"\n}',
    'workflow { FIT(channel.of(1..8)) | INDEX }',
  ].join('\n');
  const header = 'task_id hash process tag status exit submit start complete realtime cpus memory %cpu peak_rss'.split(' ').join('\t');
  const rows = (process: string, first: number, asked: readonly unknown[]): string[] =>
    Array.from({ length: 8 }, (_, task) => {
      const submit = 1_700_000_000_000 + first * 1000 + task;
      const times = [submit, submit, submit + 3_600_000, 3_600_000];
      return [first + task, `aa/0000${first + task}`, process, task + 1, 'COMPLETED', 0, ...times, ...asked].join('\t');
    });
  const GB = 2 ** 30;
  const text = [header, ...rows('FIT', 10, [8, 4 * GB, 120, 3.5 * GB]), ...rows('INDEX', 30, [1, 16 * GB, 99, GB])].join('\n');
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', {
    shell,
    traces: [{ path: 'trace.txt', text }],
    platform: { name: platform },
  });
}
const recommended = (report: Report, call: string) => report.resources?.find((one) => one.call === call)?.recommended;

describe('on a machine with room for every task', () => {
  const report = run('local:128,512GB');
  test('fewer cpus are not proposed, and it is said of which call and why', () => {
    expect(recommended(report, 'FIT')).toBeUndefined();
    expect(report.estimates?.notProposed).toContainEqual({
      call: 'FIT',
      request: 'cpus',
      because: expect.stringMatching(/^with fewer cpus the run takes [\d.]+ % longer$/),
    });
  });
  test('nor is less memory, which nobody waits for: a task that needs more would be tried again', () => {
    expect(recommended(report, 'INDEX')).toBeUndefined();
  });
  test('the finding says so, too', () => {
    const finding = report.findings.find(({ ruleId }) => ruleId === 'over-requested-cpus');
    expect(finding?.severity).toBe('info');
    expect(finding?.advice).toMatch(
      /^leave it on one machine of 128 cpus and 512 GB, where the run takes [\d.]+ % longer with less; elsewhere reserve 2 cpus/,
    );
  });
});

test('where tasks wait for cpus, fewer are proposed', () => {
  const report = run('local:16,512GB');
  expect(recommended(report, 'FIT')?.cpus).toBe(2);
  expect(report.estimates?.notProposed?.map(({ call }) => call)).not.toContain('FIT');
});

test('where tasks wait for memory, less is asked for', () => {
  const report = run('local:128,36GB');
  expect(recommended(report, 'INDEX')?.memoryBytes?.[0]).toBeLessThan(2 * 2 ** 30);
  const { now, proposed } = report.estimates ?? {};
  expect(proposed?.wallClock.expected).toBeLessThanOrEqual((now?.wallClock.expected ?? 0) * 1.01);
});

describe('which go together', () => {
  const change = (name: string, needed = false): RequestChange => ({ call: { id: name } as ProcessCall, kind: 'cpus', needed, frees: 1 });
  const names = (some: readonly { call: ProcessCall }[]): string[] => some.map(({ call }) => call.id).sort();
  /** Seconds that each adds to a hundred. */
  const figures = (adds: Record<string, number>) => (kept: readonly RequestChange[]) => ({
    seconds: Float64Array.of(kept.reduce((sum, { call }) => sum + (adds[call.id] ?? 0), 100)),
  });

  test('all but the one that does harm', () => {
    const some = ['A', 'B', 'C', 'D', 'E'].map((name) => change(name));
    const { kept, leftOut } = changesThatPay(some, figures({ C: 5 }), 20);
    expect(names(kept)).toEqual(['A', 'B', 'D', 'E']);
    expect(names(leftOut)).toEqual(['C']);
    expect(leftOut[0]?.slower).toBeCloseTo(0.05);
  });
  test('what tasks were seen to need is kept, whatever it costs', () => {
    const { kept, leftOut } = changesThatPay([change('A', true), change('B')], figures({ A: 50 }), 20);
    expect(names(kept)).toEqual(['A', 'B']);
    expect(leftOut).toEqual([]);
  });
  test('small harms do not add up', () => {
    const some = ['A', 'B', 'C', 'D'].map((name) => change(name));
    expect(changesThatPay(some, figures({ A: 0.6, B: 0.6, C: 0.6, D: 0.6 }), 20).kept).toHaveLength(1);
  });
  test('what does harm among others that do more good', () => {
    const money = (kept: readonly RequestChange[]) => ({
      seconds: Float64Array.of(kept.some(({ call }) => call.id === 'B') ? 105 : 100),
      cost: Float64Array.of(kept.some(({ call }) => call.id === 'A') ? 50 : 100),
    });
    const { kept, leftOut } = changesThatPay([change('A'), change('B')], money, 20);
    expect(names(kept)).toEqual(['A']);
    expect(names(leftOut)).toEqual(['B']);
  });
  test('slower and cheaper is no worse, as long as it saves more than it costs', () => {
    const trade = (kept: readonly RequestChange[]) => ({
      seconds: Float64Array.of(100 + 12 * kept.length),
      cost: Float64Array.of(100 - 33 * kept.length),
    });
    expect(changesThatPay([change('A')], trade, 20).kept).toHaveLength(1);
  });
  test('what turns out worse in more worlds is left out as a whole', () => {
    const some = ['A', 'B'].map((name) => change(name));
    const { kept, leftOut } = changesThatPay(some, figures({}), 20, figures({ B: 5 }));
    expect(kept).toEqual([]);
    expect(leftOut.map((one) => harmText(one))).toEqual(Array(2).fill('with all smaller requests at once the run takes 5 % longer'));
  });
  test('by which a run does not come to its end: in how many, and why; what ended runs before is nobody’s harm', () => {
    const why = 'no machine has room for A (4 cpus, 40 GB)';
    const ends = (kept: readonly RequestChange[]) => {
      const [broken, old] = [kept.some(({ call }) => call.id === 'B'), kept.some(({ call }) => call.id === 'C')];
      if (old) return why;
      return {
        seconds: Float64Array.of(Number.NaN, broken ? Number.NaN : 100, 100, 100),
        unfinished: { runs: broken ? 2 : 1, of: 4, why },
      };
    };
    const { kept, leftOut } = changesThatPay(
      ['A', 'B', 'C'].map((name) => change(name)),
      ends,
      20,
    );
    expect(names(kept)).toEqual(['A']);
    expect(leftOut.map((one) => harmText(one)).sort()).toEqual([
      `with fewer cpus the run does not come to its end in 2 of 4 simulated runs, 1 as it is: ${why}`,
      `with fewer cpus the run does not come to its end: ${why}`,
    ]);
  });
  test('what nobody looked at is left out', () => {
    const some = ['A', 'B', 'C', 'D'].map((name) => change(name));
    const { kept, leftOut } = changesThatPay(some, figures({ A: 5 }), 2);
    expect(kept).toEqual([]);
    expect(leftOut.every(({ unseen }) => unseen === true)).toBe(true);
  });
});
