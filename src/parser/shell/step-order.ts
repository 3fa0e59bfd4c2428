/** Which step of a script has to wait for which. */
import type { Effects } from './effects.ts';
import { type Name, overlap } from './names.ts';

/** Bernstein's conditions, the environment, and what cannot be told. */
export function dependsOn(later: Effects, earlier: Effects): boolean {
  if (later.orders || earlier.orders) return true;
  for (const name of later.envReads) if (earlier.envWrites.has(name)) return true;
  for (const name of later.envWrites) if (earlier.envWrites.has(name) && name !== '-') return true;
  const touches = (names: readonly Name[], others: readonly Name[]): boolean =>
    names.some((one) => others.some((two) => overlap(one, two)));
  if (
    touches(earlier.removes, [...later.reads, ...later.writes, ...later.removes]) ||
    touches([...earlier.reads, ...earlier.writes], later.removes)
  )
    return true;
  if (touches(earlier.writes, later.reads) || touches(earlier.reads, later.writes) || touches(earlier.writes, later.writes)) return true;
  // What is not known may read all that is there, and write what others read; staged files are taken as never changed.
  const makes = (one: Effects): boolean => one.writes.length > 0 || one.writesMore || one.unknown !== undefined;
  const looks = (one: Effects): boolean => makes(one) || one.reads.some((name) => name.input === undefined);
  if (isOpen(earlier) && (looks(later) || isOpen(later))) return true;
  if (isOpen(later) && (looks(earlier) || isOpen(earlier))) return true;
  return false;
}

function isOpen(effects: Effects): boolean {
  return effects.unknown !== undefined || effects.writesMore;
}
