/** The dimensions of a model: what each is made of, and what follows from what. */
import type { ChannelNode } from '../process-graph.ts';
import { type Atom, type Count, product } from './count.ts';
import type { Selection } from './shapes.ts';
import { namedAfter, whenceOf } from './whence.ts';

/**
 * What tells items apart: samples, lanes of a sample, intervals. An *element* is one of several made of each item of `within`;
 * a *quotient* gathers items of `quotientOf` that have the same key.
 */
export interface Dimension {
  readonly id: number;
  /** Where it comes from: a source or splitter; for a quotient the operator that was the first to tell its keys apart. */
  readonly origin: ChannelNode;
  /** An item of this belongs to one of each of these: a lane is within its sample. */
  readonly within: Index;
  readonly quotientOf: Index;
  /** How many for each assignment of `within`; of a quotient, how many in all. */
  readonly atom: NamedAtom;
  /** Of a quotient: what its keys are made of. */
  readonly key: KeyParts | undefined;
  /** The same items once more, to be met by each of themselves (`combine` of a channel with its own kind). */
  readonly copyOf: Dimension | undefined;
  /** Ids of the lists, as parts of items, of which these are the elements. */
  readonly elementsOf: Set<string>;
}

export type Index = readonly Dimension[];

/** Those of an index that meet conditions. */
export interface Selected {
  readonly atom: Atom;
  readonly base: Index;
  readonly selections: readonly Selection[];
}

export interface KeyParts {
  /** For people: `meta.id`. */
  readonly shown: string;
  /** Ids of parts of items that stand in the key as they are. */
  readonly plain: ReadonlySet<string>;
  /** Of these and of all that went into what was made for it. */
  readonly all: ReadonlySet<string>;
}

/** Whether who knows the one key knows the other. */
export function determines(one: KeyParts, other: KeyParts): boolean {
  return [...other.all].every((id) => {
    for (let at = id; ; at = at.slice(0, at.lastIndexOf('.'))) {
      if (one.plain.has(at)) return true;
      if (!at.includes('.')) return false;
    }
  });
}

class NamedAtom implements Atom {
  name: string;
  known: number | undefined;
  derived: Atom['derived'];
  /** As many as these, unless told otherwise: keys are mostly one for each item that they come from. */
  readonly mostly: Index | undefined;
  constructor(name: string, known?: number, mostly?: Index, derived?: Atom['derived']) {
    this.name = name;
    this.known = known;
    this.mostly = mostly;
    this.derived = derived;
  }
}

const NAMES_A_SAMPLE = /(^|[.+])(\w*id|\w*name|sample\w*|patient|subject|individual|specimen|library|group|meta)$|^$/i;

/** Whether a key that is shown so names a sample. */
export function tellsSamples(shown: string): boolean {
  return shown === '' || shown.split('+').some((part) => NAMES_A_SAMPLE.test(part));
}

export class Dimensions {
  readonly all: Dimension[] = [];
  readonly #quotients = new Map<string, Dimension>();
  /** Those of the same items, by the ids of these. */
  readonly #quotientsOf = new Map<string, Dimension[]>();
  readonly #elements = new Map<string, Dimension>();
  readonly #selected = new Map<string, Selected>();
  /** Of all of them; and the last number that was put behind each that was asked for again. */
  readonly #names = new Set<string>();
  readonly #lastOf = new Map<string, number>();

  /** Several items made of one at a node: the same each time that it is asked for. */
  element(origin: ChannelNode, within: Index, name: string, known?: number, port: string | number = ''): Dimension {
    const key = `${origin.index} ${port} ${idsOf(within)}`;
    let made = this.#elements.get(key);
    if (made === undefined) {
      made = {
        id: this.all.length,
        origin,
        within,
        quotientOf: [],
        atom: new NamedAtom(this.#unique(name), known),
        key: undefined,
        copyOf: undefined,
        elementsOf: new Set(),
      };
      this.all.push(made);
      this.#elements.set(key, made);
    }
    return made;
  }

  /** Batches, pairs and others whose number follows from those of what they are made of. */
  derived(
    origin: ChannelNode,
    from: readonly Count[],
    name: string,
    of: (counts: readonly number[]) => number,
    port: string | number = '',
  ): Dimension {
    const made = this.element(origin, [], name, undefined, port);
    made.atom.derived ??= {
      from,
      of: (numbers) => of(numbers),
    };
    return made;
  }

  copy(origin: ChannelNode, of: Dimension): Dimension {
    const key = `copy ${origin.index} ${of.id}`;
    let made = this.#elements.get(key);
    if (made === undefined) {
      const atom = new NamedAtom(this.#unique(`${of.atom.name} again`), undefined, undefined, {
        from: [this.countOf([of])],
        of: ([count = 0]) => count,
      });
      made = { id: this.all.length, origin, within: [], quotientOf: [], atom, key: undefined, copyOf: of, elementsOf: of.elementsOf };
      this.all.push(made);
      this.#elements.set(key, made);
    }
    return made;
  }

