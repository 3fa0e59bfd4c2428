/** Programs made to break a reader: nothing throws, and nothing takes long. */
import { expect, test } from 'vitest';
import { type ProgramLanguage, readProgram, withHoles } from '../../../src/parser/programs/read-program.ts';
import { loadShell } from '../../../src/run.ts';

await loadShell();

const many = (text: string, times: number): string => text.repeat(times);
const lines = (times: number, line: (at: number) => string): string => Array.from({ length: times }, (_, at) => line(at)).join('\n');

const CASES: readonly [what: string, language: ProgramLanguage, code: string][] = [
  ['parentheses', 'python', many('(', 40_000)],
  ['brackets that close', 'python', `${many('[', 5_000)}${many(']', 5_000)}`],
  ['lambdas in lambdas', 'python', `f = ${many('lambda x: ', 3_000)}1`],
  ['texts in texts', 'python', `x = ${many('f"{', 2_000)}`],
  ['a text that doubles', 'python', `a = 'x'\n${lines(3_000, () => 'a = a + a')}\nopen(a)`],
  ['lists in lists', 'python', `a = []\n${lines(2_000, () => 'a = [a, a]')}\nfor x in a: open(x)`],
  [
    'functions that call each other',
    'python',
    lines(1_500, (at) => `def f${at}(x): return f${(at * 7 + 1) % 1500}(x) + f${(at * 3 + 2) % 1500}(x + 'a')`),
  ],
  ['a long chain of functions', 'python', `${lines(1_500, (at) => `def f${at}(x): return f${at + 1}(x)`)}\ndef f1500(x): open(x)\nf0('a')`],
  ['many classes', 'python', lines(1_000, (at) => `class C${at}(C${at + 1}):\n  def m(self): return self.m().m().m()`)],
  ['a class above itself', 'python', 'class A(A):\n  def f(self, x): return super().f(self)\nA().f(1)'],
  ['a list in itself', 'python', 'a = []\na.append(a)\nopen(a[0][0][0])\nfor x in a: open(x)'],
  [
    'many names',
    'python',
    `import sys\n${lines(3_000, (at) => `x${at} = sys.argv[${at}] + str(${at})`)}\n${lines(1_000, (at) => `open(x${at})`)}`,
  ],
  ['one name of many', 'python', `import sys\n${lines(3_000, (at) => `x = 'a${at}'`)}\nopen(x + x + x + x)`],
  ['a module that imports itself', 'python', 'from again import *\nimport again\nagain.x(again)'],
  ['not text', 'python', many('\0\x01\xff\u2028', 2_000)],
  ['beyond ASCII', 'python', `x = '${many('é𝄞 ', 3_000)}'\nopen(x)`],
  ['a long program', 'python', `import sys\n${many('print(pysam.AlignmentFile(\n', 200_000)}`],
  ['holes', 'python', many('open("${', 10_000)],
  ['a decorator of decorators', 'python', `${many('@f\n', 3_000)}def f(x): return x`],
  ['R: parentheses', 'r', many('(', 40_000)],
  ['R: a text that doubles', 'r', `a <- 'x'\n${lines(3_000, () => 'a <- paste0(a, a)')}\nread.csv(a)`],
  ['R: lists in lists', 'r', `a <- list()\n${lines(2_000, () => 'a <- list(a, a)')}\nread.csv(a[[1]])`],
  [
    'R: functions that call each other',
    'r',
    lines(1_500, (at) => `f${at} <- function(x) f${(at * 7 + 1) % 1500}(f${(at * 3 + 2) % 1500}(paste0(x, 'a')))`),
  ],
  ['R: pipes', 'r', `x ${many('|> f() ', 5_000)}`],
  ['R: functions in functions', 'r', `${many('function(x) ', 3_000)}1`],
];

test.each(CASES)('%s', (_, language, code) => {
  const before = performance.now();
  const reading = readProgram(withHoles(code, language), language, () => code);
  expect(reading.opaque !== undefined || reading.files.length >= 0).toBe(true);
  expect(performance.now() - before).toBeLessThan(5_000);
});
