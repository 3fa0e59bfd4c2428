/** From what was read and found to the report: names, places and plain values, sorted, and nothing that only the core knows. */
import { createHash } from 'node:crypto';
import type { Analysis } from './analysis/analyse.ts';
import type { Estimate as FoundEstimate } from './analysis/estimate/estimate.ts';
import type { CallEvidence, Spread } from './analysis/estimate/evidence.ts';
import { missingFields } from './analysis/estimate/trace-notes.ts';
import type { Finding as FoundFinding } from './analysis/finding.ts';
import type { FrontPoint } from './analysis/passes/front.ts';
import { weakestGrade } from './analysis/passes/needs.ts';
import type { IndependentSet as FoundSet } from './analysis/passes/parallelism.ts';
import { lengthOf } from './analysis/passes/past-runs.ts';
import type { TimeOnPlatform } from './analysis/passes/platform-times.ts';
import { keepsFiles } from './analysis/passes/publishing.ts';
import type { RecordedBill as FoundBill } from './analysis/passes/recorded-bills.ts';
import { harmText } from './analysis/passes/right-sizing.ts';
import type { Savings as FoundSavings } from './analysis/passes/savings.ts';
import type { BesideRow } from './analysis/passes/side-by-side.ts';
import type { BetterRequests, CallSizing } from './analysis/passes/sizing.ts';
import type { Standing as FoundStanding } from './analysis/passes/standings.ts';
import type { Transfer } from './analysis/passes/transfer.ts';
import { wastedWaits } from './analysis/passes/wasted-waits.ts';
import type { ChosenPlatform } from './analysis/simulate/platforms/choice.ts';
import { textOf } from './parser/evaluate/conversions.ts';
import type { Guard, GuardLiteral } from './parser/evaluate/guard.ts';
import { ClosureValue, DurationValue, ListValue, MapValue, MemoryValue, PathValue, type Value } from './parser/evaluate/value.ts';
import { Channels } from './parser/graph/channels.ts';
import { formulaOf, sum } from './parser/graph/model/count.ts';
import type { Index } from './parser/graph/model/dimensions.ts';
import type { ProcessCall, ProcessEdge, ProcessGraph, SourceNode } from './parser/graph/process-graph.ts';
import type { OpenPipeline } from './parser/pipeline/load.ts';
import type { CoverageNote, DirectiveSetting } from './parser/pipeline/pipeline.ts';
import { shownPath } from './parser/pipeline/project-paths.ts';
import { tokenize } from './parser/syntax/lexer.ts';
import { BLOCK_COMMENT, LINE_COMMENT } from './parser/syntax/token-kinds.ts';
import type { TraceRun } from './parser/trace/trace-run.ts';
import type {
  Coverage,
  Directives,
  DirectiveValue,
  Estimate,
  Finding,
  IndependentSet,
  Place,
  PlaceRange,
  Reach,
  Report,
  ReportBeside,
  ReportCall,
  ReportDimension,
  ReportEdge,
  ReportEstimates,
  ReportFront,
  ReportFrontChoice,
  ReportGraph,
  ReportGrowth,
  ReportInputs,
  ReportPlatform,
  ReportProposal,
  ReportResources,
  ReportRun,
  ReportSavings,
  ReportSpread,
  ReportStanding,
  ReportTrace,
  ReportTransfer,
} from './report/report.ts';
import { SCHEMA_VERSION } from './report/report.ts';
import type { ConfigProof, RightSizedConfig } from './rewrite/right-sized-config.ts';
import type { Diagnostic } from './source/diagnostic.ts';
import type { SourceRange } from './source/source-file.ts';

export interface ReportParts {
  readonly pipeline: OpenPipeline;
  readonly graph: ProcessGraph;
  readonly analysis: Analysis;
  /** Params given by the user, for the inputs section. */
  readonly givenParams: Readonly<Record<string, unknown>>;
  readonly version: string;
  /** Asked once, when it is looked at: the pipeline is read again for it. */
  readonly rightSized: () => { readonly config: RightSizedConfig; readonly proof: ConfigProof };
}

export function toReport(parts: ReportParts): Report {
  let proposals: readonly ReportProposal[] | undefined;
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: { name: 'pipeopt', version: parts.version },
    inputs: inputsOf(parts),
    coverage: coverageOf(parts),
    graph: graphOf(parts),
    ...timesOf(parts),
    ...sideBySideOf(parts.analysis),
    ...growthOf(parts.analysis),
    ...frontOf(parts.analysis),
    ...resourcesOf(parts),
    findings: parts.analysis.findings.map((finding) => findingOf(finding, parts.analysis)),
    ...timeFirstOf(parts.analysis),
    get proposals() {
      if (parts.analysis.evidence.matches.length === 0) return undefined;
      return (proposals ??= proposalsOf(parts));
    },
    assumptions: [
      ...parts.graph.assumptions.map(({ message, place: at }) => `${message} (${line(at).path}:${line(at).line})`),
      ...parts.analysis.assumptions,
    ],
    ...accuracyOf(parts.analysis),
  };
}

