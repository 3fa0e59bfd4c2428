// How far runs differ, worked out of the runs at hand; some may be left out. What comes out of all of them stands in src/analysis/estimate/uncertainty.ts and in the platforms.
import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { JUDGED, labelledTimes, linked, modelOf, releasesOf, UNCERTAINTY } from '../../node_modules/.cache/ranges-core.mjs';
import { standstills } from '../replay/standstill.mjs';

/** Seconds; those below are known to the second alone. */
const TELLING = 5;
const SHORTEST = 0.5;
/** Ms of a standstill that was one wait of a minute for an answer, without what standstill.mjs leaves out. */
const WAITED = 40_000;
/** Seconds of a first task's wait on AWS Batch that are not the machine's boot: gathering, image, start. */
const BESIDE_BOOT = 37;
/** Runs of full size, and of data for tests; one run of each. */
const SIZES = {
  test: [
    'cws-rnaseq',
    'cws-chipseq',
    'cws-atacseq',
    'cws-eager',
    'cws-viralrecon',
    'seqera-hello-genomics',
    'wild-rnaseq',
    'wild-long-read-proteogenomics',
  ],
  full: ['force-rangeland', 'seqera-rnaseq', 'seqera-sarek', 'wild-paintorpipe', 'wild-gemmaker', 'sizey-rnaseq', 'sizey-chipseq'],
};

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / Math.max(1, values.length - 1));

/** @param find a case of bench/traces/cases.json by its name: { repo, pipeline, options, runs } */
export class Figures {
  #find;
  #known = new Map();

  constructor(find) {
    this.#find = find;
  }

  /** @param repo what to leave out; undefined: nothing */
  without(repo) {
    const cases = (names) => names.map((name) => this.#find(name)).filter((one) => one !== undefined && one.repo !== repo);
    const clusters = cases(
      JUDGED.filter(({ runs }) => runs[0].platform.name.startsWith('kubernetes') && runs.length > 3).map((set) => set.case),
    );
    const clouds = cases(JUDGED.filter(({ runs }) => runs[0].platform.name === 'aws-batch').map((set) => set.case));
    const repeats = clusters.map((one) => this.#once(`repeat ${one.name}`, () => this.#repeatsOf(one)));
    const waits = clusters.map((one) => this.#once(`pauses ${one.name}`, () => this.#pausesOf(one)));
    const boots = clouds.map((one) => this.#once(`boot ${one.name}`, () => this.#bootOf(one)));
    return {
      repeat: { task: mean(repeats.map(({ task }) => task)), call: mean(repeats.map(({ call }) => call)) },
      labelled: { full: this.#labelled('full', cases(SIZES.full)), test: this.#labelled('test', cases(SIZES.test)) },
      platform: {
        pausesPerHour: waits.reduce((sum, { pauses }) => sum + pauses, 0) / waits.reduce((sum, { hours }) => sum + hours, 0),
        bootMs: { median: 1000 * mean(boots), p90: 2600 * mean(boots) },
      },
    };
  }

  #once(key, make) {
    if (!this.#known.has(key)) this.#known.set(key, make());
    return this.#known.get(key);
  }

  /** Medians of full size are those of 169 types of processes, none of them of the runs that are judged. */
  #labelled(size, cases) {
    const runs = cases.map((one) => this.#once(`labels ${one.name}`, () => labelledTimes(one.pipeline, one.options, one.runs(1))));
    const { labels } = UNCERTAINTY.labelled[size];
    const logs = (rows) => rows.map(({ label, seconds }) => ({ label, log: Math.log(Math.max(SHORTEST, seconds)) }));
    const medians = Object.fromEntries(
      Object.entries(labels).map(([label, { median, within }]) => {
        const some = runs.flatMap((rows) =>
          logs(rows)
            .filter((row) => row.label === label)
            .map(({ log }) => log),
        );
        return [label, { median: size === 'full' || some.length === 0 ? median : Math.exp(mean(some)), within }];
      }),
    );
    const off = runs.map((rows) => logs(rows).map(({ label, log }) => log - Math.log(medians[label].median)));
    const between = Math.sqrt(
      off.reduce((sum, some) => sum + some.length * deviation(some) ** 2, 0) / off.reduce((sum, some) => sum + some.length, 0),
    );
    // Around nought: the medians are what is expected.
    return { labels: medians, between, run: Math.sqrt(mean(off.map((some) => mean(some) ** 2))) };
  }

  /** From one run to another: of all tasks of a call, and of each beside that. Ln seconds, of tasks that no run has two of. */
  #repeatsOf({ tasks }) {
    const runs = tasks().map((rows) => {
      const byName = new Map();
      for (const { process, tag, startMs, completeMs } of rows) {
        const key = `${process} ${tag}`;
        byName.set(key, byName.has(key) ? Number.NaN : Math.log((completeMs - startMs) / 1000));
      }
      return byName;
    });
    const keys = [...runs[0].keys()].filter((key) => runs.every((run) => run.get(key) >= Math.log(TELLING)));
    const usual = new Map(keys.map((key) => [key, mean(runs.map((run) => run.get(key)))]));
    const calls = byCall(keys);
    let [squares, free] = [0, 0];
    const shared = [];
    for (const run of runs)
      for (const some of calls.values()) {
        const off = some.map((key) => run.get(key) - usual.get(key));
        squares += off.reduce((sum, one) => sum + (one - mean(off)) ** 2, 0);
        free += ((some.length - 1) * (runs.length - 1)) / runs.length;
        shared.push({ off: mean(off), tasks: some.length });
      }
    const task = Math.sqrt(squares / free);
    const all = (shared.reduce((sum, { off }) => sum + off ** 2, 0) / shared.length) * (runs.length / (runs.length - 1));
    return { task, call: Math.sqrt(Math.max(0, all - mean(shared.map(({ tasks: some }) => task ** 2 / some)))) };
  }

  #pausesOf({ pipeline, options, tasks }) {
    const model = modelOf(pipeline, options);
    let [pauses, hours] = [0, 0];
    for (const rows of tasks()) {
      pauses += standstills(
        linked(model, rows, ({ waits }) => waits),
        rows,
        releasesOf,
      ).filter((ms) => ms >= WAITED).length;
      hours += (Math.max(...rows.map(({ completeMs }) => completeMs)) - Math.min(...rows.map(({ submitMs }) => submitMs))) / 3_600_000;
    }
    return { pauses, hours };
  }

  #bootOf({ tasks }) {
    return mean(
      tasks().map((rows) => {
        const first = rows.reduce((one, other) => (other.submitMs < one.submitMs ? other : one));
        return (first.startMs - first.submitMs) / 1000 - BESIDE_BOOT;
      }),
    );
  }
}

function byCall(keys) {
  const groups = new Map();
  for (const key of keys) {
    const [call] = key.split(' ');
    groups.set(call, [...(groups.get(call) ?? []), key]);
  }
  return groups;
}

/** Files of one folder by a name with one `*`. */
export function filesOf(traces, pattern) {
  const [start, end] = basename(pattern).split('*');
  return readdirSync(join(traces, dirname(pattern)))
    .filter((name) => (end === undefined ? name === start : name.startsWith(start) && name.endsWith(end)))
    .sort()
    .map((name) => join(traces, dirname(pattern), name));
}
