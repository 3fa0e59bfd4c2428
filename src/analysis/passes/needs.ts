/**
 * What a call really reads (R): for each call that it waits for, whether something that it made is opened, and if not, by which input the
 * wait came in. A file that a call only hands on is looked for where it was made. What cannot be told counts as read.
 */
import { ListValue, PathValue, type Value } from '../../parser/evaluate/value.ts';
import { type Channels, inputsOf } from '../../parser/graph/channels.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import { someNode } from '../../parser/graph/expressions.ts';
import { type ChannelModel, placeIn, sameIndex } from '../../parser/graph/model/channel-model.ts';
import { GatheredValue, ItemValue, isOutputItself, type MadeBy, Mark, madeBy } from '../../parser/graph/model/item-value.ts';
import { keyIndices, keyOf } from '../../parser/graph/model/operators/keys.ts';
import type { ChannelNode, ChannelRef, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { outputNumber, signatureOf } from '../../parser/graph/process-io.ts';
import { isInCatalogue } from '../../parser/shell/catalogue.ts';
import type { InputUse, ScriptReading } from '../../parser/shell/script-reading.ts';
import type { ElvisExpression } from '../../parser/syntax/nodes.ts';
import type { SourceRange } from '../../source/source-file.ts';
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
  SEVERAL,
  singleNameOf,
} from './file-names.ts';
import { handedOn, isStagedAs, onlyFileIn, writesTo } from './handed-on.ts';
import { givenValue, mayHandOn, quoted, speaksOf, speaksOfUndeclared, textUses } from './script-text.ts';
import { makesFiles, type Scripts } from './scripts.ts';
import { isToldAll, NAMES_FILES_IN_IT } from './told-files.ts';

/** Why a call waits for one of which it reads nothing. */
export type LinkKind = 'unread-input' | 'token' | 'over-wide-directory' | 'pass-through' | 'barrier';
/** How sure it is that the wait is not needed; the surest first. */
export type Grade = 'proven' | 'conditional' | 'likely' | 'advisory';
const GRADES: readonly Grade[] = ['proven', 'conditional', 'likely', 'advisory'];

function weaker(one: Grade, two: Grade): Grade {
  return GRADES.indexOf(one) >= GRADES.indexOf(two) ? one : two;
}

/** `path bam`; as it is declared where it has no name: `path 'models/*'`. */
function inputName({ qualifier, name, declared }: InputUse): string {
  return name === '' ? declared.file.slice(declared).replace(/\s+/g, ' ') : `${qualifier} ${name}`;
}

export function weakestGrade(grades: readonly Grade[]): Grade {
  return grades.reduce(weaker, 'proven');
}

export interface FalseLink {
  readonly from: ProcessCall;
  readonly to: ProcessCall;
  readonly kind: LinkKind;
  readonly grade: Grade;
  /** What a reader can check. */
  readonly evidence: string;
  /** What has to hold, where the grade is not `proven`. */
  readonly assumption: string | undefined;
  readonly place: SourceRange;
  /** Who made what is read, where `from` only hands it on; none: the pipeline is given it. */
  readonly instead: readonly ProcessCall[];
  /** The name under which `from` hands it on, where it gives it one. */
  readonly under?: string;
  /** The input that brings the wait; undefined where it brings nothing but the wait. */
  readonly input: InputUse | undefined;
  /** Further inputs that bring the same wait in the same way. */
  readonly others: readonly InputUse[];
}

/** A file as it was made; `by` is undefined for what the pipeline is given. */
interface Origin {
  readonly by: ProcessCall | undefined;
  /** It came through these, the nearest first, which only handed it on. */
  readonly through: readonly Handed[];
}

interface Read {
  readonly real: ReadonlySet<ProcessCall>;
  /** Those of `real` that may decide which tasks it has, or of which nothing can be told. */
  readonly decide: ReadonlySet<ProcessCall>;
  readonly links: readonly FalseLink[];
}

interface Handed {
  readonly call: ProcessCall;
  readonly kind: 'pass-through' | 'over-wide-directory';
  readonly evidence: string;
  readonly grade: () => Grade;
  readonly under: string | undefined;
}

/** Deeper chains of processes that hand a file on are not followed. */
const MOST_HANDS = 50;

export class Needs {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #channels: Channels;
  readonly #waits = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  readonly #before = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  readonly #known = new Map<ProcessCall, Read>();

  constructor(model: ChannelModel, scripts: Scripts, channels: Channels) {
    this.#channels = channels;
    this.#model = model;
    this.#scripts = scripts;
  }

  /** Calls that it waits for directly, as the pipeline stands. */
  waitsOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    let waits = this.#waits.get(call);
    if (waits === undefined) {
      waits = new Set(this.#model.tasksOf(call).summands.flatMap((summand) => [...summand.waits.keys()]));
      this.#waits.set(call, waits);
    }
    return waits;
  }

