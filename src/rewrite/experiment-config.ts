/**
 * A sizing experiment as a config for the user's own pipeline: each task of the chosen calls is run with one setting after another, by attempts. An attempt that came through is made to fail when all is
 * done and measured (`afterScript` with an exit of its own), and Nextflow tries the task again, with the next setting. So inputs, options and environment are the pipeline's own, without anything of it
 * being copied; why not otherwise: docs/experiment.md.
 */
import { memoryText, secondsText } from '../analysis/amounts.ts';
import { TRACE_FIELDS } from '../analysis/estimate/trace-notes.ts';
import { type Launch, nextflowRun, shellWord } from '../analysis/nextflow-command.ts';
import { amountOf } from '../analysis/passes/sizing/attempts.ts';
import { CPU_STEPS } from '../analysis/passes/sizing/cpu-sizing.ts';
import { memoryLiteral } from '../analysis/passes/sizing/ladder-text.ts';
import type { Sizing } from '../analysis/passes/sizing/sizing.ts';
import { PASSED_THE_TRIAL } from '../analysis/passes/sizing/trials.ts';
import { counted, listOf } from '../analysis/words.ts';
import { memoryFrom } from '../parser/evaluate/units.ts';
import type { ProcessCall, ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import type { ScriptReading } from '../parser/shell/script-reading.ts';
import { nearest } from '../source/nearest.ts';
import {
  alsoReached,
  type ConfigBlock,
  groovyText,
  oneLine,
  patternFor,
  processScope,
  type SizedDirective,
  timeLiteral,
} from './right-sized-config.ts';

/** What the user wants tried; what is left out is chosen. */
export interface ExperimentWishes {
  /** Calls by their full or last names. */
  readonly calls: readonly string[];
  readonly cpus?: readonly number[];
  /** `16GB`. */
  readonly memory?: readonly string[];
  /** Machine kinds, as queues that have them. */
  readonly queues?: readonly string[];
  /** How often each setting is tried. */
  readonly repeats: number;
}

export interface Setting {
  readonly cpus: number;
  /** Bytes; undefined where the pipeline asks for none. */
  readonly memory: number | undefined;
  readonly queue: string | undefined;
}

export interface ExperimentCall {
  readonly call: ProcessCall;
  /** By attempt. */
  readonly settings: readonly Setting[];
  /** Its last attempt comes through, since another call of the experiment needs what it makes; else the run ends here. */
  readonly goesOn: boolean;
  /** What may spoil it, after the call's name. */
  readonly doubts: readonly string[];
  /** Seconds that all attempts at a task take at most, where a run or the user tells how long one takes. */
  readonly secondsAtMost?: number;
  readonly block: ConfigBlock;
}

export interface Experiment {
  readonly calls: readonly ExperimentCall[];
  readonly config: string;
  readonly readme: string;
  /** Quoted word by word. */
  readonly command: readonly string[];
}

/** What was asked for cannot be tried. */
export class WrongExperiment extends Error {
  readonly hint: string;
  constructor(message: string, hint: string) {
    super(message);
    this.name = 'WrongExperiment';
    this.hint = hint;
  }
}

export interface ExperimentParts {
  readonly pipeline: Pipeline;
  readonly graph: ProcessGraph;
  readonly sizing: Sizing;
  readonly readingOf: (call: ProcessCall) => ScriptReading;
  /** Seconds that a task takes, where that was measured or said. */
  readonly secondsOf: (call: ProcessCall) => number | undefined;
  readonly launch: Launch;
  /** The folder that it is written to, as typed. */
  readonly folder: string;
}

/** Attempts that are followed when the pipeline is read again (DirectiveSetting.atAttempt). */
const MOST_ATTEMPTS = 20;
const CONFIG = 'experiment.config';

/** @throws WrongExperiment */
export function experiment(parts: ExperimentParts, wishes: ExperimentWishes): Experiment {
  if (wishes.calls.length === 0) {
    const likely = candidateNames(parts);
    throw new WrongExperiment(
      'which call is to be tried?',
      likely === '' ? 'name it with --call' : `name it with --call; those that reserve cpus and pass them on: ${likely}`,
    );
  }
  const chosen = [...new Set(wishes.calls.map((name) => callNamed(parts, name)))];
  for (const call of chosen) refuse(parts, call, wishes);
  const calls = chosen.map((call) => experimentWith(parts, call, chosen, wishes));
  const { launch, folder } = parts;
  const inFolder = (name: string): string => `${folder.replace(/\/+$/, '')}/${name}`;
  const command = nextflowRun(launch, ['-c', inFolder(CONFIG), '-with-trace', inFolder('trace.txt'), '-resume']);
  const readBack = ['pipeopt', 'experiment', launch.pipeline, '--read', inFolder('trace.txt')].map(shellWord);
  return { calls, config: configOf(calls), readme: readmeOf(calls, command, readBack), command };
}

/** Calls worth an experiment: they reserve several cpus and their scripts pass them on. Those that hold most cpus, by a run, first. */
function candidates({ graph, sizing, readingOf }: Pick<ExperimentParts, 'graph' | 'sizing' | 'readingOf'>): readonly ProcessCall[] {
  const heldBy = (call: ProcessCall): number => sizing.of(call)?.held.cpuSeconds ?? 0;
  return graph.calls
    .filter((call) => call.active !== false && cpusOf(graph, call) > 1 && readingOf(call).passesThreads === 'yes')
    .sort((one, other) => heldBy(other) - heldBy(one) || cpusOf(graph, other) - cpusOf(graph, one));
}

const MOST_CANDIDATES = 8;

function candidateNames(parts: ExperimentParts): string {
  return listOf([...new Set(candidates(parts).map(({ name }) => name))], MOST_CANDIDATES);
}

function callNamed(parts: ExperimentParts, name: string): ProcessCall {
  const active = parts.graph.calls.filter((call) => call.active !== false);
  const found = active.filter(({ id }) => id === name);
  if (found.length === 0)
    found.push(...active.filter((call) => call.name === name || call.process.name.name === name || call.id.endsWith(`:${name}`)));
  const [only, other] = found;
  if (only !== undefined && other === undefined) return only;
  if (only !== undefined)
    throw new WrongExperiment(
      `--call ${name}: ${counted(found.length, 'call')} ${found.length === 1 ? 'has' : 'have'} that name`,
      `name one of\n${found.map(({ id }) => id).join('\n')}`,
    );
  if (parts.graph.calls.some(({ id, name: last }) => id === name || last === name))
    throw new WrongExperiment(
      `--call ${name}: these params switch it off`,
      'give the params of a run in which it runs, with --params-file or --param',
    );
  const [near] = nearest(
    name,
    active.flatMap((call) => [call.name, call.id]),
  );
  const likely = candidateNames(parts);
  throw new WrongExperiment(
    `--call ${name}: no call that runs has that name`,
    near !== undefined
      ? `did you mean ${near}?`
      : likely === ''
        ? 'pipeopt analyze -v lists them'
        : `worth it, by their scripts: ${likely}`,
  );
}

function cpusOf(graph: ProcessGraph, call: ProcessCall): number {
  const setting = graph.directivesOf(call).get('cpus');
  return setting === undefined ? 1 : amountOf(setting.value);
}

/** @throws WrongExperiment where attempts would not differ by the settings alone, or would not be made */
function refuse({ graph, readingOf }: ExperimentParts, call: ProcessCall, { cpus, memory, queues }: ExperimentWishes): void {
  const { process, script, name } = call;
  const settings = graph.directivesOf(call);
  const not = (why: string, hint: string): never => {
    throw new WrongExperiment(`--call ${name}: ${why}`, hint);
  };
  if (process.script === null || process.script.section === 'exec')
    not('it runs no command, so there is nothing to give cpus to', 'name another call');
  const text = process.script === null ? '' : script.file.slice(process.script);
  if (
    [text, ...[...settings].flatMap(([key, setting]) => (key.startsWith('ext.') ? [setting.text] : []))].some((one) =>
      /\btask\s*\.\s*attempt\b/.test(one),
    )
  )
    not('its script depends on task.attempt, so attempts would not do the same', 'name another call');
  for (const key of ['afterScript', 'storeDir', 'array']) {
    const setting = settings.get(key);
    if (setting === undefined || setting.value === null || setting.value === 0 || setting.value === '') continue;
    not(
      `it has ${key} ${setting.text}, which the experiment would change`,
      'take it out for the experiment, with a config of your own (-c)',
    );
  }
  const reached = alsoReached(graph, call);
  if (reached !== undefined) not(`a selector for it would reach ${reached.id} too`, 'name another call');
  const several = (cpus?.length ?? 2) > 1;
  if (several && readingOf(call).passesThreads === 'no' && (memory?.length ?? 0) < 2 && (queues?.length ?? 0) < 2)
    not(
      'its script passes task.cpus on to no command, so cpus change nothing',
      `give --memory or --queue to try these; pipeopt analyze --select single-thread-tool tells more`,
    );
}

function experimentWith(
  parts: ExperimentParts,
  call: ProcessCall,
  chosen: readonly ProcessCall[],
  wishes: ExperimentWishes,
): ExperimentCall {
  const { pipeline, graph, sizing } = parts;
  const settings = graph.directivesOf(call);
  const now = cpusOf(graph, call);
  const cpus = wishes.cpus ?? (Number.isNaN(now) ? undefined : chosenCpus(now));
  if (cpus === undefined)
    throw new WrongExperiment(
      `--call ${call.name}: how many cpus it asks for is not known before the run`,
      'say which to try, such as --cpus 2,4,8,16',
    );
  if (wishes.cpus === undefined && cpus.length < 2 && (wishes.memory?.length ?? 0) < 2 && (wishes.queues?.length ?? 0) < 2)
    throw new WrongExperiment(`--call ${call.name}: it asks for one cpu`, 'say which to try, such as --cpus 1,2,4');
  const asked = amountOf(settings.get('memory')?.value);
  const memory = wishes.memory?.map(bytesOf) ?? chosenMemory(asked, sizing.of(call)?.memory?.ladder?.[0]);
  const queues = wishes.queues ?? [undefined];
  // The largest last: it comes through if any does.
  const once = queues.flatMap((queue) => memory.flatMap((bytes) => cpus.map((count): Setting => ({ cpus: count, memory: bytes, queue }))));
  const order = once.sort((one, other) => (one.memory ?? 0) - (other.memory ?? 0) || one.cpus - other.cpus);
  // Up and down again: what gets faster or slower as time goes on, such as a disk whose files are kept in memory, falls on all alike.
  const all = Array.from({ length: wishes.repeats }, (_, at) => ((wishes.repeats - at) % 2 === 1 ? order : order.toReversed())).flat();
  if (all.length > MOST_ATTEMPTS)
    throw new WrongExperiment(
      `--call ${call.name}: ${order.length} settings, each ${wishes.repeats} times, are ${all.length} attempts`,
      `more than ${MOST_ATTEMPTS} are not made: name fewer settings, or --repeat 1`,
    );
  if (all.length < 2)
    throw new WrongExperiment(`--call ${call.name}: one setting alone tells nothing`, 'name several, such as --cpus 2,4,8,16');
  const goesOn = chosen.some((other) => other !== call && feeds(graph, call, other));
  const seconds = parts.secondsOf(call);
  const doubts = doubtsOf(parts, call, cpus);
  return {
    call,
    settings: all,
    goesOn,
    doubts,
    ...(seconds === undefined || Number.isNaN(now)
      ? {}
      : { secondsAtMost: all.reduce((sum, setting) => sum + seconds * Math.max(1, now / setting.cpus), 0) }),
    block: {
      call,
      pattern: patternFor(pipeline, call.id),
      directives: directivesFor(graph, call, all, goesOn, now),
      because: `${counted(order.length, 'setting')}, each ${counted(wishes.repeats, 'time')}`,
    },
  };
}

function bytesOf(text: string): number {
  const bytes = memoryFrom(text)?.bytes;
  if (bytes !== undefined && bytes >= LEAST_MEMORY && bytes <= MOST_MEMORY) return Math.round(bytes / LEAST_MEMORY) * LEAST_MEMORY;
  throw new WrongExperiment(`--memory ${text}: not an amount of memory that a task can have`, 'such as --memory 8GB,16GB');
}

/** A MB, in which a config has it, and more than any machine has. */
const LEAST_MEMORY = 2 ** 20;
const MOST_MEMORY = 2 ** 50;

/** What is asked for and the powers of two below, four in all. */
function chosenCpus(now: number): readonly number[] {
  const below = CPU_STEPS.filter((step) => step < now && Number.isInteger(Math.log2(step)));
  return [...below.slice(-3), now];
}

/** What is asked for, and what a run says to be enough. */
function chosenMemory(asked: number, enough: number | undefined): readonly (number | undefined)[] {
  if (Number.isNaN(asked)) return [undefined];
  return enough !== undefined && enough < asked ? [enough, asked] : [asked];
}

function doubtsOf({ readingOf, graph }: ExperimentParts, call: ProcessCall, cpus: readonly number[]): string[] {
  const found: string[] = [];
  if (cpus.length > 1 && readingOf(call).passesThreads === 'unknown')
    found.push('whether its script passes task.cpus on is not seen: if it does not, all settings take as long');
  if (graph.directivesOf(call).has('maxForks')) found.push('maxForks lets few of its tasks run at once, so the experiment takes longer');
  return found;
}

function feeds(graph: ProcessGraph, from: ProcessCall, to: ProcessCall): boolean {
  const seen = new Set<ProcessCall>([from]);
  const open = [from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const edge of graph.edges) {
      if (edge.from !== at || seen.has(edge.to)) continue;
      if (edge.to === to) return true;
      seen.add(edge.to);
      open.push(edge.to);
    }
  }
  return false;
}

