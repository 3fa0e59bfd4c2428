/**
 * Goes through the bash tree of a script, statement by statement, with what its variables hold, and gathers the effects of each top-level
 * statement. What it does not know it says: an unknown command makes its step unknown, never silent.
 */
import type { SourceRange } from '../../source/source-file.ts';
import type { BashNode } from './bash.ts';
import { asksVersion, type CommandHost, type OwnProgram, runBuiltin } from './builtins.ts';
import { hasSubcommands, subcommandIn, toolSpec } from './catalogue.ts';
import { alternativesOf } from './choices.ts';
import { Effects } from './effects.ts';
import { behind, headOf, literalOf, nameOf, type Part, type Word } from './names.ts';
import { type Hole, unite } from './pieces.ts';
import { hasOption, isLoose, type Threads, threadsFrom, useTool } from './tool-use.ts';
import { derived, partSources, pushText, type ShellText, type WordHost, wordOf } from './words.ts';

export interface ShellStep {
  readonly start: number;
  readonly end: number;
  readonly effects: Effects;
}

export interface WalkContext {
  readonly script: ShellText;
  readonly program: (name: string) => OwnProgram | undefined;
  /** `env` inputs. */
  readonly environment: ReadonlySet<string>;
  readonly depth: number;
}

type Variables = Map<string, readonly Part[]>;

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

export class ShellWalk implements WordHost, CommandHost {
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

