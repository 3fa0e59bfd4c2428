/** Faults of putting channels together: crossing, pairing by arrival, keys that never meet, a queue for a value. */
import type { Expression, MethodCallExpression, WorkflowNode } from '../../../src/parser/syntax/nodes.ts';
import { walk } from '../../../src/parser/syntax/walk.ts';
import type { TextRange } from '../../../src/source/source-file.ts';
import { Edits } from '../edits.ts';
import { definition, isPerItem, type Kind, label, type Mutation, whole } from '../kind.ts';
import type { CallSource, ChannelSource, OperatorSource, SourceModel } from '../source-model.ts';

/** `A.join(B.out.y)` on the first field: the join, and the line of outputs that its argument is. */
interface JoinSite {
  readonly join: OperatorSource;
  readonly argument: TextRange;
  readonly right: { readonly call: CallSource; readonly output: ChannelSource };
  readonly site: string;
}

function joins(model: SourceModel): JoinSite[] {
  return model.operators.flatMap((join) => {
    const [argument] = join.node.arguments;
    if (join.name !== 'join' || join.node.arguments.length !== 1 || argument === undefined || argument.key !== null) return [];
    const right = model.outputOf(argument.value, join.workflow);
    if (
      right === undefined ||
      !right.output.tuple ||
      right.output.slots[0]?.qualifier !== 'val' ||
      !isPerItem(right.call) ||
      !model.runs(right.call)
    )
      return [];
    const line = model.files[join.path]!.slice(0, argument.start).split('\n').length;
    return [{ join, argument, right, site: `${join.path}:${line}` }];
  });
}

function names(output: ChannelSource, prefix: string): string[] {
  return output.slots.map((_slot, index) => `${prefix}_${index}`);
}

/** All pairs are made and those of one key kept, in place of a join. True where the base joins both on a key that is unique on either side. */
export const crossThenFilter: Kind = {
  rule: 'cross-then-filter',
  faults(model) {
    return joins(model).flatMap(({ join, argument, right, site }): Mutation[] => {
      const left = model.outputOf(join.node.object as Expression, join.workflow);
      if (left === undefined || !left.output.tuple) return [];
      const [ours, theirs] = [names(left.output, 'left'), names(right.output, 'right')];
      const result = [...ours, ...theirs.slice(1)].join(', ');
      const text = model.textOf(join.path, argument);
      const edits = new Edits().replace(
        join.path,
        { start: join.node.object!.end, end: join.end },
        `.combine(${text}).filter { ${ours.join(', ')}, ${theirs.join(', ')} -> ${ours[0]} == ${theirs[0]} }` +
          `.map { ${ours.join(', ')}, ${theirs.map((name, index) => (index === 0 ? `_${name}` : name)).join(', ')} -> tuple(${result}) }`,
      );
      return [{ site, edits, places: [{ path: join.path, range: join.statement }], calls: [] }];
    });
  },
  // The pairs of a key alone are made, with `by`.
  neutrals(model) {
    return joins(model).map(({ join, argument, site }) => {
      const method = join.node.method as TextRange;
      const edits = new Edits().replace(
        join.path,
        { start: method.start, end: join.end },
        `combine(${model.textOf(join.path, argument)}, by: 0)`,
      );
      return { site: `by key at ${site}`, edits, places: [], calls: [] };
    });
  },
};

/** One side of a join loses the shape of its key, or its key something that the other side's has not. True of any join that matched before. */
export const unmatchedJoin: Kind = {
  rule: 'unmatched-join',
  faults(model) {
    return joins(model).flatMap(({ join, argument, right, site }): Mutation[] => {
      // The key has to be a map for either change.
      const isMap = right.call.process.inputs[0]?.slots[0]?.variable?.startsWith('meta') === true;
      if (!isMap || right.output.slots[0]?.variable === undefined) return [];
      const rest = names(right.output, 'file').slice(1).join(', ');
      return ['meta.id', 'meta + [joined: true]'].map((key) => ({
        site: `${key.includes('+') ? 'key grown' : 'key as a string'}, ${site}`,
        edits: new Edits().insert(join.path, argument.end, `.map { meta, ${rest} -> tuple(${key}, ${rest}) }`),
        places: [{ path: join.path, range: join.statement }],
        calls: [],
        // Of two kinds of items that are grouped further down one is missing.
        consequences: ['short-group-dropped'],
      }));
    });
  },
  // The key goes through a closure and comes out as it was.
  neutrals(model) {
    return joins(model).map(({ join, argument, right, site }) => {
      const rest = names(right.output, 'file').slice(1).join(', ');
      return {
        site: `key kept at ${site}`,
        edits: new Edits().insert(join.path, argument.end, `.map { meta, ${rest} -> tuple(meta, ${rest}) }`),
        places: [],
        calls: [],
      };
    });
  },
};

