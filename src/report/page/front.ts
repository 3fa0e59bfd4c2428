/** Time against money: a few ways to run the pipeline, what to change for each, and what an hour less costs. */
import { simpleName } from '../call-names.ts';
import { durationOf } from '../estimate-texts.ts';
import { glued, hanging, type Line, listed, type Page, padEnd, padStart, proseWidth, type Span, span } from '../layout.ts';
import { counted, durationText, exactDuration, givenMoney, moneyText, toldApart } from '../quantities.ts';
import type { Estimate, Report, ReportFront, ReportFrontChoice, ReportFrontPoint } from '../report.ts';

/** More names than these are folded away. */
const MOST_NAMES = 4;

export function frontLines({ front, inputs }: Report, page: Page): Line[] {
  if (front === undefined || front.points.length === 0) return [];
  const { points } = front;
  const texts = textsOf(front);
  const time = Math.max(...points.map(({ wallClock }) => texts.time(wallClock.expected).length));
  const money = Math.max(...points.map(({ cost }) => texts.money(cost.expected).length));
  const prose = (label: string, body: readonly Span[]): Line[] => hanging([span(label, 'faint')], body, proseWidth(page));
  const lines: Line[] = [[span('Time against money', 'heading')]];
  for (const [at, point] of points.entries()) {
    const { wallClock, cost } = point;
    const label = [
      span(`${at + 1}  `, 'faint'),
      span(padEnd(texts.time(wallClock.expected), time), 'strong'),
      span('  '),
      span(padStart(texts.money(cost.expected), money), 'strong'),
      span('  '),
    ];
    lines.push(...hanging(label, changeSpans(point, page), proseWidth(page)));
    const indent = span(' '.repeat(time + money + 7));
    lines.push(...hanging([indent], [span(`${factsOf(front, at, page)}`, 'faint')], proseWidth(page)));
  }
  for (const answer of answersOf(front, texts)) lines.push(...prose('asked  ', answer));
  // The bound is that of one run of middling luck: beside a single point it says nothing.
  if (points.length > 1) lines.push(...prose('limit  ', limitSpans(front)));
  const basis = points.some(({ wallClock }) => wallClock.basis === 'assumed') ? 'reckoned by Amdahl’s law, not measured' : 'measured';
  const known =
    front.scalableCalls === 0
      ? 'what other cpus do is known for no call: --trace of a run tells it of some'
      : `what other cpus do is known for ${counted(front.scalableCalls, 'call')}, ${basis}`;
  const unit = front.unit === CPU_HOURS ? '; without prices (--prices) cost is the hours of cpus that tasks hold' : '';
  lines.push(...prose('known  ', [span(`each on ${inputs.platform?.text ?? 'the platform'} but for what is named; ${known}${unit}`)]));
  return lines;
}

const CPU_HOURS = 'cpu·h';

/** What is expected of the points. */
interface Texts {
  time(seconds: number): string;
  money(amount: number): string;
}

/** Points that differ read differently, and what was asked for reads otherwise than what does not meet it. */
function textsOf({ points, chosen = [], unit }: ReportFront): Texts {
  const asked = chosen.flatMap(({ by, given }) => (by === 'max-cost' ? [given] : []));
  return {
    time: toldApart(
      points.map(({ wallClock }) => wallClock.expected),
      durationOf,
    ),
    money: toldApart([...points.map(({ cost }) => cost.expected), ...asked], (amount, finer) => moneyText(amount, unit, finer)),
  };
}

function changeSpans({ choices }: ReportFrontPoint, page: Page): Span[] {
  if (choices.length === 0) return [span('as it is now')];
  return choices.flatMap((choice, index) => [...(index === 0 ? [] : [span('; ')]), ...choiceSpans(choice, page)]);
}

