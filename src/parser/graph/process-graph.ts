/**
 * The channel graph of a pipeline, and its projection on the process calls alone.
 * Invariants: a call's id is Nextflow's fully-qualified name and unique; every input of a node is a node of the same
 * graph; a node's inputs were made before it, but for recursion and for topics, which are read before all their senders are known.
 */
import type { SourceRange } from '../../source/source-file.ts';
import type { Activity, Guard, GuardLiteral } from '../evaluate/guard.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import type { CallArguments } from '../evaluate/value.ts';
import type { CoverageNote, DirectiveSetting, Pipeline, ScriptFile } from '../pipeline/pipeline.ts';
import type { MethodCallExpression, ProcessNode, Statement } from '../syntax/nodes.ts';

export type { Activity, Guard, GuardLiteral };
export type ChannelKind = 'queue' | 'value' | 'unknown';

/** A reference to what a node gives: a call's output, a branch of `branch`. */
export interface ChannelRef {
  readonly node: ChannelNode;
  /** Emit name or index, label of branch or multiMap; undefined where a node gives one channel. */
  readonly port: string | number | undefined;
}

interface NodeBase {
  readonly index: number;
  readonly kind: ChannelKind;
  readonly guard: Guard;
  readonly active: Activity;
  readonly place: SourceRange;
}

export interface CallNode extends NodeBase {
  readonly type: 'call';
  readonly call: ProcessCall;
}
/** A channel factory, or a plain value given where a channel is wanted. */
export interface SourceNode extends NodeBase {
  readonly type: 'source';
  readonly text: string;
  /** `of`, `fromPath`, `empty` …; `value` for a plain value. */
  readonly factory: string;
  /** What the factory was given; of a plain value, the value. */
  readonly args: CallArguments;
  /** The script in which the factory was called. */
  readonly frame: Frame | undefined;
}
export interface OperatorNode extends NodeBase {
  readonly type: 'operator';
  readonly name: string;
  /** The receiver first, then channels given as arguments. */
  readonly inputs: readonly ChannelRef[];
  /** The call as written; undefined where the operator stands bare in a pipe. */
  readonly node: MethodCallExpression | undefined;
  /** What it was given besides the receiver; channels are in `inputs` too. */
  readonly args: CallArguments;
  readonly frame: Frame | undefined;
}
/** The same variable, come from different branches: exactly one of the inputs is the channel of a run. */
export interface AlternativesNode extends NodeBase {
  readonly type: 'alternatives';
  readonly inputs: readonly { readonly ref: ChannelRef; readonly guard: Guard; readonly active: Activity }[];
}
/** `channel.topic('versions')`; its senders are the calls with such an output. */
export interface TopicNode extends NodeBase {
  readonly type: 'topic';
  readonly topic: string;
  readonly senders: readonly ChannelRef[];
}
export type ChannelNode = CallNode | SourceNode | OperatorNode | AlternativesNode | TopicNode;

/** What is declared as one input of a process, and what a call gives it. */
export interface CallInput {
  readonly declaration: Statement | undefined;
  /** One for each site of the call; none where a site gives too few arguments. */
  readonly channels: readonly InputChannel[];
  readonly kind: ChannelKind;
}

export interface InputChannel extends ChannelRef {
  readonly site: CallSiteInfo;
}

export interface CallSiteInfo {
  readonly place: SourceRange;
  readonly guard: Guard;
  readonly active: Activity;
}

/** One use of a process in a workflow. */
export interface ProcessCall {
  readonly id: string;
  /** The alias under which it was included, or its own name. */
  readonly name: string;
  readonly process: ProcessNode;
  readonly script: ScriptFile;
  readonly sites: readonly CallSiteInfo[];
  readonly active: Activity;
  /** Of its first site. */
  readonly guard: Guard;
  readonly inputs: readonly CallInput[];
  /** Of its outputs. */
  readonly kind: ChannelKind;
}

export interface ProcessEdge {
  readonly from: ProcessCall | SourceNode;
  readonly to: ProcessCall;
  readonly port: string | number | undefined;
  readonly via: readonly string[];
  readonly kind: ChannelKind;
  readonly barrier: boolean;
  readonly guard: Guard;
  readonly active: Activity;
  readonly place: SourceRange;
}

/** What is wrong with a call or a name, as the walker met it. Rules speak about these. */
export type GraphProblem =
  | {
      readonly kind: 'arity';
      readonly callee: string;
      readonly what: 'process' | 'workflow';
      readonly expected: number;
      readonly given: number;
      readonly place: SourceRange;
      readonly declared: SourceRange;
      readonly active: Activity;
    }
  | {
      readonly kind: 'undefined-output';
      readonly callee: string;
      readonly output: string;
      readonly outputs: readonly string[];
      readonly place: SourceRange;
      readonly declared: SourceRange;
      readonly active: Activity;
    }
  | {
      readonly kind: 'not-defined';
      readonly callee: string;
      /** Processes and workflows that the script knows. */
      readonly known: readonly string[];
      readonly place: SourceRange;
      readonly active: Activity;
    }
  | { readonly kind: 'not-called-yet'; readonly callee: string; readonly place: SourceRange; readonly active: Activity };

/** What a workflow publishes under a name. */
export interface PublishedOutput {
  readonly name: string;
  readonly ref: ChannelRef;
  readonly place: SourceRange;
  /** `path` of its entry in the output block, where that is plain text. */
  readonly path: string | undefined;
}

/** The pipeline's code, to be evaluated after the graph is built: what operators' closures and outputs make of an item. */
export interface PipelineCode {
  /** Evaluates with steps of its own; nothing that is met there becomes part of the graph. */
  aside<T>(body: (interpreter: Interpreter) => T): T;
  /** The script in which a call's process is defined. */
  frameOf(call: ProcessCall): Frame;
  /** The text of a file of the pipeline, or of one that a param of the user's names; undefined for all others. */
  textAt(path: string): string | undefined;
}

export interface ProcessGraph {
  readonly pipeline: Pipeline;
  readonly calls: readonly ProcessCall[];
  readonly nodes: readonly ChannelNode[];
  /** Those by which something may come, in a run with the given params. */
  readonly openEdges: readonly ProcessEdge[];
  /** Those too that are closed: found when they are asked for, since they are many, and only pictures show them. */
  readonly edges: readonly ProcessEdge[];
  /** Calls of which `edges` has none, as there are too many. */
  readonly callsWithoutEdges: number;
  readonly problems: readonly GraphProblem[];
  /** What had to be cut short, each a sentence. */
  readonly notes: readonly CoverageNote[];
  /** Where the walk went on although the pipeline, with these params, would not. Reads after "assumed". */
  readonly assumptions: readonly { readonly message: string; readonly place: SourceRange }[];
  /** Published: `publish:` targets and what feeds them. */
  readonly outputs: readonly PublishedOutput[];
  readonly code: PipelineCode;
  /** What a call's tasks are given, by directive; worked out when asked for. */
  directivesOf(call: ProcessCall): ReadonlyMap<string, DirectiveSetting>;
  /** What code in the body of a call's process is evaluated with. */
  codeOf(call: ProcessCall): { readonly frame: Frame; readonly interpreter: Interpreter };
}