  /** Calls that made something of what it reads. */
  realOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#of(call).real;
  }

  /** Folders that another call makes, of which it opens a few files that it names. */
  foldersOf(call: ProcessCall): readonly { readonly from: ProcessCall; readonly use: InputUse }[] {
    const tasks = this.#model.tasksOf(call);
    if (tasks.opaque !== undefined) return [];
    if (textUses(call.process, call.script.file) !== undefined) return [];
    const { inputs, steps } = this.#scripts.of(call);
    return inputs.flatMap((use) => {
      if (use.use !== 'within' || use.parts.length === 0 || use.parts.length > 2 || use.parts.some((part) => SEVERAL.test(part))) return [];
      // `-db $db/proteins` opens all that is called so.
      if (steps.some(({ reads }) => reads.some(({ input, kind }) => input === use.name && kind !== 'literal'))) return [];
      const given = tasks.bindings.map((bound) => bound.get(placeIn(use.input, use.element)) ?? null);
      // A path that is written in a file is no part of that file.
      if (!given.every(isOutputItself)) return [];
      const made = given.map(madeBy);
      const froms = new Set(made.flatMap(({ outputs }) => outputs.map((output) => output.call)));
      const [from] = froms;
      if (from === undefined || froms.size > 1 || made.some(({ vague }) => vague)) return [];
      // A file with its index is what such a folder is for.
      const outputs = made.flatMap((one) => one.outputs);
      return outputs.some((output) => use.beside.some((part) => this.#isWritten(output, part))) ? [] : [{ from, use }];
    });
  }

  /** A command of the call may write it to the folder that is its output. */
  #isWritten(output: MadeBy, part: string): boolean {
    const { opaque, steps } = this.#scripts.of(output.call);
    const folder = nameOf(output)?.replace(/\/$/, '');
    if (opaque !== undefined || folder === undefined) return true;
    return steps.some((step) => writesTo(step, `${folder}/${part}`) || (!step.known && step.range.file.slice(step.range).includes(folder)));
  }

  /** No command opens what comes by it, as far as that can be told from the names that files are made under. */
  isUnread(call: ProcessCall, use: InputUse): boolean {
    const tasks = this.#model.tasksOf(call);
    if (tasks.opaque !== undefined || tasks.bindings.length === 0 || speaksOfUndeclared(call.process, call.script.file)) return false;
    const reading = this.#scripts.of(call);
    return tasks.bindings.every((bound) => {
      const value = bound.get(placeIn(use.input, use.element)) ?? null;
      const { outputs, vague } = madeBy(value);
      return (
        !vague &&
        (outputs.length > 0 || use.use === 'unread') &&
        outputs.every((output) => this.#unreadGrade(call, use, reading, output, isOfOneItem(value)) !== undefined)
      );
    });
  }

  /** The files that are opened of an input that is a folder; undefined: all of it. */
  #partsOf({ use, parts, beside }: InputUse, reading: ScriptReading, output: MadeBy): readonly (string | undefined)[] {
    if (use !== 'within') return use === 'maybe' || use === 'staged-name' ? partsByName(reading, output) : [undefined];
    const files = parts.map((part) => (SEVERAL.test(part) ? onlyFileIn(output, part, this.#scripts.of(output.call)) : part));
    if (files.length === 0 || files.includes(undefined)) return [undefined];
    return [...files, ...beside.filter((part) => this.#isWritten(output, part))];
  }

  linksInto(call: ProcessCall): readonly FalseLink[] {
    return this.#of(call).links;
  }

  #of(call: ProcessCall): Read {
    let known = this.#known.get(call);
    if (known === undefined) {
      const waits = this.waitsOf(call);
      // For what stands on a loop, and for what cannot be told: all of it is read.
      const all: Read = { real: waits, decide: waits, links: [] };
      this.#known.set(call, all);
      known = this.#read(call, waits) ?? all;
      this.#known.set(call, known);
    }
    return known;
  }

  /** undefined: it cannot be told. */
  #read(call: ProcessCall, waits: ReadonlySet<ProcessCall>): Read | undefined {
    const tasks = this.#model.tasksOf(call);
    if (waits.size === 0 || tasks.opaque !== undefined || (tasks.unpaired && !this.#isPairedAnyway(call))) return undefined;
    if (call.inputs.some(({ declaration }) => declaration === undefined)) return undefined;
    if (speaksOfUndeclared(call.process, call.script.file)) return undefined;
    const plain = this.#plainUses(call);
    const reading = plain === undefined ? this.#scripts.of(call) : { ...NOTHING_READ, inputs: plain };
    if (reading.inputs.length === 0) return undefined;

    const real = new Set<ProcessCall>();
    const decide = new Set<ProcessCall>();
    /** What they made is given to it, and nothing opens it. */
    const unread = new Map<ProcessCall, { readonly use: InputUse; readonly grade: Grade; readonly others: Set<InputUse> }>();
    const handed = new Map<
      ProcessCall,
      { readonly use: InputUse; readonly by: Handed; readonly instead: Set<ProcessCall>; readonly others: Set<InputUse> }
    >();
    let vague = false;
    for (const use of reading.inputs)
      for (const bound of tasks.bindings) {
        const value = bound.get(placeIn(use.input, use.element));
        if (value === undefined) {
          vague = true;
          continue;
        }
        const made = madeBy(value);
        vague ||= made.vague;
        for (const output of made.outputs) {
          const grade =
            this.#unreadGrade(call, use, reading, output, isOfOneItem(value)) ?? this.#gradeOfIndexed(call, use, reading, output, bound);
          if (grade !== undefined) {
            const before = unread.get(output.call);
            if (before === undefined) unread.set(output.call, { use, grade, others: new Set() });
            else if (before.use !== use && before.use.qualifier === use.qualifier) before.others.add(use);
            continue;
          }
          for (const part of this.#partsOf(use, reading, output))
            for (const { by, through } of this.#originsOf(output, part, [], {
              isNamedAnew: isStagedAs(call, use),
              isOne: isOneFile(value),
            })) {
              if (by !== undefined) real.add(by);
              for (const hand of through) {
                // Whatever leaves items out of what it is given leaves them out for whoever takes them from where it gets them.
                for (const one of this.#of(hand.call).decide) {
                  real.add(one);
                  decide.add(one);
                }
                const before = handed.get(hand.call) ?? { use, by: hand, instead: new Set(), others: new Set() };
                if (before.use !== use) before.others.add(use);
                if (by !== undefined) before.instead.add(by);
                handed.set(hand.call, before);
              }
            }
        }
      }

    const links: FalseLink[] = [];
    const put = (link: FalseLink): void => {
      // What may be needed by a way that nobody sees is needed.
      if (link.grade === 'advisory') real.add(link.from);
      else links.push(link);
    };
    for (const from of waits) {
      if (real.has(from) || from === call) continue;
      // It decides which tasks there are; or, as far as can be told, it has none, and there is nothing to wait for.
      if (this.#mayLeaveOut(from, call) || this.#decides(from, call, BY_CONTENT) || this.#model.tasksOf(from).summands.length === 0) {
        real.add(from);
        decide.add(from);
        continue;
      }
      const passed = handed.get(from);
      const left = unread.get(from);
      if (passed !== undefined) {
        const { use, by, instead, others } = passed;
        const more = { input: use, instead: [...instead], others: [...others], ...(by.under === undefined ? {} : { under: by.under }) };
        put(this.#link({ from, to: call, kind: by.kind, evidence: by.evidence, grade: by.grade(), ...more }));
      } else if (left !== undefined) {
        const { use, grade, others } = left;
        if (use.use === 'output') continue;
        const kind: LinkKind = use.qualifier === 'val' ? 'token' : 'unread-input';
        const evidence = `no command, directive or output of ${call.name} uses ${inputName(use)}`;
        put(this.#link({ from, to: call, kind, evidence, grade, input: use, instead: [], others: [...others] }));
      } else if (vague) {
        real.add(from);
        decide.add(from);
      } else {
        const token = this.#tokenFrom(call, from, reading);
        // Where kinds of items were counted together, what one of them carried may be forgotten.
        if (
          token === 'used' ||
          this.#isMerged(call) ||
          this.#decides(from, call, BY_ANY, true) ||
          this.#multiplies(from, call) ||
          (token === undefined && this.#mayBeAbsent(from) && !this.#isAbsentAnyway(from, call)) ||
          // An item carries something of it, though it is not told in which part.
          (token === undefined && tasks.summands.some(({ data }) => data.has(from)) && this.#isReshaped(call))
        ) {
          real.add(from);
          decide.add(from);
        } else if (token === undefined) {
          if (!this.#surelyWaits(call, from)) continue;
          const evidence = `nothing that ${from.name} makes is in what ${call.name} is given`;
          put(this.#link({ from, to: call, kind: 'barrier', evidence, grade: 'proven', input: undefined, instead: [], others: [] }));
        } else {
          const evidence = `${from.name} only says that it has ended, and ${call.name} uses ${inputName(token)} nowhere`;
          put(this.#link({ from, to: call, kind: 'token', evidence, grade: 'proven', input: token, instead: [], others: [] }));
        }
      }
    }
    return { real, decide, links };
  }

  /** As many come by each of its queues, and what is read comes by one of them: whichever goes with which, nothing is mixed up. */
  #isPairedAnyway(call: ProcessCall): boolean {
    const { summands } = this.#model.tasksOf(call);
    const { inputs } = this.#scripts.of(call);
    const queues = [...call.inputs.entries()].flatMap(([index, { channels }]) => {
      const flows = channels.filter(({ site }) => site.active !== false).map((channel) => this.#model.flowOf(channel));
      return flows.some(({ kind }) => kind !== 'value') ? [{ index, flows }] : [];
    });
    const areAlike = queues.every(({ flows }) =>
      flows.every(
        (flow) =>
          flow.summands.length === summands.length &&
          flow.summands.every(({ index, fewer, selections }, at) => {
            const other = summands[at] as (typeof summands)[number];
            return sameIndex(index, other.index) && fewer === other.fewer && selections.length === 0 && other.selections.length === 0;
          }),
      ),
    );
    const isRead = (index: number): boolean => inputs.some((use) => use.input === index && use.use !== 'unread');
    return areAlike && queues.filter(({ index }) => isRead(index)).length <= 1;
  }

  /** All inputs, where by its text the script uses each that a call makes anything of. */
  #plainUses(call: ProcessCall): readonly InputUse[] | undefined {
    const found = textUses(call.process, call.script.file);
    const { bindings } = this.#model.tasksOf(call);
    // A `val` by itself may be there for the wait alone.
    const isAlone = (use: InputUse): boolean => found?.inputs.every((other) => other === use || other.input !== use.input) === true;
    const isGiven = (use: InputUse): boolean =>
      bindings.every((bound) => {
        const value = bound.get(placeIn(use.input, use.element));
        if (value === undefined || isConstant(value) || (use.qualifier === 'val' && isAlone(use))) return false;
        const { outputs, vague } = madeBy(value);
        return outputs.length === 0 && !vague;
      });
    return found === undefined || ![...found.unnamed].every(isGiven) ? undefined : found.inputs;
  }

  /**
   * How sure that no command opens what an input brings; undefined: it is used, or may be. No command names it; where one might by its
   * name, that is none that the file can have; and a tool of which not all is documented opens what it is told, and what lies beside that.
   */
  #unreadGrade(call: ProcessCall, use: InputUse, reading: ScriptReading, output: MadeBy, isOne: boolean): Grade | undefined {
    if (use.qualifier === 'path' && this.#scripts.mayNameOthers(call, nameOf(output))) return undefined;
    if (use.use === 'output') return 'conditional';
    if (use.qualifier === 'env') return use.use === 'unread' && SAYS_IT_ENDED.test(use.name) ? 'conditional' : undefined;
    if (use.qualifier !== 'path') return use.use === 'unread' ? 'conditional' : undefined;
    const name = nameOf(output);
    if (this.#isMentioned(call, use, name) || (name !== undefined && IS_FOUND_BY_DEFAULT.test(name) && !isForNoProgram(name)))
      return undefined;
    // Where a program looks by itself: `stageAs: '.etetoolkit/taxa.sqlite'`.
    if (isStagedAs(call, use, /^(\.\/)?\.\w/)) return undefined;
    // Called like an index, and a folder by the name that it has: no tool looks for that beside a file.
    const isFolder = use.use === 'companion' && name !== undefined && /^\w+\/?$/.test(name);
    // A folder, or one that a search goes down into, may hold what a pattern finds.
    const isFound = use.use === 'listing' && (!/\w\.[A-Za-z]\w*$/.test(name ?? '') || goesDown(reading));
    if (isFound) return undefined;
    const kind = use.otherwise ?? use.use;
    const isIdle = name !== undefined && kind === 'unread' && opensNone(reading, name);
    if (reading.opaque !== undefined || (kind !== 'unread' && kind !== 'maybe' && !isFolder)) return undefined;
    if (name !== undefined && !isFolder && !isIdle && liesBeside(name)) return undefined;
    const work = reading.steps.filter(({ trivial }) => !trivial);
    const documented = work.every(({ known, commands }) => known && commands.every(({ spec }) => spec?.evidence === 'documented'));
    // An index, a checkpoint and the like are opened because of how they are called, and nobody names them.
    const isFoundByItsName = name !== undefined && /\.|\*$/.test(name) && !IS_NAMED_TO_BE_READ.test(name) && !isForNoProgram(name);
    if (isFoundByItsName && !isIdle && (!documented || SEVERAL.test(name))) return undefined;
    if (use.use === 'unread' && documented) return 'conditional';
    if (name === undefined) return undefined;
    const told = work.every(
      (step) =>
        step.known ||
        step.commands.every((command) =>
          command.name !== undefined && isInCatalogue(command.name)
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
                codeOf: (one) => this.#scripts.codeOf(one),
              }),
        ),
    );
    if (!told) return undefined;
    const liesHere = /\.\w+$/.test(name) && !use.declared.file.slice(use.declared).includes('/');
    // With a word that its maker does not speak of such a name cannot begin.
    const isOfASample = name.startsWith('*');
    const mayBeOpened = reading.steps.some(
      ({ reads, commands, range, known }) =>
        isFoundByPattern(range.file.slice(range), name) ||
        reads.some((read) => {
          if (read.kind === 'pattern') return mayFit(read.text, name);
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
            read.kind !== 'literal' || (read.input === undefined && !(liesInFolder(read.text) && liesHere) && couldBe(read, name, known))
          );
        }),
    );
    return mayBeOpened ? undefined : 'likely';
  }

  /** Of an index: how sure that nothing opens the file of the same maker that it belongs to, and which lies beside it. */
  #gradeOfIndexed(
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
      const grades = outputs.map((one) => this.#unreadGrade(call, other, reading, one, isOfOneItem(value)));
      if (grades.every((grade) => grade !== undefined)) return weakestGrade(grades);
    }
    return undefined;
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
        vague || outputs.some((output) => NAMES_FILES_IN_IT.test(nameOf(output) ?? '') || (output.call === maker && this.#isOwn(output)))
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

  /**
   * The input by which a wait comes that no part of an item explains: a constant that stands for "it has ended". 'used': the script uses
   * such a constant, so perhaps that of this call. undefined: there is none, what came with the wait was dropped on the way.
   */
  #tokenFrom(call: ProcessCall, from: ProcessCall, reading: ScriptReading): InputUse | 'used' | undefined {
    const { bindings } = this.#model.tasksOf(call);
    let found: InputUse | undefined;
    for (const [index, input] of call.inputs.entries()) {
      const fed = input.channels.some(
        (channel) => channel.site.active !== false && this.#model.flowOf(channel).summands.some(({ waits }) => waits.has(from)),
      );
      if (!fed) continue;
      const uses = reading.inputs.filter((use) => use.input === index);
      const constants = uses.filter((use) => bindings.every((bound) => isConstant(bound.get(placeIn(use.input, use.element)))));
      if (constants.some((use) => use.use !== 'unread')) return 'used';
      // Also what it only hands on, such as the name of a sample, says no more than that it has ended.
      const [only, ...others] = uses;
      const handedOn = others.length === 0 && only?.qualifier === 'val' && only.use === 'unread' ? only : undefined;
      found ??= constants[0] ?? handedOn;
    }
    return found;
  }

  /** Not only for the first item of several channels, of which another one may come first. */
  #surelyWaits(call: ProcessCall, from: ProcessCall): boolean {
    if (this.#model.tasksOf(call).summands.some(({ waits }) => waits.get(from)?.any !== true)) return true;
    return [...this.#channels.above(channelsInto(call), (above) => above.type !== 'call')].every(
      (above) =>
        above.type !== 'operator' ||
        above.name !== 'first' ||
        above.inputs.every((ref) => this.#model.flowOf(ref).summands.every(({ waits }) => waits.has(from))),
    );
  }

  /** Its items were made one list, or taken apart, on the way: which part is which is not told. */
  #isReshaped(call: ProcessCall): boolean {
    return channelsInto(call).some(
      ({ node }) => node.type === 'operator' && /^(flatten|transpose|collect|toList|toSortedList)$/.test(node.name),
    );
  }

  /** Somewhere above it kinds of items were counted together. */
  #isMerged(call: ProcessCall): boolean {
    const { merged } = this.#model;
    if (merged.size === 0) return false;
    return [...this.#channels.above(channelsInto(call), () => true)].some((node) => merged.has(node));
  }

  /** Perhaps it has no tasks, and who waits for it has none then either. */
  #mayBeAbsent(call: ProcessCall): boolean {
    return (
      signatureOf(call.process).outputs.some(({ optional }) => optional) ||
      this.#model.tasksOf(call).summands.every(({ fewer, selections }) => fewer || selections.length > 0)
    );
  }

  /** Whatever leaves items out of what it is given leaves them out of what the other is given by other ways too. */
  #isAbsentAnyway(from: ProcessCall, call: ProcessCall): boolean {
    if (signatureOf(from.process).outputs.some(({ optional }) => optional)) return false;
    const queues = channelsInto(call).filter((ref) => this.#model.flowOf(ref).kind === 'queue');
    const [lost, left] = [this.#selectorsAbove(channelsInto(from)), this.#selectorsAbove(queues, from)];
    return lost !== undefined && left !== undefined && [...lost].every((one) => left.has(one));
  }

  /**
   * Channels on the way of the items, one by one, at which some may be left out; undefined where items are put together or parted. What
   * comes by way of `except` is not looked at.
   */
  #selectorsAbove(refs: readonly ChannelRef[], except?: ProcessCall): ReadonlySet<string> | undefined {
    const found = new Set<string>();
    const seen = new Set<string>();
    const waiting = [...refs];
    for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
      const { node, port } = ref;
      const key = `${node.index} ${port}`;
      if (seen.has(key)) continue;
      seen.add(key);
      if (node.type === 'call') {
        if (node.call === except) continue;
        const settings = this.#model.graph.directivesOf(node.call);
        if (settings.has('when') || settings.has('errorStrategy')) found.add(node.call.id);
        if (signatureOf(node.call.process).outputs[outputNumber(node.call.process, port)]?.optional === true) found.add(key);
        // What is one for all tasks says nothing of the items.
        waiting.push(...channelsInto(node.call).filter((one) => except === undefined || this.#model.flowOf(one).kind === 'queue'));
        continue;
      }
      if (node.type === 'alternatives' || node.type === 'topic') return undefined;
      if (node.type === 'operator') {
        if (PUTS_TOGETHER.test(node.name) || node.args.named?.has('remainder') === true) return undefined;
        if (except !== undefined && GATHERS.test(node.name)) continue;
        // The join with what the call itself made is what is asked about; one of as many with the same keys leaves out what is lost above it.
        const parts = isByKey(node) && !this.#comesFrom(node, except) && !this.#matchesAll(ref);
        // `first()` gives nothing only where there is nothing.
        if (((BY_ANY.test(node.name) || BY_CONTENT.test(node.name)) && !isAnyOne(node)) || hasCondition(node) || parts) found.add(key);
      }
      const each = (one: ChannelRef): boolean => this.#model.flowOf(one).summands.some(({ index }) => index.length > 0);
      waiting.push(
        ...inputsOf(node).filter((one) => except === undefined || node.type !== 'operator' || node.name !== 'combine' || each(one)),
      );
    }
    return found;
  }

  /** Each item finds the one partner that has its key, unless that was lost on its way. */
  #matchesAll(ref: ChannelRef): boolean {
    return this.#model.flowOf(ref).summands.every(({ exactness }) => exactness === 'exact');
  }

  #comesFrom(node: OperatorNode, call: ProcessCall | undefined): boolean {
    return [...this.#channels.above(node.inputs, (above) => above.type !== 'call')].some(
      (above) => above.type === 'call' && above.call === call,
    );
  }

  /**
   * A task of it may end without giving anything on, and with it what would have been done with that item: an output that is optional, a
   * `when:` of which nobody knows what it says, a failure that is ignored.
   */
  #mayLeaveOut(from: ProcessCall, to: ProcessCall): boolean {
    const inputs = channelsInto(to);
    const { outputs } = signatureOf(from.process);
    const isOptional = ({ node, port }: ChannelRef): boolean =>
      node.type === 'call' && node.call === from && outputs[outputNumber(from.process, port)]?.optional === true;
    if (inputs.some(isOptional)) return true;
    for (const node of this.#channels.above(inputs, (above) => above.type !== 'call'))
      if (node.type !== 'call' && inputsOf(node).some(isOptional)) return true;
    const settings = this.#model.graph.directivesOf(from);
    const when = settings.get('when');
    return (when !== undefined && when.value === undefined) || /\bignore\b/.test(settings.get('errorStrategy')?.text ?? '');
  }

  /** Something that it makes may decide on the way which items are given to the call: a filter, a branch, a condition in a closure. */
  #decides(from: ProcessCall, to: ProcessCall, operators: RegExp, handedOnToo = false): boolean {
    const inputs = channelsInto(to);
    for (const node of this.#channels.above(inputs, (above) => above.type !== 'call')) {
      if (node.type !== 'operator') continue;
      if (isByKey(node) && this.#leavesOut(node, from)) return true;
      if (!(operators.test(node.name) || hasCondition(node)) || isAnyOne(node)) continue;
      const [source] = node.inputs;
      const asked = node.name === 'filter' ? this.#model.conditionOf(node) : undefined;
      const items = asked ?? (source === undefined ? [] : this.#model.flowOf(source).summands.map(({ item }) => item));
      for (const { outputs, vague } of items.map((item) => (item instanceof Mark ? markMade(item) : madeBy(item))))
        if (vague || outputs.some((output) => output.call === from && (handedOnToo || this.#isOwn(output)))) return true;
    }
    return false;
  }

  /** There is a task for each pair of which one side came of it: without it there would be fewer, unless equal ones are taken once. */
  #multiplies(from: ProcessCall, to: ProcessCall): boolean {
    const inputs = channelsInto(to);
    return [...this.#channels.above(inputs, (above) => above.type !== 'call' && !isOnceEach(above))].some(
      (node) =>
        node.type === 'operator' &&
        node.name === 'combine' &&
        node.args.named?.get('by') === undefined &&
        node.inputs.some((ref) => this.#model.flowOf(ref).summands.some(({ waits, index }) => waits.has(from) && index.length > 0)) &&
        node.inputs.every((ref) => this.#model.flowOf(ref).summands.some(({ index }) => index.length > 0)),
    );
  }

  /** Items are left out that find no partner among keys that it made. */
  #leavesOut(node: OperatorNode, from: ProcessCall): boolean {
    const indices = keyIndices(node, [0]);
    const keys = node.inputs.flatMap((ref) => this.#model.flowOf(ref).summands.map(({ item }) => madeBy(keyOf(item, indices))));
    return keys.some(({ outputs }) => outputs.some((output) => output.call === from && this.#isOwn(output)));
  }

  /** It made that, and did not only hand it on. */
  #isOwn(output: MadeBy): boolean {
    return this.#originsOf(output, undefined, []).some(({ by }) => by === output.call);
  }

  /** Who made what an output is: the call itself, or, where it only hands on what it was given, whoever made that. */
  #originsOf(
    { call, output, element }: MadeBy,
    part: string | undefined,
    through: readonly Handed[],
    /** Whoever reads it: whether it gives it a name of its own, or could. */
    reader = { isNamedAnew: false, isOne: true },
  ): readonly Origin[] {
    const itself: readonly Origin[] = [{ by: call, through }];
    if (part === undefined && !mayHandOn(call.process, call.script.file, output, element)) return itself;
    if (through.length >= MOST_HANDS || through.some((hand) => hand.call === call)) return itself;
    const value = part === undefined ? givenValue(call.process, call.script.file, output, element) : undefined;
    const passed =
      value === undefined
        ? handedOn({ call, output, element }, part, this.#scripts.of(call), reader, (command) => this.#scripts.leavesInputs(command))
        : {
            given: [{ use: value, part }],
            kind: 'pass-through' as const,
            evidence: `${call.name} gives ${value.name} on as it was given`,
            sureness: 'known' as const,
            under: undefined,
          };
    if (passed === undefined) return itself;
    const { given, kind, evidence, sureness, under } = passed;
    const hand: Handed = {
      call,
      kind,
      evidence,
      under,
      grade: () => (sureness === 'guessed' ? 'likely' : sureness === 'known' && this.#scripts.isKnown(call) ? 'proven' : 'conditional'),
    };
    const origins: Origin[] = [];
    for (const { use, part: inner } of given)
      for (const bound of this.#model.tasksOf(call).bindings) {
        const above = bound.get(placeIn(use.input, use.element));
        const made = above === undefined ? undefined : madeBy(above);
        if (above === undefined || made === undefined || made.vague) return itself;
        if (made.outputs.length === 0) origins.push({ by: undefined, through: [...through, hand] });
        const next = { ...reader, isOne: reader.isOne && isOneFile(above) };
        for (const one of made.outputs) origins.push(...this.#originsOf(one, inner, [...through, hand], next));
      }
    return origins;
  }

  #link(link: Omit<FalseLink, 'place' | 'assumption'>): FalseLink {
    const { from, to, input } = link;
    const hidden = this.#hiddenWay(from, to);
    const grade = hidden === 'perhaps' ? 'advisory' : hidden === 'unlikely' ? weaker(link.grade, 'conditional') : link.grade;
    const site = to.sites.find(({ active }) => active !== false) ?? to.sites[0];
    return {
      ...link,
      grade,
      assumption: grade === 'proven' ? undefined : `${from.name} leaves nothing for ${to.name} outside of channels`,
      place: input?.declared ?? (site as NonNullable<typeof site>).place,
    };
  }

  /** It is given a file by its path, in a folder that calls publish to. */
  #isGivenKept(call: ProcessCall): boolean {
    return this.#model
      .tasksOf(call)
      .bindings.some((bound) => [...bound.values()].some((value) => pathsIn(value).some((path) => this.#scripts.isKept(path))));
  }

  /** It reads at a place outside of its folder, and a call that runs before, for all that the link tells, may put something there. */
  #mayReadOthers({ from, to }: { readonly from: ProcessCall; readonly to: ProcessCall }): boolean {
    const places = this.#scripts.placesRead(to);
    if (places === undefined) return true;
    return places.length > 0 && this.#behind(from, to).some((one) => places.some((place) => this.#scripts.mayWriteAt(one, place)));
  }

  /** What may end before `to` by this link alone: of what it waits for directly another link speaks. */
  #behind(from: ProcessCall, to: ProcessCall): readonly ProcessCall[] {
    return [from, ...this.beforeOf(to)].filter((one) => one === from || !this.waitsOf(to).has(one));
  }

  /** No command is told of a place outside of its folder, and none is code that may have one in it. */
  #staysInFolder(call: ProcessCall): boolean {
    const { opaque } = this.#scripts.of(call);
    const isTold = this.#scripts.commandsOf(call).every(({ name, ownCode }) => name !== undefined && ownCode !== true);
    return opaque === undefined && isTold && this.#scripts.placesRead(call)?.length === 0 && !this.#scripts.namesParamFolder(call);
  }

  /** All that end before it can start, as the pipeline stands. */
  beforeOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    let before = this.#before.get(call);
    if (before === undefined) {
      const found = new Set(this.waitsOf(call));
      for (const one of found) for (const next of this.waitsOf(one)) found.add(next);
      this.#before.set(call, (before = found));
    }
    return before;
  }

  /** Whether something may pass between them that no channel shows: a database, a published file, a licence. */
  #hiddenWay(from: ProcessCall, to: ProcessCall): 'no' | 'unlikely' | 'perhaps' {
    const scripts = this.#scripts;
    // A check is there to go before; what makes no files is there for something else that it does.
    if (scripts.isGate(from) || !makesFiles(from)) return 'perhaps';
    const [one, two] = [from, to].map((call) => scripts.sideEffectsOf(call) || scripts.mayPrepareElsewhere(call)) as [boolean, boolean];
    if (
      one ||
      two ||
      (scripts.mayFillParamFolder(from) && !this.#staysInFolder(to)) ||
      (scripts.namesParamFolder(to) && this.#behind(from, to).some((one) => scripts.mayFill(one, to))) ||
      this.#isGivenKept(to) ||
      scripts.nameOneFile(from, to) ||
      this.#mayReadOthers({ from, to }) ||
      scripts.writesOutside(from) ||
      scripts.writesOutside(to)
    )
      return 'perhaps';
    return scripts.isKnown(from) && scripts.isKnown(to) && scripts.placesRead(to)?.length === 0 ? 'no' : 'unlikely';
  }
}

/** What its inputs are given, as far as that is on. */
function channelsInto({ inputs }: ProcessCall): readonly ChannelRef[] {
  return inputs.flatMap(({ channels }) => channels.filter(({ site }) => site.active !== false));
}

/** Nothing but that its inputs are used. */
const NOTHING_READ: ScriptReading = { opaque: undefined, steps: [], inputs: [], outputs: [], passesThreads: 'unknown', variants: 0 };

/** Operators that let items pass for what they are; and those that let one pass for another reason too. */
const BY_CONTENT = /^(filter|branch|until|subscribe|unique|distinct|max|min|toSortedList|sort|flatMap|transpose|split\w*)$/;
const BY_ANY = /^(filter|branch|until|subscribe|unique|distinct|first|take|ifEmpty|buffer)$/;

/** Items of several channels come by them, each by one of several ways. */
const PUTS_TOGETHER = /^(mix|concat|ifEmpty|merge)$/;
/** One item for many. */
const GATHERS = /^(collect|collectFile|toList|toSortedList|groupTuple|buffer|collate|reduce|count|min|max|sum|first|last)$/;

/** Items go on that have a partner. */
function isByKey({ name, args }: OperatorNode): boolean {
  return (
    name === 'cross' ||
    (name === 'combine' ? args.named?.get('by') !== undefined : name === 'join' && args.named?.get('remainder') !== true)
  );
}

/** `first()` lets one item pass, whatever is in it. */
function isAnyOne({ name, node }: OperatorNode): boolean {
  return name === 'first' && node?.arguments.length === 0;
}

/** `unique()`: of equal items one, with nothing asked of them. */
function isOnceEach(above: ChannelNode): boolean {
  return above.type === 'operator' && above.name === 'unique' && above.node?.arguments.length === 0;
}

const CONDITIONS: ReadonlySet<string> = new Set([
  'IfStatement',
  'TernaryExpression',
  'ElvisExpression',
  'SwitchStatement',
  'AssertStatement',
  'ThrowStatement',
]);

/** Its closure does one thing or another. */
function hasCondition(node: OperatorNode): boolean {
  return (
    node.node !== undefined &&
    someNode(node.node.arguments, (one) => CONDITIONS.has(one.kind) && !(one.kind === 'ElvisExpression' && isFilledIn(one)))
  );
}

/** `stats ?: []`: something in the place of nothing, and of nothing else. */
function isFilledIn({ value, whenFalse }: ElvisExpression): boolean {
  const isPlain =
    (whenFalse.kind === 'ConstantExpression' && whenFalse.value !== null) ||
    (whenFalse.kind === 'ListExpression' && whenFalse.elements.length === 0) ||
    (whenFalse.kind === 'MapExpression' && whenFalse.entries.length === 0);
  return value.kind === 'VariableExpression' && isPlain;
}

function markMade({ made }: Mark): { readonly outputs: readonly MadeBy[]; readonly vague: boolean } {
  return { outputs: made ?? [], vague: made === undefined };
}

/** `true`, or the list that `collect` makes of many. */
function pathsIn(value: Value, depth = 0): readonly string[] {
  if (value instanceof PathValue) return [value.path];
  if (typeof value === 'string') return [value];
  if (value instanceof ListValue && depth < 3) return value.items.flatMap((item) => pathsIn(item, depth + 1));
  return [];
}

/** Of a folder that the script calls by the name that it was made under: `mask/image.tif`. */
function partsByName(reading: ScriptReading, output: MadeBy): readonly (string | undefined)[] {
  const folder = singleNameOf(output);
  if (folder === undefined || reading.opaque !== undefined) return [undefined];
  const parts = new Set<string>();
  for (const { reads, writes, commands } of reading.steps) {
    const named: string[] = [...reads, ...writes]
      .map((name) => asPattern(name))
      .filter((path) => path === folder || path.startsWith(`${folder}/`));
    // A program of our own may name it once more.
    if (named.includes(folder) || commands.some(({ name, ownCode }) => ownCode || name === undefined)) return [undefined];
    for (const path of named) parts.add(path.slice(folder.length + 1));
  }
  return parts.size === 0 || [...parts].some((part) => SEVERAL.test(part)) ? [undefined] : [...parts];
}

/** A single file, which can be staged under another name; of many in a list each keeps its own. */
function isOneFile(value: Value): boolean {
  return value instanceof ItemValue && !value.mark.several;
}

/** Not those of several items, of which a program might look for its own. */
function isOfOneItem(value: Value): boolean {
  return value instanceof ItemValue;
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

function isConstant(value: Value | undefined): boolean {
  if (value instanceof GatheredValue) return isConstant(value.element);
  return value !== undefined && (value === null || typeof value !== 'object');
}

/** `out/report.tsv`: not where inputs lie. */
function liesInFolder(path: string): boolean {
  return /^(\.\/)?[\w.-]*\w[\w.-]*\//.test(path);
}

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

/** A command searches folders, or a pattern names what lies in one. */
function goesDown({ steps }: ScriptReading): boolean {
  return steps.some(
    ({ commands, reads }) =>
      commands.some(({ name }) => name === 'find' || name === 'tree') ||
      reads.some(({ kind, text }) => kind === 'pattern' && text.replace(/^\.\//, '').includes('/')),
  );
}

/** By the name of an input: names of files are in it. */
const IS_A_LIST = /list|manifest|sheet|fofn|files|paths|design|config|param|sources/i;
