/** What a user gives, read: the pipeline with its graph, and what the analysis is asked. The same for all that pipeopt does with a pipeline. */
import type { PriceBook } from './analysis/cost/price-book.ts';
import type { ScaledRun } from './analysis/estimate/scaling.ts';
import type { FrontQuestions } from './analysis/front/answers.ts';
import type { PlatformOptions } from './analysis/simulate/platforms/choice.ts';
import { buildProcessGraph } from './parser/graph/build.ts';
import { openUserFiles } from './parser/pipeline/disk.ts';
import type { FileTree } from './parser/pipeline/file-tree.ts';
import { type LoadOptions, loadPipeline } from './parser/pipeline/load.ts';
import { type Table, tableOf, tableOfRows } from './parser/pipeline/table.ts';
import type { BashParser } from './parser/shell/bash.ts';
import { readTrace } from './parser/trace/read-trace.ts';
import type { TraceRun } from './parser/trace/trace-run.ts';

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
  /** With `platform`: others to stand beside it in `sideBySide`. */
  readonly beside?: readonly PlatformOptions[];
  /** By which it is worked out what the runs of `traces` cost. */
  readonly prices?: PriceBook;
  /** With `platform`: time against money there, and what of it answers these questions. It takes some seconds. */
  readonly front?: FrontQuestions;
  /** Numbers of samples, each of which is simulated: what a run of so many takes and costs. */
  readonly grow?: readonly number[];
  /** Is told what takes that long. */
  readonly progress?: (text: string) => void;
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  /** The folder from which relative paths in params are meant. Absent: no file that a param names is looked at. */
  readonly userFolder?: string;
}

/** @throws PipelineNotFound, EntryNotFound, UnknownProfile, UnknownCount, UnreadableTable, UnreadableTrace */
export function read(tree: FileTree, entryPath: string | undefined, options: AnalyzeOptions) {
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
    beside: options.beside,
    prices: options.prices,
    front: options.front,
    grow: options.grow,
    progress: options.progress,
  };
  return { reading, from, pipeline, graph, asked };
}

function sheetOf(given: NonNullable<AnalyzeOptions['samplesheet']>): Table {
  const name = nameOf(given.path);
  return 'text' in given ? tableOf(given.text, name) : tableOfRows(given.rows, name);
}

/** Files of the same name are told apart by their folders, as far as need be. */
export function runsOf(traces: NonNullable<AnalyzeOptions['traces']>): {
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
