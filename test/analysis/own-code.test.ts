/** What the text of a pipeline's own programs tells of the files that they are given. */
import { describe, expect, test } from 'vitest';
import * as ownCode from '../../src/analysis/passes/needs/own-code.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { ProgramReading } from '../../src/parser/programs/program-reading.ts';
import { readProgram, withHoles } from '../../src/parser/programs/read-program.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

/** Python with what most programs begin with. */
const python = (...lines: string[]): string =>
  [
    'import argparse, fileinput, gzip, h5py, json, os, requests, sqlalchemy, sqlite3, subprocess, sys, zarr',
    'import matplotlib.pyplot as plt, pandas as pd, scanpy as sc',
    'p = argparse.ArgumentParser()',
    'a = p.parse_args()',
    'd = pd.DataFrame()',
    ...lines,
    '',
  ].join('\n');

function reading(code: string): ProgramReading {
  const language = /<-|commandArgs/.test(code) ? 'r' : 'python';
  return readProgram(withHoles(code, language), language, () => undefined);
}
const leavesInputs = (code: string): boolean => ownCode.leavesInputs(reading(code));
const makesNoNames = (code: string): boolean => ownCode.makesNoNames(reading(code));
const staysAtHome = (code: string): boolean => ownCode.staysAtHome(reading(code));

describe('the files that it is given are left as they are', () => {
  test.each([
    ['reads one and writes another', python('d = pd.read_csv(a.cases)', 'd.to_csv(a.out, index=False)')],
    ['opens with a mode', python('with open(a.map, "r") as f, open(a.out, "w") as o:', '    o.write(f.read())')],
    ['R', 'o <- parse_args(p)\nd <- as.data.frame(read_parquet(o$cases))\nwrite.csv(d, o$out, row.names = FALSE)\n'],
    ['by their places', 'a <- commandArgs(TRUE)\nwrite_parquet(tidy(fread(a[1])), a[2])\n'],
    ['by their names', python('args = vars(a)', 'd = pd.read_csv(args["cases"])', 'd.to_csv(args["out"])')],
    ['to the standard output', python('for line in open(a.cases):', '    print(line.upper())')],
  ])('%s', (_, code) => expect(leavesInputs(code)).toBe(true));

  test.each([
    ['writes where it read', python('d = pd.read_csv(a.cases)', 'd.to_csv(a.cases)')],
    ['writes where it read, in a script', 'import pandas as pd\nd = pd.read_csv("${cases}")\nd.to_csv("${cases}")\n'],
    ['writes where it read, behind another call', 'd <- clean(read.csv(o$cases))\nwrite.csv(d, o$cases)\n'],
    ['adds to it', python('with open(a.cases, "a") as f: f.write("end")')],
    ['opens it to change a part', python('f = h5py.File(a.cases, "r+")')],
    ['a database', python('c = sqlite3.connect(a.cases)')],
    ['moves another over it', python('os.replace("tmp.csv", a.cases)')],
    ['runs another program', python('subprocess.run(["sed", "-i", "1d", a.cases])')],
    ['in place', python('for line in fileinput.input(a.cases, inplace=True): print(line)')],
    ['an open store', python('z = zarr.open(a.cases)')],
    ['calls it otherwise', python('d = pd.read_csv(a.cases)', 'out = a.cases', 'd.to_csv(out)')],
    ['gives it to a function', python('def store(d, target): d.to_csv(target)', 'store(pd.read_csv(a.cases), a.cases)')],
    ['copies another over it', python('import shutil', 'shutil.copyfile("tmp.csv", a.cases)')],
    ['takes a function that moves', python('from os import replace', 'replace("tmp.csv", a.cases)')],
    ['writes by a path', python('from pathlib import Path', 'text = open(a.cases).read()', 'Path(a.cases).write_text(text)')],
    ['adds to it, with more said', python('f = open(a.cases, "a", newline="")')],
    ['writes by a library that nobody knows', python('import cv2', 'cv2.imwrite(a.cases, image)')],
    ['R: prints into it', 'a <- commandArgs(TRUE)\nx <- readLines(a[1])\ncat(x, file = a[1])\n'],
    ['is no Python and no R', 'use strict;\nopen(my $out, ">", $file);\n'],
    ['writes into a folder', python('plt.savefig(a.out + "/plots.png")')],
  ])('but not where it %s', (_, code) => expect(leavesInputs(code)).toBe(false));
});

