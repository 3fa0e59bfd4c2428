/** What traces say that cannot be, or say twice: nothing is guessed of it, and it is said. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { analyzeTree, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();

const COLUMNS = [
  'task_id',
  'hash',
  'name',
  'process',
  'tag',
  'status',
  'exit',
  'submit',
  'start',
  'complete',
  'duration',
  'realtime',
  'cpus',
  'memory',
  'peak_rss',
];
type Row = Record<string, string | number>;

/** Four tasks of 600 s. */
function rows(): Row[] {
  return [1, 2, 3, 4].map((task) => {
    const submit = 1_700_000_000_000 + task * 1000;
    const times = { submit, start: submit + 1000, complete: submit + 601_000, duration: 601_000, realtime: 600_000 };
    const asked = { cpus: 2, memory: 8 * 2 ** 30, peak_rss: 3 * 2 ** 30 };
    return {
      task_id: task,
      hash: `aa/00000${task}`,
      name: `ALIGN (${task})`,
      process: 'ALIGN',
      tag: task,
      status: 'COMPLETED',
      exit: 0,
      ...times,
      ...asked,
    };
  });
}

function run(some: readonly Row[], { columns = COLUMNS, directives = 'cpus 2', platform = {} as { name?: string } } = {}): Report {
  const text = [columns.join('\t'), ...some.map((row) => columns.map((column) => row[column]).join('\t'))].join('\n');
  const main = `process ALIGN {\n  ${directives}\n  memory 8.GB\n  input:\n  val x\n  script:\n  "align $x"\n}\nworkflow { ALIGN(channel.of(1, 2, 3, 4)) }\n`;
  const on = platform.name === undefined ? {} : { platform: { name: platform.name, prices } };
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { traces: [{ path: 'trace.txt', text }], shell, ...on });
}
const seconds = (report: Report): number => report.estimates?.now.wallClock.expected ?? Number.NaN;
const basis = (report: Report): string | undefined => report.estimates?.now.wallClock.basis;
const notes = (report: Report): string => report.coverage.notes.map(({ message }) => message).join('\n');

describe('how long tasks take', () => {
  test('as measured, whatever limit they have today', () => {
    expect(seconds(run(rows(), { directives: "cpus 2\n  time '5 m'" })) / 600).toBeCloseTo(1, 0);
  });

  test('from times of day alone', () => {
    const report = run(rows(), { columns: COLUMNS.filter((column) => column !== 'duration' && column !== 'realtime') });
    expect(basis(report)).toBe('measured');
    expect(seconds(report) / 600).toBeCloseTo(1, 0);
  });

  test('in seconds: nothing of it is taken for milliseconds', () => {
    const inSeconds = rows().map((row) => {
      const times = ['submit', 'start', 'complete', 'duration', 'realtime'].map((name) => [name, Math.floor((row[name] as number) / 1000)]);
      return { ...row, ...Object.fromEntries(times) };
    });
    const report = run(inSeconds);
    expect(basis(report)).toBe('assumed');
    expect(notes(report)).toContain('duration 601 may be no number of milliseconds: the times of day beside it are none');
  });
});

test('each task twice: once counted', () => {
  const report = run([...rows(), ...rows()], { platform: { name: 'local:4,64GB' } });
  expect(report.estimates?.now.cpuHours?.expected).toBeCloseTo((4 * 2 * 600) / 3600, 0);
  expect(notes(report)).toContain('trace.txt: line 6: the task is there already, on line 2; this and 3 more such rows are not used');
});

test('more memory than there is', () => {
  const report = run(rows().map((row, at) => (at === 0 ? { ...row, peak_rss: 2 ** 59 } : row)));
  expect(notes(report)).toContain('is more than any machine has; this value is not used');
});

describe('much more memory than a task asked for', () => {
  const peaks = (times: number) => rows().map((row, at) => (at === 2 ? { ...row, peak_rss: times * 8 * 2 ** 30 } : row));
  const used = (report: Report) => report.resources?.[0]?.used.memoryBytes?.most;

  test('twenty times is believed, more is not, with its row', () => {
    expect(used(run(peaks(20)))).toBe(160 * 2 ** 30);
    const report = run(peaks(21));
    expect(used(report)).toBe(3 * 2 ** 30);
    expect(notes(report)).toContain(
      'trace.txt: line 4: peak_rss 168 GB is more than 20 times the 8 GB that the task asked for; this value is not used',
    );
    expect(report.findings.map(({ ruleId }) => ruleId)).not.toContain('under-requested-memory');
  });

  test('where the trace does not say what it asked for, the settings do', () => {
    const columns = COLUMNS.filter((column) => column !== 'memory');
    const report = run(peaks(21), { columns });
    expect(notes(report)).toContain(
      'trace.txt: ALIGN (3): peak_rss 168 GB is more than 20 times the 8 GB that the task asks for; what it should ask for is worked out without it',
    );
    expect(report.findings.map(({ ruleId }) => ruleId)).not.toContain('under-requested-memory');
    expect(run(peaks(20), { columns }).findings.map(({ ruleId }) => ruleId)).toContain('under-requested-memory');
  });

  test('with units, too', () => {
    const inWords = rows().map((row) => ({ ...row, duration: '601s', realtime: '600s', memory: '8 GB', peak_rss: '3 GB' }));
    const report = run(inWords.map((row, at) => (at === 1 ? { ...row, peak_rss: '99999999999 GB' } : row)));
    expect(notes(report)).toContain('trace.txt: line 3: peak_rss 99999999999 GB is more than any machine has; this value is not used');
    expect(used(report)).toBe(3 * 2 ** 30);
  });
});

