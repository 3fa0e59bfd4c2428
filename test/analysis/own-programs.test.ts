/** Programs as people write them, in pairs: one does what it must not, or may, in a way that hides it; its twin looks alike and is honest. */
import { describe, expect, test } from 'vitest';
import { leavesInputs, makesNoNames, mayOpen, staysAtHome } from '../../src/analysis/passes/needs/own-code.ts';
import type { ProgramReading } from '../../src/parser/programs/program-reading.ts';
import { readProgram } from '../../src/parser/programs/read-program.ts';
import { loadShell } from '../../src/run.ts';

await loadShell();

const HEAD = `#!/usr/bin/env python3
import argparse
import csv, json, glob, os, shutil, sys, tempfile
from pathlib import Path
import pandas as pd

def parse_args():
    parser = argparse.ArgumentParser(description='Cases by week')
    parser.add_argument('--cases', required=True)
    parser.add_argument('--sample', default='s1')
    parser.add_argument('--tables', nargs='+')
    parser.add_argument('--out', type=Path, default=Path('cases.tsv'))
    return parser.parse_args()

`;
const main = (...lines: string[]): string =>
  `def main():\n    args = parse_args()\n${lines.map((line) => `    ${line}\n`).join('')}\nif __name__ == '__main__':\n    main()\n`;

function read(code: string, beside: Record<string, string> = {}): ProgramReading {
  return readProgram(code.startsWith('#R') ? code : HEAD + code, code.startsWith('#R') ? 'r' : 'python', (name) => beside[name]);
}

/** Whether `geo.csv`, which nobody tells it, may be opened. */
const mayOpenGeo = (reading: ProgramReading): boolean => mayOpen(reading, 'geo.csv');

type Pair = readonly [what: string, evil: string, honest: string];

const READS = 'd = pd.read_csv(args.cases)';

