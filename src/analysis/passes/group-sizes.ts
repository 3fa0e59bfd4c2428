/**
 * Groups that are told to wait for more items than come: the size of a `groupTuple` held against how many items the model says a group
 * gets, by figures that are written down, by the length of the list that was taken apart, or by the rows of the pipeline's own sheet.
 */
import { SumValue, type Value } from '../../parser/evaluate/value.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { closureOf, type Dimension, type Index, idsOf } from '../../parser/graph/model/dimensions.ts';
import { GroupKeyValue, ItemValue, isSize, type KeyFacts, keyFactsOf, marksOf, termOf } from '../../parser/graph/model/item-value.ts';
import { keyIndices, keyOf } from '../../parser/graph/model/operators/keys.ts';
import type { Summand } from '../../parser/graph/model/shapes.ts';
import { type SheetRow, sheetRows } from '../../parser/graph/model/sheet.ts';
import type { ChannelNode, OperatorNode } from '../../parser/graph/process-graph.ts';
import { counted } from '../words.ts';

export interface AskedTooMany {
  /** How many it waits for, and how many come, in words. */
  readonly asked: string;
  readonly come: string;
  /** False where the items of a group may differ in more than what the size counts, since not all of the key is known. */
  readonly certain: boolean;
}

export function askedTooMany(model: ChannelModel, node: OperatorNode): AskedTooMany | undefined {
  const [ref] = node.inputs;
  const flow = ref === undefined ? undefined : model.flowOf(ref);
  const groups = model.flowOf({ node, port: undefined }).summands;
  const [group] = groups;
  if (flow === undefined || flow.opaque !== undefined || flow.summands.length === 0) return undefined;
  if (groups.length !== 1 || group === undefined || flow.summands.some(({ unsure }) => unsure)) return undefined;
  const keys = flow.summands.map(({ item }) => keyOf(item, keyIndices(node, [0])));
  const size = sizeOf(node, keys);
  if (size === undefined) return undefined;
  /** What the items of a group differ in, for each kind of items. */
  const over = flow.summands.map(({ index }) => index.filter((one) => !model.dimensions.implies(group.index, one)));
  if (typeof size === 'number') {
    const numbers = over.map((some, at) => {
      const facts = keyFactsOf(keys[at] as Value);
      return some.reduce<number | undefined>((all, one) => times(all, mostOf(model, facts, one)), 1);
    });
    const come = numbers.reduce((all, one) => (all === undefined || one === undefined ? undefined : all + one), 0);
    return come !== undefined && size > come
      ? { asked: counted(size, 'item'), come: come === 1 ? 'one comes' : `${come} come`, certain: true }
      : undefined;
  }
  if (!(size instanceof SumValue) || size.more <= 0) return undefined;
  // One item of each other kind, and those that the base counts.
  const [several = [], ...more] = over.filter((some) => some.length > 0);
  const gathered = countedBy(model, size, several);
  const dimension = gathered ?? several[0];
  const certain = several.length === 1;
  if (dimension === undefined || more.length > 0 || !(certain || gathered !== undefined)) return undefined;
  const single = over.length - 1;
  if (size.more <= single) return undefined;
  const asked = `${counted(size.more, 'item')} more than ${shownOf(size.base)}`;
  if (gathered !== undefined) return { asked, come: single === 0 ? 'just so many come' : `${single} more come`, certain };
  const [key] = keys;
  const isShort = single === 0 && key !== undefined && sheetSaysFewer(model, size, keyFactsOf(key), dimension);
  return isShort ? { asked, come: 'by the pipeline’s own sheet no more than that come', certain } : undefined;
}

/** Of what the items of a group differ in, that which its size counts; undefined where that cannot be told. */
export function countedDimension(model: ChannelModel, node: OperatorNode, over: readonly Dimension[]): Dimension | undefined {
  const [ref] = node.inputs;
  const keys = ref === undefined ? [] : model.flowOf(ref).summands.map(({ item }) => keyOf(item, keyIndices(node, [0])));
  const size = sizeOf(node, keys);
  return size === undefined ? undefined : countedBy(model, size, over);
}

