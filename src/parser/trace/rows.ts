/** Rows of separated cells, where they lie in the text: of a hundred thousand rows no more cells become strings than are asked for. */

/** A trace has a few dozen columns. */
const MOST_CELLS = 2000;
/** UTF-16 units: a quote that is not closed until then is a sign like others. */
const LONGEST_QUOTED = 1_000_000;
const SPACE = 0x20;
const QUOTE = 0x22;

/** Takes what stands in `text` from `start` to `end`. */
export type Sink = (text: string, start: number, end: number) => void;

export class RowReader {
  readonly #text: string;
  readonly #separator: string;
  readonly #quotes: boolean;
  readonly #starts = new Int32Array(MOST_CELLS);
  readonly #ends = new Int32Array(MOST_CELLS);
  #at = 0;
  /** Of the next separator; looked for once, however many lines have none. */
  #separatorAt = -1;
  #nextLine = 1;
  /** Cells of the row that was read; at most MOST_CELLS of them. */
  count = 0;
  /** Where it begins, counted from 1. */
  line = 0;
  /** The text ends within it: it has no line end. */
  unended = false;

  /** With `quotes` a cell in double quotes may hold separators, line ends and doubled quotes. */
  constructor(text: string, separator: string, quotes: boolean) {
    this.#text = text;
    this.#separator = separator;
    this.#quotes = quotes;
  }

  /** Of rows that are not empty the next; false at the end. */
  next(): boolean {
    const text = this.#text;
    while (this.#at < text.length) {
      this.line = this.#nextLine;
      this.count = 0;
      const start = this.#at;
      this.#readRow();
      this.#nextLine += 1;
      if (this.count > 1 || text.slice(start, this.#ends[0]).trim() !== '') return true;
    }
    return false;
  }

  cell(index: number): string {
    return unquoted(this.cells(index, index + 1), this.#quotes);
  }

  /** From one cell to another, with the separators between. */
  cells(from: number, to: number): string {
    return this.#text.slice(this.#starts[from], this.#ends[to - 1]).trim();
  }

  /** Hands a cell on without making a string of it, where it is as it stands. */
  give(index: number, sink: Sink): void {
    const text = this.#text;
    let [start, end] = [this.#starts[index] as number, this.#ends[index] as number];
    while (start < end && text.charCodeAt(start) <= SPACE) start += 1;
    while (start < end && text.charCodeAt(end - 1) <= SPACE) end -= 1;
    if (this.#quotes && text.charCodeAt(start) === QUOTE) {
      const cell = unquoted(text.slice(start, end), true);
      sink(cell, 0, cell.length);
    } else sink(text, start, end);
  }

  #readRow(): void {
    const text = this.#text;
    const lineEnd = this.#ending(this.#at);
    let end = lineEnd;
    let at = this.#at;
    for (;;) {
      let stop = this.#separatorFrom(at);
      if (this.#quotes && text.charCodeAt(at) === QUOTE) {
        const close = this.#closing(at);
        if (close !== -1) {
          if (close > end) {
            for (let line = text.indexOf('\n', at); line !== -1 && line < close; line = text.indexOf('\n', line + 1)) this.#nextLine += 1;
            end = this.#ending(close);
          }
          stop = this.#separatorFrom(close);
        }
      }
      const last = stop >= end;
      if (this.count < MOST_CELLS) {
        this.#starts[this.count] = at;
        this.#ends[this.count] = last ? end : stop;
        this.count += 1;
      }
      if (last) break;
      at = stop + 1;
    }
    this.unended = end >= text.length;
    this.#at = end + 1;
  }

  /** The text's length where there is none. */
  #separatorFrom(from: number): number {
    if (this.#separatorAt < from) {
      const at = this.#text.indexOf(this.#separator, from);
      this.#separatorAt = at === -1 ? this.#text.length : at;
    }
    return this.#separatorAt;
  }

  #ending(from: number): number {
    const end = this.#text.indexOf('\n', from);
    return end === -1 ? this.#text.length : end;
  }

  #closing(open: number): number {
    const text = this.#text;
    let close = text.indexOf('"', open + 1);
    while (close !== -1 && close - open <= LONGEST_QUOTED && text.charCodeAt(close + 1) === QUOTE) close = text.indexOf('"', close + 2);
    return close - open > LONGEST_QUOTED ? -1 : close;
  }
}

function unquoted(cell: string, quotes: boolean): string {
  return quotes && cell.length > 1 && cell.startsWith('"') && cell.endsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
