/**
 * Public DSL1 pipelines against the process graphs that real Nextflow 22.10.6 draws of them with these params (ten edges of
 * each were also followed in the source by a person). The pipelines are not kept here: PIPEOPT_PIPELINES names a folder with a
 * checkout of each ref, by its `folder`; without one these tests are skipped. Nextflow draws no edge out of `into(2)`: it was
 * given `into { a; b }` instead.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { analyzeTree, openPipeline } from '../../../src/run.ts';

interface Expected {
  readonly folder: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[];
  /** What has to be there, beside where the pipeline is started. */
  readonly files: readonly string[];
  readonly contents?: Readonly<Record<string, string>>;
  readonly processes: readonly string[];
  readonly edges: readonly string[];
}

const lists = new URL('./public-dsl1/', import.meta.url).pathname;
const pipelines = process.env.PIPEOPT_PIPELINES ?? '';
const launch = mkdtempSync(join(tmpdir(), 'pipeopt-launch-'));
afterAll(() => rmSync(launch, { recursive: true, force: true }));

function graphOf({ folder, params, profiles = [], files, contents = {} }: Expected) {
  for (const path of files) {
    mkdirSync(dirname(join(launch, path)), { recursive: true });
    writeFileSync(join(launch, path), contents[path] ?? '');
  }
  const { tree, entryPath } = openPipeline(join(pipelines, folder));
  const absolute = Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value.replace(/^@/, launch) : value]);
  const { graph } = analyzeTree(tree, entryPath, {
    params: Object.fromEntries(absolute),
    profiles,
    nextflowVersion: '22.10',
    userFolder: launch,
  });
  const calls = new Set(graph.calls.filter((call) => call.active !== false).map((call) => call.id));
  const edges = graph.edges.filter(({ from, active }) => active !== false && calls.has(from)).map(({ from, to }) => `${from} -> ${to}`);
  return { calls: [...calls], edges: [...new Set(edges)].sort() };
}

describe('public DSL1 pipelines', () => {
  for (const name of readdirSync(lists)) {
    const expected: Expected = JSON.parse(readFileSync(join(lists, name), 'utf8'));
    it.skipIf(pipelines === '' || !existsSync(join(pipelines, expected.folder)))(name.replace('.json', ''), () => {
      const { calls, edges } = graphOf(expected);
      // A process without channels is not drawn.
      const drawn = calls.filter((id) => expected.processes.includes(id) || edges.some((edge) => edge.split(' -> ').includes(id)));
      expect(drawn.sort()).toEqual([...expected.processes].sort());
      expect(edges).toEqual([...expected.edges].sort());
    });
  }
});
