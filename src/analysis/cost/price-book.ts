/**
 * What machines and services cost: the catalogue's figures (catalogue/prices), with what the user says laid over them. One book holds one
 * currency. A price that neither knows is a `MissingPrice`.
 */
import type { MissingPrice, Price, PriceBasis } from './money.ts';
import type { Market, PriceByRegion, PriceFile } from './price-file.ts';
import { HAZARD_PER_HOUR_BY_BAND, type Hazard } from './spot.ts';

export type Provider = 'aws' | 'gcp' | 'azure' | 'healthomics' | 'own';

export interface Machine {
  readonly name: string;
  readonly provider: Provider;
  /** `c6i`, `n2-standard`: what shares prices per vCPU and speed. */
  readonly family: string;
  readonly arch: string;
  readonly vcpus: number;
  readonly memoryGib: number;
  /** What Linux sees of it. Measured for most of AWS, absent elsewhere. */
  readonly visibleMemoryMib?: number;
  readonly gpus: number;
  readonly gpuName?: string;
  /** GB (Google: as its tables have it). */
  readonly localDiskGb: number;
  /** Of one vCPU in CoreMark, relative to m5. */
  readonly speed?: number;
  /** `Ice Lake`: the key of what a vCPU draws. */
  readonly cpuGeneration?: string;
}

export interface Source {
  readonly what: string;
  readonly ref: string;
  readonly asOf: string;
  readonly licence: string;
}

type SourceRow = readonly [what: string, ref: string, asOf: string, licence: string];
type TypeRow = readonly [
  arch: string,
  vcpus: number,
  memoryGib: number,
  gpus: number,
  gpu: string,
  disk: number,
  onDemand: readonly (number | null)[],
  spot: readonly (number | null)[],
];
export interface ListedProvider {
  readonly sources: readonly SourceRow[];
  readonly regions: readonly string[];
  readonly types: Readonly<Record<string, TypeRow>>;
}
type ServiceRow = readonly [key: string, region: string, unit: string, amount: number, confidence: string, asOf: string, source: string];
export interface CatalogueData {
  readonly aws: {
    readonly sources: readonly SourceRow[];
    readonly regions: readonly string[];
    readonly families: Readonly<Record<string, readonly [speed: number | null, cpu: string | null, ratios: readonly (number | null)[]]>>;
    /** The last says of each region how its price is known (`L` listed, `D` derived, `-` not sold there as far as we know) and spot's saving in % with its band. */
    readonly types: Readonly<
      Record<
        string,
        readonly [
          arch: string,
          vcpus: number,
          memoryGib: number,
          visibleMib: number | null,
          gpus: number,
          gpu: string,
          nvmeGb: number,
          usd: number,
          regions: string,
        ]
      >
    >;
    readonly exceptions: Readonly<Record<string, number>>;
  };
  readonly gcp: ListedProvider;
  readonly azure: ListedProvider;
  readonly services: {
    readonly sources: readonly SourceRow[];
    readonly prices: readonly ServiceRow[];
    readonly facts: readonly ServiceRow[];
  };
  readonly carbon: {
    readonly sources: readonly SourceRow[];
    readonly constants: Readonly<Record<string, number>>;
    readonly watts: Readonly<Record<string, Readonly<Record<string, readonly [idle: number, busy: number]>>>>;
    readonly grids: Readonly<Record<string, Readonly<Record<string, readonly [grams: number, source: string]>>>>;
  };
}

/** HealthOmics: one machine a task, of EC2's shapes (cost.md 3.2). */
const OMICS_SIZES: Readonly<Record<string, number>> = {
  large: 2,
  xlarge: 4,
  '2xlarge': 8,
  '4xlarge': 16,
  '8xlarge': 32,
  '12xlarge': 48,
  '16xlarge': 64,
  '24xlarge': 96,
};
const OMICS_GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8 };

const HINT = 'give it in a file: --prices FILE';
const NO_EXCHANGE =
  'the catalogue is in USD: say in the file of --prices what one dollar is worth (exchange: { USD: 0.92 }), or give prices of your own for what runs';
/** The catalogue's own. */
const USD = 'USD';

