/** Expressions of Python: what they may come to. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import { GIVEN_NOTHING } from '../machine.ts';
import {
  atomsOf,
  CONTENT,
  joined,
  NOTHING,
  nameValue,
  oneOf,
  PLAIN,
  partOf,
  textsOf,
  textValue,
  told,
  UNKNOWN,
  union,
  type Value,
} from '../values.ts';
import { attributeOf, elementsOf, itemOf } from './python-calls.ts';
import { stringParts } from './python-strings.ts';
import { type PythonWalk, STATEMENTS } from './python-walk.ts';
import { field, fields, type Scope } from './scopes.ts';

export function valuesOf(nodes: readonly SyntaxNode[], scope: Scope, walk: PythonWalk): Value {
  return union(...nodes.filter(({ named, type }) => named && type !== 'comment').map((node) => walk.value(node, scope)));
}

export function valueIn(node: SyntaxNode, scope: Scope, walk: PythonWalk): Value {
  const { machine } = walk;
  machine.step();
  switch (node.type) {
    case 'identifier':
      return walk.name(walk.word(node), scope);
    case 'integer':
    case 'float':
    case 'true':
    case 'false':
    case 'none':
    case 'ellipsis':
    case 'comment':
      return PLAIN;
    case 'string':
    case 'concatenated_string': {
      const parts = stringParts(node, walk, scope);
      const value = joined(...parts);
      for (const text of textsOf(value) ?? []) machine.strings.add(text);
      return value;
    }
    case 'attribute': {
      const on = walk.value(field(node, 'object') as SyntaxNode, scope);
      const name = walk.word(field(node, 'attribute') as SyntaxNode);
      walk.mention(name);
      return attributeOf(on, name, walk, node);
    }
    case 'subscript':
      return subscriptOf(node, scope, walk);
    case 'call':
      return walk.callNode(node, scope);
    case 'assignment': {
      const right = field(node, 'right');
      const left = field(node, 'left') as SyntaxNode;
      if (scope.kind === 'class' && field(node, 'type') !== undefined) walk.declareField(scope.id, walk.word(left));
      if (right === undefined) return PLAIN;
      const value = walk.value(right, scope);
      walk.assign(left, value, scope);
      return value;
    }
    case 'augmented_assignment': {
      const left = field(node, 'left') as SyntaxNode;
      const right = walk.value(field(node, 'right') as SyntaxNode, scope);
      const before = walk.value(left, scope);
      for (const atom of atomsOf(before))
        if (atom.type === 'many') machine.put(atom.site, undefined, union(elementsOf(right, walk), CONTENT));
      walk.assign(left, operationOf(walk.word(field(node, 'operator') as SyntaxNode).replace('=', ''), before, right, node, walk), scope);
      return NOTHING;
    }
    case 'named_expression': {
      const value = walk.value(field(node, 'value') as SyntaxNode, scope);
      walk.assign(field(node, 'name') as SyntaxNode, value, scope);
      return value;
    }
    case 'binary_operator': {
      const [left, right] = [walk.value(field(node, 'left') as SyntaxNode, scope), walk.value(field(node, 'right') as SyntaxNode, scope)];
      return operationOf(walk.word(field(node, 'operator') as SyntaxNode), left, right, node, walk);
    }
    case 'comparison_operator':
    case 'not_operator':
      valuesOf(node.children, scope, walk);
      return PLAIN;
    case 'unary_operator':
      valuesOf(node.children, scope, walk);
      return CONTENT;
    case 'boolean_operator':
    case 'conditional_expression':
    case 'parenthesized_expression':
    case 'await':
    case 'type':
    case 'expression_statement':
      return valuesOf(node.children, scope, walk);
    case 'yield': {
      const value = valuesOf(node.children, scope, walk);
      const isFrom = node.children.some(({ type }) => type === 'from');
      if (walk.current !== undefined) {
        const site = `${walk.current} yields`;
        machine.join(`${walk.current} result`, machine.many(site, [], isFrom ? elementsOf(value, walk) : value));
      }
      return CONTENT;
    }
    case 'lambda': {
      const body = field(node, 'body');
      const list = field(node, 'parameters');
      const id = walk.declare(
        { ...node, children: list === undefined ? [] : [list] },
        'lambda',
        scope,
        body === undefined ? [] : [body],
        true,
      );
      return oneOf({ type: 'function', id });
    }
    case 'list':
    case 'tuple':
    case 'set':
    case 'expression_list':
      return listOf(node, scope, walk);
    case 'dictionary':
      return dictionaryOf(node, scope, walk);
    case 'list_comprehension':
    case 'set_comprehension':
    case 'generator_expression':
    case 'dictionary_comprehension':
      return comprehensionOf(node, scope, walk);
    case 'pair':
      return valuesOf(node.children, scope, walk);
    case 'with_item':
    case 'as_pattern':
      return entered(node, scope, walk);
    case 'slice':
      valuesOf(node.children, scope, walk);
      return PLAIN;
    case 'ERROR':
      machine.remark('dynamic', 'it cannot be parsed', node);
      return UNKNOWN;
    default:
      return STATEMENTS.test(node.type) || node.children.length > 0 ? valuesOf(node.children, scope, walk) : UNKNOWN;
  }
}

function entered(node: SyntaxNode, scope: Scope, walk: PythonWalk): Value {
  const inner = field(node, 'value');
  if (node.type === 'with_item') return inner === undefined ? NOTHING : walk.value(inner, scope);
  const [given] = node.children.filter(({ named }) => named);
  const alias = field(node, 'alias');
  if (given === undefined) return NOTHING;
  const value = walk.value(given, scope);
  let entered: Value = NOTHING;
  for (const atom of atomsOf(value)) {
    if (atom.type === 'object')
      entered = union(entered, walk.call(attributeOf(oneOf(atom), '__enter__', walk, node), GIVEN_NOTHING, node, '__enter__'));
    else if (atom.type === 'many') entered = union(entered, walk.machine.at(atom.site, undefined));
    else entered = union(entered, oneOf(atom));
  }
  if (alias !== undefined) walk.assign(alias, union(entered, value), scope);
  return value;
}

function listOf(node: SyntaxNode, scope: Scope, walk: PythonWalk): Value {
  const items: Value[] = [];
  let others: Value = NOTHING;
  for (const child of node.children) {
    if (!child.named || child.type === 'comment') continue;
    if (child.type === 'list_splat') others = union(others, elementsOf(valuesOf(child.children, scope, walk), walk));
    else items.push(walk.value(child, scope));
  }
  return others.size > 0 ? walk.machine.many(walk.site(node), [], union(others, ...items)) : walk.machine.many(walk.site(node), items);
}

function dictionaryOf(node: SyntaxNode, scope: Scope, walk: PythonWalk): Value {
  const site = walk.site(node);
  const value = walk.machine.many(site);
  for (const child of node.children) {
    if (child.type === 'dictionary_splat') walk.machine.put(site, undefined, elementsOf(valuesOf(child.children, scope, walk), walk));
    if (child.type !== 'pair') continue;
    const key = walk.value(field(child, 'key') as SyntaxNode, scope);
    const texts = textsOf(key);
    walk.machine.put(site, texts?.length === 1 ? texts[0] : undefined, walk.value(field(child, 'value') as SyntaxNode, scope));
    walk.machine.join(`${site} keys`, key);
  }
  return value;
}

function comprehensionOf(node: SyntaxNode, above: Scope, walk: PythonWalk): Value {
  const site = walk.site(node);
  const clauses = node.children.filter(({ type }) => type === 'for_in_clause');
  const names = new Set<string>();
  const collect = (one: SyntaxNode): void => {
    if (one.type === 'identifier') names.add(walk.word(one));
    one.children.forEach(collect);
  };
  for (const clause of clauses) collect(field(clause, 'left') as SyntaxNode);
  const scope: Scope = {
    id: `in ${site}`,
    kind: 'comprehension',
    above,
    module: above.module,
    names,
    global: new Set(),
    owner: above.owner,
  };
  for (const clause of clauses)
    walk.assign(field(clause, 'left') as SyntaxNode, elementsOf(valuesOf(fields(clause, 'right'), scope, walk), walk), scope);
  for (const child of node.children) if (child.type === 'if_clause') valuesOf(child.children, scope, walk);
  const body = field(node, 'body') as SyntaxNode;
  if (body.type !== 'pair') return walk.machine.many(site, [], walk.value(body, scope));
  walk.machine.join(`${site} keys`, walk.value(field(body, 'key') as SyntaxNode, scope));
  return walk.machine.many(site, [], walk.value(field(body, 'value') as SyntaxNode, scope));
}

function subscriptOf(node: SyntaxNode, scope: Scope, walk: PythonWalk): Value {
  const on = walk.value(field(node, 'value') as SyntaxNode, scope);
  const asked = fields(node, 'subscript');
  const [first] = asked;
  const keys = valuesOf(asked, scope, walk);
  if (first?.type !== 'slice') {
    const texts = asked.length === 1 ? textsOf(keys) : undefined;
    const number =
      first?.type === 'integer' || /^-\d+$/.test(first === undefined ? '' : walk.word(first)) ? walk.word(first as SyntaxNode) : undefined;
    return itemOf(on, number === undefined ? (texts?.length === 1 ? texts[0] : undefined) : Number(number), walk, node);
  }
  const from = /^\d*/.exec(walk.word(first))?.[0] ?? '';
  // `[1:]`, `[1:3]`: with a step, or from a place that is not written, nobody knows which is which.
  const isFrom = /^\d*\s*:\s*-?\w*$/.test(walk.word(first));
  return union(
    ...atomsOf(on).map((atom): Value => {
      if (atom.type === 'words')
        return isFrom ? oneOf({ type: 'words', from: atom.from + Number(from || 0) }) : walk.machine.many(walk.site(node), [], told('#*'));
      if (atom.type === 'name') return partOf(oneOf(atom));
      if (atom.type === 'many') return walk.machine.many(walk.site(node), [], walk.machine.at(atom.site, undefined));
      return oneOf(atom);
    }),
  );
}

