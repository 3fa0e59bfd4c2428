// `npm run fuzz`: mutants of all fixtures, read in this process from the files to every format. Nothing may throw, hang, break
// a law of the tree, or show what a page may not.
//   --seconds N   for how long (default 60)
//   --seed S      where to begin (default: the clock's). Mutant n of seed S is mutant 0 of seed S + n.
//   --runs N      so many mutants instead of a time
// At the first failure the mutant is made as small as it goes, printed with its seed, and the exit code is 1.
import { readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type AnalyzeOptions, analyzeTree, memoryTree, PipelineNotFound, UnknownProfile, VERSION } from '../src/index.ts';
import { tokenize } from '../src/parser/syntax/lexer.ts';
import { type FileKind, parse } from '../src/parser/syntax/parser.ts';
import { GRAPH_FORMATS, renderGraph } from '../src/report/graph-formats.ts';
import { renderJson } from '../src/report/json.ts';
import { displayWidth } from '../src/report/layout.ts';
import { SCHEMA_VERSION } from '../src/report/report.ts';
import { renderText } from '../src/report/terminal.ts';
import { SourceFile } from '../src/source/source-file.ts';
import { brokenLaw } from '../test/parser/syntax/laws.ts';

/**
 * Of the processor, for all formats together; what has been made long may take longer. What grows out of bounds takes far more, and what takes a
 * second here takes two or three on a busy machine.
 */
const LONGEST_RUN_MS = 5000;
const MS_A_KILOBYTE = 20;
const SLOW = 'a slow run';
/** Beyond this a run is taken to hang: a thread of its own says so, since this one cannot. */
const HANG_MS = 20_000;
/** Validation against the schema takes longer than all the rest: one run in so many. */
const VALIDATED = 10;
/** Characters of a file. */
const MOST_SHOWN = 4000;

// ------------------------------------------------------------------------------------------------ chance

/** Mulberry32 (T. Ettinger): small, and good enough to choose where to cut. Neighbouring seeds give unrelated numbers. */
class Chance {
  #state: number;
  constructor(seed: number) {
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
  }
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

// ------------------------------------------------------------------------------------------------ fixtures

type Files = Readonly<Record<string, string>>;

interface Fixture {
  readonly name: string;
  readonly files: Files;
}

/** A case is an outermost folder with a script or a config in it. */
function fixturesIn(folder: string, name = ''): Fixture[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((one, two) => (one.name < two.name ? -1 : 1));
  if (!entries.some((entry) => /\.(nf|config)$/.test(entry.name))) {
    return entries
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => fixturesIn(join(folder, entry.name), `${name}${name === '' ? '' : '/'}${entry.name}`));
  }
  const files: Record<string, string> = {};
  // What a case is expected to give is no part of it.
  for (const path of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const full = join(path.parentPath, path.name);
    if (path.isFile() && !/^expected.*\.(json|txt)$/.test(path.name))
      files[full.slice(folder.length + 1).replaceAll('\\', '/')] = readFileSync(full, 'utf8');
  }
  return [{ name, files }];
}

const CODE = /\.(nf|config|groovy)$/;

function kindOf(path: string): FileKind {
  return path.endsWith('.nf') ? 'script' : path.endsWith('.config') ? 'config' : 'groovy';
}

// ------------------------------------------------------------------------------------------------ mutations

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where a cut hurts most is at tokens and lines, and, rarely, in the middle of a word. */
function place(text: string, chance: Chance): number {
  if (chance.below(4) === 0) return chance.below(text.length + 1);
  if (chance.below(2) === 0) return Math.max(0, text.lastIndexOf('\n', chance.below(text.length + 1)) + 1);
  const { count, ends } = tokenize(text);
  return count === 0 ? 0 : (ends[chance.below(count)] ?? 0);
}

function range(text: string, chance: Chance): Range {
  const [one, two] = [place(text, chance), place(text, chance)];
  return { start: Math.min(one, two), end: Math.max(one, two) };
}

