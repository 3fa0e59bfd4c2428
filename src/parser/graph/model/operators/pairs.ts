/** Items of two channels as one: `join`, `combine`, `cross`, `merge`. */
import { isUnknown, ListValue, type Value } from '../../../evaluate/value.ts';
import type { ChannelNode } from '../../process-graph.ts';
import { type ChannelModel, partOf } from '../channel-model.ts';
import { allOf, anyOf, limited, NOT_OPTIONAL, NOTHING, oneOf, retied, tiedTo, union, unionOf, worst } from '../dependences.ts';
import type { Dimension, Index } from '../dimensions.ts';
import {
  GatheredValue,
  GIVEN,
  gatheredIn,
  generalOf,
  ItemValue,
  type KeyFacts,
  keyFactsOf,
  Mark,
  originOf,
  remarked,
} from '../item-value.ts';
import type { Dependences, Exactness, Flow, Summand } from '../shapes.ts';
import { tallied } from './gathered.ts';
import { indexOfKey, isGroupKey, isKnown, keyIndices, keyOf } from './keys.ts';
import { areOfOne } from './mixed.ts';
import { plainId } from './pairs-by-condition.ts';
import { fewer, type Step } from './step.ts';

export function listed(item: Value): readonly Value[] {
  return item instanceof ListValue ? item.items : [item];
}

export interface Keyed {
  readonly summand: Summand;
  readonly key: Value;
  readonly facts: KeyFacts;
}

function keyed(flow: Flow, indices: readonly number[]): readonly Keyed[] {
  return flow.summands.map((summand) => {
    const key = keyOf(summand.item, indices);
    return { summand, key, facts: keyFactsOf(key) };
  });
}

/**
 * Which items of the one side meet which of the other: those whose keys are the same parts, else those that could be. Nobody puts together
 * what can never meet: two labels of a branch that meet nowhere else meet as items of their own, which `parted` says.
 */
function meeting(left: readonly Keyed[], right: readonly Keyed[]): { pairs: readonly [Keyed, Keyed][]; parted: boolean } {
  const pairs: [Keyed, Keyed][] = [];
  for (const one of left) {
    const exact = right.filter((other) => !one.facts.vague && one.facts.signature === other.facts.signature);
    for (const other of exact.length > 0 ? exact : right) pairs.push([one, other]);
  }
  // A right side that met its like on the left does not meet others too.
  const met = new Set(
    pairs.filter(([one, other]) => one.facts.signature === other.facts.signature && !one.facts.vague).map(([, other]) => other),
  );
  const likely = pairs.filter(([one, other]) => one.facts.signature === other.facts.signature || !met.has(other));
  const together = likely.filter(([one, other]) => !apart(one.summand, other.summand));
  return together.length === 0 ? { pairs: likely, parted: likely.length > 0 } : { pairs: together, parted: false };
}

/**
 * An item of one label of a branch beside one of another label: tumour and normal of a patient, a treated library and its control. With one
 * key on both sides a `join` makes a pair of each key. Else an item of the side that leads meets some one of the other side.
 */
function partners({ model, node }: Step, one: Keyed, two: Keyed, item: (one: Value, two: Value) => Value): Summand {
  const { dimensions } = model;
  const same = !one.facts.vague && one.facts.signature === two.facts.signature;
  const joins = node.name === 'join' && same;
  // `cross` has one item of a key on its left, and as many as there are on its right.
  const [first, second] = node.name === 'cross' ? [two.summand, one.summand] : [one.summand, two.summand];
  const index = joins ? indexOfKey({ model, node }, one.facts, first.index) : first.index;
  const own = (mark: Mark, id: string): Mark =>
    mark.index.length === 0 || one.facts.plain.has(mark.id)
      ? mark
      : new Mark(id, index, mark.shown, joins && mark.identifies, mark.several, mark.made);
  const label = second.selections.map((each) => `${each.node.index}${each.label}`).join();
  const another = remarked(second.item, (mark) => own(mark, `${mark.id}|${label}`));
  const leading = joins ? remarked(first.item, (mark) => own(mark, mark.id)) : first.item;
  const [left, right] = node.name === 'cross' ? [another, leading] : [leading, another];
  if (!joins)
    model.assumptions.add(`that an item meets one item of the other label where ${node.name} puts two labels of a branch together`);
  return {
    index,
    exactness: worst([first, second]),
    selections: joins ? [{ node, label: 'matched', of: Number.POSITIVE_INFINITY, exhaustive: false }] : first.selections,
    fewer: true,
    optional: both(one.summand, two.summand, index, null).optional,
    unsure: first.unsure || second.unsure,
    item: item(left, right),
    data: union(tiedTo(first.data, index, dimensions), joins ? tiedTo(second.data, index, dimensions) : anyOf(second.data)),
    waits: union(tiedTo(first.waits, index, dimensions), joins ? tiedTo(second.waits, index, dimensions) : anyOf(second.waits)),
  };
}

