/** Process calls: when a task is submitted, with what, and what it emits when it ends (language.md 5). */
import { createHash } from 'node:crypto';
import type { Expression, MethodCallExpression, ProcessNode, Statement } from '../../src/parser/syntax/nodes.ts';
import { type Bits, bit, Channel, type Engine, type Item, NONE, type Origin, union } from './engine.ts';
import type { Evaluator } from './evaluate.ts';
import { flatten } from './methods.ts';
import { zip } from './operators.ts';
import { Scope } from './scope.ts';
import { display, MapValue, PathValue, RunError, termText, truthy, type Value } from './values.ts';
import type { World } from './world.ts';

/** One task of a run. Sets of tasks are bits by `index`. */
export interface Task {
  readonly index: number;
  /** Fully-qualified name of the call. */
  readonly call: string;
  /**
   * The same for tasks of the same process that were given the same, in any run: then their outputs are the same too, whatever the tools do
   * (algorithms.md C4). What it stands for is in a run's `terms`.
   */
  readonly term: string;
  readonly inputs: readonly Value[];
  /** Tasks of which an output is in the inputs. */
  readonly data: Bits;
  /** Tasks whose end directly made this one wait; `waits` of a run closes it over theirs. */
  readonly waitsDirectly: Bits;
  readonly lineage: Bits;
  /** `when:` said no: it was not run, and nothing came of it. */
  readonly skipped: boolean;
}

interface InputDeclaration {
  readonly each: boolean;
  readonly tuple: boolean;
  /** What the parts are called: undefined where a part has no name. */
  readonly names: readonly (string | undefined)[];
  readonly files: readonly boolean[];
}

interface OutputDeclaration {
  readonly emit: string | undefined;
  readonly topic: string | undefined;
  readonly optional: boolean;
  readonly tuple: boolean;
  readonly parts: readonly { readonly qualifier: string; readonly expression: Expression | undefined; readonly arity: boolean }[];
}

export interface ProcessContext {
  readonly engine: Engine;
  readonly evaluator: Evaluator;
  readonly world: World;
  readonly tasks: Task[];
  /** What terms stand for: `main.nf:ALIGN(inputs)`, with the terms of tasks in the files among them. */
  readonly terms: Map<string, string>;
}

export interface ProcessUse {
  readonly call: string;
  readonly process: ProcessNode;
  /** Names of the script that has the process. */
  readonly globals: Scope;
  /** The script's path: processes of one name in two files are two. */
  readonly file: string;
  readonly place: string;
  readonly node: number;
}

export function outputNames(node: ProcessNode): (string | undefined)[] {
  return node.outputs.map((statement) => declaredOutput(statement).emit);
}

export function inputCount(node: ProcessNode): number {
  return node.inputs.length;
}

