/** Items of several channels on one: `mix`, `concat`, `ifEmpty`. */
import { ClosureValue } from '../../../evaluate/value.ts';
import type { ProcessCall } from '../../process-graph.ts';
import { type ChannelModel, shapeOf } from '../channel-model.ts';
import { allOf, NOT_OPTIONAL, NOTHING, union, unionOf, worst } from '../dependences.ts';
import { idsOf } from '../dimensions.ts';
import { GIVEN, generalOf, ItemValue, Mark, originOf, settled } from '../item-value.ts';
import type { Flow, Summand } from '../shapes.ts';
import { heldBack } from './gathered.ts';
import type { Step } from './step.ts';

/** Of an item of which not even the number of parts is known. */
export const MOST_PARTS = 6;

// -------------------------------------------------------------------------------------------------- several channels

export function mixed(model: ChannelModel, flows: readonly Flow[]): readonly Summand[] {
  return rejoined(
    madeOnce(
      model,
      flows.flatMap((flow) => flow.summands),
    ),
  );
}

/** Two optional outputs of one call, not one that both come from. */
export function areOfOne(one: Summand, two: Summand): boolean {
  for (const [call, output] of one.optional) {
    const other = two.optional.get(call);
    if (other !== undefined && other !== output) return true;
  }
  return false;
}

/** `P.out.bai.mix(P.out.csi)`: of two optional outputs of one call a task makes one, or one is there and not the other. */
function madeOnce(model: ChannelModel, summands: readonly Summand[]): readonly Summand[] {
  if (summands.filter((summand) => summand.optional.size > 0).length < 2) return summands;
  const kept: Summand[] = [];
  /** Where those of one shape stand that have an output of a call. */
  const places = new Map<string, Map<ProcessCall, number[]>>();
  for (const summand of summands) {
    const shape = shapeOf(summand);
    let alike = places.get(shape);
    if (alike === undefined) places.set(shape, (alike = new Map()));
    const candidates = [...summand.optional.keys()].flatMap((call) => alike.get(call) ?? []);
    const at = candidates.reduce((least, place) => {
      const other = kept[place] as Summand;
      return place < least && areOfOne(summand, other) && other.item !== summand.item ? place : least;
    }, kept.length);
    if (at === kept.length) {
      for (const call of summand.optional.keys()) {
        const some = alike.get(call);
        if (some === undefined) alike.set(call, [kept.length]);
        else some.push(kept.length);
      }
      kept.push(summand);
    } else {
      const other = kept[at] as Summand;
      for (const call of summand.optional.keys())
        if (other.optional.has(call))
          model.assumptions.add(`that a task of ${call.name} makes one of its optional outputs where they are mixed`);
      kept[at] = model.either([other, summand]);
    }
  }
  return kept;
}

/** Items that a branch parted are whole again when all of its labels come together with nothing between. */
function rejoined(summands: readonly Summand[]): readonly Summand[] {
  if (!summands.some(({ selections }) => selections.length > 0)) return summands;
  const left = [...summands];
  let alike = partsOf(left);
  for (let at = 0; at < left.length; at += 1) {
    const one = left[at] as Summand;
    const selection = one.selections.at(-1);
    if (selection === undefined) continue;
    const rest = one.selections.slice(0, -1);
    const parts = alike.get(partKey(one)) ?? [];
    if (parts.length !== selection.of) continue;
    const labels = new Set(parts.map(({ selections }) => selections.at(-1)?.label));
    if (labels.size !== selection.of) continue;
    const whole: Summand = {
      ...one,
      selections: rest,
      fewer: !selection.exhaustive || parts.some((part) => part.fewer),
      exactness: worst(parts),
      item: generalOf(
        parts.map(({ item }) => item),
        new Mark(`op${selection.node.index}.whole`, one.index, '', false, false, originOf(parts.map(({ item }) => item))),
      ),
      data: unionOf(parts.map(({ data }) => data)),
      waits: unionOf(parts.map(({ waits }) => waits)),
    };
    for (const part of parts) left.splice(left.indexOf(part), 1);
    left.splice(Math.min(at, left.length), 0, whole);
    alike = partsOf(left);
    at = -1;
  }
  return left;
}

/** Those that differ in the label of their last branch alone. */
function partsOf(summands: readonly Summand[]): ReadonlyMap<string, readonly Summand[]> {
  const found = new Map<string, Summand[]>();
  for (const summand of summands) {
    if (summand.selections.length === 0) continue;
    const key = partKey(summand);
    const some = found.get(key);
    if (some === undefined) found.set(key, [summand]);
    else some.push(summand);
  }
  return found;
}

function partKey({ selections, unsure, index }: Summand): string {
  const before = selections.slice(0, -1).map(({ node, label }) => `${node.index}.${label}`);
  return `${selections.at(-1)?.node.index} ${unsure} ${before.join()} ${idsOf(index)}`;
}

export function concatenated(step: Step): readonly Summand[] {
  const { node, source, others } = step;
  const all = [...source.summands];
  const closed = new Set(source.closes);
  for (const flow of others) {
    const wait = allOf(closed, node);
    for (const summand of flow.summands) all.push({ ...summand, waits: union(summand.waits, wait) });
    for (const call of flow.closes) closed.add(call);
  }
  return rejoined(all);
}

export function withDefault(step: Step): readonly Summand[] {
  const { source, node, code } = step;
  const { summands } = source;
  const given =
    code instanceof ClosureValue
      ? ItemValue.of(`op${node.index}`, [], '', true, false, GIVEN)
      : settled(node.args.positional[0] ?? null, `op${node.index}`, [], GIVEN);
  const fallback = heldBack(step, {
    index: [],
    selections: [],
    fewer: false,
    exactness: 'exact',
    optional: NOT_OPTIONAL,
    unsure: false,
    item: given,
    data: NOTHING,
    waits: NOTHING,
  });
  if (summands.length === 0) return [fallback];
  if (summands.some((summand) => !summand.unsure && !summand.fewer && summand.selections.length === 0)) return summands;
  return [...summands, { ...fallback, unsure: true }];
}
