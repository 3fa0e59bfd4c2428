/**
 * Goes through the workflows of a pipeline as Nextflow would when it builds its graph, statement by statement, and
 * builds the channel graph. Channels are values: a name that is assigned again stands for another channel. Subworkflows
 * are expanded once for each call, under their fully-qualified name.
 */
import { rangeIn, type SourceRange, type TextRange } from '../../source/source-file.ts';
import type { Alternative } from '../evaluate/branches.ts';
import { castTo, textOf } from '../evaluate/conversions.ts';
import type { Activity } from '../evaluate/guard.ts';
import { type Frame, Interpreter } from '../evaluate/interpreter.ts';
import { equal } from '../evaluate/operators.ts';
import { Scope } from '../evaluate/scope.ts';
import {
  type CallArguments,
  type CallSite,
  ClassValue,
  ClosureValue,
  flowing,
  isUnknown,
  ListValue,
  MapValue,
  OptionalValue,
  orUnknown,
  REST,
  UnknownValue,
  unknownFrom,
  type Value,
} from '../evaluate/value.ts';
import { type CodeContext, PipelineHost } from '../pipeline/host.ts';
import type { OpenPipeline } from '../pipeline/load.ts';
import type { ScriptFile } from '../pipeline/pipeline.ts';
import type {
  AssignmentExpression,
  BinaryExpression,
  EnumNode,
  Expression,
  Identifier,
  ProcessNode,
  Statement,
  WorkflowNode,
} from '../syntax/nodes.ts';
import { ChannelGraph, type GrowingCall, setPortKind } from './channel-graph.ts';
import { ChannelNamespace, ChannelValue, ComponentValue, countIsKnown, ResultValue, spreadResults } from './channel-values.ts';
import { callWhereDefined, OPEN_CHANNEL } from './dsl1.ts';
import { namesBesideOutputs } from './expressions.ts';
import { Flow } from './flow.ts';
import { Includes } from './includes.ts';
import { GatheredValue, GroupKeyValue, listOfUnknown } from './model/item-value.ts';
import type { ProcessCall } from './process-graph.ts';
import { signatureOf } from './process-io.ts';

/** A script as it was loaded for one set of params: `addParams` makes another instance of the same file. */
export interface ScriptInstance {
  readonly script: ScriptFile;
  readonly params: MapValue;
  readonly components: Map<string, Value>;
  readonly classes: Map<string, ClassValue>;
  readonly frame: Frame;
}

/** One expansion of a workflow. */
interface Invocation {
  /** `OUTER:INNER:`, or '' for the entry workflow. */
  readonly prefix: string;
  /** Results of the calls made so far, by the name in the script. */
  readonly results: Map<string, Value>;
  readonly depth: number;
}

export interface WalkContext extends CodeContext {
  readonly instance: ScriptInstance;
  readonly invocation: Invocation | undefined;
}

const MAX_DEPTH = 30;
const MAX_CALLS = 20_000;
const MAX_EXPANSIONS = 3_000;
/** Of one call: only a loop goes on beyond some. */
const MAX_SITES = 100;

export class Walker extends PipelineHost {
  readonly graph = new ChannelGraph();
  readonly interpreter = new Interpreter(this);
  readonly #pipeline: OpenPipeline;
  readonly #instances = new Map<string, ScriptInstance>();
  readonly flow: Flow = new Flow(this.graph, this.interpreter, componentOf);
  readonly #channels = new ChannelNamespace(this.flow);
  readonly #includes: Includes;
  /** Params that a script may not set again: given by the user or by a config. */
  readonly #saidOnce = new Set<string>();
  #expansions = 0;
  /** Code is evaluated for what it makes of an item, not for what it adds to the graph. */
  #aside = false;
  #stepsAside = 0;
  readonly #frames = new Map<string, Frame>();
  readonly #results = new Map<string, ResultValue>();

  constructor(pipeline: OpenPipeline) {
    super(pipeline.settings);
    this.#pipeline = pipeline;
    this.#includes = new Includes(pipeline, this);
  }

