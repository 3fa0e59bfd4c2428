/**
 * The report: everything that a reader of any format may see, and nothing else. JSON-safe, sorted, no clock, no absolute
 * path. A saved report can be rendered again later. A field with `?` is absent until something computes it: a number
 * without evidence is absent, never zero. Changes to this shape are additive; `docs/report.schema.json` is its schema.
 */
export const SCHEMA_VERSION = '1.0';

export type Activity = true | false | 'unknown';
export type ChannelKind = 'queue' | 'value' | 'unknown';
export type Severity = 'error' | 'warning' | 'info';
export type Confidence = 'high' | 'medium' | 'low';

/** Several pipelines were analysed: one report each, in the order in which they were named. */
export interface ReportDocument {
  readonly schemaVersion: string;
  readonly tool: { readonly name: 'pipeopt'; readonly version: string };
  readonly reports: readonly Report[];
}

export interface Report {
  readonly schemaVersion: string;
  readonly tool: { readonly name: 'pipeopt'; readonly version: string };
  readonly inputs: ReportInputs;
  readonly coverage: Coverage;
  readonly graph: ReportGraph;
  /** What could run at the same time. Absent where nothing calls a process. */
  readonly parallelism?: ReportParallelism;
  readonly criticalPath?: ReportCriticalPath;
  readonly estimates?: ReportEstimates;
  /** `inputs.platform` and others. Absent where no others were named. */
  readonly sideBySide?: ReportSideBySide;
  /** What runs of so many samples take, the fewest first. Absent unless it was asked for. */
  readonly growth?: readonly ReportGrowth[];
  /** Time against money on `inputs.platform`. Absent unless it was asked for. */
  readonly front?: ReportFront;
  /** What tasks asked for and used, for each call of which a run has some. Absent without traces. */
  readonly resources?: readonly ReportResources[];
  readonly findings: readonly Finding[];
  /** The call to time first, by --duration or a trace: what is known of it would help most to choose among findings. */
  readonly timeFirst?: { readonly call: string; readonly why: string };
  /** New text that changes what was found. Absent without traces. */
  readonly proposals?: readonly ReportProposal[] | undefined;
  readonly assumptions: readonly string[];
  /** Absent unless the one run that was given can be held against the same tasks on `inputs.platform`. */
  readonly accuracy?: ReportAccuracy;
}

/** What a run took and what the model says that it takes, in seconds: `replayError` of what it took, above 0: told too slow. It tells of the model only if the run was on such a platform. */
export interface ReportAccuracy {
  readonly trace: string;
  readonly took: number;
  readonly simulated: number;
  readonly replayError: number;
  /** The trace says that it ran by the executor of that platform. */
  readonly sameExecutor?: true;
}

export interface ReportInputs {
  /** The pipeline's name: its manifest's, or its folder's. */
  readonly name: string;
  /** The entry script, relative to the pipeline's root; for a library of modules, `.`. */
  readonly pipeline: string;
  readonly kind: 'pipeline' | 'library';
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  /** Runs that were given, in the order in which they were, then other files of them. Absent without. */
  readonly traces?: readonly ReportTrace[];
  readonly config: readonly string[];
  /** Where `estimates` are for. Absent: there is room for every task. */
  readonly platform?: ReportPlatform;
  /** By which costs were worked out. */
  readonly prices?: { readonly id: string; readonly asOf: string };
  readonly profiles: readonly string[];
  /** Params given by the user (params file, command line), not the pipeline's defaults. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Whose rules hold, e.g. "26.04", and why that version. `minimum` is what the pipeline's manifest asks for. */
  readonly nextflow: { readonly version: string; readonly parser: 'v1' | 'v2'; readonly why: string; readonly minimum?: string };
}

export interface ReportPlatform {
  readonly name: 'local' | 'slurm' | 'kubernetes' | 'aws-batch' | 'google-batch' | 'azure-batch';
  /** Its size: `20 nodes of 32 cpus and 128 GB under Slurm`. */
  readonly text: string;
  readonly region?: string;
  readonly spot?: true;
  /** Machines that are there, and are paid for, whether anything runs or not. */
  readonly alwaysOn?: {
    readonly type: string;
    readonly count: number;
    /** Money, in the currency of costs. */
    readonly perMonth?: number;
  };
  /** Calls that run elsewhere, by their names. All else here is of the others. */
  readonly routed?: readonly { readonly calls: readonly string[]; readonly platform: ReportPlatform }[];
}

