/** How a run grows: what it takes and costs with so many samples, and what holds it up there. */
import { durationOf, rangeText } from '../estimate-texts.ts';
import { glued, hanging, type Line, type Page, padStart, proseWidth, type Span, span } from '../layout.ts';
import { counted, countText, moneyRange, moneyText } from '../quantities.ts';
import type { Estimate, Report, ReportGrowth, ReportPlatform, WaitCause } from '../report.ts';
import { causeText } from './parallelism.ts';

export function growthLines({ growth, inputs: { platform } }: Report, page: Page): Line[] {
  if (growth === undefined) return [];
  const width = Math.max(...growth.map(({ samples }) => countText(samples).length));
  return [
    [span('With so many samples', 'heading')],
    ...growth.flatMap((row) => {
      const label = [span(padStart(countText(row.samples), width), 'strong'), span('  ')];
      return hanging(label, spansOf(row, platform), proseWidth(page));
    }),
  ];
}

function spansOf(row: ReportGrowth, platform: ReportPlatform | undefined): Span[] {
  const { untold, wallClock, cost, perSample, further, tasks = 0, worlds = 0, width = 0, serialShare = 0, heldBy } = row;
  if (wallClock === undefined) return [span(`not told: ${untold}`)];
  const alone = Math.round(100 * serialShare);
  const facts = [
    ...(perSample?.cost ? [`${moneyText(perSample.cost.expected, perSample.cost.unit)} a sample`] : []),
    ...(further
      ? [
          `${further.samples === 1 ? 'one more adds' : `each of ${countText(further.samples)} more adds`} ${furtherText(further.wallClock, further.cost)}`,
        ]
      : []),
    counted(tasks, 'task'),
    `up to ${countText(width)} at once with room`,
    ...(alone > 0 ? [`one alone for ${alone} %`] : []),
    ...(heldBy && platform ? [`tasks wait most ${causeText(heldBy.cause as Exclude<WaitCause, 'data'>, platform)}`] : []),
    `from ${counted(worlds, 'simulated run')}`,
  ];
  return [
    span(rangeText(wallClock), 'strong'),
    ...(cost ? [span('  '), span(glued(moneyRange(cost)), 'strong')] : []),
    span(`; ${facts.map(glued).join(', ')}`, 'faint'),
  ];
}

function furtherText({ expected }: Estimate, cost: Estimate | undefined): string {
  const time = expected < 0.5 ? 'no time' : durationOf(expected);
  return cost === undefined ? time : `${time} and ${moneyText(cost.expected, cost.unit)}`;
}
