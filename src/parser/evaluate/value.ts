/**
 * What an expression of a script or a config can be worth when nothing is run: a known Groovy value, a value that the
 * pipeline's host gives meaning to (a channel, a process, `workflow`), or unknown with the reason why.
 * Primitives are JavaScript's own; everything else is a class, so that a `switch` over `instanceof` is total.
 */

import type { TextRange } from '../../source/source-file.ts';
import type { ClassNode, ClosureExpression, FunctionNode } from '../syntax/nodes.ts';
import type { Frame, Interpreter } from './interpreter.ts';

export type Value = null | boolean | number | string | Composite;
export type Composite =
  | ListValue
  | MapValue
  | ClosureValue
  | BuiltinValue
  | PathValue
  | MemoryValue
  | DurationValue
  | PatternValue
  | MatcherValue
  | ClassValue
  | ObjectValue
  | HostValue
  | UnknownValue;

/** Nobody sets it, or it cannot be told without running. `truthy` is set where at least that much is certain. */
export class UnknownValue {
  readonly reason: string;
  readonly truthy: boolean | undefined;
  /** Values that flowed into it and that must not be lost: channels, above all. */
  readonly carries: readonly HostValue[];
  /** Surely no channel: the user gives it. */
  readonly plain: boolean;
  /** How it was computed of what it carries, where that is known: `id.split("_").join("-")`. Equal for equal computations. */
  readonly how: string | undefined;
  constructor(reason: string, options: { truthy?: boolean; carries?: readonly HostValue[]; plain?: boolean; how?: string } = {}) {
    this.reason = reason;
    this.how = options.how;
    this.truthy = options.truthy;
    this.plain = options.plain === true;
    this.carries = options.carries ?? [];
  }
  /** A property or element, where more is known of it than that it is unknown. */
  part(_key: string | number): Value | undefined {
    return undefined;
  }
  method(_name: string, _args: CallArguments, _site: CallSite): Value | undefined {
    return undefined;
  }
  /** It on the left of `+` or `-`. */
  combined(_operator: string, _other: Value): Value | undefined {
    return undefined;
  }
}

/** A value, or null: that depends on what is not known. */
export class OptionalValue extends UnknownValue {
  readonly value: Value;
  constructor(value: Value) {
    super('depends on a condition', { carries: flowing(value) });
    this.value = value;
  }
}

/** What is not known, and a number more. */
export class SumValue extends UnknownValue {
  readonly base: UnknownValue;
  readonly more: number;
  constructor(base: UnknownValue, more: number) {
    super('an unknown operand', { carries: base.carries, plain: base.plain });
    this.base = base instanceof SumValue ? base.base : base;
    this.more = base instanceof SumValue ? base.more + more : more;
  }
}

export class ListValue {
  items: Value[];
  /** True when elements may be missing from `items`. */
  open: boolean;
  constructor(items: Value[], open = false) {
    this.items = items;
    this.open = open;
  }
}

/** What an open map is asked for when all that it does not name is meant. */
export const REST = '\u0000rest';

/** Keys are strings: Nextflow's maps practically always are. */
export class MapValue {
  readonly entries: Map<string, Value>;
  /** Says what an absent key is worth in place of null, e.g. because part of the map is unknown. */
  readonly missing: ((key: string) => Value) | undefined;
  constructor(entries: Map<string, Value> = new Map(), missing?: (key: string) => Value) {
    this.entries = entries;
    this.missing = missing;
  }
  get(key: string): Value {
    const value = this.entries.get(key);
    if (value !== undefined) return value;
    return this.missing === undefined ? null : this.missing(key);
  }
}

export class ClosureValue {
  readonly node: ClosureExpression;
  readonly frame: Frame;
  /** Looked into for names that the closure's own scopes lack (Groovy's delegate). */
  readonly delegate: Value | undefined;
  constructor(node: ClosureExpression, frame: Frame, delegate?: Value) {
    this.node = node;
    this.frame = frame;
    this.delegate = delegate;
  }
}

/** A function that is ours or that a method pointer made. */
export class BuiltinValue {
  readonly name: string;
  readonly call: (args: CallArguments, site: CallSite) => Value;
  constructor(name: string, call: (args: CallArguments, site: CallSite) => Value) {
    this.name = name;
    this.call = call;
  }
}

/** A file name, existing or not. Relative to the pipeline's root when it lies in it. */
export class PathValue {
  readonly path: string;
  constructor(path: string) {
    this.path = path;
  }
}

export class MemoryValue {
  readonly bytes: number;
  constructor(bytes: number) {
    this.bytes = bytes;
  }
}

export class DurationValue {
  readonly ms: number;
  constructor(ms: number) {
    this.ms = ms;
  }
}

/** A regular expression, kept as text: it is matched by an engine with bounded time, never compiled as is. */
export class PatternValue {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}

/** `text =~ pattern`: what was found, in order. */
export class MatcherValue {
  readonly text: string;
  readonly source: string;
  /** For each match the whole and its groups. */
  readonly found: readonly (readonly Value[])[];
  constructor(text: string, source: string, found: readonly (readonly Value[])[]) {
    this.text = text;
    this.source = source;
    this.found = found;
  }
}