export interface ReportTrace {
  /** The file's name. */
  readonly name: string;
  /** `platform`: the tasks of a run as Seqera Platform exports them; `log`: `.nextflow.log`. */
  readonly format: 'trace' | 'report' | 'timeline' | 'platform' | 'log';
  /** Attempts at tasks that could be read; those of calls here. */
  readonly rows: number;
  readonly matched: number;
  /** Processes whose rows are not used, since nothing here is called so, several calls could be meant, or these params switch it off. */
  readonly unmatched: readonly { readonly process: string; readonly rows: number; readonly why: 'no call' | 'several calls' | 'off' }[];
  /** For how long tasks of these rows ran, all together: in no time and no cost that is told of the pipeline. */
  readonly unmatchedHours?: number;
  /** For `trace.fields`: what the file has no column for, and would tell more. */
  readonly missingFields: readonly string[];
  /** Seconds from the first submission to the last end; absent where the trace does not tell it. */
  readonly took?: number;
  /** What the run cost, where the trace says on what machines its tasks ran, and prices are known. */
  readonly bill?: RecordedBill;
  /** The run was on this part of the input: it tells how long tasks take, and nothing else. */
  readonly scale?: number;
  /** None of its tasks came to its end, not in the cache either: it does not tell how long they take or how many there are. */
  readonly unfinished?: true;
  /** The file is of the same run as this one, which tells more: nothing of it is used. */
  readonly sameRunAs?: string;
}

/** Worked out from the tasks alone, on as few machines as held them: no bill was read. Money in `cost.unit`. */
export interface RecordedBill {
  readonly cost: Estimate;
  /** Of the middle: what tasks asked for while they ran; the part of it in which no script ran (files came and went); what came to nothing. */
  readonly tasks: number;
  readonly staging: number;
  readonly retries: number;
  /** Machines that came up, or of which nobody asked for all. */
  readonly idle: number;
  readonly machines: number;
  readonly machineHours: number;
  readonly regions: readonly string[];
  /** Of the machines, those that could have been taken away. */
  readonly spot: number;
  /** Others ran tasks on these machines, too. */
  readonly shared?: true;
}

