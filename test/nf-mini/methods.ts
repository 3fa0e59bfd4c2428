/** Methods and properties of lists, maps, strings, numbers, files and group keys. `undefined`: there is no such method. */
import { type Arguments, type Evaluator, groovyEquals } from './evaluate.ts';
import {
  Closure,
  compare,
  display,
  Entry,
  GroupKey,
  HostObject,
  keyText,
  MapValue,
  PathValue,
  RunError,
  truthy,
  type Value,
} from './values.ts';

export function readProperty(object: Value, name: string): Value | undefined {
  if (object instanceof GroupKey)
    return name === 'groupTarget' ? object.target : name === 'groupSize' ? object.size : readProperty(object.target, name);
  if (object instanceof MapValue) return object.get(name);
  if (object instanceof Entry) return name === 'key' ? object.key : name === 'value' ? object.value : undefined;
  if (object instanceof PathValue) return pathProperty(object, name);
  if (Array.isArray(object)) {
    if (name === 'size') return object.length;
    // Groovy reads the property of each element.
    return object.map((one) => readProperty(one, name) ?? null);
  }
  return undefined;
}

function pathProperty(path: PathValue, name: string): Value | undefined {
  const file = path.name;
  switch (name) {
    case 'name':
    case 'fileName':
      return file;
    case 'baseName':
      return file.includes('.') ? file.slice(0, file.lastIndexOf('.')) : file;
    case 'simpleName': {
      const dot = file.indexOf('.', 1);
      return dot === -1 ? file : file.slice(0, dot);
    }
    case 'extension':
      return file.includes('.') ? file.slice(file.lastIndexOf('.') + 1) : '';
    case 'parent': {
      const slash = path.path.lastIndexOf('/');
      return slash === -1 ? null : new PathValue(`${path.identity}/..`, path.path.slice(0, slash), `${path.term}/..`);
    }
    default:
      return undefined;
  }
}

export function callMethod(object: Value, name: string, args: Arguments, evaluator: Evaluator): Value | undefined {
  if (name === 'toString' && !(object instanceof HostObject)) return display(object);
  if (name === 'getClass') return undefined;
  if (object instanceof GroupKey) {
    if (name === 'getGroupTarget') return object.target;
    if (name === 'getGroupSize') return object.size;
    return callMethod(object.target, name, args, evaluator);
  }
  if (name === 'equals') return groovyEquals(object, args.values[0] ?? null);
  if (Array.isArray(object)) return listMethod(object, name, args, evaluator);
  if (object instanceof MapValue) return mapMethod(object, name, args, evaluator);
  if (object instanceof PathValue) return pathMethod(object, name, args);
  if (typeof object === 'string') return stringMethod(object, name, args, evaluator);
  if (typeof object === 'number') return numberMethod(object, name, args, evaluator);
  if (object instanceof Entry) return name === 'getKey' ? object.key : name === 'getValue' ? object.value : undefined;
  return undefined;
}

function pathMethod(path: PathValue, name: string, { values }: Arguments): Value | undefined {
  if (/^get[A-Z]/.test(name) && values.length === 0) return pathProperty(path, name.charAt(3).toLowerCase() + name.slice(4));
  switch (name) {
    case 'exists':
    case 'isFile':
      return true;
    case 'isEmpty':
    case 'isDirectory':
      return false;
    case 'size':
      return 1;
    case 'endsWith':
      return path.path.endsWith(display(values[0] ?? null));
    case 'startsWith':
      return path.path.startsWith(display(values[0] ?? null));
    case 'toUriString':
      return path.path;
    default:
      return undefined;
  }
}

function numberMethod(value: number, name: string, { values }: Arguments, evaluator: Evaluator): Value | undefined {
  switch (name) {
    case 'toInteger':
    case 'toLong':
    case 'intValue':
      return Math.trunc(value);
    case 'abs':
      return Math.abs(value);
    case 'intdiv':
      return Math.trunc(value / (values[0] as number));
    case 'times':
      for (let at = 0; at < value; at++) evaluator.invoke(values[0]!, [at]);
      return null;
    default:
      return undefined;
  }
}

