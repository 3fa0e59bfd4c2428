/** What a sizing experiment tells of a call: how long its tasks take with so many cpus and so much memory, by which law, and what is cheapest and what fastest. */

import { hasRun, lengthMs, STATUSES, type TraceRun } from '../../../parser/trace/trace-run.ts';
import { nonNegativeFit } from '../../estimate/least-squares.ts';
import { CPU_STEPS, MEMORY_TO_CPU } from './cpu-sizing.ts';
import { planMemory, roundUpMemory } from './memory-sizing.ts';

/** The exit of an attempt that came through and was made to fail, so that the next setting is tried (rewrite/experiment-config.ts). */
export const PASSED_THE_TRIAL = 222;
/** Killed, and most probably for its memory. */
const KILLED = 137;
const BYTES_PER_GB = 2 ** 30;

/** One attempt at a task. NaN where the trace does not say. */
export interface Trial {
  /** What tells the task from others of the call. */
  readonly task: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
  readonly queue: string;
  readonly seconds: number;
  readonly peak: number;
  readonly busyCores: number;
  readonly end: 'through' | 'killed' | 'failed';
}

/** Attempts with the same setting. */
export interface TriedSetting {
  readonly cpus: number;
  readonly memory: number;
  readonly queue: string;
  readonly through: number;
  readonly killed: number;
  readonly failed: number;
  /** Of a task like most; undefined where none came through. */
  readonly seconds?: number;
  readonly busyCores?: number;
  /** The highest. */
  readonly peak?: number;
}

/** T(c) = one · (1 + serial·(c − 1) + crosstalk·c·(c − 1)) / c: Amdahl's law, and Gunther's where three settings or more tell of crosstalk. */
export interface ThreadLaw {
  /** Seconds with one cpu. */
  readonly one: number;
  readonly serial: number;
  /** 0 where less than three numbers of cpus were tried, or the times show none. */
  readonly crosstalk: number;
  /** Numbers of cpus that it is told by. */
  readonly settings: number;
  /** The largest relative error among them, 0 to 1. */
  readonly off: number;
}

/** With the same memory on the same machines. */
export interface FittedLaw {
  readonly memory: number;
  readonly queue: string;
  readonly law: ThreadLaw;
}

export interface UnitPrices {
  /** Of one cpu and of one GB for an hour; in `currency`, or in cpu hours where there is none. */
  readonly cpuHour: number;
  readonly gbHour: number;
  readonly currency?: string;
  readonly source: string;
}

/** Where no prices are known, a GB is to a cpu as it is on most clouds. */
export const IN_CPU_HOURS: UnitPrices = {
  cpuHour: 1,
  gbHour: MEMORY_TO_CPU,
  source: 'a GB hour taken for 0.11 cpu hours, as clouds charge it',
};

export interface Choice {
  readonly cpus: number;
  readonly memory: number;
  readonly queue: string;
  readonly seconds: number;
  /** For a task, in what prices are in. */
  readonly cost: number;
  /** That very number of cpus was tried. */
  readonly tried: boolean;
}

export interface TrialsResult {
  readonly tasks: number;
  readonly settings: readonly TriedSetting[];
  readonly laws: readonly FittedLaw[];
  /** The least memory with which every attempt came through, and the most with which one was killed; bytes. */
  readonly memoryFloor?: number;
  readonly killedWith?: number;
  /** Median peaks with the fewest and the most cpus, where the second is clearly more; bytes. */
  readonly memoryGrows?: { readonly from: number; readonly to: number; readonly fewest: number; readonly most: number };
  /** As measured, unless the law has a better one by more than it and the measurements may be off; within 1 % of the least cost the fastest. */
  readonly cheapest?: Choice;
  readonly fastest?: Choice;
  /** c* of cost = (1 − f + f/c)·(c·cpu + GB·price): where Amdahl's law alone would have it, not rounded, not bounded. */
  readonly best?: number;
  /** Bytes by attempt, for the cheapest. */
  readonly ladder?: readonly number[];
}

