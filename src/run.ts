/** The product on one page: load → graph → analyse → report. Synchronous, and a pure function of the files and options given. */
import { analyse } from './analysis/analyse.ts';
import { allRules } from './analysis/rules/index.ts';
import { buildProcessGraph } from './parser/graph/build.ts';
import { openPipeline } from './parser/pipeline/disk.ts';
import type { FileTree } from './parser/pipeline/file-tree.ts';
import { loadPipeline, PipelineNotFound } from './parser/pipeline/load.ts';
import { type BashParser, loadBash } from './parser/shell/bash.ts';
import { type AnalyzeOptions, read } from './read.ts';
import type { Report, Severity } from './report/report.ts';
import { proveConfig, rightSizedConfig } from './rewrite/right-sized-config.ts';
import { toReport } from './to-report/to-report.ts';

export { loadPrices, WrongPrices } from './analysis/cost/catalogue.ts';
export type { PriceBook } from './analysis/cost/price-book.ts';
export { type PriceList, type PriceQuery, priceList, UnknownPrice } from './analysis/cost/price-list.ts';
export type { ProbePlan } from './analysis/probe.ts';
export { type PlatformOptions, UnknownPlatform } from './analysis/simulate/platforms/choice.ts';
export { severalPlatforms } from './analysis/simulate/platforms/several.ts';
export { type ExperimentDesign, type ExperimentResults, experimentResults, experimentTree, probeTree } from './experiments.ts';
export { EntryNotFound } from './parser/graph/build.ts';
export { UnknownCount } from './parser/graph/model/binding.ts';
export { UnknownProfile } from './parser/pipeline/config.ts';
export { UnreadableTable } from './parser/pipeline/table.ts';
export { UnreadableTrace } from './parser/trace/trace-run.ts';
export type { AnalyzeOptions } from './read.ts';
export { type ExperimentWishes, WrongExperiment } from './rewrite/experiment-config.ts';
export { openPipeline, PipelineNotFound };

declare const PIPEOPT_VERSION: string | undefined;
export const VERSION: string = typeof PIPEOPT_VERSION === 'string' ? PIPEOPT_VERSION : '0.0.0-dev';

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
    const config = rightSizedConfig(pipeline, graph, analysis.sizing, analysis.rightSizing);
    // In no folder that a user has: an older one may have been given with -c.
    const configs = [...(reading.configs ?? []), { path: '(proposed)/pipeopt.config', text: config.text }];
    return { config, proof: proveConfig(config, graph, buildProcessGraph(loadPipeline(tree, entryPath, { ...reading, configs }), from)) };
  };
  return toReport({ pipeline, graph, analysis, givenParams, version: VERSION, rightSized });
}
