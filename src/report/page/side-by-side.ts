/** One pipeline on several platforms: what it takes and costs on each, and which differences can be told. */
import { simpleName } from '../call-names.ts';
import { durationOf, rangeText } from '../estimate-texts.ts';
import { glued, hanging, type Line, type Page, padEnd, padStart, proseWidth, type Span, span } from '../layout.ts';
import { memoryText, moneyRange, moneyText } from '../quantities.ts';
import type { Estimate, Report, ReportBeside, ReportPlatform, ReportRun, ReportSideBySide, ReportTransfer } from '../report.ts';
import { causeText, PLATFORM_CAUSES } from './parallelism.ts';

export function sideBySideLines({ sideBySide }: Report, page: Page): Line[] {
  if (sideBySide === undefined) return [];
  const { rows } = sideBySide;
  const times = rows.map(({ now }) => (now === undefined ? page.glyphs.dash : durationOf(now.wallClock.expected)));
  const costs = rows.map(({ now }) => (now?.cost === undefined ? page.glyphs.dash : moneyText(now.cost.expected, now.cost.unit)));
  const [numbers, time, money] = [[...rows.keys()].map((at) => `${at + 1}`), times, costs].map((texts) =>
    Math.max(...texts.map(({ length }) => length)),
  ) as [number, number, number];
  const lines: Line[] = [[span('Platforms side by side', 'heading')]];
  for (const [at, row] of rows.entries()) {
    const label = [
      span(`${padStart(`${at + 1}`, numbers)}  `, 'faint'),
      span(padEnd(times[at] as string, time), 'strong'),
      span('  '),
      span(padStart(costs[at] as string, money), 'strong'),
      span('  '),
    ];
    lines.push(...hanging(label, [span(row.platform.text), ...marksOf(sideBySide, at, page)], proseWidth(page)));
    const indent = span(' '.repeat(numbers + time + money + 6));
    lines.push(...hanging([indent], [span(factsOf(row).join(` ${page.glyphs.dot} `), 'faint')], proseWidth(page)));
  }
  const verdicts = [
    ['fastest ', verdictOf(sideBySide, 'fastest')],
    ['cheapest', verdictOf(sideBySide, 'cheapest')],
  ] as const;
  for (const [label, body] of verdicts)
    if (body !== undefined) lines.push(...hanging([span(`${label}  `, 'faint')], [span(body)], proseWidth(page)));
  return lines;
}

/** Of what cannot be told from any other nothing is said. */
function marksOf({ rows, fastest, cheapest }: ReportSideBySide, at: number, page: Page): Span[] {
  const isTold = (by: 'slower' | 'dearer'): boolean => rows.some((row) => (row[by]?.low ?? 0) > 0);
  const marks = [...(fastest === at && isTold('slower') ? ['fastest'] : []), ...(cheapest === at && isTold('dearer') ? ['cheapest'] : [])];
  return marks.length === 0 ? [] : [span(` ${page.glyphs.dot} `), span(marks.join(', '), 'strong')];
}

/** Each stays in one line where there is room for it. */
function factsOf({ platform, now, proposed, stuck, noCost, withoutGpus, transfer }: ReportBeside): string[] {
  if (now === undefined) return [stuck === undefined ? 'no time can be told' : `does not come to its end: ${stuck}`];
  const { wallClock, cost, perSample, idleShare } = now;
  const between = ({ low, high }: Estimate, text: (amount: number) => string): string[] =>
    text(low) === text(high) ? [] : [glued(`${text(low)} to ${text(high)}`)];
  return [
    ...between(wallClock, durationOf),
    ...(cost === undefined ? [] : between(cost, (amount) => moneyText(amount, cost.unit))),
    ...(perSample?.cost === undefined ? [] : [glued(`${moneyText(perSample.cost.expected, perSample.cost.unit)} a sample`)]),
    ...(withoutGpus === undefined ? [] : [`${withoutGpus.join(', ')} without the GPUs asked for, which may not work at all`]),
    ...(noCost === undefined ? [] : [`no cost: ${noCost.message} (${noCost.hint})`]),
    ...(platform.alwaysOn?.perMonth === undefined || cost === undefined
      ? []
      : [glued(`${moneyText(platform.alwaysOn.perMonth, cost.unit)} a month`)]),
    ...(idleShare === undefined ? [] : [glued(`${Math.round(idleShare * 100)} % idle`)]),
    ...transferTexts(transfer, now),
    ...rightSizedTexts(proposed),
    ...waitTexts(now, platform),
  ];
}

