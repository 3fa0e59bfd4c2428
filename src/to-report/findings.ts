/** What was found, what it saves, and which comes first. */
import type { Analysis } from '../analysis/analyse.ts';
import type { Finding as FoundFinding } from '../analysis/finding.ts';
import type { IndependentSet as FoundSet } from '../analysis/passes/parallelism.ts';
import type { Savings as FoundSavings } from '../analysis/passes/savings.ts';
import type { Standing as FoundStanding } from '../analysis/passes/standings.ts';
import type { Finding, Report, ReportSavings, ReportStanding } from '../report/report.ts';
import { shownEstimate, significant } from './figures.ts';
import { excerptOf, placeRange } from './places.ts';

export function findingOf(finding: FoundFinding, { parallelism }: Analysis): Finding {
  const { place: at, related, change: _, savings, standing, overlaps, ...rest } = finding;
  return {
    ...rest,
    ...(savings && { savings: savingsOf(savings) }),
    ...(overlaps && {
      overlaps: {
        with: overlaps.with.map(({ ruleId, fingerprint, place: other }) => ({ ruleId, fingerprint, location: placeRange(other) })),
        ...(overlaps.together && { together: savingsOf(overlaps.together) }),
      },
    }),
    ...(standing && { standing: standingOf(standing, parallelism.sets) }),
    location: placeRange(at),
    excerpt: excerptOf(at),
    related: related.map((one) => ({ message: one.message, location: placeRange(one.place) })),
  };
}

function savingsOf({ wallClock, cost, room, assuming }: FoundSavings): ReportSavings {
  return {
    wallClock: shownEstimate(wallClock),
    ...(cost && { cost: shownEstimate(cost) }),
    ...(room === undefined ? {} : { room }),
    ...(assuming === undefined ? {} : { assuming }),
  };
}

function standingOf({ dependsOn, set, anyGain, muchGain, ...rest }: FoundStanding, sets: readonly FoundSet[]): ReportStanding {
  return {
    ...rest,
    anyGain: significant(anyGain),
    muchGain: significant(muchGain),
    ...(dependsOn && { dependsOn: dependsOn.map(({ call, longer }) => ({ call: call.id, longer })) }),
    ...(set && { set: sets.indexOf(set) }),
  };
}

export function timeFirstOf({ timeFirst }: Analysis): Pick<Report, 'timeFirst'> {
  return timeFirst === undefined ? {} : { timeFirst: { call: timeFirst.call.id, why: WHY_FIRST[timeFirst.decides] } };
}

const WHY_FIRST = {
  which: 'how long it takes decides most which finding saves most',
  'how much': 'how long it takes decides most how much the first finding saves',
} as const;
