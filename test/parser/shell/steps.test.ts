/** What each step of a script reads and writes, which must come after which, and where outputs come from. */
import { describe, expect, test } from 'vitest';
import { order, quoted, read, shown } from './scripts.ts';

function effects(script: string, inputs = 'path bam'): string[] {
  return read({ inputs, script: quoted(script) }).steps.map(({ reads, writes, known }) => {
    const names = (list: typeof reads): string =>
      list
        .map(({ text, kind, input }) => `${shown(text)}${kind === 'literal' ? '' : `:${kind}`}${input === undefined ? '' : `=${input}`}`)
        .join(' ');
    return `${names(reads)} > ${names(writes)}${known ? '' : ' ?'}`;
  });
}

const EFFECTS: readonly [script: string, ...steps: string[]][] = [
  ['cut -f 1 a.tsv | sort > b.tsv', 'a.tsv > b.tsv'],
  ['samtools index $bam', '⟦⟧=bam > ⟦⟧.bai ⟦⟧.csi ⟦⟧.crai'],
  ['sort -k1,1 -o out.bed $bam', '⟦⟧=bam > out.bed'],
  ['cat < a.txt >> b.txt 2> err.log', 'a.txt > b.txt err.log'],
  ['sort -o b.txt < a.txt -k 1,1 c.txt', 'c.txt a.txt > b.txt'],
  ['cat a.txt > b.txt c.txt && sort < d.txt e.txt > f.txt', 'a.txt c.txt e.txt d.txt > b.txt f.txt'],
  ['grep -v x a.txt b.txt > c.txt', 'a.txt b.txt > c.txt'],
  ["awk -F '\\t' '{ print \\$1 }' a.tsv > b.tsv", 'a.tsv > b.tsv'],
  ['awk \'{ while ((getline line < "other") > 0) n++ }\' a.tsv > b.tsv', 'a.tsv > b.tsv ?'],
  ["sed -i 's/a/b/' a.txt", 'a.txt > a.txt'],
  ["sed 's/R1/R2/;s#a#w#g;y/abc/rwe/' a.txt > b.txt", 'a.txt > b.txt'],
  ["sed -n '2,5p;/r w/d;\\|w x|!{s/^/e /p}' a.txt > b.txt", 'a.txt > b.txt'],
  ["sed -e '1i r header' -e '/x/,$d' a.txt > b.txt", 'a.txt > b.txt'],
  ["sed '1r head.txt' a.txt > b.txt", 'a.txt > b.txt ?'],
  ["sed -e '/^#/wkept.txt' a.txt > b.txt", 'a.txt > b.txt ?'],
  ["sed -E --expression='s/(a)/\\1/gw kept.txt' a.txt > b.txt", 'a.txt > b.txt ?'],
  ['awk \'BEGIN { ARGV[1] = "other"; ARGC = 2 } 1\' > b.txt', ' > b.txt ?'],
  ['for f in *.bed; do sort \\$f > \\${f%.bed}.s; done', '*.bed:pattern > ⟦⟧.s'],
  ['join <(sort a) <(sort b) > c', 'a b > c'],
  ['x=\\$(wc -l < a.txt)\necho \\$x > n.txt', 'a.txt > ', ' > n.txt'],
  ['mystery $bam', '⟦⟧=bam >  ?'],
  ['cat <<EOF > list.txt\na\nEOF', ' > list.txt'],
  ['tee copy.txt < a.txt > b.txt', 'a.txt > copy.txt b.txt'],
  ['if [ -f a.txt ]; then sort a.txt > b.txt; else touch b.txt; fi', 'a.txt > b.txt'],
  ['clean() { sort \\$1 > \\$2; }\nclean a.txt b.txt', ' > ', 'a.txt > b.txt'],
  ['cd work; sort a > b', 'work >  ?', 'a > b'],
  ['tar -czf out.tar.gz a b', 'a b > out.tar.gz'],
  ['gzip -c a.txt > a.txt.gz', 'a.txt > a.txt.gz'],
  ['gzip -9c a.txt > b.gz', 'a.txt > b.gz'],
  ['gunzip -dc a.gz > b.txt', 'a.gz > b.txt'],
  ['bgzip -@ 2 -c a.vcf > b.vcf.gz', 'a.vcf > b.vcf.gz'],
  ['ln -s $bam x.bam', '⟦⟧=bam > x.bam'],
  ['find . -name "*.txt" | xargs cat > all.txt', '*.txt:pattern ⟦⟧:anything > all.txt'],
  ['time sort a > b', 'a > b'],
  ['n=`echo $x | sed s/\\\\.results\\$//g`\nsort a > b', ' > ', 'a > b'],
  ['zcat a.gz | head -n 5 > /dev/null', 'a.gz > '],
  ['eval "\\$cmd"', ' >  ?'],
  ['sort \\\n  -k 1 \\\n  a.txt \\\n  > b.txt \\\n', 'a.txt > b.txt'],
];

test.each(EFFECTS)('%s', (script, ...steps) => {
  expect(effects(script)).toEqual(steps);
});

