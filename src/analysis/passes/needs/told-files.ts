/** Programs of which nothing is known: whether they open a file that lies in their folder and that nobody names to them. */
import type { Command, FileName, ScriptStep } from '../../../parser/shell/script-reading.ts';
import { isForNoProgram, mayFit } from './file-names.ts';
import { mayOpen } from './own-code.ts';
import type { Program } from './own-programs.ts';
import { quoted } from './script-text.ts';

interface Asked {
  /** Of the file, with `*` for what is not known. */
  readonly name: string;
  /** It is given one of them, and no list. */
  readonly isOne: boolean;
  /** What an input brings holds data, and cannot name other files. */
  readonly isData: (input: string) => boolean;
  /** What an input brings may say which other files there are: a list, or what whoever made the file tells of it. */
  readonly mayNameFiles: (input: string) => boolean;
  /** Its maker calls it after a file that it is given, with an ending more. */
  readonly isNamedAfterInput: boolean;
  /** The script of its maker has its name in it: whoever wrote the pipeline chose it. */
  readonly isChosen: boolean;
  /** Inputs that are files. */
  readonly inputs: readonly string[];
  /** Names of files that the script itself writes. */
  readonly own: ReadonlySet<string>;
  /** What it runs, where the pipeline brings that with it, and it is Python or R. */
  readonly programOf: (command: Command) => Program | undefined;
}

/**
 * It is handed its data one by one, and nothing that could name another file; it is not there to gather what it finds; and the file is
 * called after its sample, or by whoever wrote the pipeline and also told the program its result, so that no program has its name in it. Of a program of the pipeline's own the text speaks: it looks in no
 * folder, and has no such name in it.
 */
export function isToldAll(
  { reads, writes }: ScriptStep,
  command: Command,
  { name: file, isOne, isData, mayNameFiles, isNamedAfterInput, isChosen, inputs, own, programOf }: Asked,
): boolean {
  const { ownCode, range } = command;
  const written = range.file.slice(range);
  // `java -jar Tool.jar`: that tool.
  const name = command.name === 'java' ? (/\s-jar\s+\S*?([\w.-]+)\.jar\s/.exec(written)?.[1] ?? 'java') : command.name;
  const program = programOf(command);
  const code = program?.code;
  if (name === undefined || (RUNS_CODE.test(name) && code === undefined) || GOES_ON.test(written)) return false;
  // No program looks for a mark that somebody has ended, unless its text speaks of such marks.
  const ending = /\.\w+$/.exec(file)?.[0] ?? file;
  const isUnspoken = ownCode === true ? code !== undefined && !code.includes(ending) : !/version/i.test(name);
  if (isForNoProgram(file) && isUnspoken)
    return !LOOKS_IN_FOLDER.test(written) && !reads.some(({ kind }) => kind === 'anything' || kind === 'pattern');
  if (GATHERS.test(name)) return false;
  const isSeen = program !== undefined;
  // It may look for it, make its name up, or run other code.
  if (isSeen && mayOpen(program.reading, file)) return false;
  // Of many, a program looks for those that belong to what it does.
  if (!isOne && !isSeen && !IS_FOR_PEOPLE.test(file)) return false;
  const handed = new Set(reads.flatMap(({ input }) => (input === undefined ? [] : [input])));
  // Within code that is one word.
  if (isSeen)
    for (const [, word] of `${written}\n${code}`.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g))
      if (word !== undefined && inputs.includes(word)) handed.add(word);
  const isHarmless = (input: string): boolean => isData(input) || (isSeen && !mayNameFiles(input));
  const isGiven = handed.size > 0 || isSeen || reads.some(({ kind, text }) => kind === 'literal' && own.has(text));
  if (!isGiven || ![...handed].every(isHarmless)) return false;
  if (reads.some(({ kind, input }) => kind === 'anything' || (kind === 'pattern' && input === undefined))) return false;
  const isResult = (text: string): boolean =>
    new RegExp(`\\s(-o|--?out[\\w-]*)[ =]["']?\\S*${quoted(text.split('\u0000').at(-1) ?? '')}(?=["'\\s]|$)`).test(written);
  if (!isSeen && reads.some(({ input, text }) => input === undefined && NAMES_FILES_IN_IT.test(text) && !isResult(text))) return false;
  if (LOOKS_IN_FOLDER.test(written)) return false;
  if (!isSeen) {
    if (ownCode === true || isNamedAfterInput || NAMES_BEGIN.test(written)) return false;
    if (file.startsWith('*') || IS_FOR_PEOPLE.test(file)) return true;
    const [stem] = file.split('.') as [string];
    const isToldItsResult =
      / > /.test(written) || [...reads, ...writes].some(({ input, text }) => input === undefined && isResultOf(text, own));
    return isChosen && isToldItsResult && !written.toLowerCase().includes(stem.toLowerCase()) && !MEANS_SOMETHING.test(stem);
  }
  // A name stands in it that it is not seen to open: perhaps for another program.
  const words = file.split(/[*/]+/).flatMap((word) => (word.endsWith(ending) ? word.slice(0, -ending.length) : word));
  const said = program.reading.strings.join('\n');
  if (words.some((word) => /\w{2}/.test(word) && said.includes(word))) return false;
  // What is called after its sample may end so.
  return !((file.includes('*') || !/^[\w-]{3}/.test(file)) && said.includes(ending));
}

