/** What a part, a place or a call of something comes to: objects of the program, packages, texts and paths, lists. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import { GIVEN_NOTHING, type Given } from '../machine.ts';
import { SUBCOMMAND } from '../program-reading.ts';
import {
  ARGUMENTS,
  type Atom,
  atomsOf,
  CONTENT,
  joined,
  NOTHING,
  nameValue,
  oneOf,
  PLAIN,
  partOf,
  STREAM,
  textValue,
  told,
  UNKNOWN,
  union,
  type Value,
} from '../values.ts';
import { FILE_METHODS, PATH_METHODS, PLAIN_METHODS } from './packages.ts';
import { declareArgument, optionValue } from './python-arguments.ts';
import { formatted } from './python-expressions.ts';
import { allGiven, isMessage, useByName, useRoles } from './python-files.ts';
import { callPackage, memberOf, touchesFiles } from './python-packages.ts';
import type { PythonWalk } from './python-walk.ts';
import type { Scope } from './scopes.ts';

/** Words of the command were taken out or put in: their places are not told any more. */
export const WORDS_MOVED = 'words moved';

/** `on.name` */
export function attributeOf(on: Value, name: string, walk: PythonWalk, node: SyntaxNode | undefined): Value {
  return union(
    ...atomsOf(on).map((atom): Value => {
      const put = atom.type === 'member' ? NOTHING : (walk.machine.get(`.${name}`) ?? NOTHING);
      return union(ownAttribute(atom, name, walk, node), put);
    }),
  );
}

function ownAttribute(atom: Atom, name: string, walk: PythonWalk, node: SyntaxNode | undefined): Value {
  switch (atom.type) {
    case 'member':
      return memberOf(atom.path, name, walk, node);
    case 'arguments':
      return name === '__dict__' ? ARGUMENTS : optionValue(name, walk);
    case 'class':
      return inClass(atom.id, name, undefined, walk) ?? CONTENT;
    case 'object': {
      if (atom.id.startsWith('module ')) return walk.moduleMember(atom.id.slice('module '.length), name);
      if (atom.id.startsWith('super ')) {
        const id = atom.id.slice('super '.length);
        const found = basesOf(id, walk).map((base) => inClass(base, name, id, walk) ?? NOTHING);
        return union(CONTENT, ...found);
      }
      const found = inClass(atom.id, name, atom.id, walk);
      // Nothing has been put there yet, or it comes from a class that is not the program's own.
      return found ?? (walk.machine.get(`.${name}`) === undefined || hasForeignBase(atom.id, walk) ? CONTENT : NOTHING);
    }
    case 'name':
      return /^(parent|parents|name|stem|suffix|suffixes|parts|drive|root|anchor)$/.test(name) ? partOf(oneOf(atom)) : CONTENT;
    case 'stream':
      return name === 'buffer' ? STREAM : name === 'name' ? UNKNOWN : CONTENT;
    case 'unknown':
      return UNKNOWN;
    default:
      return CONTENT;
  }
}

function basesOf(id: string, walk: PythonWalk): readonly string[] {
  return atomsOf(walk.machine.get(`${id} bases`) ?? NOTHING).flatMap((atom) => (atom.type === 'class' ? [atom.id] : []));
}

function hasForeignBase(id: string, walk: PythonWalk, depth = 0): boolean {
  const bases = atomsOf(walk.machine.get(`${id} bases`) ?? NOTHING);
  return depth > 5 || bases.some((base) => (base.type === 'class' ? hasForeignBase(base.id, walk, depth + 1) : true));
}

function inClass(id: string, name: string, self: string | undefined, walk: PythonWalk, depth = 0): Value | undefined {
  const own = walk.machine.get(`${id}.${name}`);
  if (own === undefined) {
    if (depth > 5) return UNKNOWN;
    const found = basesOf(id, walk).flatMap((base) => inClass(base, name, self, walk, depth + 1) ?? []);
    return found.length === 0 ? undefined : union(...found);
  }
  return union(
    ...atomsOf(own).map((atom): Value => {
      if (atom.type !== 'function') return oneOf(atom);
      if (self === undefined) return oneOf(walk.machine.get(`${atom.id} of class`) === undefined ? atom : { ...atom, self: id });
      const bound: Atom = { ...atom, self };
      const isProperty = walk.machine.get(`${atom.id} property`) !== undefined;
      return isProperty ? union(walk.machine.call(bound, GIVEN_NOTHING), oneOf(bound)) : oneOf(bound);
    }),
  );
}

