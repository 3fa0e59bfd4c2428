/** From a folder or a script to a pipeline whose config and params are known. Modules are read later, as they are reached. */
import { SourceFile } from '../../source/source-file.ts';
import type { Frame, Interpreter } from '../evaluate/interpreter.ts';
import { MapValue, UnknownValue, type Value } from '../evaluate/value.ts';
import type { Statement } from '../syntax/nodes.ts';
import { containerEngine, type GivenConfig, loadConfig } from './config.ts';
import { type FileTree, normalizePath, resolvePath } from './file-tree.ts';
import { type Settings, toValue } from './host.ts';
import { chooseVersion } from './language-version.ts';
import type { CoverageNote, ParamSetting, Pipeline, ScriptFile, UnresolvedInclude } from './pipeline.ts';
import { describeScript } from './script-file.ts';
import { ScriptStore } from './script-store.ts';

export interface LoadOptions {
  /** From the command line: texts, as the user typed them, or true for a bare flag. */
  readonly commandLineParams?: Readonly<Record<string, unknown>>;
  /** From a params file, decoded. */
  readonly fileParams?: Readonly<Record<string, unknown>>;
  readonly profiles?: readonly string[];
  readonly configs?: readonly GivenConfig[];
  readonly nextflowVersion?: string;
  /** The machine's files, relative paths from where the user stands. Only what the user's params name is looked at. */
  readonly userFiles?: FileTree;
}

/** A pipeline while it is read: the walker adds scripts, notes and includes that lead nowhere. */
export interface OpenPipeline extends Pipeline {
  readonly store: ScriptStore;
  readonly settings: Settings;
  readonly paramValues: MapValue;
  readonly notes: CoverageNote[];
  readonly unresolvedIncludes: UnresolvedInclude[];
  readonly params: Map<string, ParamSetting>;
  /** Evaluates closures of the config, with the frame in which they were written. */
  readonly configInterpreter: Interpreter;
  readonly configFrame: Frame;
  /** Root-relative paths of a library's scripts. */
  readonly libraryPaths: readonly string[];
}

/** There is nothing to analyse where the user pointed. */
export class PipelineNotFound extends Error {
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.name = 'PipelineNotFound';
    this.hint = hint;
  }
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(['.git', '.nextflow', 'work', 'node_modules', '.lineage', '.nf-test']);
const MOST_LIBRARY_SCRIPTS = 20_000;
/** What stands for the entry script of a library. */
const NO_SCRIPT = describeScript(new SourceFile('', ''), { kind: 'ScriptNode', start: 0, end: 0, shebang: null, statements: [] });

