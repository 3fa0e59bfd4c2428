/**
 * What one process call's tasks are given: Nextflow's precedence (language.md 8.4, from its source), evaluated for
 * attempts 1, 2 and 3. generic config < process directive < withLabel < withName (definition's name, alias, fully-qualified
 * name); among equals the selector that appeared first in the merged config goes first, so the later one wins.
 */
import { rangeIn, type SourceRange } from '../../source/source-file.ts';
import { textOf } from '../evaluate/conversions.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import { compare, equal } from '../evaluate/operators.ts';
import { Scope } from '../evaluate/scope.ts';
import { durationFrom, memoryFrom } from '../evaluate/units.ts';
import {
  type CallArguments,
  ClosureValue,
  HostValue,
  isUnknown,
  ListValue,
  MapValue,
  truthOf,
  UnknownValue,
  type Value,
} from '../evaluate/value.ts';
import type { Expression, ProcessNode, Statement } from '../syntax/nodes.ts';
import type { Config, ConfigEntry, DirectiveSetting, ProcessSelector, ScriptFile } from './pipeline.ts';
import { compileSelector, lastNameOf, matchesSelector } from './selector-match.ts';

export interface DirectiveRequest {
  readonly process: ProcessNode;
  readonly script: ScriptFile;
  /** The script's own scope, for names in the process body. */
  readonly frame: Frame;
  readonly interpreter: Interpreter;
  readonly config: Config;
  /** Frame in which config closures were written. */
  readonly configInterpreter: Interpreter;
  /** The name in the definition, the name in the call, and the fully-qualified one. */
  readonly names: readonly [base: string, simple: string, qualified: string];
}

/** Where a directive's value comes from. */
interface Candidate {
  readonly setBy: string;
  readonly text: string;
  readonly place: SourceRange;
  /** Evaluated when asked, with the task's variables. */
  readonly evaluate: (task: TaskScope) => Value;
}

/** Directives that may be given several times; their values are a list. */
const REPEATABLE: ReadonlySet<string> = new Set(['label', 'publishDir', 'module', 'pod', 'secret', 'resourceLabels']);
/** Built-in defaults do not protect a directive from the generic `process` scope (language.md 8.4, step 4). */
const BUILTIN_DEFAULTS: Readonly<Record<string, Value>> = { debug: false, maxRetries: 1, maxErrors: -1 };
const CAPPED: ReadonlySet<string> = new Set(['cpus', 'memory', 'time', 'disk']);
const ATTEMPTS = [1, 2, 3] as const;
/** Nobody tries a task more often. */
const LATEST_ATTEMPT = 20;

/**
 * Calls of one process that the same selectors apply to are given the same: worked out once. A script's frame stands for the
 * script with its params, and lives as long as the graph.
 */
const settled = new WeakMap<Frame, Map<string, ReadonlyMap<string, DirectiveSetting>>>();

/** The effective directives of a call, by name; `ext` properties by `ext.NAME`. */
export function effectiveDirectives(request: DirectiveRequest): ReadonlyMap<string, DirectiveSetting> {
  const index = indexOf(request.config);
  // A selector that matches several of the names counts where it matches last.
  const every = [...new Set(request.names)].flatMap((name) => index.hits('withName', [name]));
  const named = every.filter((selector, at) => every.lastIndexOf(selector) === at);
  const key = `${request.process.start}:${named.map((selector) => index.numberOf(selector)).join()}`;
  let known = settled.get(request.frame);
  if (known === undefined) settled.set(request.frame, (known = new Map()));
  const own = `${key} ${request.names[2]}`;
  const before = known.get(key) ?? known.get(own);
  if (before !== undefined) return before;
  const settings = workOut(request, index, named);
  // What asks for the name of the process is each call's own.
  const personal = [...settings.values()].some(({ text }) => text.includes('task.process') && /\btask\.process\b/.test(text));
  known.set(personal ? own : key, settings);
  return settings;
}

