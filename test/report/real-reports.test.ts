/** The schema holds what real analyses give, not only samples. */
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { displayWidth } from '../../src/report/layout.ts';
import { renderText } from '../../src/report/terminal.ts';
import { analyzeTree, loadPrices, loadShell, openPipeline, severalPlatforms } from '../../src/run.ts';
import { cpuMs } from '../cpu.ts';

const root = new URL('../../', import.meta.url);
const schema = JSON.parse(readFileSync(new URL('docs/report.schema.json', root), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

const shell = await loadShell();

describe('reports of the fixtures fit the schema', () => {
  for (const kind of ['graphs', 'config', 'pipelines']) {
    for (const name of readdirSync(new URL(`fixtures/${kind}/`, root))) {
      it(`${kind}/${name}`, () => {
        const { tree, entryPath } = openPipeline(new URL(`fixtures/${kind}/${name}/main.nf`, root).pathname);
        const report = analyzeTree(tree, entryPath, { shell });
        validate(JSON.parse(JSON.stringify(report)));
        expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
      });
    }
  }
});

describe('what tasks should ask for, by the trace of a run', () => {
  const measured = (name: string) => {
    const { tree, entryPath } = openPipeline(new URL(`fixtures/right-sized/${name}/`, root).pathname);
    const text = readFileSync(new URL(`fixtures/right-sized/${name}/trace.txt`, root), 'utf8');
    return analyzeTree(tree, entryPath, { shell, traces: [{ path: 'trace.txt', text }] });
  };
  const pageOf = (name: string, width: number) => {
    const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [measured(name)] };
    const page = renderText(document, { width, unicode: true, color: false, verbose: false });
    return page.slice(page.indexOf('  Asked for and not used'), page.indexOf('\n\n', page.indexOf('  Asked for and not used')) + 1);
  };

  it.each(readdirSync(new URL('fixtures/right-sized/', root)))(
    '%s: fits the schema, and the proposal is the config of the fixture',
    (name) => {
      const json = JSON.parse(JSON.stringify(measured(name)));
      validate(json);
      expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
      const config = readFileSync(new URL(`fixtures/right-sized/${name}/pipeopt.config`, root), 'utf8');
      expect(json.proposals[0]?.config ?? '').toBe(config);
    },
  );

  it.each([80, 200])('as a page of %d columns', async (width) => {
    const pages = ['labels-and-aliases', 'on-a-cluster'].map((name) => pageOf(name, width));
    await expect(pages.join('\n')).toMatchFileSnapshot(`expected/asked-and-unused-${width}.txt`);
  });

  it('a config of that name that was given before is not taken for the new one', () => {
    const { tree, entryPath } = openPipeline(new URL('fixtures/right-sized/labels-and-aliases/', root).pathname);
    const text = readFileSync(new URL('fixtures/right-sized/labels-and-aliases/trace.txt', root), 'utf8');
    const older = { path: 'pipeopt.config', text: "process { withName: 'RNASEQ:ALIGN:STAR_ALIGN' { memory = 99.GB } }" };
    const report = analyzeTree(tree, entryPath, { shell, traces: [{ path: 'trace.txt', text }], configFiles: [older] });
    expect(report.proposals?.[0]?.verification).toMatchObject({ lost: [], touched: [] });
  });

  it('without a trace there is none', () => {
    const { tree, entryPath } = openPipeline(new URL('fixtures/right-sized/on-a-cluster/', root).pathname);
    const report = JSON.parse(JSON.stringify(analyzeTree(tree, entryPath, { shell })));
    expect(Object.keys(report)).not.toContain('proposals');
    expect(Object.keys(report)).not.toContain('resources');
  });
});

describe('what holds a pipeline up, as a page', () => {
  const { tree, entryPath } = openPipeline(new URL('fixtures/pipelines/forty-two/', root).pathname);
  const report = analyzeTree(tree, entryPath, { shell });
  const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };

  it.each([40, 80, 120, 200])('%d columns', (width) => {
    for (const unicode of [true, false]) {
      const text = renderText(document, { width, unicode, color: false, verbose: true });
      expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
      const flat = text.replace(/\s+/g, ' ');
      expect(flat).toContain('could all run side by side: each needs only FILTER_VARIANTS');
      for (const { evidence } of report.parallelism?.independentSets[0]?.links ?? []) expect(flat).toContain(evidence);
    }
  });

  it('says that what is assumed is assumed, and how to better it', () => {
    const text = renderText(document, { width: 200, unicode: true, color: false, verbose: false });
    expect(text).toMatch(/assumed +how long tasks take: what tasks with such labels take; --duration HAPLOTYPE_CALLER=30m gives\s+yours/);
  });
});

