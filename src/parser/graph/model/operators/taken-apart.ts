/** Operators that make several items of one: `flatMap`, `flatten`, `transpose`, `splitCsv` and its kin. */
import { isUnknown, ListValue, MapValue, OptionalValue, type Value } from '../../../evaluate/value.ts';
import type { ChannelNode, ChannelRef } from '../../process-graph.ts';
import { signatureOf } from '../../process-io.ts';
import { limited, tiedTo, worst } from '../dependences.ts';
import { idsOf } from '../dimensions.ts';
import { type ElementKind, GatheredValue, generalOf, ItemValue, isSize, Mark, marksOf, originOf } from '../item-value.ts';
import type { Summand } from '../shapes.ts';
import { sheetOfSplit } from '../sheets.ts';
import { namedAfter, whenceOf } from '../whence.ts';

import { keyIndices } from './keys.ts';
import { renamed } from './pairs.ts';
import { fewer, type Step, withItem } from './step.ts';

// -------------------------------------------------------------------------------------------------- one to many

/** A list becomes its elements. */
export function several(step: Step, summand: Summand, list: Value): readonly Summand[] {
  const { model, node } = step;
  if (list instanceof OptionalValue) return several(step, fewer(summand), list.value);
  if (list === null) return [];
  if (list instanceof GatheredValue && isRestorable(list)) return restored(step, summand, list);
  if (list instanceof ListValue && !list.open) {
    if (list.items.length === 0) return [];
    if (list.items.length === 1) return [withItem(summand, list.items[0] as Value)];
    const over = model.dimensions.element(node, summand.index, namedAfter('parts', whenceOf(node)), list.items.length);
    const index = model.dimensions.reduced([...summand.index, over]);
    return [{ ...summand, index, item: generalOf(list.items, new Mark(`op${node.index}`, index, '', false, false, originOf([list]))) }];
  }
  if (isUnknown(list) || list instanceof MapValue || list instanceof ListValue) {
    const over = model.dimensions.element(node, summand.index, partsName(step, list));
    for (const { id } of marksOf(list)) over.elementsOf.add(id);
    const index = model.dimensions.reduced([...summand.index, over]);
    const item = list instanceof GatheredValue ? list.element : ItemValue.of(`op${node.index}`, index, '', false, false, originOf([list]));
    return [{ ...summand, index, item }];
  }
  return [withItem(summand, list)];
}

/** @param list what is taken apart: where it is a call's alone, that says whence it is */
function partsName({ node }: Step, list: Value): string {
  const makers = originOf([list]) ?? [];
  // What a process gives several of are files; what a row or a list is made of may be anything.
  const what = makers.length > 0 && (node.name === 'flatten' || node.name === 'transpose') ? 'files' : 'parts';
  const [first, ...others] = new Set(
    makers.map(({ call, output }) => {
      const emit = signatureOf(call.process).outputs[output]?.name;
      return emit === undefined ? call.name : `${call.name}.${emit}`;
    }),
  );
  return namedAfter(what, first !== undefined && others.length === 0 ? first : whenceOf(node));
}

/** Each element of what was gathered is again what it was: one for each of the dimensions gathered over. */
function restored(
  step: Step,
  summand: Summand,
  list: GatheredValue,
  itemOf = (kind: ElementKind, _at: number): Value => kind.item,
): readonly Summand[] {
  const { dimensions } = step.model;
  const group = list.mark.index;
  return kindsOf(list).map((kind, at) => {
    // Beside what came of the same items it is each of them with each.
    const tangled = dimensions.tangled(summand.index, kind.index, group);
    // Who knows an element knows its group.
    const each = tangled.length === 0 && group.every((one) => dimensions.implies(kind.index, one));
    const whole = { ...summand, ...kind, item: itemOf(kind, at) };
    const { index, item, data } = tangled.length === 0 ? whole : renamed(step, whole, tangled);
    const before = tiedTo(list.data, group, dimensions);
    const own = new Map(
      [...summand.data].map(([call, dependence]) => {
        const gathered = before.get(call);
        const same = gathered?.tied.size === dependence.tied.size && [...gathered.tied].every((one) => dependence.tied.has(one));
        return [call, same ? (data.get(call) ?? dependence) : dependence];
      }),
    );
    return {
      ...summand,
      index: dimensions.reduced([...summand.index, ...index]),
      fewer: summand.fewer || kind.fewer,
      unsure: summand.unsure || kind.unsure,
      exactness: worst([summand, kind, { exactness: each ? 'exact' : 'at most' }]),
      item,
      data: own,
    };
  });
}

function kindsOf(list: GatheredValue): readonly ElementKind[] {
  const { kinds, element, over, data, mark } = list;
  if (kinds.length > 0) return kinds;
  return [{ item: element, index: [...mark.index, ...over], fewer: false, exactness: 'exact', unsure: false, data }];
}

/** What a list is made of; nothing to tell where it has one of each. */
export function elementKinds(summands: readonly Summand[], itemOf: (summand: Summand) => Value): readonly ElementKind[] {
  const kinds = summands.map((summand): ElementKind => {
    const { index, fewer: dropped, selections, exactness, unsure, data } = summand;
    return { item: itemOf(summand), index, fewer: dropped || selections.length > 0, exactness, unsure, data };
  });
  const whole = kinds.length === 1 && kinds.every((kind) => !kind.fewer && kind.exactness === 'exact' && !kind.unsure);
  return whole ? [] : kinds;
}

function isRestorable({ over, kinds }: GatheredValue): boolean {
  return over.length > 0 || kinds.length > 0;
}

