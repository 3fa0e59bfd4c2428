/**
 * How much memory the tasks of each call should ask for. The ladders of all calls share one allowance of failures, which goes to where it saves
 * most: a large process may fail a little more often than a small one, where a spare gigabyte costs nothing.
 */

import { needOfLarger } from './larger-inputs.ts';
import { type Ladder, Ladders, ladderPrice, type Needs, optimalLadder } from './memory-ladder.ts';
import { CONSTANT, fitLinear, foreseen, type MemoryModel } from './memory-model.ts';
import { withUnseen } from './unseen-task.ts';

/** What is known of the tasks of one call, side by side, in the order of their submission. */
export interface MemoryUse {
  /** Bytes, of tasks that ran to their end; of one that had failed with an allocation before, not below that. */
  readonly peaks: Float64Array;
  /** For which the allocation was held. */
  readonly seconds: Float64Array;
  /** Of what is staged for the task, where that is known when it is submitted. */
  readonly sizes?: Float64Array | undefined;
  /** Bytes that each read: known when it has run, which tells of few whether tasks of larger inputs may come. */
  readonly read?: Float64Array | undefined;
  /** Bytes with which tasks ran out of memory that never came through. */
  readonly starved?: readonly number[] | undefined;
  /** Bytes that were asked for. Where no task ran out of memory, nothing above is proposed. */
  readonly requested?: number | undefined;
  /** Bytes that the first request has to reach whatever was measured, such as a heap whose size is written into the script. */
  readonly least?: number | undefined;
  /** Share of what a task may use of its allocation: 0.8 where the tool is given 80 % of `task.memory`. 1 if absent. */
  readonly usable?: number | undefined;
}

export interface MemoryPlanOptions {
  /** Of 100 tasks of the whole run so many may fail at an attempt, 0 to 1, beside those that no request avoids. */
  readonly failureRate?: number;
  /** Of the tasks of one call. */
  readonly mostFailing?: number;
  readonly rungs?: number;
  readonly margin?: number;
  readonly farthest?: number;
  readonly roundUp?: (bytes: number) => number;
  readonly models?: readonly MemoryModel['kind'][];
}

export interface MemoryPlan {
  readonly model: MemoryModel;
  /** Bytes by attempt, or ratios to what the model foresees, which are bytes then; doubled behind the last. */
  readonly ladder: readonly number[];
  /** Failed attempts among 100 tasks, 0 to 1, as far as the tasks seen can tell: of fewer than five they cannot. */
  readonly expectedFailures?: number;
}

/** Failed attempts among the tasks of a run that a plan is held to, and says. */
export const STATED_FAILURE_RATE = 0.02;
/**
 * What is planned with: the samples of another day are not drawn from the same as those seen. Plans from the first 30 % of a run fail several times as
 * often as plans from 30 % drawn at random (bench/sizing; chosen there on three traces). Of few tasks nothing so strict can be known: what is stated is planned.
 */
const PLANNED_FAILURE_RATE = STATED_FAILURE_RATE / 8;
const PLANNED_OF_FEW = STATED_FAILURE_RATE;
const ENOUGH = 10;
export const FEWEST_TASKS = 5;
/**
 * Few tasks were mostly submitted together and are alike; those that come later need several times as much where that is little, and a request so small saves nothing (bench/sizing; chosen on the
 * CWS traces, where it takes the failures of five tasks by time from 20 to 1.5 % at worst).
 */
const LEAST_BELOW_ENOUGH = 512 * 2 ** 20;
/** Failed attempts of one call: more would be felt in its wait, whatever they save. */
const MOST_FAILING = 0.1;
/** Nextflow looks at memory every second, then every five, then every thirty (command-trace.txt of Nextflow): a peak between is missed. */
const MARGIN = 0.05;
const RUNGS = 3;
/** Nothing is asked for that is so much above all that was seen: that the unseen task may need it is no reason for all others to hold it. */
const FARTHEST = 1.25;

const MIB = 2 ** 20;
/** As people write it: 128 MB steps up to 1 GB, 256 MB up to 8 GB, then 512 MB. */
export function roundUpMemory(bytes: number): number {
  const step = bytes <= 1024 * MIB ? 128 * MIB : bytes <= 8 * 1024 * MIB ? 256 * MIB : 512 * MIB;
  return Math.ceil(bytes / step) * step;
}

