/** Who waits for whom, as the pipeline stands. */
import type { ChannelModel } from '../../../parser/graph/model/channel-model.ts';
import type { ChannelRef, ProcessCall } from '../../../parser/graph/process-graph.ts';

export class Waits {
  readonly #model: ChannelModel;
  readonly #direct = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  readonly #before = new Map<ProcessCall, ReadonlySet<ProcessCall>>();

  constructor(model: ChannelModel) {
    this.#model = model;
  }

  /** Calls that it waits for directly. */
  of(call: ProcessCall): ReadonlySet<ProcessCall> {
    let waits = this.#direct.get(call);
    if (waits === undefined) {
      waits = new Set(this.#model.tasksOf(call).summands.flatMap((summand) => [...summand.waits.keys()]));
      this.#direct.set(call, waits);
    }
    return waits;
  }

  /** All that end before it can start. */
  before(call: ProcessCall): ReadonlySet<ProcessCall> {
    let before = this.#before.get(call);
    if (before === undefined) {
      const found = new Set(this.of(call));
      for (const one of found) for (const next of this.of(one)) found.add(next);
      this.#before.set(call, (before = found));
    }
    return before;
  }
}

/** What its inputs are given, as far as that is on. */
export function channelsInto({ inputs }: ProcessCall): readonly ChannelRef[] {
  return inputs.flatMap(({ channels }) => channels.filter(({ site }) => site.active !== false));
}
