/** Which outputs of a script are what it was given: the file itself, a copy under another name, a folder of copies. */
import { declaredElements } from '../../../parser/graph/declared-elements.ts';
import type { MadeBy } from '../../../parser/graph/model/item-value.ts';
import type { ProcessCall } from '../../../parser/graph/process-graph.ts';
import { signatureOf } from '../../../parser/graph/process-io.ts';
import { isInCatalogue, isOfShell } from '../../../parser/shell/catalogue.ts';
import { declarationsOf } from '../../../parser/shell/declarations.ts';
import type { Command, FileName, InputUse, ScriptReading, ScriptStep } from '../../../parser/shell/script-reading.ts';
import type { Expression } from '../../../parser/syntax/nodes.ts';
import { asPattern, liesBeside, mayBeNamedLike, mayFit, mayName, nameOf, singleNameOf } from './file-names.ts';
import { speaksOf } from './script-text.ts';

/** What tells whether the programs of a script change what they are given. */
interface Programs {
  /** The text that a command runs is known, and changes no file that it is given. */
  readonly leavesInputs: (command: Command) => boolean;
  /** The process gives on other data, which a program makes: that is what it is for. */
  readonly makeMore: boolean;
}

/** What an output is of what the process was given. */
export interface HandedOn {
  /** The inputs; `part` says which file where the input is a folder. */
  readonly given: readonly { readonly use: InputUse; readonly part: string | undefined }[];
  readonly kind: 'pass-through' | 'over-wide-directory';
  readonly evidence: string;
  /** `known`: no command but such as are known has the file, and it keeps its name. */
  readonly sureness: 'known' | 'renamed' | 'guessed';
  /** The name that a single file is given; with `…` for what is not known of it. */
  readonly under: string | undefined;
}

/**
 * `part`: a file of the output, which is a folder; undefined: all of it. `isNamedAnew`: whoever reads it gives it a name of its own;
 * `isOne`: it is given one such file at a time, and can give it any name. A tool of the catalogue changes no file that it is given,
 * unless it says so; of any other program nobody knows that.
 */
export function handedOn(
  output: MadeBy,
  part: string | undefined,
  reading: ScriptReading,
  { isNamedAnew, isOne }: { readonly isNamedAnew: boolean; readonly isOne: boolean },
  leaves: (command: Command, inputs: readonly string[]) => boolean,
): HandedOn | undefined {
  const { call } = output;
  const paths = reading.inputs.flatMap(({ qualifier, name }) => (qualifier === 'path' && name !== '' ? [name] : []));
  const programs: Programs = { leavesInputs: (command) => leaves(command, paths), makeMore: makesOthers(output, reading) };
  const origin = reading.outputs.find((one) => one.output === output.output && one.element === output.element);
  if (origin === undefined || reading.opaque !== undefined) return undefined;
  const told = origin.sameAs === undefined ? undefined : reading.inputs[origin.sameAs];
  const passed = (use: InputUse, sureness: HandedOn['sureness'], under?: string): HandedOn => ({
    given: [{ use, part }],
    kind: 'pass-through',
    evidence: `${call.name} gives ${use.name || nameOf(output) || 'it'} on as it was given${under === undefined ? '' : `, under the name ${under}`}`,
    sureness,
    under,
  });
  if (told !== undefined && told.qualifier !== 'path') return passed(told, 'known');
  if (speaksOf(call.process, call.script.file, EDITS_IN_PLACE) !== false && !editsOthersOnly(reading)) return undefined;
  const same = sameFile(output, reading, told, isNamedAnew, programs);
  if (same !== undefined) return passed(same, told === undefined ? 'guessed' : 'known');
  // What is done inside of a folder is not named as lying in it.
  const goesInside = reading.steps.some(({ range }) => CHANGES_FOLDER.test(range.file.slice(range)));
  const within = part === undefined && !goesInside ? copyIn(output, reading, programs) : undefined;
  if (within !== undefined) return passed(within, 'renamed');
  const name = singleNameOf(output);
  if (name === undefined) return undefined;
  // Of what is there to give files their names the names are what it is for.
  if (part === undefined && isOne && !goesInside && reading.steps.some(doesOtherWork)) {
    const renamed = copiedTo(name, reading, programs);
    if (renamed !== undefined && renamed.part === undefined) return passed(renamed.use, 'renamed', shown(name));
  }
  if (goesInside) return undefined;
  const file = part?.includes('*') ? onlyFileIn(output, part, reading) : part;
  const copied = file === undefined ? undefined : copiedTo(`${name}/${file}`, reading, programs);
  if (copied !== undefined)
    return {
      given: [copied],
      kind: 'over-wide-directory',
      evidence: `of the folder that ${call.name} makes only ${shown(file ?? '')} is opened, a copy of its ${copied.use.name}`,
      sureness: 'renamed',
      under: undefined,
    };
  const copies = copiesIn(name, reading, programs);
  if (copies === undefined) return undefined;
  return {
    given: [...copies.keys()].map((use) => ({ use, part: undefined })),
    kind: 'over-wide-directory',
    evidence: `the folder that ${call.name} makes holds nothing but copies of its ${[...copies.keys()].map((use) => use.name).join(' and ')}`,
    sureness: 'renamed',
    under: undefined,
  };
}

