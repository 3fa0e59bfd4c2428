/** The script of every call in every fixture can be read, whole and cut short, and says the same twice. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { buildProcessGraph } from '../../../src/parser/graph/build.ts';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import { loadPipeline, PipelineNotFound } from '../../../src/parser/pipeline/load.ts';
import { loadBash } from '../../../src/parser/shell/bash.ts';
import { readScript } from '../../../src/parser/shell/read-script.ts';

const root = fileURLToPath(new URL('../../../fixtures/', import.meta.url));
const bash = await loadBash();

function filesOf(folder: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = `${entry.parentPath}/${entry.name}`;
    files[path.slice(folder.length + 1)] = readFileSync(path, 'utf8');
  }
  return files;
}

const pipelines = ['graphs', 'config', 'dsl1', 'typed', 'pipelines', 'rules'].flatMap((kind) =>
  readdirSync(`${root}${kind}`, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('main.nf') && !/(modules|subworkflows)\//.test(path))
    .map((path) => `${kind}/${path.slice(0, -'/main.nf'.length)}`),
);

/** Uses of inputs, call by call. */
function told(files: Record<string, string>): string[] {
  try {
    const graph = buildProcessGraph(loadPipeline(memoryTree(files), 'main.nf', {}));
    return graph.calls.map((call) => {
      const { inputs, steps, opaque } = readScript(call, { graph, bash });
      return `${call.id} ${opaque ?? steps.length} ${inputs.map(({ name, use }) => `${name} ${use}`).join(', ')}`;
    });
  } catch (error) {
    if (error instanceof PipelineNotFound) return [];
    throw error;
  }
}

test(`${pipelines.length} fixtures`, () => {
  expect(pipelines.length).toBeGreaterThan(100);
  for (const pipeline of pipelines) {
    const files = filesOf(`${root}${pipeline}`);
    expect(told(files), pipeline).toEqual(told(files));
    const main = files['main.nf'] ?? '';
    for (const share of [0.3, 0.55, 0.8]) told({ ...files, 'main.nf': main.slice(0, Math.floor(main.length * share)) });
  }
});
