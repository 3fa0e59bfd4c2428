import { describe, expect, test } from 'vitest';
import { tableOf, tableOfRows, UnreadableTable } from '../../../src/parser/pipeline/table.ts';
import { traceOf } from '../../../src/parser/pipeline/trace.ts';

const rowsOf = (text: string): readonly (readonly string[])[] => tableOf(text, 'samples.csv').rows;

describe('a table', () => {
  test('has rows and cells as spreadsheets write them: quotes, CRLF, a byte order mark, empty lines', () => {
    expect(rowsOf('\ufeffsample,fastq\r\n"HG002, son","/data/HG002.fq.gz"\r\n\r\n"the ""second"" one",b.fq.gz\r\n')).toEqual([
      ['sample', 'fastq'],
      ['HG002, son', '/data/HG002.fq.gz'],
      ['the "second" one', 'b.fq.gz'],
    ]);
  });
  test('is separated by what its first line has most of', () => {
    expect(rowsOf('sample\tfastq\na,1\tx.fq\n')[1]).toEqual(['a,1', 'x.fq']);
    expect(rowsOf('sample;fastq\na;x.fq\n')[1]).toEqual(['a', 'x.fq']);
    expect(rowsOf('sample\na\n')).toEqual([['sample'], ['a']]);
    expect(rowsOf('')).toEqual([]);
  });
  test('may have rows too short or too long, and line ends of any kind', () => {
    expect(rowsOf('a,b\n1\n1,2,3\r4,5')).toEqual([['a', 'b'], ['1'], ['1', '2', '3'], ['4', '5']]);
  });
  test('that is none is refused with the line', () => {
    expect(() => rowsOf('sample,fastq\na,x\n"b,y\nc,z\n')).toThrow(
      /^samples\.csv: line \d: a quote is opened in this row and never closed$/,
    );
    expect(() => rowsOf(`sample\n"${'x'.repeat(1_100_000)}"\n`)).toThrow('longer than a million characters');
    expect(() => rowsOf(`${','.repeat(900_000)}\n`.repeat(7))).toThrow('line 6: more than 5 million cells');
  });
  test('can be rows of JSON or YAML', () => {
    expect(
      tableOfRows(
        [
          { sample: 'a', lane: 1 },
          { sample: 'b', fastq: ['x', 'y'] },
        ],
        'samples.json',
      ).rows,
    ).toEqual([
      ['sample', 'lane', 'fastq'],
      ['a', '1', ''],
      ['b', '', '["x","y"]'],
    ]);
    expect(() => tableOfRows({ sample: 'a' }, 'samples.json')).toThrow(UnreadableTable);
    expect(() => tableOfRows([{ sample: 'a' }, 'b'], 'samples.json')).toThrow('samples.json: row 2: names and values were expected');
  });
});

describe('a trace', () => {
  const HEADER = 'task_id\thash\tname\tstatus\texit\n';
  const countsOf = (text: string): Record<string, number> => Object.fromEntries(traceOf(text, 'trace.txt').tasks);

  test('counts tasks that came to an end, a task that was tried again once', () => {
    const text = `${HEADER}1\taa\tRUN:ALIGN (a "1st")\tFAILED\t137\n2\tbb\tRUN:ALIGN (a "1st")\tCOMPLETED\t0\n3\tcc\tRUN:ALIGN (b)\tCACHED\t0\n4\tdd\tMERGE\tABORTED\t-\n`;
    expect(countsOf(text)).toEqual({ 'RUN:ALIGN': 2 });
  });
  test('counts two tasks of one name, and a task that a resumed run wrote again once', () => {
    const text = `${HEADER}1\taa\tALIGN (x)\tCOMPLETED\t0\n2\tbb\tALIGN (x)\tCOMPLETED\t0\n1\taa\tALIGN (x)\tCACHED\t0\n`;
    expect(countsOf(text)).toEqual({ ALIGN: 2 });
  });
  test('may have the column process, other separators, and no status', () => {
    expect(countsOf('process,tag,exit\nALIGN,"a, b",0\nALIGN,c,1\n')).toEqual({ ALIGN: 1 });
  });
  test('without processes is none', () => {
    expect(() => traceOf('sample,fastq\na,b\n', 'samples.csv')).toThrow(
      'samples.csv: line 1: there is no column process and none called name',
    );
  });
});
