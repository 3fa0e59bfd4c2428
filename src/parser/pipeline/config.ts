/**
 * The configuration as Nextflow would merge it: the project's `nextflow.config`, then files given by the user, each
 * with its includes and chosen profiles, in the order in which settings take effect (language.md 8). The code of a
 * config is evaluated, never executed; every setting keeps the place that set it and what it overrode.
 */

import { nearest } from '../../source/nearest.ts';
import { rangeIn, type SourceFile, type SourceRange, type TextRange } from '../../source/source-file.ts';
import { textOf } from '../evaluate/conversions.ts';
import { type Frame, Interpreter } from '../evaluate/interpreter.ts';
import { Scope } from '../evaluate/scope.ts';
import {
  BuiltinValue,
  type CallArguments,
  type CallSite,
  ClosureValue,
  isUnknown,
  MapValue,
  UnknownValue,
  type Value,
} from '../evaluate/value.ts';
import type { AssignmentExpression, Expression, Identifier, Statement } from '../syntax/nodes.ts';
import { folderOf, resolvePath } from './file-tree.ts';
import { type CodeContext, PipelineHost, placeOf, type Settings } from './host.ts';
import type {
  Config,
  ConfigEntry,
  CoverageNote,
  LanguageVersion,
  ParamSetting,
  ProcessSelector,
  ReplacedSelector,
  SelectorPlace,
} from './pipeline.ts';
import { inProject, isRemote, shownPath } from './project-paths.ts';

/** A config file that the user names; its text was read by whoever called. */
export interface GivenConfig {
  readonly path: string;
  readonly text: string;
}

export interface ConfigOptions {
  readonly profiles: readonly string[];
  readonly given: readonly GivenConfig[];
  /** Values that the user gives: they win over every assignment in a config, as it is made. */
  readonly params: ReadonlyMap<string, { readonly value: Value; readonly origin: 'command line' | 'params file' }>;
  readonly language: LanguageVersion;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly params: MapValue;
  readonly paramSettings: Map<string, ParamSetting>;
  readonly notes: CoverageNote[];
  /** Includes of files that are not there. */
  readonly missing: readonly { readonly source: string; readonly reason: string; readonly place: SourceRange }[];
  /** Evaluates what was kept as code: closures of directives. */
  readonly interpreter: Interpreter;
  readonly frame: Frame;
}

/** `--profile` names a profile that the pipeline does not declare: Nextflow would not start. */
export class UnknownProfile extends Error {
  readonly hint: string;
  constructor(name: string, known: readonly string[]) {
    super(`--profile ${name}: the pipeline declares no such profile`);
    this.name = 'UnknownProfile';
    const near = nearest(name, known);
    const list = known.length === 0 ? 'it declares none' : `it declares ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' …' : ''}`;
    this.hint = near.length > 0 ? `did you mean ${near[0]}?` : list;
  }
}

const CONTAINER_ENGINES = ['docker', 'singularity', 'apptainer', 'podman', 'charliecloud', 'sarus', 'shifter', 'udocker'] as const;

/** `docker`, `singularity` …: the one that is switched on; null when none is. */
export function containerEngine(config: Config): Value {
  for (const engine of CONTAINER_ENGINES) {
    const enabled = config.entries.get(`${engine}.enabled`)?.value;
    if (enabled === true) return engine;
    if (isUnknown(enabled)) return new UnknownValue('which container engine is on depends on what is not known');
  }
  return null;
}

/** Where in the configuration a piece of code stands. */
interface ConfigContext extends CodeContext {
  readonly path: readonly string[];
  readonly profile: string | undefined;
  /** The folder of a file that the user gave with -c, or of one that such a file includes: paths in it are meant from there. */
  readonly users: string | undefined;
  /** Which of the merged files: Nextflow parses each by itself, with its includes and profiles, and then merges. */
  readonly layer: number;
  /** Directly inside `profiles { }`: what stands here are profiles. */
  readonly inProfiles: boolean;
}

interface Selector {
  readonly kind: 'withName' | 'withLabel';
  readonly pattern: string;
  readonly negated: boolean;
  settings: Map<string, ConfigEntry>;
  readonly places: SelectorPlace[];
}

