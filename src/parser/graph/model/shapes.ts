/**
 * What flows on a channel, in symbols: how many items, what tells them apart, what an item is made of, what it carries from
 * which calls (D) and what must have ended before it can be there (A). See docs/model.md.
 *
 * Invariants: the items of a summand are in bijection with the assignments of its index (where its guards hold); leaves of an item
 * are functions of the index; `data` is contained in `waits`; `waits` never says less than what Nextflow waits for.
 */
import type { Value } from '../../evaluate/value.ts';
import type { ChannelKind, ChannelNode, ProcessCall } from '../process-graph.ts';
import type { Count } from './count.ts';

/** What tells items apart: samples, lanes of a sample, intervals. */
export interface Dimension {
  readonly id: number;
  /** Unique in a model, and made for people: `samples`, `intervals`, `lanes`. */
  readonly name: string;
  /** Where several items are made of one: a source, a splitter; or the grouping that first made a quotient. */
  readonly origin: ChannelNode;
  /** One of these for each item: a lane is within its sample. */
  readonly within: readonly Dimension[];
  /** Of a quotient, the dimensions that it is made of: several rows of a sheet are one sample. */
  readonly quotientOf: readonly Dimension[];
  /** How many, for each assignment of `within`; of a quotient, in all. */
  readonly count: Count;
}

/** Which tasks of a call: those that agree with the item on all of the `tied` dimensions. None tied: all tasks of the call. */
export interface Dependence {
  readonly tied: ReadonlySet<Dimension>;
  /** Any one of them will do (`first`). */
  readonly any?: true;
  /** What made it wait for more than it carries: a groupTuple, a concat. */
  readonly by?: ChannelNode;
}
export type Dependences = ReadonlyMap<ProcessCall, Dependence>;

/** A data condition that some items meet: a label of `branch`, a `filter`, an optional output. */
export interface Selection {
  readonly node: ChannelNode;
  readonly label: string;
  /** One of this many labels of which each item has exactly one; 0 when items may have none. */
  readonly of: number;
  /** The share of items is not known from the wiring; its atom is named so. */
  readonly name: string;
}

export interface Summand {
  readonly index: readonly Dimension[];
  readonly selections: readonly Selection[];
  /** Holds only under params or branches that are not known. */
  readonly unsure: boolean;
  readonly item: Value;
  readonly data: Dependences;
  readonly waits: Dependences;
}

export interface Flow {
  readonly kind: ChannelKind;
  readonly summands: readonly Summand[];
  /** Calls all of whose tasks must have ended before the channel closes. */
  readonly closes: ReadonlySet<ProcessCall>;
  /** What comes on this channel cannot be told, and why; then `summands` is a guess that over-states waits. */
  readonly opaque?: string;
}

/** The tasks of a call: one summand for each of its combinations of inputs. */
export interface Tasks {
  readonly summands: readonly Summand[];
  readonly count: Count;
  readonly opaque?: string;
}
