/**
 * What the text of a script tells without its commands being read: most scripts name each of their inputs, and make files of their own.
 * Reading commands costs some milliseconds a script; these answers are only given where reading could not tell otherwise.
 */
import { declaredElements } from '../../parser/graph/declared-elements.ts';
import { signatureOf } from '../../parser/graph/process-io.ts';
import type { InputUse } from '../../parser/shell/script-reading.ts';
import type { Expression, ProcessNode } from '../../parser/syntax/nodes.ts';
import type { SourceFile } from '../../source/source-file.ts';

/** Descriptions of items come with their files and say nothing of their own. */
const DESCRIBES = /^_?meta\w*$/;
const COPIES = /\b(cp|ln|mv|rsync|install|tee|dd|link)\b|\bcat\s+(?!<<)/;

const uses = new WeakMap<ProcessNode, readonly InputUse[] | undefined>();

/**
 * All inputs, where each is named in the script by itself and none as a folder (`$dir/file`). undefined: the commands have to be read.
 */
export function plainUses(process: ProcessNode, file: SourceFile): readonly InputUse[] | undefined {
  if (uses.has(process)) return uses.get(process);
  const found = find(process, file);
  uses.set(process, found);
  return found;
}

function find(process: ProcessNode, file: SourceFile): readonly InputUse[] | undefined {
  const text = textOf(process, file);
  if (text === undefined) return undefined;
  const all: InputUse[] = [];
  for (const [input, { statement }] of signatureOf(process).inputs.entries())
    for (const [element, { expression, qualifier }] of declaredElements(statement).elements.entries()) {
      if (expression.kind !== 'VariableExpression' || (qualifier !== 'val' && qualifier !== 'path')) return undefined;
      const { name } = expression;
      const isNamed = new RegExp(`(?<![\\w.-])${name.replace(/\$/g, '\\$')}(?![\\w-])`).test(text);
      if (!isNamed && !(qualifier === 'val' && DESCRIBES.test(name))) return undefined;
      if (qualifier === 'path' && new RegExp(`${name.replace(/\$/g, '\\$')}\\}?["']?/`).test(text)) return undefined;
      const declared = { file, start: expression.start, end: expression.end };
      all.push({ input, element, qualifier, name, declared, use: 'direct', parts: [], evidence: undefined, steps: [] });
    }
  return all;
}

/** Whether an output can be something that the process was given: named by an input, copied, or a file that it did not touch. */
export function mayHandOn(process: ProcessNode, file: SourceFile, output: number, element: number): boolean {
  const declared = signatureOf(process).outputs[output];
  const made = declared === undefined ? undefined : declaredElements(declared.statement).elements[element];
  const text = textOf(process, file);
  if (made === undefined || text === undefined || made.qualifier !== 'path') return true;
  if (!isText(made.expression) || /includeInputs/.test(file.slice(declared?.statement ?? process))) return true;
  return COPIES.test(text);
}

/** `'*.bam'`, `"${prefix}.bam"`, and not `bam` or `"${bam}"`. */
function isText(expression: Expression): boolean {
  if (expression.kind === 'ConstantExpression') return true;
  return expression.kind === 'GStringExpression' && expression.parts.some((part) => part.kind === 'GStringText' && part.value !== '');
}

/** The script as written, without lines that are comments. undefined: it is elsewhere, or there is none. */
function textOf(process: ProcessNode, file: SourceFile): string | undefined {
  if (process.script === null || process.script.section !== 'script') return undefined;
  const text = file.slice(process.script);
  return /\btemplate\b/.test(text) ? undefined : text.replace(/^\s*(#|\/\/).*$/gm, '');
}
