/** The few small runs that would tell most of a pipeline: on which part of the input, what they would tell, and how to hand it back. */
import { textOf } from '../parser/evaluate/conversions.ts';
import type { ChannelModel } from '../parser/graph/model/channel-model.ts';
import type { ProcessGraph } from '../parser/graph/process-graph.ts';
import type { Pipeline } from '../parser/pipeline/pipeline.ts';
import type { Table } from '../parser/pipeline/table.ts';
import type { Analysis } from './analyse.ts';
import type { TaskDuration } from './estimate/durations.ts';
import type { Basis, Estimate } from './estimate/estimate.ts';
import { TRACE_FIELDS } from './estimate/trace-notes.ts';
import { type Launch, nextflowRun, shellWord } from './nextflow-command.ts';
import { makespanIfKnown, uncertaintyByCall } from './passes/uncertainty.ts';
import { prepareCommands, type SampleInput, sampleInput } from './probe-input.ts';

/** How a call is known: on the whole input, foretold by several parts of it, by one part alone, said by the user, by nothing but its label. */
export type KnownBy = 'whole' | 'parts' | 'one part' | 'given' | 'nothing';

export interface ProbeCall {
  readonly call: string;
  /** Of what is not known of the wall-clock so much comes of it, 0 to 1. */
  readonly share: number;
  readonly knownBy: KnownBy;
  /** Of a task, seconds: 8 of 10 such calls are within. */
  readonly seconds: {
    readonly low: number;
    readonly expected: number;
    readonly high: number;
    readonly basis: Basis;
    readonly source: string;
  };
}

export interface ProbeRun {
  /** Of the input of one sample. */
  readonly scale: number;
  readonly why: string;
  /** Quoted word by word: what makes its files, and what runs it. */
  readonly prepare: readonly (readonly string[])[];
  readonly command: readonly string[];
  readonly trace: string;
}

