/**
 * A run in time: when each task of a pipeline is submitted, starts and ends on a platform, and why it waited. Discrete events, one task at a time, with
 * Nextflow's own rules (TaskPollingMonitor and LocalPollingMonitor of Nextflow 25, TaskProcessor for failures):
 *
 * - one queue, first come first served, which is scanned whole: who cannot go stays behind and is overtaken;
 * - at most `queueSize` tasks submitted and not yet seen to have ended, at most `maxForks` of a call, the local executor also what is free;
 * - permits of `submitRateLimit` are taken for each task that is scanned, also for those that then cannot go;
 * - an end is seen at the next poll; the local executor sees it at once;
 * - what is tried again joins the queue at its tail, with what it asks for in its next attempt.
 *
 * Not as in Nextflow: it looks at a queue in which nobody could go again after a second or when something has ended; here, at once.
 */
import { arrivalPlaces } from './arrivals.ts';
import { EventQueue, Upcoming } from './event-queue.ts';
import { emptyLine, Fifo, type Line } from './fifo.ts';
import { type Flow, flowOf } from './flow.ts';
import { Pauses } from './pauses.ts';
import { type Placing, placingFor } from './placing.ts';
import { type Fleet, type MachineUse, NO_ROOM, type Platform, type Request } from './platforms/platform.ts';
import { Random } from './random.ts';
import { RateLimit } from './rate-limit.ts';
import { releasesOf } from './schedule.ts';
import type { TaskLinks } from './task-graph.ts';
import { type Cause, WaitSums, type Waits } from './waits.ts';

export interface CallSettings {
  /**
   * What a task asks for, by attempt: the last one holds for all attempts behind it. Several ladders where tasks of a call ask for different things
   * (`Tasks.ladderOf`).
   */
  readonly ladders: readonly (readonly Request[])[];
  /** 0: no limit. */
  readonly maxForks: number;
  readonly errorStrategy: ErrorStrategy;
  readonly maxRetries: number;
}

export type ErrorStrategy = 'terminate' | 'finish' | 'ignore' | 'retry';

/** The tasks of a graph, by their numbers. */
export interface Tasks {
  /** By group of the graph. */
  readonly calls: readonly CallSettings[];
  /** Whole ms on the machine, from start to completion, with files in and out. */
  readonly durationsMs: Float64Array;
  /** Which of its call's ladders; all have the first where this is not there. */
  readonly ladderOf?: Uint16Array;
  /** So many attempts fail whatever they are given, each after its whole duration. */
  readonly failures?: Uint8Array;
  /** Bytes. An attempt that asks for less fails, after its whole duration. */
  readonly peakMemory?: Float64Array;
}

export interface SimulationOptions {
  /** For what the platform leaves to chance. */
  readonly seed?: number;
  /** By task, who comes first of those that can go at the same time. Drawn where it is not there. */
  readonly places?: Int32Array;
  /** The graph of who gives something to whom: what a task waits for beyond that is avoidable. */
  readonly data?: TaskLinks;
}

/**
 * `completed`: all tasks are done or were ignored. `finished`, `terminated`: a failed task ended the run that way. `stuck`: what waits fits on no
 * machine that can be had.
 */
export type Outcome = 'completed' | 'finished' | 'terminated' | 'stuck';

export interface Simulation {
  readonly outcome: Outcome;
  /** From the start of the run to the last completion, ms. */
  readonly makespanMs: number;
  /** Of the last attempt, ms since the start of the run; NaN for tasks that never ran. */
  readonly submits: Float64Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** Attempts that were started. */
  readonly attempts: Uint8Array;
  /** Where the last attempt ran, by its number among `machines`; negative for tasks that never ran. */
  readonly machineOf: Int32Array;
  /** Sums over the tasks of a group and all their attempts, by group. */
  readonly waits: readonly Waits[];
  readonly machines: readonly MachineUse[];
  /** Groups of which tasks stayed behind, in a run that is stuck. */
  readonly stuck: readonly number[];
}

/** @throws RangeError where durations and graph do not fit together */
export function simulate(graph: TaskLinks, tasks: Tasks, platform: Platform, options: SimulationOptions = {}): Simulation {
  if (tasks.durationsMs.length !== graph.tasks || tasks.calls.length !== graph.groups.length)
    throw new RangeError(
      `${tasks.durationsMs.length} durations and ${tasks.calls.length} calls for a graph of ${graph.tasks} and ${graph.groups.length}`,
    );
  return new Run(graph, tasks, platform, options).toItsEnd();
}

