/** One command of a catalogued tool: which of its words are files read and written, and how many threads it is told to use. */
import type { Effects } from './effects.ts';
import { appended, asPattern, behind, headOf, literalOf, type Name, nameOf, type Part, textWord, type Word } from './names.ts';
import type { Command } from './script-reading.ts';
import type { Role, ToolSpec } from './tool-spec.ts';

type Use = 'read' | 'write' | 'value' | 'threads';
interface OptionRole {
  readonly uses: Set<Use>;
  /** `list`: it names files that are opened too. */
  kind: 'file' | 'prefix' | 'dir' | 'list';
  /** All words up to the next option are its own: `-in a.mzML b.mzML`. */
  open: boolean;
  /** Otherwise so many, whatever they look like: `-te -180 -90 180 90`. */
  count: number;
}

interface Roles {
  readonly options: ReadonlyMap<string, OptionRole>;
  readonly readPositions: readonly Position[];
  readonly writePositions: readonly Position[];
  readonly names: readonly string[];
  /** Opened where they are, under a name that no option gives. */
  readonly readNames: readonly string[];
  readonly writesStdout: boolean;
}
/** 1 for `pos1`; `from` for `pos2..`. */
interface Position {
  readonly at: number | 'last';
  readonly open: boolean;
  readonly kind: OptionRole['kind'];
}

const rolesOf = new WeakMap<ToolSpec, Roles>();

function roles(spec: ToolSpec): Roles {
  let known = rolesOf.get(spec);
  if (known !== undefined) return known;
  const options = new Map<string, OptionRole>();
  const readPositions: Position[] = [];
  const writePositions: Position[] = [];
  const names: string[] = [];
  const readNames: string[] = [];
  let writesStdout = false;
  const add = (role: Role, use: Use): void => {
    const match = /^(?:(prefix|dir|list):)?(.*)$/s.exec(role) as RegExpExecArray;
    const kind = (match[1] ?? 'file') as OptionRole['kind'];
    const text = match[2] as string;
    if (text === 'stdin') return;
    if (text === 'stdout') {
      writesStdout = true;
      return;
    }
    const position = /^(?:pos(\d+)(\.\.)?|last)$/.exec(text);
    if (position !== null && use !== 'value') {
      (use === 'read' ? readPositions : writePositions).push({
        at: position[1] === undefined ? 'last' : Number(position[1]),
        open: position[2] !== undefined,
        kind,
      });
    } else if (text.startsWith('=')) {
      if (use === 'write') names.push(text.slice(1));
      else if (use === 'read') readNames.push(text.slice(1));
    } else {
      const [, name, several, count] = /^(.+?)(\.\.(\d*))?$/s.exec(text) as unknown as [string, string, string?, string?];
      const option = options.get(name) ?? { uses: new Set<Use>(), kind, open: false, count: 1 };
      if (use === 'read' || use === 'write') option.kind = kind;
      option.open ||= several === '..';
      option.count = Math.max(option.count, Number(count ?? 1));
      option.uses.add(use);
      options.set(name, option);
    }
  };
  for (const role of spec.reads ?? []) add(role, 'read');
  for (const role of spec.writes ?? []) add(role, 'write');
  for (const role of spec.values ?? []) add(role, 'value');
  for (const flag of spec.threads?.flags ?? []) add(flag, 'threads');
  known = { options, readPositions, writePositions, names, readNames, writesStdout };
  rolesOf.set(spec, known);
  return known;
}

/** Whether the row says what the word behind the option is. */
export function hasOption(spec: ToolSpec, option: string): boolean {
  return roles(spec).options.has(option);
}

export type Threads = Command['threads'];

