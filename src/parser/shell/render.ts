/**
 * A process's script as the shell would see it (algorithms.md B3): its Groovy worked out, indentation taken off as Nextflow does, a stand-in
 * word for each hole. Where a condition decides over more than words there are several variants. Every offset leads back to where it was written.
 */
import { SourceFile, type SourceRange } from '../../source/source-file.ts';
import { type FileTree, folderOf, resolvePath } from '../pipeline/file-tree.ts';
import type { ProcessNode } from '../syntax/nodes.ts';
import type { Choice, Hole, Piece } from './pieces.ts';
import { piecesOf, Symbolic, type SymbolicRequest } from './symbolic.ts';

export interface Rendering {
  /** Why there is no shell to read. The variants may hold text all the same: of another language. */
  readonly opaque: string | undefined;
  readonly variants: readonly RenderedText[];
  readonly symbolic: Symbolic;
  /** There are more variants than these. */
  readonly sampled: boolean;
  /** The template that holds the text. */
  readonly template: SourceFile | undefined;
}

/** What stands in the text for a hole or a choice of words. */
export type Stand = Hole | Choice;

const MOST_VARIANTS = 16;
/** A word that no script has; it may stand in a name, an assignment, a string or a calculation alike. */
const STAND = 'ZqHole';
export const STAND_PATTERN = /ZqHole(\d+)qZ/;

export function renderScript(process: ProcessNode, request: Omit<SymbolicRequest, 'bang'>, file: SourceFile, tree: FileTree): Rendering {
  const section = process.script?.section;
  const symbolic = new Symbolic({ ...request, bang: section === 'shell' });
  const none = (opaque: string): Rendering => ({ opaque, variants: [], symbolic, template: undefined, sampled: false });
  if (process.script === null) return none('it has no script');
  if (section === 'exec') {
    symbolic.run(process.script.statements, file);
    return none('exec: runs Groovy, not a shell');
  }
  const sym = symbolic.run(process.script.statements, file);
  if (sym === undefined) return none('its script ends in an error with these settings');
  let pieces = piecesOf(sym, { file, start: process.script.start, end: process.script.end });
  let template: SourceFile | undefined;
  if (sym.template !== undefined) {
    const path = templatePath(sym.template.path, file.path, tree);
    const text = path === undefined ? undefined : tree.read(path);
    if (path === undefined || text === undefined) return none(`the template ${sym.template.path} cannot be read`);
    template = new SourceFile(path, text);
    pieces = symbolic.template(template);
  }
  const found = variantsOf(pieces);
  if (typeof found === 'string') return { ...none(found), template };
  const { variants, sampled } = found;
  const [first] = variants;
  const language = first === undefined ? undefined : languageOf(first.text, template?.path);
  if (language !== undefined) return { opaque: `it is written in ${language}`, variants, symbolic, template, sampled };
  return { opaque: undefined, variants, symbolic, template, sampled };
}

/** `templates/` beside the module, or beside the pipeline's entry. */
function templatePath(name: string, from: string, tree: FileTree): string | undefined {
  const places = name.startsWith('/') ? [] : [resolvePath(folderOf(from), `templates/${name}`), resolvePath('', `templates/${name}`)];
  return places.find((place) => !place.startsWith('../') && tree.stat(place) === 'file');
}

/** The language, when it is no shell's. */
function languageOf(text: string, path: string | undefined): string | undefined {
  const shebang = /^\s*#!\s*(\S+)(?:[ \t]+(?:-\S+[ \t]+)*(\S+))?/.exec(text);
  if (shebang !== null) {
    const program = (/(^|\/)env$/.test(shebang[1] as string) ? shebang[2] : shebang[1]) ?? '';
    const name = program.slice(program.lastIndexOf('/') + 1);
    return /^(ba|da|k|z|a)?sh$/.test(name)
      ? undefined
      : /^(python|perl|Rscript|R|ruby|julia|node|awk)/i.test(name)
        ? name
        : name || 'another language';
  }
  const ending = /\.(py|R|r|pl|rb|jl|awk)$/.exec(path ?? '')?.[1];
  return ending === undefined ? undefined : ending;
}

