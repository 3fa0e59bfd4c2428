/**
 * Azure Batch: a pool of machines of one size, each with as many slots as cpus; how many machines there are is looked at every so often (Nextflow's
 * default formula of autoscaling: as many as tasks wait, and half of them when none does).
 */
import type { Random, Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { ElasticFleet, type MachineType } from './elastic-fleet.ts';
import { type Executor, type FleetNews, type Platform, RENTED_SPEEDS, type Request, type Waiting } from './platform.ts';

export interface AzureBatchOptions {
  readonly vmType: MachineType;
  /** Machines at first. */
  readonly vmCount: number;
  readonly maxVmCount: number;
  /** Where it is false, there are always `vmCount`. */
  readonly autoScale?: boolean;
  /** Ms between two looks; Nextflow: 10 minutes if nothing is said. */
  readonly scaleIntervalMs?: number;
  readonly bootMs?: Spread;
  /** By how much machines and tasks take longer or shorter to start in one run. */
  readonly pace?: Spread;
  readonly startMs?: Spread;
  readonly imageMs?: number;
  readonly executor?: Partial<Executor>;
}

/** Nextflow's reference of scope `executor`: 1000 tasks, a poll every 10 s. */
const DEFAULTS: Executor = { queueSize: 1000, pollMs: 10_000, submitMs: 0, reportMs: 0, collectMs: 0 };

export function azureBatch(options: AzureBatchOptions): Platform {
  return {
    name: 'azure-batch',
    executor: { ...DEFAULTS, ...options.executor },
    direct: false,
    renewals: 0,
    speedSpread: RENTED_SPEEDS,
    open: (random: Random) => new PoolFleet(options, random),
  };
}

class PoolFleet extends ElasticFleet {
  readonly #type: MachineType;
  readonly #most: number;
  readonly #interval: number;
  readonly #slots = new Map<Request, Request>();
  #count: number;
  #pending = 0;
  #lookAt: number;

  constructor(
    { vmType, vmCount, maxVmCount, autoScale = true, scaleIntervalMs = 600_000, bootMs, startMs, imageMs, pace }: AzureBatchOptions,
    random: Random,
  ) {
    super(
      {
        choice: 'least used',
        spot: false,
        bootMs: bootMs ?? { median: 150_000, p90: 300_000 },
        pace: pace ?? { median: 1, p90: 1.6 },
        startMs: startMs ?? { median: 5000, p90: 10_000 },
        imageMs: imageMs ?? 15_000,
        idleMs: Number.POSITIVE_INFINITY,
      },
      random,
    );
    this.#type = vmType;
    this.#most = autoScale ? maxVmCount : vmCount;
    this.#interval = scaleIntervalMs;
    this.#lookAt = autoScale ? scaleIntervalMs : Number.POSITIVE_INFINITY;
    this.#count = vmCount;
    for (let number = 0; number < vmCount; number += 1) this.add({ ...vmType, memoryBytes: 0, accelerators: 0 }, 0);
  }

  override get nextAt(): number {
    const mayChange = this.#pending > 0 ? this.listens : this.#count > 1;
    return Math.min(super.nextAt, mayChange ? this.#lookAt : Number.POSITIVE_INFINITY);
  }

  override advance(now: number, news: FleetNews): void {
    super.advance(now, news);
    while (this.#lookAt <= now) {
      this.#lookAt += this.#interval;
      this.#look(now);
    }
  }

  override get listens(): boolean {
    return this.#count < this.#most;
  }

  /** Until the next look, when nothing waits. */
  protected override get tailMs(): number {
    return Number.isFinite(this.#lookAt) ? this.#interval : 0;
  }

  override ask(waiting: readonly Waiting[]): void {
    this.#pending = waiting.reduce((sum, { request, count }) => sum + (this.#slotsOf(request).cpus <= this.#type.cpus ? count : 0), 0);
  }

  override why(): Cause {
    return this.listens || this.booting.size > 0 ? 'boot' : 'quota';
  }

  override place(request: Request, now: number): number {
    const machine = super.place(this.#slotsOf(request), now);
    if (machine >= 0) this.#pending = Math.max(0, this.#pending - 1);
    return machine;
  }

  override fits(machine: number, request: Request): boolean {
    return super.fits(machine, this.#slotsOf(request));
  }

  override release(machine: number, request: Request, now: number): void {
    super.release(machine, this.#slotsOf(request), now);
  }

  #look(now: number): void {
    const target = this.#pending > 0 ? Math.min(this.#most, Math.max(this.#count, this.#pending)) : Math.ceil(this.#count / 2);
    for (; this.#count < target; this.#count += 1) this.add({ ...this.#type, memoryBytes: 0, accelerators: 0 }, now);
    for (const machine of this.idle) {
      if (this.#count <= target) return;
      this.end(machine, now);
      this.#count -= 1;
    }
  }

  /** AzBatchService: a task takes as many slots as it needs cpus, or as its memory is cpus' worth of the machine's. */
  #slotsOf(request: Request): Request {
    let slots = this.#slots.get(request);
    if (slots === undefined) {
      const { cpus, memoryBytes } = this.#type;
      const count = Math.max(Math.min(request.cpus, cpus), Math.ceil(request.memoryBytes / (memoryBytes / cpus)));
      this.#slots.set(request, (slots = { cpus: count, memoryBytes: 0 }));
    }
    return slots;
  }
}
