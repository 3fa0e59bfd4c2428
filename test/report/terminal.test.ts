import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/report/layout.ts';
import type { ReportCall } from '../../src/report/report.ts';
import { renderRuleList, renderRulePage, renderText, type TextOptions } from '../../src/report/terminal.ts';
import { documentOf, exome, hostile, library, unsetExome, variantCalling } from './samples.ts';

const plain = (width: number, more: Partial<TextOptions> = {}): TextOptions => ({
  width,
  color: false,
  unicode: true,
  verbose: false,
  ...more,
});

describe('the page', () => {
  for (const [name, report] of Object.entries({ exome, 'variant-calling': variantCalling })) {
    for (const width of [80, 200]) {
      test(`${name} at ${width} columns`, async () => {
        await expect(renderText(documentOf(report), plain(width))).toMatchFileSnapshot(`expected/${name}-${width}.txt`);
      });
    }
  }
  test('exome in full', async () => {
    await expect(renderText(documentOf(exome), plain(80, { verbose: true }))).toMatchFileSnapshot('expected/exome-80-verbose.txt');
  });
  test('exome in ASCII', async () => {
    const text = renderText(documentOf(exome), plain(80, { unicode: false }));
    expect(text).toMatch(/^[\n\u0020-\u007e]*$/);
    await expect(text).toMatchFileSnapshot('expected/exome-80-ascii.txt');
  });
  test('a library of modules, which has no calls', async () => {
    await expect(renderText(documentOf(library), plain(80))).toMatchFileSnapshot('expected/library-80.txt');
  });
  test('several pipelines end with a line for all', () => {
    const text = renderText(documentOf(exome, variantCalling), plain(80));
    expect(text).toContain('  2 pipelines. 14 findings: 1 error, 12 warnings, 1 info; 1 suppressed.\n');
  });
  test('findings only', () => {
    const text = renderText(documentOf(exome), plain(80, { findingsOnly: true }));
    expect(text.trimStart()).toMatch(/^warning\[unsized-group-tuple\]/);
    expect(text).not.toContain('What the calls ask for');
    expect(text).toContain('3 findings: 2 warnings, 1 info; 1 suppressed.');
  });
  test('calls that ask for nothing, have no executor and no containers are said once', () => {
    const text = renderText(documentOf(unsetExome), plain(100));
    expect(text).toContain('nothing asked for');
    expect(text).toContain('none is set: every task runs on the machine that Nextflow runs on');
    expect(text).toContain('no call names one');
  });
});

describe('at every width', () => {
  const widths = [32, 40, 57, 72, 79, 80, 81, 100, 120, 129, 130, 131, 160, 200, 320];
  for (const [name, report] of Object.entries({ exome, variantCalling, hostile, library })) {
    test(`${name}: no line is too wide or ends in blanks`, () => {
      for (const width of widths) {
        for (const unicode of [true, false]) {
          for (const verbose of [true, false]) {
            const lines = renderText(documentOf(report), plain(width, { unicode, verbose })).split('\n');
            expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
            expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
          }
        }
      }
    });
  }
  test('every finding is told or counted', () => {
    const text = renderText(documentOf(variantCalling), plain(80));
    expect(text.match(/warning\[unsized-group-tuple\]/g)).toHaveLength(1);
    expect(text).toContain('and 9 more unsized-group-tuple (-v):');
    expect(renderText(documentOf(variantCalling), plain(80, { verbose: true })).match(/warning\[unsized-group-tuple\]/g)).toHaveLength(10);
  });
  test('every call is told with -v', () => {
    const text = renderText(documentOf(variantCalling), plain(200, { verbose: true }));
    for (const { id, active } of variantCalling.graph.calls)
      if (active !== false) expect(text).toContain(id.slice(id.lastIndexOf(':') + 1));
  });
});