/** Wires a call to its channels; the outputs, in the order of their declaration. */
export function callProcess(
  context: ProcessContext,
  use: ProcessUse,
  given: readonly Channel[],
): { channels: Channel[]; topics: Map<string, Channel> } {
  const { engine, evaluator } = context;
  const inputs = use.process.inputs.map(declaredInput);
  const outputs = use.process.outputs.map(declaredOutput);
  const plainKind = given.every(({ kind }) => kind === 'value') && inputs.every(({ each }) => !each) ? 'value' : 'queue';
  const channels = outputs.map(
    ({ emit, topic }, at) => new Channel(engine, topic === undefined ? plainKind : 'queue', `${use.call}.${emit ?? at}`),
  );
  const queues = given.filter(({ kind }, at) => kind === 'queue' && !inputs[at]!.each).length;
  const fair = use.process.directives.some(isFair);
  const sources = given.map((channel, at) => (inputs[at]!.each ? asList(engine, channel) : channel));

  let running = 0;
  let rounds = 0;
  let all = NONE;
  let ended: Bits | undefined;
  const held: (() => void)[] = [];
  let turn = 0;
  const closeIfDone = (): void => {
    if (running > 0 || ended === undefined) return;
    for (const channel of channels) channel.end(ended | all);
  };

  const start = (items: readonly Item[], number: number): void => {
    let origin: Origin = union(items);
    if (queues > 1) origin = { ...origin, lineage: origin.lineage | engine.lineage(use.place, use.node, `round ${number}`) };
    const values = items.map(({ value }) => value);
    const scope = new Scope(use.globals);
    bindInputs(inputs, values, scope, use.call);
    const term = termOf(context, use, values);
    scope.declare('task', MapValue.of({ process: use.call, index: number + 1, attempt: 1, cpus: 1, ext: new MapValue() }));
    const index = context.tasks.length;
    const skipped = use.process.when !== null && !truthy(evaluator.evaluate(use.process.when, scope));
    context.tasks.push({
      index,
      call: use.call,
      term,
      inputs: values,
      data: origin.data,
      waitsDirectly: origin.waits,
      lineage: origin.lineage,
      skipped,
    });
    if (skipped) {
      all |= origin.waits;
      held[number] = () => undefined;
      return;
    }
    const mine = bit(index);
    all |= mine;
    running++;
    runScript(evaluator, use.process, scope);
    const made = outputs.map((output, at) => emitted(context, use, output, at, scope, values, { term, index }));
    const emit = (waits: Bits): void => {
      made.forEach((value, at) => {
        if (value !== undefined) channels[at]!.emit({ value, data: mine, waits, lineage: origin.lineage });
      });
    };
    engine.submit(index, () => {
      running--;
      if (!fair) emit(mine);
      else {
        // Held back until all earlier ones have been emitted; what is emitted then waited for those too.
        const before = all & (mine - 1n);
        held[number] = () => emit(mine | before);
        for (; held[turn] !== undefined; turn++) held[turn]!();
      }
      closeIfDone();
    });
  };

  zip(
    sources,
    (items) => {
      const eaches = inputs.flatMap(({ each }, at) => (each ? [at] : []));
      let choices: Item[][] = [[...items]];
      for (const at of eaches) {
        const item = items[at]!;
        const list = Array.isArray(item.value) ? item.value : [item.value];
        choices = choices.flatMap((choice) =>
          list.map((value, number) =>
            choice.with(at, { ...item, value, lineage: item.lineage | engine.lineage(`${use.place} each ${at}`, use.node, `${number}`) }),
          ),
        );
      }
      for (const choice of choices) start(choice, rounds++);
    },
    (waits) => {
      ended = waits;
      closeIfDone();
    },
  );
  if (given.length === 0)
    engine.atStart(() => {
      start([], rounds++);
      ended = NONE;
      closeIfDone();
    });
  const topics = new Map(outputs.flatMap(({ topic }, at) => (topic === undefined ? [] : [[topic, channels[at]!] as const])));
  return { channels, topics };
}

/** An `each` input: a list as it is, a single value as a list of one, a queue gathered first. */
function asList(engine: Engine, channel: Channel): Channel {
  if (channel.kind === 'value') return channel;
  const target = new Channel(engine, 'value', `each ${channel.name}`);
  const items: Item[] = [];
  channel.read({
    receive: (item) => void items.push(item),
    end: (waits) => {
      const origin = union(items);
      target.emit({ ...origin, value: items.map(({ value }) => value), waits: origin.waits | waits });
    },
  });
  return target;
}

function bindInputs(inputs: readonly InputDeclaration[], values: readonly Value[], scope: Scope, call: string): void {
  inputs.forEach((input, at) => {
    const value = values[at] ?? null;
    if (input.tuple && !Array.isArray(value)) throw new RunError(`${call} wants a tuple and is given ${display(value)}`);
    const parts = input.tuple ? (value as Value[]) : [value];
    if (input.tuple && parts.length !== input.names.length)
      throw new RunError(`${call} wants a tuple of ${input.names.length} and is given ${display(parts)}`);
    input.names.forEach((name, part) => {
      const one = parts[part] ?? null;
      // A list of one file is staged as that file.
      if (name !== undefined) scope.declare(name, input.files[part] === true && Array.isArray(one) && one.length === 1 ? one[0]! : one);
    });
  });
}

function termOf({ terms }: ProcessContext, use: ProcessUse, values: readonly Value[]): string {
  const text = `${use.file}:${use.process.name.name}(${values.map(termText).join(', ')})`;
  const term = createHash('sha1').update(text).digest('hex').slice(0, 12);
  terms.set(term, text);
  return term;
}

/** Definitions in the script block that outputs use. The script's own text is not looked at. */
function runScript(evaluator: Evaluator, node: ProcessNode, scope: Scope): void {
  if (node.script === null) return;
  const statements = node.script.section === 'exec' ? node.script.statements : node.script.statements.filter((one) => !isText(one));
  evaluator.run(statements, new PassThroughScope(scope));
}

