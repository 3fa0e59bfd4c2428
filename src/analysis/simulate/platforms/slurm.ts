/**
 * A cluster under Slurm, or a scheduler like it: first come first served, with gaps filled (EASY backfill): who comes later may go first if, by the time
 * that it asks for, it does not put off the first that waits. Other people's jobs are not in it.
 */
import type { Random, Spread } from '../random.ts';
import { Tournament } from '../tournament.ts';
import { FixedFleet, type Nodes } from './fixed-fleet.ts';
import { type Executor, NO_ROOM, OWN_SPEEDS, type Platform, type Request } from './platform.ts';
import { milli } from './room.ts';

export interface SlurmOptions {
  readonly nodes: readonly Nodes[];
  readonly executor?: Partial<Executor>;
  /** Of a job, once it has a node. */
  readonly startMs?: Spread;
}

/** queueSize, pollInterval: Nextflow's reference of scope `executor`, for grid executors. `sbatch` is started once for each task. */
const DEFAULTS: Executor = { queueSize: 100, pollMs: 5000, submitMs: 50, reportMs: 0, collectMs: 0 };

export function slurm({ nodes, executor, startMs = { median: 1000, p90: 3000 } }: SlurmOptions): Platform {
  return {
    name: 'slurm',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: 0,
    speedSpread: OWN_SPEEDS,
    open: (random: Random) => new BackfillFleet(nodes, 'first', { inLineMs: 0, ownMs: startMs, clearMs: 0 }, random),
  };
}

/** What is left over on a node. */
interface Spare {
  spareMilliCpus: number;
  spareBytes: number;
  spareAccelerators: number;
}

/** A node that is kept for the first that waits. */
interface Reservation extends Spare {
  readonly task: number;
  readonly node: number;
  /** When, at the latest, it has room, and what is left over is that of then. */
  readonly at: number;
}

/** What runs on a node, side by side: those that are over first in front. */
class Held {
  readonly tasks: number[] = [];
  readonly requests: Request[] = [];
  /** By the time that each asked for. */
  readonly untils: number[] = [];

  add(task: number, request: Request, until: number): void {
    const { tasks, requests, untils } = this;
    let at = tasks.length;
    // Most are over later than those that were there.
    for (; at > 0 && (untils[at - 1] as number) > until; at -= 1) this.#move(at - 1, at);
    [tasks[at], requests[at], untils[at]] = [task, request, until];
  }

  remove(task: number): void {
    const { tasks, requests, untils } = this;
    const last = tasks.length - 1;
    for (let at = tasks.indexOf(task); at < last; at += 1) this.#move(at + 1, at);
    tasks.pop();
    requests.pop();
    untils.pop();
  }

  #move(from: number, to: number): void {
    this.tasks[to] = this.tasks[from] as number;
    this.requests[to] = this.requests[from] as Request;
    this.untils[to] = this.untils[from] as number;
  }
}

class BackfillFleet extends FixedFleet {
  override readonly ordered = true;
  readonly #held: Held[] = [];
  readonly #roomAt = new Map<Request, RoomTimes>();
  #reserved: Reservation | undefined;

  override release(machine: number, request: Request, now: number, task: number): void {
    super.release(machine, request, now, task);
    this.#heldOn(machine).remove(task);
    this.#change(machine);
  }

  protected override find(request: Request, now: number, task: number, first: boolean): number {
    if (first && this.#reserved?.task !== task) this.#reserved = undefined;
    const until = now + (request.timeMs ?? Number.POSITIVE_INFINITY);
    const kept = first ? undefined : this.#reserved;
    const putsOff = kept !== undefined && !isOverBy(until, kept) && !leaves(kept, request);
    const node = this.room.find(request, putsOff ? kept.node : NO_ROOM);
    if (node === NO_ROOM) {
      if (first) this.#reserved ??= this.#reservationFor(request, task, now);
      return node;
    }
    if (first) this.#reserved = undefined;
    else if (kept?.node === node && !isOverBy(until, kept)) {
      kept.spareMilliCpus -= milli(request.cpus);
      kept.spareBytes -= request.memoryBytes;
      kept.spareAccelerators -= request.accelerators ?? 0;
    }
    this.#heldOn(node).add(task, request, until);
    this.#change(node);
    return node;
  }

  #heldOn(node: number): Held {
    return (this.#held[node] ??= new Held());
  }

  #change(node: number): void {
    for (const times of this.#roomAt.values()) times.change(node);
  }

  /** The node that has room first, if all take as long as they may. */
  #reservationFor(request: Request, task: number, now: number): Reservation | undefined {
    let times = this.#roomAt.get(request);
    if (times === undefined) this.#roomAt.set(request, (times = new RoomTimes(this.room.count)));
    const node = times.first(now, (one) => this.#after(one, request).until);
    if (node === undefined) return undefined;
    const { until, ...spare } = this.#after(node, request);
    return { task, node, at: Math.max(now, until), ...spare };
  }

  /** Until when those run that are over before a node has room, and what it then has beyond that. NaN: it never has. */
  #after(node: number, request: Request): Spare & { until: number } {
    const { milliCpus, memoryBytes, accelerators } = this.room.freeOf(node);
    let [spareMilliCpus, spareBytes, until] = [milliCpus - milli(request.cpus), memoryBytes - request.memoryBytes, 0];
    let spareAccelerators = accelerators - (request.accelerators ?? 0);
    const lacks = (): boolean => spareMilliCpus < 0 || spareBytes < 0 || spareAccelerators < 0;
    const { requests, untils } = this.#heldOn(node);
    for (let at = 0; at < requests.length && lacks(); at += 1) {
      const held = requests[at] as Request;
      spareMilliCpus += milli(held.cpus);
      spareBytes += held.memoryBytes;
      spareAccelerators += held.accelerators ?? 0;
      until = untils[at] as number;
    }
    return { until: lacks() ? Number.NaN : until, spareMilliCpus, spareBytes, spareAccelerators };
  }
}

/** When each node has room for a request, at the latest. */
class RoomTimes {
  readonly #times = new Tournament();
  readonly #isChanged: Uint8Array;
  /** Nodes that are to be looked at again. */
  readonly #changed: number[];

  constructor(nodes: number) {
    this.#isChanged = new Uint8Array(nodes).fill(1);
    this.#changed = [...this.#isChanged.keys()];
  }

  change(node: number): void {
    if (this.#isChanged[node] === 1) return;
    this.#isChanged[node] = 1;
    this.#changed.push(node);
  }

  /** @param timeOf NaN: never. @returns the node with the lowest number of those that come first; undefined: none ever has room */
  first(now: number, timeOf: (node: number) => number): number | undefined {
    for (const node of this.#changed) {
      const time = timeOf(node);
      this.#isChanged[node] = 0;
      this.#times.set(node, Number.isNaN(time) ? Number.POSITIVE_INFINITY : Math.min(time, NO_TIME));
    }
    this.#changed.length = 0;
    return this.#times.firstWithin(now);
  }
}

/** Behind all times: of tasks that do not say how long they take. */
const NO_TIME = Number.MAX_VALUE;

/** What says no time is never over. */
function isOverBy(until: number, { at }: Reservation): boolean {
  return until !== Number.POSITIVE_INFINITY && until <= at;
}

function leaves({ spareMilliCpus, spareBytes, spareAccelerators }: Reservation, { cpus, memoryBytes, accelerators = 0 }: Request): boolean {
  return milli(cpus) <= spareMilliCpus && memoryBytes <= spareBytes && accelerators <= spareAccelerators;
}
