import { figure, percent, secondsText } from '../amounts.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, shortNames } from '../words.ts';

export const tinyTasks = defineRule({
  id: 'tiny-tasks',
  title: 'Tasks take longer to start and to clear away than to run',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process with twenty tasks or more that run for less than a minute each, where starting, bringing files and clearing away takes more than 30 % of a task, in the runs that
you give (\`--trace\`). What counts as starting is what even the promptest tenth of the tasks waited: a queue behind other tasks is not meant.

\`\`\`nextflow
process CLASSIFY {                                 // 5,000 tasks of 2 seconds, each with 15 seconds to start

    // better
    CLASSIFY(proteins.buffer(size: 50, remainder: true))
\`\`\`

**Why it costs you**

Each task is a job of the cluster, or a container of the cloud, with what comes with that. Schedulers slow down with thousands of them.

**How to fix**

Give many items to one task: \`buffer\` or \`collate\` before the call, and a loop in the script; or let one script do this step and the next.

**Fix safety**

The script changes, so its tasks run again. Outputs have to be taken apart again where the next step wants them one by one.

**When to ignore it**

When there is room for all tasks at once and nobody waits for them.

**References**

- Nextflow: [buffer](https://www.nextflow.io/docs/latest/reference/operator.html#buffer), [collate](https://www.nextflow.io/docs/latest/reference/operator.html#collate)
- Made by maintainers: VEuPathDB/orthoFinder-nextflow e08d0c6, 246d6d5
`,
  *check(context) {
    const found = context.sizing.all.flatMap((call) => {
      const granularity = granularityOf(context, call);
      return granularity === undefined ? [] : [{ call, ...granularity }];
    });
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [{ call, running, around, share }] = same.toSorted((one, other) => other.call.tasks - one.call.tasks) as [
        (typeof same)[number],
      ];
      const together = Math.min(Math.ceil(TARGET_SECONDS / (running + 0.5)), Math.ceil(call.tasks / 4));
      yield {
        message: `${counted(call.tasks, 'task')} of ${call.call.name} run for ${running < 1 ? 'less than 1s' : secondsText(running)} each, with ${secondsText(around)} around each`,
        reason: `measured in ${context.sizing.source}: ${percent(around / (running + around))} of a task is its start, its files and its end`,
        advice: `give about ${figure(together)} items to one task: buffer(size: ${together}, remainder: true) before the call, and a loop in the script`,
        severity: share >= MUCH_OF_RUN ? 'warning' : 'info',
        confidence: 'medium',
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        change: { kind: 'batched', calls: same.map((one) => one.call.call), size: together },
        names: shortNames([call.call.process.name.name]),
      };
    }
  },
});

const FEWEST_TASKS = 20;
const TINY_SECONDS = 60;
const AROUND = 0.3;
/** What a task should take at least, so that its start does not matter (algorithms: Pegasus clusters to minutes; Singh and others 2008). */
const TARGET_SECONDS = 600;
/** Of all time that tasks of the run took. */
const OF_RUN = 0.005;
const MUCH_OF_RUN = 0.05;

/** Seconds of the median task, what is around it, and the share of that in the time of all tasks of the run. */
function granularityOf(
  { evidence, sizing }: RuleContext,
  { call, tasks, attempts }: CallSizing,
): { running: number; around: number; share: number } | undefined {
  const measured = evidence.of(call);
  if (tasks < FEWEST_TASKS || measured?.realtime === undefined || (measured.wait === undefined && measured.staging === undefined))
    return undefined;
  const running = measured.realtime.median / 1000;
  const around = ((measured.wait?.low ?? 0) + (measured.staging?.median ?? 0)) / 1000;
  if (running >= TINY_SECONDS || around < AROUND * (running + around)) return undefined;
  const whole = sizing.all.reduce((sum, one) => sum + one.attempts.reduce((own, { held }) => own + held, 0), 0);
  const share = (around * attempts.length) / whole;
  return share >= OF_RUN ? { running, around, share } : undefined;
}
