/** Where tasks run: what Nextflow's executor for it does by default, and the machines. One file a platform. */
import { nameOf, type Random, type Spread } from '../random.ts';
import type { Cause } from '../waits.ts';

/** What a task asks for. */
export interface Request {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly accelerators?: number;
  /** The directive `time`, ms: a scheduler that fills gaps believes it. */
  readonly timeMs?: number;
  /** On a platform that is made of several: which of them, by its number. */
  readonly on?: number;
}

/** Nextflow's side: the settings of scope `executor`, and what its own work costs. */
export interface Executor {
  /** Submitted and not yet seen to have ended, at most; 0: no limit. */
  readonly queueSize: number;
  /** Ms; 0: an end is seen at once, and collected in no time. */
  readonly pollMs: number;
  /** `submitRateLimit`; undefined: none. */
  readonly submitsPerSecond?: number;
  /** Ms that it takes to submit a task (files written, a call to the service): one after another. */
  readonly submitMs: number;
  /** Ms from a task's end until the platform says so: a poll before that does not see it. */
  readonly reportMs: number;
  /** Nextflow stands still, as when a shared volume does not answer: how often in an hour, and for how many ms. */
  readonly pauses?: { readonly perHour: number; readonly ms: number };
  /** Ms that it takes to collect a task that ended: one after another. */
  readonly collectMs: number;
}

export interface Platform {
  readonly name: string;
  readonly executor: Executor;
  /** Nextflow itself looks for room before it submits: the local executor alone. */
  readonly direct: boolean;
  /** So often the platform itself begins a task anew whose machine went away, before Nextflow hears of it. */
  readonly renewals: number;
  /** Of the natural logarithm: how far the machines of one run differ from those of another in how fast they are. Absent: not at all. */
  readonly speedSpread?: number;
  /** Several with an executor each; what a task asks for says on which it runs. */
  readonly parts?: readonly Platform[];
  /** Machines as they are when a run starts. */
  open(random: Random): Fleet;
}

export const NO_ROOM = -1;

/** How much slower than usual the platform is in one run, as a factor of all that it takes beside the tasks. */
export function paceOf(random: Random, spread: Spread): number {
  return random.logNormal(spread, PACE, 0);
}

const PACE = nameOf('pace of a platform');

/** Machines that are rented are of other kinds in another run. Mean of three workflows, each on three kinds of machines (Lotaru traces: c2, n1, n2 of Google). */
export const RENTED_SPEEDS = 0.15;
/** Those of a cluster are the same: replays that are told how long tasks took and when Nextflow stood still are off by so much (the middle of 25, docs/model.md). */
export const OWN_SPEEDS = 0.03;

/** Machines during one run. Times are ms since its start; a machine is its number. Requests that ask for the same are one object. */
export interface Fleet {
  /** Whether all that wait have to be looked at again after each scan, since who may go depends on who is first. */
  readonly ordered: boolean;
  /** What was refused is not looked at again for so long, twice as long each time. undefined: whenever there is room. */
  readonly backoff: Backoff | undefined;
  /** Puts a task on a machine. @returns its machine, or NO_ROOM. @param first nobody who came earlier waits */
  place(request: Request, now: number, task: number, first: boolean): number;
  /** Why a task that has just been refused has no room. */
  why(request: Request): Cause;
  fits(machine: number, request: Request): boolean;
  /** The task has ended. Its room may be free only later. */
  release(machine: number, request: Request, now: number, task: number): void;
  /** Ms from a task's being placed to its start. */
  startMs(machine: number, task: number, now: number): number;
  /** Whether it wants to be told what waits, after a scan: it may ask for machines. */
  readonly listens: boolean;
  ask(waiting: readonly Waiting[], now: number): void;
  /** When something happens of itself; Infinity: never. */
  readonly nextAt: number;
  /** Lets that happen. */
  advance(now: number, news: FleetNews): void;
  /** All machines that there were. */
  machines(now: number): readonly MachineUse[];
}

export interface Backoff {
  readonly firstMs: number;
  readonly mostMs: number;
}

export interface Waiting {
  readonly request: Request;
  readonly count: number;
}

export interface FleetNews {
  /** It is there, and has room. */
  up(machine: number): void;
  /** Room that a task had is free. */
  freed(machine: number): void;
  /** It is gone, and so is what ran on it. */
  lost(machine: number): void;
}

/** What is to be paid. */
export interface MachineUse {
  readonly kind: string;
  readonly spot: boolean;
  readonly fromMs: number;
  readonly toMs: number;
  /** Cpus asked for by its tasks × ms. */
  readonly busyCpuMs: number;
  /** On a platform that is made of several: of which of them it is. */
  readonly on?: number;
}

/** One platform of several. What they are asked as one, the first answers. */
export function splitPlatform(parts: readonly [Platform, ...Platform[]]): Platform {
  return { ...parts[0], name: 'split', parts };
}