  /** What a key is known to tell apart: by itself, or because something groups by it. */
  known(
    key: KeyParts & { readonly signature: string; readonly dimensions: ReadonlySet<Dimension>; readonly identifies: boolean },
  ): Index | undefined {
    const base = this.reduced(key.dimensions);
    if (key.identifies || base.length === 0) return base;
    const quotient = this.#quotients.get(`${idsOf(base)} ${key.signature}`);
    return quotient === undefined ? undefined : [quotient];
  }

  /** Items of `base` told apart by a key: all who group by the same key get the same dimension. */
  quotient(base: Index, signature: string, origin: ChannelNode, parts: KeyParts): Dimension {
    // Whose key says all that told the items apart tells them apart again.
    const [only] = base;
    if (base.length === 1 && only?.key !== undefined && determines(parts, only.key)) return only;
    const key = `${idsOf(base)} ${signature}`;
    let made = this.#quotients.get(key);
    if (made === undefined) {
      made = {
        id: this.all.length,
        origin,
        within: [],
        quotientOf: base,
        atom: new NamedAtom(this.#quotientName(base, origin, parts), undefined, base),
        key: parts,
        copyOf: undefined,
        elementsOf: new Set(),
      };
      this.all.push(made);
      this.#quotients.set(key, made);
      const same = this.#quotientsOf.get(idsOf(base));
      if (same === undefined) this.#quotientsOf.set(idsOf(base), [made]);
      else same.push(made);
    }
    return made;
  }

  /** Rows of the sheet that are grouped by what names a sample were not the samples yet. */
  #quotientName(base: Index, origin: ChannelNode, parts: KeyParts): string {
    const [only] = base;
    const { shown } = parts;
    if (
      base.length === 1 &&
      only !== undefined &&
      only.key === undefined &&
      only.atom.name === 'samples' &&
      origin.type === 'operator' &&
      origin.name === 'groupTuple' &&
      tellsSamples(shown)
    ) {
      // The name goes over to what is made here.
      only.atom.name = this.#unique(namedAfter('rows', whenceOf(only.origin)));
      return 'samples';
    }
    const fields = shown.split('+');
    const coarser = this.coarserThan(base, parts)[0];
    if (coarser?.key !== undefined) {
      const known = coarser.key.shown.split('+');
      const more = fields.find((field) => !known.includes(field));
      return this.#unique(`${coarser.atom.name} by ${more ?? 'key'}`);
    }
    const field = fields.find((part) => part !== '' && NAMES_A_SAMPLE.test(part));
    const name = base.map(({ atom }) => atom.name).join(' and ');
    return this.#unique(shown === '' ? `${name} by key` : `${name} by ${field ?? fields[0]}`);
  }

  #unique(name: string): string {
    let free = name;
    let number = this.#lastOf.get(name) ?? 1;
    while (this.#names.has(free)) free = `${name} ${++number}`;
    if (free !== name) this.#lastOf.set(name, number);
    this.#names.add(free);
    return free;
  }

