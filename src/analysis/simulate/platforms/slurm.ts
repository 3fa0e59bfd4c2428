/**
 * A cluster under Slurm, or a scheduler like it: first come first served, with gaps filled (EASY backfill): who comes later may go first if, by the time
 * that it asks for, it does not put off the first that waits. Other people's jobs are not in it.
 */
import type { Random, Spread } from '../random.ts';
import { FixedFleet, type Nodes } from './fixed-fleet.ts';
import { type Executor, NO_ROOM, type Platform, type Request } from './platform.ts';
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
  readonly node: number;
  readonly request: Request;
  /** By the time that it asked for. */
  readonly until: number;
}

class BackfillFleet extends FixedFleet {
  override readonly ordered = true;
  readonly #held = new Map<number, Held>();
  #reserved: Reservation | undefined;

  override release(machine: number, request: Request, now: number, task: number): void {
    super.release(machine, request, now, task);
    this.#held.delete(task);
  }

  protected override find(request: Request, now: number, task: number, first: boolean): number {
    if (first && this.#reserved?.task !== task) this.#reserved = undefined;
    const until = now + (request.timeMs ?? Number.POSITIVE_INFINITY);
    const kept = first ? undefined : this.#reserved;
    const node = this.room.find(request, (one) => kept?.node !== one || isOverBy(until, kept) || leaves(kept, request));
    if (node === NO_ROOM) {
      if (first) this.#reserved ??= this.#reservationFor(request, task, now);
      return node;
    }
    if (first) this.#reserved = undefined;
    else if (kept?.node === node && !isOverBy(until, kept)) {
      kept.spareMilliCpus -= milli(request.cpus);
      kept.spareBytes -= request.memoryBytes;
    }
    this.#held.set(task, { node, request, until });
    return node;
  }

  /** The node that has room first, if all take as long as they may. */
  #reservationFor(request: Request, task: number, now: number): Reservation | undefined {
    let best: Reservation | undefined;
    const byNode = new Map<number, Held[]>();
    for (const held of this.#held.values()) byNode.set(held.node, [...(byNode.get(held.node) ?? []), held]);
    for (const [node, some] of byNode) {
      let { milliCpus, memoryBytes } = this.room.freeOf(node);
      for (const held of some.sort((one, two) => one.until - two.until)) {
        milliCpus += milli(held.request.cpus);
        memoryBytes += held.request.memoryBytes;
        const [spareMilliCpus, spareBytes] = [milliCpus - milli(request.cpus), memoryBytes - request.memoryBytes];
        if (spareMilliCpus < 0 || spareBytes < 0) continue;
        const at = Math.max(now, held.until);
        if (best === undefined || at < best.at) best = { task, node, at, spareMilliCpus, spareBytes };
        break;
      }
    }
    return best;
  }
}

/** What says no time is never over. */
function isOverBy(until: number, { at }: Reservation): boolean {
  return until !== Number.POSITIVE_INFINITY && until <= at;
}

function leaves({ spareMilliCpus, spareBytes }: Reservation, { cpus, memoryBytes }: Request): boolean {
  return milli(cpus) <= spareMilliCpus && memoryBytes <= spareBytes;
}
