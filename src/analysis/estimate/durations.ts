/**
 * How long a task of a call takes, and how it is known: measured in a trace, declared by the user, or assumed from the label of its process. Assumed ones are
 * wide: a label explains a third of what there is to explain, and how large the data of a run are more than that. What a run shows of its other calls says so.
 */
import { DurationValue, ListValue } from '../../parser/evaluate/value.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { figure } from '../amounts.ts';
import { AS_SEEN, type Reckoned } from '../simulate/worlds.ts';
import { counted } from '../words.ts';
import type { Basis } from './estimate.ts';
import type { CallEvidence, Evidence } from './evidence.ts';
import type { ScaledRuns } from './scaling.ts';
import { type Label, type LabelledTimes, UNCERTAINTY, type Uncertainty } from './uncertainty.ts';

export interface TaskDuration {
  /** Seconds, of half of the tasks at most. */
  readonly median: number;
  /** Seconds, the shortest first: what tasks took in runs. Absent where none was measured. */
  readonly seen?: Float64Array;
  /** Which of these are of the same item as those of other calls. Absent where tasks cannot be told apart by their tags. */
  readonly items?: SeenItems;
  /** Of the natural logarithm: what all tasks of the run share, since nobody knows how large its data are. */
  readonly runSpread: number;
  /** What all tasks of the call share, since nobody knows how long it takes. */
  readonly sharedSpread: number;
  /** From task to task. */
  readonly ownSpread: number;
  /** Times that, where tasks have other cpus now than those that were seen. */
  readonly reckoned?: Reckoned;
  /** Seconds; the directive `time` ends a task then. */
  readonly most: number;
  readonly basis: Basis;
  readonly source: string;
}

/** What is deep in one step is deep in the others: items are known by the tags of their tasks. */
export interface SeenItems {
  /** The same for calls whose tasks are of the same items. */
  readonly key: string;
  /** By item, in the order of their names: the place of its task among those seen. */
  readonly places: Int32Array;
}

/** As the user gave it: `STAR=2h..4h`. Seconds. */
export interface DeclaredDuration {
  readonly low: number;
  readonly high: number;
  /** `--duration`, or the file with its line. */
  readonly source: string;
}

/** Half the width of a range that holds 8 of 10, in standard deviations. */
const EIGHT_OF_TEN = 1.2816;

export class Durations {
  readonly #graph: ProcessGraph;
  readonly #declared: ReadonlyMap<string, DeclaredDuration>;
  readonly #evidence: Evidence | undefined;
  readonly #scaled: ScaledRuns | undefined;
  readonly #uncertainty: Uncertainty;
  readonly #reckonedOf: (call: ProcessCall) => Reckoned;
  readonly #used = new Set<string>();
  readonly #labelled: LabelledTimes;
  #known: Luck | undefined;

  /**
   * @param declared by the name of a call, full or last, or of its process
   * @param reckonedOf times what a task took in the runs, with the cpus that it asks for now; as long if not given
   */
  constructor(
    graph: ProcessGraph,
    declared: ReadonlyMap<string, DeclaredDuration>,
    evidence: Evidence | undefined = undefined,
    scaled: ScaledRuns | undefined = undefined,
    uncertainty: Uncertainty = UNCERTAINTY,
    reckonedOf: (call: ProcessCall) => Reckoned = () => AS_SEEN,
  ) {
    this.#graph = graph;
    this.#evidence = evidence;
    this.#scaled = scaled;
    this.#declared = declared;
    this.#uncertainty = uncertainty;
    this.#reckonedOf = reckonedOf;
    this.#labelled = uncertainty.labelled[graph.pipeline.config.chosenProfiles.some(isForTests) ? 'test' : 'full'];
  }

  /** Names that no call has; to be asked when all calls have been. */
  get unused(): readonly string[] {
    return [...this.#declared.keys()].filter((name) => !this.#used.has(name));
  }

  of(call: ProcessCall): TaskDuration {
    const most = timeLimitOf(this.#graph, call);
    for (const name of [call.id, call.name, call.process.name.name]) {
      const declared = this.#declared.get(name);
      if (declared === undefined) continue;
      this.#used.add(name);
      const { low, high, source } = declared;
      const ownSpread = Math.log(high / low) / (2 * EIGHT_OF_TEN);
      return {
        median: Math.sqrt(low * high),
        runSpread: 0,
        sharedSpread: 0,
        ownSpread,
        most: Number.POSITIVE_INFINITY,
        basis: 'declared',
        source,
      };
    }
    const measured = this.#measured(call) ?? this.#foretold(call);
    // What a task took it took: a limit that would have ended it is another one than that of the run.
    if (measured !== undefined) return { ...measured, most: Number.POSITIVE_INFINITY };
    const label = this.#labelOf(call);
    const { labels, between } = this.#labelled;
    const { median, within } = labels[label];
    const { shift, spread } = this.#luck();
    return {
      median: Math.min(median * Math.exp(shift), most),
      runSpread: spread,
      sharedSpread: between,
      ownSpread: within,
      most,
      basis: 'assumed',
      source: label === 'none' ? 'what tasks without a label take' : `what ${label} takes`,
    };
  }

  #measured(call: ProcessCall): Omit<TaskDuration, 'most'> | undefined {
    const measured = this.#evidence?.of(call);
    if (measured === undefined) return undefined;
    const { none, expected, all } = this.#reckonedOf(call);
    const isReckoned = none !== 1 || all !== 1;
    const times = measured.times().map((ms) => (ms / 1000) * expected);
    if (times.length === 0) return undefined;
    const { task, call: shared } = this.#uncertainty.repeat;
    const { seen, ownSpread } = apart(times.toSorted(), task);
    const items = this.#graph.directivesOf(call).has('tag') ? itemsOf(times, measured) : undefined;
    return {
      median: seen[(seen.length - 1) >> 1] as number,
      seen,
      ...(items && { items }),
      ...(isReckoned && { reckoned: { none: none / expected, expected: 1, all: all / expected } }),
      runSpread: 0,
      sharedSpread: shared,
      ownSpread,
      basis: 'measured',
      source: `${counted(seen.length, 'task')} in ${measured.rows.map(({ run }) => run.name).join(', ')}${isReckoned ? ', which had other cpus: by Amdahl’s law' : ''}`,
    };
  }

  /** By runs on parts of the input. */
  #foretold(call: ProcessCall): Omit<TaskDuration, 'most'> | undefined {
    const found = this.#scaled?.of(call);
    if (found === undefined) return undefined;
    const { median, sharedSpread, ownSpread, tasks, runs, scales, guessed } = found;
    const shares = scales.map((scale) => `${figure(100 * scale)} %`).join(', ');
    const source = `${counted(tasks, 'task')} in ${runs.join(', ')} on ${shares} of the input`;
    return { median, runSpread: 0, sharedSpread, ownSpread, basis: guessed ? 'assumed' : 'measured', source };
  }

