/** What the tasks of each call asked for, used and lost, as runs measured it; and what they should ask for instead. */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { Evidence } from '../../estimate/evidence.ts';
import type { Reckoned } from '../../simulate/worlds.ts';
import { plansByTime } from '../executors.ts';
import { speaksOf } from '../needs/script-text.ts';
import { type AskedBefore, type AskedNow, askedNow, isSameRequest } from './asked-now.ts';
import { type Asked, type Attempt, attemptsOf, memoryLimitOf, settingsAsked } from './attempts.ts';
import type { CpuLaw } from './cpu-law.ts';
import { type CpuPlan, cpuUseOf, planCpus } from './cpu-sizing.ts';
import { ladderPrice } from './memory-ladder.ts';
import { FEWEST_TASKS, type MemoryPlan, type MemoryUse, planMemory, roundUpMemory } from './memory-sizing.ts';
import type { StagingMemory } from './staging-memory.ts';
import { timeLimit } from './time-limit.ts';

/** Bytes, and bytes times seconds. */
export interface MemorySizing {
  /** The most that a first attempt asked for. */
  readonly requested: number;
  /** Of tasks that came through: half used no more, none used more. */
  readonly typical: number;
  readonly most: number;
  /** Tasks whose memory was seen. */
  readonly seen: number;
  /** To be asked for at each attempt, doubled behind the last; absent where today's request should stay. */
  readonly ladder?: readonly number[];
  /** Failed attempts among 100 tasks that the ladder is expected to have, 0 to 1. */
  readonly expectedFailures?: number;
  /** Why the request should stay, after "because". */
  readonly kept?: string;
  /** Held and not used, failed attempts whole; with the ladder the same tasks would have wasted so much. */
  readonly wasted: number;
  readonly plannedWaste: number;
  /** The tool is given a share of what the task asks for, and may use less when given less. */
  readonly handedOn: boolean;
  /** For which the ladder is higher than what was seen to be used. */
  readonly staging?: StagingMemory;
}

export interface CallSizing {
  readonly call: ProcessCall;
  /** Tasks that ran to their end. */
  readonly tasks: number;
  /** With what is asked for now; so is all else. */
  readonly attempts: readonly Attempt[];
  /** Where the runs asked for something else. */
  readonly before: AskedBefore;
  /** The runs say what memory tasks asked for; else it is taken for what is asked for now. */
  readonly saysMemory: boolean;
  /** What tasks take with other cpus than they had in the runs. Undefined where that cannot be told. */
  readonly law: CpuLaw | undefined;
  /** Times what they took there, with what is asked for now. */
  readonly reckoned: Reckoned;
  readonly memory?: MemorySizing;
  /** What tasks needed in the runs, whatever they asked for. */
  readonly memoryUse?: MemoryUse;
  readonly cpus?: CpuPlan & { readonly reserved: number };
  /** Seconds: asked for, the longest, and to be asked for. */
  readonly limit?: { readonly requested: number; readonly longest: number; readonly planned: number };
  /** By all attempts, and by those that failed: seconds of cpus, seconds of bytes. */
  readonly held: Held;
  readonly lost: Held & { readonly attempts: number; readonly starved: number };
}

export interface Held {
  readonly cpuSeconds: number;
  readonly byteSeconds: number;
}

/** What a call should ask for where it is worth a line in a config; without a member today's request stays. */
export interface BetterRequests {
  readonly cpus?: number;
  /** Bytes at each attempt, doubled behind the last. */
  readonly memory?: readonly number[];
  /** Seconds. */
  readonly limit?: number;
}

/** More would be felt. */
const SLOWEST = 1.1;
/** Of a request: less is not worth a line in a config. */
const LITTLE = 0.9;

export function betterRequests(graph: ProcessGraph, { call, memory, cpus, limit, lost }: CallSizing): BetterRequests {
  const ladder = memory?.ladder;
  return {
    ...(cpus !== undefined && cpus.cpus < cpus.reserved && cpus.slowdown <= SLOWEST && { cpus: cpus.cpus }),
    ...(memory !== undefined &&
      ladder !== undefined &&
      (lost.starved > 0 || memory.most > memory.requested || (ladder[0] as number) <= LITTLE * memory.requested) && { memory: ladder }),
    ...(limit !== undefined && limit.planned <= LITTLE * limit.requested && plansByTime(graph, call) && { limit: limit.planned }),
  };
}

/** What no run tells of a call. */
export interface CallFacts {
  /** What its tasks need for their files beside what was measured; nothing if not given. */
  stagingOf?(call: ProcessCall): StagingMemory | undefined;
  /** Its tools are told of every cpu that a task asks for; if not given nobody knows. */
  takesAllCpus?(call: ProcessCall): boolean;
}

export class Sizing {
  readonly #graph: ProcessGraph;
  readonly #evidence: Evidence;
  readonly #about: CallFacts;
  #known: ReadonlyMap<ProcessCall, CallSizing> | undefined;

