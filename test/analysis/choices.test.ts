/** What is in a file that a call makes chooses which items the next is given: then it has to wait for it, though it is given nothing of it. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

function links(way: string, { functions = '', directives = '' } = {}): readonly string[] {
  const main = `
${functions}
process COUNT {
    ${directives}
    input:
    tuple val(id), path(reads)
    output:
    tuple val(id), path('tally.txt')
    script:
    "samtools view -c $reads > tally.txt"
}
process USE {
    publishDir 'out'
    input:
    tuple val(id), path(reads)
    output:
    path '*.txt'
    script:
    "samtools flagstat $reads > \${id}.txt"
}
workflow {
    samples = channel.fromPath('*.bam').map { file -> [ file.baseName, file ] }
    counts = COUNT(samples)
    ${way}
}
`;
  const { parallelism } = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell });
  return (parallelism?.independentSets ?? []).flatMap((set) => set.links.map(({ from, to }) => `${from} → ${to}`));
}

test('a wait for what is dropped on the way is needless', () => {
  expect(links('USE(samples.join(counts).map { id, reads, tally -> [ id, reads ] })')).toEqual(['COUNT → USE']);
});
test.each([
  ['rows of which one is found', 'USE(samples.join(counts).toList().map { rows -> rows.find { it[2].size() > 10 }[0..1] })'],
  ['the largest row', 'USE(samples.join(counts).toList().map { rows -> rows.max { it[2].size() }[0..1] })'],
  [
    'a place that a file says',
    'USE(samples.join(counts).map { id, reads, tally -> [ id, [ reads, file("none") ][tally.text.trim().toInteger()] ] })',
  ],
  ['some at random', 'USE(samples.join(counts).randomSample(3).map { id, reads, tally -> [ id, reads ] })'],
])('but not: %s', (_, way) => expect(links(way)).toEqual([]));
test('nor where a function of the pipeline says what', () => {
  const functions = 'def choose(reads, tally) { tally.text.contains("0") ? null : reads }';
  expect(links('USE(samples.join(counts).map { id, reads, tally -> [ id, choose(reads, tally) ] })', { functions })).toEqual([]);
});
test('nor where a param says that failed tasks are left out', () => {
  const way = 'USE(samples.join(counts).map { id, reads, tally -> [ id, reads ] })';
  expect(links(way, { functions: "params.on_error = 'ignore'", directives: 'errorStrategy params.on_error' })).toEqual([]);
});
