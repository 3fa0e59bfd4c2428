/** What is free on each machine. Cpus are counted in thousandths and memory in bytes, so that what is taken and given back adds up. */
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
  /** From here on machines may be open. */
  #from = 0;
  /** Of all machines that are open: what is free. */
  readonly #free = { cpus: 0, memory: 0, accelerators: 0 };
  /** Requests that fitted nowhere when they were last looked for everywhere, and the machines that have got room for them since. */
  readonly #refused = new Map<Request, number[]>();

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
    if (machine < this.#from) this.#from = machine;
    this.give(machine, this.#capacities[machine] as Capacity);
  }

  close(machine: number): void {
    this.#free.cpus -= this.#cpus[machine] as number;
    this.#free.memory -= this.#memory[machine] as number;
    this.#free.accelerators -= this.#accelerators[machine] as number;
    this.#cpus[machine] = Number.NEGATIVE_INFINITY;
    while (this.#from < this.count && this.#cpus[this.#from] === Number.NEGATIVE_INFINITY) this.#from += 1;
  }

  fits(machine: number, { cpus, memoryBytes, accelerators = 0 }: Request): boolean {
    return (
      (this.#cpus[machine] as number) >= milli(cpus) &&
      (this.#memory[machine] as number) >= memoryBytes &&
      (this.#accelerators[machine] as number) >= accelerators
    );
  }

  /** @param except that is not to be taken. @returns NO_ROOM if no other has room */
  find(request: Request, except = NO_ROOM): number {
    const since = this.#refused.get(request);
    const { cpus, memoryBytes, accelerators = 0 } = request;
    const [freeCpus, freeMemory, freeAccelerators, perCpu, perByte] = [
      this.#cpus,
      this.#memory,
      this.#accelerators,
      this.#perCpu,
      this.#perByte,
    ];
    const milliCpus = milli(cpus);
    const choice = this.#choice;
    const end = since === undefined ? this.count : since.length;
    let [found, best, kept] = [NO_ROOM, Number.NEGATIVE_INFINITY, 0];
    for (let index = since === undefined ? this.#from : 0; index < end; index += 1) {
      const machine = since === undefined ? index : (since[index] as number);
      const moreCpus = (freeCpus[machine] as number) - milliCpus;
      const moreMemory = (freeMemory[machine] as number) - memoryBytes;
      if (moreCpus < 0 || moreMemory < 0 || (freeAccelerators[machine] as number) < accelerators) continue;
      if (since !== undefined) since[kept++] = machine;
      if (machine === except) continue;
      // Of cpus and memory together, once the task is there.
      const freeShare = moreCpus * (perCpu[machine] as number) + moreMemory * (perByte[machine] as number);
      const score = choice === 'first' ? -machine : choice === 'least used' ? freeShare : -freeShare;
      if (score > best || (score === best && machine < found)) [found, best] = [machine, score];
      if (since === undefined && choice === 'first') break;
    }
    if (since !== undefined) since.length = kept;
    else if (found === NO_ROOM) this.#refused.set(request, except !== NO_ROOM && this.fits(except, request) ? [except] : []);
    return found;
  }

  take(machine: number, request: Request): void {
    this.#change(machine, request, -1);
  }

  give(machine: number, request: Request): void {
    this.#change(machine, request, 1);
    for (const [refused, since] of this.#refused) {
      if (!this.fits(machine, refused) || since.includes(machine)) continue;
      if (since.length < MANY) since.push(machine);
      else this.#refused.delete(refused);
    }
  }

  /** What all machines together have the least of, by what the request needs of it. */
  shortOf({ cpus, memoryBytes, accelerators = 0 }: Request): Cause {
    const byCpus = this.#free.cpus / milli(cpus);
    const byMemory = memoryBytes === 0 ? Number.POSITIVE_INFINITY : this.#free.memory / memoryBytes;
    if (accelerators > 0 && this.#free.accelerators / accelerators < Math.min(byCpus, byMemory)) return 'accelerators';
    return byMemory < byCpus ? 'memory' : 'cpus';
  }

  freeOf(machine: number): { readonly milliCpus: number; readonly memoryBytes: number } {
    return { milliCpus: this.#cpus[machine] as number, memoryBytes: this.#memory[machine] as number };
  }

  #change(machine: number, { cpus, memoryBytes, accelerators = 0 }: Request, sign: number): void {
    this.#cpus[machine] = (this.#cpus[machine] as number) + sign * milli(cpus);
    this.#memory[machine] = (this.#memory[machine] as number) + sign * memoryBytes;
    this.#accelerators[machine] = (this.#accelerators[machine] as number) + sign * accelerators;
    this.#free.cpus += sign * milli(cpus);
    this.#free.memory += sign * memoryBytes;
    this.#free.accelerators += sign * accelerators;
  }
}

/** With more machines to choose from it is as well to look at all. */
const MANY = 8;

export function milli(cpus: number): number {
  return Math.round(cpus * 1000);
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(array.length * 2);
  twice.set(array);
  return twice;
}
