import { someNode } from '../../parser/graph/expressions.ts';
import type { ProcessCall } from '../../parser/graph/process-graph.ts';
import type { DirectiveSetting } from '../../parser/pipeline/pipeline.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { byPlace } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf, shortNames } from '../words.ts';

export const throttledStep = defineRule({
  id: 'throttled-step',
  title: 'Tasks of independent items run one after another by a limit',
  severity: 'warning',
  fixable: false,
  requires: ['calls'],
  docs: `
**What it finds**

\`maxForks 1\` on a process that has a task for each item, or an executor's \`queueSize\` of 1 or 2.

\`\`\`nextflow
process CALL_VARIANTS {
    maxForks 1                                     // one sample at a time, whatever machines there are
\`\`\`

Not reported: limits that say why they are there (a licence, a database, an interface on the web, a GPU, a disk), limits in configs for
tests, of processes with accelerators, of those that feed themselves, and of those that fetch something from the network.

**Why it costs you**

The tasks need nothing of one another and could run side by side. With n items the step takes n times as long as it has to.

**How to fix**

Take the limit out. Where it protects something, write down what, and let it be as wide as that allows.

**Fix safety**

Safe for the results. More tasks at a time need more of whatever the limit protects.

**When to ignore it**

When something outside of the pipeline can serve only so many at a time: say so in a comment beside the limit.

**References**

- Nextflow: [maxForks](https://www.nextflow.io/docs/latest/reference/process.html#maxforks), [queueSize](https://www.nextflow.io/docs/latest/reference/config.html#executor)
`,
  *check(context) {
    const { graph, pipeline } = context;
    const limited = graph.calls.flatMap((call) => {
      const limit = limitOf(context, call);
      return limit === undefined ? [] : [{ call, limit }];
    });
    for (const same of byPlace(limited, ({ limit }) => limit.place)) {
      const [first] = same as [(typeof same)[number]];
      const names = shortNames(same.map(({ call }) => call.id));
      yield {
        message: `maxForks 1 lets only one task ${names.length === 1 ? 'of' : 'each of'} ${listOf(names)} run at a time`,
        reason: `${first.call.name} has as many tasks as there are ${dimensionsOf(context, first.call)}, and none needs another`,
        advice: 'take the limit out, or say beside it what it protects',
        confidence: 'medium',
        place: first.limit.place,
        calls: same.map(({ call }) => call.id),
        change: { kind: 'limits-gone', calls: same.map(({ call }) => call), queue: false },
      };
    }
    const queueSize = pipeline.config.entries.get('executor.queueSize');
    if (
      queueSize !== undefined &&
      typeof queueSize.value === 'number' &&
      queueSize.value <= 2 &&
      !isExcused(queueSize.place) &&
      !oneFillsAll(context) &&
      graph.calls.some((call) => isMany(context, call))
    )
      yield {
        message: `executor.queueSize ${queueSize.value} lets only ${queueSize.value === 1 ? 'one task' : 'two tasks'} of the whole pipeline run at a time`,
        reason: 'Nextflow hands a task to the executor only when another one has ended, however many machines there are',
        advice: 'raise it to what the cluster allows (Nextflow’s own default is 100), or take it out',
        confidence: 'medium',
        place: queueSize.place,
        change: { kind: 'limits-gone', calls: [], queue: true },
      };
  },
});

function limitOf(context: RuleContext, call: ProcessCall): DirectiveSetting | undefined {
  if (call.active === false || !isMany(context, call)) return undefined;
  const settings = context.graph.directivesOf(call);
  const limit = settings.get('maxForks');
  if (limit?.value !== 1 || isExcused(limit.place)) return undefined;
  if (
    settings.has('accelerator') ||
    settings.has('storeDir') ||
    /gpu|cuda|licen/i.test(`${settings.get('label')?.text} ${settings.get('queue')?.text} ${limit.setBy}`)
  )
    return undefined;
  return feedsItself(context, call) || context.scripts.sideEffectsOf(call) || context.scripts.writesOutside(call) ? undefined : limit;
}

function isMany({ model }: RuleContext, call: ProcessCall): boolean {
  const tasks = model.tasksOf(call);
  return tasks.opaque === undefined && tasks.summands.some(({ index, unsure }) => index.length > 0 && !unsure);
}

function dimensionsOf({ model }: RuleContext, call: ProcessCall): string {
  const names = model.tasksOf(call).summands.map(({ index }) => index.map(({ atom }) => atom.name).join(' × '));
  return listOf(
    [...new Set(names)].filter((name) => name !== ''),
    2,
  );
}

/** A task asks for all that the machine has. */
function oneFillsAll({ graph, pipeline }: RuleContext): boolean {
  const all = pipeline.config.entries.get('executor.cpus')?.value;
  return (
    typeof all === 'number' &&
    graph.calls.some((call) => call.active !== false && Number(graph.directivesOf(call).get('cpus')?.value ?? 1) > all / 2)
  );
}

/** A config for tests, or words beside the limit that say what it is for. */
function isExcused({ file, start }: SourceRange): boolean {
  if (/(^|[/_.-])(tests?|ci|debug|stub)([/_.-]|$)/i.test(file.path)) return true;
  const { line } = file.positionAt(start);
  const { lineStarts, text } = file;
  const end = lineStarts[line] ?? text.length;
  const here = text.slice(lineStarts[Math.max(0, line - 4)] ?? 0, end).split('\n');
  const own = here.at(-1) === '' ? here.slice(0, -1) : here;
  // The line's own comment, and those directly above it.
  const comments = [/\/\/.*$/.exec(own.at(-1) ?? '')?.[0] ?? ''];
  for (const above of own.slice(0, -1).reverse()) {
    if (!/^\s*(\/\/|\*|\/\*)/.test(above)) break;
    comments.push(above);
  }
  return comments.some((comment) => /\w{3}/.test(comment));
}

function feedsItself({ graph }: RuleContext, call: ProcessCall): boolean {
  return (
    graph.nodes.some(
      (node) =>
        node.type === 'operator' &&
        /^(recurse|scan|times)$/.test(node.name) &&
        node.inputs.some((ref) => ref.node.type === 'call' && ref.node.call === call),
    ) || someNode(call.process, (node) => node.kind === 'VariableExpression' && node.name === 'workDir')
  );
}
