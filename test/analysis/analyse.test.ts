import { describe, expect, test } from 'vitest';
import { analyse } from '../../src/analysis/analyse.ts';
import { defineRule, type Rule } from '../../src/analysis/rule.ts';
import { suppressionsIn } from '../../src/analysis/suppressions.ts';
import { listOf } from '../../src/analysis/words.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { editDistance, nearest } from '../../src/source/nearest.ts';
import { SourceFile } from '../../src/source/source-file.ts';

const PROCESSES = `
process SORT {
    input:
    tuple val(id), path(bam)
    output:
    tuple val(id), path('*.sorted.bam')
    script:
    "samtools sort $bam"
}
process DEPTH {
    input:
    tuple val(id), path(bam)
    output:
    tuple val(id), path('*.tsv')
    script:
    "samtools depth $bam"
}
process REPORT {
    input:
    tuple val(id), path(bam)
    tuple val(id2), path(tsv)
    output:
    path '*.html'
    script:
    "report $bam $tsv"
}
`;
const workflow = (call: string): string => `${PROCESSES}
workflow {
    bams = channel.fromPath('*.bam').map { bam -> [ bam.name, bam ] }
    SORT(bams)
    DEPTH(bams)
    ${call}
}
`;

function run(files: Record<string, string>, options?: Parameters<typeof analyse>[2], rules?: readonly Rule[]) {
  const pipeline = loadPipeline(memoryTree(files), 'main.nf');
  return analyse(pipeline, buildProcessGraph(pipeline), options, rules);
}
const unpaired = workflow('REPORT(SORT.out, DEPTH.out)');

describe('suppressions', () => {
  test('on the same line', () => {
    const { findings } = run({ 'main.nf': workflow('REPORT(SORT.out, DEPTH.out) // pipeopt: ignore[unpaired-inputs] any table will do') });
    expect(findings.map(({ ruleId, suppressed }) => [ruleId, suppressed?.reason])).toEqual([['unpaired-inputs', 'any table will do']]);
  });

  test('alone on the line before a blank line it speaks about nothing', () => {
    const call = '// pipeopt: ignore[unpaired-inputs] any table\n\n    REPORT(SORT.out, DEPTH.out)';
    const { findings } = run({ 'main.nf': workflow(call) });
    expect(findings.map(({ ruleId, suppressed }) => [ruleId, suppressed?.reason])).toEqual([
      ['unpaired-inputs', undefined],
      ['unused-suppression', undefined],
    ]);
  });

  test('an id that no rule has is told once', () => {
    const { findings } = run({ 'main.nf': `// pipeopt: ignore-file[unpaired-input] any table\n${PROCESSES}workflow { }\n` });
    expect(findings.map(({ ruleId }) => ruleId)).toEqual(['unknown-suppression']);
  });

  test('alone on the line before, with other comments between', () => {
    const call = '// pipeopt: ignore[dead-selector, unpaired-inputs] any table\n    // another comment\n    REPORT(SORT.out, DEPTH.out)';
    const { findings } = run({ 'main.nf': workflow(call) });
    expect(findings.map(({ ruleId, suppressed }) => [ruleId, suppressed?.reason])).toEqual([
      ['unpaired-inputs', 'any table'],
      ['unused-suppression', undefined],
    ]);
  });

  test('not two lines before code, and not in a string', () => {
    const call =
      '// pipeopt: ignore[unpaired-inputs] wrong place\n    x = 1\n    REPORT(SORT.out, DEPTH.out)\n    y = "// pipeopt: ignore[unpaired-inputs]"';
    const { findings } = run({ 'main.nf': workflow(call) });
    expect(findings.map(({ ruleId, suppressed }) => [ruleId, suppressed?.reason])).toEqual([
      ['unpaired-inputs', undefined],
      ['unused-suppression', undefined],
    ]);
  });

  test('a rule that was not run leaves its comments in peace', () => {
    const files = { 'main.nf': `// pipeopt: ignore-file[dead-selector] shared\n${unpaired}` };
    expect(run(files, { ignore: ['dead-selector', 'unpaired-inputs'] }).findings).toEqual([]);
    expect(run(files, { select: ['unused-suppression'] }).findings).toEqual([]);
    expect(run(files, { select: ['unused-suppression', 'dead-selector'] }).findings).toHaveLength(1);
  });

  test('places and reasons', () => {
    const read = (text: string) =>
      suppressionsIn(new SourceFile('main.nf', text)).map(({ place, ruleId, reason, line, trouble }) => [
        place.file.slice(place),
        ruleId,
        reason,
        line,
        trouble !== undefined,
      ]);
    expect(read('/* pipeopt: ignore-file[a-rule] whole file */\nx = 1')).toEqual([['a-rule', 'a-rule', 'whole file', 'file', false]]);
    expect(read('#!/usr/bin/env nextflow\n\n// pipeopt: ignore-file[a] why\nx = 1')).toEqual([['a', 'a', 'why', 'file', false]]);
    expect(read('x = 1 // pipeopt: ignore[a]: why')).toEqual([['a', 'a', 'why', 1, false]]);
    expect(read('x = 1 // pipeopt: ignore[]')).toMatchObject([['pipeopt: ignore[]', '', '', 1, true]]);
    expect(read('x = 1 // pipeopt: is used here')).toEqual([]);
    expect(read("x = '// pipeopt: ignore[a]'")).toEqual([]);
    expect(read('"""\n// pipeopt: ignore[a]\n"""')).toEqual([]);
  });
});

