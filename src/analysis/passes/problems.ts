import type { Activity, GraphProblem } from '../../parser/graph/process-graph.ts';

const CERTAINTY: readonly Activity[] = [true, 'unknown', false];

/** A workflow that is called twice has the same trouble twice: once is told, and the active one counts. */
export function problemsOncePerPlace(problems: readonly GraphProblem[]): GraphProblem[] {
  const told = new Map<string, GraphProblem>();
  for (const problem of problems) {
    const key = `${problem.kind} ${problem.place.file.path} ${problem.place.start} ${problem.callee}`;
    const before = told.get(key);
    if (before === undefined || CERTAINTY.indexOf(problem.active) < CERTAINTY.indexOf(before.active)) told.set(key, problem);
  }
  return [...told.values()];
}
