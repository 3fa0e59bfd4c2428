/** What is not proposed, said once for all that were refused together. */
import type { LeftOut } from './report.ts';

/** Calls without repetition, in their order. */
export function gatheredLeftOut(all: readonly LeftOut[]): readonly { readonly calls: readonly string[]; readonly because: string }[] {
  const gathered = new Map<string, { calls: Set<string>; because: string }>();
  for (const [at, { call, because, together }] of all.entries()) {
    const key = together ? because : String(at);
    const same = gathered.get(key);
    if (same === undefined) gathered.set(key, { calls: new Set([call]), because });
    else same.calls.add(call);
  }
  return [...gathered.values()].map(({ calls, because }) => ({ calls: [...calls], because }));
}
