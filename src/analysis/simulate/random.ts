/**
 * Draws that are named and not taken in turn: the same seed, name and number give the same draw, whatever else was drawn. So two variants of a pipeline,
 * or two platforms, meet the same luck, and their difference is not noise (common random numbers).
 */
export class Random {
  readonly #seed: number;

  constructor(seed: number) {
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
