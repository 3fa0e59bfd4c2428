/** Operators that make one item of several, or keep a few: `collect`, `reduce`, `first`, `take`, `collate`, `collectFile`. */
import { isUnknown, ListValue, UnknownValue, type Value } from '../../../evaluate/value.ts';
import type { OperatorNode } from '../../process-graph.ts';
import { partOf } from '../channel-model.ts';
import { numberFor } from '../count.ts';
import { allOf, NOT_OPTIONAL, NOTHING, oneOf, perhaps, tiedTo, union, unionOf, worst } from '../dependences.ts';
import type { Dimension, Index } from '../dimensions.ts';
import { GatheredValue, generalOf, ItemValue, keyFactsOf, Mark, originOf } from '../item-value.ts';
import type { Exactness, Summand } from '../shapes.ts';
import { indexOfKey } from './keys.ts';
import { evaluated, fewer, number, plainNumber, type Step, withItem } from './step.ts';
import { elementKinds } from './taken-apart.ts';

// -------------------------------------------------------------------------------------------------- many to one

/** What an operator that waits for its source to close lets go: it waits for all tasks that feed the source. */
export function heldBack({ source, node }: Step, summand: Summand): Summand {
  // Whatever order a `concat` before it made them wait for, they wait here anyway.
  const waits = new Map(
    [...summand.waits].filter(([call, { by }]) => !(by?.type === 'operator' && by.name === 'concat' && source.closes.has(call))),
  );
  return { ...summand, waits: union(waits, allOf(source.closes, node)) };
}

export function held(step: Step, summands: readonly Summand[]): readonly Summand[] {
  return summands.map((summand) => heldBack(step, summand));
}

export function gatheredOver({ model }: Step, summands: readonly Summand[]): Index {
  return model.dimensions.reduced(summands.flatMap(({ index }) => index));
}

export function allSelections(summands: readonly Summand[]): boolean {
  return summands.every(({ unsure }) => unsure);
}

export function gathered(step: Step, flattens: boolean): readonly Summand[] {
  const { model, node, source, code } = step;
  const { summands } = source;
  if (summands.length === 0)
    return flattens
      ? []
      : [
          heldBack(step, {
            index: [],
            selections: [],
            // Of nothing `collect` makes nothing; the others make an empty list.
            fewer: flattens && summands.every((summand) => summand.fewer || summand.selections.length > 0),
            exactness: 'exact',
            optional: NOT_OPTIONAL,
            unsure: false,
            item: new ListValue([]),
            data: NOTHING,
            waits: NOTHING,
          }),
        ];
  const over = gatheredOver(step, summands);
  const data = unionOf(summands.map((summand) => summand.data));
  const waits = unionOf(summands.map((summand) => summand.waits));
  // The parts of a tuple come into the list each by itself.
  const opens = flattens && node.args.named?.get('flat') !== false;
  const elements = summands.flatMap((summand) => {
    const item = code === undefined || !flattens ? summand.item : evaluated(step, code, summand.item);
    return (opens && item instanceof ListValue && !item.open ? item.items : [item]).map((part) => withItem(summand, part));
  });
  const items = elements.map(({ item }) => item);
  const origin = originOf(items);
  const isPlain = over.length === 0 && items.every((one) => !isUnknown(one) || one instanceof ItemValue);
  const [first] = items;
  const item: Value =
    // One or a few: a plain list.
    isPlain || first === undefined
      ? new ListValue(items)
      : new GatheredValue(
          items.length === 1 ? first : generalOf(items, new Mark(`op${node.index}.element`, over, '', false, false, origin)),
          over,
          new Mark(`op${node.index}`, [], '', true, false, origin),
          data,
          elementKinds(elements, (element) => element.item),
        );
  return [
    heldBack(step, {
      index: [],
      selections: [],
      // Of nothing `collect` makes nothing; the others make an empty list.
      fewer: flattens && summands.every((summand) => summand.fewer || summand.selections.length > 0),
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: allSelections(summands),
      item,
      data: tiedTo(data, [], model.dimensions),
      waits: tiedTo(waits, [], model.dimensions, node),
    }),
  ];
}