const BRACKETS: readonly (readonly [open: string, close: string])[] = [
  ['(', ')'],
  ['[', ']'],
  ['{ ', ' }'],
  ['{ x -> ', '}'],
  ['"${', '}"'],
  ['"""${', '}"""'],
  ['if (params.x) {\n', '\n}\n'],
  ['if (x) { a } else ', ''],
  ['for (i in 1..9) {\n', '\n}\n'],
  ['while (true) {\n', '\n}\n'],
  ['workflow A {\n', '\n}\n'],
  ['process A {\n', '\n}\n'],
  ['class A {\n', '\n}\n'],
  ['def f(x) {\n', '\n}\n'],
  ['try {\n', '\n} catch (e) { }\n'],
  ['switch (x) { case 1: ', '}'],
  ['profiles {\n', '\n}\n'],
  ['process {\n withName: "A|(a+)+$" {\n', '\n}\n}\n'],
  ['/* ', ' */'],
  ["'''", "'''"],
  ['x.map { ', ' }.mix(x)'],
  ['A(', ')'],
  ['!', ''],
  ['x = ', ''],
  ['x ? ', ' : y'],
];

const ODD_CHARACTERS = [
  ...['\0', '\u0001', '\u001b[31m', '\u001b]8;;http://x\u0007', '\u0007', '\b', '\r', '\r\n', '\t', '\v', '\f', '\u007f', '\u009b2J'],
  ...['\ufeff', '\u00a0', '\u00ad', '\u200b', '\u200f', '\u2028', '\u2029', '\u202e', '\u2066', '\ud800', '\udfff', '\ufffd'],
  ...[
    'é',
    'ß',
    'ﬁ',
    '漢字',
    '👩‍🔬',
    'a\u0301\u0302\u0303',
    '\u{10ffff}',
    '\\',
    '$',
    '"',
    "'",
    '`',
    '`\\`',
    '<b>',
    '&amp;',
    ']]>',
    '-->',
    '%s',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    '9'.repeat(400),
    '-1',
    '1e999',
    '0x',
    '..',
    '../../..',
    '/',
    '//',
    '/*',
    '*/',
  ],
];

type Mutation = (text: string, chance: Chance, donors: readonly string[]) => string;

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  cut: (text, chance) => text.slice(0, place(text, chance)),
  behead: (text, chance) => text.slice(place(text, chance)),
  drop: (text, chance) => {
    const { start, end } = range(text, chance);
    return text.slice(0, start) + text.slice(end);
  },
  'drop a token': (text, chance) => {
    const { count, ends } = tokenize(text);
    if (count === 0) return text;
    const index = chance.below(count);
    return text.slice(0, index === 0 ? 0 : ends[index - 1]) + text.slice(ends[index]);
  },
  splice: (text, chance, donors) => {
    const donor = chance.of(donors);
    const { start, end } = range(donor, chance);
    const at = place(text, chance);
    return text.slice(0, at) + donor.slice(start, end) + text.slice(at);
  },
  replace: (text, chance, donors) => {
    const donor = chance.of(donors);
    const from = range(donor, chance);
    const { start, end } = range(text, chance);
    return text.slice(0, start) + donor.slice(from.start, from.end) + text.slice(end);
  },
  'swap words': (text, chance) => {
    const words = [...text.matchAll(/[\w.]+/g)];
    if (words.length === 0) return text;
    const [one, two] = [chance.of(words), chance.of(words)];
    return text.slice(0, one.index) + two[0] + text.slice(one.index + one[0].length);
  },
  nest: (text, chance) => {
    const [open, close] = chance.of(BRACKETS);
    const times = chance.of([1, 1, 2, 3, 10, 60, 300, 2000]);
    const { start, end } = range(text, chance);
    return `${text.slice(0, start)}${open.repeat(times)}${text.slice(start, end)}${chance.below(4) === 0 ? '' : close.repeat(times)}${text.slice(end)}`;
  },
  'nest in turn': (text, chance) => {
    const { start, end } = range(text, chance);
    let inner = text.slice(start, end);
    for (let times = chance.of([2, 4, 8, 16]); times > 0 && inner.length < 100_000; times -= 1) {
      const [open, close] = chance.of(BRACKETS);
      inner = open + inner + close;
    }
    return text.slice(0, start) + inner + text.slice(end);
  },
  duplicate: (text, chance) => {
    const { start, end } = range(text, chance);
    const piece = text.slice(start, end);
    const times = Math.min(chance.of([2, 3, 10, 100, 1000]), Math.ceil(200_000 / (piece.length + 1)));
    return text.slice(0, start) + piece.repeat(times) + text.slice(end);
  },
  'duplicate elsewhere': (text, chance) => {
    const { start, end } = range(text, chance);
    const at = place(text, chance);
    return text.slice(0, at) + text.slice(start, end) + text.slice(at);
  },
  binary: (text, chance) => {
    let mutant = text;
    for (let times = chance.of([1, 2, 5, 20]); times > 0; times -= 1) {
      const at = place(mutant, chance);
      mutant = mutant.slice(0, at) + chance.of(ODD_CHARACTERS) + mutant.slice(at + chance.below(3));
    }
    return mutant;
  },
  bytes: (text, chance) => {
    // What is left when bytes that are no UTF-8 are read as such.
    const bytes = Buffer.from(text);
    for (let times = chance.of([1, 3, 30, 300]); times > 0 && bytes.length > 0; times -= 1)
      bytes[chance.below(bytes.length)] = chance.below(256);
    return bytes.toString('utf8');
  },
  'line ends': (text, chance) => text.replaceAll('\n', chance.of(['\r\n', '\r', ' ', '\n\n', '\u2028', ';', '\\\n'])),
};

