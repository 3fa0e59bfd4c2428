/**
 * What the text of a script tells without its commands being read: most scripts name each of their inputs, and make files of their own.
 * Reading commands costs some milliseconds a script; these answers are only given where reading could not tell otherwise.
 */
import { isInCatalogue, isOfShell, rowsOf, toolOfArchive } from '../../../parser/shell/catalogue.ts';
import { declarationsOf, type OutputElement } from '../../../parser/shell/declarations.ts';
import type { InputUse } from '../../../parser/shell/script-reading.ts';
import type { Expression, ProcessNode } from '../../../parser/syntax/nodes.ts';
import type { SourceFile } from '../../../source/source-file.ts';

/** Descriptions of items come with their files and say nothing of their own. */
const DESCRIBES = /^_?meta\w*$/;
/** Tools open these because of the file that they lie beside: hardly a script names one. */
const LIES_BESIDE = /(^|_)(bai|fai|crai|csi|tbi|gzi|dict|idx)$/i;
const COPIES = /\b(?:cp|ln|mv|rsync|install|tee|dd|link|cat)\b(?!\s*<<).*/g;

export interface TextUses {
  /** One for each name that an input declares, as if used by itself. */
  readonly inputs: readonly InputUse[];
  /** Those that the script does not name: by its text it cannot be told whether they are used. */
  readonly unnamed: ReadonlySet<InputUse>;
}

const uses = new WeakMap<ProcessNode, TextUses | undefined>();

/** undefined: the commands have to be read, since an input is used as a folder (`$dir/file`) or the script is elsewhere. */
export function textUses(process: ProcessNode, file: SourceFile): TextUses | undefined {
  if (uses.has(process)) return uses.get(process);
  const found = find(process, file);
  uses.set(process, found);
  return found;
}

