/**
 * How far runs of one pipeline differ in ways that nobody knows beforehand. Spreads are of the natural logarithm. `npm run bench:ranges` works these figures out of the
 * runs at hand, and holds ranges against runs of pipelines that were left out of them (docs/model.md, "How often ranges hold").
 */
export interface Uncertainty {
  /** Of times that were measured, from one run to another of the same kind: of one task, and of all tasks of a call together. */
  readonly repeat: { readonly task: number; readonly call: number };
  /** What tasks take of which only the label is known, by how large the data are: a profile for tests has tiny ones. */
  readonly labelled: Readonly<Record<DataSize, LabelledTimes>>;
  /** In place of a platform's own figures, for a judge that leaves runs out of them. */
  readonly platform?: { readonly pausesPerHour?: number; readonly bootMs?: { readonly median: number; readonly p90: number } };
}

export type DataSize = 'full' | 'test';

export interface LabelledTimes {
  /** Seconds that half of the processes take at most, and the spread from task to task of one. */
  readonly labels: Readonly<Record<Label, { readonly median: number; readonly within: number }>>;
  /** Spread between processes of one run that have the same label. */
  readonly between: number;
  /** Spread between runs: of what all processes of a run share. */
  readonly run: number;
}

export type Label = 'process_high' | 'process_medium' | 'process_low' | 'process_single' | 'none';

/**
 * `full`: medians of 169 types of processes in 5 traces (WfCommons and nf-core runs 2020 to 2024; those without a label: all together), spreads of 8 runs. `test`: 346
 * processes of 8 runs. Spreads within a process: as of those 169. Repeats: 25 runs of five pipelines on one cluster (cws-nfcore9), tasks of five seconds and more.
 */
export const UNCERTAINTY: Uncertainty = {
  repeat: { task: 0.08, call: 0.04 },
  labelled: {
    full: {
      labels: {
        process_high: { median: 1514, within: 0.58 },
        process_medium: { median: 142, within: 0.2 },
        process_low: { median: 45, within: 0.45 },
        process_single: { median: 16, within: 0.29 },
        none: { median: 65, within: 0.29 },
      },
      between: 2.2,
      run: 1.1,
    },
    test: {
      labels: {
        process_high: { median: 9.2, within: 0.58 },
        process_medium: { median: 2.6, within: 0.2 },
        process_low: { median: 0.72, within: 0.45 },
        process_single: { median: 0.57, within: 0.29 },
        none: { median: 2.4, within: 0.29 },
      },
      between: 1.25,
      run: 0.39,
    },
  },
};
