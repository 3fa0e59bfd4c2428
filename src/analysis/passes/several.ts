/** Whether a channel shows any sign of carrying several items: a sheet, a pattern, a splitter, a number above one. */
import { ListValue, PathValue } from '../../parser/evaluate/value.ts';
import type { Channels } from '../../parser/graph/channels.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { type Atom, numberFor } from '../../parser/graph/model/count.ts';
import { type Dimension, tellsSamples } from '../../parser/graph/model/dimensions.ts';
import type { Flow, Summand } from '../../parser/graph/model/shapes.ts';
import type { Sheet } from '../../parser/graph/model/sheets.ts';
import type { SourceNode } from '../../parser/graph/process-graph.ts';

interface Asked {
  readonly model: ChannelModel;
  readonly channels: Channels;
}

/** How sure it is that there are several. */
export type Several = 'certain' | 'likely';

/** undefined: there may well be one, which is all that the pipeline is made for. */
export function evidenceOfSeveral(context: Asked, { summands }: Flow): Several | undefined {
  const found = summands.filter(({ unsure }) => !unsure).map((summand) => evidenceOfSummand(context, summand));
  return found.includes('certain') ? 'certain' : found.find((one) => one !== undefined);
}

/** Nothing that its items are made of, or were grouped of, shows any sign of several. */
export function isOfOne(context: Asked, { index }: Pick<Summand, 'index'>): boolean {
  return index.every((one) =>
    one.quotientOf.length > 0 ? isOfOne(context, { index: one.quotientOf }) : evidenceOfDimension(context, one) === undefined,
  );
}

function evidenceOfSummand(context: Asked, { index, fewer, selections, exactness }: Summand): Several | undefined {
  const found = index.map((dimension) => evidenceOfDimension(context, dimension));
  if (found.includes('certain')) return fewer || selections.length > 0 || exactness === 'at most' ? 'likely' : 'certain';
  return found.find((one) => one !== undefined);
}

const NAMES_A_REGION = /chr|contig|interval|region|scaffold/i;

function evidenceOfDimension(context: Asked, dimension: Dimension): Several | undefined {
  const { origin, atom, key, quotientOf, copyOf, within } = dimension;
  if (copyOf !== undefined) return evidenceOfDimension(context, copyOf);
  if (quotientOf.length > 0) {
    // By a flag, or what is the same in the whole run, there is one group.
    const tells = key !== undefined && key.shown !== '' && (tellsSamples(key.shown) || NAMES_A_REGION.test(key.shown));
    if (!tells || (origin.type === 'operator' && /^(unique|distinct)$/.test(origin.name))) return undefined;
    return quotientOf.some((base) => evidenceOfDimension(context, base) !== undefined) ? 'likely' : undefined;
  }
  const outer = within.map((one) => evidenceOfDimension(context, one));
  if (outer.includes('certain')) return 'certain';
  if (atom.known !== undefined) return atom.known > 1 ? 'certain' : undefined;
  if (atom.derived !== undefined) return evidenceOfDerived(context, atom.derived);
  if (origin.type === 'source') return isOfSeveral(origin) ? 'certain' : 'likely';
  if (origin.type === 'operator' && /^split(Csv|Json|Text)$/.test(origin.name)) {
    const made = [...context.channels.above(origin.inputs, () => true)].some((node) => node.type === 'call');
    if (!made) return 'certain';
    if (isCheckedSheet(context.model.sheets.get(dimension))) return 'likely';
    // Another table that a task wrote may have a single row.
    return outer.find((one) => one !== undefined);
  }
  return 'likely';
}

/** The user's own list of samples, which a task has looked over and handed on. */
function isCheckedSheet(sheet: Sheet | undefined): boolean {
  if (sheet === undefined || !sheet.listsSamples || !/sheet|design|manifest|input/i.test(sheet.checkedBy ?? '')) return false;
  return sheet.path === undefined || /\.(csv|tsv|tab|txt)$/i.test(sheet.path);
}

/** Batches, pairs, the first few: as many as follow from what they are made of. */
function evidenceOfDerived(context: Asked, { from, of }: NonNullable<Atom['derived']>): Several | undefined {
  const numbers = from.map((count) => numberFor(count, ({ known }) => known));
  if (numbers.every((number) => number !== undefined)) return of(numbers) > 1 ? 'certain' : undefined;
  const atoms = new Set(from.flatMap(({ terms }) => terms.flatMap((term) => term.atoms)));
  const { all } = context.model.dimensions;
  return all.some((one) => atoms.has(one.atom) && one.atom.known === undefined && evidenceOfDimension(context, one) !== undefined)
    ? 'likely'
    : undefined;
}

/** The user lists samples there, or names files by a pattern. */
function isOfSeveral({ factory, text, args }: SourceNode): boolean {
  if (factory === 'fromFilePairs' || factory === 'fromSamplesheet' || /\bsamplesheetToList\b/.test(text)) return true;
  if (factory !== 'fromPath') return false;
  const [first = null] = args.positional;
  const paths = first instanceof ListValue ? first.items : [first];
  return paths.some((path) => /[*?{[]/.test(path instanceof PathValue ? path.path : typeof path === 'string' ? path : ''));
}
