/** Where the Groovy code of a process speaks of its inputs. */
import { rangeIn, type SourceFile, type SourceRange } from '../../source/source-file.ts';
import type { Expression, Node, ProcessNode, Statement } from '../syntax/nodes.ts';
import { walk } from '../syntax/walk.ts';

/** Where the process's code speaks of its inputs, outside their declarations. */
export interface Mentions {
  readonly script: ReadonlyMap<string, SourceRange>;
  readonly directives: ReadonlyMap<string, SourceRange>;
  /** In `tag`, which is a label for people and nothing else. */
  readonly tag: ReadonlyMap<string, SourceRange>;
  /** In the declarations of other inputs: `stageAs: "${prefix}.bam"`. */
  readonly inputs: ReadonlyMap<string, SourceRange>;
  readonly outputs: ReadonlyMap<string, SourceRange>;
  /** Code in which names may hide. */
  readonly hidden: SourceRange | undefined;
  readonly cpus: boolean;
}

export function mentionsIn(process: ProcessNode, file: SourceFile, names: ReadonlySet<string>): Mentions {
  let hidden: SourceRange | undefined;
  let cpus = false;
  const gather = (nodes: readonly Node[], into: Map<string, SourceRange>): Map<string, SourceRange> => {
    for (const node of nodes)
      walk(node, (one) => {
        if (one.kind === 'VariableExpression') {
          if (names.has(one.name) && !into.has(one.name)) into.set(one.name, rangeIn(file, one));
          if (one.name === 'binding') hidden ??= rangeIn(file, one);
        } else if (one.kind === 'OpaqueNode' || one.kind === 'IncompleteNode') hidden ??= rangeIn(file, one);
        else if (one.kind === 'PropertyExpression' && !('kind' in one.property) && one.property.name === 'cpus') cpus = true;
      });
    return into;
  };
  const script = gather(process.script?.statements ?? [], new Map());
  if (process.when !== null) gather([process.when], script);
  if (process.script?.section === 'shell') {
    const text = file.slice(process.script);
    for (const name of names)
      if (name !== '' && !script.has(name) && new RegExp(`!\\{[^}]*\\b${name}\\b`).test(text))
        script.set(name, rangeIn(file, process.script));
  }
  return {
    script,
    directives: gather(
      process.directives.filter((directive) => !isTag(directive)),
      new Map(),
    ),
    tag: gather(process.directives.filter(isTag), new Map()),
    inputs: gather(process.inputs.flatMap(stageExpressions), gather(process.stage, new Map())),
    outputs: gather([...process.outputs, ...process.topics], new Map()),
    hidden,
    cpus,
  };
}

function isTag(statement: Statement): boolean {
  if (statement.kind !== 'ExpressionStatement') return false;
  const { expression } = statement;
  return expression.kind === 'MethodCallExpression' && !('kind' in expression.method) && expression.method.name === 'tag';
}

/** What stands in an input's declaration besides its names. */
function stageExpressions(statement: Statement): Expression[] {
  const found: Expression[] = [];
  walk(statement, (node) => {
    if (node.kind === 'GStringExpression') {
      found.push(node);
      return false;
    }
    if (node.kind === 'MethodCallExpression') for (const argument of node.arguments) if (argument.key !== null) found.push(argument.value);
    return undefined;
  });
  return found;
}
