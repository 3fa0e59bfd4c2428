/** The flags that say how a pipeline is to be read, as commander leaves them, and what the core makes of them. */
import { type Command, Option } from 'commander';
import type { Core, CoreOptions } from './core.ts';
import { didYouMean } from './did-you-mean.ts';
import { declaredDurations } from './durations.ts';
import { readParamsFile, readSheet, readText, readTraces } from './read-files.ts';
import { COLOR_CHOICES, type ColorChoice } from './terminal-facts.ts';
import { Trouble } from './trouble.ts';

export interface ReadingFlags {
  readonly paramsFile?: string;
  readonly param?: readonly string[];
  readonly profile?: readonly string[];
  readonly nextflowConfig?: readonly string[];
  readonly nextflowVersion?: string;
  readonly entry?: string;
  readonly samples?: number;
  readonly setSize?: readonly string[];
  readonly samplesheet?: string;
  readonly trace?: readonly string[];
  readonly duration?: readonly string[];
  readonly durations?: string;
}

export interface OutputFlags {
  readonly output?: string;
  readonly color: ColorChoice;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly progress: boolean;
  readonly stats?: boolean;
}

export function addReadingFlags(command: Command): Command {
  return command
    .optionsGroup('How the pipeline is read:')
    .option('--params-file <file>', 'params as in nextflow run -params-file: JSON or YAML')
    .option('--param <name=value>', 'one param, as nextflow run --name value; repeatable', gathered)
    .option('--profile <names>', 'config profiles, as nextflow run -profile a,b', gatheredList)
    .option('-c, --nextflow-config <file>', 'another config, read after the others; repeatable', gathered)
    .option('--nextflow-version <version>', "read by this version's rules (default: 26.04, or what the pipeline needs)")
    .option('--entry <workflow>', 'start at this workflow, as nextflow run -entry')
    .option('--samples <n>', 'how many samples a run has', (text) => countOf('--samples', text))
    .option('--set-size <name=n>', 'how many there are of something else that counts name (intervals=24); repeatable', gathered)
    .option('--samplesheet <file>', 'CSV, TSV or YAML/JSON that the pipeline reads as its input: its rows are counted')
    .option(
      '--trace <file>',
      'trace, report, timeline or .nextflow.log of a run, also a glob: its tasks are counted and timed; small.txt=0.03: of a run on 3 % of the input; repeatable',
      gathered,
    )
    .option('--duration <call=time>', 'how long a task of a call takes (STAR=2h, or STAR=1h..3h); repeatable', gathered)
    .option('--durations <file>', 'the same from a CSV file with process,seconds');
}

/** @param several whether platforms are compared: one alone counts else */
export function addPlatformFlags(command: Command, several = false): Command {
  command
    .optionsGroup('Where it runs (else: room for every task):')
    .option(
      '--platform <name>',
      `local:16,64GB, slurm:20x32,128GB (with GPUs slurm:2x32,128GB,4gpus), slurm:20xm6i.8xlarge (always on), kubernetes:20x32,128GB, aws-batch, google-batch or azure-batch${
        several ? '; repeatable, to stand side by side: aws-batch:spot,eu-west-1' : ''
      }`,
      (name: string, before: readonly string[] = []) => {
        if (several || before.length === 0) return [...before, name];
        throw new Trouble(`--platform ${before[0]} and --platform ${name}: one at a time`, {
          hint: 'run pipeopt once for each; pipeopt analyze puts them side by side',
        });
      },
    );
  if (several)
    command.option(
      '--route <calls=platform>',
      "calls, named as in a config's withName and withLabel, that run elsewhere: 'CELLPOSE|withLabel:gpu=slurm:2x32,128GB'; repeatable",
      gathered,
    );
  return command
    .option('--max-cpus <n>', 'as many cpus at once', (text) => countOf('--max-cpus', text))
    .option('--max-memory <size>', 'the memory of the machine that is local')
    .option('--spot', 'on machines that may be taken away')
    .option('--region <region>', "of a cloud, as it names it; default: the catalogue's first (us-east-1, …)")
    .option('--prices <file>', 'YAML or JSON with prices and discounts of yours');
}

export function addOutputFlags(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('-o, --output <file>', 'write to a file instead of the terminal')
    .addOption(choice('--color <when>', 'auto, always or never', COLOR_CHOICES, 'auto'))
    .option('--no-progress', 'no progress on stderr')
    .option('--stats', 'say on stderr how long it took');
}

/** An option with few values; a wrong one is told the nearest. */
export function choice(flags: string, description: string, values: readonly string[], initial: string): Option {
  return new Option(flags, description).default(initial).argParser((value) => {
    if (values.includes(value)) return value;
    throw new Trouble(`${flags.replace(/ <.*/, '')} ${value}: not one of ${values.join(', ')}${didYouMean(value, values)}`);
  });
}