/** No item has two labels of one branch. */
export function apart(one: Summand, two: Summand): boolean {
  return one.selections.some((each) => two.selections.some((other) => other.node === each.node && other.label !== each.label));
}

/** Each item meets some one of the other side, and it is not known which. */
function loosely(model: ChannelModel, one: Summand, two: Summand, index: Index, item: Value): Summand {
  const known = [one, two].map((summand) => summand.index.every((dimension) => model.dimensions.implies(index, dimension)));
  const [left, right] = [one, two].map((summand, at) =>
    known[at] ? summand : { ...summand, data: anyOf(summand.data), waits: anyOf(summand.waits) },
  ) as [Summand, Summand];
  return both(left, right, index, item);
}

export function both(one: Summand, two: Summand, index: Index, item: Value): Summand {
  return {
    index,
    selections: [
      ...one.selections,
      ...two.selections.filter((each) => !one.selections.some((other) => other.node === each.node && other.label === each.label)),
    ],
    fewer: one.fewer || two.fewer,
    exactness: worst([one, two]),
    optional: one.optional.size === 0 ? two.optional : new Map([...one.optional, ...two.optional]),
    unsure: one.unsure || two.unsure,
    item,
    data: union(one.data, two.data),
    waits: union(one.waits, two.waits),
  };
}

export function joined(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const [other] = others;
  if (other === undefined) return source.summands;
  const indices = keyIndices(node, [0]);
  const left = keyed(source, indices);
  const right = keyed(other, indices);
  const { pairs, parted } = meeting(left, right);
  const alone = aloneIn(step, pairs);
  const made = pairs.map(([one, two]) => {
    const sure = isSure(one, two);
    const itemOf = (mine: Value, theirs: Value): Value => {
      const rest = restOf(theirs, indices);
      if (mine instanceof ListValue) return new ListValue([...mine.items, ...rest]);
      return new ListValue([one.key, ...spread(node, ofBoth(model, one, two), mine, 1, rest)], true);
    };
    if (parted) return { summand: limited(partners(step, one, two, itemOf), 'at most'), sure, once: false, one, two };
    const index = pairedIndex(model, one, two);
    const item = itemOf(one.summand.item, two.summand.item);
    const matched = sure ? both(one.summand, two.summand, index, item) : loosely(model, one.summand, two.summand, index, item);
    // Of several with one key each is taken once.
    const once = alone(one, two) && [one, two].every(({ summand }) => index.every((each) => model.dimensions.implies(summand.index, each)));
    return { summand: once ? matched : limited(matched, 'at most'), sure, once, one, two };
  });
  if (node.args.named?.get('remainder') !== true) return made.map(matchedOnly);
  // Who finds no partner leaves when both sides have ended. Of two optional outputs of one call mostly one is made: then that is all of them.
  const closing = union(allOf(source.closes, node), allOf(other.closes, node));
  const either = source.summands.some((one) => other.summands.some((two) => areOfOne(one, two)));
  const isWhole = ({ summand }: Keyed): boolean => !summand.fewer && summand.selections.length === 0;
  const matched = made.map(({ summand, once, one, two }) => ({
    ...summand,
    // All keys of the one side are there, whether they are on the other or not.
    fewer: !(either || isWhole(one) || isWhole(two)),
    selections: once && (isWhole(one) || isWhole(two)) ? [] : summand.selections,
  }));
  if (either) return matched.map((summand) => limited({ ...summand, waits: union(summand.waits, closing) }, 'about'));
  if (made.length === 1 && made.every(({ sure, once, one, two }) => sure && once && isWhole(one) && isWhole(two))) return matched;
  return [...matched, ...[...source.summands, ...other.summands].map((summand) => lone(summand, indices, closing))];
}