export class PriceBook {
  readonly currency: string;
  readonly #data: CatalogueData;
  readonly #file: PriceFile | undefined;
  readonly #machines = new Map<string, Machine>();
  /** The last of a type's row, word by word: read when asked for. */
  readonly #soldIn = new Map<string, readonly string[]>();
  readonly #services = new Map<string, ServiceRow[]>();

  constructor(data: CatalogueData, file?: PriceFile) {
    this.#data = data;
    this.#file = file;
    this.currency = file?.currency ?? USD;
    for (const machine of machinesOf(data)) this.#machines.set(machine.name, machine);
    for (const row of data.services.prices) {
      const rows = this.#services.get(row[0]);
      if (rows === undefined) this.#services.set(row[0], [row]);
      else rows.push(row);
    }
    for (const [name, { vcpus, memoryGib, speed }] of file?.machines ?? []) {
      const known = this.#machines.get(name);
      if (known === undefined && (vcpus === undefined || memoryGib === undefined)) continue;
      this.#machines.set(name, {
        ...(known ?? { name, provider: 'own', family: name, arch: '', gpus: 0, localDiskGb: 0, vcpus: 0, memoryGib: 0 }),
        ...(vcpus === undefined ? {} : { vcpus }),
        ...(memoryGib === undefined ? {} : { memoryGib }),
        ...(speed === undefined ? {} : { speed }),
      });
    }
  }

  /** `2026-07-30`: the newest of its sources. */
  get asOf(): string {
    return this.sources
      .map(({ asOf }) => asOf)
      .sort()
      .at(-1) as string;
  }

  /** Names what was used: `catalogue 2026-07-30 + lab.yml`. */
  get id(): string {
    return `catalogue ${this.asOf}${this.#file === undefined ? '' : ` + ${this.#file.name ?? '--prices'}`}`;
  }

  get sources(): readonly Source[] {
    const { aws, gcp, azure, services, carbon } = this.#data;
    return [aws, gcp, azure, services, carbon].flatMap(({ sources }) =>
      sources.map(([what, ref, asOf, licence]) => ({ what, ref, asOf, licence })),
    );
  }

  get carbonData(): CatalogueData['carbon'] {
    return this.#data.carbon;
  }

  machine(name: string): Machine | undefined {
    return this.#machines.get(name);
  }

  machines(): IterableIterator<Machine> {
    return this.#machines.values();
  }

  /** `aws/ebs/gp3_storage`, with where it is priced. */
  services(): IterableIterator<string> {
    return this.#services.keys();
  }

  regionsOf(provider: Provider): readonly string[] {
    if (provider === 'aws' || provider === 'gcp' || provider === 'azure') return this.#data[provider].regions;
    return provider === 'healthomics' ? ['us-east-1'] : [];
  }

  /** Where the service has a price: regions, or `all`. */
  serviceRegions(key: string): readonly string[] {
    return (this.#services.get(key) ?? []).map(([, region]) => region);
  }

  /** A core hour of a cluster that charges by it. */
  get coreHour(): Price | MissingPrice {
    const amount = this.#file?.coreHour;
    if (amount === undefined) return { missing: 'a core hour of the cluster', hint: 'give core-hour in a file: --prices FILE' };
    return this.#declared(amount, 'core-h');
  }

  /** An hour of one machine. */
  hour(name: string, region: string, market: Market): Price | MissingPrice {
    const machine = this.#machines.get(name);
    const what = `${name} ${market === 'spot' ? 'on spot' : 'on demand'} in ${region}`;
    const own = byRegion(this.#file?.machines.get(name)?.prices[market], region);
    if (own !== undefined) return this.#declared(own, 'h');
    if (machine === undefined) return { missing: what, hint: `the catalogue does not know ${name}; ${HINT}` };
    const listed = this.#listedHour(machine, region, market);
    if (listed === undefined) return { missing: what, hint: this.#whyNoHour(machine, region, market) };
    return this.#fromCatalogue(listed, what, this.#file?.discounts[market]);
  }

  /** A unit of a service, as the catalogue names it. */
  service(key: string, region: string): Price | MissingPrice {
    const what = `${key} in ${region}`;
    const own = byRegion(this.#file?.services.get(key), region);
    const rows = this.#services.get(key);
    const row = rows?.find(([, where]) => where === region) ?? rows?.find(([, where]) => where === 'all');
    if (own !== undefined) return this.#declared(own, row?.[2] ?? rows?.[0]?.[2] ?? '');
    if (rows === undefined) return { missing: what, hint: `the catalogue does not know ${key}; ${HINT}` };
    if (row === undefined) return { missing: what, hint: `known for ${this.serviceRegions(key).join(', ')} alone; ${HINT}` };
    const [, , per, usd, confidence, asOf, source] = row;
    const price: Price = { amount: usd, currency: USD, per, basis: basisOf(confidence), source, ...(asOf === '' ? {} : { asOf }) };
    const kind = key.includes('/transfer/') || key.includes('/nat/') ? 'transfer' : 'storage';
    return this.#fromCatalogue(price, what, this.#file?.discounts[kind]);
  }

  /** What is no price: `aws/ec2/minimum_billing` is 60 (seconds). */
  fact(key: string): number {
    const row = this.#data.services.facts.find(([name]) => name === key);
    if (row === undefined) throw new RangeError(`the catalogue has no ${key}`);
    return row[3];
  }

  /** How often spot takes such a machine away. Absent: nobody says. */
  hazard(name: string, region: string): Hazard | undefined {
    const band = this.#spotOf(name, region)?.band;
    return band === undefined ? undefined : HAZARD_PER_HOUR_BY_BAND[band];
  }

  /** That the user's file names. */
  get declaredRegions(): readonly string[] {
    const { machines, services } = this.#file ?? { machines: new Map<string, never>(), services: new Map<string, never>() };
    const prices = [...[...machines.values()].flatMap(({ prices }) => Object.values(prices)), ...services.values()];
    return [...new Set(prices.flatMap((price) => (typeof price === 'number' ? [] : Object.keys(price))))];
  }

  #spotOf(name: string, region: string): { saving: number; band: number } | undefined {
    const [, saving, band] = /^.(\d+)\/(\d)$/.exec(this.#soldWord(name, region)) ?? [];
    return saving === undefined ? undefined : { saving: Number(saving) / 100, band: Number(band) };
  }

  /** `L52/0`, `D`, `-`; nothing for what the catalogue does not have. */
  #soldWord(name: string, region: string): string {
    const { regions, types } = this.#data.aws;
    let words = this.#soldIn.get(name);
    if (words === undefined) {
      words = Object.hasOwn(types, name) ? (types[name]?.[8] ?? '').split(' ') : [];
      this.#soldIn.set(name, words);
    }
    return words[regions.indexOf(region)] ?? '';
  }

  #listedHour(machine: Machine, region: string, market: Market): Price | undefined {
    if (machine.provider === 'aws') return this.#awsHour(machine, region, market);
    if (machine.provider === 'healthomics') return market === 'spot' ? undefined : this.#omicsHour(machine, region);
    if (machine.provider === 'own') return undefined;
    const { regions, types, sources } = this.#data[machine.provider];
    const row = types[machine.name];
    const amount = row?.[market === 'spot' ? 7 : 6][regions.indexOf(region)];
    const source = sources.at(-1) as SourceRow;
    return amount === null || amount === undefined ? undefined : usdPerHour(amount, market === 'spot' ? 'estimated' : 'listed', source);
  }

  #awsHour({ name, family }: Machine, region: string, market: Market): Price | undefined {
    const { aws } = this.#data;
    const at = aws.regions.indexOf(region);
    const row = aws.types[name];
    const ratio = aws.families[family]?.[2][at];
    const onDemand =
      aws.exceptions[`${name} ${region}`] ?? (row === undefined || ratio === null || ratio === undefined ? undefined : row[7] * ratio);
    if (onDemand === undefined || row === undefined) return undefined;
    if (market === 'spot') {
      const spot = this.#spotOf(name, region);
      return spot === undefined ? undefined : usdPerHour(onDemand * (1 - spot.saving), 'estimated', aws.sources[4] as SourceRow);
    }
    const listed = this.#soldWord(name, region).startsWith('L');
    return usdPerHour(onDemand, listed ? 'listed' : 'derived', aws.sources[region === aws.regions[0] ? 0 : 1] as SourceRow);
  }

  #omicsHour({ name, vcpus, family }: Machine, region: string): Price | undefined {
    const listed = this.#services.get(`aws/healthomics/${name}`)?.find(([, where]) => where === region);
    if (listed !== undefined) return usdPerHour(listed[3], basisOf(listed[4]), ['', listed[6], listed[5], '']);
    if (region !== 'us-east-1') return undefined;
    const markup = this.#data.services.facts.find(([key]) => key === 'aws/healthomics/instance_markup_over_ec2');
    const [, vcpusOfLarge, , , , , , usdOfLarge] = this.#data.aws.types[`${family.slice(-1)}5.large`] ?? [];
    if (markup === undefined || vcpusOfLarge === undefined || usdOfLarge === undefined) return undefined;
    return usdPerHour((usdOfLarge / vcpusOfLarge) * vcpus * markup[3], 'derived', ['', markup[6], markup[5], '']);
  }

  #whyNoHour(machine: Machine, region: string, market: Market): string {
    const regions = this.regionsOf(machine.provider);
    if (machine.provider === 'own') return HINT;
    if (!regions.includes(region)) return `the catalogue's regions are ${regions.join(', ')}; ${HINT}`;
    if (machine.provider === 'healthomics' && market === 'spot') return 'HealthOmics has no spot';
    return HINT;
  }

  #declared(amount: number, per: string): Price {
    const asOf = this.#file?.asOf;
    return {
      amount,
      currency: this.currency,
      per,
      basis: 'declared',
      source: this.#file?.name ?? '--prices',
      ...(asOf === undefined ? {} : { asOf }),
    };
  }

  #fromCatalogue(price: Price, what: string, discount = 0): Price | MissingPrice {
    const rate = this.currency === USD ? 1 : this.#file?.usd;
    if (rate === undefined) return { missing: `${what} in ${this.currency}`, hint: NO_EXCHANGE };
    if (rate === 1 && discount === 0) return price;
    const changed = [...(discount === 0 ? [] : [`less ${percent(discount)}`]), ...(rate === 1 ? [] : [`1 USD = ${rate} ${this.currency}`])];
    return {
      ...price,
      amount: price.amount * (1 - discount) * rate,
      currency: this.currency,
      source: `${price.source}, ${changed.join(', ')}`,
    };
  }
}

