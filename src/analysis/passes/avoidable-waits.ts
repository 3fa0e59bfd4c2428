/**
 * Waits for more than is given: a task waits for all tasks of a call (A) and gets data of some of them (D). Each is put down to the
 * operator that holds the items back. Not counted: waits that the data make necessary anyway, by whatever way.
 */

import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import type { OperatorNode, ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';

export interface AvoidableWait {
  readonly by: OperatorNode;
  /** Whose tasks start too late. */
  readonly call: ProcessCall;
  /** For all of whose tasks they wait. */
  readonly on: ProcessCall;
  /** Only where conditions hold that are not known, or the model could not follow all. */
  readonly unsure: boolean;
}

export class AvoidableWaits {
  readonly all: readonly AvoidableWait[];
  readonly #model: ChannelModel;
  readonly #needed = new Map<ProcessCall, ReadonlySet<ProcessCall>>();

  constructor(graph: ProcessGraph, model: ChannelModel) {
    this.#model = model;
    this.all = graph.calls.flatMap((call) => this.#of(call));
  }

  by(node: OperatorNode): readonly AvoidableWait[] {
    return this.all.filter((wait) => wait.by === node);
  }

  #of(call: ProcessCall): readonly AvoidableWait[] {
    const tasks = this.#model.tasksOf(call);
    if (tasks.opaque !== undefined) return [];
    const found = new Map<ProcessCall, AvoidableWait>();
    for (const summand of tasks.summands) {
      for (const [on, { tied, by, any, partly }] of summand.waits) {
        if (by?.type !== 'operator' || any || partly || on === call || found.has(on)) continue;
        // With one task there is nothing to wait for besides it.
        const upstream = this.#model.tasksOf(on);
        if (upstream.opaque !== undefined || !upstream.summands.some(({ index }) => index.length > 0)) continue;
        const data = summand.data.get(on);
        if (data !== undefined && (data.any || data.tied.size <= tied.size)) continue;
        if (this.#needsAllOf(call, on)) continue;
        found.set(on, { by, call, on, unsure: summand.unsure || upstream.summands.every((one) => one.unsure) });
      }
    }
    return [...found.values()];
  }

  #needsAllOf(call: ProcessCall, on: ProcessCall): boolean {
    return this.neededWhole(call).has(on);
  }

  /** Calls of which every task of this one needs all tasks: by what it is given, or by what those need that it needs. */
  neededWhole(call: ProcessCall): ReadonlySet<ProcessCall> {
    const known = this.#needed.get(call);
    if (known !== undefined) return known;
    this.#needed.set(call, new Set()); // for what stands on a loop
    const whole = new Set<ProcessCall>();
    const { summands } = this.#model.tasksOf(call);
    // What is there only under conditions that are not known speaks where nothing else does.
    const sure = summands.filter(({ unsure }) => !unsure);
    for (const summand of sure.length === 0 ? summands : sure)
      for (const [on, { tied, any }] of summand.data) {
        if (tied.size === 0 && !any) whole.add(on);
        for (const further of this.neededWhole(on)) whole.add(further);
      }
    this.#needed.set(call, whole);
    return whole;
  }
}
