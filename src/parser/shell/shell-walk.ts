/**
 * Goes through the bash tree of a script, statement by statement, with what its variables hold, and gathers the effects of each top-level
 * statement. What it does not know it says: an unknown command makes its step unknown, never silent.
 */
import type { SourceRange } from '../../source/source-file.ts';
import type { BashNode, BashTree } from './bash.ts';
import { hasSubcommands, isSubcommand, toolSpec } from './catalogue.ts';
import { Effects } from './effects.ts';
import { behind, headOf, literalOf, nameOf, type Part, textWord, type Word } from './names.ts';
import { type Hole, type Piece, unite } from './pieces.ts';
import { everything, isLoose, type Threads, threadsFrom, useTool } from './tool-use.ts';
import { derived, partSources, pushText, type ShellText, type WordHost, wordOf } from './words.ts';

export interface ShellStep {
  readonly start: number;
  readonly end: number;
  readonly effects: Effects;
}

/** A program of the pipeline's `bin/`. */
export interface OwnProgram {
  readonly script: ShellText;
  /** Undefined for another language than bash. */
  readonly tree: BashTree | undefined;
  readonly language: string;
}

export interface WalkContext {
  readonly script: ShellText;
  readonly program: (name: string) => OwnProgram | undefined;
  /** `env` inputs. */
  readonly environment: ReadonlySet<string>;
  readonly depth: number;
}

type Variables = Map<string, readonly Part[]>;

const VERSION_WORDS = /^(-{1,2}(version|V|v|help|h)|version|--?version_only)$/;
/** Run the command that follows their own options. */
const WRAPPERS: ReadonlySet<string> = new Set([
  'time',
  'nice',
  'nohup',
  'env',
  'command',
  'timeout',
  'stdbuf',
  'sudo',
  'srun',
  'mpirun',
  'ionice',
  'exec',
  'builtin',
  'unbuffer',
  'catchsegv',
  'retry',
  'numactl',
  'then',
  'micromamba-run',
]);
const LANGUAGES = /^(python[\d.]*|pypy3?|Rscript|R|perl|ruby|node|julia|groovy|scala|lua|octave|php)$/;
const QUIET: ReadonlySet<string> = new Set([
  ':',
  'true',
  'false',
  'echo',
  'printf',
  'sleep',
  'date',
  'hostname',
  'whoami',
  'uname',
  'shift',
  'break',
  'continue',
  'return',
  'type',
  'which',
  'hash',
  'seq',
  'basename',
  'dirname',
  'expr',
  'bc',
  'ulimit',
  'umask',
  'shopt',
  'alias',
  'trap',
  'let',
  'getopts',
  'tput',
  'yes',
  'id',
  'kill',
  'jobs',
  'disown',
  'pwd',
  'nproc',
  'free',
  'logger',
  'mktemp',
  'realpath',
  'readlink',
  'local',
  'unset',
  'hash',
  'ps',
  'df',
  'lscpu',
  'arch',
  'getconf',
  'conda',
  'mamba',
  'module',
]);
const ORDERING: ReadonlySet<string> = new Set(['cd', 'pushd', 'popd', 'exit', 'wait', 'module', 'conda']);
/** Set up or tidy. */
const TRIVIAL: ReadonlySet<string> = new Set([
  'mkdir',
  'touch',
  'set',
  'export',
  'rm',
  'rmdir',
  'chmod',
  'ln',
  'echo',
  'printf',
  'unset',
  'shopt',
  'trap',
  'ulimit',
  'umask',
  ':',
  'true',
  'false',
  'date',
  'module',
  'conda',
  'cd',
  'exit',
  'wait',
  'sleep',
  'hostname',
  'which',
  'type',
  'source',
  '.',
  'declare',
  'local',
  'readonly',
  'test',
  '[',
  'pwd',
  'mv',
  'return',
  'basename',
  'dirname',
]);
const THREAD_FLAGS =
  /^(-@|-t|-T|-p|-P|-j|-c|-n|-nt|-nct|--?(threads?|n?_?threads|num[-_]threads|cpus?|cores?|jobs|procs?|processes|workers|ncpus?|nproc|n[-_]jobs|num[-_]?(workers|cores|cpus|processors)|runThreadN|nthreads|parallel|worker-threads|n[-_]?cores|max[-_]threads|mt|thread[-_]num|processors))=?$/;
const MOST_DEPTH = 3;
/** Of what a variable holds. */
const MOST_PARTS = 100;
/** In one script, those of its functions counted at each call. */
const MOST_COMMANDS = 3_000;

export class ShellWalk implements WordHost {
  readonly script: ShellText;
  readonly #context: WalkContext;
  #variables: Variables = new Map();
  readonly #functions = new Map<string, BashNode>();
  #effects = new Effects();
  #pipelines = 0;
  #pipeline: number | undefined;
  #loops = 0;
  /** Inside a version block: its commands do no work. */
  #versions = 0;
  #calls = 0;
  #commandCount = 0;
  readonly #arguments: readonly Word[];

  constructor(context: WalkContext, args: readonly Word[] = []) {
    this.#context = context;
    this.script = context.script;
    this.#arguments = args;
  }

