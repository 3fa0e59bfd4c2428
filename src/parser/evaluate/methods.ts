/**
 * What Groovy's collections, strings, numbers, files and Nextflow's units answer, for the members that pipelines really
 * use. undefined means: not known here; the caller makes an unknown value of it.
 */

import { textOf } from './conversions.ts';
import { listMethod } from './list-methods.ts';
import { mapMethod } from './map-methods.ts';
import { compare, equal } from './operators.ts';
import { matcherMethod, stringMethod } from './string-methods.ts';
import { unitOfNumber } from './units.ts';
import {
  BuiltinValue,
  type CallSite,
  ClassValue,
  ClosureValue,
  DurationValue,
  ListValue,
  MapValue,
  MatcherValue,
  MemoryValue,
  NO_ARGUMENTS,
  ObjectValue,
  PathValue,
  truthOf,
  UnknownValue,
  unknownFrom,
  type Value,
} from './value.ts';

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
