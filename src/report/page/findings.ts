/** Findings in frames: what is wrong, where, the line with carets under it, why it matters, how to fix it. */
import { displayWidth, hanging, headThatFits, type Line, type Page, proseWidth, span, wrap } from '../layout.ts';
import { printableSource } from '../printable.ts';
import { counted } from '../quantities.ts';
import type { Finding, PlaceRange, Report, Severity } from '../report.ts';
import { type Statement, statements } from '../statements.ts';
import { savesSpans } from './saves.ts';

/** Frames of one rule before the others are folded into a list of places: the third tells no more than the first two. */
const FRAMES: Readonly<Record<Severity, number>> = { error: 10, warning: 3, info: 1 };
const FOLDED_PLACES = 8;
/** Other places that a finding names. */
const SEE = 4;
const TAB = 4;

export function findingLines(report: Report, page: Page): Line[][] {
  const open = statements(report).filter(({ suppressed }) => !suppressed);
  const byRule = new Map<string, Statement[]>();
  for (const statement of open) {
    const same = byRule.get(ruleKey(statement));
    if (same === undefined) byRule.set(ruleKey(statement), [statement]);
    else same.push(statement);
  }
  const shown = new Set<Statement>();
  /** What follows the last frame of a rule: the places of the others. */
  const behind = new Map<Statement, Line[]>();
  for (const same of byRule.values()) {
    const some = page.verbose ? same : framed(same);
    for (const statement of some) shown.add(statement);
    const [last] = some.slice(-1);
    const rest = same.filter((statement) => !shown.has(statement));
    if (last !== undefined && rest.length > 0) behind.set(last, foldedLines(last.id, rest, page));
  }
  const frames = open
    .filter((statement) => shown.has(statement))
    .map((statement) => [...frame(statement, report, page), ...(behind.get(statement) ?? [])]);
  if (page.verbose) frames.push(...suppressedLines(report, page));
  return frames;
}

function ruleKey({ severity, id }: Statement): string {
  return `${severity} ${id}`;
}

/** Those of one rule that get a frame: the first few that say something that none before them said. */
function framed(same: readonly Statement[]): readonly Statement[] {
  const said = new Set<string>();
  const different = same.filter(({ message, finding }) => {
    const words = JSON.stringify([message, finding?.reason, finding?.advice]);
    return said.size !== said.add(words).size;
  });
  const limit = FRAMES[same[0]?.severity ?? 'info'];
  return different.length === limit + 1 ? different : different.slice(0, limit);
}

function foldedLines(id: string, rest: readonly Statement[], page: Page): Line[] {
  const places = rest.map(({ location }) => `${location.path}:${location.startLine}`);
  const shown = places.length <= FOLDED_PLACES + 1 ? places : places.slice(0, FOLDED_PLACES);
  const more = places.length - shown.length;
  return hanging(
    [span('  ')],
    [
      span(`and ${rest.length} more ${id} (-v): `, 'faint'),
      ...shown.map((place, index) => span(`${place}${index < shown.length - 1 ? ', ' : ''}`, 'place')),
      ...(more === 0 ? [] : [span(` and ${counted(more, 'more place')}`, 'faint')]),
    ],
    page.width,
  );
}

function suppressedLines(report: Report, page: Page): Line[][] {
  return statements(report).flatMap(({ finding, id, location }) =>
    finding?.suppressed === undefined
      ? []
      : [
          hanging(
            [span('suppressed  ', 'faint')],
            [span(`${id} `), span(placeText(location), 'place'), span(` ${finding.suppressed.reason}`)],
            proseWidth(page),
          ),
        ],
  );
}

function frame(statement: Statement, report: Report, page: Page): Line[] {
  const { id, severity, message, location, excerpt, finding } = statement;
  const width = proseWidth(page);
  const lines: Line[] = wrap([span(`${severity}[${id}]:`, severity), span(' '), span(message, 'strong')], width);
  const gutter = String(location.startLine + Math.max(0, excerpt.length - 1)).length;
  lines.push(...arrowLines(location, gutter, page.width));
  if (excerpt.length > 0) lines.push(...excerptLines(location, excerpt, finding?.label ?? '', gutter, page));
  if (finding === undefined) return lines;
  const confidence = finding.confidence === 'high' ? [] : [span(` ${page.glyphs.dot} ${finding.confidence} confidence`, 'faint')];
  if (finding.reason !== '' || confidence.length > 0)
    lines.push(...hanging([span('  why   ', 'faint')], [span(finding.reason), ...confidence], width));
  if (finding.advice !== '') lines.push(...hanging([span('  fix   ', 'faint')], [span(finding.advice)], width));
  const saves = savesSpans(finding, report, page);
  if (saves.length > 0) lines.push(...hanging([span('  saves ', 'faint')], saves, width));
  const related = onePerPlace(finding.related);
  const seen = page.verbose || related.length <= SEE + 1 ? related : related.slice(0, SEE);
  for (const { message: text, location: place } of seen) {
    lines.push(...hanging([span('  see   ', 'faint')], [span(placeText(place), 'place'), span(`  ${text}`)], width));
  }
  if (seen.length < related.length) lines.push([span(`        and ${counted(related.length - seen.length, 'more place')} (-v)`, 'faint')]);
  if (page.verbose && finding.calls.length > 0) {
    lines.push(
      ...hanging(
        [span('  calls ', 'faint')],
        finding.calls.map((call, index) => span(`${call}${index < finding.calls.length - 1 ? ', ' : ''}`)),
        width,
      ),
    );
  }
  return lines;
}