  /** Quotients of the same items by less than these parts. */
  coarserThan(base: Index, parts: KeyParts): readonly Dimension[] {
    return (this.#quotientsOf.get(idsOf(base)) ?? []).filter(({ key }) => key !== undefined && key !== parts && determines(parts, key));
  }

  /** Whether who knows the index knows this dimension too. */
  implies(index: Iterable<Dimension>, wanted: Dimension): boolean {
    return follows(closureOf(index), wanted);
  }

  /** The index without what follows from the rest of it, in the order of ids. */
  reduced(index: Iterable<Dimension>): Index {
    const some = [...new Set(index)];
    if (some.length < 2) return some;
    const kept = some.filter(
      (one) => !some.some((other) => other !== one && this.implies([other], one) && !(this.implies([one], other) && other.id > one.id)),
    );
    // A quotient of several dimensions that are all there follows from them together.
    return kept
      .filter(
        (one) =>
          !this.implies(
            kept.filter((other) => other !== one),
            one,
          ),
      )
      .sort((one, two) => one.id - two.id);
  }

  /**
   * Of two indices that meet where they agree on `shared`: what of the right one depends on more of the left one than that, so that
   * each of the one meeting each of the other is not told apart by both together.
   */
  tangled(left: Index, right: Index, shared: Index = []): Index {
    const extra = (index: Index): Dimension[] => [...closureOf(index)].filter((one) => !this.implies(shared, one));
    const mine = extra(left);
    return right.filter((one) => extra([one]).some((part) => this.implies(left, part)) || mine.some((part) => this.implies([one], part)));
  }

  /** All names that formulas can have. */
  names(): readonly string[] {
    return [...this.all.map(({ atom }) => atom.name), ...this.selectedNames()];
  }

  /** What formulas call so. */
  named(name: string): readonly Atom[] {
    return [...this.all, ...this.selected()].flatMap(({ atom }) => (atom.name === name ? [atom] : []));
  }

  /** Of those that meet conditions. */
  selectedNames(): readonly string[] {
    return this.selected().map(({ atom }) => atom.name);
  }

  selected(): readonly Selected[] {
    return [...this.#selected.values()];
  }

  /** How many assignments an index has. */
  countOf(index: Index): Count {
    return product(this.freeOf(index).map(({ atom }) => atom));
  }

  /** What of an index, and of what that is within, does not follow from the rest, in the order of ids. */
  freeOf(index: Index): Index {
    const needed = closureOf(index);
    for (const one of [...needed].sort((a, b) => b.id - a.id)) {
      if (one.quotientOf.length === 0) continue;
      // It is not known by what is within it: who counts files of each group has to count groups.
      needed.delete(one);
      if (!follows(needed, one)) needed.add(one);
    }
    return [...needed].sort((one, two) => one.id - two.id);
  }

  /** How many of them meet conditions that are not known: a count of its own. */
  countSelected(index: Index, selections: readonly Selection[]): Count {
    if (selections.length === 0) return this.countOf(index);
    const base = this.reduced(index);
    const labels = selections.map(({ label }) => label);
    const key = `${idsOf(base)} ${labels.join('\u0000')}`;
    let selected = this.#selected.get(key);
    if (selected === undefined) {
      const atom = new NamedAtom('', undefined, undefined);
      Object.defineProperty(atom, 'name', {
        get: () => `${base.map((one) => one.atom.name).join(' × ') || '1'} (${labels.join(', ')})`,
      });
      selected = { atom, base, selections };
      this.#selected.set(key, selected);
    }
    return product([selected.atom]);
  }
}

/** Whether who knows the index knows this dimension too. */
export function implies(index: Iterable<Dimension>, wanted: Dimension): boolean {
  return follows(closureOf(index), wanted);
}

function follows(closure: ReadonlySet<Dimension>, wanted: Dimension): boolean {
  if (closure.has(wanted)) return true;
  if (wanted.copyOf !== undefined) {
    // Of what was copied at one place the one follows from the other as it did before.
    const copied = [...closure].filter(({ origin, copyOf }) => copyOf !== undefined && origin === wanted.origin);
    return (
      copied.length > 0 &&
      implies(
        copied.map(({ copyOf }) => copyOf as Dimension),
        wanted.copyOf,
      )
    );
  }
  if (wanted.quotientOf.length === 0 || wanted.key === undefined) return false;
  if (wanted.quotientOf.every((base) => follows(closure, base))) return true;
  const ids = idsOf(wanted.quotientOf);
  for (const { key, quotientOf } of closure) if (key !== undefined && idsOf(quotientOf) === ids && determines(key, wanted.key)) return true;
  return false;
}

export function closureOf(index: Iterable<Dimension>): Set<Dimension> {
  const closure = new Set<Dimension>();
  const add = (one: Dimension): void => {
    if (closure.has(one)) return;
    closure.add(one);
    one.within.forEach(add);
  };
  for (const one of index) add(one);
  return closure;
}

const knownIds = new WeakMap<Index, string>();

export function idsOf(index: Index): string {
  let ids = knownIds.get(index);
  if (ids === undefined) {
    ids = index
      .map(({ id }) => id)
      .sort((one, two) => one - two)
      .join(',');
    knownIds.set(index, ids);
  }
  return ids;
}
