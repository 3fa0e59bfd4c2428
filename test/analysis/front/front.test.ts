/** Time against money of small pipelines, against what can be reckoned by hand. Tasks of a call take the same, so that nothing is drawn but where machines come up. */
import { describe, expect, test } from 'vitest';
import { answersOf, breakEvens } from '../../../src/analysis/front/answers.ts';
import { memoryTree } from '../../../src/parser/pipeline/file-tree.ts';
import type { Estimate, Report, ReportFront, ReportFrontPoint } from '../../../src/report/report.ts';
import { type AnalyzeOptions, analyzeTree, loadPrices, loadShell } from '../../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();

/** The threads of the aligner as the test has them. */
const mainOf = (threads: string): string => `
process ALIGN {
  cpus 8
  memory '16 GB'
  input:
  tuple val(id), path(reads)
  path index
  output:
  tuple val(id), path('out.bam')
  script:
  ${threads.includes('capped') ? 'def capped = task.cpus > 8 ? 8 : task.cpus' : ''}
  "bwa mem -t ${threads} $index $reads > out.bam"
}
process REPORT {
  memory '2 GB'
  input:
  path bams
  output:
  path 'report.txt'
  script:
  "cat $bams > report.txt"
}
process NOTE {
  input:
  tuple val(id), path(reads)
  output:
  path 'note.txt'
  script:
  "echo $id > note.txt"
}
workflow {
  reads = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, row.reads] }
  NOTE(reads)
  ALIGN(reads, file('ref.fa'))
  REPORT(ALIGN.out.map { it[1] }.collect())
}
`;

const SAMPLES = 6;
const HEADER = 'task_id\tname\tstatus\texit\tsubmit\tstart\tcomplete\trealtime\tcpus\t%cpu\tmemory\tpeak_rss';
const GB = 1024 ** 3;

/** An hour on 8 cpus, 6 of them busy; ten minutes; one. */
function traceOf(): string {
  const row = (id: number, name: string, start: number, seconds: number, cpus: number, busy: number): string =>
    [id, name, 'COMPLETED', 0, start, start, start + seconds * 1000, seconds * 1000, cpus, busy * 100, 16 * GB, 15.5 * GB].join('\t');
  const begin = 1_700_000_000_000;
  const each = (name: string, seconds: number, cpus: number, busy: number): string[] =>
    Array.from({ length: SAMPLES }, (_, at) => row(at, `${name} (${at})`, begin, seconds, cpus, busy));
  return [HEADER, ...each('ALIGN', 3600, 8, 6), ...each('NOTE', 60, 1, 1), row(99, 'REPORT', begin + 3_600_000, 600, 1, 1)].join('\n');
}

function run(
  platform: Omit<NonNullable<AnalyzeOptions['platform']>, 'prices'>,
  front: AnalyzeOptions['front'],
  threads = '${task.cpus}',
): Report {
  const tree = memoryTree({ 'main.nf': mainOf(threads), 'nextflow.config': "params.input = 'samples.csv'" });
  return analyzeTree(tree, 'main.nf', {
    sizes: { samples: SAMPLES },
    traces: [{ path: 'trace.txt', text: traceOf() }],
    shell,
    platform: { ...platform, prices },
    ...(front && { front }),
  });
}

const SLURM = { name: 'slurm:40x32,128GB' };
const cpusOf = ({ choices }: ReportFrontPoint): number => choices.flatMap((one) => (one.kind === 'cpus' ? [one.to] : []))[0] ?? 8;
/** By Amdahl: 6 of 8 busy is a share of (1 − 1/6)/(1 − 1/8) side by side. */
const SHARE = (1 - 1 / 6) / (1 - 1 / 8);
/** A task takes up to so much longer in another run, and the longest of several is waited for. */
const LONGEST = 1.25;
const hoursWith = (cpus: number): number => (1 - SHARE + SHARE / cpus) * 6;