/** `*.final.bam` as it is written by people: `….final.bam`. */
function shown(name: string): string {
  return name.replaceAll('*', '…');
}

/** `path x` of an input `x` that no command writes to, or a copy that keeps its name. */
function sameFile(
  output: MadeBy,
  reading: ScriptReading,
  told: InputUse | undefined,
  isNamedAnew: boolean,
  programs: Programs,
): InputUse | undefined {
  const expression = expressionOf(output);
  // `path "out/${x}"`, to which `x` was copied, or a copy of another name that the reader never sees.
  const last = expression?.kind === 'GStringExpression' ? expression.parts.at(-1) : undefined;
  const keepsName = last?.kind === 'GStringValue' && last.expression.kind === 'VariableExpression' && last.expression.name === told?.name;
  if (told !== undefined && (isNamedAnew || keepsName) && !isChanged(reading, told)) return told;
  // `path x`, or `path "${x}"`.
  const [only] = expression?.kind === 'GStringExpression' && expression.parts.length === 1 ? expression.parts : [];
  const named = only?.kind === 'GStringValue' ? only.expression : expression;
  if (named?.kind !== 'VariableExpression') return undefined;
  const use = reading.inputs.find((one) => one.name === named.name && one.qualifier === 'path');
  if (use === undefined || isChanged(reading, use)) return undefined;
  if (told === use) return told;
  return reading.steps.some((step) => mayChange(step, use, programs)) ? undefined : use;
}

function expressionOf({ call, output, element }: MadeBy): Expression | undefined {
  const declared = signatureOf(call.process).outputs[output];
  return declared === undefined ? undefined : declaredElements(declared.statement).elements[element]?.expression;
}

/** `path 'reads.bam'`, `path(bam, stageAs: 'reads.bam')`: one file, under a name that the process gives it. */
export function isStagedAs(call: ProcessCall, use: InputUse, name = /^[^*?]*$/): boolean {
  const { inputs } = declarationsOf(call.process, call.script.file);
  const stageAs = inputs.find(({ input, element }) => input === use.input && element === use.element)?.stageAs;
  return stageAs?.kind === 'ConstantExpression' && typeof stageAs.value === 'string' && name.test(stageAs.value);
}

/** `path 'previous/*'`: `previous`, whatever files come. */
export function stagedFolder(call: ProcessCall, use: InputUse): string | undefined {
  const { inputs } = declarationsOf(call.process, call.script.file);
  const stageAs = inputs.find(({ input, element }) => input === use.input && element === use.element)?.stageAs;
  const text = stageAs?.kind === 'ConstantExpression' && typeof stageAs.value === 'string' ? stageAs.value : '';
  return /^([A-Za-z][\w-]*)\/[^/]*\*[^/]*$/.exec(text)?.[1];
}

/** Some command writes to the name that an input has. */
function isChanged(reading: ScriptReading, use: InputUse): boolean {
  if (use.qualifier !== 'path') return false;
  return reading.steps.some((step) => {
    const { reads, writes } = step;
    // To a file of another name: what is copied to itself fails.
    if (isCopy(step) && reads.length === 1 && reads[0]?.input === use.name) return false;
    const sets = reads.flatMap(({ kind, text }) => (kind === 'prefix' ? [text] : []));
    return writes.some(
      (file) =>
        file.input === use.name ||
        // `sed -i s/chr// *.fa`
        (file.kind === 'pattern' && file.input === undefined && step.commands.some(({ name }) => name === 'sed')) ||
        mayBeNamedLike(use.name, file) ||
        // `plink --bfile study --make-bed --out study`
        (file.kind === 'prefix' && (sets.includes(file.text) || (sets.length > 0 && file.text === '\u0000'))),
    );
  });
}