export interface SpanRange {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

export interface ProbePlan {
  readonly pipeline: string;
  /** Of the whole run, with room for every task; seconds. Absent where nothing can be timed. */
  readonly wallClock?: SpanRange & { readonly basis: Basis; readonly source: string };
  /** How many times as long as the low end the high end is, now and once the small runs have told what they can. */
  readonly width?: { readonly now: number; readonly afterwards: number };
  /** A run of one whole sample: seconds, and what it costs on the platform that was named. */
  readonly oneSample?: { readonly wallClock: SpanRange; readonly cost?: Estimate };
  /** Runs that are given. */
  readonly given: readonly { readonly name: string; readonly scale: number }[];
  /** Those that run under these params: of which most of what is not known comes, first. */
  readonly calls: readonly ProbeCall[];
  /** Calls that these params switch off: no run with them tells of these. */
  readonly off: readonly string[];
  /** By the param of that name the pipeline is given its input; undefined where none is seen. */
  readonly inputParam?: string;
  /** That is a pattern for files, no sheet that names them. */
  readonly inputIsPattern?: true;
  /** Of one sample: names that stand for the user's own with `isMadeUp`, nothing where it is not seen what there is; and those that no command makes smaller. */
  readonly input: Omit<SampleInput, 'lines'>;
  /** Where no such param is seen: channels whose items are written in the source, as written. */
  readonly written: readonly { readonly text: string; readonly path: string; readonly line: number }[];
  /** What is still to be run, the smallest first. */
  readonly runs: readonly ProbeRun[];
  readonly config: { readonly name: string; readonly text: string };
  /** Reads the traces back, quoted word by word. */
  readonly readBack: readonly string[];
  readonly assumptions: readonly string[];
}

export interface ProbeParts {
  readonly pipeline: Pipeline;
  readonly graph: ProcessGraph;
  readonly analysis: Analysis;
  /** The same for a single sample; undefined where nothing counts samples. */
  readonly oneSample: Analysis | undefined;
  readonly samplesheet: Table | undefined;
  readonly samples: number | undefined;
  readonly launch: Launch;
  /** What the config of the runs is called. */
  readonly config?: string | undefined;
  /** Names of the traces that were given, as typed, to be handed back with the new ones. */
  readonly traces: readonly string[];
}

/**
 * Of one sample's input: from there the whole is foretold within 11 % in half of 742 cases, within a factor of 2 in nine of ten (bench/scaling). 0.8 % and 3 % are half as good.
 */
const PARTS = [0.03, 0.12] as const;
/** What is as near as that need not be run again. */
const NEAR = 1.6;
/** What runs on these parts leave open, as a standard deviation of the natural logarithm: 0.2 for each e-fold (estimate/scaling.ts). */
const LEFT_OPEN = 0.2 * Math.log(1 / PARTS[1]);
const EIGHT_OF_TEN = 1.2816;
const CONFIG = 'probe.config';
const WIDEST_LINE = 50;

export function probePlan(parts: ProbeParts): ProbePlan {
  const { pipeline, graph, analysis, oneSample, launch, samples, config = CONFIG } = parts;
  const { times } = analysis;
  const shares = 'untimed' in times ? new Map() : uncertaintyByCall(times);
  const calls = graph.calls
    .filter(({ active }) => active !== false)
    .map((call): ProbeCall => {
      const duration = analysis.durations.of(call);
      return { call: call.id, share: shares.get(call) ?? 0, knownBy: knownBy(analysis, call, duration), seconds: rangeOf(duration) };
    })
    .sort((one, other) => other.share - one.share || 0);
  const given = [
    ...analysis.evidence.matches.map(({ run }) => ({ name: run.name, scale: 1 })),
    ...analysis.scaled.all.map(({ run, scale }) => ({ name: run.name, scale })),
  ];
  const inputParam = inputParamOf(pipeline, analysis.model);
  const inputText = givenText(pipeline, inputParam);
  const sample = sampleInput(analysis.model, parts.samplesheet, isPattern(inputText) ? inputText : undefined);
  const runs = runsFor(parts, given, calls, { param: inputParam, sample });
  const one = oneSample === undefined || 'untimed' in oneSample.times ? undefined : oneSample.times.now;
  const cost = oneSample?.onPlatform?.times?.now.money?.cost;
  return {
    pipeline: pipeline.name === '' ? pipeline.tree.name : pipeline.name,
    ...('untimed' in times
      ? {}
      : { wallClock: times.now, width: { now: widthOf(times.now), afterwards: widthOf(makespanIfKnown(times, LEFT_OPEN)) } }),
    ...(one === undefined
      ? {}
      : { oneSample: { wallClock: oneSample?.onPlatform?.times?.now.wallClock ?? one, ...(cost === undefined ? {} : { cost }) } }),
    given,
    calls,
    off: graph.calls.filter(({ active }) => active === false).map(({ id }) => id),
    ...(inputParam === undefined ? {} : { inputParam }),
    written: inputParam === undefined ? writtenSources(graph) : [],
    ...(isPattern(inputText) && { inputIsPattern: true as const }),
    input: { files: sample.files, isMadeUp: sample.isMadeUp, uncut: sample.uncut },
    runs,
    config: {
      name: config,
      text: configText(),
    },
    readBack: [
      ...['pipeopt', 'analyze', launch.pipeline],
      ...[...parts.traces, ...runs.map(({ trace, scale }) => (scale === 1 ? trace : `${trace}=${scale}`))].flatMap((trace) => [
        '--trace',
        trace,
      ]),
      ...(countsSamples(analysis) ? ['--samples', samples === undefined ? 'N' : String(samples)] : []),
    ].map(shellWord),
    assumptions: analysis.assumptions,
  };
}

/** No line is wider than a terminal: it is pasted. */
function configText(): string {
  const lines: string[] = [];
  for (const field of TRACE_FIELDS.split(',')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + field.length > WIDEST_LINE) lines.push(field);
    else lines[lines.length - 1] = `${last},${field}`;
  }
  const fields = lines.map((line, at) => (at < lines.length - 1 ? `'${line},'` : `'${line}'`)).join(' +\n        ');
  return `// What pipeopt reads of a trace: given with nextflow run -c\ntrace {\n    raw = true\n    overwrite = true\n    fields = ${fields}\n}\n`;
}

function knownBy({ evidence, scaled }: Analysis, call: ProcessGraph['calls'][number], { basis }: TaskDuration): KnownBy {
  if (basis === 'declared') return 'given';
  if (
    (evidence
      .of(call)
      ?.times()
      .some((ms) => ms > 0) ?? false) === true
  )
    return 'whole';
  const parts = scaled.of(call);
  return parts === undefined ? 'nothing' : parts.guessed ? 'one part' : 'parts';
}

function rangeOf({ median, sharedSpread, ownSpread, most, basis, source }: TaskDuration): ProbeCall['seconds'] {
  const wide = Math.exp(EIGHT_OF_TEN * Math.hypot(sharedSpread, ownSpread));
  return { low: median / wide, expected: median, high: Math.min(most, median * wide), basis, source };
}

/** One more or less can be asked for by that name. */
export function countsSamples({ model }: Pick<Analysis, 'model'>): boolean {
  return model.dimensions.names().includes('samples');
}

