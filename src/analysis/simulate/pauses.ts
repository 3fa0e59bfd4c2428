/** When Nextflow stands still. Asked of times that grow by and large; a pause is drawn when one before it is over. */
import type { Executor } from './platforms/platform.ts';
import { nameOf, type Random } from './random.ts';

export class Pauses {
  readonly #perHour: number;
  readonly #ms: number;
  readonly #random: Random;
  readonly #starts: number[] = [];

  constructor(pauses: Executor['pauses'], random: Random) {
    this.#perHour = pauses?.perHour ?? 0;
    this.#ms = pauses?.ms ?? 0;
    this.#random = random;
  }

  /** A time at which Nextflow does not stand still: the given one, or the end of the pause around it. */
  after(time: number): number {
    if (this.#perHour === 0) return time;
    let last = this.#starts.at(-1) ?? -this.#ms;
    while (last <= time) {
      const hours = -Math.log(this.#random.uniform(PAUSE, this.#starts.length)) / this.#perHour;
      last += this.#ms + Math.round(hours * 3_600_000);
      this.#starts.push(last);
    }
    // Those that are over were asked about before; only the last but one can still hold.
    for (let at = Math.max(0, this.#starts.length - 3); at < this.#starts.length; at += 1) {
      const start = this.#starts[at] as number;
      if (start <= time && time < start + this.#ms) return start + this.#ms;
    }
    return time;
  }
}

const PAUSE = nameOf('pause of Nextflow');
