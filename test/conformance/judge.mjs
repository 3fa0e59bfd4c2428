// Puts a question to real Nextflow: each run happens in a throw-away copy of the case's folder, never in the fixtures.
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { collapse } from './dot.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const launcher = join(here, 'nextflow');
const TIMEOUT_MS = 60_000;

/** What is missing on this machine, in words; empty if real Nextflow can be started (the jars are brought if need be). */
export function prepareNextflow() {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = /version "(\d+)/.exec(`${java.stderr ?? ''}${java.stdout ?? ''}`)?.[1];
  if (java.error || version === undefined)
    return 'Java is missing. Real Nextflow needs Java 17 or newer: `apt-get install openjdk-17-jre-headless`, `brew install openjdk@17`, or https://adoptium.net.';
  if (Number(version) < 17) return `Java ${version} is too old. Real Nextflow needs Java 17 or newer: see https://adoptium.net.`;
  const jars = ['lib/nextflow-25.04.0.jar', 'lib-22.10/nextflow-22.10.6.jar'].every((jar) => existsSync(join(here, '.nextflow', jar)));
  if (!jars && spawnSync('mvn', ['-v'], { encoding: 'utf8' }).error)
    return "Maven is missing. It brings Nextflow's jars (60 MB, once): `apt-get install maven`, `brew install maven`, or https://maven.apache.org.";
  if (!jars) console.log('bringing Nextflow 25.04 and 22.10 through Maven (60 MB, once) ...');
  const setup = spawnSync(join(here, 'setup'), [], { encoding: 'utf8', stdio: ['ignore', 'inherit', 'inherit'] });
  return setup.status === 0 ? '' : "test/conformance/setup failed: Maven could not bring Nextflow's jars (is the network there?).";
}

