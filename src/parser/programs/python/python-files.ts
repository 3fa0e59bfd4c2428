/** What functions of packages and methods do to files that they are given, by their tables or, where they are in none, by their names. */
import type { SyntaxNode } from '../../grammar/grammar.ts';
import type { Given } from '../machine.ts';
import type { FileHow, Piece } from '../program-reading.ts';
import type { FileRole } from '../tables.ts';
import { type Atom, atomsOf, CONTENT, joined, NOTHING, oneOf, partOf, textsOf, textValue, union, type Value } from '../values.ts';
import { KNOWN_PACKAGES, READS_BY_NAME, WRITES_BY_NAME } from './packages.ts';
import type { PythonWalk } from './python-walk.ts';

/** `open(path, 'w')`. */
export function howOf(mode: string): FileHow {
  const only = mode.replace(/[btU|:]/g, '').replace(/gz|bz2|xz|\*/g, '');
  if (only === 'r' || only === '') return 'read';
  return only === 'w' || only === 'x' || only === 'w-' ? 'write' : 'change';
}

/** By the argument that says how a file is opened: undefined where it is not given. */
function modesIn(given: Given, at: number): readonly FileHow[] | undefined {
  const mode = given.names.get('mode') ?? given.places[at];
  const more = given.more.size > 0 || (given.rest.size > 0 && given.places.length <= at);
  if (mode === undefined) return more ? ['change'] : undefined;
  const texts = textsOf(mode);
  if (texts !== undefined) return texts.map(howOf);
  // A number where no mode is, as of `pysam.AlignmentFile(path, threads)`.
  return mode.size === 0 ? undefined : ['change'];
}

/** Where it is opened to be changed if nothing is said. */
const CHANGES_UNSAID = /^(h5py\.File|zarr\.\w+|loompy\.connect)$/;

/** `isPath`: whatever it is given there is a path. */
export function useRoles(
  roles: readonly FileRole[],
  by: string,
  given: Given,
  self: Value | undefined,
  walk: PythonWalk,
  node: SyntaxNode,
  isPath: boolean,
): void {
  for (const { how, at, names, beside } of roles) {
    const value = at === 'self' ? self : pathIn(given, at, names);
    if (value === undefined) continue;
    const modeAt = at === 'self' ? 0 : at + 1;
    const unsaid: FileHow = CHANGES_UNSAID.test(by) ? 'change' : 'read';
    for (const one of how === 'mode' ? (modesIn(given, modeAt) ?? [unsaid]) : [how]) {
      // `to_csv(path, mode='a')`, `backed='r+'`, `inplace=True`.
      const isChanged =
        (one === 'write' && given.names.has('mode') && modesIn(given, 99)?.some((mode) => mode !== 'write') === true) ||
        CHANGES_BY_WORD.some((word) => given.names.has(word));
      walk.openFile(isChanged ? 'change' : one, value, by, node, isPath);
      for (const ending of beside) walk.openFile('read', withEnding(value, ending, walk), by, node);
    }
  }
}

const CHANGES_BY_WORD = ['backed', 'mmap_mode', 'inplace', 'append', 'if_exists', 'if_sheet_exists'];

function withEnding(value: Value, ending: string, walk: PythonWalk): Value {
  const names = oneOf(...atomsOf(walk.machine.flat(value)).filter(({ type }) => type === 'name'));
  return names.size === 0 ? NOTHING : union(joined(names, textValue(ending)), partOf(names, ending));
}

function pathIn(given: Given, at: number, names: readonly string[]): Value | undefined {
  for (const name of names) {
    const value = given.names.get(name);
    if (value !== undefined) return value;
  }
  const value = given.places[at];
  if (value !== undefined) return value;
  const more = union(given.rest, given.more);
  return more.size > 0 ? more : undefined;
}

/** All that is given, also in lists. */
export function allGiven(given: Given): Value {
  return union(...given.places, ...given.names.values(), given.rest, given.more);
}

/** Names among them: such as are told or put together, and texts that look like one. */
export function carried(value: Value, walk: PythonWalk): Value {
  return oneOf(...atomsOf(walk.machine.flat(value)).filter(isCarried));
}

function isCarried(atom: Atom): boolean {
  if (atom.type === 'unknown' || atom.type === 'words' || atom.type === 'arguments') return true;
  if (atom.type !== 'name') return false;
  const [only, more] = atom.pieces;
  if (isMessage(atom.pieces)) return false;
  return only?.type !== 'text' || more !== undefined || LOOKS_LIKE_A_FILE.test(only.text);
}

const LOOKS_LIKE_A_FILE = /^[^\s,;()<>|"'*?=]*(\.[A-Za-z]\w{1,9}|\/[^\s,;()<>|"']*)$|^\.{1,2}$/;

/** To people: nobody puts line ends, tabs or sentences into the name of a file. */
export function isMessage(pieces: readonly Piece[]): boolean {
  return pieces.some((piece) => piece.type === 'text' && /[\n\t<>|"]|[,:;!?]\s|\s\S+\s|^\s\w|\w\s$/.test(piece.text));
}

/**
 * A function in no table. Of a known package, or a method of what such a one gave: it opens what it is given, and where its name speaks of
 * writing nobody knows. Of another one nobody knows in any case.
 */
export function useByName(name: string, given: Given, isKnown: boolean, walk: PythonWalk, node: SyntaxNode): void {
  const all = allGiven(given);
  const names = carried(all, walk);
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (!isKnown) {
    walk.openFile('unknown', names, name, node);
    return;
  }
  walk.openFile(WRITES_BY_NAME.test(last) ? 'unknown' : 'read', names, name, node);
  const [first] = given.places;
  if (READS_BY_NAME.test(last) && first !== undefined && atomsOf(first).some(({ type }) => type === 'content') && !OF_OPEN_FILES.test(name))
    walk.openFile('read', CONTENT, name, node);
}

/** They take what is open, or text. */
const OF_OPEN_FILES =
  /\b(loads|reader|DictReader|fromstring|parse_date|read_sql|parse_obj|literal_eval|parseString)$|^(csv|dateutil|datetime)\./;

export function isKnownPackage(path: string): boolean {
  return KNOWN_PACKAGES.has(path.split('.')[0] as string);
}
