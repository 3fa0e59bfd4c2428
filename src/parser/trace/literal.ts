/**
 * The data inside Nextflow's HTML reports: a JavaScript literal, which is JSON with `\'` in strings and, in old versions, commas before a closing bracket. It is
 * read, never evaluated. What stands before a cut is still given to who asked for it item by item.
 */

/** The text is no literal from there on. */
export class UnreadableLiteral extends Error {
  /** Offset in the text. */
  readonly at: number;
  /** The text ends there. */
  readonly cut: boolean;
  constructor(at: number, cut: boolean) {
    super(cut ? 'the text ends within a value' : `no value at offset ${at}`);
    this.name = 'UnreadableLiteral';
    this.at = at;
    this.cut = cut;
  }
}

export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<string, Literal>;

/** Reports nest four deep. */
const DEEPEST = 32;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z_$][\w$]*/y;
const BLANK = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', '0': '\0' };

export class LiteralReader {
  readonly #text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.#text = text;
    this.at = at;
    this.#skip();
  }

  /** The next sign that is no blank; empty at the end. */
  get next(): string {
    return this.#text.charAt(this.at);
  }

  /** `onEntry` reads the value, by `value()` or deeper. @throws UnreadableLiteral */
  object(onEntry: (name: string) => void): void {
    this.#bracketed('{', '}', () => {
      const name = this.next === '"' || this.next === "'" ? this.#string() : this.#word();
      if (this.next !== ':') throw this.#trouble();
      this.#step();
      onEntry(name);
    });
  }

  /** `onItem` reads each. @throws UnreadableLiteral */
  array(onItem: () => void): void {
    this.#bracketed('[', ']', onItem);
  }

  /** @throws UnreadableLiteral */
  value(depth = 0): Literal {
    if (depth > DEEPEST) throw this.#trouble();
    const { next } = this;
    if (next === '"' || next === "'") return this.#string();
    if (next === '{') {
      const entries = new Map<string, Literal>();
      this.object((name) => entries.set(name, this.value(depth + 1)));
      return entries;
    }
    if (next === '[') {
      const items: Literal[] = [];
      this.array(() => items.push(this.value(depth + 1)));
      return items;
    }
    NUMBER.lastIndex = this.at;
    const number = NUMBER.exec(this.#text);
    if (number !== null) {
      this.at = NUMBER.lastIndex;
      this.#skip();
      return Number(number[0]);
    }
    const start = this.at;
    const word = this.#word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null' || word === 'undefined' || word === 'NaN') return null;
    throw new UnreadableLiteral(start, false);
  }

  #bracketed(open: string, close: string, read: () => void): void {
    if (this.next !== open) throw this.#trouble();
    this.#step();
    while (this.next !== close) {
      read();
      if (this.next === ',') this.#step();
      else if (this.next !== close) throw this.#trouble();
    }
    this.#step();
  }

  #string(): string {
    const text = this.#text;
    const quote = text.charAt(this.at);
    let start = this.at + 1;
    let read = '';
    for (;;) {
      let end = start;
      while (end < text.length && text[end] !== quote && text[end] !== '\\') end += 1;
      if (end >= text.length) throw new UnreadableLiteral(text.length, true);
      read += text.slice(start, end);
      if (text[end] === quote) {
        this.at = end + 1;
        this.#skip();
        return read;
      }
      const escaped = text.charAt(end + 1);
      const code = escaped === 'u' ? text.slice(end + 2, end + 6) : escaped === 'x' ? text.slice(end + 2, end + 4) : undefined;
      if (code === undefined) {
        read += Object.hasOwn(ESCAPES, escaped) ? ESCAPES[escaped] : escaped;
        start = end + 2;
      } else {
        if (!/^[0-9a-fA-F]+$/.test(code)) throw new UnreadableLiteral(end, end + 6 > text.length);
        read += String.fromCharCode(Number.parseInt(code, 16));
        start = end + 2 + code.length;
      }
    }
  }

  #word(): string {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.#text)?.[0];
    if (word === undefined) throw this.#trouble();
    this.at += word.length;
    this.#skip();
    return word;
  }

  #step(): void {
    this.at += 1;
    this.#skip();
  }

  #skip(): void {
    const code = this.#text.charCodeAt(this.at);
    if (code > 0x20 && code !== 0x2f && code < 0x80) return;
    BLANK.lastIndex = this.at;
    BLANK.exec(this.#text);
    this.at = BLANK.lastIndex;
  }

  #trouble(): UnreadableLiteral {
    return new UnreadableLiteral(this.at, this.at >= this.#text.length);
  }
}
