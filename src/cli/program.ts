/** The commands and their flags. What they do is loaded when one is run. */
import { Command, CommanderError } from 'commander';
import type { AnalyzeFlags } from './analyze.ts';
import { meant } from './did-you-mean.ts';
import { timeOf } from './durations.ts';
import type { ExperimentFlags } from './experiment.ts';
import {
  addOutputFlags,
  addPlatformFlags,
  addReadingFlags,
  choice,
  gathered,
  gatheredList,
  moneyOf,
  numbersOfSamples,
  sizeOf,
} from './flags.ts';
import type { GraphFlags } from './graph.ts';
import type { Host } from './host.ts';
import type { PricesFlags } from './prices.ts';
import type { ProbeFlags } from './probe.ts';
import { say, sayError } from './say.ts';
import { COLOR_CHOICES, type ColorChoice, widthOf } from './terminal-facts.ts';
import { EXIT, type ExitCode } from './trouble.ts';

const WIDEST_HELP = 100;
const EXIT_CODES = `

Exit codes:
  0  nothing at or above --fail-on    2  could not do the work
  1  a finding at or above --fail-on  3  no pipeline found`;

export async function runProgram(args: readonly string[], version: string, host: Host): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.fine;
  const program = programFor(version, host, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) return sayError(host, error);
    if (error.exitCode === 0) return EXIT.fine;
    sayUsage(error, program, args, host);
    return EXIT.couldNot;
  }
}