export function trialsIn(run: TraceRun, rows: Int32Array): Trial[] {
  const failed = STATUSES.indexOf('FAILED');
  return [...rows].flatMap((row): Trial[] => {
    const exit = run.exit[row] as number;
    const through = hasRun(run, row) || (run.status[row] === failed && exit === PASSED_THE_TRIAL);
    if (!through && run.status[row] !== failed) return [];
    const peak = (run.peakRssBytes[row] as number) || (run.rssBytes[row] as number);
    return [
      {
        task: run.tag.at(row) ?? '',
        cpus: run.cpus[row] as number,
        memory: run.memoryBytes[row] as number,
        queue: run.queue.at(row) ?? '',
        seconds: lengthMs(run, row) / 1000,
        peak: peak > 0 ? peak : Number.NaN,
        busyCores: (run.cpuPercent[row] as number) / 100,
        end: through ? 'through' : exit === KILLED ? 'killed' : 'failed',
      },
    ];
  });
}

/**
 * @param trials of one call
 * @param forFiles bytes that are not to be gone below
 */
export function resultOf(trials: readonly Trial[], prices: UnitPrices, forFiles = 0): TrialsResult {
  const typical = typicalSeconds(trials);
  const settings = [...grouped(trials, settingOf)]
    .map(([key, some]): TriedSetting => {
      const { cpus, memory, queue } = some[0] as Trial;
      const through = some.filter(({ end }) => end === 'through');
      const seconds = typical.get(key);
      const busy = median(known(through.map(({ busyCores }) => busyCores)));
      const peaks = known(through.map(({ peak }) => peak));
      return {
        cpus,
        memory,
        queue,
        through: through.length,
        killed: some.filter(({ end }) => end === 'killed').length,
        failed: some.filter(({ end }) => end === 'failed').length,
        ...(seconds === undefined ? {} : { seconds }),
        ...(busy === undefined ? {} : { busyCores: busy }),
        ...(peaks.length === 0 ? {} : { peak: Math.max(...peaks) }),
      };
    })
    .sort(
      (one, other) =>
        (one.queue < other.queue ? -1 : one.queue > other.queue ? 1 : 0) || one.memory - other.memory || one.cpus - other.cpus,
    );
  const laws = lawsOf(settings);
  const memory = memoryOf(settings);
  const choices = choicesOf(settings, laws, prices);
  const noise = noiseOf(trials);
  const cheapest = bestOf(choices, laws, noise, 'cost');
  const fastest = bestOf(choices, laws, noise, 'seconds');
  const law = cheapest === undefined ? undefined : lawFor(laws, cheapest);
  const ladder = cheapest === undefined ? undefined : ladderFor(trials, cheapest, forFiles);
  return {
    tasks: new Set(trials.map(({ task }) => task)).size,
    settings,
    laws,
    ...memory,
    ...growthOf(trials),
    ...(cheapest === undefined ? {} : { cheapest }),
    ...(fastest === undefined ? {} : { fastest }),
    ...(law === undefined || cheapest === undefined ? {} : cheapestByAmdahl(law, cheapest.memory, prices)),
    ...(ladder === undefined ? {} : { ladder }),
  };
}

const ABOUT = 1.01;

/** Of what costs about as much, what is fastest. */
function cheapestOf(choices: readonly Choice[]): Choice | undefined {
  const least = leastBy(choices, ({ cost }) => cost);
  return leastBy(
    choices.filter(({ cost }) => cost <= ABOUT * (least?.cost ?? 0)),
    ({ seconds }) => seconds,
  );
}

/** What was measured, unless the law has something that is better by more than the measurements and the law can be off. */
function bestOf(choices: readonly Choice[], laws: readonly FittedLaw[], noise: number, by: 'cost' | 'seconds'): Choice | undefined {
  const best = by === 'cost' ? cheapestOf : (some: readonly Choice[]) => leastBy(some, ({ seconds }) => seconds);
  const measured = best(choices.filter(({ tried }) => tried));
  const any = best(choices);
  if (measured === undefined || any === undefined) return measured;
  return any[by] < (1 - Math.max(noise, lawFor(laws, any)?.off ?? 0)) * measured[by] ? any : measured;
}

/** Two runs of the same on the same machines differ by so much where nobody measured it (traces: 1 to 9 %). */
const USUAL_NOISE = 0.05;

/** How far apart attempts at the same task with the same setting are, as a share: what two standard errors of their mean come to. */
function noiseOf(trials: readonly Trial[]): number {
  const same = grouped(
    trials.filter(({ end, seconds }) => end === 'through' && seconds > 0),
    (trial) => `${trial.task}\n${settingOf(trial)}`,
  );
  let [squares, free] = [0, 0];
  for (const some of same.values()) {
    const logs = some.map(({ seconds }) => Math.log(seconds));
    const middle = mean(logs);
    squares += logs.reduce((sum, log) => sum + (log - middle) ** 2, 0);
    free += logs.length - 1;
  }
  return Math.max(USUAL_NOISE, free === 0 ? 0 : 2 * Math.sqrt(squares / free));
}

