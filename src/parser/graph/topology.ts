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
  // Numbers for names: the library makes an edge's name of those of its ends, and a call's can be long.
  const numbers = new Map(calls.map((call, index) => [call, String(index)]));
  for (const [call, number] of numbers) built.setNode(number, call);
  for (const edge of graph.openEdges) {
    const from = 'type' in edge.from ? undefined : numbers.get(edge.from);
    const to = numbers.get(edge.to);
    if (from !== undefined && to !== undefined) built.setEdge(from, to, edge, String(edge.port ?? ''));
  }
  const numberOf = (call: ProcessCall): string => numbers.get(call) ?? '';
  const inOrder = (found: readonly string[]): ProcessCall[] =>
    found
      .map(Number)
      .sort((one, two) => one - two)
      .map((number) => calls[number] as ProcessCall);
  let loops: ProcessCall[][] | undefined;
  return {
    calls,
    successorsOf: (call) => inOrder((built.successors(numberOf(call)) ?? []) as string[]),
    edgesBetween: (from, to) => (built.outEdges(numberOf(from), numberOf(to)) ?? []).map((edge) => built.edge(edge) as ProcessEdge),
    get loops() {
      loops ??= alg.findCycles(built).map(inOrder);
      return loops;
    },
  };
}