  /** What calls that were measured tell of those that were not: by so much their labels say too much or too little (a normal prior, normal errors). */
  #luck(): Luck {
    if (this.#known !== undefined) return this.#known;
    const { labels, between, run } = this.#labelled;
    let [precision, sum] = [run ** -2, 0];
    for (const call of this.#graph.calls) {
      const measured = this.#measured(call);
      if (measured === undefined) continue;
      precision += between ** -2;
      sum += Math.log(Math.max(SHORTEST, measured.median) / labels[this.#labelOf(call)].median) * between ** -2;
    }
    this.#known = { shift: sum / precision, spread: precision ** -0.5 };
    return this.#known;
  }

  #labelOf(call: ProcessCall): Label {
    const labels = labelsOf(this.#graph, call);
    return (Object.keys(this.#labelled.labels) as Label[]).find((one) => labels.includes(one)) ?? 'none';
  }
}

/** More are not told apart: so many tell what there is. */
const MOST_ITEMS = 5000;

/** Of calls with one task for each item. */
function itemsOf(times: Float64Array, { tags }: CallEvidence): SeenItems | undefined {
  if (times.length < 2 || times.length > MOST_ITEMS) return undefined;
  const names = tags();
  const byName = Int32Array.from(names.keys()).sort((one, two) => ((names[one] as string) < (names[two] as string) ? -1 : 1));
  if (byName.some((at, index) => index > 0 && names[at] === names[byName[index - 1] as number])) return undefined;
  const byTime = Int32Array.from(times.keys()).sort((one, two) => (times[one] as number) - (times[two] as number) || one - two);
  const placeOf = new Int32Array(times.length);
  for (const [place, at] of byTime.entries()) placeOf[at] = place;
  return { key: names.toSorted().join('\n'), places: byName.map((at) => placeOf[at] as number) };
}

/** Tasks from which on those seen tell how far tasks differ; so much as that many weighs what is known of other runs. */
const ENOUGH = 5;
const PRIOR = 3;

/**
 * What differs from task to task in what was seen is both: what tasks are, and the chance that a repetition draws anew. The second is taken out of it, so that a run drawn from it is no more uneven than that which was seen.
 * @param sorted seconds @param usual the spread of one task's time from run to run, of the natural logarithm
 */
function apart(sorted: Float64Array, usual: number): { readonly seen: Float64Array; readonly ownSpread: number } {
  const n = sorted.length;
  if (n < ENOUGH) return { seen: sorted, ownSpread: usual };
  const logs = sorted.map((seconds) => Math.log(Math.max(seconds, 0.001)));
  const mean = logs.reduce((sum, log) => sum + log, 0) / n;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (n - 1);
  const own = (PRIOR * usual ** 2 + (n - 1) * Math.min(variance, usual ** 2)) / (PRIOR + n - 1);
  const kept = variance > own ? Math.sqrt(1 - own / variance) : 0;
  return { seen: logs.map((log) => Math.exp(mean + (log - mean) * kept)), ownSpread: Math.sqrt(own) };
}

/** What all tasks of a run share of which only the label is known: a factor's logarithm, and its spread. */
interface Luck {
  readonly shift: number;
  readonly spread: number;
}

/** Seconds. Of tasks too short to be measured nothing else is known. */
const SHORTEST = 0.5;

/** nf-core's are `test`, `test_full` (data of full size) and others such as `test_dna`. */
function isForTests(profile: string): boolean {
  return /^(?:test|demo)(?:_(?!full)|$)/.test(profile);
}

function labelsOf(graph: ProcessGraph, call: ProcessCall): readonly unknown[] {
  const value = graph.directivesOf(call).get('label')?.value;
  return value instanceof ListValue ? value.items : [value];
}

/** Seconds. */
function timeLimitOf(graph: ProcessGraph, call: ProcessCall): number {
  const value = graph.directivesOf(call).get('time')?.value;
  return value instanceof DurationValue && value.ms > 0 ? value.ms / 1000 : Number.POSITIVE_INFINITY;
}