describe('no names of files are made up', () => {
  test.each([
    ['all are told', python('d = pd.read_csv(a.cases)')],
    ['words for people', python('print(f"read {a.cases}")', 'plt.title("cases of " + week)')],
  ])('%s', (_, code) => expect(makesNoNames(code)).toBe(true));
  test.each([
    ['a name of a sample and an ending', python('d = pd.read_csv(f"{a.sample}.geo.csv")')],
    ['a name of a sample and an ending, added', python('d = pd.read_csv(a.sample + ".geo.csv")')],
    ['a folder and a name', python('d = pd.read_csv(os.path.join(a.folder, name))')],
    ['R', 'd <- read.csv(paste0(o$sample, ".geo.csv"))\n'],
    ['an ending in place of another', python('d = pd.read_csv(Path(a.cases).with_suffix(".geo"))')],
    ['an ending in place of another, as text', python('d = pd.read_csv(a.cases.replace("bam", "csv"))')],
    ['cut off and added', python('d = pd.read_csv(sys.argv[1][:-3] + SUFFIX)')],
    ['its own modules', python('import names', 'd = pd.read_csv(names.of(a.cases))')],
    ['a folder looked through', python('d = sc.read_10x_mtx(".")')],
    ['names that data hold', python('for name in table.files: d = pd.read_csv(name)')],
    ['another language', 'my $stem = $ARGV[0];\nopen(my $in, "<", "$stem.csv");\n'],
  ])('but not: %s', (_, code) => expect(makesNoNames(code)).toBe(false));
});

describe('nothing is done but to files that it is told', () => {
  test('of a table another one', () => {
    expect(staysAtHome(python('d = pd.read_csv(a.src)', 'd.to_parquet(a.out)'))).toBe(true);
  });
  test.each([
    ['a server is asked', python('r = requests.get(a.url)', 'open(a.out, "w").write(r.text)')],
    ['a database is filled', python('e = sqlalchemy.create_engine(a.db)', 'd.to_sql("cases", e)')],
    ['a place outside is written to', python('d.to_csv("/srv/cases/week.csv")')],
    ['a variable says where', python('d.to_csv(os.environ["CASES"])')],
    ['a cache is filled', 'd <- read.csv(o$cases)\nsaveRDS(d, file = rappdirs::user_cache)\n'],
  ])('but %s', (_, code) => expect(staysAtHome(code)).toBe(false));
});

test('of a long program nothing is said', () => {
  const long = `import sys\n${'print(pysam.AlignmentFile(\n'.repeat(200_000)}`;
  expect([leavesInputs(long), makesNoNames(long), staysAtHome(long)]).toEqual([false, false, false]);
});

/** GEOCODE hands the cases on with a table of its own, which CODE does not open. */
function links(geocode: string, code: string): readonly string[] {
  const main = `
process GEOCODE {
    input:
    path cases
    output:
    tuple path(cases), path('geo.csv')
    script:
    """
    geocode.py --cases $cases --gazetteer ${'${params.gazetteer}'} --out geo.csv
    """
}
process CODE {
    publishDir 'out'
    input:
    tuple path(cases), path(geo)
    output:
    path 'soc.csv'
    script:
    """
    code.py $cases -o soc.csv
    """
}
workflow { CODE(GEOCODE(channel.fromPath('cases.parquet'))) }
`;
  const tree = memoryTree({
    'main.nf': main,
    'bin/geocode.py': `#!/usr/bin/env python3\n${geocode}`,
    'bin/code.py': `#!/usr/bin/env python3\n${code}`,
  });
  return (analyzeTree(tree, 'main.nf', { shell }).parallelism?.independentSets ?? []).flatMap((set) =>
    set.links.map(({ from, to, kind, grade }) => `${from} → ${to}: ${kind}, ${grade}`),
  );
}