/** What is in it: each element of a list, each line of a file. */
export function elementsOf(value: Value, walk: PythonWalk): Value {
  return union(
    ...atomsOf(value).map((atom): Value => {
      switch (atom.type) {
        case 'many':
          return union(walk.machine.at(atom.site, undefined), walk.machine.get(`${atom.site} keys`) ?? NOTHING);
        case 'words':
          return told('#*');
        case 'name':
          return atom.pieces.length === 1 && atom.pieces[0]?.type === 'told' ? oneOf(atom) : partOf(oneOf(atom));
        case 'plain':
          return PLAIN;
        case 'content':
        case 'stream':
          return CONTENT;
        case 'object':
          return union(UNKNOWN, ...['__iter__', '__next__', '__getitem__'].map((name) => inner(methodResult(atom.id, name, walk), walk)));
        default:
          return UNKNOWN;
      }
    }),
  );
}

function methodResult(id: string, name: string, walk: PythonWalk): Value {
  const method = inClass(id, name, id, walk) ?? NOTHING;
  return union(...atomsOf(method).map((atom) => (atom.type === 'function' ? walk.machine.call(atom, GIVEN_NOTHING) : NOTHING)));
}

function inner(value: Value, walk: PythonWalk): Value {
  return union(value, walk.machine.flat(value));
}

/** `value[key]`; `key` undefined where it is not known. */
export function itemOf(value: Value, key: number | string | undefined, walk: PythonWalk, node?: SyntaxNode): Value {
  return union(
    ...atomsOf(value).map((atom): Value => {
      switch (atom.type) {
        case 'many':
          return walk.machine.at(atom.site, typeof key === 'number' && key < 0 ? undefined : key === undefined ? undefined : String(key));
        case 'words':
          if (walk.machine.get(WORDS_MOVED) !== undefined) return told('#*');
          return typeof key === 'number' && key >= 0 ? (atom.from + key === 0 ? PLAIN : told(`#${atom.from + key}`)) : told('#*');
        case 'name':
          return isToldList(atom, walk) ? oneOf(atom) : partOf(oneOf(atom));
        case 'arguments':
          if (typeof key === 'string') return optionValue(key, walk);
          return key === undefined ? told('*') : key === 0 ? ARGUMENTS : union(told('#*'), ARGUMENTS);
        case 'member':
          if (atom.path !== 'os.environ') return CONTENT;
          if (node !== undefined) walk.machine.remark('environment', `it asks for a variable of the environment`, node);
          return nameValue({ type: 'environment' });
        case 'object':
          return union(CONTENT, methodResult(atom.id, '__getitem__', walk));
        case 'unknown':
          return UNKNOWN;
        case 'plain':
          return PLAIN;
        default:
          return CONTENT;
      }
    }),
  );
}

function isToldList({ pieces }: Extract<Atom, { type: 'name' }>, walk: PythonWalk): boolean {
  const [only, more] = pieces;
  if (only?.type !== 'told' || more !== undefined) return false;
  const option = [...walk.machine.options.values()].find(({ by }) => by === only.by);
  return option?.words === undefined && (option !== undefined || only.by.endsWith('*'));
}

