/** A run that is told from its own trace takes about as long as it did: what is deep in one step is deep in the others, and equal tasks stay equal. */
import { expect, test } from 'vitest';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import type { Report } from '../../src/report/report.ts';
import { analyzeTree, loadShell } from '../../src/run.ts';

const shell = await loadShell();
const HOUR = 3_600_000;

/** Each sample goes through A, B, C and D. @param hours of each task, by the number of its sample and the step */
function chain(samples: number, hours: (sample: number, step: number) => number, tag = 'tag "$x"'): Report {
  const steps = ['A', 'B', 'C', 'D'];
  const main = [
    ...steps.map(
      (name) => `process ${name} {\n  ${tag}\n  input:\n  val x\n  output:\n  val x\n  script:\n  "${name.toLowerCase()} $x"\n}`,
    ),
    `workflow { A(channel.of(${Array.from({ length: samples }, (_, at) => at + 1).join(', ')})) | B | C | D }`,
  ].join('\n');
  const header = 'task_id hash process tag status exit submit start complete realtime cpus'.split(' ').join('\t');
  const ends = new Map<number, number>();
  const rows = steps.flatMap((process, step) =>
    Array.from({ length: samples }, (_, at) => {
      const start = ends.get(at) ?? 1_700_000_000_000;
      const took = Math.round(hours(at, step) * HOUR);
      ends.set(at, start + took);
      const id = step * samples + at + 1;
      return [id, `aa/${String(id).padStart(6, '0')}`, process, `s${at}`, 'COMPLETED', 0, start, start, start + took, took, 1].join('\t');
    }),
  );
  const traces = [{ path: 'trace.txt', text: [header, ...rows, ''].join('\n') }];
  return analyzeTree(memoryTree({ 'main.nf': main }), 'main.nf', { shell, traces });
}
const hoursNow = (report: Report): number => (report.estimates?.now.wallClock.expected ?? 0) / 3600;

test('one sample of ten that takes ten hours in each step makes four times ten', () => {
  expect(hoursNow(chain(10, (sample) => (sample === 3 ? 10 : 1)))).toBeCloseTo(40, -0.5);
});
test('without tags nobody knows which tasks are of the same sample', () => {
  expect(hoursNow(chain(10, (sample) => (sample === 3 ? 10 : 1), ''))).toBeLessThan(35);
});
test('each of four samples that is slow in another step ends when the others do', () => {
  expect(hoursNow(chain(4, (sample, step) => (sample === step ? 10 : 1)))).toBeLessThan(16);
});
test('two hundred tasks of an hour take four hours through four steps', () => {
  expect(hoursNow(chain(200, () => 1))).toBeLessThan(4.2);
});