function workOut(
  request: DirectiveRequest,
  index: SelectorIndex,
  named: readonly ProcessSelector[],
): ReadonlyMap<string, DirectiveSetting> {
  const chains = new Map<string, Candidate[]>();
  const put = (name: string, candidate: Candidate): void => {
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [candidate]);
    else chain.unshift(candidate);
  };
  for (const { name, candidate } of ownDirectives(request)) put(name, candidate);
  const labels = labelsOf(request, chains.get('label'));
  for (const selector of index.hits('withLabel', labels.length === 0 ? [''] : labels)) {
    for (const [name, entry] of selector.settings)
      put(name, fromConfig(entry, `withLabel:${selector.negated ? '!' : ''}${selector.pattern}`, request));
  }
  for (const selector of named) {
    for (const [setting, entry] of selector.settings)
      put(setting, fromConfig(entry, `withName:${selector.negated ? '!' : ''}${selector.pattern}`, request));
  }
  for (const [name, entry] of request.config.process) {
    if (name.startsWith('withName') || name.startsWith('withLabel')) continue;
    const candidate = fromConfig(entry, 'config', request);
    const chain = chains.get(name);
    if (chain === undefined) chains.set(name, [candidate]);
    else if (isBuiltinDefault(name, chain[0] as Candidate, request)) chain.unshift(candidate);
    else chain.push(candidate);
  }
  const settings = new Map<string, DirectiveSetting>();
  const tasks = ATTEMPTS.map((attempt) => new TaskScope(attempt, chains, request));
  const taskAt = (attempt: number): TaskScope => {
    for (let next = tasks.length + 1; next <= Math.min(attempt, LATEST_ATTEMPT); next++) tasks.push(new TaskScope(next, chains, request));
    return tasks[Math.min(attempt, LATEST_ATTEMPT) - 1] as TaskScope;
  };
  for (const name of [...chains.keys()].sort()) {
    const [winner, ...overridden] = chains.get(name) as Candidate[];
    if (winner === undefined) continue;
    settings.set(name, new LazySetting(name, winner, overridden, taskAt));
  }
  return settings;
}

/** Evaluated when asked: of most settings nobody wants to know more than that they are there. */
class LazySetting implements DirectiveSetting {
  readonly name: string;
  readonly text: string;
  readonly setBy: string;
  readonly place: SourceRange;
  readonly overrode: DirectiveSetting['overrode'];
  readonly #taskAt: (attempt: number) => TaskScope;
  #values: readonly Value[] | undefined;

  constructor(name: string, winner: Candidate, overridden: readonly Candidate[], taskAt: (attempt: number) => TaskScope) {
    this.name = name;
    this.text = winner.text;
    this.setBy = winner.setBy;
    this.place = winner.place;
    this.overrode = overridden;
    this.#taskAt = taskAt;
  }
  get value(): Value | undefined {
    return this.byAttempt[0];
  }
  get byAttempt(): readonly (Value | undefined)[] {
    return this.#evaluated().map((value) => (isUnknown(value) ? undefined : value));
  }
  atAttempt(attempt: number): Value | undefined {
    const once = this.#taskAt(1);
    const first = once.directive(this.name);
    const value = once.dependsOnAttempt(this.name) ? this.#taskAt(attempt).directive(this.name) : first;
    return isUnknown(value) ? undefined : value;
  }
  get unknown(): string | undefined {
    const [first] = this.#evaluated();
    return isUnknown(first) ? first.reason : undefined;
  }

  #evaluated(): readonly Value[] {
    if (this.#values !== undefined) return this.#values;
    const once = this.#taskAt(1);
    const first = once.directive(this.name);
    // Evaluated again only where the attempt was asked for, and kept only where it matters.
    this.#values = ATTEMPTS.map((attempt) => {
      const value = once.dependsOnAttempt(this.name) ? this.#taskAt(attempt).directive(this.name) : first;
      return equal(value, first) === true ? first : value;
    });
    return this.#values;
  }
}

/** A large config has hundreds of selectors, and most say how a name has to end: those are looked up by it, only the others held against each name. */
class SelectorIndex {
  readonly #selectors: readonly ProcessSelector[];
  readonly #numbers: ReadonlyMap<ProcessSelector, number>;
  readonly #byLastName = new Map<string, number[]>();
  readonly #others: number[] = [];
  readonly #hits = new Map<string, readonly ProcessSelector[]>();

  constructor(selectors: readonly ProcessSelector[]) {
    this.#selectors = selectors;
    this.#numbers = new Map(selectors.map((selector, at) => [selector, at]));
    selectors.forEach(({ kind, pattern, negated }, at) => {
      const { lastName } = compileSelector(pattern);
      const key = `${kind}:${lastName}`;
      const alike = this.#byLastName.get(key);
      if (negated || lastName === undefined) this.#others.push(at);
      else if (alike === undefined) this.#byLastName.set(key, [at]);
      else alike.push(at);
    });
  }

  numberOf(selector: ProcessSelector): number {
    return this.#numbers.get(selector) as number;
  }

