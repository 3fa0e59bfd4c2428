/**
 * Nextflow's operators (language.md 6.2), each as its own source has it (modules/nextflow/src/main/groovy/nextflow/extension of
 * nextflow-io/nextflow): item by item, with the end of each channel as an event of its own.
 */
import type { LabeledStatement, Statement } from '../../src/parser/syntax/nodes.ts';
import { type Bits, Channel, type Engine, type Item, NONE, type Origin, union } from './engine.ts';
import { type Arguments, type Evaluator, groovyEquals } from './evaluate.ts';
import { comparator, flatten } from './methods.ts';
import { Scope } from './scope.ts';
import { splitFile } from './split.ts';
import {
  bag,
  Closure,
  compare,
  display,
  GroupKey,
  HostObject,
  KeyedMap,
  keyText,
  MapValue,
  PathValue,
  RunError,
  termText,
  truthy,
  type Value,
} from './values.ts';

export class ChannelObject extends HostObject {
  readonly type = 'channel';
  readonly channel: Channel;
  constructor(channel: Channel) {
    super();
    this.channel = channel;
  }
}

/** Several channels with or without names: what a call, a branch, a multiMap gives. */
export class Outputs extends HostObject {
  readonly type = 'outputs';
  readonly names: readonly (string | undefined)[];
  readonly channels: readonly Channel[];
  constructor(names: readonly (string | undefined)[], channels: readonly Channel[]) {
    super();
    this.names = names;
    this.channels = channels;
  }
  named(name: string): Channel | undefined {
    const at = this.names.indexOf(name);
    return at === -1 ? undefined : this.channels[at];
  }
  elementAt(index: number): Value {
    const channel = this.channels[index];
    if (channel === undefined) throw new RunError(`there is no output ${index}`);
    return new ChannelObject(channel);
  }
}

export interface OperatorCall {
  readonly engine: Engine;
  readonly evaluator: Evaluator;
  readonly name: string;
  readonly source: Channel;
  readonly args: Arguments;
  /** Where it is written, `main.nf:12`. */
  readonly place: string;
  /** Tells apart what is written in one place and expanded twice. */
  readonly node: number;
  /** The texts of the world's files. */
  readonly textOf: (path: PathValue) => string | undefined;
}

type Emit = (item: Item) => void;
type Operator = (call: OperatorCall) => Value;

const to = (value: Value, origin: Origin): Item => ({ value, data: origin.data, waits: origin.waits, lineage: origin.lineage });
const marked = (call: OperatorCall, element: string, origin: Origin): Origin => ({
  ...origin,
  lineage: origin.lineage | call.engine.lineage(call.place, call.node, element),
});
const waitingFor = (origin: Origin, waits: Bits): Origin => ({ ...origin, waits: origin.waits | waits });

/** One channel in, one out. */
function single(
  call: OperatorCall,
  kind: 'queue' | 'value',
  receive: (item: Item, emit: Emit, end: (waits: Bits) => void) => void,
  atEnd: (waits: Bits, emit: Emit) => void = () => undefined,
): Value {
  const target = new Channel(call.engine, kind, call.name);
  const emit: Emit = (item) => target.emit(item);
  const end = (waits: Bits): void => target.end(waits);
  call.source.read({
    receive: (item) => receive(item, emit, end),
    end: (waits) => {
      if (target.closed) return;
      atEnd(waits, emit);
      target.end(waits);
    },
  });
  return new ChannelObject(target);
}

/** Gathers all, and says one thing of them when the channel has ended. `undefined`: nothing, the value stays empty. */
function gather(call: OperatorCall, kind: 'queue' | 'value', summarize: (items: readonly Item[]) => Value | undefined): Value {
  const items: Item[] = [];
  return single(
    call,
    kind,
    (item) => void items.push(item),
    (waits, emit) => {
      const value = summarize(items);
      if (value !== undefined) emit(to(value, waitingFor(union(items), waits)));
    },
  );
}

