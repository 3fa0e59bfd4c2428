/** Lines of styled text, wrapped to a width. Knows nothing of colours: `terminal.ts` paints what this lays out. */
import { printable } from './printable.ts';

export type Style = 'strong' | 'faint' | 'heading' | 'error' | 'warning' | 'info' | 'code' | 'place';
export interface Span {
  readonly text: string;
  readonly style?: Style;
}
export type Line = readonly Span[];

/** Signs that need Unicode, and what stands for them where there is none. */
export interface Glyphs {
  readonly dot: string;
  readonly arrow: string;
  readonly times: string;
  readonly dash: string;
  readonly ellipsis: string;
}
export const UNICODE: Glyphs = { dot: '·', arrow: '→', times: '×', dash: '–', ellipsis: '…' };
export const ASCII: Glyphs = { dot: '-', arrow: '->', times: 'x', dash: '-', ellipsis: '...' };

/** What every part of the page is told. */
export interface Page {
  readonly width: number;
  readonly glyphs: Glyphs;
  readonly verbose: boolean;
}

/**
 * Where a word that is wider than the page is broken, the best first: behind the last of these signs. Never behind `.` or `-`,
 * which at the end of a line look as if they belonged to the sentence.
 */
const SEAMS = [/\u00a0(?=[^\u00a0]*$)/, /\/(?=[^/]*$)/, /[:|,&](?=[^:|,&]*$)/, /_(?=[^_]*$)/];
const LEAST_INDENT = 4;
/** A blank that is no place to break a line; painted as a blank. */
export const GLUE = '\u00a0';
/** Prose wider than this is hard to read, however wide the terminal is. */
const PROSE_WIDTH = 110;

/** Nobody reads further. */
const LONGEST_TEXT = 5000;

/** The one way in for text: what a terminal would obey is taken out here. */
export function span(text: string, style?: Style): Span {
  const shown = printable(text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text);
  return style === undefined ? { text: shown } : { text: shown, style };
}

export function glued(text: string): string {
  return text.replaceAll(' ', GLUE);
}

export function proseWidth(page: Page): number {
  return Math.min(page.width, PROSE_WIDTH);
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const MARK = /\p{Mn}|\p{Me}/u;

/** Columns that a terminal gives to the text. */
export function displayWidth(text: string): number {
  // Nearly all text is printable ASCII (plus the glyphs above), one column each.
  if (/^[\u0020-\u02ff\u2010-\u21ff]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : MARK.test(character) ? 0 : 1;
  return width;
}

export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + displayWidth(text), 0);
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - displayWidth(text))) + text;
}

export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)));
}

/** A list as a person writes it: `a, b, c`, breaking behind the commas only. @param beforeLast in a sentence that is ` and ` */
export function listed(items: readonly string[], style?: Style, beforeLast = ', '): Span[] {
  const after = (index: number): string => (index < items.length - 2 ? ', ' : index === items.length - 2 ? beforeLast : '');
  return items.map((item, index) => span(`${glued(item)}${after(index)}`, style));
}

/** Breaks at blanks; a word that is wider than a whole line is broken too (see `SEAMS`). */
export function wrap(body: readonly Span[], width: number): Line[] {
  const room = Math.max(8, width);
  const lines: Line[] = [];
  let line: Span[] = [];
  let used = 0;
  for (const word of words(body)) {
    const wide = lineWidth(word);
    if (used > 0 && used + 1 + wide > room) {
      lines.push(line);
      line = [];
      used = 0;
    }
    if (wide > room) {
      const pieces = broken(word, room);
      lines.push(...pieces.slice(0, -1));
      line = [...(pieces.at(-1) ?? [])];
      used = lineWidth(line);
      continue;
    }
    if (used > 0) line.push(span(' '));
    line.push(...word);
    used += wide + (used > 0 ? 1 : 0);
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

/**
 * `body` wrapped behind `label`, its further lines indented to where it begins. A name that has no room there, but has in a
 * line of its own, gets a smaller indent: what is broken can be neither copied nor searched for.
 */
export function hanging(label: Line, body: readonly Span[], width: number): Line[] {
  const indent = lineWidth(label);
  const longest = longestWord(body);
  if (longest > width - indent && indent > LEAST_INDENT) {
    const rest = indented(body, longest > width ? LEAST_INDENT : Math.min(indent - 1, Math.max(LEAST_INDENT, width - longest)), width);
    return label.every(({ text }) => text.trim() === '') ? rest : [label, ...rest];
  }
  const lines = wrap(body, width - indent);
  if (lines.length === 0) return [label];
  return lines.map((line, index) => (index === 0 ? [...label, ...line] : [span(' '.repeat(indent)), ...line]));
}

/** The width of what is not broken if it can be helped. */
export function longestWord(body: readonly Span[]): number {
  return Math.max(0, ...words(body).map(lineWidth));
}

export function indented(body: readonly Span[], indent: number, width: number): Line[] {
  return hanging([span(' '.repeat(indent))], body, width);
}

function words(body: readonly Span[]): Span[][] {
  const found: Span[][] = [];
  let word: Span[] = [];
  for (const { text, style } of body) {
    const parts = text.split(' ');
    parts.forEach((part, index) => {
      if (index > 0 && word.length > 0) {
        found.push(word);
        word = [];
      }
      if (part !== '') word.push(span(part, style));
    });
  }
  if (word.length > 0) found.push(word);
  return found;
}

function broken(word: Line, room: number): Line[] {
  const lines: Line[] = [];
  let line: Span[] = [];
  let used = 0;
  for (const { text, style } of word) {
    let rest = text;
    while (used + displayWidth(rest) > room) {
      const head = headThatFits(rest, room - used);
      // A seam very early in the line would waste it.
      const cut = SEAMS.map((seam) => head.search(seam) + 1).find((at) => at > head.length / 4) ?? head.length;
      if (cut > 0) line.push(span(rest.slice(0, cut), style));
      lines.push(line);
      line = [];
      used = 0;
      rest = rest.slice(cut);
    }
    if (rest !== '') {
      line.push(span(rest, style));
      used += displayWidth(rest);
    }
  }
  if (line.length > 0) lines.push(line);
  return lines.filter((piece) => piece.length > 0);
}

/** The longest beginning of the text that takes no more than `room` columns; empty when not even one character does. */
export function headThatFits(text: string, room: number): string {
  let width = 0;
  let end = 0;
  for (const character of text) {
    width += displayWidth(character);
    if (width > room) break;
    end += character.length;
  }
  return text.slice(0, end);
}
