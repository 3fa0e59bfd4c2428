/**
 * What a call really reads (R): for each call that it waits for, whether something that it made is opened, and if not, by which input the
 * wait came in. A file that a call only hands on is looked for where it was made. What cannot be told counts as read.
 */

import type { Value } from '../../parser/evaluate/value.ts';
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import type { ChannelModel } from '../../parser/graph/model/channel-model.ts';
import { madeBy } from '../../parser/graph/model/item-value.ts';
import type { ProcessCall, ProcessGraph } from '../../parser/graph/process-graph.ts';
import { signatureOf } from '../../parser/graph/process-io.ts';
import type { FileName, InputUse, ScriptReading, ScriptStep } from '../../parser/shell/script-reading.ts';
import type { Expression } from '../../parser/syntax/nodes.ts';
import type { SourceRange } from '../../source/source-file.ts';
import type { Scripts } from './scripts.ts';

/** Why a call waits for one of which it reads nothing. */
export type LinkKind = 'unread-input' | 'token' | 'over-wide-directory' | 'pass-through' | 'barrier';
/** How sure that the wait is not needed. */
export type Grade = 'proven' | 'conditional' | 'likely' | 'advisory';

export interface FalseLink {
  readonly from: ProcessCall;
  readonly to: ProcessCall;
  readonly kind: LinkKind;
  readonly grade: Grade;
  /** What a reader can check. */
  readonly evidence: string;
  /** What has to hold, where the grade is conditional. */
  readonly assumption: string | undefined;
  readonly place: SourceRange;
  /** Where what is read was really made; none: it is no call's. */
  readonly instead: readonly ProcessCall[];
  readonly input: { readonly index: number; readonly name: string } | undefined;
}

interface Read {
  readonly call: ProcessCall;
  /** It came through these, which only handed it on. */
  readonly through: readonly Handed[];
}

interface Handed {
  readonly call: ProcessCall;
  readonly how: 'pass-through' | 'over-wide-directory';
  readonly evidence: string;
  readonly grade: Grade;
}

export class Needs {
  readonly #model: ChannelModel;
  readonly #scripts: Scripts;
  readonly #graph: ProcessGraph;
  readonly #real = new Map<ProcessCall, ReadonlySet<ProcessCall>>();
  readonly #links = new Map<ProcessCall, readonly FalseLink[]>();

  constructor(graph: ProcessGraph, model: ChannelModel, scripts: Scripts) {
    this.#graph = graph;
    this.#model = model;
    this.#scripts = scripts;
  }

  /** Calls that it waits for directly, as the pipeline stands. */
  waitsOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    return new Set(this.#model.tasksOf(call).summands.flatMap(({ waits }) => [...waits.keys()]));
  }

  /** Calls that made something of what it reads. */
  realOf(call: ProcessCall): ReadonlySet<ProcessCall> {
    this.#read(call);
    return this.#real.get(call) ?? new Set();
  }

  linksInto(call: ProcessCall): readonly FalseLink[] {
    this.#read(call);
    return this.#links.get(call) ?? [];
  }

