/** One pipeline from its graph to what is told of it: what rules find, how long it takes and what it costs, and what findings save. */

import type { Binding } from '../parser/graph/model/binding.ts';
import { type ChannelModel, MOST_SUMMANDS } from '../parser/graph/model/channel-model.ts';
import type { ProcessCall, ProcessGraph } from '../parser/graph/process-graph.ts';
import { taskCountsOf } from '../parser/graph/trace-matches.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import { nearest } from '../source/nearest.ts';
import { Context } from './context.ts';
import { Durations } from './estimate/durations.ts';
import type { Evidence } from './estimate/evidence.ts';
import { ScaledRuns } from './estimate/scaling.ts';
import { traceNotes } from './estimate/trace-notes.ts';
import { UNCERTAINTY } from './estimate/uncertainty.ts';
import type { Finding } from './finding.ts';
import { judge } from './judge.ts';
import type { AnalysisNote } from './note.ts';
import type { AnalyseOptions } from './options.ts';
import { type Front, frontPass } from './passes/front.ts';
import { type GrowthRow, growthOf } from './passes/growth.ts';
import type { Parallelism } from './passes/parallelism.ts';
import { type Replay, replayOf, untimedNote } from './passes/past-runs.ts';
import { type PlatformParts, type PlatformTimes, platformTimes } from './passes/platform/platform-times.ts';
import { type RecordedBill, recordedBills } from './passes/platform/recorded-bills.ts';
import { saidRoom } from './passes/platform/said-room.ts';
import { type SideBySide, sideBySide } from './passes/platform/side-by-side.ts';
import type { Shape } from './passes/shape.ts';
import { isOtherRun, otherwiseNote } from './passes/sizing/asked-now.ts';
import { doubtedPeaks } from './passes/sizing/attempts.ts';
import { oddRequests } from './passes/sizing/odd-requests.ts';
import { type RightSizing, sizedRequests } from './passes/sizing/right-sizing.ts';
import type { Sizing } from './passes/sizing/sizing.ts';
import type { Standings } from './passes/standings.ts';
import { type TimeParts, type Times, timesOf, type Untimed } from './passes/times.ts';
import { type WhatIf, whatIf } from './passes/what-if.ts';
import { platformNotes } from './platform-notes.ts';
import type { Rule, RuleContext } from './rule.ts';
import { allRules } from './rules/index.ts';
import { runRules, settled } from './run-rules.ts';
import type { PlatformOptions } from './simulate/platforms/choice.ts';
import { AS_SEEN } from './simulate/worlds.ts';

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
  const notes: AnalysisNote[] = [];
  const context = new Context(pipeline, graph, options);
  // First of all: a count that the pipeline does not have is the user's mistake, not a rule's. And counts get their names as channels are
  // worked out: the names must not depend on which rules were asked.
  const { binding, notes: countNotes } = context.bound();
  const { found, lacking } = runRules(context, options, rules, notes);
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
    (call) => context.sizing.of(call)?.reckoned ?? AS_SEEN,
  );
  const assumptions = new Set<string>();
  const { model, needs, parallelism } = context;
  const timeParts = {
    ...{ graph, model, binding, needs, parallelism, durations, assumptions },
    twins: twinsIn(found),
    // Of a run in which nothing came to its end nobody knows what would have come.
    run: context.evidence.matches.slice(0, 1).find((match) => taskCountsOf(match).some(([, tasks]) => tasks > 0)),
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
  if (onPlatform !== undefined) notes.push(...platformNotes(onPlatform));
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
  const { findings, timeFirst, cut } = judge(settled(pipeline, found), {
    ...{ times, onPlatform, parallelism },
    roomOf: (timed) => saidRoom(pipeline, graph, context.evidence, timed.views.now),
  });
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
  notes.push(...lacking);
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
  { sizing, graph }: RuleContext,
  times: Times | Untimed,
  onPlatform: PlatformTimes | undefined,
  { front: questions, progress }: AnalyseOptions,
): Front | undefined {
  const { setting } = onPlatform ?? {};
  if (questions === undefined || 'untimed' in times || onPlatform === undefined || setting === undefined) return undefined;
  return frontPass({ times, onPlatform, setup: setting, options: setting.options, sizing, graph, questions, progress });
}

/** Calls that a finding says do the same as another one. */
function twinsIn(found: readonly Finding[]): ReadonlyMap<ProcessCall, ProcessCall> {
  const twins = new Map<ProcessCall, ProcessCall>();
  for (const { change } of found)
    if (change?.kind === 'calls-gone')
      for (const { call, instead, alike } of change.calls) if (alike === true && instead !== undefined) twins.set(call, instead);
  return twins;
}
