/**
 * Every folder of fixtures/right-sized is a pipeline with the trace of a run: what tasks should ask for, as a config (`pipeopt.config`), and what comes of it when the
 * pipeline is read again with it (`expected.txt`). UPDATE_EXPECTED=1 writes both anew, to be reviewed like code. Real Nextflow judges the
 * same: `node test/conformance/right-sized.mjs`.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { Evidence } from '../../src/analysis/estimate/evidence.ts';
import { Sizing } from '../../src/analysis/passes/sizing/sizing.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { openFolder } from '../../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';
import { type ConfigProof, proveConfig, type RightSizedConfig, rightSizedConfig } from '../../src/rewrite/right-sized-config.ts';

const root = fileURLToPath(new URL('../../fixtures/right-sized/', import.meta.url));

function read(folder: string, configs: readonly string[] = []) {
  const pipeline = loadPipeline(openFolder(folder), undefined, {
    configs: configs.map((text, at) => ({ path: `given-${at + 1}.config`, text })),
  });
  return { pipeline, graph: buildProcessGraph(pipeline) };
}

function sized(folder: string): RightSizedConfig & { prove(...later: string[]): ConfigProof } {
  const { pipeline, graph } = read(folder);
  const sizing = new Sizing(graph, new Evidence(graph, readTrace(readFileSync(`${folder}/trace.txt`, 'utf8'), 'trace.txt')));
  const config = rightSizedConfig(pipeline, graph, sizing);
  return { ...config, prove: (...later) => proveConfig(config, graph, read(folder, [config.text, ...later]).graph) };
}

function render({ held, lost, touched }: ConfigProof, { leftOut }: RightSizedConfig): string {
  return [
    `${held} as intended`,
    ...lost.map(
      ({ call, directive, attempt, intended, got, wonBy }) =>
        `lost     ${call.id} ${directive} of attempt ${attempt}: ${got} for ${intended}, by ${wonBy}`,
    ),
    ...touched.map(({ call, directive }) => `touched  ${call} ${directive}`),
    ...leftOut.map(({ call, because }) => `left out ${call.id}, because ${because}`),
    '',
  ].join('\n');
}

describe('a right-sized config', () => {
  test.each(readdirSync(root))('%s', (name) => {
    const folder = `${root}${name}`;
    const config = sized(folder);
    for (const [file, text] of [
      ['pipeopt.config', config.text],
      ['expected.txt', render(config.prove(), config)],
    ] as const) {
      if (process.env.UPDATE_EXPECTED || !existsSync(`${folder}/${file}`)) writeFileSync(`${folder}/${file}`, text);
      expect(text).toBe(readFileSync(`${folder}/${file}`, 'utf8'));
    }
  });

  test('that another config overrides is said to have lost, and to which selector', () => {
    const { lost } = sized(`${root}labels-and-aliases`).prove("process { withName: '.*:STAR_ALIGN' { memory = 99.GB } }");
    expect(lost.map(({ call, directive, attempt, got, wonBy }) => `${call.id} ${directive} ${attempt} ${got} ${wonBy}`)).toEqual(
      [1, 2, 3].map((attempt) => `RNASEQ:ALIGN:STAR_ALIGN memory ${attempt} 99 GB withName:.*:STAR_ALIGN`),
    );
  });

  test('that says nothing of a call leaves it as it was', () => {
    const { touched } = sized(`${root}labels-and-aliases`).prove('process { cpus = 3 }');
    expect(touched).toEqual([]);
    const other = sized(`${root}labels-and-aliases`).prove("process { withName: QUALIMAP { ext.args = '--fast' } }");
    expect(other.touched).toEqual([]);
    const changed = sized(`${root}labels-and-aliases`).prove("process { withName: '.*:QUALIMAP' { queue = 'long' } }");
    expect(changed.touched).toEqual([{ call: 'RNASEQ:ALIGN:QUALIMAP', directive: 'queue' }]);
  });
});
