import type { Node } from '../../../src/parser/syntax/nodes.ts';
import type { ParseResult } from '../../../src/parser/syntax/parser.ts';
import { childrenOf, walk } from '../../../src/parser/syntax/walk.ts';

/** Checks the laws that hold for any text; says what is broken, or null. */
export function brokenLaw(text: string, result: ParseResult): string | null {
  const { tokens, tree } = result;
  let end = 0;
  for (let index = 0; index < tokens.count; index++) {
    const next = tokens.ends[index]!;
    if (next <= end) return `token ${index} is empty`;
    end = next;
  }
  if (end !== text.length) return `tokens end at ${end} of ${text.length}`;
  let broken: string | null = null;
  let opaque = 0;
  walk(tree, (node) => {
    if (node.kind === 'OpaqueNode') opaque++;
    if (broken === null) broken = brokenRange(node);
  });
  if (broken !== null) return broken;
  // `when:` statements that are not kept may hold some, so there can be more of them than in the tree
  if (opaque > result.opaqueCount) return `${opaque} opaque nodes, ${result.opaqueCount} counted`;
  for (const one of result.diagnostics) {
    if (one.start < 0 || one.end < one.start || one.end > text.length) return `diagnostic ${one.code} at ${one.start}-${one.end}`;
  }
  return null;
}

function brokenRange(node: Node): string | null {
  if (node.start > node.end) return `${node.kind} from ${node.start} to ${node.end}`;
  let at = node.start;
  for (const child of childrenOf(node)) {
    if (child.start < at) return `${child.kind} at ${child.start} starts before ${at} in ${node.kind}`;
    if (child.end > node.end) return `${child.kind} ends at ${child.end}, ${node.kind} at ${node.end}`;
    at = child.end;
  }
  return null;
}
