import type { SourceFile, TextRange } from './source-file.ts';

export type Severity = 'error' | 'warning' | 'info';

/** Something that is to be said about the user's source. What the reader could not make sense of is an `error`
 * only when Nextflow could not either. */
export interface Diagnostic extends TextRange {
  readonly severity: Severity;
  /** Stable kebab-case id of the kind of trouble. */
  readonly code: string;
  readonly message: string;
  readonly file: SourceFile;
}
