/** The process graph as a graph: calls that may run, and which feeds which. Two channels between one pair are two edges. */
import { alg, Graph } from '@dagrejs/graphlib';
import type { ProcessCall, ProcessEdge, ProcessGraph } from './process-graph.ts';

export interface Topology {
  /** Calls that are not switched off, neither where they are called nor by their `when:`, in the order in which they were met. */
  readonly calls: readonly ProcessCall[];
  /** Those fed by a call directly, each once, in the order of `calls`. */
  successorsOf(call: ProcessCall): readonly ProcessCall[];
  edgesBetween(from: ProcessCall, to: ProcessCall): readonly ProcessEdge[];
  /** Groups of calls that feed one another round: none but where the pipeline recurses, or writes to a topic that it reads. */
  readonly loops: readonly (readonly ProcessCall[])[];
}

export function topologyOf(graph: ProcessGraph): Topology {
  const calls = graph.calls.filter((call) => call.active !== false && graph.directivesOf(call).get('when')?.value !== false);
  const built = new Graph({ directed: true, multigraph: true });
  const order = new Map<string, number>();
  calls.forEach((call, index) => {
    order.set(call.id, index);
    built.setNode(call.id, call);
  });
  for (const edge of graph.edges) {
    if (edge.active === false || 'type' in edge.from || !order.has(edge.from.id) || !order.has(edge.to.id)) continue;
    built.setEdge(edge.from.id, edge.to.id, edge, String(edge.port ?? ''));
  }
  const inOrder = (ids: readonly string[]): ProcessCall[] =>
    [...ids].sort((one, two) => (order.get(one) as number) - (order.get(two) as number)).map((id) => built.node(id) as ProcessCall);
  let loops: ProcessCall[][] | undefined;
  return {
    calls,
    successorsOf: (call) => inOrder((built.successors(call.id) ?? []) as string[]),
    edgesBetween: (from, to) => (built.outEdges(from.id, to.id) ?? []).map((edge) => built.edge(edge) as ProcessEdge),
    get loops() {
      loops ??= alg.findCycles(built).map(inOrder);
      return loops;
    },
  };
}
