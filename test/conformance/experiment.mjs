// `node test/conformance/experiment.mjs`: is what a sizing experiment finds what is so? Each case of fixtures/experiments gets one written by `pipeopt experiment`, runs in real Nextflow with tools whose time
// follows a law and that are killed (exit 137) below some memory, and is read back by `pipeopt experiment --read`: f has to be found within 5 %, κ within 25 %, the memory exactly (T(1) is shown: a machine that has other work makes it longer).
// Exit 0: all do; 1: some do not; 2: real Nextflow cannot be started here. Needs `npm run build`.
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareNextflow } from './judge.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const nextflow = process.env.PIPEOPT_NEXTFLOW_COMMAND ?? join(here, 'nextflow');

const AMDAHL = { one: 4, serial: 0.1, crosstalk: 0 };
// Fastest with 6 cpus: √(0.94 / 0.025).
const USL = { one: 4, serial: 0.06, crosstalk: 0.025 };
const CASES = [
  { name: 'one-script', flags: ['--call', 'STAR_ALIGN'], laws: { STAR_ALIGN: AMDAHL } },
  { name: 'nf-core-modules', flags: ['--call', 'STAR_ALIGN,BAM_SORT', '--cpus', '1,2,4,8'], laws: { STAR_ALIGN: AMDAHL, BAM_SORT: USL } },
  {
    name: 'scattered-by-interval',
    flags: ['--call', 'CALL_VARIANTS', '--cpus', '2,8', '--memory', '2GB,4GB', '--repeat', '2'],
    laws: { CALL_VARIANTS: AMDAHL },
    memory: { floor: 4 * 2 ** 30, killedWith: 2 * 2 ** 30 },
  },
];

/** Threads by the option of each tool; seconds by its law; output where the options say. */
const TOOL = `#!/bin/bash
threads=1 out= law="4 0.1 0" megabytes=999999
[ "$(basename "$0")" = samtools ] && law="4 0.06 0.025"
while [ $# -gt 0 ]; do
  case $1 in
    --runThreadN|--native-pair-hmm-threads|-@) threads=$2; shift ;;
    --outFileNamePrefix|-o|-O|--genomeDir) out=$2; shift ;;
    -Xmx*) megabytes=\${1#-Xmx}; megabytes=\${megabytes%m} ;;
    genomeGenerate) law="0 0 0" ;;
  esac
  shift
done
[ "$megabytes" -ge 3000 ] || exit 137
sleep "$(awk -v c="$threads" -v law="$law" 'BEGIN { split(law, l, " "); printf "%.3f", l[1] * (1 + l[2] * (c - 1) + l[3] * c * (c - 1)) / c }')"
[ -z "$out" ] || [ -e "$out" ] || echo made > "$out"
`;
const LOCAL = "process.executor = 'local'\nexecutor {\n    cpus = 8\n    memory = '2 TB'\n    pollInterval = '50 ms'\n}\n";

function judge({ name, flags, laws, memory }) {
  const work = mkdtempSync(join(tmpdir(), 'pipeopt-experiment-'));
  try {
    cpSync(join(root, 'fixtures/experiments', name), work, { recursive: true });
    mkdirSync(join(work, 'fakes'));
    for (const tool of ['STAR', 'samtools', 'gatk']) {
      writeFileSync(join(work, 'fakes', tool), TOOL);
      chmodSync(join(work, 'fakes', tool), 0o755);
    }
    writeFileSync(join(work, 'local.config'), LOCAL);
    const pipeopt = (...args) =>
      execFileSync(process.execPath, [join(root, 'bin/pipeopt.js'), ...args], {
        cwd: work,
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      });
    pipeopt('experiment', '.', ...flags, '-c', 'local.config', '-o', 'sizing');
    // The very command that the README gives.
    const command = /```sh\n(nextflow .*)\n```/.exec(readFileSync(join(work, 'sizing/README.md'), 'utf8'))[1];
    const log = execFileSync('sh', ['-c', command.replace(/^nextflow/, '"$NEXTFLOW"')], {
      cwd: work,
      encoding: 'utf8',
      env: { ...process.env, NEXTFLOW: nextflow, PATH: `${work}/fakes:${process.env.PATH}` },
      timeout: 300_000,
    });
    if (!existsSync(join(work, 'sizing/trace.txt'))) return [`no trace: ${log}`];
    const { calls } = JSON.parse(pipeopt('experiment', '.', '-c', 'local.config', '--read', 'sizing/trace.txt', '-f', 'json'));
    const differences = [];
    for (const [last, wanted] of Object.entries(laws)) {
      const call = calls.find(({ call: id }) => id.split(':').at(-1) === last);
      const found = call?.laws.find(({ law }) => law.settings >= (memory === undefined ? 4 : 2))?.law;
      if (found === undefined) {
        differences.push(`${last}: no law found in ${JSON.stringify(call)}`);
        continue;
      }
      const parallel = 1 - found.serial;
      console.log(
        `     ${last}: f ${parallel.toFixed(3)} for ${1 - wanted.serial}, κ ${found.crosstalk.toFixed(4)} for ${wanted.crosstalk}, T(1) ${found.one.toFixed(2)} s for ${wanted.one} s; cheapest ${call.cheapest.cpus}, fastest ${call.fastest.cpus} cpus`,
      );
      if (Math.abs(parallel / (1 - wanted.serial) - 1) > 0.05) differences.push(`${last}: f is ${parallel} for ${1 - wanted.serial}`);
      if (wanted.crosstalk > 0 && Math.abs(found.crosstalk / wanted.crosstalk - 1) > 0.25)
        differences.push(`${last}: κ is ${found.crosstalk} for ${wanted.crosstalk}`);
      if (memory !== undefined && (call.memoryFloor !== memory.floor || call.killedWith !== memory.killedWith))
        differences.push(`${last}: ${call.memoryFloor} bytes are enough and ${call.killedWith} are not, for ${JSON.stringify(memory)}`);
    }
    return differences;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const missing = process.env.PIPEOPT_NEXTFLOW_COMMAND ? undefined : prepareNextflow();
if (missing) {
  console.error(missing);
  process.exitCode = 2;
} else {
  const only = process.argv[2];
  for (const each of CASES.filter(({ name }) => only === undefined || name === only)) {
    const differences = judge(each);
    console.log(`${differences.length === 0 ? 'ok  ' : 'FAIL'} ${each.name}${differences.map((one) => `\n     ${one}`).join('')}`);
    if (differences.length > 0) process.exitCode = 1;
  }
}
