/** Calls, edges, sources, outputs and how many there are of each. */
import type { Analysis } from '../analysis/analyse.ts';
import { keepsFiles } from '../analysis/passes/publishing.ts';
import { Channels } from '../parser/graph/channels.ts';
import { formulaOf } from '../parser/graph/model/count.ts';
import type { Index } from '../parser/graph/model/dimensions.ts';
import type { ProcessCall, ProcessEdge, ProcessGraph, SourceNode } from '../parser/graph/process-graph.ts';
import { shownPath } from '../parser/pipeline/project-paths.ts';
import type { Estimate, Reach, ReportCall, ReportDimension, ReportEdge, ReportGraph } from '../report/report.ts';
import { directivesOf } from './directives.ts';
import { compare, shownEstimate } from './figures.ts';
import { guardText } from './guards.ts';
import type { ReportParts } from './parts.ts';
import { place } from './places.ts';

/** Those that some task or edge names, or that something that is named is made of. */
function dimensionsOf({ model, binding }: Analysis): ReportDimension[] {
  return model.dimensions.all.map((dimension) => {
    const known = binding.knownOf(dimension.atom);
    const names = (some: Index): string[] => some.map(({ atom }) => atom.name);
    return {
      name: dimension.atom.name,
      ...(known === undefined ? {} : { count: known.number, basis: known.basis, evidence: known.from }),
      ...(dimension.within.length === 0 ? {} : { within: names(dimension.within) }),
      ...(dimension.quotientOf.length === 0 ? {} : { gathers: names(dimension.quotientOf) }),
      source: place(dimension.origin.place),
    };
  });
}

/** For each dimension of the producer's tasks, of all that a task of the consumer takes the widest. */
function reachOf(edge: ProcessEdge, { model }: Analysis, what: 'data' | 'waits'): Readonly<Record<string, Reach>> | undefined {
  if (!('id' in edge.from) || edge.active === false) return undefined;
  const reach: Record<string, Reach> = {};
  const { from } = edge;
  const indices = model.tasksOf(from).summands.map(({ index }) => index);
  const all = model.tasksOf(edge.to).summands;
  // What is there only under conditions that are not known speaks where nothing else does.
  const sure = all.filter(({ unsure }) => !unsure);
  for (const summand of sure.length === 0 ? all : sure) {
    const dependence = summand[what].get(from);
    if (dependence === undefined) continue;
    // Of a producer with several kinds of tasks those that it is about.
    const index = indices.find((one) => [...dependence.tied].every((tied) => model.dimensions.implies(one, tied))) ?? [];
    for (const dimension of index) {
      const { name } = dimension.atom;
      const here = ((): Reach => {
        if (dependence.any) return 'any';
        if (dependence.tied.has(dimension)) return '=';
        if (dependence.partly) return 'key';
        return [...dependence.tied].some((one) => model.dimensions.implies([dimension], one)) ? 'key' : 'all';
      })();
      if (reach[name] === undefined || WIDTHS.indexOf(here) > WIDTHS.indexOf(reach[name])) reach[name] = here;
    }
  }
  return Object.keys(reach).length === 0 ? undefined : reach;
}

const WIDTHS: readonly Reach[] = ['=', 'any', 'key', 'all'];

export function graphOf({ graph, analysis }: ReportParts): ReportGraph {
  const { levels, width, longestChain, waitForAll, cycle } = analysis.shape;
  let named: ReturnType<typeof namedEnds> | undefined;
  let edges: ReportEdge[] | undefined;
  return {
    calls: graph.calls.map((call) => callOf(call, graph, analysis)).sort((one, two) => (one.id < two.id ? -1 : 1)),
    shape: {
      ...{ levels, width, longestChain },
      ...(waitForAll.length === 0 ? {} : { waitForAll }),
      ...(cycle === undefined ? {} : { cycle }),
    },
    get sources() {
      const { ids, sources } = (named ??= namedEnds(graph));
      return sources.map((node) => ({
        id: ids.get(node) as string,
        kind: node.kind,
        text: node.text.replace(/\s+/g, ' ').slice(0, 200),
        source: place(node.place),
      }));
    },
    dimensions: dimensionsOf(analysis),
    get edges() {
      return (edges ??= edgesOf(graph, (named ??= namedEnds(graph)).ids, analysis));
    },
    get callsWithoutEdges() {
      return graph.callsWithoutEdges === 0 ? undefined : graph.callsWithoutEdges;
    },
    outputs: outputsOf(graph, analysis),
  };
}

/** What edges come from, each with its name: calls, and the sources that a reader would look for. */
function namedEnds({ calls, edges }: ProcessGraph): {
  readonly ids: ReadonlyMap<ProcessEdge['from'], string>;
  readonly sources: readonly SourceNode[];
} {
  const ids = new Map<ProcessEdge['from'], string>(calls.map((call) => [call, call.id]));
  const sources: SourceNode[] = [];
  for (const { from } of edges) if (!ids.has(from) && isChannelSource(from)) ids.set(from, `source:${sources.push(from)}`);
  return { ids, sources };
}

