/** R, expression by expression: what its names may hold. What functions of packages do is looked up in `r-calls.ts`. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given, Machine, OwnFunction, Parameter, RemarkKind } from '../machine.ts';
import type { FileHow } from '../program-reading.ts';
import {
  atomsOf,
  CONTENT,
  joined,
  NOTHING,
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
import { callFunction, elementsOf, isTabled, itemOf, optionOf } from './r-calls.ts';

const HOLE = /pipeoptHole_(\w+?)_eloH/;
const HOLES = new RegExp(HOLE, 'g');
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

export interface RScope {
  readonly id: string;
  readonly above: RScope | undefined;
  readonly names: Set<string>;
}

export function field(node: SyntaxNode, name: string): SyntaxNode | undefined {
  return node.children.find((child) => child.field === name);
}

export class RWalk {
  readonly machine: Machine;
  readonly #text: string;
  readonly #root: SyntaxNode;
  readonly #bodies = new Map<string, { readonly body: SyntaxNode; readonly scope: RScope }>();
  readonly #main: RScope = { id: 'main', above: undefined, names: new Set() };
  readonly #names = new Map<string, string>();
  readonly #mentioned = new Set<string>();
  #function: string | undefined;
  /** Packages that are attached and not known. */
  hasStrangers = false;

  constructor(machine: Machine, text: string, root: SyntaxNode) {
    this.machine = machine;
    this.#text = text;
    this.#root = root;
  }

  once(): void {
    this.#function = undefined;
    for (const child of this.#root.children) if (child.named) this.value(child, this.#main);
    for (const [id, { body, scope }] of [...this.#bodies]) {
      this.#function = id;
      this.machine.join(`${id} result`, this.value(body, scope));
    }
    this.#function = undefined;
  }

  /** What is called by a name that is made, or for a class of objects, may be given anything. */
  escapeUncalled(): boolean {
    let found = false;
    for (const id of this.#bodies.keys()) {
      const name = this.#names.get(id);
      if (this.machine.isCalled(id) || !(name === undefined || name.includes('.') || this.#mentioned.has(name))) continue;
      this.machine.escape(id);
      found = true;
    }
    return found;
  }

  word({ start, end }: SyntaxNode): string {
    return this.#text.slice(start, end).replace(/^`|`$/g, '');
  }

  site(node: SyntaxNode): string {
    return `@${node.start}-${node.end}`;
  }

  #isDead(): boolean {
    return this.#function !== undefined && !this.machine.isCalled(this.#function);
  }

  openFile(how: FileHow, value: Value, by: string, node: SyntaxNode, strict = false): void {
    if (!strict) this.machine.file(how, value, by, node);
    else if (value.size > 0 || !this.#isDead())
      this.machine.file(
        how,
        value.size === 0 || atomsOf(value).some(({ type }) => type === 'function') ? union(value, UNKNOWN) : value,
        by,
        node,
      );
  }

  remark(kind: RemarkKind, what: string, node: SyntaxNode): void {
    if (!this.#isDead()) this.machine.remark(kind, what, node);
  }

  // ---------------------------------------------------------------------------------------------------- names

  #scopeOf(name: string, from: RScope): RScope | undefined {
    for (let scope: RScope | undefined = from; scope !== undefined; scope = scope.above) if (scope.names.has(name)) return scope;
    return undefined;
  }

  bind(name: string, value: Value, scope: RScope, isOuter = false): void {
    const to = isOuter ? (this.#scopeOf(name, scope.above ?? scope) ?? this.#main) : scope;
    to.names.add(name);
    this.machine.join(`${to.id}.${name}`, value);
    for (const atom of atomsOf(value)) if (atom.type === 'function' && !this.#names.has(atom.id)) this.#names.set(atom.id, name);
  }

  /** undefined: nothing in the program has that name. */
  lookup(name: string, scope: RScope): Value | undefined {
    this.#mentioned.add(name);
    const hole = HOLE.exec(name);
    if (hole !== null && hole[0] === name) return told(`$${hole[1]}`);
    const values: Value[] = [];
    // R looks in the functions around it where nothing is bound yet.
    for (let one: RScope | undefined = scope; one !== undefined; one = one.above)
      if (one.names.has(name)) values.push(this.machine.get(`${one.id}.${name}`) ?? NOTHING);
    return values.length === 0 ? undefined : union(...values);
  }

  #identifier(name: string, scope: RScope): Value {
    const value = this.lookup(name, scope);
    if (value !== undefined) return value;
    if (/^(T|F|pi|LETTERS|letters|month\.\w+)$/.test(name)) return PLAIN;
    // A function by its name, or a column of a table.
    return isTabled(name) ? oneOf({ type: 'member', path: name }) : CONTENT;
  }

  // ---------------------------------------------------------------------------------------------------- expressions

  values(nodes: readonly SyntaxNode[], scope: RScope): Value {
    return union(...nodes.filter(({ named, type }) => named && type !== 'comment').map((node) => this.value(node, scope)));
  }

  value(node: SyntaxNode, scope: RScope): Value {
    const { machine } = this;
    machine.step();
    switch (node.type) {
      case 'identifier':
        return this.#identifier(this.word(node), scope);
      case 'dots':
      case 'dot_dot_i':
        return elementsOf(this.lookup('...', scope) ?? CONTENT, this);
      case 'string':
        return this.#string(node);
      case 'float':
      case 'integer':
      case 'complex':
      case 'true':
      case 'false':
      case 'null':
      case 'na':
      case 'inf':
      case 'nan':
      case 'next':
      case 'break':
      case 'comment':
        return PLAIN;
      case 'braced_expression':
      case 'program': {
        let last: Value = PLAIN;
        for (const child of node.children) if (child.named && child.type !== 'comment') last = this.value(child, scope);
        return last;
      }
      case 'parenthesized_expression':
        return this.values(node.children, scope);
      case 'if_statement': {
        this.value(field(node, 'condition') as SyntaxNode, scope);
        return union(
          PLAIN,
          ...node.children
            .filter((child) => child.field === 'consequence' || child.field === 'alternative')
            .map((child) => this.value(child, scope)),
        );
      }
      case 'for_statement': {
        const name = this.word(field(node, 'variable') as SyntaxNode);
        this.bind(name, elementsOf(this.value(field(node, 'sequence') as SyntaxNode, scope), this), scope);
        this.values(
          node.children.filter((child) => child.field === 'body'),
          scope,
        );
        return PLAIN;
      }
      case 'while_statement':
      case 'repeat_statement':
        this.values(node.children, scope);
        return PLAIN;
      case 'function_definition':
        return this.#define(node, scope);
      case 'unary_operator':
        return this.word(field(node, 'operator') as SyntaxNode) === '~' ? CONTENT : union(this.values(node.children, scope));
      case 'binary_operator':
        return this.#binary(node, scope);
      case 'extract_operator': {
        const on = this.value(field(node, 'lhs') as SyntaxNode, scope);
        return itemOf(on, this.#key(field(node, 'rhs'), scope), this);
      }
      case 'namespace_operator':
        return oneOf({ type: 'member', path: this.word(node).replace(':::', '::').replace(/\s/g, '') });
      case 'subset':
      case 'subset2': {
        const on = this.value(field(node, 'function') as SyntaxNode, scope);
        return this.#item(on, node, scope);
      }
      case 'call':
        return this.call(node, scope, []);
      case 'argument':
        return this.values(
          node.children.filter((child) => child.field === 'value'),
          scope,
        );
      case 'ERROR':
        machine.remark('dynamic', 'it cannot be parsed', node);
        return UNKNOWN;
      default:
        return node.children.length > 0 ? this.values(node.children, scope) : UNKNOWN;
    }
  }

  #key(node: SyntaxNode | undefined, scope: RScope): string | undefined {
    if (node === undefined) return undefined;
    return node.type === 'identifier' ? this.word(node) : textsOf(this.value(node, scope))?.[0];
  }

  #item(on: Value, node: SyntaxNode, scope: RScope): Value {
    const asked = (field(node, 'arguments')?.children ?? []).filter(({ type }) => type === 'argument');
    const [only] = asked;
    const inner = only === undefined ? undefined : field(only, 'value');
    const keys = asked.map((one) => this.value(one, scope));
    if (asked.length !== 1 || inner === undefined) return itemOf(on, undefined, this);
    const texts = textsOf(keys[0] as Value);
    return itemOf(
      on,
      /^\d+L?$/.test(this.word(inner)) ? Number.parseInt(this.word(inner), 10) : texts?.length === 1 ? texts[0] : undefined,
      this,
    );
  }

  #string(node: SyntaxNode): Value {
    const open = field(node, 'open');
    const content = field(node, 'content');
    const written = content === undefined ? '' : this.#text.slice(content.start, content.end);
    const isRaw = open !== undefined && /^r/i.test(this.word(open));
    const text = isRaw ? written : written.replace(/\\([\s\S])/g, (_, one: string) => ESCAPES[one] ?? `\\${one}`);
    this.machine.strings.add(text);
    // Within a word of a script that it stands in, `$` is the script's.
    const parts = text.replace(/\$([A-Za-z]\w*)/g, 'pipeoptHole_$1_eloH').split(HOLES);
    return joined(...parts.map((part, at) => (at % 2 === 0 ? textValue(part) : told(`$${part}`))));
  }

  #define(node: SyntaxNode, scope: RScope): Value {
    const id = `function ${node.start}`;
    let inner = this.#bodies.get(id)?.scope;
    const parameters: Parameter[] = [];
    const list = (field(node, 'parameters')?.children ?? []).filter(({ type }) => type === 'parameter');
    for (const one of list) {
      const name = field(one, 'name') as SyntaxNode;
      parameters.push({ name: this.word(name), kind: name.type === 'dots' ? 'rest' : 'one' });
    }
    if (inner === undefined) {
      inner = { id, above: scope, names: new Set(parameters.map(({ name }) => name)) };
      this.#bodies.set(id, { body: field(node, 'body') as SyntaxNode, scope: inner });
    }
    for (const one of list) {
      const fallback = field(one, 'default');
      if (fallback !== undefined) this.machine.join(`${id}.${this.word(field(one, 'name') as SyntaxNode)}`, this.value(fallback, inner));
    }
    const own: OwnFunction = { id, parameters, isMethod: false };
    this.machine.functions.set(id, own);
    return oneOf({ type: 'function', id });
  }

  result(value: Value): void {
    if (this.#function !== undefined) this.machine.join(`${this.#function} result`, value);
  }

  #binary(node: SyntaxNode, scope: RScope): Value {
    const [lhs, rhs] = [field(node, 'lhs') as SyntaxNode, field(node, 'rhs') as SyntaxNode];
    const operator = this.word(field(node, 'operator') as SyntaxNode);
    switch (operator) {
      case '<-':
      case '=':
      case '<<-':
      case ':=': {
        const value = this.value(rhs, scope);
        this.#assign(lhs, value, scope, operator === '<<-');
        return value;
      }
      case '->':
      case '->>': {
        const value = this.value(lhs, scope);
        this.#assign(rhs, value, scope, operator === '->>');
        return value;
      }
      case '|>':
      case '%>%':
      case '%T>%':
      case '%<>%':
      case '%$%': {
        const given = this.value(lhs, scope);
        this.bind('.', given, scope);
        const result =
          rhs.type === 'call'
            ? this.call(rhs, scope, [given])
            : rhs.type === 'braced_expression' || rhs.type === 'parenthesized_expression'
              ? this.#applied(this.value(rhs, scope), given, rhs, scope)
              : callFunction(
                  this.#callee(rhs, scope),
                  { places: [given], names: new Map(), rest: NOTHING, more: NOTHING },
                  this,
                  rhs,
                  scope,
                );
        if (operator === '%<>%') this.#assign(lhs, result, scope, false);
        return result;
      }
      case '~':
        return CONTENT;
      default: {
        const [left, right] = [this.value(lhs, scope), this.value(rhs, scope)];
        // `"a" %+% "b"`, and whatever else an operator of one's own makes.
        if (/^%/.test(operator) && !/^%(in|%|\/|o|x|between%|like%)/.test(operator)) {
          const own = this.lookup(operator, scope);
          const given: Given = { places: [left, right], names: new Map(), rest: NOTHING, more: NOTHING };
          return own === undefined ? joined(partOf(left), partOf(right)) : callFunction(own, given, this, node, scope, operator);
        }
        return /^(\|\||\|)$/.test(operator)
          ? PLAIN
          : atomsOf(left).every(({ type }) => type === 'plain') && atomsOf(right).every(({ type }) => type === 'plain')
            ? PLAIN
            : CONTENT;
      }
    }
  }

  #applied(value: Value, given: Value, node: SyntaxNode, scope: RScope): Value {
    const functions = oneOf(...atomsOf(value).filter(({ type }) => type === 'function'));
    return functions.size === 0
      ? value
      : callFunction(functions, { places: [given], names: new Map(), rest: NOTHING, more: NOTHING }, this, node, scope);
  }

  #assign(target: SyntaxNode, value: Value, scope: RScope, isOuter: boolean): void {
    if (target.type === 'identifier') this.bind(this.word(target), value, scope, isOuter);
    else if (target.type === 'string') this.bind(textsOf(this.#string(target))?.[0] ?? '', value, scope, isOuter);
    else if (target.type === 'extract_operator' || target.type === 'subset' || target.type === 'subset2') {
      const inner = field(target, target.type === 'extract_operator' ? 'lhs' : 'function') as SyntaxNode;
      const asked = (field(target, 'arguments')?.children ?? []).filter(({ type }) => type === 'argument');
      const key =
        target.type === 'extract_operator'
          ? this.#key(field(target, 'rhs'), scope)
          : asked.length === 1
            ? /^\d+L?$/.test(this.word(asked[0] as SyntaxNode))
              ? String(Number.parseInt(this.word(asked[0] as SyntaxNode), 10))
              : textsOf(this.value(asked[0] as SyntaxNode, scope))?.[0]
            : undefined;
      const on = this.value(inner, scope);
      let isPut = false;
      for (const atom of atomsOf(on)) {
        if (atom.type === 'many') {
          this.machine.put(atom.site, key, value);
          isPut = true;
        } else if (atom.type === 'arguments' && key !== undefined) {
          this.machine.join(`option ${optionOf(key)}`, union(told(`--${optionOf(key)}`), value));
          isPut = true;
        } else if (atom.type === 'content') isPut = true;
      }
      // `paths <- NULL; paths$map <- …`, and a vector that is told by one name and given another.
      if (!isPut)
        this.#assign(inner, this.machine.many(`${this.site(target)} put`, [], union(value, this.machine.flat(on))), scope, isOuter);
    } else if (target.type === 'call') {
      const [first] = (field(target, 'arguments')?.children ?? []).filter(({ type }) => type === 'argument');
      const name = this.word(field(target, 'function') as SyntaxNode);
      const inner = first === undefined ? undefined : field(first, 'value');
      if (inner === undefined) return;
      if (/^(body|formals|environment|options|Sys\.\w+)$/.test(name)) this.machine.remark('dynamic', `it sets ${name}`, target);
      // Names of the parts: which one is which is told by these from now on.
      const on = this.value(inner, scope);
      for (const atom of atomsOf(on)) if (atom.type === 'many') this.machine.move(atom.site);
      const own = this.lookup(`${name}<-`, scope);
      if (own !== undefined)
        callFunction(own, { places: [on, value], names: new Map([['value', value]]), rest: NOTHING, more: NOTHING }, this, target, scope);
    }
  }

  // ---------------------------------------------------------------------------------------------------- calls

  #callee(node: SyntaxNode, scope: RScope): Value {
    if (node.type === 'identifier' || node.type === 'string') {
      const name = node.type === 'string' ? (textsOf(this.#string(node))?.[0] ?? '') : this.word(node);
      const own = this.lookup(name, scope);
      const functions =
        own === undefined
          ? []
          : atomsOf(own).filter(({ type }) => type !== 'content' && type !== 'plain' && type !== 'name' && type !== 'many');
      // A variable that holds no function does not hide one.
      return union(
        oneOf(...functions),
        functions.length > 0 && own?.size === functions.length ? NOTHING : oneOf({ type: 'member', path: name }),
      );
    }
    return this.value(node, scope);
  }

  given(node: SyntaxNode, scope: RScope, before: readonly Value[]): Given {
    const places: Value[] = [...before];
    const names = new Map<string, Value>();
    let rest: Value = NOTHING;
    for (const one of field(node, 'arguments')?.children ?? []) {
      if (one.type !== 'argument') continue;
      const name = field(one, 'name');
      const inner = field(one, 'value');
      if (inner === undefined) {
        if (name === undefined) places.push(PLAIN);
        continue;
      }
      const value = this.value(inner, scope);
      if (inner.type === 'dots') rest = union(rest, value);
      else if (name !== undefined) names.set(name.type === 'string' ? (textsOf(this.#string(name))?.[0] ?? '') : this.word(name), value);
      else if (before.length > 0 && inner.type === 'identifier' && this.word(inner) === '.') places.splice(0, 1, value);
      else places.push(value);
    }
    return { places, names, rest, more: NOTHING };
  }

  call(node: SyntaxNode, scope: RScope, before: readonly Value[]): Value {
    const callee = field(node, 'function') as SyntaxNode;
    const given = this.given(node, scope, before);
    return callFunction(this.#callee(callee, scope), given, this, node, scope, this.word(callee));
  }
}
