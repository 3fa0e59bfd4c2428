/** Runs the rules over one pipeline. Each speaks for itself: one that breaks becomes a note, and the others go on. */

import { Channels } from '../parser/graph/channels.ts';
import { ArrivalOrders } from '../parser/graph/model/arrival-orders.ts';
import { type BoundCounts, bindCounts } from '../parser/graph/model/bind-counts.ts';
import type { Binding } from '../parser/graph/model/binding.ts';
import { ChannelModel, MOST_SUMMANDS } from '../parser/graph/model/channel-model.ts';
import { ItemCounts } from '../parser/graph/model/item-counts.ts';
import type { ProcessCall, ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline, ScriptFile } from '../parser/pipeline/pipeline.ts';
import type { Table } from '../parser/pipeline/table.ts';
import type { BashParser } from '../parser/shell/bash.ts';
import type { TraceRun } from '../parser/trace/trace-run.ts';
import { nearest } from '../source/nearest.ts';
import type { SourceFile, SourceRange } from '../source/source-file.ts';
import type { PriceBook } from './cost/price-book.ts';
import { type DeclaredDuration, Durations } from './estimate/durations.ts';
import { Evidence } from './estimate/evidence.ts';
import { type ScaledRun, ScaledRuns } from './estimate/scaling.ts';
import { TRACE_FIELDS, traceNotes } from './estimate/trace-notes.ts';
import { UNCERTAINTY, type Uncertainty } from './estimate/uncertainty.ts';
import { type Finding, fingerprintOf, GRAVITY } from './finding.ts';
import type { FrontQuestions } from './front/answers.ts';
import { judge } from './judge.ts';
import { isOtherRun, otherwiseNote } from './passes/asked-now.ts';
import { doubtedPeaks } from './passes/attempts.ts';
import { AvoidableWaits } from './passes/avoidable-waits.ts';
import { type Front, frontPass } from './passes/front.ts';
import { type GrowthRow, growthOf } from './passes/growth.ts';
import { Needs } from './passes/needs.ts';
import { NO_ROOM } from './passes/no-room.ts';
import { oddRequests } from './passes/odd-requests.ts';
import { Parallelism } from './passes/parallelism.ts';
import { type Replay, replayOf, untimedNote } from './passes/past-runs.ts';
import { type PlatformParts, type PlatformTimes, platformTimes } from './passes/platform-times.ts';
import { type RecordedBill, recordedBills } from './passes/recorded-bills.ts';
import { type RightSizing, sizedRequests } from './passes/right-sizing.ts';
import { Scripts } from './passes/scripts.ts';
import { type Shape, shapeOf } from './passes/shape.ts';
import { type SideBySide, sideBySide } from './passes/side-by-side.ts';
import { Sizing } from './passes/sizing.ts';
import { stagingMemoryOf } from './passes/staging-memory.ts';
import type { Standings } from './passes/standings.ts';
import { type TimeParts, type Times, timesOf, type Untimed } from './passes/times.ts';
import { type WhatIf, whatIf } from './passes/what-if.ts';
import type { FoundHere, Requirement, Rule, RuleContext } from './rule.ts';
import { allRules } from './rules/index.ts';
import type { PlatformOptions } from './simulate/platforms/choice.ts';
import { type Suppression, suppressionsIn } from './suppressions.ts';

export interface AnalyseOptions {
  /** Only these rules. */
  readonly select?: readonly string[];
  /** Not these rules. */
  readonly ignore?: readonly string[];
  /** How many there are of what formulas name: `samples`, `intervals`. */
  readonly sizes?: ReadonlyMap<string, number>;
  /** What the pipeline reads as its main input. */
  readonly samplesheet?: Table | undefined;
  /** Runs of the pipeline. */
  readonly runs?: readonly TraceRun[];
  /** Runs on a part of the input: they tell how long tasks take, and nothing of what they use or how many there are. */
  readonly scaledRuns?: readonly ScaledRun[];
  /** Without it no script is read. */
  readonly bash?: BashParser | undefined;
  /** How long a task of a call takes, by its name. */
  readonly durations?: ReadonlyMap<string, DeclaredDuration>;
  /** Where it runs; without, there is room for every task. */
  readonly platform?: PlatformOptions | undefined;
  /** With a platform: others to compare it with. */
  readonly beside?: readonly PlatformOptions[] | undefined;
  /** By which it is worked out what past runs cost. */
  readonly prices?: PriceBook | undefined;
  /** With a platform: what else could be asked for there, and what that costs and takes. */
  readonly front?: FrontQuestions | undefined;
  /** Numbers of samples for which it is told what a run takes and costs. */
  readonly grow?: readonly number[] | undefined;
  /** Is told what takes time. */
  readonly progress?: ((text: string) => void) | undefined;
  /** How far runs differ, where not as usual: for a judge that leaves runs out. */
  readonly uncertainty?: Uncertainty;
}

