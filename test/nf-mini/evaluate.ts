/** Groovy as closures of workflows use it, on concrete values. What is not known throws a RunError that says what it was. */
import type { Argument, ClosureExpression, Expression, Statement } from '../../src/parser/syntax/nodes.ts';
import { callMethod, readProperty } from './methods.ts';
import { Scope } from './scope.ts';
import {
  Builtin,
  Closure,
  compare,
  display,
  HostObject,
  javaEquals,
  MapValue,
  PathValue,
  plain,
  RunError,
  truthy,
  type Value,
} from './values.ts';

export interface Arguments {
  readonly values: readonly Value[];
  /** Groovy gathers named arguments in a map that comes first. */
  readonly named: MapValue | undefined;
}

/** What a workflow's names mean: channels, operators, processes. */
export interface Host {
  call(name: string, args: Arguments, at: Expression, scope: Scope): Value;
  method(object: HostObject, name: string, args: Arguments, at: Expression, scope: Scope): Value;
  property(object: HostObject, name: string, at: Expression, scope: Scope): Value;
  /** `x | y` and `a & b` where they stand between channels, processes and operators; undefined where they are arithmetic. */
  pipe(operator: '|' | '&', left: Expression, right: Expression, scope: Scope): Value | undefined;
}

/** How a list of statements ended. */
export interface Outcome {
  readonly value: Value;
  readonly returned: boolean;
}

export class Evaluator {
  readonly host: Host;
  constructor(host: Host) {
    this.host = host;
  }

  // -------------------------------------------------------------------------------------------------- statements

  run(statements: readonly Statement[], scope: Scope): Outcome {
    let value: Value = null;
    for (const statement of statements) {
      const outcome = this.statement(statement, scope);
      if (outcome.returned) return outcome;
      value = outcome.value;
    }
    return { value, returned: false };
  }

  statement(statement: Statement, scope: Scope): Outcome {
    switch (statement.kind) {
      case 'ExpressionStatement':
        return { value: this.evaluate(statement.expression, scope), returned: false };
      case 'DeclarationStatement': {
        if (statement.tuple) {
          const values = listOf(statement.value === null ? null : this.evaluate(statement.value, scope));
          statement.declarations.forEach((one, at) => {
            scope.declare(one.name.name, values[at] ?? null);
          });
        } else
          for (const one of statement.declarations)
            scope.declare(one.name.name, one.value === null ? null : this.evaluate(one.value, scope));
        return { value: null, returned: false };
      }
      case 'IfStatement':
        if (truthy(this.evaluate(statement.condition, scope))) return this.statement(statement.thenBranch, scope);
        return statement.elseBranch === null ? { value: null, returned: false } : this.statement(statement.elseBranch, scope);
      case 'BlockStatement':
        return this.run(statement.statements, new Scope(scope));
      case 'ReturnStatement':
        return { value: statement.value === null ? null : this.evaluate(statement.value, scope), returned: true };
      case 'LabeledStatement':
        return this.statement(statement.statement, scope);
      case 'ForInStatement': {
        for (const item of iterate(this.evaluate(statement.iterable, scope))) {
          const inner = new Scope(scope);
          inner.declare(statement.variable.name, item);
          const outcome = this.statement(statement.body, inner);
          if (outcome.returned) return outcome;
        }
        return { value: null, returned: false };
      }
      case 'AssertStatement':
        if (!truthy(this.evaluate(statement.condition, scope))) throw new RunError('an assertion failed');
        return { value: null, returned: false };
      case 'ThrowStatement':
        throw new RunError(`thrown: ${display(this.evaluate(statement.value, scope))}`);
      default:
        throw new RunError(`${statement.kind} is not known`);
    }
  }

  // -------------------------------------------------------------------------------------------------- closures

  /** Calls a closure as Groovy does: one list for several parameters is taken apart. */
  invoke(callee: Value, args: readonly Value[], named?: MapValue): Value {
    if (callee instanceof Builtin) return callee.call(args, named);
    if (!(callee instanceof Closure)) throw new RunError(`${display(callee)} is called, but is no closure`);
    return this.run(callee.node.body, this.bind(callee, named === undefined ? args : [named, ...args])).value;
  }

  bind({ node, scope }: Closure, args: readonly Value[]): Scope {
    const inner = new Scope(scope);
    if (node.parameters === null) {
      inner.declare('it', args.length > 1 ? [...args] : (args[0] ?? null));
      return inner;
    }
    const { parameters } = node;
    const only = args[0];
    const values = parameters.length > 1 && args.length === 1 && Array.isArray(only) ? only : args;
    const required = parameters.filter((one) => one.defaultValue === null).length;
    // A closure of one parameter may be called with none (null); else Groovy finds no method.
    if (values.length > parameters.length || (values.length < required && !(parameters.length === 1 && values.length === 0)))
      throw new RunError(`a closure of ${parameters.length} parameters is given ${values.length}: ${display([...values])}`);
    parameters.forEach((parameter, at) => {
      const value = values[at];
      inner.declare(
        parameter.name.name,
        value !== undefined ? value : parameter.defaultValue === null ? null : this.evaluate(parameter.defaultValue, inner),
      );
    });
    return inner;
  }

