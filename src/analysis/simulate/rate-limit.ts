/** `submitRateLimit`, as Guava's RateLimiter does it (SmoothBursty, one second of unused permits is kept): who takes one, the next one waits for it. */
export class RateLimit {
  readonly #permitMs: number;
  /** Unused permits, as the ms that they took to come. */
  #stored = 0;
  #nextFree = 0;

  constructor(perSecond: number) {
    this.#permitMs = 1000 / perSecond;
  }

  /** Takes permits one after another from a time on. @returns when the last one was there, ms */
  take(count: number, at: number): number {
    if (count <= 0) return at;
    if (at > this.#nextFree) {
      this.#stored = Math.min(1000, this.#stored + at - this.#nextFree);
      this.#nextFree = at;
    }
    const last = this.#nextFree + Math.max(0, (count - 1) * this.#permitMs - this.#stored);
    const cost = count * this.#permitMs;
    this.#nextFree += Math.max(0, cost - this.#stored);
    this.#stored = Math.max(0, this.#stored - cost);
    return last;
  }
}
