/** How many cpus to ask for, and what runs tell of how tasks use them. What tasks take with others is `cpu-law.ts`. */
import type { Attempt } from './attempts.ts';
import { type CpuLaw, parallelShare, ratioWith } from './cpu-law.ts';
import { FEWEST_TASKS } from './memory-sizing.ts';

export interface CpuUse {
  /** Of each task that ran to its end: cpus reserved, cores kept busy on the average, seconds. Side by side. */
  readonly reserved: Float64Array;
  readonly busyCores: Float64Array;
  readonly seconds: Float64Array;
}

export interface CpuPlan {
  readonly cpus: number;
  /** Nine tasks in ten keep no more busy. */
  readonly busyMost: number;
  /** Of its work that can run side by side, 0 to 1. */
  readonly parallelShare: number;
  /** How many times as long a task takes with `cpus` as with what was reserved; 1 or more. */
  readonly slowdown: number;
  /** Seconds of a cpu: reserved and idle, as measured; and with what is planned. */
  readonly idleSeconds: number;
  readonly plannedIdleSeconds: number;
}

export interface CpuPlanOptions {
  /** Bytes that are held beside the cpus. */
  readonly memoryBytes?: number | undefined;
}

/**
 * What a GB of memory costs for an hour beside a cpu: 0.004445 $ and 0.04048 $ (Fargate, x86, us-east-1). Only this ratio matters here, and it
 * differs little between providers; what a change does to a bill is another question.
 */
export const MEMORY_TO_CPU = 0.004445 / 0.04048;
const GB = 1e9;
/** As people and machines have them. */
export const CPU_STEPS = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128];

/**
 * Undefined where tasks reserved different numbers of cpus, or just one. Never below the cores that nine in ten tasks kept busy, nor above what was
 * reserved; between the two where cpus and the memory that waits beside them cost least for the work, c = √(f·m/(1 − f)) for m the price of the memory in cpus.
 */
export function planCpus(use: CpuUse, { memoryBytes = 0 }: CpuPlanOptions = {}): CpuPlan | undefined {
  const seen = busyOf(use);
  if (seen === undefined || seen.had < 2) return undefined;
  const { had, work, busy } = seen;
  const share = parallelShare(seen.law);
  const sorted = use.busyCores.toSorted();
  const busyMost = sorted[Math.ceil(0.9 * sorted.length) - 1] as number;
  const cheapest = share >= 1 ? had : Math.sqrt((share * MEMORY_TO_CPU * memoryBytes) / GB / (1 - share));
  const cpus = Math.min(had, nextStep(Math.max(Math.ceil(busyMost), cheapest)));
  const slowdown = ratioWith(seen.law, cpus).expected;
  return {
    cpus,
    busyMost,
    parallelShare: share,
    slowdown,
    idleSeconds: had * work - busy,
    plannedIdleSeconds: Math.max(0, cpus * work * slowdown - busy),
  };
}

/** Below that `%cpu` says more of the start than of the work. */
const TELLING_SECONDS = 10;

/** Undefined where too few tasks can tell. */
export function cpuUseOf(attempts: readonly Attempt[], fewest = FEWEST_TASKS): CpuUse | undefined {
  const telling = attempts.filter(
    ({ end, running, busyCores, cpus }) => end === 'completed' && running >= TELLING_SECONDS && busyCores >= 0 && cpus >= 1,
  );
  if (telling.length < fewest) return undefined;
  return {
    reserved: Float64Array.from(telling, ({ cpus }) => cpus),
    busyCores: Float64Array.from(telling, ({ busyCores }) => busyCores),
    seconds: Float64Array.from(telling, ({ running }) => running),
  };
}

/**
 * What runs tell of a call, however little that is. Undefined where its tasks had different numbers of cpus, or nobody says how many.
 * @param takesAll asked only where that matters
 */
export function cpuLawOf(attempts: readonly Attempt[], takesAll: () => boolean): CpuLaw | undefined {
  const first = attempts.filter(({ end, number }) => end === 'completed' && number === 1);
  const [{ cpus: had } = { cpus: Number.NaN }] = first;
  if (!(had >= 1) || first.some(({ cpus }) => cpus !== had)) return undefined;
  const use = cpuUseOf(first, 1);
  const busy = use === undefined ? undefined : busyOf(use);
  let known: boolean | undefined;
  return {
    had,
    busy: busy?.law.busy ?? (had < 2 ? 1 : Number.NaN),
    get takesAll() {
      known ??= takesAll();
      return known;
    },
  };
}

interface Busy {
  readonly law: Pick<CpuLaw, 'had' | 'busy'> & { readonly takesAll: true };
  readonly had: number;
  /** Seconds of tasks, and of cores that they kept busy. */
  readonly work: number;
  readonly busy: number;
}

/** Undefined where tasks reserved different numbers of cpus, or nothing was busy. */
function busyOf({ reserved, busyCores, seconds }: CpuUse): Busy | undefined {
  const [had = 0] = reserved;
  if (had < 1 || reserved.some((cpus) => cpus !== had)) return undefined;
  const work = seconds.reduce((sum, time) => sum + time, 0);
  const busy = busyCores.reduce((sum, cores, at) => sum + cores * (seconds[at] as number), 0);
  if (!(work > 0) || !(busy > 0)) return undefined;
  // Waiting for disks keeps no core busy: below one there is nothing to tell a speed-up by.
  return { had, work, busy, law: { had, busy: Math.min(had, Math.max(1, busy / work)), takesAll: true } };
}

function nextStep(cpus: number): number {
  return CPU_STEPS.find((step) => step >= cpus) ?? Math.ceil(cpus);
}