function widthOf({ low, high }: Pick<SpanRange, 'low' | 'high'>): number {
  return low <= 0 ? 1 : high / low;
}

function runsFor(parts: ProbeParts, given: ProbePlan['given'], calls: readonly ProbeCall[], input: RunInput): readonly ProbeRun[] {
  // Where each call that counts is known there is nothing to be told by parts.
  const timed = calls.some(({ share }) => share > 0);
  const open = calls.filter(({ knownBy, share }) => (share > 0 || !timed) && (knownBy === 'nothing' || knownBy === 'one part'));
  const wanted =
    open.length === 0
      ? []
      : PARTS.filter((part) => !given.some(({ scale }) => scale < 1 && Math.abs(Math.log(scale / part)) < Math.log(NEAR)));
  const runs = wanted.map((part) => runOn(parts, part, 'how long each call takes', input));
  if (given.some(({ scale }) => scale === 1)) return runs;
  return [...runs, runOn(parts, 1, 'not needed for times: it tells what tasks need of memory', input)];
}

interface RunInput {
  readonly param: string | undefined;
  readonly sample: SampleInput;
}

function runOn({ pipeline, launch, config = CONFIG }: ProbeParts, scale: number, why: string, { param, sample }: RunInput): ProbeRun {
  const name = scale === 1 ? 'probe-whole' : `probe-${String(Math.round(scale * 100))}`;
  const outdir = [...pipeline.params.keys()].find((one) => /^(out(put)?_?dir|output|results?(_?dir)?|publish_?dir)$/i.test(one));
  const small = param === undefined ? undefined : smallInput(givenText(pipeline, param), name);
  const own: readonly (readonly [string | undefined, string | undefined])[] = [
    [param, small],
    [outdir, name],
  ];
  const more = [
    ...own.flatMap(([one, value]) => (one === undefined || value === undefined ? [] : [`--${one}`, value])),
    ...['-c', config, '-with-trace', `${name}.txt`, '-resume'],
  ];
  const words = withoutParams(
    launch.words,
    own.flatMap(([one]) => one ?? []),
  );
  return {
    scale,
    why,
    prepare: prepareCommands(sample, { scale, folder: name, sheet: isPattern(small) ? undefined : small }),
    command: nextflowRun({ ...launch, words }, more),
    trace: `${name}.txt`,
  };
}

/** What stands behind them anew is not said twice. */
function withoutParams(words: readonly string[], names: readonly string[]): readonly string[] {
  return words.filter((word, at) => !names.some((name) => word === `--${name}` || words[at - 1] === `--${name}`));
}

function givenText({ params }: Pipeline, name: string | undefined): string | undefined {
  return name === undefined ? undefined : textOf(params.get(name)?.value ?? null);
}

function isPattern(text: string | undefined): boolean {
  return /[*?{]/.test(text ?? '');
}

/** What the input is called: a sheet with the one sample, or a pattern for its files. */
function smallInput(now: string | undefined, name: string): string {
  const last = (now ?? '').replace(/^.*\//, '');
  if (isPattern(last)) return `${name}/${last}`;
  return `${name}${/\.(tsv|txt|ya?ml|json)$/i.exec(last)?.[0] ?? '.csv'}`;
}

const LISTED: ReadonlySet<string> = new Set(['of', 'from', 'fromList']);
const LONGEST_TEXT = 60;

/** Several items, of which nothing comes from a param. */
function writtenSources({ nodes }: ProcessGraph): ProbePlan['written'] {
  return nodes.flatMap((node) => {
    if (node.type !== 'source' || node.active === false || !LISTED.has(node.factory) || /\bparams\b/.test(node.text)) return [];
    if (!/[,.]/.test(node.text.slice(node.text.indexOf('(')))) return [];
    const text = node.text.replace(/\s+/g, ' ');
    const { line } = node.place.file.positionAt(node.place.start);
    return [{ text: text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`, path: node.place.file.path, line }];
  });
}

const INPUT = /^(input|reads?|sample_?sheet|samples?|fast_?qs?|input_?(csv|file|reads)|csv|design|metadata)$/i;

function inputParamOf({ params }: Pipeline, { sheets }: ChannelModel): string | undefined {
  const paths = new Set([...sheets.values()].flatMap(({ path, listsSamples }) => (path !== undefined && listsSamples ? [path] : [])));
  const names = [...params.keys()];
  return names.find((name) => paths.has(textOf(params.get(name)?.value ?? null) ?? '')) ?? names.find((name) => INPUT.test(name));
}