/** Tasks of a call that ask for the same. */
interface SubmitLine extends Line {
  /** Among all lines. */
  readonly number: number;
  readonly group: number;
  readonly request: Request;
}

class Run {
  readonly #graph: TaskLinks;
  readonly #flow: Flow;
  readonly #tasks: Tasks;
  readonly #platform: Platform;
  readonly #fleet: Fleet;
  readonly #data: TaskLinks | undefined;
  readonly #finishes = new EventQueue();
  /** Tasks on their way to the platform, those that it will say have ended, and those that Nextflow is collecting. */
  readonly #sent = new Upcoming();
  readonly #reported = new Upcoming();
  readonly #collected = new Upcoming();
  #pollAt = Number.POSITIVE_INFINITY;
  readonly #pending: Fifo<SubmitLine>;
  readonly #placing: Placing;
  /** By group, ladder and attempt. */
  readonly #lines: SubmitLine[][][];
  readonly #limit: RateLimit | undefined;
  readonly #pauses: Pauses;
  readonly #sums: WaitSums;
  /** Who comes first of those that can go at the same time. */
  readonly #places: Int32Array;

  readonly #needs: Int32Array;
  readonly #openers: Int32Array;
  /** Whether something came through a gate. */
  readonly #brought: Uint8Array;
  readonly #forks: Int32Array;
  readonly #arrived: Float64Array;
  readonly #submits: Float64Array;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #seen: Float64Array;
  readonly #attempts: Uint8Array;
  /** Attempts that the platform itself began anew. */
  readonly #renewed: Uint8Array;
  /** Whether the last attempt went with its machine. */
  readonly #lost: Uint8Array;
  readonly #machineOf: Int32Array;
  /** The same, kept when it has ended. */
  readonly #ranOn: Int32Array;
  readonly #lineOf: Int32Array;
  /** Of the running attempt: its number among all submissions. -1: none. */
  readonly #orders: Int32Array;
  #order = 0;
  #now = 0;
  /** Ended and not seen. */
  readonly #ended: number[] = [];
  #pollFrom = 0;
  #submitterFree = 0;
  #submitted = 0;
  #left: number;
  #makespan = 0;
  #outcome: Outcome | undefined;

  constructor(graph: TaskLinks, tasks: Tasks, platform: Platform, { seed = 0, places, data }: SimulationOptions) {
    const { tasks: count, groups } = graph;
    this.#graph = graph;
    this.#flow = flowOf(graph);
    this.#tasks = tasks;
    this.#platform = platform;
    const random = new Random(seed);
    this.#places = places ?? arrivalPlaces(graph, random);
    this.#fleet = platform.open(random);
    this.#pauses = new Pauses(platform.executor.pauses, random);
    this.#data = data;
    this.#pending = new Fifo(count);
    this.#placing = placingFor(this.#fleet, platform.direct ? 0 : count);
    this.#lines = groups.map(() => []);
    const { submitsPerSecond } = platform.executor;
    this.#limit = submitsPerSecond === undefined ? undefined : new RateLimit(submitsPerSecond);
    this.#sums = new WaitSums(groups.length);
    this.#needs = this.#flow.needs.slice();
    this.#openers = this.#flow.openers.slice();
    this.#brought = new Uint8Array(this.#openers.length);
    this.#forks = new Int32Array(groups.length);
    this.#arrived = new Float64Array(count);
    this.#submits = new Float64Array(count).fill(Number.NaN);
    this.#starts = new Float64Array(count).fill(Number.NaN);
    this.#ends = new Float64Array(count).fill(Number.NaN);
    this.#seen = new Float64Array(count).fill(Number.NaN);
    this.#attempts = new Uint8Array(count);
    this.#renewed = new Uint8Array(count);
    this.#lost = new Uint8Array(count);
    this.#machineOf = new Int32Array(count).fill(NO_ROOM);
    this.#ranOn = new Int32Array(count).fill(NO_ROOM);
    this.#lineOf = new Int32Array(count);
    this.#orders = new Int32Array(count).fill(-1);
    this.#left = count;
  }

