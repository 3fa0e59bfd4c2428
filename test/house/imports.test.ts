/**
 * Who may import whom (ARCHITECTURE.md, "The rooms"). Reads the import lines of src/; a breach prints the line and the sentence
 * that says what to do instead.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

interface Room {
  /** A folder of src, or one file at its top. The first that fits is a file's room. */
  readonly name: string;
  /** Rooms and single files of src that may be imported, besides the room itself. */
  readonly may: readonly string[];
  /** Single files of which the types alone may be imported. */
  readonly mayTypes?: readonly string[];
  readonly instead: string;
}

const ROOMS: readonly Room[] = [
  { name: 'source', may: [], instead: 'the ground floor imports nothing: move what needs more to the room it is about' },
  {
    name: 'parser/syntax',
    may: ['source'],
    instead: 'syntax knows one file’s text and nothing else: give it the text, and ask about meaning in parser/evaluate or parser/pipeline',
  },
  {
    name: 'parser/evaluate',
    may: ['source', 'parser/syntax'],
    instead: 'the evaluator knows values and the tree: what a pipeline gives meaning to comes in through its Host',
  },
  {
    name: 'parser/trace',
    may: ['source'],
    instead: 'a trace is text of what ran: which call a task is of, parser/graph says, and what it means, analysis',
  },
  {
    name: 'parser/pipeline',
    may: ['source', 'parser/syntax', 'parser/evaluate'],
    instead: 'reading a pipeline comes before its graph: let parser/graph ask, and hand it the OpenPipeline',
  },
  {
    name: 'parser/graph',
    may: ['source', 'parser/syntax', 'parser/evaluate', 'parser/pipeline', 'parser/trace'],
    instead: 'the graph is what was written: findings about it belong in analysis',
  },
  { name: 'parser/grammar', may: [], instead: 'a grammar makes a tree of a text: what the tree means is told by whoever asks for it' },
  {
    name: 'parser/programs',
    may: ['parser/grammar'],
    instead: 'a program is read by its text alone: who calls it with what is known to parser/shell, and what follows to analysis',
  },
  {
    name: 'parser/shell',
    may: [
      'source',
      'parser/syntax',
      'parser/evaluate',
      'parser/pipeline',
      'parser/graph/process-io.ts',
      'parser/grammar',
      'parser/programs',
      '../catalogue',
    ],
    mayTypes: ['parser/graph'],
    instead: 'a script is read by what its process declares: findings about it belong in analysis',
  },
  {
    name: 'analysis/rules',
    may: ['source', 'parser', 'analysis'],
    instead: 'a rule sees the parser’s values and the passes: what is to be shown goes into its Finding',
  },
  {
    name: 'analysis/front',
    may: ['analysis/simulate', 'analysis/estimate/estimate.ts', 'analysis/passes/sizing/cpu-sizing.ts'],
    instead: 'the front is searched among options with times and costs: passes/front.ts makes them of calls, machines and prices',
  },
  {
    name: 'analysis/cost',
    may: ['source', '../catalogue'],
    instead: 'money is worked out from plain schedules: whoever has a pipeline or a simulation hands it over as machines and tasks',
  },
  {
    name: 'analysis',
    may: ['source', 'parser'],
    instead: 'analysis sees the parser’s values: what is to be shown goes into a Finding, and to-report makes text of it',
  },
  {
    name: 'rewrite',
    may: ['source', 'parser', 'analysis'],
    instead: 'new text is made of what was found, and proved by reading it again: what is to be said of it goes to run.ts',
  },
  { name: 'report', may: [], instead: 'a reporter is a pure function of the Report: let to-report put what is missing there' },
  { name: 'settings', may: ['source'], instead: 'settings are text in, values out: let cli read the file and say what is wrong' },
  {
    name: 'to-report',
    may: ['source', 'parser', 'analysis', 'report/report.ts'],
    mayTypes: ['rewrite/right-sized-config.ts'],
    instead: 'it translates what was found to a Report, and knows no format of it',
  },
  {
    name: 'read.ts',
    may: ['source', 'parser', 'analysis'],
    instead: 'it reads what the user gives; what is found in it is told by run.ts and experiments.ts',
  },
  {
    name: 'experiments.ts',
    may: ['source', 'parser', 'analysis', 'rewrite', 'read.ts'],
    instead: 'it says what runs would tell and what they told; who shows it is cli’s business',
  },
  {
    name: 'run.ts',
    may: ['source', 'parser', 'analysis', 'rewrite', 'settings', 'read.ts', 'experiments.ts', 'to-report', 'report/report.ts'],
    instead: 'the one page of the product gives a Report: who shows it is cli’s business',
  },
  {
    name: 'index.ts',
    may: ['run.ts', 'report', 'parser/pipeline/file-tree.ts'],
    instead: 'the public API re-exports run.ts and the reporters',
  },
  {
    name: 'cli',
    may: ['run.ts', 'report', 'settings', 'source/nearest.ts', 'parser/pipeline/expand.ts', 'parser/grammar/wasm.ts'],
    mayTypes: ['parser/pipeline/file-tree.ts'],
    instead: 'the command line asks run.ts: add what is missing to its functions',
  },
];

