/** What the scripts of calls do, read when asked for; and what several rules want to know of that. */

import { textOf } from '../../../parser/evaluate/conversions.ts';
import { ListValue, MapValue, type Value } from '../../../parser/evaluate/value.ts';
import { declaredElements } from '../../../parser/graph/declared-elements.ts';
import type { ProcessCall, ProcessGraph } from '../../../parser/graph/process-graph.ts';
import { signatureOf } from '../../../parser/graph/process-io.ts';
import type { BashParser } from '../../../parser/shell/bash.ts';
import { isInCatalogue, isOfShell } from '../../../parser/shell/catalogue.ts';
import { declarationsOf } from '../../../parser/shell/declarations.ts';
import { readScript } from '../../../parser/shell/read-script.ts';
import type { Command, FileName, InputUse, ScriptReading } from '../../../parser/shell/script-reading.ts';
import { shownUses } from './own-code.ts';
import { OwnPrograms } from './own-programs.ts';

export class Scripts {
  readonly #graph: ProcessGraph;
  readonly #bash: BashParser | undefined;
  readonly #known = new Map<ProcessCall, ScriptReading>();

  readonly programs: OwnPrograms;

  /** Without a parser nothing is read: every script is opaque. */
  constructor(graph: ProcessGraph, bash: BashParser | undefined) {
    this.#graph = graph;
    this.#bash = bash;
    this.programs = new OwnPrograms(graph.pipeline.tree);
  }

  of(call: ProcessCall): ScriptReading {
    let reading = this.#known.get(call);
    if (reading === undefined) {
      reading = this.#bash === undefined ? UNREAD : readScript(call, { graph: this.#graph, bash: this.#bash });
      this.#known.set(call, reading);
    }
    return reading;
  }

  commandsOf(call: ProcessCall): readonly Command[] {
    return this.of(call).steps.flatMap(({ commands }) => commands);
  }

  /** All that its commands do to files is known: none is outside the catalogue. */
  isKnown(call: ProcessCall): boolean {
    const { opaque, steps } = this.of(call);
    return opaque === undefined && steps.length > 0 && steps.every(({ known }) => known);
  }

