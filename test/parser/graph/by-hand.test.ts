/**
 * DSL1, which is gone, and types, which no Nextflow at hand can run. Somebody read each and wrote down which process feeds which,
 * from docs/language.md alone; `npm run conformance` holds the DSL1 ones against the last Nextflow that ran them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessGraph } from '../../../src/parser/graph/process-graph.ts';
import { read } from './read.ts';

const fixtures = new URL('../../../fixtures/', import.meta.url).pathname;

interface Expected {
  /** Calls that a run makes, or may make. */
  readonly processes: readonly string[];
  /** Calls that the params switch off. */
  readonly off?: readonly string[];
  /** From, to and, where it is not plain to see, why. Edges of what is switched off are left out. */
  readonly edges: readonly (readonly [from: string, to: string, why?: string])[];
  /** Of a call's outputs. */
  readonly kinds?: Readonly<Record<string, 'queue' | 'value'>>;
  /** What is published. */
  readonly outputs?: readonly string[];
}

function cases(folder: string): [name: string, files: Record<string, string>, expected: Expected][] {
  return readdirSync(join(fixtures, folder)).map((name) => {
    const root = join(fixtures, folder, name);
    const files: Record<string, string> = {};
    for (const path of readdirSync(root, { recursive: true, encoding: 'utf8' }))
      if (path.endsWith('.nf')) files[path.replaceAll('\\', '/')] = readFileSync(join(root, path), 'utf8');
    return [name, files, JSON.parse(readFileSync(join(root, 'expected.json'), 'utf8'))];
  });
}

function found({ calls, edges, outputs }: ProcessGraph, { off, kinds, outputs: published }: Expected) {
  const pairs = edges.flatMap(({ from, to, active }) => ('type' in from || active === false ? [] : [`${from.id} -> ${to.id}`]));
  return {
    processes: calls.filter(({ active }) => active !== false).map(({ id }) => id),
    ...(off === undefined ? {} : { off: calls.filter(({ active }) => active === false).map(({ id }) => id) }),
    edges: [...new Set(pairs)].sort(),
    ...(kinds === undefined
      ? {}
      : { kinds: Object.fromEntries(Object.keys(kinds).map((id) => [id, calls.find((call) => call.id === id)?.kind])) }),
    ...(published === undefined ? {} : { outputs: [...new Set(outputs.map(({ name }) => name))].sort() }),
  };
}

describe.each(['dsl1', 'typed'])('%s', (folder) => {
  it.each(cases(folder))('%s', (_, files, expected) => {
    const graph = read(files);
    const { processes, off, edges, kinds, outputs } = expected;
    const wanted = {
      processes: [...processes].sort(),
      ...(off === undefined ? {} : { off: [...off].sort() }),
      edges: edges.map(([from, to]) => `${from} -> ${to}`).sort(),
      ...(kinds === undefined ? {} : { kinds }),
      ...(outputs === undefined ? {} : { outputs: [...outputs].sort() }),
    };
    const got = found(graph, expected);
    expect({ ...got, processes: got.processes.sort(), ...(got.off === undefined ? {} : { off: got.off.sort() }) }).toEqual(wanted);
    expect(graph.problems).toEqual([]);
    expect(graph.pipeline.diagnostics).toEqual([]);
  });
});
