/** Nextflow's side of one executor: what it has not submitted, what it has not seen to have ended, and when it looks (TaskPollingMonitor of Nextflow 25). */
import { Queue } from './event-queue.ts';
import { Fifo, Line } from './fifo.ts';
import { Pauses } from './pauses.ts';
import { type Placing, placingFor } from './placing.ts';
import type { Fleet, FleetNews, Platform, Request } from './platforms/platform.ts';
import type { Random } from './random.ts';
import { RateLimit } from './rate-limit.ts';

/** Tasks of a call that ask for the same. */
export class SubmitLine extends Line {
  readonly group: number;
  readonly request: Request;
  readonly monitor: Monitor;

  constructor(group: number, request: Request, monitor: Monitor) {
    super();
    this.group = group;
    this.request = request;
    this.monitor = monitor;
  }
}

/** What happens to machines of an executor. */
export type MonitorNews = { readonly [Event in keyof FleetNews]: (monitor: Monitor, machine: number) => void };

export class Monitor {
  readonly platform: Platform;
  readonly fleet: Fleet;
  readonly news: FleetNews;
  readonly pending = new Fifo<SubmitLine>();
  readonly placing: Placing;
  readonly limit: RateLimit | undefined;
  readonly pauses: Pauses;
  /** Tasks on their way to the platform, and those that Nextflow is collecting. */
  readonly sent = new Queue();
  readonly collected = new Queue();
  submitterFree = 0;
  /** Whether somebody was refused because as many were submitted as may be, and when that was last over. */
  full = false;
  fullUntil = -1;
  submitted = 0;
  pollAt = Number.POSITIVE_INFINITY;
  #pollFrom = 0;
  /** Those that the platform will say have ended. */
  readonly #reported = new Queue();

  /** @param tasks how many there are in all */
  constructor(platform: Platform, random: Random, tasks: number, news: MonitorNews) {
    const { submitsPerSecond, pauses } = platform.executor;
    this.platform = platform;
    this.fleet = platform.open(random);
    this.pauses = new Pauses(pauses, random);
    this.placing = placingFor(this.fleet, platform.direct ? 0 : tasks);
    this.limit = submitsPerSecond === undefined ? undefined : new RateLimit(submitsPerSecond);
    this.news = {
      up: (machine) => news.up(this, machine),
      freed: (machine) => news.freed(this, machine),
      lost: (machine) => news.lost(this, machine),
    };
  }

  /** When something happens of itself; Infinity: never. */
  nextAt(now: number): number {
    return Math.min(
      this.pollAt,
      this.collected.at,
      this.sent.at,
      this.placing.nextAt,
      this.fleet.nextAt,
      this.pending.open && this.submitterFree > now ? this.submitterFree : Number.POSITIVE_INFINITY,
    );
  }

  /** An attempt is over: the next poll after the platform says so sees it. */
  report(task: number, now: number): void {
    this.#reported.push(now + this.platform.executor.reportMs, task);
    if (this.pollAt === Number.POSITIVE_INFINITY) this.#pollNext();
  }

  /** @param orders by task, in which they are collected */
  poll(now: number, orders: Int32Array): void {
    const { pollMs, collectMs } = this.platform.executor;
    const ended: number[] = [];
    while (this.#reported.at <= now) ended.push(this.#reported.shift());
    if (ended.length > 1) ended.sort((one, two) => (orders[one] as number) - (orders[two] as number));
    for (const [index, task] of ended.entries()) this.collected.push(now + (pollMs === 0 ? 0 : index * collectMs), task);
    this.#pollFrom = now + Math.max(pollMs, ended.length * collectMs);
    this.#pollNext();
  }

  #pollNext(): void {
    const { pollMs } = this.platform.executor;
    const { at } = this.#reported;
    const polls = pollMs === 0 ? 0 : Math.ceil((at - this.#pollFrom) / pollMs);
    this.pollAt = pollMs === 0 || at === Number.POSITIVE_INFINITY ? at : this.#pollFrom + Math.max(0, polls) * pollMs;
    if (this.pollAt !== Number.POSITIVE_INFINITY) this.pollAt = this.pauses.after(this.pollAt);
  }
}
