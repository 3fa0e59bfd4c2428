/** Laws of platforms that stand side by side, and of machines that are always on. */
import { describe, expect, test } from 'vitest';
import { alwaysOnCost } from '../../src/analysis/cost/beside-machines.ts';
import { totalOf } from '../../src/analysis/cost/money.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { moneyText } from '../../src/report/quantities.ts';
import type { Report, ReportBeside } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell, type PlatformOptions, severalPlatforms } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const core = await loadPrices({ 'core-hour': 0.03 });

const MAIN = `
process ALIGN {
  cpus 4
  memory '8 GB'
  input:
  tuple val(id), path(x)
  output:
  tuple val(id), path('out.bam')
  script:
  "align $x > out.bam"
}
process COUNT {
  memory '1 GB'
  input:
  tuple val(id), path(x)
  output:
  path('counts.txt')
  script:
  "count $x > counts.txt"
}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  ALIGN(reads)
  COUNT(ALIGN.out)
}
`;

function run(names: readonly string[], more: Omit<PlatformOptions, 'name'> = {}, options: AnalyzeOptions = {}): Report {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': "params.input = 'samples.csv'" });
  const durations = { ALIGN: { low: 600, high: 1800, source: 'the test' }, COUNT: { low: 60, high: 120, source: 'the test' } };
  const [platform, ...beside] = severalPlatforms(names, { prices, ...more });
  return analyzeTree(tree, 'main.nf', { sizes: { samples: 12 }, durations, shell, ...(platform && { platform }), beside, ...options });
}
const rowsOf = (report: Report): readonly ReportBeside[] => report.sideBySide?.rows ?? [];
/** Without what it is compared with. */
const figures = ({ slower: _, dearer: __, ...rest }: ReportBeside): Omit<ReportBeside, 'slower' | 'dearer'> => rest;

