import type { Diagnostic } from '../../source/diagnostic.ts';
import type { SourceFile } from '../../source/source-file.ts';
import { ExpressionParser } from './expression-parser.ts';
import { type Tokens, tokenize, tokenizeFrom } from './lexer.ts';
import type {
  Argument,
  BlockStatement,
  CatchClause,
  ClassNode,
  Expression,
  ExpressionStatement,
  FieldNode,
  FunctionNode,
  Identifier,
  IncludeEntryNode,
  IncludeNode,
  OutputNode,
  Parameter,
  ProcessNode,
  ProcessScript,
  RecordNode,
  ScriptNode,
  Statement,
  SwitchCase,
  TypeNode,
  VariableDeclaration,
  WorkflowNode,
} from './nodes.ts';
import * as K from './token-kinds.ts';
import { compact, SYNTAX_ERROR } from './token-stream.ts';

/** Scripts hold processes and workflows; configs and `lib/*.groovy` files do not. */
export type FileKind = 'script' | 'config' | 'groovy';

/** What reading one file gives. `tree` is there always, whatever the text was. */
export interface ParseResult {
  readonly tree: ScriptNode;
  readonly tokens: Tokens;
  readonly diagnostics: readonly Diagnostic[];
  /** How many OpaqueNodes the parser made: valid Groovy that is not modelled. */
  readonly opaqueCount: number;
}

export function parse(file: SourceFile, kind: FileKind): ParseResult {
  const tokens = tokenize(file.text);
  return new Parser(file, file.text, tokens, kind).script(tokens);
}

/** The expression in `text[start, end)`, of which the rest is not read: `!{…}` in a shell block, `${…}` in a template. */
export function parseExpressionAt(file: SourceFile, start: number, end: number): Expression {
  const text = file.text.slice(0, end);
  return new Parser(file, text, tokenizeFrom(text, start), 'script').onlyExpression(start, end);
}

type ProcessSection = 'directives' | 'input' | 'stage' | 'output' | 'topic' | 'when' | 'script' | 'shell' | 'exec' | 'stub';

const PROCESS_SECTIONS = new Map<string, ProcessSection>([
  ['input', 'input'],
  ['stage', 'stage'],
  ['output', 'output'],
  ['topic', 'topic'],
  ['when', 'when'],
  ['script', 'script'],
  ['shell', 'shell'],
  ['exec', 'exec'],
  ['stub', 'stub'],
  // an agent's script, and a preview's outputs
  ['prompt', 'script'],
  ['publish', 'directives'],
]);

type WorkflowSection = 'take' | 'main' | 'emit' | 'publish' | 'onComplete' | 'onError';

const WORKFLOW_SECTIONS = new Map<string, WorkflowSection>([
  ['take', 'take'],
  // the first previews of DSL2
  ['get', 'take'],
  ['main', 'main'],
  ['emit', 'emit'],
  ['publish', 'publish'],
  ['onComplete', 'onComplete'],
  ['onError', 'onError'],
]);

/** What `name: Type` may be in a section: nothing special, a declaration, or one with a value (`name: Type = value`). */
type TypedNames = 'none' | 'declared' | 'assigned';

const MAX_ELSE_IFS = 1000;

class Parser extends ExpressionParser {
  private readonly fileKind: FileKind;

  constructor(file: SourceFile, text: string, tokens: Tokens, fileKind: FileKind) {
    super(file, text, tokens);
    this.fileKind = fileKind;
  }

  /** file := statements */
  script(tokens: Tokens): ParseResult {
    const statements = this.statements(this.size);
    const tree: ScriptNode = { kind: 'ScriptNode', start: 0, end: this.text.length, shebang: this.shebang, statements };
    return { tree, tokens, diagnostics: this.diagnostics, opaqueCount: this.opaqueCount };
  }

  onlyExpression(start: number, end: number): Expression {
    this.newlines = false;
    try {
      const expression = this.statementExpression();
      if (this.index === this.size) return expression;
    } catch (error) {
      if (error !== SYNTAX_ERROR) throw error;
    }
    return this.incomplete(start, end);
  }

  // --------------------------------------------------------------------------------------------------- statements

  /** statements := (statement (newline | ';'))* up to token `close` */
  protected statements(close: number): Statement[] {
    const list: Statement[] = [];
    while (this.index < close) {
      if (this.kind === K.SEMICOLON) this.advance();
      else list.push(this.recovering(close));
    }
    return compact(list);
  }

  protected arrowBody(): Statement[] {
    if (this.kind === K.LEFT_BRACE) return this.block().statements as Statement[];
    const expression = this.expression();
    return [{ kind: 'ExpressionStatement', start: expression.start, end: expression.end, expression }];
  }

  /** One statement of a list that ends at token `close`, or, when it is broken, an IncompleteNode up to where the next one starts. */
  private recovering(close: number, names: TypedNames = 'none'): Statement {
    const first = this.index;
    const { depth, newlines } = this;
    try {
      if (this.gaveUp) throw SYNTAX_ERROR;
      const typed = names === 'none' ? null : this.typedName(names);
      const statement = typed ?? this.statement();
      this.endOfStatement(close);
      return statement;
    } catch (error) {
      if (error !== SYNTAX_ERROR) throw error;
      this.depth = depth;
      this.newlines = newlines;
      this.synchronise(first, close);
      return this.incomplete(this.startAt(first), this.previousEnd);
    }
  }

  private endOfStatement(close: number): void {
    if (this.index >= close || this.kind === K.SEMICOLON || this.onNewLine(this.index)) return;
    const before = this.kindAt(this.index - 1);
    // legacy takes a statement right behind a block
    if (before === K.RIGHT_BRACE && this.kind >= K.NAME) return;
    // a bracket without counterpart is said on its own
    if (this.partners[this.index] === -1) return;
    this.failExpected('the end of the statement (a new line or `;`)');
  }

  /** Moves behind the statement that starts at token `first` and broke at the current one: to a line start outside brackets. */
  private synchronise(first: number, close: number): void {
    const broken = this.index;
    let index = first;
    while (index < close) {
      if (index > first) {
        if (this.kindAt(index) === K.SEMICOLON && index >= broken) break;
        if (this.onNewLine(index) && (index > broken || this.startsDeclaration(index))) break;
      }
      const partner = this.partners[index]!;
      index = this.opensBracket(index) && partner > index ? partner : index;
      if (index >= close) break;
      // a partner that is no bracket (the region's end) may start the next statement
      if (index === first || !this.startsDeclaration(index)) index++;
    }
    this.moveTo(Math.max(first + 1, Math.min(index, close)));
  }

  /** statement := what its first token says; otherwise a declaration or an expression */
  private statement(): Statement {
    if (this.tooDeep) {
      const node = this.skipTooDeep();
      return { kind: 'ExpressionStatement', start: node.start, end: node.end, expression: node };
    }
    this.depth++;
    const statement = this.statementByFirstToken();
    this.depth--;
    return statement;
  }

