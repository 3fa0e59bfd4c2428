/** What runs say of the calls: counted, measured, matched by name; and what of a run is not used. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { renderJson } from '../../src/report/json.ts';
import type { Report, ReportResources } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { type AnalyzeOptions, analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

const MAIN = `
process ALIGN {
    cpus 4
    input:
    val sample
    output:
    val sample
    script:
    "bwa mem ref.fa $sample"
}
process MERGE {
    input:
    val samples
    script:
    "samtools merge"
}
process TRIM {
    cpus 4
    input:
    val sample
    script:
    "fastp"
}
workflow MAPPING {
    take:
    samples
    main:
    ALIGN(samples)
    MERGE(ALIGN.out.collect())
    if (params.trim) TRIM(samples)
}
workflow {
    MAPPING(channel.fromPath(params.input).splitCsv(header: true).map { row -> row.sample })
}`;
const CONFIG = "params.input = 'samples.csv'\nparams.trim = false\n";
const HEADER =
  'task_id\thash\tname\tstatus\texit\tattempt\tsubmit\tstart\tcomplete\tduration\trealtime\t%cpu\tcpus\tmemory\ttime\tpeak_rss\trchar\twchar\n';
const GIB = 1024 ** 3;

let made = 0;
/** Seconds from one moment to the next; a task of four cpus and eight GB. */
function row(
  name: string,
  given: { status?: string; exit?: string; attempt?: number; wait?: number; bring?: number; run?: number; peakGb?: number } = {},
): string {
  const { status = 'COMPLETED', exit = '0', attempt = 1, wait = 10, bring = 5, run = 60, peakGb = 2 } = given;
  made += 1;
  const submit = 1_700_000_000_000;
  const start = submit + wait * 1000;
  const complete = start + (bring + run) * 1000;
  const hash = `a0/${String(made).padStart(6, '0')}`;
  return `${[made, hash, name, status, exit, attempt, submit, start, complete, complete - submit, run * 1000, '150', 4, 8 * GIB, 3_600_000, peakGb * GIB, 1000, 100].join('\t')}\n`;
}
function report(...traces: (string | { path: string; text: string })[]): Report {
  return reportWith({}, ...traces);
}
function reportWith(options: AnalyzeOptions, ...traces: (string | { path: string; text: string })[]): Report {
  const given = traces.map((trace) => (typeof trace === 'string' ? { path: 'trace.txt', text: trace } : trace));
  return analyzeTree(memoryTree({ 'main.nf': MAIN, 'nextflow.config': CONFIG }), 'main.nf', { shell, ...options, traces: given });
}
function resourcesOf(made: Report, call: string): ReportResources | undefined {
  return made.resources?.find((one) => one.call === call);
}
function notesOf({ coverage }: Report): string[] {
  return coverage.notes.map(({ message, hint }) => `${message}${hint === undefined ? '' : ` [${hint}]`}`);
}

