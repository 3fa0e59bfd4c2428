/** What was not read and how to better that; what was assumed; and the line that counts everything. */
import { GLUE, hanging, type Line, type Page, proseWidth, type Span, span, wrap } from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { PlaceRange, Report } from '../report.ts';
import { SEVERITIES, statements } from '../statements.ts';

/** Entries shown before the rest is folded. */
const ENTRIES = 12;

interface Entry {
  readonly message: string;
  readonly place?: string;
  readonly hint?: string;
}

export function coverageLines(report: Report, page: Page): Line[] {
  const entries = notRead(report);
  const lines: Line[] = [];
  if (entries.length > 0) {
    const shown = page.verbose || entries.length <= ENTRIES + 1 ? entries : entries.slice(0, ENTRIES);
    lines.push([span('Not read', 'heading')]);
    for (const entry of shown) lines.push(...entryLines(entry, page));
    if (shown.length < entries.length) lines.push([span(`and ${entries.length - shown.length} more (-v)`, 'faint')]);
  }
  const { nextflow } = report.inputs;
  // The default needs no word; a choice that the pipeline forced on us changes what everything above means.
  if (page.verbose || nextflow.parser === 'v1') {
    if (lines.length > 0) lines.push([]);
    const asked = nextflow.minimum === undefined ? '' : `; the pipeline asks for ${nextflow.minimum}`;
    lines.push(
      ...hanging(
        [span('rules   ', 'faint')],
        [span(`Nextflow ${nextflow.version}, ${nextflow.parser === 'v1' ? 'legacy' : 'strict'} syntax: ${nextflow.why}${asked}`)],
        proseWidth(page),
      ),
    );
  }
  for (const assumption of report.assumptions) lines.push(...hanging([span('assumed ', 'faint')], [span(assumption)], proseWidth(page)));
  return lines;
}

function notRead(report: Report): Entry[] {
  const { coverage } = report;
  return [
    ...coverage.unresolvedIncludes.map(({ source, reason, location }) => ({
      message: `include '${source}': ${reason}`,
      place: startOf(location),
    })),
    ...coverage.notes.map(({ message, hint, location }) => ({
      message,
      ...(hint === undefined ? {} : { hint }),
      ...(location === undefined ? {} : { place: `${location.path}:${location.line}` }),
    })),
  ];
}

function entryLines({ message, place, hint }: Entry, page: Page): Line[] {
  const width = proseWidth(page);
  const body: Span[] = [span(message), ...(place === undefined ? [] : [span(' '), span(`(${place})`, 'place')])];
  const lines = hanging([span('- ', 'faint')], body, width);
  if (hint !== undefined) lines.push(...hanging([span(`  ${page.glyphs.arrow} `, 'faint')], [span(flagsGlued(hint))], width));
  return lines;
}

/** A flag and its value stay on one line: what is broken cannot be copied. */
function flagsGlued(text: string): string {
  return text.replace(/(?<=^| )(--?[a-z][\w-]*) (?=\S)/g, `$1${GLUE}`);
}

function startOf({ path, startLine }: PlaceRange): string {
  return `${path}:${startLine}`;
}

/** Everything, counted: `3 findings: 1 error, 2 warnings; 1 suppressed. 9 files read, 1 thing not read.` */
export function closingLines(report: Report, page: Page): Line[] {
  return wrap([...countSpans([report]), span(`. ${readingText(report)}`)], page.width);
}

/** Of several pipelines, all together. */
export function totalLines(reports: readonly Report[], page: Page): Line[] {
  return wrap([span(`${counted(reports.length, 'pipeline')}. `, 'strong'), ...countSpans(reports), span('.')], page.width);
}

function countSpans(reports: readonly Report[]): Span[] {
  const all = reports.flatMap(statements);
  const open = all.filter(({ suppressed }) => !suppressed);
  const spans: Span[] = [span(open.length === 0 ? 'No findings' : `${counted(open.length, 'finding')}: `)];
  for (const severity of SEVERITIES) {
    const count = open.filter((statement) => statement.severity === severity).length;
    if (count === 0) continue;
    if (spans.length > 1) spans.push(span(', '));
    spans.push(span(severity === 'info' ? `${countText(count)} info` : counted(count, severity), severity));
  }
  const suppressed = all.length - open.length;
  if (suppressed > 0) spans.push(span(`; ${countText(suppressed)} suppressed`));
  return spans;
}

function readingText({ coverage }: Report): string {
  const broken = coverage.files - coverage.parsed;
  const unread = coverage.unresolvedIncludes.length + coverage.notes.length;
  const files = `${counted(coverage.files, 'file')} read`;
  const gaps = [
    broken === 0 ? undefined : `${countText(broken)} of them with errors`,
    unread === 0 ? undefined : `${counted(unread, 'thing')} not read`,
    coverage.opaqueNodes === 0 ? undefined : `${counted(coverage.opaqueNodes, 'expression')} taken as unknown`,
  ].filter((gap) => gap !== undefined);
  return gaps.length === 0 ? `${files}, nothing left out.` : `${files}, ${gaps.join(', ')}.`;
}
