/** How long tasks take and how sure that is: measured ones as they were seen, others by their label and by what the run shows of its data. */
import { describe, expect, test } from 'vitest';
import { Durations } from '../../src/analysis/estimate/durations.ts';
import { Evidence } from '../../src/analysis/estimate/evidence.ts';
import { Random } from '../../src/analysis/simulate/random.ts';
import type { TaskLinks } from '../../src/analysis/simulate/task-graph.ts';
import { drawnDurations } from '../../src/analysis/simulate/worlds.ts';
import { buildProcessGraph } from '../../src/parser/graph/build.ts';
import { memoryTree } from '../../src/parser/pipeline/file-tree.ts';
import { loadPipeline } from '../../src/parser/pipeline/load.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';

const NAMES = ['TRIM', 'ALIGN', 'SORT', 'MARK', 'CALL'];
const MAIN = `${NAMES.map((name) => `process ${name} {\n  label 'process_medium'\n  script:\n  "true"\n}\n`).join('')}workflow {\n${NAMES.map((name) => `  ${name}()`).join('\n')}\n}\n`;

function durations(profile?: string, trace?: readonly (readonly [process: string, seconds: number])[]) {
  const tree = memoryTree({ 'main.nf': MAIN, 'nextflow.config': 'profiles {\n  test { }\n  test_full { }\n}' });
  const graph = buildProcessGraph(loadPipeline(tree, 'main.nf', { profiles: profile === undefined ? [] : [profile] }));
  const lines = trace?.map(([process, seconds], at) => `${process}\t${process} (${at})\tCOMPLETED\t${seconds * 1000}`) ?? [];
  const runs = trace === undefined ? [] : readTrace(`process\tname\tstatus\trealtime\n${lines.join('\n')}\n`, 'trace.txt');
  const known = new Durations(graph, new Map(), new Evidence(graph, runs));
  return (name: string) => known.of(graph.calls.find((call) => call.name === name) as (typeof graph.calls)[number]);
}

describe('a call that no run has', () => {
  test('takes what its label says, within a wide band; much less in a profile for tests', () => {
    expect(durations()('CALL')).toMatchObject({ median: 142, basis: 'assumed' });
    expect(durations('test_full')('CALL').median).toBe(142);
    expect(durations('test')('CALL').median).toBeLessThan(5);
  });

  test('takes less where the others of the run took less, and that is known better', () => {
    const alone = durations()('CALL');
    const beside = durations(
      undefined,
      NAMES.slice(0, 4).map((name) => [name, 1.42]),
    )('CALL');
    // A prior of 1.1 around 1 and four errors of 2.2 around a hundredth, of ln: a half.
    expect(beside.median).toBeCloseTo(142 * Math.exp(-Math.log(100) / 2), 1);
    expect(beside.runSpread).toBeCloseTo(alone.runSpread / Math.SQRT2, 6);
  });
});

describe('a call that was measured', () => {
  test('is measured, too, where all its tasks were too short for that', () => {
    expect(
      durations(undefined, [
        ['CALL', 0],
        ['CALL', 0],
      ])('CALL'),
    ).toMatchObject({ median: 0, basis: 'measured', seen: Float64Array.of(0, 0) });
  });

  test('is drawn as it was seen: as many tasks as were seen have their times, each once', () => {
    const seenMs = Float64Array.of(10, 20, 30, 40, 50_000);
    const draw = (size: number, seed: number) => {
      const graph: TaskLinks = { groups: [{ size, first: 0, waits: [], gates: [] }], tasks: size };
      const spread = { name: 'CALL', medianMs: 30, seenMs, sharedSpread: 0, ownSpread: 0, mostMs: Number.POSITIVE_INFINITY };
      return drawnDurations(graph, [spread], new Random(seed));
    };
    for (let seed = 0; seed < 20; seed += 1) {
      expect(draw(5, seed).sort()).toEqual(seenMs);
      expect(draw(10, seed).sort()).toEqual(Float64Array.from([10, 10, 20, 20, 30, 30, 40, 40, 50_000, 50_000]));
    }
    // In another order in another world.
    expect(draw(5, 1)).not.toEqual(draw(5, 2));
    expect(new Set(Array.from({ length: 20 }, (_, seed) => draw(1, seed)[0])).size).toBeGreaterThan(2);
  });
});