export function reduced(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  if (source.summands.length === 0 && !/^(count|toList)/.test(node.name)) return [];
  const data = tiedTo(unionOf(source.summands.map((summand) => summand.data)), [], model.dimensions);
  const waits = tiedTo(unionOf(source.summands.map((summand) => summand.waits)), [], model.dimensions, node);
  return [
    heldBack(step, {
      index: [],
      selections: [],
      fewer: false,
      exactness: 'exact',
      optional: NOT_OPTIONAL,
      unsure: source.summands.length > 0 && allSelections(source.summands),
      item: ItemValue.of(`op${node.index}`, [], '', true, false, originOf(source.summands.map(({ item }) => item))),
      data,
      waits,
    }),
  ];
}

/** Of what is as many as follows from these: no surer than they are. */
export function tallied(summands: readonly Summand[]): Exactness {
  const dropped = summands.some((summand) => summand.fewer || summand.unsure || summand.selections.length > 0);
  return worst([...summands, { exactness: dropped ? 'at most' : 'exact' }]);
}

/** The first so many: which ones is not told. */
export function someOf(step: Step, most: number | undefined): readonly Summand[] {
  const { model, node, source } = step;
  const { summands } = source;
  const [first] = summands;
  if (first === undefined || most === 0) return [];
  if (summands.length === 1 && first.index.length === 0) return summands;
  const plain = summands.find(
    (summand) => summand.index.length === 0 && summand.selections.length === 0 && !summand.unsure && !summand.fewer,
  );
  const sure = plain ?? first;
  const index: Index =
    most === 1 || (most === undefined && node.name === 'first')
      ? []
      : [
          model.dimensions.derived(node, [model.countOf(summands)], `first ${most ?? 'items'}`, ([count]) =>
            Math.min(most ?? Number.POSITIVE_INFINITY, count ?? 0),
          ),
        ];
  // Whatever it is, it is of what they are all made of.
  const all = generalOf(
    summands.map((summand) => summand.item),
    new Mark(`op${node.index}.any`, index, '', false, false, originOf(summands.map((summand) => summand.item))),
  );
  const item =
    summands.length === 1 || plain !== undefined
      ? sure.index.length === 0
        ? sure.item
        : likened(sure.item, node, index)
      : likened(all, node, index);
  const data = oneOf(summands.map((summand) => summand.data));
  const waits = model.waitsOfOne(summands);
  const exactness = index.length === 0 ? 'exact' : tallied(summands);
  return [{ index, selections: [], fewer: false, exactness, optional: NOT_OPTIONAL, unsure: allSelections(summands), item, data, waits }];
}

/** Of the same shape, with parts of its own. */
function likened(item: Value, node: OperatorNode, index: Index): Value {
  return new GatheredValue(item, [], new Mark(`op${node.index}`, index, '', true), NOTHING).part(0);
}

export function batched(step: Step): readonly Summand[] {
  const { model, node, source } = step;
  const { summands } = source;
  if (summands.length === 0) return [];
  const size = plainNumber(node.args) ?? number(node.args.named?.get('size'));
  const whole = regrouped(step, size);
  if (whole !== undefined) return [whole];
  const step_ = typeof node.args.positional[1] === 'number' ? node.args.positional[1] : size;
  const keepsRest = node.name === 'collate' ? node.args.positional.at(-1) !== false : node.args.named?.get('remainder') === true;
  const count = model.countOf(summands);
  const over = gatheredOver(step, summands);
  const batches =
    size === undefined
      ? model.dimensions.element(node, [], 'batches')
      : model.dimensions.derived(node, [count], `batches of ${size}`, ([items = 0]) =>
          keepsRest ? Math.ceil(items / (step_ || 1)) : Math.floor((items - size) / (step_ || 1)) + 1,
        );
  const isOne = (over.length === 0 && summands.length === 1) || isJustOne(batches, summands);
  const index: Index = isOne ? [] : [batches];
  const data = unionOf(summands.map((summand) => summand.data));
  const item = new GatheredValue(
    generalOf(
      summands.map((summand) => summand.item),
      new Mark(`op${node.index}.element`, over, '', false, false, originOf(summands.map(({ item: one }) => one))),
    ),
    over,
    new Mark(`op${node.index}`, index, '', true, false, originOf(summands.map(({ item: one }) => one))),
    data,
    // Not one of each, but so many as there is room for.
    elementKinds(summands.map(fewer), ({ item: one }) => one),
  );
  const waits = model.waitsOfOne(summands);
  return [
    {
      index,
      selections: [],
      fewer: false,
      exactness: tallied(summands),
      optional: NOT_OPTIONAL,
      unsure: allSelections(summands),
      item,
      data: oneOf(summands.map((summand) => summand.data)),
      // What is left over waits for the end.
      waits: keepsRest ? union(waits, perhaps(model.upstreamOf(source.closes))) : waits,
    },
  ];
}