/** What a rule could not say, or which count could not be told, and why. */
export interface AnalysisNote {
  readonly kind: 'not-applicable' | 'rule-failed' | 'not-used' | 'cut' | 'counts' | 'requests' | 'trace';
  readonly ruleIds: readonly string[];
  readonly message: string;
  /** As in `CoverageNote`. */
  readonly taken?: true;
  readonly hint?: string;
  readonly place?: SourceRange;
}

export interface Analysis {
  /** The gravest first, of those what is to be mended first, then by place. Suppressed ones are among them. */
  readonly findings: readonly Finding[];
  /** What to time to know better what to mend first. */
  readonly timeFirst: Standings['timeFirst'];
  readonly shape: Shape;
  readonly model: ChannelModel;
  readonly binding: Binding;
  readonly parallelism: Parallelism;
  readonly times: Times | Untimed;
  /** On the platform that was named. */
  readonly onPlatform: PlatformTimes | undefined;
  /** That platform and others; undefined where no others were named. */
  readonly sideBySide: SideBySide | undefined;
  /** By number of samples; undefined where nobody asked, or nothing is counted by samples. */
  readonly growth: readonly GrowthRow[] | undefined;
  /** What less time for a call would come to. */
  readonly whatIf: readonly WhatIf[];
  /** Time against money; undefined where nobody asked, or none can be told. */
  readonly front: Front | undefined;
  readonly evidence: Evidence;
  readonly scaled: ScaledRuns;
  readonly durations: Durations;
  readonly sizing: Sizing;
  /** What calls should ask for: checked on the platform, where one is named. */
  readonly rightSizing: RightSizing;
  readonly recordedBills: readonly RecordedBill[];
  /** The one run of which the durations are, simulated on the platform. Absent where the tasks are not those that it had. */
  readonly replay?: Replay;
  readonly notes: readonly AnalysisNote[];
  /** What was taken for granted beside what the graph took for granted. */
  readonly assumptions: readonly string[];
}

