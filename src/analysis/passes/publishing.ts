/** Whether what a call makes is kept where somebody looks for it. */
import { ListValue, MapValue, truthOf, type Value } from '../../parser/evaluate/value.ts';
import { Channels } from '../../parser/graph/channels.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../parser/pipeline/pipeline.ts';

/** Calls that may run and whose tasks make something that is kept: by their own settings, or as an output of the workflow. */
export function publishingCalls(graph: ProcessGraph): ReadonlySet<ProcessCall> {
  const channels = new Channels(graph);
  const fed = graph.outputs.flatMap(({ ref }) => channels.producersOf(ref).flatMap((node) => (node.type === 'call' ? [node.call] : [])));
  return new Set([...graph.calls.filter((call) => call.active !== false && keepsFiles(graph.directivesOf(call))), ...fed]);
}

/** When the first task of such a call has ended; NaN: none does. @param ends by task */
export function firstEndOf(
  groups: readonly { readonly call: ProcessCall; readonly first: number; readonly size: number }[],
  ends: Float64Array,
  publishing: ReadonlySet<ProcessCall>,
): number {
  let earliest = Number.POSITIVE_INFINITY;
  for (const { call, first, size } of groups) {
    if (!publishing.has(call)) continue;
    for (let task = first; task < first + size; task += 1) if ((ends[task] as number) < earliest) earliest = ends[task] as number;
  }
  return earliest === Number.POSITIVE_INFINITY ? Number.NaN : earliest;
}

/** By `publishDir` or `storeDir`, as far as its settings tell: a closure or an unknown path is a place too. */
export function keepsFiles(settings: ReadonlyMap<string, DirectiveSetting>): boolean {
  if (settings.has('storeDir')) return true;
  const publishDir = settings.get('publishDir');
  if (publishDir === undefined) return false;
  const entries = publishDir.value instanceof ListValue ? publishDir.value.items : [publishDir.value ?? ''];
  return entries.some((entry) => !isOff(entry));
}

function isOff(entry: Value): boolean {
  // `publishDir 'results', enabled: false`.
  if (entry instanceof ListValue) return entry.items.some(isOff);
  return entry instanceof MapValue && entry.entries.has('enabled') && truthOf(entry.get('enabled')) === false;
}
