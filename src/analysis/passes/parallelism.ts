/**
 * Calls that now run one after another and need not: the call graph as it stands (who waits for whom) against the one with what is read
 * alone. A false link frees the call that it leads to, and sets it beside the branch that it made it wait for.
 */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { FalseLink, Needs } from './needs.ts';

export interface IndependentSet {
  /** None needs another; in the order in which they run now. Each stands for what follows it alone. */
  readonly calls: readonly ProcessCall[];
  /** Calls that all of them need directly. */
  readonly after: readonly ProcessCall[];
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
      const found = this.#groupsOf(links).flatMap((group): IndependentSet[] => {
        // Of two of which one needs the other the earlier one stands for both.
        const some = sorted(group.members);
        const earliest = some.filter((call) => !some.some((other) => other !== call && this.ancestorsOf(call).has(other)));
        const between = group.links.filter((link) => this.#liesBetween(link, earliest));
        const calls = earliest.filter((call) => between.some((link) => [link.from, link.to].some((end) => this.#standsFor(call, end))));
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

  /** Links that have calls in common, with the calls that they free or hold others back. */
  #groupsOf(links: readonly FalseLink[]): readonly { readonly members: ReadonlySet<ProcessCall>; readonly links: readonly FalseLink[] }[] {
    const above = new Map<ProcessCall, ProcessCall>();
    const rootOf = (call: ProcessCall): ProcessCall => {
      const next = above.get(call);
      if (next === undefined || next === call) return call;
      const root = rootOf(next);
      above.set(call, root);
      return root;
    };
    for (const { from, to } of links) for (const call of [to, ...this.#headsOf(from, to)]) above.set(rootOf(call), rootOf(to));
    const groups = new Map<ProcessCall, { members: Set<ProcessCall>; links: FalseLink[] }>();
    for (const link of links) {
      const root = rootOf(link.to);
      const group = groups.get(root) ?? { members: new Set(), links: [] };
      groups.set(root, group);
      group.links.push(link);
      for (const call of [link.to, ...this.#headsOf(link.from, link.to)]) group.members.add(call);
    }
    return [...groups.values()];
  }

  /** It makes one of the calls, or what needs that one, wait for another one, or for what needs that. */
  #liesBetween({ from, to }: FalseLink, calls: readonly ProcessCall[]): boolean {
    const [before, behind] = [from, to].map((end) => calls.filter((call) => this.#standsFor(call, end))) as [ProcessCall[], ProcessCall[]];
    return before.some((call) => !behind.includes(call)) && behind.some((call) => !before.includes(call));
  }

  #standsFor(call: ProcessCall, end: ProcessCall): boolean {
    return call === end || this.ancestorsOf(end).has(call);
  }

  /**
   * Where the branch begins that ends in `from` and that `to` has nothing to do with: behind the last that both need. What it needs of its
   * own from earlier on, such as a database that is fetched, runs beside both already.
   */
  #headsOf(from: ProcessCall, to: ProcessCall): readonly ProcessCall[] {
    const [needed, shared] = [this.ancestorsOf(from), this.ancestorsOf(to)];
    const apart = [from, ...needed].filter((call) => !shared.has(call));
    const common = [...needed].filter((call) => shared.has(call));
    const last = common.filter((call) => !common.some((other) => this.ancestorsOf(other).has(call)));
    const behind = apart.filter((call) => last.some((need) => this.ancestorsOf(call).has(need)));
    const branch = new Set(behind.length > 0 ? behind : apart);
    return [...branch].filter((call) => ![...this.#needs.realOf(call)].some((need) => need !== call && branch.has(need)));
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
