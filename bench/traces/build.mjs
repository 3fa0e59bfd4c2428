// `node bench/traces/build.mjs --traces DIR --pipelines DIR [--mirrors DIR] [--only NAME]`: from traces of real runs to facts, one
// FACTS-NAME.json for each of cases.json: how many tasks each process had, and which process was seen to wait for all of another.
//   waits    every task of `to` was submitted after the last of `from` had completed, in every run. `evidence`:
//            trigger  that last completion let it go, in `triggers` of `runs` runs: no other process that feeds it completed later,
//                     it was submitted within a poll (MAX_POLL_MS), and the first of `from` had completed well before
//            data     every task of `to` had files of every task of `from` (traces that record files)
//            none     it just never came sooner: says nothing about why
//   streams  some task of `to` was submitted before `from` was through, in at least one run: no wait for all of it
// Only pairs along an edge of Nextflow's own graph (where the traces have it) or of pipeopt's, with two tasks or more of `from`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutOf } from '../checkouts.mjs';
import { flag, reportOf } from '../pipeopt.mjs';
import { optionsOf } from './cases.mjs';
import { tasksOf } from './read-trace.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAX_POLL_MS = 60_000;
/** Times are rounded to seconds in some traces. */
const ROUNDING_MS = 2_000;
const SPREAD_MS = 10_000;

function spanOf(tasks) {
  const times = tasks.filter(({ submitMs }) => submitMs !== undefined);
  return times.length < tasks.length || tasks.length === 0
    ? undefined
    : {
        firstSubmitMs: Math.min(...tasks.map(({ submitMs }) => submitMs)),
        firstCompleteMs: Math.min(...tasks.map(({ completeMs }) => completeMs)),
        lastCompleteMs: Math.max(...tasks.map(({ completeMs }) => completeMs)),
      };
}

function byProcess(tasks) {
  const groups = new Map();
  for (const task of tasks) groups.set(task.process, [...(groups.get(task.process) ?? []), task]);
  return groups;
}

/** Files of one folder by a name with one `*`, relative to `base`. */
function filesOf(base, pattern) {
  const [start, end] = basename(pattern).split('*');
  return readdirSync(join(base, dirname(pattern)))
    .filter((name) => (end === undefined ? name === start : name.startsWith(start) && name.endsWith(end)))
    .map((name) => join(dirname(pattern), name));
}

/** What one run says of one pair. */
function seenInRun(run, from, to, feeding) {
  const [p, q] = [run.spans.get(from), run.spans.get(to)];
  if (p === undefined || q === undefined) return { kind: 'unknown' };
  const gapMs = q.firstSubmitMs - p.lastCompleteMs;
  if (gapMs < -ROUNDING_MS) return { kind: 'stream', leadMs: -gapMs };
  const later = feeding.some((other) => other !== from && (run.spans.get(other)?.lastCompleteMs ?? 0) > p.lastCompleteMs);
  const trigger =
    !later && gapMs <= MAX_POLL_MS && q.firstSubmitMs - p.firstCompleteMs >= SPREAD_MS && p.lastCompleteMs - p.firstCompleteMs >= SPREAD_MS;
  return { kind: 'after', gapMs, trigger };
}

/** Whether each task of `to` has each of `from` among its parents. */
function hasDataOfAll(run, from, to) {
  const sources = run.tasks.get(from) ?? [];
  const targets = run.tasks.get(to) ?? [];
  if (sources.length < 2 || targets.length === 0 || targets.some(({ parents }) => parents === undefined)) return false;
  return targets.every(({ parents }) => sources.every(({ id }) => parents.includes(id)));
}

function pairFacts(runs, from, to, feeding) {
  const seen = runs.map((run) => seenInRun(run, from, to, feeding));
  const streams = seen.filter(({ kind }) => kind === 'stream');
  if (streams.length > 0) return { stream: { from, to, runs: streams.length, leadMs: Math.max(...streams.map(({ leadMs }) => leadMs)) } };
  const after = seen.filter(({ kind }) => kind === 'after');
  const data = runs.every((run) => hasDataOfAll(run, from, to));
  if (after.length === 0 && !data) return {};
  const triggers = after.filter(({ trigger }) => trigger).length;
  const counts = [from, to].map((name) => runs[0].tasks.get(name).length);
  return {
    wait: {
      from,
      to,
      tasks: counts,
      evidence: data ? 'data' : triggers >= Math.max(1, Math.min(2, runs.length - 2)) ? 'trigger' : 'none',
      ...(after.length === 0 ? {} : { runs: after.length, triggers, minGapMs: Math.min(...after.map(({ gapMs }) => gapMs)) }),
    },
  };
}

