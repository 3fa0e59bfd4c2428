// What a run's facts say of counts and waits that pipeopt gives, in the words of its report: `calls[].tasks`, `edges[].wait`.

/** product.md 4: `wait` per dimension is `=`, `key` or `all`. While it is not there, `barrier` is taken for it. */
function waitsForAll(edge) {
  if (edge.wait === undefined) return edge.barrier === true;
  const values = Object.values(edge.wait);
  return values.length > 0 && values.every((value) => value === 'all');
}

/** A process of one task has all of another if it gathers it in some dimension: the others (one sample) have one value. */
const mayWaitForAll = (edge) => waitsForAll(edge) || Object.values(edge.wait ?? {}).some((value) => value !== '=');

/** Who has `atMost` so many may have none, so it is no claim that it runs. `beyond`: calls that the trace says nothing of, with the reason. */
export function judgeCounts(facts, calls, beyond) {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const names = new Set(facts.processes.map(({ name }) => name));
  const rows = facts.processes.map(({ name, tasks }) => {
    const call = byId.get(name);
    return {
      name,
      tasks,
      count: call?.tasks?.count,
      formula: call === undefined ? 'no such call' : (call.tasks?.formula ?? `no count, active ${call.active}`),
    };
  });
  const extra = calls
    .filter(
      ({ id, active, tasks }) => !names.has(id) && !(id in beyond) && active === true && tasks?.atMost !== true && (tasks?.count ?? 0) > 0,
    )
    .map(({ id, tasks }) => ({ name: id, tasks: 0, count: tasks.count, formula: tasks.formula }));
  const all = [...rows, ...extra];
  return {
    total: all.length,
    exact: all.filter(({ tasks, count }) => tasks === count).length,
    off: all.filter(({ tasks, count }) => tasks !== count),
  };
}

export function judgeWaits(facts, edges, excluded) {
  const pair = ({ from, to }) => `${from} ${to}`;
  const pairs = (test) => new Set(edges.filter((edge) => edge.active !== false && test(edge)).map(pair));
  const [claimed, possible] = [pairs(waitsForAll), pairs(mayWaitForAll)];
  const isPredicted = (wait) => claimed.has(pair(wait)) || (wait.tasks[1] === 1 && possible.has(pair(wait)));
  const shown = facts.waits.filter((wait) => wait.evidence !== 'none' && !excluded.has(pair(wait)));
  return {
    contradicted: facts.streams.filter((stream) => claimed.has(pair(stream))),
    streams: facts.streams.length,
    shown: shown.length,
    predicted: shown.filter(isPredicted).length,
    missed: shown.filter((wait) => !isPredicted(wait)),
    unexplained: facts.waits.filter((wait) => wait.evidence === 'none').length,
    claimed: claimed.size,
  };
}
