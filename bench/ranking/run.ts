// `npm run bench:ranking -- --pipelines DIR --traces DIR [--per-base N] [--seed S] [--only NAME] [--list] [--table FILE]`: the ranking without a trace, held against
// that under the durations of a real run. Each case is a pipeline of bench/traces/cases.json with three to seven faults planted in its source. It is
// read twice: once with what labels tell, once with what each call's tasks really took; counts are the same in both. What is ranked: findings, those
// of a set of independent calls as one; their true gain is the middle one under true durations.
//   first three   cases whose truly best is among the first three of the ranking, of those in which something gains half a percent or more
//   signs         what was called certain in its direction and truly loses
//   dare          cases in which the first is called certain or robust
//   calibration   of changes that were said to gain in so many worlds, how many do
//   tau           Kendall's τ-b between ranking and true gains, the mean over cases
// In parts: --only NAME --save FILE for each, then --load FILE … for the sums.
// Exit 1: below a bar. Exit 2: nothing to judge.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadShell, type Report } from '../../src/index.ts';
import { analyzeCase, basesIn, caseOf, isUnfit } from './cases.ts';
import { type Judged, judgedOf, summaryOf, textOf } from './score.ts';

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    pipelines: text,
    traces: text,
    'per-base': { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    list: { type: 'boolean', default: false },
    table: text,
    save: text,
    load: { ...text, multiple: true },
  },
});

async function main(): Promise<number> {
  const { pipelines, traces, only, list, table, save, load } = values;
  if (load !== undefined)
    return summed(
      load.flatMap((path) => JSON.parse(readFileSync(path, 'utf8')) as Judged[]),
      table,
    );
  if (pipelines === undefined || traces === undefined) {
    console.error(
      'usage: npm run bench:ranking -- --pipelines DIR --traces DIR [--per-base N] [--seed S] [--only NAME] [--list] [--table FILE]',
    );
    return 2;
  }
  const { bases, left } = basesIn(process.cwd(), pipelines, traces, await loadShell(), only);
  for (const why of left) console.log(`left out: ${why}`);
  const all: Judged[] = [];
  const seen = new Set<string>();
  for (const base of bases) {
    const before = all.length;
    for (let number = 1; number <= Number(values['per-base']); number += 1) {
      const one = caseOf(base, number, Number(values.seed));
      // A base of few sites gives the same case twice.
      const key = one && `${base.name} ${[...one.faults].sort().join()}`;
      if (one === undefined || key === undefined || seen.has(key)) continue;
      seen.add(key);
      const guessed = read(() => analyzeCase(one));
      if (guessed === undefined || isUnfit(one, guessed)) continue;
      const known = read(() => analyzeCase(one, base.durations));
      const judged = known && judgedOf(one, guessed, known);
      if (judged === undefined) continue;
      all.push(judged);
      if (list) console.log(textOf(judged));
    }
    console.log(`${base.name.padEnd(24)} ${all.length - before} cases`);
    if (list && all.length > before) console.log(summaryOf(all).lines.join('\n'));
  }
  if (save !== undefined) writeFileSync(save, JSON.stringify(all));
  return summed(all, table);
}

function summed(all: readonly Judged[], table: string | undefined): number {
  if (all.length === 0) return 2;
  const { lines, held } = summaryOf(all);
  console.log(lines.join('\n'));
  if (table !== undefined) writeFileSync(table, `${lines.join('\n')}\n`);
  return held ? 0 : 1;
}

function read(analysis: () => Report): Report | undefined {
  try {
    return analysis();
  } catch {
    // What a planted fault makes of a count that is given may be no count any more.
    return undefined;
  }
}

process.exitCode = await main();