/** A plan for each call, in order. Of one to four tasks it is twice their most, 1 GB at least, or today's request if that is less; undefined where there are none. */
export function planMemory(calls: readonly MemoryUse[], options: MemoryPlanOptions = {}): readonly (MemoryPlan | undefined)[] {
  const {
    failureRate,
    mostFailing = MOST_FAILING,
    rungs = RUNGS,
    margin = MARGIN,
    farthest = FARTHEST,
    roundUp = roundUpMemory,
    models = ['constant', 'linear'],
  } = options;
  const sized = calls.flatMap((use, at) => {
    const tasks = use.peaks.length + (use.starved?.length ?? 0);
    if (use.peaks.length === 0 || tasks < FEWEST_TASKS) return [];
    const known = tasks < ENOUGH ? ofFew(use) : use;
    return [new Sized(known, at, { mostFailing, rungs, margin, farthest, roundUp, models })];
  });
  const total = sized.reduce((sum, { tasks }) => sum + tasks, 0);
  const allowed = sized.reduce((sum, { tasks }) => {
    const rate = failureRate ?? (tasks < ENOUGH ? PLANNED_OF_FEW : PLANNED_FAILURE_RATE);
    return sum + rate * tasks;
  }, 0);
  const price = dearEnough(sized, allowed, total);
  const plans = new Map(sized.map((one) => [one.at, one.plan(price)]));
  return calls.map((use, at) => plans.get(at) ?? planOfFew(use, roundUp));
}

function ofFew(use: MemoryUse): MemoryUse {
  const { peaks, read, usable = 1, least = 0 } = use;
  return { ...use, least: Math.max(least, LEAST_BELOW_ENOUGH, read === undefined ? 0 : needOfLarger(peaks, read) / usable) };
}

/** A few looks may all have missed what a task does in a moment. */
const LEAST_OF_FEW = 1024 * MIB;

function planOfFew(
  { peaks, starved = [], requested = Number.POSITIVE_INFINITY, least = 0 }: MemoryUse,
  roundUp: (bytes: number) => number,
): MemoryPlan | undefined {
  if (peaks.length === 0 || starved.length > 0) return undefined;
  return { model: CONSTANT, ladder: [Math.min(requested, roundUp(Math.max(2 * Math.max(...peaks), least, LEAST_OF_FEW)))] };
}

/** What a failed attempt has to cost for all calls together to fail no more than is allowed; the least such price, in bytes times seconds. */
function dearEnough(sized: readonly Sized[], allowed: number, total: number): number {
  const failures = (price: number): number => sized.reduce((sum, one) => sum + one.avoidable(price), 0);
  if (total === 0 || failures(0) <= allowed) return 0;
  let [low, high] = [1, 2 ** 20];
  // Where nothing more can be had for it, the highest ladders are what there is.
  for (let round = 0; round < DOUBLINGS && failures(high) > allowed; round++) [low, high] = [high, high * 256];
  for (let round = 0; round < HALVINGS; round++) {
    const middle = Math.sqrt(low * high);
    if (failures(middle) > allowed) low = middle;
    else high = middle;
  }
  return high;
}
const DOUBLINGS = 6;
const HALVINGS = 20;

type Rules = Required<Omit<MemoryPlanOptions, 'failureRate'>>;

class Sized {
  readonly at: number;
  readonly tasks: number;
  readonly #rules: Rules;
  readonly #model: MemoryModel;
  readonly #ladders: Ladders;

  constructor(use: MemoryUse, at: number, rules: Rules) {
    this.at = at;
    this.#rules = rules;
    const { starved = [] } = use;
    this.tasks = use.peaks.length + starved.length;
    // What never came through has no size that it was seen to suffice for.
    this.#model = starved.length > 0 ? CONSTANT : chooseModel(use, rules);
    const { all, highest } = expectedNeeds(use, this.#model, rules.margin);
    const constant = this.#model.kind === 'constant';
    // What was asked for is enough, as far as anybody knows, where nothing ran out of memory.
    const cap = constant && starved.length === 0 ? (use.requested ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
    const floor = constant ? (use.least ?? 0) : 0;
    this.#ladders = new Ladders(all, {
      least: Math.min(highest, cap),
      most: Math.min(highest * rules.farthest, cap),
      roundUp: (need) => Math.min(cap, constant ? rules.roundUp(Math.max(need, floor)) : need),
    });
  }

