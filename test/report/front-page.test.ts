/** What the page says of time against money, and of calls that would take less. */
import { describe, expect, test } from 'vitest';
import { type Line, lineWidth, UNICODE } from '../../src/report/layout.ts';
import { frontLines } from '../../src/report/page/front.ts';
import { whatIfLines } from '../../src/report/page/what-if.ts';
import type { Estimate, Report, ReportFront } from '../../src/report/report.ts';

const page = { width: 78, glyphs: UNICODE, verbose: false };
const textOf = (lines: readonly Line[]): string =>
  lines
    .map((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .replaceAll('\u00a0', ' '),
    )
    .join('\n');
const estimate = (low: number, expected: number, high: number, unit: string, basis: Estimate['basis'] = 'assumed'): Estimate => ({
  low,
  expected,
  high,
  unit,
  basis,
  source: 'a test',
});
const platform: Report['inputs']['platform'] = { name: 'aws-batch', text: 'aws-batch in us-east-1, at most 256 cpus at once' };

const front: ReportFront = {
  unit: 'USD',
  points: [
    {
      wallClock: estimate(16_000, 18_000, 21_000, 's'),
      cost: estimate(30, 43, 110, 'USD'),
      choices: [
        { kind: 'max-cpus', from: 256, to: 512 },
        { kind: 'cpus', calls: ['RNASEQ:ALIGN:STAR_ALIGN', 'RNASEQ:ALIGN:SAMTOOLS_SORT'], from: 8, to: 16 },
      ],
    },
    { wallClock: estimate(20_000, 25_200, 30_000, 's', 'measured'), cost: estimate(25, 36, 96, 'USD'), choices: [] },
    {
      wallClock: estimate(25_000, 32_400, 40_000, 's'),
      cost: estimate(12, 18, 50, 'USD'),
      choices: [
        { kind: 'market', to: 'spot' },
        { kind: 'memory', calls: ['RNASEQ:ALIGN:STAR_ALIGN', 'RNASEQ:QC:FASTQC'] },
        { kind: 'cpus', calls: ['A', 'B', 'C', 'D', 'E', 'F'].map((name) => `RNASEQ:QC:RSEQC_${name}`), from: 6, to: 2 },
      ],
    },
  ],
  lowerBound: [
    { wallClock: 15_000, cost: 20 },
    { wallClock: 32_400, cost: 8 },
  ],
  breakEven: [
    { from: 1, to: 0, perHour: 3.5 },
    { from: 2, to: 1, perHour: 9 },
  ],
  scalableCalls: 9,
  chosen: [
    { by: 'deadline', given: 32_400, point: 1 },
    { by: 'max-cost', given: 10 },
    { by: 'value-of-time', given: 7.5, point: 2 },
  ],
};

describe('time against money', () => {
  test('what to change for each, what an hour costs, what answers the questions', async () => {
    const lines = frontLines({ front, inputs: { platform } } as Report, page);
    await expect(`${textOf(lines)}\n`).toMatchFileSnapshot('expected/time-against-money-80.txt');
    for (const line of lines) expect(lineWidth(line)).toBeLessThanOrEqual(page.width);
  });

  test('without prices cost is hours of cpus, and the page says so', () => {
    const unit = 'cpu·h';
    const points = front.points.map((one) => ({ ...one, cost: { ...one.cost, unit } }));
    const text = textOf(frontLines({ front: { ...front, unit, points }, inputs: { platform } } as unknown as Report, page));
    expect(text).toContain('43 cpu·h');
    expect(text.replaceAll(/\s+/g, ' ')).toContain('without prices (--prices) cost is the hours of cpus that tasks hold');
  });

  const costing = (...costs: readonly number[]): ReportFront => ({
    ...front,
    points: costs.map((cost, at) => ({
      wallClock: estimate(5000, 5820 + 270 * at, 7000, 's'),
      cost: estimate(cost, cost, cost, 'USD'),
      choices: [],
    })),
    breakEven: [{ from: costs.length - 1, to: 0, perHour: 4.6 }],
    chosen: [],
  });
  const told = (one: ReportFront): string =>
    textOf(frontLines({ front: one, inputs: { platform } } as Report, page)).replaceAll(/\s+/g, ' ');

  test('what the user gave is printed as it was given, and points that differ read differently', () => {
    const text = told({
      ...costing(2.06, 1.44, 1.41),
      chosen: [
        { by: 'max-cost', given: 1.425, point: 2 },
        { by: 'max-cost', given: 1.35 },
        { by: 'value-of-time', given: 7.123, point: 0 },
        { by: 'deadline', given: 5415, point: 2 },
      ],
    });
    for (const part of [
      '1 h 37 m $2.06',
      '1 h 42 m $1.44',
      '1 h 46 m $1.41',
      'no more than $1.425 expected: the fastest is 3',
      'no more than $1.35 expected: none that was found; the cheapest is 3, $1.41',
      'an hour is worth $7.123:',
      'done within 1 h 30 m 15 s nine times in ten:',
    ])
      expect(text).toContain(part);
  });

  test('what reads apart is as coarse as ever', () => {
    expect(told(costing(2.06, 1.44))).toContain('$2.1 ');
    // Without more digits who is asked for $2.1 at most would not see why it is not the first.
    expect(told({ ...costing(2.11, 1.44), chosen: [{ by: 'max-cost', given: 2.1, point: 1 }] })).toContain('$2.11');
  });

  test('a point that no value of an hour makes the best says so', () => {
    expect(told(costing(2.06, 1.9, 1.41)).match(/whatever an hour is worth, another is better/g)).toHaveLength(1);
    expect(told(costing(2.06, 1.41))).not.toContain('whatever');
  });

  test('nobody asked: nothing', () => {
    expect(frontLines({ inputs: { platform } } as Report, page)).toEqual([]);
  });
});

describe('what if a call took less', () => {
  const whatIf = (...rows: readonly [string, number, number][]): Report =>
    ({
      criticalPath: {
        calls: [],
        duration: estimate(19_000, 20_000, 22_000, 's'),
        slackByCall: {},
        whatIf: rows.map(([call, half, none]) => ({ call, half: estimate(half, half, half, 's'), none: estimate(none, none, none, 's') })),
      },
    }) as unknown as Report;

  test('at most five calls, those that save most first; what is within the error of the figures is nothing', async () => {
    const rows = ['QUALIMAP', 'MARKDUPLICATES', 'STAR_ALIGN', 'TRIMGALORE', 'SORT', 'INDEX'] as const;
    const report = whatIf(
      ...rows.map((name, at): [string, number, number] => [`RNASEQ:${name}`, 3000 / (at + 1) ** 2, 6000 / (at + 1) ** 2]),
    );
    await expect(`${textOf(whatIfLines(report, page))}\n`).toMatchFileSnapshot('expected/what-if-80.txt');
  });

  test('where nothing would save anything, or there is one call, there is no table', () => {
    expect(whatIfLines(whatIf(['A', 10, 20], ['B', 0, 0]), page)).toEqual([]);
    expect(whatIfLines(whatIf(['A', 10_000, 20_000]), page)).toEqual([]);
  });
});
