/** The channel graph while it is being built: nodes are only ever added, and a call gathers its sites. */
import type { SourceRange } from '../../source/source-file.ts';
import { type Activity, Cases, disjunction, type Guard, knownIn, unknownIn } from '../evaluate/guard.ts';
import type { Frame } from '../evaluate/interpreter.ts';
import { type CallArguments, NO_ARGUMENTS } from '../evaluate/value.ts';
import type { CoverageNote, ScriptFile } from '../pipeline/pipeline.ts';
import type { MethodCallExpression, ProcessNode, Statement } from '../syntax/nodes.ts';
import { resultKind } from './operators.ts';
import type {
  AlternativesNode,
  CallInput,
  CallNode,
  CallSiteInfo,
  ChannelKind,
  ChannelNode,
  ChannelRef,
  GraphProblem,
  InputChannel,
  OperatorNode,
  ProcessCall,
  PublishedOutput,
  SourceNode,
  TopicNode,
} from './process-graph.ts';
import { signatureOf } from './process-io.ts';

/** The circumstances in which something is added. */
export interface Circumstances {
  readonly guard: Guard;
  readonly activity: Activity;
  readonly place: SourceRange;
}

export class GrowingCall implements ProcessCall {
  readonly id: string;
  readonly name: string;
  readonly process: ProcessNode;
  readonly script: ScriptFile;
  readonly sites: CallSiteInfo[] = [];
  readonly inputs: GrowingInput[];
  readonly node: CallNode;
  kind: ChannelKind = 'value';
  #known: { sites: number; active: Activity; guard: Guard } | undefined;

  constructor(id: string, name: string, process: ProcessNode, script: ScriptFile, makeNode: (call: ProcessCall) => CallNode) {
    this.id = id;
    this.name = name;
    this.process = process;
    this.script = script;
    this.inputs = signatureOf(process).inputs.map(({ statement }) => new GrowingInput(statement));
    this.node = makeNode(this);
  }
  get active(): Activity {
    return this.#overall().active;
  }
  get guard(): Guard {
    return this.#overall().guard;
  }

  /** Of all sites; asked for again and again once the walk is over. */
  #overall(): { active: Activity; guard: Guard } {
    if (this.#known?.sites === this.sites.length) return this.#known;
    const open = disjunction(...this.sites.map((site) => site.active));
    const cases = new Cases();
    if (open === 'unknown') for (const site of this.sites) if (site.active === 'unknown') cases.add(unknownIn(site.guard));
    const active = cases.certain ? true : open;
    const { guard = [] } = this.sites.find((site) => site.active === open) ?? {};
    this.#known = { sites: this.sites.length, active, guard: cases.certain ? knownIn(guard) : guard };
    return this.#known;
  }
}

class GrowingInput implements CallInput {
  readonly declaration: Statement | undefined;
  readonly channels: InputChannel[] = [];
  constructor(declaration: Statement | undefined) {
    this.declaration = declaration;
  }
  get kind(): ChannelKind {
    const kinds = new Set(this.channels.map((channel) => kindOf(channel)));
    return kinds.size === 1 ? ([...kinds][0] as ChannelKind) : kinds.has('queue') ? 'queue' : 'unknown';
  }
}

/** A topic's senders are known only when everything has been walked. */
export interface GrowingTopic extends TopicNode {
  readonly senders: ChannelRef[];
}

const portKinds = new WeakMap<ChannelNode, Map<string | number, ChannelKind>>();

/** A call's output can differ in kind from the others: one with a topic is a queue always. */
export function setPortKind(node: ChannelNode, port: string | number, kind: ChannelKind): void {
  const kinds = portKinds.get(node) ?? new Map<string | number, ChannelKind>();
  kinds.set(port, kind);
  portKinds.set(node, kinds);
}

export function kindOf(ref: ChannelRef): ChannelKind {
  return (
    (ref.port === undefined ? undefined : portKinds.get(ref.node)?.get(ref.port)) ??
    (ref.node.type === 'call' ? ref.node.call.kind : ref.node.kind)
  );
}

export class ChannelGraph {
  readonly nodes: ChannelNode[] = [];
  readonly calls = new Map<string, GrowingCall>();
  readonly topics = new Map<string, { readers: GrowingTopic[]; senders: ChannelRef[] }>();
  readonly problems: GraphProblem[] = [];
  readonly outputs: PublishedOutput[] = [];
  readonly notes: CoverageNote[] = [];
  readonly assumptions: { message: string; place: SourceRange }[] = [];

  source(
    factory: string,
    text: string,
    kind: ChannelKind,
    where: Circumstances,
    args: CallArguments = NO_ARGUMENTS,
    frame: Frame | undefined = undefined,
  ): SourceNode {
    const node: SourceNode = {
      type: 'source',
      factory,
      text,
      args,
      frame,
      index: this.nodes.length,
      kind,
      guard: where.guard,
      active: where.activity,
      place: where.place,
    };
    this.nodes.push(node);
    return node;
  }

  operator(
    name: string,
    inputs: readonly ChannelRef[],
    written: MethodCallExpression | undefined,
    where: Circumstances,
    typed = false,
    args: CallArguments = NO_ARGUMENTS,
    frame: Frame | undefined = undefined,
  ): OperatorNode {
    const [receiver] = inputs;
    const kind = resultKind(name, receiver === undefined ? 'unknown' : kindOf(receiver), typed);
    const node: OperatorNode = {
      type: 'operator',
      name,
      inputs,
      args,
      frame,
      node: written,
      index: this.nodes.length,
      kind,
      guard: where.guard,
      active: where.activity,
      place: where.place,
    };
    this.nodes.push(node);
    return node;
  }

  alternatives(inputs: AlternativesNode['inputs'], where: Circumstances): AlternativesNode {
    const kinds = new Set(inputs.filter((input) => input.active !== false).map((input) => kindOf(input.ref)));
    const node: AlternativesNode = {
      type: 'alternatives',
      inputs,
      index: this.nodes.length,
      kind: kinds.size === 1 ? ([...kinds][0] as ChannelKind) : 'unknown',
      guard: where.guard,
      active: where.activity,
      place: where.place,
    };
    this.nodes.push(node);
    return node;
  }

  topic(name: string, where: Circumstances): TopicNode {
    const entry = this.#topicEntry(name);
    const node: GrowingTopic = {
      type: 'topic',
      topic: name,
      senders: entry.senders,
      index: this.nodes.length,
      kind: 'queue',
      guard: where.guard,
      active: where.activity,
      place: where.place,
    };
    entry.readers.push(node);
    this.nodes.push(node);
    return node;
  }

  send(topic: string, ref: ChannelRef): void {
    this.#topicEntry(topic).senders.push(ref);
  }

  #topicEntry(name: string): { readers: GrowingTopic[]; senders: ChannelRef[] } {
    let entry = this.topics.get(name);
    if (entry === undefined) this.topics.set(name, (entry = { readers: [], senders: [] }));
    return entry;
  }

  /** The call of that name, and whether it is new. */
  call(id: string, name: string, process: ProcessNode, script: ScriptFile, where: Circumstances): GrowingCall {
    let call = this.calls.get(id);
    if (call === undefined) {
      call = new GrowingCall(id, name, process, script, (made) => {
        const node: CallNode = {
          type: 'call',
          call: made,
          index: this.nodes.length,
          kind: 'unknown',
          guard: where.guard,
          active: where.activity,
          place: where.place,
        };
        this.nodes.push(node);
        return node;
      });
      this.calls.set(id, call);
    }
    return call;
  }
}
