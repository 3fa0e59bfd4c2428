/** Machines that are there all the time. */
import { nameOf, type Random, type Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import type { Fleet, MachineUse, Request } from './platform.ts';
import { type Capacity, type Choice, Room } from './room.ts';

/** So many machines of a size. */
export interface Nodes extends Capacity {
  readonly count: number;
}

export class FixedFleet implements Fleet {
  readonly ordered: boolean = false;
  readonly grows = false;
  readonly nextAt = Number.POSITIVE_INFINITY;
  protected readonly room: Room;
  readonly #kinds: string[] = [];
  readonly #busy: number[] = [];
  readonly #random: Random;
  readonly #startMs: Spread;
  readonly #since = new Map<number, number>();

  /** @param startMs of a task, from its being placed to its start */
  constructor(nodes: readonly Nodes[], choice: Choice, startMs: Spread, random: Random) {
    this.room = new Room(choice);
    this.#random = random;
    this.#startMs = startMs;
    for (const { count, ...capacity } of nodes)
      for (let number = 0; number < count; number += 1) {
        this.room.open(this.room.add(capacity));
        this.#kinds.push(`${capacity.cpus} cpus`);
        this.#busy.push(0);
      }
  }

  place(request: Request, now: number, task: number, first: boolean): number {
    const machine = this.find(request, now, task, first);
    if (machine < 0) return machine;
    this.room.take(machine, request);
    this.#since.set(task, now);
    return machine;
  }

  why(request: Request): Cause {
    return this.room.shortOf(request);
  }

  fits(machine: number, request: Request): boolean {
    return this.room.fits(machine, request);
  }

  release(machine: number, request: Request, now: number, task: number): void {
    this.room.give(machine, request);
    this.#busy[machine] = (this.#busy[machine] as number) + request.cpus * (now - (this.#since.get(task) as number));
    this.#since.delete(task);
  }

  startMs(_machine: number, task: number): number {
    return Math.round(this.#random.logNormal(this.#startMs, START, task));
  }

  ask(): void {}

  advance(): void {}

  machines(now: number): readonly MachineUse[] {
    return this.#kinds.map((kind, machine) => ({ kind, spot: false, fromMs: 0, toMs: now, busyCpuMs: this.#busy[machine] as number }));
  }

  protected find(request: Request, _now: number, _task: number, _first: boolean): number {
    return this.room.find(request);
  }
}

const START = nameOf('start of a task');
