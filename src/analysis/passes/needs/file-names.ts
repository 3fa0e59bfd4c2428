/** What the name of a file tells: how it comes to be opened, and whether two names can be one file's. */
import { declaredElements } from '../../../parser/graph/declared-elements.ts';
import type { MadeBy } from '../../../parser/graph/model/item-value.ts';
import { signatureOf } from '../../../parser/graph/process-io.ts';
import type { FileName } from '../../../parser/shell/script-reading.ts';
import type { Expression } from '../../../parser/syntax/nodes.ts';

/** Indexes and other files that tools open because of the file that they lie beside. */
export const LIES_BESIDE =
  /\.(bai|fai|csi|tbi|crai|gzi|dict|idx|index|ix|amb|ann|bwt|pac|sa|0123|bt2l?|ht2l?|mmi|sti|pgen|psam|pvar|bed|bim|fam|shx|dbf|prj|loc|gai|lst|pbi|fxi|stats|ckp(\.gz)?|contamination(\.table)?)$/i;

/** `*.bai`, `*.{amb,ann,bwt}`, `calls.vcf.gz.stats`. */
export function liesBeside(name: string): boolean {
  const [, head, choices] = /^(.*)\{([^{}]*)\}$/.exec(name) ?? [];
  return choices === undefined ? LIES_BESIDE.test(name) : choices.split(',').some((one) => LIES_BESIDE.test(`${head}${one}`));
}

/** Tokens of the environment; any program may look at other variables. */
export const SAYS_IT_ENDED = /(^|_)(done|ready|ok|ended|finished|completed?|token|signal|flag|dummy|status)\d*(_|$)/i;

/** Settings that a program looks for under a name of its own: `multiqc_config.yml`, `.condarc`, `snpEff.config`, `SampleSheet.csv`. */
export const IS_FOUND_BY_DEFAULT = /^\.|config|\.(conf|cfg|ini|toml|properties|ya?ml|rc)$|sample_?sheet|settings|^params\b/i;

/** `versions.yml`, `LOFREQ_OK`, `.repeats_done`: for whoever gathers versions, or waits. */
export function isForNoProgram(name: string): boolean {
  const base = name.slice(name.lastIndexOf('/') + 1).replace(/^\./, '');
  return (
    /^(software_)?versions?\.(ya?ml|txt)$/.test(base) ||
    /\.(done|ok|ready|finished)$/i.test(base) ||
    (SAYS_IT_ENDED.test(base) && /^\w+$/.test(base))
  );
}

/** What somebody has to name to have it opened: data, tables, reports. */
export const IS_NAMED_TO_BE_READ =
  /\.(txt|tsv|csv|json|html?|pdf|png|svg|jpe?g|log|err|out|ya?ml|md|xlsx?|rds|rda|rdata|h5ad|bam|sam|cram|vcf|bcf|fastq|fq|fa|fasta|fna|faa|ffn|gff3?|gtf|gbk?|bedgraph|bdg|bw|bigwig|bb|maf|nwk|newick|tree|aln|paf|mzml|xml|zip|report|metrics|summary|flagstat|idxstats|hist|depth|cov|coverage|narrowpeak|broadpeak|bedmethyl|kreport|counts?|tab|table|mtx|npz|npy|nc4?|grib2?|grb2?|pin|pepxml|hic|m?cool|pairs|bigbed|zarr|las|laz|geojson|geotiff|done|ok|ready|finished|sha256|md5|tbl|qv|treefile|iqtree|tiff?|mzid|mgf|kin0|sexcheck|imiss|lmiss|hwe|het|frq|eigenvec|selfsm|idxml|featurexml|consensusxml|trafoxml|traml|mztab|mzxml|interval_list|cn[nrs]|msh|nii|mgz|mif|tck|trk|pdb|pqr|pdbqt|cif|mol2|sdf|smi|mrcs?|ccp4|xtc|trr|gro|gpkg|parquet|bed(?=\.gz$))(\.(gz|bgz|xz|bz2|zst))?$/i;

