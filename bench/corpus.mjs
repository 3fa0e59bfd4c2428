// `npm run corpus -- FOLDER...`: how much of real pipelines is understood. Each FOLDER is a pipeline, or holds pipelines
// that were fetched elsewhere, one in each folder (a folder of folders is looked into, three levels deep).
// One line for each, and totals:
//   files        scripts and configs read          calls       process calls found
//   errors       error-level diagnostics           edges       from call to call
//   opaque       nodes that are not modelled       unresolved  includes that lead nowhere
//   % st, % ch   how many there are for 100 statements, and their share of all characters
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../', import.meta.url));
const ENTRY = `
export { parse } from './src/parser/syntax/parser.ts';
export { childrenOf } from './src/parser/syntax/walk.ts';
export { SourceFile } from './src/source/source-file.ts';
export { analyzeTree, openPipeline, PipelineNotFound } from './src/run.ts';`;

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

const NEVER = new Set(['.git', 'node_modules', '.nextflow', 'work']);

function pipelinesIn(folder, depth = 0) {
  const names = readdirSync(folder).sort();
  if (names.includes('nextflow.config') || names.some((name) => name.endsWith('.nf'))) return [folder];
  if (depth === 3) return [];
  return names.flatMap((name) => {
    const path = join(folder, name);
    return !NEVER.has(name) && statSync(path, { throwIfNoEntry: false })?.isDirectory() ? pipelinesIn(path, depth + 1) : [];
  });
}

/** Statements, characters and opaque nodes of one file. */
function sharesOf({ parse, childrenOf, SourceFile }, path, text) {
  const shares = { opaque: 0, statements: 0, characters: text.length, opaqueCharacters: 0 };
  const open = [parse(new SourceFile(path, text), /\.config$/.test(path) ? 'config' : 'script').tree];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.kind === 'OpaqueNode') {
      shares.opaque += 1;
      shares.opaqueCharacters += node.end - node.start;
    }
    if (node.kind.endsWith('Statement') || node.kind === 'IncludeNode') shares.statements += 1;
    open.push(...childrenOf(node));
  }
  return shares;
}

function measure(core, folder) {
  const start = performance.now();
  const { tree, entryPath } = core.openPipeline(folder);
  const { coverage, graph, inputs } = core.analyzeTree(tree, entryPath);
  const ms = performance.now() - start;
  const shares = inputs.files
    .filter(({ path }) => existsSync(join(folder, path)))
    .map(({ path }) => sharesOf(core, path, readFileSync(join(folder, path), 'utf8')));
  const sum = (name) => shares.reduce((total, one) => total + one[name], 0);
  return {
    files: coverage.files,
    errors: coverage.diagnostics.filter(({ severity }) => severity === 'error').length,
    opaque: sum('opaque'),
    statements: sum('statements'),
    characters: sum('characters'),
    opaqueCharacters: sum('opaqueCharacters'),
    processes: coverage.processes,
    calls: coverage.calls,
    edges: graph.edges.filter(({ from }) => !from.startsWith('source:')).length,
    unresolved: coverage.unresolvedIncludes.length,
    ms,
  };
}

const COLUMNS = ['files', 'errors', 'opaque', '% st', '% ch', 'processes', 'calls', 'edges', 'unresolved', 'ms'];

function print(name, one) {
  const share = (part, whole) => (whole === 0 ? '0' : ((100 * part) / whole).toFixed(2));
  const cells = {
    ...one,
    '% st': share(one.opaque, one.statements),
    '% ch': share(one.opaqueCharacters, one.characters),
    ms: Math.round(one.ms),
  };
  console.log(
    [name.slice(0, 32).padEnd(32), ...COLUMNS.map((column) => String(cells[column]).padStart(Math.max(6, column.length + 1)))].join(''),
  );
}

async function main(folders) {
  if (folders.length === 0) {
    console.error('usage: node bench/corpus.mjs FOLDER...');
    return 2;
  }
  const core = await loadCore();
  console.log([''.padEnd(32), ...COLUMNS.map((column) => column.padStart(Math.max(6, column.length + 1)))].join(''));
  const all = [];
  let broken = 0;
  for (const folder of folders.flatMap((one) => pipelinesIn(resolve(one)))) {
    try {
      const one = measure(core, folder);
      print(basename(folder), one);
      all.push(one);
    } catch (error) {
      // A folder with a config alone is no pipeline, and nothing to worry about.
      if (!(error instanceof core.PipelineNotFound)) broken += 1;
      console.log(`${basename(folder).slice(0, 32).padEnd(32)}  ${error.name}: ${error.message}`);
    }
  }
  if (all.length > 0)
    print(
      `${all.length} pipelines`,
      Object.fromEntries(Object.keys(all[0]).map((key) => [key, all.reduce((sum, one) => sum + one[key], 0)])),
    );
  return broken === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
