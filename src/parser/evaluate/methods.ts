/**
 * What Groovy's collections, strings, numbers, files and Nextflow's units answer, for the members that pipelines really
 * use. undefined means: not known here; the caller makes an unknown value of it.
 */

import { compare, equal } from './operators.ts';
import { boundedRegExp, matchesWhole } from './pattern.ts';
import { durationFrom, formatDuration, formatMemory, memoryFrom, unitOfNumber } from './units.ts';
import {
  BuiltinValue,
  type CallSite,
  ClassValue,
  ClosureValue,
  DurationValue,
  flowing,
  isUnknown,
  ListValue,
  MapValue,
  MatcherValue,
  MemoryValue,
  NO_ARGUMENTS,
  ObjectValue,
  PathValue,
  PatternValue,
  type Truth,
  truthOf,
  UnknownValue,
  unknownFrom,
  type Value,
} from './value.ts';

/** Longer lists are not followed item by item. */
const MOST_ITEMS = 100_000;

/** As Groovy would print it; undefined when a part is unknown. */
export function textOf(value: Value, depth = 0): string | undefined {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
      // As Java's BigDecimal: 1E-9.
      return String(value).replace('e', 'E');
    case 'boolean':
      return String(value);
  }
  if (value instanceof PathValue) return value.path;
  if (value instanceof MemoryValue) return formatMemory(value.bytes);
  if (value instanceof DurationValue) return formatDuration(value.ms);
  if (value instanceof PatternValue) return value.source;
  if (depth > 10) return undefined;
  if (value instanceof ListValue && !value.open) {
    const parts = value.items.map((item) => textOf(item, depth + 1));
    return parts.includes(undefined) ? undefined : `[${parts.join(', ')}]`;
  }
  if (value instanceof MapValue && value.missing === undefined) {
    const parts = [...value.entries].map(([key, item]) => [key, textOf(item, depth + 1)]);
    if (parts.some(([, text]) => text === undefined)) return undefined;
    return parts.length === 0 ? '[:]' : `[${parts.map(([key, text]) => `${key}:${text}`).join(', ')}]`;
  }
  return undefined;
}

/** `x as T`, `(T) x`, `T x = …`. What is not modelled keeps its value. */
export function castTo(type: string, value: Value, coercion: boolean): Value {
  const name = type.slice(type.lastIndexOf('.') + 1);
  if (isUnknown(value) || value === null) return value;
  switch (name) {
    case 'MemoryUnit':
      return memoryFrom(value) ?? unknownFrom('not a memory size', value);
    case 'Duration':
      return durationFrom(value) ?? unknownFrom('not a duration', value);
    case 'int':
    case 'Integer':
    case 'long':
    case 'Long':
    case 'BigInteger':
    case 'short':
      // Java's int wraps around; the wider types do not within what a double holds.
      if (typeof value === 'number') return name === 'int' || name === 'Integer' ? Math.trunc(value) | 0 : Math.trunc(value);
      return typeof value === 'string' && coercion && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
    case 'double':
    case 'Double':
    case 'float':
    case 'Float':
    case 'BigDecimal':
      return typeof value === 'string' && coercion && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
    case 'String':
      return textOf(value) ?? unknownFrom('a string of an unknown value', value);
    case 'boolean':
    case 'Boolean': {
      const truth = truthOf(value);
      return truth === 'unknown' ? new UnknownValue('an unknown condition') : truth;
    }
    case 'List':
    case 'ArrayList':
    case 'Set':
    case 'Collection':
      if (name === 'Set' && value instanceof ListValue) return unique(value);
      return value;
    case 'Path':
    case 'File':
      return typeof value === 'string' ? new PathValue(value) : value;
    default:
      return value;
  }
}