  // ------------------------------------------------------------------------------------------------ scripts

  /** Loads a script: its definitions, and what its top-level statements do. */
  /** A script by itself. Its params are asked for when it is first met. */
  load(script: ScriptFile, paramsFor: (script: ScriptFile) => MapValue, key: string = script.file.path): ScriptInstance {
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const params = paramsFor(script);
    const scope = new Scope(null);
    const components = new Map<string, Value>();
    const context: { params: MapValue; instance: ScriptInstance; invocation: undefined } = {
      params,
      instance: undefined as unknown as ScriptInstance,
      invocation: undefined,
    };
    const frame: Frame = { scope, undeclared: scope, file: script.file, kind: 'script', context };
    const instance: ScriptInstance = { script, params, components, classes: new Map(), frame };
    context.instance = instance;
    this.#instances.set(key, instance);
    for (const [name, node] of script.processes) components.set(name, new ComponentValue(name, { type: 'process', node, instance }, this));
    for (const [name, node] of script.workflows)
      if (name !== '') components.set(name, new ComponentValue(name, { type: 'workflow', node, instance }, this));
    for (const [name, nodes] of script.functions)
      components.set(name, new ComponentValue(name, { type: 'function', nodes, instance }, this));
    for (const statement of script.tree.statements)
      if (statement.kind === 'EnumNode') instance.classes.set(statement.name.name, enumOf(statement));
    for (const [name, node] of script.classes) instance.classes.set(name, new ClassValue(name, node, { ...frame, kind: 'function' }));
    this.interpreter.journal.apart(() => this.interpreter.run(script.tree.statements, frame));
    return instance;
  }

  /** Evaluates code of the pipeline beside the walk: nothing that is met becomes part of the graph. */
  aside<T>(body: (interpreter: Interpreter) => T): T {
    const { interpreter } = this;
    const { steps, exhausted } = interpreter;
    const before = this.#aside;
    this.#aside = true;
    interpreter.steps = this.#stepsAside;
    interpreter.exhausted = false;
    try {
      return body(interpreter);
    } finally {
      this.#aside = before;
      this.#stepsAside = interpreter.steps;
      Object.assign(interpreter, { steps, exhausted });
    }
  }

  /** The frame of the script in which a call's process is defined, for code in its body. */
  frameOf(call: ProcessCall): Frame {
    return this.#frames.get(call.id) ?? this.load(call.script, () => this.#pipeline.paramValues).frame;
  }

  /** Walks the entry workflow, or the one named. False when there is none. */
  enter(instance: ScriptInstance, name: string): boolean {
    const workflow = instance.script.workflows.get(name);
    if (workflow !== undefined) {
      this.#expand(workflow, instance, [], { prefix: name === '' ? '' : `${name}:`, results: new Map(), depth: 0 });
      return true;
    }
    // A script with processes and no workflow at all runs the first one.
    if (instance.script.dsl1) return name === '';
    const [first] = instance.script.workflows.size === 0 ? instance.script.processes.values() : [];
    if (first === undefined || name !== '') return false;
    const component = instance.components.get(first.name.name) as ComponentValue;
    const context: WalkContext = { params: instance.params, instance, invocation: { prefix: '', results: new Map(), depth: 0 } };
    const site = this.interpreter.site(first.name, { ...instance.frame, context });
    const inputs = signatureOf(first).inputs.map(() => this.flow.source('param', 'params', 'unknown', site));
    this.#callProcess(component, first, instance, inputs, site);
    return true;
  }

  /** A workflow of a library, checked by itself: what it takes is some channel. */
  enterAlone(instance: ScriptInstance, workflow: WorkflowNode): void {
    const site = this.interpreter.site(workflow.name ?? workflow, instance.frame);
    const takes = workflow.takes.map((take) => {
      const channel = this.flow.source('take', takeName(take) ?? '', 'unknown', site);
      // It may be a channel or a plain value: what a condition makes of it is not known.
      return new UnknownValue('given by whoever calls the workflow', { carries: [channel] });
    });
    const prefix = workflow.name === null ? '' : `${workflow.name.name}:`;
    this.#expand(workflow, instance, takes, { prefix: `${instance.script.file.path}#${prefix}`, results: new Map(), depth: 0 });
  }

