// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the interpolation is Groovy's

/** What a file declares, in small; `npm run conformance` holds the same against nf-lang on all fixtures. */
import { expect, test } from 'vitest';
import { factsOf } from '../../../scripts/facts/facts.ts';

// biome-ignore lint/suspicious/noExplicitAny: records are read as JSON is
type Json = any;
const script = (...lines: string[]): Json => factsOf('main.nf', lines.join('\n'));
const config = (...lines: string[]): Json => factsOf('nextflow.config', lines.join('\n'));

test('a process', () => {
  const { processes } = script(
    'process QUANT {',
    "    label 'low'; maxForks -1",
    '    publishDir(params.outdir, // where',
    "        mode: 'copy',",
    '    )',
    '    debug',
    '    input:',
    '    tuple val(meta), path(reads), 1',
    '    each mode',
    '    output:',
    "    path '*.sf', emit: counts, optional: params.skip == true",
    '    when:',
    '    (task.ext.when) // asked',
    '    shell:',
    '    // first',
    '    def x = 1',
    '    "quant $x" // last',
    '}',
  );
  expect(processes).toEqual([
    {
      name: 'QUANT',
      line: 1,
      endLine: 18,
      directives: [
        { name: 'label', argsText: "'low'", line: 2 },
        { name: 'maxForks', argsText: '-1', line: 2 },
        { name: 'publishDir', argsText: "params.outdir, // where\n        mode: 'copy'", line: 3 },
        { name: 'debug', argsText: '', line: 6 },
      ],
      inputs: [
        {
          qualifier: 'tuple',
          text: 'tuple val(meta), path(reads), 1',
          line: 8,
          elements: [
            { qualifier: 'val', text: 'val(meta)' },
            { qualifier: 'path', text: 'path(reads)' },
            { qualifier: null, text: '1' },
          ],
        },
        { qualifier: 'each', text: 'each mode', line: 9, elements: [{ qualifier: null, text: 'mode' }] },
      ],
      outputs: [
        {
          qualifier: 'path',
          text: "path '*.sf', emit: counts, optional: params.skip == true",
          line: 11,
          emit: 'counts',
          optional: 'params.skip == true',
        },
      ],
      when: '(task.ext.when)',
      scriptKind: 'shell',
      script: { line: 16, endLine: 17, text: 'def x = 1\n    "quant $x"' },
      stub: false,
    },
  ]);
});

test('an arguments text', () => {
  const { workflows } = script('workflow {', "  A('x'), emit: y", "  B ('x') { z }", '  C(', '    1, /* of two */', '    2,', '  )', '}');
  // the first and the last are a command whose first argument is in parentheses, and a closure behind them
  expect(script('process P {', "  publishDir ('x'), mode: y", '  "true"', '}').processes[0].directives[0].argsText).toBe("('x'), mode: y");
  expect(workflows[0].calls.map((one: Json) => one.argsText)).toEqual(["('x'), emit: y", "('x') { z }", '1, /* of two */\n    2']);
});

test('calls and operators, by name', () => {
  const [workflow] = script(
    "include { TRIM as CUT ; sortBam } from './x'",
    'def own(x) { x }',
    'workflow W {',
    '  own(1)',
    "  '🧬'; sortBam(1)",
    '  CUT | map { "${ALIGN(it)}" } | (COUNT & (p ? CUT : last)) | x.take | view',
    '  reads | max',
    '  list.join(2)',
    '}',
  ).workflows;
  expect(workflow.calls.map((one: Json) => `${one.name} ${one.line}:${one.column}`)).toEqual([
    'sortBam 5:8',
    'CUT 6:3',
    'ALIGN 6:18',
    'COUNT 6:35',
    'CUT 6:48',
  ]);
  expect(workflow.operators.map((one: Json) => `${one.name} ${one.line}:${one.column}`)).toEqual([
    'map 6:9',
    'last 6:54',
    'view 6:72',
    'max 7:11',
    'join 8:8',
  ]);
});

