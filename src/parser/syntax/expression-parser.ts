import type {
  Argument,
  ClosureExpression,
  Expression,
  GStringExpression,
  GStringText,
  GStringValue,
  Identifier,
  MapEntry,
  MethodCallExpression,
  Parameter,
  Statement,
  TypeNode,
} from './nodes.ts';
import { stringValue, textValue, unknownEscape } from './string-values.ts';
import * as K from './token-kinds.ts';
import { compact, SYNTAX_ERROR, TokenStream } from './token-stream.ts';

/** A chain of so many operators or links is folded into one opaque node, so that no tree is deeper than its readers can follow. */
const MAX_CHAIN = 1000;

/** Most tokens between `<` and `>` of a type, so that looking for a type ahead of `a < b` is bounded. */
const LONGEST_TYPE = 200;

/** How tight binary operators bind; 0 for what is none. Groovy's order, which is strict's too (language.md 1.5). */
const PRECEDENCE = new Uint8Array(K.KIND_COUNT);
PRECEDENCE[K.OR] = 1;
PRECEDENCE[K.AND] = 2;
PRECEDENCE[K.BAR] = PRECEDENCE[K.PIPE] = 3;
PRECEDENCE[K.CARET] = 4;
PRECEDENCE[K.AMPERSAND] = 5;
PRECEDENCE[K.MATCH] = 6;
PRECEDENCE[K.EQUALITY] = 7;
PRECEDENCE[K.LESS] = PRECEDENCE[K.GREATER] = PRECEDENCE[K.RELATION] = PRECEDENCE[K.IN] = PRECEDENCE[K.NOT_IN] = 8;
PRECEDENCE[K.AS] = PRECEDENCE[K.INSTANCEOF] = PRECEDENCE[K.NOT_INSTANCEOF] = 9;
PRECEDENCE[K.SHIFT_LEFT] = PRECEDENCE[K.SHIFT_RIGHT] = PRECEDENCE[K.RANGE] = 10;
PRECEDENCE[K.PLUS] = PRECEDENCE[K.MINUS] = 11;
PRECEDENCE[K.STAR] = PRECEDENCE[K.SLASH] = PRECEDENCE[K.PERCENT] = 12;

/** What may open the first argument of a command, `f a`. Not here: `(`, `[`, `{`, which belong to the callee, and `-`. */
const OPENS_ARGUMENT = new Uint8Array(K.KIND_COUNT);
for (const kind of [K.STRING, K.STRING_BEGIN, K.UNTERMINATED_STRING, K.NUMBER, K.NOT, K.TILDE, K.NEW, K.PRIMITIVE])
  OPENS_ARGUMENT[kind] = 1;
for (let kind = K.NAME; kind <= K.LAST_OPERAND_WORD; kind++) OPENS_ARGUMENT[kind] = 1;

/** Callees of which `name [list]` is a call. Of any other name it is an index, as in Groovy (a map makes it a call always). */
const TAKES_LIST = new Set(
  (
    'accelerator afterScript arch array beforeScript cache clusterOptions conda container containerOptions cpus debug disk echo ' +
    'errorStrategy executor ext fair label machineType maxErrors maxForks maxRetries maxSubmitAwait memory module penv pod ' +
    'publishDir queue resourceLabels resourceLimits scratch secret shell spack stageInMode stageOutMode storeDir tag time ' +
    'validExitStatus val path file env each tuple set stdin stdout eval emit print println printf error exit includeConfig'
  ).split(' '),
);

/** Directives of which `name -1` is a call wherever it stands at the start of a statement. */
const TAKES_NEGATIVE = new Set(['maxForks', 'maxErrors', 'maxRetries', 'cpus', 'time', 'memory', 'array']);

/** Expressions, types, parameters, closures. Statements, which closures hold, are left to the class that extends this one. */
export abstract class ExpressionParser extends TokenStream {
  /** In the directive part of a process `name -1` is a call. */
  protected inDirectives = false;
  /** In typed inputs `record(id: String)` holds types. */
  protected inTypedInputs = false;
  /** Where `x ->` is no lambda: in a closure's parameters and in a `case`. */
  private noLambda = false;

  /** Statements up to token `close`, of which the last may be broken. */
  protected abstract statements(close: number): Statement[];
  /** One statement, as the body of an arrow: `x -> x + 1`. */
  protected abstract arrowBody(): Statement[];

  // -------------------------------------------------------------------------------------------------- expressions

