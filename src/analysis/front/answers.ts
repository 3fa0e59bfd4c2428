/** What a front answers: by when, for how much, or for what an hour is worth. */
import type { Estimate } from '../estimate/estimate.ts';

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

/** @param points the fastest first */
export function answersOf(points: readonly Point[], { deadline, maxCost, valueOfTime }: FrontQuestions): FrontAnswer[] {
  const answer = (by: keyof FrontQuestions, given: number | undefined, point: (given: number) => number): FrontAnswer[] => {
    if (given === undefined) return [];
    const at = point(given);
    return [{ by, given, ...(at !== -1 && { point: at }) }];
  };
  return [
    ...answer('deadline', deadline, (most) => points.findLastIndex(({ wallClock }) => wallClock.high <= most)),
    ...answer('maxCost', maxCost, (most) => points.findIndex(({ cost }) => cost.expected <= most)),
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

/** Between neighbours. */
export function breakEvens(points: readonly Point[]): BreakEven[] {
  return points.slice(1).map(({ wallClock, cost }, at) => {
    const faster = points[at] as Point;
    const hours = (wallClock.expected - faster.wallClock.expected) / 3600;
    return { from: at + 1, to: at, perHour: (faster.cost.expected - cost.expected) / hours };
  });
}