/** Adds what the command does to `effects`. `words` are those behind the tool's name and subcommand. */
export function useTool(spec: ToolSpec, words: readonly Word[], effects: Effects): Threads {
  const { options, readPositions, writePositions, names, readNames } = roles(spec);
  const positional: Word[] = [];
  const read: Name[] = [];
  const before = effects.writes.length;
  let threads: Threads;
  /** Which position a word has is not sure: an option before it is not in the catalogue, or a hole may hold several words. */
  let blurred = false;
  const take = (role: OptionRole, word: Word | undefined, flag: string): void => {
    if (word === undefined) return;
    if (role.uses.has('threads')) threads ??= threadsFrom(flag, word);
    if (role.uses.has('read')) pushName(read, word, role.kind);
    if (role.uses.has('write')) for (const one of isBracketed(word) ? parted(word) : [word]) effects.write(fileName(one, role.kind));
  };
  let onlyPositional = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const head = headOf(word);
    if (onlyPositional || !/^[-+]./.test(head)) {
      const assignment = /^([\w.-]+)=/.exec(head);
      const role = assignment === null ? undefined : options.get(`${assignment[1]}=`);
      if (assignment !== null && role !== undefined) take(role, behind(word, assignment[0].length), `${assignment[1]}=`);
      else if (literalOf(word) !== '-') {
        if (isLoose(word)) {
          blurred = true;
          effects.loose ??= word.place;
          if (mayBeFile(word)) effects.read(nameOf(word, 'anything'));
        } else positional.push(word);
      }
      continue;
    }
    if (head === '--' && literalOf(word) === '--') {
      onlyPositional = true;
      continue;
    }
    const whole = literalOf(word);
    const exact = whole === undefined ? undefined : (options.get(whole) ?? options.get(/^(--?[\w-]+):/.exec(whole)?.[1] ?? ''));
    if (whole !== undefined && exact !== undefined) {
      // `batch -n -t targets.bed`: of none at all.
      if (exact.open && /^-[A-Za-z-]/.test(headOf(words[at + 1] ?? NOWHERE))) continue;
      at += 1;
      take(exact, words[at], whole);
      for (let more = exact.count; more > 1 && at + 1 < words.length; more -= 1) {
        at += 1;
        take(exact, words[at], whole);
      }
      while (exact.open && words[at + 1] !== undefined && isOneMore(words[at + 1] as Word)) {
        at += 1;
        take(exact, words[at], whole);
      }
      continue;
    }
    if ((whole !== undefined && spec.switches?.includes(whole) === true) || (spec.switches?.includes('-*') === true && !head.includes('=')))
      continue;
    const equals = /^(-{1,2}[^=]+)=/.exec(head);
    const long = equals === null ? undefined : (options.get(equals[1] as string) ?? options.get(equals[0]));
    if (equals !== null) {
      const value = behind(word, equals[0].length);
      if (long !== undefined) take(long, value, equals[1] as string);
      else if (NAMES_OUTPUT.test(equals[1] as string)) effects.write(fileName(value, 'prefix'));
      continue;
    }
    // `-@4`, `-t${task.cpus}`: only of options of one letter.
    const short = /^-[^-]/.test(head) ? options.get(head.slice(0, 2)) : undefined;
    if (short !== undefined && (whole === undefined || whole.length > 2)) {
      take(short, behind(word, 2), head.slice(0, 2));
      continue;
    }
    // Not in the catalogue: the word behind it may be its value.
    const next = words[at + 1];
    if (next === undefined || /^[-+]./.test(headOf(next))) continue;
    blurred = true;
    if (NAMES_OUTPUT.test(head)) effects.write(fileName(next, 'prefix'));
  }
  const count = positional.length;
  positional.forEach((word, index) => {
    const isAt = ({ at, open }: Position): boolean => (at === 'last' ? index === count - 1 : open ? index + 1 >= at : index + 1 === at);
    const reads = readPositions.find(isAt);
    const writes = writePositions.find(isAt);
    // `cdo mergetime a.nc b.nc all.nc`: the last of the open row is what it writes.
    if (reads !== undefined && !(reads.open && writes?.at === 'last')) pushName(read, word, reads.kind);
    // With one option too many or too few counted, any of them may be the one.
    else if (blurred && readPositions.length > 0 && writes === undefined) pushName(read, word, 'file');
    if (writes !== undefined && !namesInput(word)) effects.write(fileName(word, writes.kind));
  });
  for (const name of readNames) pushName(read, textWord(name, words[0]?.place ?? NOWHERE.place), 'file');
  const makesNone = words.some((word) => isOneOf(word, spec.makesNoneWith));
  for (const name of makesNone ? [] : names) {
    const [first] = positional;
    const at = name.indexOf('{pos1}');
    if (at < 0) effects.write(nameOf(asPattern(textWord(name, words[0]?.place ?? NOWHERE.place))));
    else if (first !== undefined)
      effects.write(
        nameOf({
          parts: [...textWord(name.slice(0, at), first.place).parts, ...first.parts, ...textWord(name.slice(at + 6), first.place).parts],
          place: first.place,
        }),
      );
  }
  const orders = spec.inPlace === undefined || spec.inPlace === true ? [] : spec.inPlace;
  const made = makesNone ? [] : spec.makesOf === 'written' ? effects.writes.slice(before).filter(({ kind }) => kind !== 'prefix') : read;
  for (const name of made)
    for (const other of beside(name, spec.makes)) effects.write(spec.builds === undefined ? { ...other, companion: true } : other);
  const isInPlace = (spec.inPlace === true && !makesNone) || words.some((word) => orders.includes(literalOf(word) ?? ''));
  const idle = leavesIndex(spec, words, blurred ? undefined : count);
  for (const name of read) {
    effects.read(name);
    for (const other of beside(name, spec.companions))
      effects.read(idle && INDEX_OF_DATA.test(other.text) ? { ...other, companion: true, idle: true } : { ...other, companion: true });
    if (isInPlace) effects.write(name);
  }
  if (spec.companions === undefined || Object.keys(spec.companions).length > 0) effects.companions ??= words[0]?.place ?? NOWHERE.place;
  // A list of files names more than its own, and so may a folder that lies beside.
  if (spec.listsDirectory === true && (spec.tool.endsWith('sum') || !read.some((name) => name.input !== undefined)))
    effects.read({ ...everything(words[0] ?? NOWHERE) });
  if (blurred && writePositions.length > 0) effects.writesMore = true;
  if (spec.writes === undefined) effects.writesMore = true;
  return threads;
}

