/**
 * Calls that now run one after another and need not: the call graph as it stands (who waits for whom) against the one with what is read
 * alone. A false link frees the call that it leads to, and sets it beside the one that it made it wait for.
 */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { FalseLink } from './needs/false-link.ts';
import type { Needs } from './needs/needs.ts';

export interface IndependentSet {
  /** None needs another; in the order in which they run now. Each stands for what follows it alone. */
  readonly calls: readonly ProcessCall[];
  /** Calls that all of them need directly. */
  readonly after: readonly ProcessCall[];
  readonly links: readonly FalseLink[];
}

interface Group {
  /** Both ends of each link. */
  readonly members: ReadonlySet<ProcessCall>;
  readonly links: readonly FalseLink[];
}

export class Parallelism {
  readonly #needs: Needs;
  readonly #graph: ProcessGraph;
  readonly #ancestors = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  #sets: readonly IndependentSet[] | undefined;

  constructor(graph: ProcessGraph, needs: Needs) {
    this.#graph = graph;
    this.#needs = needs;
  }

  /** Links without which the call could start earlier: it needs what made it wait by no other way either. */
  get effectiveLinks(): readonly FalseLink[] {
    return this.#graph.calls
      .filter((call) => call.active !== false)
      .flatMap((call) => this.#needs.linksInto(call))
      .filter(({ from, to }) => !this.ancestorsOf(to).has(from));
  }

  /** All calls that one needs, directly or not, by what is read. */
  ancestorsOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    const known = this.#ancestors.get(call);
    if (known !== undefined) return known;
    const found = new Set<ProcessCall>();
    this.#ancestors.set(call, found); // for what stands on a loop
    const waiting = [...this.#needs.realOf(call)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      const further = this.#ancestors.get(next);
      for (const one of further ?? this.#needs.realOf(next)) waiting.push(one);
    }
    found.delete(call);
    return found;
  }

  get sets(): readonly IndependentSet[] {
    this.#sets ??= this.#find();
    return this.#sets;
  }

  #find(): readonly IndependentSet[] {
    const order = new Map(this.inOrder.map((call, at) => [call, at]));
    const sorted = (some: Iterable<ProcessCall>): ProcessCall[] =>
      [...some].sort((one, two) => (order.get(one) ?? 0) - (order.get(two) ?? 0));
    const sets: IndependentSet[] = [];
    for (let links = this.effectiveLinks; links.length > 0; ) {
      const groups = this.#groupsOf(links);
      const found = groups.flatMap((group): IndependentSet[] => {
        const others = groups.filter((other) => other !== group);
        const some = this.#withoutWaits(this.#startingTogether(this.#withoutWaits(group.members), others));
        const between = group.links.filter((link) => this.#liesBetween(link, some));
        const calls = sorted(some.filter((call) => between.some((link) => [link.from, link.to].some((end) => this.#standsFor(call, end)))));
        if (between.length === 0) return [];
        const [first, ...rest] = calls.map((call) => this.#needs.realOf(call));
        const after = sorted([...(first ?? [])].filter((call) => rest.every((needs) => needs.has(call))));
        return [{ calls, after, links: between }];
      });
      if (found.length === 0) break;
      sets.push(...found);
      // What lies within the branch of one of them is looked at by itself.
      const told = new Set(found.flatMap((set) => set.links));
      links = links.filter((link) => !told.has(link));
    }
    const placeOf = ({ calls: [first] }: IndependentSet): number => (first === undefined ? 0 : (order.get(first) ?? 0));
    return sets.sort((one, two) => placeOf(one) - placeOf(two));
  }

  /** Links that have calls in common; and a group that goes on behind another one by a single call, where the rest start with that. */
  #groupsOf(links: readonly FalseLink[]): readonly Group[] {
    const byCall = new Map<ProcessCall, Group>();
    for (const link of links) {
      const group = joined(
        new Set([byCall.get(link.from), byCall.get(link.to), { members: new Set([link.from, link.to]), links: [link] }]),
      );
      for (const call of group.members) byCall.set(call, group);
    }
    let groups = new Set(byCall.values());
    for (let before = 0; before !== groups.size; ) {
      before = groups.size;
      const found = new Set<Group>();
      for (const group of groups) {
        const other = [...found].find((one) => this.#belongs(group, one) || this.#belongs(one, group));
        if (other !== undefined) found.delete(other);
        found.add(joined(new Set([other, group])));
      }
      groups = found;
    }
    return [...groups];
  }

  /** What two of its calls need of the other group would stand for both there, and hide what lies between them. */
  #belongs(group: Group, other: Group): boolean {
    const [behind, ...more] = [...group.members].filter((call) => [...other.members].some((need) => this.ancestorsOf(call).has(need)));
    if (behind === undefined || more.length > 0) return false;
    const starts = this.#startsOf(this.#withoutWaits(other.members));
    return [...group.members].every((call) => call === behind || (this.#startsAt(call, starts) && this.#needs.beforeOf(call).has(behind)));
  }

  /** Of two of which one needs the other the earlier one stands for both. */
  #withoutWaits(calls: Iterable<ProcessCall>): readonly ProcessCall[] {
    const all = [...new Set(calls)];
    return all.filter((call) => !all.some((other) => other !== call && this.ancestorsOf(call).has(other)));
  }

  /** Behind what they start: calls that all of them need and half of them directly, the last of such. */
  #startsOf(calls: readonly ProcessCall[]): ReadonlySet<ProcessCall> {
    const direct = new Set(calls.flatMap((call) => [...this.#needs.realOf(call)]));
    const starts = [...direct].filter(
      (need) =>
        calls.every((call) => this.ancestorsOf(call).has(need)) &&
        2 * calls.filter((call) => this.#needs.realOf(call).has(need)).length >= calls.length,
    );
    return new Set(starts.filter((need) => !starts.some((other) => this.ancestorsOf(other).has(need))));
  }

  #startsAt(call: ProcessCall, starts: ReadonlySet<ProcessCall>): boolean {
    return [...this.#needs.openedOf(call)].some((need) => starts.has(need));
  }

  /** In the place of one that starts later than the others what it needs of its own and starts with them, if others wait for that now. */
  #startingTogether(calls: readonly ProcessCall[], others: readonly Group[]): readonly ProcessCall[] {
    const starts = this.#startsOf(calls);
    return calls.flatMap((call) => {
      if (this.#startsAt(call, starts)) return [call];
      const heads = [...this.ancestorsOf(call)].filter(
        (head) =>
          this.#startsAt(head, starts) &&
          !others.some(({ members }) => members.has(head)) &&
          calls.some((other) => other !== call && !this.#standsFor(head, other) && this.#needs.beforeOf(other).has(head)),
      );
      return heads.length === 0 ? [call] : heads;
    });
  }

  /** It makes one of the calls, or what needs that one, wait for another one, or for what needs that. */
  #liesBetween({ from, to }: FalseLink, calls: readonly ProcessCall[]): boolean {
    const [before, behind] = [from, to].map((end) => calls.filter((call) => this.#standsFor(call, end))) as [ProcessCall[], ProcessCall[]];
    return before.some((call) => !behind.includes(call)) && behind.some((call) => !before.includes(call));
  }

  #standsFor(call: ProcessCall, end: ProcessCall): boolean {
    return call === end || this.ancestorsOf(end).has(call);
  }

  /** As they run now: each behind those that it waits for. */
  get inOrder(): readonly ProcessCall[] {
    const done = new Set<ProcessCall>();
    const open = new Set<ProcessCall>();
    const order: ProcessCall[] = [];
    const visit = (start: ProcessCall): void => {
      const path: { call: ProcessCall; rest: ProcessCall[] }[] = [];
      const enter = (call: ProcessCall): void => {
        if (done.has(call) || open.has(call)) return;
        open.add(call);
        path.push({ call, rest: [...this.#needs.waitsOf(call)] });
      };
      enter(start);
      while (path.length > 0) {
        const top = path.at(-1) as (typeof path)[number];
        const next = top.rest.pop();
        if (next !== undefined) enter(next);
        else {
          path.pop();
          open.delete(top.call);
          done.add(top.call);
          order.push(top.call);
        }
      }
    };
    for (const call of this.#graph.calls) visit(call);
    return order;
  }
}

function joined(groups: ReadonlySet<Group | undefined>): Group {
  const some = [...groups].filter((group) => group !== undefined);
  return { members: new Set(some.flatMap(({ members }) => [...members])), links: some.flatMap(({ links }) => links) };
}