export function loadPipeline(tree: FileTree, entryPath: string | undefined, options: LoadOptions = {}): OpenPipeline {
  const store = new ScriptStore(tree);
  const manifest = readManifest(store);
  const { path, libraryPaths } = findEntry(store, entryPath, manifest);
  const library = libraryPaths.length > 0;
  const entry = library ? NO_SCRIPT : store.script(path);
  if (entry === undefined) throw new PipelineNotFound(`${path} cannot be read: ${tree.trouble(path) ?? 'there is no such file'}`);
  const required = manifest.entries.get('nextflowVersion');
  const language = chooseVersion({
    given: options.nextflowVersion,
    required: typeof required === 'string' ? required : undefined,
    config: tree.stat('nextflow.config') === 'file' ? store.config('nextflow.config')?.tree : undefined,
    dsl1: entry.dsl1,
  });
  const given = new Map<string, { value: Value; origin: 'command line' | 'params file' }>();
  for (const [name, value] of Object.entries(options.fileParams ?? {})) {
    for (const each of spellings(name)) given.set(each, { value: toValue(value), origin: 'params file' });
  }
  for (const [name, text] of Object.entries(options.commandLineParams ?? {})) {
    const value = toValue(typeof text === 'string' && language.parser === 'v1' ? asTyped(text) : text);
    for (const path of spellings(name)) giveNested(given, path.split('.'), value);
  }
  const early: Settings = {
    store,
    nextflowVersion: language.version,
    profiles: options.profiles ?? [],
    manifest,
    entryPath: path,
    userFiles: options.userFiles,
    userPaths: new Set(
      [...given.values()].flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [value.replace(/\/$/, '')] : [])),
    ),
    containerEngine: new UnknownValue('the container engine is known after the config'),
  };
  const loaded = loadConfig(early, { profiles: options.profiles ?? [], given: options.configs ?? [], params: given, language });
  const settings: Settings = { ...early, containerEngine: containerEngine(loaded.config) };
  const unresolvedIncludes: UnresolvedInclude[] = loaded.missing.map(({ source, reason, place }) => ({
    source,
    reason,
    place,
    nearest: [],
    certain: true,
  }));
  requireFromSchema(store, loaded.params, loaded.paramSettings);
  const name = manifest.entries.get('name');
  return {
    tree,
    store,
    settings,
    name: typeof name === 'string' ? name : '',
    kind: library ? 'library' : 'pipeline',
    entry,
    scripts: store.scripts,
    get configFiles() {
      return store.configFiles;
    },
    config: loaded.config,
    params: loaded.paramSettings,
    paramValues: loaded.params,
    language,
    diagnostics: store.diagnostics,
    unresolvedIncludes,
    notes: loaded.notes,
    get opaqueNodes() {
      return store.opaqueNodes;
    },
    configInterpreter: loaded.interpreter,
    configFrame: loaded.frame,
    libraryPaths,
  };
}

/** The manifest, without evaluating the whole config: `manifest { name = 'x' }` and `manifest.name = 'x'`, plain strings. */
function readManifest(store: ScriptStore): MapValue {
  const manifest = new MapValue();
  if (store.tree.stat('nextflow.config') !== 'file') return manifest;
  const config = store.config('nextflow.config');
  if (config === undefined) return manifest;
  const take = (statement: Statement, inside: boolean): void => {
    if (statement.kind !== 'ExpressionStatement') return;
    const { expression } = statement;
    if (expression.kind === 'AssignmentExpression') {
      const target = config.file.slice(expression.target).replace(/\s/g, '');
      const name = inside ? target : target.startsWith('manifest.') ? target.slice('manifest.'.length) : undefined;
      if (name !== undefined && expression.value.kind === 'ConstantExpression') manifest.entries.set(name, expression.value.value);
    } else if (expression.kind === 'MethodCallExpression' && !inside && config.file.slice(expression.method) === 'manifest') {
      const block = expression.arguments.at(-1)?.value;
      if (block?.kind === 'ClosureExpression') for (const one of block.body) take(one, true);
    }
  };
  for (const statement of config.tree.statements) take(statement, false);
  return manifest;
}

function findEntry(
  store: ScriptStore,
  entryPath: string | undefined,
  manifest: MapValue,
): { path: string; libraryPaths: readonly string[] } {
  const { tree } = store;
  if (entryPath !== undefined) {
    if (tree.stat(entryPath) === 'file') return { path: normalizePath(entryPath), libraryPaths: [] };
    throw new PipelineNotFound(`${entryPath}: ${tree.trouble(entryPath) ?? 'there is no such file'}`);
  }
  const main = manifest.entries.get('mainScript');
  const path = typeof main === 'string' ? normalizePath(main) : 'main.nf';
  if (tree.stat(path) === 'file') {
    const script = store.script(path);
    if (script === undefined) throw new PipelineNotFound(`${path} cannot be read: ${tree.trouble(path) ?? 'the system gives no reason'}`);
    if (script.workflows.size > 0 || script.processes.size > 0) return { path, libraryPaths: [] };
    const others = listScripts(tree);
    const declares = others.some((one) => one !== path);
    // A main script without any workflow, beside others, is a placeholder: the folder is a library of modules.
    return declares && !runsSomething(script) ? { path, libraryPaths: others } : { path, libraryPaths: [] };
  }
  if (typeof main === 'string') {
    throw new PipelineNotFound(
      `the manifest names ${main} as main script, and there is no such file`,
      'name the script to analyse: pipeopt analyze path/to/script.nf',
    );
  }
  const scripts = listScripts(tree);
  if (scripts.length === 0) {
    throw new PipelineNotFound(
      'there is no Nextflow script (*.nf) in this folder',
      'name a script or the folder of a pipeline: pipeopt analyze path/to/main.nf',
    );
  }
  const atTop = scripts.filter((one) => !one.includes('/'));
  if (atTop.length === 1) return { path: atTop[0] as string, libraryPaths: [] };
  return { path: '.', libraryPaths: scripts };
}

