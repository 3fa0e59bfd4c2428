/** A trace is older than what is asked for now: what it tells of needs stays, and what is proposed is what comes of it. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const GB = 2 ** 30;

interface Row {
  readonly process: string;
  readonly attempt?: number;
  readonly exit?: number;
  readonly cpus: number;
  readonly memory: number;
  readonly busy?: number;
  readonly peak?: number;
}

/** Twelve tasks each of FIT (1.2 of 8 cpus busy) and INDEX (4 to 5.4 of 32 GB). */
const USUAL = ['FIT', 'INDEX'].flatMap((process) =>
  Array.from({ length: 12 }, (_, task): Row => {
    const fits = process === 'FIT';
    return {
      process,
      cpus: fits ? 8 : 1,
      memory: (fits ? 4 : 32) * GB,
      busy: fits ? 120 : 99,
      peak: fits ? 3.5 * GB : (4 + task / 8) * GB,
    };
  }),
);

/** @param without columns that the trace does not have */
function analyze(config: string, rows: readonly Row[] = USUAL, without: readonly string[] = []): Report {
  const main = [
    'process FIT {\n  cpus 8\n  memory 4.GB\n  input:\n  val x\n  output:\n  val x\n  script:\n  "fit -t ${task.cpus} $x"\n}',
    'process INDEX {\n  memory 32.GB\n  input:\n  val x\n  script:\n  "index $x"\n}',
    'workflow { FIT(channel.of(1..12)) | INDEX }',
  ].join('\n');
  const columns = 'task_id hash process tag status exit attempt submit start complete realtime cpus memory %cpu peak_rss'.split(' ');
  const told = (cells: readonly unknown[]): string => cells.filter((_, at) => !without.includes(columns[at] as string)).join('\t');
  const of = new Map<string, number>();
  const lines = rows.map(({ process, attempt = 1, exit = 0, cpus, memory, busy = '-', peak = '-' }, at) => {
    if (attempt === 1) of.set(process, (of.get(process) ?? 0) + 1);
    const start = 1_700_000_000_000 + (process === 'FIT' ? 0 : 3_600_000) + (attempt - 1) * 3_600_000;
    const status = exit === 0 ? 'COMPLETED' : 'FAILED';
    const hash = `aa/${String(at).padStart(6, '0')}`;
    return told([
      at + 1,
      hash,
      process,
      of.get(process),
      status,
      exit,
      attempt,
      start,
      start,
      start + 3_600_000,
      3_600_000,
      cpus,
      memory,
      busy,
      peak,
    ]);
  });
  return analyzeTree(memoryTree({ 'main.nf': main, 'nextflow.config': config }), 'main.nf', {
    shell,
    traces: [{ path: 'trace.txt', text: [told(columns), ...lines, ''].join('\n') }],
    platform: { name: 'local:16,64GB' },
  });
}

const note = (report: Report): string | undefined =>
  report.coverage.notes.find(({ message }) => message.includes('other cpus or memory'))?.message;
const sizes = (report: Report) => report.findings.filter(({ ruleId }) => /-requested-/.test(ruleId));

describe('the config that is proposed, given', () => {
  const before = analyze('');
  const after = analyze(before.proposals?.[0]?.config ?? '');

  test('takes and costs what was promised', () => {
    const [promised, now] = [before.estimates?.proposed?.wallClock, after.estimates?.now.wallClock];
    expect(promised?.expected).toBeLessThan(0.8 * (before.estimates?.now.wallClock.expected ?? 0));
    for (const end of ['low', 'expected', 'high'] as const) expect(now?.[end]).toBeCloseTo(promised?.[end] ?? 0, 0);
  });
  test('leaves nothing to propose, and no finding', () => {
    expect(sizes(before).map(({ ruleId }) => ruleId)).toContain('over-requested-memory');
    expect(sizes(after)).toEqual([]);
    expect(after.resources?.filter(({ recommended }) => recommended !== undefined)).toEqual([]);
  });
  test('it is said that the runs asked for something else, and no run of other requests is held against the model', () => {
    expect(note(before)).toBeUndefined();
    expect(note(after)).toMatch(/^2 calls ask for other cpus or memory now than in the runs \(FIT, which had 8 cpus there, and others\)/);
    expect(before.accuracy).toBeDefined();
    expect(after.accuracy).toBeUndefined();
  });
});

describe('tasks that were killed', () => {
  const killed = [
    ...USUAL.filter(({ process }) => process === 'FIT'),
    ...Array.from({ length: 12 }, (): Row[] => [
      { process: 'INDEX', exit: 137, cpus: 1, memory: 8 * GB },
      { process: 'INDEX', attempt: 2, cpus: 1, memory: 16 * GB, peak: 9 * GB },
    ]).flat(),
  ];
  const retry = (memory: string): string => `process { withName: INDEX { memory = ${memory}; errorStrategy = 'retry' } }`;

  test('with what is asked for now fail again', () => {
    const report = analyze(retry('{ 8.GB * task.attempt }'), killed);
    expect(sizes(report).map(({ ruleId }) => ruleId)).toContain('under-requested-memory');
  });
  test('with less than what is asked for now are cured', () => {
    const report = analyze(retry('12.GB'), killed);
    expect(sizes(report).filter(({ calls }) => calls.includes('INDEX'))).toEqual([]);
    const failing = analyze(retry('{ 8.GB * task.attempt }'), killed);
    expect(report.estimates?.now.wallClock.expected).toBeLessThan((failing.estimates?.now.wallClock.expected ?? 0) - 3600);
  });
  test('where the trace does not say with what: by the settings more than they came through with, so they had others, and it is said', () => {
    for (const memory of ['12.GB', '{ 16.GB * task.attempt }']) {
      const [said, unsaid] = [analyze(retry(memory), killed), analyze(retry(memory), killed, ['memory'])];
      expect(unsaid.estimates?.now.wallClock).toEqual(said.estimates?.now.wallClock);
      expect(sizes(unsaid).map(({ ruleId, message }) => [ruleId, message])).toEqual(
        sizes(said).map(({ ruleId, message }) => [ruleId, message]),
      );
      expect(note(unsaid)).toMatch(/INDEX, which had at most 9 GB there.*so it is taken that they had less, and are killed no more$/);
    }
    // As much as they came through with, or less: as they were killed.
    const again = analyze(retry('{ 8.GB * task.attempt }'), killed, ['memory']);
    expect(sizes(again).map(({ ruleId }) => ruleId)).toContain('under-requested-memory');
    expect(note(again)).toBeUndefined();
  });
  test('what is asked for is what first attempts ask for, which come through now', () => {
    const [finding] = sizes(analyze(retry('{ 16.GB * task.attempt }'), killed)).filter(({ calls }) => calls.includes('INDEX'));
    expect(finding?.message).toMatch(/^INDEX asks for 16 GB of memory and uses 9 GB/);
  });
});
