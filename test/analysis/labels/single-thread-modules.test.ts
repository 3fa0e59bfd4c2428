/** The labels themselves; what the rule makes of the modules is tested with the rule. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ToolSpec } from '../../../src/parser/shell/tool-spec.ts';

interface Label {
  readonly module: string;
  readonly processLabel: string;
  readonly tools: readonly string[];
  readonly verdict: string;
  readonly because: string;
  readonly source: string;
}

const read = (path: string) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
const labels: readonly Label[] = read('./single-thread-modules.json');
const specs: readonly ToolSpec[] = read('../../../catalogue/tools.json');
const specOf = (name: string) => specs.find(({ tool, subcommand }) => name === (subcommand === undefined ? tool : `${tool} ${subcommand}`));

describe('modules labelled by hand', () => {
  it('are a hundred, each once, each with a verdict and where it comes from', () => {
    expect(labels).toHaveLength(100);
    expect(new Set(labels.map(({ module }) => module)).size).toBe(100);
    for (const label of labels) {
      expect(label.processLabel).toMatch(/^process_(low|medium|high)$/);
      expect(label.verdict).toMatch(/^(reserved-not-used|uses-by-default|passed|passed-by-config|unclear)$/);
      expect(label.because.length).toBeGreaterThan(10);
      expect(label.source.length).toBeGreaterThan(5);
      expect(label.tools.length > 0 || label.verdict === 'unclear').toBe(true);
    }
  });

  it('agree with the catalogue', () => {
    const known = (name: string) => specOf(name)?.threads;
    const takesAll = labels.filter(
      ({ verdict, tools }) => verdict === 'reserved-not-used' && tools.some((name) => known(name)?.default === 'all'),
    );
    expect(takesAll.map(({ module }) => module)).toEqual([]);
    // A tool that is known to run one thread cannot be what takes the cpus; a pipe of several such tools can.
    const takesOne = labels.filter(
      ({ verdict, tools }) =>
        verdict === 'uses-by-default' &&
        tools.length === 1 &&
        known(tools[0] ?? '')?.flags.length === 0 &&
        known(tools[0] ?? '')?.by === undefined,
    );
    expect(takesOne.map(({ module }) => module)).toEqual([]);
  });
});
