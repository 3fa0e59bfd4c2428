/**
 * How many of the tasks that formulas count really ran. A formula may count what a filter leaves out, or not know how many a call makes; a run shows it. What it shows is
 * kept as a share, so that it holds for other numbers of samples, too.
 */
import type { Binding } from '../../parser/graph/model/binding.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { traceCounts } from '../../parser/graph/model/trace-counts.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import { lostCountsOf, type TraceMatch, taskCountsOf } from '../../parser/graph/trace-matches.ts';
import { PlacedTasks } from '../simulate/task-graph.ts';

/** The counts of a run, as far as it shows them. */
export function countsOfRun(model: ChannelModel, binding: Binding, run: TraceMatch): Binding {
  return binding.measuring(traceCounts(model, run, new Map(), new Map()).found);
}

/**
 * By call, what is to be multiplied to the number of its tasks. A call is left out where the run says nothing of it.
 * @param numbers what formulas are to be put in to count the run's own tasks
 */
export function ranShares(
  model: ChannelModel,
  numbers: Binding,
  run: TraceMatch,
  calls: readonly ProcessCall[],
): ReadonlyMap<ProcessCall, number> {
  const placed = new PlacedTasks(model, numbers);
  const ran = new Map(taskCountsOf(run));
  const over = new Set([...ran.keys()].flatMap((call) => model.tasksOf(call).summands.flatMap(({ waits }) => [...waits.keys()])));
  const lost = lostCountsOf(run);
  const shares = new Map<ProcessCall, number>();
  for (const call of calls) {
    const tasks = ran.get(call);
    const counted = placed.count([call]);
    if (tasks !== undefined) {
      const made = tasks + (lost.get(call) ?? 0);
      // Who waits for what failed for good is not made: on a platform that comes of the failures.
      const isBehind = model.tasksOf(call).summands.some(({ waits }) => [...lost.keys()].some((one) => waits.has(one)));
      if (counted > 0 && (isBehind ? made > counted : made !== counted)) shares.set(call, made / counted);
    }
    // Whoever waits for all of its tasks ran: there were none. A run that was cut short has nobody who waited. What must have run was left out of the trace.
    else if (mayHaveNone(call, model) && (over.has(call) || model.tasksOf(call).atMost || call.active === 'unknown')) shares.set(call, 0);
  }
  return shares;
}

function mayHaveNone(call: ProcessCall, model: ChannelModel): boolean {
  const { atMost, summands } = model.tasksOf(call);
  return atMost || call.active === 'unknown' || summands.some(({ selections, unsure }) => unsure || selections.length > 0);
}
