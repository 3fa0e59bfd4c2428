/** Groovy's comparison and arithmetic on known values; undefined means that it cannot be told. */
import { durationFrom, formatDuration, formatMemory, memoryFrom } from './units.ts';
import { DurationValue, HostValue, ListValue, MapValue, MemoryValue, PathValue, REST, UnknownValue, type Value } from './value.ts';

export function equal(left: Value, right: Value, depth = 0): boolean | undefined {
  // Lists that hold themselves many times over cannot be compared in any time.
  if (depth > DEEPEST) return left === right ? true : undefined;
  if (left instanceof UnknownValue || right instanceof UnknownValue) {
    // Something that is certainly there is not null.
    const unknown = left instanceof UnknownValue ? left : (right as UnknownValue);
    const other = unknown === left ? right : left;
    if (other === null && unknown.truthy === true) return false;
    return left === right ? true : undefined;
  }
  if (left === right) return true;
  if (left instanceof HostValue && left.comparedAs !== undefined)
    return equal(left.comparedAs, right instanceof HostValue ? (right.comparedAs ?? right) : right, depth + 1);
  // The other way round it depends on what is asked: a word does not know what stands for it.
  if (right instanceof HostValue && right.comparedAs !== undefined) return undefined;
  if (left === null || right === null) return false;
  if (typeof left === 'number' && typeof right === 'number') return compare(left, right) === 0;
  if (typeof left !== 'object' || typeof right !== 'object') {
    if (typeof left === typeof right) return left === right;
    if (left instanceof PathValue || right instanceof PathValue) return asText(left) === asText(right);
    if (left instanceof MemoryValue || right instanceof MemoryValue || left instanceof DurationValue || right instanceof DurationValue) {
      return compare(left, right) === 0;
    }
    return false;
  }
  if (left instanceof ListValue && right instanceof ListValue) {
    if (left.open || right.open) return undefined;
    if (left.items.length !== right.items.length) return false;
    let unsure = false;
    for (let at = 0; at < left.items.length; at += 1) {
      const same = equal(left.items[at] as Value, right.items[at] as Value, depth + 1);
      if (same === false) return false;
      if (same === undefined) unsure = true;
    }
    return unsure ? undefined : true;
  }
  if (left instanceof MapValue && right instanceof MapValue) {
    if (left.missing !== undefined || right.missing !== undefined) return undefined;
    if (left.entries.size !== right.entries.size) return false;
    for (const [key, value] of left.entries) {
      const other = right.entries.get(key);
      if (other === undefined) return false;
      const same = equal(value, other, depth + 1);
      if (same !== true) return same;
    }
    return true;
  }
  if (left instanceof PathValue && right instanceof PathValue) return left.path === right.path;
  if (left instanceof MemoryValue && right instanceof MemoryValue) return left.bytes === right.bytes;
  if (left instanceof DurationValue && right instanceof DurationValue) return left.ms === right.ms;
  if (left instanceof HostValue && right instanceof HostValue && left.isClass && right.isClass) return false;
  if (left instanceof HostValue || right instanceof HostValue) return left === right ? true : undefined;
  return left.constructor === right.constructor ? undefined : false;
}

function asText(value: Value): string | undefined {
  return value instanceof PathValue ? value.path : typeof value === 'string' ? value : undefined;
}

/** Negative, zero or positive. */
export function compare(left: Value, right: Value): number | undefined {
  // Groovy puts null before everything.
  if (left === null || right === null)
    return left instanceof UnknownValue || right instanceof UnknownValue ? undefined : Number(right === null) - Number(left === null);
  // Groovy's decimals are exact: 0.1 + 0.2 is 0.3.
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    return Math.abs(difference) <= 1e-12 * Math.max(Math.abs(left), Math.abs(right)) ? 0 : Math.sign(difference);
  }
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (left instanceof MemoryValue || right instanceof MemoryValue) {
    const one = memoryFrom(left)?.bytes;
    const two = memoryFrom(right)?.bytes;
    return one === undefined || two === undefined ? undefined : Math.sign(one - two);
  }
  if (left instanceof DurationValue || right instanceof DurationValue) {
    const one = durationFrom(left)?.ms;
    const two = durationFrom(right)?.ms;
    return one === undefined || two === undefined ? undefined : Math.sign(one - two);
  }
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  return undefined;
}

const DEEPEST = 12;
const LONGEST_STRING = 1_000_000;
const LONGEST_RANGE = 100_000;

