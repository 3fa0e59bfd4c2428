// How many tasks each call of fixtures/tasks runs, and which call waits for which, asked of real Nextflow; test/nf-mini holds its own runs, and
// pipeopt's counts, against what is recorded.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyOf, nextflow } from './judge.mjs';

// Every task sleeps before its script, by its name and the seed: now this call is the slow one, now that, so that what need not wait is seen to
// have begun before. Nothing that decides counts is touched. The times of the trace are milliseconds since 1970.
const SEEDS = ['barley', 'oats'];
const slowedDown = (seed) => `
executor { name = 'local'; cpus = 64; memory = '1024 GB'; queueSize = 32; pollInterval = '50 ms' }
process.executor = 'local'
process.beforeScript = { 'sleep ' + [0.05, 0.3, 0.9, 1.8][(task.process + ' ' + task.index + ' ${seed}').md5().bytes.sum() % 4] }
trace { enabled = true; file = 'trace.txt'; overwrite = true; raw = true; fields = 'task_id,process,status,start,complete' }
`;

/** Tasks per call, and the pairs of calls of which the first had always ended before the second began. Throws where the runs disagree. */
export async function realTaskOrder(run) {
  let tasks;
  let before;
  for (const seed of SEEDS) {
    const dir = copyOf(run);
    writeFileSync(join(dir, 'slowed-down.config'), slowedDown(seed));
    await nextflow(run, dir, ['-c', 'slowed-down.config']);
    const seen = timesOf(readFileSync(join(dir, 'trace.txt'), 'utf8'));
    const counts = Object.fromEntries([...seen].map(([call, { count }]) => [call, count]));
    if (tasks !== undefined && JSON.stringify(tasks) !== JSON.stringify(counts))
      throw new Error(`two runs differ: ${JSON.stringify(tasks)} and ${JSON.stringify(counts)}`);
    tasks = counts;
    const pairs = [...seen].flatMap(([one, { end }]) =>
      [...seen].filter(([other, { start }]) => other !== one && end <= start).map(([other]) => [one, other]),
    );
    before = before?.filter(([one, other]) => pairs.some((pair) => pair[0] === one && pair[1] === other)) ?? pairs;
  }
  return { tasks, before };
}

function timesOf(trace) {
  const [head, ...rows] = trace
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
  const calls = new Map();
  for (const row of rows) {
    const field = Object.fromEntries(head.map((name, i) => [name, row[i]]));
    if (field.status !== 'COMPLETED') throw new Error(`a task of ${field.process} is ${field.status}`);
    const call = calls.get(field.process) ?? { count: 0, start: Number.POSITIVE_INFINITY, end: 0 };
    calls.set(field.process, {
      count: call.count + 1,
      start: Math.min(call.start, Number(field.start)),
      end: Math.max(call.end, Number(field.complete)),
    });
  }
  return new Map([...calls].sort(([one], [other]) => (one < other ? -1 : 1)));
}

export async function judgeTasks(run, { record, askReal }) {
  if (!askReal) return run.expected.tasks ? [] : ['nothing recorded: run with --record'];
  const real = await realTaskOrder(run);
  if (record) {
    const pairs = real.before.map((pair) => `    ${JSON.stringify(pair)}`).join(',\n');
    const before = pairs === '' ? '[]' : `[\n${pairs}\n  ]`;
    const counts = Object.entries(real.tasks).map(([call, count]) => `    ${JSON.stringify(call)}: ${count}`);
    const tasks = counts.length === 0 ? '{}' : `{\n${counts.join(',\n')}\n  }`;
    writeFileSync(run.expectedPath, `{\n  "tasks": ${tasks},\n  "before": ${before}\n}\n`);
    return [];
  }
  // Which waits are seen depends on the machine's mood; how many tasks there are does not.
  const [want, got] = [run.expected.tasks, real.tasks].map((tasks) => JSON.stringify(tasks ?? null));
  return want === got ? [] : [`recorded ${want}, Nextflow now ${got}`];
}
