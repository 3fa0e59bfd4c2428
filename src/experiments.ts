/** Runs that a user makes to learn more: the small ones that would tell most, and sizing experiments with what came of them. Nothing is run here. */
import { analyse } from './analysis/analyse.ts';
import { Scripts } from './analysis/passes/needs/scripts.ts';
import { unitPrices } from './analysis/passes/platform/unit-prices.ts';
import { stagingMemoryOf } from './analysis/passes/sizing/staging-memory.ts';
import { resultOf, type TrialsResult, trialsIn, type UnitPrices } from './analysis/passes/sizing/trials.ts';
import { countsSamples, type ProbeParts, type ProbePlan, probePlan } from './analysis/probe.ts';
import { buildProcessGraph } from './parser/graph/build.ts';
import type { ProcessCall } from './parser/graph/process-graph.ts';
import { matchRun } from './parser/graph/trace-matches.ts';
import type { FileTree } from './parser/pipeline/file-tree.ts';
import { loadPipeline } from './parser/pipeline/load.ts';
import type { TraceRun } from './parser/trace/trace-run.ts';
import { type AnalyzeOptions, read, runsOf } from './read.ts';
import { type ExperimentParts, type ExperimentWishes, experiment, settingText, WrongExperiment } from './rewrite/experiment-config.ts';
import { type ConfigProof, proveConfig } from './rewrite/right-sized-config.ts';
import { trialsConfig } from './rewrite/trials-config.ts';

/**
 * The small runs that would tell most, and what is known already.
 * @param asked how the user starts the pipeline, and the traces as typed: both stand in the commands that are proposed
 * @throws PipelineNotFound, EntryNotFound, UnknownProfile, UnknownCount, UnknownPlatform, UnreadableTable, UnreadableTrace
 */
export function probeTree(
  tree: FileTree,
  entryPath: string | undefined,
  options: AnalyzeOptions,
  asked: Pick<ProbeParts, 'launch' | 'traces' | 'config'>,
): ProbePlan {
  const { pipeline, graph, asked: reading } = read(tree, entryPath, options);
  const analysis = analyse(pipeline, graph, { ...reading, select: [] });
  const ofOne = { ...reading, select: [], sizes: new Map([...reading.sizes, ['samples', 1]]) };
  const oneSample = countsSamples(analysis) ? analyse(pipeline, graph, ofOne) : undefined;
  const { samplesheet } = reading;
  return probePlan({ pipeline, graph, analysis, oneSample, samplesheet, samples: options.sizes?.samples, ...asked });
}

export interface ExperimentDesign {
  /** Quoted word by word. */
  readonly command: readonly string[];
  readonly config: string;
  readonly readme: string;
  readonly calls: readonly {
    readonly call: string;
    /** By attempt: `8 cpus 16 GB`. */
    readonly attempts: readonly string[];
    readonly goesOn: boolean;
    readonly doubts: readonly string[];
    readonly secondsAtMost?: number;
  }[];
  /** What of it would not take effect: another config wins, or a limit caps it. */
  readonly lost: readonly Lost[];
  /** Settings of other calls that it would change: it must not be used. */
  readonly touched: readonly string[];
}

type Lost = Omit<ConfigProof['lost'][number], 'call'> & { readonly call: string };

/**
 * A sizing experiment as a config for the pipeline as it is.
 * @throws WrongExperiment, and what `analyzeTree` throws
 */
export function experimentTree(
  tree: FileTree,
  entryPath: string | undefined,
  options: AnalyzeOptions,
  { launch, folder, wishes }: Pick<ExperimentParts, 'launch' | 'folder'> & { readonly wishes: ExperimentWishes },
): ExperimentDesign {
  const { reading, from, pipeline, graph, asked } = read(tree, entryPath, options);
  const { sizing, durations } = analyse(pipeline, graph, { ...asked, select: [] });
  const scripts = new Scripts(graph, asked.bash);
  const made = experiment(
    {
      ...{ pipeline, graph, sizing, launch, folder },
      readingOf: (call) => scripts.of(call),
      secondsOf: (call) => {
        const { basis, median } = durations.of(call);
        return basis === 'assumed' ? undefined : median;
      },
    },
    wishes,
  );
  const configs = [...(reading.configs ?? []), { path: '(proposed)/experiment.config', text: made.config }];
  const again = buildProcessGraph(loadPipeline(tree, entryPath, { ...reading, configs }), from);
  const { lost, touched } = proveConfig({ blocks: made.calls.map(({ block }) => block) }, graph, again);
  return {
    ...{ command: made.command, config: made.config, readme: made.readme },
    calls: made.calls.map(({ call, settings, goesOn, doubts, secondsAtMost }) => ({
      call: call.id,
      attempts: settings.map(settingText),
      goesOn,
      doubts,
      ...(secondsAtMost === undefined ? {} : { secondsAtMost }),
    })),
    lost: lost.map((one) => ({ ...one, call: one.call.id })),
    touched: touched.map(({ call, directive }) => `${call} ${directive}`),
  };
}

export interface ExperimentResults {
  readonly calls: readonly (TrialsResult & { readonly call: string })[];
  readonly prices: UnitPrices;
  /** What the calls should ask for; absent where nothing came through, or where it would change other settings. */
  readonly config?: string;
  readonly lost: readonly Lost[];
  /** What of the traces could not be used. */
  readonly notes: readonly TraceNote[];
}

type TraceNote = Pick<TraceRun['problems'][number], 'message' | 'hint'>;

/**
 * What came of a sizing experiment: its traces, or any of runs in which tasks of a call got different cpus or memory.
 * @throws WrongExperiment where no call did, and what `analyzeTree` throws
 */
export function experimentResults(
  tree: FileTree,
  entryPath: string | undefined,
  options: AnalyzeOptions,
  traces: NonNullable<AnalyzeOptions['traces']>,
): ExperimentResults {
  const { reading, from, pipeline, graph } = read(tree, entryPath, options);
  const prices = unitPrices(options.platform);
  const matches = runsOf(traces).runs.map((run) => matchRun(graph.calls, run));
  const stagingOf = stagingMemoryOf(pipeline, graph, matches, options.platform?.name);
  const results = new Map<ProcessCall, TrialsResult>();
  for (const call of graph.calls) {
    const trials = matches.flatMap(({ run, rowsOf }) => trialsIn(run, rowsOf.get(call) ?? new Int32Array()));
    if (new Set(trials.map(({ cpus, memory, queue }) => `${cpus} ${memory} ${queue}`)).size > 1)
      results.set(call, resultOf(trials, prices, stagingOf(call)?.bytes));
  }
  if (results.size === 0)
    throw new WrongExperiment(
      'no call of the pipeline was tried with several settings',
      'is it the trace of an experiment, of this pipeline and under these params?',
    );
  const { text, blocks } = trialsConfig(pipeline, graph, results);
  const configs = [...(reading.configs ?? []), { path: '(proposed)/pipeopt.config', text }];
  const { lost, touched } = proveConfig({ blocks }, graph, buildProcessGraph(loadPipeline(tree, entryPath, { ...reading, configs }), from));
  return {
    calls: [...results].map(([call, result]) => ({ call: call.id, ...result })),
    prices,
    ...(text === '' || touched.length > 0 ? {} : { config: text }),
    lost: lost.map((one) => ({ ...one, call: one.call.id })),
    notes: matches.flatMap(({ run }) =>
      run.problems.map(({ message, hint }): TraceNote => ({ message, ...(hint === undefined ? {} : { hint }) })),
    ),
  };
}