  private statementByFirstToken(): Statement {
    const kind = this.kind;
    if (kind < K.NAME) {
      switch (kind) {
        case K.LEFT_BRACE:
          return this.blockOrClosure();
        case K.AT:
          return this.annotated();
        case K.LESS:
        case K.RIGHT_BRACE:
        case K.RIGHT_PAREN:
        case K.RIGHT_BRACKET:
          return this.fail('unexpected-token', `${this.found()} has no counterpart; remove it, or open what it closes`);
        default:
          return this.expressionStatement();
      }
    }
    const next = this.kindAt(this.index + 1);
    if (next === K.COLON && kind !== K.CASE && kind !== K.DEFAULT) return this.labelled();
    if (kind === K.NAME || (kind === K.MODIFIER && next === K.LEFT_PAREN))
      return this.startsTyped() ? this.typed() : this.expressionStatement();
    if (next === K.ASSIGN || next === K.DOT || next === K.COMPOUND_ASSIGN) {
      // a word that means more elsewhere: `output = 1`, `this.x`, `default.x`
      if (kind !== K.PRIMITIVE && kind !== K.RETURN) return this.expressionStatement();
    }
    switch (kind) {
      case K.IF:
        return this.ifStatement();
      case K.FOR:
        return this.forStatement();
      case K.WHILE:
        return this.whileStatement();
      case K.DO:
        return this.doStatement();
      case K.SWITCH:
        return this.switchStatement();
      case K.TRY:
        return this.tryStatement();
      case K.RETURN:
        return this.returnStatement();
      case K.THROW: {
        const start = this.startAt(this.index);
        this.advance();
        const value = this.statementExpression();
        return { kind: 'ThrowStatement', start, end: this.previousEnd, value };
      }
      case K.ASSERT:
        return this.assertStatement();
      case K.BREAK:
      case K.CONTINUE: {
        const start = this.startAt(this.index);
        this.advance();
        if (this.kind === K.NAME && !this.onNewLine(this.index)) this.advance();
        return { kind: 'JumpStatement', start, end: this.previousEnd, jump: kind === K.BREAK ? 'break' : 'continue' };
      }
      case K.IMPORT:
      case K.PACKAGE:
        return next >= K.NAME ? this.importStatement() : this.expressionStatement();
      case K.DEF:
      case K.MODIFIER:
      case K.STATIC:
        return this.modified();
      case K.CLASS:
      case K.INTERFACE:
      case K.TRAIT:
      case K.ENUM:
      case K.RECORD:
        return this.startsClass(this.index) ? this.classLike(this.startAt(this.index)) : this.nameStatement();
      case K.PROCESS:
      case K.WORKFLOW:
      case K.INCLUDE:
      case K.PARAMS:
      case K.OUTPUT:
      case K.AGENT:
        return (this.fileKind === 'script' ? this.declaration() : null) ?? this.nameStatement();
      case K.PRIMITIVE:
        return this.startsTyped() ? this.typed() : this.expressionStatement();
      default:
        return this.expressionStatement();
    }
  }

  private nameStatement(): Statement {
    return this.startsTyped() ? this.typed() : this.expressionStatement();
  }

  private expressionStatement(): Statement {
    const start = this.startAt(this.index);
    const expression = this.opensBlockBelow() ? this.namedBlock() : this.statementExpression(true);
    return { kind: 'ExpressionStatement', start, end: this.previousEnd, expression };
  }

  /** Both of Nextflow's config parsers take `process` and its `{` on two lines; in scripts those are two statements. */
  private opensBlockBelow(): boolean {
    const open = this.index + 1;
    return (
      this.fileKind === 'config' &&
      this.kindAt(open) === K.LEFT_BRACE &&
      this.onNewLine(open) &&
      this.arrows[open] === 0 &&
      (this.kind >= K.NAME || this.kind === K.STRING)
    );
  }

  /** namedBlock := (word | string) newline closure */
  private namedBlock(): Expression {
    const start = this.startAt(this.index);
    const name = this.primary();
    const closure = this.closure();
    return this.call(name, [{ start: closure.start, end: closure.end, key: null, value: closure }], start, false);
  }

  /** block := '{' statements '}' */
  private block(): BlockStatement {
    const open = this.index;
    const start = this.startAt(open);
    if (this.kind !== K.LEFT_BRACE) this.failExpected('`{`');
    if (this.tooDeep) {
      const node = this.skipTooDeep();
      return { kind: 'BlockStatement', start, end: node.end, statements: [node] };
    }
    const { newlines } = this;
    this.newlines = true;
    this.depth++;
    this.advance();
    const statements = this.statements(this.partners[open]!);
    this.depth--;
    this.newlines = newlines;
    this.closeBracket(open);
    return { kind: 'BlockStatement', start, end: this.previousEnd, statements };
  }

  /** At the start of a statement a `{` opens a block; a closure when it has parameters, or something is done to it. */
  private blockOrClosure(): Statement {
    const open = this.index;
    const close = this.partners[open]!;
    const behind = this.kindAt(close + 1);
    const used =
      close < this.size && ((behind === K.LEFT_PAREN && !this.onNewLine(close + 1)) || (behind >= K.DOT && behind <= K.SPREAD_DOT));
    return this.arrows[open]! > 0 || used ? this.expressionStatement() : this.block();
  }

  /** labelled := word ':' statement — a label with nothing behind it has an empty block */
  private labelled(): Statement {
    const start = this.startAt(this.index);
    const label = this.identifier('a label');
    this.advance();
    const statement = this.atListEnd() ? this.emptyBlock() : this.statement();
    return { kind: 'LabeledStatement', start, end: this.previousEnd, label, statement };
  }

  private atListEnd(): boolean {
    switch (this.kind) {
      case K.RIGHT_BRACE:
      case K.INTERPOLATION_END:
      case K.SEMICOLON:
      case K.END:
        return true;
      default:
        return false;
    }
  }

  private emptyBlock(): BlockStatement {
    return { kind: 'BlockStatement', start: this.previousEnd, end: this.previousEnd, statements: [] };
  }

  /** if := 'if' '(' expression ')' statement ['else' statement] — `else if`s in a loop */
  private ifStatement(): Statement {
    const starts: number[] = [];
    const conditions: Expression[] = [];
    const branches: Statement[] = [];
    let otherwise: Statement | null = null;
    for (;;) {
      starts.push(this.startAt(this.index));
      this.advance();
      conditions.push(this.condition());
      branches.push(this.branch());
      if (!this.takesElse()) break;
      this.advance();
      if (this.kind !== K.IF) {
        otherwise = this.branch();
        break;
      }
    }
    const end = this.previousEnd;
    if (starts.length > MAX_ELSE_IFS) return this.opaque(starts[0]!, end, 'chain too long');
    for (let index = starts.length - 1; ; index--) {
      const statement: Statement = {
        kind: 'IfStatement',
        start: starts[index]!,
        end,
        condition: conditions[index]!,
        thenBranch: branches[index]!,
        elseBranch: otherwise,
      };
      if (index === 0) return statement;
      otherwise = statement;
    }
  }

  /** Goes to an `else` that belongs to the `if` just read: on the next line, or behind `;`. */
  private takesElse(): boolean {
    let at = this.index;
    while (this.kindAt(at) === K.SEMICOLON) at++;
    if (this.kindAt(at) !== K.ELSE) return false;
    this.moveTo(at);
    return true;
  }