/** `-dc` is `-c` too. */
function isOneOf(word: Word, options: readonly string[] | undefined): boolean {
  const text = literalOf(word);
  if (text === undefined || options === undefined) return false;
  return options.some((option) => text === option || (/^-\w$/.test(option) && /^-\w+$/.test(text) && text.includes(option[1] as string)));
}

/** No option, nor what may hold options. */
function isOneMore(word: Word): boolean {
  return !/^-./.test(headOf(word)) && !isLoose(word);
}

/** Of options that are not in the catalogue. */
const NAMES_OUTPUT = /^--?(o|out|outfile|outdir|outprefix|output|output[-_](file|dir|prefix|path|name))$/i;

const NOWHERE = { parts: [], place: { file: undefined as never, start: 0, end: 0 } } as Word;

const INDEX_OF_DATA = /\.(bai|csi|crai|tbi)$/;

/** `positionals`: how many there are; undefined where that is not sure. */
function leavesIndex({ indexFor }: ToolSpec, words: readonly Word[], positionals: number | undefined): boolean {
  if (indexFor === undefined) return false;
  if (indexFor.length === 0) return true;
  if (positionals === undefined || words.some((word) => word.parts.some(({ type }) => type === 'choice'))) return false;
  return indexFor.every((role) => {
    const position = /^pos(\d+)$/.exec(role);
    if (position !== null) return positionals < Number(position[1]);
    return !words.some((word) => {
      const head = headOf(word);
      return head === role || head.startsWith(`${role}=`) || (/^-\w$/.test(role) && head.startsWith(role));
    });
  });
}

/** All that lies in the working directory. */
export function everything(at: Word): Name {
  const parts: Part[] = [{ type: 'glob', text: '*' }];
  return { text: '*', kind: 'pattern', input: undefined, parts, place: at.place };
}

function fileName(word: Word, kind: OptionRole['kind']): Name | undefined {
  // `gendb://cohort`: the folder that GenomicsDBImport made.
  const [scheme] = /^(gendb(\.\w+)?|file):\/\//.exec(headOf(word)) ?? [''];
  return nameOf(scheme === '' ? word : behind(word, scheme.length), kind === 'file' || kind === 'list' ? undefined : 'prefix');
}

