/** The experiments of fixtures/experiments: what they would try. Real Nextflow runs them: `node test/conformance/experiment.mjs`. */
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import {
  type AnalyzeOptions,
  type ExperimentWishes,
  experimentResults,
  experimentTree,
  loadShell,
  openPipeline,
  WrongExperiment,
} from '../../src/run.ts';

const root = fileURLToPath(new URL('../../fixtures/experiments/', import.meta.url));
let shell: NonNullable<AnalyzeOptions['shell']>;
beforeAll(async () => {
  shell = await loadShell();
});

const LAUNCH = { pipeline: 'main.nf', words: ['-profile', 'docker'] };

function tried(name: string, wishes: Partial<ExperimentWishes>, options: AnalyzeOptions = {}) {
  const { tree, entryPath } = openPipeline(`${root}${name}`);
  return experimentTree(
    tree,
    entryPath,
    { shell, ...options },
    { launch: LAUNCH, folder: 'sizing/', wishes: { calls: [], repeats: 1, ...wishes } },
  );
}

function inline(process: string, wishes: Partial<ExperimentWishes> = {}, config = '') {
  const text = `process SORT {\n    cpus 8\n    memory '8 GB'\n${process}\n    output: path 'x'\n    script: "samtools sort -@ \${task.cpus} in.bam > x"\n}\nworkflow { SORT() }\n`;
  const tree = memoryTree({ 'main.nf': text, 'nextflow.config': config });
  return experimentTree(tree, 'main.nf', { shell }, { launch: LAUNCH, folder: 'x', wishes: { calls: ['SORT'], repeats: 1, ...wishes } });
}

describe('an experiment', () => {
  test('tries what is asked for and less, down and up again, and ends the run there', () => {
    const { calls, config, command, lost, touched } = tried('one-script', { calls: ['STAR_ALIGN'], repeats: 2 });
    expect({ lost, touched }).toEqual({ lost: [], touched: [] });
    expect(calls).toMatchObject([{ call: 'STAR_ALIGN', goesOn: false, doubts: [] }]);
    expect(calls[0]?.attempts.map((text) => text.replace(/ cpus? 16 GB/, ''))).toEqual(['8', '4', '2', '1', '1', '2', '4', '8']);
    expect(config).toContain("errorStrategy = { task.attempt < 8 ? 'retry' : 'ignore' }");
    expect(config).toContain('time = { [4.h, 8.h, 16.h, 32.h, 32.h, 16.h, 8.h, 4.h][task.attempt - 1] ?: 4.h }');
    expect(command.join(' ')).toBe('nextflow run main.nf -profile docker -c sizing/experiment.config -with-trace sizing/trace.txt -resume');
  });
  test('lets through what another call of it needs, under full names, whatever the pipeline says of retries', () => {
    const { calls, config, lost } = tried('nf-core-modules', { calls: ['STAR_ALIGN', 'BAM_SORT'] });
    expect(calls.map(({ goesOn }) => goesOn)).toEqual([true, false]);
    expect(config).toContain("withName: 'NFCORE_RNASEQ:RNASEQ:ALIGN_STAR:STAR_ALIGN' {");
    expect(config).toMatch(/afterScript = \{ task\.attempt < 4 \? '.* exit \$nxf_main_ret' : 'true' \}/);
    // -1 and 1 are what Nextflow takes for unset: the pipeline's own maxErrors would win.
    expect(lost).toEqual([]);
  });
  test('says what limits cap', () => {
    const { lost } = tried('nf-core-modules', { calls: ['STAR_ALIGN'], cpus: [4, 16] });
    expect(lost).toEqual([expect.objectContaining({ directive: 'cpus', intended: '16', got: '8', wonBy: 'resourceLimits' })]);
  });
  test('tries memory and queues, the most last, and nothing of a name is code', () => {
    const { calls, config } = inline('', { cpus: [2, 4], memory: ['4GB', '2.5 GB'], queues: ["it's $x\n}"] });
    expect(calls[0]?.attempts).toEqual([
      "2 cpus 2.5 GB on it's $x }",
      "4 cpus 2.5 GB on it's $x }",
      "2 cpus 4 GB on it's $x }",
      "4 cpus 4 GB on it's $x }",
    ]);
    expect(config).toContain("queue = 'it\\'s $x }'");
    expect(config).toContain('memory = { [2.5.GB, 2.5.GB, 4.GB, 4.GB][task.attempt - 1] ?: 4.GB }');
  });
  test.each([
    ['one that is not there', () => tried('one-script', { calls: ['STAR_ALING'] }), 'did you mean STAR_ALIGN?'],
    ['none', () => tried('one-script', {}), 'STAR_ALIGN'],
    ['that passes no threads on', () => tried('one-script', { calls: ['FLAGSTAT'], cpus: [1, 2] }), '--memory'],
    ['with a script after it', () => inline("    afterScript 'rm -rf tmp'"), 'take it out'],
    ['that is stored', () => inline("    storeDir '/cache'"), 'take it out'],
    ['that depends on its attempt', () => inline('', {}, "process.ext.args = { task.attempt > 1 ? '-l 1' : '' }"), 'another call'],
    ['with too many settings', () => inline('', { cpus: [1, 2, 4, 8], repeats: 6 }), '--repeat 1'],
    ['with one setting', () => inline('', { cpus: [4] }), 'several'],
    ['with no memory', () => inline('', { memory: ['much'] }), '--memory 8GB'],
  ] as const)('is not made of a call %s', (_, make, hint) => {
    expect(make).toThrow(WrongExperiment);
    expect(make).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });
  test('of memory alone is made of a call that passes no threads on', () => {
    expect(tried('one-script', { calls: ['FLAGSTAT'], cpus: [1], memory: ['1GB', '2GB'] }).calls[0]?.attempts).toEqual([
      '1 cpu 1 GB',
      '1 cpu 2 GB',
    ]);
  });
});

describe('its results', () => {
  const row = (cpus: number, ms: number) => `SORT\ta\tFAILED\t222\t${ms}\t${cpus}\t8589934592\t3221225472\n`;
  const header = 'process\ttag\tstatus\texit\trealtime\tcpus\tmemory\tpeak_rss\n';
  const text =
    "process SORT {\n    cpus 8\n    memory '8 GB'\n    output: path 'x'\n    script: 'sort -@ ${task.cpus}'\n}\nworkflow { SORT() }\n";
  const read = (trace: string) =>
    experimentResults(memoryTree({ 'main.nf': text }), 'main.nf', { shell }, [{ path: 'trace.txt', text: trace }]);
  test('are a config to paste, which stands when the pipeline is read with it', () => {
    // T(1) = 100 s, f = 0.9.
    const { calls, config, lost, prices } = read(header + row(1, 100_000) + row(2, 55_000) + row(4, 32_500) + row(8, 21_250));
    expect(calls[0]?.laws[0]?.law.serial).toBeCloseTo(0.1, 6);
    expect(lost).toEqual([]);
    expect(prices.currency).toBeUndefined();
    expect(config).toContain('cpus = 4\n        memory = { 4.5.GB * 2 ** (task.attempt - 1) }');
  });
  test('are none where no call had several settings', () => {
    expect(() => read(header + row(8, 21_250))).toThrow(WrongExperiment);
  });
});
