/** Of what is not known of the wall-clock, how much comes of each call: the calls to be measured first. With room for every task. */
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { Random } from '../simulate/random.ts';
import { schedule } from '../simulate/schedule.ts';
import { type DurationSpread, drawGroup, drawnDurations, type Range, rangeOf } from '../simulate/worlds.ts';
import type { Times } from './times.ts';

/** Tasks drawn and placed in all worlds of all calls together, and the fewest worlds that come of it. */
const EFFORT = 20_000_000;
const FEWEST_WORLDS = 4;
/** Worlds from which what a call shares is drawn anew. */
const OTHER = 1_000_003;

/**
 * Shares of the variance of the logarithm of the makespan, by call, which add up to 1; 0 where a call is known or never on the critical path. That of a call is half the mean square by which the
 * logarithm changes where the factor that the call's tasks share is drawn anew and all else stays (total effects: Jansen 1999), of the sum over all calls.
 */
export function uncertaintyByCall({ views: { now: graph }, spreads, worlds }: Times): ReadonlyMap<ProcessCall, number> {
  const unknown = graph.groups.flatMap((group, at) => {
    const spread = spreads[at] as DurationSpread;
    return spread.sharedSpread > 0 && group.size > 0 ? [{ group, spread }] : [];
  });
  const changes = new Map<ProcessCall, number>();
  const count = Math.max(FEWEST_WORLDS, Math.min(worlds, Math.floor(EFFORT / (graph.tasks * Math.max(1, unknown.length)))));
  for (let world = 0; world < count; world += 1) {
    const random = new Random(world);
    const durations = drawnDurations(graph, spreads, random);
    const span = Math.log(Math.max(1, schedule(graph, durations).span));
    for (const { group, spread } of unknown) {
      const otherwise = durations.slice();
      drawGroup(otherwise, group, spread, random, new Random(world + OTHER));
      const change = Math.log(Math.max(1, schedule(graph, otherwise).span)) - span;
      changes.set(group.call, (changes.get(group.call) ?? 0) + change ** 2);
    }
  }
  const sum = [...changes.values()].reduce((total, one) => total + one, 0);
  return new Map(graph.groups.map(({ call }) => [call, sum === 0 ? 0 : (changes.get(call) ?? 0) / sum]));
}

/** The makespan if what the tasks of the run and of each call share were known so well (of the natural logarithm), at least. Seconds. */
export function makespanIfKnown({ views: { now: graph }, spreads, worlds }: Times, sharedSpread: number): Range {
  // How large the data are is known with them.
  const known = spreads.map((spread) => ({ ...spread, runSpread: 0, sharedSpread: Math.min(spread.sharedSpread, sharedSpread) }));
  return rangeOf(
    Float64Array.from({ length: worlds }, (_, world) => schedule(graph, drawnDurations(graph, known, new Random(world))).span / 1000),
  );
}
