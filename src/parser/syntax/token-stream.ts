import type { Diagnostic } from '../../source/diagnostic.ts';
import type { SourceFile, TextRange } from '../../source/source-file.ts';
import type { Tokens } from './lexer.ts';
import type { IncompleteNode, OpaqueNode } from './nodes.ts';
import * as K from './token-kinds.ts';

/** Thrown by `fail` and caught by the nearest list; it never leaves the parser. */
export const SYNTAX_ERROR: unique symbol = Symbol('syntax error');

/** How deep brackets, statements and operands may nest. Deeper, a bracket is skipped as a whole. */
export const MAX_DEPTH = 200;

/** After so many the rest of the file is left alone: it is no Nextflow. */
const MAX_ERRORS = 100;

/** Kinds that close a bracket or a string. */
const CLOSES = new Uint8Array(K.KIND_COUNT);
for (const kind of [K.RIGHT_PAREN, K.RIGHT_BRACKET, K.RIGHT_BRACE, K.INTERPOLATION_END, K.STRING_END]) CLOSES[kind] = 1;

const NEWLINE_BEFORE = 1;
const BLANK_BEFORE = 2;
/** A newline that counts even where newlines are ignored: a bracket above it was never closed. */
const BREAK_BEFORE = 4;

/**
 * The significant tokens of a file with what the parser asks about them all the time, computed once in one pass: whether
 * a newline or a blank lies before a token, where the partner of a bracket is, and where a closure's `->` is. All
 * lookahead goes through these, so none of it searches.
 */
export class TokenStream {
  protected readonly file: SourceFile;
  protected readonly text: string;
  protected readonly diagnostics: Diagnostic[] = [];
  protected opaqueCount = 0;
  protected shebang: TextRange | null = null;

  /** How many significant tokens; index of END. */
  protected readonly size: number;
  protected readonly kinds: Uint8Array;
  protected readonly starts: Int32Array;
  protected readonly ends: Int32Array;
  private readonly flags: Uint8Array;
  /**
   * For an opening bracket the index of its closing one. When that is missing: the index where its region ends (the
   * closing bracket of a surrounding pair, or END). For a closing bracket without partner -1.
   */
  protected readonly partners: Int32Array;
  /** For `{` and `${`: index of the first `->` directly inside, 0 for none. */
  protected readonly arrows: Int32Array;

  /** Index and kind of the current token. */
  protected index = 0;
  protected kind = K.END;
  /** End of the token before the current one. */
  protected previousEnd = 0;
  /** Whether newlines mean something here: false in ( ) and [ ]. */
  protected newlines = true;
  protected depth = 0;
  private saidTooDeep = false;

  constructor(file: SourceFile, text: string, tokens: Tokens) {
    this.file = file;
    this.text = text;
    const capacity = tokens.count + 4;
    this.kinds = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.flags = new Uint8Array(capacity);
    this.partners = new Int32Array(capacity);
    this.arrows = new Int32Array(capacity);
    this.size = this.gather(tokens);
    if (this.matchBrackets(false)) this.matchBrackets(true);
    this.previousEnd = tokens.offset;
    this.kind = this.kinds[0]!;
  }

  private gather(tokens: Tokens): number {
    const { kinds, starts, ends, flags } = this;
    let size = 0;
    let flag = NEWLINE_BEFORE;
    let start = tokens.offset;
    for (let index = 0; index < tokens.count; index++) {
      const kind = tokens.kinds[index]!;
      const end = tokens.ends[index]!;
      if (kind > K.LAST_TRIVIA) {
        kinds[size] = kind;
        starts[size] = start;
        ends[size] = end;
        flags[size++] = flag;
        flag = 0;
      } else if (kind === K.NEWLINE) flag |= NEWLINE_BEFORE | BLANK_BEFORE;
      else {
        flag |= BLANK_BEFORE;
        if (kind === K.INVALID) this.invalidCharacters(start, end);
        else if (kind === K.UNTERMINATED_COMMENT) {
          this.report(start, start + 2, 'unterminated-comment', 'this comment is never closed; expected `*/`');
        } else if (kind === K.SHEBANG && this.shebang === null) this.shebang = { start, end };
      }
      start = end;
    }
    // END, several times, so that looking ahead needs no bounds check
    for (let index = size; index < size + 4; index++) {
      starts[index] = ends[index] = start;
      flags[index] = NEWLINE_BEFORE | BLANK_BEFORE;
    }
    return size;
  }

