/** Groovy's conversions: a value as text, and as another type. */

import { unique } from './list-methods.ts';
import { durationFrom, formatDuration, formatMemory, memoryFrom } from './units.ts';
import {
  DurationValue,
  isUnknown,
  ListValue,
  MapValue,
  MemoryValue,
  PathValue,
  PatternValue,
  truthOf,
  UnknownValue,
  unknownFrom,
  type Value,
} from './value.ts';

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
