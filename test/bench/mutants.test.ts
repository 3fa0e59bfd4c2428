import { describe, expect, it } from 'vitest';
import { ownBases } from '../../bench/mutants/bases.ts';
import { Edits } from '../../bench/mutants/edits.ts';
import { JUDGED_RULES } from '../../bench/mutants/kind.ts';
import { analyzeMutant, KINDS, type Mutant, mutantsOf, USUAL, unfit } from '../../bench/mutants/mutants.ts';
import { byKind, type Finding, precision, recall, score, total } from '../../bench/mutants/score.ts';
import type { Report } from '../../src/index.ts';

const bases = ownBases(process.cwd());
const all = bases.flatMap((base) => KINDS.flatMap((kind) => mutantsOf(base, kind, USUAL)));
/** One fault of a kind in each base, and what is neutral, are analysed here; the benchmark does so with all. */
const mutants = all.filter(({ name, neutral }) => neutral || name.endsWith('/1'));
const reports = new Map(mutants.map((mutant) => [mutant.name, analyzeMutant(mutant)]));

function edgesInto(report: Report, [id]: readonly string[]) {
  return report.graph.edges.filter(({ to }) => to === id);
}

function occurrences(files: Readonly<Record<string, string>>, word: string): number {
  return Object.values(files).reduce((sum, text) => sum + text.split(word).length - 1, 0);
}

/** What a fault of a kind changes, seen in the graph where it can be, in the text where it cannot. */
const STATED: Readonly<Record<string, (mutant: Mutant, report: Report) => boolean>> = {
  'unsized-group-tuple': ({ base, files }) =>
    occurrences(files, 'groupKey(') + occurrences(files, 'size:') ===
    occurrences(base.files, 'groupKey(') + occurrences(base.files, 'size:') - 1,
  'lost-group-key': ({ base, files }) => occurrences(files, 'groupKey(') === occurrences(base.files, 'groupKey('),
  'collect-between-per-item-steps': ({ mutation }, report) =>
    edgesInto(report, mutation.calls).some(({ via, barrier }) => barrier && via.some((one) => /^(collect|toList|toSortedList)$/.test(one))),
  'token-dependency': ({ base, mutation }, report) =>
    edgesInto(report, mutation.calls).length === edgesInto(base.model.report, mutation.calls).length + 1,
  'unread-input': ({ base, mutation }, report) =>
    edgesInto(report, mutation.calls).length === edgesInto(base.model.report, mutation.calls).length + 1,
  'pass-through-link': ({ mutation }, report) => edgesInto(report, mutation.calls).some(({ channel }) => channel === 'passed'),
  'over-wide-directory': ({ mutation }, report) => edgesInto(report, mutation.calls).some(({ channel }) => channel === 'folder'),
  'ordered-concat': ({ mutation }, report) => edgesInto(report, mutation.calls).some(({ via }) => via.includes('concat')),
  'serial-monolith': ({ base }, report) => report.graph.calls.length === base.model.report.graph.calls.length - 1,
  'missing-scatter': ({ mutation }, report) => edgesInto(report, mutation.calls).every(({ via }) => !via.includes('transpose')),
  'repeated-constant-work': ({ base, mutation }, report) =>
    edgesInto(report, mutation.calls).length === edgesInto(base.model.report, mutation.calls).length,
  'duplicate-work': ({ base }, report) => report.graph.calls.length === base.model.report.graph.calls.length + 1,
  'cross-then-filter': ({ base, files }) => occurrences(files, '.filter {') === occurrences(base.files, '.filter {') + 1,
  'queue-where-value-meant': ({ base, files }) =>
    occurrences(files, 'channel.of(') + occurrences(files, 'channel.fromPath(') + occurrences(files, '.flatMap { file') >
    occurrences(base.files, 'channel.of(') + occurrences(base.files, 'channel.fromPath('),
  'unpaired-inputs': ({ base, mutation }, report) =>
    edgesInto(report, mutation.calls).filter(({ via }) => via.includes('join')).length <
    edgesInto(base.model.report, mutation.calls).filter(({ via }) => via.includes('join')).length,
  'short-group-dropped': ({ base, files }) =>
    occurrences(files, '1 + ') + occurrences(files, '.filter {') ===
    occurrences(base.files, '1 + ') + occurrences(base.files, '.filter {') + 1,
  'unmatched-join': ({ base, files }) => occurrences(files, '.join(') === occurrences(base.files, '.join('),
  'single-thread-tool': ({ base, files }) => occurrences(files, 'task.cpus') === occurrences(base.files, 'task.cpus') - 1,
  'oversubscribed-threads': ({ base, files }) =>
    occurrences(files, 'task.cpus') - occurrences(files, 'task.cpus * 4') === occurrences(base.files, 'task.cpus') - 1,
  'throttled-step': ({ mutation, files }, report) =>
    mutation.calls.length === 0
      ? occurrences(files, 'queueSize = 1') === 1
      : report.graph.calls.some(({ id, directives }) => id === mutation.calls[0] && directives.maxForks?.value === 1),
  'dead-work': ({ mutation }, report) =>
    report.graph.calls.some(({ id }) => id === mutation.calls[0]) && report.graph.edges.every(({ from }) => from !== mutation.calls[0]),
};

describe('bases', () => {
  it.each(bases.map(({ name, model }) => [name, model.report] as const))('%s is read without a word', (_name, report) => {
    expect(report.coverage.diagnostics).toEqual([]);
    expect(report.coverage.unresolvedIncludes).toEqual([]);
    expect(report.graph.calls.every(({ active }) => active === true)).toBe(true);
  });
});