  /** expression := ternary [assignmentOperator expression] */
  protected expression(): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    this.depth++;
    const start = this.startAt(this.index);
    const operand = this.operand();
    const result = this.assignmentRest(this.ternaryRest(this.binaryRest(operand, start, 1), start), start, false);
    this.depth--;
    return result;
  }

  /**
   * statementExpression := (commandChain | ternary) [assignmentOperator statementExpression] — where `f a` is a call. When it
   * is a whole statement, `f(a), b` is a call as well.
   */
  protected statementExpression(isStatement = false): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    this.depth++;
    const start = this.startAt(this.index);
    let left: Expression;
    switch (this.kind) {
      case K.NOT:
      case K.TILDE:
      case K.PLUS:
      case K.MINUS:
      case K.INCREMENT:
        left = this.operand();
        break;
      default: {
        const wordFirst = this.kind >= K.NAME;
        left = this.commandChain(this.postfix(true), start, wordFirst, isStatement);
        if (this.kind === K.POWER) left = this.powerRest(left, start);
      }
    }
    const result = this.assignmentRest(this.ternaryRest(this.binaryRest(left, start, 1), start), start, true);
    this.depth--;
    return result;
  }

  private assignmentRest(target: Expression, start: number, commands: boolean): Expression {
    if (this.kind !== K.ASSIGN && this.kind !== K.COMPOUND_ASSIGN) return target;
    const operator = this.textAt(this.index);
    this.advance();
    const value = commands ? this.statementExpression() : this.expression();
    return { kind: 'AssignmentExpression', start, end: this.previousEnd, operator, target, value };
  }

  /** ternary := binary ['?' expression ':' ternary | '?:' ternary] — groups to the right; a loop, folded from its end. */
  private ternaryRest(condition: Expression, start: number): Expression {
    if (this.kind !== K.QUESTION && this.kind !== K.ELVIS) return condition;
    const starts: number[] = [];
    const conditions: Expression[] = [];
    const middles: (Expression | null)[] = [];
    let last = condition;
    let lastStart = start;
    while (this.kind === K.QUESTION || this.kind === K.ELVIS) {
      starts.push(lastStart);
      conditions.push(last);
      if (this.kind === K.QUESTION) {
        this.advance();
        middles.push(this.expression());
        if (this.kind !== K.COLON) this.failExpected('`:` and what holds otherwise');
      } else middles.push(null);
      this.advance();
      lastStart = this.startAt(this.index);
      last = this.binaryRest(this.operand(), lastStart, 1);
      if (this.kind === K.ASSIGN || this.kind === K.COMPOUND_ASSIGN) last = this.assignmentRest(last, lastStart, false);
    }
    const end = this.previousEnd;
    if (conditions.length > MAX_CHAIN) return this.opaque(start, end, 'chain too long');
    for (let index = conditions.length - 1; index >= 0; index--) {
      const value = conditions[index]!;
      const whenTrue = middles[index]!;
      const from = starts[index]!;
      last =
        whenTrue === null
          ? { kind: 'ElvisExpression', start: from, end, value, whenFalse: last }
          : { kind: 'TernaryExpression', start: from, end, condition: value, whenTrue, whenFalse: last };
    }
    return last;
  }

  /** binary := operand (operator operand | 'as' type | ('instanceof' | '!instanceof') type)* — by precedence, to the left. */
  protected binaryRest(first: Expression, start: number, least: number): Expression {
    let left = first;
    let links = 0;
    for (;;) {
      const kind = this.kind;
      const precedence = PRECEDENCE[kind]!;
      if (precedence < least || precedence === 0) return left;
      if (this.separated() && !this.continuesLine(kind)) return left;
      if (++links > MAX_CHAIN) {
        left = this.opaque(start, this.previousEnd, 'chain too long');
        links = 0;
      }
      const at = this.index;
      this.advance();
      if (kind === K.AS) {
        const type = this.type('a type behind `as`');
        left = { kind: 'CastExpression', start, end: this.previousEnd, type, expression: left, coercion: true };
        continue;
      }
      let right: Expression;
      if (kind === K.INSTANCEOF || kind === K.NOT_INSTANCEOF) {
        const type = this.type('a type behind `instanceof`');
        right = { kind: 'TypeExpression', start: type.start, end: type.end, type };
      } else {
        const rightStart = this.startAt(this.index);
        right = this.operand();
        if (PRECEDENCE[this.kind]! > precedence) right = this.binaryRest(right, rightStart, precedence + 1);
      }
      left = { kind: 'BinaryExpression', start, end: this.previousEnd, operator: this.operatorText(at, kind), left, right };
    }
  }

  /** Whether an operator at the start of a line continues the line before (language.md 12.1). */
  private continuesLine(kind: number): boolean {
    if (kind === K.PLUS || kind === K.MINUS) return false;
    if (kind === K.IN || kind === K.AS || kind === K.INSTANCEOF) {
      // such words are names in strict: `in = 1`, `in.view()`
      const next = this.kindAt(this.index + 1);
      return next !== K.ASSIGN && next !== K.DOT && next !== K.COMMA && next !== K.COLON && next !== K.END;
    }
    return true;
  }

  private operatorText(at: number, kind: number): string {
    switch (kind) {
      case K.PLUS:
        return '+';
      case K.BAR:
        return '|';
      case K.AND:
        return '&&';
      case K.OR:
        return '||';
      case K.IN:
        return 'in';
      case K.NOT_INSTANCEOF:
        return '!instanceof';
      default:
        return this.textAt(at);
    }
  }

  /** operand := ('!' | '~' | '+' | '-' | '++' | '--')* postfix ['**' operand]; `-a ** b` is `-(a ** b)`. */
  protected operand(): Expression {
    switch (this.kind) {
      case K.NOT:
      case K.TILDE:
      case K.PLUS:
      case K.MINUS:
      case K.INCREMENT:
        return this.unary();
      default: {
        const start = this.startAt(this.index);
        const base = this.postfix(false);
        return this.kind === K.POWER ? this.powerRest(base, start) : base;
      }
    }
  }

  private unary(): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    this.depth++;
    const first = this.index;
    for (let count = 0; ; count++) {
      if (count > MAX_CHAIN) this.fail('too-deeply-nested', 'so many signs in a row are not read');
      if (this.kind !== K.NOT && this.kind !== K.TILDE && this.kind !== K.PLUS && this.kind !== K.MINUS && this.kind !== K.INCREMENT) break;
      this.advance();
    }
    const behind = this.index;
    const start = this.startAt(behind);
    let operand = this.postfix(false);
    let powered = false;
    for (let at = behind - 1; at >= first; at--) {
      const kind = this.kindAt(at);
      if (!powered && kind !== K.NOT && kind !== K.TILDE) {
        operand = this.powerRest(operand, Math.min(this.startAt(at + 1), start));
        powered = true;
      }
      operand = {
        kind: 'UnaryExpression',
        start: this.startAt(at),
        end: this.previousEnd,
        operator: this.textAt(at),
        operand,
        postfix: false,
      };
    }
    const result = powered ? operand : this.powerRest(operand, this.startAt(first));
    this.depth--;
    return result;
  }

  /** power := postfix ('**' operand)* — to the left */
  private powerRest(base: Expression, start: number): Expression {
    let left = base;
    let links = 0;
    while (this.kind === K.POWER && !this.separated()) {
      if (++links > MAX_CHAIN) {
        left = this.opaque(start, this.previousEnd, 'chain too long');
        links = 0;
      }
      this.advance();
      const right = this.kind === K.MINUS || this.kind === K.PLUS ? this.unary() : this.powerOperand();
      left = { kind: 'BinaryExpression', start, end: this.previousEnd, operator: '**', left, right };
    }
    return left;
  }

  private powerOperand(): Expression {
    if (this.kind === K.NOT || this.kind === K.TILDE || this.kind === K.INCREMENT) return this.unary();
    return this.postfix(false);
  }

  // ------------------------------------------------------------------------------------------------------- commands

  /**
   * commandChain := callee arguments (name (arguments | '(' … ')' | '{' … '}' | ))* — `val x from ch` is `val(x).from(ch)`,
   * `f(a)map { }` is `f(a).map({ })`. Returns `first` itself when no command follows it.
   */
  private commandChain(first: Expression, start: number, wordFirst: boolean, isStatement: boolean): Expression {
    let callee = first;
    let links = 0;
    for (;;) {
      if (++links > MAX_CHAIN) {
        callee = this.opaque(start, this.previousEnd, 'chain too long');
        links = 0;
      }
      if (this.separated()) return callee;
      switch (callee.kind) {
        case 'VariableExpression':
          // `stdin from ch` is `stdin(from).ch` to Groovy, which no one means (language.md 3.1)
          if (
            (callee.name === 'stdin' || callee.name === 'stdout') &&
            (this.isWord('from') || this.isWord('into')) &&
            !this.onNewLine(this.index + 1)
          ) {
            callee = this.chainLink(callee, start);
            continue;
          }
          if (!wordFirst || !this.opensArgument(callee.name)) return callee;
          break;
        case 'PropertyExpression':
          if (!wordFirst || !this.opensArgument('')) return callee;
          break;
        case 'MethodCallExpression':
          if (isStatement && this.kind === K.COMMA && callee === first && callee.object === null && !callee.command) {
            // `path('x'), emit: y` is one call
            callee = this.argumentsBehindCall(callee);
            continue;
          }
          if (OPENS_ARGUMENT[this.kind] === 0) return callee;
          if (
            this.kind >= K.NAME
              ? this.kind > K.LAST_OPERAND_WORD
              : !callee.command || (this.kind !== K.STRING && this.kind !== K.STRING_BEGIN)
          ) {
            return callee;
          }
          callee = this.chainLink(callee, start);
          continue;
        default:
          return callee;
      }
      callee = this.call(callee, this.commandArguments(), start, true);
    }
  }

  /** The next link of a command chain: a name (behind arguments also a string), and the brackets behind it. */
  private chainLink(object: Expression, start: number): Expression {
    const property = this.kind >= K.NAME ? this.identifier('a name') : this.primary();
    return this.postfixRest(
      { kind: 'PropertyExpression', start, end: this.previousEnd, object, property, safe: false, spread: false },
      start,
      false,
    );
  }

  private argumentsBehindCall(call: MethodCallExpression): MethodCallExpression {
    this.advance();
    const rest = this.commandArguments();
    return {
      kind: 'MethodCallExpression',
      start: call.start,
      end: this.previousEnd,
      object: call.object,
      method: call.method,
      arguments: [...call.arguments, ...rest],
      safe: call.safe,
      spread: call.spread,
      command: true,
    };
  }

  private opensArgument(name: string): boolean {
    const kind = this.kind;
    if (OPENS_ARGUMENT[kind] === 1) return true;
    if (kind === K.MINUS) {
      // `cpus -1`: a blank before the sign and none behind
      const next = this.index + 1;
      if (!this.blankBefore(this.index) || this.blankBefore(next) || name === '') return false;
      return this.inDirectives || TAKES_NEGATIVE.has(name);
    }
    if (kind === K.IN || kind === K.AS) {
      // strict lets `in` be a name: `val in`
      const next = this.index + 1;
      const nextKind = this.kindAt(next);
      return this.onNewLine(next) || nextKind === K.COMMA || nextKind === K.RIGHT_BRACE || nextKind === K.SEMICOLON || nextKind === K.COLON;
    }
    return kind > K.LAST_OPERAND_WORD && this.kindAt(this.index + 1) === K.COLON;
  }

  /** arguments := argument (',' argument)* — newlines may stand around commas */
  private commandArguments(): Argument[] {
    const list: Argument[] = [this.argument()];
    while (this.kind === K.COMMA) {
      this.advance();
      list.push(this.argument());
    }
    return list;
  }

  /** Makes a call of what stands before its arguments. */
  protected call(callee: Expression, list: readonly Argument[], start: number, command: boolean): MethodCallExpression {
    const end = this.previousEnd;
    switch (callee.kind) {
      case 'VariableExpression':
        return {
          kind: 'MethodCallExpression',
          start,
          end,
          object: null,
          method: { start: callee.start, end: callee.end, name: callee.name },
          arguments: list,
          safe: false,
          spread: false,
          command,
        };
      case 'PropertyExpression':
        return {
          kind: 'MethodCallExpression',
          start,
          end,
          object: callee.object,
          method: callee.property,
          arguments: list,
          safe: callee.safe,
          spread: callee.spread,
          command,
        };
      case 'ConstantExpression':
      case 'GStringExpression':
        return {
          kind: 'MethodCallExpression',
          start,
          end,
          object: null,
          method: callee,
          arguments: list,
          safe: false,
          spread: false,
          command,
        };
      default: {
        const at = list.length > 0 ? Math.min(list[0]!.start, callee.end) : callee.end;
        return {
          kind: 'MethodCallExpression',
          start,
          end,
          object: callee,
          method: { start: at, end: at, name: 'call' },
          arguments: list,
          safe: false,
          spread: false,
          command,
        };
      }
    }
  }

  // -------------------------------------------------------------------------------------------------------- postfix

  private postfix(atStatement: boolean): Expression {
    const start = this.startAt(this.index);
    return this.postfixRest(this.primary(), start, atStatement);
  }

  /**
   * postfix := primary (('.' | '?.' | '*.' | '.@') member | ('.&' | '::') member | '(' arguments ')' | closure
   *          | ['?'] '[' index ']' | '++' | '--')*
   * A dot may stand on the next line; `(`, `{` and `[` may not.
   */
  private postfixRest(primary: Expression, start: number, atStatement: boolean): Expression {
    let left = primary;
    let links = 0;
    for (;;) {
      // Not between a name and its arguments.
      if (++links > MAX_CHAIN && (left.kind !== 'PropertyExpression' || (this.kind !== K.LEFT_PAREN && this.kind !== K.LEFT_BRACE))) {
        left = this.opaque(start, this.previousEnd, 'chain too long');
        links = 0;
      }
      switch (this.kind) {
        case K.DOT:
        case K.SAFE_DOT:
        case K.SPREAD_DOT:
        case K.FIELD_DOT: {
          const operator = this.kind;
          this.advance();
          const property = this.member();
          left = {
            kind: 'PropertyExpression',
            start,
            end: this.previousEnd,
            object: left,
            property,
            safe: operator === K.SAFE_DOT,
            spread: operator === K.SPREAD_DOT,
          };
          continue;
        }
        case K.METHOD_POINTER:
        case K.METHOD_REFERENCE: {
          this.advance();
          const method = this.member();
          left = { kind: 'MethodPointerExpression', start, end: this.previousEnd, object: left, method };
          continue;
        }
        case K.LEFT_PAREN: {
          if (this.separated()) return left;
          const list = this.parenthesisedArguments();
          left = this.call(left, list, start, false);
          continue;
        }
        case K.LEFT_BRACE: {
          if (this.separated() || !this.takesClosure(left)) return left;
          const closure = this.closure();
          const argument: Argument = { start: closure.start, end: closure.end, key: null, value: closure };
          if (left.kind === 'MethodCallExpression' && !left.command) {
            left = {
              kind: 'MethodCallExpression',
              start,
              end: this.previousEnd,
              object: left.object,
              method: left.method,
              arguments: [...left.arguments, argument],
              safe: left.safe,
              spread: left.spread,
              command: false,
            };
          } else left = this.call(left, [argument], start, false);
          continue;
        }
        case K.LEFT_BRACKET: {
          if (this.separated()) return left;
          const open = this.index;
          const blank = this.blankBefore(open);
          const literal = this.listOrMap();
          if (literal.kind === 'MapExpression') {
            if (literal.entries.length > 0 || blank) left = this.callWithLiteral(left, literal, start, atStatement && blank);
            else left = { kind: 'IndexExpression', start, end: this.previousEnd, object: left, index: literal, safe: false };
            continue;
          }
          if (literal.kind !== 'ListExpression') {
            left = { kind: 'IndexExpression', start, end: this.previousEnd, object: left, index: literal, safe: false };
            continue;
          }
          if (atStatement && blank && this.isListArgument(left)) {
            left = this.callWithLiteral(left, literal, start, true);
            continue;
          }
          const { elements } = literal;
          if (
            elements.length === 0 &&
            (left.kind === 'VariableExpression' || left.kind === 'PropertyExpression' || left.kind === 'TypeExpression')
          ) {
            const text = this.text.slice(start, this.previousEnd);
            const type: TypeNode = { start, end: this.previousEnd, name: text.slice(0, text.search(/[\s[]/)), text };
            left = { kind: 'TypeExpression', start, end: this.previousEnd, type };
            continue;
          }
          const index = elements.length === 1 ? elements[0]! : literal;
          left = { kind: 'IndexExpression', start, end: this.previousEnd, object: left, index, safe: false };
          continue;
        }
        case K.QUESTION: {
          // `x?[0]` — unless a `:` behind the bracket makes it a ternary, `x?[0]:[1]`
          const open = this.index + 1;
          if (this.kindAt(open) !== K.LEFT_BRACKET || this.blankBefore(open) || this.blankBefore(this.index)) return left;
          if (this.kindAt(this.partners[open]! + 1) === K.COLON) return left;
          this.advance();
          const literal = this.listOrMap();
          const index = literal.kind === 'ListExpression' && literal.elements.length === 1 ? literal.elements[0]! : literal;
          left = { kind: 'IndexExpression', start, end: this.previousEnd, object: left, index, safe: true };
          continue;
        }
        case K.INCREMENT: {
          if (this.separated()) return left;
          const operator = this.textAt(this.index);
          this.advance();
          left = { kind: 'UnaryExpression', start, end: this.previousEnd, operator, operand: left, postfix: true };
          continue;
        }
        default:
          return left;
      }
    }
  }

  /** Whether a `{` on the same line is an argument of what stands before it. */
  private takesClosure(callee: Expression): boolean {
    switch (callee.kind) {
      case 'VariableExpression':
      case 'PropertyExpression':
      case 'MethodCallExpression':
      case 'IndexExpression':
      case 'GStringExpression':
        return true;
      case 'ConstantExpression':
        return typeof callee.value === 'string';
      default:
        return false;
    }
  }

  /**
   * At the start of a statement, `name [list]` with a blank: a call when the list is followed by more arguments or by
   * another link of the chain, or when the name is a directive, a qualifier or an output function.
   */
  private isListArgument(callee: Expression): boolean {
    if (callee.kind !== 'VariableExpression' && callee.kind !== 'PropertyExpression') return false;
    if (this.kind === K.COMMA) return true;
    if (callee.kind === 'VariableExpression' && TAKES_LIST.has(callee.name)) return this.kind !== K.ASSIGN;
    return this.kind >= K.NAME && this.kind <= K.LAST_CONTEXTUAL && !this.separated();
  }

  /** A call whose first argument, a list or map literal, has been read; more may follow when it is a command. */
  private callWithLiteral(callee: Expression, literal: Expression, start: number, command: boolean): MethodCallExpression {
    if (!command) {
      return this.call(callee, [{ start: literal.start, end: literal.end, key: null, value: literal }], start, false);
    }
    const value = this.ternaryRest(this.binaryRest(this.postfixRest(literal, literal.start, false), literal.start, 1), literal.start);
    const list: Argument[] = [{ start: literal.start, end: this.previousEnd, key: null, value }];
    while (this.kind === K.COMMA) {
      this.advance();
      list.push(this.argument());
    }
    return this.call(callee, list, start, true);
  }

  /** member := ['<' types '>'] (word | string | '(' expression ')' | '@' word) */
  private member(): Identifier | Expression {
    if (this.kind === K.LESS) {
      const end = this.skipTypeArguments(this.index);
      if (end > 0) this.moveTo(end);
    }
    if (this.kind === K.AT) this.advance();
    switch (this.kind) {
      case K.STRING:
      case K.STRING_BEGIN:
        return this.primary();
      case K.LEFT_PAREN:
        return this.parenthesised();
      default:
        return this.identifier('a name behind the dot');
    }
  }

  protected identifier(what: string): Identifier {
    if (this.kind < K.NAME) this.failExpected(what);
    const start = this.startAt(this.index);
    const name = this.textAt(this.index);
    this.advance();
    return { start, end: this.previousEnd, name };
  }

  // -------------------------------------------------------------------------------------------------------- primary

  protected primary(): Expression {
    const start = this.startAt(this.index);
    switch (this.kind) {
      case K.NUMBER: {
        const value = numberValue(this.textAt(this.index));
        this.advance();
        return { kind: 'ConstantExpression', start, end: this.previousEnd, value };
      }
      case K.STRING:
        return this.string();
      case K.STRING_BEGIN:
        return this.gstring();
      case K.NULL:
        this.advance();
        return { kind: 'ConstantExpression', start, end: this.previousEnd, value: null };
      case K.TRUE:
        this.advance();
        return { kind: 'ConstantExpression', start, end: this.previousEnd, value: true };
      case K.FALSE:
        this.advance();
        return { kind: 'ConstantExpression', start, end: this.previousEnd, value: false };
      case K.LEFT_PAREN:
        return this.parenthesised();
      case K.LEFT_BRACKET:
        return this.listOrMap();
      case K.LEFT_BRACE:
        return this.closure();
      case K.NEW:
        return this.newExpression();
      case K.SWITCH:
        return this.switchExpression();
      case K.UNTERMINATED_STRING:
        return this.fail('unterminated-string', 'this string is never closed; close it with the quotes that opened it');
      case K.NAME:
        if (this.kindAt(this.index + 1) === K.ARROW && !this.noLambda) return this.lambda(this.index + 1);
        if (this.kindAt(this.index + 1) === K.LESS && this.isCapitalised(this.index) && !this.blankBefore(this.index + 1)) {
          // `Map<String, Path>.of()`
          const end = this.skipTypeArguments(this.index + 1);
          if (end > 0 && (this.kindAt(end) === K.DOT || this.kindAt(end) === K.METHOD_REFERENCE)) {
            const type = this.typeUpTo(end);
            return { kind: 'TypeExpression', start, end: type.end, type };
          }
        }
        break;
      case K.PROCESS:
      case K.WORKFLOW:
      case K.INCLUDE:
      case K.PARAMS:
      case K.OUTPUT:
      case K.RECORD:
      case K.TRAIT:
      case K.AGENT:
      case K.THIS:
      case K.SUPER:
      case K.PRIMITIVE:
        break;
      case K.IN:
      case K.AS:
      case K.DEFAULT:
      case K.ENUM:
      case K.INTERFACE:
      case K.PACKAGE:
      case K.MODIFIER:
      case K.THROWS:
      case K.EXTENDS:
      case K.IMPLEMENTS:
        // names to strict, or where a word can mean nothing else
        break;
      default:
        return this.failExpected('an expression');
    }
    const name = this.textAt(this.index);
    this.advance();
    return { kind: 'VariableExpression', start, end: this.previousEnd, name };
  }

  private string(): Expression {
    const start = this.startAt(this.index);
    this.advance();
    const end = this.previousEnd;
    const wrong = unknownEscape(this.text, start, end);
    if (wrong >= 0) {
      this.report(
        wrong,
        Math.min(wrong + 2, end),
        'unknown-escape',
        `\`${this.text.slice(wrong, wrong + 2)}\` is no escape in quotes; write \`\\${this.text.slice(wrong, wrong + 2)}\` for the backslash itself`,
      );
    }
    return { kind: 'ConstantExpression', start, end, value: stringValue(this.text, start, end) };
  }

  /** gstring := quotes (text | '$' name ('.' name)* | '${' interpolation '}')* quotes */
  private gstring(): GStringExpression | Expression {
    if (this.tooDeep) return this.skipTooDeep();
    const open = this.index;
    const start = this.startAt(open);
    const quotes = this.text.charCodeAt(start);
    const triple = this.ends[open]! - start === 3;
    const parts: (GStringText | GStringValue)[] = [];
    this.advance();
    for (;;) {
      const at = this.startAt(this.index);
      switch (this.kind) {
        case K.STRING_TEXT: {
          const value = textValue(this.text, at, this.ends[this.index]!, quotes, triple);
          this.advance();
          parts.push({ kind: 'GStringText', start: at, end: this.previousEnd, value });
          continue;
        }
        case K.STRING_PATH: {
          this.advance();
          parts.push({ kind: 'GStringValue', start: at, end: this.previousEnd, expression: this.path(at + 1, this.previousEnd) });
          continue;
        }
        case K.INTERPOLATION_BEGIN: {
          const expression = this.interpolation();
          parts.push({ kind: 'GStringValue', start: at, end: this.previousEnd, expression });
          continue;
        }
        case K.STRING_END:
          this.advance();
          return { kind: 'GStringExpression', start, end: this.previousEnd, parts: compact(parts) };
        default:
          this.report(
            start,
            this.ends[open]!,
            'unterminated-string',
            'this string is never closed; close it with the quotes that opened it',
          );
          throw SYNTAX_ERROR;
      }
    }
  }

  /** The names of `$a.b.c`, without its `$`. */
  private path(start: number, end: number): Expression {
    const path = this.text.slice(start, end);
    let dot = path.indexOf('.');
    if (dot < 0) return { kind: 'VariableExpression', start, end, name: path };
    let left: Expression = { kind: 'VariableExpression', start, end: start + dot, name: path.slice(0, dot) };
    for (let links = 0; dot >= 0; links++) {
      const next = path.indexOf('.', dot + 1);
      const to = next < 0 ? path.length : next;
      if (links === MAX_CHAIN) return this.opaque(start, end, 'chain too long');
      const property: Identifier = { start: start + dot + 1, end: start + to, name: path.slice(dot + 1, to) };
      left = { kind: 'PropertyExpression', start, end: start + to, object: left, property, safe: false, spread: false };
      dot = next;
    }
    return left;
  }

  /** interpolation := [statementExpression] | [parameters] '->' statements — what else Groovy takes here is opaque */
  private interpolation(): Expression {
    const open = this.index;
    const close = this.partners[open]!;
    const start = this.startAt(open);
    const { newlines, depth, noLambda, inDirectives } = this;
    this.advance();
    let value: Expression;
    const inner = this.startAt(this.index);
    if (this.index === close) value = { kind: 'ConstantExpression', start: inner, end: inner, value: null };
    else if (this.hasArrow(open)) value = this.closureBody(open, inner);
    else {
      this.newlines = false;
      this.inDirectives = false;
      this.noLambda = false;
      try {
        value = this.statementExpression();
        if (this.index !== close) {
          if (this.kind === K.SEMICOLON || this.onNewLine(this.index))
            value = this.opaque(inner, this.startAt(close), 'statements in a string');
          else this.failExpected('`}` to close the `${`');
        }
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        value = this.incomplete(inner, Math.max(inner, this.ends[close - 1]!));
      }
    }
    this.newlines = newlines;
    this.depth = depth;
    this.noLambda = noLambda;
    this.inDirectives = inDirectives;
    this.moveTo(close);
    if (this.kind === K.INTERPOLATION_END) this.advance();
    else this.report(start, start + 2, 'unclosed-bracket', `this \`\${\` is never closed; expected \`}\``);
    return value;
  }

  /** A `{` or `${` that starts with parameters. `{ (a, b) -> c }` does not: it holds a lambda. */
  private hasArrow(open: number): boolean {
    return this.arrows[open]! > 0 && this.kindAt(open + 1) !== K.LEFT_PAREN;
  }

  /** closure := '{' [[parameters] '->'] statements '}' */
  protected closure(): ClosureExpression | Expression {
    if (this.tooDeep) return this.skipTooDeep();
    const open = this.index;
    const start = this.startAt(open);
    this.advance();
    const closure = this.closureBody(open, start);
    this.closeBracket(open);
    return { kind: 'ClosureExpression', start, end: this.previousEnd, parameters: closure.parameters, body: closure.body };
  }

  /** What a closure holds, up to but without its closing bracket. */
  private closureBody(open: number, start: number): ClosureExpression {
    const close = this.partners[open]!;
    const { newlines, depth, noLambda, inDirectives, inTypedInputs } = this;
    this.depth++;
    this.inDirectives = false;
    this.inTypedInputs = false;
    let parameters: Parameter[] | null = null;
    if (this.hasArrow(open)) {
      this.newlines = false;
      this.noLambda = true;
      const arrow = this.arrows[open]!;
      try {
        parameters = this.parameters(arrow);
        if (this.index !== arrow) this.failExpected('`->` behind the parameters');
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        parameters = [];
        this.moveTo(arrow);
      }
      this.advance();
    }
    this.noLambda = false;
    this.newlines = true;
    const body = this.statements(close);
    this.newlines = newlines;
    this.noLambda = noLambda;
    this.inDirectives = inDirectives;
    this.inTypedInputs = inTypedInputs;
    this.depth = depth;
    return { kind: 'ClosureExpression', start, end: Math.max(start, this.previousEnd), parameters, body };
  }

  /** lambda := (word | '(' parameters ')') '->' (block | statement) — Groovy 3 and later */
  private lambda(arrow: number): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    this.depth++;
    const start = this.startAt(this.index);
    const { newlines } = this;
    let parameters: Parameter[];
    if (this.kind === K.LEFT_PAREN) {
      const open = this.index;
      this.newlines = false;
      this.advance();
      parameters = this.parameters(this.partners[open]!);
      this.newlines = newlines;
      this.closeBracket(open);
    } else parameters = this.parameters(arrow);
    this.expect(K.ARROW, '`->`');
    const body = this.arrowBody();
    this.newlines = newlines;
    this.depth--;
    return { kind: 'ClosureExpression', start, end: this.previousEnd, parameters, body };
  }

  /** '(' … ')' of a lambda, of a tuple to assign to, of a cast, or around an expression (the node leaves them out). */
  private parenthesised(): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    const open = this.index;
    const close = this.partners[open]!;
    const start = this.startAt(open);
    if (this.kindAt(close) === K.RIGHT_PAREN) {
      const behind = this.kindAt(close + 1);
      if (behind === K.ARROW && !this.noLambda) return this.lambda(close + 1);
      if (behind === K.ASSIGN) return this.tuple(open);
      if (this.isCast(open, close)) {
        this.advance();
        const type = this.type('a type');
        this.moveTo(close + 1);
        this.depth++;
        const operandStart = this.startAt(this.index);
        const operand = this.operand();
        const expression = this.kind === K.POWER ? this.powerRest(operand, operandStart) : operand;
        this.depth--;
        return { kind: 'CastExpression', start, end: this.previousEnd, type, expression, coercion: false };
      }
    }
    const { newlines, noLambda } = this;
    this.newlines = false;
    this.noLambda = false;
    this.advance();
    let inner = this.statementExpression();
    if (this.kind === K.COMMA && this.index < close) {
      // `(a, b) >> 'topic'`: an experiment of Nextflow's
      this.moveTo(open);
      const elements = this.elements(open);
      inner = this.opaque(start, this.previousEnd, elements.length > 0 ? 'tuple in parentheses' : 'empty tuple');
      this.newlines = newlines;
      this.noLambda = noLambda;
      return inner;
    }
    if (this.index < close) {
      this.report(
        this.startAt(this.index),
        this.ends[this.index]!,
        'unexpected-token',
        `expected \`)\` to close the \`(\`, found ${this.found()}`,
      );
      inner = this.incomplete(start + 1, this.ends[close - 1]!);
    }
    this.newlines = newlines;
    this.noLambda = noLambda;
    this.closeBracket(open);
    return inner;
  }

  /** tuple := '(' expression (',' expression)* ')' — before `=` */
  private tuple(open: number): Expression {
    const start = this.startAt(open);
    const elements = this.elements(open);
    return { kind: 'TupleExpression', start, end: this.previousEnd, elements };
  }

  /**
   * Whether `( … )` is a cast: it holds a type and nothing else, and an operand follows that cannot be a binary
   * operator's right side. A lower-case name alone is none: `(x) -1`.
   */
  private isCast(open: number, close: number): boolean {
    if (this.skipType(open + 1) !== close) return false;
    const first = this.kindAt(open + 1);
    const primitive = first === K.PRIMITIVE;
    if (!primitive && !this.isCapitalised(close - 1) && this.kindAt(close - 1) === K.NAME) return false;
    if (this.newlines && this.onNewLine(close + 1)) return false;
    switch (this.kindAt(close + 1)) {
      case K.STRING:
      case K.STRING_BEGIN:
      case K.NUMBER:
      case K.LEFT_PAREN:
      case K.LEFT_BRACKET:
      case K.LEFT_BRACE:
      case K.NEW:
      case K.NOT:
      case K.TILDE:
        return true;
      case K.MINUS:
      case K.PLUS:
        return primitive;
      default: {
        const kind = this.kindAt(close + 1);
        return kind >= K.NAME && kind <= K.LAST_OPERAND_WORD;
      }
    }
  }

  /** The value behind `case`: up to its `:` or `->`. */
  protected caseTest(): Expression {
    const { noLambda } = this;
    this.noLambda = true;
    const test = this.expression();
    this.noLambda = noLambda;
    return test;
  }

  protected isCapitalised(index: number): boolean {
    const code = this.text.charCodeAt(this.startAt(index));
    return code >= 65 && code <= 90;
  }

  // ----------------------------------------------------------------------------------------- lists, maps, arguments

  /** Goes on behind a broken element: to the next comma of this list, or to its end. */
  private skipElement(close: number): number {
    const from = this.index;
    let index = this.index;
    while (index < close && this.kindAt(index) !== K.COMMA) {
      const partner = this.partners[index]!;
      index = partner > index && this.opensBracket(index) ? Math.min(partner, close) : index;
      if (index < close) index++;
    }
    this.moveTo(index);
    return index - from;
  }

  protected opensBracket(index: number): boolean {
    switch (this.kindAt(index)) {
      case K.LEFT_PAREN:
      case K.LEFT_BRACKET:
      case K.LEFT_BRACE:
      case K.STRING_BEGIN:
      case K.INTERPOLATION_BEGIN:
        return true;
      default:
        return false;
    }
  }

  private missingComma(open: number): never {
    const bracket = this.kindAt(open) === K.LEFT_PAREN ? ')' : ']';
    return this.failExpected(`\`,\` or \`${bracket}\``);
  }

  /** elements := open [element (',' element)* [',']] close — for lists, indexes and tuples */
  private elements(open: number): Expression[] {
    const close = this.partners[open]!;
    const { newlines, noLambda, depth } = this;
    this.newlines = false;
    this.noLambda = false;
    this.advance();
    const list: Expression[] = [];
    while (this.index < close) {
      const from = this.index;
      try {
        list.push(this.element());
        if (this.index < close) {
          if (this.kind !== K.COMMA) this.missingComma(open);
          this.advance();
        }
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth;
        this.newlines = false;
        this.brokenElement(from, close, list);
      }
    }
    this.newlines = newlines;
    this.noLambda = noLambda;
    this.closeBracket(open);
    return compact(list);
  }

  private brokenElement(from: number, close: number, list: Expression[]): void {
    const last = list[list.length - 1];
    if (this.index < from || this.index > close) this.moveTo(from);
    this.skipElement(close);
    const start = Math.max(this.startAt(from), last === undefined ? 0 : last.end);
    list.push(this.incomplete(start, Math.max(start, this.previousEnd)));
    if (this.kind === K.COMMA && this.index < close) this.advance();
  }

  private element(): Expression {
    if (this.kind !== K.STAR) return this.expression();
    const start = this.startAt(this.index);
    this.advance();
    const expression = this.expression();
    return { kind: 'SpreadExpression', start, end: this.previousEnd, expression };
  }

  /** list := '[' elements ']'; map := '[' ':' ']' | '[' entry (',' entry)* [','] ']' */
  private listOrMap(): Expression {
    if (this.tooDeep) return this.skipTooDeep();
    const open = this.index;
    const start = this.startAt(open);
    if (this.kindAt(open + 1) === K.COLON && this.partners[open] === open + 2) {
      this.moveTo(open + 2);
      this.closeBracket(open);
      return { kind: 'MapExpression', start, end: this.previousEnd, entries: [] };
    }
    if (this.isKey(open + 1)) return this.map(open);
    const elements = this.elements(open);
    return { kind: 'ListExpression', start, end: this.previousEnd, elements };
  }

  private map(open: number): Expression {
    const close = this.partners[open]!;
    const start = this.startAt(open);
    const { newlines, noLambda, depth } = this;
    this.newlines = false;
    this.noLambda = false;
    this.advance();
    const entries: MapEntry[] = [];
    while (this.index < close) {
      const from = this.index;
      const entryStart = this.startAt(from);
      try {
        const argument = this.argument();
        if (argument.key === null) {
          this.report(argument.start, argument.end, 'missing-map-key', 'an entry of a map needs a key; expected `key: value`');
        }
        const { start: from, end, key, value } = argument;
        if (key === null) entries.push({ start: from, end, key: this.incomplete(from, from), value });
        else entries.push({ start: from, end, key: key.kind === 'SpreadExpression' ? null : key, value });
        if (this.index < close) {
          if (this.kind !== K.COMMA) this.missingComma(open);
          this.advance();
        }
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth;
        this.newlines = false;
        if (this.index < from || this.index > close) this.moveTo(from);
        this.skipElement(close);
        const last = entries[entries.length - 1];
        const at = Math.max(entryStart, last === undefined ? 0 : last.end);
        const end = Math.max(at, this.previousEnd);
        entries.push({ start: at, end, key: null, value: this.incomplete(at, end) });
        if (this.kind === K.COMMA && this.index < close) this.advance();
      }
    }
    this.newlines = newlines;
    this.noLambda = noLambda;
    this.closeBracket(open);
    return { kind: 'MapExpression', start, end: this.previousEnd, entries };
  }

  /** Whether a map entry's or a named argument's key starts at `index`: a word, a literal or a bracket before `:`. */
  private isKey(index: number): boolean {
    const kind = this.kindAt(index);
    if (kind >= K.NAME || kind === K.STRING || kind === K.NUMBER || kind === K.STAR) return this.kindAt(index + 1) === K.COLON;
    if (kind === K.STRING_BEGIN || kind === K.LEFT_PAREN || kind === K.LEFT_BRACKET) {
      const partner = this.partners[index]!;
      return this.kindAt(partner + 1) === K.COLON && partner < this.size;
    }
    return kind === K.MINUS && this.kindAt(index + 1) === K.NUMBER && this.kindAt(index + 2) === K.COLON;
  }

  /** argument := key ':' expression | '*' ':' expression | '*' expression | expression */
  protected argument(): Argument {
    const start = this.startAt(this.index);
    if (!this.isKey(this.index)) {
      const value = this.element();
      return { start, end: this.previousEnd, key: null, value };
    }
    let key: Expression;
    if (this.kind === K.STAR) {
      this.advance();
      this.advance();
      const value = this.expression();
      const key: Expression = { kind: 'SpreadExpression', start, end: this.previousEnd, expression: value };
      return { start, end: this.previousEnd, key, value };
    }
    if (this.kind >= K.NAME) {
      const value = this.textAt(this.index);
      this.advance();
      key = { kind: 'ConstantExpression', start, end: this.previousEnd, value };
    } else if (this.kind === K.MINUS) key = this.operand();
    else key = this.primary();
    this.advance();
    const value = this.typeArgument() ?? this.expression();
    return { start, end: this.previousEnd, key, value };
  }

  /** In a typed process `record(id: String, bam: Path?)`: the type, when the value can be nothing else. */
  private typeArgument(): Expression | null {
    if (this.kind !== K.NAME || !this.isCapitalised(this.index)) return null;
    const next = this.kindAt(this.index + 1);
    if (next !== K.LESS && next !== K.QUESTION && next !== K.LEFT_BRACKET && !this.inTypedInputs) return null;
    const end = this.skipType(this.index);
    if (end < 0 || (this.kindAt(end) !== K.COMMA && this.kindAt(end) !== K.RIGHT_PAREN)) return null;
    const type = this.typeUpTo(end);
    return { kind: 'TypeExpression', start: type.start, end: type.end, type };
  }

  /** '(' [argument (',' argument)* [',']] ')' */
  protected parenthesisedArguments(): Argument[] {
    const open = this.index;
    const close = this.partners[open]!;
    const { newlines, noLambda, depth } = this;
    if (this.tooDeep) {
      const value = this.skipTooDeep();
      return [{ start: value.start, end: value.end, key: null, value }];
    }
    this.newlines = false;
    this.noLambda = false;
    this.advance();
    const list: Argument[] = [];
    while (this.index < close) {
      const from = this.index;
      try {
        list.push(this.argument());
        if (this.index < close) {
          if (this.kind !== K.COMMA) this.missingComma(open);
          this.advance();
        }
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth;
        this.newlines = false;
        if (this.index < from || this.index > close) this.moveTo(from);
        this.skipElement(close);
        const last = list[list.length - 1];
        const start = Math.max(this.startAt(from), last === undefined ? 0 : last.end);
        const end = Math.max(start, this.previousEnd);
        list.push({ start, end, key: null, value: this.incomplete(start, end) });
        if (this.kind === K.COMMA && this.index < close) this.advance();
      }
    }
    this.newlines = newlines;
    this.noLambda = noLambda;
    this.closeBracket(open);
    return compact(list);
  }

  // ---------------------------------------------------------------------------------------------- new, switch, types

  /** new := 'new' type ('(' arguments ')' [classBody] | '[' size ']'* [values]) */
  private newExpression(): Expression {
    const start = this.startAt(this.index);
    this.advance();
    while (this.kind === K.AT) this.annotation();
    const end = this.skipType(this.index);
    if (end < 0) this.failExpected('a type behind `new`');
    let type = this.typeUpTo(end);
    let list: Argument[] = [];
    if (this.kind === K.LEFT_PAREN && !this.separated()) {
      list = this.parenthesisedArguments();
      if (this.kind === K.LEFT_BRACE && !this.separated()) {
        this.skipBraces();
        return this.opaque(start, this.previousEnd, 'anonymous class');
      }
    } else if (this.kind === K.LEFT_BRACKET) {
      while (this.kind === K.LEFT_BRACKET && !this.separated()) {
        const sizes = this.elements(this.index);
        for (const size of sizes) list.push({ start: size.start, end: size.end, key: null, value: size });
      }
      const text = `${type.text}[]`;
      type = { start: type.start, end: type.end, name: type.name, text };
    } else if (type.text.endsWith(']') && this.kind === K.LEFT_BRACE) {
      list = this.elements(this.index).map((value) => ({ start: value.start, end: value.end, key: null, value }));
    }
    return { kind: 'NewExpression', start, end: this.previousEnd, type, arguments: list };
  }

  /** From `{` to behind its `}`. */
  protected skipBraces(): void {
    const open = this.index;
    this.moveTo(this.partners[open]!);
    this.closeBracket(open);
  }

  /** `switch` as a value (Groovy 4): not modelled. */
  private switchExpression(): Expression {
    const start = this.startAt(this.index);
    this.advance();
    if (this.kind !== K.LEFT_PAREN) this.failExpected('`(`');
    this.parenthesisedArguments();
    if (this.kind !== K.LEFT_BRACE) this.failExpected('`{`');
    this.skipBraces();
    return this.opaque(start, this.previousEnd, 'switch as a value');
  }

  /** Index behind the type that starts at `index`, -1 when there is none. type := word ('.' word)* ['<' types '>'] ('[' ']')* ['?'] */
  protected skipType(index: number): number {
    const first = this.kindAt(index);
    if (first !== K.PRIMITIVE && (first < K.NAME || first > K.LAST_CONTEXTUAL)) return -1;
    let at = index + 1;
    while (this.kindAt(at) === K.DOT && this.kindAt(at + 1) >= K.NAME) at += 2;
    if (this.kindAt(at) === K.LESS && first !== K.PRIMITIVE) {
      const behind = this.skipTypeArguments(at);
      if (behind < 0) return at; // `x as Integer < limit`
      at = behind;
    }
    while (this.kindAt(at) === K.LEFT_BRACKET && this.kindAt(at + 1) === K.RIGHT_BRACKET) at += 2;
    if (this.kindAt(at) === K.QUESTION && !this.blankBefore(at) && this.endsType(at + 1)) at++;
    return at;
  }

  /** Whether a `?` before token `index` is part of a type (`Path?`), not of a ternary. */
  private endsType(index: number): boolean {
    switch (this.kindAt(index)) {
      case K.COMMA:
      case K.RIGHT_PAREN:
      case K.RIGHT_BRACE:
      case K.RIGHT_BRACKET:
      case K.LEFT_BRACE:
      case K.SEMICOLON:
      case K.ASSIGN:
      case K.GREATER:
      case K.SHIFT_RIGHT:
      case K.END:
        return true;
      default:
        return this.onNewLine(index);
    }
  }

  /** Index behind `<…>`, -1 when it is no list of types. */
  protected skipTypeArguments(index: number): number {
    let open = 0;
    for (let at = index; at < index + LONGEST_TYPE; at++) {
      const kind = this.kindAt(at);
      switch (kind) {
        case K.LESS:
          open++;
          break;
        case K.GREATER:
          open--;
          break;
        case K.SHIFT_RIGHT:
          open -= this.ends[at]! - this.starts[at]!;
          break;
        case K.COMMA:
        case K.DOT:
        case K.QUESTION:
        case K.AMPERSAND:
        case K.LEFT_BRACKET:
        case K.RIGHT_BRACKET:
        case K.EXTENDS:
        case K.SUPER:
        case K.PRIMITIVE:
          break;
        default:
          if (kind < K.NAME || kind > K.LAST_CONTEXTUAL) return -1;
      }
      if (open === 0) return at + 1;
      if (open < 0) return -1;
    }
    return -1;
  }

  protected type(what: string): TypeNode {
    while (this.kind === K.AT) this.annotation();
    const end = this.skipType(this.index);
    if (end < 0) this.failExpected(what);
    return this.typeUpTo(end);
  }

  /** The type from the current token up to token `end`. */
  protected typeUpTo(end: number): TypeNode {
    const start = this.startAt(this.index);
    let last = this.index;
    while (last + 2 < end && this.kindAt(last + 1) === K.DOT) last += 2;
    const name = this.text.slice(start, this.ends[last]!);
    this.moveTo(end);
    const text = this.previousEnd === this.ends[last]! ? name : this.text.slice(start, this.previousEnd);
    return { start, end: this.previousEnd, name, text };
  }

  /** annotation := '@' word ('.' word)* ['(' … ')'] — says nothing to us */
  protected annotation(): void {
    this.advance();
    this.identifier('the name of an annotation');
    while (this.kind === K.DOT) {
      this.advance();
      this.identifier('a name behind the dot');
    }
    if (this.kind === K.LEFT_PAREN && !this.separated()) {
      const open = this.index;
      this.moveTo(this.partners[open]!);
      this.closeBracket(open);
    }
  }

  // ----------------------------------------------------------------------------------------------------- parameters

  /** parameters := [parameter (',' parameter)* [',']] up to token `close` */
  protected parameters(close: number): Parameter[] {
    const list: Parameter[] = [];
    while (this.index < close) {
      list.push(this.parameter());
      if (this.index >= close) break;
      if (this.kind !== K.COMMA) this.failExpected('`,` or the end of the parameters');
      this.advance();
    }
    return list;
  }

  /** parameter := (annotation | modifier | 'def')* [type] ['...'] word [':' type] ['=' expression] */
  private parameter(): Parameter {
    while (this.kind === K.AT) this.annotation();
    const start = this.startAt(this.index);
    while ((this.kind === K.MODIFIER || this.kind === K.DEF) && this.kindAt(this.index + 1) >= K.NAME) this.advance();
    let type: TypeNode | null = null;
    const end = this.skipType(this.index);
    if (end > 0 && (this.kindAt(end) >= K.NAME || this.kindAt(end) === K.ELLIPSIS)) type = this.typeUpTo(end);
    const varargs = this.kind === K.ELLIPSIS;
    if (varargs) this.advance();
    const name = this.identifier('the name of a parameter');
    if (this.kind === K.COLON) {
      this.advance();
      type = this.type('the type of the parameter');
    }
    let defaultValue: Expression | null = null;
    if (this.kind === K.ASSIGN) {
      this.advance();
      defaultValue = this.expression();
    }
    return { start, end: this.previousEnd, name, type, defaultValue, varargs };
  }
}

/** number := as the lexer reads it: `1_000`, `0x1f`, `0b11`, `017`, `1.5e3`, with a type's letter behind. */
function numberValue(text: string): number {
  const length = text.length;
  if (length === 1) return text.charCodeAt(0) - 48;
  const digits = text.includes('_') ? text.replaceAll('_', '') : text;
  const second = digits.charCodeAt(1) | 32;
  if (digits.charCodeAt(0) === 48 && (second === 120 || second === 98)) {
    const bare = /[lig]$/i.test(digits) ? digits.slice(0, -1) : digits;
    return Number(bare);
  }
  const bare = /[ligfd]$/i.test(digits) ? digits.slice(0, -1) : digits;
  if (digits.charCodeAt(0) === 48 && /^[0-7]+$/.test(bare)) return Number.parseInt(bare, 8);
  return Number(bare);
}