function programFor(version: string, host: Host, done: (code: ExitCode) => void): Command {
  const program = new Command('pipeopt')
    .description('Reads a Nextflow pipeline without running it, and says what holds it up, what it asks for, and what is wrong with it.')
    .version(`pipeopt ${version}`, '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .helpCommand('help [command]', 'help on a command')
    .usage('[command] [PIPELINE...] [flags]')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      // Said in our own words by `sayUsage`.
      writeErr: () => {},
      getOutHelpWidth: () => Math.min(widthOf(host), WIDEST_HELP),
      getOutHasColors: () => false,
    })
    .addHelpText(
      'after',
      `${examples(
        ['pipeopt', 'the pipeline in this folder'],
        ['pipeopt main.nf --profile slurm', 'as it runs with a profile'],
        ["pipeopt 'pipelines/*/main.nf' -f json", 'several, for a machine'],
        ['pipeopt graph | dot -Tsvg > graph.svg', 'the picture'],
      )}${EXIT_CODES}`,
    );

  const analyze = program
    .command('analyze', { isDefault: true })
    .description('the report (what is done when no command is named)')
    .argument('[PIPELINE...]', 'a main.nf, a folder, or globs; default: this folder')
    .optionsGroup('What is reported:')
    .option('--select <rules>', 'only these rules, by their ids, with commas', gatheredList)
    .option('--ignore <rules>', 'without these rules', gatheredList)
    .addOption(
      choice(
        '--fail-on <severity>',
        'exit with 1 from this severity on: error, warning, info or none',
        ['error', 'warning', 'info', 'none'],
        'error',
      ),
    )
    .option('-q, --quiet', 'findings and the closing line alone')
    .option('-v, --verbose', 'everything: each call, each finding, what was suppressed');
  addPlatformFlags(addReadingFlags(analyze), true)
    .optionsGroup('Time against money there (takes some seconds):')
    .option('--grow <n,n>', 'what runs of so many samples take and cost (1,10,100,1000); also without --platform', numbersOfSamples)
    .option('--front', 'what else could be asked for, what that takes and costs, and what an hour less costs')
    .option('--deadline <time>', 'the cheapest of it that is done by then (10h, 1h30m), nine times in ten', (text) =>
      timeOf('--deadline', text),
    )
    .option('--max-cost <money>', 'the fastest of it that costs no more, in the currency of the prices', (text) =>
      moneyOf('--max-cost', text),
    )
    .option('--value-of-time <money>', 'the best of it if an hour less is worth so much', (text) => moneyOf('--value-of-time', text));
  analyze.optionsGroup('Output:').addOption(choice('-f, --format <format>', 'text or json', ['text', 'json'], 'text'));
  addOutputFlags(analyze)
    .option('--write-config <file>', 'with --trace: write what tasks should ask for as a config, for nextflow run -c')
    .addHelpText(
      'after',
      examples(
        ['pipeopt analyze rnaseq --params-file params.json', 'with the params of a run'],
        ['pipeopt analyze --param aligner=hisat2', 'with one param'],
        ['pipeopt analyze -c cluster.config -v', 'with a config of yours'],
        ['pipeopt analyze --set-size intervals=24', 'a number for a count'],
        ['pipeopt analyze --samplesheet samples.csv', 'the rows are counted'],
        ['pipeopt analyze --trace trace.txt', 'its counts and times'],
        ['pipeopt --trace trace.txt --write-config x.config', 'what to ask for'],
        ['pipeopt analyze --platform slurm:20x32,128GB', 'on 20 such nodes'],
        ['pipeopt analyze --platform aws-batch --spot', 'and what it costs'],
        ['pipeopt --platform local:8,32GB --platform aws-batch', 'side by side'],
        ['pipeopt analyze --platform aws-batch --deadline 6h', 'and what meets it'],
        ['pipeopt analyze --fail-on warning -q', 'in CI'],
        ['pipeopt analyze -f json | jq .findings', 'for a machine'],
      ),
    )
    .action(async (pipelines: string[], flags: AnalyzeFlags) => {
      done(await (await import('./analyze.ts')).analyze(pipelines, flags, host));
    });

  const graph = program
    .command('graph')
    .description('the process graph as dot, mermaid or json')
    .argument('[PIPELINE]', 'a main.nf or a folder', '.')
    .optionsGroup('What is drawn:')
    .addOption(choice('-f, --format <format>', 'dot, mermaid or json', ['dot', 'mermaid', 'json'], 'dot'))
    .option('--all', 'also calls that these params switch off, and where channels come from');
  addOutputFlags(addReadingFlags(graph))
    .addHelpText(
      'after',
      examples(
        ['pipeopt graph main.nf | dot -Tsvg > graph.svg', 'a picture'],
        ['pipeopt graph -f mermaid -o graph.mmd', 'for a page on GitHub'],
        ["pipeopt graph -f json | jq '.edges[] | select(.barrier)'", 'the waits'],
      ),
    )
    .action(async (pipeline: string, flags: GraphFlags) => {
      done(await (await import('./graph.ts')).graph(pipeline, flags, host));
    });

  const probe = program
    .command('probe')
    .description('the few small runs that would tell most of how long tasks take, and how to hand them back')
    .argument('[PIPELINE]', 'a main.nf or a folder', '.');
  addPlatformFlags(addReadingFlags(probe))
    .optionsGroup('Output:')
    .addOption(choice('-f, --format <format>', 'text or json', ['text', 'json'], 'text'))
    .option('-v, --verbose', 'every call, not those alone that count most')
    .option('--write-config <file>', 'write the config that the runs are given: which fields their traces have');
  addOutputFlags(probe)
    .addHelpText(
      'after',
      examples(
        ['pipeopt probe rnaseq --profile docker --samples 96', 'what to run first'],
        ['pipeopt probe --write-config probe.config', 'and the config for it'],
        ['pipeopt probe --trace probe-3.txt=3%', 'what is known now, what is missing'],
        ['pipeopt probe --platform aws-batch --samples 96', 'and what a sample costs'],
        ["pipeopt probe -f json | jq -r '.runs[].command'", 'for a machine'],
      ),
    )
    .action(async (pipeline: string, flags: ProbeFlags) => {
      done(await (await import('./probe.ts')).probe(pipeline, flags, host));
    });

  const experiment = program
    .command('experiment')
    .description('writes a sizing experiment for calls of a pipeline, or reads what came of it')
    .argument('[PIPELINE]', 'a main.nf or a folder', '.')
    .optionsGroup('What is tried:')
    .option('--call <names>', 'calls to be tried, by their full or last names, with commas', gatheredList)
    .option('--cpus <numbers>', 'with so many cpus (2,4,8,16); default: what it asks for, and less', gatheredList)
    .option('--memory <sizes>', 'with so much memory (8GB,16GB); default: what it asks for', gatheredList)
    .option('--queue <names>', 'on such machines, by the queues that have them', gatheredList)
    .option('--repeat <n>', 'each setting so often; default: 2', (text) => sizeOf('--repeat', text))
    .option('--force', 'write its files anew in a folder that has files')
    .optionsGroup('What came of it:')
    .option('--read <trace>', 'the trace of the experiment, also a glob; repeatable', gathered)
    .option('--write-config <file>', 'with --read: write the cheapest setting of each call as a config');
  addPlatformFlags(addReadingFlags(experiment))
    .optionsGroup('Output:')
    .addOption(choice('-f, --format <format>', 'of results: text or json', ['text', 'json'], 'text'))
    .option('-v, --verbose', 'full names of calls');
  addOutputFlags(experiment)
    .addHelpText(
      'after',
      examples(
        ['pipeopt experiment --call STAR_ALIGN -o sizing', 'write it: a config, and how to run it'],
        ['pipeopt experiment --call STAR_ALIGN --cpus 4,8,16 -o sizing', 'with these numbers'],
        ['pipeopt experiment --call SORT --cpus 4 --memory 4GB,8GB -o x', 'how little is enough'],
        ['pipeopt experiment --read sizing/trace.txt', 'what came of it'],
        ['pipeopt experiment --read x/trace.txt --platform aws-batch', 'in money'],
      ),
    )
    .action(async (pipeline: string, flags: ExperimentFlags) => {
      done(await (await import('./experiment.ts')).experiment(pipeline, flags, host));
    });

  program
    .command('rules')
    .description('the rules that findings come from')
    .addOption(choice('--color <when>', 'auto, always or never', COLOR_CHOICES, 'auto'))
    .addHelpText('after', examples(['pipeopt rules', 'every rule, with its severity']))
    .action(async ({ color }: { color: ColorChoice }) => {
      done(await (await import('./rules.ts')).listRules(color, host));
    });
  program
    .command('explain')
    .description('what a rule finds, why that costs you, how to fix it, when to ignore it')
    .argument('<RULE>', "the rule's id, as a finding names it")
    .addOption(choice('--color <when>', 'auto, always or never', COLOR_CHOICES, 'auto'))
    .addHelpText('after', examples(['pipeopt explain unsized-group-tuple', 'the page of one rule']))
    .action(async (rule: string, { color }: { color: ColorChoice }) => {
      done(await (await import('./rules.ts')).explainRule(rule, color, host));
    });
  program
    .command('prices')
    .description('what is known of prices, from when, and what is missing')
    .argument('[NAME...]', 'machines or services by a part of their names (c6i, ebs); * is anything')
    .option('--region <region>', "as the provider names it; default: each provider's first (us-east-1, …)")
    .option('--prices <file>', 'YAML or JSON with prices and discounts of yours')
    .addOption(choice('-f, --format <format>', 'text or json', ['text', 'json'], 'text'))
    .option('-o, --output <file>', 'write to a file instead of the terminal')
    .addOption(choice('--color <when>', 'auto, always or never', COLOR_CHOICES, 'auto'))
    .addHelpText(
      'after',
      examples(
        ['pipeopt prices', 'what the catalogue knows, and lacks'],
        ['pipeopt prices c6i --region eu-west-1', 'a family in a region'],
        ['pipeopt prices ebs s3', 'storage'],
        ['pipeopt prices c6i --prices ours.yml', 'with prices of yours'],
        ["pipeopt prices '*' -f json", 'everything, for a machine'],
      ),
    )
    .action(async (names: string[], flags: PricesFlags) => {
      done(await (await import('./prices.ts')).prices(names, flags, host));
    });
  return program;
}