function stringMethod(text: string, name: string, { values }: Arguments, evaluator: Evaluator): Value | undefined {
  const given = values.map((one) => (one instanceof Closure ? '' : display(one)));
  const first = given[0] ?? '';
  switch (name) {
    case 'size':
    case 'length':
      return text.length;
    case 'isEmpty':
      return text === '';
    case 'toInteger':
    case 'toLong': {
      if (!/^-?\d+$/.test(text.trim())) throw new RunError(`${text} is no whole number`);
      return Number(text);
    }
    case 'isInteger':
    case 'isNumber':
      return /^-?\d+$/.test(text.trim());
    case 'toBoolean':
      return text.toLowerCase() === 'true';
    case 'toLowerCase':
      return text.toLowerCase();
    case 'toUpperCase':
      return text.toUpperCase();
    case 'trim':
    case 'strip':
      return text.trim();
    case 'startsWith':
      return text.startsWith(first);
    case 'endsWith':
      return text.endsWith(first);
    case 'contains':
      return text.includes(first);
    case 'replace':
      return text.replaceAll(first, given[1] ?? '');
    case 'replaceAll':
      return text.replace(new RegExp(first, 'g'), given[1] ?? '');
    case 'replaceFirst':
      return text.replace(new RegExp(first), given[1] ?? '');
    case 'matches':
      return new RegExp(`^(?:${first})$`).test(text);
    case 'split': {
      const parts = values.length === 0 ? text.trim().split(/\s+/) : text.split(new RegExp(first));
      while (parts.length > 1 && parts.at(-1) === '') parts.pop();
      return parts;
    }
    case 'tokenize':
      return text
        .split(new RegExp(`[${(values.length === 0 ? ' \t\n' : first).replace(/[\]\\^-]/g, '\\$&')}]`))
        .filter((part) => part !== '');
    case 'substring':
      return text.substring(Number(first), given[1] === undefined ? undefined : Number(given[1]));
    case 'take':
      return text.slice(0, Number(first));
    case 'drop':
      return text.slice(Number(first));
    case 'padLeft':
      return text.padStart(Number(first), given[1] ?? ' ');
    case 'minus':
      return text.replace(first, '');
    case 'plus':
    case 'concat':
      return text + first;
    case 'getAt':
      return text.at(Number(first)) ?? null;
    case 'readLines':
      return text.split('\n');
    case 'hashCode':
      return keyText(text).length;
    case 'collect':
      return [...text].map((one) => evaluator.invoke(values[0]!, [one]));
    default:
      return undefined;
  }
}

function unique(list: readonly Value[], key: (value: Value) => Value = (value) => value): Value[] {
  const keys: Value[] = [];
  return list.filter((one) => {
    const mine = key(one);
    if (keys.some((other) => groovyEquals(mine, other))) return false;
    keys.push(mine);
    return true;
  });
}

/** A comparator of Groovy's sort, min and max: none, a closure of one, a closure of two. */
export function comparator(by: Value | undefined, evaluator: Evaluator): (one: Value, other: Value) => number {
  if (!(by instanceof Closure)) return compare;
  if (evaluator.arity(by) === 2) return (one, other) => Number(evaluator.invoke(by, [one, other]));
  return (one, other) => compare(evaluator.invoke(by, [one]), evaluator.invoke(by, [other]));
}

export function flatten(value: Value): Value[] {
  return Array.isArray(value) ? value.flatMap(flatten) : [value];
}