export function flattened(step: Step, summand: Summand): readonly Summand[] {
  const { item } = summand;
  if (item instanceof GatheredValue && isRestorable(item)) return restored(step, summand, item).flatMap((one) => flattened(step, one));
  return flattenedParts(step, summand);
}

function flattenedParts(step: Step, summand: Summand): readonly Summand[] {
  const { item } = summand;
  if (item instanceof ListValue && !item.open) {
    const leaves: Value[] = [];
    const add = (value: Value, depth: number): void => {
      if (value instanceof ListValue && depth < 6) for (const one of value.items) add(one, depth + 1);
      else leaves.push(value);
    };
    add(item, 0);
    const lists = leaves.filter((leaf) => leaf instanceof GatheredValue && isRestorable(leaf));
    const others = leaves.filter((leaf) => !lists.includes(leaf));
    return [
      ...lists.flatMap((list) => flattened(step, withItem(summand, list))),
      ...(others.length === 0 ? [] : several(step, summand, new ListValue(others))),
    ];
  }
  if (item instanceof ItemValue) {
    // One file is one file; a pattern may have matched more.
    return item.mark.identifies && !item.mark.several ? [summand] : several(step, summand, item);
  }
  return isUnknown(item) ? several(step, summand, item) : [summand];
}

export function transposed(step: Step): readonly Summand[] {
  return step.source.summands.flatMap((summand) => {
    const { item } = summand;
    if (!(item instanceof ListValue)) return isUnknown(item) ? several(step, summand, item) : [summand];
    const gatheredParts = item.items.filter((part): part is GatheredValue => part instanceof GatheredValue);
    const [first] = gatheredParts;
    if (first !== undefined) {
      const kinds = kindsOf(first);
      const whole = (_: ElementKind, at: number): Value =>
        new ListValue(
          item.items.map((part) => {
            if (!(part instanceof GatheredValue)) return part;
            const mine = kindsOf(part);
            return mine.length === kinds.length ? (mine[at] as ElementKind).item : part.element;
          }),
        );
      // The shortest list ends it.
      const alike = gatheredParts.every((part) => idsOf(part.over) === idsOf(first.over) && part.kinds.length === first.kinds.length);
      return restored(step, alike ? summand : limited(summand, 'at most'), first, whole);
    }
    const lists = item.items.filter(
      (part) =>
        part instanceof ListValue ||
        (part instanceof ItemValue ? !isSize(part) && (part.mark.several || !part.mark.identifies) : isUnknown(part)),
    );
    const written = lists.filter((part): part is ListValue => part instanceof ListValue && !part.open);
    if (lists.length === 0) return [summand];
    const length = written[0]?.items.length;
    if (length === 0) return [];
    if (length === 1)
      return [withItem(summand, new ListValue(item.items.map((part) => (part instanceof ListValue ? (part.items[0] as Value) : part))))];
    const over = step.model.dimensions.element(step.node, summand.index, partsName(step, item), length);
    const index = step.model.dimensions.reduced([...summand.index, over]);
    const keys = keyIndices(step.node, [0]);
    for (const part of lists) if (part instanceof ItemValue) over.elementsOf.add(part.mark.id);
    const parts = item.items.map((part, at) =>
      keys.includes(at) || !lists.includes(part)
        ? part
        : ItemValue.of(`op${step.node.index}.${at}`, index, '', true, false, originOf([part])),
    );
    return [{ ...summand, index, item: new ListValue(parts) }];
  });
}

export function split(step: Step, name: string): readonly Summand[] {
  const { model, node } = step;
  return step.source.summands.map((summand) => {
    const over = model.dimensions.element(node, summand.index, splitName(step, name));
    const index = model.dimensions.reduced([...summand.index, over]);
    const { item } = summand;
    if (name === 'rows' && over.within.length === 0 && !model.sheets.has(over)) model.sheets.set(over, sheetOfSplit(node, over, item));
    const record = ItemValue.of(`op${node.index}`, index, '', false, false, originOf([item]));
    // In a tuple the file is replaced by its records, the rest stays.
    if (!(item instanceof ListValue)) return { ...summand, index, item: record };
    const elem = node.args.named?.get('elem');
    const at =
      typeof elem === 'number'
        ? elem
        : Math.max(
            item.items.findIndex((part) => part instanceof ItemValue && part.mark.identifies),
            item.items.length - 1,
          );
    return { ...summand, index, item: new ListValue(item.items.map((part, number) => (number === at ? record : part))) };
  });
}

const LISTS_SAMPLES = /input|reads|csv|sample|sheet|manifest|design/i;

/** The rows of the file that lists the samples are the samples. */
function splitName({ node }: Step, name: string): string {
  if (name !== 'rows') return namedAfter(name, whenceOf(node));
  let at: ChannelRef | undefined = node.inputs[0];
  for (let depth = 0; at !== undefined && depth < 50; depth += 1) {
    const above: ChannelNode = at.node;
    if (above.type === 'source')
      return LISTS_SAMPLES.test(/\bparams\.(\w+)/.exec(above.text)?.[1] ?? above.text) ? 'samples' : namedAfter(name, whenceOf(node));
    // A process that checks the sheet and gives it on.
    if (above.type === 'call') {
      if (/sheet|input|sample|design/i.test(above.call.name)) return 'samples';
      at = above.call.inputs[0]?.channels[0];
    } else if (above.type === 'operator') at = above.inputs[0];
    else at = above.type === 'alternatives' ? above.inputs.find((input) => input.active !== false)?.ref : undefined;
  }
  return namedAfter(name, whenceOf(node));
}