/** A program that has the input may write to it, for all that is known. */
function mayChange(step: ScriptStep, { name }: InputUse, programs: Programs): boolean {
  return step.range.file.slice(step.range).includes(name) && mayWrite(step, name, programs);
}

/** Besides an output the process gives on data that no step makes of which all is known, but a program. */
function makesOthers(output: MadeBy, { outputs, steps }: ScriptReading): boolean {
  return outputs.some(({ output: at, element, sameAs }) => {
    const name = nameOf({ call: output.call, output: at, element });
    if (name === undefined || sameAs !== undefined || (at === output.output && element === output.element)) return false;
    if (!ENDS_AS_A_RESULT.test(name) || IS_A_REPORT.test(name) || liesBeside(name)) return false;
    return !steps.some((step) => step.known && !step.trivial && writesTo(step, name));
  });
}

/**
 * To a file that it is given. A tool of which something is known does not, unless its options sound like it. Of another one nobody knows,
 * but where it is told the name of a result, or the process gives on other data that it makes, it has no need to: unless it adds to what
 * it is given by its name, or the file is of a kind that programs open to change a part of it.
 */
function mayWrite({ known, commands, range, reads, writes }: ScriptStep, file: string, programs: Programs): boolean {
  if (known) return false;
  const isOwn = ({ name, ownCode }: Command): boolean => ownCode === true || (name !== undefined && RUNS_TEXT.test(name));
  if (commands.length > 0 && commands.every((one) => isOwn(one) && programs.leavesInputs(one))) return false;
  if (CHANGES_IN_PLACE.test(range.file.slice(range))) return true;
  if (commands.some((one) => one.ownCode && !programs.leavesInputs(one))) return true;
  const strange = commands.filter(
    (one) => !(isOwn(one) && programs.leavesInputs(one)) && (one.name === undefined || !isInCatalogue(one.name)),
  );
  if (strange.length === 0) return false;
  const results = [...reads, ...writes].filter(
    ({ input, kind, text }) =>
      input === undefined && (kind === 'literal' ? ENDS_AS_A_RESULT.test(text) : kind === 'prefix' && text.endsWith('/')),
  );
  // `tissue_mask.py --image $image --out mask.npy`: what it changes it writes there.
  const isTold = TAKES_A_RESULT.test(range.file.slice(range)) && results.some(({ text }) => !IS_A_REPORT.test(text));
  if (strange.some(({ name }) => name === undefined || (CHANGES_BY_NAME.test(name) && !isTold))) return true;
  if (results.length === 0) return !programs.makeMore || IS_OPENED_TO_CHANGE.test(file);
  const mutable = IS_OPENED_TO_CHANGE.exec(file)?.[1];
  return mutable !== undefined && !results.some(({ text }) => text.endsWith(mutable));
}

/** Code that is written where it is called, or named by its place. */
const RUNS_TEXT = /^(python[\d.]*|Rscript)$/;

const CHANGES_BY_NAME =
  /(^|[^a-z])(add|annotat|append|clean|convert|edit|fix|index|insert|mask|modif|normali[sz]|patch|rename|repair|replace|set|sort|strip|tag|trim|updat)/i;
const TAKES_A_RESULT = /\s(-o|--?out(put|file)?([-_](file|image|path|name))?)[ =]|\s>\s/;
const IS_A_REPORT = /(?<!\.pep)\.(txt|json|html?|pdf|png|svg|log|ya?ml|xml|md|zip)$/;
/** A file, or a folder that is written as one. */
const ENDS_AS_A_RESULT = /\.(?!(log|err|out)$)[A-Za-z]\w*$|\w\/$/;
const IS_OPENED_TO_CHANGE = /(?:^|[._])(h5ad|h5mu|h5|hdf5|loom|zarr|sqlite3?|db|duckdb|rds|xlsx)$/i;

const CHANGES_IN_PLACE = /(^|\s)(-i|--in-?place|--overwrite|--force|-f|--index|index|sort|fix\w*|reheader|update|append|add\w*)(\s|=|$)/i;