function operationOf(operator: string, left: Value, right: Value, node: SyntaxNode, walk: PythonWalk): Value {
  if (left.size === 0 || right.size === 0) return NOTHING;
  const isMany = (value: Value): boolean => atomsOf(value).some(({ type }) => type === 'many' || type === 'words');
  if (operator === '+' && (isMany(left) || isMany(right)))
    return walk.machine.many(walk.site(node), [], union(elementsOf(left, walk), elementsOf(right, walk)));
  if (operator === '+') return joined(left, right);
  const hasName = (value: Value): boolean =>
    atomsOf(value).some(({ type }) => type === 'name' || type === 'unknown' || type === 'arguments');
  if (operator === '/' && (hasName(left) || (hasName(right) && textsOf(right) !== undefined))) return joined(left, textValue('/'), right);
  if (operator === '%' && hasName(left)) return formatted(left, union(right, walk.machine.flat(right)), walk);
  if (operator === '|') return union(left, right);
  if (operator === '*' && isMany(left)) return left;
  if (hasName(left) || hasName(right)) return operator === '*' ? nameValue({ type: 'unknown' }) : CONTENT;
  return atomsOf(left).every(({ type }) => type === 'plain') && atomsOf(right).every(({ type }) => type === 'plain') ? PLAIN : CONTENT;
}

/** `'%s.csv' % name`: a text with others in it, each anywhere. */
export function formatted(template: Value, given: Value, walk: PythonWalk): Value {
  const [text, ...others] = textsOf(template) ?? [];
  if (text === undefined || others.length > 0) return nameValue({ type: 'unknown' });
  const flat = walk.machine.flat(given);
  const parts = text.split(/%(?:\(\w+\))?[-+ #0]*[\d.*]*[a-zA-Z]|\{[^{}]*\}/).map(textValue);
  return joined(...parts.flatMap((part, at) => (at === 0 ? [part] : [flat.size === 0 ? CONTENT : flat, part])));
}
