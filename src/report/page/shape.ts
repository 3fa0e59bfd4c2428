/** How the calls hang together: how many could run at once, what waits for everything, the longest chain. */
import { gatheredNames, simpleName, workflowPath } from '../call-names.ts';
import { displayWidth, glued, hanging, type Line, listed, type Page, padEnd, proseWidth, type Span, span } from '../layout.ts';
import { counted, countText } from '../quantities.ts';
import type { Report } from '../report.ts';
import { runs } from '../runs.ts';

const LABEL = 'level by level'.length;

export function shapeLines(report: Report, page: Page): Line[] {
  const { shape, calls } = report.graph;
  const running = new Set(calls.filter((call) => runs(call) !== false).map((call) => call.id));
  if (running.size === 0) return [];
  const lines: Line[] = [[span('Shape', 'heading')]];
  const row = (label: string, body: readonly Span[]) =>
    lines.push(...hanging([span(padEnd(label, LABEL), 'faint'), span('  ')], body, proseWidth(page)));

  row('side by side', [
    span(
      running.size === 1
        ? 'one call'
        : shape.width <= 1
          ? `none of the ${counted(running.size, 'call')}: each needs the one before it`
          : shape.width === running.size
            ? `all ${counted(running.size, 'call')}: none needs another`
            : `at most ${countText(shape.width)} of the ${counted(running.size, 'call')}`,
    ),
  ]);
  if (shape.levels.length > 1) row('level by level', [span(levelText(shape.levels, page))]);
  const { waitForAll } = shape;
  if (waitForAll !== undefined) {
    row('wait for all', [
      span(
        `${counted(waitForAll.length, 'call')} ${waitForAll.length === 1 ? 'starts' : 'start'} only after the last task of another call: `,
      ),
      ...foldedNames(waitForAll, page, 8),
    ]);
  }
  if (shape.cycle !== undefined) row('feedback', [span('a loop was cut to find the levels: '), ...listed(shape.cycle.map(simpleName))]);
  if (shape.longestChain.length > 1) lines.push(...chainLines(shape.longestChain, page));
  return lines;
}

/** `7, 1 ×6, 11 ×9, 2, 1`: how many calls stand on each level. Equal neighbours are gathered. */
function levelText(levels: readonly (readonly string[])[], page: Page): string {
  const runs: { size: number; times: number }[] = [];
  for (const { length: size } of levels) {
    const last = runs.at(-1);
    if (last?.size === size) last.times++;
    else runs.push({ size, times: 1 });
  }
  const text = runs.flatMap(({ size, times }) =>
    times < 3 ? Array<string>(times).fill(String(size)) : [glued(`${size} ${page.glyphs.times}${times}`)],
  );
  return text.join(', ');
}

function foldedNames(ids: readonly string[], page: Page, limit: number): Span[] {
  const names = gatheredNames(ids, page.glyphs.times);
  // Folding one or two away would take as much room as they do.
  if (page.verbose || names.length <= limit + 2) return listed(names);
  return [...listed(names.slice(0, limit)), span(` and ${names.length - limit} more (-v)`)];
}

/** The chain, a line for each workflow that it goes through. */
function chainLines(chain: readonly string[], page: Page): Line[] {
  const width = page.width;
  const label = [span(padEnd('longest chain', LABEL), 'faint'), span('  ')];
  const runs: { path: string; ids: string[] }[] = [];
  for (const id of chain) {
    const path = workflowPath(id);
    const last = runs.at(-1);
    if (last !== undefined && last.path === path) last.ids.push(id);
    else runs.push({ path, ids: [id] });
  }
  if (runs.length === 1) {
    return hanging(label, [span(`${counted(chain.length, 'call')}: `), ...arrows(chain, page)], Math.min(width, 150));
  }
  const names = runs.map(({ path }) => (path === '' ? '(entry)' : simpleName(path)));
  const room = Math.max(12, Math.min(Math.max(...names.map(displayWidth)), Math.floor(width / 2) - 4));
  const lines: Line[] = [[...label, span(counted(chain.length, 'call'))]];
  runs.forEach(({ ids }, index) => {
    const name = names[index] ?? '';
    const body = arrows(ids, page);
    if (displayWidth(name) <= room) lines.push(...hanging([span(`  ${padEnd(name, room)}  `, 'faint')], body, Math.min(width, 150)));
    else lines.push(...hanging([span(`  ${name}`, 'faint')], [], width), ...hanging([span(' '.repeat(room + 4))], body, width));
  });
  return lines;
}

function arrows(ids: readonly string[], page: Page): Span[] {
  return ids.map((id, index) => span(`${glued(index < ids.length - 1 ? `${simpleName(id)} ${page.glyphs.arrow}` : simpleName(id))} `));
}
