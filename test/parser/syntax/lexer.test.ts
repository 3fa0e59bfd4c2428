// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the interpolation is Groovy's

import { expect, test } from 'vitest';
import { comments } from '../../../src/parser/syntax/comments.ts';
import { tokenize, tokenStart } from '../../../src/parser/syntax/lexer.ts';
import * as K from '../../../src/parser/syntax/token-kinds.ts';

const KIND_NAMES = new Map(
  Object.entries(K).flatMap(([name, kind]) => (typeof kind === 'number' && name !== 'LAST_TRIVIA' ? [[kind, name]] : [])),
);

/** The tokens that are no blanks, one a line. */
function listing(text: string): string[] {
  const tokens = tokenize(text);
  const lines: string[] = [];
  for (let index = 0; index < tokens.count; index++) {
    const kind = tokens.kinds[index]!;
    if (kind === K.BLANK) continue;
    lines.push(`${KIND_NAMES.get(kind)} ${JSON.stringify(text.slice(tokenStart(tokens, index), tokens.ends[index]))}`);
  }
  return lines;
}

test('an interpolated string is several tokens', () => {
  expect(listing('"a $b.c ${ { "}" } }d"')).toEqual([
    'STRING_BEGIN "\\""',
    'STRING_TEXT "a "',
    'STRING_PATH "$b.c"',
    'STRING_TEXT " "',
    'INTERPOLATION_BEGIN "${"',
    'LEFT_BRACE "{"',
    'STRING "\\"}\\""',
    'RIGHT_BRACE "}"',
    'INTERPOLATION_END "}"',
    'STRING_TEXT "d"',
    'STRING_END "\\""',
  ]);
});

test('what is no token is one all the same', () => {
  expect(listing('a \0\u0001 # "b')).toEqual(['NAME "a"', 'INVALID "\\u0000\\u0001"', 'INVALID "#"', 'UNTERMINATED_STRING "\\"b"']);
  expect(listing("'a\nb")).toEqual(['UNTERMINATED_STRING "\'a"', 'NEWLINE "\\n"', 'NAME "b"']);
  expect(listing('/* a')).toEqual(['UNTERMINATED_COMMENT "/* a"']);
});

test('numbers end before a unit', () => {
  expect(listing('8.GB 1..3 1.5e3f + .5 2d')).toEqual([
    'NUMBER "8"',
    'DOT "."',
    'NAME "GB"',
    'NUMBER "1"',
    'RANGE ".."',
    'NUMBER "3"',
    'NUMBER "1.5e3f"',
    'PLUS "+"',
    'NUMBER ".5"',
    'NUMBER "2d"',
  ]);
});

test('words behind a dot are names', () => {
  expect(listing('a.in in')).toEqual(['NAME "a"', 'DOT "."', 'NAME "in"', 'IN "in"']);
});

test('letters beyond ASCII', () => {
  expect(listing('größe = "é"')).toEqual(['NAME "größe"', 'ASSIGN "="', 'STRING "\\"é\\""']);
  expect(listing('\u{1F9EC}')).toEqual(['INVALID "\u{1F9EC}"']);
});

test('comments', () => {
  const text = '// first\nx = 1 // pipeopt: ignore\n  /* own */ y\n"// no"';
  const found = [...comments(tokenize(text))].map((one) => [text.slice(one.start, one.end), one.style, one.ownLine]);
  expect(found).toEqual([
    ['// first', 'line', true],
    ['// pipeopt: ignore', 'line', false],
    ['/* own */', 'block', true],
  ]);
});