// ------------------------------------------------------------------------------------------------------ variants

interface Segment {
  /** Offset in the text before anything is cut. */
  readonly at: number;
  readonly place: SourceRange;
  readonly exact: boolean;
}

/** One way the script's text can come out. */
export class RenderedText {
  readonly text: string;
  readonly stands: readonly Stand[];
  readonly #segments: readonly Segment[];
  /** Cut out of the text as it was put together, in order: where, counted in what is left, and how much. */
  readonly #cuts: readonly { readonly at: number; readonly removed: number }[];

  constructor(raw: string, stands: readonly Stand[], segments: readonly Segment[]) {
    this.stands = stands;
    this.#segments = segments;
    const cuts: { at: number; removed: number }[] = [];
    let text = '';
    let from = 0;
    let removed = 0;
    for (const [start, end] of indentation(raw)) {
      text += raw.slice(from, start);
      removed += end - start;
      cuts.push({ at: text.length, removed });
      from = end;
    }
    this.text = text + raw.slice(from);
    this.#cuts = cuts;
  }

  /** Where `text[start, end)` was written. */
  placeOf(start: number, end: number): SourceRange {
    const first = this.#segmentAt(this.#before(start));
    if (first === undefined) return { file: new SourceFile('', ''), start: 0, end: 0 };
    const from = first.exact ? first.place.start + this.#before(start) - first.at : first.place.start;
    let at = this.#before(Math.max(start, end - 1));
    let last = this.#segmentAt(at) as Segment;
    // What a config put in lies in another file.
    while (last.place.file !== first.place.file && last.at > first.at) {
      at = last.at - 1;
      last = this.#segmentAt(at) as Segment;
    }
    const to = last.exact ? last.place.start + at - last.at + 1 : last.place.end;
    return { file: first.place.file, start: from, end: Math.max(from, to) };
  }

  #before(offset: number): number {
    let low = 0;
    let high = this.#cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#cuts[middle] as { at: number }).at <= offset) low = middle + 1;
      else high = middle;
    }
    return offset + (low === 0 ? 0 : (this.#cuts[low - 1] as { removed: number }).removed);
  }

  #segmentAt(offset: number): Segment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#segments[middle] as Segment).at <= offset) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low];
  }
}

/**
 * What is cut: the blanks that all lines begin with (Groovy's `stripIndent`, which Nextflow applies), and a backslash that continues
 * a line into nothing, which the grammar takes for an error.
 */
function indentation(text: string): [number, number][] {
  let common = Number.POSITIVE_INFINITY;
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    let blanks = at;
    while (blanks < end && (text[blanks] === ' ' || text[blanks] === '\t')) blanks += 1;
    if (blanks < end) common = Math.min(common, blanks - at);
    at = end + 1;
  }
  if (common === Number.POSITIVE_INFINITY) common = 0;
  const cuts: [number, number][] = [];
  for (let at = 0; at < text.length; ) {
    const end = lineEnd(text, at);
    let blanks = at;
    while (blanks < end && blanks - at < common && (text[blanks] === ' ' || text[blanks] === '\t')) blanks += 1;
    if (blanks > at) cuts.push([at, blanks]);
    if (text[end - 1] === '\\' && text[end - 2] !== '\\' && end > blanks && text.slice(end + 1, lineEnd(text, end + 1)).trim() === '')
      cuts.push([end - 1, end]);
    at = end + 1;
  }
  return cuts;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}

interface Variants {
  readonly variants: readonly RenderedText[];
  readonly sampled: boolean;
}

