/** Machines that come and go: they boot, pull images, stand idle for a while, and may be taken back. What kind to ask for is the platform's business. */
import { EventQueue } from '../event-queue.ts';
import { nameOf, type Random, type Spread } from '../random.ts';
import type { Cause } from '../waits.ts';
import { type Fleet, type FleetNews, type MachineUse, paceOf, type Request, type Waiting } from './platform.ts';
import { type Capacity, type Choice, Room } from './room.ts';

/** A size of machine that can be had. */
export interface MachineType extends Capacity {
  readonly name: string;
  /** Of a machine that may be taken back: how often that happens in an hour. */
  readonly hazardPerHour?: number;
}

export interface ElasticOptions {
  readonly choice: Choice;
  readonly spot: boolean;
  /** From asking for a machine to its having room, ms. */
  readonly bootMs: Spread;
  /** Of a task on a machine that is up, ms; the first on a machine also waits for its image. */
  readonly startMs: Spread;
  readonly imageMs: number;
  /** A machine without tasks is kept for so long, ms. */
  readonly idleMs: number;
  /** By how much machines and tasks take longer or shorter to start in one run. */
  readonly pace: Spread;
}

interface Machine {
  readonly type: MachineType;
  readonly askedAt: number;
  upAt: number;
  downAt: number;
  idleSince: number;
  tasks: number;
  used: boolean;
  /** Of what runs, its start is taken away beforehand. */
  busyCpuMs: number;
}

const UP = 0;
const IDLE = 1;
const RECLAIM = 2;
const KINDS = 3;

export abstract class ElasticFleet implements Fleet {
  readonly ordered = false;
  readonly backoff = undefined;
  protected readonly random: Random;
  protected readonly room: Room;
  readonly #options: ElasticOptions;
  readonly #pace: number;
  readonly #all: Machine[] = [];
  readonly #events = new EventQueue();
  /** Asked for and not up. */
  protected readonly booting = new Set<number>();
  /** Cpus of machines that are there or asked for. */
  protected cpus = 0;

  constructor(options: ElasticOptions, random: Random) {
    this.#options = options;
    this.random = random;
    this.room = new Room(options.choice);
    this.#pace = paceOf(random, options.pace);
  }

  get nextAt(): number {
    return this.#events.at;
  }

  abstract get listens(): boolean;

  abstract ask(waiting: readonly Waiting[], now: number): void;

  abstract why(request: Request): Cause;

  place(request: Request, now: number): number {
    const machine = this.room.find(request);
    if (machine < 0) return machine;
    this.room.take(machine, request);
    const one = this.#all[machine] as Machine;
    one.tasks += 1;
    one.busyCpuMs -= request.cpus * now;
    return machine;
  }

  fits(machine: number, request: Request): boolean {
    return this.room.fits(machine, request);
  }

  release(machine: number, request: Request, now: number): void {
    const one = this.#all[machine] as Machine;
    this.room.give(machine, request);
    one.busyCpuMs += request.cpus * now;
    one.tasks -= 1;
    if (one.tasks > 0) return;
    one.idleSince = now;
    this.#push(now + this.#options.idleMs, IDLE, machine);
  }

  startMs(machine: number, task: number): number {
    const one = this.#all[machine] as Machine;
    const start = this.random.logNormal(this.#options.startMs, START, task);
    const image = one.used ? 0 : this.#options.imageMs;
    one.used = true;
    return Math.round(this.#pace * (start + image));
  }

  advance(now: number, news: FleetNews): void {
    while (this.#events.at <= now) {
      const kind = this.#events.subject % KINDS;
      const subject = (this.#events.subject - kind) / KINDS;
      this.#events.pop();
      const machine = this.#all[subject] as Machine;
      if (kind === UP) {
        this.booting.delete(subject);
        this.room.open(subject);
        machine.idleSince = now;
        news.up(subject);
        // One that nobody needs any more goes like one that has become idle.
        this.#push(now + this.#options.idleMs, IDLE, subject);
      } else if (machine.downAt < Number.POSITIVE_INFINITY) {
        // What was to happen to it is no more.
      } else if (kind === RECLAIM) {
        this.end(subject, now);
        news.lost(subject);
      } else if (machine.tasks === 0 && machine.idleSince + this.#options.idleMs <= now) this.end(subject, now);
    }
  }

  /** How long a machine stays behind the end of the run. */
  protected get tailMs(): number {
    return this.#options.idleMs;
  }

  machines(now: number): readonly MachineUse[] {
    return this.#all.map(({ type, askedAt, upAt, downAt, busyCpuMs }) => ({
      kind: type.name,
      spot: this.#options.spot,
      fromMs: askedAt,
      // The last ones stand idle behind the end of the run.
      toMs: downAt === Number.POSITIVE_INFINITY ? Math.max(now, upAt) + this.tailMs : downAt,
      busyCpuMs,
    }));
  }

  /** Asks for a machine. @returns its number */
  protected add(type: MachineType, now: number): number {
    const machine = this.room.add(type);
    const upAt = now + Math.round(this.#pace * this.random.logNormal(this.#options.bootMs, BOOT, machine));
    this.#all.push({
      type,
      askedAt: now,
      upAt,
      downAt: Number.POSITIVE_INFINITY,
      idleSince: upAt,
      tasks: 0,
      used: false,
      busyCpuMs: 0,
    });
    this.booting.add(machine);
    this.cpus += type.cpus;
    this.#push(upAt, UP, machine);
    const { hazardPerHour = 0 } = type;
    if (this.#options.spot && hazardPerHour > 0) {
      const hours = -Math.log(this.random.uniform(RECLAIMED, machine)) / hazardPerHour;
      this.#push(upAt + Math.round(hours * 3_600_000), RECLAIM, machine);
    }
    return machine;
  }

  protected typeOf(machine: number): MachineType {
    return (this.#all[machine] as Machine).type;
  }

  #push(at: number, kind: number, machine: number): void {
    this.#events.push(at, kind, machine * KINDS + kind);
  }

  /** Those that are up and have no task. */
  protected get idle(): readonly number[] {
    return this.#all.flatMap(({ tasks, downAt }, machine) =>
      tasks === 0 && downAt === Number.POSITIVE_INFINITY && !this.booting.has(machine) ? [machine] : [],
    );
  }

  protected end(machine: number, now: number): void {
    const one = this.#all[machine] as Machine;
    one.downAt = now;
    this.cpus -= one.type.cpus;
    this.room.close(machine);
  }
}

const START = nameOf('start of a task');
const BOOT = nameOf('boot of a machine');
const RECLAIMED = nameOf('reclaim of a machine');
