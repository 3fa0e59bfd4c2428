/** What each operator does to a channel's kind, and whether it holds items back until its input closes (language.md 6.2). */
import type { ChannelKind } from './process-graph.ts';

interface OperatorFacts {
  /** `same`: as the source. */
  readonly kind: 'same' | 'queue' | 'value';
  /** Emits only after the whole source has completed. */
  readonly barrier: boolean;
}

const SAME: OperatorFacts = { kind: 'same', barrier: false };
const QUEUE: OperatorFacts = { kind: 'queue', barrier: false };
const QUEUE_BARRIER: OperatorFacts = { kind: 'queue', barrier: true };
const VALUE: OperatorFacts = { kind: 'value', barrier: false };
const VALUE_BARRIER: OperatorFacts = { kind: 'value', barrier: true };

const FACTS: Readonly<Record<string, OperatorFacts>> = {
  map: SAME,
  filter: SAME,
  unique: SAME,
  distinct: SAME,
  until: SAME,
  view: SAME,
  dump: SAME,
  tap: SAME,
  ifEmpty: SAME,
  toInteger: SAME,
  toLong: SAME,
  toFloat: SAME,
  toDouble: SAME,
  branch: SAME,
  multiMap: SAME,
  merge: SAME,
  fork: SAME,
  separate: SAME,
  choice: SAME,
  set: SAME,
  flatMap: QUEUE,
  flatten: QUEUE,
  take: QUEUE,
  buffer: QUEUE,
  collate: QUEUE,
  transpose: QUEUE,
  join: QUEUE,
  combine: QUEUE,
  cross: QUEUE,
  mix: QUEUE,
  concat: QUEUE,
  splitCsv: QUEUE,
  splitFasta: QUEUE,
  splitFastq: QUEUE,
  splitJson: QUEUE,
  splitText: QUEUE,
  recurse: QUEUE,
  scan: QUEUE,
  times: QUEUE,
  spread: QUEUE,
  phase: QUEUE,
  randomSample: QUEUE_BARRIER,
  collectFile: QUEUE_BARRIER,
  groupTuple: QUEUE_BARRIER,
  groupBy: QUEUE_BARRIER,
  first: VALUE,
  last: VALUE_BARRIER,
  collect: VALUE_BARRIER,
  toList: VALUE_BARRIER,
  toSortedList: VALUE_BARRIER,
  reduce: VALUE_BARRIER,
  count: VALUE_BARRIER,
  sum: VALUE_BARRIER,
  mean: VALUE_BARRIER,
  min: VALUE_BARRIER,
  max: VALUE_BARRIER,
  countLines: VALUE_BARRIER,
  countFasta: VALUE_BARRIER,
  countFastq: VALUE_BARRIER,
  countJson: VALUE_BARRIER,
  countBy: VALUE_BARRIER,
};

/** Side effects only: nothing comes out. */
const SINKS: ReadonlySet<string> = new Set(['subscribe', 'onComplete', 'print', 'println', 'close', 'bind']);

export function isOperator(name: string): boolean {
  return Object.hasOwn(FACTS, name) || SINKS.has(name);
}

export function isSink(name: string): boolean {
  return SINKS.has(name);
}

export function isBarrier(name: string): boolean {
  return Object.hasOwn(FACTS, name) && (FACTS[name] as OperatorFacts).barrier;
}

/** @param typed whether the script has `nextflow.enable.types` */
export function resultKind(name: string, source: ChannelKind, typed = false): ChannelKind {
  // DSL1's open channels: a queue for whoever reads it, whoever comes to write to it.
  if (name === 'create') return 'queue';
  // Typed, a value combined with a value is a value.
  if (name === 'combine' && typed) return source;
  if (!Object.hasOwn(FACTS, name)) return source === 'value' ? 'unknown' : source;
  const { kind } = FACTS[name] as OperatorFacts;
  return kind === 'same' ? source : kind;
}
