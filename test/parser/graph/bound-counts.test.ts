/** Numbers of samples, rows and others: from sheets, from a trace, from the user; and what the report says of each. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree } from '../../../src/run.ts';

const PROCESSES = `
process ALIGN {
    input:
    tuple val(meta), path(reads)
    output:
    tuple val(meta), path('*.bam')
    script:
    "bwa mem ref.fa $reads > \${meta.id}.bam"
}
process MERGE {
    input:
    tuple val(id), path(bams)
    output:
    path '*.merged.bam'
    script:
    "samtools merge \${id}.merged.bam $bams"
}
process REPORT {
    input:
    path bams
    script:
    "multiqc ."
}
`;
const MERGED = `
    ALIGN(rows)
    MERGE(ALIGN.out.map { meta, bam -> [meta.id, bam] }.groupTuple())
    REPORT(MERGE.out.collect())
`;
const SPLIT = `${PROCESSES}
workflow {
    rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample, lane: row.lane], file(row.fastq)] }
    ${MERGED}
}`;
const WITH_SCHEMA = `include { samplesheetToList } from 'plugin/nf-schema'
${PROCESSES}
workflow {
    rows = channel.fromList(samplesheetToList(params.input, "\${projectDir}/assets/schema_input.json"))
    ${MERGED}
}`;
const SCHEMA = JSON.stringify({
  type: 'array',
  items: { properties: { sample: { type: 'string', meta: ['id'] }, lane: { meta: ['lane'] }, fastq: { type: 'string' } } },
});
/** Three samples, the first in two lanes. */
const SHEET = 'sample,lane,fastq\r\n"NA12878, blood",1,a.fq\r\n"NA12878, blood",2,b.fq\r\nNA12891,1,c.fq\r\nNA12892,1,d.fq\r\n';

function report(main: string, options: AnalyzeOptions, files: Record<string, string> = {}): Report {
  return analyzeTree(memoryTree({ 'main.nf': main, ...files }), 'main.nf', options);
}
function tasksOf({ graph }: Report): Record<string, number | undefined> {
  return Object.fromEntries(graph.calls.map(({ id, tasks }) => [id, tasks?.count]));
}
function dimensionsOf({ graph }: Report): string[] {
  return (graph.dimensions ?? []).map(({ name, count, basis, evidence }) => `${name} ${count ?? '?'} ${basis ?? ''}: ${evidence ?? ''}`);
}

