/** Machines as they could be rented: in which market, and how many cpus at once. */
import {
  type ChosenPlatform,
  choosePlatform,
  type PlatformNeeds,
  type PlatformOptions,
  UnknownPlatform,
} from '../../simulate/platforms/choice.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import { splitOf } from '../../simulate/platforms/split.ts';
import { mostAtOnce, type Schedule } from '../../simulate/schedule.ts';
import type { TaskLinks } from '../../simulate/task-graph.ts';

export interface Rental {
  readonly chosen: ChosenPlatform;
  readonly spot: boolean;
  readonly maxCpus: number;
}

/** Times the cpus that are taken for the limit where the user has said none. */
const MORE = 4;

export class Rentals {
  /** As it is. */
  readonly usual: Rental;
  /** Whether it is spot: today's first. */
  readonly markets: readonly boolean[];
  /** Whether there may be another number of cpus at once: there is no limit of machines that are there all the time. */
  readonly areLimited: boolean;
  readonly #mostCpus: number;
  readonly #options: PlatformOptions;
  readonly #needs: PlatformNeeds;
  readonly #known = new Map<string, Rental | undefined>();

  constructor(options: PlatformOptions, needs: PlatformNeeds, chosen: ChosenPlatform) {
    const { spot, maxCpus = 0 } = chosen;
    // Where all calls are routed elsewhere the options are of a platform that has none.
    this.areLimited = chosen.cpusFor !== undefined && options.name === chosen.name;
    this.#options = options;
    this.#needs = needs;
    this.#mostCpus = options.maxCpus === undefined ? MORE * maxCpus : maxCpus;
    this.usual = { chosen, spot, maxCpus };
    this.#known.set(keyOf(spot, maxCpus), this.usual);
    this.markets = [spot, !spot].filter((market) => this.of(market) !== undefined);
  }

  /** Undefined where no such machine has a price, or there is no spot. */
  of(spot: boolean, maxCpus = this.usual.maxCpus): Rental | undefined {
    const most = Math.min(maxCpus, this.#mostCpus);
    const key = keyOf(spot, most);
    if (!this.#known.has(key)) this.#known.set(key, this.areLimited ? this.#rented(spot, most) : undefined);
    return this.#known.get(key);
  }

  #rented(spot: boolean, maxCpus: number): Rental | undefined {
    const { routed } = this.usual.chosen;
    try {
      const base = choosePlatform({ ...this.#options, spot, maxCpus }, this.#needs);
      return { chosen: routed === undefined ? base : splitOf(base, routed), spot, maxCpus };
    } catch (error) {
      if (error instanceof UnknownPlatform) return undefined;
      throw error;
    }
  }
}

function keyOf(spot: boolean, maxCpus: number): string {
  return `${spot} ${maxCpus}`;
}

/**
 * Cpus of the machines that hold so large a share of the tasks that run at once. Undefined where machines are not rented.
 * @param schedule with room for every task @param requests by group
 */
export function cpusInUse(
  { cpusFor }: ChosenPlatform,
  graph: TaskLinks,
  schedule: Schedule,
  requests: readonly Request[],
  share = 1,
): number | undefined {
  // What runs on another part of the platform has its own machines.
  const counts = mostAtOnce(graph, schedule, (group) => {
    const { cpus, on = 0 } = requests[group] as Request;
    return on === 0 ? cpus : 0;
  });
  return cpusFor?.(
    counts.flatMap((count, group) => {
      const request = requests[group] as Request;
      return count === 0 || (request.on ?? 0) !== 0 ? [] : [{ request, count: Math.ceil(share * count) }];
    }),
  );
}