const scratch = mkdtempSync(join(tmpdir(), 'pipeopt-conformance-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** The process graph that Nextflow builds. Throws with Nextflow's own words if it refuses the pipeline. */
export async function realGraph(run) {
  const dir = copyOf(run);
  await nextflow(run, dir, ['-preview', '-with-dag', 'dag.dot']);
  return collapse(readFileSync(join(dir, 'dag.dot'), 'utf8'));
}

// A preview of DSL1 starts its dataflow, and a task that fails cuts off the rest of the picture: no task is let through.
const NO_TASKS = "process { withName: '.*' { when = false; errorStrategy = 'ignore' } }\n";

/** The same of DSL1, by the last Nextflow that runs it. Such a preview often does not end by itself: it is stopped when its log says that all is done. */
export async function realGraphOfDsl1(run) {
  const dir = copyOf(run);
  writeFileSync(join(dir, 'no-tasks.config'), NO_TASKS);
  const log = join(dir, 'nextflow.log');
  const said = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  const env = { PIPEOPT_NEXTFLOW: '22.10' };
  const isDone = () => said().includes('Execution complete -- Goodbye');
  await nextflow(run, dir, ['-dsl1', '-preview', '-with-dag', 'dag.dot', '-c', 'no-tasks.config'], { env, isDone });
  const [whileBuilt] = said().split('Workflow process names');
  const aborted = /Session aborted -- Cause: .*/.exec(whileBuilt)?.[0];
  if (aborted !== undefined) throw new Error(aborted);
  return collapse(readFileSync(join(dir, 'dag.dot'), 'utf8'));
}

// Room for any request on a small machine. Nothing here but `executor` and `trace` and the generic executor name: no selector is touched.
const ROOM = `
executor { name = 'local'; cpus = 64; memory = '1024 GB'; queueSize = 32; pollInterval = '50 ms' }
process.executor = 'local'
trace { enabled = true; file = 'trace.txt'; overwrite = true; raw = true; fields = 'task_id,process,tag,attempt,cpus,memory,time,queue,container,workdir' }
`;

/** What each task really got, by fully-qualified process name. */
export async function realTasks(run) {
  const dir = copyOf(run);
  // The strict parser of 25.04 wants the chosen profiles to be known to each -c file.
  const profiles =
    run.parser === 'v2' && run.profiles
      ? `profiles {\n${run.profiles
          .split(',')
          .map((name) => `    ${name} { }\n`)
          .join('')}}\n`
      : '';
  writeFileSync(join(dir, 'room.config'), ROOM + profiles);
  await nextflow(run, dir, ['-c', 'room.config']);
  return tasksOf(readFileSync(join(dir, 'trace.txt'), 'utf8'));
}

let serial = 0;
/** An empty folder that goes away with this program. */
export function newFolder(name) {
  const dir = join(scratch, `${++serial}`, name);
  mkdirSync(dir, { recursive: true });
  return dir;
}

export function copyOf(run) {
  const dir = newFolder(run.caseName);
  cpSync(run.folder, dir, { recursive: true, filter: (path) => !/\/expected[^/]*\.json$/.test(path) });
  return dir;
}

/** `run`: script, profiles, params, parser, nextflowArgs, each as in an expectation (cases.mjs). Rejects with Nextflow's own words. */
export function nextflow(run, dir, args, { env: more = {}, isDone, timeoutMs = TIMEOUT_MS } = {}) {
  const all = ['-log', 'nextflow.log', 'run', run.script ?? 'main.nf'];
  if (run.profiles) all.push('-profile', run.profiles);
  if (run.params && Object.keys(run.params).length > 0) {
    writeFileSync(join(dir, 'params-of-this-run.json'), JSON.stringify(run.params));
    all.push('-params-file', 'params-of-this-run.json');
  }
  all.push(...(run.nextflowArgs ?? []), ...args);
  return new Promise((resolve, reject) => {
    // Nextflow leaves folders in the temporary one: ours goes away with the copies.
    const env = { ...process.env, NXF_SYNTAX_PARSER: run.parser ?? 'v1', PIPEOPT_JAVA_OPTS: `-Djava.io.tmpdir=${scratch}`, ...more };
    const child = spawn(launcher, all, { cwd: dir, env, timeout: timeoutMs });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    child.on('error', reject);
    const watch = isDone && setInterval(() => isDone() && child.kill(), 300);
    child.on('close', (code) => {
      clearInterval(watch);
      if (code === 0 || isDone?.()) resolve();
      else reject(new Error(`Nextflow ended with ${code}: ${said.replace(/^N E X T F L O W.*\n/, '').trim()}`));
    });
  });
}

/** `varies` names what differs between first attempts of one process; such a value is given per tag instead. */
export function tasksOf(trace) {
  const [head, ...rows] = trace
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const byProcess = new Map();
  for (const row of rows) {
    const field = Object.fromEntries(head.map((name, i) => [name, row[i] === '-' ? null : row[i]]));
    const task = {
      order: Number(field.task_id),
      tag: field.tag,
      attempt: Number(field.attempt),
      values: {
        cpus: Number(field.cpus),
        memoryBytes: field.memory === null ? null : Number(field.memory),
        timeMs: field.time === null ? null : Number(field.time),
        queue: field.queue,
        container: field.container,
        ...remarks(field.workdir),
      },
    };
    if (!byProcess.has(field.process)) byProcess.set(field.process, []);
    byProcess.get(field.process).push(task);
  }
  const tasks = {};
  for (const name of [...byProcess.keys()].sort()) {
    const all = byProcess.get(name).sort((a, b) => a.order - b.order || a.attempt - b.attempt);
    const firsts = all.filter((task) => task.attempt === 1);
    const same = {};
    const varies = [];
    for (const key of Object.keys(firsts[0].values)) {
      if (firsts.every((task) => JSON.stringify(task.values[key]) === JSON.stringify(firsts[0].values[key])))
        same[key] = firsts[0].values[key];
      else varies.push(key);
    }
    const later = all.filter((task) => task.attempt > 1);
    tasks[name] = {
      ...same,
      ...(varies.length > 0 && { varies, byTag: Object.fromEntries(firsts.map((task) => [task.tag, pick(task.values, varies)])) }),
      ...(later.length > 0 && { laterAttempts: later.map((task) => ({ attempt: task.attempt, ...task.values })) }),
    };
  }
  return tasks;
}

const pick = (values, keys) => Object.fromEntries(keys.map((key) => [key, values[key]]));

/** Fixture scripts say what the trace does not: `# ext.args=...` and `# seen.maxRetries=...` lines, read back from the task's own script. */
function remarks(workdir) {
  const found = {};
  for (const [, group, key, value] of readFileSync(join(workdir, '.command.sh'), 'utf8').matchAll(/^\s*# (ext|seen)\.(\w+)=(.*)$/gm))
    found[group] = { ...found[group], [key]: value };
  return found;
}
