/** What each operator makes of what flows into it (language.md 6.2; algorithms.md A3). */
import { BuiltinValue, ClosureValue } from '../../evaluate/value.ts';
import { kindOf } from '../channel-graph.ts';
import { OPEN_CHANNEL } from '../dsl1.ts';
import type { OperatorNode, ProcessCall } from '../process-graph.ts';
import type { ChannelModel } from './channel-model.ts';
import { NO_CALLS, NOT_OPTIONAL, tiedTo, unionOf } from './dependences.ts';
import type { Index } from './dimensions.ts';
import { ItemValue } from './item-value.ts';
import { batched, collectedInFiles, gathered, held, reduced, someOf } from './operators/gathered.ts';
import { branched, filtered, mapped, multiMapped } from './operators/item-by-item.ts';
import { distinct, grouped, withoutRepeats } from './operators/keys.ts';
import { concatenated, mixed, withDefault } from './operators/mixed.ts';
import { combined, crossed, joined, merged } from './operators/pairs.ts';
import { evaluated, fewer, plainNumber, type Step, same } from './operators/step.ts';
import { flattened, several, split, transposed } from './operators/taken-apart.ts';
import type { Flow, Summand } from './shapes.ts';
import { namedAfter, whenceOf } from './whence.ts';

/** Operators that hold every kind of items against every other. */
const PAIRS: ReadonlySet<string> = new Set(['join', 'cross', 'combine', 'merge']);

const MOST_PAIRS = 4096;

export function operatorFlow(model: ChannelModel, node: OperatorNode, port: string | number | undefined): Flow {
  const given = node.inputs.map((ref) => model.flowOf(ref));
  const pairs = PAIRS.has(node.name) ? given.reduce((product, { summands }) => product * Math.max(1, summands.length), 1) : 0;
  const flows = pairs <= MOST_PAIRS ? given : given.map((flow, at) => model.capped(flow, node, Math.sqrt(MOST_PAIRS), `side${at}`));
  const [source] = flows;
  const kind = kindOf({ node, port });
  // The first item ends it.
  const closes: ReadonlySet<ProcessCall> = node.name === 'first' ? NO_CALLS : new Set(flows.flatMap((flow) => [...flow.closes]));
  const opaque = flows.find((flow) => flow.opaque !== undefined)?.opaque;
  if (source === undefined)
    return { kind, summands: [], closes, opaque: node.name === OPEN_CHANNEL ? 'nothing writes to it' : 'it has no source' };
  const code = node.args.positional.find((value) => value instanceof ClosureValue || value instanceof BuiltinValue);
  const step: Step = { model, node, port, source, others: flows.slice(1), code };
  const transfer = Object.hasOwn(TRANSFERS, node.name) ? (TRANSFERS[node.name] as (step: Step) => readonly Summand[]) : undefined;
  if (transfer === undefined)
    return { kind, summands: unknownOperator(step), closes, opaque: opaque ?? `what ${node.name} does is not known` };
  return { kind, summands: transfer(step), closes, opaque };
}

const TRANSFERS: Readonly<Record<string, (step: Step) => readonly Summand[]>> = {
  map: mapped,
  flatMap: (step) =>
    step.source.summands.flatMap((summand) =>
      several(step, summand, step.code === undefined ? summand.item : evaluated(step, step.code, summand.item)),
    ),
  flatten: (step) => step.source.summands.flatMap((summand) => flattened(step, summand)),
  filter: filtered,
  branch: branched,
  // DSL1: each item goes into one of several channels.
  choice: (step) => step.source.summands.map(fewer),
  multiMap: multiMapped,
  fork: multiMapped,
  view: same,
  dump: same,
  tap: same,
  set: same,
  into: same,
  toInteger: same,
  toLong: same,
  toFloat: same,
  toDouble: same,
  unique: distinct,
  distinct: withoutRepeats,
  first: (step) => someOf(step, 1),
  take: (step) => someOf(step, plainNumber(step.node.args)),
  randomSample: (step) => held(step, someOf(step, plainNumber(step.node.args))),
  until: (step) => step.source.summands.map(fewer),
  collect: (step) => gathered(step, true),
  toList: (step) => gathered(step, false),
  toSortedList: (step) => gathered(step, false),
  last: reduced,
  reduce: reduced,
  count: reduced,
  countBy: reduced,
  sum: reduced,
  mean: reduced,
  min: reduced,
  max: reduced,
  countLines: reduced,
  countFasta: reduced,
  countFastq: reduced,
  countJson: reduced,
  collectFile: collectedInFiles,
  buffer: batched,
  collate: batched,
  groupTuple: grouped,
  groupBy: grouped,
  transpose: transposed,
  join: joined,
  phase: joined,
  combine: combined,
  spread: combined,
  cross: crossed,
  mix: ({ model, source, others }) => mixed(model, [source, ...others]),
  [OPEN_CHANNEL]: ({ model, source, others }) => mixed(model, [source, ...others]),
  // A list that holds channels, or one channel of several by a condition.
  expression: ({ model, source, others }) => model.oneOf([source, ...others]),
  concat: concatenated,
  merge: merged,
  ifEmpty: withDefault,
  splitCsv: (step) => split(step, 'rows'),
  splitText: (step) => split(step, 'lines'),
  splitFasta: (step) => split(step, 'sequences'),
  splitFastq: (step) => split(step, 'chunks'),
  splitJson: (step) => split(step, 'entries'),
};

function unknownOperator({ model, node, source, others }: Step): readonly Summand[] {
  const summands = [source, ...others].flatMap((flow) => flow.summands);
  if (summands.length === 0) return [];
  const index: Index = [
    model.dimensions.element(node, [], namedAfter(/^\w+$/.test(node.name) ? `items by ${node.name}` : 'items', whenceOf(node))),
  ];
  const data = tiedTo(unionOf(summands.map((summand) => summand.data)), [], model.dimensions);
  const waits = tiedTo(unionOf(summands.map((summand) => summand.waits)), [], model.dimensions);
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: false,
      item: ItemValue.of(`op${node.index}`, index),
      data,
      waits,
    },
  ];
}
