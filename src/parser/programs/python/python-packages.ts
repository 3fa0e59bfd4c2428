/** What functions of Python's own library and of packages come to, and what they do. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given } from '../machine.ts';
import {
  ARGUMENTS,
  atomsOf,
  CONTENT,
  joined,
  member,
  NOTHING,
  nameValue,
  oneOf,
  PLAIN,
  partOf,
  STREAM,
  textsOf,
  textValue,
  UNKNOWN,
  union,
  type Value,
} from '../values.ts';
import { DYNAMIC, FILE_FUNCTIONS, NETWORK_PACKAGES, READS_BY_NAME, RUNS, SEARCHES_BY_NAME, SPEAKS, WRITES_BY_NAME } from './packages.ts';
import { attributeOf, callAtom, elementsOf, giveToFunctions } from './python-calls.ts';
import { allGiven, carried, isKnownPackage, useByName, useRoles } from './python-files.ts';
import type { PythonWalk } from './python-walk.ts';
import type { Scope } from './scopes.ts';

const TEMPORARY = nameValue({ type: 'temporary' });

export function memberOf(path: string, name: string, walk: PythonWalk, node: SyntaxNode | undefined): Value {
  const full = `${path}.${name}`.replace(/^posixpath\b/, 'os.path');
  if (full === 'sys.argv') return oneOf({ type: 'words', from: 0 });
  if (/^sys\.(__)?(stdin|stdout|stderr)(__)?$/.test(full)) return STREAM;
  if (full === 'os.sep' || full === 'os.path.sep') return textValue('/');
  if (full === 'os.linesep') return PLAIN;
  if (full === 'os.devnull') return TEMPORARY;
  if (full === 'os.curdir') return textValue('.');
  if (/^sys\.(path|modules|meta_path)$/.test(full) && node !== undefined) walk.machine.remark('dynamic', `it looks at ${full}`, node);
  if (/^(string|math|sys\.(version|platform|maxsize|executable|flags|byteorder))\b/.test(full) && !/^string\.Template/.test(full))
    return union(member(full), PLAIN);
  return member(full);
}

/** A function that has to do with files, or of which nobody knows. */
export function touchesFiles(path: string): boolean {
  const last = path.slice(path.lastIndexOf('.') + 1);
  return (
    FILE_FUNCTIONS.has(path) ||
    RUNS.test(path) ||
    DYNAMIC.test(path) ||
    /^pathlib\.Path\.\w+$/.test(path) ||
    /^(os\.(listdir|scandir)|glob\.i?glob)$/.test(path) ||
    // What a function gave is an object, and hardly called.
    !(isKnownPackage(path) || path.includes('()')) ||
    (!SPEAKS.test(path) && (READS_BY_NAME.test(last) || WRITES_BY_NAME.test(last)))
  );
}

/** Whoever opens files so gives a file that is open. */
const OPENS = /(^|\.)(open|File(IO)?|Gzip\w+|\w+2File|LZMAFile|StringIO|BytesIO|TextIOWrapper|input)$/;
const HOLDS_FILES = /^(tarfile|zipfile|h5py|loompy|zarr|pyBigWig|soundfile)\./;

