/** Laws of calls that run on another platform than the rest, and of the files that go from one to the other. */
import { describe, expect, test } from 'vitest';
import { routedCalls } from '../../src/analysis/passes/platform/routes.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import type { Report, ReportBeside } from '../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell, type PriceBook, severalPlatforms } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const withCores = await loadPrices({ 'core-hour': 0.05 });
const awfullyDear = await loadPrices({ 'core-hour': 50 });
const nearlyFree = await loadPrices({ 'core-hour': 0.0001 });

const MAIN = `
process TRIM {
  label 'small'
  cpus 2
  memory '4 GB'
  input:
  tuple val(id), path(x)
  output:
  tuple val(id), path('out.fq'), emit: reads
  val(true), emit: done
  script:
  "trim $x > out.fq"
}
process SEGMENT {
  label 'heavy'
  label 'gpu'
  cpus 4
  memory '16 GB'
  input:
  tuple val(id), path(x)
  output:
  tuple val(id), path('mask.tif')
  script:
  "segment $x > mask.tif"
}
process COUNT {
  memory '1 GB'
  input:
  tuple val(id), path(x)
  val(done)
  output:
  path('counts.txt')
  script:
  "count $x > counts.txt"
}
workflow {
  images = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.image] }
  TRIM(images)
  SEGMENT(TRIM.out.reads)
  COUNT(SEGMENT.out, TRIM.out.done.last())
}
`;

interface Asked {
  readonly platforms: readonly string[];
  readonly routes?: readonly string[];
  readonly book?: PriceBook;
  readonly config?: string;
  readonly traces?: AnalyzeOptions['traces'];
}

function run({ platforms, routes = [], book = prices, config = '', traces }: Asked): Report {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': `params.input = 'samples.csv'\n${config}` });
  const of = (low: number, high: number) => ({ low, high, source: 'the test' });
  const durations = { TRIM: of(60, 120), SEGMENT: of(600, 900), COUNT: of(20, 30) };
  const [platform, ...beside] = severalPlatforms(platforms, { prices: book }, routes);
  return analyzeTree(tree, 'main.nf', {
    sizes: { samples: 8 },
    durations,
    shell,
    ...(platform && { platform }),
    beside,
    ...(traces && { traces }),
  });
}

const onSlurm = 'slurm:2x32,128GB';
const rowsOf = (report: Report): readonly ReportBeside[] => report.sideBySide?.rows ?? [];
const notesOf = (report: Report): string[] => report.coverage.notes.map(({ message, hint }) => `${message}; ${hint}`);

