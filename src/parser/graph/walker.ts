/**
 * Goes through the workflows of a pipeline as Nextflow would when it builds its graph, statement by statement, and
 * builds the channel graph. Channels are values: a name that is assigned again stands for another channel. Subworkflows
 * are expanded once for each call, under their fully-qualified name.
 */
import { type SourceRange, type TextRange, rangeIn } from '../../source/source-file.ts';
import { type Activity, GuardLiteral, conjunction } from '../evaluate/guard.ts';
import { type Alternative, type Frame, Interpreter, withNamed } from '../evaluate/interpreter.ts';
import { castTo, textOf } from '../evaluate/methods.ts';
import { Scope } from '../evaluate/scope.ts';
import {
  type CallArguments, type CallSite, ClassValue, ClosureValue, HostValue, ListValue, MapValue, PathValue, UnknownValue, type Value, flowing, isUnknown,
  orUnknown, unknownFrom,
} from '../evaluate/value.ts';
import { folderOf, resolvePath } from '../pipeline/file-tree.ts';
import { type CodeContext, PipelineHost } from '../pipeline/host.ts';
import type { OpenPipeline } from '../pipeline/load.ts';
import { nearestPaths, resolveInclude } from '../pipeline/include.ts';
import type { ScriptFile } from '../pipeline/pipeline.ts';
import type { AssignmentExpression, BinaryExpression, EnumNode, Expression, Identifier, IncludeNode, ProcessNode, Statement, WorkflowNode } from '../syntax/nodes.ts';
import { ChannelGraph, type Circumstances, type GrowingCall, setPortKind } from './channel-graph.ts';
import { ChannelNamespace, ChannelValue, ComponentValue, GroupValue, ResultValue, spreadResults } from './channel-values.ts';
import { OPEN_CHANNEL, callWhereDefined, give } from './dsl1.ts';
import { isOperator, isSink } from './operators.ts';
import type { AlternativesNode, ChannelRef, ProcessCall } from './process-graph.ts';
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

interface WalkContext extends CodeContext {
  readonly instance: ScriptInstance;
  readonly invocation: Invocation | undefined;
}

const MAX_DEPTH = 30;
const MAX_CALLS = 20_000;
const MAX_EXPANSIONS = 5_000;
const MAX_CANDIDATES = 16;
/** DSL1's operators whose arguments are the channels that they write to. */
const WRITERS: ReadonlySet<string> = new Set(['choice', 'separate', 'into', 'route']);

export class Walker extends PipelineHost {
  readonly graph = new ChannelGraph();
  readonly interpreter = new Interpreter(this);
  readonly #pipeline: OpenPipeline;
  readonly #instances = new Map<string, ScriptInstance>();
  readonly #channels = new ChannelNamespace(this);
  /** Params that a script may not set again: given by the user or by a config. */
  readonly #saidOnce = new Set<string>();
  #expansions = 0;
  readonly #frames = new Map<string, Frame>();

  constructor(pipeline: OpenPipeline) {
    super(pipeline.settings);
    this.#pipeline = pipeline;
  }

  // ------------------------------------------------------------------------------------------------ scripts

  /** Loads a script: its definitions, and what its top-level statements do. */
  load(script: ScriptFile, params: MapValue, key: string = script.file.path): ScriptInstance {
    const known = this.#instances.get(key);
    if (known !== undefined) return known;
    const scope = new Scope(null);
    const components = new Map<string, Value>();
    const context: { params: MapValue; instance: ScriptInstance; invocation: undefined } = { params, instance: undefined as unknown as ScriptInstance, invocation: undefined };
    const frame: Frame = { scope, undeclared: scope, file: script.file, kind: 'script', context };
    const instance: ScriptInstance = { script, params, components, classes: new Map(), frame };
    context.instance = instance;
    this.#instances.set(key, instance);
    for (const [name, node] of script.processes) components.set(name, new ComponentValue(name, { type: 'process', node, instance }, this));
    for (const [name, node] of script.workflows) if (name !== '') components.set(name, new ComponentValue(name, { type: 'workflow', node, instance }, this));
    for (const [name, nodes] of script.functions) components.set(name, new ComponentValue(name, { type: 'function', nodes, instance }, this));
    for (const statement of script.tree.statements) if (statement.kind === 'EnumNode') instance.classes.set(statement.name.name, enumOf(statement));
    for (const [name, node] of script.classes) instance.classes.set(name, new ClassValue(name, node, { ...frame, kind: 'function' }));
    this.interpreter.journal.apart(() => this.interpreter.run(script.tree.statements, frame));
    return instance;
  }