/** An item without a partner. */
function lone(summand: Summand, indices: readonly number[], closing: Dependences): Summand {
  const { item } = summand;
  const parts = item instanceof ListValue ? item.items : [keyOf(item, indices), partOf(item, 1)];
  return { ...summand, item: new ListValue([...parts, null]), unsure: true, waits: union(summand.waits, closing) };
}

function isSure(one: Keyed, two: Keyed): boolean {
  return one.facts.signature === two.facts.signature && !one.facts.vague;
}

/** Whether a key is of parts that the items are known by, and of one kind on each side. */
function aloneIn(step: Step, pairs: readonly (readonly [Keyed, Keyed])[]): (one: Keyed, two: Keyed) => boolean {
  const signatures = new Set(pairs.flatMap(([one, two]) => [one.facts.signature, two.facts.signature]));
  if (signatures.size > 1) return () => false;
  const met = new Map<Keyed, number>();
  for (const pair of pairs) for (const side of pair) met.set(side, (met.get(side) ?? 0) + 1);
  return (one, two) =>
    met.get(one) === 1 &&
    met.get(two) === 1 &&
    isSure(one, two) &&
    isGroupKey(one) === isGroupKey(two) &&
    [one, two].every(({ facts, summand }) => isKnown(step, facts, summand));
}

/** Keys that are not surely the same may find no partner. */
function matchedOnly({ summand, sure }: { summand: Summand; sure: boolean }): Summand {
  return sure ? summand : fewer(summand);
}

/** One pair for each key; of keys that cannot be told to be the same, for each that both have. */
function pairedIndex({ dimensions }: ChannelModel, one: Keyed, two: Keyed): Index {
  if (one.facts.signature === two.facts.signature && !one.facts.vague)
    return dimensions.reduced([...one.summand.index, ...two.summand.index]);
  const left = dimensions.reduced(one.summand.index);
  const right = dimensions.reduced(two.summand.index);
  // The finer of both where one knows the other; else those of the left.
  if (right.every((each) => dimensions.implies(left, each))) return left;
  if (left.every((each) => dimensions.implies(right, each))) return right;
  return left;
}

export function combined(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const by = node.args.named?.get('by');
  const right: readonly Summand[] = others[0]?.summands ?? plainRight(step);
  if (by === undefined) {
    return source.summands.flatMap((one) =>
      right.map((two) => {
        const apart = independent(step, one.index, two);
        return both(
          one,
          apart,
          model.dimensions.reduced([...one.index, ...apart.index]),
          isOfSomeLength(model, one.item)
            ? new ListValue(
                [...spread(node, model.dimensions.reduced([...one.index, ...apart.index]), one.item, 0, listed(apart.item))],
                true,
              )
            : new ListValue([...listed(one.item), ...listed(apart.item)]),
        );
      }),
    );
  }
  const indices = keyIndices(node, [0]);
  const left = keyed(source, indices);
  const other = keyed({ kind: 'queue', summands: right, closes: new Set(), opaque: undefined }, indices);
  const { pairs, parted } = meeting(left, other);
  return pairs.map(([one, two]) => {
    const itemOf = (mine: Value, theirs: Value): Value => {
      const key = one.key instanceof ListValue && indices.length > 1 ? one.key.items : [one.key];
      const rest = restOf(theirs, indices);
      if (mine instanceof ListValue) return new ListValue([...key, ...restOf(mine, indices), ...rest]);
      return new ListValue([...key, ...spread(node, ofBoth(model, one, two), mine, 1, rest)], true);
    };
    if (parted) return limited(partners(step, one, two, itemOf), 'about');
    const item = itemOf(one.summand.item, two.summand.item);
    if (!isSure(one, two)) return limited(fewer(loosely(model, one.summand, two.summand, pairedIndex(model, one, two), item)), 'about');
    const { index, exactness } = pairedAll(step, one, two);
    const alone = isGroupKey(one) === isGroupKey(two) && [one, two].every(({ facts, summand }) => isKnown(step, facts, summand));
    return limited(both(one.summand, two.summand, index, item), alone ? exactness : 'about');
  });
}

