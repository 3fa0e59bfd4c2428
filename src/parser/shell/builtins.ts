/** Commands whose words follow no roles of the catalogue: the shell's builtins, those that run others, and those that take a program before their files. */
import type { SourceRange } from '../../source/source-file.ts';
import type { BashTree } from './bash.ts';
import { hasSubcommands, isInCatalogue, toolOfArchive, toolSpec } from './catalogue.ts';
import type { Effects } from './effects.ts';
import { asPattern, baseOf, behind, headOf, literalOf, nameOf, type Part, textWord, type Word } from './names.ts';
import { awk, grep, sed } from './text-tools.ts';
import { everything, isLoose, type Threads } from './tool-use.ts';
import { derived, partSources, type ShellText } from './words.ts';

/** A program of the pipeline's `bin/`. */
export interface OwnProgram {
  readonly script: ShellText;
  /** Undefined for another language than bash. */
  readonly tree: BashTree | undefined;
  readonly language: string;
  /** That it keeps busy at most; undefined where its text does not tell. */
  readonly threads: number | undefined;
}

/** The walk that meets a command. */
export interface CommandHost {
  /** Of the step that the command is in. */
  readonly effects: Effects;
  /** Inside a version block: its commands do no work. */
  readonly inVersions: boolean;
  /** The here-document that the command is given. */
  readonly heredoc: string | undefined;
  program(name: string): OwnProgram | undefined;
  /** Notes the command as one of the step. */
  say(name: string | undefined, subcommand: string | undefined, threads: Threads, place: SourceRange): void;
  /** Takes every word as a file that may be read. */
  readAll(words: readonly Word[]): void;
  interpret(argv: readonly Word[], place: SourceRange): void;
  ownProgram(own: OwnProgram, name: string, args: readonly Word[], place: SourceRange): void;
  tool(name: string, words: readonly Word[], place: SourceRange): void;
  likelyThreads(words: readonly Word[]): Threads;
  setVariable(name: string, parts: readonly Part[]): void;
  enterLoop(): void;
  leaveLoop(): void;
}

const VERSION_WORDS = /^(-{1,2}(version|V|v|help|h)|version|--?version_only)$/;

/** The command says what it is, and does nothing else. */
export function asksVersion(words: readonly Word[]): boolean {
  return words.length > 0 && words.every((word) => VERSION_WORDS.test(literalOf(word) ?? ''));
}
const LANGUAGES = /^(python[\d.]*|pypy3?|Rscript|R|perl|ruby|node|julia|groovy|scala|lua|octave|php)$/;
const QUIET: ReadonlySet<string> = new Set([
  ':',
  'true',
  'false',
  'echo',
  'printf',
  'sleep',
  'date',
  'hostname',
  'whoami',
  'uname',
  'shift',
  'break',
  'continue',
  'return',
  'type',
  'which',
  'hash',
  'seq',
  'basename',
  'dirname',
  'expr',
  'bc',
  'ulimit',
  'umask',
  'shopt',
  'alias',
  'trap',
  'let',
  'getopts',
  'tput',
  'yes',
  'id',
  'kill',
  'jobs',
  'disown',
  'pwd',
  'nproc',
  'free',
  'logger',
  'mktemp',
  'realpath',
  'readlink',
  'local',
  'unset',
  'hash',
  'ps',
  'df',
  'lscpu',
  'arch',
  'getconf',
  'module',
]);
const ORDERING: ReadonlySet<string> = new Set(['cd', 'pushd', 'popd', 'exit', 'wait', 'module']);