const CHANGES: readonly Pair[] = [
  [
    'an alias through a function',
    `def store(d, target):\n    d.to_csv(target)\n${main(READS, 'store(d, args.cases)')}`,
    `def store(d, target):\n    d.to_csv(target)\n${main(READS, 'store(d, args.out)')}`,
  ],
  [
    'a default argument',
    `ARGS = parse_args()\ndef store(d, target=ARGS.cases):\n    d.to_csv(target)\nstore(pd.read_csv(ARGS.cases))\n`,
    `ARGS = parse_args()\ndef store(d, target=ARGS.out):\n    d.to_csv(target)\nstore(pd.read_csv(ARGS.cases))\n`,
  ],
  [
    'a global',
    `TARGET = None\ndef store(d):\n    d.to_csv(TARGET)\n${main('global TARGET', READS, 'TARGET = args.cases', 'store(d)')}`,
    `TARGET = None\ndef store(d):\n    d.to_csv(TARGET)\n${main('global TARGET', READS, 'TARGET = args.out', 'store(d)')}`,
  ],
  [
    'a closure',
    `def writer(path):\n    def write(d):\n        d.to_csv(path)\n    return write\n${main(READS, 'writer(args.cases)(d)')}`,
    `def writer(path):\n    def write(d):\n        d.to_csv(path)\n    return write\n${main(READS, 'writer(args.out)(d)')}`,
  ],
  [
    'an attribute of a class',
    `class Cases:\n    def __init__(self, path):\n        self.path = path\n    def save(self, d):\n        d.to_csv(self.path)\n${main(READS, 'Cases(args.cases).save(d)')}`,
    `class Cases:\n    def __init__(self, path):\n        self.path = path\n    def save(self, d):\n        d.to_csv(self.path)\n${main(READS, 'Cases(args.out).save(d)')}`,
  ],
  [
    'a class above',
    `class Base:\n    def save(self, d):\n        d.to_csv(self.path)\nclass Cases(Base):\n    def __init__(self, path):\n        super().__init__()\n        self.path = path\n${main(READS, 'Cases(args.cases).save(d)')}`,
    `class Base:\n    def save(self, d):\n        d.to_csv(self.path)\nclass Cases(Base):\n    def __init__(self, path):\n        super().__init__()\n        self.path = path\n${main(READS, 'Cases(args.out).save(d)')}`,
  ],
  [
    'a dataclass',
    `from dataclasses import dataclass\n@dataclass\nclass Paths:\n    given: str\n    made: str\n${main('p = Paths(args.out, args.cases)', 'pd.read_csv(args.cases).to_csv(p.made)')}`,
    `from dataclasses import dataclass\n@dataclass\nclass Paths:\n    given: str\n    made: str\n${main('p = Paths(args.cases, args.out)', 'pd.read_csv(p.given).to_csv(p.made)')}`,
  ],
  [
    'a comprehension',
    main(READS, '[d.to_csv(one) for one in [args.out, args.cases]]'),
    main(READS, '[d.to_csv(one) for one in [args.out]]'),
  ],
  [
    'a walrus',
    main(READS, 'if (target := args.cases):', '    d.to_csv(target)'),
    main(READS, 'if (target := args.out):', '    d.to_csv(target)'),
  ],
  [
    'named arguments in a table',
    `def store(d, **options):\n    d.to_csv(options['path'])\n${main(READS, "o = {'path': args.cases}", 'store(d, **o)')}`,
    `def store(d, **options):\n    d.to_csv(options['path'])\n${main(READS, "o = {'path': args.out}", 'store(d, **o)')}`,
  ],
  [
    'arguments in a list',
    `def store(d, *paths):\n    for path in paths:\n        d.to_csv(path)\n${main(READS, 'paths = (args.cases,)', 'store(d, *paths)')}`,
    `def store(d, *paths):\n    for path in paths:\n        d.to_csv(path)\n${main(READS, 'paths = (args.out,)', 'store(d, *paths)')}`,
  ],
  [
    'a lambda',
    main(READS, 'save = lambda p: d.to_csv(p)', 'save(args.cases)'),
    main(READS, 'save = lambda p: d.to_csv(p)', 'save(args.out)'),
  ],
  [
    'a decorator',
    `def also(f):\n    def inner(d, path):\n        open(path, 'w').write('')\n        return f(d, path)\n    return inner\n@also\ndef load(d, path):\n    return pd.read_csv(path)\n${main('load(None, args.cases)')}`,
    `def also(f):\n    def inner(d, path):\n        print(path)\n        return f(d, path)\n    return inner\n@also\ndef load(d, path):\n    return pd.read_csv(path)\n${main('load(None, args.cases)')}`,
  ],
  [
    'a context manager of its own',
    `from contextlib import contextmanager\n@contextmanager\ndef opened(path):\n    f = open(path, 'r+')\n    yield f\n${main('with opened(args.cases) as f:', '    print(f.read())')}`,
    `from contextlib import contextmanager\n@contextmanager\ndef opened(path):\n    f = open(path)\n    yield f\n${main('with opened(args.cases) as f:', '    print(f.read())')}`,
  ],
  [
    'a mode in a variable',
    `MODE = 'w'\n${main(READS, 'f = open(args.cases, MODE)')}`,
    `MODE = 'r'\n${main(READS, 'f = open(args.cases, MODE)')}`,
  ],
  [
    'a mode that is told',
    'with open(sys.argv[1], sys.argv[2]) as f:\n    print(f)\n',
    "with open(sys.argv[1], 'rt') as f:\n    print(f)\n",
  ],
  [
    'one of two ways',
    main(READS, 'target = args.out if args.sample else args.cases', 'd.to_csv(target)'),
    main(READS, "target = args.out if args.sample else 'cases.tsv'", 'd.to_csv(target)'),
  ],
  [
    'assigned behind',
    main('def late():', '    d.to_csv(target)', 'target = args.out', READS, 'late()', 'target = args.cases'),
    main('def late():', '    d.to_csv(target)', 'target = args.out', READS, 'late()'),
  ],
  [
    'a list that has another name',
    main(READS, 'all = []', 'more = all', 'more.append(args.cases)', 'for p in all: d.to_csv(p)'),
    main(READS, 'all = []', 'more = all', 'more.append(args.out)', 'for p in all: d.to_csv(p)'),
  ],
  [
    'a tuple that is handed back',
    `def paths(args):\n    return args.cases, args.out\n${main('i, o = paths(args)', 'pd.read_csv(i).to_csv(i)')}`,
    `def paths(args):\n    return args.cases, args.out\n${main('i, o = paths(args)', 'pd.read_csv(i).to_csv(o)')}`,
  ],
  [
    'a table of tables',
    main("t = {'a': {'in': args.cases, 'out': args.out}}", "d = pd.read_csv(t['a']['in'])", "d.to_csv(t['a']['in'])"),
    main("t = {'a': {'in': args.cases, 'out': args.out}}", "d = pd.read_csv(t['a']['in'])", "d.to_csv(t['a']['out'])"),
  ],
  [
    'moved over it',
    main(READS, "d.to_csv('tmp.csv')", "os.replace('tmp.csv', args.cases)"),
    main(READS, "d.to_csv('tmp.csv')", 'd.to_csv(args.out)'),
  ],
  ['moved by shutil', main(READS, "shutil.move('tmp.csv', args.cases)"), main(READS, 'print(shutil.which(args.sample))')],
  ['removed', main(READS, 'os.remove(args.cases)'), main(READS, 'print(os.path.getsize(args.cases))')],
  ['removed as a path', main(READS, 'Path(args.cases).unlink()'), main(READS, 'print(Path(args.cases).stat())')],
  [
    'replaced as a path',
    main(READS, "Path('tmp.csv').replace(args.cases)"),
    main(READS, "name = args.cases.replace('.csv', '')", 'print(name)'),
  ],
  [
    'put into a temporary file and back',
    main(READS, 't = tempfile.NamedTemporaryFile(delete=False)', 'd.to_csv(t.name)', 'shutil.copy(t.name, args.cases)'),
    main(READS, 't = tempfile.NamedTemporaryFile(delete=False)', 'd.to_csv(t.name)', 'os.remove(t.name)'),
  ],
  [
    'a store that is told as a type',
    "p = argparse.ArgumentParser()\np.add_argument('cases', type=argparse.FileType('r+'))\na = p.parse_args()\n",
    "p = argparse.ArgumentParser()\np.add_argument('cases', type=argparse.FileType('r'))\na = p.parse_args()\n",
  ],
  [
    'a function as a type',
    "def emptied(path):\n    open(path, 'w')\n    return path\np = argparse.ArgumentParser()\np.add_argument('--x', type=emptied)\na = p.parse_args()\nprint(open(a.x).read())\n",
    "def checked(path):\n    assert os.path.exists(path)\n    return path\np = argparse.ArgumentParser()\np.add_argument('--x', type=checked)\na = p.parse_args()\nprint(open(a.x).read())\n",
  ],
  [
    'given to another program in a list',
    `import subprocess\n${main(READS, "subprocess.run(['sed', '-i', '1d', args.cases])")}`,
    `import subprocess\n${main(READS, 'print(d)')}`,
  ],
  [
    'given to who runs functions',
    `from concurrent.futures import ThreadPoolExecutor\ndef empty(path):\n    open(path, 'w')\n${main('for t in args.tables: pd.read_csv(t)', 'with ThreadPoolExecutor() as pool:', '    pool.map(empty, args.tables)')}`,
    `from concurrent.futures import ThreadPoolExecutor\ndef load(path):\n    return pd.read_csv(path)\n${main('with ThreadPoolExecutor() as pool:', '    pool.map(load, args.tables)')}`,
  ],
  [
    'half of a function',
    `from functools import partial\ndef store(d, path):\n    d.to_csv(path)\n${main(READS, 'f = partial(store, d)', 'f(args.cases)')}`,
    `from functools import partial\ndef store(d, path):\n    d.to_csv(path)\n${main(READS, 'f = partial(store, d)', 'f(args.out)')}`,
  ],
  [
    'by a place and by any place',
    'd = pd.read_csv(sys.argv[1])\nd.to_csv(sys.argv[-1])\n',
    'd = pd.read_csv(sys.argv[1])\nd.to_csv(sys.argv[2])\n',
  ],
  [
    'taken apart',
    '_, cases, out = sys.argv\nd = pd.read_csv(cases)\nd.to_csv(cases)\n',
    '_, cases, out = sys.argv\nd = pd.read_csv(cases)\nd.to_csv(out)\n',
  ],
  [
    'a part that is set',
    main(READS, 'args.out = args.cases', 'd.to_csv(args.out)'),
    main(READS, "args.out = args.out or 'cases.tsv'", 'd.to_csv(args.out)'),
  ],
  ['a part that is asked for by a name', main(READS, "d.to_csv(getattr(args, 'cases'))"), main(READS, "d.to_csv(getattr(args, 'out'))")],
  ['another library', `import cv2\n${main(READS, 'cv2.imwrite(args.cases, d)')}`, main(READS, 'd.to_csv(args.out)')],
  ['opened to be added to, by a name', main(READS, "d.to_csv(args.cases, mode='a')"), main(READS, "d.to_csv(args.out, mode='w')")],
  [
    'R: gives it to a function',
    '#R\nstore <- function(d, target) write.csv(d, target)\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nstore(d, a[1])\n',
    '#R\nstore <- function(d, target) write.csv(d, target)\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nstore(d, a[2])\n',
  ],
  [
    'R: by a pipe',
    '#R\na <- commandArgs(TRUE)\nread.csv(a[1]) |> write.csv(a[1])\n',
    '#R\na <- commandArgs(TRUE)\nread.csv(a[1]) |> write.csv(a[2])\n',
  ],
  [
    'R: outside of the function',
    '#R\na <- commandArgs(TRUE)\ntarget <- a[2]\nset <- function() target <<- a[1]\nset()\nd <- read.csv(a[1])\nsaveRDS(d, target)\n',
    '#R\na <- commandArgs(TRUE)\ntarget <- a[2]\nset <- function() target <- a[1]\nset()\nd <- read.csv(a[1])\nsaveRDS(d, target)\n',
  ],
  [
    'R: a connection',
    '#R\na <- commandArgs(TRUE)\nx <- readLines(a[1])\ncon <- file(a[1])\nwriteLines(x, con)\n',
    '#R\na <- commandArgs(TRUE)\nx <- readLines(a[1])\ncon <- file(a[2])\nwriteLines(x, con)\n',
  ],
  [
    'R: a class of objects',
    "#R\nstore <- function(x, ...) UseMethod('store')\nstore.default <- function(x, target) write.csv(x, target)\na <- commandArgs(TRUE)\nstore(read.csv(a[1]), a[1])\n",
    '#R\nstore <- function(x, target) write.csv(x, target)\na <- commandArgs(TRUE)\nstore(read.csv(a[1]), a[2])\n',
  ],
  [
    'R: called by its name',
    "#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\ndo.call('write.csv', list(d, a[1]))\n",
    "#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\ndo.call('rbind', list(d, d))\n",
  ],
  [
    'R: at the end of a list',
    '#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nfor (f in c(a[2], a[1])) fwrite(d, f)\n',
    '#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nfor (f in c(a[2], a[3])) fwrite(d, f)\n',
  ],
  [
    'given to a thread with the function itself',
    `import threading\n${main(READS, "threading.Thread(target=open, args=(args.cases, 'a')).start()")}`,
    `import threading\n${main(READS, 'threading.Thread(target=print, args=(args.cases,)).start()')}`,
  ],
  [
    'a variable of the function around it',
    `def picked(path):\n    found = None\n    def put(one):\n        nonlocal found\n        found = one\n    put(path)\n    return found\n${main(READS, 'd.to_csv(picked(args.cases))')}`,
    `def picked(path):\n    found = None\n    def put(one):\n        nonlocal found\n        found = one\n    put(path)\n    return found\n${main(READS, 'd.to_csv(picked(args.out))')}`,
  ],
  [
    'a table of a class',
    `class Paths:\n    all = {}\n    @classmethod\n    def put(cls, path):\n        cls.all['x'] = path\n    @staticmethod\n    def take():\n        return Paths.all['x']\n${main(READS, 'Paths.put(args.cases)', 'd.to_csv(Paths.take())')}`,
    `class Paths:\n    all = {}\n    @classmethod\n    def put(cls, path):\n        cls.all['x'] = path\n    @staticmethod\n    def take():\n        return Paths.all['x']\n${main(READS, 'Paths.put(args.out)', 'd.to_csv(Paths.take())')}`,
  ],
  [
    'words that are taken out',
    'a = sys.argv[1:]\na.pop(0)\nd = pd.read_csv(a[0])\nd.to_csv(sys.argv[2])\n',
    'a = sys.argv[1:]\nd = pd.read_csv(a[0])\nd.to_csv(sys.argv[2])\n',
  ],
  [
    'a word that is removed',
    'del sys.argv[1]\nd = pd.read_csv(sys.argv[1])\nd.to_csv(sys.argv[2])\n',
    'd = pd.read_csv(sys.argv[1])\nd.to_csv(sys.argv[2])\n',
  ],
  [
    'words from behind',
    'a = sys.argv[::-1]\nd = pd.read_csv(a[1])\nd.to_csv(sys.argv[3])\n',
    'a = sys.argv[1:]\nd = pd.read_csv(a[1])\nd.to_csv(sys.argv[3])\n',
  ],
  [
    'arguments that stand in it',
    "p = argparse.ArgumentParser()\np.add_argument('--cases')\np.add_argument('--out')\na = p.parse_args(['--cases', 'a.csv', '--out', 'a.csv'])\npd.read_csv(a.cases).to_csv(a.out)\n",
    "p = argparse.ArgumentParser()\np.add_argument('--cases')\np.add_argument('--out')\na = p.parse_args(None)\npd.read_csv(a.cases).to_csv(a.out)\n",
  ],
  [
    'R: words with those of R before them',
    '#R\na <- commandArgs()\nd <- read.csv(a[6])\nwrite.csv(d, commandArgs(TRUE)[1])\n',
    '#R\na <- commandArgs(TRUE)\nd <- read.csv(a[2])\nwrite.csv(d, commandArgs(TRUE)[1])\n',
  ],
];

