/**
 * From all that says how many there are to one binding. What the user gives by name goes first, then the sheet that the user names, then
 * the trace, then sheets that the pipeline names, then what the script says.
 */
import type { CoverageNote } from '../../pipeline/pipeline.ts';
import { type Table, tableOf, tableOfRows, UnreadableTable } from '../../pipeline/table.ts';
import { type TraceMatch, taskCountsOf } from '../trace-matches.ts';
import { Binding, type Known, UnknownCount } from './binding.ts';
import { carriedTo, ranOf } from './carried-counts.ts';
import type { ChannelModel } from './channel-model.ts';
import type { Atom } from './count.ts';
import type { Dimension } from './dimensions.ts';
import { quotientsOf, sheetCounts } from './sheet-counts.ts';
import type { Sheet } from './sheets.ts';
import { type TraceCounts, traceCounts } from './trace-counts.ts';

export interface CountEvidence {
  /** By the names of dimensions. */
  readonly sizes?: ReadonlyMap<string, number> | undefined;
  readonly samplesheet?: Table | undefined;
  /** Runs of the pipeline. The first says how many there are. */
  readonly runs?: readonly TraceMatch[] | undefined;
}

export interface BoundCounts {
  readonly binding: Binding;
  readonly notes: readonly CoverageNote[];
}

/** All tasks must have been worked out: then all dimensions are there. @throws UnknownCount */
export function bindCounts(model: ChannelModel, evidence: CountEvidence): BoundCounts {
  const given = inFull(model, evidence.sizes ?? new Map<string, number>());
  const notes: CoverageNote[] = [];
  checkNames(model, given, notes);
  const found = new Map<Atom, Known>();
  if (evidence.samplesheet !== undefined) useSheet(model, evidence.samplesheet, found, notes);
  const bySheet = new Map(found);
  const [first, ...others] = evidence.runs ?? [];
  if (first !== undefined) useTrace(model, first, given, found, notes);
  for (const other of others) compareRuns(model, other, given, bySheet, found, notes);
  useNamedSheets(model, given, found, notes);
  return { binding: new Binding(model, given, found), notes };
}

/** Whoever says `files` means `files of SPLIT_GENOME`, where nothing else is called so. @throws UnknownCount where several are */
function inFull(model: ChannelModel, given: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const names = new Set(model.dimensions.names());
  return new Map(
    [...given].map(([name, number]) => {
      const meant = names.has(name) ? [name] : namesToGive(model).filter((one) => one.startsWith(`${name} of `));
      if (meant.length > 1) throw new UnknownCount(name, meant);
      return [meant[0] ?? name, number];
    }),
  );
}

function checkNames(model: ChannelModel, given: ReadonlyMap<string, number>, notes: CoverageNote[]): void {
  for (const name of new Binding(model, given).unused) {
    const known = namesToGive(model);
    if (name !== 'samples') throw new UnknownCount(name, known);
    notes.push({
      message: 'a number of samples was given, and nothing in this pipeline is counted by samples',
      hint: known.length === 0 ? 'it has no counts that could be given' : `--set-size gives what it has: ${known.slice(0, 12).join(', ')}`,
    });
  }
}

/** Not what follows from others, and not what the script says. */
function namesToGive({ dimensions }: ChannelModel): string[] {
  const named = dimensions.all.filter(({ atom, copyOf }) => atom.derived === undefined && atom.known === undefined && copyOf === undefined);
  return [...new Set([...named.map(({ atom }) => atom.name), ...dimensions.selectedNames()])];
}

function useSheet(model: ChannelModel, table: Table, found: Map<Atom, Known>, notes: CoverageNote[]): void {
  const sheets = [...model.sheets.values()];
  const main = sheets.filter(({ listsSamples }) => listsSamples);
  const [only] = sheets;
  const meant = main.length > 0 ? main : sheets.length === 1 && only !== undefined ? [only] : [];
  for (const sheet of meant) addTo(found, countsOf(model, sheet, table));
  if (meant.length > 0) return;
  notes.push({
    message: `${table.name} is not counted: the pipeline is not seen to read a sheet of samples`,
    hint: 'splitCsv, samplesheetToList and fromSamplesheet are; --samples and --set-size give numbers by name',
  });
}

function useTrace(
  model: ChannelModel,
  trace: TraceMatch,
  given: ReadonlyMap<string, number>,
  found: Map<Atom, Known>,
  notes: CoverageNote[],
): void {
  const { found: more, calls, doubted } = countsFor(model, trace, given, found);
  for (const [atom, known] of more) found.set(atom, known);
  // A trace of which nothing is used says so itself.
  if (calls === 0 && trace.rowsOf.size > 0) {
    const ran = taskCountsOf(trace).some(([, tasks]) => tasks > 0);
    notes.push(
      ran
        ? {
            message: `${trace.run.name} does not tell how many samples there are: no process in it is a call here whose tasks can be counted`,
            hint: 'is it of this pipeline, and under these params?',
          }
        : {
            message: `${trace.run.name} does not tell how many samples there are: none of its tasks ran to its end`,
            hint: 'give the trace of a run that did',
          },
    );
  }
  for (const { atom, others } of doubted) {
    const known = found.get(atom) as Known;
    notes.push({
      message: `${known.number} ${atom.name} from ${known.from}; ${others.slice(0, 3).join(', ')}${others.length > 3 ? ` and ${others.length - 3} more` : ''} would have it otherwise`,
      taken: true,
      hint: `--set-size "${atom.name}=N" decides`,
    });
  }
}

