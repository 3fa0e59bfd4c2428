/**
 * What the tasks of each call should ask for, as a config to be given with `-c` or included last. A selector for each call by its full name, so that nothing else changes;
 * whether it takes effect is proved by reading the pipeline again with it (`proveConfig`).
 */

import { memoryText, secondsText } from '../analysis/amounts.ts';
import { amountOf } from '../analysis/passes/sizing/attempts.ts';
import { ladderClosure } from '../analysis/passes/sizing/ladder-text.ts';
import { rungOf } from '../analysis/passes/sizing/memory-ladder.ts';
import { harmText, isRefusedWithOthers, type RightSizing, sizedRequests } from '../analysis/passes/sizing/right-sizing.ts';
import type { BetterRequests, CallSizing, Sizing } from '../analysis/passes/sizing/sizing.ts';
import type { ProcessCall, ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';

/** One directive of one call: its text, and for what it is meant to stand at each attempt. */
export interface SizedDirective {
  readonly name: 'cpus' | 'memory' | 'time' | 'errorStrategy' | 'maxRetries' | 'queue' | 'afterScript' | 'maxErrors' | 'cache';
  readonly text: string;
  /** Bytes, seconds or a number, by attempt; absent where it is neither. */
  readonly byAttempt?: readonly number[];
}

export interface ConfigBlock {
  readonly call: ProcessCall;
  readonly pattern: string;
  readonly directives: readonly SizedDirective[];
  /** What was measured, for people. */
  readonly because: string;
}

export interface RightSizedConfig {
  /** Empty where there is nothing to change. */
  readonly text: string;
  readonly blocks: readonly ConfigBlock[];
  /** `together`: refused with others, of which the same is said. */
  readonly leftOut: readonly { readonly call: ProcessCall; readonly because: string; readonly together?: true }[];
}

/** @param checked what is proposed and what is not; all that runs say is enough if not given */
export function rightSizedConfig(
  pipeline: Pipeline,
  graph: ProcessGraph,
  sizing: Sizing,
  checked: RightSizing = { better: sizedRequests(graph, sizing), leftOut: [] },
): RightSizedConfig {
  const leftOut: { call: ProcessCall; because: string; together?: true }[] = checked.leftOut.map((one) => ({
    call: one.call,
    because: harmText(one),
    ...(isRefusedWithOthers(one) && { together: true as const }),
  }));
  const blocks = sizing.all.flatMap((sized): ConfigBlock[] => {
    const { call } = sized;
    const { directives, notes } = directivesFor(graph, sized, checked.better.get(call));
    if (directives.length === 0) return [];
    const other = alsoReached(graph, call);
    if (other !== undefined) {
      leftOut.push({ call, because: `a selector for ${call.id} would reach ${other.id} too` });
      return [];
    }
    return [{ call, pattern: patternFor(pipeline, call.id), directives, because: notes.join('; ') }];
  });
  return { text: blocks.length === 0 ? '' : textOf(blocks, sizing), blocks, leftOut };
}

/** Another call that a selector for the full name of the call would reach: its name is the other's last one. */
export function alsoReached(graph: ProcessGraph, call: ProcessCall): ProcessCall | undefined {
  return graph.calls.find((one) => one !== call && (one.name === call.id || one.process.name.name === call.id));
}

function directivesFor(
  graph: ProcessGraph,
  sized: CallSizing,
  better: BetterRequests = {},
): { directives: SizedDirective[]; notes: string[] } {
  const { call, memory, cpus, limit, tasks } = sized;
  const directives: SizedDirective[] = [];
  const notes = [`${tasks} ${tasks === 1 ? 'task' : 'tasks'}`];
  let attempts = 1;
  if (better.cpus !== undefined && cpus !== undefined) {
    directives.push({ name: 'cpus', text: String(better.cpus), byAttempt: [better.cpus] });
    notes.push(`nine in ten kept ${Number(cpus.busyMost.toPrecision(2))} of ${cpus.reserved} cpus busy`);
  }
  const ladder = better.memory;
  if (ladder !== undefined && memory !== undefined) {
    attempts = ladder.length + 1;
    directives.push({
      name: 'memory',
      text: ladderClosure(ladder),
      byAttempt: Array.from({ length: attempts }, (_, at) => rungOf(ladder, at)),
    });
    const [used, asked] = [memoryText(memory.most), memoryText(memory.requested)];
    notes.push(memory.most > memory.requested ? `used up to ${used}, and at first asked for ${asked}` : `used at most ${used} of ${asked}`);
    if (memory.staging !== undefined) notes.push(`no less, since ${memory.staging.because}`);
  }
  const seconds = better.limit;
  if (seconds !== undefined && limit !== undefined) {
    attempts = Math.max(attempts, 2);
    const byAttempt = Array.from({ length: attempts }, (_, at) => seconds * (at + 1));
    directives.push({ name: 'time', text: `{ ${timeLiteral(seconds)} * task.attempt }`, byAttempt });
    notes.push(`took at most ${secondsText(limit.longest)} of ${secondsText(limit.requested)}`);
  }
  return { directives: [...directives, ...retriesFor(graph, call, attempts)], notes };
}

/** Exits by which tasks end that were killed or found no memory, as the nf-core template lists them. */
const WORTH_ANOTHER = '((130..145) + 104 + (175..177))';

/** What has to be set for a task to be tried so often; nothing where the pipeline does so already. */
export function retriesFor(graph: ProcessGraph, call: ProcessCall, attempts: number): SizedDirective[] {
  if (attempts === 1) return [];
  const settings = graph.directivesOf(call);
  const found: SizedDirective[] = [];
  const strategy = settings.get('errorStrategy');
  if (strategy === undefined || !/\bretry\b/i.test(strategy.text)) {
    // Unless it is plain text it stays with what Nextflow does when nothing is said.
    const otherwise = typeof strategy?.value === 'string' ? strategy.value : 'terminate';
    found.push({ name: 'errorStrategy', text: `{ task.exitStatus in ${WORTH_ANOTHER} ? 'retry' : '${otherwise}' }` });
  }
  const retries = settings.get('maxRetries');
  const [now, needed] = [retries === undefined ? 1 : amountOf(retries.value), attempts - 1];
  if (!(now >= needed)) found.push({ name: 'maxRetries', text: String(needed), byAttempt: [needed] });
  return found;
}

/** `10.m`, `2.h`: a whole number of minutes. */
export function timeLiteral(seconds: number): string {
  return seconds % 3600 === 0 ? `${seconds / 3600}.h` : `${Math.ceil(seconds / 60)}.m`;
}

/**
 * A regular expression for the whole name. A selector that the pipeline has under the very same pattern keeps its place when it is opened again, and one that comes
 * after it there would win (language.md 8.4): then the name is put in a group, which matches the same and is another pattern.
 */
export function patternFor({ config }: Pipeline, id: string): string {
  const plain = id.replace(/[^\w:]/g, '\\$&');
  return config.selectors.some(({ kind, pattern }) => kind === 'withName' && pattern === plain) ? `(?:${plain})` : plain;
}

function textOf(blocks: readonly ConfigBlock[], { source, isBrief }: Sizing): string {
  const lines = [
    `// What tasks should ask for, by pipeopt, from ${oneLine(source)}.`,
    '// Give it last: nextflow run … -c pipeopt.config. Tasks whose script names task.cpus or task.memory run again after it, also with -resume.',
    ...(isBrief ? ['// No task of the run took five minutes: what test data need says little of real data.'] : []),
    ...processScope(blocks),
    '',
  ];
  return lines.join('\n');
}

/** The blocks as a config has them, line by line. */
export function processScope(blocks: readonly ConfigBlock[]): string[] {
  const lines = ['process {'];
  for (const { pattern, directives, because } of blocks) {
    lines.push(`    // ${oneLine(because)}`, `    withName: ${groovyText(pattern)} {`);
    for (const { name, text } of directives) lines.push(`        ${name} = ${text}`);
    lines.push('    }');
  }
  return [...lines, '}'];
}

/** In single quotes: nothing in it is evaluated. */
export function groovyText(text: string): string {
  return `'${oneLine(text).replace(/[\\']/g, '\\$&')}'`;
}

/** Nothing of a file's name may end the comment. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}

/** A directive that does not stand as it was meant to, and what stands there instead. */
export interface LostDirective {
  readonly call: ProcessCall;
  readonly directive: string;
  readonly attempt: number;
  readonly intended: string;
  readonly got: string;
  /** Who won: `withName:.*:FASTQC`, `resourceLimits`. */
  readonly wonBy: string;
}

export interface ConfigProof {
  /** Directives by attempt that stand as intended. */
  readonly held: number;
  readonly lost: readonly LostDirective[];
  /** Settings of other calls, or other settings of these, that are not what they were. */
  readonly touched: readonly { readonly call: string; readonly directive: string }[];
}

/**
 * Compares the pipeline as it was read with the config to the pipeline without it.
 * @param before the graph without the config
 * @param after the graph of the same pipeline, read again with the config's text as its last config
 */
export function proveConfig({ blocks }: Pick<RightSizedConfig, 'blocks'>, before: ProcessGraph, after: ProcessGraph): ConfigProof {
  const lost: LostDirective[] = [];
  const touched: { call: string; directive: string }[] = [];
  const meant = new Map(blocks.map((block) => [block.call.id, block]));
  const again = new Map(after.calls.map((call) => [call.id, call]));
  let held = 0;
  for (const call of before.calls) {
    const block = meant.get(call.id);
    const same = again.get(call.id);
    if (same === undefined) {
      touched.push({ call: call.id, directive: 'the call itself' });
      continue;
    }
    const [was, is] = [before.directivesOf(call), after.directivesOf(same)];
    const intended = new Map(block?.directives.map((directive) => [directive.name as string, directive]));
    for (const { name, text, byAttempt } of intended.values()) {
      const setting = is.get(name);
      const ours = setting?.setBy === `withName:${block?.pattern}`;
      const wonBy = ours ? 'resourceLimits' : (setting?.setBy ?? 'nothing');
      if (byAttempt === undefined) {
        if (ours && setting.text === text) held++;
        else lost.push({ call, directive: name, attempt: 1, intended: text, got: setting?.text ?? 'nothing', wonBy });
        continue;
      }
      byAttempt.forEach((amount, at) => {
        const value = setting?.atAttempt(at + 1);
        if (ours && amountOf(value) === amount) held++;
        else
          lost.push({
            call,
            directive: name,
            attempt: at + 1,
            intended: amountText(name, amount),
            got: amountText(name, amountOf(value)),
            wonBy,
          });
      });
    }
    for (const name of new Set([...was.keys(), ...is.keys()])) {
      if (intended.has(name)) continue;
      if (was.get(name)?.text !== is.get(name)?.text || was.get(name)?.setBy !== is.get(name)?.setBy)
        touched.push({ call: call.id, directive: name });
    }
  }
  return { held, lost, touched };
}

function amountText(name: string, amount: number): string {
  if (Number.isNaN(amount)) return 'not known';
  return name === 'memory' ? memoryText(amount) : name === 'time' ? secondsText(amount) : String(amount);
}
