/**
 * AWS Batch on EC2: instances are asked for by what waits, hold as many tasks as fit, and go when they have been idle. Sources and what is a guess:
 * docs/model.md, "Platforms".
 */
import type { Random, Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { ElasticFleet, type ElasticOptions, type MachineType } from './elastic-fleet.ts';
import { type Executor, type FleetNews, type Platform, RENTED_SPEEDS, type Request, type Waiting } from './platform.ts';
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
  /** Ms from the first task without room until Batch asks for machines: those that come meanwhile share them. */
  readonly gatherMs?: number;
  readonly bootMs?: Spread;
  readonly startMs?: Spread;
  readonly imageMs?: number;
  readonly idleMs?: number;
  /** By how much machines and tasks take longer or shorter to start in one run. */
  readonly pace?: Spread;
  readonly executor?: Partial<Executor>;
}

/** AwsBatchExecutor of Nextflow: 1000 tasks, a poll every 10 s, 50 submissions a second. */
const DEFAULTS: Executor = { queueSize: 1000, pollMs: 10_000, submitsPerSecond: 50, submitMs: 0, reportMs: 0, collectMs: 0 };

/** First waits of five runs of three pipelines (seqeralabs/nf-aggregate), without what else is in them: 69 to 166 s. Their spread is the pace. */
const BOOT: Spread = { median: 106_000, p90: 276_000 };
const PACE: Spread = { median: 1, p90: 1.6 };

export function awsBatch(options: AwsBatchOptions): Platform {
  const { spot = false, maxSpotAttempts = 0, executor } = options;
  return {
    name: 'aws-batch',
    executor: { ...DEFAULTS, ...executor },
    direct: false,
    renewals: spot ? maxSpotAttempts : 0,
    speedSpread: RENTED_SPEEDS,
    open: (random: Random) => new BatchFleet(options, random),
  };
}

class BatchFleet extends ElasticFleet {
  readonly #types: readonly InstanceType[];
  readonly #maxVcpus: number;
  readonly #quota: number;
  readonly #gatherMs: number;
  #full = false;
  /** When Batch looks at what waits, and whether that is now. */
  #lookAt = Number.POSITIVE_INFINITY;
  #due = false;

  constructor({ types, maxVcpus, quotaVcpus, spot, gatherMs, bootMs, startMs, imageMs, idleMs, pace }: AwsBatchOptions, random: Random) {
    const fleet: ElasticOptions = {
      choice: 'most used',
      spot: spot ?? false,
      bootMs: bootMs ?? BOOT,
      startMs: startMs ?? { median: 12_000, p90: 20_000 },
      imageMs: imageMs ?? 15_000,
      idleMs: idleMs ?? 300_000,
      pace: pace ?? PACE,
    };
    super(fleet, random);
    // What is above the quota cannot be had.
    this.#types = types.filter(({ cpus }) => cpus <= (quotaVcpus ?? cpus));
    this.#gatherMs = gatherMs ?? 10_000;
    this.#maxVcpus = maxVcpus;
    this.#quota = quotaVcpus ?? Number.POSITIVE_INFINITY;
  }

  get #grows(): boolean {
    return this.cpus < this.#maxVcpus;
  }

  /** Once it knows that somebody waits, not before it looks. */
  override get listens(): boolean {
    return this.#grows && (this.#due || this.#lookAt === Number.POSITIVE_INFINITY);
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
      for (let at = 0; more > 0 && at < planned.length; at += 1) more -= takeFrom(planned[at] as MachineType, request, more);
      if (more > 0 && this.#types.some((type) => countIn(type, request) > 0)) left.push({ request, count: more });
    }
    this.#full = false;
    if (left.length === 0) return;
    if (this.#due) this.#grow(left, now);
    else this.#lookAt = now + this.#gatherMs;
    this.#due = false;
  }

  #grow(left: readonly Waiting[], now: number): void {
    const added: InstanceType[] = [];
    const lots = left.map(({ request, count }): Lot => ({ request, left: count, usdPerHour: this.#leastPaidFor(request) }));
    for (const [at, lot] of lots.entries()) {
      for (const machine of added) lot.left -= takeFrom(machine, lot.request, lot.left);
      while (lot.left > 0) {
        const type = this.#typeFor(lots.slice(at));
        if (this.cpus >= this.#maxVcpus || type === undefined) {
          this.#full = true;
          return;
        }
        this.add(type, now);
        const machine = { ...type };
        added.push(machine);
        lot.left -= takeFrom(machine, lot.request, lot.left);
      }
    }
  }

  override why(_request: Request): Cause {
    return this.#full || !this.#grows ? 'quota' : 'boot';
  }

  /**
   * Of those on which what waits costs little more than on the best, the largest; all hold the first lot. undefined: the quota leaves none.
   * Batch does not say how it chooses. It took few large machines for many small tasks in the runs whose bills we have.
   */
  #typeFor(lots: readonly Lot[]): InstanceType | undefined {
    const [first] = lots as readonly [Lot];
    const fit = this.#types
      .filter((type) => countIn(type, first.request) > 0 && this.cpus + type.cpus <= this.#quota)
      .map((type) => {
        const machine = { ...type };
        // What the tasks that it takes would cost at their cheapest, for each dollar of it.
        const worth = lots.reduce((sum, { request, left, usdPerHour }) => sum + takeFrom(machine, request, left) * usdPerHour, 0);
        return { type, worth: worth / type.usdPerHour };
      });
    const best = Math.max(...fit.map(({ worth }) => worth));
    const good = fit.filter(({ worth }) => worth >= WORTH_OF_BEST * best);
    return good.reduce<(typeof good)[number] | undefined>(
      (one, two) =>
        one === undefined || two.type.cpus > one.type.cpus || (two.type.cpus === one.type.cpus && two.worth > one.worth) ? two : one,
      undefined,
    )?.type;
  }

  /** The least that one such task costs in an hour, as its share of a machine. */
  #leastPaidFor(request: Request): number {
    const { cpus, memoryBytes, accelerators = 0 } = request;
    const shareOf = (type: InstanceType): number =>
      Math.max(cpus / type.cpus, memoryBytes / type.memoryBytes, accelerators === 0 ? 0 : accelerators / (type.accelerators ?? 0));
    return Math.min(...this.#types.map((type) => type.usdPerHour * shareOf(type)));
  }
}

/** Tasks that wait and ask for the same. */
interface Lot {
  readonly request: Request;
  left: number;
  readonly usdPerHour: number;
}

/**
 * Set on the bill of one run, nf-core/rnaseq 3.19.0 with plain S3 (docs/model.md, "Cost"): it is told 5 % too cheap, from 0.55 to 0.75 within 16 %, with 0.5 29 % too dear.
 */
const WORTH_OF_BEST = 0.6;

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
