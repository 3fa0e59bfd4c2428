/** Scripts made to break a reader: nothing throws, and nothing takes long. */
import { expect, test } from 'vitest';
import { read } from './scripts.ts';

const many = (text: string, times: number): string => text.repeat(times);

const CASES: readonly [what: string, script: string][] = [
  ['parentheses', many('(', 50_000)],
  ['substitutions', many('\\$(', 20_000)],
  ['arrays in arrays', many('x=(', 30_000)],
  ['arrays with comments', many('x=(a #)\n', 12_000)],
  ['quotes', many("'", 99_999)],
  ['braces', many('{ ', 30_000)],
  ['a long pipeline', `${many('a | ', 20_000)}b`],
  ['here-documents that never end', many('cat <<A <<B\n', 5_000)],
  ['a long script', many('sort a > b\n', 12_000)],
  ['ifs', many('if ', 30_000)],
  ['one long word', many('a', 150_000)],
  ['too long', many('sort a > b\n', 30_000)],
  ['variables of variables', `a=x\n${Array.from({ length: 2000 }, () => 'a="\\$a\\$a"').join('\n')}\necho \\$a`],
  ['functions that call each other', 'f() { g; g; }\ng() { f; f; }\nf'],
  ['many functions', `${Array.from({ length: 30 }, (_, at) => `f${at + 1}() { f${at}; f${at}; }`).join('\n')}\nf0() { sort a; }\nf30`],
  ['not text', many('\\0\\1\\377', 2000)],
  ['beyond ASCII', many('é𝄞 ', 3000)],
  ['our own stand-in', 'echo ZqHole0qZ ${x}'],
];

test.each(CASES)('%s', (_, script) => {
  const before = performance.now();
  const reading = read({ inputs: 'val x', script: `"""\n${script}\n"""` });
  expect(reading.inputs.length).toBe(1);
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('Groovy that doubles', () => {
  const lines = Array.from({ length: 60 }, (_, at) => `if (x.a${at}) { s = s + s + '-a${at}' }`).join('\n');
  const before = performance.now();
  read({ inputs: 'val x', script: `def s = 'a'\n${lines}\n"""\ntool $s\n"""` });
  expect(performance.now() - before).toBeLessThan(5_000);
});

test('a program of bin/ that calls itself', () => {
  const reading = read({ script: '"""\nloop.sh\n"""', files: { 'bin/loop.sh': '#!/bin/bash\nloop.sh; loop.sh; loop.sh; loop.sh\n' } });
  expect(reading.steps.length).toBe(1);
});
