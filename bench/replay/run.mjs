// `npm run replay -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [-v]`: makespans of real runs, simulated and true. The graph is that of the
// source (model.ts, links.ts); tasks take what they took, from start to completion; nothing is pinned to a time of the trace; a platform's
// figures are the same for all its traces (runs.ts).
//   replay    with the run's own durations
//   sibling   with those of the first run of the case: each task's own where that has one of its name, or its call's middle one
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CAUSES, linked, modelOf, RUN_SETS, releasesOf, simulate } from '../../node_modules/.cache/replay-core.mjs';
import { checkoutOf } from '../checkouts.mjs';
import { optionsOf } from '../traces/cases.mjs';
import { tasksOf } from '../traces/read-trace.mjs';

const CASES = fileURLToPath(new URL('../traces/cases.json', import.meta.url));
/** What is left to chance is drawn so often; the middle makespan counts. */
const SEEDS = 15;
/** Ms; a poll, and what Nextflow has to do with what it finds, is over by then. */
const PAUSE = 15_000;

const text = { type: 'string' };
const { values } = parseArgs({
  options: { pipelines: text, traces: text, mirrors: text, only: text, verbose: { type: 'boolean', short: 'v', default: false } },
});

function main() {
  const { pipelines, traces, mirrors, only = '', verbose } = values;
  if (pipelines === undefined || traces === undefined) {
    console.error('usage: npm run replay -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [-v]');
    return 2;
  }
  const cases = JSON.parse(readFileSync(CASES, 'utf8'));
  const errors = { replay: [], sibling: [] };
  console.log('run                tasks    true s  replay s   error  sibling s    error  waits of the replay, h');
  for (const set of RUN_SETS) {
    if (!set.case.includes(only)) continue;
    const one = cases.find(({ name }) => name === set.case);
    const folder = checkoutOf(resolve(pipelines), mirrors, one.repo, one.commit);
    if (folder === undefined) {
      console.log(`${set.case}: no checkout of ${one.repo}@${one.commit}`);
      continue;
    }
    const { pipeline, options } = optionsOf(one, folder);
    const model = modelOf(pipeline, options);
    let fitted;
    for (const { name, trace, platform } of set.runs) {
      const rows = tasksOf(join(traces, trace)).map((task) => ({ ...task, id: Number(task.id) }));
      const run = linked(model, rows, ({ waits }) => waits);
      const truth = makespanOf(rows);
      const errorOf = ({ makespanMs }) => makespanMs / truth - 1;
      const replay = middleOf(run, model, platform, rows);
      errors.replay.push(errorOf(replay));
      let sibling = ''.padEnd(19);
      if (fitted === undefined) fitted = rows;
      else {
        const other = middleOf(run, model, platform, fitted);
        errors.sibling.push(errorOf(other));
        sibling = `${seconds(other.makespanMs)}   ${percent(errorOf(other))}`;
      }
      // Behind a full queue nobody can tell.
      const standstill = replay.waits.some((waits) => waits['queue-size'] > 0) ? 0 : stoodStill(run, rows);
      const notes = [
        waitsOf(replay),
        standstill === 0 ? '' : `the real one stood still ${Math.round(standstill / 1000)} s`,
        run.unknown > 0 ? `${run.unknown} tasks of unknown processes` : '',
        run.byOrder > 0 ? `${run.byOrder} links by order` : '',
      ].filter((note) => note !== '');
      console.log(
        `${name.padEnd(18)} ${String(rows.length).padStart(5)}  ${seconds(truth)}  ${seconds(replay.makespanMs)} ${percent(errorOf(replay))}   ${sibling}  ${notes.join('; ')}`,
      );
      if (verbose) compare(run, replay, rows);
    }
  }
  for (const [kind, some] of Object.entries(errors)) {
    if (some.length === 0) continue;
    const sorted = some.map(Math.abs).sort((a, b) => a - b);
    const at = (share) => percent(sorted[Math.ceil(share * sorted.length) - 1]).trim();
    const mean = percent(some.reduce((sum, each) => sum + each, 0) / some.length).trim();
    console.log(`${kind}: ${sorted.length} runs, error median ${at(0.5)}, p90 ${at(0.9)}, worst ${at(1)}; mean with its sign ${mean}`);
  }
  return 0;
}

