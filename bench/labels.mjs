// `npm run labels -- --modules DIR`: single-thread-tool beside what was said by hand of 100 processes of nf-core/modules. DIR is a checkout of
// nf-core/modules at the commit that test/analysis/labels/README.md names. Each module is copied into a pipeline for the time of the run, called
// once, with the cpus that nf-core's template gives to its label.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { flag, reportOf } from './pipeopt.mjs';

const labels = JSON.parse(readFileSync(new URL('../test/analysis/labels/single-thread-modules.json', import.meta.url), 'utf8'));

/** conf/base.config of nf-core's template. */
const CONFIG = `process {
    cpus = 1
    withLabel: process_single { cpus = 1 }
    withLabel: process_low { cpus = 2 }
    withLabel: process_medium { cpus = 6 }
    withLabel: process_high { cpus = 12 }
}
`;

function pipelineOf(modules, found) {
  const folder = mkdtempSync(join(tmpdir(), 'pipeopt-labels-'));
  const includes = [];
  const calls = [];
  for (const { module } of found) {
    const from = join(modules, 'modules/nf-core', module);
    const to = join(folder, 'modules/nf-core', module);
    mkdirSync(to, { recursive: true });
    cpSync(from, to, { recursive: true });
    const text = readFileSync(join(from, 'main.nf'), 'utf8');
    const name = /^process\s+(\w+)/m.exec(text)?.[1];
    const inputs = /^\s*input:\s*\n([\s\S]*?)^\s*(output|when|script|exec):/m.exec(text)?.[1] ?? '';
    const count = [...inputs.matchAll(/^\s*(tuple|path|val|each|env|stdin)\b/gm)].length;
    includes.push(`include { ${name} } from './modules/nf-core/${module}/main.nf'`);
    calls.push(`    ${name}(${Array.from({ length: count }, (_, at) => `channel.fromPath(params.input${at})`).join(', ')})`);
  }
  writeFileSync(join(folder, 'nextflow.config'), CONFIG);
  writeFileSync(join(folder, 'main.nf'), `${includes.join('\n')}\n\nworkflow {\n${calls.join('\n')}\n}\n`);
  return folder;
}

function main(args) {
  const modules = flag(args, 'modules');
  if (modules === undefined) {
    console.error('usage: npm run labels -- --modules DIR (a checkout of nf-core/modules)');
    process.exitCode = 2;
    return;
  }
  const found = labels.filter(({ module }) => existsSync(join(resolve(modules), 'modules/nf-core', module, 'main.nf')));
  const folder = pipelineOf(resolve(modules), found);
  try {
    const { findings } = reportOf(folder).report;
    const said = new Set(findings.filter(({ ruleId }) => ruleId === 'single-thread-tool').map(({ location }) => location.path));
    const rows = found.map((label) => ({ ...label, said: said.has(`modules/nf-core/${label.module}/main.nf`) }));
    const decided = rows.filter(({ verdict }) => verdict !== 'unclear');
    const isRight = ({ verdict, said: reported }) => reported === (verdict === 'reserved-not-used');
    for (const row of decided.filter((one) => !isRight(one)))
      console.log(`${row.said ? 'wrongly reported' : 'not reported    '}  ${row.module} (${row.verdict}: ${row.because})`);
    const reported = decided.filter((row) => row.said);
    const right = decided.filter(isRight).length;
    const named = (some) => some.filter(({ verdict }) => verdict === 'reserved-not-used').length;
    console.log(
      `${found.length} of ${labels.length} modules there, ${decided.length} decided: ${right} right (${((100 * right) / decided.length).toFixed(0)} %); ` +
        `reported ${reported.length}, of them right ${named(reported)}; of ${named(decided)} reserved and not used ${named(reported)} found; ` +
        `unclear and reported: ${rows.filter(({ verdict, said: one }) => verdict === 'unclear' && one).length}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

main(process.argv.slice(2));
