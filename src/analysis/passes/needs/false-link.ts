/** A wait that nobody needs: how it comes about, how sure that is, and what a reader can check. */
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import type { InputUse } from '../../../parser/shell/script-reading.ts';
import type { SourceRange } from '../../../source/source-file.ts';

/** Why a call waits for one of which it reads nothing. */
export type LinkKind = 'unread-input' | 'token' | 'over-wide-directory' | 'pass-through' | 'barrier';
/** How sure it is that the wait is not needed; the surest first. */
export type Grade = 'proven' | 'conditional' | 'likely' | 'advisory';
const GRADES: readonly Grade[] = ['proven', 'conditional', 'likely', 'advisory'];

export function weaker(one: Grade, two: Grade): Grade {
  return GRADES.indexOf(one) >= GRADES.indexOf(two) ? one : two;
}

export function weakestGrade(grades: readonly Grade[]): Grade {
  return grades.reduce(weaker, 'proven');
}

export interface FalseLink {
  readonly from: ProcessCall;
  readonly to: ProcessCall;
  readonly kind: LinkKind;
  readonly grade: Grade;
  /** What a reader can check. */
  readonly evidence: string;
  /** What has to hold, where the grade is not `proven`. */
  readonly assumption: string | undefined;
  readonly place: SourceRange;
  /** Who made what is read, where `from` only hands it on; none: the pipeline is given it. */
  readonly instead: readonly ProcessCall[];
  /** The name under which `from` hands it on, where it gives it one. */
  readonly under?: string;
  /** The input that brings the wait; undefined where it brings nothing but the wait. */
  readonly input: InputUse | undefined;
  /** Further inputs that bring the same wait in the same way. */
  readonly others: readonly InputUse[];
}

/** Of an input that has no name: `path 'logs/*'`. */
export function asDeclared({ declared }: Pick<InputUse, 'declared'>): string {
  return declared.file.slice(declared).replace(/\s+/g, ' ');
}
