/** Calls that these params switch off, and calls of which that cannot be told, by the condition that decides. */
import { gatheredNames, simpleName, workflowPath } from '../call-names.ts';
import { conditionsOf, guardText } from '../conditions.ts';
import { hanging, type Line, listed, type Page, proseWidth, span, wrap } from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { Activity, Report, ReportCall } from '../report.ts';
import { runs } from '../runs.ts';

/** Conditions shown before the rest is folded. */
const CONDITIONS = 4;
const NAMES = 6;
/** Conditions that are named where nothing runs at all. */
const WAYS_OUT = 2;

export function inactiveLines(report: Report, page: Page): Line[][] {
  return [section('Off under these params', report, false, page), section('May be off, may be on', report, 'unknown', page)];
}

/** Said at the top, for nothing else on the page makes sense without it: nothing runs, and what to give for something to run. */
export function nothingRunsLines(report: Report, page: Page): Line[] {
  const { calls } = report.graph;
  if (report.inputs.kind !== 'pipeline' || calls.length === 0 || calls.some((call) => runs(call) !== false)) return [];
  const conditions = conditionsOf(calls, report)
    .filter(({ text }) => text !== '')
    .slice(0, WAYS_OUT);
  const last = conditions.length - 1;
  const lines = wrap(
    [
      span('Nothing runs under these params.', 'warning'),
      span(' Give those of a run with '),
      span('--params-file\u00a0FILE'),
      span(' or '),
      span('--param\u00a0NAME=VALUE'),
      span('.'),
    ],
    proseWidth(page),
  );
  if (conditions.length === 0) return lines;
  const needs = conditions.flatMap(({ text, calls: kept }, index) => [
    ...(index === 0 ? [] : [span(index === last ? ' and ' : ', ')]),
    span(text, 'code'),
    span(` (${counted(kept.length, 'call')})`.replace(/(?<=\d) /, '\u00a0')),
  ]);
  return [...lines, ...wrap([span('What most calls wait for: '), ...needs, span('.')], proseWidth(page))];
}

function section(title: string, report: Report, active: Activity, page: Page): Line[] {
  const all = report.graph.calls;
  const calls = all.filter((call) => runs(call) === active);
  if (calls.length === 0) return [];
  const groups = page.verbose ? byGuard(calls) : conditionsOf(calls, report);
  const sorted = [...groups].sort((a, b) => b.calls.length - a.calls.length || (a.text < b.text ? -1 : 1));
  const shown = page.verbose || sorted.length <= CONDITIONS ? sorted : sorted.slice(0, CONDITIONS);
  const width = Math.min(page.width, 150);
  const lines: Line[] = [[span(`${title}: ${counted(calls.length, 'call')}`, 'heading')]];
  const count = Math.max(...shown.map((group) => countText(group.calls.length).length));
  for (const group of shown) {
    const ids = group.calls.map(({ id }) => id);
    const whole = page.verbose ? undefined : wholeWorkflow(ids, all);
    const names = whole === undefined ? gatheredNames(ids, page.glyphs.times) : [`all of ${whole}`];
    const few = page.verbose || names.length <= NAMES + 1 ? names : names.slice(0, NAMES);
    const rest = names.length - few.length;
    lines.push(
      ...hanging(
        [span(`${countText(ids.length).padStart(count)}  `, 'faint')],
        [
          ...(group.text === '' ? [] : [span(group.text, 'code'), span(': ')]),
          ...listed(few),
          ...(rest === 0 ? [] : [span(` and ${rest} more`, 'faint')]),
        ],
        width,
      ),
    );
  }
  const hidden = calls.length - shown.reduce((sum, group) => sum + group.calls.length, 0);
  if (hidden > 0) lines.push(...wrap([span(`and ${counted(hidden, 'call')} under other conditions (-v)`, 'faint')], width));
  return lines;
}

function byGuard(calls: readonly ReportCall[]): { readonly text: string; readonly calls: readonly ReportCall[] }[] {
  const groups = new Map<string, ReportCall[]>();
  for (const call of calls) {
    const text = guardText(call);
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [call]);
    else group.push(call);
  }
  return [...groups].map(([text, members]) => ({ text, calls: members }));
}

/** The workflow whose calls these are, no more and no fewer: its name says more than theirs. */
function wholeWorkflow(ids: readonly string[], all: readonly ReportCall[]): string | undefined {
  if (ids.length < 2) return undefined;
  let path = workflowPath(ids[0] ?? '');
  while (path !== '' && !ids.every((id) => id.startsWith(`${path}:`))) path = workflowPath(path);
  if (path === '' || all.filter((call) => call.id.startsWith(`${path}:`)).length !== ids.length) return undefined;
  return simpleName(path);
}