function factsOf(one, traces, pipelines, mirrors) {
  const paths = one.traces.flatMap((pattern) => filesOf(traces, pattern)).sort();
  if (paths.length === 0) throw new Error('no trace');
  const renamed = new Map(Object.entries(one.rename ?? {}));
  const runs = paths.map((path) => {
    const tasks = byProcess(tasksOf(join(traces, path)).map((task) => ({ ...task, process: renamed.get(task.process) ?? task.process })));
    return { path, tasks, spans: new Map([...tasks].map(([name, list]) => [name, spanOf(list)])) };
  });
  const edges = new Set();
  if (one.dag !== undefined && existsSync(join(traces, one.dag)))
    for (const [from, to] of JSON.parse(readFileSync(join(traces, one.dag), 'utf8')).process_edges) edges.add(`${from} ${to}`);
  const folder = checkoutOf(pipelines, mirrors, one.repo, one.commit);
  if (folder === undefined) throw new Error('no checkout');
  const { pipeline, options } = optionsOf(one, folder);
  const { report } = reportOf(pipeline, options);
  for (const { from, to } of report.graph.edges) edges.add(`${from} ${to}`);
  const [{ tasks }] = runs;
  const pairs = [...edges]
    .map((edge) => edge.split(' '))
    .filter(([from, to]) => (tasks.get(from)?.length ?? 0) > 1 && tasks.has(to) && from !== to);
  const facts = pairs
    .sort(([a, b], [c, d]) => (a === c ? (b < d ? -1 : 1) : a < c ? -1 : 1))
    .map(([from, to]) =>
      pairFacts(
        runs,
        from,
        to,
        [...edges]
          .map((edge) => edge.split(' '))
          .filter(([, target]) => target === to)
          .map(([source]) => source),
      ),
    );
  return {
    name: one.name,
    traces: paths,
    // Where runs differ (none of the traces at hand does), the first is meant.
    processes: [...tasks]
      .map(([name, list]) => ({ name, tasks: list.length, tags: new Set(list.map(({ tag }) => tag)).size }))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    differing: [...tasks.keys()].filter((name) => runs.some((run) => (run.tasks.get(name)?.length ?? 0) !== tasks.get(name).length)),
    waits: facts.flatMap(({ wait }) => (wait === undefined ? [] : [wait])),
    streams: facts.flatMap(({ stream }) => (stream === undefined ? [] : [stream])),
  };
}

/** One fact a line, so that a difference can be read. */
const lines = (list) => (list.length === 0 ? '[]' : `[\n${list.map((one) => `    ${JSON.stringify(one)}`).join(',\n')}\n  ]`);

function main(args) {
  const traces = flag(args, 'traces');
  const pipelines = flag(args, 'pipelines');
  if (traces === undefined || pipelines === undefined) {
    console.error('usage: node bench/traces/build.mjs --traces DIR --pipelines DIR [--mirrors DIR] [--only NAME]');
    return 2;
  }
  const cases = JSON.parse(readFileSync(join(HERE, 'cases.json'), 'utf8')).filter(({ name }) => name.includes(flag(args, 'only') ?? ''));
  for (const one of cases) {
    const facts = factsOf(one, resolve(traces), resolve(pipelines), flag(args, 'mirrors'));
    const { processes, waits, streams } = facts;
    writeFileSync(
      join(HERE, `facts-${one.name}.json`),
      `{\n  "name": ${JSON.stringify(facts.name)},\n  "traces": ${lines(facts.traces)},\n  "differing": ${JSON.stringify(facts.differing)},\n` +
        `  "processes": ${lines(processes)},\n  "waits": ${lines(waits)},\n  "streams": ${lines(streams)}\n}\n`,
    );
    const count = (evidence) => waits.filter((wait) => wait.evidence === evidence).length;
    console.log(
      `${one.name.padEnd(24)} ${String(facts.traces.length).padStart(2)} runs  ${String(processes.length).padStart(3)} processes  ` +
        `waits: ${count('trigger')} triggered, ${count('data')} by data, ${count('none')} unexplained; ${streams.length} streams${facts.differing.length > 0 ? `; differing: ${facts.differing.join(' ')}` : ''}`,
    );
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
