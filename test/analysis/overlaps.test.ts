/** What two findings save of the same tasks is told once. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { analyzeTree, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const GB = 2 ** 30;
const page = (report: Report): string =>
  renderText({ ...report, reports: [report] }, { color: false, width: 300, unicode: true, verbose: false }).replace(/\s+/g, ' ');

test('cpus and memory of one call: each by itself, and both together', () => {
  const main =
    'process FIT {\n  cpus 8\n  memory 32.GB\n  input:\n  val x\n  script:\n  "fit -t ${task.cpus} $x"\n}\nworkflow { FIT(channel.of(1..24)) }\n';
  const header = 'task_id hash process tag status exit submit start complete realtime cpus memory %cpu peak_rss'.split(' ').join('\t');
  const rows = Array.from({ length: 24 }, (_, task) => {
    const submit = 1_700_000_000_000 + task;
    const times = [submit, submit, submit + 3_600_000, 3_600_000];
    return [task, `aa/0000${task + 10}`, 'FIT', task + 1, 'COMPLETED', 0, ...times, 8, 32 * GB, 100, 2 * GB].join('\t');
  });
  const report = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', {
    ...{ shell, traces: [{ path: 'trace.txt', text: [header, ...rows].join('\n') }] },
    platform: { name: 'aws-batch', prices, maxCpus: 64 },
  });
  const [cpus, memory] = ['over-requested-cpus', 'over-requested-memory'].map((rule) =>
    report.findings.find(({ ruleId }) => ruleId === rule),
  );
  expect(cpus?.overlaps?.with.map(({ fingerprint }) => fingerprint)).toEqual([memory?.fingerprint]);
  expect(memory?.overlaps?.with.map(({ fingerprint }) => fingerprint)).toEqual([cpus?.fingerprint]);
  expect(cpus?.overlaps?.together).toEqual(memory?.overlaps?.together);
  const cost = (one: { cost?: { expected: number } } | undefined): number => one?.cost?.expected ?? Number.NaN;
  expect(cost(cpus?.overlaps?.together)).not.toBeCloseTo(cost(cpus?.savings) + cost(memory?.savings), 1);
  expect(page(report)).toMatch(/with over-requested-memory \(main.nf:1\) .* in all, not the sum/);
});

test('two false links into one call, which waits until both are gone: one saving for both', () => {
  const main = `process SORT {
  input:
  path bam
  output:
  path 'sorted.bam'
  script:
  "samtools sort -o sorted.bam $bam"
}
process STATS {
  publishDir 'results'
  input:
  path bam
  output:
  path bam, emit: bam
  path 'all.stats'
  script:
  "samtools stats $bam > all.stats"
}
process FLAGSTAT {
  publishDir 'results'
  input:
  path bam
  output:
  path 'all.flagstat'
  val true, emit: done
  script:
  "samtools flagstat $bam > all.flagstat"
}
process CALL {
  publishDir 'results'
  input:
  path bam
  val ready
  path genome
  output:
  path 'calls.vcf'
  script:
  "freebayes -f $genome $bam > calls.vcf"
}
workflow {
  SORT(channel.fromPath('reads.bam'))
  STATS(SORT.out)
  FLAGSTAT(SORT.out)
  CALL(STATS.out.bam, FLAGSTAT.out.done, file('genome.fa'))
}
`;
  const report = analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell });
  const [token, handed] = ['token-dependency', 'pass-through-link'].map((rule) => report.findings.find(({ ruleId }) => ruleId === rule));
  expect(token?.overlaps?.with.map(({ ruleId }) => ruleId)).toEqual(['pass-through-link']);
  expect(handed?.overlaps?.together).toEqual(token?.overlaps?.together);
  expect(page(report)).toMatch(/with token-dependency \(main.nf:44\) .* in all, not the sum/);
});
