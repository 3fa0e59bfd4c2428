/**
 * AWS Batch on EC2: instances are asked for by what waits, hold as many tasks as fit, and go when they have been idle. Sources and what is a guess:
 * docs/model.md, "Platforms".
 */
import type { Random, Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { ElasticFleet, type ElasticOptions, type MachineType } from './elastic-fleet.ts';
import { countIn, type InstanceType, lotOf, takeFrom, typeFor } from './packing.ts';
import { type Executor, type FleetNews, type Platform, RENTED_SPEEDS, type Request, type Waiting } from './platform.ts';

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
    const lots = left.map((one) => lotOf(this.#types, one));
    for (const [at, lot] of lots.entries()) {
      for (const machine of added) lot.left -= takeFrom(machine, lot.request, lot.left);
      while (lot.left > 0) {
        const types = this.#types.filter(({ cpus }) => this.cpus + cpus <= this.#quota);
        const type = typeFor(types, lots.slice(at), WORTH_OF_BEST);
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
}

/**
 * A machine is taken that is worth so much of the best: Batch does not say how it chooses, and took few large machines for many small tasks in the runs whose bills we have.
 * Set on the bill of one run, nf-core/rnaseq 3.19.0 with plain S3 (docs/model.md, "Cost"): it is told 5 % too cheap, from 0.55 to 0.75 within 16 %, with 0.5 29 % too dear.
 */
const WORTH_OF_BEST = 0.6;
