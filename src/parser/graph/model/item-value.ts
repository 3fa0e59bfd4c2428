/**
 * What an item on a channel is, to the evaluator: values that are unknown but of which is known what they depend on. Their marks
 * are carried on by whatever is computed from them, so that in the end it can be told which dimensions a key is a function of.
 */

import { textOf } from '../../evaluate/conversions.ts';
import { equal } from '../../evaluate/operators.ts';
import {
  type CallArguments,
  type CallSite,
  ClosureValue,
  flowing,
  HostValue,
  isUnknown,
  ListValue,
  MapValue,
  OptionalValue,
  PathValue,
  REST,
  SumValue,
  UnknownValue,
  type Value,
} from '../../evaluate/value.ts';
import type { ProcessCall } from '../process-graph.ts';
import { retied } from './dependences.ts';
import type { Dimension, Index, KeyParts } from './dimensions.ts';
import type { Dependences, Summand } from './shapes.ts';

/** Which output of a call, and which part of its tuple. */
export interface MadeBy {
  readonly call: ProcessCall;
  readonly output: number;
  readonly element: number;
}

/** Where a part of an item comes from: equal marks are equal parts. */
export class Mark extends HostValue {
  readonly typeName = 'a part of an item';
  /** `samplesheet.id`; unique in a model. */
  readonly id: string;
  /** What it is a function of. */
  readonly index: Index;
  /** For people. */
  readonly shown: string;
  /** Tells the items of its index apart by itself, as a task's own file does. */
  readonly identifies: boolean;
  /** Perhaps a list of several files: `path '*.fastq'`. */
  readonly several: boolean;
  /** The outputs of calls that it is made of; none: the pipeline is given it. undefined: nobody knows. */
  readonly made: readonly MadeBy[] | undefined;
  constructor(id: string, index: Index, shown: string, identifies: boolean, several = false, made?: readonly MadeBy[]) {
    super();
    this.made = made;
    this.several = several;
    this.id = id;
    this.index = index;
    this.shown = shown;
    this.identifies = identifies;
  }
  override get flows(): boolean {
    return true;
  }
}

/** An unknown part of an item. Its own parts are known to be parts of it. */
export class ItemValue extends UnknownValue {
  static of(id: string, index: Index, shown = '', identifies = false, several = false, made?: readonly MadeBy[]): ItemValue {
    return new ItemValue(new Mark(id, index, shown, identifies, several, made));
  }
  readonly mark: Mark;
  readonly #parts = new Map<string | number, ItemValue>();
  constructor(mark: Mark) {
    super('an item', { carries: [mark], how: mark.id });
    this.mark = mark;
  }
  override part(key: string | number): ItemValue {
    let part = this.#parts.get(key);
    if (part === undefined) {
      const { id, index, shown, made } = this.mark;
      part = new ItemValue(
        new Mark(`${id}.${key}`, index, typeof key === 'number' ? shown : shown === '' ? key : `${shown}.${key}`, false, false, made),
      );
      this.#parts.set(key, part);
    }
    return part;
  }
  /** How many it holds, where it is a list. */
  get size(): ItemValue {
    return this.part('size()');
  }
  /** The same, of what another value is made of. */
  madeAs(value: Value): ItemValue {
    const { id, index, shown, identifies, several } = this.mark;
    return new ItemValue(new Mark(id, index, shown, identifies, several, originOf([value])));
  }
  override method(name: string, args: CallArguments): Value | undefined {
    const [first] = args.positional;
    if ((name === 'get' || name === 'getAt') && (typeof first === 'string' || typeof first === 'number')) return this.part(first);
    if ((name === 'size' || name === 'length') && args.positional.length === 0) return this.size;
    if ((name === 'first' || name === 'head') && args.positional.length === 0) return this.part(0);
    if (name === 'subMap') {
      const names = first instanceof ListValue ? first.items : args.positional;
      const keys = names.map((item) => textOf(item));
      return keys.includes(undefined) ? undefined : new MapValue(new Map(keys.map((key) => [key as string, this.part(key as string)])));
    }
    if (['clone', 'deepClone', 'asImmutable', 'toString'].includes(name)) return this;
    return undefined;
  }
  override combined(operator: string, other: Value): Value | undefined {
    if (!(other instanceof MapValue)) return undefined;
    // What no task made changes nothing of who is waited for: the map stays the one that it was.
    if (operator === '[]=' && madeBy(other).outputs.length === 0) return this;
    if (operator === '+' || operator === '[]=')
      return new MapValue(new Map(other.entries), (key) => (key === REST ? this : this.part(key)));
    if (operator !== '-') return undefined;
    const gone = [...other.entries.keys()];
    const rest = new ItemValue(
      new Mark(`${this.mark.id}-${gone.sort().join('-')}`, this.mark.index, this.mark.shown, false, false, this.mark.made),
    );
    return new MapValue(new Map(), (key) => (key === REST ? rest : gone.includes(key) ? null : this.part(key)));
  }
}

