/** Text that was read, and places in it. The ground floor: imports nothing. */

/** A half-open range of UTF-16 offsets. Every syntax node is one. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: lines and columns start at 1, columns count UTF-16 units. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/** One file's text. `path` is POSIX and relative to the pipeline's root. */
export class SourceFile {
  readonly path: string;
  readonly text: string;
  #lineStarts: Int32Array | undefined;

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
  }

  /** Offsets at which lines start; computed on first use, since most files are never asked. */
  get lineStarts(): Int32Array {
    if (this.#lineStarts !== undefined) return this.#lineStarts;
    const { text } = this;
    const starts: number[] = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    // A lone carriage return ends a line too (language.md 1.1).
    const before = starts.length;
    for (let at = text.indexOf('\r'); at !== -1; at = text.indexOf('\r', at + 1)) if (text[at + 1] !== '\n') starts.push(at + 1);
    if (starts.length > before) starts.sort((one, two) => one - two);
    return (this.#lineStarts = Int32Array.from(starts));
  }

  /** Line and column of an offset; an offset outside the text is clamped into it. */
  positionAt(offset: number): TextPosition {
    const starts = this.lineStarts;
    const at = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (starts[low] as number) + 1 };
  }

  slice(range: TextRange): string {
    return this.text.slice(range.start, range.end);
  }
}

/** A range together with the file that it is in. */
export interface SourceRange extends TextRange {
  readonly file: SourceFile;
}

export function rangeIn(file: SourceFile, range: TextRange): SourceRange {
  return { file, start: range.start, end: range.end };
}

/** Text as it is compared: each run of blanks is one. */
export function normalizeBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