  private invalidCharacters(start: number, end: number): void {
    const first = this.text.codePointAt(start) as number;
    const name =
      first < 33 || (first > 126 && first < 161) ? `U+${first.toString(16).toUpperCase().padStart(4, '0')}` : String.fromCodePoint(first);
    this.report(start, end, 'invalid-character', `the character \`${name}\` means nothing outside strings and comments; remove it`);
  }

  /**
   * Fills `partners` and `arrows`; says whether a bracket was left open. Then it is run again, and a process, workflow,
   * function or include at the start of a line closes all that is open: so a lost `}` costs one declaration, not the file.
   */
  private matchBrackets(declarationsClose: boolean): boolean {
    const { kinds, partners, arrows, size } = this;
    partners.fill(0);
    const stack: number[] = [];
    // of the innermost { or ${: how many ( and [ are open in it; those of the outer ones wait in `saved`
    let parens = 0;
    let brackets = 0;
    const saved: number[] = [];
    let braces = 0;
    let interpolations = 0;
    let strings = 0;
    let leftOpen = false;
    const unclosed: number[] = [];
    const popTo = (opener: number, at: number): void => {
      for (;;) {
        const open = stack.pop() as number;
        const kind = kinds[open]!;
        partners[open] = at;
        if (kind === K.LEFT_PAREN) parens--;
        else if (kind === K.LEFT_BRACKET) brackets--;
        else if (kind === K.STRING_BEGIN) strings--;
        else {
          brackets = saved.pop() as number;
          parens = saved.pop() as number;
          if (kind === K.LEFT_BRACE) braces--;
          else interpolations--;
        }
        if (kind === opener) return;
        leftOpen = true;
        if (kind === K.LEFT_PAREN || kind === K.LEFT_BRACKET) unclosed.push(open);
      }
    };
    for (let index = 0; index < size; index++) {
      const kind = kinds[index]!;
      switch (kind) {
        case K.LEFT_PAREN:
          parens++;
          stack.push(index);
          break;
        case K.LEFT_BRACKET:
          brackets++;
          stack.push(index);
          break;
        case K.LEFT_BRACE:
        case K.INTERPOLATION_BEGIN:
          saved.push(parens, brackets);
          parens = brackets = 0;
          if (kind === K.LEFT_BRACE) braces++;
          else interpolations++;
          arrows[index] = 0;
          stack.push(index);
          break;
        case K.STRING_BEGIN:
          strings++;
          stack.push(index);
          break;
        case K.RIGHT_PAREN:
          if (parens > 0) popTo(K.LEFT_PAREN, index);
          else partners[index] = -1;
          break;
        case K.RIGHT_BRACKET:
          if (brackets > 0) popTo(K.LEFT_BRACKET, index);
          else partners[index] = -1;
          break;
        case K.RIGHT_BRACE:
          if (braces > 0) popTo(K.LEFT_BRACE, index);
          else partners[index] = -1;
          break;
        // a declaration may have closed the string in which these stand
        case K.INTERPOLATION_END:
          if (interpolations > 0) popTo(K.INTERPOLATION_BEGIN, index);
          else partners[index] = -1;
          break;
        case K.STRING_END:
          if (strings > 0) popTo(K.STRING_BEGIN, index);
          else partners[index] = -1;
          break;
        case K.ARROW: {
          const open = stack[stack.length - 1];
          if (open !== undefined && (kinds[open] === K.LEFT_BRACE || kinds[open] === K.INTERPOLATION_BEGIN) && arrows[open] === 0) {
            arrows[open] = index;
          }
          break;
        }
        default:
          if (declarationsClose && stack.length > 0 && kind > K.NAME && this.startsDeclaration(index)) {
            for (const open of stack) partners[open] = index;
            unclosed.push(...stack.filter((open) => kinds[open] === K.LEFT_PAREN || kinds[open] === K.LEFT_BRACKET));
            stack.length = 0;
            saved.length = 0;
            parens = brackets = braces = interpolations = strings = 0;
          }
      }
    }
    for (const open of stack) {
      partners[open] = size;
      if (kinds[open] === K.LEFT_PAREN || kinds[open] === K.LEFT_BRACKET) unclosed.push(open);
    }
    if (declarationsClose && unclosed.length <= MAX_ERRORS) {
      unclosed.sort((left, right) => right - left);
      for (const open of unclosed) this.endOnItsLine(open);
    }
    return leftOpen || stack.length > 0;
  }

