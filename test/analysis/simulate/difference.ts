import { simulate } from '../../../src/analysis/simulate/simulate.ts';
import type { World } from './random-worlds.ts';
import { slowRun } from './reference.ts';

/** What the two say differently of a run; undefined: nothing. */
export function differenceIn(world: World): { readonly outcome: string; readonly difference: string | undefined } {
  const { graph, tasks, platform } = world;
  const fast = simulate(graph, tasks, platform);
  const slow = slowRun(world);
  const said: string[] = [];
  if (fast.outcome !== slow.outcome) said.push(`outcome ${fast.outcome}, slow ${slow.outcome}`);
  if (fast.makespanMs !== slow.makespan) said.push(`makespan ${fast.makespanMs}, slow ${slow.makespan}`);
  for (const { id, start, end, attempts } of slow.all) {
    // What is cut short when a run is given up is looked at by its makespan.
    if (slow.outcome === 'terminated' && !(end <= slow.makespan)) continue;
    if (!Object.is(fast.starts[id], start) || !Object.is(fast.ends[id], end) || fast.attempts[id] !== attempts)
      said.push(`task ${id}: ${fast.starts[id]} to ${fast.ends[id]}, ${fast.attempts[id]} attempts; slow ${start} to ${end}, ${attempts}`);
  }
  return { outcome: slow.outcome, difference: said.length === 0 ? undefined : said.slice(0, 3).join('; ') };
}
