/** Runs rules over one pipeline. Each speaks for itself: one that breaks becomes a note, and the others go on. */
import type { ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline, ScriptFile } from '../parser/pipeline/pipeline.ts';
import type { SourceFile, SourceRange } from '../source/source-file.ts';
import type { Context } from './context.ts';
import { TRACE_FIELDS } from './estimate/trace-notes.ts';
import { type Finding, fingerprintOf, GRAVITY } from './finding.ts';
import type { AnalysisNote } from './note.ts';
import type { AnalyseOptions } from './options.ts';
import type { FoundHere, Requirement, Rule } from './rule.ts';
import { type Suppression, suppressionsIn } from './suppressions.ts';

export interface RulesRun {
  /** Suppressed ones are among them; in the order of the rules. `settled` puts them into their own. */
  readonly found: Finding[];
  /** What was not asked, for want of what rules need. */
  readonly lacking: readonly AnalysisNote[];
}

/** @param notes what rules could not say is put to them */
export function runRules(context: Context, options: AnalyseOptions, rules: readonly Rule[], notes: AnalysisNote[]): RulesRun {
  const { pipeline, graph } = context;
  const chosen = rules.filter((rule) => (options.select?.includes(rule.id) ?? true) && !options.ignore?.includes(rule.id));
  const suppressions = filesOf(pipeline).flatMap(suppressionsIn);
  const suppressing = byPlace(suppressions);
  context.suppressions = suppressions;
  const found: Finding[] = [];
  const lacking = new Map<Requirement, string[]>();
  const run = (rule: Rule): void => {
    const missing = rule.requires.find((evidence) => !has(pipeline, graph, options, evidence));
    if (missing !== undefined) {
      lacking.set(missing, [...(lacking.get(missing) ?? []), rule.id]);
      return;
    }
    const here: Finding[] = [];
    try {
      for (const each of rule.check(context)) {
        if ('because' in each) {
          const { because, getItWith: hint, place } = each;
          const message = `${rule.id} is not applicable, because ${because}`;
          notes.push({ kind: 'not-applicable', ruleIds: [rule.id], message, ...(hint && { hint }), ...(place && { place }) });
        } else here.push(complete(rule, each));
      }
    } catch (error) {
      notes.push({
        kind: 'rule-failed',
        ruleIds: [rule.id],
        message: `the rule ${rule.id} broke off: ${error instanceof Error ? error.message : String(error)}`,
        hint: 'this is a bug of pipeopt, please report it; the other rules are not affected',
      });
    }
    for (const finding of here) found.push(suppress(finding, suppressing));
  };
  for (const rule of chosen) if (rule.last !== true) run(rule);
  // A comment for a rule that was not asked is neither used nor unused.
  context.suppressions = suppressions.filter(({ ruleId }) => !rules.some((rule) => rule.id === ruleId && !chosen.includes(rule)));
  for (const rule of chosen) if (rule.last === true) run(rule);
  return { found, lacking: [...lacking].map(([evidence, ruleIds]) => ({ kind: 'not-applicable', ruleIds, ...MISSING[evidence] })) };
}

/** The gravest first, then by place; equal ones told apart by their fingerprints. */
export function settled(pipeline: Pipeline, found: Finding[]): Finding[] {
  return withFingerprints(pipeline, found.sort(byGravity));
}

const MISSING: Readonly<Record<Requirement, { readonly message: string; readonly hint: string }>> = {
  calls: {
    message: 'rules about channels and calls are not applicable, because nothing here calls a process',
    hint: 'name the pipeline’s entry script, such as main.nf',
  },
  scripts: {
    message: 'rules about scripts are not applicable, because the shell was not loaded',
    hint: 'call loadShell() first and give what it gives as `shell`',
  },
  trace: {
    message: 'rules about what tasks ask for and use are not applicable, because there is no trace of a whole run',
    hint: `get it with nextflow run … -with-trace and, in nextflow.config, trace.fields = '${TRACE_FIELDS}'; then --trace trace.txt`,
  },
};

function has(pipeline: Pipeline, graph: ProcessGraph, { bash, runs = [] }: AnalyseOptions, evidence: Requirement): boolean {
  switch (evidence) {
    case 'calls':
      return graph.calls.length > 0 || pipeline.kind === 'pipeline';
    case 'scripts':
      return bash !== undefined;
    case 'trace':
      return runs.length > 0;
  }
}

function filesOf(pipeline: Pipeline): SourceFile[] {
  return [...new Set([...[...pipeline.scripts.values()].map((script) => script.file), ...pipeline.configFiles])];
}

function complete(rule: Rule, here: FoundHere): Finding {
  const { names, severity, related, calls, ...rest } = here;
  const unsaved = here.unsaved ?? (here.change === undefined ? rule.unsaved : undefined);
  return {
    ruleId: rule.id,
    severity: severity ?? rule.severity,
    ...rest,
    ...(unsaved !== undefined && { unsaved }),
    related: related ?? [],
    calls: calls ?? [],
    // The names wait here until all findings are there: only then are equal ones told apart.
    fingerprint: (names ?? []).join('\u0000'),
  };
}

type SuppressionsByPlace = ReadonlyMap<SourceFile, ReadonlyMap<string, Suppression>>;

/** By file, then by rule and line. */
function byPlace(suppressions: readonly Suppression[]): SuppressionsByPlace {
  const files = new Map<SourceFile, Map<string, Suppression>>();
  for (const each of suppressions) {
    if (each.trouble !== undefined) continue;
    const { file } = each.place;
    const known = files.get(file) ?? new Map<string, Suppression>();
    files.set(file, known);
    const key = `${each.ruleId} ${each.line}`;
    if (!known.has(key)) known.set(key, each);
  }
  return files;
}

function suppress(finding: Finding, suppressions: SuppressionsByPlace): Finding {
  const { file, start } = finding.place;
  const here = suppressions.get(file);
  const found = here?.get(`${finding.ruleId} ${file.positionAt(start).line}`) ?? here?.get(`${finding.ruleId} file`);
  if (found === undefined) return finding;
  found.used++;
  return { ...finding, suppressed: { reason: found.reason } };
}

function byGravity(a: Finding, b: Finding): number {
  return (
    GRAVITY[a.severity] - GRAVITY[b.severity] ||
    compare(a.place.file.path, b.place.file.path) ||
    a.place.start - b.place.start ||
    a.place.end - b.place.end ||
    compare(a.ruleId, b.ruleId) ||
    compare(a.message, b.message)
  );
}

/** By code units: the same in every locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withFingerprints(pipeline: Pipeline, findings: readonly Finding[]): Finding[] {
  const times = new Map<string, number>();
  return findings.map((finding) => {
    const { file } = finding.place;
    const names = finding.fingerprint === '' ? enclosingNames(pipeline.scripts.get(file.path), finding.place) : [finding.fingerprint];
    const text = file.slice(finding.place);
    const first = fingerprintOf(finding.ruleId, names, text, 0);
    const ordinal = times.get(first) ?? 0;
    times.set(first, ordinal + 1);
    return { ...finding, fingerprint: fingerprintOf(finding.ruleId, names, text, ordinal) };
  });
}

/** The process, workflow or function that a place lies in. */
function enclosingNames(script: ScriptFile | undefined, place: SourceRange): string[] {
  if (script === undefined) return [];
  const definitions = [...script.processes.values(), ...script.workflows.values(), ...[...script.functions.values()].flat()];
  return definitions
    .filter((definition) => definition.start <= place.start && place.end <= definition.end)
    .map((definition) => definition.name?.name ?? 'workflow');
}