describe('a call behind another', () => {
  const geocodes = python('d = pd.read_parquet(a.cases)', 'd.to_csv(a.out)');
  const codes = python('d = pd.read_parquet(a.cases)', 'd.to_csv(a.o)');
  test('need not wait for what hands its file on', () => {
    expect(links(geocodes, codes)).toEqual(['GEOCODE → CODE: pass-through, likely']);
  });
  test('waits for what changes its file', () => {
    expect(links(python('d = pd.read_parquet(a.cases)', 'd.to_parquet(a.cases)', 'd.to_csv(a.out)'), codes)).toEqual([]);
  });
  test('waits for a file of which it makes the name', () => {
    expect(links(geocodes, python('d = pd.read_parquet(a.cases)', 'g = pd.read_csv(a.kind + ".csv")', 'd.to_csv(a.o)'))).toEqual([]);
  });
  test('waits for a file that it names', () => {
    expect(links(geocodes, python('d = pd.read_parquet(a.cases)', 'g = pd.read_csv("geo.csv")', 'd.to_csv(a.o)'))).toEqual([]);
  });
});

/** GEOCODE as it is called, and whether CODE, which opens nothing of what GEOCODE makes, is said to wait for it in vain. */
function isHandedOn(command: string, geocode: string): boolean {
  const main = `
process GEOCODE {
    input:
    path cases
    output:
    tuple path(cases), path('made/geo.tsv')
    script:
    """
    ${command}
    """
}
process CODE {
    publishDir 'out'
    input:
    tuple path(cases), path(geo)
    output:
    path 'soc.csv'
    script:
    """
    code.py $cases -o soc.csv
    """
}
workflow { CODE(GEOCODE(channel.fromPath('cases.parquet'))) }
`;
  const head = [
    '#!/usr/bin/env python3',
    'import argparse, os, shutil, sys',
    'from pathlib import Path',
    'import pandas as pd',
    'def parse_args():',
    '    p = argparse.ArgumentParser()',
    "    p.add_argument('--cases', '-i', required=True)",
    "    p.add_argument('--made', '-o', default='made')",
    "    p.add_argument('--strict', action='store_true')",
    '    return p.parse_args()',
  ];
  const body = (...lines: string[]): string =>
    [...head, 'def main():', '    args = parse_args()', ...lines.map((line) => `    ${line}`), 'main()', ''].join('\n');
  const tree = memoryTree({
    'main.nf': main,
    'bin/geocode.py': body('d = pd.read_parquet(args.cases)', ...geocode.split('\n')),
    'bin/code.py':
      "#!/usr/bin/env python3\nimport argparse\nimport pandas as pd\np = argparse.ArgumentParser()\np.add_argument('cases')\np.add_argument('-o')\na = p.parse_args()\npd.read_parquet(a.cases).to_csv(a.o)\n",
  });
  const sets = analyzeTree(tree, 'main.nf', { shell }).parallelism?.independentSets ?? [];
  return sets.some(({ links }) => links.some(({ from, kind }) => from === 'GEOCODE' && kind === 'pass-through'));
}

describe('a program with the words that it is called with', () => {
  test.each([
    ['writes into a folder that is told', 'geocode.py --cases $cases --made made', "d.to_csv(os.path.join(args.made, 'geo.tsv'))"],
    ['by short options', 'geocode.py -i $cases -omade --strict', "d.to_csv(Path(args.made) / 'geo.tsv')"],
    ['by an equals sign', 'geocode.py --cases=$cases --made=made', "d.to_csv(f'{args.made}/geo.tsv')"],
    ['by how an option begins', 'geocode.py --case $cases --mad made', "d.to_csv(f'{args.made}/geo.tsv')"],
    [
      'moves what it has made',
      'geocode.py --cases $cases --made made',
      "d.to_csv('tmp.tsv')\nos.replace('tmp.tsv', args.made + '/geo.tsv')",
    ],
  ])('leaves its input: %s', (_, command, code) => expect(isHandedOn(command, code)).toBe(true));
  test.each([
    ['is told its input twice', 'geocode.py --cases $cases --made $cases', 'd.to_csv(args.made)'],
    ['is told a name that may be its input', 'geocode.py --cases $cases --made ${cases.baseName}', "d.to_parquet(args.made + '.parquet')"],
    ['moves what it has not made', 'geocode.py --cases $cases --made made', "os.replace('cases.parquet', args.made + '/geo.tsv')"],
    ['is called with words that are not told', 'geocode.py $args --cases $cases', "d.to_csv(os.path.join(args.made, 'geo.tsv'))"],
    [
      'is called with an option that it does not have',
      'geocode.py --fast --cases $cases --made made',
      "d.to_csv(os.path.join(args.made, 'geo.tsv'))",
    ],
  ])('may change it where it %s', (_, command, code) => expect(isHandedOn(command, code)).toBe(false));
});