/** Channels that an operator is given beside its source. */
function others(call: OperatorCall): Channel[] {
  return call.args.values.flatMap((arg) => {
    if (arg instanceof ChannelObject) return [arg.channel];
    if (arg instanceof Outputs) return [...arg.channels];
    if (Array.isArray(arg)) return arg.map(channelOf);
    return [channelOf(arg)];
  });
}

export function channelOf(value: Value): Channel {
  if (value instanceof ChannelObject) return value.channel;
  if (value instanceof Outputs && value.channels.length === 1) return value.channels[0]!;
  throw new RunError(`${display(value)} is no channel`);
}

const option = (call: OperatorCall, name: string): Value => call.args.named?.get(name) ?? null;
const closureOf = (call: OperatorCall): Closure | undefined => call.args.values.find((one): one is Closure => one instanceof Closure);
const apply = (call: OperatorCall, item: Item): Value => {
  const closure = closureOf(call);
  return closure === undefined ? item.value : call.evaluator.invoke(closure, [item.value]);
};

function meets(call: OperatorCall, criterion: Value | undefined, value: Value): boolean {
  if (criterion === undefined) return true;
  return criterion instanceof Closure ? truthy(call.evaluator.invoke(criterion, [value])) : groovyEquals(criterion, value);
}

/** `by:` as a list of indices. */
function pivotOf(call: OperatorCall): number[] {
  const by = option(call, 'by');
  return by === null ? [0] : Array.isArray(by) ? (by as number[]) : [by as number];
}

/** DataflowHelper.makeKey. */
function keyOf(pivot: readonly number[], value: Value): { keys: Value[]; values: Value[] } {
  if (!Array.isArray(value)) {
    if (pivot.length !== 1 || pivot[0] !== 0) throw new RunError(`not a valid \`by\` index: ${pivot.join(', ')}`);
    return { keys: [value], values: [] };
  }
  return { keys: value.filter((_, at) => pivot.includes(at)), values: value.filter((_, at) => !pivot.includes(at)) };
}

/** DataflowHelper.addToList. */
const spread = (value: Value): Value[] => (Array.isArray(value) ? value : [value]);

function groupTuple(call: OperatorCall): Value {
  const pivot = pivotOf(call);
  const fixed = Number(option(call, 'size') ?? 0);
  const remainder = truthy(option(call, 'remainder'));
  const sort = option(call, 'sort');
  const groups = new KeyedMap<{ readonly tuple: Value[]; readonly origins: Origin[] }>();
  const emitted = new Map<string, number>();
  const sizeBy = (keys: readonly Value[]): number => (keys.length === 1 && keys[0] instanceof GroupKey ? keys[0].size : 0);
  const bind = (keys: Value[], tuple: Value[], size: number, origin: Origin, emit: Emit): void => {
    if (!remainder && size > 0) {
      const list = tuple.find((one) => Array.isArray(one)) as Value[] | undefined;
      if (list?.length !== size) return;
    }
    if (sort !== null && sort !== false) {
      const order = sort instanceof Closure ? comparator(sort, call.evaluator) : compare;
      for (const one of tuple) if (Array.isArray(one)) one.sort(order);
    }
    const text = keyText(keys);
    const times = emitted.get(text) ?? 0;
    emitted.set(text, times + 1);
    emit(to(tuple, marked(call, times === 0 ? text : `${text}~${times}`, origin)));
  };
  return single(
    call,
    'queue',
    (item, emit) => {
      if (!Array.isArray(item.value)) throw new RunError(`groupTuple is given ${display(item.value)}`);
      const tuple = item.value;
      const keys = pivot.map((at) => tuple[at] ?? null);
      let group = groups.get(keys);
      if (group === undefined) {
        group = { tuple: tuple.map((one, at) => (pivot.includes(at) ? one : bag([]))), origins: [] };
        groups.set(keys, group);
      }
      let count = -1;
      tuple.forEach((one, at) => {
        if (pivot.includes(at)) return;
        group.tuple[at] ??= bag([]);
        count = (group.tuple[at] as Value[]).push(one);
      });
      group.origins.push(item);
      const size = fixed > 0 ? fixed : sizeBy(keys);
      if (size > 0 && size === count) {
        bind(keys, group.tuple, size, union(group.origins), emit);
        groups.delete(keys);
      }
    },
    (waits, emit) => {
      for (const { key, value } of groups.entries()) {
        const keys = key as Value[];
        bind(keys, value.tuple, fixed > 0 ? fixed : sizeBy(keys), waitingFor(union(value.origins), waits), emit);
      }
    },
  );
}

