/** Times on platforms against what can be reckoned by hand. Durations are given, so that nothing is drawn. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { openPipeline } from '../../src/parser/pipeline/disk.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Estimate, Report } from '../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();

const MAIN = `
process ALIGN {
  cpus params.cpus
  memory '4 GB'
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

const GIVEN: NonNullable<AnalyzeOptions['durations']> = {
  ALIGN: { low: 100, high: 100, source: 'the test' },
  COUNT: { low: 10, high: 10, source: 'the test' },
};

function run(platform: NonNullable<AnalyzeOptions['platform']> | undefined, samples: number, config = '', durations = GIVEN): Report {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': `params.input = 'samples.csv'\nparams.cpus = 2\n${config}` });
  return analyzeTree(tree, 'main.nf', { sizes: { samples }, durations, shell, ...(platform && { platform }) });
}
const now = (report: Report) => report.estimates?.now;
/** Seconds, to tens: Nextflow itself takes a tenth of one for a task. */
const tens = (report: Report): number => Math.floor((now(report)?.wallClock.expected ?? Number.NaN) / 10) * 10;

describe('on one machine', () => {
  test('with room for every task it takes as long as without a limit', () => {
    expect(tens(run({ name: 'local:64,256GB' }, 4))).toBe(110);
    expect(run(undefined, 4).estimates?.now).toMatchObject({ wallClock: { expected: 110 }, perSample: { wallClock: { expected: 27.5 } } });
  });

  test('two at a time: the other two wait 100 s each for cpus', () => {
    const report = run({ name: 'local:4,256GB' }, 4);
    // ALIGN 0–100 and 100–200; COUNT of the first two shares the four cpus of those: 2 × 2 are taken, so it waits until 200.
    expect(now(report)?.wallClock).toMatchObject({ unit: 's', basis: 'declared' });
    expect(tens(report)).toBe(210);
    expect(now(report)?.waits?.cpus).toBeCloseTo(400, -1);
    expect(report.inputs.platform).toEqual({ name: 'local', text: 'one machine of 4 cpus and 256 GB' });
    expect(report.parallelism?.span?.expected).toBe(110);
  });

  test('memory, and the config’s queueSize, hold tasks back too', () => {
    expect(now(run({ name: 'local:64,8GB' }, 4))?.waits?.memory).toBeGreaterThan(0);
    const queued = run({ name: 'local:64,256GB' }, 4, 'executor.queueSize = 1');
    expect(tens(queued)).toBe(440);
    expect(now(queued)?.waits?.['queue-size']).toBeGreaterThan(0);
    const own = 'executor { queueSize = 1\n $local { queueSize = 64 } }';
    expect(tens(run({ name: 'local:64,256GB' }, 4, own))).toBe(110);
    expect(tens(run({ name: 'local', maxCpus: 4, maxMemory: '256.GB' }, 4))).toBe(210);
  });

  test('maxForks of a config holds for each call by itself', () => {
    const one = run({ name: 'local:64,256GB' }, 4, 'process { withName: ALIGN { maxForks = 1 } }');
    expect(tens(one)).toBe(410);
    expect(now(one)?.waits?.['max-forks']).toBeCloseTo(600, -1);
    expect(tens(run({ name: 'local:64,256GB' }, 4, 'process.maxForks = 2'))).toBe(210);
    expect(tens(run({ name: 'slurm:4x16,64GB' }, 4, 'process.maxForks = 1'))).toBeGreaterThanOrEqual(410);
  });

  test('the config’s own cpus and memory are all that the local executor counts to', () => {
    const report = run({ name: 'local:64,256GB' }, 4, "executor { cpus = 4; memory = '128 GB' }");
    expect(tens(report)).toBe(210);
    expect(report.assumptions).toContain('Nextflow uses 4 cpus and 128 GB of the machine, as executor.cpus and executor.memory say');
    const more = run({ name: 'local:4,256GB' }, 4, "executor.$local.cpus = 64\nexecutor.memory = '1 TB'");
    expect(tens(more)).toBe(210);
    expect(more.assumptions).not.toContainEqual(expect.stringContaining('executor.cpus'));
    expect(now(run({ name: 'slurm:4x16,64GB' }, 4, 'executor.cpus = 2'))?.waits?.cpus).toBeUndefined();
  });

  test('an end is seen at once, however rarely it is polled for', () => {
    expect(tens(run({ name: 'local:64,256GB' }, 4, "executor.pollInterval = '1 min'"))).toBe(110);
    // ALIGN 0–100, seen at 120; COUNT to 130, seen by nobody who still waits.
    const slow = now(run({ name: 'slurm:4x16,64GB' }, 1, "executor.pollInterval = '1 min'"))?.wallClock.expected ?? 0;
    expect(slow).toBeGreaterThan(130);
    expect(slow).toBeLessThan(140);
  });

  test.each(['6/1min', '6 min', '1/10s', '1/10', '12/2min'])('submitRateLimit %s: one task in 10 s', (limit) => {
    const limited = run({ name: 'local:64,256GB' }, 4, `executor.submitRateLimit = '${limit}'`);
    // Tasks are submitted at 0, 10, 20 and 30 s, and so are those behind them.
    expect(tens(limited)).toBe(140);
    expect(now(limited)?.waits?.['submit-rate']).toBeCloseTo(60, 0);
  });

  test.each(['10/1ms', 'often', '0/1s', '-1/1s'])('submitRateLimit %s: none that Nextflow would take', (limit) => {
    expect(tens(run({ name: 'local:64,256GB' }, 4, `executor.submitRateLimit = '${limit}'`))).toBe(110);
  });

  test('a task for which there is no room: no time, and it is said', () => {
    const report = run({ name: 'local:1,256GB' }, 4);
    expect(report.estimates).toBeUndefined();
    expect(report.coverage.notes.map(({ message }) => message)).toContain(
      'on one machine of 1 cpu and 256 GB the run does not come to its end: no machine has room for ALIGN (2 cpus, 4 GB)',
    );
  });
});

