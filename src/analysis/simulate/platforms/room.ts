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
  #cpus = new Float64Array(16);
  #memory = new Float64Array(16);
  #accelerators = new Float64Array(16);
  /** What one of a machine's thousandths of cpus, one of its bytes is of all that it has. */
  #perCpu = new Float64Array(16);
  #perByte = new Float64Array(16);
  readonly #capacities: Capacity[] = [];
  readonly #choice: Choice;
  /** From here on machines may be open. */
  #from = 0;

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  get count(): number {
    return this.#capacities.length;
  }

  /** @returns the machine's number; it has no room before it is opened. */
  add(capacity: Capacity): number {
    const machine = this.#capacities.length;
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
    this.close(machine);
    return machine;
  }

  open(machine: number): void {
    const { cpus, memoryBytes, accelerators = 0 } = this.#capacities[machine] as Capacity;
    this.#cpus[machine] = milli(cpus);
    this.#memory[machine] = memoryBytes;
    this.#accelerators[machine] = accelerators;
    if (machine < this.#from) this.#from = machine;
  }

  close(machine: number): void {
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

  /** @param may those that may be taken. @returns NO_ROOM if none has room. */
  find({ cpus, memoryBytes, accelerators = 0 }: Request, may?: (machine: number) => boolean): number {
    const [freeCpus, freeMemory, freeAccelerators, count] = [this.#cpus, this.#memory, this.#accelerators, this.count];
    const milliCpus = milli(cpus);
    let found = NO_ROOM;
    let best = Number.NEGATIVE_INFINITY;
    for (let machine = this.#from; machine < count; machine += 1) {
      const moreCpus = (freeCpus[machine] as number) - milliCpus;
      const moreMemory = (freeMemory[machine] as number) - memoryBytes;
      if (moreCpus < 0 || moreMemory < 0 || (freeAccelerators[machine] as number) < accelerators || may?.(machine) === false) continue;
      if (this.#choice === 'first') return machine;
      // Of cpus and memory together, once the task is there.
      const freeShare = moreCpus * (this.#perCpu[machine] as number) + moreMemory * (this.#perByte[machine] as number);
      const score = this.#choice === 'least used' ? freeShare : -freeShare;
      if (score > best) [found, best] = [machine, score];
    }
    return found;
  }

  take(machine: number, request: Request): void {
    this.#change(machine, request, -1);
  }

  give(machine: number, request: Request): void {
    this.#change(machine, request, 1);
  }

  /** What more machines are short of, among those that are open. */
  shortOf({ cpus, memoryBytes, accelerators = 0 }: Request): Cause {
    let [noCpus, noMemory, noAccelerators] = [0, 0, 0];
    for (let machine = this.#from; machine < this.count; machine += 1) {
      if ((this.#cpus[machine] as number) === Number.NEGATIVE_INFINITY) continue;
      if ((this.#cpus[machine] as number) < milli(cpus)) noCpus += 1;
      if ((this.#memory[machine] as number) < memoryBytes) noMemory += 1;
      if ((this.#accelerators[machine] as number) < accelerators) noAccelerators += 1;
    }
    if (noAccelerators > Math.max(noCpus, noMemory)) return 'accelerators';
    return noMemory > noCpus ? 'memory' : 'cpus';
  }

  freeOf(machine: number): { readonly milliCpus: number; readonly memoryBytes: number } {
    return { milliCpus: this.#cpus[machine] as number, memoryBytes: this.#memory[machine] as number };
  }

  #change(machine: number, { cpus, memoryBytes, accelerators = 0 }: Request, sign: number): void {
    this.#cpus[machine] = (this.#cpus[machine] as number) + sign * milli(cpus);
    this.#memory[machine] = (this.#memory[machine] as number) + sign * memoryBytes;
    this.#accelerators[machine] = (this.#accelerators[machine] as number) + sign * accelerators;
  }
}

export function milli(cpus: number): number {
  return Math.round(cpus * 1000);
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const twice = new Float64Array(array.length * 2);
  twice.set(array);
  return twice;
}