  steps(root: BashNode): ShellStep[] {
    const steps: ShellStep[] = [];
    for (const child of root.children) {
      if (!child.named) {
        const last = steps.at(-1);
        if (child.type === '&' && last !== undefined) last.effects.background = true;
        continue;
      }
      if (child.type === 'comment') continue;
      this.#effects = new Effects();
      this.#statement(child);
      steps.push({ start: child.start, end: child.end, effects: this.#effects });
    }
    return steps;
  }

  /** All effects as those of one command: what a program of `bin/` does where it is called. */
  runInto(root: BashNode, effects: Effects): void {
    this.#effects = effects;
    for (const child of root.children) if (child.named) this.#statement(child);
  }

  // ---------------------------------------------------------------------------------------------------- statements

  #statement(node: BashNode): void {
    switch (node.type) {
      case 'comment':
      case 'heredoc_body':
      case 'heredoc_start':
      case 'heredoc_end':
        return;
      case 'command':
        this.#command(node);
        return;
      case 'redirected_statement':
        this.#redirected(node);
        return;
      case 'pipeline': {
        const before = this.#pipeline;
        this.#pipeline = this.#pipelines;
        this.#pipelines += 1;
        for (const child of node.children) if (child.named) this.#statement(child);
        this.#pipeline = before;
        return;
      }
      case 'subshell': {
        const before = new Map(this.#variables);
        const { orders } = this.#effects;
        this.#effects.orders = false;
        for (const child of node.children) if (child.named) this.#statement(child);
        if (this.#effects.orders) this.#effects.fail(this.#place(node), 'it changes directory');
        this.#effects.orders = orders;
        this.#variables = before;
        return;
      }
      case 'variable_assignment':
        this.#assignment(node, false);
        return;
      case 'variable_assignments':
      case 'declaration_command':
      case 'unset_command':
        for (const child of node.children) {
          if (child.type === 'variable_assignment') this.#assignment(child, node.type === 'declaration_command');
          else if (child.type === 'variable_name' && node.type === 'declaration_command') this.#effects.envReads.add(this.#text(child));
          else if (child.named) wordOf(child, this);
        }
        return;
      case 'for_statement':
        this.#for(node);
        return;
      case 'while_statement':
      case 'c_style_for_statement':
      case 'select_statement':
        this.#loops += 1;
        this.#branch(node.children);
        this.#loops -= 1;
        return;
      case 'if_statement':
      case 'case_statement':
        this.#branches(node);
        return;
      case 'function_definition': {
        const name = node.children.find((child) => child.type === 'word');
        const body = node.children.at(-1);
        if (name !== undefined && body !== undefined) this.#functions.set(this.#text(name), body);
        return;
      }
      case 'test_command':
        this.#test(node);
        return;
      case 'ERROR':
        this.#effects.fail(this.#place(node), 'it cannot be parsed');
        return;
      case 'heredoc_redirect':
      case 'file_redirect':
      case 'herestring_redirect':
        this.#redirect(node);
        return;
      default:
        if (isWordNode(node)) wordOf(node, this);
        else for (const child of node.children) if (child.named) this.#statement(child);
    }
  }

  #branch(children: readonly BashNode[]): void {
    const before = new Map(this.#variables);
    for (const child of children) if (child.named) this.#statement(child);
    this.#merge(before, this.#variables);
  }

  /** `if` and `case`: each branch begins with what stood before. */
  #branches(node: BashNode): void {
    const outcomes: Variables[] = [];
    let before = new Map(this.#variables);
    const end = (): void => {
      outcomes.push(this.#variables);
      this.#variables = new Map(before);
    };
    let condition = true;
    for (const child of node.children) {
      if (child.type === 'then') {
        condition = false;
        before = new Map(this.#variables);
      }
      if (!child.named) continue;
      if (child.type === 'elif_clause' || child.type === 'else_clause' || child.type === 'case_item') {
        end();
        for (const inner of child.children) if (inner.named) this.#statement(inner);
      } else this.#statement(child);
      if (condition) before = new Map(this.#variables);
    }
    end();
    let merged = outcomes.pop() ?? before;
    const complete = node.children.some((child) => child.type === 'else_clause');
    if (!complete) outcomes.push(before);
    this.#variables = merged;
    for (const other of outcomes) {
      this.#merge(other, merged);
      merged = this.#variables;
    }
  }

  #merge(one: Variables, two: Variables): void {
    const merged: Variables = new Map();
    for (const name of new Set([...one.keys(), ...two.keys()])) {
      const first = one.get(name);
      const second = two.get(name);
      if (first === undefined || second === undefined || partsKey(first) === partsKey(second)) {
        merged.set(name, (first ?? second) as readonly Part[]);
        continue;
      }
      merged.set(name, [{ type: 'hole', hole: this.#either(name, first, second), quoted: false }]);
    }
    this.#variables = merged;
  }

  #either(name: string, one: readonly Part[], two: readonly Part[]): Hole {
    const names = new Set<string>();
    for (const part of [...one, ...two]) if (part.type === 'hole') for (const input of part.hole.names) names.add(input);
    const place = this.#placeOfParts(one) ?? this.script.placeOf(0, 0);
    return derived(`either ${name}=${partsKey(one)}|${partsKey(two)}`, unite(partSources(one), partSources(two)), place, 'words', names);
  }

  #placeOfParts(parts: readonly Part[]): SourceRange | undefined {
    for (const part of parts) if (part.type === 'hole') return part.hole.place;
    return undefined;
  }

  #for(node: BashNode): void {
    const variable = node.children.find((child) => child.type === 'variable_name');
    const inside = node.children.findIndex((child) => child.type === 'do_group' || child.type === 'compound_statement');
    const body = node.children[inside];
    const words = node.children
      .filter((child, index) => child.named && child !== variable && index < inside)
      .map((child) => wordOf(child, this));
    for (const word of words) {
      // The files themselves: found by what a pattern stands for, whatever is done with them.
      if (word.parts.some((part) => part.type === 'glob')) this.#effects.read(nameOf(word, undefined, 'light'));
    }
    const before = new Map(this.#variables);
    if (variable !== undefined) {
      const [only] = words;
      if (words.length === 1 && only !== undefined)
        this.#variables.set(
          this.#text(variable),
          only.parts.filter((part) => part.type !== 'choice'),
        );
      else if (words.length > 1) {
        const parts = words.flatMap((word) => word.parts);
        this.#variables.set(this.#text(variable), [{ type: 'hole', hole: this.#either(this.#text(variable), parts, []), quoted: false }]);
      }
      this.#effects.envWrites.add(this.#text(variable));
    }
    this.#loops += 1;
    if (body !== undefined) this.#statement(body);
    this.#loops -= 1;
    this.#merge(before, this.#variables);
  }

  #assignment(node: BashNode, exported: boolean): void {
    const name = node.children.find((child) => child.type === 'variable_name');
    const last = node.children.at(-1);
    if (name === undefined || last === undefined) {
      for (const child of node.children) if (child.named) wordOf(child, this);
      return;
    }
    const key = this.#text(name);
    const added = node.children.some((child) => child.type === '+=');
    const value = last === name || !last.named ? { parts: [] as Part[], place: this.#place(node) } : wordOf(last, this);
    if (last.type === 'array') {
      const hole = this.#either(key, value.parts, []);
      this.#variables.set(key, [{ type: 'hole', hole, quoted: false }]);
    } else if (value.parts.length + (this.#variables.get(key)?.length ?? 0) > MOST_PARTS) {
      this.#variables.set(key, [
        { type: 'hole', hole: derived(`${key}@${node.start}`, partSources(value.parts), value.place), quoted: false },
      ]);
    } else if (added) this.#variables.set(key, [...(this.#variables.get(key) ?? []), ...value.parts]);
    else this.#variables.set(key, value.parts);
    this.#effects.envWrites.add(key);
    if (exported && partSources(value.parts).cpus) this.#effects.cpus = true;
  }

  #test(node: BashNode): void {
    const visit = (one: BashNode): void => {
      if (isWordNode(one)) {
        const word = wordOf(one, this);
        if (word.parts.some((part) => part.type === 'glob')) this.#effects.read(nameOf(word, undefined, 'light'));
      } else if (one.type === 'unary_expression') {
        for (const child of one.children) {
          if (child.type === 'test_operator' || !child.named) continue;
          if (isWordNode(child)) this.#effects.read(nameOf(wordOf(child, this), undefined, 'light'));
          else visit(child);
        }
      } else one.children.forEach(visit);
    };
    node.children.forEach(visit);
  }

  // ---------------------------------------------------------------------------------------------------- redirections

  #redirected(node: BashNode): void {
    const redirects = node.children.filter((child) => /_redirect$/.test(child.type));
    const toVersions = redirects.some((redirect) => /\bversions?\b[\w.]*\s*$/i.test(this.#firstLine(redirect)));
    if (toVersions) this.#versions += 1;
    const source = redirects.find((redirect) => redirect.type === 'heredoc_redirect');
    if (source !== undefined) this.#heredocTo = this.#heredocText(source);
    for (const child of node.children) if (child.named && !redirects.includes(child)) this.#statement(child);
    this.#heredocTo = undefined;
    for (const redirect of redirects) this.#redirect(redirect);
    if (toVersions) this.#versions -= 1;
  }

  #heredocTo: string | undefined;

  #firstLine(node: BashNode): string {
    const text = this.#text(node);
    const end = text.indexOf('\n');
    return end < 0 ? text : text.slice(0, end);
  }

  #heredocText(node: BashNode): string {
    const body = node.children.find((child) => child.type === 'heredoc_body');
    return body === undefined ? '' : this.#text(body);
  }

  #redirect(node: BashNode): void {
    if (node.type === 'heredoc_redirect') {
      const quoted = /^<<-?\s*(['"\\])/.test(this.#text(node));
      for (const child of node.children) {
        if (child.type === 'heredoc_body') {
          if (!quoted) for (const inner of child.children) if (inner.named && inner.type !== 'heredoc_content') wordOf(inner, this);
          const parts: Part[] = [];
          pushText(this.#text(child), this, parts, true);
          if (partSources(parts).cpus) this.#effects.cpus = true;
        } else if (child.named && child.type !== 'heredoc_start' && child.type !== 'heredoc_end') this.#statement(child);
      }
      return;
    }
    if (node.type === 'herestring_redirect') {
      for (const child of node.children) if (child.named) wordOf(child, this);
      return;
    }
    const operator = node.children.find((child) => !child.named)?.type ?? '>';
    for (const child of node.children) {
      if (!child.named || child.type === 'file_descriptor') continue;
      const word = wordOf(child, this);
      if (/^[<>]&$/.test(operator) && /^\d+$|^-$/.test(literalOf(word) ?? '')) continue;
      if (child.type === 'process_substitution') continue;
      for (const one of this.#alternatives([word])) {
        const [only] = one;
        if (only === undefined) continue;
        if (operator === '<' || operator === '<&') this.#effects.read(nameOf(only));
        else this.#effects.write(nameOf(only));
      }
    }
  }

  // ---------------------------------------------------------------------------------------------------- words

  variable(name: string): readonly Part[] | undefined {
    this.#effects.envReads.add(name);
    const value = this.#variables.get(name);
    if (value !== undefined) return value;
    if (/^[?$!#_-]$/.test(name)) return [{ type: 'text', text: '0', quoted: true }];
    if (/^\d+$/.test(name) || name === '@' || name === '*') return this.#argument(name);
    if (name === 'PWD' || name === 'NXF_TASK_WORKDIR') return [{ type: 'text', text: '.', quoted: true }];
    if (
      /^(HOME|TMPDIR|TMP|TEMP|USER|LD_LIBRARY_PATH|PATH|RANDOM|HOSTNAME|CONDA_PREFIX|JAVA_HOME|SECONDS|LINENO|BASH_SOURCE|IFS|LANG|LC_ALL|PYTHONPATH|SHELL|OSTYPE|UID|EPOCHSECONDS)$/.test(
        name,
      )
    )
      return [{ type: 'text', text: `/\${${name}}`, quoted: true }];
    return undefined;
  }

  #argument(name: string): readonly Part[] | undefined {
    if (this.#context.depth === 0 && this.#calls === 0) return undefined;
    if (/^\d+$/.test(name)) return this.#callArguments[Number(name) - 1]?.parts ?? [];
    const parts = this.#callArguments.flatMap((word) => word.parts);
    return [{ type: 'hole', hole: this.#either('@', parts, []), quoted: false }];
  }

  get #callArguments(): readonly Word[] {
    return this.#frames.at(-1) ?? this.#arguments;
  }
  readonly #frames: (readonly Word[])[] = [];

  substitution(node: BashNode): void {
    const before = this.#pipeline;
    // What runs inside a word has its own pipelines, and leaves the variables alone.
    this.#pipeline = undefined;
    const variables = new Map(this.#variables);
    for (const child of node.children) if (child.named) this.#statement(child);
    this.#variables = variables;
    this.#pipeline = before;
  }

  #text(node: BashNode): string {
    return this.script.text.slice(node.start, node.end);
  }

  #place(node: BashNode): SourceRange {
    return this.script.placeOf(node.start, node.end);
  }

  /**
   * The ways in which the choices among words can come out. What a command does is the union of what each does: of many choices it is enough
   * that each side of each is seen.
   */
  #alternatives(words: readonly Word[]): readonly (readonly Word[])[] {
    if (!words.some((word) => word.parts.some((part) => part.type === 'choice'))) return [words];
    const depths = new Map<string, number>();
    const gather = (pieces: readonly Piece[], depth: number): void => {
      for (const piece of pieces) {
        if (piece.type !== 'choice') continue;
        if (!depths.has(piece.condition)) depths.set(piece.condition, depth);
        gather(piece.whenTrue, depth + 1);
        gather(piece.whenFalse, depth + 1);
      }
    };
    for (const word of words) for (const part of word.parts) if (part.type === 'choice') gather([part.choice], 0);
    const ways: ((depth: number, index: number) => boolean)[] = [() => true, () => false];
    if (depths.size === 2 || Math.max(...depths.values()) > 0)
      ways.push(
        (depth, index) => (depth + index) % 2 === 0,
        (depth, index) => (depth + index) % 2 === 1,
      );
    return ways.map((way) => {
      const decided = new Map([...depths].map(([condition, depth], index) => [condition, way(depth, index)]));
      return words.flatMap((word) => decide(word, decided));
    });
  }

  // ---------------------------------------------------------------------------------------------------- commands

  #command(node: BashNode): void {
    this.#commandCount += 1;
    if (this.#commandCount > MOST_COMMANDS) {
      this.#effects.fail(this.#place(node), 'there are too many commands');
      return;
    }
    const words: Word[] = [];
    const redirects: BashNode[] = [];
    for (const child of node.children) {
      if (child.type === 'variable_assignment') {
        // For this command alone.
        const value = child.children.at(-1);
        if (value?.named === true && value.type !== 'variable_name') {
          const word = wordOf(value, this);
          if (partSources(word.parts).cpus) this.#effects.cpus = true;
        }
        if (!node.children.some((one) => one.type === 'command_name')) this.#assignment(child, false);
      } else if (/_redirect$/.test(child.type)) redirects.push(child);
      else if (child.named) {
        // The grammar puts the words of `$(find .)` in the command's name.
        if (child.type === 'command_name' && child.children.length > 1) for (const inner of child.children) words.push(wordOf(inner, this));
        else words.push(wordOf(child, this));
      } else if (child.type === '<<<') continue;
    }
    for (const redirect of redirects) this.#redirect(redirect);
    if (words.length === 0) return;
    for (const word of words) if (partSources(word.parts).cpus) this.#effects.cpus = true;
    const place = this.#place(node);
    const before = this.#effects.commands.length;
    let first = true;
    for (const argv of this.#alternatives(words)) {
      this.#interpret(argv, place);
      // The ways in which one command can come out are one command: the one that says most of its threads.
      if (!first) {
        const later = this.#effects.commands.splice(before + this.#added);
        later.forEach((command, index) => {
          const known = this.#effects.commands[before + index];
          if (known !== undefined && known.threads === undefined && command.threads !== undefined)
            this.#effects.commands[before + index] = { ...known, threads: command.threads };
        });
      } else this.#added = this.#effects.commands.length - before;
      first = false;
    }
  }

  #added = 0;

  #say(name: string | undefined, subcommand: string | undefined, threads: Threads, place: SourceRange): void {
    if (this.#versions > 0) return;
    const spec = name === undefined ? undefined : toolSpec(name, subcommand);
    this.#effects.commands.push({
      name,
      subcommand,
      spec,
      range: place,
      threads,
      ...(this.#pipeline === undefined ? {} : { pipeline: this.#pipeline }),
      ...(this.#loops === 0 ? {} : { repeated: true as const }),
    });
    if (name === undefined || !TRIVIAL.has(name)) this.#effects.trivial = false;
  }

  #interpret(argv: readonly Word[], place: SourceRange): void {
    const [head, ...rest] = argv;
    if (head === undefined) return;
    const effects = this.#effects;
    const written = literalOf(head);
    if (written === undefined) {
      // A name made at run time. One that only an `ext` setting or nothing gives may be no command at all.
      this.#say(undefined, undefined, undefined, place);
      effects.fail(place, 'its command is not known before it runs');
      this.#readAll(rest);
      return;
    }
    const name = written.slice(written.lastIndexOf('/') + 1);
    if (/^\w+=/.test(written)) return;
    const body = this.#functions.get(written);
    if (body !== undefined) {
      this.#callFunction(body, rest, place);
      return;
    }
    if (WRAPPERS.has(name)) {
      this.#wrapped(name, rest, place);
      return;
    }
    if (this.#builtin(name, rest, place)) return;
    const own = this.#context.program(written.startsWith('./') ? written.slice(2) : name);
    if (own !== undefined && !written.startsWith('/')) {
      this.#ownProgram(own, name, rest, place);
      return;
    }
    this.#tool(name, rest, place);
  }

  #tool(name: string, rest: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    if (rest.length > 0 && rest.every((word) => VERSION_WORDS.test(literalOf(word) ?? ''))) {
      this.#asksVersion(name, place);
      return;
    }
    const at = rest.findIndex((word) => isSubcommand(name, literalOf(word) ?? ''));
    const firstWord = rest.findIndex((word) => !/^-/.test(headOf(word)));
    const firstText = firstWord < 0 ? undefined : literalOf(rest[firstWord] as Word);
    const general = toolSpec(name);
    const subcommand =
      at >= 0
        ? literalOf(rest[at] as Word)
        : (general === undefined || hasSubcommands(name)) &&
            firstWord === 0 &&
            firstText !== undefined &&
            /^[A-Za-z][\w-]*$/.test(firstText)
          ? firstText
          : undefined;
    const spec = toolSpec(name, subcommand);
    const behindIt = at >= 0 ? [...rest.slice(0, at), ...rest.slice(at + 1)] : rest;
    if (at >= 0 && behindIt.length > 0 && behindIt.every((word) => VERSION_WORDS.test(literalOf(word) ?? ''))) {
      this.#asksVersion(name, place);
      return;
    }
    if (spec === undefined) {
      this.#say(name, subcommand, this.#likelyThreads(rest), place);
      if (this.#versions === 0) effects.fail(place, `${name} is not in the catalogue`);
      this.#readAll(rest);
      return;
    }
    const threads = useTool(spec, behindIt, effects) ?? this.#likelyThreads(rest, true);
    this.#say(name, subcommand, threads, place);
    if (this.#versions > 0) return;
    if (spec.reads === undefined) effects.fail(place, `what ${name} reads is not known`);
    else if (spec.evidence === 'module') effects.partly ??= place;
    else if (spec.evidence === 'knowledge') effects.fail(place, `what ${name} reads is not documented`);
  }

  #asksVersion(name: string, place: SourceRange): void {
    // It says what it is, and does nothing.
    if (this.#versions === 0)
      this.#effects.commands.push({ name, subcommand: undefined, spec: toolSpec(name), range: place, threads: undefined });
  }

  /** A thread option that is not in the catalogue, where `task.cpus` is its value. */
  #likelyThreads(words: readonly Word[], onlyMarked = false): Threads {
    for (const [index, word] of words.entries()) {
      const head = headOf(word);
      if (!/^-|=$/.test(head)) continue;
      const next = words[index + 1];
      const marked = (one: Word): boolean => one.parts.some((part) => part.type === 'hole' && part.hole.sources.cpus);
      if (marked(word)) return threadsFrom(head.replace(/=$/, ''), word);
      if (next === undefined || literalOf(word) === undefined) continue;
      if (marked(next) && !/^-/.test(headOf(next))) return threadsFrom(head, next);
      if (!onlyMarked && THREAD_FLAGS.test(head) && /^--?\w\w/.test(head) && /^\d+$/.test(literalOf(next) ?? ''))
        return threadsFrom(head, next);
    }
    return undefined;
  }

  /** Of a command that is not known every word may be a file that it reads. */
  #readAll(words: readonly Word[]): void {
    for (const word of words) {
      const equals = /^-{0,2}[\w.-]+=/.exec(headOf(word));
      const value = equals === null ? word : behind(word, equals[0].length);
      if (/^-/.test(headOf(value))) continue;
      if (isLoose(value)) this.#effects.loose ??= value.place;
      const name = nameOf(value);
      if (name !== undefined && name.kind !== 'anything') this.#effects.read(name);
    }
  }

  #callFunction(body: BashNode, args: readonly Word[], place: SourceRange): void {
    if (this.#frames.length >= MOST_DEPTH || this.#calls > 200) {
      this.#effects.fail(place, 'functions call each other too deeply');
      return;
    }
    this.#frames.push(args);
    this.#calls += 1;
    this.#statement(body);
    this.#frames.pop();
    if (this.#frames.length === 0) this.#calls = Math.min(this.#calls, 200);
  }

  #ownProgram(own: OwnProgram, name: string, args: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    this.#say(name, undefined, this.#likelyThreads(args), place);
    this.#readAll(args);
    if (own.tree === undefined || own.tree.errorAt !== undefined || this.#context.depth >= MOST_DEPTH) {
      effects.fail(place, `${name} of the pipeline’s bin/ is written in ${own.language}`);
      return;
    }
    const inner = new ShellWalk({ ...this.#context, script: own.script, depth: this.#context.depth + 1 }, args);
    const before = effects.commands.length;
    inner.runInto(own.tree.root, effects);
    effects.commands.splice(before);
  }

  /** `time cmd`, `timeout 5m cmd`, `env A=b cmd`. */
  #wrapped(name: string, words: readonly Word[], place: SourceRange): void {
    let at = 0;
    const valued = /^-(n|k|s|c|np|t|N|u|o|e|i)$/;
    while (at < words.length) {
      const text = literalOf(words[at] as Word) ?? headOf(words[at] as Word);
      if (valued.test(text) && name !== 'env') at += 2;
      else if (text.startsWith('-') || /^\w+=/.test(text) || (name === 'timeout' && /^[\d.]+[smhd]?$/.test(text))) at += 1;
      else break;
    }
    const inner = words.slice(at);
    if (inner.length > 0) this.#interpret(inner, place);
  }

  /** Builtins and commands whose words do not follow the catalogue's roles. False: it is none of these. */
  #builtin(name: string, words: readonly Word[], place: SourceRange): boolean {
    const effects = this.#effects;
    const texts = words.map((word) => literalOf(word));
    switch (name) {
      case 'cd':
      case 'pushd':
      case 'popd':
        effects.orders = true;
        this.#say(name, undefined, undefined, place);
        if (texts[0] !== '.') for (const word of words) effects.read(nameOf(word, undefined, 'light'));
        return true;
      case 'set':
        effects.envWrites.add('-');
        return true;
      case 'eval':
        this.#say(name, undefined, undefined, place);
        effects.fail(place, 'eval runs what is put together at run time');
        return true;
      case 'source':
      case '.':
        effects.orders = true;
        this.#say(name, undefined, undefined, place);
        if (!/(^|\/)activate$/.test(texts[0] ?? '')) {
          effects.fail(place, 'it runs another script');
          this.#readAll(words);
        }
        return true;
      case 'read':
      case 'mapfile':
      case 'readarray':
        for (const word of words) {
          const text = literalOf(word);
          if (text === undefined || !/^[A-Za-z_]\w*$/.test(text)) continue;
          this.#variables.set(text, [
            { type: 'hole', hole: derived(`read ${text}@${place.start}`, partSources([]), place), quoted: false },
          ]);
          effects.envWrites.add(text);
        }
        return true;
      case 'test':
      case '[':
        for (const word of words)
          if (!/^(-\w+|\]|=|==|!=|!|-a|-o)$/.test(literalOf(word) ?? '')) effects.read(nameOf(word, undefined, 'light'));
        return true;
      case 'xargs':
      case 'parallel':
        return this.#xargs(name, words, place);
      case 'find':
        this.#find(words, place);
        return true;
      case 'ls':
      case 'du':
      case 'tree': {
        this.#say(name, undefined, undefined, place);
        const names = words.filter((word) => !/^-/.test(headOf(word)));
        if (names.length === 0) effects.read(everything(textWord('*', place)));
        for (const word of names) {
          const found = nameOf(word, undefined, 'light');
          effects.read(found === undefined ? undefined : found);
        }
        return true;
      }
      case 'bash':
      case 'sh':
      case 'zsh':
      case 'dash': {
        if (words.every((word) => VERSION_WORDS.test(literalOf(word) ?? '')) && words.length > 0) return true;
        const at = words.findIndex((word) => !/^-/.test(headOf(word)));
        const file = at < 0 ? undefined : literalOf(words[at] as Word);
        const own = file === undefined || texts.includes('-c') ? undefined : this.#context.program(file.slice(file.lastIndexOf('/') + 1));
        if (own !== undefined) {
          this.#ownProgram(own, file as string, words.slice(at + 1), place);
          return true;
        }
        this.#say(name, undefined, undefined, place);
        effects.fail(place, `${name} runs a script that is not read`);
        this.#readAll(words);
        return true;
      }
      case 'awk':
      case 'gawk':
      case 'mawk':
        this.#program(name, words, place, /^-[fF vi]$|^-(v|F|f|i)$/, true);
        return true;
      case 'sed':
      case 'gsed':
        this.#program(
          name,
          words,
          place,
          /^(-e|-f|-l|--expression|--file)$/,
          !texts.some((text) => /^(-\w*e|-f|--expression(=|$)|--file(=|$))/.test(text ?? '')),
        );
        if (texts.some((text) => /^(-i|-[nErsz]*i|--in-place)/.test(text ?? '')))
          for (const read of effects.reads.slice()) effects.write(read);
        return true;
      case 'grep':
      case 'egrep':
      case 'fgrep':
      case 'zgrep':
      case 'rg':
        this.#program(
          name,
          words,
          place,
          /^(-e|-f|-m|-A|-B|-C|--max-count|--file|--regexp)$/,
          !texts.some((text) => /^(-\w*[ef]|--regexp(=|$)|--file(=|$))/.test(text ?? '')),
        );
        return true;
      case 'tar':
        this.#tar(words, place);
        return true;
      case 'cp':
      case 'ln':
      case 'mv':
      case 'rsync':
      case 'install':
        this.#copy(name, words, place);
        return true;
      case 'java':
        return this.#java(words, place);
    }
    if (LANGUAGES.test(name)) {
      this.#language(name, words, place);
      return true;
    }
    if (QUIET.has(name)) {
      if (name === 'nproc' || name === 'lscpu' || name === 'getconf') effects.cpusUnknown = true;
      if (ORDERING.has(name)) effects.orders = true;
      if (!/^(seq|basename|dirname|expr|bc|date|pwd|nproc)$/.test(name)) this.#say(name, undefined, undefined, place);
      // A pattern that it is given stands for what is found.
      for (const word of words)
        if (word.parts.some((part) => part.type === 'glob' && part.text !== '?' && !part.text.startsWith('{')))
          effects.read(nameOf(word, undefined, 'light'));
      return true;
    }
    if (name === 'exit' || name === 'wait') {
      effects.orders = true;
      return true;
    }
    return false;
  }

  /** `sed 's/a/b/' file`, `grep -f words file`, `awk -v a=b '{…}' file`: a program, then files. */
  #program(name: string, words: readonly Word[], place: SourceRange, valued: RegExp, leads: boolean): void {
    const effects = this.#effects;
    this.#say(name, undefined, undefined, place);
    let seen = !leads;
    const fromFile = name.includes('awk') && words.some((word) => /^-f/.test(headOf(word)));
    if (fromFile) seen = true;
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] as Word;
      const head = headOf(word);
      if (/^-./.test(head) && !(seen && head === '-')) {
        if (valued.test(literalOf(word) ?? head)) {
          const value = words[at + 1];
          if (value !== undefined && /^(-f|--file)$/.test(head)) effects.read(nameOf(value));
          at += 1;
        } else if (/^(-f.|--file=)/.test(head)) effects.read(nameOf(behind(word, head.startsWith('-f') ? 2 : 7)));
        continue;
      }
      if (!seen) {
        seen = true;
        const text = literalOf(word) ?? word.parts.map((part) => ('text' in part ? part.text : '')).join('');
        if (name.includes('awk')) {
          if (/getline|\bsystem\s*\(/.test(text)) effects.fail(place, `${name} reads files or runs commands of its own`);
          if (/\bprintf?\b[^;}]*(>|\|)/.test(text)) effects.writesMore = true;
        }
        continue;
      }
      if (isLoose(word)) effects.loose ??= word.place;
      if (name.includes('awk') && /^\w+=/.test(head)) continue;
      effects.read(nameOf(word));
    }
    if ((name === 'grep' || name === 'egrep') && words.some((word) => /^-\w*r/.test(headOf(word))))
      effects.read(everything(textWord('*', place)));
  }

  #xargs(name: string, words: readonly Word[], place: SourceRange): boolean {
    const effects = this.#effects;
    let at = 0;
    while (at < words.length) {
      const text = headOf(words[at] as Word);
      if (!text.startsWith('-')) break;
      const threads = /^(-P|-j|--jobs|--max-procs)$/.test(text) ? words[at + 1] : undefined;
      if (threads !== undefined && partSources(threads.parts).cpus) effects.cpus = true;
      at += /^(-[IPnLdsaEj]|--jobs|--max-procs|--max-args|--replace|--delimiter|--arg-file|--colsep)$/.test(text) ? 2 : 1;
    }
    const inner = words.slice(at);
    const [only] = inner;
    this.#loops += 1;
    if (inner.length === 1 && only !== undefined && /\s/.test(literalOf(only) ?? '')) {
      this.#say(name, undefined, undefined, place);
      effects.fail(place, `${name} runs what is put together at run time`);
    } else if (inner.length > 0) {
      const given: Part[] = [{ type: 'hole', hole: derived(`xargs@${place.start}`, partSources([]), place), quoted: false }];
      this.#interpret([...inner, { parts: given, place }], place);
    }
    this.#loops -= 1;
    // The names come from its input: a list, or what a command before it finds.
    effects.read({ text: '\0', kind: 'anything', input: undefined, parts: [], place });
    return true;
  }

  #find(words: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    this.#say('find', undefined, undefined, place);
    const roots: Word[] = [];
    const patterns: Word[] = [];
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] as Word;
      const head = headOf(word);
      if (/^-(name|iname|path|ipath|wholename|regex|iregex)$/.test(head)) {
        const pattern = words[at + 1];
        if (pattern !== undefined) patterns.push(pattern);
        at += 1;
      } else if (/^-(exec|execdir|ok)$/.test(head)) {
        const end = words.findIndex((one, index) => index > at && /^[;+]$/.test(literalOf(one) ?? ''));
        const inner = words.slice(at + 1, end < 0 ? undefined : end).filter((one) => literalOf(one) !== '{}');
        this.#loops += 1;
        if (inner.length > 0) this.#interpret(inner, place);
        this.#loops -= 1;
        at = end < 0 ? words.length : end;
      } else if (/^-(type|maxdepth|mindepth|size|newer|mtime|printf|fprint|user|perm)$/.test(head)) at += 1;
      else if (head === '-delete') effects.writesMore = true;
      else if (!/^[-!(]/.test(head) && roots.length === at - words.slice(0, at).filter((one) => /^-[LHP]$/.test(headOf(one))).length)
        roots.push(word);
    }
    const outside = roots.length > 0 && roots.every((root) => headOf(root).startsWith('/'));
    if (outside) return;
    const fixed = roots.map((root) => nameOf(root)).filter((name) => name?.input !== undefined);
    if (roots.length > 0 && fixed.length === roots.length) for (const name of fixed) effects.read(name);
    else if (patterns.length === 0) effects.read(everything(textWord('*', place)));
    else for (const pattern of patterns) effects.read(nameOf(asPattern(pattern), 'pattern'));
  }

  #tar(words: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    this.#say('tar', undefined, undefined, place);
    const mode =
      words.map((word) => headOf(word)).find((text, index) => /^-?[a-zA-Z]+$/.test(text) && (index === 0 || text.startsWith('-'))) ?? '';
    const extracts = /x|t/.test(mode) || words.some((word) => /^--(extract|list|get)/.test(headOf(word)));
    const rest: Word[] = [];
    let archive: Word | undefined;
    for (let at = 0; at < words.length; at += 1) {
      const word = words[at] as Word;
      const head = headOf(word);
      const bundle = /^-?[a-zA-Z]*f$/.test(head) && (at === 0 || head.startsWith('-')) && literalOf(word) === head;
      if (bundle || head === '--file') archive = words[(at += 1)];
      else if (/^(-C|--directory|-I|--use-compress-program|--exclude|-T|--strip-components|--transform)$/.test(head)) {
        const value = words[(at += 1)];
        if (head === '-T' && value !== undefined) effects.read(nameOf(value));
      } else if (!head.startsWith('-') && at > 0) rest.push(word);
    }
    if (archive !== undefined) {
      if (extracts) effects.read(nameOf(archive));
      else effects.write(nameOf(archive));
    }
    if (extracts) effects.writesMore = true;
    else for (const word of rest) effects.read(nameOf(word));
  }

  #copy(name: string, words: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    this.#say(name, undefined, undefined, place);
    if (name !== 'ln' && name !== 'cp' && name !== 'mv') effects.trivial = false;
    const given = words.filter((word) => !/^-./.test(headOf(word)));
    const names = given.flatMap((word) => nameOf(word) ?? []);
    if (given.some(isLoose)) effects.loose ??= place;
    const target = names.length > 1 ? names.at(-1) : undefined;
    const sources = target === undefined ? names : names.slice(0, -1);
    for (const source of sources) {
      effects.read(source);
      if (name === 'mv') effects.write(source);
    }
    if (target === undefined) {
      if (sources.length > 0 && name !== 'ln') effects.writesMore = true;
      return;
    }
    const folder = target.text === '*' || target.text.endsWith('/') || sources.length > 1;
    if (folder) effects.write({ ...target, kind: 'prefix' });
    else {
      effects.write(target);
      const [source] = sources;
      if (source !== undefined) effects.copies.push({ from: source, to: target });
    }
  }

  /** `java -Xmx4g -jar picard.jar MarkDuplicates`: the tool is the archive. */
  #java(words: readonly Word[], place: SourceRange): boolean {
    const at = words.findIndex((word) => literalOf(word) === '-jar');
    const archive = at < 0 ? undefined : literalOf(words[at + 1] as Word);
    const tool = archive === undefined ? undefined : /([A-Za-z][A-Za-z0-9]*)[\w.-]*\.jar$/.exec(archive)?.[1]?.toLowerCase();
    if (tool === undefined || (toolSpec(tool) === undefined && !hasSubcommands(tool))) {
      if (words.length > 0 && words.every((word) => VERSION_WORDS.test(literalOf(word) ?? ''))) return true;
      this.#say('java', undefined, this.#likelyThreads(words), place);
      if (this.#versions === 0) this.#effects.fail(place, 'java runs a program that is not known');
      this.#readAll(words);
      return true;
    }
    this.#tool(tool, words.slice(at + 2), place);
    return true;
  }

  #language(name: string, words: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    const code = words.some((word) => /^-(c|e|E|ne|pe|nle|lne|ane|lane|F)$/.test(literalOf(word) ?? ''));
    if (words.length > 0 && words.every((word) => VERSION_WORDS.test(literalOf(word) ?? ''))) return;
    const text = words.map((word) => literalOf(word) ?? '').join(' ') + (this.#heredocTo ?? '');
    if (this.#versions > 0 || (code && /version/i.test(text) && !/open\(|read|file/i.test(text.replace(/readlink|R\.version/g, ''))))
      return;
    this.#say(name, undefined, this.#likelyThreads(words), place);
    const file = words.find((word) => !/^-/.test(headOf(word)));
    const own = code || file === undefined ? undefined : literalOf(file);
    effects.fail(place, own === undefined ? `it runs ${name} code` : `${own} is written in ${name}`);
    this.#readAll(words);
  }
}

