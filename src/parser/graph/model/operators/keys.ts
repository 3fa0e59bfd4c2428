/** Operators that tell items apart by a key: `unique`, `groupTuple`. */
import { isUnknown, ListValue, type Value } from '../../../evaluate/value.ts';
import type { OperatorNode, ProcessCall } from '../../process-graph.ts';
import { type ChannelModel, partOf } from '../channel-model.ts';
import { anyOf, limited, oneOf, perhaps, tiedTo, union, unionOf, worst } from '../dependences.ts';
import { closureOf, determines, type Index } from '../dimensions.ts';
import { GatheredValue, GroupKeyValue, generalOf, type KeyFacts, keyFactsOf, lostItsSize, Mark, originOf } from '../item-value.ts';
import type { Dependences, Exactness, Summand } from '../shapes.ts';
import { allSelections, gatheredOver, heldBack, tallied } from './gathered.ts';
import { MOST_PARTS } from './mixed.ts';
import { type Keyed, listed } from './pairs.ts';
import { evaluated, type Step } from './step.ts';
import { elementKinds } from './taken-apart.ts';

/** The index of items that are told apart by a key. */
export function indexOfKey({ model, node }: Pick<Step, 'model' | 'node'>, key: KeyFacts, index: Index): Index {
  if (key.vague) return index.length === 0 ? [] : [model.dimensions.quotient(index, `op${node.index} ${key.signature}`, node, key)];
  const dimensions = model.dimensions.reduced(key.dimensions);
  if (dimensions.length === 0) return [];
  if (key.identifies) return dimensions;
  // Groups told apart once more by what told them apart.
  if (dimensions.length === 1 && dimensions[0]?.key !== undefined && determines(key, dimensions[0].key)) return dimensions;
  return [model.dimensions.quotient(dimensions, key.signature, node, key)];
}

/** Only of neighbours that are alike one goes on. */
export function withoutRepeats(step: Step): readonly Summand[] {
  return step.source.summands.map((summand) => (summand.index.length === 0 ? summand : limited(summand, 'at most')));
}

/** Whether the parts of a key are those of the item that the index tells; else there are only some of them. */
export function isKnown({ model }: Step, { dimensions }: KeyFacts, { index }: Summand): boolean {
  return [...dimensions].every((one) => model.dimensions.implies(index, one));
}

/** How sure the number of keys is that items have: as sure as of those that are there in any case. */
function exactnessOfKeys(step: Step, some: readonly { readonly summand: Summand; readonly facts: KeyFacts }[]): Exactness {
  const known = some.filter(({ summand, facts }) => isKnown(step, facts, summand));
  if (known.some(({ summand }) => tallied([summand]) === 'exact')) return 'exact';
  return known.length < some.length && some.some(({ summand }) => summand.exactness === 'about') ? 'about' : 'at most';
}

export function distinct(step: Step): readonly Summand[] {
  const { model, source, code } = step;
  const bySignature = new Map<string, { index: Index; summands: Summand[]; keys: { summand: Summand; facts: KeyFacts }[] }>();
  for (const summand of source.summands) {
    const key = keyFactsOf(code === undefined ? summand.item : evaluated(step, code, summand.item));
    const index = indexOfKey(step, key, summand.index);
    const id = key.vague ? `${bySignature.size}` : `${key.signature} ${index.map(({ id: one }) => one).join()}`;
    const before = bySignature.get(id);
    if (before === undefined) bySignature.set(id, { index, summands: [summand], keys: [{ summand, facts: key }] });
    else {
      before.summands.push(summand);
      before.keys.push({ summand, facts: key });
    }
  }
  return [...bySignature.values()].map(({ index, summands, keys }) => {
    const [first] = summands as [Summand];
    if (
      bySignature.size === 1 &&
      summands.length === 1 &&
      index.length === first.index.length &&
      index.every((one) => first.index.includes(one))
    )
      return first;
    // Of equal items the first goes on: any of the tasks will do.
    const spread = !first.index.every((one) => model.dimensions.implies(index, one));
    const data = tiedTo(summands.length === 1 ? first.data : oneOf(summands.map((summand) => summand.data)), index, model.dimensions);
    const waits = tiedTo(summands.length === 1 ? first.waits : model.waitsOfOne(summands), index, model.dimensions);
    const loose = spread || summands.length > 1;
    const item =
      summands.length === 1
        ? first.item
        : generalOf(
            summands.map((summand) => summand.item),
            new Mark(`op${step.node.index}.any`, index, '', false, false, originOf(summands.map((summand) => summand.item))),
          );
    return {
      ...first,
      item,
      index,
      data: loose ? anyOf(data) : data,
      waits: loose ? anyOf(waits) : waits,
      // Keys that are made of other parts may be equal all the same.
      exactness: bySignature.size > 1 ? worst([{ exactness: 'at most' }, first]) : exactnessOfKeys(step, keys),
      unsure: allSelections(summands),
      selections: summands.length === 1 ? first.selections : [],
    };
  });
}

export function keyIndices(node: OperatorNode, fallback: readonly number[]): readonly number[] {
  const by = node.args.named?.get('by');
  if (typeof by === 'number') return [by];
  if (by instanceof ListValue && by.items.every((item) => typeof item === 'number')) return by.items as number[];
  return fallback;
}

/** The key of an item: its parts at some indices; of a record, fields. */
export function keyOf(item: Value, indices: readonly number[]): Value {
  return indices.length === 1 ? partOf(item, indices[0] as number) : new ListValue(indices.map((at) => partOf(item, at)));
}

