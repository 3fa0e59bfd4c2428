/** What was not read, not used or not worked out, and how to better that; what was assumed; and the line that counts everything. */
import { GLUE, hanging, type Line, type Page, proseWidth, type Span, span, wrap } from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { Place, PlaceRange, Report } from '../report.ts';
import { SEVERITIES, statements } from '../statements.ts';

/** Entries shown before the rest is folded. */
const ENTRIES = 12;
/** Of one entry. */
const ITEMS = 4;

interface Entry {
  readonly message: string;
  readonly place?: string;
  /** What the message holds for, where there are several. */
  readonly items?: readonly { readonly text: string; readonly place?: string }[];
  readonly hint?: string;
}

/** Sections, each with a heading of its own. */
export function coverageLines(report: Report, page: Page): Line[][] {
  return [
    entryList('Left out', leftOut(report), page),
    entryList('Assumed', [...taken(report), ...assumed(report)], page),
    rulesLines(report, page),
  ];
}

function entryList(title: string, entries: readonly Entry[], page: Page): Line[] {
  if (entries.length === 0) return [];
  const shown = page.verbose || entries.length <= ENTRIES + 1 ? entries : entries.slice(0, ENTRIES);
  const lines: Line[] = [[span(title, 'heading')], ...shown.flatMap((entry) => entryLines(entry, page))];
  if (shown.length < entries.length) lines.push([span(`and ${entries.length - shown.length} more (-v)`, 'faint')]);
  return lines;
}

/** The default needs no word; a choice that the pipeline forced on us changes what everything above means. */
function rulesLines({ inputs: { nextflow } }: Report, page: Page): Line[] {
  if (!page.verbose && nextflow.parser !== 'v1') return [];
  const asked = nextflow.minimum === undefined ? '' : `; the pipeline asks for ${nextflow.minimum}`;
  return hanging(
    [span('rules   ', 'faint')],
    [span(`Nextflow ${nextflow.version}, ${nextflow.parser === 'v1' ? 'legacy' : 'strict'} syntax: ${nextflow.why}${asked}`)],
    proseWidth(page),
  );
}

function leftOut(report: Report): Entry[] {
  const { coverage } = report;
  return [
    ...coverage.unresolvedIncludes.map(({ source, reason, location }) => ({
      message: `include '${source}': ${reason}`,
      place: startOf(location),
    })),
    ...noteEntries(coverage.notes.filter((note) => note.taken !== true)),
  ];
}

/** What is there and used, and could be meant otherwise. */
function taken({ coverage }: Report): Entry[] {
  return noteEntries(coverage.notes.filter((note) => note.taken === true));
}

/** A pipeline that includes one remote config mostly includes several: one entry for all of which the same is to be said. */
function noteEntries(notes: Report['coverage']['notes']): Entry[] {
  const gathered = new Map<string, { path: string; note: Report['coverage']['notes'][number] }[]>();
  for (const note of notes) {
    const [, path, why] = /^the remote config (\S+) is not read: (.*)$/.exec(note.message) ?? [];
    const key = path === undefined ? JSON.stringify(note) : JSON.stringify([why, note.hint]);
    gathered.set(key, [...(gathered.get(key) ?? []), { path: path ?? '', note }]);
  }
  return [...gathered.values()].map((same) => {
    const { message, hint, location } = same[0]!.note;
    const advice = hint === undefined ? {} : { hint };
    const remote = /^the remote config \S+ is not read: /.test(message);
    if (same.length === 1 || !remote) return { message, ...advice, ...(location === undefined ? {} : { place: placeText(location) }) };
    const items = same.map(({ path, note }) => ({
      text: path,
      ...(note.location === undefined ? {} : { place: placeText(note.location) }),
    }));
    return {
      message: `${countText(same.length)} remote configs are not read: ${message.replace(/^.*? is not read: /, '')}`,
      ...advice,
      items,
    };
  });
}

/** `that the pipeline goes on where …: “No GTF given” (main.nf:265)`: what is the same in several is said once. */
function assumed({ assumptions }: Report): Entry[] {
  const gathered = new Map<string, { text: string; place?: string }[]>();
  for (const assumption of assumptions) {
    const [, message = assumption, text, place] = /^([^“]*?)(?:: (“.*”))? \(([^()]*:\d+)\)$/s.exec(assumption) ?? [];
    gathered.set(message, [...(gathered.get(message) ?? []), { text: text ?? '', ...(place === undefined ? {} : { place }) }]);
  }
  return [...gathered].map(([message, items]) => {
    const [only] = items;
    if (items.length > 1 || only === undefined) return { message: `${message}:`, items };
    return { message: only.text === '' ? message : `${message}: ${only.text}`, ...(only.place === undefined ? {} : { place: only.place }) };
  });
}

function entryLines({ message, place, hint, items = [] }: Entry, page: Page): Line[] {
  const width = proseWidth(page);
  const body: Span[] = [span(message), ...(place === undefined ? [] : [span(' '), span(`(${place})`, 'place')])];
  const lines = hanging([span('- ', 'faint')], body, width);
  const shown = page.verbose || items.length <= ITEMS + 1 ? items : items.slice(0, ITEMS);
  for (const item of shown) {
    const text = item.text === '' ? [] : [span(`${item.text} `)];
    lines.push(...hanging([span('  ')], [...text, ...(item.place === undefined ? [] : [span(`(${item.place})`, 'place')])], width));
  }
  if (shown.length < items.length) lines.push([span(`  and ${items.length - shown.length} more (-v)`, 'faint')]);
  if (hint !== undefined) lines.push(...hanging([span(`  ${page.glyphs.arrow} `, 'faint')], [span(flagsGlued(hint))], width));
  return lines;
}

/** A flag and its value stay on one line: what is broken cannot be copied. */
function flagsGlued(text: string): string {
  return text.replace(/(?<=^| )(--?[a-z][\w-]*) (?=\S)/g, `$1${GLUE}`);
}

function placeText({ path, line }: Place): string {
  return `${path}:${line}`;
}

function startOf({ path, startLine }: PlaceRange): string {
  return `${path}:${startLine}`;
}

/** Everything, counted: `3 findings: 1 error, 2 warnings; 1 suppressed. 9 files read, 1 thing left out.` */
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
  const unread = coverage.unresolvedIncludes.length + coverage.notes.filter(({ taken }) => taken !== true).length;
  const files = `${counted(coverage.files, 'file')} read`;
  const gaps = [
    broken === 0 ? undefined : `${countText(broken)} of them with errors`,
    unread === 0 ? undefined : `${counted(unread, 'thing')} left out`,
    coverage.opaqueNodes === 0 ? undefined : `${counted(coverage.opaqueNodes, 'expression')} taken as unknown`,
  ].filter((gap) => gap !== undefined);
  return gaps.length === 0 ? `${files}, nothing left out.` : `${files}, ${gaps.join(', ')}.`;
}
