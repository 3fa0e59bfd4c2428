// `npm run sizing -- --traces DIR [--seeds N] [--fewest TASKS]` or `--fit FILE --predict FILE`, two runs of one pipeline: how much memory would requests made from a part of a run have wasted on the rest of it, and how often would tasks
// have failed? Of two runs: requests made from all of one, on all of the other. DIR is a folder of the Sizey traces (github.com/dos-group/sizey at ae61efb, data/trace_*.csv; no licence: nothing of them is kept here).
// Prints the tables of bench/sizing/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ladderPrice, type Needs } from '../../src/analysis/passes/sizing/memory-ladder.ts';
import { foreseen } from '../../src/analysis/passes/sizing/memory-model.ts';
import { type MemoryPlanOptions, planMemory, roundUpMemory } from '../../src/analysis/passes/sizing/memory-sizing.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';
import type { TraceRun } from '../../src/parser/trace/trace-run.ts';

interface Task {
  readonly rss: number;
  readonly peak: number;
  readonly seconds: number;
  readonly read: number;
  readonly requested: number;
  readonly submitted: number;
}

/** GB·h of the best of six published methods on each trace, as the methods' authors' own code gave them: seed 1996, and the median over seeds 1996, 1 and 2. */
const BEST_PUBLISHED: Readonly<
  Record<string, { readonly method: string; readonly seed1996: number; readonly median: number; readonly failures: number }>
> = {
  chipseq: { method: 'Witt-Percentile', seed1996: 94.7, median: 100, failures: 114 },
  iwd: { method: 'Witt-Wastage', seed1996: 0.48, median: 0.6, failures: 124 },
  rnaseq: { method: 'Witt-LR/STDUNDER', seed1996: 57.9, median: 75, failures: 82 },
  eager: { method: 'Witt-Wastage', seed1996: 430.3, median: 415, failures: 257 },
  mag: { method: 'Witt-LR/STD', seed1996: 289.8, median: 289.8, failures: 813 },
  methylseq: { method: 'Witt-LR/STDUNDER', seed1996: 988.9, median: 989, failures: 146 },
};
/** As the papers have it. */
const FEWEST_ROWS = 34;
const TRAINED = 0.3;
const GB_HOURS = 1e9 * 3600;

function tasksIn(run: TraceRun): ReadonlyMap<string, readonly Task[]> {
  const tasks = new Map<string, Task[]>();
  for (let row = 0; row < run.rows; row++) {
    const rss = run.rssBytes[row] as number;
    if (!(rss > 0)) continue;
    const name = run.processes[run.process[row] as number] as string;
    const task = {
      rss,
      peak: (run.peakRssBytes[row] as number) || rss,
      seconds: (run.realtimeMs[row] as number) / 1000,
      read: run.readCharBytes[row] as number,
      requested: run.memoryBytes[row] as number,
      submitted: run.submitMs[row] as number,
    };
    const others = tasks.get(name);
    if (others === undefined) tasks.set(name, [task]);
    else others.push(task);
  }
  return tasks;
}

/** mulberry32: the same numbers from the same seed. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const all = [...items];
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(next() * (at + 1));
    [all[at], all[other]] = [all[other] as T, all[at] as T];
  }
  return all;
}

interface Split {
  readonly seen: readonly Task[];
  readonly unseen: readonly Task[];
}

interface Outcome {
  waste: number;
  failures: number;
  tasks: number;
}

type Truth = 'rss' | 'peak';
/** For each process what is asked for: rungs, on what the size foresees. */
type Method = (splits: readonly Split[]) => readonly { readonly ladder: readonly number[]; foresee(task: Task): number }[];

function judge(splits: readonly Split[], method: Method, truth: Truth): Outcome {
  const outcome = { waste: 0, failures: 0, tasks: 0 };
  method(splits).forEach(({ ladder, foresee }, at) => {
    const { unseen } = splits[at] as Split;
    const needs: Needs = {
      needs: Float64Array.from(unseen, (task) => task[truth] / foresee(task)),
      weights: Float64Array.from(unseen, (task) => task.seconds * foresee(task)),
      counts: Float64Array.from(unseen, () => 1),
    };
    const { waste, failures } = ladderPrice(ladder, needs);
    outcome.waste += waste / GB_HOURS;
    outcome.failures += failures;
    outcome.tasks += unseen.length;
  });
  return outcome;
}

