/**
 * Runs the Groovy before and around a script's text with inputs that have no value yet: what comes out is text with holes and choices. What
 * needs no input is the project's evaluator's work; this one knows how unknown values flow into text, and through which variables.
 * A condition that is not known is walked both ways, and variables that come out differently become choices.
 */
import { rangeIn, type SourceFile, type SourceRange } from '../../source/source-file.ts';
import { textOf } from '../evaluate/conversions.ts';
import { GuardLiteral } from '../evaluate/guard.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import { Scope } from '../evaluate/scope.ts';
import { type CallArguments, HostValue, isUnknown, ListValue, type Truth, truthOf, UnknownValue, type Value } from '../evaluate/value.ts';
import type { DirectiveSetting } from '../pipeline/pipeline.ts';
import type { Expression, GStringExpression, MethodCallExpression, Node, Statement, SwitchStatement } from '../syntax/nodes.ts';
import { parseExpressionAt } from '../syntax/parser.ts';
import { textValue } from '../syntax/string-values.ts';
import { walk } from '../syntax/walk.ts';
import {
  choose,
  type Hole,
  keyOf,
  NO_NAMES,
  NO_SOURCES,
  namesOf,
  type Piece,
  plainText,
  type Sources,
  textPiece,
  unite,
} from './pieces.ts';

/** What an expression is worth: a known value, text in pieces, a list of such, or nothing of the kind (then `pieces` is one hole). */
export interface Sym {
  readonly value: Value | undefined;
  readonly pieces: readonly Piece[] | undefined;
  readonly items: readonly Sym[] | undefined;
  readonly truth: Truth;
  readonly sources: Sources;
  /** Of a known value: the expression it comes from. */
  readonly written?: string;
  /** `template 'x.sh'`: the name of the file. */
  readonly template?: { readonly path: string; readonly place: SourceRange };
}

type Env = Map<string, Sym>;

/** How a sequence of statements ends. */
interface Ending {
  readonly env: Env;
  /** Of the last expression. */
  readonly last: Sym | undefined;
  readonly returned: Sym | undefined;
  /** It throws, or calls `error`. */
  readonly dead: boolean;
}

export interface SymbolicRequest {
  readonly frame: Frame;
  readonly interpreter: Interpreter;
  readonly directives: ReadonlyMap<string, DirectiveSetting>;
  /** Names of inputs, and whether files are behind them. */
  readonly inputs: ReadonlyMap<string, boolean>;
  /** What no config sets is unknown, not absent: a library's user has a config of their own. */
  readonly openConfig: boolean;
  /** Of a `shell:` section: `!{…}` in plain strings. */
  readonly bang: boolean;
}

