/**
 * The tree of one Nextflow file, script or config: plain objects, each a range of the text, named as Nextflow's own
 * compiler (nf-lang) names them. Invariants: a child's range lies within its parent's; siblings are ordered and do
 * not overlap (an implicit child, such as the `it` of a closure, has no node); no node refers to another file.
 * The tree says what was written, never what it means: `a.b(c) { d }` is a call whether `a` is a channel or a list.
 */
import type { TextRange } from '../../source/source-file.ts';

/** A name with its place. */
export interface Identifier extends TextRange {
  readonly name: string;
}

/** `Name`, `a.b.Name<T, ?>`, `Path?`, `String[]`. `text` is as written. */
export interface TypeNode extends TextRange {
  readonly name: string;
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------------- expressions

/** `null`, `true`, `12`, `1.5`, `'text'`, `/slashy/`, `"no interpolation"`. A string's value has its escapes resolved. */
export interface ConstantExpression extends TextRange {
  readonly kind: 'ConstantExpression';
  readonly value: null | boolean | number | string;
}

/** A string with `$name`, `$a.b` or `${expr}` in it. Texts have their escapes resolved. */
export interface GStringExpression extends TextRange {
  readonly kind: 'GStringExpression';
  readonly parts: readonly (GStringText | GStringValue)[];
}
export interface GStringText extends TextRange {
  readonly kind: 'GStringText';
  readonly value: string;
}
/** The range covers `${…}` or `$a.b` whole. `${-> x}` is a value that is a ClosureExpression; `${}` is ConstantExpression null. */
export interface GStringValue extends TextRange {
  readonly kind: 'GStringValue';
  readonly expression: Expression;
}

export interface VariableExpression extends TextRange {
  readonly kind: 'VariableExpression';
  /** `this` and `super` too. */
  readonly name: string;
}

/** `object.name`, `?.` (safe), `*.` (spread), `object."$name"` (dynamic), `object.@field`. */
export interface PropertyExpression extends TextRange {
  readonly kind: 'PropertyExpression';
  readonly object: Expression;
  readonly property: Identifier | Expression;
  readonly safe: boolean;
  readonly spread: boolean;
}

/**
 * A call. `f(a)`, `x.f(a)`, `f a, k: v`, `x.f { … }`, `f(a) { … }`: the callee's name is `method`, its receiver `object`.
 * A command chain `val x from ch` is `val(x).from(ch)`; a call of any other expression, `e(a)`, has `method.name` 'call'
 * with an empty range and `e` as object. Closures behind the parentheses are the last arguments.
 */
export interface MethodCallExpression extends TextRange {
  readonly kind: 'MethodCallExpression';
  readonly object: Expression | null;
  readonly method: Identifier | Expression;
  /** In source order; named arguments stand where they were written. */
  readonly arguments: readonly Argument[];
  readonly safe: boolean;
  readonly spread: boolean;
  /** Written without parentheses: `f a`. */
  readonly command: boolean;
}
export interface Argument extends TextRange {
  /** `name: value`, `'name': value`, `(expr): value`, `*: map` (key is a SpreadExpression of the map, value the map itself); null when positional. */
  readonly key: Expression | null;
  readonly value: Expression;
}

/** `object[index]`, `object[a, b]` (index is a ListExpression of several), `object?[i]` (safe). */
export interface IndexExpression extends TextRange {
  readonly kind: 'IndexExpression';
  readonly object: Expression;
  readonly index: Expression;
  readonly safe: boolean;
}

export interface ListExpression extends TextRange {
  readonly kind: 'ListExpression';
  readonly elements: readonly Expression[];
}

/** `[a: 1, 'b': 2, (c): 3, *: m]`, `[:]`. A bare-word key is a ConstantExpression string. */
export interface MapExpression extends TextRange {
  readonly kind: 'MapExpression';
  readonly entries: readonly MapEntry[];
}
export interface MapEntry extends TextRange {
  /** null for `*: map`. */
  readonly key: Expression | null;
  readonly value: Expression;
}

export interface ClosureExpression extends TextRange {
  readonly kind: 'ClosureExpression';
  /** null when no `->` was written (implicit `it`). */
  readonly parameters: readonly Parameter[] | null;
  readonly body: readonly Statement[];
}
export interface Parameter extends TextRange {
  readonly name: Identifier;
  readonly type: TypeNode | null;
  readonly defaultValue: Expression | null;
  readonly varargs: boolean;
}

/** Operators: arithmetic, comparison, `&& || & | ^ << >> >>> .. ..< <.. =~ ==~ in !in instanceof !instanceof <=> === !== ** |>`.
 * `instanceof`'s right side is a TypeExpression. */
export interface BinaryExpression extends TextRange {
  readonly kind: 'BinaryExpression';
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** `=`, `+=`, `?=` …; the target of `(a, b) = x` is a TupleExpression. */
export interface AssignmentExpression extends TextRange {
  readonly kind: 'AssignmentExpression';
  readonly operator: string;
  readonly target: Expression;
  readonly value: Expression;
}

/** `(a, b)` on the left of an assignment, and nowhere else. */
export interface TupleExpression extends TextRange {
  readonly kind: 'TupleExpression';
  readonly elements: readonly Expression[];
}

/** `! - + ~ ++ --` before, `++ --` behind (postfix). */
export interface UnaryExpression extends TextRange {
  readonly kind: 'UnaryExpression';
  readonly operator: string;
  readonly operand: Expression;
  readonly postfix: boolean;
}

export interface TernaryExpression extends TextRange {
  readonly kind: 'TernaryExpression';
  readonly condition: Expression;
  readonly whenTrue: Expression;
  readonly whenFalse: Expression;
}

export interface ElvisExpression extends TextRange {
  readonly kind: 'ElvisExpression';
  readonly value: Expression;
  readonly whenFalse: Expression;
}

/** `x as T` (coercion) or `(T) x`. */
export interface CastExpression extends TextRange {
  readonly kind: 'CastExpression';
  readonly type: TypeNode;
  readonly expression: Expression;
  readonly coercion: boolean;
}

export interface NewExpression extends TextRange {
  readonly kind: 'NewExpression';
  readonly type: TypeNode;
  readonly arguments: readonly Argument[];
}

/** `object.&method`, `Type::method`. */
export interface MethodPointerExpression extends TextRange {
  readonly kind: 'MethodPointerExpression';
  readonly object: Expression;
  readonly method: Identifier | Expression;
}

/** `*list` in a list or in arguments. */
export interface SpreadExpression extends TextRange {
  readonly kind: 'SpreadExpression';
  readonly expression: Expression;
}

/** A type where an expression stands: the right side of `instanceof`, `String[]`. */
export interface TypeExpression extends TextRange {
  readonly kind: 'TypeExpression';
  readonly type: TypeNode;
}

/** Valid Groovy that is not modelled: unknown to everybody, counted, never an error. */
export interface OpaqueNode extends TextRange {
  readonly kind: 'OpaqueNode';
  readonly reason: string;
}

/** Where the text could not be read. A diagnostic says why; the rest of the file goes on behind it. */
export interface IncompleteNode extends TextRange {
  readonly kind: 'IncompleteNode';
}

export type Expression =
  | ConstantExpression
  | GStringExpression
  | VariableExpression
  | PropertyExpression
  | MethodCallExpression
  | IndexExpression
  | ListExpression
  | MapExpression
  | ClosureExpression
  | BinaryExpression
  | AssignmentExpression
  | TupleExpression
  | UnaryExpression
  | TernaryExpression
  | ElvisExpression
  | CastExpression
  | NewExpression
  | MethodPointerExpression
  | SpreadExpression
  | TypeExpression
  | OpaqueNode
  | IncompleteNode;

// ---------------------------------------------------------------------------------------------------- statements

export interface ExpressionStatement extends TextRange {
  readonly kind: 'ExpressionStatement';
  readonly expression: Expression;
}

/** `def x = 1`, `def (a, b) = …` (tuple), `int i = 0, j`, `final x`, `List<String> xs = []`, `def x: T = e`. */
export interface DeclarationStatement extends TextRange {
  readonly kind: 'DeclarationStatement';
  readonly declarations: readonly VariableDeclaration[];
  /** `def (a, b) = value`: the value is shared, and stands in `value`; each declaration's own value is null. */
  readonly tuple: boolean;
  readonly value: Expression | null;
}
export interface VariableDeclaration extends TextRange {
  readonly name: Identifier;
  readonly type: TypeNode | null;
  readonly value: Expression | null;
}

export interface IfStatement extends TextRange {
  readonly kind: 'IfStatement';
  readonly condition: Expression;
  readonly thenBranch: Statement;
  readonly elseBranch: Statement | null;
}

export interface BlockStatement extends TextRange {
  readonly kind: 'BlockStatement';
  readonly statements: readonly Statement[];
}

/** `name: statement`. In configs, `withName: X { … }` is the label `withName` on the call `X({…})`; a string target,
 * `withName: 'A|B' { … }`, is a call whose `method` is that string expression. */
export interface LabeledStatement extends TextRange {
  readonly kind: 'LabeledStatement';
  readonly label: Identifier;
  readonly statement: Statement;
}

export interface ReturnStatement extends TextRange {
  readonly kind: 'ReturnStatement';
  readonly value: Expression | null;
}
export interface ThrowStatement extends TextRange {
  readonly kind: 'ThrowStatement';
  readonly value: Expression;
}
export interface AssertStatement extends TextRange {
  readonly kind: 'AssertStatement';
  readonly condition: Expression;
  readonly message: Expression | null;
}

/** `for (x in xs)`, `for (T x : xs)`. */
export interface ForInStatement extends TextRange {
  readonly kind: 'ForInStatement';
  readonly variable: Identifier;
  readonly iterable: Expression;
  readonly body: Statement;
}
export interface ForStatement extends TextRange {
  readonly kind: 'ForStatement';
  readonly init: readonly Statement[];
  readonly condition: Expression | null;
  readonly update: readonly Expression[];
  readonly body: Statement;
}
export interface WhileStatement extends TextRange {
  readonly kind: 'WhileStatement';
  readonly condition: Expression;
  readonly body: Statement;
  /** `do … while (c)` */
  readonly bodyFirst: boolean;
}
export interface SwitchStatement extends TextRange {
  readonly kind: 'SwitchStatement';
  readonly value: Expression;
  readonly cases: readonly SwitchCase[];
}
export interface SwitchCase extends TextRange {
  /** null for `default`. */
  readonly test: Expression | null;
  readonly body: readonly Statement[];
}
export interface TryStatement extends TextRange {
  readonly kind: 'TryStatement';
  readonly body: BlockStatement;
  readonly catches: readonly CatchClause[];
  readonly finallyBlock: BlockStatement | null;
}
export interface CatchClause extends TextRange {
  readonly variable: Identifier | null;
  readonly body: BlockStatement;
}
export interface JumpStatement extends TextRange {
  readonly kind: 'JumpStatement';
  readonly jump: 'break' | 'continue';
}
/** `import …`, `package …`. */
export interface ImportStatement extends TextRange {
  readonly kind: 'ImportStatement';
  readonly name: string;
  readonly isStatic: boolean;
}

// ---------------------------------------------------------------------------------------------------- declarations

/** `include { A ; B as C } from './x'`, with `addParams(…)` / `params(…)` behind it; `include A from 'x'`; `include 'x'`. */
export interface IncludeNode extends TextRange {
  readonly kind: 'IncludeNode';
  /** null in `include 'x'`: everything. */
  readonly entries: readonly IncludeEntryNode[] | null;
  /** A constant or interpolated string, or any expression in older files. */
  readonly source: Expression;
  readonly addParams: readonly Argument[] | null;
  /** `params(…)`: instead of the including script's params, not beside them. */
  readonly params: readonly Argument[] | null;
}
export interface IncludeEntryNode extends TextRange {
  readonly name: Identifier;
  readonly alias: Identifier | null;
}

/**
 * A process. Sections hold statements as they were written: `input`, `output` and `directives` mostly calls
 * (`tuple(val(meta), path(bam))` with named arguments `emit`, `optional`, `topic`), but also `if` around directives,
 * assignments (`cpus = 8`), bare names (`stdout`), DSL1 chains (`val(x).from(ch)`) and, when typed, labelled
 * statements (`id: Sample` is label `id`, expression statement `Sample`) or assignments (`counts = file('x')`).
 * A section that is written twice is joined.
 */
export interface ProcessNode extends TextRange {
  readonly kind: 'ProcessNode';
  readonly name: Identifier;
  readonly directives: readonly Statement[];
  readonly inputs: readonly Statement[];
  readonly stage: readonly Statement[];
  readonly outputs: readonly Statement[];
  readonly topics: readonly Statement[];
  readonly when: Expression | null;
  /** null when the process has no script at all. */
  readonly script: ProcessScript | null;
  readonly stub: readonly Statement[] | null;
}
export interface ProcessScript extends TextRange {
  readonly section: 'script' | 'shell' | 'exec';
  readonly statements: readonly Statement[];
}

/** Sections hold statements as written: a take is a bare name, an emit a bare name, an assignment or an expression. */
export interface WorkflowNode extends TextRange {
  readonly kind: 'WorkflowNode';
  /** null for the entry workflow. */
  readonly name: Identifier | null;
  /** Typed takes keep their type in the statement: `reads: Channel<Path>` is a LabeledStatement. */
  readonly takes: readonly Statement[];
  readonly main: readonly Statement[];
  readonly emits: readonly Statement[];
  readonly publishers: readonly Statement[];
  readonly onComplete: readonly Statement[] | null;
  readonly onError: readonly Statement[] | null;
}

/** A function of a script, or a method of a class. */
export interface FunctionNode extends TextRange {
  readonly kind: 'FunctionNode';
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly isStatic: boolean;
}

/** `class X { … }`, also interfaces, traits, enums with methods. Fields with their initial values, and methods. */
export interface ClassNode extends TextRange {
  readonly kind: 'ClassNode';
  readonly name: Identifier;
  readonly superclass: TypeNode | null;
  readonly fields: readonly FieldNode[];
  readonly methods: readonly FunctionNode[];
  /** Classes and enums within the class. */
  readonly classes: readonly Statement[];
}
export interface FieldNode extends TextRange {
  readonly name: Identifier;
  readonly value: Expression | null;
  readonly isStatic: boolean;
}

export interface EnumNode extends TextRange {
  readonly kind: 'EnumNode';
  readonly name: Identifier;
  readonly constants: readonly Identifier[];
}

export interface RecordNode extends TextRange {
  readonly kind: 'RecordNode';
  readonly name: Identifier;
  readonly fields: readonly VariableDeclaration[];
}

/** Typed `params { reads: Path = x }`. (An older `params { a = 1 }` in a script is a call with a closure.) */
export interface ParamBlockNode extends TextRange {
  readonly kind: 'ParamBlockNode';
  readonly params: readonly VariableDeclaration[];
}

/** `output { name[: Type] { directives } }`. */
export interface OutputBlockNode extends TextRange {
  readonly kind: 'OutputBlockNode';
  readonly outputs: readonly OutputNode[];
}
export interface OutputNode extends TextRange {
  readonly name: Identifier;
  readonly type: TypeNode | null;
  readonly body: readonly Statement[];
}

export type Statement =
  | ExpressionStatement
  | DeclarationStatement
  | IfStatement
  | BlockStatement
  | LabeledStatement
  | ReturnStatement
  | ThrowStatement
  | AssertStatement
  | ForInStatement
  | ForStatement
  | WhileStatement
  | SwitchStatement
  | TryStatement
  | JumpStatement
  | ImportStatement
  | IncludeNode
  | ProcessNode
  | WorkflowNode
  | FunctionNode
  | ClassNode
  | EnumNode
  | RecordNode
  | ParamBlockNode
  | OutputBlockNode
  | OpaqueNode
  | IncompleteNode;

/** A whole file. Declarations and statements stand in one list, in the order in which they were written. */
export interface ScriptNode extends TextRange {
  readonly kind: 'ScriptNode';
  readonly shebang: TextRange | null;
  readonly statements: readonly Statement[];
}

export type Node = Expression | Statement | ScriptNode;