describe('a route', () => {
  test('of nothing is no route, and it is said', () => {
    const [routed, plain] = [run({ platforms: ['aws-batch'], routes: [`SEGMNT=${onSlurm}`] }), run({ platforms: ['aws-batch'] })];
    expect(routed.estimates).toEqual(plain.estimates);
    expect(routed.inputs).toEqual(plain.inputs);
    expect(routed.sideBySide).toBeUndefined();
    expect(notesOf(routed)).toContain(
      `no task goes to ${onSlurm}: no call that runs has a name or label that SEGMNT stands for; did you mean SEGMENT?`,
    );
  });

  test('of what these params switch off is none either', () => {
    const report = run({
      platforms: ['slurm:9x8,32GB'],
      routes: ['SEGMENT=local:64,256GB'],
      config: 'process { withName: SEGMENT { when = false } }',
    });
    expect(report.sideBySide).toBeUndefined();
    expect(notesOf(report).join()).toContain('with these params no task of SEGMENT runs');
  });

  test.each(['slurm:2xm6i.8xlarge', 'google-batch', 'local:16,64GB'])('of everything to %s is that platform', (name) => {
    const [routed, there] = [run({ platforms: ['aws-batch'], routes: [`.*=${name}`] }), run({ platforms: [name] })];
    expect(routed.estimates).toEqual(there.estimates);
    expect(routed.inputs.platform).toEqual(there.inputs.platform);
    expect(routed.findings).toEqual(there.findings);
    expect(rowsOf(routed)[0]?.transfer).toBeUndefined();
    // Beside it stands what was named first.
    expect(rowsOf(routed)[1]?.now).toEqual(run({ platforms: ['aws-batch'] }).estimates?.now);
  });

  test('to where the rest runs is no route', () => {
    const plain = run({ platforms: ['aws-batch'] });
    expect(run({ platforms: ['aws-batch'], routes: ['SEGMENT=aws-batch'] }).estimates).toEqual(plain.estimates);
    expect(run({ platforms: ['aws-batch:spot'], routes: ['SEGMENT=aws-batch:spot'] }).inputs.platform?.routed).toBeUndefined();
  });

  test('stands beside the platform without it, and beside others', () => {
    const report = run({ platforms: ['aws-batch', 'google-batch'], routes: [`SEGMENT=${onSlurm}`], book: withCores });
    const [split, plain, other] = rowsOf(report);
    expect(rowsOf(report)).toHaveLength(3);
    expect(split?.now).toEqual(report.estimates?.now);
    expect(split?.platform.routed).toEqual([
      { calls: ['SEGMENT'], platform: { name: 'slurm', text: '2 nodes of 32 cpus and 128 GB under Slurm' } },
    ]);
    expect(split?.platform.text).toBe(
      'aws-batch in us-east-1, at most 256 cpus at once; SEGMENT on 2 nodes of 32 cpus and 128 GB under Slurm',
    );
    expect(plain?.now).toEqual(run({ platforms: ['aws-batch'], book: withCores }).estimates?.now);
    expect(other?.now).toEqual(run({ platforms: ['google-batch'], book: withCores }).estimates?.now);
  });

  test('names calls as a config does: by name, full name, label, choices, and what is not so', () => {
    const graph = buildProcessGraph(loadPipeline(memoryTree({ 'main.nf': MAIN }), 'main.nf'));
    const routed = (calls: string): string[] =>
      [...routedCalls(graph, [{ calls, to: { name: onSlurm } }], () => true).routeOf.keys()].map(({ name }) => name).sort();
    expect(routed('SEG.*')).toEqual(['SEGMENT']);
    expect(routed('withName:SEGMENT')).toEqual(['SEGMENT']);
    expect(routed('withLabel:gpu')).toEqual(['SEGMENT']);
    expect(routed('withLabel:gpu|small')).toEqual(['SEGMENT', 'TRIM']);
    expect(routed('COUNT|withLabel:gpu')).toEqual(['COUNT', 'SEGMENT']);
    expect(routed('withLabel:gpu|withName:COUNT')).toEqual(['COUNT', 'SEGMENT']);
    expect(routed('!SEGMENT')).toEqual(['COUNT', 'TRIM']);
    expect(routed('withLabel:!gpu')).toEqual(['COUNT', 'TRIM']);
    expect(routed('SEGMEN')).toEqual([]);
  });

  test('of several that match a call the last counts, and who goes to the same platform shares it', () => {
    const asked = (routes: readonly string[]) => run({ platforms: ['slurm:9x8,32GB'], routes });
    const twice = asked(['.*=local:64,256GB', `SEGMENT=${onSlurm}`]);
    expect(twice.inputs.platform).toMatchObject({ name: 'local', routed: [{ calls: ['SEGMENT'] }] });
    const [apart, together] = [asked([`TRIM=${onSlurm}`, `SEGMENT=${onSlurm}`]), asked([`TRIM|SEGMENT=${onSlurm}`])];
    expect(apart.estimates).toEqual(together.estimates);
    expect(apart.inputs.platform).toEqual(together.inputs.platform);
  });

  test('does not depend on the order of routes that have no call in common', () => {
    const routes = [`SEGMENT=${onSlurm}`, 'COUNT=local:8,32GB'];
    const [one, other] = [routes, routes.toReversed()].map((some) => run({ platforms: ['aws-batch'], routes: some, book: withCores }));
    expect(other?.estimates?.now.cost).toEqual(one?.estimates?.now.cost);
    expect(other?.estimates?.now.wallClock).toEqual(one?.estimates?.now.wallClock);
  });

  test('obeys the config of each executor', () => {
    const config = 'executor.$slurm.queueSize = 1';
    const asked = (settings: string): number =>
      run({ platforms: ['local:64,256GB'], routes: [`SEGMENT=slurm:8x32,128GB`], config: settings }).estimates?.now.wallClock.expected ?? 0;
    // 8 tasks of 10 minutes or more, one after another.
    expect(asked(config)).toBeGreaterThan(4800);
    expect(asked('executor.$local.queueSize = 64')).toBeLessThan(1800);
  });

  test('has a task that fits nowhere where it goes: the run does not come to its end', () => {
    const report = run({ platforms: ['aws-batch'], routes: ['SEGMENT=slurm:2x2,128GB'] });
    expect(report.estimates).toBeUndefined();
    expect(rowsOf(report)[0]?.stuck).toContain('SEGMENT (4 cpus, 16 GB)');
    expect(rowsOf(report)[1]?.now).toBeDefined();
  });

  test.each([
    ['SEGMENT', 'which calls run where?'],
    ['=slurm:2x32,128GB', 'which calls run where?'],
    ['SEGMENT=', 'which calls run where?'],
    ['SEGMENT=slum:2x32,128GB', '--route SEGMENT=slum:2x32,128GB: slum: not one of'],
    ['SEGMENT=slurm', 'how many nodes'],
  ])('is refused where it cannot be read: %s', (text, message) => {
    expect(() => severalPlatforms(['aws-batch'], { prices }, [text])).toThrow(message);
  });

  test('is refused where its pattern cannot be read', () => {
    expect(() => run({ platforms: ['aws-batch'], routes: [`(SEGMENT=${onSlurm}`] })).toThrow('is no pattern that can be read');
  });

  test('stays as it is in each way of the front: what is rented otherwise is the rest', () => {
    const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': "params.input = 'samples.csv'" });
    const frontOn = (book: PriceBook, route: string) => {
      const [platform] = severalPlatforms(['aws-batch'], { prices: book }, [`SEGMENT=${route}`]);
      const of = (low: number, high: number) => ({ low, high, source: 'the test' });
      const durations = { TRIM: of(600, 1200), SEGMENT: of(600, 900), COUNT: of(20, 30) };
      return analyzeTree(tree, 'main.nf', { sizes: { samples: 8 }, durations, shell, ...(platform && { platform }), front: {} });
    };
    const { front, estimates } = frontOn(withCores, onSlurm);
    const now = front?.points.find(({ choices }) => choices.length === 0);
    // Today’s point, where it is worth one, is the run of the report.
    expect(now === undefined || Math.abs(now.cost.expected / (estimates?.now.cost?.expected ?? 0) - 1) < 0.05).toBe(true);
    expect(front?.unit).toBe('USD');
    // What runs at home costs as much in each way: 8 tasks of 4 cpus for 600 s at least.
    const atHome = (8 * 4 * 600 * 0.05) / 3600;
    for (const { cost } of front?.points ?? []) expect(cost.expected).toBeGreaterThan(atHome);
    for (const { cost } of front?.lowerBound ?? []) expect(cost).toBeGreaterThan(atHome);
    expect(front?.lowerBound.at(-1)?.cost ?? 0).toBeLessThanOrEqual(Math.min(...(front?.points ?? []).map(({ cost }) => cost.expected)));
    // Without a price for a part of it cost is the hours of cpus.
    expect(frontOn(prices, onSlurm).front?.unit).toBe('cpu·h');
  });
});