  override declare(statement: Statement, frame: Frame): void {
    const { instance } = frame.context as WalkContext;
    if (statement.kind === 'IncludeNode') this.#includes.include(statement, frame);
    else if (statement.kind === 'ProcessNode' && instance.script.dsl1) callWhereDefined(this, statement, frame);
    else if (statement.kind === 'ParamBlockNode') {
      for (const declaration of statement.params) {
        const { name } = declaration.name;
        const before = instance.params.entries.get(name);
        if (before !== undefined) continue;
        let value: Value;
        if (declaration.value !== null)
          value = castTo(declaration.type?.name ?? '', this.interpreter.evaluate(declaration.value, frame), true);
        else if (declaration.type?.text === 'Boolean') value = false;
        else if (declaration.type?.text.endsWith('?') === true) value = null;
        else value = new UnknownValue(`--${name} is given for each run`, { truthy: true, plain: true });
        instance.params.entries.set(name, value);
        this.#pipeline.params.set(name, { name, value, origin: 'params block', place: rangeIn(frame.file, declaration) });
      }
    }
  }

  // ------------------------------------------------------------------------------------------------ names

  override resolveName(name: string, frame: Frame, node: TextRange): Value | undefined {
    const { instance } = frame.context as WalkContext;
    const component = instance?.components.get(name) ?? instance?.classes.get(name);
    if (component !== undefined) return component;
    if (name === 'Channel' || name === 'channel') return this.#channels;
    const value = super.resolveName(name, frame, node);
    if (value === undefined && instance !== undefined && !this.#aside) this.#missOutput(name, instance, frame, node);
    return value;
  }

  /** `X.out` in a script that speaks of X in no other way: no process or workflow of that name is declared, included or assigned. */
  #missOutput(name: string, { script, components }: ScriptInstance, frame: Frame, node: TextRange): void {
    const behind = /^\s*\.\s*out\b/.exec(frame.file.text.slice(node.end, node.end + 80))?.[0];
    if (behind === undefined || frame.kind !== 'workflow' || !/^[A-Z]\w*$/.test(name) || script.dsl1 || script.file !== frame.file) return;
    if (script.includes.some(({ entries }) => entries === null)) return;
    if (namesBesideOutputs(script.tree).has(name)) return;
    const known = [...components].flatMap(([one, component]) =>
      component instanceof ComponentValue && component.definition.type !== 'function' ? [one] : [],
    );
    const place = rangeIn(frame.file, { start: node.start, end: node.end + behind.length });
    this.graph.problems.push({ kind: 'not-defined', callee: name, known, place, active: this.interpreter.activity });
  }