describe('a sheet', () => {
  const counted = { ALIGN: 4, MERGE: 3, REPORT: 1 };
  const said = ['rows of params.input 4 measured: rows of samples.csv', 'samples 3 measured: rows of samples.csv by sample'];

  test('that the pipeline names and has is counted', () => {
    const made = report(SPLIT, {}, { 'nextflow.config': "params.input = 'data/samples.csv'", 'data/samples.csv': SHEET });
    expect(tasksOf(made)).toEqual(counted);
    expect(dimensionsOf(made)).toEqual(said);
  });
  test('that a param gives is counted', () => {
    const made = report(SPLIT, { commandLineParams: { input: 'samples.csv' } }, { 'samples.csv': SHEET });
    expect(tasksOf(made)).toEqual(counted);
  });
  test('that the user names is counted, be it CSV, TSV or rows', () => {
    const rows = [{ sample: 'a' }, { sample: 'a' }, { sample: 'b' }, { sample: 'c' }];
    for (const samplesheet of [
      { path: '/home/ann/samples.csv', text: SHEET },
      { path: 'samples.tsv', text: SHEET.replaceAll('"', '').replaceAll(', ', ' ').replaceAll(',', '\t') },
      { path: 'samples.yml', rows },
    ])
      expect(tasksOf(report(SPLIT, { samplesheet }))).toEqual(counted);
    expect(dimensionsOf(report(SPLIT, { samplesheet: { path: '/home/ann/samples.csv', text: SHEET } }))).toEqual(said);
  });
  test('that nf-schema reads is counted, its meta map by its schema', () => {
    const options = { samplesheet: { path: 'samples.csv', text: SHEET } };
    expect(dimensionsOf(report(WITH_SCHEMA, options, { 'assets/schema_input.json': SCHEMA }))).toEqual(said);
    // Without it nobody knows which column the id is: mostly the first.
    const [rows, samples] = dimensionsOf(report(WITH_SCHEMA, options));
    expect(rows).toBe(said[0]);
    expect(samples).toBe('samples 3 assumed: rows of samples.csv by sample');
  });
  test('is counted through a list that each has gone through', () => {
    const main = SPLIT.replace(
      'file(row.fastq)] }',
      `file(row.fastq)] }
        .map { meta, reads -> [meta.id, meta, reads] }
        .groupTuple()
        .map { id, metas, reads -> [metas.each { meta -> meta.lanes = metas.size() }, reads] }
        .transpose()`,
    );
    const made = report(main, {}, { 'nextflow.config': "params.input = 'data/samples.csv'", 'data/samples.csv': SHEET });
    expect(tasksOf(made)).toEqual(counted);
  });
  test('gives way to numbers that the user gives', () => {
    const files = { 'nextflow.config': "params.input = 'samples.csv'", 'samples.csv': SHEET };
    expect(dimensionsOf(report(SPLIT, { sizes: { samples: 96 } }, files))).toEqual([
      'rows of params.input 96 assumed: as many as samples',
      'samples 96 declared: given',
    ]);
    expect(dimensionsOf(report(SPLIT, { sizes: { samples: 2 }, samplesheet: { path: 'samples.csv', text: SHEET } }))).toEqual([
      said[0],
      'samples 2 declared: given',
    ]);
  });
  test('that is read once more, in a branch for another format, has as many samples', () => {
    const main = `${PROCESSES}
workflow {
    if (params.format == 'FASTQ') {
        rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample], file(row.fastq)] }
    } else if (params.format == 'BAM') {
        rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample], file(row.bam)] }
    }
    ${MERGED}
}`;
    const made = report(main, { sizes: { samples: 12 }, commandLineParams: { input: 'far/samples.csv', format: 'FASTQ' } });
    expect(dimensionsOf(made).filter((one) => one.startsWith('samples'))).toEqual(['samples 12 declared: given']);
    const unknown = report(main.replaceAll('params.format', 'System.getenv("FORMAT")'), { sizes: { samples: 12 } });
    expect(dimensionsOf(unknown).filter((one) => /^samples \d+ 12/.test(one))).toContain('samples 2 12 assumed: as many as samples');
    expect(unknown.assumptions.join()).not.toContain('times are for');
  });
  test('by nf-core’s schema for the main sheet has the samples, whatever the param is called', () => {
    const main = WITH_SCHEMA.replace('params.input', 'params.input_restart');
    expect(dimensionsOf(report(main, { sizes: { samples: 12 } }))).toContain('samples 12 declared: given');
  });
  test('of something else stays open, and it is said where it is and what gives it', () => {
    const main = `${PROCESSES}\nworkflow { REPORT(channel.fromPath(params.callers).splitCsv().flatten()) }`;
    const made = report(main, { sizes: { samples: 12 } });
    expect(made.assumptions.join()).toMatch(
      /times are for 4 each of rows of params\.callers \(main\.nf:\d+\), parts of params\.callers in each of rows of params\.callers \(main\.nf:\d+\); --set-size "rows of params\.callers=N", --set-size "parts of params\.callers=N" say how many/,
    );
  });
  test('of the pipeline that is no table leaves a note with the line', () => {
    const files = { 'nextflow.config': "params.input = 'samples.csv'", 'samples.csv': 'sample,fastq\n"a,x.fq\n' };
    const made = report(SPLIT, {}, files);
    expect(tasksOf(made)).toEqual({ ALIGN: undefined, MERGE: undefined, REPORT: 1 });
    expect(made.coverage.notes.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/^a sheet could not be read, so its rows are not counted: samples\.csv: line \d/),
    );
  });
  test('that is not read leaves a note', () => {
    const main = `${PROCESSES}\nworkflow { REPORT(channel.fromPath(params.bams)) }`;
    const made = report(main, { samplesheet: { path: 'samples.csv', text: SHEET } });
    expect(made.coverage.notes.map(({ message }) => message)).toContain(
      'samples.csv is not counted: the pipeline is not seen to read a sheet of samples',
    );
  });
  test('that is split without a header, or in chunks, or in part', () => {
    const main = (options: string, id: string): string => `${PROCESSES}
workflow {
    rows = channel.fromPath('samples.csv').splitCsv(${options}).map { row -> [[id: ${id}], file('a.fq')] }
    ${MERGED}
}`;
    const counts = (options: string, id: string): unknown => tasksOf(report(main(options, id), {}, { 'samples.csv': SHEET }));
    expect(counts('skip: 1', 'row[0]')).toEqual(counted);
    expect(counts("header: ['name', 'lane', 'fastq'], skip: 1", 'row.name')).toEqual(counted);
    expect(counts('header: true, limit: 3', 'row.sample')).toEqual({ ALIGN: 3, MERGE: 2, REPORT: 1 });
    expect(counts('header: true, by: 3', 'row.sample')).toMatchObject({ ALIGN: 2 });
  });
});