function examples(...lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, meaning]) => `  ${command.padEnd(width)}  ${meaning}`).join('\n')}`;
}

/** Flags of `nextflow run`, which people type by habit, and ours that do the same. */
const NEXTFLOW_FLAGS: Readonly<Record<string, string>> = {
  '-profile': '--profile',
  '-params-file': '--params-file',
  '-entry': '--entry',
  '-config': '--nextflow-config',
  '-C': '--nextflow-config',
};

function sayUsage(error: CommanderError, program: Command, args: readonly string[], host: Host): void {
  const command = program.commands.find((candidate) => candidate.name() === args[0]) ?? program.commands[0] ?? program;
  const help = command === program.commands[0] && args[0] !== 'analyze' ? 'pipeopt --help' : `pipeopt ${command.name()} --help`;
  const unknown = /unknown option '([^']*)'/.exec(error.message)?.[1];
  if (unknown === undefined) {
    say(host, error.message.replace(/^error: /, '').replace(/\s*\n[\s\S]*/, ''), `${help} shows what there is`);
    return;
  }
  const name = unknown.replace(/=.*/, '');
  const flags = command.options.flatMap((option) => [option.long, option.short]).filter((flag) => flag !== undefined && flag !== null);
  const intended =
    NEXTFLOW_FLAGS[name] ??
    meant(
      name,
      flags.filter((flag) => flag.startsWith('--')),
    );
  const own = name.startsWith('--') ? `\na param of the pipeline is given with --param ${name.slice(2)}=VALUE` : '';
  say(
    host,
    `there is no flag ${name}${intended === undefined ? '' : `; did you mean ${intended}?`}`,
    `${help} shows what there is${intended === undefined ? own : ''}`,
  );
}
