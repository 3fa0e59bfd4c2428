// `npm run bench:front -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME]`: how far the choices that are found lie from what none can beat, on the
// graphs and durations of real runs, with room for every task. What calls could be given is made up: by Amdahl's law 1 to 32 cpus, from a share that runs side by
// side which is drawn for each process, 0.4 to 0.98; three processes in ten take no threads. A task costs its cpus times its time.
//   gap      of each plan that is found: its cost over the least that its time can cost (LowerBound), median and worst
//   free     the same, median, over what crashing alone says, which may give each task of a call something else
//   fastest  the time of the fastest plan over the least that there can be
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { leastCost, linked, modelOf, searchedPlans } from '../../node_modules/.cache/front-core.mjs';
import { checkoutOf } from '../checkouts.mjs';
import { optionsOf } from '../traces/cases.mjs';
import { tasksOf } from '../traces/read-trace.mjs';

const CASES = fileURLToPath(new URL('../traces/cases.json', import.meta.url));
const CPUS = [32, 24, 16, 12, 8, 6, 4, 2, 1];
const DRAWS = 3;

const text = { type: 'string' };
const { values } = parseArgs({ options: { pipelines: text, traces: text, mirrors: text, only: text } });

/** The graph of a WfFormat instance as it stands: each task with its own parents. */
function ofInstance(path) {
  const { specification, execution } = JSON.parse(readFileSync(path, 'utf8')).workflow;
  const seconds = new Map(execution.tasks.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]));
  const tasks = new Map(specification.tasks.map((task) => [task.id, task]));
  const depths = new Map();
  const depthOf = (name) => {
    let depth = depths.get(name);
    if (depth !== undefined) return depth;
    depths.set(name, (depth = 0));
    const own = specification.tasks.filter((task) => task.name === name);
    for (const parent of own.flatMap(({ parents }) => parents ?? []))
      if (tasks.get(parent).name !== name) depth = Math.max(depth, 1 + depthOf(tasks.get(parent).name));
    depths.set(name, depth);
    return depth;
  };
  const names = [...new Set(specification.tasks.map(({ name }) => name))].sort((one, two) => depthOf(one) - depthOf(two));
  const groups = [];
  const durations = [];
  const places = new Map();
  for (const [group, name] of names.entries()) {
    const own = specification.tasks.filter((task) => task.name === name);
    for (const [at, { id }] of own.entries()) places.set(id, { group, at });
    const gate = { gateOf: Int32Array.from(own, (_, at) => at), count: own.length, any: false };
    groups.push({ size: own.length, first: durations.length, waits: [], gates: [gate] });
    durations.push(...own.map(({ id }) => Math.round(seconds.get(id) * 1000)));
  }
  for (const { id, parents } of specification.tasks)
    for (const parent of parents ?? []) {
      const [{ group, at }, above] = [places.get(id), places.get(parent)];
      if (above.group >= group) throw new Error(`${path}: ${parent} stands behind ${id}`);
      groups[group].waits.push({ on: above.group, gate: groups[above.group].gates[0], from: at, gateOf: Int32Array.of(above.at) });
    }
  return { graph: { groups, tasks: durations.length }, durationsMs: Float64Array.from(durations), names };
}

/** The graph of the source, with the tasks of a trace. */
function ofTrace(one, pipelines, path) {
  const folder = checkoutOf(resolve(pipelines), values.mirrors, one.repo, one.commit);
  if (folder === undefined) return undefined;
  const { pipeline, options } = optionsOf(one, folder);
  const rows = tasksOf(path).map((task) => ({ ...task, id: Number(task.id) }));
  const { graph, tasks, names } = linked(modelOf(pipeline, options), rows, ({ waits }) => waits);
  return { graph, durationsMs: Float64Array.from(tasks, ({ startMs, completeMs }) => Math.max(0, completeMs - startMs)), names };
}

/** FNV-1a and one more mixing, even in [0, 1). */
function drawn(name, draw) {
  let hash = 0x811c9dc5 ^ draw;
  for (const sign of name) hash = Math.imul(hash ^ sign.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

function choicesOf(name, draw) {
  if (drawn(name, draw) < 0.3) return [{ factor: 1, rate: 1 }];
  const share = 0.4 + 0.58 * drawn(name, draw + 1000);
  return CPUS.map((cpus) => ({ factor: 1 - share + share / cpus, rate: cpus }));
}

function quantile(some, share) {
  return [...some].sort((one, two) => one - two)[Math.round(share * (some.length - 1))];
}

function main() {
  const { pipelines, traces, only = '' } = values;
  if (pipelines === undefined || traces === undefined) {
    console.error('usage: npm run bench:front -- --pipelines DIR --traces DIR [--mirrors DIR] [--only NAME]');
    return 2;
  }
  const instances = join(traces, 'wfinstances-nextflow');
  const graphs = readdirSync(instances)
    .filter((name) => name.endsWith('.json') && name.includes(only))
    .map((name) => ({ name: `wf ${name.replace(/-.*/, '')}`, ...ofInstance(join(instances, name)) }));
  for (const one of JSON.parse(readFileSync(CASES, 'utf8'))) {
    if (!/^(cws|seqera)-/.test(one.name) || !one.name.includes(only)) continue;
    const [pattern] = one.traces;
    const folder = join(traces, pattern.slice(0, pattern.lastIndexOf('/')));
    const [begin, end] = pattern.slice(pattern.lastIndexOf('/') + 1).split('*');
    const [file] = readdirSync(folder)
      .filter((name) => name.startsWith(begin) && name.endsWith(end))
      .sort();
    const graph = ofTrace(one, pipelines, join(folder, file));
    if (graph === undefined) console.log(`${one.name}: no checkout of ${one.repo}@${one.commit}`);
    else graphs.push({ name: one.name, ...graph });
  }
  console.log('graph               tasks calls corners  points  gap, median   worst     free  fastest  cpu s');
  const gaps = [];
  for (const { name, graph, durationsMs, names } of graphs)
    for (let draw = 0; draw < DRAWS; draw += 1) {
      const options = graph.groups.map((_, group) => choicesOf(names[group] ?? '', draw));
      const began = process.cpuUsage();
      const { front, bound } = searchedPlans({ graph, durationsMs, options });
      const took = process.cpuUsage(began).user / 1e6;
      const here = front.map(({ ms, cost }) => cost / bound.costAt(ms) - 1);
      const free = front.map(({ ms, cost }) => cost / leastCost(bound.corners, ms) - 1);
      if (here.some((gap) => gap < -1e-6)) throw new Error(`${name}: below what cannot be beaten`);
      gaps.push(quantile(here, 0.5));
      const [fastest] = front;
      const columns = [
        name.padEnd(18),
        String(graph.tasks).padStart(6),
        String(graph.groups.length).padStart(5),
        String(bound.corners.length).padStart(7),
        String(front.length).padStart(7),
        percent(quantile(here, 0.5)).padStart(12),
        percent(Math.max(...here)).padStart(7),
        percent(quantile(free, 0.5)).padStart(8),
        percent(fastest.ms / bound.fastestMs - 1).padStart(8),
        took.toFixed(1).padStart(6),
      ];
      console.log(columns.join(' '));
    }
  console.log(`median of ${gaps.length} medians ${percent(quantile(gaps, 0.5))}, nine in ten below ${percent(quantile(gaps, 0.9))}`);
  return 0;
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;

process.exitCode = main();
