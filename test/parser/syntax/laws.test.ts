// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the interpolation is Groovy's

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tokenize } from '../../../src/parser/syntax/lexer.ts';
import { type FileKind, parse, parseExpressionAt } from '../../../src/parser/syntax/parser.ts';
import { childrenOf, walk } from '../../../src/parser/syntax/walk.ts';
import { SourceFile } from '../../../src/source/source-file.ts';
import { cpuMs } from '../../cpu.ts';
import { brokenLaw } from './laws.ts';
import { read } from './outline.ts';
import { BROKEN, CLASSES, CONFIGS, DECLARATIONS, EXPRESSIONS, STATEMENTS, STRINGS } from './samples.ts';

const FIXTURES = new URL('../../../fixtures', import.meta.url).pathname;

function kindOf(path: string): FileKind {
  return path.endsWith('.nf') ? 'script' : path.endsWith('.config') ? 'config' : 'groovy';
}

const fixtures = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(nf|config|groovy)$/.test(path))
  .map((path): [string, string, FileKind] => [path, readFileSync(join(FIXTURES, path), 'utf8'), kindOf(path)]);

const samples = [...EXPRESSIONS, ...STRINGS, ...STATEMENTS, ...DECLARATIONS, ...CLASSES, ...CONFIGS, ...BROKEN].map(([text]) => text);

function check(text: string, kind: FileKind): void {
  const broken = brokenLaw(text, parse(new SourceFile('sample', text), kind));
  if (broken !== null) expect.fail(`${broken}, in ${JSON.stringify(text.length > 400 ? `…${text.slice(-400)}` : text)}`);
}

/** Checks the text up to each of its tokens, or up to so many of them. */
function cut(text: string, kind: FileKind, times = Number.POSITIVE_INFINITY): void {
  const tokens = tokenize(text);
  const step = Math.max(1, Math.floor(tokens.count / times));
  for (let index = 0; index < tokens.count; index += step) check(text.slice(0, tokens.ends[index]), kind);
}

describe('tokens tile the text, ranges nest and are ordered, nothing throws', () => {
  test('for every sample, as every kind of file, cut at every token', () => {
    for (const text of samples) for (const kind of ['script', 'config', 'groovy'] as const) cut(text, kind);
  });

  test('for every sample without each one of its tokens', () => {
    for (const text of samples) {
      const tokens = tokenize(text);
      let start = 0;
      for (let index = 0; index < tokens.count; index++) {
        const end = tokens.ends[index]!;
        check(text.slice(0, start) + text.slice(end), 'script');
        start = end;
      }
    }
  });

  test('for all samples in one file', () => {
    check(samples.join('\n'), 'script');
    cut(samples.slice(0, 40).join('\n'), 'script');
  });

  test('for every fixture, cut at a hundred tokens', () => {
    for (const [, text, kind] of fixtures) {
      check(text, kind);
      cut(text, kind, 100);
    }
  });

  test('for expressions in parts of a text', () => {
    for (const text of samples) {
      const file = new SourceFile('sample', text);
      for (let at = 0; at <= text.length; at += 7) {
        const expression = parseExpressionAt(file, at, text.length);
        expect(expression.start).toBeGreaterThanOrEqual(at);
        expect(expression.end).toBeLessThanOrEqual(text.length);
      }
    }
  });
});

const TIMES = 10_000;

