/** On demand or on spot: what a task is expected to cost and to take on one kind of machine (algorithms.md G2, step 1). */
import { type Amount, amountOf, sumOf, totalOf } from './money.ts';
import type { PriceBook } from './price-book.ts';
import type { Market } from './price-file.ts';
import { expectedOnSpot } from './spot.ts';

export interface Placement {
  readonly type: string;
  readonly region: string;
  /** Of a try that nothing interrupts. */
  readonly hours: number;
  /** The part of the machine that is the task's, 0 to 1; absent: all of it. */
  readonly share?: number;
  /** How often spot is tried before it goes on demand; absent: until it is done. */
  readonly attempts?: number;
  readonly requeueHours?: number;
  /** Interruptions per hour, where they were measured; else the price book's. */
  readonly hazard?: number;
}

export interface PlacedCost {
  readonly cost: Amount;
  readonly elapsedHours: number;
}

export function costOn(market: Market, prices: PriceBook, placement: Placement): PlacedCost {
  const { type, region, hours, share = 1 } = placement;
  const { currency } = prices;
  const onDemand = (some: number): Amount => amountOf(prices.hour(type, region, 'on-demand'), some * share, currency);
  if (market === 'on-demand') return { cost: onDemand(hours), elapsedHours: hours };
  const hazard = placement.hazard ?? prices.hazard(type, region)?.expected;
  if (hazard === undefined) {
    const missing = { missing: `interruptions of ${type} in ${region}`, hint: 'nobody publishes them: measure them in a trace' };
    return { cost: { priced: 0, currency, missing: [missing] }, elapsedHours: hours };
  }
  const outcome = expectedOnSpot({ ...placement, hazard });
  const spot = amountOf(prices.hour(type, region, 'spot'), outcome.spotHours * share, currency);
  return { cost: sumOf(currency, [spot, onDemand(outcome.onDemandHours)]), elapsedHours: outcome.elapsedHours };
}

/** undefined as long as one of the two has no price. */
export function cheaperMarket(prices: PriceBook, placement: Placement): Market | undefined {
  const [onDemand, spot] = (['on-demand', 'spot'] as const).map((market) => totalOf(costOn(market, prices, placement).cost));
  if (onDemand === undefined || spot === undefined) return undefined;
  return spot < onDemand ? 'spot' : 'on-demand';
}