  override callFunction(name: string, args: CallArguments, site: CallSite): Value | undefined {
    // An exception is worth its message.
    if (/^new [\w.]*(Exception|Error)$/.test(name)) return args.positional[0] ?? null;
    const { instance } = site.frame.context as WalkContext;
    const component = instance?.components.get(name);
    if (this.#aside && name === 'groupKey') return new GroupKeyValue(args.positional[0] ?? null, args.positional[1] ?? null);
    if (component instanceof ComponentValue && !(this.#aside && component.definition.type !== 'function'))
      return component.call(args, site);
    // GPars in the open, which only DSL1's scripts could use.
    if (instance?.script.dsl1 === true) {
      if (/^new (\w+\.)*Dataflow(Queue|Variable|Broadcast)$/.test(name)) return this.flow.factory(OPEN_CHANNEL, args, site);
      if (name === 'operator' && args.named?.has('outputs') === true) return this.flow.dataflowOperator(args, site);
    }
    return super.callFunction(name, args, site);
  }

  /**
   * The first value that a param is given holds: the user's, a config's, the including script's, then the script's own.
   * Only an entry of a map in a param is the script's to change, wherever the map came from.
   */
  override assign(target: Expression, value: Value, node: AssignmentExpression, frame: Frame): boolean {
    const path = paramPath(target);
    const { instance } = frame.context as WalkContext;
    const [name] = path ?? [];
    if (path === undefined || name === undefined || instance === undefined) return false;
    if (path.length > 1) {
      let map = instance.params;
      for (const part of path.slice(0, -1)) {
        const inner = map.entries.get(part);
        const next = inner instanceof MapValue ? new MapValue(new Map(inner.entries), inner.missing) : new MapValue();
        this.interpreter.journal.setEntry(map, part, next);
        map = next;
      }
      this.interpreter.journal.setEntry(map, path.at(-1) as string, value);
      return true;
    }
    if (instance.params.entries.has(name)) return true;
    this.interpreter.journal.setEntry(instance.params, name, value);
    if (!this.#pipeline.params.has(name))
      this.#pipeline.params.set(name, { name, value, origin: 'script', place: rangeIn(frame.file, node) });
    return true;
  }

  override labeled(_label: Identifier, _statement: Statement, _frame: Frame): boolean {
    return false;
  }

  override stops(message: Value, place: SourceRange, activity: Activity): void {
    // What a closure is given decides that, and no param.
    if (activity !== true || this.#aside) return;
    const text = (textOf(message) ?? '').replace(/\s+/g, ' ').trim();
    const key = `stop ${/^\d*$/.test(text) ? `${place.file.path}:${place.start}` : text}`;
    if (this.#saidOnce.has(key)) return;
    this.#saidOnce.add(key);
    const said = text.length > 90 ? `${text.slice(0, 89)}…` : text;
    this.graph.assumptions.push({
      message: `that the pipeline goes on where these params stop it${/^\d*$/.test(said) ? '' : `: “${said}”`}`,
      place,
    });
  }

  // ------------------------------------------------------------------------------------------------ calls

  /** A call of a process, workflow or function by whatever name. */
  call(component: ComponentValue, args: CallArguments, site: CallSite): Value {
    const { definition } = component;
    switch (definition.type) {
      case 'function': {
        const given = args.positional.length + (args.named === null ? 0 : 1);
        const fits =
          definition.nodes.find((node) => node.parameters.length === given) ??
          definition.nodes.find((node) => node.parameters.length > given) ??
          definition.nodes[0];
        if (fits === undefined) return unknownFrom(`a call of ${component.name}`, ...args.positional);
        return this.interpreter.callFunction(fits, args, definition.instance.frame);
      }
      case 'candidates': {
        const alternatives = definition.candidates.map(
          ({ component: candidate, when }): Alternative => ({
            value: this.interpreter.under(when, () => this.call(candidate, args, site)),
            literal: when,
          }),
        );
        const value = this.flow.join(alternatives, rangeIn(site.frame.file, site.node));
        this.#remember(component, value, site);
        return value;
      }
      case 'process': {
        const value = this.#callProcess(component, definition.node, definition.instance, args.positional, site);
        this.#remember(component, value, site);
        return value;
      }
      case 'workflow': {
        const value = this.#callWorkflow(component, definition.node, definition.instance, args.positional, site);
        this.#remember(component, value, site);
        return value;
      }
    }
  }

  #invocation(site: CallSite): Invocation | undefined {
    return (site.frame.context as WalkContext).invocation;
  }

  #remember(component: ComponentValue, value: Value, site: CallSite): void {
    const invocation = this.#invocation(site);
    if (invocation !== undefined) this.interpreter.journal.write(invocation.results, component.name, value);
  }

  resultOf(component: ComponentValue, site: CallSite): Value {
    const result = this.#invocation(site)?.results.get(component.name);
    if (result !== undefined) return result;
    const { definition } = component;
    if (definition.type === 'process' || definition.type === 'workflow') {
      this.graph.problems.push({
        kind: 'not-called-yet',
        callee: component.name,
        place: rangeIn(site.frame.file, site.node),
        active: this.interpreter.activity,
      });
    }
    return new UnknownValue(`${component.name} has not been called here`);
  }

  #callProcess(component: ComponentValue, node: ProcessNode, instance: ScriptInstance, given: readonly Value[], site: CallSite): Value {
    const where = this.flow.where(site);
    const invocation = this.#invocation(site);
    const id = `${invocation?.prefix ?? ''}${component.name}`;
    if (this.graph.calls.size >= MAX_CALLS && !this.graph.calls.has(id)) {
      this.#say(`there are more than ${MAX_CALLS} process calls; the rest is left out`, where.place);
      return new UnknownValue('too many calls');
    }
    const call = this.graph.call(id, component.name, node, instance.script, where);
    let result = this.#results.get(id);
    if (result === undefined) {
      this.#results.set(id, (result = this.#outputsOf(call)));
      this.#frames.set(id, instance.frame);
    }
    // Nextflow calls a process once under a name: what a loop adds to the first rounds tells nothing more.
    if (call.sites.length >= MAX_SITES) {
      this.#say(`${id} is called more than ${MAX_SITES} times; the rest is left out`, where.place);
      return result;
    }
    const signature = signatureOf(node);
    const channels = spreadResults(given);
    // An argument of which nothing is known may stand for several: then nothing can be said of the number.
    if (
      channels.length !== signature.inputs.length &&
      countIsKnown(given) &&
      !node.inputs.some(({ kind }) => kind === 'IncompleteNode') &&
      !given.some((value) => isUnknown(value) && value.carries.length === 0 && signature.inputs.length > channels.length)
    ) {
      this.graph.problems.push({
        kind: 'arity',
        callee: component.name,
        what: 'process',
        expected: signature.inputs.length,
        given: channels.length,
        place: where.place,
        declared: rangeIn(instance.script.file, node.name),
        active: where.activity,
      });
    }
    const callSite = { place: where.place, guard: where.guard, active: where.activity };
    call.sites.push(callSite);
    call.inputs.forEach((input, index) => {
      const value = channels[index];
      if (value !== undefined) input.channels.push({ ...this.flow.toRef(value, where), site: callSite });
    });
    const active = call.inputs.filter((_, index) => signature.inputs[index]?.each !== true).map((input) => input.kind);
    const each = signature.inputs.some((input) => input.each);
    call.kind = each || active.includes('queue') ? 'queue' : active.includes('unknown') ? 'unknown' : 'value';
    return result;
  }

  /** What a call gives, the same wherever it is made; its topics are sent to. */
  #outputsOf({ name, process, script, node }: GrowingCall): ResultValue {
    const { outputs, topics } = signatureOf(process);
    const names = new Map<string, Value>();
    const ports = outputs.map((output, index) => output.name ?? index);
    const items = outputs.map((output, index) => {
      const port = ports[index] as string | number;
      if (output.topic !== undefined) {
        setPortKind(node, port, 'queue');
        this.graph.send(output.topic, { node, port });
      }
      const channel = new ChannelValue({ node, port }, this.flow);
      if (output.name !== undefined) names.set(output.name, channel);
      return channel;
    });
    for (const topic of topics) this.graph.send(topic, { node, port: `topic ${topic}` });
    return new ResultValue(`the process ${name}`, names, items, this.flow, (output, at) =>
      this.#undefinedOutput(
        name,
        output,
        ports.map((port) => (typeof port === 'number' ? `[${port}]` : port)),
        at,
        rangeIn(script.file, process.name),
      ),
    );
  }

  /** DSL1: the process of a script, called where it stands. */
  callDefined(node: ProcessNode, frame: Frame, inputs: readonly Value[], site: CallSite): GrowingCall | undefined {
    const { instance } = frame.context as WalkContext;
    const component = instance.components.get(node.name.name);
    if (!(component instanceof ComponentValue)) return undefined;
    this.#callProcess(component, node, instance, inputs, site);
    return this.graph.calls.get(node.name.name);
  }

  #undefinedOutput(callee: string, output: string, outputs: readonly string[], site: CallSite, declared: SourceRange): void {
    // Nextflow's class for outputs has a logger of that name, and gives that (25.04, tried): useless, and no failure.
    if (output === 'log') return;
    this.graph.problems.push({
      kind: 'undefined-output',
      callee,
      output,
      outputs,
      place: rangeIn(site.frame.file, site.node),
      declared,
      active: this.interpreter.activity,
    });
  }

