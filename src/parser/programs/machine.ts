/**
 * The state of a program that is gone through again and again, until what its variables may hold grows no more: variables, lists and
 * parameters as cells that only grow, and what is done to files. The order of statements is not looked at: each may come after each.
 */
import type { SyntaxNode } from '../grammar/grammar.ts';
import type { FileHow, FileUse, Piece, ProgramOption, ProgramReading, Remark } from './program-reading.ts';
import { type Atom, atomsOf, NOTHING, oneOf, PLAIN, UNKNOWN, union, type Value, widened } from './values.ts';

export interface Parameter {
  readonly name: string;
  /** `rest`: all words behind (`*args`, `...`); `named`: all others by their names (`**kw`). */
  readonly kind: 'one' | 'rest' | 'named';
}

export interface OwnFunction {
  readonly id: string;
  readonly parameters: readonly Parameter[];
  /** Its first parameter is the object that it is called on. */
  readonly isMethod: boolean;
}

export interface Given {
  readonly places: readonly Value[];
  readonly names: ReadonlyMap<string, Value>;
  /** Words and named words of which the number is not known. */
  readonly rest: Value;
  readonly more: Value;
}

export const GIVEN_NOTHING: Given = { places: [], names: new Map(), rest: NOTHING, more: NOTHING };

export type RemarkKind = 'runs' | 'network' | 'environment' | 'dynamic';

/** Nodes that are looked at and things that are put in cells, in all rounds together. The largest of 391 public programs takes 31,000. */
const MOST_STEPS = 250_000;
/** The longest of these programs takes 8. */
const MOST_ROUNDS = 24;
/** From here on names that grow are any names. */
const WIDENED_FROM = 6;
const MOST_KEYS = 60;

export class TooMuch extends Error {}

export class Machine {
  readonly #cells = new Map<string, Value>();
  readonly #keys = new Map<string, Set<string>>();
  readonly #files = new Map<string, FileUse>();
  readonly #remarks = new Map<string, Remark & { readonly kind: RemarkKind }>();
  readonly #called = new Set<string>();
  readonly functions = new Map<string, OwnFunction>();
  readonly options = new Map<string, ProgramOption>();
  readonly strings = new Set<string>();
  #steps = 0;
  #round = 0;
  #grown = false;

