/** How often spot machines are taken away: nobody publishes it but in bands (cost.md 5). */

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