function* machinesOf(data: CatalogueData): Generator<Machine> {
  for (const [name, [arch, vcpus, memoryGib, visible, gpus, gpu, disk]] of Object.entries(data.aws.types)) {
    const family = name.slice(0, name.indexOf('.'));
    const [speed, cpu] = data.aws.families[family] ?? [];
    yield {
      name,
      provider: 'aws',
      family,
      arch,
      vcpus,
      memoryGib,
      ...(visible === null ? {} : { visibleMemoryMib: visible }),
      gpus,
      ...(gpu === '' ? {} : { gpuName: gpu }),
      localDiskGb: disk,
      ...(typeof speed === 'number' ? { speed } : {}),
      ...(typeof cpu === 'string' ? { cpuGeneration: cpu } : {}),
    };
  }
  for (const provider of ['gcp', 'azure'] as const)
    for (const [name, [arch, vcpus, memoryGib, gpus, gpu, disk]] of Object.entries(data[provider].types)) {
      const family = provider === 'gcp' ? name.replace(/-\d+(?=-|$)/, '') : name.replace(/\d+/, '');
      yield { name, provider, family, arch, vcpus, memoryGib, gpus, ...(gpu === '' ? {} : { gpuName: gpu }), localDiskGb: disk };
    }
  for (const [letter, gibPerVcpu] of Object.entries(OMICS_GIB_PER_VCPU))
    for (const [size, vcpus] of Object.entries(OMICS_SIZES)) {
      const family = `omics.${letter}`;
      const name = `${family}.${size}`;
      yield { name, provider: 'healthomics', family, arch: 'x86_64', vcpus, memoryGib: vcpus * gibPerVcpu, gpus: 0, localDiskGb: 0 };
    }
}

function byRegion(price: PriceByRegion | undefined, region: string): number | undefined {
  if (typeof price === 'number' || price === undefined) return price;
  return Object.hasOwn(price, region) ? price[region] : undefined;
}

function usdPerHour(amount: number, basis: PriceBasis, [, source, asOf]: SourceRow): Price {
  return { amount, currency: USD, per: 'h', basis, source, ...(asOf === '' ? {} : { asOf }) };
}

function basisOf(confidence: string): PriceBasis {
  if (confidence === 'derived') return 'derived';
  return confidence === 'unverified-default' ? 'unverified' : 'listed';
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
