/** How sure it is that no command opens what an input brings, by the names under which files are made. */
import type { Value } from '../../../parser/evaluate/value.ts';
import { declaredElements } from '../../../parser/graph/declared-elements.ts';
import { type ChannelModel, placeIn } from '../../../parser/graph/model/channel-model.ts';
import { ItemValue, type MadeBy, madeBy } from '../../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import { signatureOf } from '../../../parser/graph/process-io.ts';
import { isInCatalogue, isOfShell } from '../../../parser/shell/catalogue.ts';
import type { Command, InputUse, ScriptReading } from '../../../parser/shell/script-reading.ts';
import { type Grade, weakestGrade } from './false-link.ts';
import {
  asPattern,
  couldBe,
  IS_DATA,
  IS_FOUND_BY_DEFAULT,
  IS_NAMED_TO_BE_READ,
  isCalledLikeData,
  isForNoProgram,
  isFoundByPattern,
  liesBeside,
  mayBegin,
  mayFit,
  nameOf,
  SAYS_IT_ENDED,
} from './file-names.ts';
import { isStagedAs, stagedFolder } from './handed-on.ts';
import type { Origins } from './origins.ts';
import { quoted, speaksOf } from './script-text.ts';
import type { Scripts } from './scripts.ts';
import { isToldAll, mayFindFolder, NAMES_FILES_IN_IT } from './told-files.ts';

export class Unread {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #origins: Origins;

  constructor(model: ChannelModel, scripts: Scripts, origins: Origins) {
    this.#model = model;
    this.#scripts = scripts;
    this.#origins = origins;
  }

