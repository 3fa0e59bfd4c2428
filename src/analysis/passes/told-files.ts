/** Programs of which nothing is known: whether they open a file that lies in their folder and that nobody names to them. */
import type { Command, ScriptStep } from '../../parser/shell/script-reading.ts';

interface Asked {
  /** Of the file, with `*` for what is not known. */
  readonly name: string;
  /** It is given one of them, and no list. */
  readonly isOne: boolean;
  /** What an input brings holds data, and cannot name other files. */
  readonly isData: (input: string) => boolean;
  /** The text of a program that the pipeline brings with it. */
  readonly programOf: (name: string) => string | undefined;
}

/**
 * It is handed its data one by one, and nothing that could name another file; it is not there to gather what it finds; and the file is
 * called after its sample, so that no program has its name in it. Of a program of the pipeline's own the text speaks: it looks in no
 * folder, and has no such name in it.
 */
export function isToldAll(
  { reads }: ScriptStep,
  { name, ownCode, range }: Command,
  { name: file, isOne, isData, programOf }: Asked,
): boolean {
  if (name === undefined || RUNS_CODE.test(name) || GATHERS.test(name)) return false;
  // Of many, a program looks for those that belong to what it does.
  if (!isOne && !IS_FOR_PEOPLE.test(file)) return false;
  const handed = reads.flatMap(({ input }) => (input === undefined ? [] : [input]));
  if (handed.length === 0 || !handed.every(isData)) return false;
  if (reads.some(({ kind, input }) => kind === 'anything' || (kind === 'pattern' && input === undefined))) return false;
  if (reads.some(({ input, text }) => input === undefined && NAMES_FILES_IN_IT.test(text))) return false;
  if (LOOKS_IN_FOLDER.test(range.file.slice(range))) return false;
  const text = programOf(name);
  if (text === undefined) return ownCode !== true && (file.startsWith('*') || IS_FOR_PEOPLE.test(file));
  const words = file.split(/[*/]+/).filter((word) => /\w{2}/.test(word));
  return !SEARCHES.test(text) && !words.some((word) => text.includes(word)) && !text.includes(endingOf(file));
}

function endingOf(file: string): string {
  return /\.\w+$/.exec(file)?.[0] ?? file;
}

const RUNS_CODE =
  /^(python|Rscript|R$|perl|ruby|java|julia|node|bash|sh$|php|matlab|octave|nextflow|snakemake|make$|docker|singularity|jupyter|papermill|quarto|gnuplot|\w*tex|pandoc|tclsh|expect|lua|awk|gawk|jq|paup\*?|mb|hyphy|beast\d?|codeml|baseml|structure)/i;

/** Reports, and joins of what lies there. */
const GATHERS =
  /report|summar|multi|merge|aggregat|gather|collect|combin|concat|dashboard|render|notebook|stitch|assembl|batch|workflow|pipeline|wrapper/i;

/** Pictures, pages and marks that no program reads. */
const IS_FOR_PEOPLE = /\.(pdf|png|svg|jpe?g|html?|log|done|ok|ready|finished)$/i;

/** What can say which other files to open. */
const NAMES_FILES_IN_IT = /\.(list|fofn|ya?ml|json|toml|ini|cfg|conf|config|xml|txt|lst|spec|ctl|py|r|pl|sh|awk|sql|tex)$/i;

/** `--dir .`, `$PWD`, `-i ./`. */
const LOOKS_IN_FOLDER = /(^|[\s=])(\.\/?|["']?\\?\$\{?PWD\}?["']?)(\s|$)|--?(in)?(dir|folder|directory|path|workdir)\b/i;

/** In Python, R, Perl and others: to list a folder, or to ask what is there. */
const SEARCHES =
  /\b(glob|listdir|scandir|iterdir|walk|rglob|list\.files|list_files|dir_ls|Sys\.glob|readdir|opendir|file\.exists|exists|isfile|is_file|getcwd|getwd|dir)\s*\(|\bglob\b|<\*/;
