/**
 * A run in time: when each task of a pipeline is submitted, starts and ends on a platform, and why it waited. Discrete events, one task at a time, with
 * Nextflow's own rules (TaskPollingMonitor and LocalPollingMonitor of Nextflow 25, TaskProcessor for failures):
 *
 * - one queue, first come first served, which is scanned whole: who cannot go stays behind and is overtaken;
 * - at most `queueSize` tasks submitted and not yet seen to have ended, at most `maxForks` of a call, the local executor also what is free;
 * - permits of `submitRateLimit` are taken for each task that is scanned, also for those that then cannot go;
 * - an end is seen at the next poll; the local executor sees it at once;
 * - what is tried again joins the queue at its tail, with what it asks for in its next attempt;
 * - each executor has a queue, limits and polls of its own.
 *
 * Not as in Nextflow: it looks at a queue in which nobody could go again after a second or when something has ended; here, at once.
 */
import { arrivalPlaces } from './arrivals.ts';
import { EventQueue } from './event-queue.ts';
import { Flow } from './flow.ts';
import { Monitor, SubmitLine } from './monitor.ts';
import type { Place } from './placing.ts';
import { type MachineUse, NO_ROOM, type Platform, type Request } from './platforms/platform.ts';
import { Random } from './random.ts';
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
  /** Bytes; whoever asks for more gets so much (`resourceLimits` of Nextflow). */
  readonly mostMemory?: number;
  /** Share of a task's duration after which those attempts fail that `Tasks.failures` lets fail, 0 to 1; 1 if absent. */
  readonly failsAfter?: number;
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
  /** So many attempts fail whatever they are given, after their duration or a part of it (`failsAfter`). */
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

class Run {
  readonly #graph: TaskLinks;
  readonly #flow: Flow;
  readonly #tasks: Tasks;
  /** One for each executor. */
  readonly #monitors: readonly Monitor[];
  readonly #data: TaskLinks | undefined;
  readonly #finishes = new EventQueue();
  /** By group, ladder and attempt. */
  readonly #lines: SubmitLine[][][];
  /** Those that ask for the same are one. */
  readonly #requests = new Map<string, Request>();
  readonly #sums: WaitSums;
  /** Who comes first of those that can go at the same time. */
  readonly #places: Int32Array;

  readonly #forks: Int32Array;
  readonly #arrived: Float64Array;
  readonly #submits: Float64Array;
  readonly #starts: Float64Array;
  readonly #ends: Float64Array;
  readonly #attempts: Uint8Array;
  /** Attempts that the platform itself began anew. */
  readonly #renewed: Uint8Array;
  /** Whether the last attempt went with its machine. */
  readonly #lost: Uint8Array;
  readonly #machineOf: Int32Array;
  /** The same, kept when it has ended. */
  readonly #ranOn: Int32Array;
  readonly #lineOf: SubmitLine[];
  /** Of an attempt that was submitted and whose end was not seen: its number among all submissions. -1: none. */
  readonly #orders: Int32Array;
  /** Those that can go now that a task is done: one list, used again. */
  readonly #ready: number[] = [];
  #order = 0;
  #now = 0;
  #left: number;
  #makespan = 0;
  #outcome: Outcome | undefined;

