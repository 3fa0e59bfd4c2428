/**
 * The one door to tree-sitter's bash grammar (wasm). Loading is asynchronous and happens once, when there is a script to read; reading is
 * synchronous. A tree is copied to plain objects at once, so that nothing of the wasm memory outlives the call.
 */
import { Language, Parser } from 'web-tree-sitter';
import { compileGrammar, instantiate } from './grammar.ts';

/** A node of the bash tree: offsets are UTF-16 offsets in the text that was parsed. Words and operators are nodes too (`named` false for the latter). */
export interface BashNode {
  readonly type: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly BashNode[];
}

export interface BashTree {
  readonly root: BashNode;
  /** Where the text is no bash, or none that the grammar knows: the start of the first such place. */
  readonly errorAt: number | undefined;
}

export interface BashParser {
  /** Why there is no tree: it is too long, too deep, or takes too much work. */
  parse(text: string): BashTree | { readonly root: undefined; readonly reason: string };
}

/** UTF-16 units; the longest of 3,785 scripts measured (algorithms.md B2) has 30,000. */
const LONGEST = 200_000;
const DEEPEST = 400;
/** Nodes of one tree. */
const MOST_NODES = 400_000;
/** Arrays, and parentheses open at one time: the grammar looks ahead through the rest of the text for each (70 s for 30,000). */
const MOST_ARRAYS = 2_000;
const MOST_OPEN = 300;
/** Calls of the parser's progress callback (one for about 30 units of common text) for each 1,000 units of text, and for any text. */
const EFFORT_PER_THOUSAND = 400;
const EFFORT = 2_000;

let loading: Promise<BashParser> | undefined;

export function loadBash(): Promise<BashParser> {
  loading ??= load();
  return loading;
}

async function load(): Promise<BashParser> {
  const { runtime, language } = await compileGrammar();
  const module: Partial<EmscriptenModule> = {
    instantiateWasm(imports: object, done: (instance: object, module: object) => void) {
      done(instantiate(runtime, imports), runtime);
      return {};
    },
  };
  await Parser.init(module);
  readDirectly(module);
  const parser = new Parser();
  parser.setLanguage(Language.loadSync(language));
  return { parse: (text) => parse(parser, text) };
}

type EmscriptenModule = NonNullable<Parameters<typeof Parser.init>[0]>;

/** The library asks some forty times a node for a number in the wasm memory, and looks for the name of its type among eight each time. */
function readDirectly(module: Partial<EmscriptenModule>): void {
  const memory = (): DataView => module.HEAP_DATA_VIEW;
  module.setValue = (at: number, value: number): void => memory().setInt32(at, value, true);
  module.getValue = (at: number, type: string): number => (type === 'i16' ? memory().getInt16(at, true) : memory().getInt32(at, true));
}

function parse(parser: Parser, text: string): ReturnType<BashParser['parse']> {
  if (text.length > LONGEST) return { root: undefined, reason: `the script is longer than ${LONGEST / 1000} kB` };
  if (isTangled(text)) return { root: undefined, reason: 'the script is nested too deeply' };
  // The grammar counts in another unit beyond ASCII: a stand-in for each unit keeps the offsets ours. No letter beyond ASCII is syntax.
  const ascii = text.replace(/[^\0-\x7f]/g, '_').replaceAll('\0', '_');
  const first = parseAscii(parser, ascii);
  if (first.root === undefined || first.errorAt === undefined) return first;
  // A `$` that begins no expansion, as in `s/x$//`, is more than the grammar takes in places: it is only text.
  const plain = ascii.replace(/\$(?=[/\s)|`])/g, '_');
  const second = plain === ascii ? first : parseAscii(parser, plain);
  return second.root === undefined || second.errorAt !== undefined ? first : second;
}

function parseAscii(parser: Parser, ascii: string): ReturnType<BashParser['parse']> {
  let effort = EFFORT + (ascii.length / 1000) * EFFORT_PER_THOUSAND;
  const tree = parser.parse(ascii, null, { progressCallback: () => (effort -= 1) < 0 });
  if (tree === null) {
    parser.reset();
    return { root: undefined, reason: 'the script takes too much work to parse' };
  }
  try {
    const cursor = tree.walk();
    try {
      return copy(cursor, tree.rootNode.hasError);
    } finally {
      cursor.delete();
    }
  } finally {
    tree.delete();
  }
}

function isTangled(text: string): boolean {
  let open = 0;
  let arrays = 0;
  for (let at = text.indexOf('('); at >= 0; at = nextParenthesis(text, at + 1)) {
    if (text.charCodeAt(at) === 41) open = Math.max(0, open - 1);
    else if ((open += 1) > MOST_OPEN) return true;
    else if (text.charCodeAt(at - 1) === 61 && (arrays += 1) > MOST_ARRAYS) return true;
  }
  return false;
}

function nextParenthesis(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 40 || code === 41) return at;
  }
  return -1;
}

type Cursor = ReturnType<NonNullable<ReturnType<Parser['parse']>>['walk']>;

function copy(cursor: Cursor, hasError: boolean): ReturnType<BashParser['parse']> {
  interface Growing extends BashNode {
    readonly children: BashNode[];
  }
  let count = 0;
  let errorAt: number | undefined;
  const { types } = cursor.currentNode.tree.language;
  const isNamed: (boolean | undefined)[] = [];
  const node = (): Growing => {
    count += 1;
    const { nodeTypeId, startIndex: start, endIndex: end } = cursor;
    const type = types[nodeTypeId] ?? 'ERROR';
    const named = (isNamed[nodeTypeId] ??= cursor.nodeIsNamed);
    if (hasError && errorAt === undefined && (type === 'ERROR' || cursor.nodeIsMissing)) errorAt = start;
    return { type, named, start, end, children: [] };
  };
  const root = node();
  const open: Growing[] = [root];
  for (;;) {
    if (count > MOST_NODES) return { root: undefined, reason: 'the script takes too much work to parse' };
    // Operators and punctuation have no children, and need not be asked.
    if (open.at(-1)?.named && cursor.gotoFirstChild()) {
      const child = node();
      open.at(-1)?.children.push(child);
      open.push(child);
      if (open.length > DEEPEST) return { root: undefined, reason: 'the script is nested too deeply' };
      continue;
    }
    for (;;) {
      if (cursor.gotoNextSibling()) {
        open.pop();
        const next = node();
        open.at(-1)?.children.push(next);
        open.push(next);
        break;
      }
      open.pop();
      if (!cursor.gotoParent() || open.length === 0) return { root, errorAt: hasError ? (errorAt ?? 0) : undefined };
    }
  }
}
