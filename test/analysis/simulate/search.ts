// `npm run simulate -- [--runs N] [--from SEED]`: random small runs, put to the simulator and to the slow one.
import { differenceIn } from './difference.ts';
import { randomWorld } from './random-worlds.ts';

const numberAfter = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(name);
  return at === -1 ? otherwise : Number(process.argv[at + 1]);
};
const runs = numberAfter('--runs', 10_000);
const from = numberAfter('--from', 0);
let wrong = 0;
const outcomes = new Map<string, number>();
for (let seed = from; seed < from + runs; seed += 1) {
  const { difference, outcome } = differenceIn(randomWorld(seed));
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (difference === undefined) continue;
  wrong += 1;
  if (wrong <= 10) console.log(`seed ${seed}: ${difference}`);
}
console.log(`${runs} runs, ${wrong} differ (${[...outcomes].map(([outcome, count]) => `${count} ${outcome}`).join(', ')})`);
process.exitCode = wrong === 0 ? 0 : 1;
