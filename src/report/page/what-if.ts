/** What comes of it if the tasks of a call took less time. */
import { simpleName } from '../call-names.ts';
import { durationOf } from '../estimate-texts.ts';
import { displayWidth, glued, type Line, type Page, padEnd, padStart, span, wrap } from '../layout.ts';
import type { Report } from '../report.ts';

const MOST_ROWS = 5;
/** Of the whole: less is within what the figures can tell. */
const TELLING = 0.01;
const LONGEST_NAME = 32;

export function whatIfLines({ criticalPath, estimates }: Report, page: Page): Line[] {
  if (criticalPath?.whatIf === undefined) return [];
  const { duration, whatIf } = criticalPath;
  const least = Math.max(1, TELLING * duration.expected);
  const telling = whatIf.filter(({ none }) => none.expected >= least);
  // Of one call alone everybody knows.
  if (whatIf.length < 2 || telling.length === 0) return [];
  const rows = page.verbose ? telling : telling.slice(0, MOST_ROWS);
  const texts = rows.map(
    ({ call, half, none }) => [simpleName(call), savedText(half.expected, least), savedText(none.expected, least)] as const,
  );
  const names = Math.max(HEAD.length, ...texts.map(([name]) => displayWidth(name)).filter((width) => width <= LONGEST_NAME));
  const columns = ['half the time', 'no time at all'] as const;
  const widths = columns.map((title, at) => Math.max(title.length, ...texts.map((row) => (row[at + 1] as string).length)));
  const row = ([name, half, none]: readonly [string, string, string]): Line => [
    span(padEnd(name, names)),
    span(`  ${padStart(half, widths[0] as number)}  ${padStart(none, widths[1] as number)}`),
  ];
  const head = row([HEAD, ...columns]).map(({ text }) => span(text, 'faint'));
  const whole = glued(durationOf(duration.expected));
  // On a platform files take their time as well.
  const what = estimates?.bounds?.asItIs === undefined ? `${whole}, with room for every task` : `${whole} of scripts, with room for all`;
  return [
    [span('If a call took less', 'heading'), span(`  what is saved of ${what}`, 'faint')],
    head,
    // A name that is wider than its column stands above its figures.
    ...texts.flatMap(([name, ...figures]) =>
      displayWidth(name) <= names ? [row([name, ...figures])] : [...wrap([span(name)], page.width), row(['', ...figures])],
    ),
  ];
}

const HEAD = 'all its tasks take';

function savedText(seconds: number, least: number): string {
  return seconds < least ? 'nothing' : durationOf(seconds);
}
