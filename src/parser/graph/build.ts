/** From a pipeline to its process graph. */
import { effectiveDirectives } from '../pipeline/directives.ts';
import type { OpenPipeline } from '../pipeline/load.ts';
import type { DirectiveSetting } from '../pipeline/pipeline.ts';
import { Channels } from './channels.ts';
import { type Extent, projectEdges } from './edges.ts';
import type { ProcessCall, ProcessGraph } from './process-graph.ts';
import { Walker } from './walker.ts';

export interface BuildOptions {
  /** The workflow to start from; the unnamed one when absent. */
  readonly entry?: string;
}

/** The pipeline asks for a workflow that it does not have. */
export class EntryNotFound extends Error {
  readonly hint: string;
  constructor(name: string, workflows: readonly string[]) {
    super(`--entry ${name}: the script declares no workflow of that name`);
    this.name = 'EntryNotFound';
    this.hint = workflows.length === 0 ? 'it declares no named workflow at all' : `it declares ${workflows.join(', ')}`;
  }
}

export function buildProcessGraph(pipeline: OpenPipeline, options: BuildOptions = {}): ProcessGraph {
  const walker = new Walker(pipeline);
  if (pipeline.kind === 'library') {
    for (const path of pipeline.libraryPaths) {
      const script = pipeline.store.script(path);
      if (script === undefined) continue;
      const instance = walker.load(script, () => pipeline.paramValues);
      for (const workflow of script.workflows.values()) walker.enterAlone(instance, workflow);
    }
  } else {
    const instance = walker.load(pipeline.entry, () => pipeline.paramValues);
    const entry = options.entry ?? '';
    if (!walker.enter(instance, entry)) {
      const workflows = [...pipeline.entry.workflows.keys()].filter((name) => name !== '');
      if (entry !== '') throw new EntryNotFound(entry, workflows);
      // Named workflows only: a script to be included. Each is looked at by itself.
      for (const workflow of pipeline.entry.workflows.values()) walker.enterAlone(instance, workflow);
    }
  }
  if (walker.interpreter.exhausted) {
    walker.graph.notes.push({ message: 'there is more code than can be followed; what comes after it is unknown' });
  }
  if (walker.interpreter.loopCut)
    walker.graph.notes.push({ message: 'loops of more than 10,000 rounds, or 20,000 together, are not followed to their end' });
  for (const { path, trouble } of pipeline.store.unreadLibraries)
    walker.graph.notes.push({ message: `${path} is not read: ${trouble}`, hint: 'what its classes and functions give is unknown' });
  const calls = [...walker.graph.calls.values()];
  const channels = new Channels({ pipeline, calls, nodes: walker.graph.nodes, openEdges: [] });
  const project = (extent: Extent) => projectEdges(calls, (node) => channels.isBarrier(node), extent);
  const open = project('open');
  let all: ReturnType<typeof project> | undefined;
  if (open.followed < calls.length) {
    const message = `there are too many edges: those into ${calls.length - open.followed} of ${calls.length} calls are left out, and what is said of the shape does not know of them`;
    walker.graph.notes.push({ message });
  }
  const directives = new Map<ProcessCall, ReadonlyMap<string, DirectiveSetting>>();
  const directivesFor = (call: ProcessCall): ReadonlyMap<string, DirectiveSetting> =>
    effectiveDirectives({
      process: call.process,
      script: call.script,
      frame: walker.frameOf(call),
      interpreter: walker.interpreter,
      config: pipeline.config,
      configInterpreter: pipeline.configInterpreter,
      names: [call.process.name.name, call.name, call.id],
    });
  return {
    pipeline,
    calls,
    nodes: walker.graph.nodes,
    openEdges: open.edges,
    get edges() {
      return (all ??= project('all')).edges;
    },
    get callsWithoutEdges() {
      return calls.length - (all ??= project('all')).followed;
    },
    problems: walker.graph.problems,
    notes: walker.graph.notes,
    assumptions: walker.graph.assumptions,
    outputs: walker.graph.outputs,
    code: walker,
    directivesOf(call) {
      let known = directives.get(call);
      if (known === undefined) directives.set(call, (known = directivesFor(call)));
      return known;
    },
    codeOf: (call) => ({ frame: walker.frameOf(call), interpreter: walker.interpreter }),
  };
}