/** A class of the pipeline (`lib/*.groovy`, or beside processes) or one of Java's by name. */
export class ClassValue {
  readonly name: string;
  readonly node: ClassNode | undefined;
  readonly frame: Frame | undefined;
  readonly statics: Map<string, Value> = new Map();
  constructor(name: string, node?: ClassNode, frame?: Frame) {
    this.name = name;
    this.node = node;
    this.frame = frame;
  }
  method(name: string): FunctionNode | undefined {
    return this.node?.methods.find((method) => method.name.name === name);
  }
}

export class ObjectValue {
  readonly type: ClassValue;
  readonly fields: Map<string, Value>;
  constructor(type: ClassValue, fields: Map<string, Value>) {
    this.type = type;
    this.fields = fields;
  }
}

/** The arguments of a call, evaluated. */
export interface CallArguments {
  readonly positional: readonly Value[];
  /** null when none was written. */
  readonly named: ReadonlyMap<string, Value> | null;
}

/** Where a call stands. */
export interface CallSite {
  readonly node: TextRange;
  readonly frame: Frame;
  readonly interpreter: Interpreter;
}

/** A value that the host gives meaning to. `undefined` from a member means: it has no such thing. */
export abstract class HostValue {
  abstract readonly typeName: string;
  /** True for what flows: channels and the results of calls. These are never lost in unknown values. */
  get flows(): boolean {
    return false;
  }
  /** What it is equal to, when it stands for another value. */
  get comparedAs(): Value | undefined {
    return undefined;
  }
  /** True for a class of Java or Nextflow: two of them are the same or not. */
  get isClass(): boolean {
    return false;
  }
  property(_name: string, _site: CallSite): Value | undefined {
    return undefined;
  }
  call(_args: CallArguments, _site: CallSite): Value | undefined {
    return undefined;
  }
  method(_name: string, _args: CallArguments, _site: CallSite): Value | undefined {
    return undefined;
  }
  assign(_name: string, _value: Value, _site: CallSite): boolean {
    return false;
  }
}

export const NO_ARGUMENTS: CallArguments = { positional: [], named: null };

export function isUnknown(value: Value | undefined): value is UnknownValue {
  return value instanceof UnknownValue;
}

export type Truth = true | false | 'unknown';

export function negate(truth: Truth): Truth {
  return truth === 'unknown' ? truth : !truth;
}

/** Groovy's truth: null, false, 0, '' and empty collections are false. */
export function truthOf(value: Value): Truth {
  if (value === null || value === false || value === 0 || value === '') return false;
  if (value instanceof UnknownValue) return value.truthy ?? 'unknown';
  if (value instanceof ListValue) return value.items.length > 0 ? true : value.open ? 'unknown' : false;
  if (value instanceof MapValue) return value.entries.size > 0 ? true : value.missing === undefined ? false : 'unknown';
  if (value instanceof MatcherValue) return value.found.length > 0;
  if (value instanceof MemoryValue) return value.bytes !== 0;
  if (value instanceof DurationValue) return value.ms !== 0;
  return true;
}

/** All that flows in a value, however deep (lists, maps and unknown values are looked into). */
export function flowing(value: Value, into: HostValue[] = [], depth = 0): HostValue[] {
  if (value instanceof HostValue) {
    if (value.flows && !into.includes(value)) into.push(value);
  } else if (value instanceof UnknownValue) {
    for (const carried of value.carries) if (!into.includes(carried)) into.push(carried);
  } else if (depth < 6 && value instanceof ListValue) {
    for (const item of value.items) flowing(item, into, depth + 1);
  } else if (depth < 6 && value instanceof MapValue) {
    for (const item of value.entries.values()) flowing(item, into, depth + 1);
  }
  return into;
}

/** Unknown because these are: their channels are carried on. */
export function unknownFrom(reason: string, ...values: readonly (Value | undefined)[]): UnknownValue {
  const carries: HostValue[] = [];
  for (const value of values) if (value !== undefined) flowing(value, carries);
  return carries.length === 0 ? new UnknownValue(reason) : new UnknownValue(reason, { carries });
}

/** The same, where it is known how it is computed of them. */
export function computed(how: string, reason: string, ...values: readonly (Value | undefined)[]): UnknownValue {
  const { carries } = unknownFrom(reason, ...values);
  return new UnknownValue(reason, { carries, ...(how.length <= LONGEST_TERM ? { how } : {}) });
}

const LONGEST_TERM = 300;

/** What a value is in the text of a computation; the same text for different values where they cannot be told apart. */
export function termIn(value: Value, depth = 0): string {
  if (value instanceof UnknownValue) return value.how ?? value.reason;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof PatternValue) return `/${value.source}/`;
  if (value instanceof ClosureValue) return value.frame.file.slice(value.node).replace(/\s+/g, ' ');
  if (value instanceof ListValue && depth < 4) return `[${value.items.map((item) => termIn(item, depth + 1)).join()}]`;
  return value instanceof HostValue ? value.typeName : '…';
}

/** The value, null included, or where there is none something unknown because of these. */
export function orUnknown(value: Value | undefined, reason: string, ...from: readonly (Value | undefined)[]): Value {
  return value === undefined ? unknownFrom(reason, ...from) : value;
}
