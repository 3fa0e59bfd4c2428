// `npm run bench:ranges -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [--figures] [-v]`: how often the truth lies in the range of times that
// `analyze --platform` gives, from traces of other runs of the pipeline, and with no trace at all. Figures of how far runs differ are worked out without the pipeline that is judged
// (figures.mjs); --shipped takes those that pipeopt ships, --figures prints what comes out of all runs. Figures: docs/model.md, "How often ranges hold".
//   width   half the range, of what is expected
//   score   the width of the whole range, and ten times what lies outside of it, of the truth (interval score of 8 in 10)
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { JUDGED, loadPrices, readTrace, told, UNCERTAINTY } from '../../node_modules/.cache/ranges-core.mjs';
import { checkoutOf } from '../checkouts.mjs';
import { optionsOf } from '../traces/cases.mjs';
import { tasksOf } from '../traces/read-trace.mjs';
import { Figures, filesOf } from './figures.mjs';

const CASES = fileURLToPath(new URL('../traces/cases.json', import.meta.url));
const text = { type: 'string' };
const flag = { type: 'boolean', default: false };
const { values } = parseArgs({
  options: { pipelines: text, traces: text, mirrors: text, only: text, shipped: flag, figures: flag, verbose: { ...flag, short: 'v' } },
});
const KINDS = { one: 'one other run', several: 'all other runs', none: 'no trace' };

const textOf = (path) => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString() : readFileSync(path, 'utf8'));

/** A case with all that is known of it; undefined: there is no checkout. */
function finder(pipelines, traces, mirrors) {
  const cases = JSON.parse(readFileSync(CASES, 'utf8'));
  const found = new Map();
  return (name) => {
    if (!found.has(name)) found.set(name, load(cases.find((one) => one.name === name)));
    return found.get(name);
  };
  function load(one) {
    const folder = checkoutOf(pipelines, mirrors, one.repo, one.commit);
    if (folder === undefined) return undefined;
    const { pipeline, options } = optionsOf(one, folder);
    const own = JUDGED.find((set) => set.case === one.name)?.runs.map(({ trace }) => join(traces, trace));
    const files = own ?? filesOf(traces, one.traces[0]);
    return {
      name: one.name,
      repo: one.repo,
      pipeline,
      options,
      sizes: one.bind,
      tasks: () => files.map(tasksOf),
      runs: (count) => files.slice(0, count).flatMap((file) => readTrace(textOf(file), file)),
    };
  }
}

async function main() {
  if (values.pipelines === undefined || values.traces === undefined) {
    console.error('usage: npm run bench:ranges -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME] [--shipped] [--figures] [-v]');
    return 2;
  }
  const traces = resolve(values.traces);
  const find = finder(resolve(values.pipelines), traces, values.mirrors);
  const figures = new Figures(find);
  if (values.figures) {
    console.log(
      JSON.stringify(figures.without(undefined), (_, value) => (typeof value === 'number' ? Number(value.toPrecision(3)) : value), 2),
    );
    return 0;
  }
  const prices = await loadPrices();
  const rows = [];
  for (const set of JUDGED) {
    const one = find(set.case);
    if (!set.case.includes(values.only ?? '') || one === undefined) continue;
    const uncertainty = values.shipped ? UNCERTAINTY : figures.without(one.repo);
    const given = { ...one.options, params: { ...one.options.params, ...set.params }, config: set.config, sizes: one.sizes };
    const runs = set.runs.map((run) => ({ ...run, read: readTrace(textOf(join(traces, run.trace)), run.name), ...truthOf(traces, run) }));
    const known = new Map();
    for (const target of runs) {
      const others = runs.filter((run) => run !== target);
      const fits = [
        ...others.map((other) => ({ kind: 'one', from: [other] })),
        ...(others.length > 1 ? [{ kind: 'several', from: others }] : []),
        { kind: 'none', from: [] },
      ];
      for (const { kind, from } of fits) {
        const key = `${from.map(({ name }) => name)} on ${target.platform.name}`;
        if (!known.has(key))
          known.set(
            key,
            told(
              one.pipeline,
              given,
              from.flatMap(({ read }) => read),
              { ...target.platform, prices },
              uncertainty,
            ),
          );
        const row = { case: set.case, kind, target, from, ...known.get(key) };
        rows.push(row);
        if (values.verbose) console.log(lineOf(row));
      }
    }
  }
  for (const [kind, title] of Object.entries(KINDS))
    print(
      title,
      rows.filter((row) => row.kind === kind),
    );
  printCosts(rows);
  return 0;
}