  #callWorkflow(component: ComponentValue, node: WorkflowNode, instance: ScriptInstance, given: readonly Value[], site: CallSite): Value {
    const outer = this.#invocation(site);
    const place = rangeIn(site.frame.file, site.node);
    const depth = (outer?.depth ?? 0) + 1;
    this.#expansions += 1;
    if (depth > MAX_DEPTH || this.#expansions > MAX_EXPANSIONS || this.interpreter.exhausted) {
      this.#say(
        depth > MAX_DEPTH
          ? `workflows call each other more than ${MAX_DEPTH} deep; the deeper calls are left out`
          : `more than ${MAX_EXPANSIONS} subworkflows are expanded; the rest is left out`,
        place,
      );
      return unknownFrom('too many subworkflows', ...given);
    }
    const values = spreadTakes(given, node.takes.length);
    if (values.length !== node.takes.length && countIsKnown(given) && !given.some((value) => isUnknown(value))) {
      this.graph.problems.push({
        kind: 'arity',
        callee: component.name,
        what: 'workflow',
        expected: node.takes.length,
        given: values.length,
        place,
        declared: rangeIn(instance.script.file, node.name ?? node),
        active: this.interpreter.activity,
      });
    }
    return this.#expand(node, instance, values, { prefix: `${outer?.prefix ?? ''}${component.name}:`, results: new Map(), depth });
  }

  #say(message: string, place: SourceRange): void {
    if (this.#saidOnce.has(message)) return;
    this.#saidOnce.add(message);
    this.graph.notes.push({ message, place });
  }

  #expand(node: WorkflowNode, instance: ScriptInstance, takes: readonly Value[], invocation: Invocation): Value {
    const scope = new Scope(instance.frame.scope);
    const context: WalkContext = { params: instance.params, instance, invocation };
    const frame: Frame = { scope, undeclared: scope, file: instance.script.file, kind: 'workflow', context };
    node.takes.forEach((take, index) => {
      const name = takeName(take);
      if (name !== undefined) scope.variables.set(name, orUnknown(takes[index], `${name} was not given`));
    });
    this.interpreter.run(node.main, frame);
    const names = new Map<string, Value>();
    const items: Value[] = [];
    for (const emit of node.emits) {
      const { name, value } = this.#emitted(emit, frame);
      if (name !== undefined) names.set(name, value);
      items.push(value);
    }
    for (const publisher of node.publishers) this.#publish(publisher, frame);
    const label = node.name?.name ?? 'entry';
    return new ResultValue(`the workflow ${label}`, names, items, this.flow, (output, at) =>
      this.#undefinedOutput(label, output, [...names.keys()], at, rangeIn(instance.script.file, node.name ?? node)),
    );
  }

  /** `name = expr`, a bare name, or an expression that stands alone. */
  #emitted(statement: Statement, frame: Frame): { name: string | undefined; value: Value } {
    const single = (value: Value): Value => (value instanceof ResultValue && value.items.length === 1 ? (value.items[0] as Value) : value);
    if (statement.kind === 'LabeledStatement') {
      const inner = statement.statement.kind === 'ExpressionStatement' ? statement.statement.expression : undefined;
      // Typed: `name: Type = expr`, or `name: Type` for the variable of that name.
      if (inner?.kind === 'AssignmentExpression')
        return { name: statement.label.name, value: single(this.interpreter.evaluate(inner.value, frame)) };
      return {
        name: statement.label.name,
        value: single(this.interpreter.evaluate({ kind: 'VariableExpression', ...statement.label }, frame)),
      };
    }
    if (statement.kind === 'DeclarationStatement') {
      const [declaration] = statement.declarations;
      if (declaration === undefined) return { name: undefined, value: null };
      return {
        name: declaration.name.name,
        value: declaration.value === null ? null : single(this.interpreter.evaluate(declaration.value, frame)),
      };
    }
    if (statement.kind !== 'ExpressionStatement') return { name: undefined, value: null };
    const { expression } = statement;
    if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'VariableExpression') {
      return { name: expression.target.name, value: single(this.interpreter.evaluate(expression.value, frame)) };
    }
    const value = single(this.interpreter.evaluate(expression, frame));
    return { name: expression.kind === 'VariableExpression' ? expression.name : undefined, value };
  }

  #publish(statement: Statement, frame: Frame): void {
    let { name, value } = { name: undefined as string | undefined, value: null as Value };
    if (
      statement.kind === 'ExpressionStatement' &&
      statement.expression.kind === 'BinaryExpression' &&
      statement.expression.operator === '>>'
    ) {
      const { left, right } = statement.expression;
      name = textOf(this.interpreter.evaluate(right, frame));
      value = this.interpreter.evaluate(left, frame);
    } else ({ name, value } = this.#emitted(statement, frame));
    if (name === undefined) return;
    const site = this.interpreter.site(statement, frame);
    for (const one of flowing(value)) {
      const refs =
        one instanceof ChannelValue
          ? [one.ref]
          : one instanceof ResultValue
            ? one.items.map((item) => this.flow.toRef(item, this.flow.where(site)))
            : [];
      for (const ref of refs)
        this.graph.outputs.push({ name, ref, place: rangeIn(frame.file, statement), path: publishedPath(frame, name) });
    }
  }

  /** A process or workflow that is fed its own outputs. */
  recurse(name: string, component: ComponentValue, args: CallArguments, site: CallSite): Value {
    const value = this.call(component, args, site);
    const { definition } = component;
    if (definition.type === 'process' && value instanceof ResultValue) {
      const id = `${this.#invocation(site)?.prefix ?? ''}${component.name}`;
      const call = this.graph.calls.get(id);
      const callSite = call?.sites.at(-1);
      if (call !== undefined && callSite !== undefined) {
        call.kind = 'queue';
        call.inputs.forEach((input, index) => {
          const output = value.items[index];
          if (output instanceof ChannelValue)
            input.channels.push({
              node: this.graph.operator(name, [output.ref], undefined, this.flow.where(site)),
              port: undefined,
              site: callSite,
            });
        });
      }
    }
    return value;
  }

  override method(receiver: Value, name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (!this.#aside) return this.flow.method(receiver, name, args, site) ?? super.method(receiver, name, args, site);
    const [closure] = args.positional;
    if (name === 'collect' && receiver instanceof UnknownValue && !(receiver instanceof GatheredValue) && closure instanceof ClosureValue)
      return listOfUnknown(receiver, closure, site);
    return super.method(receiver, name, args, site);
  }

  override pipe(left: Value, node: BinaryExpression, frame: Frame): Value | undefined {
    return this.#aside ? undefined : this.flow.pipe(left, node, frame);
  }

  override join(alternatives: readonly Alternative[], place: SourceRange): Value {
    return this.#aside ? eitherOf(alternatives.map(({ value }) => value)) : this.flow.join(alternatives, place);
  }
}