/** Two channels in, one queue out. */
function pair(
  call: OperatorCall,
  right: Channel,
  receive: (side: 0 | 1, item: Item, emit: Emit) => void,
  atEnd: (waits: Bits, emit: Emit) => void = () => undefined,
): Value {
  const target = new Channel(call.engine, 'queue', call.name);
  let open = 2;
  let ended = NONE;
  for (const [at, channel] of [call.source, right].entries())
    channel.read({
      receive: (item) => receive(at as 0 | 1, item, (one) => target.emit(one)),
      end: (waits) => {
        ended |= waits;
        if (--open > 0) return;
        atEnd(ended, (one) => target.emit(one));
        target.end(ended);
      },
    });
  return new ChannelObject(target);
}

function join(call: OperatorCall): Value {
  const right = channelOf(call.args.values[0] ?? null);
  const pivot = pivotOf(call);
  const remainder = truthy(option(call, 'remainder'));
  type Waiting = { readonly values: Value[]; readonly origin: Origin }[];
  const buffer = new KeyedMap<[Waiting, Waiting]>();
  // Whether items of a side are bare keys (JoinOp.singleton); unknown until one came.
  const bare: (boolean | undefined)[] = [undefined, undefined];
  const bareOf = (side: 0 | 1): boolean | undefined => bare[side] ?? bare[1 - side];
  const shaped = (result: Value[]): Value => (result.length === 1 ? result[0]! : result);
  return pair(
    call,
    right,
    (side, item, emit) => {
      const { keys, values } = keyOf(pivot, item.value);
      let sides = buffer.get(keys);
      if (sides === undefined) buffer.set(keys, (sides = [[], []]));
      sides[side].push({ values, origin: item });
      bare[side] = (bare[side] ?? false) || values.length === 0;
      const [left, other] = [sides[0][0], sides[1][0]];
      if (left === undefined || other === undefined) return;
      sides[0].shift();
      sides[1].shift();
      emit(to(shaped([...keys, ...left.values, ...other.values]), marked(call, keyText(keys), union([left.origin, other.origin]))));
    },
    (waits, emit) => {
      if (!remainder) return;
      for (const { key, value: sides } of buffer.entries()) {
        while (sides[0].length > 0 || sides[1].length > 0) {
          const result = [...(key as Value[])];
          const origins: Origin[] = [];
          for (const side of [0, 1] as const) {
            const one = sides[side].shift();
            if (one !== undefined) {
              result.push(...one.values);
              origins.push(one.origin);
            } else if (bareOf(side) !== true) result.push(null);
          }
          const both = bare[0] !== false && bare[1] !== false;
          emit(to(both ? result[0]! : result, marked(call, keyText(key), waitingFor(union(origins), waits))));
        }
      }
    },
  );
}