/** Names that a script defines, with `def` or without, are seen by its outputs. */
class PassThroughScope extends Scope {
  readonly #target: Scope;
  constructor(target: Scope) {
    super(target);
    this.#target = target;
  }
  override declare(name: string, value: Value): void {
    this.#target.declare(name, value);
  }
  override assign(name: string, value: Value): void {
    this.#target.declare(name, value);
  }
}

function isText(statement: Statement): boolean {
  if (statement.kind !== 'ExpressionStatement') return false;
  const { kind } = statement.expression;
  return kind === 'GStringExpression' || kind === 'ConstantExpression' || kind === 'BinaryExpression';
}

/** What a task emits on one output; undefined when it has none. */
function emitted(
  context: ProcessContext,
  use: ProcessUse,
  output: OutputDeclaration,
  at: number,
  scope: Scope,
  inputs: readonly Value[],
  { term, index }: { readonly term: string; readonly index: number },
): Value | undefined {
  const parts: Value[] = [];
  for (const [number, part] of output.parts.entries()) {
    const value =
      part.qualifier === 'val'
        ? part.expression === undefined
          ? null
          : context.evaluator.evaluate(part.expression, scope)
        : part.qualifier === 'path' || part.qualifier === 'file'
          ? filesOf(context, use, output, at, number, scope, inputs, { term, index })
          : `${part.qualifier} of ${use.process.name.name} ${term}`;
    if (value === undefined) return undefined;
    parts.push(value);
  }
  return output.tuple ? parts : parts[0]!;
}

function filesOf(
  context: ProcessContext,
  use: ProcessUse,
  output: OutputDeclaration,
  at: number,
  part: number,
  scope: Scope,
  inputs: readonly Value[],
  { term, index }: { readonly term: string; readonly index: number },
): Value | undefined {
  const declared = output.parts[part]!;
  const pattern = declared.expression === undefined ? '*' : context.evaluator.evaluate(declared.expression, scope);
  if (pattern instanceof PathValue) return pattern;
  const staged = inputs.flatMap((input) => flatten(input)).filter((one): one is PathValue => one instanceof PathValue);
  const names: string[] = [];
  for (const one of Array.isArray(pattern) ? pattern.map(display) : [display(pattern)]) {
    const wild = /[*?]/.test(one);
    const alternatives = expandBraces(one);
    if (!wild && !output.optional) {
      names.push(...alternatives);
      continue;
    }
    const counts = countsFor(context.world, use, output, at, inputs) ?? [wild ? 1 : alternatives.length];
    const count = counts[hash(`${term}/${at}`) % counts.length]!;
    if (count === 0 && !output.optional) throw new RunError(`${use.call} has no file for ${one}, which is not optional`);
    const stem = stemOf(inputs) ?? use.process.name.name.toLowerCase();
    for (let number = 0; number < count; number++) {
      const filled = alternatives[number % alternatives.length]!;
      const text = count === 1 || !wild ? stem : `${stem}_${number + 1}`;
      names.push(filled.replace(/\*+/, text).replace(/[*?]/g, 'x'));
    }
  }
  if (names.length === 0) return undefined;
  const files = names.map(
    (name) =>
      staged.find((one) => one.name === name) ??
      new PathValue(`task ${index}.${at}.${part}/${name}`, name, `${term}.${at}.${part}/${name}`),
  );
  return files.length === 1 && !declared.arity ? files[0]! : files;
}

function countsFor(
  world: World,
  use: ProcessUse,
  output: OutputDeclaration,
  at: number,
  inputs: readonly Value[],
): readonly number[] | undefined {
  for (const owner of [use.call, use.process.name.name])
    for (const name of [output.emit, at]) {
      const counts = name === undefined ? undefined : world.fileCounts?.[`${owner}/${name}`];
      if (counts === undefined) continue;
      if (Array.isArray(counts)) return counts.length === 0 ? undefined : counts;
      const words = new Set(inputs.flatMap(leaves).map(display));
      const found = Object.entries(counts).find(([text]) => text.split(' ').every((word) => words.has(word)));
      return found === undefined ? undefined : [found[1]];
    }
  return undefined;
}

/** What a wildcard is taken to stand for: the sample's name where there is one. */
function stemOf(inputs: readonly Value[]): string | undefined {
  for (const leaf of inputs.flatMap(leaves)) {
    if (typeof leaf === 'string' && /^[\w.-]+$/.test(leaf)) return leaf;
    if (leaf instanceof PathValue) return leaf.name.split('.')[0]!;
  }
  return undefined;
}

