/**
 * The one evaluator: config, directives, conditions, helper functions and workflow bodies all go through it. It walks
 * the tree with values that may be unknown. A condition that is unknown is walked both ways and the outcomes merged; one
 * that is known to be false is walked too where processes may be called, so that what is switched off is still seen.
 * Nothing of the pipeline is executed: no file is written, no process spawned, no class loaded. Steps are counted, and
 * when there are too many everything left is unknown.
 */
import { rangeIn, type SourceFile, type SourceRange, type TextRange } from '../../source/source-file.ts';
import type {
  Argument,
  AssignmentExpression,
  BinaryExpression,
  CatchClause,
  ClosureExpression,
  DeclarationStatement,
  Expression,
  FunctionNode,
  GStringExpression,
  Identifier,
  IfStatement,
  MethodCallExpression,
  Parameter,
  PropertyExpression,
  Statement,
  SwitchStatement,
  TryStatement,
} from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';
import { type Alternative, Branches, NO_CHANGES } from './branches.ts';
import { castTo, textOf } from './conversions.ts';
import { type Activity, activityOf, type Guard, GuardLiteral } from './guard.ts';
import { callMethod, propertyOf } from './methods.ts';
import { arithmetic, compare, equal } from './operators.ts';
import { boundedRegExp } from './pattern.ts';
import { Journal, type Outcome, Scope } from './scope.ts';
import {
  BuiltinValue,
  type CallArguments,
  type CallSite,
  ClassValue,
  ClosureValue,
  computed,
  DurationValue,
  flowing,
  HostValue,
  isUnknown,
  ListValue,
  MapValue,
  MatcherValue,
  MemoryValue,
  NO_ARGUMENTS,
  negate,
  ObjectValue,
  orUnknown,
  PathValue,
  PatternValue,
  SumValue,
  type Truth,
  termIn,
  truthOf,
  UnknownValue,
  unknownFrom,
  type Value,
} from './value.ts';

/** Where a piece of code runs: its variables, its script, and what `this` is. */
export interface Frame {
  readonly scope: Scope;
  /** Where a name that nobody declared is put on assignment. */
  readonly undeclared: Scope;
  readonly file: SourceFile;
  /** Of a workflow body both sides of a known condition are walked; elsewhere only the side taken. */
  readonly kind: 'script' | 'function' | 'workflow' | 'config';
  readonly self?: Value;
  readonly delegate?: Value;
  /** What the host keeps for the script or workflow that the code belongs to. */
  readonly context: unknown;
}

/** What the evaluator does not know by itself. */
export interface Host {
  /** A name that no scope holds: a process, a function, `params`, `workflow`, `Channel`. */
  resolveName(name: string, frame: Frame, node: TextRange): Value | undefined;
  /** A call by name that no scope, class or function answers. */
  callFunction(name: string, args: CallArguments, site: CallSite): Value | undefined;
  /** `left | right`, `left & right` where something flows. */
  pipe(left: Value, node: BinaryExpression, frame: Frame): Value | undefined;
  /** One value of several, by condition; at least one of them flows. */
  join(alternatives: readonly Alternative[], place: SourceRange): Value;
  /** A declaration met among statements: process, workflow, include, function, class, params block. */
  declare(statement: Statement, frame: Frame): void;
  /** A labelled statement (config selectors). False: walk the statement as if it had no label. */
  labeled(label: Identifier, statement: Statement, frame: Frame): boolean;
  /** An assignment whose target is a property or variable that the host keeps itself (config). */
  assign(target: Expression, value: Value, node: AssignmentExpression, frame: Frame): boolean;
  /** The script calls `error`, `exit` or throws, and nothing catches it. */
  stops(message: Value, place: SourceRange, activity: Activity): void;
  /** A class is used for the first time: its static fields get their values. */
  initialise(type: ClassValue, site: CallSite): void;
  /** A method of a value that is not the host's own: gives the host a say (a list given where a channel is meant). */
  method(receiver: Value, name: string, args: CallArguments, site: CallSite): Value | undefined;
}

/** How a statement ended, if not by falling through. */
export type Completion = { readonly type: 'return' | 'throw'; readonly value: Value } | { readonly type: 'break' | 'continue' } | Perhaps;
/** It returns on a condition that is not known, and otherwise goes on with what follows. */
interface Perhaps {
  readonly type: 'perhaps';
  readonly value: Value;
  readonly literal: GuardLiteral;
  /** What follows happens just if the literal does not hold: there is no other condition around it. */
  readonly alone: boolean;
}
const BREAK: Completion = { type: 'break' };
const CONTINUE: Completion = { type: 'continue' };

function leaves(completion: Completion | undefined): boolean {
  return completion !== undefined && completion.type !== 'perhaps';
}

const MAX_STEPS = 3_000_000;
const MAX_DEPTH = 400;
const MAX_CALL_DEPTH = 60;
/** How often a function is within itself where it is not known whether it calls itself: each time all its ways are walked once more. */
const MAX_GUESSED_DEPTH = 6;
const LONGEST_TEXT = 1_000_000;
const NUMBER_TYPES = /^(java\.(lang|math)\.)?(int|long|Integer|Long|Double|Float|double|float|BigDecimal|BigInteger)$/;
/** Rounds of one loop, and of all: what stands in loops within loops can cost a lot each time. */
const MAX_ITERATIONS = 10_000;
const MAX_ROUNDS = 20_000;
/** Of `while (true)` that nothing has left by then: it has no end, and the loops around it have none. */
const ENDLESS_ROUNDS = 20;

export class Interpreter {
  readonly journal = new Journal();
  readonly #branches: Branches;
  readonly host: Host;
  /** Conditions around what is being walked. */
  guard: Guard = [];
  /** The conjunction of `guard`. */
  activity: Activity = true;
  steps = 0;
  /** Of matching regular expressions. */
  patternSteps = 0;
  exhausted = false;
  /** A loop went on for more rounds than are followed. */
  loopCut = false;
  #depth = 0;
  #callDepth = 0;
  readonly #running: FunctionNode[] = [];
  #rounds = 0;
  /** Loops by condition that are being walked, and whether one of them was found to have no end. */
  #loops = 0;
  #endless = false;
  /** How many `try` blocks are around: a throw inside one is caught, else it is reported and walked past. */
  #trying = 0;
  /** The value of the last expression statement: what a function without `return` gives. */
  #last: Value = null;

  constructor(host: Host) {
    this.host = host;
    this.#branches = new Branches(this.journal, (alternatives, place) => host.join(alternatives, place));
  }

  // ------------------------------------------------------------------------------------------------ statements

  /** Walks statements; the value is that of `return`, or of the last expression. */
  run(statements: readonly Statement[], frame: Frame): Value {
    const before = this.#last;
    this.#last = null;
    const completion = this.#block(statements, frame);
    // What is thrown where a `try` is around leaves the caller's statement too.
    if (completion?.type === 'throw' && this.trying) this.#thrown = completion;
    let value = completion?.type === 'return' ? completion.value : this.#last;
    if (completion?.type === 'perhaps') value = this.#branches.choose(completion.value, value, completion.literal);
    this.#last = before;
    return value;
  }