  toItsEnd(): Simulation {
    const first: number[] = [];
    for (let task = 0; task < this.#graph.tasks; task += 1) if (this.#needs[task] === 0) first.push(task);
    this.#queueAll(first, 0);
    this.#scan(0);
    while (this.#left > 0) {
      const now = this.#nextAt();
      if (now === Number.POSITIVE_INFINITY) break;
      if (this.#fleet.nextAt <= now)
        this.#fleet.advance(now, {
          up: (machine) => this.#roomOn(machine, now, 'boot'),
          freed: (machine) => this.#roomOn(machine, now, undefined),
          lost: (machine) => this.#lose(machine, now),
        });
      while (this.#finishes.at === now) this.#finish(now);
      while (this.#reported.at === now) this.#await(this.#reported.shift(), now);
      if (this.#pollAt === now) this.#poll(now);
      while (this.#collected.at === now) this.#see(this.#collected.shift(), now);
      while (this.#sent.at === now) this.#arrive(this.#sent.shift(), now);
      if (this.#outcome === 'terminated') break;
      this.#scan(now);
    }
    return this.#result();
  }

  #nextAt(): number {
    const wakeAt = this.#pending.waiting > 0 && this.#submitterFree > this.#now ? this.#submitterFree : Number.POSITIVE_INFINITY;
    this.#now = Math.min(
      this.#finishes.at,
      this.#reported.at,
      this.#pollAt,
      this.#collected.at,
      this.#sent.at,
      this.#placing.nextAt,
      wakeAt,
      this.#fleet.nextAt,
    );
    return this.#now;
  }

  /** Tasks that can go from now on. */
  #queueAll(ready: number[], now: number): void {
    const places = this.#places;
    if (ready.length > 1) ready.sort((one, two) => (places[one] as number) - (places[two] as number));
    for (const task of ready) this.#queue(task, now);
  }

  /** A task that can go joins Nextflow's queue. */
  #queue(task: number, now: number): void {
    const line = this.#lineFor(task);
    this.#lineOf[task] = line.number;
    this.#arrived[task] = now;
    this.#pending.add(line, task);
  }

  #arrive(task: number, now: number): void {
    this.#placing.add(task, this.#line(task).request, now);
  }

  #line(task: number): SubmitLine {
    return this.#pending.lines[this.#lineOf[task] as number] as SubmitLine;
  }

