/** What rules see of one pipeline: facts that several need, each worked out when it is first asked for. */
import { Channels } from '../parser/graph/channels.ts';
import { ArrivalOrders } from '../parser/graph/model/arrival-orders.ts';
import { type BoundCounts, bindCounts } from '../parser/graph/model/bind-counts.ts';
import type { Binding } from '../parser/graph/model/binding.ts';
import { ChannelModel } from '../parser/graph/model/channel-model.ts';
import { ItemCounts } from '../parser/graph/model/item-counts.ts';
import type { ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import { Evidence } from './estimate/evidence.ts';
import type { AnalyseOptions } from './options.ts';
import { AvoidableWaits } from './passes/avoidable-waits.ts';
import { Needs } from './passes/needs/needs.ts';
import { Scripts } from './passes/needs/scripts.ts';
import { Parallelism } from './passes/parallelism.ts';
import { type Shape, shapeOf } from './passes/shape.ts';
import { takesAllCpus } from './passes/sizing/cpus-passed.ts';
import { Sizing } from './passes/sizing/sizing.ts';
import { stagingMemoryOf } from './passes/sizing/staging-memory.ts';
import type { RuleContext } from './rule.ts';
import type { Suppression } from './suppressions.ts';

export class Context implements RuleContext {
  readonly pipeline: Pipeline;
  readonly graph: ProcessGraph;
  suppressions: readonly Suppression[] = [];
  #channels: Channels | undefined;
  #counts: ItemCounts | undefined;
  #orders: ArrivalOrders | undefined;
  #shape: Shape | undefined;
  #model: ChannelModel | undefined;
  #counted: BoundCounts | undefined;
  #waits: AvoidableWaits | undefined;
  #needs: Needs | undefined;
  #parallelism: Parallelism | undefined;
  readonly #options: AnalyseOptions;
  readonly scripts: Scripts;
  readonly evidence: Evidence;
  readonly sizing: Sizing;

  constructor(pipeline: Pipeline, graph: ProcessGraph, options: AnalyseOptions) {
    this.#options = options;
    this.scripts = new Scripts(graph, options.bash);
    this.pipeline = pipeline;
    this.graph = graph;
    this.evidence = new Evidence(graph, options.runs ?? []);
    this.sizing = new Sizing(graph, this.evidence, {
      stagingOf: stagingMemoryOf(pipeline, graph, this.evidence.matches, options.platform?.name),
      takesAllCpus: (call) => takesAllCpus(this.scripts, call),
    });
  }
  get channels(): Channels {
    this.#channels ??= new Channels(this.graph);
    return this.#channels;
  }
  get counts(): ItemCounts {
    this.#counts ??= new ItemCounts(this.graph);
    return this.#counts;
  }
  get orders(): ArrivalOrders {
    this.#orders ??= new ArrivalOrders(this.graph, this.counts);
    return this.#orders;
  }
  get model(): ChannelModel {
    this.#model ??= new ChannelModel(this.graph);
    return this.#model;
  }
  get binding(): Binding {
    return this.bound().binding;
  }
  /** @throws UnknownCount */
  bound(): BoundCounts {
    if (this.#counted === undefined) {
      // All dimensions are there once all tasks have been worked out.
      for (const call of this.graph.calls) this.model.tasksOf(call);
      this.#counted = bindCounts(this.model, { ...this.#options, runs: this.evidence.matches });
    }
    return this.#counted;
  }
  get needs(): Needs {
    this.#needs ??= new Needs(this.model, this.scripts, this.channels);
    return this.#needs;
  }
  get parallelism(): Parallelism {
    this.#parallelism ??= new Parallelism(this.graph, this.needs);
    return this.#parallelism;
  }
  get waits(): AvoidableWaits {
    this.#waits ??= new AvoidableWaits(this.graph, this.model);
    return this.#waits;
  }
  get shape(): Shape {
    this.#shape ??= shapeOf(this.graph);
    return this.#shape;
  }
}
