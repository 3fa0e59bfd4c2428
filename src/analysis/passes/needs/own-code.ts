/** Programs that a pipeline brings with it: what they do with the files that they are told, by what their text was read to do. */
import type { FileHow, FileUse, Piece, ProgramReading } from '../../../parser/programs/program-reading.ts';
import type { FileName } from '../../../parser/shell/script-reading.ts';
import { mayFit } from './file-names.ts';

/**
 * Whether it changes none of the files that it is given: it writes where it is told by an argument of its own, or under a name that stands
 * in it, opens nothing to add to it or to change a part, starts no program, moves and removes nothing.
 */
export function leavesInputs(reading: ProgramReading): boolean {
  if (!isFollowed(reading)) return false;
  const read = reading.files.filter(({ how }) => how === 'read' || how === 'ask');
  return reading.files.every((use) => {
    if (use.how === 'change' || use.how === 'over' || use.how === 'unknown') return isTemporary(use);
    if (use.how !== 'write' || isTemporary(use)) return true;
    const [only, more] = use.name;
    if (more !== undefined || !(only?.type === 'told' || only?.type === 'text')) return false;
    return !read.some(({ name }) => isSame(only, name));
  });
}

/**
 * As `leavesInputs`, where it is known with which words it is called: it changes and writes nothing but files of which the names are told, and
 * none of them is one that it is given (`isGiven`).
 */
export function leavesGiven(
  reading: ProgramReading,
  namesOf: (use: FileUse) => readonly FileName[] | undefined,
  isGiven: (name: FileName) => boolean,
): boolean {
  if (!isFollowed(reading)) return false;
  const isOwn = ({ name: [only, more] }: FileUse): boolean =>
    only?.type === 'text' && more === undefined && reading.files.some(({ how, name }) => how === 'write' && isSame(only, name));
  return reading.files.every((use) => {
    if (!CHANGES.has(use.how) || isTemporary(use)) return true;
    if (use.how === 'unknown') return false;
    // What it moves or takes away under a name of its own it has to have made.
    const [only, more] = use.name;
    if (use.how === 'change' && only?.type === 'text' && more === undefined && !isOwn(use)) return false;
    const names = namesOf(use);
    return names?.every((name) => name.kind === 'literal' && !isGiven(name)) === true;
  });
}

/** Whether it makes no names of files up and looks for none: each that it opens is told to it, or stands in it as it is. */
export function makesNoNames(reading: ProgramReading): boolean {
  return isFollowed(reading) && opened(reading).every(isNotMade);
}

/** Whether it does nothing but to files that it is told: it asks no server and no variable, and names no place outside of its folder. */
export function staysAtHome(reading: ProgramReading, leaves = leavesInputs(reading)): boolean {
  const { network, environment, files } = reading;
  const isAway = ({ name: [first] }: FileUse): boolean =>
    first?.type === 'text' && /^(\/(?!dev\/std)|~|\.\.(\/|$)|\w+:\/\/)/.test(first.text);
  return (
    leaves &&
    files.every((use) => CHANGES.has(use.how) || use.how === 'folder' || isNotMade(use)) &&
    network.length === 0 &&
    environment.length === 0 &&
    !files.some(isAway)
  );
}

/** It may open a file of that name (with `*` for what is not known of it), which nobody tells it. */
export function mayOpen(reading: ProgramReading, file: string): boolean {
  if (!isFollowed(reading)) return true;
  return opened(reading).some((use) => {
    const [only, more] = use.name;
    if (use.how === 'list') return true;
    if (isTemporary(use) || (only?.type === 'told' && more === undefined)) return false;
    return mayFit(use.name.map((piece) => (piece.type === 'text' ? piece.text : '*')).join(''), file);
  });
}

