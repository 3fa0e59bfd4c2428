/** Workflow bodies: scripts, includes, params, calls and pipes, evaluated once to build the channels between calls (language.md 2, 6.1, 7). */
import { MapValue as KnownMap, PathValue as KnownPath, type Value as KnownValue, ListValue } from '../../src/parser/evaluate/value.ts';
import { isOperator } from '../../src/parser/graph/operators.ts';
import { folderOf, normalizePath } from '../../src/parser/pipeline/file-tree.ts';
import { resolveInclude } from '../../src/parser/pipeline/include.ts';
import type { OpenPipeline } from '../../src/parser/pipeline/load.ts';
import type { ScriptFile } from '../../src/parser/pipeline/pipeline.ts';
import type { Expression, FunctionNode, IncludeNode, ProcessNode, Statement, WorkflowNode } from '../../src/parser/syntax/nodes.ts';
import { Channel, type Engine, FROM_NOTHING, NONE } from './engine.ts';
import { type Arguments, Evaluator, type Host } from './evaluate.ts';
import { filePairs, matching } from './glob.ts';
import { ChannelObject, channelOf, OPERATORS, Outputs } from './operators.ts';
import type { ChannelRecord } from './run.ts';
import { Scope } from './scope.ts';
import { callProcess, inputCount, outputNames, type Task } from './tasks.ts';
import { Builtin, Closure, display, fromJson, GroupKey, HostObject, MapValue, PathValue, RunError, type Value } from './values.ts';
import type { World } from './world.ts';

const PROJECT = '/project';

class ProcessObject extends HostObject {
  readonly type = 'process';
  readonly name: string;
  readonly node: ProcessNode;
  readonly script: Script;
  constructor(name: string, node: ProcessNode, script: Script) {
    super();
    this.name = name;
    this.node = node;
    this.script = script;
  }
}

class WorkflowObject extends HostObject {
  readonly type = 'workflow';
  readonly name: string;
  readonly node: WorkflowNode;
  readonly script: Script;
  constructor(name: string, node: WorkflowNode, script: Script) {
    super();
    this.name = name;
    this.node = node;
    this.script = script;
  }
}

class Namespace extends HostObject {
  readonly type: string;
  constructor(type: string) {
    super();
    this.type = type;
  }
}

/** One script that was loaded, with its globals and what its names mean. */
class Script {
  readonly file: ScriptFile;
  readonly globals: ScriptScope;
  readonly components = new Map<string, ProcessObject | WorkflowObject>();
  readonly functions = new Map<string, { node: FunctionNode; script: Script }[]>();
  constructor(file: ScriptFile, builtins: ReadonlyMap<string, Value>) {
    this.file = file;
    this.globals = new ScriptScope(this, builtins);
  }
}

class ScriptScope extends Scope {
  readonly script: Script;
  constructor(script: Script, builtins: ReadonlyMap<string, Value>) {
    super(undefined, { binding: true, missing: (name) => script.components.get(name) ?? builtins.get(name) });
    this.script = script;
  }
}

function scriptOf(scope: Scope): Script {
  let at: Scope = scope;
  while (at.parent !== undefined) at = at.parent;
  return (at as ScriptScope).script;
}

/** The body of a workflow while it is evaluated: its name in calls, and what its calls gave. */
interface Body {
  readonly prefix: string;
  readonly results: Map<string, Outputs>;
}

export class Workflow implements Host {
  readonly tasks: Task[] = [];
  readonly calls: string[] = [];
  readonly channels: ChannelRecord[] = [];
  readonly terms = new Map<string, string>();
  readonly #pipeline: OpenPipeline;
  readonly #engine: Engine;
  readonly #world: World;
  readonly #evaluator: Evaluator;
  readonly #scripts = new Map<string, Script>();
  readonly #params = new MapValue();
  readonly #given = new Set<string>();
  readonly #topics = new Map<string, { readonly channel: Channel; readonly senders: Channel[] }>();
  readonly #builtins: ReadonlyMap<string, Value>;
  #body: Body = { prefix: '', results: new Map() };
  #nodes = 0;

