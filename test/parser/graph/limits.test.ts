/** Pipelines made to be too much: bounded, and said. */
import { describe, expect, it } from 'vitest';
import { cpuMs } from '../../cpu.ts';
import { calls, process, read } from './read.ts';

describe('too much is cut short, and said', () => {
  it('workflows that double at each level', () => {
    let script = process('LEAF');
    for (let level = 0; level < 30; level += 1) {
      const inner = level === 0 ? 'LEAF' : `LEVEL_${level - 1}`;
      script += `workflow LEVEL_${level} {\n  take: x\n  main:\n  ${inner}(x)\n  ${inner}(x)\n}\n`;
    }
    const graph = read(`${script}workflow { LEVEL_29(channel.of(1)) }`);
    expect(graph.notes.map((note) => note.message).join()).toMatch(/subworkflows are expanded|deep/);
  });
  it('a workflow that calls itself', () => {
    const graph = read(
      `${process('STEP')}workflow ROUND {\n take: x\n main:\n STEP(x)\n ROUND(STEP.out)\n}\nworkflow { ROUND(channel.of(1)) }`,
    );
    expect(graph.notes.map((note) => note.message).join()).toMatch(/30 deep/);
  });
  it('files that include each other', () => {
    const graph = read({
      'main.nf': "include { B } from './b'\nworkflow A { B(channel.of(1)) }\nworkflow { A() }",
      'b.nf': `include { A } from './main'\n${process('B')}`,
    });
    expect(calls(graph)).toEqual(['A:B']);
  });
  it('a function that calls itself', () => {
    const graph = read(`def f(n) { f(n + 1) }\n${process('B')}workflow { if (f(0)) { B(channel.of(1)) } }`);
    expect(calls(graph)).toEqual(['B ?: f(0)']);
  });
  it('a function that may call itself, in two ways, for what nobody knows', () => {
    const graph = read(
      `def merge(into, from) { def last = null
 from.each { k, v -> last = v instanceof Map ? merge(into, v) : v
 if (v instanceof List) { last = merge(into, v) } else { last = v } }
 return last }
${process('B')}workflow { def all = [:]\n merge(all, new ConfigSlurper().parse(file('genomes.config').text))\n B(channel.of(1)) }`,
    );
    expect(calls(graph)).toEqual(['B']);
    expect(graph.notes).toEqual([]);
  });
  it('a loop without an end', () => {
    const graph = read(`${process('B')}workflow { def n = 0\n while (true) { n = n + 1 }\n B(channel.of(n)) }`);
    expect(calls(graph)).toEqual(['B']);
  });
  it('strings that grow', () => {
    const graph = read(`${process('B')}def s = 'x'\nfor (i in 1..200) { s = s + s }\nworkflow { B(channel.of(s)) }`);
    expect(calls(graph)).toEqual(['B']);
  });
  it('a pattern that backtracks for ever', () => {
    const graph = read(`${process('B')}workflow { if ('${'a'.repeat(40)}' ==~ /(a+)+b/) { B(channel.of(1)) } }`);
    expect(calls(graph)).toEqual([`B ?: '${'a'.repeat(40)}' ==~ /(a+)+b/`]);
  });
  it('calls in a loop without an end', () => {
    const graph = read(
      `${process('B')}workflow { def ch = channel.of(1)\n while (true) { for (i in 1..9) { ch = ch.mix(B.out)\n B(ch) } }\n B(ch) }`,
    );
    expect(calls(graph)).toEqual(['B']);
    expect(graph.calls[0]?.sites.length).toBeLessThanOrEqual(1000);
    expect(graph.notes.map((note) => note.message).join()).toMatch(/rounds/);
  });
  it('a config that sets one thing again and again', () => {
    const started = cpuMs();
    read({ 'main.nf': process('B'), 'nextflow.config': 'while (true) { process.cpus = 2\n process.cpus = 3 }' });
    // what each setting overrode was copied to the next: 20 s and 2 GB
    expect(cpuMs() - started).toBeLessThan(6000);
  });
});

it('an input of the 25.10 preview is one input', () => {
  const graph = read({
    'main.nf': `nextflow.preview.types = true
process A { output: x: Path = file('x')
 script: 'a' }
process B { input: (id, reads): Tuple<String, Path>
 script: 'b' }
workflow { B(A()) }`,
  });
  expect(graph.problems).toEqual([]);
  expect(graph.edges.map(({ from, to }) => ['id' in from && from.id, to.id])).toEqual([['A', 'B']]);
});
