/**
 * How long a task of a call takes, and how it is known: measured in a trace, declared by the user, or assumed from the label of its process. Assumed ones are
 * wide: a label explains a third of what there is to explain (169 types of processes in 5 traces, WfCommons and nf-core runs 2020–2024).
 */
import { DurationValue, ListValue } from '../../parser/evaluate/value.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { figure } from '../amounts.ts';
import { counted } from '../words.ts';
import type { Basis } from './estimate.ts';
import type { Evidence } from './evidence.ts';
import type { ScaledRuns } from './scaling.ts';

export interface TaskDuration {
  /** Seconds, of half of the tasks at most. */
  readonly median: number;
  /** Of the natural logarithm: what all tasks of the call share, since nobody knows how long it takes. */
  readonly sharedSpread: number;
  /** Of the natural logarithm: from task to task. */
  readonly ownSpread: number;
  /** Seconds; the directive `time` ends a task then. */
  readonly most: number;
  readonly basis: Basis;
  readonly source: string;
}

/** As the user gave it: `STAR=2h..4h`. Seconds. */
export interface DeclaredDuration {
  readonly low: number;
  readonly high: number;
  /** `--duration`, or the file with its line. */
  readonly source: string;
}

/** Median of medians and spread between processes, spread within one (of ln seconds), by nf-core's labels. */
const BY_LABEL = {
  process_high: { median: 1514, between: 1.2, within: 0.58 },
  process_medium: { median: 142, between: 1.9, within: 0.2 },
  process_low: { median: 45, between: 1.6, within: 0.45 },
  process_single: { median: 16, between: 2.8, within: 0.29 },
} as const;
/** Those four together, each with as many types as it had: 9, 40, 15 and 39. */
const UNLABELLED = { median: 65, between: 2.6, within: 0.29 };

/** Half the width of a range that holds 8 of 10, in standard deviations. */
const EIGHT_OF_TEN = 1.2816;

export class Durations {
  readonly #graph: ProcessGraph;
  readonly #declared: ReadonlyMap<string, DeclaredDuration>;
  readonly #evidence: Evidence | undefined;
  readonly #scaled: ScaledRuns | undefined;
  readonly #used = new Set<string>();

  /** By the name of a call, full or last, or of its process. */
  constructor(graph: ProcessGraph, declared: ReadonlyMap<string, DeclaredDuration>, evidence?: Evidence, scaled?: ScaledRuns) {
    this.#graph = graph;
    this.#evidence = evidence;
    this.#scaled = scaled;
    this.#declared = declared;
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
      return { median: Math.sqrt(low * high), sharedSpread: 0, ownSpread, most: Number.POSITIVE_INFINITY, basis: 'declared', source };
    }
    const measured = this.#measured(call) ?? this.#foretold(call);
    if (measured !== undefined) return { ...measured, most };
    const labels = labelsOf(this.#graph, call);
    const label = (Object.keys(BY_LABEL) as (keyof typeof BY_LABEL)[]).find((one) => labels.includes(one));
    const { median, between, within } = label === undefined ? UNLABELLED : BY_LABEL[label];
    return {
      median: Math.min(median, most),
      sharedSpread: between,
      ownSpread: within,
      most,
      basis: 'assumed',
      source: label === undefined ? 'what tasks without a label take' : `what ${label} takes`,
    };
  }

  #measured(call: ProcessCall): Omit<TaskDuration, 'most'> | undefined {
    const measured = this.#evidence?.of(call);
    if (measured === undefined) return undefined;
    // Of tasks too short to be measured nothing is known but that they are short.
    const logs = measured
      .times()
      .filter((ms) => ms > 0)
      .map((ms) => Math.log(ms / 1000));
    if (logs.length === 0) return undefined;
    logs.sort();
    const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
    const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / Math.max(1, logs.length - 1);
    return {
      median: Math.exp(logs[(logs.length - 1) >> 1] as number),
      // What the middle of so few may be off by.
      sharedSpread: Math.sqrt(variance / logs.length),
      ownSpread: Math.sqrt(variance),
      basis: 'measured',
      source: `${counted(logs.length, 'task')} in ${measured.rows.map(({ run }) => run.name).join(', ')}`,
    };
  }

  /** By runs on parts of the input. */
  #foretold(call: ProcessCall): Omit<TaskDuration, 'most'> | undefined {
    const found = this.#scaled?.of(call);
    if (found === undefined) return undefined;
    const { median, sharedSpread, ownSpread, tasks, runs, scales, guessed } = found;
    const shares = scales.map((scale) => `${figure(100 * scale)} %`).join(', ');
    const source = `${counted(tasks, 'task')} in ${runs.join(', ')} on ${shares} of the input`;
    return { median, sharedSpread, ownSpread, basis: guessed ? 'assumed' : 'measured', source };
  }
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