const NAMES: readonly Pair[] = [
  [
    'an ending in place of another',
    main(READS, "g = pd.read_csv(Path(args.cases).with_suffix('.csv'))"),
    main(READS, "g = pd.read_csv(Path(args.cases).with_suffix('.bed'))"),
  ],
  [
    'paths put together',
    main(READS, "g = pd.read_csv(args.out.parent / 'geo.csv')"),
    main(READS, "g = pd.read_csv(args.out.parent / 'soc.csv')"),
  ],
  [
    'a folder that is told',
    main(READS, "g = pd.read_csv(os.path.join(args.sample, 'geo.csv'))"),
    main(READS, "g = pd.read_csv(os.path.join(args.sample, 'soc.csv'))"),
  ],
  [
    'a name of a table',
    `TABLES = {'where': 'geo.csv'}\n${main(READS, "g = pd.read_csv(TABLES['where'])")}`,
    `TABLES = {'where': 'soc.csv'}\n${main(READS, "g = pd.read_csv(TABLES['where'])")}`,
  ],
  [
    'a name from a table',
    main(READS, "for name in d['table']:", '    pd.read_csv(name)'),
    main(READS, "for name in d['table']:", '    print(name)'),
  ],
  [
    'a name from JSON',
    main('c = json.load(open(args.cases))', "g = pd.read_csv(c['geo'])"),
    main('c = json.load(open(args.cases))', "print(c['geo'])"),
  ],
  [
    'a name from a line',
    main('for line in open(args.cases):', '    open(line.strip())'),
    main('for line in open(args.cases):', '    print(line.strip())'),
  ],
  [
    'a name from CSV',
    main('for row in csv.DictReader(open(args.cases)):', "    open(row['file'])"),
    main('for row in csv.DictReader(open(args.cases)):', "    print(row['file'])"),
  ],
  [
    'a folder that is listed',
    main(READS, "for f in os.listdir('.'):", '    print(open(f).read())'),
    main(READS, 'for f in args.tables:', '    print(open(f).read())'),
  ],
  ['a pattern', main(READS, "for f in glob.glob('*.csv'):", '    print(f)'), main(READS, 'for f in args.tables:', '    print(f)')],
  [
    'a pattern of paths',
    main(READS, "for f in Path('.').glob('*.csv'):", '    print(f)'),
    main(READS, 'for f in map(Path, args.tables):', '    print(f.read_text())'),
  ],
  [
    'the folder of a file',
    main(READS, 'for f in Path(args.cases).parent.iterdir():', '    print(f)'),
    main(READS, 'print(Path(args.cases).parent)'),
  ],
  [
    'asked first, and read then',
    main(READS, "if os.path.exists('geo.csv'):", "    g = pd.read_csv('geo.csv')"),
    main(READS, 'if os.path.exists(args.cases):', '    g = pd.read_csv(args.cases)'),
  ],
  ['a folder that is gone to', main(READS, 'os.chdir(args.sample)', 'print(d)'), main(READS, 'print(os.getcwd())')],
  [
    'a name that is put together',
    main(READS, 'g = pd.read_csv(f"{args.sample}.csv")'),
    main(READS, 'g = pd.read_csv(f"{args.sample}.bed")'),
  ],
  ['a name in format', main(READS, "g = pd.read_csv('{}.csv'.format(args.sample))"), main(READS, "print('{}.csv'.format(args.sample))")],
  ['a name by percent', main(READS, "g = open('%s.%s' % (args.sample, 'csv'))"), main(READS, "print('%s.%s' % (args.sample, 'csv'))")],
  [
    'a name that grows',
    main("name = ''", "for part in ['geo', '.csv']:", '    name += part', 'open(name)'),
    main("text = ''", "for part in ['geo', '.csv']:", '    text += part', 'print(text)'),
  ],
  ['a name that is joined', main("open(''.join(['geo', '.', 'csv']))"), main("print(''.join(['geo', '.', 'csv']))")],
  [
    'another open',
    `import builtins\nreal = builtins.open\nbuiltins.open = lambda p, *a: real('geo.csv')\n${main('open(args.cases)')}`,
    main('open(args.cases)'),
  ],
  [
    'an open of another library',
    `from smart import open\n${main("open(args.sample + '.csv')")}`,
    `from gzip import open\n${main('open(args.cases)')}`,
  ],
  ['code that is made', main("exec(\"pd.read_csv('g' + 'eo.csv')\")"), main('print("pd.read_csv(\'soc.csv\')")')],
  ['a library by its name', `import importlib\n${main('importlib.import_module(args.sample).read()')}`, main('print(args.sample)')],
  ['a part by a name that is told', main(READS, 'getattr(pd, args.sample)(1)'), main(READS, "getattr(d, 'shape')")],
  [
    'a variable of the environment',
    main("g = pd.read_csv(os.environ['GEO'])"),
    main('g = pd.read_csv(args.cases)', "print(os.environ['GEO'])"),
  ],
  [
    'lines of the arguments',
    "import fileinput\nfor line in fileinput.input(['geo.csv']):\n    print(line)\n",
    'import fileinput\nfor line in fileinput.input():\n    print(line)\n',
  ],
  [
    'a method that nobody calls by its name',
    `class Loader:\n    def __enter__(self):\n        self.d = pd.read_csv('geo.csv')\n        return self\n    def __exit__(self, *a):\n        pass\n${main('with Loader() as l: print(l)')}`,
    `class Loader:\n    def __enter__(self):\n        return self\n    def __exit__(self, *a):\n        pass\n${main('with Loader() as l: print(l)')}`,
  ],
  [
    'a generator',
    `def tables(folder):\n    for kind in ['geo', 'soc']:\n        yield folder + kind + '.csv'\n${main("for t in tables(''): pd.read_csv(t)")}`,
    `def tables(all):\n    for one in all:\n        yield one\n${main('for t in tables(args.tables): pd.read_csv(t)')}`,
  ],
  [
    'two of a list',
    main("kinds = dict(a='geo.csv', b='soc.csv')", 'for k, v in kinds.items(): open(v)'),
    main("kinds = dict(a='mas.csv', b='soc.csv')", 'for k, v in kinds.items(): open(v)'),
  ],
  [
    'a name in a match',
    main('match args.sample:', "    case 'a': name = 'geo.csv'", "    case _: name = 'soc.csv'", 'open(name)'),
    main('match args.sample:', "    case 'a': name = 'mas.csv'", "    case _: name = 'soc.csv'", 'open(name)'),
  ],
  [
    'a name in a failure',
    main('try:', '    open(args.cases)', 'except OSError:', "    open('geo.csv')"),
    main('try:', '    open(args.cases)', 'except OSError:', '    sys.exit(1)'),
  ],
  [
    'R: a name that is put together',
    "#R\na <- commandArgs(TRUE)\nread.csv(paste0(a[1], '.csv'))\n",
    "#R\na <- commandArgs(TRUE)\nprint(paste0(a[1], '.csv'))\n",
  ],
  [
    'R: a function in a list',
    '#R\na <- commandArgs(TRUE)\nlapply(list.files(), read.csv)\n',
    '#R\na <- commandArgs(TRUE)\nlapply(a, read.csv)\n',
  ],
  [
    'R: a name with sprintf',
    "#R\na <- commandArgs(TRUE)\nreadRDS(sprintf('%s.csv', a[1]))\n",
    "#R\na <- commandArgs(TRUE)\nreadRDS(sprintf('%s.rds', a[1]))\n",
  ],
  [
    'R: a column of names',
    '#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nfor (f in d$file) read.csv(f)\n',
    '#R\na <- commandArgs(TRUE)\nd <- read.csv(a[1])\nfor (f in d$file) print(f)\n',
  ],
  [
    'R: code from elsewhere',
    "#R\nsource('names.R')\na <- commandArgs(TRUE)\nread.csv(a[1])\n",
    '#R\nlibrary(readr)\na <- commandArgs(TRUE)\nread_csv(a[1])\n',
  ],
  [
    'R: a variable by its name',
    '#R\na <- commandArgs(TRUE)\nread.csv(get(a[2]))\n',
    "#R\na <- commandArgs(TRUE)\npath <- a[1]\nread.csv(get('path'))\n",
  ],
  [
    'a path of what a file holds',
    main("name = json.load(open(args.cases))['geo']", 'print(Path(name).read_text())'),
    main("name = json.load(open(args.cases))['geo']", 'print(Path(name).stem)'),
  ],
];

