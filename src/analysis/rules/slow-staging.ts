import { percent, secondsText } from '../amounts.ts';
import type { CallSizing } from '../passes/sizing/sizing.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, shortNames } from '../words.ts';

export const slowStaging = defineRule({
  id: 'slow-staging',
  title: 'Tasks hold their machine for long to bring files',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'trace'],
  docs: `
**What it finds**

A process whose tasks, in the runs that you give (\`--trace\` with \`start\`, \`complete\` and \`realtime\`), hold their cpus and memory for a minute or more, and for 30 % of their
time or more, while their command does not run: files come and go, a container starts. Reported from 2 % of the time that all tasks of the run took.

\`\`\`nextflow
process MERGE_BAMS {                               // on AWS Batch: 64 BAM files are copied from S3, then merged in 3 minutes
\`\`\`

**Why it costs you**

\`realtime\` does not show it and the bill does: cpus and memory are held from start to end.

**How to fix**

On a cloud: read files where they are (Fusion, or a file system that all machines see), give a task fewer and larger files, do two short steps on the same files in one
task. On a cluster: \`stageInMode\` other than \`copy\`, and \`scratch\` only for what writes much.

**Fix safety**

How files come to a task does not change the results.

**When to ignore it**

When it is the container that takes its time, and only the first task on each machine.

**References**

- Nextflow: [stageInMode](https://www.nextflow.io/docs/latest/reference/process.html#stageinmode), [scratch](https://www.nextflow.io/docs/latest/reference/process.html#scratch), [Fusion](https://www.nextflow.io/docs/latest/fusion.html)
`,
  *check(context) {
    const whole = context.sizing.all.reduce((sum, { attempts }) => sum + attempts.reduce((own, { held }) => own + held, 0), 0);
    const found = context.sizing.all.flatMap((call) => {
      const staging = stagingOf(call);
      return staging !== undefined && staging.seconds >= OF_RUN * whole ? [{ call, ...staging }] : [];
    });
    for (const same of byPlace(found, ({ call }) => nameOf(call.call))) {
      const [{ call, share, median, seconds }] = same.toSorted((one, other) => other.seconds - one.seconds) as [(typeof same)[number]];
      yield {
        message: `${call.call.name} holds its machine ${percent(share)} of the time while its command does not run`,
        reason: `measured on ${counted(call.tasks, 'task')} in ${context.sizing.source}: ${secondsText(median)} of the median task, ${secondsText(seconds)} of all`,
        advice: howToFix(context, call),
        severity: seconds >= MUCH_OF_RUN * whole ? 'warning' : 'info',
        confidence: call.tasks >= 5 ? 'high' : 'medium',
        place: nameOf(call.call),
        calls: same.map((one) => one.call.call.id),
        change: { kind: 'staging-gone', calls: same.map((one) => one.call.call) },
        names: shortNames([call.call.process.name.name]),
      };
    }
  },
});

const SHARE = 0.3;
const MEDIAN_SECONDS = 60;
const OF_RUN = 0.02;
const MUCH_OF_RUN = 0.1;

/** Seconds from start to end in which the command did not run. */
function stagingOf({ attempts }: CallSizing): { share: number; median: number; seconds: number } | undefined {
  const timed = attempts.filter(({ end, running }) => end === 'completed' && running >= 0);
  if (timed.length === 0) return undefined;
  const beside = timed.map(({ held, running }) => held - running).sort((one, other) => one - other);
  const seconds = beside.reduce((sum, one) => sum + one, 0);
  const share = seconds / timed.reduce((sum, { held }) => sum + held, 0);
  const median = beside[(beside.length - 1) >> 1] as number;
  return share >= SHARE && median >= MEDIAN_SECONDS ? { share, median, seconds } : undefined;
}

function howToFix({ graph, evidence }: RuleContext, { call }: CallSizing): string {
  const settings = graph.directivesOf(call);
  if (settings.get('stageInMode')?.value === 'copy') return 'take stageInMode ‘copy’ away: links to the files are made at once';
  const [{ run, rows } = {}] = evidence.of(call)?.rows ?? [];
  const executor = run?.executor.at(rows?.[0] ?? 0) ?? settings.get('executor')?.value;
  if (typeof executor === 'string' && /batch|k8s|google|azure/.test(executor))
    return 'let tasks read files where they are (Fusion, if they do not yet), give a task fewer and larger files, or do two short steps on the same files in one task';
  return 'see what brings the files (stageInMode, scratch, a container that is fetched), and give a task fewer and larger ones';
}
