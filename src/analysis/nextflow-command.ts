/** Commands that a user is told to run. Nothing here runs them. */

/** How the user starts the pipeline: what was typed for pipeopt, as Nextflow has it. */
export interface Launch {
  /** A folder, or a script. */
  readonly pipeline: string;
  /** `-profile`, `docker`, `--aligner`, `star`: not quoted. */
  readonly words: readonly string[];
}

/** One word of a shell, whatever is in it: a name with a blank or a `$` stays a name. */
export function shellWord(text: string): string {
  return /^[\w%+,./:=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** `nextflow run …`, quoted word by word. What comes later wins over what the user gives. */
export function nextflowRun({ pipeline, words }: Launch, more: readonly string[]): string[] {
  // A name that begins with a dash would be taken for an option.
  return ['nextflow', 'run', pipeline.startsWith('-') ? `./${pipeline}` : pipeline, ...words, ...more].map(shellWord);
}
