// `node test/conformance/capacity.mjs`: does a run take as long as `pipeopt analyze --platform local:…` says? Each case of fixtures/capacities runs on real Nextflow on machines of
// three sizes, which are pretended: the local executor counts to what its settings say, and tasks sleep (slow-bash). It is predicted from the durations that they are told to
// sleep (declared), and from the trace of the largest machine's run (measured), by the command that a user would type.
//   --only NAME  one case; may be repeated
//   --at-once N  cases side by side; 2 unless given: tasks sleep, and two cores have time for both
//   --runs DIR   keeps the traces of the runs there, and takes those that are there already for what a run would give
// Exit 0: every prediction is within a tenth; 1: some is not; 2: real Nextflow cannot be started here.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { fakeTools, inputs, layOut, recordedPath } from './forty-two.mjs';
import { inParallel } from './in-parallel.mjs';
import { copyOf, newFolder, nextflow, prepareNextflow } from './judge.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const cases = join(root, 'fixtures/capacities');
const TIMEOUT_MS = 300_000;
const ALLOWED = 0.1;
const FORTY_TWO = 'forty-two-better';

/**
 * `capacity.json`: seconds by process, or else of single tasks by their name; how many attempts at a task fail, by its name; machines as `--platform local:` has them, the
 * largest one last.
 */
function readCase(name) {
  if (name === FORTY_TWO) return fortyTwo();
  const folder = join(cases, name);
  const { seconds, tasks = {}, failures = {}, machines } = JSON.parse(readFileSync(join(folder, 'capacity.json'), 'utf8'));
  return { name, folder, seconds, tasks, failures, machines, params: {}, env: {} };
}

/** A whole pipeline, with tools that write what it goes on with. Its short calls take two seconds, so that there is more in it than what Nextflow takes itself. */
function fortyTwo() {
  const { hoursOfEachTask } = JSON.parse(readFileSync(recordedPath, 'utf8'));
  return {
    name: FORTY_TWO,
    folder: layOut(true),
    seconds: Object.fromEntries(Object.entries(hoursOfEachTask).map(([call, hours]) => [call, 2 + 2 * hours])),
    tasks: {},
    failures: {},
    machines: ['16,72GB', '32,144GB', '64,288GB'],
    params: inputs(),
    env: { PATH: `${fakeTools()}:${process.env.PATH}`, FAKE_SECONDS_PER_HOUR: '0' },
  };
}

/** Scripts sleep in their shell, so that the pipeline is the one that pipeopt reads. As many threads as there are on a machine of that size. */
function configFor(machine, setsQueue) {
  const [cpus, memory] = machine.split(',');
  return `
poolSize = ${cpus}
process.shell = ['${join(here, 'slow-bash')}', '-ue']
executor { name = 'local'; cpus = ${cpus}; memory = '${memory.replace('GB', ' GB')}'${setsQueue ? '' : `; queueSize = ${cpus}`} }
trace { enabled = true; file = 'trace.txt'; overwrite = true; raw = true; fields = 'task_id,hash,process,tag,name,status,exit,attempt,submit,start,complete,duration,realtime,%cpu,peak_rss,cpus,memory' }
`;
}

async function run({ name, folder, seconds, tasks, failures, params, env }, machine, scale = 1) {
  const slow = newFolder('slow');
  const write = (kind, values) => {
    mkdirSync(join(slow, kind));
    for (const [task, value] of Object.entries(values)) writeFileSync(join(slow, kind, task), `${value}\n`);
  };
  write('seconds', Object.fromEntries(Object.entries({ ...seconds, ...tasks }).map(([task, value]) => [task, value * scale])));
  write('failures', failures);
  write('attempts', {});
  const dir = copyOf({ folder, caseName: name });
  const config = join(folder, 'nextflow.config');
  const setsQueue = existsSync(config) && readFileSync(config, 'utf8').includes('queueSize');
  writeFileSync(join(dir, 'room.config'), configFor(machine, setsQueue));
  await nextflow({ params }, dir, ['-c', 'room.config'], { env: { ...env, SLOW: slow }, timeoutMs: TIMEOUT_MS });
  return join(dir, 'trace.txt');
}

/** The trace of a run, and how long it took. */
async function runOnce(one, machine, kept) {
  const trace = join(kept, one.name, `${machine}.txt`);
  if (!existsSync(trace)) {
    mkdirSync(join(kept, one.name), { recursive: true });
    cpSync(await run(one, machine), trace);
  }
  return { machine, trace, seconds: makespanOf(tasksIn(trace)) };
}

