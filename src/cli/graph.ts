/** `pipeopt graph`. */

import { type GraphFormat, renderGraph } from '../report/graph-formats.ts';
import { readingCoreOf } from './core.ts';
import { coreOptions, type OutputFlags, type ReadingFlags } from './flags.ts';
import type { Host } from './host.ts';
import { output } from './output.ts';
import { analysePipelines } from './pipelines.ts';
import { say } from './say.ts';
import { type ExitCode, Trouble } from './trouble.ts';

export interface GraphFlags extends ReadingFlags, OutputFlags {
  readonly format: GraphFormat;
  readonly all?: boolean;
}

export async function graph(pattern: string, flags: GraphFlags, host: Host): Promise<ExitCode> {
  const core = await readingCoreOf(host);
  const options = await coreOptions(flags, host.cwd);
  const { reports, exitCode } = await analysePipelines([pattern], options, core, host, flags.progress);
  const [report] = reports;
  if (report === undefined) return exitCode;
  if (reports.length > 1)
    throw new Trouble(`${pattern} matches ${reports.length} pipelines; a graph shows one`, { hint: 'name one of them' });
  const { calls } = report.graph;
  if (flags.all !== true && flags.format !== 'json' && calls.length > 0 && calls.every((call) => call.active === false)) {
    say(
      host,
      'nothing runs under these params, so the picture is empty',
      '--all shows what is off, too; the params of a run are given with --params-file FILE or --param NAME=VALUE',
    );
  }
  output(renderGraph(report, flags.format, { all: flags.all === true }), flags.output, host);
  return exitCode;
}
