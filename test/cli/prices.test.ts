import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from './stub-host.ts';

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pipeopt-prices-'));
  writeFileSync(join(cwd, 'ours.yml'), 'name: ours\ndiscounts: {on-demand: 0.2}\nmachines:\n  c6i.large: {spot: 0.03}\n');
  writeFileSync(join(cwd, 'ours.json'), '{"name": "ours", "discounts": {"on-demand": 0.2}, "machines": {"c6i.large": {"spot": 0.03}}}\n');
  writeFileSync(join(cwd, 'wrong.yml'), `machines:\n${Array.from({ length: 40 }, (_, at) => `  "m\u001b[31m${at}": 1`).join('\n')}\n`);
  writeFileSync(join(cwd, 'broken.yml'), 'machines: {\n');
  writeFileSync(
    join(cwd, 'bomb.yml'),
    `a: &a [1,1]\n${Array.from({ length: 20 }, (_, at) => `b${at}: &b${at} [*${at === 0 ? 'a' : `b${at - 1}`},*${at === 0 ? 'a' : `b${at - 1}`}]`).join('\n')}\n`,
  );
  writeFileSync(join(cwd, 'empty.yml'), '');
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const prices = (...args: string[]) => run(['prices', ...args], { cwd });

describe('pipeopt prices', () => {
  test('says what is known, from when, and what is missing, within 80 columns', async () => {
    const { code, out, err } = await prices();
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/AWS EC2 +821 machines +12 regions/);
    expect(out).toContain('2026-07-20  AWS: on demand in us-east-1');
    expect(out).toContain('What it lacks\n  - AWS:');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
  test('shows machines and services by a part of their names', async () => {
    const { out } = await prices('m5.xlarge', 'gp3_storage');
    expect(out).toContain('us-east-1 · USD an hour');
    expect(out).toMatch(/m5\.xlarge +4 +16 +0\.1920 +0\.\d{4}~ +\d+ % +0\.0\d+ +1\.00/);
    expect(out).toContain('aws/ebs/gp3_storage  0.08 USD per GB-month, us-east-1');
    expect((await prices('*')).out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
  test('in a region, which a wrong word does not name', async () => {
    expect((await prices('c6i.large', '--region', 'eu-west-1')).out).toContain('0.0912');
    expect(await prices('c6i', '--region', 'eu-wst-1')).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^pipeopt: the catalogue has no region eu-wst-1; did you mean eu-west-1\?\n/),
    });
  });
  test('a missing price is a dash with its reason', async () => {
    const { out } = await prices('m9g.large', '--region', 'us-east-1');
    expect(out).toMatch(/m9g\.large +2 +8 +0\.0978 +–/);
    expect(out).toContain('– m9g.large on spot in us-east-1: give it in a file: --prices FILE');
    const plain = await run(['prices', 'm9g.large'], { cwd, env: { LANG: 'C' } });
    expect(plain.out).toMatch(/^[\n -~]*$/);
  });
  test('as JSON: figures with basis, source and date; a missing one with what is missing', async () => {
    const { out } = await prices('m9g.large', '-f', 'json');
    expect(JSON.parse(out)).toMatchObject({
      schemaVersion: '1.0',
      currency: 'USD',
      machines: [
        {
          name: 'm9g.large',
          region: 'us-east-1',
          onDemand: { amount: 0.09784, per: 'h', basis: 'listed', asOf: '2026-07-20' },
          spot: { missing: 'm9g.large on spot in us-east-1' },
        },
      ],
    });
    const lists = JSON.parse((await prices('-f', 'json')).out);
    expect(Object.keys(lists)).toEqual([
      'schemaVersion',
      'id',
      'asOf',
      'currency',
      'sources',
      'providers',
      'lacks',
      'machines',
      'services',
    ]);
  });
  test('goes to a file, and gives the same bytes twice', async () => {
    expect(await prices('c6i', '-o', 'list.txt')).toMatchObject({ code: 0, out: '' });
    expect(readFileSync(join(cwd, 'list.txt'), 'utf8')).toBe((await prices('c6i')).out);
  });
  test('a name that nothing has is told what is near', async () => {
    expect(await prices('c6i.lage')).toMatchObject({ code: 2, err: expect.stringContaining('did you mean c6i.large') });
    expect((await prices('[(')).code).toBe(2);
  });
});

describe('--prices FILE', () => {
  test.each(['ours.yml', 'ours.json'])('%s is laid over the catalogue', async (file) => {
    const { out } = await prices('c6i.large', '--prices', file);
    // 0.085 less 20 %
    expect(out).toMatch(/c6i\.large +2 +4 +0\.0680 +0\.0300= +56 %/);
    expect(out).toContain('catalogue 2026-07-30 + ours');
  });
  test('an empty one changes nothing', async () => {
    expect((await prices('c6i.large', '--prices', 'empty.yml')).code).toBe(0);
  });
  test('a wrong one stops with the places, ten of them, and no escape gets through', async () => {
    const { code, out, err } = await prices('--prices', 'wrong.yml');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('pipeopt: --prices wrong.yml: machines.m');
    expect(err).toMatch(/and \d+ more\n/);
    expect(err).toContain('docs/prices.md');
    expect(err).not.toContain('\u001b');
  });
  test('one that is no YAML, stands for too much, or is not there', async () => {
    expect(await prices('--prices', 'broken.yml')).toMatchObject({ code: 2, err: expect.stringContaining('not YAML: line') });
    expect(await prices('--prices', 'bomb.yml')).toMatchObject({ code: 2, err: expect.stringContaining('aliases') });
    expect(await prices('--prices', 'our.yml')).toMatchObject({ code: 2, err: expect.stringContaining('did you mean ours.yml?') });
  });
});