describe('what it costs', () => {
  test('is what each part costs', () => {
    const report = run({ platforms: ['google-batch'], routes: [`SEGMENT=${onSlurm}`], book: withCores });
    const { now } = report.estimates ?? {};
    const calls = now?.costByCall ?? [];
    expect(calls.map(({ call }) => call).sort()).toEqual(['COUNT', 'SEGMENT', 'TRIM']);
    expect(calls.reduce((sum, { used, idle }) => sum + used + idle, 0) / (now?.cost?.expected ?? 0)).toBeCloseTo(1, 2);
    // 8 tasks of 4 cpus for 600 to 900 s at 0.05 an hour, and a second or so until each has its job. Of core hours nothing is idle.
    const { used: atHome = 0, idle } = calls.find(({ call }) => call === 'SEGMENT') ?? {};
    expect(idle).toBe(0);
    expect(atHome).toBeGreaterThan((8 * 4 * 600 * 0.05) / 3600);
    expect(atHome).toBeLessThan((8 * 4 * 910 * 0.05) / 3600);
  });

  test('lacks a machine of one’s own, and says so', () => {
    const report = run({ platforms: ['aws-batch'], routes: ['SEGMENT=local:64,256GB'] });
    expect(report.estimates?.now.cost).toBeDefined();
    expect(report.assumptions).toContain('what one machine of 64 cpus and 256 GB costs is not in the cost: nobody says');
    const [{ call, cpuHours } = { call: '', cpuHours: 0 }, ...others] = report.estimates?.now.unpricedCalls ?? [];
    expect([call, others]).toEqual(['SEGMENT', []]);
    // 8 tasks of 4 cpus for 600 to 900 s.
    expect(cpuHours).toBeGreaterThan((8 * 4 * 600) / 3600);
    expect(cpuHours).toBeLessThan((8 * 4 * 900) / 3600);
    // It may be the cheapest only as long as nobody knows the rest.
    expect(report.sideBySide?.cheapest).toBeUndefined();
  });

  test('is not known without the price of a core hour of the cluster', () => {
    const [split] = rowsOf(run({ platforms: ['aws-batch'], routes: [`SEGMENT=${onSlurm}`] }));
    expect(split?.now?.cost).toBeUndefined();
    expect(split?.noCost?.message).toBe('no price for a core hour of the cluster');
  });
});

