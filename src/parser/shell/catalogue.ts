/** What is known of command-line tools, by name and subcommand: `catalogue/tools.json` for those of bioinformatics, `tools-shell.json` for the shell's own. */

import tools from '../../../catalogue/tools.json' with { type: 'json' };
import shellTools from '../../../catalogue/tools-shell.json' with { type: 'json' };
import type { ToolSpec } from './tool-spec.ts';

/** What lies beside the files of a kind: `"companions": "bam fasta"` in a row is short for both of these. */
const BESIDE: Readonly<Record<string, NonNullable<ToolSpec['companions']>>> = {
  bam: { '.bam': ['.bam.bai', '.bai', '.bam.csi', '.csi'] },
  cram: { '.cram': ['.cram.crai', '.crai'] },
  vcf: { '.vcf.gz': ['.vcf.gz.tbi', '.vcf.gz.csi'] },
  bcf: { '.bcf': ['.bcf.csi'] },
  'plain-vcf': { '.vcf': ['.vcf.idx'] },
  fasta: ofFasta([]),
  'fasta-dict': ofFasta(['.dict']),
  mif: { '.mih': ['.dat'], '.hdr': ['.img'], '.img': ['.hdr'] },
  fsl: ofFsl(),
  itk: {
    '.hdr': ['.img', '.img.gz'],
    '.img': ['.hdr'],
    '.img.gz': ['.hdr'],
    '.mhd': ['.raw', '.zraw'],
    '.nhdr': ['.raw', '.raw.gz', '.img', '.img.gz', '.nrrd'],
  },
};

/** FSL takes the ending off an image's name, if there is one, and opens whichever of these is there (fslio.c: FslMakeBaseName, FslGetHdrImgNames). */
function ofFsl(): NonNullable<ToolSpec['companions']> {
  const endings = ['.nii.gz', '.nii', '.hdr.gz', '.hdr', '.img.gz', '.img'];
  return { ...Object.fromEntries(endings.map((ending) => [ending, endings.filter((other) => other !== ending)])), '*': endings };
}

function ofFasta(more: readonly string[]): NonNullable<ToolSpec['companions']> {
  const endings = ['.fa', '.fasta', '.fna'];
  return Object.fromEntries([
    ...endings.map((ending) => [ending, [`${ending}.fai`, ...more]]),
    ...endings.map((ending) => [`${ending}.gz`, [`${ending}.gz.fai`, `${ending}.gz.gzi`, ...more]]),
  ]);
}

/** A row as it stands in the file. */
type WrittenSpec = Omit<ToolSpec, 'companions' | 'makes'> & Readonly<Record<'companions' | 'makes', string | ToolSpec['companions']>>;

function inFull(written: WrittenSpec): ToolSpec {
  const { companions, makes } = written;
  if (typeof companions !== 'string' && typeof makes !== 'string') return written as ToolSpec;
  return {
    ...written,
    ...(companions === undefined ? {} : { companions: endingsOf(companions) }),
    ...(makes === undefined ? {} : { makes: endingsOf(makes) }),
  } as ToolSpec;
}

function endingsOf(beside: string | ToolSpec['companions']): ToolSpec['companions'] {
  return typeof beside === 'string' ? Object.assign({}, ...beside.split(' ').map((kind) => BESIDE[kind])) : beside;
}

interface Entry {
  /** Holds however the tool is called. */
  general: ToolSpec | undefined;
  readonly subcommands: Map<string, ToolSpec>;
  /** Of its subcommands: `--runMode genomeGenerate`. */
  readonly ofSeveralWords: string[];
}

let entries: ReadonlyMap<string, Entry> | undefined;

function catalogue(): ReadonlyMap<string, Entry> {
  if (entries !== undefined) return entries;
  const made = new Map<string, Entry>();
  for (const written of [...(tools as unknown as WrittenSpec[]), ...(shellTools as unknown as WrittenSpec[])]) {
    const spec = inFull(written);
    const entry = made.get(spec.tool) ?? { general: undefined, subcommands: new Map<string, ToolSpec>(), ofSeveralWords: [] };
    if (spec.subcommand === undefined) entry.general ??= spec;
    else if (!entry.subcommands.has(spec.subcommand)) {
      entry.subcommands.set(spec.subcommand, spec);
      if (spec.subcommand.includes(' ')) entry.ofSeveralWords.push(spec.subcommand);
    }
    made.set(spec.tool, entry);
  }
  entries = made;
  return made;
}

/** The row for a tool and its subcommand; that of the tool alone where no row names the subcommand. */
export function toolSpec(name: string, subcommand?: string): ToolSpec | undefined {
  const entry = catalogue().get(name);
  return (subcommand === undefined ? undefined : rowOf(name, subcommand)) ?? entry?.general;
}

/** GATK 4 brings all of Picard with it: `gatk CollectHsMetrics`. */
function rowOf(name: string, subcommand: string): ToolSpec | undefined {
  const own = catalogue().get(name)?.subcommands.get(subcommand);
  return own ?? (name === 'gatk' ? catalogue().get('picard')?.subcommands.get(subcommand) : undefined);
}

/** Whether the word is a subcommand of the tool with a row of its own. */
function isSubcommand(name: string, word: string): boolean {
  return rowOf(name, word) !== undefined;
}

/** The row's subcommand that the words hold, and where: one of several words, `cload pairs`, before one of its first. */
export function subcommandIn(name: string, words: readonly string[]): { readonly at: number; readonly subcommand: string } | undefined {
  for (const subcommand of catalogue().get(name)?.ofSeveralWords ?? []) {
    const wanted = subcommand.split(' ');
    const at = words.findIndex((_, index) => wanted.every((word, next) => words[index + next] === word));
    if (at >= 0) return { at, subcommand };
  }
  const at = words.findIndex((word) => isSubcommand(name, word));
  return at < 0 ? undefined : { at, subcommand: words[at] as string };
}

/** Whether anything is known of the tool, be it of other subcommands. */
export function isInCatalogue(name: string): boolean {
  return catalogue().has(name);
}

/** `/opt/picard-2.27.jar`: `picard`. undefined: the word names no archive. */
export function toolOfArchive(word: string): string | undefined {
  // Most words are none, and the expression looks for the end of each from every letter on.
  if (!word.endsWith('.jar')) return undefined;
  return /([A-Za-z][A-Za-z0-9]*)[\w.-]*\.jar$/.exec(word)?.[1]?.toLowerCase();
}

/** All rows of a tool: that for it alone, and those of its subcommands. */
export function rowsOf(name: string): readonly ToolSpec[] {
  const entry = catalogue().get(name);
  if (entry === undefined) return [];
  return [...(entry.general === undefined ? [] : [entry.general]), ...entry.subcommands.values()];
}

export function hasSubcommands(name: string): boolean {
  return (catalogue().get(name)?.subcommands.size ?? 0) > 0;
}

const shellSpecs: ReadonlySet<unknown> = new Set<unknown>(shellTools);

/** A row of the shell's own: a builtin, a coreutil, an archiver. */
export function isOfShell(spec: ToolSpec): boolean {
  return shellSpecs.has(spec);
}