  #read(call: ProcessCall): void {
    if (this.#real.has(call)) return;
    const waits = this.waitsOf(call);
    // For what stands on a loop, and for what cannot be told: all of it is read.
    this.#real.set(call, waits);
    this.#links.set(call, []);
    const tasks = this.#model.tasksOf(call);
    if (
      waits.size === 0 ||
      tasks.opaque !== undefined ||
      tasks.unpaired ||
      call.inputs.some(({ declaration }) => declaration === undefined)
    )
      return;
    const reading = this.#scripts.of(call);
    if (reading.inputs.length === 0) return;

    const real = new Set<ProcessCall>();
    const handed = new Map<ProcessCall, { use: InputUse; by: Handed; from: Read }>();
    const unread = new Map<ProcessCall, InputUse>();
    const explained = new Set<ProcessCall>();
    let vague = false;
    for (const use of reading.inputs) {
      for (const bound of tasks.bindings) {
        const value = use.name === '' ? undefined : bound.get(use.name);
        if (value === undefined) {
          vague = true;
          continue;
        }
        const found = madeBy(value);
        if (found.vague) vague = true;
        for (const { call: from, output, element } of found.outputs) {
          explained.add(from);
          const isRead = use.use !== 'output' && !this.#isUnread(use, reading, from, output, element);
          if (!isRead) {
            if (!unread.has(from)) unread.set(from, use);
            continue;
          }
          const parts = use.use === 'within' && use.parts.length > 0 ? use.parts : [undefined];
          for (const part of parts)
            for (const read of this.#madeReally(from, output, element, part, [])) {
              if (read.call !== NOBODY) real.add(read.call);
              for (const by of read.through) if (!handed.has(by.call)) handed.set(by.call, { use, by, from: read });
            }
        }
      }
    }
    // A wait that no part of an item explains: what it brought was dropped on the way, or is a word that stands for it.
    const links: FalseLink[] = [];
    for (const from of waits) {
      if (real.has(from) || from === call) continue;
      const passed = handed.get(from);
      if (passed !== undefined) {
        const instead = [...new Set([...real].filter((one) => one === passed.from.call))];
        links.push(this.#link(from, call, passed.by.how, passed.by.evidence, passed.use, passed.by.grade, instead));
        continue;
      }
      const use = unread.get(from);
      if (use !== undefined && use.use !== 'output') {
        const kind: LinkKind = use.qualifier === 'val' ? 'token' : 'unread-input';
        links.push(
          this.#link(
            from,
            call,
            kind,
            `${use.qualifier} ${use.name} of ${call.name} is used nowhere: no command, directive or output names it`,
            use,
            'conditional',
            [],
          ),
        );
        continue;
      }
      if (use !== undefined || vague || explained.has(from)) {
        real.add(from);
        continue;
      }
      const token = this.#tokenFrom(call, from, reading, tasks.bindings);
      if (token === 'read') real.add(from);
      else if (token !== undefined)
        links.push(
          this.#link(
            from,
            call,
            'token',
            `val ${token.name} of ${call.name} is used nowhere; ${from.name} only sends a word when it has ended`,
            token,
            'proven',
            [],
          ),
        );
      else if (this.#isDropped(call, from))
        links.push(
          this.#link(from, call, 'barrier', `nothing that ${from.name} makes is among what ${call.name} is given`, undefined, 'proven', []),
        );
      else real.add(from);
    }
    this.#real.set(call, real);
    this.#links.set(
      call,
      links.filter((link) => {
        if (link.grade === 'advisory') real.add(link.from);
        return link.grade !== 'advisory';
      }),
    );
  }

  /** A constant that an input is bound to, in a channel that this call feeds: `val true, emit: done`. */
  #tokenFrom(
    call: ProcessCall,
    from: ProcessCall,
    reading: ScriptReading,
    bindings: readonly ReadonlyMap<string, Value>[],
  ): InputUse | 'read' | undefined {
    for (const [index, input] of call.inputs.entries()) {
      const fed = input.channels.some(
        (channel) => channel.site.active !== false && this.#model.flowOf(channel).summands.some(({ waits }) => waits.has(from)),
      );
      if (!fed || input.declaration === undefined) continue;
      const uses = reading.inputs.filter((use) => use.input === index);
      const alone = declaredElements(input.declaration).elements.length === 1;
      // What it is bound to says nothing of where it comes from: the whole input does, where it is one value.
      const constants = uses.filter((use) => bindings.every((bound) => isConstant(bound.get(use.name))));
      if (alone && constants.length === 0) return 'read';
      for (const use of constants) if (use.use !== 'unread' && alone) return 'read';
      const unused = constants.find((use) => use.use === 'unread');
      if (unused !== undefined) return unused;
      // A constant beside other parts that the script uses: nobody can say whose it is.
      if (constants.some((use) => use.use !== 'unread')) return 'read';
    }
    return undefined;
  }

  /** Something of it is on the channel, and no part of the item that is given is. */
  #isDropped(call: ProcessCall, from: ProcessCall): boolean {
    return this.#model.tasksOf(call).summands.every(({ waits }) => waits.has(from)) && this.#graph.calls.includes(from);
  }

  /** No command opens it: none names it, and where one might by its name, that is none that the file can have. */
  #isUnread(use: InputUse, reading: ScriptReading, from: ProcessCall, output: number, element: number): boolean {
    if (use.use === 'unread') return true;
    if (use.use !== 'maybe' || use.qualifier !== 'path' || reading.opaque !== undefined || reading.steps.some(({ known }) => !known))
      return false;
    const declared = signatureOf(from.process).outputs[output];
    const name = declared === undefined ? undefined : patternOf(declaredElements(declared.statement).elements[element]?.expression);
    if (name === undefined) return false;
    return reading.steps.every(({ reads }) => reads.every((read) => read.input !== undefined || !couldBe(read, name)));
  }

  /** Who made a part of an output: the call itself, or, where it only hands on what it was given, who made that. */
  #madeReally(call: ProcessCall, output: number, element: number, part: string | undefined, through: readonly Handed[]): readonly Read[] {
    if (through.length > 20 || through.some((one) => one.call === call)) return [{ call, through: [] }];
    const reading = this.#scripts.of(call);
    const here: readonly Read[] = [{ call, through }];
    const origin = reading.outputs.find((one) => one.output === output && one.element === element);
    if (origin === undefined || reading.opaque !== undefined) return here;
    let use = origin.sameAs === undefined ? undefined : reading.inputs[origin.sameAs];
    let how: Handed['how'] = 'pass-through';
    let inner = part;
    if (use === undefined && part !== undefined) {
      const name = literalOf(signatureOf(call.process).outputs[output], element) ?? origin.name;
      const copied = name === undefined ? undefined : copyOf(reading.steps, `${name}/${part}`);
      use = copied === undefined ? undefined : reading.inputs.find((one) => one.name === copied.input);
      inner = copied?.part;
      how = 'over-wide-directory';
    }
    if (use === undefined) return here;
    const evidence =
      how === 'pass-through'
        ? `${call.name} gives ${use.name} on as it was given`
        : `of the folder that ${call.name} makes only ${part} is opened, a copy of its ${use.name}`;
    const grade: Grade = how === 'pass-through' && this.#scripts.isKnown(call) ? 'proven' : 'conditional';
    const step: Handed = { call, how, evidence, grade };
    const further: Read[] = [];
    for (const bound of this.#model.tasksOf(call).bindings) {
      const value = bound.get(use.name);
      const made = value === undefined ? undefined : madeBy(value);
      if (made === undefined || made.vague) return here;
      // A file that the pipeline is given: nobody has to be waited for.
      if (made.outputs.length === 0) further.push({ call: NOBODY, through: [...through, step] });
      for (const one of made.outputs) further.push(...this.#madeReally(one.call, one.output, one.element, inner, [...through, step]));
    }
    return further;
  }

  #link(
    from: ProcessCall,
    to: ProcessCall,
    kind: LinkKind,
    evidence: string,
    use: InputUse | undefined,
    grade: Grade,
    instead: readonly ProcessCall[],
  ): FalseLink {
    const hidden = this.#hiddenWay(from, to);
    const place =
      use?.declared ?? to.sites.find((site) => site.active !== false)?.place ?? (to.sites[0] as ProcessCall['sites'][number]).place;
    let held: Grade = hidden === 'perhaps' ? 'advisory' : grade;
    let assumption: string | undefined;
    if (held === 'conditional' || (held === 'proven' && hidden === 'unlikely')) {
      held = 'conditional';
      assumption = `${from.name} leaves nothing for ${to.name} outside of channels`;
    }
    return {
      from,
      to,
      kind,
      grade: held,
      evidence,
      assumption,
      place,
      instead: instead.filter((call) => call !== NOBODY),
      input: use === undefined ? undefined : { index: use.input, name: use.name },
    };
  }

  /** Whether something may pass between them that no channel shows: a database, a published file, a licence. */
  #hiddenWay(from: ProcessCall, to: ProcessCall): 'no' | 'unlikely' | 'perhaps' {
    const scripts = this.#scripts;
    if (scripts.sideEffectsOf(from) || scripts.readsOutside(to)) return 'perhaps';
    if (!scripts.isKnown(from) && scripts.writesUnknown(from)) return 'perhaps';
    return scripts.isKnown(from) && scripts.isKnown(to) ? 'no' : 'unlikely';
  }
}