function find(process: ProcessNode, file: SourceFile): TextUses | undefined {
  const text = textOf(process, file);
  if (text === undefined) return undefined;
  // What is only printed, or stands in a comment, may not be used.
  const used = text.replace(/^[ \t]*(?:(?:echo|printf)\s[^|<>;&\n]*(?:1?>&2[ \t]*)?|#[^\n]*)$/gm, '');
  const inputs: InputUse[] = [];
  const unnamed = new Set<InputUse>();
  for (const { input, element, qualifier, name, declared } of declarationsOf(process, file).inputs) {
    if (name === '' || (qualifier !== 'val' && qualifier !== 'path')) return undefined;
    if (qualifier === 'path' && new RegExp(`${quoted(name)}\\}?["']?/`).test(text)) return undefined;
    const use: InputUse = {
      input,
      element,
      qualifier,
      name,
      declared,
      use: 'direct',
      parts: [],
      beside: [],
      evidence: undefined,
      steps: [],
    };
    inputs.push(use);
    if (!wordOf(name).test(used) && !(qualifier === 'val' ? DESCRIBES : LIES_BESIDE).test(name)) unnamed.add(use);
  }
  // With no file named there is none that an index lies beside.
  if (inputs.every((use) => use.qualifier !== 'path' || unnamed.has(use) || LIES_BESIDE.test(use.name))) return undefined;
  return { inputs, unnamed };
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w.-])${quoted(name)}(?![\\w-])`);
}

/**
 * A value is written into the script that nothing declares: `$bam` where the input is called `bam1`. The task would fail, and which input is
 * meant nobody knows. Or its Groovy opens files by itself: `new File("${id}.tsv").exists()`.
 */
export function speaksOfUndeclared(process: ProcessNode, file: SourceFile): boolean {
  const text = textOf(process, file);
  // In a text of single quotes it is the shell's.
  if (text === undefined) return false;
  if (OPENS_ITSELF.test(text)) return true;
  if (text.includes("'''")) return false;
  const inputs = new Set(declarationsOf(process, file).inputs.map(({ name }) => name));
  const names = new Set([...text.matchAll(/(?<!\\)\$\{?([A-Za-z_]\w*)/g)].map(([, name]) => name as string));
  return [...names].some((name) => {
    if (inputs.has(name) || GIVEN.test(name)) return false;
    return !new RegExp(`\\b${name}\\b\\s*(=(?!=)|->|,[\\w\\s,]*->|\\)\\s*=|,[\\w\\s,]*\\)\\s*=|in\\b|\\()`).test(file.text);
  });
}

const OPENS_ITSELF = /\bnew\s+(java\.io\.)?File\w*\s*\(|\b(Files|Paths)\.\w+\(|\.(eachFile\w*|eachDir|listFiles)\b/;

/** By Nextflow, in every script. */
const GIVEN = /^(task|params|workflow|nextflow|projectDir|baseDir|launchDir|moduleDir|workDir|outputDir|it|this)$/;

/** As a part of a pattern that stands for itself. */
export function quoted(name: string): string {
  return name.replace(/[^\w/-]/g, '\\$&');
}

/** The input that a `val` output is; a variable that the script sets may be another. */
export function givenValue(process: ProcessNode, file: SourceFile, output: number, element: number): InputUse | undefined {
  const made = outputOf(process, file, output, element);
  if (made?.qualifier !== 'val' || made.value?.kind !== 'VariableExpression') return undefined;
  const { name } = made.value;
  if (new RegExp(`(?<![\\w.])${quoted(name)}\\s*(=|\\+=|<<)[^=]`).test(textOf(process, file) ?? '')) return undefined;
  return textUses(process, file)?.inputs.find((use) => use.name === name && use.qualifier === 'val');
}

/** Whether an output can be something that the process was given: named by an input, copied, or a file that it did not touch. */
export function mayHandOn(process: ProcessNode, file: SourceFile, output: number, element: number): boolean {
  let known = handing.get(process);
  if (known === undefined) handing.set(process, (known = new Map()));
  const key = `${output}.${element}`;
  let answer = known.get(key);
  if (answer === undefined) known.set(key, (answer = seemsToHandOn(process, file, output, element)));
  return answer;
}

const handing = new WeakMap<ProcessNode, Map<string, boolean>>();

function seemsToHandOn(process: ProcessNode, file: SourceFile, output: number, element: number): boolean {
  const made = outputOf(process, file, output, element);
  const text = textOf(process, file);
  if (made?.value === undefined || text === undefined) return made === undefined || made.qualifier === 'val' || made.qualifier === 'path';
  if (made.qualifier === 'val') return !isText(made.value);
  if (made.qualifier !== 'path') return made.qualifier === 'other';
  if (!isText(made.value) || made.includeInputs) return true;
  const names = textUses(process, file)?.inputs.map(({ name }) => wordOf(name));
  return names === undefined || (text.match(COPIES) ?? []).some((line) => names.some((name) => name.test(line)));
}

const named = new WeakMap<ProcessNode, readonly string[] | undefined>();

/**
 * Words of the script that are names of tools, in order, each as often as it stands there: no other tool of the catalogue can be among its
 * commands, whatever they are. undefined: its text does not tell.
 */
export function toolNamesIn(process: ProcessNode, file: SourceFile): readonly string[] | undefined {
  if (!named.has(process)) named.set(process, toolsNamed(textOf(process, file)));
  return named.get(process);
}

const running = new WeakMap<ProcessNode, readonly string[] | undefined>();

/** The same without those that are only asked for their versions. */
export function toolsRunIn(process: ProcessNode, file: SourceFile): readonly string[] | undefined {
  if (!running.has(process)) running.set(process, toolsNamed(commandText(process, file)));
  return running.get(process);
}

function toolsNamed(text: string | undefined): readonly string[] | undefined {
  if (text === undefined) return undefined;
  const words = (text.match(/[\w.-]*\w/g) ?? []).map((word) => toolOfArchive(word) ?? word);
  return words.filter((word) => isInCatalogue(word) && rowsOf(word).some((row) => !isOfShell(row) || UNPACKS.test(word)));
}

/** Of the shell's own, these make something that is worth a task. */
const UNPACKS = /^(tar|unzip|sort|gzip|gunzip|zcat|bzip2|bunzip2|xz|unxz|zstd|unzstd|pigz|unpigz)$/;

/** undefined: its text does not tell. */
export function speaksOf(process: ProcessNode, file: SourceFile, what: RegExp): boolean | undefined {
  const text = textOf(process, file);
  return text === undefined ? undefined : what.test(text);
}

/** The same of its commands alone: not of what writes down the versions of tools. */
export function commandsSpeakOf(process: ProcessNode, file: SourceFile, what: RegExp): boolean | undefined {
  const text = commandText(process, file);
  return text === undefined ? undefined : what.test(text);
}

function commandText(process: ProcessNode, file: SourceFile): string | undefined {
  return textOf(process, file)?.replace(VERSIONS, '');
}

/** `<<-END_VERSIONS > versions.yml` and all that follows, as modules of nf-core end: nothing in it is among the commands of a reading. */
const VERSIONS = /<<-?[^\S\n]*(\w+)[^\S\n]*>[^\S\n]*versions\.yml[^\S\n]*\n[\s\S]*?\n[^\S\n]*\1[^\S\n]*$/gm;

function outputOf(process: ProcessNode, file: SourceFile, output: number, element: number): OutputElement | undefined {
  return declarationsOf(process, file).outputs.find((one) => one.output === output && one.element === element);
}

/** `'*.bam'`, `"${prefix}.bam"`, `"${task.process}"`, and not `bam` or `"${bam}"`. */
function isText(expression: Expression): boolean {
  if (expression.kind === 'ConstantExpression') return true;
  if (expression.kind !== 'GStringExpression') return false;
  return expression.parts.some((part) => (part.kind === 'GStringText' ? part.value !== '' : part.expression.kind === 'PropertyExpression'));
}

const texts = new WeakMap<ProcessNode, string | undefined>();

/** The script as written, without lines that are comments. undefined: it is elsewhere, or there is none. */
function textOf(process: ProcessNode, file: SourceFile): string | undefined {
  if (!texts.has(process)) texts.set(process, plainText(process, file));
  return texts.get(process);
}

function plainText(process: ProcessNode, file: SourceFile): string | undefined {
  if (process.script === null || process.script.section === 'exec') return undefined;
  const text = file.slice(process.script);
  // In a text of other quotes `$x` is Nextflow's too.
  if (process.script.section === 'shell' && !text.includes("'''")) return undefined;
  return /\btemplate\b/.test(text) ? undefined : text.replace(/^\s*(#|\/\/).*$/gm, '');
}
