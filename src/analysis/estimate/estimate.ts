/** A figure with what it rests on: `low` and `high` hold the truth in 8 of 10 cases, as far as the evidence goes. */
export type Basis = 'measured' | 'declared' | 'assumed';

export interface Estimate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  /** `s`, or a currency. */
  readonly unit: string;
  /** The weakest evidence that went into it. */
  readonly basis: Basis;
  /** From where, for people. */
  readonly source: string;
}

const STRENGTH: readonly Basis[] = ['assumed', 'declared', 'measured'];

export function weakest(some: Iterable<Basis>): Basis {
  let found = STRENGTH.length - 1;
  for (const basis of some) found = Math.min(found, STRENGTH.indexOf(basis));
  return STRENGTH[found] as Basis;
}

/** No more digits than the model can tell. */
export function significant(value: number): number {
  return Number(value.toPrecision(3));
}
