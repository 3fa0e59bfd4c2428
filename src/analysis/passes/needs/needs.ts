/**
 * What a call really reads (R): for each call that it waits for, whether something that it made is opened, and if not, by which input the
 * wait came in. A file that a call only hands on is looked for where it was made. What cannot be told counts as read.
 */
import type { Value } from '../../../parser/evaluate/value.ts';
import type { Channels } from '../../../parser/graph/channels.ts';
import { type ChannelModel, placeIn, sameIndex } from '../../../parser/graph/model/channel-model.ts';
import { GatheredValue, isOutputItself, type MadeBy, madeBy } from '../../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import type { InputUse, ScriptReading, ScriptStep } from '../../../parser/shell/script-reading.ts';
import { asDeclared, type FalseLink, type Grade, type LinkKind, weaker } from './false-link.ts';
import { asPattern, nameOf, SEVERAL, singleNameOf } from './file-names.ts';
import { isCopy, isStagedAs, onlyFileIn, writesTo } from './handed-on.ts';
import { HiddenWays } from './hidden-ways.ts';
import { LeftOut } from './left-out.ts';
import { type Handed, isOneFile, Origins } from './origins.ts';
import { speaksOfUndeclared, textUses } from './script-text.ts';
import type { Scripts } from './scripts.ts';
import { isOfOneItem, Unread } from './unread.ts';
import { channelsInto, Waits } from './waits.ts';

/** `path bam`; as it is declared where it has no name: `path 'models/*'`. */
function inputName({ qualifier, name, declared }: InputUse): string {
  return name === '' ? asDeclared({ declared }) : `${qualifier} ${name}`;
}

interface Read {
  readonly real: ReadonlySet<ProcessCall>;
  /** By which inputs something of them comes, where that is told. */
  readonly brought: readonly { readonly by: ProcessCall; readonly use: InputUse }[];
  /** Those of `real` that may decide which tasks it has, or of which nothing can be told. */
  readonly decide: ReadonlySet<ProcessCall>;
  /** Those of `real` of which nothing is opened, and that may do something for it that no channel shows. */
  readonly prepare: ReadonlySet<ProcessCall>;
  readonly links: readonly FalseLink[];
}

export class Needs {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #channels: Channels;
  readonly #waits: Waits;
  readonly #origins: Origins;
  readonly #unread: Unread;
  readonly #leftOut: LeftOut;
  readonly #hiddenWays: HiddenWays;
  readonly #known = new Map<ProcessCall, Read>();

  constructor(model: ChannelModel, scripts: Scripts, channels: Channels) {
    this.#channels = channels;
    this.#model = model;
    this.#scripts = scripts;
    this.#waits = new Waits(model);
    this.#origins = new Origins(model, scripts);
    this.#unread = new Unread(model, scripts, this.#origins);
    this.#leftOut = new LeftOut(model, channels, this.#origins);
    this.#hiddenWays = new HiddenWays(model, scripts, this.#waits, this.#origins);
  }

