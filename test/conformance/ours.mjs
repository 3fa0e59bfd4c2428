// The same questions put to pipeopt, by its command line and its JSON alone.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sortEdges } from './dot.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cli = process.env.PIPEOPT_CLI ?? join(root, 'bin/pipeopt.js');
const scratch = mkdtempSync(join(tmpdir(), 'pipeopt-params-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

// 25.04 starts with the old parser unless told otherwise, 26.04 with the strict one.
const VERSION_OF_PARSER = { v1: '25.04', v2: '26.04' };
let serial = 0;

async function pipeopt(command, run) {
  const args = [
    command,
    join(run.folder, run.script ?? 'main.nf'),
    '-f',
    'json',
    '--nextflow-version',
    VERSION_OF_PARSER[run.parser ?? 'v1'],
  ];
  if (run.profiles) args.push('--profile', run.profiles);
  const { params, configs } = translate(run);
  if (Object.keys(params).length > 0) {
    const file = join(scratch, `params-${++serial}.json`);
    writeFileSync(file, JSON.stringify(params));
    args.push('--params-file', file);
  }
  for (const config of configs) args.push('-c', join(run.folder, config));
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [cli, ...args], { cwd: root, timeout: 60_000 });
    let out = '';
    let err = '';
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (err += data));
    child.on('error', reject);
    child.on('close', (code) => {
      // 1 says that there are findings: the report is there.
      if (code !== 0 && code !== 1)
        return reject(new Error(`pipeopt ${command} ended with ${code}: ${err.trim().split('\n').slice(0, 3).join(' / ')}`));
      try {
        resolve(JSON.parse(out));
      } catch (error) {
        reject(new Error(`pipeopt ${command} did not print JSON: ${error.message}`));
      }
    });
  });
}

/** Nextflow's `-c FILE` is ours too; `--name value` on its command line becomes an entry of a params file, typed as Nextflow types it. */
export function translate(run) {
  const params = { ...run.params };
  const configs = [];
  const args = [...(run.nextflowArgs ?? [])];
  while (args.length > 0) {
    const arg = args.shift();
    if (arg === '-c') configs.push(args.shift());
    else if (arg.startsWith('--')) params[arg.slice(2)] = args.length === 0 || args[0].startsWith('-') ? true : typed(args.shift());
    else throw new Error(`nextflowArgs: no counterpart of ${arg} in pipeopt`);
  }
  return { params, configs };
}

function typed(text) {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** Our picture by the rules of Nextflow's: what is switched on for sure, and no edge through a topic. */
export async function ourGraph(run) {
  return pictureOf(await pipeopt('graph', run));
}

export function pictureOf(graph) {
  const active = new Map(graph.calls.filter((call) => call.active === true).map((call) => [call.id, call]));
  const edges = new Map();
  for (const edge of graph.edges) {
    if (edge.active !== true || !active.has(edge.from) || !active.has(edge.to)) continue;
    if ((edge.via ?? []).some((via) => String(via.name ?? via).startsWith('topic:'))) continue;
    edges.set(`${edge.from}\t${edge.to}`, [edge.from, edge.to]);
  }
  return { calls: active, processes: [...active.keys()].sort(), edges: sortEdges([...edges.values()]) };
}

/** Directives of each of our calls: id -> the call. */
export async function ourCalls(run) {
  const report = await pipeopt('analyze', run);
  return new Map(report.graph.calls.map((call) => [call.id, call]));
}

/** Does this process of the case's files declare neither inputs nor outputs? Nextflow's picture leaves such a process out. */
export function hasNoChannels(run, call) {
  const name = typeof call.process === 'string' ? call.process : (call.process?.name ?? call.id.split(':').at(-1));
  for (const path of scripts(run.folder)) {
    const body = new RegExp(`^\\s*process\\s+['"]?${name}['"]?\\s*\\{([\\s\\S]*?)^\\}`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
    if (body !== undefined) return !/^\s*(input|output)\s*:/m.test(body);
  }
  return false;
}

function scripts(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((path) => path.endsWith('.nf'))
    .map((path) => join(folder, path));
}