export function propertyOf(object: Value, name: string, site: CallSite): Value | undefined {
  if (typeof object === 'number') return unitOfNumber(object, name);
  if (object instanceof MapValue) return object.get(name);
  if (object instanceof ListValue) {
    if (name === 'first' || name === 'last' || name === 'empty') return callMethod(name === 'empty' ? 'isEmpty' : name, object, [], site);
    // A property of a list is the list of its items' properties.
    return new ListValue(
      object.items.map((item) => (item === null ? null : site.interpreter.property(item, name, site))),
      object.open,
    );
  }
  if (object instanceof PathValue)
    return name === 'text' ? site.interpreter.callMethodOn(object, 'getText', NO_ARGUMENTS, site) : pathProperty(object, name);
  if (object instanceof MemoryValue) {
    const scale: Readonly<Record<string, number>> = { bytes: 1, kilo: 1024, mega: 1024 ** 2, giga: 1024 ** 3 };
    const by = Object.hasOwn(scale, name) ? scale[name] : undefined;
    return by === undefined ? undefined : Math.floor(object.bytes / by);
  }
  if (object instanceof DurationValue) {
    const scale: Readonly<Record<string, number>> = { millis: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
    const by = Object.hasOwn(scale, name) ? scale[name] : undefined;
    return by === undefined ? undefined : Math.floor(object.ms / by);
  }
  if (object instanceof ObjectValue) {
    const field = object.fields.has(name) ? object.fields.get(name) : object.type.statics.get(name);
    if (field !== undefined) return field;
    const getter = `get${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return object.type.method(getter) === undefined
      ? undefined
      : site.interpreter.callMethodOn(object, getter, { positional: [], named: null }, site);
  }
  if (object instanceof ClassValue) return object.statics.get(name);
  if (name === 'class') return new UnknownValue('a class', { truthy: true });
  return undefined;
}

function pathProperty(object: PathValue, name: string): Value | undefined {
  const { path } = object;
  const base = path.slice(path.lastIndexOf('/') + 1);
  switch (name) {
    case 'name':
    case 'fileName':
      return base;
    case 'baseName':
      return base.includes('.') ? base.slice(0, base.lastIndexOf('.')) : base;
    case 'simpleName':
      return base.includes('.') && base.indexOf('.') > 0 ? base.slice(0, base.indexOf('.')) : base;
    case 'extension':
      return base.includes('.') ? base.slice(base.lastIndexOf('.') + 1) : '';
    case 'parent':
      return path.includes('/') ? new PathValue(path.slice(0, path.lastIndexOf('/')) || '/') : null;
    case 'scheme':
      return /^(\w+):\/\//.exec(path)?.[1] ?? 'file';
  }
  return undefined;
}

/** A method of a value that is not the host's. Arguments are by position; named ones are a leading map. */
export function callMethod(name: string, object: Value, args: readonly Value[], site: CallSite): Value | undefined {
  if (object instanceof UnknownValue || object === null) return undefined;
  switch (name) {
    case 'toString':
      return textOf(object) ?? unknownFrom('a string of an unknown value', object);
    case 'equals': {
      const same = equal(object, args[0] ?? null);
      return same ?? new UnknownValue('an unknown comparison');
    }
    case 'compareTo':
      return compare(object, args[0] ?? null);
    case 'asBoolean': {
      const truth = truthOf(object);
      return truth === 'unknown' ? new UnknownValue('an unknown condition') : truth;
    }
    case 'with':
    case 'tap': {
      const [closure] = args;
      if (!(closure instanceof ClosureValue)) return undefined;
      const value = site.interpreter.callClosure(closure, [object], object);
      return name === 'tap' ? object : value;
    }
    case 'getClass':
      return new UnknownValue('a class', { truthy: true });
    case 'hashCode':
      return new UnknownValue('a hash code');
  }
  if (typeof object === 'string') return stringMethod(object, name, args, site);
  if (object instanceof ListValue) return listMethod(object, name, args, site);
  if (object instanceof MapValue) return mapMethod(object, name, args, site);
  if (typeof object === 'number') return numberMethod(object, name, args, site);
  if (object instanceof PathValue) return pathMethod(object, name, args, site);
  if (object instanceof MemoryValue) {
    const unit = /^to(?:Unit)?(Bytes|Kilo|Mega|Giga|Tera)?$/.exec(name)?.[1];
    if (unit !== undefined) return Math.floor(object.bytes / 1024 ** ['Bytes', 'Kilo', 'Mega', 'Giga', 'Tera'].indexOf(unit));
    if (name === 'toUnit' && typeof args[0] === 'string') {
      const power = ['B', 'KB', 'MB', 'GB', 'TB'].indexOf(args[0].toUpperCase());
      return power === -1 ? undefined : Math.floor(object.bytes / 1024 ** power);
    }
    if (name === 'getBytes' || name === 'getKilo' || name === 'getMega' || name === 'getGiga')
      return propertyOf(object, name.slice(3).toLowerCase(), site);
    return undefined;
  }
  if (object instanceof DurationValue) {
    const scale: Readonly<Record<string, number>> = {
      toMillis: 1,
      toSeconds: 1000,
      toMinutes: 60_000,
      toHours: 3_600_000,
      toDays: 86_400_000,
    };
    const by = Object.hasOwn(scale, name) ? scale[name] : undefined;
    return by === undefined ? undefined : Math.floor(object.ms / by);
  }
  if (object instanceof MatcherValue) return matcherMethod(object, name, args, site);
  if (object instanceof ClosureValue && name === 'curry') {
    return new BuiltinValue('closure', (rest) => site.interpreter.callClosure(object, [...args, ...rest.positional]));
  }
  return undefined;
}

function stringMethod(text: string, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first, second] = args;
  switch (name) {
    case 'size':
    case 'length':
      return text.length;
    case 'toLowerCase':
      return text.toLowerCase();
    case 'toUpperCase':
      return text.toUpperCase();
    case 'name':
      // Of an enum's constant, which is its text here.
      return text;
    case 'capitalize':
      return text.charAt(0).toUpperCase() + text.slice(1);
    case 'uncapitalize':
      return text.charAt(0).toLowerCase() + text.slice(1);
    case 'trim':
    case 'strip':
      return text.trim();
    case 'isEmpty':
      return text === '';
    case 'isBlank':
      return text.trim() === '';
    case 'reverse':
      return [...text].reverse().join('');
    case 'stripIndent':
      return withoutIndent(text);
    case 'stripMargin':
      return text.replace(/^[ \t]*\|/gm, '');
    case 'intern':
    case 'normalize':
    case 'denormalize':
      return text;
    case 'isNumber':
    case 'isInteger':
    case 'isLong':
    case 'isDouble':
    case 'isBigDecimal':
    case 'isFloat': {
      const trimmed = text.trim();
      return trimmed !== '' && (name === 'isInteger' || name === 'isLong' ? /^[+-]?\d+$/.test(trimmed) : Number.isFinite(Number(trimmed)));
    }
    case 'toInteger':
    case 'toLong':
    case 'toBigInteger':
      return /^[+-]?\d+$/.test(text.trim()) ? Number(text) : undefined;
    case 'toDouble':
    case 'toFloat':
    case 'toBigDecimal':
      return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : undefined;
    case 'toBoolean':
      return /^(true|y|1)$/i.test(text.trim());
    case 'readLines':
    case 'lines':
      return new ListValue(text.split(/\r?\n/));
    case 'eachLine':
      return first instanceof ClosureValue ? collect(new ListValue(text.split(/\r?\n/)), first, site) : undefined;
    case 'toList':
    case 'collect':
      return name === 'collect' && first instanceof ClosureValue
        ? collect(new ListValue([...text]), first, site)
        : new ListValue([...text]);
    case 'contains':
    case 'startsWith':
    case 'endsWith':
    case 'equalsIgnoreCase':
    case 'indexOf':
    case 'lastIndexOf':
    case 'count':
    case 'concat': {
      const other = first === undefined ? undefined : textOf(first);
      if (other === undefined) return new UnknownValue('an unknown string');
      if (name === 'contains') return text.includes(other);
      if (name === 'startsWith') return text.startsWith(other);
      if (name === 'endsWith') return text.endsWith(other);
      if (name === 'equalsIgnoreCase') return text.toLowerCase() === other.toLowerCase();
      if (name === 'indexOf') return text.indexOf(other);
      if (name === 'lastIndexOf') return text.lastIndexOf(other);
      return name === 'concat' ? text + other : other === '' ? 0 : text.split(other).length - 1;
    }
    case 'substring':
    case 'subSequence':
      return typeof first === 'number' ? text.substring(first, typeof second === 'number' ? second : text.length) : undefined;
    case 'take':
      return typeof first === 'number' ? text.slice(0, first) : undefined;
    case 'drop':
      return typeof first === 'number' ? text.slice(first) : undefined;
    case 'charAt':
      return typeof first === 'number' ? text.charAt(first) : undefined;
    case 'getAt':
      if (typeof first === 'number') return text.at(first) ?? null;
      if (first instanceof ListValue && first.items.every((item) => typeof item === 'number')) {
        return first.items.map((item) => text.at(item as number) ?? '').join('');
      }
      return undefined;
    case 'padLeft':
      return typeof first === 'number' && first < 10_000 ? text.padStart(first, typeof second === 'string' ? second : ' ') : undefined;
    case 'padRight':
      return typeof first === 'number' && first < 10_000 ? text.padEnd(first, typeof second === 'string' ? second : ' ') : undefined;
    case 'multiply':
      return typeof first === 'number' && first * text.length < 100_000 ? text.repeat(first) : undefined;
    case 'tokenize': {
      const separators = first === undefined ? ' \t\n\r\f' : typeof first === 'string' ? first : undefined;
      if (separators === undefined) return undefined;
      const parts: Value[] = [];
      let part = '';
      for (const character of text) {
        if (!separators.includes(character)) part += character;
        else if (part !== '') {
          parts.push(part);
          part = '';
        }
      }
      if (part !== '') parts.push(part);
      return new ListValue(parts);
    }
    case 'split': {
      if (first === undefined) return new ListValue(text.trim().split(/\s+/));
      const source = patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text);
      if (pattern === undefined) return undefined;
      const parts = splitUpTo(text, pattern, typeof second === 'number' && second > 0 ? second : Number.POSITIVE_INFINITY);
      while (!(typeof second === 'number') && parts.length > 1 && parts.at(-1) === '') parts.pop();
      return new ListValue(parts);
    }
    case 'replace': {
      const [from, to] = [first === undefined ? undefined : textOf(first), second === undefined ? undefined : textOf(second)];
      return from === undefined || to === undefined || from === '' ? undefined : text.split(from).join(to);
    }
    case 'replaceAll':
    case 'replaceFirst':
    case 'minus': {
      if (first === undefined) return undefined;
      if (name === 'minus' && typeof first === 'string') return text.replace(first, () => '');
      const source = patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text, name === 'replaceAll' ? 'g' : '');
      if (pattern === undefined) return undefined;
      if (second instanceof ClosureValue) return replacedBy(text, pattern, second, site);
      const to = second === undefined ? '' : textOf(second);
      if (to === undefined) return undefined;
      return text.replace(pattern, to.replace(/\\(.)/g, '$1'));
    }
    case 'matches': {
      const source = first === undefined ? undefined : patternSource(first);
      return source === undefined ? undefined : matchesWhole(source, text);
    }
    case 'find':
    case 'findAll': {
      const source = first === undefined ? undefined : patternSource(first);
      const pattern = source === undefined ? undefined : boundedRegExp(source, text);
      if (pattern === undefined) return undefined;
      const found = [...text.matchAll(pattern)];
      if (name === 'findAll') return new ListValue(found.map((match) => match[0]));
      const [match] = found;
      return match === undefined
        ? null
        : new ListValue([match.length === 1 ? match[0] : new ListValue(match.map((group) => group ?? null))]);
    }
    case 'each':
    case 'any':
    case 'every':
    case 'inject':
      return listMethod(new ListValue([...text]), name, args, site);
    case 'execute':
      return new UnknownValue('what a command prints');
    case 'asType':
      return text;
  }
  return undefined;
}

/** Takes from each line the indent that all lines have that are not blank. */
function withoutIndent(text: string): string {
  const lines = text.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => line.length - line.trimStart().length);
  const indent = indents.length === 0 ? 0 : Math.min(...indents);
  return lines.map((line) => line.slice(Math.min(indent, line.length - line.trimStart().length))).join('\n');
}

function matcherMethod(matcher: MatcherValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first] = args;
  const groups = (match: readonly Value[]): Value => (match.length === 1 ? (match[0] as Value) : new ListValue([...match]));
  switch (name) {
    case 'matches':
      return stringMethod(matcher.text, 'matches', [new PatternValue(matcher.source)], site);
    case 'find':
      return matcher.found.length > 0;
    case 'getCount':
    case 'size':
    case 'count':
      return matcher.found.length;
    case 'groupCount':
      return (matcher.found[0]?.length ?? 1) - 1;
    case 'group':
      return typeof first === 'number' || first === undefined ? (matcher.found[0]?.[first ?? 0] ?? null) : undefined;
    case 'getAt':
      if (typeof first === 'number') return groups(matcher.found.at(first) ?? []);
      return undefined;
    default:
      return listMethod(new ListValue(matcher.found.map(groups)), name, args, site);
  }
}

/** Java's `split(pattern, limit)`: the last part keeps what is left. */
function splitUpTo(text: string, pattern: RegExp, limit: number): string[] {
  if (limit === Number.POSITIVE_INFINITY) return text.split(pattern);
  const parts: string[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (parts.length >= limit - 1) break;
    if (match[0] === '') continue;
    parts.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return [...parts, text.slice(from)];
}

/** `replaceAll(/…/) { match -> … }`: the closure is given the match, or the match and its groups. */
function replacedBy(text: string, pattern: RegExp, closure: ClosureValue, site: CallSite): Value | undefined {
  let known = true;
  const replaced = text.replace(pattern, (...match: unknown[]) => {
    const groups = match.slice(
      0,
      match.findIndex((part) => typeof part === 'number'),
    ) as (string | undefined)[];
    const given = groups.length === 1 ? (groups[0] ?? null) : new ListValue(groups.map((group) => group ?? null));
    const part = textOf(site.interpreter.callClosure(closure, [given]));
    if (part === undefined) known = false;
    return part ?? '';
  });
  return known ? replaced : undefined;
}

function patternSource(value: Value): string | undefined {
  return value instanceof PatternValue ? value.source : typeof value === 'string' ? value : undefined;
}

function collect(list: ListValue, closure: Value | undefined, site: CallSite): Value {
  if (closure === undefined) return new ListValue(list.items.slice(), list.open);
  return new ListValue(
    list.items.map((item) => site.interpreter.callValue(closure, { positional: [item], named: null }, site)),
    list.open,
  );
}

function unique(list: ListValue): ListValue {
  const kept: Value[] = [];
  for (const item of list.items) if (!kept.some((one) => equal(one, item) === true)) kept.push(item);
  return new ListValue(kept, list.open);
}

function listMethod(list: ListValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const { interpreter } = site;
  const [first, second] = args;
  const test = (item: Value): Truth =>
    truthOf(first === undefined ? item : interpreter.callValue(first, { positional: [item], named: null }, site));
  const closed = !list.open;
  switch (name) {
    case 'size':
      return closed ? list.items.length : new UnknownValue('the size of a list with unknown parts');
    case 'isEmpty': {
      const truth = truthOf(list);
      return truth === 'unknown' ? new UnknownValue('a list with unknown parts') : !truth;
    }
    case 'add':
    case 'push':
    case 'leftShift':
    case 'addAll':
    case 'addFirst': {
      interpreter.journal.touch(list);
      const item = args.at(-1) ?? null;
      if (name === 'addAll') {
        if (item instanceof ListValue && list.items.length + item.items.length <= MOST_ITEMS) list.items = [...list.items, ...item.items];
        else list.open = true;
      } else if (typeof first === 'number' && args.length === 2) list.items.splice(first, 0, item);
      else list.items.push(item);
      return name === 'leftShift' ? list : true;
    }
    case 'remove':
    case 'removeAll':
    case 'removeElement':
    case 'pop':
    case 'removeAt': {
      interpreter.journal.touch(list);
      if (name === 'pop') return list.items.shift() ?? null;
      if (typeof first === 'number' && name !== 'removeElement') return list.items.splice(first, 1)[0] ?? null;
      if (first instanceof ClosureValue) list.items = list.items.filter((item) => test(item) === false);
      else {
        const gone = first instanceof ListValue && name === 'removeAll' ? first.items : [first ?? null];
        list.items = list.items.filter((item) => !gone.some((one) => equal(one, item) === true));
      }
      return true;
    }
    case 'clear':
      interpreter.journal.touch(list);
      list.items = [];
      return null;
    case 'contains':
    case 'containsAll': {
      const wanted = name === 'containsAll' && first instanceof ListValue ? first.items : [first ?? null];
      const answers = wanted.map((item) => interpreter.contains(list, item));
      if (answers.includes(false)) return false;
      return answers.includes('unknown') ? new UnknownValue('a list with unknown parts') : true;
    }
    case 'disjoint':
    case 'intersect': {
      if (!(first instanceof ListValue)) return undefined;
      const common = list.items.filter((item) => first.items.some((one) => equal(one, item) === true));
      if (name === 'intersect') return new ListValue(common, list.open || first.open);
      if (common.length > 0) return false;
      return list.open || first.open ? new UnknownValue('a list with unknown parts') : true;
    }
    case 'plus': {
      if (first instanceof ListValue) return new ListValue([...list.items, ...first.items], list.open || first.open);
      return new ListValue([...list.items, first ?? null], list.open);
    }
    case 'minus':
      if (first === undefined) return undefined;
      return new ListValue(
        list.items.filter((item) => !(first instanceof ListValue ? first.items : [first]).some((one) => equal(one, item) === true)),
        list.open,
      );
    case 'get':
    case 'getAt': {
      if (typeof first === 'number') return list.items.at(first) ?? (closed ? null : new UnknownValue('an element of an unknown list'));
      if (first instanceof ListValue && first.items.every((item) => typeof item === 'number')) {
        return new ListValue(
          first.items.map((item) => list.items.at(item as number) ?? null),
          list.open,
        );
      }
      return unknownFrom('an element of a list', list);
    }
    case 'first':
    case 'head':
      return list.items[0] ?? (closed ? null : new UnknownValue('an element of an unknown list'));
    case 'last':
      return list.items.at(-1) ?? (closed ? null : new UnknownValue('an element of an unknown list'));
    case 'tail':
      return new ListValue(list.items.slice(1), list.open);
    case 'init':
      return new ListValue(list.items.slice(0, -1), list.open);
    case 'take':
    case 'drop':
      if (typeof first !== 'number') return undefined;
      return new ListValue(name === 'take' ? list.items.slice(0, first) : list.items.slice(first), list.open);
    case 'subList':
      return typeof first === 'number' && typeof second === 'number'
        ? new ListValue(list.items.slice(first, second), list.open)
        : undefined;
    case 'reverse':
      return new ListValue(list.items.slice().reverse(), list.open);
    case 'indexOf': {
      const at = list.items.findIndex((item) => equal(item, first ?? null) === true);
      return at === -1 && list.open ? undefined : at;
    }
    case 'each':
    case 'forEach':
    case 'eachWithIndex':
      if (first !== undefined) {
        list.items.slice().forEach((item, index) => {
          interpreter.callValue(first, { positional: name === 'eachWithIndex' ? [item, index] : [item], named: null }, site);
        });
      }
      return list;
    case 'collect':
      return collect(list, first, site);
    case 'collectMany': {
      const parts = collect(list, first, site) as ListValue;
      return new ListValue(
        parts.items.flatMap((part) => (part instanceof ListValue ? part.items : [part])),
        list.open,
      );
    }
    case 'collectEntries': {
      const entries = new Map<string, Value>();
      for (const item of list.items) {
        const made = first === undefined ? item : interpreter.callValue(first, { positional: [item], named: null }, site);
        if (made instanceof MapValue) for (const [key, value] of made.entries) entries.set(key, value);
        else if (made instanceof ListValue && made.items.length === 2) {
          const key = textOf(made.items[0] as Value);
          if (key === undefined) return unknownFrom('a map with unknown keys', list);
          entries.set(key, made.items[1] as Value);
        } else return unknownFrom('a map with unknown parts', list);
      }
      return closed ? new MapValue(entries) : new MapValue(entries, () => new UnknownValue('a map with unknown parts'));
    }
    case 'findAll':
    case 'grep': {
      const kept: Value[] = [];
      let open = list.open;
      for (const item of list.items) {
        const truth =
          first instanceof ClosureValue || first === undefined || first instanceof BuiltinValue
            ? test(item)
            : interpreter.caseMatches(item, first);
        if (truth !== false) kept.push(item);
        if (truth === 'unknown') open = true;
      }
      return new ListValue(kept, open);
    }
    case 'find': {
      for (const item of list.items) {
        const truth = test(item);
        if (truth === true) return item;
        if (truth === 'unknown') return unknownFrom('an element of a list', list);
      }
      return closed ? null : unknownFrom('an element of an unknown list', list);
    }
    case 'any':
    case 'every':
    case 'none': {
      const answers = list.items.map(test);
      const decisive = name !== 'every';
      if (answers.includes(decisive)) return name === 'any';
      if (answers.includes('unknown') || list.open) return new UnknownValue('a list with unknown parts');
      return name !== 'any';
    }
    case 'count':
      return closed && list.items.every((item) => !isUnknown(item))
        ? list.items.filter((item) => (first instanceof ClosureValue ? test(item) === true : equal(item, first ?? null) === true)).length
        : undefined;
    case 'inject': {
      const closure = args.at(-1);
      if (closure === undefined || args.length === 0) return undefined;
      let value: Value = args.length > 1 ? (first as Value) : (list.items[0] ?? null);
      for (const item of args.length > 1 ? list.items : list.items.slice(1))
        value = interpreter.callValue(closure, { positional: [value, item], named: null }, site);
      return closed ? value : unknownFrom('a list with unknown parts', value);
    }
    case 'join': {
      const separator = first === undefined ? '' : textOf(first);
      const parts = list.items.map((item) => textOf(item));
      const length = parts.reduce((sum, part) => sum + (part?.length ?? 0) + (separator?.length ?? 0), 0);
      return separator === undefined || parts.includes(undefined) || list.open || length > 1_000_000 ? undefined : parts.join(separator);
    }
    case 'sum':
    case 'max':
    case 'min': {
      const items = first instanceof ClosureValue && name === 'sum' ? (collect(list, first, site) as ListValue).items : list.items;
      if (list.open || items.some((item) => isUnknown(item))) return undefined;
      if (name === 'sum') {
        if (!items.every((item) => typeof item === 'number')) return undefined;
        return items.reduce<number>((total, item) => total + (item as number), 0);
      }
      let best: Value = items[0] ?? null;
      for (const item of items.slice(1)) {
        const order = compare(item, best);
        if (order === undefined) return undefined;
        if (name === 'max' ? order > 0 : order < 0) best = item;
      }
      return best;
    }
    case 'sort':
    case 'toSorted': {
      const sorted = sortedBy(list.items, args.find((one) => one instanceof ClosureValue) as ClosureValue | undefined, site);
      return sorted === undefined ? unknownFrom('a list in an unknown order', list) : new ListValue(sorted, list.open);
    }
    case 'findIndexOf': {
      const answers = list.items.map(test);
      const at = answers.indexOf(true);
      return answers.slice(0, at === -1 ? undefined : at).includes('unknown') || (at === -1 && list.open) ? undefined : at;
    }
    case 'unique':
    case 'toUnique':
    case 'toSet':
      return unique(list);
    case 'flatten': {
      const flat: Value[] = [];
      let visited = 0;
      const visit = (items: readonly Value[], depth: number): void => {
        for (const item of items) {
          visited += 1;
          if (visited > MOST_ITEMS) return;
          if (item instanceof ListValue && depth < 50) visit(item.items, depth + 1);
          else flat.push(item);
        }
      };
      visit(list.items, 0);
      return new ListValue(flat, list.open || visited > MOST_ITEMS);
    }
    case 'transpose': {
      const rows = list.items;
      if (!rows.every((row) => row instanceof ListValue && !row.open)) return undefined;
      const width = Math.min(...(rows as ListValue[]).map((row) => row.items.length));
      return new ListValue(
        Array.from(
          { length: rows.length === 0 ? 0 : width },
          (_, index) => new ListValue((rows as ListValue[]).map((row) => row.items[index] as Value)),
        ),
      );
    }
    case 'groupBy': {
      if (first === undefined || list.open) return undefined;
      const groups = new Map<string, Value>();
      for (const item of list.items) {
        const key = textOf(interpreter.callValue(first, { positional: [item], named: null }, site));
        if (key === undefined) return unknownFrom('a map with unknown keys', list);
        const group = groups.get(key);
        if (group instanceof ListValue) group.items.push(item);
        else groups.set(key, new ListValue([item]));
      }
      return new MapValue(groups);
    }
    case 'toList':
    case 'asList':
    case 'asImmutable':
    case 'toArray':
    case 'clone':
    case 'iterator':
    case 'stream':
    case 'asType':
    case 'withIndex':
    case 'indexed':
      if (name === 'withIndex')
        return new ListValue(
          list.items.map((item, index) => new ListValue([item, index])),
          list.open,
        );
      return name === 'indexed' ? undefined : new ListValue(list.items.slice(), list.open);
    case 'collate': {
      if (typeof first !== 'number' || first < 1) return undefined;
      const chunks: Value[] = [];
      for (let at = 0; at < list.items.length; at += first) chunks.push(new ListValue(list.items.slice(at, at + first)));
      return new ListValue(chunks, list.open);
    }
    case 'combinations': {
      let rows: Value[][] = [[]];
      for (const item of list.items) {
        const choices = item instanceof ListValue ? item.items : [item];
        if (rows.length * choices.length > 10_000) return new ListValue(flowing(list), true);
        // The first list varies fastest.
        rows = choices.flatMap((choice) => rows.map((row) => [...row, choice]));
      }
      return new ListValue(
        rows.map((row) => new ListValue(row)),
        list.open,
      );
    }
    case 'split': {
      const yes: Value[] = [];
      const no: Value[] = [];
      for (const item of list.items) (test(item) === true ? yes : no).push(item);
      return new ListValue([new ListValue(yes, list.open), new ListValue(no, list.open)]);
    }
  }
  return undefined;
}

/** Sorted by a closure of one (a key) or of two (an order); undefined when something cannot be compared. */
function sortedBy(items: readonly Value[], closure: ClosureValue | undefined, site: CallSite, key?: string): Value[] | undefined {
  const two = closure !== undefined && (closure.node.parameters?.length ?? 1) > 1;
  let unsure = false;
  const keyOf = (item: Value): Value => {
    if (closure !== undefined && !two) return site.interpreter.callClosure(closure, [item]);
    return key !== undefined && item instanceof MapValue ? item.get(key) : item;
  };
  const order = (one: Value, other: Value): number => {
    const result = two ? site.interpreter.callClosure(closure, [one, other]) : compare(keyOf(one), keyOf(other));
    if (typeof result === 'number') return result;
    unsure = true;
    return 0;
  };
  const sorted = items.slice().sort(order);
  return unsure ? undefined : sorted;
}

function mapMethod(map: MapValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const { interpreter } = site;
  const [first, second] = args;
  const key = first === undefined || first instanceof ClosureValue ? undefined : textOf(first);
  const open = map.missing !== undefined;
  const entry = (name_: string, value: Value): MapValue =>
    new MapValue(
      new Map<string, Value>([
        ['key', name_],
        ['value', value],
      ]),
    );
  const call = (closure: Value, name_: string, value: Value): Value => {
    const two = closure instanceof ClosureValue && (closure.node.parameters?.length ?? 1) > 1;
    return interpreter.callValue(closure, { positional: two ? [name_, value] : [entry(name_, value)], named: null }, site);
  };
  switch (name) {
    case 'get':
    case 'getAt':
    case 'getOrDefault':
    case 'getProperty':
      if (key === undefined) return unknownFrom('an entry of a map', map);
      if (!map.entries.has(key) && second !== undefined && !open) return second;
      return map.get(key);
    case 'put':
    case 'putAt':
    case 'setProperty':
    case 'putIfAbsent':
      if (key === undefined) return unknownFrom('an entry of a map', map);
      if (name !== 'putIfAbsent' || !map.entries.has(key)) interpreter.journal.setEntry(map, key, second ?? null);
      return second ?? null;
    case 'putAll':
      if (first instanceof MapValue) for (const [one, value] of first.entries) interpreter.journal.setEntry(map, one, value);
      return null;
    case 'plus':
      return first instanceof MapValue
        ? new MapValue(new Map([...map.entries, ...first.entries]), map.missing ?? first.missing)
        : undefined;
    case 'minus':
    case 'subMap':
    case 'findAll':
    case 'collectEntries':
    case 'any':
    case 'every':
    case 'find':
    case 'collect':
    case 'each':
    case 'count':
    case 'sort':
    case 'eachWithIndex':
    case 'groupBy':
    case 'inject':
      break;
    case 'remove':
      if (key !== undefined) {
        const before = map.get(key);
        interpreter.journal.setEntry(map, key, undefined);
        return before;
      }
      return undefined;
    case 'containsKey':
      if (key === undefined) return new UnknownValue('an unknown key');
      return map.entries.has(key) ? true : open ? new UnknownValue('a map with unknown parts') : false;
    case 'containsValue': {
      const found = interpreter.contains(new ListValue([...map.entries.values()], open), first ?? null);
      return found === 'unknown' ? new UnknownValue('a map with unknown parts') : found;
    }
    case 'keySet':
    case 'keys':
      return new ListValue([...map.entries.keys()], open);
    case 'values':
      return new ListValue([...map.entries.values()], open);
    case 'entrySet':
    case 'toList':
      return new ListValue(
        [...map.entries].map(([one, value]) => entry(one, value)),
        open,
      );
    case 'size':
      return open ? new UnknownValue('the size of a map with unknown parts') : map.entries.size;
    case 'isEmpty':
      return map.entries.size > 0 ? false : open ? new UnknownValue('a map with unknown parts') : true;
    case 'clone':
    case 'asImmutable':
    case 'deepClone':
      return new MapValue(new Map(map.entries), map.missing);
    default:
      return undefined;
  }
  if (name === 'subMap' || name === 'minus') {
    const names =
      first instanceof ListValue
        ? first.items.map((item) => textOf(item))
        : first instanceof MapValue
          ? [...first.entries.keys()]
          : args.map((item) => textOf(item));
    const keep = name === 'subMap';
    return new MapValue(new Map([...map.entries].filter(([one]) => names.includes(one) === keep)), keep ? undefined : map.missing);
  }
  if (first === undefined && name !== 'sort') return undefined;
  switch (name) {
    case 'each':
    case 'eachWithIndex':
      for (const [one, value] of [...map.entries]) call(first as Value, one, value);
      return map;
    case 'collect':
      return new ListValue(
        [...map.entries].map(([one, value]) => call(first as Value, one, value)),
        open,
      );
    case 'findAll': {
      const kept = new Map<string, Value>();
      let unsure = open;
      for (const [one, value] of map.entries) {
        const truth = truthOf(call(first as Value, one, value));
        if (truth !== false) kept.set(one, value);
        if (truth === 'unknown') unsure = true;
      }
      return new MapValue(kept, unsure ? () => new UnknownValue('a map with unknown parts') : undefined);
    }
    case 'collectEntries': {
      const made = new Map<string, Value>();
      for (const [one, value] of map.entries) {
        const result = call(first as Value, one, value);
        if (result instanceof MapValue) for (const [k, v] of result.entries) made.set(k, v);
        else if (result instanceof ListValue && result.items.length === 2)
          made.set(textOf(result.items[0] as Value) ?? one, result.items[1] as Value);
        else return unknownFrom('a map with unknown parts', map);
      }
      return new MapValue(made, map.missing);
    }
    case 'find':
      for (const [one, value] of map.entries) {
        const truth = truthOf(call(first as Value, one, value));
        if (truth === true) return entry(one, value);
        if (truth === 'unknown') return unknownFrom('an entry of a map', map);
      }
      return open ? unknownFrom('an entry of a map', map) : null;
    case 'any':
    case 'every': {
      const answers = [...map.entries].map(([one, value]) => truthOf(call(first as Value, one, value)));
      const decisive = name === 'any';
      if (answers.includes(decisive)) return decisive;
      return answers.includes('unknown') || open ? new UnknownValue('a map with unknown parts') : !decisive;
    }
    case 'count':
      return open ? undefined : [...map.entries].filter(([one, value]) => truthOf(call(first as Value, one, value)) === true).length;
    case 'sort': {
      const entries = [...map.entries].map(([one, value]) => entry(one, value));
      const sorted = sortedBy(entries, first instanceof ClosureValue ? first : undefined, site, 'key');
      if (sorted === undefined) return unknownFrom('a map in an unknown order', map);
      return new MapValue(
        new Map(sorted.map((one) => [(one as MapValue).get('key') as string, (one as MapValue).get('value')])),
        map.missing,
      );
    }
  }
  return undefined;
}

function numberMethod(number: number, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first] = args;
  switch (name) {
    case 'toInteger':
    case 'intValue':
    case 'toLong':
    case 'longValue':
    case 'trunc':
      return Math.trunc(number);
    case 'toDouble':
    case 'doubleValue':
    case 'toBigDecimal':
    case 'floatValue':
    case 'toFloat':
      return number;
    case 'round':
      return Math.round(number);
    case 'abs':
      return Math.abs(number);
    case 'intdiv':
      return typeof first === 'number' && first !== 0 ? Math.trunc(number / first) : undefined;
    case 'multiply':
      return typeof first === 'number' ? number * first : undefined;
    case 'plus':
      return typeof first === 'number' ? number + first : undefined;
    case 'minus':
      return typeof first === 'number' ? number - first : undefined;
    case 'div':
      return typeof first === 'number' && first !== 0 ? number / first : undefined;
    case 'times':
      if (first instanceof ClosureValue && number < 10_000)
        for (let at = 0; at < number; at += 1) site.interpreter.callClosure(first, [at]);
      return null;
    case 'upto': {
      const [, closure] = args;
      if (typeof first !== 'number' || !(closure instanceof ClosureValue) || first - number > 10_000) return undefined;
      for (let at = number; at <= first; at += 1) site.interpreter.callClosure(closure, [at]);
      return null;
    }
  }
  return undefined;
}

function pathMethod(path: PathValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
  const [first] = args;
  switch (name) {
    case 'getName':
    case 'getBaseName':
    case 'getSimpleName':
    case 'getExtension':
    case 'getParent':
    case 'getFileName':
    case 'getScheme':
      return pathProperty(path, name.charAt(3).toLowerCase() + name.slice(4));
    case 'toAbsolutePath':
    case 'toRealPath':
    case 'normalize':
    case 'toPath':
    case 'toFile':
    case 'complete':
    case 'toUri':
      return path;
    case 'toUriString':
      return path.path;
    case 'resolve': {
      const other = first === undefined ? undefined : textOf(first);
      return other === undefined ? undefined : new PathValue(other.startsWith('/') ? other : `${path.path}/${other}`);
    }
    case 'endsWith':
    case 'startsWith':
    case 'contains':
    case 'matches':
    case 'replaceAll':
    case 'replace':
    case 'tokenize':
    case 'split':
    case 'toLowerCase':
      return stringMethod(path.path, name, args, site);
  }
  return undefined;
}