describe('of a call', () => {
  test('tasks are measured over those that ran to their end', () => {
    const runs = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110].map((run) =>
      row(`MAPPING:ALIGN (${run})`, { run, peakGb: run / 10, wait: run }),
    );
    const found = resourcesOf(report(`${HEADER}${runs.join('')}`), 'MAPPING:ALIGN');
    expect(found).toMatchObject({
      basis: 'measured',
      traces: ['trace.txt'],
      tasks: 11,
      completed: 11,
      failed: 0,
      retried: 0,
      failureShare: 0,
    });
    expect(found?.used.realtimeMs).toEqual({ n: 11, least: 10_000, low: 20_000, median: 60_000, high: 100_000, most: 110_000 });
    expect(found?.used.memoryBytes).toMatchObject({ median: 6 * GIB, most: 11 * GIB });
    expect(found?.used.cores).toMatchObject({ n: 11, median: 1.5 });
    expect(found?.used.waitMs).toMatchObject({ least: 10_000, most: 110_000 });
    expect(found?.used.stagingMs).toMatchObject({ least: 5000, most: 5000 });
    expect(found?.used.durationMs).toMatchObject({ least: 25_000, most: 225_000 });
    expect([found?.used.readBytes?.median, found?.used.writtenBytes?.median, found?.used.diskReadBytes]).toEqual([1000, 100, undefined]);
    expect(found?.requested).toMatchObject({ cpus: { median: 4 }, memoryBytes: { median: 8 * GIB }, timeMs: { median: 3_600_000 } });
  });
  test('failed, tried again, aborted and cached ones are counted apart', () => {
    const text = [
      row('MAPPING:ALIGN (a)', { status: 'FAILED', exit: '137', run: 5 }),
      row('MAPPING:ALIGN (a)', { attempt: 2, run: 60 }),
      row('MAPPING:ALIGN (b)', { status: 'CACHED', run: 5000 }),
      row('MAPPING:ALIGN (c)', { status: 'FAILED', exit: '-', run: 5 }),
      row('MAPPING:ALIGN (d)', { status: 'ABORTED', exit: '-' }),
      row('MAPPING:ALIGN (e)', { run: 70 }),
    ].join('');
    const made = report(HEADER + text);
    const found = resourcesOf(made, 'MAPPING:ALIGN');
    expect(found).toMatchObject({ tasks: 3, completed: 2, cached: 1, failed: 2, aborted: 1, retried: 1, failureShare: 0.5 });
    expect(found?.failedExits).toEqual([{ rows: 1 }, { exit: 137, rows: 1 }]);
    expect(found?.used.realtimeMs).toMatchObject({ n: 2, least: 60_000, most: 70_000 });
    const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
    expect(new Ajv2020().validate(schema, JSON.parse(renderJson({ ...made, reports: [made] }, false)))).toBe(true);
  });
  test('of several runs they are taken together; the first says how many there are', () => {
    const small = [1, 2].map((at) => row(`MAPPING:ALIGN (${at})`, { run: 10 })).join('');
    const large = [1, 2, 3, 4].map((at) => row(`MAPPING:ALIGN (${at})`, { run: 30 })).join('');
    const both = report({ path: 'small.txt', text: HEADER + small }, { path: 'large.txt', text: HEADER + large });
    expect(resourcesOf(both, 'MAPPING:ALIGN')).toMatchObject({
      traces: ['small.txt', 'large.txt'],
      tasks: 6,
      used: { realtimeMs: { n: 6 } },
    });
    expect(both.graph.calls.find(({ id }) => id === 'MAPPING:ALIGN')?.tasks?.count).toBe(2);
    expect(notesOf(both)).toContain(
      '4 samples from 4 tasks of MAPPING:ALIGN in large.txt, but 2 from 2 tasks of MAPPING:ALIGN in small.txt, which is used [name first the trace whose counts are meant, or give them with --samples and --set-size]',
    );
    expect(both.inputs.traces?.map(({ name, rows, matched }) => [name, rows, matched])).toEqual([
      ['small.txt', 2, 2],
      ['large.txt', 4, 4],
    ]);
  });
  test('of several files of one run that which tells most is used', () => {
    const rows = ['a', 'b', 'c'].map((tag) => row(`MAPPING:ALIGN (${tag})`)).join('');
    const short = `${HEADER}${rows}`.split('\n').map((line) => line.split('\t').slice(0, 8).join('\t'));
    const bars = ['a', 'b', 'c'].map(
      // Written two hours to the east: 1,700,000,000,000 there.
      (tag) => `{"label":"MAPPING:ALIGN (${tag})","cached":false,"times":[{"starting_time":1700007200000,"ending_time":1700007210000}]}`,
    );
    const made = report(
      { path: '/data/run1/trace.txt', text: short.join('\n') },
      { path: '/data/run1/full/trace.txt', text: HEADER + rows },
      { path: '/data/timeline.html', text: `<html><script>window.data = {"processes": [${bars.join()}]}</script>` },
    );
    expect(resourcesOf(made, 'MAPPING:ALIGN')).toMatchObject({ traces: ['full/trace.txt'], tasks: 3 });
    expect(notesOf(made)).toEqual([
      'run1/trace.txt is of the same run as full/trace.txt, which tells more, and is not used',
      'timeline.html is of the same run as full/trace.txt, which tells more, and is not used',
    ]);
    expect(made.inputs.traces?.map(({ name, matched, sameRunAs }) => [name, matched, sameRunAs])).toEqual([
      ['full/trace.txt', 3, undefined],
      ['run1/trace.txt', 0, 'full/trace.txt'],
      ['timeline.html', 0, 'full/trace.txt'],
    ]);
    // Another run of it took its tasks from the cache of this one.
    const resumed = (HEADER + rows).replaceAll('COMPLETED', 'CACHED');
    expect(
      report({ path: 'a.txt', text: HEADER + rows }, { path: 'b.txt', text: resumed }).inputs.traces?.map(({ matched }) => matched),
    ).toEqual([3, 3]);
  });
  test('without traces there is nothing', () => {
    const none = report();
    expect([none.resources, none.inputs.traces]).toEqual([undefined, undefined]);
  });
  test('a name that is short is taken where one call alone can be meant', () => {
    const found = report(`${HEADER}${row('ALIGN (a)')}`);
    expect([resourcesOf(found, 'MAPPING:ALIGN')?.tasks, found.inputs.traces?.[0]?.unmatched]).toEqual([1, []]);
    // Where the others are full, a short one is of something else.
    const mixed = report(`${HEADER}${row('ALIGN (a)')}${row('MAPPING:MERGE')}`);
    expect(mixed.resources?.map(({ call }) => call)).toEqual(['MAPPING:MERGE']);
    expect(mixed.inputs.traces?.[0]?.unmatched).toEqual([{ process: 'ALIGN', rows: 1, why: 'no call' }]);
  });
});