  /**
   * How sure that no command opens what an input brings; undefined: it is used, or may be. No command names it; where one might by its
   * name, that is none that the file can have; and a tool of which not all is documented opens what it is told, and what lies beside that.
   */
  gradeOf(call: ProcessCall, use: InputUse, reading: ScriptReading, output: MadeBy, isOne: boolean): Grade | undefined {
    if (use.qualifier === 'path' && this.#scripts.mayNameOthers(call, nameOf(output))) return undefined;
    // The task fails where there are more or fewer.
    if (/\barity\s*:/.test(use.declared.file.slice(use.declared))) return undefined;
    if (use.use === 'output') return 'conditional';
    if (use.qualifier === 'env') return use.use === 'unread' && SAYS_IT_ENDED.test(use.name) ? 'conditional' : undefined;
    if (use.qualifier !== 'path') return use.use === 'unread' ? 'conditional' : undefined;
    const name = nameOf(output);
    if (this.#isMentioned(call, use, name) || (name !== undefined && IS_FOUND_BY_DEFAULT.test(name) && !isForNoProgram(name)))
      return undefined;
    // Where a program looks by itself: `stageAs: '.etetoolkit/taxa.sqlite'`.
    if (isStagedAs(call, use, /^(\.\/)?\.\w/)) return undefined;
    if (use.use === 'maybe' && reading.opaque === undefined && this.#isInUnknownFolder(call, use, reading)) return 'likely';
    // Called like an index, and a folder by the name that it has or by how it was made: no tool looks for that beside a file.
    const isMadeFolder = name !== undefined && this.#isMadeFolder(output, name);
    const isFolder = use.use === 'companion' && (isMadeFolder || (name !== undefined && /^\w+\/?$/.test(name)));
    // A folder, or one that a search goes down into, may hold what a pattern finds.
    const isFound = use.use === 'listing' && (!/\w\.[A-Za-z]\w*$/.test(name ?? '') || goesDown(reading, name ?? '*'));
    if (isFound) return undefined;
    const kind = use.otherwise ?? use.use;
    const isIdle = name !== undefined && kind === 'unread' && opensNone(reading, name);
    if (reading.opaque !== undefined || (kind !== 'unread' && kind !== 'maybe' && !isFolder)) return undefined;
    if (name !== undefined && !isFolder && !isIdle && liesBeside(name)) return undefined;
    const work = reading.steps.filter(({ trivial }) => !trivial);
    const documented = work.every(({ known, commands }) => known && commands.every(({ spec }) => spec?.evidence === 'documented'));
    // An index, a checkpoint and the like are opened because of how they are called, and nobody names them.
    const isFoundByItsName = name !== undefined && /\.|\*$/.test(name) && !IS_NAMED_TO_BE_READ.test(name) && !isForNoProgram(name);
    const isSeen = name !== undefined && work.every(({ commands }) => this.#isSeen(commands, name));
    if (isFoundByItsName && !isMadeFolder && !isIdle && !isSeen && (!documented || !/\.\w+$/.test(name))) return undefined;
    if (name !== undefined && !isMadeFolder && isNamedAfterAnother(reading, name)) return undefined;
    if (use.use === 'unread' && documented) return 'conditional';
    if (name === undefined) return undefined;
    const told = work.every(
      (step) =>
        step.known ||
        step.commands.every((command) =>
          command.name !== undefined && command.ownCode !== true && isInCatalogue(command.name)
            ? command.spec?.listsDirectory !== true
            : isToldAll(step, command, {
                name,
                isOne,
                isData: (input) => this.#isData(call, reading, input),
                mayNameFiles: (input) => this.#mayNameFiles(call, reading, input, output.call),
                isNamedAfterInput: isNamedAfterInput(output, name),
                isChosen: speaksOf(output.call.process, output.call.script.file, wordFor(name.split('.')[0] as string)) === true,
                own: new Set(reading.steps.flatMap(({ writes }) => writes.map(({ text }) => text))),
                inputs: reading.inputs.flatMap(({ qualifier, name: input }) => (qualifier === 'path' ? [input] : [])),
                programOf: (one) => this.#scripts.programs.programOf(one),
              }),
        ),
    );
    if (!told) return undefined;
    const liesHere = /\.\w+$/.test(name) && !use.declared.file.slice(use.declared).includes('/');
    // With a word that its maker does not speak of such a name cannot begin.
    const isOfASample = name.startsWith('*');
    const mayBeOpened = reading.steps.some(
      ({ reads, commands, range, known }) =>
        (!known && isFoundByPattern(range.file.slice(range), name)) ||
        reads.some((read) => {
          if (read.value !== undefined && /\.\w+$/.test(name) && this.#isOfUser(call, reading, read.value)) return false;
          if (read.kind === 'pattern') return mayFit(read.text, name);
          // A file, by its ending.
          if (isMadeFolder && read.kind === 'literal' && /\.\w+$/.test(read.text) && !/\.\w+\/?$/.test(name)) return false;
          // What the tool is to do: `mesmer predict`.
          if (commands.some(({ subcommand }) => subcommand === read.text)) return false;
          // What belongs to a database is called after it.
          if (read.kind === 'prefix')
            return read.input === undefined && read.here !== true ? mayBegin(read.text, name) : !IS_NAMED_TO_BE_READ.test(name);
          if (
            isOfASample &&
            /^[\w-]+$/.test(read.text) &&
            speaksOf(output.call.process, output.call.script.file, wordFor(read.text)) === false
          )
            return false;
          return (
            read.kind !== 'literal' ||
            (read.input === undefined &&
              !(liesInFolder(read.text) && liesHere) &&
              couldBe(read, name, known || this.#isSeen(commands, name)))
          );
        }),
    );
    return mayBeOpened ? undefined : 'likely';
  }

  /** Of an index: how sure that nothing opens the file of the same maker that it belongs to, and which lies beside it. */
  gradeOfIndex(
    call: ProcessCall,
    use: InputUse,
    reading: ScriptReading,
    output: MadeBy,
    bound: ReadonlyMap<string, Value>,
  ): Grade | undefined {
    const indexed = /^(.+)\.(bai|csi|tbi|crai)$/.exec(nameOf(output) ?? '')?.[1];
    if (indexed === undefined || reading.opaque !== undefined || (use.use !== 'companion' && use.use !== 'unread')) return undefined;
    const stems = new Set([indexed, ...['.bam', '.cram'].map((ending) => `${indexed}${ending}`)]);
    for (const other of reading.inputs) {
      if (other.qualifier !== 'path' || other === use) continue;
      const value = bound.get(placeIn(other.input, other.element)) ?? null;
      const { outputs, vague } = madeBy(value);
      if (vague || outputs.length === 0 || !outputs.every((one) => one.call === output.call && stems.has(nameOf(one) ?? ''))) continue;
      const grades = outputs.map((one) => this.gradeOf(call, other, reading, one, isOfOneItem(value)));
      if (grades.every((grade) => grade !== undefined)) return weakestGrade(grades);
    }
    return undefined;
  }

  /** Its maker makes a folder of that name, or puts something into one. */
  #isMadeFolder({ call }: MadeBy, name: string): boolean {
    const { opaque, steps } = this.#scripts.of(call);
    const folder = name.replace(/\/$/, '');
    if (opaque !== undefined || folder.includes('/') || !/\w/.test(folder)) return false;
    return steps.some(
      ({ writes, commands }) =>
        writes.some((written) => asPattern(written).startsWith(`${folder}/`)) ||
        (commands.every((command) => command.name === 'mkdir') && writes.some((written) => asPattern(written) === folder)),
    );
  }

  /** Of all that is run beside the shell's own tools the text is there, and opens nothing that could be called so but what it is told. */
  #isSeen(commands: readonly Command[], name: string): boolean {
    return commands.every(
      (command) => (command.spec !== undefined && isOfShell(command.spec)) || this.#scripts.programs.opensNone(command, name),
    );
  }

  /** It is staged in a folder that the pipeline has called so itself, of which no program knows and none is told in what another call makes. */
  #isInUnknownFolder(call: ProcessCall, use: InputUse, reading: ScriptReading): boolean {
    const folder = stagedFolder(call, use);
    if (folder === undefined || reading.steps.some((step) => mayFindFolder(step, folder, (one) => this.#scripts.programs.programOf(one))))
      return false;
    const word = new RegExp(`(?<![\\w-])${quoted(folder)}(?![\\w.-])`);
    return this.#model.tasksOf(call).bindings.every((bound) =>
      [...bound.values()].every((value) => {
        const { outputs, vague } = madeBy(value);
        return !vague && outputs.every(({ call: { process, script } }) => speaksOf(process, script.file, word) === false);
      }),
    );
  }

  /** A value that no call had a part in: a number, or what a user has named, and no file that a call makes. */
  #isOfUser(call: ProcessCall, { inputs }: ScriptReading, input: string): boolean {
    const use = inputs.find(({ name }) => name === input);
    return this.#model.tasksOf(call).bindings.every((bound) => {
      const value = use === undefined ? undefined : bound.get(placeIn(use.input, use.element));
      const { outputs, vague } = madeBy(value ?? null);
      return value !== undefined && !vague && outputs.length === 0;
    });
  }

  /** By the names under which what it brings was made, or, where the pipeline is given it, by its own. */
  #isData(call: ProcessCall, reading: ScriptReading, input: string): boolean {
    if (isCalledLikeData(input)) return true;
    const use = reading.inputs.find(({ name }) => name === input);
    if (use === undefined) return false;
    return this.#model.tasksOf(call).bindings.every((bound) => {
      const { outputs, vague } = madeBy(bound.get(placeIn(use.input, use.element)) ?? null);
      return !vague && outputs.length > 0 && outputs.every((output) => IS_DATA.test(nameOf(output) ?? ''));
    });
  }

