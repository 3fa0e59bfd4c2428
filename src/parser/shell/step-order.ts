/** Which step of a script has to wait for which. */
import type { Effects } from './effects.ts';
import { type Name, overlap } from './names.ts';

/** Bernstein's conditions, the environment, and what cannot be told. */
export function dependsOn(later: Effects, earlier: Effects): boolean {
  if (later.orders || earlier.orders) return true;
  for (const name of later.envReads) if (earlier.envWrites.has(name)) return true;
  for (const name of later.envWrites) if (earlier.envWrites.has(name) && name !== '-') return true;
  const touches = (names: readonly Name[], others: readonly Name[]): boolean =>
    names.some((one) => others.some((two) => overlap(one, two) && !isBesideOther(one, two) && !isBesideOther(two, one)));
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

/** An input, or the index beside it, is none of the files whose names begin with something else: `$bam.bai`, and what `-o ${sample}.depth` makes. */
function isBesideOther(read: Name, written: Name): boolean {
  if ((read.companion !== true && read.input === undefined) || written.kind !== 'prefix') return false;
  const inputs = inputsIn(read);
  return inputs.size > 0 && [...inputsIn(written)].every((name) => !inputs.has(name));
}

function inputsIn({ parts }: Name): ReadonlySet<string> {
  return new Set(parts.flatMap((part) => (part.type === 'hole' ? [...part.hole.sources.inputs] : [])));
}

function isOpen(effects: Effects): boolean {
  return effects.unknown !== undefined || effects.writesMore;
}
