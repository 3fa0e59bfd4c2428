/** Names and what they are worth: a chain of scopes, the outermost a script's globals. */
import type { Value } from './values.ts';

export class Scope {
  readonly parent: Scope | undefined;
  readonly names = new Map<string, Value>();
  /** Where assignments to undeclared names land: a workflow's body, a script's globals. */
  readonly binding: boolean;
  /** Looked into when no scope knows the name. */
  readonly missing: ((name: string) => Value | undefined) | undefined;

  constructor(parent: Scope | undefined, options: { binding?: boolean; missing?: (name: string) => Value | undefined } = {}) {
    this.parent = parent;
    this.binding = options.binding === true || parent === undefined;
    this.missing = options.missing;
  }

  lookup(name: string): Value | undefined {
    const value = this.names.get(name);
    if (value !== undefined) return value;
    return this.missing?.(name) ?? this.parent?.lookup(name);
  }

  declare(name: string, value: Value): void {
    this.names.set(name, value);
  }

  assign(name: string, value: Value): void {
    for (let at: Scope | undefined = this; at !== undefined; at = at.parent) {
      if (at.names.has(name) || at.binding) {
        at.names.set(name, value);
        return;
      }
    }
  }
}
