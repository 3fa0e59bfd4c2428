/** Edges that say nothing new: from a to b where a longer way leads from a to b, too. */

interface Edge {
  readonly from: string;
  readonly to: string;
}

/** The edges without those. A loop is opened where a walk meets it again; the edge that closes it stays, and makes no way. */
export function withoutImplied<E extends Edge>(edges: readonly E[]): E[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  /** What can be reached from a node by forward edges; there once the node is done. */
  const reached = new Map<string, Set<string>>();
  const open = new Set<string>();
  const closing = new Set<string>();
  const key = (from: string, to: string): string => JSON.stringify([from, to]);
  for (const start of next.keys()) {
    const way = reached.has(start) ? [] : [{ node: start, at: 0 }];
    if (way.length > 0) open.add(start);
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const to = next.get(top.node)?.[top.at];
      if (to === undefined) {
        const all = new Set<string>();
        for (const child of next.get(top.node) ?? []) {
          if (closing.has(key(top.node, child))) continue;
          all.add(child);
          for (const further of reached.get(child) ?? []) all.add(further);
        }
        reached.set(top.node, all);
        open.delete(top.node);
        way.pop();
        continue;
      }
      top.at++;
      if (open.has(to)) closing.add(key(top.node, to));
      else if (!reached.has(to)) {
        open.add(to);
        way.push({ node: to, at: 0 });
      }
    }
  }
  return edges.filter(
    ({ from, to }) =>
      closing.has(key(from, to)) ||
      !(next.get(from) ?? []).some((other) => other !== to && !closing.has(key(from, other)) && reached.get(other)?.has(to) === true),
  );
}
