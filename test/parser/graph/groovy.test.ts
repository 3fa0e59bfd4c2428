/** Plain Groovy that decides which calls are made. Each case was put to real Nextflow 25.04. */
import { describe, expect, it } from 'vitest';
import { calls, process, read } from './read.ts';

const TWO = process('A') + process('B');
/** Which of A and B run when the workflow's body is this. */
function running(body: string, head = ''): string[] {
  return read(`${head}${TWO}workflow {\n${body}\n}`)
    .calls.filter((call) => call.active === true)
    .map((call) => call.id);
}

describe('plain Groovy decides', () => {
  it.each([
    [
      'what is not a number is caught',
      "def ok = true\n try { 'abc'.toInteger() } catch (Exception e) { ok = false }\n if (ok) { A(1) } else { B(1) }",
      ['B'],
    ],
    [
      'a method of null is caught',
      'def x = null\n def n = 0\n try { n = x.size() } catch (Exception e) { n = 7 }\n if (n == 7) { B(1) } else { A(1) }',
      ['B'],
    ],
    [
      'a function that answers null for what it cannot change',
      'def mode = modeOf(null)\n if (mode == null) { A(1) }\n B(1)',
      ['A', 'B'],
      'def modeOf(s) { try { return s.toUpperCase() } catch (Exception e) { return null } }\n',
    ],
    [
      'what a function throws leaves its caller where a try is around',
      'def n = 1\n try { n = half(3)\n n = 2 } catch (Exception e) { n = n + 4 }\n if (n == 5) { A(1) } else { B(1) }',
      ['A'],
      "def half(n) { if (n % 2) { throw new Exception('odd') }\n n / 2 }\n",
    ],
    [
      'a condition on a method of null is caught',
      'def text = null\n def n = 0\n try { n = text.length() > 3 ? 1 : 2 } catch (Exception e) { n = 3 }\n if (n == 3) { B(1) } else { A(1) }',
      ['B'],
    ],
    [
      'membership in a map is the truth of the entry',
      "def m = [trim: false, sort: true]\n if ('trim' in m) { A(1) }\n if ('sort' in m) { B(1) }",
      ['B'],
    ],
    ['decimals are exact', 'if (0.1 + 0.2 == 0.3) { A(1) }', ['A']],
    ['a process of this script', 'this.A(channel.of(1))\n def name = \'B\'\n this."$name"(A.out)', ['A', 'B']],
    ['with calls its closure now', 'A(1)\n A.out.with { B(it) }', ['A', 'B']],
    ['a pattern taken from a text', "if ('x.fq.gz' - ~/\\.gz$/ == 'x.fq') { A(1) }", ['A']],
    ['a limited split', "if ('a b c'.split(/\\s+/, 2)[1] == 'b c') { A(1) }", ['A']],
  ] as [string, string, string[], string?][])('%s', (_, body, expected, head) => {
    expect(running(body, head)).toEqual(expected);
  });
  it('enums', () => {
    expect(running("if (Mode.valueOf('FAST') == Mode.FAST && Mode.values().size() == 2) { A(1) }", 'enum Mode { FAST, SLOW }\n')).toEqual([
      'A',
    ]);
  });
});

describe('values made to be large', () => {
  it.each([
    ['lists that double', 'def s = [1]\n 30.times { s = s + s }\n A(1)'],
    ['lists added to themselves', 'def s = [1]\n 40.times { s.addAll(s) }\n A(1)'],
    ['lists in lists', 'def s = [1]\n 60.times { s = [s, s] }\n if (s.flatten().size() > 3) { A(1) }'],
    ['strings that double', 'def s = "x"\n 60.times { s = "${s}${s}" }\n A(s)'],
    ['joined lists', "def s = 'x'\n 40.times { s = [s, s].join(',') }\n A(s)"],
    ['lists compared', 'def s = [1]\n def t = [1]\n 60.times { s = [s, s]; t = [t, t] }\n if (s == t) { A(1) }'],
  ])('%s', (_, body) => {
    expect(calls(read(`${TWO}workflow {\n${body}\n}`)).length).toBe(1);
  });
  it('scripts that include each other in a long chain', () => {
    const files: Record<string, string> = {
      'main.nf': "include { A } from './m1'\nworkflow { A(channel.of(1)) }",
      'm3000.nf': process('A'),
    };
    for (let at = 1; at < 3000; at += 1) files[`m${at}.nf`] = `include { A } from './m${at + 1}'`;
    expect(
      read(files)
        .pipeline.notes.map((note) => note.message)
        .join(),
    ).toMatch(/deep/);
  });
});
