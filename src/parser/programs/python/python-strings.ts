/** Texts of Python: what stands in them, and what is put into them. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import { CONTENT, textValue, told, type Value } from '../values.ts';
import type { PythonWalk } from './python-walk.ts';
import { field, type Scope } from './scopes.ts';

/** What stands for a hole of the script that the code is written in. */
export const HOLE = /pipeoptHole_(\w+?)_eloH/;
const HOLES = new RegExp(HOLE, 'g');

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** One behind the other. */
export function stringParts(node: SyntaxNode, walk: PythonWalk, scope: Scope): readonly Value[] {
  if (node.type === 'concatenated_string')
    return node.children.flatMap((child) => (child.type === 'string' ? stringParts(child, walk, scope) : []));
  const [start] = node.children;
  const isRaw = start !== undefined && /r/i.test(walk.word(start));
  return node.children.flatMap((child): readonly Value[] => {
    if (child.type === 'string_content') {
      const written = walk.word(child);
      return withHoles(isRaw ? written : written.replace(/\\([\s\S])/g, (_, one: string) => ESCAPES[one] ?? `\\${one}`));
    }
    if (child.type !== 'interpolation') return [];
    const expression = field(child, 'expression');
    const specifier = field(child, 'format_specifier');
    for (const inner of specifier?.children ?? [])
      if (inner.type === 'format_expression' || inner.type === 'interpolation') walk.value(inner, scope);
    return [expression === undefined ? CONTENT : walk.value(expression, scope)];
  });
}

/** `"${cases}"` */
export function withHoles(text: string): readonly Value[] {
  const parts = text.split(HOLES);
  return parts.map((part, at) => (at % 2 === 0 ? textValue(part) : told(`$${part}`)));
}
