import { describe, expect, test } from 'vitest';
import { renderGraph } from '../../src/report/graph-formats.ts';
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
  test('labels cannot leave their quotes', () => {
    const dot = renderGraph(hostile, 'dot');
    expect(dot).toContain('label="B\\"];x->y[label=\\""'.replace('B', 'AB'));
    expect(dot).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    const mermaid = renderGraph(hostile, 'mermaid');
    // Between the quotes stand letters, digits and #code; alone.
    for (const label of mermaid.matchAll(/\["(.*)"\]|\|"(.*)"\|/g)) expect(label[1] ?? label[2]).toMatch(/^[\p{L}\p{N} _.:,+…#;-]*$/u);
  });
});
