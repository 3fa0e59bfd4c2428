/** A file's text as facts quote it: from token to token, places in lines and code points. */
import type { ParseResult } from '../../src/parser/syntax/parser.ts';
import * as K from '../../src/parser/syntax/token-kinds.ts';
import type { SourceFile, TextRange } from '../../src/source/source-file.ts';

export class SourceText {
  readonly file: SourceFile;
  /** Tokens that are no blank, newline or comment, by their places. */
  readonly #kinds: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  constructor(file: SourceFile, { tokens }: ParseResult) {
    this.file = file;
    let start = tokens.offset;
    for (let index = 0; index < tokens.count; index++) {
      const kind = tokens.kinds[index]!;
      const end = tokens.ends[index]!;
      if (kind > K.LAST_TRIVIA) {
        this.#kinds.push(kind);
        this.#starts.push(start);
        this.#ends.push(end);
      }
      start = end;
    }
  }

  of(range: TextRange): string {
    return this.file.slice(range);
  }

  /** An expression with the parentheses around it: the tree's ranges leave them out. */
  ofWhole(range: TextRange): string {
    let first = this.#tokenFrom(range.start);
    let last = this.#tokenFrom(range.end) - 1;
    while (this.#kinds[first - 1] === K.LEFT_PAREN && this.#kinds[last + 1] === K.RIGHT_PAREN) {
      first--;
      last++;
    }
    return this.#between(first, last);
  }

  /**
   * What stands from `from`, behind a callee's name, to the call's end: without the parentheses when they hold all of it, and
   * then without a comma at their end.
   */
  argumentsOf(from: number, end: number): string {
    let first = this.#tokenFrom(from);
    let last = this.#tokenFrom(end) - 1;
    if (this.#kinds[first] === K.LEFT_PAREN && this.#closing(first, last) === last) {
      first++;
      last--;
      if (this.#kinds[last] === K.COMMA) last--;
    }
    return this.#between(first, last);
  }

  lineOf(offset: number): number {
    return this.file.positionAt(offset).line;
  }

  /** Line and column of an offset; the column counts code points. */
  placeOf(offset: number): { line: number; column: number } {
    const { line, column } = this.file.positionAt(offset);
    const before = this.file.text.slice(offset - column + 1, offset);
    return { line, column: column - (before.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0) };
  }

  #between(first: number, last: number): string {
    return first > last ? '' : this.file.text.slice(this.#starts[first], this.#ends[last]);
  }

  /** Index of the first token that starts at `offset` or behind it. */
  #tokenFrom(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#starts[middle]! < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #closing(open: number, last: number): number {
    let depth = 0;
    for (let index = open; index <= last; index++) {
      if (this.#kinds[index] === K.LEFT_PAREN) depth++;
      else if (this.#kinds[index] === K.RIGHT_PAREN && --depth === 0) return index;
    }
    return -1;
  }
}
