/**
 * What a call really reads (R): for each call that it waits for, whether something that it made is opened, and if not, by which input the
 * wait came in. A file that a call only hands on is looked for where it was made. What cannot be told counts as read.
 */
import { ListValue, PathValue, type Value } from '../../parser/evaluate/value.ts';
import { type Channels, inputsOf } from '../../parser/graph/channels.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import { someNode } from '../../parser/graph/expressions.ts';
import { type ChannelModel, placeIn } from '../../parser/graph/model/channel-model.ts';
import { GatheredValue, isOutputItself, type MadeBy, Mark, madeBy } from '../../parser/graph/model/item-value.ts';
import { keyIndices, keyOf } from '../../parser/graph/model/operators/keys.ts';
import type { ChannelRef, OperatorNode, ProcessCall } from '../../parser/graph/process-graph.ts';
import { outputNumber, signatureOf } from '../../parser/graph/process-io.ts';
import { isInCatalogue } from '../../parser/shell/catalogue.ts';
import { declarationsOf } from '../../parser/shell/declarations.ts';
import type { FileName, InputUse, ScriptReading, ScriptStep } from '../../parser/shell/script-reading.ts';
import type { ElvisExpression, Expression } from '../../parser/syntax/nodes.ts';
import type { SourceRange } from '../../source/source-file.ts';
import { givenValue, mayHandOn, quoted, speaksOf, speaksOfUndeclared, textUses } from './script-text.ts';
import type { Scripts } from './scripts.ts';

/** Why a call waits for one of which it reads nothing. */
export type LinkKind = 'unread-input' | 'token' | 'over-wide-directory' | 'pass-through' | 'barrier';
/** How sure it is that the wait is not needed; the surest first. */
export type Grade = 'proven' | 'conditional' | 'likely' | 'advisory';
const GRADES: readonly Grade[] = ['proven', 'conditional', 'likely', 'advisory'];

function weaker(one: Grade, two: Grade): Grade {
  return GRADES.indexOf(one) >= GRADES.indexOf(two) ? one : two;
}

