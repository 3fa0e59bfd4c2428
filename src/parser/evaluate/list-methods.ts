/** Groovy's methods of lists, as far as pipelines use them. Not known here: `undefined`. */

import { textOf } from './conversions.ts';
import { compare, equal } from './operators.ts';
import {
  BuiltinValue,
  type CallSite,
  ClosureValue,
  flowing,
  isUnknown,
  ListValue,
  MapValue,
  type Truth,
  truthOf,
  UnknownValue,
  unknownFrom,
  type Value,
} from './value.ts';

/** Longer lists are not followed item by item. */
const MOST_ITEMS = 100_000;

export function listMethod(list: ListValue, name: string, args: readonly Value[], site: CallSite): Value | undefined {
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

export function collect(list: ListValue, closure: Value | undefined, site: CallSite): Value {
  if (closure === undefined) return new ListValue(list.items.slice(), list.open);
  return new ListValue(
    list.items.map((item) => site.interpreter.callValue(closure, { positional: [item], named: null }, site)),
    list.open,
  );
}

export function unique(list: ListValue): ListValue {
  const kept: Value[] = [];
  for (const item of list.items) if (!kept.some((one) => equal(one, item) === true)) kept.push(item);
  return new ListValue(kept, list.open);
}

/** Sorted by a closure of one (a key) or of two (an order); undefined when something cannot be compared. */
export function sortedBy(items: readonly Value[], closure: ClosureValue | undefined, site: CallSite, key?: string): Value[] | undefined {
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
