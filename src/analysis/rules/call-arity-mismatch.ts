import { problemsOncePerPlace } from '../passes/problems.ts';
import { defineRule } from '../rule.ts';
import { counted } from '../words.ts';

export const callArityMismatch = defineRule({
  id: 'call-arity-mismatch',
  title: 'A process or workflow is called with too few or too many channels',
  severity: 'error',
  fixable: false,
  requires: ['calls'],
  unsaved: 'the run does not start with it',
  docs: `
**What it finds**

A call whose number of arguments differs from the number of inputs that the process declares, or of takes that the workflow
declares. A \`tuple\` is one input, however many parts it has. An argument with several outputs, such as \`ALIGN.out\` of a process
with two outputs, is spread: it counts as two.

\`\`\`nextflow
process BWA_MEM {
    input:
    tuple val(id), path(reads)
    path index
    // …
}
workflow {
    BWA_MEM(ch_reads)               // takes 2 inputs, given 1
}
\`\`\`

**Why it costs you**

Nextflow stops as soon as it gets to the call, often only for the params that lead there: the run that took a day to queue for
ends with "Process BWA_MEM declares 2 input channels but 1 were specified".

**How to fix**

Give one channel for each declared input, in the order of the declarations. What is not used on this way is given as an empty
value: \`[]\` for an optional file.

**Fix safety**

Not fixed automatically: only you know which channel was meant.

**When to ignore it**

Never, if the call can be reached. A call in a branch that the given params do not take is reported as a warning.

**References**

- Nextflow: [Calling processes and workflows](https://www.nextflow.io/docs/latest/workflow.html#calling-processes-and-workflows)
- Nextflow: [Multiple input channels](https://www.nextflow.io/docs/latest/process.html#multiple-input-channels)
`,
  *check({ graph }) {
    for (const problem of problemsOncePerPlace(graph.problems)) {
      if (problem.kind !== 'arity') continue;
      const { callee, expected, given, what } = problem;
      const slot = what === 'process' ? 'input' : 'take';
      yield {
        message: `${callee} declares ${counted(expected, slot)} and is given ${given}`,
        reason:
          problem.active === false
            ? `the given params do not get here; with those that do, Nextflow stops at this call`
            : `Nextflow stops at this call: each declared ${slot} needs its own channel, and a tuple is one`,
        advice:
          given < expected
            ? `give ${counted(expected - given, 'more channel')}, in the order of the declared ${slot}s; an optional file that is not there is given as []`
            : tooMany(given - expected, problem.place.file.slice(problem.place)),
        confidence: problem.active === 'unknown' ? 'medium' : 'high',
        severity: problem.active === false ? 'warning' : 'error',
        place: problem.place,
        related: [{ message: `${callee} is declared here`, place: problem.declared }],
      };
    }
  },
});

function tooMany(surplus: number, call: string): string {
  const spread = /(\w+\.out)\s*[,)]/.exec(call)?.[1];
  if (spread !== undefined) return `${spread} gives all outputs at once: name the one that is meant, ${spread}.name or ${spread}[0]`;
  return `drop ${counted(surplus, 'argument')}, or declare ${surplus === 1 ? 'an input' : 'inputs'} for what is given`;
}
