import { describe, expect, test } from 'vitest';
import { compileSelector, matchesSelector } from '../../src/parser/pipeline/selector-match.ts';

describe('a selector matches the whole name, as Java’s matches() does', () => {
  test.each([
    ['FASTQC', 'FASTQC', true],
    ['FASTQC', 'FASTQC_RAW', false],
    ['FASTQC.*', 'FASTQC_RAW', true],
    ['FASTQC|TRIM.*', 'TRIMGALORE', true],
    ['FASTQC|TRIM.*', 'MULTIQC', false],
    ['.*:ALIGN:STAR', 'RNASEQ:ALIGN:STAR', true],
    ['.*:ALIGN:STAR', 'STAR', false],
    ['.*:(BAM_SORT|BAM_STATS):SAMTOOLS_(SORT|INDEX)', 'WF:BAM_STATS:SAMTOOLS_INDEX', true],
    ['STAR_(?!GENOME).*', 'STAR_ALIGN', true],
    ['STAR_(?!GENOME).*', 'STAR_GENOMEGENERATE', false],
    ['(?=.*SORT)SAM.*', 'SAMTOOLS_SORT', true],
    ['GATK4_[A-Z]+', 'GATK4_APPLYBQSR', true],
    ['GATK4_[^A-C]+', 'GATK4_APPLY', false],
    ['BWAMEM\\d?_MEM', 'BWAMEM2_MEM', true],
    ['BWAMEM\\d?_MEM', 'BWAMEM22_MEM', false],
    ['SPLIT_\\w{2,3}', 'SPLIT_ABCD', false],
    ['SPLIT_\\w{2,}', 'SPLIT_ABCD', true],
    ['^FASTQC$', 'FASTQC', true],
    ['(?i)fastqc', 'FASTQC', true],
    ['(?i)[a-f]astqc', 'FASTQC', true],
    ['A{0}B', 'B', true],
    ['.+?:B', 'A:B', true],
    ['\\QA.B\\E', 'A.B', true],
    ['', '', true],
    ['.*:ALIGN:STAR|.*:QC', 'RNASEQ:QC', true],
    ['.*:ALIGN:STAR|.*:QC', 'QC', false],
    ['FASTQC|.*:STAR', 'FASTQC', true],
    ['FASTQC|.*:STAR', 'RAW:FASTQC', false],
    ['.*high', 'process_high', true],
    ['.*high', 'two\nlines_high', false],
  ])('%s · %s', (pattern, name, expected) => {
    expect(matchesSelector(pattern, name)).toBe(expected);
  });

  test.each(['(A', 'A)', '[A', '*A', 'A**', 'A*+', '(?<=A)B', '(A)\\1', '\\p{Upper}+', '[A-Z&&[^B]]', 'A{2,1}', 'A\\', '[]'])(
    '%s is unknown, never a guess',
    (pattern) => {
      expect(matchesSelector(pattern, 'A')).toBeUndefined();
    },
  );

  test('patterns that hang a backtracking engine are answered at once', () => {
    const name = `${'A'.repeat(200)}!`;
    const before = performance.now();
    expect(matchesSelector('(A+)+', name)).toBe(false);
    expect(matchesSelector('(A|A)*', name)).toBe(false);
    expect(matchesSelector('(.*)*(.*)*(.*)*B', name)).toBe(false);
    expect(matchesSelector('A{1000000000}', name)).toBe(false);
    expect(matchesSelector(`${'('.repeat(5000)}A`, name)).toBeUndefined();
    matchesSelector('((((((((A{1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}){1,99}', name);
    matchesSelector(`${'(?=.*'.repeat(50)}A${')'.repeat(50)}`, name);
    expect(performance.now() - before).toBeLessThan(1500);
  });

  test('a selector of many wildcards is answered for each of many names, and alike when asked again', () => {
    const names = Array.from({ length: 2000 }, (_, at) => `NFCORE:ILLUMINA:VARIANTS_${at}:QC:SNPEFF:VCF_TABIX:STATS:BCFTOOLS_STATS`);
    const answers = names.map((name) => matchesSelector('.*:.*:.*:.*:SNPEFF:.*:.*:BCFTOOLS_STATS', name));
    expect(new Set(answers)).toEqual(new Set([true]));
    const dear = `${'(?=.*'.repeat(20)}STATS${')'.repeat(20)}.+`;
    const once = names.map((name) => matchesSelector(dear, name));
    expect(once).toContain(undefined);
    expect(names.map((name) => matchesSelector(dear, name))).toEqual(once);
  });

  test('alternatives of the top level keep their places', () => {
    expect(compileSelector('A|.*:(B|C)|D').alternatives).toEqual([
      { text: 'A', start: 0, end: 1 },
      { text: '.*:(B|C)', start: 2, end: 10 },
      { text: 'D', start: 11, end: 12 },
    ]);
  });

  test('agrees with JavaScript’s own engine on random small patterns', () => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
      return (seed >> 8) % below;
    };
    const make = (depth: number): string => {
      const kind = next(depth > 3 ? 3 : 9);
      if (kind < 2) return 'AB'[kind] as string;
      if (kind === 2) return ['.', '[AB]', '[^A]', '\\w', ':'][next(5)] as string;
      if (kind < 5) return make(depth + 1) + make(depth + 1);
      if (kind === 5) return `(${make(depth + 1)}|${make(depth + 1)})`;
      if (kind === 6) return `(?:${make(depth + 1)})${['*', '+', '?', '{1,2}', '{2}', '*?'][next(6)]}`;
      if (kind === 7) return `(?${['!', '='][next(2)]}${make(depth + 1)})${make(depth + 1)}`;
      return `${make(depth + 1)}|${make(depth + 1)}`;
    };
    for (let round = 0; round < 4000; round++) {
      const pattern = make(0);
      const name = Array.from({ length: next(7) }, () => 'AB:'[next(3)]).join('');
      expect([pattern, name, matchesSelector(pattern, name)]).toEqual([pattern, name, new RegExp(`^(?:${pattern})$`).test(name)]);
    }
  });
});

test('a row of choices is not tried in all its ways', () => {
  expect(matchesSelector(`${'(A|.)'.repeat(34)}B`, `${'A'.repeat(45)}CC`)).toBe(false);
  expect(matchesSelector(`${'A?'.repeat(34)}${'A'.repeat(34)}`, 'A'.repeat(34))).toBe(true);
});