  arity(callee: Value): number {
    return callee instanceof Closure ? (callee.node.parameters?.length ?? 1) : 1;
  }

  closure(node: ClosureExpression, scope: Scope): Closure {
    return new Closure(node, scope);
  }

  // -------------------------------------------------------------------------------------------------- expressions

  evaluate(expression: Expression, scope: Scope): Value {
    switch (expression.kind) {
      case 'ConstantExpression':
        return expression.value;
      case 'GStringExpression':
        return expression.parts
          .map((part) => (part.kind === 'GStringText' ? part.value : display(this.evaluate(part.expression, scope))))
          .join('');
      case 'VariableExpression': {
        const value = scope.lookup(expression.name);
        if (value === undefined) throw new RunError(`there is no \`${expression.name}\``);
        return value;
      }
      case 'PropertyExpression': {
        const object = this.evaluate(expression.object, scope);
        const name = 'kind' in expression.property ? display(this.evaluate(expression.property, scope)) : expression.property.name;
        if (expression.spread) return iterate(object).map((one) => this.property(one, name, true, expression, scope));
        return this.property(object, name, expression.safe, expression, scope);
      }
      case 'MethodCallExpression':
        return this.#call(expression, scope);
      case 'IndexExpression':
        return index(this.evaluate(expression.object, scope), this.evaluate(expression.index, scope), expression.safe);
      case 'ListExpression':
        return expression.elements.flatMap((element) =>
          element.kind === 'SpreadExpression' ? iterate(this.evaluate(element.expression, scope)) : [this.evaluate(element, scope)],
        );
      case 'MapExpression': {
        const map = new MapValue();
        for (const entry of expression.entries) {
          const value = this.evaluate(entry.value, scope);
          if (entry.key !== null) map.set(this.evaluate(entry.key, scope), value);
          else if (value instanceof MapValue) for (const [key, one] of value.pairs()) map.set(key, one);
        }
        return map;
      }
      case 'ClosureExpression':
        return this.closure(expression, scope);
      case 'BinaryExpression':
        return this.#binary(expression.operator, expression.left, expression.right, scope);
      case 'AssignmentExpression':
        return this.#assign(expression.operator, expression.target, expression.value, scope);
      case 'UnaryExpression': {
        const value = this.evaluate(expression.operand, scope);
        if (expression.operator === '!') return !truthy(value);
        if (expression.operator === '-' && typeof value === 'number') return -value;
        if (expression.operator === '+') return value;
        throw new RunError(`${expression.operator} is not known here`);
      }
      case 'TernaryExpression':
        return this.evaluate(truthy(this.evaluate(expression.condition, scope)) ? expression.whenTrue : expression.whenFalse, scope);
      case 'ElvisExpression': {
        const value = this.evaluate(expression.value, scope);
        return truthy(value) ? value : this.evaluate(expression.whenFalse, scope);
      }
      case 'CastExpression':
        return cast(this.evaluate(expression.expression, scope), expression.type.name);
      case 'SpreadExpression':
        return this.evaluate(expression.expression, scope);
      default:
        throw new RunError(`${expression.kind} is not known`);
    }
  }

  arguments(nodes: readonly Argument[], scope: Scope): Arguments {
    const values: Value[] = [];
    let named: MapValue | undefined;
    for (const { key, value } of nodes) {
      if (key === null) {
        if (value.kind === 'SpreadExpression') values.push(...iterate(this.evaluate(value.expression, scope)));
        else values.push(this.evaluate(value, scope));
        continue;
      }
      named ??= new MapValue();
      named.set(this.evaluate(key, scope), this.evaluate(value, scope));
    }
    return { values, named };
  }

