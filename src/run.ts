/** The product on one page: load → graph → analyse → report. Synchronous, and a pure function of the files and options given. */
import { analyse } from './analysis/analyse.ts';
import type { PriceBook } from './analysis/cost/price-book.ts';
import type { ScaledRun } from './analysis/estimate/scaling.ts';
import type { FrontQuestions } from './analysis/front/answers.ts';
import { Scripts } from './analysis/passes/scripts.ts';
import { resultOf, type TrialsResult, trialsIn, type UnitPrices } from './analysis/passes/trials.ts';
import { unitPrices } from './analysis/passes/unit-prices.ts';
import { countsSamples, type ProbeParts, type ProbePlan, probePlan } from './analysis/probe.ts';
import { allRules } from './analysis/rules/index.ts';
import type { PlatformOptions } from './analysis/simulate/platforms/choice.ts';
import { buildProcessGraph } from './parser/graph/build.ts';
import type { ProcessCall } from './parser/graph/process-graph.ts';
import { matchRun } from './parser/graph/trace-matches.ts';
import { openPipeline, openUserFiles } from './parser/pipeline/disk.ts';
import type { FileTree } from './parser/pipeline/file-tree.ts';
import { type LoadOptions, loadPipeline, PipelineNotFound } from './parser/pipeline/load.ts';
import { type Table, tableOf, tableOfRows } from './parser/pipeline/table.ts';
import { type BashParser, loadBash } from './parser/shell/bash.ts';
import { readTrace } from './parser/trace/read-trace.ts';
import type { TraceRun } from './parser/trace/trace-run.ts';
import type { Report, Severity } from './report/report.ts';
import { type ExperimentParts, type ExperimentWishes, experiment, settingText, WrongExperiment } from './rewrite/experiment-config.ts';
import { type ConfigProof, proveConfig, rightSizedConfig } from './rewrite/right-sized-config.ts';
import { trialsConfig } from './rewrite/trials-config.ts';
import { toReport } from './to-report.ts';

export { loadPrices, WrongPrices } from './analysis/cost/catalogue.ts';
export type { PriceBook } from './analysis/cost/price-book.ts';
export { type PriceList, type PriceQuery, priceList, UnknownPrice } from './analysis/cost/price-list.ts';
export type { ProbePlan } from './analysis/probe.ts';
export { type PlatformOptions, UnknownPlatform } from './analysis/simulate/platforms/choice.ts';
export { EntryNotFound } from './parser/graph/build.ts';
export { UnknownCount } from './parser/graph/model/binding.ts';
export { UnknownProfile } from './parser/pipeline/config.ts';
export { UnreadableTable } from './parser/pipeline/table.ts';
export { UnreadableTrace } from './parser/trace/trace-run.ts';
export { type ExperimentWishes, WrongExperiment } from './rewrite/experiment-config.ts';
export { openPipeline, PipelineNotFound };

declare const PIPEOPT_VERSION: string | undefined;
export const VERSION: string = typeof PIPEOPT_VERSION === 'string' ? PIPEOPT_VERSION : '0.0.0-dev';

export interface AnalyzeOptions {
  /** Of a params file, decoded. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** `--param k=v`, as typed; `true` for a bare flag. They win over the params file. */
  readonly commandLineParams?: Readonly<Record<string, string | boolean>>;
  readonly profiles?: readonly string[];
  /** Configs beside the pipeline's own (`-c`), each with its text. */
  readonly configFiles?: readonly { readonly path: string; readonly text: string }[];
  readonly nextflowVersion?: string;
  /** The workflow to start from; the unnamed one when absent. */
  readonly entry?: string;
  /** How many there are of what the formulas of `graph.calls[].tasks` name: `samples`, `intervals`. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** What the pipeline reads as its input: the text of a CSV or TSV file, or the rows of another, decoded. Its rows are counted. */
  readonly samplesheet?: { readonly path: string } & ({ readonly text: string } | { readonly rows: unknown });
  /** Of runs of the pipeline: traces, reports, timelines, exports of Seqera Platform. Their tasks are timed; those of the first are
   * counted. With a `scale` (0.03: on 3 % of the input) they tell alone how long tasks take on the whole of it. */
  readonly traces?: readonly { readonly path: string; readonly text: string; readonly scale?: number }[];
  /** How long a task of a call takes, in seconds: by the call's full or last name, or its process's. */
  readonly durations?: Readonly<Record<string, { readonly low: number; readonly high: number; readonly source: string }>>;
  /** What reads scripts, as `loadShell` gives it. Without it rules about scripts are not applicable. */
  readonly shell?: BashParser;
  /** Where the tasks run; without, there is room for all of them. A cloud needs `prices`, as `loadPrices` gives them. */
  readonly platform?: PlatformOptions;
  /** By which it is worked out what the runs of `traces` cost. */
  readonly prices?: PriceBook;
  /** With `platform`: time against money there, and what of it answers these questions. It takes some seconds. */
  readonly front?: FrontQuestions;
  /** Is told what takes that long. */
  readonly progress?: (text: string) => void;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  /** The folder from which relative paths in params are meant. Absent: no file that a param names is looked at. */
  readonly userFolder?: string;
}

