/** Which names a function, class or module of Python binds, and so where a name is looked for. */
import type { SyntaxNode } from '../../grammar/grammar.ts';

export interface Scope {
  readonly id: string;
  readonly kind: 'module' | 'class' | 'function' | 'comprehension';
  readonly above: Scope | undefined;
  readonly module: string;
  readonly names: ReadonlySet<string>;
  readonly global: ReadonlySet<string>;
  /** Of a class, and of what stands in a method of it. */
  readonly owner: string | undefined;
}

export function field(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === name);
}

export function fields(node: SyntaxNode, name: string): readonly SyntaxNode[] {
  return node.children.filter((child) => child.field === name);
}

/** What is bound in these nodes, functions and classes in them left out. */
export function boundNames(nodes: readonly SyntaxNode[], text: string): { readonly names: Set<string>; readonly global: Set<string> } {
  const names = new Set<string>();
  const global = new Set<string>();
  /** Bound in a function around it. */
  const outer = new Set<string>();
  const word = (node: SyntaxNode | undefined): string => (node === undefined ? '' : text.slice(node.start, node.end));
  const target = (node: SyntaxNode | undefined): void => {
    if (node === undefined) return;
    if (node.type === 'identifier') names.add(word(node));
    // What has a part or a place set is only asked for.
    else if (node.type !== 'attribute' && node.type !== 'subscript' && node.type !== 'call') node.children.forEach(target);
  };
  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case 'function_definition':
      case 'class_definition':
        names.add(word(field(node, 'name')));
        return;
      case 'lambda':
        return;
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression':
        // A walrus in it binds outside; what is bound in it is looked for there first.
        node.children.forEach(visit);
        return;
      case 'for_in_clause':
        node.children.filter((child) => child.field !== 'left').forEach(visit);
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const child of node.children)
          if (child.type === 'identifier') (node.type === 'global_statement' ? global : outer).add(word(child));
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement':
        for (const child of node.children) {
          if (child.field !== 'name') continue;
          const alias = field(child, 'alias');
          names.add(alias === undefined ? (word(child).split('.')[0] as string) : word(alias));
        }
        return;
      case 'assignment':
      case 'augmented_assignment':
      case 'for_statement':
        target(field(node, 'left'));
        break;
      case 'named_expression':
        target(field(node, 'name'));
        break;
      case 'as_pattern':
        target(field(node, 'alias'));
        break;
      case 'case_pattern':
      case 'delete_statement':
        target(node);
        for (const child of node.children) if (child.type === 'dotted_name') names.add(word(child));
        break;
      case 'dotted_name':
        return;
    }
    node.children.forEach(visit);
  };
  nodes.forEach(visit);
  for (const name of [...global, ...outer]) names.delete(name);
  return { names, global };
}

/** The scope in which a name is bound that is spoken of in another one. */
export function scopeOf(name: string, from: Scope): Scope | undefined {
  for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.above) {
    if (scope.global.has(name)) {
      let outermost = scope;
      while (outermost.above !== undefined) outermost = outermost.above;
      return outermost;
    }
    // What a class binds its methods do not see.
    if (scope.names.has(name) && (scope.kind !== 'class' || scope === from)) return scope;
  }
  return undefined;
}