describe('what goes from one platform to another', () => {
  const GB = 2 ** 30;
  const shown = (gb: number): number => Number((gb * GB).toPrecision(3));
  const trace = (fields: readonly string[] = ['wchar']): AnalyzeOptions['traces'] => {
    const rows = [
      ...Array.from({ length: 8 }, (_, task) => ['TRIM', task, 90, 2 * GB]),
      ...Array.from({ length: 8 }, (_, task) => ['SEGMENT', task, 700, GB / 2]),
      ...Array.from({ length: 8 }, (_, task) => ['COUNT', task, 25, 1000]),
    ].map(([name, task, seconds, written], at) =>
      [
        at + 1,
        `${name} (${task})`,
        'COMPLETED',
        Number(seconds) * 1000,
        ...fields.map((field) =>
          field === 'wchar' ? written : field === 'write_bytes' ? Number(written) / (name === 'TRIM' ? 4 : 1000) : 0,
        ),
      ].join('\t'),
    );
    return [{ path: 'trace.txt', text: [['task_id', 'name', 'status', 'realtime', ...fields].join('\t'), ...rows].join('\n') }];
  };
  const routes = [`SEGMENT=${onSlurm}`];

  test('is what calls wrote, once, and is paid for where it leaves a cloud', () => {
    const [split] = rowsOf(run({ platforms: ['aws-batch'], routes, book: withCores, traces: trace() }));
    expect(split?.transfer).toEqual({
      from: [
        { call: 'TRIM', atMostBytes: shown(16), onDiskBytes: shown(16) },
        { call: 'SEGMENT', atMostBytes: shown(4), onDiskBytes: shown(4) },
      ],
      // 16 GB of TRIM at $0.09; what SEGMENT gives back comes into the cloud.
      cost: { expected: 1.44, high: 1.44 },
    });
    const [free] = rowsOf(run({ platforms: ['aws-batch'], routes: ['SEGMENT=slurm:2xm6i.8xlarge'], book: withCores, traces: trace() }));
    expect(free?.transfer?.cost).toEqual({ expected: 0, high: 0 });
  });

  test('is in the cost', () => {
    const of = (region: string): number =>
      rowsOf(run({ platforms: [`aws-batch:${region}`], routes, book: withCores, traces: trace() }))[0]?.now?.cost?.expected ?? 0;
    const parts = rowsOf(run({ platforms: ['aws-batch'], routes, book: withCores, traces: trace([]) }))[0];
    expect(of('us-east-1') - (parts?.now?.cost?.expected ?? 0)).toBeCloseTo(1.44, 2);
  });

  test('what came to disks is expected, where that may be all that stays; pipes and scratch files make the most of it', () => {
    const [split] = rowsOf(run({ platforms: ['aws-batch'], routes, book: withCores, traces: trace(['wchar', 'write_bytes']) }));
    expect(split?.transfer).toEqual({
      // A thousandth of what SEGMENT wrote: its work folders lay on no disk.
      from: [
        { call: 'TRIM', atMostBytes: shown(16), onDiskBytes: shown(4) },
        { call: 'SEGMENT', atMostBytes: shown(4), onDiskBytes: shown(4) },
      ],
      cost: { expected: 0.36, high: 1.44 },
    });
    const { low = 0, high = 0 } = split?.now?.cost ?? {};
    // As likely little as much between 0.36 and 1.44: eight of ten lie within eight tenths of that.
    expect(high - low).toBeGreaterThan(0.8);
  });

  test('without a trace it is not known: the cost lacks it, says so, and nothing is the cheapest as long as it is told to cost less', () => {
    const report = run({ platforms: ['aws-batch'], routes, book: withCores });
    const [split] = rowsOf(report);
    expect(split?.transfer).toEqual({ from: [{ call: 'TRIM' }, { call: 'SEGMENT' }], incomplete: true });
    const [here, there] = rowsOf(report).map(({ now }) => now?.cost?.expected ?? 0) as [number, number];
    expect(report.sideBySide?.cheapest).toBe(here < there ? undefined : 1);
    const dear = run({ platforms: ['aws-batch'], routes, book: awfullyDear });
    expect(dear.sideBySide?.cheapest).toBe(1);
    expect(rowsOf(dear)[0]?.dearer?.low).toBeGreaterThan(0);
    const cheap = run({ platforms: ['aws-batch'], routes, book: nearlyFree });
    expect(cheap.sideBySide?.cheapest).toBeUndefined();
    expect(report.assumptions.join()).toContain('how much goes from TRIM, SEGMENT to another platform is not known and in no cost');
  });

  test('takes time that nobody knows: whoever waits for it is not called the fastest, nor is another', () => {
    const report = run({ platforms: ['slurm:1x4,32GB'], routes: [`SEGMENT=${onSlurm}`], traces: trace() });
    const [split, alone] = rowsOf(report);
    expect(split?.now?.wallClock.expected).toBeLessThan(alone?.now?.wallClock.expected ?? 0);
    expect(report.sideBySide?.fastest).toBeUndefined();
    // The other way round it is clear.
    expect(run({ platforms: [onSlurm], routes: ['SEGMENT=slurm:1x4,32GB'], traces: trace() }).sideBySide?.fastest).toBe(1);
  });

  test('from one’s own machines to a cloud it is not paid for', () => {
    const [split] = rowsOf(run({ platforms: ['slurm:2x32,128GB'], routes: ['COUNT=aws-batch'], book: withCores }));
    expect(split?.transfer).toEqual({ from: [{ call: 'SEGMENT' }], cost: { expected: 0, high: 0 } });
  });

  test('a price that nobody knows is missing, not nothing', () => {
    const [split] = rowsOf(run({ platforms: ['aws-batch:eu-north-1'], routes, book: withCores, traces: trace() }));
    expect(split?.now?.cost).toBeUndefined();
    expect(split?.noCost?.message).toContain('aws/transfer/internet_out_first_10tb in eu-north-1');
  });
});
