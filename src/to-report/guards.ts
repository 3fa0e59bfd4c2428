/** On what an edge or a call depends, as one text. */
import type { Guard, GuardLiteral } from '../parser/evaluate/guard.ts';

/** Has an operator weaker than `&&` outside of any parentheses: `a || b`, `c ? d : e`. */
function bindsWeakly(text: string): boolean {
  if (!text.includes('||') && !text.includes('?')) return false;
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (character === "'" || character === '"') {
      const close = text.indexOf(character, at + 1);
      if (close === -1) return true;
      at = close;
    } else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (depth === 0 && (text.startsWith('||', at) || (character === '?' && text[at + 1] !== '.'))) return true;
  }
  return false;
}

const literalTexts = new WeakMap<GuardLiteral, string>();

/** In a conjunction a weaker operator needs its parentheses. */
function literalText(literal: GuardLiteral): string {
  let text = literalTexts.get(literal);
  if (text === undefined) literalTexts.set(literal, (text = clipped(bindsWeakly(literal.text) ? `(${literal.text})` : literal.text)));
  return text;
}

/** Thousands of edges can have a guard in common; nobody reads one to this length. */
const LONGEST_GUARD = 2000;

function clipped(text: string): string {
  return text.length <= LONGEST_GUARD ? text : `${text.slice(0, LONGEST_GUARD)}…`;
}

const guardTexts = new WeakMap<Guard, string>();

export function guardText(guard: Guard): string | undefined {
  const [first] = guard;
  if (first === undefined) return undefined;
  if (guard.length === 1) return clipped(first.text);
  let text = guardTexts.get(guard);
  if (text === undefined) guardTexts.set(guard, (text = clipped([...new Set(guard.map(literalText))].join(' && '))));
  return text;
}
