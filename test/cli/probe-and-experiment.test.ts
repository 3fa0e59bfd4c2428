import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Host } from '../../src/cli/host.ts';
import { main } from '../../src/cli/main.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/', import.meta.url));
let cwd: string;
// Once, and not in the time of the first test.
beforeAll(async () => {
  await import('../../src/run.ts');
});
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pipeopt-probe-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

async function run(...args: string[]) {
  let [out, err] = ['', ''];
  const host: Host = {
    cwd,
    env: {},
    stdout: { isTTY: false, write: (text) => void (out += text) },
    stderr: { isTTY: false, write: (text) => void (err += text) },
    now: () => 0,
    loadCore: () => import('../../src/run.ts'),
  };
  return { code: await main(['node', 'pipeopt', ...args], host), out, err };
}

const EXOME = `${fixtures}pipelines/exome`;
const HEADER = 'process\ttag\tstatus\texit\trealtime\n';

describe('pipeopt probe', () => {
  test('says what to run, and how to hand it back, in lines that can be pasted', async () => {
    const { code, out, err } = await run('probe', EXOME, '--samples', '4', '--profile', 'slurm');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const command = /3 % of its reads[\s\S]*?(nextflow run [\s\S]*?-resume)\n/.exec(out)?.[1]?.replace(/ \\\n +/g, ' ');
    expect(command).toMatch(
      /^nextflow run \S+exome -profile slurm --input probe-3\.csv --outdir probe-3 -c probe\.config -with-trace probe-3\.txt -resume$/,
    );
    expect(out.replace(/ \\\n +/g, ' ')).toContain(
      '--trace probe-3.txt=0.03 --trace probe-12.txt=0.12 --trace probe-whole.txt --samples 4\n',
    );
    expect(out.split('\n').filter((line) => line.length > 80 && !line.includes(fixtures))).toEqual([]);
  });
  test.each([
    ['with counts', ['--samples', '4', '--platform', 'aws-batch']],
    ['with what is known', ['--duration', 'BWA_MEM=3h']],
  ])('gives its JSON the form that docs/probe.schema.json has, %s', async (_, flags) => {
    const validate = new Ajv2020().compile(JSON.parse(readFileSync(new URL('../../docs/probe.schema.json', import.meta.url), 'utf8')));
    const { out } = await run('probe', EXOME, ...flags, '-f', 'json');
    validate(JSON.parse(out));
    expect(validate.errors).toBeNull();
  });
  test('shares of what is not known add up, and are zero of what is', async () => {
    const { out } = await run('probe', EXOME, '--samples', '4', '--duration', 'BWA_MEM=3h', '-f', 'json');
    const { calls, runs, width } = JSON.parse(out);
    expect(calls.reduce((sum: number, { share }: { share: number }) => sum + share, 0)).toBeCloseTo(1, 3);
    expect(calls.find(({ call }: { call: string }) => call.endsWith(':BWA_MEM'))).toMatchObject({ share: 0, knownBy: 'given' });
    expect(width.afterwards).toBeLessThan(width.now);
    expect(runs.map(({ scale }: { scale: number }) => scale)).toEqual([0.03, 0.12, 1]);
    expect(runs[0].command).toMatch(/^nextflow run /);
  });
  test('with a trace asks for what is missing alone, and names what it has not', async () => {
    writeFileSync(join(cwd, 'small.txt'), `${HEADER}ALIGN:BWA_MEM\ta\tCOMPLETED\t0\t60000\n`);
    const { out } = await run('probe', EXOME, '--samples', '4', '--trace', 'small.txt=3%', '-f', 'json');
    const { calls, given, runs } = JSON.parse(out);
    expect(given).toEqual([{ name: 'small.txt', scale: 0.03 }]);
    expect(calls.find(({ call }: { call: string }) => call.endsWith(':BWA_MEM')).knownBy).toBe('one part');
    expect(runs.map(({ scale }: { scale: number }) => scale)).toEqual([0.12, 1]);
    expect((await run('probe', EXOME, '--trace', 'small.txt=3%')).out).toContain('In none of the runs');
  });
  test('cuts the files that a sheet names, whatever they are called', async () => {
    writeFileSync(join(cwd, 'sheet.csv'), "sample,fastq_1,fastq_2\nliver,raw/it's 1.fastq.gz,raw/2.fastq.gz\n");
    const { out } = await run('probe', EXOME, '--samplesheet', 'sheet.csv', '-f', 'json');
    expect(JSON.parse(out).runs[0].prepare).toEqual([
      'mkdir -p probe-3',
      "seqtk sample -s 42 'raw/it'\\''s 1.fastq.gz' 0.03 | gzip > 'probe-3/it'\\''s 1.fastq.gz'",
      'seqtk sample -s 42 raw/2.fastq.gz 0.03 | gzip > probe-3/2.fastq.gz',
      "printf '%s\\n' sample,fastq_1,fastq_2 'liver,probe-3/it'\\''s 1.fastq.gz,probe-3/2.fastq.gz' > probe-3.csv",
    ]);
  });
  test.each([
    [
      's3://raw/liver.bam,s3://raw/liver.bam.bai',
      ['samtools view -b -s 42.03 -o probe-3/liver.bam s3://raw/liver.bam', 'samtools index probe-3/liver.bam'],
      'liver.bam,probe-3/liver.bam.bai',
    ],
    [
      'liver.cram,liver.cram.crai',
      ['samtools view -C -s 42.03 -o probe-3/liver.cram liver.cram', 'samtools index probe-3/liver.cram'],
      'liver.cram,probe-3/liver.cram.crai',
    ],
    [
      'https://x.org/liver.fq,',
      ['curl -sL https://x.org/liver.fq | seqtk sample -s 42 - 0.03 | gzip > probe-3/liver.fq.gz'],
      'liver.fq.gz,',
    ],
    ['scans/liver.tiff,', [], 'liver.tiff,'],
  ])('cuts %s by what fits, and writes the sheet', async (cells, commands, row) => {
    writeFileSync(join(cwd, 'sheet.csv'), `sample,data,index\nliver,${cells}\n`);
    const { out } = await run('probe', EXOME, '--samplesheet', 'sheet.csv', '-f', 'json');
    expect(JSON.parse(out).runs[0].prepare).toEqual([
      'mkdir -p probe-3',
      ...commands,
      `printf '%s\\n' sample,data,index liver,probe-3/${row} > probe-3.csv`,
    ]);
    expect(JSON.parse(out).input.uncut).toEqual(commands.length === 0 ? ['scans/liver.tiff'] : []);
  });
  test('says no param twice, and no command', async () => {
    const { out } = await run('probe', EXOME, '--param', 'input=all.csv', '--param', 'aligner=bwa', '-f', 'json');
    for (const { command } of JSON.parse(out).runs) {
      expect(command.match(/--input /g)).toHaveLength(1);
      expect(command).toContain('--aligner bwa');
    }
    writeFileSync(
      join(cwd, 'main.nf'),
      'process SORT {\n  input:\n  val x\n  script:\n  "sort $x"\n}\nworkflow { SORT(channel.of(1, 2)) }\n',
    );
    const page = (await run('probe', '.')).out;
    expect(page.match(/nextflow run \. /g)).toHaveLength(1);
    expect(page).not.toContain('SAMPLE_R1');
    expect(page.replace(/\s+/g, ' ')).toContain('What files a sample has is not seen');
  });
  test('of samples that are written in the source says so, and where', async () => {
    writeFileSync(
      join(cwd, 'main.nf'),
      `process SORT {\n  input:\n  val x\n  script:\n  "sort $x"\n}\nworkflow {\n  SORT(channel.of('kidney', 'lung'))\n}\n`,
    );
    const { out } = await run('probe', '.');
    expect(out.replace(/\s+/g, ' ')).toContain("it is written in the source (main.nf:8 channel.of('kidney', 'lung'))");
    const { out: json } = await run('probe', '.', '-f', 'json');
    expect(JSON.parse(json).written).toEqual([{ text: "channel.of('kidney', 'lung')", path: 'main.nf', line: 8 }]);
  });
  test('writes the config of the runs, under the name that the commands give', async () => {
    const { err, out } = await run('probe', EXOME, '--write-config', 'fields.config');
    expect(err).toBe('pipeopt: fields.config says which fields the traces have\n');
    expect(out).toContain('-c fields.config');
    expect(readFileSync(join(cwd, 'fields.config'), 'utf8')).toMatch(/raw = true[\s\S]*%cpu,peak_rss/);
  });
  test.each([
    ['small.txt=', 'nothing is no share of the input'],
    ['small.txt=some', 'some is no share of the input'],
    ['small.txt=0', '0 is no share of the input'],
    ['small.txt=3', '3 is more than the whole input'],
    ['small.txt=200%', '200% is more than the whole input'],
    ['none.txt=0.5', 'there is no such file'],
  ])('refuses --trace %s', async (trace, message) => {
    writeFileSync(join(cwd, 'small.txt'), HEADER);
    expect(await run('probe', EXOME, '--trace', trace)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) });
  });
  test('takes a file whose name has a = as it is', async () => {
    writeFileSync(join(cwd, 'n=4'), `${HEADER}ALIGN:BWA_MEM\ta\tCOMPLETED\t0\t60000\n`);
    const { out } = await run('probe', EXOME, '--trace', 'n=4', '-f', 'json');
    expect(JSON.parse(out).given).toEqual([{ name: 'n=4', scale: 1 }]);
  });
});

