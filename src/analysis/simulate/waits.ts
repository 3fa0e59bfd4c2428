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

const NUMBER_OF = new Map(CAUSES.map((cause, number) => [cause, number]));

/** Sums by group of tasks. */
export class WaitSums {
  readonly #sums: Float64Array;

  constructor(groups: number) {
    this.#sums = new Float64Array(groups * CAUSES.length);
  }

  add(group: number, cause: Cause, ms: number): void {
    if (ms === 0) return;
    const at = group * CAUSES.length + (NUMBER_OF.get(cause) as number);
    this.#sums[at] = (this.#sums[at] as number) + ms;
  }

  of(group: number): Waits {
    return Object.fromEntries(CAUSES.map((cause, number) => [cause, this.#sums[group * CAUSES.length + number] as number])) as Waits;
  }
}