  /** '(' expression ')' */
  private condition(): Expression {
    const open = this.index;
    if (this.kind !== K.LEFT_PAREN) this.failExpected('`(`');
    const { newlines } = this;
    this.newlines = false;
    this.advance();
    const expression = this.statementExpression();
    if (this.index < this.partners[open]!) this.failExpected('`)` behind the condition');
    this.newlines = newlines;
    this.closeBracket(open);
    return expression;
  }

  /** The statement that an `if`, `else` or loop governs: `;` is an empty one. */
  private branch(): Statement {
    if (this.kind === K.LEFT_BRACE) return this.block();
    if (this.atListEnd()) return this.emptyBlock();
    return this.statement();
  }

  /** for := 'for' '(' (variable ('in' | ':') expression | [init] ';' [expression] ';' [updates]) ')' statement */
  private forStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const open = this.index;
    if (this.kind !== K.LEFT_PAREN) this.failExpected('`(`');
    const close = this.partners[open]!;
    const { newlines } = this;
    this.newlines = false;
    this.advance();
    const name = this.forVariable(close);
    if (name >= 0) {
      this.moveTo(name);
      const variable = this.identifier('the name of the loop variable');
      this.advance();
      const iterable = this.expression();
      if (this.index < close) this.failExpected('`)` behind what the loop runs over');
      this.newlines = newlines;
      this.closeBracket(open);
      const body = this.branch();
      return { kind: 'ForInStatement', start, end: this.previousEnd, variable, iterable, body };
    }
    const init: Statement[] = [];
    while (this.index < close && this.kind !== K.SEMICOLON) {
      init.push(this.statement());
      if (this.kind === K.COMMA) this.advance();
      else break;
    }
    this.expect(K.SEMICOLON, '`;` or `in`');
    const condition = this.kind === K.SEMICOLON ? null : this.expression();
    this.expect(K.SEMICOLON, '`;`');
    const update: Expression[] = [];
    while (this.index < close) {
      update.push(this.expression());
      if (this.kind === K.COMMA) this.advance();
      else break;
    }
    if (this.index < close) this.failExpected('`)` behind the head of the loop');
    this.newlines = newlines;
    this.closeBracket(open);
    const body = this.branch();
    return { kind: 'ForStatement', start, end: this.previousEnd, init, condition, update, body };
  }

  /** Index of the variable in `for (T x in xs)`, -1 when it is a loop with `;`. */
  private forVariable(close: number): number {
    let at = this.index;
    while (this.kindAt(at) === K.DEF || this.kindAt(at) === K.MODIFIER) at++;
    const behind = this.kindAt(at + 1);
    if (behind !== K.IN && behind !== K.COLON) {
      const end = this.skipType(at);
      if (end > 0 && this.kindAt(end) >= K.NAME) at = end;
    }
    const separator = this.kindAt(at + 1);
    return at + 1 < close && this.kindAt(at) >= K.NAME && (separator === K.IN || separator === K.COLON) ? at : -1;
  }

  /** while := 'while' '(' expression ')' statement */
  private whileStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const condition = this.condition();
    const body = this.branch();
    return { kind: 'WhileStatement', start, end: this.previousEnd, condition, body, bodyFirst: false };
  }

  /** do := 'do' statement 'while' '(' expression ')' */
  private doStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const body = this.branch();
    while (this.kind === K.SEMICOLON) this.advance();
    this.expect(K.WHILE, '`while` behind the body of `do`');
    const condition = this.condition();
    return { kind: 'WhileStatement', start, end: this.previousEnd, condition, body, bodyFirst: true };
  }

  /** switch := 'switch' '(' expression ')' '{' (('case' expression | 'default') (':' | '->') statements)* '}' */
  private switchStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const value = this.condition();
    const open = this.index;
    if (this.kind !== K.LEFT_BRACE) this.failExpected('`{`');
    const close = this.partners[open]!;
    const { newlines, depth } = this;
    this.newlines = true;
    this.depth++;
    this.advance();
    const cases: SwitchCase[] = [];
    while (this.index < close) {
      const caseStart = this.startAt(this.index);
      const first = this.index;
      let test: Expression | null = null;
      try {
        if (this.kind === K.CASE) {
          this.advance();
          test = this.caseTests();
        } else if (this.kind === K.DEFAULT) this.advance();
        else this.failExpected('`case` or `default`');
        if (this.kind !== K.COLON && this.kind !== K.ARROW) this.failExpected('`:`');
        this.advance();
        const body = this.caseBody(close);
        cases.push({ start: caseStart, end: this.previousEnd, test, body });
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth + 1;
        this.newlines = true;
        this.synchronise(first, close);
        cases.push({ start: caseStart, end: this.previousEnd, test: null, body: [this.incomplete(caseStart, this.previousEnd)] });
      }
    }
    this.newlines = newlines;
    this.depth = depth;
    this.closeBracket(open);
    return { kind: 'SwitchStatement', start, end: this.previousEnd, value, cases };
  }

  /** Several tests are a list, which is what Groovy takes for the same. */
  private caseTests(): Expression {
    const start = this.startAt(this.index);
    const first = this.caseTest();
    if (this.kind !== K.COMMA) return first;
    const elements = [first];
    while (this.kind === K.COMMA) {
      this.advance();
      elements.push(this.caseTest());
    }
    return { kind: 'ListExpression', start, end: this.previousEnd, elements };
  }

  private caseBody(close: number): Statement[] {
    const body: Statement[] = [];
    while (this.index < close && this.kind !== K.CASE && !(this.kind === K.DEFAULT && this.endsCase())) {
      if (this.kind === K.SEMICOLON) this.advance();
      else body.push(this.recovering(close));
    }
    return body;
  }

  private endsCase(): boolean {
    const next = this.kindAt(this.index + 1);
    return next === K.COLON || next === K.ARROW;
  }

  /** try := 'try' ['(' resources ')'] block ('catch' '(' [types] word [':' types] ')' block)* ['finally' block] */
  private tryStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    let body: BlockStatement;
    if (this.kind === K.LEFT_PAREN) {
      const open = this.index;
      const resourceStart = this.startAt(open);
      this.advance();
      const resources = this.statements(this.partners[open]!);
      this.closeBracket(open);
      const block = this.block();
      body = { kind: 'BlockStatement', start: resourceStart, end: block.end, statements: [...resources, ...block.statements] };
    } else body = this.block();
    const catches: CatchClause[] = [];
    while (this.kind === K.CATCH) catches.push(this.catchClause());
    let finallyBlock: BlockStatement | null = null;
    if (this.kind === K.FINALLY) {
      this.advance();
      finallyBlock = this.block();
    }
    return { kind: 'TryStatement', start, end: this.previousEnd, body, catches, finallyBlock };
  }

  private catchClause(): CatchClause {
    const start = this.startAt(this.index);
    this.advance();
    const open = this.index;
    if (this.kind !== K.LEFT_PAREN) this.failExpected('`(`');
    const close = this.partners[open]!;
    this.advance();
    while (this.kind === K.MODIFIER || this.kind === K.DEF) this.advance();
    // `e: T1 | T2` names first, `T1 | T2 e` last
    let variable: Identifier | null = null;
    if (this.index < close) {
      const at = this.kindAt(this.index + 1) === K.COLON ? this.index : close - 1;
      this.moveTo(at);
      variable = this.identifier('the name of the exception');
    }
    this.moveTo(close);
    this.closeBracket(open);
    const body = this.block();
    return { start, end: this.previousEnd, variable, body };
  }

  /** return := 'return' [statementExpression] on the same line */
  private returnStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    let value: Expression | null = null;
    if (!this.atListEnd() && !this.separated() && this.kind !== K.ELSE) value = this.statementExpression();
    return { kind: 'ReturnStatement', start, end: this.previousEnd, value };
  }

  /** assert := 'assert' expression [(':' | ',') expression] */
  private assertStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const condition = this.expression();
    let message: Expression | null = null;
    if (this.kind === K.COLON || this.kind === K.COMMA) {
      this.advance();
      message = this.expression();
    }
    return { kind: 'AssertStatement', start, end: this.previousEnd, condition, message };
  }

  /** import := ('import' ['static'] | 'package') word ('.' (word | '*'))* ['as' word] */
  private importStatement(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const isStatic = this.kind === K.STATIC;
    if (isStatic) this.advance();
    const nameStart = this.startAt(this.index);
    this.identifier('what to import');
    for (;;) {
      if (this.kind === K.SPREAD_DOT) this.failExpected('the end of the import');
      if (this.kind !== K.DOT) break;
      this.advance();
      if (this.kind === K.STAR) this.advance();
      else this.identifier('a name behind the dot');
    }
    const name = this.text.slice(nameStart, this.previousEnd);
    if (this.kind === K.AS) {
      this.advance();
      this.identifier('the other name of what is imported');
    }
    return { kind: 'ImportStatement', start, end: this.previousEnd, name, isStatic };
  }

  // --------------------------------------------------------------------------------------- variables and functions

  /** annotated := annotation+ (declaration | nothing) */
  private annotated(): Statement {
    const start = this.startAt(this.index);
    while (this.kind === K.AT && this.kindAt(this.index + 1) !== K.INTERFACE) this.annotation();
    if (this.kind === K.AT) this.advance();
    if (this.atListEnd()) return this.opaque(start, this.previousEnd, 'annotation alone');
    const statement = this.statement();
    switch (statement.kind) {
      case 'DeclarationStatement':
      case 'FunctionNode':
      case 'ClassNode':
        return { ...statement, start };
      default:
        return statement;
    }
  }

  /** modified := ('def' | modifier | annotation)+ (class | function | variables) */
  private modified(): Statement {
    const start = this.startAt(this.index);
    let isStatic = false;
    for (;;) {
      if (this.kind === K.AT) {
        this.annotation();
        continue;
      }
      if (this.kind !== K.DEF && this.kind !== K.MODIFIER && this.kind !== K.STATIC) break;
      isStatic ||= this.kind === K.STATIC;
      this.advance();
    }
    if (this.startsClass(this.index)) return this.classLike(start);
    if (this.kind === K.LEFT_BRACE) {
      const block = this.block();
      return { kind: 'BlockStatement', start, end: block.end, statements: block.statements };
    }
    return this.functionOrVariables(start, isStatic);
  }

  /** functionOrVariables := ['<' types '>'] [type] (word | string) '(' … | variables */
  private functionOrVariables(start: number, isStatic: boolean): Statement {
    if (this.kind === K.LESS) this.typeParameters();
    if (this.kind === K.LEFT_PAREN) return this.tupleDeclaration(start);
    let type: TypeNode | null = null;
    const end = this.skipType(this.index);
    if (end > 0 && (this.kindAt(end) >= K.NAME || this.kindAt(end) === K.STRING) && !(this.newlines && this.onNewLine(end))) {
      type = this.typeUpTo(end);
    }
    if ((this.kind >= K.NAME || this.kind === K.STRING) && this.kindAt(this.index + 1) === K.LEFT_PAREN) {
      return this.function(start, isStatic);
    }
    return this.variables(start, type);
  }

  /** typeParameters := '<' types '>' — of a generic class or method; they say nothing to us */
  private typeParameters(): void {
    const end = this.skipTypeArguments(this.index);
    if (end < 0) this.failExpected('type parameters');
    this.moveTo(end);
  }

  /** function := name '(' parameters ')' ['->' type] ['throws' types] [block] */
  private function(start: number, isStatic: boolean): FunctionNode {
    const name = this.nameOrString('the name of the function');
    const parameters = this.functionParameters();
    if (this.kind === K.ARROW) {
      this.advance();
      this.type('the type that the function returns');
    }
    if (this.kind === K.THROWS) {
      this.advance();
      this.type('the exception that the function throws');
      while (this.kind === K.COMMA) {
        this.advance();
        this.type('the exception that the function throws');
      }
    }
    if (this.kind === K.DEFAULT && !this.onNewLine(this.index)) {
      // a member of an annotation
      this.advance();
      this.expression();
    }
    let body: readonly Statement[] = [];
    if (this.kind === K.LEFT_BRACE) body = this.block().statements;
    return { kind: 'FunctionNode', start, end: this.previousEnd, name, parameters, body, isStatic };
  }

  private functionParameters(): Parameter[] {
    const open = this.index;
    const { newlines } = this;
    this.newlines = false;
    this.advance();
    let parameters: Parameter[] = [];
    try {
      parameters = this.parameters(this.partners[open]!);
    } catch (error) {
      if (error !== SYNTAX_ERROR) throw error;
      this.moveTo(this.partners[open]!);
    }
    this.newlines = newlines;
    this.closeBracket(open);
    return parameters;
  }

  /** A name that may be quoted: `process 'align'`, `def "it works"()`. */
  private nameOrString(what: string): Identifier {
    const start = this.startAt(this.index);
    if (this.kind === K.STRING) {
      const text = this.textAt(this.index);
      this.advance();
      return { start, end: this.previousEnd, name: text.slice(1, -1) };
    }
    if (this.kind === K.STRING_BEGIN) {
      const close = this.partners[this.index]!;
      this.moveTo(Math.min(close + 1, this.size));
      return { start, end: this.previousEnd, name: this.text.slice(start + 1, this.previousEnd - 1) };
    }
    return this.identifier(what);
  }

  /** variables := variable (',' variable)*; variable := word [':' type] ['=' statementExpression] */
  private variables(start: number, type: TypeNode | null): Statement {
    const declarations: VariableDeclaration[] = [];
    let from = type === null ? this.startAt(this.index) : type.start;
    for (;;) {
      const name = this.identifier('the name of a variable');
      let ownType = type;
      if (this.kind === K.COLON) {
        this.advance();
        ownType = this.type('the type of the variable');
      }
      let value: Expression | null = null;
      if (this.kind === K.ASSIGN) {
        this.advance();
        value = this.statementExpression();
      }
      declarations.push({ start: from, end: this.previousEnd, name, type: ownType, value });
      if (this.kind !== K.COMMA) break;
      this.advance();
      from = this.startAt(this.index);
    }
    return { kind: 'DeclarationStatement', start, end: this.previousEnd, declarations, tuple: false, value: null };
  }

  /** tupleDeclaration := '(' [type] word (',' [type] word)* ')' ['=' statementExpression] */
  private tupleDeclaration(start: number): Statement {
    const declarations = this.functionParameters().map(
      (one): VariableDeclaration => ({ start: one.start, end: one.end, name: one.name, type: one.type, value: null }),
    );
    let value: Expression | null = null;
    if (this.kind === K.ASSIGN) {
      this.advance();
      value = this.statementExpression();
    }
    return { kind: 'DeclarationStatement', start, end: this.previousEnd, declarations, tuple: true, value };
  }

  /**
   * Whether a statement that starts with a name is a declaration with a type: `T x = …` with any type; `T x` alone and
   * `T f(…) {` when the type is a primitive, has `<>` or `[]`, or its last part starts upper-case. Otherwise it is a command.
   */
  private startsTyped(): boolean {
    const first = this.index;
    const second = this.kindAt(first + 1);
    if (second < K.NAME && second !== K.LESS && second !== K.DOT && second !== K.LEFT_BRACKET && second !== K.QUESTION) return false;
    const name = this.skipType(first);
    if (name < 0 || this.kindAt(name) < K.NAME || (this.newlines && this.onNewLine(name))) {
      return name > 0 && this.kindAt(name) === K.STRING && this.kindAt(first) === K.PRIMITIVE && this.kindAt(name + 1) === K.LEFT_PAREN;
    }
    const kind = this.kindAt(name);
    if (kind === K.IN || kind === K.AS || kind === K.INSTANCEOF) return false;
    const behind = this.kindAt(name + 1);
    const last = this.kindAt(name - 1);
    if (name === first + 1 && this.isUntyped(first))
      return behind === K.ASSIGN || behind === K.COLON || behind === K.LEFT_PAREN || this.endsHere(name + 1);
    const isType =
      this.kindAt(first) === K.PRIMITIVE || last === K.GREATER || last === K.SHIFT_RIGHT || last === K.RIGHT_BRACKET || last === K.QUESTION;
    const typeLike = isType || this.isCapitalised(name - 1);
    if (behind === K.ASSIGN) return typeLike || name === first + 1;
    if (behind === K.LEFT_PAREN && this.kindAt(this.partners[name + 1]! + 1) === K.ARROW) return true;
    if (!typeLike) return false;
    if (behind === K.LEFT_PAREN) {
      const close = this.partners[name + 1]!;
      const body = this.kindAt(close + 1);
      return body === K.LEFT_BRACE || body === K.THROWS || body === K.ARROW;
    }
    // `ALIGN reads, index` is a call of ALIGN, as the strict parser has it.
    return (isType && behind === K.COMMA) || this.endsHere(name + 1);
  }

  /** Words that say that something is declared, not of which type: Groovy's `var`, and `let` and `fn` of an experiment. */
  private isUntyped(index: number): boolean {
    return this.wordIs(index, 'var') || this.wordIs(index, 'let') || this.wordIs(index, 'fn');
  }

  private endsHere(index: number): boolean {
    const kind = this.kindAt(index);
    return kind === K.SEMICOLON || kind === K.RIGHT_BRACE || kind === K.END || (this.newlines && this.onNewLine(index));
  }

  private typed(): Statement {
    const start = this.startAt(this.index);
    if (this.isUntyped(this.index) && this.kindAt(this.index + 1) >= K.NAME) this.advance();
    return this.functionOrVariables(start, false);
  }

  // ------------------------------------------------------------------------------------------------------- classes

  /** Whether `class`, `interface`, `trait`, `enum` or `record` stands at `index` with a name and a body behind it. */
  private startsClass(index: number): boolean {
    switch (this.kindAt(index)) {
      case K.CLASS:
      case K.INTERFACE:
        return this.kindAt(index + 1) >= K.NAME;
      case K.TRAIT:
      case K.ENUM:
      case K.RECORD: {
        if (this.kindAt(index + 1) < K.NAME) return false;
        const behind = this.kindAt(index + 2);
        if (behind === K.LEFT_PAREN) return this.kindAt(this.partners[index + 2]! + 1) === K.LEFT_BRACE;
        return behind === K.LEFT_BRACE || behind === K.LESS || behind === K.EXTENDS || behind === K.IMPLEMENTS;
      }
      default:
        return false;
    }
  }

  /** classLike := ('class' | 'interface' | 'trait' | 'enum' | 'record') word ['<' types '>'] ['extends' types] ['implements' types] body */
  private classLike(start: number): Statement {
    const kind = this.kind;
    this.advance();
    const name = this.identifier('the name of the class');
    if (this.kind === K.LESS) this.typeParameters();
    const fields: FieldNode[] = [];
    if (kind === K.RECORD && this.kind === K.LEFT_PAREN) {
      for (const one of this.functionParameters()) {
        fields.push({ start: one.start, end: one.end, name: one.name, value: one.defaultValue, isStatic: false });
      }
    }
    let superclass: TypeNode | null = null;
    while (this.kind === K.EXTENDS || this.kind === K.IMPLEMENTS) {
      const isSuper = this.kind === K.EXTENDS;
      do {
        this.advance();
        const type = this.type('a type');
        if (isSuper && superclass === null) superclass = type;
      } while (this.kind === K.COMMA);
    }
    if (this.kind !== K.LEFT_BRACE) this.failExpected('`{`');
    if (this.tooDeep) {
      const skipped = this.skipTooDeep();
      return { kind: 'ClassNode', start, end: this.previousEnd, name, superclass, fields, methods: [], classes: [skipped] };
    }
    if (kind === K.ENUM) return this.enumBody(start, name);
    if (kind === K.RECORD && fields.length === 0) return this.recordBody(start, name);
    return this.classBody(start, name, superclass, fields);
  }

  /** enumBody := '{' [constant (',' constant)* [',']] [';' members] '}'; constant := word ['(' … ')'] */
  private enumBody(start: number, name: Identifier): Statement {
    const open = this.index;
    const close = this.partners[open]!;
    this.advance();
    const constants: Identifier[] = [];
    while (this.index < close && this.kind !== K.SEMICOLON) {
      while (this.kind === K.AT) this.annotation();
      constants.push(this.identifier('the name of a constant'));
      if (this.kind === K.LEFT_PAREN) {
        const paren = this.index;
        this.moveTo(this.partners[paren]!);
        this.closeBracket(paren);
      }
      if (this.kind === K.LEFT_BRACE) this.skipBraces();
      if (this.kind !== K.COMMA) break;
      this.advance();
    }
    while (this.kind === K.SEMICOLON) this.advance();
    if (this.index < close) {
      const fields: FieldNode[] = constants.map((one) => ({ start: one.start, end: one.end, name: one, value: null, isStatic: true }));
      return this.members(open, start, name, null, fields);
    }
    this.closeBracket(open);
    return { kind: 'EnumNode', start, end: this.previousEnd, name, constants };
  }

  /** recordBody := '{' (field (newline | ';' | ','))* '}'; field := word ':' type ['=' expression] | type word ['=' expression] */
  private recordBody(start: number, name: Identifier): RecordNode {
    const open = this.index;
    const fields = this.typedEntries(open);
    this.closeBracket(open);
    return { kind: 'RecordNode', start, end: this.previousEnd, name, fields };
  }

  /** entry := word [':' type] ['=' expression] | type word ['=' expression] — of records and params blocks */
  private typedEntries(open: number): VariableDeclaration[] {
    const close = this.partners[open]!;
    const { newlines, depth } = this;
    this.newlines = true;
    this.advance();
    const list: VariableDeclaration[] = [];
    while (this.index < close) {
      if (this.kind === K.SEMICOLON || this.kind === K.COMMA) {
        this.advance();
        continue;
      }
      const first = this.index;
      try {
        const start = this.startAt(first);
        let type: TypeNode | null = null;
        if (this.kindAt(first + 1) !== K.COLON) {
          const end = this.skipType(first);
          if (end > 0 && this.kindAt(end) >= K.NAME && !this.onNewLine(end)) type = this.typeUpTo(end);
        }
        const name = this.identifier('a name');
        if (this.kind === K.COLON) {
          this.advance();
          type = this.type('a type');
        }
        let value: Expression | null = null;
        if (this.kind === K.ASSIGN) {
          this.advance();
          value = this.statementExpression();
        }
        list.push({ start, end: this.previousEnd, name, type, value });
        if (this.kind !== K.COMMA) this.endOfStatement(close);
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth;
        this.newlines = true;
        this.synchronise(first, close);
      }
    }
    this.newlines = newlines;
    return list;
  }

  private classBody(start: number, name: Identifier, superclass: TypeNode | null, fields: FieldNode[]): ClassNode {
    const open = this.index;
    this.advance();
    return this.members(open, start, name, superclass, fields);
  }

  /** members := ((field | method | constructor | initialiser | class) (newline | ';'))* — from the current token to the body's end */
  private members(open: number, start: number, name: Identifier, superclass: TypeNode | null, fields: FieldNode[]): ClassNode {
    const close = this.partners[open]!;
    const { newlines, depth } = this;
    this.newlines = true;
    this.depth++;
    const methods: FunctionNode[] = [];
    const inner: Statement[] = [];
    while (this.index < close) {
      if (this.kind === K.SEMICOLON) {
        this.advance();
        continue;
      }
      const first = this.index;
      try {
        if (this.gaveUp) throw SYNTAX_ERROR;
        this.classMember(name.name, fields, methods, inner);
        this.endOfStatement(close);
      } catch (error) {
        if (error !== SYNTAX_ERROR) throw error;
        this.depth = depth + 1;
        this.newlines = true;
        this.synchronise(first, close);
      }
    }
    this.newlines = newlines;
    this.depth = depth;
    this.closeBracket(open);
    return { kind: 'ClassNode', start, end: this.previousEnd, name, superclass, fields, methods, classes: inner };
  }

  private classMember(className: string, fields: FieldNode[], methods: FunctionNode[], inner: Statement[]): void {
    const start = this.startAt(this.index);
    let isStatic = false;
    while (this.kind === K.AT || this.kind === K.DEF || this.kind === K.MODIFIER || this.kind === K.STATIC || this.kind === K.DEFAULT) {
      if (this.kind === K.AT) {
        if (this.kindAt(this.index + 1) === K.INTERFACE) this.advance();
        else this.annotation();
        continue;
      }
      isStatic ||= this.kind === K.STATIC;
      this.advance();
    }
    if (this.kind === K.LEFT_BRACE) {
      // an initialiser: its statements belong to no method
      this.opaque(start, start, 'initialiser');
      this.skipBraces();
      return;
    }
    if (this.startsClass(this.index)) {
      inner.push(this.classLike(start));
      return;
    }
    if (this.kind >= K.NAME && this.kindAt(this.index + 1) === K.LEFT_PAREN && this.textAt(this.index) === className) {
      methods.push(this.function(start, isStatic));
      return;
    }
    const member = this.functionOrVariables(start, isStatic);
    if (member.kind === 'FunctionNode') methods.push(member);
    else if (member.kind === 'DeclarationStatement') {
      for (const one of member.declarations) {
        const from = one === member.declarations[0] ? start : one.start;
        fields.push({ start: from, end: one.end, name: one.name, value: one.value, isStatic });
      }
    }
  }

  // -------------------------------------------------------------------------------------- Nextflow's declarations

  /** A declaration of Nextflow's that starts with a word which is a name elsewhere; null when it is a name here. */
  private declaration(): Statement | null {
    const next = this.kindAt(this.index + 1);
    switch (this.kind) {
      case K.PROCESS:
      case K.AGENT:
        return this.startsProcess() ? this.processDeclaration() : null;
      case K.WORKFLOW:
        if (next === K.LEFT_BRACE) return this.workflowDeclaration();
        return next >= K.NAME && this.kindAt(this.index + 2) === K.LEFT_BRACE && !this.onNewLine(this.index + 1)
          ? this.workflowDeclaration()
          : null;
      case K.INCLUDE:
        return this.startsInclude() ? this.includeDeclaration() : null;
      case K.PARAMS:
        return next === K.LEFT_BRACE && this.holdsTypedEntries(this.index + 1) ? this.paramsDeclaration() : null;
      case K.OUTPUT:
        return next === K.LEFT_BRACE && this.holdsOutputs(this.index + 1) ? this.outputDeclaration() : null;
      default:
        return null;
    }
  }

  /** process := ('process' | 'agent') (word | string) ['(' arguments ')'] '{' … */
  private startsProcess(): boolean {
    const name = this.index + 1;
    const kind = this.kindAt(name);
    if (this.onNewLine(name)) return false;
    let behind = name + 1;
    if (kind === K.STRING_BEGIN) behind = this.partners[name]! + 1;
    else if (kind < K.NAME && kind !== K.STRING) return false;
    if (behind >= this.size) return false;
    if (this.kindAt(behind) === K.LEFT_PAREN) behind = this.partners[behind]! + 1;
    return this.kindAt(behind) === K.LEFT_BRACE;
  }

  /**
   * processBody := '{' (label | statement)* '}' — labels may come in any order, be repeated, or be missing. A statement
   * belongs to the last label; without a script label the last statement is the script (language.md 2.6).
   */
  private processDeclaration(): ProcessNode {
    const start = this.startAt(this.index);
    this.advance();
    const name = this.nameOrString('the name of the process');
    if (this.kind === K.LEFT_PAREN) this.parenthesisedArguments();
    const open = this.index;
    const close = this.partners[open]!;
    const { newlines, depth, inDirectives, inTypedInputs } = this;
    this.newlines = true;
    this.depth++;
    this.advance();
    const directives: Statement[] = [];
    const inputs: Statement[] = [];
    const stage: Statement[] = [];
    const outputs: Statement[] = [];
    const topics: Statement[] = [];
    const conditions: Statement[] = [];
    const body: Statement[] = [];
    const stub: Statement[] = [];
    let hasStub = false;
    let script: 'script' | 'shell' | 'exec' | null = null;
    let scriptStart = -1;
    let scriptEnd = -1;
    let section: ProcessSection = 'directives';
    let last: Statement[] = directives;
    let list = directives;
    this.inDirectives = true;
    while (this.index < close) {
      if (this.kind === K.SEMICOLON) {
        this.advance();
        continue;
      }
      if (this.kind >= K.NAME && this.kindAt(this.index + 1) === K.COLON) {
        const label = PROCESS_SECTIONS.get(this.textAt(this.index));
        if (label !== undefined && !this.isTypedInput(section)) {
          const at = this.startAt(this.index);
          section = label;
          this.advance();
          this.advance();
          this.inDirectives = label === 'directives';
          switch (label) {
            case 'input':
              list = inputs;
              break;
            case 'stage':
              list = stage;
              break;
            case 'output':
              list = outputs;
              break;
            case 'topic':
              list = topics;
              break;
            case 'when':
              // a second one holds in place of the first, and what stands between them is no part of either
              conditions.length = 0;
              list = conditions;
              break;
            case 'stub':
              hasStub = true;
              list = stub;
              break;
            case 'script':
            case 'shell':
            case 'exec':
              script = label;
              list = body;
              if (scriptStart < 0) scriptStart = at;
              scriptEnd = this.previousEnd;
              break;
            default:
              list = directives;
          }
          continue;
        }
      }
      last = list;
      list.push(this.sectionStatement(section, close));
      if (list === body) scriptEnd = this.previousEnd;
    }
    this.newlines = newlines;
    this.depth = depth;
    this.inDirectives = inDirectives;
    this.inTypedInputs = inTypedInputs;
    if (script === null && last !== stub && last.length > 0) {
      const candidate = last[last.length - 1]!;
      if (last === conditions ? last.length > 1 : isScript(candidate, last === directives)) {
        last.pop();
        body.push(candidate);
        script = 'script';
        scriptStart = candidate.start;
        scriptEnd = candidate.end;
      }
    }
    this.closeBracket(open);
    const processScript: ProcessScript | null =
      script === null ? null : { start: scriptStart, end: scriptEnd, section: script, statements: compact(body) };
    return {
      kind: 'ProcessNode',
      start,
      end: this.previousEnd,
      name,
      directives: compact(directives),
      inputs: compact(inputs),
      stage,
      outputs: compact(outputs),
      topics,
      when: this.conditionOf(conditions),
      script: processScript,
      stub: hasStub ? compact(stub) : null,
    };
  }

  /** In a typed process's inputs a section's word may be an input's name: `stage: Path`. */
  private isTypedInput(section: ProcessSection): boolean {
    const type = this.index + 2;
    if (section !== 'input' || this.onNewLine(type) || this.kindAt(type) !== K.NAME || !this.isCapitalised(type)) return false;
    const end = this.skipType(type);
    return end > 0 && this.onNewLine(end);
  }

  /** The last of the statements under `when:` says whether the process runs, as long as the others only compute values. */
  private conditionOf(statements: readonly Statement[]): Expression | null {
    const last = statements[statements.length - 1];
    if (last === undefined) return null;
    if (statements.every((one) => one.kind === 'ExpressionStatement' && one.expression.kind !== 'AssignmentExpression')) {
      return (last as ExpressionStatement).expression;
    }
    if (statements.length === 1 && last.kind === 'IncompleteNode') return last;
    if (statements.length === 1 && last.kind === 'ReturnStatement' && last.value !== null) return last.value;
    return this.opaque(statements[0]!.start, last.end, 'statements under when');
  }

  private sectionStatement(section: ProcessSection, close: number): Statement {
    this.inTypedInputs = false;
    if (section === 'input' || section === 'output') {
      const first = this.index;
      this.inTypedInputs =
        section === 'input' && this.kindAt(first + 1) === K.LEFT_PAREN && (this.kind === K.RECORD || this.isWord('tuple'));
      if (section === 'input' && this.kind === K.LEFT_PAREN) {
        const partner = this.partners[first]!;
        if (this.kindAt(partner + 1) === K.COLON) {
          // `(id, reads): Tuple<String, Path>`: typed processes of the 25.10 preview
          const end = this.skipType(partner + 2);
          if (end > 0) {
            const start = this.startAt(first);
            this.moveTo(end);
            return this.opaque(start, this.previousEnd, 'destructured input of the 25.10 preview');
          }
        }
      }
      return this.recovering(close, section === 'input' ? 'declared' : 'assigned');
    }
    return this.recovering(close);
  }

  /** typedName := word ':' type ['=' statementExpression] — of typed inputs, takes, outputs, emits; null when it is none */
  private typedName(names: TypedNames): Statement | null {
    const first = this.index;
    if (this.kind < K.NAME || this.kindAt(first + 1) !== K.COLON) return null;
    const end = this.skipType(first + 2);
    if (end < 0 || this.onNewLine(first + 2)) return null;
    const assigns = names === 'assigned' && this.kindAt(end) === K.ASSIGN;
    if (!assigns && !this.endsHere(end)) return null;
    const start = this.startAt(first);
    const label = this.identifier('a name');
    this.advance();
    const type = this.typeUpTo(end);
    if (!assigns) {
      const expression: Expression = { kind: 'TypeExpression', start: type.start, end: type.end, type };
      const statement: Statement = { kind: 'ExpressionStatement', start: type.start, end: type.end, expression };
      return { kind: 'LabeledStatement', start, end: this.previousEnd, label, statement };
    }
    this.advance();
    const value = this.statementExpression();
    const declaration: VariableDeclaration = { start, end: this.previousEnd, name: label, type, value };
    return { kind: 'DeclarationStatement', start, end: this.previousEnd, declarations: [declaration], tuple: false, value: null };
  }

  /** workflowBody := '{' (label | statement)* '}' — what stands before the first label is `main` */
  private workflowDeclaration(): WorkflowNode {
    const start = this.startAt(this.index);
    this.advance();
    const name = this.kind === K.LEFT_BRACE ? null : this.identifier('the name of the workflow');
    const open = this.index;
    const close = this.partners[open]!;
    const { newlines, depth } = this;
    this.newlines = true;
    this.depth++;
    this.advance();
    const takes: Statement[] = [];
    const main: Statement[] = [];
    const emits: Statement[] = [];
    const publishers: Statement[] = [];
    let onComplete: Statement[] | null = null;
    let onError: Statement[] | null = null;
    let list = main;
    let section: WorkflowSection = 'main';
    while (this.index < close) {
      if (this.kind === K.SEMICOLON) {
        this.advance();
        continue;
      }
      if (this.kind >= K.NAME && this.kindAt(this.index + 1) === K.COLON) {
        const label = WORKFLOW_SECTIONS.get(this.textAt(this.index));
        if (label !== undefined) {
          section = label;
          this.advance();
          this.advance();
          switch (label) {
            case 'take':
              list = takes;
              break;
            case 'emit':
              list = emits;
              break;
            case 'publish':
              list = publishers;
              break;
            case 'onComplete':
              list = onComplete ??= [];
              break;
            case 'onError':
              list = onError ??= [];
              break;
            default:
              list = main;
          }
          continue;
        }
      }
      const names = section === 'take' ? 'declared' : section === 'emit' || section === 'publish' ? 'assigned' : 'none';
      list.push(this.recovering(close, names));
    }
    this.newlines = newlines;
    this.depth = depth;
    this.closeBracket(open);
    return { kind: 'WorkflowNode', start, end: this.previousEnd, name, takes, main, emits, publishers, onComplete, onError };
  }

  private startsInclude(): boolean {
    const next = this.index + 1;
    if (this.onNewLine(next)) return false;
    const kind = this.kindAt(next);
    if (kind === K.LEFT_BRACE) {
      const behind = this.partners[next]! + 1;
      return this.wordIs(behind, 'from') || (this.kindAt(behind) === K.AS && this.wordIs(behind + 2, 'from'));
    }
    if (kind === K.STRING || kind === K.STRING_BEGIN) return true;
    if (kind < K.NAME) return false;
    const behind = this.kindAt(next + 1);
    return this.wordIs(next + 1, 'from') || behind === K.AS || (behind === K.COMMA && this.kindAt(next + 2) >= K.NAME);
  }

  /**
   * include := 'include' ('{' [entry ((';' | ',' | newline) entry)*] '}' 'from' | entry (',' entry)* 'from' | ) source
   *            (('addParams' | 'params') '(' arguments ')')*
   * entry := word ['as' word]
   */
  private includeDeclaration(): IncludeNode {
    const start = this.startAt(this.index);
    this.advance();
    let entries: IncludeEntryNode[] | null = null;
    if (this.kind === K.LEFT_BRACE) {
      const open = this.index;
      const close = this.partners[open]!;
      entries = [];
      this.advance();
      while (this.index < close) {
        if (this.kind === K.SEMICOLON || this.kind === K.COMMA) {
          this.advance();
          continue;
        }
        if (this.kind >= K.NAME) entries.push(this.includeEntry());
        else {
          this.report(
            this.startAt(this.index),
            this.ends[this.index]!,
            'unexpected-token',
            `expected a name to include, found ${this.found()}`,
          );
          this.moveTo(close);
        }
      }
      this.closeBracket(open);
      if (this.kind === K.AS) {
        // `include { a } as b from`
        this.advance();
        const alias = this.identifier('the other name of what is included');
        const only = entries[0];
        if (entries.length === 1 && only !== undefined) entries = [{ start: only.start, end: alias.end, name: only.name, alias }];
      }
      this.advance();
    } else if (this.kind >= K.NAME) {
      entries = [this.includeEntry()];
      while (this.kind === K.COMMA) {
        this.advance();
        entries.push(this.includeEntry());
      }
      if (!this.isWord('from')) this.failExpected('`from` and the path of the module');
      this.advance();
    }
    const source = this.expression();
    let addParams: readonly Argument[] | null = null;
    let params: readonly Argument[] | null = null;
    for (;;) {
      const isAdd = this.isWord('addParams');
      if ((!isAdd && this.kind !== K.PARAMS) || this.separated()) break;
      this.advance();
      const list = this.kind === K.LEFT_PAREN ? this.parenthesisedArguments() : [this.argument()];
      if (isAdd) addParams = list;
      else params = list;
    }
    return { kind: 'IncludeNode', start, end: this.previousEnd, entries, source, addParams, params };
  }

  private includeEntry(): IncludeEntryNode {
    const start = this.startAt(this.index);
    const name = this.identifier('a name to include');
    let alias: Identifier | null = null;
    if (this.kind === K.AS) {
      this.advance();
      alias = this.identifier('the other name of what is included');
    }
    return { start, end: this.previousEnd, name, alias };
  }

  /** Whether a block's first entry is `name: Type`, or any later one that starts a line. */
  private holdsTypedEntries(open: number): boolean {
    const close = this.partners[open]!;
    let entryStart = true;
    for (let at = open + 1; at < close; at++) {
      if ((entryStart || this.onNewLine(at)) && this.kindAt(at) >= K.NAME && this.kindAt(at + 1) === K.COLON) return true;
      entryStart = this.kindAt(at) === K.SEMICOLON;
      if (this.opensBracket(at)) at = this.partners[at]! - (this.partners[at] === close ? 1 : 0);
    }
    return false;
  }

  /** params := 'params' '{' entries '}' */
  private paramsDeclaration(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const open = this.index;
    const params = this.typedEntries(open);
    this.closeBracket(open);
    return { kind: 'ParamBlockNode', start, end: this.previousEnd, params };
  }

  /** Whether a block holds nothing but `name [: Type] { … }`; a preview's `output { directory 'x' }` is a call. */
  private holdsOutputs(open: number): boolean {
    const close = this.partners[open]!;
    let at = open + 1;
    while (at < close) {
      if (this.kindAt(at) === K.SEMICOLON) {
        at++;
        continue;
      }
      const behind = this.outputBody(at);
      if (behind < 0) return false;
      at = this.partners[behind]! + 1;
    }
    return true;
  }

  /** Index of the `{` of the output that starts at `index`, -1 when none does. */
  private outputBody(index: number): number {
    const kind = this.kindAt(index);
    if (kind < K.NAME && kind !== K.STRING) return -1;
    let at = index + 1;
    if (this.kindAt(at) === K.COLON) at = this.skipType(at + 1);
    return at > 0 && this.kindAt(at) === K.LEFT_BRACE ? at : -1;
  }

  /** output := 'output' '{' ((word | string) [':' type] block)* '}' */
  private outputDeclaration(): Statement {
    const start = this.startAt(this.index);
    this.advance();
    const open = this.index;
    const close = this.partners[open]!;
    const { newlines } = this;
    this.newlines = true;
    this.advance();
    const outputs: OutputNode[] = [];
    while (this.index < close) {
      if (this.kind === K.SEMICOLON) {
        this.advance();
        continue;
      }
      const outputStart = this.startAt(this.index);
      const name = this.nameOrString('the name of an output');
      let type: TypeNode | null = null;
      if (this.kind === K.COLON) {
        this.advance();
        type = this.type('the type of the output');
      }
      const body = this.block().statements;
      outputs.push({ start: outputStart, end: this.previousEnd, name, type, body });
    }
    this.newlines = newlines;
    this.closeBracket(open);
    return { kind: 'OutputBlockNode', start, end: this.previousEnd, outputs };
  }
}

