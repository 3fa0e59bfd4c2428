/** Whether what a call makes is kept where somebody looks for it. */
import { ListValue, MapValue, truthOf, type Value } from '../../parser/evaluate/value.ts';
import type { DirectiveSetting } from '../../parser/pipeline/pipeline.ts';

/** By `publishDir` or `storeDir`, as far as its settings tell: a closure or an unknown path is a place too. */
export function keepsFiles(settings: ReadonlyMap<string, DirectiveSetting>): boolean {
  if (settings.has('storeDir')) return true;
  const publishDir = settings.get('publishDir');
  if (publishDir === undefined) return false;
  const entries = publishDir.value instanceof ListValue ? publishDir.value.items : [publishDir.value ?? ''];
  return entries.some((entry) => !isOff(entry));
}

function isOff(entry: Value): boolean {
  return entry instanceof MapValue && entry.entries.has('enabled') && truthOf(entry.get('enabled')) === false;
}