describe('platforms side by side', () => {
  test('one alone stands beside nothing', () => {
    expect(run(['slurm:4x8,32GB']).sideBySide).toBeUndefined();
  });

  test('the first is the report’s own', () => {
    const names = ['aws-batch', 'slurm:4x8,32GB'];
    const [both, alone] = [run(names), run(['aws-batch'])];
    expect(rowsOf(both)[0]?.now).toEqual(alone.estimates?.now);
    expect(both.estimates).toEqual(alone.estimates);
    expect(both.inputs).toEqual(alone.inputs);
    expect(both.findings).toEqual(alone.findings);
  });

  test('one that is named twice has the same figures, and no difference', () => {
    const report = run(['aws-batch:spot', 'aws-batch:spot']);
    const [one, other] = rowsOf(report) as [ReportBeside, ReportBeside];
    expect(figures(other)).toEqual(figures(one));
    expect(other.slower).toMatchObject({ low: 0, expected: 0, high: 0, unit: 's' });
    expect(other.dearer).toMatchObject({ low: 0, expected: 0, high: 0, unit: 'USD' });
    expect(report.sideBySide).toMatchObject({ fastest: 0, cheapest: 0 });
  });

  test('each has beside others the figures that it has alone, in whatever order', () => {
    const names = ['aws-batch', 'slurm:4x8,32GB', 'google-batch:spot', 'kubernetes:4x8,32GB', 'azure-batch:64cpus', 'slurm:2xm6i.2xlarge'];
    const there = rowsOf(run(names));
    const [first = '', ...others] = names;
    const back = rowsOf(run([first, ...others.toReversed()]));
    expect(there).toHaveLength(names.length);
    for (const [at, row] of there.entries()) {
      expect(back[at === 0 ? 0 : names.length - at]).toEqual(row);
      expect(run([names[at] as string]).estimates?.now).toEqual(row.now);
    }
  });

  test('which is cheaper on spot, and which is faster with more nodes, can be told', () => {
    const market = run(['aws-batch', 'aws-batch:spot']);
    expect(market.sideBySide?.cheapest).toBe(1);
    expect(rowsOf(market)[0]?.dearer?.low).toBeGreaterThan(0);
    const nodes = run(['slurm:1x8,32GB', 'slurm:8x8,32GB']);
    expect(nodes.sideBySide).toMatchObject({ fastest: 1 });
    expect(nodes.sideBySide?.cheapest).toBeUndefined();
    expect(rowsOf(nodes)[0]?.slower?.low).toBeGreaterThan(0);
  });

  test('of what costs the same the faster is the cheapest, of what takes as long the cheaper the fastest', () => {
    const durations = { ALIGN: { low: 600, high: 600, source: 'the test' }, COUNT: { low: 60, high: 60, source: 'the test' } };
    for (const names of [
      ['slurm:4x8,32GB', 'local:8,32GB'],
      ['local:8,32GB', 'slurm:4x8,32GB'],
    ]) {
      const { rows, cheapest, fastest } = run(names, { prices: core }, { durations }).sideBySide ?? { rows: [] };
      const slurm = names.indexOf('slurm:4x8,32GB');
      expect(rows.map(({ now }) => moneyText(now?.cost?.expected as number, 'USD'))).toEqual(['$0.25', '$0.25']);
      expect([cheapest, fastest]).toEqual([slurm, slurm]);
    }
    // The same machines, paid for by the core hour and by the month.
    const same = run(['slurm:4xm6i.2xlarge', 'slurm:4x8,30GB'], { prices: core }, { durations });
    expect(same.sideBySide).toMatchObject({ cheapest: 1, fastest: 1 });
  });

  test('what tasks wait for is called by what it is there', () => {
    const pageOf = (names: readonly string[], more: Omit<PlatformOptions, 'name'> = {}): string => {
      const report = run(names, more);
      const document = { schemaVersion: '1.0' as const, tool: { name: 'pipeopt' as const, version: '0' }, reports: [report] };
      return renderText(document, { width: 400, unicode: true, color: false, verbose: false });
    };
    expect(pageOf(['slurm:12x8,32GB'])).toMatch(/tasks wait .* for Slurm to start them/);
    const routed = pageOf(['slurm:12x8,32GB', 'aws-batch'], { routes: [{ calls: 'ALIGN', to: { name: 'aws-batch', prices } }] });
    expect(routed).toMatch(/tasks wait .* for Slurm to start them or for machines to come up/);
    expect(routed).toMatch(/tasks wait most for Slurm to start them or for machines to come up/);
  });

  test('of machines of others nobody knows how fast they are: no difference that is told', () => {
    const { fastest, rows } = run(['aws-batch', 'google-batch']).sideBySide ?? { rows: [] };
    const other = rows[1 - (fastest ?? 0)];
    expect(other?.slower?.low).toBeLessThan(0);
    expect(other?.slower?.high).toBeGreaterThan(0);
  });

  test('one that has no room for a task has no times, one without prices no cost, and both say why', () => {
    const rows = rowsOf(run(['slurm:4x8,32GB', 'local:2,4GB', 'local:16,64GB']));
    expect(rows[0]?.noCost).toEqual({
      message: 'no price for a core hour of the cluster',
      hint: 'give core-hour in a file: --prices FILE',
    });
    expect(rows[1]).toMatchObject({ stuck: 'no machine has room for ALIGN (4 cpus, 8 GB)' });
    expect(rows[1]?.now).toBeUndefined();
    expect(rows[2]?.noCost?.message).toBe('a machine of one’s own');
  });

  test('the report’s own may be stuck, and others not', () => {
    const report = run(['local:2,4GB', 'local:16,64GB']);
    expect(report.estimates).toBeUndefined();
    expect(rowsOf(report)[1]?.now).toBeDefined();
    // Of one alone nothing is compared.
    expect(report.sideBySide?.fastest).toBeUndefined();
  });

  test('what is assumed of one alone says of which', () => {
    const { assumptions } = run(['slurm:4x8,32GB', 'aws-batch']);
    expect(assumptions).toContain('nobody else uses the cluster');
    expect(assumptions).toContain('on platform 2 of those side by side: machines are of c6i, m6i, r6i');
  });
});

