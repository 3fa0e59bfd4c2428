/**
 * Concrete values of nf-mini: what a Groovy expression of a workflow is worth in one run over one world. Nothing here is shared with the
 * evaluator under src/, which knows of unknown values: this one is to judge what is built upon that.
 */
import type { ClosureExpression } from '../../src/parser/syntax/nodes.ts';
import type { Scope } from './scope.ts';

export type Value =
  | null
  | boolean
  | number
  | string
  | Value[]
  | MapValue
  | PathValue
  | GroupKey
  | Closure
  | Builtin
  /** Channels, processes, `workflow`, `channel`: what only the workflow's interpreter gives meaning to. */
  | HostObject;

/** Says what nf-mini does not know, or what Nextflow would refuse too. */
export class RunError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RunError';
  }
}

export class MapValue {
  /** By the text of the key: maps of pipelines have strings as keys, now and then numbers. */
  readonly entries: Map<string, { readonly key: Value; readonly value: Value }>;
  constructor(entries: Iterable<readonly [Value, Value]> = []) {
    this.entries = new Map();
    for (const [key, value] of entries) this.set(key, value);
  }
  static of(fields: Readonly<Record<string, Value>>): MapValue {
    return new MapValue(Object.entries(fields));
  }
  get(key: Value): Value {
    return this.entries.get(keyText(key))?.value ?? null;
  }
  has(key: Value): boolean {
    return this.entries.has(keyText(key));
  }
  set(key: Value, value: Value): void {
    this.entries.set(keyText(key), { key, value });
  }
  pairs(): (readonly [Value, Value])[] {
    return [...this.entries.values()].map(({ key, value }) => [key, value] as const);
  }
}

/** A file: one of the world's, or one that a task wrote. */
export class PathValue {
  /** What makes it this file and no other: the path of the world's file, or the task that wrote it. */
  readonly identity: string;
  /** The file's name, with its folder if the pipeline wrote one. */
  readonly path: string;
  /** Equal for files that are equal whatever the tools do: outputs of tasks of one process that were given the same. */
  readonly term: string;
  constructor(identity: string, path: string, term: string = identity) {
    this.identity = identity;
    this.path = path;
    this.term = term;
  }
  get name(): string {
    return this.path.slice(this.path.lastIndexOf('/') + 1);
  }
}

/** `groupKey(key, n)`: equal to its target when it asks, but not when the target is asked (language.md 6.2, algorithms.md A3). */
export class GroupKey {
  readonly target: Value;
  readonly size: number;
  constructor(target: Value, size: number) {
    this.target = target;
    this.size = size;
  }
}

export class Closure {
  readonly node: ClosureExpression;
  readonly scope: Scope;
  constructor(node: ClosureExpression, scope: Scope) {
    this.node = node;
    this.scope = scope;
  }
}

export class Builtin {
  readonly name: string;
  readonly call: (args: readonly Value[], named: MapValue | undefined) => Value;
  constructor(name: string, call: (args: readonly Value[], named: MapValue | undefined) => Value) {
    this.name = name;
    this.call = call;
  }
}

export abstract class HostObject {
  abstract readonly type: string;
}

/** A map entry, as closures of `each` and `collect` get it. */
export class Entry extends HostObject {
  readonly type = 'entry';
  readonly key: Value;
  readonly value: Value;
  constructor(key: Value, value: Value) {
    super();
    this.key = key;
    this.value = value;
  }
}

export function truthy(value: Value): boolean {
  if (value === null || value === false || value === 0 || value === '') return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof MapValue) return value.entries.size > 0;
  return true;
}