describe('on a cluster', () => {
  const front = run(SLURM, { deadline: 5400, maxCost: 60, valueOfTime: 20 }).front as ReportFront;

  test('hours of cpus where nothing has a price; the fastest, the cheapest, and what lies between, as Amdahl has it', () => {
    expect(front.unit).toBe('cpu·h');
    expect(front.points.map(cpusOf)).toEqual([...front.points.map(cpusOf)].sort((one, two) => two - one));
    expect([front.points[0], front.points.at(-1)].map((one) => cpusOf(one as ReportFrontPoint))).toEqual([32, 2]);
    expect(front.points.length).toBeLessThanOrEqual(6);
    for (const point of front.points) {
      const cpus = cpusOf(point);
      // Reports wait ten minutes, notes a minute each; polls and starts of jobs take seconds.
      const hours = hoursWith(cpus) + 1 / 6;
      expect(point.wallClock.expected).toBeGreaterThan(hours * 3600 * 0.995);
      expect(point.wallClock.expected).toBeLessThan((hours * 3600 + 60) * LONGEST);
      expect(point.cost.expected / (SAMPLES * (cpus * hoursWith(cpus) + 1 / 60) + 1 / 6)).toBeCloseTo(1, 1);
      expect(point.wallClock.basis).toBe(cpus === 8 ? 'measured' : 'assumed');
    }
  });

  test('an hour less costs what lies between neighbours', () => {
    expect(front.breakEven).toHaveLength(front.points.length - 1);
    for (const { from, to, perHour } of front.breakEven) {
      const [slower, faster] = [front.points[from], front.points[to]] as [ReportFrontPoint, ReportFrontPoint];
      const hours = (slower.wallClock.expected - faster.wallClock.expected) / 3600;
      expect(perHour / ((faster.cost.expected - slower.cost.expected) / hours)).toBeCloseTo(1, 1);
    }
  });

  test('no point lies below the bound, and the bound comes near: here all tasks have room', () => {
    for (const { wallClock, cost } of front.points) {
      const below = front.lowerBound.filter((one) => one.wallClock >= wallClock.expected);
      for (const one of below) expect(cost.expected).toBeGreaterThanOrEqual(one.cost * 0.99);
    }
    const least = hoursWith(32) * 3600 + 600;
    expect(front.lowerBound[0]?.wallClock).toBeGreaterThan(least * 0.995);
    expect(front.lowerBound[0]?.wallClock).toBeLessThan(least * LONGEST);
    expect((front.lowerBound.at(-1)?.cost ?? 0) / (SAMPLES * (2 * hoursWith(2) + 1 / 60) + 1 / 6)).toBeCloseTo(1, 1);
  });

  test('the cheapest in time, the fastest for the money, the best for what an hour is worth', () => {
    const [deadline, maxCost, value] = (front.chosen ?? []).map(({ point }) => front.points[point as number] as ReportFrontPoint) as [
      ReportFrontPoint,
      ReportFrontPoint,
      ReportFrontPoint,
    ];
    expect(deadline.wallClock.high).toBeLessThanOrEqual(5400);
    for (const one of front.points) if (one.cost.expected < deadline.cost.expected) expect(one.wallClock.high).toBeGreaterThan(5400);
    expect(maxCost.cost.expected).toBeLessThanOrEqual(60);
    for (const one of front.points) if (one.wallClock.expected < maxCost.wallClock.expected) expect(one.cost.expected).toBeGreaterThan(60);
    const price = ({ wallClock, cost }: ReportFrontPoint): number => cost.expected + (20 * wallClock.expected) / 3600;
    for (const one of front.points) expect(price(value)).toBeLessThanOrEqual(price(one) + 1);
  });

  test('a number that is made of task.cpus is not followed: more cpus may do nothing', () => {
    const kept = run(SLURM, {}, '$capped').front as ReportFront;
    for (const point of kept.points) expect(cpusOf(point)).toBeLessThanOrEqual(8);
    const unasked = run(SLURM, {}, '4').front as ReportFront;
    // It keeps 6 busy whatever it is given.
    for (const point of unasked.points) expect([6, 8]).toContain(cpusOf(point));
  });

  test('nobody asked', () => {
    expect(run(SLURM, undefined).front).toBeUndefined();
  });

  test('what cannot be met is said to be', () => {
    const { chosen } = run(SLURM, { deadline: 60, maxCost: 1 }).front as ReportFront;
    expect(chosen).toEqual([
      { by: 'deadline', given: 60 },
      { by: 'max-cost', given: 1 },
    ]);
  });
});