/** What is the same in all of them stays; the rest is unknown, with what flowed into it. */
function eitherOf(some: readonly Value[]): Value {
  const values = some.filter((value) => value !== null).map((value) => (value instanceof OptionalValue ? value.value : value));
  if (values.length === 0) return null;
  const value = likeAll(values);
  return values.length < some.length || some.some((one) => one instanceof OptionalValue) ? new OptionalValue(value) : value;
}

function likeAll(values: readonly Value[]): Value {
  const [first] = values;
  if (first !== undefined && values.length === 1) return first;
  if (first instanceof ListValue && values.every((value) => value instanceof ListValue && value.items.length === first.items.length)) {
    const lists = values as readonly ListValue[];
    return new ListValue(
      first.items.map((_, index) => oneOf(lists.map((list) => list.items[index] as Value))),
      lists.some((list) => list.open),
    );
  }
  // A map with more in it in one branch than in the other.
  if (values.some((value) => value instanceof MapValue) && values.every((value) => entryOf(value, REST) !== undefined)) {
    const keys = new Set(values.flatMap((value) => (value instanceof MapValue ? [...value.entries.keys()] : [])));
    const of = (key: string): Value => oneOf(values.map((value) => entryOf(value, key) ?? null));
    const open = values.some((value) => !(value instanceof MapValue) || value.missing !== undefined);
    return new MapValue(new Map([...keys].map((key) => [key, of(key)])), open ? of : undefined);
  }
  return unknownFrom('depends on a condition', ...values);
}

