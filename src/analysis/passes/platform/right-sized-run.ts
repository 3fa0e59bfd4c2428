/** The same tasks when they ask for what was measured, as the right-sized config makes them ask. */
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import type { ChosenPlatform } from '../../simulate/platforms/choice.ts';
import type { Request } from '../../simulate/platforms/platform.ts';
import type { CallSettings, Simulation } from '../../simulate/simulate.ts';
import { type DurationSpread, simulateWorlds } from '../../simulate/worlds.ts';
import { withCpus } from '../sizing/cpu-law.ts';
import { expectedFailing } from '../sizing/failing-attempts.ts';
import { rungOf } from '../sizing/memory-ladder.ts';
import { type RightSizing, type RunFigures, rightSizingOf } from '../sizing/right-sizing.ts';
import type { BetterRequests, CallSizing, Sizing } from '../sizing/sizing.ts';
import type { Times } from '../times.ts';
import { attemptsWith, firstOf } from './asked-requests.ts';
import { isStuck, unfinishedOf, unfinishedText } from './no-room.ts';
import type { PlatformBills } from './platform-cost.ts';

export interface RightSizedCall {
  readonly settings: CallSettings;
  /** Shares of its tasks, as `failingShares` has them: what had too little memory fails no more, but as often as the new requests let it. */
  readonly failing: readonly number[];
}

/**
 * Undefined where today's requests stay.
 * @param better what of the sizing is asked for
 */
function rightSizedCall(
  settings: CallSettings,
  sized: CallSizing | undefined,
  better: BetterRequests | undefined,
): RightSizedCall | undefined {
  if (sized === undefined || better === undefined) return undefined;
  const { cpus, memory, limit } = better;
  if (cpus === undefined && memory === undefined && limit === undefined) return undefined;
  const asked = askingFor(settings, better);
  return {
    settings: asked,
    failing: expectedFailing(sized, asked, memory !== undefined || sized.before.memory !== undefined),
  };
}

/** The same call with other requests. */
export function askingFor(settings: CallSettings, { cpus, memory, limit }: BetterRequests): CallSettings {
  const maxRetries = memory === undefined ? settings.maxRetries : Math.max(settings.maxRetries, memory.length);
  const ladders = settings.ladders.map((ladder): readonly Request[] => {
    const attempts = Math.max(ladder.length, attemptsWith(maxRetries));
    return Array.from({ length: attempts }, (_, at) => ({
      ...(ladder[Math.min(at, ladder.length - 1)] as Request),
      ...(cpus !== undefined && { cpus }),
      ...(memory !== undefined && { memoryBytes: Math.min(settings.mostMemory ?? Number.POSITIVE_INFINITY, rungOf(memory, at)) }),
      ...(limit !== undefined && { timeMs: limit * (at + 1) * 1000 }),
    }));
  });
  return {
    ...settings,
    ladders,
    ...(memory !== undefined && { errorStrategy: 'retry', maxRetries }),
  };
}

/** Of what runs with today's requests are made, by group of the tasks. */
export interface RunParts {
  readonly graph: ProcessGraph;
  readonly sizing: Sizing;
  readonly times: Times;
  readonly calls: readonly CallSettings[];
  readonly spreads: readonly DurationSpread[];
  readonly failing: readonly (readonly number[])[];
  readonly chosen: ChosenPlatform;
  /** Runs that are simulated to see what makes it worse. */
  readonly most: number | undefined;
  /** For the runs of some worlds; undefined where there are no prices. */
  bills(): PlatformBills | undefined;
  /** Where more runs would be too much: of one that is shown or might be; a clause where it does not come to its end. */
  shown?(variant: Variant): RunFigures | string;
}

export interface RightSizedRun {
  readonly rightSizing: RightSizing;
  /** Undefined where today's requests stay. */
  readonly sized: readonly (RightSizedCall | undefined)[];
  /** What differs from the run as it is; undefined where nothing does. */
  readonly variant?: Variant;
}

type Variant = Pick<RunParts, 'calls' | 'spreads' | 'failing'>;

/** Tasks simulated in one run of all worlds of a check, and in all of them; fewest worlds of one, and how many runs are made. */
const CHECK_EFFORT = 5000;
const ALL_CHECKS_EFFORT = 400_000;
const FEWEST_WORLDS = 4;
const [FEWEST_RUNS, MOST_RUNS] = [2, 40];

export function rightSizedRun(parts: RunParts): RightSizedRun {
  const { graph, sizing, times, calls, spreads, failing, chosen } = parts;
  const { now } = times.views;
  const sizedWith = (better: ReadonlyMap<ProcessCall, BetterRequests>): (RightSizedCall | undefined)[] =>
    now.groups.map(({ call, size }, at) =>
      size === 0 ? undefined : rightSizedCall(calls[at] as CallSettings, sizing.of(call), better.get(call)),
    );
  const variantOf = (sized: readonly (RightSizedCall | undefined)[]) => ({
    calls: calls.map((settings, at) => sized[at]?.settings ?? settings),
    spreads: spreads.map((spread, at) => {
      const [was, is] = [calls[at] as CallSettings, sized[at]?.settings];
      const { call } = now.groups[at] as (typeof now.groups)[number];
      return is === undefined ? spread : withCpus(spread, sizing.of(call)?.law, firstOf(was).cpus, firstOf(is).cpus);
    }),
    failing: failing.map((shares, at) => sized[at]?.failing ?? shares),
  });
  const few = Math.max(FEWEST_WORLDS, Math.min(times.worlds, Math.floor(CHECK_EFFORT / Math.max(1, times.tasks))));
  const figuresOf = (better: ReadonlyMap<ProcessCall, BetterRequests>, isThorough: boolean): RunFigures | string => {
    const worlds = isThorough ? times.worlds : few;
    const variant = variantOf(sizedWith(better));
    if (parts.shown !== undefined) return parts.shown(variant);
    const bills = parts.bills();
    const requests = variant.calls.map(({ ladders }) => ladders[0]?.[0] as Request);
    const each = (run: Simulation): void => bills?.add(run, now, requests);
    const { failing: shares } = variant;
    const all = simulateWorlds(now, variant, variant.spreads, chosen.platform, { worlds, each, failing: shares });
    const unfinished = unfinishedOf(all, now.groups, variant.calls, chosen, (group) => (shares[group]?.length ?? 0) > 0);
    if (unfinished !== undefined && isStuck(unfinished)) return unfinishedText(unfinished);
    const costs = bills?.expected;
    return {
      seconds: all.makespansMs.map((ms) => ms / 1000),
      ...(costs?.length === worlds && { cost: Float64Array.from(costs) }),
      ...(unfinished && { unfinished }),
    };
  };
  const running = now.groups.flatMap(({ call, size }) => (size === 0 ? [] : [call]));
  const most = Math.max(FEWEST_RUNS, Math.min(MOST_RUNS, Math.floor(ALL_CHECKS_EFFORT / Math.max(1, few * times.tasks))));
  const isLarge = times.worlds * times.tasks > ALL_CHECKS_EFFORT;
  const rightSizing = rightSizingOf(graph, sizing, running, figuresOf, parts.most === undefined ? most : 1 + parts.most, isLarge);
  const sized = sizedWith(rightSizing.better);
  return { rightSizing, sized, ...(sized.some((one) => one !== undefined) && { variant: variantOf(sized) }) };
}
