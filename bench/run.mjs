// `npm run bench [-- PIPELINE...]`: what a user waits for, as whole processes from a cold start: node, the bundle, the
// work, the output. Without arguments the pipelines are our own fixtures.
//   --runs N   how many runs of each (default 10)
//   --lint     and beside each pipeline, in turn, `nextflow lint` 25.04 with the flags of its own launcher (needs the jars of `npm run conformance`)
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('../', import.meta.url));
const program = `${root}bin/pipeopt.js`;
const OWN = ['fixtures/pipelines/exome', 'fixtures/graphs/nf-core-shaped', 'fixtures/config/nf-core-base'].map((path) => root + path);

/** One run, in milliseconds. Exit codes 0 and 1 mean that the report was written. */
function timeOf(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', maxBuffer: 1 << 30 });
  const ms = performance.now() - start;
  if (status !== 0 && status !== 1) throw new Error(`pipeopt ${args.join(' ')} ended with ${status}: ${stderr.trim()}`);
  return ms;
}

/** What a user would run instead; its exit code says whether it found something. */
function lintTimeOf(folder) {
  const start = performance.now();
  const env = { ...process.env, PIPEOPT_JAVA: 'official' };
  const { error, stderr } = spawnSync(`${root}test/conformance/nextflow`, ['lint', '-o', 'concise', '.'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (error || /no jars in/.test(stderr)) throw new Error('there is no Nextflow to compare with: test/conformance/setup brings it');
  return performance.now() - start;
}

function line(name, times) {
  times.sort((one, two) => one - two);
  const middle = times.length >> 1;
  const median = times.length % 2 === 1 ? times[middle] : (times[middle - 1] + times[middle]) / 2;
  console.log([name.padEnd(36), ...[times[0], median, times.at(-1)].map((ms) => `${Math.round(ms)} ms`.padStart(9))].join(' '));
  return median;
}

function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { runs: { type: 'string', default: '10' }, lint: { type: 'boolean', default: false } },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs ${values.runs}: a whole number above 0 was expected`);
  if (!existsSync(`${root}dist/pipeopt.cjs`)) throw new Error('there is no dist/pipeopt.cjs: npm run build');
  console.log(`node ${process.version}, ${availableParallelism()} cores, ${runs} runs each`);
  console.log([''.padEnd(36), ...['min', 'median', 'max'].map((word) => word.padStart(9))].join(' '));
  const times = (time) => Array.from({ length: runs }, time);
  line(
    '--version',
    times(() => timeOf(['--version'])),
  );
  for (const path of positionals.length > 0 ? positionals : OWN) {
    const name = positionals.length > 0 ? basename(path) : relative(root, path).replace('fixtures/', '');
    const lint = [];
    const ours = times(() => {
      if (values.lint) lint.push(lintTimeOf(path));
      return timeOf(['analyze', path]);
    });
    const median = line(`analyze ${name}`, ours);
    if (values.lint) console.log(`${' '.repeat(37)}1/${(line(`nextflow lint ${name}`, lint) / median).toFixed(1)} of it`);
  }
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 2;
}