describe('machines that cost nothing', () => {
  test.each([
    ['aws-batch', ['c6i.4xlarge']],
    ['aws-batch', ['c6i.large', 'c6i.4xlarge', 'm6i.large']],
    ['google-batch', ['n2-standard-2', 'n2-standard-4', 'n2-highcpu-2', 'n2-highcpu-4', 'n2-highmem-2']],
  ])('%s: %j are taken, and the run costs next to nothing', async (name, free) => {
    const machines = Object.fromEntries(free.map((type) => [type, { 'on-demand': 0 }]));
    const cost = now(run({ name, prices: await loadPrices({ machines }) }, 20))?.cost as Estimate;
    // But for disks of AWS.
    expect([cost.low, cost.expected, cost.high].every((one) => one >= 0 && one < 0.01)).toBe(true);
    expect(now(run({ name, prices }, 20))?.cost?.expected).toBeGreaterThan(0.01);
  });
});

describe('as many cpus at once as tasks use', () => {
  const hour = { low: 3600, high: 3600, source: 'the test' };
  const durations = { ALIGN: hour, COUNT: hour };
  const on = (platform: Omit<NonNullable<AnalyzeOptions['platform']>, 'prices'>): NonNullable<Report['estimates']> =>
    run({ ...platform, prices }, 10, '', durations).estimates as NonNullable<Report['estimates']>;

  test('cost less in as much time, just as with that limit given, and need no other then', () => {
    const { now: asIs, fuller } = on({ name: 'aws-batch' });
    const limited = on({ name: 'aws-batch', maxCpus: fuller?.maxCpus ?? 0 });
    // Ten tasks of 2 cpus.
    expect(fuller?.maxCpus).toBe(20);
    expect([fuller?.wallClock, fuller?.cost]).toEqual([limited.now.wallClock, limited.now.cost]);
    expect(fuller?.cost.expected).toBeLessThan(0.95 * (asIs.cost?.expected ?? 0));
    expect(limited.fuller).toBeUndefined();
  });

  test('are no matter where machines are there all the time, or each is for one task', () => {
    for (const name of ['slurm:20x32,128GB', 'google-batch']) expect(on({ name }).fuller).toBeUndefined();
  });
});

