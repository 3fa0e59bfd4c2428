/** Sheets that a pipeline reads: which dimension their rows are, and how the parts of a row are named in keys. */
import { type CallArguments, ListValue, PathValue, type Value } from '../../evaluate/value.ts';
import { SheetValue } from '../../pipeline/sheet-value.ts';
import type { TableForm } from '../../pipeline/table.ts';
import type { ChannelRef, OperatorNode, SourceNode } from '../process-graph.ts';
import type { ChannelModel } from './channel-model.ts';
import type { Dimension } from './dimensions.ts';

export interface Sheet {
  readonly rows: Dimension;
  /** As the pipeline names it; undefined where that is not known. */
  readonly path: string | undefined;
  readonly form: TableForm;
  /** `first`: the first row; `none`: cells have numbers; else the names. */
  readonly header: 'first' | 'none' | readonly string[];
  /** Rows in an item. */
  readonly by: number;
  readonly limit: number;
  /** Of a row's mark: `op3.sample` is a cell of it. */
  readonly id: string;
  /** What tells which columns are in the meta map, for what nf-schema reads. */
  readonly schema: string | undefined;
  readonly bySchema: boolean;
  /** A process checked it on the way, and may have changed it. */
  readonly checkedBy: string | undefined;
  /** Its rows are samples, or become them. */
  readonly listsSamples: boolean;
}

/** Operators that hand the file on as it is. */
const HANDS_ON: ReadonlySet<string> = new Set('collect dump filter first flatten ifEmpty set tap toList unique view'.split(' '));
const DEFAULT_SCHEMA = 'assets/schema_input.json';

/** Of a splitCsv, whose item is the file that it splits. */
export function sheetOfSplit(node: OperatorNode, rows: Dimension, item: Value): Sheet {
  const { named } = node.args;
  const written = pathOf(item);
  const above = written === undefined ? sourceOf(node.inputs[0]) : undefined;
  const skip = numberIn(named, 'skip');
  const separator = named?.get('sep');
  return {
    rows,
    path: written ?? above?.path,
    form: { ...(typeof separator === 'string' && separator !== '' ? { separator } : {}), ...(skip === undefined ? {} : { skip }) },
    header: headerOf(named?.get('header')),
    by: Math.max(1, numberIn(named, 'by') ?? 1),
    limit: numberIn(named, 'limit') ?? Number.POSITIVE_INFINITY,
    id: `op${node.index}`,
    schema: undefined,
    bySchema: false,
    checkedBy: above?.checkedBy,
    listsSamples: isOfSamples(rows),
  };
}

/** Of a channel made of the rows that nf-schema, or nf-validation before it, reads. */
export function sheetOfSource(model: ChannelModel, node: SourceNode, rows: Dimension): Sheet | undefined {
  const [first = null] = node.args.positional;
  const given = (value: Value): string | undefined => pathOf(value);
  if (!(first instanceof SheetValue) && node.factory !== 'fromSamplesheet') return undefined;
  const schema = first instanceof SheetValue ? given(first.schema) : undefined;
  const param = typeof first === 'string' ? model.graph.pipeline.params.get(first)?.value : undefined;
  return {
    rows,
    path: first instanceof SheetValue ? given(first.sheet) : given(param ?? null),
    form: {},
    header: 'first',
    by: 1,
    limit: Number.POSITIVE_INFINITY,
    id: `source${node.index}`,
    schema: schema ?? DEFAULT_SCHEMA,
    bySchema: true,
    checkedBy: undefined,
    listsSamples: isOfSamples(rows),
  };
}

/** Before any grouping: then rows that were called samples are called rows. */
function isOfSamples({ atom }: Dimension): boolean {
  return /^samples( \d+)?$/.test(atom.name);
}

function pathOf(value: Value): string | undefined {
  if (value instanceof ListValue && value.items.length === 1 && !value.open) return pathOf(value.items[0] as Value);
  const text = value instanceof PathValue ? value.path : value;
  return typeof text === 'string' && text !== '' && !/[*?{[]/.test(text) ? text : undefined;
}

/** The file that comes this way, through a process that checks it. */
function sourceOf(from: ChannelRef | undefined): { path: string | undefined; checkedBy: string | undefined } | undefined {
  let checkedBy: string | undefined;
  for (let at = from, depth = 0; at !== undefined && depth < 50; depth += 1) {
    const { node } = at;
    if (node.type === 'source') return { path: pathOf(node.args.positional[0] ?? null), checkedBy };
    if (node.type === 'call') {
      if (checkedBy !== undefined || !/sheet|input|sample|design|check/i.test(node.call.name)) return undefined;
      checkedBy = node.call.name;
      at = node.call.inputs[0]?.channels[0];
    } else if (node.type === 'operator') {
      if (!HANDS_ON.has(node.name)) return undefined;
      at = node.inputs[0];
    } else at = node.type === 'alternatives' ? node.inputs.find((input) => input.active !== false)?.ref : undefined;
  }
  return undefined;
}

function headerOf(header: Value | undefined): Sheet['header'] {
  if (header instanceof ListValue && !header.open) return header.items.map((name) => String(name));
  return header === undefined || header === null || header === false || header === 0 ? 'none' : 'first';
}

function numberIn(named: CallArguments['named'] | undefined, name: string): number | undefined {
  const value = named?.get(name);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.floor(value) : undefined;
}