/** The task's own failure stands; else it fails with a code that no tool has. `nxf_main_ret` is for Nextflow before 23.04, which does not ask what `afterScript` exits with. */
const FAIL = `[[ \${nxf_main_ret:-0} != 0 ]] || nxf_main_ret=${PASSED_THE_TRIAL}; exit $nxf_main_ret`;

function directivesFor(
  graph: ProcessGraph,
  call: ProcessCall,
  settings: readonly Setting[],
  goesOn: boolean,
  now: number,
): SizedDirective[] {
  const attempts = settings.length;
  const byAttempt = <T>(of: (setting: Setting) => T): readonly T[] => settings.map(of);
  const list = (texts: readonly string[]): string =>
    texts.every((text) => text === texts[0]) ? (texts[0] as string) : `{ [${texts.join(', ')}][task.attempt - 1] ?: ${texts.at(-1)} }`;
  const found: SizedDirective[] = [
    { name: 'cpus', text: list(byAttempt(({ cpus }) => String(cpus))), byAttempt: byAttempt(({ cpus }) => cpus) },
  ];
  if (settings.every(({ memory }) => memory !== undefined))
    found.push({
      name: 'memory',
      text: list(byAttempt(({ memory }) => memoryLiteral(memory as number))),
      byAttempt: byAttempt(({ memory }) => memory as number),
    });
  if (settings.every(({ queue }) => queue !== undefined))
    found.push({ name: 'queue', text: list(byAttempt(({ queue }) => groovyText(queue as string))) });
  const limit = amountOf(graph.directivesOf(call).get('time')?.value);
  if (limit > 0) {
    // With fewer cpus a task takes longer, at most as many times as there are fewer.
    const longer = byAttempt(({ cpus }) => Math.ceil((limit * Math.max(1, (now || 1) / cpus)) / 60) * 60);
    found.push({ name: 'time', text: list(longer.map(timeLiteral)), byAttempt: longer });
  }
  return [
    ...found,
    { name: 'afterScript', text: goesOn ? `{ task.attempt < ${attempts} ? ${groovyText(FAIL)} : 'true' }` : groovyText(FAIL) },
    { name: 'errorStrategy', text: `{ task.attempt < ${attempts} ? 'retry' : '${goesOn ? 'terminate' : 'ignore'}' }` },
    { name: 'maxRetries', text: String(attempts), byAttempt: [attempts] },
    // Neither may be what Nextflow takes for unset (-1 and 1): the pipeline's own setting for all processes would win.
    { name: 'maxErrors', text: '1000000' },
    { name: 'cache', text: 'false' },
  ];
}

