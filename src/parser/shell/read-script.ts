/** One process call's script, read: what its commands do to which files, how each input is used, where each output comes from. */
import { rangeIn, type SourceFile, type SourceRange } from '../../source/source-file.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import type { ProcessCall, ProcessGraph } from '../graph/process-graph.ts';
import type { FileTree } from '../pipeline/file-tree.ts';
import type { DirectiveSetting } from '../pipeline/pipeline.ts';
import type { ProcessNode } from '../syntax/nodes.ts';
import type { BashNode, BashParser } from './bash.ts';
import { isOfShell } from './catalogue.ts';
import { declarationsOf, type InputElement, type OutputElement } from './declarations.ts';
import type { Effects } from './effects.ts';
import { type Mentions, mentionsIn } from './mentions.ts';
import { covers, inputOf, type Name, nameOf, overlap, type Part, partWithin, sameKey } from './names.ts';
import { ownPrograms } from './own-programs.ts';
import type { Piece } from './pieces.ts';
import { type RenderedText, type Rendering, renderScript, STAND_PATTERN } from './render.ts';
import type { Command, FileName, InputUse, OutputOrigin, ScriptReading, ScriptStep, UseKind } from './script-reading.ts';
import { settingsKey } from './settings-reach.ts';
import { type ShellStep, ShellWalk } from './shell-walk.ts';
import { dependsOn } from './step-order.ts';
import { piecesOf } from './symbolic.ts';

/** What is needed to read one script. */
export interface ScriptRequest {
  readonly process: ProcessNode;
  readonly file: SourceFile;
  readonly frame: Frame;
  readonly interpreter: Interpreter;
  /** The call's effective directives. */
  readonly directives: ReadonlyMap<string, DirectiveSetting>;
  readonly tree: FileTree;
  readonly bash: BashParser;
  /** A library's processes are called with `ext` settings that are not here. */
  readonly openConfig: boolean;
}

export interface ReadingContext {
  readonly graph: ProcessGraph;
  readonly bash: BashParser;
}

const readings = new WeakMap<Frame, Map<string, ScriptReading>>();

/** The script of a call. Calls of one process that its settings reach alike share one reading; nothing is parsed before it is asked for. */
export function readScript(call: ProcessCall, { graph, bash }: ReadingContext): ScriptReading {
  const { frame, interpreter } = graph.codeOf(call);
  const directives = graph.directivesOf(call);
  let known = readings.get(frame);
  if (known === undefined) readings.set(frame, (known = new Map()));
  // A config may set `ext` for a call under the very params that switch it on: of one that is off nothing can be told from what is not set.
  const openConfig = graph.pipeline.kind === 'library' || call.active !== true;
  const key = `${call.process.start} ${openConfig} ${settingsKey(call.process, call.script.file, directives)}`;
  let reading = known.get(key);
  if (reading === undefined) {
    const { pipeline } = graph;
    reading = readProcess({
      process: call.process,
      file: call.script.file,
      frame,
      interpreter,
      directives,
      tree: pipeline.tree,
      bash,
      openConfig,
    });
    known.set(key, reading);
  }
  return reading;
}

export function readProcess(request: ScriptRequest): ScriptReading {
  const { process, file } = request;
  const { inputs, outputs } = declarationsOf(process, file);
  const rendering = renderScript(
    process,
    {
      frame: request.frame,
      interpreter: request.interpreter,
      directives: request.directives,
      inputs: new Map(inputs.filter(({ name }) => name !== '').map((input) => [input.name, input.staged])),
      openConfig: request.openConfig,
    },
    file,
    request.tree,
  );
  let { opaque } = rendering;
  const analysed: Variant[] = [];
  if (opaque === undefined) {
    for (const text of rendering.variants) {
      const tree = request.bash.parse(text.text);
      if (tree.root === undefined) opaque = tree.reason;
      else if (tree.errorAt !== undefined) {
        const { line } = lineOf(text, tree.errorAt);
        opaque = `line ${line} of its script cannot be parsed`;
      } else if (tree.root.children.length > MOST_STATEMENTS) opaque = `it has more than ${MOST_STATEMENTS} statements`;
      else opaque = fragmentIn(text, tree.root);
      if (opaque !== undefined || tree.root === undefined) break;
      const environment = new Set(inputs.filter(({ qualifier }) => qualifier === 'env').map(({ name }) => name));
      const walker = new ShellWalk({ script: text, program: ownPrograms(request.tree, file, request.bash), environment, depth: 0 });
      analysed.push({ text, steps: walker.steps(tree.root), standsAt: standsOf(text, tree.root) });
    }
  }
  return new Reader(request, rendering, opaque, opaque === undefined ? analysed : [], inputs, outputs).reading();
}

