/** Python, statement by statement: what its names may hold. Calls of packages and methods are looked up in `python-calls.ts`. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given, Machine, OwnFunction, Parameter, RemarkKind } from '../machine.ts';
import type { FileHow } from '../program-reading.ts';
import {
  type Atom,
  atomsOf,
  CONTENT,
  member,
  NOTHING,
  nameValue,
  oneOf,
  PLAIN,
  textsOf,
  told,
  UNKNOWN,
  union,
  type Value,
} from '../values.ts';
import { decoratedBy } from './python-arguments.ts';
import { attributeOf, callAtom, elementsOf, itemOf, WORDS_MOVED } from './python-calls.ts';
import { valueIn, valuesOf } from './python-expressions.ts';
import { HOLE } from './python-strings.ts';
import { boundNames, field, fields, type Scope, scopeOf } from './scopes.ts';

export interface ModuleText {
  readonly name: string;
  readonly text: string;
  readonly root: SyntaxNode;
}

/** Names that Python itself has. */
const BUILTINS =
  /^(abs|all|any|ascii|bin|bool|breakpoint|bytearray|bytes|callable|chr|classmethod|compile|complex|copyright|credits|delattr|dict|dir|divmod|enumerate|eval|exec|exit|filter|float|format|frozenset|getattr|globals|hasattr|hash|help|hex|id|input|int|isinstance|issubclass|iter|len|license|list|locals|map|max|memoryview|min|next|object|oct|open|ord|pow|print|property|quit|range|repr|reversed|round|set|setattr|slice|sorted|staticmethod|str|sum|super|tuple|type|vars|zip|__import__|Ellipsis|NotImplemented|\w*(Error|Exception|Warning)|KeyboardInterrupt|SystemExit|StopIteration|GeneratorExit|BaseException)$/;