/** `method`: undefined where the value itself is called. */
export function callAtom(
  atom: Atom,
  method: string | undefined,
  given: Given,
  walk: PythonWalk,
  node: SyntaxNode,
  scope: Scope | undefined,
  name = method ?? '',
): Value {
  walk.machine.step();
  if (method === undefined) return callItself(atom, given, walk, node, scope, name);
  if (atom.type === 'name') return ofName(atom, method, given, walk, node);
  if (atom.type === 'many') return ofMany(atom.site, method, given, walk, node);
  if (atom.type === 'arguments') return ofArguments(method, given, walk, node);
  if (atom.type === 'words') {
    if (/^(pop|remove|insert|sort|reverse|append|extend|clear)$/.test(method)) walk.machine.join(WORDS_MOVED, PLAIN);
    return method === 'pop' ? told('#*') : CONTENT;
  }
  if (/^parse_(known_|intermixed_)?args$/.test(method)) {
    const isWritten = atomsOf(walk.machine.flat(allGiven(given))).some(
      (one) => one.type === 'name' && one.pieces.some(({ type }) => type !== 'told'),
    );
    if (isWritten) walk.remarkLive('dynamic', 'its arguments stand in it', node);
    return ARGUMENTS;
  }
  if (method === 'set_defaults')
    for (const [key, value] of given.names) walk.machine.join(`option ${key}`, union(optionValue(key, walk), value));
  if (method === 'add_subparsers') walk.machine.options.set('subparsers', { flags: [], by: SUBCOMMAND, words: undefined });
  if (method === 'add_argument' || method === 'add_option') {
    declareArgument(given, walk, node);
    return CONTENT;
  }
  // An object of the program that lay where it is not seen.
  const own = atom.type === 'stream' || atom.type === 'plain' ? NOTHING : (walk.machine.get(`methods ${method}`) ?? NOTHING);
  const result = union(...atomsOf(own).map((one) => (one.type === 'function' ? walk.machine.call(selfless(one), given) : NOTHING)));
  const roles = FILE_METHODS.get(method);
  const callbacks = giveToFunctions(given, walk, node);
  if (atom.type === 'stream') return union(CONTENT, callbacks);
  const ofPath = OF_PATHS.test(method) && own.size === 0 ? PATH_METHODS.get(method) : undefined;
  if (ofPath !== undefined)
    useRoles(ofPath, method, given, nameValue({ type: atom.type === 'unknown' ? 'unknown' : 'content' }), walk, node, true);
  else if (roles !== undefined) useRoles(roles, method, namesOnly(given), undefined, walk, node, false);
  else if (atom.type === 'unknown' ? !OF_ANYTHING.test(method) : !PLAIN_METHODS.has(method) && own.size === 0)
    useByName(method, given, atom.type !== 'unknown', walk, node);
  if (method === 'get' || method === 'pop' || method === 'setdefault') return union(CONTENT, result, ...given.places.slice(1));
  return union(atom.type === 'unknown' ? UNKNOWN : CONTENT, result, callbacks);
}

/** Methods that nothing has but paths. */
const OF_PATHS = /^((read|write)_(text|bytes)|iterdir|rglob|unlink|touch|(symlink|hardlink)_to|is_(file|dir|symlink)|lchmod|samefile)$/;

/** Of what may be anything: to put in a list, to ask a text about another one, to say something. */
const OF_ANYTHING =
  /^(append|add|extend|insert|join|format|startswith|endswith|index|count|split|strip|info|debug|warning|error|exception|critical|writerow|writerows|set_title)$/;

/** Of a method nobody knows on which object it is called. */
function selfless(atom: Extract<Atom, { type: 'function' }>): Extract<Atom, { type: 'function' }> {
  const owner = / (\S+)$/.exec(atom.id)?.[1];
  return { ...atom, self: owner ?? '?' };
}

/** Methods of an unknown object take names of files for what they are; what a file holds is what they work on. */
function namesOnly(given: Given): Given {
  const only = (value: Value): Value =>
    oneOf(
      ...atomsOf(value).filter(
        (atom) => atom.type !== 'content' && atom.type !== 'plain' && !(atom.type === 'name' && isMessage(atom.pieces)),
      ),
    );
  return {
    places: given.places.map(only),
    names: new Map([...given.names].map(([key, value]) => [key, only(value)])),
    rest: only(given.rest),
    more: only(given.more),
  };
}

/** A function that is handed on is called with what it is handed on with. */
export function giveToFunctions(given: Given, walk: PythonWalk, node: SyntaxNode): Value {
  const all = [...given.places, ...given.names.values(), given.rest, given.more];
  const isCallable = (atom: Atom): boolean =>
    atom.type === 'function' || atom.type === 'class' || (atom.type === 'member' && touchesFiles(atom.path));
  const functions = atomsOf(union(...all, walk.machine.flat(union(...all)))).filter(isCallable);
  if (functions.length === 0) return NOTHING;
  const rest = (value: Value): Value => oneOf(...atomsOf(value).filter((atom) => !isCallable(atom)));
  const others = rest(union(...all));
  const names = union(others, rest(walk.machine.flat(others)), rest(elementsOf(others, walk)));
  const handed = union(CONTENT, names);
  const results = functions.map((atom) =>
    atom.type === 'function'
      ? walk.machine.call({ ...atom, loose: true }, { places: [handed], names: new Map(), rest: NOTHING, more: handed })
      : callAtom(
          atom,
          undefined,
          { places: [], names: new Map(), rest: atom.type === 'member' ? names : handed, more: NOTHING },
          walk,
          node,
          undefined,
        ),
  );
  const result = union(...results);
  return union(result, walk.machine.many(`${walk.site(node)} results`, [], result));
}