function leaves(value: Value): Value[] {
  if (Array.isArray(value)) return value.flatMap(leaves);
  if (value instanceof MapValue) return value.pairs().flatMap(([, one]) => leaves(one));
  return [value];
}

function expandBraces(pattern: string): string[] {
  const match = /^([^{]*)\{([^}]*)\}(.*)$/.exec(pattern);
  if (match === null) return [pattern];
  return match[2]!.split(',').flatMap((one) => expandBraces(`${match[1]}${one}${match[3]}`));
}

/** FNV-1a. */
function hash(text: string): number {
  let sum = 2166136261;
  for (let at = 0; at < text.length; at++) sum = Math.imul(sum ^ text.charCodeAt(at), 16777619);
  return sum >>> 0;
}

// ------------------------------------------------------------------------------------------------------ declarations

function isFair(statement: Statement): boolean {
  if (statement.kind !== 'ExpressionStatement' || statement.expression.kind !== 'MethodCallExpression') return false;
  const { method, arguments: args } = statement.expression;
  const value = args[0]?.value;
  return !('kind' in method) && method.name === 'fair' && value?.kind === 'ConstantExpression' && value.value === true;
}

function qualified(statement: Statement): { qualifier: string; call: MethodCallExpression | undefined } {
  if (statement.kind === 'ExpressionStatement') {
    const { expression } = statement;
    if (expression.kind === 'MethodCallExpression' && !('kind' in expression.method))
      return { qualifier: expression.method.name, call: expression };
    if (expression.kind === 'VariableExpression') return { qualifier: expression.name, call: undefined };
  }
  throw new RunError(`a ${statement.kind} is no declaration of an input or output`);
}

const positional = (call: MethodCallExpression | undefined): Expression[] =>
  (call?.arguments ?? []).filter(({ key }) => key === null).map(({ value }) => value);

function named(call: MethodCallExpression | undefined, name: string): Expression | undefined {
  return call?.arguments.find(({ key }) => key?.kind === 'ConstantExpression' && key.value === name)?.value;
}

function declaredInput(statement: Statement): InputDeclaration {
  const { qualifier, call } = qualified(statement);
  const parts = positional(call);
  if (qualifier === 'tuple')
    return {
      each: false,
      tuple: true,
      names: parts.map(nameIn),
      files: parts.map((part) => /^(path|file)$/.test(qualifierOf(part) ?? '')),
    };
  const [first] = parts;
  return {
    each: qualifier === 'each',
    tuple: false,
    names: [first === undefined ? undefined : nameIn(first)],
    files: [qualifier === 'path' || qualifier === 'file'],
  };
}

function qualifierOf(expression: Expression): string | undefined {
  return expression.kind === 'MethodCallExpression' && !('kind' in expression.method) ? expression.method.name : undefined;
}

/** `x`, `val(x)`, `path(x, stageAs: 'y')`. */
function nameIn(expression: Expression): string | undefined {
  if (expression.kind === 'VariableExpression') return expression.name;
  if (expression.kind === 'MethodCallExpression') {
    const [first] = positional(expression);
    return first?.kind === 'VariableExpression' ? first.name : undefined;
  }
  return undefined;
}

function wordOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'VariableExpression') return expression.name;
  return expression?.kind === 'ConstantExpression' ? String(expression.value) : undefined;
}

function declaredOutput(statement: Statement): OutputDeclaration {
  const { qualifier, call } = qualified(statement);
  const common = {
    emit: wordOf(named(call, 'emit')),
    topic: wordOf(named(call, 'topic')),
    optional: wordOf(named(call, 'optional')) === 'true',
  };
  const part = (name: string, inner: MethodCallExpression | undefined) => ({
    qualifier: name,
    expression: positional(inner)[0],
    arity: named(inner, 'arity') !== undefined && wordOf(named(inner, 'arity')) !== '1',
  });
  if (qualifier !== 'tuple') return { ...common, tuple: false, parts: [part(qualifier, call)] };
  const parts = positional(call).map((inner) =>
    inner.kind === 'MethodCallExpression' ? part(qualifierOf(inner) ?? 'val', inner) : part(wordOf(inner) ?? 'stdout', undefined),
  );
  return { ...common, tuple: true, parts };
}
