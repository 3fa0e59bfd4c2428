/**
 * Counts that one run shows, for a run of another size: what is counted by the same items grows with them, in the same shares; everything else is
 * as it was.
 */
import type { Known } from './binding.ts';
import type { ChannelModel } from './channel-model.ts';
import type { Atom } from './count.ts';
import { closureOf, type Dimension, type Index, tellsSamples } from './dimensions.ts';

/** How many of something a run had; undefined: it does not show that. */
type NumberOf = (atom: Atom) => number | undefined;

/** @param number of the items of `dimension`, in place of those that the run had */
export function carriedTo(
  model: ChannelModel,
  shown: ReadonlyMap<Atom, Known>,
  numberOf: NumberOf,
  dimension: Dimension,
  number: number,
): ReadonlyMap<Atom, Known> {
  const ran = ranOf(model, numberOf, dimension);
  if (ran === undefined || ran === 0 || ran === number) return shown;
  const family = familyOf(model, dimension);
  const grows = ({ atom, key }: Dimension): boolean => key === undefined || tellsSamples(key.shown) || numberOf(atom) === ran;
  const growing = new Set<Atom>(model.dimensions.all.filter((one) => family.has(one) && grows(one)).map(({ atom }) => atom));
  for (const { atom, base } of model.dimensions.selected())
    if ([...closureOf(base)].some((one) => family.has(one) && grows(one))) growing.add(atom);
  return new Map(
    [...shown].map(([atom, known]): [Atom, Known] => {
      if (!growing.has(atom)) return [atom, known];
      const many = atom === dimension.atom ? number : Math.round((known.number * number) / ran);
      return [atom, { number: many, basis: 'assumed', from: `${known.from}, for ${ran} ${dimension.atom.name}` }];
    }),
  );
}

/** How many of them a run had. Where no call is counted by them: those that have one of a branch's labels together, or the most that others show there were. */
export function ranOf(model: ChannelModel, numberOf: NumberOf, dimension: Dimension): number | undefined {
  const told = numberOf(dimension.atom);
  if (told !== undefined) return told;
  const family = familyOf(model, dimension);
  const byBranch = new Map<object, number>();
  for (const { atom, base, selections } of model.dimensions.selected()) {
    const [only, more] = selections;
    if (only === undefined || more !== undefined || !isOf(base, family)) continue;
    byBranch.set(only.node, (byBranch.get(only.node) ?? 0) + (numberOf(atom) ?? 0));
  }
  const others = [...family].flatMap(({ atom, key }) => (key !== undefined && tellsSamples(key.shown) ? (numberOf(atom) ?? 0) : 0));
  const most = Math.max(0, ...byBranch.values(), ...others);
  return most === 0 ? undefined : most;
}

function isOf([only, more]: Index, family: ReadonlySet<Dimension>): boolean {
  return only !== undefined && more === undefined && family.has(only);
}

/** All that tells apart the items that it does, or gathers them; of samples, in all sheets and listings of them. */
function familyOf(model: ChannelModel, dimension: Dimension): ReadonlySet<Dimension> {
  const { all } = model.dimensions;
  const roots = new Set([rootOf(dimension)]);
  if (isNamedSamples(dimension)) {
    for (const one of all) if (isNamedSamples(one)) roots.add(rootOf(one));
    const sheets = [...model.sheets.values()];
    for (const { rows, listsSamples } of sheets) if (listsSamples || sheets.length === 1) roots.add(rootOf(rows));
  }
  return new Set(all.filter((one) => roots.has(rootOf(one))));
}

function isNamedSamples({ atom }: Dimension): boolean {
  return /^samples( \d+)?$/.test(atom.name);
}

function rootOf(dimension: Dimension): Dimension {
  const [only, more] = dimension.copyOf === undefined ? dimension.quotientOf : [dimension.copyOf];
  return only === undefined || more !== undefined ? dimension : rootOf(only);
}
