/** Whose tasks wait for others that give them nothing: for which, how long, and because of which operators. */
import { placeOfCall, placeOfName } from '../../parser/graph/channels.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import type { Dependence } from '../../parser/graph/model/shapes.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { SourceRange } from '../../source/source-file.ts';

export interface WastedWait {
  readonly call: ProcessCall;
  /** Of all its tasks together. */
  readonly seconds: number;
  /** Calls of which they wait for more tasks than give them something. */
  readonly on: readonly ProcessCall[];
  /** The operators that hold their items back; the call itself where no operator does. */
  readonly places: readonly SourceRange[];
}

/** The longest first. @param seconds by call */
export function wastedWaits(seconds: ReadonlyMap<ProcessCall, number>, model: ChannelModel): WastedWait[] {
  return [...seconds]
    .filter(([, waited]) => waited > 0)
    .map(([call, waited]) => ({ call, seconds: waited, ...causesOf(call, model) }))
    .sort((one, two) => two.seconds - one.seconds || (one.call.id < two.call.id ? -1 : 1));
}

function causesOf(call: ProcessCall, model: ChannelModel): Pick<WastedWait, 'on' | 'places'> {
  const on = new Set<ProcessCall>();
  const places = new Map<string, SourceRange>();
  for (const { waits, data } of model.tasksOf(call).summands)
    for (const [other, wait] of waits) {
      if (!isWider(wait, data.get(other))) continue;
      on.add(other);
      const place = wait.by?.type === 'operator' ? placeOfName(wait.by) : placeOfCall(call);
      if (place !== undefined) places.set(`${place.file.path} ${place.start}`, place);
    }
  return { on: [...on], places: [...places.values()] };
}

/** A wait for tasks that give nothing. */
function isWider(wait: Dependence, data: Dependence | undefined): boolean {
  return data === undefined || data.any === true || wait.partly === true || data.tied.size > wait.tied.size;
}
