/** What is written into a config is what is simulated, at every attempt. */
import { describe, expect, test } from 'vitest';
import { Evidence } from '../../src/analysis/estimate/evidence.ts';
import { askedBy } from '../../src/analysis/passes/platform/asked-requests.ts';
import { askingFor } from '../../src/analysis/passes/platform/right-sized-run.ts';
import { amountOf } from '../../src/analysis/passes/sizing/attempts.ts';
import { ladderClosure } from '../../src/analysis/passes/sizing/ladder-text.ts';
import { rungOf } from '../../src/analysis/passes/sizing/memory-ladder.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import type { ProcessCall, ProcessGraph } from '../../src/parser/graph/process-graph.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';

const MIB = 2 ** 20;
const MAIN = "process ASSEMBLE {\n  memory '64 GB'\n  script:\n  'assemble'\n}\nworkflow { ASSEMBLE() }\n";

function graphWith(settings: string): { graph: ProcessGraph; call: ProcessCall } {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': `process { withName: ASSEMBLE {\n${settings}\n} }` });
  const graph = buildProcessGraph(loadPipeline(tree, 'main.nf', { fileParams: {}, commandLineParams: {}, profiles: [], configs: [] }));
  return { graph, call: graph.calls[0] as ProcessCall };
}

function* ladders(count: number): Iterable<{ ladder: number[]; maxRetries: number }> {
  let state = 7;
  const upTo = (most: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % most;
  };
  for (let round = 0; round < count; round += 1) {
    const rungs = Array.from({ length: 1 + upTo(4) }, () => (1 + upTo(200)) * 128 * MIB);
    yield { ladder: [...new Set(rungs)].sort((one, two) => one - two), maxRetries: 1 + upTo(7) };
  }
}

describe('a ladder that is proposed', () => {
  test('asks at each attempt for as much as the run is simulated with, and so does the config once it is given', () => {
    for (const { ladder, maxRetries } of ladders(200)) {
      const retries = `errorStrategy = 'retry'\nmaxRetries = ${maxRetries}`;
      const standing = graphWith(retries);
      const simulated = askingFor(askedBy(standing.graph, new Evidence(standing.graph, []), standing.call).settings, { memory: ladder });
      const attempts = Array.from({ length: simulated.maxRetries + 1 }, (_, at) => at + 1);
      const given = graphWith(`${retries}\nmaxRetries = ${simulated.maxRetries}\nmemory = ${ladderClosure(ladder)}`);
      const memory = given.graph.directivesOf(given.call).get('memory');
      const written = attempts.map((attempt) => amountOf(memory?.atAttempt(attempt)));
      expect(written).toEqual(attempts.map((attempt) => rungOf(ladder, attempt - 1)));
      for (const { ladders: asked } of [simulated, askedBy(given.graph, new Evidence(given.graph, []), given.call).settings]) {
        const requests = asked[0] ?? [];
        expect(attempts.map((attempt) => requests[Math.min(attempt, requests.length) - 1]?.memoryBytes)).toEqual(written);
      }
    }
  });
});
