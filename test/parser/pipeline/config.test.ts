/** How settings, profiles and params of a config come together. Each case was put to real Nextflow 25.04. */
import { describe, expect, it } from 'vitest';
import type { DirectiveSetting } from '../../../src/parser/pipeline/pipeline.ts';
import { process, type ReadOptions, read } from '../graph/read.ts';

function cpusOf(...given: Parameters<typeof cpusSetting>): unknown {
  return cpusSetting(...given)?.value;
}

function cpusSetting(config: string, options: ReadOptions = {}, files: Record<string, string> = {}): DirectiveSetting | undefined {
  const graph = read({ 'main.nf': `${process('A')}workflow { A(channel.of(1)) }`, 'nextflow.config': config, ...files }, options);
  const [call] = graph.calls;
  return call === undefined ? undefined : graph.directivesOf(call).get('cpus');
}

describe('profiles', () => {
  const config = 'profiles {\n a { process.cpus = 2 }\n b { process.cpus = 5 }\n}';
  it('of the strict parser go by the command line', () => {
    expect(cpusOf(config, { profiles: ['b', 'a'], nextflowVersion: '26.04' })).toBe(2);
  });
  it('of the older parser go by the file', () => {
    expect(cpusOf(config, { profiles: ['b', 'a'], nextflowVersion: '25.04' })).toBe(5);
  });
  it('that are not declared end the run', () => {
    expect(() => cpusOf(config, { profiles: ['bb'] })).toThrow('the pipeline declares no such profile');
  });
});

describe('params', () => {
  it('of a params file are laid over maps of the config, entry by entry', () => {
    expect(cpusOf('params.opts = [a: [b: 0, c: 5]]\nprocess.cpus = params.opts.a.c', { fileParams: { opts: { a: { b: 1 } } } })).toBe(5);
  });
});

describe('params that the entry script sets', () => {
  it('are seen by closures of the config', () => {
    const script = `params.n = 6\n${process('A')}workflow { A(channel.of(1)) }`;
    expect(cpusOf('process.cpus = { params.n }', {}, { 'main.nf': script })).toBe(6);
  });
});

describe('a try around an include', () => {
  it('is left by the catch when there is no such file', () => {
    const config = "try { includeConfig 'nothere.config' } catch (Exception e) { process.cpus = 3 }";
    expect(cpusOf(config, { nextflowVersion: '25.04' })).toBe(3);
    const graph = read({ 'main.nf': process('A'), 'nextflow.config': config }, { nextflowVersion: '25.04' });
    expect(graph.pipeline.unresolvedIncludes).toEqual([]);
  });
});

describe('a setting with a dot in a block', () => {
  it('means the outer scope for the older parser, if that is there by then', () => {
    expect(cpusOf('process.cpus = 1\nparams {\n x = 1\n process.cpus = 4\n}', { nextflowVersion: '25.04' })).toBe(4);
    expect(cpusOf('process.cpus = 1\nparams {\n x = 1\n process.cpus = 4\n}', { nextflowVersion: '26.04' })).toBe(1);
  });
});

describe('the container engine', () => {
  it('is known to closures of the config', () => {
    expect(cpusOf("docker.enabled = true\nprocess.cpus = { workflow.containerEngine == 'docker' ? 7 : 1 }")).toBe(7);
  });
});

describe('what is no amount', () => {
  it.each([
    ['[t: 1]', '[t:1] is no number of cpus'],
    ["'many'", 'many is no number of cpus'],
    ['true', 'true is no number of cpus'],
  ])('%s is not known, and says why', (value, reason) => {
    expect(cpusSetting(`process.cpus = ${value}`)?.unknown).toBe(reason);
  });
});

describe('configs that include each other', () => {
  it('are each spoken of once', () => {
    const config = "includeConfig 'a.config'\nincludeConfig 'a.config'";
    const files = { 'main.nf': process('A'), 'nextflow.config': config, 'a.config': "includeConfig 'nextflow.config'" };
    expect(read(files).pipeline.notes.map(({ message }) => message)).toEqual([
      'nextflow.config includes itself; the second time it is not read',
    ]);
  });
});

describe('regular expressions', () => {
  it.each(['(a|.)', 'a?'])('%s in a row is not tried in all its ways: the answer is unknown', (part) => {
    expect(cpusOf(`process.cpus = '${'a'.repeat(45)}c' ==~ /${part.repeat(34)}b/ ? 1 : 2`)).toBeUndefined();
  });
});
