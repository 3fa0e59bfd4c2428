/** `pipeopt experiment`: writes a sizing experiment, or reads what came of it. */
import { experimentResultsJson } from '../report/experiment-page.ts';
import { renderExperimentDesign, renderExperimentResults } from '../report/terminal.ts';
import { readingCoreOf } from './core.ts';
import { coreOptions, launchWords, type OutputFlags, type ReadingFlags } from './flags.ts';
import type { Host } from './host.ts';
import { output } from './output.ts';
import { readPipelines } from './pipelines.ts';
import { type PlatformFlags, platformOptions } from './platform.ts';
import { readTraces } from './read-files.ts';
import { say } from './say.ts';
import { textOptions } from './terminal-facts.ts';
import { type ExitCode, Trouble } from './trouble.ts';
import { writeFolder, writeWhole } from './write-file.ts';

export interface ExperimentFlags extends ReadingFlags, PlatformFlags, OutputFlags {
  readonly format: 'text' | 'json';
  readonly call?: readonly string[];
  readonly cpus?: readonly string[];
  readonly memory?: readonly string[];
  readonly queue?: readonly string[];
  readonly repeat?: number;
  readonly force?: boolean;
  readonly read?: readonly string[];
  readonly writeConfig?: string;
}

export async function experiment(pattern: string, flags: ExperimentFlags, host: Host): Promise<ExitCode> {
  return flags.read === undefined ? writeExperiment(pattern, flags, host) : readExperiment(pattern, flags, host);
}

/** Of one kind of machine, and of cpus that somebody typed by mistake. */
const MOST_CPUS = 4096;
const MOST_REPEATS = 10;
const USUAL_REPEATS = 2;

async function writeExperiment(pattern: string, flags: ExperimentFlags, host: Host): Promise<ExitCode> {
  const { output: folder, call: calls = [] } = flags;
  if (folder === undefined || folder === '-')
    throw new Trouble('which folder is it to be written to?', {
      hint: 'pipeopt experiment --call STAR_ALIGN -o sizing; its results are read with --read sizing/trace.txt',
    });
  if (flags.writeConfig !== undefined)
    throw new Trouble('--write-config: what tasks should ask for is known when results are read', {
      hint: 'give the trace of the experiment with --read',
    });
  const core = await readingCoreOf(host);
  const options = await coreOptions(flags, host.cwd);
  const wishes = {
    calls,
    repeats: repeatsOf(flags.repeat),
    ...(flags.cpus === undefined ? {} : { cpus: several(flags.cpus.map(cpusOf)) }),
    ...(flags.memory === undefined ? {} : { memory: several(flags.memory) }),
    ...(flags.queue === undefined ? {} : { queues: several(flags.queue) }),
  };
  const launch = { pipeline: pattern, words: launchWords(flags) };
  const { reports, exitCode } = await readPipelines([pattern], options, core, host, flags.progress, (tree, entryPath, withShell) =>
    core.experimentTree(tree, entryPath, withShell, { launch, folder, wishes }),
  );
  const [design] = reports;
  if (design === undefined) return exitCode;
  if (reports.length > 1)
    throw new Trouble(`${pattern} matches ${reports.length} pipelines; an experiment is with one`, { hint: 'name one of them' });
  const beaten = design.lost.filter(({ wonBy }) => wonBy !== 'resourceLimits');
  if (design.touched.length > 0 || beaten.length > 0)
    throw new Trouble(`-o ${folder}: not written, since the pipeline read again with it is not what it should be`, {
      hint: [
        ...design.touched.map((what) => `${what} would change`),
        ...beaten.map(({ call, directive, wonBy }) => `${call} ${directive} is set by ${wonBy}`),
      ].join('\n'),
    });
  writeFolder(folder, { 'experiment.config': design.config, 'README.md': design.readme }, flags.force === true, host.cwd);
  host.stdout.write(renderExperimentDesign(design, textOptions(host, flags.color, false, flags.verbose === true)));
  say(host, `${folder} has experiment.config and README.md; nothing was run`);
  return exitCode;
}

async function readExperiment(pattern: string, flags: ExperimentFlags, host: Host): Promise<ExitCode> {
  for (const name of ['call', 'cpus', 'memory', 'queue', 'repeat', 'force'] as const)
    if (flags[name] !== undefined) throw new Trouble(`--${name}: what was tried is in the trace`, { hint: 'with --read leave it out' });
  if (flags.writeConfig === '-')
    throw new Trouble('--write-config -: the page goes there', { hint: 'name a file, such as pipeopt.config' });
  const core = await readingCoreOf(host);
  const options = await coreOptions(flags, host.cwd);
  Object.assign(options, await platformOptions(flags, core, host.cwd));
  const traces = await readTraces(flags.read ?? [], host.cwd, '--read');
  const { reports, exitCode } = await readPipelines([pattern], options, core, host, flags.progress, (tree, entryPath, withShell) =>
    core.experimentResults(tree, entryPath, withShell, traces),
  );
  const [results] = reports;
  if (results === undefined) return exitCode;
  const toFile = flags.output !== undefined && flags.output !== '-';
  const text =
    flags.format === 'json'
      ? experimentResultsJson(results)
      : renderExperimentResults(results, textOptions(host, flags.color, toFile, flags.verbose === true));
  output(text, flags.output, host);
  if (flags.writeConfig !== undefined) {
    if (results.config === undefined)
      throw new Trouble(`--write-config ${flags.writeConfig}: not written, since no setting came through at every attempt`, {
        hint: 'the page says how attempts ended; larger settings are tried with --cpus and --memory',
      });
    writeWhole(flags.writeConfig, results.config, host.cwd, '--write-config');
    say(host, `${flags.writeConfig} has the cheapest setting of ${results.calls.map(({ call }) => call).join(', ')}`);
  }
  return exitCode;
}

function repeatsOf(repeats = USUAL_REPEATS): number {
  if (repeats >= 1 && repeats <= MOST_REPEATS) return repeats;
  throw new Trouble(`--repeat ${repeats}: not from 1 to ${MOST_REPEATS}`, { hint: 'each setting is tried so often' });
}

function cpusOf(text: string): number {
  const cpus = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (cpus >= 1 && cpus <= MOST_CPUS) return cpus;
  throw new Trouble(`--cpus ${text}: ${text} is no number of cpus from 1 to ${MOST_CPUS}`, { hint: 'such as --cpus 2,4,8,16' });
}

function several<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}