function combine(call: OperatorCall): Value {
  const given = call.args.values[0] ?? null;
  let right: Channel;
  if (Array.isArray(given)) {
    right = new Channel(call.engine, 'queue', 'list');
    const list = right;
    call.engine.atStart(() => {
      given.forEach((value, at) => {
        list.emit(to(value, marked(call, `item ${at}`, union([]))));
      });
      list.end(NONE);
    });
  } else right = channelOf(given);
  const keyed = option(call, 'by') !== null;
  const pivot = keyed ? pivotOf(call) : [];
  const seen = new KeyedMap<[Item[], Item[]]>();
  return pair(call, right, (side, item, emit) => {
    const { keys, values } = keyed ? keyOf(pivot, item.value) : { keys: [], values: item.value };
    let sides = seen.get(keys);
    if (sides === undefined) seen.set(keys, (sides = [[], []]));
    for (const other of sides[1 - side]!) {
      const [left, right] = side === 0 ? [values, other.value] : [other.value, values];
      const tuple = [...keys, ...spread(left), ...spread(right)];
      const origin = union([item, other]);
      emit(to(tuple.length === 1 ? tuple[0]! : tuple, keyed ? marked(call, keyText(keys), origin) : origin));
    }
    sides[side].push(to(values, item));
  });
}

function cross(call: OperatorCall): Value {
  const right = channelOf(call.args.values[0] ?? null);
  const closure = closureOf(call);
  const buffer = new KeyedMap<{ left: Item | undefined; readonly right: Item[] }>();
  let emitted = 0;
  return pair(call, right, (side, item, emit) => {
    const key = closure === undefined ? (spread(item.value)[0] ?? null) : call.evaluator.invoke(closure, [item.value]);
    let known = buffer.get(key);
    if (known === undefined) buffer.set(key, (known = { left: undefined, right: [] }));
    if (side === 0) known.left = item;
    else known.right.push(item);
    // A left item meets all right ones that wait for it; a right one the last left one of its key.
    while (known.left !== undefined && known.right.length > 0) {
      const other = known.right.shift()!;
      emit(to([known.left.value, other.value], marked(call, `${emitted++}`, union([known.left, other]))));
    }
  });
}

/** Reads one from each in every round, the value channels again and again; ends with the first that ends. */
export function zip(channels: readonly Channel[], round: (items: readonly Item[]) => void, atEnd: (waits: Bits) => void): void {
  const queues: Item[][] = channels.map(() => []);
  const ends: (Bits | undefined)[] = channels.map(() => undefined);
  const once = channels.every(({ kind }) => kind === 'value');
  let over = false;
  const finish = (waits: Bits): void => {
    over = true;
    atEnd(waits);
  };
  const go = (): void => {
    for (;;) {
      if (over) return;
      // Whoever has ended, and has nothing left for this round, ends the whole.
      for (const [at, queue] of queues.entries())
        if (queue.length === 0 && ends[at] !== undefined) {
          finish(ends[at]);
          return;
        }
      if (queues.some((queue) => queue.length === 0)) return;
      round(queues.map((queue, at) => (channels[at]!.kind === 'value' ? queue[0]! : queue.shift()!)));
      if (once) finish(union(queues.map((queue) => queue[0]!)).waits);
    }
  };
  for (const [at, channel] of channels.entries())
    channel.read({
      receive: (item) => {
        queues[at]!.push(item);
        go();
      },
      end: (waits) => {
        if (channel.kind === 'value' && queues[at]!.length > 0) return;
        ends[at] = waits;
        go();
      },
    });
}

function merge(call: OperatorCall): Value {
  const closure = closureOf(call);
  const channels = [call.source, ...others({ ...call, args: { ...call.args, values: call.args.values.filter((one) => one !== closure) } })];
  const target = new Channel(call.engine, call.source.kind, call.name);
  let emitted = 0;
  zip(
    channels,
    (items) => {
      const values = items.map(({ value }) => value);
      const value = closure === undefined ? values.flatMap(spread) : call.evaluator.invoke(closure, values);
      target.emit(to(value, marked(call, `${emitted++}`, union(items))));
    },
    (waits) => target.end(waits),
  );
  return new ChannelObject(target);
}

