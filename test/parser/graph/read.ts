/** Small pipelines written in a test, read into a graph and told in lines that a reviewer can read. */
import { type BuildOptions, buildProcessGraph } from '../../../src/parser/graph/build.ts';
import type { ProcessGraph } from '../../../src/parser/graph/process-graph.ts';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import { type LoadOptions, loadPipeline } from '../../../src/parser/pipeline/load.ts';

export interface ReadOptions extends LoadOptions, BuildOptions {}

export function read(files: string | Record<string, string>, options: ReadOptions = {}): ProcessGraph {
  const tree = memoryTree(typeof files === 'string' ? { 'main.nf': files } : files);
  return buildProcessGraph(loadPipeline(tree, 'main.nf', options), options);
}

/** `FASTQC`, `QUAST off: params.assemble`, `MULTIQC ?: …` in the order in which they were met. */
export function calls(graph: ProcessGraph): string[] {
  return graph.calls.map(({ id, active, guard }) => {
    const text = guard.map((literal) => literal.text).join(' && ');
    return `${id}${active === true ? '' : active === false ? ' off' : ' ?'}${text === '' ? '' : `: ${text}`}`;
  });
}

/** `A.bam -> B via map, groupTuple (barrier)`; sources are left out. */
export function edges(graph: ProcessGraph): string[] {
  return graph.edges.flatMap(({ from, to, port, via, barrier, active }) =>
    'type' in from
      ? []
      : [
          `${from.id}${port === undefined ? '' : `.${port}`} -> ${to.id}${via.length === 0 ? '' : ` via ${via.join(', ')}`}${barrier ? ' (barrier)' : ''}${active === true ? '' : active === false ? ' off' : ' ?'}`,
        ],
  );
}

/** A process of one input and one output, as short as can be. */
export function process(name: string, input = 'path x', output = `path '*.${name.toLowerCase()}'`): string {
  return `process ${name} {\n  input:\n  ${input}\n\n  output:\n  ${output}\n\n  script:\n  "true"\n}\n`;
}
