/** What a front answers: by when, for how much, or for what an hour is worth. */
import { type Estimate, significant } from '../estimate/estimate.ts';
import { hullOf } from './pareto.ts';

/** What the user asks of the front. */
export interface FrontQuestions {
  /** Seconds: nine runs in ten should take no longer. */
  readonly deadline?: number;
  /** In the front's unit: what a run is expected to cost at most. */
  readonly maxCost?: number;
  /** In the front's unit: what an hour less is worth. */
  readonly valueOfTime?: number;
}

export interface FrontAnswer {
  readonly by: keyof FrontQuestions;
  readonly given: number;
  /** Which point; absent where none does. */
  readonly point?: number;
}

interface Point {
  readonly wallClock: Estimate;
  readonly cost: Estimate;
}

/** By the figures that are shown: whoever reads that a point costs what was given at most is told so. @param points the fastest first */
export function answersOf(points: readonly Point[], { deadline, maxCost, valueOfTime }: FrontQuestions): FrontAnswer[] {
  const answer = (by: keyof FrontQuestions, given: number | undefined, point: (given: number) => number): FrontAnswer[] => {
    if (given === undefined) return [];
    const at = point(given);
    return [{ by, given, ...(at !== -1 && { point: at }) }];
  };
  return [
    ...answer('deadline', deadline, (most) => points.findLastIndex(({ wallClock }) => significant(wallClock.high) <= most)),
    ...answer('maxCost', maxCost, (most) => points.findIndex(({ cost }) => significant(cost.expected) <= most)),
    ...answer('valueOfTime', valueOfTime, (worth) => {
      const prices = points.map(({ wallClock, cost }) => cost.expected + (worth * wallClock.expected) / 3600);
      return prices.indexOf(Math.min(...prices));
    }),
  ];
}

export interface BreakEven {
  /** From the slower and cheaper point to the faster one. */
  readonly from: number;
  readonly to: number;
  /** What an hour less costs: whoever takes it to be worth more takes the faster. */
  readonly perHour: number;
}

/** Between neighbours of the hull. What lies off it no value of an hour makes the best. */
export function breakEvens(points: readonly Point[]): BreakEven[] {
  const hull = hullOf(points.map(({ wallClock, cost }, at) => ({ ms: wallClock.expected * 1000, cost: cost.expected, at })));
  return hull.slice(1).map((slower, before) => {
    const faster = hull[before] as (typeof hull)[number];
    return { from: slower.at, to: faster.at, perHour: ((faster.cost - slower.cost) / (slower.ms - faster.ms)) * HOUR_MS };
  });
}

const HOUR_MS = 3_600_000;
