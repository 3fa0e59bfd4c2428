/** On clouds files come and go in the container that is held to what a task asks for, and no trace shows it: small tasks get room for it. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, experimentResults, loadPrices, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const prices = await loadPrices();
const MB = 2 ** 20;

/** Twelve tasks that index a BAM file, with 30 MB of the 6 GB asked for. */
function index(config: string, { platform, asked = '6.GB', cpus = [1] }: { platform?: string; asked?: string; cpus?: number[] } = {}) {
  const main = `process INDEX {\n  memory ${asked}\n  input:\n  val x\n  script:\n  "samtools index $x"\n}\nworkflow { INDEX(channel.of(1..12)) }\n`;
  const rows = Array.from({ length: 12 }, (_, task) => {
    const submit = 1_700_000_000_000 + task * 1000;
    const memory = Number.parseFloat(asked) * (asked.endsWith('GB') ? 1024 : 1) * MB;
    const times = [submit, submit + 1000, submit + 901_000, 900_000];
    return [task + 1, `aa/0000${task + 10}`, 'INDEX', task + 1, 'COMPLETED', 0, ...times, cpus[task % cpus.length], memory, 30 * MB].join(
      '\t',
    );
  });
  const header = 'task_id hash process tag status exit submit start complete realtime cpus memory peak_rss'.split(' ').join('\t');
  const traces = [{ path: 'trace.txt', text: [header, ...rows].join('\n') }];
  const tree = memoryTree({ 'main.nf': main, 'nextflow.config': config });
  const options = { shell, ...(platform !== undefined && { platform: { name: platform, prices } }) };
  return { tree, traces, options };
}

function analysed(config: string, more: Parameters<typeof index>[1] = {}): Report {
  const { tree, traces, options } = index(config, more);
  return analyzeTree(tree, 'main.nf', { ...options, traces });
}

function proposed(report: Report): readonly number[] | undefined {
  return report.resources?.[0]?.recommended?.memoryBytes?.map((bytes) => bytes / MB);
}

test.each([
  ['on this machine files are links', '', [128]],
  ['nor are they brought on a cluster', "process.executor = 'slurm'", [128]],
  ['four at a time by aws s3 cp', "process.executor = 'awsbatch'", [1024]],
  ['as many as the config lets', "process.executor = 'awsbatch'\naws.batch.maxParallelTransfers = 10", [2560]],
  ['by Fusion', "process.executor = 'awsbatch'\nfusion.enabled = true\naws.batch.maxParallelTransfers = 10", [1024]],
  ['by Fusion in Kubernetes', "process.executor = 'k8s'\nfusion.enabled = true", [1024]],
  ['not in Kubernetes with a volume', "process.executor = 'k8s'", [128]],
  ['by azcopy', "process.executor = 'azurebatch'", [1024]],
  ['the machine is no smaller', "process.executor = 'google-batch'", [1024]],
])('%s', (_, config, ladder) => {
  expect(proposed(analysed(config))).toEqual(ladder);
});

test('where they are to run counts, too', () => {
  const report = analysed('', { platform: 'aws-batch' });
  expect(proposed(report)).toEqual([1024]);
  const [finding] = report.findings.filter(({ ruleId }) => ruleId === 'over-requested-memory');
  expect(finding?.advice).toContain('no less, since aws s3 cp brings its files in the task’s own container');
  expect(report.proposals?.[0]?.config).toContain('no less, since aws s3 cp brings its files');
});

test('never more than today, with which they came through', () => {
  expect(proposed(analysed("process.executor = 'awsbatch'", { asked: '512.MB' }))).toBeUndefined();
});

test('an experiment proposes no less either', () => {
  const { tree, traces, options } = index("process.executor = 'awsbatch'", { cpus: [1, 2] });
  const { calls } = experimentResults(tree, 'main.nf', options, traces);
  expect(calls[0]?.ladder?.map((bytes) => bytes / MB)).toEqual([1024]);
});