function configOf(calls: readonly ExperimentCall[]): string {
  return [
    `// A sizing experiment, by pipeopt. Each task of ${oneLine(
      listOf(
        calls.map(({ call }) => call.name),
        calls.length,
      ),
    )} is tried with one setting after another;`,
    `// an attempt that came through exits with ${PASSED_THE_TRIAL}, so that Nextflow tries the next. README.md beside this file says more.`,
    'trace {',
    '    raw = true',
    '    overwrite = true',
    `    fields = '${TRACE_FIELDS}'`,
    '}',
    ...processScope(calls.map(({ block }) => block)),
    '',
  ].join('\n');
}

function readmeOf(calls: readonly ExperimentCall[], command: readonly string[], readBack: readonly string[]): string {
  return [
    '# A sizing experiment',
    '',
    'Written by `pipeopt experiment`, which has run nothing. To run it, with the params of one sample or two that are like most:',
    '',
    '```sh',
    oneLine(command.join(' ')),
    '```',
    '',
    `Each task of the calls below is run again and again, with another setting each time. An attempt that came through ends with exit ${PASSED_THE_TRIAL}, on purpose: Nextflow says that it`,
    'failed and tries the next setting. That is how the same work, with the same inputs and options, is done with different resources.',
    '',
    ...calls.flatMap(({ call, settings, goesOn, secondsAtMost, doubts }) => [
      `- \`${call.id.replaceAll('`', '')}\`: ${settings.map(settingText).join(', ')}${secondsAtMost === undefined ? '' : `; at most ${secondsText(secondsAtMost)} a task`}.`,
      `  ${goesOn ? 'The last attempt comes through, since another call of the experiment needs what it makes.' : 'What needs it does not run: the last attempt is ignored.'}`,
      ...doubts.map((doubt) => `  Mind: ${doubt}.`),
    ]),
    '',
    'What comes before is run as ever, or taken from the cache. Then:',
    '',
    '```sh',
    oneLine(readBack.join(' ')),
    '```',
    '',
  ].join('\n');
}

/** `8 cpus, 16 GB`. */
export function settingText({ cpus, memory, queue }: Setting): string {
  return [
    counted(cpus, 'cpu'),
    ...(memory === undefined ? [] : [memoryText(memory)]),
    ...(queue === undefined ? [] : [`on ${oneLine(queue)}`]),
  ].join(' ');
}