export function gathered(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export function gatheredList(value: string, before: readonly string[] = []): string[] {
  const items = value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return [...before, ...items];
}

/** How the user starts the pipeline, by the flags that Nextflow has too. */
export function launchWords(flags: ReadingFlags): string[] {
  const { paramsFile, param = [], profile = [], nextflowConfig = [], entry } = flags;
  return [
    ...nextflowConfig.flatMap((file) => ['-c', file]),
    ...(profile.length === 0 ? [] : ['-profile', profile.join(',')]),
    ...(entry === undefined ? [] : ['-entry', entry]),
    ...(paramsFile === undefined ? [] : ['-params-file', paramsFile]),
    ...param.flatMap((text) => {
      const [name, value] = text.replace(/^--/, '').split(/=(.*)/s);
      return [`--${name}`, ...(value === undefined ? [] : [value])];
    }),
  ];
}

export async function coreOptions(flags: ReadingFlags, cwd: string): Promise<CoreOptions> {
  const options: CoreOptions = { userFolder: cwd };
  if (flags.paramsFile !== undefined) options.params = await readParamsFile(flags.paramsFile, cwd);
  if (flags.param !== undefined) options.commandLineParams = commandLineParams(flags.param);
  if (flags.profile !== undefined) options.profiles = [...flags.profile];
  if (flags.nextflowConfig !== undefined) {
    options.configFiles = flags.nextflowConfig.map((path) => ({ path, text: readText(path, cwd, '-c') }));
  }
  if (flags.nextflowVersion !== undefined) options.nextflowVersion = versionOf(flags.nextflowVersion);
  if (flags.entry !== undefined) options.entry = flags.entry;
  const sizes = (flags.setSize ?? []).map((text): [string, number] => {
    const equals = text.lastIndexOf('=');
    if (equals < 1) throw new Trouble(`--set-size ${text}: a number is missing`, { hint: 'write it like --set-size intervals=24' });
    return [text.slice(0, equals).trim(), sizeOf(`--set-size ${text}`, text.slice(equals + 1))];
  });
  const [, also] = sizes.find(([name]) => name === 'samples') ?? [];
  if (flags.samples !== undefined && also !== undefined && also !== flags.samples)
    throw new Trouble(`--samples ${flags.samples} and --set-size samples=${also}: they differ`, { hint: 'leave one of them out' });
  if (flags.samples !== undefined) sizes.push(['samples', flags.samples]);
  const durations = declaredDurations(flags.duration ?? [], flags.durations, cwd);
  if (Object.keys(durations).length > 0) options.durations = durations;
  if (sizes.length > 0) options.sizes = Object.fromEntries(sizes);
  if (flags.samplesheet !== undefined) options.samplesheet = await readSheet(flags.samplesheet, cwd);
  if (flags.trace !== undefined) options.traces = await readTraces(flags.trace, cwd);
  return options;
}

export function sizeOf(flag: string, text: string): number {
  const plain = text.trim();
  if (/^\d{1,9}$/.test(plain)) return Number(plain);
  const digits = /^\d{1,3}([,.' ]\d{3})+$/.test(plain) ? plain.replace(/\D/g, '') : undefined;
  const found =
    plain === '' ? 'no number' : /^\d{10,}$/.test(plain) ? `${plain} is more than is counted here` : `${plain} is no whole number`;
  throw new Trouble(`${flag}${flag.includes('=') ? '' : ` ${text}`}: ${found}`, {
    hint: `from 0 to 999999999, with digits alone, such as ${digits ?? '96'}`,
  });
}

/** The same from 1 on. */
export function countOf(flag: string, text: string): number {
  const number = sizeOf(flag, text);
  if (number === 0) throw new Trouble(`${flag} 0: there is one at least`, { hint: 'leave it out where it is not known' });
  return number;
}

/** More would fill a page. */
const MOST_GROWN = 12;

/** `1,10,100`. @throws Trouble */
export function numbersOfSamples(text: string): number[] {
  const numbers = text.split(',').map((one) => sizeOf('--grow', one.trim()));
  if (numbers.includes(0)) throw new Trouble(`--grow ${text}: a run has one sample at least`, { hint: 'write it like --grow 1,10,100' });
  if (numbers.length > MOST_GROWN)
    throw new Trouble(`--grow ${text}: ${numbers.length} numbers are too many`, { hint: `${MOST_GROWN} are told at most` });
  return numbers;
}

export function moneyOf(flag: string, text: string): number {
  if (/^\d{1,9}(\.\d{1,6})?$/.test(text.trim())) return Number(text);
  throw new Trouble(`${flag} ${text}: no amount of money`, {
    hint: 'a number from 0 on, with a point and without its currency, such as 50 or 7.5',
  });
}

function commandLineParams(given: readonly string[]): Record<string, string | boolean> {
  return Object.fromEntries(
    given.map((text) => {
      const equals = text.indexOf('=');
      const name = (equals === -1 ? text : text.slice(0, equals)).replace(/^--/, '');
      if (name === '') throw new Trouble(`--param ${text}: a name is missing`, { hint: 'write it like --param input=samples.csv' });
      // As `nextflow run --flag`: true.
      return [name, equals === -1 ? true : text.slice(equals + 1)];
    }),
  );
}

/** Releases that come later may read a pipeline by other rules. */
const NEWEST = [26, 10] as const;

function versionOf(text: string): string {
  const [, year, month] = /^(\d{2})\.(\d{1,2})(?:\.\d+)?(?:-edge)?$/.exec(text) ?? [];
  const known = Number(year) < NEWEST[0] || (Number(year) === NEWEST[0] && Number(month) <= NEWEST[1]);
  if (known && Number(month) >= 1 && Number(month) <= 12) return text;
  throw new Trouble(`--nextflow-version ${text}: no version of Nextflow that pipeopt knows`, {
    hint: `write it like 26.04 or 24.10.3; the newest is ${NEWEST.join('.')}`,
  });
}

/** A rule that does not exist is a typing mistake, and would silently select nothing. */
export function knownRules(ids: readonly string[], flag: string, rules: Core['RULES']): string[] {
  const known = rules.map(({ id }) => id);
  if (ids.length === 0) throw new Trouble(`${flag}: names no rule`, { hint: 'pipeopt rules lists them' });
  for (const id of ids) {
    if (known.includes(id)) continue;
    throw new Trouble(`${flag} ${id}: there is no such rule${didYouMean(id, known)}`, { hint: 'pipeopt rules lists them' });
  }
  return [...ids];
}
