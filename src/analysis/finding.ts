/** What a rule has to say about a place in the user's source, and how sure and how bad it is. */
import type { Severity } from '../source/diagnostic.ts';
import { normalizeBlanks, type SourceRange } from '../source/source-file.ts';

import type { Change } from './change.ts';
import type { Savings } from './passes/savings.ts';
import type { Standing } from './passes/standings.ts';

export type { Severity } from '../source/diagnostic.ts';
export type Confidence = 'high' | 'medium' | 'low';

export interface RelatedPlace {
  readonly message: string;
  readonly place: SourceRange;
}

/** The gravest first. */
export const GRAVITY: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

/** Severity (how bad) and confidence (how sure) are two axes, never folded into one. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** One line, readable aloud. */
  readonly message: string;
  /** Why it matters, with what is known. */
  readonly reason: string;
  readonly advice: string;
  readonly place: SourceRange;
  readonly related: readonly RelatedPlace[];
  /** Ids of the process calls that it is about. */
  readonly calls: readonly string[];
  /** Survives moved lines and changed blanks: see `fingerprintOf`. */
  readonly fingerprint: string;
  readonly suppressed?: { readonly reason: string };
  /** What would be otherwise with it mended; absent where that is nothing that can be simulated. */
  readonly change?: Change;
  /** Why it has no savings. */
  readonly unsaved?: string;
  /** Simulated, of this change alone. */
  readonly savings?: Savings;
  readonly standing?: Standing;
  /** What is saved by others, too: not to be added up. */
  readonly overlaps?: Overlaps;
}

export interface Overlaps {
  readonly with: readonly Pick<Finding, 'ruleId' | 'fingerprint' | 'place'>[];
  /** By all of them together. Absent where that cannot be simulated. */
  readonly together?: Savings;
}

/**
 * The same finding has the same fingerprint after lines moved: it is made of the rule, the qualified names that the finding
 * stands in, and the text of its range with blanks normalised. The `ordinal` keeps apart what is still the same, in source order.
 */
export function fingerprintOf(ruleId: string, names: readonly string[], text: string, ordinal: number): string {
  const parts = [ruleId, ...names, normalizeBlanks(text)];
  if (ordinal > 0) parts.push(`#${ordinal + 1}`);
  return fnv1a64(parts.join('\u0000'));
}

/** FNV-1a of Fowler, Noll and Vo, 64 bits, over UTF-16 units: no cryptography is needed to tell findings apart. */
function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) {
    hash = ((hash ^ BigInt(text.charCodeAt(at))) * 0x100000001b3n) & 0xffffffffffffffffn;
  }
  return hash.toString(16).padStart(16, '0');
}
