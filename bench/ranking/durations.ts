/** How long the tasks of real runs took: what the ranking is not told, and judged by. Seconds, by the names of calls and of their processes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import glob from 'fast-glob';
import type { AnalyzeOptions } from '../../src/index.ts';
import { readTrace } from '../../src/parser/trace/read-trace.ts';
import { hasRun } from '../../src/parser/trace/trace-run.ts';

export type Durations = NonNullable<AnalyzeOptions['durations']>;

/** Of tasks too short to be measured it is only known that they are. */
const SHORTEST = 0.1;

/** Of the first run alone: repeats of it tell the same. */
export function durationsOf(folder: string, patterns: readonly string[]): Durations | undefined {
  const [path] = glob.sync([...patterns], { cwd: folder }).sort();
  if (path === undefined) return undefined;
  const bytes = readFileSync(join(folder, path));
  const text = path.endsWith('.gz') ? gunzipSync(bytes).toString() : bytes.toString();
  const seconds = new Map<string, number[]>();
  const put = (name: string, one: number): void => {
    if (!Number.isFinite(one)) return;
    // An alias that a fault adds is told by its process.
    for (const each of new Set([name, name.slice(name.lastIndexOf(':') + 1)]))
      seconds.set(each, [...(seconds.get(each) ?? []), Math.max(SHORTEST, one)]);
  };
  if (path.endsWith('.json')) for (const { name, runtime } of wfFormat(text)) put(name, runtime);
  else
    for (const run of readTrace(text, path))
      for (let row = 0; row < run.rows; row += 1)
        if (hasRun(run, row))
          put(run.processes[run.process[row] as number] as string, firstOf(run.realtimeMs[row], run.durationMs[row]) / 1000);
  const source = 'a real run';
  return Object.fromEntries(
    [...seconds].map(([name, all]) => {
      const sorted = all.sort((one, two) => one - two);
      const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
      return [name, { low: at(0.1), high: at(0.9), source }];
    }),
  );
}

function firstOf(one: number | undefined, two: number | undefined): number {
  return one === undefined || Number.isNaN(one) ? (two ?? Number.NaN) : one;
}

/** WfFormat writes dots for colons. */
function wfFormat(text: string): { name: string; runtime: number }[] {
  const { workflow } = JSON.parse(text);
  const took = new Map<string, number>(
    workflow.execution.tasks.map(({ id, runtimeInSeconds }: { id: string; runtimeInSeconds: number }) => [id, runtimeInSeconds]),
  );
  return workflow.specification.tasks.map(({ id, name }: { id: string; name: string }) => ({
    name: name.replaceAll('.', ':'),
    runtime: took.get(id) ?? Number.NaN,
  }));
}
