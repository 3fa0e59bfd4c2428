/** What a process declares as inputs and outputs, in every dialect. */
import type { Argument, Expression, MethodCallExpression, ProcessNode, Statement } from '../syntax/nodes.ts';

export interface OutputDeclaration {
  /** `emit:`, or the name of a typed output. */
  readonly name: string | undefined;
  readonly topic: string | undefined;
  readonly optional: boolean;
  readonly statement: Statement;
  /** DSL1: the channels that it is written into. */
  readonly into: readonly string[];
  /** DSL1's `mode flatten`: each of several files is an item. */
  readonly flattened: boolean;
}

export interface InputDeclaration {
  readonly statement: Statement;
  /** `each x`: a repeater. */
  readonly each: boolean;
}

export interface ProcessSignature {
  readonly inputs: readonly InputDeclaration[];
  readonly outputs: readonly OutputDeclaration[];
  /** Topics of a typed `topic:` section. */
  readonly topics: readonly string[];
}

const signatures = new WeakMap<ProcessNode, ProcessSignature>();

export function signatureOf(process: ProcessNode): ProcessSignature {
  let signature = signatures.get(process);
  if (signature === undefined) {
    signature = {
      inputs: process.inputs.filter(declares).map((statement) => ({ statement, each: verbs(statement)[0] === 'each' })),
      outputs: process.outputs.filter(declares).map(outputOf),
      topics: process.topics.flatMap((statement) => topicOf(statement) ?? []),
    };
    signatures.set(process, signature);
  }
  return signature;
}

/** Code among the declarations (`if`, a directive of an old script) declares nothing. */
function declares(statement: Statement): boolean {
  // An opaque one is `(id, reads): Tuple<…>` of the 25.10 preview.
  if (statement.kind === 'LabeledStatement' || statement.kind === 'DeclarationStatement' || statement.kind === 'OpaqueNode') return true;
  if (statement.kind !== 'ExpressionStatement') return false;
  const [first] = verbs(statement);
  return first === undefined || !DIRECTIVES_SEEN_AMONG_DECLARATIONS.has(first);
}

const DIRECTIVES_SEEN_AMONG_DECLARATIONS: ReadonlySet<string> = new Set([
  'echo',
  'publishDir',
  'tag',
  'label',
  'cpus',
  'memory',
  'time',
  'container',
  'when',
]);

/** By qualifiers alone. Of a typed or record input it is not followed which part of an item a task is given. */
export function declaresPlainly({ inputs }: ProcessNode): boolean {
  return inputs.every((statement) => statement.kind === 'ExpressionStatement' && verbs(statement)[0] !== 'record');
}

/** `val(x).from(ch)` → ['val', 'from']. */
export function verbs(statement: Statement): string[] {
  const names: string[] = [];
  if (statement.kind !== 'ExpressionStatement') return names;
  let at: Expression | null = statement.expression;
  while (at !== null && at.kind === 'MethodCallExpression') {
    if (!('kind' in at.method)) names.unshift(at.method.name);
    at = at.object;
  }
  return names;
}

/** The call that holds the qualifier's arguments: the innermost of a chain. */
export function qualifierCall(expression: Expression): MethodCallExpression | undefined {
  let at = expression;
  while (at.kind === 'MethodCallExpression' && at.object !== null) at = at.object;
  return at.kind === 'MethodCallExpression' ? at : undefined;
}

function outputOf(statement: Statement): OutputDeclaration {
  const none = { name: undefined, topic: undefined, optional: false, statement, into: [], flattened: false };
  if (statement.kind === 'LabeledStatement') return { ...none, name: statement.label.name };
  if (statement.kind === 'DeclarationStatement') return { ...none, name: statement.declarations[0]?.name.name };
  if (statement.kind !== 'ExpressionStatement') return none;
  const { expression } = statement;
  if (expression.kind === 'AssignmentExpression' && expression.target.kind === 'VariableExpression')
    return { ...none, name: expression.target.name };
  // Options may stand on any link of a chain: `tuple(…, emit: x) optional true`.
  const options: Argument[] = [];
  for (let at: Expression | null = expression; at !== null && at.kind === 'MethodCallExpression'; at = at.object)
    options.unshift(...at.arguments);
  const mode = linkOf(expression, 'mode')?.arguments[0]?.value;
  return {
    into: targetsOf(expression),
    flattened: mode?.kind === 'VariableExpression' && mode.name === 'flatten',
    name: nameIn(options, 'emit'),
    topic: nameIn(options, 'topic'),
    optional:
      verbs(statement).includes('optional') ||
      options.some(
        (argument) => keyOf(argument) === 'optional' && !(argument.value.kind === 'ConstantExpression' && argument.value.value === false),
      ),
    statement,
  };
}

