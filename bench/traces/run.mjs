// `npm run traces -- --pipelines DIR [--mirrors DIR] [--only NAME] [--unbound] [-v]`: pipeopt's task counts and waits, held against what real runs
// did (facts-*.json, made by build.mjs). For each case, with its params and the counts that it binds (four at most; none with
// --unbound, for the waits alone):
//   exact      processes of the trace whose number of tasks pipeopt gives, of those of the trace and those that pipeopt says run besides
//   wrong      waits for the whole of a process that pipeopt claims and the trace contradicts: a task went sooner
//   shown      waits for the whole of a process that the trace shows (see build.mjs), and how many of those pipeopt claims
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkoutOf } from '../checkouts.mjs';
import { flag, reportOf } from '../pipeopt.mjs';
import { bindingFlags, optionsOf } from './cases.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAX_BOUND = 4;

/** product.md 4: `wait` per dimension is `=`, `key` or `all`. While it is not there, `barrier` is taken for it. */
function waitsForAll(edge) {
  if (edge.wait === undefined) return edge.barrier === true;
  const values = Object.values(edge.wait);
  return values.length > 0 && values.every((value) => value === 'all');
}

/** A process of one task has all of another if it has all of it in some dimension: the others (one sample) have one value. */
const mayWaitForAll = (edge) => waitsForAll(edge) || Object.values(edge.wait ?? {}).includes('all');

/** `beyond`: calls that the trace says nothing of, with the reason. */
function judgeCounts(facts, calls, beyond) {
  const byId = new Map(calls.map((call) => [call.id, call]));
  const names = new Set(facts.processes.map(({ name }) => name));
  const rows = facts.processes.map(({ name, tasks }) => {
    const call = byId.get(name);
    return {
      name,
      tasks,
      count: call?.tasks?.count,
      formula: call === undefined ? 'no such call' : (call.tasks?.formula ?? `no count, active ${call.active}`),
    };
  });
  const extra = calls
    .filter(({ id, active, tasks }) => !names.has(id) && !(id in beyond) && active === true && (tasks?.count ?? 0) > 0)
    .map(({ id, tasks }) => ({ name: id, tasks: 0, count: tasks.count, formula: tasks.formula }));
  const all = [...rows, ...extra];
  return {
    total: all.length,
    exact: all.filter(({ tasks, count }) => tasks === count).length,
    off: all.filter(({ tasks, count }) => tasks !== count),
  };
}

function judgeWaits(facts, edges, excluded) {
  const pair = ({ from, to }) => `${from} ${to}`;
  const pairs = (test) => new Set(edges.filter((edge) => edge.active !== false && test(edge)).map(pair));
  const [claimed, possible] = [pairs(waitsForAll), pairs(mayWaitForAll)];
  const isPredicted = (wait) => claimed.has(pair(wait)) || (wait.tasks[1] === 1 && possible.has(pair(wait)));
  const shown = facts.waits.filter((wait) => wait.evidence !== 'none' && !excluded.has(pair(wait)));
  return {
    contradicted: facts.streams.filter((stream) => claimed.has(pair(stream))),
    streams: facts.streams.length,
    shown: shown.length,
    predicted: shown.filter(isPredicted).length,
    missed: shown.filter((wait) => !isPredicted(wait)),
    unexplained: facts.waits.filter((wait) => wait.evidence === 'none').length,
    claimed: claimed.size,
  };
}

function main(args) {
  const pipelines = flag(args, 'pipelines');
  if (pipelines === undefined) {
    console.error('usage: npm run traces -- --pipelines DIR [--mirrors DIR] [--only NAME] [-v]');
    return 2;
  }
  const cases = JSON.parse(readFileSync(join(HERE, 'cases.json'), 'utf8')).filter(({ name }) => name.includes(flag(args, 'only') ?? ''));
  const totals = { total: 0, exact: 0, contradicted: 0, shown: 0, predicted: 0, streams: 0 };
  const add = (figures) => {
    for (const key of Object.keys(totals)) totals[key] += figures[key] ?? 0;
  };
  let failed = 0;
  for (const one of cases) {
    const facts = JSON.parse(readFileSync(join(HERE, `facts-${one.name}.json`), 'utf8'));
    const folder = checkoutOf(resolve(pipelines), flag(args, 'mirrors'), one.repo, one.commit);
    const bound = Object.keys(one.bind ?? {}).length;
    if (bound > MAX_BOUND) throw new Error(`${one.name} binds ${bound} counts, ${MAX_BOUND} are allowed`);
    let report;
    let ms;
    try {
      if (folder === undefined) throw new Error('no checkout');
      const { pipeline, options } = optionsOf(one, folder);
      ({ report, ms } = reportOf(pipeline, {
        ...options,
        flags: [...options.flags, ...(args.includes('--unbound') ? [] : bindingFlags(one))],
      }));
    } catch (error) {
      failed += 1;
      console.log(`${one.name.padEnd(30)} ERROR ${error.message.split('\n')[0]}`);
      continue;
    }
    const counts = judgeCounts(facts, report.graph.calls, one.beyond ?? {});
    const waits = judgeWaits(facts, report.graph.edges, new Set((one.coincidences ?? []).map(({ from, to }) => `${from} ${to}`)));
    add({ ...counts, ...waits, contradicted: waits.contradicted.length });
    const binding =
      Object.entries(one.bind ?? {})
        .map(([name, count]) => `${name}=${count}`)
        .join(' ') || 'nothing bound';
    console.log(
      `${one.name.padEnd(30)} exact ${counts.exact}/${counts.total}  (${binding})  waits: ${waits.contradicted.length} wrong of ${waits.streams} streams, ` +
        `${waits.predicted}/${waits.shown} shown are predicted${one.guess === true ? '  [revision guessed]' : ''}  ${Math.round(ms)} ms`,
    );
    for (const { from, to, leadMs } of waits.contradicted)
      console.log(`      wrong wait: ${from} -> ${to}: started ${(leadMs / 1000).toFixed(1)} s before the end`);
    for (const { from, to, evidence, tasks } of waits.missed) console.log(`      missed wait: ${from} -> ${to} [${tasks}] (${evidence})`);
    const some = args.includes('-v') ? counts.off : counts.off.slice(0, 6);
    for (const { name, tasks, count, formula } of some)
      console.log(`      ${name}: ${tasks} tasks, pipeopt says ${count ?? '?'} (${formula})`);
    if (some.length < counts.off.length) console.log(`      and ${counts.off.length - some.length} more (-v)`);
  }
  const share = (part, whole) => (whole === 0 ? 'none' : `${((100 * part) / whole).toFixed(1)} %`);
  console.log(
    `\n${cases.length} traces (${failed} failed): ${totals.exact} of ${totals.total} processes exact (${share(totals.exact, totals.total)}); ` +
      `${totals.contradicted} waits wrong; ${totals.predicted} of ${totals.shown} waits shown are predicted (${share(totals.predicted, totals.shown)}).`,
  );
  return failed === 0 && totals.contradicted === 0 ? 0 : 1;
}

process.exitCode = main(process.argv.slice(2));
