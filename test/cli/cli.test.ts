import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ReportProposal } from '../../src/report/report.ts';
import { exome, hostile, library, variantCalling } from '../report/samples.ts';
import { notFound, run } from './stub-host.ts';

const built = new URL('../../bin/pipeopt.js', import.meta.url).pathname;
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'pipeopt-cli-'));
  writeFileSync(join(cwd, 'main.nf'), 'workflow { }\n');
  for (const name of ['exome', 'panel']) {
    mkdirSync(join(cwd, 'pipelines', name), { recursive: true });
    writeFileSync(join(cwd, 'pipelines', name, 'main.nf'), 'workflow { }\n');
  }
  mkdirSync(join(cwd, 'empty'));
  mkdirSync(join(cwd, 'run[1]'));
  writeFileSync(join(cwd, 'run[1]', 'main.nf'), 'workflow { }\n');
  writeFileSync(join(cwd, 'nextflow.config'), 'process.cpus = 1\n');
  writeFileSync(join(cwd, 'run-pipeline'), '#!/usr/bin/env nextflow\nworkflow { }\n');
  writeFileSync(join(cwd, 'params.json'), '{"input": "samples.csv", "lanes": 4}\n');
  writeFileSync(join(cwd, 'deep.json'), `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
  writeFileSync(join(cwd, 'params.yml'), 'input: samples.csv\ntrim: yes\ndate: 2026-01-01\n');
  writeFileSync(join(cwd, 'broken.json'), '{\n  "input": "samples.csv",\n  "lanes": four\n}\n');
  writeFileSync(join(cwd, 'broken.yml'), 'input: samples.csv\n  lanes: 4\n');
  writeFileSync(join(cwd, 'list.json'), '[1]\n');
  writeFileSync(join(cwd, 'samples.csv'), 'sample,lane\na,1\n');
  writeFileSync(join(cwd, 'durations.csv'), 'process,seconds\r\nSTAR,5400\r\nQC:FASTQC,60\nQC:FASTQC,90\n');
  writeFileSync(join(cwd, 'no-durations.csv'), 'process,seconds\nSTAR,long\n');
  writeFileSync(join(cwd, 'minutes.csv'), 'process,minutes\nSTAR,10\n');
  writeFileSync(join(cwd, 'semicolons.csv'), 'process;seconds\nSTAR;600\n');
  writeFileSync(join(cwd, 'blank.csv'), 'process,seconds\n');
  writeFileSync(join(cwd, 'comma.yml'), 'core-hour: 0,03\n');
  writeFileSync(join(cwd, 'rate.yml'), 'currency: EUR\nexchange: 0.92\n');
  writeFileSync(join(cwd, 'euro.yml'), 'currency: EUR\ncore-hour: 0.03\n');
  symlinkSync('gone.txt', join(cwd, 'dead.txt'));
  writeFileSync(join(cwd, 'utf16.txt'), Buffer.from('\ufeffname\tstatus\nALIGN\tCOMPLETED\n', 'utf16le'));
  writeFileSync(join(cwd, 'samples.yml'), '- sample: a\n- sample: b\n');
  writeFileSync(join(cwd, 'trace.txt'), 'name\tstatus\nALIGN (a)\tCOMPLETED\n');
  mkdirSync(join(cwd, 'runs'));
  const packed = gzipSync('name\tstatus\nSORT\tCOMPLETED\n');
  writeFileSync(join(cwd, 'runs/one.txt'), 'name\tstatus\n');
  writeFileSync(join(cwd, 'runs/two.txt.gz'), packed);
  writeFileSync(join(cwd, 'runs/a,b'), packed);
  writeFileSync(join(cwd, 'runs/cut.gz'), packed.subarray(0, 20));
  writeFileSync(join(cwd, 'runs/large.gz'), gzipSync(Buffer.alloc(260_000_000)));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('help and version', () => {
  test('--version is one line on stdout', async () => {
    expect(await run(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^pipeopt \d+\.\d+\.\d+\S*\n$/), err: '' });
  });
  for (const args of [
    ['--help'],
    ['help'],
    ['analyze', '--help'],
    ['graph', '--help'],
    ['rules', '--help'],
    ['explain', '--help'],
    ['prices', '--help'],
    ['help', 'graph'],
  ]) {
    test(`${args.join(' ')} has examples, on stdout, within 80 columns`, async () => {
      const { code, out, err } = await run(args);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toContain('Examples:\n');
      expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    });
  }
  test('commands that are not there yet are not listed', async () => {
    const { out } = await run(['--help']);
    for (const later of ['optimize', 'verify', 'simulate', 'diff', 'slice']) expect(out).not.toContain(`  ${later}`);
  });
});

describe('exit codes', () => {
  test('0 when nothing reaches --fail-on, 1 when something does', async () => {
    expect((await run(['main.nf'], { cwd })).code).toBe(0);
    expect((await run(['main.nf', '--fail-on', 'warning'], { cwd })).code).toBe(1);
    expect((await run(['main.nf', '--fail-on', 'info'], { cwd })).code).toBe(1);
    expect((await run(['main.nf', '--fail-on', 'none'], { cwd, report: variantCalling })).code).toBe(0);
    expect((await run(['main.nf', '--fail-on', 'info'], { cwd, report: library })).code).toBe(0);
  });
  test('1 for a source that Nextflow could not read either', async () => {
    expect((await run(['main.nf'], { cwd, report: variantCalling })).code).toBe(1);
  });
  test('a suppressed finding does not count', async () => {
    const [first] = exome.findings;
    const report = { ...exome, findings: [{ ...first!, severity: 'error' as const, suppressed: { reason: 'known' } }] };
    expect((await run(['main.nf'], { cwd, report })).code).toBe(0);
  });
  test('2 and the way to report it for a bug of ours', async () => {
    const { code, out, err } = await run(['main.nf'], { cwd, fails: new TypeError('cannot read x') });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('this is a bug in pipeopt');
    expect(err).toContain('TypeError: cannot read x');
  });
  test('3 and the hint when the core finds no pipeline', async () => {
    const { code, out, err } = await run(['.'], { cwd, fails: notFound('no script with a workflow in .', 'give the entry script') });
    expect({ code, out, err }).toEqual({ code: 3, out: '', err: 'pipeopt: no script with a workflow in .\n  give the entry script\n' });
  });
});

describe('which pipeline', () => {
  test('analyze is the default command, and this folder the default pipeline', async () => {
    expect((await run([], { cwd })).opened).toEqual([cwd]);
    expect((await run(['main.nf'], { cwd })).opened).toEqual([join(cwd, 'main.nf')]);
    expect((await run(['-f', 'json'], { cwd })).opened).toEqual([cwd]);
    expect((await run(['analyze', 'main.nf'], { cwd })).opened).toEqual([join(cwd, 'main.nf')]);
  });
  test('globs, sorted; a name with brackets that is there is no glob', async () => {
    expect((await run(['pipelines/*/main.nf'], { cwd })).opened).toEqual(
      ['exome', 'panel'].map((name) => join(cwd, 'pipelines', name, 'main.nf')),
    );
    expect((await run(['run[1]/main.nf'], { cwd })).opened).toEqual([join(cwd, 'run[1]/main.nf')]);
    expect(await run(['nothing/*.nf'], { cwd })).toMatchObject({
      code: 3,
      out: '',
      err: `pipeopt: nothing matches nothing/*.nf\n  looked in ${cwd}\n`,
    });
  });
  test('one of several is missing: the others are told, the exit code says so', async () => {
    const { code, out, err } = await run(['main.nf', 'gone.nf'], { cwd });
    expect(code).toBe(3);
    expect(out).toContain('exome');
    expect(err).toContain('there is no file or folder gone.nf');
  });
  test('a script without .nf but with a nextflow shebang is one', async () => {
    expect((await run(['run-pipeline'], { cwd })).opened).toEqual([join(cwd, 'run-pipeline')]);
  });

  const refused: [string, string, string][] = [
    [
      'nf-core/rnaseq',
      'there is no folder nf-core/rnaseq here, and pipeopt never uses the network',
      '    git clone https://github.com/nf-core/rnaseq\n    pipeopt analyze rnaseq\n',
    ],
    [
      'https://github.com/nf-core/sarek.git',
      'is an address, and pipeopt never uses the network',
      'git clone https://github.com/nf-core/sarek\n',
    ],
    ['mian.nf', 'there is no file or folder mian.nf', 'did you mean main.nf?'],
    ['elsewhere/main.nf', 'there is no file or folder elsewhere/main.nf', 'looked for '],
    ['analyse', 'there is no file or folder analyse', 'did you mean the command pipeopt analyze?'],
    ['empty', 'the folder empty is empty', 'main.nf'],
    ['params.json', 'params.json is no Nextflow script', 'give a main.nf'],
    ['nextflow.config', 'nextflow.config is no Nextflow script', 'pipeopt analyze .'],
  ];
  for (const [path, message, hint] of refused) {
    test(`${path}: says what was tried and the way out`, async () => {
      const { code, out, err } = await run(['analyze', path], { cwd });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(err).toContain(message);
      expect(err).toContain(hint);
    });
  }
  test('a path that cannot be followed', async () => {
    symlinkSync('loop', join(cwd, 'loop'));
    expect(await run(['loop'], { cwd })).toMatchObject({ code: 2, out: '', err: 'pipeopt: loop: could not be read (ELOOP)\n' });
  });
});

describe('flags', () => {
  test('reach the core as given', async () => {
    const { options } = await run(
      [
        'main.nf',
        '--params-file',
        'params.json',
        '--param',
        'aligner=star',
        '--param',
        'skip_qc',
        '--param',
        'x=a=b',
        '--profile',
        'docker,test',
        '-c',
        'nextflow.config',
        '--nextflow-version',
        '24.10',
        '--entry',
        'RUN',
        '--select',
        'unread-input',
        '--ignore',
        'unsized-group-tuple',
      ],
      { cwd },
    );
    expect(options).toEqual([
      {
        params: { input: 'samples.csv', lanes: 4 },
        commandLineParams: { aligner: 'star', skip_qc: true, x: 'a=b' },
        profiles: ['docker', 'test'],
        configFiles: [{ path: 'nextflow.config', text: 'process.cpus = 1\n' }],
        nextflowVersion: '24.10',
        entry: 'RUN',
        select: ['unread-input'],
        ignore: ['unsized-group-tuple'],
        userFolder: cwd,
      },
    ]);
  });
  test('a params file that nests without end is refused', async () => {
    const { code, err } = await run(['main.nf', '--params-file', 'deep.json'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('nest more than 100 deep');
  });
  test('a YAML params file is read as Nextflow reads it: yes is true, a date is text', async () => {
    const { options } = await run(['main.nf', '--params-file', 'params.yml'], { cwd });
    expect(options[0]?.params).toEqual({ input: 'samples.csv', trim: true, date: '2026-01-01' });
  });
  test('a sheet is read as what its name says, a trace as it is', async () => {
    const given = async (...args: string[]) => (await run(['main.nf', ...args], { cwd })).options[0];
    expect(await given('--samplesheet', 'samples.csv')).toMatchObject({ samplesheet: { path: 'samples.csv', text: 'sample,lane\na,1\n' } });
    expect(await given('--samplesheet', 'samples.yml')).toMatchObject({
      samplesheet: { path: 'samples.yml', rows: [{ sample: 'a' }, { sample: 'b' }] },
    });
    expect(await given('--trace', 'trace.txt')).toMatchObject({
      traces: [{ path: 'trace.txt', text: expect.stringContaining('ALIGN') }],
    });
    const paths = async (...args: string[]) => (await given(...args))?.traces?.map(({ path }) => path);
    expect(await paths('--trace', 'trace.txt', '--trace', 'runs/*.txt*')).toEqual(['trace.txt', 'runs/one.txt', 'runs/two.txt.gz']);
    expect(await paths('--trace', 'runs/two.txt.gz,trace.txt')).toEqual(['runs/two.txt.gz', 'trace.txt']);
    // A name may have a comma, and a file that is packed need not say so.
    expect(await paths('--trace', 'runs/a,b')).toEqual(['runs/a,b']);
    expect((await given('--trace', 'runs/a,b'))?.traces?.[0]?.text).toBe('name\tstatus\nSORT\tCOMPLETED\n');
    // As PowerShell writes it.
    expect((await given('--trace', 'utf16.txt'))?.traces?.[0]?.text).toContain('name\tstatus\nALIGN');
    expect(await given('--samples', '96', '--set-size', 'intervals=24')).toMatchObject({ sizes: { samples: 96, intervals: 24 } });
  });
  test('durations: of the command line before those of the file; several rows are a range', async () => {
    const { options } = await run(['main.nf', '--durations', 'durations.csv', '--duration', 'STAR=1h 30m..2h', '--duration', 'A=90s'], {
      cwd,
    });
    expect(options[0]?.durations).toEqual({
      STAR: { low: 5400, high: 7200, source: '--duration' },
      'QC:FASTQC': { low: 60, high: 90, source: 'durations.csv:3' },
      A: { low: 90, high: 90, source: '--duration' },
    });
  });
  test.runIf(existsSync(built))(
    'where counts come from is said on the page; a name that no count has is a mistake',
    { timeout: 60_000 },
    () => {
      const lanes = new URL('../../fixtures/tasks/samplesheet-of-lanes', import.meta.url).pathname;
      const pipeopt = (...args: string[]) =>
        spawnSync(process.execPath, [built, lanes, '--fail-on', 'none', ...args], { cwd, encoding: 'utf8', env: { COLUMNS: '120' } });
      expect(pipeopt().stdout).toContain(
        'counting rows = 7 (rows of samples.csv), samples = 4 (rows of samples.csv by patient and sample)',
      );
      expect(pipeopt('--samplesheet', 'samples.csv').stdout).toContain('counting rows = 1 (rows of samples.csv)');
      expect(pipeopt('--trace', 'trace.txt').stdout).toContain('counting rows = 1 (1 task of ALIGN in trace.txt)');
      expect(pipeopt('--samples', '96').stdout).toContain('counting samples = 96 (given)');
      const { status, stderr } = pipeopt('--set-size', 'sample=4');
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr:
          'pipeopt: --set-size sample: nothing in this pipeline is counted by that name\n  did you mean samples?\n  what is counted: rows, samples, rows by patient\n',
      });
    },
  );

  const refused: [string[], string][] = [
    [['--duration', 'STAR'], '--duration STAR: a call or a time is missing'],
    [['--duration', 'STAR=2'], '--duration STAR=2: 2 is a number without a unit'],
    [['--duration', 'STAR=2h..1h'], '--duration STAR=2h..1h: the range goes down'],
    [['--durations', 'no-durations.csv'], '--durations no-durations.csv: line 2: '],
    [['--durations', 'nothing.csv'], '--durations nothing.csv: there is no such file'],
    [['--samplesheet', 'broken.json'], '--samplesheet broken.json: not JSON: line 3, column 12'],
    [['--samplesheet', 'sample.csv'], '--samplesheet sample.csv: there is no such file'],
    [['--trace', 'pipelines'], '--trace pipelines: that is a folder'],
    [['--trace', 'runs/*.html'], '--trace: nothing matches runs/*.html'],
    [['--trace', 'runs/cut.gz'], '--trace runs/cut.gz: it is packed by gzip, and cut: its end is missing'],
    [['--trace', 'runs/large.gz'], '--trace runs/large.gz: unpacked it has more than pipeopt reads (250 MB)'],
    [['--trace', 'trace.txt,trce.txt'], '--trace trce.txt: there is no such file'],
    [['--profle', 'test'], 'there is no flag --profle; did you mean --profile?'],
    [['-profile', 'test'], 'there is no flag -profile; did you mean --profile?'],
    [['--input', 'x.csv'], 'a param of the pipeline is given with --param input=VALUE'],
    [['--select', 'unsized-groupTuple'], '--select unsized-groupTuple: there is no such rule; did you mean unsized-group-tuple?'],
    [['--ignore', 'zzz'], '--ignore zzz: there is no such rule\n'],
    [['-f', 'jsn'], '--format jsn: not one of text, json; did you mean json?'],
    [['--fail-on', 'warn'], '--fail-on warn: not one of error, warning, info, none; did you mean warning?'],
    [['--nextflow-version', 'latest'], '--nextflow-version latest: no version of Nextflow'],
    [['--params-file', 'broken.json'], '--params-file broken.json: not JSON: line 3, column 12: there is "f" where a value should be'],
    [['--params-file', 'broken.yml'], '--params-file broken.yml: not YAML: line 1, column 8: '],
    [['--params-file', 'list.json'], '--params-file list.json: a table of names and values was expected, not a list'],
    [['--params-file', 'parms.json'], 'did you mean params.json?'],
    [['-c', 'slurm.config'], '-c slurm.config: there is no such file'],
    [['-c', 'pipelines'], '-c pipelines: that is a folder'],
    [['-o', 'nowhere/report.txt'], '-o nowhere/report.txt: there is no such folder'],
    [['--write-config', 'x.config'], '--write-config: what tasks use is measured in a run'],
    [['--trace', 'trace.txt', '--write-config', '-'], '--write-config -: the report goes there'],
    [['--trace', 'trace.txt', '--write-config', 'x', '-o', 'x'], '--write-config and -o name the same file'],
    [['--max-cpus', '8'], '--max-cpus: of what platform?'],
    [['--spot'], '--spot: of what platform?'],
    [['--platform', 'slurm:4x8,32GB', '--platform', 'awsbatch'], '--platform awsbatch: not one of'],
    [['--platform', 'aws-batch:sopt'], 'did you mean spot?'],
    [['--route', 'STAR=slurm:2x32,128GB'], '--route: of what platform?'],
    [['--platform', 'aws-batch', '--route', 'STAR'], '--route STAR: which calls run where?'],
    [['--platform', 'aws-batch', '--route', 'STAR=slum:2x32,128GB'], 'did you mean slurm?'],
    [['--platform', 'aws-batch', '--route', 'STAR=mars'], '--route STAR=mars: mars: not one of local, slurm'],
    [['--platform', 'aws-batch', '--route', 'STAR=slurm:2x8'], '--route STAR=slurm:2x8: slurm:2x8: how many nodes, of what size?'],
    [['--platform', 'aws'], 'did you mean aws-batch?'],
    [['--platform', 'slurm:20x32,128'], '--platform slurm:20x32,128: the memory, 128, has no unit'],
    [['--platform', 'local:4,64'], '--platform local:4,64: the memory, 64, has no unit'],
    [['--platform', 'aws-batch', '--max-cpus', '0'], '--max-cpus 0: there is one at least'],
    [['--samples', '0'], '--samples 0: there is one at least'],
    [['--samples', '1,000'], 'with digits alone, such as 1000'],
    [['--samples', '9999999999'], '9999999999 is more than is counted here'],
    [['--samples', '4', '--set-size', 'samples=5'], '--samples 4 and --set-size samples=5: they differ'],
    [['--set-size', 'intervals=2,5'], '--set-size intervals=2,5: 2,5 is no whole number'],
    [['--duration', 'STAR=1,5h'], 'fractions have a point (1.5h)'],
    [['--duration', 'STAR='], '--duration STAR=: the time is missing'],
    [['--durations', 'minutes.csv'], '--durations minutes.csv: line 1: the second column is minutes, and seconds were expected'],
    [['--durations', 'semicolons.csv'], '--durations semicolons.csv: line 1: a process and its seconds were expected'],
    [['--durations', 'blank.csv'], '--durations blank.csv: there is no duration in it'],
    [['--trace', 'runs'], 'name the file in it, such as runs/'],
    [['--trace', 'dead.txt'], '--trace dead.txt: a link to what is not there'],
    [
      ['--platform', 'slurm:4x8,32GB', '--prices', 'comma.yml'],
      'core-hour: a number was expected, not "0,03"; write it with a point and without a currency: 0.03',
    ],
    [
      ['--platform', 'slurm:4x8,32GB', '--prices', 'rate.yml'],
      'exchange: of which currency? exchange: { USD: 0.92 } says what a dollar is worth',
    ],
    [['--platform', 'aws-batch', '--prices', 'euro.yml'], '--platform aws-batch: no machine has a price in us-east-1 in EUR'],
    [['--platform', 'aws-batch', '--prices', 'euro.yml'], 'exchange: { USD: 0.92 }'],
    [['--prices', 'prices.yml'], '--prices: of what platform?'],
    [['--platform', 'aws-batch', '--prices', 'gone.yml'], '--prices gone.yml: there is no such file'],
    [['--front'], '--front: on what platform?'],
    [['--deadline', '10h'], '--deadline: on what platform?'],
    [['--platform', 'aws-batch', '--deadline', 'soon'], '--deadline soon: no length of time'],
    [['--platform', 'aws-batch', '--max-cost', '$50'], '--max-cost $50: no amount of money'],
    [['--platform', 'local', '--max-cpus', 'many'], '--max-cpus many: many is no whole number'],
    [['--param'], 'argument missing'],
    [['--select', ''], '--select: names no rule'],
    [['--ignore', ','], '--ignore: names no rule'],
    [['-q', '-v'], '-q and -v contradict each other'],
    [['--nextflow-version', '99.99'], '--nextflow-version 99.99: no version of Nextflow that pipeopt knows'],
    [['--nextflow-version', '26.11'], 'the newest is 26.10'],
    [['--nextflow-version', '24'], 'write it like 26.04 or 24.10.3'],
  ];
  for (const [flags, message] of refused) {
    test(`${flags.join(' ')} exits with 2 and says: ${message.trim().slice(0, 60)}`, async () => {
      const { code, out, err } = await run(['main.nf', ...flags], { cwd });
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toContain(message);
      expect(err.startsWith('pipeopt: ')).toBe(true);
    });
  }
  test('what looks at one platform says so', async () => {
    const { code, err } = await run(['probe', 'main.nf', '--platform', 'aws-batch', '--platform', 'slurm:4x8,32GB'], { cwd });
    expect(code).toBe(2);
    expect(err).toContain('--platform aws-batch and --platform slurm:4x8,32GB: one at a time');
    expect(err).toContain('pipeopt analyze puts them side by side');
  });
  test('several platforms: the first is the report’s, the others stand beside it', async () => {
    const { options } = await run(['main.nf', '--platform', 'aws-batch', '--platform', 'slurm:4x8,32GB', '--spot'], { cwd });
    expect(options[0]?.platform).toMatchObject({ name: 'aws-batch', spot: true });
    expect(options[0]?.beside).toMatchObject([{ name: 'slurm:4x8,32GB' }]);
  });
  test('calls that run elsewhere: with what is said of all platforms, as far as it can be had there', async () => {
    const { options } = await run(
      ['main.nf', '--platform', 'slurm:4x8,32GB', '--spot', '--route', 'withLabel:gpu=aws-batch', '--route', 'STAR=local:8,32GB'],
      { cwd },
    );
    expect(options[0]?.platform).toMatchObject({
      name: 'slurm:4x8,32GB',
      routes: [
        { calls: 'withLabel:gpu', to: { name: 'aws-batch', spot: true } },
        { calls: 'STAR', to: { name: 'local:8,32GB' } },
      ],
    });
  });
  test('what a user typed cannot send escapes to the terminal', async () => {
    const { err } = await run(['\u001b[2Jx.nf'], { cwd });
    expect(err).not.toContain('\u001b');
  });
});

describe('streams', () => {
  test('json on stdout, nothing else', async () => {
    const { out, err } = await run(['main.nf', '-f', 'json'], { cwd });
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(exome)));
    expect(err).toBe('');
  });
  test('json: where several pipelines are asked for, one report stands in reports, too', async () => {
    const keys = async (...args: string[]) => Object.keys(JSON.parse((await run([...args, '-f', 'json'], { cwd })).out));
    expect(await keys('main.nf', 'gone.nf')).toEqual(['schemaVersion', 'tool', 'reports']);
    expect(await keys('main.nf', 'main.nf')).toEqual(['schemaVersion', 'tool', 'reports']);
    expect(await keys('pipelines/exom*/main.nf')).toEqual(['schemaVersion', 'tool', 'reports']);
    expect(await keys('main.nf')).toContain('findings');
  });
  test('-o keeps the permissions of the file that it replaces', async () => {
    writeFileSync(join(cwd, 'private.txt'), 'old', { mode: 0o600 });
    expect((await run(['main.nf', '-o', 'private.txt'], { cwd })).code).toBe(0);
    expect(statSync(join(cwd, 'private.txt')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(cwd, 'private.txt'), 'utf8')).toContain('exome');
  });
  // The disk that is always full is there on Linux alone. The built program: what is lost is known when main has returned.
  test.runIf(existsSync('/dev/full') && existsSync(built))('a full disk: one sentence, exit code 2', () => {
    for (const args of [['--version'], ['--help'], ['rules'], [join(cwd, 'main.nf'), '-f', 'json']]) {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [built, ...args], { stdio: ['ignore', full, 'pipe'], encoding: 'utf8' });
      closeSync(full);
      expect([status, stderr]).toEqual([2, 'pipeopt: the output could not be written: no space is left (ENOSPC)\n']);
    }
  });
  test('-o writes the whole file and leaves nothing beside it; stdout stays empty', async () => {
    const { code, out } = await run(['main.nf', '-o', 'report.txt'], { cwd, tty: true, columns: 200, env: { FORCE_COLOR: '' } });
    expect({ code, out }).toEqual({ code: 0, out: '' });
    const text = readFileSync(join(cwd, 'report.txt'), 'utf8');
    expect(text).toBe((await run(['main.nf'], { cwd })).out);
    expect(readdirSync(cwd).filter((name) => name.includes('tmp'))).toEqual([]);
  });
  test('--write-config writes a config that takes effect, and says what does not', async () => {
    const lost = { call: 'SORT', directive: 'memory', attempt: 1, intended: '25 GB', got: '20 GB', wonBy: 'resourceLimits' };
    const together = { because: 'with all at once the run is slower', together: true as const };
    const leftOut = [{ call: 'INDEX', because: 'it has no name' }, ...['QC', 'TRIM'].map((call) => ({ call, ...together }))];
    const proposal: ReportProposal = {
      id: 'right-sized-config',
      title: 'requests of 1 call',
      calls: ['SORT'],
      config: 'process {}\n',
      verification: { held: 1, lost: [lost], touched: [], leftOut },
    };
    const written = (...proposals: ReportProposal[]) =>
      run(['main.nf', '--trace', 'trace.txt', '--write-config', 'x.config'], { cwd, report: { ...exome, proposals } });
    const { code, err } = await written(proposal);
    expect([code, readFileSync(join(cwd, 'x.config'), 'utf8')]).toEqual([0, 'process {}\n']);
    expect(err).toBe(
      'pipeopt: x.config has requests of 1 call; read again with it, 1 of 2 settings hold and no other changes\n' +
        '  SORT memory of attempt 1: 20 GB in place of 25 GB, by resourceLimits\n  INDEX is left as it is: it has no name\n' +
        '  QC, TRIM are left as they are: with all at once the run is slower\n',
    );
    rmSync(join(cwd, 'x.config'));
    const { config: _, ...without } = proposal;
    const touched = { ...without, verification: { ...proposal.verification, touched: [{ call: 'QC', directive: 'queue' }] } };
    const refused = await written(touched);
    expect([refused.code, existsSync(join(cwd, 'x.config'))]).toEqual([2, false]);
    expect(refused.err).toBe('pipeopt: --write-config x.config: not written, since other settings would change\n  QC queue\n');
    expect((await written()).err).toBe('pipeopt: x.config is not written: no request is worth a change\n');
  });
  test('width: the terminal, COLUMNS, 80 in a pipe', async () => {
    const widest = async (setting: object) =>
      Math.max(...(await run(['main.nf'], { cwd, ...setting })).out.split('\n').map((line) => line.length));
    expect(await widest({})).toBeLessThanOrEqual(80);
    expect(await widest({ tty: true, columns: 200, env: { NO_COLOR: '1' } })).toBeGreaterThan(120);
    expect(await widest({ env: { COLUMNS: '60' } })).toBeLessThanOrEqual(60);
  });
  test('colour: the flag, then NO_COLOR, then FORCE_COLOR, then the terminal', async () => {
    const coloured = async (args: string[], setting: object) =>
      (await run(['main.nf', ...args], { cwd, ...setting })).out.includes('\u001b[');
    expect(await coloured([], { tty: true })).toBe(true);
    expect(await coloured([], {})).toBe(false);
    expect(await coloured([], { tty: true, env: { NO_COLOR: '1', FORCE_COLOR: '1' } })).toBe(false);
    expect(await coloured([], { env: { FORCE_COLOR: '1' } })).toBe(true);
    expect(await coloured([], { tty: true, env: { TERM: 'dumb' } })).toBe(false);
    expect(await coloured(['--color', 'always'], { env: { NO_COLOR: '1' } })).toBe(true);
    expect(await coloured(['--color', 'never'], { tty: true })).toBe(false);
  });
  test('ASCII where the locale is not UTF-8', async () => {
    expect((await run(['main.nf'], { cwd, env: { LANG: 'C' } })).out).toMatch(/^[\n\u0020-\u007e]*$/);
    expect((await run(['main.nf'], { cwd, env: { LANG: 'de_DE.UTF-8' } })).out).toContain('→');
  });
  test('progress: on a terminal after 300 ms, cleared, and never in CI', async () => {
    const slow = { cwd, tty: true, tickMs: 400 };
    expect((await run(['main.nf', 'pipelines/*/main.nf'], slow)).err).toMatch(/reading main\.nf \(1 of 3\)[\s\S]*\r\u001b\[2K$/);
    expect((await run(['main.nf'], { ...slow, env: { CI: 'true' } })).err).toBe('');
    expect((await run(['main.nf', '--no-progress'], slow)).err).toBe('');
    expect((await run(['main.nf'], { cwd, tickMs: 400 })).err).toBe('');
  });
  test('--stats goes to stderr', async () => {
    expect((await run(['main.nf', '--stats'], { cwd })).err).toMatch(/^pipeopt: 9 files read and analysed in \d+ ms, written in \d+ ms\n$/);
  });
  test('-q leaves findings and the closing line', async () => {
    const { out } = await run(['main.nf', '-q'], { cwd, report: hostile });
    expect(out).not.toContain('Shape');
    expect(out).toContain('1 finding: 1 warning');
  });
});