/**
 * Whether a process's last statement, which no label introduces, is its script: a string, what is made of one, a
 * template, a closure; among directives also an `if` that ends in one.
 */
function isScript(statement: Statement, amongDirectives: boolean): boolean {
  switch (statement.kind) {
    case 'ExpressionStatement':
      return isScriptValue(statement.expression);
    case 'ReturnStatement':
      return true;
    case 'BlockStatement': {
      const last = statement.statements[statement.statements.length - 1];
      return statement.statements.length === 0 || (last !== undefined && isScript(last, amongDirectives));
    }
    case 'IfStatement':
      return isScript(statement.thenBranch, amongDirectives);
    default:
      return false;
  }
}

function isScriptValue(expression: Expression): boolean {
  switch (expression.kind) {
    case 'ConstantExpression':
      return typeof expression.value === 'string';
    case 'GStringExpression':
    case 'ClosureExpression':
      return true;
    case 'TernaryExpression':
      return isScriptValue(expression.whenTrue) || isScriptValue(expression.whenFalse);
    case 'BinaryExpression':
      return expression.operator === '+' && (isScriptValue(expression.left) || isScriptValue(expression.right));
    case 'MethodCallExpression': {
      if (expression.object !== null) return isScriptValue(expression.object);
      return 'name' in expression.method && !('kind' in expression.method) && expression.method.name === 'template';
    }
    default:
      return false;
  }
}