/** @param from whose durations tasks take */
function middleOf(run, model, platform, from) {
  const tasks = tasksFrom(run, from);
  const data = linked(model, run.tasks, (call) => call.data).graph;
  const all = Array.from({ length: SEEDS }, (_, seed) => simulate(run.graph, tasks, platform, { seed, data }));
  for (const { outcome } of all) if (outcome !== 'completed') throw new Error(outcome);
  return all.sort((a, b) => a.makespanMs - b.makespanMs)[SEEDS >> 1];
}

function tasksFrom({ graph, tasks }, from) {
  const own = new Map(from.map((task) => [task, took(task)]));
  const byName = new Map(from.map((task) => [`${task.process} ${task.tag}`, took(task)]));
  const byCall = new Map();
  for (const task of from) byCall.set(task.process, [...(byCall.get(task.process) ?? []), took(task)]);
  const middle = (some = [0]) => [...some].sort((a, b) => a - b)[some.length >> 1];
  return {
    durationsMs: Float64Array.from(
      tasks,
      (task) => own.get(task) ?? byName.get(`${task.process} ${task.tag}`) ?? middle(byCall.get(task.process)),
    ),
    calls: graph.groups.map(({ first }) => ({
      ladders: [[{ cpus: tasks[first]?.cpus ?? 1, memoryBytes: tasks[first]?.memoryBytes ?? 0 }]],
      maxForks: 0,
      errorStrategy: 'terminate',
      maxRetries: 0,
    })),
  };
}

function took({ startMs, completeMs }) {
  return Math.max(0, completeMs - startMs);
}

function makespanOf(rows) {
  return Math.max(...rows.map(({ completeMs }) => completeMs)) - Math.min(...rows.map(({ submitMs }) => submitMs));
}

/** Ms in which, in the real run, something that could have been submitted for more than PAUSE ms was not: the cause of misses that no model of machines explains. */
function stoodStill({ graph, tasks }, rows) {
  const begin = Math.min(...rows.map(({ submitMs }) => submitMs));
  const released = releasesOf(graph, (task) => tasks[task].completeMs - begin);
  const late = tasks
    .map(({ submitMs }, task) => ({ from: released[task] + PAUSE, to: submitMs - begin }))
    .filter(({ from, to }) => to > from)
    .sort((a, b) => a.from - b.from);
  // Only while nothing at all is submitted.
  const submits = tasks.map(({ submitMs }) => submitMs - begin).sort((a, b) => a - b);
  let still = 0;
  for (let at = 1; at < submits.length; at += 1) {
    const [from, to] = [submits[at - 1], submits[at]];
    if (to - from <= PAUSE) continue;
    const first = Math.min(...late.filter((one) => one.to >= to && one.from < to).map((one) => Math.max(one.from, from)));
    if (first < to) still += to - first;
  }
  return still;
}

function waitsOf({ waits }) {
  return CAUSES.map((cause) => [cause, waits.reduce((sum, one) => sum + one[cause], 0) / 3_600_000])
    .filter(([cause, hours]) => cause !== 'data' && hours >= 0.05)
    .map(([cause, hours]) => `${cause} ${hours.toFixed(1)}`)
    .join(', ');
}

/** When each call's first task was submitted and its last ended, simulated and (true). */
function compare({ graph, tasks, names }, { submits, ends }, rows) {
  const begin = Math.min(...rows.map(({ submitMs }) => submitMs));
  const lines = graph.groups.flatMap(({ first, size }, group) => {
    if (size === 0) return [];
    const mine = tasks.slice(first, first + size);
    const from = Math.min(...submits.subarray(first, first + size));
    const to = Math.max(...ends.subarray(first, first + size));
    const trueFrom = Math.min(...mine.map(({ submitMs }) => submitMs)) - begin;
    const trueTo = Math.max(...mine.map(({ completeMs }) => completeMs)) - begin;
    const name = names[group].split(':').at(-1);
    return [
      {
        trueFrom,
        line: `    ${seconds(from)} (${seconds(trueFrom)}) to ${seconds(to)} (${seconds(trueTo)})  ${String(size).padStart(4)} ${name}`,
      },
    ];
  });
  for (const { line } of lines.sort((a, b) => a.trueFrom - b.trueFrom)) console.log(line);
}

function seconds(ms) {
  return (ms / 1000).toFixed(0).padStart(8);
}

function percent(share) {
  return `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`.padStart(7);
}

process.exitCode = main();
