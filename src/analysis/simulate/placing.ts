/** Tasks that a platform has been given and that have no machine yet. */
import { Fifo, Line } from './fifo.ts';
import type { Backoff, Fleet, Request, Waiting } from './platforms/platform.ts';
import type { Cause } from './waits.ts';

/**
 * Puts a task on a machine, or says why not. @param first nobody who came earlier stays behind
 * @param held why the task has waited; undefined: nothing held it back
 */
export type Place = (task: number, request: Request, now: number, first: boolean, held: Cause | undefined) => Cause | undefined;

export interface Placing {
  readonly waiting: number;
  /** When it wants to look again; Infinity: when something happens. */
  readonly nextAt: number;
  add(task: number, request: Request, now: number): void;
  /** There is more room on a machine. @param cause what it came after; undefined: somebody left */
  roomOn(machine: number, now: number, cause: Cause | undefined): void;
  scan(now: number, place: Place): void;
  /** What waits, by request. */
  requests(): readonly Waiting[];
}

export function placingFor(fleet: Fleet, tasks: number): Placing {
  return fleet.backoff === undefined ? new InTurn(fleet, tasks) : new BackingOff(fleet.backoff, tasks);
}

/** Tasks that ask for the same. */
class RequestLine extends Line {
  readonly request: Request;

  constructor(request: Request) {
    super();
    this.request = request;
  }
}

/** First come, first served, and who does not fit is overtaken. */
class InTurn implements Placing {
  readonly nextAt = Number.POSITIVE_INFINITY;
  readonly #fleet: Fleet;
  readonly #fifo = new Fifo<RequestLine>();
  readonly #arrived: Float64Array;
  readonly #lines = new Map<Request, RequestLine>();

  constructor(fleet: Fleet, tasks: number) {
    this.#fleet = fleet;
    this.#arrived = new Float64Array(tasks);
  }

  get waiting(): number {
    return this.#fifo.waiting;
  }

  add(task: number, request: Request, now: number): void {
    this.#arrived[task] = now;
    let line = this.#lines.get(request);
    if (line === undefined) {
      this.#lines.set(request, (line = new RequestLine(request)));
      this.#fifo.lines.push(line);
    }
    this.#fifo.add(line, task);
  }

  roomOn(machine: number, now: number, cause: Cause | undefined): void {
    for (const line of this.#fifo.lines)
      if (line.closed !== undefined && this.#fleet.fits(machine, line.request)) this.#fifo.reopen(line, now, cause ?? line.closed);
  }

  scan(now: number, place: Place): void {
    if (!this.#fifo.open) return;
    const { ordered } = this.#fleet;
    this.#fifo.scan(Number.POSITIVE_INFINITY, (task, line) => {
      const first = ordered && this.#isFirst(line);
      const held = line.openedAt >= (this.#arrived[task] as number) ? line.cause : undefined;
      const refused = place(task, line.request, now, first, held);
      // Another one is first now, and others may go.
      if (first && refused === undefined) for (const other of this.#fifo.lines) this.#fifo.reopen(other, now);
      return refused;
    });
  }

  requests(): readonly Waiting[] {
    return this.#fifo.lines.filter(({ tasks }) => tasks.size > 0).map(({ request, tasks }) => ({ request, count: tasks.size }));
  }

  #isFirst({ tasks: { at } }: Line): boolean {
    return this.#fifo.lines.every(({ tasks }) => tasks.at >= at);
  }
}

/**
 * As kube-scheduler does it: what was refused waits until somebody leaves a machine, and no less than its backoff, which doubles each time. Those that are
 * looked at come in the order in which they were last refused or came: what is new overtakes what has just been refused.
 */
class BackingOff implements Placing {
  readonly #backoff: Backoff;
  /** Those that are looked at next, and those that wait until somebody leaves. */
  #active: Cohort[] = [];
  #refused: Cohort[] = [];
  /** Those that are looked at once their backoff is over. */
  #later: Cohort[] = [];
  /** What is asked for, by number; of each task that number, and of each what it was last refused for. */
  readonly #requests: Request[] = [];
  readonly #numbers = new Map<Request, number>();
  readonly #numberOf: Uint32Array;
  readonly #causes: (Cause | undefined)[] = [];
  nextAt = Number.POSITIVE_INFINITY;
  waiting = 0;

  constructor(backoff: Backoff, tasks: number) {
    this.#backoff = backoff;
    this.#numberOf = new Uint32Array(tasks);
  }

  add(task: number, request: Request, now: number): void {
    let number = this.#numbers.get(request);
    if (number === undefined) this.#numbers.set(request, (number = this.#requests.push(request) - 1));
    this.#numberOf[task] = number;
    this.waiting += 1;
    const last = this.#active.at(-1);
    if (last?.refusals === 0 && last.lastAt === now) last.tasks.push(task);
    else this.#active.push({ tasks: [task], lastAt: now, refusals: 0, notBefore: now });
  }

  roomOn(_machine: number, now: number): void {
    for (const cohort of this.#refused) {
      if (cohort.notBefore <= now) this.#active.push(cohort);
      else {
        this.#later.push(cohort);
        this.nextAt = Math.min(this.nextAt, cohort.notBefore);
      }
    }
    this.#refused = [];
  }

  scan(now: number, place: Place): void {
    if (this.nextAt <= now) {
      this.#active.push(...this.#later.filter(({ notBefore }) => notBefore <= now));
      this.#later = this.#later.filter(({ notBefore }) => notBefore > now);
      this.nextAt = this.#later.reduce((least, { notBefore }) => Math.min(least, notBefore), Number.POSITIVE_INFINITY);
    }
    if (this.#active.length === 0) return;
    const active = this.#active.sort((one, two) => one.lastAt - two.lastAt);
    this.#active = [];
    // What has just been refused is refused again: nobody leaves during a scan.
    const again = new Uint8Array(this.#requests.length);
    const refused: Cohort[] = [];
    for (const { tasks, refusals } of active)
      for (const task of tasks) {
        const number = this.#numberOf[task] as number;
        if (again[number] === 0) {
          const cause = place(task, this.#requests[number] as Request, now, false, refusals > 0 ? this.#causes[number] : undefined);
          if (cause === undefined) {
            this.waiting -= 1;
            continue;
          }
          this.#causes[number] = cause;
          again[number] = 1;
        }
        (refused[refusals] ??= this.#refusedAt(now, refusals)).tasks.push(task);
      }
  }

  requests(): readonly Waiting[] {
    return [];
  }

  #refusedAt(now: number, refusals: number): Cohort {
    const off = Math.min(this.#backoff.mostMs, this.#backoff.firstMs * 2 ** refusals);
    const cohort: Cohort = {
      tasks: [],
      lastAt: now,
      // Beyond the longest backoff it makes no difference how often.
      refusals: off === this.#backoff.mostMs ? refusals : refusals + 1,
      notBefore: Math.ceil((now + off) / FLUSH_MS) * FLUSH_MS,
    };
    this.#refused.push(cohort);
    return cohort;
  }
}

/** kube-scheduler looks once a second whose backoff is over. */
const FLUSH_MS = 1000;

/** Tasks that were last looked at together, equally often refused. */
interface Cohort {
  readonly tasks: number[];
  readonly lastAt: number;
  readonly refusals: number;
  readonly notBefore: number;
}
