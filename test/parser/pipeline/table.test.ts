import { describe, expect, test } from 'vitest';
import { tableOf, tableOfRows, UnreadableTable } from '../../../src/parser/pipeline/table.ts';

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
