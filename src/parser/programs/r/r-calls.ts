/** What functions of R and its packages come to, and what they do to files. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given } from '../machine.ts';
import type { FileHow } from '../program-reading.ts';
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
  textsOf,
  textValue,
  told,
  UNKNOWN,
  union,
  type Value,
} from '../values.ts';
import {
  APPLIES,
  CONNECTIONS,
  DYNAMIC,
  ENVIRONMENT,
  FILE_FUNCTIONS,
  FOR_PEOPLE,
  HAS_DEFAULT,
  KNOWN_PACKAGES,
  NETWORK,
  READS_BY_NAME,
  RUNS,
  SPEAKS,
  WRITES_BY_NAME,
} from './packages.ts';
import type { RScope, RWalk } from './r-walk.ts';

/** A function of which it is known that it has to do with files. */
export function isTabled(name: string): boolean {
  return (
    FILE_FUNCTIONS.has(name) ||
    CONNECTIONS.has(name) ||
    RUNS.has(name) ||
    NETWORK.has(name) ||
    DYNAMIC.has(name) ||
    READS_BY_NAME.test(name) ||
    WRITES_BY_NAME.test(name)
  );
}

export function optionOf(name: string): string {
  return name.replace(/^-+|^<|>$/g, '').replace(/[-.]/g, '_');
}

function optionValue(name: string, walk: RWalk): Value {
  if (name === 'options') return ARGUMENTS;
  if (name === 'args') return union(told('#*'), walk.machine.get('option args') ?? NOTHING);
  return walk.machine.get(`option ${optionOf(name)}`) ?? told(`--${optionOf(name)}`);
}

export function elementsOf(value: Value, walk: RWalk): Value {
  return union(
    ...atomsOf(value).map((atom): Value => {
      switch (atom.type) {
        case 'many':
          return walk.machine.at(atom.site, undefined);
        case 'words':
          return told('#*');
        case 'arguments':
          return told('*');
        case 'stream':
          return CONTENT;
        default:
          return oneOf(atom);
      }
    }),
  );
}

/** `on$key`, `on[key]`, `on[[key]]`: of a single text its first is it itself. */
export function itemOf(on: Value, key: string | number | undefined, walk: RWalk): Value {
  return union(
    ...atomsOf(on).map((atom): Value => {
      switch (atom.type) {
        case 'many': {
          const found = walk.machine.at(atom.site, key === undefined ? undefined : String(key));
          return key === undefined ? union(found, oneOf(atom)) : found.size === 0 ? PLAIN : found;
        }
        case 'words':
          return typeof key === 'number' ? told(`#${key}`) : union(told('#*'), oneOf(atom));
        case 'arguments':
          return key === undefined ? told('*') : typeof key === 'number' ? told('*') : optionValue(key, walk);
        case 'name':
        case 'plain':
        case 'unknown':
          return oneOf(atom);
        case 'member':
          // `parser$parse_args()`, `R6$new(…)`: what the object is called says no more than its method.
          return typeof key === 'string' ? oneOf({ type: 'member', path: key }) : CONTENT;
        default:
          return typeof key === 'string' && METHODS.test(key) ? oneOf({ type: 'member', path: key }) : CONTENT;
      }
    }),
  );
}

const METHODS = /^(parse_args|add_argument|parse_known_args|new|write|save|read|load|export|render|run)\w*$/i;

export function callFunction(callee: Value, given: Given, walk: RWalk, node: SyntaxNode, scope: RScope, name = ''): Value {
  return union(
    ...atomsOf(callee).map((atom): Value => {
      walk.machine.step();
      switch (atom.type) {
        case 'function':
          return walk.machine.call(atom, matched(atom, given, walk));
        case 'member':
          return callNamed(atom.path, given, walk, node, scope);
        case 'content':
          useByName(name, given, true, walk, node);
          giveToFunctions(given, walk, node, scope);
          return CONTENT;
        default:
          walk.remark('dynamic', `it calls ${name.replace(/\s+/g, ' ').slice(0, 40)}, of which nothing is known`, node);
          useByName(name, given, false, walk, node);
          giveToFunctions(given, walk, node, scope);
          return UNKNOWN;
      }
    }),
  );
}