/** undefined for what is neither a map nor known to have parts. */
function entryOf(value: Value, key: string): Value | undefined {
  if (value instanceof MapValue) return key === REST ? (value.missing?.(REST) ?? null) : value.get(key);
  if (value instanceof UnknownValue) return key === REST ? (value.part('') === undefined ? undefined : value) : value.part(key);
  return undefined;
}

function oneOf(values: readonly Value[]): Value {
  return values.every((value) => value === values[0] || equal(value, values[0] as Value) === true)
    ? (values[0] as Value)
    : eitherOf(values);
}

/** `output { name { path 'x' } }` of the script. */
function publishedPath(frame: Frame, name: string): string | undefined {
  const { instance } = frame.context as WalkContext;
  for (const statement of instance.script.tree.statements) {
    if (statement.kind !== 'OutputBlockNode') continue;
    for (const one of statement.outputs.find((output) => output.name.name === name)?.body ?? []) {
      if (one.kind !== 'ExpressionStatement' || one.expression.kind !== 'MethodCallExpression') continue;
      const { method, arguments: args } = one.expression;
      const value = args[0]?.value;
      if (!('kind' in method) && method.name === 'path' && value?.kind === 'ConstantExpression' && typeof value.value === 'string')
        return value.value;
    }
  }
  return undefined;
}

