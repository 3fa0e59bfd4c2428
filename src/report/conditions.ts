/**
 * What calls that are off wait for, in few words. A guard is what must hold for a call, literal by literal
 * (`params.trim && !params.skip_qc && tools.contains('x')`); most literals hold, and one missing literal keeps many calls off.
 */
import type { Report, ReportCall } from './report.ts';
import { conditionText, runs } from './runs.ts';

export interface Condition {
  /** One literal; empty for calls of which no condition is known. */
  readonly text: string;
  readonly calls: readonly ReportCall[];
}

/**
 * The calls, each under one literal of its guard: always the one that most of those left have in common, so that a few
 * literals stand for nearly all calls. A literal that also stands before a call that runs is true, and keeps none off; nor does one before a call of which nobody knows whether
 * it runs.
 */
export function conditionsOf(calls: readonly ReportCall[], report: Report): Condition[] {
  const holds = new Set<string>();
  const areOff = calls.every((call) => runs(call) === false);
  const mayHold = (call: ReportCall): boolean => (areOff ? runs(call) !== false : runs(call) === true);
  for (const call of report.graph.calls) if (mayHold(call)) for (const literal of literalsOf(conditionText(call))) holds.add(literal);
  const left = new Map<ReportCall, readonly string[]>();
  const waiting = new Map<string, Set<ReportCall>>();
  for (const call of calls) {
    const literals = literalsOf(conditionText(call));
    const open = literals.filter((literal) => !holds.has(literal));
    // A name can mean different things in two workflows, a param the same everywhere; what stands around others too is less likely than what stands next to the call.
    const local = literals.filter((literal) => !/\bparams\b/.test(literal)).slice(-1);
    const likely = [open, local, literals, ['']].find(({ length }) => length > 0) as readonly string[];
    left.set(call, likely);
    for (const literal of likely) {
      const others = waiting.get(literal);
      if (others === undefined) waiting.set(literal, new Set([call]));
      else others.add(call);
    }
  }
  const conditions: Condition[] = [];
  while (left.size > 0) {
    let [text, found]: [string, ReadonlySet<ReportCall>] = ['', new Set()];
    for (const [other, others] of waiting)
      if (others.size > found.size || (others.size === found.size && better(other, text) < 0)) [text, found] = [other, others];
    const gathered = [...found];
    conditions.push({ text, calls: gathered });
    for (const call of gathered) {
      for (const literal of left.get(call) ?? []) waiting.get(literal)?.delete(call);
      left.delete(call);
    }
  }
  return conditions;
}

/** The guard of a call, its repeated literals said once. */
export function guardText(call: ReportCall): string {
  return literalsOf(conditionText(call)).join(' && ');
}

/** Of two that say as much: what a user can set, then what is not denied, then the shorter. */
function better(a: string, b: string): number {
  const rank = (text: string) => (/\bparams\b/.test(text) ? 0 : 2) + (text.startsWith('!') ? 1 : 0);
  return rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1);
}

/** Split at every `&&` outside of brackets and quotes; each literal once. */
function literalsOf(guard: string): string[] {
  const literals: string[] = [];
  let depth = 0;
  let quote = '';
  let from = 0;
  const add = (to: number): void => {
    const literal = guard.slice(from, to).trim();
    if (literal !== '' && !literals.includes(literal)) literals.push(literal);
  };
  for (let at = 0; at < guard.length; at++) {
    const character = guard[at] as string;
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '&' && guard[at + 1] === '&' && depth === 0) {
      add(at);
      from = at + 2;
      at++;
    }
  }
  add(guard.length);
  return literals;
}
