/** What is said of an analysis beside what it found. */
import type { SourceRange } from '../source/source-file.ts';

/** What a rule could not say, or which count could not be told, and why. */
export interface AnalysisNote {
  readonly kind: 'not-applicable' | 'rule-failed' | 'not-used' | 'cut' | 'counts' | 'requests' | 'trace';
  readonly ruleIds: readonly string[];
  readonly message: string;
  /** As in `CoverageNote`. */
  readonly taken?: true;
  readonly hint?: string;
  readonly place?: SourceRange;
}
