import { cpuHours, gbHours, memoryText } from '../amounts.ts';
import { amountOf } from '../passes/sizing/attempts.ts';
import { ladderClosure, ladderWords } from '../passes/sizing/ladder-text.ts';
import { STATED_FAILURE_RATE } from '../passes/sizing/memory-sizing.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, shortNames } from '../words.ts';

export const underRequestedMemory = defineRule({
  id: 'under-requested-memory',
  title: 'Tasks run out of the memory that they ask for',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process of which, in the runs that you give (\`--trace\`), more than 2 tasks in 100 were killed (exit 137) with a memory that others of its attempts needed more than, or
that never came through; and whether the next attempt asks for more.

\`\`\`nextflow
process ASSEMBLE {
    memory 16.GB                                   // 9 of 40 tasks killed
    errorStrategy 'retry'                          // and tried again with 16 GB

    // better
    memory { [16.GB, 40.GB][task.attempt - 1] ?: 40.GB * 2 ** (task.attempt - 2) }
\`\`\`

Also, as info, a process whose tasks came within 3 % of what they asked for or, on a machine that holds nobody to it, used more, and whose next attempt would ask for no more.

Not reported: a task that was killed once and came through with no more memory: something else killed it.

**Why it costs you**

A killed task has done its work for nothing, and what waits for it waits twice. If the next attempt asks for the same, it is killed too, and the run ends.

**How to fix**

Ask for what the finding says at each attempt, and let \`errorStrategy\` and \`maxRetries\` try again.

**Fix safety**

Safe for the results, unless the tool does other work with other memory.

**When to ignore it**

When the tasks were killed by something else, such as a machine that was taken away.

**References**

- Nextflow: [dynamic resources](https://www.nextflow.io/docs/latest/process.html#dynamic-task-resources), [errorStrategy](https://www.nextflow.io/docs/latest/reference/process.html#errorstrategy)
`,
  *check(context) {
    const found = context.sizing.all.flatMap((call) => {
      const trouble = isStarved(call) ? 'starved' : isClose(context, call) ? 'close' : undefined;
      return trouble === undefined ? [] : [{ call, trouble }];
    });
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [{ call, trouble }] = same.toSorted((one, other) => other.call.lost.starved - one.call.lost.starved) as [(typeof same)[number]];
      const { lost, memory, tasks } = call;
      const grows = growsWithAttempt(context, call);
      const ladder = memory?.ladder;
      const advice =
        ladder === undefined || (trouble === 'close' && (memory?.most ?? 0) <= (memory?.requested ?? 0))
          ? 'ask for more when a task is tried again: memory { … * task.attempt }, with errorStrategy and maxRetries'
          : `ask for ${ladderWords(ladder)}: memory ${ladderClosure(ladder)}`;
      const isRaised = ladder !== undefined && (trouble === 'starved' || (memory?.most ?? 0) > (memory?.requested ?? 0));
      const changed = same.flatMap(({ call: one }) => {
        const { memory: own } = one;
        return own?.ladder === undefined ? [] : [{ call: one.call, memory: own.ladder }];
      });
      const unsaved =
        trouble === 'close'
          ? 'no task was killed in the runs, so nothing was lost'
          : !call.attempts.some(({ end, retried }) => end === 'starved' && retried)
            ? 'a task that was killed was not tried again: what is saved is the run'
            : !isRaised
              ? 'what would be enough is not known'
              : undefined;
      const common = {
        ...(unsaved === undefined ? { change: { kind: 'requests' as const, calls: changed, needed: true as const } } : { unsaved }),
        advice,
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        names: shortNames([call.call.process.name.name]),
      };
      if (trouble === 'close') {
        yield {
          message: `${call.call.name} uses up to ${memoryText(memory?.most ?? 0)} of the ${memoryText(memory?.requested ?? 0)} of memory that it asks for`,
          reason: `measured on ${counted(memory?.seen ?? 0, 'task')} in ${context.sizing.source}; ${closeness(call)}, and the next attempt asks for no more`,
          severity: 'info',
          confidence: 'medium',
          ...common,
        };
        continue;
      }
      const [least, most] = [Math.min, Math.max].map((pick) => pick(...starvedWith(call))) as [number, number];
      const attempts = call.attempts.length;
      yield {
        message: `${call.call.name} runs out of memory in ${lost.starved} of ${counted(attempts, 'attempt')}`,
        reason: [
          `killed (exit 137) with ${least === most ? memoryText(least) : `${memoryText(least)} to ${memoryText(most)}`}, in ${context.sizing.source}${call.saysMemory ? '' : ', which does not say what they asked for: it is taken for what they ask for now, and tells nothing once that was changed'}`,
          `${gbHours(lost.byteSeconds)} and ${cpuHours(lost.cpuSeconds)} went into failed attempts`,
          ...(tasks === 0 ? ['no task came through'] : []),
          grows ? 'the next attempt asks for more' : 'the next attempt asks for no more',
        ].join('; '),
        severity: grows ? 'warning' : 'error',
        confidence: call.attempts.some((attempt) => attempt.starvedWith > 0) ? 'high' : 'medium',
        ...common,
      };
    }
  },
});

/** More than a ladder is allowed, or one that was never seen to come through. */
function isStarved({ lost, attempts, tasks }: CallSizing): boolean {
  const lostForGood = attempts.some(({ end, retried, memory }) => end === 'starved' && !retried && memory > 0);
  return lost.starved > 0 && starvedWithAny(attempts) && (lostForGood || lost.starved > STATED_FAILURE_RATE * (tasks + lost.attempts));
}

function starvedWithAny(attempts: CallSizing['attempts']): boolean {
  return attempts.some(({ end, memory }) => end === 'starved' && memory > 0);
}

function starvedWith({ attempts }: CallSizing): readonly number[] {
  return attempts.flatMap(({ end, memory }) => (end === 'starved' && memory > 0 ? [memory] : []));
}

/** Of what was asked for. */
const CLOSE = 0.97;

function isClose(context: RuleContext, call: CallSizing): boolean {
  const { memory, lost } = call;
  return memory !== undefined && lost.starved === 0 && memory.most >= CLOSE * memory.requested && !growsWithAttempt(context, call);
}

function closeness({ memory, before }: CallSizing): string {
  if (memory === undefined || memory.most <= memory.requested) return 'a task that needs a little more is killed';
  return before.memory === undefined
    ? 'nobody held them to it there: where tasks are held to what they ask for, these are killed'
    : `they had ${memoryText(before.memory)} there: with what is asked for now these are killed`;
}

function growsWithAttempt({ graph }: RuleContext, { call }: CallSizing): boolean {
  const setting = graph.directivesOf(call).get('memory');
  // What is not known before the run may grow.
  return setting !== undefined && !(amountOf(setting.atAttempt(2)) <= amountOf(setting.atAttempt(1)));
}
