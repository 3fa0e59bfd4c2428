/** What the calls ask for: one row for all that ask for the same; with -v one block for each call. */
import { gatheredNames, simpleName, workflowPath } from '../call-names.ts';
import {
  displayWidth,
  glued,
  hanging,
  indented,
  type Line,
  lineWidth,
  listed,
  longestWord,
  type Page,
  padEnd,
  padStart,
  type Span,
  span,
  wrap,
} from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { DirectiveValue, Report, ReportCall } from '../report.ts';
import {
  attemptsOf,
  growthOf,
  known,
  plain,
  provenance,
  RESOURCES,
  type RequestGroup,
  requestGroups,
  sharedExecutor,
} from '../requests.ts';
import { runs } from '../runs.ts';

/** From this width on, where a request was set stands beside the names and not below them. */
const WIDE = 130;
const LONGEST_ROW = 170;
/** Name lines of a row before it is folded. */
const NAME_LINES = 4;
/** Names so short that there is room beside them also on a narrow page. */
const SHORT_NAMES = 26;

export function requestLines(report: Report, page: Page): Line[] {
  const calls = report.graph.calls.filter((call) => runs(call) !== false);
  if (calls.length === 0) return [];
  const lines: Line[] = [[span('What the calls ask for', 'heading')]];
  lines.push(...(page.verbose ? callLines(calls, page) : groupLines(requestGroups(calls), page)));
  lines.push(...generalLines(calls, page));
  return lines;
}

function cell(directive: DirectiveValue<number> | undefined, show: (value: number) => string, page: Page): string {
  if (directive === undefined) return page.glyphs.dash;
  const value = known(directive);
  return value === undefined ? 'varies' : show(value);
}

interface Row {
  readonly label: Line;
  readonly group: RequestGroup;
  readonly origin: readonly Span[];
}

function groupLines(groups: readonly RequestGroup[], page: Page): Line[] {
  const widths = RESOURCES.map(({ name, title, show }) =>
    Math.max(title.length, ...groups.map((group) => displayWidth(cell(group[name], show, page)))),
  );
  const count = Math.max(...groups.map((group) => countText(group.calls.length).length));
  const rows = groups.map((group): Row => {
    const cells = RESOURCES.map(({ name, show }, index) => `${padStart(cell(group[name], show, page), widths[index] ?? 0)}  `).join('');
    const label = [span(cells, 'strong'), span(`${padStart(countText(group.calls.length), count)}  `, 'faint')];
    return { label, group, origin: originSpans(group, page) };
  });
  const title = `${RESOURCES.map(({ title: text }, index) => `${padStart(text, widths[index] ?? 0)}  `).join('')}calls`;
  const indent = widths.reduce((sum, column) => sum + column + 2, 0) + count + 2;
  if (page.width < WIDE) return narrowRows(rows, title, indent, page);
  const room = Math.min(page.width, LONGEST_ROW) - indent;
  const longest = Math.max(...rows.map(({ group }) => lineWidth(listed(namesOf(group.calls, page)))));
  // No name and no path is broken for the columns' sake.
  const least = Math.max(...rows.map(({ group }) => longestWord(listed(namesOf(group.calls, page)))));
  const most = room - 3 - Math.max(...rows.map(({ origin }) => longestWord(origin)));
  const names = Math.max(least, Math.min(longest, Math.floor(room * 0.55), most));
  return names > most ? narrowRows(rows, title, indent, page) : wideRows(rows, title, indent, room, names, page);
}

/** Where it was set stands beside the names, in a column of its own. */
function wideRows(rows: readonly Row[], title: string, indent: number, room: number, names: number, page: Page): Line[] {
  const lines: Line[] = [[span(`${padEnd(title, indent + names + 3)}set by`, 'faint')]];
  for (const { label, group, origin } of rows) {
    const left = nameLines(group.calls, page, names);
    const right = wrap(origin, room - names - 3);
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      const line = left[index] ?? [];
      const gap = span(' '.repeat(Math.max(0, names + 3 - lineWidth(line))));
      lines.push([...(index === 0 ? label : [span(' '.repeat(indent))]), ...line, gap, ...(right[index] ?? [])]);
    }
  }
  return lines;
}

/** Where it was set stands behind the names if both fit in a line, else below. */
function narrowRows(rows: readonly Row[], title: string, indent: number, page: Page): Line[] {
  const room = page.width - indent;
  const short = rows.map(({ group }) => lineWidth(listed(namesOf(group.calls, page)))).filter((width) => width <= SHORT_NAMES);
  const column = Math.max(0, ...short) + 2;
  const blank = span(' '.repeat(indent));
  const lines: Line[] = [[span(title, 'faint')]];
  for (const { label, group, origin } of rows) {
    // A name that is wider than what the columns leave stands below them.
    const inColumn = longestWord(listed(namesOf(group.calls, page))) <= room;
    const names = inColumn ? nameLines(group.calls, page, room) : [];
    const [first] = names;
    if (names.length === 1 && first !== undefined && lineWidth(first) + 2 <= column && column + lineWidth(origin) <= room) {
      lines.push([...label, ...first, span(' '.repeat(column - lineWidth(first))), ...origin]);
      continue;
    }
    if (!inColumn) lines.push(...hanging(label, listed(namesOf(group.calls, page)), page.width));
    lines.push(...names.map((line, index) => [...(index === 0 ? label : [blank]), ...line]));
    if (origin.length > 0) lines.push(...hanging([blank], origin, page.width));
  }
  return lines;
}

