/** The page for people. The one place that knows colours. */
import { Chalk, type ChalkInstance } from 'chalk';
import { type ExperimentDesignText, type ExperimentResultsText, experimentDesignLines, experimentResultsLines } from './experiment-page.ts';
import {
  ASCII,
  displayWidth,
  GLUE,
  headThatFits,
  type Line,
  lineWidth,
  type Page,
  type Span,
  type Style,
  span,
  UNICODE,
} from './layout.ts';
import { unusedLines } from './page/asked-and-unused.ts';
import { closingLines, coverageLines, totalLines } from './page/coverage.ts';
import { findingLines } from './page/findings.ts';
import { frontLines } from './page/front.ts';
import { growthLines } from './page/growth.ts';
import { headerLines } from './page/header.ts';
import { inactiveLines } from './page/inactive.ts';
import { parallelismLines } from './page/parallelism.ts';
import { pastRunLines } from './page/past-runs.ts';
import { requestLines } from './page/requests.ts';
import { shapeLines } from './page/shape.ts';
import { sideBySideLines } from './page/side-by-side.ts';
import { whatIfLines } from './page/what-if.ts';
import { type PriceListText, priceListLines } from './price-page.ts';
import { type ProbeText, probeLines } from './probe-page.ts';
import type { Report, ReportDocument } from './report.ts';
import { type RuleText, ruleListLines, rulePageLines } from './rule-page.ts';

export interface TextOptions {
  readonly width: number;
  readonly color: boolean;
  readonly unicode: boolean;
  readonly verbose: boolean;
  /** Findings and the closing line, and nothing of what the pipeline is like. */
  readonly findingsOnly?: boolean;
}

const MARGIN = 2;
const NARROWEST = 32;

export function renderText(document: ReportDocument, options: TextOptions): string {
  const page = pageFor(options);
  const rule: Line[] = [[], [span((options.unicode ? '─' : '-').repeat(Math.min(page.width, 78)), 'faint')], []];
  const { reports } = document;
  const lines = reports.flatMap((report, index) => [
    ...(index === 0 ? [] : rule),
    ...reportLines(report, page, options.findingsOnly === true),
  ]);
  if (reports.length > 1) lines.push(...rule, ...totalLines(reports, page));
  return painted(lines, options);
}

/** `pipeopt rules`. */
export function renderRuleList(rules: readonly RuleText[], options: TextOptions): string {
  return painted(ruleListLines(rules, pageFor(options)), options);
}

/** `pipeopt explain RULE`. */
export function renderRulePage(rule: RuleText, options: TextOptions): string {
  return painted(rulePageLines(rule, pageFor(options)), options);
}

/** `pipeopt experiment -o DIR`. */
export function renderExperimentDesign(design: ExperimentDesignText, options: TextOptions): string {
  return painted(experimentDesignLines(design, pageFor(options)), options);
}

/** `pipeopt experiment --read`. */
export function renderExperimentResults(results: ExperimentResultsText, options: TextOptions): string {
  return painted(experimentResultsLines(results, pageFor(options)), options);
}

/** `pipeopt probe`. */
export function renderProbe(plan: ProbeText, options: TextOptions): string {
  return painted(probeLines(plan, pageFor(options)), options);
}

/** `pipeopt prices`. */
export function renderPriceList(list: PriceListText, options: TextOptions): string {
  return painted(priceListLines(list, pageFor(options)), options);
}

function reportLines(report: Report, page: Page, findingsOnly: boolean): Line[] {
  // The workflows of a library are checked each by itself: together they make no pipeline.
  const pipeline = report.inputs.kind === 'pipeline';
  const described = pipeline
    ? [
        headerLines(report, page),
        parallelismLines(report, page),
        pastRunLines(report, page),
        whatIfLines(report, page),
        sideBySideLines(report, page),
        growthLines(report, page),
        frontLines(report, page),
        shapeLines(report, page),
        requestLines(report, page),
        unusedLines(report, page),
        ...inactiveLines(report, page),
      ]
    : [headerLines(report, page)];
  const sections = [
    ...(findingsOnly ? [] : described),
    ...findingLines(report, page),
    ...(findingsOnly ? [] : coverageLines(report, page)),
    closingLines(report, page),
  ];
  return sections.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : [[], ...lines]));
}

function pageFor({ width, unicode, verbose }: TextOptions): Page {
  return { width: Math.max(NARROWEST, width) - MARGIN, glyphs: unicode ? UNICODE : ASCII, verbose };
}

/** Lines as text: a margin, colours, no blanks at the end, none wider than the page. */
function painted(lines: readonly Line[], options: TextOptions): string {
  const paint = painter(options.color);
  const room = pageFor(options).width;
  const text = lines
    // before it is measured: a sign and what stands for it can differ in width
    .map((line) => line.map((one) => ({ ...one, text: plainText(one.text, options.unicode) })))
    .flatMap((line) => fitted(line, room))
    .map((line) => {
      const cut = trimmed(line);
      if (cut.length === 0) return '';
      return ' '.repeat(MARGIN) + cut.map(({ text: words, style }) => paint(words, style)).join('');
    });
  return `\n${text.join('\n')}\n\n`;
}

function painter(color: boolean): (text: string, style: Style | undefined) => string {
  const chalk: ChalkInstance = new Chalk({ level: color ? 1 : 0 });
  const paints: Readonly<Record<Style, (text: string) => string>> = {
    strong: chalk.bold,
    faint: chalk.dim,
    heading: chalk.bold.cyan,
    error: chalk.bold.red,
    warning: chalk.bold.yellow,
    info: chalk.bold.blue,
    code: (text) => text,
    place: chalk.cyan,
  };
  return (text, style) => (style === undefined ? text : paints[style](text));
}

function plainText(text: string, unicode: boolean): string {
  const spaced = text.replaceAll(GLUE, ' ');
  if (unicode) return spaced;
  return spaced
    .replace(/[‘’]/g, "'")
    .replace(/[“”]/g, '"')
    .replace(/[–−]/g, '-')
    .replaceAll('…', '...')
    .replace(/[^\n -~]/gu, '?');
}

/** Nothing is laid out wider than the page; should it be, it goes on in the next line rather than off the screen. */
function fitted(line: Line, room: number): Line[] {
  if (lineWidth(line) <= room) return [line];
  const lines: Line[] = [];
  let current: Span[] = [];
  let left = room;
  for (const { text, style } of line) {
    for (let rest = text; rest !== ''; ) {
      const head = headThatFits(rest, left);
      if (head !== '') current.push(style === undefined ? { text: head } : { text: head, style });
      left -= displayWidth(head);
      rest = rest.slice(head.length);
      if (rest === '') break;
      lines.push(current);
      current = [];
      left = room;
    }
  }
  return [...lines, current];
}

function trimmed(line: Line): Line {
  const spans = [...line];
  for (let last = spans.at(-1); last !== undefined; last = spans.at(-1)) {
    const text = last.text.replace(/[ \u00a0]+$/, '');
    if (text !== '') {
      spans[spans.length - 1] = last.style === undefined ? { text } : { text, style: last.style };
      break;
    }
    spans.pop();
  }
  return spans;
}