export interface Place {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}
export interface PlaceRange {
  readonly path: string;
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface Coverage {
  /** Scripts and configs reached from the entry script; how many of them were read without an error. */
  readonly files: number;
  readonly parsed: number;
  readonly scripts: number;
  readonly configs: number;
  readonly diagnostics: readonly {
    readonly severity: Severity;
    readonly code: string;
    readonly message: string;
    readonly location: PlaceRange;
    readonly excerpt?: readonly string[];
  }[];
  /** Process definitions read; process calls in the graph. */
  readonly processes: number;
  readonly calls: number;
  readonly opaqueNodes: number;
  /** Closures of operators whose effect could not be told. Absent until channels are modelled item by item. */
  readonly opaqueClosures?: number;
  readonly unresolvedIncludes: readonly { readonly source: string; readonly reason: string; readonly location: PlaceRange }[];
  /** What was not read, not used or had to be cut short, each with the way to better it; `taken`: nothing is left out, and something is taken as it says. */
  readonly notes: readonly { readonly message: string; readonly taken?: true; readonly hint?: string; readonly location?: Place }[];
}

export interface ReportGraph {
  readonly calls: readonly ReportCall[];
  readonly shape: Shape;
  readonly sources: readonly { readonly id: string; readonly kind: ChannelKind; readonly text: string; readonly source: Place }[];
  /** What items and tasks are told apart by, and how many there are, where that is known. Names of formulas and of `dims` are these. */
  readonly dimensions?: readonly ReportDimension[];
  readonly edges: readonly ReportEdge[];
  /** Calls into which `edges` has none, as there are too many; absent where all are there. */
  readonly callsWithoutEdges?: number | undefined;
  /** `ready`: when the last task that publishes it has ended. */
  readonly outputs: readonly { readonly id: string; readonly from: string; readonly path?: string; readonly ready?: Estimate }[];
}

export interface ReportCall {
  /** Nextflow's fully-qualified name. */
  readonly id: string;
  /** The definition's own name. */
  readonly process: string;
  readonly definition: Place;
  readonly sites: readonly (Place & { readonly guard?: string })[];
  readonly active: Activity;
  readonly guard?: string;
  /** Of its outputs. */
  readonly kind?: ChannelKind;
  /** How many tasks, as a formula over `graph.dimensions`; `count` where the numbers are known. */
  readonly tasks?:
    | { readonly formula: string; readonly count?: number; readonly assumed?: true; readonly atMost?: true; readonly unknown?: string }
    | undefined;
  /** What tells its tasks apart. */
  readonly dims?: readonly string[] | undefined;
  /** Where it publishes: when its last task has ended. */
  readonly ready?: Estimate;
  readonly directives: Directives;
  readonly container?: string | undefined;
}

/** cpus (count), memoryBytes, timeMs, diskBytes, and others by their own name (executor, queue, maxForks, errorStrategy, label …). */
export interface Directives {
  readonly cpus?: DirectiveValue<number>;
  readonly memoryBytes?: DirectiveValue<number>;
  readonly timeMs?: DirectiveValue<number>;
  readonly [name: string]: DirectiveValue<unknown> | undefined;
}
export interface DirectiveValue<T> {
  /** Absent when it cannot be told without running; then `text` is all there is. */
  readonly value?: T;
  /** For attempts 1, 2, 3, where they differ. null: not to be told. */
  readonly byAttempt?: readonly (T | null)[];
  readonly text: string;
  /** `process`, `config`, `withLabel:process_high`, `withName:STAR.*`. */
  readonly setBy: string;
  readonly source: { readonly path: string; readonly line: number };
  /** What it overrode, the nearest first. */
  readonly overrode: readonly {
    readonly text: string;
    readonly setBy: string;
    readonly source: { readonly path: string; readonly line: number };
  }[];
  /** Why there is no value. */
  readonly unknown?: string;
}

/** Of the calls that run: active ones (unknown ones count as active) whose `when` is not known to be false. */
export interface Shape {
  /** Level by level: a call's level is one more than the highest of those it needs. */
  readonly levels: readonly (readonly string[])[];
  /** The most calls of which none needs another. */
  readonly width: number;
  readonly longestChain: readonly string[];
  /** Calls that start only after the last task of another call, of several; absent where none does. */
  readonly waitForAll?: readonly string[];
  /** Present when a feedback loop had to be cut to find levels: one loop's calls. */
  readonly cycle?: readonly string[];
}

/** `low` to `high` holds the truth in 8 of 10 cases, as far as the evidence goes. */
export interface Estimate {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
  readonly unit: string;
  /** The weakest evidence in it. */
  readonly basis: 'measured' | 'declared' | 'assumed';
  readonly source: string;
}

export interface ReportParallelism {
  /** All tasks one after another; with room for all at once. Absent, like the two below, where there are too many tasks to time. */
  readonly work?: Estimate;
  readonly span?: Estimate;
  /** Work over span: so many tasks run at a time on average. */
  readonly averageWidth?: number;
  /** The most tasks at once, and whose they are: the sum of the calls' formulas. `assumed`: with numbers that nothing gives. */
  readonly width?: { readonly formula: string; readonly count: number; readonly assumed?: true };
  /** Share of the time, 0 to 1, in which one task runs alone. */
  readonly serialShare?: number;
  readonly independentSets: readonly IndependentSet[];
}

export type Grade = 'proven' | 'conditional' | 'likely' | 'advisory';

/** Calls that run one after another and need not. */
export interface IndependentSet {
  readonly calls: readonly string[];
  /** What all of them need. */
  readonly after: readonly string[];
  /** Of the weakest link. */
  readonly grade: Grade;
  readonly links: readonly FalseLink[];
  /** What comes of it if none of these links is there; all else stays as it is. */
  readonly savings?: { readonly wallClock: Estimate };
}

export interface FalseLink {
  readonly from: string;
  readonly to: string;
  readonly kind: 'unread-input' | 'token' | 'over-wide-directory' | 'pass-through' | 'barrier';
  readonly grade: Grade;
  readonly evidence: string;
  /** What has to hold, where it is not proven. */
  readonly assumption?: string;
  readonly source: { readonly path: string; readonly line: number };
}

/** The calls that the whole takes as long as it does because of, in the world with the median time. */
export interface ReportCriticalPath {
  readonly calls: readonly string[];
  readonly duration: Estimate;
  /** Seconds by which a call could end later without the whole ending later. */
  readonly slackByCall: Readonly<Record<string, number>>;
  /**
   * With room for every task: seconds less if all tasks of a call took half the time, and if they took none. Calls on or near the path, and the one that takes most
   * time in all; those that would save most first. Absent where there are too many tasks.
   */
  readonly whatIf?: readonly { readonly call: string; readonly half: Estimate; readonly none: Estimate }[];
}

/** A run of so many samples: simulated, not reckoned from other numbers. Either `untold` says why there are no figures, or there are all but those marked. */
export interface ReportGrowth {
  readonly samples: number;
  readonly untold?: string;
  readonly tasks?: number;
  /** In so many worlds of durations. */
  readonly worlds?: number;
  readonly wallClock?: Estimate;
  /** On a platform whose prices are known. */
  readonly cost?: Estimate;
  readonly perSample?: { readonly wallClock: Estimate; readonly cost?: Estimate };
  /** What one more adds: the difference to a run of `samples` more, with the same luck, for each of these. Absent for many tasks. */
  readonly further?: { readonly samples: number; readonly wallClock: Estimate; readonly cost?: Estimate };
  /** The most tasks at once with room for all, and the share of that time in which one runs alone. */
  readonly width?: number;
  readonly serialShare?: number;
  /** On a platform: what tasks wait for most there, and for how many seconds together. */
  readonly heldBy?: { readonly cause: WaitCause; readonly seconds: number };
}

/** What tasks could ask for and what machines could be had, and what each of that takes and costs. */
export interface ReportFront {
  /** Of every cost here: a currency, or `cpu·h` where no price is known. */
  readonly unit: string;
  /** The fastest first; none is both slower and dearer than another. Without choices: as it is now. */
  readonly points: readonly ReportFrontPoint[];
  /**
   * No choice of cpus and memory costs less in that time (seconds), with room for every task and machines that are never idle, in the world with the middle time; the
   * fastest that can be first.
   */
  readonly lowerBound: readonly { readonly wallClock: number; readonly cost: number }[];
  /** Between neighbours, by their indices in `points`: what an hour less costs, from the slower to the faster one. */
  readonly breakEven: readonly { readonly from: number; readonly to: number; readonly perHour: number }[];
  /** Calls of which it is known what more or fewer cpus do. */
  readonly scalableCalls: number;
  /** The point that answers what was asked; without `point` none does. `given`: seconds for a deadline (held by 9 runs in 10), else in `unit`. */
  readonly chosen?: readonly {
    readonly by: 'deadline' | 'max-cost' | 'value-of-time';
    readonly given: number;
    readonly point?: number;
  }[];
}

export interface ReportFrontPoint {
  readonly wallClock: Estimate;
  readonly cost: Estimate;
  /** What differs from now. */
  readonly choices: readonly ReportFrontChoice[];
}

/** `memory`: what the right-sized config asks for, in place of what is asked for now. */
export type ReportFrontChoice =
  | { readonly kind: 'cpus'; readonly calls: readonly string[]; readonly from: number; readonly to: number }
  | { readonly kind: 'memory'; readonly calls: readonly string[] }
  | { readonly kind: 'market'; readonly to: 'spot' | 'on-demand' }
  | { readonly kind: 'max-cpus'; readonly from: number; readonly to: number };

/** With room for all tasks at once, or on `inputs.platform`: as it stands, without avoidable waits, and with waits for what is read alone. */
export interface ReportEstimates {
  readonly now: ReportRun;
  readonly lossless: ReportRun;
  readonly ideal: ReportRun;
  /** As it is now with what is proposed: the requests that runs say are enough. On a platform, where there are such. */
  readonly proposed?: ReportRun;
  /** As it is now with at most so many cpus at once, as tasks use them: it takes no longer, and machines are fuller. Where that saves a twentieth of the cost. */
  readonly fuller?: { readonly maxCpus: number; readonly wallClock: Estimate; readonly cost: Estimate };
  /** Requests that runs say are enough and with which the run there is worse than now, slower or dearer by more than it gains of the other: today's stay. */
  readonly notProposed?: readonly (LeftOut & { readonly request: 'cpus' | 'memory' | 'time' })[];
  /**
   * With durations as they are no other order of the same tasks is faster, however many machines there are: waits for what is read alone, with room for every task. On a platform on
   * machines as fast as there; `asItIs` is then the same of `now`.
   */
  readonly bounds: { readonly wallClock: Estimate; readonly asItIs?: Estimate };
  /** Under these params nothing comes to most calls, as where an input is not given: all this is of `calls` of them alone, of `of`. */
  readonly partial?: { readonly calls: number; readonly of: number };
  /** Calls with tasks whose time no run measured and nobody gave: they are taken for as long as tasks with such labels. Absent where there are none. */
  readonly assumedFor?: readonly string[];
}

/** What is not proposed of a call. `together`: it was refused with others, of which the same is said, and none alone is known to do harm. */
export interface LeftOut {
  readonly call: string;
  readonly because: string;
  readonly together?: true;
}

/** One pipeline on several platforms, in worlds that share their luck. */
export interface ReportSideBySide {
  /** That of `inputs.platform`, then the others in the order in which they were named. */
  readonly rows: readonly ReportBeside[];
  /** By their indices: with the least `expected` time, and cost. Others are told apart from it where their `slower` or `dearer` is above 0 from `low` on. Absent
   * where there is nothing to compare, and where that would be one with `transfer`, since no time has it, or its cost is `incomplete`. */
  readonly fastest?: number;
  readonly cheapest?: number;
}

export interface ReportBeside {
  readonly platform: ReportPlatform;
  /** As in `estimates`. Absent where the run does not come to its end (`stuck`), or nothing is timed. */
  readonly now?: ReportRun;
  readonly proposed?: ReportRun;
  /** Why there are no times, or no cost, with the way to get one. */
  readonly stuck?: string;
  readonly noCost?: { readonly message: string; readonly hint: string };
  /** Calls whose tasks are taken to run there without the GPUs that they ask for, in the same time: nobody knows what they take. */
  readonly withoutGpus?: readonly string[];
  /** Than the fastest, than the cheapest: differences world by world. */
  readonly slower?: Estimate;
  readonly dearer?: Estimate;
  /** Where some calls run elsewhere: what goes from one platform to another. */
  readonly transfer?: ReportTransfer;
}

export interface ReportTransfer {
  /**
   * Calls whose files are wanted elsewhere. Each with all that its tasks wrote by a trace, pipes and scratch files among it: no more goes (`atMostBytes`); and what of it came to
   * disks (`onDiskBytes`), the same where the trace does not tell. Absent: no trace says.
   */
  readonly from: readonly { readonly call: string; readonly atMostBytes?: number; readonly onDiskBytes?: number }[];
  /** In `now.cost`, as if all of what came to disks went (`high`: all that was written). Absent where it is not known: then `now.cost` is without it, and `incomplete`. */
  readonly cost?: { readonly expected: number; readonly high: number };
  /** Something comes out of a cloud, which is paid by the GB, and nobody knows how much. */
  readonly incomplete?: true;
}

export interface ReportRun {
  readonly wallClock: Estimate;
  /** When the first task that publishes something has ended. Absent where nothing is seen to be published. */
  readonly firstResult?: Estimate;
  /** On a platform: seconds that all tasks together waited, by cause. */
  readonly waits?: Readonly<Partial<Record<WaitCause, number>>>;
  /**
   * Of `now`: whose tasks the seconds of `waits.avoidable` are, the longest first; the calls of which they wait for more tasks than give them something, and the operators that hold
   * items back.
   */
  readonly wastedWaits?: readonly {
    readonly call: string;
    readonly seconds: number;
    readonly on: readonly string[];
    readonly places: readonly Place[];
  }[];
  /** On a platform whose prices are known, `unit` the currency: machines, and their disks where those have a price. Absent as long as one price is missing. */
  readonly cost?: Estimate;
  /** On a platform: what tasks ask for, times how long they hold it, failed attempts whole. `unit` is `cpu·h`; `GB·h`, of 1024³ bytes. */
  readonly cpuHours?: Estimate;
  readonly memoryGbHours?: Estimate;
  /** Where the number of samples is known: all of a run divided by it. */
  readonly perSample?: { readonly wallClock: Estimate; readonly cost?: Estimate };
  /** By what `cost` may be off: of the variance of its logarithm what comes of how long tasks take and other luck of runs, of prices, of how full machines are. They add up to 1. */
  readonly costOffBy?: { readonly runs: number; readonly prices: number; readonly filling: number };
  /** In the run with the middle cost: share of it that no task asked for, 0 to 1. */
  readonly idleShare?: number;
  /** What of it calls asked for (`used`), and their parts of what stood idle beside them, the dearest first. */
  readonly costByCall?: readonly { readonly call: string; readonly used: number; readonly idle: number }[];
  /** What of it is no call's, together with `costByCall` all of it: machines on which no task ran, disks, files that go from one platform to another. What is next to nothing is left out. */
  readonly costBesideCalls?: { readonly machines?: number; readonly disks?: number; readonly transfer?: number };
  /** Calls that run where nobody says what it costs, with what their tasks hold: they are in no figure of `cost`. */
  readonly unpricedCalls?: readonly { readonly call: string; readonly cpuHours: number }[];
  /** What machines draw, in `kWh`, and what comes of it, in `kg` of CO2 equivalent; where all factors are known. */
  readonly energy?: Estimate;
  readonly emitted?: Estimate;
}

/**
 * `data`: what the task is given was not there yet; `avoidable`: it was, and others were waited for; `poll`: Nextflow had not seen that it was.
 * Then in Nextflow's queue, and on the platform: `quota`: no more machines are to be had; `boot`: one is coming up.
 */
export type WaitCause =
  | 'data'
  | 'avoidable'
  | 'poll'
  | 'submit-rate'
  | 'max-forks'
  | 'queue-size'
  | 'cpus'
  | 'memory'
  | 'accelerators'
  | 'quota'
  | 'boot';

/** Values of `n` tasks: the least, that which a tenth lies below, the middle one, that which a tenth lies above, the most. */
export interface ReportSpread {
  readonly n: number;
  readonly least: number;
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly most: number;
}

/** Of tasks that ran to their end, in all runs together; those taken from a cache are counted and not measured. */
export interface ReportResources {
  readonly call: string;
  readonly basis: 'measured';
  /** Names of the runs. */
  readonly traces: readonly string[];
  /** Tasks that came to an end, each once, those from a cache too. */
  readonly tasks: number;
  /** Attempts by how they ended; failed ones that were tried again; failed ones of those that completed or failed. */
  readonly completed: number;
  readonly cached: number;
  readonly failed: number;
  readonly aborted: number;
  readonly retried: number;
  readonly failureShare?: number;
  /** Exits of failed attempts; without `exit`: none is known, as when a machine was lost. */
  readonly failedExits?: readonly { readonly exit?: number; readonly rows: number }[];
  readonly requested: {
    readonly cpus?: ReportSpread;
    readonly memoryBytes?: ReportSpread;
    readonly timeMs?: ReportSpread;
    readonly diskBytes?: ReportSpread;
  };
  readonly used: {
    /** Cores kept busy. */
    readonly cores?: ReportSpread;
    /** At the peak. */
    readonly memoryBytes?: ReportSpread;
    /** From submission to the end; the command alone; from submission to start; from start to end beyond the command. */
    readonly durationMs?: ReportSpread;
    readonly realtimeMs?: ReportSpread;
    readonly waitMs?: ReportSpread;
    readonly stagingMs?: ReportSpread;
    /** All that was read and written, and what of it from and to disks. */
    readonly readBytes?: ReportSpread;
    readonly writtenBytes?: ReportSpread;
    readonly diskReadBytes?: ReportSpread;
    readonly diskWrittenBytes?: ReportSpread;
  };
  /** What first attempts ask for as the pipeline is now, which need not be what they asked for in the runs; beside `recommended`. */
  readonly asked?: { readonly cpus?: number; readonly memoryBytes?: number; readonly timeMs?: number };
  /** What tasks should ask for, where it is worth a change: bytes at each attempt, doubled behind the last. */
  readonly recommended?: { readonly cpus?: number; readonly memoryBytes?: readonly number[]; readonly timeMs?: number };
  /** Held and not used: seconds of cpus, bytes times seconds. Failed attempts held all their memory in vain. */
  readonly waste?: { readonly cpuSeconds?: number; readonly memoryByteSeconds?: number };
}

/** A config that makes calls ask for what `resources[].recommended` says. With a platform: with which the run there loses no more time than it saves money, as shares of the whole, nor the other way round. */
export interface ReportProposal {
  readonly id: 'right-sized-config';
  readonly title: string;
  readonly calls: readonly string[];
  /** To be given last. Absent where it would change other settings, too. */
  readonly config?: string;
  /** The pipeline was read again with it, and its settings compared to what they were. */
  readonly verification: {
    /** Directives by attempt that stand as intended; those that do not, with what stands there and who won. */
    readonly held: number;
    readonly lost: readonly {
      readonly call: string;
      readonly directive: string;
      readonly attempt: number;
      readonly intended: string;
      readonly got: string;
      readonly wonBy: string;
    }[];
    /** Other settings that would change. */
    readonly touched: readonly { readonly call: string; readonly directive: string }[];
    /** Calls that no selector reaches alone. */
    readonly leftOut: readonly LeftOut[];
  };
}

export type Reach = '=' | 'key' | 'any' | 'all';

export interface ReportDimension {
  readonly name: string;
  readonly count?: number;
  /** Of `count`: counted in a sheet or a trace, said by the user or the script, or taken for granted. */
  readonly basis?: 'measured' | 'declared' | 'assumed';
  /** Where `count` comes from: `rows of samples.csv`. */
  readonly evidence?: string;
  /** One of these for each: a lane is within its sample. */
  readonly within?: readonly string[];
  /** What it gathers by key: several rows are one sample. */
  readonly gathers?: readonly string[];
  readonly source: Place;
}

export interface ReportEdge {
  readonly from: string;
  readonly to: string;
  /** The producer's output: its emit name, or its index. */
  readonly channel?: string;
  /** Operators in between, producer's side first. `topic:NAME` for a topic. */
  readonly via: readonly string[];
  readonly kind: ChannelKind;
  /** True when an operator on the way emits only once its input has closed. */
  readonly barrier: boolean;
  /** Whose data a task gets, and what it waits for, for each dimension of the producer: the task of the same index, those of the same key, or all. */
  readonly data?: Readonly<Record<string, Reach>> | undefined;
  readonly wait?: Readonly<Record<string, Reach>> | undefined;
  readonly guard?: string | undefined;
  readonly active: Activity;
  /** The place of the consuming call. */
  readonly source: Place;
}

export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  /** Why it matters, with what is known. */
  readonly reason: string;
  readonly advice: string;
  readonly location: PlaceRange;
  /** The source lines of the location, for a frame (at most 3). */
  readonly excerpt: readonly string[];
  /** A few words for under the excerpt's carets: what is wrong right there. */
  readonly label?: string;
  readonly related: readonly { readonly message: string; readonly location: PlaceRange }[];
  readonly calls: readonly string[];
  /** Survives moved lines. */
  readonly fingerprint: string;
  readonly suppressed?: { readonly reason: string };
  /** Simulated for this finding alone; absent where what would change cannot be. Less than nothing where it costs. */
  readonly savings?: ReportSavings;
  /** Why there are no `savings`. */
  readonly unsaved?: string;
  /** Findings that save the same, or some of it: what they save is not to be added up. `together`: what all of them save, this one with them. */
  readonly overlaps?: {
    readonly with: readonly { readonly ruleId: string; readonly fingerprint: string; readonly location: PlaceRange }[];
    readonly together?: ReportSavings;
  };
  /** How sure it is that mending it gains time with room for every task, and what to mend first. */
  readonly standing?: ReportStanding;
}

export interface ReportSavings {
  readonly wallClock: Estimate;
  /** On a platform whose prices are known. */
  readonly cost?: Estimate;
  /** What nobody has measured of the change, after "if". */
  readonly assuming?: string;
  /** What the settings say tasks have room in, after "with"; absent where there is room for all, or a platform. */
  readonly room?: string;
}

export interface ReportStanding {
  /** 1 is to be mended first. None for `noise`. */
  readonly rank?: number;
  /**
   * By its form the change can only gain, and in most worlds it does; there is a gain in nine of ten; in some; in fewer than one of ten more than the
   * figures can tell.
   */
  readonly class: 'certain-direction' | 'robust' | 'depends' | 'noise';
  /** Shares of the worlds, 0 to 1: with any gain; with one of a twentieth of the whole time or more. */
  readonly anyGain: number;
  readonly muchGain: number;
  /** The calls that most decide whether there is a gain, where it is not there in nine of ten worlds; `longer`: there is one where the call takes long. */
  readonly dependsOn?: readonly { readonly call: string; readonly longer: boolean }[];
  /** Of `parallelism.independentSets`, from 0: all of it stands for mending the whole set. */
  readonly set?: number;
}
