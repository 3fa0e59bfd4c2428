import type {
  Argument,
  Expression,
  Identifier,
  Node,
  Parameter,
  Statement,
  TypeNode,
  VariableDeclaration,
} from '../../../src/parser/syntax/nodes.ts';
import { type FileKind, type ParseResult, parse } from '../../../src/parser/syntax/parser.ts';
import { SourceFile } from '../../../src/source/source-file.ts';

/** The tree of a text on one line, small enough to be written down in a test. */
export function outline(text: string, kind: FileKind = 'script'): string {
  const result = read(text, kind);
  const said = result.diagnostics.map((one) => ` !${one.code}`).join('');
  return result.tree.statements.map(show).join(' ; ') + said;
}

export function read(text: string, kind: FileKind = 'script'): ParseResult {
  return parse(new SourceFile('sample.nf', text), kind);
}

export function show(node: Node): string {
  switch (node.kind) {
    case 'ConstantExpression':
      return typeof node.value === 'string' ? JSON.stringify(node.value).replaceAll('"', "'") : String(node.value);
    case 'GStringExpression':
      return `\`${node.parts.map((part) => (part.kind === 'GStringText' ? part.value.replaceAll('\n', '⏎') : `\${${show(part.expression)}}`)).join('')}\``;
    case 'VariableExpression':
      return node.name;
    case 'PropertyExpression':
      return `${show(node.object)}${node.spread ? '*' : node.safe ? '?' : ''}.${nameOf(node.property)}`;
    case 'MethodCallExpression': {
      const receiver = node.object === null ? '' : `${show(node.object)}${node.spread ? '*' : node.safe ? '?' : ''}.`;
      const name = 'name' in node.method && node.method.start === node.method.end ? '<call>' : nameOf(node.method);
      return `${receiver}${name}${node.command ? '~' : ''}(${node.arguments.map(argument).join(', ')})`;
    }
    case 'IndexExpression':
      return `${show(node.object)}${node.safe ? '?' : ''}[${show(node.index)}]`;
    case 'ListExpression':
      return `[${node.elements.map(show).join(', ')}]`;
    case 'MapExpression':
      return `{${node.entries.map((one) => `${one.key === null ? '*' : show(one.key)}: ${show(one.value)}`).join(', ')}}`;
    case 'ClosureExpression':
      return `{${node.parameters === null ? '' : `${node.parameters.map(parameter).join(', ')} -> `}${list(node.body)}}`;
    case 'BinaryExpression':
      return `(${show(node.left)} ${node.operator} ${show(node.right)})`;
    case 'AssignmentExpression':
      return `${show(node.target)} ${node.operator} ${show(node.value)}`;
    case 'TupleExpression':
      return `tuple<${node.elements.map(show).join(', ')}>`;
    case 'UnaryExpression':
      return node.postfix ? `(${show(node.operand)}${node.operator})` : `(${node.operator}${show(node.operand)})`;
    case 'TernaryExpression':
      return `(${show(node.condition)} ? ${show(node.whenTrue)} : ${show(node.whenFalse)})`;
    case 'ElvisExpression':
      return `(${show(node.value)} ?: ${show(node.whenFalse)})`;
    case 'CastExpression':
      return node.coercion ? `(${show(node.expression)} as ${type(node.type)})` : `((${type(node.type)}) ${show(node.expression)})`;
    case 'NewExpression':
      return `new ${type(node.type)}(${node.arguments.map(argument).join(', ')})`;
    case 'MethodPointerExpression':
      return `${show(node.object)}.&${nameOf(node.method)}`;
    case 'SpreadExpression':
      return `*${show(node.expression)}`;
    case 'TypeExpression':
      return `<${type(node.type)}>`;
    case 'OpaqueNode':
      return `opaque(${node.reason})`;
    case 'IncompleteNode':
      return '???';
    case 'ExpressionStatement':
      return show(node.expression);
    case 'DeclarationStatement': {
      const names = node.declarations.map(declaration).join(', ');
      return node.tuple ? `def (${names})${node.value === null ? '' : ` = ${show(node.value)}`}` : `def ${names}`;
    }
    case 'IfStatement':
      return `if ${show(node.condition)} ${show(node.thenBranch)}${node.elseBranch === null ? '' : ` else ${show(node.elseBranch)}`}`;
    case 'BlockStatement':
      return `{${list(node.statements)}}`;
    case 'LabeledStatement':
      return `@${node.label.name} ${show(node.statement)}`;
    case 'ReturnStatement':
      return node.value === null ? 'return' : `return ${show(node.value)}`;
    case 'ThrowStatement':
      return `throw ${show(node.value)}`;
    case 'AssertStatement':
      return `assert ${show(node.condition)}${node.message === null ? '' : ` : ${show(node.message)}`}`;
    case 'ForInStatement':
      return `for ${node.variable.name} in ${show(node.iterable)} ${show(node.body)}`;
    case 'ForStatement':
      return `for [${list(node.init)}] [${node.condition === null ? '' : show(node.condition)}] [${node.update.map(show).join(', ')}] ${show(node.body)}`;
    case 'WhileStatement':
      return node.bodyFirst ? `do ${show(node.body)} while ${show(node.condition)}` : `while ${show(node.condition)} ${show(node.body)}`;
    case 'SwitchStatement':
      return `switch ${show(node.value)} {${node.cases.map((one) => `${one.test === null ? 'default' : show(one.test)}: ${list(one.body)}`).join(' | ')}}`;
    case 'TryStatement': {
      const catches = node.catches.map((one) => ` catch ${one.variable?.name} ${show(one.body)}`).join('');
      return `try ${show(node.body)}${catches}${node.finallyBlock === null ? '' : ` finally ${show(node.finallyBlock)}`}`;
    }
    case 'JumpStatement':
      return node.jump;
    case 'ImportStatement':
      return `import ${node.isStatic ? 'static ' : ''}${node.name}`;
    case 'IncludeNode': {
      const entries =
        node.entries === null
          ? '*'
          : node.entries.map((one) => one.name.name + (one.alias === null ? '' : ` as ${one.alias.name}`)).join(', ');
      const added = node.addParams === null ? '' : ` addParams(${node.addParams.map(argument).join(', ')})`;
      return `include ${entries} from ${show(node.source)}${added}${node.params === null ? '' : ` params(${node.params.map(argument).join(', ')})`}`;
    }
    case 'ProcessNode': {
      const sections =
        section('', node.directives) +
        section('input', node.inputs) +
        section('stage', node.stage) +
        section('output', node.outputs) +
        section('topic', node.topics);
      const when = node.when === null ? '' : ` when: ${show(node.when)}`;
      const script = node.script === null ? '' : ` ${node.script.section}: ${list(node.script.statements)}`;
      return `process ${node.name.name}${sections}${when}${script}${node.stub === null ? '' : ` stub: ${list(node.stub)}`}`;
    }
    case 'WorkflowNode': {
      const sections =
        section('take', node.takes) + section('main', node.main) + section('emit', node.emits) + section('publish', node.publishers);
      const complete = node.onComplete === null ? '' : ` onComplete: ${list(node.onComplete)}`;
      return `workflow ${node.name === null ? '-' : node.name.name}${sections}${complete}${node.onError === null ? '' : ` onError: ${list(node.onError)}`}`;
    }
    case 'FunctionNode':
      return `${node.isStatic ? 'static ' : ''}function ${node.name.name}(${node.parameters.map(parameter).join(', ')}) {${list(node.body)}}`;
    case 'ClassNode': {
      const fields = node.fields.map(
        (one) => `${one.isStatic ? 'static ' : ''}${one.name.name}${one.value === null ? '' : ` = ${show(one.value)}`}`,
      );
      const parts = [...fields, ...node.methods.map(show), ...node.classes.map(show)].join(' ; ');
      return `class ${node.name.name}${node.superclass === null ? '' : ` extends ${type(node.superclass)}`} {${parts}}`;
    }
    case 'EnumNode':
      return `enum ${node.name.name} {${node.constants.map((one) => one.name).join(', ')}}`;
    case 'RecordNode':
      return `record ${node.name.name} {${node.fields.map(declaration).join(', ')}}`;
    case 'ParamBlockNode':
      return `params {${node.params.map(declaration).join(', ')}}`;
    case 'OutputBlockNode':
      return `output {${node.outputs.map((one) => `${one.name.name}${one.type === null ? '' : `: ${type(one.type)}`} {${list(one.body)}}`).join(' ; ')}}`;
    case 'ScriptNode':
      return list(node.statements);
  }
}

function list(statements: readonly Statement[]): string {
  return statements.map(show).join(' ; ');
}

function section(name: string, statements: readonly Statement[]): string {
  if (statements.length === 0) return '';
  return name === '' ? ` [${list(statements)}]` : ` ${name}: ${list(statements)}`;
}

function argument(one: Argument): string {
  if (one.key === null) return show(one.value);
  return one.key.kind === 'SpreadExpression' ? `*: ${show(one.value)}` : `${show(one.key)}: ${show(one.value)}`;
}

function parameter(one: Parameter): string {
  const typed = one.type === null ? '' : `${type(one.type)} `;
  return `${typed}${one.varargs ? '...' : ''}${one.name.name}${one.defaultValue === null ? '' : ` = ${show(one.defaultValue)}`}`;
}

function declaration(one: VariableDeclaration): string {
  return `${one.type === null ? '' : `${type(one.type)} `}${one.name.name}${one.value === null ? '' : ` = ${show(one.value)}`}`;
}

function type(one: TypeNode): string {
  return one.text;
}

function nameOf(name: Identifier | Expression): string {
  return 'kind' in name ? `(${show(name)})` : name.name;
}