/** A call in a workflow that is used twice is two calls at one place. */
function onePerPlace(related: Finding['related']): Finding['related'] {
  const said = new Set<string>();
  return related.filter(({ location }) => said.size !== said.add(placeText(location)).size);
}

function arrowLines(location: PlaceRange, gutter: number, width: number): Line[] {
  return hanging([span(`${' '.repeat(gutter)}--> `, 'faint')], [span(placeText(location), 'place')], width);
}

function placeText({ path, startLine, startColumn }: PlaceRange): string {
  return `${path}:${startLine}:${startColumn}`;
}

function excerptLines(location: PlaceRange, excerpt: readonly string[], label: string, gutter: number, page: Page): Line[] {
  const bar = span(`${' '.repeat(gutter)} |`, 'faint');
  const room = page.width - gutter - 3;
  const lines: Line[] = [[bar]];
  const end = location.endLine - location.startLine;
  excerpt.forEach((source, index) => {
    const text = printableSource(source);
    const first = index === 0 ? location.startColumn - 1 : leadingBlanks(text);
    const last = index === end ? location.endColumn - 1 : text.trimEnd().length;
    const { shown, caretStart, caretEnd } = windowOn(text, first, Math.max(first + 1, last), room, page);
    lines.push([span(`${String(location.startLine + index).padStart(gutter)} | `, 'faint'), span(shown, 'code')]);
    // Under the first line alone: carets under each line of a block would only be in the way.
    if (index > 0) return;
    const words = label === '' ? '' : ` ${label}`;
    const carets = '^'.repeat(caretEnd - caretStart);
    const fits = caretEnd + displayWidth(words) <= room;
    lines.push([bar, span(` ${' '.repeat(caretStart)}`), span(fits ? carets + words : carets, 'error')]);
    if (!fits)
      lines.push(
        ...hanging(
          [bar, span(' '.repeat(1 + Math.max(1, Math.min(caretStart, room - displayWidth(label)))))],
          [span(label, 'error')],
          page.width,
        ),
      );
  });
  if (end >= excerpt.length) lines.push([bar, span(` ${page.glyphs.ellipsis} to line ${location.endLine}`, 'faint')]);
  else lines.push([bar]);
  return lines;
}

function leadingBlanks(text: string): number {
  return text.length - text.trimStart().length;
}

/** The part of a source line around its carets that fits, with marks where something was left out; columns as shown. */
function windowOn(
  text: string,
  start: number,
  end: number,
  room: number,
  page: Page,
): { shown: string; caretStart: number; caretEnd: number } {
  // A line can be a whole file: what is far from the carets is not looked at.
  const reach = 4 * room;
  const [first, last] = [Math.max(0, start - reach), Math.min(text.length, start + reach)];
  const before = expand(cut(text, first, start));
  const marked = expand(cut(text, start, Math.min(end, last)), displayWidth(before));
  const after = expand(cut(text, end, last), displayWidth(before) + displayWidth(marked)).trimEnd();
  const from = displayWidth(before);
  const whole = before + marked + after;
  if (first === 0 && last === text.length && displayWidth(whole) <= room)
    return { shown: whole, caretStart: from, caretEnd: from + Math.max(1, displayWidth(marked.trimEnd())) };
  const { ellipsis } = page.glyphs;
  const space = room - 2 * ellipsis.length;
  // A quarter of the room for what stands before the carets, unless all of it fits.
  const lead = first === 0 && from + displayWidth(marked) <= space ? before : tailThatFits(before, Math.floor(space / 4));
  const cutBefore = first > 0 || lead.length < before.length;
  const line = lead + marked + after;
  const head = headThatFits(line, space);
  const offset = (cutBefore ? ellipsis.length : 0) + displayWidth(lead);
  const visible = Math.min(displayWidth(marked.trimEnd()), displayWidth(head) - displayWidth(lead));
  return {
    shown: (cutBefore ? ellipsis : '') + head + (head.length < line.length || last < text.length ? ellipsis : ''),
    caretStart: offset,
    caretEnd: offset + Math.max(1, visible),
  };
}

/** Where a pair of surrogates is cut through, a mark stands for each half. */
function cut(text: string, start: number, end: number): string {
  return text.slice(start, end).replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Whole characters: half of a pair is no text. */
function tailThatFits(text: string, room: number): string {
  const characters = [...text];
  let width = 0;
  let from = characters.length;
  for (; from > 0; from -= 1) {
    width += displayWidth(characters[from - 1] as string);
    if (width > room) break;
  }
  return characters.slice(from).join('');
}

function expand(text: string, column = 0): string {
  let out = '';
  for (const character of text) {
    if (character !== '\t') out += character;
    else out += ' '.repeat(TAB - ((column + displayWidth(out)) % TAB));
  }
  return out;
}