/**
 * Whether a step may come by files that the pipeline stages in a folder which it has called so itself, and which no command names: no program knows of such a
 * folder, unless it goes down into all that there are, or has the name in it.
 */
export function mayFindFolder({ reads, commands }: ScriptStep, folder: string, programOf: Asked['programOf']): boolean {
  if (MEANS_SOMETHING.test(folder) || IS_LOOKED_FOR.test(folder)) return true;
  const isFound = ({ kind, input, value, text }: FileName): boolean =>
    input === undefined &&
    ((kind === 'anything' && value === undefined) || (kind === 'pattern' && mayFit(text.replace(/^\.\//, '').split('/')[0] ?? '', folder)));
  return (
    reads.some(isFound) ||
    commands.some((command) => {
      const { name, ownCode, range, spec } = command;
      const written = range.file.slice(range);
      if (name === undefined || GATHERS.test(name) || GOES_DOWN.test(name) || GOES_ON.test(written) || LOOKS_IN_FOLDER.test(written))
        return true;
      const program = programOf(command);
      if (program !== undefined) return mayOpen(program.reading, `${folder}/*`);
      return ownCode === true || RUNS_CODE.test(name) || spec?.listsDirectory === true;
    })
  );
}

/** Programs that go down into folders by themselves. */
const GOES_DOWN = /^(find|tree|ls|du|tar|zip|7z|rsync|fd|rg|ag|ack|tokei|xargs|parallel)$/;
/** Folders that programs know by their names. */
const IS_LOOKED_FOR =
  /^(in|inputs?|out|outputs?|results?|logs?|tmp|temp|bin|lib|src|assets|templates?|fonts?|plugins?|modules|scripts|home|workdir|work|run|runs|reads|fastqs?|bams?|vcfs?|images?|raw|blastdb|dbs?|genomes|indexes|indices)$/i;

const RUNS_CODE =
  /^(python|Rscript|R$|perl|ruby|java|julia|node|bash|sh$|php|matlab|octave|nextflow|snakemake|make$|docker|singularity|jupyter|papermill|quarto|gnuplot|\w*tex$|pandoc|tclsh|expect|lua|awk|gawk|jq|paup\*?|mb|hyphy|beast\d?|codeml|baseml|structure)/i;

/** Reports, and joins of what lies there. */
const GATHERS =
  /report|summar|multi(?!plex)|merge|aggregat|gather|collect|combin|concat|dashboard|render|notebook|stitch|assembl|batch|workflow|pipeline|wrapper/i;

/** A word that names a file which nobody has made before. */
function isResultOf(text: string, own: ReadonlySet<string>): boolean {
  return /\.(?!(log|err|out)$)[A-Za-z]\w*$/.test(text) && !own.has(text);
}

/** What a program may call the files by that it looks for. */
const MEANS_SOMETHING =
  /^(\w+_)?(config|settings|param(eter)?s?|options|models?|weights|states?|checkpoint|ckpt|index|database|db|cache|samples?|sheet|meta(data)?|design|manifest|header|template|ref(erence)?|genome|targets?|regions?|intervals?|barcodes|features|matrix|input|infile|data|tree|alignment|partitions?|labels|classes|annotations?|train|panel)$/i;

/** Pictures, pages and marks that no program reads. */
const IS_FOR_PEOPLE = /\.(pdf|png|svg|jpe?g|html?|log|done|ok|ready|finished)$|_mqc\.\w+$/i;

/** What can say which other files to open. */
export const NAMES_FILES_IN_IT =
  /\.(list|fofn|ya?ml|json|toml|ini|cfg|conf|config|xml|txt|lst|spec|ctl|py|r|pl|sh|awk|sql|tex|vrt|pkl|pickle|joblib)$/i;

/** From where it was: a program looks for marks of its own. */
const GOES_ON = /\s--?(resume|continue|restart|checkpoints?)\b/;

/** `--prefix ${id}`: how names begin. */
const NAMES_BEGIN = /\s--?([\w-]*prefix|(sample|run)([-_]?(id|name))?|name|id|stem|base(name)?)[ =]["']?\$/i;

/** `--dir .`, `$PWD`, `-i ./`. */
const LOOKS_IN_FOLDER = /(^|[\s=])(\.\/?|["']?\\?\$\{?PWD\}?["']?)(\s|$)|--?(in)?(dir|folder|directory|path|workdir)\b/i;
