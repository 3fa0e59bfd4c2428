/** What flows, as the evaluator sees it: channels, results of calls, and the things that can be called. */
import type { GuardLiteral } from '../evaluate/guard.ts';
import type { CallArguments, CallSite, Value } from '../evaluate/value.ts';
import { BuiltinValue, HostValue, UnknownValue } from '../evaluate/value.ts';
import type { FunctionNode, ProcessNode, WorkflowNode } from '../syntax/nodes.ts';
import { kindOf } from './channel-graph.ts';
import type { Flow } from './flow.ts';
import { isOperator } from './operators.ts';
import type { ChannelKind, ChannelRef } from './process-graph.ts';
import type { ScriptInstance, Walker } from './walker.ts';

/** One channel: never a name, but what the name stood for where it was read. */
export class ChannelValue extends HostValue {
  readonly typeName = 'a channel';
  readonly ref: ChannelRef;
  readonly #flow: Flow;
  constructor(ref: ChannelRef, flow: Flow) {
    super();
    this.ref = ref;
    this.#flow = flow;
  }
  override get flows(): boolean {
    return true;
  }
  get kind(): ChannelKind {
    return kindOf(this.ref);
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'set') return this.#flow.set(this, args, site);
    if (name === 'with') return this.#flow.with(this, args, site);
    if (this.#isOfChannel(name)) return this.#flow.operator(name, [this], args, site);
    return this.#ofValue(name, (value, at) => at.interpreter.callMethodOn(value, name, args, at), site);
  }
  override property(name: string, site: CallSite): Value | undefined {
    // `x.out` of a channel is written in error.
    if (name === 'out') return undefined;
    if (this.#isOfChannel(name)) return this.#flow.operator(name, [this], { positional: [], named: null }, site);
    return this.#ofValue(name, (value, at) => at.interpreter.property(value, name, at), site);
  }
  #isOfChannel(name: string): boolean {
    return this.kind === 'queue' || isOperator(name) || OF_CHANNELS.has(name);
  }
  /** GPars: what is asked of a channel that will have one value, and is not the channel's own, is asked of the value once it is there. */
  #ofValue(name: string, ask: (value: Value, at: CallSite) => Value, site: CallSite): Value | undefined {
    const asked = new BuiltinValue(name, ({ positional: [value = null] }, at) => ask(value, at));
    return this.#flow.operator('map', [this], { positional: [asked], named: null }, site);
  }
}

/** Methods and properties of channels that are no operators. */
const OF_CHANNELS: ReadonlySet<string> = new Set([
  'into',
  'create',
  'getAt',
  'val',
  'getVal',
  'value',
  'get',
  'bound',
  'isBound',
  'then',
  'operator',
]);

/** What a call gives: its outputs, by name and by position. Also the labels of `branch` and `multiMap`. */
export class ResultValue extends HostValue {
  readonly typeName: string;
  readonly names: ReadonlyMap<string, Value>;
  readonly items: readonly Value[];
  readonly #flow: Flow;
  /** Tells of a name that is not there. */
  readonly #missing: ((name: string, site: CallSite) => void) | undefined;
  /** Its branches may leave different numbers of channels: how many it stands for as an argument is not told. */
  readonly widthIsKnown: boolean;
  constructor(
    typeName: string,
    names: ReadonlyMap<string, Value>,
    items: readonly Value[],
    flow: Flow,
    missing?: (name: string, site: CallSite) => void,
    widthIsKnown = true,
  ) {
    super();
    this.typeName = typeName;
    this.names = names;
    this.items = items;
    this.#flow = flow;
    this.#missing = missing;
    this.widthIsKnown = widthIsKnown;
  }
  override get flows(): boolean {
    return this.items.length > 0;
  }
  override property(name: string, site: CallSite): Value | undefined {
    const value = this.names.get(name);
    if (value !== undefined) return value;
    if (name === 'out') return this;
    const [only] = this.items;
    if (this.items.length === 1 && isOperator(name) && only instanceof HostValue) return only.property(name, site);
    this.#missing?.(name, site);
    return new UnknownValue(`${this.typeName} has no output ${name}`);
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'getAt') {
      const [index] = args.positional;
      if (typeof index === 'string') return this.property(index, site);
      if (typeof index !== 'number') return undefined;
      const value = this.items.at(index);
      if (value === undefined) {
        this.#missing?.(`[${index}]`, site);
        return new UnknownValue(`${this.typeName} has no output ${index}`);
      }
      return value;
    }
    if (name === 'set') return this.#flow.set(this, args, site);
    if (name === 'with') return this.#flow.with(this, args, site);
    return this.#flow.operator(name, this.items, args, site);
  }
}

/** A process, workflow or function under the name by which a script knows it. */
export class ComponentValue extends HostValue {
  readonly typeName: string;
  /** The name in this script: the alias, or the definition's own. */
  readonly name: string;
  readonly baseName: string;
  readonly definition: ComponentDefinition;
  readonly #walker: Walker;
  constructor(name: string, definition: ComponentDefinition, walker: Walker, baseName = name) {
    super();
    this.name = name;
    this.baseName = baseName;
    this.typeName = `the ${definition.type} ${name}`;
    this.definition = definition;
    this.#walker = walker;
  }
  renamed(name: string): ComponentValue {
    return name === this.name ? this : new ComponentValue(name, this.definition, this.#walker, this.baseName);
  }
  override call(args: CallArguments, site: CallSite): Value {
    return this.#walker.call(this, args, site);
  }
  override property(name: string, site: CallSite): Value | undefined {
    if (name === 'out') return this.#walker.resultOf(this, site);
    return undefined;
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'call') return this.call(args, site);
    if (name === 'recurse' || name === 'scan') return this.#walker.recurse(name, this, args, site);
    if (name === 'out') return this.property('out', site);
    return undefined;
  }
}

export type ComponentDefinition =
  | { readonly type: 'process'; readonly node: ProcessNode; readonly instance: ScriptInstance }
  | { readonly type: 'workflow'; readonly node: WorkflowNode; readonly instance: ScriptInstance }
  | { readonly type: 'function'; readonly nodes: readonly FunctionNode[]; readonly instance: ScriptInstance }
  /** Which of several files an include means is not known: each is one. */
  | { readonly type: 'candidates'; readonly candidates: readonly { readonly component: ComponentValue; readonly when: GuardLiteral }[] };

/** `A & B`: called together. */
export class GroupValue extends HostValue {
  readonly typeName = 'a group of calls';
  readonly members: readonly Value[];
  constructor(members: readonly Value[]) {
    super();
    this.members = members;
  }
}

/** `Channel`, `channel`. */
export class ChannelNamespace extends HostValue {
  readonly typeName = 'Channel';
  readonly #flow: Flow;
  constructor(flow: Flow) {
    super();
    this.#flow = flow;
  }
  override method(name: string, args: CallArguments, site: CallSite): Value {
    return this.#flow.factory(name, args, site);
  }
  override property(name: string, site: CallSite): Value {
    return this.#flow.factory(name, { positional: [], named: null }, site);
  }
  override call(args: CallArguments, site: CallSite): Value {
    return this.#flow.factory('create', args, site);
  }
}

/** The channels in a value that is given to something: results are taken apart, everything else is itself. */
export function spreadResults(values: readonly Value[]): Value[] {
  return values.flatMap((value) => (value instanceof ResultValue ? value.items : [value]));
}

/** Whether it is known how many channels these arguments are. */
export function countIsKnown(values: readonly Value[]): boolean {
  return values.every((value) => !(value instanceof ResultValue) || value.widthIsKnown);
}