  #block(statements: readonly Statement[], frame: Frame, from = 0): Completion | undefined {
    for (let at = from; at < statements.length; at += 1) {
      const completion = this.#statement(statements[at] as Statement, frame);
      if (completion?.type === 'perhaps') {
        // What follows belongs to the other branch.
        const follow = (): Completion | undefined => this.#block(statements, frame, at + 1);
        return this.#either(completion, completion.alone ? this.under(completion.literal.opposite, follow) : follow());
      }
      if (completion !== undefined) return completion;
    }
    return undefined;
  }

  /** What returns perhaps, and what comes of what follows it. */
  #either(first: Perhaps, then: Completion | undefined): Completion {
    if (then?.type !== 'return' && then?.type !== 'perhaps') return first;
    return { ...first, type: then.type, value: this.#branches.choose(first.value, then.value, first.literal) };
  }

  /** What an expression of the statement throws is how the statement ends: nothing thrown is left for the next one, or the caller. */
  #statement(statement: Statement, frame: Frame): Completion | undefined {
    const completion = this.#walk(statement, frame);
    return this.#takeThrown() ?? completion;
  }

  #walk(statement: Statement, frame: Frame): Completion | undefined {
    if (this.#step()) return undefined;
    switch (statement.kind) {
      case 'ExpressionStatement':
        this.#last = this.evaluate(statement.expression, frame);
        return undefined;
      case 'DeclarationStatement':
        this.#declaration(statement, frame);
        return undefined;
      case 'IfStatement':
        return this.#if(statement, frame);
      case 'BlockStatement':
        return this.#block(statement.statements, { ...frame, scope: new Scope(frame.scope) });
      case 'ReturnStatement':
        return { type: 'return', value: statement.value === null ? null : this.evaluate(statement.value, frame) };
      case 'LabeledStatement':
        if (this.host.labeled(statement.label, statement.statement, frame)) return undefined;
        return this.#statement(statement.statement, frame);
      case 'ThrowStatement':
        return this.throwAt(this.evaluate(statement.value, frame), statement, frame);
      case 'AssertStatement': {
        const truth = truthOf(this.evaluate(statement.condition, frame));
        if (truth !== false) return undefined;
        return this.throwAt(statement.message === null ? 'assertion failed' : this.evaluate(statement.message, frame), statement, frame);
      }
      case 'ForInStatement':
        return this.#forIn(statement.variable.name, this.evaluate(statement.iterable, frame), statement.iterable, statement.body, frame);
      case 'ForStatement': {
        const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
        this.#block(statement.init, inner);
        return this.#while(statement.condition, statement.body, inner, false, statement.update);
      }
      case 'WhileStatement':
        return this.#loop(() => this.#while(statement.condition, statement.body, frame, statement.bodyFirst, []));
      case 'SwitchStatement':
        return this.#switch(statement, frame);
      case 'TryStatement':
        return this.#try(statement, frame);
      case 'JumpStatement':
        return statement.jump === 'break' ? BREAK : CONTINUE;
      case 'ImportStatement':
      case 'OpaqueNode':
      case 'IncompleteNode':
        return undefined;
      default:
        this.host.declare(statement, frame);
        return undefined;
    }
  }

  #declaration(statement: DeclarationStatement, frame: Frame): void {
    if (statement.tuple) {
      const value = statement.value === null ? null : this.evaluate(statement.value, frame);
      statement.declarations.forEach((declaration, index) => {
        this.journal.write(frame.scope.variables, declaration.name.name, this.#element(value, index, statement, frame));
      });
      return;
    }
    for (const declaration of statement.declarations) {
      let value = declaration.value === null ? null : this.evaluate(declaration.value, frame);
      if (this.#thrown !== undefined) return;
      if (declaration.type !== null && !(value instanceof HostValue)) value = castTo(declaration.type.name, value, false);
      this.journal.write(frame.scope.variables, declaration.name.name, value);
      this.#last = value;
    }
  }

  #element(value: Value, index: number, node: TextRange, frame: Frame): Value {
    if (value instanceof ListValue) return value.items[index] ?? (value.open ? unknownFrom('an element of an unknown list', value) : null);
    if (value instanceof HostValue) {
      return orUnknown(value.method('getAt', { positional: [index], named: null }, this.site(node, frame)), 'a part of it', value);
    }
    if (value instanceof UnknownValue) return value.part(index) ?? unknownFrom('a part of an unknown value', value);
    return value === null ? null : unknownFrom('a part of an unknown value', value);
  }

  #if(statement: IfStatement, frame: Frame): Completion | undefined {
    const condition = this.evaluate(statement.condition, frame);
    const thrown = this.#takeThrown();
    if (thrown !== undefined) return thrown;
    const truth = truthOf(condition);
    const literal = new GuardLiteral(rangeIn(frame.file, statement.condition), false, truth);
    if (truth !== 'unknown') {
      const taken = truth ? statement.thenBranch : statement.elseBranch;
      const other = truth ? statement.elseBranch : statement.thenBranch;
      const shadow = other !== null && this.#shadows(frame) ? this.#shadow(truth ? literal.opposite : literal, other, frame) : undefined;
      const completion = taken === null ? undefined : this.under(truth ? literal : literal.opposite, () => this.#statement(taken, frame));
      if (shadow !== undefined) this.#branches.recall(shadow, truth ? literal : literal.opposite);
      return completion;
    }
    const first = this.#attempt(literal, () => this.#statement(statement.thenBranch, frame));
    const second = this.#attempt(literal.opposite, () =>
      statement.elseBranch === null ? undefined : this.#statement(statement.elseBranch, frame),
    );
    const firstLeaves = leaves(first.completion);
    const secondLeaves = leaves(second.completion);
    if (firstLeaves && secondLeaves) {
      this.journal.replay(first.outcome);
      if (first.completion?.type === 'throw') return second.completion;
      if (second.completion?.type === 'throw') return first.completion;
      return this.#mergeReturns(first.completion, second.completion, literal);
    }
    if (firstLeaves || secondLeaves) {
      const leaving = firstLeaves ? first : second;
      const staying = firstLeaves ? second : first;
      this.journal.replay(staying.outcome);
      this.#last = staying.last;
      // A branch that fails does not go on: what follows happens whenever the pipeline does.
      if (leaving.completion?.type !== 'return') return staying.completion;
      const perhaps: Perhaps = {
        type: 'perhaps',
        value: leaving.completion.value,
        literal: firstLeaves ? literal : literal.opposite,
        alone: staying.completion === undefined,
      };
      return staying.completion === undefined ? perhaps : this.#either(perhaps, staying.completion);
    }
    this.#branches.merge(first.outcome, second.outcome, literal);
    this.#last = this.#branches.choose(first.last, second.last, literal);
    const [one, two] = [first.completion, second.completion];
    if (one?.type === 'perhaps')
      return { ...(two === undefined ? one : this.#either({ ...one, literal }, two)), type: 'perhaps', alone: false } as Perhaps;
    return two?.type === 'perhaps' ? { ...two, alone: false } : undefined;
  }

  #mergeReturns(one: Completion | undefined, two: Completion | undefined, literal: GuardLiteral): Completion | undefined {
    if (one?.type !== 'return' || two?.type !== 'return') return one ?? two;
    return { type: 'return', value: this.#branches.choose(one.value, two.value, literal) };
  }

  #shadows(frame: Frame): boolean {
    return (frame.kind === 'workflow' || frame.kind === 'script') && this.#callDepth === 0;
  }

  #attempt(
    literal: GuardLiteral,
    body: () => Completion | undefined,
  ): { completion: Completion | undefined; outcome: Outcome; last: Value } {
    const before = this.#last;
    this.#last = null;
    this.journal.begin();
    const completion = this.under(literal, body);
    const outcome = this.journal.revert();
    const last = this.#last;
    this.#last = before;
    return { completion, outcome, last };
  }

  #shadow(literal: GuardLiteral, statement: Statement, frame: Frame): Outcome {
    return this.#attempt(literal, () => this.#statement(statement, frame)).outcome;
  }

  /** Walks something as what happens only if the condition holds. */
  under<T>(literal: GuardLiteral, body: () => T): T {
    const { guard, activity } = this;
    this.guard = [...guard, literal];
    this.activity = activityOf(this.guard);
    try {
      return body();
    } finally {
      this.guard = guard;
      this.activity = activity;
    }
  }

  #forIn(name: string, iterable: Value, place: TextRange, body: Statement, frame: Frame): Completion | undefined {
    const items = this.#iterated(iterable);
    if (items === undefined) {
      // Unknown how often: walked once, as something that may happen.
      const literal = new GuardLiteral(rangeIn(frame.file, place), false, 'unknown', 'for each of ');
      const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
      inner.scope.variables.set(name, unknownFrom('an element of an unknown list', iterable));
      return this.#once(literal, body, inner);
    }
    let rounds = 0;
    let perhaps: Completion | undefined;
    for (const item of items) {
      rounds += 1;
      if (this.#tooLong(rounds) || this.exhausted) return perhaps;
      const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
      inner.scope.variables.set(name, item);
      const completion = this.#statement(body, inner);
      if (completion?.type === 'break') return perhaps;
      if (completion !== undefined && completion.type !== 'continue') {
        perhaps = perhaps?.type === 'perhaps' ? this.#either(perhaps, completion) : completion;
        if (perhaps.type !== 'perhaps') return perhaps;
      }
    }
    return perhaps;
  }

  /** The body of a loop of which the rounds are not known, walked once as what may happen. */
  #once(literal: GuardLiteral, body: Statement, frame: Frame): Completion | undefined {
    const { completion, outcome } = this.#attempt(literal, () => this.#statement(body, frame));
    this.#branches.merge(outcome, NO_CHANGES, literal);
    return completion?.type === 'return' || completion?.type === 'perhaps'
      ? { type: 'perhaps', value: completion.value, literal, alone: false }
      : undefined;
  }

  /** One more round of a loop: whether it is one too many. */
  #tooLong(round: number): boolean {
    this.#rounds += 1;
    if (round <= MAX_ITERATIONS && this.#rounds <= MAX_ROUNDS) return false;
    this.loopCut = true;
    return true;
  }

  #iterated(value: Value): Value[] | undefined {
    if (value instanceof ListValue) return value.open ? undefined : value.items.slice();
    if (value instanceof MapValue) {
      return [...value.entries].map(
        ([key, item]) =>
          new MapValue(
            new Map<string, Value>([
              ['key', key],
              ['value', item],
            ]),
          ),
      );
    }
    if (typeof value === 'string') return [...value];
    if (value === null) return [];
    return undefined;
  }

  /** A loop that may have no end; those around it have none then, either. */
  #loop(walk: () => Completion | undefined): Completion | undefined {
    this.#loops += 1;
    const completion = walk();
    this.#loops -= 1;
    if (this.#loops === 0) this.#endless = false;
    return completion;
  }

  #while(
    condition: Expression | null,
    body: Statement,
    frame: Frame,
    bodyFirst: boolean,
    update: readonly Expression[],
  ): Completion | undefined {
    let perhaps: Completion | undefined;
    for (let round = 0; !this.exhausted; round += 1) {
      if (this.#tooLong(round + 1)) return perhaps;
      if (round === ENDLESS_ROUNDS && condition !== null && frame.file.slice(condition) === 'true') {
        this.loopCut = true;
        this.#endless = true;
      }
      // What stands behind the loops is looked at all the same.
      if (this.#endless) return perhaps;
      if (condition !== null && !(bodyFirst && round === 0)) {
        const truth = truthOf(this.evaluate(condition, frame));
        if (truth === false) return perhaps;
        if (truth === 'unknown') {
          const literal = new GuardLiteral(rangeIn(frame.file, condition), false, 'unknown');
          return this.#once(literal, body, frame);
        }
      }
      const completion = this.#statement(body, { ...frame, scope: new Scope(frame.scope) });
      if (completion?.type === 'break') return perhaps;
      if (completion !== undefined && completion.type !== 'continue') {
        perhaps = perhaps?.type === 'perhaps' ? this.#either(perhaps, completion) : completion;
        if (perhaps.type !== 'perhaps') return perhaps;
      }
      for (const expression of update) this.evaluate(expression, frame);
    }
    return perhaps;
  }

  #switch(statement: SwitchStatement, frame: Frame): Completion | undefined {
    const value = this.evaluate(statement.value, frame);
    const tests = statement.cases.map(
      (one): Truth => (one.test === null ? false : this.caseMatches(value, this.evaluate(one.test, frame))),
    );
    const firstTrue = tests.indexOf(true);
    const hit = firstTrue === -1 ? statement.cases.findIndex((one) => one.test === null) : firstTrue;
    const unsure = tests.some((test, index) => test === 'unknown' && (firstTrue === -1 || index < firstTrue));
    if (!unsure) {
      const shadows: { outcome: Outcome; literal: GuardLiteral }[] = [];
      if (this.#shadows(frame)) {
        statement.cases.forEach((_, index) => {
          if (index === hit) return;
          const literal = this.#caseLiteral(statement, index, false, frame);
          shadows.push({ outcome: this.#attempt(literal, () => this.#cases(statement, index, frame)).outcome, literal });
        });
      }
      const completion =
        hit === -1 ? undefined : this.under(this.#caseLiteral(statement, hit, true, frame), () => this.#cases(statement, hit, frame));
      for (const shadow of shadows) this.#branches.recall(shadow.outcome, shadow.literal.opposite);
      return completion;
    }
    let result: Completion | undefined;
    statement.cases.forEach((_, index) => {
      if (tests[index] === false && index !== hit) return;
      const literal = this.#caseLiteral(statement, index, 'unknown', frame);
      const attempt = this.#attempt(literal, () => this.#cases(statement, index, frame));
      if (attempt.completion?.type === 'throw') return;
      this.#branches.merge(attempt.outcome, NO_CHANGES, literal);
      if (attempt.completion?.type === 'return') {
        result = result === undefined ? attempt.completion : this.#mergeReturns(attempt.completion, result, literal);
      }
    });
    return result;
  }

  #caseLiteral(statement: SwitchStatement, index: number, active: Activity, frame: Frame): GuardLiteral {
    const test = statement.cases[index]?.test;
    const subject = frame.file.slice(statement.value).replace(/\s+/g, ' ');
    if (test == null) return new GuardLiteral(rangeIn(frame.file, statement.value), false, active, 'none of the cases of ');
    return new GuardLiteral(rangeIn(frame.file, test), false, active, `${subject} == `);
  }

  #cases(statement: SwitchStatement, from: number, frame: Frame): Completion | undefined {
    for (let at = from; at < statement.cases.length; at += 1) {
      const completion = this.#block(statement.cases[at]?.body ?? [], frame);
      if (completion?.type === 'break') return undefined;
      if (completion !== undefined) return completion;
    }
    return undefined;
  }

  /** Groovy's `isCase`: equality, membership, a pattern, a type or a closure. */
  caseMatches(value: Value, test: Value): Truth {
    if (isUnknown(value) || isUnknown(test)) return 'unknown';
    if (test instanceof ListValue) return this.contains(test, value);
    if (test instanceof MapValue) return this.#in(value, test);
    if (test instanceof PatternValue) {
      const answer = callMethod('matches', value, [test.source], this.site({ start: 0, end: 0 }, EMPTY_FRAME));
      return answer === undefined ? 'unknown' : truthOf(answer);
    }
    if (test instanceof ClosureValue) return truthOf(this.callClosure(test, [value]));
    if (test instanceof ClassValue) return 'unknown';
    return equal(value, test) ?? 'unknown';
  }

  contains(list: ListValue, value: Value): Truth {
    let unsure = list.open || isUnknown(value);
    for (const item of list.items) {
      const same = equal(item, value);
      if (same === true) return true;
      if (same === undefined) unsure = true;
    }
    return unsure ? 'unknown' : false;
  }

  #try(statement: TryStatement, frame: Frame): Completion | undefined {
    this.#trying += 1;
    let completion = this.#statement(statement.body, frame);
    this.#trying -= 1;
    if (completion?.type === 'throw') {
      const clause = statement.catches[0] as CatchClause | undefined;
      if (clause !== undefined) {
        const inner: Frame = { ...frame, scope: new Scope(frame.scope) };
        if (clause.variable !== null) inner.scope.variables.set(clause.variable.name, new UnknownValue('an exception', { truthy: true }));
        completion = this.#block(clause.body.statements, inner);
      } else if (this.#trying === 0) completion = undefined;
    }
    if (statement.finallyBlock !== null) completion = this.#statement(statement.finallyBlock, frame) ?? completion;
    return completion;
  }

  #thrown: Completion | undefined;
  #takeThrown(): Completion | undefined {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    return thrown;
  }

  /** `throw`, `error` and `exit`. Outside a `try` the pipeline would stop here; the walk says so and goes on. */
  throwAt(message: Value, node: TextRange, frame: Frame): Completion | undefined {
    if (this.#trying > 0 || this.activity === 'unknown') return { type: 'throw', value: message };
    this.host.stops(message, rangeIn(frame.file, node), this.activity);
    return undefined;
  }

  /** Inside a `try`, where what goes wrong is caught. */
  get trying(): boolean {
    return this.#trying > 0;
  }

  /** As {@link throwAt}, from within an expression: takes effect at the end of its statement. */
  throwFrom(message: Value, site: CallSite): Value {
    this.#thrown = this.throwAt(message, site.node, site.frame);
    return new UnknownValue('the pipeline stops here');
  }

  #step(): boolean {
    this.steps += 1;
    if (this.steps > MAX_STEPS) this.exhausted = true;
    return this.exhausted;
  }

  // ------------------------------------------------------------------------------------------------ expressions

  site(node: TextRange, frame: Frame): CallSite {
    return { node, frame, interpreter: this };
  }

  evaluate(node: Expression, frame: Frame): Value {
    if (this.#step()) return new UnknownValue('too much code to follow');
    if (this.#depth > MAX_DEPTH) return new UnknownValue('nested too deeply');
    this.#depth += 1;
    try {
      return this.#expression(node, frame);
    } finally {
      this.#depth -= 1;
    }
  }

  #expression(node: Expression, frame: Frame): Value {
    switch (node.kind) {
      case 'ConstantExpression':
        return node.value;
      case 'GStringExpression':
        return this.#gstring(node, frame);
      case 'VariableExpression':
        return this.#variable(node.name, node, frame);
      case 'PropertyExpression':
        return this.#property(node, frame);
      case 'MethodCallExpression':
        return this.#call(node, frame);
      case 'IndexExpression': {
        const object = this.evaluate(node.object, frame);
        if (object === null) return node.safe ? null : new UnknownValue('an element of null');
        const index = this.#index(node.index, object, frame);
        return this.callMethodOn(object, 'getAt', { positional: [index], named: null }, this.site(node, frame));
      }
      case 'ListExpression':
        return this.#list(node.elements, frame);
      case 'MapExpression': {
        const entries = new Map<string, Value>();
        for (const entry of node.entries) {
          const value = this.evaluate(entry.value, frame);
          if (entry.key === null) {
            if (value instanceof MapValue) for (const [key, item] of value.entries) entries.set(key, item);
            else return unknownFrom('a map with unknown parts', value, ...entries.values());
          } else {
            const key = this.evaluate(entry.key, frame);
            if (isUnknown(key)) return unknownFrom('a map with unknown keys', value, ...entries.values());
            entries.set(textOf(key) ?? '', value);
          }
        }
        return new MapValue(entries);
      }
      case 'ClosureExpression':
        return new ClosureValue(node, frame);
      case 'BinaryExpression':
        return this.#binary(node, frame);
      case 'AssignmentExpression':
        return this.#assignment(node, frame);
      case 'UnaryExpression':
        return this.#unary(node.operator, node.operand, node.postfix, frame);
      case 'TernaryExpression': {
        const condition = this.evaluate(node.condition, frame);
        return this.#choose(
          truthOf(condition),
          node.condition,
          () => this.evaluate(node.whenTrue, frame),
          () => this.evaluate(node.whenFalse, frame),
          frame,
        );
      }
      case 'ElvisExpression': {
        const value = this.evaluate(node.value, frame);
        return this.#choose(
          truthOf(value),
          node.value,
          () => value,
          () => this.evaluate(node.whenFalse, frame),
          frame,
        );
      }
      case 'CastExpression': {
        const value = this.evaluate(node.expression, frame);
        const cast = castTo(node.type.name, value, node.coercion);
        if (this.trying && typeof value === 'string' && typeof cast === 'string' && NUMBER_TYPES.test(node.type.name)) {
          return this.throwFrom(`${value} is no number`, this.site(node, frame));
        }
        return cast;
      }
      case 'NewExpression': {
        const args = this.arguments(node.arguments, frame);
        const type = this.#resolve(node.type.name, frame, node);
        if (type instanceof ClassValue && type.node !== undefined) return this.#construct(type, args);
        // Groovy's tuples are lists.
        if (/^(groovy\.lang\.)?Tuple\d*$/.test(node.type.name) && args.named === null) return new ListValue([...args.positional]);
        return orUnknown(
          this.host.callFunction(`new ${node.type.name}`, args, this.site(node, frame)),
          `a new ${node.type.name}`,
          ...args.positional,
        );
      }
      case 'MethodPointerExpression': {
        const object = this.evaluate(node.object, frame);
        const name = 'name' in node.method && !('kind' in node.method) ? node.method.name : undefined;
        if (name === undefined) return new UnknownValue('a method by a computed name');
        return new BuiltinValue(name, (args, site) => this.callMethodOn(object, name, args, site));
      }
      case 'TypeExpression':
        return new ClassValue(node.type.name);
      case 'TupleExpression':
        return this.#list(node.elements, frame);
      case 'SpreadExpression':
        return this.evaluate(node.expression, frame);
      case 'OpaqueNode':
        return new UnknownValue(node.reason);
      case 'IncompleteNode':
        return new UnknownValue('could not be read');
    }
  }

  /** `x[1..-1]`: ends below zero count from the end. */
  #index(node: Expression, object: Value, frame: Frame): Value {
    if (node.kind !== 'BinaryExpression' || !node.operator.includes('..')) return this.evaluate(node, frame);
    const size = typeof object === 'string' ? object.length : object instanceof ListValue && !object.open ? object.items.length : undefined;
    const ends = [this.evaluate(node.left, frame), this.evaluate(node.right, frame)];
    if (size === undefined) return computed(ends.map((end) => termIn(end)).join(node.operator), 'a part of an unknown list', ...ends);
    const [from = null, to = null] = ends.map((end) => (typeof end === 'number' && end < 0 ? size + end : end));
    return orUnknown(arithmetic(node.operator, from, to), 'a range', ...ends);
  }

  /** A value of two by a condition; of an unknown one both sides are evaluated. */
  #choose(truth: Truth, condition: Expression, whenTrue: () => Value, whenFalse: () => Value, frame: Frame): Value {
    const literal = new GuardLiteral(rangeIn(frame.file, condition), false, truth);
    if (truth !== 'unknown') {
      const [taken, other] = truth ? [whenTrue, whenFalse] : [whenFalse, whenTrue];
      if (!this.#shadows(frame)) return taken();
      // What is not taken may call a process: it is seen, as what an `if` does not take is.
      const [here, there] = truth ? [literal, literal.opposite] : [literal.opposite, literal];
      const thrown = this.#thrown;
      let unseen: Value = null;
      const shadow = this.#attempt(there, () => {
        unseen = other();
        return undefined;
      }).outcome;
      this.#thrown = thrown;
      const value = this.under(here, taken);
      this.#branches.recall(shadow, here);
      if (flowing(unseen).length > 0 && value instanceof HostValue && value.flows)
        return this.host.join(
          [
            { value, literal: here },
            { value: unseen, literal: there },
          ],
          here.place,
        );
      return value;
    }
    // What only one side throws may not happen; what the condition threw has.
    const thrown = this.#thrown;
    const one = this.under(literal, whenTrue);
    const two = this.under(literal.opposite, whenFalse);
    this.#thrown = thrown;
    return this.#branches.choose(one, two, literal);
  }

  #list(elements: readonly Expression[], frame: Frame): ListValue {
    const items: Value[] = [];
    let open = false;
    for (const element of elements) {
      const value = this.evaluate(element, frame);
      if (element.kind !== 'SpreadExpression') items.push(value);
      else if (value instanceof ListValue) {
        items.push(...value.items);
        open ||= value.open;
      } else if (value !== null) {
        open = true;
        if (flowing(value).length > 0) items.push(value);
      }
    }
    return new ListValue(items, open);
  }

  #gstring(node: GStringExpression, frame: Frame): Value {
    let text = '';
    let how = '';
    let unknown: Value[] | undefined;
    for (const part of node.parts) {
      if (part.kind === 'GStringText') {
        text += part.value;
        how += part.value;
        continue;
      }
      let value = this.evaluate(part.expression, frame);
      if (value instanceof ClosureValue) value = this.callClosure(value, []);
      const shown = textOf(value);
      if (shown === undefined) {
        (unknown ??= []).push(value);
        how += `\${${termIn(value)}}`;
      } else {
        text += shown;
        how += shown;
      }
      if (text.length > LONGEST_TEXT) return new UnknownValue('a string that is too long to follow');
    }
    if (unknown === undefined) return text;
    const [first] = unknown;
    return computed(`"${how}"`, isUnknown(first) ? first.reason : 'a string with an unknown part', ...unknown);
  }

  #variable(name: string, node: TextRange, frame: Frame): Value {
    return orUnknown(this.#resolve(name, frame, node), `nothing here defines ${name}`);
  }

  #resolve(name: string, frame: Frame, node: TextRange): Value | undefined {
    if (name === 'this') return frame.self ?? this.host.resolveName('this', frame, node) ?? new UnknownValue('this');
    for (let scope: Scope | null = frame.scope; scope !== null; scope = scope.parent) {
      const value = scope.variables.get(name);
      if (value !== undefined) return value;
    }
    if (frame.delegate !== undefined) {
      const value =
        frame.delegate instanceof MapValue
          ? frame.delegate.entries.get(name)
          : frame.delegate instanceof HostValue
            ? frame.delegate.property(name, this.site(node, frame))
            : undefined;
      if (value !== undefined) return value;
    }
    if (frame.self instanceof ObjectValue) {
      const { fields, type } = frame.self;
      const field = fields.has(name) ? fields.get(name) : type.statics.get(name);
      if (field !== undefined) return field;
    } else if (frame.self instanceof ClassValue) {
      const field = frame.self.statics.get(name);
      if (field !== undefined) return field;
    }
    return this.host.resolveName(name, frame, node);
  }

  #propertyName(property: Identifier | Expression, frame: Frame): string | undefined {
    if (!('kind' in property)) return property.name;
    return textOf(this.evaluate(property, frame));
  }

  #property(node: PropertyExpression, frame: Frame): Value {
    const object = this.evaluate(node.object, frame);
    const name = this.#propertyName(node.property, frame);
    if (name === undefined) return unknownFrom('a property by a computed name', object);
    if (object === null) return node.safe || node.spread ? null : new UnknownValue(`${name} of null`);
    return this.property(object, name, this.site(node, frame), node.spread);
  }

  property(object: Value, name: string, site: CallSite, spread = false): Value {
    if (spread && object instanceof ListValue) {
      return new ListValue(
        object.items.map((item) => (item === null ? null : this.property(item, name, site))),
        object.open,
      );
    }
    if (object instanceof HostValue) return orUnknown(object.property(name, site), `${name} of ${object.typeName}`, object);
    if (object instanceof UnknownValue) return object.part(name) ?? computed(`${termIn(object)}.${name}`, object.reason, object);
    if (object instanceof ClassValue) this.host.initialise(object, site);
    return orUnknown(propertyOf(object, name, site), `the property ${name}`, object);
  }

  arguments(nodes: readonly Argument[], frame: Frame): CallArguments {
    if (nodes.length === 0) return NO_ARGUMENTS;
    const positional: Value[] = [];
    let named: Map<string, Value> | null = null;
    for (const argument of nodes) {
      const value = this.evaluate(argument.value, frame);
      if (argument.key === null) {
        if (argument.value.kind !== 'SpreadExpression') positional.push(value);
        else if (value instanceof ListValue) positional.push(...value.items);
        else positional.push(value);
      } else {
        named ??= new Map();
        if (argument.key.kind === 'SpreadExpression') {
          if (value instanceof MapValue) for (const [key, item] of value.entries) named.set(key, item);
          continue;
        }
        const key = textOf(this.evaluate(argument.key, frame));
        if (key !== undefined) named.set(key, value);
      }
    }
    return { positional, named };
  }

  #call(node: MethodCallExpression, frame: Frame): Value {
    const name = this.#propertyName(node.method, frame);
    const site = this.site(node, frame);
    if (node.object === null) {
      const args = this.arguments(node.arguments, frame);
      if (name === undefined || this.#thrown !== undefined) return unknownFrom('a call by a computed name', ...args.positional);
      return this.callByName(name, args, site);
    }
    const object = this.evaluate(node.object, frame);
    if (object === null && node.safe) return null;
    const args = this.arguments(node.arguments, frame);
    if (name === undefined || this.#thrown !== undefined) return unknownFrom('a call by a computed name', object, ...args.positional);
    if (name === 'put' && args.positional.length === 2)
      this.#changePart(node.object, object, textOf(args.positional[0] as Value), args.positional[1] as Value, frame);
    if (node.spread && object instanceof ListValue) {
      return new ListValue(
        object.items.map((item) => this.callMethodOn(item, name, args, site)),
        object.open,
      );
    }
    return this.callMethodOn(object, name, args, site);
  }

  callByName(name: string, args: CallArguments, site: CallSite): Value {
    const { frame } = site;
    const holder = frame.scope.holder(name)?.get(name);
    if (holder !== undefined) {
      if (holder instanceof ClosureValue || holder instanceof BuiltinValue || holder instanceof HostValue)
        return this.callValue(holder, args, site);
    }
    const type = frame.self instanceof ObjectValue ? frame.self.type : frame.self instanceof ClassValue ? frame.self : undefined;
    const method = type?.node?.methods.find((one) => one.name.name === name && accepts(one, args)) ?? type?.method(name);
    if (method !== undefined && type?.frame !== undefined)
      return this.callFunction(method, args, { ...type.frame, self: frame.self as Value });
    if (frame.delegate instanceof HostValue) {
      const value = frame.delegate.method(name, args, site);
      if (value !== undefined) return value;
    }
    const value = this.host.callFunction(name, args, site);
    if (value !== undefined) return value;
    const named = this.#resolve(name, frame, site.node);
    if (named instanceof ClosureValue || named instanceof BuiltinValue || named instanceof HostValue)
      return this.callValue(named, args, site);
    return unknownFrom(`what ${name}() returns`, ...args.positional, ...(args.named?.values() ?? []));
  }

  /** Calls a value: a closure, a builtin, a process. */
  callValue(callee: Value, args: CallArguments, site: CallSite): Value {
    if (callee instanceof ClosureValue) return this.callClosure(callee, withNamed(args));
    if (callee instanceof BuiltinValue) return callee.call(args, site);
    if (callee instanceof HostValue) return orUnknown(callee.call(args, site), `a call of ${callee.typeName}`, callee, ...args.positional);
    return unknownFrom('a call of an unknown value', callee, ...args.positional);
  }

  callMethodOn(object: Value, name: string, args: CallArguments, site: CallSite): Value {
    if (object instanceof HostValue) {
      return orUnknown(object.method(name, args, site), `${name}() of ${object.typeName}`, object, ...args.positional);
    }
    const hosted = this.host.method(object, name, args, site);
    if (hosted !== undefined) return hosted;
    if (object instanceof UnknownValue) {
      const answer = object.method(name, args, site);
      if (answer !== undefined) return answer;
      for (const value of args.positional) if (value instanceof ClosureValue) this.#mayRun(value, object, site);
      const how = `${termIn(object)}.${name}(${args.positional.map((value) => termIn(value)).join()})`;
      return computed(how, object.reason, object, ...args.positional, ...(args.named?.values() ?? []));
    }
    if (object === null) {
      // Groovy's null answers these few.
      if (name === 'toString') return 'null';
      if (name === 'equals' || name === 'is') return args.positional[0] === null;
      if (name === 'asBoolean') return false;
      if (this.trying) return this.throwFrom(`${name}() of null`, site);
      return unknownFrom(`${name}() of null`, ...args.positional);
    }
    if ((name === 'call' || name === 'doCall') && (object instanceof ClosureValue || object instanceof BuiltinValue))
      return this.callValue(object, args, site);
    if (object instanceof MapValue) {
      const member = object.entries.get(name);
      if (member instanceof ClosureValue || member instanceof BuiltinValue) return this.callValue(member, args, site);
    }
    if (object instanceof ObjectValue || object instanceof ClassValue) {
      const type = object instanceof ObjectValue ? object.type : object;
      const method = type.node?.methods.find((one) => one.name.name === name && accepts(one, args)) ?? type.method(name);
      if (method !== undefined && type.frame !== undefined) return this.callFunction(method, args, { ...type.frame, self: object });
      if (object instanceof ClassValue && object.statics.size > 0 && object.node === undefined) {
        // An enum: its constants are texts.
        if (name === 'values') return new ListValue([...object.statics.values()]);
        const [first] = args.positional;
        if (name === 'valueOf' && typeof first === 'string') return orUnknown(object.statics.get(first), 'no constant of the enum');
      }
      if (object instanceof ClassValue && object.node === undefined) {
        const value = this.host.callFunction(`${object.name}.${name}`, args, site);
        if (value !== undefined) return value;
      }
    }
    const answer = callMethod(name, object, withNamed(args), site);
    // Whether a text is a number is a question that scripts ask by trying.
    if (
      answer === undefined &&
      this.trying &&
      typeof object === 'string' &&
      /^to(Integer|Long|Double|Float|BigDecimal|BigInteger)$/.test(name)
    ) {
      return this.throwFrom(`${object} is no number`, site);
    }
    return orUnknown(answer, `what ${name}() returns`, object, ...args.positional);
  }

  /** Calls a function or method: its frame is that of its script or class. */
  callFunction(node: FunctionNode, args: CallArguments, home: Frame): Value {
    const values = withNamed(args);
    const guesses = this.activity === 'unknown' && this.#running.filter((one) => one === node).length >= MAX_GUESSED_DEPTH;
    if (guesses || this.#callDepth >= MAX_CALL_DEPTH) return unknownFrom(`${node.name.name}() calls itself too deeply`, ...values);
    const scope = new Scope(home.scope);
    this.#bind(node.parameters, values, scope, { ...home, scope });
    this.#callDepth += 1;
    this.#running.push(node);
    try {
      const trying = this.#trying;
      const value = this.run(node.body, { ...home, scope, kind: 'function' });
      this.#trying = trying;
      return value;
    } finally {
      this.#callDepth -= 1;
      this.#running.pop();
    }
  }

  callClosure(closure: ClosureValue, args: readonly Value[], delegate: Value | undefined = closure.delegate): Value {
    if (this.#callDepth >= MAX_CALL_DEPTH) return unknownFrom('closures call each other too deeply', ...args);
    const scope = new Scope(closure.frame.scope);
    const { parameters } = closure.node;
    const frame: Frame = { ...closure.frame, scope, ...(delegate === undefined ? {} : { delegate }) };
    if (parameters === null) scope.variables.set('it', args[0] ?? null);
    else {
      // A list given to a closure of several parameters is taken apart.
      const [only] = args;
      const spread = parameters.length > 1 && args.length === 1 ? (partsOf(only, parameters.length) ?? args) : args;
      this.#bind(parameters, spread, scope, frame);
    }
    this.#callDepth += 1;
    try {
      return this.run(closure.node.body, frame);
    } finally {
      this.#callDepth -= 1;
    }
  }

  /** A closure that something unknown is given: it may be called, so what it assigns is no longer what it was. */
  #mayRun(closure: ClosureValue, object: Value, site: CallSite): void {
    if (this.#callDepth >= MAX_CALL_DEPTH || !assigns(closure.node)) return;
    const literal = new GuardLiteral(rangeIn(site.frame.file, site.node), false, 'unknown', 'for each of ');
    const given = Array.from({ length: closure.node.parameters?.length ?? 1 }, () => unknownFrom('a part of an unknown value', object));
    const attempt = this.#attempt(literal, () => {
      this.callClosure(closure, given);
      return undefined;
    });
    this.#branches.merge(attempt.outcome, NO_CHANGES, literal);
  }

  #bind(parameters: readonly Parameter[], args: readonly Value[], scope: Scope, frame: Frame): void {
    parameters.forEach((parameter, index) => {
      let value = args[index];
      if (parameter.varargs) value = new ListValue(args.slice(index));
      else if (value === undefined) value = parameter.defaultValue === null ? null : this.evaluate(parameter.defaultValue, frame);
      scope.variables.set(parameter.name.name, value);
    });
  }

  #construct(type: ClassValue, args: CallArguments): Value {
    const fields = new Map<string, Value>();
    const object = new ObjectValue(type, fields);
    const home: Frame = { ...(type.frame as Frame), self: object };
    for (const field of type.node?.fields ?? [])
      if (!field.isStatic) fields.set(field.name.name, field.value === null ? null : this.evaluate(field.value, home));
    for (const [key, value] of args.named ?? []) fields.set(key, value);
    const maker = type.node?.methods.find((method) => method.name.name === type.name && accepts(method, args));
    if (maker !== undefined) this.callFunction(maker, args, home);
    return object;
  }

  #binary(node: BinaryExpression, frame: Frame): Value {
    const { operator } = node;
    if (operator === '&&' || operator === '||') {
      const left = truthOf(this.evaluate(node.left, frame));
      if (operator === '&&' ? left === false : left === true) return left as boolean;
      const right = truthOf(this.evaluate(node.right, frame));
      if (left !== 'unknown') return right === 'unknown' ? new UnknownValue('an unknown condition') : right;
      if (operator === '&&' ? right === false : right === true) return right as boolean;
      return new UnknownValue('an unknown condition');
    }
    const left = this.evaluate(node.left, frame);
    if (operator === '|' || operator === '&' || operator === '|>') {
      const piped = this.host.pipe(left, node, frame);
      if (piped !== undefined) return piped;
    }
    const right = this.evaluate(node.right, frame);
    switch (operator) {
      case '==':
      case '===': {
        const same = equal(left, right);
        return same ?? new UnknownValue('an unknown comparison');
      }
      case '!=':
      case '!==': {
        const same = equal(left, right);
        return same === undefined ? new UnknownValue('an unknown comparison') : !same;
      }
      case 'in':
      case '!in': {
        const found = this.#in(left, right);
        if (found === 'unknown') return new UnknownValue('an unknown membership');
        return operator === 'in' ? found : !found;
      }
      case 'instanceof':
      case '!instanceof': {
        const is = right instanceof ClassValue ? isInstance(left, right.name) : undefined;
        return is === undefined ? new UnknownValue('an unknown type') : operator === 'instanceof' ? is : !is;
      }
      case '<':
      case '<=':
      case '>':
      case '>=':
      case '<=>': {
        const order = compare(left, right);
        if (order === undefined) return new UnknownValue('an unknown comparison');
        return operator === '<'
          ? order < 0
          : operator === '<='
            ? order <= 0
            : operator === '>'
              ? order > 0
              : operator === '>='
                ? order >= 0
                : order;
      }
      case '=~':
      case '==~': {
        const source = right instanceof PatternValue ? right.source : typeof right === 'string' ? right : undefined;
        if (source === undefined || typeof left !== 'string') return unknownFrom('an unknown match', left);
        if (operator === '==~')
          return orUnknown(callMethod('matches', left, [new PatternValue(source)], this.site(node, frame)), 'an unknown match');
        const pattern = boundedRegExp(source, left, this);
        if (pattern === undefined) return new UnknownValue('an unknown match');
        return new MatcherValue(
          left,
          source,
          [...left.matchAll(pattern)].map((match) => [...match].map((group) => group ?? null)),
        );
      }
      case '<<':
        if (left instanceof ListValue) {
          this.journal.touch(left);
          left.items.push(right);
          return left;
        }
        if (left instanceof MapValue && right instanceof MapValue) {
          for (const [key, value] of right.entries) this.journal.setEntry(left, key, value);
          return left;
        }
        if (left instanceof HostValue)
          return orUnknown(left.method('leftShift', { positional: [right], named: null }, this.site(node, frame)), '<<', left, right);
        break;
    }
    if (left instanceof HostValue) {
      const answer = left.method(operator, { positional: [right], named: null }, this.site(node, frame));
      if (answer !== undefined) return answer;
    }
    if (left instanceof UnknownValue) {
      const answer = left.combined(operator, right);
      if (answer !== undefined) return answer;
    }
    if ((operator === '>>' || operator === '<<') && isCallable(left) && isCallable(right)) {
      const [first, second] = operator === '>>' ? [left, right] : [right, left];
      return new BuiltinValue('closure', (args, site) =>
        this.callValue(second, { positional: [this.callValue(first, args, site)], named: null }, site),
      );
    }
    if (operator === '-' && typeof left === 'string' && right instanceof PatternValue) {
      return orUnknown(callMethod('replaceFirst', left, [right, ''], this.site(node, frame)), 'an unknown match', left);
    }
    if (left instanceof UnknownValue && typeof right === 'number' && (operator === '+' || operator === '-'))
      return new SumValue(left, operator === '+' ? right : -right);
    if (operator === '+' && typeof left === 'number' && right instanceof UnknownValue) return new SumValue(right, left);
    return arithmetic(operator, left, right) ?? computed(`${termIn(left)} ${operator} ${termIn(right)}`, 'an unknown operand', left, right);
  }

  #in(value: Value, collection: Value): Truth {
    if (collection instanceof ListValue) return this.contains(collection, value);
    if (collection instanceof MapValue) {
      // Groovy asks for the truth of the entry, not whether there is one.
      const key = textOf(value);
      return key === undefined ? 'unknown' : truthOf(collection.get(key));
    }
    if (collection === null) return false;
    if (isUnknown(collection) || isUnknown(value)) return 'unknown';
    // Groovy's String.isCase is equality.
    return equal(value, collection) ?? 'unknown';
  }

  #unary(operator: string, operand: Expression, postfix: boolean, frame: Frame): Value {
    const value = this.evaluate(operand, frame);
    switch (operator) {
      case '!': {
        const truth = negate(truthOf(value));
        return truth === 'unknown' ? new UnknownValue('an unknown condition') : truth;
      }
      case '-':
        return typeof value === 'number' ? -value : unknownFrom('an unknown number', value);
      case '+':
        return value;
      case '~':
        return typeof value === 'string' ? new PatternValue(value) : unknownFrom('a pattern', value);
      case '++':
      case '--': {
        const next = typeof value === 'number' ? value + (operator === '++' ? 1 : -1) : unknownFrom('an unknown number', value);
        this.assignTo(operand, next, frame);
        return postfix ? value : next;
      }
    }
    return unknownFrom(`the operator ${operator}`, value);
  }

  #assignment(node: AssignmentExpression, frame: Frame): Value {
    let value: Value;
    if (node.operator === '=') value = this.evaluate(node.value, frame);
    else {
      const before = this.evaluate(node.target, frame);
      if (node.operator === '?=') value = before === null ? this.evaluate(node.value, frame) : before;
      else {
        const operand = this.evaluate(node.value, frame);
        const operator = node.operator.slice(0, -1);
        value =
          arithmetic(operator, before, operand) ??
          computed(`${termIn(before)} ${operator} ${termIn(operand)}`, 'an unknown operand', before, operand);
      }
    }
    // What threw gives no value.
    if (this.#thrown !== undefined || this.host.assign(node.target, value, node, frame)) return value;
    this.assignTo(node.target, value, frame);
    return value;
  }

  assignTo(target: Expression, value: Value, frame: Frame): void {
    switch (target.kind) {
      case 'VariableExpression':
        this.assignName(target.name, value, frame);
        return;
      case 'TupleExpression':
      case 'ListExpression':
        target.elements.forEach((element, index) => {
          this.assignTo(element, this.#element(value, index, target, frame), frame);
        });
        return;
      case 'PropertyExpression': {
        const name = this.#propertyName(target.property, frame);
        if (name === undefined) return;
        const object = this.evaluate(target.object, frame);
        if (object instanceof MapValue) this.journal.setEntry(object, name, value);
        else if (object instanceof ObjectValue) this.journal.write(object.fields, name, value, true);
        else if (object instanceof ClassValue) this.journal.write(object.statics, name, value, true);
        else if (object instanceof HostValue) object.assign(name, value, this.site(target, frame));
        else this.#changePart(target.object, object, name, value, frame);
        return;
      }
      case 'IndexExpression': {
        const object = this.evaluate(target.object, frame);
        const index = this.evaluate(target.index, frame);
        if (object instanceof MapValue) {
          const key = textOf(index);
          if (key !== undefined) this.journal.setEntry(object, key, value);
        } else if (object instanceof ListValue && typeof index === 'number') {
          this.journal.touch(object);
          object.items[index < 0 ? object.items.length + index : index] = value;
        } else if (object instanceof HostValue) {
          const key = textOf(index);
          if (key !== undefined) object.assign(key, value, this.site(target, frame));
        } else this.#changePart(target.object, object, textOf(index), value, frame);
        return;
      }
      default:
        return;
    }
  }

  /** `meta.reads = count.text` of a map that is not known: from here on its variable is that map with the part put in, so that it is known what it is made of. */
  #changePart(target: Expression, object: Value, key: string | undefined, value: Value, frame: Frame): void {
    if (!(object instanceof UnknownValue) || !isUnknown(value) || key === undefined || target.kind !== 'VariableExpression') return;
    const changed =
      object.combined('[]=', new MapValue(new Map([[key, value]]))) ??
      computed(`${termIn(object)} + [${key}: ${termIn(value)}]`, object.reason, object, value);
    this.assignName(target.name, changed, frame);
  }

  assignName(name: string, value: Value, frame: Frame): void {
    const holder = frame.scope.holder(name);
    if (holder !== undefined) {
      this.journal.write(holder, name, value);
      return;
    }
    if (frame.self instanceof ObjectValue && frame.self.fields.has(name)) this.journal.write(frame.self.fields, name, value, true);
    else if (frame.self instanceof ClassValue && frame.self.statics.has(name)) this.journal.write(frame.self.statics, name, value, true);
    else this.journal.write(frame.undeclared.variables, name, value);
  }
}