interface Mutant {
  readonly seed: number;
  readonly fixture: string;
  readonly file: string;
  readonly kinds: readonly string[];
  readonly files: Files;
  readonly options: AnalyzeOptions;
}

/** A function of the seed and the fixtures, of nothing else. */
function mutantOf(seed: number, fixtures: readonly Fixture[], donors: readonly string[]): Mutant {
  const chance = new Chance(seed);
  const fixture = chance.of(fixtures);
  const code = Object.keys(fixture.files).filter((path) => CODE.test(path));
  // Now and then a sample sheet or a params file.
  const file = chance.below(20) === 0 ? chance.of(Object.keys(fixture.files)) : chance.of(code);
  let text = fixture.files[file] as string;
  const kinds: string[] = [];
  for (let times = chance.of([1, 1, 2, 3]); times > 0; times -= 1) {
    const kind = chance.of(Object.keys(MUTATIONS));
    kinds.push(kind);
    text = (MUTATIONS[kind] as Mutation)(text, chance, donors);
  }
  const version = chance.of([undefined, undefined, '21.10.0', '25.04.6', '26.04.0']);
  const profiles = chance.below(4) === 0 ? ['test'] : [];
  return {
    seed,
    fixture: fixture.name,
    file,
    kinds,
    files: { ...fixture.files, [file]: text },
    options: { profiles, ...(version === undefined ? {} : { nextflowVersion: version }) },
  };
}

// ------------------------------------------------------------------------------------------------ checks

const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('docs/report.schema.json', 'utf8')));
/** What a terminal may obey, or read otherwise than it is shown; a line feed ends a line, a tab is part of a source line. */
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