describe('files that it is given are changed', () => {
  test.each(CHANGES)('%s', (_, evil, honest) => {
    expect(read(evil).opaque).toBeUndefined();
    expect([leavesInputs(read(evil)), leavesInputs(read(honest))]).toEqual([false, true]);
  });
});

describe('a file is opened that nobody tells it', () => {
  test.each(NAMES)('%s', (_, evil, honest) => {
    expect(read(evil).opaque).toBeUndefined();
    expect([mayOpenGeo(read(evil)), mayOpenGeo(read(honest))]).toEqual([true, false]);
    expect(makesNoNames(read(evil)) && !/'geo\.csv'/.test(evil)).toBe(false);
  });
});

describe('modules that lie beside', () => {
  const uses = `import tables\n${main('tables.load(args.cases)')}`;
  test('are read with it', () => {
    expect(mayOpenGeo(read(uses, { 'tables.py': "import pandas as pd\ndef load(path):\n    pd.read_csv('geo.csv')\n" }))).toBe(true);
    expect(mayOpenGeo(read(uses, { 'tables.py': 'import pandas as pd\ndef load(path):\n    pd.read_csv(path)\n' }))).toBe(false);
  });
  test('may change what they are given', () => {
    expect(leavesInputs(read(uses, { 'tables.py': "def load(path):\n    open(path).read()\n    open(path, 'w')\n" }))).toBe(false);
  });
  test('by names that are taken from them', () => {
    const taken = `from tables import *\n${main('load(args.cases)')}`;
    expect(mayOpenGeo(read(taken, { 'tables.py': "def load(path):\n    open(path + '.csv')\n" }))).toBe(true);
    expect(mayOpenGeo(read(taken, { 'tables.py': 'def load(path):\n    open(path)\n' }))).toBe(false);
  });
});

test.each([
  ['a place outside', main(READS, "d.to_csv('/srv/cases.csv')"), main(READS, 'd.to_csv(args.out)')],
  [
    'a server',
    `import requests\n${main('r = requests.get(args.sample)', 'args.out.write_text(r.text)')}`,
    main('args.out.write_text(open(args.cases).read())'),
  ],
  ['a cache in the home folder', main(READS, "d.to_csv(Path.home() / 'cases.csv')"), main(READS, 'd.to_csv(args.out)')],
  ['a variable of the environment', main(READS, "print(os.getenv('HOME'))"), main(READS, 'print(d)')],
  [
    'R: what is installed elsewhere',
    "#R\nsaveRDS(1, system.file('x.rds', package = 'y'))\n",
    '#R\na <- commandArgs(TRUE)\nsaveRDS(1, a[1])\n',
  ],
])('nothing is done outside: %s', (_, evil, honest) => {
  expect([staysAtHome(read(evil)), staysAtHome(read(honest))]).toEqual([false, true]);
});