/** A tuple of which nobody knows the length: a row that a schema describes, what a closure makes that is not followed. */
function isOfSomeLength({ graph }: ChannelModel, item: Value): boolean {
  if (!(item instanceof ItemValue)) return isUnknown(item) && !(item instanceof GatheredValue);
  const source = /^source(\d+)$/.exec(item.mark.id)?.[1];
  const node = source === undefined ? undefined : graph.nodes.find(({ index }) => index === Number(source));
  return node?.type === 'source' && !/^(of|from|value|from(Path|SRA)|watchPath)$/.test(node.factory);
}

function ofBoth({ dimensions }: ChannelModel, one: Keyed, two: Keyed): Index {
  return dimensions.reduced([...one.summand.index, ...two.summand.index]);
}

function ownPart(item: Value, at: number): Value {
  return item instanceof ItemValue || item instanceof GatheredValue ? item.part(at) : item;
}

/** Tuples are read so far: the key, the two files of a pair with their indexes. */
const MOST_FURTHER = 4;

/**
 * What stands from a place on in a tuple of which nobody knows the length, and then of the other side: one part of its own at least; each place
 * behind that has a further one, or one of the other side's.
 */
function spread({ index: at }: ChannelNode, index: Index, mine: Value, from: number, theirs: readonly Value[]): readonly Value[] {
  const places = Array.from({ length: theirs.length + MOST_FURTHER }, (_, place) => {
    const either = [ownPart(mine, from + place + 1), ...theirs.slice(0, place + 1)];
    return generalOf(either, new Mark(`op${at}.${from + place + 1}`, index, '', false, false, originOf(either)));
  });
  return [ownPart(mine, from), ...places];
}

function restOf(item: Value, indices: readonly number[]): readonly Value[] {
  return item instanceof ListValue ? item.items.filter((_, at) => !indices.includes(at)) : [partOf(item, 1)];
}

/** All pairs of one key. */
function pairedAll({ model: { dimensions } }: Step, one: Keyed, two: Keyed): { readonly index: Index; readonly exactness: Exactness } {
  const key = dimensions.known(one.facts);
  const [left, right] = [one.summand.index, two.summand.index];
  const tangled = key === undefined ? left.length > 0 && right.length > 0 : dimensions.tangled(left, right, key).length > 0;
  return { index: dimensions.reduced([...left, ...right]), exactness: tangled ? 'about' : 'exact' };
}

/** `combine([1, 2])`: a list given as it stands. */
function plainRight({ model, node }: Step): readonly Summand[] {
  const [list] = node.args.positional;
  const none = {
    selections: [],
    fewer: false,
    exactness: 'exact' as const,
    optional: NOT_OPTIONAL,
    unsure: false,
    data: NOTHING,
    waits: NOTHING,
  };
  if (list instanceof ListValue && !list.open) {
    if (list.items.length === 0) return [];
    if (list.items.length === 1) return [{ ...none, index: [], item: list.items[0] as Value }];
    const over = model.dimensions.element(node, [], 'choices', list.items.length);
    return [{ ...none, index: [over], item: generalOf(list.items, new Mark(`op${node.index}`, [over], '', false, false, GIVEN)) }];
  }
  if (list === undefined || isUnknown(list)) {
    const over = model.dimensions.element(node, [], 'choices');
    return [{ ...none, index: [over], item: ItemValue.of(`op${node.index}`, [over], '', false, false, GIVEN) }];
  }
  return [{ ...none, index: [], item: list }];
}

