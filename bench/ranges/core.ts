// What run.mjs and figures.mjs need of pipeopt, bundled: Node 20 reads no TypeScript.
import { resolve } from 'node:path';
import { analyse } from '../../src/analysis/analyse.ts';
import { Evidence } from '../../src/analysis/estimate/evidence.ts';
import { UNCERTAINTY, type Uncertainty } from '../../src/analysis/estimate/uncertainty.ts';
import type { PlatformOptions } from '../../src/analysis/simulate/platforms/choice.ts';
import { ListValue } from '../../src/parser/evaluate/value.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import type { ProcessGraph } from '../../src/parser/graph/process-graph.ts';
import { openPipeline, openUserFiles } from '../../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import type { TraceRun } from '../../src/parser/trace/trace-run.ts';

export { loadPrices } from '../../src/analysis/cost/catalogue.ts';
export { releasesOf } from '../../src/analysis/simulate/schedule.ts';
export { readTrace } from '../../src/parser/trace/read-trace.ts';
export { linked } from '../replay/links.ts';
export { modelOf } from '../replay/model.ts';
export { JUDGED } from './runs.ts';
export { UNCERTAINTY };

export interface Given {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly profile?: string;
  readonly cwd?: string;
  /** Text of a config, as `-c` would give it. */
  readonly config?: string | undefined;
}

/** Seconds, and dollars. */
export interface Told {
  readonly tasks: number;
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  readonly cost?: { readonly low: number; readonly expected: number; readonly high: number };
}

function graphOf(path: string, given: Given): ProcessGraph {
  const { tree, entryPath } = openPipeline(resolve(path));
  return buildProcessGraph(
    loadPipeline(tree, entryPath, {
      fileParams: given.params ?? {},
      commandLineParams: {},
      profiles: given.profile === undefined ? [] : [given.profile],
      configs: given.config === undefined ? [] : [{ path: 'run.config', text: given.config }],
      userFiles: openUserFiles(given.cwd ?? '.'),
    }),
  );
}

/** What `analyze --platform` says of a pipeline with the traces of other runs, or with none. */
export function told(
  path: string,
  given: Given & { readonly sizes?: Readonly<Record<string, number>> },
  runs: readonly TraceRun[],
  platform: PlatformOptions,
  uncertainty: Uncertainty,
): Told {
  const graph = graphOf(path, given);
  const { times, onPlatform } = analyse(
    graph.pipeline,
    graph,
    { runs, platform, uncertainty, sizes: new Map(Object.entries(given.sizes ?? {})) },
    [],
  );
  const now = onPlatform?.times?.now;
  if ('untimed' in times || now === undefined) throw new Error(onPlatform?.stuck ?? 'nothing is timed');
  const { low, expected, high } = now.wallClock;
  return { tasks: times.tasks, low, expected, high, ...(now.money && { cost: now.money.cost }) };
}

/** Of each process of a run, its label and the seconds that its middle task took. */
export function labelledTimes(path: string, given: Given, runs: readonly TraceRun[]): readonly { label: string; seconds: number }[] {
  const graph = graphOf(path, given);
  const evidence = new Evidence(graph, runs);
  return graph.calls.flatMap((call) => {
    const times = evidence.of(call)?.times();
    if (times === undefined || times.length === 0) return [];
    const value = graph.directivesOf(call).get('label')?.value;
    const labels = value instanceof ListValue ? value.items : [value];
    const label = Object.keys(UNCERTAINTY.labelled.full.labels).find((one) => labels.includes(one)) ?? 'none';
    return [{ label, seconds: (times.sort()[(times.length - 1) >> 1] as number) / 1000 }];
  });
}