  constructor(graph: ProcessGraph, evidence: Evidence, about: CallFacts = {}) {
    this.#graph = graph;
    this.#evidence = evidence;
    this.#about = about;
  }

  /** Of calls of which a run has a task that ran, in the order of the graph. */
  get all(): readonly CallSizing[] {
    return [...this.#sized().values()];
  }

  of(call: ProcessCall): CallSizing | undefined {
    return this.#sized().get(call);
  }

  /** By all attempts of all calls. */
  get held(): Held {
    return sumOf(this.all.map(({ held }) => held));
  }

  /** No task took long: such runs are made on test data, and tell little of what real data need. */
  get isBrief(): boolean {
    return this.all.every(({ attempts }) => attempts.every(({ held }) => held < BRIEF_SECONDS));
  }

  /** Names of the runs. */
  get source(): string {
    return this.#evidence.matches.map(({ run }) => run.name).join(', ');
  }

  #sized(): ReadonlyMap<ProcessCall, CallSizing> {
    if (this.#known !== undefined) return this.#known;
    const measured = this.#graph.calls.flatMap((call): Measured[] => {
      const evidence = this.#evidence.of(call);
      const attempts = evidence === undefined ? [] : attemptsOf(this.#graph, evidence);
      if (attempts.length === 0) return [];
      const staging = this.#about.stagingOf?.(call);
      const asked = settingsAsked(this.#graph, call);
      const use = memoryUseOf(this.#graph, call, attempts, staging?.bytes);
      const limit = memoryLimitOf(this.#graph.directivesOf(call).get('resourceLimits'));
      const saysMemory = evidence?.requested.memory !== undefined;
      const now = askedNow(attempts, asked, () => this.#about.takesAllCpus?.(call) ?? false);
      return [{ call, now, asked, saysMemory, use, limit, ...(staging && { staging }) }];
    });
    const plans = planMemory(measured.map(({ use }) => use ?? NO_USE));
    this.#known = new Map(
      measured.map((one, at) => {
        const memory = memorySizing(one, plans[at]);
        return [one.call, sizingOf(one, memory)];
      }),
    );
    return this.#known;
  }
}

const BRIEF_SECONDS = 300;

interface Measured {
  readonly call: ProcessCall;
  readonly now: AskedNow;
  readonly asked: Asked;
  readonly saysMemory: boolean;
  /** Bytes that are given at most; NaN: no limit. */
  readonly limit: number;
  /** As the runs showed it. undefined: no trace has a column for it. */
  readonly use: MemoryUse | undefined;
  readonly staging?: StagingMemory;
}

const NO_USE: MemoryUse = { peaks: new Float64Array(), seconds: new Float64Array() };
/** Java's heap as the nf-core modules give it: 80 % of what the task asks for. */
const USUAL_SHARE = 0.8;

function memoryUseOf(graph: ProcessGraph, call: ProcessCall, attempts: readonly Attempt[], forFiles = 0): MemoryUse | undefined {
  const seen = attempts.filter(({ end, peak }) => end === 'completed' && peak > 0);
  const starved = attempts.filter(({ end, retried, memory }) => end === 'starved' && !retried && memory > 0);
  if (seen.length === 0 && starved.length === 0) return undefined;
  const requested = firstRequest(attempts);
  return {
    // Of what it was starved with before a task needs more, whatever was seen of it.
    peaks: Float64Array.from(seen, ({ peak, starvedWith }) => Math.max(peak, starvedWith * JUST_ABOVE)),
    seconds: Float64Array.from(seen, ({ held }) => held),
    read: Float64Array.from(seen, ({ read }) => read),
    starved: starved.map(({ memory }) => memory),
    // A machine that holds nobody to it lets tasks use more: then it was not enough.
    requested: attempts.some(({ end, peak, memory }) => end === 'starved' || peak > memory) ? undefined : requested,
    usable: handsMemoryOn(call) ? USUAL_SHARE : 1,
    least: Math.max(fixedHeap(graph, call), forFiles),
  };
}

const JUST_ABOVE = 1 + 2 ** -20;

/** The script passes what the task asks for on to a tool, or cannot be seen. */
function handsMemoryOn({ process, script }: ProcessCall): boolean {
  return process.script?.section === 'script' && speaksOf(process, script.file, /\btask\.memory\b/) !== false;
}

const HEAP = /-Xm[xs](\d+)([kKmMgGtT])/g;
const HEAP_UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30, t: 2 ** 40 };

/** Bytes of Java's heap where it is written into the script or `ext.args`: Java takes them in time, however little was seen to be used. */
function fixedHeap(graph: ProcessGraph, call: ProcessCall): number {
  const { process, script } = call;
  const settings = [...graph.directivesOf(call)].filter(([name]) => name.startsWith('ext.') || name === 'beforeScript');
  const text = [process.script === null ? '' : script.file.slice(process.script), ...settings.map(([, setting]) => setting.text)].join(
    '\n',
  );
  return Math.max(
    0,
    ...[...text.matchAll(HEAP)].map(([, size, unit]) => Number(size) * (HEAP_UNITS[(unit as string).toLowerCase()] as number)),
  );
}

function memorySizing({ use, now: { attempts }, asked, limit, staging }: Measured, plan: MemoryPlan | undefined): MemorySizing | undefined {
  if (use === undefined || use.peaks.length === 0) return undefined;
  const peaks = use.peaks.toSorted();
  const requested = firstRequest(attempts);
  if (requested === undefined) return undefined;
  const completed = attempts.filter(({ end }) => end === 'completed');
  const most = peaks.at(-1) as number;
  const wasted = attempts.reduce(
    (sum, { end, held, memory, peak }) => sum + held * (memory - (end === 'completed' ? Math.min(peak || 0, memory) : 0) || 0),
    0,
  );
  const facts = {
    requested,
    typical: peaks[(peaks.length - 1) >> 1] as number,
    most,
    seen: peaks.length,
    wasted,
    handedOn: (use.usable ?? 1) < 1,
  };
  const keep = (kept: string): MemorySizing => ({ ...facts, kept, plannedWaste: wasted });
  if (completed.length >= FEWEST_TASKS && peaks.length < FEWEST_TASKS)
    return keep('its tasks are too short for Nextflow to see what they use');
  if (use.starved?.some((bytes) => bytes < requested)) return keep('what tasks need that were killed with less is not known');
  if (plan === undefined) return keep(`${completed.length} tasks are too few to tell`);
  const { expectedFailures } = plan;
  // What is above the limit is given as if it were the limit.
  const ladder = Number.isNaN(limit) ? plan.ladder : [...new Set(plan.ladder.map((rung) => Math.min(rung, limit)))];
  const isAsked = ladder.every((rung, at) => isSameRequest(asked('memory', at + 1), rung));
  if (isAsked || (ladder.length === 1 && ladder[0] === requested))
    return keep(expectedFailures === undefined ? `${peaks.length} tasks are too few to tell` : 'the tasks need it');
  const isForFiles = staging !== undefined && most < staging.bytes && (ladder[0] as number) <= roundUpMemory(staging.bytes);
  return {
    ...facts,
    ladder,
    ...(isForFiles && { staging }),
    ...(expectedFailures !== undefined && { expectedFailures }),
    plannedWaste: priceOf(ladder, completed),
  };
}

function priceOf(ladder: readonly number[], completed: readonly Attempt[]): number {
  return ladderPrice(ladder, {
    needs: Float64Array.from(completed, ({ peak, starvedWith }) => Math.max(peak || 1, starvedWith * JUST_ABOVE)),
    weights: Float64Array.from(completed, ({ held }) => held),
    counts: Float64Array.from(completed, () => 1),
  }).waste;
}

function sizingOf(
  { call, now: { attempts, before, law, reckoned }, saysMemory, use }: Measured,
  memory: MemorySizing | undefined,
): CallSizing {
  const completed = attempts.filter(({ end }) => end === 'completed');
  const failed = attempts.filter(({ end }) => end !== 'completed');
  const busy = cpuUseOf(attempts);
  const planned = busy && planCpus(busy, { memoryBytes: memory?.ladder?.[0] ?? memory?.requested });
  const requested = largest(completed.map(({ limit }) => limit));
  return {
    ...{ call, attempts, before, law, reckoned, saysMemory },
    tasks: completed.length,
    ...(use && { memoryUse: use }),
    ...(memory && { memory }),
    ...(planned && busy && { cpus: { ...planned, reserved: busy.reserved[0] as number } }),
    ...(requested !== undefined &&
      completed.length >= FEWEST_TASKS && {
        limit: {
          requested,
          longest: completed.reduce((longest, { held }) => Math.max(longest, held), 0),
          planned: timeLimit(Float64Array.from(completed, ({ held }) => held)),
        },
      }),
    held: sumOf(attempts.map(heldBy)),
    lost: { ...sumOf(failed.map(heldBy)), attempts: failed.length, starved: failed.filter(({ end }) => end === 'starved').length },
  };
}

function heldBy({ held, cpus, memory }: Attempt): Held {
  return { cpuSeconds: held * (cpus || 0), byteSeconds: held * (memory || 0) };
}

function sumOf(some: readonly Held[]): Held {
  return some.reduce(
    (sum, { cpuSeconds, byteSeconds }) => ({ cpuSeconds: sum.cpuSeconds + cpuSeconds, byteSeconds: sum.byteSeconds + byteSeconds }),
    { cpuSeconds: 0, byteSeconds: 0 },
  );
}

/** The most that a first attempt asked for, or any where the runs have no first ones. */
function firstRequest(attempts: readonly Attempt[]): number | undefined {
  const first = attempts.filter(({ number }) => number === 1);
  return largest((first.length > 0 ? first : attempts).map(({ memory }) => memory));
}

/** undefined: none is known. */
function largest(values: readonly number[]): number | undefined {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? undefined : known.reduce((most, value) => Math.max(most, value));
}
