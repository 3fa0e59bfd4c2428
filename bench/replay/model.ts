// Which calls of a pipeline wait for which, as pipeopt reads it from the source.
import { resolve } from 'node:path';
import { analyse } from '../../src/analysis/analyse.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { closureOf } from '../../src/parser/graph/model/dimensions.ts';
import type { Dependences, Summand } from '../../src/parser/graph/model/shapes.ts';
import { openPipeline, openUserFiles } from '../../src/parser/pipeline/disk.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';

export interface ModelOptions {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly profile?: string;
  readonly cwd?: string;
}

export interface CallWait {
  readonly on: string;
  /** Of those of its sample, its group, … and not of all. */
  readonly some: boolean;
  /** One is enough. */
  readonly any: boolean;
}

export interface ModelCall {
  readonly id: string;
  readonly waits: readonly CallWait[];
  /** Those of which it is given something. */
  readonly data: readonly CallWait[];
}

/** Each call behind those that it waits for. */
export function modelOf(path: string, options: ModelOptions): readonly ModelCall[] {
  const { tree, entryPath } = openPipeline(resolve(path));
  const pipeline = loadPipeline(tree, entryPath, {
    fileParams: options.params ?? {},
    commandLineParams: {},
    profiles: options.profile === undefined ? [] : [options.profile],
    configs: [],
    userFiles: openUserFiles(options.cwd ?? '.'),
  });
  const { model, parallelism } = analyse(pipeline, buildProcessGraph(pipeline), {}, []);
  return parallelism.inOrder
    .filter((call) => call.active !== false)
    .map((call) => {
      const { summands } = model.tasksOf(call);
      const waitsOf = (view: (summand: Summand) => Dependences): CallWait[] => {
        const found = new Map<string, CallWait>();
        for (const summand of summands)
          for (const [on, { tied, any }] of view(summand)) {
            const has = new Set(model.tasksOf(on).summands.flatMap(({ index }) => [...closureOf(index)]));
            const some = [...tied].some((dimension) => has.has(dimension));
            const before = found.get(on.id);
            // Tasks that wait for some must not be made to wait for all.
            found.set(on.id, { on: on.id, some: some || before?.some === true, any: any === true || before?.any === true });
          }
        return [...found.values()];
      };
      return { id: call.id, waits: waitsOf(({ waits }) => waits), data: waitsOf(({ data }) => data) };
    });
}