const EMPTY_FRAME: Frame = {
  scope: new Scope(null),
  undeclared: new Scope(null),
  file: { path: '', text: '' } as SourceFile,
  kind: 'function',
  context: undefined,
};

/** Named arguments are one leading map for whoever takes values by position. */
export function withNamed(args: CallArguments): readonly Value[] {
  return args.named === null ? args.positional : [new MapValue(new Map(args.named)), ...args.positional];
}

function accepts(method: FunctionNode, args: CallArguments): boolean {
  const given = args.positional.length + (args.named === null ? 0 : 1);
  const required = method.parameters.filter((parameter) => parameter.defaultValue === null && !parameter.varargs).length;
  return given >= required && (given <= method.parameters.length || method.parameters.some((parameter) => parameter.varargs));
}

const assigning = new WeakMap<ClosureExpression, boolean>();

/** Whether code changes a variable that it did not make, or may add to a list or map. */
function assigns(closure: ClosureExpression): boolean {
  let does = assigning.get(closure);
  if (does === undefined) {
    does = false;
    walk(closure, (node) => {
      if (node.kind === 'AssignmentExpression' || (node.kind === 'UnaryExpression' && (node.operator === '++' || node.operator === '--')))
        does = true;
      if (node.kind === 'BinaryExpression' && node.operator === '<<') does = true;
      if (node.kind === 'MethodCallExpression' && !('kind' in node.method) && /^(add|put|push|remove)/.test(node.method.name)) does = true;
    });
    assigning.set(closure, does);
  }
  return does;
}

