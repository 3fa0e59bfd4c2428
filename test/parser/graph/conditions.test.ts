/** What is switched on by params, what is off, what cannot be told, and under which condition. */
import { describe, expect, it } from 'vitest';
import { calls, edges, process, read } from './read.ts';

const THREE = process('TRIM') + process('ALIGN') + process('REPORT');

describe('a known condition', () => {
  const script = `${THREE}
params.trim = true
workflow {
  reads = channel.fromPath('*.fq')
  if (params.trim) {
    TRIM(reads)
    ch = TRIM.out
  } else {
    ch = reads
  }
  ALIGN(ch)
  REPORT(ALIGN.out.collect())
}`;
  it('is said of what it switches on', () => {
    expect(calls(read(script))).toEqual(['TRIM: params.trim', 'ALIGN', 'REPORT']);
    expect(edges(read(script))).toEqual(['TRIM.0 -> ALIGN', 'ALIGN.0 -> REPORT via collect (barrier)']);
  });
  it('leaves what it switches off in the picture, as off', () => {
    const graph = read(script, { fileParams: { trim: false } });
    expect(calls(graph)).toEqual(['TRIM off: params.trim', 'ALIGN', 'REPORT']);
    expect(edges(graph)).toEqual(['TRIM.0 -> ALIGN off', 'ALIGN.0 -> REPORT via collect (barrier)']);
  });
});

describe('a condition on what only a run knows', () => {
  const script = `${THREE}
workflow {
  reads = channel.fromPath('*.fq')
  if (System.getenv('TRIM')) {
    TRIM(reads)
    reads = TRIM.out
  }
  ALIGN(reads)
}`;
  it('keeps both alternatives', () => {
    expect(calls(read(script))).toEqual(["TRIM ?: System.getenv('TRIM')", 'ALIGN']);
    expect(edges(read(script))).toEqual(['TRIM.0 -> ALIGN ?']);
  });
});

describe('a param that the schema requires', () => {
  const files = {
    'main.nf': `${THREE}\nworkflow { if (params.input) { TRIM(channel.fromPath(params.input)) } }`,
    'nextflow.config': 'params.input = null',
    'nextflow_schema.json': '{"$defs": {"io": {"required": ["input"]}}}',
  };
  it('is there in each run, whatever it is', () => {
    expect(calls(read(files))).toEqual(['TRIM: params.input']);
  });
});

describe('an early return', () => {
  const script = `${THREE}
params.only_trim = false
workflow QC {
  take: reads
  main:
  TRIM(reads)
  if (params.only_trim) { return }
  ALIGN(TRIM.out)
}
workflow { QC(channel.fromPath('*.fq')) }`;
  it('that is not taken changes nothing', () => {
    expect(calls(read(script))).toEqual(['QC:TRIM', 'QC:ALIGN']);
  });
  it('that is taken ends the workflow', () => {
    expect(calls(read(script, { fileParams: { only_trim: true } }))).toEqual(['QC:TRIM']);
  });
});

describe('a stop', () => {
  it('is said, and the walk goes on', () => {
    const graph = read(`${THREE}\nif (!params.input) { error "no --input" }\nworkflow { TRIM(channel.fromPath('*.fq')) }`);
    expect(calls(graph)).toEqual(['TRIM']);
    expect(graph.assumptions.map((one) => one.message)).toEqual(['that the pipeline goes on where these params stop it: “no --input”']);
  });
});

describe('an include whose path is a param', () => {
  const files = {
    'main.nf': `include { MAP } from "./mappers/\${params.mapper}"\nworkflow { MAP(channel.fromPath('*.fq')) }`,
    'mappers/bwa.nf': `${process('BWA')}\nworkflow MAP { take: x\n main: BWA(x) }`,
    'mappers/star.nf': `${process('STAR')}\nworkflow MAP { take: x\n main: STAR(x) }`,
  };
  it('means the one file when the param is known', () => {
    expect(calls(read(files, { fileParams: { mapper: 'bwa' } }))).toEqual(['MAP:BWA']);
  });
  it('means every file that it can mean when it is not', () => {
    const graph = read({ ...files, 'nextflow.config': "params.mapper = System.getenv('MAPPER')" });
    expect(graph.calls.map(({ id, active }) => [id, active])).toEqual([
      ['MAP:BWA', 'unknown'],
      ['MAP:STAR', 'unknown'],
    ]);
  });
});
