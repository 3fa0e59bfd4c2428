/** Findings whose savings are not to be added up: their changes are to the same tasks, or to links of which all have to go before anything is gained. */
import type { Change, NewRequests } from './change.ts';
import type { Finding } from './finding.ts';
import type { IndependentSet } from './passes/parallelism.ts';

export interface OverlapGroup {
  /** Two or more. */
  readonly findings: readonly Finding[];
  /** All their changes as one. */
  readonly change: Change;
}

type WithChange = Finding & { readonly change: Change };

/** @param findings open ones that have a change */
export function overlapGroups(findings: readonly WithChange[], sets: readonly IndependentSet[]): OverlapGroup[] {
  const bySet = sets.map((set) =>
    findings.filter(({ change }) => change.kind === 'links-gone' && change.links.some((link) => set.links.includes(link))),
  );
  return [...bySet, ...sharingCalls(findings)]
    .filter(({ length }) => length > 1)
    .flatMap((some): OverlapGroup[] => {
      const change = merged(some.map((one) => one.change));
      return change === undefined ? [] : [{ findings: some, change }];
    });
}

/** Requests of the same call, by whatever rule; and of what has a call with one of those. */
function sharingCalls(findings: readonly WithChange[]): WithChange[][] {
  const groups: { calls: Set<string>; findings: WithChange[] }[] = [];
  for (const finding of findings) {
    const { change } = finding;
    if (change.kind !== 'requests') continue;
    const calls = change.calls.map(({ call }) => call.id);
    const [same, apart] = [true, false].map((is) => groups.filter((one) => calls.some((call) => one.calls.has(call)) === is)) as [
      typeof groups,
      typeof groups,
    ];
    groups.splice(0, groups.length, ...apart, {
      calls: new Set([...same.flatMap((one) => [...one.calls]), ...calls]),
      findings: [...same.flatMap((one) => one.findings), finding],
    });
  }
  return groups.map((group) => group.findings);
}

function merged(changes: readonly Change[]): Change | undefined {
  const links = changes.flatMap((one) => (one.kind === 'links-gone' ? one.links : []));
  if (links.length > 0) return { kind: 'links-gone', links: [...new Set(links)] };
  const requests = changes.flatMap((one) => (one.kind === 'requests' ? one.calls : []));
  if (requests.length === 0) return undefined;
  const byCall = new Map<NewRequests['call'], NewRequests>();
  for (const one of requests) {
    const other = byCall.get(one.call);
    byCall.set(one.call, { ...other, ...one });
  }
  return { kind: 'requests', calls: [...byCall.values()] };
}
