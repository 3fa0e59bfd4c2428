/** What a price book knows, from when, and what it lacks: `pipeopt prices`. */
import { nearest } from '../../source/nearest.ts';
import { isMissing, type MissingPrice, type Price } from './money.ts';
import type { Machine, PriceBook, Provider, Source } from './price-book.ts';
import type { Hazard } from './spot.ts';

export interface PriceQuery {
  /** Parts of names of machines and services; `*` stands for anything. */
  readonly names: readonly string[];
  /** Absent: the first of each provider. */
  readonly region?: string;
}

export interface ListedMachine extends Machine {
  readonly region: string;
  readonly onDemand: Price | MissingPrice;
  readonly spot: Price | MissingPrice;
  /** Interruptions per hour on spot. */
  readonly hazard?: Hazard;
}

export interface ListedService {
  readonly name: string;
  readonly region: string;
  readonly price: Price | MissingPrice;
}

export interface KnownProvider {
  readonly provider: Provider;
  readonly machines: number;
  readonly regions: readonly string[];
}

export interface PriceList {
  readonly id: string;
  readonly asOf: string;
  readonly currency: string;
  readonly sources: readonly Source[];
  readonly providers: readonly KnownProvider[];
  /** What has no price or factor, counted; of the whole catalogue, where the query names nothing. */
  readonly lacks?: readonly string[];
  /** Those that the query names. */
  readonly machines: readonly ListedMachine[];
  readonly services: readonly ListedService[];
}

/** A query that fits nothing. */
export class UnknownPrice extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'UnknownPrice';
    this.hint = hint;
  }
}

/** @throws UnknownPrice */
export function priceList(prices: PriceBook, { names, region }: PriceQuery): PriceList {
  const machines = [...prices.machines()];
  const services = [...prices.services()];
  const regions = [...knownRegions(prices), ...prices.declaredRegions];
  if (region !== undefined && !regions.includes(region)) {
    const [near] = nearest(region, regions);
    throw new UnknownPrice(
      `the catalogue has no region ${region}${near === undefined ? '' : `; did you mean ${near}?`}`,
      `it has ${knownRegions(prices).join(', ')}`,
    );
  }
  const known = new Set([...machines.map(({ name }) => name), ...services]);
  // What is named in full is meant alone.
  const wanted = names.map((name) => ({ name, fits: known.has(name) ? (other: string) => other === name : fitting(name) }));
  for (const { name, fits } of wanted) {
    if (machines.some((machine) => fits(machine.name)) || services.some(fits)) continue;
    const near = nearest(name, known, 3);
    throw new UnknownPrice(
      `no machine or service is called ${name}${near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`}`,
      'part of a name is enough: c6i, n2-standard, ebs',
    );
  }
  const isWanted = (name: string): boolean => wanted.some(({ fits }) => fits(name));
  return {
    id: prices.id,
    asOf: prices.asOf,
    currency: prices.currency,
    sources: prices.sources,
    providers: providersOf(prices, machines),
    ...(names.length === 0 ? { lacks: lacksOf(prices, machines) } : {}),
    machines: machines
      .filter(({ name }) => isWanted(name))
      .flatMap((machine) => {
        const here = regionOf(prices, machine.provider, region);
        return here === undefined ? [] : [listedMachine(prices, machine, here)];
      }),
    services: services.filter(isWanted).flatMap((name) => {
      const all = prices.serviceRegions(name);
      const here = region ?? all[0] ?? '';
      return [{ name, region: all.includes('all') ? 'all' : here, price: prices.service(name, here) }];
    }),
  };
}

function listedMachine(prices: PriceBook, machine: Machine, region: string): ListedMachine {
  const hazard = prices.hazard(machine.name, region);
  return {
    ...machine,
    region,
    onDemand: prices.hour(machine.name, region, 'on-demand'),
    spot: prices.hour(machine.name, region, 'spot'),
    ...(hazard === undefined ? {} : { hazard }),
  };
}

/** Without a region the provider's first. A machine of another provider's region is not meant. */
function regionOf(prices: PriceBook, provider: Provider, region: string | undefined): string | undefined {
  const regions = prices.regionsOf(provider);
  if (region === undefined) return regions[0] ?? 'anywhere';
  return provider === 'own' || regions.includes(region) || !knownRegions(prices).includes(region) ? region : undefined;
}

const PROVIDERS: readonly Provider[] = ['aws', 'gcp', 'azure', 'healthomics', 'own'];

function knownRegions(prices: PriceBook): string[] {
  return [...new Set(PROVIDERS.flatMap((provider) => prices.regionsOf(provider)))];
}

/** Letters of both cases are alike, and `*` is anything; no pattern of the user's is run as one. */
function fitting(pattern: string): (name: string) => boolean {
  const parts = pattern.toLowerCase().split('*');
  return (name) => {
    const text = name.toLowerCase();
    let at = 0;
    for (const part of parts) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return true;
  };
}

function providersOf(prices: PriceBook, machines: readonly Machine[]): KnownProvider[] {
  return PROVIDERS.map((provider) => ({
    provider,
    machines: machines.filter((machine) => machine.provider === provider).length,
    regions: prices.regionsOf(provider),
  })).filter((known) => known.machines > 0);
}

function lacksOf(prices: PriceBook, machines: readonly Machine[]): string[] {
  const lacks: string[] = [];
  for (const provider of ['aws', 'gcp', 'azure'] as const) {
    const regions = prices.regionsOf(provider);
    const own = machines.filter((machine) => machine.provider === provider);
    const without = (of: (name: string, region: string) => boolean): number =>
      own.reduce((sum, { name }) => sum + regions.filter((region) => of(name, region)).length, 0);
    const pairs = own.length * regions.length;
    const noHour = without((name, region) => isMissing(prices.hour(name, region, 'on-demand')));
    const noSpot = without((name, region) => isMissing(prices.hour(name, region, 'spot')));
    const label = LABELS[provider];
    if (noHour > 0) lacks.push(`${label}: on demand for ${noHour} of ${pairs} machines in a region`);
    if (noSpot > 0) lacks.push(`${label}: spot for ${noSpot} of ${pairs}`);
    const slow = own.filter(({ speed }) => speed === undefined).length;
    if (slow > 0) lacks.push(`${label}: speed of ${slow} of ${own.length} machines`);
    const dark = own.filter(({ cpuGeneration }) => cpuGeneration === undefined).length;
    if (dark > 0) lacks.push(`${label}: watts of ${dark} of ${own.length} machines`);
    if (provider !== 'aws') lacks.push(`${label}: how often spot machines are taken away`);
    if (regions.length === 1) lacks.push(`${label}: all regions but ${regions.join('')}`);
  }
  const local = [...prices.services()].filter((name) => !prices.serviceRegions(name).includes('all'));
  const single = local.filter((name) => prices.serviceRegions(name).length === 1).length;
  if (single > 0) lacks.push(`services: ${single} of ${local.length} outside the one region that they are listed for`);
  if (isMissing(prices.coreHour)) lacks.push('a core hour of your own cluster');
  return lacks;
}

const LABELS = { aws: 'AWS', gcp: 'Google', azure: 'Azure' } as const;
