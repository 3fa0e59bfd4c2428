import { readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { Chance } from '../../../bench/mutants/chance.ts';
import { loadPrices, WrongPrices } from '../../../src/analysis/cost/catalogue.ts';
import { amountOf, isMissing, type MissingPrice, type Price, sumOf, totalOf } from '../../../src/analysis/cost/money.ts';
import { priceList } from '../../../src/analysis/cost/price-list.ts';
import { decodeYaml } from '../../../src/settings/yaml.ts';
import { cpuMs } from '../../cpu.ts';

const book = await loadPrices();
const catalogue = new URL('../../../catalogue/prices/', import.meta.url);

function known(price: Price | MissingPrice): Price {
  if (isMissing(price)) throw new Error(`no price: ${price.missing}`);
  return price;
}

const withFile = (yaml: string) => {
  const decoded = decodeYaml(yaml);
  if ('problem' in decoded) throw new Error(decoded.problem);
  return loadPrices(decoded.value);
};

async function problemsOf(yaml: string): Promise<string[]> {
  try {
    await withFile(yaml);
  } catch (error) {
    if (error instanceof WrongPrices) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('the catalogue', () => {
  test('has the list prices of its sources', () => {
    expect(known(book.hour('m5.xlarge', 'us-east-1', 'on-demand'))).toMatchObject({
      amount: 0.192,
      currency: 'USD',
      per: 'h',
      basis: 'listed',
      asOf: '2026-07-20',
    });
    // 0.085 × 1.1412 = 0.097002, listed as 0.097
    expect(known(book.hour('c5.large', 'eu-central-1', 'on-demand')).amount).toBeCloseTo(0.097, 4);
    expect(known(book.hour('n2-standard-4', 'us-central1', 'on-demand')).amount).toBe(0.194236);
    expect(known(book.hour('Standard_B8as_v2', 'eastus', 'on-demand')).amount).toBe(0.301);
  });
  test('keeps listed prices that the ratio of the family misses', () => {
    // 0.1 × 1.1369 = 0.1137, and 0.113 is listed
    expect(known(book.hour('c4.large', 'eu-west-1', 'on-demand')).amount).toBe(0.113);
  });
  test('works spot out from what it saves', () => {
    // c4.large in us-east-1: 52 % off 0.1
    expect(known(book.hour('c4.large', 'us-east-1', 'spot'))).toMatchObject({ amount: expect.closeTo(0.048, 10), basis: 'estimated' });
    expect(book.hazard('c4.large', 'us-east-1')?.expected).toBe(0.005);
  });
  test('knows machines of every provider, with their shapes', () => {
    expect(book.machine('c6i.4xlarge')).toMatchObject({
      provider: 'aws',
      vcpus: 16,
      memoryGib: 32,
      visibleMemoryMib: 31546,
      speed: 1.19,
      cpuGeneration: 'Ice Lake',
    });
    expect(book.machine('g5.24xlarge')).toMatchObject({ gpus: 4, gpuName: 'NVIDIA A10G', localDiskGb: 3800 });
    expect(book.machine('n2-standard-4')).toMatchObject({ provider: 'gcp', family: 'n2-standard', vcpus: 4, memoryGib: 16 });
    expect(book.machine('omics.r.2xlarge')).toMatchObject({ provider: 'healthomics', vcpus: 8, memoryGib: 64 });
    expect([...book.machines()].filter(({ provider }) => provider === 'aws')).toHaveLength(821);
  });
  test('stays small', () => {
    const bytes = readdirSync(catalogue).reduce((sum, name) => sum + statSync(new URL(name, catalogue)).size, 0);
    expect(bytes).toBeLessThan(300_000);
  });
  test('names source, date and licence of each figure, and a price only above zero but for what is free', () => {
    for (const { ref, asOf, licence } of book.sources) {
      expect(ref).not.toBe('');
      expect(asOf).toMatch(/^20\d\d-\d\d/);
      expect(licence).toMatch(/^(Apache-2.0|MIT)$/);
    }
    const { prices } = JSON.parse(readFileSync(new URL('services.json', catalogue), 'utf8')) as {
      prices: [string, string, string, number][];
    };
    expect(prices.filter(([, , , usd]) => !(usd > 0)).map(([key]) => key)).toEqual([
      'aws/batch/service_fee',
      'aws/transfer/s3_to_ec2_same_region',
    ]);
  });
  test('prices are monotone: on demand, a larger machine of a family is never cheaper', () => {
    for (const region of ['us-east-1', 'eu-west-1'])
      for (const family of ['c6i', 'm6i', 'r6i', 'c7g', 'm5']) {
        const hours = [...book.machines()]
          .filter((machine) => machine.family === family)
          .sort((a, b) => a.vcpus - b.vcpus)
          .map(({ name }) => known(book.hour(name, region, 'on-demand')).amount);
        expect(hours, `${family} ${region}`).toEqual([...hours].sort((a, b) => a - b));
      }
  });
  test('spot is never dearer than on demand', () => {
    for (const { name, provider } of book.machines())
      for (const region of book.regionsOf(provider)) {
        const spot = book.hour(name, region, 'spot');
        const onDemand = book.hour(name, region, 'on-demand');
        if (!isMissing(spot) && !isMissing(onDemand)) expect(spot.amount, `${name} ${region}`).toBeLessThanOrEqual(onDemand.amount);
      }
  });
});

describe('a missing price', () => {
  test('is a value that says what is missing and how to give it', () => {
    expect(book.hour('m9g.large', 'us-east-1', 'spot')).toEqual({
      missing: 'm9g.large on spot in us-east-1',
      hint: 'give it in a file: --prices FILE',
    });
    expect(book.hour('c6i.large', 'sa-east-1', 'on-demand')).toMatchObject({
      hint: expect.stringContaining("the catalogue's regions are us-east-1,"),
    });
    expect(book.hour('lab-node', 'home', 'on-demand')).toMatchObject({ hint: expect.stringContaining('does not know lab-node') });
    expect(book.service('aws/ebs/gp3_storage', 'eu-west-1')).toMatchObject({ hint: expect.stringContaining('known for us-east-1 alone') });
    expect(book.service('constructor', 'us-east-1')).toMatchObject({ missing: 'constructor in us-east-1' });
    expect(book.hour('constructor', 'us-east-1', 'on-demand')).toMatchObject({ missing: expect.any(String) });
    expect(book.coreHour).toMatchObject({ missing: 'a core hour of the cluster' });
  });
  test('is never zero: a sum with one has no total', () => {
    const two = [book.hour('c6i.large', 'us-east-1', 'on-demand'), book.hour('lab-node', 'home', 'on-demand')];
    const sum = sumOf(
      'USD',
      two.map((price) => amountOf(price, 10, 'USD')),
    );
    expect(totalOf(sum)).toBeUndefined();
    expect(sum).toMatchObject({ priced: expect.closeTo(0.85, 10), missing: [{ missing: 'lab-node on demand in home' }] });
  });
  test('of nothing is no trouble', () => {
    expect(totalOf(amountOf(book.hour('lab-node', 'home', 'spot'), 0, 'USD'))).toBe(0);
  });
});

describe("the user's prices", () => {
  test('win over the catalogue, by region or everywhere, and no discount is taken off them', async () => {
    const own = await withFile(
      'name: acme\nas-of: 2026-11-01\ndiscounts: {on-demand: 0.15, storage: 0.5}\nmachines:\n  c6i.large: {on-demand: {us-east-1: 0.07}}\nservices: {aws/ebs/gp3_storage: 0.06}\n',
    );
    expect(known(own.hour('c6i.large', 'us-east-1', 'on-demand'))).toEqual({
      amount: 0.07,
      currency: 'USD',
      per: 'h',
      basis: 'declared',
      source: 'acme',
      asOf: '2026-11-01',
    });
    // 0.0912 less 15 %
    expect(known(own.hour('c6i.large', 'eu-west-1', 'on-demand')).amount).toBeCloseTo(
      known(book.hour('c6i.large', 'eu-west-1', 'on-demand')).amount * 0.85,
      12,
    );
    expect(known(own.hour('c6i.large', 'eu-west-1', 'spot')).amount).toBe(known(book.hour('c6i.large', 'eu-west-1', 'spot')).amount);
    expect(known(own.service('aws/ebs/gp3_storage', 'eu-west-1'))).toMatchObject({ amount: 0.06, per: 'GB-month', basis: 'declared' });
    expect(known(own.service('aws/s3/standard_storage_first_50tb', 'us-east-1')).amount).toBeCloseTo(0.0115, 12);
    expect(own.id).toMatch(/ \+ acme$/);
  });
  test('bring machines that the catalogue does not know', async () => {
    const own = await withFile('machines:\n  lab-node: {vcpus: 64, memory-gib: 256, on-demand: 1.2}\n');
    expect(own.machine('lab-node')).toMatchObject({ provider: 'own', vcpus: 64, memoryGib: 256 });
    expect(known(own.hour('lab-node', 'anywhere', 'on-demand')).amount).toBe(1.2);
    expect(own.hour('lab-node', 'anywhere', 'spot')).toMatchObject({ missing: 'lab-node on spot in anywhere' });
  });
  test('in another currency change the catalogue’s into it, or leave them out: one book holds one currency', async () => {
    const euro = await withFile('currency: EUR\nexchange: {USD: 0.9}\n');
    expect(known(euro.hour('m5.xlarge', 'us-east-1', 'on-demand'))).toMatchObject({
      amount: expect.closeTo(0.192 * 0.9, 12),
      currency: 'EUR',
    });
    const alone = await withFile('currency: EUR\nmachines: {m5.large: {on-demand: 0.1}}\n');
    expect(known(alone.hour('m5.large', 'us-east-1', 'on-demand')).currency).toBe('EUR');
    expect(alone.hour('m5.xlarge', 'us-east-1', 'on-demand')).toMatchObject({ hint: expect.stringContaining('exchange: { USD: 0.92 }') });
    expect(() => sumOf('EUR', [amountOf(book.hour('m5.xlarge', 'us-east-1', 'on-demand'), 1, 'EUR')])).toThrow('USD added to EUR');
  });
  test('that cannot be are told by their place, with what was meant', async () => {
    expect(await problemsOf('currancy: EUR')).toEqual(['currancy: there is no such key; did you mean currency?']);
    expect(await problemsOf('discounts: {spot: 15}')).toEqual(['discounts.spot: a share below 1 was expected: 0.15 for 15 %']);
    expect(await problemsOf('discounts: {on-demand: 1}')).toEqual([
      'discounts.on-demand: a share below 1 was expected: nothing would be left',
    ]);
    expect(await problemsOf('machines: {c6i.lrge: {on-demand: 0.1}}')).toEqual([
      'machines.c6i.lrge: the catalogue does not know it; did you mean c6i.large?; a machine of your own needs vcpus and memory-gib',
    ]);
    expect(await problemsOf('machines: {m5.large: {on-demand: -1}}')).toEqual([
      'machines.m5.large.on-demand: -1 is too little: nothing costs less than 0',
    ]);
    expect(await problemsOf('machines: {m5.large: {spot: "0.1"}}')).toEqual([
      'machines.m5.large.spot: a number was expected, not "0.1"; write it without quotes: 0.1',
    ]);
    expect(await problemsOf('services: {aws/ebs/gp3: 0.1}')).toEqual([
      "services.aws/ebs/gp3: there is no such service; did you mean aws/ebs/gp3_storage?; pipeopt prices '*' lists them",
    ]);
    expect(await problemsOf('currency: Euro')).toEqual(['currency: three capital letters were expected, such as EUR, not "Euro"']);
    expect(await problemsOf('exchange: {USD: 1.1}')).toEqual(['exchange.USD: the currency is USD already']);
    expect(await problemsOf('as-of: yesterday')).toEqual(['as-of: a date was expected, such as 2026-11-01, not "yesterday"']);
    expect(await problemsOf('- 1')).toEqual(['names and values were expected, not a list']);
  });
  test('that mean harm do none', async () => {
    expect(await problemsOf('machines: {m5.large: {on-demand: .inf}}')).toEqual([
      'machines.m5.large.on-demand: a number was expected, not Infinity',
    ]);
    expect(await problemsOf('machines: {m5.large: {on-demand: .nan}}')).toHaveLength(1);
    expect(await problemsOf('__proto__: {polluted: 1}')).toEqual(['__proto__: there is no such key']);
    expect(await problemsOf('machines: {__proto__: {on-demand: 1}}')).toHaveLength(1);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const many = Object.fromEntries(Array.from({ length: 30_000 }, (_, at) => [`c6i.lorge${at}`, { 'on-demand': 1 }]));
    const before = cpuMs();
    await expect(loadPrices({ machines: many })).rejects.toThrow('more than 20000 entries');
    expect(cpuMs() - before).toBeLessThan(5000);
    await expect(loadPrices({ name: 'x'.repeat(1000) })).rejects.toThrow('name: a name was expected');
    await expect(loadPrices({ machines: { ['x'.repeat(1000)]: {} } })).rejects.toThrow('too long');
    let deep: unknown = 1;
    for (let depth = 0; depth < 10_000; depth += 1) deep = { a: deep };
    await expect(loadPrices({ machines: { 'm5.large': { 'on-demand': { 'us-east-1': deep } } } })).rejects.toThrow(
      'a number was expected, not names and values',
    );
  });
  test('of an empty file are the catalogue’s', async () => {
    const none = await loadPrices({});
    expect(none.hour('m5.large', 'us-east-1', 'on-demand')).toEqual(book.hour('m5.large', 'us-east-1', 'on-demand'));
  });
});

describe('the list', () => {
  test('says what is known, from when, and what is missing', () => {
    const list = priceList(book, { names: [] });
    expect(list.providers).toMatchObject([
      { provider: 'aws', machines: 821, regions: expect.arrayContaining(['eu-west-1']) },
      { provider: 'gcp', machines: 422 },
      { provider: 'azure', machines: 125, regions: ['eastus'] },
      { provider: 'healthomics', machines: 24 },
    ]);
    expect(list.lacks).toContain('Azure: all regions but eastus');
    expect(list.machines).toEqual([]);
  });
  test('has what a part of a name, a whole one or a star means', () => {
    const names = (...wanted: string[]): string[] => priceList(book, { names: wanted }).machines.map(({ name }) => name);
    expect(names('c4.large')).toEqual(['c4.large']);
    expect(names('C4.')).toHaveLength(5);
    expect(names('m6i.*24x')).toEqual(['m6i.24xlarge']);
    expect(() => names('c6i.lage')).toThrow('did you mean c6i.large');
    expect(() => priceList(book, { names: ['c6i'], region: 'eu-wst-1' })).toThrow('did you mean eu-west-1?');
    expect(names('*').length).toBeGreaterThan(1300);
  });
});

test('the file that docs/prices.md shows is right', async () => {
  const page = readFileSync(new URL('../../../docs/prices.md', import.meta.url), 'utf8');
  const own = await withFile(/```yaml\n([\s\S]*?)```/.exec(page)?.[1] as string);
  expect(known(own.hour('m6i.8xlarge', 'eu-west-1', 'spot'))).toMatchObject({ amount: 0.61, source: 'ours', asOf: '2026-11-01' });
  expect(own.machine('lab-node')).toMatchObject({ vcpus: 64, memoryGib: 256, speed: 1.3 });
  expect(known(own.coreHour).amount).toBe(0.03);
});

test('whatever a file holds, it is taken or its faults are named', async () => {
  const dice = new Chance(11);
  const one = <Value>(from: readonly Value[]): Value => from[dice.below(from.length)] as Value;
  const names = [
    'machines',
    'services',
    'discounts',
    'exchange',
    'USD',
    'currency',
    'm5.large',
    'on-demand',
    'spot',
    'vcpus',
    'memory-gib',
    'aws/ebs/gp3_storage',
    'us-east-1',
    '',
    'toString',
  ];
  const value = (depth: number): unknown => {
    if (depth === 0 || dice.below(5) === 0)
      return one([0, 1, -1, 0.5, 1e9, Number.NaN, '', 'EUR', 'USD', null, true, undefined, [], 12n, new Date(0)]);
    return Object.fromEntries(Array.from({ length: dice.below(4) }, () => [one(names), value(depth - 1)]));
  };
  let taken = 0;
  for (let round = 0; round < 300; round += 1) {
    const declared = value(4) ?? {};
    try {
      const own = await loadPrices(declared);
      for (const market of ['on-demand', 'spot'] as const) {
        const price = own.hour('m5.large', 'us-east-1', market);
        if (!isMissing(price)) expect(price.amount).toBeGreaterThanOrEqual(0);
      }
      taken += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(WrongPrices);
    }
  }
  expect(taken).toBeGreaterThan(10);
});
