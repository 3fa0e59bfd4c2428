/** The projection of the channel graph on the process calls: who is fed by whom, through which operators. */
import type { SourceRange } from '../../source/source-file.ts';
import { type Activity, activityOf, Cases, type Guard, implies, knownIn, united, unknownIn } from '../evaluate/guard.ts';
import { kindOf } from './channel-graph.ts';
import { OPEN_CHANNEL } from './dsl1.ts';
import type {
  CallSiteInfo,
  ChannelKind,
  ChannelNode,
  ChannelRef,
  GuardLiteral,
  InputChannel,
  OperatorNode,
  ProcessCall,
  ProcessEdge,
  SourceNode,
} from './process-graph.ts';

/** A way from an input up to what feeds it: a linked list, since most ways share most of their operators. */
interface Way {
  readonly ref: ChannelRef;
  readonly via: Step | undefined;
  readonly barrier: boolean;
  readonly literals: readonly GuardLiteral[];
  /** Conditions that are not known, of all that it passes. */
  readonly unknown: Guard;
}
interface Step {
  readonly name: string;
  readonly next: Step | undefined;
}

/** The ways that are open for the given params go first, then those that may be, then the closed ones. */
const LEVELS: readonly Activity[] = [true, 'unknown', false];
const levelOf = (activity: Activity): number => (activity === true ? 0 : activity === 'unknown' ? 1 : 2);

/** Which edges: all, or those alone that are open or may be. Of a large pipeline most calls and ways are closed. */
export type Extent = 'all' | 'open';

/** Thirty times what the largest pipelines that people write have. */
const MOST_EDGES = 200_000;
/** Nodes passed on the way up, of all inputs together. */
const MOST_STEPS = 20_000_000;

/**
 * `holdsBack` tells whether an operator emits only once its input has closed. The calls are taken one after the other until
 * there are too many edges, or finding them takes too long: `followed` says how many calls have theirs.
 */
export function projectEdges(
  calls: readonly ProcessCall[],
  holdsBack: (node: OperatorNode) => boolean,
  extent: Extent,
): { edges: ProcessEdge[]; followed: number } {
  const edges: ProcessEdge[] = [];
  let steps = 0;
  let followed = 0;
  for (const call of calls) {
    followed += 1;
    if (extent === 'open' && call.active === false) continue;
    const found: Found = new Map();
    for (const input of call.inputs)
      for (const channel of input.channels)
        if (extent === 'all' || channel.site.active !== false) steps += collect(channel, found, holdsBack, extent);
    for (const [from, ports] of found)
      for (const way of ports.values()) if (extent === 'all' || way.active !== false) edges.push(new FoundEdge(from, call, way));
    if (edges.length > MOST_EDGES || steps > MOST_STEPS) break;
  }
  return { edges, followed };
}

/** The ways into one call so far, by where they come from and by port. */
type Found = Map<ProcessCall | SourceNode, Map<string | number | undefined, BestWay>>;
interface BestWay {
  way: Way;
  channel: InputChannel;
  active: Activity;
  certain: boolean;
  /** Under which unknown conditions there is a way: `a` and `!a` together make it certain. */
  cases: Cases | undefined;
}

/** Most edges are never shown: their operators and guards are put together when they are asked for. */
class FoundEdge implements ProcessEdge {
  readonly from: ProcessCall | SourceNode;
  readonly to: ProcessCall;
  readonly port: string | number | undefined;
  readonly kind: ChannelKind;
  readonly barrier: boolean;
  readonly active: Activity;
  private readonly way: Way;
  private readonly site: CallSiteInfo;
  private readonly certain: boolean;

  constructor(from: ProcessCall | SourceNode, to: ProcessCall, { way, channel, active, certain }: BestWay) {
    this.from = from;
    this.to = to;
    this.port = way.ref.port;
    this.kind = kindOf(channel);
    this.barrier = way.barrier;
    this.active = active;
    this.way = way;
    this.site = channel.site;
    this.certain = certain;
  }

  get place(): SourceRange {
    return this.site.place;
  }
  get via(): readonly string[] {
    const via: string[] = [];
    for (let step = this.way.via; step !== undefined; step = step.next) via.push(step.name);
    return via;
  }
  get guard(): Guard {
    const { from, site, way } = this;
    const guard = way.literals.length === 0 ? both(from.guard, site.guard) : dedupe([...from.guard, ...way.literals, ...site.guard]);
    return this.certain ? knownIn(guard) : guard;
  }
}

/** How often a node is passed under different unknown conditions. */
const MOST_VISITS = 4;

/**
 * Walks up from an input, the most open way first, so that each node is met by its best way: once, or, where conditions are
 * not known, under several that do not imply each other. Gives the number of steps.
 */
