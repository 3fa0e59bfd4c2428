/** What two branches of a condition leave behind, made one: outcomes of the journal, and values. */
import type { SourceRange } from '../../source/source-file.ts';
import type { GuardLiteral } from './guard.ts';
import { equal } from './operators.ts';
import type { Journal, Outcome } from './scope.ts';
import { flowing, HostValue, truthOf, UnknownValue, type Value } from './value.ts';

export interface Alternative {
  readonly value: Value;
  readonly literal: GuardLiteral;
}

/** Of a branch that was not walked. */
export const NO_CHANGES: Outcome = { changes: new Map(), lists: new Map() };

export class Branches {
  readonly #journal: Journal;
  /** Joins values that flow. */
  readonly #join: (alternatives: readonly Alternative[], place: SourceRange) => Value;

  constructor(journal: Journal, join: (alternatives: readonly Alternative[], place: SourceRange) => Value) {
    this.#journal = journal;
    this.#join = join;
  }

  /** Of a branch that is not taken only what flows matters: it is remembered as an alternative that is off. */
  recall(shadow: Outcome, taken: GuardLiteral): void {
    for (const [map, keys] of shadow.changes) {
      for (const [key, { after, data }] of keys) {
        if (data || after === undefined || flowing(after).length === 0) continue;
        const now = map.get(key);
        if (now === undefined) this.#journal.write(map, key, after);
        else if (now !== after && now instanceof HostValue && now.flows) {
          this.#journal.write(
            map,
            key,
            this.#join(
              [
                { value: now, literal: taken },
                { value: after, literal: taken.opposite },
              ],
              taken.place,
            ),
          );
        }
      }
    }
  }

  /** What holds behind both branches of a condition that is not known. */
  merge(first: Outcome, second: Outcome, literal: GuardLiteral): void {
    const seen = new Set<string>();
    const maps = new Set([...first.changes.keys(), ...second.changes.keys()]);
    for (const map of maps) {
      seen.clear();
      for (const key of [...(first.changes.get(map)?.keys() ?? []), ...(second.changes.get(map)?.keys() ?? [])]) {
        if (seen.has(key)) continue;
        seen.add(key);
        const one = first.changes.get(map)?.get(key);
        const two = second.changes.get(map)?.get(key);
        const now = map.get(key);
        const data = (one ?? two)?.data === true;
        let whenTrue = one === undefined ? now : one.after;
        let whenFalse = two === undefined ? now : two.after;
        // A key that only one branch adds to a map may be absent.
        if (data) {
          whenTrue ??= null;
          whenFalse ??= null;
        }
        this.#journal.write(map, key, this.#either(whenTrue, whenFalse, literal), data);
      }
    }
    for (const list of new Set([...first.lists.keys(), ...second.lists.keys()])) {
      const one = first.lists.get(list) ?? list.items;
      const two = second.lists.get(list) ?? list.items;
      this.#journal.touch(list);
      const common: Value[] = [];
      for (const item of one.length >= two.length ? one : two) common.push(item);
      list.items = common;
      list.open = true;
    }
  }

  #either(one: Value | undefined, two: Value | undefined, literal: GuardLiteral): Value | undefined {
    if (one === undefined) return two;
    if (two === undefined) return one;
    return this.choose(one, two, literal);
  }

  /** One value of two. */
  choose(whenTrue: Value, whenFalse: Value, literal: GuardLiteral): Value {
    if (whenTrue === whenFalse || equal(whenTrue, whenFalse) === true) return whenTrue;
    if (flowing(whenTrue).length > 0 || flowing(whenFalse).length > 0) {
      return this.#join(
        [
          { value: whenTrue, literal },
          { value: whenFalse, literal: literal.opposite },
        ],
        literal.place,
      );
    }
    const one = truthOf(whenTrue);
    const two = truthOf(whenFalse);
    return new UnknownValue(`depends on ${literal.text}`, one === two && one !== 'unknown' ? { truthy: one } : {});
  }
}
