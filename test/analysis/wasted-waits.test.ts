/** Waits for tasks that give nothing have a name and a place. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { renderText } from '../../src/report/terminal.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();

const MAIN = `process ALIGN {
  input:
  val x
  output:
  tuple val(x), path('out.bam')
  script:
  "align $x > out.bam"
}
process COUNT {
  input:
  tuple val(x), path(bam)
  script:
  "count $bam > counts.txt"
}
workflow {
  aligned = ALIGN(channel.of(1..4))
  COUNT(aligned.toSortedList().flatMap())
}
`;

function run(): Report {
  const durations = { ALIGN: { low: 100, high: 100, source: 'the test' }, COUNT: { low: 10, high: 10, source: 'the test' } };
  return analyzeTree(memoryTree({ 'main.nf': MAIN }), 'main.nf', { durations, shell, platform: { name: 'local:1,64GB' } });
}

test('of which call, for which other, because of which operator', () => {
  const report = run();
  // ALIGN by ALIGN: of four the first waits 300 s for the others, the last none.
  expect(report.estimates?.now.wastedWaits).toMatchObject([{ call: 'COUNT', on: ['ALIGN'], places: [{ path: 'main.nf', line: 17 }] }]);
  expect(report.estimates?.now.wastedWaits?.[0]?.seconds).toBeCloseTo(600, -2);
  expect(report.estimates?.now.wastedWaits?.[0]?.seconds).toBeCloseTo(report.estimates?.now.waits?.avoidable ?? Number.NaN, 0);
  const text = renderText({ ...report, reports: [report] }, { color: false, width: 200, unicode: true, verbose: false }).replace(
    /\s+/g,
    ' ',
  );
  expect(text).toContain('for nothing 10 m of COUNT, which waits for tasks of ALIGN that give it nothing main.nf:17');
});
