import { describe, expect, test } from 'vitest';
import { threadsOfProgram } from '../../../src/parser/shell/program-threads.ts';

const PYTHON: readonly (readonly [string, number | undefined])[] = [
  ['import os.path as p, sys\nprint(sys.argv)', 1],
  ['from Bio import (SeqIO,\n    SeqRecord)', 1],
  ['from Bio.SeqIO.FastaIO import SimpleFastaParser', 1],
  ['from Bio.Align.Applications import MafftCommandline', undefined],
  ['from Bio import Phylo', undefined],
  ['import sys; import numpy', undefined],
  ['if True: import pandas as pd', undefined],
  ['# import numpy\nimport re\nre.compile("a")', 1],
  ['import os\nos.system("bwa mem")', undefined],
  ['import os\nos.execvp("bwa", [])', undefined],
  ['import concurrent.futures', undefined],
  ['from .helpers import run', undefined],
  ['exec(open("other.py").read())', undefined],
];

const PERL: readonly (readonly [string, number | undefined])[] = [
  ['use strict;\nuse v5.26;\nuse List::Util qw(sum);', 1],
  ['use threads;', undefined],
  ['use PDL;', undefined],
  ['my $n = `wc -l $file`;', undefined],
  ['# system("bwa mem");\nprint 1;', 1],
  ['system("mv $one $two");', 1],
  ['my $command = "sed -i s/a/b/ $file";\nsystem($command);', 1],
  ['$command = "sed -i s/a/b/ $file";\n$command = "bwa mem $file";\nsystem("$command");', undefined],
  ['system($ARGV[0]);', undefined],
  ['system("gzip $one & gzip $two");', undefined],
  ['open(F, "zcat $file |");', 2],
  ['open(F, "samtools sort $file |");', undefined],
  ["open(F, 'bwa mem ref.fa |');", undefined],
  ['open(F, "-|", "bwa", "mem");', undefined],
  ['print join("|", @all), " | ";', 1],
  ['print 1;\n__END__\nfork', 1],
  ['=pod\n\nIt does not fork.\n\n=cut\nprint 1;', 1],
];

describe('threads of a program by its text', () => {
  test.each(PYTHON)('Python: %s', (text, threads) => expect(threadsOfProgram('python', text)).toBe(threads));
  test.each(PERL)('Perl: %s', (text, threads) => expect(threadsOfProgram('perl', text)).toBe(threads));
  test('another language is not known', () => expect(threadsOfProgram('Rscript', 'library(parallel)')).toBeUndefined());
  test('a long text takes no time', () => {
    const start = performance.now();
    for (const text of ['from x import (', 'system ', '=a\n', "x|'", '"a|', '\n \n', '$c = "', 'import a,'])
      for (const language of ['python', 'perl']) threadsOfProgram(language, text.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