export function arithmetic(operator: string, left: Value, right: Value): Value | undefined {
  if (left instanceof UnknownValue || right instanceof UnknownValue) {
    // A list stays a list, so that what flows in it is not lost.
    if (operator === '+' && left instanceof ListValue) return new ListValue([...left.items, right], true);
    return undefined;
  }
  switch (operator) {
    case '+':
      if (typeof left === 'number' && typeof right === 'number') return left + right;
      if (left instanceof ListValue && left.items.length + (right instanceof ListValue ? right.items.length : 1) > LONGEST_RANGE)
        return new ListValue(left.items.slice(0, 100), true);
      if (left instanceof ListValue)
        return new ListValue(
          right instanceof ListValue ? [...left.items, ...right.items] : [...left.items, right],
          left.open || (right instanceof ListValue && right.open),
        );
      if (left instanceof MapValue && right instanceof MapValue)
        return new MapValue(new Map([...left.entries, ...right.entries]), left.missing ?? right.missing);
      if (left instanceof MapValue && right === null) return left;
      if (left instanceof MemoryValue) return right === null ? left : fromBytes(left.bytes, memoryFrom(right)?.bytes, 1);
      if (left instanceof DurationValue) return right === null ? left : fromMs(left.ms, durationFrom(right)?.ms, 1);
      if (typeof left === 'string' || typeof right === 'string' || left instanceof PathValue) {
        const one = plain(left);
        const two = plain(right);
        return one === undefined || two === undefined || one.length + two.length > LONGEST_STRING ? undefined : one + two;
      }
      return undefined;
    case '-':
      if (typeof left === 'number' && typeof right === 'number') return left - right;
      if (left instanceof MemoryValue) return fromBytes(left.bytes, memoryFrom(right)?.bytes, -1);
      if (left instanceof DurationValue) return fromMs(left.ms, durationFrom(right)?.ms, -1);
      if (left instanceof ListValue && !left.open) {
        const gone = right instanceof ListValue ? right.items : [right];
        return new ListValue(left.items.filter((item) => !gone.some((one) => equal(one, item) === true)));
      }
      if (left instanceof MapValue && right instanceof MapValue) return without(left, right);
      if (typeof left === 'string' && typeof right === 'string') return left.replace(right, () => '');
      return undefined;
    case '*':
      if (typeof left === 'number' && typeof right === 'number') return left * right;
      if (left instanceof MemoryValue && typeof right === 'number') return new MemoryValue(Math.floor(left.bytes * right));
      if (typeof left === 'number' && right instanceof MemoryValue) return new MemoryValue(Math.floor(right.bytes * left));
      if (left instanceof DurationValue && typeof right === 'number') return new DurationValue(Math.floor(left.ms * right));
      if (typeof left === 'number' && right instanceof DurationValue) return new DurationValue(Math.floor(right.ms * left));
      if (typeof left === 'string' && typeof right === 'number' && right >= 0)
        return left.length * right > LONGEST_STRING ? undefined : left.repeat(right);
      if (left instanceof ListValue && typeof right === 'number' && right >= 0 && left.items.length * right < LONGEST_RANGE) {
        return new ListValue(Array.from({ length: Math.floor(right) }, () => left.items).flat());
      }
      return undefined;
    case '/':
      if (typeof left === 'number' && typeof right === 'number') return right === 0 ? undefined : left / right;
      if (left instanceof MemoryValue && typeof right === 'number') return new MemoryValue(Math.floor(left.bytes / right));
      if (left instanceof MemoryValue && right instanceof MemoryValue) return right.bytes === 0 ? undefined : left.bytes / right.bytes;
      if (left instanceof DurationValue && typeof right === 'number') return new DurationValue(Math.floor(left.ms / right));
      return undefined;
    case '%':
      return typeof left === 'number' && typeof right === 'number' && right !== 0 ? left % right : undefined;
    case '**': {
      const power = typeof left === 'number' && typeof right === 'number' ? left ** right : Number.NaN;
      return Number.isFinite(power) ? power : undefined;
    }
    case '..':
    case '..<':
    case '<..': {
      if (typeof left !== 'number' || typeof right !== 'number') return undefined;
      const first = operator === '<..' ? left + 1 : left;
      const last = operator === '..<' ? right - Math.sign(right - left || 1) : right;
      if (Math.abs(last - first) > LONGEST_RANGE) return new ListValue([], true);
      if (operator === '..<' && left === right) return new ListValue([]);
      const items: Value[] = [];
      if (first <= last) for (let at = first; at <= last; at += 1) items.push(at);
      else for (let at = first; at >= last; at -= 1) items.push(at);
      return new ListValue(items);
    }
    case '&':
      if (typeof left === 'number' && typeof right === 'number') return left & right;
      return typeof left === 'boolean' && typeof right === 'boolean' ? left && right : undefined;
    case '|':
      if (typeof left === 'number' && typeof right === 'number') return left | right;
      return typeof left === 'boolean' && typeof right === 'boolean' ? left || right : undefined;
    case '^':
      if (typeof left === 'number' && typeof right === 'number') return left ^ right;
      return typeof left === 'boolean' && typeof right === 'boolean' ? left !== right : undefined;
    case '<<':
      if (typeof left === 'string') return plain(right) === undefined ? undefined : left + (plain(right) as string);
      return typeof left === 'number' && typeof right === 'number' ? left * 2 ** right : undefined;
    case '>>':
      return typeof left === 'number' && typeof right === 'number' ? Math.floor(left / 2 ** right) : undefined;
  }
  return undefined;
}

/** A map without the keys of another. */
export function without(map: MapValue, gone: MapValue): MapValue {
  const { missing } = map;
  const unnamed = new MapValue(new Map([...gone.entries].filter(([key]) => !map.entries.has(key))));
  return new MapValue(
    new Map([...map.entries].filter(([key]) => !gone.entries.has(key))),
    missing === undefined
      ? undefined
      : (key) => {
          if (gone.entries.has(key)) return null;
          const value = missing(key);
          return key === REST && unnamed.entries.size > 0 && value instanceof UnknownValue
            ? (value.combined('-', unnamed) ?? value)
            : value;
        },
  );
}

function fromBytes(left: number, right: number | undefined, sign: number): MemoryValue | undefined {
  return right === undefined ? undefined : new MemoryValue(Math.max(0, left + sign * right));
}
function fromMs(left: number, right: number | undefined, sign: number): DurationValue | undefined {
  return right === undefined ? undefined : new DurationValue(Math.max(0, left + sign * right));
}

function plain(value: Value): string | undefined {
  if (value === null) return 'null';
  if (value instanceof PathValue) return value.path;
  if (value instanceof MemoryValue) return formatMemory(value.bytes);
  if (value instanceof DurationValue) return formatDuration(value.ms);
  return typeof value === 'object' ? undefined : String(value);
}