export function callPackage(path: string, given: Given, walk: PythonWalk, node: SyntaxNode, scope: Scope | undefined): Value {
  const done = ofPython(path, given, walk, node, scope) ?? ofPaths(path, given, walk, node);
  if (done !== undefined) return done;
  const callbacks = giveToFunctions(given, walk, node);
  const [top] = path.split('.') as [string];
  if (RUNS.test(path)) {
    walk.remarkLive('runs', `it runs another program (${path})`, node);
    walk.openFile('unknown', carried(allGiven(given), walk), path, node);
    return CONTENT;
  }
  if (DYNAMIC.test(path)) {
    walk.remarkLive('dynamic', `nobody knows what ${path.replace(/^builtins\./, '')} does`, node);
    walk.openFile('unknown', carried(allGiven(given), walk), path, node);
    return UNKNOWN;
  }
  if (NETWORK_PACKAGES.has(top) || NETWORK_PACKAGES.has(path.split('.').slice(0, 2).join('.'))) {
    walk.remarkLive('network', `it may ask a server (${path})`, node);
    walk.openFile('unknown', carried(allGiven(given), walk), path, node);
    return CONTENT;
  }
  const roles = FILE_FUNCTIONS.get(path);
  if (roles !== undefined) {
    useRoles(roles, path, given, undefined, walk, node, true);
    return union(OPENS.test(path) && !HOLDS_FILES.test(path) ? STREAM : CONTENT, callbacks);
  }
  if (OPENS.test(path) && top === 'io') return STREAM;
  if (SPEAKS.test(path)) return union(CONTENT, callbacks);
  if (isKnownPackage(path)) {
    useByName(path, given, true, walk, node);
    return union(CONTENT, callbacks);
  }
  useByName(path, given, false, walk, node);
  const last = path.slice(path.lastIndexOf('.') + 1);
  if (carried(allGiven(given), walk).size === 0 && SEARCHES_BY_NAME.test(last))
    walk.remarkLive('dynamic', `nobody knows what ${path} opens`, node);
  return union(member(`${path}()`), callbacks);
}

// ------------------------------------------------------------------------------------------------------ Python itself