/** The number of the output that a port is: its name or place, in DSL1 the channel that it goes into. -1: there is none. */
export function outputNumber(process: ProcessNode, port: string | number | undefined): number {
  const { outputs } = signatureOf(process);
  if (typeof port !== 'string') return (port ?? 0) < outputs.length ? (port ?? 0) : -1;
  const named = outputs.findIndex(({ name }) => name === port);
  return named === -1 ? outputs.findIndex(({ into }) => into.includes(port)) : named;
}

/** The names behind `into`; without one, a channel called like the output. */
function targetsOf(expression: Expression): readonly string[] {
  const into = linkOf(expression, 'into');
  if (into !== undefined) return into.arguments.filter((argument) => argument.key === null).flatMap(({ value }) => namesOf(value));
  const name = variableOf(qualifierCall(expression)?.arguments ?? []);
  return name === undefined ? [] : [name];
}

function namesOf(value: Expression): readonly string[] {
  if (value.kind === 'VariableExpression') return [value.name];
  if (value.kind === 'ListExpression' || value.kind === 'TupleExpression') return value.elements.flatMap(namesOf);
  return value.kind === 'ConstantExpression' && typeof value.value === 'string' ? [value.value] : [];
}

/** The link of a command chain with that name: `val(x).from(ch)` has `from`. */
export function linkOf(expression: Expression, name: string): MethodCallExpression | undefined {
  for (let at: Expression | null = expression; at !== null && at.kind === 'MethodCallExpression'; at = at.object) {
    if (!('kind' in at.method) && at.method.name === name && at.object !== null) return at;
  }
  return undefined;
}

/** `val x`, `file x`, `file(x)`, `each x`: the variable's name; none for patterns and tuples. */
export function variableOf(args: readonly Argument[]): string | undefined {
  const [first, ...rest] = args.filter((argument) => keyOf(argument) === undefined);
  if (first === undefined || rest.length > 0) return undefined;
  if (first.value.kind === 'VariableExpression') return first.value.name;
  if (first.value.kind === 'MethodCallExpression' && first.value.object === null) return variableOf(first.value.arguments);
  return undefined;
}

export function keyOf(argument: Argument): string | undefined {
  return argument.key?.kind === 'ConstantExpression' && typeof argument.key.value === 'string' ? argument.key.value : undefined;
}

function nameIn(args: readonly Argument[], key: string): string | undefined {
  let value = args.find((argument) => keyOf(argument) === key)?.value;
  // `emit: bam optional true` is a command chain that begins with the name.
  while (value !== undefined && (value.kind === 'PropertyExpression' || (value.kind === 'MethodCallExpression' && value.object !== null)))
    value = value.object ?? undefined;
  if (value?.kind === 'VariableExpression') return value.name;
  if (value?.kind === 'MethodCallExpression') return 'kind' in value.method ? undefined : value.method.name;
  return value?.kind === 'ConstantExpression' && typeof value.value === 'string' ? value.value : undefined;
}

/** `expr >> 'versions'`. */
function topicOf(statement: Statement): string | undefined {
  if (
    statement.kind !== 'ExpressionStatement' ||
    statement.expression.kind !== 'BinaryExpression' ||
    statement.expression.operator !== '>>'
  )
    return undefined;
  const { right } = statement.expression;
  return right.kind === 'ConstantExpression' && typeof right.value === 'string' ? right.value : undefined;
}