/** Several names in one word, as `a.vcf,b.vcf`, are several. */
function pushName(into: Name[], word: Word, kind: OptionRole['kind']): void {
  for (const one of parted(word)) {
    const name = fileName(asPattern(one), kind);
    if (name !== undefined) into.push(name);
    if (kind === 'list') into.push(everything(one));
  }
}

function parted(word: Word): Word[] {
  const separator = isBracketed(word) ? /[,[\]]/ : ',';
  const words: Part[][] = [[]];
  for (const part of word.parts) {
    const [first, ...rest] = part.type === 'text' ? part.text.split(separator) : [];
    if (part.type !== 'text') words.at(-1)?.push(part);
    else if (first !== '') words.at(-1)?.push({ ...part, text: first as string });
    for (const text of rest) words.push(text === '' ? [] : [{ ...part, text } as Part]);
  }
  return words.map((parts) => ({ parts, place: word.place }));
}

/** `MI[fixed.nii.gz,moving.nii.gz,1,32]`, `[out,out.nii.gz]`: as the programs of ANTs take several words in one. */
function isBracketed(word: Word): boolean {
  const last = word.parts.at(-1);
  return (
    /^\w*\[/.test(headOf(word)) &&
    last?.type === 'text' &&
    last.text.endsWith(']') &&
    word.parts.some((part) => part.type === 'text' && part.text.includes(','))
  );
}

function namesInput(word: Word): boolean {
  return word.parts.length === 1 && word.parts[0]?.type === 'hole' && word.parts[0].hole.names.size > 0;
}

/** A hole by itself, outside quotes, that may be options, names, or nothing. Property of an input, `meta.id`, is one word. */
export function isLoose(word: Word): boolean {
  const [only] = word.parts;
  return (
    word.parts.length === 1 &&
    only?.type === 'hole' &&
    !only.quoted &&
    only.hole.sort !== 'word' &&
    only.hole.names.size === 0 &&
    only.hole.text === undefined
  );
}

/** `while read f; do cut -f1 $f; done`, `cut -f1 ${bam.name.replace('bam', 'tsv')}`: a file of any name. */
function mayBeFile({ parts }: Word): boolean {
  return parts.some(
    (part) =>
      part.type === 'hole' && !/^[<>]\(/.test(part.hole.written) && (part.hole.isMade === true || part.hole.sources.inputs.size > 0),
  );
}

/** Files that lie beside one, by the endings of a catalogue row. Of a name whose ending is not known: with any of them. */
function beside(name: Name, endings: ToolSpec['companions']): Name[] {
  if (endings === undefined) return [];
  const found: Name[] = [];
  const last = name.parts.at(-1);
  const open = name.kind === 'prefix' || last?.type !== 'text';
  for (const [ending, others] of Object.entries(endings)) {
    for (const other of others) {
      if (ending === '*') found.push(appended(name, other, 'companion'));
      else if (open) found.push(appended(name, other.startsWith(ending) ? other.slice(ending.length) : other, 'companion'));
      else if (last.text.endsWith(ending)) {
        const stem: Part[] = [...name.parts.slice(0, -1), { ...last, text: last.text.slice(0, -ending.length) }];
        found.push({ ...appended({ ...name, parts: stem, text: name.text.slice(0, -ending.length) }, other, 'companion') });
      }
    }
  }
  return found.map(({ companion: _, ...rest }) => rest);
}

/** The number given to a thread option. */
export function threadsFrom(flag: string, word: Word): Threads {
  const range = word.place;
  const literal = literalOf(word);
  const marked = word.parts.find((part) => part.type === 'hole' && part.hole.sources.cpus);
  if (marked?.type === 'hole') return { flag, value: 'task.cpus', range, written: marked.hole.written };
  if (literal !== undefined && /^\d+$/.test(literal)) return { flag, value: Number(literal), range };
  return { flag, value: 'unknown', range };
}