/** Ways to change a file where it lies, also one of which only a pattern is written. */
const EDITS_IN_PLACE =
  /\b(sed|perl|ruby|g?awk)\b[^\n|;]*\s-(\w*i\b|i\w*|-in-?place)|(?<![\w.-])(patch|ed|ex|tee|sponge|xargs|parallel|truncate|shred|split|csplit)(?![\w-])|\bfind\b[^\n]*-(exec|delete|ok)|\bzip\s+-\w*[udm]|\byq\s[^\n]*-i|\bFixMateInformation\b(?![^\n]*\s(-?-?O(UTPUT)?\b))/;

/** All that edits a file in its place is a `sed` of which it is known which file that is. */
function editsOthersOnly({ steps, variants }: ScriptReading): boolean {
  const edits = steps.filter(({ range }) => EDITS_IN_PLACE.test(range.file.slice(range)));
  return (
    variants <= 1 &&
    edits.length > 0 &&
    edits.every(
      ({ known, commands, writes }) =>
        known && commands.every(({ name }) => name === 'sed') && writes.every(({ kind }) => kind === 'literal'),
    )
  );
}

/** A tool is run, be it known or not. */
function doesOtherWork(step: ScriptStep): boolean {
  return !step.trivial && !isCopy(step) && step.commands.some(({ spec }) => spec === undefined || !isOfShell(spec));
}