function presets(splits: readonly Split[]): Outcome {
  const unseen = splits.flatMap((split) => split.unseen);
  return {
    waste: unseen.reduce((sum, { seconds, requested, peak }) => sum + seconds * (requested - peak), 0) / GB_HOURS,
    failures: 0,
    tasks: unseen.length,
  };
}

const planned =
  (truth: Truth, options: MemoryPlanOptions, withSizes: boolean): Method =>
  (splits) => {
    const uses = splits
      .map(({ seen: some }) => some.toSorted((one, other) => one.submitted - other.submitted))
      .map((seen) => ({
        peaks: Float64Array.from(seen, (task) => task[truth]),
        seconds: Float64Array.from(seen, ({ seconds }) => seconds),
        read: Float64Array.from(seen, ({ read }) => read),
        ...(withSizes
          ? { sizes: Float64Array.from(seen, ({ read }) => read) }
          : { requested: Math.max(...seen.map(({ requested }) => requested)) }),
      }));
    return planMemory(uses, options).map((plan) => {
      if (plan === undefined) throw new Error('a process without a task');
      return { ladder: plan.ladder, foresee: ({ read }) => foreseen(plan.model, read) };
    });
  };

/** The quantile of what was seen and 10 %, doubled on failure. */
const quantile =
  (share: number, truth: Truth): Method =>
  (splits) =>
    splits.map(({ seen }) => {
      const sorted = seen.map((task) => task[truth]).sort((one, other) => one - other);
      return { ladder: [1.1 * (sorted[Math.ceil(share * sorted.length) - 1] as number)], foresee: () => 1 };
    });

const COMPARABLE: MemoryPlanOptions = { failureRate: 0.02, margin: 0.01, roundUp: (bytes) => bytes };

/** What no constant that fails nothing can beat: the most that the rest needs, known beforehand. */
const knownBefore: Method = (splits) =>
  splits.map(({ unseen }) => ({ ladder: [roundUpMemory(Math.max(...unseen.map(({ peak }) => peak)))], foresee: () => 1 }));

const deployable: readonly (readonly [string, Method])[] = [
  ['max × 1.10', quantile(1, 'peak')],
  ['p95 × 1.10', quantile(0.95, 'peak')],
  ['ladder', planned('peak', {}, false)],
  ['known beforehand', knownBefore],
];

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[values.length >> 1] as number;
}

const figure = (value: number): string => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function row(name: string, method: string, outcomes: readonly Outcome[], preset: readonly Outcome[]): string {
  const wastes = outcomes.map(({ waste }) => waste);
  const cuts = outcomes.map(({ waste }, at) => 1 - waste / (preset[at] as Outcome).waste);
  const range = outcomes.length === 1 ? '' : ` (${figure(Math.min(...wastes))}–${figure(Math.max(...wastes))})`;
  const failures = outcomes.map((outcome) => outcome.failures);
  const rate = median(outcomes.map((outcome) => outcome.failures / outcome.tasks));
  return `| ${name} | ${method} | ${figure(median(wastes))}${range} | ${(100 * median(cuts)).toFixed(0)} % | ${median(failures)} of ${(outcomes[0] as Outcome).tasks} | ${(100 * rate).toFixed(2)} % |`;
}

const HEADER = '| trace | method | wasted GB·h, median (range) | below presets | failed attempts | of tasks |\n|---|---|---|---|---|---|';

/** All processes of both runs, those with few tasks too. */
function transfer(fitted: string, predicted: string): void {
  const timed = (path: string): ReadonlyMap<string, readonly Task[]> => {
    const tasks = readTrace(readFileSync(path, 'utf8'), basename(path)).map(tasksIn)[0] as ReadonlyMap<string, readonly Task[]>;
    return new Map([...tasks].map(([name, all]) => [name, all.filter(({ seconds, requested }) => seconds > 0 && requested > 0)]));
  };
  const [before, after] = [timed(fitted), timed(predicted)];
  const splits = [...after].flatMap(([name, unseen]): Split[] => {
    const seen = before.get(name) ?? [];
    return seen.length === 0 || unseen.length === 0 ? [] : [{ seen, unseen }];
  });
  const few = splits.filter(({ seen }) => seen.length < 5).length;
  console.log(
    `${splits.length} processes in both, ${few} with fewer than five tasks; ${after.size - splits.length} in the second alone\n\n${HEADER}`,
  );
  const preset = [presets(splits)];
  console.log(row('transfer', 'presets', preset, preset));
  for (const [method, run] of deployable) console.log(row('transfer', method, [judge(splits, run, 'peak')], preset));
}