export interface RuleInfo {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Markdown. */
  readonly docs: string;
}

export const RULES: readonly RuleInfo[] = allRules.map(({ id, title, severity, docs }) => ({ id, title, severity, docs }));

/** What reads the commands of scripts. It is loaded once; after that everything is synchronous. */
export const loadShell: () => Promise<BashParser> = loadBash;

/**
 * A pipeline on disk, by its folder or its script. A Promise, so that what is loaded lazily one day changes no caller.
 * @throws PipelineNotFound, EntryNotFound, UnknownProfile, UnknownCount, UnknownPlatform, UnreadableTable, UnreadableTrace
 */
export async function analyze(path: string, options: AnalyzeOptions = {}): Promise<Report> {
  const { tree, entryPath } = openPipeline(path);
  return analyzeTree(tree, entryPath, { ...options, shell: options.shell ?? (await loadShell()) });
}

/** @throws PipelineNotFound, EntryNotFound, UnknownProfile, UnknownCount, UnknownPlatform, UnreadableTable, UnreadableTrace */
export function analyzeTree(tree: FileTree, entryPath: string | undefined, options: AnalyzeOptions = {}): Report {
  const { reading, from, pipeline, graph, asked } = read(tree, entryPath, options);
  const analysis = analyse(pipeline, graph, asked);
  const givenParams = { ...options.params, ...options.commandLineParams };
  const rightSized = () => {
    const config = rightSizedConfig(pipeline, graph, analysis.sizing);
    // In no folder that a user has: an older one may have been given with -c.
    const configs = [...(reading.configs ?? []), { path: '(proposed)/pipeopt.config', text: config.text }];
    return { config, proof: proveConfig(config, graph, buildProcessGraph(loadPipeline(tree, entryPath, { ...reading, configs }), from)) };
  };
  return toReport({ pipeline, graph, analysis, givenParams, version: VERSION, rightSized });
}

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
  const results = new Map<ProcessCall, TrialsResult>();
  for (const call of graph.calls) {
    const trials = matches.flatMap(({ run, rowsOf }) => trialsIn(run, rowsOf.get(call) ?? new Int32Array()));
    if (new Set(trials.map(({ cpus, memory, queue }) => `${cpus} ${memory} ${queue}`)).size > 1)
      results.set(call, resultOf(trials, prices));
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

function read(tree: FileTree, entryPath: string | undefined, options: AnalyzeOptions) {
  const reading: LoadOptions = {
    fileParams: options.params ?? {},
    commandLineParams: options.commandLineParams ?? {},
    profiles: options.profiles ?? [],
    configs: options.configFiles ?? [],
    ...(options.nextflowVersion === undefined ? {} : { nextflowVersion: options.nextflowVersion }),
    ...(options.userFolder === undefined ? {} : { userFiles: openUserFiles(options.userFolder) }),
  };
  const from = options.entry === undefined ? {} : { entry: options.entry };
  const pipeline = loadPipeline(tree, entryPath, reading);
  const graph = buildProcessGraph(pipeline, from);
  const { sizes, durations, shell, samplesheet, traces, select, ignore } = options;
  const asked = {
    ...(select === undefined ? {} : { select }),
    ...(ignore === undefined ? {} : { ignore }),
    sizes: new Map(Object.entries(sizes ?? {})),
    durations: new Map(Object.entries(durations ?? {})),
    samplesheet: samplesheet === undefined ? undefined : sheetOf(samplesheet),
    ...runsOf(traces ?? []),
    bash: shell,
    platform: options.platform,
    prices: options.prices,
    front: options.front,
    progress: options.progress,
  };
  return { reading, from, pipeline, graph, asked };
}

function sheetOf(given: NonNullable<AnalyzeOptions['samplesheet']>): Table {
  const name = nameOf(given.path);
  return 'text' in given ? tableOf(given.text, name) : tableOfRows(given.rows, name);
}

/** Files of the same name are told apart by their folders, as far as need be. */
function runsOf(traces: NonNullable<AnalyzeOptions['traces']>): {
  readonly runs: readonly TraceRun[];
  readonly scaledRuns: readonly ScaledRun[];
} {
  const parts = traces.map(({ path }) => path.split(/[\\/]/));
  const endOf = (index: number, length: number): string => (parts[index] as string[]).slice(-length).join('/');
  const read = traces.flatMap(({ text, scale = 1 }, index) => {
    const alike = parts.flatMap((_, other) => (other !== index && endOf(other, 1) === endOf(index, 1) ? [other] : []));
    let length = 1;
    while (length < (parts[index] as string[]).length && alike.some((other) => endOf(other, length) === endOf(index, length))) length += 1;
    return readTrace(text, endOf(index, length)).map((run): ScaledRun => ({ run, scale }));
  });
  return { runs: read.filter(({ scale }) => scale === 1).map(({ run }) => run), scaledRuns: read.filter(({ scale }) => scale !== 1) };
}

/** The report has no path of this machine. */
function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