describe('what is said where', () => {
  const [first] = variantCalling.graph.calls;
  const calls = (guards: readonly (string | undefined)[], active: (guard: string | undefined) => boolean) =>
    guards.map((guard, index) => ({
      ...first!,
      id: `W${index % 3}:P${index}`,
      active: active(guard),
      ...(guard === undefined ? { guard: '' } : { guard }),
    }));
  const withCalls = (all: readonly ReportCall[]) => ({ ...exome, graph: { ...exome.graph, calls: all, edges: [] } });

  test('nothing runs: said at the top, with what most calls wait for', () => {
    const guards = [...Array<string>(3).fill("params.kind == 'a' && !params.skip"), "!(params.kind == 'a') && params.kind == 'b'"];
    const text = renderText(documentOf(withCalls(calls(guards, () => false))), plain(120));
    expect(text).toContain('none of the 4 calls runs');
    expect(text).toContain('Nothing runs under these params. Give those of a run with --params-file FILE or --param NAME=VALUE.');
    expect(text).toContain("What most calls wait for: params.kind == 'a' (3 calls) and params.kind == 'b' (1 call).");
    expect(text.indexOf('Nothing runs')).toBeLessThan(text.indexOf('Off under these params'));
    expect(renderText(documentOf(withCalls(calls(['params.x'], () => false))), plain(80))).toContain('1 call, which is off');
  });
  test('off: a few conditions that decide, none said twice in one; in full with -v', () => {
    const tools = ['a', 'b', 'c', 'd', 'e'].flatMap((tool, index) =>
      Array<string>(6 - index).fill(`tools && tools && tools.split(',').contains('${tool}')`),
    );
    const all = withCalls(calls(['tools', ...tools], (guard) => guard === 'tools'));
    const off = renderText(documentOf(all), plain(120)).split('Off under these params: 20 calls\n')[1] ?? '';
    expect(off).toMatch(/^ {2}6 {2}tools\.split\(','\)\.contains\('a'\): /);
    expect(off).toContain('and 2 calls under other conditions (-v)');
    expect(off).not.toContain("contains('e')");
    const full = renderText(documentOf(all), plain(120, { verbose: true }));
    expect(full).toContain("2  tools && tools.split(',').contains('e'): ");
    expect(full).not.toContain('tools && tools && ');
  });
  test('remote configs and assumptions of one kind are gathered, each under its heading', () => {
    const url = 'https://raw.githubusercontent.com/nf-core/configs/master/pipeline/a-name.that.is.long.config';
    const note = (path: string, line: number) => ({
      message: `the remote config ${path} is not read: pipeopt never uses the network`,
      hint: 'download it and give the copy with -c FILE',
      location: { path: 'nextflow.config', line, column: 1 },
    });
    const report = {
      ...exome,
      coverage: { ...exome.coverage, unresolvedIncludes: [], notes: [note(url, 3), note(`${url}.b`, 4)] },
      assumptions: ['that it goes on: “No GTF” (main.nf:1)', 'that it goes on: “No FASTA” (main.nf:2)'],
    };
    expect(renderText(documentOf(report), plain(80))).toContain(`
  Left out
  - 2 remote configs are not read: pipeopt never uses the network
    https://raw.githubusercontent.com/nf-core/configs/master/pipeline/
    a-name.that.is.long.config (nextflow.config:3)
    https://raw.githubusercontent.com/nf-core/configs/master/pipeline/
    a-name.that.is.long.config.b (nextflow.config:4)
    → download it and give the copy with -c FILE

  Assumed
  - that it goes on:
    “No GTF” (main.nf:1)
    “No FASTA” (main.nf:2)
`);
  });
  test('a name that fits in a line is never broken, whatever stands before it', () => {
    const name = `A_${'LONG_NAME_OF_A_PROCESS_'.repeat(2)}END`;
    const setBy = `withName:${'ANOTHER_NAME_OF_A_PROCESS_'.repeat(2)}END`;
    const cpus = {
      value: 4,
      text: '4',
      setBy,
      source: { path: 'conf/a/folder/with/a/long/name/of/its/own/modules.config', line: 3 },
      overrode: [],
    };
    const report = withCalls([{ ...first!, id: name, active: true, directives: { cpus } }]);
    for (const width of [80, 130, 140, 200]) {
      const text = renderText(documentOf(report), plain(width));
      for (const token of [name, setBy, 'conf/a/folder/with/a/long/name/of/its/own/modules.config:3']) expect(text).toContain(token);
    }
  });
  test('other places of a finding: each once, four before the rest is folded', () => {
    const [finding] = exome.findings;
    const related = Array.from({ length: 14 }, (_, index) => ({
      message: 'X starts only then',
      location: { ...finding!.location, startLine: 100 + Math.floor(index / 2) },
    }));
    const report = { ...exome, findings: [{ ...finding!, related }] };
    const text = renderText(documentOf(report), plain(80));
    expect(text.match(/X starts only then/g)).toHaveLength(4);
    expect(text).toContain('and 3 more places (-v)');
    expect(renderText(documentOf(report), plain(80, { verbose: true })).match(/X starts only then/g)).toHaveLength(7);
  });
  test('requests: only the attempts that maxRetries allows; of a long selector the name that is meant', () => {
    const source = { path: 'base.config', line: 1 };
    const setBy = 'withName:STAR_GENOMEGENERATE|STAR_ALIGN|SALMON_INDEX';
    const memoryBytes = { byAttempt: [70, 128, 128].map((gb) => gb * 1024 ** 3), text: '{ … }', setBy, source, overrode: [] };
    const maxRetries = { value: 1, text: '1', setBy: 'process', source, overrode: [] };
    const call = { ...first!, id: 'A:STAR_ALIGN', active: true as const, directives: { memoryBytes, maxRetries } };
    const text = renderText(documentOf(withCalls([call])), plain(120));
    expect(text).toContain('memory 70 GB → 128 GB on retries');
    expect(text).toContain('withName:STAR_ALIGN base.config:1');
    const both = renderText(documentOf(withCalls([call, { ...call, id: 'A:SALMON_INDEX' }])), plain(120));
    expect(both).toContain('withName:STAR_GENOMEGENERATE|… base.config:1');
  });
});

