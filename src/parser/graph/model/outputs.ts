/** What the tasks of a call give: `val` is evaluated with the inputs that the task has, a file is a part of its own. */
import { Scope } from '../../evaluate/scope.ts';
import { isUnknown, ListValue, type Value } from '../../evaluate/value.ts';
import type { Expression, ProcessNode } from '../../syntax/nodes.ts';
import { kindOf } from '../channel-graph.ts';
import { type DeclaredElement, declaredElements, mayBeSeveral } from '../declared-elements.ts';
import type { CallNode } from '../process-graph.ts';
import { outputNumber, signatureOf } from '../process-io.ts';
import type { ChannelModel } from './channel-model.ts';
import { perhaps } from './dependences.ts';
import { ItemValue, marksOf } from './item-value.ts';
import type { Flow, Summand } from './shapes.ts';
import { namedAfter } from './whence.ts';

export function outputFlow(model: ChannelModel, node: CallNode, port: string | number | undefined): Flow {
  const { call } = node;
  const tasks = model.tasksOf(call);
  const { outputs } = signatureOf(call.process);
  const at = outputNumber(call.process, port);
  const output = outputs[at];
  const several = call.process.outputs.length > 1;
  const name = typeof port === 'string' ? port : several ? String(port ?? 0) : '';
  const fair = model.isFair(node);
  const summands = tasks.summands.map((task, row): Summand => {
    // Tasks of another kind have files of their own.
    const kind = row === 0 ? '' : `#${row}`;
    const own = new Map([[call, { tied: new Set(task.index) }]]);
    const leaf = (part: number, shown: string, many: boolean): ItemValue =>
      ItemValue.of(`${call.id}${kind}>${name}.${part}`, task.index, shown, true, many, [{ call, output: at, element: part }]);
    let index = task.index;
    let item: Value = leaf(0, '', false);
    if (output !== undefined) {
      const { tuple, elements } = declaredElements(output.statement);
      const values = elements.map((element, part) =>
        valueOfElement(
          model,
          node,
          element,
          tasks.bindings[row] ?? new Map(),
          leaf(part, patternOf(element.expression), mayBeSeveral(element)),
        ),
      );
      if (tuple) item = new ListValue(values);
      else if (values.length > 0) item = values[0] as Value;
    }
    // Each of several files is an item of its own.
    if (output?.flattened === true && item instanceof ItemValue && item.mark.several) {
      const over = model.dimensions.element(
        node,
        task.index,
        namedAfter('files', typeof port === 'string' ? `${call.name}.${port}` : call.name),
        undefined,
        port,
      );
      index = model.dimensions.reduced([...task.index, over]);
      item = ItemValue.of(`${call.id}>${name}[]`, index, '', true, false, [{ call, output: at, element: 0 }]);
    }
    return {
      index,
      selections: task.selections,
      exactness: task.exactness,
      fewer: task.fewer || output?.optional === true,
      optional: output?.optional === true ? new Map([...task.optional, [call, at]]) : task.optional,
      unsure: task.unsure,
      item,
      data: own,
      // With `fair` what ends early is held back for tasks that were begun before it.
      waits: fair ? perhaps(model.upstreamOf([call])) : own,
    };
  });
  return { kind: kindOf({ node, port }), summands, closes: new Set([call]), opaque: tasks.opaque };
}

function valueOfElement(
  model: ChannelModel,
  node: CallNode,
  element: DeclaredElement,
  bound: ReadonlyMap<string, Value>,
  leaf: ItemValue,
): Value {
  const { expression, qualifier } = element;
  const name = expression.kind === 'VariableExpression' ? expression.name : undefined;
  // A file that is only handed on counts as made here: whether it is, its script tells.
  if (qualifier === 'path') return leaf;
  if (qualifier !== 'val') return leaf;
  const given = name === undefined ? undefined : bound.get(name);
  if (given !== undefined) return given;
  const made = name === undefined ? expression : assignedTo(name, node.call.process);
  if (made === undefined) return leaf;
  if (made.kind === 'ConstantExpression') return made.value;
  const { code } = model.graph;
  const value = code.aside((interpreter) => {
    const frame = code.frameOf(node.call);
    const scope = new Scope(frame.scope);
    for (const [key, one] of bound) scope.variables.set(key, one);
    return interpreter.evaluate(made, { ...frame, scope, kind: 'function' });
  });
  // Made by the script's own code, or of what the task is: another for each task.
  return isUnknown(value) && marksOf(value).size === 0 ? leaf : value;
}

/** What a script says once of a name, before its commands: `sub_meta = [id: meta.id]`. */
function assignedTo(name: string, { script }: ProcessNode): Expression | undefined {
  const values = (script?.statements ?? []).flatMap((statement) => {
    if (statement.kind === 'DeclarationStatement')
      return statement.declarations.filter((one) => one.name.name === name).map(({ value }) => value);
    const assignment = statement.kind === 'ExpressionStatement' ? statement.expression : undefined;
    const isIt =
      assignment?.kind === 'AssignmentExpression' && assignment.target.kind === 'VariableExpression' && assignment.target.name === name;
    return isIt ? [assignment.operator === '=' ? assignment.value : null] : [];
  });
  return values.length === 1 ? (values[0] ?? undefined) : undefined;
}

/** What a file is called, for people. */
function patternOf(expression: Expression): string {
  if (expression.kind === 'ConstantExpression') return String(expression.value).slice(0, 40);
  return expression.kind === 'VariableExpression' ? expression.name : '';
}
