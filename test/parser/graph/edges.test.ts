/** Open edges are found first, and closed ones only when somebody asks for all. */
import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { buildProcessGraph } from '../../../src/parser/graph/build.ts';
import type { ProcessEdge } from '../../../src/parser/graph/process-graph.ts';
import { openPipeline } from '../../../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../../../src/parser/pipeline/load.ts';
import { process, read } from './read.ts';

const FOLDERS = ['fixtures/graphs', 'fixtures/pipelines', 'fixtures/dsl1'].map(
  (path) => new URL(`../../../${path}/`, import.meta.url).pathname,
);

it('the open edges are those of all edges that are open, in every fixture', () => {
  for (const folder of FOLDERS)
    for (const name of readdirSync(folder)) {
      const { tree, entryPath } = openPipeline(folder + name);
      const graph = buildProcessGraph(loadPipeline(tree, entryPath, {}));
      expect(graph.openEdges.map(shown).sort(), name).toEqual(
        graph.edges
          .filter(({ active }) => active !== false)
          .map(shown)
          .sort(),
      );
    }
});

it('too many edges are left out, and that is said; of closed ones only where they are shown', () => {
  const names = Array.from({ length: 650 }, (_, at) => `STEP_${at}`);
  const body = names.map((name) => `${name}(ch)\n ch = ch.mix(${name}.out)\n`).join('');
  const script = (condition: string) =>
    `${names.map((name) => process(name)).join('')}workflow { def ch = channel.of(1)\n if (${condition}) { ${body} } }`;
  const [open, closed] = [read(script('true')), read(script('false'))];
  expect(open.notes.map(({ message }) => message).join()).toMatch(/too many edges/);
  expect(open.callsWithoutEdges).toBeGreaterThan(0);
  expect(closed.openEdges).toEqual([]);
  expect(closed.notes).toEqual([]);
  expect(closed.callsWithoutEdges).toBe(open.callsWithoutEdges);
});

function shown({ from, to, port, via, kind, barrier, active, guard }: ProcessEdge): string {
  const start = 'id' in from ? from.id : `${from.text} ${from.place.start}`;
  return JSON.stringify([
    start,
    to.id,
    port ?? null,
    via,
    kind,
    barrier,
    active,
    guard.map(({ place, negated }) => [place.start, negated]),
  ]);
}