function listMethod(list: Value[], name: string, { values, named }: Arguments, evaluator: Evaluator): Value | undefined {
  const [first, second] = values;
  const call = (item: Value): Value => evaluator.invoke(first!, [item]);
  switch (name) {
    case 'size':
      return list.length;
    case 'isEmpty':
      return list.length === 0;
    case 'get':
    case 'getAt':
      return list[first as number] ?? null;
    case 'first':
    case 'head':
      if (list.length === 0) throw new RunError('the first of an empty list');
      return list[0]!;
    case 'last':
      if (list.length === 0) throw new RunError('the last of an empty list');
      return list.at(-1)!;
    case 'tail':
      return list.slice(1);
    case 'init':
      return list.slice(0, -1);
    case 'take':
      return list.slice(0, first as number);
    case 'drop':
      return list.slice(first as number);
    case 'takeRight':
      return (first as number) === 0 ? [] : list.slice(-(first as number));
    case 'subList':
      return list.slice(first as number, second as number);
    case 'collect':
      return list.map(call);
    case 'collectMany':
      return list.flatMap((item) => call(item) as Value[]);
    case 'collectEntries':
      return entriesOf(first === undefined ? list : list.map(call));
    case 'each':
      list.forEach(call);
      return list;
    case 'eachWithIndex':
      list.forEach((item, at) => {
        evaluator.invoke(first!, [item, at]);
      });
      return list;
    case 'withIndex':
    case 'indexed':
      return name === 'withIndex' ? list.map((item, at) => [item, at]) : new MapValue(list.map((item, at) => [at, item] as const));
    case 'find':
      return list.find((item) => truthy(call(item))) ?? null;
    case 'findAll':
      return list.filter((item) => (first === undefined ? truthy(item) : truthy(call(item))));
    case 'findIndexOf':
      return list.findIndex((item) => truthy(call(item)));
    case 'any':
      return list.some((item) => (first === undefined ? truthy(item) : truthy(call(item))));
    case 'every':
      return list.every((item) => (first === undefined ? truthy(item) : truthy(call(item))));
    case 'count':
      return first === undefined
        ? list.length
        : list.filter((item) => (first instanceof Closure ? truthy(call(item)) : groovyEquals(item, first))).length;
    case 'sum':
      return list.length === 0
        ? null
        : (list.map((item) => Number(first === undefined ? item : call(item))).reduce((a, b) => a + b, 0) as Value);
    case 'min':
    case 'max': {
      const order = comparator(first, evaluator);
      const sign = name === 'min' ? 1 : -1;
      return list.length === 0 ? null : list.reduce((best, item) => (sign * order(item, best) < 0 ? item : best));
    }
    case 'sort':
    case 'toSorted': {
      const by = typeof first === 'boolean' ? second : first;
      const sorted = list.toSorted(comparator(by, evaluator));
      if (name === 'sort' && first !== false) list.splice(0, list.length, ...sorted);
      return sorted;
    }
    case 'reverse':
      return list.toReversed();
    case 'unique':
    case 'toUnique': {
      const by = typeof first === 'boolean' ? second : first;
      return unique(list, by === undefined ? undefined : (item) => evaluator.invoke(by, [item]));
    }
    case 'toSet':
      return unique(list);
    case 'toList':
    case 'asList':
    case 'clone':
      return list.slice();
    case 'flatten':
      return flatten(list);
    case 'join':
      return list.map(display).join(first === undefined ? '' : display(first));
    case 'contains':
      return list.some((one) => groovyEquals(one, first ?? null));
    case 'containsAll':
      return (first as Value[]).every((other) => list.some((one) => groovyEquals(one, other)));
    case 'indexOf':
      return list.findIndex((one) => groovyEquals(one, first ?? null));
    case 'plus':
      return [...list, ...(Array.isArray(first) ? first : [first ?? null])];
    case 'minus': {
      const out = Array.isArray(first) ? first : [first ?? null];
      return list.filter((one) => !out.some((other) => groovyEquals(one, other)));
    }
    case 'intersect':
      return list.filter((one) => (first as Value[]).some((other) => groovyEquals(one, other)));
    case 'add':
    case 'push':
      list.push(first ?? null);
      return true;
    case 'addAll':
      list.push(...(first as Value[]));
      return true;
    case 'transpose': {
      const rows = list as Value[][];
      const shortest = rows.length === 0 ? 0 : Math.min(...rows.map((row) => row.length));
      return Array.from({ length: shortest }, (_, at) => rows.map((row) => row[at]!));
    }
    case 'combinations':
      return (list as Value[][]).reduce<Value[][]>((sofar, row) => row.flatMap((item) => sofar.map((one) => [...one, item])), [[]]);
    case 'collate': {
      const size = first as number;
      return Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
    }
    case 'groupBy': {
      const groups = new MapValue();
      for (const item of list) {
        const key = call(item);
        const group = groups.get(key);
        if (Array.isArray(group)) group.push(item);
        else groups.set(key, [item]);
      }
      return groups;
    }
    case 'countBy': {
      const counts = new MapValue();
      for (const item of list) counts.set(call(item), Number(counts.get(call(item)) ?? 0) + 1);
      return counts;
    }
    case 'inject':
      return values.length === 1
        ? list.reduce((sofar, item) => evaluator.invoke(first!, [sofar, item]))
        : list.reduce((sofar, item) => evaluator.invoke(second!, [sofar, item]), first!);
    default:
      if (named !== undefined) return undefined;
      return undefined;
  }
}