/** For people: what it opens, or where it writes, by the arguments that say so and the names that stand in it; undefined where that is not all. */
export function shownUses(reading: ProgramReading, what: 'opens' | 'writes'): string | undefined {
  if (!isFollowed(reading)) return undefined;
  const uses = (what === 'opens' ? opened(reading) : reading.files.filter(({ how }) => CHANGES.has(how))).filter(
    (use) => !isTemporary(use),
  );
  const byOf = ({ name }: FileUse): readonly string[] =>
    name.flatMap((piece) => (piece.type === 'told' || piece.type === 'part' ? [shownBy(piece.by)] : []));
  const told = [...new Set(uses.flatMap(byOf))];
  // What an argument is if nobody says it is told all the same.
  const places = new Set(uses.flatMap((use) => (byOf(use).length > 0 ? [use.start] : [])));
  const isWritten = ({ name: [only, more], start }: FileUse): boolean => only?.type === 'text' && more === undefined && !places.has(start);
  const written = [...new Set(uses.filter(isWritten).flatMap(({ name: [only] }) => (only?.type === 'text' ? [only.text] : [])))];
  if (
    uses.some(
      ({ how, name }) => how === 'list' || name.some(({ type }) => type === 'unknown' || type === 'content' || type === 'environment'),
    )
  )
    return undefined;
  const [verb, place] = what === 'opens' ? ['opens', 'what'] : ['writes', 'where'];
  const parts = [
    ...(told.length === 0 ? [] : [`${place} it is told (${told.slice(0, MOST_SHOWN).join(', ')}${told.length > MOST_SHOWN ? ', …' : ''})`]),
    ...written.slice(0, MOST_SHOWN).map((name) => (what === 'opens' ? name : `to ${name}`)),
  ];
  return parts.length === 0 ? `${verb} no file` : `${verb} only ${parts.join(' and ')}`;
}

const MOST_SHOWN = 3;

function shownBy(by: string | undefined): string {
  if (by === undefined || by === '*' || by === '#*') return 'its arguments';
  return by.startsWith('#') ? `argument ${by.slice(1)}` : by;
}

const CHANGES: ReadonlySet<FileHow> = new Set<FileHow>(['write', 'change', 'over', 'unknown']);

/** All that it does is seen: no other program, no code that is made or comes from elsewhere. */
function isFollowed({ opaque, runs, dynamic }: ProgramReading): boolean {
  return opaque === undefined && runs.length === 0 && dynamic.length === 0;
}

function opened({ files }: ProgramReading): readonly FileUse[] {
  return files.filter(({ how }) => how !== 'write' && how !== 'over' && how !== 'folder');
}

function isNotMade(use: FileUse): boolean {
  return use.how !== 'list' && (isTemporary(use) || isPlain(use.name));
}

function isTemporary({ name }: FileUse): boolean {
  return name[0]?.type === 'temporary';
}

/** Told, or written as it is; not the folder itself, and no pattern. */
function isPlain([only, more]: readonly Piece[]): boolean {
  if (more !== undefined) return false;
  return only?.type === 'told' || (only?.type === 'text' && !/[*?]|^\.{0,2}\/?$/.test(only.text));
}

/** By the same argument, or by one of which it is not known which; the same text; or what is left of the name that is told. */
function isSame(written: Piece, read: readonly Piece[]): boolean {
  const [only] = read;
  if (written.type === 'text') return only?.type === 'text' && read.length === 1 && baseOf(only.text) === baseOf(written.text);
  if (written.type !== 'told') return true;
  return read.some(
    (piece) =>
      (piece.type === 'told' && read.length === 1 && mayBeOne(piece.by, written.by)) || (piece.type === 'part' && piece.by === written.by),
  );
}

function mayBeOne(one: string, other: string): boolean {
  const isAny = (by: string): boolean => by === '*' || by === '#*';
  return (
    one === other ||
    (isAny(one) && (one === '*' || other.startsWith('#') || other === '*')) ||
    (isAny(other) && (other === '*' || one.startsWith('#')))
  );
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
