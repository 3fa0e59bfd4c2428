/** What mending a finding saves, and how sure that is, in a line. */
import { simpleName } from '../call-names.ts';
import { durationOf, MEASURABLE, rangeText } from '../estimate-texts.ts';
import { glued, listed, type Page, type Span, span } from '../layout.ts';
import { moneyRange } from '../quantities.ts';
import type { Estimate, Finding, Report, ReportStanding } from '../report.ts';

/** Nothing where it was not worked out. */
export function savesSpans(finding: Finding, { inputs, estimates, parallelism }: Report, page: Page): Span[] {
  const { savings, standing } = finding;
  if (savings === undefined) return finding.unsaved === undefined ? [] : [span(`not worked out: ${finding.unsaved}`, 'faint')];
  const least = (estimates?.now.wallClock.expected ?? 0) * MEASURABLE;
  const { wallClock, cost, room = 'room for every task', assuming } = savings;
  const isDearer = isTold(wallClock, least) && isLess(wallClock) && cost !== undefined && cost.expected < 0;
  const money =
    cost === undefined || Math.max(Math.abs(cost.low), Math.abs(cost.high)) === 0
      ? []
      : [span(isDearer ? ` and ${moneyText(cost)} a run` : `; ${moneyText(cost)} a run`)];
  const dot = span(` ${page.glyphs.dot} `, 'faint');
  if (!isTold(wallClock, least)) {
    const set = standing?.set === undefined ? undefined : parallelism?.independentSets[standing.set]?.savings?.wallClock;
    return set !== undefined && isTold(set, least)
      ? [
          span(`nothing by itself; ${rangeText(set)} with the others of its set, once for all of them`),
          ...money,
          dot,
          ...sureSpans(standing, inputs.platform !== undefined),
        ]
      : [span('no time while others take as long'), ...money, ...overlapSpans(finding, least)];
  }
  return [
    span(
      `${isDearer ? 'nothing here: it takes ' : isLess(wallClock) ? 'no time: it takes ' : ''}${timeText(wallClock)}${inputs.platform === undefined ? ` with ${room}` : ''}`,
    ),
    ...money,
    ...(assuming === undefined ? [] : [span(`, if ${assuming}`)]),
    ...overlapSpans(finding, least),
    // What is worse here is no better for being sure elsewhere.
    ...(standing === undefined || standing.class === 'noise' || isDearer
      ? []
      : [dot, ...sureSpans(standing, inputs.platform !== undefined)]),
  ];
}

/** More findings than these are not named. */
const MOST_NAMED = 2;
/** Of what is saved: within that it is the same. */
const SAME = 0.05;

/** What others save, too: it is not to be added up. */
function overlapSpans({ savings, overlaps }: Finding, least: number): Span[] {
  const together = overlaps?.together;
  if (savings === undefined || overlaps === undefined || together === undefined) return [];
  const parts = [
    ...(isTold(together.wallClock, least) ? [timeText(together.wallClock)] : []),
    ...(together.cost === undefined || together.cost.expected === 0 ? [] : [`${moneyText(together.cost)} a run`]),
  ];
  if (parts.length === 0) return [];
  const named = overlaps.with
    .slice(0, MOST_NAMED)
    .map(({ ruleId, location }) => glued(`${ruleId} (${location.path}:${location.startLine})`));
  const more = overlaps.with.length - named.length;
  const others = `${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const isSame = (one: Estimate | undefined, all: Estimate | undefined): boolean =>
    Math.abs((all?.expected ?? 0) - (one?.expected ?? 0)) <= SAME * Math.abs(all?.expected ?? 0);
  return isSame(savings.wallClock, together.wallClock) && isSame(savings.cost, together.cost)
    ? [span(`; the same as is saved by ${others}: count it once`)]
    : [span(`; with ${others} ${parts.join(' and ')} in all, not the sum`)];
}

/** Something that can be told, more or less of it. */
function isTold({ expected, low, high }: Estimate, least: number): boolean {
  return [expected, low, high].some((one) => Math.abs(one) >= Math.max(least, 1));
}

function moneyText(cost: Estimate): string {
  return cost.expected >= 0 ? glued(moneyRange(cost)) : `costs ${glued(moneyRange(reversed(cost)))} more`;
}

/** What is lost is no saving with a sign before it. */
function timeText(time: Estimate): string {
  const { low, expected, high } = time;
  if (isLess(time)) return `${rangeText(reversed(time))} longer`;
  return durationOf(expected) === NO_TIME ? glued(`no time (${betweenText(low, high)})`) : rangeText(time);
}

/** What is lost at worst, and saved at best. */
function betweenText(low: number, high: number): string {
  const parts = [
    ...(isLess({ expected: low }) ? [`${durationOf(-low)} longer at worst`] : []),
    ...(isLess({ expected: -high }) ? [`${durationOf(high)} saved at best`] : []),
  ];
  return parts.join(', ');
}

const NO_TIME = '0 s';

function isLess({ expected }: Pick<Estimate, 'expected'>): boolean {
  return expected < 0 && durationOf(-expected) !== NO_TIME;
}

function reversed({ low, expected, high, ...rest }: Estimate): Estimate {
  // Not −0.
  return { ...rest, low: 0 - high, expected: 0 - expected, high: 0 - low };
}

/** @param limited what is saved is told of a platform: how sure it is, is not. */
function sureSpans(standing: ReportStanding | undefined, limited: boolean): Span[] {
  if (standing === undefined) return [];
  const { class: is, anyGain, dependsOn = [] } = standing;
  const where = limited ? ' with room for every task' : '';
  const cases = `${is === 'certain-direction' ? 'certain direction, ' : ''}in ${Math.round(anyGain * 100)} of 100 cases${where}`;
  if (dependsOn.length === 0) return [span(cases, 'faint')];
  return [
    span(`${cases}, by how long `, 'faint'),
    ...listed(
      dependsOn.map(({ call }) => simpleName(call)),
      'faint',
      ' and ',
    ),
    span(dependsOn.length === 1 ? ' takes' : ' take', 'faint'),
  ];
}
