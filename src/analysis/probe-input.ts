/** What the input of one sample is made of, and the commands that make a smaller one of it. Nothing here runs them. */
import type { ChannelModel } from '../parser/graph/model/channel-model.ts';
import { type Table, tableOf, UnreadableTable } from '../parser/pipeline/table.ts';
import { shellWord } from './nextflow-command.ts';

export interface SampleInput {
  /** One sample's, as a sheet names them; with `isMadeUp` names that stand for the user's own. */
  readonly files: readonly string[];
  readonly isMadeUp: boolean;
  /** Of `files` those that no command here makes smaller. */
  readonly uncut: readonly string[];
  /** The sheet's first line and that of the sample, where both are known. */
  readonly lines?: { readonly header: readonly string[]; readonly row: readonly string[] };
}

const FASTQ = /\.(fastq|fq)(\.gz)?$/i;
const ALIGNED = /\.(bam|cram)$/i;
const INDEX = /\.(bai|crai|csi|tbi)$/i;
/** A name with something behind a point that is no number. */
const FILE = /^\S[^\n]*\.[a-z]\w{1,9}(\.gz)?$/i;

/** @param given the sheet that the user names; else one that the pipeline reads and that is there @param pattern of files, where the pipeline is given such */
export function sampleInput(model: ChannelModel, given: Table | undefined, pattern: string | undefined): SampleInput {
  const rows = (given ?? sheetOf(model))?.rows ?? [];
  const row = rows.find((cells) => cells.some((cell) => FILE.test(cell)));
  if (row !== undefined) {
    const files = row.filter((cell) => FILE.test(cell) && !INDEX.test(cell));
    const [header] = rows;
    const uncut = files.filter((file) => !isCut(file));
    return { files, isMadeUp: false, uncut, ...(header !== undefined && header !== row && { lines: { header, row } }) };
  }
  const files = pattern === undefined ? kindsOf(model) : namesOf(pattern);
  return { files, isMadeUp: true, uncut: files.filter((file) => !isCut(file)) };
}

function isCut(file: string): boolean {
  return FASTQ.test(file) || ALIGNED.test(file);
}

/** The pipeline's own, or what the user's params name. */
function sheetOf({ sheets, graph }: ChannelModel): Table | undefined {
  for (const { path, form, listsSamples } of sheets.values()) {
    const text = path === undefined || !listsSamples || /\.(json|ya?ml)$/i.test(path) ? undefined : graph.code.textAt(path);
    if (text === undefined) continue;
    try {
      return tableOf(text, '', form);
    } catch (error) {
      if (!(error instanceof UnreadableTable)) throw error;
    }
  }
  return undefined;
}

/** `reads/*_{1,2}.fastq.gz`: one sample's two. */
function namesOf(pattern: string): readonly string[] {
  const last = pattern.replace(/^.*\//, '').replace(/\*+|\?+/g, 'SAMPLE');
  const [, before = '', choices, behind = ''] = /^(.*?)\{([^{}]*)\}(.*)$/.exec(last) ?? [];
  return choices === undefined ? [last] : choices.split(',').map((one) => `${before}${one}${behind}`);
}

/** What the schema of the sheet says of its files. Nothing: it is not seen. */
function kindsOf({ sheets, graph }: ChannelModel): readonly string[] {
  const patterns = [...sheets.values()].flatMap(({ schema, listsSamples }) => {
    const text = schema === undefined || !listsSamples ? undefined : graph.code.textAt(schema);
    return text === undefined ? [] : [...text.matchAll(/"pattern"\s*:\s*"((?:[^"\\]|\\.)*)"/g)].map(([, one]) => one as string);
  });
  const endings = patterns.flatMap((pattern) => /\\\\\.(.+?)\$?$/.exec(pattern)?.[1] ?? []);
  if (endings.some((ending) => /fastq|f\(ast\)\?q|\bfq\b/i.test(ending))) return ['SAMPLE_R1.fastq.gz', 'SAMPLE_R2.fastq.gz'];
  if (endings.some((ending) => /\b(bam|cram)\b/i.test(ending))) return ['SAMPLE.bam'];
  const other = endings.flatMap((ending) => /^\(?([a-z]\w{1,9})/i.exec(ending)?.[1] ?? []).find((ending) => !INDEX.test(`.${ending}`));
  return other === undefined ? [] : [`SAMPLE.${other}`];
}

/**
 * What makes a part of the sample's files in a folder, and the sheet that names them.
 * @param sheet its name; undefined: there is none to write
 */
export function prepareCommands(
  { files, lines }: SampleInput,
  { scale, folder, sheet }: { readonly scale: number; readonly folder: string; readonly sheet: string | undefined },
): readonly (readonly string[])[] {
  const isWhole = scale === 1;
  const cut = isWhole ? [] : files.filter(isCut);
  const hasIndex = lines?.row.some((cell) => INDEX.test(cell)) === true;
  const indexed = hasIndex ? cut.filter((file) => ALIGNED.test(file)) : [];
  const smaller = (cell: string): string =>
    isWhole || !FILE.test(cell) ? cell : INDEX.test(cell) ? indexOf(indexed, folder) : within(folder, cell);
  return [
    ...(isWhole ? [] : [['mkdir', '-p', folder]]),
    ...cut.map((file) => smallerFile(file, scale, folder)),
    ...indexed.map((file) => ['samtools', 'index', shellWord(within(folder, file))]),
    ...(lines === undefined || sheet === undefined ? [] : [sheetCommand([lines.header, lines.row.map(smaller)], sheet)]),
  ];
}

/** Reads are packed. */
function within(folder: string, file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return `${folder}/${FASTQ.test(name) ? name.replace(/(\.gz)?$/i, '.gz') : name}`;
}

function indexOf(aligned: readonly string[], folder: string): string {
  const [first] = aligned;
  return first === undefined ? '' : `${within(folder, first)}${isCram(first) ? '.crai' : '.bai'}`;
}

function isCram(file: string): boolean {
  return /\.cram$/i.test(file);
}

/** The same reads of both mates: the same seed. */
function smallerFile(file: string, scale: number, folder: string): readonly string[] {
  const to = shellWord(within(folder, file));
  if (ALIGNED.test(file))
    return ['samtools', 'view', isCram(file) ? '-C' : '-b', '-s', `42${String(scale).slice(1)}`, '-o', to, shellWord(file)];
  const [fetched, from] = fetchedBy(file);
  return [...fetched, 'seqtk', 'sample', '-s', '42', from, String(scale), '|', 'gzip', '>', to];
}

/** seqtk reads no addresses; samtools does. */
function fetchedBy(file: string): readonly [readonly string[], string] {
  const by: readonly (readonly [RegExp, readonly string[]])[] = [
    [/^(https?|ftp):\/\//, ['curl', '-sL', shellWord(file), '|']],
    [/^s3:\/\//, ['aws', 's3', 'cp', shellWord(file), '-', '|']],
    [/^gs:\/\//, ['gcloud', 'storage', 'cat', shellWord(file), '|']],
  ];
  const [, words] = by.find(([address]) => address.test(file)) ?? [];
  return words === undefined ? [[], shellWord(file)] : [words, '-'];
}

function sheetCommand(lines: readonly (readonly string[])[], sheet: string): readonly string[] {
  const isTabbed = /\.(tsv|txt)$/i.test(sheet);
  const quoted = (cell: string): string => (!isTabbed && /[",]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const texts = lines.map((cells) => cells.map(quoted).join(isTabbed ? '\\t' : ','));
  return ['printf', isTabbed ? "'%b\\n'" : "'%s\\n'", ...texts.map(shellWord), '>', shellWord(sheet)];
}