/** Rows of a trace; times in ms. */
function tasksIn(path) {
  const [head, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  return rows.map((row) => {
    const field = Object.fromEntries(head.map((name, at) => [name, row[at]]));
    const [submit, complete, cpus, memory] = ['submit', 'complete', 'cpus', 'memory'].map((name) => Number(field[name]) || 0);
    return { call: field.process, submit, complete, cpus, memory };
  });
}

/** Seconds from the first submission to the last completion. */
function makespanOf(tasks) {
  return (Math.max(...tasks.map(({ complete }) => complete)) - Math.min(...tasks.map(({ submit }) => submit))) / 1000;
}

/** The most of something that tasks held at once. */
function mostAtOnce(tasks, amountOf) {
  return Math.max(
    ...tasks.map(({ submit: at }) =>
      tasks.filter(({ submit, complete }) => submit <= at && at < complete).reduce((sum, task) => sum + amountOf(task), 0),
    ),
  );
}

/** Seconds: low, expected, high. */
function predict({ folder, params }, machine, evidence) {
  const pipeopt = join(root, 'bin/pipeopt.js');
  const paramsFile = join(newFolder('params'), 'params.json');
  writeFileSync(paramsFile, JSON.stringify(params));
  const all = ['analyze', folder, ...'-f json --no-progress --fail-on none'.split(' '), '--platform', `local:${machine}`];
  all.push('--params-file', paramsFile, ...evidence);
  const { stdout, stderr } = spawnSync(process.execPath, [pipeopt, ...all], { encoding: 'utf8', maxBuffer: 1 << 26 });
  let report;
  try {
    report = JSON.parse(stdout);
  } catch {
    throw new Error(`pipeopt ${all.join(' ')}: ${stderr || stdout}`);
  }
  const now = report.estimates?.now?.wallClock;
  if (now === undefined) throw new Error(`pipeopt says no time: ${report.coverage.notes.map(({ message }) => message).join('; ')}`);
  return { ...now, waits: report.estimates.now.waits };
}

/** @returns a file as `--durations` takes it */
function durationsFile({ seconds }) {
  const path = join(newFolder('durations'), 'durations.csv');
  const rows = Object.entries(seconds).map((row) => row.join());
  writeFileSync(path, ['process,seconds', ...rows, ''].join('\n'));
  return path;
}

async function judge(one, kept) {
  const declared = durationsFile(one);
  const runs = [];
  for (const machine of one.machines) runs.push(await runOnce(one, machine, kept));
  const { trace } = runs.at(-1);
  // What differs from task to task, and that some fail, a run tells and no list of durations.
  const isDeclared = Object.keys(one.tasks).length + Object.keys(one.failures).length === 0;
  return runs.map(({ machine, seconds }, at) => ({
    machine,
    seconds,
    ...(isDeclared && { declared: predict(one, machine, ['--durations', declared]) }),
    // A run tells what another one takes.
    ...(at < runs.length - 1 && { measured: predict(one, machine, ['--trace', trace]) }),
  }));
}

/** What holds tasks back, whatever the time that anything takes: runs in a quarter of their time, on the smallest machine. */
const LIMITS = [
  { name: 'downloads-two-at-once', cause: 'max-forks', most: 2, amountOf: ({ call }) => (call === 'DOWNLOAD' ? 1 : 0) },
  { name: 'queue-shorter-than-cpus', machine: 2, cause: 'queue-size', most: 3, amountOf: () => 1 },
  { name: 'large-beside-small', cause: 'memory', most: 12 * 2 ** 30, amountOf: ({ memory }) => memory },
];

/** Says where a run went beyond a limit or stayed below it, and where pipeopt does not say that tasks wait for it. */
export async function judgeLimits() {
  const differences = [];
  for (const { name, machine = 0, cause, most, amountOf } of LIMITS) {
    const one = readCase(name);
    const size = one.machines[machine];
    const seen = mostAtOnce(tasksIn(await run(one, size, 0.25)), amountOf);
    if (seen !== most) differences.push(`${name} on ${size}: ${seen} at once, not ${most}`);
    if (!(predict(one, size, ['--durations', durationsFile(one)]).waits?.[cause] > 0))
      differences.push(`${name} on ${size}: pipeopt lets nobody wait for ${cause}`);
  }
  return differences;
}

const BASES = ['declared', 'measured'];

async function main({ only, runs, 'at-once': atOnce }) {
  const kept = runs ?? newFolder('runs');
  const errors = { declared: [], measured: [] };
  let failed = 0;
  await inParallel(Number(atOnce), only ?? [...readdirSync(cases), FORTY_TWO], async (name) => {
    try {
      for (const row of await judge(readCase(name), kept)) {
        const cells = BASES.map((basis) => {
          const { low, expected, high } = row[basis] ?? {};
          if (expected === undefined) return '';
          const error = expected / row.seconds - 1;
          errors[basis].push(Math.abs(error));
          if (Math.abs(error) > ALLOWED) failed++;
          const range = high - low > 0.05 * expected ? ` (${low.toFixed(1)} to ${high.toFixed(1)})` : '';
          return `${expected.toFixed(1)}${range}, ${percent(error)}`;
        });
        console.log(`| ${name} | ${row.machine} | ${row.seconds.toFixed(1)} | ${cells.join(' | ')} |`);
      }
    } catch (error) {
      failed++;
      console.log(`FAIL ${name}: ${error.message}`);
    }
  });
  for (const basis of BASES) {
    const sizes = errors[basis].sort((one, other) => one - other);
    if (sizes.length === 0) continue;
    const at = (share) => `${(100 * sizes[Math.ceil(share * sizes.length) - 1]).toFixed(1)} %`;
    console.log(`${basis}: ${sizes.length} predictions, error median ${at(0.5)}, p90 ${at(0.9)}, worst ${at(1)}`);
  }
  return failed === 0 ? 0 : 1;
}

function percent(error) {
  return `${error > 0 ? '+' : ''}${(100 * error).toFixed(1)} %`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: 'string' };
  const { values } = parseArgs({ options: { only: { ...text, multiple: true }, runs: text, 'at-once': { ...text, default: '2' } } });
  const missing = prepareNextflow();
  if (missing) console.error(missing);
  process.exitCode = missing ? 2 : await main(values);
}
