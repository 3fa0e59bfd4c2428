/** Groovy's methods of maps, as far as pipelines use them. Not known here: `undefined`. */
import { textOf } from './conversions.ts';
import { sortedBy } from './list-methods.ts';
import { without } from './operators.ts';
import { type CallSite, ClosureValue, ListValue, MapValue, truthOf, UnknownValue, unknownFrom, type Value } from './value.ts';

export function mapMethod(map: MapValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
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
    if (name === 'minus') return without(map, new MapValue(new Map(names.map((one) => [one ?? '', null]))));
    const kept = new Map([...map.entries].filter(([one]) => names.includes(one)));
    for (const one of names) if (one !== undefined && open && !kept.has(one)) kept.set(one, map.get(one));
    return new MapValue(kept);
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
