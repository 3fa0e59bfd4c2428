/**
 * Does a process selector match a name? Java's `Pattern.matches` on the whole string, as Nextflow asks it (language.md 8.4).
 * A pattern comes from the analysed pipeline, so it may be hostile: unless it is harmless on the face of it, it is not handed to JavaScript's
 * backtracking RegExp.
 * Each part of the pattern maps a set of positions in the name to the set of positions behind it, which takes no
 * backtracking at all; what quantifiers inside quantifiers could still cost is capped by a budget of steps.
 * `undefined`: cannot be told, because the pattern uses what is not modelled (back references, lookbehind, possessive
 * quantifiers, Unicode classes), is no valid pattern, or ran out of the budget.
 */
import { mostSteps } from '../evaluate/pattern.ts';

type Part =
  | { readonly kind: 'character'; readonly accepts: (code: number) => boolean }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'repeat'; readonly part: Part; readonly least: number; readonly most: number }
  | { readonly kind: 'look'; readonly part: Part; readonly negative: boolean }
  | { readonly kind: 'assertion'; readonly holds: (name: string, at: number) => boolean };

export interface SelectorPattern {
  matches(name: string): boolean | undefined;
  /** The alternatives at the top level, `A|B|C` as three; one when there is no choice; undefined for an unread pattern. */
  readonly alternatives: readonly { readonly text: string; readonly start: number; readonly end: number }[] | undefined;
  /** What each name that matches has behind its last colon; undefined where it may be this or that. */
  readonly lastName: string | undefined;
}

