/** A platform of which some calls run on another. */
import type { ChosenPlatform, RoutedPart } from './choice.ts';
import { splitPlatform } from './platform.ts';

/** More names than these are counted. */
const MOST_NAMES = 3;

export function splitOf(base: ChosenPlatform, routed: readonly RoutedPart[]): ChosenPlatform {
  return {
    ...base,
    platform: splitPlatform([base.platform, ...routed.map(({ chosen }) => chosen.platform)]),
    text: [base.text, ...routed.map(({ chosen, calls }) => `${namesOf(calls)} on ${chosen.text}`)].join('; '),
    routed,
    assumptions: [
      ...base.assumptions,
      ...routed.flatMap(({ chosen }) =>
        chosen.assumptions.filter((one) => !base.assumptions.includes(one)).map((one) => `on ${chosen.text}: ${one}`),
      ),
    ],
  };
}

function namesOf(calls: readonly string[]): string {
  const shown = calls.length <= MOST_NAMES ? calls : calls.slice(0, MOST_NAMES - 1);
  const rest = calls.length - shown.length;
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(' and ');
}

/** The first part, and the others. */
export function partsOf(chosen: ChosenPlatform): readonly ChosenPlatform[] {
  const { routed = [] } = chosen;
  return [chosen, ...routed.map((one) => one.chosen)];
}