/** R's ways to say which argument is which: by the name, by how the name begins, and the others in their order. */
function matched(atom: Extract<Atom, { type: 'function' }>, given: Given, walk: RWalk): Given {
  const own = walk.machine.functions.get(atom.id);
  if (own === undefined || atom.loose) return given;
  const names = new Map<string, Value>();
  for (const [name, value] of given.names) {
    const exact = own.parameters.some((one) => one.name === name);
    const begun = own.parameters.filter((one) => one.kind === 'one' && one.name.startsWith(name));
    names.set(exact || begun.length !== 1 ? name : (begun[0] as { readonly name: string }).name, value);
  }
  const left = own.parameters.filter((one) => !names.has(one.name));
  const places: Value[] = [];
  given.places.forEach((value, at) => {
    const before = left.slice(0, at + 1);
    const to = before.some(({ kind }) => kind === 'rest') ? undefined : before[at];
    if (to === undefined) places.push(value);
    else names.set(to.name, value);
  });
  const rest = union(given.rest, ...places);
  return { places: [], names, rest, more: NOTHING };
}

/** Functions among what is given are called with the others. */
function giveToFunctions(given: Given, walk: RWalk, node: SyntaxNode, scope: RScope, isApplied = false): Value {
  const all = [...given.places, ...given.names.values(), given.rest];
  const flat = union(...all, walk.machine.flat(union(...all)));
  const functions = atomsOf(flat).filter(({ type }) => type === 'function' || (isApplied && type === 'member'));
  if (functions.length === 0) return NOTHING;
  const others = union(...all.map((value) => oneOf(...atomsOf(value).filter(({ type }) => type !== 'function' && type !== 'member'))));
  const handed = union(CONTENT, others, walk.machine.flat(others), elementsOf(others, walk));
  const result = union(
    ...functions.map((atom) =>
      atom.type === 'function'
        ? walk.machine.call({ ...atom, loose: true }, { places: [handed], names: new Map(), rest: NOTHING, more: NOTHING })
        : callFunction(
            oneOf(atom),
            { places: [isApplied ? union(others, elementsOf(others, walk)) : handed], names: new Map(), rest: NOTHING, more: NOTHING },
            walk,
            node,
            scope,
          ),
    ),
  );
  return union(result, walk.machine.many(`${walk.site(node)} results`, [], result));
}

