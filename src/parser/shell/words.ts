/** From nodes of the bash tree to words: quotes taken off, variables replaced by what they hold, holes put back where they stood. */
import type { SourceRange } from '../../source/source-file.ts';
import type { BashNode } from './bash.ts';
import type { Part, Word } from './names.ts';
import { type Hole, NO_NAMES, NO_SOURCES, type Piece, type Sources } from './pieces.ts';
import { STAND_PATTERN, type Stand } from './render.ts';

/** Text that was parsed: a rendered script, or a file of `bin/`. */
export interface ShellText {
  readonly text: string;
  readonly stands: readonly Stand[];
  placeOf(start: number, end: number): SourceRange;
}

/** What a word asks for while it is being read. */
export interface WordHost {
  readonly script: ShellText;
  /** What a variable holds; undefined: nothing here sets it. */
  variable(name: string, node: BashNode): readonly Part[] | undefined;
  /** Commands inside a word: `$(…)`, `<(…)`. What the commands give is the word's part. */
  substitution(node: BashNode): void;
}

export function wordOf(node: BashNode, host: WordHost): Word {
  const parts: Part[] = [];
  push(node, host, parts, false);
  return { parts, place: host.script.placeOf(node.start, node.end) };
}

/** Plain text with stand-ins, put back as holes. */
export function pushText(text: string, host: WordHost, parts: Part[], quoted: boolean): void {
  let rest = text;
  for (let match = STAND_PATTERN.exec(rest); match !== null; match = STAND_PATTERN.exec(rest)) {
    pushPlain(rest.slice(0, match.index), parts, quoted);
    const stand = host.script.stands[Number(match[1])];
    if (stand?.type === 'hole') parts.push({ type: 'hole', hole: stand, quoted });
    else if (stand !== undefined) parts.push({ type: 'choice', choice: stand, quoted });
    rest = rest.slice(match.index + match[0].length);
  }
  pushPlain(rest, parts, quoted);
}

function pushPlain(text: string, parts: Part[], quoted: boolean): void {
  if (text === '') return;
  if (quoted) {
    parts.push({ type: 'text', text, quoted });
    return;
  }
  // Outside quotes a backslash takes the next letter as it is, and patterns are patterns.
  let plain = '';
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] as string;
    if (letter === '\\') {
      at += 1;
      plain += text[at] === '\n' ? '' : (text[at] ?? '');
    } else if (letter === '*' || letter === '?') {
      if (plain !== '') parts.push({ type: 'text', text: plain, quoted });
      plain = '';
      parts.push({ type: 'glob', text: letter });
    } else if (letter === '[' && text.indexOf(']', at) > at + 1) {
      if (plain !== '') parts.push({ type: 'text', text: plain, quoted });
      plain = '';
      const end = text.indexOf(']', at);
      parts.push({ type: 'glob', text: text.slice(at, end + 1) });
      at = end;
    } else plain += letter;
  }
  if (plain !== '') parts.push({ type: 'text', text: plain, quoted });
}

