/**
 * `npm run nf-mini`: looks for pipelines that refute the channel model, and makes them small.
 *   --runs N         so many pipelines, three worlds each (1000)
 *   --from SEED      the first one (0)
 *   --leave-out A,B  kinds of steps that are not made: see `Trait` in generate.ts
 *   --claim C        only violations of this claim: kind, count, data, waits, never runs; or overstated
 *   --show N         so many of them are made small and shown (10)
 * Exit 1 when there are any.
 */
import { parseArgs } from 'node:util';
import { generate, type Trait } from './generate.ts';
import { Models, type Verdict, type Violation } from './judge.ts';
import { type Failing, shrink } from './shrink.ts';
import { RunError } from './values.ts';

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: { runs: text('1000'), from: text('0'), 'leave-out': text(''), claim: text(''), show: text('10') },
});
const leftOut = (values['leave-out'] === '' ? [] : values['leave-out'].split(',')) as Trait[];
const claimed = ({ violations, overstated }: Verdict): Violation | undefined =>
  values.claim === 'overstated' ? overstated[0] : violations.find(({ claim }) => values.claim === '' || claim === values.claim);
const [first, runs, show] = [values.from, values.runs, values.show].map(Number) as [number, number, number];

const started = Date.now();
const totals = { barriers: 0, overstated: 0, worlds: 0, tasks: 0, exact: 0, atMost: 0, uncounted: 0, refused: 0, refuted: 0 };
let shown = 0;
for (let seed = first; seed < first + runs; seed++) {
  const { steps, files, worlds } = generate(seed, leftOut);
  const models = new Models(files);
  let refuted = false;
  for (const [at, world] of worlds.entries()) {
    const run = seed * worlds.length + at;
    try {
      const verdict = models.judge(world, run);
      totals.worlds++;
      totals.tasks += verdict.tasks;
      totals.exact += verdict.exact;
      totals.atMost += verdict.atMost;
      totals.uncounted += verdict.uncounted;
      totals.barriers += verdict.barriers;
      totals.overstated += verdict.overstated.length;
      const violation = claimed(verdict);
      if (violation === undefined) continue;
      if (!refuted && shown < show) {
        shown++;
        tell(`${seed}/${at}`, smallest({ steps, files, world, failure: violation }, run));
      }
      refuted = true;
    } catch (error) {
      // Nextflow would end with an error too: a closure that is given what it does not take.
      if (!(error instanceof RunError)) throw new Error(`pipeline ${seed}, world ${at}`, { cause: error });
      totals.refused++;
    }
  }
  if (refuted) totals.refuted++;
}
const counts = `${totals.exact} counts held to be exact, ${totals.atMost} to be at most, ${totals.uncounted} not at all`;
console.log(
  `${runs} pipelines, ${totals.worlds} worlds (${totals.refused} refused), ${totals.tasks} tasks; ${counts}; ${Math.round((Date.now() - started) / 1000)} s`,
);
console.log(`${totals.barriers} waits for all tasks of a call were said, of which ${totals.overstated} were not seen`);
console.log(`${totals.refuted} refuted`);
process.exitCode = totals.refuted > 0 ? 1 : 0;

function smallest(start: Failing<Violation>, run: number): Failing<Violation> {
  return shrink(start, (files, world) => {
    try {
      const { violations, overstated } = new Models(files).judge(world, run);
      return [...violations, ...overstated].find(({ claim }) => claim === start.failure.claim);
    } catch (error) {
      if (error instanceof RunError) return undefined;
      throw error;
    }
  });
}

function tell(name: string, { files, world, failure }: Failing<Violation>): void {
  console.log(`---- ${name} ${failure.claim}: ${failure.call} ${failure.message}`);
  for (const [path, script] of Object.entries(files)) console.log(`// ${path}\n${script}`);
  for (const [path, content] of Object.entries(world.files ?? {})) if (path.endsWith('.csv')) console.log(`// ${path}\n${content}`);
  console.log(
    `// world: ${JSON.stringify({ params: world.params, files: Object.keys(world.files ?? {}), fileCounts: world.fileCounts })}\n`,
  );
}