export function analyse(
  pipeline: Pipeline,
  graph: ProcessGraph,
  options: AnalyseOptions = {},
  rules: readonly Rule[] = allRules,
): Analysis {
  const chosen = rules.filter((rule) => (options.select?.includes(rule.id) ?? true) && !options.ignore?.includes(rule.id));
  const suppressions = filesOf(pipeline).flatMap(suppressionsIn);
  const suppressing = byPlace(suppressions);
  const context = new Context(pipeline, graph, suppressions, options);
  const notes: AnalysisNote[] = [];
  const found: Finding[] = [];
  const lacking = new Map<Requirement, string[]>();
  // First of all: a count that the pipeline does not have is the user's mistake, not a rule's. And counts get their names as channels are
  // worked out: the names must not depend on which rules were asked.
  const { binding, notes: countNotes } = context.bound();

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

  const scaled = new ScaledRuns(graph, options.scaledRuns ?? []);
  const { matches, doubles } = context.evidence;
  const given = { matches: [...matches, ...scaled.all.flatMap(({ evidence }) => evidence.matches)], doubles };
  for (const note of traceNotes(given)) notes.push({ kind: 'trace', ruleIds: [], ...note });
  const otherwise = otherwiseNote(context.sizing.all);
  if (otherwise !== undefined) notes.push({ kind: 'requests', ruleIds: [], ...otherwise });
  for (const note of doubtedPeaks(graph, context.evidence)) notes.push({ kind: 'trace', ruleIds: [], ...note });
  for (const note of oddRequests(graph)) notes.push({ kind: 'requests', ruleIds: [], ...note });
  for (const note of countNotes) notes.push({ kind: 'counts', ruleIds: [], ...note });
  const { uncertainty = UNCERTAINTY } = options;
  const durations = new Durations(
    graph,
    options.durations ?? new Map(),
    context.evidence,
    scaled,
    uncertainty,
    (call) => context.sizing.of(call)?.slowdown ?? 1,
  );
  const assumptions = new Set<string>();
  const { model, needs, parallelism } = context;
  const timeParts = {
    ...{ graph, model, binding, needs, parallelism, durations, assumptions },
    twins: twinsIn(found),
    run: context.evidence.matches[0],
  };
  const times = timesOf(timeParts);
  const platformParts = {
    ...{ pipeline, graph, evidence: context.evidence, sizing: context.sizing, times, assumptions },
    ...(uncertainty.platform && { figures: uncertainty.platform }),
  };
  const onPlatform = options.platform && platformTimes({ ...platformParts, options: options.platform });
  const growth = growthWith(options.grow, timeParts, options.platform && { ...platformParts, options: options.platform }, notes);
  const beside = [...unsplit(options.platform, onPlatform), ...(options.beside ?? [])];
  const compared = onPlatform && beside.length > 0 ? sideBySide(onPlatform, beside, platformParts) : undefined;
  for (const { route, hint } of onPlatform?.idleRoutes ?? [])
    notes.push({
      kind: 'not-used',
      ruleIds: [],
      message: `no task goes to ${route.to.name}: no call that runs has a name or label that ${route.calls} stands for`,
      ...(hint === undefined ? {} : { hint }),
    });
  if (onPlatform?.stuck !== undefined)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `on ${onPlatform.chosen.text} the run does not come to its end: ${onPlatform.stuck}`,
      ...(onPlatform.stuck.startsWith(NO_ROOM) && limitHint(onPlatform)),
    });
  if (onPlatform?.stuckRightSized !== undefined)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `what runs say is enough is not compared: with it the run does not come to its end on ${onPlatform.chosen.text}: ${onPlatform.stuckRightSized}`,
      hint: 'these calls need a larger machine, or are routed to one: --route CALLS=PLATFORM',
    });
  if (onPlatform?.missing !== undefined) {
    const { missing, hint } = onPlatform.missing;
    notes.push({ kind: 'cut', ruleIds: [], message: `what the run costs is not worked out: no price for ${missing}`, hint });
  }
  const replay =
    'untimed' in times || onPlatform?.times === undefined || isOtherRun(context.sizing.all)
      ? undefined
      : replayOf(context.evidence.matches, times.views.now, onPlatform.times.now.wallClock.expected, onPlatform.chosen.name);
  const untimed = 'untimed' in times ? undefined : untimedNote(context.evidence.matches, times.views.now);
  if (untimed !== undefined) notes.push({ kind: 'counts', ruleIds: [], ...untimed });
  const recorded = recordedBills(context.evidence.matches, options.prices);
  for (const { missing, hint } of recorded.missing)
    notes.push({ kind: 'cut', ruleIds: [], message: `what a past run cost is not worked out: no price for ${missing}`, hint });
  const front = frontOn(context, times, onPlatform, options);
  if (options.front !== undefined && front === undefined && onPlatform?.stuck === undefined && !('untimed' in times))
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: 'time against money is not worked out: there are too many tasks to simulate them again and again',
    });
  for (const assumption of front?.assumptions ?? []) assumptions.add(assumption);
  const { findings, timeFirst, cut } = judge(withFingerprints(pipeline, found.sort(byGravity)), { times, onPlatform, parallelism });
  if (cut !== undefined) notes.push({ kind: 'cut', ruleIds: [], message: `what findings save is not worked out: ${cut}` });
  const names = graph.calls.flatMap(({ id, name }) => [name, id]);
  for (const name of durations.unused) {
    const [near] = nearest(name, names);
    notes.push({
      kind: 'not-used',
      ruleIds: [],
      message: `the duration of ${name} is not used: no call that runs has that name`,
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }
  if ('untimed' in times && times.untimed !== undefined)
    notes.push({ kind: 'cut', ruleIds: [], message: `times were not worked out: ${times.untimed}` });
  if (model.merged.size > 0)
    notes.push({
      kind: 'cut',
      ruleIds: [],
      message: `on ${model.merged.size} ${model.merged.size === 1 ? 'channel' : 'channels'} more kinds of items meet than are told apart (${MOST_SUMMANDS}): they are counted together`,
      taken: true,
    });
  for (const [evidence, ruleIds] of lacking) notes.push({ kind: 'not-applicable', ruleIds, ...MISSING[evidence] });
  return {
    findings,
    timeFirst,
    shape: context.shape,
    model,
    binding,
    parallelism,
    times,
    onPlatform,
    growth,
    sideBySide: compared,
    whatIf: 'untimed' in times ? [] : whatIf(times),
    front,
    evidence: context.evidence,
    scaled,
    durations,
    sizing: context.sizing,
    get rightSizing() {
      return onPlatform?.rightSizing ?? { better: sizedRequests(graph, context.sizing), leftOut: [] };
    },
    recordedBills: recorded.bills,
    ...(replay && { replay }),
    notes,
    assumptions: [...model.assumptions, ...assumptions],
  };
}

/** Of a config, no more than that: `32.GB`, `30471.MB`. */
function wholeMemory(bytes: number): string {
  return bytes % GIB === 0 ? `${bytes / GIB}.GB` : `${Math.floor(bytes / MIB)}.MB`;
}

const [MIB, GIB] = [2 ** 20, 2 ** 30];

/** How such a run is kept within the machines that there are. */
function limitHint({ chosen: { machine, routed } }: PlatformTimes): { readonly hint: string } {
  if (machine === undefined || routed !== undefined)
    return { hint: 'ask for less in a config (-c), or name a platform with larger machines' };
  const limits = `process.resourceLimits = [cpus: ${machine.cpus}, memory: ${wholeMemory(machine.memoryBytes)}]`;
  return {
    hint: `a config (-c) with ${limits} keeps requests within one machine, from Nextflow 24.04 on; --route CALLS=PLATFORM puts these calls elsewhere`,
  };
}

/** The platform as if no call ran elsewhere, where one does. */
function unsplit(platform: PlatformOptions | undefined, onPlatform: PlatformTimes | undefined): PlatformOptions[] {
  const { routes = [], ...rest } = platform ?? { name: '' };
  return onPlatform === undefined || routes.length === onPlatform.idleRoutes.length ? [] : [rest];
}

function growthWith(
  numbers: readonly number[] | undefined,
  parts: TimeParts,
  platform: PlatformParts | undefined,
  notes: AnalysisNote[],
): readonly GrowthRow[] | undefined {
  if (numbers === undefined) return undefined;
  if (parts.model.dimensions.names().includes('samples')) return growthOf(numbers, parts, platform);
  notes.push({ kind: 'cut', ruleIds: [], message: 'how a run grows is not worked out: nothing in this pipeline is counted by samples' });
  return undefined;
}

function frontOn(
  { sizing, scripts }: RuleContext,
  times: Times | Untimed,
  onPlatform: PlatformTimes | undefined,
  { front: questions, progress }: AnalyseOptions,
): Front | undefined {
  const { setting } = onPlatform ?? {};
  if (questions === undefined || 'untimed' in times || onPlatform === undefined || setting === undefined) return undefined;
  return frontPass({ times, onPlatform, setup: setting, options: setting.options, sizing, scripts, questions, progress });
}

class Context implements RuleContext {
  readonly pipeline: Pipeline;
  readonly graph: ProcessGraph;
  suppressions: readonly Suppression[];
  #channels: Channels | undefined;
  #counts: ItemCounts | undefined;
  #orders: ArrivalOrders | undefined;
  #shape: Shape | undefined;
  #model: ChannelModel | undefined;
  #counted: BoundCounts | undefined;
  #waits: AvoidableWaits | undefined;
  #needs: Needs | undefined;
  #parallelism: Parallelism | undefined;
  readonly #options: AnalyseOptions;
  readonly scripts: Scripts;
  readonly evidence: Evidence;
  readonly sizing: Sizing;

  constructor(pipeline: Pipeline, graph: ProcessGraph, suppressions: readonly Suppression[], options: AnalyseOptions) {
    this.#options = options;
    this.scripts = new Scripts(graph, options.bash);
    this.pipeline = pipeline;
    this.graph = graph;
    this.suppressions = suppressions;
    this.evidence = new Evidence(graph, options.runs ?? []);
    this.sizing = new Sizing(graph, this.evidence, stagingMemoryOf(pipeline, graph, this.evidence.matches, options.platform?.name));
  }
  get channels(): Channels {
    this.#channels ??= new Channels(this.graph);
    return this.#channels;
  }
  get counts(): ItemCounts {
    this.#counts ??= new ItemCounts(this.graph);
    return this.#counts;
  }
  get orders(): ArrivalOrders {
    this.#orders ??= new ArrivalOrders(this.graph, this.counts);
    return this.#orders;
  }
  get model(): ChannelModel {
    this.#model ??= new ChannelModel(this.graph);
    return this.#model;
  }
  get binding(): Binding {
    return this.bound().binding;
  }
  /** @throws UnknownCount */
  bound(): BoundCounts {
    if (this.#counted === undefined) {
      // All dimensions are there once all tasks have been worked out.
      for (const call of this.graph.calls) this.model.tasksOf(call);
      this.#counted = bindCounts(this.model, { ...this.#options, runs: this.evidence.matches });
    }
    return this.#counted;
  }
  get needs(): Needs {
    this.#needs ??= new Needs(this.model, this.scripts, this.channels);
    return this.#needs;
  }
  get parallelism(): Parallelism {
    this.#parallelism ??= new Parallelism(this.graph, this.needs);
    return this.#parallelism;
  }
  get waits(): AvoidableWaits {
    this.#waits ??= new AvoidableWaits(this.graph, this.model);
    return this.#waits;
  }
  get shape(): Shape {
    this.#shape ??= shapeOf(this.graph);
    return this.#shape;
  }
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

/** Calls that a finding says do the same as another one. */
function twinsIn(found: readonly Finding[]): ReadonlyMap<ProcessCall, ProcessCall> {
  const twins = new Map<ProcessCall, ProcessCall>();
  for (const { change } of found)
    if (change?.kind === 'calls-gone')
      for (const { call, instead, alike } of change.calls) if (alike === true && instead !== undefined) twins.set(call, instead);
  return twins;
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