/** Files of data, by what they are called, or by what a process calls them. None of them says which other files to open. */
export const IS_DATA =
  /\.(bam|sam|cram|vcf|bcf|fastq|fq|fa|fasta|fna|faa|ffn|gff3?|gtf|bed|bedgraph|bw|bigwig|maf|aln|paf|nwk|treefile|tree|mzml|raw|mgf|h5ad|h5|loom|mtx|tiff?|png|nii|dcm|mrcs?|ccp4|map|pdb|cif|mol2|sdf|smi|xtc|trr|gro|npy|npz|nc4?|grib2?|grb2?|pin|hic|m?cool|pairs|tsv|csv|counts|hist)(\.(gz|bgz|xz|bz2|zst))?$/i;
const CALLED_LIKE_DATA =
  /^(\w*_)?(bams?|crams?|sams?|vcfs?|bcfs?|gvcfs?|reads?|fastqs?|fqs?|r[12]|read[12]|fa|faa|fna|fastas?|genome|reference|assembly|asm|contigs?|scaffolds?|gff3?|gtf|beds?|bigwig|bw|aln|alignments?|aligned|msa|trees?|newick|nwk|mzmls?|spectra|raw|ncs?|netcdf|h5ads?|matrix|counts?|images?|tiff?|masks?|cells|labels|markers|targets|primers|sites|panel|peaks|barcodes|whitelist|types|quant|db|model|index)\d*$/i;

export function isCalledLikeData(input: string): boolean {
  return CALLED_LIKE_DATA.test(input);
}