/** A list's elements; those of an unknown value where it has any. */
function partsOf(value: Value | undefined, count: number): readonly Value[] | undefined {
  if (value instanceof ListValue) return value.open ? undefined : value.items;
  if (!(value instanceof UnknownValue)) return undefined;
  const parts = Array.from({ length: count }, (_, index) => value.part(index));
  return parts.includes(undefined) ? undefined : (parts as Value[]);
}

function isCallable(value: Value): boolean {
  return value instanceof ClosureValue || value instanceof BuiltinValue;
}

/** undefined: not to be told. */
function isInstance(value: Value, type: string): boolean | undefined {
  const name = type.slice(type.lastIndexOf('.') + 1);
  if (isUnknown(value)) return undefined;
  switch (name) {
    case 'String':
    case 'CharSequence':
    case 'GString':
      return typeof value === 'string';
    case 'List':
    case 'ArrayList':
    case 'Collection':
    case 'Iterable':
    case 'Set':
      return value instanceof ListValue;
    case 'Map':
    case 'LinkedHashMap':
    case 'HashMap':
      return value instanceof MapValue;
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Integer':
    case 'Long':
    case 'Number':
    case 'Double':
    case 'BigDecimal':
    case 'Float':
      return typeof value === 'number';
    case 'Closure':
      return value instanceof ClosureValue;
    case 'MemoryUnit':
      return value instanceof MemoryValue;
    case 'Duration':
      return value instanceof DurationValue;
    case 'Path':
    case 'File':
      return value instanceof PathValue;
    default:
      return value === null || typeof value !== 'object' ? false : undefined;
  }
}