function callNamed(path: string, given: Given, walk: RWalk, node: SyntaxNode, scope: RScope): Value {
  const [pack, name] = path.includes('::') ? (path.split('::') as [string, string]) : [undefined, path];
  const done = ofR(name, given, walk, node, scope);
  if (done !== undefined) return done;
  if (APPLIES.test(name)) {
    // `lapply(files, "read.csv")`.
    const named = atomsOf(
      union(...given.places.slice(0, 3), given.names.get('FUN') ?? NOTHING, given.names.get('what') ?? NOTHING),
    ).flatMap((atom) =>
      atom.type === 'name' && atom.pieces[0]?.type === 'text' && isTabled(atom.pieces[0].text)
        ? [oneOf({ type: 'member', path: atom.pieces[0].text })]
        : [],
    );
    const asked = atomsOf(
      given.names.get('FUN') ??
        given.names.get('.f') ??
        given.places[name === 'do.call' || /^(Map|Filter|Reduce|Find|Position|mapply)$/.test(name) ? 0 : 1] ??
        NOTHING,
    );
    if (
      name === 'do.call' &&
      asked.some(
        (atom) =>
          atom.type !== 'function' &&
          atom.type !== 'member' &&
          !(atom.type === 'name' && atom.pieces.length === 1 && atom.pieces[0]?.type === 'text'),
      )
    )
      walk.remark('dynamic', 'it calls a function by a name that is made', node);
    const own = asked.flatMap((atom) =>
      atom.type === 'name' && atom.pieces[0]?.type === 'text' ? [walk.lookup(atom.pieces[0].text, scope) ?? NOTHING] : [],
    );
    const result = giveToFunctions({ ...given, places: [...given.places, ...named, ...own] }, walk, node, scope, true);
    return union(CONTENT, result);
  }
  const callbacks = giveToFunctions(given, walk, node, scope);
  const carriedOnes = carried(given, walk, true);
  if (RUNS.has(name)) {
    walk.remark('runs', `it runs another program (${name})`, node);
    walk.openFile('unknown', carriedOnes, name, node);
    return CONTENT;
  }
  if (DYNAMIC.has(name) || pack === 'reticulate' || pack === 'rmarkdown' || pack === 'knitr') {
    walk.remark('dynamic', `nobody knows what ${name} does`, node);
    walk.openFile('unknown', carriedOnes, name, node);
    return UNKNOWN;
  }
  if (NETWORK.has(name)) {
    walk.remark('network', `it may ask a server (${name})`, node);
    walk.openFile('unknown', carriedOnes, name, node);
    return CONTENT;
  }
  if (ENVIRONMENT.has(name)) {
    walk.remark('environment', `it asks for what is set or installed elsewhere (${name})`, node);
    return nameValue({ type: 'environment' });
  }
  const roles = FILE_FUNCTIONS.get(name);
  if (roles !== undefined) {
    for (const { how, at, names } of roles) {
      if (at === 'self') continue;
      const value = pathIn(given, at, names);
      const how_: FileHow = how === 'mode' ? 'change' : how === 'write' && isAppended(given) ? 'change' : how;
      if (value !== undefined) walk.openFile(how_, value, name, node, true);
      else if (HAS_DEFAULT.has(name)) walk.openFile(how_, textValue(how === 'list' ? '.' : 'Rplots.pdf'), name, node);
    }
    return union(CONTENT, callbacks);
  }
  if (SPEAKS.test(name)) return union(CONTENT, callbacks);
  const isKnown = pack === undefined ? !walk.hasStrangers : KNOWN_PACKAGES.has(pack);
  useByName(name, given, isKnown, walk, node);
  if (!isKnown && carriedOnes.size === 0 && (BEGINS_WORK.test(name) || (pack !== undefined && !isGivenData(given))))
    walk.remark('dynamic', `nobody knows what ${name} opens`, node);
  return union(CONTENT, callbacks);
}

/** `tar_make()`: what it works on lies where it looks by itself. */
const BEGINS_WORK = /^(run|read|load|find|list|init|main|scan|open|(r|tar)_make|make$|build|restore|launch|execute)/i;

function isGivenData({ places, names, rest }: Given): boolean {
  return [...places, ...names.values(), rest].some((value) => atomsOf(value).some(({ type }) => type === 'content'));
}

function isAppended(given: Given): boolean {
  return given.names.has('append') || given.names.has('open');
}

/** By its name, by how the name begins, or by its place among those that have none. */
function pathIn(given: Given, at: number, names: readonly string[]): Value | undefined {
  for (const name of names) {
    const exact = given.names.get(name);
    if (exact !== undefined) return exact;
    for (const [other, value] of given.names) if (other.length >= 2 && name.startsWith(other)) return value;
  }
  // `write.csv(x = table, "out.csv")`: those that are named leave their places to the others.
  const before =
    at === 99
      ? 0
      : [...given.names.keys()].filter((name) => /^(x|obj|object|text|widget|plot|wb|df|data|phy|data_set|X)$/.test(name)).length;
  return given.places[Math.max(0, at - Math.min(at, before))] ?? (given.rest.size > 0 && at !== 99 ? given.rest : undefined);
}

