/** What a run takes and costs: as it is now, without waits, with what is proposed, and of more samples. */
import type { Analysis } from '../analysis/analyse.ts';
import type { Estimate as FoundEstimate } from '../analysis/estimate/estimate.ts';
import { weakestGrade } from '../analysis/passes/needs/false-link.ts';
import type { PlatformCost } from '../analysis/passes/platform/platform-cost.ts';
import type { TimeOnPlatform } from '../analysis/passes/platform/platform-times.ts';
import { harmText, isRefusedWithOthers } from '../analysis/passes/sizing/right-sizing.ts';
import type { Times } from '../analysis/passes/times.ts';
import { wastedWaits } from '../analysis/passes/wasted-waits.ts';
import { formulaOf, sum } from '../parser/graph/model/count.ts';
import type { Estimate, IndependentSet, Report, ReportEstimates, ReportGrowth, ReportRun } from '../report/report.ts';
import { byName, shownEstimate, significant } from './figures.ts';
import type { ReportParts } from './parts.ts';
import { line, place } from './places.ts';

/** What could run at the same time, and what the waits cost. */
export function timesOf({ graph, analysis }: ReportParts): Pick<Report, 'parallelism' | 'criticalPath' | 'estimates'> {
  if (graph.calls.length === 0) return {};
  const { parallelism, times, model, whatIf } = analysis;
  const timed = 'untimed' in times ? undefined : times;
  const independentSets = parallelism.sets.map((set): IndependentSet => {
    const gain = timed?.savings.get(set);
    return {
      calls: set.calls.map(({ id }) => id),
      after: set.after.map(({ id }) => id),
      grade: weakestGrade(set.links.map(({ grade }) => grade)),
      links: set.links.map(({ from, to, kind, grade, evidence, assumption, place: at }) => ({
        from: from.id,
        to: to.id,
        kind,
        grade,
        evidence,
        ...(assumption === undefined ? {} : { assumption }),
        source: line(at),
      })),
      ...(gain === undefined ? {} : { savings: { wallClock: shownEstimate(gain) } }),
    };
  });
  if (timed === undefined) return { parallelism: { independentSets } };
  const { now, lossless, ideal, work, averageWidth, width, serialShare, path, slack } = timed;
  return {
    parallelism: {
      work: shownEstimate(work),
      span: shownEstimate(now),
      averageWidth: significant(averageWidth),
      width: {
        formula: formulaOf(sum(width.calls.map((call) => model.tasksOf(call).count))),
        count: width.count,
        ...(width.assumed ? { assumed: true as const } : {}),
      },
      serialShare: significant(serialShare),
      independentSets,
    },
    criticalPath: {
      calls: path.map(({ id }) => id),
      duration: shownEstimate(now),
      slackByCall: Object.fromEntries([...slack].map(([{ id }, seconds]): [string, number] => [id, significant(seconds)]).sort(byName)),
      ...(whatIf.length === 0
        ? {}
        : { whatIf: whatIf.map(({ call, half, none }) => ({ call: call.id, half: shownEstimate(half), none: shownEstimate(none) })) }),
    },
    ...estimatesOf({ now, lossless, ideal }, analysis),
  };
}

function perOne({ low, expected, high, ...rest }: FoundEstimate, samples: number): FoundEstimate {
  return { low: low / samples, expected: expected / samples, high: high / samples, ...rest };
}

/** undefined: nothing says how many there are. */
export function samplesOf({ model, binding }: Analysis): number | undefined {
  const samples = model.dimensions.all.find(({ atom }) => atom.name === 'samples');
  const number = samples === undefined ? undefined : binding.numberOf(samples.atom);
  return number === undefined || number < 1 ? undefined : number;
}

/** On a platform on which the run does not come to its end there are none. */
function estimatesOf(free: Record<'now' | 'lossless' | 'ideal', FoundEstimate>, analysis: Analysis): { estimates?: ReportEstimates } {
  const { onPlatform, times } = analysis;
  const firsts = 'untimed' in times ? {} : times.firstResults;
  const samples = samplesOf(analysis);
  const about = 'untimed' in times ? {} : aboutTimes(times);
  if (onPlatform === undefined) {
    const alone = (wallClock: FoundEstimate, first: FoundEstimate | undefined): ReportRun => ({
      wallClock: shownEstimate(wallClock),
      ...(first && { firstResult: shownEstimate(first) }),
      ...perSampleOf(samples, wallClock),
    });
    return {
      estimates: {
        now: alone(free.now, firsts.now),
        lossless: alone(free.lossless, firsts.lossless),
        ideal: alone(free.ideal, firsts.ideal),
        bounds: { wallClock: shownEstimate(free.ideal) },
        ...about,
      },
    };
  }
  if (onPlatform.times === undefined) return {};
  const { now, lossless, ideal, rightSized, fuller, withRoom } = onPlatform.times;
  return {
    estimates: {
      now: { ...runOf(now, samples), ...wastedWaitsOf(now, analysis.model) },
      lossless: runOf(lossless, samples),
      ideal: runOf(ideal, samples),
      ...(rightSized && { proposed: runOf(rightSized, samples) }),
      ...(fuller?.run.money && {
        fuller: {
          maxCpus: fuller.maxCpus,
          wallClock: shownEstimate(fuller.run.wallClock),
          cost: shownEstimate(fuller.run.money.cost),
        },
      }),
      bounds: { wallClock: shownEstimate(withRoom.ideal), asItIs: shownEstimate(withRoom.now) },
      ...about,
      ...notProposedOf(analysis),
    },
  };
}

