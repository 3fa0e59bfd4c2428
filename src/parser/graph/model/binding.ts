/** Numbers for the names in formulas: what the user gave, what a sheet or a trace shows, what the script says, and what follows from those. */

import { nearest } from '../../../source/nearest.ts';
import { carriedTo } from './carried-counts.ts';
import type { ChannelModel } from './channel-model.ts';
import { type Atom, type Count, numberFor } from './count.ts';
import { type Dimension, tellsSamples } from './dimensions.ts';

/** Counted somewhere; said by the user or the script; taken for granted. */
export type Basis = 'measured' | 'declared' | 'assumed';

export interface Known {
  readonly number: number;
  readonly basis: Basis;
  /** For people: `rows of samples.csv`. */
  readonly from: string;
}

/** The user says how many there are of something that the pipeline does not have. */
export class UnknownCount extends Error {
  readonly hint: string;
  constructor(name: string, known: readonly string[]) {
    super(`--set-size ${name}: nothing in this pipeline is counted by that name`);
    this.name = 'UnknownCount';
    const [near] = nearest(name, known);
    this.hint = `${near === undefined ? '' : `did you mean ${near}?\n`}${listOf(known)}`;
  }
}

const MOST_LISTED = 20;

function listOf(names: readonly string[]): string {
  if (names.length === 0) return 'nothing in it has a number that could be given';
  const more = names.length - MOST_LISTED;
  return `what is counted: ${names.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

export class Binding {
  readonly #model: ChannelModel;
  readonly #given: ReadonlyMap<string, number>;
  readonly #found: ReadonlyMap<Atom, Known>;
  readonly #known = new Map<Atom, Known | undefined>();
  readonly #ofAtom: ReadonlyMap<Atom, Dimension>;
  /** Names that were given and that stand in no formula. */
  get unused(): readonly string[] {
    const names = new Set(this.#model.dimensions.names());
    return [...this.#given.keys()].filter((name) => !names.has(name));
  }

  /** @param found what a sheet or a trace shows; what is given by name goes before it */
  constructor(model: ChannelModel, given: ReadonlyMap<string, number>, found: ReadonlyMap<Atom, Known> = new Map()) {
    this.#model = model;
    this.#given = given;
    this.#found = found;
    this.#ofAtom = new Map(model.dimensions.all.map((dimension) => [dimension.atom, dimension]));
  }

  /** The same, with a number for counts of which nothing tells. */
  assuming(atoms: readonly Atom[], number: number): Binding {
    const assumed = atoms.map((atom): [Atom, Known] => [atom, { number, basis: 'assumed', from: 'nothing tells' }]);
    return new Binding(this.#model, this.#given, new Map([...assumed, ...this.#found]));
  }

  /** The same, with a number that is given by its name: what a run or a sheet shows grows with it. */
  giving(name: string, number: number): Binding {
    const dimension = this.#model.dimensions.all.find(({ atom }) => atom.name === name);
    const found =
      dimension === undefined ? this.#found : carriedTo(this.#model, this.#found, (atom) => this.numberOf(atom), dimension, number);
    return new Binding(this.#model, new Map([...this.#given, [name, number]]), found);
  }

  /** The same, with what was counted in one run: that, and what follows from it, goes before what the user gave for another. */
  measuring(counted: ReadonlyMap<Atom, Known>): Binding {
    const run = new Binding(this.#model, new Map(), counted);
    const isTold = (name: string): boolean => this.#model.dimensions.named(name).some((atom) => run.numberOf(atom) !== undefined);
    const given = new Map([...this.#given].filter(([name]) => !isTold(name)));
    return new Binding(this.#model, given, new Map([...this.#found, ...counted]));
  }

  /** undefined: nothing says how many. */
  numberOf(atom: Atom): number | undefined {
    return this.knownOf(atom)?.number;
  }

  /** The number, and how it is known. */
  knownOf(atom: Atom): Known | undefined {
    if (this.#known.has(atom)) return this.#known.get(atom);
    this.#known.set(atom, undefined); // for what goes round
    const known = this.#compute(atom);
    this.#known.set(atom, known);
    return known;
  }

  /** Given, found or written down, not taken from another. */
  certainOf(atom: Atom): number | undefined {
    return this.#certain(atom)?.number;
  }

  #certain(atom: Atom): Known | undefined {
    const given = this.#given.get(atom.name);
    if (given !== undefined) return { number: given, basis: 'declared', from: 'given' };
    const found = this.#found.get(atom);
    if (found !== undefined && found.basis !== 'assumed') return found;
    return atom.known === undefined ? undefined : { number: atom.known, basis: 'declared', from: 'written in the script' };
  }

  #compute(atom: Atom): Known | undefined {
    const certain = this.#certain(atom);
    if (certain !== undefined) return certain;
    if (atom.derived !== undefined) {
      const numbers = atom.derived.from.map((count) => this.countOf(count));
      if (numbers.includes(undefined)) return undefined;
      const atoms = [...new Set(atom.derived.from.flatMap(({ terms }) => terms.flatMap((term) => term.atoms)))];
      return {
        number: Math.max(0, atom.derived.of(numbers as number[])),
        basis: weakest(atoms.flatMap((one) => this.knownOf(one)?.basis ?? [])),
        from: atoms.length === 0 ? 'written in the script' : `follows from ${atoms.map(({ name }) => name).join(', ')}`,
      };
    }
    const found = this.#found.get(atom);
    if (found !== undefined) return found;
    const dimension = this.#ofAtom.get(atom);
    if (dimension === undefined) return undefined;
    if (dimension.key !== undefined) {
      // Whoever groups by more than what tells the samples apart has at least as many groups, and mostly as many.
      const coarser = this.#model.dimensions
        .coarserThan(dimension.quotientOf, dimension.key)
        .flatMap((one) => (one.atom === atom ? [] : { key: one.key, atom: one.atom, number: this.certainOf(one.atom) }));
      // More than what tells antibodies apart may be anything in between: mostly each item by itself.
      return (
        mostOf(coarser.filter(({ key }) => key !== undefined && tellsSamples(key.shown))) ??
        asManyAs(dimension.quotientOf, this.countOf(this.#model.dimensions.countOf(dimension.quotientOf))) ??
        mostOf(coarser)
      );
    }
    // Rows of a sheet of which only the samples are known: one each.
    const made = this.#model.dimensions.all.filter(
      ({ key, quotientOf }) => key !== undefined && quotientOf.length === 1 && quotientOf[0] === dimension,
    );
    return mostOf(made.map(({ atom: one }) => ({ atom: one, number: this.certainOf(one) }))) ?? this.#asManyAsSamples(dimension, made);
  }

  /** Samples that are listed once more, as where each of several formats has a branch of its own, and rows that are gathered by what names a sample. */
  #asManyAsSamples({ atom, within }: Dimension, made: readonly Dimension[]): Known | undefined {
    const isOfSamples = /^samples \d+$/.test(atom.name) || made.some(({ key }) => key !== undefined && SAMPLE.test(key.shown));
    const samples = isOfSamples && within.length === 0 ? this.#model.dimensions.all.find((one) => one.atom.name === 'samples') : undefined;
    return samples === undefined || samples.atom === atom
      ? undefined
      : mostOf([{ atom: samples.atom, number: this.certainOf(samples.atom) }]);
  }

  /** Whether all numbers in it are given, found, written down, or follow from such. */
  isCertain(count: Count): boolean {
    return count.terms.every((term) => term.atoms.every((atom) => this.isCertainOf(atom)));
  }

  isCertainOf(atom: Atom): boolean {
    if (this.certainOf(atom) !== undefined) return true;
    return atom.derived?.from.every((count) => this.isCertain(count)) === true;
  }

  countOf(count: Count): number | undefined {
    return numberFor(count, (atom) => this.numberOf(atom));
  }
}

const SAMPLE = /(^|[.+_])(sample|patient|subject|individual)/i;

function weakest(some: readonly Basis[]): Basis {
  return some.includes('assumed') ? 'assumed' : some.includes('declared') || some.length === 0 ? 'declared' : 'measured';
}

function mostOf(some: readonly { readonly atom: Atom; readonly number: number | undefined }[]): Known | undefined {
  let most: Known | undefined;
  for (const { atom, number } of some)
    if (number !== undefined && (most === undefined || number > most.number))
      most = { number, basis: 'assumed', from: `as many as ${atom.name}` };
  return most;
}

function asManyAs(base: readonly Dimension[], number: number | undefined): Known | undefined {
  if (number === undefined) return undefined;
  return { number, basis: 'assumed', from: `as many as ${base.map(({ atom }) => atom.name).join(' × ')}` };
}