function settingOf({ queue, memory, cpus }: Trial): string {
  return `${queue} ${memory} ${cpus}`;
}

/** Tasks differ in size: a setting and a task each have a factor (of logarithms, by turns), and what is said is of a task like most. */
function typicalSeconds(trials: readonly Trial[]): ReadonlyMap<string, number> {
  const told = trials.filter(({ end, seconds }) => end === 'through' && seconds > 0);
  const bySetting = new Map<string, number>();
  const byTask = new Map(told.map(({ task }) => [task, 0]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, some] of grouped(told, settingOf))
      bySetting.set(name, mean(some.map(({ task, seconds }) => Math.log(seconds) - (byTask.get(task) as number))));
    for (const [name, some] of grouped(told, ({ task }) => task))
      byTask.set(name, mean(some.map((trial) => Math.log(trial.seconds) - (bySetting.get(settingOf(trial)) as number))));
  }
  const middle = median([...byTask.values()]) ?? 0;
  return new Map([...bySetting].map(([name, log]) => [name, Math.exp(log + middle)]));
}

/** By turns: where every task was tried with every setting, the first is exact. */
const ROUNDS = 30;

function lawsOf(settings: readonly TriedSetting[]): FittedLaw[] {
  return [...grouped(settings, ({ queue, memory }) => `${queue} ${memory}`).values()].flatMap((some): FittedLaw[] => {
    const { memory, queue } = some[0] as TriedSetting;
    const law = lawOf(some.flatMap(({ cpus, seconds }) => (seconds === undefined ? [] : [{ cpus, seconds }])));
    return law === undefined ? [] : [{ memory, queue, law }];
  });
}

/** undefined: less than two numbers of cpus. By least squares of relative errors, with no part negative: c·T(c) = one + one·serial·(c − 1) + one·crosstalk·c·(c − 1). */
export function lawOf(times: readonly { readonly cpus: number; readonly seconds: number }[]): ThreadLaw | undefined {
  const settings = new Set(times.map(({ cpus }) => cpus)).size;
  if (settings < 2) return undefined;
  const works = times.map(({ cpus, seconds }) => cpus * seconds);
  const [one = 0, serial = 0, crosstalk = 0] = nonNegativeFit(
    times.map(({ cpus }) => (settings < 3 ? [1, cpus - 1] : [1, cpus - 1, cpus * (cpus - 1)])),
    works,
    works.map((work) => 1 / work),
  );
  // More than twice as fast with twice the cpus: no such law.
  if (!(one > 0)) return undefined;
  const law = { one, serial: serial / one, crosstalk: crosstalk / one, settings };
  return { ...law, off: Math.max(...times.map(({ cpus, seconds }) => Math.abs(secondsWith(law, cpus) / seconds - 1))) };
}

export function secondsWith({ one, serial, crosstalk }: Pick<ThreadLaw, 'one' | 'serial' | 'crosstalk'>, cpus: number): number {
  return (one * (1 + serial * (cpus - 1) + crosstalk * cpus * (cpus - 1))) / cpus;
}

function lawFor(laws: readonly FittedLaw[], { memory, queue }: Pick<Choice, 'memory' | 'queue'>): ThreadLaw | undefined {
  return laws.find((one) => Object.is(one.memory, memory) && one.queue === queue)?.law;
}

/** Settings that were tried, and numbers of cpus between them. */
function choicesOf(settings: readonly TriedSetting[], laws: readonly FittedLaw[], prices: UnitPrices): Choice[] {
  const sound = settings.filter(({ seconds, killed, failed }) => seconds !== undefined && killed + failed === 0);
  const costOf = (cpus: number, memory: number, seconds: number): number =>
    (seconds / 3600) * (cpus * prices.cpuHour + ((memory || 0) / BYTES_PER_GB) * prices.gbHour);
  return [...grouped(sound, ({ queue, memory }) => `${queue} ${memory}`).values()].flatMap((some): Choice[] => {
    const { memory, queue } = some[0] as TriedSetting;
    const law = lawFor(laws, { memory, queue });
    const tried = new Map(some.map(({ cpus, seconds }) => [cpus, seconds as number]));
    const [fewest, most] = [Math.min(...tried.keys()), Math.max(...tried.keys())];
    const between =
      law === undefined || law.off > DOUBTFUL ? [] : CPU_STEPS.filter((step) => step > fewest && step < most && !tried.has(step));
    return [...tried.keys(), ...between].map((cpus): Choice => {
      const seconds = tried.get(cpus) ?? secondsWith(law as ThreadLaw, cpus);
      return { cpus, memory, queue, seconds, cost: costOf(cpus, memory, seconds), tried: tried.has(cpus) };
    });
  });
}

