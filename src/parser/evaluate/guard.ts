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
  /** `case 'x'` of a switch, where the condition is more than what is written. */
  readonly #prefix: string;
  #text: string | undefined;

  constructor(place: SourceRange, negated: boolean, active: Activity, prefix = '') {
    this.place = place;
    this.negated = negated;
    this.active = active;
    this.#prefix = prefix;
  }

  get text(): string {
    this.#text ??= this.#cut();
    return this.#text;
  }

  #cut(): string {
    const text = this.#prefix + this.place.file.slice(this.place).replace(/\s+/g, ' ').trim();
    if (!this.negated) return text;
    if (/^!\s*[\w.]+$/.test(text)) return text.slice(1).trim();
    return /^[\w.]+(\([^()]*\))?$/.test(text) ? `!${text}` : `!(${text})`;
  }

  get opposite(): GuardLiteral {
    const { file, start, end } = this.place;
    return new GuardLiteral(rangeIn(file, { start, end }), !this.negated, negate(this.active), this.#prefix);
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
  return conjunction(...guard.map((literal) => literal.active));
}
