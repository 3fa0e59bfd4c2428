import { describe, expect, test } from 'vitest';
import { nonNegativeFit } from '../../src/analysis/estimate/least-squares.ts';
import { linearFit, timeOfWhole } from '../../src/analysis/estimate/scaling.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { analyzeTree } from '../../src/run.ts';

describe('least squares without negative coefficients', () => {
  test('finds what the values were made of', () => {
    const rows = [1, 2, 4, 8, 16].map((cpus) => [1, cpus - 1, cpus * (cpus - 1)]);
    const fit = nonNegativeFit(
      rows,
      rows.map(([one, two, three]) => 100 * one! + 10 * two! + 0.5 * three!),
      [1, 1, 1, 1, 1],
    );
    expect(fit.map((each) => Number(each.toFixed(9)))).toEqual([100, 10, 0.5]);
  });
  test('leaves a part out that would be negative: the best of what is left', () => {
    // By a line without bounds 12 − 2·x; by a constant, relative errors alike, Σ(1/y) / Σ(1/y²).
    const [fixed, growing] = nonNegativeFit(
      [
        [1, 1],
        [1, 2],
      ],
      [10, 8],
      [1 / 10, 1 / 8],
    );
    expect(growing).toBe(0);
    expect(fixed).toBeCloseTo((1 / 10 + 1 / 8) / (1 / 100 + 1 / 64), 12);
  });
  test('is zero where nothing is told', () => expect(nonNegativeFit([], [], [])).toEqual([]));
});

describe('from parts of the input to the whole', () => {
  const line = (scale: number) => ({ scale, seconds: 20 + 3600 * scale });
  test('a line is gone on with', () => {
    expect(linearFit([line(0.03), line(0.12)])).toEqual({ fixed: expect.closeTo(20, 6), growing: expect.closeTo(3600, 6) });
    expect(timeOfWhole([line(0.03), line(0.12)])).toMatchObject({ median: expect.closeTo(3620, 6), guessed: false });
  });
  test('the farther it is gone on with, the less it is sure', () => {
    const near = timeOfWhole([line(0.1), line(0.4)]).sharedSpread;
    expect(timeOfWhole([line(0.001), line(0.004)]).sharedSpread).toBeGreaterThan(3 * near);
    expect(timeOfWhole([line(0.5), line(2)]).sharedSpread).toBe(0.1);
  });
  test('of one part alone it is not known whether the time grows', () => {
    const { median, sharedSpread, guessed } = timeOfWhole([{ scale: 0.01, seconds: 36 }]);
    // Between 36 s and 3600 s.
    expect(median).toBeCloseTo(360, 6);
    expect(guessed).toBe(true);
    expect(Math.exp(1.2816 * sharedSpread)).toBeCloseTo(10, 6);
  });
});

const PIPELINE = {
  'main.nf': `
process INDEX {
    input: path fasta
    output: path 'index'
    script: "bwa index $fasta"
}
process ALIGN {
    cpus 4
    input: path reads
    each path(index)
    output: path 'out.bam'
    script: "bwa mem $index $reads > out.bam"
}
workflow {
    INDEX(file('genome.fa'))
    ALIGN(channel.fromPath('*.fq'), INDEX.out)
}
`,
};
const HEADER = 'process\ttag\tstatus\texit\trealtime\tcpus\tmemory\t%cpu\tpeak_rss\n';

function runOn(...rows: readonly (readonly [process: string, status: string, realtime: number])[]): string {
  return HEADER + rows.map(([process, status, ms]) => `${process}\ta\t${status}\t0\t${ms}\t4\t8589934592\t380\t1000000000`).join('\n');
}

describe('a pipeline of which parts were run', () => {
  const tree = memoryTree(PIPELINE);
  const traces = [
    { path: 'three.txt', scale: 0.03, text: runOn(['INDEX', 'COMPLETED', 600_000], ['ALIGN', 'COMPLETED', 128_000]) },
    { path: 'twelve.txt', scale: 0.12, text: runOn(['INDEX', 'CACHED', 600_000], ['ALIGN', 'COMPLETED', 452_000]) },
  ];
  const report = analyzeTree(tree, 'main.nf', { traces, sizes: { files: 1 } });
  test('is timed on the whole: what grows has grown, what came from the cache does not', () => {
    // INDEX 600 s; ALIGN 20 s + 3600 s.
    const { now } = report.estimates!;
    expect(now!.wallClock!.expected / 4220).toBeCloseTo(1, 0);
    expect(now!.wallClock!.low).toBeGreaterThan(2500);
    expect(now!.wallClock!.basis).toBe('measured');
  });
  test('what tasks should ask for is not told by parts', () => {
    expect(report.resources).toBeUndefined();
    expect(report.inputs.traces).toMatchObject([
      { name: 'three.txt', scale: 0.03 },
      { name: 'twelve.txt', scale: 0.12 },
    ]);
  });
  test('a run on the whole is taken where there is one', () => {
    const whole = { path: 'whole.txt', text: runOn(['ALIGN', 'COMPLETED', 9_000_000]) };
    const { estimates, resources } = analyzeTree(tree, 'main.nf', { traces: [...traces, whole], sizes: { files: 1 } });
    expect(estimates!.now!.wallClock!.expected / 9_600).toBeCloseTo(1, 1);
    expect(resources!.map(({ call }) => call)).toEqual(['ALIGN']);
  });
});
