import * as K from './token-kinds.ts';

/**
 * All tokens of a text, blanks and comments too. They tile it: token `i` starts where token `i - 1` ended (the first at
 * `offset`), and the last ends at the text's end. `kinds` and `ends` may be longer than `count`.
 */
export interface Tokens {
  readonly offset: number;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly ends: Int32Array;
}

export function tokenStart(tokens: Tokens, index: number): number {
  return index === 0 ? tokens.offset : (tokens.ends[index - 1] as number);
}

/** Never throws: what cannot be read is a token of its own (INVALID, UNTERMINATED_STRING, UNTERMINATED_COMMENT). */
export function tokenize(text: string): Tokens {
  return tokenizeFrom(text, 0);
}

/** The tokens of `text` from `offset` on. */
export function tokenizeFrom(text: string, offset: number): Tokens {
  const lexer = new Lexer(text, offset);
  lexer.run();
  return { offset, count: lexer.count, kinds: lexer.kinds, ends: lexer.ends };
}

// How a string was opened. A number, since it lies on the lexer's stack.
const DOUBLE = 1; // "…"
const DOUBLE_LINES = 2; // "…" over several lines (strict takes it, legacy does not)
const TRIPLE_DOUBLE = 3; // """…"""
const SLASHY = 4; // /…/
const DOLLAR_SLASHY = 5; // $/…/$

// What the lexer's stack holds: open brackets, and strings that wait behind an open `${` (INTERPOLATED + how opened).
const OPEN_BRACE = 0;
const OPEN_PAREN = 1;
const INTERPOLATED = 8;

// What an ASCII character may do.
const BLANK_CHAR = 1;
const NAME_START = 2;
const NAME_PART = 4;
const DIGIT = 8;
const ASCII = new Uint8Array(128);
for (const blank of [9, 11, 12, 32]) ASCII[blank] = BLANK_CHAR;
for (let code = 48; code < 58; code++) ASCII[code] = NAME_PART | DIGIT;
for (let code = 65; code < 91; code++) ASCII[code] = ASCII[code + 32] = NAME_START | NAME_PART;
ASCII[36] = ASCII[95] = NAME_START | NAME_PART;

// Words by hash: `HASH_KINDS` holds the kind of the word whose hash that is, 0 for none. Collisions between words would be found
// while the table is filled; a name that falls on a word's place is told apart by its letters.
const HASH_SIZE = 256;
const HASH_KINDS = new Uint8Array(HASH_SIZE);
const HASH_WORDS: string[] = new Array<string>(HASH_SIZE).fill('');
for (const [word, kind] of K.WORD_KINDS) {
  const slot = hashOf(word, 0, word.length);
  if (HASH_KINDS[slot] !== 0) throw new Error(`keywords ${HASH_WORDS[slot]} and ${word} share a hash: change the hash`);
  HASH_KINDS[slot] = kind;
  HASH_WORDS[slot] = word;
}

function hashOf(text: string, start: number, end: number): number {
  const first = text.charCodeAt(start);
  return (first + 31 * text.charCodeAt(start + 1) + 2 * text.charCodeAt(end - 1) + 10 * (end - start)) & (HASH_SIZE - 1);
}

const LONGEST_WORD = 12;

// Behind these a `/` divides; behind anything else it opens a string (as Groovy's own lexer decides).
const ENDS_OPERAND = new Uint8Array(K.KIND_COUNT);
for (const kind of [K.STRING, K.STRING_END, K.UNTERMINATED_STRING, K.NUMBER, K.RIGHT_PAREN, K.RIGHT_BRACKET, K.RIGHT_BRACE, K.INCREMENT]) {
  ENDS_OPERAND[kind] = 1;
}
for (let kind = K.NAME; kind <= K.LAST_OPERAND_WORD; kind++) ENDS_OPERAND[kind] = 1;