  /** The frame of the script in which a call's process is defined, for code in its body. */
  frameOf(call: ProcessCall): Frame {
    return this.#frames.get(call.id) ?? this.load(call.script, this.#pipeline.paramValues).frame;
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
    const inputs = signatureOf(first).inputs.map(() => this.source('param', 'params', 'unknown', site));
    this.#callProcess(component, first, instance, inputs, site);
    return true;
  }

  /** A workflow of a library, checked by itself: what it takes is some channel. */
  enterAlone(instance: ScriptInstance, workflow: WorkflowNode): void {
    const site = this.interpreter.site(workflow.name ?? workflow, instance.frame);
    const takes = workflow.takes.map((take) => {
      const channel = this.source('take', takeName(take) ?? '', 'unknown', site);
      // It may be a channel or a plain value: what a condition makes of it is not known.
      return new UnknownValue('given by whoever calls the workflow', { carries: [channel] });
    });
    const prefix = workflow.name === null ? '' : `${workflow.name.name}:`;
    this.#expand(workflow, instance, takes, { prefix: `${instance.script.file.path}#${prefix}`, results: new Map(), depth: 0 });
  }

  override declare(statement: Statement, frame: Frame): void {
    const { instance } = frame.context as WalkContext;
    if (statement.kind === 'IncludeNode') this.#include(statement, frame);
    else if (statement.kind === 'ProcessNode' && instance.script.dsl1) callWhereDefined(this, statement, frame);
    else if (statement.kind === 'ParamBlockNode') {
      for (const declaration of statement.params) {
        const { name } = declaration.name;
        const before = instance.params.entries.get(name);
        if (before !== undefined) continue;
        let value: Value;
        if (declaration.value !== null) value = castTo(declaration.type?.name ?? '', this.interpreter.evaluate(declaration.value, frame), true);
        else if (declaration.type?.text === 'Boolean') value = false;
        else if (declaration.type?.text.endsWith('?') === true) value = null;
        else value = new UnknownValue(`--${name} is given for each run`, { truthy: true });
        instance.params.entries.set(name, value);
        this.#pipeline.params.set(name, { name, value, origin: 'params block', place: rangeIn(frame.file, declaration) });
      }
    }
  }

  // ------------------------------------------------------------------------------------------------ includes