describe('fingerprints', () => {
  const fingerprints = (text: string): string[] => run({ 'main.nf': text }).findings.map(({ fingerprint }) => fingerprint);

  test('survive moved lines and other blanks', () => {
    const [before] = fingerprints(unpaired);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprints(`\n\n// moved\n${unpaired.replace('REPORT(SORT.out, DEPTH.out)', 'REPORT( SORT.out,   DEPTH.out )')}`)).toEqual([
      before,
    ]);
  });

  test('of findings that are alike differ', () => {
    const config = "process {\n  withName: 'STAR_ALING' { cpus = 1 }\n}\n";
    const { findings } = run({ 'main.nf': unpaired, 'nextflow.config': config + config.replace('ALING', 'ALGIN') });
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(findings.length);
    const twice = defineRule({
      ...rule,
      *check({ graph }) {
        for (const name of ['SORT', 'DEPTH']) {
          const place = graph.pipeline.entry.file;
          yield { message: name, reason: '', advice: '', confidence: 'high', place: { file: place, start: 0, end: 1 } };
        }
      },
    });
    const same = run({ 'main.nf': unpaired }, {}, [twice]).findings;
    expect(same).toHaveLength(2);
    expect(same[0]?.fingerprint).not.toBe(same[1]?.fingerprint);
  });
});

const rule = {
  id: 'a-rule',
  title: '',
  severity: 'warning' as const,
  fixable: false,
  requires: [],
  docs: '',
} satisfies Partial<Rule>;

describe('the engine', () => {
  test('a rule that throws is a note, and the others go on', () => {
    const broken = defineRule({
      ...rule,
      id: 'broken',
      // biome-ignore lint/correctness/useYield: it breaks before it finds anything
      *check() {
        throw new Error('no such node');
      },
    });
    const unsure = defineRule({
      ...rule,
      *check() {
        yield { because: 'there is no trace', getItWith: 'give one with --trace' };
      },
    });
    const { notes } = run({ 'main.nf': unpaired }, {}, [broken, unsure]);
    expect(notes).toMatchObject([
      { kind: 'rule-failed', ruleIds: ['broken'], message: 'the rule broken broke off: no such node' },
      { kind: 'not-applicable', message: 'a-rule is not applicable, because there is no trace', hint: 'give one with --trace' },
    ]);
  });

  test('findings are sorted by gravity, then by place', () => {
    const { findings } = run({
      'main.nf': `include { PLOT } from './plot'\n${unpaired}`,
      'nextflow.config': "process { withName: 'REPROT' { cpus = 1 } }",
    });
    expect(findings.map(({ severity, ruleId }) => `${severity} ${ruleId}`)).toEqual([
      'error unresolved-include',
      'warning unpaired-inputs',
      'warning dead-selector',
    ]);
  });

  test('the shape goes with the findings', () => {
    const { shape } = run({ 'main.nf': unpaired });
    expect(shape).toEqual({
      levels: [['SORT', 'DEPTH'], ['REPORT']],
      width: 2,
      widthIs: 'exact',
      longestChain: ['SORT', 'REPORT'],
      waitForAll: [],
      cycle: undefined,
    });
  });

  test('the same input gives the same findings', () => {
    expect(JSON.stringify(run({ 'main.nf': unpaired }).findings)).toBe(JSON.stringify(run({ 'main.nf': unpaired }).findings));
  });
});

describe('names', () => {
  test('the nearest one', () => {
    expect(nearest('STAR_ALING', ['STAR_ALIGN', 'STAR_GENOMEGENERATE'])).toEqual(['STAR_ALIGN']);
    expect(nearest('bams', ['bam', 'bai', 'log'])).toEqual(['bam']);
    expect(nearest('MULTIQC', ['FASTQC', 'TRIM'])).toEqual([]);
    expect(editDistance('ab', 'ba', 2)).toBe(1);
    expect(editDistance('', 'abc', 5)).toBe(3);
    expect(editDistance('kitten', 'sitting', 5)).toBe(3);
  });

  test('in a row', () => {
    expect(listOf([])).toBe('');
    expect(listOf(['A'])).toBe('A');
    expect(listOf(['A', 'B', 'C'])).toBe('A, B and C');
    expect(listOf(['A', 'B', 'C', 'D'])).toBe('A, B and 2 more');
  });
});
