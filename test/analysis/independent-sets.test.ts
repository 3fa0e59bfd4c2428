/** What each pipeline says by hand of itself in `expected.json`: which calls could run at the same time, and what keeps them apart. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { analyze } from '../../src/run.ts';

interface Expected {
  readonly independentSets: readonly {
    readonly calls: readonly string[];
    readonly after: readonly string[];
    readonly links: readonly { readonly from: string; readonly to: string; readonly kind: string }[];
  }[];
}

const root = fileURLToPath(new URL('../../fixtures/pipelines/', import.meta.url));
const names = readdirSync(root).filter((name) => existsSync(`${root}${name}/expected.json`));

test('there are pipelines with sets and without', () => {
  expect(names.length).toBeGreaterThanOrEqual(7);
});

test.each(names)('%s', async (name) => {
  const expected: Expected = JSON.parse(readFileSync(`${root}${name}/expected.json`, 'utf8'));
  const { parallelism } = await analyze(`${root}${name}`);
  const link = ({ from, to, kind }: { from: string; to: string; kind: string }) => `${from} → ${to}: ${kind}`;
  const sets = (some: Expected['independentSets']) =>
    some.map(({ calls, after, links }) => ({ calls, after, links: links.map(link).sort() }));
  expect(sets(parallelism?.independentSets ?? [])).toEqual(sets(expected.independentSets));
});