function ofPython(path: string, given: Given, walk: PythonWalk, node: SyntaxNode, scope: Scope | undefined): Value | undefined {
  const { machine } = walk;
  const [first = NOTHING, second = NOTHING, third = NOTHING] = given.places;
  const all = allGiven(given);
  const site = walk.site(node);
  switch (path) {
    case 'builtins.list':
    case 'builtins.tuple':
    case 'builtins.set':
    case 'builtins.frozenset':
    case 'builtins.sorted':
    case 'builtins.reversed':
    case 'builtins.iter':
    case 'collections.deque':
    case 'itertools.chain':
    case 'itertools.chain.from_iterable':
    case 'itertools.islice':
    case 'itertools.cycle':
    case 'itertools.tee':
    case 'natsort.natsorted':
    case 'tqdm.tqdm':
    case 'tqdm.auto.tqdm':
      giveToFunctions(given, walk, node);
      return machine.many(
        site,
        [],
        union(
          elementsOf(union(...given.places, given.names.get('iterable') ?? NOTHING, given.rest), walk),
          path.endsWith('from_iterable') ? machine.flat(first) : NOTHING,
        ),
      );
    case 'builtins.dict':
    case 'collections.OrderedDict':
    case 'collections.defaultdict':
    case 'collections.Counter': {
      giveToFunctions(given, walk, node);
      const made = machine.many(site, [], union(machine.flat(union(...given.places)), given.more, given.rest));
      for (const [name, value] of given.names) machine.put(site, name, value);
      // What is not there yet is made: a list, whose elements are not told.
      if (path.endsWith('defaultdict')) machine.put(site, undefined, machine.many(`${site} new`));
      return made;
    }
    case 'builtins.zip':
    case 'itertools.zip_longest':
    case 'itertools.product':
      return machine.many(
        site,
        [],
        machine.many(
          `${site} one`,
          given.places.map((value) => elementsOf(value, walk)),
          elementsOf(given.rest, walk),
        ),
      );
    case 'builtins.enumerate':
      return machine.many(site, [], machine.many(`${site} one`, [PLAIN, elementsOf(first, walk)]));
    case 'builtins.map':
    case 'builtins.filter':
    case 'itertools.starmap': {
      const result = giveToFunctions(given, walk, node);
      const others = elementsOf(union(...given.places.slice(1), given.rest), walk);
      const isMade = path !== 'builtins.filter' && atomsOf(first).some(({ type }) => type === 'function' || type === 'class');
      const made = atomsOf(first).filter(({ type }) => type === 'member');
      const more = made.map((atom) =>
        callAtom(atom, undefined, { places: [others], names: new Map(), rest: NOTHING, more: NOTHING }, walk, node, scope),
      );
      return machine.many(
        site,
        [],
        union(
          isMade || (made.length > 0 && path !== 'builtins.filter') ? NOTHING : others,
          result,
          path === 'builtins.filter' ? NOTHING : union(...more),
        ),
      );
    }
    case 'builtins.next':
      return union(elementsOf(first, walk), second);
    case 'builtins.min':
    case 'builtins.max':
      giveToFunctions(given, walk, node);
      return union(elementsOf(all, walk), ...given.places);
    case 'builtins.str':
    case 'os.fspath':
    case 'os.fsencode':
    case 'os.fsdecode':
    case 'copy.copy':
    case 'copy.deepcopy':
      for (const atom of atomsOf(first)) if (atom.type === 'object') callAtom(atom, undefined, given, walk, node, scope);
      return union(
        ...atomsOf(first).map((atom) =>
          atom.type === 'name' || atom.type === 'unknown' || atom.type === 'many' || path.startsWith('copy')
            ? oneOf(atom)
            : atom.type === 'plain'
              ? PLAIN
              : CONTENT,
        ),
      );
    case 'builtins.repr':
    case 'builtins.format':
      return partOf(first);
    case 'typing.cast':
      return second;
    case 'builtins.vars':
      return given.places.length === 0 ? UNKNOWN : first;
    case 'builtins.getattr': {
      const names = textsOf(second);
      if (names !== undefined) return union(third, ...names.map((name) => attributeOf(first, name, walk, node)));
      const isArguments = atomsOf(first).every(({ type }) => type === 'arguments');
      if (!isArguments) walk.remarkLive('dynamic', 'it asks for a part of which the name is not written', node);
      return union(third, isArguments ? nameValue({ type: 'told', by: '*' }) : UNKNOWN);
    }
    case 'builtins.setattr': {
      const names = textsOf(second);
      if (names === undefined || atomsOf(first).some(({ type }) => type === 'member'))
        walk.remarkLive('dynamic', 'it sets a part of something else', node);
      for (const name of names ?? []) machine.join(`.${name}`, third);
      return PLAIN;
    }
    case 'builtins.super':
      return scope?.owner === undefined ? UNKNOWN : oneOf({ type: 'object', id: `super ${scope.owner}` });
    case 'builtins.type':
      return oneOf(
        ...atomsOf(first).map((atom) =>
          atom.type === 'object' ? ({ type: 'class', id: atom.id } as const) : ({ type: 'content' } as const),
        ),
      );
    case 'functools.partial': {
      const rest: Given = { ...given, places: given.places.slice(1) };
      for (const atom of atomsOf(first)) {
        if (atom.type === 'function') machine.call(atom, rest);
        else if (atom.type === 'member') callAtom(atom, undefined, rest, walk, node, scope);
      }
      return oneOf(
        ...atomsOf(first).map((atom) =>
          atom.type !== 'function'
            ? atom
            : given.rest.size > 0
              ? { ...atom, loose: true as const }
              : { ...atom, skip: (atom.skip ?? 0) + rest.places.length },
        ),
      );
    }
    case 'types.SimpleNamespace':
    case 'argparse.Namespace':
      for (const [name, value] of given.names) machine.join(`.${name}`, value);
      return given.more.size > 0 || given.rest.size > 0 ? UNKNOWN : CONTENT;
    case 'argparse.FileType':
    case 'click.File':
      return member(
        `${path}:${textsOf(given.names.get('mode') ?? first)?.[0] ?? (given.places.length === 0 && !given.names.has('mode') ? 'r' : 'a')}`,
      );
    case 'argparse.ArgumentParser':
      if (given.names.has('fromfile_prefix_chars') || given.more.size > 0)
        walk.remarkLive('dynamic', 'its arguments may come from a file', node);
      return CONTENT;
    case 'docopt.docopt':
      return ARGUMENTS;
    case 'getopt.getopt':
    case 'getopt.gnu_getopt':
      return machine.many(site, [
        machine.many(`${site} all`, [], machine.many(`${site} pair`, [CONTENT, nameValue({ type: 'told', by: '*' })])),
        machine.many(`${site} rest`, [], nameValue({ type: 'told', by: '#*' })),
      ]);
    case 're.sub':
    case 're.subn':
      giveToFunctions(given, walk, node);
      return union(partOf(third), second, CONTENT);
    case 're.split':
    case 'shlex.split':
      return machine.many(site, [], union(partOf(union(first, second)), CONTENT));
    case 'builtins.print':
      return PLAIN;
    case 'fileinput.input':
    case 'fileinput.FileInput':
      if (given.places.length === 0 && !given.names.has('files'))
        walk.openFile(given.names.has('inplace') ? 'change' : 'read', nameValue({ type: 'told', by: '#*' }), path, node);
      return undefined;
    case 'logging.basicConfig': {
      const name = given.names.get('filename');
      if (name !== undefined)
        walk.openFile(textsOf(given.names.get('filemode') ?? NOTHING)?.[0] === 'w' ? 'write' : 'change', name, path, node);
      return PLAIN;
    }
    case 'os.getenv':
    case 'os.environ.get':
    case 'os.path.expandvars':
      walk.remarkLive('environment', 'it asks for a variable of the environment', node);
      return union(nameValue({ type: 'environment' }), second);
    default:
      return undefined;
  }
}