describe('what is said of several at once', () => {
  const said = (names: readonly string[], shared: Omit<PlatformOptions, 'name'>): object[] =>
    severalPlatforms(names, { prices, ...shared }).map(({ prices: _, ...rest }) => rest);

  test('stands for those that can have it', () => {
    expect(said(['slurm:4x8,32GB', 'aws-batch', 'azure-batch'], { spot: true, region: 'eu-west-1', maxCpus: 64 })).toEqual([
      { name: 'slurm:4x8,32GB', maxCpus: 64 },
      { name: 'aws-batch', spot: true, region: 'eu-west-1', maxCpus: 64 },
      { name: 'azure-batch', maxCpus: 64 },
    ]);
    expect(said(['local:8', 'slurm:2xm6i.8xlarge'], { maxMemory: '64 GB', region: 'eu-west-1' })).toEqual([
      { name: 'local:8', maxMemory: '64 GB' },
      { name: 'slurm:2xm6i.8xlarge', region: 'eu-west-1' },
    ]);
  });

  test('and what stands behind a name goes before it', () => {
    const [one, other] = rowsOf(run(['aws-batch:on-demand,eu-west-1', 'aws-batch:512cpus'], { spot: true, region: 'us-west-2' }));
    expect(one?.platform).toEqual({ name: 'aws-batch', text: 'aws-batch in eu-west-1, at most 256 cpus at once', region: 'eu-west-1' });
    expect(other?.platform).toMatchObject({ text: 'aws-batch in us-west-2 on spot, at most 512 cpus at once', spot: true });
  });

  test.each([
    [['aws-batch', 'awsbatch'], {}, '--platform awsbatch: not one of', 'did you mean aws-batch?'],
    [['slurm:4x8,32GB', 'local:8,32GB'], { spot: true }, '--spot: slurm rents no machines', 'aws-batch'],
    [['slurm:4x8,32GB', 'aws-batch'], { region: 'eu-wst-1' }, '--region: slurm is in none', ''],
    [['aws-batch', 'google-batch'], { region: 'eu-wst-1' }, '--region eu-wst-1: no region', 'did you mean eu-west-1?'],
    [['aws-batch', 'aws-batch:sopt'], {}, 'sopt is neither spot nor on-demand nor a region', 'did you mean spot?'],
    [['aws-batch:eu-wst-1'], {}, 'eu-wst-1 is neither', 'did you mean eu-west-1?'],
    [['aws-batch:16'], {}, 'machines are rented as they are needed', '--platform aws-batch:512cpus'],
    [['aws-batch:'], {}, 'machines are rented as they are needed', ''],
    [['azure-batch:spot'], {}, '--spot: not modelled for azure-batch', ''],
    [['slurm:20xm6i.8xlage'], {}, 'no machine m6i.8xlage is known', 'did you mean m6i.8xlarge?'],
    [['slurm:20xz99.huge'], {}, 'no machine z99.huge is known', 'pipeopt prices z99'],
    [['slurm:0xm6i.8xlarge'], {}, 'how many nodes, of what size?', 'slurm:20xm6i.8xlarge'],
    [['slurm:20xm6i.8xlarge,mars-1'], {}, 'no price for m6i.8xlarge on demand in mars-1', 'regions'],
    [['slurm:9999xm6i.8xlarge'], {}, 'more than 2000 nodes', ''],
    [['slurm:20xm6i.8xlarge'], { spot: true }, '--spot: slurm rents no machines', ''],
  ])('what does not fit is said: %j %j', (names, more, message, hint) => {
    expect(() => severalPlatforms(names, { prices, ...more })).toThrowError(
      expect.objectContaining({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) }) as Error,
    );
  });
});

describe('machines of a cloud that are always on', () => {
  test('are paid for from start to end, used or not', () => {
    const report = run(['slurm:3xm6i.2xlarge,eu-west-1']);
    const { now } = report.estimates ?? {};
    const part = { type: 'm6i.2xlarge', region: 'eu-west-1', market: 'on-demand', count: 3 } as const;
    const cost = totalOf(alwaysOnCost(prices, [part], (now?.wallClock.expected ?? 0) / 3600));
    expect(now?.cost?.expected).toBeCloseTo(cost ?? 0, 2);
    expect(now?.idleShare).toBeGreaterThan(0);
    expect(report.inputs.platform).toEqual({
      name: 'slurm',
      text: '3 nodes of m6i.2xlarge (8 cpus, 30 GB for tasks) in eu-west-1, always on, under Slurm',
      region: 'eu-west-1',
      alwaysOn: { type: 'm6i.2xlarge', count: 3, perMonth: expect.closeTo(totalOf(alwaysOnCost(prices, [part], 730)) ?? 0, -1) },
    });
    // 3 × 730 h
    const month = totalOf(alwaysOnCost(prices, [part], 730)) as number;
    expect(report.assumptions).toContain(
      `3 m6i.2xlarge are counted for as long as the run takes; always on they cost ${month.toFixed(0)} USD a month, whatever runs`.replace(
        /(\d)(\d{3}) USD/,
        '$1,$2 USD',
      ),
    );
  });

  test('take as long as nodes of that size', () => {
    const [typed, sized] = rowsOf(run(['slurm:3xm6i.2xlarge', 'slurm:3x8,30.5GB']));
    expect(typed?.now?.wallClock).toEqual(sized?.now?.wallClock);
  });

  test('under Kubernetes, too, and fewer where fewer cpus may be had', () => {
    expect(run(['kubernetes:3xm6i.2xlarge'], { maxCpus: 17 }).inputs.platform).toMatchObject({ alwaysOn: { count: 2 } });
  });

  test('of one’s own list', async () => {
    const own = await loadPrices({ machines: { bench: { vcpus: 16, 'memory-gib': 64, 'on-demand': 1.5 } } }).catch((error) => error);
    expect(own).not.toBeInstanceOf(Error);
    const [platform] = severalPlatforms(['slurm:2xbench'], { prices: own });
    expect(platform).toEqual({ name: 'slurm:2xbench', prices: own });
  });
});