test('workflows', () => {
  const { workflows } = script(
    'workflow W {',
    '  take: reads ; index',
    '  main:',
    '  if (a) { x } else if (b) { y }',
    '  emit:',
    '  bam = (reads)',
    '  index',
    '}',
    'workflow {',
    '  main:',
    '  W(1, 2)',
    '  publish:',
    '  bam = W.out.bam',
    '}',
  );
  expect(workflows).toEqual([
    {
      name: 'W',
      line: 1,
      endLine: 8,
      takes: ['reads', 'index'],
      emits: [
        { name: 'bam', text: '(reads)', line: 6 },
        { name: 'index', text: 'index', line: 7 },
      ],
      publishers: [],
      calls: [],
      operators: [],
      ifCount: 2,
    },
    {
      name: null,
      line: 9,
      endLine: 14,
      takes: [],
      emits: [],
      publishers: [{ name: 'bam', text: 'W.out.bam', line: 13 }],
      calls: [{ name: 'W', argsText: '1, 2', line: 11, column: 3 }],
      operators: [],
      ifCount: 0,
    },
  ]);
});

test('what else a script declares', () => {
  const facts = script(
    '#!/usr/bin/env nextflow',
    'nextflow.enable.dsl = 2',
    "include { A ; B as C } from './modules/a'",
    'params.reads = null',
    'params.save.bam = false',
    'enum Strand { FORWARD, REVERSE }',
    'def mean(xs, w = 1) {',
    '  xs }',
    "output { bam { path 'bam' } }",
  );
  expect(facts).toMatchObject({
    shebang: '#!/usr/bin/env nextflow',
    featureFlags: [{ name: 'nextflow.enable.dsl', valueText: '2', line: 2 }],
    includes: [
      {
        source: './modules/a',
        names: [
          { name: 'A', alias: null },
          { name: 'B', alias: 'C' },
        ],
        line: 3,
      },
    ],
    params: ['reads', 'save.bam'],
    functions: [{ name: 'mean', line: 7, endLine: 8, params: ['xs', 'w'] }],
    output: [{ name: 'bam', directives: [{ name: 'path', argsText: "'bam'", line: 9 }] }],
    classes: 1,
    enums: ['Strand'],
    topLevelStatements: 0,
  });
});

test('a script without declarations is a workflow', () => {
  const facts = script('ch = channel.of(1)', 'ch.map { it }');
  expect(facts.topLevelStatements).toBe(2);
  expect(facts.workflows).toMatchObject([
    { name: null, implicit: true, line: 1, endLine: 2, operators: [{ name: 'map', line: 2, column: 4 }] },
  ]);
});

test('a config', () => {
  const facts = config(
    'plugins {',
    "  id 'nf-schema@2.1.1'",
    '  id "nf-prov@${v}"',
    '}',
    'process {',
    "  withName: 'A|B' { ext.args = ( 1 ) }",
    '  withLabel: low { cpus = 1 }',
    '}',
    "process.'withName:C'.cpus = 2",
    'profiles { arm { ',
    "  includeConfig 'arm.config'",
    "  plugins { id 'nf-wave@1' }",
    '} }',
    "includeConfig (a ? b : '/dev/null')",
  );
  expect(facts).toEqual({
    file: 'nextflow.config',
    kind: 'config',
    ok: true,
    errors: [],
    assignments: [
      { path: 'process.withName:A|B.ext.args', valueText: '( 1 )', line: 6 },
      { path: 'process.withLabel:low.cpus', valueText: '1', line: 7 },
      { path: 'process.withName:C.cpus', valueText: '2', line: 9 },
    ],
    includes: [
      { sourceText: "'arm.config'", line: 11, block: 'profiles.arm' },
      { sourceText: "(a ? b : '/dev/null')", line: 14, block: '' },
    ],
    plugins: ['nf-schema@2.1.1'],
    applied: [
      { path: 'plugins.id', argsText: '"nf-prov@${v}"', line: 3 },
      { path: 'profiles.arm.plugins.id', argsText: "'nf-wave@1'", line: 12 },
    ],
  });
});

test('of a file that cannot be read there is nothing but what is wrong', () => {
  expect(script("/* 🧬 */ x = 'open")).toEqual({
    file: 'main.nf',
    kind: 'script',
    ok: false,
    errors: [{ line: 1, column: 13, message: expect.stringContaining('never closed') }],
  });
});
