/** What findings save, against what can be reckoned by hand. Durations are given, so that nothing is drawn but where it says so. */
import { describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Finding, Report } from '../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();

interface Given {
  readonly workflow: string;
  readonly processes: readonly string[];
  readonly seconds?: Readonly<Record<string, number | readonly [number, number]>>;
  readonly samples?: number;
  readonly config?: string;
  readonly options?: AnalyzeOptions;
}

function run({ workflow, processes, seconds = {}, samples = 4, config = '', options = {} }: Given): Report {
  const main = `${processes.join('')}workflow {\n  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }\n${workflow}\n}\n`;
  const durations = Object.fromEntries(
    Object.entries(seconds).map(([name, given]) => {
      const [low, high] = typeof given === 'number' ? [given, given] : given;
      return [name, { low, high, source: 'the test' }];
    }),
  );
  const files = { 'main.nf': main, 'nextflow.config': `params.input = 'samples.csv'\n${config}` };
  return analyzeTree(memoryTree(files), 'main.nf', { durations, sizes: { samples }, shell, ...options });
}

const step = (name: string, { directives = "publishDir 'out'", inputs = 'tuple val(id), path(x)', script = '' } = {}): string =>
  `process ${name} {\n  ${directives}\n  input:\n  ${inputs}\n  output:\n  tuple val(id), path('${name}.txt')\n  script:\n  "${script || `cut -f1 $x > ${name}.txt`}"\n}\n`;

function of(report: Report, ruleId: string): Finding {
  const found = report.findings.find((finding) => finding.ruleId === ruleId);
  if (found === undefined) throw new Error(`no ${ruleId} in ${report.findings.map((finding) => finding.ruleId).join()}`);
  return found;
}

describe('one task at a time', () => {
  const throttled = (options: AnalyzeOptions = {}, config = '') =>
    run({
      workflow: '  ALIGN(reads)\n  COUNT(ALIGN.out)',
      processes: [step('ALIGN', { directives: 'maxForks 1' }), step('COUNT')],
      seconds: { ALIGN: 10, COUNT: 5 },
      options,
      config,
    });

  test('four samples of 10 s each: 40 s and the last one’s 5 s; side by side 15 s', () => {
    const report = throttled();
    expect(report.estimates?.now.wallClock.expected).toBe(45);
    expect(report.criticalPath).toMatchObject({
      calls: ['ALIGN', 'ALIGN', 'ALIGN', 'ALIGN', 'COUNT'],
      slackByCall: { ALIGN: 0, COUNT: 0 },
    });
    const { savings, standing } = of(report, 'throttled-step');
    expect(savings).toEqual({
      wallClock: { low: 30, expected: 30, high: 30, unit: 's', basis: 'declared', source: 'given for all calls' },
    });
    expect(standing).toEqual({ rank: 1, class: 'certain-direction', anyGain: 1, muchGain: 1 });
    // If a call took less, its tasks still ran one at a time.
    const seconds = report.criticalPath?.whatIf?.map(({ call, half, none }) => [call, half.expected, none.expected]);
    expect(seconds).toEqual([
      ['ALIGN', 20, 40],
      ['COUNT', 2.5, 5],
    ]);
    // What is declared needs no timing.
    expect(report.timeFirst).toBeUndefined();
  });

  test('two at a time: whoever is ready first, and the third when one has ended', () => {
    const report = run({
      workflow: '  ALIGN(reads)\n  COUNT(ALIGN.out)',
      processes: [step('ALIGN', { directives: 'maxForks 2' }), step('COUNT')],
      seconds: { ALIGN: 10, COUNT: 5 },
      samples: 5,
    });
    expect(report.estimates?.now.wallClock.expected).toBe(35);
    expect(report.parallelism?.width?.count).toBe(4);
  });

  test('without a platform what the settings let run at a time limits then: cpus, the queue, an executor’s own', () => {
    const saved = (config: string, samples: number) => {
      const { savings } = of(
        run({
          workflow: '  ALIGN(reads)\n  COUNT(ALIGN.out)',
          processes: [step('ALIGN', { directives: 'maxForks 1\n  cpus 2' }), step('COUNT')],
          seconds: { ALIGN: 10, COUNT: 5 },
          samples,
          config,
        }),
        'throttled-step',
      );
      return [savings?.wallClock.expected, `${savings?.room}${savings?.assuming === undefined ? '' : `, if ${savings.assuming}`}`] as const;
    };
    // 40 · 10 + 5 s now. Four of ALIGN at a time on eight cpus, where COUNT wants one: 40 · (2 · 10 + 5) / 8 = 125 s at least.
    const [byCpus, room] = saved('executor.cpus = 8', 40);
    expect(byCpus).toBeGreaterThan(240);
    expect(byCpus).toBeLessThanOrEqual(405 - 125);
    expect(room).toBe('8 cpus (executor.cpus)');
    // Ten tasks at a time: 40 · 15 / 10 = 60 s at least.
    const [byQueue, queue] = saved("process.executor = 'slurm'\nexecutor.queueSize = 10", 40);
    expect(byQueue).toBeGreaterThan(320);
    expect(byQueue).toBeLessThanOrEqual(405 - 60);
    expect(queue).toBe('10 tasks at a time (executor.queueSize), if there is room for them');
    // One at a time before and after.
    expect(saved('executor.queueSize = 1', 4)[0]).toBe(0);
    // Slurm takes 100: 400 · 15 / 100 = 60 s at least; figures are told in three digits.
    expect(saved("process.executor = 'slurm'", 400)[0]).toBeLessThanOrEqual(3950);
  });

  test('on a machine of two cpus the others wait for those: 25 s', () => {
    const report = throttled({ platform: { name: 'local:2,64GB' } });
    expect(report.estimates?.now.wallClock.expected).toBeCloseTo(45, 0);
    expect(of(report, 'throttled-step').savings?.wallClock.expected).toBeGreaterThan(10);
    expect(of(report, 'throttled-step').savings?.wallClock.expected).toBeLessThan(30);
  });

  test('to lift executor.queueSize saves what a platform tells alone', () => {
    const config = 'executor.queueSize = 1';
    expect(of(throttled({}, config), 'throttled-step').savings).toBeDefined();
    const some = (report: Report) =>
      report.findings.filter(({ message }) => message.startsWith('executor.queueSize')).map(({ savings }) => savings);
    expect(some(throttled({}, config))).toEqual([undefined]);
    const [saved] = some(throttled({ platform: { name: 'slurm:4x8,32GB' } }, config));
    expect(saved?.wallClock.expected).toBeGreaterThanOrEqual(0);
  });
});

