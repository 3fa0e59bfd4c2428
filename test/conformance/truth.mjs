// Whether what a pipeline's `expected.json` says by hand fits the graph that Nextflow draws of it: every call is named, the false links are
// edges, those that it calls independent do run one after another, and without the links nothing else comes loose.
//
// The rest of such a file is for pipeopt's findings: `monoliths`, `unsplit` (a tool that could be), `unsizedGroups`, `barriers` and
// `orderedConcats` (waits for a whole channel by those who need an item) have to be found; `traps` are links that look false and are not,
// or that hold no time; `alsoTraps` the same of what is no link; `mayReport` is true but was not planted. A link's `alsoCalled` is another
// kind that fits it. `tasks`: how many of each call there are with the sheet in `assets`, as real Nextflow ran them.

/**
 * @param expected `chain`: all calls in their order; `independentSets`: `calls` (one of each branch), `branches` (the others of it: what
 *   really needs the member or is really needed by it alone, by member), `after` (what each branch really needs), `links` (edges that nobody needs).
 * @param graph `processes` and `edges` ([from, to]), of one task-free preview.
 */
export function truthDifferences(expected, { processes, edges }) {
  if (!expected.chain) return [];
  const { chain, independentSets: sets } = expected;
  const differences = [];
  for (const call of chain)
    if (!processes.includes(call)) differences.push(`expected.json speaks of ${call}, which Nextflow does not draw`);
  for (const call of processes) if (!chain.includes(call)) differences.push(`expected.json does not speak of ${call}`);

  const isLink = (from, to) => sets.some((set) => set.links.some((link) => link.from === from && link.to === to));
  for (const { from, to } of sets.flatMap((set) => set.links))
    if (!edges.some((edge) => edge[0] === from && edge[1] === to)) differences.push(`${from} -> ${to} is no edge`);

  // Without a false link, its end takes what it really needs from where that is made.
  const needed = edges.filter(([from, to]) => !isLink(from, to));
  for (const { calls, branches = {}, after } of sets)
    needed.push(...after.flatMap((source) => [...calls, ...Object.values(branches).flat()].map((call) => [source, call])));
  const now = reachable(edges);
  const then = reachable(needed);

  const branchOf = new Map();
  for (const set of sets)
    for (const head of set.calls) for (const call of [head, ...(set.branches?.[head] ?? [])]) branchOf.set(call, { set, head });
  for (const from of processes) {
    for (const to of processes) {
      const [a, b] = [branchOf.get(from), branchOf.get(to)];
      const apart = a !== undefined && b !== undefined && a.set === b.set && a.head !== b.head;
      if (apart && !now(from, to) && !now(to, from)) differences.push(`${from} and ${to} run side by side already`);
      if (apart && then(from, to)) differences.push(`${to} needs ${from}`);
      if (!apart && now(from, to) && !then(from, to)) differences.push(`${to} does not need ${from} either`);
    }
  }
  return differences;
}

/** Is there a path? */
function reachable(edges) {
  const next = new Map();
  for (const [from, to] of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const behind = new Map();
  const all = (call) => {
    if (!behind.has(call)) behind.set(call, new Set((next.get(call) ?? []).flatMap((to) => [to, ...all(to)])));
    return behind.get(call);
  };
  return (from, to) => all(from).has(to);
}