function mix(call: OperatorCall): Value {
  const channels = [call.source, ...others(call)];
  const target = new Channel(call.engine, 'queue', call.name);
  let open = channels.length;
  let ended = NONE;
  for (const channel of channels)
    channel.read({
      receive: (item) => target.emit(item),
      end: (waits) => {
        ended |= waits;
        if (--open === 0) target.end(ended);
      },
    });
  return new ChannelObject(target);
}

function concat(call: OperatorCall): Value {
  const channels = [call.source, ...others(call)];
  const target = new Channel(call.engine, 'queue', call.name);
  const held: Item[][] = channels.map(() => []);
  const ends: (Bits | undefined)[] = channels.map(() => undefined);
  let turn = 0;
  let ended = NONE;
  const go = (): void => {
    while (turn < channels.length) {
      for (const item of held[turn]!.splice(0)) target.emit(to(item.value, waitingFor(item, ended)));
      const end = ends[turn];
      if (end === undefined) return;
      ended |= end;
      turn++;
    }
    target.end(ended);
  };
  for (const [at, channel] of channels.entries())
    channel.read({
      receive: (item) => {
        held[at]!.push(item);
        go();
      },
      end: (waits) => {
        ends[at] = waits;
        go();
      },
    });
  return new ChannelObject(target);
}

function transpose(call: OperatorCall): Value {
  const by = option(call, 'by');
  const columns = by === null ? [] : Array.isArray(by) ? (by as number[]) : [by as number];
  const remainder = truthy(option(call, 'remainder'));
  let received = 0;
  return single(call, 'queue', (item, emit) => {
    const parent = received++;
    const tuple = item.value;
    const whole = (): void => emit(to(tuple, marked(call, `${parent}/0`, item)));
    if (!Array.isArray(tuple)) return whole();
    for (const at of columns) if (!Array.isArray(tuple[at])) throw new RunError(`not a valid transpose element at index: ${at}`);
    const indexes = columns.length > 0 ? columns : tuple.flatMap((one, at) => (Array.isArray(one) ? [at] : []));
    if (indexes.length === 0) return whole();
    const longest = Math.max(...indexes.map((at) => (tuple[at] as Value[]).length));
    for (let row = 0; row < longest; row++) {
      const short = indexes.some((at) => row >= (tuple[at] as Value[]).length);
      if (short && !remainder) return;
      const made = tuple.map((one, at) => (indexes.includes(at) ? ((one as Value[])[row] ?? null) : one));
      emit(to(made, marked(call, `${parent}/${row}`, item)));
    }
  });
}

function buffer(call: OperatorCall): Value {
  const { values } = call.args;
  const size = call.name === 'collate' ? (values[0] as number) : Number(option(call, 'size') ?? 0);
  const step = call.name === 'collate' && typeof values[1] === 'number' ? values[1] : undefined;
  const skip = Number(option(call, 'skip') ?? 0);
  const remainder = call.name === 'collate' ? values.at(-1) !== false : truthy(option(call, 'remainder'));
  let emitted = 0;
  const chunk = (items: readonly Item[], waits: Bits, emit: Emit): void =>
    emit(
      to(
        items.map(({ value }) => value),
        marked(call, `${emitted++}`, waitingFor(union(items), waits)),
      ),
    );
  if (step !== undefined) {
    let windows: Item[][] = [];
    let seen = 0;
    return single(
      call,
      'queue',
      (item, emit) => {
        if (seen++ % step === 0) windows.push([]);
        for (const window of windows) window.push(item);
        if (windows[0]?.length === size) {
          chunk(windows[0], NONE, emit);
          windows = windows.slice(1);
        }
      },
      (waits, emit) => {
        if (remainder) for (const window of windows) chunk(window, waits, emit);
      },
    );
  }
  const closers = values.filter((one) => typeof one !== 'number' && typeof one !== 'boolean');
  const opens = closers.length > 1 ? closers[0] : undefined;
  const closes = closers.at(-1);
  let taken: Item[] = [];
  let skipped = 0;
  let counted = 0;
  const sized = size > 0 || skip > 0;
  let open = !sized && opens === undefined;
  const opening = (item: Item): boolean => {
    if (!sized) return meets(call, opens, item.value);
    skipped += 1;
    if (skipped <= skip) return false;
    skipped = 0;
    return true;
  };
  const closing = (item: Item): boolean => {
    if (!sized) return meets(call, closes, item.value);
    counted += 1;
    if (counted - skip !== size) return false;
    counted = 0;
    return true;
  };
  return single(
    call,
    'queue',
    (item, emit) => {
      if (open) taken.push(item);
      else if (opening(item)) {
        open = true;
        taken.push(item);
      }
      if (!closing(item)) return;
      chunk(taken, NONE, emit);
      taken = [];
      open = !sized && opens === undefined;
    },
    (waits, emit) => {
      if (remainder && taken.length > 0) chunk(taken, waits, emit);
    },
  );
}