const CENT = 0.01;
/** A link that many have, so that an amount of data becomes a time. */
const BITS_PER_SECOND = 1e9;

function transferTexts(transfer: ReportTransfer | undefined, { cost }: ReportRun): string[] {
  if (transfer === undefined || transfer.from.length === 0) return [];
  const { from, incomplete } = transfer;
  const known = from.flatMap(({ atMostBytes: most, onDiskBytes: least = most }) =>
    most === undefined ? [] : [[least ?? most, most] as const],
  );
  const unknown = from.flatMap(({ call, atMostBytes }) => (atMostBytes === undefined ? [simpleName(call)] : []));
  const [least, most] = [0, 1].map((at) => known.reduce((sum, one) => sum + (one[at] as number), 0)) as [number, number];
  const range = (text: (amount: number) => string, from: number, to: number): string =>
    glued(text(from) === text(to) ? text(to) : `${text(from)} to ${text(to)}`);
  const money = (amount: number): string => moneyText(amount, cost?.unit ?? '');
  const paid =
    transfer.cost === undefined || cost === undefined || transfer.cost.high < CENT
      ? ''
      : `, ${range(money, transfer.cost.expected, transfer.cost.high)} of the cost`;
  const seconds = range((bytes) => durationOf((8 * bytes) / BITS_PER_SECOND), least, most);
  return [
    ...(known.length === 0
      ? []
      : [`${range(memoryText, least, most)} go from one to another${paid}; ${seconds} at 1 Gbit/s, in no time here`]),
    ...(unknown.length === 0
      ? []
      : [
          `how much goes from ${[...new Set(unknown)].join(', ')} to the other is not known (--trace with wchar tells)${
            incomplete === undefined || cost === undefined ? '' : ', nor what it costs to get it out of the cloud: the cost is without it'
          }`,
        ]),
  ];
}

function rightSizedTexts(proposed: ReportRun | undefined): string[] {
  if (proposed === undefined) return [];
  const { wallClock, cost } = proposed;
  return [glued(`right-sized ${durationOf(wallClock.expected)}${cost === undefined ? '' : `, ${moneyText(cost.expected, cost.unit)}`}`)];
}

/** What tasks wait for most that is the platform’s. */
function waitTexts({ waits = {} }: ReportRun, platform: ReportPlatform): string[] {
  const all = PLATFORM_CAUSES.map((cause) => ({ cause, seconds: waits[cause] ?? 0 }));
  const [most] = all.sort((one, two) => two.seconds - one.seconds);
  return most === undefined || most.seconds < 1
    ? []
    : [`tasks wait most ${causeText(most.cause, platform)} (${glued(`${durationOf(most.seconds)} in all`)})`];
}

/** Against each of the others. undefined: there is none. */
function verdictOf({ rows, ...best }: ReportSideBySide, by: 'fastest' | 'cheapest'): string | undefined {
  const at = best[by];
  const differences = rows.flatMap(({ slower, dearer }, other) => {
    const difference = by === 'fastest' ? slower : dearer;
    return difference === undefined ? [] : [{ other: other + 1, difference }];
  });
  if (at === undefined) return untoldOf(rows, by);
  if (differences.length === 0) return undefined;
  const text = by === 'fastest' ? rangeText : (range: Estimate) => glued(moneyRange(range));
  const told = differences.filter(({ difference }) => difference.low > 0);
  const untold = differences.filter(({ difference }) => difference.low <= 0).map(({ other }) => other);
  const parts = [
    ...told.map(({ other, difference }) => `${text(difference)} ${by === 'fastest' ? 'before' : 'less than'} ${other}`),
    ...(untold.length === 0 ? [] : [`no difference from ${untold.join(', ')} that can be told`]),
  ];
  return told.length === 0
    ? `no difference between ${[at + 1, ...untold].sort((one, two) => one - two).join(', ')} that can be told`
    : `${at + 1}: ${parts.join('; ')}`;
}

/** undefined: there is nothing to compare. */
function untoldOf(rows: readonly ReportBeside[], by: 'fastest' | 'cheapest'): string | undefined {
  const some = rows.filter(({ now }) => (by === 'fastest' ? now : now?.cost) !== undefined);
  if (some.length < 2) return undefined;
  if (some.some(({ withoutGpus }) => withoutGpus))
    return 'cannot be told: where there are no GPUs nobody knows what tasks take that ask for some';
  return by === 'fastest'
    ? 'cannot be told: no time has what it takes to bring files from one platform to another'
    : 'cannot be told: nobody knows what it costs to get files out of the cloud';
}