function proposalsOf({ rightSized }: ReportParts): ReportProposal[] {
  const { config, proof } = rightSized();
  const { blocks, leftOut, text } = config;
  if (blocks.length === 0 && leftOut.length === 0) return [];
  const { held, lost, touched } = proof;
  return [
    {
      id: 'right-sized-config',
      title: `requests of ${blocks.length} ${blocks.length === 1 ? 'call' : 'calls'} as runs measured what is used`,
      calls: blocks.map(({ call }) => call.id),
      ...(blocks.length === 0 || touched.length > 0 ? {} : { config: text }),
      verification: {
        held,
        lost: lost.map(({ call, ...rest }) => ({ call: call.id, ...rest })),
        touched,
        leftOut: leftOut.map(({ call, because }) => ({ call: call.id, because })),
      },
    },
  ];
}

const places = new WeakMap<SourceRange, Place>();

/** Hundreds of edges can end at one call: its place is worked out once. */
function place(range: SourceRange): Place {
  let known = places.get(range);
  if (known === undefined) places.set(range, (known = { path: range.file.path, ...range.file.positionAt(range.start) }));
  return known;
}

function line(range: SourceRange): { path: string; line: number } {
  return { path: range.file.path, line: range.file.positionAt(range.start).line };
}

function placeRange(range: SourceRange): PlaceRange {
  const start = range.file.positionAt(range.start);
  const end = range.file.positionAt(range.end);
  return { path: range.file.path, startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

const MOST_EXCERPT_LINES = 3;
/** A line can be a whole file, and have a hundred findings: each would carry it. */
const LONGEST_EXCERPT_LINE = 2000;

function excerptOf(range: SourceRange): string[] {
  const first = range.file.positionAt(range.start).line;
  const last = Math.min(range.file.positionAt(range.end).line, first + MOST_EXCERPT_LINES - 1);
  const { lineStarts, text } = range.file;
  const lines: string[] = [];
  for (let number = first; number <= last; number += 1) {
    const end = lineStarts[number] ?? text.length + 1;
    const start = lineStarts[number - 1] as number;
    lines.push(text.slice(start, Math.min(end - 1, start + LONGEST_EXCERPT_LINE)).replace(/\r$/, ''));
  }
  return lines;
}

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

function guardText(guard: Guard): string | undefined {
  const [first] = guard;
  if (first === undefined) return undefined;
  if (guard.length === 1) return clipped(first.text);
  let text = guardTexts.get(guard);
  if (text === undefined) guardTexts.set(guard, (text = clipped([...new Set(guard.map(literalText))].join(' && '))));
  return text;
}

function byPath<T extends { readonly path: string }>(one: T, two: T): number {
  return one.path < two.path ? -1 : one.path > two.path ? 1 : 0;
}

function inputsOf({ pipeline, analysis, givenParams }: ReportParts): ReportInputs {
  const files = [...pipeline.scripts.values()].map((script) => script.file).concat(pipeline.configFiles);
  const { language } = pipeline;
  return {
    name: pipeline.name === '' ? pipeline.tree.name : pipeline.name,
    pipeline: pipeline.kind === 'library' ? '.' : pipeline.entry.file.path,
    kind: pipeline.kind,
    get files() {
      return files.map((file) => ({ path: file.path, sha256: createHash('sha256').update(file.text).digest('hex') })).sort(byPath);
    },
    ...tracesOf(analysis),
    config: pipeline.configFiles.map((file) => file.path),
    ...platformOf(analysis),
    profiles: pipeline.config.chosenProfiles,
    params: Object.fromEntries(Object.entries(givenParams).sort(([one], [two]) => (one < two ? -1 : 1))),
    nextflow: {
      version: language.version,
      parser: language.parser,
      why: language.why,
      ...(language.minimum === undefined ? {} : { minimum: language.minimum }),
    },
  };
}

function platformOf({ onPlatform, sideBySide }: Analysis): Pick<ReportInputs, 'platform' | 'prices'> {
  if (onPlatform === undefined) return {};
  const { chosen } = onPlatform;
  const prices = onPlatform.prices ?? sideBySide?.prices;
  return {
    ...(prices === undefined ? {} : { prices: { id: prices.id, asOf: prices.asOf } }),
    platform: shownPlatform(chosen),
  };
}

function shownPlatform({ name, text, alwaysOn, region = alwaysOn?.region, spot, routed }: ChosenPlatform): ReportPlatform {
  return {
    name,
    text,
    ...(region === undefined ? {} : { region }),
    ...(spot ? { spot } : {}),
    ...(alwaysOn && {
      alwaysOn: {
        type: alwaysOn.type,
        count: alwaysOn.count,
        ...(alwaysOn.perMonth === undefined ? {} : { perMonth: significant(alwaysOn.perMonth) }),
      },
    }),
    ...(routed && { routed: routed.map(({ calls, chosen }) => ({ calls, platform: shownPlatform(chosen) })) }),
  };
}

function billOf(bill: FoundBill | undefined): Pick<ReportTrace, 'bill'> {
  if (bill === undefined) return {};
  const { low, high, expected, taskCost, stagingCost, alone, machines, foundWarm } = bill.cost;
  const used = Math.min(expected.priced, alone.used);
  const whole = expected.priced;
  return {
    bill: {
      cost: shownEstimate({
        low,
        expected: whole,
        high,
        unit: bill.currency,
        basis: 'assumed',
        source: `${bill.tasks} attempts at tasks in ${bill.run.name}`,
      }),
      tasks: significant(used),
      // Of each task's share the part in which no script ran.
      staging: significant(taskCost.priced === 0 ? 0 : (used * stagingCost) / taskCost.priced),
      retries: significant(alone.retries),
      idle: significant(whole - used),
      machines: machines.length,
      machineHours: significant(alone.machineHours),
      ...(foundWarm > 0 && { shared: true as const }),
    },
  };
}

function tookOf(run: TraceRun): Pick<ReportTrace, 'took'> {
  const took = lengthOf(run);
  return took === undefined ? {} : { took: significant(took) };
}

function accuracyOf({ replay }: Analysis): Pick<Report, 'accuracy'> {
  if (replay === undefined) return {};
  const { run, took, simulated, error } = replay;
  return {
    accuracy: { trace: run.name, took: significant(took), simulated: significant(simulated), replayError: significant(error) },
  };
}

function tracesOf({ evidence: { matches, doubles }, scaled, recordedBills }: Analysis): { traces?: readonly ReportTrace[] } {
  const parts = scaled.all.flatMap(({ evidence, scale }) => evidence.matches.map((match) => ({ ...match, scale })));
  if (matches.length + parts.length === 0) return {};
  const traces = [...matches.map((match) => ({ ...match, scale: undefined })), ...parts].map(
    ({ run, rowsOf, unmatched, scale }): ReportTrace => ({
      name: run.name,
      format: run.format,
      rows: run.rows,
      matched: [...rowsOf.values()].reduce((sum, rows) => sum + rows.length, 0),
      unmatched: [...unmatched].sort((one, two) => compare(one.process, two.process)),
      missingFields: missingFields(run),
      ...tookOf(run),
      ...billOf(recordedBills.find((bill) => bill.run === run)),
      ...(scale === undefined ? {} : { scale }),
    }),
  );
  for (const { run, as } of doubles) {
    const { name, format, rows } = run;
    traces.push({ name, format, rows, matched: 0, unmatched: [], missingFields: missingFields(run), sameRunAs: as.name });
  }
  return { traces };
}

function diagnosticOf(diagnostic: Diagnostic): Coverage['diagnostics'][number] {
  const { severity, code, message } = diagnostic;
  return { severity, code, message, location: placeRange(diagnostic), excerpt: excerptOf(diagnostic) };
}

function coverageOf({ pipeline, graph, analysis }: ReportParts): Coverage {
  const broken = new Set(pipeline.diagnostics.filter((one) => one.severity === 'error').map((one) => one.file.path));
  const configs = pipeline.configFiles.length;
  const files = pipeline.scripts.size + configs;
  let processes = 0;
  for (const script of pipeline.scripts.values()) processes += script.processes.size;
  const notes: CoverageNote[] = [...pipeline.notes, ...graph.notes, ...analysis.notes];
  if (analysis.shape.widthIs === 'at least')
    notes.push({ message: 'the width is that of the fullest level: the graph is too large for the exact number' });
  return {
    files,
    parsed: files - broken.size,
    scripts: pipeline.scripts.size,
    configs,
    diagnostics: pipeline.diagnostics.map(diagnosticOf),
    processes,
    calls: graph.calls.length,
    opaqueNodes: pipeline.opaqueNodes,
    unresolvedIncludes: pipeline.unresolvedIncludes.map(({ source, reason, place: at }) => ({ source, reason, location: placeRange(at) })),
    notes: notes.map((note) => ({
      message: note.message,
      ...(note.hint === undefined ? {} : { hint: note.hint }),
      ...(note.place === undefined ? {} : { location: place(note.place) }),
    })),
  };
}

/** Those that some task or edge names, or that something that is named is made of. */
function dimensionsOf({ model, binding }: Analysis): ReportDimension[] {
  return model.dimensions.all.map((dimension) => {
    const known = binding.knownOf(dimension.atom);
    const names = (some: Index): string[] => some.map(({ atom }) => atom.name);
    return {
      name: dimension.atom.name,
      ...(known === undefined ? {} : { count: known.number, basis: known.basis, evidence: known.from }),
      ...(dimension.within.length === 0 ? {} : { within: names(dimension.within) }),
      ...(dimension.quotientOf.length === 0 ? {} : { gathers: names(dimension.quotientOf) }),
      source: place(dimension.origin.place),
    };
  });
}

/** For each dimension of the producer's tasks, of all that a task of the consumer takes the widest. */
function reachOf(edge: ProcessEdge, { model }: Analysis, what: 'data' | 'waits'): Readonly<Record<string, Reach>> | undefined {
  if (!('id' in edge.from) || edge.active === false) return undefined;
  const reach: Record<string, Reach> = {};
  const { from } = edge;
  const indices = model.tasksOf(from).summands.map(({ index }) => index);
  const all = model.tasksOf(edge.to).summands;
  // What is there only under conditions that are not known speaks where nothing else does.
  const sure = all.filter(({ unsure }) => !unsure);
  for (const summand of sure.length === 0 ? all : sure) {
    const dependence = summand[what].get(from);
    if (dependence === undefined) continue;
    // Of a producer with several kinds of tasks those that it is about.
    const index = indices.find((one) => [...dependence.tied].every((tied) => model.dimensions.implies(one, tied))) ?? [];
    for (const dimension of index) {
      const { name } = dimension.atom;
      const here = ((): Reach => {
        if (dependence.any) return 'any';
        if (dependence.tied.has(dimension)) return '=';
        if (dependence.partly) return 'key';
        return [...dependence.tied].some((one) => model.dimensions.implies([dimension], one)) ? 'key' : 'all';
      })();
      if (reach[name] === undefined || WIDTHS.indexOf(here) > WIDTHS.indexOf(reach[name])) reach[name] = here;
    }
  }
  return Object.keys(reach).length === 0 ? undefined : reach;
}

const WIDTHS: readonly Reach[] = ['=', 'any', 'key', 'all'];

function graphOf({ graph, analysis }: ReportParts): ReportGraph {
  const { levels, width, longestChain, cycle } = analysis.shape;
  const ids = new Map<ProcessEdge['from'], string>(graph.calls.map((call) => [call, call.id]));
  const sources: SourceNode[] = [];
  for (const { from } of graph.edges) if (!ids.has(from) && isChannelSource(from)) ids.set(from, `source:${sources.push(from)}`);
  return {
    calls: graph.calls.map((call) => callOf(call, graph, analysis)).sort((one, two) => (one.id < two.id ? -1 : 1)),
    shape: { levels, width, longestChain, ...(cycle === undefined ? {} : { cycle }) },
    sources: sources.map((node) => ({
      id: ids.get(node) as string,
      kind: node.kind,
      text: node.text.replace(/\s+/g, ' ').slice(0, 200),
      source: place(node.place),
    })),
    dimensions: dimensionsOf(analysis),
    edges: edgesOf(graph, ids, analysis),
    outputs: outputsOf(graph, analysis),
  };
}

/** In the order of their ends' ids, then of their channels. Ids are long and begin alike: they are put in order once, and their numbers compared. */
function edgesOf(graph: ProcessGraph, ids: ReadonlyMap<ProcessEdge['from'], string>, analysis: Analysis): ReportEdge[] {
  const numbers = new Map([...new Set(ids.values())].sort().map((id, number) => [id, number]));
  const shown: { edge: ProcessEdge; from: string; order: number }[] = [];
  for (const edge of graph.edges) {
    const from = ids.get(edge.from);
    if (from !== undefined)
      shown.push({ edge, from, order: (numbers.get(from) as number) * numbers.size + (numbers.get(edge.to.id) as number) });
  }
  shown.sort((one, two) => one.order - two.order || compare(String(one.edge.port ?? ''), String(two.edge.port ?? '')));
  return shown.map(({ edge, from }) => edgeOf(edge, from, analysis));
}

/** One entry for each call that feeds a published output, through whatever operators. */
function outputsOf(graph: ProcessGraph, { times }: Analysis): ReportGraph['outputs'] {
  const channels = new Channels(graph);
  return graph.outputs.flatMap(({ name, ref, path }) => {
    const calls = new Set(channels.producersOf(ref).flatMap((node) => (node.type === 'call' ? [node.call] : [])));
    return [...calls]
      .sort((one, two) => compare(one.id, two.id))
      .map((call) => {
        const ready = 'untimed' in times ? undefined : times.ends.get(call);
        return {
          id: name,
          from: call.id,
          ...(path === undefined ? {} : { path }),
          ...(ready === undefined ? {} : { ready: shownEstimate(ready) }),
        };
      });
  });
}

/** What could run at the same time, and what the waits cost. */
function timesOf({ graph, analysis }: ReportParts): Pick<Report, 'parallelism' | 'criticalPath' | 'estimates'> {
  if (graph.calls.length === 0) return {};
  const { parallelism, times, model, whatIf } = analysis;
  const timed = 'untimed' in times ? undefined : times;
  const independentSets = parallelism.sets.map((set): IndependentSet => {
    const gain = timed?.savings.get(set);
    return {
      calls: set.calls.map(({ id }) => id),
      after: set.after.map(({ id }) => id),
      grade: weakestGrade(set.links.map(({ grade }) => grade)),
      links: set.links.map(({ from, to, kind, grade, evidence, assumption, place: at }) => ({
        from: from.id,
        to: to.id,
        kind,
        grade,
        evidence,
        ...(assumption === undefined ? {} : { assumption }),
        source: line(at),
      })),
      ...(gain === undefined ? {} : { savings: { wallClock: shownEstimate(gain) } }),
    };
  });
  if (timed === undefined) return { parallelism: { independentSets } };
  const { now, lossless, ideal, work, averageWidth, width, serialShare, path, slack } = timed;
  return {
    parallelism: {
      work: shownEstimate(work),
      span: shownEstimate(now),
      averageWidth: significant(averageWidth),
      width: {
        formula: formulaOf(sum(width.calls.map((call) => model.tasksOf(call).count))),
        count: width.count,
        ...(width.assumed ? { assumed: true as const } : {}),
      },
      serialShare: significant(serialShare),
      independentSets,
    },
    criticalPath: {
      calls: path.map(({ id }) => id),
      duration: shownEstimate(now),
      slackByCall: Object.fromEntries([...slack].map(([{ id }, seconds]): [string, number] => [id, significant(seconds)]).sort(byName)),
      ...(whatIf.length === 0
        ? {}
        : { whatIf: whatIf.map(({ call, half, none }) => ({ call: call.id, half: shownEstimate(half), none: shownEstimate(none) })) }),
    },
    ...estimatesOf({ now, lossless, ideal }, analysis),
  };
}

function perOne({ low, expected, high, ...rest }: FoundEstimate, samples: number): FoundEstimate {
  return { low: low / samples, expected: expected / samples, high: high / samples, ...rest };
}

/** undefined: nothing says how many there are. */
function samplesOf({ model, binding }: Analysis): number | undefined {
  const samples = model.dimensions.all.find(({ atom }) => atom.name === 'samples');
  const number = samples === undefined ? undefined : binding.numberOf(samples.atom);
  return number === undefined || number < 1 ? undefined : number;
}

/** On a platform on which the run does not come to its end there are none. */
function estimatesOf(free: Record<'now' | 'lossless' | 'ideal', FoundEstimate>, analysis: Analysis): { estimates?: ReportEstimates } {
  const { onPlatform, times } = analysis;
  const firsts = 'untimed' in times ? {} : times.firstResults;
  const samples = samplesOf(analysis);
  const bounds = { wallClock: shownEstimate(free.ideal) };
  if (onPlatform === undefined) {
    const alone = (wallClock: FoundEstimate, first: FoundEstimate | undefined): ReportRun => ({
      wallClock: shownEstimate(wallClock),
      ...(first && { firstResult: shownEstimate(first) }),
      ...perSampleOf(samples, wallClock),
    });
    return {
      estimates: {
        now: alone(free.now, firsts.now),
        lossless: alone(free.lossless, firsts.lossless),
        ideal: alone(free.ideal, firsts.ideal),
        bounds,
      },
    };
  }
  if (onPlatform.times === undefined) return {};
  const { now, lossless, ideal, rightSized } = onPlatform.times;
  return {
    estimates: {
      now: { ...runOf(now, samples), ...wastedWaitsOf(now, analysis.model) },
      lossless: runOf(lossless, samples),
      ideal: runOf(ideal, samples),
      ...(rightSized && { proposed: runOf(rightSized, samples) }),
      bounds,
      ...notProposedOf(analysis),
    },
  };
}

/** Fewer seconds are within what a simulation can tell. */
const TOLD_WAIT = 1;

function wastedWaitsOf({ avoidable }: TimeOnPlatform, model: Analysis['model']): Pick<ReportRun, 'wastedWaits'> {
  const waits = wastedWaits(avoidable, model).filter(({ seconds }) => seconds >= TOLD_WAIT);
  if (waits.length === 0) return {};
  return {
    wastedWaits: waits.map(({ call, seconds, on, places: some }) => ({
      call: call.id,
      seconds: significant(seconds),
      on: on.map(({ id }) => id),
      places: some.map(place),
    })),
  };
}

function notProposedOf({ rightSizing: { leftOut } }: Analysis): Pick<ReportEstimates, 'notProposed'> {
  if (leftOut.length === 0) return {};
  return {
    notProposed: leftOut.map((one) => ({
      call: one.call.id,
      request: one.kind === 'limit' ? 'time' : one.kind,
      because: harmText(one),
    })),
  };
}

function perSampleOf(samples: number | undefined, wallClock: FoundEstimate, cost?: FoundEstimate): Pick<ReportRun, 'perSample'> {
  if (samples === undefined) return {};
  const one = (whole: FoundEstimate): Estimate => shownEstimate(perOne(whole, samples));
  return { perSample: { wallClock: one(wallClock), ...(cost && { cost: one(cost) }) } };
}

function runOf({ wallClock, firstResult, waits, held: { cpus, memory }, money }: TimeOnPlatform, samples: number | undefined): ReportRun {
  return {
    wallClock: shownEstimate(wallClock),
    ...(firstResult && { firstResult: shownEstimate(firstResult) }),
    waits: Object.fromEntries([...waits].map(([cause, seconds]) => [cause, significant(seconds)])),
    cpuHours: shownEstimate(cpus),
    ...(memory && { memoryGbHours: shownEstimate(memory) }),
    ...perSampleOf(samples, wallClock, money?.cost),
    ...(money && {
      cost: shownEstimate(money.cost),
      ...(money.idleShare !== undefined && { idleShare: significant(money.idleShare) }),
      ...(money.calls && {
        costByCall: money.calls.map(({ call, used, idle }) => ({ call, used: significant(used), idle: significant(idle) })),
      }),
      ...(money.carbon && { energy: shownEstimate(money.carbon.energy), emitted: shownEstimate(money.carbon.emitted) }),
    }),
  };
}

function sideBySideOf(analysis: Analysis): Pick<Report, 'sideBySide'> {
  const { sideBySide } = analysis;
  if (sideBySide === undefined) return {};
  const { rows, prices: _, ...best } = sideBySide;
  const samples = samplesOf(analysis);
  return { sideBySide: { rows: rows.map((row) => besideOf(row, samples)), ...best } };
}

function besideOf(
  { chosen, now, rightSized, stuck, missing, withoutGpus, slower, dearer, transfer }: BesideRow,
  samples: number | undefined,
): ReportBeside {
  return {
    platform: shownPlatform(chosen),
    ...(now && { now: runOf(now, samples) }),
    ...(rightSized && { proposed: runOf(rightSized, samples) }),
    ...(stuck === undefined ? {} : { stuck }),
    ...(now && now.money === undefined && { noCost: noCostOf(missing) }),
    ...(withoutGpus && { withoutGpus }),
    ...(slower && now && { slower: shownEstimate({ ...now.wallClock, ...slower }) }),
    ...(dearer && now?.money && { dearer: shownEstimate({ ...now.money.cost, ...dearer }) }),
    ...(transfer && { transfer: shownTransfer(transfer) }),
  };
}

function shownTransfer({ crossings, cost, unpaid }: Transfer): ReportTransfer {
  return {
    from: crossings.map(({ call, bytes }) => ({
      call: call.id,
      ...(bytes && { atMostBytes: significant(bytes.high), onDiskBytes: significant(bytes.expected) }),
    })),
    ...(cost && { cost: { expected: significant(cost.expected), high: significant(cost.high) } }),
    ...(unpaid.length > 0 && { incomplete: true as const }),
  };
}

/** Nothing is missing where nobody expects a price. */
function noCostOf(missing: BesideRow['missing']): { message: string; hint: string } {
  return missing === undefined
    ? { message: 'a machine of one’s own', hint: 'give core-hour in a file: --prices FILE' }
    : { message: `no price for ${missing.missing}`, hint: missing.hint };
}

function growthOf({ growth }: Analysis): { growth?: readonly ReportGrowth[] } {
  if (growth === undefined) return {};
  return {
    growth: growth.map(({ samples, untold, run }): ReportGrowth => {
      if (run === undefined) return { samples, ...(untold === undefined ? {} : { untold }) };
      const { tasks, worlds, wallClock, cost, further, width, serialShare, heldBy } = run;
      return {
        ...{ samples, tasks, worlds, wallClock: shownEstimate(wallClock), width, serialShare: significant(serialShare) },
        ...(cost && { cost: shownEstimate(cost) }),
        ...perSampleOf(samples, wallClock, cost),
        ...(further && {
          further: {
            samples: further.samples,
            wallClock: shownEstimate(further.wallClock),
            ...(further.cost && { cost: shownEstimate(further.cost) }),
          },
        }),
        ...(heldBy && { heldBy: { cause: heldBy.cause, seconds: significant(heldBy.seconds) } }),
      };
    }),
  };
}

function frontOf({ front }: Analysis): { front?: ReportFront } {
  if (front === undefined) return {};
  const { unit, points, lowerBound, breakEven, answers, scalable } = front;
  return {
    front: {
      unit,
      points: points.map(({ wallClock, cost, choices }) => ({
        wallClock: shownEstimate(wallClock),
        cost: shownEstimate(cost),
        choices: choicesOf(choices),
      })),
      lowerBound: lowerBound.map(({ wallClock, cost }) => ({ wallClock: significant(wallClock), cost: significant(cost) })),
      breakEven: breakEven.map(({ from, to, perHour }) => ({ from, to, perHour: significant(perHour) })),
      scalableCalls: scalable,
      ...(answers.length === 0
        ? {}
        : { chosen: answers.map(({ by, given, point }) => ({ by: ASKED[by], given, ...(point === undefined ? {} : { point }) })) }),
    },
  };
}

const ASKED = { deadline: 'deadline', maxCost: 'max-cost', valueOfTime: 'value-of-time' } as const;

/** Calls for which the same changes are named together. */
function choicesOf(choices: FrontPoint['choices']): ReportFrontChoice[] {
  const cpus = new Map<string, ReportFrontChoice & { kind: 'cpus'; calls: string[] }>();
  const others: ReportFrontChoice[] = [];
  for (const choice of choices)
    if (choice.kind === 'cpus') {
      const { call, from, to } = choice;
      const key = `${from} ${to}`;
      const same = cpus.get(key);
      if (same === undefined) cpus.set(key, { kind: 'cpus', calls: [call.id], from, to });
      else same.calls.push(call.id);
    } else others.push(choice.kind === 'memory' ? { kind: 'memory', calls: choice.calls.map(({ id }) => id) } : choice);
  return [...others, ...[...cpus.values()].sort((one, two) => two.to / two.from - one.to / one.from || one.from - two.from)];
}

function resourcesOf({ graph, analysis: { evidence, sizing, rightSizing } }: ReportParts): { resources?: readonly ReportResources[] } {
  if (evidence.matches.length === 0) return {};
  const some = graph.calls.flatMap((call) => {
    const found = evidence.of(call);
    return found === undefined ? [] : [{ ...resourceOf(found), ...sizesOf(sizing.of(call), rightSizing.better.get(call)) }];
  });
  return { resources: some.sort((one, two) => compare(one.call, two.call)) };
}

function sizesOf(
  sized: CallSizing | undefined,
  { cpus, memory, limit }: BetterRequests = {},
): Pick<ReportResources, 'recommended' | 'waste'> {
  if (sized === undefined) return {};
  const better = [cpus, memory, limit].some((one) => one !== undefined);
  return {
    ...(better && {
      recommended: {
        ...(cpus !== undefined && { cpus }),
        ...(memory !== undefined && { memoryBytes: memory }),
        ...(limit !== undefined && { timeMs: limit * 1000 }),
      },
    }),
    ...((sized.cpus ?? sized.memory) !== undefined && {
      waste: {
        ...(sized.cpus && { cpuSeconds: significant(sized.cpus.idleSeconds) }),
        ...(sized.memory && { memoryByteSeconds: significant(sized.memory.wasted) }),
      },
    }),
  };
}

function resourceOf(found: CallEvidence): ReportResources {
  const { requested } = found;
  return {
    call: found.call.id,
    basis: 'measured',
    traces: found.rows.map(({ run }) => run.name),
    tasks: found.tasks,
    completed: found.completed,
    cached: found.cached,
    failed: found.failed,
    aborted: found.aborted,
    retried: found.retried,
    ...(found.failureShare === undefined ? {} : { failureShare: significant(found.failureShare) }),
    ...(found.failedExits.length === 0
      ? {}
      : { failedExits: found.failedExits.map(({ exit, rows }) => ({ ...(exit === undefined ? {} : { exit }), rows })) }),
    requested: shownSpreads({ cpus: requested.cpus, memoryBytes: requested.memory, timeMs: requested.time, diskBytes: requested.disk }),
    used: shownSpreads({
      cores: found.busyCores,
      memoryBytes: found.peakMemory,
      durationMs: found.duration,
      realtimeMs: found.realtime,
      waitMs: found.wait,
      stagingMs: found.staging,
      readBytes: found.read,
      writtenBytes: found.written,
      diskReadBytes: found.readFromDisk,
      diskWrittenBytes: found.writtenToDisk,
    }),
  };
}

function shownSpreads<Name extends string>(some: Readonly<Record<Name, Spread | undefined>>): { [Each in Name]?: ReportSpread } {
  const entries = Object.entries<Spread | undefined>(some).filter(([, spread]) => spread !== undefined);
  return Object.fromEntries(entries) as { [Each in Name]?: ReportSpread };
}

function byName([one]: readonly [string, unknown], [two]: readonly [string, unknown]): number {
  return compare(one, two);
}

/** No more digits than the model can tell. */
function significant(value: number): number {
  return Number(value.toPrecision(3));
}

function shownEstimate({ low, expected, high, ...rest }: FoundEstimate): Estimate {
  return { low: significant(low), expected: significant(expected), high: significant(high), ...rest };
}

function compare(one: string, two: string): number {
  return one < two ? -1 : one > two ? 1 : 0;
}

/** Plain values given to a process are no sources that a reader would look for. */
function isChannelSource(from: ProcessEdge['from']): from is SourceNode {
  return !('id' in from) && from.factory !== 'value';
}

function edgeOf(edge: ProcessEdge, from: string, analysis: Analysis): ReportEdge {
  const { to, port, kind, barrier, active } = edge;
  const shown: ReportEdge = {
    from,
    to: to.id,
    ...(port === undefined ? undefined : { channel: String(port) }),
    via: edge.via,
    kind,
    barrier,
    get guard() {
      return guardText(edge.guard);
    },
    active,
    source: place(edge.place),
  };
  // Most edges are off: of those nothing is said, and thousands of getters are felt.
  if (active === false || !('id' in edge.from)) return shown;
  const reach = (what: 'data' | 'waits') => ({ enumerable: true, get: () => reachOf(edge, analysis, what) });
  return Object.defineProperties(shown, { data: reach('data'), wait: reach('waits') });
}

/** What only some formats show is worked out when it is asked for: half of a large pipeline's calls and edges are off. */
function tasksOf(call: ProcessCall, { model, binding }: Analysis): ReportCall['tasks'] {
  if (call.active === false) return undefined;
  const { count, atMost, about, opaque } = model.tasksOf(call);
  const number = opaque === undefined ? binding.countOf(count) : undefined;
  return {
    formula: formulaOf(count),
    ...(number === undefined ? {} : { count: number }),
    ...(number === undefined || (binding.isCertain(count) && !about) ? {} : { assumed: true as const }),
    ...(atMost ? { atMost: true as const } : {}),
    ...(opaque === undefined ? {} : { unknown: opaque }),
  };
}

function dimsOf(call: ProcessCall, { model }: Analysis): readonly string[] | undefined {
  if (call.active === false) return undefined;
  return [...new Set(model.tasksOf(call).summands.flatMap(({ index }) => index.map(({ atom }) => atom.name)))];
}

/** Of a call that publishes. */
function readyOf(call: ProcessCall, graph: ProcessGraph, { times }: Analysis): { ready?: Estimate } {
  const ends = 'untimed' in times ? undefined : times.ends.get(call);
  return ends === undefined || !keepsFiles(graph.directivesOf(call)) ? {} : { ready: shownEstimate(ends) };
}

function callOf(call: ProcessCall, graph: ProcessGraph, analysis: Analysis): ReportCall {
  const guard = guardText(call.guard);
  return {
    id: call.id,
    process: call.process.name.name,
    definition: { path: call.script.file.path, ...call.script.file.positionAt(call.process.start) },
    sites: call.sites.map((site) => {
      const text = guardText(site.guard);
      return { ...place(site.place), ...(text === undefined ? {} : { guard: text }) };
    }),
    active: call.active,
    ...(guard === undefined ? {} : { guard }),
    kind: call.kind,
    get tasks() {
      return tasksOf(call, analysis);
    },
    get dims() {
      return dimsOf(call, analysis);
    },
    ...readyOf(call, graph, analysis),
    get directives() {
      return directivesOf(graph.directivesOf(call));
    },
    get container() {
      const container = graph.directivesOf(call).get('container')?.value;
      return typeof container === 'string' && container !== '' ? shownPath(container) : undefined;
    },
  };
}

/** Not about what a task is given, and long. A `when` that holds says nothing either. */
const LEFT_OUT: ReadonlySet<string> = new Set(['publishDir', 'tag']);
const UNIT_NAMES: Readonly<Record<string, string>> = { memory: 'memoryBytes', time: 'timeMs', disk: 'diskBytes' };

const shown = new WeakMap<ReadonlyMap<string, DirectiveSetting>, Directives>();

/** Calls that share their settings share what is shown of them. */
function directivesOf(settings: ReadonlyMap<string, DirectiveSetting>): Directives {
  const known = shown.get(settings);
  if (known !== undefined) return known;
  const directives = {};
  for (const [name, setting] of settings) {
    if (LEFT_OUT.has(name) || (name === 'when' && setting.value === true)) continue;
    let value: DirectiveValue<unknown> | undefined;
    const get = (): DirectiveValue<unknown> => (value ??= directiveOf(setting));
    const key = Object.hasOwn(UNIT_NAMES, name) ? (UNIT_NAMES[name] as string) : name;
    Object.defineProperty(directives, key, { enumerable: true, configurable: true, get });
  }
  shown.set(settings, directives);
  return directives;
}

/** A setting as written, without the comments in it. */
function oneLine(text: string): string {
  const code = text.includes('//') || text.includes('/*') ? withoutComments(text) : text;
  return code.includes('\n') || code.includes('  ') ? code.replace(/\s+/g, ' ').trim() : code;
}

function withoutComments(text: string): string {
  const { count, kinds, ends } = tokenize(text);
  let code = '';
  for (let index = 0, start = 0; index < count; index += 1) {
    const end = ends[index] as number;
    if (kinds[index] !== LINE_COMMENT && kinds[index] !== BLOCK_COMMENT) code += text.slice(start, end);
    start = end;
  }
  return code;
}

const AMOUNTS: ReadonlySet<string> = new Set(['cpus', 'memory', 'time', 'disk']);

function directiveOf(setting: DirectiveSetting): DirectiveValue<unknown> {
  const nothing = AMOUNTS.has(setting.name) && setting.value === null;
  const value = nothing ? undefined : plain(setting.value);
  const [first] = setting.byAttempt;
  const differs = setting.byAttempt.some((one) => one !== first);
  return {
    ...(value === undefined ? {} : { value }),
    ...(differs ? { byAttempt: setting.byAttempt.map((one) => plain(one) ?? null) } : {}),
    text: oneLine(setting.text),
    setBy: setting.setBy,
    source: line(setting.place),
    overrode: setting.overrode.map((one) => ({ text: oneLine(one.text), setBy: one.setBy, source: line(one.place) })),
    ...(setting.unknown === undefined && !nothing ? {} : { unknown: setting.unknown ?? 'set to null: nothing is asked for' }),
  };
}

/** A value as JSON has it; undefined for one that has no such form. */
function plain(value: Value | undefined, depth = 0): unknown {
  if (value === undefined || depth > 8) return undefined;
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof MemoryValue) return value.bytes;
  if (value instanceof DurationValue) return value.ms;
  if (value instanceof PathValue) return shownPath(value.path);
  if (value instanceof ListValue) return value.items.map((item) => plain(item, depth + 1) ?? null);
  if (value instanceof MapValue) return Object.fromEntries([...value.entries].map(([key, item]) => [key, plain(item, depth + 1) ?? null]));
  if (value instanceof ClosureValue) return undefined;
  return textOf(value);
}

function findingOf(finding: FoundFinding, { parallelism }: Analysis): Finding {
  const { place: at, related, change: _, savings, standing, overlaps, ...rest } = finding;
  return {
    ...rest,
    ...(savings && { savings: savingsOf(savings) }),
    ...(overlaps && {
      overlaps: {
        with: overlaps.with.map(({ ruleId, fingerprint, place: other }) => ({ ruleId, fingerprint, location: placeRange(other) })),
        ...(overlaps.together && { together: savingsOf(overlaps.together) }),
      },
    }),
    ...(standing && { standing: standingOf(standing, parallelism.sets) }),
    location: placeRange(at),
    excerpt: excerptOf(at),
    related: related.map((one) => ({ message: one.message, location: placeRange(one.place) })),
  };
}

function savingsOf({ wallClock, cost, assuming }: FoundSavings): ReportSavings {
  return {
    wallClock: shownEstimate(wallClock),
    ...(cost && { cost: shownEstimate(cost) }),
    ...(assuming === undefined ? {} : { assuming }),
  };
}

function standingOf({ dependsOn, set, anyGain, muchGain, ...rest }: FoundStanding, sets: readonly FoundSet[]): ReportStanding {
  return {
    ...rest,
    anyGain: significant(anyGain),
    muchGain: significant(muchGain),
    ...(dependsOn && { dependsOn: dependsOn.map(({ call, longer }) => ({ call: call.id, longer })) }),
    ...(set && { set: sets.indexOf(set) }),
  };
}

function timeFirstOf({ timeFirst }: Analysis): Pick<Report, 'timeFirst'> {
  return timeFirst === undefined ? {} : { timeFirst: { call: timeFirst.call.id, why: WHY_FIRST[timeFirst.decides] } };
}

const WHY_FIRST = {
  which: 'how long it takes decides most which finding saves most',
  'how much': 'how long it takes decides most how much the first finding saves',
} as const;