/** A closure with labels: what comes before the first one, and each label with its statements. */
function sections(closure: Closure): { before: Statement[]; labels: { name: string; first: Statement; rest: Statement[] }[] } {
  const before: Statement[] = [];
  const labels: { name: string; first: Statement; rest: Statement[] }[] = [];
  for (const statement of closure.node.body) {
    const names: string[] = [];
    let inner: Statement = statement;
    while (inner.kind === 'LabeledStatement') {
      names.push((inner as LabeledStatement).label.name);
      inner = (inner as LabeledStatement).statement;
    }
    for (const name of names) labels.push({ name, first: inner, rest: [] });
    if (names.length === 0) (labels.at(-1)?.rest ?? before).push(statement);
  }
  return { before, labels };
}

function branch(call: OperatorCall): Value {
  const closure = closureOf(call)!;
  const { before, labels } = sections(closure);
  const targets = new Map(labels.map(({ name }) => [name, new Channel(call.engine, call.source.kind, name)] as const));
  call.source.read({
    receive: (item) => {
      const scope = call.evaluator.bind(closure, [item.value]);
      call.evaluator.run(before, scope);
      for (const { name, first, rest } of labels) {
        if (!truthy(call.evaluator.statement(first, scope).value)) continue;
        const value = rest.length === 0 ? item.value : call.evaluator.run(rest, new Scope(scope)).value;
        targets.get(name)!.emit(to(value, item));
        break;
      }
    },
    end: (waits) => {
      for (const target of targets.values()) target.end(waits);
    },
  });
  return new Outputs([...targets.keys()], [...targets.values()]);
}

function multiMap(call: OperatorCall): Value {
  const closure = closureOf(call)!;
  const { before, labels } = sections(closure);
  const targets = new Map(labels.map(({ name }) => [name, new Channel(call.engine, call.source.kind, name)] as const));
  call.source.read({
    receive: (item) => {
      const scope = call.evaluator.bind(closure, [item.value]);
      call.evaluator.run(before, scope);
      for (const { name, first, rest } of labels)
        targets.get(name)!.emit(to(call.evaluator.run([first, ...rest], new Scope(scope)).value, item));
    },
    end: (waits) => {
      for (const target of targets.values()) target.end(waits);
    },
  });
  return new Outputs([...targets.keys()], [...targets.values()]);
}

function collectFile(call: OperatorCall): Value {
  const name = option(call, 'name');
  const files = new Map<string, Item[]>();
  return single(
    call,
    'queue',
    (item) => {
      const value = apply(call, item);
      const file =
        typeof name === 'string'
          ? name
          : Array.isArray(value)
            ? display(value[0] ?? null)
            : value instanceof PathValue
              ? value.name
              : undefined;
      if (file === undefined) throw new RunError('collectFile has no name for a file');
      const known = files.get(file);
      if (known === undefined) files.set(file, [to(value, item)]);
      else known.push(to(value, item));
    },
    (waits, emit) => {
      for (const [file, items] of files) {
        const [content, term] = [keyText, termText].map((textOf) => `collected ${file} ${items.map(({ value }) => textOf(value)).sort()}`);
        emit(to(new PathValue(content!, file, term), marked(call, file, waitingFor(union(items), waits))));
      }
    },
  );
}