/** Seconds, and dollars. */
function truthOf(traces, { trace, bill }) {
  const rows = tasksOf(join(traces, trace));
  const seconds = (Math.max(...rows.map(({ completeMs }) => completeMs)) - Math.min(...rows.map(({ submitMs }) => submitMs))) / 1000;
  if (bill === undefined) return { seconds, tasks: rows.length };
  const amounts = parse(readFileSync(join(traces, bill), 'utf8'), { columns: true, skip_empty_lines: true });
  const sum = (column) => amounts.reduce((total, row) => total + Number(row[column] || 0), 0);
  return { seconds, tasks: rows.length, dollars: sum('split_line_item_split_cost') + sum('split_line_item_unused_cost') };
}

function scoreOf({ low, expected, high }, truth) {
  const pinball = (share, said) => (truth >= said ? share : share - 1) * ((truth - said) / truth);
  return {
    holds: low <= truth && truth <= high,
    error: Math.abs(expected / truth - 1),
    width: (high - low) / 2 / expected,
    score: (high - low + 10 * Math.max(0, low - truth, truth - high)) / truth,
    pinball: (pinball(0.1, low) + pinball(0.5, expected) + pinball(0.9, high)) / 3,
  };
}

function print(title, rows) {
  if (rows.length === 0) return;
  console.log(
    `\n${title}\n| pipeline | runs | ranges | hold | below | above | error | width | score | pinball |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|`,
  );
  const groups = [...new Set(rows.map((row) => row.case))].map((name) => ({ name, some: rows.filter((row) => row.case === name) }));
  for (const { name, some } of groups.length > 1 ? [...groups, { name: 'all', some: rows }] : groups) {
    const scores = some.map((row) => scoreOf(row, row.target.seconds));
    const middle = (field) => percent([...scores].map((score) => score[field]).sort((a, b) => a - b)[scores.length >> 1]);
    const mean = (field) => (scores.reduce((sum, score) => sum + score[field], 0) / scores.length).toFixed(3);
    const share = (test) => percent(some.filter(test).length / some.length);
    const cells = [
      name,
      new Set(some.map(({ target }) => target)).size,
      some.length,
      percent(scores.filter(({ holds }) => holds).length / some.length),
      share(({ low, target }) => target.seconds < low),
      share(({ high, target }) => target.seconds > high),
      middle('error'),
      middle('width'),
      mean('score'),
      mean('pinball'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}

function printCosts(rows) {
  const billed = rows.filter(({ cost, target }) => cost !== undefined && target.dollars !== undefined);
  if (billed.length === 0) return;
  console.log('\n| run | from | bill | told | |\n|---|---|---:|---:|---|');
  for (const { target, kind, cost } of billed)
    console.log(
      `| ${target.name} | ${KINDS[kind]} | $${target.dollars.toFixed(1)} | $${cost.expected.toFixed(1)} ($${cost.low.toFixed(1)} to $${cost.high.toFixed(1)}) | ${cost.low <= target.dollars && target.dollars <= cost.high ? 'holds' : 'does not hold'} |`,
    );
}

function lineOf({ kind, target, from, tasks, low, expected, high }) {
  const where = target.seconds < low ? 'below' : target.seconds > high ? 'above' : '';
  const names = from.map(({ name }) => name).join(', ');
  return `${target.name.padEnd(14)} ${tasks}/${target.tasks} tasks  true ${target.seconds.toFixed(0)} s, ${expected.toFixed(0)} (${low.toFixed(0)} to ${high.toFixed(0)}) ${where.padEnd(5)}  ${KINDS[kind]}${from.length === 1 ? `: ${names}` : ''}`;
}

function percent(share) {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`;
}

process.exitCode = await main();