/** Each is held against each before it. */
const MOST_STATEMENTS = 600;

/** What it prints goes into no file and to no other command. */
function onlyPrints({ effects: { commands, writes, envWrites, orders } }: ShellStep): boolean {
  const isPrint = ({ name }: Command): boolean => name === 'echo' || name === 'printf';
  return commands.length > 0 && commands.every(isPrint) && writes.length === 0 && envWrites.size === 0 && !orders;
}

interface Variant {
  readonly text: RenderedText;
  readonly steps: readonly ShellStep[];
  /** Where holes and choices stand, comments left out. */
  readonly standsAt: readonly { readonly stand: number; readonly at: number }[];
}

function lineOf(text: RenderedText, offset: number): { line: number } {
  const place = text.placeOf(offset, offset + 1);
  return { line: place.file.positionAt(place.start).line };
}

/**
 * A hole that may hold operators or whole commands. Inside quotes and here-documents it is only text, and alone in the place of a command it is one
 * that is not known; anywhere else nothing can be said of what stands around it.
 */
function fragmentIn(text: RenderedText, root: BashNode): string | undefined {
  if (!text.stands.some((stand) => stand.type === 'hole' && stand.sort === 'fragment' && stand.text === undefined)) return undefined;
  let found: string | undefined;
  const visit = (node: BashNode): void => {
    if (found !== undefined || /^(string|raw_string|heredoc_body|comment)$/.test(node.type)) return;
    if (node.children.length > 0) {
      if (
        node.type === 'command' &&
        node.children.length === 1 &&
        STAND_PATTERN.exec(text.text.slice(node.start, node.end))?.[0].length === node.end - node.start
      )
        return;
      node.children.forEach(visit);
      return;
    }
    for (const match of text.text.slice(node.start, node.end).matchAll(new RegExp(STAND_PATTERN, 'g'))) {
      const stand = text.stands[Number(match[1])];
      if (stand?.type !== 'hole' || stand.sort !== 'fragment' || stand.text !== undefined) continue;
      found = `\${${stand.written.replace(/\s+/g, ' ').slice(0, 60)}} may hold whole commands`;
    }
  };
  visit(root);
  return found;
}

function standsOf(text: RenderedText, root: BashNode): Variant['standsAt'] {
  const comments: [number, number][] = [];
  const visit = (node: BashNode): void => {
    if (node.type === 'comment') comments.push([node.start, node.end]);
    node.children.forEach(visit);
  };
  visit(root);
  const found: { stand: number; at: number }[] = [];
  for (const match of text.text.matchAll(new RegExp(STAND_PATTERN, 'g'))) {
    if (!comments.some(([start, end]) => start <= match.index && match.index < end))
      found.push({ stand: Number(match[1]), at: match.index });
  }
  return found;
}

/** Puts together what the rendering and the steps tell. */
class Reader {
  readonly #request: ScriptRequest;
  readonly #rendering: Rendering;
  readonly #opaque: string | undefined;
  readonly #variants: readonly Variant[];
  readonly #inputs: readonly InputElement[];
  readonly #outputs: readonly OutputElement[];
  readonly #main: Variant | undefined;
  /** Files of the call's stage names, by input. */
  readonly #staged = new Map<InputElement, Name>();
  readonly #mentions: Mentions;