function splitter(call: OperatorCall): Value {
  let received = 0;
  return single(call, 'queue', (item, emit) => {
    const parent = received++;
    const tuple = Array.isArray(item.value) ? item.value : undefined;
    const elem = option(call, 'elem');
    const at = tuple === undefined ? 0 : elem === null ? tuple.findIndex((one) => one instanceof PathValue) : (elem as number);
    const file = tuple === undefined ? item.value : (tuple[at] ?? null);
    splitFile(call.name, file, call.args.named, call.textOf).forEach((record, row) => {
      const value = tuple === undefined ? record : tuple.map((one, column) => (column === at ? record : one));
      emit(to(value, marked(call, `${parent}/${row}`, item)));
    });
  });
}

function once(call: OperatorCall, same: (key: Value, seen: Value[]) => boolean): Value {
  const seen: Value[] = [];
  return single(call, call.source.kind, (item, emit) => {
    const key = apply(call, item);
    const repeated = same(key, seen);
    seen.push(key);
    if (!repeated) emit(to(item.value, marked(call, keyText(key), item)));
  });
}

const numeric = (call: OperatorCall): Value => {
  const type = call.name === 'toInteger' || call.name === 'toLong' ? Math.trunc : (value: number) => value;
  return single(call, call.source.kind, (item, emit) => emit(to(type(Number(display(item.value))), item)));
};

function reduce(call: OperatorCall, seed: Value | undefined, step: (sofar: Value, value: Value) => Value): Value {
  return gather(call, 'value', (items) => {
    let sofar = seed ?? null;
    for (const { value } of items) sofar = sofar === null ? value : step(sofar, value);
    return sofar;
  });
}

const extreme = (call: OperatorCall): Value => {
  const order = comparator(closureOf(call), call.evaluator);
  const sign = call.name === 'min' ? 1 : -1;
  return reduce(call, undefined, (best, value) => (sign * order(value, best) < 0 ? value : best));
};

const refuseValue = (call: OperatorCall): void => {
  if (call.source.kind === 'value') throw new RunError(`Operator \`${call.name}\` cannot be applied to a value channel`);
};