describe('mutants', () => {
  it('are of each kind, and enough of them', () => {
    const faults = all.filter(({ neutral }) => !neutral);
    expect(new Set(faults.map(({ rule }) => rule))).toEqual(new Set(JUDGED_RULES));
    expect(faults.length).toBeGreaterThanOrEqual(300);
    for (const rule of JUDGED_RULES) expect.soft(mutants.filter((one) => one.neutral && one.rule === rule).length, rule).toBeGreaterThan(0);
  });

  it('can be read, change something, and name calls that are there', () => {
    expect(mutants.flatMap((mutant) => unfit(mutant, reports.get(mutant.name)!) ?? [])).toEqual([]);
  });

  it('change what their kind says', () => {
    const faults = mutants.filter(({ neutral }) => !neutral);
    expect(
      faults
        .filter((mutant) => !STATED[mutant.rule]!(mutant, reports.get(mutant.name)!))
        .map(({ name, mutation }) => `${name}: ${mutation.site}`),
    ).toEqual([]);
  });

  it('say where the fault is, in lines that the file has', () => {
    for (const { name, neutral, places, files, mutation } of all) {
      if (neutral) continue;
      expect(places.length + mutation.calls.length, name).toBeGreaterThan(0);
      for (const { path, startLine, endLine } of places) {
        expect(startLine, name).toBeLessThanOrEqual(endLine);
        expect(endLine, name).toBeLessThanOrEqual((files[path] ?? '').split('\n').length);
      }
    }
  });

  it('are the same for the same seed, and others for another', () => {
    const again = (seed: number) =>
      KINDS.flatMap((kind) => mutantsOf(bases[0]!, kind, { ...USUAL, seed })).map(({ mutation }) => mutation.site);
    expect(again(1)).toEqual(again(1));
    expect(again(2)).not.toEqual(again(1));
  });
});

describe('edits', () => {
  it('are applied together, and places are followed', () => {
    const edits = new Edits().replace('main.nf', { start: 6, end: 7 }, 'B\nB').insert('main.nf', 2, 'more\n').create('new.nf', 'new\n');
    const edited = edits.apply({ 'main.nf': 'a\na\nb b\nc\n' });
    expect(edited).toEqual({ 'main.nf': 'a\nmore\na\nb B\nB\nc\n', 'new.nf': 'new\n' });
    expect(edits.linesOf(edited, 'main.nf', { start: 4, end: 7 })).toEqual({ path: 'main.nf', startLine: 4, endLine: 5 });
    expect(edits.linesOf(edited, 'main.nf', { start: 2, end: 3 })).toEqual({ path: 'main.nf', startLine: 2, endLine: 3 });
  });

  it('that overlap are refused', () => {
    const edits = new Edits().replace('main.nf', { start: 0, end: 3 }, '').replace('main.nf', { start: 2, end: 4 }, '');
    expect(() => edits.apply({ 'main.nf': 'abcdef' })).toThrow('overlap');
  });
});

describe('score', () => {
  const mutant = mutants.find(({ rule, neutral }) => rule === 'token-dependency' && !neutral)!;
  const other = mutants.find(({ rule, neutral }) => rule === 'token-dependency' && neutral)!;
  const base = mutant.base.model.report;
  const [place] = mutant.places;
  const finding = (ruleId: string, path: string, line: number, calls: readonly string[] = []): Finding => ({
    ruleId,
    severity: 'warning',
    confidence: 'high',
    message: `${ruleId} at ${path}:${line}`,
    reason: '',
    advice: '',
    location: { path, startLine: line, startColumn: 1, endLine: line, endColumn: 2 },
    excerpt: [],
    related: [],
    calls,
    fingerprint: `${ruleId} ${path} ${line}`,
  });
  const withFindings = (...added: Finding[]): Report => ({ ...base, findings: [...base.findings, ...added] });
  const right = finding('token-dependency', place!.path, place!.startLine);

  it('takes the rule at the place, or with the calls, for right', () => {
    expect(score(mutant, withFindings(right))).toMatchObject({ found: true, wrong: [] });
    expect(score(mutant, withFindings(finding('token-dependency', 'elsewhere.nf', 1, mutant.mutation.calls)))).toMatchObject({
      found: true,
      wrong: [],
    });
    expect(score(mutant, withFindings())).toMatchObject({ found: false, wrong: [] });
  });

  it('takes other judged rules, and the right one elsewhere, for wrong, once for each cause', () => {
    const wrong = [
      finding('unread-input', 'main.nf', 3, ['A']),
      finding('unread-input', 'main.nf', 4, ['A']),
      finding('token-dependency', 'main.nf', 9, ['B']),
    ];
    expect(score(mutant, withFindings(right, ...wrong)).wrong).toHaveLength(2);
    expect(score(mutant, withFindings(finding('dead-selector', 'nextflow.config', 1))).wrong).toEqual([]);
  });

  it('takes anything about a neutral mutant for wrong, and counts', () => {
    const scores = [score(mutant, withFindings(right)), score(other, { ...other.base.model.report, findings: [right] })];
    const all = total(byKind(scores));
    expect(all).toEqual({ rule: 'all', faults: 1, found: 1, neutrals: 1, wrong: 1 });
    expect([recall(all), precision(all)]).toEqual([1, 0.5]);
  });
});