describe('colour', () => {
  test('only adds escapes: the words are the same', () => {
    const coloured = renderText(documentOf(exome), plain(80, { color: true }));
    expect(coloured).toContain('\u001b[');
    expect(coloured.replace(/\u001b\[[\d;]*m/g, '')).toBe(renderText(documentOf(exome), plain(80)));
  });
  test('without it there is no escape', () => {
    expect(renderText(documentOf(exome), plain(80))).not.toContain('\u001b');
  });
});

describe('a hostile repository', () => {
  test('no control character, escape or bidirectional mark reaches the terminal', () => {
    const text = renderText(documentOf(hostile), plain(80, { verbose: true }));
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain('evil"<script>');
    expect(text).not.toContain('owned');
    // In a source line what was taken out leaves a mark, so that the carets stay right.
    expect(text).toContain('\ufffd');
  });
});

describe('rules', () => {
  const rule = {
    id: 'unsized-group-tuple',
    title: 'groupTuple without a size',
    severity: 'warning' as const,
    docs: '**What it finds**\n\nA `groupTuple` that is told no size, so that it\nwaits for its input to close.\n\n## How to fix\n\n- Pass `groupKey(id, n)`.\n- Or `size:`, where all groups are alike.\n\n```nextflow\nch.groupTuple(size: 4)\n```\n\n**References**\n\nSee [the operator](https://nextflow.io/docs).\n',
  };
  test('a page has headings, wrapped paragraphs, indented code', async () => {
    await expect(renderRulePage(rule, plain(80))).toMatchFileSnapshot('expected/rule-80.txt');
  });
  test('the list is sorted', () => {
    const text = renderRuleList([rule, { ...rule, id: 'unread-input', severity: 'error' }], plain(80));
    expect(text.indexOf('unread-input')).toBeLessThan(text.indexOf('unsized-group-tuple'));
    expect(text).toContain('2 rules.');
  });
});
