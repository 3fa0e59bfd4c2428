/** `pipeopt analyze`. */

import { renderJson } from '../report/json.ts';
import { type ReportDocument, SCHEMA_VERSION, type Severity } from '../report/report.ts';
import { reaches } from '../report/statements.ts';
import { renderText } from '../report/terminal.ts';
import { readingCoreOf } from './core.ts';
import { coreOptions, knownRules, type OutputFlags, type ReadingFlags } from './flags.ts';
import type { Host } from './host.ts';
import { output } from './output.ts';
import { analysePipelines } from './pipelines.ts';
import { frontQuestions, type PlatformFlags, platformOptions } from './platform.ts';
import { textOptions } from './terminal-facts.ts';
import { EXIT, type ExitCode, Trouble } from './trouble.ts';
import { checkConfigFlag, writeConfig } from './write-config.ts';

export interface AnalyzeFlags extends ReadingFlags, PlatformFlags, OutputFlags {
  readonly format: 'text' | 'json';
  readonly select?: readonly string[];
  readonly ignore?: readonly string[];
  readonly failOn: Severity | 'none';
  readonly writeConfig?: string;
  readonly grow?: readonly number[];
  readonly front?: boolean;
  readonly deadline?: number;
  readonly maxCost?: number;
  readonly valueOfTime?: number;
}

export async function analyze(patterns: readonly string[], flags: AnalyzeFlags, host: Host): Promise<ExitCode> {
  if (flags.quiet === true && flags.verbose === true) {
    throw new Trouble('-q and -v contradict each other', { hint: '-q leaves findings alone, -v adds every call and every place' });
  }
  checkConfigFlag(flags);
  const core = await readingCoreOf(host);
  const options = await coreOptions(flags, host.cwd);
  if (flags.select !== undefined) options.select = knownRules(flags.select, '--select', core.RULES);
  if (flags.ignore !== undefined) options.ignore = knownRules(flags.ignore, '--ignore', core.RULES);
  Object.assign(options, await platformOptions(flags, core, host.cwd));
  const front = frontQuestions(flags);
  if (front !== undefined) options.front = front;
  if (flags.grow !== undefined) options.grow = flags.grow;
  const start = host.now();
  const { reports, several, exitCode } = await analysePipelines(
    patterns.length === 0 ? ['.'] : patterns,
    options,
    core,
    host,
    flags.progress && flags.quiet !== true,
  );
  const [first] = reports;
  if (first === undefined) return exitCode;
  const document: ReportDocument = { schemaVersion: SCHEMA_VERSION, tool: first.tool, reports };
  const read = host.now();
  const toFile = flags.output !== undefined && flags.output !== '-';
  const text =
    flags.format === 'json'
      ? renderJson(document, several)
      : renderText(document, { ...textOptions(host, flags.color, toFile, flags.verbose === true), findingsOnly: flags.quiet === true });
  output(text, flags.output, host);
  if (flags.writeConfig !== undefined) writeConfig(reports, flags.writeConfig, host);
  if (flags.stats === true) {
    const files = reports.reduce((sum, { coverage }) => sum + coverage.files, 0);
    host.stderr.write(
      `pipeopt: ${files} files read and analysed in ${Math.round(read - start)} ms, written in ${Math.round(host.now() - read)} ms\n`,
    );
  }
  if (exitCode !== EXIT.fine) return exitCode;
  const { failOn } = flags;
  return failOn !== 'none' && reports.some((report) => reaches(report, failOn)) ? EXIT.findings : EXIT.fine;
}
