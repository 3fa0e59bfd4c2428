import { gbHours, memoryText, percent } from '../amounts.ts';
import { ladderClosure, ladderWords } from '../passes/sizing/ladder-text.ts';
import type { MemorySizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule } from '../rule.ts';
import { counted, shortNames, TEST_DATA } from '../words.ts';

export const overRequestedMemory = defineRule({
  id: 'over-requested-memory',
  title: 'Tasks ask for much more memory than they use',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process whose tasks, in the runs that you give (\`--trace\`), used far less memory than they asked for. The finding says what to ask for at each attempt: enough for
nearly all tasks at the first, and more for the few that need more when they are tried again.

\`\`\`nextflow
process STAR_ALIGN {
    memory 72.GB                                   // 39 tasks, none of which used more than 38.4 GB

    // better
    memory { [40.5.GB, 48.GB][task.attempt - 1] ?: 48.GB * 2 ** (task.attempt - 2) }
    errorStrategy 'retry'
    maxRetries 2
\`\`\`

The requests of all processes together are chosen so that the least memory is held for nothing, failed attempts counted whole, and at most 2 attempts in 100 of the run
fail for want of memory where there are tasks enough to know that. The finding says how many attempts of this process may fail: after n tasks nobody can say of the next one that it
needs more than all of them with less probability than 1/(n + 1), but for the reserve, and no more than a quarter of reserve is asked for. Reported is what lets go of a quarter of the request and of 2 % of all the memory that the run held. Fewer than five tasks tell only that twice
their most is enough. On clouds no less than 1 GB is proposed: files come and go in the same container (\`aws s3 cp\`, four at once; azcopy; Fusion), and
no trace shows what that takes. Where no task of the run took five minutes, confidence is low: such runs are made on test data. GB·h are of 1024³ bytes.

**Why it costs you**

Memory that is held and not used keeps other tasks waiting, and needs larger or more machines.

**How to fix**

Ask for what the finding says, for this process alone: a label is shared with others.

**Fix safety**

Safe for the results, unless the tool does other work with other memory. A task that needs more than any before fails and is tried again: \`errorStrategy\` has to allow it.
Tools that are given \`task.memory\` may use less when given less; the request then has a quarter of reserve.

**When to ignore it**

When the runs measured are smaller than those to come: memory of some tools grows with their input.

**References**

- Nextflow: [memory](https://www.nextflow.io/docs/latest/reference/process.html#memory), [dynamic resources](https://www.nextflow.io/docs/latest/process.html#dynamic-task-resources)
- Witt and others: [Feedback-based resource allocation for batch scheduling of scientific workflows](https://doi.org/10.1109/HPCS48598.2019.9188055) (2019)
`,
  *check({ sizing }) {
    const whole = sizing.held.byteSeconds;
    const found = sizing.all.flatMap((call) => {
      const { memory } = call;
      return memory?.ladder !== undefined && isWorth(memory, memory.ladder, whole) ? [{ call, memory, ladder: memory.ladder }] : [];
    });
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [first] = same.toSorted((one, other) => other.memory.wasted - one.memory.wasted) as [(typeof same)[number]];
      const { call, memory, ladder } = first;
      const saved = memory.wasted - memory.plannedWaste;
      yield {
        message: `${call.call.name} asks for ${memoryText(memory.requested)} of memory and uses ${memoryText(memory.most)} at most`,
        reason: `measured on ${counted(memory.seen, 'task')} in ${sizing.source}${call.before.memory === undefined ? '' : `, which had ${memoryText(call.before.memory)}`}: ${memory.seen < 3 ? '' : `half of them use no more than ${memoryText(memory.typical)}; `}${gbHours(memory.wasted)} of the ${gbHours(whole)} that the run held were held by it and not used${call.before.memory === undefined ? '' : ', had it asked for that'}${sizing.isBrief ? TEST_DATA : ''}`,
        advice: `ask for ${ladderWords(ladder)}: memory ${ladderClosure(ladder)}, which would have held ${gbHours(saved)} less${failuresIn(memory)}${memory.staging === undefined ? '' : `; no less, since ${memory.staging.because}`}`,
        severity: saved >= MUCH * whole ? 'warning' : 'info',
        confidence: sizing.isBrief ? 'low' : memory.seen >= 20 && !memory.handedOn ? 'high' : memory.seen >= 5 ? 'medium' : 'low',
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        change: {
          kind: 'requests',
          calls: same.map((one) => ({ call: one.call.call, memory: one.ladder })),
        },
        names: shortNames([call.call.process.name.name]),
      };
    }
  },
});

/** Of all that the run held. */
const SOME = 0.02;
const MUCH = 0.1;
/** Of its own request. */
const FAR_BELOW = 0.75;

function isWorth(memory: MemorySizing, ladder: readonly number[], whole: number): boolean {
  return (ladder[0] as number) <= FAR_BELOW * memory.requested && memory.wasted - memory.plannedWaste >= SOME * whole;
}

/** So few were mostly submitted together. */
const FEW = 10;

function failuresIn({ expectedFailures, seen }: MemorySizing): string {
  if (expectedFailures === undefined) return '';
  return `; as far as ${counted(seen, 'task')} can tell, ${percent(Math.max(expectedFailures, 0.001))} of its attempts fail and are tried again${seen < FEW ? ', if later ones are like these' : ''}`;
}
