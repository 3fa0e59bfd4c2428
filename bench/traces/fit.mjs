// `node bench/traces/fit.mjs --pipelines DIR [--only NAME] [--write] [-v]`: which counts, four at most, make the channel model give the numbers
// of tasks that a trace shows. Greedy: the one count that sets most processes right, then the next. It tells what is to be bound in
// cases.json (--write does it), what no binding sets right, and which waits are claimed wrongly; it is no judge, since it looks at the answer.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { checkoutOf } from '../checkouts.mjs';
import { flag, root } from '../pipeopt.mjs';
import { optionsOf } from './cases.mjs';
import { judgeCounts, judgeWaits } from './judge.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAX_BOUND = 4;
const ENTRY = `
export { openPipeline, openUserFiles } from './src/parser/pipeline/disk.ts';
export { loadPipeline } from './src/parser/pipeline/load.ts';
export { buildProcessGraph } from './src/parser/graph/build.ts';
export { ChannelModel } from './src/parser/graph/model/channel-model.ts';
export { formulaOf } from './src/parser/graph/model/count.ts';
export { Binding } from './src/parser/graph/model/binding.ts';`;

async function loadCore() {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

function modelOf(core, one, folder) {
  const { pipeline: path, options } = optionsOf(one, folder);
  const { tree, entryPath } = core.openPipeline(path);
  const config = flag(['', ...options.flags.map((text) => text.replace(/^-c$/, '--config'))], 'config');
  const pipeline = core.loadPipeline(tree, entryPath, {
    fileParams: options.params ?? {},
    commandLineParams: {},
    profiles: options.profile === undefined ? [] : [options.profile],
    configs: config === undefined ? [] : [{ path: config, text: readFileSync(config, 'utf8') }],
    userFiles: core.openUserFiles(options.cwd),
  });
  const graph = core.buildProcessGraph(pipeline, {});
  const model = new core.ChannelModel(graph);
  return { graph, model, tasks: new Map(graph.calls.map((call) => [call.id, model.tasksOf(call)])) };
}

/** The calls of a report, with the counts that `given` leads to. */
function callsOf(core, { graph, model, tasks }, given) {
  const binding = new core.Binding(model, new Map(Object.entries(given)));
  return graph.calls.map(({ id, active }) => {
    const { count, atMost, opaque } = tasks.get(id);
    const notes = `${atMost ? ' (at most)' : ''}${opaque === undefined ? '' : ` (cannot be told: ${opaque})`}`;
    return { id, active, tasks: { count: binding.countOf(count), formula: core.formulaOf(count) + notes, ...(atMost ? { atMost } : {}) } };
  });
}

/** The edges of a report from call to call, by what each summand waits for: per dimension of the tasks waited for. As `src/to-report/graph.ts` has it. */
function edgesOf({ graph, tasks }) {
  const waitOf = (from, { tied, partly }) => {
    const index = new Set(tasks.get(from.id).summands.flatMap((summand) => summand.index));
    return Object.fromEntries([...index].map((one) => [one.atom.name, tied.has(one) ? '=' : tied.size === 0 && !partly ? 'all' : 'key']));
  };
  return graph.calls.flatMap((call) => {
    const all = tasks.get(call.id).summands;
    const sure = all.filter(({ unsure }) => !unsure);
    return (sure.length === 0 ? all : sure).flatMap(({ waits }) =>
      [...waits]
        .filter(([, { any }]) => any !== true)
        .map(([from, dependence]) => ({ from: from.id, to: call.id, active: call.active, wait: waitOf(from, dependence) })),
    );
  });
}

function bestBinding(core, modelled, facts, beyond) {
  const scoreOf = (given) => {
    const { exact, total } = judgeCounts(facts, callsOf(core, modelled, given), beyond);
    return exact - total / 1000;
  };
  const names = new Set(modelled.model.dimensions.names());
  for (const { count } of modelled.tasks.values()) for (const { atoms } of count.terms) for (const { name } of atoms) names.add(name);
  const values = [...new Set([0, 1, ...facts.processes.map(({ tasks }) => tasks)])];
  let given = {};
  let best = scoreOf(given);
  for (let bound = 0; bound < MAX_BOUND; bound += 1) {
    let better;
    for (const name of names)
      for (const value of values) {
        if (name in given) continue;
        const score = scoreOf({ ...given, [name]: value });
        if (score > best + 1e-9) {
          best = score;
          better = { [name]: value };
        }
      }
    if (better === undefined) break;
    given = { ...given, ...better };
  }
  return given;
}

async function main(args) {
  const pipelines = flag(args, 'pipelines');
  if (pipelines === undefined) {
    console.error('usage: node bench/traces/fit.mjs --pipelines DIR [--only NAME] [--write] [-v]');
    return 2;
  }
  const core = await loadCore();
  const totals = { exact: 0, total: 0, wrong: 0, predicted: 0, shown: 0 };
  const cases = JSON.parse(readFileSync(join(HERE, 'cases.json'), 'utf8'));
  for (const one of cases.filter(({ name }) => name.includes(flag(args, 'only') ?? ''))) {
    const facts = JSON.parse(readFileSync(join(HERE, `facts-${one.name}.json`), 'utf8'));
    const folder = checkoutOf(resolve(pipelines), undefined, one.repo, one.commit);
    if (folder === undefined) {
      console.log(`${one.name}: no checkout`);
      continue;
    }
    const modelled = modelOf(core, one, folder);
    const given = bestBinding(core, modelled, facts, one.beyond ?? {});
    const counts = judgeCounts(facts, callsOf(core, modelled, given), one.beyond ?? {});
    const waits = judgeWaits(facts, edgesOf(modelled), new Set((one.coincidences ?? []).map(({ from, to }) => `${from} ${to}`)));
    one.bind = given;
    totals.exact += counts.exact;
    totals.total += counts.total;
    totals.wrong += waits.contradicted.length;
    totals.predicted += waits.predicted;
    totals.shown += waits.shown;
    console.log(
      `${one.name.padEnd(30)} exact ${counts.exact}/${counts.total} with ${JSON.stringify(given)}; ` +
        `${waits.contradicted.length} waits wrong, ${waits.predicted}/${waits.shown} shown are predicted`,
    );
    for (const { name, tasks, count, formula } of args.includes('-v') ? counts.off : counts.off.slice(0, 6))
      console.log(`      ${name}: ${tasks} tasks, the model says ${count ?? '?'} = ${formula.slice(0, 160)}`);
    for (const { from, to } of waits.contradicted) console.log(`      wrong wait: ${from} -> ${to}`);
    for (const { from, to } of waits.missed) console.log(`      missed wait: ${from} -> ${to}`);
  }
  console.log(
    `\n${totals.exact} of ${totals.total} processes exact (${((100 * totals.exact) / totals.total).toFixed(1)} %), ${totals.wrong} waits wrong, ` +
      `${totals.predicted} of ${totals.shown} waits shown are predicted.`,
  );
  if (args.includes('--write')) writeFileSync(join(HERE, 'cases.json'), `${JSON.stringify(cases, null, 2)}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
