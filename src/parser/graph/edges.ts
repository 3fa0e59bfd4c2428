/** The projection of the channel graph on the process calls: who is fed by whom, through which operators. */
import { type Activity, activityOf, conjunction, type Guard } from '../evaluate/guard.ts';
import { kindOf } from './channel-graph.ts';
import { OPEN_CHANNEL } from './dsl1.ts';
import { isBarrier } from './operators.ts';
import type { ChannelNode, ChannelRef, GuardLiteral, InputChannel, ProcessCall, ProcessEdge, SourceNode } from './process-graph.ts';

/** A way from an input up to what feeds it: a linked list, since most ways share most of their operators. */
interface Way {
  readonly ref: ChannelRef;
  readonly via: Step | undefined;
  readonly barrier: boolean;
  readonly literals: readonly GuardLiteral[];
}
interface Step {
  readonly name: string;
  readonly next: Step | undefined;
}

/** First the ways that are open for the given params, then those that may be, then the closed ones. */
const LEVELS: readonly Activity[] = [true, 'unknown', false];

export function projectEdges(calls: readonly ProcessCall[]): ProcessEdge[] {
  const edges: ProcessEdge[] = [];
  for (const call of calls) {
    const found = new Map<string, ProcessEdge>();
    for (const input of call.inputs) for (const channel of input.channels) collect(call, channel, found);
    edges.push(...found.values());
  }
  return edges;
}

function collect(call: ProcessCall, channel: InputChannel, found: Map<string, ProcessEdge>): void {
  for (const level of LEVELS) {
    const visited = new Set<ChannelNode>();
    const stack: Way[] = [{ ref: channel, via: undefined, barrier: false, literals: [] }];
    let skipped = false;
    while (stack.length > 0) {
      const way = stack.pop() as Way;
      const { node } = way.ref;
      if (node.type === 'call' || node.type === 'source') {
        add(call, channel, node.type === 'call' ? node.call : node, way, level, found);
        continue;
      }
      if (visited.has(node)) continue;
      visited.add(node);
      if (!open(node.active, level)) {
        skipped = true;
        continue;
      }
      if (node.type === 'operator') {
        const via = way.via?.name === node.name || node.name === OPEN_CHANNEL ? way.via : { name: node.name, next: way.via };
        const barrier = way.barrier || isBarrier(node.name);
        for (let at = node.inputs.length - 1; at >= 0; at -= 1)
          stack.push({ ref: node.inputs[at] as ChannelRef, via, barrier, literals: way.literals });
      } else if (node.type === 'topic') {
        const via = { name: `topic:${node.topic}`, next: way.via };
        for (const ref of node.senders) stack.push({ ref, via, barrier: true, literals: way.literals });
      } else {
        for (const input of node.inputs) {
          if (open(input.active, level))
            stack.push({ ref: input.ref, via: way.via, barrier: way.barrier, literals: [...way.literals, ...input.guard] });
          else skipped = true;
        }
      }
    }
    if (!skipped) return;
  }
}

function better(one: Activity, two: Activity): boolean {
  return LEVELS.indexOf(one) < LEVELS.indexOf(two);
}

function open(activity: Activity, level: Activity): boolean {
  return activity === true || level === false || (level === 'unknown' && activity === 'unknown');
}

function add(
  call: ProcessCall,
  channel: InputChannel,
  from: ProcessCall | SourceNode,
  way: Way,
  level: Activity,
  found: Map<string, ProcessEdge>,
): void {
  const key = `${'id' in from ? from.id : `#${from.index}`}\0${way.ref.port ?? ''}`;
  const active = conjunction(level, from.active, channel.site.active, activityOf(way.literals));
  // A call can stand at several sites, and a workflow be expanded at several: the edge is that of the most open way.
  const before = found.get(key);
  if (before !== undefined && !better(active, before.active)) return;
  const via: string[] = [];
  for (let step = way.via; step !== undefined; step = step.next) via.push(step.name);
  const guard = dedupe([...from.guard, ...way.literals, ...channel.site.guard]);
  found.set(key, {
    from,
    to: call,
    port: way.ref.port,
    via,
    kind: kindOf(channel),
    barrier: way.barrier,
    guard,
    active,
    place: channel.site.place,
  });
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
