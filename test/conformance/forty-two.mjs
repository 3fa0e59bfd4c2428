// The 42 calls of fixtures/pipelines/forty-two on real Nextflow, with fake tools that sleep (fake-tools/): which tasks there are, and that
// those which need nothing of one another do run one after another. Then the same with the false links gone (better/ laid over it): they
// run side by side, what is published is the same byte for byte, and the makespan falls by what the first run's trace predicts.
//   node test/conformance/forty-two.mjs [--record]      prints the figures, and fails also where a figure is off; FAKE_SECONDS_PER_HOUR=5 makes
//                                                       Nextflow's own share smaller. Among the other cases only what does not hang on how
//                                                       busy the machine is can fail.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newFolder, nextflow, prepareNextflow } from './judge.mjs';

const fixture = fileURLToPath(new URL('../../fixtures/pipelines/forty-two/', import.meta.url));
const fakeTool = fileURLToPath(new URL('fake-tools/fake-tool.sh', import.meta.url));
const table = fileURLToPath(new URL('fake-tools/tools.tsv', import.meta.url));
export const recordedPath = join(fixture, 'expected-run.json');

const SECONDS_PER_HOUR = Number(process.env.FAKE_SECONDS_PER_HOUR ?? 1);
// The runs sleep 28 and 9 hours; Nextflow and the digests take 0.2 s a call beside.
const TIMEOUT_MS = 120_000 + 60_000 * SECONDS_PER_HOUR;
// Pretended capacity: everything that may run at once does. The local executor has as many threads as poolSize says, whatever its cpus
// say: unless it is set, 3 on two cores.
const ROOM = `
poolSize = 64
executor { name = 'local'; cpus = 256; memory = '4096 GB'; queueSize = 64; pollInterval = '20 ms' }
process.executor = 'local'
trace { enabled = true; file = 'trace.txt'; overwrite = true; raw = true; fields = 'process,tag,status,exit,submit,start,complete,workdir' }
`;
const REFERENCES = {
  genome: ['genome.fa', 'genome.fa.fai', 'genome.dict', 'known_sites.vcf.gz', 'known_sites.vcf.gz.tbi'],
  targets: 'exome_targets.bed',
  vep_cache: ['info.txt'],
  snpeff_data: ['snpEffectPredictor.bin'],
  clinvar: 'clinvar.vcf.gz',
  gnomad: 'gnomad.echtvar.zip',
  dbnsfp: 'dbnsfp.txt.gz',
};
const SAMPLES = ['mother', 'child'];
const LANES = ['L001', 'L002'];

/** A small world: two samples of two lanes, references of the right names. Every file's content is its name. */
export function inputs() {
  const dir = newFolder('inputs');
  const write = (path) => {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), `${path}\n`);
    return join(dir, path);
  };
  const params = {};
  for (const [name, files] of Object.entries(REFERENCES)) {
    if (Array.isArray(files)) for (const file of files) write(join(name, file));
    params[name] = Array.isArray(files) ? join(dir, name) : write(files);
  }
  for (const name of ['clinvar', 'dbnsfp']) write(`${REFERENCES[name]}.tbi`);
  const rows = SAMPLES.flatMap((sample) =>
    LANES.map((lane) => [sample, lane, ...['R1', 'R2'].map((mate) => write(`reads/${sample}_${lane}_${mate}.fastq.gz`))].join(',')),
  );
  params.input = join(dir, 'samples.csv');
  writeFileSync(params.input, `sample,lane,fastq_1,fastq_2\n${rows.join('\n')}\n`);
  return params;
}