/** An enum's constants are known by their names. */
function enumOf(node: EnumNode): ClassValue {
  const type = new ClassValue(node.name.name);
  for (const { name } of node.constants) type.statics.set(name, name);
  return type;
}

/** `params.a.b` → ['a', 'b']; undefined for anything else. */
function paramPath(target: Expression): string[] | undefined {
  if (target.kind !== 'PropertyExpression' || 'kind' in target.property) return undefined;
  if (target.object.kind === 'VariableExpression') return target.object.name === 'params' ? [target.property.name] : undefined;
  const head = paramPath(target.object);
  return head === undefined ? undefined : [...head, target.property.name];
}

/** A result given for several takes is taken apart; one given beside others too. */
function spreadTakes(given: readonly Value[], expected: number): Value[] {
  if (given.length === expected && given.every((value) => !(value instanceof ResultValue) || value.items.length <= 1))
    return spreadResults(given);
  return spreadResults(given);
}

/** `reads`, typed `reads: Channel<Path>`. */
export function takeName(statement: Statement): string | undefined {
  if (statement.kind === 'LabeledStatement') return statement.label.name;
  if (statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression') return statement.expression.name;
  if (statement.kind === 'DeclarationStatement') return statement.declarations[0]?.name.name;
  return undefined;
}

/** The process, workflow or function that a name stands for: a variable goes before what the script declares. */
function componentOf(name: string, frame: Frame): ComponentValue | undefined {
  const value = frame.scope.holder(name)?.get(name) ?? (frame.context as WalkContext).instance?.components.get(name);
  return value instanceof ComponentValue ? value : undefined;
}
