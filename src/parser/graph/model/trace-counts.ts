/**
 * Numbers that a run's trace shows: where all but one of the counts in a call's formula are known, its tasks tell that one. The plainest
 * formulas go first, and what they tell is put into the others; nothing is tried out. Where calls disagree, most of them are right.
 */
import type { ProcessCall } from '../process-graph.ts';
import { type TraceMatch, taskCountsOf } from '../trace-matches.ts';
import { Binding, type Known } from './binding.ts';
import type { ChannelModel } from './channel-model.ts';
import type { Atom, Count } from './count.ts';

export interface TraceCounts {
  readonly found: ReadonlyMap<Atom, Known>;
  /** Calls of which the trace has tasks. */
  readonly calls: number;
  /** Counts about which calls disagree, each with the ids of those that were not believed. */
  readonly doubted: readonly { readonly atom: Atom; readonly others: readonly string[] }[];
}

interface Counted {
  readonly call: ProcessCall;
  /** In the trace. */
  readonly tasks: number;
  readonly count: Count;
  readonly atMost: boolean;
}

interface Vote {
  readonly call: ProcessCall;
  readonly tasks: number;
  readonly number: number;
}

export function traceCounts(
  model: ChannelModel,
  trace: TraceMatch,
  given: ReadonlyMap<string, number>,
  known: ReadonlyMap<Atom, Known>,
): TraceCounts {
  const counted = taskCountsOf(trace).flatMap(([call, tasks]): Counted[] => {
    const { count, atMost, opaque } = model.tasksOf(call);
    if (tasks === 0) return [];
    return opaque === undefined ? [{ call, tasks, count, atMost }] : [];
  });
  const found = new Map(known);
  const doubted: { atom: Atom; others: string[] }[] = [];
  const evidenceOf = (tasks: number, call: ProcessCall): string =>
    `${tasks} task${tasks === 1 ? '' : 's'} of ${call.id} in ${trace.run.name}`;
  for (;;) {
    const votes = plainestVotes(
      counted.filter(({ atMost }) => !atMost),
      new Binding(model, given, found),
    );
    if (votes.size === 0) break;
    for (const [atom, some] of votes) {
      const { call, tasks, number } = mostOf(some);
      found.set(atom, { number, basis: 'measured', from: evidenceOf(tasks, call) });
      const others = some.filter((one) => one.number !== number).map((one) => one.call.id);
      if (others.length > 0) doubted.push({ atom, others });
    }
  }
  // Of what no call shows as it is, those that may have lost some show the least that there were.
  const binding = new Binding(model, given, found);
  const atLeast = new Map<Atom, Vote>();
  for (const { call, tasks, count, atMost } of counted) {
    const solved = atMost ? soleUnknown(count, tasks, binding) : undefined;
    if (solved === undefined || solved.number <= (atLeast.get(solved.atom)?.number ?? -1)) continue;
    atLeast.set(solved.atom, { call, tasks, number: solved.number });
  }
  for (const [atom, { call, tasks, number }] of atLeast)
    if (!found.has(atom)) found.set(atom, { number, basis: 'assumed', from: `at least ${evidenceOf(tasks, call)}` });
  return { found, calls: counted.length, doubted };
}

/** What the calls with the plainest formulas that tell anything tell. */
function plainestVotes(counted: readonly Counted[], binding: Binding): Map<Atom, Vote[]> {
  const votes = new Map<Atom, Vote[]>();
  let plainest = Number.POSITIVE_INFINITY;
  for (const { call, tasks, count } of counted) {
    const solved = soleUnknown(count, tasks, binding);
    const size = sizeOf(count);
    if (solved === undefined || size > plainest) continue;
    if (size < plainest) votes.clear();
    plainest = size;
    votes.set(solved.atom, [...(votes.get(solved.atom) ?? []), { call, tasks, number: solved.number }]);
  }
  return votes;
}

/** The one count of a formula that is not known, and the number that makes it come out. It must stand once in each of its terms. */
function soleUnknown(count: Count, total: number, binding: Binding): { atom: Atom; number: number } | undefined {
  let atom: Atom | undefined;
  let factor = 0;
  let rest = 0;
  for (const term of count.terms) {
    let value = term.factor;
    let here = false;
    for (const one of term.atoms) {
      if (binding.isCertainOf(one)) value *= binding.numberOf(one) ?? Number.NaN;
      else if (here || (atom !== undefined && atom !== one)) return undefined;
      else {
        atom = one;
        here = true;
      }
    }
    if (here) factor += value;
    else rest += value;
  }
  if (atom === undefined || factor <= 0) return undefined;
  const number = (total - rest) / factor;
  return Number.isInteger(number) && number >= 0 ? { atom, number } : undefined;
}

function sizeOf({ terms }: Count): number {
  return terms.reduce((size, { atoms }) => size + 1 + atoms.length, 0);
}

/** Of the number that most calls tell, the first call by its id. */
function mostOf(votes: readonly Vote[]): Vote {
  const times = new Map<number, number>();
  for (const { number } of votes) times.set(number, (times.get(number) ?? 0) + 1);
  return [...votes].sort(
    (one, two) => (times.get(two.number) as number) - (times.get(one.number) as number) || (one.call.id < two.call.id ? -1 : 1),
  )[0] as Vote;
}