describe('on others', () => {
  test.each([
    { name: 'slurm:2x8,32GB' },
    { name: 'kubernetes:2x8,32GB' },
    { name: 'aws-batch', prices },
    { name: 'aws-batch', prices, spot: true, region: 'eu-west-1' },
    { name: 'google-batch', prices, spot: true },
    { name: 'azure-batch', prices, maxCpus: 32 },
  ])('$name $spot: no shorter than without a limit, the same each time, and of every wait the reason', (platform) => {
    const report = run(platform, 20);
    expect(now(report)?.wallClock.low).toBeGreaterThanOrEqual(110);
    expect(Object.keys(now(report)?.waits ?? {})).toContain('data');
    expect(JSON.stringify(run(platform, 20))).toBe(JSON.stringify(report));
  });

  test.each([{ name: 'slurm:2x8,32GB' }, { name: 'aws-batch', prices }, { name: 'google-batch', prices }])(
    '$name: no end of the range is below that of what no order of the tasks can beat, on machines as fast',
    (platform) => {
      const { now: told, ideal, bounds } = run(platform, 10).estimates as NonNullable<Report['estimates']>;
      for (const end of ['low', 'expected', 'high'] as const) {
        expect(bounds.wallClock[end]).toBeLessThanOrEqual(ideal.wallClock[end]);
        expect(bounds.asItIs?.[end]).toBeLessThanOrEqual(told.wallClock[end]);
        expect(bounds.wallClock[end]).toBeLessThanOrEqual(bounds.asItIs?.[end] as number);
      }
      // Half of the machines are faster than those of which the durations are.
      expect(bounds.wallClock.expected).toBe(110);
      expect(bounds.wallClock.low).toBeLessThan(110);
    },
  );

  test('of Azure no machine is rented that has more cpus than may be had', () => {
    const on = (maxCpus: number): Report => run({ name: 'azure-batch', prices, maxCpus }, 8);
    // 8 samples, 100 s on 2 cpus and 10 s on one: 1680 s of one cpu.
    for (const maxCpus of [2, 4, 8, 12]) expect(now(on(maxCpus))?.wallClock.expected).toBeGreaterThan(1680 / maxCpus);
    const notes = on(1).coverage.notes.map(({ message }) => message);
    expect(notes.filter((note) => note.includes('no machine has room for ALIGN (2 cpus, 4 GB)'))).toHaveLength(1);
  });

  test('less than all cpus of a cluster', () => {
    expect(run({ name: 'slurm:4x8,32GB', maxCpus: 17 }, 2).inputs.platform?.text).toBe('2 nodes of 8 cpus and 32 GB under Slurm');
  });

  test.each([
    [{ name: 'slurmm:2x8,32GB' }, '--platform slurmm: not one of', 'did you mean slurm?'],
    [{ name: 'slurm' }, 'how many nodes, of what size?', 'slurm:20x32,128GB'],
    [{ name: 'slurm:0x8,32GB' }, 'how many nodes, of what size?', ''],
    [{ name: 'slurm:999999x8,32GB' }, 'more than 2000 nodes', ''],
    [{ name: 'local:Infinity,1TB' }, 'how large is the machine?', ''],
    [{ name: 'local:2.5,1TB' }, 'how large is the machine?', ''],
    [{ name: 'local:8' }, 'how large is the machine?', '--max-memory'],
    [{ name: 'local:8,much' }, 'how large is the machine?', ''],
    [{ name: 'local:8,32GB', maxCpus: 4 }, 'says how many there are', ''],
    [{ name: 'local:8,32GB', spot: true }, '--spot: local rents no machines', ''],
    [{ name: 'kubernetes:2x8,32GB', region: 'eu-west-1' }, '--region: kubernetes is in none', ''],
    [{ name: 'slurm:2x8,32GB', maxCpus: 4 }, 'less than a node', ''],
    [{ name: 'aws-batch:16', prices }, 'machines are rented as they are needed', ''],
    [{ name: 'aws-batch', maxMemory: '1 TB', prices }, 'machines are rented as they are needed', ''],
    [{ name: 'aws-batch', region: 'eu-wst-1', prices }, '--region eu-wst-1: no region', 'did you mean eu-west-1?'],
    [{ name: 'azure-batch', spot: true, prices }, '--spot: not modelled for azure-batch', ''],
  ])('what does not fit is said: %j', (platform, message, hint) => {
    let error: unknown;
    try {
      run(platform, 2);
    } catch (caught) {
      error = caught;
    }
    expect(error).toMatchObject({ message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
  });
});

describe('with the requests that a run says are enough', () => {
  const fixture = new URL('../../fixtures/rules/over-requested-memory/bad-label-for-all/', import.meta.url);
  const traces = [{ path: 'trace.txt', text: readFileSync(new URL('trace.txt', fixture), 'utf8') }];
  const { tree, entryPath } = openPipeline(fixture.pathname);
  const on = (name: string): Report => analyzeTree(tree, entryPath, { traces, shell, platform: { name } });

  test('four tasks run where two did, and half the memory is held', () => {
    const { now, proposed } = on('local:48,145GB').estimates ?? {};
    expect((now?.wallClock.expected ?? 0) / (proposed?.wallClock.expected ?? 0)).toBeCloseTo(2, 0);
    expect(now?.waits?.memory).toBeGreaterThan(0);
    // A little more: some first attempts fail.
    expect((proposed?.cpuHours?.expected ?? 0) / (now?.cpuHours?.expected ?? 1)).toBeCloseTo(1, 1);
    expect((proposed?.memoryGbHours?.expected ?? 0) / (now?.memoryGbHours?.expected ?? 1)).toBeLessThan(0.55);
  });

  test('without a trace there are none', () => {
    expect(analyzeTree(tree, entryPath, { shell, platform: { name: 'local:48,145GB' } }).estimates?.proposed).toBeUndefined();
  });
});

describe('what it costs', () => {
  const cluster = async (declared: object | undefined): Promise<Report> =>
    run({ name: 'slurm:2x8,32GB', prices: await loadPrices(declared) }, 4);

  test('core hours that tasks ask for, where the user says what one costs', async () => {
    const declared = { currency: 'EUR', 'core-hour': 0.36 };
    const report = run({ name: 'local:8,32GB', prices: await loadPrices(declared) }, 4);
    // 4 × (2 cpus × 100 s + 1 × 10 s) = 840 s of a cpu, at 0.0001 EUR
    const about = expect.closeTo(0.084, 3);
    const cost = { low: about, expected: about, high: about, unit: 'EUR', basis: 'declared' };
    expect(now(report)?.cost).toMatchObject(cost);
    expect(now(report)?.perSample?.cost).toMatchObject({ expected: 0.021, unit: 'EUR' });
    expect(now(report)?.idleShare).toBeUndefined();
    expect(report.inputs.prices?.id).toContain('--prices');
    // A job of Slurm has its cpus from a second or so before its task starts.
    expect(now(await cluster(declared))?.cost?.expected).toBeCloseTo(0.0855, 3);
  });

  test('without that price there is no cost, and it is said which is missing', async () => {
    const report = await cluster(undefined);
    expect(Object.keys(now(report) ?? {})).not.toContain('cost');
    expect(now(report)?.perSample?.cost).toBeUndefined();
    expect(report.inputs.prices).toBeUndefined();
    expect(report.coverage.notes).toContainEqual({
      message: 'what the run costs is not worked out: no price for a core hour of the cluster',
      hint: 'give core-hour in a file: --prices FILE',
    });
  });

  test('nobody misses the price of a machine of one’s own', async () => {
    const report = run({ name: 'local:8,32GB', prices }, 4);
    expect(now(report)?.cost).toBeUndefined();
    expect(report.coverage.notes.filter(({ message }) => message.includes('price'))).toEqual([]);
  });

  test('one machine for each task, on demand: what they are listed for, by the call', async () => {
    const machine = (await loadPrices()).hour('n2-highcpu-2', 'us-central1', 'on-demand') as { amount: number };
    const cost = now(run({ name: 'google-batch', prices }, 1));
    // ALIGN (2 cpus, 4 GB) fits on no n2-highcpu-2, of which 2 GB can be had: some machine that holds it is dearer.
    expect(cost?.cost?.expected).toBeGreaterThan(machine.amount / 36);
    expect(cost?.cost).toMatchObject({ unit: 'USD', basis: 'declared' });
    const [first, second] = cost?.costByCall ?? [];
    expect([first?.call, second?.call]).toEqual(['ALIGN', 'COUNT']);
    const parts = (cost?.costByCall ?? []).reduce((sum, { used, idle }) => sum + used + idle, 0);
    expect(parts).toBeCloseTo(cost?.cost?.expected ?? 0, 4);
    expect(cost?.idleShare).toBeGreaterThan(0);
    expect(cost?.idleShare).toBeLessThan(1);
  });

  test.each(['aws-batch', 'google-batch'])('%s on spot: a wide range that is assumed, at its dearest no less than on demand', (name) => {
    const [spot, onDemand] = [true, false].map((taken) => now(run({ name, prices, ...(taken && { spot: true }) }, 20))?.cost);
    expect(spot?.basis).toBe('assumed');
    expect(spot?.low).toBeLessThan(0.85 * (spot?.expected as number));
    expect(spot?.high).toBeGreaterThan(1.2 * (spot?.expected as number));
    expect(spot?.expected).toBeLessThan(onDemand?.expected as number);
  });

  test('how far it may be off is of all causes drawn together, not one end upon the other; and which of them it mostly is', () => {
    const told = (name: string, spot: boolean, durations: NonNullable<AnalyzeOptions['durations']>) =>
      now(run({ name, prices, ...(spot && { spot }) }, 20, '', durations));
    const wide = { ALIGN: { low: 1000, high: 3000, source: 'the test' } };
    const [steady, moving] = [false, true].map((spot) => told('google-batch', spot, wide)?.cost);
    const factor = (cost: typeof steady): number => (cost?.high ?? 0) / (cost?.low ?? 1);
    // Listed prices move nothing: all of it is how long tasks take. Those of spot move from 0.7 of the average to what it costs on demand, and are seldom at their ends.
    expect(factor(moving)).toBeGreaterThan(factor(steady));
    expect(factor(moving)).toBeLessThan(2.5 * factor(steady));
    const { costOffBy } = told('google-batch', false, wide) ?? {};
    expect(costOffBy).toEqual({ runs: 1, prices: 0, filling: 0 });
    const shared = told('aws-batch', true, GIVEN)?.costOffBy;
    expect((shared?.prices ?? 0) + (shared?.filling ?? 0)).toBeGreaterThan(0.5);
    expect((shared?.runs ?? 0) + (shared?.prices ?? 0) + (shared?.filling ?? 0)).toBeCloseTo(1, 2);
  });

  test('machines that tasks share may be fuller or emptier: a range', () => {
    const cost = now(run({ name: 'aws-batch', prices }, 20))?.cost;
    expect(cost?.basis).toBe('assumed');
    expect(cost?.low).toBeLessThan(cost?.expected as number);
  });

  test.each([
    { name: 'azure-batch', prices },
    { name: 'aws-batch', prices, spot: true, region: 'eu-west-1' },
    { name: 'google-batch', prices },
    { name: 'slurm:2xm6i.2xlarge', prices },
    { name: 'aws-batch', prices, routes: [{ calls: 'ALIGN', to: { name: 'azure-batch', prices } }] },
  ])('what calls pay, and what is no call’s, is the cost: $name', (platform) => {
    const { cost, costByCall = [], costBesideCalls = {} } = now(run(platform, 20)) ?? {};
    const parts = costByCall.reduce((sum, { used, idle }) => sum + used + idle, 0);
    const beside = Object.values(costBesideCalls).reduce((sum, one) => sum + one, 0);
    expect((parts + beside) / (cost?.expected as number)).toBeCloseTo(1, 2);
  });

  test('of a pool that nobody used the machines are told', () => {
    // As many machines as tasks wait, most of which come up when all is done.
    expect(now(run({ name: 'azure-batch', prices }, 200))?.costBesideCalls?.machines).toBeGreaterThan(0);
  });

  test('a pool of Azure is paid until it is looked at again', () => {
    const cost = now(run({ name: 'azure-batch', prices, maxCpus: 8 }, 4))?.cost;
    const machine = prices.hour('Standard_D8s_v3', 'eastus', 'on-demand') as { amount: number };
    expect(cost?.expected).toBeGreaterThan((machine.amount * 600) / 3600);
    expect(cost?.high).toBeLessThan(machine.amount);
  });
});

describe('what a past run cost', () => {
  const row = (task: string, process: string, minutes: number, machine: string): string =>
    `${task},${process},${process},COMPLETED,0,1,2026-03-02T08:00:00Z,2026-03-02T08:05:00Z,2026-03-02T08:${String(5 + minutes).padStart(2, '0')}:00Z,${minutes * 60_000},${minutes * 60_000},2,4294967296,${machine},eu-west-1a,standard,awsbatch`;
  const header =
    'taskId,process,name,status,exit,attempt,submit,start,complete,duration,realtime,cpus,memory,machineType,cloudZone,priceModel,executor';
  const bill = (machine: string): Report => {
    const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': "params.input = 'samples.csv'\nparams.cpus = 2" });
    const text = [header, row('1', 'ALIGN', 50, machine), row('2', 'COUNT', 10, machine)].join('\n');
    return analyzeTree(tree, 'main.nf', { shell, prices, traces: [{ path: 'tasks.csv', text }] });
  };

  test('from its machines as rebuilt, with what tasks asked for and what stood idle', () => {
    const { bill: found } = bill('m6i.xlarge').inputs.traces?.[0] ?? {};
    // Two tasks of 2 cpus fill 4 for 10 minutes, one holds half of them for 40; 90 s before and after.
    const price = prices.hour('m6i.xlarge', 'eu-west-1', 'on-demand');
    const hour = 'amount' in price ? price.amount : Number.NaN;
    expect(found).toMatchObject({ machines: 1, machineHours: expect.closeTo(53 / 60, 2), retries: 0, staging: 0 });
    // AWS weighs a vCPU as 9 GiB: 2 of 4 with 4 GiB of 16, for an hour in all.
    expect(found?.tasks).toBeCloseTo((hour * (9 * 2 + 4)) / (9 * 4 + 16), 3);
    expect(found?.cost.expected).toBeCloseTo((hour * 53) / 60, 3);
    expect(found?.cost).toMatchObject({ unit: 'USD', basis: 'assumed' });
  });

  test('a machine that the catalogue does not have: no bill, and it is said', () => {
    const report = bill('m99.huge');
    expect(report.inputs.traces?.[0]?.bill).toBeUndefined();
    expect(report.coverage.notes.map(({ message }) => message).join()).toContain(
      'what a past run cost is not worked out: no price for m99.huge',
    );
  });
});