describe('what is not used is said', () => {
  test('a trace of another pipeline', () => {
    const made = report(`${HEADER}${row('RNASEQ:STAR (a)')}${row('RNASEQ:STAR (b)')}${row('RNASEQ:SALMON (a)')}`);
    expect(notesOf(made)).toEqual([
      'trace.txt: none of its 2 processes is called in this pipeline, and nothing of it is used: RNASEQ:STAR (2) and RNASEQ:SALMON (1) [is it of this pipeline, and under these params?]',
    ]);
    expect([made.resources, made.inputs.traces?.[0]?.matched]).toEqual([[], 0]);
  });
  test('two pipelines mixed', () => {
    const made = report(
      `${HEADER}${row('MAPPING:ALIGN (a)')}${row('RNASEQ:STAR (a)', { bring: 0, run: 1800 })}${row('RNASEQ:STAR (b)', { bring: 0, run: 1800 })}`,
    );
    expect(notesOf(made)).toEqual([
      'trace.txt: 2 rows are not used, since the process is not called in this pipeline: RNASEQ:STAR (2) [are there tasks of another pipeline in it?]',
    ]);
    expect(made.inputs.traces?.[0]?.unmatched).toEqual([{ process: 'RNASEQ:STAR', rows: 2, why: 'no call' }]);
    // Beside the figures stands what is not in them.
    expect(made.inputs.traces?.[0]?.unmatchedHours).toBe(1);
    const page = renderText(
      { schemaVersion: '1.0', tool: { name: 'pipeopt', version: '0' }, reports: [made] },
      { width: 200, color: false, unicode: true, verbose: false },
    );
    expect(page).toMatch(/not in it +2 of 3 rows of trace\.txt, 1 h of tasks: of no call that runs here/);
  });
  test('a process of another revision, and one that these params switch off', () => {
    const made = report(`${HEADER}${row('MAPPING:ALIGN (a)')}${row('MAPPING:SORT (a)')}${row('MAPPING:TRIM (a)')}`);
    expect(notesOf(made)).toEqual([
      'trace.txt: 1 row is not used, since the process is not called in this pipeline: MAPPING:SORT (1) [is it of this revision, and with these params and profiles?]',
      'trace.txt: 1 row is not used, since the process is switched off by these params: MAPPING:TRIM (1) [give the params of that run, with --params-file or --param]',
    ]);
    const on = reportWith({ params: { trim: true } }, `${HEADER}${row('MAPPING:TRIM (a)')}`);
    expect(notesOf(on)).toEqual([]);
  });
  test('what is wrong with a file, with its line', () => {
    const made = report(`${HEADER}${row('MAPPING:ALIGN (a)')}${row('MAPPING:ALIGN (b)').split('\t', 4).join('\t')}`);
    expect(notesOf(made)).toContain(
      'trace.txt: line 3: the file ends within this row, after 4 of 18 cells; this row is not used [the run was still going on, or a copy broke off]',
    );
    expect(resourcesOf(made, 'MAPPING:ALIGN')?.completed).toBe(1);
  });
  test('fields that would tell more, with what to set next time', () => {
    const made = report('name\tstatus\trealtime\t%cpu\tpeak_rss\nMAPPING:ALIGN (a)\tCOMPLETED\t5s\t-\t-\n');
    expect(notesOf(made)).toEqual([
      'trace.txt, read as Nextflow’s trace, has no columns attempt, submit, start, complete, cpus, memory, time, rchar, wchar: of its tasks it is not known which attempt each was, how long tasks wait and bring files, how many cpus they asked for, how much memory they asked for, which limit of time they asked for, what they read and write ' +
        "[next time run with -with-trace and, in nextflow.config: trace.raw = true; trace.fields = 'task_id,hash,native_id,process,tag,name,status,exit,attempt,submit,start,complete,duration,realtime,queue,cpus,memory,disk,time,%cpu,peak_rss,rchar,wchar,read_bytes,write_bytes']",
      'trace.txt, read as Nextflow’s trace, has no value of %cpu, peak_rss in any row [Nextflow measures tasks with ps, which their containers must have]',
    ]);
    expect(made.inputs.traces?.[0]?.missingFields).toEqual([
      'attempt',
      'submit',
      'start',
      'complete',
      'cpus',
      'memory',
      'time',
      'rchar',
      'wchar',
    ]);
    expect(resourcesOf(made, 'MAPPING:ALIGN')?.used).toEqual({
      realtimeMs: { n: 1, least: 5000, low: 5000, median: 5000, high: 5000, most: 5000 },
    });
  });
});
