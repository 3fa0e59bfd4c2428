// Nextflow's dot picture of a run, collapsed to process -> process.

// v1 since 22.12, p1 before.
const NODE = /^([vp]\d+) \[(.*)\];$/;
const EDGE = /^([vp]\d+) -> ([vp]\d+)\b/;

/**
 * A vertex with a plain label is a process, `shape=circle` an operator, `shape=point` an origin or an end. A leads to B if B
 * can be reached from A through operators alone. A process without channels is not in the picture, so it is not in the answer.
 */
export function collapse(dot) {
  const processOf = new Map();
  const next = new Map();
  for (const line of dot.split('\n')) {
    const edge = EDGE.exec(line);
    if (edge) {
      if (!next.has(edge[1])) next.set(edge[1], new Set());
      next.get(edge[1]).add(edge[2]);
      continue;
    }
    const node = NODE.exec(line);
    const label = node && !node[2].includes('shape=') && /^label="(.*)"$/.exec(node[2]);
    if (label) processOf.set(node[1], label[1]);
  }
  const edges = new Map();
  for (const [vertex, from] of processOf) {
    const seen = new Set();
    const todo = [...(next.get(vertex) ?? [])];
    while (todo.length > 0) {
      const at = todo.pop();
      if (seen.has(at)) continue;
      seen.add(at);
      const to = processOf.get(at);
      if (to === undefined) todo.push(...(next.get(at) ?? []));
      else edges.set(`${from}\t${to}`, [from, to]);
    }
  }
  return { processes: [...new Set(processOf.values())].sort(), edges: sortEdges([...edges.values()]) };
}

export function sortEdges(edges) {
  return edges.sort(([a, b], [c, d]) => compare(a, c) || compare(b, d));
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