const ONE = `${fixtures}experiments/one-script`;

describe('pipeopt experiment', () => {
  const write = (...more: string[]) => run('experiment', ONE, '--call', 'STAR_ALIGN', '-o', 'sizing', ...more);
  test('writes a folder, once', async () => {
    expect(await write()).toMatchObject({ code: 0, err: 'pipeopt: sizing has experiment.config and README.md; nothing was run\n' });
    expect(readdirSync(join(cwd, 'sizing')).sort()).toEqual(['README.md', 'experiment.config']);
    expect(await write()).toMatchObject({ code: 2, out: '', err: expect.stringContaining('there are files in it already') });
  });
  test('by force writes its own files anew, and leaves the others', async () => {
    mkdirSync(join(cwd, 'sizing'));
    writeFileSync(join(cwd, 'sizing/notes.txt'), 'mine');
    writeFileSync(join(cwd, 'sizing/README.md'), 'mine');
    expect((await write()).code).toBe(2);
    expect(readFileSync(join(cwd, 'sizing/README.md'), 'utf8')).toBe('mine');
    expect((await write('--force')).code).toBe(0);
    expect(readFileSync(join(cwd, 'sizing/notes.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(cwd, 'sizing/README.md'), 'utf8')).toContain('# A sizing experiment');
  });
  test('follows no link out of the folder', async () => {
    writeFileSync(join(cwd, 'precious'), 'mine');
    mkdirSync(join(cwd, 'sizing'));
    symlinkSync(join(cwd, 'precious'), join(cwd, 'sizing/README.md'));
    expect(await write('--force')).toMatchObject({ code: 2, err: expect.stringContaining('README.md in it is no plain file') });
    expect(readFileSync(join(cwd, 'precious'), 'utf8')).toBe('mine');
    mkdirSync(join(cwd, 'elsewhere'));
    rmSync(join(cwd, 'sizing'), { recursive: true });
    symlinkSync(join(cwd, 'elsewhere'), join(cwd, 'sizing'));
    expect((await write('--force')).code).toBe(2);
    expect(readdirSync(join(cwd, 'elsewhere'))).toEqual([]);
  });
  test('writes nothing where something is wrong', async () => {
    expect((await run('experiment', ONE, '--call', 'STAR_ALIGN', '--memory', 'much', '-o', 'sizing')).code).toBe(2);
    expect((await run('experiment', ONE, '--call', 'STAR_ALIGN', '--cpus', '0', '-o', 'sizing')).code).toBe(2);
    expect((await run('experiment', ONE, '-o', 'sizing')).err).toContain('STAR_ALIGN');
    expect((await run('experiment', ONE, '--call', 'STAR_ALIGN')).err).toContain('which folder');
    expect(existsSync(join(cwd, 'sizing'))).toBe(false);
  });
  test('reads what came of it: table, law, choice, and a config', async () => {
    const row = (cpus: number, ms: number, exit = 222) =>
      `STAR_ALIGN\tliver\tFAILED\t${exit}\t${ms}\t${cpus}\t17179869184\t${cpus * 100}\t10737418240\n`;
    const trace = `process\ttag\tstatus\texit\trealtime\tcpus\tmemory\t%cpu\tpeak_rss\n${row(1, 3_600_000)}${row(2, 1_980_000)}${row(4, 1_170_000)}${row(8, 765_000)}${row(16, 20_000, 137)}`;
    writeFileSync(join(cwd, 'trace.txt'), trace);
    const { code, out, err } = await run('experiment', ONE, '--read', 'trace.txt', '--write-config', 'pipeopt.config');
    expect({ code, err }).toEqual({ code: 0, err: 'pipeopt: pipeopt.config has the cheapest setting of STAR_ALIGN\n' });
    expect(out.replace(/\s+/g, ' ')).toContain('90 % of the work runs side by side; with one cpu it would take 1 h');
    expect(out).toMatch(/16 +16 GB +– +– +– +– +1 killed/);
    expect(readFileSync(join(cwd, 'pipeopt.config'), 'utf8')).toContain("withName: 'STAR_ALIGN' {\n        cpus = 4");
    const money = await run('experiment', ONE, '--read', 'trace.txt', '--platform', 'aws-batch', '-f', 'json');
    const { calls, prices } = JSON.parse(money.out);
    expect(prices).toMatchObject({ currency: 'USD', cpuHour: expect.closeTo(0.035, 2), gbHour: expect.closeTo(0.0034, 3) });
    expect(calls[0].settings).toHaveLength(5);
  });
  test('says that what was tried is in the trace', async () => {
    expect((await run('experiment', ONE, '--read', 'trace.txt', '--cpus', '4')).err).toContain('what was tried is in the trace');
  });
});