  /** With so much for a failed attempt, in bytes times seconds. */
  plan(failureCost: number): MemoryPlan & { readonly expectedFailures: number } {
    const { rungs, failures } = this.#best(failureCost);
    return { model: this.#model, ladder: rungs, expectedFailures: failures / (this.tasks + 1) };
  }

  /** Failed attempts at its tasks beyond those that no plan avoids: not with today's request, nor with the highest that is ever asked for. */
  avoidable(failureCost: number): number {
    return ((this.#best(failureCost).failures - this.#ladders.leastFailures) * this.tasks) / (this.tasks + 1);
  }

  #best(failureCost: number): Ladder {
    const { rungs, mostFailing } = this.#rules;
    return this.#ladders.best({ rungs, mostFailing, failureCost });
  }
}

/** With what is added for peaks that nobody saw; of those that were seen, and of the next task. */
function expectedNeeds(use: MemoryUse, model: MemoryModel, reserve: number): { readonly all: Needs; readonly highest: number } {
  const { starved = [], usable = 1 } = use;
  const margin = (1 + reserve) / usable;
  const seen = needsOf(use, model, margin);
  const starvedNeeds = starved.map((bytes) => bytes * margin);
  const highest = [...starvedNeeds, ...seen.needs].reduce((most, need) => Math.max(most, need), 0);
  return { all: withUnseen(seen, starvedNeeds), highest };
}

/**
 * Shares of the tasks, 0 to 1, that are expected to want more than what is asked for at an attempt, and all attempts before: by attempt, as a plan with that ladder foresees its
 * failures. Nothing where there are too few tasks for a plan.
 * @param ladder bytes by attempt
 */
export function starvingShares(use: MemoryUse, ladder: readonly number[]): readonly number[] {
  if (use.peaks.length === 0 || use.peaks.length + (use.starved?.length ?? 0) < FEWEST_TASKS) return [];
  const { needs, counts } = expectedNeeds(use, CONSTANT, MARGIN).all;
  const total = counts.reduce((sum, one) => sum + one, 0);
  let most = 0;
  return ladder.map((rung) => {
    most = Math.max(most, rung);
    return needs.reduce((sum, need, task) => (need > most ? sum + (counts[task] as number) : sum), 0) / total;
  });
}

function needsOf({ peaks, seconds, sizes }: MemoryUse, model: MemoryModel, margin: number): Needs {
  const expected = peaks.map((_, at) => foreseen(model, sizes?.[at] ?? 0));
  return {
    needs: peaks.map((peak, at) => (peak * margin) / (expected[at] as number)),
    weights: seconds.map((time, at) => time * (expected[at] as number)),
    counts: peaks.map(() => 1),
  };
}

const FOLDS = 5;
/** A model of size has to waste so much less than the constant one, on tasks that it has not seen. */
const MODEL_GAIN = 0.15;

/** Later tasks judge what was learned from earlier ones. */
function chooseModel(use: MemoryUse, rules: Rules): MemoryModel {
  if (use.sizes === undefined) return CONSTANT;
  const judged = rules.models.map((kind) => ({ kind, waste: heldOutWaste(use, kind, rules) }));
  const constant = judged.find(({ kind }) => kind === 'constant')?.waste ?? Number.POSITIVE_INFINITY;
  const best = judged.reduce((least, one) => (one.waste < least.waste ? one : least), {
    kind: 'constant',
    waste: constant * (1 - MODEL_GAIN),
  } as const);
  return modelOf(best.kind, use) ?? CONSTANT;
}

function heldOutWaste(use: MemoryUse, kind: MemoryModel['kind'], { rungs, margin, mostFailing, roundUp }: Rules): number {
  const ends = Array.from({ length: FOLDS + 1 }, (_, fold) => Math.round((fold * use.peaks.length) / FOLDS));
  let waste = 0;
  for (let fold = 1; fold < FOLDS; fold++) {
    const seen = slice(use, 0, ends[fold] as number);
    const model = modelOf(kind, seen);
    if (model === undefined) return Number.POSITIVE_INFINITY;
    const needs = needsOf(seen, model, 1 + margin);
    const ladder = optimalLadder(withUnseen(needs), {
      rungs,
      mostFailing,
      least: Math.max(...needs.needs),
      ...(kind === 'constant' ? { roundUp } : {}),
    });
    waste += ladderPrice(ladder, needsOf(slice(use, ends[fold] as number, ends[fold + 1] as number), model, 1)).waste;
  }
  return waste;
}

function modelOf(kind: MemoryModel['kind'], { sizes, peaks }: MemoryUse): MemoryModel | undefined {
  if (kind === 'constant' || sizes === undefined) return CONSTANT;
  return fitLinear(sizes, peaks);
}

function slice({ peaks, seconds, sizes }: MemoryUse, from: number, to: number): MemoryUse {
  return { peaks: peaks.subarray(from, to), seconds: seconds.subarray(from, to), sizes: sizes?.subarray(from, to) };
}
