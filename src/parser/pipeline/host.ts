/**
 * What scripts and configs of a pipeline can name without declaring it: `params`, `workflow`, `file()`, Java's and
 * Nextflow's own classes, the classes of `lib/`. The channel walker and the config reader build on this host.
 */
import { rangeIn, type SourceRange, type TextRange } from '../../source/source-file.ts';
import type { Alternative } from '../evaluate/branches.ts';
import { textOf } from '../evaluate/conversions.ts';
import type { Activity } from '../evaluate/guard.ts';
import type { Frame, Host } from '../evaluate/interpreter.ts';
import { Scope } from '../evaluate/scope.ts';
import { durationFrom, memoryFrom } from '../evaluate/units.ts';
import {
  BuiltinValue,
  type CallArguments,
  type CallSite,
  ClassValue,
  ClosureValue,
  DurationValue,
  HostValue,
  isUnknown,
  ListValue,
  MapValue,
  MemoryValue,
  PathValue,
  PatternValue,
  UnknownValue,
  unknownFrom,
  type Value,
} from '../evaluate/value.ts';
import type { AssignmentExpression, BinaryExpression, Expression, Identifier, Statement } from '../syntax/nodes.ts';
import { type FileTree, folderOf } from './file-tree.ts';
import { inProject, isRemote, PROJECT_ROOT } from './project-paths.ts';
import type { ScriptStore } from './script-store.ts';
import { SheetValue } from './sheet-value.ts';

/** What every frame's `context` has at least. */
export interface CodeContext {
  readonly params: MapValue;
}

export interface Settings {
  readonly store: ScriptStore;
  readonly nextflowVersion: string;
  readonly profiles: readonly string[];
  readonly manifest: MapValue;
  /** Root-relative path of the entry script. */
  readonly entryPath: string;
  /** Files that the user's params name, as they name them; nothing else is read through it. */
  readonly userFiles: FileTree | undefined;
  /** The paths that the user's params name. */
  readonly userPaths: ReadonlySet<string>;
  /** `docker`, `singularity` …, as the config switches it on; null when none is. */
  readonly containerEngine: Value;
}

/** A logger: says things and gives nothing. */
class Silent extends HostValue {
  readonly typeName = 'log';
  override property(): Value {
    return null;
  }
  override method(): Value {
    return null;
  }
}

/** A named group of functions, such as `Math`. */
class Statics extends HostValue {
  readonly typeName: string;
  readonly #answer: (name: string, args: readonly Value[], site: CallSite) => Value | undefined;
  constructor(typeName: string, answer: (name: string, args: readonly Value[], site: CallSite) => Value | undefined) {
    super();
    this.typeName = typeName;
    this.#answer = answer;
  }
  override property(name: string, site: CallSite): Value | undefined {
    return this.#answer(name, [], site);
  }
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    return this.#answer(name, args.positional, site);
  }
}

/** A class of Java or Nextflow, by its simple name. */
class KnownClass extends Statics {
  override get isClass(): boolean {
    return true;
  }
}

/** `this` in a script: its functions and processes by name. */
class ScriptItself extends HostValue {
  readonly typeName = 'the script';
  override method(name: string, args: CallArguments, site: CallSite): Value | undefined {
    const [first, ...rest] = args.positional;
    if (name === 'invokeMethod' && typeof first === 'string')
      return site.interpreter.callByName(first, { positional: rest, named: args.named }, site);
    return site.interpreter.callByName(name, args, site);
  }
}

const SCRIPT_ITSELF = new ScriptItself();
const SILENT = new Silent();
const QUIET_FUNCTIONS: ReadonlySet<string> = new Set(['println', 'print', 'printf', 'sleep', 'assert', 'sendMail']);

export abstract class PipelineHost implements Host {
  readonly settings: Settings;
  readonly #workflow: MapValue;
  readonly #classes = new Map<string, ClassValue>();

  constructor(settings: Settings) {
    this.settings = settings;
    this.#workflow = workflowMetadata(settings);
  }

