/** Why tasks waited, and how long for each reason. */
/**
 * `data`: what the task is given was not there yet. `avoidable`: it was there, and the task waited for others that give it nothing. `poll`: what it waited
 * for had ended, and Nextflow had not seen it. Then, in Nextflow's queue: `submit-rate`, `max-forks`, `queue-size`; and on the platform: `cpus`,
 * `memory`, `accelerators`, `quota` (no more machines are to be had), `boot` (a machine or a container is coming up).
 */
export type Cause = (typeof CAUSES)[number];

export const CAUSES = [
  'data',
  'avoidable',
  'poll',
  'submit-rate',
  'max-forks',
  'queue-size',
  'cpus',
  'memory',
  'accelerators',
  'quota',
  'boot',
] as const;

/** Ms by cause. */
export type Waits = Readonly<Record<Cause, number>>;

/** Sums by group of tasks. */
export class WaitSums {
  readonly #sums: Readonly<Record<Cause, Float64Array>>;

  constructor(groups: number) {
    this.#sums = byCause(() => new Float64Array(groups));
  }

  add(group: number, cause: Cause, ms: number): void {
    const sums = this.#sums[cause];
    sums[group] = (sums[group] as number) + ms;
  }

  of(group: number): Waits {
    return byCause((cause) => this.#sums[cause][group] as number);
  }
}

function byCause<T>(of: (cause: Cause) => T): Record<Cause, T> {
  return Object.fromEntries(CAUSES.map((cause) => [cause, of(cause)])) as Record<Cause, T>;
}