function callItself(atom: Atom, given: Given, walk: PythonWalk, node: SyntaxNode, scope: Scope | undefined, name: string): Value {
  switch (atom.type) {
    case 'function':
      return walk.machine.call(atom, given);
    case 'class':
      return construct(atom.id, given, walk, node);
    case 'member':
      return callPackage(atom.path, given, walk, node, scope);
    case 'object':
      if (atom.id.startsWith('module ')) return UNKNOWN;
      return walk.call(inClass(atom.id, '__call__', atom.id, walk) ?? NOTHING, given, node, name);
    case 'plain':
    case 'stream':
      return NOTHING;
    case 'content':
      useByName(name, given, true, walk, node);
      return union(CONTENT, giveToFunctions(given, walk, node));
    default:
      walk.remarkLive('dynamic', `it calls ${shown(name)}, of which nothing is known`, node);
      useByName(name, given, false, walk, node);
      giveToFunctions(given, walk, node);
      return UNKNOWN;
  }
}

function shown(name: string): string {
  return name.replace(/\s+/g, ' ').slice(0, 40);
}

function construct(id: string, given: Given, walk: PythonWalk, node: SyntaxNode): Value {
  const made = oneOf({ type: 'object', id });
  const init = inClass(id, '__init__', id, walk) ?? NOTHING;
  const functions = atomsOf(init).filter(({ type }) => type === 'function');
  for (const one of functions) callAtom(one, undefined, given, walk, node, undefined);
  if (functions.length > 0) return made;
  // A dataclass: what it is given is found in its fields, in their order.
  walk.fieldsOf(id).forEach((name, at) => {
    const value = union(given.places[at] ?? NOTHING, given.rest, given.more);
    if (value.size > 0) walk.machine.join(`.${name}`, value);
  });
  for (const [name, value] of given.names) walk.machine.join(`.${name}`, value);
  const created = inClass(id, '__post_init__', id, walk) ?? NOTHING;
  for (const one of atomsOf(created)) callAtom(one, undefined, GIVEN_NOTHING, walk, node, undefined);
  if (hasForeignBase(id, walk)) useByName(id.slice(id.lastIndexOf(' ') + 1), given, true, walk, node);
  return made;
}

// ------------------------------------------------------------------------------------------------------ texts and paths

const KEEPS = /^(strip|rstrip|lstrip|resolve|absolute|expanduser|as_posix|as_uri|__str__|__fspath__|encode|decode|copy)$/;
const CUTS =
  /^(replace|lower|upper|title|capitalize|casefold|swapcase|removesuffix|removeprefix|translate|zfill|ljust|rjust|center|expandtabs|relative_to|__getitem__)$/;

function ofName(atom: Extract<Atom, { type: 'name' }>, method: string, given: Given, walk: PythonWalk, node: SyntaxNode): Value {
  const self = oneOf(atom);
  const [first = NOTHING] = given.places;
  // `text.replace(old, new)` is of texts, `path.replace(target)` of paths.
  if (method === 'replace' && given.places.length < 2) {
    walk.openFile('change', self, method, node);
    walk.openFile('over', union(first, ...given.names.values()), method, node);
    return first;
  }
  const roles = PATH_METHODS.get(method);
  if (roles !== undefined) {
    useRoles(roles, method, given, self, walk, node, true);
    if (method === 'open') return STREAM;
    if (/^(iterdir|glob|rglob|walk)$/.test(method)) return walk.machine.many(walk.site(node), [], joined(self, textValue('/'), CONTENT));
    return method === 'rename' ? first : CONTENT;
  }
  if (KEEPS.test(method) && given.places.length === 0) return self;
  if (method === 'strip' || method === 'encode' || method === 'decode') return method === 'strip' ? partOf(self) : self;
  if (/^(joinpath|__truediv__)$/.test(method)) return joined(self, ...given.places.flatMap((one) => [textValue('/'), one]));
  if (/^with_(suffix|name|stem)$/.test(method))
    return method === 'with_suffix' ? joined(partOf(self), first) : method === 'with_name' ? joined(partOf(self), first) : partOf(self);
  if (/^(r?split|splitlines|r?partition)$/.test(method)) {
    const separator = [...first.values()][0];
    const text = separator?.type === 'name' && separator.pieces[0]?.type === 'text' ? separator.pieces[0].text : undefined;
    const isList = method === 'splitlines' || (method === 'split' && (given.places.length === 0 || /^[,;:\s|]+$/.test(text ?? '')));
    return walk.machine.many(walk.site(node), [], isList && isTold(atom) ? self : partOf(self));
  }
  if (method === 'join') {
    const flat = union(...atomsOf(union(...given.places)).map((one) => (one.type === 'many' ? walk.machine.flat(oneOf(one)) : oneOf(one))));
    return joined(partOf(flat), self, partOf(flat));
  }
  if (method === 'format' || method === 'format_map') return formatted(self, allGiven(given), walk);
  if (CUTS.test(method)) return partOf(self);
  // A temporary file that is open.
  if (atom.pieces[0]?.type === 'temporary' || PLAIN_METHODS.has(method)) return CONTENT;
  // It may be an object of the program or of a package that is told like one.
  const own = walk.machine.get(`methods ${method}`) ?? NOTHING;
  for (const one of atomsOf(own)) if (one.type === 'function') walk.machine.call(selfless(one), given);
  if (own.size === 0) useByName(method, given, true, walk, node);
  return CONTENT;
}

