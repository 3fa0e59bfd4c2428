/**
 * The one door to tree-sitter. What runs its grammars is loaded once, and asynchronously; a grammar when there is a text to read in it, and
 * then reading is synchronous. A tree is copied to plain objects at once, so that nothing of the wasm memory outlives the call.
 */
import { Language, Parser } from 'web-tree-sitter';
import { compileShellGrammar, type GrammarName, grammarModule, instantiate } from './wasm.ts';

/** A node of the tree: offsets are UTF-16 offsets in the text that was parsed. Words and operators are nodes too (`named` false for the latter). */
export interface SyntaxNode {
  readonly type: string;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly children: readonly SyntaxNode[];
  /** What it is to the node that it is in, where the grammar has a word for that; only of grammars that are asked for it. */
  readonly field?: string;
}

export interface SyntaxTree {
  readonly root: SyntaxNode;
  /** Where the text is none that the grammar knows: the start of the first such place. */
  readonly errorAt: number | undefined;
}

/** Why there is no tree: the text is too long, too deep, or takes too much work. */
export interface NoTree {
  readonly root: undefined;
  readonly reason: string;
}

export interface Grammar {
  parse(text: string): SyntaxTree | NoTree;
}

const DEEPEST = 400;
/** Nodes of one tree. */
const MOST_NODES = 400_000;
/** Calls of the parser's progress callback (one for about 30 units of common text) for each 1,000 units of text, and for any text. */
const EFFORT_PER_THOUSAND = 400;
const EFFORT = 2_000;

const loaded = new Map<GrammarName, Grammar>();

/** What runs the grammars, and that of the shell, which is always needed. */
export async function loadShellGrammar(): Promise<Grammar> {
  const { runtime, language } = await compileShellGrammar();
  await Parser.init({
    instantiateWasm(imports: object, done: (instance: object, module: object) => void) {
      done(instantiate(runtime, imports), runtime);
      return {};
    },
  });
  const grammar = grammarOf(Language.loadSync(language), false);
  loaded.set('bash', grammar);
  return grammar;
}

/** Another one, when there is something to read in it; undefined where nothing was loaded before. Its nodes have fields. */
export function grammar(name: Exclude<GrammarName, 'bash'>): Grammar | undefined {
  let known = loaded.get(name);
  if (known === undefined && loaded.size > 0) {
    known = grammarOf(Language.loadSync(grammarModule(name)), true);
    loaded.set(name, known);
  }
  return known;
}

function grammarOf(language: Language, withFields: boolean): Grammar {
  const parser = new Parser();
  parser.setLanguage(language);
  return { parse: (text) => parse(parser, language, text, withFields) };
}

function parse(parser: Parser, language: Language, text: string, withFields: boolean): SyntaxTree | NoTree {
  // Grammars count in another unit beyond ASCII: a stand-in for each unit keeps the offsets ours. No letter beyond ASCII is syntax.
  const ascii = text.replace(/[^\0-\x7f]/g, '_').replaceAll('\0', '_');
  let effort = EFFORT + (ascii.length / 1000) * EFFORT_PER_THOUSAND;
  const tree = parser.parse(ascii, null, { progressCallback: () => (effort -= 1) < 0 });
  if (tree === null) {
    parser.reset();
    return { root: undefined, reason: 'the script takes too much work to parse' };
  }
  try {
    const cursor = tree.walk();
    try {
      return copy(cursor, language, tree.rootNode.hasError, withFields);
    } finally {
      cursor.delete();
    }
  } finally {
    tree.delete();
  }
}

type Cursor = ReturnType<NonNullable<ReturnType<Parser['parse']>>['walk']>;

function copy(cursor: Cursor, { types, fields }: Language, hasError: boolean, withFields: boolean): SyntaxTree | NoTree {
  interface Growing extends SyntaxNode {
    readonly children: Growing[];
  }
  let count = 0;
  let errorAt: number | undefined;
  const isNamed: (boolean | undefined)[] = [];
  const node = (): Growing => {
    count += 1;
    const { nodeTypeId, startIndex: start, endIndex: end } = cursor;
    const type = types[nodeTypeId] ?? 'ERROR';
    const named = (isNamed[nodeTypeId] ??= cursor.nodeIsNamed);
    if (hasError && errorAt === undefined && (type === 'ERROR' || cursor.nodeIsMissing)) errorAt = start;
    const field = withFields ? fields[cursor.currentFieldId] : null;
    return field ? { type, named, start, end, children: [], field } : { type, named, start, end, children: [] };
  };
  const root = node();
  const open: Growing[] = [root];
  for (;;) {
    if (count > MOST_NODES) return { root: undefined, reason: 'the script takes too much work to parse' };
    if (cursor.gotoFirstChild()) {
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
