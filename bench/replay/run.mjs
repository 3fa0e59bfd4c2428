// `npm run replay -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [--write] [-v]`: makespans of real runs, simulated and true. What comes out has to
// be what golden.json has; --write records it anew, there and in the table of docs/model.md. The graph is that of the source (model.ts, links.ts); tasks take what they took, from start to completion; nothing is pinned to a time of the trace; a platform's
// figures are the same for all its traces (runs.ts).
//   replay    with the run's own durations
//   sibling   with those of the first run of the case: each task's own where that has one of its name, or its call's middle one
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CAUSES, linked, modelOf, RUN_SETS, releasesOf, replayTable, simulate } from '../../node_modules/.cache/replay-core.mjs';
import { checkoutOf } from '../checkouts.mjs';
import { optionsOf } from '../traces/cases.mjs';
import { tasksOf } from '../traces/read-trace.mjs';
import { standstills } from './standstill.mjs';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const CASES = at('../traces/cases.json');
const GOLDEN = at('golden.json');
const DOC = at('../../docs/model.md');
/** What is left to chance is drawn so often; the middle makespan counts. */
const SEEDS = 45;

const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const { values } = parseArgs({
  options: { pipelines: text, traces: text, mirrors: text, only: text, write: flag, verbose: { ...flag, short: 'v' } },
});

function main() {
  const { pipelines, traces, mirrors, only = '', verbose } = values;
  if (pipelines === undefined || traces === undefined) {
    console.error('usage: npm run replay -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [--write] [-v]');
    return 2;
  }
  const cases = JSON.parse(readFileSync(CASES, 'utf8'));
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8'));
  const found = [];
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
    for (const { name, trace, platform, known } of set.runs) {
      const rows = tasksOf(join(traces, trace)).map((task) => ({ ...task, id: Number(task.id) }));
      const run = linked(model, rows, ({ waits }) => waits);
      const replay = middleOf(run, model, platform, rows);
      const sibling = fitted === undefined ? undefined : middleOf(run, model, platform, fitted);
      fitted ??= rows;
      // Behind a full queue nobody can tell.
      const isFull = replay.waits.some((waits) => waits['queue-size'] > 0);
      const stillMs = isFull ? 0 : standstills(run, rows, releasesOf).reduce((sum, ms) => sum + ms, 0);
      found.push({
        name,
        tasks: rows.length,
        trueS: seconds(makespanOf(rows)),
        replayS: seconds(replay.makespanMs),
        ...(sibling && { siblingS: seconds(sibling.makespanMs) }),
        stillS: seconds(stillMs),
        ...(known && { known }),
      });
      if (!verbose) continue;
      console.log(
        `${name}: waits of the replay, h: ${waitsOf(replay)}; ${run.unknown} tasks of unknown processes, ${run.byOrder} links by order`,
      );
      compare(run, replay, rows);
    }
  }
  console.log(replayTable(found));
  if (values.write) return write(found, golden);
  const recorded = golden.filter(({ name }) => found.some((one) => one.name === name));
  if (JSON.stringify(found) === JSON.stringify(recorded)) return 0;
  console.error('not as in bench/replay/golden.json: --write records it anew');
  return 1;
}

/** Runs that were not asked for stay as they are. */
function write(found, golden) {
  const all = RUN_SETS.flatMap(({ runs }) => runs).flatMap(({ name }) => [...found, ...golden].find((one) => one.name === name) ?? []);
  writeFileSync(GOLDEN, `[\n${all.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`);
  const doc = readFileSync(DOC, 'utf8');
  const table = replayTable(golden);
  if (!doc.includes(table)) throw new Error(`${DOC} has not the table of ${GOLDEN} as it was`);
  writeFileSync(
    DOC,
    doc.replace(table, () => replayTable(all)),
  );
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
        line: `    ${padded(from)} (${padded(trueFrom)}) to ${padded(to)} (${padded(trueTo)})  ${String(size).padStart(4)} ${name}`,
      },
    ];
  });
  for (const { line } of lines.sort((a, b) => a.trueFrom - b.trueFrom)) console.log(line);
}

function padded(ms) {
  return String(seconds(ms)).padStart(8);
}

function seconds(ms) {
  return Math.round(ms / 1000);
}

process.exitCode = main();
