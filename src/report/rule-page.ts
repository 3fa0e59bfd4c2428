/** The catalogue of rules, and one rule's page. */
import { hanging, type Line, type Page, proseWidth, type Span, span, wrap } from './layout.ts';
import { counted } from './quantities.ts';
import type { Severity } from './report.ts';

export interface RuleText {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** Markdown. */
  readonly docs: string;
}

export function ruleListLines(rules: readonly RuleText[], page: Page): Line[] {
  const width = Math.min(Math.max(0, ...rules.map(({ id }) => id.length)), Math.floor(page.width / 2));
  const lines = [...rules]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, title, severity }) =>
      hanging([span(severity.padEnd(9), severity), span(id.padEnd(width)), span('  ')], [span(title)], page.width),
    );
  return [
    ...lines,
    [],
    ...wrap([span(`${counted(rules.length, 'rule')}. pipeopt explain RULE says what one finds and how to fix it.`, 'faint')], page.width),
  ];
}

/** Headings bold, code indented, paragraphs and lists wrapped: all the markdown that a rule's documentation uses. */
export function rulePageLines(rule: RuleText, page: Page): Line[] {
  const width = Math.min(proseWidth(page), 90);
  const lines: Line[] = [
    ...wrap([span(rule.id, 'strong'), span(` ${page.glyphs.dot} `, 'faint'), span(rule.severity, rule.severity)], width),
    ...wrap([span(rule.title)], width),
  ];
  let paragraph: string[] = [];
  let bullet: { mark: string; text: string[] } | undefined;
  let fenced = false;
  const flush = (): void => {
    if (bullet !== undefined) lines.push(...hanging([span(bullet.mark)], inline(bullet.text.join(' ')), width));
    else if (paragraph.length > 0) lines.push(...wrap(inline(paragraph.join(' ')), width));
    bullet = undefined;
    paragraph = [];
  };
  const space = (): void => {
    if (lines.length > 0 && lines.at(-1)?.length !== 0) lines.push([]);
  };
  for (const text of rule.docs.trim().split(/\r?\n/)) {
    const item = /^(\s*)([-*]|\d+\.)\s+(.*)$/.exec(text);
    if (/^\s*```/.test(text)) {
      flush();
      fenced = !fenced;
      space();
    } else if (fenced) lines.push([span('    '), span(text, 'code')]);
    else if (text.trim() === '') {
      flush();
      space();
    } else if (/^#+\s/.test(text)) {
      flush();
      space();
      lines.push([span(text.replace(/^#+\s+/, ''), 'heading')]);
    } else if (/^\*\*[^*]+\*\*\.?$/.test(text.trim())) {
      flush();
      space();
      lines.push([span(text.trim().replace(/^\*\*|\*\*\.?$/g, ''), 'heading')]);
    } else if (item !== null) {
      flush();
      bullet = { mark: `${item[1] ?? ''}${item[2] === '*' ? '-' : item[2]} `, text: [item[3] ?? ''] };
    } else if (/^ {4}/.test(text) && bullet === undefined && paragraph.length === 0) lines.push([span(text)]);
    else if (bullet !== undefined) bullet.text.push(text.trim());
    else paragraph.push(text.trim());
  }
  flush();
  return lines;
}

/** `code`, **strong** and [text](address) within a line. */
function inline(text: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  for (const match of text.matchAll(/`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)/g)) {
    spans.push(span(text.slice(at, match.index)));
    if (match[1] !== undefined) spans.push(span(`\`${match[1]}\``, 'place'));
    else if (match[2] !== undefined) spans.push(span(match[2], 'strong'));
    else spans.push(span(`${match[3]} <${match[4]}>`));
    at = match.index + match[0].length;
  }
  return [...spans, span(text.slice(at))];
}
