/** How far a cost may be off, and why: prices, and how full machines are, drawn again and again for each world. */
import { nameOf } from '../../simulate/random.ts';

export interface CostCauses {
  /** How long tasks take, and what else the platform leaves to chance. */
  readonly runs: number;
  readonly prices: number;
  /** How full machines are. */
  readonly filling: number;
}

/** Of one world. */
export interface DrawnBill {
  readonly expected: number;
  /** With prices alone drawn, and with how full machines are. Absent where nothing of it is. */
  readonly priced?: readonly number[];
  readonly filled?: readonly number[];
}

export const FILLING = nameOf('how full machines are');
/** So often are prices, and how full machines are, drawn for each world. */
export const DRAWS = 16;

/** Between bounds that hold eight of ten, half on each side of 1. @param share of what may come that is below, 0 to 1 */
export function eightOfTen([least, most]: readonly [least: number, most: number], share: number): number {
  return share < 0.5 ? least ** ((0.5 - share) / 0.4) : most ** ((share - 0.5) / 0.4);
}

/** Undefined where there is one number. */
export function causesOf(bills: readonly DrawnBill[]): CostCauses | undefined {
  const spreadOf = (logs: readonly number[]): number => {
    const mean = logs.reduce((sum, one) => sum + one, 0) / logs.length;
    return logs.reduce((sum, one) => sum + (one - mean) ** 2, 0) / logs.length;
  };
  const own = (of: (bill: DrawnBill) => readonly number[] | undefined): number =>
    spreadOf(bills.flatMap((bill) => (of(bill) ?? []).map((one) => Math.log(one / bill.expected))));
  if (bills.some(({ expected }) => !(expected > 0))) return undefined;
  const [runs, prices, filling] = [
    spreadOf(bills.map(({ expected }) => Math.log(expected))),
    own(({ priced }) => priced),
    own(({ filled }) => filled),
  ];
  const all = runs + (prices || 0) + (filling || 0);
  return all > 0 ? { runs: runs / all, prices: (prices || 0) / all, filling: (filling || 0) / all } : undefined;
}
