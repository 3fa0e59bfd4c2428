/**
 * What spot machines really cost: a task that is interrupted begins anew, and the hours that were lost are paid for, too (cost.md 5).
 * `hazard`: interruptions per hour of a machine. Interruptions are taken to come at any time alike.
 */

export interface Hazard {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** The share of machines taken away in a month, of the Advisor's bands `<5 %` … `>20 %`: the upper end, of the last the lower. */
const TAKEN_IN_A_MONTH = [0.05, 0.1, 0.15, 0.2, 0.2] as const;
const HOURS_OF_A_MONTH = 730;
const SHORT_LIFE_HOURS = 4;
/** No rate per hour is published. Low: as if machines lived all the month; high: 4 hours each; expected: cost.md's choice between the two. */
const EXPECTED_BY_BAND = [0.005, 0.01, 0.02, 0.03, 0.05] as const;
export const HAZARD_PER_HOUR_BY_BAND: readonly Hazard[] = EXPECTED_BY_BAND.map((expected, band) => {
  const taken = -Math.log(1 - (TAKEN_IN_A_MONTH[band] as number));
  return { low: taken / HOURS_OF_A_MONTH, expected, high: Math.max(expected, taken / SHORT_LIFE_HOURS) };
});

/** Hours paid for one hour of work, if what is interrupted begins anew until it is done: (e^x − 1)/x, with x interruptions expected in it. */
export function redoneFactor(interruptions: number): number {
  return interruptions === 0 ? 1 : Math.expm1(interruptions) / interruptions;
}

/** With how many interruptions expected in a task spot costs as much as on demand. @param saving of spot, 0 to 1. */
export function switchPoint(saving: number): number {
  if (!(saving > 0)) return 0;
  const worth = 1 / (1 - saving);
  let low = 0;
  // (e^x − 1)/x passes 1/(1 − s) before x = 2 ln(1/(1 − s)) + 2.
  let high = 2 * Math.log(worth) + 2;
  while (high - low > 1e-9) {
    const middle = (low + high) / 2;
    if (redoneFactor(middle) < worth) low = middle;
    else high = middle;
  }
  return low;
}

export interface SpotTask {
  /** Of a try that nothing interrupts. */
  readonly hours: number;
  /** Interruptions per hour. */
  readonly hazard: number;
  /** How often spot is tried before it goes on demand; absent: until it is done. */
  readonly attempts?: number;
  /** What an interruption costs in time beside the work lost: queue and boot. */
  readonly requeueHours?: number;
}

/** What to expect: hours paid on spot and on demand, and hours until it is done. */
export interface SpotOutcome {
  readonly spotHours: number;
  readonly onDemandHours: number;
  readonly elapsedHours: number;
}

export function expectedOnSpot({ hours, hazard, attempts, requeueHours = 0 }: SpotTask): SpotOutcome {
  const x = hours * hazard;
  if (attempts === undefined) {
    const spotHours = hours * redoneFactor(x);
    return { spotHours, onDemandHours: 0, elapsedHours: spotHours + requeueHours * Math.expm1(x) };
  }
  const lost = -Math.expm1(-x);
  const started = lost === 0 ? Math.min(1, attempts) : (1 - lost ** attempts) / (1 - lost);
  const spotHours = started * (hazard === 0 ? hours : lost / hazard);
  const onDemandHours = lost ** attempts * hours;
  return { spotHours, onDemandHours, elapsedHours: spotHours + onDemandHours + requeueHours * started * lost };
}
