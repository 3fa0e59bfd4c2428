/** What the command line asks of `run.ts`. Its own words for it, so that a test can stand in for the whole core. */

import { compileShellGrammar } from '../parser/grammar/wasm.ts';
import type { FileTree } from '../parser/pipeline/file-tree.ts';
import type { Report, Severity } from '../report/report.ts';
import type {
  AnalyzeOptions,
  ExperimentDesign,
  ExperimentResults,
  ExperimentWishes,
  PlatformOptions,
  PriceBook,
  PriceList,
  PriceQuery,
  ProbePlan,
} from '../run.ts';
import type { Host } from './host.ts';

/** Gathered flag by flag. */
export type CoreOptions = { -readonly [Name in keyof AnalyzeOptions]: AnalyzeOptions[Name] };

/** How the user starts the pipeline. */
export interface Launch {
  readonly pipeline: string;
  readonly words: readonly string[];
}

export interface Core {
  openPipeline(path: string): { tree: FileTree; entryPath: string | undefined };
  analyzeTree(tree: FileTree, entryPath: string | undefined, options: CoreOptions): Report;
  /** The small runs that would tell most; of how the user starts the pipeline, and of the traces as typed, commands are made. */
  probeTree(
    tree: FileTree,
    entryPath: string | undefined,
    options: CoreOptions,
    asked: {
      readonly launch: Launch;
      readonly traces: readonly string[];
      readonly config?: string | undefined;
    },
  ): ProbePlan;
  /** A sizing experiment, as a config for the pipeline. */
  experimentTree(
    tree: FileTree,
    entryPath: string | undefined,
    options: CoreOptions,
    asked: { readonly launch: Launch; readonly folder: string; readonly wishes: ExperimentWishes },
  ): ExperimentDesign;
  /** What came of it. */
  experimentResults(
    tree: FileTree,
    entryPath: string | undefined,
    options: CoreOptions,
    traces: NonNullable<AnalyzeOptions['traces']>,
  ): ExperimentResults;
  /** The catalogue, with what a decoded file of prices says laid over it. */
  loadPrices(declared?: unknown): Promise<PriceBook>;
  /** Each of the names with what it can have of what is said for all, the first with where other calls run (`CALLS=PLATFORM`). */
  severalPlatforms(
    names: readonly string[],
    shared: Omit<PlatformOptions, 'name' | 'routes'>,
    routes: readonly string[],
  ): PlatformOptions[];
  priceList(prices: PriceBook, query: PriceQuery): PriceList;
  loadShell(): Promise<NonNullable<CoreOptions['shell']>>;
  readonly RULES: readonly { readonly id: string; readonly title: string; readonly severity: Severity; readonly docs: string }[];
  readonly EntryNotFound: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnknownCount: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnknownPlatform: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnknownPrice: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnreadableTable: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnreadableTrace: new (...args: never[]) => Error & { readonly hint: string };
  readonly UnknownProfile: new (...args: never[]) => Error & { readonly hint: string };
  readonly WrongExperiment: new (...args: never[]) => Error & { readonly hint: string };
  readonly WrongPrices: new (...args: never[]) => Error;
  readonly PipelineNotFound: new (...args: never[]) => Error & { readonly hint: string | undefined };
}

/** The host's own, or the product. */
export function coreOf(host: Host): Promise<Core> {
  return host.loadCore?.() ?? import('../run.ts');
}

/** To read pipelines. The shell's grammar is compiled on other threads while all else is loaded: 20 ms of the 50 that this takes. */
export function readingCoreOf(host: Host): Promise<Core> {
  if (host.loadCore === undefined) void compileShellGrammar();
  return coreOf(host);
}