  /** Known only when all of the config has been read. */
  protected knowEngine(engine: Value): void {
    this.#workflow.entries.set('containerEngine', engine);
  }

  resolveName(name: string, frame: Frame, _node: TextRange): Value | undefined {
    switch (name) {
      case 'params':
        return (frame.context as CodeContext).params;
      case 'workflow':
        return this.#workflow;
      case 'nextflow':
        return this.#nextflow();
      case 'projectDir':
      case 'baseDir':
        return new PathValue(this.#rootOf(folderOf(this.settings.entryPath)));
      case 'launchDir':
        return new PathValue(PROJECT_ROOT);
      case 'workDir':
        return new PathValue(`${PROJECT_ROOT}/work`);
      case 'outputDir':
        return new PathValue(`${PROJECT_ROOT}/results`);
      case 'moduleDir':
        return new PathValue(this.#rootOf(folderOf(frame.file.path)));
      case 'log':
        return SILENT;
      case 'secrets':
        return new UnknownValue('a secret', { truthy: true });
      case 'System':
        return SYSTEM;
      case 'Math':
        return MATH;
      case 'Integer':
      case 'Long':
      case 'Double':
      case 'Float':
      case 'MemoryUnit':
      case 'Duration':
        return CLASSES.get(name);
      case 'java':
        return JAVA;
      case 'Pattern':
        return PATTERN;
      case 'Paths':
      case 'Path':
        return PATHS;
      case 'this':
        return SCRIPT_ITSELF;
    }
    return this.#class(name, frame);
  }

  #rootOf(folder: string): string {
    return folder === '' ? PROJECT_ROOT : `${PROJECT_ROOT}/${folder}`;
  }

  #nextflow(): Value {
    const version = new Statics('nextflow version', (name, args) => {
      if (name === 'matches') return versionMatches(this.settings.nextflowVersion, String(args[0] ?? ''));
      if (name === 'toString') return this.settings.nextflowVersion;
      return undefined;
    });
    return new MapValue(
      new Map<string, Value>([
        ['version', version],
        ['enable', new MapValue()],
        ['preview', new MapValue()],
        ['util', packageOf('MemoryUnit', 'Duration')],
      ]),
      () => new UnknownValue('a property of nextflow'),
    );
  }

