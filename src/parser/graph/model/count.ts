/**
 * How many, as a formula: a sum of products of named counts. `samples × intervals + samples` is two terms. Kept sorted, so that equal
 * formulas have equal texts. A number that is not known is an atom with a name, never a made-up figure.
 */

/** A count that has a name. `per`: for each of what it is multiplied with. */
export interface Atom {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

export interface Term {
  readonly factor: number;
  readonly atoms: readonly Atom[];
}

export interface Count {
  readonly terms: readonly Term[];
}
