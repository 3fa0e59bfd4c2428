/**
 * Calls that now run one after another and need not: the call graph as it stands (who waits for whom) against the one with what is read
 * alone. A false link frees the call that it leads to, and sets it beside the one that it made it wait for.
 */
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { FalseLink } from './needs/false-link.ts';
import type { Needs } from './needs/needs.ts';

export interface IndependentSet {
  /** None needs another; in the order in which they run now. Each begins a part of the run that false links put behind another part. */
  readonly calls: readonly ProcessCall[];
  /** Calls that all of them need directly. */
  readonly after: readonly ProcessCall[];
  readonly links: readonly FalseLink[];
}

interface Group {
  readonly calls: Set<ProcessCall>;
  readonly links: FalseLink[];
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
    const placeOf = (call: ProcessCall): number => order.get(call) ?? 0;
    const sorted = (some: Iterable<ProcessCall>): ProcessCall[] => [...some].sort((one, two) => placeOf(one) - placeOf(two));
    const links = [...this.effectiveLinks].sort((one, two) => placeOf(one.to) - placeOf(two.to) || placeOf(one.from) - placeOf(two.from));
    const freed = new Set(links.map(({ to }) => to));
    const groups: Group[] = [];
    const put = (link: FalseLink, heads: readonly ProcessCall[]): void => {
      const own = [...heads, link.to];
      const group = groups.findLast(({ calls }) => own.some((call) => calls.has(call)) && !this.#isNeeded(own, calls));
      if (group === undefined) groups.push({ calls: new Set(own), links: [link] });
      else {
        for (const call of own) group.calls.add(call);
        group.links.push(link);
      }
    };
    for (const link of links) {
      const part = this.#partBefore(link);
      const heads = this.#headsOf(part, link, freed);
      const taken = groups.find(({ calls }) => heads.some((call) => calls.has(call)) && this.#isNeeded([link.to], calls));
      // A call stands in one set: in another one that which follows it.
      const others = taken === undefined ? heads : heads.flatMap((call) => (taken.calls.has(call) ? this.#behind(call, part) : [call]));
      if (others.length > 0) put(link, others);
      else taken?.links.push(link);
    }
    return groups
      .map((group): IndependentSet => {
        const calls = sorted(group.calls);
        const [first, ...rest] = calls.map((call) => this.#needs.realOf(call));
        return { calls, after: sorted([...(first ?? [])].filter((call) => rest.every((needs) => needs.has(call)))), links: group.links };
      })
      .sort(({ calls: [one] }, { calls: [two] }) => placeOf(one as ProcessCall) - placeOf(two as ProcessCall));
  }

  /** The part of the run that ends with the call which is waited for and that the other end does not need. */
  #partBefore({ from, to }: FalseLink): ReadonlySet<ProcessCall> {
    const needed = this.ancestorsOf(to);
    const part = new Set([from]);
    for (const call of part) for (const one of this.#needs.openedOf(call)) if (!needed.has(one)) part.add(one);
    return part;
  }

  /** The calls that it begins with: if it can be, first ones that are freed and start with the other end; else the last that are freed or start with that. */
  #headsOf(part: ReadonlySet<ProcessCall>, { from, to }: FalseLink, freed: ReadonlySet<ProcessCall>): readonly ProcessCall[] {
    const isFirst = (call: ProcessCall): boolean => ![...this.#needs.openedOf(call)].some((one) => one !== call && part.has(one));
    const together = [...part].filter((call) => freed.has(call) && this.#startTogether(call, to) && isFirst(call));
    if (together.length > 0) return together;
    const heads = new Set<ProcessCall>();
    const seen = new Set([from]);
    for (const call of seen)
      if (freed.has(call) || this.#startTogether(call, to) || isFirst(call)) heads.add(call);
      else for (const one of this.#needs.openedOf(call)) if (part.has(one)) seen.add(one);
    return [...heads];
  }

  #startTogether(one: ProcessCall, other: ProcessCall): boolean {
    const opened = this.#needs.openedOf(other);
    return [...this.#needs.openedOf(one)].some((call) => opened.has(call));
  }

  #behind(call: ProcessCall, part: ReadonlySet<ProcessCall>): readonly ProcessCall[] {
    return [...part].filter((one) => one !== call && this.#needs.openedOf(one).has(call));
  }

  #isNeeded(some: readonly ProcessCall[], others: Iterable<ProcessCall>): boolean {
    return [...others].some((other) => some.some((one) => this.ancestorsOf(one).has(other) || this.ancestorsOf(other).has(one)));
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