/** Builtins and commands whose words do not follow the catalogue's roles. False: it is none of these. */
export function runBuiltin(host: CommandHost, name: string, words: readonly Word[], place: SourceRange): boolean {
  const effects = host.effects;
  const texts = words.map((word) => literalOf(word));
  switch (name) {
    case 'cd':
    case 'pushd':
    case 'popd':
      effects.orders = true;
      host.say(name, undefined, undefined, place);
      if (texts[0] !== '.') for (const word of words) effects.read(nameOf(word, undefined, 'light'));
      return true;
    case 'rm':
    case 'rmdir':
    case 'unlink':
      host.say(name, undefined, undefined, place);
      for (const word of words) {
        const gone = /^-./.test(headOf(word)) ? undefined : nameOf(word);
        if (gone !== undefined) effects.removes.push(gone);
      }
      return true;
    case 'set':
      effects.envWrites.add('-');
      return true;
    case 'conda':
    case 'mamba':
    case 'micromamba':
      if (texts[0] === 'run') {
        let at = 1;
        while (at < words.length && /^-/.test(headOf(words[at] as Word)))
          at += /^(-n|-p|-r|--name|--prefix)$/.test(texts[at] ?? '') ? 2 : 1;
        if (at < words.length) host.interpret(words.slice(at), place);
        return true;
      }
      host.say(name, texts[0], undefined, place);
      effects.orders = true;
      if (texts[0] !== 'activate' && texts[0] !== 'deactivate' && !words.every((word) => VERSION_WORDS.test(literalOf(word) ?? '')))
        effects.fail(place, `${name} changes what is installed`);
      return true;
    case 'eval':
      host.say(name, undefined, undefined, place);
      effects.fail(place, 'eval runs what is put together at run time');
      return true;
    case 'source':
    case '.':
      effects.orders = true;
      host.say(name, undefined, undefined, place);
      if (!/(^|\/)activate$/.test(texts[0] ?? '')) {
        effects.fail(place, 'it runs another script');
        host.readAll(words);
      }
      return true;
    case 'read':
    case 'mapfile':
    case 'readarray':
      for (const word of words) {
        const text = literalOf(word);
        if (text === undefined || !/^[A-Za-z_]\w*$/.test(text)) continue;
        host.setVariable(text, [{ type: 'hole', hole: derived(`read ${text}@${place.start}`, partSources([]), place), quoted: false }]);
        effects.envWrites.add(text);
      }
      return true;
    case 'test':
    case '[':
      for (const word of words)
        if (!/^(-\w+|\]|=|==|!=|!|-a|-o)$/.test(literalOf(word) ?? '')) effects.read(nameOf(word, undefined, 'light'));
      return true;
    case 'xargs':
    case 'parallel':
      return xargs(host, name, words, place);
    case 'find':
      find(host, words, place);
      return true;
    case 'ls':
    case 'du':
    case 'tree': {
      host.say(name, undefined, undefined, place);
      const names = words.filter((word) => !/^-/.test(headOf(word)));
      if (names.length === 0) effects.read(everything(textWord('*', place)));
      for (const word of names) {
        const found = nameOf(word, undefined, 'light');
        effects.read(found === undefined ? undefined : found);
      }
      return true;
    }
    case 'bash':
    case 'sh':
    case 'zsh':
    case 'dash': {
      if (asksVersion(words)) return true;
      const at = words.findIndex((word) => !/^-/.test(headOf(word)));
      const file = at < 0 ? undefined : literalOf(words[at] as Word);
      const own = file === undefined || texts.includes('-c') ? undefined : host.program(file.slice(file.lastIndexOf('/') + 1));
      if (own !== undefined) {
        host.ownProgram(own, file as string, words.slice(at + 1), place);
        return true;
      }
      host.say(name, undefined, undefined, place);
      effects.failOwn(place, `${name} runs a script that is not read`);
      host.readAll(words);
      return true;
    }
    case 'awk':
    case 'gawk':
    case 'mawk':
      awk(host, name, words, place);
      return true;
    case 'sed':
    case 'gsed':
      sed(host, name, words, place);
      return true;
    case 'grep':
    case 'egrep':
    case 'fgrep':
    case 'zgrep':
    case 'rg':
      grep(host, name, words, place);
      return true;
    case 'tar':
      tar(host, words, place);
      return true;
    case 'cp':
    case 'ln':
    case 'mv':
    case 'rsync':
    case 'install':
      copy(host, name, words, place);
      return true;
    case 'java':
      return java(host, words, place);
  }
  if (LANGUAGES.test(name)) {
    language(host, name, words, place);
    return true;
  }
  if (QUIET.has(name)) {
    if (name === 'nproc' || name === 'lscpu' || name === 'getconf') effects.cpusUnknown = true;
    if (ORDERING.has(name)) effects.orders = true;
    if (!/^(seq|basename|dirname|expr|bc|date|pwd|nproc)$/.test(name)) host.say(name, undefined, undefined, place);
    // A pattern that it is given stands for what is found.
    for (const word of words)
      if (word.parts.some((part) => part.type === 'glob' && part.text !== '?' && !part.text.startsWith('{')))
        effects.read(nameOf(word, undefined, 'light'));
    return true;
  }
  if (name === 'exit' || name === 'wait') {
    effects.orders = true;
    return true;
  }
  return false;
}