/** Who makes what the pipeline is given. */
const NOBODY = { id: '', name: 'nobody' } as ProcessCall;

function isConstant(value: Value | undefined): boolean {
  return value !== undefined && (value === null || typeof value !== 'object');
}

/** The plain text of a path output. */
function literalOf(output: ReturnType<typeof signatureOf>['outputs'][number] | undefined, element: number): string | undefined {
  const expression = output === undefined ? undefined : declaredElements(output.statement).elements[element]?.expression;
  return expression?.kind === 'ConstantExpression' && typeof expression.value === 'string'
    ? expression.value.replace(/\/$/, '')
    : undefined;
}

/** The name of a path output, with `*` for what is not known of it. */
function patternOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'ConstantExpression') return typeof expression.value === 'string' ? expression.value : undefined;
  if (expression?.kind !== 'GStringExpression') return undefined;
  return expression.parts.map((part) => (part.kind === 'GStringText' ? part.value : '*')).join('');
}

/** Whether a name in a command can be that of a file with such a name, or of one beside it. */
function couldBe(read: FileName, pattern: string): boolean {
  if (read.kind !== 'literal' || read.text.includes('\u0000')) return true;
  const base = pattern.slice(pattern.lastIndexOf('/') + 1);
  const [head = '', ...rest] = base.split(/[*?{[]/);
  if (rest.length === 0) return read.text === base || base.startsWith(`${read.text}.`);
  // Of a pattern what stands before and behind the open parts.
  const tail = /[^*?\]}]*$/.exec(base)?.[0] ?? '';
  return read.text.startsWith(head) && (read.text.endsWith(tail) || tail.startsWith('.'));
}