/** Elements of a list that came from one summand. */
export interface ElementKind extends Pick<Summand, 'index' | 'fewer' | 'exactness' | 'unsure' | 'data'> {
  readonly item: Value;
}

/** What a groupTuple or collect gathered: a list with an element for each assignment of the dimensions gathered over. */
export class GatheredValue extends UnknownValue {
  /** Of one of them. */
  readonly element: Value;
  /** The dimensions that the elements differ in. */
  readonly over: Index;
  /** What each element carried by itself. */
  readonly data: Dependences;
  /** Where elements of several kinds are in it, or not one for each assignment: what they are. */
  readonly kinds: readonly ElementKind[];
  readonly #mark: Mark;
  readonly #first: ItemValue;
  constructor(element: Value, over: Index, mark: Mark, data: Dependences, kinds: readonly ElementKind[] = []) {
    super('a gathered list', { truthy: true, carries: [mark], how: mark.id });
    this.element = element;
    this.over = over;
    this.data = data;
    this.kinds = kinds;
    this.#mark = mark;
    this.#first = new ItemValue(new Mark(`${mark.id}[]`, mark.index, shownOf(element) ?? mark.shown, false, false, originOf([element])));
  }
  get mark(): Mark {
    return this.#mark;
  }
  /** One element, as a function of the group: which one is not told. */
  override part(key: string | number): Value {
    if (key === 'size') return this.size;
    return liken(this.element, this.#first);
  }
  get size(): ItemValue {
    return new ItemValue(new Mark(`${this.#mark.id}.size()`, this.#mark.index, 'size', false, false, this.#mark.made));
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    const [closure] = args.positional;
    switch (name) {
      case 'size':
        return this.size;
      case 'first':
      case 'head':
      case 'last':
      case 'getAt':
      case 'get':
      case 'find':
      case 'min':
      case 'max':
        return liken(this.element, this.#first);
      case 'sort':
      case 'toSorted':
      case 'unique':
      case 'toUnique':
      case 'findAll':
      case 'toList':
      case 'reverse':
      case 'asList':
        return this;
      case 'flatten':
        return this.element instanceof ListValue ? undefined : this;
      case 'collect':
        if (!(closure instanceof ClosureValue)) return this;
        return this.#collected((element) => site.interpreter.callClosure(closure, [copyOf(element)]));
      case 'each':
        // The list itself, its elements with what the closure puts into them.
        if (!(closure instanceof ClosureValue)) return this;
        return this.#collected((element) => {
          const own = copyOf(element);
          site.interpreter.callClosure(closure, [own]);
          return own;
        });
      default:
        return undefined;
    }
  }
  #collected(change: (element: Value) => Value): GatheredValue {
    const kinds = this.kinds.map((kind) => ({ ...kind, item: change(kind.item) }));
    return new GatheredValue(change(this.element), this.over, this.#mark, this.data, kinds);
  }
  override combined(operator: string, _other: Value): Value | undefined {
    return operator === '-' ? this : undefined;
  }
}

/** `unknown.collect { … }`: a list of which neither the length is known nor what tells its elements apart, but what they look like. */
export function listOfUnknown(source: UnknownValue, closure: ClosureValue, site: CallSite): GatheredValue {
  const marks = [...marksOf(source)];
  const index = [...new Set(marks.flatMap((mark) => mark.index))];
  const mark = new Mark(`list(${marks.map(({ id }) => id).join()})`, index, '', false, false, originOf([source]));
  const element = source.part(0) ?? new ItemValue(new Mark(`${mark.id}[]`, index, '', false, false, mark.made));
  return new GatheredValue(site.interpreter.callClosure(closure, [element]), [], mark, new Map());
}

/** The same shape, with its unknown parts being parts of another. */
function liken(shape: Value, like: ItemValue): Value {
  if (shape instanceof ListValue && !shape.open) return new ListValue(shape.items.map((item, index) => liken(item, like.part(index))));
  if (shape instanceof MapValue)
    return new MapValue(
      new Map([...shape.entries].map(([key, value]) => [key, liken(value, like.part(key))])),
      shape.missing && ((key) => (key === REST ? like : like.part(key))),
    );
  if (shape instanceof GroupKeyValue) return liken(shape.target, like);
  return flowing(shape).length > 0 || isUnknown(shape) ? like.madeAs(shape) : shape;
}

/**
 * `groupKey(key, n)`. It answers for its target, and what its methods give is the target's own: the size is lost
 * (GroupKey.groovy's methodMissing).
 */
export class GroupKeyValue extends HostValue {
  readonly typeName = 'a group key';
  readonly target: Value;
  readonly size: Value;
  constructor(target: Value, size: Value) {
    super();
    this.target = target instanceof GroupKeyValue ? target.target : target;
    this.size = size;
  }
  override get flows(): boolean {
    return true;
  }
  override get comparedAs(): Value {
    return this.target;
  }
  override property(name: string, site: CallSite): Value | undefined {
    if (name === 'groupTarget') return this.target;
    if (name === 'groupSize') return this.size;
    return site.interpreter.property(this.target, name, site);
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'getGroupTarget') return this.target;
    if (name === 'getGroupSize') return this.size;
    const operators: Readonly<Record<string, string>> = { '+': 'plus', '-': 'minus' };
    const method = Object.hasOwn(operators, name) ? (operators[name] as string) : name;
    let value: Value;
    if (method !== name && this.target instanceof UnknownValue && args.positional[0] !== undefined)
      value = this.target.combined(name, args.positional[0]) ?? site.interpreter.callMethodOn(this.target, method, args, site);
    else value = site.interpreter.callMethodOn(this.target, method, args, site);
    // Parts of the target are shared with whoever has it without a size.
    if (value instanceof MapValue || (value instanceof UnknownValue && !(value instanceof ItemValue))) rebuilt.add(value);
    return value;
  }
}

/** Values that an operator or method made of a group key. */
const rebuilt = new WeakSet<object>();

/** It was a key with a size, until something was added to it or taken from it. */
/** A copy of one is one too. */
function likeBefore<T extends Value>(before: Value, after: T): T {
  if (lostItsSize(before) && after !== null && typeof after === 'object') rebuilt.add(after);
  return after;
}

export function lostItsSize(key: Value): boolean {
  return key !== null && typeof key === 'object' && rebuilt.has(key);
}

/** All marks in a value, however deep. */
export function marksOf(value: Value, into: Set<Mark> = new Set(), depth = 0): Set<Mark> {
  if (depth > 8 || value === null || typeof value !== 'object') return into;
  if (value instanceof Mark) into.add(value);
  else if (value instanceof GroupKeyValue) marksOf(value.target, into, depth + 1);
  else if (value instanceof UnknownValue) for (const carried of value.carries) marksOf(carried, into, depth + 1);
  else if (value instanceof ListValue) for (const item of value.items) marksOf(item, into, depth + 1);
  else if (value instanceof MapValue) {
    for (const item of value.entries.values()) marksOf(item, into, depth + 1);
    const rest = value.missing?.(REST);
    if (rest !== undefined) marksOf(rest, into, depth + 1);
  }
  return into;
}

/** What a key is told apart by. */
export interface KeyFacts extends KeyParts {
  /** Equal for keys that make the same groups. */
  readonly signature: string;
  readonly dimensions: ReadonlySet<Dimension>;
  /** Something in it depends on what is not known. */
  readonly vague: boolean;
  readonly identifies: boolean;
}

export function keyFactsOf(key: Value): KeyFacts {
  const parts = new Set<string>();
  const plain = new Set<string>();
  const all = new Set<string>();
  const dimensions = new Set<Dimension>();
  const shown: string[] = [];
  let vague = false;
  const identifying: Mark[] = [];
  const add = (value: Value, depth: number): void => {
    if (value === null || typeof value !== 'object' || value instanceof PathValue || depth > 8) return;
    if (value instanceof GroupKeyValue) add(value.target, depth + 1);
    else if (value instanceof ItemValue || value instanceof GatheredValue) {
      parts.add(value.mark.id);
      plain.add(value.mark.id);
      all.add(value.mark.id);
      for (const one of value.mark.index) dimensions.add(one);
      if (value.mark.shown !== '') shown.push(value.mark.shown);
      if (value.mark.identifies) identifying.push(value.mark);
    } else if (value instanceof UnknownValue) {
      const marks = marksOf(value);
      if (marks.size === 0) vague = true;
      for (const mark of marks) {
        all.add(mark.id);
        for (const one of mark.index) dimensions.add(one);
        if (mark.shown !== '') shown.push(mark.shown);
      }
      parts.add(
        `~${value.how ?? value.reason}(${[...marks]
          .map(({ id }) => id)
          .sort()
          .join()})`,
      );
    } else if (value instanceof ListValue) {
      if (value.open) vague = true;
      for (const item of value.items) add(item, depth + 1);
    } else if (value instanceof MapValue) {
      for (const item of value.entries.values()) add(item, depth + 1);
      if (value.missing !== undefined) add(value.missing(REST), depth + 1);
    }
  };
  add(key, 0);
  const identifies = identifying.length > 0 && [...dimensions].every((one) => identifying.some((mark) => mark.index.includes(one)));
  return {
    signature: [...parts].sort().join(' '),
    dimensions,
    plain,
    all,
    shown: [...new Set(shown)].slice(0, 3).join('+'),
    vague,
    identifies,
  };
}

function shownOf(value: Value): string | undefined {
  if (value instanceof ItemValue) return value.mark.shown;
  if (value instanceof GroupKeyValue) return shownOf(value.target);
  return undefined;
}

/** A copy that code may change: closures of operators write to the maps that they are given. */
export function copyOf(value: Value, depth = 0): Value {
  if (depth > 6) return value;
  if (value instanceof ListValue)
    return new ListValue(
      value.items.map((item) => copyOf(item, depth + 1)),
      value.open,
    );
  if (value instanceof MapValue)
    return likeBefore(value, new MapValue(new Map([...value.entries].map(([key, item]) => [key, copyOf(item, depth + 1)])), value.missing));
  return value;
}

function isSame(one: Value, two: Value): boolean {
  if (one instanceof OptionalValue && two instanceof OptionalValue) return isSame(one.value, two.value);
  if (one instanceof UnknownValue && two instanceof UnknownValue && one.how !== undefined && one.how === two.how && one !== two) {
    const [mine, theirs] = [one, two].map((value) => [...marksOf(value)].map(({ id }) => id).sort()) as [string[], string[]];
    return mine.length > 0 && mine.join() === theirs.join();
  }
  return one === two || (one instanceof ItemValue && two instanceof ItemValue && one.mark.id === two.mark.id) || equal(one, two) === true;
}

/** One value for several of which each item has one: what they agree on stays. */
export function generalOf(values: readonly Value[], mark: Mark): Value {
  const [first] = values;
  if (first === undefined) return new ItemValue(mark);
  const item = new ItemValue(mark);
  const merge = (some: readonly Value[], at: ItemValue): Value => {
    const [one] = some as [Value];
    if (some.every((value) => isSame(value, one))) return one;
    if (
      one instanceof ListValue &&
      some.every((value) => value instanceof ListValue && value.items.length === one.items.length && !value.open)
    )
      return new ListValue(
        one.items.map((_, index) =>
          merge(
            some.map((value) => (value as ListValue).items[index] as Value),
            at.part(index),
          ),
        ),
      );
    if (some.some((value) => value instanceof MapValue) && some.every((value) => value instanceof MapValue || value instanceof ItemValue)) {
      const keys = new Set(some.flatMap((value) => (value instanceof MapValue ? [...value.entries.keys()] : [])));
      const of = (key: string): Value =>
        merge(
          some.map((value) => (value instanceof MapValue ? value.get(key) : (value as ItemValue).part(key))),
          at.part(key),
        );
      const rests = some.map((value) => (value instanceof MapValue ? (value.missing?.(REST) ?? null) : value));
      const rest = rests.every((value) => value === null)
        ? undefined
        : rests.every((value) => isSame(value, rests[0] as Value))
          ? (rests[0] as Value)
          : at;
      const whole = new MapValue(
        new Map([...keys].map((key) => [key, of(key)])),
        rest === undefined ? undefined : (key) => (key === REST ? rest : of(key)),
      );
      return some.every(lostItsSize) ? likeBefore(one, whole) : whole;
    }
    return at;
  };
  return merge(values, item);
}

/** What is unknown for reasons of the run, not of an item, gets a mark of its own: it is the same for all items. */
export function settled(value: Value, id: string, index: Index, made: readonly MadeBy[] | undefined, depth = 0): Value {
  if (depth > 6) return value;
  if (value instanceof OptionalValue) {
    const inner = settled(value.value, id, index, made, depth + 1);
    return inner === value.value ? value : new OptionalValue(inner);
  }
  if (value instanceof UnknownValue)
    return value instanceof ItemValue || value instanceof GatheredValue || marksOf(value).size > 0
      ? value
      : ItemValue.of(id, index, '', index.length === 0, false, made);
  if (value instanceof ListValue && !value.open && value.items.length <= 100)
    return new ListValue(value.items.map((item, at) => settled(item, `${id}.${at}`, index, made, depth + 1)));
  if (
    value instanceof MapValue &&
    value.entries.size <= 100 &&
    [...value.entries.values()].some((item) => item !== null && typeof item === 'object')
  )
    return likeBefore(
      value,
      new MapValue(
        new Map([...value.entries].map(([key, item]) => [key, settled(item, `${id}.${key}`, index, made, depth + 1)])),
        value.missing,
      ),
    );
  return value;
}

/** The same item with other marks, and its lists gathered over other dimensions. */
export function remarked(
  value: Value,
  change: (mark: Mark) => Mark,
  copied: (dimension: Dimension) => Dimension = (dimension) => dimension,
  depth = 0,
): Value {
  if (depth > 8 || value === null || typeof value !== 'object') return value;
  const again = (inner: Value): Value => remarked(inner, change, copied, depth + 1);
  if (value instanceof ItemValue) return new ItemValue(change(value.mark));
  if (value instanceof GatheredValue) {
    const kinds = value.kinds.map((kind) => ({
      ...kind,
      item: again(kind.item),
      index: kind.index.map(copied),
      data: retied(kind.data, copied),
    }));
    return new GatheredValue(again(value.element), value.over.map(copied), change(value.mark), retied(value.data, copied), kinds);
  }
  if (value instanceof GroupKeyValue) return new GroupKeyValue(again(value.target), value.size);
  if (value instanceof ListValue) return new ListValue(value.items.map(again), value.open);
  if (value instanceof MapValue) {
    const { missing } = value;
    return likeBefore(
      value,
      new MapValue(
        new Map([...value.entries].map(([key, item]) => [key, again(item)])),
        missing === undefined ? undefined : (key) => again(missing(key)),
      ),
    );
  }
  if (value instanceof SumValue) {
    const base = again(value.base);
    return base instanceof UnknownValue ? new SumValue(base, value.more) : value;
  }
  if (value instanceof UnknownValue) {
    const marks = [...marksOf(value)];
    if (marks.length === 0) return value;
    const changed = marks.map(change);
    // The longer first: one id may begin with another.
    const ids = marks.map(({ id }, at) => [id, (changed[at] as Mark).id] as const).sort(([one], [two]) => two.length - one.length);
    const how = value.how === undefined ? undefined : ids.reduce((text, [id, other]) => text.replaceAll(id, other), value.how);
    return new UnknownValue(value.reason, { carries: changed, ...(how === undefined ? {} : { how }) });
  }
  return value;
}

/** What values are made of together; undefined where that is not known of all. */
export function originOf(values: readonly Value[]): readonly MadeBy[] | undefined {
  const found: MadeBy[] = [];
  for (const value of values) {
    const { outputs, vague } = madeBy(value);
    if (vague) return undefined;
    for (const one of outputs)
      if (!found.some((other) => other.call === one.call && other.output === one.output && other.element === one.element)) found.push(one);
  }
  return found;
}

/** The pipeline is given it. */
export const GIVEN: readonly MadeBy[] = [];

/** What `x.size()` gives: a number, whatever x is. */
export function isSize(value: Value): boolean {
  return value instanceof ItemValue && value.mark.id.endsWith('.size()');
}

/** A text that is equal for values that are surely equal: parts by their marks, all else as it is. undefined: cannot be told. */
export function termOf(value: Value, depth = 0): string | undefined {
  if (depth > 8) return undefined;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (value instanceof ItemValue || value instanceof GatheredValue) return `<${value.mark.id}>`;
  if (value instanceof GroupKeyValue) return termOf(value.target, depth + 1);
  if (value instanceof ListValue) {
    if (value.open) return undefined;
    const items = value.items.map((item) => termOf(item, depth + 1));
    return items.includes(undefined) ? undefined : `[${items.join()}]`;
  }
  if (value instanceof MapValue) {
    const entries = [...value.entries].map(([key, item]) => [key, termOf(item, depth + 1)] as const);
    const rest = value.missing === undefined ? '' : termOf(value.missing(REST), depth + 1);
    if (rest === undefined || entries.some(([, item]) => item === undefined)) return undefined;
    return `{${entries
      .map(([key, item]) => `${key}:${item}`)
      .sort()
      .join()}|${rest}}`;
  }
  if (value instanceof UnknownValue) return `<?${numberOf(value)}>`;
  return textOf(value);
}

/** What is computed once and not known is the same for whoever is handed it. */
const numbered = new WeakMap<UnknownValue, number>();
let numbers = 0;

function numberOf(value: UnknownValue): number {
  let known = numbered.get(value);
  if (known === undefined) numbered.set(value, (known = numbers += 1));
  return known;
}

/** The outputs of calls that a value is, is made of, or has gathered. "vague": something in it comes from nobody knows where. */
export function madeBy(value: Value): { readonly outputs: readonly MadeBy[]; readonly vague: boolean } {
  const outputs: MadeBy[] = [];
  let vague = false;
  const add = (one: Value, depth: number): void => {
    if (depth > 8 || one === null || typeof one !== 'object') return;
    if (one instanceof GatheredValue) add(one.element, depth + 1);
    else if (one instanceof GroupKeyValue) add(one.target, depth + 1);
    else if (one instanceof ListValue) {
      for (const item of one.items) add(item, depth + 1);
      if (one.open && one.items.length === 0) vague = true;
    } else if (one instanceof MapValue) {
      for (const item of one.entries.values()) add(item, depth + 1);
      const rest = one.missing?.(REST);
      if (rest !== undefined) add(rest, depth + 1);
    } else if (one instanceof UnknownValue) {
      const marks = marksOf(one);
      if (marks.size === 0) vague = true;
      for (const mark of marks) {
        if (mark.made === undefined) vague = true;
        else outputs.push(...mark.made);
      }
    }
  };
  add(value, 0);
  return { outputs, vague };
}

/** The file that a call made, or a list of such; not what was read out of one or worked out of its name. */
export function isOutputItself(value: Value): boolean {
  if (value instanceof GatheredValue) return isOutputItself(value.element);
  return value instanceof ItemValue && value.mark.identifies && value.mark.made?.length === 1;
}

/** The dimensions that lists in an item are gathered over. */
export function gatheredIn(value: Value, depth = 0): Index {
  if (value instanceof GatheredValue) return [...value.over, ...value.kinds.flatMap(({ index }) => index)];
  return value instanceof ListValue && depth < 4 ? value.items.flatMap((item) => gatheredIn(item, depth + 1)) : [];
}
