import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { graphDocument, renderJson } from '../../src/report/json.ts';
import { documentOf, exome, hostile, library, variantCalling } from './samples.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(schema);
const validateGraph = ajv.compile({ $ref: `${schema.$id}#/$defs/graphDocument` });

function problems(value: unknown): unknown {
  return validate(value) ? [] : validate.errors;
}

describe('the schema', () => {
  for (const [name, report] of Object.entries({ exome, variantCalling, hostile, library })) {
    test(`holds for ${name}`, () => {
      expect(problems(JSON.parse(renderJson(documentOf(report))))).toEqual([]);
      expect(validateGraph(JSON.parse(JSON.stringify(graphDocument(report))))).toBe(true);
    });
  }
  test('holds for several reports', () => {
    expect(problems(JSON.parse(renderJson(documentOf(exome, library))))).toEqual([]);
  });
  test('refuses what is not of the contract', () => {
    expect(validate({ ...exome, surprise: 1 })).toBe(false);
    expect(validate({ ...exome, schemaVersion: '2.0' })).toBe(false);
    const [call] = exome.graph.calls;
    expect(validate({ ...exome, graph: { ...exome.graph, calls: [{ ...call, active: 'maybe' }] } })).toBe(false);
    expect(
      validate({
        ...exome,
        graph: { ...exome.graph, calls: [{ ...call, directives: { cpus: { ...call!.directives.cpus, value: '4' } } }] },
      }),
    ).toBe(false);
  });
});

describe('the text', () => {
  test('is the report itself for one, and a document of reports for several', () => {
    expect(JSON.parse(renderJson(documentOf(exome)))).toEqual(JSON.parse(JSON.stringify(exome)));
    expect(JSON.parse(renderJson(documentOf(exome, library))).reports).toHaveLength(2);
  });
  test('has its keys in one order, whatever order they were made in', () => {
    const turned = Object.fromEntries(Object.entries(exome).reverse()) as unknown as typeof exome;
    const text = renderJson(documentOf(turned));
    expect(text).toBe(renderJson(documentOf(exome)));
    expect(Object.keys(JSON.parse(text))).toEqual(['schemaVersion', 'tool', 'inputs', 'coverage', 'graph', 'findings', 'assumptions']);
    expect(text.startsWith('{\n  "schemaVersion": "1.0",\n')).toBe(true);
    expect(text.endsWith('}\n')).toBe(true);
  });
  test('carries no character that a terminal obeys, and loses none', () => {
    const text = renderJson(documentOf(hostile));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/);
    expect(JSON.parse(text).graph.calls[0].id).toBe(hostile.graph.calls[0]!.id);
  });
  test('keeps a param called __proto__', () => {
    const params = JSON.parse('{"__proto__": {"a": 1}, "input": "x.csv"}');
    const text = renderJson(documentOf({ ...exome, inputs: { ...exome.inputs, params } }));
    expect(text).toContain('"__proto__": {');
  });
});
