// `npm run bench:trace [-- --rows N] [--runs N]`: what a user waits for, and how much memory it takes, when a run of so many tasks is given: a trace with all
// fields, made here for a pipeline of forty calls made here, and the whole of `pipeopt analyze --trace`. The bar is 2 s and 300 MB for 100,000 rows.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flag, root } from './pipeopt.mjs';

const CALLS = 40;
/** Told by the process itself as it ends. */
const WITH_MEMORY =
  'data:text/javascript,process.on("exit",()=>{const u=process.resourceUsage();process._rawDebug(`used ${u.maxRSS} ${u.userCPUTime+u.systemCPUTime}`)})';
const FIELDS =
  'task_id hash native_id process tag name status exit module container cpus time disk memory attempt submit start complete duration realtime queue %cpu %mem rss vmem peak_rss peak_vmem rchar wchar syscr syscw read_bytes write_bytes vol_ctxt inv_ctxt workdir scratch error_action';

/** The same numbers each time. */
function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

function pipelineOf(calls) {
  const names = Array.from({ length: calls }, (_, at) => `STEP_${at}`);
  const processes = names.map(
    (name) =>
      `process ${name} {\n  input:\n  tuple val(id), path(x)\n  output:\n  tuple val(id), path('y')\n  script:\n  "cat $x > y"\n}\n`,
  );
  const uses = names.map((name, at) => `  ${name}(${at === 0 ? 'rows' : `${names[at - 1]}.out`})\n`);
  return `${processes.join('')}workflow {\n  rows = channel.fromPath(params.input).splitCsv(header: true).map { row -> [row.id, file(row.x)] }\n${uses.join('')}}\n`;
}

function writeTrace(path, rows) {
  const below = random(1);
  const file = openSync(path, 'w');
  let text = `${FIELDS.replaceAll(' ', '\t')}\n`;
  for (let row = 0; row < rows; row += 1) {
    const [call, sample] = [`STEP_${row % CALLS}`, `sample_${Math.floor(row / CALLS)}`];
    const submit = 1_700_000_000_000 + row * 100;
    const hash = (row * 2_654_435_761).toString(16).padStart(14, '0').slice(-8);
    const realtime = 1000 + below(1_000_000);
    const memory = (1 + below(4_000_000)) * 1024;
    const cells = [
      ...[
        row + 1,
        `${hash.slice(0, 2)}/${hash.slice(2)}`,
        100_000 + row,
        call,
        sample,
        `${call} (${sample})`,
        'COMPLETED',
        0,
        '-',
        'quay.io/x/y:1.0',
      ],
      ...[2, 14_400_000, '-', 8_589_934_592, 1, submit, submit + 5000, submit + 9000 + realtime, 9000 + realtime, realtime, '-'],
      ...[`${below(2000) / 10}`, '0.1', memory, memory, memory, memory, realtime * 1000, realtime * 100, 1200, 300, 4096, 8192, 5, 6],
      ...[`/work/${hash.slice(0, 2)}/${hash.slice(2)}0000000000000000000000`, '-', '-'],
    ];
    text += `${cells.join('\t')}\n`;
    if (text.length < 1_000_000) continue;
    writeSync(file, text);
    text = '';
  }
  writeSync(file, text);
  closeSync(file);
}

const args = process.argv.slice(2);
const rows = Number(flag(args, 'rows') ?? 100_000);
const runs = Number(flag(args, 'runs') ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'pipeopt-trace-'));
try {
  const trace = join(folder, 'trace.txt');
  writeFileSync(join(folder, 'main.nf'), pipelineOf(CALLS));
  writeTrace(trace, rows);
  console.log(`node ${process.version}, ${rows} rows, ${Math.round(statSync(trace).size / 1e6)} MB`);
  for (const [name, more] of [
    ['without the trace', ['--samples', String(Math.ceil(rows / CALLS))]],
    ['with it', ['--trace', trace]],
  ]) {
    const seen = Array.from({ length: runs }, () => {
      const start = performance.now();
      const { status, stderr } = spawnSync(
        process.execPath,
        ['--import', WITH_MEMORY, `${root}bin/pipeopt.js`, 'analyze', folder, '--fail-on', 'none', '--no-progress', ...more],
        { encoding: 'utf8' },
      );
      if (status !== 0) throw new Error(stderr);
      const [, kb, microseconds] = /used (\d+) (\d+)/.exec(stderr).map(Number);
      return { ms: performance.now() - start, cpuMs: microseconds / 1000, mb: kb / 1024 };
    }).sort((one, two) => one.ms - two.ms);
    const least = seen[0];
    const middle = seen[seen.length >> 1];
    const most = Math.max(...seen.map(({ mb }) => mb));
    const cpuMs = Math.min(...seen.map((one) => one.cpuMs));
    const figures = [`${Math.round(least.ms)} ms at best`, `${Math.round(middle.ms)} ms median`, `${Math.round(cpuMs)} ms of cpu at best`];
    console.log(`${name.padEnd(18)} ${figures.join(', ')}, ${Math.round(most)} MB at most (${runs} runs)`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