  constructor(pipeline: OpenPipeline, engine: Engine, world: World) {
    this.#pipeline = pipeline;
    this.#engine = engine;
    this.#world = world;
    this.#evaluator = new Evaluator(this);
    for (const [name, { value }] of pipeline.params) this.#give(name, fromKnown(value));
    for (const [name, value] of Object.entries(world.params ?? {})) this.#give(name, fromJson(value));
    this.#builtins = new Map<string, Value>([
      ['params', this.#params],
      ['channel', new Namespace('channel')],
      ['Channel', new Namespace('channel')],
      ['log', new Namespace('log')],
      ['nextflow', MapValue.of({ enable: new MapValue(), preview: new MapValue() })],
      ['workflow', MapValue.of({ projectDir: PROJECT, launchDir: PROJECT, profile: 'standard', resume: false })],
      ['projectDir', PROJECT],
      ['baseDir', PROJECT],
      ['launchDir', PROJECT],
      ['moduleDir', PROJECT],
    ]);
  }

  #give(name: string, value: Value): void {
    this.#params.set(name, value);
    this.#given.add(name);
  }

  build(): void {
    const script = this.#load(this.#pipeline.entry);
    const entry = script.file.workflows.get('');
    if (entry === undefined) throw new RunError('there is no entry workflow');
    this.#run(new WorkflowObject('', entry, script), [], '');
    for (const { channel, senders } of this.#topics.values()) {
      let open = senders.length;
      let ended = NONE;
      for (const sender of senders)
        sender.read({
          receive: (item) => channel.emit(item),
          end: (waits) => {
            ended |= waits;
            if (--open === 0) channel.end(ended);
          },
        });
      if (open === 0) this.#engine.atStart(() => channel.end(NONE));
    }
  }

  // -------------------------------------------------------------------------------------------------- scripts

  #load(file: ScriptFile): Script {
    const known = this.#scripts.get(file.file.path);
    if (known !== undefined) return known;
    const script = new Script(file, this.#builtins);
    this.#scripts.set(file.file.path, script);
    for (const include of file.includes) this.#include(script, include);
    for (const [name, node] of file.processes) script.components.set(name, new ProcessObject(name, node, script));
    for (const [name, node] of file.workflows) if (name !== '') script.components.set(name, new WorkflowObject(name, node, script));
    for (const [name, nodes] of file.functions)
      script.functions.set(
        name,
        nodes.map((node) => ({ node, script })),
      );
    for (const statement of file.tree.statements) this.#topLevel(script, statement);
    return script;
  }

  #include(script: Script, node: IncludeNode): void {
    const source = display(this.#evaluator.evaluate(node.source, script.globals));
    if (source.startsWith('plugin/')) throw new RunError(`${source} is not known`);
    const { path } = resolveInclude(this.#pipeline.tree, folderOf(script.file.file.path), source.replace(`${PROJECT}/`, '/'));
    const file = path === undefined ? undefined : this.#pipeline.store.script(path);
    if (file === undefined) throw new RunError(`there is no ${source}`);
    const from = this.#load(file);
    for (const { name, alias } of node.entries ?? []) {
      const as = alias?.name ?? name.name;
      const component = from.components.get(name.name);
      const functions = from.functions.get(name.name);
      if (component instanceof ProcessObject) script.components.set(as, new ProcessObject(as, component.node, component.script));
      else if (component instanceof WorkflowObject) script.components.set(as, new WorkflowObject(as, component.node, component.script));
      else if (functions !== undefined) script.functions.set(as, functions);
      else throw new RunError(`${source} has no ${name.name}`);
    }
  }

  #topLevel(script: Script, statement: Statement): void {
    switch (statement.kind) {
      case 'ExpressionStatement': {
        const { expression } = statement;
        // What the world or the config says of a param stays.
        if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'PropertyExpression') {
          const { object, property } = expression.target;
          if (object.kind === 'VariableExpression' && object.name === 'params' && !('kind' in property) && this.#given.has(property.name))
            return;
        }
        this.#evaluator.evaluate(expression, script.globals);
        return;
      }
      case 'DeclarationStatement':
      case 'IfStatement':
        this.#evaluator.statement(statement, script.globals);
    }
  }

  // -------------------------------------------------------------------------------------------------- calls

  #run(workflow: WorkflowObject, args: readonly Value[], prefix: string): Outputs {
    const { node, script } = workflow;
    const scope = new Scope(script.globals, { binding: true });
    const takes = node.takes.map(nameOfStatement);
    const given = args.flatMap((arg) => (arg instanceof Outputs && args.length < takes.length ? parts(arg) : [arg]));
    if (given.length !== takes.length) throw new RunError(`${workflow.name} takes ${takes.length} channels and is given ${given.length}`);
    takes.forEach((name, at) => {
      const one = given[at]!;
      scope.declare(name, one instanceof Outputs && one.channels.length === 1 ? new ChannelObject(one.channels[0]!) : one);
    });
    const outer = this.#body;
    this.#body = { prefix, results: new Map() };
    try {
      this.#evaluator.run(node.main, scope);
      const emits = node.emits.map((statement) => this.#emit(statement, scope));
      return new Outputs(
        emits.map(({ name }) => name),
        emits.map(({ value }) => this.#asChannel(value, 'emit')),
      );
    } finally {
      this.#body = outer;
    }
  }

  #emit(statement: Statement, scope: Scope): { name: string | undefined; value: Value } {
    if (statement.kind !== 'ExpressionStatement') throw new RunError(`a ${statement.kind} is no emit`);
    const { expression } = statement;
    if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'VariableExpression')
      return { name: expression.target.name, value: this.#evaluator.evaluate(expression.value, scope) };
    const value = this.#evaluator.evaluate(expression, scope);
    return { name: expression.kind === 'VariableExpression' ? expression.name : undefined, value };
  }

  #asChannel(value: Value, name: string): Channel {
    if (value instanceof ChannelObject) return value.channel;
    if (value instanceof Outputs) return channelOf(value);
    if (value === null) throw new RunError('null is given where a channel is wanted');
    const channel = new Channel(this.#engine, 'value', name);
    this.#engine.atStart(() => channel.emit({ ...FROM_NOTHING, value }));
    return channel;
  }

  #invoke(component: ProcessObject | WorkflowObject, args: readonly Value[]): Outputs {
    const { prefix, results } = this.#body;
    const id = prefix === '' ? component.name : `${prefix}:${component.name}`;
    let outputs: Outputs;
    if (component instanceof WorkflowObject) outputs = this.#run(component, args, id);
    else {
      if (this.calls.includes(id)) throw new RunError(`${id} is called twice`);
      this.calls.push(id);
      const wanted = inputCount(component.node);
      const given = args.flatMap((arg) => (arg instanceof Outputs ? [...arg.channels] : [this.#asChannel(arg, display(arg))]));
      if (given.length !== wanted) throw new RunError(`${id} has ${wanted} inputs and is given ${given.length}`);
      const place = `call ${id}`;
      const node = this.#nodes++;
      const use = {
        call: id,
        process: component.node,
        globals: component.script.globals,
        file: component.script.file.file.path,
        place,
        node,
      };

      const { channels, topics } = callProcess(
        { engine: this.#engine, evaluator: this.#evaluator, world: this.#world, tasks: this.tasks, terms: this.terms },
        use,
        given,
      );
      for (const [topic, channel] of topics) this.#topic(topic).senders.push(channel);
      const names = outputNames(component.node);
      channels.forEach((channel, port) => {
        this.channels.push({ place, name: channel.name, port: names[port] ?? port, call: id, node, channel });
      });
      outputs = new Outputs(names, channels);
    }
    results.set(component.name, outputs);
    return outputs;
  }

  #topic(name: string): { readonly channel: Channel; readonly senders: Channel[] } {
    let topic = this.#topics.get(name);
    if (topic === undefined)
      this.#topics.set(name, (topic = { channel: new Channel(this.#engine, 'queue', `topic ${name}`), senders: [] }));
    return topic;
  }

  /** `main.nf:12:8`: of an operator, where its name stands. */
  #place(at: Expression, scope: Scope): string {
    const { file } = scriptOf(scope).file;
    const start = at.kind === 'MethodCallExpression' && !('kind' in at.method) ? at.method.start : at.start;
    const { line, column } = file.positionAt(start);
    return `${file.path}:${line}:${column}`;
  }

  // -------------------------------------------------------------------------------------------------- Host

  call(name: string, args: Arguments, _at: Expression, scope: Scope): Value {
    const script = scriptOf(scope);
    const component = script.components.get(name);
    if (component !== undefined) return this.#invoke(component, args.values);
    const overloads = script.functions.get(name);
    if (overloads !== undefined) return this.#function(overloads, args);
    const [first, second] = args.values;
    switch (name) {
      case 'groupKey':
        return new GroupKey(first!, second as number);
      case 'tuple':
        return [...args.values];
      case 'file':
      case 'files': {
        const found = this.#files(first!);
        if (name === 'files') return found;
        return found.length === 1 ? found[0]! : found;
      }
      case 'println':
      case 'print':
      case 'printf':
        return null;
      case 'error':
        throw new RunError(`error: ${display(first ?? null)}`);
      case 'exit':
        throw new RunError('exit');
      default:
        throw new RunError(`there is no ${name}()`);
    }
  }

  #function(overloads: readonly { node: FunctionNode; script: Script }[], args: Arguments): Value {
    const values = args.named === undefined ? args.values : [args.named, ...args.values];
    const fitting = overloads.find(({ node }) => node.parameters.length >= values.length) ?? overloads[0]!;
    const scope = new Scope(fitting.script.globals, { binding: true });
    fitting.node.parameters.forEach((parameter, at) => {
      const given = values[at];
      scope.declare(
        parameter.name.name,
        given !== undefined ? given : parameter.defaultValue === null ? null : this.#evaluator.evaluate(parameter.defaultValue, scope),
      );
    });
    return this.#evaluator.run(fitting.node.body, scope).value;
  }

  method(object: HostObject, name: string, args: Arguments, at: Expression, scope: Scope): Value {
    if (name === '(parts)') return object instanceof Outputs ? parts(object) : [object];
    if (object instanceof Namespace) return object.type === 'channel' ? this.#factory(name, args, at, scope) : null;
    if (object instanceof ChannelObject) return this.#operator(object.channel, name, args, at, scope);
    if (object instanceof Outputs) {
      if (name === 'set') return this.#set(object, args, scope);
      const [source, ...rest] = object.channels;
      if (source === undefined) throw new RunError(`${name} of no output`);
      if (rest.length > 0 && args.values.length > 0) throw new RunError(`${name} of several outputs`);
      const values = rest.length > 0 ? rest.map((channel) => new ChannelObject(channel)) : args.values;
      return this.#operator(source, name, { ...args, values }, at, scope);
    }
    throw new RunError(`${object.type} has no ${name}()`);
  }

  property(object: HostObject, name: string, at: Expression, scope: Scope): Value {
    if (object instanceof ProcessObject || object instanceof WorkflowObject) {
      if (name !== 'out') throw new RunError(`${object.name}.${name} is not known`);
      const outputs = this.#body.results.get(object.name);
      if (outputs === undefined) throw new RunError(`${object.name}.out before its call`);
      return outputs;
    }
    if (object instanceof Outputs) {
      const channel = object.named(name);
      if (channel === undefined) throw new RunError(`there is no output ${name}`);
      return new ChannelObject(channel);
    }
    if (object instanceof ChannelObject && object.channel.kind === 'value')
      return this.#ofValue(object.channel, name, (value) => this.#evaluator.property(value, name, false, at, scope), at, scope);
    throw new RunError(`${object.type} has no ${name}`);
  }

  /** GPars: what is asked of a channel with one value, and is not the channel's own, is asked of the value. */
  #ofValue(source: Channel, name: string, ask: (value: Value) => Value, at: Expression, scope: Scope): Value {
    const asked = new Builtin(name, ([value = null]) => ask(value));
    return this.#operator(source, 'map', { values: [asked], named: undefined }, at, scope);
  }

  pipe(operator: '|' | '&', left: Expression, right: Expression, scope: Scope): Value | undefined {
    if (operator === '&') {
      const one = this.#called(left, scope);
      const other = this.#called(right, scope);
      if (one === undefined || other === undefined) return undefined;
      return together([one, other]);
    }
    const source = this.#called(left, scope) ?? this.#evaluator.evaluate(left, scope);
    return this.#into(source, right, scope);
  }

  /** A process or workflow that stands bare in a pipe is called with nothing. */
  #called(expression: Expression, scope: Scope): Value | undefined {
    const value = this.#evaluator.evaluate(expression, scope);
    if (value instanceof ProcessObject || value instanceof WorkflowObject) return this.#invoke(value, []);
    return value instanceof HostObject ? value : undefined;
  }

  #into(source: Value, right: Expression, scope: Scope): Value | undefined {
    if (right.kind === 'BinaryExpression' && right.operator === '&') {
      const one = this.#into(source, right.left, scope);
      const other = this.#into(source, right.right, scope);
      return one === undefined || other === undefined ? undefined : together([one, other]);
    }
    if (right.kind === 'VariableExpression') {
      const component = scriptOf(scope).components.get(right.name);
      if (component !== undefined) return this.#invoke(component, [source]);
      return this.method(asHost(source), right.name, { values: [], named: undefined }, right, scope);
    }
    if (right.kind === 'MethodCallExpression' && right.object === null && !('kind' in right.method)) {
      const args = this.#evaluator.arguments(right.arguments, scope);
      const component = scriptOf(scope).components.get(right.method.name);
      if (component !== undefined) return this.#invoke(component, [source, ...args.values]);
      return this.method(asHost(source), right.method.name, args, right, scope);
    }
    return undefined;
  }

  // -------------------------------------------------------------------------------------------------- channels

  #set(value: Value, args: Arguments, scope: Scope): Value {
    for (const name of assignedNames(args)) scope.assign(name, value);
    return null;
  }

  #operator(source: Channel, name: string, args: Arguments, at: Expression, scope: Scope): Value {
    if (name === 'set') return this.#set(new ChannelObject(source), args, scope);
    if (source.kind === 'value' && !isOperator(name))
      return this.#ofValue(source, name, (value) => this.#evaluator.method(value, name, args, at, scope), at, scope);
    const place = this.#place(at, scope);
    const node = this.#nodes++;
    if (name === 'tap') {
      for (const variable of assignedNames(args)) scope.assign(variable, new ChannelObject(source));
      return new ChannelObject(source);
    }
    const operator = OPERATORS[name];
    if (operator === undefined) throw new RunError(`operator ${name} is not known`);
    const result = operator({
      engine: this.#engine,
      evaluator: this.#evaluator,
      name,
      source,
      args,
      place,
      node,
      textOf: (path) => this.#world.files?.[path.identity] ?? this.#pipeline.tree.read(path.identity),
    });
    this.#record(result, place, node, name);
    return result;
  }

  #record(result: Value, place: string, node: number, name: string): void {
    if (result instanceof ChannelObject)
      this.channels.push({ place, name, port: undefined, call: undefined, node, channel: result.channel });
    if (result instanceof Outputs)
      result.channels.forEach((channel, at) => {
        this.channels.push({ place, name, port: result.names[at] ?? at, call: undefined, node, channel });
      });
  }

  #factory(name: string, args: Arguments, at: Expression, scope: Scope): Value {
    const { file } = scriptOf(scope).file;
    const { line, column } = file.positionAt(at.start);
    const place = `${file.path}:${line}:${column}`;
    const node = this.#nodes++;
    const kind = name === 'value' ? 'value' : 'queue';
    const channel = name === 'topic' ? this.#topic(display(args.values[0]!)).channel : new Channel(this.#engine, kind, name);
    const values = this.#sourceValues(name, args, at, scope);
    if (values !== undefined)
      this.#engine.atStart(() => {
        values.forEach((value, ordinal) => {
          channel.emit({ ...FROM_NOTHING, value, lineage: kind === 'value' ? NONE : this.#engine.lineage(place, node, `${ordinal}`) });
        });
        if (kind === 'queue') channel.end(NONE);
      });
    this.#record(new ChannelObject(channel), place, node, name);
    return new ChannelObject(channel);
  }

  /** What a factory emits; undefined where it never says anything. */
  #sourceValues(name: string, args: Arguments, at: Expression, scope: Scope): readonly Value[] | undefined {
    const { values, named } = args;
    const [first] = values;
    switch (name) {
      case 'empty':
        return [];
      case 'topic':
        return undefined;
      case 'value':
        return first === undefined || first === null ? undefined : [first];
      case 'of': {
        // A range is spread, a list is one item.
        const ranges = at.kind === 'MethodCallExpression' ? at.arguments.map(({ value }) => isRange(value)) : [];
        return values.flatMap((value, index) => (ranges[index] === true ? (value as Value[]) : [value]));
      }
      case 'from':
        return values.length === 1 && Array.isArray(first) ? first : values;
      case 'fromList':
        if (!Array.isArray(first)) throw new RunError('fromList is given no list');
        return first;
      case 'fromPath': {
        if (first === undefined || first === null) throw new RunError('Missing `fromPath` parameter');
        return (Array.isArray(first) ? first : [first]).flatMap((one) => this.#files(one));
      }
      case 'fromFilePairs': {
        const size = named?.get('size') ?? null;
        const patterns = (Array.isArray(first) ? first : [first!]).map((one) => this.#relative(one));
        const closure = values.find((one): one is Closure => one instanceof Closure);
        const keyOf = closure === undefined ? undefined : (path: PathValue) => this.#evaluator.invoke(closure, [path]);
        return filePairs(this.#names(), patterns, typeof size === 'number' ? size : undefined, keyOf).map(([key, files]) =>
          named?.get('flat') === true ? [key, ...files] : [key, files],
        );
      }
      default:
        throw new RunError(`channel.${name} is not known (${scriptOf(scope).file.file.path})`);
    }
  }

  #names(): string[] {
    return [...new Set([...Object.keys(this.#world.files ?? {})])].map(normalizePath).sort();
  }

  #relative(value: Value): string {
    return normalizePath(display(value).replace(/^\/project\/?/, ''));
  }

  #files(value: Value): PathValue[] {
    if (value instanceof PathValue) return [value];
    if (Array.isArray(value)) return value.flatMap((one) => this.#files(one));
    const pattern = this.#relative(value);
    if (pattern === '') throw new RunError('a file without a name');
    return matching(this.#names(), pattern).map((path) => new PathValue(path, path));
  }
}

function together(values: readonly Value[]): Outputs {
  const all = values.map((value) => (value instanceof ChannelObject ? new Outputs([undefined], [value.channel]) : (value as Outputs)));
  return new Outputs(
    all.flatMap(({ names }) => names),
    all.flatMap(({ channels }) => channels),
  );
}

function asHost(value: Value): HostObject {
  if (!(value instanceof HostObject)) throw new RunError(`${display(value)} is piped, but is no channel`);
  return value;
}

function parts(outputs: Outputs): Value[] {
  return outputs.channels.map((channel) => new ChannelObject(channel));
}

/** `{ reads }`, `{ a; b }`: what `set` and `tap` name. */
function assignedNames({ values }: Arguments): string[] {
  const [closure] = values;
  if (!(closure instanceof Closure)) throw new RunError('set and tap want a closure');
  return closure.node.body.map(nameOfStatement);
}

function nameOfStatement(statement: Statement): string {
  if (statement.kind === 'LabeledStatement') return statement.label.name;
  if (statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression') return statement.expression.name;
  throw new RunError(`a ${statement.kind} is no name`);
}

function isRange(expression: Expression): boolean {
  return expression.kind === 'BinaryExpression' && (expression.operator === '..' || expression.operator === '..<');
}

/** Params as the config gives them. */
function fromKnown(value: KnownValue): Value {
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof ListValue) return value.items.map(fromKnown);
  if (value instanceof KnownMap) return new MapValue([...value.entries].map(([key, one]) => [key, fromKnown(one)] as const));
  if (value instanceof KnownPath) return value.path;
  return new Builtin('unknown', () => {
    throw new RunError('a param that the config does not know');
  });
}
