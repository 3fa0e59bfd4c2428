/** Faults of grouping: a size that is gone, lost on the way, or that no group reaches. */
import type { Argument, Expression, MethodCallExpression, WorkflowNode } from '../../../src/parser/syntax/nodes.ts';
import type { TextRange } from '../../../src/source/source-file.ts';
import { Edits } from '../edits.ts';
import type { Kind, Mutation, PlacedRange } from '../kind.ts';
import type { OperatorSource, SourceModel } from '../source-model.ts';

/** How pipelines get the bare key back from a group key: `key.getGroupTarget()`, `key.target`. */
const TARGET = /\b(\w+)\.(?:getGroupTarget\(\)|groupTarget\b|target\b)/g;

function named(node: MethodCallExpression, name: string): Argument | undefined {
  return node.arguments.find(
    ({ key }) => (key?.kind === 'ConstantExpression' || key?.kind === 'VariableExpression') && keyName(key) === name,
  );
}

function keyName(key: Expression): string {
  return key.kind === 'ConstantExpression' ? String(key.value) : key.kind === 'VariableExpression' ? key.name : '';
}

/** What a chain of operators starts from, and the operators on the way, the last first. */
function chainOf(node: Expression): { readonly root: Expression; readonly operators: readonly MethodCallExpression[] } {
  const operators: MethodCallExpression[] = [];
  let at = node;
  while (at.kind === 'MethodCallExpression' && at.object !== null) {
    operators.push(at);
    at = at.object;
  }
  return { root: at, operators };
}

function within(inner: TextRange, outer: TextRange): boolean {
  return inner.start >= outer.start && inner.end <= outer.end;
}

/** The groupings that a group key is made for: those of its statement, else those of its workflow. */
function groupingsOf(model: SourceModel, key: OperatorSource): OperatorSource[] {
  const all = model.operators.filter(({ name, workflow, path }) => name === 'groupTuple' && workflow === key.workflow && path === key.path);
  const near = all.filter((one) => one.statement === key.statement);
  return near.length > 0 ? near : all;
}

/**
 * A grouping holds up something only where its items come out of a task: in the base's graph an edge leads from a call over `groupTuple`
 * to a call of this workflow or beyond. A grouping of samplesheet rows costs nothing.
 */
function groupsTaskOutputs(model: SourceModel, workflow: WorkflowNode, path: string): boolean {
  const here = new Set(model.calls.filter((call) => call.workflow === workflow && call.path === path).flatMap(({ ids }) => ids));
  return model.report.graph.edges.some(
    ({ from, to, via, active }) =>
      active !== false && via.includes('groupTuple') && model.callsById.has(from) && (here.has(from) || here.has(to)),
  );
}

function placesOf(operators: readonly OperatorSource[]): PlacedRange[] {
  return operators.map(({ path, statement }) => ({ path, range: statement }));
}

/** What unwraps the key behind the grouping has nothing to unwrap any more. */
function dropUnwrapping(model: SourceModel, edits: Edits, key: OperatorSource): boolean {
  const text = model.files[key.path]!;
  const keys = model.operators.filter(({ name, path }) => name === 'groupKey' && path === key.path);
  const inStatement = text.slice(key.statement.start, key.statement.end).match(TARGET);
  const range = inStatement !== null ? key.statement : { start: 0, end: text.length };
  const targets = [...text.slice(range.start, range.end).matchAll(TARGET)];
  // Several group keys and the unwrapping elsewhere: which is whose cannot be told.
  if (targets.length > 0 && inStatement === null && keys.length > 1) return false;
  for (const found of targets) {
    const start = range.start + found.index;
    if (start < key.start || start >= key.end) edits.replace(key.path, { start, end: start + found[0].length }, found[1]!);
  }
  return true;
}