/** What is wrong with how the mutant is read, in a few words that stay the same while it is made smaller; null when all is well. */
function fault(mutant: Mutant, validated: boolean): { what: string; detail: string } | null {
  try {
    const text = mutant.files[mutant.file] as string;
    for (const kind of CODE.test(mutant.file) ? [kindOf(mutant.file)] : []) {
      const broken = brokenLaw(text, parse(new SourceFile(mutant.file, text), kind));
      if (broken !== null) return { what: 'a law of the tree', detail: broken };
    }
    const report = analyzeTree(memoryTree(mutant.files), undefined, mutant.options);
    const document = { schemaVersion: SCHEMA_VERSION, tool: { name: 'pipeopt' as const, version: VERSION }, reports: [report] };
    const json = renderJson(document);
    const again: unknown = JSON.parse(json);
    if (validated && !validate(again)) return { what: 'the schema', detail: JSON.stringify(validate.errors?.[0]) };
    if (CONTROLS.test(json)) return { what: 'a control character in JSON', detail: excerpt(json) };
    for (const width of [80, 200]) {
      for (const unicode of [true, false]) {
        const page = renderText(document, { width, unicode, color: false, verbose: unicode });
        if (CONTROLS.test(page)) return { what: 'a control character in text', detail: excerpt(page) };
        const wide = page.split('\n').find((line) => displayWidth(line) > width);
        if (wide !== undefined) return { what: `a line wider than ${width}`, detail: wide };
      }
    }
    for (const format of GRAPH_FORMATS) {
      for (const all of [false, true]) {
        const graph = renderGraph(report, format, { all });
        if (graph === '') return { what: `an empty graph as ${format}`, detail: '' };
        if (CONTROLS.test(graph)) return { what: `a control character in ${format}`, detail: excerpt(graph) };
      }
    }
    return null;
  } catch (error) {
    // A script may be gone: that is said, and no fault. The profile may be gone, or never have been there.
    if (error instanceof PipelineNotFound) return null;
    if (error instanceof UnknownProfile) return fault({ ...mutant, options: { ...mutant.options, profiles: [] } }, validated);
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    // Where it was thrown names a bug better than its message, which may quote the mutant; a full stack has no such place.
    const thrownAt = error instanceof RangeError ? '' : (/\(?([^\s()]+:\d+:\d+)\)?/.exec(stack)?.[1] ?? '');
    return { what: `${name} ${thrownAt}`.trim(), detail: `${message.slice(0, 300)}\n${stack.split('\n').slice(1, 12).join('\n')}` };
  }
}

function excerpt(text: string): string {
  const at = text.search(CONTROLS);
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 20));
}

interface Failure {
  readonly what: string;
  readonly detail: string;
}

/** What this process has had of the processors, in ms: however many programs share the machine. */
function busyMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function failureOf(mutant: Mutant, validated: boolean): Failure | null {
  const most = LONGEST_RUN_MS + (MS_A_KILOBYTE * Object.values(mutant.files).join('').length) / 1000;
  const started = busyMs();
  const broken = fault(mutant, validated);
  if (broken !== null) return broken;
  let ms = busyMs() - started;
  if (ms <= most) return null;
  // The collector may have come, or the compiler: slow twice is slow.
  const again = busyMs();
  fault(mutant, false);
  ms = Math.min(ms, busyMs() - again);
  return ms <= most ? null : { what: SLOW, detail: `${Math.round(ms)} ms` };
}

/** Leaves out lines, then characters, of the mutated file, and other files, while the same is wrong. At most 20 seconds. */
function smaller(mutant: Mutant, what: string, watcher: Watcher): Mutant {
  const end = performance.now() + 20_000;
  const same = (files: Files): boolean => {
    if (performance.now() > end) return false;
    const less = { ...mutant, files };
    watcher.begins(less);
    return failureOf(less, true)?.what === what;
  };
  let { files } = mutant;
  for (const path of Object.keys(files)) {
    if (path === mutant.file) continue;
    const { [path]: _, ...others } = files;
    if (same(others)) files = others;
  }
  for (const split of [/(?<=\n)/, /(?<=\W)|(?=\W)/, /(?:)/u]) {
    let parts = (files[mutant.file] as string).split(split);
    for (let size = parts.length >> 1; size >= 1; size >>= 1) {
      for (let at = 0; at < parts.length; ) {
        const rest = [...parts.slice(0, at), ...parts.slice(at + size)];
        if (same({ ...files, [mutant.file]: rest.join('') })) parts = rest;
        else at += size;
      }
    }
    files = { ...files, [mutant.file]: parts.join('') };
  }
  return { ...mutant, files };
}

// ------------------------------------------------------------------------------------------------ the run

interface Watcher {
  begins(mutant: Mutant): void;
  ends(): void;
}