/** Names of files among what is given: told, put together, or texts that look like one. */
function carried(given: Given, walk: RWalk, all: boolean): Value {
  const values = [
    ...given.places,
    given.rest,
    ...[...given.names].flatMap(([name, value]) => (!all && FOR_PEOPLE.test(name) ? [] : [value])),
  ];
  const flat = walk.machine.flat(union(...values));
  return oneOf(
    ...atomsOf(flat).filter((atom) => {
      if (atom.type === 'unknown' || atom.type === 'words' || atom.type === 'arguments') return true;
      if (atom.type !== 'name') return false;
      const [only, more] = atom.pieces;
      if (atom.pieces.some((piece) => piece.type === 'text' && /[\n\t<>|"]|[,:;!?]\s|\s\S+\s|^\s\w|\w\s$/.test(piece.text))) return false;
      return (
        only?.type !== 'text' || more !== undefined || /^[^\s,;()<>|"'*?=]*(\.[A-Za-z]\w{1,9}|\/[^\s,;()<>|"']*)$|^\.{1,2}$/.test(only.text)
      );
    }),
  );
}

/** A function in no table, of known packages: it opens what it is given; where its name speaks of writing nobody knows. */
function useByName(name: string, given: Given, isKnown: boolean, walk: RWalk, node: SyntaxNode): void {
  const names = carried(given, walk, !isKnown);
  walk.openFile(!isKnown || WRITES_BY_NAME.test(name) ? 'unknown' : 'read', names, name, node);
  const [first] = given.places;
  if (READS_BY_NAME.test(name) && first !== undefined && atomsOf(first).some(({ type }) => type === 'content'))
    walk.openFile('read', CONTENT, name, node);
}

// ------------------------------------------------------------------------------------------------------ R itself

const CUTS =
  /^(basename|dirname|file_path_sans_ext|file_ext|path_(file|dir|ext\w*)|toupper|tolower|substr|substring|strtrim|trimws|str_(sub|remove\w*|trim|to_\w+|squish|extract\w*|pad)|rev|make\.(names|unique)|chartr|abbreviate|path_ext_(set|remove)|tolower)$/;
const KEEPS =
  /^(normalizePath|path\.expand|file_path_as_absolute|as\.character|as\.vector|unlist|invisible|suppress\w+|identity|na\.omit|force|unname|sort|unique|rev|setdiff|union|intersect|head|tail|path_(real|abs|norm|tidy)|as\.list|names|setNames|I|isTRUE|trimws|return|stopifnot|enc2utf8|rlang::\w+|sample|Filter|discard|compact|flatten\w*|list_\w+|as_fs_path|path)$/;

function ofR(name: string, given: Given, walk: RWalk, node: SyntaxNode, scope: RScope): Value | undefined {
  const { machine } = walk;
  const [first = NOTHING, second = NOTHING, third = NOTHING] = given.places;
  const all = union(...given.places, ...given.names.values(), given.rest);
  const texts = (value: Value | undefined): string | undefined => {
    const found = textsOf(value ?? NOTHING);
    return found?.length === 1 ? found[0] : undefined;
  };
  const flatNames = (value: Value): Value =>
    union(
      ...atomsOf(value).map((atom) =>
        atom.type === 'many' ? machine.flat(oneOf(atom)) : atom.type === 'words' ? told('#*') : oneOf(atom),
      ),
    );
  switch (name) {
    case 'library':
    case 'require':
    case 'requireNamespace':
    case 'loadNamespace': {
      const isText = given.names.has('character.only');
      const [argument] =
        node.children.find((child) => child.field === 'arguments')?.children.filter(({ type }) => type === 'argument') ?? [];
      const names = isText
        ? (textsOf(elementsOf(first, walk)) ?? ['?'])
        : (textsOf(first) ?? [argument === undefined ? '?' : walk.word(argument)]);
      if (!names.every((one) => KNOWN_PACKAGES.has(one))) walk.hasStrangers = true;
      return PLAIN;
    }
    case 'p_load':
      walk.hasStrangers = true;
      return PLAIN;
    case 'return':
      walk.result(first);
      return first;
    case 'commandArgs':
      // Before them stand R itself and its own options, unless they are left out.
      return given.places.length > 0 || given.names.has('trailingOnly')
        ? oneOf({ type: 'words', from: 0 })
        : machine.many(walk.site(node), [], told('#*'));
    case 'parse_args':
    case 'parse_known_args':
    case 'getopt':
    case 'docopt':
      return ARGUMENTS;
    case 'make_option':
    case 'add_argument':
    case 'add_option':
      declare(given, walk, node);
      return CONTENT;
    case 'c':
    case 'list': {
      const made = machine.many(walk.site(node), [], given.rest);
      const hasMany = given.places.some((value) => atomsOf(value).some(({ type }) => type === 'many' || type === 'words')) && name === 'c';
      given.places.forEach((value, at) => {
        machine.put(walk.site(node), hasMany ? undefined : String(at + 1), name === 'c' ? elementsOf(value, walk) : value);
      });
      for (const [key, value] of given.names) machine.put(walk.site(node), key, name === 'c' ? elementsOf(value, walk) : value);
      if (given.names.size > 0 && given.places.length === 0)
        for (const [at, value] of [...given.names.values()].entries()) machine.put(walk.site(node), String(at + 1), value);
      else if (given.names.size > 0) machine.move(walk.site(node));
      return made;
    }
    case 'append':
      return machine.many(walk.site(node), [], union(elementsOf(first, walk), elementsOf(second, walk)));
    case 'paste0':
    case 'paste':
    case 'str_c': {
      const given_ = given.names.get('sep') ?? (name === 'paste' ? textValue(' ') : textValue(''));
      const separator = texts(given_) ?? ' ';
      const parts = [...given.places, ...(given.rest.size > 0 ? [given.rest] : [])].map(flatNames);
      const made = joined(...parts.flatMap((part, at) => (at === 0 || separator === '' ? [part] : [textValue(separator), part])));
      return given.names.has('collapse') ? partOf(made) : made;
    }
    case 'file.path':
    case 'path_join':
      return joined(
        ...[...given.places, ...(given.rest.size > 0 ? [given.rest] : [])]
          .map(flatNames)
          .flatMap((part, at) => (at === 0 ? [part] : [textValue('/'), part])),
      );
    case 'sprintf':
    case 'gettextf': {
      const template = texts(given.names.get('fmt') ?? first);
      if (template === undefined) return nameValue({ type: 'unknown' });
      const others = flatNames(union(...given.places.slice(1), given.rest));
      return joined(
        ...template
          .split(/%[-+ #0]*[\d.*$]*[a-zA-Z]/)
          .flatMap((part, at) => (at === 0 ? [textValue(part)] : [others.size === 0 ? CONTENT : others, textValue(part)])),
      );
    }
    case 'glue':
    case 'str_glue':
    case 'str_interp':
    case 'glue_data':
      return joined(nameValue({ type: 'unknown' }), ...given.places.map((part) => partOf(part)));
    case 'sub':
    case 'gsub':
      return union(
        partOf(flatNames(union(third, given.names.get('x') ?? NOTHING, given.places.length < 3 ? union(...given.places) : NOTHING))),
        second,
      );
    case 'str_replace':
    case 'str_replace_all':
      return union(partOf(flatNames(first)), third);
    case 'strsplit':
    case 'str_split':
    case 'str_split_fixed': {
      const separator = texts(given.names.get('split') ?? given.names.get('pattern') ?? second);
      return machine.many(
        walk.site(node),
        [],
        machine.many(`${walk.site(node)} parts`, [], /^[,;:\s|]+$/.test(separator ?? '') ? flatNames(first) : partOf(flatNames(first))),
      );
    }
    case 'ifelse':
    case 'if_else':
      return union(...given.places.slice(1), ...given.names.values());
    case 'switch':
    case 'coalesce':
    case 'tryCatch':
    case 'try':
    case 'withCallingHandlers':
    case 'suppressWarnings':
    case 'suppressMessages':
    case 'local':
    case 'with':
    case 'within':
      return union(all, giveToFunctions(given, walk, node, scope));
    case 'get':
    case 'get0':
    case 'dynGet': {
      const asked = texts(first);
      const found =
        asked === undefined
          ? undefined
          : (walk.lookup(asked, scope) ?? (isTabled(asked) ? oneOf({ type: 'member', path: asked }) : undefined));
      if (found === undefined) walk.remark('dynamic', 'it looks a variable up by a name that is made', node);
      return found ?? UNKNOWN;
    }
    case 'assign': {
      const asked = texts(first);
      if (asked === undefined) walk.remark('dynamic', 'it sets a variable by a name that is made', node);
      else walk.bind(asked, second, scope, true);
      return second;
    }
    case 'attach':
      walk.remark('dynamic', 'it brings in names that are not written', node);
      return PLAIN;
    case 'UseMethod':
    case 'NextMethod':
    case 'standardGeneric':
      return UNKNOWN;
    case 'do.call': {
      const asked = texts(given.names.get('what') ?? first);
      if (asked === undefined) return undefined;
      const callee = walk.lookup(asked, scope) ?? oneOf({ type: 'member', path: asked });
      const names = new Map<string, Value>();
      return callFunction(
        callee,
        { places: [], names, rest: union(elementsOf(second, walk), given.names.get('args') ?? NOTHING), more: NOTHING },
        walk,
        node,
        scope,
        asked,
      );
    }
    case 'tempfile':
    case 'tempdir':
    case 'file_temp':
      return nameValue({ type: 'temporary' });
    case 'getwd':
      return textValue('.');
    case 'nullfile':
      return nameValue({ type: 'temporary' });
    case 'stdin':
    case 'stdout':
    case 'stderr':
    case 'textConnection':
    case 'rawConnection':
      return STREAM;
    case 'open':
      walk.openFile('change', oneOf(...atomsOf(first).filter(({ type }) => type === 'name' || type === 'words')), name, node);
      return PLAIN;
    case 'close':
    case 'seek':
    case 'flush':
      return PLAIN;
    case 'seq_along':
    case 'seq_len':
    case 'as.numeric':
    case 'as.integer':
    case 'nchar':
      return PLAIN;
  }
  if (CONNECTIONS.has(name)) {
    const path = given.names.get('description') ?? given.names.get('filename') ?? first;
    const mode = given.names.get('open') ?? given.places[1];
    if (texts(path) === 'stdin' || texts(path) === '') return STREAM;
    // Not opened yet: by whoever reads or writes it.
    if (mode === undefined) return path.size === 0 ? STREAM : path;
    const modes = textsOf(mode);
    for (const one of modes ?? ['a'])
      walk.openFile(
        /^r[bt]?$/.test(one) ? 'read' : /^w[bt]?$/.test(one) ? 'write' : one === '' ? 'change' : 'change',
        path,
        name,
        node,
        true,
      );
    return STREAM;
  }
  if (CUTS.test(name)) return partOf(flatNames(union(first, given.names.get('path') ?? NOTHING)));
  if (KEEPS.test(name)) return union(...given.places, ...given.names.values(), given.rest);
  return undefined;
}

/** `make_option(c('-c', '--cases'), type = 'character')`, `parser$add_argument('--cases')`, `add_argument(parser, '--cases')`. */
function declare(given: Given, walk: RWalk, node: SyntaxNode): void {
  const flat = union(
    ...given.places.map((value) => walk.machine.flat(value)),
    walk.machine.flat(given.names.get('opt_str') ?? NOTHING),
    walk.machine.flat(given.names.get('arg') ?? NOTHING),
  );
  const words = atomsOf(flat).flatMap((atom) =>
    atom.type === 'name' && atom.pieces.length === 1 && atom.pieces[0]?.type === 'text' ? [atom.pieces[0].text] : [],
  );
  const flags = words.filter((word) => /^-{1,2}[A-Za-z]/.test(word));
  const long = flags.find((flag) => flag.startsWith('--')) ?? flags[0];
  const name = textsOf(given.names.get('dest') ?? NOTHING)?.[0] ?? long ?? words.find((word) => /^[A-Za-z][\w.-]*$/.test(word));
  if (name === undefined) {
    walk.remark('dynamic', 'it takes arguments of which the names are not written', node);
    return;
  }
  const text = (key: string): string => textsOf(given.names.get(key) ?? NOTHING)?.[0] ?? '';
  const isSwitch = /^(store_true|store_false|count)$/.test(text('action')) || given.names.has('flag');
  const isNumber = /^(integer|numeric|double|logical|int|float|complex)$/.test(text('type'));
  const by = long ?? name;
  walk.machine.options.set(`${by} ${node.start}`, {
    flags,
    by,
    words: isSwitch ? 0 : given.names.has('nargs') || given.names.has('nargs') ? undefined : 1,
  });
  walk.machine.join(`option ${optionOf(name)}`, union(isSwitch || isNumber ? PLAIN : told(by), given.names.get('default') ?? NOTHING));
}