describe('on AWS Batch', () => {
  const front = run({ name: 'aws-batch', maxCpus: 256 }, { valueOfTime: 10 }).front as ReportFront;

  test('money, spot among the choices, and nothing below the bound', () => {
    expect(front.unit).toBe('USD');
    expect(front.points.some(({ choices }) => choices.some((one) => one.kind === 'market' && one.to === 'spot'))).toBe(true);
    for (const { wallClock, cost } of front.points)
      for (const one of front.lowerBound) if (one.wallClock >= wallClock.expected) expect(cost.expected).toBeGreaterThanOrEqual(one.cost);
    expect(front.points.every(({ wallClock }) => wallClock.expected >= (front.lowerBound[0]?.wallClock ?? 0))).toBe(true);
  });

  test('the same input, the same front', () => {
    expect(run({ name: 'aws-batch', maxCpus: 256 }, { valueOfTime: 10 }).front).toEqual(front);
  });
});

describe('how many cpus at once', () => {
  const AWS = { name: 'aws-batch', spot: true };
  const { points } = run(AWS, {}).front as ReportFront;

  test('is what tasks use: no limit that is tried by hand costs less in as much time', () => {
    for (const maxCpus of [8, 16, 24, 32, 48, 64, 96, 128, 192, 256]) {
      const { estimates } = run({ ...AWS, maxCpus }, undefined);
      const { wallClock, cost } = (estimates as NonNullable<typeof estimates>).now as Pick<ReportFrontPoint, 'wallClock' | 'cost'>;
      // Within what the figures can tell, twice: a step is not taken for less.
      const atLeastAsGood = points.filter(
        (one) => one.wallClock.expected <= wallClock.expected * 1.04 && one.cost.expected <= cost.expected * 1.04,
      );
      expect(atLeastAsGood, `at most ${maxCpus} cpus: ${wallClock.expected} s, ${cost.expected}`).not.toEqual([]);
    }
  });

  test('is named with the number that there is today', () => {
    const limits = points.flatMap(({ choices }) => choices.flatMap((one) => (one.kind === 'max-cpus' ? [one] : [])));
    expect(limits.length).toBeGreaterThan(0);
    for (const { from, to } of limits) expect([from, to < 4 * 256]).toEqual([256, true]);
  });
});

describe('the hull', () => {
  const at = (hours: number, money: number): { wallClock: Estimate; cost: Estimate } => {
    const exact = (amount: number, unit: string): Estimate => ({
      low: amount,
      expected: amount,
      high: amount,
      unit,
      basis: 'measured',
      source: '',
    });
    return { wallClock: exact(hours * 3600, 's'), cost: exact(money, 'USD') };
  };

  test('what no value of an hour makes the best is in no break-even', () => {
    // From 1 h to 2 h an hour costs 10, by way of 1.5 h, 9.5 it would cost 1 and then 19.
    const points = [at(1, 10), at(1.5, 9.5), at(2, 0)];
    expect(breakEvens(points)).toEqual([{ from: 2, to: 0, perHour: 10 }]);
    for (const valueOfTime of [0, 0.9, 1.1, 9, 11, 18, 20, 100])
      expect(answersOf(points, { valueOfTime })[0]?.point).toBe(valueOfTime > 10 ? 0 : 2);
  });

  test('one point has nothing to be compared with', () => {
    expect(breakEvens([at(1, 10)])).toEqual([]);
  });

  test('who reads that a point costs as much as was given is told that it does', () => {
    expect(answersOf([at(1, 2.0604)], { maxCost: 2.06 })).toEqual([{ by: 'maxCost', given: 2.06, point: 0 }]);
    expect(answersOf([at(1, 2.066)], { maxCost: 2.06 })).toEqual([{ by: 'maxCost', given: 2.06 }]);
  });
});

describe('what if a call took less', () => {
  test('on the longest path what its tasks take, off it nothing', () => {
    const { criticalPath } = run(SLURM, undefined);
    const saved = new Map(criticalPath?.whatIf?.map(({ call, half, none }) => [call, [half.expected, none.expected]]));
    // ALIGN an hour, then REPORT ten minutes; NOTE ends after a minute. Without ALIGN, REPORT waits for nothing but is there still.
    const factor = (call: string, half: number): number[] => {
      const [first = Number.NaN, second = Number.NaN] = saved.get(call) ?? [];
      return [first / half, second / (2 * half)];
    };
    for (const one of [...factor('ALIGN', 1800), ...factor('REPORT', 300)]) {
      expect(one).toBeGreaterThan(0.9);
      expect(one).toBeLessThan(LONGEST);
    }
    expect(saved.get('NOTE') ?? [0, 0]).toEqual([0, 0]);
    expect((criticalPath?.duration.expected ?? 0) / 4200).toBeLessThan(LONGEST);
  });
});
