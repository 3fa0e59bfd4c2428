/** The names that a process declares as inputs, and what its outputs are, one by one: `tuple val(meta), path(bam)` has two. */
import { rangeIn, type SourceFile, type SourceRange } from '../../source/source-file.ts';
import { keyOf as argumentKey, qualifierCall, signatureOf } from '../graph/process-io.ts';
import type { Expression, MethodCallExpression, ProcessNode, Statement } from '../syntax/nodes.ts';

export type Qualifier = 'val' | 'path' | 'env' | 'stdin' | 'each' | 'other';

export interface InputElement {
  readonly input: number;
  readonly element: number;
  readonly qualifier: Qualifier;
  /** '' when it has none, as `path 'genome.fa'`. */
  readonly name: string;
  /** What gives the name under which files are staged; undefined: each keeps its own. */
  readonly stageAs: Expression | undefined;
  /** `each path(x)` and `path(x)`: files are staged. */
  readonly staged: boolean;
  readonly declared: SourceRange;
}

export interface OutputElement {
  readonly output: number;
  readonly element: number;
  readonly name: string | undefined;
  readonly qualifier: 'val' | 'path' | 'env' | 'stdout' | 'eval' | 'other';
  /** Of `val`, the value; of `path`, the pattern. */
  readonly value: Expression | undefined;
  /** Given with it: `includeInputs: true`. */
  readonly includeInputs: boolean;
  readonly place: SourceRange;
}

interface Declarations {
  readonly inputs: readonly InputElement[];
  readonly outputs: readonly OutputElement[];
}

const known = new WeakMap<ProcessNode, Declarations>();

export function declarationsOf(process: ProcessNode, file: SourceFile): Declarations {
  let declarations = known.get(process);
  if (declarations === undefined) {
    const { inputs, outputs } = signatureOf(process);
    declarations = {
      inputs: inputs.flatMap(({ statement }, index) => inputElements(statement, index, file)),
      outputs: outputs.flatMap(({ statement, name }, index) => outputElements(statement, index, name, file)),
    };
    known.set(process, declarations);
  }
  return declarations;
}

function verbOf(call: MethodCallExpression): string {
  return 'kind' in call.method ? '' : call.method.name;
}

function inputElements(statement: Statement, input: number, file: SourceFile): InputElement[] {
  const elements: InputElement[] = [];
  const add = (one: Omit<InputElement, 'input' | 'element' | 'declared'>, node: { start: number; end: number }): void => {
    elements.push({ ...one, input, element: elements.length, declared: rangeIn(file, node) });
  };
  const other = (name: string, node: { start: number; end: number }): void =>
    add({ qualifier: 'other', name, stageAs: undefined, staged: true }, node);
  const visit = (expression: Expression, each: boolean): void => {
    if (expression.kind === 'VariableExpression' && expression.name === 'stdin') {
      add({ qualifier: 'stdin', name: 'stdin', stageAs: undefined, staged: false }, expression);
      return;
    }
    const call = qualifierCall(expression);
    if (call === undefined) {
      if (each && expression.kind === 'VariableExpression')
        add({ qualifier: 'each', name: expression.name, stageAs: undefined, staged: false }, expression);
      else other(expression.kind === 'VariableExpression' ? expression.name : '', expression);
      return;
    }
    const verb = verbOf(call);
    const positional = call.arguments.filter((argument) => argument.key === null).map((argument) => argument.value);
    const [first] = positional;
    switch (verb) {
      case 'tuple':
      case 'set':
        // `set id, file(bam) from ch` of the first syntax.
        for (const value of positional)
          if (value.kind === 'VariableExpression' && value.name !== 'stdin')
            add({ qualifier: 'val', name: value.name, stageAs: undefined, staged: false }, value);
          else visit(value, false);
        return;
      case 'each':
        if (first !== undefined) visit(first, true);
        return;
      case 'val':
        add(
          {
            qualifier: each ? 'each' : 'val',
            name: first?.kind === 'VariableExpression' ? first.name : '',
            stageAs: undefined,
            staged: false,
          },
          call,
        );
        return;
      case 'path':
      case 'file': {
        const named = call.arguments.find((argument) => ['stageAs', 'name'].includes(argumentKey(argument) ?? ''));
        // `file(x: 'name')`, of the first syntax.
        const renamed = verb === 'file' ? call.arguments.find((argument) => argument.key !== null && argument !== named) : undefined;
        const isName = first?.kind === 'VariableExpression';
        add(
          {
            qualifier: each ? 'each' : 'path',
            name: isName ? first.name : renamed === undefined ? '' : (argumentKey(renamed) ?? ''),
            stageAs: named?.value ?? renamed?.value ?? (isName ? undefined : first),
            staged: true,
          },
          call,
        );
        return;
      }
      case 'env':
        add({ qualifier: 'env', name: nameIn(first), stageAs: undefined, staged: false }, call);
        return;
      case 'stdin':
        add({ qualifier: 'stdin', name: nameIn(first), stageAs: undefined, staged: false }, call);
        return;
      default:
        other('', call);
    }
  };
  if (statement.kind === 'ExpressionStatement') visit(statement.expression, false);
  else if (statement.kind === 'LabeledStatement') {
    const type = file.slice(statement.statement);
    const staged = /\bPath\b/.test(type);
    const plain = /^(String|Integer|Float|Boolean|Number|Map)\b/.test(type.trim());
    add(
      { qualifier: staged ? 'path' : plain ? 'val' : 'other', name: statement.label.name, stageAs: undefined, staged: !plain },
      statement,
    );
  } else if (statement.kind === 'DeclarationStatement')
    for (const declaration of statement.declarations) other(declaration.name.name, declaration);
  else other('', statement);
  return elements;
}

function nameIn(expression: Expression | undefined): string {
  if (expression?.kind === 'VariableExpression') return expression.name;
  return expression?.kind === 'ConstantExpression' && typeof expression.value === 'string' ? expression.value : '';
}

function outputElements(statement: Statement, output: number, name: string | undefined, file: SourceFile): OutputElement[] {
  const elements: OutputElement[] = [];
  const add = (
    qualifier: OutputElement['qualifier'],
    value: Expression | undefined,
    includeInputs: boolean,
    node: { start: number; end: number },
  ): void => {
    elements.push({ output, element: elements.length, name, qualifier, value, includeInputs, place: rangeIn(file, node) });
  };
  const visit = (expression: Expression): void => {
    if (expression.kind === 'VariableExpression' && expression.name === 'stdout') {
      add('stdout', undefined, false, expression);
      return;
    }
    const call = qualifierCall(expression);
    if (call === undefined) {
      add('other', undefined, false, expression);
      return;
    }
    const verb = verbOf(call);
    const positional = call.arguments.filter((argument) => argument.key === null).map((argument) => argument.value);
    if (verb === 'tuple' || verb === 'set') {
      for (const value of positional) visit(value);
      return;
    }
    const includes = call.arguments.some((argument) => argumentKey(argument) === 'includeInputs');
    const [first] = positional;
    if (verb === 'val' || verb === 'path' || verb === 'env' || verb === 'stdout' || verb === 'eval') add(verb, first, includes, call);
    else if (verb === 'file') add('path', first, includes, call);
    else add('other', undefined, includes, call);
  };
  if (statement.kind === 'ExpressionStatement' && statement.expression.kind !== 'AssignmentExpression') visit(statement.expression);
  else add('other', undefined, false, statement);
  return elements;
}
