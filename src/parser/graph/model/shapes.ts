/**
 * What flows on a channel, in symbols: how many items, what tells them apart, what an item is made of, what it carries from
 * which calls (D) and what must have ended before it can be there (A). See docs/model.md.
 *
 * Invariants: the items of a summand are in bijection with the assignments of its index (where its selections hold); parts of an item
 * are functions of the index; `data` never says more than `waits`; `waits` never says less than what Nextflow waits for.
 */
import type { Value } from '../../evaluate/value.ts';
import type { ChannelKind, ChannelNode, ProcessCall } from '../process-graph.ts';
import type { Count } from './count.ts';
import type { Dimension, Index } from './dimensions.ts';

/** Which tasks of a call: those that agree with the item on all of the `tied` dimensions. None tied: all tasks of the call. */
export interface Dependence {
  readonly tied: ReadonlySet<Dimension>;
  /** One of them will do, and it is not known which (`first`, or inputs paired by arrival). */
  readonly any?: true;
  /** Of those that agree not all: it is those of two kinds, of which neither has the other (`combine` of a channel with itself). */
  readonly partly?: true;
  /** The operator that waits for more than it passes on: a groupTuple, a concat. */
  readonly by?: ChannelNode;
}
export type Dependences = ReadonlyMap<ProcessCall, Dependence>;

/** A label of a `branch`: which items have it depends on data. */
export interface Selection {
  readonly node: ChannelNode;
  readonly label: string;
  /** How many labels share the items out; infinite where it is which pairs belong together. */
  readonly of: number;
  /** Each item has one of them. */
  readonly exhaustive: boolean;
}

/** `about`: there may be more, too, where keys are not unique, or groups not of the size that was given. */
export type Exactness = 'exact' | 'at most' | 'about';

export type OptionalOutputs = ReadonlyMap<ProcessCall, number>;

export interface Summand {
  readonly index: Index;
  readonly selections: readonly Selection[];
  /** There may be fewer: a filter, a join or an optional output can drop some. */
  readonly fewer: boolean;
  /** What is there is there, but how often is not sure. */
  readonly exactness: Exactness;
  /** The optional outputs of calls that are in it, by number: of several of one call a task mostly makes one. */
  readonly optional: OptionalOutputs;
  /** Only under params or branches that are not known. */
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
  /** Why what comes on this channel cannot be told. */
  readonly opaque: string | undefined;
}

/** The tasks of a call: one summand for each of the combinations of its inputs. */
export interface Tasks {
  readonly summands: readonly Summand[];
  readonly count: Count;
  /** That is the most that there can be. */
  readonly atMost: boolean;
  /** There may also be more. */
  readonly about: boolean;
  readonly opaque: string | undefined;
  /** The value of each name that the process's inputs declare, for each summand. */
  readonly bindings: readonly ReadonlyMap<string, Value>[];
  /** Its inputs are queues whose items are paired by order of arrival. */
  readonly unpaired: boolean;
}