function namesOf(calls: readonly ReportCall[], page: Page): string[] {
  return gatheredNames(
    calls.map((call) => call.id),
    page.glyphs.times,
  );
}

function nameLines(calls: readonly ReportCall[], page: Page, width: number): Line[] {
  const names = namesOf(calls, page);
  const all = wrap(listed(names), width);
  if (all.length <= NAME_LINES + 1) return all;
  // A name takes three columns at least: no more than these can fit, however many there are.
  const most = Math.ceil((NAME_LINES * width) / 3);
  for (let shown = Math.min(names.length - 1, most); shown > 1; shown--) {
    const lines = wrap(
      [...listed(names.slice(0, shown)), span(glued(` and ${names.length - shown} more (-v)`), 'faint')].map(spaced),
      width,
    );
    if (lines.length <= NAME_LINES) return lines;
  }
  return all;
}

/** `glued` has made the leading blank of " and …" unbreakable too; this gives it back. */
function spaced(body: Span): Span {
  return body.text.startsWith('\u00a0') ? { ...body, text: ` ${body.text.slice(1)}` } : body;
}

/** How the request grows, where it was set, what else belongs to it. */
function originSpans(group: RequestGroup, page: Page): Span[] {
  const parts: Span[][] = [];
  const growth = growthText(group, page);
  if (growth !== '') parts.push([span(growth, 'faint')]);
  for (const text of variesTexts(group)) parts.push([span(text)]);
  for (const extra of group.extras) parts.push([span(extra)]);
  parts.push(...provenanceSpans(group.calls, page));
  if (RESOURCES.every(({ name }) => group[name] === undefined)) parts.unshift([span('nothing asked for', 'faint')]);
  const dot = span(` ${page.glyphs.dot} `, 'faint');
  return parts.flatMap((part, index) => (index === 0 ? part : [dot, ...part]));
}

type Request = Pick<RequestGroup, 'cpus' | 'memoryBytes' | 'timeMs' | 'attempts'>;

function growthText(request: Request, page: Page): string {
  const set = RESOURCES.filter(({ name }) => request[name] !== undefined);
  const linear = set.filter(({ name }) => growthOf(request[name], request.attempts).kind === 'byAttempt');
  const parts: string[] = [];
  if (linear.length > 0)
    parts.push(
      glued(`${linear.length === set.length ? '' : `${linear.map(({ title }) => title).join(', ')} `}${page.glyphs.times}attempt`),
    );
  for (const { name, title, show } of set) {
    const growth = growthOf(request[name], request.attempts);
    if (growth.kind === 'listed')
      parts.push(
        `${title} ${growth.values.map((value) => glued(value === null ? '?' : show(value))).join(` ${page.glyphs.arrow} `)} on retries`,
      );
  }
  return parts.join(', ');
}

function variesTexts(request: Request): string[] {
  return RESOURCES.flatMap(({ name, title }) => {
    const directive = request[name];
    return directive !== undefined && known(directive) === undefined ? [`${title} ${directive.text}`] : [];
  });
}

function provenanceSpans(calls: readonly ReportCall[], page: Page): Span[][] {
  const selectors = sharedSelectors(calls, page);
  const exact = countBy(calls.map((call) => provenanceOf(call, true, selectors)));
  const ways = exact.size <= 2 ? exact : countBy(calls.map((call) => provenanceOf(call, false, selectors)));
  const sorted = [...ways].sort(([, a], [, b]) => b - a).filter(([text]) => text !== '');
  // Folding a single one away would take as much room as it does.
  const shown = sorted.length > 3 ? sorted.slice(0, 2) : sorted;
  const parts = shown.map(([text]) => [span(text, 'place')]);
  if (shown.length < sorted.length) parts.push([span(`set in ${sorted.length - shown.length} more ways (-v)`, 'faint')]);
  return parts;
}

function provenanceOf(call: ReportCall, withProcessPlace: boolean, selectors: ReadonlyMap<string, string>): string {
  const places = provenance(call);
  const many = places.length > 1;
  return places
    .map(({ what, setBy, path, line }) => {
      // A place in a script or in the plain `process` scope says who set it; a selector has to be named.
      const at = `${path}:${line}`;
      const by =
        setBy === 'process'
          ? withProcessPlace
            ? at
            : 'each in its own process'
          : setBy === 'config'
            ? at
            : `${selectors.get(setBy) ?? setBy} ${at}`;
      return `${many ? `${what.join(', ')} ` : ''}${by}`;
    })
    .join('; ');
}

const LONGEST_SELECTOR = 36;