  /** A `(` or `[` that is never closed ends with its line, or with a later one that its arguments run on to. */
  private endOnItsLine(open: number): void {
    const { kinds, partners } = this;
    const limit = partners[open]!;
    let index = open + 1;
    while (index < limit) {
      if (this.onNewLine(index)) {
        const before = kinds[index - 1]!;
        const runsOn = before < K.NAME && before !== K.STRING && before !== K.NUMBER && CLOSES[before] === 0;
        if (!runsOn) {
          partners[open] = index;
          this.flags[index] = this.flags[index]! | BREAK_BEFORE;
          return;
        }
      }
      const partner = partners[index]!;
      if (partner > index) index = CLOSES[kinds[partner]!] === 1 ? partner + 1 : partner;
      else index++;
    }
  }

  /** A process, workflow, function or include that starts in the first column. */
  protected startsDeclaration(index: number): boolean {
    // behind a `\` a line end is a blank, and the statement goes on
    if (!this.onNewLine(index)) return false;
    const start = this.starts[index]!;
    if (start > 0) {
      const before = this.text.charCodeAt(start - 1);
      if (before !== 10 && before !== 13) return false;
    }
    const { kinds } = this;
    switch (kinds[index]) {
      case K.PROCESS:
        return kinds[index + 1]! >= K.NAME && kinds[index + 2] === K.LEFT_BRACE;
      case K.WORKFLOW:
        return kinds[index + 1] === K.LEFT_BRACE || (kinds[index + 1]! >= K.NAME && kinds[index + 2] === K.LEFT_BRACE);
      case K.INCLUDE:
        return kinds[index + 1] === K.LEFT_BRACE;
      case K.DEF:
        return kinds[index + 1]! >= K.NAME && kinds[index + 2] === K.LEFT_PAREN;
      default:
        return false;
    }
  }

  // --------------------------------------------------------------------------------------------- the current token

  protected advance(): void {
    this.previousEnd = this.ends[this.index]!;
    if (this.index < this.size) this.index++;
    this.kind = this.kinds[this.index]!;
  }

  /** Goes to token `index`, forwards or back. */
  protected moveTo(index: number): void {
    this.index = index;
    this.kind = this.kinds[index]!;
    if (index > 0) this.previousEnd = this.ends[index - 1]!;
  }

  protected kindAt(index: number): number {
    return this.kinds[index]!;
  }

  protected startAt(index: number): number {
    return this.starts[index]!;
  }

  protected textAt(index: number): string {
    return this.text.slice(this.starts[index]!, this.ends[index]!);
  }

  /** Whether the token stands on a new line, wherever it is. */
  protected onNewLine(index: number): boolean {
    return (this.flags[index]! & NEWLINE_BEFORE) !== 0;
  }

  /** Whether a newline before the current token separates it from what was read. */
  protected separated(): boolean {
    return (this.flags[this.index]! & (this.newlines ? NEWLINE_BEFORE | BREAK_BEFORE : BREAK_BEFORE)) !== 0;
  }

  protected blankBefore(index: number): boolean {
    return (this.flags[index]! & BLANK_BEFORE) !== 0;
  }

  /** Whether the current token is the word `word`. */
  protected isWord(word: string): boolean {
    return this.wordIs(this.index, word);
  }

  protected wordIs(index: number, word: string): boolean {
    const start = this.starts[index]!;
    return this.kinds[index]! >= K.NAME && this.ends[index]! - start === word.length && this.text.startsWith(word, start);
  }

  // ------------------------------------------------------------------------------------------------------- trouble

  protected report(start: number, end: number, code: string, message: string): void {
    if (this.diagnostics.length >= MAX_ERRORS) return;
    const last = this.diagnostics.length === MAX_ERRORS - 1;
    this.diagnostics.push(
      last
        ? {
            severity: 'error',
            code: 'too-many-errors',
            message: `${MAX_ERRORS - 1} errors so far: the rest of the file is not read`,
            file: this.file,
            start,
            end,
          }
        : { severity: 'error', code, message, file: this.file, start, end },
    );
  }

