import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../parser/pipeline/pipeline.ts';
import { figure } from '../amounts.ts';
import { isTool, toolOf } from '../passes/commands.ts';
import { speaksOf } from '../passes/needs/script-text.ts';
import { byPlace, nameOf } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { counted, listOf, shortNames } from '../words.ts';

export const unusedGpu = defineRule({
  id: 'unused-gpu',
  title: 'A GPU is asked for and no command can use it',
  severity: 'warning',
  fixable: false,
  unsaved: 'how long the tasks take without one was not measured',
  requires: ['calls', 'scripts', 'trace'],
  docs: `
**What it finds**

A process with \`accelerator\` whose commands are all in the catalogue, none of which can use a GPU, and whose script, container, \`ext\` and \`containerOptions\` never speak of one. The
runs that you give (\`--trace\`) say for how long GPUs were held; Nextflow's trace does not say whether they were busy.

\`\`\`nextflow
process INDEX {
    label 'process_gpu'                            // accelerator = 1 by this label
    script:
    "samtools index $bam"
\`\`\`

**Why it costs you**

A machine with a GPU costs several times one without, and there are few of them.

**How to fix**

Take \`accelerator\` away from this process, or the label that brings it.

**Fix safety**

Safe: the commands do not know of the GPU.

**When to ignore it**

When the machines with GPUs are there anyway and have nothing else to do.

**References**

- Nextflow: [accelerator](https://www.nextflow.io/docs/latest/reference/process.html#accelerator)
`,
  *check(context) {
    const found = context.sizing.all.flatMap((sizing) => {
      const idle = idleGpus(context, sizing.call);
      return idle === undefined ? [] : [{ sizing, ...idle }];
    });
    for (const same of byPlace(found, ({ sizing }) => nameOf(sizing.call))) {
      const [{ sizing, tools, setting }] = same as [(typeof same)[number]];
      const seconds = sizing.attempts.reduce((sum, { held }) => sum + held, 0);
      yield {
        message: `${sizing.call.name} asks for a GPU and runs ${listOf(tools)}, which cannot use one`,
        reason: `${counted(sizing.attempts.length, 'task')} in ${context.sizing.source} held a GPU for ${figure(seconds / 3600)} h`,
        advice: `take accelerator away from ${sizing.call.name}${setting.setBy === 'process' ? '' : `, which ${setting.setBy} gives it`}`,
        confidence: 'medium',
        place: nameOf(sizing.call),
        related: [{ message: 'a GPU is asked for here', place: setting.place }],
        calls: same.map((one) => one.sizing.call.id),
        names: shortNames([sizing.call.process.name.name]),
      };
    }
  },
});

const SPEAKS_OF_GPU = /gpu|cuda|nvidia|rocm|\bmps\b|--device|tensorrt|torch|tensorflow|jax/i;
/** Programs that look for a GPU by themselves. */
const MAY_USE_GPU =
  /parabricks|pbrun|dorado|guppy|bonito|medaka|deepvariant|run_deep|clair|pepper|fold|boltz|relion|cryosparc|motioncor|cellbender|cellpose|stardist|squigulator|slow5|racon|gromacs|gmx|namd|amber|lammps|mmseqs|diamond|beagle|mrbayes|beast|python|rscript|^r$|julia|java|perl|nextflow|docker|singularity/i;

function idleGpus({ graph, scripts }: RuleContext, call: ProcessCall): { tools: readonly string[]; setting: DirectiveSetting } | undefined {
  const settings = graph.directivesOf(call);
  const setting = settings.get('accelerator');
  if (setting?.value === undefined || setting.value === null || setting.value === 0 || setting.value === false) return undefined;
  if (speaksOf(call.process, call.script.file, SPEAKS_OF_GPU) !== false) return undefined;
  const told = [...settings].filter(
    ([name]) =>
      name === 'container' || name === 'containerOptions' || name === 'conda' || name === 'beforeScript' || name.startsWith('ext.'),
  );
  if (told.some(([, { text }]) => SPEAKS_OF_GPU.test(text))) return undefined;
  if (!scripts.isKnown(call)) return undefined;
  const commands = scripts.commandsOf(call);
  if (commands.some(({ spec, name }) => spec === undefined || MAY_USE_GPU.test(`${name} ${spec.tool}`))) return undefined;
  const tools = [...new Set(commands.filter(isTool).map(toolOf))];
  return tools.length === 0 ? undefined : { tools, setting };
}
