/** What tasks held and did not use, as runs measured it: the calls that held most in vain, with what they should ask for. */
import { simpleName } from '../call-names.ts';
import { glued, hanging, type Line, type Page, padEnd, proseWidth, type Span, span } from '../layout.ts';
import { counted, durationText, memoryText } from '../quantities.ts';
import type { Report, ReportResources } from '../report.ts';
import { BYTES_PER_CPU } from '../requests.ts';

/** More calls than these are folded away. */
const MOST_CALLS = 8;
const LONGEST_NAME = 28;

export function unusedLines(report: Report, page: Page): Line[] {
  const unused = (report.resources ?? [])
    .map((resources) => ({ resources, parts: partsOf(resources, page) }))
    .filter(({ parts }) => parts.length > 0)
    .sort((one, two) => heldInVain(two.resources) - heldInVain(one.resources));
  if (unused.length === 0) return [];
  const shown = page.verbose || unused.length <= MOST_CALLS ? unused : unused.slice(0, MOST_CALLS - 1);
  const names = Math.min(LONGEST_NAME, Math.max(...shown.map(({ resources }) => simpleName(resources.call).length)));
  const dot = span(` ${page.glyphs.dot} `, 'faint');
  const lines: Line[] = [[span('Asked for and not used', 'heading')]];
  for (const { resources, parts } of shown) {
    const label = [span(padEnd(simpleName(resources.call), names), 'strong'), span('  ')];
    lines.push(
      ...hanging(
        label,
        parts.flatMap((part, index) => (index === 0 ? part : [dot, ...part])),
        page.width,
      ),
    );
  }
  const rest = unused.length - shown.length;
  if (rest > 0) lines.push([span(`and ${counted(rest, 'more call')} (-v)`, 'faint')]);
  const next = [span('--write-config pipeopt.config writes these requests as a config, read again to see that they take effect')];
  lines.push(...hanging([span('next  ', 'faint')], next, proseWidth(page)));
  return lines;
}

/** In seconds of a cpu with the memory that is rented with it. */
function heldInVain({ waste }: ReportResources): number {
  return (waste?.cpuSeconds ?? 0) + (waste?.memoryByteSeconds ?? 0) / BYTES_PER_CPU;
}

function partsOf({ requested, asked, used, recommended }: ReportResources, page: Page): Span[][] {
  const part = (what: string, asked: number | undefined, had: number | undefined, better: number | undefined, show: Show, word: string) => {
    // What asks for more is no waste: the rules speak of it.
    if (asked === undefined || had === undefined || better === undefined || better >= asked) return [];
    const facts = glued(`${what} ${show(asked)},`);
    return [[span(`${facts} ${glued(`${word} ${show(had)} ${page.glyphs.arrow} `)}`), span(glued(show(better)), 'strong')]];
  };
  return [
    ...part('cpus', asked?.cpus ?? requested.cpus?.median, used.cores?.high, recommended?.cpus, coresText, 'busy'),
    ...part(
      'memory',
      asked?.memoryBytes ?? requested.memoryBytes?.median,
      used.memoryBytes?.most,
      recommended?.memoryBytes?.[0],
      memoryText,
      'peak',
    ),
    ...part('time', asked?.timeMs ?? requested.timeMs?.median, used.durationMs?.most, recommended?.timeMs, durationText, 'longest'),
  ];
}

type Show = (value: number) => string;

function coresText(cores: number): string {
  return String(Number(cores.toPrecision(2)));
}
