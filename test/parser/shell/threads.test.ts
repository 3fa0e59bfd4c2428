/** Whether `task.cpus` reaches a command, by whatever way. */
import { expect, test } from 'vitest';
import { quoted, read, threads } from './scripts.ts';

const CASES: readonly [what: string, script: string, config: string, expected: string][] = [
  ['written into the option', quoted('samtools sort -@ ${task.cpus} -o out.bam $bam'), '', 'yes; samtools -@ task.cpus'],
  ['without braces', quoted('bwa mem -t $task.cpus ref.fa $bam > x.sam'), '', 'yes; bwa -t task.cpus'],
  ['one less', quoted('samtools view -@ ${task.cpus - 1} $bam > x'), '', 'yes; samtools -@ task.cpus'],
  ['joined with =', quoted('fastqc --threads=$task.cpus $bam'), '', 'yes; fastqc --threads task.cpus'],
  ['joined with the letter', quoted('samtools sort -@$task.cpus -o o.bam $bam'), '', 'yes; samtools -@ task.cpus'],
  [
    'through a Groovy variable',
    `def threads = Math.max(1, task.cpus - 1)\n${quoted('samtools sort -@ $threads -o o.bam $bam')}`,
    '',
    'yes; samtools -@ task.cpus',
  ],
  [
    'through text put together before',
    `def args = '--threads ' + task.cpus\n${quoted('samtools sort $args -o o.bam $bam')}`,
    '',
    'yes; samtools --threads task.cpus',
  ],
  ['through a shell variable', quoted('THREADS=${task.cpus}\nsamtools sort -@ \\$THREADS -o o.bam $bam'), '', 'yes; samtools -@ task.cpus'],
  ['through shell arithmetic', quoted('samtools sort -@ \\$(( ${task.cpus} / 2 )) -o o.bam $bam'), '', 'yes; samtools -@ task.cpus'],
  ['exported', quoted('export OMP_NUM_THREADS=${task.cpus}\nsamtools index $bam'), '', 'yes'],
  ['set for one command', quoted('OMP_NUM_THREADS=${task.cpus} samtools index $bam'), '', 'yes'],
  [
    'through ext.args',
    `def args = task.ext.args ?: ''\n${quoted('samtools sort $args -o o.bam $bam')}`,
    'process { withName: P { ext.args = { "-@ ${task.cpus}" } } }',
    'yes; samtools -@ task.cpus',
  ],
  ['in a variable that nobody uses', quoted('THREADS=${task.cpus}\nsamtools index $bam'), '', 'no'],
  ['in a comment', quoted('# uses $task.cpus\nsamtools index $bam'), '', 'no'],
  [
    'memory for each cpu',
    `def mem = (task.memory.mega / task.cpus).intValue()\n${quoted('samtools sort -m ${mem}M -o o.bam $bam')}`,
    '',
    'no',
  ],
  ['a constant', quoted('samtools sort -@ 8 -o o.bam $bam'), '', 'no; samtools -@ 8'],
  ['not at all', quoted('samtools sort -o o.bam $bam'), '', 'no'],
  ['counted by the script', quoted('samtools sort -@ \\$(nproc) -o o.bam $bam'), '', 'unknown; samtools -@ unknown'],
  [
    'given to both sides of a pipe',
    quoted('bwa mem -t $task.cpus ref.fa $bam | samtools sort -@ $task.cpus -o x.bam -'),
    '',
    'yes; bwa -t task.cpus; samtools -@ task.cpus',
  ],
];

test.each(CASES)('%s', (_, script, config, expected) => {
  expect(threads(read({ inputs: 'path bam', directives: 'cpus 4', script, config }))).toBe(expected);
});