  constructor(
    request: ScriptRequest,
    rendering: Rendering,
    opaque: string | undefined,
    variants: readonly Variant[],
    inputs: readonly InputElement[],
    outputs: readonly OutputElement[],
  ) {
    this.#request = request;
    this.#rendering = rendering;
    this.#opaque = opaque;
    this.#variants = variants;
    this.#inputs = inputs;
    this.#outputs = outputs;
    this.#main = variants.reduce<Variant | undefined>(
      (best, one) => (best === undefined || commandCount(one) > commandCount(best) ? one : best),
      undefined,
    );
    for (const input of inputs) {
      if (!input.staged) continue;
      const name = this.#stageName(input);
      if (name !== undefined) this.#staged.set(input, name);
    }
    this.#mentions = mentionsIn(request.process, request.file, new Set(inputs.map(({ name }) => name)));
  }

  reading(): ScriptReading {
    const steps = this.#main === undefined ? [] : this.#steps(this.#main);
    const inputs = this.#inputs.map((input) => this.#use(input));
    return {
      opaque: this.#opaque,
      steps,
      inputs,
      outputs: this.#outputs.map((output) => this.#origin(output)),
      passesThreads: this.#passesThreads(),
      variants: this.#variants.length,
    };
  }

  // ---------------------------------------------------------------------------------------------------- steps

  #steps({ text, steps }: Variant): ScriptStep[] {
    return steps.map(({ start, end, effects }, index) => ({
      range: text.placeOf(start, end),
      commands: effects.commands,
      reads: this.#fileNames(effects.reads.filter(({ idle }) => idle !== true)),
      writes: this.#fileNames(effects.writes),
      known: effects.known,
      trivial: effects.trivial,
      after: steps.slice(0, index).flatMap((earlier, at) => (dependsOn(effects, earlier.effects) ? [at] : [])),
    }));
  }

  #fileNames(names: readonly Name[]): FileName[] {
    const seen = new Set<string>();
    const list: FileName[] = [];
    for (const name of names) {
      const { text, kind } = name;
      const input = name.input ?? this.#inputNamed(name);
      const value = this.#valueIn(name);
      const key = `${kind} ${text} ${input} ${value}`;
      if (seen.has(key)) continue;
      seen.add(key);
      list.push({
        text,
        kind,
        input,
        ...(isHere(name) || this.#isOutput(name) ? { here: true } : {}),
        ...(value === undefined ? {} : { value }),
      });
    }
    return list;
  }

  /** Named as an output is: outputs lie in the task's folder. */
  #isOutput(name: Name): boolean {
    this.#outputNames ??= this.#outputs.flatMap((output) => this.#outputName(output) ?? []);
    return this.#outputNames.some((one) => sameKey(one, name));
  }
  #outputNames: readonly Name[] | undefined;

  /** The input that it is the value of, and nothing else. */
  #valueIn({ kind, parts }: Name): string | undefined {
    const [only, ...others] = parts;
    if (kind !== 'anything' || only?.type !== 'hole' || others.length > 0) return undefined;
    return this.#inputs.find(({ name, qualifier }) => qualifier === 'val' && name === only.hole.is)?.name;
  }

  /** An input that is staged under just this name. */
  #inputNamed(name: Name): string | undefined {
    if (name.kind !== 'literal') return undefined;
    for (const [input, staged] of this.#staged)
      if (input.name !== '' && staged.kind === 'literal' && staged.text === name.text && !staged.text.includes('\0')) return input.name;
    return undefined;
  }

  // ---------------------------------------------------------------------------------------------------- inputs

  #stageName(input: InputElement): Name | undefined {
    if (input.stageAs === undefined) return undefined;
    const { file } = this.#request;
    const place = rangeIn(file, input.stageAs);
    const parts = this.#rendering.symbolic.evaluate(input.stageAs, file);
    const name = nameOf({ parts: asParts(piecesOf(parts, place), true), place });
    // A folder given to it: its files keep their names.
    return name;
  }

  #use(input: InputElement): InputUse {
    const { name } = input;
    const base = { input: input.input, element: input.element, qualifier: input.qualifier, name, declared: input.declared };
    const steps = this.#stepsUsing(input);
    const made = (
      use: UseKind,
      evidence: SourceRange | undefined,
      parts: readonly string[] = [],
      beside: readonly string[] = [],
    ): InputUse => ({
      ...base,
      use,
      parts,
      beside,
      evidence,
      steps,
    });
    const isPrinted = this.#printed(name) !== undefined;
    const within = name === '' || isPrinted ? undefined : this.#within(input);
    if (within !== undefined) return made('within', within.place, within.parts, within.beside);
    if (name !== '' && !isPrinted) {
      const direct = this.#direct(name);
      if (direct !== undefined) return made('direct', direct);
    }
    if (input.qualifier === 'stdin') return made('environment', input.declared);
    if (input.qualifier === 'env') {
      const asked = this.#variants.flatMap(({ steps: all }) => all).find(({ effects }) => effects.envReads.has(name));
      if (asked !== undefined) return made('environment', this.#variants[0]?.text.placeOf(asked.start, asked.end));
    }
    const staged = this.#staged.get(input);
    if (staged !== undefined) {
      const read = this.#reads().find(
        (one) => one.kind !== 'anything' && one.kind !== 'pattern' && one.companion !== true && isNamed(one, staged),
      );
      if (read !== undefined) return made('staged-name', read.place);
    }
    const inScript = name === '' || isPrinted ? undefined : this.#mentions.script.get(name);
    if (inScript !== undefined) return made('groovy', inScript);
    if (input.staged) {
      const listing = this.#reads().find(
        (one) =>
          one.kind === 'pattern' &&
          one.companion !== true &&
          !this.#liesInAnother(one, input) &&
          (staged === undefined ? mayBeCalled(one, name) : overlap(one, staged)),
      );
      // Under a name that it is given here, a pattern that fits finds it.
      if (listing !== undefined && staged !== undefined) return made('listing', listing.place);
      if (listing !== undefined) return { ...made('listing', listing.place), otherwise: this.#useByOthers(input, staged).use };
    }
    const { use, evidence } = this.#useByOthers(input, staged);
    return made(use, evidence);
  }

  /** By whatever names it nowhere in the script, and finds it by no pattern. */
  #useByOthers(input: InputElement, staged: Name | undefined): Pick<InputUse, 'use' | 'evidence'> {
    const { name } = input;
    const made = (use: UseKind, evidence: SourceRange | undefined): Pick<InputUse, 'use' | 'evidence'> => ({ use, evidence });
    const beside = input.staged ? this.#companion(input, staged) : undefined;
    if (beside !== undefined) return made('companion', beside);
    const inConfig = name === '' ? undefined : (this.#inConfig(name) ?? this.#mentions.directives.get(name));
    if (inConfig !== undefined) return made('config', inConfig);
    const outside = name === '' ? undefined : this.#mentions.inputs.get(name);
    if (outside !== undefined) return made('groovy', outside);
    const passedOn =
      (name === '' ? undefined : this.#mentions.outputs.get(name)) ??
      this.#outputNamed(staged) ??
      (input.staged ? this.#outputUnwritten(staged) : undefined);
    const maybe = this.#maybe(input, staged);
    if (passedOn !== undefined) return maybe === undefined ? made('output', passedOn) : made('maybe', maybe);
    return maybe === undefined ? made('unread', this.#printed(name) ?? this.#mentions.tag.get(name)) : made('maybe', maybe);
  }

  /** Where it is printed, to what the task says of itself, or stands in a comment, and is used nowhere else: `echo "k of the genome: $k"`. */
  #printed(name: string): SourceRange | undefined {
    const { process, file } = this.#request;
    const { script } = process;
    const [only, more] = this.#variants;
    if (name === '' || script === null || only === undefined || more !== undefined) return undefined;
    if (this.#outputs.some(({ qualifier }) => qualifier !== 'path' && qualifier !== 'val')) return undefined;
    // From there on all that is printed goes to a file.
    if (/^[ \t]*exec\b/m.test(only.text.text)) return undefined;
    const text = file.slice(script);
    const prints = only.steps.filter(onlyPrints).map(({ start, end }) => only.text.placeOf(start, end));
    // What looks like a comment in a here-document is text.
    if (!text.includes('<<'))
      for (const { index, 0: comment } of text.matchAll(/^[ \t]*#[^\n]*/gm))
        prints.push({ file, start: script.start + index, end: script.start + index + comment.length });
    if (prints.length === 0) return undefined;
    const places = [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\b`, 'g'))].map(({ index }) => script.start + index);
    const printed = places.map((at) => prints.find((print) => print.file === file && at >= print.start && at < print.end));
    return printed.includes(undefined) ? undefined : printed[0];
  }

  #commands(): Command[] {
    return this.#variants.flatMap(({ steps }) => steps.flatMap(({ effects }) => effects.commands));
  }

  #reads(): readonly Name[] {
    this.#allReads ??= this.#variants.flatMap(({ steps }) => steps.flatMap(({ effects }) => effects.reads));
    return this.#allReads;
  }
  #allReads: readonly Name[] | undefined;

  /** Where its value is written into a command. */
  #direct(name: string): SourceRange | undefined {
    for (const { text, standsAt } of this.#variants) {
      for (const { stand } of standsAt) {
        const one = text.stands[stand] as Piece;
        const place = placeOfInput(one, name);
        if (place !== undefined) return place;
      }
    }
    if (this.#variants.length > 0) return undefined;
    // Of another language, or a script that is not parsed, the text counts.
    for (const { stands } of this.#rendering.variants)
      for (const one of stands) {
        const place = placeOfInput(one, name);
        if (place !== undefined) return place;
      }
    return undefined;
  }

  /** Every use of the folder names something within it. */
  #within(input: InputElement): { parts: string[]; beside: string[]; place: SourceRange } | undefined {
    if (!input.staged || this.#variants.length === 0) return undefined;
    const parts = new Set<string>();
    const written = new Set<string>();
    const beside = new Set<string>();
    let place: SourceRange | undefined;
    for (const { text, standsAt, steps } of this.#variants) {
      for (const { stand, at } of standsAt) {
        const one = text.stands[stand] as Piece;
        const found = placeOfInput(one, input.name);
        if (found === undefined) continue;
        if (one.type !== 'hole' || one.is !== input.name) return undefined;
        const after = text.text.slice(at).replace(STAND_PATTERN, '');
        if (!/^["']?\/[\w.*]/.test(after)) return undefined;
        place ??= found;
        // Wherever it stands, in a loop's list too.
        const open = openWithin(after);
        if (open !== undefined) parts.add(open);
        // Also behind an option that nobody knows.
        else written.add(/^["']?\/+([\w./-]+)/.exec(after)?.[1] ?? '');
      }
      for (const { effects } of steps) {
        if (effects.unknown !== undefined && effects.reads.some((name) => name.input === input.name && partWithin(name) === undefined))
          return undefined;
        for (const name of [...effects.reads, ...effects.writes]) {
          if (inputOf(name.parts) !== input.name) continue;
          const part = partWithin({ ...name, input: input.name });
          if (part === undefined) continue;
          // How the names of an index begin is no file.
          const named = part.replaceAll('\0', '*');
          if (name.companion === true) beside.add(named);
          else parts.add(name.kind === 'prefix' ? `${named}*` : named);
        }
      }
    }
    if (parts.size === 0 && [...written].every((part) => /\w$/.test(part))) for (const part of written) parts.add(part);
    return place === undefined || parts.size === 0 ? undefined : { parts: [...parts].sort(), beside: [...beside].sort(), place };
  }

  #stepsUsing(input: InputElement): number[] {
    if (this.#main === undefined) return [];
    const { text, steps, standsAt } = this.#main;
    const staged = this.#staged.get(input);
    return steps.flatMap(({ start, end, effects }, index) => {
      const used =
        (input.name !== '' &&
          (standsAt.some(
            ({ stand, at }) => at >= start && at < end && placeOfInput(text.stands[stand] as Piece, input.name) !== undefined,
          ) ||
            [...effects.reads, ...effects.writes].some((name) =>
              name.parts.some((part) => part.type === 'hole' && part.hole.sources.inputs.has(input.name)),
            ))) ||
        (input.qualifier === 'env' && effects.envReads.has(input.name)) ||
        (staged !== undefined && effects.reads.some((name) => name.kind !== 'anything' && overlap(name, staged)));
      return used ? [index] : [];
    });
  }

  /** A tool that opens indices beside the files it is given, and an input that looks like one. */
  #companion(input: InputElement, staged: Name | undefined): SourceRange | undefined {
    if (staged !== undefined && staged.kind === 'literal') {
      const named = this.#reads().find((one) => one.companion === true && isNamed(one, staged));
      if (named !== undefined) return named.place;
    }
    if (!looksLikeCompanion(input.name) && !(staged !== undefined && looksLikeCompanion(staged.text))) return undefined;
    for (const { steps } of this.#variants)
      for (const { effects } of steps) if (effects.companions !== undefined) return effects.companions;
    return undefined;
  }

  #inConfig(name: string): SourceRange | undefined {
    const pattern = new RegExp(`(?<![\\w.'"/-])${name}\\b(?!['":])`);
    for (const setting of this.#request.directives.values()) {
      if (setting.name === 'container' || setting.name === 'conda' || setting.name === 'tag') continue;
      if (pattern.test(setting.text)) return setting.place;
    }
    return undefined;
  }

  #outputNamed(staged: Name | undefined): SourceRange | undefined {
    if (staged === undefined || staged.kind !== 'literal') return undefined;
    for (const output of this.#outputs) {
      const name = this.#outputName(output);
      if (name !== undefined && name.kind === 'literal' && isNamed(name, staged)) return output.place;
    }
    return undefined;
  }

  /** An output that no command writes: a staged file, most likely, that the task gives on under the name it has. */
  #outputUnwritten(staged: Name | undefined): SourceRange | undefined {
    for (const output of this.#outputs) {
      const name = this.#outputName(output);
      if (name === undefined || name.input !== undefined || name.kind === 'anything') continue;
      if (staged !== undefined && !overlap(name, staged)) continue;
      if (output.includeInputs) return output.place;
      // Nextflow leaves staged files out of what a pattern finds, unless it is told otherwise.
      if (name.kind === 'pattern') continue;
      // A file that keeps its name lies in no folder.
      if (staged === undefined && /\w\/\w/.test(name.text)) continue;
      if (this.#writers(name)?.length === 0) return output.place;
    }
    return undefined;
  }

  #outputName(output: OutputElement): Name | undefined {
    if (output.qualifier !== 'path' || output.value === undefined) return undefined;
    const { file } = this.#request;
    const place = rangeIn(file, output.value);
    return nameOf({ parts: asParts(piecesOf(this.#rendering.symbolic.evaluate(output.value, file), place), true), place });
  }

  /** Why it cannot be said that nothing reads it. */
  #maybe(input: InputElement, staged: Name | undefined): SourceRange | undefined {
    const { process, file } = this.#request;
    const whole = process.script ?? process;
    if (this.#mentions.hidden !== undefined) return this.#mentions.hidden;
    if (this.#rendering.sampled) return rangeIn(file, whole);
    if (!input.staged && input.qualifier !== 'other') {
      // A value is not staged: where it is not written, it is not read. But for an environment variable, which any program sees.
      if (this.#opaque !== undefined && !this.#textKnown()) return rangeIn(file, whole);
      if (input.qualifier !== 'env') return undefined;
    }
    if (this.#opaque !== undefined) return rangeIn(file, whole);
    if (input.qualifier === 'other') return input.declared;
    // `stageAs: '.etetoolkit/taxa.sqlite'`: where a program looks by itself, in its home.
    if (staged !== undefined && /^(\.\/)?\.\w/.test(staged.text)) return input.declared;
    // With other params the settings may name a file that this process stages for them.
    if (input.staged && staged?.kind !== 'literal')
      for (const setting of this.#request.directives.values())
        if (setting.name.startsWith('ext.arg') && /\bparams\b/.test(setting.text)) return setting.place;
    // A variable can lead a program to a staged folder: htslib’s REF_PATH and REF_CACHE do.
    const variable = this.#inputs.find(({ qualifier }) => qualifier === 'env');
    if (variable !== undefined && this.#commands().some(({ spec }) => spec === undefined || !isOfShell(spec))) return variable.declared;
    for (const { text, steps } of this.#variants) {
      const written: Name[] = [];
      for (const { start, end, effects } of steps) {
        if (effects.unknown !== undefined) return effects.unknown.place;
        if (effects.orders && effects.reads.length > 0) return text.placeOf(start, end);
        if (!input.staged) continue;
        if (effects.loose !== undefined) return effects.loose;
        if (effects.partly !== undefined) return effects.partly;
        for (const name of effects.reads) {
          if (name.companion === true || name.input !== undefined) continue;
          if (effects.ownReads.has(name) || written.some((one) => covers(one, name))) continue;
          if (name.kind === 'anything') return name.place;
          if (name.text.startsWith('/')) continue;
          if (this.#isAnothers(name, input) || this.#liesInAnother(name, input)) continue;
          if (name.parts.some((part) => part.type === 'hole' && part.hole.names.size > 0)) continue;
          if (staged === undefined ? name.kind !== 'pattern' || mayBeCalled(name, input.name) : overlap(name, staged)) return name.place;
        }
        written.push(...effects.writes);
      }
    }
    return undefined;
  }

  /** `$bins/*.fa`: what a pattern finds in another input lies there. */
  #liesInAnother(name: Name, input: InputElement): boolean {
    const folder = inputOf(name.parts);
    return folder !== undefined && folder !== input.name && name.parts.findIndex((part) => part.type === 'glob') > 0;
  }

  /** The very name under which another input is staged. */
  #isAnothers(name: Name, input: InputElement): boolean {
    for (const [other, staged] of this.#staged)
      if (other !== input && staged.kind === 'literal' && !staged.text.includes('\0') && name.kind === 'literal' && isNamed(name, staged))
        return true;
    return false;
  }

  /** All that Groovy writes into the script is known, though not what the script does. */
  #textKnown(): boolean {
    return this.#rendering.variants.length > 0;
  }

  // ---------------------------------------------------------------------------------------------------- outputs

  #origin(output: OutputElement): OutputOrigin {
    const base = { output: output.output, element: output.element, name: output.name };
    const inputAt = (name: string): number | undefined => {
      const at = this.#inputs.findIndex((input) => input.name === name);
      return at < 0 ? undefined : at;
    };
    if (output.qualifier === 'val') {
      const { value } = output;
      return { ...base, steps: [], sameAs: value?.kind === 'VariableExpression' ? inputAt(value.name) : undefined };
    }
    if (output.qualifier === 'stdout') return { ...base, steps: this.#main?.steps.map((_, index) => index), sameAs: undefined };
    if (output.qualifier !== 'path') return { ...base, steps: undefined, sameAs: undefined };
    const name = this.#outputName(output);
    if (name === undefined) return { ...base, steps: undefined, sameAs: undefined };
    const sameAs = this.#sameAs(name);
    return { ...base, steps: this.#writers(name), sameAs: sameAs === undefined ? undefined : inputAt(sameAs) };
  }

  #writers(name: Name): number[] | undefined {
    if (this.#main === undefined) return undefined;
    const { steps } = this.#main;
    const found = steps.flatMap(({ effects }, index) => (effects.writes.some((one) => overlap(one, name)) ? [index] : []));
    const open = steps.flatMap(({ effects }, index) => (effects.known ? [] : [index]));
    if (found.length > 0 && open.every((at) => found.includes(at))) return found;
    if (found.length === 0 && open.length === 1) return open;
    return open.length > 0 ? undefined : found;
  }

  /** The input that the output is, by the same name or by a link or copy. */
  #sameAs(name: Name): string | undefined {
    let found: string | undefined;
    if (this.#variants.length === 0) return undefined;
    for (const { steps } of this.#variants) {
      let source: string | undefined = name.kind === 'literal' ? (wholeInput(name) ?? this.#inputStagedAs(name)) : undefined;
      const writers = steps.filter(({ effects }) => effects.writes.some((one) => overlap(one, name) && !liesOutside(one, name, effects)));
      if (source === undefined) {
        const copies = steps.flatMap(({ effects }) => effects.copies.filter((copy) => overlap(copy.to, name)));
        const [only] = copies;
        const copied = only === undefined ? undefined : (wholeInput(only.from) ?? this.#inputStagedAs(only.from));
        if (copies.length !== 1 || copied === undefined || writers.length !== 1) return undefined;
        source = copied;
      } else if (
        writers.some(({ effects }) =>
          effects.writes.some((one) => one.kind !== 'anything' && overlap(one, name) && !effects.copies.some((copy) => copy.to === one)),
        )
      )
        return undefined;
      if (steps.some(({ effects }) => !effects.known)) return undefined;
      if (found !== undefined && found !== source) return undefined;
      found = source;
    }
    return found;
  }

  #inputStagedAs(name: Name): string | undefined {
    for (const [input, staged] of this.#staged)
      if (input.name !== '' && staged.kind === 'literal' && isNamed(name, staged)) return input.name;
    return undefined;
  }

  // ---------------------------------------------------------------------------------------------------- threads

  #passesThreads(): ScriptReading['passesThreads'] {
    const inText = this.#rendering.variants.some(({ stands }) =>
      stands.some(
        (stand) =>
          stand.sources.cpus ||
          (stand.type === 'choice' && [...stand.whenTrue, ...stand.whenFalse].some((piece) => piece.type === 'hole' && piece.sources.cpus)),
      ),
    );
    if (this.#variants.length === 0)
      return inText ? 'yes' : this.#opaque === undefined || !this.#textKnown() ? 'unknown' : this.#mentions.cpus ? 'unknown' : 'no';
    const steps = this.#variants.flatMap((variant) => variant.steps);
    if (steps.some(({ effects }) => effects.cpus)) return 'yes';
    if (steps.some(({ effects }) => effects.cpusUnknown)) return 'unknown';
    return 'no';
  }
}

function commandCount({ steps }: Variant): number {
  return steps.reduce((sum, { effects }) => sum + effects.commands.length, 0) * 1000 + steps.length;
}

// ------------------------------------------------------------------------------------------------------ names of inputs

function asParts(pieces: readonly Piece[], globs: boolean): Part[] {
  return pieces.flatMap((piece): Part[] => {
    if (piece.type === 'hole') return [{ type: 'hole', hole: piece, quoted: true }];
    if (piece.type === 'choice') return [{ type: 'choice', choice: piece, quoted: true }];
    if (!globs) return [{ type: 'text', text: piece.text, quoted: true }];
    return piece.text
      .split(/(\*+|\?|\{[^}]*\}|\[[^\]]*\])/)
      .filter((text) => text !== '')
      .map((text): Part => (/^[*?{[]/.test(text) ? { type: 'glob', text } : { type: 'text', text, quoted: true }));
  });
}

/** It begins with the name of a staged file, whole or without its ending, or of a sample: it lies in the task's folder. */
function isHere({ parts }: Name): boolean {
  const [first, next] = parts;
  if (first?.type !== 'hole' || first.hole.sources.inputs.size === 0 || (next?.type === 'text' && next.text.startsWith('/'))) return false;
  return (next !== undefined && first.hole.names.size > 0) || NAME_WITHOUT_FOLDER.test(first.hole.written);
}

/** `bed.baseName`, `meta.id`, `sample`. */
const NAME_WITHOUT_FOLDER =
  /^(\w+(\[\d+\])?\.(baseName|simpleName|name|get(Base|Simple)?Name\(\))|(meta\d*\.)?(\w*_)?(id|name|sample|chrom|chr|run|lane)\w*)$/i;

/** The two are the same file, or one lies in the other. */
function isNamed(name: Name, staged: Name): boolean {
  if (name.kind === 'anything') return false;
  const literal = /^[^\0*?]+$/;
  if (literal.test(name.text) && literal.test(staged.text)) {
    const [one, two] = [name.text.replace(/^\.\//, ''), staged.text.replace(/^\.\//, '').replace(/\/$/, '')];
    return one === two || one.startsWith(`${two}/`) || two.startsWith(`${one}/`);
  }
  // Something has to be in common besides holes.
  return (
    sameKey(name, staged) || (staged.kind === 'pattern' && literal.test(name.text) && overlap(name, staged) && !/^\*+$/.test(staged.text))
  );
}

/** It makes the folder in which the other one lies; or it begins with the name of a sample, and lies in no folder. */
function liesOutside(written: Name, name: Name, { commands }: Effects): boolean {
  if (written.kind !== 'literal' || written.text.includes('/') || !name.text.includes('/')) return false;
  return written.text.includes('\0') || (commands.length > 0 && commands.every((command) => command.name === 'mkdir'));
}

function wholeInput(name: Name): string | undefined {
  const [only] = name.parts;
  return name.parts.length === 1 && only?.type === 'hole' && only.hole.is !== undefined && only.hole.names.size > 0
    ? only.hole.is
    : undefined;
}

/** `*.amb` is hardly the input `bam`, `*.bam` is: by what the input is called, where its files keep their own names. */
function mayBeCalled(_pattern: Name, _input: string): boolean {
  return true;
}

function looksLikeCompanion(name: string): boolean {
  return (
    /(bai|csi|crai|tbi|fai|gzi|dict|idx|index|indices|pbi|mmi|tabix|ind|bti|fa|fasta|ref|reference|genome|seq|fna|db|database)s?\d*$/i.test(
      name,
    ) || /(bai|csi|crai|tbi|fai|gzi|dict|idx|index|pbi)/i.test(name)
  );
}

/** The place of a hole, or of a part of a choice, into which the input's value flows. */
function placeOfInput(piece: Piece, name: string): SourceRange | undefined {
  if (piece.type === 'hole') return piece.sources.inputs.has(name) ? piece.place : undefined;
  if (piece.type === 'text') return undefined;
  for (const one of [...piece.whenTrue, ...piece.whenFalse]) {
    const place = placeOfInput(one, name);
    if (place !== undefined) return place;
  }
  return piece.sources.inputs.has(name) ? piece.place : undefined;
}

/** Behind a folder's name, up to what the shell or Groovy completes: `/x/$y.txt` is `x/*`. undefined: it is written out. */
function openWithin(after: string): string | undefined {
  const word = /^["']?\/+([^\s;|&()<>"']*)/.exec(after)?.[1] ?? '';
  const at = word.replace(STAND_PATTERN, '$').search(/[$`*?[{]/);
  if (at === -1) return undefined;
  // `$dir/${id}.bam`: what is known of how it ends stays.
  const pattern = word.replace(STAND_PATTERN, '*');
  return /[$`?[{]/.test(pattern) ? `${word.slice(0, at)}*` : pattern;
}
