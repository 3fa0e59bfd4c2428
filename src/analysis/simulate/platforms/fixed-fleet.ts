/** Machines that are there all the time. */
import { Queue } from '../event-queue.ts';
import { nameOf, type Random, type Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { type Backoff, type Fleet, type FleetNews, type MachineUse, paceOf, type Request } from './platform.ts';
import { type Capacity, type Choice, Room } from './room.ts';

/** So many machines of a size. */
export interface Nodes extends Capacity {
  readonly count: number;
}

/** What it takes to start a task on a machine, and to clear up behind it. */
export interface Turnaround {
  /** Ms that the tasks of one machine take one after another. */
  readonly inLineMs: number;
  readonly ownMs: Spread;
  /** Ms from a task's end until what it had can be had by another. */
  readonly clearMs: number;
  /** By how much all of that takes longer or shorter in one run. Absent: not at all. */
  readonly pace?: Spread;
}

export class FixedFleet implements Fleet {
  readonly ordered: boolean = false;
  readonly listens = false;
  readonly backoff: Backoff | undefined;
  protected readonly room: Room;
  readonly #kinds: string[] = [];
  /** Of what runs, its start is taken away beforehand. */
  readonly #busyCpuMs: number[] = [];
  readonly #random: Random;
  readonly #turnaround: Turnaround;
  readonly #pace: number;
  /** By machine: when its line of starting tasks ends. */
  readonly #lineEnds: number[] = [];
  /** Room that will be free. */
  readonly #clearing = new Queue();
  readonly #cleared: Request[] = [];

  constructor(nodes: readonly Nodes[], choice: Choice, turnaround: Turnaround, random: Random, backoff?: Backoff) {
    this.room = new Room(choice);
    this.#random = random;
    this.backoff = backoff;
    this.#turnaround = turnaround;
    this.#pace = turnaround.pace === undefined ? 1 : paceOf(random, turnaround.pace);
    for (const { count, ...capacity } of nodes)
      for (let number = 0; number < count; number += 1) {
        this.room.open(this.room.add(capacity));
        this.#kinds.push(`${capacity.cpus} cpus`);
        this.#busyCpuMs.push(0);
        this.#lineEnds.push(0);
      }
  }

  get nextAt(): number {
    return this.#clearing.at;
  }

  place(request: Request, now: number, task: number, first: boolean): number {
    const machine = this.find(request, now, task, first);
    if (machine < 0) return machine;
    this.room.take(machine, request);
    this.#busyCpuMs[machine] = (this.#busyCpuMs[machine] as number) - request.cpus * now;
    return machine;
  }

  why(request: Request): Cause {
    return this.room.shortOf(request);
  }

  fits(machine: number, request: Request): boolean {
    return this.room.fits(machine, request);
  }

  release(machine: number, request: Request, now: number, _task: number): void {
    this.#busyCpuMs[machine] = (this.#busyCpuMs[machine] as number) + request.cpus * now;
    const clearMs = Math.round(this.#pace * this.#turnaround.clearMs);
    if (clearMs === 0) this.room.give(machine, request);
    else {
      this.#clearing.push(now + clearMs, machine);
      this.#cleared.push(request);
    }
  }

  startMs(machine: number, task: number, now: number): number {
    const turn = Math.max(now, this.#lineEnds[machine] as number) + Math.round(this.#pace * this.#turnaround.inLineMs);
    this.#lineEnds[machine] = turn;
    return turn - now + Math.round(this.#pace * this.#random.logNormal(this.#turnaround.ownMs, START, task));
  }

  ask(): void {}

  advance(now: number, news: FleetNews): void {
    while (this.#clearing.at <= now) {
      const machine = this.#clearing.shift();
      this.room.give(machine, this.#cleared.shift() as Request);
      news.freed(machine);
    }
  }

  machines(now: number): readonly MachineUse[] {
    return this.#kinds.map((kind, machine) => ({ kind, spot: false, fromMs: 0, toMs: now, busyCpuMs: this.#busyCpuMs[machine] as number }));
  }

  protected find(request: Request, _now: number, _task: number, _first: boolean): number {
    return this.room.find(request);
  }
}

const START = nameOf('start of a task');