/** What meets each item of an index, whatever they have in common. */
export function independent<T extends Pick<Summand, 'index' | 'item' | 'data' | 'waits'>>(
  site: { readonly model: ChannelModel; readonly node: ChannelNode },
  index: Index,
  summand: T,
): T {
  const { dimensions } = site.model;
  const all = [...new Set([...summand.index, ...gatheredIn(summand.item)])];
  const tangled = dimensions.tangled(index, all);
  const related = (one: Dimension): boolean =>
    tangled.some((other) => dimensions.implies([other], one) || dimensions.implies([one], other));
  return renamed(site, summand, all.filter(related));
}

/** The same items once more, each to be met by each: another dimension of the same size. */
export function renamed<T extends Pick<Summand, 'index' | 'item' | 'data' | 'waits'>>(
  { model, node }: { readonly model: ChannelModel; readonly node: ChannelNode },
  summand: T,
  shared: Index,
): T {
  if (shared.length === 0) return summand;
  const copies = new Map(shared.map((dimension) => [dimension, model.dimensions.copy(node, dimension)]));
  const copied = (dimension: Dimension): Dimension => copies.get(dimension) ?? dimension;
  const item = remarked(summand.item, (mark) => moved(mark, `${mark.id}@${node.index}`, copied), copied);
  return { ...summand, index: summand.index.map(copied), item, data: retied(summand.data, copied), waits: retied(summand.waits, copied) };
}

export function moved({ index, shown, identifies, several, made }: Mark, id: string, copied: (dimension: Dimension) => Dimension): Mark {
  return new Mark(id, index.map(copied), shown, identifies, several, made);
}

/** So many that they never come together again. */
export const MANY_LABELS = Number.POSITIVE_INFINITY;

export function plainSignature({ signature }: KeyFacts): string {
  return plainId(signature);
}

/** The copy is of keys made of what the two sides are made of. */
export function bothKnow(model: ChannelModel, copy: Dimension, one: KeyFacts, two: KeyFacts): boolean {
  const original = copy.copyOf as Dimension;
  return [one, two].some(({ dimensions }) => model.dimensions.implies(dimensions, original));
}

export function crossed(step: Step): readonly Summand[] {
  const { model, source, others } = step;
  const [other] = others;
  if (other === undefined) return source.summands;
  const { pairs, parted } = meeting(keyed(source, [0]), keyed(other, [0]));
  const alone = aloneIn(step, pairs);
  return pairs.map(([one, two]) => {
    const itemOf = (left: Value, right: Value): Value => new ListValue([left, right]);
    if (parted) return limited(partners(step, one, two, itemOf), 'at most');
    const { index } = pairedAll(step, one, two);
    const made = both(one.summand, two.summand, index, itemOf(one.summand.item, two.summand.item));
    // Each right item comes out once, with the left one that came last.
    const once = alone(one, two) && index.every((each) => model.dimensions.implies(two.summand.index, each));
    return once ? made : limited(made, 'at most');
  });
}

export function merged(step: Step): readonly Summand[] {
  const { model, node, source, others } = step;
  const flows = [source, ...others];
  if (flows.some((flow) => flow.summands.length === 0)) return [];
  const queues = flows.filter((flow) => flow.kind !== 'value');
  const firsts = flows.map((flow) => flow.summands[0] as Summand);
  const item = new ListValue(firsts.flatMap((summand) => listed(summand.item)));
  const data = unionOf(flows.map((flow) => oneOf(flow.summands.map((summand) => summand.data))));
  const waits = unionOf(flows.map((flow) => model.waitsOfOne(flow.summands)));
  const [first] = queues.length === 0 ? flows : queues;
  const index: Index =
    queues.length <= 1
      ? ((first as Flow).summands[0] as Summand).index
      : [
          model.dimensions.derived(
            node,
            queues.map((flow) => model.countOf(flow.summands)),
            'pairs',
            (counts) => Math.min(...counts),
          ),
        ];
  const exactness = tallied((queues.length === 0 ? flows : queues).flatMap(({ summands }) => summands));
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness,
      optional: NOT_OPTIONAL,
      unsure: firsts.some((summand) => summand.unsure),
      item,
      data,
      waits,
    },
  ];
}
