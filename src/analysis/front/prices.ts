/** What it takes and costs to give each call's tasks this or that, with room for all of them: quickly, so that much can be tried. */
import { criticalPath, type Schedule, Scheduler, slackOf } from '../simulate/schedule.ts';
import type { TaskLinks } from '../simulate/task-graph.ts';
import type { TimeCost } from './pareto.ts';

export interface Choices {
  readonly graph: TaskLinks;
  /** By task, ms. */
  readonly durationsMs: Float64Array;
  /** By group, at least one; the faster ones first, and none that is neither faster nor cheaper than another. */
  readonly options: readonly (readonly CallOption[])[];
}

export interface CallOption {
  /** Times what a task takes today. */
  readonly factor: number;
  /** What a ms of a task costs. */
  readonly rate: number;
}

/** By group, which of its options. */
export type Plan = readonly number[];

export interface Priced extends TimeCost {
  readonly plan: Plan;
}

export class Prices {
  readonly choices: Choices;
  readonly #scheduler: Scheduler;
  readonly #work: readonly number[];
  readonly #groupOf: Int32Array;
  readonly #known = new Map<string, Priced>();
  #left: number;

  /** @param effort so often a task may be looked at before `isSpent` */
  constructor(choices: Choices, effort: number) {
    const { graph, durationsMs } = choices;
    this.choices = choices;
    this.#scheduler = new Scheduler(graph);
    this.#left = effort;
    this.#groupOf = new Int32Array(graph.tasks);
    for (const [group, { first, size }] of graph.groups.entries()) this.#groupOf.fill(group, first, first + size);
    this.#work = graph.groups.map(({ first, size }) => durationsMs.subarray(first, first + size).reduce((sum, ms) => sum + ms, 0));
  }

  /** Nothing more should be tried. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  optionsOf(group: number): readonly CallOption[] {
    return this.choices.options[group] as readonly CallOption[];
  }

  option(group: number, at: number): CallOption {
    return this.optionsOf(group)[at] as CallOption;
  }

  /** Of one task, with its own time. */
  optionsOfTask(task: number): TimeCost[] {
    const ms = this.choices.durationsMs[task] as number;
    return this.optionsOf(this.#groupOf[task] as number).map(({ factor, rate }) => ({ ms: ms * factor, cost: ms * factor * rate }));
  }

  costOf(group: number, at: number): number {
    const { factor, rate } = this.option(group, at);
    return (this.#work[group] as number) * factor * rate;
  }

  of(plan: Plan): Priced {
    const key = plan.join();
    let priced = this.#known.get(key);
    if (priced === undefined) {
      const cost = plan.reduce((sum, at, group) => sum + this.costOf(group, at), 0);
      this.#known.set(key, (priced = { plan, ms: this.#scheduleOf(plan).span, cost }));
    }
    return priced;
  }

  /** By group how much later its tasks could end, ms. */
  slackOf(plan: Plan): readonly number[] {
    const { graph } = this.choices;
    const slack = slackOf(graph, this.#scheduleOf(plan));
    return graph.groups.map(({ first, size }) =>
      slack.subarray(first, first + size).reduce((least, one) => Math.min(least, one), Number.POSITIVE_INFINITY),
    );
  }

  /** By group: ms, as of today, of its tasks on a longest path. */
  pathOf(plan: Plan): Float64Array {
    const { graph, durationsMs } = this.choices;
    return this.sumOf(criticalPath(graph, this.#scheduleOf(plan)), (task) => durationsMs[task] as number);
  }

  /** By group. */
  sumOf(tasks: Iterable<number>, value: (task: number) => number): Float64Array {
    const sums = new Float64Array(this.choices.graph.groups.length);
    for (const task of tasks) {
      const group = this.#groupOf[task] as number;
      sums[group] = (sums[group] as number) + value(task);
    }
    return sums;
  }

  /** The longest task of a group, ms today. */
  longestOf(group: number): number {
    const { first, size } = this.choices.graph.groups[group] as TaskLinks['groups'][number];
    return this.choices.durationsMs.subarray(first, first + size).reduce((most, ms) => Math.max(most, ms), 0);
  }

  /** The plan of the least cost where each call also pays what its time is worth; and that sum. @param worth by group, for a factor of 1 */
  answerTo(worth: Float64Array): { readonly plan: Plan; readonly sum: number } {
    let sum = 0;
    const plan = this.choices.options.map((some, group) => {
      let [least, best] = [Number.POSITIVE_INFINITY, 0];
      for (const [at, { factor }] of some.entries()) {
        const price = this.costOf(group, at) + (worth[group] as number) * factor;
        if (price < least) [least, best] = [price, at];
      }
      sum += least;
      return best;
    });
    return { plan, sum };
  }

  #scheduleOf(plan: Plan): Schedule {
    const { graph, durationsMs } = this.choices;
    this.#left -= graph.tasks;
    const given = new Float64Array(graph.tasks);
    for (const [group, { first, size }] of graph.groups.entries()) {
      const { factor } = this.option(group, plan[group] as number);
      for (let task = first; task < first + size; task += 1) given[task] = (durationsMs[task] as number) * factor;
    }
    return this.#scheduler.run(given);
  }
}