/** Every package that is not ours comes in at one place, so that it can be exchanged there. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  'csv-parse/sync': ['parser/pipeline/table.ts'],
  'fast-glob': ['parser/pipeline/expand.ts'],
  '@dagrejs/graphlib': ['parser/graph/topology.ts'],
  chalk: ['report/terminal.ts'],
  yaml: ['settings/yaml.ts'],
  // The command line’s description: the commands, and the flags that they share.
  commander: ['cli/program.ts', 'cli/flags.ts'],
  'web-tree-sitter': ['parser/grammar/grammar.ts'],
  // The grammars are files of ours, beside the bundle: not ones of a pipeline.
  'node:fs': ['parser/pipeline/disk.ts', 'parser/grammar/wasm.ts', 'cli/read-files.ts', 'cli/write-file.ts'],
  'node:path': ['parser/pipeline/disk.ts', 'parser/pipeline/expand.ts', 'cli/'],
  'node:crypto': ['to-report/inputs.ts'],
  'node:zlib': ['cli/read-files.ts'],
  'node:v8': ['cli/host.ts'],
};
const NO_DOOR =
  'it has no door here: nothing is spawned, fetched or executed, and a new package is given one door in this table with its reason in ARCHITECTURE.md';
const OTHER_DOOR: Readonly<Record<string, string>> = {
  'node:fs': 'a pipeline’s files are read through its FileTree, what the user names by cli/read-files.ts and cli/write-file.ts',
  commander: 'only the command line’s description knows commander',
};

interface Import {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** As written. */
  readonly from: string;
  readonly typeOnly: boolean;
}

const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((path) => path.replaceAll('\\', '/'))
  .filter((path) => path.endsWith('.ts'))
  .sort();
const texts = new Map(files.map((file) => [file, readFileSync(join(root, 'src', file), 'utf8')]));
const imports = files.flatMap(importsOf);

function importsOf(file: string): Import[] {
  const text = texts.get(file) as string;
  const found: Import[] = [];
  const patterns = [
    /^(?:import|export)\s+(type\s+)?[\w$*{][^;'"()=]*?\bfrom\s+'([^']+)'/gm,
    /^(?:import)(\s)'([^']+)'/gm,
    /\bimport(\s?)\(\s*'([^']+)'/g,
  ];
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern)) {
      const line = text.slice(0, match.index).split('\n').length;
      found.push({
        file,
        line,
        text: match[0].replace(/\s+/g, ' '),
        from: match[2] as string,
        typeOnly: match[1]?.startsWith('type') === true,
      });
    }
  }
  return found;
}

function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(place.endsWith('/') ? place : `${place}/`);
}

function roomOf(file: string): Room | undefined {
  return ROOMS.find((room) => isIn(file, room.name));
}

function breach({ file, line, text }: Import, instead: string): string {
  return `src/${file}:${line}  ${text}\n  ${instead}`;
}

test('every file lies in a room', () => {
  expect(
    files.filter((file) => roomOf(file) === undefined),
    'a new room is added to the table above and to ARCHITECTURE.md',
  ).toEqual([]);
});

test('a room imports only what it may', () => {
  const breaches = imports.flatMap((one) => {
    if (!one.from.startsWith('.')) return [];
    const target = posix.join(dirname(one.file), one.from);
    const room = roomOf(one.file) as Room;
    const allowed = [room.name, ...room.may, ...(one.typeOnly ? (room.mayTypes ?? []) : [])];
    return allowed.some((place) => isIn(target, place)) ? [] : [breach(one, room.instead)];
  });
  expect(breaches.join('\n')).toBe('');
});

