/** `pipeopt probe`. */
import { probeJson } from '../report/probe-page.ts';
import { renderProbe } from '../report/terminal.ts';
import { readingCoreOf } from './core.ts';
import { coreOptions, launchWords, type OutputFlags, type ReadingFlags } from './flags.ts';
import type { Host } from './host.ts';
import { output } from './output.ts';
import { readPipelines } from './pipelines.ts';
import { type PlatformFlags, platformOptions } from './platform.ts';
import { say } from './say.ts';
import { textOptions } from './terminal-facts.ts';
import { type ExitCode, Trouble } from './trouble.ts';
import { writeWhole } from './write-file.ts';

export interface ProbeFlags extends ReadingFlags, PlatformFlags, OutputFlags {
  readonly format: 'text' | 'json';
  readonly writeConfig?: string;
}

export async function probe(pattern: string, flags: ProbeFlags, host: Host): Promise<ExitCode> {
  if (flags.writeConfig === '-') throw new Trouble('--write-config -: the page goes there', { hint: 'name a file, such as probe.config' });
  const core = await readingCoreOf(host);
  const options = await coreOptions(flags, host.cwd);
  Object.assign(options, await platformOptions(flags, core, host.cwd));
  const asked = { launch: { pipeline: pattern, words: launchWords(flags) }, traces: flags.trace ?? [], config: flags.writeConfig };
  const { reports, exitCode } = await readPipelines([pattern], options, core, host, flags.progress, (tree, entryPath, withShell) =>
    core.probeTree(tree, entryPath, withShell, asked),
  );
  const [plan] = reports;
  if (plan === undefined) return exitCode;
  if (reports.length > 1)
    throw new Trouble(`${pattern} matches ${reports.length} pipelines; a probe is of one`, { hint: 'name one of them' });
  const toFile = flags.output !== undefined && flags.output !== '-';
  output(
    flags.format === 'json' ? probeJson(plan) : renderProbe(plan, textOptions(host, flags.color, toFile, flags.verbose === true)),
    flags.output,
    host,
  );
  if (flags.writeConfig !== undefined) {
    writeWhole(flags.writeConfig, plan.config.text, host.cwd, '--write-config');
    say(host, `${flags.writeConfig} says which fields the traces have`);
  }
  return exitCode;
}
