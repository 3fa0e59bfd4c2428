/** What is paid beside machines by the hour: clusters that are always on, core hours, transfer. */
import { type Amount, amountOf, sumOf } from './money.ts';
import type { PriceBook } from './price-book.ts';
import type { Market } from './price-file.ts';

export interface ClusterPart {
  readonly type: string;
  readonly region: string;
  readonly market: Market;
  readonly count: number;
}

/** Machines that are there whether anything runs or not: the run changes nothing but for how long. */
export function alwaysOnCost(prices: PriceBook, parts: Iterable<ClusterPart>, hours: number): Amount {
  const amounts = [...parts].map(({ type, region, market, count }) =>
    amountOf(prices.hour(type, region, market), count * hours, prices.currency),
  );
  return sumOf(prices.currency, amounts);
}

/** A cluster that charges by core hours reserved. */
export function coreHoursCost(prices: PriceBook, coreHours: number): Amount {
  return amountOf(prices.coreHour, coreHours, prices.currency);
}

export interface Transfer {
  readonly gb: number;
  readonly provider: 'aws' | 'gcp' | 'azure';
  readonly region: string;
  /** A region of the provider, or `internet`: what comes out to a cluster at home, too. */
  readonly to: string;
  /** From a private network without an endpoint for S3: a gateway charges by the GB. */
  readonly throughNat?: boolean;
}

/** The first tier's price, which is the dearest: more than 10 TB a month cost less than this. */
const OUT: Readonly<Record<Transfer['provider'], string>> = {
  aws: 'aws/transfer/internet_out_first_10tb',
  gcp: 'gcp/transfer/internet_egress_0_1tb',
  azure: 'azure/transfer/internet_out',
};

export function transferCost(prices: PriceBook, { gb, provider, region, to, throughNat = false }: Transfer): Amount {
  const key = to === 'internet' ? OUT[provider] : `${provider}/transfer/${to === region ? 's3_to_ec2_same_region' : 'to_other_region'}`;
  const moved = amountOf(prices.service(key, region), gb, prices.currency);
  if (!throughNat) return moved;
  return sumOf(prices.currency, [moved, amountOf(prices.service(`${provider}/nat/data_processed`, region), gb, prices.currency)]);
}