/** Says which mutant hangs, and ends the process: only another thread can. */
function watch(): Watcher {
  const count = new Int32Array(new SharedArrayBuffer(8));
  const text = new Uint8Array(new SharedArrayBuffer(1 << 18));
  const worker = new Worker(
    `const { workerData: { count, text, ms } } = require('node:worker_threads');
    const busyMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
    let before = -1, since = busyMs();
    setInterval(() => {
      const now = Atomics.load(count, 0);
      if (now !== before) { before = now; since = busyMs(); return; }
      if (busyMs() - since < ms) return;
      const words = Buffer.from(text.slice(0, Atomics.load(count, 1))).toString();
      require('node:fs').writeSync(1, '\\nfuzz: a run takes more than ' + ms / 1000 + ' s\\n' + words + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, 500);`,
    { eval: true, workerData: { count, text, ms: HANG_MS } },
  );
  worker.unref();
  const encoder = new TextEncoder();
  return {
    begins(mutant) {
      Atomics.store(count, 1, encoder.encodeInto(told(mutant), text).written);
      Atomics.add(count, 0, 1);
    },
    ends() {
      void worker.terminate();
    },
  };
}

/** How to have it again, and what it is: the seed alone no longer says it once a fixture has changed. */
function told({ seed, fixture, file, kinds, files }: Mutant): string {
  const lines = Object.entries(files).map(([path, text]) => {
    const more = text.length > MOST_SHOWN ? ` and ${text.length - MOST_SHOWN} characters more` : '';
    return `  ${path}: ${JSON.stringify(text.slice(0, MOST_SHOWN))}${more}`;
  });
  return `  npm run fuzz -- --runs 1 --seed ${seed}\n  fixture ${fixture}, file ${file}, ${kinds.join(', then ')}\n${lines.join('\n')}\n`;
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw new Error(`--${name} ${text}: a whole number was expected`);
  return Number(text);
}

function main(): number {
  const { values } = parseArgs({ options: { seconds: { type: 'string' }, seed: { type: 'string' }, runs: { type: 'string' } } });
  const runs = wholeNumber('runs', values.runs) ?? Number.POSITIVE_INFINITY;
  const seconds = wholeNumber('seconds', values.seconds) ?? (Number.isFinite(runs) ? Number.POSITIVE_INFINITY : 60);
  const seed = (wholeNumber('seed', values.seed) ?? Date.now()) >>> 0;
  const fixtures = fixturesIn('fixtures');
  const donors = fixtures.flatMap(({ files }) => Object.keys(files).flatMap((path) => (CODE.test(path) ? [files[path] as string] : [])));
  console.log(`fuzz: seed ${seed}, ${fixtures.length} fixtures, ${Object.keys(MUTATIONS).length} kinds of mutation`);

  const watcher = watch();
  const end = performance.now() + 1000 * seconds;
  let slowest = { ms: 0, seed };
  let done = 0;
  for (; done < runs && performance.now() < end; done += 1) {
    const one = (seed + done) >>> 0;
    const started = busyMs();
    const mutant = mutantOf(one, fixtures, donors);
    watcher.begins(mutant);
    const failure = failureOf(mutant, done % VALIDATED === 0);
    const ms = busyMs() - started;
    if (ms > slowest.ms) slowest = { ms, seed: one };
    if (failure === null) continue;
    writeSync(1, `\nfuzz: ${failure.what}: ${failure.detail}\n`);
    // What is slow takes long to make smaller, and is seldom slow then.
    writeSync(1, told(failure.what === SLOW ? mutant : smaller(mutant, failure.what, watcher)));
    watcher.ends();
    return 1;
  }
  watcher.ends();
  console.log(`slowest ${Math.round(slowest.ms)} ms (seed ${slowest.seed})`);
  console.log(`${done} mutants: nothing thrown, no law broken, none slower than ${LONGEST_RUN_MS / 1000} s and ${MS_A_KILOBYTE} ms a kB`);
  return 0;
}

process.exitCode = main();
