/**
 * The event loop: channels hand items and their end to whoever reads them, tasks end, in an order that a seed decides. Each reader has a
 * line of its own for each channel, so what comes on one channel keeps its order and all else may happen in any order, as in Nextflow.
 */
import { MapValue, RunError, type Value } from './values.ts';

/** Sets of tasks and of lineages are bits of a whole number: bit n is task n. */
export type Bits = bigint;
export const NONE: Bits = 0n;

export function bit(index: number): Bits {
  return 1n << BigInt(index);
}

/** The numbers of the bits that are set, lowest first. */
export function members(bits: Bits): number[] {
  const found: number[] = [];
  let at = 0;
  for (let rest = bits; rest !== 0n; rest >>= 32n, at += 32) {
    const low = Number(rest & 0xffffffffn);
    for (let offset = 0; offset < 32; offset++) if (((low >>> offset) & 1) === 1) found.push(at + offset);
  }
  return found;
}

/** What comes with a value. */
export interface Origin {
  /** Tasks of which an output flowed into it, the nearest ones: not what those were given. */
  readonly data: Bits;
  /** Tasks whose end it had to wait for, the nearest ones: what those waited for is not repeated. */
  readonly waits: Bits;
  /** Elements of sources, splitters and groupings that it descends from. */
  readonly lineage: Bits;
}
export const FROM_NOTHING: Origin = { data: NONE, waits: NONE, lineage: NONE };

export interface Item extends Origin {
  readonly value: Value;
}

export function union(origins: readonly Origin[]): Origin {
  let [data, waits, lineage] = [NONE, NONE, NONE];
  for (const one of origins) {
    data |= one.data;
    waits |= one.waits;
    lineage |= one.lineage;
  }
  return { data, waits, lineage };
}

/** An item, or the end of the channel (with what had to end before it). */
export type Message = { readonly item: Item } | { readonly end: Bits };

/** One of what a source, a splitter or a grouping tells apart. */
export interface LineageElement {
  /** Where it was made: `main.nf:12:8` of an operator's name or of a factory, `call SUB:ALIGN` of a call. */
  readonly place: string;
  /** Tells apart what stands in one place and was expanded twice: later expansions have larger numbers. */
  readonly node: number;
  /** An ordinal; of what a splitter made, `ordinal of its parent/ordinal`; of a grouping, the text of the key. */
  readonly element: string;
}

/** Somebody who reads a channel. */
export interface Reader {
  receive(item: Item): void;
  end(waits: Bits): void;
}

export class Channel {
  readonly kind: 'queue' | 'value';
  readonly engine: Engine;
  /** For people: `ALIGN.out.bam`, `groupTuple`. */
  readonly name: string;
  readonly lines: Line[] = [];
  readonly items: Item[] = [];
  closed = false;
  /** Meaningful once it is closed. */
  endWaits: Bits = NONE;

  constructor(engine: Engine, kind: 'queue' | 'value', name: string) {
    this.engine = engine;
    this.kind = kind;
    this.name = name;
  }

  read(reader: Reader): void {
    this.lines.push(new Line(reader));
  }

  emit(item: Item): void {
    if (this.closed) return;
    this.items.push(item);
    if (this.items.length > this.engine.mostItems) throw new RunError(`${this.name} has more than ${this.engine.mostItems} items`);
    this.#send({ item });
    if (this.kind === 'value') this.end(item.waits);
  }

  /** Of a value that was never bound: it is bound to nothing, and who waits for it does not run. */
  end(waits: Bits): void {
    if (this.closed) return;
    this.closed = true;
    this.endWaits = waits;
    this.#send({ end: waits });
  }

  #send(message: Message): void {
    for (const line of this.lines) this.engine.deliver(line, message);
  }
}

class Line {
  readonly reader: Reader;
  readonly waiting: Message[] = [];
  constructor(reader: Reader) {
    this.reader = reader;
  }
}

/** mulberry32: small, and the same everywhere. */
export function randomFrom(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export class Engine {
  readonly mostItems = 2000;
  readonly random: () => number;
  /** How eager tasks are to end while items are still under way: 0 never, so that every operator has always had its say. */
  readonly haste: number;
  readonly #busy: Line[] = [];
  readonly #running: { readonly index: number; readonly end: () => void }[] = [];
  readonly #starts: (() => void)[] = [];
  /** How lineage elements are numbered: each name once. */
  readonly lineages: LineageElement[] = [];
  readonly #lineageNumbers = new Map<string, number>();

  constructor(seed: number) {
    this.random = randomFrom(seed);
    const style = this.random();
    this.haste = style < 0.4 ? 0 : style < 0.7 ? 0.3 : this.random();
  }

  lineage(place: string, node: number, element: string): Bits {
    const name = `${place} ${node} ${element}`;
    let number = this.#lineageNumbers.get(name);
    if (number === undefined) {
      number = this.lineages.push({ place, node, element }) - 1;
      this.#lineageNumbers.set(name, number);
    }
    return bit(number);
  }

  /** Sources begin when the whole workflow has been built. */
  atStart(work: () => void): void {
    this.#starts.push(work);
  }

  deliver(line: Line, message: Message): void {
    if (line.waiting.push(message) === 1) this.#busy.push(line);
  }

  submit(index: number, end: () => void): void {
    this.#running.push({ index, end });
  }

  run(): void {
    for (const start of this.#starts) start();
    for (;;) {
      const { length: busy } = this.#busy;
      const { length: running } = this.#running;
      if (busy === 0 && running === 0) return;
      if (busy === 0 || (running > 0 && this.random() < this.haste)) {
        const [task] = this.#running.splice(this.#pick(running), 1);
        task!.end();
        continue;
      }
      const at = this.#pick(busy);
      const line = this.#busy[at]!;
      const message = line.waiting.shift()!;
      if (line.waiting.length === 0) this.#busy.splice(at, 1);
      if ('item' in message) line.reader.receive(message.item);
      else line.reader.end(message.end);
    }
  }

  #pick(length: number): number {
    return Math.floor(this.random() * length);
  }
}

/** Two items may carry one map, and one closure may change it: Nextflow has the same trap, but here it would only blur what is judged. */
export function fresh(value: Value): Value {
  if (Array.isArray(value)) return value.map(fresh);
  if (value instanceof MapValue) return new MapValue(value.pairs().map(([key, one]) => [key, fresh(one)] as const));
  return value;
}