  #include(node: IncludeNode, frame: Frame): void {
    const { instance } = frame.context as WalkContext;
    const source = this.interpreter.evaluate(node.source, frame);
    const place = rangeIn(frame.file, node.source);
    const written = textOf(source);
    const names = node.entries?.map((entry) => ({ name: entry.name.name, alias: entry.alias?.name ?? entry.name.name, place: entry.name }));
    if (written?.startsWith('plugin/')) return;
    const params = this.#includedParams(node, frame, instance);
    if (written === undefined) {
      this.#includeCandidates(node, frame, params.values, names);
      return;
    }
    const found = resolveInclude(this.#pipeline.tree, folderOf(frame.file.path), written);
    if (found.path === undefined) {
      this.#pipeline.unresolvedIncludes.push({
        source: written,
        reason: found.reason,
        nearest: nearestPaths(this.#pipeline.tree, folderOf(frame.file.path), written),
        place,
        certain: this.interpreter.activity === true && found.certain,
      });
      return;
    }
    if (found.note !== undefined) this.#pipeline.notes.push({ message: found.note, place });
    const script = this.#pipeline.store.script(found.path);
    if (script === undefined) {
      this.#pipeline.unresolvedIncludes.push({
        source: written, reason: this.#pipeline.tree.trouble(found.path) ?? 'the file cannot be read', nearest: [], place, certain: this.interpreter.activity === true,
      });
      return;
    }
    const included = this.load(script, params.values, params.key === '' ? found.path : `${found.path}?${params.key}`);
    this.#take(included, names, instance, place, frame);
  }

  #take(included: ScriptInstance, names: readonly { name: string; alias: string; place: TextRange }[] | undefined, into: ScriptInstance, place: SourceRange, frame: Frame): void {
    if (names === undefined) {
      for (const [name, component] of included.components) if (!into.components.has(name)) into.components.set(name, component);
      return;
    }
    for (const { name, alias, place: at } of names) {
      const component = included.components.get(name);
      if (component !== undefined) {
        this.#introduce(into, alias, component instanceof ComponentValue ? component.renamed(alias) : component);
        continue;
      }
      const type = included.classes.get(name);
      if (type !== undefined) into.classes.set(alias, type);
      else if (!included.script.tree.statements.some((one) => (one.kind === 'EnumNode' || one.kind === 'RecordNode') && one.name.name === name)) {
        this.#pipeline.unresolvedIncludes.push({
          source: name,
          reason: `${included.script.file.path} declares nothing of that name`,
          nearest: [...included.components.keys()],
          place: rangeIn(frame.file, at),
          certain: this.interpreter.activity === true && included.script.tree.statements.every((one) => one.kind !== 'IncompleteNode' && one.kind !== 'OpaqueNode'),
        });
      }
      void place;
    }
  }

  /**
   * A name of an include stays known when its branch is over: an include in a branch that is off names what is off.
   * Where two branches of an unknown condition include different things under one name, each is a candidate.
   */
  #introduce(into: ScriptInstance, alias: string, component: Value): void {
    const before = into.components.get(alias);
    const { activity } = this.interpreter;
    if (before !== undefined && activity === false) return;
    if (before instanceof ComponentValue && component instanceof ComponentValue && activity === 'unknown' && before.definition !== component.definition) {
      const when = this.interpreter.guard.at(-1) as GuardLiteral;
      const known = before.definition.type === 'candidates' ? before.definition.candidates : [{ component: before, when: when.opposite }];
      into.components.set(alias, new ComponentValue(alias, { type: 'candidates', candidates: [...known, { component, when }] }, this));
    } else into.components.set(alias, component);
  }

  /** An included script starts with the params of the one that includes it, as they are at that point. */
  #includedParams(node: IncludeNode, frame: Frame, instance: ScriptInstance): { values: MapValue; key: string } {
    if (node.addParams === null && node.params === null) {
      return { values: new MapValue(new Map(instance.params.entries), instance.params.missing), key: '' };
    }
    const added = withNamed(this.interpreter.arguments(node.params ?? node.addParams ?? [], frame));
    const entries = node.params === null ? new Map(instance.params.entries) : new Map<string, Value>();
    for (const value of added) if (value instanceof MapValue) for (const [key, item] of value.entries) entries.set(key, item);
    return { values: new MapValue(entries, instance.params.missing), key: `${frame.file.path}:${node.start}` };
  }

  /** The path depends on what is not known: every file that it can mean is one of the candidates. */
  #includeCandidates(node: IncludeNode, frame: Frame, params: MapValue, names: readonly { name: string; alias: string; place: TextRange }[] | undefined): void {
    const { instance } = frame.context as WalkContext;
    const place = rangeIn(frame.file, node.source);
    const paths = this.#candidatePaths(node.source, frame);
    const source = frame.file.slice(node.source);
    if (paths.length === 0) {
      this.#pipeline.unresolvedIncludes.push({ source, reason: 'its path is known only when the pipeline runs', nearest: [], place, certain: false });
      return;
    }
    this.#pipeline.notes.push({ message: `the include ${source} depends on params; read for it: ${paths.join(', ')}`, hint: 'give the param with --param', place });
    const found = new Map<string, ComponentValue[]>();
    for (const path of paths) {
      const script = this.#pipeline.store.script(path);
      if (script === undefined) continue;
      const included = this.load(script, params);
      for (const [name, component] of included.components) {
        if (!(component instanceof ComponentValue)) continue;
        const all = found.get(name) ?? [];
        all.push(component);
        found.set(name, all);
      }
    }
    for (const [name, candidates] of found) {
      const wanted = names === undefined ? { alias: name } : names.find((one) => one.name === name);
      if (wanted === undefined) continue;
      const meant = candidates.map((candidate) => ({
        component: candidate.renamed(wanted.alias),
        when: new GuardLiteral(place, false, candidates.length === 1 ? true : 'unknown', `${definitionPath(candidate)} is `),
      }));
      instance.components.set(wanted.alias, new ComponentValue(wanted.alias, { type: 'candidates', candidates: meant }, this));
    }
  }

  #candidatePaths(source: Expression, frame: Frame): string[] {
    if (source.kind !== 'GStringExpression') return [];
    // The known beginning names a folder; in it everything that could be meant is taken.
    let prefix = '';
    let suffix = '';
    let unknown = false;
    for (const part of source.parts) {
      const text = part.kind === 'GStringText' ? part.value : textOf(this.interpreter.evaluate(part.expression, frame));
      if (text === undefined) {
        unknown = true;
        suffix = '';
      } else if (unknown) suffix += text;
      else prefix += text;
    }
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const start = prefix.slice(prefix.lastIndexOf('/') + 1);
    const base = resolvePath(folderOf(frame.file.path), folder);
    const paths: string[] = [];
    for (const name of this.#pipeline.tree.list(base)) {
      if (!name.startsWith(start) || paths.length >= MAX_CANDIDATES) continue;
      const stem = name.endsWith('.nf') && !suffix.endsWith('.nf') ? name.slice(0, -3) : name;
      const whole = suffix.startsWith('/') ? `${base}/${stem}${suffix}` : stem.endsWith(suffix) ? `${base}/${stem}` : undefined;
      if (whole === undefined) continue;
      const { path } = resolveInclude(this.#pipeline.tree, '', `./${whole}`);
      if (path !== undefined) paths.push(path);
    }
    return [...new Set(paths)];
  }

  // ------------------------------------------------------------------------------------------------ names

  override resolveName(name: string, frame: Frame, node: TextRange): Value | undefined {
    const { instance } = frame.context as WalkContext;
    const component = instance?.components.get(name) ?? instance?.classes.get(name);
    if (component !== undefined) return component;
    if (name === 'Channel' || name === 'channel') return this.#channels;
    return super.resolveName(name, frame, node);
  }

  override callFunction(name: string, args: CallArguments, site: CallSite): Value | undefined {
    // An exception is worth its message.
    if (/^new [\w.]*(Exception|Error)$/.test(name)) return args.positional[0] ?? null;
    const { instance } = site.frame.context as WalkContext;
    const component = instance?.components.get(name);
    if (component instanceof ComponentValue) return component.call(args, site);
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
    if (!this.#pipeline.params.has(name)) this.#pipeline.params.set(name, { name, value, origin: 'script', place: rangeIn(frame.file, node) });
    return true;
  }

  override labeled(_label: Identifier, _statement: Statement, _frame: Frame): boolean {
    return false;
  }

  override stops(message: Value, place: SourceRange, activity: Activity): void {
    if (activity !== true) return;
    const text = (textOf(message) ?? '').replace(/\s+/g, ' ').trim();
    const key = `stop ${/^\d*$/.test(text) ? `${place.file.path}:${place.start}` : text}`;
    if (this.#saidOnce.has(key)) return;
    this.#saidOnce.add(key);
    const said = text.length > 90 ? `${text.slice(0, 89)}…` : text;
    this.graph.assumptions.push({ message: `that the pipeline goes on where these params stop it${/^\d*$/.test(said) ? '' : `: “${said}”`}`, place });
  }

  // ------------------------------------------------------------------------------------------------ calls

  #where(site: CallSite, place: SourceRange = rangeIn(site.frame.file, site.node)): Circumstances {
    return { guard: this.interpreter.guard, activity: this.interpreter.activity, place };
  }

  /** A call of a process, workflow or function by whatever name. */
  call(component: ComponentValue, args: CallArguments, site: CallSite): Value {
    const { definition } = component;
    switch (definition.type) {
      case 'function': {
        const given = args.positional.length + (args.named === null ? 0 : 1);
        const fits = definition.nodes.find((node) => node.parameters.length === given) ?? definition.nodes.find((node) => node.parameters.length > given) ?? definition.nodes[0];
        if (fits === undefined) return unknownFrom(`a call of ${component.name}`, ...args.positional);
        return this.interpreter.callFunction(fits, args, definition.instance.frame, site);
      }
      case 'candidates': {
        const alternatives = definition.candidates.map(({ component: candidate, when }): Alternative => ({
          value: this.interpreter.under(when, () => this.call(candidate, args, site)),
          literal: when,
        }));
        const value = this.join(alternatives, rangeIn(site.frame.file, site.node));
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
      this.graph.problems.push({ kind: 'not-called-yet', callee: component.name, place: rangeIn(site.frame.file, site.node), active: this.interpreter.activity });
    }
    return new UnknownValue(`${component.name} has not been called here`);
  }

  #callProcess(component: ComponentValue, node: ProcessNode, instance: ScriptInstance, given: readonly Value[], site: CallSite): Value {
    const where = this.#where(site);
    const invocation = this.#invocation(site);
    const id = `${invocation?.prefix ?? ''}${component.name}`;
    if (this.graph.calls.size >= MAX_CALLS && !this.graph.calls.has(id)) {
      this.#say(`there are more than ${MAX_CALLS} process calls; the rest is left out`, where.place);
      return new UnknownValue('too many calls');
    }
    const signature = signatureOf(node);
    const call = this.graph.call(id, component.name, node, instance.script, where);
    this.#frames.set(id, instance.frame);
    const channels = spreadResults(given);
    // An argument of which nothing is known may stand for several: then nothing can be said of the number.
    if (channels.length !== signature.inputs.length && !given.some((value) => isUnknown(value) && value.carries.length === 0 && signature.inputs.length > channels.length)) {
      this.graph.problems.push({
        kind: 'arity', callee: component.name, what: 'process', expected: signature.inputs.length, given: channels.length, place: where.place,
        declared: rangeIn(instance.script.file, node.name), active: where.activity,
      });
    }
    const callSite = { place: where.place, guard: where.guard, active: where.activity };
    call.sites.push(callSite);
    call.inputs.forEach((input, index) => {
      const value = channels[index];
      if (value !== undefined) input.channels.push({ ...this.toRef(value, site), site: callSite });
    });
    const active = call.inputs.filter((_, index) => signature.inputs[index]?.each !== true).map((input) => input.kind);
    const each = signature.inputs.some((input) => input.each);
    call.kind = each || active.includes('queue') ? 'queue' : active.includes('unknown') ? 'unknown' : 'value';
    const names = new Map<string, Value>();
    const items = signature.outputs.map((output, index) => {
      const port = output.name ?? index;
      if (output.topic !== undefined) {
        setPortKind(call.node, port, 'queue');
        this.graph.send(output.topic, { node: call.node, port });
      }
      const channel = new ChannelValue({ node: call.node, port }, this);
      if (output.name !== undefined) names.set(output.name, channel);
      return channel;
    });
    for (const topic of signature.topics) this.graph.send(topic, { node: call.node, port: `topic ${topic}` });
    return new ResultValue(`the process ${component.name}`, names, items, this, (output, at) =>
      this.#undefinedOutput(component.name, output, signature.outputs.map((one, index) => one.name ?? `[${index}]`), at, rangeIn(instance.script.file, node.name)),
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

  /** Writes to a channel that was opened before anybody wrote to it. */
  feed(channel: ChannelValue, refs: readonly ChannelRef[]): void {
    const { node } = channel.ref;
    if (node.type === 'operator' && node.name === OPEN_CHANNEL) (node.inputs as ChannelRef[]).push(...refs.filter((ref) => ref.node !== node));
  }

  #undefinedOutput(callee: string, output: string, outputs: readonly string[], site: CallSite, declared: SourceRange): void {
    this.graph.problems.push({ kind: 'undefined-output', callee, output, outputs, place: rangeIn(site.frame.file, site.node), declared, active: this.interpreter.activity });
  }

  #callWorkflow(component: ComponentValue, node: WorkflowNode, instance: ScriptInstance, given: readonly Value[], site: CallSite): Value {
    const outer = this.#invocation(site);
    const place = rangeIn(site.frame.file, site.node);
    const depth = (outer?.depth ?? 0) + 1;
    this.#expansions += 1;
    if (depth > MAX_DEPTH || this.#expansions > MAX_EXPANSIONS || this.interpreter.exhausted) {
      this.#say(
        depth > MAX_DEPTH ? `workflows call each other more than ${MAX_DEPTH} deep; the deeper calls are left out` : `more than ${MAX_EXPANSIONS} subworkflows are expanded; the rest is left out`,
        place,
      );
      return unknownFrom('too many subworkflows', ...given);
    }
    const values = spreadTakes(given, node.takes.length);
    if (values.length !== node.takes.length && !given.some((value) => isUnknown(value))) {
      this.graph.problems.push({
        kind: 'arity', callee: component.name, what: 'workflow', expected: node.takes.length, given: values.length, place,
        declared: rangeIn(instance.script.file, node.name ?? node), active: this.interpreter.activity,
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
    return new ResultValue(`the workflow ${label}`, names, items, this, (output, at) =>
      this.#undefinedOutput(label, output, [...names.keys()], at, rangeIn(instance.script.file, node.name ?? node)),
    );
  }

  /** `name = expr`, a bare name, or an expression that stands alone. */
  #emitted(statement: Statement, frame: Frame): { name: string | undefined; value: Value } {
    const single = (value: Value): Value => (value instanceof ResultValue && value.items.length === 1 ? (value.items[0] as Value) : value);
    if (statement.kind === 'LabeledStatement') {
      const inner = statement.statement.kind === 'ExpressionStatement' ? statement.statement.expression : undefined;
      // Typed: `name: Type = expr`, or `name: Type` for the variable of that name.
      if (inner?.kind === 'AssignmentExpression') return { name: statement.label.name, value: single(this.interpreter.evaluate(inner.value, frame)) };
      return { name: statement.label.name, value: single(this.interpreter.evaluate({ kind: 'VariableExpression', ...statement.label }, frame)) };
    }
    if (statement.kind === 'DeclarationStatement') {
      const [declaration] = statement.declarations;
      if (declaration === undefined) return { name: undefined, value: null };
      return { name: declaration.name.name, value: declaration.value === null ? null : single(this.interpreter.evaluate(declaration.value, frame)) };
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
    if (statement.kind === 'ExpressionStatement' && statement.expression.kind === 'BinaryExpression' && statement.expression.operator === '>>') {
      const { left, right } = statement.expression;
      name = textOf(this.interpreter.evaluate(right, frame));
      value = this.interpreter.evaluate(left, frame);
    } else ({ name, value } = this.#emitted(statement, frame));
    if (name === undefined) return;
    for (const one of flowing(value)) {
      if (one instanceof ChannelValue) this.graph.outputs.push({ name, ref: one.ref, place: rangeIn(frame.file, statement) });
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
          if (output instanceof ChannelValue) input.channels.push({ node: this.graph.operator(name, [output.ref], undefined, this.#where(site)), port: undefined, site: callSite });
        });
      }
    }
    return value;
  }

  // ------------------------------------------------------------------------------------------------ channels

  source(factory: string, text: string, kind: 'queue' | 'value' | 'unknown', site: CallSite): ChannelValue {
    return new ChannelValue({ node: this.graph.source(factory, text, kind, this.#where(site)), port: undefined }, this);
  }

  factory(name: string, args: CallArguments, site: CallSite): Value {
    const flows = flowing(new ListValue([...args.positional]));
    if (name === 'topic') {
      const topic = textOf(args.positional[0] ?? null);
      return topic === undefined ? this.source('topic', '', 'queue', site) : new ChannelValue({ node: this.graph.topic(topic, this.#where(site)), port: undefined }, this);
    }
    const text = site.frame.file.slice(site.node);
    if (name === OPEN_CHANNEL) return new ChannelValue({ node: this.graph.operator(name, [], undefined, this.#where(site)), port: undefined }, this);
    if (flows.length > 0) return new ChannelValue({ node: this.graph.operator(name, this.#refs(flows, site), undefined, this.#where(site)), port: undefined }, this);
    return this.source(name, text, name === 'value' ? 'value' : 'queue', site);
  }

  /** The channel that a value is where one is wanted. */
  toRef(value: Value, site: CallSite): ChannelRef {
    if (value instanceof ChannelValue) return value.ref;
    if (value instanceof ResultValue && value.items.length === 1) return this.toRef(value.items[0] as Value, site);
    const flows = flowing(value);
    if (flows.length > 0) {
      return { node: this.graph.operator('expression', this.#refs(flows, site), undefined, this.#where(site)), port: undefined };
    }
    const text = textOf(value) ?? '';
    return { node: this.graph.source('value', text.slice(0, 200), isUnknown(value) ? 'unknown' : 'value', this.#where(site)), port: undefined };
  }

  #refs(values: readonly HostValue[], site: CallSite): ChannelRef[] {
    return values.flatMap((value) => {
      if (value instanceof ChannelValue) return [value.ref];
      if (value instanceof ResultValue) return value.items.map((item) => this.toRef(item, site));
      return [];
    });
  }

  /** An operator on a channel; on several, the first is the source and the others are arguments. */
  operator(name: string, receivers: readonly Value[], args: CallArguments, site: CallSite): Value | undefined {
    const [receiver] = receivers;
    if (receiver === undefined) return undefined;
    const node = site.node as Expression;
    const written = node.kind === 'MethodCallExpression' ? node : undefined;
    const closure = args.positional.find((value) => value instanceof ClosureValue) as ClosureValue | undefined;
    if (name === 'getAt' && receiver instanceof ChannelValue) {
      return args.positional[0] === 0 ? receiver : undefined;
    }
    const inputs = receivers.length === 1 || args.positional.length > 0 ? [receiver] : receivers;
    const place = written === undefined ? rangeIn(site.frame.file, site.node) : rangeIn(site.frame.file, { start: written.method.start, end: written.end });
    const refs = inputs.map((input) => this.toRef(input, site));
    // These write to the channels that they are given; the others read them.
    const writes = WRITERS.has(name);
    if (!writes) for (const argument of [...args.positional, ...(args.named?.values() ?? [])]) refs.push(...this.#refs(flowing(argument), site));
    const made = this.graph.operator(name, refs, written, this.#where(site, place));
    if (writes) for (const target of args.positional) if (target instanceof ChannelValue) this.feed(target, [{ node: made, port: undefined }]);
    if (isSink(name)) return null;
    const labels = labelsOf(name, closure);
    if (labels !== undefined) {
      const names = new Map<string, Value>(labels.map((label) => [label, new ChannelValue({ node: made, port: label }, this)]));
      if (name === 'into') for (const label of labels) give(this, label, { node: made, port: label }, closure === undefined ? site.frame : closure.frame);
      return new ResultValue(name, names, [...names.values()], this, undefined);
    }
    const channel = new ChannelValue({ node: made, port: undefined }, this);
    if ((name === 'into' || name === 'separate') && typeof args.positional[0] === 'number') {
      return new ListValue(Array.from({ length: Math.min(args.positional[0], 100) }, () => channel));
    }
    if (name === 'tap') for (const label of namesIn(closure)) this.interpreter.assignName(label, channel, site.frame);
    return channel;
  }

  /** `.set { x }` is an assignment; of a result several names take its outputs in order. */
  set(value: Value, args: CallArguments, site: CallSite): Value {
    const [closure] = args.positional;
    const names = closure instanceof ClosureValue ? namesIn(closure) : [];
    names.forEach((name, index) => {
      const part = names.length > 1 && value instanceof ResultValue ? orUnknown(value.items[index], name) : value;
      this.interpreter.assignName(name, part, site.frame);
    });
    return null;
  }

  override method(receiver: Value, name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (name === 'set' && args.positional[0] instanceof ClosureValue && !(receiver instanceof ClassValue)) return this.set(receiver, args, site);
    if (receiver instanceof UnknownValue && (isOperator(name) || flowing(new ListValue([...args.positional])).length > 0)) {
      const carried = flowing(receiver);
      const flows = [...carried, ...flowing(new ListValue([...args.positional]))];
      if (flows.length > 0) return this.operator(name, [new ChannelValue(this.toRef(receiver, site), this)], args, site);
    }
    return super.method(receiver, name, args, site);
  }

  // ------------------------------------------------------------------------------------------------ pipes

  override pipe(left: Value, node: BinaryExpression, frame: Frame): Value | undefined {
    const { right, operator } = node;
    if (operator === '&') {
      if (!(left instanceof ComponentValue) && !(left instanceof GroupValue) && !(left instanceof HostValue && left.flows)) return undefined;
      const member = this.#pipeTarget(right, frame);
      return new GroupValue([...(left instanceof GroupValue ? left.members : [left]), member]);
    }
    let source = left;
    if (left instanceof ComponentValue && left.definition.type !== 'function') source = left.call({ positional: [], named: null }, this.interpreter.site(node.left, frame));
    const target = this.#isTarget(right, frame);
    if (!target && !(source instanceof HostValue && source.flows)) return undefined;
    return this.#pipeInto(source, right, frame);
  }

  #isTarget(node: Expression, frame: Frame): boolean {
    if (node.kind === 'VariableExpression') return this.#component(node.name, frame) !== undefined;
    return node.kind === 'MethodCallExpression' && node.object === null && !('kind' in node.method) && isOperator(node.method.name) && this.#component(node.method.name, frame) === undefined;
  }

  #component(name: string, frame: Frame): ComponentValue | undefined {
    const value = frame.scope.holder(name)?.get(name) ?? (frame.context as WalkContext).instance?.components.get(name);
    return value instanceof ComponentValue ? value : undefined;
  }

  #pipeTarget(node: Expression, frame: Frame): Value {
    if (node.kind === 'VariableExpression') return this.#component(node.name, frame) ?? new UnknownValue(node.name);
    return this.interpreter.evaluate(node, frame);
  }

  #pipeInto(source: Value, node: Expression, frame: Frame): Value {
    const site = this.interpreter.site(node, frame);
    const positional = [source];
    if (node.kind === 'VariableExpression') {
      const component = this.#component(node.name, frame);
      if (component !== undefined) return component.call({ positional, named: null }, site);
      if (source instanceof HostValue) return orUnknown(source.method(node.name, { positional: [], named: null }, site), node.name, source);
      return this.interpreter.callMethodOn(source, node.name, { positional: [], named: null }, site);
    }
    if (node.kind === 'MethodCallExpression' && node.object === null && !('kind' in node.method)) {
      const args = this.interpreter.arguments(node.arguments, frame);
      const component = this.#component(node.method.name, frame);
      if (component !== undefined) return component.call({ positional: [source, ...args.positional], named: args.named }, site);
      if (source instanceof HostValue) return orUnknown(source.method(node.method.name, args, site), node.method.name, source);
      return this.interpreter.callMethodOn(new ChannelValue(this.toRef(source, site), this), node.method.name, args, site);
    }
    if (node.kind === 'BinaryExpression' && node.operator === '&') {
      const members = leavesOf(node);
      const results = members.map((member) => this.#pipeInto(source, member, frame));
      const items = spreadResults(results);
      return new ResultValue('a group of calls', new Map(), items, this);
    }
    const value = this.interpreter.evaluate(node, frame);
    if (value instanceof ComponentValue) return value.call({ positional, named: null }, site);
    if (value instanceof ClosureValue) return this.interpreter.callClosure(value, positional);
    return unknownFrom('a pipe into something unknown', source, value);
  }

  // ------------------------------------------------------------------------------------------------ alternatives

  override join(alternatives: readonly Alternative[], place: SourceRange): Value {
    const where: Circumstances = { guard: this.interpreter.guard, activity: this.interpreter.activity, place };
    const results = alternatives.filter((one) => one.value instanceof ResultValue);
    if (results.length > 0) {
      const named = results.map((one) => one.value as ResultValue);
      if (named.every((one) => one.names.size === 0 && one.items.length === 1)) {
        return this.join(alternatives.map((one) => (one.value instanceof ResultValue ? { ...one, value: one.value.items[0] as Value } : one)), place);
      }
      return this.#joinResults(alternatives, named, place);
    }
    if (!alternatives.every(({ value }) => isChannelLike(value))) return unknownFrom('depends on a condition', ...alternatives.map((one) => one.value));
    const site: CallSite = { node: place, frame: { ...this.#anyFrame(), file: place.file }, interpreter: this.interpreter };
    const inputs: AlternativesNode['inputs'] = alternatives.map(({ value, literal }) => ({
      ref: this.toRef(value, site),
      guard: [literal],
      active: conjunction(this.interpreter.activity, literal.active),
    }));
    return new ChannelValue({ node: this.graph.alternatives(inputs, where), port: undefined }, this);
  }

  #joinResults(alternatives: readonly Alternative[], results: readonly ResultValue[], place: SourceRange): Value {
    const names = new Map<string, Value>();
    for (const name of new Set(results.flatMap((one) => [...one.names.keys()]))) {
      const parts = alternatives.flatMap(({ value, literal }) => {
        const part = value instanceof ResultValue ? value.names.get(name) : undefined;
        return part === undefined ? [] : [{ value: part, literal }];
      });
      names.set(name, parts.length === 1 ? (parts[0]?.value as Value) : this.join(parts, place));
    }
    const width = Math.max(...results.map((one) => one.items.length));
    const items = Array.from({ length: width }, (_, index) => {
      const parts = alternatives.flatMap(({ value, literal }) => {
        const part = value instanceof ResultValue ? value.items[index] : undefined;
        return part === undefined ? [] : [{ value: part, literal }];
      });
      return parts.length === 1 ? (parts[0]?.value as Value) : this.join(parts, place);
    });
    return new ResultValue(results[0]?.typeName ?? 'a call', names, items, this);
  }

  #anyFrame(): Frame {
    const scope = new Scope(null);
    return { scope, undeclared: scope, file: this.#pipeline.entry.file, kind: 'workflow', context: { params: this.#pipeline.paramValues } };
  }
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

/** null and empty lists stand for "nothing" where a channel is one alternative. */
function isChannelLike(value: Value): boolean {
  return value instanceof ChannelValue || value === null || isUnknown(value) || typeof value !== 'object' || value instanceof ListValue || value instanceof PathValue;
}

/** A result given for several takes is taken apart; one given beside others too. */
function spreadTakes(given: readonly Value[], expected: number): Value[] {
  if (given.length === expected && given.every((value) => !(value instanceof ResultValue) || value.items.length <= 1)) return spreadResults(given);
  return spreadResults(given);
}

function leavesOf(node: Expression): Expression[] {
  if (node.kind === 'BinaryExpression' && node.operator === '&') return [...leavesOf(node.left), ...leavesOf(node.right)];
  return [node];
}

function definitionPath(component: ComponentValue): string {
  const { definition } = component;
  return definition.type === 'candidates' ? component.name : definition.instance.script.file.path;
}

/** `reads`, typed `reads: Channel<Path>`. */
export function takeName(statement: Statement): string | undefined {
  if (statement.kind === 'LabeledStatement') return statement.label.name;
  if (statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression') return statement.expression.name;
  if (statement.kind === 'DeclarationStatement') return statement.declarations[0]?.name.name;
  return undefined;
}

/** The names in `{ a; b }`. */
function namesIn(closure: ClosureValue | undefined): string[] {
  return (closure?.node.body ?? []).flatMap((statement) => (statement.kind === 'ExpressionStatement' && statement.expression.kind === 'VariableExpression' ? [statement.expression.name] : []));
}

/** Labels of `branch` and `multiMap`; names in DSL1's `into { a; b }`. */
function labelsOf(name: string, closure: ClosureValue | undefined): string[] | undefined {
  if (name === 'branch' || name === 'multiMap' || name === 'fork') {
    if (closure === undefined) return undefined;
    const labels: string[] = [];
    const visit = (statement: Statement): void => {
      if (statement.kind === 'LabeledStatement') {
        if (!labels.includes(statement.label.name)) labels.push(statement.label.name);
        visit(statement.statement);
      } else if (statement.kind === 'BlockStatement') statement.statements.forEach(visit);
      else if (statement.kind === 'IfStatement') {
        visit(statement.thenBranch);
        if (statement.elseBranch !== null) visit(statement.elseBranch);
      }
    };
    closure.node.body.forEach(visit);
    return labels;
  }
  if (name === 'into') {
    const names = namesIn(closure);
    return names.length === 0 ? undefined : names;
  }
  return undefined;
}

