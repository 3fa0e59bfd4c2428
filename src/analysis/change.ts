/** What would be otherwise with a finding mended, as data. A rule names it and computes no seconds: the engine puts it into the tasks and runs them again. */
import type { OperatorNode, ProcessCall } from '../parser/graph/process-graph.ts';
import type { FalseLink } from './passes/needs/false-link.ts';
import type { BetterRequests } from './passes/sizing/sizing.ts';

export type Change =
  /** Nobody waits by these links; where a file was handed on, for whoever made it. */
  | { readonly kind: 'links-gone'; readonly links: readonly FalseLink[] }
  /** What waits because of these operators waits for what it is given alone. */
  | { readonly kind: 'waits-gone'; readonly by: readonly OperatorNode[] }
  /** These calls run no longer: whoever takes from one takes from the other in its place. */
  | { readonly kind: 'calls-gone'; readonly calls: readonly GoneCall[] }
  /** What all tasks of a call do alike is done once: a part of each task, or (`whole`) all of it. */
  | { readonly kind: 'made-once'; readonly calls: readonly ProcessCall[]; readonly whole: boolean }
  /** Each task becomes several that run side by side: its groups of commands (`uneven`: nobody knows how long each takes), or parts of its data. */
  | { readonly kind: 'split'; readonly calls: readonly ProcessCall[]; readonly parts: number; readonly uneven: boolean }
  /** As many tasks at a time as there is room for: of these calls, or (`queue`) of all. */
  | { readonly kind: 'limits-gone'; readonly calls: readonly ProcessCall[]; readonly queue: boolean }
  /** Calls ask for something else. `needed`: today's does not do. */
  | { readonly kind: 'requests'; readonly calls: readonly NewRequests[]; readonly needed?: true }
  /** No attempt at tasks of these calls fails. */
  | { readonly kind: 'failures-gone'; readonly calls: readonly ProcessCall[] }
  /** Files of their tasks are there at once. */
  | { readonly kind: 'staging-gone'; readonly calls: readonly ProcessCall[] }
  /** So many tasks of a call become one, which does what they do one after another. */
  | { readonly kind: 'batched'; readonly calls: readonly ProcessCall[]; readonly size: number }
  /** Tasks of these calls are started the longest first, in place of the shortest first. */
  | { readonly kind: 'longest-first'; readonly calls: readonly ProcessCall[] };

export interface GoneCall {
  readonly call: ProcessCall;
  /** Absent where nobody takes anything from it. */
  readonly instead?: ProcessCall;
  /** That one does the same with the same: each task takes as long as its. */
  readonly alike?: true;
}

export interface NewRequests extends BetterRequests {
  readonly call: ProcessCall;
}

/** Fewer waits and fewer tasks, and all else as it was: with room for every task no task can come later for it. */
export function onlyTakesAway({ kind }: Change): boolean {
  return kind === 'links-gone' || kind === 'waits-gone' || kind === 'calls-gone' || kind === 'limits-gone';
}
