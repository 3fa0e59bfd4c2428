// Our graphs and settings against what real Nextflow said once (fixtures/graphs, fixtures/config): needs no Java.
// `npm run conformance` asks real Nextflow again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyzeTree, openPipeline } from '../../src/run.ts';
import { runsOf } from '../conformance/cases.mjs';
import { directiveDifferences, graphDifferences } from '../conformance/compare.mjs';
import { hasNoChannels, pictureOf, translate } from '../conformance/ours.mjs';

function reportOf(run) {
  const { params, configs } = translate(run);
  const { tree, entryPath } = openPipeline(join(run.folder, run.script ?? 'main.nf'));
  return analyzeTree(tree, entryPath, {
    params,
    profiles: run.profiles ? run.profiles.split(',') : [],
    configFiles: configs.map((path) => ({ path: join(run.folder, path), text: readFileSync(join(run.folder, path), 'utf8') })),
    nextflowVersion: run.parser === 'v2' ? '26.04' : '25.04',
    userFolder: run.folder,
  });
}

describe('process graphs', () => {
  for (const run of runsOf('graphs')) {
    it(run.id, () => {
      const ours = pictureOf(reportOf(run).graph);
      const undrawn = new Set((run.expected.undrawn ?? []).map((edge) => edge.join('\t')));
      const drawn = { ...ours, edges: ours.edges.filter((edge) => !undrawn.has(edge.join('\t'))) };
      const labels = { got: 'pipeopt', want: 'Nextflow' };
      expect(graphDifferences(run.expected, drawn, labels, (id) => hasNoChannels(run, ours.calls.get(id)))).toEqual([]);
      for (const edge of undrawn) expect(ours.edges.map((one) => one.join('\t'))).toContain(edge);
    });
  }
});

describe('effective settings', () => {
  for (const run of runsOf('config')) {
    it(run.id, () => {
      const calls = new Map(reportOf(run).graph.calls.map((call) => [call.id, call]));
      expect(directiveDifferences(run.expected.tasks, calls)).toEqual([]);
    });
  }
});