  #call(expression: Extract<Expression, { kind: 'MethodCallExpression' }>, scope: Scope): Value {
    const name = 'kind' in expression.method ? display(this.evaluate(expression.method, scope)) : expression.method.name;
    if (expression.object === null) {
      const args = this.arguments(expression.arguments, scope);
      const local = scope.lookup(name);
      if (local instanceof Closure || local instanceof Builtin) return this.invoke(local, args.values, args.named);
      return this.host.call(name, args, expression, scope);
    }
    const object = this.evaluate(expression.object, scope);
    const args = this.arguments(expression.arguments, scope);
    if (expression.spread) return iterate(object).map((one) => this.method(one, name, args, expression, scope));
    if (object === null && expression.safe) return null;
    return this.method(object, name, args, expression, scope);
  }

  method(object: Value, name: string, args: Arguments, at: Expression, scope: Scope): Value {
    if ((object instanceof Closure || object instanceof Builtin) && name === 'call') return this.invoke(object, args.values, args.named);
    if (object instanceof HostObject) {
      const known = callMethod(object, name, args, this);
      return known === undefined ? this.host.method(object, name, args, at, scope) : known;
    }
    const value = callMethod(object, name, args, this);
    if (value === undefined) throw new RunError(`${display(object)} has no method ${name}`);
    return value;
  }

  property(object: Value, name: string, safe: boolean, at: Expression, scope: Scope): Value {
    if (object === null) {
      if (safe) return null;
      throw new RunError(`.${name} of null`);
    }
    const known = readProperty(object, name);
    if (known !== undefined) return known;
    if (object instanceof HostObject) return this.host.property(object, name, at, scope);
    throw new RunError(`${display(object)} has no property ${name}`);
  }

  #binary(operator: string, left: Expression, right: Expression, scope: Scope): Value {
    if (operator === '&&') return truthy(this.evaluate(left, scope)) && truthy(this.evaluate(right, scope));
    if (operator === '||') return truthy(this.evaluate(left, scope)) || truthy(this.evaluate(right, scope));
    if (operator === '|' || operator === '&') {
      const piped = this.host.pipe(operator, left, right, scope);
      if (piped !== undefined) return piped;
    }
    if (operator === 'instanceof' || operator === '!instanceof') {
      const is = instanceOf(this.evaluate(left, scope), right.kind === 'TypeExpression' ? right.type.name : 'Object');
      return operator === 'instanceof' ? is : !is;
    }
    return binary(operator, this.evaluate(left, scope), this.evaluate(right, scope));
  }

  #assign(operator: string, target: Expression, valueNode: Expression, scope: Scope): Value {
    let value = this.evaluate(valueNode, scope);
    if (operator !== '=') value = binary(operator.slice(0, -1), this.evaluate(target, scope), value);
    if (target.kind === 'TupleExpression') {
      const host =
        value instanceof HostObject ? this.host.method(value, '(parts)', { values: [], named: undefined }, valueNode, scope) : value;
      const values = listOf(host);
      target.elements.forEach((element, at) => {
        if (element.kind === 'VariableExpression') scope.assign(element.name, values[at] ?? null);
      });
    } else if (target.kind === 'VariableExpression') scope.assign(target.name, value);
    else if (target.kind === 'PropertyExpression' || target.kind === 'IndexExpression') {
      const object = this.evaluate(target.object, scope);
      const key =
        target.kind === 'IndexExpression'
          ? this.evaluate(target.index, scope)
          : 'kind' in target.property
            ? this.evaluate(target.property, scope)
            : target.property.name;
      if (object instanceof MapValue) object.set(key, value);
      else if (Array.isArray(object) && typeof key === 'number') object[key] = value;
      else throw new RunError(`cannot set ${display(key)} of ${display(object)}`);
    } else throw new RunError(`cannot assign to a ${target.kind}`);
    return value;
  }
}

export function iterate(value: Value): Value[] {
  if (value === null) return [];
  if (Array.isArray(value)) return value;
  if (value instanceof MapValue) return value.pairs().map(([key, one]) => MapValue.of({ key, value: one }));
  return [value];
}

function listOf(value: Value): Value[] {
  if (!Array.isArray(value)) throw new RunError(`${display(value)} is taken apart, but is no list`);
  return value;
}

function index(object: Value, at: Value, safe: boolean): Value {
  if (object === null) {
    if (safe) return null;
    throw new RunError('an index of null');
  }
  if (Array.isArray(at)) return Array.isArray(object) ? at.map((one) => index(object, one, safe)) : null;
  if (Array.isArray(object) && typeof at === 'number') return object[at < 0 ? object.length + at : at] ?? null;
  if (typeof object === 'string' && typeof at === 'number') return object.at(at) ?? null;
  const known = plain(object);
  if (known instanceof MapValue) return known.get(at);
  const property = typeof at === 'string' ? readProperty(object, at) : undefined;
  if (property !== undefined) return property;
  if (object instanceof HostObject && 'elementAt' in object && typeof object.elementAt === 'function' && typeof at === 'number')
    return object.elementAt(at) as Value;
  throw new RunError(`${display(object)} has no element ${display(at)}`);
}