/** Assigned to, they change no way in which files are opened. */
const HARMLESS_TO_SET =
  /\.(verbosity|rcParams|rcParams\[.*|n_jobs|options(\.\w+)*|max_rows|logger|seed|dpi|environ|maxsize|stdout|stderr|level|MAX_IMAGE_PIXELS|set_figure_params|autosave|autoshow|style|default|template|email)$/;

export class PythonWalk {
  readonly machine: Machine;
  readonly #modules = new Map<string, ModuleText>();
  readonly #module: (name: string) => ModuleText | undefined;
  readonly #bodies = new Map<string, { readonly nodes: readonly SyntaxNode[]; readonly scope: Scope; readonly module: ModuleText }>();
  readonly #scopes = new Map<string, Scope>();
  readonly #mentioned = new Set<string>();
  #current: ModuleText;
  #function: string | undefined;

  constructor(machine: Machine, main: ModuleText, module: (name: string) => ModuleText | undefined) {
    this.machine = machine;
    this.#module = module;
    this.#current = main;
    this.#modules.set(main.name, main);
  }

  /** All that it may do, with what is known of its names by now. */
  once(): void {
    for (const module of [...this.#modules.values()]) {
      this.#current = module;
      const scope = this.#scope(`module ${module.name}`, 'module', undefined, [module.root], undefined, []);
      this.#block(module.root.children, scope);
    }
    for (const [id, { nodes, scope, module }] of [...this.#bodies]) {
      this.#current = module;
      this.#function = id;
      const [only] = nodes;
      if (nodes.length === 1 && only !== undefined && only.type !== 'block') this.machine.join(`${id} result`, this.value(only, scope));
      else for (const node of nodes) this.#block(node.children, scope);
      this.#function = undefined;
    }
  }

  /** Functions that are spoken of, and called where it is not seen: they may be given anything. */
  escapeUncalled(): boolean {
    let found = false;
    for (const id of this.#bodies.keys()) {
      const name = id.slice(id.lastIndexOf(' ') + 1);
      if (this.machine.isCalled(id)) continue;
      const isSpokenOf = this.#mentioned.has(name) || /^(__\w+__|lambda)$/.test(name);
      if (!isSpokenOf && !this.machine.get(`${id} overrides`)) continue;
      this.machine.escape(id);
      found = true;
    }
    return found;
  }

  word({ start, end }: SyntaxNode): string {
    return this.#current.text.slice(start, end);
  }

  site(node: SyntaxNode): string {
    return `${this.#current.name}@${node.start}-${node.end}`;
  }

  /** It stands in a function that nobody calls. */
  #isDead(): boolean {
    return this.#function !== undefined && !this.machine.isCalled(this.#function);
  }

  /** `strict`: it is a path for sure, so what is none by all that is known is one that is not followed. */
  openFile(how: FileHow, value: Value, by: string, node: SyntaxNode, strict = false): void {
    if (!strict) this.machine.file(how, value, by, node);
    else if (value.size > 0 || !this.#isDead())
      this.machine.file(
        how,
        value.size === 0 || atomsOf(value).some(({ type }) => NO_PATH.has(type)) ? union(value, UNKNOWN) : value,
        by,
        node,
      );
  }

  remarkLive(kind: RemarkKind, what: string, node: SyntaxNode): void {
    if (!this.#isDead()) this.machine.remark(kind, what, node);
  }

  /** Of a dataclass, in their order. */
  fieldsOf(id: string): readonly string[] {
    return [...(this.#fields.get(id) ?? [])];
  }
  declareField(id: string, name: string): void {
    this.#fields.set(id, (this.#fields.get(id) ?? new Set()).add(name));
  }
  readonly #fields = new Map<string, Set<string>>();

  /** The function that is gone through. */
  get current(): string | undefined {
    return this.#function;
  }

  mention(name: string): void {
    this.#mentioned.add(name);
  }

  #scope(
    id: string,
    kind: Scope['kind'],
    above: Scope | undefined,
    nodes: readonly SyntaxNode[],
    owner: string | undefined,
    more: readonly string[],
  ): Scope {
    let scope = this.#scopes.get(id);
    if (scope === undefined) {
      const { names, global } = boundNames(nodes.length === 1 && nodes[0] !== undefined ? nodes[0].children : nodes, this.#current.text);
      for (const name of more) names.add(name);
      scope = { id, kind, above, module: this.#current.name, names, global, owner };
      this.#scopes.set(id, scope);
    }
    return scope;
  }

  // ---------------------------------------------------------------------------------------------------- statements

  #block(nodes: readonly SyntaxNode[], scope: Scope): void {
    for (const node of nodes) if (node.named) this.#statement(node, scope);
  }

  #statement(node: SyntaxNode, scope: Scope): void {
    this.machine.step();
    switch (node.type) {
      case 'comment':
      case 'pass_statement':
      case 'break_statement':
      case 'continue_statement':
      case 'global_statement':
      case 'nonlocal_statement':
      case 'future_import_statement':
        return;
      case 'import_statement':
        for (const name of fields(node, 'name')) this.#import(name, scope);
        return;
      case 'import_from_statement':
        this.#importFrom(node, scope);
        return;
      case 'function_definition':
        this.#define(node, scope, []);
        return;
      case 'class_definition':
        this.#class(node, scope);
        return;
      case 'decorated_definition': {
        const definition = field(node, 'definition');
        const decorators = node.children.filter(({ type }) => type === 'decorator');
        if (definition?.type === 'function_definition') this.#define(definition, scope, decorators);
        else if (definition !== undefined) {
          for (const one of decorators) valuesOf(one.children, scope, this);
          this.#class(definition, scope);
        }
        return;
      }
      case 'return_statement': {
        const [value] = node.children.filter(({ named }) => named);
        if (value !== undefined && this.#function !== undefined) this.machine.join(`${this.#function} result`, this.value(value, scope));
        return;
      }
      case 'for_statement': {
        const right = field(node, 'right');
        const left = field(node, 'left');
        if (left !== undefined && right !== undefined) this.assign(left, elementsOf(this.value(right, scope), this), scope);
        for (const child of node.children) if (child.type === 'block' || child.type === 'else_clause') this.#statement(child, scope);
        return;
      }
      case 'except_clause':
      case 'except_group_clause':
        for (const child of node.children) {
          if (child.type === 'as_pattern') {
            const target = field(child, 'alias');
            if (target !== undefined) this.assign(target, CONTENT, scope);
          } else if (child.named) this.#statement(child, scope);
        }
        return;
      case 'match_statement':
        for (const subject of fields(node, 'subject')) this.value(subject, scope);
        for (const child of node.children) if (child.type === 'block') this.#statement(child, scope);
        return;
      case 'case_clause':
        for (const child of node.children) {
          if (child.type === 'case_pattern') this.#pattern(child, scope);
          else if (child.named) this.#statement(child, scope);
        }
        return;
      case 'delete_statement':
        for (const child of node.children) if (child.named) this.#remove(child, scope);
        return;
      case 'exec_statement':
        this.machine.remark('dynamic', 'it runs code that it makes', node);
        return;
      case 'print_statement':
      case 'chevron':
        valuesOf(node.children, scope, this);
        return;
      default:
        if (STATEMENTS.test(node.type)) this.#block(node.children, scope);
        else this.value(node, scope);
    }
  }

  /** `del words[1]`: those behind it have other places then. */
  #remove(node: SyntaxNode, scope: Scope): void {
    if (node.type !== 'subscript') {
      for (const child of node.children) if (child.named) this.#remove(child, scope);
      return;
    }
    for (const atom of atomsOf(this.value(field(node, 'value') as SyntaxNode, scope))) {
      if (atom.type === 'many') this.machine.move(atom.site);
      else if (atom.type === 'words') this.machine.join(WORDS_MOVED, PLAIN);
    }
  }

  /** What a pattern binds may be any part of what is matched. */
  #pattern(node: SyntaxNode, scope: Scope): void {
    if (node.type === 'identifier') this.#bind(this.word(node), UNKNOWN, scope);
    for (const child of node.children) if (child.named) this.#pattern(child, scope);
  }

  #import(name: SyntaxNode, scope: Scope): void {
    const alias = field(name, 'alias');
    const path = this.word(alias === undefined ? name : (field(name, 'name') as SyntaxNode)).replace(/\s/g, '');
    const bound = alias === undefined ? (path.split('.')[0] as string) : this.word(alias);
    this.#bind(bound, this.#imported(alias === undefined ? bound : path), scope);
  }

  #imported(path: string): Value {
    const own = this.#own(path);
    return own === undefined ? member(path) : oneOf({ type: 'object', id: `module ${own}` });
  }

  /** A module that lies beside, read with the others from now on. */
  #own(path: string): string | undefined {
    const known = this.#modules.get(path) ?? this.#module(path);
    if (known === undefined) return undefined;
    if (!this.#modules.has(path)) {
      this.#modules.set(path, known);
      this.machine.join(`modules ${path}`, PLAIN);
    }
    return path;
  }

  #importFrom(node: SyntaxNode, scope: Scope): void {
    const from = field(node, 'module_name');
    const path = from === undefined ? '' : this.word(from).replace(/\s/g, '');
    const own = this.#own(path.replace(/^\./, ''));
    for (const name of fields(node, 'name')) {
      const alias = field(name, 'alias');
      const asked = this.word(alias === undefined ? name : (field(name, 'name') as SyntaxNode));
      const bound = alias === undefined ? asked : this.word(alias);
      if (own !== undefined) this.#bind(bound, this.moduleMember(own, asked), scope);
      else if (path.startsWith('.')) this.#bind(bound, path === '.' ? this.#imported(asked) : UNKNOWN, scope);
      else this.#bind(bound, attributeOf(member(path), asked, this, node), scope);
      this.#mentioned.add(asked);
    }
    if (node.children.some(({ type }) => type === 'wildcard_import'))
      this.machine.join(`${scope.id} all`, own === undefined ? member(path) : oneOf({ type: 'object', id: `module ${own}` }));
  }

  moduleMember(module: string, name: string): Value {
    return this.machine.get(`module ${module}.${name}`) ?? NOTHING;
  }

  #define(node: SyntaxNode, scope: Scope, decorators: readonly SyntaxNode[]): void {
    const name = this.word(field(node, 'name') as SyntaxNode);
    const body = field(node, 'body');
    const id = this.declare(
      node,
      name,
      scope,
      body === undefined ? [] : [body],
      decorators.some((one) => /@\s*staticmethod\b/.test(this.word(one))),
    );
    let value = oneOf({ type: 'function', id });
    for (const decorator of [...decorators].reverse()) value = this.#decorated(value, id, decorator, scope);
    this.#bind(name, value, scope);
  }

  #decorated(value: Value, id: string, decorator: SyntaxNode, scope: Scope): Value {
    const [expression] = decorator.children.filter(({ named, type }) => named && type !== 'comment');
    if (expression === undefined) return UNKNOWN;
    const text = this.word(expression);
    if (
      /^(staticmethod|classmethod|property|abstractmethod|(functools\.)?(wraps|lru_cache|cache|cached_property|total_ordering|singledispatch)|cached_property|(abc\.)?abstractmethod|(contextlib\.)?contextmanager|contextmanager|\w+\.(setter|getter|deleter)|overload|(numba\.)?n?jit|njit|atexit\.register)\b/.test(
        text,
      )
    ) {
      valuesOf(expression.type === 'call' ? expression.children : [], scope, this);
      if (/\b(property|cached_property)\b|\.(setter|getter)\b/.test(text)) this.machine.join(`${id} property`, PLAIN);
      if (/^classmethod\b/.test(text)) this.machine.join(`${id} of class`, PLAIN);
      if (/\.setter\b/.test(text)) this.machine.escape(id);
      return value;
    }
    if (decoratedBy(expression, id, this, scope)) return value;
    return union(
      value,
      this.call(this.value(expression, scope), { places: [value], names: new Map(), rest: NOTHING, more: NOTHING }, decorator, text),
    );
  }

  declare(node: SyntaxNode, name: string, scope: Scope, body: readonly SyntaxNode[], isStatic: boolean): string {
    const id = `${this.#current.name}@${node.start} ${name}`;
    const list = field(node, 'parameters')?.children ?? [];
    const parameters: Parameter[] = [];
    for (const one of list) {
      if (!one.named) continue;
      const named = one.type === 'typed_parameter' ? one.children.find((child) => child.named) : (field(one, 'name') ?? one);
      const kind = named?.type === 'list_splat_pattern' ? 'rest' : named?.type === 'dictionary_splat_pattern' ? 'named' : 'one';
      const word =
        named === undefined ? undefined : named.type === 'identifier' ? named : named.children.find(({ type }) => type === 'identifier');
      const fallback = field(one, 'value');
      if (word === undefined) continue;
      parameters.push({ name: this.word(word), kind });
      if (fallback !== undefined) this.machine.join(`${id}.${this.word(word)}`, this.value(fallback, scope));
    }
    const own: OwnFunction = { id, parameters, isMethod: scope.kind === 'class' && !isStatic };
    this.machine.functions.set(id, own);
    const inner = this.#scope(
      id,
      'function',
      scope,
      body,
      scope.owner,
      parameters.map((one) => one.name),
    );
    if (!this.#bodies.has(id)) this.#bodies.set(id, { nodes: body, scope: inner, module: this.#current });
    if (scope.kind === 'class') this.machine.join(`methods ${name}`, oneOf({ type: 'function', id }));
    return id;
  }

  #class(node: SyntaxNode, scope: Scope): void {
    const name = this.word(field(node, 'name') as SyntaxNode);
    const body = field(node, 'body');
    const id = `class ${this.#current.name}@${node.start} ${name}`;
    const bases = field(node, 'superclasses')?.children.filter(({ named, type }) => named && type !== 'keyword_argument') ?? [];
    const above = union(...bases.map((base) => this.value(base, scope)));
    this.machine.join(`${id} bases`, above);
    const inner = this.#scope(id, 'class', scope, body === undefined ? [] : [body], id, []);
    if (body !== undefined) this.#block(body.children, inner);
    // Whoever wrote what it is made from may call its methods.
    const isOfOthers = atomsOf(above).some((atom) => atom.type !== 'class' && !(atom.type === 'member' && HARMLESS_BASES.test(atom.path)));
    if (isOfOthers)
      for (const method of inner.names)
        for (const atom of atomsOf(this.machine.get(`${id}.${method}`) ?? NOTHING))
          if (atom.type === 'function') this.machine.join(`${atom.id} overrides`, PLAIN);
    this.#bind(name, oneOf({ type: 'class', id }), scope);
  }

  // ---------------------------------------------------------------------------------------------------- names

  #bind(name: string, value: Value, scope: Scope): void {
    const to = scopeOf(name, scope) ?? scope;
    this.machine.join(`${to.id}.${name}`, value);
  }

  assign(target: SyntaxNode, value: Value, scope: Scope): void {
    switch (target.type) {
      case 'identifier':
        this.#bind(this.word(target), value, scope);
        return;
      case 'attribute': {
        const on = this.value(field(target, 'object') as SyntaxNode, scope);
        const name = this.word(field(target, 'attribute') as SyntaxNode);
        if (
          atomsOf(on).some(({ type }) => type === 'member') &&
          !HARMLESS_TO_SET.test(`.${this.word(target).split('.').slice(1).join('.')}`)
        )
          this.machine.remark('dynamic', `it sets ${this.word(target)}`, target);
        for (const atom of atomsOf(on))
          if (atom.type === 'object' && atom.id.startsWith('module ')) this.machine.join(`${atom.id}.${name}`, value);
        this.machine.join(`.${name}`, value);
        return;
      }
      case 'subscript': {
        const on = this.value(field(target, 'value') as SyntaxNode, scope);
        const keys = fields(target, 'subscript').map((one) => textsOf(this.value(one, scope)));
        const key = keys.length === 1 && keys[0]?.length === 1 ? keys[0][0] : undefined;
        for (const atom of atomsOf(on)) {
          if (atom.type === 'many') this.machine.put(atom.site, key, value);
          else if (atom.type === 'words') this.machine.remark('dynamic', 'it sets a word of its command', target);
        }
        return;
      }
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'tuple':
      case 'list':
      case 'expression_list': {
        const targets = target.children.filter(({ named, type }) => named && type !== 'comment');
        const starred = targets.findIndex(({ type }) => type === 'list_splat_pattern' || type === 'list_splat');
        targets.forEach((one, at) => {
          if (one.type === 'list_splat_pattern' || one.type === 'list_splat') {
            const inner = one.children.find(({ named }) => named);
            if (inner !== undefined) this.assign(inner, this.machine.many(this.site(one), [], elementsOf(value, this)), scope);
          } else this.assign(one, starred >= 0 && at > starred ? elementsOf(value, this) : itemOf(value, at, this), scope);
        });
        return;
      }
      default:
        for (const child of target.children) if (child.named) this.assign(child, value, scope);
    }
  }

  name(name: string, scope: Scope): Value {
    this.#mentioned.add(name);
    const hole = HOLE.exec(name);
    if (hole !== null && hole[0] === name) return told(`$${hole[1]}`);
    const found = scopeOf(name, scope);
    const value = found === undefined ? undefined : (this.machine.get(`${found.id}.${name}`) ?? NOTHING);
    // It may be called before it is given another meaning.
    const isBoth = found?.kind === 'module' && /^(open|exec|eval|compile|getattr|setattr|vars)$/.test(name);
    if (value !== undefined) return isBoth ? union(value, member(`builtins.${name}`)) : value;
    if (name === '__file__') return nameValue({ type: 'text', text: '/' }, { type: 'unknown' });
    if (/^__\w+__$/.test(name) && name !== '__import__' && name !== '__builtins__') return PLAIN;
    if (BUILTINS.test(name)) return member(`builtins.${name}`);
    const all = this.#starred(scope);
    for (const atom of atomsOf(all)) {
      if (atom.type === 'object' && atom.id.startsWith('module ')) {
        const one = this.machine.get(`${atom.id}.${name}`);
        if (one !== undefined) return one;
      } else if (atom.type === 'member' && all.size === 1) return attributeOf(all, name, this, undefined);
    }
    return UNKNOWN;
  }

  #starred(scope: Scope): Value {
    let outermost = scope;
    while (outermost.above !== undefined) outermost = outermost.above;
    return this.machine.get(`${outermost.id} all`) ?? NOTHING;
  }

  value(node: SyntaxNode, scope: Scope): Value {
    return valueIn(node, scope, this);
  }

  // ---------------------------------------------------------------------------------------------------- calls

  given(list: SyntaxNode | undefined, scope: Scope): Given {
    const places: Value[] = [];
    const names = new Map<string, Value>();
    let [rest, more]: [Value, Value] = [NOTHING, NOTHING];
    if (list?.type === 'generator_expression') places.push(this.value(list, scope));
    else
      for (const child of list?.children ?? []) {
        if (!child.named || child.type === 'comment') continue;
        if (child.type === 'keyword_argument')
          names.set(this.word(field(child, 'name') as SyntaxNode), this.value(field(child, 'value') as SyntaxNode, scope));
        else if (child.type === 'list_splat' || child.type === 'dictionary_splat') {
          const all = valuesOf(child.children, scope, this);
          const [only] = atomsOf(all);
          const known = all.size === 1 && only?.type === 'many' ? this.machine.known(only.site) : undefined;
          const values = known === undefined ? NOTHING : union(...known.values());
          if (child.type === 'dictionary_splat') {
            if (known !== undefined && values.size > 0) for (const [name, value] of known) names.set(name, value);
            else
              more = union(
                more,
                ...atomsOf(all).map((atom) =>
                  atom.type === 'many' ? this.machine.at(atom.site, undefined) : elementsOf(oneOf(atom), this),
                ),
              );
          } else if (known !== undefined && rest.size === 0 && values.size > 0) places.push(...known.values());
          else rest = union(rest, elementsOf(all, this));
        } else if (rest.size > 0) rest = union(rest, this.value(child, scope));
        else places.push(this.value(child, scope));
      }
    return { places, names, rest, more };
  }

  callNode(node: SyntaxNode, scope: Scope): Value {
    const callee = field(node, 'function') as SyntaxNode;
    const given = this.given(field(node, 'arguments'), scope);
    if (callee.type !== 'attribute') return this.call(this.value(callee, scope), given, node, this.word(callee), scope);
    const on = this.value(field(callee, 'object') as SyntaxNode, scope);
    const name = this.word(field(callee, 'attribute') as SyntaxNode);
    this.#mentioned.add(name);
    const results: Value[] = [];
    for (const atom of atomsOf(on)) {
      const own = attributeOf(oneOf(atom), name, this, callee);
      // A method of what is no package and no object of the program.
      if (atom.type === 'member' || atom.type === 'class' || atom.type === 'object')
        results.push(this.call(own, given, node, this.word(callee), scope));
      else results.push(callAtom(atom, name, given, this, node, scope));
    }
    // What was put there by the program itself.
    const put = this.machine.get(`.${name}`);
    if (put !== undefined)
      results.push(
        this.call(
          oneOf(...atomsOf(put).filter(({ type }) => type !== 'content' && type !== 'plain' && type !== 'name')),
          given,
          node,
          name,
          scope,
        ),
      );
    return union(...results);
  }

  call(callee: Value, given: Given, node: SyntaxNode, name: string, scope?: Scope): Value {
    return union(...atomsOf(callee).map((atom) => callAtom(atom, undefined, given, this, node, scope, name)));
  }
}

/** They call no methods that others write. */
const HARMLESS_BASES = /^(builtins\.(object|dict|list|tuple|\w*(Error|Exception))|enum\.\w+|typing\.\w+|abc\.\w+|collections\.\w+)$/;

const NO_PATH: ReadonlySet<Atom['type']> = new Set(['member', 'class', 'function']);

export const STATEMENTS =
  /^(module|block|if_statement|elif_clause|else_clause|while_statement|try_statement|finally_clause|with_statement|with_clause|with_item|raise_statement|assert_statement|expression_statement|type_alias_statement)$/;