// ------------------------------------------------------------------------------------------------------ words

function isWordNode(node: BashNode): boolean {
  return /^(word|string|raw_string|ansi_c_string|translated_string|concatenation|number|simple_expansion|expansion|command_substitution|process_substitution|arithmetic_expansion|brace_expression|regex|extglob_pattern|array)$/.test(
    node.type,
  );
}

/** In quotes, a pattern for `find` all the same. */
function asPattern(word: Word): Word {
  const parts: Part[] = word.parts.flatMap((part): Part[] => {
    if (part.type !== 'text' || !/[*?[]/.test(part.text)) return [part];
    return part.text
      .split(/([*?]|\[[^\]]*\])/)
      .filter((text) => text !== '')
      .map((text): Part => (/^[*?[]/.test(text) ? { type: 'glob', text } : { type: 'text', text, quoted: true }));
  });
  return { parts, place: word.place };
}

function partsKey(parts: readonly Part[]): string {
  return parts
    .map((part) =>
      part.type === 'hole' ? `\0${part.hole.key}\0` : part.type === 'choice' ? `\x01${part.choice.condition}\x01` : part.text,
    )
    .join('');
}

/** A word with one side of each choice put in: several words where the text has blanks outside quotes, none where it is empty. */
function decide(word: Word, decided: ReadonlyMap<string, boolean>): Word[] {
  if (!word.parts.some((part) => part.type === 'choice')) return [word];
  const words: Part[][] = [[]];
  const place = word.place;
  let quote = '';
  const put = (part: Part): void => {
    words.at(-1)?.push(part);
  };
  const pieces = (list: readonly Piece[], quoted: boolean): void => {
    for (const piece of list) {
      if (piece.type === 'choice') pieces(decided.get(piece.condition) === true ? piece.whenTrue : piece.whenFalse, quoted);
      else if (piece.type === 'hole') put({ type: 'hole', hole: piece, quoted: quoted || quote !== '' });
      else if (quoted) put({ type: 'text', text: piece.text, quoted });
      else
        for (const match of piece.text.matchAll(/\s+|['"]|[*?]|[^\s'"*?]+/g)) {
          const [text] = match;
          if (quote === '' && /^\s/.test(text)) words.push([]);
          else if (text === quote) quote = '';
          else if (quote === '' && (text === "'" || text === '"')) quote = text;
          else if (quote === '' && (text === '*' || text === '?')) put({ type: 'glob', text });
          else put({ type: 'text', text, quoted: quote !== '' });
        }
    }
  };
  for (const part of word.parts) {
    if (part.type === 'choice') pieces([part.choice], part.quoted);
    else put(part);
  }
  return words.filter((parts) => parts.length > 0).map((parts) => ({ parts, place }));
}
