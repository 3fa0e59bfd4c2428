import { cpuHours, gbHours, percent } from '../amounts.ts';
import { NO_EXIT } from '../estimate/evidence.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, listOf, shortNames } from '../words.ts';

export const retryWaste = defineRule({
  id: 'retry-waste',
  title: 'Much of the work goes into attempts that fail',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process of whose cpus and memory, in the runs that you give (\`--trace\`), a tenth or more was held by attempts that failed, and 2 % of what the whole run held.

\`\`\`nextflow
process CALL_VARIANTS {
    errorStrategy 'retry'                          // exit 1 four times in a row, of the same task
    maxRetries 3
\`\`\`

The reason says how the attempts ended. Attempts that ran out of memory are \`under-requested-memory\`; they count here too.

**Why it costs you**

Failed attempts are paid for and give nothing, and what waits for the task waits for each of them.

**How to fix**

By how they ended: more memory for what was killed (137); nothing but a correction for what ends with the same exit at each attempt; machines that are not taken away, or shorter
tasks, for what was lost with its machine (143, or no exit).

**Fix safety**

Depends on the cause.

**When to ignore it**

When the cause is gone, such as a disk that was full that day.

**References**

- Nextflow: [errorStrategy](https://www.nextflow.io/docs/latest/reference/process.html#errorstrategy), [maxRetries](https://www.nextflow.io/docs/latest/reference/process.html#maxretries)
`,
  *check(context) {
    const { sizing } = context;
    const whole = sizing.held;
    const found = sizing.all.filter(
      ({ held, lost }) =>
        lost.attempts >= FEWEST &&
        (isMuch(lost.cpuSeconds, held.cpuSeconds, whole.cpuSeconds) || isMuch(lost.byteSeconds, held.byteSeconds, whole.byteSeconds)),
    );
    for (const same of byPlace(found, ({ call }) => nameOf(call))) {
      const [first] = same.toSorted((one, other) => other.lost.cpuSeconds - one.lost.cpuSeconds) as [CallSizing];
      const { call, lost, held, attempts } = first;
      const share = Math.max(lost.cpuSeconds / (held.cpuSeconds || 1), lost.byteSeconds / (held.byteSeconds || 1));
      yield {
        message: `${lost.attempts} of ${counted(attempts.length, 'attempt')} at ${call.name} failed, with ${percent(share)} of what it held`,
        reason: `${cpuHours(lost.cpuSeconds)} and ${gbHours(lost.byteSeconds)} in ${sizing.source}; ${listOf(endsOf(context, first))}`,
        advice: adviceFor(first),
        confidence: 'high',
        place: nameOf(call),
        calls: same.map((one) => one.call.id),
        ...(same.some(({ attempts: some }) => some.some(isTriedAgain))
          ? { change: { kind: 'failures-gone' as const, calls: same.map((one) => one.call) } }
          : {
              unsaved:
                'its attempts went with their machine or ended the run: the one is the luck of a platform, the other leaves no run to compare with',
            }),
        names: shortNames([call.process.name.name]),
      };
    }
  },
});

/** With an exit of its own: what has none went with its machine. */
function isTriedAgain({ end, retried, exit }: CallSizing['attempts'][number]): boolean {
  return end !== 'completed' && retried && !Number.isNaN(exit) && exit !== NO_EXIT;
}

const FEWEST = 2;
/** Of what the call held, and of what the run held. */
const OF_CALL = 0.1;
const OF_RUN = 0.02;

function isMuch(lost: number, held: number, whole: number): boolean {
  return lost > 0 && lost >= OF_CALL * held && lost >= OF_RUN * whole;
}

function endsOf({ evidence }: RuleContext, { call }: CallSizing): string[] {
  return (evidence.of(call)?.failedExits ?? []).map(
    ({ exit, rows }) => `${exit === undefined ? 'no exit' : `exit ${exit}`} in ${counted(rows, 'attempt')}`,
  );
}

/** SIGTERM: what ends a task whose machine is taken away (AWS Batch, Slurm preemption). */
const TERMINATED = 143;

function adviceFor({ attempts, lost }: CallSizing): string {
  const taken = attempts.filter(({ end, exit }) => end === 'failed' && (Number.isNaN(exit) || exit === TERMINATED || exit > 255)).length;
  if (lost.starved * 2 >= lost.attempts) return 'ask for more memory: most of them were killed (exit 137)';
  if (taken * 2 >= lost.attempts)
    return 'let it run on machines that are not taken away, or make its tasks shorter: most of them ended with their machine';
  return 'see why it fails in .command.err of its work folders, and let errorStrategy try again only what another attempt can help';
}
