/** What nf-mini says of data, waits and lineage, on pipelines small enough to be worked out by hand. */
import { describe, expect, it } from 'vitest';
import { process } from '../parser/graph/read.ts';
import { members } from './engine.ts';
import { run, type WorldRun } from './run.ts';
import type { World } from './world.ts';

const tuples = (name: string): string => process(name, 'tuple val(id), path(file)', `tuple val(id), path("\${id}.${name.toLowerCase()}")`);
const SAMPLES = "samples = channel.of(['s0', 'a.fq'], ['s1', 'b.fq'], ['s2', 'c.fq']).map { id, name -> [id, file(name)] }";
const runs = (script: string, world: World = {}): WorldRun[] =>
  Array.from({ length: 10 }, (_, seed) => run({ 'main.nf': script }, 'main.nf', world, seed));

/** `C of A B`: the calls of which an output is in a task, each as often as there are tasks. */
function told(result: WorldRun, call: string, what: 'data' | 'waits'): string[] {
  return result.tasks
    .filter((task) => task.call === call)
    .map((task) =>
      members(what === 'data' ? task.data : result.waits[task.index]!)
        .map((index) => result.tasks[index]!.call)
        .sort()
        .join(' '),
    );
}

describe('a run', () => {
  it('lets each sample go its own way', () => {
    for (const result of runs(`${tuples('TRIM')}${tuples('ALIGN')}\nworkflow {\n${SAMPLES}\nTRIM(samples)\nALIGN(TRIM.out)\n}`)) {
      expect(told(result, 'ALIGN', 'waits')).toEqual(['TRIM', 'TRIM', 'TRIM']);
      for (const task of result.tasks.filter(({ call }) => call === 'ALIGN')) {
        const [from] = members(task.data);
        expect(result.tasks[from!]!.lineage).toBe(task.lineage);
        expect(members(task.lineage)).toHaveLength(1);
      }
    }
  });

  it('hands on what is nearest as data, and waits for all before it', () => {
    const script = `${tuples('TRIM')}${tuples('ALIGN')}${process('REPORT', 'path files')}\nworkflow {\n${SAMPLES}\nTRIM(samples)\nALIGN(TRIM.out)\nREPORT(ALIGN.out.map { id, bam -> bam }.collect())\n}`;
    for (const result of runs(script)) {
      expect(told(result, 'REPORT', 'data')).toEqual(['ALIGN ALIGN ALIGN']);
      expect(told(result, 'REPORT', 'waits')).toEqual(['ALIGN ALIGN ALIGN TRIM TRIM TRIM']);
    }
  });

  it('waits for the end of what was filtered away', () => {
    const script = `${tuples('TRIM')}${process('REPORT', 'val ids', 'val ids')}\nworkflow {\n${SAMPLES}\nTRIM(samples)\nREPORT(TRIM.out.filter { id, file -> id == 's1' }.map { id, file -> id }.collect())\n}`;
    for (const result of runs(script)) {
      expect(told(result, 'REPORT', 'data')).toEqual(['TRIM']);
      expect(told(result, 'REPORT', 'waits')).toEqual(['TRIM TRIM TRIM']);
    }
  });

  it('emits a sized group when it is full, an unsized one at the end', () => {
    const script = (key: string): string =>
      `${tuples('ALIGN')}${process('MERGE', 'tuple val(id), path(files)')}\nworkflow {\nlanes = channel.of(['s0', 'a'], ['s0', 'b'], ['s1', 'c'], ['s1', 'd']).map { id, name -> [id, file(name)] }\nALIGN(lanes)\nMERGE(ALIGN.out.map { id, bam -> [${key}, bam] }.groupTuple())\n}`;
    for (const result of runs(script('groupKey(id, 2)'))) expect(told(result, 'MERGE', 'waits')).toEqual(['ALIGN ALIGN', 'ALIGN ALIGN']);
    for (const result of runs(script('id'))) expect(told(result, 'MERGE', 'waits')).toEqual(Array(2).fill('ALIGN ALIGN ALIGN ALIGN'));
  });

  it('is the same for the same seed, and in the end for any', () => {
    const script = `${tuples('TRIM')}${process('REPORT', 'path files')}\nworkflow {\n${SAMPLES}\nTRIM(samples)\nREPORT(TRIM.out.map { id, file -> file }.collect())\n}`;
    const order = ({ tasks }: WorldRun): string => tasks.map(({ call, term }) => `${call}${term}`).join();
    const all = runs(script);
    expect(runs(script).map(order)).toEqual(all.map(order));
    // Terms are of what was given, not of when.
    const terms = ({ tasks }: WorldRun): string[] => tasks.map(({ term }) => term).sort();
    expect(new Set(all.map((one) => terms(one).join())).size).toBe(1);
    expect(new Set(terms(all[0]!)).size).toBe(4);
  });

  it('gives twins the same term and different files', () => {
    const script = `${tuples('TRIM')}${process('REPORT', 'path file')}\nworkflow {\ntwins = channel.of('a', 'a').map { id -> [id, file('x.fq')] }\nTRIM(twins)\nREPORT(TRIM.out.map { id, file -> file }.unique())\n}`;
    for (const { tasks, counts } of runs(script)) {
      expect(new Set(tasks.filter(({ call }) => call === 'TRIM').map(({ term }) => term)).size).toBe(1);
      expect(counts.get('REPORT')).toBe(2);
    }
  });
});
