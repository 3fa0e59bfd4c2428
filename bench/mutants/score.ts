/** What was found of a mutant: which of the new findings are right, which wrong. */
import type { Report } from '../../src/index.ts';
import { JUDGED_RULES } from './kind.ts';
import type { Mutant } from './mutants.ts';

export type Finding = Report['findings'][number];

export interface Score {
  readonly mutant: Mutant;
  readonly found: boolean;
  /** New findings that the fault does not account for, one for each rule and set of calls. */
  readonly wrong: readonly Finding[];
}

/** Findings that the base has not: by fingerprint, and, where a fingerprint moved with the edit, by rule, file and calls. */
export function newFindings(mutant: Mutant, report: Report): Finding[] {
  const known = mutant.base.model.report.findings.filter(isJudged);
  const taken = new Set<Finding>();
  const take = (matches: (one: Finding) => boolean): boolean => {
    const match = known.find((one) => !taken.has(one) && matches(one));
    if (match !== undefined) taken.add(match);
    return match !== undefined;
  };
  const rest = report.findings.filter(isJudged).filter((finding) => !take((one) => one.fingerprint === finding.fingerprint));
  const same = (one: Finding, other: Finding) =>
    one.ruleId === other.ruleId && one.location.path === other.location.path && one.message === other.message;
  return rest.filter((finding) => !take((one) => same(one, finding)));
}

function isJudged(finding: Finding): boolean {
  return JUDGED_RULES.includes(finding.ruleId) && finding.suppressed === undefined;
}

export function score(mutant: Mutant, report: Report): Score {
  const { mutation, rule, neutral } = mutant;
  const fresh = newFindings(mutant, report);
  const rules = [rule, ...(mutation.alsoRight ?? [])];
  const right = neutral ? [] : fresh.filter((finding) => rules.includes(finding.ruleId) && isInPlace(mutant, finding));
  const others = fresh.filter((finding) => !right.includes(finding) && !(mutation.consequences ?? []).includes(finding.ruleId));
  const causes = new Map(others.map((finding) => [`${finding.ruleId} ${finding.calls.join(' ') || finding.location.path}`, finding]));
  return { mutant, found: right.length > 0, wrong: [...causes.values()] };
}

function isInPlace({ places, mutation }: Mutant, { location, calls }: Finding): boolean {
  const lies = places.some(
    ({ path, startLine, endLine }) => path === location.path && location.startLine <= endLine && location.endLine >= startLine,
  );
  return lies || (mutation.calls.length > 0 && mutation.calls.every((id) => calls.includes(id)));
}

export interface KindScore {
  readonly rule: string;
  readonly faults: number;
  readonly found: number;
  readonly neutrals: number;
  readonly wrong: number;
}

export function byKind(scores: readonly Score[]): KindScore[] {
  return JUDGED_RULES.map((rule) => {
    const mine = scores.filter(({ mutant }) => mutant.rule === rule);
    const faults = mine.filter(({ mutant }) => !mutant.neutral);
    return {
      rule,
      faults: faults.length,
      found: faults.filter(({ found }) => found).length,
      neutrals: mine.length - faults.length,
      wrong: mine.reduce((sum, { wrong }) => sum + wrong.length, 0),
    };
  }).filter(({ faults, neutrals }) => faults + neutrals > 0);
}

export function total(kinds: readonly KindScore[]): KindScore {
  const sum = (of: (kind: KindScore) => number) => kinds.reduce((all, kind) => all + of(kind), 0);
  return {
    rule: 'all',
    faults: sum((one) => one.faults),
    found: sum((one) => one.found),
    neutrals: sum((one) => one.neutrals),
    wrong: sum((one) => one.wrong),
  };
}

/** Shares from 0 to 1; nothing to find, or nothing found, leaves nothing to say. */
export function recall({ faults, found }: KindScore): number | undefined {
  return faults === 0 ? undefined : found / faults;
}
export function precision({ found, wrong }: KindScore): number | undefined {
  return found + wrong === 0 ? undefined : found / (found + wrong);
}
