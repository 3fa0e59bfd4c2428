/** What a user says of prices (`--prices FILE`), decoded from YAML or JSON and checked key by key. */
import { nearest } from '../../source/nearest.ts';

/** One price for all regions, or by region. */
export type PriceByRegion = number | Readonly<Record<string, number>>;

const MARKETS = ['on-demand', 'spot'] as const;
export type Market = (typeof MARKETS)[number];

export interface DeclaredMachine {
  /** Per hour. What the catalogue says holds where nothing is given. */
  readonly prices: Readonly<Partial<Record<Market, PriceByRegion>>>;
  /** Of a machine that the catalogue does not know, both are needed. */
  readonly vcpus?: number;
  readonly memoryGib?: number;
  /** A vCPU's, relative to m5. */
  readonly speed?: number;
}

export interface PriceFile {
  readonly name?: string;
  /** `2026-11-01`. */
  readonly asOf?: string;
  readonly currency: string;
  /** What one US dollar is worth in `currency`; absent: the catalogue's prices are of no use, unless the currency is theirs. */
  readonly usd?: number;
  /** The share taken off catalogue prices, 0 to 1. A price in this file is what is paid: nothing is taken off it. */
  readonly discounts: Readonly<Partial<Record<Market | 'storage' | 'transfer', number>>>;
  readonly machines: ReadonlyMap<string, DeclaredMachine>;
  /** By the names that `pipeopt prices` lists: `aws/ebs/gp3_storage`. */
  readonly services: ReadonlyMap<string, PriceByRegion>;
  /** Of a cluster that charges by it. */
  readonly coreHour?: number;
}

export interface PriceFileProblem {
  /** `machines.c6i.large.spot`. */
  readonly path: string;
  readonly message: string;
}

const KEYS = ['name', 'as-of', 'currency', 'exchange', 'discounts', 'machines', 'services', 'core-hour'];
const DISCOUNTS = [...MARKETS, 'storage', 'transfer'] as const;
const MACHINE_KEYS = [...MARKETS, 'vcpus', 'memory-gib', 'speed'];
/** The dearest machine of the catalogue takes 100 dollars an hour. */
const DEAREST = 100_000;
/** The catalogue itself has 1,400 machines. */
const MOST_ENTRIES = 20_000;
const LONGEST_NAME = 200;
/** Who has made so many mistakes is told of the first; what was meant by each of a million names takes time to find. */
const MOST_PROBLEMS = 50;

/** @param known names of machines and services of the catalogue: a service must be one of them, a machine may be new. */
export function readPriceFile(
  value: unknown,
  known: { readonly machines: ReadonlySet<string>; readonly services: ReadonlySet<string> },
): { readonly file: PriceFile } | { readonly problems: readonly PriceFileProblem[] } {
  const reader = new Reader();
  const top = reader.table(value, '', KEYS);
  if (typeof top.exchange === 'number')
    reader.say('exchange', `of which currency? exchange: { USD: ${top.exchange} } says what a dollar is worth`);
  const exchange = reader.table(typeof top.exchange === 'number' ? {} : (top.exchange ?? {}), 'exchange', ['USD']);
  const discounts = reader.table(top.discounts ?? {}, 'discounts', DISCOUNTS);
  const currency = reader.currency(top.currency) ?? 'USD';
  if (exchange.USD !== undefined && currency === 'USD') reader.say('exchange.USD', 'the currency is USD already');
  const usd = reader.number(exchange.USD, 'exchange.USD', Number.MIN_VALUE, DEAREST);
  const coreHour = reader.number(top['core-hour'], 'core-hour', 0, DEAREST);
  const name = reader.text(top.name, 'name');
  const asOf = reader.date(top['as-of']);
  const file: PriceFile = {
    ...(name === undefined ? {} : { name }),
    ...(asOf === undefined ? {} : { asOf }),
    currency,
    ...(usd === undefined ? {} : { usd }),
    ...(coreHour === undefined ? {} : { coreHour }),
    discounts: Object.fromEntries(
      DISCOUNTS.map((key) => [key, reader.discount(discounts[key], `discounts.${key}`)]).filter(([, share]) => share !== undefined),
    ),
    machines: new Map(reader.entries(top.machines, 'machines').map(([name, given]) => [name, machineOf(reader, name, given, known)])),
    services: new Map(
      reader.entries(top.services, 'services').flatMap(([name, given]) => {
        const path = `services.${name}`;
        if (!known.services.has(name))
          reader.say(path, () => `there is no such service${meant(name, known.services)}; pipeopt prices '*' lists them`);
        const price = reader.price(given, path);
        return price === undefined ? [] : [[name, price] as const];
      }),
    ),
  };
  return reader.problems.length === 0 ? { file } : { problems: reader.problems };
}

