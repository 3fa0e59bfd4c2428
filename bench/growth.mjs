// `npm run bench:growth`: how the time of the channel model and what stands on it grows with the pipeline. Chains of per-sample steps with
// the operators between that pipelines have; each length in a process of its own, the least time of some runs, without what an empty pipeline takes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/pipeopt.js', import.meta.url));
const LENGTHS = [0, 50, 100, 200, 400, 800];
const RUNS = 5;

function pipeline(steps) {
  const names = Array.from({ length: steps }, (_, at) => `STEP_${at}`);
  const processes = names.map(
    (name) =>
      `process ${name} {\n  input:\n  tuple val(meta), path(x)\n  output:\n  tuple val(meta), path("\${meta.id}.${name}"), emit: out\n  path 'versions.yml', emit: versions\n  script:\n  "sort $x > \${meta.id}.${name}; touch versions.yml"\n}\n`,
  );
  const calls = names.map((name, at) => {
    const from = at === 0 ? 'reads' : `STEP_${at - 1}.out.out`;
    const ways = [
      from,
      `${from}.map { meta, x -> [ meta + [step: '${name}'], x ] }`,
      `${from}.join(reads).map { meta, x, y -> [ meta, x ] }`,
      `${from}.mix(reads).groupTuple().map { meta, xs -> [ meta, xs.first() ] }`,
    ];
    return `  ${name}(${ways[at % ways.length]})\n  versions = versions.mix(${name}.out.versions)\n`;
  });
  return `${processes.join('')}workflow {\n  reads = channel.fromPath('samples.csv').splitCsv(header: true).map { row -> [ [id: row.id], file(row.reads) ] }\n  versions = channel.empty()\n${calls.join('')}  versions.unique().collectFile(name: 'versions.yml')\n}\n`;
}

/** Milliseconds. */
function timeOf(path) {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    execFileSync(process.execPath, [program, 'analyze', path, '-f', 'json', '--fail-on', 'none'], {
      stdio: ['ignore', 'ignore', 'ignore'],
      maxBuffer: 1 << 30,
    });
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const folder = mkdtempSync(join(tmpdir(), 'growth-'));
try {
  let empty = 0;
  console.log('steps   ms above an empty pipeline   ms a step');
  for (const steps of LENGTHS) {
    const path = join(folder, `chain-${steps}.nf`);
    writeFileSync(path, pipeline(steps));
    const ms = timeOf(path);
    if (steps === 0) empty = ms;
    else
      console.log(
        `${String(steps).padStart(5)}   ${String(Math.round(ms - empty)).padStart(25)}   ${((ms - empty) / steps).toFixed(2).padStart(9)}`,
      );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
