/** What is free on each machine. Cpus are counted in thousandths and memory in bytes, so that what is taken and given back adds up. */
import { Ranking } from '../ranking.ts';
import type { Cause } from '../waits.ts';
import { NO_ROOM, type Request } from './platform.ts';

/** A size of machines. */
export interface Capacity {
  readonly cpus: number;
  readonly memoryBytes: number;
  readonly accelerators?: number;
}

/** The machine with the lowest number, the one of which the smallest part is in use, or of which the smallest part stays free. */
export type Choice = 'first' | 'least used' | 'most used';

export class Room {
  #cpus = new Float64Array(8);
  #memory = new Float64Array(8);
  #accelerators = new Float64Array(8);
  /** What one of a machine's thousandths of cpus, one of its bytes is of all that it has. */
  #perCpu = new Float64Array(8);
  #perByte = new Float64Array(8);
  readonly #capacities: Capacity[] = [];
  readonly #choice: Choice;
  /** Of all machines that are open: what is free. */
  readonly #free = { cpus: 0, memory: 0, accelerators: 0 };
  /** By request, those that were looked for. */
  readonly #sought = new Map<Request, Sought>();
  readonly #allSought: Sought[] = [];

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  get count(): number {
    return this.#capacities.length;
  }

  /** @returns the machine's number; it has no room before it is opened. */
  add(capacity: Capacity): number {
    const machine = this.count;
    this.#capacities.push(capacity);
    if (machine === this.#cpus.length) {
      this.#cpus = doubled(this.#cpus);
      this.#memory = doubled(this.#memory);
      this.#accelerators = doubled(this.#accelerators);
      this.#perCpu = doubled(this.#perCpu);
      this.#perByte = doubled(this.#perByte);
    }
    this.#perCpu[machine] = 1 / milli(capacity.cpus);
    this.#perByte[machine] = 1 / Math.max(1, capacity.memoryBytes);
    this.#cpus[machine] = Number.NEGATIVE_INFINITY;
    return machine;
  }

  open(machine: number): void {
    this.#cpus[machine] = this.#memory[machine] = this.#accelerators[machine] = 0;
    this.give(machine, this.#capacities[machine] as Capacity);
  }

  close(machine: number): void {
    this.#free.cpus -= this.#cpus[machine] as number;
    this.#free.memory -= this.#memory[machine] as number;
    this.#free.accelerators -= this.#accelerators[machine] as number;
    this.#cpus[machine] = Number.NEGATIVE_INFINITY;
  }

  fits(machine: number, { cpus, memoryBytes, accelerators = 0 }: Request): boolean {
    return this.#has(machine, { milliCpus: milli(cpus), memoryBytes, accelerators });
  }

  /** @param except that is not to be taken. @returns NO_ROOM if no other has room */
  find(request: Request, except = NO_ROOM): number {
    const sought = this.#sought.get(request) ?? this.#seek(request);
    const best = this.#firstOf(sought);
    if (best !== except || best === NO_ROOM) return best;
    const { ranking } = sought;
    const score = ranking.scoreOf(best);
    ranking.shift();
    const next = this.#firstOf(sought);
    ranking.set(best, score);
    return next;
  }

  take(machine: number, request: Request): void {
    this.#change(machine, request, -1);
    if (this.#choice === 'most used') this.#raise(machine);
  }

  give(machine: number, request: Request): void {
    this.#change(machine, request, 1);
    this.#raise(machine);
  }

  /** What all machines together have the least of, by what the request needs of it. */
  shortOf({ cpus, memoryBytes, accelerators = 0 }: Request): Cause {
    const byCpus = this.#free.cpus / milli(cpus);
    const byMemory = memoryBytes === 0 ? Number.POSITIVE_INFINITY : this.#free.memory / memoryBytes;
    if (accelerators > 0 && this.#free.accelerators / accelerators < Math.min(byCpus, byMemory)) return 'accelerators';
    return byMemory < byCpus ? 'memory' : 'cpus';
  }

  freeOf(machine: number): { readonly milliCpus: number; readonly memoryBytes: number; readonly accelerators: number } {
    return {
      milliCpus: this.#cpus[machine] as number,
      memoryBytes: this.#memory[machine] as number,
      accelerators: this.#accelerators[machine] as number,
    };
  }

  #change(machine: number, { cpus, memoryBytes, accelerators = 0 }: Request, sign: number): void {
    this.#cpus[machine] = (this.#cpus[machine] as number) + sign * milli(cpus);
    this.#memory[machine] = (this.#memory[machine] as number) + sign * memoryBytes;
    this.#accelerators[machine] = (this.#accelerators[machine] as number) + sign * accelerators;
    this.#free.cpus += sign * milli(cpus);
    this.#free.memory += sign * memoryBytes;
    this.#free.accelerators += sign * accelerators;
  }

  #seek(request: Request): Sought {
    const { cpus, memoryBytes, accelerators = 0 } = request;
    const sought: Sought = { milliCpus: milli(cpus), memoryBytes, accelerators, ranking: new Ranking() };
    this.#sought.set(request, sought);
    this.#allSought.push(sought);
    for (let machine = 0; machine < this.count; machine += 1)
      if (this.#has(machine, sought)) sought.ranking.set(machine, this.#scoreOf(machine, sought));
    return sought;
  }

  /** A machine has become a better choice. */
  #raise(machine: number): void {
    for (const sought of this.#allSought) {
      if (!this.#has(machine, sought)) continue;
      const { ranking } = sought;
      const isIn = ranking.has(machine);
      if (isIn && this.#choice === 'first') continue;
      const score = this.#scoreOf(machine, sought);
      if (!isIn || score > ranking.scoreOf(machine)) ranking.set(machine, score);
    }
  }

  /** Those that have become worse or full since they were raised are found out when they come first. */
  #firstOf(sought: Sought): number {
    const { ranking } = sought;
    for (let machine = ranking.first; machine !== undefined; machine = ranking.first) {
      if (!this.#has(machine, sought)) ranking.shift();
      else {
        const score = this.#scoreOf(machine, sought);
        if (!(score < ranking.scoreOf(machine))) return machine;
        ranking.set(machine, score);
      }
    }
    return NO_ROOM;
  }

  #has(machine: number, { milliCpus, memoryBytes, accelerators }: Omit<Sought, 'ranking'>): boolean {
    return (
      (this.#cpus[machine] as number) >= milliCpus &&
      (this.#memory[machine] as number) >= memoryBytes &&
      (this.#accelerators[machine] as number) >= accelerators
    );
  }

  /** Of cpus and memory together, once the task is there. */
  #scoreOf(machine: number, { milliCpus, memoryBytes }: Sought): number {
    if (this.#choice === 'first') return -machine;
    const moreCpus = (this.#cpus[machine] as number) - milliCpus;
    const moreMemory = (this.#memory[machine] as number) - memoryBytes;
    const freeShare = moreCpus * (this.#perCpu[machine] as number) + moreMemory * (this.#perByte[machine] as number);
    return this.#choice === 'least used' ? freeShare : -freeShare;
  }
}

/** What is looked for, and the machines that have room for it, and some that had. No score is below what it is now. */
interface Sought {
  readonly milliCpus: number;
  readonly memoryBytes: number;
  readonly accelerators: number;
  readonly ranking: Ranking;
}

export function milli(cpus: number): number {
  return Math.round(cpus * 1000);
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(array.length * 2);
  twice.set(array);
  return twice;
}
