/** Tasks that a platform has been given and that have no machine yet. */
import { EventQueue } from './event-queue.ts';
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
  return fleet.backoff === undefined ? new InTurn(fleet, tasks) : new BackingOff(fleet.backoff, tasks);
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
  #active: number[] = [];
  #refused: number[] = [];
  /** Those that may be looked at once their backoff is over. */
  readonly #later = new EventQueue();
  readonly #requests: Request[] = [];
  readonly #lastAt: Float64Array;
  readonly #notBefore: Float64Array;
  readonly #refusals: Uint8Array;
  readonly #held: (Cause | undefined)[] = [];
  waiting = 0;

  constructor(backoff: Backoff, tasks: number) {
    this.#backoff = backoff;
    this.#lastAt = new Float64Array(tasks);
    this.#notBefore = new Float64Array(tasks);
    this.#refusals = new Uint8Array(tasks);
  }

  get nextAt(): number {
    return this.#later.at;
  }

  add(task: number, request: Request, now: number): void {
    this.#requests[task] = request;
    this.#held[task] = undefined;
    this.#lastAt[task] = now;
    this.#refusals[task] = 0;
    this.#active.push(task);
    this.waiting += 1;
  }

  roomOn(_machine: number, now: number): void {
    for (const task of this.#refused) {
      const at = this.#notBefore[task] as number;
      if (at <= now) this.#active.push(task);
      else this.#later.push(at, task, task);
    }
    this.#refused = [];
  }

  scan(now: number, place: Place): void {
    while (this.#later.at <= now) {
      this.#active.push(this.#later.subject);
      this.#later.pop();
    }
    if (this.#active.length === 0) return;
    const active = this.#active.sort((one, two) => (this.#lastAt[one] as number) - (this.#lastAt[two] as number));
    this.#active = [];
    for (const task of active) {
      const cause = place(task, this.#requests[task] as Request, false, this.#held[task]);
      if (cause === undefined) this.waiting -= 1;
      else {
        const refusals = this.#refusals[task] as number;
        this.#held[task] = cause;
        this.#lastAt[task] = now;
        this.#refusals[task] = Math.min(MOST_DOUBLINGS, refusals + 1);
        this.#notBefore[task] = now + Math.min(this.#backoff.mostMs, this.#backoff.firstMs * 2 ** refusals);
        this.#refused.push(task);
      }
    }
  }

  requests(): readonly Waiting[] {
    return [];
  }
}

/** More would make no number any longer. */
const MOST_DOUBLINGS = 30;
