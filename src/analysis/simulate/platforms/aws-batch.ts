/**
 * AWS Batch on EC2: instances are asked for by what waits, hold as many tasks as fit, and go when they have been idle. Sources and what is a guess:
 * docs/model.md, "Platforms".
 */
import type { Random, Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { ElasticFleet, type ElasticOptions, type MachineType } from './elastic-fleet.ts';
import type { Executor, FleetNews, Platform, Request, Waiting } from './platform.ts';
import { milli } from './room.ts';

/** With the memory that ECS registers, which is less than its nominal size. */
export interface InstanceType extends MachineType {
  /** By which it is chosen. */
  readonly usdPerHour: number;
}

export interface AwsBatchOptions {
  readonly types: readonly InstanceType[];
  /** Of the compute environment: no further instance is asked for once there are so many. */
  readonly maxVcpus: number;
  /** Of the account: never exceeded. */
  readonly quotaVcpus?: number;
  readonly spot?: boolean;
  /** `aws.batch.maxSpotAttempts`; 0 since Nextflow 24.10. */
  readonly maxSpotAttempts?: number;
  /**
   * `fit-queue`: as large as there is work for; `fit-one`: the cheapest that holds the first that waits. What Batch does is not documented.
   */
  readonly sizing?: 'fit-queue' | 'fit-one';
  /** Ms from the first task without room until Batch asks for machines: those that come meanwhile share them. */
  readonly gatherMs?: number;
  readonly bootMs?: Spread;
  readonly startMs?: Spread;
  readonly imageMs?: number;
  readonly idleMs?: number;
  readonly executor?: Partial<Executor>;
}

/** AwsBatchExecutor of Nextflow: 1000 tasks, a poll every 10 s, 50 submissions a second. */
const DEFAULTS: Executor = { queueSize: 1000, pollMs: 10_000, submitsPerSecond: 50, submitMs: 0, reportMs: 0, collectMs: 0 };

export function awsBatch(options: AwsBatchOptions): Platform {
  const { spot = false, maxSpotAttempts = 0, executor } = options;
  return {
    name: 'aws-batch',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: spot ? maxSpotAttempts : 0,
    open: (random: Random) => new BatchFleet(options, random),
  };
}

class BatchFleet extends ElasticFleet {
  readonly #types: readonly InstanceType[];
  readonly #maxVcpus: number;
  readonly #quota: number;
  readonly #fitQueue: boolean;
  readonly #gatherMs: number;
  #full = false;
  /** When Batch looks at what waits, and whether that is now. */
  #lookAt = Number.POSITIVE_INFINITY;
  #due = false;

  constructor({ types, maxVcpus, quotaVcpus, spot, sizing, gatherMs, bootMs, startMs, imageMs, idleMs }: AwsBatchOptions, random: Random) {
    const fleet: ElasticOptions = {
      choice: 'most used',
      spot: spot ?? false,
      bootMs: bootMs ?? { median: 150_000, p90: 420_000 },
      startMs: startMs ?? { median: 12_000, p90: 20_000 },
      imageMs: imageMs ?? 15_000,
      idleMs: idleMs ?? 300_000,
    };
    super(fleet, random);
    // The dear ones last. What is above the quota cannot be had.
    this.#types = types
      .filter(({ cpus }) => cpus <= (quotaVcpus ?? cpus))
      .sort((one, two) => one.usdPerHour / one.cpus - two.usdPerHour / two.cpus);
    this.#gatherMs = gatherMs ?? 10_000;
    this.#maxVcpus = maxVcpus;
    this.#quota = quotaVcpus ?? Number.POSITIVE_INFINITY;
    this.#fitQueue = sizing !== 'fit-one';
  }

  override get grows(): boolean {
    return this.cpus < this.#maxVcpus;
  }

  override get nextAt(): number {
    return Math.min(super.nextAt, this.#lookAt);
  }

  override advance(now: number, news: FleetNews): void {
    super.advance(now, news);
    if (this.#lookAt > now) return;
    this.#lookAt = Number.POSITIVE_INFINITY;
    this.#due = true;
  }

  override ask(waiting: readonly Waiting[], now: number): void {
    const planned = [...this.booting].map((machine) => ({ ...this.typeOf(machine) }));
    const left: Waiting[] = [];
    for (const { request, count } of waiting) {
      let more = count;
      for (const machine of planned) more -= takeFrom(machine, request, more);
      if (more > 0 && this.#types.some((type) => countIn(type, request) > 0)) left.push({ request, count: more });
    }
    this.#full = false;
    if (left.length === 0) return;
    if (!this.#due) {
      if (this.#lookAt === Number.POSITIVE_INFINITY) this.#lookAt = now + this.#gatherMs;
      return;
    }
    this.#due = false;
    this.#grow(left, now);
  }

  #grow(left: readonly Waiting[], now: number): void {
    const added: InstanceType[] = [];
    let cpusLeft = left.reduce((sum, { request, count }) => sum + request.cpus * count, 0);
    for (const { request, count } of left) {
      let more = count;
      const take = (machine: InstanceType): void => {
        const taken = takeFrom(machine, request, more);
        more -= taken;
        cpusLeft -= taken * request.cpus;
      };
      added.forEach(take);
      while (more > 0) {
        const type = this.#typeFor(request, cpusLeft);
        if (this.cpus >= this.#maxVcpus || this.cpus + type.cpus > this.#quota) {
          this.#full = true;
          return;
        }
        this.add(type, now);
        const machine = { ...type };
        added.push(machine);
        take(machine);
      }
    }
  }

  override why(_request: Request): Cause {
    return this.#full || !this.grows ? 'quota' : 'boot';
  }

  /** The least dear cpu that fits; of those that cost the same, the largest that there is work for. */
  #typeFor(request: Request, cpusLeft: number): InstanceType {
    const fit = this.#types.filter((type) => countIn(type, request) > 0);
    const cheapest = fit[0] as InstanceType;
    if (!this.#fitQueue) return fit.reduce((best, type) => (type.usdPerHour < best.usdPerHour ? type : best));
    const alike = fit
      .filter((type) => type.usdPerHour / type.cpus <= (cheapest.usdPerHour / cheapest.cpus) * SAME_PRICE)
      .sort((one, two) => two.cpus - one.cpus);
    return alike.find((type) => type.cpus <= cpusLeft) ?? (alike.at(-1) as InstanceType);
  }
}

/** Prices for a cpu differ in the fourth place between sizes of a family. */
const SAME_PRICE = 1.001;

function countIn({ cpus, memoryBytes, accelerators = 0 }: Omit<InstanceType, 'usdPerHour'>, request: Request): number {
  return Math.min(
    request.cpus > 0 ? Math.floor(milli(cpus) / milli(request.cpus)) : Number.MAX_SAFE_INTEGER,
    request.memoryBytes > 0 ? Math.floor(memoryBytes / request.memoryBytes) : Number.MAX_SAFE_INTEGER,
    (request.accelerators ?? 0) > 0 ? Math.floor(accelerators / (request.accelerators as number)) : Number.MAX_SAFE_INTEGER,
  );
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Puts up to so many on a machine that is only planned. @returns how many fit */
function takeFrom(machine: Writable<MachineType>, request: Request, most: number): number {
  const count = Math.min(most, countIn(machine, request));
  machine.cpus -= count * request.cpus;
  machine.memoryBytes -= count * request.memoryBytes;
  if (machine.accelerators !== undefined) machine.accelerators -= count * (request.accelerators ?? 0);
  return count;
}