function push(node: BashNode, host: WordHost, parts: Part[], quoted: boolean): void {
  const text = host.script.text.slice(node.start, node.end);
  switch (node.type) {
    case 'raw_string':
      pushText(text.slice(1, -1), host, parts, true);
      return;
    case 'ansi_c_string':
      pushText(text.slice(2, -1), host, parts, true);
      return;
    case 'string':
    case 'translated_string':
      pushString(node, host, parts);
      return;
    case 'concatenation':
    case 'command_name':
      for (const child of node.children) push(child, host, parts, quoted);
      return;
    case 'simple_expansion':
      pushVariable(text.slice(1), '', node, host, parts, quoted);
      return;
    case 'expansion':
      pushExpansion(text, node, host, parts, quoted);
      return;
    case 'command_substitution':
    case 'process_substitution': {
      host.substitution(node);
      const followed = followedIn(node, text);
      if (followed !== undefined) {
        push(followed, host, parts, quoted);
        return;
      }
      parts.push({ type: 'hole', hole: derived(text, sourcesWithin(text, host), host.script.placeOf(node.start, node.end)), quoted });
      return;
    }
    case 'arithmetic_expansion': {
      for (const child of node.children) visitSubstitutions(child, host);
      const sources = expressionSources(node, host);
      parts.push({ type: 'hole', hole: derived(text, sources, host.script.placeOf(node.start, node.end), 'word'), quoted });
      return;
    }
    case 'brace_expression':
      parts.push({ type: 'glob', text });
      return;
    case 'array':
      for (const child of node.children) if (child.named) push(child, host, parts, quoted);
      return;
    default:
      // A word with braces: each of `{a,b}` is one.
      if (!quoted && node.type === 'word' && /\{[^{}]*,[^{}]*\}/.test(text)) {
        const at = text.indexOf('{');
        pushText(text.slice(0, at), host, parts, false);
        parts.push({ type: 'glob', text: text.slice(at, text.indexOf('}', at) + 1) });
        pushText(text.slice(text.indexOf('}', at) + 1), host, parts, false);
      } else pushText(text, host, parts, quoted);
  }
}