  /** The selectors that apply where any of the words stands (a negated one: where none does), in order of appearance. */
  hits(kind: 'withName' | 'withLabel', words: readonly string[]): readonly ProcessSelector[] {
    const key = `${kind}:${words.join('\0')}`;
    const known = this.#hits.get(key);
    if (known !== undefined) return known;
    const found = new Set<number>();
    for (const word of words)
      for (const at of this.#byLastName.get(`${kind}:${lastNameOf(word)}`) ?? [])
        if (matchesSelector((this.#selectors[at] as ProcessSelector).pattern, word) === true) found.add(at);
    for (const at of this.#others) {
      const { kind: itsKind, pattern, negated } = this.#selectors[at] as ProcessSelector;
      if (itsKind === kind && words.some((word) => matchesSelector(pattern, word) === true) !== negated) found.add(at);
    }
    const hits = [...found].sort((one, two) => one - two).map((at) => this.#selectors[at] as ProcessSelector);
    this.#hits.set(key, hits);
    return hits;
  }
}

const indexes = new WeakMap<Config, SelectorIndex>();

function indexOf(config: Config): SelectorIndex {
  let index = indexes.get(config);
  if (index === undefined) indexes.set(config, (index = new SelectorIndex(config.selectors)));
  return index;
}

function isBuiltinDefault(name: string, candidate: Candidate, request: DirectiveRequest): boolean {
  const builtin = BUILTIN_DEFAULTS[name];
  if (builtin === undefined || !Object.hasOwn(BUILTIN_DEFAULTS, name)) return false;
  return candidate.evaluate(new TaskScope(1, new Map(), request)) === builtin;
}

/** The process's labels, as far as they can be told. Config can replace them, but selectors see the process's own. */
function labelsOf(request: DirectiveRequest, chain: readonly Candidate[] | undefined): string[] {
  const task = new TaskScope(1, new Map(), request);
  const labels: string[] = [];
  for (const candidate of chain ?? []) {
    const value = candidate.evaluate(task);
    for (const item of value instanceof ListValue ? value.items : [value]) {
      const text = typeof item === 'string' ? item : undefined;
      if (text !== undefined) labels.push(text);
    }
  }
  return labels.reverse();
}

function ownDirectives(request: DirectiveRequest): { name: string; candidate: Candidate }[] {
  const found: { name: string; candidate: Candidate }[] = [];
  const { file } = request.script;
  const task = new TaskScope(1, new Map(), request);
  const whenCertain =
    (certain: boolean, evaluate: (scope: TaskScope) => Value) =>
    (scope: TaskScope): Value =>
      certain ? settle(evaluate(scope), scope, request.interpreter) : new UnknownValue('set under a condition that is not known');
  const own = (value: Expression, certain: boolean): Candidate => ({
    setBy: 'process',
    text: file.slice(value),
    place: rangeIn(file, value),
    evaluate: whenCertain(certain, (scope) => request.interpreter.evaluate(value, bodyFrame(request, scope))),
  });
  const visit = (statement: Statement, certain: boolean): void => {
    if (statement.kind === 'IfStatement') {
      const truth = truthOf(request.interpreter.evaluate(statement.condition, bodyFrame(request, task)));
      if (truth !== false) visit(statement.thenBranch, certain && truth === true);
      if (truth !== true && statement.elseBranch !== null) visit(statement.elseBranch, certain && truth === false);
      return;
    }
    if (statement.kind === 'BlockStatement') {
      for (const one of statement.statements) visit(one, certain);
      return;
    }
    if (statement.kind !== 'ExpressionStatement') return;
    const { expression } = statement;
    if (expression.kind === 'MethodCallExpression' && expression.object === null && !('kind' in expression.method)) {
      const [only] = expression.arguments;
      const start = only === undefined ? expression.start : only.start;
      const end = expression.arguments.at(-1)?.end ?? expression.end;
      const range = { start, end };
      const name = expression.method.name;
      if (name === 'ext') {
        for (const argument of expression.arguments) {
          const key = argument.key?.kind === 'ConstantExpression' ? argument.key.value : undefined;
          if (typeof key === 'string') found.push({ name: `ext.${key}`, candidate: own(argument.value, certain) });
        }
        return;
      }
      found.push({
        name,
        candidate: {
          setBy: 'process',
          text: file.slice(range),
          place: rangeIn(file, range),
          evaluate: whenCertain(certain, (scope) =>
            directiveValue(request.interpreter.arguments(expression.arguments, bodyFrame(request, scope))),
          ),
        },
      });
    } else if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'VariableExpression') {
      found.push({ name: expression.target.name, candidate: own(expression.value, certain) });
    }
  };
  for (const statement of request.process.directives) visit(statement, true);
  // Nextflow keeps the `when:` section among the directives, and config overrides it as one.
  if (request.process.when !== null) found.push({ name: 'when', candidate: own(request.process.when, true) });
  return found;
}

function directiveValue(args: CallArguments): Value {
  if (args.named === null) return args.positional.length === 1 ? (args.positional[0] as Value) : new ListValue([...args.positional]);
  const map = new MapValue(new Map(args.named));
  return args.positional.length === 0 ? map : new ListValue([...args.positional, map]);
}

function bodyFrame(request: DirectiveRequest, task: TaskScope): Frame {
  return { ...request.frame, scope: task.scope(request.frame.scope), kind: 'function' };
}

function fromConfig(entry: ConfigEntry, setBy: string, request: DirectiveRequest): Candidate {
  return {
    setBy: entry.profile === undefined ? setBy : `${setBy} (profile ${entry.profile})`,
    text: entry.text,
    place: entry.place,
    evaluate: (task) => settle(entry.value, task, request.configInterpreter),
  };
}

/** Calls what is to be called for a task. */
function settle(value: Value, task: TaskScope, interpreter: Interpreter): Value {
  let settled = value;
  for (let round = 0; round < 3 && settled instanceof ClosureValue; round += 1) settled = interpreter.callClosure(settled, [], task);
  return settled;
}

/** The variables of a task: `task`, and its inputs, of which nothing is known. */
class TaskScope extends HostValue {
  readonly typeName = 'task';
  readonly attempt: number;
  readonly #chains: ReadonlyMap<string, readonly Candidate[]>;
  readonly #request: DirectiveRequest;
  readonly #values = new Map<string, Value>();
  readonly #task: TaskValue;
  /** Directives whose evaluation asked for the attempt. */
  readonly #growing = new Set<string>();
  #evaluating: string[] = [];

  constructor(attempt: number, chains: ReadonlyMap<string, readonly Candidate[]>, request: DirectiveRequest) {
    super();
    this.attempt = attempt;
    this.#chains = chains;
    this.#request = request;
    this.#task = new TaskValue(this);
  }

  override property(name: string): Value | undefined {
    if (name === 'task') return this.#task;
    return INPUT_NAMES_KNOWN.has(name)
      ? undefined
      : inputNames(this.#request.process).has(name)
        ? new UnknownValue(`the task’s input ${name}`)
        : undefined;
  }

  scope(parent: Scope): Scope {
    const scope = new Scope(parent);
    scope.variables.set('task', this.#task);
    for (const name of inputNames(this.#request.process)) scope.variables.set(name, new UnknownValue(`the task’s input ${name}`));
    return scope;
  }

  get qualifiedName(): string {
    return this.#request.names[2];
  }

  dependsOnAttempt(name: string): boolean {
    return this.#growing.has(name);
  }

  /** What is being evaluated depends on the attempt. */
  askForAttempt(): number {
    for (const name of this.#evaluating) this.#growing.add(name);
    return this.attempt;
  }

  /** The effective value of a directive for this attempt. */
  directive(name: string): Value {
    if (this.#growing.has(name)) this.askForAttempt();
    const known = this.#values.get(name);
    if (known !== undefined) return known;
    this.#evaluating.push(name);
    const value = this.#directive(name);
    this.#evaluating.pop();
    return value;
  }

  #directive(name: string): Value {
    const chain = this.#chains.get(name);
    const winner = chain?.[0];
    if (winner === undefined) {
      if (name === 'cpus') return 1;
      return name === 'attempt' ? this.attempt : null;
    }
    this.#values.set(name, new UnknownValue(`${name} depends on itself`));
    let value: Value;
    if (REPEATABLE.has(name) && chain !== undefined && winner.setBy === 'process') {
      value = new ListValue(
        chain
          .filter((one) => one.setBy === 'process')
          .map((one) => one.evaluate(this))
          .reverse()
          .flatMap((one) => (one instanceof ListValue && name === 'label' ? one.items : one === '' && name === 'label' ? [] : [one])),
      );
    } else value = winner.evaluate(this);
    value = inUnits(name, value);
    if (name === 'errorStrategy' && (value === null || value === '')) value = 'terminate';
    if (name === 'when') value = whetherItHolds(value);
    if (CAPPED.has(name)) value = this.#capped(name, value);
    this.#values.set(name, value);
    return value;
  }

  /** `resourceLimits` lowers what is asked for, so that `task.cpus` shows the cap. */
  #capped(name: string, value: Value): Value {
    if (value === null || isUnknown(value)) return value;
    const limits = this.directive('resourceLimits');
    if (!(limits instanceof MapValue)) return value;
    const given = limits.get(name);
    if (truthOf(given) === false) return value;
    const limit = inUnits(name, given);
    if (isUnknown(limit)) return new UnknownValue('resourceLimits is not known');
    const order = compare(value, limit);
    return order !== undefined && order > 0 ? limit : value;
  }
}

const INPUT_NAMES_KNOWN: ReadonlySet<string> = new Set(['params', 'workflow', 'task']);

class TaskValue extends HostValue {
  readonly typeName = 'task';
  readonly #scope: TaskScope;
  constructor(scope: TaskScope) {
    super();
    this.#scope = scope;
  }
  override property(name: string): Value | undefined {
    switch (name) {
      case 'attempt':
        return this.#scope.askForAttempt();
      case 'submitAttempt':
        return 1;
      case 'exitStatus':
        // Of the attempt before: which one it was is not known, but that there was none is.
        return new UnknownValue('the exit status of the attempt before');
      case 'index':
      case 'name':
      case 'hash':
      case 'workDir':
      case 'previousTrace':
      case 'previousException':
      case 'id':
        return new UnknownValue(`task.${name} of a run`);
      case 'process':
        return this.#scope.qualifiedName;
      case 'ext':
        return new ExtValue(this.#scope);
      case 'executor': {
        const value = this.#scope.directive(name);
        return value === null ? 'local' : value;
      }
    }
    return this.#scope.directive(name);
  }
  override method(name: string, args: CallArguments): Value | undefined {
    if (name === 'get') {
      const key = textOf(args.positional[0] ?? null);
      return key === undefined ? undefined : this.property(key);
    }
    return undefined;
  }
}

class ExtValue extends HostValue {
  readonly typeName = 'task.ext';
  readonly #scope: TaskScope;
  constructor(scope: TaskScope) {
    super();
    this.#scope = scope;
  }
  override property(name: string): Value {
    return this.#scope.directive(`ext.${name}`);
  }
}

/** `when` decides by Groovy truth. */
function whetherItHolds(value: Value): Value {
  const truth = truthOf(value);
  return truth !== 'unknown' ? truth : isUnknown(value) ? value : new UnknownValue('not known to hold');
}

interface Amount {
  readonly called: string;
  /** What nothing comes to. */
  readonly none: Value;
  /** Undefined for what Nextflow would refuse. */
  read(value: Value): Value | undefined;
}

const MEMORY: Amount = { called: 'memory size', none: null, read: memoryFrom };
const TIME: Amount = { called: 'duration', none: null, read: durationFrom };
const CPUS: Amount = { called: 'number of cpus', none: 1, read: cpusFrom };
const AMOUNTS: ReadonlyMap<string, Amount> = new Map([
  ['cpus', CPUS],
  ['memory', MEMORY],
  ['disk', MEMORY],
  ['time', TIME],
  ['maxSubmitAwait', TIME],
]);

function cpusFrom(value: Value): number | undefined {
  if (typeof value === 'number') return Math.trunc(value);
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** As Nextflow's `TaskConfig` reads it: what is false by Groovy truth asks for nothing, or for one cpu; of a disk it is refused. */
function inUnits(name: string, value: Value): Value {
  const amount = AMOUNTS.get(name);
  if (amount === undefined || isUnknown(value)) return value;
  if (name === 'disk' && value instanceof MapValue) return inUnits(name, value.get('request'));
  if (name === 'disk' && value instanceof ListValue) return inUnits(name, value.items[0] ?? null);
  if (value === null || (name !== 'disk' && truthOf(value) === false)) return amount.none;
  return amount.read(value) ?? new UnknownValue(`${textOf(value)?.slice(0, 80) ?? 'this'} is no ${amount.called}`);
}

const inputNamesOf = new WeakMap<ProcessNode, ReadonlySet<string>>();

/** Names that a process's inputs give its script. */
function inputNames(process: ProcessNode): ReadonlySet<string> {
  const known = inputNamesOf.get(process);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const visit = (expression: Expression): void => {
    if (expression.kind === 'VariableExpression') names.add(expression.name);
    else if (expression.kind === 'MethodCallExpression') {
      if (expression.object !== null) visit(expression.object);
      const verb = 'kind' in expression.method ? '' : expression.method.name;
      if (verb === 'from' || verb === 'into') return;
      for (const argument of expression.arguments) if (argument.key === null) visit(argument.value);
    }
  };
  for (const statement of process.inputs) {
    if (statement.kind === 'ExpressionStatement') visit(statement.expression);
    else if (statement.kind === 'LabeledStatement') names.add(statement.label.name);
    else if (statement.kind === 'DeclarationStatement') for (const declaration of statement.declarations) names.add(declaration.name.name);
  }
  inputNamesOf.set(process, names);
  return names;
}