test('what nobody reads: as much later as it ends than the rest', () => {
  const report = run({
    workflow: '  ALIGN(reads)\n  PLOT(ALIGN.out)\n  COUNT(ALIGN.out)',
    processes: [step('ALIGN'), step('PLOT', { directives: '' }), step('COUNT')],
    seconds: { ALIGN: 10, PLOT: 60, COUNT: 5 },
  });
  expect(of(report, 'dead-work').savings?.wallClock.expected).toBe(55);
});

test('work done twice side by side takes no longer, and costs twice', async () => {
  const given: Given = {
    workflow: '  STATS(reads)\n  STATS_AGAIN(reads)\n  PLOT(STATS.out)\n  TABLE(STATS_AGAIN.out)',
    processes: [step('PLOT'), step('TABLE')],
    options: { platform: { name: 'aws-batch', prices: await loadPrices() } },
    samples: 40,
  };
  const files = {
    'main.nf': `include { STATS; STATS as STATS_AGAIN } from './stats'\n${given.processes.join('')}workflow {\n  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, file(row.reads)] }\n${given.workflow}\n}\n`,
    'stats.nf': step('STATS', { directives: 'cpus 8' }),
    'nextflow.config': "params.input = 'samples.csv'",
  };
  const report = (options: AnalyzeOptions) => analyzeTree(memoryTree(files), 'main.nf', { sizes: { samples: 40 }, shell, ...options });
  // Nobody knows how long STATS takes; both calls take the same, whatever that is.
  const free = of(report({}), 'duplicate-work');
  expect(free.savings?.wallClock).toMatchObject({ low: 0, expected: 0, high: 0 });
  expect(free.standing).toMatchObject({ class: 'noise', anyGain: 0 });
  expect(free.standing?.rank).toBeUndefined();
  const paid = of(report(given.options as AnalyzeOptions), 'duplicate-work').savings;
  expect(paid?.cost?.unit).toBe('USD');
  expect(paid?.cost?.expected).toBeGreaterThan(0);
});

