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
import { judgeCounts, judgeWaits } from './judge.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const MAX_BOUND = 4;

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
