/**
 * Names of files as far as they are known, and which of them can be the same file. A name is a row of parts; a hole stands for any
 * text, but the same hole stands for the same text.
 */
import type { SourceRange } from '../../source/source-file.ts';
import type { Choice, Hole } from './pieces.ts';
import type { FileName } from './script-reading.ts';

export type Part =
  | { readonly type: 'text'; readonly text: string; readonly quoted: boolean }
  /** `*`, `?`, `[…]`, outside quotes. */
  | { readonly type: 'glob'; readonly text: string }
  | { readonly type: 'hole'; readonly hole: Hole; readonly quoted: boolean }
  | { readonly type: 'choice'; readonly choice: Choice; readonly quoted: boolean };

export interface Word {
  readonly parts: readonly Part[];
  readonly place: SourceRange;
}

export interface Name extends FileName {
  readonly parts: readonly Part[];
  readonly place: SourceRange;
  /** Opened, or made, beside another file, without being named. */
  readonly companion?: true;
  /** A companion that the command is known not to open, as it is called. */
  readonly idle?: true;
  /** Only whether it is there is asked, or what it is called. */
  readonly light?: true;
}

/** What the word is for certain; undefined where a hole without a known text is in it. */
export function literalOf(word: { readonly parts: readonly Part[] }): string | undefined {
  let text = '';
  for (const part of word.parts) {
    const known = part.type === 'text' || part.type === 'glob' ? part.text : part.type === 'hole' ? part.hole.text : undefined;
    if (known === undefined) return undefined;
    text += known;
  }
  return text;
}

/** The text that it begins with. */
export function headOf(word: { readonly parts: readonly Part[] }): string {
  let text = '';
  for (const part of word.parts) {
    if (part.type !== 'text') break;
    text += part.text;
  }
  return text;
}

/** The word behind its first letters, which are plain text. */
export function behind(word: Word, letters: number): Word {
  const parts: Part[] = [];
  let left = letters;
  for (const part of word.parts) {
    if (left > 0 && part.type === 'text') {
      const text = part.text.slice(left);
      left -= Math.min(left, part.text.length);
      if (text !== '') parts.push({ ...part, text });
    } else parts.push(part);
  }
  return { parts, place: word.place };
}

export function textWord(text: string, place: SourceRange): Word {
  return { parts: [{ type: 'text', text, quoted: true }], place };
}

/** In quotes, a pattern all the same: for `find`, and for a tool that looks by itself for what it is told to read. */
export function asPattern(word: Word): Word {
  const parts: Part[] = word.parts.flatMap((part): Part[] => {
    if (part.type !== 'text' || !/[*?[]/.test(part.text)) return [part];
    return part.text
      .split(/([*?]|\[[^\]]*\])/)
      .filter((text) => text !== '')
      .map((text): Part => (/^[*?[]/.test(text) ? { type: 'glob', text } : { type: 'text', text, quoted: true }));
  });
  return { parts, place: word.place };
}

const NOT_A_FILE = /^(-|\/dev\/(null|stdin|stdout|stderr|fd\/\d+|shm|zero|urandom|random)|&?\d)$/;

export function nameOf(word: Word, kind?: FileName['kind'], mark?: 'companion' | 'light'): Name | undefined {
  const parts = word.parts.filter((part) => part.type !== 'text' || part.text !== '');
  const literal = literalOf({ parts });
  if (parts.length === 0 || (literal !== undefined && NOT_A_FILE.test(literal))) return undefined;
  let text = '';
  let glob = false;
  for (const part of parts) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'glob') {
      text += part.text;
      glob = true;
    } else text += part.type === 'hole' && part.hole.text !== undefined ? part.hole.text : '\0';
  }
  const isFolder = /^(\.\/?|\$PWD|\.\/\.)$/.test(text);
  const [only] = parts;
  const whole = parts.length === 1 && only?.type === 'hole' ? only.hole : undefined;
  const input = inputOf(parts);
  const itself =
    kind ??
    (isFolder || glob ? 'pattern' : whole !== undefined && whole.text === undefined && whole.names.size === 0 ? 'anything' : 'literal');
  const name: Name = {
    text: isFolder ? '*' : text,
    kind: isFolder ? 'pattern' : itself,
    input,
    parts: isFolder ? [{ type: 'glob', text: '*' }] : parts,
    place: word.place,
  };
  return mark === undefined ? name : { ...name, [mark]: true };
}

/** The staged input that the name is, or lies in. */
export function inputOf(parts: readonly Part[]): string | undefined {
  const first = parts.find((part) => part.type === 'hole');
  if (first === undefined || first.hole.names.size !== 1) return undefined;
  const at = parts.indexOf(first);
  const before = /^(\.\/)?$/.test(
    parts
      .slice(0, at)
      .map((part) => (part.type === 'text' ? part.text : '?'))
      .join(''),
  );
  const next = parts[at + 1];
  if (!before || (next !== undefined && !(next.type === 'text' && next.text.startsWith('/')))) return undefined;
  return [...first.hole.names][0];
}

/** `${dir}/vep/cache.txt` of the input `dir`: `vep/cache.txt`. */
export function partWithin(name: Name): string | undefined {
  if (name.input === undefined) return undefined;
  const at = name.parts.findIndex((part) => part.type === 'hole');
  const next = name.parts[at + 1];
  if (next?.type !== 'text' || !next.text.startsWith('/')) return undefined;
  const text = name.parts
    .slice(at + 1)
    .map((part) => (part.type === 'text' || part.type === 'glob' ? part.text : '\0'))
    .join('')
    .replace(/^\/+/, '');
  return text === '' ? undefined : text;
}