/** What a variable of a workflow was last given before an offset, when it was given it once. */
function givenTo(name: string, workflow: WorkflowNode): Expression | undefined {
  const values: Expression[] = [];
  for (const statement of workflow.main)
    walk(statement, (node) => {
      if (node.kind === 'AssignmentExpression' && node.target.kind === 'VariableExpression' && node.target.name === name)
        values.push(node.value);
    });
  return values.length === 1 ? values[0] : undefined;
}

/** Calls whose first input is a tuple of a joined channel, whose right side is a whole output. */
function joinedCalls(model: SourceModel): (JoinSite & { readonly call: CallSource })[] {
  const sites = joins(model);
  return model.calls.flatMap((call) => {
    const first = call.arguments[0]?.value;
    const [input] = call.process.inputs;
    if (
      first === undefined ||
      input?.tuple !== true ||
      !model.isOnlyCall(call) ||
      !isPerItem(call) ||
      !call.unconditional ||
      !model.runs(call)
    )
      return [];
    const value = first.kind === 'VariableExpression' ? givenTo(first.name, call.workflow) : first;
    const found = sites.find(({ join }) => join.node === value && join.path === call.path);
    return found === undefined || input.slots.length <= found.right.output.slots.length ? [] : [{ ...found, call }];
  });
}

function unpair(model: SourceModel, { call, join, argument, right }: JoinSite & { readonly call: CallSource }): Edits {
  const input = call.process.inputs[0]!;
  const text = (range: TextRange) => model.textOf(call.process.path, range);
  const count = right.output.slots.length - 1;
  const mine = input.slots.slice(0, -count).map(text);
  const theirs = input.slots.slice(-count).map(text);
  return new Edits()
    .replace(call.process.path, input, `tuple ${mine.join(', ')}\n    tuple val(other_key), ${theirs.join(', ')}`)
    .replace(call.path, call.arguments[0]!, `${model.textOf(join.path, join.node.object!)}, ${model.textOf(join.path, argument)}`);
}

/** Two queues of different calls as two inputs, paired by who comes first. True where the base joins them, so that they belong together. */
export const unpairedInputs: Kind = {
  rule: 'unpaired-inputs',
  faults(model) {
    return joinedCalls(model)
      .filter(({ join, right }) => model.outputOf(join.node.object as Expression, join.workflow)?.call !== right.call)
      .map((one) => ({
        site: `${label(one.call)}, ${one.site}`,
        edits: unpair(model, one),
        places: [whole(one.call), { path: one.call.process.path, range: one.call.process.inputs[0]! }],
        calls: [label(one.call)],
      }));
  },
  // Two outputs of the same tasks come in step; a file beside a queue is used again for each item.
  neutrals(model) {
    const inStep = joinedCalls(model)
      .filter(({ join, right }) => model.outputOf(join.node.object as Expression, join.workflow)?.call === right.call)
      .map((one) => ({ site: `of one call, ${label(one.call)}`, edits: unpair(model, one), places: [], calls: [] }));
    const beside = joinedCalls(model).flatMap(({ call }): Mutation[] => {
      const { script, inputs, path } = call.process;
      const [last] = inputs.slice(-1);
      if (script === undefined || last === undefined || call.arguments.length !== inputs.length) return [];
      const edits = new Edits()
        .insert(path, last.end, '\n    path sheet')
        .insert(path, script.start, '\n    wc -l ${sheet} > rows.txt')
        .insert(call.path, call.arguments.at(-1)!.end, ', file(params.input)');
      return [{ site: `a file beside, ${label(call)}`, edits, places: [], calls: [] }];
    });
    return [...inStep, ...beside];
  },
};

/**
 * A file that all items share comes through a queue of one item: one item is processed, the others wait for ever. True where the file reaches,
 * as an argument of its own, a step with one task an item.
 */
export const queueWhereValueMeant: Kind = {
  rule: 'queue-where-value-meant',
  faults: (model) => [
    ...inlineFiles(model),
    ...preparedAsQueue(model),
    ...sharedFiles(model).flatMap(({ name, value, source, path, statement, users }): Mutation[] =>
      [`channel.fromPath(${source})`, `channel.of(file(${source}))`].map((text) => ({
        site: `${name} as ${text.slice(0, text.indexOf('('))}`,
        edits: new Edits().replace(path, value, text),
        places: [{ path, range: statement }, ...users.flatMap((call) => [whole(call), definition(call)])],
        calls: [],
        // One cause, seen at each call that it reaches; where one item of many is processed, groups are short.
        consequences: ['queue-where-value-meant', 'unpaired-inputs', 'short-group-dropped'],
      })),
    ),
  ],
  // A queue that is made a value again.
  neutrals: (model) =>
    sharedFiles(model).flatMap(({ name, value, source, path }): Mutation[] =>
      ['first', 'collect'].map((operator) => ({
        site: `${name}, ${operator}`,
        edits: new Edits().replace(path, value, `channel.fromPath(${source}).${operator}()`),
        places: [],
        calls: [],
      })),
    ),
};

