import { isUnknown, type Value } from '../../parser/evaluate/value.ts';
import { givenTo, placeOfCall } from '../../parser/graph/channels.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import { placeIn } from '../../parser/graph/model/channel-model.ts';
import { termOf } from '../../parser/graph/model/item-value.ts';
import type { ChannelNode, ChannelRef, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { declaresPlainly } from '../../parser/graph/process-io.ts';
import { normalizeBlanks } from '../../source/source-file.ts';
import { indexAgain } from '../passes/indexes.ts';
import { placesOfCalls } from '../places.ts';
import { defineRule, type RuleContext } from '../rule.ts';
import { listOf, namesApart } from '../words.ts';

export const duplicateWork = defineRule({
  id: 'duplicate-work',
  title: 'The same process is run twice on the same items',
  severity: 'warning',
  fixable: false,
  requires: ['calls', 'scripts'],
  docs: `
**What it finds**

Two calls of one process, or of processes with the same script, that are given the same items and the same settings.

\`\`\`nextflow
INDEX_FOR_QC(ALIGN.out.bam)
INDEX_FOR_CALLING(ALIGN.out.bam)                   // the same index once more
\`\`\`

And a call that only makes the index of files which came with it: \`tuple path('*.bam'), path('*.bai')\` of the process that made them, of which the index
was dropped on the way.

Not reported: calls with other \`ext\` settings, another container, or other inputs; calls of which only one runs under given params; scripts that draw
random numbers without a seed, whose runs are meant to differ.

**Why it costs you**

Each task runs twice. Where both calls are in the way of something, whatever waits for the later one waits longer than it has to.

**How to fix**

Call the process once, and give its output to both.

**Fix safety**

The result is the same. A file that was published under two names is published under one, if the settings for publishing differ.

**When to ignore it**

When the process is not a function of its inputs for a reason that its script does not show, such as a program that starts from a random seed.

**References**

- Made by maintainers: nf-core/sarek d6b5de68f (the same pileup twice), 9718ef772 (the same index twice)
`,
  *check(context) {
    const groups = new Map<string, ProcessCall[]>();
    const alike = ofOneScript(context.graph.calls);
    const firsts: ReadonlyMap<number, number> = alike.length === 0 ? new Map() : firstsThatGiveTheSame(context.graph.nodes);
    for (const call of alike) {
      const term = termOfCall(context, call, firsts);
      if (term === undefined) continue;
      const same = groups.get(term);
      if (same === undefined) groups.set(term, [call]);
      else same.push(call);
    }
    for (const calls of groups.values()) {
      const [first, second] = calls;
      const place = second === undefined ? undefined : placeOfCall(second);
      if (first === undefined || second === undefined || place === undefined) continue;
      const others = calls.slice(1);
      const [[does = first.name], again] = namesApart(
        [first.id],
        others.map(({ id }) => id),
      );
      yield {
        message: `${listOf(again)} ${again.length === 1 ? 'does' : 'do'} again what ${does} does`,
        reason: `the same script, with the same settings, on the same ${context.model.tasksOf(first).summands.some(({ index }) => index.length > 0) ? `items: every task is run ${calls.length === 2 ? 'twice' : `${calls.length} times`}` : 'inputs'}`,
        advice: adviceFor(calls),
        confidence: 'high',
        place,
        related: placesOfCalls([first], () => `${does} has done it here`).filter(
          (other) => other.place.file !== place.file || other.place.start !== place.start,
        ),
        calls: calls.map(({ id }) => id),
        change: { kind: 'calls-gone', calls: others.map((call) => ({ call, instead: first, alike: true })) },
      };
    }
    for (const call of context.graph.calls) {
      const again = indexAgain(context, call);
      const place = placeOfCall(call);
      if (again === undefined || place === undefined) continue;
      const { maker, ending } = again;
      yield {
        message: `${call.name} makes again the index that ${maker.name} gives with the file`,
        reason: `each file that it is given comes from ${maker.name}, which declares its ${ending} in the same tuple`,
        advice: `hand the ${ending} of ${maker.name}.out on with the file, and take ${call.name} out`,
        confidence: 'medium',
        place,
        related: placesOfCalls([maker], (name) => `${name} has made it here`),
        calls: [call.id, maker.id],
        change: { kind: 'calls-gone', calls: [{ call, instead: maker }] },
      };
    }
  },
});

/** Only the workflow that all of them are within can give one output to all. */
function adviceFor(calls: readonly ProcessCall[]): string {
  const [first] = calls as readonly [ProcessCall];
  const all = calls.length === 2 ? 'both' : 'all';
  const paths = calls.map(({ id }) => id.split(':').slice(0, -1));
  const [path] = paths as [string[]];
  const differs = path.findIndex((name, at) => paths.some((other) => other[at] !== name));
  const shared = differs === -1 ? path.length : differs;
  if (paths.every(({ length }) => length === shared)) return `call it once and use ${first.name}.out for ${all}`;
  const where = shared === 0 ? 'the entry workflow' : path[shared - 1];
  return `call it once in ${where}, and hand ${first.name}.out to where ${all} of them are used now`;
}

/** Calls whose script another call has too: only they can do the same. */
function ofOneScript(calls: readonly ProcessCall[]): readonly ProcessCall[] {
  const groups = new Map<string, ProcessCall[]>();
  for (const call of calls) {
    const text = scriptText(call);
    // It has to run for certain, or the other may be there in its place.
    if (call.active !== true || !declaresPlainly(call.process) || call.inputs.length === 0 || text === undefined || DRAWS.test(text))
      continue;
    const same = groups.get(text);
    if (same === undefined) groups.set(text, [call]);
    else same.push(call);
  }
  return [...groups.values()].filter((some) => some.length > 1).flat();
}

function scriptText({ process: { script }, script: { file } }: ProcessCall): string | undefined {
  return script === null ? undefined : normalizeBlanks(script.statements.map((statement) => file.slice(statement)).join('\n'));
}

/** In the shell, awk, Groovy, Python and R; and samplers that take their seed from the clock. */
const DRAWS =
  /\$\{?RANDOM\b|\/dev\/u?random\b|\b(shuf|uuidgen|randomUUID)\b|\bsort\s[^|\n]*(\s-\w*R|--random-sort)\b|\brand\(\)|\brandom\.\w+\(|\b(runif|rnorm|sample)\(|\bnew Random\(\)|mcmc|(^|[\s";|])(beast|mb|iqtree2?|raxml-ng|phyml|rb)\s(?!.*-seed\b)/i;

/** Settings that change what a task does or makes. */
const COUNTS = /^(ext\.|container$|conda$|module$|beforeScript$|shell$|when$|scratch$)/;

/** Equal for one channel, and for what the same operators, written alike, make of one. */
function channelTerm({ node, port }: ChannelRef, depth = 0): string {
  if (node.type !== 'operator' || node.node === undefined || depth > 20) return `${node.index}.${port ?? ''}`;
  return `${node.place.file.path} ${node.name} ${port ?? ''}(${argumentsText(node)})<${node.inputs.map((input) => channelTerm(input, depth + 1)).join()}>`;
}

function argumentsText({ node, place: { file } }: OperatorNode): string {
  return normalizeBlanks(node?.arguments.map((each) => file.slice(each)).join() ?? '');
}

/** By their indices, nodes beside the first that gives the same items: operators written alike in one workflow, on the same channels. */
function firstsThatGiveTheSame(nodes: readonly ChannelNode[]): ReadonlyMap<number, number> {
  const frames = new Map<OperatorNode['frame'], number>();
  const known = new Map<string, number>();
  const firsts = new Map<number, number>();
  // A workflow that is called several times has the same operators.
  const texts = new Map<OperatorNode['node'], string>();
  for (const one of nodes) {
    if (one.type !== 'operator' || one.frame === undefined || one.name === 'randomSample') continue;
    const frame = frames.get(one.frame) ?? frames.size;
    frames.set(one.frame, frame);
    let args = texts.get(one.node);
    if (args === undefined) texts.set(one.node, (args = argumentsText(one)));
    const inputs = one.inputs.map(({ node: { index }, port }) => `${firsts.get(index) ?? index}.${port ?? ''}`);
    const term = [frame, one.name, args, ...inputs].join('\u0000');
    const first = known.get(term);
    if (first === undefined) known.set(term, one.index);
    else firsts.set(one.index, first);
  }
  return firsts;
}

/** Undefined also where something in it is not known for a reason of its own. */
function certainTermOf(value: Value): string | undefined {
  const term = termOf(value);
  return term?.includes('<?') ? undefined : term;
}

/** A text that is equal for calls that do the same; undefined for one of which that cannot be told. */
function termOfCall({ graph, model }: RuleContext, call: ProcessCall, firsts: ReadonlyMap<number, number>): string | undefined {
  const tasks = model.tasksOf(call);
  if (tasks.opaque !== undefined || tasks.unpaired || tasks.summands.length === 0 || tasks.summands.some(({ unsure }) => unsure))
    return undefined;
  const firstOf = (index: number): number => firsts.get(index) ?? index;
  // What nobody knows is the same where it comes from the very same channels.
  const given = call.inputs.map((input) =>
    givenTo(input)
      .map(({ node, port }) => `${firstOf(node.index)}.${port ?? ''}`)
      .join(),
  );
  const inputs = tasks.bindings.map((bound, at) => {
    const values = call.inputs.flatMap((input, number) =>
      input.declaration === undefined
        ? []
        : declaredElements(input.declaration).elements.map((_element, element) => {
            const value = bound.get(placeIn(number, element));
            const term = value === undefined ? undefined : certainTermOf(value);
            return (
              term?.replace(/\bop(\d+)/g, (_op, index) => `op${firstOf(Number(index))}`) ??
              (given[number] ? `<from ${given[number]}>` : undefined)
            );
          }),
    );
    const [index, selections] = [tasks.summands[at]?.index ?? [], tasks.summands[at]?.selections ?? []];
    return values.includes(undefined)
      ? undefined
      : `${values.join(';')} ${index.map(({ id }) => id)} ${selections.map(({ node, label }) => `${firstOf(node.index)}.${label}`)}`;
  });
  if (inputs.includes(undefined)) return undefined;
  // What a filter or join has left is surely the same only where it is the same channel.
  const channels = tasks.summands.some(({ fewer }) => fewer)
    ? call.inputs
        .filter(({ kind }) => kind !== 'value')
        .map((input) =>
          givenTo(input)
            .map((ref) => channelTerm(ref))
            .join(),
        )
    : [];
  const settings = [...graph.directivesOf(call)]
    .filter(([name]) => COUNTS.test(name))
    .map(
      ([name, setting]) =>
        `${name}=${setting.value === undefined || isUnknown(setting.value) ? setting.text : (termOf(setting.value) ?? setting.text)}`,
    )
    .sort();
  return [scriptText(call), channels.join(), inputs.sort().join('\n'), settings.join('\n'), call.inputs.length].join('\u0000');
}