function ofPaths(path: string, given: Given, walk: PythonWalk, node: SyntaxNode): Value | undefined {
  const { machine } = walk;
  const [first = NOTHING] = given.places;
  if (/^tempfile\./.test(path)) return path.endsWith('mkstemp') ? machine.many(walk.site(node), [PLAIN, TEMPORARY]) : TEMPORARY;
  if (/^pathlib\.(Pure)?(Posix|Windows)?Path$/.test(path) || path === 'os.path.join') {
    if (given.rest.size > 0) return nameValue({ type: 'unknown' });
    if (given.places.length === 0) return textValue('.');
    const parts = given.places.map((value) =>
      union(...atomsOf(value).map((atom) => (atom.type === 'many' ? machine.flat(oneOf(atom)) : oneOf(atom)))),
    );
    const made = joined(...parts.flatMap((part, at) => (at === 0 ? [part] : [textValue('/'), part])));
    // What a file holds, made a path, is a name of a file.
    return path === 'os.path.join'
      ? made
      : oneOf(
          ...atomsOf(made).map((atom) => (atom.type === 'content' ? ({ type: 'name', pieces: [{ type: 'content' }] } as const) : atom)),
        );
  }
  if (/^os\.path\.(abspath|realpath|normpath|expanduser|normcase)$/.test(path)) return path.endsWith('expanduser') ? first : first;
  if (/^os\.path\.(basename|dirname|splitdrive|relpath|commonpath|commonprefix)$/.test(path))
    return partOf(machine.flat(union(...given.places)));
  if (/^os\.path\.(splitext|split)$/.test(path)) return machine.many(walk.site(node), [partOf(first), partOf(first)]);
  if (path === 'os.getcwd' || path === 'pathlib.Path.cwd') return textValue('.');
  if (path === 'pathlib.Path.home' || path === 'os.path.expandvars') return nameValue({ type: 'environment' });
  if (/^os\.path\.(isabs|getsep)$/.test(path)) return PLAIN;
  if (/^(os\.(listdir|scandir)|glob\.i?glob)$/.test(path)) {
    walk.openFile(
      'list',
      given.places.length === 0 && given.names.size === 0 ? textValue('.') : union(first, ...given.names.values(), given.rest),
      path,
      node,
    );
    return machine.many(walk.site(node), [], CONTENT);
  }
  // `Path.exists(path)`.
  const method = /^pathlib\.Path\.(\w+)$/.exec(path)?.[1];
  if (method !== undefined)
    return union(
      ...atomsOf(first).map((atom) => callAtom(atom, method, { ...given, places: given.places.slice(1) }, walk, node, undefined)),
    );
  return undefined;
}