function aboutTimes({ partial, views, bases }: Times): Pick<ReportEstimates, 'partial' | 'assumedFor'> {
  const assumed = views.now.groups.flatMap(({ call, size }, at) => (size > 0 && bases[at] === 'assumed' ? [call.id] : []));
  return { ...(partial && { partial }), ...(assumed.length > 0 && { assumedFor: [...new Set(assumed)] }) };
}

/** Fewer seconds are within what a simulation can tell. */
const TOLD_WAIT = 1;

function wastedWaitsOf({ avoidable }: TimeOnPlatform, model: Analysis['model']): Pick<ReportRun, 'wastedWaits'> {
  const waits = wastedWaits(avoidable, model).filter(({ seconds }) => seconds >= TOLD_WAIT);
  if (waits.length === 0) return {};
  return {
    wastedWaits: waits.map(({ call, seconds, on, places: some }) => ({
      call: call.id,
      seconds: significant(seconds),
      on: on.map(({ id }) => id),
      places: some.map(place),
    })),
  };
}

function notProposedOf({ rightSizing: { leftOut } }: Analysis): Pick<ReportEstimates, 'notProposed'> {
  if (leftOut.length === 0) return {};
  return {
    notProposed: leftOut.map((one) => ({
      call: one.call.id,
      request: one.kind === 'limit' ? 'time' : one.kind,
      because: harmText(one),
      ...(isRefusedWithOthers(one) && { together: true as const }),
    })),
  };
}

function perSampleOf(samples: number | undefined, wallClock: FoundEstimate, cost?: FoundEstimate): Pick<ReportRun, 'perSample'> {
  if (samples === undefined) return {};
  const one = (whole: FoundEstimate): Estimate => shownEstimate(perOne(whole, samples));
  return { perSample: { wallClock: one(wallClock), ...(cost && { cost: one(cost) }) } };
}

export function runOf(
  { wallClock, firstResult, waits, held: { cpus, memory }, money }: TimeOnPlatform,
  samples: number | undefined,
): ReportRun {
  return {
    wallClock: shownEstimate(wallClock),
    ...(firstResult && { firstResult: shownEstimate(firstResult) }),
    waits: Object.fromEntries([...waits].map(([cause, seconds]) => [cause, significant(seconds)])),
    cpuHours: shownEstimate(cpus),
    ...(memory && { memoryGbHours: shownEstimate(memory) }),
    ...perSampleOf(samples, wallClock, money?.cost),
    ...(money && {
      cost: shownEstimate(money.cost),
      ...(money.offBy && {
        costOffBy: {
          runs: significant(money.offBy.runs),
          prices: significant(money.offBy.prices),
          filling: significant(money.offBy.filling),
        },
      }),
      ...(money.idleShare !== undefined && { idleShare: significant(money.idleShare) }),
      ...(money.calls && {
        costByCall: money.calls.map(({ call, used, idle }) => ({ call, used: significant(used), idle: significant(idle) })),
      }),
      ...besideOf(money),
      ...(money.unpriced && {
        unpricedCalls: money.unpriced.map(({ call, cpuHours }) => ({ call, cpuHours: significant(cpuHours) })),
      }),
      ...(money.carbon && { energy: shownEstimate(money.carbon.energy), emitted: shownEstimate(money.carbon.emitted) }),
    }),
  };
}

/** Less, as a share of the cost, is what figures are rounded by. */
const TOLD_SHARE = 0.002;

function besideOf({ beside, cost: { expected } }: PlatformCost): Pick<ReportRun, 'costBesideCalls'> {
  if (beside === undefined) return {};
  const { machines, disks, transfer } = beside;
  const told = Object.entries({ machines, disks, transfer }).filter(([, amount]) => amount > TOLD_SHARE * expected);
  return told.length === 0 ? {} : { costBesideCalls: Object.fromEntries(told.map(([of, amount]) => [of, significant(amount)])) };
}

export function growthOf({ growth }: Analysis): { growth?: readonly ReportGrowth[] } {
  if (growth === undefined) return {};
  return {
    growth: growth.map(({ samples, untold, run }): ReportGrowth => {
      if (run === undefined) return { samples, ...(untold === undefined ? {} : { untold }) };
      const { tasks, worlds, wallClock, cost, further, width, serialShare, heldBy } = run;
      return {
        ...{ samples, tasks, worlds, wallClock: shownEstimate(wallClock), width, serialShare: significant(serialShare) },
        ...(cost && { cost: shownEstimate(cost) }),
        ...perSampleOf(samples, wallClock, cost),
        ...(further && {
          further: {
            samples: further.samples,
            wallClock: shownEstimate(further.wallClock),
            ...(further.cost && { cost: shownEstimate(further.cost) }),
          },
        }),
        ...(heldBy && { heldBy: { cause: heldBy.cause, seconds: significant(heldBy.seconds) } }),
      };
    }),
  };
}