  step(count = 1): void {
    this.#steps += count;
    if (this.#steps > MOST_STEPS) throw new TooMuch();
  }

  /** Until nothing grows. */
  run(once: () => void): void {
    for (this.#round = 0; this.#round < MOST_ROUNDS; this.#round += 1) {
      this.#grown = false;
      this.#files.clear();
      this.#remarks.clear();
      once();
      if (!this.#grown) return;
    }
    throw new TooMuch();
  }

  // ---------------------------------------------------------------------------------------------------- cells

  get(cell: string): Value | undefined {
    return this.#cells.get(cell);
  }

  join(cell: string, value: Value): void {
    this.step(1 + value.size);
    const before = this.#cells.get(cell);
    const more = union(before ?? NOTHING, this.#round >= WIDENED_FROM ? widened(value, before) : value);
    if (before !== undefined && before.size === more.size && [...more.keys()].every((key) => before.has(key))) return;
    this.#cells.set(cell, more);
    this.#grown = true;
  }

  // ---------------------------------------------------------------------------------------------------- lists and tables

  /** One that is made here, of these, each at its place. */
  many(site: string, items: readonly Value[] = [], others: Value = NOTHING): Value {
    for (const [at, item] of items.entries()) this.put(site, String(at), item);
    this.put(site, undefined, others);
    return oneOf({ type: 'many', site });
  }

  /** `key`: undefined where that is not known. */
  put(site: string, key: string | undefined, value: Value): void {
    const keys = this.#keys.get(site) ?? new Set();
    this.#keys.set(site, keys);
    const known = key !== undefined && (keys.has(key) || keys.size < MOST_KEYS) ? key : undefined;
    if (known !== undefined) keys.add(known);
    if (value.size > 0 || known !== undefined) this.join(`${site}[${known ?? '+'}]`, value);
  }

  /** What is at a place, or at any. */
  at(site: string, key: string | undefined): Value {
    const keys = this.#keys.get(site) ?? new Set<string>();
    const more = this.get(`${site}[+]`) ?? NOTHING;
    if (key !== undefined && !this.isMoved(site)) return union(more, keys.has(key) ? (this.get(`${site}[${key}]`) ?? NOTHING) : NOTHING);
    return union(more, ...[...keys].map((one) => this.get(`${site}[${one}]`) ?? NOTHING));
  }

  /** All of it by its places or names, where nothing else may be in it. */
  known(site: string): ReadonlyMap<string, Value> | undefined {
    if (this.isMoved(site) || (this.get(`${site}[+]`) ?? NOTHING).size > 0) return undefined;
    return new Map([...(this.#keys.get(site) ?? [])].map((key) => [key, this.get(`${site}[${key}]`) ?? NOTHING]));
  }

  /** Its places are not those at which it was made: sorted, with one more in front. */
  move(site: string): void {
    this.join(`${site}[moved]`, PLAIN);
  }
  isMoved(site: string): boolean {
    return this.#cells.has(`${site}[moved]`);
  }

  /** Whatever lies in lists and tables, at any depth. */
  flat(value: Value): Value {
    const seen = new Set<string>();
    const found: Atom[] = [];
    const waiting = [...atomsOf(value)];
    for (let atom = waiting.pop(); atom !== undefined; atom = waiting.pop()) {
      if (atom.type !== 'many') found.push(atom);
      else if (!seen.has(atom.site)) {
        seen.add(atom.site);
        const inner = this.at(atom.site, undefined);
        this.step(1 + inner.size);
        waiting.push(...atomsOf(inner));
      }
    }
    return union(oneOf(...found));
  }

  // ---------------------------------------------------------------------------------------------------- functions

  result(id: string): Value {
    return this.get(`${id} result`) ?? NOTHING;
  }

  isCalled(id: string): boolean {
    return this.#called.has(id);
  }

  #call(id: string): void {
    if (this.#called.has(id)) return;
    this.#called.add(id);
    this.#grown = true;
  }

  /** Anybody may call it, with anything. */
  escape(id: string): void {
    const own = this.functions.get(id);
    if (own === undefined) return;
    this.#call(id);
    own.parameters.slice(own.isMethod ? 1 : 0).forEach(({ name, kind }) => {
      this.join(`${id}.${name}`, kind === 'one' ? UNKNOWN : this.many(`${id}.${name}`, [], UNKNOWN));
    });
  }

  call(atom: Extract<Atom, { type: 'function' }>, given: Given): Value {
    const own = this.functions.get(atom.id);
    if (own === undefined) return UNKNOWN;
    this.#call(atom.id);
    let parameters = own.parameters;
    const [first] = parameters;
    if (own.isMethod && atom.self !== undefined && first !== undefined) {
      const isOfClass = this.get(`${atom.id} of class`) !== undefined;
      this.join(`${atom.id}.${first.name}`, oneOf({ type: isOfClass ? 'class' : 'object', id: atom.self }));
      parameters = parameters.slice(1);
    }
    const put = ({ name, kind }: Parameter, value: Value, key?: string): void => {
      const cell = `${atom.id}.${name}`;
      if (kind === 'one') this.join(cell, value);
      else {
        this.put(cell, key, value);
        this.join(cell, oneOf({ type: 'many', site: cell }));
      }
    };
    const rest = parameters.find(({ kind }) => kind === 'rest');
    const named = parameters.find(({ kind }) => kind === 'named');
    const before = parameters.findIndex(({ kind }) => kind !== 'one');
    const places = (before < 0 ? parameters : parameters.slice(0, before)).slice(atom.skip ?? 0);
    for (const one of [rest, named]) if (one !== undefined) put(one, NOTHING);
    if (atom.loose) {
      for (const value of [...given.places, given.rest, given.more]) for (const one of parameters) put(one, value);
    } else {
      for (const [at, value] of given.places.entries()) {
        const one = places[at];
        if (one !== undefined) put(one, value);
        else if (rest !== undefined) put(rest, value, String(at - places.length));
      }
      // Words and names of which the number is not known fill what nothing else does.
      const left = parameters.filter(
        (one) => one.kind !== 'one' || (!places.slice(0, given.places.length).includes(one) && !given.names.has(one.name)),
      );
      if (given.rest.size > 0) for (const one of left) if (one.kind !== 'named') put(one, given.rest);
      if (given.more.size > 0) for (const one of left) if (one.kind !== 'rest') put(one, given.more);
    }
    for (const [name, value] of given.names) {
      const one = parameters.find((parameter) => parameter.name === name && parameter.kind === 'one');
      if (one !== undefined) put(one, value);
      else if (named !== undefined) put(named, value, name);
      else if (rest !== undefined) put(rest, value);
    }
    return this.result(atom.id);
  }

  // ---------------------------------------------------------------------------------------------------- what is done

  /** To each file that the value may be the name of. */
  file(how: FileHow, value: Value, by: string, { start }: SyntaxNode): void {
    for (const name of namesOf(this.flat(value))) {
      const use: FileUse = { how, name, by, start };
      this.#files.set(JSON.stringify(use), use);
    }
  }

  remark(kind: RemarkKind, what: string, { start }: SyntaxNode): void {
    this.#remarks.set(`${kind} ${what} ${start}`, { kind, what, start });
  }

  reading(): ProgramReading {
    const of = (kind: RemarkKind): Remark[] =>
      [...this.#remarks.values()].filter((one) => one.kind === kind).map(({ what, start }) => ({ what, start }));
    return {
      opaque: undefined,
      files: [...this.#files.values()].sort((one, two) => one.start - two.start),
      runs: of('runs'),
      network: of('network'),
      environment: of('environment'),
      dynamic: of('dynamic'),
      options: [...this.options.values()],
      strings: [...this.strings],
    };
  }
}

/** Of what is no name at all there is none; of what holds one that nobody knows one that is unknown. */
function namesOf(value: Value): readonly (readonly Piece[])[] {
  return atomsOf(value).flatMap((atom): (readonly Piece[])[] => {
    switch (atom.type) {
      case 'name':
        return [atom.pieces];
      case 'content':
        return [[{ type: 'content' }]];
      case 'words':
        return [[{ type: 'told', by: '#*' }]];
      case 'plain':
      case 'stream':
      case 'class':
      case 'function':
      case 'member':
      case 'many':
        return [];
      default:
        return [[{ type: 'unknown' }]];
    }
  });
}