/** What stands behind the last colon. */
export function lastNameOf(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

const LONGEST_PATTERN = 20_000;
const DEEPEST_NESTING = 60;
/** A character looked at by a part is a step. Real selectors need some hundreds. */
const STEP_BUDGET = 300_000;
/** A name that takes one pattern more is dear. */
const DEAR_NAME = STEP_BUDGET / 100;
/** Of one pattern, on all names together that are dear. */
const STEPS_TOGETHER = 10 * STEP_BUDGET;
/** Of JavaScript's matcher, which may go back, on a name of the usual length. */
const MOST_QUICK_STEPS = 200_000;
const USUAL_NAME = 150;

/** Patterns are asked about again and again, once for every process. Emptied when full, so that it stays small. */
const compiled = new Map<string, SelectorPattern>();

export function matchesSelector(pattern: string, name: string): boolean | undefined {
  return compileSelector(pattern).matches(name);
}

export function compileSelector(pattern: string): SelectorPattern {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const made = compile(pattern);
  if (compiled.size > 2_000) compiled.clear();
  compiled.set(pattern, made);
  return made;
}

function compile(pattern: string): SelectorPattern {
  if (NAMES.test(pattern)) return namesIn(pattern);
  const reader = new PatternReader(pattern);
  const part = reader.read();
  if (part === undefined) return { matches: () => undefined, alternatives: undefined, lastName: undefined };
  let steps = 0;
  // A pipeline is read more than once: what has been answered is answered so again, however much of the budget is left.
  const dear = new Map<string, boolean | undefined>();
  const slowly = (name: string): boolean | undefined => {
    if (dear.has(name)) return dear.get(name);
    if (steps > STEPS_TOGETHER) return undefined;
    const matcher = new Matcher(name);
    const answer = matcher.whole(part);
    if (matcher.steps > DEAR_NAME) {
      steps += matcher.steps;
      dear.set(name, answer);
    }
    return answer;
  };
  const { alternatives } = reader;
  if (!isSimple(pattern)) return { matches: slowly, alternatives, lastName: undefined };
  const lastName = pattern.includes('|') ? undefined : /(?:^|:)(\w+)$/.exec(pattern)?.[1];
  if (mostSteps(pattern, USUAL_NAME) > MOST_QUICK_STEPS) return { matches: slowly, alternatives, lastName };
  const expression = new RegExp(`^(?:${pattern})$`);
  return { matches: (name) => (name.length > 2 * USUAL_NAME ? slowly(name) : expression.test(name)), alternatives, lastName };
}

/** Names, or how they end: nearly all selectors. */
const NAMES = /^(?:\.\*)?[\w:]+(?:\|(?:\.\*)?[\w:]+)*$/;

function namesIn(pattern: string): SelectorPattern {
  let start = 0;
  const alternatives = pattern.split('|').map((text) => {
    const alternative = { text, start, end: start + text.length };
    start = alternative.end + 1;
    return alternative;
  });
  return {
    matches: (name) => alternatives.some(({ text }) => (text.startsWith('.*') ? isEndOf(name, text.slice(2)) : name === text)),
    alternatives,
    lastName: alternatives.length > 1 ? undefined : /(?:^|:)(\w+)$/.exec(pattern)?.[1],
  };
}

/** With anything but line ends before it. */
function isEndOf(name: string, end: string): boolean {
  return name.endsWith(end) && !/[\n\r]/.test(name.slice(0, name.length - end.length));
}

/** Names, choices, groups, lookahead, `.*`: what Java and JavaScript mean the same by. Nearly all others are so. */
function isSimple(pattern: string): boolean {
  return /^(?:[\w:|)^$]|\((?:\?[:!=])?|\.[*+]?)*$/.test(pattern);
}

class Matcher {
  readonly #name: string;
  steps = 0;

  constructor(name: string) {
    this.#name = name;
  }

  whole(part: Part): boolean | undefined {
    const start = new Uint8Array(this.#name.length + 1);
    start[0] = 1;
    const ends = this.#after(part, start);
    return this.steps > STEP_BUDGET ? undefined : ends[this.#name.length] === 1;
  }

  #after(part: Part, starts: Uint8Array): Uint8Array {
    this.steps += starts.length;
    if (this.steps > STEP_BUDGET) return new Uint8Array(starts.length);
    switch (part.kind) {
      case 'character': {
        const ends = new Uint8Array(starts.length);
        for (let at = 0; at < this.#name.length; at++) {
          if (starts[at] === 1 && part.accepts(this.#name.charCodeAt(at))) ends[at + 1] = 1;
        }
        return ends;
      }
      case 'sequence': {
        let ends = starts;
        for (const each of part.parts) {
          ends = this.#after(each, ends);
          if (!ends.includes(1)) break;
        }
        return ends;
      }
      case 'choice': {
        const ends = new Uint8Array(starts.length);
        for (const each of part.parts) add(this.#after(each, starts), ends);
        return ends;
      }
      case 'repeat':
        return this.#repeated(part, starts);
      case 'look': {
        const ends = new Uint8Array(starts.length);
        for (let at = 0; at < starts.length; at++) {
          if (starts[at] !== 1) continue;
          const one = new Uint8Array(starts.length);
          one[at] = 1;
          if (this.#after(part.part, one).includes(1) !== part.negative) ends[at] = 1;
        }
        return ends;
      }
      case 'assertion':
        return starts.map((set, at) => (set === 1 && part.holds(this.#name, at) ? 1 : 0));
    }
  }

  #repeated(part: Part & { kind: 'repeat' }, starts: Uint8Array): Uint8Array {
    // Each round either moves every position on or, where the part may be empty, only adds positions: after as many
    // rounds as the name has characters nothing changes any more, however large the counts are.
    const rounds = starts.length + 1;
    let current = starts;
    for (let count = 0; count < Math.min(part.least, rounds); count++) {
      current = this.#after(part.part, current);
      if (!current.includes(1)) return current;
    }
    if (part.part.kind === 'character' && part.most === Number.POSITIVE_INFINITY) return this.#swept(part.part, current);
    const ends = current.slice();
    for (let count = 0; count < Math.min(part.most - part.least, rounds); count++) {
      current = this.#after(part.part, current);
      if (!add(current, ends)) break;
    }
    return ends;
  }

  /** `.*`, of which a selector may have many: from left to right once. */
  #swept({ accepts }: Part & { kind: 'character' }, starts: Uint8Array): Uint8Array {
    this.steps += starts.length;
    const ends = starts.slice();
    for (let at = 0; at < this.#name.length; at++) if (ends[at] === 1 && accepts(this.#name.charCodeAt(at))) ends[at + 1] = 1;
    return ends;
  }
}

/** Adds a set to another; true when that brought anything new. */
function add(from: Uint8Array, to: Uint8Array): boolean {
  let grew = false;
  for (let at = 0; at < from.length; at++) {
    if (from[at] === 1 && to[at] !== 1) {
      to[at] = 1;
      grew = true;
    }
  }
  return grew;
}

const NOT_READ: unique symbol = Symbol('not read');

class PatternReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #ignoreCase = false;
  alternatives: { text: string; start: number; end: number }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): Part | undefined {
    if (this.#text.length > LONGEST_PATTERN) return undefined;
    try {
      if (this.#text.startsWith('(?i)')) {
        this.#ignoreCase = true;
        this.#at = 4;
      }
      const part = this.#choice();
      return this.#at === this.#text.length ? part : undefined;
    } catch (trouble) {
      if (trouble === NOT_READ) return undefined;
      throw trouble;
    }
  }

  /** choice := sequence ('|' sequence)* */
  #choice(): Part {
    if (++this.#depth > DEEPEST_NESTING) throw NOT_READ;
    const parts: Part[] = [];
    let start = this.#at;
    for (;;) {
      parts.push(this.#sequence());
      if (this.#depth === 1) this.alternatives.push({ text: this.#text.slice(start, this.#at), start, end: this.#at });
      if (!this.#take('|')) break;
      start = this.#at;
    }
    this.#depth--;
    return parts.length === 1 ? (parts[0] as Part) : { kind: 'choice', parts };
  }

  /** sequence := (atom quantifier?)* */
  #sequence(): Part {
    const parts: Part[] = [];
    while (this.#at < this.#text.length && this.#text[this.#at] !== '|' && this.#text[this.#at] !== ')') {
      parts.push(this.#quantified(this.#atom()));
    }
    return { kind: 'sequence', parts };
  }

  #quantified(part: Part): Part {
    let least: number;
    let most: number;
    if (this.#take('*')) [least, most] = [0, Number.POSITIVE_INFINITY];
    else if (this.#take('+')) [least, most] = [1, Number.POSITIVE_INFINITY];
    else if (this.#take('?')) [least, most] = [0, 1];
    else if (this.#text[this.#at] === '{') {
      const counts = /^\{(\d{1,10})(?:(,)(\d{1,10})?)?\}/.exec(this.#text.slice(this.#at, this.#at + 24));
      if (counts === null) throw NOT_READ;
      this.#at += counts[0].length;
      least = Number(counts[1]);
      most = counts[2] === undefined ? least : counts[3] === undefined ? Number.POSITIVE_INFINITY : Number(counts[3]);
      if (most < least) throw NOT_READ;
    } else return part;
    // A reluctant quantifier reaches the same ends as a greedy one; a possessive one does not, and Java has no `**`.
    this.#take('?');
    if ('*+?{'.includes(this.#text[this.#at] ?? ' ')) throw NOT_READ;
    return { kind: 'repeat', part, least, most };
  }

  /** atom := group | class | escape | '.' | '^' | '$' | any other character */
  #atom(): Part {
    const character = this.#text[this.#at++] as string;
    switch (character) {
      case '(':
        return this.#group();
      case '[':
        return { kind: 'character', accepts: this.#characterClass() };
      case '\\':
        return this.#escape();
      case '.':
        return { kind: 'character', accepts: (code) => code !== 10 && code !== 13 };
      case '^':
        return { kind: 'assertion', holds: (_name, at) => at === 0 };
      case '$':
        return { kind: 'assertion', holds: (name, at) => at === name.length };
      case '*':
      case '+':
      case '?':
      case '{':
        throw NOT_READ;
      default:
        return this.#literal(character.charCodeAt(0));
    }
  }

  #group(): Part {
    let look: 'no' | 'positive' | 'negative' = 'no';
    if (this.#take('?')) {
      if (this.#take('!')) look = 'negative';
      else if (this.#take('=')) look = 'positive';
      else if (!this.#take(':')) {
        const name = /^<[A-Za-z]\w{0,60}>/.exec(this.#text.slice(this.#at, this.#at + 64));
        if (name === null) throw NOT_READ;
        this.#at += name[0].length;
      }
    }
    const part = this.#choice();
    if (!this.#take(')')) throw NOT_READ;
    return look === 'no' ? part : { kind: 'look', part, negative: look === 'negative' };
  }

  #escape(): Part {
    const letter = this.#text[this.#at++];
    if (letter === undefined) throw NOT_READ;
    const shorthand = SHORTHANDS[letter];
    if (shorthand !== undefined) return { kind: 'character', accepts: shorthand };
    if (letter === 'b' || letter === 'B') {
      const wanted = letter === 'b';
      return { kind: 'assertion', holds: (name, at) => (isWordAt(name, at - 1) !== isWordAt(name, at)) === wanted };
    }
    if (letter === 'A') return { kind: 'assertion', holds: (_name, at) => at === 0 };
    if (letter === 'z' || letter === 'Z') return { kind: 'assertion', holds: (name, at) => at === name.length };
    if (letter === 'Q') {
      const close = this.#text.indexOf('\\E', this.#at);
      const end = close === -1 ? this.#text.length : close;
      const parts = Array.from({ length: end - this.#at }, (_, at) => this.#literal(this.#text.charCodeAt(this.#at + at)));
      this.#at = close === -1 ? end : close + 2;
      return { kind: 'sequence', parts };
    }
    // Letters and digits behind a backslash mean something special (back references, \p{…}, \x41): not modelled.
    if (/\w/.test(letter)) throw NOT_READ;
    return this.#literal(letter.charCodeAt(0));
  }

  #literal(wanted: number): Part {
    if (!this.#ignoreCase) return { kind: 'character', accepts: (code) => code === wanted };
    const folded = foldCase(wanted);
    return { kind: 'character', accepts: (code) => foldCase(code) === folded };
  }

  /** Behind `[`. Java's unions and intersections inside a class are not modelled. */
  #characterClass(): (code: number) => boolean {
    const negative = this.#take('^');
    const tests: ((code: number) => boolean)[] = [];
    let first = true;
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined || character === '[' || (character === '&' && this.#text[this.#at] === '&')) throw NOT_READ;
      if (character === ']') {
        if (first) throw NOT_READ;
        break;
      }
      first = false;
      let from = character.charCodeAt(0);
      if (character === '\\') {
        const letter = this.#text[this.#at++];
        if (letter === undefined) throw NOT_READ;
        const shorthand = SHORTHANDS[letter];
        if (shorthand !== undefined) {
          tests.push(shorthand);
          continue;
        }
        if (/\w/.test(letter)) throw NOT_READ;
        from = letter.charCodeAt(0);
      }
      let to = from;
      if (this.#text[this.#at] === '-' && this.#text[this.#at + 1] !== ']') {
        const end = this.#text[this.#at + 1];
        if (end === undefined || end === '\\' || end === '[') throw NOT_READ;
        to = end.charCodeAt(0);
        if (to < from) throw NOT_READ;
        this.#at += 2;
      }
      tests.push((code) => code >= from && code <= to);
    }
    const folds = this.#ignoreCase;
    const within = (code: number): boolean =>
      tests.some((test) => test(code) || (folds && (test(foldCase(code)) || test(foldCase(code) - 32))));
    return negative ? (code) => !within(code) : within;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }
}

const isDigit = (code: number): boolean => code >= 48 && code <= 57;
const isWord = (code: number): boolean => isDigit(code) || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
const isSpace = (code: number): boolean => code === 32 || (code >= 9 && code <= 13);
const isWordAt = (name: string, at: number): boolean => at >= 0 && at < name.length && isWord(name.charCodeAt(at));
/** ASCII only, as Java folds without UNICODE_CASE. */
const foldCase = (code: number): number => (code >= 65 && code <= 90 ? code + 32 : code);

const SHORTHANDS: Readonly<Record<string, (code: number) => boolean>> = {
  d: isDigit,
  D: (code) => !isDigit(code),
  w: isWord,
  W: (code) => !isWord(code),
  s: isSpace,
  S: (code) => !isSpace(code),
};
