/** What changes save, with room for every task: the tasks as they stand against those of each change, in worlds that share their draws. */
import type { Change } from '../change.ts';
import { Random } from '../simulate/random.ts';
import { Scheduler } from '../simulate/schedule.ts';
import type { PlacedTasks, TaskGraph } from '../simulate/task-graph.ts';
import type { DrawnWorlds, DurationSpread } from '../simulate/worlds.ts';
import { changedDurations, changedTasks } from './changed-tasks.ts';

/** The tasks of a pipeline as they stand. */
export interface StandingTasks {
  readonly now: TaskGraph;
  readonly placed: PlacedTasks;
  /** By group. */
  readonly spreads: readonly DurationSpread[];
  readonly draws: DrawnWorlds;
  /** By group: so many tasks at a time; 0: all. */
  readonly forks: readonly number[];
}

export interface Gains {
  /** Seconds, by world, as the pipeline stands. */
  readonly spans: Float64Array;
  /** By change, in the order given: seconds less, by world. */
  readonly gains: readonly Float64Array[];
}

const ON_PLATFORMS: ReadonlySet<Change['kind']> = new Set(['requests', 'failures-gone', 'staging-gone', 'batched', 'longest-first']);

/** What a task asks for, how it starts and fails, who is first and how many the executor takes at a time is nothing to whoever has room for all. */
export function needsPlatform(change: Change): boolean {
  return ON_PLATFORMS.has(change.kind) || (change.kind === 'limits-gone' && change.queue);
}

/** @param changes none that needs a platform */
export function gainsOf({ now, placed, draws, forks }: StandingTasks, changes: readonly Change[], worlds: number): Gains {
  const variants = changes.map((change) => {
    const changed = changedTasks(now, placed, change);
    const free = change.kind === 'limits-gone' ? change.calls : [];
    const limits = changed.graph.groups.map(({ call }, at) =>
      free.includes(call) ? 0 : (forks[changed.origins[at]?.group ?? -1] as number),
    );
    return { changed, scheduler: new Scheduler(changed.graph, limits), gains: new Float64Array(worlds) };
  });
  const standing = new Scheduler(now, forks);
  const spans = new Float64Array(worlds);
  for (let world = 0; world < worlds; world += 1) {
    const luck = new Random(world);
    const durations = draws.of(world);
    const span = standing.run(durations).span;
    spans[world] = span / 1000;
    for (const { changed, scheduler, gains } of variants) {
      const after = scheduler.run(changedDurations(changed, now, durations, luck)).span;
      gains[world] = (span - after) / 1000;
    }
  }
  return { spans, gains: variants.map(({ gains }) => gains) };
}
