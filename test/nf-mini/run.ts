/**
 * nf-mini: runs a Nextflow pipeline over a small world, without tools and without Nextflow, in an order that a seed decides. It judges what
 * pipeopt says of counts, kinds, data and waits, so it shares nothing with src/parser/graph; only the files are parsed by the same parser.
 */
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { type Bits, type Channel, Engine, type LineageElement, members, NONE } from './engine.ts';
import type { Task } from './tasks.ts';
import type { Value } from './values.ts';
import { Workflow } from './workflow.ts';
import type { World } from './world.ts';

export type { LineageElement, Task, World };

/** What a run shows. Numbers of tasks are indices of `tasks`. */
export interface WorldRun {
  /** In the order of their submission; those that `when:` refused are left out of all but `tasks`, where they are `skipped`. */
  readonly tasks: readonly Task[];
  /** How many tasks each call ran; calls that ran none are there too. */
  readonly counts: ReadonlyMap<string, number>;
  readonly channels: readonly ChannelRecord[];
  /** What the bits of a task's lineage mean. */
  readonly lineages: readonly LineageElement[];
  /** What the terms of tasks stand for. */
  readonly terms: ReadonlyMap<string, string>;
  /** By task: all that must have ended before it could be submitted, in this run. */
  readonly waits: readonly Bits[];
}

export interface ChannelRecord {
  /** As in a lineage. */
  readonly place: string;
  readonly node: number;
  /** `groupTuple`, `ALIGN.bam`. */
  readonly name: string;
  /** Label or emit name, or index. */
  readonly port: string | number | undefined;
  readonly call: string | undefined;
  readonly channel: Channel;
}

export function run(files: Readonly<Record<string, string>>, entry: string, world: World, seed: number): WorldRun {
  const pipeline = loadPipeline(memoryTree({ ...world.files, ...files }), entry);
  const engine = new Engine(seed);
  const workflow = new Workflow(pipeline, engine, world);
  workflow.build();
  engine.run();
  const { tasks } = workflow;
  const waits: Bits[] = [];
  for (const task of tasks) {
    let all: Bits = task.waitsDirectly;
    for (const before of members(task.waitsDirectly)) all |= waits[before] ?? NONE;
    waits.push(all);
  }
  const counts = new Map(workflow.calls.map((call) => [call, 0]));
  for (const { call, skipped } of tasks) if (!skipped) counts.set(call, (counts.get(call) ?? 0) + 1);
  return { tasks, counts, channels: workflow.channels, lineages: engine.lineages, terms: workflow.terms, waits };
}

/** For people: `ALIGN #3`. */
export function describe(task: Task): string {
  return `${task.call} #${task.index}`;
}

export type { Value };
