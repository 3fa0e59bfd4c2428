/**
 * Findings that the user has looked at and lives with, said in the source:
 *   // pipeopt: ignore[rule-id, other-rule] reason        on the same line, or alone on the line directly before
 *   // pipeopt: ignore-file[rule-id] reason               before the first line that is no comment
 * In scripts and in config files. A suppressed finding stays in the report, with the reason.
 */
import { tokenize, tokenStart } from '../parser/syntax/lexer.ts';
import { BLOCK_COMMENT, LINE_COMMENT } from '../parser/syntax/token-kinds.ts';
import type { SourceFile, SourceRange } from '../source/source-file.ts';

export interface Suppression {
  /** Of one id in the brackets. */
  readonly place: SourceRange;
  readonly ruleId: string;
  readonly reason: string;
  /** The line whose findings it speaks about; 'file' for all. */
  readonly line: number | 'file';
  /** How many findings it suppressed. */
  used: number;
  /** What is wrong with the comment itself; then it suppresses nothing. */
  readonly trouble?: string;
}

const MARK = 'pipeopt:';
/** There are not so many rules. */
const MOST_IDS = 100;

export function suppressionsIn(file: SourceFile): Suppression[] {
  // Nearly no file has one: the tokens are made only for those that do.
  if (!file.text.includes(MARK)) return [];
  const tokens = tokenize(file.text);
  const comments: { start: number; end: number }[] = [];
  let firstCode = file.text.length;
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kinds[index] as number;
    const start = tokenStart(tokens, index);
    if (kind === LINE_COMMENT || kind === BLOCK_COMMENT) comments.push({ start, end: tokens.ends[index] as number });
    else if (
      firstCode === file.text.length &&
      !/^(\s*|#!.*\s*)$/.test(file.text.slice(start, Math.min(start + 200, tokens.ends[index] as number)))
    ) {
      firstCode = start;
    }
  }
  const below = codeBelow(file);
  return comments.flatMap((comment) => readComment(file, comment, comment.start < firstCode, below));
}

function readComment(file: SourceFile, comment: { start: number; end: number }, atTop: boolean, below: Int32Array): Suppression[] {
  const text = file.text.slice(comment.start, comment.end);
  const mark = text.indexOf(MARK);
  if (mark === -1) return [];
  const behind = text.slice(mark + MARK.length);
  const place = (from: number, to: number): SourceRange => ({ file, start: comment.start + from, end: comment.start + to });
  const form = /^\s*(ignore|ignore-file)\s*\[([^\]]*)\]([^\n]*)/.exec(behind);
  if (form === null) {
    // "pipeopt:" in other prose is nobody's business.
    const meant = /^\s*(?:ignor|ignroe|disable|suppress|noqa|skip)[\w-]*/i.exec(behind);
    if (meant === null) return [];
    const trouble = 'a suppression reads `pipeopt: ignore[rule-id] reason` or `pipeopt: ignore-file[rule-id] reason`';
    return [{ place: place(mark, mark + MARK.length + meant[0].length), ruleId: '', reason: '', line: 'file', used: 0, trouble }];
  }
  const whole = form[1] === 'ignore-file';
  const reason = (form[3] as string)
    .replace(/\*\/\s*$/, '')
    .replace(/^\s*[:–—-]\s*/, '')
    .trim();
  const line = whole ? 'file' : lineMeant(file, comment, below);
  const found: Suppression[] = [];
  const list = form[2] as string;
  const listStart = mark + MARK.length + form[0].indexOf('[') + 1;
  for (const item of list.matchAll(/[^\s,]+/g)) {
    if (found.length === MOST_IDS) {
      const trouble = `more than ${MOST_IDS} rules in one comment; the others are not looked at`;
      found.push({ place: place(listStart + item.index, listStart + list.length), ruleId: '', reason, line, used: 0, trouble });
      break;
    }
    const from = listStart + item.index;
    const base = { place: place(from, from + item[0].length), ruleId: item[0], reason, line, used: 0 } as const;
    const late = whole && !atTop;
    found.push(late ? { ...base, trouble: '`ignore-file` counts only in comments before the first line of code' } : base);
  }
  if (found.length === 0) {
    const trouble = 'the brackets name no rule: `pipeopt: ignore[rule-id] reason`';
    found.push({ place: place(mark, mark + MARK.length + form[0].indexOf(']') + 1), ruleId: '', reason, line, used: 0, trouble });
  }
  return found;
}

/** A comment beside code speaks about its own line; one alone on its line about the code directly below, other comments aside. */
function lineMeant(file: SourceFile, comment: { start: number; end: number }, below: Int32Array): number {
  const { line } = file.positionAt(comment.start);
  if (file.text.slice(file.lineStarts[line - 1], comment.start).trim() !== '') return line;
  return below[file.positionAt(comment.end).line] || line;
}

/** By line number: the first line of code behind that line, if only comments stand between; else 0. */
function codeBelow({ text, lineStarts }: SourceFile): Int32Array {
  const below = new Int32Array(lineStarts.length + 1);
  for (let line = lineStarts.length; line > 0; line -= 1) {
    const words = text.slice(lineStarts[line - 1], lineStarts[line] ?? text.length).trim();
    below[line - 1] = words === '' ? 0 : /^(\/\/|\/\*|\*)/.test(words) ? (below[line] as number) : line;
  }
  return below;
}