function xargs(host: CommandHost, name: string, words: readonly Word[], place: SourceRange): boolean {
  const effects = host.effects;
  let at = 0;
  while (at < words.length) {
    const text = headOf(words[at] as Word);
    if (!text.startsWith('-')) break;
    const threads = /^(-P|-j|--jobs|--max-procs)$/.test(text) ? words[at + 1] : undefined;
    if (threads !== undefined && partSources(threads.parts).cpus) effects.cpus = true;
    at += /^(-[IPnLdsaEj]|--jobs|--max-procs|--max-args|--replace|--delimiter|--arg-file|--colsep)$/.test(text) ? 2 : 1;
  }
  const inner = words.slice(at);
  const [only] = inner;
  host.enterLoop();
  if (inner.length === 1 && only !== undefined && /\s/.test(literalOf(only) ?? '')) {
    host.say(name, undefined, undefined, place);
    effects.fail(place, `${name} runs what is put together at run time`);
  } else if (inner.length > 0) {
    const given: Part[] = [{ type: 'hole', hole: derived(`xargs@${place.start}`, partSources([]), place), quoted: false }];
    host.interpret([...inner, { parts: given, place }], place);
  }
  host.leaveLoop();
  // The names come from its input: a list, or what a command before it finds.
  effects.read({ text: '\0', kind: 'anything', input: undefined, parts: [], place });
  return true;
}

function find(host: CommandHost, words: readonly Word[], place: SourceRange): void {
  const effects = host.effects;
  host.say('find', undefined, undefined, place);
  const roots: Word[] = [];
  const patterns: Word[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const head = headOf(word);
    if (/^-(name|iname|path|ipath|wholename|regex|iregex)$/.test(head)) {
      const pattern = words[at + 1];
      if (pattern !== undefined) patterns.push(pattern);
      at += 1;
    } else if (/^-(exec|execdir|ok)$/.test(head)) {
      const end = words.findIndex((one, index) => index > at && /^[;+]$/.test(literalOf(one) ?? ''));
      const inner = words.slice(at + 1, end < 0 ? undefined : end).filter((one) => literalOf(one) !== '{}');
      host.enterLoop();
      if (inner.length > 0) host.interpret(inner, place);
      host.leaveLoop();
      at = end < 0 ? words.length : end;
    } else if (/^-(type|maxdepth|mindepth|size|newer|mtime|printf|fprint|user|perm)$/.test(head)) at += 1;
    else if (head === '-delete') effects.writesMore = true;
    else if (!/^[-!(]/.test(head) && roots.length === at - words.slice(0, at).filter((one) => /^-[LHP]$/.test(headOf(one))).length)
      roots.push(word);
  }
  const outside = roots.length > 0 && roots.every((root) => headOf(root).startsWith('/'));
  if (outside) return;
  const fixed = roots.map((root) => nameOf(root)).filter((name) => name?.input !== undefined);
  if (roots.length > 0 && fixed.length === roots.length) for (const name of fixed) effects.read(name);
  else if (patterns.length === 0) effects.read(everything(textWord('*', place)));
  else for (const pattern of patterns) effects.read(nameOf(asPattern(pattern), 'pattern'));
}

function tar(host: CommandHost, words: readonly Word[], place: SourceRange): void {
  const effects = host.effects;
  host.say('tar', undefined, undefined, place);
  const mode =
    words.map((word) => headOf(word)).find((text, index) => /^-?[a-zA-Z]+$/.test(text) && (index === 0 || text.startsWith('-'))) ?? '';
  const extracts = /x|t/.test(mode) || words.some((word) => /^--(extract|list|get)/.test(headOf(word)));
  const rest: Word[] = [];
  let archive: Word | undefined;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] as Word;
    const head = headOf(word);
    const bundle = /^-?[a-zA-Z]*f$/.test(head) && (at === 0 || head.startsWith('-')) && literalOf(word) === head;
    if (bundle || head === '--file') archive = words[(at += 1)];
    else if (/^(-C|--directory|-I|--use-compress-program|--exclude|-T|--strip-components|--transform)$/.test(head)) {
      const value = words[(at += 1)];
      if (head === '-T' && value !== undefined) effects.read(nameOf(value));
    } else if (!head.startsWith('-') && at > 0) rest.push(word);
  }
  if (archive !== undefined) {
    if (extracts) effects.read(nameOf(archive));
    else effects.write(nameOf(archive));
  }
  if (extracts) effects.writesMore = true;
  else for (const word of rest) effects.read(nameOf(word));
}

