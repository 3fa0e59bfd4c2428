/** What the command line asks of `run.ts`. Its own words for it, so that a test can stand in for the whole core. */
import type { FileTree } from '../parser/pipeline/file-tree.ts';
import type { Report, Severity } from '../report/report.ts';

export interface CoreOptions {
  params?: Record<string, unknown>;
  /** As typed: Nextflow's version decides whether `7` is a number. `--param x` alone is true. */
  commandLineParams?: Record<string, string | boolean>;
  profiles?: string[];
  configFiles?: { path: string; text: string }[];
  nextflowVersion?: string;
  entry?: string;
  select?: string[];
  ignore?: string[];
  /** Relative paths in params are meant from here. */
  userFolder?: string;
}

export interface Core {
  openPipeline(path: string): { tree: FileTree; entryPath: string | undefined };
  analyzeTree(tree: FileTree, entryPath: string | undefined, options: CoreOptions): Report;
  readonly RULES: readonly { readonly id: string; readonly title: string; readonly severity: Severity; readonly docs: string }[];
  readonly EntryNotFound: new (...args: never[]) => Error & { readonly hint: string };
  readonly PipelineNotFound: new (...args: never[]) => Error & { readonly hint: string | undefined };
}
