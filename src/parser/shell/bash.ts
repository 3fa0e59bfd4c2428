/** Bash by tree-sitter's grammar: what is too long or tangled for it is not read. */
import { type Grammar, loadShellGrammar, type NoTree, type SyntaxNode, type SyntaxTree } from '../grammar/grammar.ts';

export type BashNode = SyntaxNode;
export type BashTree = SyntaxTree;

export interface BashParser {
  /** Why there is no tree: it is too long, too deep, or takes too much work. */
  parse(text: string): BashTree | NoTree;
}

/** UTF-16 units; the longest of 3,785 scripts measured (algorithms.md B2) has 30,000. */
const LONGEST = 200_000;
/** Arrays, and parentheses open at one time: the grammar looks ahead through the rest of the text for each (70 s for 30,000). */
const MOST_ARRAYS = 2_000;
const MOST_OPEN = 300;

let loading: Promise<BashParser> | undefined;

export function loadBash(): Promise<BashParser> {
  loading ??= loadShellGrammar().then((bash) => ({ parse: (text) => parse(bash, text) }));
  return loading;
}

function parse(bash: Grammar, text: string): BashTree | NoTree {
  if (text.length > LONGEST) return { root: undefined, reason: `the script is longer than ${LONGEST / 1000} kB` };
  if (isTangled(text)) return { root: undefined, reason: 'the script is nested too deeply' };
  const first = bash.parse(text);
  if (first.root === undefined || first.errorAt === undefined) return first;
  // A `$` that begins no expansion, as in `s/x$//`, is more than the grammar takes in places: it is only text.
  const plain = text.replace(/\$(?=[/\s)|`])/g, '_');
  const second = plain === text ? first : bash.parse(plain);
  return second.root === undefined || second.errorAt !== undefined ? first : second;
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
