import type { TextRange } from '../../source/source-file.ts';
import { type Tokens, tokenStart } from './lexer.ts';
import * as K from './token-kinds.ts';

export interface Comment extends TextRange {
  /** `// …` or a block; a comment that is never closed reaches to the end of the text and is no comment here. */
  readonly style: 'line' | 'block';
  /** Whether nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

/** The comments of a file, in order. */
export function* comments(tokens: Tokens): Generator<Comment> {
  let ownLine = true;
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kinds[index];
    if (kind === K.LINE_COMMENT || kind === K.BLOCK_COMMENT) {
      const style = kind === K.LINE_COMMENT ? 'line' : 'block';
      yield { start: tokenStart(tokens, index), end: tokens.ends[index]!, style, ownLine };
    } else if (kind === K.NEWLINE) ownLine = true;
    else if (kind !== K.BLANK) ownLine = false;
  }
}