  protected get gaveUp(): boolean {
    return this.diagnostics.length >= MAX_ERRORS;
  }

  /** Says what is wrong at the current token and gives up the innermost list element. */
  protected fail(code: string, message: string): never {
    this.report(this.starts[this.index]!, this.ends[this.index]!, code, message);
    throw SYNTAX_ERROR;
  }

  protected failExpected(what: string): never {
    return this.fail(this.kind === K.END ? 'unexpected-end' : 'unexpected-token', `expected ${what}, found ${this.found()}`);
  }

  /** The current token in words. */
  protected found(): string {
    if (this.kind === K.END) return 'the end of the file';
    const text = this.textAt(this.index);
    const line = text.search(/[\r\n]/);
    const shown = line >= 0 ? text.slice(0, line) : text;
    return `\`${shown.length > 40 ? `${shown.slice(0, 40)}…` : shown}\``;
  }

  protected expect(kind: number, what: string): void {
    if (this.kind !== kind) this.failExpected(what);
    this.advance();
  }

  /** At the end of the region that the bracket `open` opened: takes the closing bracket, or says that it is missing. */
  protected closeBracket(open: number): void {
    const close = this.partners[open]!;
    if (this.index < close) this.moveTo(close);
    if (this.isClosed(open)) this.advance();
    else {
      const bracket = this.textAt(open);
      const expected = bracket === '(' ? ')' : bracket === '[' ? ']' : '}';
      this.report(
        this.starts[open]!,
        this.ends[open]!,
        'unclosed-bracket',
        `this \`${bracket}\` is never closed; expected \`${expected}\``,
      );
    }
  }

  /** Whether the bracket has a closing bracket of its own. (Only its own can be of its kind: see `matchBrackets`.) */
  protected isClosed(open: number): boolean {
    const close = this.kinds[this.partners[open]!]!;
    switch (this.kinds[open]) {
      case K.LEFT_PAREN:
        return close === K.RIGHT_PAREN;
      case K.LEFT_BRACKET:
        return close === K.RIGHT_BRACKET;
      case K.INTERPOLATION_BEGIN:
        return close === K.INTERPOLATION_END;
      case K.STRING_BEGIN:
        return close === K.STRING_END;
      default:
        return close === K.RIGHT_BRACE;
    }
  }

  // ----------------------------------------------------------------------------------------------- nodes of trouble

  protected opaque(start: number, end: number, reason: string): OpaqueNode {
    this.opaqueCount++;
    return { kind: 'OpaqueNode', start, end, reason };
  }

  protected incomplete(start: number, end: number): IncompleteNode {
    return { kind: 'IncompleteNode', start, end };
  }

  protected get tooDeep(): boolean {
    return this.depth >= MAX_DEPTH;
  }

  /** Skips what nests too deep: the bracket at hand as a whole, or, when there is none, gives up the list element. */
  protected skipTooDeep(): OpaqueNode {
    const start = this.starts[this.index]!;
    if (!this.saidTooDeep) {
      this.saidTooDeep = true;
      this.report(
        start,
        this.ends[this.index]!,
        'too-deeply-nested',
        `more than ${MAX_DEPTH} levels of nesting are not read; split this up`,
      );
    }
    switch (this.kind) {
      case K.LEFT_PAREN:
      case K.LEFT_BRACKET:
      case K.LEFT_BRACE:
      case K.STRING_BEGIN:
        this.moveTo(this.partners[this.index]!);
        if (this.kind === K.RIGHT_PAREN || this.kind === K.RIGHT_BRACKET || this.kind === K.RIGHT_BRACE || this.kind === K.STRING_END)
          this.advance();
        return this.opaque(start, this.previousEnd, 'nested too deeply');
      default:
        throw SYNTAX_ERROR;
    }
  }
}

/** A list that has grown keeps room for seventeen items; most lists of a tree have one or two, and there are tens of thousands of them. */
export function compact<T>(list: T[]): T[] {
  return list.length < 9 ? list.slice() : list;
}
