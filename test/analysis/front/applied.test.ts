/** Each point of the front, written as a config and given back, takes and costs what the front said of it. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import type { Report, ReportFrontPoint } from '../../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell } from '../../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const SAMPLES = 6;
const GB = 1024 ** 3;

const MAIN = `
process ALIGN {
  cpus 8
  memory '16 GB'
  input:
  tuple val(id), path(reads)
  path index
  output:
  tuple val(id), path('out.bam')
  script:
  "bwa mem -t \${task.cpus} $index $reads > out.bam"
}
process SORT {
  cpus 4
  memory '8 GB'
  input:
  tuple val(id), path(bam)
  output:
  path 'sorted.bam'
  script:
  "samtools sort -@ \${task.cpus} -o sorted.bam $bam"
}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  ALIGN(reads, file('ref.fa')) | SORT
}
`;

/** ALIGN an hour, 6 of 8 cpus busy, and 5 minutes for its files; SORT twenty minutes, 2 of 4. ALIGN needs all of its memory, SORT an eighth. */
function traceOf(): string {
  const begin = 1_700_000_000_000;
  const row = (
    id: number,
    name: string,
    from: number,
    files: number,
    seconds: number,
    cpus: number,
    busy: number,
    gb: number,
    peak: number,
  ) =>
    [id, name, 'COMPLETED', 0, from, from, from + (files + seconds) * 1000, seconds * 1000, cpus, busy * 100, gb * GB, peak * GB].join(
      '\t',
    );
  const rows = Array.from({ length: SAMPLES }, (_, at) => [
    row(2 * at, `ALIGN (${at})`, begin, 300, 3600 + 60 * at, 8, 6, 16, 15.5),
    row(2 * at + 1, `SORT (${at})`, begin + 4_500_000, 0, 1200, 4, 2, 8, 0.9),
  ]);
  return ['task_id\tname\tstatus\texit\tsubmit\tstart\tcomplete\trealtime\tcpus\t%cpu\tmemory\tpeak_rss', ...rows.flat()].join('\n');
}

type Platform = Omit<NonNullable<AnalyzeOptions['platform']>, 'prices'>;

function analyze(platform: Platform, config = '', front = false): Report {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': `params.input = 'samples.csv'\n${config}` });
  return analyzeTree(tree, 'main.nf', {
    sizes: { samples: SAMPLES },
    traces: [{ path: 'trace.txt', text: traceOf() }],
    shell,
    platform: { ...platform, prices },
    ...(front && { front: {} }),
  });
}

/** What the point names, as a user would do it. */
function applied(platform: Platform, before: Report, { choices }: ReportFrontPoint): { platform: Platform; config: string } {
  let [given, config] = [platform, ''];
  for (const choice of choices) {
    if (choice.kind === 'market') given = { ...given, spot: choice.to === 'spot' };
    if (choice.kind === 'max-cpus') given = { ...given, maxCpus: choice.to };
    // Of `--write-config` the memory alone: its cpus are a choice of their own.
    if (choice.kind === 'memory') config = (before.proposals?.[0]?.config ?? '').replace(/^\s*cpus = .*$/gm, '');
  }
  const cpus = choices.flatMap((one) => (one.kind === 'cpus' ? one.calls.map((call) => `withName: '${call}' { cpus = ${one.to} }`) : []));
  return { platform: given, config: `${config}\nprocess {\n${cpus.join('\n')}\n}` };
}

describe.each<[string, Platform]>([
  ['a cluster', { name: 'slurm:40x32,128GB' }],
  ['AWS Batch', { name: 'aws-batch', maxCpus: 256 }],
])('on %s', (_, platform) => {
  const before = analyze(platform, '', true);
  const points = before.front?.points ?? [];

  test('there are points with more cpus than any run had', () => {
    expect(points.some(({ choices }) => choices.some((one) => one.kind === 'cpus' && one.to > one.from))).toBe(true);
  });

  test('each takes and costs as much when it is applied', () => {
    for (const point of points) {
      const { platform: given, config } = applied(platform, before, point);
      const { estimates } = analyze(given, config);
      const { wallClock, cost } = estimates?.now ?? {};
      for (const end of ['low', 'expected', 'high'] as const) {
        expect((wallClock?.[end] ?? 0) / point.wallClock[end]).toBeCloseTo(1, 1);
        if (before.front?.unit === 'USD') expect((cost?.[end] ?? 0) / point.cost[end]).toBeCloseTo(1, 1);
      }
      expect(wallClock?.expected).toBeGreaterThanOrEqual(point.wallClock.low);
      expect(wallClock?.expected).toBeLessThanOrEqual(point.wallClock.high);
    }
  });

  test('what goes beyond the cpus that were seen is a range, up to no gain, and said to be reckoned', () => {
    const [fastest] = points;
    const { wallClock } = fastest as ReportFrontPoint;
    expect(wallClock.high / wallClock.expected).toBeGreaterThan(1.1);
    const { platform: given, config } = applied(platform, before, fastest as ReportFrontPoint);
    for (const { assumptions } of [before, analyze(given, config)])
      expect(assumptions.some((one) => /reckoned by Amdahl’s law.*anything from no gain to full use/.test(one))).toBe(true);
  });
});