const COPIES = /^(cp|ln|mv|rsync|install)$/;

/** The input of which a file is a copy: it is written by one command that only copies. */
function copyOf(steps: readonly ScriptStep[], path: string): { readonly input: string; readonly part: string | undefined } | undefined {
  const writers = steps.filter(({ writes }) => writes.some((name) => mayBe(name, path)));
  const [writer] = writers;
  if (writers.length !== 1 || writer === undefined || writer.commands.length !== 1) return undefined;
  const [command] = writer.commands;
  const [source] = writer.reads;
  if (command?.name === undefined || !COPIES.test(command.name) || writer.reads.length !== 1 || source?.input === undefined)
    return undefined;
  const behind = /^\u0000?[^/]*\/(.+)$/.exec(source.text)?.[1];
  return { input: source.input, part: behind };
}

/** Surely that file, or one that it could be. */
function mayBe(name: FileName, path: string): boolean {
  if (name.kind === 'anything') return true;
  if (name.kind === 'prefix') return path.startsWith(name.text);
  if (name.kind === 'literal' && !name.text.includes('\u0000')) return name.text.replace(/^\.\//, '') === path;
  const parts = name.text.split(/[*?\u0000]+/);
  let at = 0;
  for (const [index, piece] of parts.entries()) {
    const found = path.indexOf(piece, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + piece.length;
  }
  return true;
}