describe('order', () => {
  test('a monolith: statistics that need nothing of one another', () => {
    const script = quoted(
      'samtools sort -o s.bam $bam\nsamtools index s.bam\nsamtools flagstat s.bam > flag.txt\nsamtools stats s.bam > stats.txt\nwc -l flag.txt > n.txt',
    );
    expect(order(read({ inputs: 'path bam', script }))).toEqual([
      '0 samtools sort after []',
      '1 samtools index after [0]',
      '2 samtools flagstat after [0]',
      '3 samtools stats after [0]',
      '4 wc after [2]',
    ]);
  });
  test('names of one sample with other endings are other files', () => {
    const script = quoted('cut -f 1 $bam > ${id}.one.txt\ncut -f 2 $bam > ${id}.two.txt\npaste ${id}.one.txt ${id}.two.txt > ${id}.txt');
    expect(order(read({ inputs: 'tuple val(id), path(bam)', script }))).toEqual([
      '0 cut after []',
      '1 cut after []',
      '2 paste after [0 1]',
    ]);
  });
  test('a variable, a folder, a deletion', () => {
    const script = quoted('N=\\$(wc -l < $bam)\nmkdir out\nhead -n \\$N $bam > out/a.txt\nsort a.txt > b.txt\nrm b.txt');
    expect(order(read({ inputs: 'path bam', script }))).toEqual([
      '0 wc after []',
      '1 mkdir (trivial) after []',
      '2 head after [0 1]',
      '3 sort after []',
      '4 rm (trivial) after [3]',
    ]);
  });
  test('what is not known comes after everything and before everything', () => {
    const script = quoted('cut -f 1 $bam > a.txt\nmystery\ncut -f 2 $bam > b.txt');
    expect(order(read({ inputs: 'path bam', script }))).toEqual(['0 cut after []', '1 mystery after [0]', '2 cut after [1]']);
  });
});

describe('outputs', () => {
  const origins = (outputs: string, script: string, inputs = "tuple val(id), path(bam)\npath 'genes.gtf'"): string =>
    read({ inputs, outputs, script: quoted(script) })
      .outputs.map(({ steps, sameAs }) => `${steps === undefined ? '?' : steps.join(' ')}${sameAs === undefined ? '' : ` =${sameAs}`}`)
      .join('; ');
  test('written by a step', () => {
    expect(origins("path '*.txt'\npath 's.bam'", 'samtools sort -o s.bam $bam\nsamtools stats s.bam > stats.txt')).toBe('1; 0');
  });
  test('the input itself', () => {
    expect(origins('tuple val(id), path(bam)', 'samtools index $bam')).toBe(' =0;  =1');
  });
  test('the input by its stage name', () => {
    expect(origins("path 'genes.gtf', emit: gtf", 'wc -l genes.gtf > n.txt', "path gtf, stageAs: 'genes.gtf'")).toBe(' =0');
  });
  test('the input under another name', () => {
    expect(origins('path "${id}.bam"', 'ln -s $bam ${id}.bam')).toBe('0 =1');
  });
  test('changed after it was copied', () => {
    expect(origins("path 'x.bed'", "cp $bam x.bed\nsed -i 's/a/b/' x.bed")).toBe('0 1');
  });
  test('by a tool that is not known', () => {
    expect(origins("path 'x.bed'", 'mystery')).toBe('0');
  });
  const ofSample = (script: string) => order(read({ inputs: 'tuple val(id), path(bam)', script: quoted(script) }));
  test('an index is waited for by what opens it', () => {
    expect(ofSample('tabix -p vcf $bam\nbcftools stats $bam > a.txt\nbcftools stats -r chr1 $bam > b.txt')).toEqual([
      '0 tabix after []',
      '1 bcftools stats after []',
      '2 bcftools stats after [0]',
    ]);
  });
  test('endings that a tool adds by itself are other files; a folder holds what is written into it', () => {
    expect(
      ofSample('junction_annotation.py -i $bam -r b.bed -o ${id}\nsort $bam > ${id}.txt\nspades.py -1 $bam -o out\nsort $bam > out/a.tsv'),
    ).toEqual(['0 junction_annotation.py after []', '1 sort after []', '2 spades.py after []', '3 sort after [2]']);
  });
  test('a folder by its address; a file that is moved here keeps its name', () => {
    expect(
      ofSample(
        'gatk GenomicsDBImport -V $bam --genomicsdb-workspace-path db\ngatk GenotypeGVCFs -V gendb://db -O db.vcf.gz\nmv out/a.txt .\nsort a.txt > b.txt\nsort c.txt > d.txt',
      ),
    ).toEqual([
      '0 gatk GenomicsDBImport after []',
      '1 gatk GenotypeGVCFs after [0]',
      '2 mv (trivial) after []',
      '3 sort after [2]',
      '4 sort after []',
    ]);
  });
  test('what an option that is not known calls its output', () => {
    expect(ofSample('samtools flagstat --output-file a.txt $bam\nsort a.txt > b.txt')).toEqual([
      '0 samtools flagstat after []',
      '1 sort after [0]',
    ]);
  });
});
