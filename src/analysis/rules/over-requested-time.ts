import { secondsText } from '../amounts.ts';
import { plansByTime } from '../passes/executors.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, shortNames } from '../words.ts';

export const overRequestedTime = defineRule({
  id: 'over-requested-time',
  title: 'Tasks ask a cluster for much more time than they take',
  severity: 'info',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process on a cluster (Slurm, SGE, LSF, PBS, Moab, Flux, HTCondor …) that asks for at least four times what the runs that you give (\`--trace\`) say it should: twice what
99 in 100 tasks took, and half more than the longest.

\`\`\`nextflow
process FASTQC {
    executor 'slurm'
    time 48.h                                      // 87 tasks, the longest of which took 3 minutes
\`\`\`

Not reported: executors that start a task whenever there is room for it, however long it may take, and limits of less than an hour.

**Why it costs you**

A scheduler fills gaps with tasks that end before the next reservation starts. One that says it may take two days fits into no gap and waits.

**How to fix**

Ask for what the finding says, and for more when a task is tried again: \`time { 30.min * task.attempt }\`.

**Fix safety**

Safe for the results. A task that takes longer than any before is ended and tried again: \`errorStrategy\` has to allow it.

**When to ignore it**

When the cluster looks at the limit of its partition alone, or the runs measured are smaller than those to come.

**References**

- Nextflow: [time](https://www.nextflow.io/docs/latest/reference/process.html#time)
- Slurm: [backfill](https://slurm.schedmd.com/sched_config.html#backfill)
`,
  *check(context) {
    const found = context.sizing.all.flatMap((call) =>
      call.limit !== undefined && isFar(context, call, call.limit) ? [{ call, limit: call.limit }] : [],
    );
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [{ call, limit }] = same.toSorted((one, other) => other.limit.longest - one.limit.longest) as [(typeof same)[number]];
      const waited = context.evidence.of(call.call)?.wait?.median;
      yield {
        message: `${call.call.name} asks for ${secondsText(limit.requested)} and takes ${secondsText(limit.longest)} at most`,
        reason: `measured on ${counted(call.tasks, 'task')} in ${context.sizing.source}${waited === undefined ? '' : `; half of them waited ${secondsText(waited / 1000)} or more to start`}`,
        advice: `ask for ${secondsText(limit.planned)}, and for more when a task is tried again`,
        confidence: call.tasks >= 20 ? 'high' : 'medium',
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        change: {
          kind: 'requests',
          calls: same.map((one) => ({ call: one.call.call, limit: one.limit.planned })),
        },
        names: shortNames([call.call.process.name.name]),
      };
    }
  },
});

const FAR = 4;
const SHORT_SECONDS = 3600;

function isFar({ graph }: RuleContext, { call }: CallSizing, { requested, planned }: NonNullable<CallSizing['limit']>): boolean {
  return plansByTime(graph, call) && requested > SHORT_SECONDS && requested >= FAR * planned;
}