function entriesOf(items: readonly Value[]): MapValue {
  const map = new MapValue();
  for (const item of items) {
    if (item instanceof MapValue) for (const [key, value] of item.pairs()) map.set(key, value);
    else if (Array.isArray(item)) map.set(item[0] ?? null, item[1] ?? null);
    else throw new RunError(`${display(item)} is no map entry`);
  }
  return map;
}

function mapMethod(map: MapValue, name: string, { values }: Arguments, evaluator: Evaluator): Value | undefined {
  const [first, second] = values;
  // A closure of one parameter gets the entry, a closure of two the key and the value.
  const call = ([key, value]: readonly [Value, Value]): Value =>
    evaluator.arity(first!) === 2 ? evaluator.invoke(first!, [key, value]) : evaluator.invoke(first!, [new Entry(key, value)]);
  switch (name) {
    case 'size':
      return map.entries.size;
    case 'isEmpty':
      return map.entries.size === 0;
    case 'get':
    case 'getAt':
      return map.has(first!) || second === undefined ? map.get(first!) : second;
    case 'getOrDefault':
      return map.has(first!) ? map.get(first!) : (second ?? null);
    case 'containsKey':
      return map.has(first!);
    case 'containsValue':
      return map.pairs().some(([, value]) => groovyEquals(value, first ?? null));
    case 'keySet':
      return map.pairs().map(([key]) => key);
    case 'values':
      return map.pairs().map(([, value]) => value);
    case 'entrySet':
      return map.pairs().map(([key, value]) => new Entry(key, value));
    case 'subMap': {
      const keys = Array.isArray(first) ? first : values;
      return new MapValue(keys.filter((key) => map.has(key)).map((key) => [key, map.get(key)] as const));
    }
    case 'findAll':
      return new MapValue(map.pairs().filter((pair) => truthy(call(pair))));
    case 'find': {
      const found = map.pairs().find((pair) => truthy(call(pair)));
      return found === undefined ? null : new Entry(found[0], found[1]);
    }
    case 'any':
      return map.pairs().some((pair) => truthy(call(pair)));
    case 'every':
      return map.pairs().every((pair) => truthy(call(pair)));
    case 'collect':
      return map.pairs().map(call);
    case 'collectMany':
      return map.pairs().flatMap((pair) => call(pair) as Value[]);
    case 'collectEntries':
      return entriesOf(map.pairs().map(call));
    case 'each':
      map.pairs().forEach(call);
      return map;
    case 'plus':
      return new MapValue([...map.pairs(), ...(first as MapValue).pairs()]);
    case 'minus':
      return new MapValue(
        map.pairs().filter(([key, value]) => !(first as MapValue).has(key) || !groovyEquals((first as MapValue).get(key), value)),
      );
    case 'put': {
      const before = map.get(first!);
      map.set(first!, second!);
      return before;
    }
    case 'remove': {
      const before = map.get(first!);
      map.entries.delete(keyText(first!));
      return before;
    }
    case 'clone':
      return new MapValue(map.pairs());
    case 'sort':
      return new MapValue(map.pairs().toSorted(([one], [other]) => compare(one, other)));
    default:
      return undefined;
  }
}