/** What is shown of long selectors. They can name a dozen processes: the one that these calls are is told, else the first. */
function sharedSelectors(calls: readonly ReportCall[], page: Page): Map<string, string> {
  const shared = new Map<string, string>();
  if (page.verbose) return shared;
  const meant = new Map<string, Set<string | undefined>>();
  for (const call of calls) {
    for (const { setBy } of provenance(call)) {
      if (!setBy.includes('|') || setBy.length <= LONGEST_SELECTOR) continue;
      const alternatives = meant.get(setBy) ?? new Set();
      meant.set(setBy, alternatives.add(alternativeFor(call, setBy)));
    }
  }
  for (const [setBy, alternatives] of meant) {
    const [only] = alternatives;
    const kind = setBy.slice(0, setBy.indexOf(':') + 1);
    shared.set(setBy, only !== undefined && alternatives.size === 1 ? `${kind}${only}` : `${setBy.slice(0, setBy.indexOf('|'))}|…`);
  }
  return shared;
}

/** The one of `A|B.*|.*:C` that is the call's name. Nothing but `.*` at an end is understood: a pattern from a repository is not run. */
function alternativeFor(call: ReportCall, setBy: string): string | undefined {
  const names = [simpleName(call.id), call.process, call.id];
  const found = setBy
    .slice(setBy.indexOf(':') + 1)
    .split('|')
    .filter((alternative) => {
      const [, open = '', text = '', more = ''] = /^(\.\*)?([\w:]+)(\.\*)?$/.exec(alternative) ?? [];
      if (text === '' || (open !== '' && more !== '')) return false;
      if (open !== '') return call.id.endsWith(text);
      return names.some((name) => (more === '' ? name === text : name.startsWith(text)));
    });
  return found.length === 1 ? found[0] : undefined;
}

function countBy(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Every call by itself, gathered by the workflow that it is in. */
function callLines(calls: readonly ReportCall[], page: Page): Line[] {
  const lines: Line[] = [];
  let path: string | undefined;
  const width = Math.min(page.width, LONGEST_ROW);
  for (const call of [...calls].sort((a, b) => compare(workflowPath(a.id), workflowPath(b.id)) || compare(a.id, b.id))) {
    if (workflowPath(call.id) !== path) {
      path = workflowPath(call.id);
      if (path !== '') lines.push(...wrap([span(path, 'faint')], width));
    }
    lines.push(...callBlock(call, page, width));
  }
  return lines;
}

function callBlock(call: ReportCall, page: Page, width: number): Line[] {
  const { cpus, memoryBytes, timeMs } = call.directives;
  const request: Request = { cpus, memoryBytes, timeMs, attempts: attemptsOf(call) };
  const asked = RESOURCES.flatMap(({ name, title, show }) => {
    const value = known(request[name]);
    return value === undefined
      ? []
      : [glued(name === 'cpus' ? counted(value, 'cpu') : name === 'timeMs' ? `${show(value)}` : show(value)), title].slice(0, 1);
  });
  const dot = ` ${page.glyphs.dot} `;
  const facts = [
    asked.join(', '),
    growthText(request, page),
    ...variesTexts(request),
    ...extraTexts(call),
    provenanceOf(call, true, sharedSelectors([call], page)),
  ].filter((fact) => fact !== '');
  const lines = [
    ...hanging([span(`  ${simpleName(call.id)}  `, 'strong')], [span(facts.length === 0 ? 'asks for nothing' : facts.join(dot))], width),
  ];
  const container = containerOf(call);
  if (container !== undefined) lines.push(...indented([span(`container ${container}`, 'faint')], 6, width));
  return lines;
}

function extraTexts(call: ReportCall): string[] {
  return requestGroups([call])[0]?.extras.slice() ?? [];
}

function containerOf(call: ReportCall): string | undefined {
  const directive = call.directives.container;
  return call.container ?? (directive === undefined ? undefined : plain(directive));
}

/** What holds for (nearly) all calls: the executor, and which calls have no container. */
function generalLines(calls: readonly ReportCall[], page: Page): Line[] {
  const lines: Line[] = [];
  const width = Math.min(page.width, 110);
  const executor = sharedExecutor(calls);
  if (executor !== undefined && calls.some((call) => call.directives.executor !== undefined)) {
    lines.push(...hanging([span('executor    ', 'faint')], [span(`${executor} for every call`)], width));
  } else if (executor !== undefined) {
    lines.push(
      ...hanging([span('executor    ', 'faint')], [span('none is set: every task runs on the machine that Nextflow runs on')], width),
    );
  }
  const without = calls.filter((call) => containerOf(call) === undefined);
  if (without.length === calls.length) {
    lines.push(...hanging([span('containers  ', 'faint')], [span('no call names one')], width));
  } else if (without.length > 0) {
    const names = namesOf(without, page);
    const shown = page.verbose || names.length <= 14 ? names : names.slice(0, 12);
    const rest = names.length - shown.length;
    lines.push(
      ...hanging(
        [span('containers  ', 'faint')],
        [
          span(`${counted(without.length, 'call')} ${without.length === 1 ? 'has' : 'have'} none: `),
          ...listed(shown),
          ...(rest === 0 ? [] : [span(` and ${rest} more (-v)`)]),
        ],
        width,
      ),
    );
  }
  return lines;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
