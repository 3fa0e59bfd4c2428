// `npm run bench:scaling -- --traces DIR`: how well do runs on parts of the input foretell how long the whole of it takes? DIR is the folder of the Lotaru traces
// (github.com/CRC-FONDA/Lotaru-traces at 53a0930, no licence: nothing of them is kept here), CSV files with a row for each task. Prints the tables of bench/scaling/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearFit, type TimeAtScale, timeOfWhole } from '../../src/analysis/estimate/scaling.ts';

/** Down-sampled inputs of one data set on one machine: what one task of the workflow took, by share of the largest. */
interface Series {
  readonly machine: string;
  readonly times: readonly TimeAtScale[];
}

/**
 * @param sized `WorkflowInputUncompressed`: the share of the input is known before a run, and each data set is a series; `TaskInputSizeUncompressed`: what the task is
 * given, known afterwards, with all data sets in one series
 */
function seriesIn(folder: string, sized: 'WorkflowInputUncompressed' | 'TaskInputSizeUncompressed'): Series[] {
  const all = new Map<string, { machine: string; points: { size: number; seconds: number }[] }>();
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv'))
    .sort()) {
    const [header, ...rows] = readFileSync(join(folder, file), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(','));
    const column = (name: string): number => (header as string[]).indexOf(name);
    const [label, machine, task, size, time] = ['Label', 'Machine', 'Task', sized, 'Realtime'].map(column) as [
      number,
      number,
      number,
      number,
      number,
    ];
    for (const row of rows) {
      const seconds = Number(row[time]) / 1000;
      const bytes = Number(row[size]);
      if (!row[label]?.startsWith('train') || !(seconds > 0) || !(bytes > 0)) continue;
      const key = [file, row[machine], sized === 'TaskInputSizeUncompressed' ? '' : row[label], row[task]].join(' ');
      const known = all.get(key) ?? { machine: row[machine] as string, points: [] };
      all.set(key, known);
      known.points.push({ size: bytes, seconds });
    }
  }
  return [...all.values()].map(({ machine, points }) => {
    const most = Math.max(...points.map(({ size }) => size));
    return { machine, times: points.map(({ size, seconds }) => ({ scale: size / most, seconds })) };
  });
}

type Estimator = (times: readonly TimeAtScale[]) => number;

const ESTIMATORS: Readonly<Record<string, Estimator>> = {
  'a + b·x, relative errors': (times) => timeOfWhole(times).median,
  'a + b·x, absolute errors': (times) => {
    const [mx, my] = [mean(times.map((t) => t.scale)), mean(times.map((t) => t.seconds))];
    const slope = times.reduce((s, t) => s + (t.scale - mx) * (t.seconds - my), 0) / times.reduce((s, t) => s + (t.scale - mx) ** 2, 0);
    return Math.max(my + slope * (1 - mx), 0.001);
  },
  b·x: (times) => mean(times.map((t) => t.seconds / t.scale)),
  'a·x^b': (times) => {
    const logs = times.map((t) => [Math.log(t.scale), Math.log(t.seconds)] as const);
    const [mx, my] = [mean(logs.map(([x]) => x)), mean(logs.map(([, y]) => y))];
    const slope = logs.reduce((s, [x, y]) => s + (x - mx) * (y - my), 0) / logs.reduce((s, [x]) => s + (x - mx) ** 2, 0);
    return Math.exp(my - slope * mx);
  },
  'a (no growth)': (times) => Math.exp(mean(times.map((t) => Math.log(t.seconds)))),
};

/** Which of the shares, sorted, are run. */
type Choice = (scales: readonly number[]) => readonly number[];

function nearest(wanted: readonly number[]): Choice {
  return (scales) =>
    wanted.map((one) => scales.reduce((best, each) => (Math.abs(Math.log(each / one)) < Math.abs(Math.log(best / one)) ? each : best)));
}

const HALF = 'the smaller half of the sizes';
const CHOICES: Readonly<Record<string, Choice>> = {
  [HALF]: (scales) => scales.slice(0, Math.floor(scales.length / 2)),
  '0.4 % and 1.6 %': nearest([1 / 256, 1 / 64]),
  '0.8 % and 3 %': nearest([1 / 128, 1 / 32]),
  '0.8 % and 12 %': nearest([1 / 128, 1 / 8]),
  '3 % and 12 %': nearest([1 / 32, 1 / 8]),
  '3 % and 25 %': nearest([1 / 32, 1 / 4]),
  '0.8 %, 3 % and 12 %': nearest([1 / 128, 1 / 32, 1 / 8]),
  '12 % alone': nearest([1 / 8]),
};

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return ((sorted[(sorted.length - 1) >> 1] as number) + (sorted[sorted.length >> 1] as number)) / 2;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] as string[]).map((_, at) => Math.max(...rows.map((row) => (row[at] as string).length)));
  const lines = rows.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at] as number)).join(' | ')} |`);
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n');
}

function main(): void {
  const at = process.argv.indexOf('--traces');
  const folder = process.argv[at + 1];
  if (at < 0 || folder === undefined) {
    console.error('name the folder of the Lotaru traces: npm run bench:scaling -- --traces DIR');
    process.exitCode = 2;
    return;
  }
  const judged = (sized: Parameters<typeof seriesIn>[1]): Series[] =>
    seriesIn(folder, sized).filter(({ times }) => new Set(times.map(({ scale }) => scale)).size >= 4);
  const series = judged('WorkflowInputUncompressed');
  const bySize = judged('TaskInputSizeUncompressed');
  const rows = [['run', 'fit', 'cases', 'whole / largest run', 'median error', 'within a factor of 2', 'within its range (80 % meant)']];
  const each: readonly (readonly [string, Choice, readonly Series[]])[] = [
    ['the smaller half, by what the task is given', CHOICES[HALF] as Choice, bySize],
    ...Object.entries(CHOICES).map(([what, choice]) => [what, choice, series] as const),
  ];
  for (const [what, choice, some] of each) {
    for (const [name, estimate] of Object.entries(ESTIMATORS)) {
      if (what !== HALF && name !== 'a + b·x, relative errors' && name !== 'b·x') continue;
      const errors: number[] = [];
      const beyond: number[] = [];
      let covered = 0;
      for (const { times } of some) {
        const scales = [...new Set(times.map(({ scale }) => scale))].sort((one, other) => one - other);
        const chosen = new Set(choice(scales));
        const seen = times.filter(({ scale }) => chosen.has(scale));
        const truth = median(times.filter(({ scale }) => scale === 1).map(({ seconds }) => seconds));
        const foretold = estimate(seen);
        errors.push(Math.log(foretold / truth));
        beyond.push(1 / Math.max(...chosen));
        const { sharedSpread, ownSpread } = timeOfWhole(seen);
        if (Math.abs(Math.log(foretold / truth)) <= 1.2816 * Math.hypot(sharedSpread, ownSpread)) covered += 1;
      }
      const relative = errors.map((error) => Math.abs(Math.exp(error) - 1));
      rows.push([
        what,
        name,
        String(errors.length),
        `${median(beyond).toFixed(0)}×`,
        percent(median(relative)),
        percent(errors.filter((error) => Math.abs(error) <= Math.LN2).length / errors.length),
        name.startsWith('a + b·x, rel') ? percent(covered / errors.length) : '',
      ]);
    }
  }
  console.log(table(rows));
  const none = series.filter(({ times }) => linearFit(times).growing === 0).length;
  console.log(`\n${series.length} series of a task on one data set and machine; in ${none} nothing grows with the input.`);
}

main();
