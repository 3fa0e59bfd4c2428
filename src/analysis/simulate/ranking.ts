/** Numbers from 0 on, the one with the highest score first and of equals the lowest: a binary heap in typed arrays that knows where each of them is. */
export class Ranking {
  #numbers = new Int32Array(8);
  /** By number. -1: it is not among them. */
  #placeOf = new Int32Array(8).fill(-1);
  #scores = new Float64Array(8);
  #size = 0;

  /** The first; undefined where there is none. */
  get first(): number | undefined {
    return this.#size === 0 ? undefined : this.#numbers[0];
  }

  has(number: number): boolean {
    return number < this.#placeOf.length && this.#placeOf[number] !== -1;
  }

  /** Of one that is among them. */
  scoreOf(number: number): number {
    return this.#scores[number] as number;
  }

  /** Puts one among them, or gives it another score. */
  set(number: number, score: number): void {
    while (number >= this.#scores.length) this.#grow();
    let place = this.#placeOf[number] as number;
    if (place === -1) {
      place = this.#size;
      this.#size += 1;
    } else if (score < (this.#scores[number] as number)) {
      this.#scores[number] = score;
      this.#sink(number, place);
      return;
    }
    this.#scores[number] = score;
    this.#rise(number, place);
  }

  /** Takes the first away. */
  shift(): void {
    this.#placeOf[this.#numbers[0] as number] = -1;
    this.#size -= 1;
    if (this.#size > 0) this.#sink(this.#numbers[this.#size] as number, 0);
  }

  #rise(number: number, from: number): void {
    let place = from;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const other = this.#numbers[above] as number;
      if (this.#isBefore(other, number)) break;
      this.#put(other, place);
      place = above;
    }
    this.#put(number, place);
  }

  #sink(number: number, from: number): void {
    let place = from;
    for (let below = 2 * place + 1; below < this.#size; below = 2 * place + 1) {
      if (below + 1 < this.#size && this.#isBefore(this.#numbers[below + 1] as number, this.#numbers[below] as number)) below += 1;
      const other = this.#numbers[below] as number;
      if (this.#isBefore(number, other)) break;
      this.#put(other, place);
      place = below;
    }
    this.#put(number, place);
  }

  #put(number: number, place: number): void {
    this.#numbers[place] = number;
    this.#placeOf[number] = place;
  }

  #isBefore(one: number, two: number): boolean {
    const more = (this.#scores[one] as number) - (this.#scores[two] as number);
    return more > 0 || (more === 0 && one < two);
  }

  #grow(): void {
    const length = this.#scores.length * 2;
    const [numbers, scores, placeOf] = [new Int32Array(length), new Float64Array(length), new Int32Array(length).fill(-1)];
    numbers.set(this.#numbers);
    scores.set(this.#scores);
    placeOf.set(this.#placeOf);
    [this.#numbers, this.#scores, this.#placeOf] = [numbers, scores, placeOf];
  }
}
