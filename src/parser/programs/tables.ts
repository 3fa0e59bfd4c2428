/** What is known of functions of packages, written as tables: `read 0 file|path: pandas.read_csv …`. */
import type { FileHow } from './program-reading.ts';

export interface FileRole {
  /** `mode`: by the argument that says how it is opened. */
  readonly how: FileHow | 'mode';
  /** The place of the argument; `self`: what the method is called on. */
  readonly at: number | 'self';
  readonly names: readonly string[];
  /** Endings of what is opened beside it. */
  readonly beside: readonly string[];
}

/** A function may have several roles, in lines of their own. */
export function rolesIn(table: string): ReadonlyMap<string, readonly FileRole[]> {
  const found = new Map<string, FileRole[]>();
  for (const line of table.split('\n')) {
    const [head = '', functions = ''] = line.split(/:\s/);
    const [how, at, names = '', ...beside] = head.trim().split(/\s+/);
    if (how === undefined || at === undefined) continue;
    const role: FileRole = {
      how: how as FileRole['how'],
      at: at === 'self' ? at : Number(at),
      names: names === '-' ? [] : names.split('|'),
      beside,
    };
    for (const name of functions.trim().split(/\s+/)) found.set(name, [...(found.get(name) ?? []), role]);
  }
  return found;
}

export function wordsIn(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