// every construct that nests or repeats, ten thousand times
const DEEP: readonly (readonly [name: string, text: string])[] = [
  ['parentheses', `${'('.repeat(TIMES)}x${')'.repeat(TIMES)}`],
  ['open parentheses', '('.repeat(TIMES)],
  ['open calls on lines', 'f(\n'.repeat(TIMES)],
  ['lists', '['.repeat(TIMES) + ']'.repeat(TIMES)],
  ['maps', `${'[a: '.repeat(TIMES)}1${']'.repeat(TIMES)}`],
  ['blocks', '{'.repeat(TIMES) + '}'.repeat(TIMES)],
  ['closing brackets', ')]}'.repeat(TIMES)],
  ['closures', `x = ${'{ a -> '.repeat(TIMES)}${'}'.repeat(TIMES)}`],
  ['interpolations', '"${'.repeat(TIMES) + '}"'.repeat(TIMES)],
  ['open interpolations', '"${'.repeat(TIMES)],
  ['calls in a chain', `a${'.b()'.repeat(TIMES)}`],
  ['calls of calls', `f${'()'.repeat(TIMES)}`],
  ['additions', `a${' + a'.repeat(TIMES)}`],
  ['powers', `a${' ** -a'.repeat(TIMES)}`],
  ['ternaries', `${'a ? b : '.repeat(TIMES)}c`],
  ['ternaries in the middle', `${'a ? '.repeat(TIMES)}b${' : c'.repeat(TIMES)}`],
  ['assignments', `${'a = '.repeat(TIMES)}b`],
  ['signs', `${'!'.repeat(TIMES)}a`],
  ['casts', `${'(int) '.repeat(TIMES)}a`],
  ['else ifs', `${'if (a) b else '.repeat(TIMES)}c`],
  ['ifs', `${'if (a) '.repeat(TIMES)}b`],
  ['labels', `${'a: '.repeat(TIMES)}b`],
  ['lambdas', `${'x -> '.repeat(TIMES)}y`],
  ['links of a command', 'a '.repeat(TIMES)],
  ['type arguments', 'A<'.repeat(TIMES)],
  ['indexes', 'a[a'.repeat(TIMES) + ']'.repeat(TIMES)],
  ['classes', 'class A { '.repeat(TIMES) + '}'.repeat(TIMES)],
  ['switches', 'switch (a) { case 1: '.repeat(TIMES) + '}'.repeat(TIMES)],
  ['tries', 'try { '.repeat(TIMES) + '} catch (e) { }'.repeat(TIMES)],
  ['open processes', 'process A {\n'.repeat(TIMES)],
  ['slashes', '= /\n'.repeat(TIMES)],
  ['quotes', '"a\n'.repeat(TIMES)],
  ['annotations', '@A '.repeat(TIMES)],
  ['null characters', '\0 '.repeat(TIMES)],
];

describe('depth is bounded and time is linear', () => {
  test.each(DEEP)('%s', (_, text) => {
    const started = cpuMs();
    check(text, 'script');
    // quadratic time would be far beyond; linear time takes some 20 ms
    expect(cpuMs() - started).toBeLessThan(6000);
  });

  test('what nests too deep is said', () => {
    const { diagnostics, opaqueCount } = read(`${'('.repeat(TIMES)}x${')'.repeat(TIMES)}`);
    expect(diagnostics.map((one) => one.code)).toEqual(['too-deeply-nested']);
    expect(opaqueCount).toBe(1);
  });

  test('a line of 20 MB', () => {
    const started = cpuMs();
    const { diagnostics } = read(`x = a${' + b'.repeat(5_000_000)}`);
    expect(diagnostics).toEqual([]);
    expect(cpuMs() - started).toBeLessThan(40_000);
  });
});

test('walk sees every node once, parents first', () => {
  const { tree } = read(samples.join('\n'));
  const seen = new Set<unknown>();
  walk(tree, (node) => {
    expect(seen.has(node)).toBe(false);
    seen.add(node);
    for (const child of childrenOf(node)) expect(seen.has(child)).toBe(false);
  });
  // whatever has a kind and is reached by following properties is a node, but for the parts of strings
  const open: unknown[] = [tree];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    if ('kind' in next && next.kind !== 'GStringText' && next.kind !== 'GStringValue' && next.kind !== 'SpreadExpression') {
      expect(seen.has(next)).toBe(true);
    }
    open.push(...Object.values(next));
  }
});

test('walk leaves out what is below a node when told so', () => {
  const kinds: string[] = [];
  walk(read('a { b }').tree, (node) => {
    kinds.push(node.kind);
    return node.kind !== 'MethodCallExpression';
  });
  expect(kinds).toEqual(['ScriptNode', 'ExpressionStatement', 'MethodCallExpression']);
});
