import { cpuHours, figure, percent } from '../amounts.ts';
import { speaksOf } from '../passes/needs/script-text.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule } from '../rule.ts';
import { counted, shortNames, TEST_DATA } from '../words.ts';

export const overRequestedCpus = defineRule({
  id: 'over-requested-cpus',
  title: 'Tasks reserve many more cpus than they keep busy',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process whose tasks, in the runs that you give (\`--trace\`), kept at most half of their cpus busy (\`%cpu\`), nine in ten of them.

\`\`\`nextflow
process QUALIMAP {
    cpus 6                                         // 39 tasks, 1.1 cores busy
\`\`\`

The number to reserve is never below the cores that nine tasks in ten kept busy, and no lower than what makes cpus and the memory that waits beside them cheapest for the
work, by Amdahl's law from the one setting that was measured. Reported is what frees 2 % of the cpus that the run held, and slows a task down by a quarter at
most. Five tasks or more that ran for ten seconds.

**Why it costs you**

Cpus that are reserved and idle keep other tasks waiting, and need larger or more machines.

**How to fix**

Reserve fewer, or see why they are idle: a tool that is not given \`task.cpus\`, or that waits for its disk.

**Fix safety**

Safe for the results of most tools. \`%cpu\` is an average: a tool with a short busy part takes longer in that part. Some clusters give memory by the cpu: set \`memory\` then.

**When to ignore it**

When the cpus are reserved for the memory that comes with them, or to have a machine alone.

**References**

- Nextflow: [cpus](https://www.nextflow.io/docs/latest/reference/process.html#cpus), [trace](https://www.nextflow.io/docs/latest/reports.html#trace-file)
`,
  *check({ sizing }) {
    const whole = sizing.held.cpuSeconds;
    const found = sizing.all.flatMap((call) => (call.cpus !== undefined && isWorth(call.cpus, whole) ? [{ call, cpus: call.cpus }] : []));
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [{ call, cpus }] = same.toSorted((one, other) => other.cpus.idleSeconds - one.cpus.idleSeconds) as [(typeof same)[number]];
      const { process, script } = call.call;
      const unasked = process.script !== null && speaksOf(process, script.file, /\btask\.cpus\b/) === false;
      yield {
        message: `${call.call.name} reserves ${cpus.reserved} cpus and keeps ${figure(cpus.busyMost, 2)} of them busy`,
        reason: `measured on ${counted(call.tasks, 'task')} in ${sizing.source}, nine in ten of which keep no more busy${call.before.cpus === undefined ? '' : ` with the ${counted(call.before.cpus, 'cpu')} that they had there`}; ${cpuHours(cpus.idleSeconds)} of the ${cpuHours(whole)} that the run held were idle in it${unasked ? '; its script does not pass task.cpus on' : ''}${sizing.isBrief ? TEST_DATA : ''}`,
        advice: `reserve ${counted(cpus.cpus, 'cpu')}, with which ${cpuHours(cpus.plannedIdleSeconds)} would be idle${cpus.slowdown > 1.005 ? ` and a task takes ${percent(cpus.slowdown - 1)} longer, by Amdahl’s law` : ''}${unasked ? '; or pass ${task.cpus} on to a tool that can use them' : ''}`,
        severity: cpus.idleSeconds - cpus.plannedIdleSeconds >= MUCH * whole ? 'warning' : 'info',
        confidence: sizing.isBrief ? 'low' : call.tasks >= 20 ? 'high' : 'medium',
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        change: {
          kind: 'requests',
          calls: same.map((one) => ({ call: one.call.call, cpus: one.cpus.cpus })),
        },
        names: shortNames([process.name.name]),
      };
    }
  },
});

/** Of all that the run held. */
const SOME = 0.02;
const MUCH = 0.1;
const SLOWEST = 1.25;

function isWorth({ cpus, reserved, slowdown, idleSeconds, plannedIdleSeconds }: NonNullable<CallSizing['cpus']>, whole: number): boolean {
  return 2 * cpus <= reserved && slowdown <= SLOWEST && idleSeconds - plannedIdleSeconds >= SOME * whole;
}
