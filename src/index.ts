/** The public API: re-exports only. */
export type { FileTree } from './parser/pipeline/file-tree.ts';
export { memoryTree } from './parser/pipeline/file-tree.ts';
export { renderGraph } from './report/graph-formats.ts';
export { renderJson } from './report/json.ts';
export type { Report, ReportDocument } from './report/report.ts';
export { renderText } from './report/terminal.ts';
export {
  type AnalyzeOptions,
  analyze,
  analyzeTree,
  EntryNotFound,
  loadPrices,
  loadShell,
  openPipeline,
  PipelineNotFound,
  type PlatformOptions,
  type PriceBook,
  type PriceList,
  type PriceQuery,
  priceList,
  RULES,
  type RuleInfo,
  UnknownCount,
  UnknownPlatform,
  UnknownPrice,
  UnknownProfile,
  UnreadableTable,
  UnreadableTrace,
  VERSION,
  WrongPrices,
} from './run.ts';
