import { describe, expect, test } from 'vitest';
import { displayWidth } from '../../src/report/layout.ts';
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
