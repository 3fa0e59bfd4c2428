/** Prices, and sums of money. What has no price is kept as such: it is said, and never counted as nothing. */

/** How a price is known: from a list, worked out from one, an average that moves, said by the user, or said by nobody we could read. */
export type PriceBasis = 'listed' | 'derived' | 'estimated' | 'declared' | 'unverified';

/** Money for one unit of something. */
export interface Price {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
  /** `h`, `GB-month`, `GB`. */
  readonly per: string;
  readonly basis: PriceBasis;
  /** From where, for people. */
  readonly source: string;
  /** `2026-07-20`, or as much of it as is known. */
  readonly asOf?: string;
}

/** A price that nobody gave. */
export interface MissingPrice {
  /** What has no price: `m9g.large on demand in eu-west-1`. */
  readonly missing: string;
  /** What would give it one. */
  readonly hint: string;
}

/** Money for what was used. */
export interface Amount {
  /** Of the part that has a price. */
  readonly priced: number;
  readonly currency: string;
  /** Each once. */
  readonly missing: readonly MissingPrice[];
}

export function isMissing(price: Price | MissingPrice): price is MissingPrice {
  return 'missing' in price;
}

/** The whole; undefined as long as a part of it has no price. */
export function totalOf({ priced, missing }: Amount): number | undefined {
  return missing.length === 0 ? priced : undefined;
}

/** Nothing of something costs nothing, whatever its price. */
export function amountOf(price: Price | MissingPrice, units: number, currency: string): Amount {
  if (units === 0) return { priced: 0, currency, missing: [] };
  if (isMissing(price)) return { priced: 0, currency, missing: [price] };
  return sumOf(currency, [{ priced: price.amount * units, currency: price.currency, missing: [] }]);
}

/** @throws TypeError when an amount is of another currency: a price book holds one. */
export function sumOf(currency: string, amounts: Iterable<Amount>): Amount {
  let priced = 0;
  const missing = new Map<string, MissingPrice>();
  for (const amount of amounts) {
    if (amount.currency !== currency) throw new TypeError(`${amount.currency} added to ${currency}`);
    priced += amount.priced;
    for (const one of amount.missing) missing.set(one.missing, one);
  }
  return { priced, currency, missing: [...missing.values()] };
}