describe('a trace', () => {
  const trace = (tasks: Record<string, number>): { path: string; text: string }[] => [
    {
      path: 'run/trace.txt',
      text: `name\tstatus\n${Object.entries(tasks)
        .flatMap(([name, count]) => Array.from({ length: count }, (_, at) => `${name} (${at})\tCOMPLETED\n`))
        .join('')}`,
    },
  ];

  test('tells the counts of calls that have as many tasks', () => {
    expect(dimensionsOf(report(SPLIT, { traces: trace({ ALIGN: 8, MERGE: 5, REPORT: 1 }) }))).toEqual([
      'rows of params.input 8 measured: 8 tasks of ALIGN in trace.txt',
      'samples 5 measured: 5 tasks of MERGE in trace.txt',
    ]);
  });
  test('tells one factor where the others are known', () => {
    const main = `${PROCESSES}
workflow {
    rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample], file(row.fastq)] }
    ALIGN(rows.combine(channel.fromPath(params.intervals).splitText()).map { meta, reads, interval -> [meta, reads] })
}`;
    const made = dimensionsOf(report(main, { traces: trace({ ALIGN: 24 }), sizes: { samples: 6 } }));
    expect(made).toContainEqual('samples 6 declared: given');
    expect(made).toContainEqual('lines of params.intervals 4 measured: 24 tasks of ALIGN in trace.txt');
    // 24 is no multiple of 7, and of two that are not known none is told.
    expect(dimensionsOf(report(main, { traces: trace({ ALIGN: 24 }), sizes: { samples: 7 } }))).toContainEqual(
      'lines of params.intervals ? : ',
    );
    expect(dimensionsOf(report(main, { traces: trace({ ALIGN: 24 }) }))).toContainEqual('lines of params.intervals ? : ');
  });
  test('whose processes disagree is believed for most of them, and the others are named', () => {
    const main = `${PROCESSES}
process COUNT {
    input:
    tuple val(meta), path(reads)
    script:
    "wc -l $reads"
}
process SORT {
    input:
    tuple val(meta), path(reads)
    script:
    "sort $reads"
}
workflow {
    rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample], file(row.fastq)] }
    ALIGN(rows)
    COUNT(rows)
    SORT(rows)
}`;
    const made = report(main, { traces: trace({ ALIGN: 3, COUNT: 4, SORT: 4 }) });
    expect(dimensionsOf(made)).toEqual(['samples 4 measured: 4 tasks of COUNT in trace.txt']);
    expect(made.coverage.notes.map(({ message }) => message)).toContain(
      '4 samples from 4 tasks of COUNT in trace.txt; ALIGN would have it otherwise',
    );
  });
  test('of calls that may have lost some tells the least', () => {
    const main = `${PROCESSES}
workflow {
    rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [[id: row.sample], file(row.fastq)] }
    ALIGN(rows.filter { meta, reads -> reads.size() > 0 }.until { meta, reads -> meta.id == 'stop' })
}`;
    const [samples] = dimensionsOf(report(main, { traces: trace({ ALIGN: 3 }) })).slice(-1);
    expect(samples).toContain('assumed');
  });
  test('of another pipeline leaves a note', () => {
    const made = report(SPLIT, { traces: trace({ FASTQC: 3 }) });
    expect(made.coverage.notes.map(({ message }) => message)).toContain(
      'trace.txt: its one process is not called in this pipeline, and nothing of it is used: FASTQC (3)',
    );
  });
});

describe('numbers by name', () => {
  test('that the pipeline does not have are an error with the nearest name and all names', () => {
    expect(() => report(SPLIT, { sizes: { sampels: 4 } })).toThrow(
      expect.objectContaining({
        name: 'UnknownCount',
        message: '--set-size sampels: nothing in this pipeline is counted by that name',
        hint: 'did you mean samples?\nwhat is counted: rows of params.input, samples',
      }),
    );
  });
  test('tell what is counted and whence: files of an output, rows of a param; the beginning is enough where one is called so', () => {
    const main = `process CHOP {\n  output:\n  path '*.fa', emit: pieces\n  path '*.bed', emit: regions\n  script:\n  "chop"\n}\nprocess CALL {\n  input:\n  path x\n  script:\n  "call $x"\n}
workflow {
    CHOP()
    CALL(CHOP.out.pieces.flatten())`;
    const one = `${main}\n}`;
    const two = `${main}\n    REPORT(CHOP.out.regions.flatten())\n}\nprocess REPORT {\n  input:\n  path x\n  script:\n  "report $x"\n}`;
    const callOf = (made: Report) => tasksOf(made).CALL;
    expect(report(one, {}).assumptions.join()).toContain('4 each of files of CHOP.pieces (main.nf:');
    expect(callOf(report(one, { sizes: { 'files of CHOP.pieces': 7 } }))).toBe(7);
    expect(callOf(report(one, { sizes: { files: 7 } }))).toBe(7);
    expect(callOf(report(two, { sizes: { 'files of CHOP.pieces': 7 } }))).toBe(7);
    expect(() => report(two, { sizes: { files: 7 } })).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('what is counted: files of CHOP.pieces, files of CHOP.regions') }),
    );
  });
  test('of samples are a note where there are none', () => {
    const made = report(`${PROCESSES}\nworkflow { REPORT(channel.fromPath(params.bams)) }`, { sizes: { samples: 4 } });
    expect(made.coverage.notes.map(({ message }) => message)).toContain(
      'a number of samples was given, and nothing in this pipeline is counted by samples',
    );
  });
  test('hold whatever rules are asked: names do not depend on them', () => {
    const names = (options: AnalyzeOptions): string[] => (report(SPLIT, options).graph.dimensions ?? []).map(({ name }) => name);
    expect(names({ select: [] })).toEqual(names({}));
  });
});
