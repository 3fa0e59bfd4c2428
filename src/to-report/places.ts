/** Where something stands, as the report has it. */
import type { Place, PlaceRange } from '../report/report.ts';
import type { SourceRange } from '../source/source-file.ts';

export const places = new WeakMap<SourceRange, Place>();

/** Hundreds of edges can end at one call: its place is worked out once. */
export function place(range: SourceRange): Place {
  let known = places.get(range);
  if (known === undefined) places.set(range, (known = { path: range.file.path, ...range.file.positionAt(range.start) }));
  return known;
}

export function line(range: SourceRange): { path: string; line: number } {
  return { path: range.file.path, line: range.file.positionAt(range.start).line };
}

export function placeRange(range: SourceRange): PlaceRange {
  const start = range.file.positionAt(range.start);
  const end = range.file.positionAt(range.end);
  return { path: range.file.path, startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

const MOST_EXCERPT_LINES = 3;

/** A line can be a whole file, and have a hundred findings: each would carry it. */
const LONGEST_EXCERPT_LINE = 2000;

export function excerptOf(range: SourceRange): string[] {
  const first = range.file.positionAt(range.start).line;
  const last = Math.min(range.file.positionAt(range.end).line, first + MOST_EXCERPT_LINES - 1);
  const { lineStarts, text } = range.file;
  const lines: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const end = lineStarts[number] ?? text.length + 1;
    const start = lineStarts[number - 1] as number;
    lines.push(text.slice(start, Math.min(end - 1, start + LONGEST_EXCERPT_LINE)).replace(/\r$/, ''));
  }
  return lines;
}