/** What a run shows, for as many as the user or the sheet says: perhaps others than that run had. */
function countsFor(
  model: ChannelModel,
  trace: TraceMatch,
  given: ReadonlyMap<string, number>,
  bySheet: ReadonlyMap<Atom, Known>,
): TraceCounts {
  const own = new Binding(model, new Map(), traceCounts(model, trace, new Map(), new Map()).found);
  const saidOf = ({ atom }: Dimension): number | undefined => given.get(atom.name) ?? bySheet.get(atom)?.number;
  const others = model.dimensions.all.flatMap((dimension) => {
    const [number, ran] = [saidOf(dimension), ranOf(model, (atom) => own.numberOf(atom), dimension)];
    return number === undefined || ran === undefined || number === ran ? [] : [{ dimension, number }];
  });
  if (others.length === 0) return traceCounts(model, trace, given, bySheet);
  const isOther = (name: string): boolean => others.some(({ dimension: { atom } }) => atom.name === name);
  const counts = traceCounts(
    model,
    trace,
    new Map([...given].filter(([name]) => !isOther(name))),
    new Map([...bySheet].filter(([{ name }]) => !isOther(name))),
  );
  // Samples and rows of their sheet grow together: once.
  const [{ dimension, number }] = [...others].sort((one, two) => rank(one.dimension) - rank(two.dimension)) as [(typeof others)[number]];
  const ran = new Binding(model, new Map(), counts.found);
  const found = carriedTo(model, counts.found, (atom) => ran.numberOf(atom), dimension, number);
  return { ...counts, found: new Map([...found, ...bySheet]) };
}

function rank({ atom }: Dimension): number {
  return atom.name === 'samples' ? 0 : 1;
}

/** Runs at several sizes are timed together; how many there are one of them alone can say. */
function compareRuns(
  model: ChannelModel,
  other: TraceMatch,
  given: ReadonlyMap<string, number>,
  bySheet: ReadonlyMap<Atom, Known>,
  found: ReadonlyMap<Atom, Known>,
  notes: CoverageNote[],
): void {
  const differing = [...traceCounts(model, other, given, bySheet).found].filter(([atom, { number }]) => {
    const used = found.get(atom);
    return used !== undefined && used.number !== number;
  });
  const [some] = differing;
  if (some === undefined) return;
  const [atom, { number, from }] = some;
  const used = found.get(atom) as Known;
  const more = differing.length === 1 ? '' : `, and ${differing.length - 1} other counts differ`;
  notes.push({
    message: `${number} ${atom.name} from ${from}, but ${used.number} from ${used.from}, which is used${more}`,
    taken: true,
    hint: 'name first the trace whose counts are meant, or give them with --samples and --set-size',
  });
}

/** Sheets of the pipeline's own and of the user's params, where nothing else tells of them: another sheet may be meant. */
function useNamedSheets(model: ChannelModel, given: ReadonlyMap<string, number>, found: Map<Atom, Known>, notes: CoverageNote[]): void {
  const said = new Set<string>();
  for (const sheet of model.sheets.values()) {
    const { path, rows } = sheet;
    const about = [rows, ...quotientsOf(model.dimensions, rows)];
    if (path === undefined || about.some(({ atom }) => given.has(atom.name) || found.has(atom))) continue;
    const text = model.graph.code.textAt(path);
    if (text === undefined) continue;
    const name = path.slice(path.lastIndexOf('/') + 1);
    try {
      const table = /\.json$/i.test(name) ? tableOfJson(text, name) : /\.ya?ml$/i.test(name) ? undefined : tableOf(text, name, sheet.form);
      if (table !== undefined) addTo(found, countsOf(model, sheet, table));
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
      if (said.has(path)) continue;
      said.add(path);
      notes.push({ message: `a sheet could not be read, so its rows are not counted: ${error.message}`, hint: error.hint });
    }
  }
}

function tableOfJson(text: string, name: string): Table {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnreadableTable(`${name}: it is no JSON`, 'Nextflow could not read it either');
    throw error;
  }
  return tableOfRows(value, name);
}

function countsOf(model: ChannelModel, sheet: Sheet, table: Table): Map<Atom, Known> {
  const { code } = model.graph;
  return sheetCounts(model.dimensions, sheet, table, sheet.schema === undefined ? undefined : code.textAt(sheet.schema));
}

function addTo(found: Map<Atom, Known>, more: ReadonlyMap<Atom, Known>): void {
  for (const [atom, known] of more) found.set(atom, known);
}