// Runs of characters: an expression is machine code from its second use on, a loop only after thousands of rounds.
const WORD = /[\w$]*/y;
const BLANKS = /(?:[ \t\v\f]|\\(?:\r\n?|\n))*/y;
const LINE_END = /[\n\r]/g;
const IN_LINES = /['\\]/g;
const IN_LINE = /['\\\n\r]/g;
/** What means something inside, by how the string was opened. */
const IN_STRING: Readonly<Record<number, RegExp>> = {
  [DOUBLE]: /[$\\"\n\r]/g,
  [DOUBLE_LINES]: /[$\\"]/g,
  [TRIPLE_DOUBLE]: /[$\\"]/g,
  [SLASHY]: /[$\\/]/g,
  [DOLLAR_SLASHY]: /[$\\/]/g,
};

/** End of the run at `from`. */
function endOf(run: RegExp, text: string, from: number): number {
  run.lastIndex = from;
  run.test(text);
  return run.lastIndex;
}

/** Where the first such character is from `from` on; the text's end when there is none. */
function find(character: RegExp, text: string, from: number): number {
  character.lastIndex = from;
  return character.test(text) ? character.lastIndex - 1 : text.length;
}

const LETTER = /[\p{L}\p{Nl}\p{Nd}\p{Mn}\p{Mc}\p{Pc}\p{Sc}]/u;

class Lexer {
  kinds: Uint8Array;
  ends: Int32Array;
  count = 0;
  private readonly text: string;
  private readonly length: number;
  /** End of the last token. */
  private at: number;
  /** Kind of the last token that is no trivia. */
  private previous = K.END;
  private newlineSince = false;
  private readonly stack: number[] = [];
  /** From here on no closing `/` (`/$`) is to be found: not looked for twice. */
  private noSlashFrom = -1;
  private noDollarSlashFrom = -1;

  constructor(text: string, offset: number) {
    this.text = text;
    this.length = text.length;
    this.at = offset;
    const guess = ((text.length - offset) >> 2) + 64;
    this.kinds = new Uint8Array(guess);
    this.ends = new Int32Array(guess);
  }

  run(): void {
    const { text, length } = this;
    if (this.at === 0) {
      if (text.charCodeAt(0) === 0xfeff) this.trivia(K.BLANK, 1);
      while (text.charCodeAt(this.at) === 35 && text.charCodeAt(this.at + 1) === 33) {
        this.trivia(K.SHEBANG, this.lineEnd(this.at));
        if (this.at < length) this.newline();
      }
    }
    while (this.at < length) this.next();
  }

  private next(): void {
    const { text, at } = this;
    const code = text.charCodeAt(at);
    if (code >= 128) {
      this.beyondAscii(code);
      return;
    }
    const ascii = ASCII[code] as number;
    if ((ascii & NAME_START) !== 0) {
      if (code === 36 && text.charCodeAt(at + 1) === 47 && this.dollarSlashy()) return;
      this.word();
      return;
    }
    if (ascii === BLANK_CHAR) {
      this.blanks();
      return;
    }
    if ((ascii & DIGIT) !== 0) {
      this.number();
      return;
    }
    switch (code) {
      case 10: // \n
      case 13: // \r
        this.newline();
        return;
      case 34: // "
        this.doubleQuoted();
        return;
      case 39: // '
        this.singleQuoted();
        return;
      case 40: // (
        this.stack.push(OPEN_PAREN);
        this.push(K.LEFT_PAREN, at + 1);
        return;
      case 41: // )
        this.closeParen();
        this.push(K.RIGHT_PAREN, at + 1);
        return;
      case 91: // [
        this.stack.push(OPEN_PAREN);
        this.push(K.LEFT_BRACKET, at + 1);
        return;
      case 93: // ]
        this.closeParen();
        this.push(K.RIGHT_BRACKET, at + 1);
        return;
      case 123: // {
        this.stack.push(OPEN_BRACE);
        this.push(K.LEFT_BRACE, at + 1);
        return;
      case 125: // }
        this.closeBrace();
        return;
      case 44:
        this.push(K.COMMA, at + 1);
        return;
      case 59:
        this.push(K.SEMICOLON, at + 1);
        return;
      case 46: // .
        this.dot();
        return;
      case 47: // /
        this.slash();
        return;
      case 92: // \ before a line end continues the line
        if (this.lineEndLength(at + 1) > 0) this.blanks();
        else this.invalid(at + 1);
        return;
      default:
        this.operator(code);
    }
  }

  // -------------------------------------------------------------------------------------------------- bookkeeping

  private push(kind: number, end: number): void {
    this.trivia(kind, end);
    this.previous = kind;
    this.newlineSince = false;
  }

  private trivia(kind: number, end: number): void {
    const { count } = this;
    if (count === this.kinds.length) this.grow();
    this.kinds[count] = kind;
    this.ends[count] = end;
    this.count = count + 1;
    this.at = end;
  }

  private grow(): void {
    const kinds = new Uint8Array(this.kinds.length * 2);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const ends = new Int32Array(this.ends.length * 2);
    ends.set(this.ends);
    this.ends = ends;
  }

  private charIs(at: number, code: number): boolean {
    return this.text.charCodeAt(at) === code;
  }

  /** Length of the line end at `at`: 0 when there is none. */
  private lineEndLength(at: number): number {
    const code = this.text.charCodeAt(at);
    if (code === 10) return 1;
    if (code === 13) return this.charIs(at + 1, 10) ? 2 : 1;
    return 0;
  }

  private lineEnd(from: number): number {
    return find(LINE_END, this.text, from);
  }

  // ------------------------------------------------------------------------------------------------------- trivia

  private newline(): void {
    this.trivia(K.NEWLINE, this.at + this.lineEndLength(this.at));
    this.newlineSince = true;
  }

  /** blanks := (space | tab | VT | FF | '\' lineEnd)+ */
  private blanks(): void {
    const next = this.text.charCodeAt(this.at + 1);
    // One blank, as most are.
    const one = next > 32 && next !== 92 && !this.charIs(this.at, 92);
    this.trivia(K.BLANK, one ? this.at + 1 : endOf(BLANKS, this.text, this.at));
  }

  /** A run of characters that belong nowhere is one token, so that a binary file has few of them. */
  private invalid(end: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.kinds[last] === K.INVALID) {
      this.ends[last] = end;
      this.at = end;
    } else this.trivia(K.INVALID, end);
  }

  private blockComment(): void {
    const close = this.text.indexOf('*/', this.at + 2);
    if (close < 0) this.trivia(K.UNTERMINATED_COMMENT, this.length);
    else this.trivia(K.BLOCK_COMMENT, close + 2);
  }

  // ---------------------------------------------------------------------------------------------- words, numbers

  private beyondAscii(code: number): void {
    if (code === 0xfeff) this.trivia(K.BLANK, this.at + 1);
    else if (this.letterLength(this.at) > 0) this.word();
    else this.invalid(this.at + (code >= 0xd800 && code < 0xdc00 && this.at + 1 < this.length ? 2 : 1));
  }

  /** Length of the letter beyond ASCII at `at`, 0 when it is none. */
  private letterLength(at: number): number {
    if (!(this.text.charCodeAt(at) >= 128)) return 0;
    const point = this.text.codePointAt(at);
    if (point === undefined || !LETTER.test(String.fromCodePoint(point))) return 0;
    return point > 0xffff ? 2 : 1;
  }

  /** word := Java identifier; behind a dot it is always a NAME. */
  private word(): void {
    const { text } = this;
    const start = this.at;
    let at = endOf(WORD, text, start);
    for (let step = this.letterLength(at); step > 0; step = this.letterLength(at)) at = endOf(WORD, text, at + step);
    let kind = K.NAME;
    if (at - start <= LONGEST_WORD && !(this.previous >= K.DOT && this.previous <= K.METHOD_REFERENCE)) {
      const slot = hashOf(text, start, at);
      const found = HASH_KINDS[slot] as number;
      if (found !== 0) {
        const candidate = HASH_WORDS[slot] as string;
        if (candidate.length === at - start && text.startsWith(candidate, start)) kind = found;
      }
    }
    this.push(kind, at);
  }

  private digits(from: number): number {
    const { text, length } = this;
    let at = from;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      if (!((code >= 48 && code <= 57) || code === 95)) break;
    }
    return at;
  }

  private isDigit(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code >= 48 && code <= 57;
  }

  private isNamePart(at: number): boolean {
    if (at >= this.length) return false;
    const code = this.text.charCodeAt(at);
    return code < 128 ? ((ASCII[code] as number) & NAME_PART) !== 0 : this.letterLength(at) > 0;
  }

  /** number := ('0x' | '0b') hex+ | digits ['.' digits] [('e' | 'E') ['+' | '-'] digits] [suffix]; `1.` is no number. */
  private number(): void {
    const { text } = this;
    const start = this.at;
    const second = text.charCodeAt(start + 1) | 32;
    let at: number;
    if (this.charIs(start, 48) && (second === 120 || second === 98) && this.isNamePart(start + 2)) {
      at = start + 2;
      while (this.isNamePart(at)) at++;
      this.push(K.NUMBER, at);
      return;
    }
    at = this.digits(start);
    if (this.charIs(at, 46) && this.isDigit(at + 1)) at = this.digits(at + 1);
    if ((text.charCodeAt(at) | 32) === 101) {
      const sign = text.charCodeAt(at + 1);
      const exponent = sign === 43 || sign === 45 ? at + 2 : at + 1;
      if (this.isDigit(exponent)) at = this.digits(exponent);
    }
    switch (text.charCodeAt(at) | 32) {
      case 108: // l
      case 105: // i
      case 103: // g
      case 102: // f
      case 100: // d
        if (!this.isNamePart(at + 1)) at++;
    }
    this.push(K.NUMBER, at);
  }

  // ---------------------------------------------------------------------------------------------------- brackets

  private closeParen(): void {
    const { stack } = this;
    if (stack.length > 0 && stack[stack.length - 1] === OPEN_PAREN) stack.pop();
  }

  /** A `}` closes the innermost `{` or `${`, whatever else was left open in between. */
  private closeBrace(): void {
    const { stack } = this;
    while (stack.length > 0 && stack[stack.length - 1] === OPEN_PAREN) stack.pop();
    const opened = stack.pop();
    if (opened === undefined || opened < INTERPOLATED) {
      this.push(K.RIGHT_BRACE, this.at + 1);
      return;
    }
    this.push(K.INTERPOLATION_END, this.at + 1);
    this.stringRest(opened - INTERPOLATED, -1, this.at);
  }

  // ----------------------------------------------------------------------------------------------------- strings

  /** `'…'` on one line, `'''…'''` over several; nothing is interpolated. */
  private singleQuoted(): void {
    const { text, length, at: start } = this;
    if (this.charIs(start + 1, 39) && this.charIs(start + 2, 39)) {
      for (let at = find(IN_LINES, text, start + 3); at < length; at = find(IN_LINES, text, at + 1)) {
        if (this.charIs(at, 92)) at++;
        else if (this.charIs(at + 1, 39) && this.charIs(at + 2, 39)) {
          this.push(K.STRING, at + 3);
          return;
        }
      }
      this.push(K.UNTERMINATED_STRING, length);
      return;
    }
    let at = find(IN_LINE, text, start + 1);
    while (this.charIs(at, 92)) at = find(IN_LINE, text, at + 1 + Math.max(1, this.lineEndLength(at + 1)));
    if (this.charIs(at, 39)) {
      this.push(K.STRING, at + 1);
      return;
    }
    this.push(K.UNTERMINATED_STRING, Math.min(at, length));
  }

  private doubleQuoted(): void {
    const start = this.at;
    if (this.charIs(start + 1, 34) && this.charIs(start + 2, 34)) this.stringRest(TRIPLE_DOUBLE, start, start + 3);
    else this.stringRest(DOUBLE, start, start + 1);
  }

  /**
   * Reads a string's text from `from` on until it ends or a `${` opens. `quotes` is where its opening quotes start while
   * nothing of it has been pushed yet (then a string without interpolation becomes one token), -1 later.
   */
  private stringRest(opened: number, quotes: number, from: number): void {
    const { text, length } = this;
    let mode = opened;
    let pending = quotes;
    let at = from;
    for (;;) {
      at = find(IN_STRING[mode] as RegExp, text, at);
      if (at >= length) break;
      const code = text.charCodeAt(at);
      if (code === 36) {
        // '$'
        const next = text.charCodeAt(at + 1);
        if (mode === DOLLAR_SLASHY && (next === 36 || next === 47)) {
          at += 2;
        } else if (next === 123) {
          if (pending >= 0) this.push(K.STRING_BEGIN, from);
          if (at > this.at) this.push(K.STRING_TEXT, at);
          this.push(K.INTERPOLATION_BEGIN, at + 2);
          this.stack.push(INTERPOLATED + mode);
          return;
        } else if (this.startsPath(at + 1)) {
          if (pending >= 0) this.push(K.STRING_BEGIN, from);
          pending = -1;
          if (at > this.at) this.push(K.STRING_TEXT, at);
          at = this.pathEnd(at + 1);
          this.push(K.STRING_PATH, at);
        } else at++;
      } else if (code === 92) {
        // '\'
        if (mode === SLASHY) at += this.charIs(at + 1, 47) ? 2 : 1;
        else if (mode === DOLLAR_SLASHY) at++;
        else at += 1 + Math.max(1, this.lineEndLength(at + 1));
      } else if (code === 34) {
        if (mode <= DOUBLE_LINES) {
          this.stringEnd(pending, at, at + 1);
          return;
        }
        if (mode === TRIPLE_DOUBLE && this.charIs(at + 1, 34) && this.charIs(at + 2, 34)) {
          this.stringEnd(pending, at, at + 3);
          return;
        }
        at++;
      } else if (code === 47) {
        if (mode === SLASHY) {
          this.stringEnd(pending, at, at + 1);
          return;
        }
        if (mode === DOLLAR_SLASHY && this.charIs(at + 1, 36)) {
          this.stringEnd(pending, at, at + 2);
          return;
        }
        at++;
      } else if (mode === DOUBLE && (code === 10 || code === 13)) {
        if (!this.closesOnLaterLine(at)) break;
        mode = DOUBLE_LINES;
        at++;
      } else at++;
    }
    at = Math.min(at, length);
    if (pending >= 0) this.push(K.UNTERMINATED_STRING, at);
    else if (at > this.at) this.push(K.STRING_TEXT, at);
  }

  private stringEnd(pending: number, textEnd: number, end: number): void {
    if (pending >= 0) this.push(K.STRING, end);
    else {
      if (textEnd > this.at) this.push(K.STRING_TEXT, textEnd);
      this.push(K.STRING_END, end);
    }
  }

  /**
   * Whether the `"…"` that met a line end at `at` goes on: strict takes that, legacy does not, and most often a quote
   * was forgotten. It goes on when the next quote leaves the quotes of its own line even.
   */
  private closesOnLaterLine(at: number): boolean {
    const { text, length } = this;
    const close = text.indexOf('"', at);
    if (close < 0 || (this.charIs(close + 1, 34) && this.charIs(close + 2, 34))) return false;
    let even = true;
    for (let rest = close + 1; rest < length; rest++) {
      const code = text.charCodeAt(rest);
      if (code === 10) break;
      if (code === 92) rest++;
      else if (code === 34) even = !even;
    }
    return even;
  }

  /** In strings a path is made of letters, digits and `_`; no `$`. */
  private startsPath(at: number): boolean {
    const code = this.text.charCodeAt(at);
    if (code >= 128) return this.letterLength(at) > 0;
    return code !== 36 && ((ASCII[code] as number) & NAME_START) !== 0;
  }

  /** path := name ('.' name)* */
  private pathEnd(from: number): number {
    const { text, length } = this;
    let at = from;
    while (at < length) {
      const code = text.charCodeAt(at);
      if (code >= 128) {
        const step = this.letterLength(at);
        if (step === 0) break;
        at += step;
      } else if (code !== 36 && ((ASCII[code] as number) & NAME_PART) !== 0) at++;
      else if (code === 46 && at + 1 < length && this.startsPath(at + 1)) at += 2;
      else break;
    }
    return at;
  }

  /** '/' opens a comment or a string, divides, or is `/=`. */
  private slash(): void {
    const { at } = this;
    const next = this.text.charCodeAt(at + 1);
    if (next === 47) this.trivia(K.LINE_COMMENT, this.lineEnd(at));
    else if (next === 42) this.blockComment();
    else if (this.slashyHere(at)) this.stringRest(SLASHY, at, at + 1);
    else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
    else this.push(K.SLASH, at + 1);
  }

  /**
   * Groovy lets a `/` behind a line end open a string; strict lets it divide what the line before ended with. There it is
   * a string only when it closes on its line, or stands alone on it (a slashy script without label).
   */
  private slashyHere(at: number): boolean {
    if (ENDS_OPERAND[this.previous] === 0) return this.findSlash(at + 1, this.length);
    if (!this.newlineSince || this.stack[this.stack.length - 1] === OPEN_PAREN) return false;
    const lineEnd = this.lineEnd(at);
    return this.findSlash(at + 1, this.text.slice(at + 1, lineEnd).trim() === '' ? this.length : lineEnd);
  }

  private findSlash(from: number, limit: number): boolean {
    if (this.noSlashFrom >= 0 && from >= this.noSlashFrom) return false;
    const { text } = this;
    for (let at = from; at < limit; at++) {
      const code = text.charCodeAt(at);
      if (code === 47) return true;
      if (code === 92 && this.charIs(at + 1, 47)) at++;
    }
    if (limit === this.length) this.noSlashFrom = from;
    return false;
  }

  private dollarSlashy(): boolean {
    const { text, at } = this;
    if (ENDS_OPERAND[this.previous] === 1 && !this.newlineSince && at > 0 && this.isNamePart(at - 1)) return false;
    if (this.noDollarSlashFrom >= 0 && at >= this.noDollarSlashFrom) return false;
    if (text.indexOf('/$', at + 2) < 0) {
      this.noDollarSlashFrom = at;
      return false;
    }
    this.stringRest(DOLLAR_SLASHY, at, at + 2);
    return true;
  }

  // --------------------------------------------------------------------------------------------------- operators

  /** `.` `..` `..<` `...` `.&` `.@` or a number such as `.5` */
  private dot(): void {
    const { text, at } = this;
    switch (text.charCodeAt(at + 1)) {
      case 46:
        if (this.charIs(at + 2, 46)) this.push(K.ELLIPSIS, at + 3);
        else if (this.charIs(at + 2, 60)) this.push(K.RANGE, at + 3);
        else this.push(K.RANGE, at + 2);
        return;
      case 38:
        this.push(K.METHOD_POINTER, at + 2);
        return;
      case 64:
        this.push(K.FIELD_DOT, at + 2);
        return;
      default:
        if (this.isDigit(at + 1) && ENDS_OPERAND[this.previous] === 0) this.number();
        else this.push(K.DOT, at + 1);
    }
  }

  private operator(code: number): void {
    const { text, at } = this;
    const next = text.charCodeAt(at + 1);
    switch (code) {
      case 61: // =
        if (next === 61) {
          const third = text.charCodeAt(at + 2);
          if (third === 61) this.push(K.EQUALITY, at + 3);
          else if (third === 126) this.push(K.MATCH, at + 3);
          else this.push(K.EQUALITY, at + 2);
        } else if (next === 126) this.push(K.MATCH, at + 2);
        else this.push(K.ASSIGN, at + 1);
        return;
      case 58: // :
        if (next === 58) this.push(K.METHOD_REFERENCE, at + 2);
        else this.push(K.COLON, at + 1);
        return;
      case 45: // -
        if (next === 62) this.push(K.ARROW, at + 2);
        else if (next === 45) this.push(K.INCREMENT, at + 2);
        else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else this.push(K.MINUS, at + 1);
        return;
      case 43: // +
        if (next === 43) this.push(K.INCREMENT, at + 2);
        else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else this.push(K.PLUS, at + 1);
        return;
      case 42: // *
        if (next === 42) {
          if (this.charIs(at + 2, 61)) this.push(K.COMPOUND_ASSIGN, at + 3);
          else this.push(K.POWER, at + 2);
        } else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else if (next === 46 && !this.isDigit(at + 2)) this.push(K.SPREAD_DOT, at + 2);
        else this.push(K.STAR, at + 1);
        return;
      case 37: // %
        if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else this.push(K.PERCENT, at + 1);
        return;
      case 33: // !
        this.exclamation(next);
        return;
      case 60: // <
        this.less(next);
        return;
      case 62: // >
        this.greater(next);
        return;
      case 63: // ?
        if (next === 58) this.push(K.ELVIS, at + 2);
        else if (next === 61 && !this.charIs(at + 2, 61)) this.push(K.COMPOUND_ASSIGN, at + 2);
        else if (next === 46 && !this.isDigit(at + 2) && !this.charIs(at + 2, 46)) this.push(K.SAFE_DOT, at + 2);
        else if (next === 63 && this.charIs(at + 2, 46)) this.push(K.SAFE_DOT, at + 3);
        else this.push(K.QUESTION, at + 1);
        return;
      case 38: // &
        if (next === 38) this.push(K.AND, at + 2);
        else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else this.push(K.AMPERSAND, at + 1);
        return;
      case 124: // |
        if (next === 124) this.push(K.OR, at + 2);
        else if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else if (next === 62) this.push(K.PIPE, at + 2);
        else this.push(K.BAR, at + 1);
        return;
      case 94: // ^
        if (next === 61) this.push(K.COMPOUND_ASSIGN, at + 2);
        else this.push(K.CARET, at + 1);
        return;
      case 126: // ~
        this.push(K.TILDE, at + 1);
        return;
      case 64: // @
        this.push(K.AT, at + 1);
        return;
      default:
        this.invalid(at + 1);
    }
  }

  /** `!` `!=` `!==` `!in` `!instanceof`; `!internal` is `!` and a name. */
  private exclamation(next: number): void {
    const { text, at } = this;
    if (next === 61) this.push(K.EQUALITY, this.charIs(at + 2, 61) ? at + 3 : at + 2);
    else if (next === 105 && text.startsWith('instanceof', at + 1) && !this.isNamePart(at + 11)) this.push(K.NOT_INSTANCEOF, at + 11);
    else if (next === 105 && text.startsWith('in', at + 1) && !this.isNamePart(at + 3) && ENDS_OPERAND[this.previous] === 1) {
      this.push(K.NOT_IN, at + 3);
    } else this.push(K.NOT, at + 1);
  }

  /** `<` `<=` `<=>` `<<` `<<=` `<..` `<..<` */
  private less(next: number): void {
    const { at } = this;
    if (next === 61) {
      if (this.charIs(at + 2, 62)) this.push(K.EQUALITY, at + 3);
      else this.push(K.RELATION, at + 2);
    } else if (next === 60) {
      if (this.charIs(at + 2, 61)) this.push(K.COMPOUND_ASSIGN, at + 3);
      else this.push(K.SHIFT_LEFT, at + 2);
    } else if (next === 46 && this.charIs(at + 2, 46)) {
      this.push(K.RANGE, this.charIs(at + 3, 60) ? at + 4 : at + 3);
    } else this.push(K.LESS, at + 1);
  }

  /** `>` `>=` `>>` `>>=` `>>>` `>>>=` */
  private greater(next: number): void {
    const { at } = this;
    if (next === 61) this.push(K.RELATION, at + 2);
    else if (next !== 62) this.push(K.GREATER, at + 1);
    else if (this.charIs(at + 2, 61)) this.push(K.COMPOUND_ASSIGN, at + 3);
    else if (!this.charIs(at + 2, 62)) this.push(K.SHIFT_RIGHT, at + 2);
    else if (this.charIs(at + 3, 61)) this.push(K.COMPOUND_ASSIGN, at + 4);
    else this.push(K.SHIFT_RIGHT, at + 3);
  }
}