  #class(name: string, frame: Frame): ClassValue | undefined {
    if (!/^[A-Z]/.test(name)) return undefined;
    const known = this.#classes.get(name);
    if (known !== undefined) return known;
    const script = this.settings.store.libraryClass(name);
    const node = script?.classes.get(name);
    if (script === undefined || node === undefined) return undefined;
    const scope = new Scope(null);
    const home: Frame = { scope, undeclared: scope, file: script.file, kind: 'function', context: frame.context };
    const type = new ClassValue(name, node, home);
    this.#classes.set(name, type);
    return type;
  }

  /** Static fields are set on first use, when an interpreter is at hand. */
  initialise(type: ClassValue, site: CallSite): void {
    for (const field of type.node?.fields ?? []) {
      if (!field.isStatic || type.statics.has(field.name.name) || type.frame === undefined) continue;
      type.statics.set(field.name.name, null);
      const value = field.value === null ? null : site.interpreter.evaluate(field.value, { ...type.frame, self: type });
      type.statics.set(field.name.name, value);
    }
  }

  callFunction(name: string, args: CallArguments, site: CallSite): Value | undefined {
    const [first] = args.positional;
    if (QUIET_FUNCTIONS.has(name)) return null;
    switch (name) {
      case 'file':
      case 'files':
        return this.file(first ?? null, name === 'files', textOf(args.named?.get('type') ?? null) ?? 'file');
      case 'new File':
      case 'new java.io.File': {
        const parts = args.positional.map((value) => textOf(value));
        return parts.includes(undefined) ? unknownFrom('a file', ...args.positional) : new PathValue(parts.join('/'));
      }
      case 'error':
      case 'exit':
      case 'System.exit':
        return site.interpreter.throwFrom(args.positional.at(-1) ?? null, site);
      case 'synchronized': {
        const body = args.positional.at(-1);
        return body instanceof ClosureValue ? site.interpreter.callClosure(body, []) : undefined;
      }
      case 'env':
        return new UnknownValue(`the environment variable ${textOf(first ?? null) ?? ''}`);
      case 'tuple':
        return new ListValue([...args.positional]);
      case 'record': {
        return new MapValue(new Map(args.named ?? []));
      }
      case 'new ArrayList':
      case 'new LinkedHashSet':
      case 'new HashSet':
        return new ListValue([]);
      case 'new HashMap':
      case 'new LinkedHashMap':
      case 'new TreeMap':
        return new MapValue();
      case 'new Date':
      case 'new java.util.Date':
        return new UnknownValue('the time of the run', { truthy: true });
      case 'new JsonSlurper':
      case 'new JsonSlurperClassic':
      case 'new groovy.json.JsonSlurper':
        return new Statics('a JSON reader', (method, given, at) => {
          const [source] = given;
          const text =
            source instanceof PathValue ? at.interpreter.callMethodOn(source, 'getText', { positional: [], named: null }, at) : source;
          return method.startsWith('parse') && typeof text === 'string' ? fromJson(text) : undefined;
        });
      case 'evaluate':
        return unknownFrom('code that is read at run time', ...args.positional);
      case 'groupKey':
        return first ?? null;
      case 'branchCriteria':
      case 'multiMapCriteria':
        return first ?? null;
      case 'samplesheetToList':
        return new SheetValue(first ?? null, args.positional[1] ?? null);
    }
    return undefined;
  }

  /** The text of a file of the pipeline, or of one that a param of the user's names. */
  textAt(path: string): string | undefined {
    const found = this.#locate(path);
    return found?.tree.stat(found.path) === 'file' ? found.tree.read(found.path) : undefined;
  }

  /** The file tree that a path lies in; undefined for one that nobody may look at. */
  #locate(path: string): { tree: FileTree; path: string } | undefined {
    const { store, userFiles, userPaths } = this.settings;
    const own = inProject(path, '');
    if (own !== undefined && (path.startsWith(PROJECT_ROOT) || store.tree.stat(own) !== undefined)) return { tree: store.tree, path: own };
    if (userFiles === undefined || isRemote(path) || path.split('/').includes('..')) return undefined;
    for (let at = path; at !== ''; at = folderOf(at)) {
      if (userPaths.has(at) || userPaths.has(`${at}/`))
        return userFiles.stat(path) === undefined && userFiles.stat(at) === undefined ? undefined : { tree: userFiles, path };
    }
    return undefined;
  }

  /** `file(x)`: a path, or with a glob what matches, unless exactly one does. */
  file(value: Value, many: boolean, type = 'file'): Value {
    if (value instanceof ListValue)
      return new ListValue(
        value.items.map((item) => this.file(item, false, type)),
        value.open,
      );
    const path = value instanceof PathValue ? value.path : value;
    if (typeof path === 'string') {
      if (!/[*?{[]/.test(path)) return many ? new ListValue([new PathValue(path)]) : new PathValue(path);
      const matches = this.#glob(path, type);
      return matches !== undefined && matches.length === 1 && !many
        ? (matches[0] as PathValue)
        : new ListValue(matches ?? [], matches === undefined);
    }
    // Whatever the path is: never a channel.
    if (isUnknown(value)) return new UnknownValue(value.reason, { truthy: true, carries: value.carries, plain: true });
    return value === null ? new UnknownValue('a file that no param names', { plain: true }) : value;
  }

  /** Files of one folder that match; undefined where the folder may not be looked at or the glob has more to it. */
  #glob(path: string, type: string): PathValue[] | undefined {
    const folder = folderOf(path);
    const name = path.slice(folder === '' ? 0 : folder.length + 1);
    if (/[*?{[]/.test(folder) || !/^[\w.*?-]+$/.test(name)) return undefined;
    const found = this.#locate(folder);
    if (found === undefined) return undefined;
    const matches = wildcard(name);
    const wanted = (at: string): boolean => {
      const stat = found.tree.stat(at);
      return type === 'any' ? stat !== undefined : stat === (type === 'dir' ? 'folder' : 'file');
    };
    return found.tree
      .list(found.path)
      .filter((one) => matches(one) && wanted(found.path === '' ? one : `${found.path}/${one}`))
      .map((one) => new PathValue(folder === '' ? one : `${folder}/${one}`));
  }

  method(receiver: Value, name: string, args: CallArguments, site: CallSite): Value | undefined {
    if (receiver instanceof PathValue) return this.#pathMethod(receiver, name, args, site);
    if (receiver instanceof ClassValue) this.initialise(receiver, site);
    if (name === 'getClass') return classOf(receiver);
    return undefined;
  }

  /** A file that a param names and that is nowhere to be found is the user's own: it exists, is plain and not empty. */
  #pathMethod(value: PathValue, name: string, args: CallArguments, site: CallSite): Value | undefined {
    const found = this.#locate(value.path);
    const stat = found?.tree.stat(found.path);
    switch (name) {
      case 'exists':
        return found === undefined || stat !== undefined;
      case 'isDirectory':
        return stat === 'folder';
      case 'isFile':
        return found === undefined || stat === 'file';
      case 'isEmpty':
        return found !== undefined && stat === 'file' && found.tree.read(found.path) === '';
      case 'canRead':
        return true;
      case 'isAbsolute':
        return value.path.startsWith('/') || isRemote(value.path);
      case 'size':
        return stat === 'file' && found !== undefined
          ? (found.tree.read(found.path) ?? '').length
          : new UnknownValue('the size of a file', { truthy: true });
      case 'lastModified':
      case 'countFasta':
      case 'countFastq':
        return new UnknownValue('what is in a file', { truthy: true });
      case 'getText':
      case 'text':
      case 'readLines':
      case 'countLines':
      case 'eachLine':
      case 'splitCsv':
      case 'withReader':
      case 'newReader':
      case 'splitText':
      case 'splitJson':
      case 'getBytes': {
        const text = stat === 'file' && found !== undefined ? found.tree.read(found.path) : undefined;
        if (text === undefined || text.length > 1_000_000) return new UnknownValue('what is in a file', { truthy: true });
        if (name === 'getText' || name === 'text') return text;
        const lines = new ListValue(text.replace(/\r?\n$/, '').split(/\r?\n/));
        if (name === 'readLines') return lines;
        if (name === 'countLines') return lines.items.length;
        if (name === 'eachLine') return site.interpreter.callMethodOn(lines, 'each', args, site);
        return new UnknownValue('what is in a file', { truthy: true });
      }
      case 'delete':
      case 'mkdirs':
      case 'mkdir':
      case 'copyTo':
      case 'moveTo':
      case 'setText':
      case 'append':
      case 'write':
        return new UnknownValue('a file that a run would change');
      case 'listFiles':
      case 'list':
        if (found === undefined || stat !== 'folder') return new ListValue([], true);
        return new ListValue(found.tree.list(found.path).map((one) => new PathValue(`${value.path}/${one}`)));
    }
    return undefined;
  }

  pipe(_left: Value, _node: BinaryExpression, _frame: Frame): Value | undefined {
    return undefined;
  }
  join(alternatives: readonly Alternative[], _place: SourceRange): Value {
    return unknownFrom('depends on a condition', ...alternatives.map((one) => one.value));
  }
  declare(_statement: Statement, _frame: Frame): void {}
  labeled(_label: Identifier, _statement: Statement, _frame: Frame): boolean {
    return false;
  }
  assign(_target: Expression, _value: Value, _node: AssignmentExpression, _frame: Frame): boolean {
    return false;
  }
  stops(_message: Value, _place: SourceRange, _activity: Activity): void {}
}

function workflowMetadata(settings: Settings): MapValue {
  const unknown = (reason: string): Value => new UnknownValue(reason, { truthy: true });
  return new MapValue(
    new Map<string, Value>([
      ['profile', settings.profiles.length === 0 ? 'standard' : settings.profiles.join(',')],
      ['projectDir', new PathValue(PROJECT_ROOT)],
      ['launchDir', new PathValue(PROJECT_ROOT)],
      ['workDir', new PathValue(`${PROJECT_ROOT}/work`)],
      ['homeDir', unknown('the user’s home folder')],
      ['scriptName', settings.entryPath.slice(settings.entryPath.lastIndexOf('/') + 1)],
      ['scriptFile', new PathValue(`${PROJECT_ROOT}/${settings.entryPath}`)],
      ['manifest', new MapValue(new Map(settings.manifest.entries), () => null)],
      ['stubRun', false],
      ['resume', false],
      ['preview', false],
      ['container', new UnknownValue('the container of the run')],
      ['containerEngine', settings.containerEngine],
      ['commandLine', unknown('the command line of the run')],
      ['runName', unknown('the name of the run')],
      ['sessionId', unknown('the session of the run')],
      ['start', unknown('the time of the run')],
      ['userName', unknown('the user of the run')],
      ['configFiles', new ListValue([], true)],
      ['revision', null],
      ['commitId', null],
      ['repository', null],
      ['onComplete', new BuiltinValue('onComplete', () => null)],
      ['onError', new BuiltinValue('onError', () => null)],
      [
        'nextflow',
        new MapValue(new Map<string, Value>([['version', settings.nextflowVersion]]), () => new UnknownValue('a property of nextflow')),
      ],
    ]),
    (key) => new UnknownValue(`workflow.${key}`),
  );
}

/** Of Nextflow's own variables it matters whether they are set: here none is. The others are the machine's. */
const SYSTEM = new Statics('System', (name, args) => {
  if (name === 'getenv' || name === 'getProperty') {
    const [variable] = args;
    if (typeof variable === 'string' && variable.startsWith('NXF_')) return null;
    return new UnknownValue(`the environment variable ${typeof variable === 'string' ? variable : ''}`);
  }
  return name === 'exit' || name === 'out' || name === 'err' ? null : new UnknownValue('a property of the machine');
});
const MATH = new Statics('Math', (name, args) => {
  if (!args.every((value) => typeof value === 'number')) return undefined;
  const numbers = args as readonly number[];
  switch (name) {
    case 'max':
      return Math.max(...numbers);
    case 'min':
      return Math.min(...numbers);
    case 'round':
      return Math.round(numbers[0] ?? 0);
    case 'ceil':
      return Math.ceil(numbers[0] ?? 0);
    case 'floor':
      return Math.floor(numbers[0] ?? 0);
    case 'abs':
      return Math.abs(numbers[0] ?? 0);
    case 'pow':
      return (numbers[0] ?? 0) ** (numbers[1] ?? 0);
    case 'sqrt':
      return Math.sqrt(numbers[0] ?? 0);
    case 'log':
      return Math.log(numbers[0] ?? 1);
    case 'log10':
      return Math.log10(numbers[0] ?? 1);
  }
  return undefined;
});
const numbers = (name: string, args: readonly Value[]): Value | undefined => {
  const [first] = args;
  if (name === 'MAX_VALUE') return 2147483647;
  if (typeof first === 'number') return first;
  return typeof first === 'string' && first.trim() !== '' && Number.isFinite(Number(first)) ? Number(first) : undefined;
};
const CLASSES: ReadonlyMap<string, KnownClass> = new Map(
  [
    ...['Integer', 'Long', 'Double', 'Float'].map((name) => new KnownClass(name, numbers)),
    new KnownClass('MemoryUnit', (name, args) => (name === 'of' ? memoryFrom(args[0] ?? null) : undefined)),
    new KnownClass('Duration', (name, args) => (name === 'of' ? durationFrom(args[0] ?? null) : undefined)),
  ].map((known) => [known.typeName, known]),
);

/** `nextflow.util`: of what is in it these are known. */
function packageOf(...names: string[]): MapValue {
  const entries = names.map((name): [string, Value] => [name, CLASSES.get(name) ?? null]);
  return new MapValue(new Map(entries), () => new UnknownValue('a class', { truthy: true }));
}
const JAVA = new MapValue(
  new Map([['lang', packageOf('Integer', 'Long', 'Double', 'Float')]]),
  () => new UnknownValue('a package', { truthy: true }),
);

/** Of units and whole numbers; a string may be one of two classes. */
function classOf(value: Value): Value | undefined {
  if (value instanceof MemoryValue) return CLASSES.get('MemoryUnit');
  if (value instanceof DurationValue) return CLASSES.get('Duration');
  return Number.isInteger(value) ? CLASSES.get('Integer') : undefined;
}

const PATTERN = new Statics('Pattern', (name, args) =>
  name === 'compile' && typeof args[0] === 'string' ? new PatternValue(args[0]) : undefined,
);
const PATHS = new Statics('Paths', (name, args) => {
  const parts = args.map((value) => textOf(value));
  return (name === 'get' || name === 'of') && !parts.includes(undefined) ? new PathValue(parts.join('/')) : undefined;
});

/** `>=23.04`, `!>=24.10.5`, `>=22.10.1, <25`; anything else is unknown. */
function versionMatches(version: string, wanted: string): Value {
  for (const part of wanted.split(/[,\s]+/).filter((one) => one !== '')) {
    const match = /^!?(>=|<=|>|<|==?)?v?([\d.]+)/.exec(part);
    if (match === null) return new UnknownValue('a version that cannot be compared');
    const order = compareVersions(version, match[2] as string);
    const operator = match[1] ?? '=';
    const holds =
      operator === '>='
        ? order >= 0
        : operator === '<='
          ? order <= 0
          : operator === '>'
            ? order > 0
            : operator === '<'
              ? order < 0
              : order === 0;
    if (!holds) return false;
  }
  return true;
}

export function compareVersions(one: string, two: string): number {
  const left = one.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const right = two.split('.').map((part) => Number.parseInt(part, 10) || 0);
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const order = (left[at] ?? 0) - (right[at] ?? 0);
    if (order !== 0) return Math.sign(order);
  }
  return 0;
}