/** Statements of its own beside params: an entry script of plain statements. */
function runsSomething(script: ScriptFile): boolean {
  return (
    script.includes.length > 0 ||
    script.tree.statements.some(
      (statement) => statement.kind === 'ExpressionStatement' && statement.expression.kind === 'MethodCallExpression',
    )
  );
}

function listScripts(tree: FileTree): string[] {
  const found: string[] = [];
  const visit = (folder: string, depth: number): void => {
    for (const name of tree.list(folder)) {
      if (found.length >= MOST_LIBRARY_SCRIPTS || SKIPPED_FOLDERS.has(name)) continue;
      const path = resolvePath(folder, name);
      if (name.endsWith('.nf')) found.push(path);
      else if (
        depth < 20 &&
        !/\.(nf|test|snap|yml|yaml|md|config|json|txt|sh|py|R|r|fa|gz|csv|tsv|html|png|svg|bam|bai)$/.test(name) &&
        tree.stat(path) === 'folder'
      )
        visit(path, depth + 1);
    }
  };
  visit('', 0);
  return found;
}

/** A param without a value that the schema requires is given in every run: what it is stays unknown, that it is there is known. */
function requireFromSchema(store: ScriptStore, params: MapValue, settings: Map<string, ParamSetting>): void {
  const text = store.tree.read('nextflow_schema.json');
  if (text === undefined || text.length > 2_000_000) return;
  let schema: unknown;
  try {
    schema = JSON.parse(text);
  } catch {
    // A schema that is no JSON constrains nothing; Nextflow itself does not read it.
    return;
  }
  const required = new Set<string>();
  const visit = (node: unknown, depth: number): void => {
    if (typeof node !== 'object' || node === null || depth > 6) return;
    const { required: names, definitions, $defs } = node as Record<string, unknown>;
    if (Array.isArray(names)) for (const name of names) if (typeof name === 'string') required.add(name);
    for (const group of [definitions, $defs])
      if (typeof group === 'object' && group !== null) for (const one of Object.values(group)) visit(one, depth + 1);
  };
  visit(schema, 0);
  for (const name of required) {
    const value = params.entries.get(name);
    if (value !== undefined && value !== null) continue;
    const unknown = new UnknownValue(`--${name} is given for each run`, { truthy: true, plain: true });
    params.entries.set(name, unknown);
    settings.set(name, { name, value: unknown, origin: 'schema', place: settings.get(name)?.place });
  }
}

/** The older parser takes `true`, `12` and `1.5` on the command line for what they look like; the strict one goes by the default's type. */
function asTyped(text: string): string | number | boolean {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  return /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

/** `--min-depth` sets `minDepth`, and nothing else (25.04). */
function spellings(name: string): Set<string> {
  return new Set([name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]);
}

/** `--a.b 1` sets the entry b of the map a. */
function giveNested(
  given: Map<string, { value: Value; origin: 'command line' | 'params file' }>,
  path: readonly string[],
  value: Value,
): void {
  const [name, ...rest] = path;
  if (name === undefined) return;
  let nested = value;
  for (const part of rest.reverse()) nested = new MapValue(new Map([[part, nested]]));
  const before = given.get(name)?.value;
  const merged =
    before instanceof MapValue && nested instanceof MapValue ? new MapValue(new Map([...before.entries, ...nested.entries])) : nested;
  given.set(name, { value: merged, origin: 'command line' });
}
