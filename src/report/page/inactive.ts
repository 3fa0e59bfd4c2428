/** Calls that these params switch off, and calls of which that cannot be told, by the condition that decides. */
import { gatheredNames, simpleName, workflowPath } from '../call-names.ts';
import { hanging, type Line, listed, type Page, span, wrap } from '../layout.ts';
import { counted } from '../quantities.ts';
import type { Activity, Report, ReportCall } from '../report.ts';

/** Conditions shown before the rest is folded. */
const CONDITIONS = 6;
const NAMES = 6;

export function inactiveLines(report: Report, page: Page): Line[][] {
  return [
    section('Off under these params', report.graph.calls, false, page),
    section('May be off, may be on', report.graph.calls, 'unknown', page),
  ];
}

function section(title: string, all: readonly ReportCall[], active: Activity, page: Page): Line[] {
  const calls = all.filter((call) => call.active === active);
  if (calls.length === 0) return [];
  const groups = new Map<string, string[]>();
  for (const call of calls) {
    const guard = call.guard ?? call.sites.find((site) => site.guard !== undefined)?.guard ?? '';
    groups.set(guard, [...(groups.get(guard) ?? []), call.id]);
  }
  const sorted = [...groups].sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1));
  const shown = page.verbose || sorted.length <= CONDITIONS + 1 ? sorted : sorted.slice(0, CONDITIONS);
  const width = Math.min(page.width, 150);
  const lines: Line[] = [[span(`${title}: ${counted(calls.length, 'call')}`, 'heading')]];
  const count = Math.max(...shown.map(([, ids]) => String(ids.length).length));
  for (const [guard, ids] of shown) {
    const whole = page.verbose ? undefined : wholeWorkflow(ids, all);
    const names = whole === undefined ? gatheredNames(ids, page.glyphs.times) : [`all of ${whole}`];
    const few = page.verbose || names.length <= NAMES + 1 ? names : names.slice(0, NAMES);
    const rest = names.length - few.length;
    lines.push(
      ...hanging(
        [span(`${String(ids.length).padStart(count)}  `, 'faint')],
        [
          ...(guard === '' ? [] : [span(guard, 'code'), span(': ')]),
          ...listed(few),
          ...(rest === 0 ? [] : [span(` and ${rest} more`, 'faint')]),
        ],
        width,
      ),
    );
  }
  const folded = sorted.slice(shown.length);
  if (folded.length > 0) {
    const hidden = folded.reduce((sum, [, ids]) => sum + ids.length, 0);
    lines.push(...wrap([span(`and ${counted(folded.length, 'more condition')} for ${counted(hidden, 'call')} (-v)`, 'faint')], width));
  }
  return lines;
}

/** The workflow whose calls these are, no more and no fewer: its name says more than theirs. */
function wholeWorkflow(ids: readonly string[], all: readonly ReportCall[]): string | undefined {
  if (ids.length < 2) return undefined;
  let path = workflowPath(ids[0] ?? '');
  while (path !== '' && !ids.every((id) => id.startsWith(`${path}:`))) path = workflowPath(path);
  if (path === '' || all.filter((call) => call.id.startsWith(`${path}:`)).length !== ids.length) return undefined;
  return simpleName(path);
}