describe('the other commands', () => {
  test('graph prints dot, or what -f says', async () => {
    expect((await run(['graph'], { cwd })).out).toMatch(/^digraph "exome" \{/);
    expect((await run(['graph', 'main.nf', '-f', 'mermaid'], { cwd })).out).toMatch(/^flowchart TB/);
    expect(JSON.parse((await run(['graph', '-f', 'json'], { cwd })).out).schemaVersion).toBe('1.0');
    expect(await run(['graph', '-f', 'svg'], { cwd })).toMatchObject({ code: 2, out: '' });
    expect(await run(['graph', 'pipelines/*/main.nf'], { cwd })).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('matches 2 pipelines'),
    });
  });
  test('graph: says it where nothing runs, and how to see what is off', async () => {
    const off = { ...exome, graph: { ...exome.graph, calls: exome.graph.calls.map((call) => ({ ...call, active: false as const })) } };
    const { code, err } = await run(['graph'], { cwd, report: off });
    expect(code).toBe(0);
    expect(err).toMatch(/^pipeopt: nothing runs under these params, so the picture is empty\n {2}--all shows what is off/);
    expect((await run(['graph', '--all'], { cwd, report: off })).err).toBe('');
  });
  test('rules and explain', async () => {
    expect((await run(['rules'])).out).toContain('unread-input');
    expect((await run(['explain', 'unread-input'])).out).toContain('What it finds');
    expect(await run(['explain', 'unread-inputs'])).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('did you mean unread-input?'),
    });
    expect(await run(['explain'])).toMatchObject({ code: 2, out: '' });
  });
});