const tools = readFileSync(table, 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t'))
  .map(([tool, subcommand, hours]) => ({ tool, subcommand, hours: Number(hours) }));

export function fakeTools() {
  const dir = newFolder('fake-tools');
  for (const tool of new Set(tools.map((row) => row.tool))) symlinkSync(fakeTool, join(dir, tool));
  return dir;
}

/** How long a script's fake tools sleep: commands one after another, those of a pipe at once. Here no quoted word holds a bar. */
function hoursOf(script) {
  const commands = script.replace(/\\\n/g, ' ').split('\n');
  const hours = commands.map((command) =>
    Math.max(
      ...command.split(/\s\|\s/).map((part) => {
        const [name, ...words] = part.trim().split(/\s+/);
        return tools.find((row) => row.tool === name && (row.subcommand === '-' || words.includes(row.subcommand)))?.hours ?? 0;
      }),
    ),
  );
  return Number(sum(hours).toFixed(3));
}

/** A copy of the pipeline. */
export function layOut(better) {
  const dir = newFolder(better ? 'forty-two-better' : 'forty-two');
  cpSync(fixture, dir, { recursive: true, filter: (path) => !/\/(better|expected[^/]*\.json)$/.test(path) });
  if (better) cpSync(join(fixture, 'better'), dir, { recursive: true });
  return dir;
}

/** @returns tasks (times in ms), in the order of their start, and the sha256 of each published file by its path. */
async function runPipeline(params, bin, { better = false } = {}) {
  const dir = layOut(better);
  writeFileSync(join(dir, 'room.config'), ROOM);
  const env = { PATH: `${bin}:${process.env.PATH}`, FAKE_SECONDS_PER_HOUR: String(SECONDS_PER_HOUR) };
  await nextflow({ params: { ...params, outdir: join(dir, 'results') } }, dir, ['-c', 'room.config'], { env, timeoutMs: TIMEOUT_MS });
  const [head, ...rows] = readFileSync(join(dir, 'trace.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const tasks = rows
    .map((row) => Object.fromEntries(head.map((name, i) => [name, row[i]])))
    .map(({ process: call, status, exit, workdir, ...times }) => ({
      call,
      status,
      exit: Number(exit),
      submit: Number(times.submit),
      start: Number(times.start),
      complete: Number(times.complete),
      hours: hoursOf(readFileSync(join(workdir, '.command.sh'), 'utf8')),
    }))
    .sort((a, b) => a.start - b.start);
  return { tasks, published: digests(join(dir, 'results')) };
}

function digests(folder) {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [
        path,
        createHash('sha256')
          .update(readFileSync(join(folder, path)))
          .digest('hex'),
      ])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const firstStart = (tasks, call) => Math.min(...tasks.filter((task) => task.call === call).map((task) => task.start));
const lastComplete = (tasks, call) => Math.max(...tasks.filter((task) => task.call === call).map((task) => task.complete));
const makespan = (tasks) => Math.max(...tasks.map((task) => task.complete)) - Math.min(...tasks.map((task) => task.submit));

/**
 * Runs both, and says what differs from what is expected; `slow` is what differs in time alone, as it may on a busy machine. `figures` are in seconds, but for `hours`; a predicted makespan is the first run's without
 * what the independent calls but the longest took of it, from the end of the one before to their own.
 */
export async function judgeFortyTwo({ record = false } = {}) {
  const truth = JSON.parse(readFileSync(join(fixture, 'expected.json'), 'utf8'));
  const [{ calls: independent }] = truth.independentSets;
  const params = inputs();
  const bin = fakeTools();
  const now = await runPipeline(params, bin);
  const better = await runPipeline(params, bin, { better: true });
  const differences = [];
  const slow = [];
  const isOfSet = ({ call }) => independent.includes(call);
  const calls = [...new Set(now.tasks.map((task) => task.call))];

  for (const [name, { tasks }] of Object.entries({ now, better })) {
    for (const task of tasks)
      if (task.status !== 'COMPLETED' || task.exit !== 0) differences.push(`${name}: ${task.call} ${task.status} ${task.exit}`);
  }
  if (JSON.stringify(calls) !== JSON.stringify(truth.chain)) differences.push(`calls start in the order ${calls.join(', ')}`);
  // Each of 16 to 26 starts after the one before has ended; in the better one all ten start before the first of them ends.
  for (const call of [...independent, truth.chain[26 - 1]]) {
    const before = truth.chain[truth.chain.indexOf(call) - 1];
    if (firstStart(now.tasks, call) < lastComplete(now.tasks, before)) differences.push(`${call} starts before ${before} ends`);
  }
  const firstEnd = Math.min(...independent.map((call) => lastComplete(better.tasks, call)));
  for (const call of independent)
    if (firstStart(better.tasks, call) >= firstEnd) slow.push(`better: ${call} starts after another of the set has ended`);
  for (const path of new Set([...Object.keys(now.published), ...Object.keys(better.published)]))
    if (now.published[path] !== better.published[path]) differences.push(`better publishes another ${path}`);

  const run = {
    samples: SAMPLES.length,
    lanesOfEachSample: LANES.length,
    tasks: Object.fromEntries(calls.map((call) => [call, now.tasks.filter((task) => task.call === call).length])),
    hoursOfEachTask: Object.fromEntries(calls.map((call) => [call, now.tasks.find((task) => task.call === call).hours])),
    oneAfterAnother: independent,
    published: Object.keys(now.published),
  };
  const text = `${JSON.stringify(run, null, 2)}\n`;
  if (record) writeFileSync(recordedPath, text);
  else if (!existsSync(recordedPath)) differences.push('nothing recorded: run with --record');
  else if (readFileSync(recordedPath, 'utf8') !== text) differences.push(`the run is not that of ${relative(process.cwd(), recordedPath)}`);

  const slots = independent.map((call) => {
    const before = truth.chain[truth.chain.indexOf(call) - 1];
    return lastComplete(now.tasks, call) - lastComplete(now.tasks, before);
  });
  const saved = sum(slots) - Math.max(...slots);
  const figures = {
    now: makespan(now.tasks) / 1000,
    predicted: (makespan(now.tasks) - saved) / 1000,
    better: makespan(better.tasks) / 1000,
    hoursNow: hoursOfChain(run, []),
    hoursBetter: hoursOfChain(run, independent),
    tasks: now.tasks.length,
  };
  // A saving that is promised has to be the one that is measured, within 10 %: on the part that changes, without what a busy machine
  // added to the sleeps of its tasks; the makespans have it in.
  const addedNow = sum(now.tasks.filter(isOfSet).map((task) => lengthOf(task) - sleepOf(task)));
  const ofBetter = better.tasks.filter(isOfSet);
  const addedBetter = Math.max(...ofBetter.map(lengthOf)) - Math.max(...ofBetter.map(sleepOf));
  const measured = lengthOfPart(now.tasks, truth) - addedNow - (lengthOfPart(better.tasks, truth) - addedBetter);
  const promised = (figures.hoursNow - figures.hoursBetter) * 1000 * SECONDS_PER_HOUR;
  if (Math.abs(measured - promised) > 0.1 * promised) slow.push(`saves ${measured} ms, not the ${promised} ms promised`);
  Object.assign(figures, { saved: measured / 1000, promised: promised / 1000 });
  return { differences, slow, figures };
}

/** From the end of the call before the independent ones to the start of the call behind them, in ms. */
function lengthOfPart(tasks, { chain, independentSets: [{ calls }] }) {
  const [before, behind] = [chain[chain.indexOf(calls[0]) - 1], chain[chain.indexOf(calls.at(-1)) + 1]];
  return firstStart(tasks, behind) - lastComplete(tasks, before);
}

const lengthOf = (task) => task.complete - task.start;
const sleepOf = (task) => task.hours * 1000 * SECONDS_PER_HOUR;
const sum = (numbers) => numbers.reduce((all, more) => all + more, 0);

/** Calls one after another, but those of `together` at once. The lanes and samples of one call run at once. */
function hoursOfChain({ hoursOfEachTask }, together) {
  const hours = Object.entries(hoursOfEachTask);
  const serial = hours.filter(([call]) => !together.includes(call)).reduce((all, [, more]) => all + more, 0);
  return Number((serial + Math.max(0, ...together.map((call) => hoursOfEachTask[call]))).toFixed(3));
}

export function figuresLine({ now, predicted, better, hoursNow, hoursBetter, tasks, saved, promised }) {
  const s = (seconds) => `${seconds.toFixed(1)} s`;
  const without = `without the false links ${s(better)} (predicted ${s(predicted)}) for ${hoursBetter} h`;
  return `forty-two: ${tasks} tasks, ${s(now)} for ${hoursNow} h; ${without}; by the sleeps ${s(saved)} saved of ${s(promised)} promised`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = prepareNextflow();
  if (missing) {
    console.error(missing);
    process.exitCode = 2;
  } else {
    const { differences, slow, figures } = await judgeFortyTwo({ record: process.argv.includes('--record') });
    for (const difference of [...differences, ...slow]) console.log(`FAIL forty-two: ${difference}`);
    console.log(figuresLine(figures));
    process.exitCode = differences.length + slow.length > 0 ? 1 : 0;
  }
}