test('no rule imports another rule, and no pass a rule', () => {
  const breaches = imports.flatMap((one) => {
    const target = posix.join(dirname(one.file), one.from);
    if (!isIn(target, 'analysis/rules') || one.file === 'analysis/rules/index.ts') return [];
    if (isIn(one.file, 'analysis/rules') || isIn(one.file, 'analysis/passes')) {
      return [breach(one, 'what two rules share is a pass: move it to analysis/passes')];
    }
    return [];
  });
  expect(breaches.join('\n')).toBe('');
});

test('each outside package comes in at its one door', () => {
  const breaches = imports.flatMap((one) => {
    if (one.from.startsWith('.')) return [];
    const doors = Object.hasOwn(DOORS, one.from) ? (DOORS[one.from] as readonly string[]) : undefined;
    if (doors === undefined) return [breach(one, NO_DOOR)];
    if (doors.some((door) => isIn(one.file, door))) return [];
    return [
      breach(
        one,
        `${OTHER_DOOR[one.from] ?? `ask the room that knows ${one.from}`} (door: ${doors.map((door) => `src/${door}`).join(', ')})`,
      ),
    ];
  });
  expect(breaches.join('\n')).toBe('');
});

const FORBIDDEN: readonly { readonly what: RegExp; readonly where: (file: string) => boolean; readonly instead: string }[] = [
  {
    what: /\bprocess\s*\.\s*(exit|abort|kill)\b/,
    where: () => false,
    instead: 'return the exit code: bin/pipeopt.js sets it, so that output is flushed first',
  },
  {
    what: /\bprocess\s*\.\s*exitCode\b/,
    // A stream may tell that it failed when the answer has been given.
    where: (file) => file === 'cli/host.ts',
    instead: 'return the exit code: bin/pipeopt.js sets it',
  },
  {
    what: /(?<![.\w'])process\.(argv|env|cwd|stdout|stderr|stdin|platform|pid|hrtime)\b|\bconsole\./,
    where: (file) => isIn(file, 'cli'),
    instead: 'only cli speaks to the machine: return a value, and let it be shown',
  },
  {
    what: /\bDate\.now\(|\bperformance\.now\(|\bnew Date\(|\bMath\.random\(/,
    where: (file) => isIn(file, 'cli'),
    instead: 'same input, same bytes out: no clock and no chance outside cli',
  },
  {
    what: /(?<![.\w])(eval|fetch|XMLHttpRequest|WebSocket)\(|\bnew Function\(/,
    where: () => false,
    instead: 'nothing that is read is executed, and nothing uses the network',
  },
];

test('nothing exits, prints, reads a clock or executes where it may not', () => {
  const breaches = files.flatMap((file) => {
    const lines = withoutStringsAndComments(texts.get(file) as string).split('\n');
    return lines.flatMap((line, index) =>
      FORBIDDEN.filter(({ what, where }) => what.test(line) && !where(file)).map(
        ({ instead }) => `src/${file}:${index + 1}  ${line.trim()}\n  ${instead}`,
      ),
    );
  });
  expect(breaches.join('\n')).toBe('');
});

/** Line by line and good enough for our own style: a regular expression with a lone quote in it ends with its line. */
function withoutStringsAndComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .replace(/'(?:[^'\\\n]|\\.)*'/g, "''")
    .replace(/(^|\s)\/\/.*$/gm, '');
}

test('no default exports, no enums, no folders of leftovers', () => {
  const breaches = files.flatMap((file) => {
    const text = texts.get(file) as string;
    return [
      ...(/^export default\b/m.test(text) ? [`src/${file}: a default export has no name: export a named thing`] : []),
      ...(/^(export )?(const )?enum\b/m.test(text) ? [`src/${file}: an enum: use a union of string literals`] : []),
      ...(/(^|\/)(utils?|common|helpers?|misc)(\/|\.ts$)/.test(file) ? [`src/${file}: a function lives with the value it is about`] : []),
      ...(/[A-Z_]/.test(file) ? [`src/${file}: files are named in kebab-case`] : []),
    ];
  });
  expect(breaches.join('\n')).toBe('');
});

test('the expressions of this test see what they are for', () => {
  expect(imports.some(({ from, typeOnly }) => from === '../source/diagnostic.ts' && typeOnly)).toBe(true);
  expect(imports.some(({ from, file }) => from === 'fast-glob' && file === 'parser/pipeline/expand.ts')).toBe(true);
  expect(imports.some(({ from, file }) => from === '../run.ts' && file === 'cli/core.ts')).toBe(true);
  expect(withoutStringsAndComments("a('new Date()') // process.exit()\nb /* fetch( */")).toBe("a('')\nb ");
});
