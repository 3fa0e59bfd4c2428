/**
 * Variables, and the journal that lets two alternatives be tried on the same variables: what a branch wrote is
 * collected and taken back, so that the other branch starts from the same state and both outcomes can be merged.
 */
import type { ListValue, MapValue, Value } from './value.ts';

export class Scope {
  readonly variables: Map<string, Value> = new Map();
  readonly parent: Scope | null;
  constructor(parent: Scope | null) {
    this.parent = parent;
  }
  /** The map that holds the name, innermost first. */
  holder(name: string): Map<string, Value> | undefined {
    for (let scope: Scope | null = this; scope !== null; scope = scope.parent) {
      if (scope.variables.has(name)) return scope.variables;
    }
    return undefined;
  }
}

/** One change: what a key of a map held before. `data` tells a map of the script from a scope's variables. */
export interface Change {
  readonly map: Map<string, Value>;
  readonly key: string;
  readonly before: Value | undefined;
  readonly data: boolean;
}

/** What a branch left behind. */
export interface Outcome {
  readonly changes: ReadonlyMap<Map<string, Value>, ReadonlyMap<string, { after: Value | undefined; data: boolean }>>;
  readonly lists: ReadonlyMap<ListValue, Value[]>;
}

interface Layer {
  readonly changes: Change[];
  readonly lists: Map<ListValue, { items: Value[]; open: boolean }>;
}

/** Every write to a variable, map or list goes through here. */
export class Journal {
  #layers: Layer[] = [];

  write(map: Map<string, Value>, key: string, value: Value | undefined, data = false): void {
    const layer = this.#layers.at(-1);
    if (layer !== undefined) layer.changes.push({ map, key, before: map.get(key), data });
    if (value === undefined) map.delete(key);
    else map.set(key, value);
  }

  setEntry(map: MapValue, key: string, value: Value | undefined): void {
    this.write(map.entries, key, value, true);
  }

  /** Call before changing a list's items. */
  touch(list: ListValue): void {
    const layer = this.#layers.at(-1);
    if (layer !== undefined && !layer.lists.has(list)) layer.lists.set(list, { items: list.items.slice(), open: list.open });
  }

  /** What the body writes holds whatever becomes of the branch around it: a script that is loaded stays loaded. */
  apart<T>(body: () => T): T {
    const layers = this.#layers;
    this.#layers = [];
    try {
      return body();
    } finally {
      this.#layers = layers;
    }
  }

  begin(): void {
    this.#layers.push({ changes: [], lists: new Map() });
  }

  /** Ends the layer, takes its changes back and tells what they were. */
  revert(): Outcome {
    const layer = this.#layers.pop() as Layer;
    const changes = new Map<Map<string, Value>, Map<string, { after: Value | undefined; data: boolean }>>();
    for (const { map, key, data } of layer.changes) {
      let keys = changes.get(map);
      if (keys === undefined) changes.set(map, (keys = new Map()));
      keys.set(key, { after: map.get(key), data });
    }
    for (let at = layer.changes.length - 1; at >= 0; at -= 1) {
      const { map, key, before } = layer.changes[at] as Change;
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    }
    const lists = new Map<ListValue, Value[]>();
    for (const [list, before] of layer.lists) {
      lists.set(list, list.items);
      list.items = before.items;
      list.open = before.open;
    }
    return { changes, lists };
  }

  /** Ends the layer and keeps its changes, which become the outer layer's. */
  keep(): void {
    const layer = this.#layers.pop() as Layer;
    const outer = this.#layers.at(-1);
    if (outer === undefined) return;
    for (const change of layer.changes) outer.changes.push(change);
    for (const [list, before] of layer.lists) if (!outer.lists.has(list)) outer.lists.set(list, before);
  }

  /** Makes an outcome happen after all. */
  replay(outcome: Outcome): void {
    for (const [map, keys] of outcome.changes) for (const [key, { after, data }] of keys) this.write(map, key, after, data);
    for (const [list, items] of outcome.lists) {
      this.touch(list);
      list.items = items;
    }
  }
}