/** All ways in which the choices can come out that change more than words; where there are too many, some in which each side of each is seen. */
function variantsOf(pieces: readonly Piece[]): Variants | string {
  const open: ReadonlyMap<string, boolean>[] = [new Map()];
  const variants: RenderedText[] = [];
  for (let decided = open.pop(); decided !== undefined; decided = open.pop()) {
    const outcome = flatten(pieces, decided);
    if (outcome instanceof RenderedText) variants.push(outcome);
    else if (outcome === undefined) return 'its text cannot be told apart from holes';
    else open.push(new Map([...decided, [outcome.condition, false]]), new Map([...decided, [outcome.condition, true]]));
    if (variants.length + open.length > MOST_VARIANTS) return samples(pieces);
  }
  return { variants, sampled: false };
}

/** All one way, all the other, and each the other way than the one around it. */
function samples(pieces: readonly Piece[]): Variants | string {
  const depths = new Map<string, number>();
  const visit = (list: readonly Piece[], depth: number): void => {
    for (const piece of list) {
      if (piece.type !== 'choice') continue;
      if (!depths.has(piece.condition)) depths.set(piece.condition, depth);
      visit(piece.whenTrue, depth + 1);
      visit(piece.whenFalse, depth + 1);
    }
  };
  visit(pieces, 0);
  const ways = [(_: number) => true, (_: number) => false, (depth: number) => depth % 2 === 0, (depth: number) => depth % 2 === 1];
  const variants: RenderedText[] = [];
  for (const way of ways) {
    const outcome = flatten(pieces, new Map([...depths].map(([condition, depth]) => [condition, way(depth)])));
    if (!(outcome instanceof RenderedText)) return 'its text cannot be told apart from holes';
    if (variants.every((one) => one.text !== outcome.text)) variants.push(outcome);
  }
  return { variants, sampled: true };
}

/** The choice that has to be decided first, when there is one. */
function flatten(pieces: readonly Piece[], decided: ReadonlyMap<string, boolean>): RenderedText | Choice | undefined {
  let text = '';
  const stands: Stand[] = [];
  const segments: Segment[] = [];
  const visit = (list: readonly Piece[]): Choice | undefined | null => {
    for (const piece of list) {
      if (piece.type === 'choice') {
        const side = decided.get(piece.condition);
        if (side === undefined && (atCommand(text) || !isWords(piece.whenTrue) || !isWords(piece.whenFalse))) return piece;
        if (side !== undefined) {
          const found = visit(side ? piece.whenTrue : piece.whenFalse);
          if (found !== undefined) return found;
          continue;
        }
      }
      if (piece.type === 'text') {
        if (piece.text.includes(STAND)) return null;
        segments.push({ at: text.length, place: piece.at ?? piece.place, exact: piece.exact && piece.at === undefined });
        text += piece.text;
      } else {
        segments.push({ at: text.length, place: piece.at ?? piece.place, exact: false });
        text += `${STAND}${stands.length}qZ`;
        stands.push(piece);
      }
    }
    return undefined;
  };
  const found = visit(pieces);
  if (found === null) return undefined;
  return found ?? new RenderedText(text.replaceAll('\r', ' '), stands, segments);
}

/** A command begins where the text ends. */
function atCommand(text: string): boolean {
  const before = text.slice(-200).replace(/\\\n[ \t]*$/, ' ');
  return /(^|[\n;|&(`]|\b(then|do|else)[ \t])[ \t]*$/.test(before);
}

/** Nothing but words, which cannot end the command that they stand in. */
function isWords(pieces: readonly Piece[]): boolean {
  const text = shape(pieces);
  return text !== undefined && !/[|;&<>\n`$(){}#\\]/.test(text) && /^([^'"]|'[^']*'|"[^"]*")*$/.test(text);
}

/** The text with a letter for each hole, and the longer side of choices; undefined when a hole may hold anything. */
function shape(pieces: readonly Piece[]): string | undefined {
  let text = '';
  for (const piece of pieces) {
    if (piece.type === 'text') text += piece.text;
    else if (piece.type === 'hole') {
      if (piece.sort === 'fragment') return undefined;
      text += 'x';
    } else {
      if (!isWords(piece.whenTrue) || !isWords(piece.whenFalse)) return undefined;
      text += 'x';
    }
  }
  return text;
}
