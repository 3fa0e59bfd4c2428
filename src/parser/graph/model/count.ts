/**
 * How many, as a formula: a sum of products of named counts. `samples × intervals + samples` is two terms. What is not known
 * is an atom with a name, never a made-up figure. Terms with the same atoms are one term, so equal formulas have equal texts.
 */

/** A count that has a name. */
export interface Atom {
  readonly name: string;
  /** Of the pipeline as it is written, where that says so: `channel.of('a', 'b')`. */
  readonly known: number | undefined;
  /** Where it follows from other counts: batches of so many. */
  readonly derived: { readonly from: readonly Count[]; of(numbers: readonly number[]): number } | undefined;
}

export interface Term {
  readonly factor: number;
  readonly atoms: readonly Atom[];
}

export interface Count {
  readonly terms: readonly Term[];
}

export const NONE: Count = { terms: [] };
export const ONE: Count = { terms: [{ factor: 1, atoms: [] }] };

export function product(atoms: readonly Atom[], factor = 1): Count {
  return { terms: [{ factor, atoms }] };
}

export function sum(counts: readonly Count[]): Count {
  const terms: { factor: number; atoms: readonly Atom[] }[] = [];
  for (const count of counts)
    for (const term of count.terms) {
      const same = terms.find((one) => sameAtoms(one.atoms, term.atoms));
      if (same === undefined) terms.push({ ...term });
      else same.factor += term.factor;
    }
  return { terms };
}

function sameAtoms(one: readonly Atom[], two: readonly Atom[]): boolean {
  return one.length === two.length && one.every((atom) => two.includes(atom));
}

/** The number that it comes to; undefined when an atom has none. */
export function numberFor(count: Count, numberOf: (atom: Atom) => number | undefined): number | undefined {
  let total = 0;
  for (const { factor, atoms } of count.terms) {
    let value = factor;
    for (const atom of atoms) {
      const number = numberOf(atom);
      if (number === undefined) return undefined;
      value *= number;
    }
    total += value;
  }
  return Math.round(total * 1e6) / 1e6;
}

/** `2 × samples × intervals + 1`. Plain numbers are multiplied out. */
export function formulaOf(count: Count): string {
  const parts: { factor: number; names: string[] }[] = [];
  for (const { factor, atoms } of count.terms) {
    let number = factor;
    const names: string[] = [];
    for (const atom of atoms)
      if (atom.known === undefined) names.push(atom.name);
      else number *= atom.known;
    names.sort();
    const same = parts.find((one) => one.names.join('\u0000') === names.join('\u0000'));
    if (same === undefined) parts.push({ factor: number, names });
    else same.factor += number;
  }
  const shown = parts
    .filter(({ factor }) => factor !== 0)
    .sort((one, two) => two.names.length - one.names.length || (one.names.join() < two.names.join() ? -1 : 1))
    .map(({ factor, names }) => (names.length === 0 ? String(factor) : [...(factor === 1 ? [] : [String(factor)]), ...names].join(' × ')));
  return shown.length === 0 ? '0' : shown.join(' + ');
}
