/**
 * A cluster under Slurm, or a scheduler like it: first come first served, with gaps filled (EASY backfill): who comes later may go first if, by the time
 * that it asks for, it does not put off the first that waits. Other people's jobs are not in it.
 */
import type { Random, Spread } from '../random.ts';
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

/** A node that is kept for the first that waits. */
interface Reservation {
  readonly task: number;
  readonly node: number;
  /** When, at the latest, it has room, and what is then left over. */
  readonly at: number;
  spareMilliCpus: number;
  spareBytes: number;
}

interface Held {
  readonly task: number;
  readonly request: Request;
  /** By the time that it asked for. */
  readonly until: number;
}

class BackfillFleet extends FixedFleet {
  override readonly ordered = true;
  /** By node, those that are over first in front. */
  readonly #held = new Map<number, Held[]>();
  /** By node: when it has room at the latest; undefined: it has changed since. */
  readonly #roomAt = new Map<Request, (number | undefined)[]>();
  #reserved: Reservation | undefined;

  override release(machine: number, request: Request, now: number, task: number): void {
    super.release(machine, request, now, task);
    this.#change(machine, (held) => held.filter((one) => one.task !== task));
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
    }
    this.#change(node, (held) => {
      const later = held.findIndex((one) => one.until > until);
      return held.toSpliced(later === -1 ? held.length : later, 0, { task, request, until });
    });
    return node;
  }

  #change(node: number, change: (held: readonly Held[]) => Held[]): void {
    this.#held.set(node, change(this.#held.get(node) ?? []));
    for (const times of this.#roomAt.values()) times[node] = undefined;
  }

  /** The node that has room first, if all take as long as they may. */
  #reservationFor(request: Request, task: number, now: number): Reservation | undefined {
    let times = this.#roomAt.get(request);
    if (times === undefined) this.#roomAt.set(request, (times = []));
    let [best, at] = [NO_ROOM, Number.POSITIVE_INFINITY];
    for (let node = 0; node < this.room.count; node += 1) {
      const time = Math.max(now, (times[node] ??= this.#after(node, request).until));
      if (time < at || (best === NO_ROOM && time === at)) [best, at] = [node, time];
    }
    if (best === NO_ROOM) return undefined;
    const { spareMilliCpus, spareBytes } = this.#after(best, request);
    return { task, node: best, at, spareMilliCpus, spareBytes };
  }

  /** Until when those run that are over before a node has room, and what it then has beyond that. NaN: it never has. */
  #after(node: number, request: Request): { until: number; spareMilliCpus: number; spareBytes: number } {
    const { milliCpus, memoryBytes } = this.room.freeOf(node);
    let [spareMilliCpus, spareBytes, until] = [milliCpus - milli(request.cpus), memoryBytes - request.memoryBytes, 0];
    for (const held of this.#held.get(node) ?? []) {
      if (spareMilliCpus >= 0 && spareBytes >= 0) break;
      spareMilliCpus += milli(held.request.cpus);
      spareBytes += held.request.memoryBytes;
      until = held.until;
    }
    return { until: spareMilliCpus >= 0 && spareBytes >= 0 ? until : Number.NaN, spareMilliCpus, spareBytes };
  }
}

/** What says no time is never over. */
function isOverBy(until: number, { at }: Reservation): boolean {
  return until !== Number.POSITIVE_INFINITY && until <= at;
}

function leaves({ spareMilliCpus, spareBytes }: Reservation, { cpus, memoryBytes }: Request): boolean {
  return milli(cpus) <= spareMilliCpus && memoryBytes <= spareBytes;
}
