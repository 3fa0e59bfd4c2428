import { describe, expect, test } from 'vitest';
import { renderGraph } from '../../src/report/graph-formats.ts';
import { withoutImplied } from '../../src/report/implied-edges.ts';
import { exome, hostile, variantCalling } from './samples.ts';

describe('graph', () => {
  test('exome as dot', async () => {
    await expect(renderGraph(exome, 'dot')).toMatchFileSnapshot('expected/exome.dot');
  });
  test('exome as mermaid, with what is off', async () => {
    await expect(renderGraph(exome, 'mermaid', { all: true })).toMatchFileSnapshot('expected/exome.mmd');
  });
  test('json is the graph of the report', () => {
    const graph = JSON.parse(renderGraph(exome, 'json'));
    expect(Object.keys(graph)).toEqual(['schemaVersion', 'calls', 'sources', 'edges', 'outputs', 'shape']);
    expect(graph.edges).toHaveLength(exome.graph.edges.length);
  });

  test('workflows nest', () => {
    const dot = renderGraph(variantCalling, 'dot');
    expect(dot).toContain('label="CRAM_MERGE_INDEX_SAMTOOLS"');
    expect(dot.match(/\{/g)?.length).toBe(dot.match(/\}/g)?.length);
    const mermaid = renderGraph(variantCalling, 'mermaid');
    expect(mermaid.match(/^ *subgraph /gm)?.length).toBe(mermaid.match(/^ *end$/gm)?.length);
  });
  test('calls that are off are left out, or dashed with all', () => {
    expect(renderGraph(exome, 'dot')).not.toContain('EXPANSION_HUNTER');
    expect(renderGraph(exome, 'dot', { all: true })).toMatch(/label="EXPANSION_HUNTER".*dashed/);
  });
  test('a large graph tells Graphviz to take less care, and has no labels on its edges', () => {
    const [edge] = exome.graph.edges;
    const calls = Array.from({ length: 300 }, (_, index) => ({ ...exome.graph.calls[0]!, id: `ALL:P${index}` }));
    const edges = calls.slice(1).map(({ id }) => ({ ...edge!, from: 'ALL:P0', to: id, via: ['groupTuple'], active: true as const }));
    const large = renderGraph({ ...exome, graph: { ...exome.graph, calls, edges } }, 'dot');
    expect(large).toContain('  nslimit=1;\n');
    expect(large).toContain('-> call2 [tooltip="groupTuple"');
    expect(renderGraph(exome, 'dot')).not.toContain('nslimit');
  });
  test('edges that a longer way implies are found, loops or not', () => {
    const edges = (text: string) => text.split(' ').map((pair) => ({ from: pair[0]!, to: pair[1]! }));
    const left = (text: string) =>
      withoutImplied(edges(text))
        .map(({ from, to }) => from + to)
        .join(' ');
    expect(left('ab bc ac cd ad bd')).toBe('ab bc cd');
    expect(left('ac ab bc')).toBe('ab bc');
    expect(left('ab ba bc ac aa')).toBe('ab ba bc aa');
    expect(left('ab cd')).toBe('ab cd');
  });
  test('labels cannot leave their quotes', () => {
    const dot = renderGraph(hostile, 'dot');
    expect(dot).toContain('label="B\\"];x->y[label=\\""'.replace('B', 'AB'));
    expect(dot).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const mermaid = renderGraph(hostile, 'mermaid');
    // Between the quotes stand letters, digits and #code; alone.
    for (const label of mermaid.matchAll(/\["(.*)"\]|\|"(.*)"\|/g)) expect(label[1] ?? label[2]).toMatch(/^[\p{L}\p{N} _.:,+…#;-]*$/u);
  });
});