describe('on a platform', () => {
  const { tree, entryPath } = openPipeline(new URL('fixtures/pipelines/forty-two/', root).pathname);
  const report = analyzeTree(tree, entryPath, { shell, sizes: { samples: 20 }, platform: { name: 'slurm:2x32,128GB' } });
  const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };

  it('fits the schema', () => {
    validate(JSON.parse(JSON.stringify(report)));
    expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
  });

  it.each([80, 200])('as a page of %d columns', async (width) => {
    const page = renderText(document, { width, unicode: true, color: false, verbose: false });
    const [from, to] = [page.indexOf('  What holds it up'), page.indexOf('\n\n', page.indexOf('  What holds it up'))];
    await expect(page.slice(from, to + 1)).toMatchFileSnapshot(`expected/on-slurm-${width}.txt`);
  });
});

describe('what it costs on a platform', async () => {
  const { tree, entryPath } = openPipeline(new URL('fixtures/pipelines/forty-two/', root).pathname);
  const platform = { name: 'aws-batch', spot: true, prices: await loadPrices() };
  const report = analyzeTree(tree, entryPath, { shell, sizes: { samples: 20 }, platform });
  const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };

  it('fits the schema', () => {
    validate(JSON.parse(JSON.stringify(report)));
    expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
  });

  it.each([80, 200])('as a page of %d columns', async (width) => {
    const page = renderText(document, { width, unicode: true, color: false, verbose: false });
    await expect(page.slice(page.indexOf('  What holds it up'), page.indexOf('  10 calls'))).toMatchFileSnapshot(
      `expected/on-aws-batch-${width}.txt`,
    );
  });
});

describe('pages of scripts that are hardly any', () => {
  const page = (text: string, unicode: boolean): string => {
    const report = analyzeTree(memoryTree({ 'main.nf': text }), 'main.nf');
    const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };
    return renderText(document, { width: 80, unicode, color: false, verbose: true });
  };
  const widest = (text: string): number => Math.max(...text.split('\n').map(displayWidth));

  it('signs that are wider when there is no Unicode', () => {
    const line = `workflow { A(${"'a\u0301\u0302…'".repeat(30)} }`;
    expect(widest(page(line, false))).toBeLessThanOrEqual(80);
    expect(widest(page(line, true))).toBeLessThanOrEqual(80);
  });
  it('a pair of surrogates where the excerpt begins', () => {
    for (let blanks = 0; blanks < 4; blanks += 1)
      expect(page(`${' '.repeat(blanks)}x = '${'🔬'.repeat(300)}' )`, true)).not.toMatch(/\p{Surrogate}/u);
  });
  it('hundreds of errors in one long line, and as many on their own', () => {
    const started = cpuMs();
    page('process A { x -> '.repeat(3000), true);
    page('workflow {\n A(channel.\n\n'.repeat(3000), true);
    // each looked at the whole line: 5 s
    expect(cpuMs() - started).toBeLessThan(9000);
  });
});

const SEVERAL = [
  {
    what: 'on several platforms',
    page: 'side-by-side',
    names: ['aws-batch', 'aws-batch:spot', 'slurm:4xm6i.8xlarge', 'slurm:4x32,128GB', 'local:8,32GB'],
    routes: [],
    declared: undefined,
  },
  {
    what: 'with calls that run elsewhere',
    page: 'routed',
    names: ['aws-batch'],
    routes: ['VEP|withLabel:process_high=slurm:4x32,128GB'],
    declared: { 'core-hour': 0.04 },
  },
];

describe.each(SEVERAL)('$what', async ({ page: name, names, routes, declared }) => {
  const { tree, entryPath } = openPipeline(new URL('fixtures/pipelines/forty-two/', root).pathname);
  const [platform, ...beside] = severalPlatforms(names, { prices: await loadPrices(declared) }, routes);
  const report = analyzeTree(tree, entryPath, { shell, sizes: { samples: 20 }, ...(platform && { platform }), beside });
  const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };

  it('fits the schema', () => {
    validate(JSON.parse(JSON.stringify(report)));
    expect(validate.errors?.slice(0, 3) ?? []).toEqual([]);
  });

  it.each([80, 200])('as a page of %d columns', async (width) => {
    const page = renderText(document, { width, unicode: true, color: false, verbose: false });
    const from = page.indexOf('  Platforms side by side');
    await expect(page.slice(from, page.indexOf('\n\n', from) + 1)).toMatchFileSnapshot(`expected/${name}-${width}.txt`);
  });

  it.each([32, 40, 60])('fits into %d columns, with and without Unicode', (width) => {
    for (const unicode of [true, false]) {
      const page = renderText(document, { width, unicode, color: false, verbose: true });
      expect(Math.max(...page.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
    }
  });
});
