/** A small world in which a pipeline is run: what its parameters say, which files there are, how many files tasks write. */
export interface World {
  /** As a params file would give them. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Files beside the pipeline's own: path from the pipeline's folder to text. Globs are matched against them, samplesheets are read. */
  readonly files?: Readonly<Record<string, string>>;
  /**
   * How many files a task finds for an output, by `CALL:ID/output` or `PROCESS/output` (its emit name, or its index). Of several numbers each
   * task takes one, by what it is given, not by when it runs; or a number for each word that stands in what the task is given. 0 is only for
   * optional outputs: the task has none. Else 1.
   */
  readonly fileCounts?: Readonly<Record<string, readonly number[] | Readonly<Record<string, number>>>>;
  /** False: the sheet has a row twice or says a wrong number of lanes, so what names a sample or sizes a group is not to be trusted. */
  readonly honest?: boolean;
}