/** In the order of their ends' ids, then of their channels. Ids are long and begin alike: they are put in order once, and their numbers compared. */
function edgesOf(graph: ProcessGraph, ids: ReadonlyMap<ProcessEdge['from'], string>, analysis: Analysis): ReportEdge[] {
  const numbers = new Map([...new Set(ids.values())].sort().map((id, number) => [id, number]));
  const shown: { edge: ProcessEdge; from: string; order: number }[] = [];
  for (const edge of graph.edges) {
    const from = ids.get(edge.from);
    if (from !== undefined)
      shown.push({ edge, from, order: (numbers.get(from) as number) * numbers.size + (numbers.get(edge.to.id) as number) });
  }
  shown.sort((one, two) => one.order - two.order || compare(String(one.edge.port ?? ''), String(two.edge.port ?? '')));
  return shown.map(({ edge, from }) => edgeOf(edge, from, analysis));
}

/** One entry for each call that feeds a published output, through whatever operators. */
function outputsOf(graph: ProcessGraph, { times }: Analysis): ReportGraph['outputs'] {
  const channels = new Channels(graph);
  return graph.outputs.flatMap(({ name, ref, path }) => {
    const calls = new Set(channels.producersOf(ref).flatMap((node) => (node.type === 'call' ? [node.call] : [])));
    return [...calls]
      .sort((one, two) => compare(one.id, two.id))
      .map((call) => {
        const ready = 'untimed' in times ? undefined : times.ends.get(call);
        return {
          id: name,
          from: call.id,
          ...(path === undefined ? {} : { path }),
          ...(ready === undefined ? {} : { ready: shownEstimate(ready) }),
        };
      });
  });
}

/** Plain values given to a process are no sources that a reader would look for. */
function isChannelSource(from: ProcessEdge['from']): from is SourceNode {
  return !('id' in from) && from.factory !== 'value';
}

function edgeOf(edge: ProcessEdge, from: string, analysis: Analysis): ReportEdge {
  const { to, port, kind, barrier, active } = edge;
  const shown: ReportEdge = {
    from,
    to: to.id,
    ...(port === undefined ? undefined : { channel: String(port) }),
    via: edge.via,
    kind,
    barrier,
    get guard() {
      return guardText(edge.guard);
    },
    active,
    source: place(edge.place),
  };
  // Most edges are off: of those nothing is said, and thousands of getters are felt.
  if (active === false || !('id' in edge.from)) return shown;
  const reach = (what: 'data' | 'waits') => ({ enumerable: true, get: () => reachOf(edge, analysis, what) });
  return Object.defineProperties(shown, { data: reach('data'), wait: reach('waits') });
}

/** What only some formats show is worked out when it is asked for: half of a large pipeline's calls and edges are off. */
function tasksOf(call: ProcessCall, { model, binding }: Analysis): ReportCall['tasks'] {
  if (call.active === false) return undefined;
  const { count, atMost, about, opaque } = model.tasksOf(call);
  const number = opaque === undefined ? binding.countOf(count) : undefined;
  return {
    formula: formulaOf(count),
    ...(number === undefined ? {} : { count: number }),
    ...(number === undefined || (binding.isCertain(count) && !about) ? {} : { assumed: true as const }),
    ...(atMost ? { atMost: true as const } : {}),
    ...(opaque === undefined ? {} : { unknown: opaque }),
  };
}

function dimsOf(call: ProcessCall, { model }: Analysis): readonly string[] | undefined {
  if (call.active === false) return undefined;
  return [...new Set(model.tasksOf(call).summands.flatMap(({ index }) => index.map(({ atom }) => atom.name)))];
}

/** Of a call that publishes. */
function readyOf(call: ProcessCall, graph: ProcessGraph, { times }: Analysis): { ready?: Estimate } {
  const ends = 'untimed' in times ? undefined : times.ends.get(call);
  return ends === undefined || !keepsFiles(graph.directivesOf(call)) ? {} : { ready: shownEstimate(ends) };
}

function callOf(call: ProcessCall, graph: ProcessGraph, analysis: Analysis): ReportCall {
  const guard = guardText(call.guard);
  let directives: ReportCall['directives'] | undefined;
  return {
    id: call.id,
    process: call.process.name.name,
    definition: { path: call.script.file.path, ...call.script.file.positionAt(call.process.start) },
    sites: call.sites.map((site) => {
      const text = guardText(site.guard);
      return { ...place(site.place), ...(text === undefined ? {} : { guard: text }) };
    }),
    active: call.active,
    ...(guard === undefined ? {} : { guard }),
    kind: call.kind,
    get tasks() {
      return tasksOf(call, analysis);
    },
    get dims() {
      return dimsOf(call, analysis);
    },
    ...readyOf(call, graph, analysis),
    get directives() {
      return (directives ??= directivesOf(graph.directivesOf(call)));
    },
    get container() {
      const container = graph.directivesOf(call).get('container')?.value;
      return typeof container === 'string' && container !== '' ? shownPath(container) : undefined;
    },
  };
}