test('values that could not be read are not said to be missing, too', () => {
  const report = run(rows().map((row) => ({ ...row, peak_rss: '3,221 MB' })));
  expect(notes(report)).toContain('peak_rss "3,221 MB" is no size');
  expect(notes(report)).not.toContain('no value of peak_rss');
  expect(notes(run(rows().map((row) => ({ ...row, peak_rss: '-' }))))).toContain('has no value of peak_rss in any row');
});

for (const status of ['FAILED', 'ABORTED'])
  test(`none of the tasks came through: ${status}`, () => {
    const report = run(rows().map((row) => ({ ...row, status, exit: 1 })));
    expect(notes(report)).toContain('trace.txt does not tell how many samples there are: none of its tasks ran to its end');
    expect(report.inputs.traces?.[0]).toMatchObject({ matched: 4, unfinished: true });
    // As without it: what is assumed is timed.
    expect(basis(report)).toBe('assumed');
  });

describe('lengths that single rows do not tell', () => {
  test('a realtime that cannot be read leaves start and complete', () => {
    const report = run(rows().map((row, at) => ({ ...row, realtime: at < 3 ? '9'.repeat(30) : 60_000 })));
    expect(report.resources?.[0]?.used.realtimeMs?.n).toBe(1);
    expect(seconds(report) / 600).toBeCloseTo(1, 0);
    expect(notes(report)).not.toContain('nothing tells when');
  });
  test('from submission to completion, where nothing tells when tasks began, and that is said', () => {
    const report = run(rows(), { columns: ['name', 'process', 'status', 'submit', 'complete'] });
    expect([basis(report), report.resources?.[0]?.used.durationMs?.median]).toEqual(['measured', 601_000]);
    expect(notes(report)).toContain(
      'trace.txt: nothing tells when tasks began: they are taken to last from submission to completion, and what they waited for machines counts as theirs',
    );
  });
  test('milliseconds that nothing confirms are said to be taken for such', () => {
    const columns = ['name', 'process', 'status', 'realtime'];
    const short = rows().map((row) => ({ ...row, realtime: 600 }));
    expect(notes(run(short, { columns }))).toContain(
      'realtime 600 has no unit, and no time of day beside it shows one: it and all others are read as milliseconds, which is what Nextflow writes, so that no task took longer than 0.6 s',
    );
    // In seconds a task would have taken a month.
    expect(notes(run([{ ...short[0], realtime: 2_600_000 }, ...short], { columns }))).not.toContain('has no unit');
    expect(notes(run(short, { columns: [...columns, 'submit', 'start', 'complete'] }))).not.toContain('has no unit');
  });
});

test('GPUs on rented machines that are not looked at: no cost, and it is said why', () => {
  const report = run(rows(), { directives: 'cpus 2\n  accelerator 1', platform: { name: 'google-batch' } });
  expect(report.estimates?.now.cost).toBeUndefined();
  expect(notes(report)).toContain('no price for machines with GPUs (ALIGN)');
  expect(report.assumptions.join()).toContain('GPUs are not looked at: tasks of ALIGN run as if they asked for none');
});

