/** Edits of a pipeline's files by ranges of the original texts, and where the edited places lie afterwards. */
import { SourceFile, type TextRange } from '../../src/source/source-file.ts';

export type Files = Readonly<Record<string, string>>;

export interface Edit extends TextRange {
  readonly path: string;
  readonly text: string;
}

/** Lines, from 1, both included, of the edited text. */
export interface PlaceLines {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
}

export class Edits {
  readonly #edits: Edit[] = [];

  replace(path: string, range: TextRange, text: string): this {
    this.#edits.push({ path, start: range.start, end: range.end, text });
    return this;
  }

  insert(path: string, at: number, text: string): this {
    return this.replace(path, { start: at, end: at }, text);
  }

  /** A file that was not there. */
  create(path: string, text: string): this {
    return this.insert(path, 0, text);
  }

  get all(): readonly Edit[] {
    return this.#edits;
  }

  apply(files: Files): Files {
    const result: Record<string, string> = { ...files };
    for (const path of new Set(this.#edits.map((edit) => edit.path))) {
      let text = '';
      let at = 0;
      const before = files[path] ?? '';
      for (const edit of this.#of(path)) {
        if (edit.start < at) throw new Error(`edits of ${path} overlap at ${edit.start}`);
        text += before.slice(at, edit.start) + edit.text;
        at = edit.end;
      }
      result[path] = text + before.slice(at);
    }
    return result;
  }

  /** The lines that a range of an original text has in the edited one; what was put in at its ends belongs to it. */
  linesOf(edited: Files, path: string, range: TextRange): PlaceLines {
    let start = range.start;
    let end = range.end;
    for (const edit of this.#of(path)) {
      const grown = edit.text.length - (edit.end - edit.start);
      if (edit.end <= range.start && edit.start < range.start) start += grown;
      if (edit.end <= range.end) end += grown;
    }
    const file = new SourceFile(path, edited[path] ?? '');
    return { path, startLine: file.positionAt(start).line, endLine: file.positionAt(Math.max(start, end)).line };
  }

  #of(path: string): Edit[] {
    return this.#edits
      .map((edit, index) => ({ edit, index }))
      .filter(({ edit }) => edit.path === path)
      .sort((one, two) => one.edit.start - two.edit.start || one.index - two.index)
      .map(({ edit }) => edit);
  }
}