/** `$(readlink -f $bam)`: the word for the file, which is the same file under the name by which it lies elsewhere. */
function followedIn(node: BashNode, text: string): BashNode | undefined {
  if (!/^(\$\(|`)\s*(readlink|realpath)\s/.test(text)) return undefined;
  const [command, ...others] = node.children.filter(({ named }) => named);
  if (command?.type !== 'command' || others.length > 0) return undefined;
  const [, ...words] = command.children.filter(({ named }) => named);
  const [file, ...further] = words.filter(({ start, type }) => type !== 'word' || text[start - node.start] !== '-');
  return further.length === 0 && file !== undefined && !/_redirect$/.test(file.type) ? file : undefined;
}

/** The text between the parts of a string lies between its nodes too: the grammar drops blanks at their edges. */
function pushString(node: BashNode, host: WordHost, parts: Part[]): void {
  let from = node.start + host.script.text.slice(node.start, node.end).indexOf('"') + 1;
  const end = node.end - 1;
  const plain = (to: number): void => {
    if (to > from)
      pushText(
        host.script.text.slice(from, to).replace(/\\([$`"\\\n])/g, (_, letter) => (letter === '\n' ? '' : letter)),
        host,
        parts,
        true,
      );
  };
  for (const child of node.children) {
    if (!child.named || child.type === 'string_content') continue;
    plain(child.start);
    push(child, host, parts, true);
    from = child.end;
  }
  plain(end);
  if (parts.length === 0) parts.push({ type: 'text', text: '', quoted: true });
}

function pushVariable(name: string, rest: string, node: BashNode, host: WordHost, parts: Part[], quoted: boolean): void {
  const value = host.variable(name, node);
  const place = host.script.placeOf(node.start, node.end);
  if (value === undefined) {
    parts.push({ type: 'hole', hole: { ...derived(`$${name}${rest}`, NO_SOURCES, place), sort: quoted ? 'word' : 'words' }, quoted });
    return;
  }
  if (rest === '') {
    for (const part of value) parts.push('quoted' in part ? { ...part, quoted: part.quoted || quoted } : part);
    return;
  }
  // `${x%.gz}` of a text that ends so.
  const literal = value.every((part) => part.type === 'text') ? value.map((part) => part.text).join('') : undefined;
  const ending = /^%%?([^*?[$]+)$/.exec(rest)?.[1]?.replace(/\\(.)/g, '$1');
  if (literal !== undefined && ending !== undefined) {
    parts.push({ type: 'text', text: literal.endsWith(ending) ? literal.slice(0, -ending.length) : literal, quoted });
    return;
  }
  const key = value
    .map((part) => (part.type === 'hole' ? `\0${part.hole.key}` : part.type === 'choice' ? part.choice.condition : part.text))
    .join('');
  parts.push({ type: 'hole', hole: derived(`${key}${rest}`, partSources(value), place, 'word'), quoted });
}

/** `${x}`, `${x%.bam}`, `${x:-default}`, `${#x}`, `${x[@]}`. */
function pushExpansion(text: string, node: BashNode, host: WordHost, parts: Part[], quoted: boolean): void {
  const match = /^\$\{([#!]?)([A-Za-z_]\w*|[@*#?$!\d-])(\[[^\]]*\])?([\s\S]*)\}$/.exec(text);
  if (match === null) {
    for (const child of node.children) visitSubstitutions(child, host);
    parts.push({ type: 'hole', hole: derived(text, sourcesWithin(text, host), host.script.placeOf(node.start, node.end)), quoted });
    return;
  }
  const [, sign = '', name = '', , rest = ''] = match;
  const fallback = /^:?[-=]([\s\S]*)$/.exec(rest)?.[1];
  if (fallback !== undefined && host.variable(name, node) === undefined) {
    for (const child of node.children) if (child.type === 'command_substitution') host.substitution(child);
    if (/[$`]/.test(fallback))
      parts.push({ type: 'hole', hole: derived(text, sourcesWithin(text, host), host.script.placeOf(node.start, node.end)), quoted });
    else pushText(fallback.replace(/^["']|["']$/g, ''), host, parts, quoted);
    return;
  }
  pushVariable(name, fallback !== undefined ? '' : sign + rest, node, host, parts, quoted);
}

function visitSubstitutions(node: BashNode, host: WordHost): void {
  if (node.type === 'command_substitution' || node.type === 'process_substitution') host.substitution(node);
  else for (const child of node.children) visitSubstitutions(child, host);
}

/** Sources of the holes in a text, whatever they do there. */
function sourcesWithin(text: string, host: WordHost): Sources {
  const inputs = new Set<string>();
  let cpus = false;
  for (const match of text.matchAll(/ZqHole(\d+)qZ/g)) {
    const stand = host.script.stands[Number(match[1])];
    if (stand === undefined) continue;
    for (const name of stand.sources.inputs) inputs.add(name);
    cpus ||= stand.sources.cpus;
  }
  return inputs.size === 0 && !cpus ? NO_SOURCES : { inputs, cpus };
}

function expressionSources(node: BashNode, host: WordHost): Sources {
  const found = sourcesWithin(host.script.text.slice(node.start, node.end), host);
  const inputs = new Set(found.inputs);
  let { cpus } = found;
  const visit = (one: BashNode): void => {
    if (one.type === 'variable_name' || one.type === 'word') {
      const value = host.variable(host.script.text.slice(one.start, one.end), one);
      if (value !== undefined) {
        const sources = partSources(value);
        for (const name of sources.inputs) inputs.add(name);
        cpus ||= sources.cpus;
      }
    }
    one.children.forEach(visit);
  };
  visit(node);
  return { inputs, cpus };
}

export function partSources(parts: readonly Part[]): Sources {
  const inputs = new Set<string>();
  let cpus = false;
  const add = (sources: Sources): void => {
    for (const name of sources.inputs) inputs.add(name);
    cpus ||= sources.cpus;
  };
  const pieces = (list: readonly Piece[]): void => {
    for (const piece of list) {
      if (piece.type === 'text') continue;
      add(piece.sources);
      if (piece.type === 'choice') {
        pieces(piece.whenTrue);
        pieces(piece.whenFalse);
      }
    }
  };
  for (const part of parts) {
    if (part.type === 'hole') add(part.hole.sources);
    else if (part.type === 'choice') pieces([part.choice]);
  }
  return { inputs, cpus };
}

export function derived(
  key: string,
  sources: Sources,
  place: SourceRange,
  sort: Hole['sort'] = 'words',
  names: ReadonlySet<string> = NO_NAMES,
): Hole {
  return {
    type: 'hole',
    key: key.replace(/\s+/g, ' '),
    sort,
    sources,
    names,
    is: undefined,
    text: undefined,
    isMade: true,
    unset: false,
    written: key,
    place,
  };
}