  /** What an input brings is a list by its name, or tells what `maker` makes: it made that, and did not only hand it on. */
  #mayNameFiles(call: ProcessCall, reading: ScriptReading, input: string, maker: ProcessCall): boolean {
    const use = reading.inputs.find(({ name }) => name === input);
    if (use === undefined || IS_A_LIST.test(input)) return true;
    return this.#model.tasksOf(call).bindings.some((bound) => {
      const { outputs, vague } = madeBy(bound.get(placeIn(use.input, use.element)) ?? null);
      return (
        vague ||
        outputs.some((output) => NAMES_FILES_IN_IT.test(nameOf(output) ?? '') || (output.call === maker && this.#origins.isOwn(output)))
      );
    });
  }

  /**
   * The script, or what is given to it as options, has the name by which a file is staged, that of a folder as it was made, or what a
   * file's name begins with behind an option: `--prefix run` finds `run.model.gz`.
   */
  #isMentioned(call: ProcessCall, { declared }: InputUse, name: string | undefined): boolean {
    const staged = [...declared.file.slice(declared).matchAll(/['"]([^'"*?$/]+)/g)].map(([, text]) => text as string);
    const made = name === undefined || (name.includes('*') && name.includes('.')) ? [] : name.split(/[*/]+/);
    const alternatives = [...staged, ...made].filter((one) => /\w/.test(one)).map((one) => `(?<![.-])\\b${quoted(one)}`);
    const stem = name === undefined ? undefined : /^([\w-]+)\./.exec(name)?.[1];
    if (stem !== undefined) alternatives.push(`\\s--?\\w[\\w-]*[ =]${quoted(stem)}`);
    if (alternatives.length === 0) return false;
    const isIt = new RegExp(`(?:${alternatives.join('|')})(?![\\w-])`);
    const settings = this.#model.graph.directivesOf(call);
    const options = [...settings].flatMap(([key, { text }]) => (key.startsWith('ext.') ? [text] : []));
    return speaksOf(call.process, call.script.file, isIt) !== false || options.some((text) => isIt.test(text));
  }
}

/** Not those of several items, of which a program might look for its own. */
export function isOfOneItem(value: Value): boolean {
  return value instanceof ItemValue;
}

/** `mash dist ${genome}.msh`: a word that is put together, and that nothing in the script writes, may be what the file is called. */
function isNamedAfterAnother({ steps }: ScriptReading, name: string): boolean {
  const own = new Set(steps.flatMap(({ writes }) => writes.map(({ text }) => text)));
  return steps.some(({ reads, known }) =>
    reads.some(
      (read) =>
        read.kind === 'literal' &&
        read.input === undefined &&
        /\u0000.*\w/.test(read.text) &&
        !own.has(read.text) &&
        couldBe(read, name, known),
    ),
  );
}

/** Its maker calls it `${bam}.stats.tsv`, after a file that it is given: whoever is given that file too may look for it beside. */
function isNamedAfterInput({ call }: MadeBy, name: string): boolean {
  const files = signatureOf(call.process).inputs.flatMap(({ statement }) =>
    declaredElements(statement).elements.flatMap(({ qualifier, expression }) =>
      qualifier === 'path' && expression.kind === 'VariableExpression' ? [expression.name] : [],
    ),
  );
  if (files.length === 0) return false;
  const tail = /\.[^.*?{}[\]]*$/.exec(name)?.[0] ?? '';
  return new RegExp(`[$!]\\{?(${files.join('|')})\\}?[\\w.]*${quoted(tail)}\\b`).test(call.script.file.slice(call.process));
}

function wordFor(text: string): RegExp {
  return new RegExp(`(?<![\\w-])${quoted(text)}`);
}

/** `out/report.tsv`: not where inputs lie. */
function liesInFolder(path: string): boolean {
  return /^(\.\/)?[\w.-]*\w[\w.-]*\//.test(path);
}

/** By the name of an input: names of files are in it. */
const IS_A_LIST = /list|manifest|sheet|fofn|files|paths|design|config|param|sources/i;

const OPENED_BY_FEW = /\.(stats|pgen|psam|pvar|bed|bim|fam)$/;

/** Called like what a few tools open beside a file; all that are run are documented with what they open so, and none ends like that. */
function opensNone({ steps }: ScriptReading, name: string): boolean {
  const ending = OPENED_BY_FEW.exec(name)?.[0];
  const work = steps.filter(({ trivial }) => !trivial);
  return (
    ending !== undefined &&
    work.length > 0 &&
    work.every(
      ({ known, reads, commands }) =>
        known &&
        commands.every(({ spec }) => spec?.evidence === 'documented' && spec.companions !== undefined) &&
        !reads.some(({ text, kind }) => !text.startsWith('/') && (kind !== 'literal' || text.endsWith(ending))),
    )
  );
}

/** A command searches folders, or a pattern names what lies in one and may be called so: not `ice.pdf` by `logs/*.log`. */
function goesDown({ steps }: ScriptReading, file: string): boolean {
  return steps.some(
    ({ commands, reads }) =>
      commands.some(({ name }) => name === 'find' || name === 'tree') ||
      reads.some(({ kind, text }) => {
        const path = text.replace(/^\.\//, '');
        const last = path.slice(path.lastIndexOf('/') + 1);
        return kind === 'pattern' && path !== last && (!/\*\.\w+$/.test(last) || mayFit(last, file));
      }),
  );
}