/** A JSON text's value. What is no JSON is unknown: a run would stop there. */
function fromJson(text: string): Value {
  try {
    return toValue(JSON.parse(text));
  } catch {
    return new UnknownValue('a text that is no JSON');
  }
}

/** A decoded value of JSON or YAML. */
export function toValue(value: unknown, depth = 0): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (depth > 20) return new UnknownValue('nested too deeply');
  if (Array.isArray(value)) return new ListValue(value.map((item) => toValue(item, depth + 1)));
  if (typeof value === 'object') return new MapValue(new Map(Object.entries(value).map(([key, item]) => [key, toValue(item, depth + 1)])));
  return String(value);
}

/** `*` and `?` in a file's name. Linear in the name's length for each star. */
function wildcard(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*');
  return (name) => {
    if (!fits(name.slice(0, (parts[0] as string).length), parts[0] as string)) return false;
    if (parts.length === 1) return name.length === pattern.length;
    let at = (parts[0] as string).length;
    for (const part of parts.slice(1, -1)) {
      while (at + part.length <= name.length && !fits(name.slice(at, at + part.length), part)) at += 1;
      if (at + part.length > name.length) return false;
      at += part.length;
    }
    const last = parts.at(-1) as string;
    return name.length - last.length >= at && fits(name.slice(name.length - last.length), last);
  };
}

function fits(text: string, pattern: string): boolean {
  return text.length === pattern.length && [...pattern].every((character, at) => character === '?' || character === text[at]);
}

/** The place of a call. */
export function placeOf(site: CallSite): SourceRange {
  return rangeIn(site.frame.file, site.node);
}