export const OPERATORS: Readonly<Record<string, Operator>> = {
  map: (call) =>
    single(call, call.source.kind, (item, emit, end) => {
      const value = apply(call, item);
      if (value !== null) emit(to(value, item));
      else if (call.source.kind === 'value') end(item.waits);
    }),
  flatMap: (call) => {
    let received = 0;
    return single(call, 'queue', (item, emit) => {
      const parent = received++;
      const result = apply(call, item);
      if (Array.isArray(result))
        result.forEach((value, at) => {
          emit(to(value, marked(call, `${parent}/${at}`, item)));
        });
      else if (result instanceof MapValue)
        result.pairs().forEach(([key, value], at) => {
          emit(to(MapValue.of({ key, value }), marked(call, `${parent}/${at}`, item)));
        });
      else if (result !== null) emit(to(result, marked(call, `${parent}/0`, item)));
    });
  },
  flatten: (call) => {
    let received = 0;
    return single(call, 'queue', (item, emit) => {
      const parent = received++;
      flatten(item.value).forEach((value, at) => {
        emit(to(value, marked(call, `${parent}/${at}`, item)));
      });
    });
  },
  filter: (call) =>
    single(call, call.source.kind, (item, emit) => {
      if (meets(call, call.args.values[0], item.value)) emit(item);
    }),
  unique: (call) => once(call, (key, seen) => seen.some((one) => groovyEquals(key, one))),
  distinct: (call) => once(call, (key, seen) => seen.length > 0 && groovyEquals(key, seen.at(-1)!)),
  first: (call) =>
    single(call, 'value', (item, emit) => {
      if (meets(call, call.args.values[0], item.value)) emit(item);
    }),
  last: (call) => {
    let last: Item | undefined;
    return single(
      call,
      'value',
      (item) => {
        last = item;
      },
      (waits, emit) => emit(to(last?.value ?? null, waitingFor(last ?? union([]), waits))),
    );
  },
  take: (call) => {
    refuseValue(call);
    const most = call.args.values[0] as number;
    let taken = 0;
    let waits = NONE;
    if (most === 0) {
      const none = new Channel(call.engine, 'queue', call.name);
      call.engine.atStart(() => none.end(NONE));
      return new ChannelObject(none);
    }
    return single(call, 'queue', (item, emit, end) => {
      waits |= item.waits;
      emit(item);
      if (++taken === most) end(waits);
    });
  },
  until: (call) => {
    let waits = NONE;
    return single(call, call.source.kind, (item, emit, end) => {
      waits |= item.waits;
      if (meets(call, call.args.values[0], item.value)) end(waits);
      else emit(item);
    });
  },
  randomSample: (call) => {
    refuseValue(call);
    const items: Item[] = [];
    return single(
      call,
      'queue',
      (item) => void items.push(item),
      (waits, emit) => {
        const rest = items.slice();
        for (let left = call.args.values[0] as number; left > 0 && rest.length > 0; left--) {
          const [item] = rest.splice(Math.floor(call.engine.random() * rest.length), 1);
          emit(to(item!.value, waitingFor(item!, waits)));
        }
      },
    );
  },
  collect: (call) =>
    gather(call, 'value', (items) => {
      const flat = option(call, 'flat') !== false;
      const list = items.flatMap((item) => {
        const value = apply(call, item);
        return flat ? spread(value) : [value];
      });
      const sort = option(call, 'sort');
      if (truthy(sort) || sort instanceof Closure) list.sort(comparator(sort, call.evaluator));
      return list.length === 0 ? undefined : bag(list);
    }),
  toList: (call) => gather(call, 'value', (items) => bag(items.map(({ value }) => value))),
  toSortedList: (call) =>
    gather(call, 'value', (items) => items.map(({ value }) => value).sort(comparator(closureOf(call), call.evaluator))),
  collectFile,
  reduce: (call) => {
    refuseValue(call);
    const closure = closureOf(call)!;
    const seed = call.args.values.length > 1 ? call.args.values[0] : undefined;
    return reduce(call, seed, (sofar, value) => call.evaluator.invoke(closure, [sofar, value]));
  },
  count: (call) => gather(call, 'value', (items) => items.filter(({ value }) => meets(call, call.args.values[0], value)).length),
  sum: (call) => reduce({ ...call }, undefined, (sofar, value) => Number(sofar) + Number(value)),
  min: extreme,
  max: extreme,
  buffer,
  collate: buffer,
  groupTuple,
  transpose,
  join,
  combine,
  cross,
  mix,
  concat,
  merge,
  branch,
  multiMap,
  ifEmpty: (call) => {
    let empty = true;
    const target = new Channel(call.engine, call.source.kind, call.name);
    const fallback = call.args.values[0] ?? null;
    call.source.read({
      receive: (item) => {
        empty = false;
        target.emit(item);
      },
      end: (waits) => {
        if (empty)
          target.emit({
            value: fallback instanceof Closure ? call.evaluator.invoke(fallback, []) : fallback,
            data: NONE,
            waits,
            lineage: NONE,
          });
        target.end(waits);
      },
    });
    return new ChannelObject(target);
  },
  splitCsv: splitter,
  splitText: splitter,
  splitFasta: splitter,
  splitFastq: splitter,
  view: (call) => single(call, call.source.kind, (item, emit) => emit(item)),
  dump: (call) => single(call, call.source.kind, (item, emit) => emit(item)),
  toInteger: numeric,
  toLong: numeric,
  toFloat: numeric,
  toDouble: numeric,
  subscribe: () => null,
};
