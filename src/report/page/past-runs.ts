/** What past runs cost, where their traces say on what machines they ran. */
import { glued, hanging, type Line, type Page, proseWidth, type Span, span } from '../layout.ts';
import { counted, figureText, moneyRange, moneyText } from '../quantities.ts';
import type { RecordedBill, Report } from '../report.ts';

const HOW = 'worked out from what the tasks asked for and when they ran; no bill was read';

export function pastRunLines({ inputs: { traces = [] } }: Report, page: Page): Line[] {
  const lines = traces.flatMap(({ name, bill }): Line[] =>
    bill === undefined ? [] : [[span(name, 'strong')], ...hanging([span('  ')], billSpans(bill), proseWidth(page))],
  );
  if (lines.length === 0) return [];
  return [[span('What it cost', 'heading')], ...lines, ...hanging([span('how  ', 'faint')], [span(HOW)], proseWidth(page))];
}

/** A smaller share is not told. */
const LITTLE = 0.02;

function billSpans({ cost, tasks, staging, retries, idle, machines, machineHours, regions, spot, shared }: RecordedBill): Span[] {
  const money = (amount: number): string => glued(moneyText(amount, cost.unit));
  const percent = glued(`${Math.round((100 * idle) / cost.expected)} %`);
  const parts = [
    `${money(tasks)} for what tasks asked for`,
    ...(staging > tasks * LITTLE ? [`${money(staging)} of that while no script ran and files came and went`] : []),
    ...(idle > cost.expected * LITTLE ? [`${money(idle)} (${percent}) for machines that came up or stood idle`] : []),
    ...(retries > cost.expected * LITTLE ? [`${money(retries)}, idle time with it, went into tries that came to nothing`] : []),
    `${counted(machines, 'machine')}${marketOf(machines, spot)} in ${regions.join(', ')}, ${glued(`${figureText(machineHours)} h`)}`,
    ...(shared === true ? ['others ran on some of them, too'] : []),
  ];
  return [span(glued(moneyRange(cost)), 'strong'), span(`: ${parts.join('; ')}`)];
}

function marketOf(machines: number, spot: number): string {
  return spot === 0 ? ', on demand,' : spot === machines ? ' on spot' : ` (${spot} on spot)`;
}
