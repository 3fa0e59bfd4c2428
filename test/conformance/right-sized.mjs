// `node test/conformance/right-sized.mjs`: do tasks of a real run get what a right-sized config says, at every attempt? Each case of fixtures/right-sized runs with its
// pipeopt.config and tools that are killed (exit 137) until their task's last attempt. What its expected.txt says to be lost has to be lost in the run too.
// Exit 0: all agree; 1: some case differs; 2: real Nextflow cannot be started here.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { prepareNextflow } from './judge.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const root = join(here, '../..');
const cases = join(root, 'fixtures/right-sized');
const nextflow = process.env.PIPEOPT_NEXTFLOW_COMMAND ?? join(here, 'nextflow');

const ENTRY = `
export { Evidence } from './src/analysis/estimate/evidence.ts';
export { Sizing } from './src/analysis/passes/sizing/sizing.ts';
export { buildProcessGraph } from './src/parser/graph/build.ts';
export { openFolder } from './src/parser/pipeline/disk.ts';
export { loadPipeline } from './src/parser/pipeline/load.ts';
export { readTrace } from './src/parser/trace/read-trace.ts';
export { proveConfig, rightSizedConfig } from './src/rewrite/right-sized-config.ts';
`;

async function ours() {
  const outfile = join(root, 'node_modules/.cache/right-sized.mjs');
  await build({
    stdin: { contents: ENTRY, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  return import(outfile);
}

// The name of the task stands in the folder that it runs in; each attempt has a folder of its own, so attempts are counted elsewhere.
const TOOL = `#!/bin/sh
name=$(sed -n "s/^### name: '\\(.*\\)'$/\\1/p" .command.run | tr -c 'A-Za-z0-9\\n' _)
echo x >> "$FAKE_STATE/$name"
failures=$(cat "$FAKE_STATE/$name.failures" 2>/dev/null || echo 0)
[ "$(wc -l < "$FAKE_STATE/$name")" -gt "$failures" ] || exit 137
`;
const LOCAL = "process.executor = 'local'\nexecutor {\n    cpus = 256\n    memory = '2 TB'\n    pollInterval = '50 ms'\n}\n";

async function judge(name, { Evidence, Sizing, buildProcessGraph, loadPipeline, openFolder, proveConfig, readTrace, rightSizedConfig }) {
  const folder = join(cases, name);
  const read = (...texts) =>
    buildProcessGraph(loadPipeline(openFolder(folder), undefined, { configs: texts.map((text, at) => ({ path: `${at}.config`, text })) }));
  const pipeline = loadPipeline(openFolder(folder), undefined);
  const graph = buildProcessGraph(pipeline);
  const sizing = new Sizing(graph, new Evidence(graph, readTrace(readFileSync(join(folder, 'trace.txt'), 'utf8'), 'trace.txt')));
  const config = rightSizedConfig(pipeline, graph, sizing);
  if (config.blocks.length === 0) return { name, values: 0, differences: [] };
  const { lost } = proveConfig(config, graph, read(config.text));

  const work = mkdtempSync(join(tmpdir(), 'pipeopt-right-sized-'));
  try {
    cpSync(folder, work, { recursive: true });
    const [tools, state] = [join(work, 'fakes'), join(work, 'state')];
    for (const each of [tools, state]) mkdirSync(each);
    for (const tool of ['fastqc', 'STAR', 'qualimap', 'spades.py', 'bcftools', 'samtools']) {
      writeFileSync(join(tools, tool), TOOL);
      chmodSync(join(tools, tool), 0o755);
    }
    for (const { call, directives } of config.blocks) {
      const attempts = Math.max(1, ...directives.map(({ byAttempt }) => byAttempt?.length ?? 1));
      for (const task of [`${call.id} (1)`, call.id])
        writeFileSync(join(state, `${task.replace(/[^A-Za-z0-9]/g, '_')}.failures`), String(attempts - 1));
    }
    writeFileSync(join(work, 'local.config'), `${LOCAL}trace.fields = 'process,attempt,cpus,memory,time,status'\ntrace.raw = true\n`);
    const args = ['run', 'main.nf', '-c', 'local.config', '-c', 'pipeopt.config', '-with-trace', 'run.txt'];
    const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, FAKE_STATE: state };
    const { stdout } = await promisify(execFile)(nextflow, args, { cwd: work, env, timeout: 180_000, maxBuffer: 1 << 24 }).catch(
      (error) => error,
    );
    if (!existsSync(join(work, 'run.txt'))) return { name, values: 0, differences: [`no trace: ${stdout}`] };
    const [header, ...rows] = readFileSync(join(work, 'run.txt'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    const got = new Map(
      rows.map((row) => {
        const of = (field) => row[header.indexOf(field)];
        return [
          `${of('process')} ${of('attempt')}`,
          { cpus: Number(of('cpus')), memory: Number(of('memory')), time: Number(of('time')) / 1000, status: of('status') },
        ];
      }),
    );
    const differences = [];
    let values = 0;
    for (const { call, directives } of config.blocks) {
      for (const { name: directive, byAttempt = [] } of directives) {
        byAttempt.forEach((intended, at) => {
          if (directive === 'maxRetries') return;
          values++;
          const task = got.get(`${call.id} ${at + 1}`);
          const said = lost.some((one) => one.call === call && one.directive === directive && one.attempt === at + 1);
          if (task === undefined) differences.push(`${call.id}: no attempt ${at + 1} in the run`);
          else if ((task[directive] === intended) === said)
            differences.push(
              `${call.id} ${directive} of attempt ${at + 1}: ${task[directive]} for ${intended}${said ? ', which was said to be lost' : ''}`,
            );
        });
      }
      const attempts = Math.max(1, ...directives.map(({ byAttempt }) => byAttempt?.length ?? 1));
      if (got.get(`${call.id} ${attempts}`)?.status !== 'COMPLETED') differences.push(`${call.id} was not tried ${attempts} times`);
    }
    return { name, values, differences };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const missing = process.env.PIPEOPT_NEXTFLOW_COMMAND ? undefined : prepareNextflow();
if (missing) {
  console.error(missing);
  process.exitCode = 2;
} else {
  const core = await ours();
  for (const name of readdirSync(cases)) {
    const { values, differences } = await judge(name, core);
    console.log(
      `${differences.length === 0 ? 'ok  ' : 'FAIL'} ${name}: ${values} values by attempt${differences.map((one) => `\n     ${one}`).join('')}`,
    );
    if (differences.length > 0) process.exitCode = 1;
  }
}