  /**
   * Places outside of the task's folder at which its commands read what is neither an input nor made by the script itself: what lies there
   * may be another call's. undefined: where that is cannot be told.
   */
  placesRead(call: ProcessCall): readonly string[] | undefined {
    const { steps } = this.of(call);
    const own = new Set<string>();
    // What lies beside an input, such as its index, is named by the input.
    const inputs = new Set(
      steps.flatMap(({ reads }) =>
        reads.flatMap(({ text, input }) => (input === undefined ? [] : [text.replace(/(?<=[^/]\/[^/]+)\.\w+$/, '.')])),
      ),
    );
    const places = new Set<string>();
    for (const { reads, writes } of steps) {
      // Also what a loop makes and opens: `for f in *.fa; do prodigal -i $f -a $f.faa; grep -c '>' $f.faa; done`.
      for (const { text } of writes) own.add(text);
      for (const { text: written, kind, input, here } of reads) {
        // A program is installed, and made by no process.
        if (/^\/.*\.jar$/.test(written)) continue;
        // Of the folder of the run, or of the pipeline.
        const isOfRun = written.startsWith('/./');
        const text = written.replace(/^\/?\.\//, '');
        if (input !== undefined || here || kind === 'anything' || own.has(text) || [...inputs].some((one) => text.startsWith(one)))
          continue;
        if (this.isKept(text)) return undefined;
        if (isOfRun) continue;
        // Anything else that is relative lies in the task's folder.
        if (/^\/(?!(dev|tmp)\/)/.test(text)) places.add(text);
        else if (/^(~|\.\.\/|\u0000)/.test(text) && ![...own].some((one) => text.startsWith(one))) return undefined;
      }
    }
    return [...places];
  }

  /** Perhaps the call puts something there: it is published or stored there, a command writes there, or one is told of that place and not known. */
  mayWriteAt(call: ProcessCall, place: string): boolean {
    const folder = /^\/[^/]+\/?/.exec(place)?.[0] ?? place;
    const { opaque, steps } = this.of(call);
    if (opaque !== undefined || this.sideEffectsOf(call)) return true;
    const settings = this.#graph.directivesOf(call);
    if (['publishDir', 'storeDir', 'beforeScript', 'afterScript'].some((name) => settings.get(name)?.text.includes(folder) === true))
      return true;
    return steps.some(
      ({ known, range, writes }) =>
        writes.some(({ text }) => text.startsWith(folder)) || (!known && range.file.slice(range).includes(folder)),
    );
  }

  /** A file lies in a folder in which files of the pipeline are published or stored. */
  isKept(path: string): boolean {
    const text = path.replace(/^\.\//, '');
    return this.#keptIn().some((folder) => text === folder || text.startsWith(`${folder}/`));
  }

  /** Whatever its conditions come to, its script speaks of a file in a folder that a param names. */
  namesParamFolder(call: ProcessCall): boolean {
    const { script } = call.process;
    return script !== null && PARAM_FOLDER.test(call.script.file.slice(script));
  }

  /** One call may leave something in a folder of which another speaks by a param. */
  mayFill(one: ProcessCall, reader: ProcessCall): boolean {
    const { script } = reader.process;
    const text = script === null ? '' : reader.script.file.slice(script);
    const own = one.process.script === null ? '' : one.script.file.slice(one.process.script);
    return [...new Set(text.match(PARAM))].some((param) => {
      const name = param.slice('params.'.length);
      if (!this.#mayBePath(name)) return false;
      const path = textOf(this.#graph.pipeline.params.get(name)?.value ?? null);
      if (path === undefined || !path.startsWith('/') || this.isKept(path) || this.mayWriteAt(one, path)) return true;
      return !this.isKnown(one) && new RegExp(`\\bparams\\.${name}\\b`).test(own);
    });
  }

  /** As `namesParamFolder`, and it may put something there. */
  mayFillParamFolder(call: ProcessCall): boolean {
    const isToldAll = this.isKnown(call) && this.of(call).variants <= 1;
    return this.namesParamFolder(call) && (!isToldAll || this.writesOutside(call));
  }

  /** Both scripts name a file by the same param, or one follows a link to where the file lies: what one leaves beside it the other finds. */
  nameOneFile(one: ProcessCall, other: ProcessCall): boolean {
    const [first, second] = [one, other].map(({ process, script }) =>
      process.script === null ? '' : script.file.slice(process.script).replace(NAME_OF_FILE, '').replace(LINKS, ''),
    );
    const named = new Set(first?.match(PARAM));
    if (/\b(readlink|realpath)\b/.test(`${first} ${second}`)) return true;
    return (second?.match(PARAM) ?? []).some((param) => named.has(param) && this.#mayBePath(param.slice('params.'.length)));
  }

  /** A number, a flag and a plain word are options and no files. */
  #mayBePath(param: string): boolean {
    const value = this.#graph.pipeline.params.get(param)?.value;
    if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return false;
    const text = textOf(value ?? null);
    return text === undefined || text === 'null' || text === '' || /[/.]/.test(text);
  }

  /** Files may be opened because another file, or what runs before the script, names them. */
  mayNameOthers(call: ProcessCall, name: string | undefined): boolean {
    let named = this.#named.get(call);
    if (named === undefined) this.#named.set(call, (named = this.#namedIn(call)));
    // Settings that lie elsewhere, and are the same in all runs, name no file that is called after a sample.
    if (named === 'elsewhere') return !(name?.startsWith('*') === true && this.isKnown(call)) || this.#opensList(call);
    return named === 'here' || this.#opensList(call);
  }
  readonly #named = new Map<ProcessCall, 'here' | 'elsewhere' | 'nowhere'>();

  #namedIn(call: ProcessCall): 'here' | 'elsewhere' | 'nowhere' {
    const settings = this.#graph.directivesOf(call);
    if (settings.has('beforeScript') || settings.has('afterScript')) return 'here';
    const { script } = call.process;
    const text = script === null ? '' : call.script.file.slice(script);
    const words = `${text} ${settings.get('ext.args')?.text ?? ''}`;
    return NAMES_OTHERS.test(words) ? 'here' : LIES_ELSEWHERE.test(words) ? 'elsewhere' : 'nowhere';
  }

  /** It is given a list of files. Its commands are read only where an input has such a name. */
  #opensList(call: ProcessCall): boolean {
    return (
      declarationsOf(call.process, call.script.file).inputs.some(isList) &&
      this.of(call).inputs.some((use) => use.use !== 'unread' && isList(use))
    );
  }

  /** For people: what programs of the pipeline's own, which the call runs, do to files by what their text tells. */
  shownPrograms(call: ProcessCall, what: 'opens' | 'writes'): readonly string[] {
    const shown = this.commandsOf(call).flatMap((command) => {
      const program = this.programs.programOf(command);
      const uses = program === undefined ? undefined : shownUses(program.reading, what);
      return uses === undefined ? [] : [`${program?.path ?? `the code in ${call.process.name.name}`} ${uses}`];
    });
    return [...new Set(shown)];
  }

  /** Folders, as they are written, in which files of the pipeline are published or stored. */
  #keptIn(): readonly string[] {
    this.#folders ??= [
      ...new Set(
        this.#graph.calls.flatMap((call) => {
          const settings = this.#graph.directivesOf(call);
          return ['publishDir', 'storeDir'].flatMap((name) => foldersIn(settings.get(name)?.value ?? null));
        }),
      ),
    ];
    return this.#folders;
  }
  #folders: readonly string[] | undefined;

  /** A command writes to, or takes away, what is neither in the task's folder nor its output. */
  writesOutside(call: ProcessCall): boolean {
    return this.of(call).steps.some(({ writes }) =>
      writes.some(
        ({ text, input }) => input === undefined && (/^([~/]|\.\.\/)/.test(text) ? !/^\/(dev|tmp)\//.test(text) : /^\u0000\//.test(text)),
      ),
    );
  }

  /**
   * Inputs that it changes where they lie: staged is a link, and what a command writes through it every call sees that is given the same
   * file. What tools of the shell do in place, as `sed -i`, puts a file of the task's own there.
   */
  changedInputs(call: ProcessCall): readonly InputUse[] {
    if (this.#graph.directivesOf(call).get('stageInMode')?.value === 'copy') return [];
    const { inputs, steps } = this.of(call);
    const changed = new Set(
      steps.flatMap(({ writes, commands }) => {
        const replaces = commands.every(({ name }) => REPLACES.test(name ?? ''));
        // What lies in it, or it itself; `$bam.bai` is a file of the task's own.
        const isReached = ({ text }: FileName): boolean => /^[^/]+\//.test(text) || (!replaces && !/\u0000.|.\u0000/.test(text));
        return [...writes, ...commands.flatMap((command) => this.programs.writesOf(command))].flatMap((name) =>
          name.input !== undefined && isReached(name) ? [name.input] : [],
        );
      }),
    );
    return inputs.filter(({ qualifier, name }) => qualifier === 'path' && changed.has(name));
  }

  /** It may end the run: that is what it is for, whatever becomes of its files. */
  isCheck(call: ProcessCall): boolean {
    const { script } = call.process;
    const text = script === null ? '' : call.script.file.slice(script);
    return (
      /\bexit\s+[1-9]|\bfalse\b\s*$|\bassert\b|\berror\s*\(/.test(text) ||
      /check(?!m)|valid|verif|assert|(^|_)gate/i.test(call.process.name.name)
    );
  }

  /** By its name it is there for others: START_SERVER, whatever its commands. */
  serves(call: ProcessCall): boolean {
    const { name } = call.process.name;
    // Who makes files of what it cleans tidies data, and not what lies about.
    return SERVES.test(name) || (CLEANS.test(name) && !makesFiles(call));
  }

  /** It looks whether its files are in order, or ends the run on purpose, so that nothing is done with those that are not. */
  isGate(call: ProcessCall): boolean {
    const { name } = call.process.name;
    const { script } = call.process;
    const commands = this.commandsOf(call);
    // VERIFYBAMID2 is called after its tool.
    const isOfTool = commands.some((command) => command.name?.toLowerCase() === name.toLowerCase());
    const text = script === null ? '' : call.script.file.slice(script);
    if ((GATES.test(name) && !isOfTool) || FAILS_ON_PURPOSE.test(text) || TESTS_ALONE.test(text)) return true;
    return (
      commands.some(
        (command) =>
          (command.subcommand !== undefined && /^(lint|quickcheck|Validate\w+)$/.test(command.subcommand)) ||
          TESTS_A_FILE.test(command.range.file.slice(command.range)) ||
          EXITS.test(this.programs.programOf(command)?.code ?? '') ||
          (command.spec === undefined && command.name !== undefined && CHECKS.test(command.name.replace(/\.\w+$/, ''))),
      ) ||
      // A check that a tool makes is a result; one of the pipeline's own is there to pass or fail, unless it never fails.
      (CHECKS.test(name) && !commands.some(({ spec }) => spec !== undefined && !isOfShell(spec)) && !this.#neverFails(commands))
    );
  }

  /** What is run beside the shell's own tools is seen, and ends by itself nowhere. */
  #neverFails(commands: readonly Command[]): boolean {
    const own = commands.filter(({ ownCode, spec }) => ownCode === true || spec === undefined);
    return (
      own.length > 0 &&
      own.every((command) => {
        const program = this.programs.programOf(command);
        return program !== undefined && program.reading.opaque === undefined && !ENDS.test(program.code);
      })
    );
  }

  /** It gives what it prints, or a variable, and runs nothing but tools that are known: `wc -l < reads.txt`. */
  tells(call: ProcessCall): boolean {
    const gives = declarationsOf(call.process, call.script.file).outputs.some(({ qualifier }) => /^(stdout|env|eval)$/.test(qualifier));
    return gives && this.commandsOf(call).every(({ name, ownCode }) => ownCode !== true && name !== undefined && isInCatalogue(name));
  }

  /** All that it gives it was given, and yet it does more than to copy, link or rename: whatever that is for, no file shows it. */
  onlyHandsOn(call: ProcessCall): boolean {
    const { opaque, outputs, steps } = this.of(call);
    const isOther = ({ name }: Command): boolean => name === undefined || !/^(cp|ln|mv|rsync|install|mkdir|readlink|realpath)$/.test(name);
    return (
      opaque === undefined &&
      outputs.length > 0 &&
      outputs.every(({ sameAs }) => sameAs !== undefined) &&
      steps.some(({ commands, trivial }) => !trivial && commands.some(isOther))
    );
  }

  /** Something of it is no tool of the catalogue, and looks as if it were there for what it does and not for what it makes. */
  mayPrepareElsewhere(call: ProcessCall): boolean {
    const inputs = this.of(call).inputs.flatMap(({ qualifier, name }) => (qualifier === 'path' && name !== '' ? [name] : []));
    const unknown = this.of(call).steps.flatMap(({ commands, trivial }) =>
      trivial
        ? []
        : commands.filter(
            (one) =>
              one.spec === undefined && (one.name === undefined || !isInCatalogue(one.name)) && !this.programs.staysAtHome(one, inputs),
          ),
    );
    if (this.serves(call)) return true;
    if (unknown.length === 0) return false;
    return (
      !makesFiles(call) ||
      PREPARES.test(call.process.name.name) ||
      unknown.some(
        ({ name, range }) =>
          name === undefined || PREPARES.test(withoutInputs(range.file.slice(range), inputs).replace(WHERE_TO_START, '')),
      )
    );
  }

  /** All that its commands do is known from their documentation. */
  isDocumented(call: ProcessCall): boolean {
    return (
      this.isKnown(call) &&
      this.of(call).steps.every(({ trivial, commands }) => trivial || commands.every(({ spec }) => spec?.evidence === 'documented'))
    );
  }

  /** A command of it leaves something for others in memory, or where its tool is installed. */
  #leavesSomething(call: ProcessCall): boolean {
    return this.commandsOf(call).some(({ range }) => LEAVES_SOMETHING.test(range.file.slice(range)));
  }

  /** It may do something that no file or channel of the pipeline shows: load a database, send something, wait for something. */
  sideEffectsOf(call: ProcessCall): boolean {
    const { opaque } = this.of(call);
    if (opaque !== undefined) return true;
    const { script } = call.process;
    if (script !== null && LICENCE.test(call.script.file.slice(script))) return true;
    if (this.#leavesSomething(call)) return true;
    return this.commandsOf(call).some(({ name }) => name === undefined || REACHES_OUT.test(name) || NEEDS_A_SEAT.test(name));
  }
}

/** `md5sum -c`, `gzip -t`, `grep -q`: they fail where a file is not as it should be. */
const TESTS_A_FILE =
  /^[ef]?grep\s+-\w*q|^\w*sum\s[^|]*(?<=\s)(-\w*c|--check)\b|^(gzip|pigz|bgzip|bzip2|xz|zstd|unzip|7z)\s[^|]*(?<=\s)(-\w{0,3}t|--test)\b/;

const GATES = /(^|_)(GATE|GATEKEEPER|LINT|VALIDAT(E|OR|ION)\w*|VERIFY\w*|ASSERT\w*)(_|$)/i;

/** `check_samplesheet`, `fasta_validator`. */
const CHECKS = /(^|[_-])(check(s|ed|er|ing)?|valid(at\w+)?|verif\w+|assert\w*)([_-]|$)/i;

/** In the shell, Python or R; not Groovy's `exit 1, 'message'`, which speaks of params. */
const FAILS_ON_PURPOSE = /\bexit\s+[1-9]\d*(?!\s*,|\d)|\|\|\s*false\b|\bsys\.exit\(\s*[^0)\s]|\braise\s+\w+(Error|Exception)\b/;

/** In Python or R: it ends with a status that it works out, or that says it has failed. */
const EXITS = /\bsys\.exit\(\s*(?!0?\s*\)|main\b|["'])|\b(quit|q)\([^)]*\bstatus\s*=\s*(?!0\s*\))/;

/** In Python or R: it ends the program with an error. */
const ENDS = /\b(exit|_exit|quit|q|stop|stopifnot|abort)\s*\(|\braise\b|\bassert\b|\brlang::/;

/** `[[ $n -ge 100 ]]` as a command by itself: where it does not hold, the task fails. */
const TESTS_ALONE = /^[ \t]*(?:\[\[?|test|\(\()[ \t](?:(?!\|\||&&|\\\n)[^\n;])*;?[ \t]*$/m;

/** `file(params.ref).name`: what it is called says nothing of where it lies. */
const NAME_OF_FILE = /\bfile\(\s*params\.\w+\s*\)\.(name|baseName|simpleName|extension)\b/g;
/** `ln -s $(readlink -f $bam) kept/`: a link to where the file lies puts nothing beside it. */
const LINKS = /^\s*(for\b[^\n;]*;\s*do\s+)?(ln|cp)\s[^\n;&|]*/gm;

const PARAM = /\bparams\.\w+/g;
const PARAM_FOLDER = /\$\{?params\.[\w.]*\}?\/|\$\{?params\.\w*(dir|folder|outdir|results)\b/i;

/** Lists of files, documents and workflows that open what they name, and ways to name a file that are not followed. */
const NAMES_OTHERS =
  /\.(list|fofn|xml|ipynb|qmd|rmd)\b|--(file-?list|files-from|files0-from|arguments_file|read-?list|(bam|vcf|input|sample|gvcf)-?list|sample-name-map|manifest|ql|rl)\b|\b(papermill|quarto|nbconvert|maxquant|snakemake|nextflow|cwltool)\b|\bsamtools\s+(merge|cat)\b[^\n|]*\s-b\s|\bbcftools\s+(concat|merge)\b[^\n|]*\s(-f|-l|--file-list)\s|\bmash\s+(sketch|dist|screen)\b[^\n|]*\s-l\s|\btar\s+[^\n|]*-T\s|\{\w+,[\w,]*\}|\bgetline\b[^\n]*<|\beval\s|\s\/\S+\.(awk|py|r|pl|sh|jl|lua|jq|sed|sql)\b/i;
const LIES_ELSEWHERE = /\s\/\S+\.(ya?ml|json|xml|ini|cfg|conf|config)\b/i;

/** `bam_list`, `fofn`: a file that names others. */
function isList({ qualifier, name }: { readonly qualifier: string; readonly name: string }): boolean {
  return qualifier === 'path' && /(^|_)(list|fofn|filelist|file_names|manifest)\d*$/i.test(name);
}

/** For others: a genome in the memory of the machine, or data where the tool is installed (`amrfinder -u`, `freyja update`, `prokka --setupdb`). */
const LEAVES_SOMETHING =
  /--genomeLoad\s+(?!NoSharedMemory)|\bbwa\s+shm\b|\/dev\/shm\b|^amrfinder\s(.*\s)?-[uU](\s|$)|^[\w.-]+\s+(update|(update|setup)-?db)(\s|$)|\s--(force[_-]?)?(update|setup-?db|install)([_-]\w+)*(\s|$)|\s--download[_-](db|databases?|models?)\b/;

/** Tools that put a new file in the place of one. */
const REPLACES = /^(sed|perl|mv|rm|gzip|gunzip|pigz|unpigz|bgzip|bzip2|bunzip2|xz|unxz|zstd|dos2unix)$/;

/** Programs of which as many run as there are licences or boards. */
const NEEDS_A_SEAT = /^(sentieon|dragen|cellranger-arc|novoalign|matlab|vep_install|pbrun)$/;
const LICENCE = /LICEN[CS]E|\bLM_/;

/** Commands that talk to something outside of the task's folder. */
const REACHES_OUT =
  /^(curl|wget|aws|gsutil|gcloud|az|azcopy|s3cmd|rclone|rsync|scp|sftp|ssh|ftp|lftp|ascp|prefetch|fasterq-dump|fastq-dump|esearch|efetch|elink|psql|mysql|sqlite3|mongo\w*|redis-cli|neo4j\w*|cypher-shell|docker|singularity|apptainer|kubectl|sbatch|qsub|bsub|srun|git|svn|pip3?|conda|mamba|mail|sendmail|slack\w*|nc|telnet|flock|lmutil|lmstat|systemctl|service|mount|umount|tower|nextflow|irsync|iput|iget|synapse|dx|gen3-client|icav2?|bs|http|httpx?|datasets|ncbi-\w+|genome_updater\S*|kill|pkill|sleep|ipcs|ipcrm)$/;

const SERVES =
  /(^|_)(LOAD|UNLOAD|START|STOP|SERVER?|DAEMON|LICEN[CS]E|LOCK|UNLOCK|ACQUIRE|RELEASE|REGISTER|UPLOAD|SUBMIT|PUBLISH|REMOVE|DELETE|PURGE)(_|$)/i;
const CLEANS = /(^|_)CLEAN\w*(_|$)/i;

/** Words of what is done for others: a database is loaded, a seat of a licence taken, a server started. */
const PREPARES =
  /(^|[^a-z])(load|unload|download|fetch|install|update|pull|import|start|stop|serve[r]?|daemon|init|register|upload|submit|push|lock|unlock|acquire|release|checkout|checkin|licen[cs]e|seat|token|publish|deploy|setup|db|database|cache|warm|mount|wait|clean\w*|remove|delete|purge)([^a-z]|$)/i;

/** `--start 1981`, `--calibration_stop_year`: a place in the data. */
const WHERE_TO_START = /\s--?(?![\w-]*(server|daemon|db|database))[\w-]*(start|stop|end)[\w-]*/g;

/** `--db $db` is a database that a channel brings, and no word of what the command does. */
function withoutInputs(command: string, inputs: readonly string[]): string {
  return inputs.length === 0
    ? command
    : command.replace(new RegExp(`(--?[\\w-]+[ =])?["']?\\$\\{?(${inputs.join('|')})\\b[^\\s]*`, 'g'), '');
}

function foldersIn(value: Value): readonly string[] {
  if (value instanceof ListValue) return value.items.flatMap(foldersIn);
  const path = textOf(value instanceof MapValue ? (value.get('path') ?? null) : value)
    ?.replace(/^\.\//, '')
    .replace(/\/+$/, '');
  return path === undefined || path === '' || path === '.' || path === 'null' ? [] : [path];
}

const UNREAD: ScriptReading = {
  opaque: 'the shell was not read',
  steps: [],
  inputs: [],
  outputs: [],
  passesThreads: 'unknown',
  variants: 0,
};

/** One of its outputs is a path. */
export function makesFiles({ process }: ProcessCall): boolean {
  return signatureOf(process).outputs.some(({ statement }) =>
    declaredElements(statement).elements.some(({ qualifier }) => qualifier === 'path'),
  );
}
