// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the interpolation is Groovy's

import { describe, expect, test } from 'vitest';
import { parseExpressionAt } from '../../../src/parser/syntax/parser.ts';
import { SourceFile } from '../../../src/source/source-file.ts';
import { brokenLaw } from './laws.ts';
import { outline, read, show } from './outline.ts';
import { BROKEN, CLASSES, CONFIGS, DECLARATIONS, EXPRESSIONS, STATEMENTS, STRINGS } from './samples.ts';

describe('expressions', () => {
  test.each(EXPRESSIONS)('%j', (text, expected) => expect(outline(text)).toBe(expected));
});

describe('strings', () => {
  test.each(STRINGS)('%j', (text, expected) => expect(outline(text)).toBe(expected));
});

describe('statements', () => {
  test.each(STATEMENTS)('%j', (text, expected) => expect(outline(text)).toBe(expected));
});

describe('declarations of Nextflow', () => {
  test.each(DECLARATIONS)('%j', (text, expected) => expect(outline(text)).toBe(expected));
});

describe('classes', () => {
  test.each(CLASSES)('%j', (text, expected) => expect(outline(text, 'groovy')).toBe(expected));
});

describe('configs', () => {
  test.each(CONFIGS)('%j', (text, expected) => expect(outline(text, 'config')).toBe(expected));
});

describe('broken texts', () => {
  test.each(BROKEN)('%j', (text, expected) => expect(outline(text)).toBe(expected));

  test('say what was expected, and where', () => {
    const [first] = read('x = ALIGN(reads index)').diagnostics;
    expect(first).toMatchObject({ severity: 'error', code: 'unexpected-token', start: 16, end: 21 });
    expect(first?.message).toBe('expected `,` or `)`, found `index`');
  });

  test('that are no Nextflow at all are given up after a hundred errors', () => {
    const result = read('= =\n'.repeat(10_000));
    expect(result.diagnostics).toHaveLength(100);
    expect(result.tree.statements).toHaveLength(10_000);
  });
});

describe('whole files', () => {
  test('a shebang, a BOM and carriage returns', () => {
    expect(read('#!/usr/bin/env nextflow\n#! more\nx = 1').tree.shebang).toEqual({ start: 0, end: 23 });
    expect(outline('\uFEFFx = 1\r\ny = 2\rz = 3')).toBe('x = 1 ; y = 2 ; z = 3');
    expect(outline('')).toBe('');
  });

  test('only scripts have processes', () => {
    expect(outline('workflow { a }', 'script')).toBe('workflow - main: a');
    expect(outline('workflow { a }', 'config')).toBe('workflow({a})');
  });

  test('opaque nodes are counted', () => {
    expect(read('a = new A() { }\nb = "${c; d}"').opaqueCount).toBe(2);
  });
});

describe('parseExpressionAt', () => {
  const text = 'echo !{meta.id ?: "none"} ; sort !{bad bad bad';
  const file = new SourceFile('sort.sh', text);

  test('reads the expression in a part of a text', () => {
    const start = text.indexOf('{') + 1;
    const expression = parseExpressionAt(file, start, text.indexOf('}'));
    expect(show(expression)).toBe("(meta.id ?: 'none')");
    expect(text.slice(expression.start, expression.end)).toBe('meta.id ?: "none"');
  });

  test('never throws', () => {
    expect(parseExpressionAt(file, 5, 5).kind).toBe('IncompleteNode');
    expect(parseExpressionAt(file, 4, text.length).kind).toBe('IncompleteNode');
  });
});

describe('a declaration at the start of a line closes what is open around it, and reading goes on', () => {
  test('the string that it stands in', () => {
    expect(read('"${{}\nworkflow{}}"\nprocess A { "a" }').tree.statements.at(-1)?.kind).toBe('ProcessNode');
  });
  test('not behind a `\\`, where the line goes on', () => {
    expect(read(' {\\\nworkflow SEARCH {\\\n').diagnostics.length).toBeGreaterThan(0);
  });
});

test('of two conditions of a process the second holds, and their ranges do not span what is between', () => {
  const text = "process M {\n when: |\n output: path 'x'\n when: e\n t\n}";
  expect(brokenLaw(text, read(text))).toBeNull();
  expect(outline("process M {\n when:\n a\n output:\n path 'x'\n when:\n e\n script:\n 's'\n}")).toContain('e');
});