describe('tasks that ask for GPUs, on clusters', () => {
  const main =
    'process SEGMENT {\n  cpus 4\n  accelerator 1\n  input:\n  val x\n  script:\n  "segment $x"\n}\nworkflow { SEGMENT(channel.of(1, 2)) }\n';
  const on = (...names: readonly [string, ...string[]]): Report => {
    const [first, ...others] = names;
    return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', {
      shell,
      durations: { SEGMENT: { low: 3600, high: 3600, source: 'a test' } },
      platform: { name: first, prices },
      beside: others.map((name) => ({ name, prices })),
    });
  };

  test('nodes without have no room for them, which is said with the way out', () => {
    const report = on('slurm:4x32,128GB');
    expect(report.estimates).toBeUndefined();
    const note = report.coverage.notes.find(({ message }) => message.includes('does not come to its end'));
    expect(note?.message).toMatch(/no machine has room for SEGMENT \(4 cpus, 1 GPU\): its machines have no GPU$/);
    expect(note?.hint).toContain('slurm:2x32,128GB,4gpus');
    const { sideBySide } = on('aws-batch', 'slurm:4x32,128GB');
    expect(sideBySide?.rows.map(({ stuck }) => stuck !== undefined)).toEqual([false, true]);
    expect(sideBySide?.fastest).toBeUndefined();
  });

  test('nodes with GPUs run as many at a time as they have: those of a cloud by their type', () => {
    const hours = (name: string): number => Math.round((on(name).estimates?.now.wallClock.expected ?? Number.NaN) / 3600);
    expect(['slurm:1x32,128GB,1gpu', 'slurm:1x32,128GB,2gpus', 'kubernetes:2x32,128GB,1gpu', 'slurm:1xg5.4xlarge'].map(hours)).toEqual([
      2, 1, 1, 2,
    ]);
    expect(on('slurm:2x32,128GB,4gpus').inputs.platform?.text).toBe('2 nodes of 32 cpus, 128 GB and 4 GPUs under Slurm');
  });
});

test('GPUs on AWS Batch: tasks get machines that have them, and those are paid', () => {
  const cost = (directives: string): number =>
    run(rows(), { directives, platform: { name: 'aws-batch' } }).estimates?.now.cost?.expected ?? Number.NaN;
  expect(cost('cpus 2\n  accelerator 1')).toBeGreaterThan(1.5 * cost('cpus 2'));
  // Four times as many do not fit beside one another on the same machine.
  expect(cost('cpus 2\n  accelerator 4')).toBeGreaterThan(1.5 * cost('cpus 2\n  accelerator 1'));
  expect(cost("cpus 2\n  accelerator 1, type: 'nvidia-tesla-v100'")).toBe(cost('cpus 2\n  accelerator 1'));
});

describe('what cannot be', () => {
  const UNITS = COLUMNS.map((column) => column);
  /** As Nextflow writes it without `trace.raw`. */
  function withUnits(): Row[] {
    const at = (seconds: number): string => new Date(1_700_000_000_000 + 1000 * seconds).toISOString().replace('T', ' ').replace('Z', '');
    return rows().map((row, task) => ({
      ...row,
      ...{
        submit: at(task),
        start: at(task + 1),
        complete: at(task + 601),
        duration: '10m 1s',
        realtime: '10m',
        memory: '8 GB',
        peak_rss: '3 GB',
      },
    }));
  }
  test('with units: a command that took longer than from its submission to its end', () => {
    expect(notes(run(withUnits(), { columns: UNITS }))).not.toContain('realtime');
    const report = run(withUnits().map((row, at) => (at === 1 ? { ...row, realtime: '999h' } : row)));
    expect(notes(report)).toContain(
      'trace.txt: line 3: realtime is 3596400 s, and between start and complete lie 600 s; realtime of this row is not used',
    );
    expect(seconds(report) / 600).toBeCloseTo(1, 0);
  });
  test('a duration that is not what lies between submission and completion', () => {
    const report = run(withUnits().map((row, at) => (at === 2 ? { ...row, duration: '5s' } : row)));
    expect(notes(report)).toContain(
      'trace.txt: line 4: duration is 5 s, and between submit and complete lie 601 s; duration of this row is not used',
    );
  });
  test('what Nextflow sees a few seconds late is none', () => {
    expect(notes(run(rows().map((row) => ({ ...row, realtime: 606_000 }))))).not.toContain('between');
  });
  test('cpus and busy cores that no machine has', () => {
    const columns = [...COLUMNS, '%cpu'];
    const report = run(
      rows().map((row, at) => ({ ...row, '%cpu': at === 0 ? 1e6 : 150, cpus: at === 3 ? 0 : at === 2 ? 4.5 : 2 })),
      { columns },
    );
    expect(notes(report)).toContain(
      'line 2: %cpu 1000000 can be no share of a core in percent: no machine has 4096 cores; this value is not used',
    );
    expect(notes(report)).toContain('line 4: cpus 4.5 can be no number of cpus; this and 1 more such values are not used');
    expect(report.resources?.[0]?.used.cores).toMatchObject({ n: 2, most: 1.5 });
    expect(report.resources?.[0]?.requested.cpus).toMatchObject({ n: 2, most: 2 });
  });
});

test('all from the cache: nothing ran, and what the older run measured is used', () => {
  const report = run(rows().map((row) => ({ ...row, status: 'CACHED' })));
  expect(notes(report)).toContain(
    'trace.txt: all of its 4 tasks came from the cache, so nothing ran: how many tasks there are, how long commands took, what tasks used are used',
  );
  expect(basis(report)).toBe('measured');
  expect(seconds(report) / 600).toBeCloseTo(1, 0);
  expect(report.resources?.[0]).toMatchObject({ completed: 0, cached: 4, used: { memoryBytes: { most: 3 * 2 ** 30 } } });
  expect(report.resources?.[0]?.used.waitMs).toBeUndefined();
});

