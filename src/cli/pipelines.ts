/** From what the user named to reports: globs, checks, the core, and what is said when one of several cannot be read. */
import { resolve } from 'node:path';
import { expandPaths } from '../parser/pipeline/expand.ts';
import type { FileTree } from '../parser/pipeline/file-tree.ts';
import type { Report } from '../report/report.ts';
import type { Core, CoreOptions } from './core.ts';
import type { Host } from './host.ts';
import { Progress } from './progress.ts';
import { checkPipelinePath } from './read-files.ts';
import { say, sayError } from './say.ts';
import { EXIT, type ExitCode } from './trouble.ts';

export interface Analysed<Result = Report> {
  /** One for each pipeline that could be read. */
  readonly reports: Result[];
  /** Whether more than one was asked for, by a glob or by name; it may be that only one could be read. */
  readonly several: boolean;
  /** The worst of what went wrong on the way; `fine` when every pipeline was read. */
  readonly exitCode: ExitCode;
}

export async function analysePipelines(
  patterns: readonly string[],
  options: CoreOptions,
  core: Core,
  host: Host,
  showProgress: boolean,
): Promise<Analysed> {
  return readPipelines(patterns, options, core, host, showProgress, core.analyzeTree);
}

/** @param read what is made of each: of its files and of the options, with what reads scripts */
export async function readPipelines<Result>(
  patterns: readonly string[],
  options: CoreOptions,
  core: Core,
  host: Host,
  showProgress: boolean,
  read: (tree: FileTree, entryPath: string | undefined, options: CoreOptions) => Result,
): Promise<Analysed<Result>> {
  const reports: Result[] = [];
  const codes: ExitCode[] = [];
  const paths: string[] = [];
  let several = patterns.length > 1;
  for (const { pattern, glob, paths: found } of await expandPaths(patterns, host.cwd)) {
    several ||= glob;
    if (glob && found.length === 0) {
      say(host, `nothing matches ${pattern}`, `looked in ${host.cwd}`);
      codes.push(EXIT.noPipeline);
    }
    for (const path of found) if (!paths.includes(path)) paths.push(path);
  }
  const progress = new Progress(host, showProgress);
  const withShell: CoreOptions = paths.length === 0 ? options : { ...options, shell: await core.loadShell() };
  // Nothing else takes long enough to be told.
  if (options.front !== undefined) withShell.progress = (text) => progress.show(text);
  paths.forEach((path, index) => {
    progress.show(paths.length === 1 ? `reading ${path}` : `reading ${path} (${index + 1} of ${paths.length})`);
    try {
      checkPipelinePath(path, host.cwd);
      const { tree, entryPath } = core.openPipeline(resolve(host.cwd, path));
      reports.push(read(tree, entryPath, withShell));
    } catch (error) {
      progress.clear();
      codes.push(troubleCode(error, core, host));
    }
  });
  progress.clear();
  const exitCode = codes.includes(EXIT.couldNot) ? EXIT.couldNot : codes.includes(EXIT.noPipeline) ? EXIT.noPipeline : EXIT.fine;
  return { reports, several, exitCode };
}

function troubleCode(error: unknown, core: Core, host: Host): ExitCode {
  for (const Mistake of [
    core.EntryNotFound,
    core.UnknownProfile,
    core.UnknownCount,
    core.UnknownPlatform,
    core.UnreadableTable,
    core.UnreadableTrace,
    core.WrongExperiment,
  ]) {
    if (!(error instanceof Mistake)) continue;
    say(host, error.message, error.hint);
    return EXIT.couldNot;
  }
  if (!(error instanceof core.PipelineNotFound)) return sayError(host, error);
  say(host, error.message, error.hint);
  return EXIT.noPipeline;
}