  /** Calls that it waits for directly, as the pipeline stands. */
  waitsOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#waits.of(call);
  }

  /** All that end before it can start, as the pipeline stands. */
  beforeOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#waits.before(call);
  }

  /** Calls that made something of what it reads. */
  realOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#of(call).real;
  }

  /** Of these, calls that may decide which tasks it has, or of which nothing can be told. */
  decidersOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#of(call).decide;
  }

  /** Of these, calls of which it opens nothing, and that may do something for it that no channel shows: load a database, take a licence. */
  preparersOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return this.#of(call).prepare;
  }

  /** Of these, calls of which it does more with something than to hand it on. */
  openedOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    const known = this.#opened.get(call) ?? this.#openedOf(call);
    this.#opened.set(call, known);
    return known;
  }
  readonly #opened = new Map<ProcessCall, ReadonlySet<ProcessCall>>();

  #openedOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    const { real, brought } = this.#of(call);
    if (brought.length === 0) return real;
    const reading = this.#scripts.of(call);
    const isHanded = ({ input, element }: InputUse): boolean =>
      reading.inputs.some((use) => use.input === input && use.element === element && isHandedOn(use, reading));
    const opened = new Set(brought.flatMap(({ by, use }) => (isHanded(use) ? [] : [by])));
    const handedOn = new Set(brought.map(({ by }) => by));
    return new Set([...real].filter((one) => opened.has(one) || !handedOn.has(one)));
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
        outputs.every((output) => this.#unread.gradeOf(call, use, reading, output, isOfOneItem(value)) !== undefined)
      );
    });
  }

  /** The files that are opened of an input that is a folder; undefined: all of it. */
  #partsOf({ use, parts, beside, steps }: InputUse, reading: ScriptReading, output: MadeBy): readonly (string | undefined)[] {
    if (use !== 'within') return use === 'maybe' || use === 'staged-name' ? partsByName(reading, output) : [undefined];
    // A program that makes names up may find what lies beside.
    if (steps.some((at) => reading.steps[at]?.commands.some((command) => this.#scripts.programs.mayMakeNames(command)))) return [undefined];
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
      const all: Read = { real: waits, brought: [], decide: waits, prepare: new Set(), links: [] };
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
    const brought: { by: ProcessCall; use: InputUse }[] = [];
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
            this.#unread.gradeOf(call, use, reading, output, isOfOneItem(value)) ??
            this.#unread.gradeOfIndex(call, use, reading, output, bound);
          if (grade !== undefined) {
            const before = unread.get(output.call);
            if (before === undefined) unread.set(output.call, { use, grade, others: new Set() });
            else if (before.use !== use && before.use.qualifier === use.qualifier) before.others.add(use);
            continue;
          }
          for (const part of this.#partsOf(use, reading, output))
            for (const { by, through } of this.#origins.of(output, part, [], {
              isNamedAnew: isStagedAs(call, use),
              isOne: isOneFile(value),
            })) {
              if (by !== undefined) {
                real.add(by);
                brought.push({ by, use });
              }
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

    const prepare = new Set<ProcessCall>();
    const links: FalseLink[] = [];
    const put = (link: FalseLink): void => {
      // What may be needed by a way that nobody sees is needed.
      if (link.grade !== 'advisory') links.push(link);
      else {
        real.add(link.from);
        prepare.add(link.from);
      }
    };
    for (const from of waits) {
      if (real.has(from) || from === call) continue;
      // It decides which tasks there are; or, as far as can be told, it has none, and there is nothing to wait for.
      if (
        this.#leftOut.mayLeaveOut(from, call) ||
        this.#leftOut.decidesByContent(from, call) ||
        this.#model.tasksOf(from).summands.length === 0
      ) {
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
        const shown = shownIn(use, call);
        const evidence = shown
          ? `${call.name} uses ${inputName(use)} ${shown}, for people to read`
          : `no command, directive or output of ${call.name} uses ${inputName(use)}`;
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
          this.#leftOut.decides(from, call) ||
          this.#leftOut.multiplies(from, call) ||
          (token === undefined && this.#leftOut.mayBeAbsent(from) && !this.#leftOut.isAbsentAnyway(from, call)) ||
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
          const evidence = `${from.name} only says that it has ended, and ${call.name} uses ${inputName(token)} ${shownIn(token, call) ?? 'nowhere'}`;
          put(this.#link({ from, to: call, kind: 'token', evidence, grade: 'proven', input: token, instead: [], others: [] }));
        }
      }
    }
    return { real, brought, decide, prepare, links };
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

  #link(link: Omit<FalseLink, 'place' | 'assumption'>): FalseLink {
    const { from, to, input } = link;
    const hidden = this.#hiddenWays.between(from, to);
    const grade = hidden === 'perhaps' ? 'advisory' : hidden === 'unlikely' ? weaker(link.grade, 'conditional') : link.grade;
    const site = to.sites.find(({ active }) => active !== false) ?? to.sites[0];
    // What the pipeline's own programs do was told from their text: a reader can look whether that is so.
    const isHanded = link.kind === 'pass-through' || link.kind === 'over-wide-directory';
    const programs =
      grade !== 'likely' || input?.qualifier !== 'path'
        ? []
        : this.#scripts.shownPrograms(isHanded ? from : to, isHanded ? 'writes' : 'opens');
    return {
      ...link,
      evidence: [link.evidence, ...programs.slice(0, 2)].join('; '),
      grade,
      assumption: grade === 'proven' ? undefined : `${from.name} leaves nothing for ${to.name} outside of channels`,
      place: input?.declared ?? (site as NonNullable<typeof site>).place,
    };
  }
}

/** Nothing but that its inputs are used. */
const NOTHING_READ: ScriptReading = { opaque: undefined, steps: [], inputs: [], outputs: [], passesThreads: 'unknown', variants: 0 };

/** Where people see it, and nothing else does. */
function shownIn({ use, evidence }: InputUse, { process: { script } }: ProcessCall): string | undefined {
  if (use !== 'unread' || evidence === undefined) return undefined;
  if (script === null || evidence.start < script.start || evidence.end > script.end) return 'in its tag alone';
  return evidence.file.slice(evidence).trimStart().startsWith('#') ? 'in a comment alone' : 'only to print it';
}

/** It is copied or linked to be an output, or is one as it is. */
function isHandedOn({ use, steps }: InputUse, reading: ScriptReading): boolean {
  return use === 'output' || (steps.length > 0 && steps.every((at) => isCopy(reading.steps[at] as ScriptStep)));
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

function isConstant(value: Value | undefined): boolean {
  if (value instanceof GatheredValue) return isConstant(value.element);
  return value !== undefined && (value === null || typeof value !== 'object');
}