/** The size goes from `groupTuple(size: n)`, or the key from `groupKey(key, n)`; no other size stands in the chain. */
export const unsizedGroupTuple: Kind = {
  rule: 'unsized-group-tuple',
  faults(model) {
    const found: Mutation[] = [];
    for (const one of model.operators) {
      if (!groupsTaskOutputs(model, one.workflow, one.path)) continue;
      if (one.name === 'groupTuple') {
        const size = named(one.node, 'size');
        if (size === undefined) continue;
        const others = one.node.arguments.filter((argument) => argument !== size).map((argument) => model.textOf(one.path, argument));
        const method = one.node.method as TextRange;
        const edits = new Edits().replace(one.path, { start: method.start, end: one.end }, `groupTuple(${others.join(', ')})`);
        found.push({ site: `size of ${place(model, one)}`, edits, places: placesOf([one]), calls: [] });
      }
      if (one.name === 'groupKey' && one.node.object === null && one.node.arguments.length === 2) {
        const groupings = groupingsOf(model, one).filter(({ node }) => named(node, 'size') === undefined);
        if (groupings.length === 0) continue;
        const edits = new Edits().replace(one.path, one, model.textOf(one.path, one.node.arguments[0]!));
        if (!dropUnwrapping(model, edits, one)) continue;
        found.push({ site: `key of ${place(model, one)}`, edits, places: [...placesOf([one]), ...placesOf(groupings)], calls: [] });
      }
    }
    return found;
  },
  // Rows of a samplesheet are grouped and spread again: nothing is waited for that is not there at once.
  neutrals(model) {
    return model.operators
      .filter(
        ({ name, node }) =>
          name === 'map' && chainOf(node).operators.some((one) => !('kind' in one.method) && one.method.name === 'splitCsv'),
      )
      .filter((one) => !model.operators.some((other) => other.node.object === one.node))
      .map((one) => ({
        site: `samplesheet at ${place(model, one)}`,
        edits: new Edits().insert(one.path, one.end, '\n        .groupTuple()\n        .transpose()'),
        places: [],
        calls: [],
      }));
  },
};

/** Between `groupKey(map, n)` and its `groupTuple` the key is rebuilt with `+` or `-`, which gives a plain map. */
export const lostGroupKey: Kind = {
  rule: 'lost-group-key',
  faults(model) {
    return keyedGroupings(model).flatMap(({ grouping, key, names, at }) => {
      const target = key.node.arguments[0]!.value;
      // Only a map has `+` and `-` with maps.
      const isMap = target.kind === 'MapExpression' || (target.kind === 'VariableExpression' && /meta$/i.test(target.name));
      if (!isMap) return [];
      const rest = names.map((name) => `, ${name}`).join('');
      return ['key + [grouped: true]', "key - key.subMap(['lane'])"].flatMap((rebuilt): Mutation[] => {
        const edits = new Edits().insert(grouping.path, at, `\n        .map { key${rest} -> tuple(${rebuilt}${rest}) }`);
        if (!dropUnwrapping(model, edits, key)) return [];
        return [
          {
            site: `${rebuilt.includes('+') ? 'plus' : 'minus'} at ${place(model, grouping)}`,
            edits,
            places: placesOf([grouping]),
            calls: [],
            alsoRight: [],
            // The grouping is without a size, and a key that has grown meets no other any more.
            consequences: ['unsized-group-tuple', 'unmatched-join'],
          },
        ];
      });
    });
  },
  // The key is handed on as it is.
  neutrals(model) {
    return keyedGroupings(model).map(({ grouping, names, at }) => {
      const rest = names.map((name) => `, ${name}`).join('');
      return {
        site: `key kept at ${place(model, grouping)}`,
        edits: new Edits().insert(grouping.path, at, `\n        .map { key${rest} -> tuple(key${rest}) }`),
        places: [],
        calls: [],
      };
    });
  },
};