/** `X(…)` of a workflow's body, X a process or a workflow. */
function callsWritten(workflow: WorkflowNode): MethodCallExpression[] {
  const found: MethodCallExpression[] = [];
  for (const statement of workflow.main)
    walk(statement, (node) => {
      if (node.kind === 'MethodCallExpression' && node.object === null && !('kind' in node.method) && /^[A-Z]/.test(node.method.name))
        found.push(node);
    });
  return found;
}

/** How often a variable is, as it is, an argument of a call. */
function handedOver(name: string, workflow: WorkflowNode): number {
  return callsWritten(workflow)
    .flatMap((call) => call.arguments)
    .filter(({ value }) => value.kind === 'VariableExpression' && value.name === name).length;
}

/** `STEP(reads, file(params.db))`: the file is made where it is used. */
function inlineFiles(model: SourceModel): Mutation[] {
  return model.calls.flatMap((call) =>
    call.arguments.slice(1).flatMap(({ value }): Mutation[] => {
      if (value.kind !== 'MethodCallExpression' || value.object !== null || 'kind' in value.method || value.method.name !== 'file')
        return [];
      if (!isPerItem(call) || !model.runs(call) || value.arguments.length !== 1) return [];
      const source = model.textOf(call.path, value.arguments[0]!);
      return [
        {
          site: `${source} of ${label(call)}`,
          edits: new Edits().replace(call.path, value, `channel.fromPath(${source})`),
          places: [whole(call), definition(call)],
          calls: [label(call)],
          consequences: ['unpaired-inputs', 'short-group-dropped'],
        },
      ];
    }),
  );
}

/**
 * What is prepared once gets its file as a queue, so that what it makes is a queue of one item. The step with one task an item that reads it
 * with no operator that spreads or gathers in between does one task.
 */
function preparedAsQueue(model: SourceModel): Mutation[] {
  const files = sharedFiles(model);
  return [...new Map(files.map((file) => [file.name, file])).values()].flatMap(({ name, workflow, path }) =>
    callsWritten(workflow).flatMap((call): Mutation[] => {
      const callee = (call.method as { readonly name: string }).name;
      const [argument] = call.arguments;
      if (call.arguments.length !== 1 || argument?.value.kind !== 'VariableExpression' || argument.value.name !== name) return [];
      const plain = (via: readonly string[]) => via.every((one) => one === 'map');
      const readers = model.report.graph.edges.flatMap(({ from, to, via }) => {
        const reader = model.calls.find(({ ids }) => ids.includes(to));
        const isPrepared = from === callee || from.startsWith(`${callee}:`);
        return isPrepared && reader !== undefined && isPerItem(reader) && model.runs(reader) && plain(via) ? [reader] : [];
      });
      const isValue = model.textOf(path, workflow).includes(`${name} = channel.value`);
      if (readers.length === 0) return [];
      return [
        {
          site: `${callee} of ${name}`,
          edits: new Edits().replace(path, argument, isValue ? `${name}.flatMap { file -> [file] }` : `channel.of(${name})`),
          places: [{ path, range: call }, ...readers.flatMap((reader) => [whole(reader), definition(reader)])],
          calls: [],
          consequences: ['queue-where-value-meant', 'unpaired-inputs', 'short-group-dropped'],
        },
      ];
    }),
  );
}

interface SharedFile {
  readonly name: string;
  readonly value: TextRange;
  /** What `file(…)` is given. */
  readonly source: string;
  readonly path: string;
  readonly statement: TextRange;
  readonly workflow: WorkflowNode;
  readonly users: readonly CallSource[];
}

function sharedFiles(model: SourceModel): SharedFile[] {
  const found: SharedFile[] = [];
  for (const { workflow, path, statement, name: method, node } of model.operators) {
    if (method !== 'file' || node.object !== null || node.arguments.length !== 1) continue;
    let name: string | undefined;
    let value: TextRange | undefined;
    walk(statement as never, (one) => {
      if (one.kind !== 'AssignmentExpression' || one.target.kind !== 'VariableExpression') return;
      const isValue =
        one.value.kind === 'MethodCallExpression' &&
        one.value.arguments[0]?.value === node &&
        /value\($/.test(model.textOf(path, { start: one.value.start, end: node.start }));
      if (one.value === node || isValue) {
        name = one.target.name;
        value = one.value;
      }
    });
    if (name === undefined || value === undefined) continue;
    // Only handed to calls: a closure or a string that uses the file would break.
    const text = model.textOf(path, workflow);
    const uses = [...text.matchAll(new RegExp(`(?<![.\\w])${name}\\b`, 'g'))].length - 1;
    if (uses === 0 || uses !== handedOver(name, workflow)) continue;
    // The workflows' takes keep the name in our bases, so the step that reads it has an argument of that name.
    const users = model.calls.filter(
      (call) =>
        isPerItem(call) && model.runs(call) && call.arguments.slice(1).some((argument) => model.textOf(call.path, argument) === name),
    );
    if (users.length > 0) found.push({ name, value, source: model.textOf(path, node.arguments[0]!), path, statement, workflow, users });
  }
  return found;
}
