/** Tasks are as many as a run had of them, also where the formula counts what a filter leaves out. */
import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/analysis/analyse.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';

const STEP = (name: string) =>
  `process ${name} {\n  input:\n  tuple val(id), path(x)\n  output:\n  tuple val(id), path('out.txt')\n  script:\n  "sort ${'$'}x > out.txt"\n}\n`;
const MAIN = `${['ALIGN', 'RECALIBRATE', 'CALL', 'RESCUE'].map(STEP).join('')}
process REPORT {
  input:
  path(x)
  script:
  "cat * > report.txt"
}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  ALIGN(reads)
  RECALIBRATE(ALIGN.out.filter { it[1].size() > 10 })
  CALL(ALIGN.out)
  RESCUE(CALL.out.filter { it[1].size() < 10 })
  REPORT(CALL.out.map { it[1] }.mix(RECALIBRATE.out.map { it[1] }, RESCUE.out.map { it[1] }).collect())
}
`;

function sizes(rows: readonly [string, number][], samples?: number, main = MAIN): Record<string, number> {
  const lines = rows.flatMap(([process, count]) =>
    Array.from(
      { length: count },
      (_, at) => `${process}\t${process} (${at + 1})\tCOMPLETED\t${at}\t${at + 2000}\t${at + 4000}\t4000\t1500`,
    ),
  );
  const trace = `process\tname\tstatus\tsubmit\tstart\tcomplete\tduration\trealtime\n${lines.join('\n')}\n`;
  const pipeline = loadPipeline(memoryTree({ 'main.nf': main, 'nextflow.config': "params.input = 'samples.csv'" }), 'main.nf', {});
  const { times } = analyse(
    pipeline,
    buildProcessGraph(pipeline),
    { runs: readTrace(trace, 'trace.txt'), sizes: new Map(samples === undefined ? [] : [['samples', samples]]) },
    [],
  );
  if ('untimed' in times) throw new Error(times.untimed);
  return Object.fromEntries(times.views.now.groups.map(({ call, size }) => [call.id, size]));
}

describe('tasks of calls behind a filter', () => {
  test('are those that the run had; a call for which somebody waited that ran had none', () => {
    expect(
      sizes([
        ['ALIGN', 12],
        ['RECALIBRATE', 3],
        ['CALL', 12],
        ['REPORT', 1],
      ]),
    ).toEqual({ ALIGN: 12, RECALIBRATE: 3, CALL: 12, RESCUE: 0, REPORT: 1 });
  });

  test('are the same share of more samples', () => {
    expect(
      sizes(
        [
          ['ALIGN', 12],
          ['RECALIBRATE', 3],
          ['CALL', 12],
          ['REPORT', 1],
        ],
        48,
      ),
    ).toMatchObject({ ALIGN: 48, RECALIBRATE: 12, CALL: 48, REPORT: 1 });
  });

  test('in a run that was cut short, calls that had not begun keep their tasks', () => {
    expect(sizes([['ALIGN', 12]])).toMatchObject({ ALIGN: 12, CALL: 12, REPORT: 1 });
  });
});

const ALONG = (reads: string): string => `${['ALIGN', 'CALL'].map(STEP).join('')}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  ${reads}
}
`;
const FILTERED = ALONG("CALL(ALIGN(reads.filter { it[0] != 'control' }))");
const BRANCHED = ALONG(`kinds = reads.branch { tumour: it[0].startsWith('t'); normal: true }
  ALIGN(kinds.tumour)
  CALL(kinds.normal)`);

describe('a run of which the samples are seen by a part of them alone', () => {
  test('had at least as many as got through a filter, and more get through of more', () => {
    const ran: [string, number][] = [
      ['ALIGN', 10],
      ['CALL', 10],
    ];
    expect(sizes(ran, undefined, FILTERED)).toEqual({ ALIGN: 10, CALL: 10 });
    expect(sizes(ran, 100, FILTERED)).toEqual({ ALIGN: 100, CALL: 100 });
    expect(sizes(ran, 4, FILTERED)).toEqual({ ALIGN: 4, CALL: 4 });
  });

  test('had those of all labels of a branch together', () => {
    const ran: [string, number][] = [
      ['ALIGN', 6],
      ['CALL', 4],
    ];
    expect(sizes(ran, undefined, BRANCHED)).toEqual({ ALIGN: 6, CALL: 4 });
    expect(sizes(ran, 100, BRANCHED)).toEqual({ ALIGN: 60, CALL: 40 });
  });
});