test('directives that ask for nothing, or for less', () => {
  const said = notes(run(rows(), { directives: "cpus 0\n  time '-2 h'" }));
  expect(said).toContain('ALIGN: cpus 0 asks for nothing; Nextflow gives one cpu, which is gone by');
  expect(said).toContain("ALIGN: time '-2 h' is below zero, and Nextflow ends a run for it; no time is gone by");
});

describe('the page', () => {
  const page = (report: Report, width = 80): string =>
    renderText({ ...report, reports: [report] }, { color: false, width, unicode: true, verbose: false });
  test('says it where fewer waits save nothing, and speaks of no machines that come up on one that is there', () => {
    const text = page(run(rows(), { platform: { name: 'local:2,64GB' } }));
    expect(text).toMatch(/fewer waits +no time is saved if tasks wait for nothing but what they\s+read/);
    expect(text).not.toContain('machines to come up');
  });
  test('says at its top where of all runs no task is of a call here, and not where one is', () => {
    const others = rows().map((row) => ({ ...row, process: 'QUANTIFY' }));
    expect(page(run(others)).split('\n').slice(0, 6).join(' ')).toMatch(
      /nothing is measured: no task of trace\.txt is of a call here, and all that\s+follows is as without it; “Left out” says more/,
    );
    expect(page(run([...rows(), ...others.slice(1)]))).not.toContain('nothing is measured');
    const failed = rows().map((row) => ({ ...row, status: 'FAILED', exit: 1 }));
    expect(page(run(failed)).split('\n').slice(0, 6).join(' ')).toMatch(
      /nothing is measured: no task of trace\.txt ran to its end, and how many there\s+are, what they take and what they use is told as without it/,
    );
    expect(page(run([...failed.slice(1), ...rows().slice(0, 1)]))).not.toContain('nothing is measured');
  });
  test('what is used stands among what is assumed, and is not counted as left out', () => {
    const text = page(run(rows().map((row) => ({ ...row, status: 'CACHED' }))));
    const [leftOut, assumed] = text.split('\n  Left out\n')[1]?.split('\n  Assumed\n') ?? [];
    expect(leftOut).not.toContain('came from the cache');
    expect(assumed).toContain('came from the cache');
    expect(assumed?.match(/(\d+) things? left out/)?.[1]).toBe(String(leftOut?.match(/^ {2}- /gm)?.length));
  });
  test('speaks of what first attempts ask for, and not of what is raised as unused', () => {
    const main =
      'process ALIGN {\n  memory { 4.GB * task.attempt }\n  errorStrategy "retry"\n  input:\n  val x\n  script:\n  "align $x"\n}\nworkflow { ALIGN(channel.of(1, 2, 3, 4)) }\n';
    const columns = [...COLUMNS, 'attempt'];
    const twice = rows().flatMap((row): Row[] => [
      { ...row, status: 'FAILED', exit: 137, attempt: 1, memory: 4 * 2 ** 30, peak_rss: 4 * 2 ** 30 - 4096 },
      { ...row, task_id: `1${row.task_id}`, hash: `bb/00000${row.task_id}`, attempt: 2, peak_rss: 5.5 * 2 ** 30 },
    ]);
    const text = [columns, ...twice.map((row) => columns.map((column) => row[column]))].map((cells) => cells.join('\t')).join('\n');
    const report = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { traces: [{ path: 'trace.txt', text: `${text}\n` }], shell });
    expect(report.resources?.[0]).toMatchObject({
      requested: { memoryBytes: { median: 8 * 2 ** 30 } },
      asked: { memoryBytes: 4 * 2 ** 30 },
    });
    expect(report.resources?.[0]?.recommended?.memoryBytes?.[0]).toBeGreaterThan(5 * 2 ** 30);
    expect(page(report)).not.toContain('Asked for and not used');
    expect(report.proposals?.[0]?.config).toContain('used up to 5.5 GB, and at first asked for 4 GB');
  });
  test('is no wider for very long names', () => {
    const [long, other] = ['COUNT_READS_OF_EACH_GENE_IN_EACH_SAMPLE_AND_IN_EACH_LANE_OF_THE_FLOWCELL', 'SORT'];
    const main = `process ${long} {\n  input:\n  val x\n  output:\n  val x\n  script:\n  "count $x"\n}\nprocess ${other} {\n  input:\n  val x\n  script:\n  "sort $x"\n}\nworkflow { ${long}(channel.of(1, 2)) | ${other} }\n`;
    const text = page(analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell }));
    const table = text.slice(text.indexOf('If a call took less'), text.indexOf('Shape'));
    expect(table).toContain(long);
    expect(Math.max(...table.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });
});
