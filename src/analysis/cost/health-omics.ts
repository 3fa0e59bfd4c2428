/** AWS HealthOmics: a machine of its own for each task, and storage for as long as the run takes (cost.md 3.2). */
import { type Amount, amountOf, sumOf } from './money.ts';
import type { Machine, PriceBook } from './price-book.ts';
import { billedHours } from './run-cost.ts';

/** The machine that a task gets: of the fewest vCPUs that do, the one with the least memory that does. It may be dearer than another. */
export function omicsMachineFor(prices: PriceBook, cpus: number, memoryGib: number): Machine | undefined {
  return [...prices.machines()]
    .filter(({ provider, vcpus, memoryGib: most }) => provider === 'healthomics' && vcpus >= cpus && most >= memoryGib)
    .sort((a, b) => a.vcpus - b.vcpus || a.memoryGib - b.memoryGib)[0];
}

export interface OmicsTask {
  readonly machine: string;
  readonly seconds: number;
}

export type OmicsStorage = { readonly kind: 'dynamic'; readonly usedGib: number } | { readonly kind: 'static'; readonly gib: number };

export function omicsRunCost(
  prices: PriceBook,
  region: string,
  tasks: Iterable<OmicsTask>,
  storage: OmicsStorage,
  runHours: number,
): { readonly compute: Amount; readonly storage: Amount } {
  const { currency } = prices;
  const minimum = prices.fact('aws/healthomics/task_min_billing');
  const compute = sumOf(
    currency,
    [...tasks].map(({ machine, seconds }) => amountOf(prices.hour(machine, region, 'on-demand'), billedHours(seconds, minimum), currency)),
  );
  const gib = storage.kind === 'dynamic' ? storage.usedGib : staticCapacity(prices, storage.gib);
  return { compute, storage: amountOf(prices.service(`aws/healthomics/${storage.kind}_run_storage`, region), gib * runHours, currency) };
}

/** 1,200 GiB, or a multiple of 2,400. */
function staticCapacity(prices: PriceBook, gib: number): number {
  const least = prices.fact('aws/healthomics/static_min_capacity');
  const step = prices.fact('aws/healthomics/static_increment');
  return gib <= least ? least : Math.ceil(gib / step) * step;
}