/** Not one file of a folder. */
export const SEVERAL = /[*?[{]/;

/** Whether one name can fit two patterns: as they begin, and as they end. */
export function mayFit(one: string, other: string): boolean {
  const [[head, tail], [start, end]] = [endsOf(one), endsOf(other)];
  return (head.startsWith(start) || start.startsWith(head)) && (tail.endsWith(end) || end.endsWith(tail));
}

/** A word of a command, not within an input, is a pattern that the name fits: also behind an option that nobody knows. */
export function isFoundByPattern(command: string, name: string): boolean {
  // The ways of a `case`, and what a program for text is told to look for.
  const written = command.replace(/^[ \t]*[^\s()$`]+\)(?=\s)/gm, '').replace(/\b(sed|[ef]?grep|tr)\s(-\w+\s+)*'[^']*'/g, '');
  return (written.match(/[\w./${}-]*\*[\w.*-]*/g) ?? []).some(
    (word) => !/^\$[\w{}.]+\//.test(word) && mayFit(word.replace(/\$\{?[\w.]+\}?/g, '*'), name),
  );
}

/** Whether the name of a file can begin with what a command is told that names begin with. */
export function mayBegin(prefix: string, name: string): boolean {
  const [head] = prefix.replace(/^\.\//, '').split('\u0000') as [string];
  const [start] = name.slice(name.lastIndexOf('/') + 1).split(/[*?[{]/) as [string];
  return start.startsWith(head) || (head.startsWith(start) && start !== name);
}

/** What stands before the first part that is open, and behind the last. */
export function endsOf(pattern: string): readonly [string, string] {
  const base = pattern.slice(pattern.lastIndexOf('/') + 1);
  const parts = base.split(/[*?\u0000]|\[[^\]]*\]|\{[^}]*\}/);
  return [parts[0] as string, parts.at(-1) as string];
}

/**
 * Whether a name in a command can be that of a file with such a name, or, unless it is known to be the whole name (`isWhole`), be how it
 * begins.
 */
export function couldBe(read: FileName, pattern: string, isWhole: boolean): boolean {
  // What is staged lies in the task's folder.
  if (read.text.startsWith('/')) return false;
  const base = pattern.slice(pattern.lastIndexOf('/') + 1);
  const isOpen = /[*?{[]/.test(base);
  const head = base.split(/[*?{[]/)[0] as string;
  const tail = isOpen ? (/[^*?\]}]*$/.exec(base)?.[0] as string) : base;
  if (read.text.includes('\u0000')) {
    const pieces = read.text.split('\u0000');
    const [first, last] = [pieces[0] as string, pieces.at(-1) as string];
    const start = first.slice(first.lastIndexOf('/') + 1);
    return (
      (isOpen ? start.startsWith(head) || head.startsWith(start) : base.startsWith(start)) && (tail.endsWith(last) || last.endsWith(tail))
    );
  }
  if (!isOpen) return read.text === base || base.startsWith(`${read.text}.`);
  return read.text.startsWith(head) && (read.text.endsWith(tail) || (tail.startsWith('.') && !isWhole));
}

/** `${id}.bam`, which may well be what the file `bam` is called; `${prefix}` alone may be anything. */
export function mayBeNamedLike(input: string, { text, kind }: FileName): boolean {
  if (text === '\u0000') return kind === 'literal';
  const [, ending] = /^\u0000\.(\w+)(\.gz)?$/.exec(text) ?? [];
  if (ending === undefined) return false;
  const [word] = /bam|bai|csi|tbi|fai|cram|crai|sam|vcf|bcf|bed|fastq|fq|reads|fasta|fa|gtf|gff|tsv|csv|txt|json/i.exec(input) ?? [];
  return word === undefined ? IS_NAMED_TO_BE_READ.test(`.${ending}`) : word.toLowerCase() === ending.toLowerCase();
}

/** Surely that file, or one that it could be. */
export function mayName(name: FileName, path: string): boolean {
  const text = name.text.replace(/^\.\//, '');
  if (name.kind === 'anything') return true;
  // A file that has a name of its own in the folder of a sample is not called after the sample.
  const folder = /^(.*\/)\u0000$/.exec(text)?.[1]?.replaceAll('\u0000', '*');
  if (folder !== undefined && path.startsWith(folder) && !path.slice(folder.length).startsWith('*')) return false;
  if (name.kind === 'prefix') {
    const head = text.split('\u0000')[0] as string;
    // What begins with the name of a sample lies in no folder.
    if (head === '') return path.startsWith('*') || !path.includes('/');
    return path.startsWith(head);
  }
  if (name.kind === 'literal' && !text.includes('\u0000')) return text === path;
  let at = 0;
  for (const [index, piece] of text.split(/[*?\u0000]+/).entries()) {
    const found = path.indexOf(piece, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  // `out/….bam` is not `out/….bam.bai`.
  const last = text.split(/[*?\u0000]+/).at(-1) as string;
  return name.kind !== 'literal' || path.endsWith('*') || path.endsWith(last);
}

/** The name of a path output, with `*` for what is not known of it. */
export function nameOf({ call, output, element }: MadeBy): string | undefined {
  const declared = signatureOf(call.process).outputs[output];
  const expression: Expression | undefined =
    declared === undefined ? undefined : declaredElements(declared.statement).elements[element]?.expression;
  if (expression?.kind === 'ConstantExpression') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression?.kind !== 'GStringExpression') return undefined;
  return expression.parts.map((part) => (part.kind === 'GStringText' ? part.value : '*')).join('');
}

/** As `nameOf`, where it is the name of one file or folder and no pattern. */
export function singleNameOf(output: MadeBy): string | undefined {
  const made = nameOf(output)?.replace(/\/$/, '');
  // A `*` that stands for a hole is part of a name, one that is written of a pattern.
  const isPattern = SEVERAL.test(textOf(output));
  return isPattern ? undefined : made;
}

function textOf({ call, output, element }: MadeBy): string {
  const declared = signatureOf(call.process).outputs[output];
  const expression = declared === undefined ? undefined : declaredElements(declared.statement).elements[element]?.expression;
  if (expression?.kind === 'ConstantExpression') return String(expression.value);
  return expression?.kind === 'GStringExpression'
    ? expression.parts.map((part) => (part.kind === 'GStringText' ? part.value : '')).join('')
    : '';
}

/** With `*` for each hole, as names of outputs are written here. */
export function asPattern({ text }: Pick<FileName, 'text'>): string {
  return text.replaceAll('\u0000', '*').replace(/^\.\//, '').replace(/\/$/, '');
}
