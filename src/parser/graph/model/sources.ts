/** What channel factories give: one item, several that are written down, or as many as there are rows or files. */
import { isUnknown, ListValue, PathValue, type Value } from '../../evaluate/value.ts';
import { nodeAt } from '../expressions.ts';
import type { SourceNode } from '../process-graph.ts';
import type { ChannelModel } from './channel-model.ts';
import { NO_CALLS, NOT_OPTIONAL, NOTHING } from './dependences.ts';
import type { Index } from './dimensions.ts';
import { GIVEN, generalOf, ItemValue, Mark, settled } from './item-value.ts';
import type { Flow, Summand } from './shapes.ts';
import { sheetOfSource } from './sheets.ts';

export function itemOf(index: Index, item: Value): Summand {
  return {
    index,
    selections: [],
    fewer: false,
    exactness: 'exact',
    optional: NOT_OPTIONAL,
    unsure: false,
    item,
    data: NOTHING,
    waits: NOTHING,
  };
}

export function sourceFlow(model: ChannelModel, node: SourceNode): Flow {
  const flow = (summands: readonly Summand[]): Flow => ({ kind: node.kind, summands, closes: NO_CALLS, opaque: undefined });
  const id = `source${node.index}`;
  const one = (item: Value): Flow => flow([itemOf([], settled(item, id, [], GIVEN))]);
  const many = (items: readonly Value[] | undefined, name: string, shape?: (item: ItemValue) => Value): Flow => {
    if (items !== undefined && items.length === 0) return flow([]);
    if (items !== undefined && items.length === 1) return one(items[0] as Value);
    const dimension = model.dimensions.element(node, [], name, items?.length);
    const sheet = items === undefined ? sheetOfSource(model, node, dimension) : undefined;
    if (sheet !== undefined) model.sheets.set(dimension, sheet);
    const mark = new Mark(id, [dimension], '', false, false, GIVEN);
    const item = items === undefined ? new ItemValue(mark) : generalOf(items, mark);
    return flow([itemOf([dimension], shape !== undefined && item instanceof ItemValue ? shape(item) : item)]);
  };
  const [first = null] = node.args.positional;
  switch (node.factory) {
    case 'empty':
      return flow([]);
    case 'value':
      return one(first);
    case 'of':
    case 'from': {
      const isRange = rangesAmong(model, node);
      // `channel.from(file(x).readLines())`: a list of which nothing is known.
      if (node.factory === 'from' && node.args.positional.length === 1 && isUnknown(first)) return many(undefined, nameOf(node));
      const spread = node.factory === 'from' && node.args.positional.length === 1;
      const items = node.args.positional.map((item, at) =>
        item instanceof ListValue && (spread || isRange(at)) ? item : new ListValue([item]),
      );
      return many(items.some(({ open }) => open) ? undefined : items.flatMap((list) => list.items), nameOf(node));
    }
    case 'fromList':
      return first instanceof ListValue && !first.open ? many(first.items, nameOf(node)) : many(undefined, nameOf(node));
    case 'fromPath': {
      const paths = first instanceof ListValue ? first.items : [first];
      const globs = paths.map(isGlob);
      if (first instanceof ListValue && first.open) return many(undefined, nameOf(node));
      if (globs.every((glob) => glob === false)) return many(paths, nameOf(node));
      if (paths.length === 1 && globs[0] === 'unknown' && !SEVERAL.test(node.text)) return one(first);
      return many(undefined, nameOf(node));
    }
    case 'fromFilePairs':
      return many(undefined, nameOf(node), (item) => new ListValue([item.part('id'), item.part('files')]));
    default:
      return many(undefined, nameOf(node));
  }
}

/** A range is spread wherever it stands, a list is not. */
function rangesAmong({ graph }: ChannelModel, node: SourceNode): (at: number) => boolean {
  const script = graph.pipeline.scripts.get(node.place.file.path);
  const written = script === undefined ? undefined : nodeAt(script, node.place);
  const values = written?.kind === 'MethodCallExpression' ? written.arguments.map(({ value }) => value) : [];
  return (at) => {
    const value = values[at];
    return value?.kind === 'BinaryExpression' && value.operator.startsWith('..');
  };
}

/** Params that mean the files of samples, where a plain name would do for a reference. */
const SEVERAL = /\b\w*(reads|fastq|input|sample|bams?|crams?|vcfs?|files)\w*\b/i;

function isGlob(path: Value): boolean | 'unknown' {
  const text = path instanceof PathValue ? path.path : path;
  if (typeof text === 'string') return /[*?{[]/.test(text);
  return isUnknown(text) ? 'unknown' : false;
}

/** `samples` for what the main param names; else the param's own name, or what the factory makes. */
function nameOf(node: SourceNode): string {
  // By the name that nf-core gives the schema of a pipeline's main sheet.
  if (/\bschema_input\.json\b/.test(node.text)) return 'samples';
  const param = /\bparams\.(\w+)/.exec(node.text)?.[1];
  if (param !== undefined)
    return /^(input|reads|csv|samples?|sample_?sheet|sheet|samplesheet_?path|fastqs?)$/i.test(param) ? 'samples' : param;
  if (/sample/i.test(node.text) || node.factory === 'fromFilePairs' || node.factory === 'fromSamplesheet' || node.factory === 'fromSRA')
    return 'samples';
  return node.factory === 'fromPath' ? 'files' : 'items';
}
