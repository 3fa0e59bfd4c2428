/** The rows of a sheet that a `splitCsv` reads, where the pipeline itself has the file: what a field says can be held against them. */
import { PathValue } from '../../evaluate/value.ts';
import { tableOf, UnreadableTable } from '../../pipeline/table.ts';
import type { ChannelNode, OperatorNode, ProcessGraph } from '../process-graph.ts';

export type SheetRow = ReadonlyMap<string, string>;

/** undefined: it is not there, or has no header. */
export function sheetRows(graph: ProcessGraph, node: OperatorNode): readonly SheetRow[] | undefined {
  const { named } = node.args;
  const source: ChannelNode | undefined = node.inputs[0]?.node;
  if (node.name !== 'splitCsv' || named?.get('header') !== true) return undefined;
  if (source?.type !== 'source' || source.factory !== 'fromPath') return undefined;
  const [path] = source.args.positional;
  const text = path instanceof PathValue ? path.path : path;
  const sheet = typeof text === 'string' ? graph.pipeline.tree.read(text) : undefined;
  const separator = named.get('sep') ?? ',';
  if (sheet === undefined || typeof separator !== 'string' || [...named.keys()].some((name) => !['header', 'sep', 'strip'].includes(name)))
    return undefined;
  const table = tableIn(sheet, separator);
  const [header, ...rows] = table;
  return header === undefined ? undefined : rows.map((cells) => new Map(header.map((field, at) => [field, cells[at] ?? ''])));
}

function tableIn(text: string, separator: string): readonly (readonly string[])[] {
  try {
    return tableOf(text, '', { separator }).rows;
  } catch (error) {
    if (error instanceof UnreadableTable) return [];
    throw error;
  }
}