function collect(channel: InputChannel, found: Found, holdsBack: (node: OperatorNode) => boolean, extent: Extent): number {
  const levels = extent === 'all' ? 3 : 2;
  let steps = 0;
  const visited = new Map<ChannelNode, Guard[]>();
  const ways: [Way[], Way[], Way[]] = [[{ ref: channel, via: undefined, barrier: false, literals: NONE, unknown: NONE }], [], []];
  for (let level = 0; level < levels; ) {
    const way = ways[level as 0 | 1 | 2].pop();
    steps += 1;
    if (way === undefined) {
      level += 1;
      continue;
    }
    const { node } = way.ref;
    if (node.type === 'call' || node.type === 'source') {
      add(channel, node.type === 'call' ? node.call : node, way, level, found);
      continue;
    }
    const own = levelOf(node.active);
    if (own > level) {
      ways[own as 1 | 2].push(way);
      continue;
    }
    const unknown = own === 1 ? united(way.unknown, unknownIn(node.guard)) : way.unknown;
    const before = visited.get(node);
    if (before === undefined) visited.set(node, [unknown]);
    else if (level !== 1 || before.length === MOST_VISITS || before.some((one) => implies(unknown, one))) continue;
    else before.push(unknown);
    const onward = ways[level as 0 | 1 | 2];
    if (node.type === 'operator') {
      const via = way.via?.name === node.name || node.name === OPEN_CHANNEL ? way.via : { name: node.name, next: way.via };
      const barrier = way.barrier || holdsBack(node);
      for (let at = node.inputs.length - 1; at >= 0; at -= 1) {
        onward.push({ ref: node.inputs[at] as ChannelRef, via, barrier, literals: way.literals, unknown });
      }
    } else if (node.type === 'topic') {
      const via = { name: `topic:${node.topic}`, next: way.via };
      for (const ref of node.senders) onward.push({ ref, via, barrier: true, literals: way.literals, unknown });
    } else {
      for (const { ref, guard, active } of node.inputs) {
        const next = Math.max(level, levelOf(active)) as 0 | 1 | 2;
        const literals = [...way.literals, ...guard];
        ways[next].push({
          ref,
          via: way.via,
          barrier: way.barrier,
          literals,
          unknown: next === 1 ? united(unknown, unknownIn(guard)) : NONE,
        });
      }
    }
  }
  return steps;
}

const NONE: Guard = [];

function add(channel: InputChannel, from: ProcessCall | SourceNode, way: Way, level: number, found: Found): void {
  const { site } = channel;
  let ports = found.get(from);
  if (ports === undefined) {
    ports = new Map();
    found.set(from, ports);
  }
  // A call can stand at several sites, and a workflow be expanded at several: the edge is that of the most open way.
  const before = ports.get(way.ref.port);
  const own = Math.max(levelOf(from.active), levelOf(site.active), level);
  // There is one already that is no less open.
  if (before !== undefined && own === 2) return;
  let cases = before?.cases;
  if (own === 1) {
    cases ??= new Cases();
    cases.add(united(way.unknown, unknownIn(site.guard)));
  }
  const certain = own === 1 && cases?.certain === true && from.active === true;
  const active = certain ? true : (LEVELS[Math.max(own, levelOf(activityOf(way.literals)))] as Activity);
  if (before === undefined) ports.set(way.ref.port, { way, channel, active, certain, cases });
  else {
    before.cases = cases;
    if (levelOf(active) >= levelOf(before.active)) return;
    before.way = way;
    before.channel = channel;
    before.active = active;
    before.certain = certain;
  }
}

const joined = new WeakMap<Guard, WeakMap<Guard, Guard>>();

/** Most edges have the guards of their two ends and no more: the same pair gives the same guard. */
function both(one: Guard, two: Guard): Guard {
  if (one.length === 0) return two;
  if (two.length === 0) return one;
  let known = joined.get(one);
  if (known === undefined) {
    known = new WeakMap();
    joined.set(one, known);
  }
  let guard = known.get(two);
  if (guard === undefined) {
    guard = dedupe([...one, ...two]);
    known.set(two, guard);
  }
  return guard;
}

/** Guards are short, and most of their literals are the same objects. */
function dedupe(guard: Guard): Guard {
  const kept: GuardLiteral[] = [];
  for (const literal of guard) if (!kept.some((one) => one === literal || same(one, literal))) kept.push(literal);
  return kept;
}

function same(one: GuardLiteral, two: GuardLiteral): boolean {
  return one.place.start === two.place.start && one.negated === two.negated && one.place.file === two.place.file;
}
