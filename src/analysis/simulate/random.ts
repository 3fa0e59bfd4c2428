/**
 * Draws that are named and not taken in turn: the same seed, name and number give the same draw, whatever else was drawn. So two variants of a pipeline,
 * or two platforms, meet the same luck, and their difference is not noise (common random numbers).
 */
export class Random {
  readonly #number: number;
  readonly #seed: number;

  constructor(seed: number) {
    this.#number = seed | 0;
    this.#seed = mixed(seed | 0);
  }

  /** Even in (0, 1). */
  uniform(name: number, index: number): number {
    return (mixed(this.#seed ^ mixed(name ^ mixed(index))) + 0.5) / 4294967296;
  }

  /** Mean 0, deviation 1: Box and Muller's way. */
  normal(name: number, index: number): number {
    const radius = Math.sqrt(-2 * Math.log(this.uniform(name, 2 * index)));
    return radius * Math.cos(2 * Math.PI * this.uniform(name, 2 * index + 1));
  }

  /**
   * Like `normal`, but evenly spread over seeds that follow each other from 0 on: 0 at the first, then as many above as below, and so at all depths (van der Corput's sequence). Of one
   * name alone, since all that are drawn so go together.
   */
  get evenNormal(): number {
    const share = (reversed(this.#number + 1) + 0.5) / 4294967296;
    return TUKEY_FACTOR * (share ** TUKEY_LAMBDA - (1 - share) ** TUKEY_LAMBDA);
  }

  /** In (0, 1), one in each of `count` equal parts, in an order that is drawn. */
  evenly(name: number, count: number): Float64Array {
    const places = this.shuffled(name, count);
    return Float64Array.from(places, (place, at) => (place + this.uniform(name, -1 - at)) / count);
  }

  /** 0 to `count`, in an order that is drawn (Fisher and Yates). */
  shuffled(name: number, count: number): Int32Array {
    const places = new Int32Array(count);
    for (let at = 0; at < count; at += 1) {
      const other = Math.floor(this.uniform(ORDER ^ name, at) * (at + 1));
      places[at] = places[other] as number;
      places[other] = at;
    }
    return places;
  }

  /** By its median and the quotient of its 9th decile and its median. */
  logNormal({ median, p90 }: Spread, name: number, index: number): number {
    return p90 <= median ? median : median * Math.exp((Math.log(p90 / median) / NINTH_DECILE) * this.normal(name, index));
  }
}

export interface Spread {
  readonly median: number;
  readonly p90: number;
}

/** Of the normal distribution, in deviations. */
const NINTH_DECILE = 1.2816;

/** With which Tukey's lambda distribution is the normal one: quantiles differ by less than 0.01 deviations between the 1st and the 99th of 100 (Joiner and Rosenblatt 1971). */
const TUKEY_LAMBDA = 0.14;
const TUKEY_FACTOR = 4.91;

/** Its 32 bits, the last first. */
function reversed(value: number): number {
  let [bits, from] = [0, value];
  for (let bit = 0; bit < 32; bit += 1) {
    bits = (bits << 1) | (from & 1);
    from >>>= 1;
  }
  return bits >>> 0;
}

/** FNV-1a, 32 bits. */
export function nameOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash;
}

/** MurmurHash3's last step: each bit depends on all. */
function mixed(value: number): number {
  let hash = (value + 0x9e3779b9) | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

const ORDER = nameOf('which of the tasks that were seen');