  #lineFor(task: number): SubmitLine {
    const group = this.#flow.groupOf[task] as number;
    const ladder = this.#tasks.ladderOf?.[task] ?? 0;
    const requests = (this.#tasks.calls[group] as CallSettings).ladders[ladder] as readonly Request[];
    const rung = Math.min(this.#attempts[task] as number, requests.length - 1);
    const lines = ((this.#lines[group] as SubmitLine[][])[ladder] ??= []);
    let line = lines[rung];
    if (line === undefined) {
      const request = requests[rung] as Request;
      line = { ...emptyLine(), number: this.#pending.lines.length, group, request };
      lines[rung] = line;
      this.#pending.addLine(line);
    }
    return line;
  }

  #scan(now: number): void {
    this.#submit(now);
    if (this.#placing.waiting === 0) return;
    this.#placing.scan(now, (task, request, first, held) => {
      const machine = this.#fleet.place(request, now, task, first);
      if (machine === NO_ROOM) return this.#fleet.why(request);
      this.#sums.add(this.#flow.groupOf[task] as number, held ?? 'boot', now - (this.#arrived[task] as number));
      this.#start(task, machine, now);
      return undefined;
    });
    if (this.#placing.waiting > 0 && this.#fleet.grows) this.#fleet.ask(this.#placing.requests(), now);
  }

  /** Nextflow's scan of its queue. Who goes is settled at once; each submission then takes its time. */
  #submit(now: number): void {
    if (this.#pending.waiting === 0 || now < this.#submitterFree || this.#outcome !== undefined) return;
    const awake = this.#pauses.after(now);
    if (awake > now) {
      this.#submitterFree = awake;
      return;
    }
    const { queueSize, submitMs } = this.#platform.executor;
    const { direct } = this.#platform;
    const before = this.#pending.waiting;
    let at = now;
    let went = 0;
    let scanned = 0;
    this.#pending.scan((task, line, first) => {
      const { group, request } = line;
      if (queueSize > 0 && this.#submitted >= queueSize) return 'queue-size';
      const { maxForks } = this.#tasks.calls[group] as CallSettings;
      if (maxForks > 0 && (this.#forks[group] as number) >= maxForks) return 'max-forks';
      const machine = direct ? this.#fleet.place(request, now, task, first) : NO_ROOM;
      if (direct && machine === NO_ROOM) return this.#fleet.why(request);
      if (this.#limit !== undefined) {
        const behind = this.#pending.ahead(task) + went + 1;
        at = this.#limit.take(behind - scanned, at);
        scanned = behind;
      }
      this.#submitted += 1;
      this.#forks[group] = (this.#forks[group] as number) + 1;
      const since = this.#arrived[task] as number;
      this.#sums.add(group, (line.openedAt >= since ? line.cause : undefined) ?? 'submit-rate', now - since);
      this.#sums.add(group, 'submit-rate', at - now);
      this.#submits[task] = at;
      this.#arrived[task] = at;
      this.#orders[task] = this.#order;
      this.#order += 1;
      went += 1;
      if (direct) this.#start(task, machine, at);
      else if (at === now) this.#arrive(task, now);
      else this.#sent.push(at, task);
      at += submitMs;
      return undefined;
    });
    if (went === 0) return;
    if (this.#limit !== undefined) at = this.#limit.take(before - scanned, at);
    this.#submitterFree = at;
  }

  #start(task: number, machine: number, now: number): void {
    const start = now + this.#fleet.startMs(machine, task, now);
    const end = start + (this.#tasks.durationsMs[task] as number);
    this.#sums.add(this.#flow.groupOf[task] as number, 'boot', start - now);
    this.#machineOf[task] = this.#ranOn[task] = machine;
    this.#lost[task] = 0;
    this.#starts[task] = start;
    this.#ends[task] = end;
    this.#finishes.push(end, this.#orders[task] as number, task);
  }

  #finish(now: number): void {
    const { subject: task, order } = this.#finishes;
    this.#finishes.pop();
    const machine = this.#machineOf[task] as number;
    // The attempt is no more: its machine was lost before.
    if (machine === NO_ROOM || this.#orders[task] !== order || this.#ends[task] !== now) return;
    this.#machineOf[task] = NO_ROOM;
    this.#fleet.release(machine, this.#line(task).request, now, task);
    this.#roomOn(machine, now, undefined);
    this.#over(task, now);
  }

  /** An attempt is over, and somebody has to see it. */
  #over(task: number, now: number): void {
    if (now > this.#makespan) this.#makespan = now;
    this.#reported.push(now + this.#platform.executor.reportMs, task);
  }

  /** The next poll sees it. */
  #await(task: number, now: number): void {
    this.#ended.push(task);
    if (this.#ended.length > 1) return;
    const { pollMs } = this.#platform.executor;
    const polls = pollMs === 0 ? now : this.#pollFrom + Math.max(0, Math.ceil((now - this.#pollFrom) / pollMs)) * pollMs;
    this.#pollAt = this.#pauses.after(polls);
  }

  #poll(now: number): void {
    const { pollMs } = this.#platform.executor;
    const collectMs = pollMs === 0 ? 0 : this.#platform.executor.collectMs;
    const orders = this.#orders;
    const ended = this.#ended;
    if (ended.length > 1) ended.sort((one, two) => (orders[one] as number) - (orders[two] as number));
    for (let index = 0; index < ended.length; index += 1) this.#collected.push(now + index * collectMs, ended[index] as number);
    this.#pollFrom = now + Math.max(pollMs, ended.length * collectMs);
    this.#pollAt = Number.POSITIVE_INFINITY;
    ended.length = 0;
  }

  #see(task: number, now: number): void {
    const group = this.#flow.groupOf[task] as number;
    const call = this.#tasks.calls[group] as CallSettings;
    const failed = this.#fails(task);
    this.#submitted -= 1;
    this.#forks[group] = (this.#forks[group] as number) - 1;
    if (this.#pending.refuses)
      for (const line of this.#pending.lines)
        if (line.closed === 'queue-size' || (line.closed === 'max-forks' && line.group === group)) this.#pending.open(line, now);
    this.#orders[task] = -1;
    this.#attempts[task] = (this.#attempts[task] as number) + 1;
    this.#seen[task] = now;
    if (!failed) this.#settle(task, true, now);
    else if (call.errorStrategy === 'ignore') this.#settle(task, false, now);
    else if (this.#outcome === undefined) {
      if (call.errorStrategy !== 'retry' || (this.#attempts[task] as number) > call.maxRetries) this.#abort(call.errorStrategy, now);
      else {
        this.#sums.add(group, 'poll', now - (this.#ends[task] as number));
        this.#queue(task, now);
      }
    }
    // What was submitted still runs to its end.
    if (this.#outcome === 'finished') this.#left = this.#submitted;
  }

  #fails(task: number): boolean {
    if (this.#lost[task] === 1) return true;
    if ((this.#tasks.failures?.[task] ?? 0) > (this.#attempts[task] as number)) return true;
    return (this.#tasks.peakMemory?.[task] ?? 0) > this.#line(task).request.memoryBytes;
  }

  #abort(strategy: ErrorStrategy, now: number): void {
    this.#outcome = strategy === 'finish' ? 'finished' : 'terminated';
    this.#pending.clear();
    if (this.#outcome === 'terminated') this.#makespan = now;
  }

  /** A task is done, or ignored or never made: what it would open opens, and who waits only for what it did not bring is never made. */
  #settle(task: number, brings: boolean, now: number): void {
    const { groupOf, baseOf, from, waiting } = this.#flow;
    const settled = [task];
    const ready: number[] = [];
    let brought = brings;
    for (let next = settled.pop(); next !== undefined; next = settled.pop()) {
      this.#left -= 1;
      const { first, gates } = this.#graph.groups[groupOf[next] as number] as TaskLinks['groups'][number];
      for (const gate of gates) {
        const number = (baseOf.get(gate) as number) + (gate.gateOf[next - first] as number);
        const left = (this.#openers[number] as number) - 1;
        this.#openers[number] = left;
        const opened = gate.any && this.#brought[number] === 1;
        if (brought) this.#brought[number] = 1;
        if (opened || (left > 0 && !(gate.any && brought))) continue;
        for (let index = from[number] as number; index < (from[number + 1] as number); index += 1) {
          const other = waiting[index] as number;
          const needs = (this.#needs[other] as number) - 1;
          if (needs < 0) continue;
          if (this.#brought[number] === 1) this.#needs[other] = needs;
          else {
            this.#needs[other] = NEVER;
            settled.push(other);
          }
          if (needs === 0 && this.#needs[other] === 0) ready.push(other);
        }
      }
      brought = false;
    }
    if (this.#outcome !== undefined) return;
    this.#queueAll(ready, now);
  }

  /** @param cause what it came after; undefined: somebody left */
  #roomOn(machine: number, now: number, cause: Cause | undefined): void {
    if (!this.#platform.direct) this.#placing.roomOn(machine, now, cause);
    else if (this.#pending.refuses)
      for (const line of this.#pending.lines)
        if (this.#fleet.fits(machine, line.request) && line.closed !== 'queue-size' && line.closed !== 'max-forks')
          this.#pending.open(line, now);
  }

  #lose(machine: number, now: number): void {
    for (let task = 0; task < this.#graph.tasks; task += 1) {
      if (this.#machineOf[task] !== machine) continue;
      this.#machineOf[task] = NO_ROOM;
      this.#fleet.release(machine, this.#line(task).request, now, task);
      this.#ends[task] = now;
      this.#lost[task] = 1;
      if ((this.#renewed[task] as number) < this.#platform.renewals) {
        this.#renewed[task] = (this.#renewed[task] as number) + 1;
        this.#arrived[task] = now;
        this.#arrive(task, now);
      } else this.#over(task, now);
    }
  }

  /** What still runs when the run is given up ends then. */
  #kill(): void {
    for (let task = 0; task < this.#graph.tasks; task += 1) {
      if ((this.#starts[task] as number) > this.#makespan) this.#starts[task] = this.#ends[task] = Number.NaN;
      else if ((this.#ends[task] as number) > this.#makespan) this.#ends[task] = this.#makespan;
    }
  }

  #result(): Simulation {
    const { groups } = this.#graph;
    const endOf = (task: number): number => this.#ends[task] as number;
    const released = { ends: releasesOf(this.#graph, endOf), seen: releasesOf(this.#graph, (task) => this.#seen[task] as number) };
    const data = this.#data === undefined ? released.ends : releasesOf(this.#data, endOf);
    const stuck = new Set<number>();
    for (let task = 0; task < this.#graph.tasks; task += 1) {
      const group = this.#flow.groupOf[task] as number;
      const ready = released.ends[task] as number;
      if (Number.isNaN(this.#submits[task] as number)) continue;
      const given = Math.min(ready, data[task] as number);
      this.#sums.add(group, 'data', given);
      this.#sums.add(group, 'avoidable', ready - given);
      this.#sums.add(group, 'poll', Math.max(0, (released.seen[task] as number) - ready));
      if (Number.isNaN(this.#ends[task] as number)) stuck.add(group);
    }
    for (const { group, tasks, head } of this.#pending.lines) if (tasks.length > head) stuck.add(group);
    const outcome = this.#outcome ?? (this.#left > 0 ? 'stuck' : 'completed');
    if (outcome === 'terminated') this.#kill();
    return {
      outcome,
      makespanMs: this.#makespan,
      submits: this.#submits,
      starts: this.#starts,
      ends: this.#ends,
      attempts: this.#attempts,
      machineOf: this.#ranOn,
      waits: groups.map((_, group) => this.#sums.of(group)),
      machines: this.#fleet.machines(this.#makespan),
      stuck: outcome === 'stuck' ? [...stuck].sort((one, two) => one - two) : [],
    };
  }
}

/** Needs of a task that is never made. */
const NEVER = -1;
