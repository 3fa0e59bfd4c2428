/** Mulberry32 (T. Ettinger): the same seed gives the same choices. */
export class Chance {
  #state: number;

  constructor(seed: number, name = '') {
    let state = seed ^ 0x9e3779b9;
    for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193);
    this.#state = Math.imul(state, 0x85ebca6b) >>> 0;
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  /** The same items in another order. */
  shuffled<T>(items: readonly T[]): T[] {
    const list = [...items];
    for (let index = list.length - 1; index > 0; index--) {
      const other = this.below(index + 1);
      const kept = list[index]!;
      list[index] = list[other]!;
      list[other] = kept;
    }
    return list;
  }
}
