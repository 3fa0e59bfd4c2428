/** Which step of a script has to wait for which. */
import type { Effects } from './effects.ts';
import { inputOf, type Name, overlap, sameKey } from './names.ts';

/** Bernstein's conditions, the environment, and what cannot be told. */
export function dependsOn(later: Effects, earlier: Effects): boolean {
  if (later.orders || earlier.orders) return true;
  for (const name of later.envReads) if (earlier.envWrites.has(name)) return true;
  for (const name of later.envWrites) if (earlier.envWrites.has(name) && name !== '-') return true;
  type Apart = (one: Name, two: Name) => boolean;
  const meet = (names: readonly Name[], others: readonly Name[], apart: Apart): boolean =>
    names.some((one) =>
      others.some((two) => overlap(one, two) && !isBesideOther(one, two) && !isBesideOther(two, one) && !apart(one, two)),
    );
  const touches = (names: readonly Name[], others: readonly Name[]): boolean => meet(names, others, () => false);
  if (touches(earlier.removes, later.reads) || touches(earlier.reads, later.removes)) return true;
  if (meet(earlier.removes, [...later.writes, ...later.removes], haveOwnEndings) || meet(earlier.writes, later.removes, haveOwnEndings))
    return true;
  if (touches(earlier.writes, needed(later.reads)) || meet(needed(earlier.reads), later.writes, isThere)) return true;
  if (meet(earlier.writes, later.writes, areMadeAlike)) return true;
  // What is not known may read all that is there, and write what others read; staged files are taken as never changed.
  const makes = (one: Effects): boolean => one.writes.length > 0 || one.writesMore || one.unknown !== undefined;
  const looks = (one: Effects): boolean => makes(one) || one.reads.some((name) => name.input === undefined);
  if (isOpen(earlier) && (looks(later) || isOpen(later))) return true;
  if (isOpen(later) && (looks(earlier) || isOpen(earlier))) return true;
  return false;
}

/** An input, or the index beside it, is none of the files whose names begin with something else: `$bam.bai`, and what `-o ${sample}.depth` makes. */
function isBesideOther(read: Name, written: Name): boolean {
  // In a staged folder lies what was there before, unless a name leads into it.
  const folder = inputOf(read.parts);
  if (folder !== undefined && written.kind === 'literal' && !written.text.includes('/') && !inputsIn(written).has(folder)) return true;
  // The index of a tool's own output is none of what lies beside an input.
  const unasked = read.companion === true && written.companion === true;
  if (unasked && inputsIn(read).size > 0 && [...inputsIn(read)].every((name) => !inputsIn(written).has(name))) return true;
  if ((read.companion !== true && read.input === undefined) || written.kind !== 'prefix') return false;
  const inputs = inputsIn(read);
  return inputs.size > 0 && [...inputsIn(written)].every((name) => !inputs.has(name));
}

/** An index that the command is known to leave alone, as it is called. */
function needed(reads: readonly Name[]): readonly Name[] {
  return reads.filter(({ idle }) => idle !== true);
}

/**
 * `-o ${sample}`, to which a tool adds endings of its own, and `${sample}.bw`: who lets two commands write the same file loses what the first one
 * wrote. A folder that the one makes is another matter: the other one may write into it.
 */
function haveOwnEndings(one: Name, two: Name): boolean {
  if (one.kind !== 'prefix' && two.kind !== 'prefix') return false;
  if (one.kind === 'anything' || two.kind === 'anything' || one.kind === 'pattern' || two.kind === 'pattern') return false;
  if (beginOtherwise(one, two)) return true;
  const other = one.kind === 'prefix' ? two : one;
  return other.kind === 'literal' && !other.text.includes('/') && !sameKey(one, two);
}

/** An index that is only made where there is none was there for whoever read it before. */
function isThere(read: Name, written: Name): boolean {
  return (read.companion === true && written.companion === true) || beginOtherwise(read, written);
}

/** Of an index that both make where there is none, the second one finds the first one's. */
function areMadeAlike(one: Name, two: Name): boolean {
  return (one.companion === true && two.companion === true) || haveOwnEndings(one, two);
}

/** How names begin that hold `${sample}` is not what the script itself calls a folder. */
function beginOtherwise(one: Name, two: Name): boolean {
  if (one.kind === 'pattern' || two.kind === 'pattern') return false;
  return (one.kind === 'prefix' || two.kind === 'prefix') && one.text.startsWith('\0') !== two.text.startsWith('\0');
}

function inputsIn({ parts }: Name): ReadonlySet<string> {
  return new Set(parts.flatMap((part) => (part.type === 'hole' ? [...part.hole.sources.inputs] : [])));
}

function isOpen(effects: Effects): boolean {
  return effects.unknown !== undefined || effects.writesMore;
}