/** Whether a groupTuple knows how many items a key has: the size is given, or the key was made by groupKey. */
export function isSized(node: OperatorNode, key: Value, indices: readonly number[]): boolean {
  const size = node.args.named?.get('size');
  if (size !== undefined && size !== null && size !== 0) return true;
  return indices.length === 1 && key instanceof GroupKeyValue;
}

export type GroupSize = 'known' | 'none' | 'lost' | 'several indices';

/** Whether a groupTuple knows how many items its groups have: of all that reaches it, the worst. */
export function groupSizeAt(model: ChannelModel, node: OperatorNode): GroupSize {
  const [source] = node.inputs;
  const indices = keyIndices(node, [0]);
  const sizes = (source === undefined ? [] : model.flowOf(source).summands).map(({ item }): GroupSize => {
    const key = keyOf(item, indices);
    if (isSized(node, key, indices)) return 'known';
    if (indices.length > 1) return listed(key).some((part) => part instanceof GroupKeyValue) ? 'several indices' : 'none';
    return lostItsSize(key) ? 'lost' : 'none';
  });
  return (['lost', 'several indices', 'none'] as const).find((size) => sizes.includes(size)) ?? 'known';
}

export function grouped(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  const indices = keyIndices(node, [0]);
  const groups = new Map<string, { index: Index; keys: Keyed[]; sized: boolean }>();
  for (const summand of source.summands) {
    const key = keyOf(summand.item, indices);
    const facts = keyFactsOf(key);
    const index = indexOfKey(step, facts, summand.index);
    const id = facts.vague ? `vague ${groups.size}` : `${facts.signature} ${index.map(({ id: one }) => one).join()}`;
    const sized = isSized(node, key, indices);
    const before = groups.get(id);
    if (before === undefined) groups.set(id, { index, keys: [{ summand, key, facts }], sized });
    else {
      before.keys.push({ summand, key, facts });
      before.sized &&= sized;
    }
  }
  const made = [...groups.values()].map(({ index, keys, sized }) => {
    const summands = keys.map(({ summand }) => summand);
    const over = gatheredOver(step, summands).filter((one) => !model.dimensions.implies(index, one));
    const data = unionOf(summands.map((summand) => summand.data));
    const waits = tiedTo(unionOf(summands.map((summand) => summand.waits)), index, model.dimensions);
    const [first] = summands as [Summand];
    const length = first.item instanceof ListValue ? first.item.items.length : MOST_PARTS;
    const parts = Array.from({ length }, (_, at): Value => {
      if (indices.includes(at)) return partOf(first.item, at);
      const each = summands.map((summand) => partOf(summand.item, at));
      const element =
        each.length === 1
          ? (each[0] as Value)
          : generalOf(each, new Mark(`op${node.index}.${at}.element`, gatheredOver(step, summands), '', false, false, originOf(each)));
      const mark = new Mark(`op${node.index}.${at}`, index, '', false, false, originOf(each));
      return new GatheredValue(
        element,
        over,
        mark,
        data,
        elementKinds(summands, (summand) => partOf(summand.item, at)),
      );
    });
    // A group key finds no plain key, and a group of another size than was said is lost or given out twice.
    const split = keys.some((one) => isGroupKey(one) !== isGroupKey(keys[0] as Keyed)) || (sized && !isSizeOf(step, keys, index));
    const exactness = split ? 'about' : exactnessOfKeys(step, keys);
    const group: Summand = {
      index,
      selections: summands.length === 1 && over.length === 0 ? first.selections : [],
      fewer: summands.every((summand) => summand.fewer || summand.selections.length > 0),
      exactness: groups.size > 1 ? worst([{ exactness: 'at most' }, { exactness }]) : exactness,
      optional: new Map(summands.flatMap((summand) => [...summand.optional])),
      unsure: allSelections(summands),
      item: new ListValue(parts),
      data: tiedTo(data, index, model.dimensions),
      waits,
    };
    if (!sized) return heldBack(step, group);
    // Full groups go at once, the others when the channel ends.
    return node.args.named?.get('remainder') === true ? { ...group, waits: union(waits, perhaps(model.upstreamOf(source.closes))) } : group;
  });
  return perhapsTogether(made);
}

/** Keys that are made of other parts may be equal all the same: then what has them is in one group. */
function perhapsTogether(groups: readonly Summand[]): readonly Summand[] {
  if (groups.length < 2) return groups;
  const all = (what: 'data' | 'waits'): ReadonlySet<ProcessCall> => new Set(groups.flatMap((group) => [...group[what].keys()]));
  const [data, waits] = [all('data'), all('waits')];
  const more = (own: Dependences, calls: ReadonlySet<ProcessCall>): Dependences =>
    own.size === calls.size ? own : union(own, perhaps([...calls].filter((call) => !own.has(call))));
  return groups.map((one) => ({ ...one, data: more(one.data, data), waits: more(one.waits, waits) }));
}

export function isGroupKey({ key }: Keyed): boolean {
  return key instanceof GroupKeyValue;
}

/** Whether a size may well be that of the groups: all items of one dimension, or as many as are written down. */
function isSizeOf({ model, node }: Step, keys: readonly Keyed[], index: Index): boolean {
  const [{ summand }] = keys as [Keyed];
  const over = [...closureOf(summand.index)].filter((one) => !model.dimensions.implies(index, one));
  const [only] = over;
  if (keys.length > 1 || over.length !== 1 || only === undefined || tallied([summand]) !== 'exact') return false;
  const size = node.args.named?.get('size');
  return size === undefined || size === null || size === only.atom.known || isUnknown(size);
}
