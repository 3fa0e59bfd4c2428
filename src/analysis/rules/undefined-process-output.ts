import { nearest } from '../../source/nearest.ts';
import { problemsOncePerPlace } from '../passes/problems.ts';
import { defineRule } from '../rule.ts';
import { listOf } from '../words.ts';

export const undefinedProcessOutput = defineRule({
  id: 'undefined-process-output',
  title: 'An output is read that the process or workflow does not have',
  severity: 'error',
  fixable: false,
  requires: ['calls'],
  unsaved: 'the run ends at it',
  docs: `
**What it finds**

\`X.out.name\` or \`X.out[i]\` where the process or workflow X has no such output, and \`X.out\` that is read before X is called
or where there is no X.

\`\`\`nextflow
process SAMTOOLS_SORT {
    output:
    tuple val(id), path('*.bam'), emit: bam
    // …
}
workflow {
    SAMTOOLS_SORT(ch_bam)
    SAMTOOLS_INDEX(SAMTOOLS_SORT.out.bams)      // did you mean "bam"?
}
\`\`\`

**Why it costs you**

Nextflow finds out while it builds the workflow, and stops. In a branch that only some params take, that is in the one run for
which the branch was written.

**How to fix**

Use a name that is declared with \`emit:\`, or an index below the number of outputs; call the process before its outputs are read.

**Fix safety**

Not fixed automatically: the nearest name is a guess.

**When to ignore it**

Never, if the place can be reached. In a branch that the given params do not take it is reported as a warning.

**References**

- Nextflow: [Process outputs](https://www.nextflow.io/docs/latest/process.html#outputs)
- Nextflow: [Workflow outputs (emit)](https://www.nextflow.io/docs/latest/workflow.html#workflow-outputs-emit)
`,
  *check({ graph }) {
    for (const problem of problemsOncePerPlace(graph.problems)) {
      if (problem.kind === 'arity') continue;
      const { callee, place } = problem;
      const severity = problem.active === false ? 'warning' : 'error';
      const confidence = problem.active === 'unknown' ? 'medium' : 'high';
      const reached =
        problem.active === false
          ? 'the given params do not get here; with those that do, Nextflow stops here'
          : 'Nextflow stops here while it builds the workflow';
      if (problem.kind === 'not-called-yet') {
        yield {
          message: `${callee}.out is read before ${callee} is called`,
          reason: `${reached}: outputs are there only once the call was made`,
          advice: `call ${callee} above this line, or read the outputs below the call`,
          confidence,
          severity,
          place,
        };
        continue;
      }
      if (problem.kind === 'not-defined') {
        const [near] = nearest(callee, problem.known);
        yield {
          message: `${callee}.out is read, and there is no ${callee}`,
          reason: `${reached}: this script declares and includes no process or workflow of that name`,
          advice:
            near === undefined
              ? `include ${callee} and call it above this line, or name the call that is meant`
              : `did you mean ${near}.out?`,
          confidence,
          severity,
          place,
        };
        continue;
      }
      const { output, outputs } = problem;
      const named = outputs.filter((name) => name !== '' && !/^\d+$/.test(name));
      const [near] = nearest(output, named);
      const has = named.length > 0 ? listOf(named, 6) : outputs.length > 0 ? `${outputs.length} without a name` : 'none';
      const index = /^-?\d+$/.test(output);
      yield {
        message: index ? `${callee} has no output number ${output}` : `${callee} has no output named ${output}`,
        reason: `${reached}; its outputs: ${has}`,
        advice:
          near !== undefined
            ? `did you mean ${callee}.out.${near}?`
            : outputs.length === 0
              ? `declare an output in ${callee}${index ? '' : `, with emit: ${output}`}`
              : index
                ? `outputs count from 0, so the last one is ${callee}.out[${outputs.length - 1}]`
                : `use one of its outputs, or add emit: ${output} to the one that is meant`,
        confidence,
        severity,
        place,
        related: [{ message: `${callee} is declared here`, place: problem.declared }],
      };
    }
  },
});