/** `buffer(size: 4)` of four items: there is nothing to tell apart. */
function isJustOne({ atom }: Dimension, summands: readonly Summand[]): boolean {
  const numbers = atom.derived?.from.map((count) => numberFor(count, ({ known }) => known)) ?? [];
  const areAll = numbers.length > 0 && numbers.every((one) => one !== undefined) && tallied(summands) === 'exact';
  return areAll && atom.derived?.of(numbers) === 1;
}

/** `.flatten().collate(2)` of pairs: what was taken apart is put together again. */
function regrouped({ model, node, source }: Step, size: number | undefined): Summand | undefined {
  const [summand] = source.summands;
  if (source.summands.length !== 1 || summand === undefined || size === undefined) return undefined;
  const parts = summand.index.find((dimension) => dimension.atom.known === size && dimension.origin === node.inputs[0]?.node);
  if (parts === undefined) return undefined;
  const index = model.dimensions.reduced([...summand.index.filter((dimension) => dimension !== parts), ...parts.within]);
  const item = new ListValue(
    Array.from({ length: size }, (_, at) => ItemValue.of(`op${node.index}.${at}`, index, '', true, false, originOf([summand.item]))),
  );
  return {
    ...summand,
    index,
    item,
    data: tiedTo(summand.data, index, model.dimensions),
    waits: tiedTo(summand.waits, index, model.dimensions),
  };
}

export function collectedInFiles(step: Step): readonly Summand[] {
  const { model, node, source, code } = step;
  const { summands } = source;
  if (summands.length === 0) return [];
  const data = unionOf(summands.map((summand) => summand.data));
  const waits = unionOf(summands.map((summand) => summand.waits));
  const named = node.args.named?.get('name') !== undefined || typeof node.args.positional[0] === 'string';
  let index: Index = [];
  let mayBeTexts = false;
  if (!named) {
    // `{ meta, text -> [ "${meta.id}.txt", text ] }`: a file for each name.
    const given = summands.map(({ item }) => (code === undefined ? item : evaluated(step, code, item)));
    const keys = given.map((item) => keyFactsOf(partOf(item, 0)));
    // Texts all go into one file, and of what a closure made up it is not known whether it is one.
    mayBeTexts = given.some((item) => item instanceof UnknownValue && !(item instanceof ItemValue || item instanceof GatheredValue));
    index = model.dimensions.reduced(keys.flatMap((key, at) => indexOfKey(step, key, (summands[at] as Summand).index)));
  }
  return [
    heldBack(step, {
      index,
      selections: [],
      fewer: false,
      exactness: index.length === 0 ? 'exact' : tallied(summands),
      optional: NOT_OPTIONAL,
      unsure: mayBeTexts || allSelections(summands),
      item: ItemValue.of(`op${node.index}`, index, '', true, false, originOf(summands.map(({ item }) => item))),
      data: tiedTo(data, index, model.dimensions),
      waits: tiedTo(waits, [], model.dimensions, node),
    }),
  ];
}
