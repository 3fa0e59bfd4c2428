/** What happens when: a binary heap in typed arrays. At one instant the lower order comes first. */
export class EventQueue {
  #times = new Float64Array(8);
  #orders = new Float64Array(8);
  #subjects = new Int32Array(8);
  #size = 0;

  /** Of the next; Infinity where there is none. */
  get at(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] as number);
  }

  get order(): number {
    return this.#orders[0] as number;
  }

  /** What it happens to: a task, a machine. */
  get subject(): number {
    return this.#subjects[0] as number;
  }

  push(time: number, order: number, subject: number): void {
    if (this.#size === this.#times.length) this.#grow();
    const [times, orders, subjects] = [this.#times, this.#orders, this.#subjects];
    let hole = this.#size;
    this.#size += 1;
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const at = times[above] as number;
      if (at < time || (at === time && (orders[above] as number) <= order)) break;
      times[hole] = at;
      orders[hole] = orders[above] as number;
      subjects[hole] = subjects[above] as number;
      hole = above;
    }
    times[hole] = time;
    orders[hole] = order;
    subjects[hole] = subject;
  }

  /** Takes the next away. */
  pop(): void {
    this.#size -= 1;
    const last = this.#size;
    const [times, orders, subjects] = [this.#times, this.#orders, this.#subjects];
    const time = times[last] as number;
    const order = orders[last] as number;
    let hole = 0;
    for (let below = 1; below < last; below = 2 * hole + 1) {
      const beside = below + 1;
      let at = times[below] as number;
      if (beside < last) {
        const other = times[beside] as number;
        if (other < at || (other === at && (orders[beside] as number) < (orders[below] as number))) [below, at] = [beside, other];
      }
      if (time < at || (time === at && order <= (orders[below] as number))) break;
      times[hole] = at;
      orders[hole] = orders[below] as number;
      subjects[hole] = subjects[below] as number;
      hole = below;
    }
    times[hole] = time;
    orders[hole] = order;
    subjects[hole] = subjects[last] as number;
  }

  /** All that are to come, in no order. */
  subjects(): Int32Array {
    return this.#subjects.subarray(0, this.#size);
  }

  #grow(): void {
    const size = this.#size * 2;
    const [times, orders, subjects] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
    times.set(this.#times);
    orders.set(this.#orders);
    subjects.set(this.#subjects);
    [this.#times, this.#orders, this.#subjects] = [times, orders, subjects];
  }
}

/** What comes in order, each with a number (a time, a place) that is not below that of the one before: a ring in typed arrays. */
export class Queue {
  #numbers = new Float64Array(8);
  #subjects = new Int32Array(8);
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The number of the next; Infinity where there is none. */
  get at(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#numbers[this.#head] as number);
  }

  get subject(): number {
    return this.#subjects[this.#head] as number;
  }

  push(number: number, subject: number): void {
    if (this.#size === this.#subjects.length) this.#grow();
    const tail = this.#place(this.#size);
    this.#numbers[tail] = number;
    this.#subjects[tail] = subject;
    this.#size += 1;
  }

  /** Takes the next away. @returns its subject */
  shift(): number {
    const { subject } = this;
    this.#head = this.#place(1);
    this.#size -= 1;
    return subject;
  }

  /** How many have a lower number. */
  below(number: number): number {
    let [low, high] = [0, this.#size];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#numbers[this.#place(middle)] as number) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The length is a power of two. */
  #place(index: number): number {
    return (this.#head + index) & (this.#subjects.length - 1);
  }

  #grow(): void {
    const size = this.#size;
    const [numbers, subjects] = [new Float64Array(size * 2), new Int32Array(size * 2)];
    for (let index = 0; index < size; index += 1) {
      const from = this.#place(index);
      numbers[index] = this.#numbers[from] as number;
      subjects[index] = this.#subjects[from] as number;
    }
    [this.#numbers, this.#subjects, this.#head] = [numbers, subjects, 0];
  }
}