const MAX_INCLUDES = 400;
/** Of one setting's history, so much is kept: a text that repeats itself can set the same one again and again. */
const MOST_OVERRIDDEN = 100;
/** Blocks whose contents are not settings of the pipeline's tasks. */
const CALL_STYLE_BLOCKS: ReadonlySet<string> = new Set(['plugins']);

export function loadConfig(settings: Settings, options: ConfigOptions): LoadedConfig {
  const reader = new ConfigReader(settings, options);
  const { store } = settings;
  const folder = folderOf(settings.entryPath);
  const own = folder === '' ? 'nextflow.config' : `${folder}/nextflow.config`;
  for (const path of new Set([own, 'nextflow.config']))
    if (store.tree.stat(path) === 'file' || store.tree.trouble(path) !== undefined) reader.readOwn(path);
  for (const given of options.given) reader.readGiven(given);
  return reader.finish();
}

class ConfigReader extends PipelineHost {
  readonly #options: ConfigOptions;
  readonly #interpreter = new Interpreter(this);
  readonly #params = new MapValue();
  /** What the configs say of params that are maps, where the user gives a map too. */
  readonly #own = new MapValue();
  readonly #paramSettings = new Map<string, ParamSetting>();
  readonly #entries = new Map<string, ConfigEntry>();
  readonly #selectors = new Map<string, Selector>();
  readonly #replaced: (ReplacedSelector & { selector: Selector })[] = [];
  readonly #profiles: { name: string; place: SourceRange }[] = [];
  readonly #notes: CoverageNote[] = [];
  readonly #missing: { source: string; reason: string; place: SourceRange }[] = [];
  readonly #reading = new Set<string>();
  readonly #functions = new Map<string, BuiltinValue>();
  readonly #layerOf = new WeakMap<ConfigEntry, number>();
  /** A config was named that could not be read. */
  #unread = false;
  /** Profiles of the block that is being read, to be applied at its end. */
  readonly #chosen: { readonly name: string; readonly run: () => void }[] = [];
  readonly #standIns = new Set<GivenConfig>();
  #layers = 0;
  #includes = 0;
  #lastFrame: Frame | undefined;

  constructor(settings: Settings, options: ConfigOptions) {
    super(settings);
    this.#options = options;
    for (const [name, { value, origin }] of options.params) {
      this.#params.entries.set(name, value);
      this.#paramSettings.set(name, { name, value, origin, place: undefined });
    }
  }