function choiceSpans(choice: ReportFrontChoice, page: Page): Span[] {
  const to = (from: number, then: number): string => glued(`${from} ${page.glyphs.arrow} ${then}`);
  switch (choice.kind) {
    case 'market':
      return [span(choice.to === 'spot' ? 'on spot' : 'on demand')];
    case 'max-cpus':
      return [span(`${glued('at most')} ${to(choice.from, choice.to)} cpus at once`)];
    case 'memory':
      return [span(`memory as --write-config asks for it, ${counted(choice.calls.length, 'call')}`)];
    case 'cpus': {
      const names = choice.calls.map(simpleName);
      const shown = page.verbose || names.length <= MOST_NAMES ? names : names.slice(0, MOST_NAMES - 1);
      const rest = names.length - shown.length;
      return [
        span(`${glued('cpus')} ${to(choice.from, choice.to)} for `),
        ...listed(shown, undefined, rest > 0 ? ', ' : ' and '),
        ...(rest > 0 ? [span(` and ${rest} more (-v)`)] : []),
      ];
    }
  }
}

/** Ranges, and what an hour less than the next slower point on the hull costs. */
function factsOf({ points, breakEven, unit }: ReportFront, at: number, page: Page): string {
  const { wallClock, cost } = points[at] as ReportFrontPoint;
  const slower = breakEven.find(({ to }) => to === at);
  const isOff = points.length > 1 && !breakEven.some(({ from, to }) => from === at || to === at);
  const worth = [
    ...(slower === undefined ? [] : [`an hour saved against ${slower.from + 1} costs ${moneyText(slower.perHour, unit)}`]),
    ...(isOff ? ['whatever an hour is worth, another is better'] : []),
  ];
  const between = [`${durationOf(wallClock.low)} to ${durationOf(wallClock.high)}`];
  if (cost.low < cost.high) between.push(`${moneyText(cost.low, unit)} to ${moneyText(cost.high, unit)}`);
  return [...between, ...worth].map(glued).join(` ${page.glyphs.dot} `);
}

function answersOf({ chosen = [], points, unit }: ReportFront, { time, money }: Texts): Span[][] {
  const range = ({ low, expected, high }: Estimate, textOf: (value: number) => string, whole: (value: number) => string): string =>
    glued(textOf(low) === textOf(high) ? whole(expected) : `${whole(expected)} (${textOf(low)} to ${textOf(high)})`);
  return chosen.map(({ by, given, point }) => {
    const what =
      by === 'deadline'
        ? `done within ${exactDuration(given)} nine times in ten`
        : by === 'max-cost'
          ? `no more than ${givenMoney(given, unit)} expected`
          : `an hour is worth ${givenMoney(given, unit)}`;
    if (point !== undefined) {
      const { wallClock, cost } = points[point] as ReportFrontPoint;
      const word = by === 'deadline' ? 'the cheapest is' : by === 'max-cost' ? 'the fastest is' : 'the best is';
      return [
        span(`${what}: ${word} `),
        span(`${point + 1}`, 'strong'),
        span(', '),
        span(`${range(wallClock, durationOf, time)}, `),
        span(range(cost, (amount) => moneyText(amount, unit), money)),
      ];
    }
    const [nearest] = [...points.entries()].sort(([, one], [, two]) => one.wallClock.high - two.wallClock.high);
    const near =
      by === 'deadline' && nearest !== undefined
        ? [
            span(
              `; the nearest is ${nearest[0] + 1}, within ${durationText(Math.ceil(nearest[1].wallClock.high / 60) * 60_000)} nine times in ten`,
            ),
          ]
        : [];
    const cheapest = points.at(-1);
    const cheap =
      by === 'max-cost' && cheapest !== undefined ? [span(`; the cheapest is ${points.length}, ${money(cheapest.cost.expected)}`)] : [];
    return [span(`${what}: `), span('none that was found', 'strong'), ...near, ...cheap];
  });
}

function limitSpans({ lowerBound, unit }: ReportFront): Span[] {
  const [first] = lowerBound;
  const cheapest = lowerBound.at(-1);
  if (first === undefined || cheapest === undefined) return [span('unknown')];
  return [
    span(
      `in a run of middling luck no choice of these comes below ${durationOf(first.wallClock)} with room for every task and what it takes to bring and take away files, nor below ${moneyText(cheapest.cost, unit)} with machines that are never idle`,
    ),
  ];
}
