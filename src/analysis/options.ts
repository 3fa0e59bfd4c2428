/** What an analysis is asked. */
import type { Table } from '../parser/pipeline/table.ts';
import type { BashParser } from '../parser/shell/bash.ts';
import type { TraceRun } from '../parser/trace/trace-run.ts';
import type { PriceBook } from './cost/price-book.ts';
import type { DeclaredDuration } from './estimate/durations.ts';
import type { ScaledRun } from './estimate/scaling.ts';
import type { Uncertainty } from './estimate/uncertainty.ts';
import type { FrontQuestions } from './front/answers.ts';
import type { PlatformOptions } from './simulate/platforms/choice.ts';

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