/** What can end a command or begin another; a line that a backslash continues does not. */
const METACHARACTERS = /[|;&<>`]|(?<!\\)\n/;
/** Properties and methods that tell something else of a file than its name. */
const TELLS =
  /^(size|isEmpty|empty|exists|endsWith|startsWith|contains|matches|any|every|count|length|countLines|countFasta|countFastq|(getE|e)xtension)$/;
/** Those that make another name of it. */
const NAMES_ANEW =
  /^((getB|b)aseName|(getS|s)impleName|(getP|p)arent|resolve(Sibling)?|replace(All|First)?|minus|substring\w*|tokenize|split|to(Lower|Upper)Case|reverse)$/;
const DEEPEST = 60;
const MOST_STEPS = 20_000;

export class Symbolic {
  readonly #request: SymbolicRequest;
  readonly #task: TaskHost;
  readonly #scope: Scope;
  readonly #ext = new Map<string, Sym>();
  /** Inputs that conditions ask for. */
  readonly asked = new Set<string>();
  #depth = 0;
  #steps = 0;

  constructor(request: SymbolicRequest) {
    this.#request = request;
    this.#task = new TaskHost(request.directives, request.openConfig);
    this.#scope = new Scope(request.frame.scope);
  }

  // ---------------------------------------------------------------------------------------------------- statements

  /** The value of a script section: undefined when every way through it ends in an error, or nothing is returned. */
  run(statements: readonly Statement[], file: SourceFile): Sym | undefined {
    const env: Env = new Map();
    for (const [name, staged] of this.#request.inputs) env.set(name, inputSym(name, staged, rangeIn(file, { start: 0, end: 0 })));
    this.#env = env;
    const ending = this.#block(statements, 0, env, file);
    this.#env = ending.env;
    return ending.dead ? undefined : (ending.returned ?? ending.last);
  }

  /** Variables as they stand: at the end of the script, for outputs. */
  #env: Env = new Map();

  /** An output's value or pattern, a stage name: what it is with the variables that the script has set. */
  evaluate(node: Expression, file: SourceFile): Sym {
    return this.#evaluate(node, this.#env, file);
  }

  #block(statements: readonly Statement[], from: number, given: Env, file: SourceFile): Ending {
    let env = given;
    let last: Sym | undefined;
    for (let at = from; at < statements.length; at += 1) {
      const statement = statements[at] as Statement;
      if ((this.#steps += 1) > MOST_STEPS)
        return {
          env,
          last: undefined,
          returned: this.#unknown('too much code', NO_SOURCES, rangeIn(file, statement), 'fragment'),
          dead: false,
        };
      const ending = this.#statement(statement, env, file);
      if (ending.dead) return ending;
      env = ending.env;
      last = ending.last;
      if (ending.returned === undefined) continue;
      if (this.#mayGoOn === undefined) return ending;
      // One branch returned under a condition that is not known: the rest is the other one's.
      const { condition, sources, place, whenTrue } = this.#mayGoOn;
      this.#mayGoOn = undefined;
      const rest = this.#block(statements, at + 1, env, file);
      if (rest.dead) return { ...rest, returned: ending.returned, dead: false };
      const other = rest.returned ?? rest.last;
      if (other === undefined) return { ...rest, returned: ending.returned };
      const returned = whenTrue
        ? this.#either(condition, sources, ending.returned, other, place)
        : this.#either(condition, sources, other, ending.returned, place);
      return { env: rest.env, last: rest.last, returned, dead: false };
    }
    return { env, last, returned: undefined, dead: false };
  }

  /** Set by an `if` of which one branch returns: its value was returned only under this condition. */
  #mayGoOn: { condition: string; sources: Sources; place: SourceRange; whenTrue: boolean } | undefined;

  #statement(statement: Statement, env: Env, file: SourceFile): Ending {
    const going = (last?: Sym): Ending => ({ env, last, returned: undefined, dead: false });
    switch (statement.kind) {
      case 'ExpressionStatement': {
        const { expression } = statement;
        if (stops(expression)) return { env, last: undefined, returned: undefined, dead: true };
        return going(this.#evaluate(expression, env, file));
      }
      case 'DeclarationStatement': {
        let last: Sym | undefined;
        if (statement.tuple) {
          const value = statement.value === null ? undefined : this.#evaluate(statement.value, env, file);
          statement.declarations.forEach((declaration, index) => {
            env.set(declaration.name.name, this.#element(value, index, declaration, file));
          });
          return going();
        }
        for (const declaration of statement.declarations) {
          last = declaration.value === null ? knownSym(null, NO_SOURCES) : this.#evaluate(declaration.value, env, file);
          env.set(declaration.name.name, last);
        }
        return going(last);
      }
      case 'BlockStatement':
        return this.#block(statement.statements, 0, env, file);
      case 'LabeledStatement':
        return this.#statement(statement.statement, env, file);
      case 'ReturnStatement':
        return {
          env,
          last: undefined,
          returned: statement.value === null ? knownSym(null, NO_SOURCES) : this.#evaluate(statement.value, env, file),
          dead: false,
        };
      case 'IfStatement': {
        const condition = this.#evaluate(statement.condition, env, file);
        if (condition.truth !== 'unknown') {
          const taken = condition.truth ? statement.thenBranch : statement.elseBranch;
          return taken === null ? going() : this.#statement(taken, env, file);
        }
        this.#ask(condition.sources);
        const first = this.#statement(statement.thenBranch, new Map(env), file);
        const firstGoesOn = this.#mayGoOn;
        this.#mayGoOn = undefined;
        const second = statement.elseBranch === null ? going() : this.#statement(statement.elseBranch, new Map(env), file);
        const secondGoesOn = this.#mayGoOn;
        this.#mayGoOn = undefined;
        return this.#join(
          conditionKey(file, statement.condition),
          condition.sources,
          first,
          second,
          firstGoesOn !== undefined || secondGoesOn !== undefined,
          rangeIn(file, statement.condition),
        );
      }
      case 'SwitchStatement': {
        // Each case is a branch; which one is not told, unless the value is.
        const value = this.#evaluate(statement.value, env, file);
        this.#ask(value.sources);
        const tests = statement.cases.map((one) => (one.test === null ? undefined : this.#evaluate(one.test, env, file)));
        if (value.value !== undefined) {
          const hit = tests.findIndex((test) => test?.value !== undefined && test.value === value.value);
          const at = hit >= 0 ? hit : statement.cases.findIndex((one) => one.test === null);
          if (at >= 0 && (hit >= 0 || tests.every((test) => test === undefined || typeof test.value === 'string')))
            return this.#block(caseBody(statement.cases, at), 0, env, file);
        }
        let joined: Ending | undefined;
        statement.cases.forEach((_, index) => {
          const one = this.#block(caseBody(statement.cases, index), 0, new Map(env), file);
          const before = joined;
          joined =
            before === undefined
              ? one
              : this.#join(caseKey(file, statement, index), value.sources, one, before, true, rangeIn(file, statement.value));
        });
        this.#mayGoOn = undefined;
        return joined ?? going();
      }
      case 'TryStatement': {
        const ending = this.#statement(statement.body, env, file);
        return ending.dead ? going() : ending;
      }
      case 'ForInStatement':
      case 'ForStatement':
      case 'WhileStatement':
        this.#havoc(statement, env, file);
        return going();
      case 'ThrowStatement':
        return { env, last: undefined, returned: undefined, dead: true };
      case 'AssertStatement':
        if (this.#evaluate(statement.condition, env, file).truth === false)
          return { env, last: undefined, returned: undefined, dead: true };
        return going();
      case 'FunctionNode':
      case 'ImportStatement':
      case 'JumpStatement':
        return going();
      default:
        return going(this.#unknown('code that is not modelled', NO_SOURCES, rangeIn(file, statement), 'fragment'));
    }
  }

  #ask(sources: Sources): void {
    for (const name of sources.inputs) this.asked.add(name);
  }

  #join(key: string, sources: Sources, first: Ending, second: Ending, tangled: boolean, place: SourceRange): Ending {
    if (first.dead) return second;
    if (second.dead) return first;
    const returned = first.returned === undefined && second.returned === undefined ? undefined : true;
    const env =
      returned && first.returned !== undefined && second.returned === undefined
        ? second.env
        : returned && second.returned !== undefined && first.returned === undefined
          ? first.env
          : this.#joinEnv(key, sources, first.env, second.env, place);
    if (first.returned !== undefined && second.returned !== undefined)
      return { env, last: undefined, returned: this.#either(key, sources, first.returned, second.returned, place), dead: false };
    if (returned) {
      if (!tangled) this.#mayGoOn = { condition: key, sources, place, whenTrue: first.returned !== undefined };
      return { env, last: undefined, returned: (first.returned ?? second.returned) as Sym, dead: false };
    }
    const empty = knownSym('', NO_SOURCES);
    const last =
      first.last === undefined && second.last === undefined
        ? undefined
        : this.#either(key, sources, first.last ?? empty, second.last ?? empty, place);
    return { env, last, returned: undefined, dead: false };
  }

  #joinEnv(key: string, sources: Sources, first: Env, second: Env, place: SourceRange): Env {
    const env: Env = new Map();
    for (const name of new Set([...first.keys(), ...second.keys()])) {
      const one = first.get(name);
      const two = second.get(name);
      if (one === two || one === undefined || two === undefined) env.set(name, (one ?? two) as Sym);
      else env.set(name, this.#either(key, sources, one, two, place));
    }
    return env;
  }

  #either(condition: string, sources: Sources, one: Sym, two: Sym, place: SourceRange): Sym {
    if (one.value !== undefined && one.value === two.value) return { ...one, sources: unite(one.sources, two.sources) };
    if (one.template !== undefined || two.template !== undefined) return one.template === undefined ? two : one;
    const pieces = choose(condition, sources, piecesOf(one, place), piecesOf(two, place), place);
    const truth = one.truth === two.truth ? one.truth : 'unknown';
    return { value: undefined, pieces, items: undefined, truth, sources: unite(sources, unite(one.sources, two.sources)) };
  }

  /** A loop: what it assigns is not followed. */
  #havoc(node: Node, env: Env, file: SourceFile): void {
    const sources = this.#sourcesIn(node, env);
    const names = this.#spelled(node, env);
    for (const name of assignedIn(node)) {
      const before = env.get(name);
      const all = unite(sources, before?.sources ?? NO_SOURCES);
      const sort = METACHARACTERS.test(constantsIn(node)) ? 'fragment' : 'words';
      const place = rangeIn(file, node);
      env.set(name, symOf([hole(`${name}@${node.start}`, sort, all, names, file.slice(node).slice(0, 40), place)], all));
    }
  }

  // ---------------------------------------------------------------------------------------------------- expressions

  #evaluate(node: Expression, env: Env, file: SourceFile): Sym {
    if (this.#depth > DEEPEST || (this.#steps += 1) > MOST_STEPS)
      return this.#unknown('too much code', this.#sourcesIn(node, env), rangeIn(file, node), 'fragment');
    this.#depth += 1;
    try {
      return this.#expression(node, env, file);
    } finally {
      this.#depth -= 1;
    }
  }

  #expression(node: Expression, env: Env, file: SourceFile): Sym {
    const place = rangeIn(file, node);
    switch (node.kind) {
      case 'ConstantExpression':
        if (typeof node.value !== 'string') return knownSym(node.value, NO_SOURCES);
        return this.#string(node, env, file);
      case 'GStringExpression':
        return this.#gstring(node, env, file);
      case 'VariableExpression': {
        const local = env.get(node.name);
        if (local === undefined) return this.#delegate(node, env, file);
        // The place of what is written now, not that of the declaration.
        const [only] = local.pieces ?? [];
        if (local.pieces?.length === 1 && only?.type === 'hole' && only.is !== undefined) return { ...local, pieces: [{ ...only, place }] };
        return local;
      }
      case 'PropertyExpression': {
        const ext = extName(node);
        if (ext !== undefined) return this.#extSetting(ext, file, node);
        return this.#delegate(node, env, file);
      }
      case 'TernaryExpression': {
        const condition = this.#evaluate(node.condition, env, file);
        if (condition.truth !== 'unknown') return this.#evaluate(condition.truth ? node.whenTrue : node.whenFalse, env, file);
        this.#ask(condition.sources);
        const one = this.#evaluate(node.whenTrue, env, file);
        const two = this.#evaluate(node.whenFalse, env, file);
        return this.#either(conditionKey(file, node.condition), condition.sources, one, two, place);
      }
      case 'ElvisExpression': {
        const value = this.#evaluate(node.value, env, file);
        if (value.truth !== 'unknown') return value.truth ? value : this.#evaluate(node.whenFalse, env, file);
        // Of a library's user we know nothing: neither whether it is set nor to what.
        const [only] = value.pieces ?? [];
        if (value.pieces?.length === 1 && only?.type === 'hole' && only.unset) {
          const fallback = this.#evaluate(node.whenFalse, env, file);
          return fallback.truth === false ? value : fallback;
        }
        return this.#either(conditionKey(file, node.value), value.sources, value, this.#evaluate(node.whenFalse, env, file), place);
      }
      case 'BinaryExpression': {
        if (node.operator !== '+') return this.#delegate(node, env, file);
        const left = this.#evaluate(node.left, env, file);
        const right = this.#evaluate(node.right, env, file);
        if (typeof left.value === 'number' && typeof right.value === 'number') return this.#delegate(node, env, file);
        if (!isText(left) && !isText(right)) return this.#delegate(node, env, file);
        return symOf(
          [...piecesOf(left, rangeIn(file, node.left)), ...piecesOf(right, rangeIn(file, node.right))],
          unite(left.sources, right.sources),
        );
      }
      case 'AssignmentExpression': {
        const right = this.#evaluate(node.value, env, file);
        let value = right;
        if (node.operator === '+=' && node.target.kind === 'VariableExpression') {
          const before = env.get(node.target.name);
          if (before !== undefined && (isText(before) || isText(right)))
            value = symOf([...piecesOf(before, place), ...piecesOf(right, place)], unite(before.sources, right.sources));
          else value = this.#unknown(file.slice(node), unite(before?.sources ?? NO_SOURCES, right.sources), place, 'words');
        } else if (node.operator !== '=') value = this.#unknown(file.slice(node), right.sources, place, 'words');
        if (node.target.kind === 'VariableExpression') env.set(node.target.name, value);
        else if (node.target.kind === 'TupleExpression')
          node.target.elements.forEach((element, index) => {
            if (element.kind === 'VariableExpression') env.set(element.name, this.#element(value, index, element, file));
          });
        return value;
      }
      case 'ListExpression': {
        const items = node.elements.map((element) => this.#evaluate(element, env, file));
        if (items.every((item) => item.value !== undefined) && node.elements.every((element) => element.kind !== 'SpreadExpression'))
          return knownSym(
            new ListValue(items.map((item) => item.value as Value)),
            items.reduce((all, item) => unite(all, item.sources), NO_SOURCES),
            items,
          );
        if (node.elements.some((element) => element.kind === 'SpreadExpression')) return this.#delegate(node, env, file);
        const sources = items.reduce((all, item) => unite(all, item.sources), NO_SOURCES);
        const names = new Set(items.flatMap((item) => [...namesOf(item.pieces ?? [])]));
        const one = hole(this.#keyFor(node, env, file), 'words', sources, names, file.slice(node), place);
        return { value: undefined, pieces: [one], items, truth: items.length > 0, sources };
      }
      case 'CastExpression': {
        const value = this.#evaluate(node.expression, env, file);
        return value.value === undefined ? value : this.#delegate(node, env, file);
      }
      case 'UnaryExpression': {
        if (node.operator !== '!') return this.#delegate(node, env, file);
        const value = this.#evaluate(node.operand, env, file);
        if (value.truth !== 'unknown') return knownSym(!value.truth, value.sources);
        return this.#unknown(file.slice(node), value.sources, place, 'word');
      }
      case 'MethodCallExpression':
        return this.#call(node, env, file);
      default:
        return this.#delegate(node, env, file);
    }
  }

  #call(node: MethodCallExpression, env: Env, file: SourceFile): Sym {
    const name = 'kind' in node.method ? undefined : node.method.name;
    const place = rangeIn(file, node);
    if (node.object === null) {
      if (name === 'template' && node.arguments.length === 1) {
        const path = this.#evaluate((node.arguments[0] as { value: Expression }).value, env, file);
        const text = path.pieces === undefined ? textOf(path.value ?? null) : plainText(path.pieces);
        if (text !== undefined) return { ...knownSym('', NO_SOURCES), template: { path: text, place } };
      }
      return this.#delegate(node, env, file);
    }
    if (name === 'join' && node.arguments.length <= 1) {
      const object = this.#evaluate(node.object, env, file);
      const separator = node.arguments[0] === undefined ? '' : this.#evaluate(node.arguments[0].value, env, file).value;
      if (object.items !== undefined && typeof separator === 'string') {
        const pieces = object.items.flatMap((item, index) => [
          ...(index === 0 ? [] : [textPiece(separator, place)]),
          ...piecesOf(item, place),
        ]);
        return symOf(pieces, object.sources);
      }
    }
    if (name !== undefined && ['trim', 'toString', 'strip', 'stripIndent', 'stripMargin'].includes(name)) {
      const object = this.#evaluate(node.object, env, file);
      if (object.pieces !== undefined && object.value === undefined) return object;
      if (typeof object.value === 'string' && name === 'stripIndent') return object;
    }
    return this.#delegate(node, env, file);
  }

  /** The project's evaluator's answer; a hole when it has none. */
  #delegate(node: Expression, env: Env, file: SourceFile): Sym {
    const sources = this.#sourcesIn(node, env);
    const { interpreter, frame } = this.#request;
    const scope = new Scope(this.#scope);
    for (const name of factsOf(node).names) {
      const local = env.get(name);
      if (local === undefined) continue;
      const truthy = local.truth === 'unknown' ? {} : { truthy: local.truth };
      scope.variables.set(name, local.value ?? new UnknownValue(`what ${name} is`, { ...truthy, plain: true }));
    }
    scope.variables.set('task', this.#task);
    const inner: Frame = { ...frame, scope, undeclared: scope, file, kind: 'function' };
    // Under a condition that is not known nothing that it does is taken as done, and what it changes is taken back.
    const literal = new GuardLiteral(rangeIn(file, node), false, 'unknown');
    interpreter.journal.begin();
    const value = interpreter.under(literal, () => interpreter.evaluate(node, inner));
    interpreter.journal.revert();
    for (const name of assignedIn(node)) this.#havocOne(name, node, env, file, sources);
    const place = rangeIn(file, node);
    if (!isUnknown(value) && !(value instanceof HostValue) && isWhole(value))
      return knownSym(value, sources, undefined, sources.cpus ? file.slice(node) : undefined);
    const truth = truthOf(value);
    const sort = METACHARACTERS.test(constantsIn(node)) ? 'fragment' : node.kind === 'PropertyExpression' ? 'word' : 'words';
    const names = this.#spelled(node, env);
    return { ...symOf([hole(this.#keyFor(node, env, file), sort, sources, names, file.slice(node), place)], sources), truth };
  }

  #havocOne(name: string, node: Expression, env: Env, file: SourceFile, sources: Sources): void {
    const before = env.get(name);
    const all = unite(sources, before?.sources ?? NO_SOURCES);
    const sort = METACHARACTERS.test(constantsIn(node)) ? 'fragment' : 'words';
    env.set(
      name,
      symOf([hole(`${name}@${node.start}`, sort, all, this.#spelled(node, env), file.slice(node).slice(0, 40), rangeIn(file, node))], all),
    );
  }

  /** Two expressions with the same key are worth the same. */
  #keyFor(node: Node, env: Env, file: SourceFile): string {
    let key = file.slice(node).replace(/\s+/g, '');
    for (const name of factsOf(node).names) {
      if (this.#request.inputs.has(name)) continue;
      const local = env.get(name);
      if (local?.pieces !== undefined) key += `;${keyOf(local.pieces)}`;
    }
    return key;
  }

  /** Inputs, by whatever variable, whose file names the expression spells. */
  #spelled(node: Node, env: Env): ReadonlySet<string> {
    const names = new Set<string>();
    for (const name of factsOf(node).spelling) {
      const local = env.get(name);
      if (local?.pieces !== undefined) namesOf(local.pieces, names);
      for (const item of local?.items ?? []) namesOf(item.pieces ?? [], names);
    }
    return names.size === 0 ? NO_NAMES : names;
  }

  #sourcesIn(node: Node, env: Env): Sources {
    const { names, exts, cpus, memory } = factsOf(node);
    let sources = NO_SOURCES;
    for (const name of names) sources = unite(sources, env.get(name)?.sources ?? NO_SOURCES);
    for (const ext of exts) sources = unite(sources, this.#ext.get(ext)?.sources ?? NO_SOURCES);
    // Memory for each cpu is no number of threads.
    if (memory) return sources.cpus ? { ...sources, cpus: false } : sources;
    return cpus && !sources.cpus ? { ...sources, cpus: true } : sources;
  }

  #element(value: Sym | undefined, index: number, node: { start: number; end: number }, file: SourceFile): Sym {
    const item = value?.items?.[index];
    if (item !== undefined) return item;
    if (value?.value instanceof ListValue) return knownSym(value.value.items[index] ?? null, value.sources);
    const key = `${keyOf(value?.pieces ?? [])}[${index}]`;
    const sources = value?.sources ?? NO_SOURCES;
    return symOf([hole(key, 'words', sources, namesOf(value?.pieces ?? []), file.slice(node), rangeIn(file, node))], sources);
  }

  #unknown(key: string, sources: Sources, place: SourceRange, sort: Hole['sort']): Sym {
    return symOf([hole(key.replace(/\s+/g, ''), sort, sources, NO_NAMES, place.file.slice(place), place)], sources);
  }

  // ---------------------------------------------------------------------------------------------------- strings

  #gstring(node: GStringExpression, env: Env, file: SourceFile): Sym {
    const pieces: Piece[] = [];
    let sources = NO_SOURCES;
    const { quotes, triple } = quotesOf(file, node);
    for (const part of node.parts) {
      if (part.kind === 'GStringText') pushText(pieces, file, part.start, part.end, quotes, triple);
      else {
        let { expression } = part;
        if (expression.kind === 'ClosureExpression' && expression.body.length === 1 && expression.body[0]?.kind === 'ExpressionStatement')
          expression = expression.body[0].expression;
        const value = this.#evaluate(expression, env, file);
        sources = unite(sources, value.sources);
        insert(pieces, piecesOf(value, rangeIn(file, part), file.slice(expression)), rangeIn(file, part));
      }
    }
    return symOf(pieces, sources);
  }

  #string(node: Expression & { value: unknown }, env: Env, file: SourceFile): Sym {
    const pieces: Piece[] = [];
    const { quotes, triple, start, end } = quotesOf(file, node);
    let from = start;
    let sources = NO_SOURCES;
    if (this.#request.bang) {
      for (let at = file.text.indexOf('!{', from); at >= 0 && at < end; at = file.text.indexOf('!{', from)) {
        const close = closingBrace(file.text, at + 2, end);
        if (close < 0) break;
        pushText(pieces, file, from, at, quotes, triple);
        const expression = parseExpressionAt(file, at + 2, close);
        const value = this.#evaluate(expression, env, file);
        sources = unite(sources, value.sources);
        const place = rangeIn(file, { start: at, end: close + 1 });
        insert(pieces, piecesOf(value, place, file.slice(expression)), place);
        from = close + 1;
      }
    }
    pushText(pieces, file, from, end, quotes, triple);
    if (pieces.every((piece) => piece.type === 'text'))
      return { value: node.value as string, pieces, items: undefined, truth: node.value !== '', sources };
    return symOf(pieces, sources);
  }

  /** The pieces of a template: `$name` and `${…}` as in a string, or `!{…}` under `shell:`. */
  template(file: SourceFile): readonly Piece[] {
    const { text } = file;
    const pieces: Piece[] = [];
    let from = 0;
    const mark = this.#request.bang ? '!' : '$';
    const push = (to: number): void => {
      if (to > from) pieces.push(textPiece(text.slice(from, to), rangeIn(file, { start: from, end: to }), true));
    };
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      let expression: Expression | undefined;
      let end = at;
      if (text[at - 1] === '\\' && !this.#request.bang) {
        push(at - 1);
        from = at;
        continue;
      }
      if (text[at + 1] === '{') {
        const close = closingBrace(text, at + 2, text.length);
        if (close < 0) break;
        expression = parseExpressionAt(file, at + 2, close);
        end = close + 1;
      } else if (!this.#request.bang) {
        const name = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*/.exec(text.slice(at + 1, at + 200));
        if (name === null) continue;
        end = at + 1 + name[0].length;
        expression = parseExpressionAt(file, at + 1, end);
      }
      if (expression === undefined) continue;
      push(at);
      const place = rangeIn(file, { start: at, end });
      insert(pieces, piecesOf(this.#evaluate(expression, this.#env, file), place, file.slice(expression)), place);
      from = end;
      at = end - 1;
    }
    push(text.length);
    return pieces;
  }

  // ---------------------------------------------------------------------------------------------------- ext

  /** `task.ext.args`: the config's text, with what it takes from the task's inputs as holes. */
  #extSetting(name: string, file: SourceFile, node: Expression): Sym {
    const known = this.#ext.get(name);
    if (known !== undefined) return known;
    const setting = this.#request.directives.get(`ext.${name}`);
    this.#ext.set(name, this.#unknown(`ext.${name}`, NO_SOURCES, rangeIn(file, node), 'words'));
    let sym: Sym;
    if (setting === undefined) {
      const written = `task.ext.${name}`;
      sym =
        this.#request.openConfig && /^args\d*$/.test(name)
          ? {
              ...symOf([{ ...hole(written, 'words', NO_SOURCES, NO_NAMES, written, rangeIn(file, node)), unset: true }], NO_SOURCES),
              truth: 'unknown',
            }
          : knownSym(null, NO_SOURCES);
    } else sym = this.#settingSym(setting);
    this.#ext.set(name, sym);
    return sym;
  }

  #settingSym(setting: DirectiveSetting): Sym {
    const { place, text, value } = setting;
    // Most are not in it at all, and each expression has to be compiled.
    const mentions = (name: string): boolean => text.includes(name) && new RegExp(`(?<![\\w.$])${name}\\b`).test(text);
    const cpus = /\btask\.cpus\b/.test(text);
    if (value !== undefined && !cpus) {
      const shown = typeof value === 'string' ? value : undefined;
      return shown === undefined ? knownSym(value, NO_SOURCES) : { ...knownSym(shown, NO_SOURCES), pieces: [textPiece(shown, place)] };
    }
    const expression = parseExpressionAt(place.file, place.start, place.end);
    const env: Env = new Map();
    for (const [name, staged] of this.#request.inputs) if (mentions(name)) env.set(name, inputSym(name, staged, place));
    const sym =
      expression.kind === 'ClosureExpression'
        ? this.#closure(expression.body, env, place.file)
        : this.#evaluate(expression, env, place.file);
    if (sym !== undefined) return sym;
    const inputs = new Set([...this.#request.inputs.keys()].filter(mentions));
    return this.#unknown(`ext.${setting.name}`, { inputs, cpus }, place, 'words');
  }

  #closure(body: readonly Statement[], env: Env, file: SourceFile): Sym | undefined {
    const goesOn = this.#mayGoOn;
    this.#mayGoOn = undefined;
    const ending = this.#block(body, 0, env, file);
    this.#mayGoOn = goesOn;
    return ending.dead ? undefined : (ending.returned ?? ending.last);
  }
}

/** `task` of a script: the directives of the call, attempt 1. */
class TaskHost extends HostValue {
  readonly typeName = 'task';
  readonly #directives: ReadonlyMap<string, DirectiveSetting>;
  readonly #openConfig: boolean;
  constructor(directives: ReadonlyMap<string, DirectiveSetting>, openConfig: boolean) {
    super();
    this.#directives = directives;
    this.#openConfig = openConfig;
  }
  override property(name: string): Value | undefined {
    if (name === 'ext') return new ExtHost(this.#directives);
    if (name === 'attempt') return 1;
    if (/^(process|index|name|hash|workDir|exitStatus|id|submitAttempt|previousTrace|previousException)$/.test(name))
      return new UnknownValue(`task.${name} of a run`, { truthy: true, plain: true });
    const setting = this.#directives.get(name);
    if (setting === undefined && this.#openConfig && /^(cpus|memory|time|disk)$/.test(name))
      return new UnknownValue(`task.${name} is set by who uses the module`, { truthy: true, plain: true });
    if (setting === undefined) return name === 'cpus' ? 1 : name === 'executor' ? 'local' : null;
    return setting.value ?? new UnknownValue(setting.unknown ?? `task.${name}`, { plain: true });
  }
  override method(name: string, args: CallArguments): Value | undefined {
    const key = name === 'get' ? textOf(args.positional[0] ?? null) : undefined;
    return key === undefined ? undefined : this.property(key);
  }
}

class ExtHost extends HostValue {
  readonly typeName = 'task.ext';
  readonly #directives: ReadonlyMap<string, DirectiveSetting>;
  constructor(directives: ReadonlyMap<string, DirectiveSetting>) {
    super();
    this.#directives = directives;
  }
  override property(name: string): Value {
    const setting = this.#directives.get(`ext.${name}`);
    if (setting === undefined) return null;
    return setting.value ?? new UnknownValue(setting.unknown ?? `task.ext.${name}`, { plain: true });
  }
}

// ------------------------------------------------------------------------------------------------------ syms and pieces

function hole(key: string, sort: Hole['sort'], sources: Sources, names: ReadonlySet<string>, written: string, place: SourceRange): Hole {
  return { type: 'hole', key, sort, sources, names, is: undefined, text: undefined, unset: false, written, place };
}

function inputSym(name: string, staged: boolean, place: SourceRange): Sym {
  const sources: Sources = { inputs: new Set([name]), cpus: false };
  const one: Hole = { ...hole(name, 'words', sources, staged ? sources.inputs : NO_NAMES, name, place), is: name };
  return { value: undefined, pieces: [one], items: undefined, truth: 'unknown', sources };
}

/** `written`: the expression of which the value depends on `task.cpus`. */
function knownSym(value: Value, sources: Sources, items?: readonly Sym[], written?: string): Sym {
  const sym: Sym = { value, pieces: undefined, items, truth: truthOf(value), sources };
  return written === undefined ? sym : { ...sym, written };
}

function symOf(pieces: readonly Piece[], sources: Sources): Sym {
  const text = plainText(pieces);
  // Text with something in it is true.
  const truth: Truth =
    text !== undefined ? text !== '' : pieces.some((piece) => piece.type === 'text' && piece.text !== '') ? true : 'unknown';
  return { value: text, pieces, items: undefined, truth, sources };
}

function isText(sym: Sym): boolean {
  return typeof sym.value === 'string' || sym.pieces?.some((piece) => piece.type === 'text' || piece.type === 'choice') === true;
}

function isWhole(value: Value): boolean {
  return !(value instanceof ListValue) || (!value.open && value.items.every((item) => !isUnknown(item) && isWhole(item)));
}

/** Puts a value's pieces into a text, at `at`. */
function insert(into: Piece[], pieces: readonly Piece[], at: SourceRange): void {
  for (const piece of pieces) into.push({ ...piece, at });
}

/** As text; `place` is where the value is written into it. */
export function piecesOf(sym: Sym, place: SourceRange, written?: string): readonly Piece[] {
  if (sym.pieces !== undefined) return sym.pieces;
  const text = textOf(sym.value ?? null);
  const as = written ?? sym.written ?? text ?? '';
  if (sym.sources.cpus) return [{ ...hole(`cpus:${as}`, 'word', sym.sources, NO_NAMES, as, place), text }];
  if (text === undefined) return [hole(as, 'words', sym.sources, NO_NAMES, as, place)];
  return [textPiece(text, place)];
}

// ------------------------------------------------------------------------------------------------------ syntax

function stops(expression: Expression): boolean {
  return (
    expression.kind === 'MethodCallExpression' &&
    expression.object === null &&
    !('kind' in expression.method) &&
    (expression.method.name === 'error' || expression.method.name === 'exit')
  );
}

/** `task.ext.args` → `args`. */
function extName(node: Expression): string | undefined {
  if (node.kind !== 'PropertyExpression' || 'kind' in node.property || node.object.kind !== 'PropertyExpression') return undefined;
  const { object, property } = node.object;
  if ('kind' in property || property.name !== 'ext' || object.kind !== 'VariableExpression' || object.name !== 'task') return undefined;
  return node.property.name;
}

function conditionKey(file: SourceFile, node: Expression): string {
  return file.slice(node).replace(/\s+/g, ' ').trim();
}

function caseKey(file: SourceFile, statement: SwitchStatement, index: number): string {
  const test = statement.cases[index]?.test;
  return `${conditionKey(file, statement.value)} == ${test == null ? '(other)' : conditionKey(file, test)}`;
}

function caseBody(cases: readonly { readonly body: readonly Statement[] }[], from: number): readonly Statement[] {
  const statements: Statement[] = [];
  for (const { body } of cases.slice(from)) {
    for (const statement of body) {
      if (statement.kind === 'JumpStatement') return statements;
      statements.push(statement);
      if (statement.kind === 'ReturnStatement') return statements;
    }
  }
  return statements;
}

/** Methods that change what they are called on. */
const CHANGES: ReadonlySet<string> = new Set([
  'add',
  'addAll',
  'push',
  'put',
  'putAll',
  'append',
  'remove',
  'leftShift',
  'clear',
  'insert',
  'putAt',
]);

/** What an expression speaks of: looked up once for all calls of the process. */
interface NodeFacts {
  /** Variables. */
  readonly names: readonly string[];
  /** Those whose own text can end up in its value, when they are files. */
  readonly spelling: readonly string[];
  /** `task.ext.NAME`. */
  readonly exts: readonly string[];
  readonly cpus: boolean;
  readonly memory: boolean;
}

const facts = new WeakMap<Node, NodeFacts>();

function factsOf(node: Node): NodeFacts {
  const known = facts.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  const spelling = new Set<string>();
  const exts = new Set<string>();
  let cpus = false;
  let memory = false;
  walk(node, (one) => {
    if (one.kind === 'VariableExpression') names.add(one.name);
    else if (one.kind === 'PropertyExpression' && !('kind' in one.property)) {
      const ext = extName(one);
      if (ext !== undefined) exts.add(ext);
      else if (one.object.kind === 'VariableExpression' && one.object.name === 'task') {
        cpus ||= one.property.name === 'cpus';
        memory ||= one.property.name === 'memory';
      }
    }
  });
  walk(node, (one) => {
    if (givesNoName(one)) return false;
    if (one.kind === 'VariableExpression') spelling.add(one.name);
    return undefined;
  });
  const found = { names: [...names], spelling: [...spelling], exts: [...exts], cpus, memory };
  facts.set(node, found);
  return found;
}

/** `bam.size()`, or another name than its own: `bam.name.replace('.bam', '.tsv')`, `bam - '.bam'`, `bams.collect { it.baseName }`. */
function givesNoName(node: Node): boolean {
  if (makesNewName(node)) return true;
  if (node.kind === 'PropertyExpression') return !('kind' in node.property) && TELLS.test(node.property.name);
  if (node.kind !== 'MethodCallExpression' || 'kind' in node.method) return false;
  return TELLS.test(node.method.name) || node.arguments.some(({ value }) => value.kind === 'ClosureExpression' && hasNewName(value));
}

function makesNewName(node: Node): boolean {
  if (node.kind === 'PropertyExpression') return !('kind' in node.property) && NAMES_ANEW.test(node.property.name);
  if (node.kind === 'MethodCallExpression') return !('kind' in node.method) && NAMES_ANEW.test(node.method.name);
  if (node.kind === 'BinaryExpression') return node.operator === '-';
  // `bam.name[0..-5]`; of a list these are some of its files.
  return node.kind === 'IndexExpression' && node.index.kind === 'BinaryExpression' && node.object.kind !== 'VariableExpression';
}

function hasNewName(node: Node): boolean {
  let found = false;
  walk(node, (one) => {
    found ||= makesNewName(one);
    return found ? false : undefined;
  });
  return found;
}

const assigned = new WeakMap<Node, readonly string[]>();

/** Variables that code below a node sets or adds to, in loops and closures. */
function assignedIn(node: Node): readonly string[] {
  const known = assigned.get(node);
  if (known !== undefined) return known;
  const names = new Set<string>();
  walk(node, (one) => {
    const target =
      one.kind === 'AssignmentExpression'
        ? one.target
        : one.kind === 'UnaryExpression' && (one.operator === '++' || one.operator === '--')
          ? one.operand
          : one.kind === 'BinaryExpression' && one.operator === '<<'
            ? one.left
            : one.kind === 'MethodCallExpression' && one.object !== null && !('kind' in one.method) && CHANGES.has(one.method.name)
              ? one.object
              : undefined;
    if (target === undefined) return;
    walk(target, (part) => {
      if (part.kind === 'VariableExpression') names.add(part.name);
    });
  });
  const list = [...names];
  assigned.set(node, list);
  return list;
}

const constants = new WeakMap<Node, string>();

/** The texts that an expression can put into what it is worth: patterns to match by are none. */
function constantsIn(node: Node): string {
  let text = constants.get(node);
  if (text !== undefined) return text;
  text = '';
  const patterns = new Set<Node>();
  walk(node, (one) => {
    if (patterns.has(one)) return false;
    if (one.kind === 'BinaryExpression' && (one.operator === '=~' || one.operator === '==~')) patterns.add(one.right);
    else if (one.kind === 'MethodCallExpression' && !('kind' in one.method) && MATCHES.test(one.method.name)) {
      const [pattern] = one.arguments;
      if (pattern !== undefined) patterns.add(pattern.value);
    } else if (one.kind === 'ConstantExpression' && typeof one.value === 'string') text += ` ${one.value}`;
    else if (one.kind === 'GStringExpression') for (const part of one.parts) if (part.kind === 'GStringText') text += ` ${part.value}`;
    return undefined;
  });
  constants.set(node, text);
  return text;
}

const MATCHES = /^(replace(All|First)?|matches|find(All)?|split|tokenize|contains|startsWith|endsWith|minus|eachMatch)$/;

interface Quotes {
  readonly quotes: number;
  readonly triple: boolean;
  readonly start: number;
  readonly end: number;
}

function quotesOf(file: SourceFile, node: { start: number; end: number }): Quotes {
  const { text } = file;
  const quotes = text.charCodeAt(node.start);
  if (quotes === 36) return { quotes, triple: true, start: node.start + 2, end: node.end - 2 };
  const triple =
    quotes !== 47 && node.end - node.start >= 6 && text.charCodeAt(node.start + 1) === quotes && text.charCodeAt(node.start + 2) === quotes;
  const width = triple ? 3 : 1;
  return { quotes, triple, start: node.start + width, end: node.end - width };
}

/** The text between two places of a string, cut at escapes so that every letter keeps its place. */
function pushText(pieces: Piece[], file: SourceFile, start: number, end: number, quotes: number, triple: boolean): void {
  const { text } = file;
  const sign = quotes === 36 ? '$' : '\\';
  let from = start;
  const push = (to: number): void => {
    if (to > from) pieces.push(textPiece(text.slice(from, to), rangeIn(file, { start: from, end: to }), true));
  };
  for (let at = text.indexOf(sign, from); at >= 0 && at < end; at = text.indexOf(sign, from)) {
    push(at);
    let to = at + 2;
    const code = text.charCodeAt(at + 1);
    if (code === 117 || code === 13 || (code >= 48 && code <= 55)) {
      const match = /^\\(u+[0-9a-fA-F]{4}|\r\n|[0-3]?[0-7]{1,2})/.exec(text.slice(at, at + 12));
      if (match !== null) to = at + match[0].length;
    }
    to = Math.min(to, end);
    const value = textValue(text, at, to, quotes, triple);
    if (value !== '') pieces.push(textPiece(value, rangeIn(file, { start: at, end: to })));
    from = to;
  }
  push(end);
}

/** The `}` that closes what is open at `from`; strings are looked over. */
function closingBrace(text: string, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const letter = text[at];
    if (letter === '{') depth += 1;
    else if (letter === '}') {
      if (depth === 0) return at;
      depth -= 1;
    } else if (letter === "'" || letter === '"') {
      const close = text.indexOf(letter, at + 1);
      if (close < 0 || close >= end) return -1;
      at = close;
    }
  }
  return -1;
}