describe('links of one set', () => {
  const waiting = (ready: string): string => `tuple val(id), path(x)\n  ${ready}`;
  const tokensOf = (report: Report) => report.findings.filter(({ ruleId }) => ruleId === 'token-dependency');

  test('in a row: each saves what it saves alone, and they stand together', () => {
    const report = run({
      workflow: '  A(reads)\n  B(reads, A.out.collect())\n  C(reads, B.out.collect())',
      processes: [step('A'), step('B', { inputs: waiting('val ready') }), step('C', { inputs: waiting('val ready') })],
      seconds: { A: 30, B: 30, C: 30 },
    });
    expect(tokensOf(report).map(({ savings }) => savings?.wallClock.expected)).toEqual([30, 30]);
    expect(report.parallelism?.independentSets[0]?.savings?.wallClock.expected).toBe(60);
    expect(tokensOf(report).map(({ standing }) => standing)).toEqual([
      { rank: 1, class: 'certain-direction', anyGain: 1, muchGain: 1, set: 0 },
      { rank: 2, class: 'certain-direction', anyGain: 1, muchGain: 1, set: 0 },
    ]);
  });

  test('side by side: without one of the two the other holds it up as long, without both nothing does', () => {
    const report = run({
      workflow: '  A(reads)\n  B(reads)\n  C(reads, A.out.collect(), B.out.collect())',
      processes: [step('A'), step('B'), step('C', { inputs: waiting('val one\n  val two') })],
      seconds: { A: 30, B: 30, C: 30 },
    });
    expect(tokensOf(report).map(({ savings }) => savings?.wallClock.expected)).toEqual([0, 0]);
    expect(report.parallelism?.independentSets[0]?.savings?.wallClock.expected).toBe(30);
    expect(tokensOf(report).map(({ standing }) => standing?.class)).toEqual(['certain-direction', 'certain-direction']);
  });
});

describe('without durations', () => {
  // Two waits that cost something, one beside a long way and one on it; which is which depends on how long LONG and SHORT take.
  const waiting = 'tuple val(id), path(x)\n  val ready';
  const report = run({
    workflow: '  LONG(reads)\n  SHORT(reads)\n  AFTER_LONG(reads, LONG.out.collect())\n  AFTER_SHORT(reads, SHORT.out.collect())',
    processes: [
      step('LONG', { directives: "label 'process_high'\n  publishDir 'out'" }),
      step('SHORT', { directives: "label 'process_medium'\n  publishDir 'out'" }),
      step('AFTER_LONG', { inputs: waiting, directives: "label 'process_medium'\n  publishDir 'out'" }),
      step('AFTER_SHORT', { inputs: waiting, directives: "label 'process_medium'\n  publishDir 'out'" }),
    ],
  });
  const [first, second] = report.findings.filter(({ ruleId }) => ruleId === 'token-dependency');

  test('what gains in three of four worlds comes first', () => {
    expect(first?.calls).toEqual(['LONG', 'AFTER_LONG']);
    expect(first?.standing).toMatchObject({ rank: 1, class: 'certain-direction' });
    expect(second?.calls).toEqual(['SHORT', 'AFTER_SHORT']);
    expect(second?.standing?.anyGain).toBeLessThan(0.5);
    expect(second?.standing).toMatchObject({ rank: 2, class: 'depends' });
  });

  test('and it is said what it depends on, and what to time', () => {
    const names = second?.standing?.dependsOn?.map(({ call, longer }) => `${call} ${longer ? 'longer' : 'shorter'}`);
    expect(names).toContain('LONG shorter');
    expect(['LONG', 'SHORT', 'AFTER_LONG', 'AFTER_SHORT']).toContain(report.timeFirst?.call);
    expect(report.timeFirst?.why).toMatch(/^how long it takes decides most/);
  });
});

test('a step cut into even parts: a quarter of its time, and it says what that rests on', () => {
  const call = step('CALL', {
    inputs: 'tuple val(id), path(bam), path(bai)',
    script: 'gatk HaplotypeCaller -I $bam -R /ref/genome.fa -O CALL.txt',
  });
  const report = run({
    workflow: '  CALL(reads.map { id, bam -> [id, bam, bam] })',
    processes: [call],
    seconds: { CALL: 400 },
  });
  expect(of(report, 'missing-scatter').savings).toMatchObject({
    wallClock: { expected: 300, basis: 'assumed' },
    assuming: 'it is cut into 4 even parts',
  });
});

test('cpus that nobody uses: nothing with room for all, and time where others wait for them', () => {
  const given: Given = {
    workflow: '  SORT(reads)',
    processes: [step('SORT', { directives: 'cpus 8', script: 'samtools sort -o SORT.txt $x' })],
    seconds: { SORT: 60 },
  };
  const idle = of(run(given), 'single-thread-tool');
  expect([idle.savings, idle.standing]).toEqual([undefined, undefined]);
  // Four tasks of 8 cpus on 8: one after another. Of one cpu each: side by side.
  const tight = of(run({ ...given, options: { platform: { name: 'local:8,64GB' } } }), 'single-thread-tool');
  expect(tight.savings?.wallClock.expected).toBeCloseTo(180, 0);
});