function machineOf(reader: Reader, name: string, given: unknown, known: { readonly machines: ReadonlySet<string> }): DeclaredMachine {
  const path = `machines.${name}`;
  const table = reader.table(given, path, MACHINE_KEYS);
  const vcpus = reader.number(table.vcpus, `${path}.vcpus`, 0.25, 10_000);
  const memoryGib = reader.number(table['memory-gib'], `${path}.memory-gib`, 0.1, 1_000_000);
  const speed = reader.number(table.speed, `${path}.speed`, 0.01, 100);
  if (!known.machines.has(name) && (vcpus === undefined || memoryGib === undefined))
    reader.say(
      path,
      () => `the catalogue does not know it${meant(name, known.machines)}; a machine of your own needs vcpus and memory-gib`,
    );
  const prices: Partial<Record<Market, PriceByRegion>> = {};
  for (const market of MARKETS) {
    const price = reader.price(table[market], `${path}.${market}`);
    if (price !== undefined) prices[market] = price;
  }
  return {
    prices,
    ...(vcpus === undefined ? {} : { vcpus }),
    ...(memoryGib === undefined ? {} : { memoryGib }),
    ...(speed === undefined ? {} : { speed }),
  };
}

function meant(name: string, names: Iterable<string>): string {
  const [near] = nearest(name, names);
  return near === undefined ? '' : `; did you mean ${near}?`;
}

class Reader {
  readonly problems: PriceFileProblem[] = [];

  say(path: string, message: string | (() => string)): undefined {
    if (this.problems.length < MOST_PROBLEMS) this.problems.push({ path, message: typeof message === 'string' ? message : message() });
    return undefined;
  }

  /** A mapping as a table without a prototype; any name is allowed without `keys`. */
  table(value: unknown, path: string, keys?: readonly string[]): Readonly<Record<string, unknown>> {
    const made: Record<string, unknown> = Object.create(null);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      this.say(path, `names and values were expected, not ${Array.isArray(value) ? 'a list' : described(value)}`);
      return made;
    }
    const entries = Object.entries(value);
    if (entries.length > MOST_ENTRIES) this.say(path, `more than ${MOST_ENTRIES} entries`);
    for (const [key, one] of entries.slice(0, MOST_ENTRIES)) {
      const here = path === '' ? key : `${path}.${key}`;
      if (key.length > LONGEST_NAME) this.say(`${here.slice(0, LONGEST_NAME)}…`, 'the name is too long');
      else if (keys !== undefined && !keys.includes(key)) this.say(here, () => `there is no such key${meant(key, keys)}`);
      else made[key] = one;
    }
    return made;
  }

  entries(value: unknown, path: string): [string, unknown][] {
    return value === undefined ? [] : Object.entries(this.table(value, path));
  }

  number(value: unknown, path: string, least: number, most: number): number | undefined {
    if (value === undefined) return undefined;
    if (typeof value !== 'number' || !Number.isFinite(value))
      return this.say(path, `a number was expected, not ${described(value)}${plainNumber(value)}`);
    if (value < least || value > most)
      return this.say(
        path,
        `${value} is ${value < least ? 'too little' : `more than ${most}`}${value < 0 ? ': nothing costs less than 0' : ''}`,
      );
    return value;
  }

  discount(value: unknown, path: string): number | undefined {
    const share = this.number(value, path, 0, 100);
    return share === undefined || share < 1
      ? share
      : this.say(path, `a share below 1 was expected: ${share === 1 ? 'nothing would be left' : `${share / 100} for ${share} %`}`);
  }

  price(value: unknown, path: string): PriceByRegion | undefined {
    if (value === undefined || typeof value !== 'object' || value === null) return this.number(value ?? undefined, path, 0, DEAREST);
    const made: Record<string, number> = Object.create(null);
    for (const [region, one] of Object.entries(this.table(value, path))) {
      const price = this.number(one, `${path}.${region}`, 0, DEAREST);
      if (price !== undefined) made[region] = price;
    }
    return made;
  }

  currency(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && /^[A-Z]{3}$/.test(value)) return value;
    return this.say('currency', `three capital letters were expected, such as EUR, not ${described(value)}`);
  }

  date(value: unknown): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$/.test(value)) return value;
    return this.say('as-of', `a date was expected, such as 2026-11-01, not ${described(value)}`);
  }

  text(value: unknown, path: string): string | undefined {
    if (value === undefined) return undefined;
    if (typeof value === 'string' && value.length <= LONGEST_NAME) return value;
    return this.say(path, `a name was expected, not ${described(value)}`);
  }
}

/** What was probably meant by a text, as a way out. */
function plainNumber(value: unknown): string {
  const [, whole, fraction] = typeof value === 'string' ? (/^[^\d-]{0,4}(\d+)(?:[.,](\d+))?\s*\D{0,8}$/.exec(value.trim()) ?? []) : [];
  if (whole === undefined) return '';
  const number = fraction === undefined ? whole : `${whole}.${fraction}`;
  return `; write it ${value === number ? 'without quotes' : 'with a point and without a currency'}: ${number}`;
}

function described(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'names and values';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
