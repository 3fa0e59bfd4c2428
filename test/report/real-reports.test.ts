/** The schema holds what real analyses give, not only samples. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { analyzeTree, openPipeline } from '../../src/run.ts';

const root = new URL('../../', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('docs/report.schema.json', root), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

describe('reports of the fixtures fit the schema', () => {
  for (const kind of ['graphs', 'config']) {
    for (const name of readdirSync(new URL(`fixtures/${kind}/`, root))) {
      it(`${kind}/${name}`, () => {
        const { tree, entryPath } = openPipeline(new URL(`fixtures/${kind}/${name}/main.nf`, root).pathname);
        const report = analyzeTree(tree, entryPath);
        validate(JSON.parse(JSON.stringify(report)));
        expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
      });
    }
  }
});