function countedBy(model: ChannelModel, size: Value, over: readonly Dimension[]): Dimension | undefined {
  return over.find((one) => isLengthOf(model, size instanceof SumValue ? size.base : size, one));
}

/** Operators that make several items of one. */
const SPLITS = /^(flatMap|flatten|transpose|split[A-Z]\w*)$/;
const CROSSES = /^(combine|cross)$/;

/** What tells one sample from another, and not several of them from others as `group` or `patient` do. */
const NAMES_ONE = /^$|(^|[.+])(meta|id|name|sample\w*|library|run|simpleName|baseName)$/i;

/**
 * Where it shows how many items a group of a groupTuple gets: the operator that makes all of a group's items of one. `byKey`: it makes the items
 * of all groups, so those of each key have to be counted. undefined: no single operator does, as far as can be told.
 */
export function countedAt(
  model: ChannelModel,
  node: OperatorNode,
  above: readonly ChannelNode[],
): { readonly node: OperatorNode; readonly byKey: boolean } | undefined {
  const flow = node.inputs[0] === undefined ? undefined : model.flowOf(node.inputs[0]);
  const [summand] = flow?.summands ?? [];
  if (flow === undefined || flow.opaque !== undefined || flow.summands.length !== 1 || summand === undefined) return undefined;
  const key = keyFactsOf(keyOf(summand.item, keyIndices(node, [0])));
  if (key.vague) return undefined;
  const told = closureOf(key.dimensions);
  const all = [...closureOf(summand.index)];
  const gathered = all.filter((one) => !told.has(one));
  const isGathered = (made: Index): boolean => made.length > 0 && idsOf(gathered.map(originalOf)) === idsOf(made.map(originalOf));
  const operators = above.filter((one): one is OperatorNode => one.type === 'operator');
  // A key of the items that they were made of; else a group has what was made of several.
  if (NAMES_ONE.test(key.shown)) {
    const found = operators.find((one) => {
      if (SPLITS.test(one.name)) return isGathered(gathered.filter(({ origin }) => origin === one));
      const [left, right] = one.inputs.map((ref) => [...closureOf(model.flowOf(ref).summands[0]?.index ?? [])]);
      return CROSSES.test(one.name) && [left, right].some((side = []) => isGathered(side.filter((each) => !told.has(each))));
    });
    if (found !== undefined) return { node: found, byKey: false };
  }
  const splitter = operators.find((one) => SPLITS.test(one.name) && all.length === 1 && all[0]?.origin === one);
  return splitter === undefined ? undefined : { node: splitter, byKey: true };
}

function originalOf(dimension: Dimension): Dimension {
  return dimension.copyOf ?? dimension;
}

function times(one: number | undefined, two: number | undefined): number | undefined {
  return one === undefined || two === undefined ? undefined : one * two;
}

/** The one size that all items have. */
function sizeOf(node: OperatorNode, keys: readonly Value[]): Value | undefined {
  const given = node.args.named?.get('size');
  if (given !== undefined) return given;
  const sizes = keys.map((key) => (key instanceof GroupKeyValue ? key.size : undefined));
  const [first] = sizes;
  if (first === undefined || sizes.some((size) => size === undefined || termOf(size) !== termOf(first))) return undefined;
  return first;
}

function shownOf(value: Value): string {
  const shown = [...marksOf(value)].map((mark) => mark.shown).find((text) => text !== '');
  return shown === undefined || /(^|\.)size(\(\))?$/.test(shown) ? 'the list holds' : shown;
}