/** `path bam`; as it is declared where it has no name: `path 'models/*'`. */
export function inputName({ qualifier, name, declared }: InputUse): string {
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

interface Handed {
  readonly call: ProcessCall;
  readonly kind: 'pass-through' | 'over-wide-directory';
  readonly evidence: string;
  readonly grade: () => Grade;
}

/** Deeper chains of processes that hand a file on are not followed. */
const MOST_HANDS = 50;

export class Needs {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #channels: Channels;
  readonly #waits = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  readonly #known = new Map<ProcessCall, { readonly real: ReadonlySet<ProcessCall>; readonly links: readonly FalseLink[] }>();

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
      const { outputs, vague } = madeBy(bound.get(placeIn(use.input, use.element)) ?? null);
      return (
        !vague &&
        (outputs.length > 0 || use.use === 'unread') &&
        outputs.every((output) => this.#unreadGrade(call, use, reading, output) !== undefined)
      );
    });
  }

  linksInto(call: ProcessCall): readonly FalseLink[] {
    return this.#of(call).links;
  }

  #of(call: ProcessCall): { readonly real: ReadonlySet<ProcessCall>; readonly links: readonly FalseLink[] } {
    let known = this.#known.get(call);
    if (known === undefined) {
      const waits = this.waitsOf(call);
      // For what stands on a loop, and for what cannot be told: all of it is read.
      this.#known.set(call, { real: waits, links: [] });
      known = this.#read(call, waits) ?? { real: waits, links: [] };
      this.#known.set(call, known);
    }
    return known;
  }

  /** undefined: it cannot be told. */
  #read(call: ProcessCall, waits: ReadonlySet<ProcessCall>): { real: ReadonlySet<ProcessCall>; links: readonly FalseLink[] } | undefined {
    const tasks = this.#model.tasksOf(call);
    if (waits.size === 0 || tasks.opaque !== undefined || tasks.unpaired) return undefined;
    if (call.inputs.some(({ declaration }) => declaration === undefined)) return undefined;
    if (speaksOfUndeclared(call.process, call.script.file)) return undefined;
    const plain = this.#plainUses(call);
    const reading = plain === undefined ? this.#scripts.of(call) : { ...NOTHING_READ, inputs: plain };
    if (reading.inputs.length === 0) return undefined;

    const real = new Set<ProcessCall>();
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
          const grade = this.#unreadGrade(call, use, reading, output);
          if (grade !== undefined) {
            const before = unread.get(output.call);
            if (before === undefined) unread.set(output.call, { use, grade, others: new Set() });
            else if (before.use !== use && before.use.qualifier === use.qualifier) before.others.add(use);
            continue;
          }
          for (const part of partsOf(use, (one) => this.#isWritten(output, one)))
            for (const { by, through } of this.#originsOf(output, part, [], isStagedAs(call, use))) {
              if (by !== undefined) real.add(by);
              for (const hand of through) {
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
        continue;
      }
      const passed = handed.get(from);
      const left = unread.get(from);
      if (passed !== undefined) {
        const { use, by, instead, others } = passed;
        const more = { input: use, instead: [...instead], others: [...others] };
        put(this.#link({ from, to: call, kind: by.kind, evidence: by.evidence, grade: by.grade(), ...more }));
      } else if (left !== undefined) {
        const { use, grade, others } = left;
        if (use.use === 'output') continue;
        const kind: LinkKind = use.qualifier === 'val' ? 'token' : 'unread-input';
        const evidence = `no command, directive or output of ${call.name} uses ${inputName(use)}`;
        put(this.#link({ from, to: call, kind, evidence, grade, input: use, instead: [], others: [...others] }));
      } else if (vague) real.add(from);
      else {
        const token = this.#tokenFrom(call, from, reading);
        // Where kinds of items were counted together, what one of them carried may be forgotten.
        if (
          token === 'used' ||
          this.#isMerged(call) ||
          this.#decides(from, call, BY_ANY, true) ||
          this.#multiplies(from, call) ||
          (token === undefined && this.#mayBeAbsent(from))
        )
          real.add(from);
        else if (token === undefined) {
          const evidence = `nothing that ${from.name} makes is in what ${call.name} is given`;
          put(this.#link({ from, to: call, kind: 'barrier', evidence, grade: 'proven', input: undefined, instead: [], others: [] }));
        } else {
          const evidence = `${from.name} only says that it has ended, and ${call.name} uses ${inputName(token)} nowhere`;
          put(this.#link({ from, to: call, kind: 'token', evidence, grade: 'proven', input: token, instead: [], others: [] }));
        }
      }
    }
    return { real, links };
  }

  /** All inputs, where by its text the script uses each that a call makes anything of. */
  #plainUses(call: ProcessCall): readonly InputUse[] | undefined {
    const found = textUses(call.process, call.script.file);
    const { bindings } = this.#model.tasksOf(call);
    const isGiven = (use: InputUse): boolean =>
      bindings.every((bound) => {
        const value = bound.get(placeIn(use.input, use.element));
        if (value === undefined || isConstant(value)) return false;
        const { outputs, vague } = madeBy(value);
        return outputs.length === 0 && !vague;
      });
    return found === undefined || ![...found.unnamed].every(isGiven) ? undefined : found.inputs;
  }

  /**
   * How sure that no command opens what an input brings; undefined: it is used, or may be. No command names it; where one might by its
   * name, that is none that the file can have; and a tool of which not all is documented opens what it is told, and what lies beside that.
   */
  #unreadGrade(call: ProcessCall, use: InputUse, reading: ScriptReading, output: MadeBy): Grade | undefined {
    if (use.qualifier === 'path' && this.#scripts.mayNameOthers(call)) return undefined;
    if (use.use === 'output') return 'conditional';
    if (use.qualifier === 'env') return use.use === 'unread' && SAYS_IT_ENDED.test(use.name) ? 'conditional' : undefined;
    if (use.qualifier !== 'path') return use.use === 'unread' ? 'conditional' : undefined;
    const name = nameOf(output);
    if (this.#isMentioned(call, use, name) || (name !== undefined && IS_FOUND_BY_DEFAULT.test(name))) return undefined;
    // Called like an index, and a folder by the name that it has: no tool looks for that beside a file.
    const isFolder = use.use === 'companion' && name !== undefined && /^\w+\/?$/.test(name);
    // A folder, or one that a search goes down into, may hold what a pattern finds.
    const isFound = use.use === 'listing' && (!/\w\.[A-Za-z]\w*$/.test(name ?? '') || goesDown(reading));
    if (isFound) return undefined;
    const kind = use.otherwise ?? use.use;
    if (reading.opaque !== undefined || (kind !== 'unread' && kind !== 'maybe' && !isFolder)) return undefined;
    if (name !== undefined && !isFolder && liesBeside(name)) return undefined;
    const work = reading.steps.filter(({ trivial }) => !trivial);
    const documented = work.every(({ known, commands }) => known && commands.every(({ spec }) => spec?.evidence === 'documented'));
    // An index, a checkpoint and the like are opened because of how they are called, and nobody names them.
    const isFoundByItsName = name !== undefined && /\.|\*$/.test(name) && !IS_NAMED_TO_BE_READ.test(name);
    if (isFoundByItsName && (!documented || SEVERAL.test(name))) return undefined;
    if (use.use === 'unread' && documented) return 'conditional';
    const told = work.every(
      ({ known, commands }) =>
        known || commands.every(({ name, spec }) => spec?.listsDirectory !== true && name !== undefined && isInCatalogue(name)),
    );
    if (!told || name === undefined) return undefined;
    const mayBeOpened = reading.steps.some(({ reads }) =>
      reads.some((read) =>
        read.kind === 'pattern' ? mayFit(read.text, name) : read.kind !== 'literal' || (read.input === undefined && couldBe(read, name)),
      ),
    );
    return mayBeOpened ? undefined : 'likely';
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
      found ??= constants[0];
    }
    return found;
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

  /** There is a task for each pair of which one side came of it: without it there would be fewer. */
  #multiplies(from: ProcessCall, to: ProcessCall): boolean {
    const inputs = channelsInto(to);
    return [...this.#channels.above(inputs, (above) => above.type !== 'call')].some(
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
    /** Whoever reads it gives it a name of its own. */
    isNamedAnew = false,
  ): readonly Origin[] {
    const itself: readonly Origin[] = [{ by: call, through }];
    if (part === undefined && !mayHandOn(call.process, call.script.file, output, element)) return itself;
    if (through.length >= MOST_HANDS || through.some((hand) => hand.call === call)) return itself;
    let given = part === undefined ? givenValue(call.process, call.script.file, output, element) : undefined;
    let same = given;
    let sure = true;
    let inner = part;
    if (given === undefined) {
      const reading = this.#scripts.of(call);
      const origin = reading.outputs.find((one) => one.output === output && one.element === element);
      if (origin === undefined || reading.opaque !== undefined) return itself;
      given = same = givenOn({ call, output, element }, reading, origin.sameAs, isNamedAnew);
      sure = origin.sameAs !== undefined;
    }
    if (same === undefined && part !== undefined) {
      const reading = this.#scripts.of(call);
      const name = nameOf({ call, output, element });
      const copied = name === undefined ? undefined : copiedTo(`${name.replace(/\/$/, '')}/${part}`, reading.steps);
      given = copied === undefined ? undefined : reading.inputs.find((use) => use.name === copied.input);
      inner = copied?.part;
    }
    if (given === undefined) return itself;
    const hand: Handed =
      same === undefined
        ? {
            call,
            kind: 'over-wide-directory',
            evidence: `of the folder that ${call.name} makes only ${part} is opened, a copy of its ${given.name}`,
            grade: () => 'conditional',
          }
        : {
            call,
            kind: 'pass-through',
            evidence: `${call.name} gives ${given.name || inputName(given)} on as it was given`,
            grade: () => (!sure ? 'likely' : this.#scripts.isKnown(call) ? 'proven' : 'conditional'),
          };
    const origins: Origin[] = [];
    for (const bound of this.#model.tasksOf(call).bindings) {
      const value = bound.get(placeIn(given.input, given.element));
      const made = value === undefined ? undefined : madeBy(value);
      if (made === undefined || made.vague) return itself;
      if (made.outputs.length === 0) origins.push({ by: undefined, through: [...through, hand] });
      for (const above of made.outputs) origins.push(...this.#originsOf(above, inner, [...through, hand], isNamedAnew));
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

  /** Whether something may pass between them that no channel shows: a database, a published file, a licence. */
  #hiddenWay(from: ProcessCall, to: ProcessCall): 'no' | 'unlikely' | 'perhaps' {
    const scripts = this.#scripts;
    // A check is there to go before; what makes no files is there for something else that it does.
    if (scripts.isGate(from) || !makesFiles(from)) return 'perhaps';
    const [one, two] = [from, to].map((call) => scripts.sideEffectsOf(call) || scripts.mayPrepareElsewhere(call)) as [boolean, boolean];
    if (
      one ||
      two ||
      scripts.namesParamFolder(from) ||
      scripts.namesParamFolder(to) ||
      this.#isGivenKept(to) ||
      scripts.nameOneFile(from, to) ||
      scripts.readsOutside(to) ||
      scripts.writesOutside(from) ||
      scripts.writesOutside(to)
    )
      return 'perhaps';
    return scripts.isKnown(from) && scripts.isKnown(to) ? 'no' : 'unlikely';
  }
}

/** What its inputs are given, as far as that is on. */
function channelsInto({ inputs }: ProcessCall): readonly ChannelRef[] {
  return inputs.flatMap(({ channels }) => channels.filter(({ site }) => site.active !== false));
}

function makesFiles({ process }: ProcessCall): boolean {
  return signatureOf(process).outputs.some(({ statement }) =>
    declaredElements(statement).elements.some(({ qualifier }) => qualifier === 'path'),
  );
}

/** Nothing but that its inputs are used. */
const NOTHING_READ: ScriptReading = { opaque: undefined, steps: [], inputs: [], outputs: [], passesThreads: 'unknown', variants: 0 };

/** Operators that let items pass for what they are; and those that let one pass for another reason too. */
const BY_CONTENT = /^(filter|branch|until|subscribe|unique|distinct|max|min|toSortedList|sort|flatMap|transpose|split\w*)$/;
const BY_ANY = /^(filter|branch|until|subscribe|unique|distinct|first|take|ifEmpty|buffer)$/;

/** Items go on that have a partner. */
function isByKey({ name, args }: OperatorNode): boolean {
  return (
    name === 'cross' ||
    (name === 'combine' ? args.named?.get('by') !== undefined : name === 'join' && args.named?.get('remainder') !== true)
  );
}

/** Not one file of a folder. */
const SEVERAL = /[*?[{]/;

/** The files that are opened of an input that is a folder; undefined: all of it. */
function partsOf({ use, parts, beside }: InputUse, isWritten: (part: string) => boolean): readonly (string | undefined)[] {
  if (use !== 'within' || parts.length === 0 || parts.some((part) => SEVERAL.test(part))) return [undefined];
  return [...parts, ...beside.filter(isWritten)];
}

/** `first()` lets one item pass, whatever is in it. */
function isAnyOne({ name, node }: OperatorNode): boolean {
  return name === 'first' && node?.arguments.length === 0;
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

function isConstant(value: Value | undefined): boolean {
  if (value instanceof GatheredValue) return isConstant(value.element);
  return value !== undefined && (value === null || typeof value !== 'object');
}

/** Indexes and other files that tools open because of the file that they lie beside. */
export const LIES_BESIDE =
  /\.(bai|fai|csi|tbi|crai|gzi|dict|idx|index|ix|amb|ann|bwt|pac|sa|0123|bt2l?|ht2l?|mmi|sti|pgen|psam|pvar|bed|bim|fam|shx|dbf|prj|loc|gai|lst|pbi|fxi|stats|ckp(\.gz)?|contamination(\.table)?)$/i;

/** `*.bai`, `*.{amb,ann,bwt}`, `calls.vcf.gz.stats`. */
function liesBeside(name: string): boolean {
  const [, head, choices] = /^(.*)\{([^{}]*)\}$/.exec(name) ?? [];
  return choices === undefined ? LIES_BESIDE.test(name) : choices.split(',').some((one) => LIES_BESIDE.test(`${head}${one}`));
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

/** A command searches folders, or a pattern names what lies in one. */
function goesDown({ steps }: ScriptReading): boolean {
  return steps.some(
    ({ commands, reads }) =>
      commands.some(({ name }) => name === 'find' || name === 'tree') ||
      reads.some(({ kind, text }) => kind === 'pattern' && text.replace(/^\.\//, '').includes('/')),
  );
}

/** Whether one name can fit two patterns: as they begin, and as they end. */
function mayFit(one: string, other: string): boolean {
  const [[head, tail], [start, end]] = [endsOf(one), endsOf(other)];
  return (head.startsWith(start) || start.startsWith(head)) && (tail.endsWith(end) || end.endsWith(tail));
}

/** What stands before the first part that is open, and behind the last. */
function endsOf(pattern: string): readonly [string, string] {
  const base = pattern.slice(pattern.lastIndexOf('/') + 1);
  const parts = base.split(/[*?\u0000]|\[[^\]]*\]|\{[^}]*\}/);
  return [parts[0] as string, parts.at(-1) as string];
}

/** Whether a name in a command can be that of a file with such a name, or be how it begins. */
function couldBe(read: FileName, pattern: string): boolean {
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
  return read.text.startsWith(head) && (read.text.endsWith(tail) || tail.startsWith('.'));
}

/**
 * The input that an output is: `val x`, or `path x` of an input `x` that no command writes to. A file under another name is another file
 * for whoever names its own after it. A tool of the catalogue changes no file that it is given, unless it says so; of
 * any other program nobody knows that.
 */
function givenOn(
  { call, output, element }: MadeBy,
  reading: ScriptReading,
  sameAs: number | undefined,
  isNamedAnew: boolean,
): InputUse | undefined {
  const told = sameAs === undefined ? undefined : reading.inputs[sameAs];
  if (told !== undefined && told.qualifier !== 'path') return told;
  if (speaksOf(call.process, call.script.file, EDITS_IN_PLACE) !== false) return undefined;
  const declared = signatureOf(call.process).outputs[output];
  const expression = declared === undefined ? undefined : declaredElements(declared.statement).elements[element]?.expression;
  // `path "out/${x}"`, to which `x` was copied, or a copy of another name that the reader never sees.
  const last = expression?.kind === 'GStringExpression' ? expression.parts.at(-1) : undefined;
  const keepsName = last?.kind === 'GStringValue' && last.expression.kind === 'VariableExpression' && last.expression.name === told?.name;
  if (told !== undefined && (isNamedAnew || keepsName) && !isChanged(reading, sameAs as number)) return told;
  // `path x`, or `path "${x}"`.
  const [only] = expression?.kind === 'GStringExpression' && expression.parts.length === 1 ? expression.parts : [];
  const named = only?.kind === 'GStringValue' ? only.expression : expression;
  if (named?.kind !== 'VariableExpression') return undefined;
  const at = reading.inputs.findIndex((use) => use.name === named.name && use.qualifier === 'path');
  if (at === -1 || isChanged(reading, at)) return undefined;
  if (sameAs === at) return told;
  const risky = reading.steps.some(({ known, commands, range }) => {
    const text = range.file.slice(range);
    if (known || !text.includes(named.name)) return false;
    return CHANGES_IN_PLACE.test(text) || commands.some(({ name, ownCode }) => ownCode || name === undefined || !isInCatalogue(name));
  });
  return risky ? undefined : reading.inputs[at];
}

/** `path 'reads.bam'`, `path(bam, stageAs: 'reads.bam')`: one file, under a name that the process gives it. */
function isStagedAs(call: ProcessCall, use: InputUse): boolean {
  const { inputs } = declarationsOf(call.process, call.script.file);
  const stageAs = inputs.find(({ input, element }) => input === use.input && element === use.element)?.stageAs;
  return stageAs?.kind === 'ConstantExpression' && typeof stageAs.value === 'string' && !/[*?]/.test(stageAs.value);
}

/** Some command writes to the name that an input has. */
function isChanged(reading: ScriptReading, input: number): boolean {
  const use = reading.inputs[input];
  if (use?.qualifier !== 'path') return false;
  return reading.steps.some(({ writes }) => writes.some((file) => file.input === use.name || mayBeNamedLike(use.name, file)));
}

/** `${id}.bam`, which may well be what the file `bam` is called; `${prefix}` alone may be anything. */
function mayBeNamedLike(input: string, { text, kind }: FileName): boolean {
  if (text === '\u0000') return kind === 'literal';
  const [, ending] = /^\u0000\.(\w+)(\.gz)?$/.exec(text) ?? [];
  if (ending === undefined) return false;
  const [word] = /bam|cram|sam|vcf|bcf|bed|fastq|fq|reads|fasta|fa|gtf|gff|tsv|csv|txt|json/i.exec(input) ?? [];
  return word === undefined ? IS_NAMED_TO_BE_READ.test(`.${ending}`) : word.toLowerCase() === ending.toLowerCase();
}

const CHANGES_IN_PLACE = /(^|\s)(-i|--in-?place|--overwrite|--force|-f|--index|index|sort|fix\w*|reheader|update|append|add\w*)(\s|=|$)/i;

/** Ways to change a file where it lies, also one of which only a pattern is written. */
const EDITS_IN_PLACE =
  /\b(sed|perl|ruby|g?awk)\b[^\n|;]*\s-(\w*i\b|i\w*|-in-?place)|\b(patch|ed|ex|tee|xargs|parallel|truncate|shred|split|csplit)\b|\bfind\b[^\n]*-(exec|delete|ok)|\bzip\s+-\w*[udm]|\byq\s[^\n]*-i|\bFixMateInformation\b(?![^\n]*\s(-?-?O(UTPUT)?\b))/;

/** Tokens of the environment; any program may look at other variables. */
const SAYS_IT_ENDED = /(^|_)(done|ready|ok|ended|finished|completed?|token|signal|flag|dummy|status)\d*(_|$)/i;

/** Settings that a program looks for under a name of its own: `multiqc_config.yml`, `.condarc`, `snpEff.config`, `SampleSheet.csv`. */
const IS_FOUND_BY_DEFAULT = /^\.|config|\.(conf|cfg|ini|toml|properties|ya?ml|rc)$|sample_?sheet|settings|^params\b/i;

/** What somebody has to name to have it opened: data, tables, reports. */
const IS_NAMED_TO_BE_READ =
  /\.(txt|tsv|csv|json|html?|pdf|png|svg|jpe?g|log|err|out|ya?ml|md|xlsx?|rds|rda|rdata|h5ad|bam|sam|cram|vcf|bcf|fastq|fq|fa|fasta|fna|faa|ffn|gff3?|gtf|gbk?|bedgraph|bdg|bw|bigwig|bb|maf|nwk|newick|tree|aln|paf|mzml|xml|zip|report|metrics|summary|flagstat|idxstats|hist|depth|cov|coverage|narrowpeak|broadpeak|bedmethyl|kreport|counts?|tab|table|mtx|done|ok|ready|finished|sha256|md5|bed(?=\.gz$))(\.(gz|bgz|xz|bz2|zst))?$/i;

const COPIES = /^(cp|ln|mv|rsync|install)$/;

/** The input of which a file is a copy: one command writes it, and only copies. */
function copiedTo(path: string, steps: readonly ScriptStep[]): { readonly input: string; readonly part: string | undefined } | undefined {
  const writers = steps.filter((step) => (!step.trivial || isCopy(step)) && writesTo(step, path));
  const [writer] = writers;
  const source = writer?.reads[0];
  if (writers.length !== 1 || writer === undefined || !isCopy(writer) || writer.reads.length !== 1) return undefined;
  if (source?.input === undefined) return undefined;
  return { input: source.input, part: /^\u0000?[^/]*\/(.+)$/.exec(source.text)?.[1] };
}

function isCopy({ commands }: ScriptStep): boolean {
  const [command] = commands;
  return commands.length === 1 && command?.name !== undefined && COPIES.test(command.name);
}

/** Whether a step may write a file. What is copied into a folder keeps its name. */
function writesTo(step: ScriptStep, path: string): boolean {
  const { reads, writes } = step;
  const base = path.slice(path.lastIndexOf('/') + 1);
  return writes.some((name) => {
    if (!mayName(name, path)) return false;
    return !(
      isCopy(step) &&
      name.kind === 'prefix' &&
      name.text.endsWith('/') &&
      reads.length > 0 &&
      !reads.some((read) => mayName(read, base))
    );
  });
}

/** Surely that file, or one that it could be. */
function mayName(name: FileName, path: string): boolean {
  const text = name.text.replace(/^\.\//, '');
  if (name.kind === 'anything') return true;
  if (name.kind === 'prefix') {
    const head = text.split('\u0000')[0] as string;
    // What begins with the name of a sample lies in no folder.
    return head === '' ? path.startsWith('*') || !path.includes('/') : path.startsWith(head);
  }
  if (name.kind === 'literal' && !text.includes('\u0000')) return text === path;
  let at = 0;
  for (const [index, piece] of text.split(/[*?\u0000]+/).entries()) {
    const found = path.indexOf(piece, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  return true;
}