  /** Reads one file; false when there is none. */
  readFile(path: string, context: ConfigContext | undefined, given: { text: string; key: string } | undefined): boolean {
    const parsed = this.settings.store.config(path, given);
    if (parsed === undefined) return false;
    const reading = given?.key ?? path;
    if (this.#reading.has(reading)) {
      const message = `${path} includes itself; the second time it is not read`;
      if (!this.#notes.some((note) => note.message === message)) this.#notes.push({ message, hint: 'remove one of the includes' });
      return true;
    }
    this.#reading.add(reading);
    const scope = new Scope(null);
    const frame: Frame = {
      scope,
      undeclared: scope,
      file: parsed.file,
      kind: 'config',
      context: context ?? this.#topContext(undefined),
    };
    this.#lastFrame = frame;
    for (const statement of parsed.tree.statements) this.declare(statement, frame);
    this.#interpreter.run(parsed.tree.statements, frame);
    this.#reading.delete(reading);
    return true;
  }

  readOwn(path: string): void {
    if (this.readFile(path, undefined, undefined)) return;
    this.#unread = true;
    this.#notes.push({
      message: `${path} is not read: ${this.settings.store.tree.trouble(path) ?? 'the system gives no reason'}; what it sets is missing below`,
      hint: 'make it readable, and analyse again',
    });
  }

  #topContext(users: string | undefined): ConfigContext {
    this.#layers += 1;
    return { params: this.#params, path: [], profile: undefined, inProfiles: false, users, layer: this.#layers };
  }

  readGiven(given: GivenConfig): void {
    if (this.#standIns.has(given)) return;
    this.#readUsers(given.path, given.text, given.path.slice(given.path.lastIndexOf('/') + 1), undefined);
  }

  /** A file of the user's: known by its name alone, wherever it lies, so that the report is the same from everywhere. */
  #readUsers(path: string, text: string, name: string, context: ConfigContext | undefined): void {
    const folder = folderOf(path);
    this.readFile(name, { ...(context ?? this.#topContext(folder)), users: folder }, { text, key: path });
  }

  /** In a place that a param of the user's names. */
  #isUsers(path: string): boolean {
    if (path.split('/').includes('..')) return false;
    for (const named of this.settings.userPaths) if (path === named || path.startsWith(`${named}/`)) return true;
    return false;
  }

  finish(): LoadedConfig {
    for (const profile of this.#options.profiles) {
      if (this.#profiles.some((one) => one.name === profile)) continue;
      const known = [...new Set(this.#profiles.map((one) => one.name))];
      // It may be an institution's, in a config that was not read; else Nextflow would stop.
      if (!this.#unread) throw new UnknownProfile(profile, known);
      this.#notes.push({
        message: `the profile ${profile} is declared in no config that was read; it may be in the one that was not`,
        hint: 'give a local copy of that config with -c FILE',
      });
    }
    const process = new Map<string, ConfigEntry>();
    for (const entry of this.#entries.values()) if (entry.path[0] === 'process') process.set(entry.path.slice(1).join('.'), entry);
    const selectors: ProcessSelector[] = [...this.#selectors.values()];
    const config: Config = {
      entries: this.#entries,
      process,
      selectors,
      replacedSelectors: this.#replaced.map(({ selector: _, ...replaced }) => replaced).filter((replaced) => replaced.lost.length > 0),
      profiles: this.#profiles,
      chosenProfiles: this.#options.profiles,
    };
    this.knowEngine(containerEngine(config));
    const scope = new Scope(null);
    const frame = this.#lastFrame ?? {
      scope,
      undeclared: scope,
      file: EMPTY_FILE,
      kind: 'config' as const,
      context: this.#topContext(undefined),
    };
    return {
      config,
      params: this.#params,
      paramSettings: this.#paramSettings,
      notes: this.#notes,
      missing: this.#missing,
      interpreter: this.#interpreter,
      frame,
    };
  }

  /** Functions of a config can be called before they are defined, and in the files that it includes. */
  override declare(statement: Statement, frame: Frame): void {
    if (statement.kind !== 'FunctionNode') return;
    this.#functions.set(
      statement.name.name,
      new BuiltinValue(statement.name.name, (args) => this.#interpreter.callFunction(statement, args, frame)),
    );
  }

  // ------------------------------------------------------------------------------------------------ names

  override resolveName(name: string, frame: Frame, node: TextRange): Value | undefined {
    const known = super.resolveName(name, frame, node);
    if (known !== undefined) return known;
    const context = frame.context as ConfigContext;
    if (context.path === undefined) return undefined;
    // Other settings can be read as variables: those of the block around first.
    for (let length = context.path.length; length >= 0; length -= 1) {
      const path = [...context.path.slice(0, length), name];
      const value = path[0] === 'params' ? this.#paramAt(path.slice(1)) : this.#settingAt(path);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  #paramAt(path: readonly string[]): Value | undefined {
    let at: Value | undefined = this.#params;
    for (const part of path) at = at instanceof MapValue ? at.entries.get(part) : undefined;
    return at;
  }

  #settingAt(path: readonly string[]): Value | undefined {
    const entry = this.#entries.get(path.join('.'));
    if (entry !== undefined) return entry.value;
    const prefix = `${path.join('.')}.`;
    let map: MapValue | undefined;
    for (const [key, one] of this.#entries) {
      if (!key.startsWith(prefix)) continue;
      map ??= new MapValue();
      let at = map;
      const rest = one.path.slice(path.length);
      for (const part of rest.slice(0, -1)) {
        const inner = at.entries.get(part);
        const next = inner instanceof MapValue ? inner : new MapValue();
        at.entries.set(part, next);
        at = next;
      }
      at.entries.set(rest.at(-1) as string, one.value);
    }
    return map;
  }

  // ------------------------------------------------------------------------------------------------ blocks

  override callFunction(name: string, args: CallArguments, site: CallSite): Value | undefined {
    const context = site.frame.context as ConfigContext;
    if (name === 'includeConfig') {
      this.#include(args.positional[0] ?? null, site);
      return null;
    }
    const defined = this.#functions.get(name);
    if (defined !== undefined) return defined.call(args, site);
    const block = args.positional.at(-1);
    if (
      site.frame.kind === 'config' &&
      block instanceof ClosureValue &&
      args.positional.length === 1 &&
      block.node.start >= site.node.start
    ) {
      this.#block(name, block, site);
      return null;
    }
    if (
      site.frame.kind === 'config' &&
      context.path.length > 0 &&
      args.positional.length === 1 &&
      !CALL_STYLE_BLOCKS.has(context.path[0] as string)
    ) {
      const declared = super.callFunction(name, args, site);
      if (declared !== undefined) return declared;
      // `cpus 4` instead of `cpus = 4`, as older files write it.
      const node = site.node as Expression;
      const argument = node.kind === 'MethodCallExpression' ? node.arguments[0]?.value : undefined;
      if (argument !== undefined) {
        this.#set([...context.path, name], args.positional[0] as Value, argument, site.frame);
        return null;
      }
    }
    return super.callFunction(name, args, site);
  }

  /** Methods called on scopes (`process.container 'x'`) have no meaning of their own here. */
  #block(name: string, closure: ClosureValue, site: CallSite): void {
    const context = site.frame.context as ConfigContext;
    const selector = /^(withName|withLabel)\s*:\s*(.*)$/s.exec(name);
    if (context.inProfiles) {
      this.#profile(name, closure, site);
      return;
    }
    if (name === 'profiles' && context.path.length === 0) {
      this.#runBlock(closure, site, { ...context, inProfiles: true });
      // The strict parser applies them in the order of the command line, the older one in that of the file.
      const chosen = this.#chosen.splice(0);
      const { profiles } = this.#options;
      if (this.#options.language.parser === 'v2') chosen.sort((one, two) => profiles.indexOf(one.name) - profiles.indexOf(two.name));
      for (const profile of chosen) profile.run();
      return;
    }
    if (selector !== null) {
      this.#selector(selector[1] as 'withName' | 'withLabel', selector[2] as string, closure, site);
      return;
    }
    this.#runBlock(closure, site, { ...context, path: [...context.path, name] });
  }

  #runBlock(closure: ClosureValue, site: CallSite, context: ConfigContext): void {
    const scope = new Scope(closure.frame.scope);
    this.#interpreter.run(closure.node.body, { ...closure.frame, scope, kind: 'config', context, file: site.frame.file });
  }

  #profile(name: string, closure: ClosureValue, site: CallSite): void {
    const context = site.frame.context as ConfigContext;
    this.#profiles.push({ name, place: placeOf(site) });
    const chosen = this.#options.profiles.length === 0 ? name === 'standard' : this.#options.profiles.includes(name);
    if (!chosen) return;
    this.#chosen.push({ name, run: () => this.#runBlock(closure, site, { ...context, inProfiles: false, path: [], profile: name }) });
  }

  override labeled(label: Identifier, statement: Statement, frame: Frame): boolean {
    if (frame.kind !== 'config' || (label.name !== 'withName' && label.name !== 'withLabel')) return false;
    if (statement.kind !== 'ExpressionStatement' || statement.expression.kind !== 'MethodCallExpression') return false;
    const call = statement.expression;
    const target = 'kind' in call.method ? textOf(this.#interpreter.evaluate(call.method, frame)) : call.method.name;
    const last = call.arguments.at(-1)?.value;
    if (target === undefined || last?.kind !== 'ClosureExpression') return false;
    const place: TextRange = { start: label.start, end: call.end };
    this.#selector(label.name, target, new ClosureValue(last, frame), this.#interpreter.site(place, frame));
    return true;
  }

  #selector(kind: 'withName' | 'withLabel', target: string, closure: ClosureValue, site: CallSite): void {
    const context = site.frame.context as ConfigContext;
    const negated = target.startsWith('!');
    const pattern = negated ? target.slice(1) : target;
    const key = `${kind}:${target}`;
    // The head alone, up to the brace: the block itself can be long.
    const place = rangeIn(site.frame.file, { start: site.node.start, end: Math.max(site.node.start + 1, closure.node.start) });
    let selector = this.#selectors.get(key);
    const before = selector?.settings;
    if (selector === undefined) {
      selector = { kind, pattern, negated, settings: new Map(), places: [] };
      this.#selectors.set(key, selector);
    }
    const known = selector.places.some((one) => one.profile === context.profile);
    selector.places.push({ place, profile: context.profile });
    const replaces = context.profile !== undefined && before !== undefined && before.size > 0 && !known;
    // The chosen profiles are put together first; what they say of a selector then takes the place of what the file said.
    if (replaces && this.#options.language.parser === 'v1')
      selector.settings = new Map([...before].filter(([, entry]) => entry.profile !== undefined));
    this.#runBlock(closure, site, { ...context, path: ['process', key] });
    if (replaces && context.profile !== undefined) {
      const inside = [...selector.settings].filter(([, entry]) => entry.profile !== undefined).map(([name]) => name);
      const lost = [...before].filter(([name, entry]) => entry.profile === undefined && !inside.includes(name)).map(([, entry]) => entry);
      this.#replaced.push({ kind, pattern: target, profile: context.profile, place, lost, selector });
    }
  }

  #include(source: Value, site: CallSite): void {
    const place = placeOf(site);
    const context = site.frame.context as ConfigContext;
    const path = textOf(source);
    if (path === undefined || isUnknown(source)) {
      this.#notes.push({
        message: `an included config is not read: its name ${isUnknown(source) ? `is known only when the pipeline runs (${source.reason})` : 'is not a string'}`,
        hint: 'give a local copy with -c FILE',
        place,
      });
      return;
    }
    if (path === '/dev/null' || path === '') return;
    if (isRemote(path)) {
      // A file of that name, given by the user, is the copy: it stands where the remote one would.
      const name = path.slice(path.lastIndexOf('/') + 1);
      const copy = this.#options.given.find((given) => given.path.slice(given.path.lastIndexOf('/') + 1) === name);
      if (copy !== undefined) {
        this.#standIns.add(copy);
        this.#readUsers(copy.path, copy.text, name, context);
        return;
      }
      this.#unread = true;
      this.#notes.push({
        message: `the remote config ${path} is not read: pipeopt never uses the network`,
        hint: 'download it and give the copy with -c FILE',
        place,
      });
      return;
    }
    if ((this.#includes += 1) > MAX_INCLUDES) {
      if (this.#includes === MAX_INCLUDES + 1)
        this.#notes.push({ message: `more than ${MAX_INCLUDES} configs are included; the rest is not read`, place });
      return;
    }
    if (context.users !== undefined) {
      const folder = context.users;
      const named = path.startsWith('/') ? path : `${folder.startsWith('/') ? '/' : ''}${resolvePath(folder, path)}`;
      const text = this.settings.userFiles?.read(named);
      if (text !== undefined) this.#readUsers(named, text, path, context);
      else this.#missing.push({ source: path, reason: 'there is no such file', place });
      return;
    }
    const own = inProject(path, folderOf(site.frame.file.path));
    if (own === undefined) {
      const text = this.#isUsers(path) ? this.settings.userFiles?.read(path) : undefined;
      if (text !== undefined) {
        this.#readUsers(path, text, path.slice(path.lastIndexOf('/') + 1), context);
        return;
      }
      this.#unread = true;
      this.#notes.push({ message: `the config ${path} lies outside the pipeline and is not read`, hint: 'give it with -c FILE', place });
      return;
    }
    if (this.readFile(own, { ...context }, undefined)) return;
    if (/^(null|\[:\])?\//.test(path)) {
      this.#notes.push({
        message: `an included config is not read: in its path ${path} a param has no value`,
        hint: 'set the param with --param, or give a local copy with -c FILE',
        place,
      });
      return;
    }
    if (site.interpreter.trying) {
      site.interpreter.throwFrom(`there is no ${path}`, site);
      return;
    }
    const trouble = this.settings.store.tree.trouble(own);
    if (trouble === undefined) {
      this.#missing.push({ source: shownPath(path), reason: 'there is no such file', place });
      return;
    }
    this.#unread = true;
    this.#notes.push({ message: `the config ${shownPath(path)} is not read: ${trouble}`, hint: 'give it with -c FILE', place });
  }

  // ------------------------------------------------------------------------------------------------ settings

  override assign(target: Expression, value: Value, node: AssignmentExpression, frame: Frame): boolean {
    if (frame.kind !== 'config') return false;
    const path = this.#targetPath(target, frame);
    if (path === undefined) return false;
    if (path.length === 1 && frame.scope.holder(path[0] as string) !== undefined) return false;
    const context = frame.context as ConfigContext;
    // For the older parser `a.b = v` in a block means the outer `a`, if that is there by then.
    const outer = this.#options.language.parser === 'v1' && path.length > 1 && context.path.length > 0 && this.#isScope(path[0] as string);
    this.#set(outer ? path : [...context.path, ...path], value, node.value, frame);
    return true;
  }

  #isScope(name: string): boolean {
    if (name === 'params') return this.#params.entries.size > 0;
    if (name === 'process' && this.#selectors.size > 0) return true;
    for (const { path } of this.#entries.values()) if (path[0] === name && path.length > 1) return true;
    return false;
  }

  #targetPath(target: Expression, frame: Frame): string[] | undefined {
    if (target.kind === 'VariableExpression') return [target.name];
    if (target.kind === 'ConstantExpression') return typeof target.value === 'string' ? [target.value] : undefined;
    if (target.kind === 'PropertyExpression') {
      const head = this.#targetPath(target.object, frame);
      const name = 'kind' in target.property ? textOf(this.#interpreter.evaluate(target.property, frame)) : target.property.name;
      return head === undefined || name === undefined ? undefined : [...head, name];
    }
    if (target.kind === 'IndexExpression') {
      const head = this.#targetPath(target.object, frame);
      const name = textOf(this.#interpreter.evaluate(target.index, frame));
      return head === undefined || name === undefined ? undefined : [...head, name];
    }
    return undefined;
  }

  #set(fullPath: readonly string[], value: Value, node: TextRange, frame: Frame): void {
    const context = frame.context as ConfigContext;
    let path = fullPath;
    let { profile } = context;
    if (path[0] === 'profiles' && path.length > 2) {
      profile = path[1] as string;
      if (!this.#profiles.some((one) => one.name === profile)) this.#profiles.push({ name: profile, place: rangeIn(frame.file, node) });
      if (!(this.#options.profiles.length === 0 ? profile === 'standard' : this.#options.profiles.includes(profile))) return;
      path = path.slice(2);
    }
    if (path[0] === 'params') {
      this.#setParam(path.slice(1), value, rangeIn(frame.file, node));
      return;
    }
    const place = rangeIn(frame.file, node);
    const selectorPart = path[0] === 'process' ? /^(withName|withLabel)\s*:\s*(.*)$/s.exec(path[1] ?? '') : null;
    const settingPath = selectorPart === null ? path.slice(1) : path.slice(2);
    let holder: Map<string, ConfigEntry> = this.#entries;
    let key = path.join('.');
    if (selectorPart !== null) {
      const kind = selectorPart[1] as 'withName' | 'withLabel';
      const target = selectorPart[2] as string;
      const name = `${kind}:${target}`;
      let selector = this.#selectors.get(name);
      if (selector === undefined) {
        const negated = target.startsWith('!');
        selector = { kind, pattern: negated ? target.slice(1) : target, negated, settings: new Map(), places: [{ place, profile }] };
        this.#selectors.set(name, selector);
      }
      holder = selector.settings;
      key = settingPath.join('.');
    }
    // A map given to `ext` is as if its keys were set one by one: they are merged key by key.
    if (path[0] === 'process' && settingPath.length === 1 && settingPath[0] === 'ext' && value instanceof MapValue) {
      for (const [name, item] of value.entries) this.#set([...path, name], item, node, frame);
      return;
    }
    const before = holder.get(key);
    let merged = value;
    // Under a condition that is not known the setting may be this one or the one before.
    if (before !== undefined && this.#interpreter.activity === 'unknown')
      merged = new UnknownValue(`depends on ${this.#interpreter.guard.at(-1)?.text ?? 'a condition'}`);
    else if (before?.value instanceof MapValue && value instanceof MapValue && this.#layerOf.get(before) !== context.layer) {
      merged = new MapValue(new Map([...before.value.entries, ...value.entries]));
    }
    const entry: ConfigEntry = {
      path,
      value: merged,
      text: frame.file.slice(node),
      place,
      profile,
      overrode: overridden(before, place),
    };
    this.#layerOf.set(entry, context.layer);
    holder.set(key, entry);
  }

  #setIn(root: MapValue, path: readonly string[], value: Value): void {
    let map = root;
    for (const part of path.slice(0, -1)) {
      const inner = map.entries.get(part);
      const next = inner instanceof MapValue ? inner : new MapValue();
      if (next !== inner) this.#interpreter.journal.setEntry(map, part, next);
      map = next;
    }
    const last = path.at(-1) as string;
    const before = map.entries.get(last);
    const merged =
      before instanceof MapValue && value instanceof MapValue ? new MapValue(new Map([...before.entries, ...value.entries])) : value;
    this.#interpreter.journal.setEntry(map, last, merged);
  }

  #setParam(path: readonly string[], value: Value, place: SourceRange): void {
    const [name] = path;
    if (name === undefined) {
      // `params = [a: 1]`
      if (value instanceof MapValue) for (const [key, item] of value.entries) this.#setParam([key], item, place);
      return;
    }
    const given = this.#options.params.get(name);
    if (given?.value instanceof MapValue) {
      // The user's map is laid over the config's, entry by entry.
      this.#setIn(this.#own, path, value);
      const merged = mergedOver(this.#own.get(name), given.value);
      this.#interpreter.journal.setEntry(this.#params, name, merged);
      this.#paramSettings.set(name, { name, value: merged, origin: given.origin, place: undefined });
      return;
    }
    if (given !== undefined && path.length === 1) {
      // The strict parser gives a value from the command line the type of the config's default.
      const typed = given.origin === 'command line' && typeof given.value === 'string' ? likeDefault(given.value, value) : given.value;
      this.#params.entries.set(name, typed);
      this.#paramSettings.set(name, { name, value: typed, origin: given.origin, place: undefined });
      return;
    }
    if (given !== undefined) return;
    this.#setIn(this.#params, path, value);
    this.#paramSettings.set(name, { name, value: this.#params.entries.get(name) ?? null, origin: 'config', place });
  }
}

/** A line that is run again in a loop overrides what it did the first time, and not itself. */
function overridden(before: ConfigEntry | undefined, place: SourceRange): readonly ConfigEntry[] {
  if (before === undefined) return [];
  if (before.place.start === place.start && before.place.file === place.file) return before.overrode;
  return [before, ...before.overrode.slice(0, MOST_OVERRIDDEN - 1)];
}

/** A map laid over another, entry by entry, as deep as both are maps. */
function mergedOver(base: Value, over: Value, depth = 0): Value {
  if (!(base instanceof MapValue) || !(over instanceof MapValue) || depth > 20) return over;
  const entries = new Map(base.entries);
  for (const [key, value] of over.entries) entries.set(key, mergedOver(base.get(key), value, depth + 1));
  return new MapValue(entries, base.missing ?? over.missing);
}

/** `--flag false` and `--n 3` where the config's default is a Boolean or a number (language.md 8.3). */
function likeDefault(text: string, fallback: Value): Value {
  if (typeof fallback === 'boolean' && /^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  if (typeof fallback === 'number' && Number.isFinite(Number(text)) && text.trim() !== '') return Number(text);
  return text;
}

const EMPTY_FILE = { path: 'nextflow.config', text: '', slice: () => '' } as unknown as SourceFile;