/** The base is how long the list was of which these are the elements. */
function isLengthOf(model: ChannelModel, base: Value, dimension: Dimension): boolean {
  if (!isSize(base) || !(base instanceof ItemValue)) return false;
  const list = base.mark.id.slice(0, -'.size()'.length);
  if (dimension.elementsOf.has(list)) return true;
  // Of what was gathered: all of them.
  const at = /^op(\d+)$/.exec(list)?.[1];
  const node = model.graph.nodes.find((one) => one.type === 'operator' && one.index === Number(at));
  if (node?.type !== 'operator' || !/^(collect|toList|toSortedList)$/.test(node.name) || node.inputs[0] === undefined) return false;
  const { summands } = model.flowOf(node.inputs[0]);
  return summands.length === 1 && (summands[0] as Summand).index.length === 1 && (summands[0] as Summand).index[0] === dimension;
}

/** Field names of a sheet's row, of parts of items that all come from one `splitCsv`. */
function fieldsOf(ids: Iterable<string>): { readonly node: number; readonly fields: readonly string[] } | undefined {
  const fields: string[] = [];
  let node: number | undefined;
  for (const id of ids) {
    const found = /^op(\d+)\.([^.]+)$/.exec(id);
    if (found === null || (node !== undefined && node !== Number(found[1]))) return undefined;
    node = Number(found[1]);
    fields.push(found[2] as string);
  }
  return node === undefined ? undefined : { node, fields };
}

/** The sheet's rows of each group, and how many items that differ in the dimension are made of them at most. */
function sheetGroups(
  model: ChannelModel,
  key: KeyFacts,
  dimension: Dimension,
): readonly { readonly rows: readonly SheetRow[]; readonly come: number }[] | undefined {
  const [group, derived] = [fieldsOf(key.plain), fieldsOf(key.all)];
  const items = dimension.key === undefined ? undefined : fieldsOf(dimension.key.all);
  if (key.vague || group === undefined || derived?.node !== group.node) return undefined;
  if ((dimension.key === undefined ? dimension.origin.index : items?.node) !== group.node) return undefined;
  const node = model.graph.nodes.find((one) => one.type === 'operator' && one.index === group.node);
  const rows = node?.type === 'operator' ? sheetRows(model.graph, node) : undefined;
  if (rows === undefined || rows.length === 0) return undefined;
  const told = (row: SheetRow, fields: readonly string[]): string => fields.map((one) => row.get(one) ?? '').join('\u0000');
  const groups = new Map<string, SheetRow[]>();
  for (const row of rows) {
    const id = told(row, group.fields);
    const same = groups.get(id);
    if (same === undefined) groups.set(id, [row]);
    else same.push(row);
  }
  const all = [...groups.values()];
  // What was made of further fields tells apart no more, where those are the same for all rows of the group.
  if (all.some((some) => new Set(some.map((row) => told(row, derived.fields))).size > 1)) return undefined;
  return all.map((some) => ({
    rows: some,
    come: items === undefined ? some.length : new Set(some.map((row) => told(row, items.fields))).size,
  }));
}

/** In each group of the sheet's rows its own field and so many more are more than there are items to come. */
function sheetSaysFewer(model: ChannelModel, { base, more }: SumValue, key: KeyFacts, dimension: Dimension): boolean {
  const count = fieldsOf([...marksOf(base)].map(({ id }) => id));
  const [field] = count?.fields ?? [];
  if (field === undefined || count?.fields.length !== 1 || count.node !== fieldsOf(key.plain)?.node) return false;
  return (
    sheetGroups(model, key, dimension)?.every(({ rows, come }) =>
      rows.every((row) => /^\d+$/.test(row.get(field) ?? '') && Number(row.get(field)) + more > come),
    ) === true
  );
}

/** The most that any group has of a dimension. */
function mostOf(model: ChannelModel, key: KeyFacts, dimension: Dimension): number | undefined {
  const groups = dimension.atom.known === undefined ? sheetGroups(model, key, dimension) : undefined;
  return dimension.atom.known ?? (groups === undefined ? undefined : Math.max(...groups.map(({ come }) => come)));
}