/** What Groovy's `"$value"` gives. */
export function display(value: Value): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(display).join(', ')}]`;
  if (value instanceof MapValue)
    return value.entries.size === 0
      ? '[:]'
      : `[${value
          .pairs()
          .map(([key, one]) => `${display(key)}:${display(one)}`)
          .join(', ')}]`;
  if (value instanceof PathValue) return value.path;
  if (value instanceof GroupKey) return display(value.target);
  if (value instanceof Entry) return `${display(value.key)}=${display(value.value)}`;
  if (typeof value === 'object') return `<${value instanceof Closure ? 'closure' : value instanceof Builtin ? value.name : value.type}>`;
  return String(value);
}

/** The same text for values that Java's `hashCode` and `equals` take for the same, GroupKeys taken off. */
export function keyText(value: Value): string {
  return textOf(value, 'identity');
}

/** Lists that stand in the order of arrival: as in Nextflow (ArrayBag), it is of no account for what a task is given. */
const bags = new WeakSet<Value[]>();

export function bag(list: Value[]): Value[] {
  bags.add(list);
  return list;
}

/** The same text for values that are equal whatever the tools do, and in whatever order things came. */
export function termText(value: Value): string {
  return textOf(value, 'term');
}

function textOf(value: Value, paths: 'identity' | 'term'): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (Array.isArray(value)) {
    const texts = value.map((one) => textOf(one, paths));
    return `[${(paths === 'term' && bags.has(value) ? texts.sort() : texts).join(',')}]`;
  }
  if (value instanceof MapValue)
    return `{${value
      .pairs()
      .map(([key, one]) => `${textOf(key, paths)}:${textOf(one, paths)}`)
      .sort()
      .join(',')}}`;
  if (value instanceof PathValue) return `<${value[paths]}>`;
  if (value instanceof GroupKey) return textOf(value.target, paths);
  if (value instanceof Entry) return `${textOf(value.key, paths)}=${textOf(value.value, paths)}`;
  return display(value);
}

/** Java's `one.equals(other)`, which is not symmetric where a GroupKey is on one side only. */
export function javaEquals(one: Value, other: Value): boolean {
  if (one instanceof GroupKey) return javaEquals(one.target, other instanceof GroupKey ? other.target : other);
  if (other instanceof GroupKey) return false;
  if (Array.isArray(one))
    return Array.isArray(other) && one.length === other.length && one.every((item, at) => javaEquals(item, other[at]!));
  if (one instanceof MapValue) {
    if (!(other instanceof MapValue) || one.entries.size !== other.entries.size) return false;
    return one.pairs().every(([key, value]) => other.has(key) && javaEquals(value, other.get(key)));
  }
  return keyText(one) === keyText(other);
}

/** Java's HashMap by keys that may hold GroupKeys: a look-up asks the key that is looked up whether it equals one that is there. */
export class KeyedMap<T> {
  readonly #buckets = new Map<string, { readonly key: Value; value: T }[]>();
  #order: { readonly key: Value; value: T }[] = [];
  get(key: Value): T | undefined {
    return this.#find(key)?.value;
  }
  set(key: Value, value: T): void {
    const known = this.#find(key);
    if (known !== undefined) {
      known.value = value;
      return;
    }
    const entry = { key, value };
    const text = keyText(key);
    const bucket = this.#buckets.get(text);
    if (bucket === undefined) this.#buckets.set(text, [entry]);
    else bucket.push(entry);
    this.#order.push(entry);
  }
  delete(key: Value): void {
    const known = this.#find(key);
    if (known === undefined) return;
    const bucket = this.#buckets.get(keyText(key))!;
    bucket.splice(bucket.indexOf(known), 1);
    this.#order = this.#order.filter((one) => one !== known);
  }
  /** In the order in which the keys came. */
  entries(): readonly { readonly key: Value; readonly value: T }[] {
    return this.#order;
  }
  #find(key: Value): { readonly key: Value; value: T } | undefined {
    return this.#buckets.get(keyText(key))?.find((one) => javaEquals(key, one.key));
  }
}

/** `<=>` on what pipelines sort by. */
export function compare(one: Value, other: Value): number {
  const [left, right] = [plain(one), plain(other)];
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  const [text, otherText] = [display(left), display(right)];
  return text < otherText ? -1 : text > otherText ? 1 : 0;
}

export function plain(value: Value): Value {
  return value instanceof GroupKey ? value.target : value;
}

/** From JSON, as worlds give params. */
export function fromJson(json: unknown): Value {
  if (json === null || json === undefined) return null;
  if (typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string') return json;
  if (Array.isArray(json)) return json.map(fromJson);
  return new MapValue(Object.entries(json as object).map(([key, value]) => [key, fromJson(value)] as const));
}