function main(args: readonly string[]): void {
  const option = (name: string): string | undefined => (args.includes(`--${name}`) ? args[args.indexOf(`--${name}`) + 1] : undefined);
  const [folder, fitted, predicted] = [option('traces'), option('fit'), option('predict')];
  if (fitted !== undefined && predicted !== undefined) {
    transfer(fitted, predicted);
    return;
  }
  if (folder === undefined) {
    console.error('usage: npm run sizing -- --traces DIR [--seeds N] [--fewest TASKS] | --fit FILE --predict FILE');
    process.exitCode = 2;
    return;
  }
  const fewest = Number(option('fewest') ?? FEWEST_ROWS);
  const seeds = Array.from({ length: Number(option('seeds') ?? 7) }, (_, at) => at + 1);
  const traces = readdirSync(folder)
    .filter((name) => /^trace_\w+\.csv$/.test(name))
    .map((file) => {
      const [run] = readTrace(readFileSync(join(folder, file), 'utf8'), file) as [TraceRun];
      const all = [...tasksIn(run).values()];
      const eligible = all.filter((tasks) => tasks.length >= fewest && tasks.every(({ seconds }) => seconds > 0));
      const count = (some: readonly (readonly Task[])[]): number => some.reduce((sum, { length }) => sum + length, 0);
      const name = basename(file, '.csv').slice('trace_'.length);
      console.log(
        `${name}: ${eligible.length} processes with ${count(eligible)} tasks judged; ${all.length - eligible.length} with ${count(all) - count(eligible)} left out as in the papers (fewer than ${fewest} tasks, or one of 0 s)`,
      );
      return { name, eligible };
    });
  const random = (eligible: readonly (readonly Task[])[], cut: (count: number) => number): Split[][] =>
    seeds.map((seed) =>
      eligible.map((tasks, at) => {
        const order = shuffled(tasks, seed * 1000 + at);
        return { seen: order.slice(0, cut(tasks.length)), unseen: order.slice(cut(tasks.length)) };
      }),
    );
  const first = (eligible: readonly (readonly Task[])[], cut: (count: number) => number): Split[][] => [
    eligible.map((tasks) => {
      const order = [...tasks].sort((one, other) => one.submitted - other.submitted);
      return { seen: order.slice(0, cut(tasks.length)), unseen: order.slice(cut(tasks.length)) };
    }),
  ];
  // As scikit-learn's train_test_split(test_size=0.7) rounds.
  const share = (count: number): number => count - Math.ceil((1 - TRAINED) * count);

  console.log(`\nComparable (rchar as size, truth rss, 30 % at random, ${seeds.length} seeds, never updated)\n\n${HEADER}`);
  for (const { name, eligible } of traces) {
    const splits = random(eligible, share);
    const preset = splits.map(presets);
    const best = BEST_PUBLISHED[name];
    console.log(row(name, 'presets', preset, preset));
    if (best !== undefined)
      console.log(`| ${name} | best published: ${best.method} | ${best.median} (seed 1996: ${best.seed1996}) | | ${best.failures} | |`);
    for (const [method, run] of [
      ['max × 1.10', quantile(1, 'rss')],
      ['p95 × 1.10', quantile(0.95, 'rss')],
      ['ladder, by size', planned('rss', COMPARABLE, true)],
    ] as const)
      console.log(
        row(
          name,
          method,
          splits.map((split) => judge(split, run, 'rss')),
          preset,
        ),
      );
  }
  for (const [title, cut, order] of [
    [`Deployable (constants by attempt as the product plans them, truth peak_rss, 30 % at random, ${seeds.length} seeds)`, share, random],
    ['Deployable, the first 30 % by time of submission', share, first],
    [`Deployable, five tasks at random, ${seeds.length} seeds`, () => 5, random],
    ['Deployable, the first five tasks by time of submission', () => 5, first],
  ] as const) {
    console.log(`\n${title}\n\n${HEADER}`);
    for (const { name, eligible } of traces) {
      const splits = order(eligible, cut);
      const preset = splits.map(presets);
      console.log(row(name, 'presets', preset, preset));
      for (const [method, run] of deployable)
        console.log(
          row(
            name,
            method,
            splits.map((split) => judge(split, run, 'peak')),
            preset,
          ),
        );
    }
  }
}

main(process.argv.slice(2));