/** Groups that no group can fill: one more than come, or some taken away before. */
export const shortGroupDropped: Kind = {
  rule: 'short-group-dropped',
  faults(model) {
    const found: Mutation[] = [];
    for (const one of model.operators) {
      if (!groupsTaskOutputs(model, one.workflow, one.path)) continue;
      const size = one.name === 'groupTuple' ? named(one.node, 'size')?.value : undefined;
      // The size is the exact number in every base of ours; a number that is not is no site in a fetched one (`remainder`).
      if (size !== undefined && named(one.node, 'remainder') === undefined)
        found.push({
          site: `size above what comes at ${place(model, one)}`,
          edits: oneMore(model, one.path, size),
          places: placesOf([one]),
          calls: [],
        });
      const count = one.name === 'groupKey' && one.node.arguments.length === 2 ? one.node.arguments[1]!.value : undefined;
      const groupings = count === undefined ? [] : groupingsOf(model, one).filter(({ node }) => named(node, 'remainder') === undefined);
      if (count !== undefined && groupings.length > 0)
        found.push({
          site: `key's size above what comes at ${place(model, one)}`,
          edits: oneMore(model, one.path, count),
          places: [...placesOf([one]), ...placesOf(groupings)],
          calls: [],
        });
    }
    for (const { grouping, root } of sizedGroupingsOfOutputs(model))
      found.push({
        site: `filter before ${place(model, grouping)}`,
        edits: new Edits().insert(grouping.path, root.end, '.filter { row -> row.last().size() > 1000 }'),
        places: placesOf([grouping]),
        calls: [],
      });
    return found;
  },
  // Short groups come at the end: nothing is dropped.
  neutrals(model) {
    return sizedGroupingsOfOutputs(model).map(({ grouping, root }) => {
      const edits = new Edits().insert(grouping.path, root.end, '.filter { row -> row.last().size() > 1000 }');
      const [first] = grouping.node.arguments;
      edits.insert(
        grouping.path,
        first === undefined ? grouping.end - 1 : first.start,
        first === undefined ? 'remainder: true' : 'remainder: true, ',
      );
      return { site: `filter with remainder at ${place(model, grouping)}`, edits, places: [], calls: [] };
    });
  },
};

/** A size, and one more: `(a.b) + 1` would be a cast, so the one comes first. */
function oneMore(model: SourceModel, path: string, size: Expression): Edits {
  const text = model.textOf(path, size);
  return new Edits().replace(path, size, /^[\w.()]+$/.test(text) ? `1 + ${text}` : `1 + (${text})`);
}

/** `X.out.y.map { … groupKey … }.groupTuple()` in one chain: the names of what is grouped beside the key, and where a map can be put in. */
function keyedGroupings(
  model: SourceModel,
): { readonly grouping: OperatorSource; readonly key: OperatorSource; readonly names: readonly string[]; readonly at: number }[] {
  return model.operators.flatMap((grouping) => {
    const receiver = grouping.node.object;
    if (grouping.name !== 'groupTuple' || grouping.node.arguments.length > 0 || receiver?.kind !== 'MethodCallExpression') return [];
    if (!groupsTaskOutputs(model, grouping.workflow, grouping.path)) return [];
    const key = model.operators.find((one) => one.name === 'groupKey' && one.path === grouping.path && within(one, receiver));
    const closure = receiver.arguments.at(-1)?.value;
    if (key === undefined || closure?.kind !== 'ClosureExpression' || !within(key, closure)) return [];
    const result = closure.body.at(-1);
    const value = result?.kind === 'ExpressionStatement' ? result.expression : undefined;
    const elements =
      value?.kind === 'MethodCallExpression'
        ? value.arguments.map((argument) => argument.value)
        : value?.kind === 'ListExpression'
          ? value.elements
          : [];
    if (elements.length < 2 || elements[0]!.start !== key.start) return [];
    const names = elements.slice(1).map((element, index) => (element.kind === 'VariableExpression' ? element.name : `part_${index + 1}`));
    return [{ grouping, key, names, at: receiver.end }];
  });
}

/** Sized groupings whose chain starts at `X.out.y`, a tuple that ends in one file. */
function sizedGroupingsOfOutputs(model: SourceModel): { readonly grouping: OperatorSource; readonly root: TextRange }[] {
  return model.operators.flatMap((grouping) => {
    if (grouping.name !== 'groupTuple' || named(grouping.node, 'remainder') !== undefined) return [];
    const { root } = chainOf(grouping.node);
    const sized =
      named(grouping.node, 'size') !== undefined ||
      model.operators.some((one) => one.name === 'groupKey' && one.path === grouping.path && within(one, grouping));
    const output = model.outputOf(root, grouping.workflow)?.output;
    return sized && output?.tuple === true && output.slots.at(-1)?.qualifier === 'path' ? [{ grouping, root }] : [];
  });
}

function place(model: SourceModel, operator: OperatorSource): string {
  const line = (model.files[operator.path] ?? '').slice(0, operator.start).split('\n').length;
  return `${operator.path}:${line}`;
}
