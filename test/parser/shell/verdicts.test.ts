/** How an input is used. The look-alikes matter most: `unread` is said only where nothing can read it. */
import { expect, test } from 'vitest';
import { type Given, quoted, read, uses } from './scripts.ts';

const CASES: readonly [what: string, given: Given, expected: string][] = [
  ['written into the command', { inputs: 'path bam', script: quoted('samtools index $bam') }, 'bam direct'],
  ['through a Groovy variable', { inputs: 'path bam', script: `def file = bam\n${quoted('samtools index $file')}` }, 'bam direct'],
  [
    'in a condition',
    { inputs: 'val paired', script: `def flag = paired ? '-p' : ''\n${quoted('samtools view $flag x.bam')}` },
    'paired direct',
  ],
  [
    'only asked for',
    { inputs: 'val paired', script: `if (paired) { log.info 'paired' }\n${quoted('samtools view x.bam')}` },
    'paired groovy',
  ],
  ['a token', { inputs: 'path bam\nval ready', script: quoted('samtools index $bam') }, 'bam direct, ready unread'],
  [
    'a file that is a token',
    { inputs: 'path bam\npath done', script: quoted('samtools flagstat $bam > stats.txt') },
    'bam direct, done unread',
  ],
  [
    'a table nobody reads',
    { inputs: 'tuple val(id), path(bed)\npath sizes', script: quoted('cut -f 1-3 $bed | sort -k1,1 > $id.bed') },
    'id direct, bed direct, sizes unread',
  ],
  [
    'an index beside',
    { inputs: 'tuple path(bam), path(bai)', script: quoted('samtools view $bam chr1 > x.sam') },
    'bam direct, bai companion',
  ],
  [
    'an index of the reference',
    { inputs: 'path bam\npath fasta\npath fai', script: quoted('samtools mpileup -f $fasta $bam > x') },
    'bam direct, fasta direct, fai companion',
  ],
  [
    'a reference that a CRAM names',
    { inputs: 'path cram\npath fasta', script: quoted('samtools view $cram > x.sam') },
    'cram direct, fasta companion',
  ],
  ['by its stage name', { inputs: "path 'genome.fa'\npath x", script: quoted('samtools faidx genome.fa') }, '- staged-name, x unread'],
  ['in a folder of its stage name', { inputs: "path reads, stageAs: 'in/*'", script: quoted('cat in/*.fq > all.fq') }, 'reads listing'],
  ['by a pattern', { inputs: 'path files', script: quoted('cat *.tsv > all.txt') }, 'files listing'],
  [
    'by a pattern of its stage names',
    { inputs: "path files, stageAs: '?/*.tsv'\npath 'other.csv'", script: quoted('cat */*.tsv > all.txt') },
    'files listing, - unread',
  ],
  ['by the folder', { inputs: 'path files', script: quoted('multiqc .') }, 'files listing'],
  [
    'by find',
    { inputs: 'path index', script: quoted('INDEX=`find -L . -name "*.amb" | sed "s/.amb//"`\nbwa mem \\$INDEX a.fq > x.sam') },
    'index listing',
  ],
  ['in a loop', { inputs: 'path beds', script: quoted('for b in *.bed; do sort \\$b > \\${b%.bed}.sorted; done') }, 'beds listing'],
  ['by an unknown tool', { inputs: 'path bam\npath extra', script: quoted('mystery --in $bam') }, 'bam direct, extra maybe'],
  ['by code', { inputs: 'path extra', script: quoted('python -c "import glob; print(glob.glob(\'*\'))"') }, 'extra maybe'],
  [
    'by a program of bin/ in Python',
    { inputs: 'path extra', script: quoted('summarise.py'), files: { 'bin/summarise.py': '#!/usr/bin/env python\nprint(1)\n' } },
    'extra maybe',
  ],
  [
    'by a program of bin/ in bash',
    {
      inputs: "path 'table.tsv'\npath other",
      script: quoted('tidy.sh'),
      files: { 'bin/tidy.sh': '#!/bin/bash\nsort table.tsv > tidy.tsv\n' },
    },
    '- staged-name, other unread',
  ],
  ['named by a value', { inputs: 'val name\npath table', script: quoted('cat $name > out.txt') }, 'name direct, table maybe'],
  ['named by what is not known', { inputs: 'path table', script: quoted('cat \\$FILE > out.txt') }, 'table maybe'],
  ['a name that it may have', { inputs: 'path table', script: quoted('sort sample.tsv > out.txt') }, 'table maybe'],
  [
    'a name that the script made',
    { inputs: 'path table', script: quoted('echo a > sample.tsv\nsort sample.tsv > out.txt') },
    'table unread',
  ],
  [
    'in ext.args',
    {
      inputs: 'path bam\npath sites',
      script: `def args = task.ext.args ?: ''\n${quoted('samtools view $args $bam > x.sam')}`,
      config: 'process { withName: P { ext.args = { "-L ${sites}" } } }',
    },
    'bam direct, sites direct',
  ],
  [
    'in ext.args with other params',
    {
      inputs: 'path bam\npath sites',
      script: `def args = task.ext.args ?: ''\n${quoted('samtools view $args $bam > x.sam')}`,
      config: "params.sites = null\nprocess { withName: P { ext.args = params.sites ? '-L targets.bed' : '' } }",
    },
    'bam direct, sites maybe',
  ],
  ['in the tag', { inputs: 'val id\npath bam', directives: 'tag "$id"', script: quoted('samtools index $bam') }, 'id unread, bam direct'],
  [
    'in publishDir of the config',
    {
      inputs: 'val id\npath bam',
      script: quoted('samtools index $bam'),
      config: 'process { withName: P { publishDir = { "out/${id}" } } }',
    },
    'id config, bam direct',
  ],
  [
    'given on',
    { inputs: 'tuple val(id), path(bam)', outputs: "tuple val(id), path(bam), path('*.bai')", script: quoted('samtools index $bam') },
    'id output, bam direct',
  ],
  [
    'given on and nothing else',
    { inputs: 'path bam\npath bed', outputs: 'path bed', script: quoted('samtools index $bam') },
    'bam direct, bed output',
  ],
  [
    'an output that nothing writes',
    { inputs: 'path table\npath other', outputs: "path 'summary.txt'", script: quoted('sort $table > x.txt') },
    'table direct, other output',
  ],
  [
    'within a folder',
    { inputs: 'path db', script: quoted('grep x $db/names/list.txt > hits.txt\ncut -f 1 $db/sizes.txt > s.txt') },
    'db within names/list.txt,sizes.txt',
  ],
  ['the whole folder after all', { inputs: 'path db', script: quoted('grep x $db/list.txt > hits.txt\nmystery --db $db') }, 'db direct'],
  ['an environment variable', { inputs: 'env MODE\npath x', script: quoted('echo \\$MODE > out.txt') }, 'MODE environment, x unread'],
  [
    'an environment variable that leads a tool',
    { inputs: 'env REF_PATH\npath cache\npath cram', script: quoted('samtools view $cram > x.sam') },
    'REF_PATH maybe, cache maybe, cram direct',
  ],
  ['standard input', { inputs: 'stdin', script: quoted('cat > x.txt') }, 'stdin environment'],
  ['in a comment', { inputs: 'val ready', script: quoted('# after $ready\necho hello') }, 'ready unread'],
  [
    'in a version block',
    {
      inputs: 'path bam\nval ready',
      script: quoted(
        'samtools index $bam\ncat <<-END_VERSIONS > versions.yml\n"${task.process}":\n    tool: \\$(mystery --version | sed "s/x//")\nEND_VERSIONS',
      ),
    },
    'bam direct, ready unread',
  ],
  ['behind cd', { inputs: 'path x', script: quoted('mkdir work\ncd work\ncat list.txt') }, 'x maybe'],
  [
    'through conda run',
    { inputs: "path 'db/*'\npath x", script: quoted('mamba run --name tool python infer.py --db ./db/main.fa') },
    '- staged-name, x maybe',
  ],
  ['moved on', { inputs: 'path bins', script: quoted('if [ -f unbinned.fa ]; then mv unbinned.fa rest.fa; fi') }, 'bins maybe'],
  ['changed in place', { inputs: 'path table', script: quoted("sed -i 's/a/b/' table.txt") }, 'table maybe'],
  [
    'given on by includeInputs',
    { inputs: 'path bins', outputs: "path '*.fa', includeInputs: true", script: quoted('echo a > b.fa') },
    'bins output',
  ],
  [
    'only its neighbour is moved',
    { inputs: 'tuple path(bam), path(bai)', outputs: "path '*.renamed.bam'", script: quoted('mv $bam ${bam.baseName}.renamed.bam') },
    'bam direct, bai unread',
  ],
  ['exec', { inputs: 'val x\nval y', script: 'exec:\nprintln x' }, 'x groovy, y maybe'],
  [
    'a script in Python',
    { inputs: 'path bam\nval token\npath other', script: '"""\n#!/usr/bin/env python\nprint(open("$bam"))\n"""' },
    'bam direct, token unread, other maybe',
  ],
  [
    'a template',
    { inputs: 'val id\npath other', script: "template 'run.sh'", files: { 'templates/run.sh': '#!/bin/bash\necho ${id} > x.txt\n' } },
    'id direct, other unread',
  ],
  ['a template that is not there', { inputs: 'val id', script: "template 'run.sh'" }, 'id maybe'],
  [
    'shell with !{}',
    { inputs: 'path bam\nval ready', script: "shell:\n'''\nsamtools index !{bam}; X=1; echo $X\n'''" },
    'bam direct, ready unread',
  ],
  [
    'a heavier look: a tuple of three',
    { inputs: 'tuple val(meta), path(vcf), path(tbi)', script: quoted('bcftools view -r chr1 $vcf > ${meta.id}.vcf') },
    'meta direct, vcf direct, tbi companion',
  ],
];

test.each(CASES)('%s', (_, given, expected) => {
  expect(uses(read(given))).toBe(expected);
});
