/** The accuracy that docs/model.md publishes is what was recorded: `npm run replay -- --write` changes both. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { RUN_SETS } from '../../bench/replay/runs.ts';
import { type ReplayedRun, replayTable } from '../../bench/replay/table.ts';

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const golden: readonly ReplayedRun[] = JSON.parse(read('bench/replay/golden.json'));

test('the table of the document is the one that was recorded', () => {
  expect(read('docs/model.md')).toContain(replayTable(golden));
});

test('every run that is replayed is in it, with what is known of it', () => {
  expect(golden.map(({ name, known }) => ({ name, known }))).toEqual(
    RUN_SETS.flatMap(({ runs }) => runs.map(({ name, known }) => ({ name, known }))),
  );
});