const CHANGES_FOLDER = /(^|[\s;&|(])(cd|pushd)\s/;

const COPIES = /^(cp|ln|mv|rsync|install)$/;
/** Beside it: `ln -s $(readlink -f $bam) kept/`, `mkdir kept && ln -s $bam kept/`. */
const FOLLOWS = /^(readlink|realpath|mkdir)$/;
const CHOOSES = /\b(if|case|while|until|break|continue)\b|\(\(|\[\[|\|\||\btest\b|\s\[\s/;

/** `path 'kept/*.bam'`, `path "kept/${bam}"`: the input of which there are copies in a folder that holds nothing else. */
function copyIn(output: MadeBy, reading: ScriptReading, programs: Programs): InputUse | undefined {
  const expression = expressionOf(output);
  const made = nameOf(output);
  const folder = /^([^*?[{]+)\/[^/]+$/.exec(made ?? '')?.[1];
  if (folder === undefined) return undefined;
  const copies = copiesIn(folder, reading, programs);
  if (copies === undefined) return undefined;
  const last = expression?.kind === 'GStringExpression' ? expression.parts.at(-1) : undefined;
  const called = last?.kind === 'GStringValue' && last.expression.kind === 'VariableExpression' ? last.expression.name : undefined;
  if (called !== undefined) return [...copies.keys()].find(({ name }) => name === called);
  const fitting = [...copies].filter(([, names]) => copies.size === 1 || names.some((name) => mayFit(name, made as string)));
  return fitting.length === 1 ? fitting[0]?.[0] : undefined;
}

/** The input of which a file is a copy: one command writes it, and only copies. */
function copiedTo(
  path: string,
  reading: ScriptReading,
  programs: Programs,
): { readonly use: InputUse; readonly part: string | undefined } | undefined {
  const { steps } = reading;
  const writers = steps.filter((step) => (!step.trivial || isCopy(step)) && writesTo(step, path));
  // What lay there before is written over: `quast.py -o qc $contigs`, `cp $contigs qc/contigs.fa`.
  const writer = writers.at(-1);
  if (writer === undefined || !isCopy(writer) || writer.reads.length !== 1) return undefined;
  if (writers.length > 1 && mayKeepOld(writer)) return undefined;
  const [source] = writer.reads;
  const use = source?.input === undefined ? undefined : reading.inputs.find(({ name }) => name === source.input);
  if (source === undefined || use === undefined || isChanged(reading, use)) return undefined;
  // A link is the file itself, and a copy holds what was written before; behind it, a program is told the copy's own name.
  const isLink = writer.commands.some(({ name }) => name === 'ln' || name === 'mv');
  const at = steps.indexOf(writer);
  if (steps.some((step, index) => (isLink || index < at) && mayChange(step, use, programs))) return undefined;
  if (steps.some((step) => step !== writer && !step.trivial && touches(step, path) && mayWrite(step, path, programs))) return undefined;
  return { use, part: /^\u0000?[^/]*\/(.+)$/.exec(source.text)?.[1]?.replaceAll('\u0000', '*') };
}

/** What is there already stays, or may. */
function mayKeepOld({ range }: ScriptStep): boolean {
  const text = range.file.slice(range);
  return CHOOSES.test(text) || /\s(-\w*[nu]|--(no-clobber|update\S*|ignore-existing))(\s|$)/.test(text);
}

/** The inputs of which a folder holds copies, and nothing else, with what the copies may be called. */
function copiesIn(folder: string, reading: ScriptReading, programs: Programs): ReadonlyMap<InputUse, readonly string[]> | undefined {
  const found = new Map<InputUse, string[]>();
  for (const step of reading.steps) {
    const written = step.writes.filter((name) => name.kind !== 'anything' && liesIn(name, folder));
    if (written.length === 0) {
      if (!step.known && !step.trivial && step.reads.some((name) => liesIn(name, folder))) return undefined;
      continue;
    }
    // A file that is called so is no folder.
    if (
      step.reads.length > 0 &&
      !step.commands.some(({ name }) => name === 'mkdir') &&
      written.some(({ kind, text }) => kind === 'literal' && !text.endsWith('/') && asPattern({ text }) === folder)
    )
      return undefined;
    if (!step.commands.every(({ name }) => name === 'mkdir' || COPIES.test(name ?? '') || FOLLOWS.test(name ?? ''))) return undefined;
    // Some of them, by what is in them or what they are called.
    if (CHOOSES.test(step.range.file.slice(step.range))) return undefined;
    for (const { input, text } of step.reads) {
      const use = text === '\u0000' || text === './\u0000' ? reading.inputs.find(({ name }) => name === input) : undefined;
      if (use === undefined || isChanged(reading, use) || reading.steps.some((one) => mayChange(one, use, programs))) return undefined;
      const names = written.map((name) => (name.kind === 'literal' && !name.text.endsWith('/') ? asPattern(name) : `${folder}/*`));
      found.set(use, [...(found.get(use) ?? []), ...names]);
    }
  }
  return found.size === 0 ? undefined : found;
}

/** The one file that a pattern finds in a folder that a process makes, where all is known that is put there. */
export function onlyFileIn(output: MadeBy, pattern: string, { opaque, steps }: ScriptReading): string | undefined {
  const folder = singleNameOf(output);
  if (folder === undefined || opaque !== undefined) return undefined;
  const files = new Set<string>();
  for (const step of steps) {
    const written = step.writes.filter((name) => name.kind === 'anything' || liesIn(name, folder));
    if (!step.known && !step.trivial && step.range.file.slice(step.range).includes(folder)) return undefined;
    for (const { kind, text } of written) {
      const path = asPattern({ text });
      if (kind === 'literal' && path.startsWith(`${folder}/`)) files.add(path.slice(folder.length + 1));
      else if (kind === 'prefix' && path === folder && isCopy(step))
        for (const read of step.reads) files.add(asPattern(read).replace(/^.*\//, ''));
      else if (!step.commands.some(({ name }) => name === 'mkdir')) return undefined;
    }
  }
  const fitting = [...files].filter((file) => mayFit(pattern, file));
  return fitting.length === 1 ? fitting[0] : undefined;
}

function liesIn(name: FileName, folder: string): boolean {
  const path = asPattern(name);
  return path === folder || path.startsWith(`${folder}/`);
}

/** A program of which not all is known is told the name, or that of the folder. */
function touches({ reads, writes }: ScriptStep, path: string): boolean {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  return [...reads, ...writes].some((name) => {
    if (name.input !== undefined) return false;
    const written = asPattern(name);
    // A word without a dot may be how the names of its files begin.
    return (
      written === path || written === '*' || (folder !== '' && written === folder) || (!/[./]/.test(written) && path.startsWith(written))
    );
  });
}

export function isCopy({ commands }: ScriptStep): boolean {
  const [command, ...others] = commands.filter(({ name }) => !FOLLOWS.test(name ?? ''));
  return others.length === 0 && command?.name !== undefined && COPIES.test(command.name);
}

/** Whether a step may write a file. What is copied into a folder keeps its name. */
export function writesTo(step: ScriptStep, path: string): boolean {
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
