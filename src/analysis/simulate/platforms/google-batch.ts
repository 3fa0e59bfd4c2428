/** Google Batch: one virtual machine for each task, of the cheapest type that holds it. */

import { EventQueue } from '../event-queue.ts';
import { nameOf, type Random, type Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import type { InstanceType } from './packing.ts';
import {
  type Executor,
  type Fleet,
  type FleetNews,
  type MachineUse,
  NO_ROOM,
  type Platform,
  RENTED_SPEEDS,
  type Request,
} from './platform.ts';

export interface GoogleBatchOptions {
  readonly types: readonly InstanceType[];
  /** Of all machines together. */
  readonly quotaVcpus?: number;
  readonly spot?: boolean;
  /** `google.batch.maxSpotAttempts`; 0 since Nextflow 24.10. */
  readonly maxSpotAttempts?: number;
  /** From a task's being placed to its start: machine, image and all. */
  readonly bootMs?: Spread;
  readonly executor?: Partial<Executor>;
}

/** Nextflow's reference of scope `executor`: 1000 tasks, a poll every 10 s. */
const DEFAULTS: Executor = { queueSize: 1000, pollMs: 10_000, submitMs: 0, reportMs: 0, collectMs: 0 };

export function googleBatch(options: GoogleBatchOptions): Platform {
  const { spot = false, maxSpotAttempts = 0, executor } = options;
  return {
    name: 'google-batch',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: spot ? maxSpotAttempts : 0,
    speedSpread: RENTED_SPEEDS,
    open: (random: Random) => new OneEachFleet(options, random),
  };
}

interface Use {
  readonly type: InstanceType;
  readonly fromMs: number;
  toMs: number;
  busyCpuMs: number;
}

class OneEachFleet implements Fleet {
  readonly ordered = false;
  readonly backoff = undefined;
  readonly listens = false;
  readonly #types: readonly InstanceType[];
  readonly #quota: number;
  readonly #spot: boolean;
  readonly #bootMs: Spread;
  readonly #random: Random;
  readonly #reclaims = new EventQueue();
  readonly #uses: Use[] = [];
  readonly #typeOf = new Map<Request, InstanceType | undefined>();
  #cpus = 0;

  constructor({ types, quotaVcpus, spot, bootMs }: GoogleBatchOptions, random: Random) {
    this.#types = [...types].sort((one, two) => one.usdPerHour - two.usdPerHour);
    this.#quota = quotaVcpus ?? Number.POSITIVE_INFINITY;
    this.#spot = spot ?? false;
    this.#bootMs = bootMs ?? { median: 90_000, p90: 150_000 };
    this.#random = random;
  }

  get nextAt(): number {
    return this.#reclaims.at;
  }

  place(request: Request, now: number): number {
    const type = this.#typeFor(request);
    if (type === undefined || this.#cpus + type.cpus > this.#quota) return NO_ROOM;
    const machine = this.#uses.length;
    this.#uses.push({ type, fromMs: now, toMs: Number.POSITIVE_INFINITY, busyCpuMs: 0 });
    this.#cpus += type.cpus;
    const { hazardPerHour = 0 } = type;
    if (this.#spot && hazardPerHour > 0) {
      const hours = -Math.log(this.#random.uniform(RECLAIMED, machine)) / hazardPerHour;
      this.#reclaims.push(now + Math.round(hours * 3_600_000), machine, machine);
    }
    return machine;
  }

  why(): Cause {
    return 'quota';
  }

  fits(_machine: number, request: Request): boolean {
    const type = this.#typeFor(request);
    return type !== undefined && this.#cpus + type.cpus <= this.#quota;
  }

  release(machine: number, request: Request, now: number): void {
    const use = this.#uses[machine] as Use;
    use.toMs = now;
    use.busyCpuMs = request.cpus * (now - use.fromMs);
    this.#cpus -= use.type.cpus;
  }

  startMs(_machine: number, task: number): number {
    return Math.round(this.#random.logNormal(this.#bootMs, BOOT, task));
  }

  ask(): void {}

  advance(now: number, news: FleetNews): void {
    while (this.#reclaims.at <= now) {
      const machine = this.#reclaims.subject;
      this.#reclaims.pop();
      if ((this.#uses[machine]?.toMs as number) === Number.POSITIVE_INFINITY) news.lost(machine);
    }
  }

  machines(now: number): readonly MachineUse[] {
    return this.#uses.map(({ type, fromMs, toMs, busyCpuMs }) => ({
      kind: type.name,
      spot: this.#spot,
      fromMs,
      toMs: Math.min(toMs, Math.max(now, fromMs)),
      busyCpuMs,
    }));
  }

  #typeFor(request: Request): InstanceType | undefined {
    if (!this.#typeOf.has(request)) {
      const { cpus, memoryBytes, accelerators = 0 } = request;
      this.#typeOf.set(
        request,
        this.#types.find((type) => type.cpus >= cpus && type.memoryBytes >= memoryBytes && (type.accelerators ?? 0) >= accelerators),
      );
    }
    return this.#typeOf.get(request);
  }
}

const BOOT = nameOf('boot of a machine');
const RECLAIMED = nameOf('reclaim of a machine');