  get effects(): Effects {
    return this.#effects;
  }
  get inVersions(): boolean {
    return this.#versions > 0;
  }
  get heredoc(): string | undefined {
    return this.#heredoc;
  }
  program(name: string): OwnProgram | undefined {
    return this.#context.program(name);
  }
  setVariable(name: string, parts: readonly Part[]): void {
    this.#variables.set(name, parts);
  }
  enterLoop(): void {
    this.#loops += 1;
  }
  leaveLoop(): void {
    this.#loops -= 1;
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
    const toVersions = redirects.some((redirect) => /(?<![a-z\d])versions?\b[\w.]*\s*$/i.test(this.#firstLine(redirect)));
    if (toVersions) this.#versions += 1;
    const source = redirects.find((redirect) => redirect.type === 'heredoc_redirect');
    if (source !== undefined) this.#heredoc = this.#heredocText(source);
    for (const child of node.children) {
      if (!child.named || redirects.includes(child)) continue;
      const last = lastCommand(child);
      if (last !== undefined) this.#behindRedirects.set(last, redirects.flatMap(wordsBehind));
      this.#statement(child);
    }
    this.#heredoc = undefined;
    for (const redirect of redirects) this.#redirect(redirect);
    if (toVersions) this.#versions -= 1;
  }

  #heredoc: string | undefined;

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
    const behind = new Set(wordsBehind(node));
    for (const child of node.children) {
      if (!child.named || child.type === 'file_descriptor' || behind.has(child)) continue;
      const word = wordOf(child, this);
      if (/^[<>]&$/.test(operator) && /^\d+$|^-$/.test(literalOf(word) ?? '')) continue;
      if (child.type === 'process_substitution') continue;
      for (const one of alternativesOf([word])) {
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
    for (const redirect of redirects) {
      this.#redirect(redirect);
      for (const extra of wordsBehind(redirect)) words.push(wordOf(extra, this));
    }
    for (const extra of this.#behindRedirects.get(node) ?? []) words.push(wordOf(extra, this));
    if (words.length === 0) return;
    for (const word of words) if (partSources(word.parts).cpus) this.#effects.cpus = true;
    const place = this.#place(node);
    const before = this.#effects.commands.length;
    let first = true;
    for (const argv of alternativesOf(words)) {
      this.interpret(argv, place);
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
  /** `sort < a -k 1`: the grammar counts the words behind a redirection as its own. */
  readonly #behindRedirects = new Map<BashNode, readonly BashNode[]>();

  say(name: string | undefined, subcommand: string | undefined, threads: Threads, place: SourceRange, ownThreads?: number): void {
    if (this.#versions > 0) return;
    const spec = name === undefined ? undefined : toolSpec(name, subcommand);
    this.#effects.commands.push({
      name,
      subcommand,
      spec,
      range: place,
      threads,
      ...(ownThreads === undefined ? {} : { ownThreads }),
      ...(this.#pipeline === undefined ? {} : { pipeline: this.#pipeline }),
      ...(this.#loops === 0 ? {} : { repeated: true as const }),
    });
    if (name === undefined || !TRIVIAL.has(name)) this.#effects.trivial = false;
  }

  interpret(argv: readonly Word[], place: SourceRange): void {
    const [head, ...rest] = argv;
    if (head === undefined) return;
    const effects = this.#effects;
    // `$SCRIPTS/filter.sh` is called by its last name.
    const last = head.parts.at(-1);
    const written =
      literalOf(head) ?? (last?.type === 'text' && last.text.includes('/') && !last.text.endsWith('/') ? `/${last.text}` : undefined);
    if (written === undefined) {
      // A name made at run time. One that only an `ext` setting or nothing gives may be no command at all.
      this.say(undefined, undefined, undefined, place);
      effects.fail(place, 'its command is not known before it runs');
      this.readAll(rest);
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
    if (runBuiltin(this, name, rest, place)) return;
    const own = this.program(written.startsWith('./') ? written.slice(2) : name);
    if (own !== undefined && !written.startsWith('/')) {
      this.ownProgram(own, name, rest, place);
      return;
    }
    this.tool(name, rest, place);
  }

  tool(name: string, rest: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    if (asksVersion(rest)) return;
    // `bcftools +fill-tags` is a plugin.
    const texts = rest.map((word) => (name === 'bcftools' && /^\+/.test(literalOf(word) ?? '') ? 'plugin' : (literalOf(word) ?? '')));
    const found = subcommandIn(name, texts);
    const subcommand = found?.subcommand ?? unlistedSubcommand(name, rest);
    const spec = toolSpec(name, subcommand);
    // `vsearch --sintax reads.fa`: the mode is an option of its own.
    const isWord = found !== undefined && (spec === undefined || !hasOption(spec, found.subcommand));
    const behindIt = isWord ? rest.toSpliced(found.at, found.subcommand.split(' ').length) : rest;
    if (found !== undefined && asksVersion(behindIt)) return;
    if (spec === undefined) {
      this.say(name, subcommand, this.likelyThreads(rest), place);
      if (this.#versions === 0) effects.fail(place, `${name} is not in the catalogue`);
      this.readAll(rest);
      return;
    }
    const threads = useTool(spec, behindIt, effects) ?? this.likelyThreads(rest, true);
    this.say(name, subcommand, threads, place);
    if (this.#versions > 0) return;
    if (spec.reads === undefined) effects.fail(place, `what ${name} reads is not known`);
    else if (spec.evidence === 'module') effects.partly ??= place;
    else if (spec.evidence === 'knowledge') effects.fail(place, `what ${name} reads is not documented`);
  }

  /** A thread option that is not in the catalogue, where `task.cpus` is its value. */
  likelyThreads(words: readonly Word[], onlyMarked = false): Threads {
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
  readAll(words: readonly Word[]): void {
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

  ownProgram(own: OwnProgram, name: string, args: readonly Word[], place: SourceRange): void {
    const effects = this.#effects;
    // It says what it is, and does nothing.
    if (this.#versions > 0 && asksVersion(args)) return;
    this.say(name, undefined, this.likelyThreads(args), place, own.threads);
    this.readAll(args);
    if (own.tree === undefined || own.tree.errorAt !== undefined || this.#context.depth >= MOST_DEPTH) {
      effects.failOwn(place, `${name} of the pipeline’s bin/ is written in ${own.language}`, own.tree === undefined ? args : undefined);
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
    if (inner.length > 0) this.interpret(inner, place);
  }
}

function wordsBehind(redirect: BashNode): BashNode[] {
  if (redirect.type !== 'file_redirect') return [];
  return redirect.children.filter((child) => child.named && child.type !== 'file_descriptor').slice(1);
}

/** A word that looks like a subcommand, of a tool of which no row is without one. GATK’s and Picard’s, in capitals, stand behind options for Java. */
function unlistedSubcommand(name: string, words: readonly Word[]): string | undefined {
  if (toolSpec(name) !== undefined && !hasSubcommands(name)) return undefined;
  const capital = /^(gatk|picard)/.test(name)
    ? words.map(literalOf).find((text) => text !== undefined && /^[A-Z][a-z]\w+$/.test(text))
    : undefined;
  if (capital !== undefined) return capital;
  const [first] = words;
  const text = first === undefined ? undefined : literalOf(first);
  return text !== undefined && /^[A-Za-z][\w-]*$/.test(text) ? text : undefined;
}

/** The command that a redirection behind a list or pipeline belongs to. */
function lastCommand(node: BashNode): BashNode | undefined {
  let at: BashNode | undefined = node;
  while (at !== undefined && at.type !== 'command')
    at = /^(list|pipeline|redirected_statement|negated_command)$/.test(at.type)
      ? at.children.findLast((child) => child.named && !/_redirect$/.test(child.type))
      : undefined;
  return at;
}

function isWordNode(node: BashNode): boolean {
  return /^(word|string|raw_string|ansi_c_string|translated_string|concatenation|number|simple_expansion|expansion|command_substitution|process_substitution|arithmetic_expansion|brace_expression|regex|extglob_pattern|array)$/.test(
    node.type,
  );
}

function partsKey(parts: readonly Part[]): string {
  return parts
    .map((part) =>
      part.type === 'hole' ? `\0${part.hole.key}\0` : part.type === 'choice' ? `\x01${part.choice.condition}\x01` : part.text,
    )
    .join('');
}