function copy(host: CommandHost, name: string, words: readonly Word[], place: SourceRange): void {
  const effects = host.effects;
  host.say(name, undefined, undefined, place);
  if (name !== 'ln' && name !== 'cp' && name !== 'mv') effects.trivial = false;
  const given = words.filter((word) => !/^-./.test(headOf(word)));
  const symbolic = name === 'ln' && words.some((word) => /^-\w*s|^--symbolic/.test(headOf(word)));
  const folders = symbolic ? headOf(given.at(-1) as Word).split('/').length - 1 : 0;
  const names = given.flatMap((word, at) => nameOf(at < given.length - 1 ? asSeenHere(word, folders) : word) ?? []);
  if (given.some(isLoose)) effects.loose ??= place;
  const target = names.length > 1 ? names.at(-1) : undefined;
  const sources = target === undefined ? names : names.slice(0, -1);
  for (const source of sources) {
    effects.read(source);
    if (name === 'mv') effects.removes.push(source);
  }
  if (target === undefined) {
    if (sources.length > 0 && name !== 'ln') effects.writesMore = true;
    return;
  }
  const folder = target.text === '*' || target.text.endsWith('/') || sources.length > 1;
  const bases = target.text === '*' ? sources.map(baseOf) : [];
  if (folder && bases.length > 0 && !bases.includes(undefined)) for (const base of bases) effects.write(base);
  else if (folder) effects.write({ ...target, kind: 'prefix' });
  else {
    effects.write(target);
    const [source] = sources;
    if (source !== undefined) effects.copies.push({ from: source, to: target });
  }
}

/** `$PWD/$bam`; and what a symbolic link in a folder leads to, which is said as seen from there: `ln -s ../$bam out/`. */
function asSeenHere(word: Word, folders: number): Word {
  const head = headOf(word);
  const lead = /^\$\{?PWD\}?\/+/.exec(head)?.[0] ?? (folders > 0 && head.startsWith('../'.repeat(folders)) ? '../'.repeat(folders) : '');
  return behind(word, lead.length);
}

/** `java -Xmx4g -jar picard.jar MarkDuplicates`: the tool is the archive. */
function java(host: CommandHost, words: readonly Word[], place: SourceRange): boolean {
  const at = words.findIndex((word) => literalOf(word) === '-jar');
  const archive = at < 0 ? undefined : literalOf(words[at + 1] as Word);
  const tool = archive === undefined ? undefined : toolOfArchive(archive);
  if (tool === undefined || (toolSpec(tool) === undefined && !hasSubcommands(tool))) {
    if (asksVersion(words)) return true;
    host.say('java', undefined, host.likelyThreads(words), place);
    if (!host.inVersions) host.effects.fail(place, 'java runs a program that is not known');
    host.readAll(words);
    return true;
  }
  host.tool(tool, words.slice(at + 2), place);
  return true;
}

function language(host: CommandHost, name: string, words: readonly Word[], place: SourceRange): void {
  const effects = host.effects;
  const code = words.some((word) => /^-(c|e|E|ne|pe|nle|lne|ane|lane|F)$/.test(literalOf(word) ?? ''));
  if (asksVersion(words)) return;
  const at = words.findIndex((word) => !/^-/.test(headOf(word)));
  const known = code || at < 0 ? undefined : programIn(host, words[at] as Word);
  if (known !== undefined) {
    // It may have been made by the command before: `manta/runWorkflow.py`.
    effects.read(nameOf(words[at] as Word));
    host.tool(known, words.slice(at + 1), place);
    return;
  }
  const text = words.map((word) => literalOf(word) ?? '').join(' ') + (host.heredoc ?? '');
  if (host.inVersions || (code && /version/i.test(text) && !/open\(|read|file/i.test(text.replace(/readlink|R\.version/g, '')))) return;
  host.say(name, undefined, host.likelyThreads(words), place);
  const file = words.find((word) => !/^-/.test(headOf(word)));
  const own = code || file === undefined ? undefined : literalOf(file);
  effects.failOwn(place, own === undefined ? `it runs ${name} code` : `${own} is written in ${name}`);
  host.readAll(words);
}

/** `python3 manta/runWorkflow.py`: a program of the catalogue, and none of the pipeline's own. */
function programIn(host: CommandHost, file: Word): string | undefined {
  const name = literalOf(file)?.replace(/^.*\//, '');
  return name !== undefined && isInCatalogue(name) && host.program(name) === undefined ? name : undefined;
}
