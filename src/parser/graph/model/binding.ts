/** Numbers for the names in formulas: what the user gave, what a sheet or the script says, and what mostly follows from those. */

import type { ChannelModel } from './channel-model.ts';
import { type Atom, type Count, numberFor } from './count.ts';
import { type Dimension, tellsSamples } from './dimensions.ts';

export class Binding {
  readonly #model: ChannelModel;
  readonly #given: ReadonlyMap<string, number>;
  readonly #known = new Map<Atom, number | undefined>();
  readonly #ofAtom: ReadonlyMap<Atom, Dimension>;
  /** Names that were given and that stand in no formula. */
  get unused(): readonly string[] {
    const names = new Set(this.#model.dimensions.names());
    return [...this.#given.keys()].filter((name) => !names.has(name));
  }

  constructor(model: ChannelModel, given: ReadonlyMap<string, number>) {
    this.#model = model;
    this.#given = given;
    this.#ofAtom = new Map(model.dimensions.all.map((dimension) => [dimension.atom, dimension]));
  }

  /** undefined: nothing says how many. */
  numberOf(atom: Atom): number | undefined {
    if (this.#known.has(atom)) return this.#known.get(atom);
    this.#known.set(atom, undefined); // for what goes round
    const number = this.#compute(atom);
    this.#known.set(atom, number);
    return number;
  }

  /** Given or written down, not taken from another. */
  certainOf(atom: Atom): number | undefined {
    return this.#given.get(atom.name) ?? atom.known;
  }

  #compute(atom: Atom): number | undefined {
    const certain = this.certainOf(atom);
    if (certain !== undefined) return certain;
    if (atom.derived !== undefined) {
      const numbers = atom.derived.from.map((count) => this.countOf(count));
      return numbers.includes(undefined) ? undefined : Math.max(0, atom.derived.of(numbers as number[]));
    }
    const dimension = this.#ofAtom.get(atom);
    if (dimension === undefined) return undefined;
    if (dimension.key !== undefined) {
      const coarser = this.#model.dimensions.coarserThan(dimension.quotientOf, dimension.key).flatMap((one) => {
        const count = one.atom === atom ? undefined : this.certainOf(one.atom);
        return count === undefined ? [] : [{ count, ofSamples: one.key !== undefined && tellsSamples(one.key.shown) }];
      });
      // Whoever groups by more than what tells the samples apart has at least as many groups, and mostly as many.
      const samples = coarser.filter(({ ofSamples }) => ofSamples).map(({ count }) => count);
      if (samples.length > 0) return Math.max(...samples);
      // More than what tells antibodies apart may be anything in between: mostly each item by itself.
      const items = this.countOf(this.#model.dimensions.countOf(dimension.quotientOf));
      return items ?? (coarser.length === 0 ? undefined : Math.max(...coarser.map(({ count }) => count)));
    }
    // Rows of a sheet of which only the samples are known: one each.
    const made = this.#model.dimensions.all.filter(
      ({ key, quotientOf }) => key !== undefined && quotientOf.length === 1 && quotientOf[0] === dimension,
    );
    const numbers = made.flatMap(({ atom: one }) => this.certainOf(one) ?? []);
    return numbers.length === 0 ? undefined : Math.max(...numbers);
  }

  /** Whether all numbers in it are given, written down, or follow from such. */
  isCertain(count: Count): boolean {
    return count.terms.every((term) => term.atoms.every((atom) => this.#isCertain(atom)));
  }

  #isCertain(atom: Atom): boolean {
    if (this.certainOf(atom) !== undefined) return true;
    return atom.derived?.from.every((count) => this.isCertain(count)) === true;
  }

  countOf(count: Count): number | undefined {
    return numberFor(count, (atom) => this.numberOf(atom));
  }
}
