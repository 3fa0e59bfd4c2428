/** Tasks as they are placed are as many as the formulas say, and those of two labels of a branch are of different items. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/analysis/analyse.ts';
import { PlacedTasks, type TaskGroup, taskGraph } from '../../../src/analysis/simulate/task-graph.ts';
import { buildProcessGraph } from '../../../src/parser/graph/build.ts';
import { openFolder } from '../../../src/parser/pipeline/disk.ts';
import { type FileTree, memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../../src/parser/pipeline/load.ts';

function placed(tree: FileTree, sizes: Readonly<Record<string, number>> = {}) {
  const pipeline = loadPipeline(tree, undefined, {});
  const analysis = analyse(pipeline, buildProcessGraph(pipeline), { sizes: new Map(Object.entries(sizes)) }, []);
  const { model, binding, parallelism } = analysis;
  const places = new PlacedTasks(model, binding);
  const calls = parallelism.inOrder.filter(({ active }) => active !== false);
  const graph = taskGraph(places, calls, (_, { waits }) => waits);
  const groupOf = (name: string): TaskGroup => graph.groups.find(({ call }) => call.name === name) as TaskGroup;
  return { model, binding, places, calls, graph, groupOf };
}

const fixtures = fileURLToPath(new URL('../../../fixtures/', import.meta.url));

describe('as many as the formula says', () => {
  test.each(['graphs', 'tasks', 'pipelines'])('in all of fixtures/%s', (kind) => {
    let told = 0;
    for (const name of readdirSync(`${fixtures}${kind}`)) {
      const { model, binding, places, calls, graph } = placed(openFolder(`${fixtures}${kind}/${name}`));
      expect([name, places.count(calls)]).toEqual([name, graph.tasks]);
      for (const { call, size } of graph.groups) {
        const { count, opaque } = model.tasksOf(call);
        const number = opaque === undefined ? binding.countOf(count) : undefined;
        if (number === undefined) continue;
        told += 1;
        expect([name, call.id, size]).toEqual([name, call.id, number]);
      }
    }
    expect(told).toBeGreaterThan(10);
  });
});

const STEP = (name: string, inputs = 'val x') => `process ${name} {\n  input:\n  ${inputs}\n  output:\n  val x\n  script:\n  "true"\n}\n`;
const BRANCHED = `${['ALIGN', 'INDEX', 'SORT', 'CALL'].map((name) => STEP(name)).join('')}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).branch { row ->
    bam: row.bam
    fastq: true
  }
  INDEX(reads.bam)
  ALIGN(reads.fastq)
  SORT(INDEX.out.mix(ALIGN.out))
}
`;

describe('of a branch', () => {
  const tree = memoryTree({ 'main.nf': BRANCHED, 'nextflow.config': "params.input = 'samples.csv'" });
  const whose = (sizes: Record<string, number>, name: string): number[] => {
    const { places, calls } = placed(tree, sizes);
    const call = calls.find((one) => one.name === name) as (typeof calls)[number];
    return places.of(call).parts.flatMap((part) => [...([...part.places.values()][0] as Int32Array)]);
  };

  test('whose numbers are not known each label gets its share', () => {
    expect(whose({ samples: 6 }, 'INDEX')).toEqual([0, 1, 2]);
    expect(whose({ samples: 6 }, 'ALIGN')).toEqual([3, 4, 5]);
    expect(whose({ samples: 5 }, 'INDEX').length + whose({ samples: 5 }, 'ALIGN').length).toBe(5);
  });

  test('as many as are known, and no item has both labels', () => {
    const sizes = { samples: 6, 'samples (bam)': 1, 'samples (fastq)': 5 };
    expect(whose(sizes, 'INDEX')).toEqual([0]);
    expect(whose(sizes, 'ALIGN')).toEqual([1, 2, 3, 4, 5]);
    expect(placed(tree, sizes).groupOf('SORT').size).toBe(6);
  });

  test('more than there are items by what else is known: several stand at one place', () => {
    expect(whose({ samples: 2, 'samples (fastq)': 5 }, 'ALIGN')).toEqual([0, 0, 0, 1, 1]);
  });
});

test('of all pairs those that are known to belong together are of different samples', () => {
  const pairs = `${STEP('PEAKS', 'tuple val(id), val(x), val(other), val(y)')}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row] }
  PEAKS(reads.combine(reads).filter { id, x, other, y -> x.control == other })
}
`;
  const tree = memoryTree({ 'main.nf': pairs, 'nextflow.config': "params.input = 'samples.csv'" });
  const { model, calls } = placed(tree, { samples: 6 });
  const name = model.dimensions.selectedNames()[0] as string;
  const { places } = placed(tree, { samples: 6, [name]: 4 });
  const call = calls[0] as (typeof calls)[number];
  expect(places.of(call).parts.flatMap((part) => [...([...part.places.values()].at(-1) as Int32Array)])).toEqual([0, 1, 3, 4]);
});