/** A law that is so far off at some setting is not gone by. */
export const DOUBTFUL = 0.2;

function memoryOf(settings: readonly TriedSetting[]): Pick<TrialsResult, 'memoryFloor' | 'killedWith'> {
  const killed = settings.filter((one) => one.killed > 0).map(({ memory }) => memory);
  const killedWith = killed.length === 0 ? undefined : Math.max(...killed);
  const enough = settings.filter((one) => one.through > 0 && !(one.memory <= (killedWith ?? 0))).map(({ memory }) => memory);
  const memoryFloor = known(enough).length === 0 ? undefined : Math.min(...known(enough));
  return { ...(memoryFloor === undefined ? {} : { memoryFloor }), ...(killedWith === undefined ? {} : { killedWith }) };
}

/** Clearly more: by so much, of the medians of what tasks took with the fewest and the most cpus. */
const GROWS = 1.1;

function growthOf(trials: readonly Trial[]): Pick<TrialsResult, 'memoryGrows'> {
  const seen = trials.filter(({ end, peak }) => end === 'through' && peak > 0);
  const cpus = seen.map((trial) => trial.cpus);
  if (cpus.length === 0) return {};
  const [fewest, most] = [Math.min(...cpus), Math.max(...cpus)];
  const at = (count: number): number => median(seen.filter((trial) => trial.cpus === count).map(({ peak }) => peak)) as number;
  const [from, to] = [at(fewest), at(most)];
  return fewest < most && to >= GROWS * from ? { memoryGrows: { from, to, fewest, most } } : {};
}

/** Where few were seen. */
const SPARE = 1.5;
const FEW = 5;

/** From what tasks took with as many cpus or, if that was not tried, the next more; above what killed one with no more cpus. */
function ladderFor(trials: readonly Trial[], { cpus, memory }: Choice, forFiles: number): readonly number[] | undefined {
  if (Number.isNaN(memory)) return undefined;
  const through = trials.filter(({ end, peak }) => end === 'through' && peak > 0);
  const nearest = Math.min(...through.flatMap((trial) => (trial.cpus >= cpus ? [trial.cpus] : [])));
  const killedWith = Math.max(0, ...trials.flatMap((trial) => (trial.end === 'killed' && trial.cpus <= nearest ? [trial.memory] : [])));
  const alike = through.filter((trial) => trial.cpus === nearest && trial.memory > killedWith);
  if (alike.length === 0) return undefined;
  const least = Math.max(Math.min(forFiles, memory), killedWith === 0 ? 0 : Math.min(...alike.map((trial) => trial.memory)));
  const peaks = Float64Array.from(alike, ({ peak }) => peak);
  if (peaks.length < FEW) return [Math.max(least, Math.min(memory, roundUpMemory(SPARE * Math.max(...peaks))))];
  const seconds = Float64Array.from(alike, (trial) => trial.seconds);
  return planMemory([{ peaks, seconds, least, requested: memory }])[0]?.ladder;
}

function cheapestByAmdahl({ serial }: ThreadLaw, memory: number, { cpuHour, gbHour }: UnitPrices): Pick<TrialsResult, 'best'> {
  if (serial <= 0 || serial >= 1 || Number.isNaN(memory)) return {};
  return { best: Math.sqrt(((1 - serial) * gbHour * (memory / BYTES_PER_GB)) / (serial * cpuHour)) };
}

function leastBy<T>(items: readonly T[], of: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>((best, item) => (best === undefined || of(item) < of(best) ? item : best), undefined);
}

function grouped<T>(items: readonly T[], by: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group === undefined) groups.set(by(item), [item]);
    else group.push(item);
  }
  return groups;
}

function known(values: readonly number[]): number[] {
  return values.filter((value) => !Number.isNaN(value));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((one, other) => one - other)[(values.length - 1) >> 1];
}