function binary(operator: string, leftValue: Value, rightValue: Value): Value {
  switch (operator) {
    case '==':
      return groovyEquals(leftValue, rightValue);
    case '!=':
      return !groovyEquals(leftValue, rightValue);
    case '===':
      return leftValue === rightValue;
    case '!==':
      return leftValue !== rightValue;
  }
  // Operators of a GroupKey are methods of its target (methodMissing).
  const [left, right] = [plain(leftValue), rightValue];
  const numbers = typeof left === 'number' && typeof right === 'number';
  switch (operator) {
    case '+':
      if (numbers) return left + right;
      if (Array.isArray(left)) return [...left, ...(Array.isArray(right) ? right : [right])];
      if (left instanceof MapValue && plain(right) instanceof MapValue)
        return new MapValue([...left.pairs(), ...(plain(right) as MapValue).pairs()]);
      if (typeof left === 'string' || typeof right === 'string') return display(left) + display(right);
      break;
    case '-':
      if (numbers) return left - right;
      if (Array.isArray(left)) {
        const out = Array.isArray(right) ? right : [right];
        return left.filter((one) => !out.some((other) => groovyEquals(one, other)));
      }
      if (left instanceof MapValue && right instanceof MapValue)
        return new MapValue(left.pairs().filter(([key, value]) => !(right.has(key) && groovyEquals(right.get(key), value))));
      if (typeof left === 'string') return left.replace(display(right), '');
      break;
    case '*':
      if (numbers) return left * right;
      if (Array.isArray(left) && typeof right === 'number') return Array.from({ length: right }, () => left).flat();
      if (typeof left === 'string' && typeof right === 'number') return left.repeat(right);
      break;
    case '/':
      if (numbers) return left / right;
      break;
    case '%':
      if (numbers) return left % right;
      break;
    case '**':
      if (numbers) return left ** right;
      break;
    case '<':
      return compare(left, right) < 0;
    case '>':
      return compare(left, right) > 0;
    case '<=':
      return compare(left, right) <= 0;
    case '>=':
      return compare(left, right) >= 0;
    case '<=>':
      return Math.sign(compare(left, right));
    case 'in':
      return within(left, right);
    case '!in':
      return !within(left, right);
    case '..':
      if (numbers)
        return Array.from({ length: Math.abs(right - left) + 1 }, (_, at) => (right >= left ? left + at : left - at)) satisfies Value[];
      break;
    case '..<':
      if (numbers) return Array.from({ length: Math.max(0, right - left) }, (_, at) => left + at) satisfies Value[];
      break;
    case '<<':
      if (Array.isArray(left)) {
        left.push(right);
        return left;
      }
      break;
    case '=~':
      return new RegExp(display(right)).test(display(left));
    case '==~':
      return new RegExp(`^(?:${display(right)})$`).test(display(left));
    case '|':
      if (numbers) return left | right;
      break;
    case '&':
      if (numbers) return left & right;
      break;
  }
  throw new RunError(`${display(left)} ${operator} ${display(right)} is not known`);
}

/** Groovy's `==`: numbers by value, else `equals` of the left side. */
export function groovyEquals(left: Value, right: Value): boolean {
  if (left === null || right === null) return left === right;
  return javaEquals(left, right);
}

function within(left: Value, right: Value): boolean {
  if (Array.isArray(right)) return right.some((one) => groovyEquals(one, left));
  if (right instanceof MapValue) return right.has(left);
  throw new RunError(`\`in\` ${display(right)} is not known`);
}

function cast(value: Value, type: string): Value {
  switch (type) {
    case 'int':
    case 'Integer':
    case 'long':
    case 'Long': {
      const number = Math.trunc(Number(display(value)));
      if (Number.isNaN(number)) throw new RunError(`${display(value)} is no whole number`);
      return number;
    }
    case 'float':
    case 'Float':
    case 'double':
    case 'Double':
      return Number(display(value));
    case 'String':
      return value === null ? null : display(value);
    case 'boolean':
    case 'Boolean':
      return truthy(value);
    case 'List':
      return Array.isArray(value) ? value : [value];
    case 'Set': {
      const list = iterate(value);
      return list.filter((one, at) => list.findIndex((other) => groovyEquals(one, other)) === at);
    }
    default:
      return value;
  }
}

function instanceOf(value: Value, type: string): boolean {
  const simple = type.slice(type.lastIndexOf('.') + 1);
  switch (simple) {
    case 'List':
    case 'Collection':
    case 'ArrayList':
      return Array.isArray(value);
    case 'Map':
    case 'LinkedHashMap':
      return value instanceof MapValue;
    case 'Path':
      return value instanceof PathValue;
    case 'String':
    case 'CharSequence':
      return typeof value === 'string';
    case 'Integer':
    case 'Number':
      return typeof value === 'number';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Object':
      return value !== null;
    default:
      throw new RunError(`instanceof ${type} is not known`);
  }
}
