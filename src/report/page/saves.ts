/** What mending a finding saves, and how sure that is, in a line. */
import { simpleName } from '../call-names.ts';
import { MEASURABLE, rangeText } from '../estimate-texts.ts';
import { glued, listed, type Page, type Span, span } from '../layout.ts';
import { moneyRange } from '../quantities.ts';
import type { Estimate, Finding, Report, ReportStanding } from '../report.ts';

/** Nothing where it was not worked out. */
export function savesSpans({ savings, standing }: Finding, { inputs, estimates, parallelism }: Report, page: Page): Span[] {
  if (savings === undefined) return [];
  const least = (estimates?.now.wallClock.expected ?? 0) * MEASURABLE;
  const { wallClock, cost, assuming } = savings;
  const money = cost === undefined || Math.max(Math.abs(cost.low), Math.abs(cost.high)) === 0 ? [] : [span(`; ${moneyText(cost)} a run`)];
  const dot = span(` ${page.glyphs.dot} `, 'faint');
  if (!isTold(wallClock, least)) {
    const set = standing?.set === undefined ? undefined : parallelism?.independentSets[standing.set]?.savings?.wallClock;
    return set !== undefined && isTold(set, least)
      ? [
          span(`nothing by itself; ${rangeText(set)} with the others of its set`),
          ...money,
          dot,
          ...sureSpans(standing, inputs.platform !== undefined),
        ]
      : [span('no time while others take as long'), ...money];
  }
  return [
    span(`${rangeText(wallClock)}${inputs.platform === undefined ? ' with room for every task' : ''}`),
    ...money,
    ...(assuming === undefined ? [] : [span(`, if ${assuming}`)]),
    ...(standing === undefined || standing.class === 'noise' ? [] : [dot, ...sureSpans(standing, inputs.platform !== undefined)]),
  ];
}

/** Something that can be told, more or less of it. */
function isTold({ expected, low, high }: Estimate, least: number): boolean {
  return [expected, low, high].some((one) => Math.abs(one) >= Math.max(least, 1));
}

function moneyText(cost: Estimate): string {
  if (cost.expected >= 0) return glued(moneyRange(cost));
  return `costs ${glued(moneyRange({ ...cost, low: -cost.high, expected: -cost.expected, high: -cost.low }))} more`;
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
    ),
    span(dependsOn.length === 1 ? ' takes' : ' take', 'faint'),
  ];
}
