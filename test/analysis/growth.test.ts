/** Laws of how a run grows with its samples. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report, ReportGrowth } from '../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell, severalPlatforms } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();

const MAIN = `
process ALIGN {
  cpus 2
  memory '4 GB'
  input:
  tuple val(id), path(x)
  output:
  path('out.bam')
  script:
  "align $x > out.bam"
}
process MERGE {
  memory '1 GB'
  input:
  path(bams)
  output:
  path('all.bam')
  script:
  "merge $bams > all.bam"
}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  ALIGN(reads)
  MERGE(ALIGN.out.collect())
}
`;
const RANGES = { ALIGN: { low: 600, high: 1800, source: 'the test' }, MERGE: { low: 60, high: 120, source: 'the test' } };
const EXACT = { ALIGN: { low: 600, high: 600, source: 'the test' }, MERGE: { low: 60, high: 60, source: 'the test' } };

function run(options: AnalyzeOptions, platform?: string, main = MAIN): Report {
  const tree = memoryTree({ 'main.nf': main, 'nextflow.config': "params.input = 'samples.csv'" });
  const [chosen] = platform === undefined ? [] : severalPlatforms([platform], { prices });
  return analyzeTree(tree, 'main.nf', { durations: RANGES, shell, ...(chosen && { platform: chosen }), ...options });
}

const wallClockOf = ({ wallClock }: ReportGrowth): number => wallClock?.expected as number;
const costOf = ({ cost }: ReportGrowth): number => cost?.expected as number;

test.each([undefined, 'slurm:2x8,32GB', 'aws-batch'])('so many samples give the figures of a run of so many, on %s', (platform) => {
  const { growth = [] } = run({ sizes: { samples: 3 }, grow: [40, 5, 40] }, platform);
  expect(growth.map(({ samples, tasks }) => [samples, tasks])).toEqual([
    [5, 6],
    [40, 41],
  ]);
  for (const { samples, wallClock, cost, perSample, width } of growth) {
    const plain = run({ sizes: { samples } }, platform);
    const { now } = plain.estimates as NonNullable<Report['estimates']>;
    expect({ wallClock, cost, perSample }).toEqual({ wallClock: now.wallClock, cost: now.cost, perSample: now.perSample });
    expect(width).toBe(plain.parallelism?.width?.count);
  }
});

test('with room for every task a run does not get shorter by more samples', () => {
  const { growth = [] } = run({ grow: [1, 2, 3, 7, 20, 100, 700, 2000] });
  expect(growth).toHaveLength(8);
  for (const member of ['low', 'expected', 'high'] as const) {
    const times = growth.map(({ wallClock }) => wallClock?.[member] as number);
    expect(times).toEqual(times.toSorted((one, two) => one - two));
  }
  for (const { further } of growth) expect(further?.wallClock.low).toBeGreaterThanOrEqual(0);
});

test('one after another each further sample adds its task', () => {
  const { growth = [] } = run({ durations: EXACT, grow: [10, 100] }, 'local:2,8GB');
  expect(growth.map(({ wallClock }) => wallClock?.expected)).toEqual(
    [10 * 600 + 60, 100 * 600 + 60].map((seconds) => expect.closeTo(seconds, -3)),
  );
  for (const { further, samples } of growth) {
    expect(further).toMatchObject({ samples });
    expect(further?.wallClock.expected).toBeCloseTo(600, -1);
  }
});

test('what a further sample costs is what the run of twice as many costs more, where machines come whole too', () => {
  const main = MAIN.replace('cpus 2', 'cpus 1').replace('4 GB', '1 GB');
  const { growth = [] } = run({ durations: EXACT, grow: [10, 20, 40, 80] }, 'aws-batch', main);
  for (const [at, { samples, further, cost, perSample }] of growth.slice(0, -1).entries()) {
    const each = ((growth[at + 1]?.cost?.expected as number) - (cost?.expected as number)) / samples;
    const told = further?.cost?.expected as number;
    expect(told / each).toBeCloseTo(1, 1);
    // With a few more samples it would be near nothing here, or a whole machine.
    expect(told).toBeGreaterThan((perSample?.cost?.expected as number) / 2);
  }
});

test('many tasks are simulated in few worlds, and what is more than a million has no figures', () => {
  const { growth = [] } = run({ grow: [10, 249_999, 5_000_000] });
  expect(growth[1]).toMatchObject({ tasks: 250_000, worlds: 3, width: 249_999 });
  expect(growth[1]).not.toHaveProperty('further');
  expect(growth[2]).toEqual({ samples: 5_000_000, untold: 'with such counts there are more than 1200000 tasks' });
}, 60_000);

test('three worlds of a large run tell what many of a smaller one do, and no less than its work takes', () => {
  const { growth = [] } = run({ durations: EXACT, grow: [2_000, 10_000, 17_000, 20_000] }, 'aws-batch');
  expect(growth.map(({ worlds }) => worlds)).toEqual([64, 16, 16, 3]);
  for (const { samples, wallClock, cost, further } of growth) {
    // Each ALIGN has 2 of 256 cpus for 600 s.
    expect(wallClock?.expected).toBeGreaterThanOrEqual((samples * 600 * 2) / 256);
    expect(cost?.expected).toBeCloseTo((samples * (growth[0]?.cost?.expected as number)) / 2000, -2);
    expect(wallClock?.low).toBeLessThan(0.9 * (wallClock?.expected as number));
    expect(wallClock?.high).toBeGreaterThan(1.1 * (wallClock?.expected as number));
    if (further !== undefined) {
      expect(further.cost?.low).toBeGreaterThan(0);
      expect(further.cost?.high).toBeGreaterThan(further.cost?.expected as number);
    }
  }
  for (const of of [wallClockOf, costOf]) expect(growth.map(of)).toEqual(growth.map(of).toSorted((one, two) => one - two));
}, 60_000);

test('where nothing is counted by samples that is said', () => {
  const report = run({ grow: [10] }, undefined, "process ONE {\n  script:\n  'one'\n}\nworkflow {\n  ONE()\n}\n");
  expect(report.growth).toBeUndefined();
  expect(report.coverage.notes.map(({ message }) => message)).toContain(
    'how a run grows is not worked out: nothing in this pipeline is counted by samples',
  );
});
