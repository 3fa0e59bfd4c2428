/**
 * The least of many numbers that change one at a time: a binary tree in a typed array, in which each place holds the lesser of the two below it. The root
 * is place 1, below place p are 2p and 2p + 1, and the number of `index` stands at place `leaves + index`. Infinity where there is none.
 */
export class Tournament {
  #places = new Float64Array(2).fill(Number.POSITIVE_INFINITY);
  #leaves = 1;

  set(index: number, value: number): void {
    while (index >= this.#leaves) this.#grow();
    const places = this.#places;
    let place = this.#leaves + index;
    let least = value;
    // As far up as it makes a difference.
    for (; places[place] !== least; place >>= 1) {
      places[place] = least;
      if (place === 1) return;
      least = Math.min(least, places[place ^ 1] as number);
    }
  }

  /** The first whose number is no greater than a bound; where there is none, the first of those with the least. undefined: nobody has a number. */
  firstWithin(bound: number): number | undefined {
    const places = this.#places;
    const least = places[1] as number;
    if (least === Number.POSITIVE_INFINITY) return undefined;
    const most = Math.max(least, bound);
    let place = 1;
    while (place < this.#leaves) place = (places[2 * place] as number) <= most ? 2 * place : 2 * place + 1;
    return place - this.#leaves;
  }

  #grow(): void {
    const [places, leaves] = [this.#places, this.#leaves];
    this.#places = new Float64Array(leaves * 4).fill(Number.POSITIVE_INFINITY);
    this.#leaves = leaves * 2;
    for (let index = 0; index < leaves; index += 1) this.set(index, places[leaves + index] as number);
  }
}
