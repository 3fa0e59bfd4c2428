/** Time against money. */
import type { Analysis } from '../analysis/analyse.ts';
import type { FrontPoint } from '../analysis/passes/front.ts';
import type { ReportFront, ReportFrontChoice } from '../report/report.ts';
import { shownEstimate, significant } from './figures.ts';

export function frontOf({ front }: Analysis): { front?: ReportFront } {
  if (front === undefined) return {};
  const { unit, points, lowerBound, breakEven, answers, scalable } = front;
  return {
    front: {
      unit,
      points: points.map(({ wallClock, cost, choices }) => ({
        wallClock: shownEstimate(wallClock),
        cost: shownEstimate(cost),
        choices: choicesOf(choices),
      })),
      lowerBound: lowerBound.map(({ wallClock, cost }) => ({ wallClock: significant(wallClock), cost: significant(cost) })),
      breakEven: breakEven.map(({ from, to, perHour }) => ({ from, to, perHour: significant(perHour) })),
      scalableCalls: scalable,
      ...(answers.length === 0
        ? {}
        : { chosen: answers.map(({ by, given, point }) => ({ by: ASKED[by], given, ...(point === undefined ? {} : { point }) })) }),
    },
  };
}

const ASKED = { deadline: 'deadline', maxCost: 'max-cost', valueOfTime: 'value-of-time' } as const;

/** Calls for which the same changes are named together. */
function choicesOf(choices: FrontPoint['choices']): ReportFrontChoice[] {
  const cpus = new Map<string, ReportFrontChoice & { kind: 'cpus'; calls: string[] }>();
  const others: ReportFrontChoice[] = [];
  for (const choice of choices)
    if (choice.kind === 'cpus') {
      const { call, from, to } = choice;
      const key = `${from} ${to}`;
      const same = cpus.get(key);
      if (same === undefined) cpus.set(key, { kind: 'cpus', calls: [call.id], from, to });
      else same.calls.push(call.id);
    } else others.push(choice.kind === 'memory' ? { kind: 'memory', calls: choice.calls.map(({ id }) => id) } : choice);
  return [...others, ...[...cpus.values()].sort((one, two) => two.to / two.from - one.to / one.from || one.from - two.from)];
}