  constructor(graph: TaskLinks, tasks: Tasks, platform: Platform, { seed = 0, places, data }: SimulationOptions) {
    const { tasks: count, groups } = graph;
    this.#graph = graph;
    this.#flow = new Flow(graph);
    this.#tasks = tasks;
    const random = new Random(seed);
    this.#places = places ?? arrivalPlaces(graph, random);
    this.#monitors = (platform.parts ?? [platform]).map(
      (part) =>
        new Monitor(part, random, count, {
          up: (monitor, machine) => this.#roomOn(monitor, machine, this.#now, 'boot'),
          freed: (monitor, machine) => this.#roomOn(monitor, machine, this.#now, undefined),
          lost: (monitor, machine) => this.#lose(monitor, machine, this.#now),
        }),
    );
    this.#data = data;
    this.#lines = groups.map(() => []);
    this.#sums = new WaitSums(groups.length);
    this.#forks = new Int32Array(groups.length);
    this.#lineOf = new Array(count);
    this.#arrived = new Float64Array(count);
    this.#submits = new Float64Array(count).fill(Number.NaN);
    this.#starts = new Float64Array(count).fill(Number.NaN);
    this.#ends = new Float64Array(count).fill(Number.NaN);
    this.#attempts = new Uint8Array(count);
    this.#renewed = new Uint8Array(count);
    this.#lost = new Uint8Array(count);
    this.#machineOf = new Int32Array(count).fill(NO_ROOM);
    this.#ranOn = new Int32Array(count).fill(NO_ROOM);
    this.#orders = new Int32Array(count).fill(-1);
    this.#left = count;
  }

  toItsEnd(): Simulation {
    this.#queueAll([...this.#flow.first()], 0);
    this.#letGo(0);
    while (this.#left > 0) {
      const now = this.#nextAt();
      if (now === Number.POSITIVE_INFINITY) break;
      this.#now = now;
      for (const { fleet, news } of this.#monitors) if (fleet.nextAt <= now) fleet.advance(now, news);
      while (this.#finishes.at === now) this.#finish(now);
      for (const monitor of this.#monitors) {
        if (monitor.pollAt === now) monitor.poll(now, this.#orders);
        while (monitor.collected.at === now) this.#see(monitor, monitor.collected.shift(), now);
        while (monitor.sent.at === now) this.#arrive(monitor.sent.shift(), now);
      }
      if (this.#outcome === 'terminated') break;
      this.#letGo(now);
    }
    return this.#result();
  }

  #nextAt(): number {
    let next = this.#finishes.at;
    for (const monitor of this.#monitors) next = Math.min(next, monitor.nextAt(this.#now));
    return next;
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
    this.#lineOf[task] = line;
    this.#arrived[task] = now;
    line.monitor.pending.add(line, task);
  }

  #lineFor(task: number): SubmitLine {
    const group = this.#flow.groupOf[task] as number;
    const ladder = this.#tasks.ladderOf?.[task] ?? 0;
    const requests = (this.#tasks.calls[group] as CallSettings).ladders[ladder] as readonly Request[];
    const rung = Math.min(this.#attempts[task] as number, requests.length - 1);
    const lines = ((this.#lines[group] as SubmitLine[][])[ladder] ??= []);
    let line = lines[rung];
    if (line === undefined) {
      const request = this.#oneFor(requests[rung] as Request);
      lines[rung] = line = new SubmitLine(group, request, this.#monitors[request.on ?? 0] as Monitor);
      line.monitor.pending.lines.push(line);
    }
    return line;
  }

  #oneFor(request: Request): Request {
    const key = `${request.cpus} ${request.memoryBytes} ${request.accelerators} ${request.timeMs} ${request.on}`;
    const same = this.#requests.get(key);
    if (same === undefined) this.#requests.set(key, request);
    return same ?? request;
  }

  #arrive(task: number, now: number): void {
    const { monitor, request } = this.#lineOf[task] as SubmitLine;
    monitor.placing.add(task, request, now);
  }

  #requestOf(task: number): Request {
    return (this.#lineOf[task] as SubmitLine).request;
  }

  #letGo(now: number): void {
    for (const monitor of this.#monitors) {
      this.#submit(monitor, now);
      const { placing, fleet } = monitor;
      if (placing.waiting === 0) continue;
      placing.scan(now, this.#place);
      if (fleet.listens && placing.waiting > 0) fleet.ask(placing.requests(), now);
    }
  }

  readonly #place: Place = (task, request, now, first, held) => {
    const { fleet } = (this.#lineOf[task] as SubmitLine).monitor;
    const machine = fleet.place(request, now, task, first);
    if (machine === NO_ROOM) return fleet.why(request);
    this.#sums.add(this.#flow.groupOf[task] as number, held ?? 'boot', now - (this.#arrived[task] as number));
    this.#start(task, machine, now);
    return undefined;
  };

  /** Nextflow's scan of its queue. Who goes is settled at once; each submission then takes its time. */
  #submit(monitor: Monitor, now: number): void {
    const { pending, fleet, limit, platform } = monitor;
    if (!pending.open || now < monitor.submitterFree || this.#outcome !== undefined) return;
    const awake = monitor.pauses.after(now);
    if (awake > now) {
      monitor.submitterFree = awake;
      return;
    }
    const { queueSize, submitMs } = platform.executor;
    const { direct } = platform;
    const most = queueSize > 0 ? queueSize - monitor.submitted : Number.POSITIVE_INFINITY;
    if (most === 0) {
      monitor.full = true;
      return;
    }
    const before = pending.waiting;
    let [at, passed, scanned] = [now, 0, 0];
    const went = pending.scan(most, (task, line) => {
      const { group, request } = line;
      const { maxForks } = this.#tasks.calls[group] as CallSettings;
      if (maxForks > 0 && (this.#forks[group] as number) >= maxForks) return 'max-forks';
      const machine = direct ? fleet.place(request, now, task, false) : NO_ROOM;
      if (direct && machine === NO_ROOM) return fleet.why(request);
      if (limit !== undefined) {
        const behind = pending.refusedBefore(line) + passed + 1;
        at = limit.take(behind - scanned, at);
        scanned = behind;
      }
      passed += 1;
      this.#waited(task, line, now);
      this.#sums.add(group, 'submit-rate', at - now);
      monitor.submitted += 1;
      this.#forks[group] = (this.#forks[group] as number) + 1;
      this.#submits[task] = at;
      this.#arrived[task] = at;
      this.#orders[task] = this.#order;
      this.#order += 1;
      if (direct) this.#start(task, machine, at);
      else if (at === now) this.#arrive(task, now);
      else monitor.sent.push(at, task);
      at += submitMs;
      return undefined;
    });
    monitor.full = pending.open;
    if (went === 0) return;
    if (limit !== undefined) at = limit.take(before - scanned, at);
    monitor.submitterFree = at;
  }

  /** Until it was queued, and in the queue, where the last that held it back counts. */
  #waited(task: number, { group, openedAt, cause, monitor: { fullUntil } }: SubmitLine, now: number): void {
    const since = this.#arrived[task] as number;
    if (this.#attempts[task] === 0) {
      const readyAt = this.#flow.readyAt[task] as number;
      this.#sums.add(group, 'data', readyAt);
      this.#sums.add(group, 'poll', since - readyAt);
    }
    const held = openedAt < fullUntil ? 'queue-size' : cause;
    this.#sums.add(group, Math.max(openedAt, fullUntil) < since ? 'submit-rate' : (held ?? 'submit-rate'), now - since);
  }

  #start(task: number, machine: number, now: number): void {
    const start = now + (this.#lineOf[task] as SubmitLine).monitor.fleet.startMs(machine, task, now);
    const end = start + this.#lengthOf(task);
    this.#sums.add(this.#flow.groupOf[task] as number, 'boot', start - now);
    this.#machineOf[task] = this.#ranOn[task] = machine;
    this.#lost[task] = 0;
    this.#starts[task] = start;
    this.#ends[task] = end;
    this.#finishes.push(end, this.#orders[task] as number, task);
  }

  /** Ms of the attempt that starts now. */
  #lengthOf(task: number): number {
    const whole = this.#tasks.durationsMs[task] as number;
    if ((this.#tasks.failures?.[task] ?? 0) <= (this.#attempts[task] as number)) return whole;
    const { failsAfter = 1 } = this.#tasks.calls[this.#flow.groupOf[task] as number] as CallSettings;
    return Math.round(whole * failsAfter);
  }

  #finish(now: number): void {
    const { subject: task, order } = this.#finishes;
    this.#finishes.pop();
    const machine = this.#machineOf[task] as number;
    // The attempt is no more: its machine was lost before.
    if (machine === NO_ROOM || this.#orders[task] !== order || this.#ends[task] !== now) return;
    this.#leave(task, now);
    this.#roomOn((this.#lineOf[task] as SubmitLine).monitor, machine, now, undefined);
    this.#over(task, now);
  }

  #leave(task: number, now: number): void {
    const { monitor, request } = this.#lineOf[task] as SubmitLine;
    monitor.fleet.release(this.#machineOf[task] as number, request, now, task);
    this.#machineOf[task] = NO_ROOM;
  }

  /** An attempt is over, and the next poll after the platform says so sees it. */
  #over(task: number, now: number): void {
    this.#makespan = now;
    (this.#lineOf[task] as SubmitLine).monitor.report(task, now);
  }

  #see(monitor: Monitor, task: number, now: number): void {
    const group = this.#flow.groupOf[task] as number;
    const { errorStrategy, maxForks, maxRetries } = this.#tasks.calls[group] as CallSettings;
    const failed = this.#fails(task);
    if (monitor.full) [monitor.full, monitor.fullUntil] = [false, now];
    monitor.submitted -= 1;
    this.#forks[group] = (this.#forks[group] as number) - 1;
    if (maxForks > 0)
      for (const line of monitor.pending.lines) if (line.closed === 'max-forks' && line.group === group) monitor.pending.reopen(line, now);
    this.#orders[task] = -1;
    this.#attempts[task] = (this.#attempts[task] as number) + 1;
    if (!failed || errorStrategy === 'ignore') this.#settle(task, !failed, now);
    else if (this.#outcome === undefined) {
      if (errorStrategy === 'retry' && (this.#attempts[task] as number) <= maxRetries) {
        this.#sums.add(group, 'poll', now - (this.#ends[task] as number));
        this.#queue(task, now);
      } else this.#outcome = errorStrategy === 'finish' ? 'finished' : 'terminated';
    }
    // What was submitted still runs to its end.
    if (this.#outcome === 'finished') this.#left = this.#monitors.reduce((sum, { submitted }) => sum + submitted, 0);
    if (this.#outcome === 'terminated') this.#makespan = now;
  }

  #fails(task: number): boolean {
    if (this.#lost[task] === 1) return true;
    if ((this.#tasks.failures?.[task] ?? 0) > (this.#attempts[task] as number)) return true;
    return (this.#tasks.peakMemory?.[task] ?? 0) > this.#requestOf(task).memoryBytes;
  }

  /** A task is done, or ignored. */
  #settle(task: number, brings: boolean, now: number): void {
    const ready = this.#ready;
    ready.length = 0;
    this.#left -= this.#flow.settle(task, this.#ends[task] as number, brings, ready);
    if (this.#outcome === undefined) this.#queueAll(ready, now);
  }

  /** @param cause what it came after; undefined: somebody left */
  #roomOn({ platform, fleet, placing, pending }: Monitor, machine: number, now: number, cause: Cause | undefined): void {
    if (!platform.direct) placing.roomOn(machine, now, cause);
    else
      for (const line of pending.lines)
        if (line.closed !== undefined && line.closed !== 'max-forks' && fleet.fits(machine, line.request)) pending.reopen(line, now);
  }

  #lose(monitor: Monitor, machine: number, now: number): void {
    const running = this.#finishes
      .subjects()
      .filter((task) => this.#machineOf[task] === machine && (this.#lineOf[task] as SubmitLine).monitor === monitor);
    for (const task of new Set(running.sort())) {
      this.#leave(task, now);
      this.#ends[task] = now;
      this.#lost[task] = 1;
      if ((this.#renewed[task] as number) < monitor.platform.renewals) {
        this.#renewed[task] = (this.#renewed[task] as number) + 1;
        this.#arrived[task] = now;
        this.#arrive(task, now);
      } else this.#over(task, now);
    }
  }

  /** What still runs when the run is given up ends then. */
  #kill(): void {
    for (let task = 0; task < this.#graph.tasks; task += 1) {
      if (this.#machineOf[task] !== NO_ROOM) this.#leave(task, this.#makespan);
      if ((this.#starts[task] as number) > this.#makespan) this.#starts[task] = this.#ends[task] = Number.NaN;
      else if ((this.#ends[task] as number) > this.#makespan) this.#ends[task] = this.#makespan;
    }
  }

  #result(): Simulation {
    const outcome = this.#outcome ?? (this.#left > 0 ? 'stuck' : 'completed');
    if (this.#data !== undefined) this.#tellAvoidable(this.#data);
    if (outcome === 'terminated') this.#kill();
    return {
      outcome,
      makespanMs: this.#makespan,
      submits: this.#submits,
      starts: this.#starts,
      ends: this.#ends,
      attempts: this.#attempts,
      machineOf: this.#ranOn,
      waits: this.#graph.groups.map((_, group) => this.#sums.of(group)),
      machines: this.#machines(),
      stuck: outcome === 'stuck' ? this.#stuck() : [],
    };
  }

  /** Of all executors: a machine's number is counted on from those of the executors before. */
  #machines(): readonly MachineUse[] {
    const [alone, ...others] = this.#monitors as [Monitor, ...Monitor[]];
    if (others.length === 0) return alone.fleet.machines(this.#makespan);
    const machines: MachineUse[] = [];
    const before = this.#monitors.map(({ fleet }, on) => {
      const offset = machines.length;
      for (const use of fleet.machines(this.#makespan)) machines.push({ ...use, on });
      return offset;
    });
    for (const [task, machine] of this.#ranOn.entries())
      if (machine !== NO_ROOM) this.#ranOn[task] = machine + (before[this.#requestOf(task).on ?? 0] as number);
    return machines;
  }

  /** Of the wait for others, what was for those that give nothing. */
  #tellAvoidable(data: TaskLinks): void {
    const givenAt = releasesOf(data, (task) => this.#ends[task] as number);
    for (let task = 0; task < this.#graph.tasks; task += 1) {
      if (Number.isNaN(this.#submits[task] as number)) continue;
      const avoidable = Math.max(0, (this.#flow.readyAt[task] as number) - (givenAt[task] as number));
      this.#sums.add(this.#flow.groupOf[task] as number, 'avoidable', avoidable);
      this.#sums.add(this.#flow.groupOf[task] as number, 'data', -avoidable);
    }
  }

  #stuck(): readonly number[] {
    const stuck = new Set<number>();
    for (const { pending } of this.#monitors) for (const { group, tasks } of pending.lines) if (tasks.size > 0) stuck.add(group);
    // Nothing runs any more: who was submitted waits for a machine.
    for (const [task, order] of this.#orders.entries()) if (order !== -1) stuck.add(this.#flow.groupOf[task] as number);
    return [...stuck].sort((one, two) => one - two);
  }
}
