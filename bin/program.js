/**
 * All of the command line but `--version`, as one script, and the code that V8 made of it in an earlier run: without, a tenth of a run goes
 * into compiling. It is kept in the user's own cache, not where others may write too.
 */
const { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const nodeModule = require('node:module');
const { homedir } = require('node:os');
const { dirname, join } = require('node:path');
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');

const file = join(__dirname, '../dist/program.cjs');
const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
const folder = existsSync(caches) ? join(caches, 'pipeopt') : undefined;

/**
 * A run is over before most of its code is worth optimising: V8 waits longer before it tries, and leaves the shell's grammar (wasm) as
 * it was first compiled, on other threads while the rest is loaded. sarek 0.72 s → 0.57 s without the grammar, 1.3 s → 0.75 s of
 * processor time with it, nf-core/modules 1.02 s → 0.93 s (Node 20, 2 cores; with a budget of 1,000,000, where the main thread has 5 % more
 * to do than with 300,000, and all threads together 5 % less). And most of what is made stays: room for new values is
 * enlarged at once, and none is tidied up at the end. On 22 the first gains nothing, and 24 complains that it has no such flag.
 */
const FLAGS = [
  '--interrupt-budget=300000',
  '--liftoff-only',
  '--no-wasm-lazy-compilation',
  '--semi-space-growth-factor=16',
  '--no-minor-gc-task',
  // What is compiled is kept for the next run, also if this one no longer needs it.
  '--no-flush-bytecode',
];

/** Node 22 and newer keep compiled code themselves. */
function load() {
  if (nodeModule.enableCompileCache === undefined) return loadOnNode20();
  if (folder !== undefined) nodeModule.enableCompileCache(folder);
  return require(file);
}

function loadOnNode20() {
  for (const flag of FLAGS) setFlagsFromString(flag);
  const source = readFileSync(file, 'latin1'); // It is ASCII.
  const kept = folder === undefined || process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : new KeptCode(folder, source);
  const script = new Script(`(function(exports,require,module,__filename,__dirname){${source}\n})`, { filename: file, ...kept?.read() });
  const loaded = { exports: {} };
  script.runInThisContext()(loaded.exports, nodeModule.createRequire(file), loaded, file, dirname(file));
  if (kept !== undefined) process.once('exit', () => kept.write(script));
  return loaded.exports;
}

/** A command and the names of its flags: runs of one kind compile much the same. */
function kindOfRun(words) {
  const flags = words.filter((word) => word.startsWith('-')).map((word) => word.replace(/=.*/s, ''));
  return [...words.slice(0, 1).filter((word) => /^[a-z]+$/.test(word)), ...new Set(flags.sort())].join(' ');
}

/** As many kinds of runs are told apart. */
const MOST_KINDS = 100;

/** What was compiled of a source. V8 refuses what another V8 made; that it is of this very source is for us to see. */
class KeptCode {
  #path;
  /** The source's first line, which no other has. */
  #line;
  /** By kind of run, milliseconds of processor time of the longest that it is of: a longer one has compiled more. */
  #kinds = {};

  constructor(folder, source) {
    this.#path = join(folder, `${process.version}-${process.arch}.code`);
    this.#line = source.slice(0, source.indexOf('\n'));
  }

  read() {
    try {
      const bytes = readFileSync(this.#path);
      // Behind the code, or V8 would have to move that to where it wants it.
      const end = bytes.lastIndexOf('\n');
      const line = bytes.lastIndexOf('\n', end - 1);
      if (line < 0 || bytes.toString('latin1', line + 1, end) !== this.#line) return {};
      this.#kinds = JSON.parse(bytes.toString('utf8', end + 1));
      return { cachedData: bytes.subarray(0, line) };
    } catch {
      return {}; // None is there, none that may be read, or none of ours: the run goes on without.
    }
  }

  write(script) {
    const { user, system } = process.cpuUsage();
    const ms = Math.round((user + system) / 1000);
    const kind = kindOfRun(process.argv.slice(2));
    if (!script.cachedDataRejected && ms < 2 * (this.#kinds[kind] ?? 0)) return;
    const kinds = script.cachedDataRejected ? [] : Object.entries(this.#kinds).filter(([other]) => other !== kind);
    const tail = JSON.stringify(Object.fromEntries([...kinds.slice(1 - MOST_KINDS), [kind, ms]]));
    const beside = `${this.#path}.${process.pid}`;
    try {
      mkdirSync(dirname(this.#path), { recursive: true });
      writeFileSync(beside, Buffer.concat([script.createCachedData(), Buffer.from(`\n${this.#line}\n${tail}`)]));
      renameSync(beside, this.#path);
    } catch {
      // No room, or not ours to write to: the next run compiles again.
      rmSync(beside, { force: true });
    }
  }
}

module.exports = load();
