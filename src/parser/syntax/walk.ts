import type { Argument, MethodCallExpression, Node, Statement } from './nodes.ts';

/**
 * The nodes directly below a node, in the order of the text. What is no node of its own (arguments, map entries,
 * parameters, cases, fields) is looked through; names and types are not nodes.
 */
export function childrenOf(node: Node): Node[] {
  switch (node.kind) {
    case 'ConstantExpression':
    case 'VariableExpression':
    case 'TypeExpression':
    case 'OpaqueNode':
    case 'IncompleteNode':
    case 'JumpStatement':
    case 'ImportStatement':
    case 'EnumNode':
      return [];
    case 'GStringExpression': {
      const list: Node[] = [];
      for (const part of node.parts) if (part.kind === 'GStringValue') list.push(part.expression);
      return list;
    }
    case 'PropertyExpression':
      return 'kind' in node.property ? [node.object, node.property] : [node.object];
    case 'MethodCallExpression':
      return callChildren(node);
    case 'IndexExpression':
      return [node.object, node.index];
    case 'ListExpression':
    case 'TupleExpression':
      return [...node.elements];
    case 'MapExpression': {
      const list: Node[] = [];
      for (const entry of node.entries) {
        if (entry.key !== null) list.push(entry.key);
        list.push(entry.value);
      }
      return list;
    }
    case 'ClosureExpression': {
      const list: Node[] = [];
      if (node.parameters !== null) {
        for (const parameter of node.parameters) if (parameter.defaultValue !== null) list.push(parameter.defaultValue);
      }
      for (const statement of node.body) list.push(statement);
      return list;
    }
    case 'BinaryExpression':
      return [node.left, node.right];
    case 'AssignmentExpression':
      return [node.target, node.value];
    case 'UnaryExpression':
      return [node.operand];
    case 'TernaryExpression':
      return [node.condition, node.whenTrue, node.whenFalse];
    case 'ElvisExpression':
      return [node.value, node.whenFalse];
    case 'CastExpression':
    case 'SpreadExpression':
    case 'ExpressionStatement':
      return [node.expression];
    case 'NewExpression': {
      const list: Node[] = [];
      pushArguments(list, node.arguments);
      return list;
    }
    case 'MethodPointerExpression':
      return 'kind' in node.method ? [node.object, node.method] : [node.object];
    case 'DeclarationStatement': {
      const list: Node[] = [];
      for (const declaration of node.declarations) if (declaration.value !== null) list.push(declaration.value);
      if (node.value !== null) list.push(node.value);
      return list;
    }
    case 'IfStatement':
      return node.elseBranch === null ? [node.condition, node.thenBranch] : [node.condition, node.thenBranch, node.elseBranch];
    case 'BlockStatement':
    case 'ScriptNode':
      return [...node.statements];
    case 'LabeledStatement':
      return [node.statement];
    case 'ReturnStatement':
      return node.value === null ? [] : [node.value];
    case 'ThrowStatement':
      return [node.value];
    case 'AssertStatement':
      return node.message === null ? [node.condition] : [node.condition, node.message];
    case 'ForInStatement':
      return [node.iterable, node.body];
    case 'ForStatement': {
      const list: Node[] = [...node.init];
      if (node.condition !== null) list.push(node.condition);
      list.push(...node.update, node.body);
      return list;
    }
    case 'WhileStatement':
      return node.bodyFirst ? [node.body, node.condition] : [node.condition, node.body];
    case 'SwitchStatement': {
      const list: Node[] = [node.value];
      for (const one of node.cases) {
        if (one.test !== null) list.push(one.test);
        for (const statement of one.body) list.push(statement);
      }
      return list;
    }
    case 'TryStatement': {
      const list: Node[] = [node.body];
      for (const clause of node.catches) list.push(clause.body);
      if (node.finallyBlock !== null) list.push(node.finallyBlock);
      return list;
    }
    case 'IncludeNode': {
      const list: Node[] = [node.source];
      if (node.addParams !== null) pushArguments(list, node.addParams);
      if (node.params !== null) pushArguments(list, node.params);
      return list.sort(byStart);
    }
    case 'ProcessNode': {
      const list: Node[] = [...node.directives, ...node.inputs, ...node.stage, ...node.outputs, ...node.topics];
      if (node.when !== null) list.push(node.when);
      if (node.script !== null) for (const statement of node.script.statements) list.push(statement);
      if (node.stub !== null) for (const statement of node.stub) list.push(statement);
      return list.sort(byStart);
    }
    case 'WorkflowNode': {
      const list: Node[] = [...node.takes, ...node.main, ...node.emits, ...node.publishers];
      if (node.onComplete !== null) for (const statement of node.onComplete) list.push(statement);
      if (node.onError !== null) for (const statement of node.onError) list.push(statement);
      return list.sort(byStart);
    }
    case 'FunctionNode': {
      const list: Node[] = [];
      for (const parameter of node.parameters) if (parameter.defaultValue !== null) list.push(parameter.defaultValue);
      for (const statement of node.body) list.push(statement);
      return list;
    }
    case 'ClassNode': {
      const list: Node[] = [...node.methods, ...node.classes];
      for (const field of node.fields) if (field.value !== null) list.push(field.value);
      return list.sort(byStart);
    }
    case 'RecordNode':
    case 'ParamBlockNode': {
      const list: Node[] = [];
      for (const entry of node.kind === 'RecordNode' ? node.fields : node.params) if (entry.value !== null) list.push(entry.value);
      return list;
    }
    case 'OutputBlockNode': {
      const list: Node[] = [];
      for (const output of node.outputs) for (const statement of output.body) list.push(statement);
      return list;
    }
  }
}

/**
 * Calls `visit` for the node and all below it, parents first, in the order of the text. When `visit` returns false, what
 * is below that node is left out. A loop, since chains of operators make deep trees.
 */
export function walk(node: Node, visit: (node: Node) => unknown): void {
  const open: Node[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (visit(next) === false) continue;
    const children = childrenOf(next);
    for (let index = children.length - 1; index >= 0; index--) open.push(children[index]!);
  }
}

function callChildren(node: MethodCallExpression): Node[] {
  const list: Node[] = [];
  if (node.object !== null) list.push(node.object);
  if ('kind' in node.method) list.push(node.method);
  pushArguments(list, node.arguments);
  return list;
}

function pushArguments(list: Node[], given: readonly Argument[]): void {
  for (const argument of given) {
    // the key of `*: map` holds the map, which is the value
    if (argument.key !== null && argument.key.kind !== 'SpreadExpression') list.push(argument.key);
    list.push(argument.value);
  }
}

function byStart(left: Node | Statement, right: Node | Statement): number {
  return left.start - right.start;
}
