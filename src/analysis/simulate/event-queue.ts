/** What happens when: a binary heap in typed arrays. At one instant the lower order comes first. */
export class EventQueue {
  #times = new Float64Array(64);
  #orders = new Float64Array(64);
  #subjects = new Int32Array(64);
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

  #grow(): void {
    const size = this.#size * 2;
    const [times, orders, subjects] = [new Float64Array(size), new Float64Array(size), new Int32Array(size)];
    times.set(this.#times);
    orders.set(this.#orders);
    subjects.set(this.#subjects);
    [this.#times, this.#orders, this.#subjects] = [times, orders, subjects];
  }
}

/** What happens in the order in which it is said, each not before the last: a queue. */
export class Upcoming {
  #times: number[] = [];
  #subjects: number[] = [];
  #head = 0;

  get at(): number {
    return this.#head === this.#times.length ? Number.POSITIVE_INFINITY : (this.#times[this.#head] as number);
  }

  push(time: number, subject: number): void {
    this.#times.push(time);
    this.#subjects.push(subject);
  }

  /** Takes the next away. @returns what it happens to */
  shift(): number {
    const subject = this.#subjects[this.#head] as number;
    this.#head += 1;
    if (this.#head === this.#times.length) {
      this.#times.length = 0;
      this.#subjects.length = 0;
      this.#head = 0;
    }
    return subject;
  }
}
