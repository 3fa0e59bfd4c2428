/** What comes of it if the tasks of a call took less time, with room for every task: off the longest paths, nothing. */
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { Estimate } from '../estimate/estimate.ts';
import { Scheduler } from '../simulate/schedule.ts';
import { type DurationSpread, rangeOf, typicalMs } from '../simulate/worlds.ts';
import type { Times } from './times.ts';

export interface WhatIf {
  readonly call: ProcessCall;
  /** Seconds less if its tasks took half the time, and if they took none. */
  readonly half: Estimate;
  readonly none: Estimate;
}

/** Of the whole: a call that may be later by no more is near the longest path. */
const NEAR = 0.1;
const MOST_CALLS = 12;
/** Times a task is looked at in all worlds together, and fewest and most of these; more tasks are not looked at. */
const EFFORT = 1_000_000;
const FEWEST_WORLDS = 4;
const MOST_WORLDS = 32;
const MOST_TASKS = 20_000;

/** Calls on or near a longest path, and the one whose tasks take most time together; those that would save most first. */
export function whatIf({ views, spreads, draws, forks, slack, now, worlds: all, tasks, evidence }: Times): WhatIf[] {
  if (tasks > MOST_TASKS) return [];
  const { groups } = views.now;
  const timeOf = (group: number): number => typicalMs(spreads[group] as DurationSpread);
  const workOf = (group: number): number => timeOf(group) * (groups[group] as { size: number }).size;
  const some = [...groups.keys()].filter((group) => workOf(group) > 0);
  const near = some.filter((group) => (slack.get((groups[group] as { call: ProcessCall }).call) ?? 0) <= NEAR * now.expected);
  const [heaviest] = some.toSorted((one, two) => workOf(two) - workOf(one));
  const longest = near.sort((one, two) => timeOf(two) - timeOf(one)).slice(0, MOST_CALLS - 1);
  const asked = [...new Set([...longest, ...(heaviest === undefined ? [] : [heaviest])])];
  const worlds = Math.min(all, MOST_WORLDS, Math.max(FEWEST_WORLDS, Math.floor(EFFORT / tasks / (2 * MOST_CALLS))));
  const saved = asked.map((group) => ({ group, half: new Float64Array(worlds), none: new Float64Array(worlds) }));
  const scheduler = new Scheduler(views.now, forks);
  for (let world = 0; world < worlds; world += 1) {
    const durations = draws.of(world);
    const { span } = scheduler.run(durations);
    for (const { group, half, none } of saved) {
      const { first, size } = groups[group] as { first: number; size: number };
      const spanWith = (factor: number): number => {
        const changed = durations.slice();
        for (let task = first; task < first + size; task += 1) changed[task] = (durations[task] as number) * factor;
        return scheduler.run(changed).span;
      };
      half[world] = span - spanWith(0.5);
      none[world] = span - spanWith(0);
    }
  }
  const estimate = (ms: Float64Array): Estimate => {
    const { low, expected, high } = rangeOf(ms);
    return { low: low / 1000, expected: expected / 1000, high: high / 1000, unit: 's', ...evidence };
  };
  return saved
    .map(({ group, half, none }) => ({
      call: (groups[group] as { call: ProcessCall }).call,
      half: estimate(half),
      none: estimate(none),
    }))
    .sort(
      (one, two) => two.none.expected - one.none.expected || two.half.expected - one.half.expected || (one.call.id < two.call.id ? -1 : 1),
    );
}