/** `a/b.txt`: `b.txt`. undefined where it is not known how the name of the file itself begins. */
export function baseOf({ parts, kind, place }: Name): Name | undefined {
  if (kind !== 'literal' && kind !== 'pattern') return undefined;
  if (parts.some(({ type }) => type === 'choice')) return undefined;
  const at = parts.findLastIndex((part) => part.type === 'text' && part.text.includes('/'));
  const last = parts[at];
  if (last?.type !== 'text') return parts.some(({ type }) => type === 'hole') ? undefined : nameOf({ parts, place });
  return nameOf({ parts: [{ ...last, text: last.text.slice(last.text.lastIndexOf('/') + 1) }, ...parts.slice(at + 1)], place });
}

export function appended(name: Name, ending: string, mark?: 'companion'): Name {
  const parts: Part[] = [...name.parts, { type: 'text', text: ending, quoted: true }];
  const longer: Name = {
    text: name.text + ending,
    kind: name.kind === 'anything' ? 'literal' : name.kind,
    input: undefined,
    parts,
    place: name.place,
  };
  return mark === undefined ? longer : { ...longer, companion: true };
}

type Token = string | { readonly hole: string } | { readonly any: true };

const tokenized = new WeakMap<Name, readonly Token[]>();

function tokensOf(name: Name): readonly Token[] {
  const known = tokenized.get(name);
  if (known !== undefined) return known;
  const tokens: Token[] = [];
  const push = (text: string): void => {
    const last = tokens.at(-1);
    if (typeof last === 'string') tokens[tokens.length - 1] = last + text;
    else if (text !== '') tokens.push(text);
  };
  for (const part of name.parts) {
    if (part.type === 'text') push(part.text);
    else if (part.type === 'glob' || part.type === 'choice') tokens.push({ any: true });
    else if (part.hole.text !== undefined) push(part.hole.text);
    else tokens.push({ hole: part.hole.key });
  }
  if (name.kind === 'prefix') tokens.push({ any: true });
  if (typeof tokens[0] === 'string') {
    const text = tokens[0].replace(/^(\.\/)+/, '').replace(/\/{2,}/g, '/');
    if (text === '' && tokens.length > 1) tokens.shift();
    else tokens[0] = text;
  }
  tokenized.set(name, tokens);
  return tokens;
}

/** False only where the names cannot be one file, nor one a folder that holds the other. */
export function overlap(one: Name, two: Name): boolean {
  if (one.kind === 'anything' || two.kind === 'anything') return true;
  // Staged files are taken as never written over by a file of another name.
  if ((one.input === undefined) !== (two.input === undefined) && wholeInput(one) !== wholeInput(two)) {
    if (wholeInput(one) !== undefined && !hasWildcard(two)) return false;
    if (wholeInput(two) !== undefined && !hasWildcard(one)) return false;
  }
  const first = tokensOf(one);
  const second = tokensOf(two);
  let at = 0;
  while (at < first.length && at < second.length && isSame(first[at] as Token, second[at] as Token)) at += 1;
  const left = first[at];
  const right = second[at];
  if (left === undefined || right === undefined) {
    const head = left ?? right;
    // The same name, or a file in the folder.
    return head === undefined || typeof head !== 'string' || head.startsWith('/') || head.endsWith('/');
  }
  if (typeof left === 'string' && typeof right === 'string') {
    const [short, shorter, long, longer] = left.length <= right.length ? [left, first, right, second] : [right, second, left, first];
    if (!long.startsWith(short)) return false;
    if (shorter.length === at + 1) {
      const rest = long.slice(short.length);
      if (rest !== '') return rest.startsWith('/') || short.endsWith('/');
      return longer.length === at + 1 || typeof longer.at(-1) !== 'string';
    }
  }
  return sameEnding(first, second, at);
}

function wholeInput(name: Name): string | undefined {
  const [only] = name.parts;
  return name.parts.length === 1 && only?.type === 'hole' && only.hole.names.size > 0 ? [...only.hole.names][0] : undefined;
}

function hasWildcard(name: Name): boolean {
  return name.kind === 'pattern' && name.parts.some((part) => part.type === 'glob');
}

function isSame(one: Token, two: Token): boolean {
  if (typeof one === 'string' || typeof two === 'string') return one === two;
  return 'hole' in one && 'hole' in two && one.hole === two.hole;
}

/** Of what is left behind the first `from` tokens, which are the same. */
function sameEnding(first: readonly Token[], second: readonly Token[], from: number): boolean {
  const left = first.at(-1);
  const right = second.at(-1);
  if (typeof left !== 'string' || typeof right !== 'string') return true;
  const [short, long] = left.length <= right.length ? [left, right] : [right, left];
  if (long.endsWith(short)) return true;
  // A folder holds what the other name is behind it.
  return first.length === from + 1 && second.length === from + 1 ? false : left.endsWith('/') || right.endsWith('/');
}

/** Written alike, part for part. */
export function sameKey(one: Name, two: Name): boolean {
  return one === two || keyOf(one) === keyOf(two);
}

/** Each name of a script is held against the others. */
const keys = new WeakMap<Name, string>();

function keyOf(name: Name): string {
  let key = keys.get(name);
  if (key === undefined) {
    const texts = name.parts.map((part) => {
      if (part.type === 'hole') return `\0${part.hole.key}\0`;
      return part.type === 'choice' ? part.choice.condition : part.text;
    });
    keys.set(name, (key = texts.join('')));
  }
  return key;
}

/** What was written before under the same name is read again, not a staged file. */
export function covers(written: Name, read: Name): boolean {
  return sameKey(written, read) || (written.kind === 'prefix' && read.kind === 'literal' && overlap(written, read));
}
