/** Tasks that a platform has been given and that have no machine yet. */
import { emptyLine, Fifo, type Line } from './fifo.ts';
import type { Backoff, Fleet, Request, Waiting } from './platforms/platform.ts';
import type { Cause } from './waits.ts';

/**
 * Puts a task on a machine, or says why not. @param first nobody who came earlier stays behind
 * @param held why the task has waited; undefined: nothing held it back
 */
export type Place = (task: number, request: Request, first: boolean, held: Cause | undefined) => Cause | undefined;

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
  return fleet.backoff === undefined ? new InTurn(fleet, tasks) : new BackingOff(fleet.backoff);
}

/** Tasks that ask for the same. */
interface RequestLine extends Line {
  readonly request: Request;
}

/** First come, first served, and who does not fit is overtaken. */
class InTurn implements Placing {
  readonly nextAt = Number.POSITIVE_INFINITY;
  readonly #fleet: Fleet;
  readonly #fifo: Fifo<RequestLine>;
  readonly #arrived: Float64Array;
  readonly #lines = new Map<string, RequestLine>();

  constructor(fleet: Fleet, tasks: number) {
    this.#fleet = fleet;
    this.#fifo = new Fifo(tasks);
    this.#arrived = new Float64Array(tasks);
  }

  get waiting(): number {
    return this.#fifo.waiting;
  }

  add(task: number, request: Request, now: number): void {
    this.#arrived[task] = now;
    this.#fifo.add(this.#lineOf(request), task);
  }

  roomOn(machine: number, now: number, cause: Cause | undefined): void {
    if (!this.#fifo.refuses) return;
    for (const line of this.#fifo.lines)
      if (line.closed !== undefined && this.#fleet.fits(machine, line.request)) this.#fifo.open(line, now, cause ?? line.closed);
  }

  scan(now: number, place: Place): void {
    if (this.#fleet.ordered) for (const line of this.#fifo.lines) this.#fifo.open(line, now);
    this.#fifo.scan((task, line, first) => {
      const held = line.openedAt >= (this.#arrived[task] as number) ? line.cause : undefined;
      return place(task, line.request, first, held);
    });
  }

  requests(): readonly Waiting[] {
    return this.#fifo.lines
      .filter(({ tasks, head }) => tasks.length > head)
      .map(({ request, tasks, head }) => ({ request, count: tasks.length - head }));
  }

  #lineOf(request: Request): RequestLine {
    const key = `${request.cpus} ${request.memoryBytes} ${request.accelerators} ${request.timeMs}`;
    let line = this.#lines.get(key);
    if (line === undefined) {
      line = { ...emptyLine(), request };
      this.#lines.set(key, line);
      this.#fifo.addLine(line);
    }
    return line;
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
  readonly #requests: Request[] = [];
  readonly #held: (Cause | undefined)[] = [];
  waiting = 0;

  constructor(backoff: Backoff) {
    this.#backoff = backoff;
  }

  get nextAt(): number {
    return this.#later.reduce((least, { notBefore }) => Math.min(least, notBefore), Number.POSITIVE_INFINITY);
  }

  add(task: number, request: Request, now: number): void {
    this.#requests[task] = request;
    this.#held[task] = undefined;
    this.waiting += 1;
    const last = this.#active.at(-1);
    if (last?.refusals === 0 && last.lastAt === now) last.tasks.push(task);
    else this.#active.push({ tasks: [task], lastAt: now, refusals: 0, notBefore: now });
  }

  roomOn(_machine: number, now: number): void {
    for (const cohort of this.#refused) (cohort.notBefore <= now ? this.#active : this.#later).push(cohort);
    this.#refused = [];
  }

  scan(now: number, place: Place): void {
    const [over, later] = [this.#later.filter(({ notBefore }) => notBefore <= now), this.#later.filter(({ notBefore }) => notBefore > now)];
    const active = [...this.#active, ...over].sort((one, two) => one.lastAt - two.lastAt);
    [this.#active, this.#later] = [[], later];
    // What has just been refused is refused again: nobody leaves during a scan.
    const causes = new Map<Request, Cause>();
    const refused = new Map<number, Cohort>();
    for (const { tasks, refusals } of active)
      for (const task of tasks) {
        const request = this.#requests[task] as Request;
        const cause = causes.get(request) ?? place(task, request, false, this.#held[task]);
        if (cause === undefined) {
          this.waiting -= 1;
          continue;
        }
        causes.set(request, cause);
        this.#held[task] = cause;
        let cohort = refused.get(refusals);
        if (cohort === undefined) {
          const off = Math.min(this.#backoff.mostMs, this.#backoff.firstMs * 2 ** refusals);
          // Beyond the longest backoff it makes no difference how often.
          cohort = {
            tasks: [],
            lastAt: now,
            refusals: off === this.#backoff.mostMs ? refusals : refusals + 1,
            notBefore: Math.ceil((now + off) / FLUSH_MS) * FLUSH_MS,
          };
          refused.set(refusals, cohort);
          this.#refused.push(cohort);
        }
        cohort.tasks.push(task);
      }
  }

  requests(): readonly Waiting[] {
    return [];
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