function isTold({ pieces }: Extract<Atom, { type: 'name' }>): boolean {
  return pieces.length === 1 && pieces[0]?.type === 'told';
}

function ofArguments(method: string, given: Given, walk: PythonWalk, node: SyntaxNode): Value {
  const [first = NOTHING, ...others] = given.places;
  if (method === 'get' || method === 'pop' || method === '__getitem__') {
    const [atom] = atomsOf(first);
    const key = atom?.type === 'name' && atom.pieces.length === 1 && atom.pieces[0]?.type === 'text' ? atom.pieces[0].text : undefined;
    return union(key === undefined ? told('*') : optionValue(key, walk), ...others);
  }
  if (/^(items|values|_get_kwargs)$/.test(method))
    return walk.machine.many(walk.site(node), [], union(walk.machine.many(`${walk.site(node)} pair`, [CONTENT, told('*')])));
  const put = walk.machine.get(`.${method}`);
  return put === undefined ? union(CONTENT, giveToFunctions(given, walk, node)) : walk.call(put, given, node, method);
}

// ------------------------------------------------------------------------------------------------------ lists and tables

function ofMany(site: string, method: string, given: Given, walk: PythonWalk, node: SyntaxNode): Value {
  const { machine } = walk;
  const [first = NOTHING, second = NOTHING] = given.places;
  const all = union(machine.at(site, undefined), NOTHING);
  switch (method) {
    case 'append':
    case 'add':
    case 'appendleft':
    case 'put':
      machine.put(site, undefined, first);
      return PLAIN;
    case 'insert':
      machine.move(site);
      machine.put(site, undefined, second);
      return PLAIN;
    case 'extend':
    case 'update':
    case 'extendleft':
      machine.put(site, undefined, union(elementsOf(union(...given.places), walk), ...given.names.values(), given.more));
      return PLAIN;
    case 'setdefault':
      machine.put(site, undefined, second);
      return union(all, second);
    case 'get':
    case '__getitem__':
      return union(itemOf(oneOf({ type: 'many', site }), keyIn(first), walk), second);
    case 'sort':
    case 'reverse':
    case 'pop':
    case 'popitem':
    case 'remove':
    case 'popleft':
    case 'rotate':
      machine.move(site);
      giveToFunctions(given, walk, node);
      return union(all, second);
    case 'items':
      return machine.many(walk.site(node), [], machine.many(`${walk.site(node)} pair`, [machine.get(`${site} keys`) ?? CONTENT, all]));
    case 'keys':
      return machine.many(walk.site(node), [], machine.get(`${site} keys`) ?? CONTENT);
    case 'values':
    case 'copy':
    case 'union':
    case 'difference':
    case 'intersection':
      return machine.many(walk.site(node), [], union(all, elementsOf(union(...given.places), walk)));
    default:
      giveToFunctions(given, walk, node);
      if (!PLAIN_METHODS.has(method)) useByName(method, given, true, walk, node);
      return union(CONTENT, all);
  }
}

function keyIn(value: Value): string | undefined {
  const [atom] = atomsOf(value);
  return value.size === 1 && atom?.type === 'name' && atom.pieces.length === 1 && atom.pieces[0]?.type === 'text'
    ? atom.pieces[0].text
    : undefined;
}
