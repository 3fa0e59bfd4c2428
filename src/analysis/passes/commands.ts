/** What commands make of a machine: how many threads each keeps busy, how many run at once, how long they take. */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../parser/pipeline/pipeline.ts';
import { isOfShell } from '../../parser/shell/catalogue.ts';
import type { Command, ScriptStep } from '../../parser/shell/script-reading.ts';

export interface ReservedCpus {
  readonly cpus: number;
  /** undefined: nothing sets it, and Nextflow reserves one. */
  readonly setting: DirectiveSetting | undefined;
}

/** For its first attempt; undefined where that is not known before the run. */
export function reservedCpus(graph: ProcessGraph, call: ProcessCall): ReservedCpus | undefined {
  const setting = graph.directivesOf(call).get('cpus');
  if (setting === undefined) return { cpus: 1, setting };
  return typeof setting.value === 'number' && setting.value >= 1 ? { cpus: setting.value, setting } : undefined;
}

/** `withLabel:process_high`, or in words. */
export function whoSets({ setBy }: DirectiveSetting): string {
  return setBy === 'process' ? 'the process itself' : setBy === 'config' ? 'the config' : setBy;
}

/** `samtools sort`, as people call it. */
export function toolOf({ name, subcommand, spec }: Command): string {
  const [tool, part] = [spec?.tool ?? name ?? 'a command', spec?.subcommand ?? subcommand];
  return part === undefined ? tool : `${tool} ${part}`;
}

/** A tool of bioinformatics or another trade, not one of the shell's own. */
export function isTool({ spec }: Command): boolean {
  return spec !== undefined && !isOfShell(spec);
}

/** A tool, or a program of the pipeline's own whose threads are known. */
export function isProgram(command: Command): boolean {
  return command.ownThreads !== undefined || isTool(command);
}

/** Minutes or hours, by the catalogue. */
export function isWork(command: Command): boolean {
  return isTool(command) && (command.spec?.weight === 'heavy' || command.spec?.weight === 'medium');
}

/** The threads that a command keeps busy as it is called; 'all' for as many as there are, undefined where that is not known. */
function threadsOf(command: Command): number | 'all' | undefined {
  const { spec, threads, name, range, ownThreads } = command;
  if (ownThreads !== undefined) return ownThreads;
  const facts = spec?.threads;
  if (facts === undefined || spec?.evidence === 'knowledge') return undefined;
  // They pack with all threads and unpack with one (pigz.c: "decompression can't be parallelized").
  if (name === 'unpigz' || (name === 'pigz' && /\s-\w*d/.test(range.file.slice(range)))) return 1;
  if (facts.by !== undefined) return undefined;
  if (threads !== undefined) {
    if (threads.value === 'task.cpus') return 'all';
    // `-@` counts helpers beside the main thread, or leaves that to be found out.
    return threads.value === 'unknown' ? undefined : threads.value + (facts.extra === true || threads.flag === '-@' ? 1 : 0);
  }
  if (RUNS_OTHERS.test(name ?? '')) return 3;
  return facts.default ?? (facts.flags.length === 0 ? 1 : undefined);
}

/** In one thread, and beside it a program that unpacks or works and one that packs (`samtools view`, cutadapt, gzip), by their sources. */
const RUNS_OTHERS = /^(trim_galore|deduplicate_bismark|bismark_methylation_extractor|bismark)$/;

/** They hand lines on faster than any tool makes them. */
const HANDS_ON = /^(echo|printf|cat|head|tail|cut|tr|wc|tee|uniq|grep|egrep|fgrep|sed|column|true|seq|ls|find|xargs)$/;

/** The threads that a step keeps busy at most: those of a pipe's members run at once. */
export function busyThreads({ commands, range }: ScriptStep): number | 'all' | undefined {
  const text = range.file.slice(range);
  // `<(zcat a)` runs beside the command that reads it.
  const together = /[<>]\(/.test(text);
  const sums = new Map<number | string, number>();
  let most = 0;
  for (const [index, command] of commands.entries()) {
    let threads = threadsOf(command);
    if (threads === undefined) return undefined;
    // Sorting what a tool hands it bit by bit: it waits for that.
    if (command.name === 'sort' && threads === 'all' && commands.some((one) => isProgram(one) && one.pipeline === command.pipeline))
      threads = 1;
    if (threads === 'all') return 'all';
    const group = together ? 'step' : (command.pipeline ?? `alone ${index}`);
    const alone = !together && command.pipeline === undefined;
    const sum = (sums.get(group) ?? 0) + (!alone && HANDS_ON.test(command.name ?? '') ? 0 : threads);
    sums.set(group, sum);
    most = Math.max(most, sum, 1);
  }
  return most;
}

/** Its text starts several commands at once, by a way that is not followed. */
export function startsSeveral(text: string): boolean {
  return /\bparallel\b|\bxargs\b[^|\n]*\s(-\w*P|--max-procs)|(^|[^&>|<\d])&(\s*$|\s*[)}\n;]|\s+[a-zA-Z])|\bwait\b|\bmpi(run|exec)\b|\bsrun\b/m.test(
    text.replace(/&&/g, ';'),
  );
}
