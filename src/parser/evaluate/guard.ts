/** Conditions under which something of a pipeline happens. */
import { rangeIn, type SourceRange } from '../../source/source-file.ts';
import { negate, type Truth } from './value.ts';

/** For the given params. */
export type Activity = Truth;

/** One condition that has to hold. Its text is cut from the source on demand: most guards are never shown. */
export class GuardLiteral {
  readonly place: SourceRange;
  readonly negated: boolean;
  readonly active: Activity;
  // No `#` fields: thousands of literals are made, and V8 is slow to make those.
  /** `case 'x'` of a switch, where the condition is more than what is written. */
  private readonly prefix: string;
  /** Shared by what stands for one evaluation of the condition: in the next round of a loop it may turn out otherwise. */
  private readonly occasion: object;
  private cut: string | undefined;

  constructor(place: SourceRange, negated: boolean, active: Activity, prefix = '', occasion: object = {}) {
    this.place = place;
    this.negated = negated;
    this.active = active;
    this.prefix = prefix;
    this.occasion = occasion;
  }

  isSame(other: GuardLiteral): boolean {
    return this.occasion === other.occasion && this.negated === other.negated;
  }
  isOpposite(other: GuardLiteral): boolean {
    return this.occasion === other.occasion && this.negated !== other.negated;
  }

  get text(): string {
    this.cut ??= this.write();
    return this.cut;
  }

  private write(): string {
    const text = this.prefix + this.place.file.slice(this.place).replace(/\s+/g, ' ').trim();
    if (!this.negated) return text;
    if (/^!\s*[\w.]+$/.test(text)) return text.slice(1).trim();
    return /^[\w.]+(\([^()]*\))?$/.test(text) ? `!${text}` : `!(${text})`;
  }

  get opposite(): GuardLiteral {
    const { file, start, end } = this.place;
    return new GuardLiteral(rangeIn(file, { start, end }), !this.negated, negate(this.active), this.prefix, this.occasion);
  }
}

/** A conjunction. */
export type Guard = readonly GuardLiteral[];

export function conjunction(...activities: readonly Activity[]): Activity {
  if (activities.includes(false)) return false;
  return activities.includes('unknown') ? 'unknown' : true;
}

export function disjunction(...activities: readonly Activity[]): Activity {
  if (activities.includes(true)) return true;
  return activities.includes('unknown') ? 'unknown' : false;
}

export function activityOf(guard: Guard): Activity {
  let activity: Activity = true;
  for (const literal of guard) {
    if (literal.active === false) return false;
    if (literal.active === 'unknown') activity = 'unknown';
  }
  return activity;
}

/** The conditions of a guard that are not known. */
export function unknownIn(guard: Guard): Guard {
  return guard.filter((literal) => literal.active === 'unknown');
}

/** Those that are. */
export function knownIn(guard: Guard): Guard {
  return guard.filter((literal) => literal.active !== 'unknown');
}

/** Real ones are certain after two or three, or never. */
const MOST_CASES = 16;

/** Conjunctions of unknown conditions, of which it is enough that one holds: `a` or `!a` is certain, whatever `a` is. */
export class Cases {
  readonly #cases: Guard[] = [];
  #certain = false;

  get certain(): boolean {
    return this.#certain;
  }

  add(conjunction: Guard): void {
    const waiting = [conjunction];
    for (let added = waiting.pop(); added !== undefined && !this.#certain; added = waiting.pop()) {
      const one = added;
      this.#certain = one.length === 0;
      if (this.#cases.length === MOST_CASES || this.#cases.some((known) => implies(one, known))) continue;
      for (const known of this.#cases) {
        const shorter = withoutOpposites(known, one);
        if (shorter !== undefined) waiting.push(shorter);
      }
      this.#cases.push(one);
    }
  }
}

/** Both conjunctions as one. */
export function united(one: Guard, two: Guard): Guard {
  const more = two.filter((literal) => !one.some((other) => other.isSame(literal)));
  return more.length === 0 ? one : [...one, ...more];
}

/** Each condition of `two` is one of `one`'s. */
export function implies(one: Guard, two: Guard): boolean {
  return two.every((literal) => one.some((other) => other.isSame(literal)));
}

/** `a && b` or `!a && b` is `b`: what is left when the two differ in one condition alone; undefined when it is no shorter. */
function withoutOpposites(one: Guard, two: Guard): Guard | undefined {
  const pivots = one.filter((literal) => two.some((other) => other.isOpposite(literal)));
  const [pivot] = pivots;
  if (pivot === undefined || pivots.length > 1) return undefined;
  const rest = united(
    one.filter((literal) => literal !== pivot),
    two.filter((literal) => !literal.isOpposite(pivot)),
  );
  return rest.length < Math.max(one.length, two.length) ? rest : undefined;
}
